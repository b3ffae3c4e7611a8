package devices

import (
	"context"
	goflag "flag"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A conversation is a table row: what a device and its peer say to each other, run over
// loopback and, unless it needs a real socket, over net.Pipe.
type conversation struct {
	name    string
	role    role
	params  []string // of OPEN from the mode on: mode, terminators, ibufsiz, …, keywords
	sockets bool     // loopback only
	talk    func(c *conv)
}

// role is the device's end of the connection.
type role byte

const (
	client role = iota
	server
)

// conv is one conversation under way.
type conv struct {
	*testing.T
	d        *TCP
	host     *testHost
	env      *Env
	peer     *peer
	peers    []*peer
	parents  []*TCP
	connect  func() net.Conn // a further client of a server device
	loopback bool
	wrap     func(net.Conn) net.Conn // what a peer makes of its end; nil: nothing
	last     Result
	clock    *testClock
}

// testClock is Env.Now under the test's control.
type testClock struct {
	mu  sync.Mutex
	add time.Duration
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.add)
}

func (c *testClock) forward(d time.Duration) {
	c.mu.Lock()
	c.add += d
	c.mu.Unlock()
}

func hold(t *testing.T, table []conversation) { t.Helper(); holdOver(t, nil, table) }

// holdOver holds conversations with peers that wrap what their end of the connection is.
func holdOver(t *testing.T, wrap func(role) func(net.Conn) net.Conn, table []conversation) {
	t.Helper()
	for _, row := range table {
		for _, link := range []string{"loopback", "pipe"} {
			if row.sockets && link == "pipe" {
				continue
			}
			t.Run(row.name+"/"+link, func(t *testing.T) {
				before := openDescriptors()
				c := newConv(t, link == "loopback")
				if wrap != nil {
					c.wrap = wrap(row.role)
				}
				c.begin(row)
				row.talk(c)
				c.end()
				// a peer's library may close in the background
				assert.Eventually(t, func() bool { return openDescriptors() <= before }, patience, time.Millisecond, "descriptors left open")
			})
		}
	}
}

// openPoller makes Go open the descriptors that it waits for sockets with, which stay open
// from the first socket on: the test that happens to be first does not own them.
func openPoller() {
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		l.Close()
	}
}

// openDescriptors counts this process's descriptors, 0 where nobody says.
func openDescriptors() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

func newConv(t *testing.T, loopback bool) *conv {
	c := &conv{T: t, host: &testHost{observing: true}, loopback: loopback, clock: &testClock{}}
	c.env = &Env{Now: c.clock.now, TLS: testTLS}
	return c
}

// begin opens the device and connects a peer to it.
func (c *conv) begin(row conversation) {
	if row.role == server {
		c.beginServer(row)
	} else {
		c.beginClient(row)
	}
}

func (c *conv) beginServer(row conversation) {
	c.Helper()
	if !c.loopback {
		l := newPipeListener()
		c.env.Listen = func(context.Context, string, SocketControl) (net.Listener, error) { return l, nil }
		c.connect = l.dial
	}
	c.d = c.open("", "0", row.params)
	if c.loopback {
		address := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), c.d.LocalAddr().Port()).String()
		c.connect = func() net.Conn {
			conn, err := net.Dial("tcp", address)
			require.NoError(c, err)
			return conn
		}
	}
	require.Equal(c, ZAServer, c.d.State().ZA, "$ZA of a fresh server")
}

func (c *conv) beginClient(row conversation) {
	c.Helper()
	if !c.loopback {
		near, far := net.Pipe()
		c.env.Dial = func(context.Context, netip.AddrPort, string) (net.Conn, error) { return near, nil }
		c.d = c.open("127.0.0.1", "1", row.params)
		c.newPeer(far)
	} else {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(c, err)
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		require.NoError(c, err)
		c.d = c.open("127.0.0.1", port, row.params)
		conn, err := l.Accept()
		require.NoError(c, err)
		c.newPeer(conn)
	}
	require.Equal(c, ZAConnected, c.d.State().ZA, "$ZA of a fresh client")
}

func (c *conv) open(host, port string, params []string) *TCP {
	c.Helper()
	d, err := Open(context.Background(), c.env, c.host, "|TCP|1", positional(append([]string{host, port}, params...)...), patience)
	require.NoError(c, err)
	return d.(*TCP)
}

func (c *conv) newPeer(conn net.Conn) {
	if c.wrap != nil {
		conn = c.wrap(conn)
	}
	c.peer = newPeer(c.T, conn)
	c.peers = append(c.peers, c.peer)
}

// dials connects a new client to a server device.
func (c *conv) dials() *conv {
	c.newPeer(c.connect())
	return c
}

func (c *conv) end() {
	for _, d := range append(c.parents, c.d) {
		require.NoError(c, d.Close(nil))
	}
	for _, p := range c.peers {
		p.stop()
	}
}

// accepted brings a server device to the connected state with a peer.
func (c *conv) accepted() *conv {
	c.Helper()
	c.dials()
	_, err := c.d.Read(ReadSpec{Timed: true, Timeout: 10 * time.Millisecond})
	require.NoError(c, err)
	for range 100 { // a loaded machine may take longer than one such READ to accept
		if c.d.Connected() {
			return c
		}
		_, err := c.d.Read(ReadSpec{Timed: true, Timeout: 100 * time.Millisecond})
		require.NoError(c, err)
	}
	require.True(c, c.d.Connected())
	return c
}

