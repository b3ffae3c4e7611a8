package devices

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cos/devices/sslconfig"
)

// testConfigs are the configurations of a development authority, and "stranger", a client
// that trusts another one.
var testConfigs = sync.OnceValue(func() map[string]*tls.Config {
	out := map[string]*tls.Config{}
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	for _, authority := range []string{"", "stranger"} {
		dir, err := os.MkdirTemp("", "cos-tls-")
		must(err)
		defer os.RemoveAll(dir)
		file, err := sslconfig.SelfSigned(dir, []string{"localhost", "127.0.0.1"})
		must(err)
		list, err := sslconfig.Load(file)
		must(err)
		for name, c := range list {
			if authority != "" {
				if name != "client" {
					continue
				}
				name = authority
			}
			if out[name], err = c.Build("", ""); err != nil {
				panic(err)
			}
		}
		must(os.Remove(filepath.Join(dir, "ca.key")))
	}
	return out
})

// testTLS is Env.TLS of the tests.
func testTLS(_ Host, r TLSRequest) (*tls.Config, bool, error) {
	c := testConfigs()[r.Config]
	if c == nil {
		return nil, false, sslconfig.ErrUnknown
	}
	if r.Host != "" {
		c = c.Clone()
		c.ServerName = r.Host
	}
	return c, r.Config == "server" || r.Config == "mutual", nil
}

// overTLS makes TLS clients of a server device's peers, and TLS servers of a client's.
func overTLS(r role) func(net.Conn) net.Conn {
	if r == server {
		return func(c net.Conn) net.Conn { return tls.Client(c, testConfigs()["client"]) }
	}
	return func(c net.Conn) net.Conn { return tls.Server(c, testConfigs()["server"]) }
}

func onServer(params ...string) []string { return append(params, "/TLS=server") }
func onClient(params ...string) []string { return append(params, "/SSL=client") }

