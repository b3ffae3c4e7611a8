package lang

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse holds for any source: no panic, every error and node lies inside it, and
// parsing what the doors take as a part never fails otherwise.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*.t", "testdata/*.mac", "testdata/m/*.m"} {
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
	f.Fuzz(func(t *testing.T, src string) {
		r := ParseRoutine("r", src)
		last := -1
		for _, e := range r.Errors {
			checkError(t, src, e)
			if strings.Contains(e.Msg, "without its") {
				continue // stands at its opening brace, found at the end
			}
			last = max(last, e.Pos.Offset)
		}
		checkLines(t, src, r.Lines)
		c, err := ParseCommands(src)
		if err != nil {
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
	})
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
