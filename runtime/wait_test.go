package runtime

// Every wait of the house ends at once when the process is interrupted or killed. The
// table has a row for each kind in waitNames.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// silentPeer accepts connections and neither reads nor writes.
func silentPeer(t *testing.T) (port int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		var keep []net.Conn
		defer func() {
			for _, c := range keep {
				c.Close()
			}
		}()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			keep = append(keep, c)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

var waits = []struct {
	kind  devices.Wait
	name  string
	setup string // run first
	code  string // waits; port is the silent peer's, free is one that nobody listens on
	err   string
}{
	{devices.WaitRead, "READ from a peer", `OPEN "|TCP|1":("127.0.0.1":port) USE "|TCP|1"`, `READ x`, "<INTERRUPT>"},
	{devices.WaitRead, "READ with a timeout", `OPEN "|TCP|1":("127.0.0.1":port) USE "|TCP|1"`, `READ x:100`, "<INTERRUPT>"},
	{devices.WaitRead, "READ *x", `OPEN "|TCP|1":("127.0.0.1":port) USE "|TCP|1"`, `READ *x`, "<INTERRUPT>"},
	{devices.WaitAccept, "READ for accept", `OPEN "|TCP|1":(:free:"A") USE "|TCP|1"`, `READ x`, "<INTERRUPT>"},
	{devices.WaitConnect, "OPEN to a refused port", ``, `OPEN "|TCP|1":("127.0.0.1":free)`, "<NOTOPEN>"},
	{devices.WaitConnect, "OPEN with a timeout", ``, `OPEN "|TCP|1":("127.0.0.1":free):100`, "<NOTOPEN>"},
	{devices.WaitListen, "OPEN of a busy port", ``, `OPEN "|TCP|1":(:port)`, "<NOTOPEN>"},
	{devices.WaitResolve, "OPEN while a host resolves", ``, `OPEN "|TCP|1":("slow.example":1)`, "<NOTOPEN>"},
	{devices.WaitWrite, "WRITE to a peer that does not read", `OPEN "|TCP|1":("127.0.0.1":port:"S") USE "|TCP|1"`,
		`FOR  WRITE "0123456789012345678901234567890123456789"`, "<INTERRUPT>"},
	{devices.WaitRead, "READ from a pipe", `OPEN "exec sleep 3":"Q" USE "exec sleep 3"`, `READ x`, "<INTERRUPT>"},
	{devices.WaitPipe, "CLOSE of a pipe", `OPEN "exec sleep 3":"Q"`, `CLOSE "exec sleep 3"`, "<INTERRUPT>"},
	{devices.WaitProgram, "$ZF", ``, `SET x=$ZF(-1,"exec sleep 60")`, "<INTERRUPT>"},
	{devices.WaitProgram, "$ZF(-100)", ``, `SET x=$ZF(-100,"/SHELL","exec sleep 60")`, "<INTERRUPT>"},
	{devices.WaitOpen, "OPEN of a missing file", ``, `OPEN "/no-such-file":"R"`, "<NOTOPEN>"},
	{devices.WaitHang, "HANG", ``, `HANG 1000`, "<INTERRUPT>"},
	{devices.WaitLock, "LOCK", `DO holder`, `LOCK ^held`, "<INTERRUPT>"},
	{devices.WaitLock, "LOCK with a timeout", `DO holder`, `LOCK ^held:100`, "<INTERRUPT>"},
	{devices.WaitRead, "READ from the principal device", ``, `READ x`, "<INTERRUPT>"},
	{devices.WaitSelect, "Select of a listening device", `OPEN "|TCP|1":(:free)`, `SET x=$SYSTEM.Socket.Select($LISTBUILD("|TCP|1"))`, "<INTERRUPT>"},
	{devices.WaitSelect, "Select with a timeout", `OPEN "|TCP|1":("127.0.0.1":port)`, `SET x=$SYSTEM.Socket.Select($LISTBUILD("|TCP|1"),100)`, "<INTERRUPT>"},
	{devices.WaitSelect, "Select of nothing", ``, `SET x=$SYSTEM.Socket.Select("")`, "<INTERRUPT>"},
	{devices.WaitJob, "Export", published, `SET x=$SYSTEM.Socket.Export("|TCP|1")`, "<INTERRUPT>"},
	{devices.WaitJob, "Import", published, `SET x=$SYSTEM.Socket.Import("|TCP|3",token)`, "<INTERRUPT>"},
	{devices.WaitRead, "Recv of a UDP socket", `SET u=##class(%Net.UDP).%New()`, `SET x=u.Recv(100)`, "<INTERRUPT>"},
	{devices.WaitResolve, "a look-up of a host", ``, `SET x=$SYSTEM.INetInfo.HostNameToAddr("slow.example")`, "<INTERRUPT>"},
	{devices.NoWait, "a loop", ``, `FOR`, "<INTERRUPT>"},
	{devices.NoWait, "a loop with a body", ``, `FOR  SET x=1`, "<INTERRUPT>"},
	{devices.NoWait, "a WHILE", ``, `WHILE 1 { }`, "<INTERRUPT>"},
	{devices.NoWait, "a GOTO", ``, `GOTO again`, "<INTERRUPT>"},
}

// published publishes an accepted connection.
const published = `OPEN "|TCP|1":(:free:"A"),"|TCP|2":("127.0.0.1":free) USE "|TCP|1" READ x SET token=$SYSTEM.Socket.Publish("|TCP|1")`

func TestEveryWaitHasARow(t *testing.T) {
	seen := map[devices.Wait]bool{}
	for _, w := range waits {
		seen[w.kind] = true
	}
	for kind, name := range waitNames {
		assert.NotEmpty(t, name)
		assert.Truef(t, seen[devices.Wait(kind)], "wait %d has no interrupt test", kind)
	}
}

func TestInterruptsEndEveryWait(t *testing.T) {
	for _, w := range waits {
		for _, how := range []string{"interrupt", "kill"} {
			t.Run(w.name+"/"+how, func(t *testing.T) {
				t.Parallel()
				testInterrupt(t, w.setup, w.code, how, w.err)
			})
		}
	}
}

func testInterrupt(t *testing.T, setup, code, how, want string) {
	in, feed, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	defer feed.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	console, err := devices.NewConsole(in, null)
	require.NoError(t, err)
	env := &devices.Env{Console: console, LookupHost: func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	s := NewSystem(Config{Env: env, Stderr: io.Discard})
	p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	require.NoError(t, err)
	defer s.Close()
	source := fmt.Sprintf(`t SET port=%d,free=%d %s
 SET ^ready=1
again %s
 QUIT
holder JOB hold() FOR  QUIT:$GET(^holding)  HANG .001
 QUIT
hold() LOCK ^held SET ^holding=1 FOR  HANG 100
`, silentPeer(t), freePort(t), setup, code)
	if code == "GOTO again" {
		source = fmt.Sprintf("t SET ^ready=1\nagain %s\n", code)
	}
	r := s.Compile("t", "", source)
	require.Empty(t, r.Errors)
	s.Define(r)
	start, err := s.At(r, "", 0)
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- p.Launch(start, nil) }()

	watcher, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("/dev/null"), nil })
	require.NoError(t, err)
	defer watcher.Close()
	require.NoError(t, watcher.Execute(`FOR  QUIT:$GET(^ready)  HANG .001`))
	settled := 0
	for before := ""; settled < 5; { // it waits, or it loops
		now := p.State()
		if now == before {
			settled++
		} else {
			settled, before = 0, now
		}
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	if how == "kill" {
		p.Kill(7)
	} else {
		p.Interrupt()
	}
	select {
	case err = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("still waiting in %s", p.State())
	}
	assert.Less(t, time.Since(began), 10*time.Second)
	if how == "kill" {
		assert.ErrorIs(t, err, ErrHalt)
		assert.Equal(t, 7, p.ExitStatus())
	} else {
		require.Error(t, err)
		assert.Contains(t, err.Error(), want)
	}
	p.Close()
}
