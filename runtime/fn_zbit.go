package runtime

// The older bit strings: the $ZBIT family. Its format is not that of $BIT: the first byte
// says how many bits of the last byte lie beyond the end, and the first bit is the highest
// of the second byte.

import "math/bits"

// maxZbits is the longest bit string of the family.
const maxZbits = 32766 * 8

func zbitFunctions() []intrinsic {
	return []intrinsic{
		{Name: "ZBITAND", Abbr: "ZBITAND", Min: 2, Max: 2, Fn: zbitCombine(func(x, y byte) byte { return x & y }, false),
			Syntax: "$ZBITAND(bits,bits)", Doc: "AND of two bit strings of the $ZBIT family, as long as the shorter"},
		{Name: "ZBITCOUNT", Abbr: "ZBITCOUNT", Min: 1, Max: 1, Fn: fnZbitCount,
			Syntax: "$ZBITCOUNT(bits)", Doc: "how many bits are 1"},
		{Name: "ZBITFIND", Abbr: "ZBITFIND", Min: 2, Max: 3, Fn: fnZbitFind,
			Syntax: "$ZBITFIND(bits,b[,position])", Doc: "the position behind the next bit b, 0 when there is none"},
		{Name: "ZBITGET", Abbr: "ZBITGET", Min: 2, Max: 2, Fn: fnZbitGet,
			Syntax: "$ZBITGET(bits,position)", Doc: "one bit; a position outside is <FUNCTION>"},
		{Name: "ZBITLEN", Abbr: "ZBITLEN", Min: 1, Max: 1, Fn: fnZbitLen,
			Syntax: "$ZBITLEN(bits)", Doc: "how many bits there are"},
		{Name: "ZBITNOT", Abbr: "ZBITNOT", Min: 1, Max: 1, Fn: fnZbitNot,
			Syntax: "$ZBITNOT(bits)", Doc: "each bit inverted"},
		{Name: "ZBITOR", Abbr: "ZBITOR", Min: 2, Max: 2, Fn: zbitCombine(func(x, y byte) byte { return x | y }, true),
			Syntax: "$ZBITOR(bits,bits)", Doc: "OR of two bit strings, as long as the longer"},
		{Name: "ZBITSET", Abbr: "ZBITSET", Min: 3, Max: 3, Fn: fnZbitSet,
			Syntax: "$ZBITSET(bits,position,b)", Doc: "the bit string with one bit set to b"},
		{Name: "ZBITSTR", Abbr: "ZBITSTR", Min: 1, Max: 2, Fn: fnZbitStr,
			Syntax: "$ZBITSTR(size[,b])", Doc: "a bit string of size bits b (0)"},
		{Name: "ZBITXOR", Abbr: "ZBITXOR", Min: 2, Max: 2, Fn: zbitCombine(func(x, y byte) byte { return x ^ y }, false),
			Syntax: "$ZBITXOR(bits,bits)", Doc: "exclusive OR of two bit strings, as long as the shorter"},
	}
}

// zbits takes a bit string apart: its bytes and its length in bits.
func (p *Process) zbits(v Value) (data string, n int) {
	s := p.text8(v)
	if len(s) < 2 || s[0] > 7 {
		p.raise(errFunction, "*not a bit string of the $ZBIT family")
	}
	return s[1:], 8*(len(s)-1) - int(s[0])
}

// makeZbits is the bit string of the first n bits of data.
func makeZbits(data []byte, n int) Value {
	size := (n + 7) / 8
	buf := append(append(make([]byte, 0, 1+size), byte(8*size-n)), data[:size]...)
	buf[size] &= 0xff << buf[0]
	return Text(string(buf))
}

// zbitAt is the byte and the mask of a position, which must lie within n bits.
func (p *Process) zbitAt(where Value, n int) (at int, mask byte) {
	i := where.int64() - 1
	if i < 0 || i >= int64(n) {
		p.raise(errFunction, "")
	}
	return int(i >> 3), 0x80 >> (i & 7)
}

func zbitCombine(op func(x, y byte) byte, longer bool) func(*Process, []Value) Value {
	return func(p *Process, a []Value) Value {
		xs, xn := p.zbits(a[0])
		ys, yn := p.zbits(a[1])
		n := min(xn, yn)
		if longer {
			n = max(xn, yn)
		}
		buf := make([]byte, (n+7)/8)
		for i := range buf {
			var x, y byte
			if i < len(xs) {
				x = xs[i]
			}
			if i < len(ys) {
				y = ys[i]
			}
			buf[i] = op(x, y)
		}
		return makeZbits(buf, n)
	}
}

func fnZbitCount(p *Process, a []Value) Value {
	data, n := p.zbits(a[0])
	ones := 0
	for i := 0; i < len(data); i++ {
		ones += bits.OnesCount8(data[i])
	}
	spare := byte(1)<<(8*len(data)-n) - 1
	return Int(int64(ones - bits.OnesCount8(data[len(data)-1]&spare)))
}

func fnZbitFind(p *Process, a []Value) Value {
	data, n := p.zbits(a[0])
	want := a[1].truth()
	for i := max(position(arg(a, 2), n, 1), 1) - 1; i < int64(n); i++ {
		if (data[i>>3]&(0x80>>(i&7)) != 0) == want {
			return Int(i + 2)
		}
	}
	return Int(0)
}

func fnZbitGet(p *Process, a []Value) Value {
	data, n := p.zbits(a[0])
	at, mask := p.zbitAt(a[1], n)
	return Bool(data[at]&mask != 0)
}

func fnZbitLen(p *Process, a []Value) Value {
	_, n := p.zbits(a[0])
	return Int(int64(n))
}

func fnZbitNot(p *Process, a []Value) Value {
	data, n := p.zbits(a[0])
	buf := make([]byte, len(data))
	for i := range buf {
		buf[i] = ^data[i]
	}
	return makeZbits(buf, n)
}

func fnZbitSet(p *Process, a []Value) Value {
	data, n := p.zbits(a[0])
	at, mask := p.zbitAt(a[1], n)
	buf := []byte(data)
	buf[at] &^= mask
	if a[2].truth() {
		buf[at] |= mask
	}
	return makeZbits(buf, n)
}

func fnZbitStr(p *Process, a []Value) Value {
	n := a[0].int64()
	if n < 1 || n > maxZbits {
		p.raise(errFunction, "")
	}
	buf := make([]byte, (n+7)/8)
	if v := arg(a, 1); v.defined() && v.truth() {
		for i := range buf {
			buf[i] = 0xff
		}
	}
	return makeZbits(buf, int(n))
}
