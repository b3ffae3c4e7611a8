package devices

// WRITE on a TCP device: what is buffered, what is sent when, and which WRITE is an
// error (spec §3.7; manual, "WRITE Command for TCP Devices").

import (
	"errors"
	"os"
	"time"
)

// Write is WRITE expr. On a RAW device a character above 255 is <WIDE CHAR>.
func (t *TCP) Write(s Text) error {
	if s.Wide || t.opt.code != charsetRAW {
		return t.translate(s)
	}
	return write(t, s.S)
}

// WriteBytes is WRITE expr from the caller's bytes.
func (t *TCP) WriteBytes(b []byte) error {
	if t.opt.code != charsetRAW && !ascii(b) {
		return t.translate(Text{S: string(b)})
	}
	return write(t, b)
}

// WriteChar is WRITE *n.
func (t *TCP) WriteChar(c int) error {
	if c < 0 || c > 255 || c > 127 && t.opt.code != charsetRAW { // ASCII is the same in every table
		return t.translate(textOf([]rune{rune(c)}))
	}
	return write(t, latin[c:c+1])
}

// translate writes text through the device's table. $X counts its characters, the
// buffer's size their bytes; a character without bytes leaves the buffer as it was.
func (t *TCP) translate(s Text) error {
	if !s.Wide && ascii(s.S) {
		return write(t, s.S)
	}
	b, ok := t.opt.code.encode(t.wire[:0], s)
	if !ok {
		return t.fail(t.opt.code.refusal(), nil)
	}
	t.wire = b[:0]
	if cap(t.wire) > outputKeep {
		t.wire = nil
	}
	if err := write(t, b); err != nil || t.opt.noXY {
		return err
	}
	chars := columns(s.S)
	if s.Wide {
		chars = columnsWide(s.S)
	}
	t.state.X += chars - columns(b)
	return nil
}

func write[T data](t *TCP, s T) error {
	st := t.stream
	switch {
	case st == nil:
		return t.fail("WRITE", errNotConnected)
	case len(s) > st.out.limit-len(st.out.buf):
		return overflow(t, s)
	case len(s) == 0 && !t.opt.stream():
		return t.fail("COMMAND", nil)
	}
	put(&st.out, s)
	switch {
	case t.opt.noXY:
	case t.cursor:
		move(t, s)
	default:
		t.state.X += columns(s)
	}
	return nil
}

// move counts what is written: in $X, or as a cursor moves (CursorStyle).
func move[T data](t *TCP, s T) {
	if !t.cursor {
		t.state.X += columns(s)
		return
	}
	for i := 0; i < len(s); i++ {
		t.state.advance(s[i])
	}
}

// CursorStyle makes $X and $Y move as on a terminal; otherwise $X counts the record in
// the buffer and $Y the records: $ZUTIL(68,55), spec rule B12.
func (t *TCP) CursorStyle(on bool) { t.cursor = on }

var errBufferFull = errors.New("output buffer full")

// overflow is a WRITE of more than the buffer has room for: an error in packet mode,
// which leaves the buffer as it was; in stream mode the buffer is sent first, and what
// is longer than the buffer goes in pieces.
func overflow[T data](t *TCP, s T) error {
	if !t.opt.stream() {
		return t.fail("WRITE", errBufferFull)
	}
	st := t.stream
	if !t.opt.noXY {
		move(t, s)
	}
	for len(s) > st.out.limit-len(st.out.buf) {
		if len(st.out.buf) > 0 {
			if err := t.transmit(st, sendMore); err != nil {
				return err
			}
			continue
		}
		put(&st.out, s[:st.out.limit])
		s = s[st.out.limit:]
	}
	put(&st.out, s)
	return nil
}

// Format is WRITE !, # or ?n.
func (t *TCP) Format(f Format, n int) error {
	st := t.stream
	if st == nil {
		return t.fail("WRITE", errNotConnected)
	}
	if f == Tab {
		return t.tab(n)
	}
	pad := t.opt.newline(f)
	waits := t.opt.mode&modeWait != 0
	switch {
	case waits:
		if err := t.padBuffered(st, pad); err != nil {
			return err
		}
	case f == FormFeed && pad != "": // a record of its own
		if err := t.send(st); err != nil {
			return err
		}
		fallthrough
	default:
		if pad == "" && len(st.out.buf) == 0 && !st.owesRecords() && !t.opt.stream() {
			return t.fail("WRITE", errNothingToSend)
		}
		if pad == "" && t.opt.stream() {
			t.noteNoLineFeed()
		}
		put(&st.out, pad)
		if err := t.send(st); err != nil {
			return err
		}
	}
	t.newRecord(f == FormFeed)
	return nil
}

