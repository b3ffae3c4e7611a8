package runtime

// Values as text: canonical numbers, UTF-8, what devices take; and which texts are
// canonical numbers.

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"cos/devices"
)

// maxNumberText is the room the longest canonical number needs: "-." and 128+19 digits.
const maxNumberText = 160

// chars holds every one-character string, smallInts the texts of 0 to 999: the two
// kinds of short text a program makes most of.
var (
	chars     [256]string
	smallInts [1000]string
)

func init() {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	run := string(all[:])
	for i := range chars {
		chars[i] = run[i : i+1]
	}
	var digits []byte
	for i := range smallInts {
		digits = strconv.AppendInt(digits, int64(i), 10)
	}
	run = string(digits)
	at := 0
	for i := range smallInts {
		n := 1
		if i >= 100 {
			n = 3
		} else if i >= 10 {
			n = 2
		}
		smallInts[i] = run[at : at+n]
		at += n
	}
}

// appendText appends v's text: the canonical form of a number, the characters of 8-bit
// text. A wide value appends its 16-bit units; callers that cannot take them check.
func (v Value) appendText(buf []byte) []byte {
	switch v.kind {
	case kindText, kindWide:
		return append(buf, v.text...)
	case kindNumber:
		if v.exp == 0 {
			return strconv.AppendInt(buf, v.mant, 10)
		}
		return v.appendDecimal(buf)
	case kindDouble:
		return appendDouble(buf, v.double())
	case kindObject:
		return append(buf, orefText(v)...)
	}
	return buf
}

// appendDecimal appends a number with an exponent: no zero before the point, none
// behind the last digit, never an E.
func (v Value) appendDecimal(buf []byte) []byte {
	neg, m := magnitude(v.mant)
	var digits [20]byte
	d := strconv.AppendUint(digits[:0], m, 10)
	return appendPoint(buf, neg, d, int(v.exp))
}

// appendPoint appends ±digits × 10^exp with the point in its place.
func appendPoint(buf []byte, neg bool, digits []byte, exp int) []byte {
	if neg {
		buf = append(buf, '-')
	}
	whole := len(digits) + exp
	switch {
	case exp >= 0:
		buf = append(buf, digits...)
		for range exp {
			buf = append(buf, '0')
		}
	case whole > 0:
		buf = append(buf, digits[:whole]...)
		buf = append(buf, '.')
		buf = append(buf, digits[whole:]...)
	default:
		buf = append(buf, '.')
		for range -whole {
			buf = append(buf, '0')
		}
		buf = append(buf, digits...)
	}
	return buf
}

// appendDouble appends an IEEE double: up to 20 significant digits of its exact value
// (RCOS_fdouble), an exponent when those do not reach the point.
//
// A twentieth digit that rounding made 0 or 5 steps back to the value's side, 9 or 4
// below it, 1 or 6 above (RCOS_fdecimal): so texts sort as the doubles do.
func appendDouble(buf []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(buf, "NAN"...)
	case math.IsInf(f, 1):
		return append(buf, "INF"...)
	case math.IsInf(f, -1):
		return append(buf, "-INF"...)
	case f == 0:
		if math.Signbit(f) {
			return append(buf, "-0"...)
		}
		return append(buf, '0')
	}
	var tmp [40]byte
	s := strconv.AppendFloat(tmp[:0], math.Abs(f), 'e', 19, 64) // d.ddddddddddddddddddde±xx
	if s[20] == '0' || s[20] == '5' {
		s = stepBack(s, math.Abs(f))
	}
	exp, _ := strconv.Atoi(string(s[22:]))
	s[1] = s[0]
	digits := s[1:21]
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	if exp > -20 && exp < 21 {
		return appendPoint(buf, f < 0, digits, exp-len(digits)+1)
	}
	buf = appendPoint(buf, f < 0, digits, 1-len(digits))
	buf = append(buf, 'E')
	return strconv.AppendInt(buf, int64(exp), 10)
}

// stepBack is s, f to 20 digits of which the last is 0 or 5, with that digit moved
// unless it is exact.
func stepBack(s []byte, f float64) []byte {
	long := strconv.AppendFloat(nil, f, 'e', 60, 64)
	if len(bytes.Trim(long[21:62], "0")) == 0 {
		return s
	}
	if long[21] < '5' {
		s[20]++
		return s
	}
	return append(long[:21], long[62:]...) // what was cut off, not rounded
}

