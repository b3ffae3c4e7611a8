//go:build unix

package cli

// Signals: what Ctrl-C and SIGTERM do to the main process, its jobs and their devices.

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tape collects what a process prints and lets a test wait for it.
type tape struct {
	mu      sync.Mutex
	changed *sync.Cond
	text    []byte
	read    int // up to here it has been waited for
	ended   bool
}

func newTape() *tape {
	t := &tape{}
	t.changed = sync.NewCond(&t.mu)
	return t
}

func (t *tape) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.changed.Broadcast()
	return len(p), nil
}

func (t *tape) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.changed.Broadcast()
}

func (t *tape) copy(r io.Reader) {
	_, _ = io.Copy(t, r)
	t.end()
}

// until waits for text that has not been waited for before and returns what came up to
// its end.
func (t *tape) until(test *testing.T, text string) string {
	test.Helper()
	late := time.AfterFunc(patienceOfTests, t.end)
	defer late.Stop()
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		if i := bytes.Index(t.text[t.read:], []byte(text)); i >= 0 {
			from := t.read
			t.read += i + len(text)
			return string(t.text[from:t.read])
		}
		if t.ended {
			require.FailNow(test, "never came", "%q after %q", text, t.text)
		}
		t.changed.Wait()
	}
}

// running is a cos process under test.
type running struct {
	*exec.Cmd
	t         *testing.T
	out, errs *tape
}

// start starts cos with pipes for its output.
func (w *testWorld) start(args ...string) *running {
	r := &running{Cmd: w.command(args...), t: w.T, out: newTape(), errs: newTape()}
	r.Stdout, r.Stderr = r.out, r.errs
	require.NoError(w, r.Cmd.Start())
	w.Cleanup(func() { _ = r.Process.Kill() })
	return r
}

func (r *running) signal(s syscall.Signal) { require.NoError(r.t, r.Process.Signal(s)) }

// exits waits for the end and returns the exit code.
func (r *running) exits() int {
	limit := time.AfterFunc(patienceOfTests, func() { _ = r.Process.Kill() })
	defer limit.Stop()
	return exitCode(r.t, r.Wait())
}

func (r *running) stderr() string {
	r.errs.mu.Lock()
	defer r.errs.mu.Unlock()
	return string(r.errs.text)
}

var waiting = map[string]string{
	"hang.mac": " WRITE \"ready\",! HANG 1000\n",
	"loop.mac": " WRITE \"ready\",! HANG .001\n FOR  {\n }\n",
	"open.mac": " WRITE \"ready\",!\n OPEN \"|TCP|1\":(\"127.0.0.1\":1)\n",
	"read.mac": " OPEN \"|TCP|1\":(:0)\n WRITE \"ready\",!\n USE \"|TCP|1\" READ x\n",
	"trap.mac": " SET $ZTRAP=\"t\"\nloop\n WRITE \"ready\",!\n HANG 1000\n QUIT\nt\n WRITE $ZERROR,!\n GOTO loop\n",
	"jobs.mac": " JOB work JOB work\n HANG .01\n WRITE \"ready\",!\n QUIT\nwork\n HANG 1000\n QUIT\n",
}

func TestInterrupt(t *testing.T) {
	w := newWorld(t, waiting)
	for program, want := range map[string]string{"hang.mac": "<INTERRUPT>", "loop.mac": "<INTERRUPT>", "open.mac": "<NOTOPEN>"} {
		t.Run(program, func(t *testing.T) {
			w := &testWorld{T: t, dir: w.dir, env: w.env}
			r := w.start("run", program)
			r.out.until(t, "ready\n")
			r.signal(syscall.SIGINT)
			assert.Equal(t, 130, r.exits())
			assert.Equal(t, want, r.stderr()[:len(want)])
		})
	}
}

func TestSecondInterrupt(t *testing.T) {
	w := newWorld(t, waiting)
	r := w.start("run", "trap.mac")
	r.out.until(t, "ready\n")
	r.signal(syscall.SIGINT)
	r.out.until(t, "<INTERRUPT>loop+2^trap\nready\n")
	r.signal(syscall.SIGINT)
	assert.Equal(t, 130, r.exits())
	assert.Empty(t, r.stderr())
}

func TestInterruptWhileOnlyJobsRemain(t *testing.T) {
	w := newWorld(t, waiting)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		term := w.startOnTerminal("run", "jobs.mac")
		term.out.until(t, "2 jobs running, Ctrl-C ends them")
		if sig == syscall.SIGINT {
			term.types("\x03")
		} else {
			term.signal(sig)
		}
		assert.Equal(t, 128+int(sig), term.exits())
	}
}

func TestTerminate(t *testing.T) {
	w := newWorld(t, waiting)
	for _, program := range []string{"hang.mac", "loop.mac", "open.mac", "trap.mac"} {
		r := w.start("run", program)
		r.out.until(t, "ready\n")
		r.signal(syscall.SIGTERM)
		assert.Equal(t, 143, r.exits(), program)
		assert.Empty(t, r.stderr(), program)
	}
}

