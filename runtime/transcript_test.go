package runtime

// testdata/*.t: transcripts. A case is command lines, or a routine after a line
// "ROUTINE name", then its output indented by a tab; blank lines separate cases. A line
// "# Expect: text" before the code gives the error that ends it (its $ZERROR begins so).
// Other lines from # on are comments.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cos/devices"
)

// testConsole is a console in memory.
type testConsole struct {
	in  strings.Reader
	out strings.Builder
}

func (c *testConsole) Name() string    { return "00" }
func (c *testConsole) InputTTY() bool  { return false }
func (c *testConsole) OutputTTY() bool { return false }
func (c *testConsole) Raw(bool) error  { return nil }
func (c *testConsole) Interrupt()      {}
func (c *testConsole) Arm()            {}
func (c *testConsole) Gone() bool      { return false }

func (c *testConsole) WriteOutput(p []byte) (int, error) { return c.out.Write(p) }
func (c *testConsole) ReadInput(p []byte, _ time.Time) (int, error) {
	return c.in.Read(p)
}

// newTest makes a system with globals in memory and a process on a console in memory.
func newTest(t testing.TB, input string) (*Process, *testConsole) {
	t.Helper()
	console := &testConsole{in: *strings.NewReader(input)}
	env := &devices.Env{Console: console}
	s := NewSystem(Config{Env: env, Stderr: &console.out, Now: func() time.Time {
		return time.Date(2024, 2, 29, 13, 5, 9, 123456789, time.UTC)
	}})
	p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Close()
		s.Close()
	})
	return p, console
}

func testProcess(t testing.TB) *Process {
	p, _ := newTest(t, "")
	p.enter(frameTop, 0)
	p.pushGuard(guardTop)
	raisedIn = p
	return p
}

// raisedIn is the process that testProcess made last: raised looks there.
var raisedIn *Process

// raised runs f and returns the M error it raises, as <NAME>info, or "".
func raised(f func()) (text string) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case theUnwind:
			text = "<" + raisedIn.unwind.err.Name + ">" + raisedIn.unwind.err.Info
		default:
			panic(r)
		}
	}()
	f()
	return ""
}

type transcript struct {
	line   int
	code   []string
	expect string
	want   []string
}

func readTranscripts(t *testing.T, path string) []transcript {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []transcript
	var c transcript
	done := func() {
		if len(c.code) > 0 {
			out = append(out, c)
		}
		c = transcript{}
	}
	for i, l := range strings.Split(string(b), "\n") {
		switch {
		case strings.HasPrefix(l, "# Expect: "):
			if len(c.code) > 0 {
				done()
			}
			c.expect = strings.TrimPrefix(l, "# Expect: ")
		case strings.HasPrefix(l, "# "):
		case strings.HasPrefix(l, "\t"):
			c.want = append(c.want, l[1:])
		case l == "":
			done()
		default:
			if len(c.want) > 0 {
				done()
			}
			if len(c.code) == 0 {
				c.line = i + 1
			}
			if l == "~" { // an empty line of a routine
				l = ""
			}
			c.code = append(c.code, l)
		}
	}
	done()
	return out
}

func runTranscript(t testing.TB, c transcript) (out string, err error) {
	p, console := newTest(t, "")
	if name, ok := strings.CutPrefix(c.code[0], "ROUTINE "); ok {
		r := p.sys.Compile(name, "", strings.Join(c.code[1:], "\n"))
		p.sys.Define(r)
		start, serr := p.sys.At(r, "", 0)
		require.NoError(t, serr)
		err = p.Launch(start, nil)
	} else {
		for _, l := range c.code {
			if err = p.Execute(l); err != nil {
				break
			}
		}
	}
	p.Principal().Flush(devices.BeforeWait)
	return console.out.String(), err
}

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.t")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		for _, c := range readTranscripts(t, f) {
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(f), c.line), func(t *testing.T) {
				out, err := runTranscript(t, c)
				if errors.Is(err, ErrHalt) {
					err = nil
				}
				require.Equal(t, strings.Join(c.want, "\n"), strings.TrimSuffix(out, "\n"))
				if c.expect == "" {
					require.NoError(t, err)
					return
				}
				require.Error(t, err)
				require.Truef(t, strings.HasPrefix(err.Error(), c.expect), "got %s, want %s", err, c.expect)
			})
		}
	}
}
