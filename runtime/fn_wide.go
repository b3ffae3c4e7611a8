package runtime

// Functions of characters beyond 16 bits and of how wide characters are: the $W family,
// which takes surrogate pairs as one character, $ZISWIDE, the byte orders of $ZWPACK, and
// the Japanese $ZWIDTH, $ZPOSITION and $ZZENKAKU.

import (
	"encoding/binary"
	"unicode/utf16"

	"cos/devices"
)

func wideFunctions() []intrinsic {
	return []intrinsic{
		{Name: "WASCII", Abbr: "WA", Min: 1, Max: 2, Fn: fnWascii,
			Syntax: "$WASCII(string[,position])", Doc: "the code of a character, a surrogate pair being one; -1 where there is none"},
		{Name: "WCHAR", Abbr: "WC", Min: 1, Max: -1, Fn: fnWchar,
			Syntax: "$WCHAR(code,…)", Doc: "the characters of codes up to 1114111, those above 65535 as surrogate pairs"},
		{Name: "WEXTRACT", Abbr: "WE", Min: 1, Max: 3, Fn: fnWextract,
			Syntax: "$WEXTRACT(string[,from[,to]])", Doc: "characters by position, a surrogate pair being one"},
		{Name: "WFIND", Abbr: "WF", Min: 2, Max: 3, Fn: fnWfind,
			Syntax: "$WFIND(string,part[,start])", Doc: "the position behind the first occurrence, a surrogate pair being one character"},
		{Name: "WISWIDE", Abbr: "WISWIDE", Min: 1, Max: 1, Fn: fnWiswide,
			Syntax: "$WISWIDE(string)", Doc: "1 if there is a surrogate pair in it"},
		{Name: "WLENGTH", Abbr: "WL", Min: 1, Max: 1, Fn: fnWlength,
			Syntax: "$WLENGTH(string)", Doc: "how many characters, a surrogate pair being one"},
		{Name: "WREVERSE", Abbr: "WRE", Min: 1, Max: 1, Fn: fnWreverse,
			Syntax: "$WREVERSE(string)", Doc: "the characters in reverse order, surrogate pairs kept"},
		{Name: "ZISWIDE", Abbr: "ZISWIDE", Min: 1, Max: 1, Fn: fnZiswide,
			Syntax: "$ZISWIDE(string)", Doc: "1 if a character is above 255"},
		{Name: "ZPOSITION", Abbr: "ZPOSITION", Min: 2, Max: 3, Fn: fnZposition,
			Syntax: "$ZPOSITION(string,field[,pitch])", Doc: "how many characters fit into a field where full-width ones take pitch (2) columns, with fractions"},
		{Name: "ZWBPACK", Abbr: "ZWBPACK", Min: 1, Max: 1, Fn: fnZwbpack,
			Syntax: "$ZWBPACK(string)", Doc: "pairs of bytes as wide characters, the high byte first"},
		{Name: "ZWBUNPACK", Abbr: "ZWBUNPACK", Min: 1, Max: 1, Fn: fnZwbunpack,
			Syntax: "$ZWBUNPACK(string)", Doc: "each character as two bytes, the high one first"},
		{Name: "ZWIDTH", Abbr: "ZWIDTH", Min: 1, Max: 2, Fn: fnZwidth,
			Syntax: "$ZWIDTH(string[,pitch])", Doc: "how many columns a string takes, full-width characters pitch (2)"},
		{Name: "ZZENKAKU", Abbr: "ZZENKAKU", Min: 1, Max: 3, Fn: fnZzenkaku,
			Syntax: "$ZZENKAKU(string[,katakana[,voiced]])", Doc: "half-width characters as full-width ones: kana as hiragana (0) or katakana (1), with their sound marks joined (1)"},
	}
}

// pairAt tells whether a surrogate pair begins at i, in characters from 0, of a text.
func (v Value) pairAt(i int) bool {
	return v.kind == kindWide && i >= 0 && i+1 < v.length() &&
		v.char(i)>>10 == 0xd800>>10 && v.char(i+1)>>10 == 0xdc00>>10
}

// step is where the character behind the one at i begins.
func (v Value) step(i int) int {
	if v.pairAt(i) {
		return i + 2
	}
	return i + 1
}

// wideLength counts a text's characters, pairs as one.
func (v Value) wideLength() (n int) {
	if v.kind != kindWide {
		return v.length()
	}
	for i := 0; i < v.length(); i = v.step(i) {
		n++
	}
	return n
}

// wideOffset is where the n-th character begins, from 1; the end for those beyond it.
func (v Value) wideOffset(n int64) int {
	size := v.length()
	if v.kind != kindWide {
		return int(min(max(n, 1)-1, int64(size)))
	}
	i := 0
	for ; n > 1 && i < size; n-- {
		i = v.step(i)
	}
	return i
}

func fnWascii(_ *Process, a []Value) Value {
	s := a[0].asText()
	at := position(arg(a, 1), s.wideLength(), 1)
	i := s.wideOffset(at)
	switch {
	case at < 1 || i >= s.length():
		return Int(-1)
	case s.pairAt(i):
		return Int(int64(utf16.DecodeRune(rune(s.char(i)), rune(s.char(i+1)))))
	}
	return Int(int64(s.char(i)))
}

func fnWchar(_ *Process, a []Value) Value {
	var buf []byte
	for _, v := range a {
		switch n := v.int64(); {
		case n < 0 || n > 0x10ffff:
		case n > 0xffff:
			hi, lo := utf16.EncodeRune(rune(n))
			buf = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(buf, uint16(hi)), uint16(lo))
		default:
			buf = binary.LittleEndian.AppendUint16(buf, uint16(n))
		}
	}
	return narrow(string(buf))
}

