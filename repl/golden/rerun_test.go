package golden_test

// --watch, by changing files and waiting for what it says.

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// watched is cos test --watch in a folder.
type watched struct {
	*testing.T
	dir   string
	lines chan string
	ended chan int
	stop  func(syscall.Signal)
}

// patienceOfTests is how long a test waits for what must come.
const patienceOfTests = 30 * time.Second

func startWatch(t *testing.T, dir string, args ...string) *watched {
	c := verb(dir, append([]string{"test", "--watch", "-v"}, args...)...)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	c.Stdout, c.Stderr = w, w
	require.NoError(t, c.Start())
	w.Close()
	out := &watched{T: t, dir: dir, lines: make(chan string, 1000), ended: make(chan int, 1)}
	out.stop = func(sig syscall.Signal) { require.NoError(t, c.Process.Signal(sig)) }
	t.Cleanup(func() { _ = c.Process.Kill() })
	go func() {
		for s := bufio.NewScanner(r); s.Scan(); {
			out.lines <- timeless(s.Text())
		}
		close(out.lines)
		_ = c.Wait()
		out.ended <- c.ProcessState.ExitCode()
	}()
	return out
}

// says waits for exactly these lines.
func (w *watched) says(want ...string) {
	w.Helper()
	for _, line := range want {
		select {
		case got := <-w.lines:
			require.Equal(w, line, got)
		case <-time.After(patienceOfTests):
			require.Fail(w, "nothing came", "expected %q", line)
		}
	}
}

// skips waits for a line, whatever comes before it.
func (w *watched) skips(want string) {
	w.Helper()
	for late := time.After(patienceOfTests); ; {
		select {
		case got, ok := <-w.lines:
			require.True(w, ok, "it has ended")
			if got == want {
				return
			}
		case <-late:
			require.Fail(w, "it did not come", "%q", want)
		}
	}
}

// put writes a file as editors do, so that nobody ever sees a part of it.
func (w *watched) put(name, text string) {
	path := filepath.Join(w.dir, name)
	part := filepath.Join(filepath.Dir(path), ".part")
	require.NoError(w, os.WriteFile(part, []byte(text), 0o600))
	require.NoError(w, os.Rename(part, path))
}

const watching = "watching 2 folders, Ctrl-C ends"

func TestWatch(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"s/a.session": "cos session 1\nprocess A: run ../r/one.mac\nA< 1\nA exits 0\n",
		"s/b.session": "cos session 1\nprocess B: run ../r/two.mac\nB< 2\nB exits 0\n",
		"r/one.mac":   "one WRITE 1,!\n",
		"r/two.mac":   "two WRITE 2,!\n",
	})
	w := startWatch(t, dir, "--junit", "s/out.xml", "s")
	w.says("ok    s/a.session  T", "ok    s/b.session  T", "2 passed, 0 failed T", watching)

	w.put("r/one.mac", "one WRITE 3,!\n") // a routine: the sessions that have loaded it
	w.says("changed: r/one.mac", "FAIL  s/a.session  T", "s/a.session:3: A printed something else", "  - expected: 1", "  + actual:   3",
		"  to accept what came: cos test --update s/a.session", "1 passed, 1 failed T", watching)
	w.put("r/two.mac", "two WRITE 2,!\n;\n")
	w.says("changed: r/two.mac", "ok    s/b.session  T", "1 passed, 1 failed T", watching)
	b, err := os.ReadFile(filepath.Join(dir, "s/out.xml"))
	require.NoError(t, err)
	assert.Contains(t, string(b), `tests="2" failures="1"`, "reports are of all sessions")

	w.put("s/a.session", "cos session 1\nprocess A: run ../r/one.mac\nA< 3\nA exits 0\n") // a session
	w.says("changed: s/a.session", "ok    s/a.session  T", "2 passed, 0 failed T", watching)

	// What does not concern anybody is passed over: the next lines are those of a new session.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "s/notes.txt"), []byte("x"), 0o600))
	w.put("s/.a.session.swp", "x")
	w.put("r/two.mac", "two WRITE 2,!\n;\n") // the same again
	w.put("s/c.session", "cos session 1\nprompt C: USER\nC> WRITE 1\nC< 1\n")
	w.says("changed: s/c.session", "ok    s/c.session  T", "3 passed, 0 failed T", watching)

	require.NoError(t, os.Rename(filepath.Join(dir, "s/c.session"), filepath.Join(dir, "s/d.session"))) // as editors and git do
	w.says("changed: s/c.session, s/d.session", "ok    s/d.session  T", "3 passed, 0 failed T", watching)

	w.put("r/x.inc", "#define X 1\n") // nobody is known to use it: all
	w.says("changed: r/x.inc", "ok    s/a.session  T", "ok    s/b.session  T", "ok    s/d.session  T", "3 passed, 0 failed T", watching)

	require.NoError(t, os.Mkdir(filepath.Join(dir, "s/new"), 0o755)) // a folder is watched from then on
	w.put("s/new/e.session", "this is none\n")
	w.skips("3 passed, 1 failed T")
	w.skips("watching 3 folders, Ctrl-C ends")
	w.stop(syscall.SIGINT)
	assert.Equal(t, 1, <-w.ended, "as the last round")
}

func TestWatchEnds(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"a.session": "cos session 1\nprompt A: USER\nA> WRITE 1\nA< 1\n",
	})
	for sig, status := range map[syscall.Signal]int{syscall.SIGINT: 0, syscall.SIGTERM: 143} {
		w := startWatch(t, dir, ".")
		w.says("ok    a.session  T", "1 passed, 0 failed T", "watching 1 folder, Ctrl-C ends")
		w.stop(sig)
		assert.Equal(t, status, <-w.ended)
	}
	// In the middle of a round.
	w := startWatch(t, dir, ".")
	w.skips("watching 1 folder, Ctrl-C ends")
	w.put("a.session", "cos session 1\nlimit 60s\nprompt A: USER\nuntil A waits in HANG\n")
	w.says("changed: a.session")
	w.stop(syscall.SIGINT)
	w.says("broken off  a.session", "0 passed, 0 failed, 1 broken off T")
	assert.Equal(t, 0, <-w.ended)

	_, errs, exit := cos(t, dir, "test", "--watch", "none")
	assert.Equal(t, 2, exit)
	assert.True(t, strings.HasPrefix(errs, "cos: --watch: "), errs)
}

// TestWatchComesBack: without sessions, or with one that cannot be read, watching goes on.
func TestWatchComesBack(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.session": "cos session 1\n"})
	w := startWatch(t, dir, ".")
	w.says("ok    a.session  T", "1 passed, 0 failed T", "watching 1 folder, Ctrl-C ends")
	require.NoError(t, os.Remove(filepath.Join(dir, "a.session")))
	w.says("changed: a.session", "cos: there is no *.session file in .", "watching 1 folder, Ctrl-C ends")
	w.put("b.session", "cos session 1\n")
	w.says("changed: b.session", "ok    b.session  T", "1 passed, 0 failed T")
}