// What passes over TLS is what passes over a plain connection, in both roles.
func TestTLS(t *testing.T) {
	holdOver(t, overTLS, []conversation{
		{"server", server, onServer("M"), false, func(c *conv) {
			c.dials().says("one\r\ntwo\r\n").read("one").zb("\r").za(ZAServer | ZAConnected).read("").zb("\n").read("two").read("")
			c.write("answer").newline().xy(0, 1).peerGets("answer\n")
			require.True(c, c.d.Secured())
			state, ok := c.d.ConnectionState()
			require.True(c, ok)
			require.EqualValues(c, tls.VersionTLS13, state.Version)
		}},
		{"client", client, onClient("ST"), false, func(c *conv) {
			require.False(c, c.d.Secured())
			c.write("question").control(3).peerGets("question").says("answer\n").read("answer").za(ZAConnected)
			require.Equal(c, TCPStats{Reads: 1, Writes: 1, BytesRead: 7, BytesWritten: 8}, *c.d.Stats(), "text is counted, not records")
		}},
		{"client that reads first", client, onClient("S"), false, func(c *conv) {
			c.says("hello").readFixed(5, "hello").readCharPolled()
		}},
		{"a connection that waits holds nothing of its handshake", server, onServer("S"), false, func(c *conv) {
			c.dials().says("x").readChar('x').expires(timed(soon), "")
			sec := c.d.stream.tls
			require.LessOrEqual(c, len(sec.wire.in.buf), inputStart)
			require.LessOrEqual(c, cap(sec.wire.out), 512)
			require.Nil(c, sec.next)
		}},
		{"A mode returns before the handshake", server, onServer("SA"), false, func(c *conv) {
			c.dials().read("").za(ZAServer | ZAConnected)
			require.False(c, c.d.Secured())
			c.says("x").readChar('x')
		}},
		{"every client of a server device", server, onServer("S"), false, func(c *conv) {
			for range 3 {
				c.dials().says("x").readChar('x').write("bye").control(2).za(ZAServer).peerGets("bye").peerEnds(io.EOF)
			}
		}},
		{"a packet is what has arrived, in however many records", client, onClient(""), true, func(c *conv) {
			c.write("go").newline().peerGets("go")
			c.says("one").says("two").says(strings.Repeat("x", 900)).hasArrived(900 + 3*22)
			c.read("onetwo" + strings.Repeat("x", 900))
			c.expires(timed(0), "")
		}},
		{"much text both ways", server, onServer("S"), false, func(c *conv) {
			text := strings.Repeat("0123456789", 100_000)
			c.dials().says(text).readFixed(len(text), text)
			c.write(text).control(3).peerGets(text)
		}},
		{"READ x:0", client, onClient("S"), true, func(c *conv) {
			c.expires(timed(0), "").za(ZAConnected | ZATimedOut).write("x").control(3).peerGets("x")
			c.says("ab").hasArrived(24)
			c.take(ReadSpec{Char: true, Timed: true}).expires(timed(0), "b")
		}},
		{"the peer closes in order", server, onServer("S"), false, func(c *conv) {
			c.dials().says("rest").peerFinishes().read("rest").zb("").readFails("READ").za(ZAServer | ZAError)
			require.Zero(c, c.d.DisconnectCode())
			c.dials().says("next").readFixed(4, "next")
		}},
		{"the peer closes its half", client, onClient("S"), false, func(c *conv) {
			c.says("x").peerFinishes().readChar('x').write("still").control(3).peerGets("still")
		}},
		{"the peer resets", client, onClient("S"), true, func(c *conv) {
			c.says("x").readChar('x').peerResets().readFails("READ").za(ZAError)
			require.NotZero(c, c.d.DisconnectCode())
			c.readFails("READ").writeFails("x", "WRITE")
		}},
		{"the line breaks within a record", client, onClient("S"), true, func(c *conv) {
			c.says("x").readChar('x')
			raw := c.peer.conn.(*tls.Conn).NetConn()
			_, err := raw.Write([]byte("\x17\x03\x03\x00\x20half"))
			require.NoError(c, err)
			require.NoError(c, raw.(*net.TCPConn).CloseWrite())
			_, err = c.d.Read(timed(patience))
			require.ErrorIs(c, err, io.ErrUnexpectedEOF)
			c.za(ZAError)
		}},
		{"garbage in place of a record", client, onClient("S"), true, func(c *conv) {
			c.says("x").readChar('x')
			_, err := c.peer.conn.(*tls.Conn).NetConn().Write([]byte("\x17\x03\x03\x00\x20" + strings.Repeat("x", 32)))
			require.NoError(c, err)
			c.readFails("READ").za(ZAError)
		}},
		{"CLOSE says so to the peer", client, onClient("S"), false, func(c *conv) {
			c.write("last").flush(AtWriteEnd)
			require.NoError(c, c.d.Close(nil))
			c.peerGets("last").peerEnds(io.EOF)
		}},
		{"JOB before the handshake", server, onServer("SA"), false, func(c *conv) {
			c.dials().says("hello").read("")
			parent := c.inherit()
			c.za(ZAConnected).readFixed(5, "hello").write("from the child").control(3).peerGets("from the child")
			require.Equal(c, ZAServer, parent.State().ZA)
		}},
		{"JOB with unread input", server, onServer("S"), false, func(c *conv) {
			c.dials().says("hello").readFixed(2, "he")
			c.inherit()
			c.readFixed(3, "llo").says("more").readFixed(4, "more").write("x").control(3).peerGets("x")
		}},
		{"later /TLS are ignored", client, onClient("S"), false, func(c *conv) {
			c.use("/TLS=").use("/TLS=nosuch").use("/TLS=client|| localhost").says("x").readChar('x')
			c.use("/TLS=nosuch", "T").says("y").readChar('y')
			require.Equal(c, "localhost", c.serverName())
		}},
		{"D mode sees the end behind the records", client, onClient("SD"), true, func(c *conv) {
			c.says("x").readChar('x')
			require.NoError(c, c.d.CheckDisconnect())
			c.says("y").hasArrived(1)
			require.NoError(c, c.d.CheckDisconnect())
			c.peerFinishes()
			require.NoError(c, c.d.CheckDisconnect(), "there is input to read")
			c.readChar('y')
			require.Eventually(c, func() bool { return failure(c.d.CheckDisconnect()) == "DISCONNECT" }, patience, time.Millisecond)
			c.za(ZAError)
		}},
	})
}

