//go:build linux

package cli

// cos on a real terminal: a pseudo-terminal whose other end the test holds.

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// onTerminal is cos on a terminal.
type onTerminal struct {
	*running
	keys *os.File
}

// startOnTerminal starts cos with a pseudo-terminal as its input and outputs.
func (w *testWorld) startOnTerminal(args ...string) *onTerminal {
	if len(args) == 0 && !strings.Contains(strings.Join(w.env, "\n"), "NO_COLOR") {
		w.env = append(w.env, "NO_COLOR=1") // NO_COLOR= has the prompt in colours
	}
	return w.onTerminal(w.command(args...))
}

// onTerminal starts a command with a pseudo-terminal as its input and outputs.
func (w *testWorld) onTerminal(c *exec.Cmd) *onTerminal {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0) // not blocking, so that Close ends a Read
	require.NoError(w, err)
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	require.NoError(w, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(w, err)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(w, err)
	defer slave.Close()
	require.NoError(w, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120}))
	r := &onTerminal{&running{Cmd: c, t: w.T, out: newTape(), errs: newTape()}, master}
	r.Stdin, r.Stdout, r.Stderr = slave, slave, slave
	r.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(w, r.Start())
	w.Cleanup(func() {
		_ = r.Process.Kill()
		master.Close()
	})
	go func() {
		_, _ = io.Copy(&screenText{tape: r.out}, master)
		r.out.end()
	}()
	return r
}

func (r *onTerminal) types(keys string) {
	_, err := r.keys.WriteString(keys)
	require.NoError(r.t, err)
}

// screenText is a tape without carriage returns and without escape sequences other than
// colours: what is left of the line editor's work is the line, once per keystroke.
type screenText struct {
	*tape
	escape []byte // a sequence that has begun
}

func (s *screenText) Write(p []byte) (int, error) {
	var text []byte
	for _, c := range p {
		switch {
		case len(s.escape) > 0:
			s.escape = append(s.escape, c)
			if c >= '@' && c != '[' {
				if c == 'm' {
					text = append(text, s.escape...)
				}
				s.escape = s.escape[:0]
			}
		case c == 0x1b:
			s.escape = append(s.escape, c)
		case c != '\r':
			text = append(text, c)
		}
	}
	_, _ = s.tape.Write(text)
	return len(p), nil
}

// shows waits for text and returns what came up to its end.
func (r *onTerminal) shows(text string) string {
	r.t.Helper()
	return r.out.until(r.t, text)
}

// resize changes the size of the terminal.
func (r *onTerminal) resize(rows, columns uint16) {
	c, err := r.keys.SyscallConn()
	require.NoError(r.t, err)
	require.NoError(r.t, c.Control(func(fd uintptr) {
		err = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns})
	}))
	require.NoError(r.t, err)
}

// after is what a command printed: the text between its echo and the next prompt.
func (r *onTerminal) after(command, prompt string) string {
	r.t.Helper()
	r.types(command + "\r")
	r.shows(command + "\n")
	return strings.TrimSuffix(r.shows(prompt), prompt)
}

// editorPrompt is the prompt as the line editor shows it.
const editorPrompt = "USER>"

// atPrompt starts the prompt on a pseudo-terminal and waits for it.
func (w *testWorld) atPrompt() *onTerminal {
	w.Helper()
	term := w.startOnTerminal()
	term.shows(editorPrompt)
	return term
}

// halts ends the prompt.
func (r *onTerminal) halts() {
	r.t.Helper()
	r.types("halt\r")
	assert.Zero(r.t, r.exits())
}

func TestPromptOnATerminal(t *testing.T) {
	w := newWorld(t, map[string]string{"r.mac": "r\n write \"hello\",!\n write zzz,!\n"})
	term := w.atPrompt()
	for _, c := range []struct{ command, want string }{
		{"set x=1", "\n"},
		{"write 1", "1\n"},
		{"write 1,!", "1\n\n"},
		{"", ""},
		{"write abc", "\nWRITE abc\n^\n<UNDEFINED> *abc\n\n"},
		{"s x=2 w x,abc", "2\n\nS x=2 W x,abc\n      ^\n<UNDEFINED> *abc\n\n"},
		{"wrte 1", "\nwrte 1\n^\n<SYNTAX> unknown command \"wrte\"; did you mean WRITE?\n\n"},
		{"write $x", "0\n"},
	} {
		assert.Equal(t, c.want, term.after(c.command, editorPrompt), c.command)
	}
	term.types("tstart\r")
	term.shows("TL1:USER>")
	term.types("trollback\r")
	term.shows("\nUSER>")
	term.types("zn \"%SYS\"\r")
	term.shows("\n%SYS>")
	term.halts()
}

