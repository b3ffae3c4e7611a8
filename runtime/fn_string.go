package runtime

// Functions of strings: $ASCII $CHAR $EXTRACT $FIND $JUSTIFY $LENGTH $PIECE $REPLACE
// $REVERSE $TRANSLATE, and what SET $EXTRACT and SET $PIECE do. A result that is part
// of an argument shares its memory.

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// arg is the i-th argument, undefined when it was omitted.
func arg(a []Value, i int) Value {
	if i < len(a) {
		return a[i]
	}
	return Value{}
}

// position is the 1-based position v names in something of n parts; missing stands for
// an omitted v. * is n, *-k is n-k.
func position(v Value, n int, missing int64) int64 {
	switch {
	case v.kind == kindLast:
		return int64(n) + max(min(v.mant, math.MaxInt32), math.MinInt32)
	case !v.defined():
		return missing
	}
	return v.int64()
}

// span is the 0-based half-open range [lo,hi) that 1-based positions from and to
// select of n parts; lo >= hi when there is none.
func span(from, to int64, n int) (lo, hi int) {
	return int(min(max(from, 1)-1, int64(n))), int(max(min(to, int64(n)), 0))
}

// extract is $EXTRACT(s,from,to).
func extract(s Value, from, to int64) Value {
	if s.kind != kindText {
		s = s.asText()
	}
	lo, hi := span(from, to, s.length())
	if lo >= hi {
		return Empty
	}
	return s.slice(lo, hi)
}

// charAt is $EXTRACT(s,i).
func charAt(s Value, i int64) Value {
	if s.kind == kindText && uint64(i-1) < uint64(len(s.text)) {
		return Value{text: s.text[i-1 : i], kind: kindText}
	}
	return charAtSlow(s, i)
}

func charAtSlow(s Value, i int64) Value {
	if i < 1 {
		return Empty
	}
	if s.kind == kindNumber {
		var buf [maxNumberText]byte
		if text := s.appendText(buf[:0]); uint64(i-1) < uint64(len(text)) {
			return Text(chars[text[i-1]])
		}
		return Empty
	}
	return extract(s, i, i)
}

// codeAt is $ASCII(s,i): -1 where there is no character.
func codeAt(s Value, i int64) int64 {
	if s.kind == kindText && uint64(i-1) < uint64(len(s.text)) {
		return int64(s.text[i-1])
	}
	if s = s.asText(); i < 1 || i > int64(s.length()) {
		return -1
	}
	return int64(s.char(int(i - 1)))
}

func fnAscii(p *Process, a []Value) Value {
	return Int(codeAt(a[0], position(arg(a, 1), 0, 1)))
}

func fnChar(p *Process, a []Value) Value {
	if len(a) == 1 {
		if c := a[0].int64(); c >= 0 && c <= 255 {
			return Text(chars[c])
		}
	}
	var stack [64]byte
	b := builder{p: p, buf: stack[:0]}
	for _, v := range a {
		if c := v.int64(); c >= 0 && c <= math.MaxUint16 {
			b.char(uint16(c))
		}
	}
	return b.value()
}

func fnExtract(p *Process, a []Value) Value {
	s := a[0]
	if len(a) == 2 && a[1].isInteger() {
		return charAt(s, a[1].mant)
	}
	s = s.asText()
	n := s.length()
	from := position(arg(a, 1), n, 1)
	if len(a) < 3 || !a[2].defined() {
		if from < 1 {
			return Empty
		}
		return extract(s, from, from)
	}
	return extract(s, from, position(a[2], n, 0))
}

// setExtract is what SET $EXTRACT(old,from,to)=value stores; omitted positions are
// undefined. Blanks fill the way to a position beyond the end.
func setExtract(p *Process, old, from, to, value Value) Value {
	old, value = old.asText(), value.asText()
	n := old.length()
	lo := position(from, n, 1)
	hi := position(to, n, lo)
	if lo < 1 {
		if !to.defined() {
			return old
		}
		lo = 1
	}
	if hi < lo {
		return old
	}
	b := builder{p: p}
	b.add(old.slice(0, int(min(lo-1, int64(n)))))
	b.repeat(Text(" "), lo-1-int64(n))
	b.add(value)
	if hi < int64(n) {
		b.add(old.slice(int(hi), n))
	}
	return b.value()
}

