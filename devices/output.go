package devices

// The output buffer and the cursor: what WRITE has put aside, and what $X and $Y say.

import (
	"bytes"
	"strings"
)

// Sizes of an output buffer: where it starts, and above which an empty one is let go
// when the connection is read.
const (
	outputStart = 512
	outputKeep  = 16 << 10
)

// output is an output buffer of at most limit bytes.
type output struct {
	buf   []byte
	limit int
	told  int // bytes of buf already reported as sent: a send that was interrupted goes on
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

// rest lets a large empty buffer go: its writer has turned to reading.
func (o *output) rest() {
	if len(o.buf) == 0 && cap(o.buf) > outputKeep {
		o.buf = nil
	}
}

// data is what WRITE brings: a string, or bytes that are the caller's.
type data interface{ ~string | ~[]byte }

// put appends s.
func put[T data](o *output, s T) {
	o.grow(len(s))
	o.buf = append(o.buf, s...)
}

// news returns what a send will report: the bytes that no earlier one has.
func (o *output) news() []byte {
	b := o.buf[o.told:]
	o.told = len(o.buf)
	return b
}

// sent removes the first n bytes.
func (o *output) sent(n int) {
	o.told -= n
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

// columnsWide is columns for text of 16-bit units.
func columnsWide(s string) int {
	n := 0
	for i := 0; i+1 < len(s); i += 2 {
		if s[i+1] != 0 || s[i] != charCR && s[i] != charLF {
			n++
		}
	}
	return n
}

var (
	crBytes = []byte{charCR}
	lfBytes = []byte{charLF}
)

// blanks is what WRITE ?n pads with.
var blanks = strings.Repeat(" ", 256)

// xyWrap is where $X and $Y begin again (spec §4.2).
const xyWrap = 16384

// advance moves $X and $Y for one character written to a terminal or a file.
func (s *State) advance(c byte) {
	switch {
	case c >= ' ' && c != charDEL, c == charTab, c == charBEL:
		if s.X++; s.X >= xyWrap {
			s.X = 0
		}
	case c == charCR:
		s.X = 0
	case c == charLF:
		s.down()
	case c == charFF:
		s.X, s.Y = 0, 0
	case c == charBS:
		s.X = max(s.X-1, 0)
	}
}

// newline moves $X and $Y as WRITE ! does.
func (s *State) newline() {
	s.X = 0
	s.down()
}

func (s *State) down() {
	if s.Y++; s.Y >= xyWrap {
		s.Y = 0
	}
}

// plain reports whether every character of s moves $X by one and is its own byte in
// every charset.
func plain[T data](s T) bool {
	for i := 0; i < len(s); i++ {
		if s[i]-' ' > '~'-' ' {
			return false
		}
	}
	return true
}

// advanceWide moves the cursor for text of 16-bit units.
func (s *State) advanceWide(text string) {
	for i := 0; i+1 < len(text); i += 2 {
		c := text[i]
		if text[i+1] != 0 {
			c = ' '
		}
		s.advance(c)
	}
}
