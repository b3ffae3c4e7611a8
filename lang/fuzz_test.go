package lang

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse holds for any source: no panic, and every error, line and command lies
// inside it.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*.t", "testdata/*.mac", "../scripts/bench/*/*.m"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(b))
			if filepath.Ext(file) != ".t" {
				continue
			}
			for _, line := range strings.Split(string(b), "\n") {
				if !strings.HasPrefix(line, "\t") {
					f.Add(strings.ReplaceAll(line, "⏎", "\n"))
				}
			}
		}
	}
	for _, macros := range []string{
		"#define F(%x,%y) ##continue\n SET x=%x ##continue\n SET y=\"%y\"\nl $$$F(1,é) W $$$F($$$F(1,2),3),$$$G\n#if 1\n W )\n#else\n#endif",
		"#def1arg A(%x) ##quote(%x)##unique(new)\n W $$$A(1,\"a\"\n ,2),!\n#dim x As A = $$$A()\n#undef A\n W $$$A ##; c",
		" S x=$BITLOGIC(a|(~b^c)&d,5) ZB -*,/CLEAR ZL a.b J a(1)[\"x\"] O x:(A,B=1) W $&z.%f(1)",
	} {
		f.Add(macros)
	}
	f.Fuzz(checkSource)
}

// checkSource parses a source through every door.
func checkSource(t *testing.T, src string) {
	r := ParseRoutine("r", src)
	for _, e := range r.Errors {
		checkError(t, src, e)
	}
	checkLines(t, src, r.Lines)
	c, err := ParseCommands(src)
	if err != nil {
		checkError(t, src, err.(*SyntaxError))
	}
	checkLines(t, src, c.Lines)
	if c, err = ParseXecute(src); err != nil {
		checkError(t, src, err.(*SyntaxError))
	}
	checkLines(t, src, c.Lines)
	if x, err := ParseExpr(src); err != nil {
		checkError(t, src, err.(*SyntaxError))
	} else if x.Offset() > len(src) {
		t.Fatalf("offset %d of %d", x.Offset(), len(src))
	}
	if _, err := ParseEntryref(src); err != nil {
		checkError(t, src, err.(*SyntaxError))
	}
	if d := DecodeSource([]byte(src)); !utf8.ValidString(d) || strings.Contains(d, "\r") {
		t.Fatalf("not decoded: %q", d)
	}
}

// checkError checks that an error's position is a place in the source.
func checkError(t *testing.T, src string, e *SyntaxError) {
	t.Helper()
	if e.Msg == "" || e.Pos.Offset < 0 || e.Pos.Offset > len(src) {
		t.Fatalf("%q: %+v", src, e)
	}
	before := src[:e.Pos.Offset]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	if e.Pos.Line != line || e.Pos.Column != column {
		t.Fatalf("%q: %v, want %d:%d", src, e, line, column)
	}
	if all := strings.Split(src, "\n"); strings.TrimSuffix(all[line-1], "\r") != e.Source {
		t.Fatalf("%q: source line %q", src, e.Source)
	}
}

// checkLines checks lines, and those of the blocks below them, for order and completeness.
func checkLines(t *testing.T, src string, lines []*Line) {
	t.Helper()
	last := 0
	for _, l := range lines {
		if l.Number < last || l.Number > 1+strings.Count(src, "\n") {
			t.Fatalf("%q: line %d after %d", src, l.Number, last)
		}
		last = l.Number
		if l.Label != nil && l.Label.Body != nil {
			checkLines(t, src, l.Label.Body.Lines)
		}
		for _, c := range l.Commands {
			if c == nil || c.Start().Pos.Line < l.Number {
				t.Fatalf("%q: command %+v on line %d", src, c, l.Number)
			}
			if bad, ok := c.(*Bad); ok && bad.Err == nil {
				t.Fatalf("%q: a bad command without its error", src)
			}
			for _, b := range blocks(c) {
				checkLines(t, src, b.Lines)
			}
		}
	}
}

// TestMutations is the fuzz test on a fixed set of broken programs.
func TestMutations(t *testing.T) {
	b, err := os.ReadFile("testdata/features.mac")
	if err != nil {
		t.Fatal(err)
	}
	n := 4000
	if testing.Short() {
		n = 400
	}
	lines := strings.SplitAfter(string(b), "\n")
	pieces := []string{"(", ")", "{", "}", "\"", ",", ":", "^", "@", ".", "..", " ", "  ", "\n", "\n ", "\t", "?", "'", "[", "]", "|", "$", "$$", "#", "##", "/*", "*/", "//", ";", "=", "é", "\x00", "\xff", "QUIT", "IF", "ELSE", "TRY", "CATCH", "DO", "1E", "#dim ", "&sql(", "$$$a(", "$$$a", "#define a(%x) ", "\n#if 1\n", "\n#endif\n", "##continue", "##quote(", "$BITLOGIC(", "~"}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		from := r.IntN(len(lines))
		src := strings.Join(lines[from:min(len(lines), from+1+r.IntN(12))], "")
		for range 1 + r.IntN(3) {
			i := r.IntN(len(src) + 1)
			switch r.IntN(3) {
			case 0:
				src = src[:i] + pieces[r.IntN(len(pieces))] + src[i:]
			case 1:
				src = src[:i] + src[min(len(src), i+1+r.IntN(4)):]
			case 2:
				j := r.IntN(len(src) + 1)
				src = src[:i] + src[min(i, j):max(i, j)] + src[i:]
			}
		}
		checkSource(t, src)
	}
}
