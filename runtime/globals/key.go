package globals

// The key codec: a global reference as bytes whose order is M's collation order.
//
// A key is the global's name, a zero byte, and the encoded subscripts one after another. Each
// subscript's code is prefix-free, so a parent's key is a prefix of its descendants' keys, all of
// them stand between it and its next sibling, and comparing bytes compares references.
//
// The first byte of a subscript, in collation order:
//
//	02        the empty string
//	03        negative, 2^63 and beyond
//	04 … 0B   negative, 8 … 1 bytes of 2·|integer part| + (1 if a fraction follows), complemented
//	10 … 8F   0 … 63.999…: the same number, in the tag itself
//	90 … 97   positive, 1 … 8 bytes of the same number less 128
//	98        positive, 2^63 and beyond
//	A0        a string: its characters by code, ended by 00
//
// FF starts no subscript, so key+FF stands after all descendants of key.

import (
	"bytes"
	"errors"
	"math/bits"
)

const (
	tagEmpty   = 0x02
	tagNegHuge = 0x03
	tagNeg     = 0x0c // less the number of bytes
	tagSmall   = 0x10
	tagPos     = 0x8f // plus the number of bytes
	tagPosHuge = 0x98
	tagText    = 0xa0
	tagAfter   = 0xff

	smallLimit = 0x80
)

// ErrKey is returned for bytes that are not a key.
var ErrKey = errors.New("globals: malformed key")

// Subscript is one decoded subscript: a canonical number Mant × 10^Exp, or text, one byte a
// character, or 16-bit units with the low byte first when Wide. A number above the int64 range
// comes back with the largest Mant that fits, hence the smallest Exp.
type Subscript struct {
	Number bool
	Mant   int64
	Exp    int8
	Text   string
	Wide   bool
}

// AppendName starts a key with a global's name (without ^).
func AppendName(dst []byte, name string) []byte {
	return append(append(dst, name...), 0)
}

// SplitName takes a key apart into the global's name and its encoded subscripts.
func SplitName(key []byte) (name, subs []byte) {
	i := bytes.IndexByte(key, 0)
	if i < 0 {
		return key, nil
	}
	return key[:i], key[i+1:]
}

// AppendAfter appends what stands after every subscript.
func AppendAfter(dst []byte) []byte { return append(dst, tagAfter) }

// AppendInt appends an integer subscript; it is AppendNumber(dst, n, 0).
func AppendInt(dst []byte, n int64) []byte {
	if n >= 0 {
		return appendPositive(dst, uint64(n)<<1)
	}
	if n == -n { // -2^63
		return AppendNumber(dst, n, 0)
	}
	return appendNegative(dst, uint64(-n)<<1)
}

// AppendNumber appends the subscript mant × 10^exp. Equal numbers give equal bytes.
func AppendNumber(dst []byte, mant int64, exp int8) []byte {
	if exp == 0 && mant != -mant || mant == 0 {
		return AppendInt(dst, mant)
	}
	neg := mant < 0
	mag := uint64(mant)
	if neg {
		mag = -mag
	}
	for exp > 0 && mag <= (1<<63-1)/10 {
		mag, exp = mag*10, exp-1
	}
	if exp > 0 || exp == 0 && mag >= 1<<63 {
		return appendHuge(dst, neg, mag, int(exp))
	}
	for exp < 0 && mag%10 == 0 {
		mag, exp = mag/10, exp+1
	}
	whole, part, digits := mag, uint64(0), -int(exp)
	switch {
	case digits > 19:
		whole, part = 0, mag
	case digits > 0:
		whole, part = mag/pow10[digits], mag%pow10[digits]
	}
	v := whole << 1
	if digits > 0 {
		v |= 1
	}
	if neg {
		dst = appendNegative(dst, v)
	} else {
		dst = appendPositive(dst, v)
	}
	if digits > 0 {
		dst = appendDigits(dst, neg, part, digits)
	}
	return dst
}

func appendPositive(dst []byte, v uint64) []byte {
	if v < smallLimit {
		return append(dst, tagSmall+byte(v))
	}
	v -= smallLimit
	n := byteLen(v)
	dst = append(dst, tagPos+byte(n))
	for n--; n >= 0; n-- {
		dst = append(dst, byte(v>>(8*n)))
	}
	return dst
}

func appendNegative(dst []byte, v uint64) []byte {
	n := byteLen(v)
	dst = append(dst, tagNeg-byte(n))
	for n--; n >= 0; n-- {
		dst = append(dst, ^byte(v>>(8*n)))
	}
	return dst
}

