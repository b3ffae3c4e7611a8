package devices

// Translation between characters and the bytes of devices (house decision 6): a name of
// K\name\ or /IOTABLE= to a table. The tables are those of the National Language Support
// that Caché calls by these names. Every one of them has ASCII in its place, and none
// uses a control character inside another character, so line ends, padding and escape
// sequences are the same bytes in all of them.

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// charset is a translation table: an index into charsets.
type charset byte

// The tables that need no map. Latin1 and RAW both map a character below 256 to its
// byte; they differ in name only.
const (
	charsetRAW charset = iota
	charsetLatin1
	charsetUTF8
)

// charsetRow is one table: a map of 256 characters, or an encoding of one to four bytes
// with the length that a character's first bytes tell.
type charsetRow struct {
	name   string
	alias  string
	single *charmap.Charmap
	multi  encoding.Encoding
	size   func(b []byte) int
}

// charsets are the tables in the order of the device guide's list: Latin, Windows and
// DOS code pages, then the tables of more than one byte.
var charsets = []charsetRow{
	charsetRAW:    {name: "RAW", alias: "SAME"},
	charsetLatin1: {name: "Latin1"},
	charsetUTF8:   {name: "UTF8", alias: "UTF-8"},
	{name: "Latin2", single: charmap.ISO8859_2},
	{name: "Latin3", single: charmap.ISO8859_3},
	{name: "Latin4", single: charmap.ISO8859_4},
	{name: "LatinC", single: charmap.ISO8859_5},
	{name: "LatinA", single: charmap.ISO8859_6},
	{name: "LatinG", single: charmap.ISO8859_7},
	{name: "LatinH", single: charmap.ISO8859_8},
	{name: "LatinT", alias: "Latin5", single: charmap.ISO8859_9},
	{name: "Latin9", single: charmap.ISO8859_15},
	{name: "CP437", single: charmap.CodePage437},
	{name: "CP850", single: charmap.CodePage850},
	{name: "CP852", single: charmap.CodePage852},
	{name: "CP866", single: charmap.CodePage866},
	{name: "CP874", single: charmap.Windows874},
	{name: "CP1250", single: charmap.Windows1250},
	{name: "CP1251", single: charmap.Windows1251},
	{name: "CP1252", single: charmap.Windows1252},
	{name: "CP1253", single: charmap.Windows1253},
	{name: "CP1254", single: charmap.Windows1254},
	{name: "CP1255", single: charmap.Windows1255},
	{name: "CP1256", single: charmap.Windows1256},
	{name: "CP1257", single: charmap.Windows1257},
	{name: "CP1258", single: charmap.Windows1258},
	{name: "KOI8R", single: charmap.KOI8R},
	{name: "KOI8U", single: charmap.KOI8U},
	{name: "SJIS", alias: "CP932", multi: japanese.ShiftJIS, size: sizeSJIS},
	{name: "EUC", alias: "EUCJP", multi: japanese.EUCJP, size: sizeEUC},
	{name: "EUCKR", alias: "CP949", multi: korean.EUCKR, size: sizeDouble},
	{name: "GB2312", alias: "CP936", multi: simplifiedchinese.GBK, size: sizeDouble},
	{name: "GB18030", alias: "GB", multi: simplifiedchinese.GB18030, size: sizeGB18030},
	{name: "BIG5", alias: "CP950", multi: traditionalchinese.Big5, size: sizeDouble},
}

func (c charset) String() string { return charsets[c].name }

// charsetOf returns the table called name; def for "". A table that there is not is
// <TRANSLATE>.
func charsetOf(name string, def charset) (charset, error) {
	if name == "" {
		return def, nil
	}
	for i := range charsets {
		if row := &charsets[i]; strings.EqualFold(name, row.name) || row.alias != "" && strings.EqualFold(name, row.alias) {
			return charset(i), nil
		}
	}
	return def, &Error{Name: "TRANSLATE", Info: "/IOTABLE=" + name}
}

