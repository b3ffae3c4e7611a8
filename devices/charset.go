package devices

// Translation between characters and the bytes of terminals and files (house decision
// 6): a name of K\name\ or /IOTABLE= to a table.

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// charset is a translation table.
type charset byte

// The tables. Latin1 and RAW both map a character below 256 to its byte; they differ in
// name only.
const (
	charsetRAW charset = iota
	charsetLatin1
	charsetUTF8
)

var charsetNames = [...]string{charsetRAW: "RAW", charsetLatin1: "Latin1", charsetUTF8: "UTF8"}

func (c charset) String() string { return charsetNames[c] }

// charsetOf returns the table called name; def for "".
func charsetOf(name string, def charset) (charset, error) {
	switch strings.ToUpper(name) {
	case "":
		return def, nil
	case "RAW", "SAME":
		return charsetRAW, nil
	case "LATIN1":
		return charsetLatin1, nil
	case "UTF8", "UTF-8":
		return charsetUTF8, nil
	}
	return def, &Error{Name: "UNIMPLEMENTED", Info: "/IOTABLE=" + name}
}

// ascii reports whether b holds no byte above 127.
func ascii[T data](b T) bool {
	for i := 0; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// encode appends the bytes of s to dst; ok is false, and dst as it was, when s holds a
// character the table has no byte for.
func (c charset) encode(dst []byte, s Text) (out []byte, ok bool) {
	switch {
	case !s.Wide:
		return encodeNarrow(c, dst, s.S), true
	case c != charsetUTF8:
		return dst, false
	}
	for i := 0; i+1 < len(s.S); i += 2 {
		r := rune(s.S[i]) | rune(s.S[i+1])<<8
		if utf16.IsSurrogate(r) && i+3 < len(s.S) {
			if whole := utf16.DecodeRune(r, rune(s.S[i+2])|rune(s.S[i+3])<<8); whole != utf8.RuneError {
				r, i = whole, i+2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, true
}

// encodeNarrow appends the bytes of characters below 256.
func encodeNarrow[T data](c charset, dst []byte, s T) []byte {
	if c != charsetUTF8 || ascii(s) {
		return append(dst, s...)
	}
	for i := 0; i < len(s); i++ {
		dst = utf8.AppendRune(dst, rune(s[i]))
	}
	return dst
}

// decode turns bytes into characters. Bytes that are no UTF-8 count as Latin-1.
func (c charset) decode(b []byte) Text {
	if c != charsetUTF8 || ascii(b) {
		return Text{S: string(b)}
	}
	narrow := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		r, n := decodeRune(b[i:])
		if r > 255 {
			return decodeWide(b)
		}
		narrow = append(narrow, byte(r))
		i += n
	}
	return Text{S: string(narrow)}
}

func decodeWide(b []byte) Text {
	wide := make([]byte, 0, 2*len(b))
	var units []uint16
	for i := 0; i < len(b); {
		r, n := decodeRune(b[i:])
		units = utf16.AppendRune(units[:0], r)
		for _, u := range units {
			wide = append(wide, byte(u), byte(u>>8))
		}
		i += n
	}
	return Text{S: string(wide), Wide: true}
}

// textOf is the text of characters.
func textOf(chars []rune) Text {
	b := make([]byte, 0, len(chars))
	for _, r := range chars {
		if r > 255 {
			return decodeWide([]byte(string(chars)))
		}
		b = append(b, byte(r))
	}
	return Text{S: string(b)}
}

// decodeRune is utf8.DecodeRune with Latin-1 for what is no UTF-8.
func decodeRune(b []byte) (rune, int) {
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n <= 1 {
		return rune(b[0]), 1
	}
	return r, n
}

// prefix returns how many bytes at the start of b hold n characters, and how many
// characters it found when b holds fewer. A character cut off at the end of b is not
// counted unless final.
func (c charset) prefix(b []byte, n int, final bool) (size, chars int) {
	if c != charsetUTF8 {
		size = min(n, len(b))
		return size, size
	}
	for size < len(b) && chars < n {
		if b[size] < utf8.RuneSelf {
			size++
			chars++
			continue
		}
		if !final && !utf8.FullRune(b[size:]) {
			break
		}
		r, w := decodeRune(b[size:])
		size += w
		chars++
		if r > 0xFFFF {
			chars++ // two 16-bit units
		}
	}
	return size, chars
}