func (c *conv) says(s string) *conv { c.peer.say(s); return c }

// hasArrived waits until n bytes wait in the system's buffer (loopback only).
func (c *conv) hasArrived(n int) *conv {
	c.Helper()
	require.Eventually(c, func() bool { return c.waiting() >= n }, patience, time.Millisecond)
	return c
}

func (c *conv) take(spec ReadSpec) *conv {
	c.Helper()
	res, err := c.d.Read(spec)
	require.NoError(c, err)
	c.last = res
	return c
}

// read is READ x:patience; it must succeed with want.
func (c *conv) read(want string) *conv {
	c.Helper()
	return c.take(ReadSpec{Timed: true, Timeout: patience}).yields(want)
}

// readFixed is READ x#n.
func (c *conv) readFixed(n int, want string) *conv {
	c.Helper()
	return c.take(ReadSpec{Fixed: n, Timed: true, Timeout: patience}).yields(want)
}

func (c *conv) yields(want string) *conv {
	c.Helper()
	require.Equal(c, want, c.last.Text.S, "text")
	require.False(c, c.last.TimedOut, "timed out")
	return c
}

// readChar is READ *x.
func (c *conv) readChar(want rune) *conv {
	c.Helper()
	c.take(ReadSpec{Char: true, Timed: true, Timeout: patience})
	require.Equal(c, want, c.last.Char, "character")
	require.False(c, c.last.TimedOut)
	return c
}

// expires is a READ that must run into its timeout, with what has been gathered.
func (c *conv) expires(spec ReadSpec, want string) *conv {
	c.Helper()
	spec.Timed = true
	c.take(spec)
	require.True(c, c.last.TimedOut, "should have timed out; got %q", c.last.Text.S)
	require.Equal(c, want, c.last.Text.S)
	return c
}

func (c *conv) readFails(name string) *conv {
	c.Helper()
	_, err := c.d.Read(ReadSpec{Timed: true, Timeout: patience})
	require.Equal(c, name, failure(err))
	return c
}

func (c *conv) za(want int) *conv {
	c.Helper()
	require.Equal(c, want, c.d.State().ZA, "$ZA")
	return c
}

func (c *conv) zb(want string) *conv {
	c.Helper()
	require.Equal(c, want, c.d.State().ZB.S, "$ZB")
	return c
}

func (c *conv) key(want string) *conv {
	c.Helper()
	require.Equal(c, want, c.d.State().Key.S, "$KEY")
	return c
}

func (c *conv) xy(x, y int) *conv {
	c.Helper()
	require.Equal(c, [2]int{x, y}, [2]int{c.d.State().X, c.d.State().Y}, "$X,$Y")
	return c
}

func (c *conv) write(s string) *conv {
	c.Helper()
	require.NoError(c, c.d.Write(Text{S: s}))
	return c
}

func (c *conv) writeFails(s, name string) *conv {
	c.Helper()
	require.Equal(c, name, failure(c.d.Write(Text{S: s})))
	return c
}

func (c *conv) format(f Format, n int) *conv {
	c.Helper()
	require.NoError(c, c.d.Format(f, n))
	return c
}

func (c *conv) newline() *conv { c.Helper(); return c.format(Newline, 0) }

func (c *conv) formatFails(f Format, name string) *conv {
	c.Helper()
	require.Equal(c, name, failure(c.d.Format(f, 0)))
	return c
}

func (c *conv) control(code int) *conv {
	c.Helper()
	require.NoError(c, c.d.Control(code))
	return c
}

func (c *conv) controlFails(code int, name string) *conv {
	c.Helper()
	require.Equal(c, name, failure(c.d.Control(code)))
	return c
}

func (c *conv) flush(why FlushReason) *conv {
	c.Helper()
	require.NoError(c, c.d.Flush(why))
	return c
}

func (c *conv) use(params ...string) *conv {
	c.Helper()
	require.NoError(c, c.d.Use(positional(params...)))
	return c
}

func (c *conv) peerGets(want string) *conv { c.Helper(); c.peer.gets(want); return c }

// sent says what has left the device so far, one element a send.
func (c *conv) sent(want ...string) *conv {
	c.Helper()
	require.Equal(c, want, c.host.sends(), "sends")
	return c
}

func (c *conv) peerFinishes() *conv { c.peer.finish(); return c }
func (c *conv) peerResets() *conv   { c.peer.reset(); return c }

// inherit hands the connection over and goes on as the child; parent returns.
func (c *conv) inherit() (parent *TCP) {
	c.Helper()
	parent = c.d
	child, err := parent.Inherit(c.host)
	require.NoError(c, err)
	c.d = child.(*TCP)
	c.parents = append(c.parents, parent)
	return parent
}

func TestMain(m *testing.M) {
	openPoller()
	if signal.Ignored(os.Interrupt) { // by the shell that started us, and then by the programs of pipes
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	}
	before := runtime.NumGoroutine()
	code := m.Run()
	if goflag.Lookup("test.fuzz").Value.String() != "" { // fuzzing keeps goroutines of its own
		os.Exit(code)
	}
	for wait := 0; code == 0 && runtime.NumGoroutine() > before; wait++ {
		if wait == 500 {
			buf := make([]byte, 1<<20)
			os.Stderr.WriteString("goroutines left:\n" + string(buf[:runtime.Stack(buf, true)]))
			code = 1
		}
		time.Sleep(10 * time.Millisecond)
	}
	os.Exit(code)
}
