package runtime

// Functions of bit strings: the $BIT family, $FACTOR, $ZBOOLEAN.
//
// A bit string is kept as $ZWCHAR(128+unused,bytes) and its bytes, the first bit in the
// lowest place of the first byte: unused bits of the last byte lie beyond its end. This
// is the plain one of the encodings Caché chooses from.

import (
	"bytes"
	"math/big"
	"math/bits"
)

// errBitString is raised for what is not a bit string.
var errBitString = newError("INVALID BIT STRING", 158, "", "the value is not a bit string")

const (
	bitHeader = 4          // bytes before the bits
	maxBits   = 8 * 0xffff // what the byte count in the header can say
)

// bitString is the bytes of a bit string and its length in bits.
func (p *Process) bitString(v Value) (data string, n int) {
	s := v.asText()
	if s.length() == 0 {
		return "", 0
	}
	if !isBitString(s) {
		p.raise(errBitString, "")
	}
	return s.text[bitHeader:], 8*(len(s.text)-bitHeader) - int(s.text[0]-128)
}

// isBitString tells whether v has the form of a bit string with at least one bit.
func isBitString(v Value) bool {
	s := v.text
	return v.kind == kindText && len(s) > bitHeader && s[0] >= 128 && s[0] < 136 && s[1] == 0 &&
		int(s[2])+int(s[3])<<8 == len(s)-bitHeader
}

// makeBits is the bit string of the first n bits of data.
func makeBits(data []byte, n int) Value {
	if n == 0 {
		return Empty
	}
	size := (n + 7) / 8
	buf := append(make([]byte, 0, bitHeader+size), byte(128+8*size-n), 0, byte(size), byte(size>>8))
	buf = append(buf, data[:size]...)
	if spare := 8*size - n; spare > 0 {
		buf[len(buf)-1] &= 0xff >> spare
	}
	return Text(string(buf))
}

// fnBit is $BIT(bits,position): 0 outside.
func fnBit(p *Process, a []Value) Value {
	data, n := p.bitString(a[0])
	i := a[1].int64() - 1
	if i < 0 || i >= int64(n) {
		return Int(0)
	}
	return Int(int64(data[i>>3] >> (i & 7) & 1))
}

// setBit is what SET $BIT(old,position)=value stores.
func setBit(p *Process, old, where, value Value) Value {
	data, n := p.bitString(old)
	i := where.int64() - 1
	if i < 0 {
		p.raise(errRange, "")
	}
	if i >= maxBits {
		p.raise(errMaxString, "")
	}
	n = max(n, int(i)+1)
	buf := make([]byte, (n+7)/8)
	copy(buf, data)
	if value.truth() {
		buf[i>>3] |= 1 << (i & 7)
	} else {
		buf[i>>3] &^= 1 << (i & 7)
	}
	return makeBits(buf, n)
}

// fnBitCount is $BITCOUNT(bits): its length; $BITCOUNT(bits,b): how many are b.
func fnBitCount(p *Process, a []Value) Value {
	data, n := p.bitString(a[0])
	which := arg(a, 1)
	if !which.defined() {
		return Int(int64(n))
	}
	ones := 0
	for i := 0; i < len(data); i++ {
		ones += bits.OnesCount8(data[i])
	}
	if which.truth() {
		return Int(int64(ones))
	}
	return Int(int64(n - ones))
}

// fnBitFind is $BITFIND(bits,b,position,direction): where the next b is, 0 when nowhere.
func fnBitFind(p *Process, a []Value) Value {
	data, n := p.bitString(a[0])
	want := byte(0)
	if a[1].truth() {
		want = 1
	}
	step, at := 1, max(position(arg(a, 2), n, 1), 1)
	if position(arg(a, 3), 0, 1) < 0 {
		step, at = -1, int64(n)
		if v := arg(a, 2); v.defined() {
			at = min(position(v, n, 0), int64(n))
		}
	}
	for ; at >= 1 && at <= int64(n); at += int64(step) {
		if data[(at-1)>>3]>>((at-1)&7)&1 == want {
			return Int(at)
		}
	}
	return Int(0)
}

// bitOperate is x&y, x|y or x^y of $BITLOGIC; the shorter operand is filled with zeros.
func (p *Process) bitOperate(op string, x, y Value) Value {
	xs, xn := p.bitString(x)
	ys, yn := p.bitString(y)
	n := max(xn, yn)
	buf := make([]byte, (n+7)/8)
	copy(buf, xs)
	for i := range buf {
		other := byte(0)
		if i < len(ys) {
			other = ys[i]
		}
		switch op {
		case "&":
			buf[i] &= other
		case "|":
			buf[i] |= other
		case "^":
			buf[i] ^= other
		}
	}
	return makeBits(buf, n)
}

