package devices

// READ on a TCP device: accept, then one of packet, record, fixed-length and
// single-character reads over the input buffer (spec §3.6).

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
	"unicode/utf8"
)

// clock is the timer of one READ. It looks at the time only when a wait begins.
type clock struct {
	timed    bool
	absolute bool          // data does not restart it
	length   time.Duration // 0 polls
	deadline time.Time     // zero until the first wait
}

// newClock gives a READ its timer. A timeout of a second or more counts in whole
// seconds, a shorter one in hundredths (manual, "READ Command for TCP Devices").
func (t *TCP) newClock(spec *ReadSpec) clock {
	length := max(spec.Timeout, 0)
	if length >= time.Second {
		length = length.Truncate(time.Second)
	} else {
		length = length.Truncate(10 * time.Millisecond)
	}
	return clock{timed: spec.Timed, absolute: t.opt.absolute, length: length}
}

// polls reports whether the READ takes only what is already here.
func (c *clock) polls() bool { return c.timed && c.length == 0 }

// next returns the deadline of the wait that begins now; zero for none.
func (c *clock) next(now func() time.Time) time.Time {
	if c.timed && c.deadline.IsZero() {
		c.deadline = now().Add(c.length)
	}
	return c.deadline
}

// data notes that input has arrived.
func (c *clock) data() {
	if !c.absolute {
		c.deadline = time.Time{}
	}
}

// Read reads one argument.
func (t *TCP) Read(spec ReadSpec) (Result, error) {
	t.state.ZA &= ZAServer | ZAConnected
	if s := t.stream; spec.Char && t.plain && !s.fresh && s.in.r < s.in.w { // the hot form of READ *x
		s.stats.Reads++
		c, err := t.takeChar(s, s.in.buf[s.in.r])
		return Result{Char: c}, err
	}
	t.state.ZB, t.state.Key, t.state.EOS = Text{}, Text{}, false
	clk := t.newClock(&spec)
	waited := t.stream == nil
	if waited {
		if err := t.accept(&clk); err != nil {
			return t.unread(&spec, 0, true, err)
		}
	}
	s := t.stream
	if s.fresh {
		s.fresh = false
		if t.opt.mode&modeAccept != 0 {
			return Result{Char: -1}, nil
		}
	}
	s.stats.Reads++
	for {
		if len(s.in.pending()) > 0 {
			res, done, err := t.complete(s, &spec)
			if done || err != nil {
				if s.zip != nil && err == nil {
					t.seekEnd(s)
				}
				return res, err
			}
		}
		if err := t.fill(s, &clk); err != nil {
			return t.unread(&spec, len(s.in.pending()), waited, err)
		}
	}
}

// complete takes a finished READ out of the input buffer; done is false when more
// input is needed.
func (t *TCP) complete(s *stream, spec *ReadSpec) (res Result, done bool, err error) {
	in := &s.in
	b := in.pending()
	if spec.Char {
		if b[0] >= utf8.RuneSelf && t.opt.code != charsetRAW {
			res.Char, done = t.takeWideChar(in, false)
			return res, done, nil
		}
		c, err := t.takeChar(s, b[0])
		return Result{Char: c}, true, err
	}
	limit := MaxString
	if spec.Fixed > 0 {
		limit = min(spec.Fixed, MaxString)
	}
	if !t.opt.stream() {
		limit = min(limit, t.opt.ibuf)
	}
	window := b[:min(len(b), limit)]
	full := len(window) == limit
	if t.opt.code != charsetRAW {
		size, chars := t.opt.code.prefix(b[in.scanned:], limit-in.chars, false)
		window, in.chars = b[:in.scanned+size], in.chars+chars
		full = in.chars >= limit
	}
	if i := t.opt.ends.index(window[in.scanned:]); i >= 0 {
		i += in.scanned
		if c := b[i]; c != charESC || t.opt.mode&modeEscape == 0 {
			if t.opt.code == charsetRAW {
				t.endedBy(oneChar(c), oneChar(c))
				res.Text.S = in.take(i, 1)
			} else {
				width := t.opt.ends.width(b[i:])
				end := t.opt.code.decode(b[i : i+width])
				t.endedBy(end, end)
				res.Text = t.take(in, i, width)
			}
			if c == charCR && t.opt.joinsCRLF() {
				in.join(t.env.now)
			}
			return res, true, nil
		}
		n, err := t.escape(s, i)
		if err != nil {
			return res, false, err
		}
		sequence := string(in.pending()[i : i+n])
		t.endedBy(Text{S: sequence}, Text{S: sequence})
		res.Text = t.take(in, i, n)
		return res, true, nil
	}
	if !full && (t.opt.stream() || len(window) == 0) {
		in.scanned = len(window)
		return res, false, nil
	}
	res.Text = t.take(in, len(window), 0)
	// A packet or a full string ended by no character: rule A14.
	if full && limit == spec.Fixed || !t.opt.terminated() {
		t.endedBy(lastChar(res.Text), Text{})
	}
	return res, true, nil
}

