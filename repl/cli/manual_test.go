package cli

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/lang"
	"cos/runtime"
)

// macros are what a line of the page may begin with a dot for.
var macros = []string{".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".br", ".RS", ".RE", ".nf", ".fi", ".ad", ".nh"}

func TestManual(t *testing.T) {
	w := newWorld(t, nil)
	page, errs, exit := w.run("", "help", "--man")
	require.Equal(t, 0, exit, errs)
	assert.True(t, strings.HasPrefix(page, ".TH COS 1 "), page[:40])
	assert.Contains(t, page, `"cos `+runtime.Version+`"`)
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, ".") {
			macro, _, _ := strings.Cut(line, " ")
			assert.Contains(t, macros, macro, line)
		}
		assert.False(t, strings.HasPrefix(line, "'"), line)
		assert.NotRegexp(t, `[^\x20-\x7e]`, line, "roff is ASCII")
		assert.NotRegexp(t, `\\[^efB&\-(\[R]`, line)
	}

	var a app
	parser, err := kong.New(&a.grammar)
	require.NoError(t, err)
	said := unroff(page)
	for _, f := range parser.Model.Flags {
		assert.Equal(t, !f.Hidden, strings.Contains(said, "--"+f.Name), f.Name)
	}
	require.NoError(t, kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if n, ok := node.(*kong.Node); ok && !n.Hidden && n.Type == kong.CommandNode {
			assert.Contains(t, said, "\n.SS cos "+words(n)+"\n")
			for _, f := range n.Flags {
				assert.True(t, f.Hidden || strings.Contains(said, "--"+f.Name), f.Name)
			}
		}
		return next(nil)
	}))
	for _, c := range lang.Commands() {
		assert.True(t, lang.Foreign(c.Name) || strings.Contains(said, "\n\\fB"+strings.Join(strings.Fields(c.Syntax), " ")), c.Name)
	}
	for _, d := range append(runtime.FunctionDocs(), runtime.SpecialDocs()...) {
		assert.Contains(t, said, "\n\\fB"+strings.Join(strings.Fields(d.Syntax), " "))
	}
	for _, r := range append(append(append([]row{}, exitRows...), variableRows...), fileRows...) {
		assert.Contains(t, said, "\\fB"+r.name+"\\fR\n")
	}

	if _, err := exec.LookPath("mandoc"); err != nil {
		t.Skip("no mandoc to check the page with")
	}
	c := exec.Command("mandoc", "-T", "lint", "-W", "warning")
	c.Stdin = strings.NewReader(page)
	out, _ := c.CombinedOutput() // it fails when it has something to say
	for _, line := range strings.Split(string(out), "\n") {
		assert.True(t, line == "" || strings.Contains(line, "missing date"), line)
	}
}

// unroff takes the escapes away.
func unroff(s string) string {
	s = strings.NewReplacer(`\-`, "-", `\(aq`, "'", `\(ga`, "`", `\(ha`, "^", `\(ti`, "~", `\e`, `\`).Replace(s)
	return regexp.MustCompile(`\\\[u([0-9A-F]{4,5})\]`).ReplaceAllStringFunc(s, func(u string) string {
		n := 0
		for _, c := range u[3 : len(u)-1] {
			n = n*16 + strings.IndexRune("0123456789ABCDEF", c)
		}
		return string(rune(n))
	})
}

// TestManualText: what stands in texts stays text.
func TestManualText(t *testing.T) {
	m := &manual{}
	m.text(".Dot\n'quote' a\\b\n\n  as-is\n    deeper\n\nlast é")
	assert.Equal(t, "\\&.Dot\n\\(aqquote\\(aq a\\eb\n.RS 4\n.nf\nas\\-is\n  deeper\n.fi\n.RE\nlast \\[u00E9]\n", m.String())
	m = &manual{}
	m.text(strings.Repeat("word ", 20) + "\n\nnext")
	assert.Equal(t, strings.TrimSpace(strings.Repeat("word ", 15))+"\n"+strings.TrimSpace(strings.Repeat("word ", 5))+"\n.PP\nnext\n", m.String())
}
