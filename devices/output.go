package devices

// The output buffer and the cursor: what WRITE has put aside, and what $X and $Y say.

import (
	"bytes"
	"strings"
)

// outputStart is the size an output buffer starts with.
const outputStart = 512

// output is an output buffer of at most limit bytes.
type output struct {
	buf   []byte
	limit int
}

// grow makes room for n more bytes, doubling what there is.
func (o *output) grow(n int) {
	if free := cap(o.buf) - len(o.buf); free >= n {
		return
	}
	want := max(2*cap(o.buf), len(o.buf)+n, outputStart)
	if o.limit >= len(o.buf)+n {
		want = min(want, o.limit)
	}
	b := make([]byte, len(o.buf), want)
	copy(b, o.buf)
	o.buf = b
}

// data is what WRITE brings: a string, or bytes that are the caller's.
type data interface{ ~string | ~[]byte }

// put appends s.
func put[T data](o *output, s T) {
	o.grow(len(s))
	o.buf = append(o.buf, s...)
}

// sent removes the first n bytes.
func (o *output) sent(n int) {
	o.buf = o.buf[:copy(o.buf, o.buf[n:])]
}

// columns counts the characters of s that move $X on a TCP device: all but CR and LF,
// which are not part of the record (manual, "WRITE Modifies $X and $Y").
func columns[T data](s T) int {
	n := len(s)
	switch v := any(s).(type) {
	case string:
		return n - strings.Count(v, "\r") - strings.Count(v, "\n")
	case []byte:
		return n - bytes.Count(v, crBytes) - bytes.Count(v, lfBytes)
	}
	return n
}

var (
	crBytes = []byte{charCR}
	lfBytes = []byte{charLF}
)

// blanks is what WRITE ?n pads with.
var blanks = strings.Repeat(" ", 256)