func TestPromptContinuesLines(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("if 1 {\r")
	term.shows("....>")
	term.types(" write \"in\"\r")
	term.shows("....>")
	term.types("}\r")
	term.shows("in\n")
	term.shows(editorPrompt)
	term.types("if 1 {\r")
	term.shows("....>")
	term.types("\x03")
	term.shows("\nUSER>")
	term.types("\x04")
	assert.Zero(t, term.exits())
}

func TestReadAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("read x write \"<\",x,\">\"\r")
	term.shows("\n")
	term.types("typed\r")
	term.shows("<typed>\n")
	term.shows(editorPrompt)
	// Typed ahead: the next lines are there before READ and the prompt ask for them.
	term.types("read x#3 write \"<\",x,\">\"\rabcwrite 6*7\r")
	term.shows("<abc>\n")
	term.shows("\n42\n")
	term.shows(editorPrompt)
	term.halts()
}

func TestInterruptAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("write 1 hang 1000\r")
	term.shows("hang 1000\n")
	term.shows("1")
	term.types("\x03")
	term.shows("\nWRITE 1 HANG 1000\n        ^\n<INTERRUPT>\n\n")
	term.shows(editorPrompt)
	term.types("write 99\x03")
	term.shows("^C\n")
	term.shows(editorPrompt)
	term.types("read x\r")
	term.shows("read x\n")
	term.types("half\x03")
	term.shows("<INTERRUPT>\n")
	term.shows(editorPrompt)
	term.signal(syscall.SIGINT) // from elsewhere: as if it was typed
	term.shows("^C\n")
	term.shows(editorPrompt)
	term.types("write 5\r")
	term.shows("\n5\n")
	term.shows(editorPrompt)
	term.signal(syscall.SIGTERM)
	assert.Equal(t, 143, term.exits())
}

func TestPromptWaitsForJobs(t *testing.T) {
	w := newWorld(t, map[string]string{"j.mac": "work\n HANG 1000\n"})
	term := w.atPrompt()
	term.types("job work^j\r")
	term.shows("\n\nUSER>")
	term.types("halt\r")
	term.shows("1 job running, Ctrl-C ends it\n")
	term.types("\x03")
	assert.Equal(t, 130, term.exits())
}

func TestCompletionAndHistory(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("wri\t \"a  b\"\r")
	term.shows("write \"a  b\"\na  b\n")
	term.shows(editorPrompt)
	term.types("\x04")
	assert.Zero(t, term.exits())

	var history string
	for _, v := range w.env {
		if dir, ok := strings.CutPrefix(v, "XDG_STATE_HOME="); ok {
			history = filepath.Join(dir, "cos", "history")
		}
	}
	b, err := os.ReadFile(history)
	require.NoError(t, err)
	assert.Equal(t, "write \"a  b\"\n", string(b))

	term = w.startOnTerminal()
	term.shows(editorPrompt)
	term.types("\x1b[A\r")
	term.shows("\na  b\n")
	term.shows(editorPrompt)
	term.types("\x04")
	assert.Zero(t, term.exits())
}

func TestColours(t *testing.T) {
	w := newWorld(t, nil)
	term := w.startOnTerminal("run", "-c", "write nosuch")
	term.out.until(t, "\x1b[1;31m<UNDEFINED> *nosuch\x1b[0m\n")
	assert.Equal(t, 1, term.exits())
	w.env = append(w.env, "NO_COLOR=1")
	term = w.startOnTerminal("run", "-c", "write nosuch")
	assert.NotContains(t, term.out.until(t, "<UNDEFINED> *nosuch\n"), "\x1b[1;31m")
	assert.Equal(t, 1, term.exits())
}