// Select finds text behind the records, and takes part in the handshake without waiting.
func TestSelectTLS(t *testing.T) {
	holdOver(t, overTLS, []conversation{
		{"server", server, onServer("S"), true, func(c *conv) {
			c.dials()
			c.selects(true, patience) // the accept
			c.selects(false, 0)
			c.says("ab").selects(true, patience).readChar('a').selects(true, 0).readChar('b').selects(false, 0)
			text := strings.Repeat("x", 20_000)
			c.says(text).selects(true, patience).readFixed(len(text), text).selects(false, soon)
		}},
		{"client", client, onClient("S"), true, func(c *conv) {
			c.selects(false, soon).says("x").selects(true, patience).readChar('x').selects(false, 0)
			c.peerFinishes().selects(true, patience).readFails("READ")
		}},
		{"a handshake that fails", client, []string{"S", "/TLS=stranger"}, true, func(c *conv) {
			c.selects(true, patience).readFails("READ").za(ZAError)
		}},
	})
}

// selects is Select of the device alone.
func (c *conv) selects(want bool, limit time.Duration) *conv {
	c.Helper()
	ready, err := Select(c.host, []*TCP{c.d}, limit)
	require.NoError(c, err)
	require.Equal(c, want, len(ready) == 1, "ready")
	return c
}

// readCharPolled is READ *x:0 with nothing there.
func (c *conv) readCharPolled() *conv {
	c.Helper()
	c.take(ReadSpec{Char: true, Timed: true})
	require.True(c, c.last.TimedOut)
	require.EqualValues(c, -1, c.last.Char)
	return c
}

// peerEnds says how the peer has seen the connection end: io.EOF is in order.
func (c *conv) peerEnds(want error) *conv {
	c.Helper()
	c.peer.seesEnd()
	require.Equal(c, want, c.peer.end)
	return c
}

// serverName is what the client has sent as SNI.
func (c *conv) serverName() string {
	return c.peer.conn.(*tls.Conn).ConnectionState().ServerName
}

// The handshake is a wait like any other: it ends with the timeout and on an interrupt,
// and goes on from where it was.
func TestTLSHandshakeWaits(t *testing.T) {
	hold(t, []conversation{
		{"READ times out, later ones go on", server, onServer("S"), false, func(c *conv) {
			c.dials() // a peer without TLS: it says nothing yet
			c.expires(timed(soon), "").za(ZAServer|ZAConnected).expires(timed(soon), "").za(ZAServer | ZAConnected | ZATimedOut)
			c.finishesHandshake("x").readChar('x')
		}},
		{"byte by byte", server, onServer("S"), true, func(c *conv) {
			c.dials().expires(timed(soon), "")
			c.finishesHandshakeSlowly("x").readChar('x')
		}},
		{"interrupts", server, onServer("S"), false, func(c *conv) {
			c.accepted().interruptsRead(WaitRead, ReadSpec{}).interruptsRead(WaitRead, timed(patience))
			c.finishesHandshake("x").readChar('x')
		}},
		{"/WRITETIMEOUT", client, onClient("S", "/WRITETIMEOUT=2"), false, func(c *conv) {
			c.d.opt.writeLimit = soon
			c.write("x").controlFails(3, "TCPWRITE").controlFails(3, "TCPWRITE")
		}},
		{"CLOSE", server, onServer("S"), false, func(c *conv) {
			c.accepted().expires(timed(soon), "")
			require.NoError(c, c.d.Close(nil))
			c.peer.seesEnd()
		}},
	})
	holdOver(t, overTLS, []conversation{
		{"WRITE interrupted within records", client, onClient("S"), true, func(c *conv) {
			c.says("x").readChar('x')
			release := c.clog()
			interrupts(c.T, c.host, WaitWrite, func() error { return c.d.Control(3) })
			c.za(ZAConnected)
			release()
			c.control(3).peerGets(strings.Repeat("x", clogSize))
			c.write("end").control(3).peerGets("end")
		}},
		{"WRITE times out within records", client, onClient("S"), true, func(c *conv) {
			c.says("x").readChar('x')
			c.d.opt.writeLimit = 50 * time.Millisecond
			defer c.clog()()
			c.controlFails(3, "TCPWRITE")
			c.controlFails(3, "TCPWRITE")
		}},
		{"READ interrupted after the handshake", client, onClient("S"), false, func(c *conv) {
			c.says("x").readChar('x').interruptsRead(WaitRead, ReadSpec{}).says("y").readChar('y')
		}},
	})
}