func byteLen(v uint64) int {
	if v == 0 {
		return 1
	}
	return (bits.Len64(v) + 7) / 8
}

// appendHuge appends mag × 10^exp ≥ 2^63: the number of its digits before the decimal point, then
// the digits without trailing zeros.
func appendHuge(dst []byte, neg bool, mag uint64, exp int) []byte {
	digits := decimalLen(mag)
	point := byte(digits + exp)
	for mag%10 == 0 {
		mag, digits = mag/10, digits-1
	}
	if neg {
		dst = append(dst, tagNegHuge, ^point)
	} else {
		dst = append(dst, tagPosHuge, point)
	}
	return appendDigits(dst, neg, mag, digits)
}

// appendDigits appends v, zero-padded on the left to n digits, two to a byte (plus 1), ended by 0.
func appendDigits(dst []byte, neg bool, v uint64, n int) []byte {
	var flip byte
	if neg {
		flip = 0xff
	}
	pairs := (n + 1) / 2
	start := len(dst)
	for i := 0; i < pairs; i++ {
		dst = append(dst, flip^1)
	}
	last := pairs - 1
	if n%2 == 1 {
		dst[start+last] = flip ^ byte(v%10*10+1)
		v /= 10
		last--
	}
	for ; v > 0; last-- {
		dst[start+last] = flip ^ byte(v%100+1)
		v /= 100
	}
	return append(dst, flip)
}

// AppendText appends a string subscript: 8-bit characters, or 16-bit units with the low byte first.
func AppendText(dst []byte, s string, wide bool) []byte {
	if s == "" {
		return append(dst, tagEmpty)
	}
	dst = append(dst, tagText)
	if wide {
		for i := 0; i+1 < len(s); i += 2 {
			dst = appendUnit(dst, uint16(s[i])|uint16(s[i+1])<<8)
		}
		return append(dst, 0)
	}
	plain := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 2 || c >= 0x80 {
			dst = appendUnit(append(dst, s[plain:i]...), uint16(c))
			plain = i + 1
		}
	}
	return append(append(dst, s[plain:]...), 0)
}

// appendUnit appends one character: 00 and 01 escaped, else as UTF-8 would write the code.
func appendUnit(dst []byte, c uint16) []byte {
	switch {
	case c < 2:
		return append(dst, 1, byte(c)+1)
	case c < 0x80:
		return append(dst, byte(c))
	case c < 0x800:
		return append(dst, 0xc0|byte(c>>6), 0x80|byte(c&0x3f))
	}
	return append(dst, 0xe0|byte(c>>12), 0x80|byte(c>>6&0x3f), 0x80|byte(c&0x3f))
}

// NextSubscript decodes the first of the encoded subscripts (a key after its name, see SplitName)
// and returns what follows it. It fails with ErrKey on bytes this codec did not write.
func NextSubscript(key []byte) (sub Subscript, rest []byte, err error) {
	n := subscriptLen(key)
	if n == 0 {
		return sub, nil, ErrKey
	}
	enc, rest := key[:n], key[n:]
	switch tag := enc[0]; {
	case tag == tagEmpty:
		return sub, rest, nil
	case tag == tagText:
		sub.Text, sub.Wide, err = decodeText(enc[1 : n-1])
		return sub, rest, err
	case tag == tagNegHuge || tag == tagPosHuge:
		sub, err = decodeHuge(enc)
		return sub, rest, err
	}
	sub, err = decodeNumber(enc)
	return sub, rest, err
}

// subscriptLen is the length of the first encoded subscript, 0 when there is none.
func subscriptLen(key []byte) int {
	if len(key) == 0 {
		return 0
	}
	tag, n, fraction, end := key[0], 1, false, byte(0)
	switch {
	case tag == tagEmpty:
		return 1
	case tag == tagNegHuge:
		n, fraction, end = 2, true, 0xff
	case tag > tagNegHuge && tag < tagNeg:
		n = 1 + int(tagNeg-tag)
		if n > len(key) {
			return 0
		}
		fraction, end = key[n-1]&1 == 0, 0xff
	case tag >= tagSmall && tag <= tagPos:
		fraction = (tag-tagSmall)&1 == 1
	case tag > tagPos && tag < tagPosHuge:
		n = 1 + int(tag-tagPos)
		if n > len(key) {
			return 0
		}
		fraction = key[n-1]&1 == 1
	case tag == tagPosHuge:
		n, fraction = 2, true
	case tag == tagText:
		fraction = true
	default:
		return 0
	}
	if !fraction {
		return n
	}
	if n > len(key) {
		return 0
	}
	i := bytes.IndexByte(key[n:], end)
	if i < 0 {
		return 0
	}
	return n + i + 1
}

