package reference

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/runtime"
	"cos/runtime/check"
	"cos/runtime/errorlog"
)

var update = flag.Bool("update", false, "write docs/language.md and the outputs of the examples")

const document = "../../docs/language.md"

// console is the terminal of an example.
type console struct {
	in  strings.Reader
	out strings.Builder
}

func (c *console) Name() string                                 { return "00" }
func (c *console) InputTTY() bool                               { return false }
func (c *console) OutputTTY() bool                              { return false }
func (c *console) Raw(bool) error                               { return nil }
func (c *console) Interrupt()                                   {}
func (c *console) Arm()                                         {}
func (c *console) Gone() bool                                   { return false }
func (c *console) WriteOutput(p []byte) (int, error)            { return c.out.Write(p) }
func (c *console) ReadInput(p []byte, _ time.Time) (int, error) { return c.in.Read(p) }

// run executes an example in a folder of its own and returns what each step prints.
// Port 7001 stands for a free one.
func run(t *testing.T, e *Example) (out [][]string) {
	t.Chdir(t.TempDir())
	c := &console{in: *strings.NewReader(strings.Join(append(e.Input, ""), "\n"))}
	env := &devices.Env{Console: c}
	s := runtime.NewSystem(runtime.Config{Env: env, Stderr: io.Discard, Errors: errorlog.Open(filepath.Join(t.TempDir(), "errors")), Now: func() time.Time {
		return time.Date(2024, 2, 29, 13, 5, 9, 123456789, time.UTC)
	}})
	defer s.Close()
	p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	require.NoError(t, err)
	defer p.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	require.NoError(t, l.Close())
	if len(e.Routine) > 0 {
		s.Define(s.Compile("ex", "", strings.Join(e.Routine, "\n")+"\n"))
	}
	for _, step := range e.Steps {
		hung := time.AfterFunc(10*time.Second, p.Interrupt)
		err := p.Execute(strings.ReplaceAll(step.Code, "7001", port))
		hung.Stop()
		if atPrompt := p.AtPrompt(); err == nil {
			err = atPrompt
		}
		p.Principal().Flush(devices.BeforeWait)
		text := strings.ReplaceAll(c.out.String(), "\r", "")
		c.out.Reset()
		if err != nil && !errors.Is(err, runtime.ErrHalt) {
			if text != "" && !strings.HasSuffix(text, "\n") {
				text += "\n"
			}
			text += err.Error()
		}
		text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), port, "7001")
		var lines []string
		if text != "" {
			lines = strings.Split(text, "\n")
		}
		out = append(out, lines)
	}
	return out
}

// TestExamples runs every example.
func TestExamples(t *testing.T) {
	examples := Examples()
	for i := range examples {
		e := &examples[i]
		t.Run(fmt.Sprintf("%s:%d", e.File, e.Line), func(t *testing.T) {
			for j, got := range run(t, e) {
				if *update {
					e.Steps[j].Output = got
				}
				assert.Equal(t, e.Steps[j].Output, got, e.Steps[j].Code)
			}
		})
	}
	if !*update {
		return
	}
	texts := map[string][]string{}
	for i := range examples {
		texts[examples[i].File] = append(texts[examples[i].File], examples[i].text())
	}
	for file, list := range texts {
		require.NoError(t, os.WriteFile(filepath.Join("examples", file), []byte(strings.Join(list, "\n")), 0o644))
	}
}

// ofRoutines are the rules that speak of a routine as a whole, which lines typed at a prompt
// are not.
var ofRoutines = []string{"unreachable", "unset-variable", "unused-label", "no-timeout"}

// TestExamplesAreClean: cos check finds nothing in an example, unless it shows the error.
func TestExamplesAreClean(t *testing.T) {
	for _, e := range Examples() {
		lines := slices.Clone(e.Routine)
		fails := false
		for _, s := range e.Steps {
			lines = append(lines, " "+s.Code)
			fails = fails || strings.Contains(strings.Join(s.Output, " "), "<SYNTAX>")
		}
		found := slices.DeleteFunc(check.Source("ex.mac", strings.Join(lines, "\n")+"\n"), func(f check.Finding) bool {
			return strings.Contains(fmt.Sprint(f), "can stand at the prompt") || slices.Contains(e.Names, "#execute") || slices.Contains(ofRoutines, f.Rule)
		})
		assert.Truef(t, fails || len(found) == 0, "%s:%d: %v", e.File, e.Line, found)
	}
}

// shownElsewhere are the methods that an example cannot call, with the test that does.
var shownElsewhere = map[string]string{
	"Security.SSLConfigs.TestConnection": "runtime.TestTLSErrorsInPrograms", // wants a TLS server
}

// TestRowsHaveExamples: every row has an example that uses it, a method one of its
// class or of one that extends it, and no example is of nothing.
func TestRowsHaveExamples(t *testing.T) {
	known := map[string]bool{}
	below := map[string]string{} // the examples of a class and of those that extend it
	for _, c := range runtime.ClassDocs() {
		text := ""
		for _, e := range Find(c.Name).Examples {
			text += strings.Join(e.Show(), "\n")
		}
		for k := c.Name; k != ""; k = extends(k) {
			below[k] += text
		}
	}
	for _, s := range Sections() {
		for _, e := range s.Entries {
			known[e.Name] = true
			if s.Brief || strings.HasPrefix(e.Name, "%Test.") {
				continue
			}
			if below[e.Name] == "" {
				assert.NotEmptyf(t, e.Examples, "%s has no example", e.Name)
			}
			for _, x := range e.Examples {
				text := strings.ToUpper(strings.Join(x.Show(), "\n"))
				assert.Truef(t, strings.Contains(text, strings.ToUpper(strings.TrimPrefix(e.Name, "unary "))) || len(e.Members) > 0 || s.Title == "Classes", "%s:%d does not use %s", x.File, x.Line, e.Name)
			}
			for _, m := range e.Members {
				if shownElsewhere[e.Name+"."+m.Name] != "" {
					continue
				}
				used := regexp.MustCompile(`[."]` + regexp.QuoteMeta(m.Name) + `\b`)
				assert.Truef(t, used.MatchString(below[e.Name]), "%s.%s has no example", e.Name, m.Name)
			}
		}
	}
	for _, e := range Examples() {
		for _, n := range e.Names {
			assert.Truef(t, known[n], "%s:%d: there is no %s", e.File, e.Line, n)
		}
	}
}

func extends(name string) string {
	for _, c := range runtime.ClassDocs() {
		if c.Name == name {
			return c.Extends
		}
	}
	return ""
}

// TestDocument: the committed document is what the tables and examples make.
func TestDocument(t *testing.T) {
	text := Document()
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(text), 0o644))
	}
	have, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.True(t, text == string(have), `docs/language.md is not what the tables say: run "make docs"`)
}
