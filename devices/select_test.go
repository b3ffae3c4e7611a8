package devices

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// multiplexed is a listening device with connections forked off it, and their peers.
type multiplexed struct {
	*testing.T
	host     *testHost
	listener *TCP
	addr     string
	devices  []*TCP
	peers    []net.Conn
}

func multiplex(t *testing.T, n int, params ...string) *multiplexed {
	return multiplexIn(t, &Env{}, n, params...)
}

func multiplexIn(t *testing.T, env *Env, n int, params ...string) *multiplexed {
	m := &multiplexed{T: t, host: &testHost{}}
	d, err := open(env, m.host, "|TCP|1", patience, params...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close(nil)) })
	m.listener = d.(*TCP)
	m.addr = fmt.Sprint("127.0.0.1:", m.listener.LocalAddr().Port())
	for range n {
		m.accept()
	}
	return m
}

func (m *multiplexed) dial() net.Conn {
	c, err := net.Dial("tcp", m.addr)
	require.NoError(m, err)
	m.Cleanup(func() { c.Close() })
	m.peers = append(m.peers, c)
	return c
}

// accept connects a peer through Select and Fork.
func (m *multiplexed) accept() *TCP {
	m.dial()
	ready, err := Select(m.host, []*TCP{m.listener}, patience)
	require.NoError(m, err)
	require.Equal(m, []int{0}, ready)
	d := m.listener.Fork(fmt.Sprint("|TCP|", len(m.devices)+2))
	require.NotNil(m, d)
	m.Cleanup(func() { require.NoError(m, d.Close(nil)) })
	m.devices = append(m.devices, d)
	return d
}

func (m *multiplexed) all() []*TCP { return append([]*TCP{m.listener}, m.devices...) }

func (m *multiplexed) selects(limit time.Duration, want ...int) {
	m.Helper()
	ready, err := Select(m.host, m.all(), limit)
	require.NoError(m, err)
	if len(want) == 0 {
		require.Empty(m, ready)
	} else {
		require.ElementsMatch(m, want, ready)
	}
}

func needSockets(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Select needs sockets that can be polled together")
	}
}

// Select finds ready whatever the next READ would not wait for.
func TestSelectFindsWhatIsReady(t *testing.T) {
	needSockets(t)
	t.Run("nothing", func(t *testing.T) {
		m := multiplex(t, 2, "", "0", "SA")
		m.selects(0)
		m.selects(soon)
	})
	t.Run("input", func(t *testing.T) {
		m := multiplex(t, 3, "", "0", "SA")
		fmt.Fprint(m.peers[1], "hello")
		m.selects(patience, 2)
		m.selects(patience, 2) // it stays so until it is read
		r, err := m.devices[1].Read(ReadSpec{Fixed: 5})
		require.NoError(t, err)
		require.Equal(t, "hello", r.Text.S, "no READ is spent on the accept any more")
		m.selects(0)
	})
	t.Run("several at once", func(t *testing.T) {
		m := multiplex(t, 3, "", "0", "SA")
		fmt.Fprint(m.peers[0], "a")
		fmt.Fprint(m.peers[2], "c")
		require.Eventually(t, func() bool {
			ready, err := Select(m.host, m.all(), patience)
			return err == nil && assert.ObjectsAreEqual([]int{1, 3}, ready)
		}, patience, time.Millisecond)
	})
	t.Run("input that is buffered already", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "S")
		fmt.Fprint(m.peers[0], "ab")
		r, err := m.devices[0].Read(ReadSpec{Fixed: 1})
		require.NoError(t, err)
		require.Equal(t, "a", r.Text.S)
		ready, known := readable(m.devices[0].stream.conn)
		require.True(t, known)
		require.False(t, ready, "the socket has nothing more")
		m.selects(patience, 1)
	})
	t.Run("a peer that has closed", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "S")
		m.peers[0].Close()
		m.selects(patience, 1)
		_, err := m.devices[0].Read(ReadSpec{})
		require.Error(t, err)
		m.selects(patience, 1) // and a device whose connection is gone
	})
	t.Run("a client at the listener", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "SA")
		m.dial()
		m.selects(patience, 0)
		require.Equal(t, ZAServer|ZAConnected, m.listener.State().ZA, "the accept has happened")
		m.selects(patience, 0) // the READ that mode A ends at once is still to come
		_, err := m.listener.Read(ReadSpec{})
		require.NoError(t, err)
		m.selects(0) // now it is a connection without input
		fmt.Fprint(m.peers[1], "x")
		m.selects(patience, 0)
	})
	t.Run("the LF behind a CR is no input", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "CTS")
		fmt.Fprint(m.peers[0], "one\r")
		r, err := m.devices[0].Read(ReadSpec{})
		require.NoError(t, err)
		require.Equal(t, "one", r.Text.S)
		fmt.Fprint(m.peers[0], "\n")
		m.selects(soon)
		fmt.Fprint(m.peers[0], "two\r")
		m.selects(patience, 1)
	})
	t.Run("TLS: the handshake is no input, a record is", func(t *testing.T) {
		m := multiplexIn(t, &Env{TLS: testTLS}, 0, "", "0", "S", "/TLS=server")
		c := tls.Client(m.dial(), testConfigs()["client"])
		m.selects(patience, 0)
		m.devices = append(m.devices, m.listener.Fork("|TCP|2"))
		done := make(chan error, 1)
		go func() { done <- c.Handshake() }()
		for len(done) == 0 {
			m.selects(soon) // it carries the handshake on
		}
		require.NoError(t, <-done)
		_, err := c.Write([]byte("ab"))
		require.NoError(t, err)
		m.selects(patience, 1)
		r, err := m.devices[0].Read(ReadSpec{Fixed: 1})
		require.NoError(t, err)
		require.Equal(t, "a", r.Text.S)
		m.selects(patience, 1)
		_, err = m.devices[0].Read(ReadSpec{Fixed: 1})
		require.NoError(t, err)
		m.selects(0)
		require.NoError(t, c.Close())
		m.selects(patience, 1)
		require.NoError(t, m.devices[0].Close(nil))
	})
	t.Run("/GZIP: compressed bytes are input once there is text in them", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "S", "/GZIP")
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, "hello")
		require.NoError(t, z.Close())
		_, err := m.peers[0].Write(b.Bytes()[:5])
		require.NoError(t, err)
		m.selects(soon)
		_, err = m.peers[0].Write(b.Bytes()[5:])
		require.NoError(t, err)
		m.selects(patience, 1)
		r, err := m.devices[0].Read(ReadSpec{Fixed: 5})
		require.NoError(t, err)
		require.Equal(t, "hello", r.Text.S)
	})
	t.Run("a device named twice", func(t *testing.T) {
		m := multiplex(t, 1, "", "0", "S")
		go fmt.Fprint(m.peers[0], "x")
		ready, err := Select(m.host, []*TCP{m.devices[0], m.devices[0]}, patience)
		require.NoError(t, err)
		require.Equal(t, []int{0, 1}, ready)
	})
	t.Run("no socket", func(t *testing.T) {
		_, err := Select(&testHost{}, []*TCP{looped(t, "S", "")}, 0)
		require.ErrorIs(t, err, ErrNoSelect)
	})
}

// countingHost counts the waits.
type countingHost struct {
	testHost
	waits int
}

func (h *countingHost) Enter(kind Wait, by Interrupter) error {
	if kind == WaitSelect {
		h.waits++
	}
	return h.testHost.Enter(kind, by)
}

// However many devices, and however long nothing comes: one wait, no goroutine and no
// descriptor left behind.
func TestSelectWaitsOnce(t *testing.T) {
	needSockets(t)
	m := multiplex(t, 200, "", "0", "S", "", "", "", "1000")
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
	for _, last := range []int{1, 64, 65, 200} {
		host := &countingHost{testHost: testHost{entered: make(chan Wait, 1)}}
		go func() {
			<-host.entered
			time.Sleep(soon) // a loop that polls would count up meanwhile
			fmt.Fprint(m.peers[last-1], "x")
		}()
		ready, err := Select(host, m.all(), -1)
		require.NoError(t, err)
		require.Equal(t, []int{last}, ready)
		require.Equal(t, 1, host.waits)
		_, err = m.devices[last-1].Read(ReadSpec{Char: true})
		require.NoError(t, err)
	}
	for limit := time.Now().Add(patience); runtime.NumGoroutine() > goroutines; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(limit), "goroutines are left behind")
	}
	require.Equal(t, descriptors, openDescriptors())
}

func TestInterruptSelect(t *testing.T) {
	needSockets(t)
	m := multiplex(t, 1, "", "0", "S")
	interrupts(t, m.host, WaitSelect, func() error { _, err := Select(m.host, m.all(), -1); return err })
	m.host.entered = nil
	m.selects(soon)
	fmt.Fprint(m.peers[0], "x")
	m.selects(patience, 1)
}

