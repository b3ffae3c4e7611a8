package devices

// Hostile and exhaustive readings of single sentences of the chapter.

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// "up to eight user terminator characters": any character can be one, eight at a time,
// and the seven others of eight are data to the one.
func TestEveryByteTerminates(t *testing.T) {
	for first := 0; first < 256; first += 8 {
		var terms, text []byte
		for b := first; b < first+8; b++ {
			terms = append(terms, byte(b))
		}
		for b := 0; b < 256; b++ {
			text = append(text, byte(b))
		}
		hold(t, []conversation{{fmt.Sprintf("%d to %d", first, first+7), client, []string{"SE", string(terms)}, false, func(c *conv) {
			c.use("", "", "-E").says(string(text) + string(terms[:1]))
			c.read(string(text[:first])).zb(string(terms[:1])).key(string(terms[:1]))
			for _, b := range terms[1:] {
				c.read("").zb(string([]byte{b}))
			}
			c.read(string(text[first+8:])).zb(string(terms[:1]))
			c.use("", "", "+", string(terms[3:4])).says(string(terms[:4])).read(string(terms[:3])).zb(string(terms[3:4]))
		}}})
	}
}

// Rule B3: headers in mode CT, then a body by its length in S, however the segments are
// cut: no byte is lost, none is gained.
func TestHeadersThenBody(t *testing.T) {
	const message = "POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\n\nbo\r\n!GET"
	for cut := 0; cut <= len(message); cut++ {
		for _, mode := range []string{"CT", "CTS", "CMA"} {
			hold(t, []conversation{{fmt.Sprintf("%s cut at %d", mode, cut), server, []string{mode}, true, func(c *conv) {
				c.accepted()
				waits, told := make(chan Wait, 64), make(chan struct{})
				c.host.entered = waits
				go func() { // each part comes when the device waits
					defer close(told)
					for _, part := range []string{message[:cut], message[cut:]} {
						if part != "" {
							<-waits
							c.says(part)
						}
					}
				}()
				// In packet mode half a line is a packet of its own.
				line := func() (s string) {
					for {
						c.take(ReadSpec{})
						s += c.last.Text.S
						if c.d.State().ZB.S == "\r" {
							return s
						}
						require.Empty(c, c.d.State().ZB.S)
					}
				}
				require.Equal(c, "POST / HTTP/1.1", line())
				require.Equal(c, "Content-Length: 6", line())
				require.Equal(c, "", line())
				c.use("", "", "S").readFixed(6, "\nbo\r\n!").readFixed(3, "GET")
				<-told
				c.host.drain()
			}}})
		}
	}
}

// The accept and the data share the READ's timeout (rule A18): both waits of a READ whose
// client says nothing end at one deadline.
func TestOneTimerOverAcceptAndData(t *testing.T) {
	l := &notedListener{pipeListener: newPipeListener()}
	env := &Env{Listen: func(context.Context, string, SocketControl) (net.Listener, error) { return l, nil }}
	d := opened(t, env, "|TCP|1", "", "0")
	client := l.dial()
	defer client.Close()
	for !d.Connected() { // more than once on a machine that takes longer than that to accept
		l.deadlines = nil
		res, err := d.Read(timed(200 * time.Millisecond))
		require.NoError(t, err)
		require.True(t, res.TimedOut)
	}
	require.Equal(t, ZAServer|ZAConnected, d.State().ZA) // rule A3: the READ began without a connection
	require.Len(t, l.deadlines, 2)
	require.Equal(t, l.deadlines[0], l.deadlines[1])
}

// notedListener notes the deadlines of its accepts and of its clients' reads.
type notedListener struct {
	*pipeListener
	deadlines []time.Time
}

func (l *notedListener) note(d time.Time) {
	if !d.IsZero() {
		l.deadlines = append(l.deadlines, d)
	}
}

func (l *notedListener) SetDeadline(d time.Time) error {
	l.note(d)
	return l.pipeListener.SetDeadline(d)
}

func (l *notedListener) Accept() (net.Conn, error) {
	c, err := l.pipeListener.Accept()
	return notedConn{c, l}, err
}

type notedConn struct {
	net.Conn
	l *notedListener
}

func (c notedConn) SetReadDeadline(d time.Time) error {
	c.l.note(d)
	return c.Conn.SetReadDeadline(d)
}

