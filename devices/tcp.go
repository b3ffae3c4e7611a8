package devices

// The TCP device: a listener, a connection, or both in turn (manual, "TCP Client/Server
// Communication"). OPEN is in tcp_open.go, READ in tcp_read.go, WRITE in tcp_write.go,
// parameters in tcp_params.go.

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// TCP is a |TCP| device. It is exported for what the %SYSTEM classes ask of it.
type TCP struct {
	state    State
	name     string
	env      *Env
	host     Host
	opt      tcpOptions
	server   bool // opened without a host: $ZA 4096
	listener net.Listener
	stream   *stream // nil: not connected
	plain    bool    // connected, and the bytes are the characters: neither /GZIP nor a table
	alarm    alarm
	wire     []byte // of translate: room for the bytes of a WRITE
	offer    *Offer // the connection is published

	cursor    bool // $X and $Y move as on a terminal
	inherited bool // JOB handed the connection over, and set stream mode
}

// stream is one connection with everything that belongs to it and travels with it when
// JOB hands it over.
type stream struct {
	conn   net.Conn // the socket
	tls    *secure  // nil: a plain connection
	in     input
	out    output
	zip    *zip // nil: without /GZIP
	fresh  bool // accepted, and no READ has been since
	writes bool // false once a write ran into /WRITETIMEOUT

	standard bool // standard input: other descriptors hold the socket, too
	stats    TCPStats
	noted    int // length of the unsent output that an observer was told of
}

// TCPStats counts what passed over the current connection.
type TCPStats struct{ Reads, Writes, BytesRead, BytesWritten int64 }

var (
	_ Device    = (*TCP)(nil)
	_ Inheritor = (*TCP)(nil)
	_ Reopener  = (*TCP)(nil)
	_ Monitor   = (*TCP)(nil)
)

// Name returns |TCP| and the device identifier.
func (t *TCP) Name() string { return t.name }

// State returns the device's part of the special variables.
func (t *TCP) State() *State { return &t.state }

// Interrupt ends the wait under way from any goroutine.
func (t *TCP) Interrupt() { t.alarm.Interrupt() }

// connection sets the stream, which moves the live bits of $ZA (rule B7). $X counts
// what is buffered for a connection and begins again with it.
func (t *TCP) connection(s *stream) {
	t.withdraw()
	if had, has := t.stream != nil, s != nil; had != has {
		change := 1
		if had {
			change = -1
		}
		count(t.host, change)
	}
	t.stream = s
	t.state.X = 0
	t.cursor = t.env.settings(t.host).CursorXY
	t.state.ZA &^= ZAServer | ZAConnected
	if t.server {
		t.state.ZA |= ZAServer
	}
	if s != nil {
		t.state.ZA |= ZAConnected
		t.alarm.watch(s.conn)
	} else {
		t.alarm.watch(nil)
	}
	t.settled()
}

// settled notes what the connection and the parameters amount to for READ.
func (t *TCP) settled() {
	t.plain = t.stream != nil && t.stream.zip == nil && t.opt.code == charsetRAW
}

// attach begins a connection.
func (t *TCP) attach(conn net.Conn, fresh bool) error {
	s := &stream{conn: conn, fresh: fresh, writes: true}
	s.out.limit = t.opt.obuf
	if t.opt.tls.Config != "" {
		s.tls = &secure{request: t.opt.tls}
	}
	if t.opt.gzip {
		s.zip = newZip(input{})
	}
	t.connection(s)
	err := t.tune(true)
	if err != nil {
		t.connection(nil)
		s.unzip()
		_ = conn.Close() // the error that counts is the first
	}
	return err
}

// tune sets the connection's socket options. Keepalive is on with the system's timers
// unless told otherwise (rule B9).
func (t *TCP) tune(opening bool) error {
	conn, ok := t.stream.conn.(*net.TCPConn)
	if !ok {
		return nil
	}
	if t.opt.nagle || !opening { // Go's connections begin with TCP_NODELAY on
		if err := conn.SetNoDelay(!t.opt.nagle); err != nil {
			return err
		}
	}
	ka := net.KeepAliveConfig{Enable: !t.opt.noKeepalive, Idle: -1, Interval: -1, Count: -1}
	if t.opt.keepalive > 0 {
		ka.Idle = time.Duration(t.opt.keepalive) * time.Second
	}
	err := conn.SetKeepAliveConfig(ka)
	if errors.Is(err, syscall.EINVAL) && t.opt.keepalive > mostKeepalive {
		ka.Idle = mostKeepalive * time.Second
		err = conn.SetKeepAliveConfig(ka)
	}
	if err != nil {
		return err
	}
	if t.opt.rcvbuf > 0 && !opening {
		if err := conn.SetReadBuffer(t.opt.rcvbuf); err != nil {
			return err
		}
	}
	if t.opt.sndbuf > 0 && !opening {
		return conn.SetWriteBuffer(t.opt.sndbuf)
	}
	return nil
}