// fnFind is $FIND(s,part,from). Beyond the string there is nothing to be found (RCOS_ffind);
// the standard finds "" everywhere.
func fnFind(p *Process, a []Value) Value {
	s, part := a[0].asText(), a[1].asText()
	from := max(position(arg(a, 2), s.length(), 1), 1)
	n := int64(s.length())
	if from > n+1 || from > n && part.length() > 0 {
		return Int(0)
	}
	at := find(s, part, int(from-1))
	if at < 0 {
		return Int(0)
	}
	return Int(int64(at + part.length() + 1))
}

func fnLength(p *Process, a []Value) Value {
	if len(a) < 2 || !a[1].defined() {
		return Int(int64(a[0].length()))
	}
	return Int(int64(pieces(a[0].asText(), a[1].asText())))
}

// pieces is $LENGTH(s,d): how many pieces the delimiter d makes of s, 0 for an empty one.
func pieces(s, d Value) int {
	if len(d.text) == 0 {
		return 0
	}
	if s.kind == kindText {
		if d.kind != kindText {
			return 1
		}
		return strings.Count(s.text, d.text) + 1
	}
	n, units := 1, d.units()
	for rest := s.text; ; n++ {
		i := indexUnits(rest, units)
		if i < 0 {
			return n
		}
		rest = rest[i+len(units):]
	}
}

func fnPiece(p *Process, a []Value) Value {
	s, d := a[0].asText(), a[1].asText()
	from, to := int64(1), int64(1)
	if len(a) > 2 {
		from = piecePosition(a[2], s, d, 1)
		to = from
		if len(a) > 3 {
			to = piecePosition(a[3], s, d, from)
		}
	}
	return piece(s, d, from, to)
}

func piecePosition(v, s, d Value, missing int64) int64 {
	if v.kind == kindLast {
		return position(v, pieces(s, d), missing)
	}
	return position(v, 0, missing)
}

// piece is $PIECE(s,d,from,to).
func piece(s, d Value, from, to int64) Value {
	if s.kind != kindText || d.kind != kindText {
		return pieceSlow(s.asText(), d.asText(), from, to)
	}
	lo, hi := pieceBounds(s.text, d.text, from, to)
	return Value{text: s.text[lo:hi], kind: kindText}
}

func pieceSlow(s, d Value, from, to int64) Value {
	if s.kind == kindText && d.kind == kindText {
		return piece(s, d, from, to)
	}
	if s.kind == kindText { // a wide delimiter does not occur
		if from <= 1 && to >= 1 {
			return s
		}
		return Empty
	}
	lo, hi := wideBounds(s.text, d.units(), from, to)
	return narrow(s.text[lo:hi])
}

// pieceBounds is where the pieces from to to of s lie, as byte offsets.
func pieceBounds(s, d string, from, to int64) (lo, hi int) {
	return bounds(s, d, from, to, indexDelimiter)
}

// wideBounds is pieceBounds on 16-bit units.
func wideBounds(s, d string, from, to int64) (lo, hi int) {
	return bounds(s, d, from, to, indexUnits)
}

func bounds(s, d string, from, to int64, index func(s, d string) int) (lo, hi int) {
	from = max(from, 1)
	if to < from || len(d) == 0 {
		return 0, 0
	}
	for n := from; n > 1; n-- {
		i := index(s[lo:], d)
		if i < 0 {
			return len(s), len(s)
		}
		lo += i + len(d)
	}
	hi = lo
	for n := to - from; ; n-- {
		i := index(s[hi:], d)
		if i < 0 {
			return lo, len(s)
		}
		hi += i
		if n == 0 {
			return lo, hi
		}
		hi += len(d)
	}
}

func indexDelimiter(s, d string) int {
	if len(d) == 1 {
		return strings.IndexByte(s, d[0])
	}
	return strings.Index(s, d)
}

