package devices

// The fault matrix: what a peer can do wrong, at every moment of a connection's life, to
// a server and a client, in packet and in stream mode. hold counts the descriptors and
// TestMain the goroutines that are left.

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A fault is what the peer does.
type fault string

const (
	fin      fault = "FIN"
	rst      fault = "RST"
	silence  fault = "silence"
	slow     fault = "slow"     // a line, byte by byte
	oversize fault = "oversize" // more than any buffer or string holds
)

// tooMuch is what an oversize peer says.
var tooMuch = strings.Repeat("x", MaxString+10)

// strikes lets the peer do it. A slow peer sends a byte each time the device waits, until
// it is over.
func (c *conv) strikes(f fault) (over func()) {
	switch f {
	case fin:
		c.peer.finish()
	case rst:
		c.peer.reset()
	case oversize:
		c.says(tooMuch)
	case slow:
		waits, stop := make(chan Wait, 64), make(chan struct{})
		c.host.mu.Lock()
		c.host.entered = waits
		c.host.mu.Unlock()
		p := c.peer
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, b := range []byte("ab\n") {
				for kind := NoWait; kind != WaitRead; { // an accept is no wait for a byte
					select {
					case kind = <-waits:
					case <-stop:
						return
					}
				}
				p.say(string(b))
			}
		}()
		return func() { close(stop); <-done }
	}
	return func() {}
}

// outcome is one READ of the device in the words of the table. C are the bits of $ZA
// while connected, L those that stay when the connection is lost.
func (c *conv) outcome(spec ReadSpec) string {
	spec.Timed = true
	res, err := c.d.Read(spec)
	st := c.d.State()
	var code error = syscall.Errno(c.d.DisconnectCode())
	za := func() string {
		live := "L"
		if st.ZA&ZAConnected != 0 {
			live = "C"
		}
		require.Equal(c, c.d.Server(), st.ZA&ZAServer != 0, "$ZA 4096")
		require.Equal(c, c.d.Connected(), st.ZA&ZAConnected != 0, "$ZA 8192")
		if low := st.ZA &^ (ZAServer | ZAConnected); low != 0 {
			live += fmt.Sprintf("+%d", low)
		}
		return live
	}
	text := func() string {
		if len(res.Text.S) > 20 {
			return fmt.Sprintf("[%d]", len(res.Text.S))
		}
		return fmt.Sprintf("%q", res.Text.S)
	}
	switch {
	case err != nil:
		require.Empty(c, st.ZB.S+st.Key.S, "$ZB and $KEY of a failed READ")
		name := "0"
		if code != syscall.Errno(0) {
			name = errnoName(code.(syscall.Errno))
		}
		return fmt.Sprintf("<%s> %s code %s", failure(err), za(), name)
	case res.TimedOut:
		require.Empty(c, st.ZB.S+st.Key.S, "$ZB and $KEY of a READ that timed out")
		return fmt.Sprintf("%s timed out %s", text(), za())
	case st.ZB != st.Key:
		require.Empty(c, st.Key.S)
		return fmt.Sprintf("%s by length %q %s", text(), st.ZB.S, za())
	}
	return fmt.Sprintf("%s zb %q %s", text(), st.ZB.S, za())
}

const (
	lost  = "<READ> L+4 code 0"
	reset = "<READ> L+4 code ECONNRESET"
)

// goesOn checks what comes after a loss: a server takes the next client, a client fails
// for ever.
func (c *conv) goesOn() {
	c.Helper()
	if c.d.Connected() {
		return
	}
	if c.d.Server() {
		c.dials().says("next\n").read("next").za(ZAServer | ZAConnected)
		return
	}
	for range 2 {
		c.readFails("READ").za(ZAError).writeFails("x", "WRITE")
	}
}