// identity reports whether every character is its own byte.
func (c charset) identity() bool { return c <= charsetLatin1 }

// refusal is the error of a character that the table has no bytes for: one that is too
// wide for a table without a map is <WIDE CHAR>.
func (c charset) refusal() string {
	if c.identity() {
		return "WIDE CHAR"
	}
	return "TRANSLATE"
}

// How many bytes a character has by its first ones, of which there is at least one;
// 0 when that cannot be told yet.

func sizeSJIS(b []byte) int {
	if c := b[0]; c >= 0x81 && c <= 0x9F || c >= 0xE0 && c <= 0xFC {
		return 2
	}
	return 1
}

func sizeEUC(b []byte) int {
	switch c := b[0]; {
	case c == 0x8F:
		return 3
	case c == 0x8E, c >= 0xA1 && c <= 0xFE:
		return 2
	}
	return 1
}

func sizeDouble(b []byte) int {
	if c := b[0]; c >= 0x81 && c <= 0xFE {
		return 2
	}
	return 1
}

func sizeGB18030(b []byte) int {
	switch {
	case sizeDouble(b) == 1:
		return 1
	case len(b) == 1:
		return 0
	case b[1] >= '0' && b[1] <= '9':
		return 4
	}
	return 2
}

// next reads the character at the start of b, which is not empty; size is 0 when it is
// cut off at the end of b, unless final. Bytes that are no character count as Latin-1,
// one by one.
func (c charset) next(b []byte, final bool) (r rune, size int) {
	row := &charsets[c]
	switch {
	case b[0] < utf8.RuneSelf || c.identity():
		return rune(b[0]), 1
	case row.single != nil:
		if r = row.single.DecodeByte(b[0]); r == utf8.RuneError {
			r = rune(b[0])
		}
		return r, 1
	case c == charsetUTF8:
		if !final && !utf8.FullRune(b) {
			return 0, 0
		}
		return decodeRune(b)
	}
	size = row.size(b)
	if size == 0 || size > len(b) {
		if !final {
			return 0, 0
		}
		return rune(b[0]), 1
	}
	var out [2 * utf8.UTFMax]byte
	n, used, err := row.multi.NewDecoder().Transform(out[:], b[:size], true)
	if r, _ = utf8.DecodeRune(out[:n]); err != nil || used != size || r == utf8.RuneError {
		return rune(b[0]), 1
	}
	return r, size
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
// character the table has no bytes for.
func (c charset) encode(dst []byte, s Text) (out []byte, ok bool) {
	switch {
	case !s.Wide:
		return encodeNarrow(c, dst, s.S)
	case c.identity():
		return dst, false
	}
	if row := &charsets[c]; row.multi != nil {
		return row.encodeMulti(dst, s.utf8())
	}
	out = dst
	for i := 0; i+1 < len(s.S); i += 2 {
		r := rune(s.S[i]) | rune(s.S[i+1])<<8
		if utf16.IsSurrogate(r) && i+3 < len(s.S) {
			if whole := utf16.DecodeRune(r, rune(s.S[i+2])|rune(s.S[i+3])<<8); whole != utf8.RuneError {
				r, i = whole, i+2
			}
		}
		if out, ok = c.appendRune(out, r); !ok {
			return dst, false
		}
	}
	return out, true
}

// utf8 is wide text in UTF-8.
func (s Text) utf8() string {
	b, _ := charsetUTF8.encode(nil, s)
	return string(b)
}

// appendRune appends one character in UTF-8 or in a table of single bytes.
func (c charset) appendRune(dst []byte, r rune) ([]byte, bool) {
	if c == charsetUTF8 {
		return utf8.AppendRune(dst, r), true
	}
	m := charsets[c].single
	b, ok := m.EncodeRune(r)
	if !ok && r < 256 && m.DecodeByte(byte(r)) == utf8.RuneError {
		b, ok = byte(r), true // a byte without a meaning, which next reads as itself
	}
	if !ok {
		return dst, false
	}
	return append(dst, b), true
}

func (row *charsetRow) encodeMulti(dst []byte, text string) ([]byte, bool) {
	s, err := row.multi.NewEncoder().String(text)
	if err != nil {
		return dst, false
	}
	return append(dst, s...), true
}

// encodeNarrow appends the bytes of characters below 256.
func encodeNarrow[T data](c charset, dst []byte, s T) (out []byte, ok bool) {
	if c.identity() || ascii(s) {
		return append(dst, s...), true
	}
	if row := &charsets[c]; row.multi != nil {
		wide, _ := encodeNarrow(charsetUTF8, nil, s)
		return row.encodeMulti(dst, string(wide))
	}
	out = dst
	for i := 0; i < len(s); i++ {
		if out, ok = c.appendRune(out, rune(s[i])); !ok {
			return dst, false
		}
	}
	return out, true
}

// decode turns bytes into characters.
func (c charset) decode(b []byte) Text {
	if c.identity() || ascii(b) {
		return Text{S: string(b)}
	}
	narrow := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		r, n := c.next(b[i:], true)
		if r > 255 {
			return c.decodeWide(b)
		}
		narrow = append(narrow, byte(r))
		i += n
	}
	return Text{S: string(narrow)}
}

