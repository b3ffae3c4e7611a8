package format_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/lang"
	"cos/lang/format"
	"cos/lang/preprocess"
	"cos/runtime"
)

var functions, specials = runtime.FullNames()

func options(path string) *format.Options {
	return &format.Options{Macros: runtime.Macros(path, nil), Functions: functions, Specials: specials}
}

// TestGoldens formats each testdata/NAME.mac into NAME.want.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.mac")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		want, err := os.ReadFile(strings.TrimSuffix(file, ".mac") + ".want")
		require.NoError(t, err)
		made, err := format.File(file, b, options(file))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(made), file)
	}
}

// TestDocument: the example in docs/fmt.md is the golden.
func TestDocument(t *testing.T) {
	page, err := os.ReadFile("../../docs/fmt.md")
	require.NoError(t, err)
	for _, file := range []string{"testdata/style.mac", "testdata/style.want"} {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Contains(t, string(page), "\n```\n"+string(b)+"```\n", file)
	}
}

// TestEveryRoutine holds for all routines of the repository, and for the code of its tests:
// the result is in the settled style, no line moves, comments and $TEXT of data stay. That
// the trees are equal, Source checks itself: it would fail.
func TestEveryRoutine(t *testing.T) {
	n := 0
	require.NoError(t, filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".mac", ".m", ".int", ".inc", ".t", ".want"}, filepath.Ext(file)) {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, source := range sources(file, string(b)) {
			if holds(t, file, source) {
				n++
			}
		}
		return nil
	}))
	assert.Greater(t, n, 1000)
}

// sources are the routines in a file: of a transcript, its lines of code.
func sources(file, text string) (all []string) {
	if filepath.Ext(file) != ".t" {
		return []string{lang.DecodeSource([]byte(text))}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && line[0] != '\t' && line[0] != '#' {
			all = append(all, " "+line+"\n", line)
		}
	}
	return append(all, text)
}

// holds checks the promises for one source; it tells whether that parses.
func holds(t *testing.T, file, source string) bool {
	t.Helper()
	made, err := format.Source(file, source, options(file))
	var syntax format.SyntaxErrors
	if errors.As(err, &syntax) {
		return false
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", file, err, source)
		return false
	}
	again, err := format.Source(file, made, options(file))
	if err != nil || again != made {
		t.Errorf("%s: formatting again gives something else: %v\n%q\n%q\n%q", file, err, source, made, again)
	}
	before, after := strings.Split(source, "\n"), strings.Split(made, "\n")
	if len(before) != len(after) {
		t.Errorf("%s: %d lines became %d", file, len(before), len(after))
		return true
	}
	was, is := comments(source, options(file).Macros), comments(made, options(file).Macros)
	for i := range before {
		if was[i] != is[i] {
			t.Errorf("%s:%d: comment %q became %q", file, i+1, was[i], is[i])
		}
		if strings.HasPrefix(was[i], ";;") && text(before[i]) != text(after[i]) && codeless(before[i]) {
			t.Errorf("%s:%d: $TEXT %q became %q", file, i+1, text(before[i]), text(after[i]))
		}
	}
	return true
}

// comments are what stands behind the code of each line.
func comments(source string, macros preprocess.Config) (all []string) {
	lines := strings.Split(source, "\n")
	starts := make([]int, len(lines))
	for i := range lines[1:] {
		starts[i+1] = starts[i] + len(lines[i]) + 1
	}
	code := make([]int, len(lines)) // where it ends
	for _, x := range lang.Lexemes(source, macros) {
		i, found := slices.BinarySearch(starts, x.From)
		if !found {
			i--
		}
		if x.Role != lang.LineEnd {
			code[i] = max(code[i], x.To-starts[i])
		}
	}
	for i, line := range lines {
		behind := strings.TrimLeft(line[min(code[i], len(line)):], " \t")
		if !strings.HasPrefix(behind, ";") && !strings.HasPrefix(behind, "//") {
			behind = ""
		}
		all = append(all, behind)
	}
	return all
}

// text is a line as $TEXT gives it.
func text(line string) string {
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return line
	}
	return line[:i] + " " + strings.TrimLeft(line[i:], " \t")
}

// codeless tells a line that holds at most a label before its comment.
func codeless(line string) bool {
	label := strings.IndexAny(line, " \t")
	return label >= 0 && strings.HasPrefix(strings.TrimLeft(line[label:], " \t"), ";")
}

func TestFiles(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\r\n s x=1  \r\n", "a\r\n SET x=1\r\n"},
		{"\xef\xbb\xbfa s x=1\n q\r\n", "\xef\xbb\xbfa SET x=1\n QUIT\r\n"},
		{" w \"\xe9\"  ;\xe9\r\n", " WRITE \"\xe9\"  ;\xe9\r\n"},
		{" w \"é\" ", " WRITE \"é\""},
		{"", ""},
		{"\n \n\t;x\n", "\n \n\t;x\n"},
	} {
		made, err := format.File("a.mac", []byte(c.in), options("a.mac"))
		require.NoError(t, err)
		assert.Equal(t, c.want, string(made))
	}
	_, err := format.File("a.mac", []byte(" s x=1\r s y=2\n"), options("a.mac"))
	assert.EqualError(t, err, "it has carriage returns that end no line")
	_, err = format.File("a.mac", []byte(" w )\n w )\n"), options("a.mac"))
	assert.EqualError(t, err, `a.mac:1:4: unexpected ")", expected an expression (and 1 more)`)
}

// TestBrokenSources is the fuzz test on a fixed set of programs, most of them broken.
func TestBrokenSources(t *testing.T) {
	pieces := []string{"(", ")", "{", "}", "\"", ",", ":", ".", " ", "  ", "\t", "\n", "\n ", "\n . ", "é", "q", "i x ", "e  ", "f  ", "h", "h 1", "d",
		";", ";;", "/*", "*/", "//", "##;", "$p(", "$t", "$$$a", "#define a(%x) w %x\n", "\n#if 1\n", "\n#endif\n", "#dim x", "lab() [a] {", "&sql(", "zsy x"}
	r := rand.New(rand.NewPCG(1, 2))
	for _, file := range []string{"testdata/style.mac", "testdata/tabs.mac", "../testdata/features.mac"} {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		lines := strings.SplitAfter(string(b), "\n")
		for range 400 {
			from := r.IntN(len(lines))
			source := strings.Join(lines[from:min(len(lines), from+1+r.IntN(6))], "")
			for range 1 + r.IntN(2) {
				i := r.IntN(len(source) + 1)
				if r.IntN(2) == 0 {
					source = source[:i] + pieces[r.IntN(len(pieces))] + source[i:]
				} else {
					source = source[:i] + source[min(len(source), i+1+r.IntN(4)):]
				}
			}
			holds(t, "broken.mac", lang.DecodeSource([]byte(source)))
		}
	}
}

// FuzzSource holds for any source what holds for the routines of the repository.
func FuzzSource(f *testing.F) {
	for _, pattern := range []string{"testdata/*.mac", "../testdata/*.mac", "../testdata/*.t"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			b, err := os.ReadFile(file)
			require.NoError(f, err)
			for _, s := range sources(file, string(b)) {
				f.Add(s)
			}
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		holds(t, "fuzz.mac", lang.DecodeSource([]byte(source)))
	})
}