// setPiece is what SET $PIECE(old,d,from,to)=value stores; omitted positions are
// undefined. Delimiters fill the way to a piece beyond the last; with an empty delimiter
// the whole string is its first piece. Positions that name no piece give an undefined
// value: nothing is to be changed.
func setPiece(p *Process, old, d, from, to, value Value) Value {
	old, d, value = old.asText(), d.asText(), value.asText()
	lo := piecePosition(from, old, d, 1)
	hi := piecePosition(to, old, d, lo)
	if lo < 1 {
		if !to.defined() {
			return Value{}
		}
		lo = 1
	}
	if hi < lo {
		return Value{}
	}
	if d.length() == 0 {
		if lo > 1 {
			return p.concat(old, value)
		}
		return value
	}
	if old.kind == kindText && d.kind == kindText && value.kind == kindText {
		return setPieceText(p, old.text, d.text, lo, hi, value.text)
	}
	b := builder{p: p}
	if n := int64(pieces(old, d)); lo > n {
		b.add(old)
		b.repeat(d, lo-n)
		b.add(value)
		return b.value()
	}
	if lo > 1 {
		b.add(piece(old, d, 1, lo-1))
		b.add(d)
	}
	b.add(value)
	if n := int64(pieces(old, d)); hi < n {
		b.add(d)
		b.add(piece(old, d, hi+1, n))
	}
	return b.value()
}

// setPieceText is setPiece where all is 8-bit text: one pass and one allocation.
func setPieceText(p *Process, old, d string, from, to int64, value string) Value {
	at, missing := 0, int64(0)
	for n := from; n > 1; n-- {
		i := indexDelimiter(old[at:], d)
		if i < 0 {
			at, missing = len(old), n-1
			break
		}
		at += i + len(d)
	}
	rest := ""
	if missing == 0 {
		_, hi := pieceBounds(old[at:], d, 1, to-from+1)
		rest = old[at+hi:]
	}
	if missing > maxString || at+int(missing)*len(d)+len(value)+len(rest) > maxString {
		p.raise(errMaxString, "")
	}
	var b strings.Builder
	b.Grow(at + int(missing)*len(d) + len(value) + len(rest))
	b.WriteString(old[:at])
	for range missing {
		b.WriteString(d)
	}
	b.WriteString(value)
	b.WriteString(rest)
	return Text(b.String())
}

func fnReverse(p *Process, a []Value) Value {
	s := a[0].asText()
	n := s.length()
	if n < 2 {
		return s
	}
	if s.kind == kindText {
		buf := []byte(s.text)
		slices.Reverse(buf)
		return Text(string(buf))
	}
	b := builder{p: p, buf: make([]byte, 0, len(s.text)), wide: true}
	for i := n - 1; i >= 0; i-- {
		b.char(s.char(i))
	}
	return b.value()
}

func fnTranslate(p *Process, a []Value) Value {
	return translate(p, a[0], a[1].asText(), arg(a, 2).asText())
}

// translate is $TRANSLATE(s,from,to): each character of s that is in from becomes the
// one at the same place in to, or vanishes when to is shorter.
func translate(p *Process, s, from, to Value) Value {
	if s.kind != kindText || from.kind != kindText || to.kind != kindText {
		return translateSlow(p, s.asText(), from, to)
	}
	if len(s.text) == 0 || len(from.text) == 0 {
		return s
	}
	// A set of the characters to look for decides most of them at once.
	var set [4]uint64
	for i := 0; i < len(from.text); i++ {
		c := from.text[i]
		set[c>>6] |= 1 << (c & 63)
	}
	text := s.text
	i := 0
	for i < len(text) && set[text[i]>>6]>>(text[i]&63)&1 == 0 {
		i++
	}
	if i == len(text) {
		return s
	}
	var stack [64]byte
	buf := append(stack[:0], text[:i]...)
	if len(text) > len(stack) {
		buf = append(make([]byte, 0, len(text)), text[:i]...)
	}
	for ; i < len(text); i++ {
		c := text[i]
		if set[c>>6]>>(c&63)&1 != 0 {
			at := strings.IndexByte(from.text, c)
			if at >= len(to.text) {
				continue
			}
			c = to.text[at]
		}
		buf = append(buf, c)
	}
	if len(buf) == 1 {
		return Text(chars[buf[0]])
	}
	return Text(string(buf))
}

func translateSlow(p *Process, s, from, to Value) Value {
	if s.kind == kindText && from.kind == kindText && to.kind == kindText {
		return translate(p, s, from, to)
	}
	become := make(map[uint16]int32, from.length())
	for i := range from.length() {
		c := from.char(i)
		if _, ok := become[c]; ok {
			continue
		}
		become[c] = -1
		if i < to.length() {
			become[c] = int32(to.char(i))
		}
	}
	b := builder{p: p, buf: make([]byte, 0, len(s.text))}
	for i := range s.length() {
		c := s.char(i)
		if to, ok := become[c]; !ok {
			b.char(c)
		} else if to >= 0 {
			b.char(uint16(to))
		}
	}
	return b.value()
}