func (c charset) decodeWide(b []byte) Text {
	wide := make([]byte, 0, 2*len(b))
	var units []uint16
	for i := 0; i < len(b); {
		r, n := c.next(b[i:], true)
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
			return charsetUTF8.decodeWide([]byte(string(chars)))
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
	if c.identity() {
		size = min(n, len(b))
		return size, size
	}
	for size < len(b) && chars < n {
		r, w := c.next(b[size:], final)
		if w == 0 {
			break
		}
		size += w
		chars++
		if r > 0xFFFF {
			chars++ // two 16-bit units
		}
	}
	return size, chars
}

// terminators are the bytes, or the characters, that end a READ of a device with this
// table when the characters of user do.
func (c charset) terminators(user Text) (ends terminators) {
	var chars []rune
	if user.Wide {
		for i := 0; i+1 < len(user.S); i += 2 {
			chars = append(chars, rune(user.S[i])|rune(user.S[i+1])<<8)
		}
	} else {
		for i := range len(user.S) {
			chars = append(chars, rune(user.S[i]))
		}
	}
	row := &charsets[c]
	for _, r := range chars {
		switch {
		case r < '0', r < utf8.RuneSelf && row.multi == nil, r < 256 && c.identity():
			ends.add(byte(r))
		case c.identity(): // never comes
		case row.single != nil:
			if b, ok := c.appendRune(nil, r); ok {
				ends.add(b[0])
			}
		default:
			ends.oneByOne = true
		}
	}
	if ends.oneByOne { // a byte of one character may look like another
		ends.table, ends.chars = c, chars
	}
	return ends
}

// cutTables takes K\name\ (the translation table), Y\name\ ($X/$Y actions, which are the
// device's own) and a bare K (translation on or off, by its sign) out of a mode string,
// and returns what is left of it.
func cutTables(s string, table *charset, def charset, translate *bool) (letters string, err error) {
	on := true
	for s != "" {
		c := s[0]
		switch {
		case c == '+' || c == '-':
			on = c == '+'
		case c|0x20 == 'k', c|0x20 == 'y':
			s = s[1:]
			named := strings.HasPrefix(s, `\`)
			name := ""
			if named {
				name, s, _ = strings.Cut(s[1:], `\`)
			}
			if c|0x20 == 'y' {
				continue
			}
			*translate = on
			if named && on {
				if *table, err = charsetOf(name, def); err != nil {
					return "", err
				}
			}
			continue
		}
		letters, s = letters+s[:1], s[1:]
	}
	return letters, nil
}
