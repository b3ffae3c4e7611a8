package devices

// TLS on a TCP device: /TLS at OPEN or later by USE, the handshake at the first I/O, and
// the records between the device's buffers and its socket.
//
// crypto/tls here never touches the socket. It reads and writes a wire in memory, and the
// device moves bytes between that and the socket by the same waits as for plain
// connections. So a READ's timeout, /WRITETIMEOUT and an interrupt end a wait anywhere,
// within the handshake or a record, and the next READ or WRITE goes on from there
// (crypto/tls itself gives a connection up when a deadline passes in either).

import (
	"crypto/tls"
	"errors"
	"io"
	"iter"
	"net"
	"strings"
	"time"
)

// TLSRequest is what /TLS="cfg|password|host" asks for.
type TLSRequest struct {
	Config   string // name of the configuration; "": none
	Password string // of its private key; "": the configuration's own
	Host     string // name of the server, to send and to verify
}

// secure is the TLS state of one connection.
type secure struct {
	request TLSRequest
	conn    *tls.Conn // nil: the handshake has not begun
	wire    wire
	next    func() (struct{}, bool) // runs the handshake until it needs input or is over
	stop    func()                  // ends a handshake that is given up
	over    bool                    // the handshake has ended
	err     error                   // what it ended with
	more    bool                    // the last read may have left text behind
}

// wire is the side of crypto/tls that would be a socket: records that have arrived, and
// records to be sent.
type wire struct {
	in       input
	out      []byte
	ended    error               // what ended the socket, read after in
	yield    func(struct{}) bool // within the handshake: hand over until there is input
	net.Conn                     // the socket, for its addresses
}

// errNeedsInput ends a read of crypto/tls that finds no whole record; it may be tried
// again.
var errNeedsInput net.Error = needsInput{}

type needsInput struct{}

func (needsInput) Error() string   { return "no whole record has arrived" }
func (needsInput) Timeout() bool   { return true }
func (needsInput) Temporary() bool { return true }

// Read takes records that have arrived.
func (w *wire) Read(b []byte) (int, error) {
	for {
		if p := w.in.pending(); len(p) > 0 {
			n := copy(b, p)
			w.in.drop(n)
			return n, nil
		}
		switch {
		case w.ended != nil:
			return 0, w.ended
		case w.yield == nil:
			return 0, errNeedsInput
		case !w.yield(struct{}{}):
			return 0, net.ErrClosed
		}
	}
}

// Write puts records aside.
func (w *wire) Write(b []byte) (int, error) {
	w.out = append(w.out, b...)
	return len(b), nil
}

// Close does nothing: the socket is the device's.
func (w *wire) Close() error { return nil }

// Deadlines are the device's.
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// setTLS takes the components of /TLS; "" is ignored (manual, "SSL / TLS Components").
func setTLS(o *tcpOptions, v value) error {
	if text := v.text.UTF8(); text != "" {
		part := append(strings.SplitN(text, "|", 3), "", "")
		o.tls = TLSRequest{strings.TrimSpace(part[0]), part[1], strings.TrimSpace(part[2])}
	}
	return nil
}

// secureStream makes TLS of a plain connection: what has been written goes out plain,
// what has arrived and was not read belongs to TLS, never to READ (rule B15). On a
// connection that has begun its handshake it does nothing (manual, /TLS).
func (t *TCP) secureStream(request TLSRequest) error {
	s := t.stream
	if s.tls != nil && s.tls.conn != nil {
		return nil
	}
	if s.tls != nil {
		s.tls.request = request
		return nil
	}
	if err := t.send(s); err != nil {
		return err
	}
	in := &s.in
	if s.zip != nil {
		in = &s.zip.raw
	}
	s.tls = &secure{request: request}
	s.tls.wire.in, s.tls.wire.ended = *in, in.ended // with the wait for a late LF, which is no TLS
	*in = input{}
	return nil
}

// errNoTLS says that the world of a device has no configurations.
var errNoTLS = errors.New("there are no TLS configurations")

// begin looks the configuration up and prepares the handshake. Whether this end is
// client or server is the configuration's say: a JOB child is no server device.
func (t *TCP) begin(s *stream) error {
	if t.env.TLS == nil {
		return errNoTLS
	}
	sec := s.tls
	config, server, err := t.env.TLS(t.host, sec.request)
	if err != nil {
		return err
	}
	sec.request.Password = ""
	sec.wire.Conn = s.conn
	if server {
		sec.conn = tls.Server(&sec.wire, config)
	} else {
		sec.conn = tls.Client(&sec.wire, config)
	}
	sec.next, sec.stop = iter.Pull(func(yield func(struct{}) bool) {
		sec.wire.yield = yield
		sec.err = sec.conn.Handshake()
		sec.wire.yield = nil
		sec.over = true
	})
	return nil
}

// handshake begins the handshake or goes on with it, within the clock's time. ended is
// what ended the connection, err what ended the wait.
func (t *TCP) handshake(s *stream, clk *clock) (ended, err error) {
	sec := s.tls
	if sec.conn == nil {
		if err := t.begin(s); err != nil {
			return err, nil
		}
	}
	for {
		if !sec.over {
			sec.next()
		}
		ended, err := t.drain(s, clk)
		switch {
		case err != nil:
			return nil, err
		case sec.over && sec.err != nil:
			return sec.err, nil
		case ended != nil || sec.over:
			if sec.over {
				sec.rest()
			}
			return ended, nil
		}
		if err := t.arrive(s, clk); err != nil {
			return nil, err
		}
	}
}

