package runtime

// Strings of characters: taking them apart, joining and searching them, in both
// representations. A part of a text shares its memory.

import (
	"strings"
)

// maxString is the longest string, in characters.
const maxString = 3641144

// char is the code of the character at i, from 0, of a text.
func (v Value) char(i int) uint16 {
	if v.kind == kindWide {
		return unit(v.text, 2*i)
	}
	return uint16(v.text[i])
}

// slice is the characters from lo up to hi of a text, 0 <= lo <= hi <= its length.
func (v Value) slice(lo, hi int) Value {
	if v.kind == kindText {
		return Value{text: v.text[lo:hi], kind: kindText}
	}
	return narrow(v.text[2*lo : 2*hi])
}

// narrow is the value of 16-bit units, in 8-bit form when all characters fit.
func narrow(units string) Value {
	for i := 1; i < len(units); i += 2 {
		if units[i] != 0 {
			return Value{text: units, kind: kindWide}
		}
	}
	buf := make([]byte, len(units)/2)
	for i := range buf {
		buf[i] = units[2*i]
	}
	return Text(string(buf))
}

// widen is 8-bit characters as 16-bit units.
func widen(s string) string {
	buf := make([]byte, 2*len(s))
	for i := 0; i < len(s); i++ {
		buf[2*i] = s[i]
	}
	return string(buf)
}

// units is a text as 16-bit units.
func (v Value) units() string {
	if v.kind == kindWide {
		return v.text
	}
	return widen(v.str())
}

// find is where part begins in whole at or after from, in characters from 0; -1 when it
// does not. Both are texts and from is not beyond whole's end.
func find(whole, part Value, from int) int {
	if whole.kind == kindText {
		if part.kind != kindText {
			return -1
		}
		if i := strings.Index(whole.text[from:], part.text); i >= 0 {
			return from + i
		}
		return -1
	}
	i := indexUnits(whole.text[2*from:], part.units())
	if i < 0 {
		return -1
	}
	return from + i/2
}

// indexUnits is where part begins in whole, in bytes, at a unit's start; -1 when it does not.
func indexUnits(whole, part string) int {
	for at := 0; ; {
		i := strings.Index(whole[at:], part)
		if i < 0 {
			return -1
		}
		if at += i; at%2 == 0 {
			return at
		}
		at++
	}
}

// concat is a_b, or <MAXSTRING>.
func (p *Process) concat(a, b Value) Value {
	if a.kind == kindText && b.kind == kindText && len(a.text)+len(b.text) <= maxString {
		return Text(a.text + b.text)
	}
	return p.concatSlow(a, b)
}

func (p *Process) concatSlow(a, b Value) Value {
	if a.kind == kindWide || b.kind == kindWide {
		return p.concatWide(a, b)
	}
	var abuf, bbuf [maxNumberText]byte
	x, y := a.text, b.text
	if a.kind != kindText {
		x = string(a.appendText(abuf[:0]))
	}
	if b.kind != kindText {
		y = string(b.appendText(bbuf[:0]))
	}
	if len(x)+len(y) > maxString {
		p.raise(errMaxString, "")
	}
	return Text(x + y)
}

func (p *Process) concatWide(a, b Value) Value {
	if a.length() == 0 {
		return b
	}
	if b.length() == 0 {
		return a
	}
	x, y := a.units(), b.units()
	if len(x)+len(y) > 2*maxString {
		p.raise(errMaxString, "")
	}
	return Value{text: x + y, kind: kindWide}
}

// builder gathers text of either width. Its zero value is ready; it raises <MAXSTRING>
// before it grows beyond the longest string.
type builder struct {
	p    *Process
	buf  []byte
	wide bool
}

// add appends v's text.
func (b *builder) add(v Value) {
	if v.kind == kindWide {
		b.toWide()
	}
	b.room(v.length())
	if b.wide && v.kind != kindWide {
		v = Value{text: widen(v.str()), kind: kindWide}
	}
	b.buf = v.appendText(b.buf)
}

// char appends one character.
func (b *builder) char(c uint16) {
	if c > 255 {
		b.toWide()
	}
	b.room(1)
	b.buf = append(b.buf, byte(c))
	if b.wide {
		b.buf = append(b.buf, byte(c>>8))
	}
}

// repeat appends v's text n times.
func (b *builder) repeat(v Value, n int64) {
	if n <= 0 || v.length() == 0 {
		return
	}
	if n > maxString {
		b.p.raise(errMaxString, "")
	}
	b.room(v.length() * int(n))
	if v.kind == kindWide {
		b.toWide()
	}
	s := v.str()
	if b.wide && v.kind != kindWide {
		s = widen(s)
	}
	if len(s) == 1 {
		at := len(b.buf)
		b.buf = append(b.buf, make([]byte, n)...)
		fill(b.buf[at:], s[0])
		return
	}
	for range n {
		b.buf = append(b.buf, s...)
	}
}

func fill(b []byte, c byte) {
	for i := range b {
		b[i] = c
	}
}

// room raises <MAXSTRING> when n more characters are too many.
func (b *builder) room(n int) {
	have := len(b.buf)
	if b.wide {
		have /= 2
	}
	if have+n > maxString {
		b.p.raise(errMaxString, "")
	}
}

func (b *builder) toWide() {
	if b.wide {
		return
	}
	b.wide = true
	old := b.buf
	b.buf = make([]byte, 2*len(old), 2*len(old)+64)
	for i, c := range old {
		b.buf[2*i] = c
	}
}

// value is what was gathered. A wide builder whose characters all turned out to fit 8
// bits gives 8-bit text.
func (b *builder) value() Value {
	if b.wide {
		return narrow(string(b.buf))
	}
	if len(b.buf) == 1 {
		return Text(chars[b.buf[0]])
	}
	return Text(string(b.buf))
}