// take removes n pending bytes, whole characters, and skip more behind them, and returns
// the n as text.
func (t *TCP) take(in *input, n, skip int) Text {
	if t.opt.code == charsetRAW {
		return Text{S: in.take(n, skip)}
	}
	s := t.opt.code.decode(in.pending()[:n])
	in.drop(n + skip)
	return s
}

// takeWideChar is READ *x of a character that may have several bytes; final says that no
// more will come. ok is false when the character is cut off.
func (t *TCP) takeWideChar(in *input, final bool) (c rune, ok bool) {
	n, _ := t.opt.code.prefix(in.pending(), 1, final)
	if n == 0 {
		return -1, false
	}
	s := t.take(in, n, 0)
	t.endedBy(s, s)
	return firstChar(s), true
}

// takeChar is READ *x of the pending character c.
func (t *TCP) takeChar(s *stream, c byte) (rune, error) {
	if c == charESC && t.opt.mode&modeEscape != 0 {
		n, err := t.escape(s, 0)
		if err != nil {
			t.endedBy(Text{}, Text{})
			return 0, err
		}
		sequence := Text{S: s.in.take(n, 0)}
		t.endedBy(sequence, sequence)
		return charESC, nil
	}
	s.in.drop(1)
	t.endedBy(oneChar(c), oneChar(c))
	if c == charCR && t.opt.joinsCRLF() {
		s.in.join(t.env.now)
	}
	return rune(c), nil
}

// endedBy records what ended a READ.
func (t *TCP) endedBy(zb, key Text) { t.state.ZB, t.state.Key = zb, key }

// escape returns the length of the escape sequence at pending position at, waiting up
// to a second for the rest of it; a bad one sets its bit in $ZA.
func (t *TCP) escape(s *stream, at int) (int, error) {
	rest := clock{timed: true, absolute: true, length: escapeWait}
	for {
		b := s.in.pending()[at:]
		n, r := parseEscape(b, escapeMaxTCP)
		if r == escapePart {
			err := t.fill(s, &rest)
			if err == nil {
				continue
			}
			if errors.Is(err, ErrInterrupted) {
				return 0, err
			}
			b = s.in.pending()[at:]
			if n = len(b); wholeWhenLate(b) {
				r = escapeWhole
			}
		}
		if r != escapeWhole {
			t.state.ZA |= ZABadEscape
		}
		return n, nil
	}
}

// unread ends a READ that has not completed: err is what stopped it with n characters
// gathered. waited says that the READ began without a connection, whose expiry does not
// count as "timed out" in $ZA (rule A3).
func (t *TCP) unread(spec *ReadSpec, n int, waited bool, err error) (Result, error) {
	switch {
	case errors.Is(err, errEndpoint):
		t.stream.zip.end, t.state.EOS = false, true
		if n == 0 {
			return Result{Char: -1}, nil
		}
		return t.gathered(spec, n), nil
	case errors.Is(err, ErrInterrupted):
		return Result{}, err
	case errors.Is(err, ErrTimeout):
		if !waited {
			t.state.ZA |= ZATimedOut
		}
		res := Result{Char: -1, TimedOut: true}
		if n > 0 { // half a character waits for the rest of it
			n, _ = t.opt.code.prefix(t.stream.in.pending(), n, false)
			res.Text = t.take(&t.stream.in, n, 0)
		}
		return res, nil
	case n > 0: // nothing is lost to a trap: the next READ raises (rule B16)
		return t.gathered(spec, n), nil
	case t.stream != nil:
		return Result{}, t.lost("READ", err)
	}
	t.state.ZA |= ZAError
	if t.state.Err == nil || !errors.Is(err, errNotConnected) { // why the connection was lost stays known
		t.state.Err = err
	}
	return Result{}, t.fail("READ", err)
}

// errEndpoint is the end of a compressed stream.
var errEndpoint = errors.New("end of the compressed stream")

// gathered is a READ of the n characters behind which no more will come.
func (t *TCP) gathered(spec *ReadSpec, n int) Result {
	if spec.Char { // what came of a character of several bytes
		c, _ := t.takeWideChar(&t.stream.in, true)
		return Result{Char: c}
	}
	return Result{Text: t.take(&t.stream.in, n, 0)}
}

// fill waits for input. It returns ErrTimeout when the clock has run out,
// ErrInterrupted, or what ended the connection.
func (t *TCP) fill(s *stream, clk *clock) error {
	if s.in.ended != nil {
		return s.in.ended
	}
	if !s.in.joinUntil.IsZero() && t.env.now().After(s.in.joinUntil) {
		// What is here now came in time, as far as anyone can tell.
		if ready, _ := s.ready(); ready || s.waiting() {
			s.in.joinUntil = t.env.now().Add(joinInterval)
		} else {
			s.in.joinUntil = time.Time{}
		}
	}
	if len(s.out.buf) > 0 && !clk.polls() {
		t.noteUnsent(s)
	}
	limit := t.inputLimit(len(s.in.pending()))
	if s.zip != nil {
		return t.fillZipped(s, clk, limit)
	}
	if err := t.receive(s, &s.in, clk, limit); err != nil {
		return err
	}
	for !t.opt.stream() && (s.in.full || s.tls != nil) && s.in.w-s.in.r < limit {
		// A packet is everything that has arrived, whatever room there was, and in however
		// many records; a record that has arrived in part is waited for by the next READ.
		if ready, known := s.ready(); !ready || !known {
			break
		}
		rest := clk
		if s.tls != nil {
			rest = &clock{timed: true}
		}
		if err := t.receive(s, &s.in, rest, limit); err != nil {
			break // kept in ended, or told again by the next wait
		}
	}
	return nil
}

// inputLimit is how large the input buffer may become with n bytes pending: ibufsiz in
// packet mode, else what a string can hold.
func (t *TCP) inputLimit(n int) int {
	if !t.opt.stream() && n < t.opt.ibuf {
		return t.opt.ibuf
	}
	if t.opt.code != charsetRAW {
		return (MaxString + escapeMaxTCP) * utf8.UTFMax
	}
	return MaxString + escapeMaxTCP
}

// pollGrace is how long a poll waits on a connection that cannot say whether input is
// there (no socket): the smallest timeout READ knows.
const pollGrace = 10 * time.Millisecond

// receive reads once from the connection into in: its input buffer, or that of what has
// come compressed. It is the one place where text arrives, TLS or not.
func (t *TCP) receive(s *stream, in *input, clk *clock, limit int) error {
	s.out.rest()
	if s.zip != nil {
		s.zip.out.rest()
	}
	room := in.room(limit)
	var n int
	var ended, err error
	if s.tls == nil {
		n, ended, err = t.readSocket(s, clk, room)
	} else {
		n, ended, err = t.decrypt(s, clk, room)
	}
	if n > 0 {
		clk.data()
		in.added(n, len(room))
		s.stats.BytesRead += int64(n)
		if in == &s.in {
			t.observe("receive", room[:n])
		}
		in.arrived(t.env.now)
	}
	if ended != nil {
		in.ended = ended
		err = ended
	}
	if n > 0 {
		return nil
	}
	return err
}

