package runtime

// The encoding of $LIST strings. An element is a length byte that counts itself, a type
// byte and data; a length byte 0 is followed by the length of type and data in two bytes,
// low first, or by two zero bytes and four length bytes. A lone length byte 1 is an
// element without a value.

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The types of list elements.
const (
	listText         = 1 // 8-bit characters
	listWide         = 2 // 16-bit units, low byte first
	listPositive     = 4 // integer >= 0: low byte first, no leading zero bytes
	listNegative     = 5 // integer < 0: two's complement, without leading FF bytes
	listPositiveReal = 6 // decimal: exponent byte, then as listPositive
	listNegativeReal = 7 // decimal: exponent byte, then as listNegative
	listDouble       = 8 // IEEE double, low byte first; low zero bytes may be missing
)

// maxShortElement is the longest data of an element with one length byte.
const maxShortElement = 253

// appendElement appends v as a list element; an undefined v is an element without a value.
func appendElement(buf []byte, v Value) []byte {
	switch v.kind {
	case kindUndefined:
		return append(buf, 1)
	case kindWide:
		return appendRaw(buf, listWide, v.text)
	case kindNumber:
		return appendNumberElement(buf, v)
	case kindDouble:
		buf = append(buf, 10, listDouble)
		return binary.LittleEndian.AppendUint64(buf, uint64(v.mant))
	case kindObject:
		return appendRaw(buf, listText, orefText(v))
	}
	return appendRaw(buf, listText, v.text)
}

func appendRaw(buf []byte, kind byte, data string) []byte {
	switch n := len(data) + 1; {
	case len(data) <= maxShortElement:
		buf = append(buf, byte(n+1))
	case n <= math.MaxUint16:
		buf = append(buf, 0, byte(n), byte(n>>8))
	default:
		buf = append(buf, 0, 0, 0)
		buf = binary.LittleEndian.AppendUint32(buf, uint32(n))
	}
	buf = append(buf, kind)
	return append(buf, data...)
}

func appendNumberElement(buf []byte, v Value) []byte {
	n := (bits.Len64(uint64(v.mant)) + 7) / 8
	kind := byte(listPositive)
	if v.mant < 0 {
		n = (bits.Len64(uint64(^v.mant)) + 7) / 8
		kind = listNegative
	}
	if v.exp != 0 {
		buf = append(buf, byte(n+3), kind+2, byte(v.exp))
	} else {
		buf = append(buf, byte(n+2), kind)
	}
	for i := range n {
		buf = append(buf, byte(v.mant>>(8*i)))
	}
	return buf
}

// element is one encoded list element.
type element struct {
	kind byte // 0: without a value
	data string
	next int // where the next element begins
}

// elementAt reads the element that begins at byte at of a list; ok is false when the
// bytes there are none.
func elementAt(s string, at int) (e element, ok bool) {
	left := len(s) - at
	if left < 1 {
		return element{}, false
	}
	header, size := 2, int(s[at])
	switch {
	case size == 1:
		return element{next: at + 1}, true
	case size > 1:
		size -= 2
	case left >= 4 && (s[at+1] != 0 || s[at+2] != 0):
		header, size = 4, int(s[at+1])+int(s[at+2])<<8-1
	case left >= 8:
		header = 8
		size = int(uint32(s[at+3])|uint32(s[at+4])<<8|uint32(s[at+5])<<16|uint32(s[at+6])<<24) - 1
	default:
		return element{}, false
	}
	if size < 0 || size > left-header {
		return element{}, false
	}
	from := at + header
	e = element{kind: s[from-1], data: s[from : from+size], next: from + size}
	return e, e.valid()
}

// valid tells whether the data fits the type.
func (e element) valid() bool {
	switch e.kind {
	case listText:
		return true
	case listWide:
		return len(e.data)%2 == 0
	case listPositive, listNegative, listDouble:
		return len(e.data) <= 8
	case listPositiveReal, listNegativeReal:
		return len(e.data) >= 1 && len(e.data) <= 9
	}
	return false
}

// value decodes an element: undefined when it has no value.
func (e element) value() Value {
	switch e.kind {
	case listText:
		return Text(e.data)
	case listWide:
		return narrow(e.data)
	case listPositive:
		return listInteger(e.data, 0, 0)
	case listNegative:
		return listInteger(e.data, 0xff, 0)
	case listPositiveReal:
		return listInteger(e.data[1:], 0, int8(e.data[0]))
	case listNegativeReal:
		return listInteger(e.data[1:], 0xff, int8(e.data[0]))
	case listDouble:
		var b [8]byte
		copy(b[8-len(e.data):], e.data)
		return Double(math.Float64frombits(binary.LittleEndian.Uint64(b[:])))
	}
	return Value{}
}

// listInteger reads an integer, its missing bytes taken as fill, times 10^exp.
func listInteger(data string, fill byte, exp int8) Value {
	var b [8]byte
	for i := copy(b[:], data); i < len(b); i++ {
		b[i] = fill
	}
	u := binary.LittleEndian.Uint64(b[:])
	neg, hi := fill != 0, uint64(0)
	if neg {
		if u = -u; u == 0 {
			hi = 1
		}
	}
	v, ok := pack(neg, hi, u, int(exp))
	if !ok {
		return hugeDouble(neg, hi, u, int(exp))
	}
	return v
}

// listOf is the bytes of a list, or <LIST>.
func (p *Process) listOf(v Value) string {
	if v.kind != kindText {
		v = v.asText()
		if v.kind == kindWide {
			p.raise(errList, "")
		}
	}
	return v.text
}

// listElement reads the element at byte at, or raises <LIST>.
func (p *Process) listElement(s string, at int) element {
	e, ok := elementAt(s, at)
	if !ok {
		p.raise(errList, "")
	}
	return e
}

// listCount is the number of elements of a list.
func (p *Process) listCount(s string) int {
	n := 0
	for at := 0; at < len(s); n++ {
		at = p.listElement(s, at).next
	}
	return n
}

// listSeek is the byte where element number n, from 0, begins; the list's length and
// false when it has fewer.
func (p *Process) listSeek(s string, n int64) (at int, ok bool) {
	for ; n > 0; n-- {
		if at >= len(s) {
			return len(s), false
		}
		at = p.listElement(s, at).next
	}
	return at, at < len(s)
}

// isList tells whether v is a list from its first to its last byte.
func isList(v Value) bool {
	v = v.asText()
	if v.kind != kindText {
		return false
	}
	for at := 0; at < len(v.text); {
		e, ok := elementAt(v.text, at)
		if !ok {
			return false
		}
		at = e.next
	}
	return true
}

// listNext is the core of $LISTNEXT: the element that begins at byte at of a list, and
// where the one after it begins; ok is false at the end.
func (p *Process) listNext(list Value, at int) (v Value, next int, ok bool) {
	s := p.listOf(list)
	if at < 0 || at >= len(s) {
		return Value{}, at, false
	}
	e := p.listElement(s, at)
	return e.value(), e.next, true
}

// listElements is the values of all elements of a list, undefined for those without
// one; ok is false when s is no list.
func listElements(s string) (values []Value, ok bool) {
	for at := 0; at < len(s); {
		e, ok := elementAt(s, at)
		if !ok {
			return nil, false
		}
		values = append(values, e.value())
		at = e.next
	}
	return values, true
}