func TestFaultsWhileReading(t *testing.T) {
	type row struct {
		fault          fault
		packet, stream []string
	}
	big := fmt.Sprintf(`[%d] zb "" C`, MaxString)
	quiet := []row{ // nothing gathered
		{fin, []string{lost}, []string{lost}},
		{rst, []string{reset}, []string{reset}},
		{silence, []string{`"" timed out C+2`}, []string{`"" timed out C+2`}},
		{slow, []string{`"a" zb "" C`, `"b" zb "" C`, `"" zb "\n" C`}, []string{`"ab" zb "\n" C`}},
		{oversize, []string{`[1024] zb "" C`}, []string{big, `"xxxxxxxxxx" timed out C+2`}},
	}
	half := []row{ // "half" has come
		{fin, []string{`"half" zb "" C`, lost}, []string{`"half" zb "" C`, lost}},
		{rst, []string{`"half" zb "" C`, reset}, []string{`"half" zb "" C`, reset}},
		{silence, []string{`"half" zb "" C`, `"" timed out C+2`}, []string{`"half" timed out C+2`, `"" timed out C+2`}},
		{slow, []string{`"half" zb "" C`, `"a" zb "" C`, `"b" zb "" C`, `"" zb "\n" C`}, []string{`"halfab" zb "\n" C`}},
		{oversize, []string{`"half" zb "" C`}, []string{big}},
	}
	accept := append([]row(nil), quiet...)
	accept[2] = row{silence, []string{`"" timed out C`, `"" timed out C+2`}, []string{`"" timed out C`, `"" timed out C+2`}} // rule A3
	length := append([]row(nil), half...)
	length[3] = row{slow, half[3].packet, []string{`"halfab" by length "b" C`, `"" zb "\n" C`}}
	length[4] = row{oversize, half[4].packet, []string{`"halfxx" by length "x" C`, `"xxxxxx" by length "x" C`}}
	phases := []struct {
		name  string
		roles []role
		rows  []row
		fixed int
		begin func(c *conv)
	}{
		{"in accept", []role{server}, accept, 0, func(c *conv) { c.dials() }},
		{"idle", []role{server, client}, quiet, 0, func(c *conv) { c.upTo("") }},
		{"in a line", []role{server, client}, half, 0, func(c *conv) { c.upTo("half") }},
		{"in a READ of a length", []role{server, client}, length, 6, func(c *conv) { c.upTo("half") }},
		{"at the hand-over", []role{server}, half, 0, func(c *conv) { c.upTo("half") }},
	}
	for _, ph := range phases {
		for _, r := range ph.roles {
			for _, f := range ph.rows {
				for _, mode := range []struct {
					letters string
					want    []string
				}{{"T", f.packet}, {"ST", f.stream}} {
					name := fmt.Sprintf("%s %s: %s, mode %s", map[role]string{server: "server", client: "client"}[r], ph.name, f.fault, mode.letters)
					hold(t, []conversation{{name, r, []string{mode.letters, "", "1024", "1024"}, true, func(c *conv) {
						ph.begin(c)
						if ph.name == "at the hand-over" {
							parent := c.inherit()
							require.Equal(c, ZAServer, parent.State().ZA)
							c.use("", "", mode.letters)
						}
						over := c.strikes(f.fault)
						for i, want := range mode.want {
							spec := ReadSpec{Fixed: ph.fixed, Timeout: patience}
							if strings.Contains(want, "timed out") {
								spec.Timeout = soon
							}
							require.Equal(c, want, c.outcome(spec), "READ %d", i+1)
						}
						c.host.drain()
						over()
						c.goesOn()
						if ph.name == "at the hand-over" {
							parent := c.parents[0]
							c.newPeer(c.connect())
							c.says("other\n")
							res, err := parent.Read(timed(patience))
							require.NoError(c, err)
							require.Equal(c, "other", res.Text.S)
						}
					}}})
				}
			}
		}
	}
}

// upTo connects, with text in the device's buffer that no READ has taken.
func (c *conv) upTo(text string) {
	c.Helper()
	if c.d.Server() {
		c.dials().says("first\n").read("first")
	}
	if text != "" {
		c.says(text).hasCome(text)
	}
}

// A fault while the device writes, or after the peer has closed its half.
func TestFaultsWhileWriting(t *testing.T) {
	answer := strings.Repeat("answer", 100)
	for _, halfClosed := range []bool{false, true} {
		for _, r := range []role{server, client} {
			for _, mode := range []string{"T", "ST"} {
				for _, f := range []fault{fin, rst, silence, slow, oversize} {
					name := fmt.Sprintf("%s, mode %s, half-closed %v: %s", map[role]string{server: "server", client: "client"}[r], mode, halfClosed, f)
					hold(t, []conversation{{name, r, []string{mode, "", "1024", "1024", "", "", "/WRITETIMEOUT=2"}, true, func(c *conv) {
						c.upTo("")
						if halfClosed {
							c.peerFinishes().write(answer).control(3).peerGets(answer)
						}
						c.writeFault(f, mode, answer)
						c.goesOn()
					}}})
				}
			}
		}
	}
}