// readSocket reads once from the socket, within the clock's time. ended is what ended the
// connection, err what ended the wait: ErrTimeout, ErrInterrupted or the host's error.
func (t *TCP) readSocket(s *stream, clk *clock, room []byte) (n int, ended, err error) {
	deadline := time.Time{}
	blocks := true
	switch {
	case clk.polls():
		ready, known := readable(s.conn)
		if known && !ready {
			return 0, nil, ErrTimeout
		}
		if blocks = !known; blocks {
			deadline = time.Now().Add(pollGrace)
		}
	default:
		deadline = clk.next(time.Now)
	}
	if err := t.alarm.armRead(deadline); err != nil {
		return 0, err, nil
	}
	if blocks {
		if err := t.host.Enter(WaitRead, t); err != nil {
			return 0, nil, err
		}
	}
	n, err = s.conn.Read(room)
	if blocks {
		t.host.Leave()
	}
	switch {
	case err == nil:
		return n, nil, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, nil, t.deadlinePassed()
	}
	return n, err, nil
}

// deadlinePassed says whose deadline ended a wait.
func (t *TCP) deadlinePassed() error {
	if t.alarm.rung.Load() {
		return ErrInterrupted
	}
	return ErrTimeout
}

// listenerAlarm lets an alarm end an accept: a listener has one deadline.
type listenerAlarm struct{ deadliner }

type deadliner interface{ SetDeadline(time.Time) error }

func (l listenerAlarm) SetReadDeadline(d time.Time) error { return l.SetDeadline(d) }
func (listenerAlarm) SetWriteDeadline(time.Time) error    { return nil }

// accept waits for the next client. On a client device, or a server that stopped
// listening, there will be none: *Error READ.
func (t *TCP) accept(clk *clock) error {
	if t.listener == nil {
		return errNotConnected
	}
	l, ok := t.listener.(deadliner)
	if !ok {
		return errNotConnected
	}
	t.alarm.watch(listenerAlarm{l})
	for {
		conn, err := t.acceptOnce(clk)
		switch {
		case err == nil:
			if t.opt.closeListen {
				_ = t.listener.Close()
				t.listener = nil
			}
			if t.attach(conn, true) != nil { // it has gone again
				continue
			}
			t.observe("accept", nil)
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return t.deadlinePassed()
		case t.env.Listeners.drained() && errors.Is(err, net.ErrClosed):
			return t.nobodyComes(clk)
		case errors.Is(err, syscall.ECONNABORTED): // the client gave up in the queue
			continue
		default:
			return err
		}
	}
}

// nobodyComes waits on a listener that has been closed so that the program can end: until
// the time is over or something interrupts.
func (t *TCP) nobodyComes(clk *clock) error {
	if clk.polls() {
		return ErrTimeout
	}
	bell := make(ringer, 1)
	if err := t.host.Enter(WaitAccept, bell); err != nil {
		return err
	}
	defer t.host.Leave()
	var over <-chan time.Time
	if deadline := clk.next(time.Now); !deadline.IsZero() {
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return ErrTimeout
	case <-bell:
		return ErrInterrupted
	}
}

func (t *TCP) acceptOnce(clk *clock) (net.Conn, error) {
	if clk.polls() {
		if ready, known := readable(t.listener); known && !ready {
			return nil, ErrTimeout
		}
	}
	deadline := clk.next(time.Now)
	if clk.polls() {
		deadline = time.Now().Add(pollGrace)
	}
	if err := t.alarm.armRead(deadline); err != nil {
		return nil, err
	}
	if err := t.host.Enter(WaitAccept, t); err != nil {
		return nil, err
	}
	defer t.host.Leave()
	return t.listener.Accept()
}
