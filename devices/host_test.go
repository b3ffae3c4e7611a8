package devices

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds every wait of the tests; none of them takes that long unless it fails.
const patience = 10 * time.Second

// testHost is the process that the tests' devices work for.
type testHost struct {
	mu        sync.Mutex
	pending   bool
	by        Interrupter
	entered   chan Wait // receives every wait, while the test listens
	observing bool
	events    []string
}

func (h *testHost) Enter(kind Wait, by Interrupter) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pending {
		h.pending = false
		return ErrInterrupted
	}
	h.by = by
	if h.entered != nil {
		select {
		case h.entered <- kind:
		default:
		}
	}
	return nil
}

func (h *testHost) Leave() {
	h.mu.Lock()
	h.by = nil
	h.mu.Unlock()
}

func (h *testHost) Observing() bool { return h.observing }

func (h *testHost) Observe(e Event) {
	s := e.Kind
	if e.Kind == "send" || e.Kind == "receive" {
		s += " " + string(e.Data)
	}
	if e.Kind == "note" {
		s += " " + string(e.Note)
	}
	h.mu.Lock()
	h.events = append(h.events, s)
	h.mu.Unlock()
}

// interrupt does what a process does on Ctrl-C: wake the wait, or leave word for the
// next one.
func (h *testHost) interrupt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by != nil {
		h.by.Interrupt()
		return
	}
	h.pending = true
}

// sends returns what has been sent, one element a system call.
func (h *testHost) sends() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, e := range h.events {
		if s, ok := cutPrefix(e, "send "); ok {
			out = append(out, s)
		}
	}
	return out
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return s, false
}

// positional makes a parameter list; "" leaves a position out, "/NAME" and "/NAME=value"
// are keywords.
func positional(list ...string) Params {
	var p Params
	for _, s := range list {
		if len(s) > 1 && s[0] == '/' && s[1] >= 'A' && s[1] <= 'Z' {
			name, v, ok := cut(s, '=')
			p = append(p, Param{Key: name, Value: Text{S: v}, Set: ok})
			continue
		}
		p = append(p, Param{Value: Text{S: s}, Set: s != ""})
	}
	return p
}

func cut(s string, sep byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// pipeListener is a net.Listener whose clients are ends of net.Pipe.
type pipeListener struct {
	clients chan net.Conn
	done    chan struct{}
	mu      sync.Mutex
	expired chan struct{} // closed when the deadline passes
	timer   *time.Timer
}

func newPipeListener() *pipeListener {
	return &pipeListener{clients: make(chan net.Conn, 8), done: make(chan struct{}), expired: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	expired := l.expired
	l.mu.Unlock()
	select {
	case c := <-l.clients:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-expired:
		return nil, os.ErrDeadlineExceeded
	}
}

func (l *pipeListener) SetDeadline(d time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	select {
	case <-l.expired:
		l.expired = make(chan struct{})
	default:
	}
	if d.IsZero() {
		return nil
	}
	expired := l.expired
	if wait := time.Until(d); wait > 0 {
		l.timer = time.AfterFunc(wait, func() { l.expire(expired) })
	} else {
		close(expired)
	}
	return nil
}

// expire is the deadline of expired passing, unless another has been set meanwhile: a
// timer that is stopped may have begun to run.
func (l *pipeListener) expire(expired chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-expired:
	default:
		if l.expired == expired {
			close(expired)
		}
	}
}

func (l *pipeListener) Close() error   { close(l.done); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv6unspecified, Port: 1} }

// dial is a client connecting.
func (l *pipeListener) dial() net.Conn {
	near, far := net.Pipe()
	l.clients <- far
	return near
}

// peer is the other end of a device's connection. It takes in whatever the device sends
// and sends in the background, since over net.Pipe both block.
type peer struct {
	t    *testing.T
	conn net.Conn

	mu   sync.Mutex
	cond *sync.Cond
	got  bytes.Buffer
	end  error
	out  chan []byte
	done sync.WaitGroup
}

func newPeer(t *testing.T, conn net.Conn) *peer {
	p := &peer{t: t, conn: conn, out: make(chan []byte, 64)}
	p.cond = sync.NewCond(&p.mu)
	p.done.Add(2)
	go p.listen()
	go p.talk()
	return p
}

func (p *peer) listen() {
	defer p.done.Done()
	b := make([]byte, 64<<10)
	for {
		n, err := p.conn.Read(b)
		p.mu.Lock()
		p.got.Write(b[:n])
		if err != nil {
			p.end = err
		}
		p.cond.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *peer) talk() {
	defer p.done.Done()
	for b := range p.out {
		if b == nil {
			closeWrite(p.conn)
			continue
		}
		if _, err := p.conn.Write(b); err != nil {
			for range p.out { // the device has hung up; the rest has nowhere to go
			}
			return
		}
	}
}

// closeWrite ends the sending direction where the connection has two.
func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = c.Close()
}

func (p *peer) say(s string) { p.out <- []byte(s) }

// finish closes the peer's sending direction after what it has said.
func (p *peer) finish() { p.out <- nil }

// gets waits for the device's next bytes, which must be want.
func (p *peer) gets(want string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	timer := time.AfterFunc(patience, p.cond.Broadcast)
	defer timer.Stop()
	for start := time.Now(); p.got.Len() < len(want) && p.end == nil && time.Since(start) < patience; {
		p.cond.Wait()
	}
	have := string(p.got.Next(len(want)))
	require.Equal(p.t, want, have, "peer gets (ended: %v)", p.end)
}

// seesEnd waits until the device has closed the connection.
func (p *peer) seesEnd() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	timer := time.AfterFunc(patience, p.cond.Broadcast)
	defer timer.Stop()
	for start := time.Now(); p.end == nil && time.Since(start) < patience; {
		p.cond.Wait()
	}
	require.Error(p.t, p.end, "the device has not closed the connection")
	require.Empty(p.t, p.got.String(), "bytes before the end that nobody expected")
}

// reset ends the connection by RST where there is such a thing.
func (p *peer) reset() {
	conn := p.conn
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if c, ok := conn.(*net.TCPConn); ok {
		require.NoError(p.t, c.SetLinger(0))
	}
	_ = conn.Close()
}

func (p *peer) close() {
	_ = p.conn.Close()
}

// stop ends the peer's goroutines.
func (p *peer) stop() {
	_ = p.conn.Close()
	close(p.out)
	p.done.Wait()
}

// failure returns the name of an M error, for comparing.
func failure(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Name
	}
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("not an M error: %v", err)
}