func (c *conv) writeFault(f fault, mode, answer string) {
	c.Helper()
	connected := c.d.State().ZA
	switch f {
	case fin, rst:
		if f == fin {
			c.peer.close()
		} else {
			c.peer.reset()
		}
		require.Equal(c, "WRITE", eventually(c, func() error {
			if err := c.d.Write(Text{S: answer}); err != nil {
				return err
			}
			return c.d.Control(3)
		}))
		require.Contains(c, []int{int(syscall.EPIPE), int(syscall.ECONNRESET)}, c.d.DisconnectCode())
		require.Equal(c, connected&^ZAConnected|ZAError, c.d.State().ZA)
		require.Zero(c, c.d.State().X)
	case silence: // nobody reads: <TCPWRITE>, and the connection is not touched again
		c.d.opt.writeLimit = 50 * time.Millisecond
		defer c.clog()()
		require.Equal(c, "TCPWRITE", failure(c.d.Control(3)))
		c.za(connected)
		require.Equal(c, "TCPWRITE", failure(c.d.Control(3)))
		require.Equal(c, "TCPWRITE", failure(c.d.Format(Newline, 0)))
	case slow:
		c.peer.mu.Lock() // the peer takes nothing until the device has written
		c.write(answer).control(3)
		c.peer.mu.Unlock()
		for i := 0; i < len(answer); i += 60 {
			c.peerGets(answer[i : i+60])
		}
		c.za(connected)
	case oversize:
		if mode == "T" {
			c.writeFails(tooMuch, "WRITE").za(connected).write(answer).control(3).peerGets(answer)
			return
		}
		c.write(tooMuch).control(3).peerGets(tooMuch).za(connected)
	}
}

// A fault while the client connects.
func TestFaultsInConnect(t *testing.T) {
	for _, mode := range []string{"T", "ST"} {
		t.Run("FIN, mode "+mode, func(t *testing.T) {
			d, far := met(t, mode)
			require.NoError(t, far.Close())
			_, err := d.Read(timed(patience))
			require.Equal(t, "READ", failure(err))
			require.Equal(t, ZAError, d.State().ZA)
			require.Zero(t, d.DisconnectCode())
		})
		t.Run("RST, mode "+mode, func(t *testing.T) { // nobody listens: refused
			d, err := open(&Env{}, &testHost{}, "|TCP|1", 0, "127.0.0.1", freePort(t), mode)
			require.Nil(t, d)
			require.ErrorIs(t, err, ErrTimeout)
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		})
		t.Run("silence, mode "+mode, func(t *testing.T) { // a queue that is full answers nothing
			before := openDescriptors()
			port, release := fullQueue(t)
			d, err := open(&Env{}, &testHost{}, "|TCP|1", 100*time.Millisecond, "127.0.0.1", port, mode)
			require.Nil(t, d)
			require.ErrorIs(t, err, ErrTimeout)
			release()
			require.LessOrEqual(t, openDescriptors(), before)
		})
		t.Run("slow, mode "+mode, func(t *testing.T) { // the server is connected before it accepts
			d, far := met(t, mode)
			res, err := d.Read(timed(soon))
			require.NoError(t, err)
			require.True(t, res.TimedOut)
			require.Equal(t, ZAConnected|ZATimedOut, d.State().ZA)
			_, err = far.Write([]byte("late\n"))
			require.NoError(t, err)
			res, err = d.Read(timed(patience))
			require.NoError(t, err)
			require.Equal(t, "late", res.Text.S)
		})
		t.Run("oversize, mode "+mode, func(t *testing.T) { // a greeting larger than every buffer
			d, far := met(t, mode)
			done := make(chan error, 1)
			go func() { _, err := far.Write([]byte(tooMuch)); done <- err }()
			for n := 0; n < len(tooMuch); {
				res, err := d.Read(timed(soon))
				require.NoError(t, err)
				n += len(res.Text.S)
				require.Empty(t, strings.Trim(res.Text.S, "x"))
			}
			require.NoError(t, <-done)
		})
	}
}

// met is a client device and the server's end of its connection.
func met(t *testing.T, mode string) (*TCP, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	d := opened(t, &Env{}, "|TCP|1", "127.0.0.1", port, mode)
	far, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { far.Close() })
	return d, far
}

// fullQueue is a port whose queue takes no further client.
func fullQueue(t *testing.T) (port string, release func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, setBacklog(l, 0))
	var held []net.Conn
	for range 16 {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		c, err := new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
		cancel()
		if err != nil {
			_, port, _ = net.SplitHostPort(l.Addr().String())
			return port, func() {
				for _, c := range held {
					c.Close()
				}
				l.Close()
			}
		}
		held = append(held, c)
	}
	t.Fatal("the queue never fills")
	return "", nil
}