// Both protocols, one of them, and neither (/USEIPV6).
func TestProtocols(t *testing.T) {
	six, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here")
	}
	_, sixPort, _ := net.SplitHostPort(six.Addr().String())
	defer six.Close()
	reaches := func(address string, d *TCP) bool {
		c, err := net.DialTimeout("tcp", net.JoinHostPort(address, strconv.Itoa(int(d.LocalAddr().Port()))), patience)
		if err != nil {
			return false
		}
		defer c.Close()
		res, err := d.Read(timed(patience)) // mode A
		require.NoError(t, err)
		require.False(t, res.TimedOut)
		require.Equal(t, address, d.PeerAddr().Addr().String()) // rule B24: dotted quads are no mapped addresses
		require.NoError(t, d.Control(2))
		return true
	}
	for _, row := range []struct {
		params    []string
		four, six bool
	}{
		{nil, true, true}, {[]string{"/USEIPV6=0"}, true, false}, {[]string{"/USEIPV6"}, false, true},
		{[]string{"/BINDTO=127.0.0.1"}, true, false}, {[]string{"/BINDTO=::1"}, false, true},
		{[]string{"/BINDTO=127.0.0.1", "/BINDTO"}, true, true}, // a bare one deletes the earlier
	} {
		d := opened(t, &Env{}, "|TCP|1", append([]string{"", "0", "A"}, row.params...)...)
		require.Equal(t, row.four, reaches("127.0.0.1", d), row.params)
		require.Equal(t, row.six, reaches("::1", d), row.params)
	}
	both := &Env{LookupHost: func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.IPv6Loopback(), netip.MustParseAddr("127.0.0.1")}, nil
	}}
	// A client tries IPv4 first and goes on to IPv6.
	c := opened(t, both, "|TCP|2", "both", sixPort)
	require.Equal(t, "::1", c.PeerAddr().Addr().String())
	_, err = open(both, &testHost{}, "|TCP|3", 0, "both", sixPort, "/USEIPV6=0")
	require.ErrorIs(t, err, ErrTimeout)
	c = opened(t, both, "|TCP|4", "both", sixPort, "/USEIPV6=1")
	require.Equal(t, "::1", c.PeerAddr().Addr().String())
	_, err = open(&Env{}, &testHost{}, "|TCP|5", patience, "127.0.0.1", sixPort, "/USEIPV6=1")
	require.ErrorIs(t, err, ErrTimeout, "no address of that family: at once")
}

// /BINDTO is a client's source address and the one address of a server.
func TestBindTo(t *testing.T) {
	s := opened(t, &Env{}, "|TCP|1", "", "0", "A", "/BINDTO=127.0.0.2")
	require.Equal(t, "127.0.0.2", s.LocalAddr().Addr().String())
	port := strconv.Itoa(int(s.LocalAddr().Port()))
	_, err := open(&Env{}, &testHost{}, "|TCP|2", 0, "127.0.0.1", port)
	require.ErrorIs(t, err, ErrTimeout)
	c := opened(t, &Env{}, "|TCP|2", "127.0.0.2", port, "", "", "", "", "", "", "/BINDTO=127.0.0.3")
	_, err = s.Read(timed(patience))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.3", s.PeerAddr().Addr().String())
	require.Equal(t, c.LocalAddr(), s.PeerAddr())
}

// Beyond the manual, /BINDTO may say which port a client calls from.
func TestBindToPort(t *testing.T) {
	s := opened(t, &Env{}, "|TCP|1", "", "0", "A", "/BINDTO=127.0.0.1")
	port := strconv.Itoa(int(s.LocalAddr().Port()))
	for _, form := range []string{":", "127.0.0.1:"} {
		source := freePort(t)
		c := opened(t, &Env{}, "|TCP|2", "127.0.0.1", port, "", "", "", "", "", "", "/BINDTO="+form+source)
		require.Equal(t, "127.0.0.1:"+source, c.LocalAddr().String())
		_, err := open(&Env{}, &testHost{}, "|TCP|3", 0, "127.0.0.1", port, "", "", "", "", "", "", "/BINDTO="+form+source)
		require.ErrorIs(t, err, syscall.EADDRINUSE)
		require.NoError(t, c.Close(nil))
	}
	for _, wrong := range []string{":70000", ":x"} {
		_, err := open(&Env{}, &testHost{}, "|TCP|3", patience, "127.0.0.1", port, "", "", "", "", "", "", "/BINDTO="+wrong)
		require.ErrorIs(t, err, errPortRange)
	}
	_, err := open(&Env{}, &testHost{}, "|TCP|3", patience, "", "0", "", "", "", "", "", "", "/BINDTO=127.0.0.1:"+port)
	require.ErrorIs(t, err, errForGood, "a server says its port with /PORT")
}

// One job may hold a server and several clients of it: the device's identifier tells
// them apart, not the port.
func TestDevicesOnOnePort(t *testing.T) {
	port := freePort(t)
	s := opened(t, &Env{}, "|TCP|1", "", port, "T")
	one := opened(t, &Env{}, "|TCP|2", "127.0.0.1", port, "P")
	two := opened(t, &Env{}, "|TCP|2147483647", "127.0.0.1", port, "P")
	for _, d := range []*TCP{two, one} {
		require.NoError(t, d.Write(Text{S: d.Name()}))
		require.NoError(t, d.Format(Newline, 0))
	}
	for _, d := range []*TCP{one, two} {
		res, err := s.Read(timed(patience))
		require.NoError(t, err)
		require.Equal(t, d.Name(), res.Text.S)
		require.Equal(t, d.LocalAddr(), s.PeerAddr())
		require.NoError(t, s.Control(2))
	}
}

// Q mode: each WRITE is a packet whatever else is on; nothing is sent twice or empty.
func TestSendImmediateWithOtherModes(t *testing.T) {
	hold(t, []conversation{
		{"Q and W", client, []string{"QW"}, false, func(c *conv) {
			c.write("a").flush(AtWriteEnd).sent("a").control(3).sent("a").xy(1, 0)
		}},
		{"Q and P", client, []string{"QP"}, false, func(c *conv) {
			c.write("a").newline().flush(AtWriteEnd).sent("a\n").xy(0, 1)
		}},
		{"S, W and C: a full buffer goes all the same", client, []string{"SWC"}, false, func(c *conv) {
			c.write(strings.Repeat("a", 1023)).newline().sent(strings.Repeat("a", 1023)).control(3).peerGets(strings.Repeat("a", 1023) + "\r\n")
		}},
	})
}