func decodeNumber(enc []byte) (sub Subscript, err error) {
	sub.Number = true
	tag, n := enc[0], 1
	var v uint64
	var flip byte
	switch {
	case tag < tagNeg:
		n, flip = 1+int(tagNeg-tag), 0xff
		for _, b := range enc[1:n] {
			v = v<<8 | uint64(^b)
		}
	case tag <= tagPos:
		v = uint64(tag - tagSmall)
	default:
		n = 1 + int(tag-tagPos)
		for _, b := range enc[1:n] {
			v = v<<8 | uint64(b)
		}
		v += smallLimit
	}
	mag := v >> 1
	if v&1 == 1 {
		part, digits, err := decodeDigits(enc[n:len(enc)-1], flip)
		if err != nil || digits > 128 {
			return sub, ErrKey
		}
		if mag > 0 {
			if digits > 18 {
				return sub, ErrKey
			}
			mag *= pow10[digits]
		}
		mag += part
		sub.Exp = int8(-digits)
	}
	sub.Mant = int64(mag)
	if flip != 0 {
		sub.Mant = -sub.Mant
	}
	return sub, nil
}

func decodeHuge(enc []byte) (sub Subscript, err error) {
	var flip byte
	if enc[0] == tagNegHuge {
		flip = 0xff
	}
	mag, digits, err := decodeDigits(enc[2:len(enc)-1], flip)
	if err != nil || mag == 0 {
		return sub, ErrKey
	}
	exp := int(enc[1]^flip) - digits
	for exp > 0 && mag <= (1<<63-1)/10 {
		mag, exp = mag*10, exp-1
	}
	if exp < 0 || exp > 127 {
		return sub, ErrKey
	}
	sub = Subscript{Number: true, Mant: int64(mag), Exp: int8(exp)}
	if flip != 0 {
		sub.Mant = -sub.Mant
	}
	return sub, nil
}

// decodeDigits reads digit pairs; digits counts them without a trailing zero.
func decodeDigits(enc []byte, flip byte) (v uint64, digits int, err error) {
	for i, b := range enc {
		b = (b ^ flip) - 1
		if b > 99 || v > (1<<64-1)/10 {
			return 0, 0, ErrKey
		}
		if i == len(enc)-1 && b%10 == 0 {
			v, digits = v*10+uint64(b/10), digits+1
			break
		}
		if v > (1<<64-1)/100 {
			return 0, 0, ErrKey
		}
		v, digits = v*100+uint64(b), digits+2
	}
	if digits == 0 {
		return 0, 0, ErrKey
	}
	return v, digits, nil
}

func decodeText(enc []byte) (s string, wide bool, err error) {
	plain := true
	for _, b := range enc {
		if b < 2 || b >= 0x80 {
			plain = false
			wide = wide || b > 0xc3
		}
	}
	if plain {
		return string(enc), false, nil
	}
	out := make([]byte, 0, len(enc)*2)
	for len(enc) > 0 {
		unit, n := decodeUnit(enc)
		if n == 0 {
			return "", false, ErrKey
		}
		out = append(out, byte(unit))
		if wide {
			out = append(out, byte(unit>>8))
		}
		enc = enc[n:]
	}
	return string(out), wide, nil
}

func decodeUnit(enc []byte) (unit uint16, n int) {
	b := enc[0]
	switch {
	case b == 1 && len(enc) > 1 && enc[1]-1 < 2:
		return uint16(enc[1] - 1), 2
	case b >= 2 && b < 0x80:
		return uint16(b), 1
	case b >= 0xc2 && b < 0xe0 && len(enc) > 1:
		return uint16(b&0x1f)<<6 | uint16(enc[1]&0x3f), 2
	case b >= 0xe0 && b < 0xf0 && len(enc) > 2:
		return uint16(b&0x0f)<<12 | uint16(enc[1]&0x3f)<<6 | uint16(enc[2]&0x3f), 3
	}
	return 0, 0
}

func decimalLen(v uint64) int {
	n := 1
	for n < len(pow10) && v >= pow10[n] {
		n++
	}
	return n
}

var pow10 = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()