func fnReplace(p *Process, a []Value) Value {
	s, old, value := a[0].asText(), a[1].asText(), a[2].asText()
	start := max(position(arg(a, 3), 0, 1), 1)
	count := position(arg(a, 4), 0, -1)
	if start > 1 {
		s = extract(s, start, math.MaxInt64)
	}
	if old.length() == 0 || count < -1 {
		return s
	}
	in, what := s, old
	if arg(a, 5).truth() {
		in, what = foldCase(p, s), foldCase(p, old)
	}
	b := builder{p: p}
	at := 0
	for ; count != 0; count-- {
		i := find(in, what, at)
		if i < 0 {
			break
		}
		b.add(s.slice(at, i))
		b.add(value)
		at = i + old.length()
	}
	if at == 0 {
		return s
	}
	b.add(s.slice(at, s.length()))
	return b.value()
}

// foldCase is s in lower case, character by character, so that positions stay.
func foldCase(p *Process, s Value) Value {
	return mapChars(p, s, func(c uint16) uint16 { return lowerChar(c) })
}

// mapChars applies f to every character of a text.
func mapChars(p *Process, s Value, f func(uint16) uint16) Value {
	b := builder{p: p, buf: make([]byte, 0, len(s.text))}
	for i := range s.length() {
		b.char(f(s.char(i)))
	}
	return b.value()
}

// lowerChar and upperChar change the case of one character; a surrogate, and a letter
// whose other case is no 16-bit character, stay.
func lowerChar(c uint16) uint16 { return caseChar(c, unicode.ToLower(rune(c))) }
func upperChar(c uint16) uint16 { return caseChar(c, unicode.ToUpper(rune(c))) }

func caseChar(c uint16, r rune) uint16 {
	if r > math.MaxUint16 || utf16.IsSurrogate(rune(c)) {
		return c
	}
	return uint16(r)
}

func fnJustify(p *Process, a []Value) Value {
	v := a[0]
	width := position(arg(a, 1), 0, 0)
	if len(a) < 3 || !a[2].defined() {
		return justify(p, v, width)
	}
	places := a[2].int64()
	if places < 0 {
		p.raise(errIllegal, "")
	}
	if places > maxString {
		p.raise(errMaxString, "")
	}
	var buf [maxNumberText]byte
	return justify(p, Text(string(appendFixed(buf[:0], p.num(v), int(places)))), width)
}

// justify is v right-aligned in width characters.
func justify(p *Process, v Value, width int64) Value {
	if v.kind == kindWide {
		b := builder{p: p}
		b.repeat(Text(" "), width-int64(v.length()))
		b.add(v)
		return b.value()
	}
	var buf [maxNumberText]byte
	var text []byte
	n := len(v.text)
	if v.kind != kindText {
		text = v.appendText(buf[:0])
		n = len(text)
	}
	pad := width - int64(n)
	if pad <= 0 {
		return v.asText()
	}
	if width > maxString {
		p.raise(errMaxString, "")
	}
	var line [64]byte
	out := line[:0]
	if width > int64(len(line)) {
		out = make([]byte, 0, width)
	}
	out = out[:pad]
	fill(out, ' ')
	if v.kind == kindText {
		out = append(out, v.text...)
	} else {
		out = append(out, text...)
	}
	return Text(string(out))
}

// roundTo rounds a decimal half away from zero to places digits behind the point;
// negative places round before it.
func (p *Process) roundTo(v Value, places int64) Value {
	drop := -int64(v.exp) - places
	switch {
	case drop <= 0:
		return v
	case drop > 20:
		return Int(0)
	}
	neg, m := magnitude(v.mant)
	hi, lo, digit := dropDigits(0, m, int(drop))
	if digit >= 5 {
		lo++
	}
	return p.packed(neg, hi, lo, int(v.exp)+int(drop))
}

// appendFixed appends v rounded to places digits behind the point, filled with zeros,
// with a zero before the point where nothing else is. INF and NAN stay as they are.
func appendFixed(buf []byte, v Value, places int) []byte {
	neg, whole, fraction := fixedDigits(v, places)
	if neg {
		buf = append(buf, '-')
	}
	buf = append(buf, whole...)
	if places > 0 && fraction != nil {
		buf = append(buf, '.')
		buf = append(buf, fraction...)
	}
	return buf
}
