//go:build linux

package cli

// A service: what its manager hears, and how it ends on SIGTERM.

import (
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notices is a service manager's end of NOTIFY_SOCKET.
func notices(t *testing.T, w *testWorld) (next func() string) {
	path := filepath.Join(t.TempDir(), "n")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	require.NoError(t, err)
	t.Cleanup(func() { socket.Close() })
	w.env = append(w.env, "NOTIFY_SOCKET="+path)
	return func() string {
		require.NoError(t, socket.SetReadDeadline(time.Now().Add(patienceOfTests)))
		b := make([]byte, 1000)
		n, err := socket.Read(b)
		require.NoError(t, err)
		return string(b[:n])
	}
}

// service answers each line until it gets "bye"; "slow" is answered after the signal only.
const service = `serve(port)
 HANG .05
 SET io="|TCP|1"
 OPEN io:(:port:"SA"):5
 FOR  USE io READ x JOB child:(:17:io:io)
child
 USE $PRINCIPAL:(::"M")
 FOR  READ line QUIT:line="bye"  WRITE "got ",line,!
 WRITE "farewell",!
 QUIT
`

func TestServiceDrains(t *testing.T) {
	w := newWorld(t, map[string]string{"s.mac": service})
	next := notices(t, w)
	port, err := freePort()
	require.NoError(t, err)
	r := w.start("--drain", "20", "run", "s.mac", strconv.Itoa(port))
	assert.Regexp(t, `^READY=1\nSTATUS=listening on .*:`+strconv.Itoa(port)+`$`, next())
	busy, idle := dial(t, port), dial(t, port)
	talk(t, busy, "one\r", "got one\n")
	talk(t, idle, "two\r", "got two\n")
	begin := time.Now()
	r.signal(syscall.SIGTERM)
	assert.Equal(t, "STOPPING=1\nSTATUS=draining", next())
	late := func() error {
		c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			c.Close()
		}
		return err
	}
	assert.ErrorIs(t, late(), syscall.ECONNREFUSED, "nobody new gets in")
	talk(t, busy, "three\r", "got three\n")
	talk(t, idle, "bye\r", "farewell\n")
	talk(t, busy, "bye\r", "farewell\n")
	assert.Equal(t, 143, r.exits())
	assert.Less(t, time.Since(begin), 15*time.Second, "it ends with its last connection")
	assert.Empty(t, r.stderr())
}

func talk(t *testing.T, c net.Conn, say, want string) {
	t.Helper()
	_, err := io.WriteString(c, say)
	require.NoError(t, err)
	got := make([]byte, len(want))
	_, err = io.ReadFull(c, got)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
}

// A connection that does not end is cut off when the time is over, and at once by a second
// SIGTERM.
func TestDrainIsOver(t *testing.T) {
	for _, second := range []bool{false, true} {
		w := newWorld(t, map[string]string{"s.mac": service})
		next := notices(t, w)
		port, err := freePort()
		require.NoError(t, err)
		drain := "0.3"
		if second {
			drain = "1000"
		}
		r := w.start("--drain", drain, "run", "s.mac", strconv.Itoa(port))
		next()
		c := dial(t, port)
		talk(t, c, "one\r", "got one\n")
		begin := time.Now()
		r.signal(syscall.SIGTERM)
		assert.Equal(t, "STOPPING=1\nSTATUS=draining", next())
		if second {
			r.signal(syscall.SIGTERM)
		}
		rest, err := io.ReadAll(c)
		require.NoError(t, err)
		assert.Empty(t, rest)
		assert.Equal(t, 143, r.exits())
		if !second {
			assert.Greater(t, time.Since(begin), 300*time.Millisecond)
		}
	}
}

// One job may serve all with Select: its listener goes, its connections stay.
func TestDrainOfSelect(t *testing.T) {
	w := newWorld(t, map[string]string{"sel.mac": `s(port)
 SET io="|TCP|1",n=1000
 OPEN io:(:port:"SA"):5
 SET list=$LISTBUILD(io)
 FOR {
   SET ready=$SYSTEM.Socket.Select(list)
   FOR i=1:1:$LISTLENGTH(ready) {
     SET d=$LISTGET(ready,i)
     IF d=io USE io READ x SET n=n+1,c="|TCP|"_n,ok=$SYSTEM.Socket.Fork(io,c),list=list_$LISTBUILD(c) CONTINUE
     USE d:(::"M") READ line
     IF line="bye" WRITE "farewell",! CLOSE d SET $LIST(list,$LISTFIND(list,d),$LISTFIND(list,d))="" CONTINUE
     WRITE "got ",line,!
   }
 }
`})
	next := notices(t, w)
	port, err := freePort()
	require.NoError(t, err)
	r := w.start("--drain", "20", "run", "sel.mac", strconv.Itoa(port))
	next()
	c := dial(t, port)
	talk(t, c, "one\r", "got one\n")
	r.signal(syscall.SIGTERM)
	next()
	talk(t, c, "two\r", "got two\n")
	talk(t, c, "bye\r", "farewell\n")
	assert.Equal(t, 143, r.exits())
	assert.Empty(t, r.stderr())
}

func TestReadyAtStartAndWatchdog(t *testing.T) {
	w := newWorld(t, waiting)
	next := notices(t, w)
	w.env = append(w.env, "WATCHDOG_USEC=100000")
	r := w.start("--ready", "start", "run", "hang.mac")
	assert.Equal(t, "READY=1", next())
	for range 3 {
		assert.Equal(t, "WATCHDOG=1", next())
	}
	r.signal(syscall.SIGTERM)
	for said := next(); said != "STOPPING=1\nSTATUS=ending"; said = next() {
		assert.Equal(t, "WATCHDOG=1", said)
	}
	assert.Equal(t, 143, r.exits())
	_, errs, exit := newWorld(t, nil).run("", "--drain", "long", "run", "-c", "QUIT")
	assert.Equal(t, 2, exit)
	assert.True(t, strings.HasPrefix(errs, "cos: --drain: long is no number of seconds"), errs)
}