// rest lets go of what only the handshake needed: its messages are larger than most text,
// and a connection that waits should be small.
func (s *secure) rest() {
	s.next, s.stop = nil, nil
	if len(s.wire.out) == 0 {
		s.wire.out = nil
	}
	in := &s.wire.in
	in.full = false
	if n := in.w - in.r; len(in.buf) > inputStart && n <= inputStart {
		b := make([]byte, inputStart)
		copy(b, in.pending())
		in.buf, in.r, in.w = b, 0, n
	}
}

// established reports whether text can pass.
func (s *secure) established() bool { return s.over && s.err == nil && len(s.wire.out) == 0 }

// wireLimit is how many bytes of records are read ahead.
const wireLimit = 64 << 10

// arrive waits for records. What ends the socket is left for crypto/tls to judge: an end
// within a record is no end.
func (t *TCP) arrive(s *stream, clk *clock) error {
	in := &s.tls.wire.in
	room := in.room(wireLimit)
	n, ended, err := t.readSocket(s, clk, room)
	if n > 0 {
		in.added(n, len(room))
		in.arrived(t.env.now)
	}
	if ended != nil {
		s.tls.wire.ended = ended
	}
	if n > 0 || ended != nil {
		return nil
	}
	return err
}

// decrypt reads text from a TLS connection into room, as readSocket does from a plain one.
func (t *TCP) decrypt(s *stream, clk *clock, room []byte) (n int, ended, err error) {
	sec := s.tls
	if !sec.established() {
		if ended, err := t.handshake(s, clk); ended != nil || err != nil {
			return 0, ended, err
		}
	}
	for {
		n, err := sec.conn.Read(room)
		sec.more = n > 0
		switch {
		case n > 0:
			return n, nil, nil
		case err == nil:
			continue
		case err != error(errNeedsInput):
			return 0, err, nil
		}
		if err := t.arrive(s, clk); err != nil {
			return 0, nil, err
		}
	}
}

// drain sends the records put aside, within the clock's time.
func (t *TCP) drain(s *stream, clk *clock) (ended, err error) {
	w := &s.tls.wire
	if len(w.out) == 0 {
		return nil, nil
	}
	deadline := clk.next(time.Now)
	if clk.polls() {
		deadline = time.Now().Add(pollGrace)
	}
	n, ended, err := t.writeSocket(s, w.out, deadline)
	w.out = w.out[:copy(w.out, w.out[n:])]
	if len(w.out) == 0 && cap(w.out) > outputKeep {
		w.out = nil
	}
	return ended, err
}

// encrypt makes records of b and sends them, as writeSocket does without TLS. The clock is that of
// /WRITETIMEOUT. Text counts as sent once it is in records: those that an interrupt
// leaves unsent go out with the next send.
func (t *TCP) encrypt(s *stream, b []byte, clk *clock) (n int, ended, err error) {
	sec := s.tls
	if !sec.established() {
		if ended, err := t.handshake(s, clk); ended != nil || err != nil {
			return 0, ended, err
		}
	}
	if n, ended = sec.conn.Write(b); ended != nil {
		return n, ended, nil
	}
	ended, err = t.drain(s, clk)
	return n, ended, err
}

// farewell tells the peer of a TLS connection that nothing follows, so that it can tell
// the end from a broken line. The peer that does not take it gets it not.
func (t *TCP) farewell(s *stream) {
	if s.tls == nil || s.tls.conn == nil {
		return
	}
	if s.tls.established() && s.writes {
		_ = s.tls.conn.CloseWrite() // fails only when the connection has failed
	}
	poll := clock{timed: true}
	_, _ = t.drain(s, &poll) // also an alert that says why the connection failed
}

// abandon ends a handshake that goes on no more.
func (s *secure) abandon() {
	if s.stop != nil {
		s.stop()
	}
}

// ready reports whether a read of the connection would find something at once; known is
// false when that cannot be told.
func (s *stream) ready() (ready, known bool) {
	if s.buffered() {
		return true, true
	}
	return readable(s.conn)
}

// owesRecords reports whether records are left that an interrupted send did not get rid of.
func (s *stream) owesRecords() bool { return s.tls != nil && len(s.tls.wire.out) > 0 }

// buffered reports whether TLS holds input that READ has not seen.
func (s *stream) buffered() bool {
	return s.tls != nil && (s.tls.more || len(s.tls.wire.in.pending()) > 0)
}

// peek looks for the end of a TLS connection without waiting; text that it finds waits
// for READ.
func (t *TCP) peek(s *stream) error {
	if !s.tls.established() {
		return nil
	}
	poll := clock{timed: true}
	for !s.waiting() {
		if err := t.fill(s, &poll); err != nil {
			return s.in.ended
		}
	}
	return nil
}

// Secured reports whether the connection is TLS and its handshake has begun: such a
// connection cannot be taken out of this program (%SYSTEM.Socket.Publish).
func (t *TCP) Secured() bool {
	return t.stream != nil && t.stream.tls != nil && t.stream.tls.conn != nil
}

// ConnectionState returns what the handshake has agreed on; ok is false before its end
// and on a plain connection.
func (t *TCP) ConnectionState() (state tls.ConnectionState, ok bool) {
	if t.stream == nil || t.stream.tls == nil || !t.stream.tls.established() {
		return state, false
	}
	return t.stream.tls.conn.ConnectionState(), true
}

// Handshake performs the handshake without any I/O of its own, within timeout.
func (t *TCP) Handshake(timeout time.Duration) error {
	if t.stream == nil || t.stream.tls == nil {
		return t.fail("READ", errNotConnected)
	}
	clk := clock{timed: true, absolute: true, length: timeout}
	ended, err := t.handshake(t.stream, &clk)
	if ended != nil {
		return t.lost("READ", ended)
	}
	return err
}

var _ io.ReadWriter = (*wire)(nil)
