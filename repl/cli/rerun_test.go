//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// write replaces a file as editors do: a new one takes the name of the old.
func (w *testWorld) write(name, text string) {
	draft := filepath.Join(w.dir, "draft")
	require.NoError(w, os.WriteFile(draft, []byte(text), 0o644))
	require.NoError(w, os.Rename(draft, filepath.Join(w.dir, name)))
}

// A server is started again, on its port, when one of its files changes: the TARGET, a
// routine that it calls, an include file; after a syntax error is mended; after it has
// ended.
func TestRunWatch(t *testing.T) {
	program := func(says string) string {
		return "#include Words\nserve(port)\n OPEN \"|TCP|1\":(:port):5 IF '$TEST WRITE \"taken\",! QUIT\n WRITE \"" + says + " \",$$say^far,\" \",$$$word,!\n USE \"|TCP|1\" READ x\n"
	}
	w := newWorld(t, map[string]string{
		"s.mac": program("one"), "lib/far.mac": "far QUIT 0\nsay() QUIT \"far\"\n", "lib/Words.inc": "#define word \"inc\"\n", "other.mac": "o QUIT\n",
	})
	port, err := freePort()
	require.NoError(t, err)
	r := w.start("run", "--watch", "-I", "lib", "s.mac", strconv.Itoa(port))
	r.out.until(t, "one far inc\n")
	w.write("other.mac", "changed QUIT\n") // which the program has not loaded
	w.write("s.mac", program("two"))
	r.errs.until(t, "cos: s.mac has changed: starting again\n")
	r.out.until(t, "two far inc\n")
	w.write("lib/far.mac", "far QUIT 0\nsay() QUIT \"near\"\n")
	r.errs.until(t, "cos: lib/far.mac has changed: starting again\n")
	r.out.until(t, "two near inc\n")
	w.write("lib/Words.inc", "#define word \"included\"\n")
	r.errs.until(t, "cos: lib/Words.inc has changed: starting again\n")
	r.out.until(t, "two near included\n")

	w.write("s.mac", program("x")+" WRTE 1\n")
	r.errs.until(t, "starting again\n")
	assert.Contains(t, r.errs.until(t, "cos: waiting for a change\n"), `s.mac:6:2: unknown command "WRTE"`)
	w.write("s.mac", program("three"))
	r.errs.until(t, "starting again\n")
	r.out.until(t, "three near included\n")

	w.write("s.mac", "serve(port) WRITE \"short\",! WRITE 1/0\n")
	r.out.until(t, "short\n")
	r.errs.until(t, "<DIVIDE>serve^s\n")
	r.errs.until(t, "cos: ended with exit code 1: waiting for a change\n")
	w.write("s.mac", program("four"))
	r.out.until(t, "four near included\n")
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 143, r.exits())
	c := w.start("run", "-c", "OPEN \"|TCP|1\":(:"+strconv.Itoa(port)+"):1 WRITE $TEST,!")
	c.out.until(t, "1\n") // the program has gone with the one that watched it
	c.exits()
}

func TestRunWatchInterrupt(t *testing.T) {
	w := newWorld(t, waiting)
	r := w.start("run", "--watch", "hang.mac")
	r.out.until(t, "ready\n")
	r.signal(syscall.SIGINT)
	assert.Equal(t, 130, r.exits())
	_, errs, exit := w.run("", "run", "--watch", "-")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: --watch needs files: standard input cannot change\n", errs)
	r = w.start("run", "--watch", "-c", "WRITE 1,!")
	r.errs.until(t, "ended with exit code 0: waiting for a change\n")
	r.signal(syscall.SIGINT)
	assert.Equal(t, 130, r.exits())
}
