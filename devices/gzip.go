package devices

// /GZIP on a connection: what is between the device's buffers and the wire (manual,
// /GZIP and "WRITE Control Commands"). Output is compressed as it is sent; *-99 ends a
// compressed stream and the next byte begins another. Input is decompressed as far as it
// has come; the end of a compressed stream ends a READ and shows in $ZEOS, and nothing
// behind it is touched, so that /GZIP=0 finds it as it came.

import (
	"io"
	"iter"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// zip is the state of /GZIP on a connection.
type zip struct {
	out  output // compressed, to be sent
	w    *gzip.Writer
	held bool // w keeps some of what it was given

	raw   input // as it came
	end   bool  // a compressed stream has ended, which no READ has reported
	chunk []byte
	rest  []byte // of chunk: decompressed and not delivered
	begun bool   // inside a compressed stream
	err   error
	next  func() (zipEvent, bool)
	stop  func()
}

// zipEvent says how far decompressing went.
type zipEvent byte

const (
	zipHungry zipEvent = iota // more input is needed
	zipData                   // rest has something
	zipEnd                    // a compressed stream has ended
	zipFailed                 // what came is no compressed stream: err
)

// zipChunk is how much is decompressed in one step.
const zipChunk = 8 << 10

// newZip begins compression on a connection whose input so far is raw.
func newZip(raw input) *zip {
	raw.rescan()
	z := &zip{raw: raw}
	z.next, z.stop = iter.Pull(z.inflate)
	return z
}

// inflate is the decompressor. It runs as a coroutine, since a wait for input may end by
// a timeout or an interrupt and go on in a later READ, which no io.Reader survives. The
// frame around the data is read here (gzip_frame.go), so that no text waits for the trailer.
func (z *zip) inflate(yield func(zipEvent) bool) {
	in := &zipInput{z: z, yield: yield}
	var r io.ReadCloser
	for in.wait() {
		z.begun = true
		var sum zipSum
		err := in.header()
		if err == nil {
			if r == nil {
				r = flate.NewReader(in)
			} else {
				err = r.(flate.Resetter).Reset(in, nil)
			}
		}
		for err == nil {
			if z.chunk == nil {
				z.chunk = make([]byte, zipChunk)
			}
			var n int
			n, err = r.Read(z.chunk)
			z.rest = z.chunk[:n]
			sum.add(z.rest)
			if n > 0 && !yield(zipData) {
				return
			}
		}
		if err == io.EOF {
			err = in.trailer(sum)
		}
		if in.over {
			return
		}
		if err != nil {
			z.err = err
			yield(zipFailed)
			return
		}
		z.begun = false
		if !yield(zipEnd) {
			return
		}
	}
}

// zipInput hands the raw input to the decompressor, which takes no byte more than it
// needs from a reader of single bytes.
type zipInput struct {
	z     *zip
	yield func(zipEvent) bool
	over  bool
}

// wait waits for a byte; false when the connection is given up.
func (in *zipInput) wait() bool {
	for in.z.raw.r == in.z.raw.w && !in.over {
		in.over = !in.yield(zipHungry)
	}
	return !in.over
}

func (in *zipInput) ReadByte() (byte, error) {
	if !in.wait() {
		return 0, io.ErrUnexpectedEOF
	}
	raw := &in.z.raw
	c := raw.buf[raw.r]
	raw.drop(1)
	return c, nil
}

func (in *zipInput) Read(b []byte) (int, error) {
	if !in.wait() {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(b, in.z.raw.pending())
	in.z.raw.drop(n)
	return n, nil
}

// step decompresses on.
func (z *zip) step() zipEvent {
	switch {
	case len(z.rest) > 0:
		return zipData
	case z.err != nil:
		return zipFailed
	case z.raw.r == z.raw.w && !z.begun:
		return zipHungry
	}
	e, _ := z.next()
	return e
}

// unread reports whether a compressed stream has begun whose end no READ has seen.
func (z *zip) unread() bool { return z.begun || z.end || len(z.rest) > 0 }

// gzipWriters holds compressors: one takes a megabyte, and is needed from the first byte
// of a stream to its end only.
var gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// sendKind says what follows the bytes that are sent.
type sendKind byte

const (
	sendMore sendKind = iota // the compressor may keep some for better company
	sendAll                  // the peer can decompress all of it
	sendEnd                  // the compressed stream ends (*-99)
)

// deflate compresses b.
func (z *zip) deflate(b []byte, kind sendKind) {
	if len(b) > 0 {
		if z.held = true; z.w == nil {
			z.w = gzipWriters.Get().(*gzip.Writer)
			z.w.Reset(&z.out)
		}
	}
	if z.w == nil {
		return
	}
	// Nothing here fails: the writer's target is a buffer.
	_, _ = z.w.Write(b)
	switch {
	case kind == sendEnd:
		_ = z.w.Close()
		gzipWriters.Put(z.w)
		z.w, z.held = nil, false
	case kind == sendAll && z.held:
		_ = z.w.Flush()
		z.held = false
	}
}

// Write makes an output buffer the target of a compressor.
func (o *output) Write(b []byte) (int, error) {
	put(o, b)
	return len(b), nil
}

// unsent reports whether there is something to send.
func (st *stream) unsent(kind sendKind) bool {
	z := st.zip
	return len(st.out.buf) > 0 || st.owesRecords() || z != nil && (len(z.out.buf) > 0 || z.held || kind == sendEnd && z.w != nil)
}

// waiting reports whether input has come that no READ has taken.
func (st *stream) waiting() bool {
	return st.in.r < st.in.w || st.zip != nil && (st.zip.raw.r < st.zip.raw.w || st.zip.unread())
}

// compress switches /GZIP on or off for the connection. What was written before is sent
// as it was meant to be; what has arrived unread belongs to the new way (rule B15 for
// TLS). Off while a compressed stream is being read is <TRANSLATE>.
func (t *TCP) compress(on bool) error {
	st := t.stream
	if st == nil || on == (st.zip != nil) {
		return nil
	}
	if on {
		if err := t.send(st); err != nil {
			return err
		}
		st.zip = newZip(st.in)
		st.in = input{}
		return nil
	}
	if st.zip.unread() || st.in.r < st.in.w {
		return t.fail("TRANSLATE", nil)
	}
	if err := t.transmit(st, sendEnd); err != nil {
		return err
	}
	st.in = st.zip.raw
	st.unzip()
	t.state.EOS = false
	return nil
}

// unzip ends the decompressor.
func (st *stream) unzip() {
	if st.zip != nil {
		st.zip.stop()
		st.zip = nil
	}
}

// fillZipped is fill under /GZIP: errEndpoint at the end of a compressed stream.
func (t *TCP) fillZipped(s *stream, clk *clock, limit int) error {
	z := s.zip
	for got := false; ; {
		if z.end {
			return endpoint(got)
		}
		switch z.step() {
		case zipData:
			t.deliver(s, limit)
			if got = true; t.opt.stream() || s.in.w-s.in.r >= limit {
				return nil
			}
			continue // a packet is everything that has arrived
		case zipEnd:
			z.end = true
			continue
		case zipFailed:
			s.in.ended = z.err
		case zipHungry:
			s.in.ended = z.raw.ended
			if z.raw.ended == io.EOF && z.begun {
				s.in.ended = io.ErrUnexpectedEOF
			}
		}
		rest := clk
		if got {
			if ready, known := s.ready(); s.in.ended != nil || !z.raw.full && s.tls == nil || !ready || !known {
				return nil
			}
			if s.tls != nil { // a record that has arrived in part is the next READ's
				rest = &clock{timed: true}
			}
		}
		if s.in.ended != nil {
			return s.in.ended
		}
		if err := t.receive(s, &z.raw, rest, inputBulk); err != nil && z.raw.ended == nil {
			if got {
				return nil
			}
			return err
		}
	}
}

func endpoint(got bool) error {
	if got {
		return nil // told again by the next fill
	}
	return errEndpoint
}

// deliver moves decompressed bytes to the input buffer.
func (t *TCP) deliver(s *stream, limit int) {
	room := s.in.room(limit)
	n := copy(room, s.zip.rest)
	s.zip.rest = s.zip.rest[n:]
	t.observe("receive", room[:n])
	s.in.added(n, len(room))
	s.in.arrived(t.env.now)
}

// seekEnd looks, after a READ that took the last character there was, whether the
// compressed stream ends here: $ZEOS of that READ.
func (t *TCP) seekEnd(s *stream) {
	z := s.zip
	if s.in.r < s.in.w {
		return
	}
	if !z.end && z.begun {
		switch z.step() {
		case zipData:
			t.deliver(s, t.inputLimit(0))
		case zipEnd:
			z.end = true
		}
	}
	if z.end && s.in.r == s.in.w {
		z.end, t.state.EOS = false, true
	}
}