// bitNot is ~x of $BITLOGIC.
func (p *Process) bitNot(x Value) Value {
	xs, n := p.bitString(x)
	buf := make([]byte, (n+7)/8)
	for i := range n {
		if xs[i>>3]&(1<<(i&7)) == 0 {
			buf[i>>3] |= 1 << (i & 7)
		}
	}
	return makeBits(buf, n)
}

// bitResize cuts or fills a bit string to n bits, as the length argument of $BITLOGIC
// does with every operand.
func (p *Process) bitResize(x Value, n int64) Value {
	if n < 0 || n > maxBits {
		p.raise(errRange, "")
	}
	data, _ := p.bitString(x)
	buf := make([]byte, (n+7)/8)
	copy(buf, data)
	return makeBits(buf, int(n))
}

// fnBitLogic is $BITLOGIC(bits,length) with its expression already evaluated.
func fnBitLogic(p *Process, a []Value) Value {
	if n := arg(a, 1); n.defined() {
		return p.bitResize(a[0], n.int64())
	}
	_, n := p.bitString(a[0])
	return p.bitResize(a[0], int64(n))
}

// fnFactor is $FACTOR(num,scale): the binary digits of |num|×10^scale, rounded, from
// the lowest on, in whole 32-bit words.
func fnFactor(p *Process, a []Value) Value {
	v := p.num(a[0])
	if v.kind == kindDouble {
		n, ok := fromFloat(v.double(), 40)
		if !ok {
			return Empty
		}
		v = n
	}
	scale := int64(v.exp) + max(min(position(arg(a, 1), 0, 0), 1000), -1000)
	if scale > 512 {
		p.raise(errMaxNumber, "")
	}
	n := scaledInteger(v.mant, int(max(scale, -40)))
	if n.Sign() == 0 {
		return Empty
	}
	size := (n.BitLen() + 31) / 32 * 4
	data := n.FillBytes(make([]byte, size))
	for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
		data[i], data[j] = data[j], data[i]
	}
	return makeBits(data, 8*size)
}

// scaledInteger is |m|×10^exp rounded half up.
func scaledInteger(m int64, exp int) *big.Int {
	_, u := magnitude(m)
	if exp < 0 {
		_, lo, digit := dropDigits(0, u, -exp)
		if digit >= 5 {
			lo++
		}
		return new(big.Int).SetUint64(lo)
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil)
	return power.Mul(power, new(big.Int).SetUint64(u))
}

// fnZboolean is $ZBOOLEAN(x,y,op): bit by bit, op's bits 8 4 2 1 say what becomes of
// the pairs 00 01 10 11. Numbers are little-endian words of four bytes, or of eight when
// one of them needs it; the result is of x's kind.
func fnZboolean(p *Process, a []Value) Value {
	x, y := a[0], a[1]
	op := byte(a[2].int64() & 15)
	if y.length() == 0 {
		return x
	}
	size := 4
	if p.needsEight(x) || p.needsEight(y) {
		size = 8
	}
	xs, ys := p.booleanBytes(x, size), p.booleanBytes(y, size)
	out := make([]byte, len(xs))
	for i := range out {
		out[i] = booleanByte(xs[i], ys[i%len(ys)], op)
	}
	if x.kind != kindNumber {
		return Text(string(out))
	}
	var n int64
	for i := range out {
		n |= int64(out[i]) << (8 * i)
	}
	if size == 4 {
		n = int64(int32(n))
	}
	return Int(n)
}

func (p *Process) needsEight(v Value) bool {
	if v.kind == kindDouble || v.kind == kindNumber && v.exp != 0 {
		p.raise(errFunction, "")
	}
	return v.kind == kindNumber && int64(int32(v.mant)) != v.mant
}

func (p *Process) booleanBytes(v Value, size int) []byte {
	if v.kind == kindNumber {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(v.mant >> (8 * i))
		}
		return b
	}
	if v.kind == kindWide {
		p.raise(errWideChar, "")
	}
	return []byte(v.str())
}

func booleanByte(x, y, op byte) byte {
	var r byte
	if op&8 != 0 {
		r |= ^x & ^y
	}
	if op&4 != 0 {
		r |= ^x & y
	}
	if op&2 != 0 {
		r |= x & ^y
	}
	if op&1 != 0 {
		r |= x & y
	}
	return r
}

// bitList is the positions of the bits of v that are 1, as ZWRITE shows them: 1,3..6.
func (p *Process) bitList(v Value) string {
	data, n := p.bitString(v)
	var b bytes.Buffer
	for i := 0; i < n; i++ {
		if data[i>>3]>>(i&7)&1 == 0 {
			continue
		}
		end := i
		for end+1 < n && data[(end+1)>>3]>>((end+1)&7)&1 == 1 {
			end++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(Int(int64(i + 1)).str())
		switch {
		case end == i+1:
			b.WriteString("," + Int(int64(end+1)).str())
		case end > i+1:
			b.WriteString(".." + Int(int64(end+1)).str())
		}
		i = end
	}
	return b.String()
}