// SIGTERM sends what a connection still holds before it closes it, in jobs too (rule
// B26).
func TestTerminateFlushesConnections(t *testing.T) {
	w := newWorld(t, map[string]string{"server.mac": `serve(port)
 SET io="|TCP|1"
 OPEN io:(:port:"SA"):5
 WRITE "ready",!
 USE io READ x
 JOB child:(:17:io:io)
 USE io READ x
 WRITE "held by the parent"
 FOR  QUIT:$GET(^written)  HANG .01
 USE 0 WRITE "both",!
 HANG 1000
child
 WRITE "held by the child"
 SET ^written=1
 HANG 1000
`})
	port, err := freePort()
	require.NoError(t, err)
	r := w.start("run", "server.mac", strconv.Itoa(port))
	r.out.until(t, "ready\n")
	child := dial(t, port)
	parent := dial(t, port)
	r.out.until(t, "both\n")
	r.signal(syscall.SIGTERM)
	got, err := io.ReadAll(parent)
	require.NoError(t, err)
	assert.Equal(t, "held by the parent", string(got))
	got, err = io.ReadAll(child)
	require.NoError(t, err)
	assert.Equal(t, "held by the child", string(got))
	assert.Equal(t, 143, r.exits())
	assert.Empty(t, r.stderr())
}

func dial(t *testing.T, port int) net.Conn {
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(patienceOfTests)))
	return c
}

// A WRITE that is blocked on a full pipe delays the end, but not for ever.
func TestTerminateABlockedProcess(t *testing.T) {
	w := newWorld(t, map[string]string{"full.mac": " SET x=$JUSTIFY(\"\",100000)\n WRITE \"ready\",! HANG .001\n FOR  WRITE x\n"})
	c := w.command("run", "full.mac")
	out, in, err := os.Pipe()
	require.NoError(t, err)
	defer out.Close()
	c.Stdout = in
	require.NoError(t, c.Start())
	require.NoError(t, in.Close())
	first := make([]byte, 6)
	_, err = io.ReadFull(out, first)
	require.NoError(t, err)
	require.Equal(t, "ready\n", string(first))
	begin := time.Now()
	require.NoError(t, c.Process.Signal(syscall.SIGTERM))
	limit := time.AfterFunc(patienceOfTests, func() { _ = c.Process.Kill() })
	defer limit.Stop()
	assert.Equal(t, 143, exitCode(t, c.Wait()))
	assert.Less(t, time.Since(begin), patience+5*time.Second)
}

func TestInterruptIgnoredFromTheStart(t *testing.T) {
	w := newWorld(t, waiting)
	self, err := os.Executable()
	require.NoError(t, err)
	r := &running{Cmd: exec.Command("/bin/sh", "-c", `trap "" INT; exec "$0" run hang.mac`, self), t: t, out: newTape(), errs: newTape()}
	r.Dir, r.Env, r.Stdout, r.Stderr = w.dir, w.env, r.out, r.errs
	require.NoError(t, r.Cmd.Start())
	r.out.until(t, "ready\n")
	r.signal(syscall.SIGINT)
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 143, r.exits(), "a shell's background process does not heed Ctrl-C")
	assert.Empty(t, r.stderr())
}

// The watcher's protocol, from the other end.
func TestWatch(t *testing.T) {
	w := newWorld(t, nil)
	socket := filepath.Join(t.TempDir(), "w")
	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer l.Close()
	port, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer port.Close()
	w.env = append(w.env, "COS_WATCH="+socket)
	c := w.command("--namespace", "USER")
	typed, err := c.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill() })
	conn, err := l.Accept()
	require.NoError(t, err)
	defer conn.Close()
	events := newTape()
	go events.copy(conn)

	first := strings.Fields(events.until(t, " PROMPT 00\n"))
	require.Len(t, first, 4)
	job := first[1]
	_, err = io.WriteString(typed, `OPEN "|TCP|1":("127.0.0.1":`+strconv.Itoa(port.Addr().(*net.TCPAddr).Port)+`:"ST") USE "|TCP|1" WRITE "abc",*-3 READ x`+"\n")
	require.NoError(t, err)
	peer, err := port.Accept()
	require.NoError(t, err)
	defer peer.Close()
	events.until(t, "send "+job+" %7CTCP%7C1 3\n")
	require.NoError(t, peer.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = peer.Read(make([]byte, 10))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nothing is sent before the go")
	_, err = io.WriteString(conn, "go\n")
	require.NoError(t, err)
	require.NoError(t, peer.SetReadDeadline(time.Now().Add(patienceOfTests)))
	got := make([]byte, 3)
	_, err = io.ReadFull(peer, got)
	require.NoError(t, err)
	assert.Equal(t, "abc", string(got))
	events.until(t, "state "+job+" READ %7CTCP%7C1\n")
	_, err = io.WriteString(peer, "reply\r")
	require.NoError(t, err)
	events.until(t, "state "+job+" PROMPT 00\n")
	require.NoError(t, typed.Close())
	assert.Zero(t, exitCode(t, c.Wait()))
}