func fnWextract(_ *Process, a []Value) Value {
	s := a[0].asText()
	n := s.wideLength()
	from := position(arg(a, 1), n, 1)
	to := position(arg(a, 2), n, from)
	if to = min(to, int64(n)); to < 1 || to < from {
		return Empty
	}
	lo := s.wideOffset(from)
	return s.slice(lo, max(lo, s.wideOffset(to+1)))
}

func fnWfind(p *Process, a []Value) Value {
	s := a[0].asText()
	from := max(position(arg(a, 2), s.wideLength(), 1), 1)
	if from > int64(s.wideLength())+1 {
		return Int(0)
	}
	at := fnFind(p, []Value{s, a[1], Int(int64(s.wideOffset(from)) + 1)}).int64()
	if at == 0 {
		return Int(0)
	}
	return Int(int64(s.slice(0, int(min(at-1, int64(s.length())))).wideLength()) + 1)
}

func fnWiswide(_ *Process, a []Value) Value {
	s := a[0].asText()
	return Bool(s.wideLength() != s.length())
}

func fnWlength(_ *Process, a []Value) Value { return Int(int64(a[0].asText().wideLength())) }

func fnWreverse(p *Process, a []Value) Value {
	s := a[0].asText()
	if s.kind != kindWide {
		return fnReverse(p, a)
	}
	buf := make([]byte, len(s.text))
	for i, end := 0, len(buf); end > 0; {
		next := s.step(i)
		end -= 2 * (next - i)
		copy(buf[end:], s.text[2*i:2*next])
		i = next
	}
	return narrow(string(buf))
}

func fnZiswide(_ *Process, a []Value) Value { return Bool(a[0].asText().kind == kindWide) }

// swapBytes exchanges the two bytes of each pair.
func swapBytes(s string) string {
	buf := []byte(s)
	for i := 0; i+1 < len(buf); i += 2 {
		buf[i], buf[i+1] = buf[i+1], buf[i]
	}
	return string(buf)
}

func fnZwbpack(p *Process, a []Value) Value {
	return fnZwpack(p, []Value{Text(swapBytes(p.text8(a[0])))})
}

func fnZwbunpack(p *Process, a []Value) Value {
	return Text(swapBytes(fnZwunpack(p, a).text))
}

// pitchOf is the width of full-width characters in quarters of a column: pitch is 1, 1.25,
// 1.5 or 2.
func (p *Process) pitchOf(v Value) int {
	if !v.defined() {
		return 8
	}
	switch p.num(v).str() {
	case "1":
		return 4
	case "1.25":
		return 5
	case "1.5":
		return 6
	case "2":
		return 8
	}
	p.raise(errFunction, "")
	return 0
}

// quarters is the width of a character in quarters of a column.
func quarters(c uint16, pitch int) int {
	if c > 0xff && devices.FullWidth(rune(c)) {
		return pitch
	}
	return 4
}

func fnZwidth(p *Process, a []Value) Value {
	s, pitch, sum := a[0].asText(), p.pitchOf(arg(a, 1)), 0
	for i := range s.length() {
		sum += quarters(s.char(i), pitch)
	}
	return p.ratio(int64(sum), 4)
}

func fnZposition(p *Process, a []Value) Value {
	s, pitch := a[0].asText(), p.pitchOf(arg(a, 2))
	room := 4 * min(max(a[1].int64(), 0), maxString*2)
	for i := range s.length() {
		w := int64(quarters(s.char(i), pitch))
		if w > room {
			return p.ratio(int64(i)*w+room, w)
		}
		room -= w
	}
	return Int(int64(s.length()))
}

// ratio is a/b as a decimal.
func (p *Process) ratio(a, b int64) Value { return p.div(Int(a), Int(b)) }

// zenkaku are the full-width katakana of the half-width ones from U+FF61 on.
const zenkaku = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"

var zenkakuTable = []rune(zenkaku)

const (
	firstHankaku = 0xff61
	voicedMark   = 0xff9e
	halfVoiced   = 0xff9f
)

func fnZzenkaku(_ *Process, a []Value) Value {
	s := a[0].asText()
	katakana := arg(a, 1).defined() && a[1].truth()
	join := !arg(a, 2).defined() || a[2].truth()
	buf := make([]byte, 0, 2*s.length())
	for i := 0; i < s.length(); i++ {
		c := rune(s.char(i))
		switch {
		case c == ' ':
			c = 0x3000
		case c > ' ' && c <= '~':
			c += 0xff01 - '!'
		case c >= firstHankaku && int(c-firstHankaku) < len(zenkakuTable):
			c = zenkakuTable[c-firstHankaku]
			if next := i + 1; join && next < s.length() {
				if v := voiced(c, s.char(next)); v != 0 {
					c, i = v, next
				}
			}
			if !katakana && c >= 'ァ' && c <= 'ヴ' {
				c -= 'ァ' - 'ぁ'
			}
		}
		buf = binary.LittleEndian.AppendUint16(buf, uint16(c))
	}
	return narrow(string(buf))
}

// voiced is a full-width katakana with the sound mark that follows it, 0 when it takes none.
func voiced(c rune, mark uint16) rune {
	row := c >= 'ハ' && c <= 'ホ' && (c-'ハ')%3 == 0
	switch {
	case mark == halfVoiced && row:
		return c + 2
	case mark != voicedMark:
		return 0
	case row, c >= 'カ' && c <= 'チ' && (c-'カ')%2 == 0, c == 'ツ', c == 'テ', c == 'ト':
		return c + 1
	case c == 'ウ':
		return 'ヴ'
	}
	return 0
}
