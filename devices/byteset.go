package devices

// Sets of terminator bytes, and the search for the first of them.

import (
	"bytes"
	"slices"
)

// byteSet is a set of byte values.
type byteSet [4]uint64

func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

// few is the number of different bytes up to which searching for each in turn with the
// processor's vector instructions beats looking every byte up.
const few = 4

// stride bounds how far a search for one of several bytes runs past another's hit.
const stride = 256

// terminators are the bytes that end a READ. In a table of several bytes to a character
// some characters cannot be found by looking for a byte: then all of them are looked for
// character by character.
type terminators struct {
	set      byteSet
	list     []byte // the different members
	oneByOne bool
	table    charset
	chars    []rune
}

func (t *terminators) add(b byte) {
	if !t.set.has(b) {
		t.set.add(b)
		t.list = append(t.list, b)
	}
}

// index returns the position of the first terminator in b, or -1.
func (t *terminators) index(b []byte) int {
	switch n := len(t.list); {
	case t.oneByOne:
		return t.indexChars(b)
	case n == 0:
		return -1
	case n == 1:
		return bytes.IndexByte(b, t.list[0])
	case n <= few:
		return t.indexFew(b)
	}
	for i, c := range b {
		if t.set.has(c) {
			return i
		}
	}
	return -1
}

// indexChars is index where characters have several bytes; b begins with a character.
func (t *terminators) indexChars(b []byte) int {
	for at := 0; at < len(b); {
		r, size := t.table.next(b[at:], false)
		switch {
		case size == 0:
			return -1
		case slices.Contains(t.chars, r), size == 1 && t.set.has(b[at]):
			return at
		}
		at += size
	}
	return -1
}

// width is the number of bytes of the terminator at the start of b.
func (t *terminators) width(b []byte) int {
	if !t.oneByOne {
		return 1
	}
	_, size := t.table.next(b, true)
	return size
}

func (t *terminators) indexFew(b []byte) int {
	for at := 0; at < len(b); at += stride {
		window := b[at:min(at+stride, len(b))]
		hit := -1
		for _, c := range t.list {
			if i := bytes.IndexByte(window, c); i >= 0 {
				hit, window = i, window[:i]
			}
		}
		if hit >= 0 {
			return at + hit
		}
	}
	return -1
}