var errNothingToSend = errors.New("nothing to send")

// padBuffered puts a record terminator into the buffer in W mode, where it counts
// against the buffer's size like any text.
func (t *TCP) padBuffered(st *stream, pad string) error {
	if len(pad) > st.out.limit-len(st.out.buf) {
		return overflow(t, pad)
	}
	put(&st.out, pad)
	return nil
}

// tab pads with blanks to column n.
func (t *TCP) tab(n int) error {
	for t.state.X < n {
		k := min(n-t.state.X, len(blanks))
		if err := write(t, blanks[:k]); err != nil {
			return err
		}
		if t.opt.noXY {
			return nil
		}
	}
	return nil
}

// newRecord moves $X and $Y behind a record.
func (t *TCP) newRecord(page bool) {
	if t.opt.noXY {
		return
	}
	t.state.X = 0
	if page {
		t.state.Y = 0
	} else {
		t.state.Y++
	}
}

// Control is WRITE *-code.
func (t *TCP) Control(code int) error {
	switch code {
	case 1:
		return t.sendRecord(sendAll, true)
	case 2:
		return t.disconnect()
	case 3:
		return t.sendRecord(sendAll, false)
	case 99: // without /GZIP there is no endpoint to mark
		return t.sendRecord(sendEnd, false)
	case 10: // type-ahead belongs to terminals (rule B4)
		return nil
	}
	return t.fail("COMMAND", nil)
}

// sendRecord is WRITE *-1, *-3 and *-99: send without a terminator. An empty buffer is an
// error of *-1 in packet mode, and nothing otherwise, but that *-99 still ends a
// compressed stream.
func (t *TCP) sendRecord(kind sendKind, strict bool) error {
	st := t.stream
	switch {
	case st == nil:
		return t.fail("WRITE", errNotConnected)
	case st.unsent(kind):
		if err := t.transmit(st, kind); err != nil {
			return err
		}
		if !t.cursor { // what was sent ends no line
			t.newRecord(false)
		}
	case strict && !t.opt.stream():
		return t.fail("WRITE", errNothingToSend)
	}
	return nil
}

// send writes the buffer to the network. What an interrupt or /WRITETIMEOUT leaves
// unsent stays buffered; a peer that is gone costs the connection (rule B6).
func (t *TCP) send(st *stream) error { return t.transmit(st, sendAll) }

// transmit is send that says how much a compressor may keep back. It is the one place
// where text leaves, TLS or not.
func (t *TCP) transmit(st *stream, kind sendKind) error {
	if !st.unsent(kind) {
		return nil
	}
	if !st.writes {
		return t.fail("TCPWRITE", ErrTimeout)
	}
	if news := st.out.news(); len(news) > 0 {
		t.observe("send", news) // before it goes out, so that a watcher can hold it
	}
	out := &st.out
	if st.zip != nil {
		st.zip.deflate(out.buf, kind)
		out.sent(len(out.buf))
		if out = &st.zip.out; len(out.buf) == 0 && !st.owesRecords() {
			return nil
		}
	}
	var n int
	var ended, err error
	if st.tls == nil {
		var deadline time.Time
		if t.opt.writeLimit > 0 {
			deadline = time.Now().Add(t.opt.writeLimit)
		}
		n, ended, err = t.writeSocket(st, out.buf, deadline)
	} else {
		n, ended, err = t.encrypt(st, out.buf, &clock{timed: t.opt.writeLimit > 0, absolute: true, length: t.opt.writeLimit})
	}
	st.stats.BytesWritten += int64(n)
	st.stats.Writes++
	out.sent(n)
	switch {
	case ended == nil && err == nil:
		return nil
	case ended != nil:
		return t.lost("WRITE", ended)
	case errors.Is(err, ErrTimeout):
		st.writes = false
		t.state.Err = err
		return t.fail("TCPWRITE", err)
	}
	return err
}

// writeSocket writes b to the socket and tells how much of it went. ended is what ended
// the connection, err what ended the wait: ErrTimeout, ErrInterrupted or the host's error.
func (t *TCP) writeSocket(st *stream, b []byte, deadline time.Time) (n int, ended, err error) {
	if err := t.alarm.armWrite(deadline); err != nil {
		return 0, err, nil
	}
	if err := t.host.Enter(WaitWrite, t); err != nil {
		return 0, nil, err
	}
	n, err = st.conn.Write(b)
	t.host.Leave()
	switch {
	case err == nil:
		return n, nil, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, nil, t.deadlinePassed()
	}
	return n, err, nil
}