// str is v's text, one byte a character. For a wide value it is the 16-bit units.
func (v Value) str() string {
	switch v.kind {
	case kindText, kindWide:
		return v.text
	case kindNumber:
		if v.exp == 0 && uint64(v.mant) < uint64(len(smallInts)) {
			return smallInts[v.mant]
		}
	}
	return v.strSlow()
}

func (v Value) strSlow() string {
	if v.kind == kindObject {
		return orefText(v)
	}
	var buf [maxNumberText]byte
	return string(v.appendText(buf[:0]))
}

// asText is v as text: kindText or kindWide.
func (v Value) asText() Value {
	if v.kind == kindText || v.kind == kindWide {
		return v
	}
	return Text(v.str())
}

// device is v as devices take it.
func (v Value) device() devices.Text {
	return devices.Text{S: v.str(), Wide: v.kind == kindWide}
}

// length is the number of characters in v's text.
func (v Value) length() int {
	switch v.kind {
	case kindText:
		return len(v.text)
	case kindWide:
		return len(v.text) / 2
	case kindUndefined:
		return 0
	case kindObject:
		return len(orefText(v))
	}
	if v.exp == 0 && v.kind == kindNumber && uint64(v.mant) < 10 {
		return 1
	}
	var buf [maxNumberText]byte
	return len(v.appendText(buf[:0]))
}

// parseLiteral is the value of a numeric literal as the lexer took it from the source.
// One beyond the range of numbers is a double, perhaps an infinite one: the compiler
// reports that as <MAXNUMBER>.
func parseLiteral(s string) Value { return parseNumber(s, 1) }

// isCanonical tells whether s is exactly how its number prints: "1", "-.5", not "1.0",
// "01", "-0", "+1", "1E3", nor digits beyond those a number keeps.
func isCanonical(s string) bool {
	digits := s
	if strings.HasPrefix(s, "-") {
		digits = s[1:]
	}
	if digits == "" {
		return false
	}
	point := -1
	for i := 0; i < len(digits); i++ {
		if digits[i] == '.' && point < 0 {
			point = i
		} else if digits[i]-'0' > 9 {
			return false
		}
	}
	last := digits[len(digits)-1]
	switch {
	case digits[0] == '0' && s != "0":
		return false
	case point >= 0 && (last == '0' || last == '.'):
		return false
	case len(digits) <= 18:
		return true
	}
	n := parseNumber(s, 1)
	if n.kind != kindNumber {
		return false
	}
	var buf [maxNumberText]byte
	return string(n.appendText(buf[:0])) == s
}

// FromUTF8 makes a value of UTF-8 text. A byte that is not part of valid UTF-8 stands
// for itself, so that any file can be read.
func FromUTF8(s string) Value {
	wide, ascii := false, true
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		ascii = false
		r, n := decodeRune(s[i:])
		if r > 255 {
			wide = true
			break
		}
		i += n
	}
	if ascii {
		return Text(s)
	}
	buf := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := decodeRune(s[i:])
		i += n
		switch {
		case !wide:
			buf = append(buf, byte(r))
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			buf = append(buf, byte(hi), byte(hi>>8), byte(lo), byte(lo>>8))
		default:
			buf = append(buf, byte(r), byte(r>>8))
		}
	}
	if wide {
		return Value{text: string(buf), kind: kindWide}
	}
	return Text(string(buf))
}

func decodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		r = rune(s[0])
	}
	return r, n
}

// utf8 is v's text in UTF-8. A lone surrogate becomes U+FFFD.
func (v Value) utf8() string {
	s := v.str()
	if v.kind == kindWide {
		var b strings.Builder
		b.Grow(len(s) * 3 / 2)
		for i := 0; i+1 < len(s); i += 2 {
			r := rune(unit(s, i))
			if utf16.IsSurrogate(r) {
				var next rune
				if i+3 < len(s) {
					next = rune(unit(s, i+2))
				}
				if r = utf16.DecodeRune(r, next); r != utf8.RuneError {
					i += 2
				}
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	if i == len(s) {
		return s
	}
	buf := append(make([]byte, 0, len(s)+len(s)/2), s[:i]...)
	for ; i < len(s); i++ {
		buf = utf8.AppendRune(buf, rune(s[i]))
	}
	return string(buf)
}

// unit is the 16-bit unit at byte offset i of wide text.
func unit(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }
