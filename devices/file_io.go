package devices

// READ and WRITE on a sequential file.

import (
	"context"
	"errors"
	"io"
	"os"
	goruntime "runtime"
	"time"
)

// fileOutput is how much output gathers before it is written.
const fileOutput = 64 << 10

// lineEnd is what WRITE ! puts into a file.
var lineEnd = func() string {
	if goruntime.GOOS == "windows" {
		return "\r\n"
	}
	return "\n"
}()

// Write is WRITE expr.
func (d *File) Write(s Text) error {
	if !s.Wide {
		return writeFile(d, s.S)
	}
	if err := d.writable(); err != nil {
		return err
	}
	out, ok := d.opt.table.encode(d.out, s)
	if !ok {
		return &Error{Name: d.opt.table.refusal(), Device: d.name}
	}
	d.out = out
	if !d.opt.noXY {
		d.state.advanceWide(s.S)
	}
	return d.overfull()
}

// WriteBytes is WRITE expr from the caller's bytes.
func (d *File) WriteBytes(b []byte) error { return writeFile(d, b) }

func writeFile[T data](d *File, s T) error {
	if err := d.writable(); err != nil {
		return err
	}
	if plain(s) {
		d.out = append(d.out, s...)
		d.state.X += len(s)
	} else {
		out, ok := encodeNarrow(d.opt.table, d.out, s)
		if !ok {
			return &Error{Name: d.opt.table.refusal(), Device: d.name}
		}
		d.out = out
		for i := 0; i < len(s); i++ {
			d.state.advance(s[i])
		}
	}
	if d.opt.noXY {
		d.state.X, d.state.Y = 0, 0
	}
	return d.overfull()
}

var errNotForWriting = errors.New("not open for writing")

// writable checks the mode, and leaves reading behind.
func (d *File) writable() error {
	if d.opt.mode&fileWrite == 0 {
		return d.fail("WRITE", errNotForWriting)
	}
	if d.in.r < d.in.w && !d.waits {
		return d.reposition()
	}
	return nil
}

func (d *File) overfull() error {
	if len(d.out) < fileOutput {
		return nil
	}
	return d.flush()
}

// flush writes the output buffer.
func (d *File) flush() error {
	if len(d.out) == 0 {
		return nil
	}
	if d.waits {
		if err := d.alarm.armWrite(time.Time{}); err != nil {
			return d.fail("WRITE", err)
		}
	}
	if err := d.host.Enter(WaitWrite, d); err != nil {
		return err
	}
	n, err := d.f.Write(d.out)
	d.host.Leave()
	if n > 0 && d.host.Observing() {
		d.host.Observe(Event{Kind: "output", Device: d.name, Data: d.out[:n], ZA: d.state.ZA, ZB: d.state.ZB})
	}
	d.out = d.out[:copy(d.out, d.out[n:])]
	d.in.ended = nil
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrInterrupted
	}
	d.out = d.out[:0]
	return d.fail("WRITE", err)
}

// Flush writes the output where the reason asks a file to.
func (d *File) Flush(reason FlushReason) error {
	if reason == AtWriteEnd {
		return nil
	}
	return d.flush()
}

// WriteChar is WRITE *n.
func (d *File) WriteChar(c int) error {
	if c < 256 {
		return writeFile(d, latin[c:c+1])
	}
	return d.Write(Text{S: string([]byte{byte(c), byte(c >> 8)}), Wide: true})
}

// Format is WRITE !, # and ?n.
func (d *File) Format(f Format, n int) error {
	if err := d.writable(); err != nil {
		return err
	}
	switch f {
	case Newline:
		d.out = append(d.out, lineEnd...)
		d.state.newline()
	case FormFeed:
		d.out = append(d.out, charFF)
		d.state.X, d.state.Y = 0, 0
	case Tab:
		for d.state.X < n && !d.opt.noXY {
			k := min(n-d.state.X, len(blanks))
			d.out = append(d.out, blanks[:k]...)
			d.state.X += k
		}
	}
	if d.opt.noXY {
		d.state.X, d.state.Y = 0, 0
	}
	return d.overfull()
}

// Control is WRITE *-code: 1 and 3 write the buffer, 9 cuts the file off here.
func (d *File) Control(code int) error {
	switch code {
	case 1, 3:
		if err := d.flush(); err != nil {
			return err
		}
		if z, ok := d.f.(*zipped); ok {
			if err := z.push(); err != nil {
				return d.fail("WRITE", err)
			}
		}
	case 9:
		if err := d.writable(); err != nil {
			return err
		}
		at := d.Position()
		if err := d.flush(); err != nil {
			return err
		}
		if err := d.f.Truncate(at); err != nil {
			return d.fail("WRITE", err)
		}
	}
	return nil
}

var errNotForReading = errors.New("not open for reading")

// Read reads one argument. A file's records are there or not: a timeout matters only
// where the file is a pipe or a terminal.
func (d *File) Read(spec ReadSpec) (Result, error) {
	d.state.ZA, d.state.ZB, d.state.Key = 0, Text{}, Text{}
	d.state.EOF = false
	d.in.scanned = 0
	if d.opt.mode&fileRead == 0 {
		return Result{}, d.fail("READ", errNotForReading)
	}
	if err := d.flush(); err != nil {
		return Result{}, err
	}
	var deadline time.Time
	if spec.Timed && (d.waits || d.opt.mode&fileIgnoreEOF != 0) {
		deadline = time.Now().Add(max(spec.Timeout, 0))
	}
	for final := false; ; {
		if len(d.in.pending()) > 0 {
			if res, done := d.complete(&spec, final); done {
				return res, nil
			}
		}
		err := d.fill(deadline)
		switch {
		case err == nil:
		case errors.Is(err, ErrInterrupted):
			return Result{}, err
		case errors.Is(err, ErrTimeout):
			d.state.ZA |= ZATimedOut
			return Result{Text: d.rest(&spec), Char: -1, TimedOut: true}, nil
		case errors.Is(err, io.EOF) && !final:
			final = true
			if len(d.in.pending()) == 0 {
				return d.atEnd()
			}
		case errors.Is(err, io.EOF):
			return Result{Text: d.rest(&spec), Char: -1}, nil
		default:
			d.state.ZA |= ZAError
			return Result{}, d.fail("READ", err)
		}
	}
}

// atEnd is a READ past the end: <ENDOFFILE>, or $ZEOF after SetZEOF(1).
func (d *File) atEnd() (Result, error) {
	d.in.ended = nil // the file may grow
	d.state.EOF = true
	if d.env.settings(d.host).ZEOF {
		return Result{Char: -1}, nil
	}
	d.state.ZA |= ZAError
	return Result{}, &Error{Name: "ENDOFFILE", Device: d.name, Err: io.EOF}
}

// rest takes the last line, which no terminator ends.
func (d *File) rest(spec *ReadSpec) Text {
	if spec.Char {
		return Text{}
	}
	b := d.in.pending()
	s := d.opt.table.decode(b)
	d.in.drop(len(b))
	return s
}

// complete takes a finished READ out of the input buffer; final says that no more will
// come behind it.
func (d *File) complete(spec *ReadSpec, final bool) (Result, bool) {
	b := d.in.pending()
	if spec.Char {
		n, chars := d.opt.table.prefix(b, 1, final)
		if chars == 0 {
			return Result{}, false
		}
		s := d.opt.table.decode(b[:n])
		d.in.drop(n)
		d.state.ZB, d.state.Key = s, s
		return Result{Char: firstChar(s)}, true
	}
	want := d.opt.record
	if spec.Fixed > 0 {
		want = min(spec.Fixed, MaxString)
	}
	i, size := -1, len(b)
	if at := d.ends.index(b[d.in.scanned:]); at >= 0 {
		i = at + d.in.scanned
		size = i
	}
	// A record that is too long is cut; one of just the length takes its terminator along.
	if size > want || spec.Fixed > 0 && size == want {
		if n, chars := d.opt.table.prefix(b[:size], want, final || i >= 0); chars >= want && (n < size || spec.Fixed > 0) {
			s := d.opt.table.decode(b[:n])
			d.in.drop(n)
			if spec.Fixed > 0 {
				d.state.ZB = lastChar(s)
			}
			return Result{Text: s}, true
		}
	}
	if i < 0 {
		d.in.scanned = len(b)
		if d.ends.oneByOne { // half a character is looked at again
			d.in.scanned, _ = d.opt.table.prefix(b, len(b), false)
		}
		return Result{}, false
	}
	if b[i] == charCR && d.joins() && i+1 == len(b) && !final && !d.waits {
		return Result{}, false // its LF may be next
	}
	skip := d.ends.width(b[i:])
	end := d.opt.table.decode(b[i : i+skip])
	s := d.opt.table.decode(b[:i])
	if b[i] == charCR && d.joins() && i+1 < len(b) && b[i+1] == charLF {
		skip = 2
	}
	d.in.drop(i + skip)
	d.state.ZB, d.state.Key = end, end
	return Result{Text: s}, true
}

// joins reports whether CR LF is one line end: it is unless the program chose its own.
func (d *File) joins() bool { return d.opt.terms.S == "" }

// fill reads on.
func (d *File) fill(deadline time.Time) error {
	if d.in.ended != nil {
		return d.in.ended
	}
	room := d.in.room(MaxString * 4)
	if d.waits {
		if err := d.alarm.armRead(deadline); err != nil {
			return err
		}
	}
	if err := d.host.Enter(WaitRead, d); err != nil {
		return err
	}
	n, err := d.f.Read(room)
	d.host.Leave()
	switch {
	case n > 0:
		d.in.added(n, len(room))
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded) && d.alarm.rung.Load():
		return ErrInterrupted
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrTimeout
	case errors.Is(err, io.EOF) && d.opt.mode&fileIgnoreEOF != 0:
		return d.retry(deadline)
	}
	d.in.ended = err
	return err
}

// retryEOF is how long a READ with I waits at the end before it looks again: no system
// tells when a file grows or a pipe gets another writer.
const retryEOF = 50 * time.Millisecond

// retry waits at the end of a file, not beyond the deadline.
func (d *File) retry(deadline time.Time) error {
	wait := retryEOF
	if !deadline.IsZero() {
		if wait = min(wait, time.Until(deadline)); wait <= 0 {
			return ErrTimeout
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	by := &canceller{cancel: cancel}
	if err := d.host.Enter(WaitRead, by); err != nil {
		return err
	}
	<-ctx.Done()
	d.host.Leave()
	if by.rung.Load() {
		return ErrInterrupted
	}
	return nil
}