// dribble is a connection that sends one byte at a time.
type dribble struct{ net.Conn }

func (d dribble) Write(b []byte) (int, error) {
	for i := range b {
		if _, err := d.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

func (c *conv) finishesHandshake(s string) *conv { return c.upgrades(c.peer.conn, s) }
func (c *conv) finishesHandshakeSlowly(s string) *conv {
	return c.upgrades(dribble{c.peer.conn}, s)
}

// upgrades makes a TLS client of the peer, which must have said and got nothing so far,
// and says s. The peer's reader takes what the device sends, so it is the client's input.
func (c *conv) upgrades(out net.Conn, s string) *conv {
	secure := tls.Client(tapped{out, c.peer}, testConfigs()["client"])
	c.T.Cleanup(func() { _ = secure.Close() })
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(secure, s)
		done <- err
	}()
	c.T.Cleanup(func() {
		if err := <-done; err != nil {
			c.T.Errorf("peer: %v", err)
		}
	})
	return c
}

// tapped is a connection whose input is what its peer's reader has got.
type tapped struct {
	net.Conn
	from *peer
}

func (t tapped) Read(b []byte) (int, error) {
	p := t.from
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.got.Len() == 0 && p.end == nil {
		p.cond.Wait()
	}
	if p.got.Len() == 0 {
		return 0, p.end
	}
	return p.got.Read(b)
}

// What goes wrong with a handshake is <READ> or <WRITE> with bit 4 of $ZA, and the
// connection is gone.
func TestTLSErrors(t *testing.T) {
	hold(t, []conversation{
		{"unknown configuration, READ", client, []string{"S", "/TLS=nosuch|secret"}, false, func(c *conv) {
			_, err := c.d.Read(timed(patience))
			require.Equal(c, "READ", failure(err))
			require.ErrorIs(c, err, sslconfig.ErrUnknown)
			require.NotContains(c, err.Error(), "secret")
			c.za(ZAError).readFails("READ").writeFails("x", "WRITE")
			c.peer.seesEnd()
		}},
		{"unknown configuration, WRITE", server, []string{"SA", "/TLS=nosuch"}, false, func(c *conv) {
			c.dials().read("").write("x").controlFails(3, "WRITE").za(ZAServer | ZAError)
			c.peer.seesEnd()
			c.dials().read("").za(ZAServer | ZAConnected)
		}},
		{"a world without configurations", client, onClient("S"), false, func(c *conv) {
			c.env.TLS = nil
			c.readFails("READ").za(ZAError)
		}},
		{"a plain client of a TLS server", server, onServer("S"), true, func(c *conv) {
			c.dials().says("GET / HTTP/1.0\r\n\r\n").readFails("READ").za(ZAServer | ZAError)
			c.dials()
			c.accepted()
		}},
		{"a TLS client of a plain server", client, onClient("S"), true, func(c *conv) {
			c.says("220 ready\r\n").readFails("READ").za(ZAError)
		}},
		{"the peer hangs up in the handshake", server, onServer("S"), false, func(c *conv) {
			c.dials().peerFinishes().readFails("READ").za(ZAServer | ZAError)
		}},
		{"the peer resets in the handshake", server, onServer("S"), true, func(c *conv) {
			c.accepted().says("\x16\x03\x01").hasArrived(3).expires(timed(0), "").peerResets().readFails("READ").za(ZAServer | ZAError)
			require.NotZero(c, c.d.DisconnectCode())
		}},
	})
	holdOver(t, overTLS, []conversation{
		{"the certificate does not verify, WRITE", client, []string{"S", "/TLS=stranger"}, false, func(c *conv) {
			c.write("secret").controlFails(3, "WRITE").za(ZAError).readFails("READ")
			c.peer.seesEnd()
			require.ErrorContains(c, c.peer.end, "certificate", "the peer is told why")
		}},
		{"the certificate does not verify, READ", client, []string{"S", "/TLS=stranger"}, false, func(c *conv) {
			c.says("x").readFails("READ").za(ZAError)
		}},
		{"no client certificate where one is asked for", server, []string{"S", "/TLS=mutual"}, false, func(c *conv) {
			c.wrap = func(n net.Conn) net.Conn {
				return tls.Client(n, &tls.Config{InsecureSkipVerify: true})
			}
			c.dials().says("x").readFails("READ").za(ZAServer | ZAError)
			c.wrap = overTLS(server)
			c.dials().says("x").readChar('x')
		}},
	})
}

// STARTTLS: plain text, then TLS on the same connection, in both roles.
func TestStartTLS(t *testing.T) {
	hold(t, []conversation{
		{"server", server, []string{"CT"}, true, func(c *conv) {
			c.accepted().says("STARTTLS\r\n").read("STARTTLS").zb("\r").write("go").use("/TLS=server").peerGets("go")
			c.finishesHandshake("secret\r\n").read("secret").zb("\r")
			// This connection only: the next client begins in plain text.
			c.control(2).dials().says("plain\r\n").read("plain")
		}},
		{"server, secured before there is a client", server, []string{"S"}, false, func(c *conv) {
			c.use("/TLS=server")
			for range 2 {
				c.accepted().finishesHandshake("x").readChar('x').control(2)
			}
		}},
		{"a late LF is the plain line's", server, []string{"CT"}, true, func(c *conv) {
			c.accepted().says("STARTTLS\r").read("STARTTLS").use("/TLS=server").says("\n").hasArrived(1)
			c.finishesHandshake("secret\r\n").read("secret")
		}},
		{"plain text sent ahead is never READ", server, []string{"CT"}, true, func(c *conv) {
			c.accepted().says("STARTTLS\r\nRCPT TO:<injected>\r\n").read("STARTTLS").use("/TLS=server")
			c.readFails("READ").za(ZAServer | ZAError)
		}},
		{"a handshake sent ahead is used", server, []string{"CT"}, true, func(c *conv) {
			c.accepted().says("STARTTLS\r\n").hasArrived(10)
			before := c.waiting()
			c.upgrades(c.peer.conn, "secret\r\n")
			require.Eventually(c, func() bool { return c.waiting() > before+100 }, patience, time.Millisecond)
			c.read("STARTTLS").use("/TLS=server").read("secret")
		}},
	})
	t.Run("client", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		done := make(chan error, 1)
		go func() { done <- startTLSServer(l) }()
		_, port, err := net.SplitHostPort(l.Addr().String())
		require.NoError(t, err)
		c := newConv(t, true)
		c.d = c.open("127.0.0.1", port, []string{"CTS"})
		c.read("220 ready").write("STARTTLS").newline().read("220 go ahead")
		c.use("/TLS=client||localhost").write("hello").newline().read("you said hello as localhost")
		require.NoError(t, c.d.Close(nil))
		require.NoError(t, <-done)
	})
}

func startTLSServer(l net.Listener) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprint(conn, "220 ready\r\n")
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || line != "STARTTLS\r\n" {
		return fmt.Errorf("got %q, %w", line, err)
	}
	fmt.Fprint(conn, "220 go ahead\r\n")
	secure := tls.Server(conn, testConfigs()["server"])
	in := bufio.NewReader(secure)
	if line, err = in.ReadString('\n'); err != nil {
		return err
	}
	fmt.Fprintf(secure, "you said %s as %s\r\n", strings.TrimSpace(line), secure.ConnectionState().ServerName)
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("the client ended with %w", err)
	}
	return nil
}