// lost drops a connection that has failed, which is *Error name; cause is io.EOF when
// the peer closed it.
func (t *TCP) lost(name string, cause error) error {
	t.state.ZA |= ZAError
	t.state.Err = cause
	t.hangUp("disconnect")
	return t.fail(name, cause)
}

// hangUp closes the connection and forgets it.
func (t *TCP) hangUp(event string) {
	s := t.stream
	t.observe(event, nil)
	t.farewell(s)
	if s.tls != nil {
		s.tls.abandon()
	}
	t.connection(nil)
	s.unzip()
	if s.standard {
		shutdown(s.conn)
	}
	_ = s.conn.Close() // nothing is owed to a closed connection
}

func (t *TCP) fail(name string, cause error) error {
	return &Error{Name: name, Device: t.name, Err: cause}
}

// observe reports an event on the wire; data is only valid during the call.
func (t *TCP) observe(kind string, data []byte) {
	if !t.host.Observing() {
		return
	}
	t.host.Observe(t.event(kind, data))
}

// event is an event of this device.
func (t *TCP) event(kind string, data []byte) Event {
	e := Event{Kind: kind, Device: t.name, Data: data, ZA: t.state.ZA, ZB: t.state.ZB}
	e.Local, e.Peer = t.Ends()
	return e
}

// Buffered returns how many bytes wait for READ, and how many to be sent.
func (t *TCP) Buffered() (unread, unsent int) {
	if t.stream == nil {
		return 0, 0
	}
	return len(t.stream.in.pending()), len(t.stream.out.buf)
}

// Ends returns the addresses of both ends of the connection, or of the listener; "" for
// one that is not there.
func (t *TCP) Ends() (local, peer string) {
	text := func(a net.Addr) string {
		if a == nil {
			return ""
		}
		return a.String()
	}
	switch {
	case t.stream != nil:
		return text(t.stream.conn.LocalAddr()), text(t.stream.conn.RemoteAddr())
	case t.listener != nil:
		return text(t.listener.Addr()), ""
	}
	return "", ""
}

// noteUnsent tells that a READ is about to wait for a peer that waits for us: output
// for it is still in the buffer. Once for the same output.
func (t *TCP) noteUnsent(s *stream) {
	n := len(s.out.buf)
	if n == s.noted || !t.host.Observing() {
		return
	}
	if ready, known := s.ready(); ready || !known {
		return
	}
	s.noted = n
	e := t.event("note", s.out.buf)
	e.Note, e.Unsent = NoteUnsent, n
	t.host.Observe(e)
}

// noteNoLineFeed tells that a line end was written and none is sent.
func (t *TCP) noteNoLineFeed() {
	if !t.host.Observing() {
		return
	}
	e := t.event("note", nil)
	e.Note = NoteNoLineFeed
	if t.inherited {
		e.Text = "child"
	}
	t.host.Observe(e)
}

// Reopen is OPEN on a device that is open: USE (host and port keep their values), except
// that naming a host again on a client is <COMMAND> (manual, "Connection Management";
// rules A8, B17).
func (t *TCP) Reopen(p Params) error {
	if v, ok := tcpParams.value(p, "/HOSTNAME", InOpen); ok && v.text.S != "" && !t.server {
		return t.fail("COMMAND", nil)
	}
	return t.Use(p)
}

// Use changes parameters.
func (t *TCP) Use(p Params) error {
	before := t.opt
	if err := t.opt.update(p, InUse); err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.Device = t.name
		}
		return err
	}
	t.state.Mode = t.opt.zmode()
	t.settled()
	if v, ok := tcpParams.value(p, "/HOSTNAME", InOpen); ok && isDisconnect(v) {
		return t.disconnect()
	}
	if t.stream == nil {
		return nil
	}
	if v, ok := tcpParams.value(p, "/TLS", InUse); ok && v.text.S != "" {
		// USE secures the connection there is; OPEN, and USE before there is one, secure
		// every connection of the device.
		request := t.opt.tls
		t.opt.tls = before.tls
		if err := t.secureStream(request); err != nil {
			return err
		}
	}
	if err := t.compress(t.opt.gzip); err != nil {
		t.opt = before
		t.state.Mode = t.opt.zmode()
		return err
	}
	if t.settled(); t.stream == nil { // what was to be sent first found nobody
		return nil
	}
	t.stream.in.rescan()
	if before.nagle != t.opt.nagle || before.keepalive != t.opt.keepalive || before.noKeepalive != t.opt.noKeepalive ||
		before.rcvbuf != t.opt.rcvbuf || before.sndbuf != t.opt.sndbuf {
		return t.tune(false)
	}
	return nil
}

// disconnect is WRITE *-2 and USE dev:"DISCONNECT": a server lets its client go and
// listens on (rule B5). A client or a server without a connection does nothing.
func (t *TCP) disconnect() error {
	if !t.server || t.stream == nil {
		return nil
	}
	t.state.X = 0
	if !t.opt.discardAtClose {
		if err := t.transmit(t.stream, sendEnd); errors.Is(err, ErrInterrupted) {
			return err
		}
	}
	if t.stream != nil {
		t.hangUp("disconnect")
	}
	return nil
}

// Close ends listening and the connection. Output still buffered is sent first unless
// /CLOSEFLUSH=0; that nobody takes it any more is no error of CLOSE.
func (t *TCP) Close(Params) error {
	var interrupted error
	if t.listener != nil {
		t.alarm.watch(nil)
		_ = t.listener.Close()
		t.listener = nil
		t.connection(t.stream)
	}
	if t.stream != nil && !t.opt.discardAtClose && t.stream.writes {
		if err := t.transmit(t.stream, sendEnd); errors.Is(err, ErrInterrupted) {
			interrupted = err
		}
	}
	if t.stream != nil {
		t.hangUp("close")
	}
	return interrupted
}

// Inherit hands the connection to a JOB child (rules A1, B10): the child's device is a
// connected client in S mode, with the parent's other parameters and the unread input.
// It must run before the child starts.
func (t *TCP) Inherit(host Host) (Device, error) {
	if !t.server || t.stream == nil {
		return nil, t.fail("NOJOB", errNotConnected)
	}
	if err := t.send(t.stream); err != nil {
		return nil, err
	}
	opt := t.opt
	opt.mode, opt.terms = modeStream, Text{}
	child := t.release(t.name, host, opt)
	child.inherited = true
	return child, nil
}

var errNotConnected = errors.New("no accepted connection")

// Connected reports the connected state, $ZA 8192.
func (t *TCP) Connected() bool { return t.stream != nil }

// Server reports server mode, $ZA 4096.
func (t *TCP) Server() bool { return t.server }

// Listening reports whether the device accepts further clients.
func (t *TCP) Listening() bool { return t.listener != nil }

// LocalAddr returns the address and port of this end: of the connection, else of the
// listener, for which the address is 0.0.0.0 when it takes all interfaces (rule B24).
func (t *TCP) LocalAddr() netip.AddrPort {
	switch {
	case t.stream != nil:
		return addrPort(t.stream.conn.LocalAddr())
	case t.listener != nil:
		a := addrPort(t.listener.Addr())
		if a.Addr().IsUnspecified() {
			a = netip.AddrPortFrom(netip.IPv4Unspecified(), a.Port())
		}
		return a
	}
	return netip.AddrPort{}
}

// PeerAddr returns the address and port of the other end, invalid when not connected.
func (t *TCP) PeerAddr() netip.AddrPort {
	if t.stream == nil {
		return netip.AddrPort{}
	}
	return addrPort(t.stream.conn.RemoteAddr())
}

func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// Stats returns the counters of the current connection; the caller may clear them.
// nil when not connected.
func (t *TCP) Stats() *TCPStats {
	if t.stream == nil {
		return nil
	}
	return &t.stream.stats
}

// DisconnectCode returns the system's error number behind the last <READ> or <WRITE>,
// 0 when the peer closed the connection.
func (t *TCP) DisconnectCode() int {
	n, _, _ := Errno(t.state.Err)
	return n
}

// Monitored reports whether D mode watches the connection.
func (t *TCP) Monitored() bool { return t.opt.mode&modeMonitor != 0 && t.stream != nil }

// CheckDisconnect is one poll of D mode: it returns *Error DISCONNECT, and drops the
// connection, when the peer is gone and nothing is left to read (rules B7, B23).
func (t *TCP) CheckDisconnect() error {
	if t.stream == nil || t.stream.waiting() {
		return nil
	}
	cause := t.stream.in.ended
	if cause == nil && t.stream.tls != nil {
		if cause = t.peek(t.stream); cause == nil {
			return nil
		}
	}
	if cause == nil {
		var gone bool
		if gone, cause = disconnected(t.stream.conn); !gone {
			return nil
		}
	}
	return t.lost("DISCONNECT", cause)
}

// Flush sends what is buffered where the reason asks a TCP device to.
func (t *TCP) Flush(reason FlushReason) error {
	switch {
	case t.stream == nil, reason == BeforeWait:
		return nil
	case reason == AtWriteEnd && t.opt.mode&modeImmediate == 0:
		return nil
	case reason == AtPrompt && t.opt.mode&modeWait != 0:
		return nil
	}
	return t.send(t.stream)
}