// Fork leaves the listening device listening, and everything of the connection with the
// new one.
func TestFork(t *testing.T) {
	m := multiplex(t, 0, "", "0", "SAT")
	require.Nil(t, m.listener.Fork("|TCP|2"), "nobody has come")
	m.dial()
	fmt.Fprint(m.peers[0], "one\ntwo\n")
	_, err := m.listener.Read(ReadSpec{})
	require.NoError(t, err)
	r, err := m.listener.Read(ReadSpec{})
	require.NoError(t, err)
	require.Equal(t, "one", r.Text.S)
	require.NoError(t, m.listener.Write(Text{S: "not yet"}))
	d := m.listener.Fork("|TCP|2")
	require.NotNil(t, d)
	require.Equal(t, "|TCP|2", d.Name())
	require.Equal(t, ZAConnected, d.State().ZA)
	require.Equal(t, ZAServer, m.listener.State().ZA)
	require.Equal(t, 7, d.State().X, "buffered output goes along")
	require.Zero(t, m.listener.State().X)
	require.Equal(t, "ST", d.State().Mode)
	r, err = d.Read(ReadSpec{})
	require.NoError(t, err)
	require.Equal(t, "two", r.Text.S, "so does unread input")
	require.NoError(t, d.Control(3))
	b := make([]byte, 7)
	_, err = m.peers[0].Read(b)
	require.NoError(t, err)
	require.Equal(t, "not yet", string(b))
	require.NoError(t, d.Close(nil))
	m.dial()
	_, err = m.listener.Read(timed(patience))
	require.NoError(t, err)
	require.Equal(t, ZAServer|ZAConnected, m.listener.State().ZA)
}

// Where the exporting and the importing process meet, and what keeps them from it.
func TestOffer(t *testing.T) {
	published := func(t *testing.T) (*multiplexed, *Offer, *int) {
		m := multiplex(t, 0, "", "0", "SA")
		require.Nil(t, m.listener.Publish(func() {}), "nobody has come")
		m.dial()
		_, err := m.listener.Read(timed(patience))
		require.NoError(t, err)
		ends := new(int)
		o := m.listener.Publish(func() { *ends++ })
		require.NotNil(t, o)
		return m, o, ends
	}
	t.Run("export before import", func(t *testing.T) {
		m, o, ends := published(t)
		entered := make(chan Wait, 1)
		m.host.entered = entered
		got := make(chan *TCP, 1)
		go func() {
			<-entered
			d, err := o.Import(&testHost{}, "|TCP|9")
			assert.NoError(t, err)
			got <- d
		}()
		ok, err := m.listener.Export(nil)
		require.NoError(t, err)
		require.True(t, ok)
		d := <-got
		require.Equal(t, "|TCP|9", d.Name())
		require.NoError(t, d.Write(Text{S: "x"}))
		require.NoError(t, d.Close(nil))
		require.Equal(t, 1, *ends)
		require.Equal(t, ZAServer, m.listener.State().ZA)
		ok, err = m.listener.Export(nil)
		require.NoError(t, err)
		require.False(t, ok, "it is gone")
	})
	t.Run("the recipient is gone", func(t *testing.T) {
		m, _, _ := published(t)
		gone := make(chan struct{})
		close(gone)
		ok, err := m.listener.Export(gone)
		require.NoError(t, err)
		require.False(t, ok)
		require.True(t, m.listener.Connected(), "the connection stays")
	})
	for how, end := range map[string]func(*TCP) error{
		"WRITE *-2":      func(d *TCP) error { return d.Control(2) },
		"CLOSE":          func(d *TCP) error { return d.Close(nil) },
		"Fork":           func(d *TCP) error { return d.Fork("|TCP|3").Close(nil) },
		"a second offer": func(d *TCP) error { d.Publish(func() {}); return nil },
	} {
		t.Run("withdrawn by "+how, func(t *testing.T) {
			m, o, ends := published(t)
			waits := &testHost{entered: make(chan Wait, 1)}
			got := make(chan *TCP, 1)
			go func() {
				d, err := o.Import(waits, "|TCP|9")
				assert.NoError(t, err)
				got <- d
			}()
			<-waits.entered
			require.NoError(t, end(m.listener))
			require.Nil(t, <-got)
			require.Equal(t, 1, *ends)
		})
	}
	t.Run("interrupts", func(t *testing.T) {
		m, o, _ := published(t)
		interrupts(t, m.host, WaitJob, func() error { _, err := m.listener.Export(nil); return err })
		host := &testHost{}
		interrupts(t, host, WaitJob, func() error { _, err := o.Import(host, "|TCP|9"); return err })
		require.True(t, m.listener.Connected())
	})
}

func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{1, 64, 512} {
		for _, wait := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d/wait=%v", n, wait), func(b *testing.B) {
				var list []*TCP
				for i := range n {
					d, peer := pair(b, "S")
					list = append(list, d)
					if i == n-1 && !wait {
						fmt.Fprint(peer, "x")
					}
				}
				limit := time.Duration(-1)
				if wait {
					limit = time.Nanosecond
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Select(quiet{}, list, limit); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
