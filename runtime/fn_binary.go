package runtime

// Numbers as the bytes that other programs store: $NCONVERT and $SCONVERT in all their
// formats, $ZDCHAR and $ZDASCII for IEEE doubles.

import (
	"encoding/binary"
	"math"
	"strings"
)

func binaryFunctions() []intrinsic {
	return []intrinsic{
		{Name: "NCONVERT", Abbr: "NC", Min: 2, Max: 3, Fn: fnNconvert,
			Syntax: "$NCONVERT(number,format[,big])", Doc: "a number as bytes: S1 S2 S4 S8 signed, U1 U2 U4 unsigned, F4 F8 IEEE; low byte first, with big 1 the high one"},
		{Name: "SCONVERT", Abbr: "SC", Min: 2, Max: 4, Fn: fnSconvert,
			Syntax: "$SCONVERT(string,format[,big[,position]])", Doc: "the number that bytes stand for, in a format of $NCONVERT"},
		{Name: "ZDASCII", Abbr: "ZDA", Min: 1, Max: 2, Fn: fnZdascii,
			Syntax: "$ZDASCII(string[,position])", Doc: "eight bytes as an IEEE double, -1 when they are not all there"},
		{Name: "ZDCHAR", Abbr: "ZDC", Min: 1, Max: 1, Fn: fnZdchar,
			Syntax: "$ZDCHAR(number)", Doc: "a number as the eight bytes of an IEEE double, low first"},
	}
}

// wordFormat is a format of $NCONVERT: its kind, S, U or F, and its size in bytes.
func (p *Process) wordFormat(v Value) (kind byte, size int) {
	name := strings.ToUpper(p.text8(v))
	switch name {
	case "S1", "S2", "S4", "S8", "U1", "U2", "U4", "F4", "F8":
		return name[0], int(name[1] - '0')
	}
	p.raise(errFunction, "")
	return 0, 0
}

func order(big Value) binary.ByteOrder {
	if big.defined() && big.truth() {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func fnNconvert(p *Process, a []Value) Value {
	kind, size := p.wordFormat(a[1])
	var bits uint64
	v := p.num(a[0])
	switch {
	case kind == 'F' && size == 4:
		f := v.float()
		if math.Abs(f) > math.MaxFloat32 && !math.IsInf(f, 0) {
			p.raise(errRange, "")
		}
		bits = uint64(math.Float32bits(float32(f)))
	case kind == 'F':
		bits = math.Float64bits(v.float())
	default:
		bits = uint64(p.wordInteger(v, kind, size))
	}
	buf := make([]byte, 8)
	if order(arg(a, 2)) == binary.BigEndian {
		binary.BigEndian.PutUint64(buf, bits)
		return Text(string(buf[8-size:]))
	}
	binary.LittleEndian.PutUint64(buf, bits)
	return Text(string(buf[:size]))
}

// wordInteger is a number rounded to an integer that fits into size bytes.
func (p *Process) wordInteger(v Value, kind byte, size int) int64 {
	if v.kind == kindDouble {
		n, ok := fromFloat(v.double(), 20)
		if !ok {
			p.raise(errRange, "")
		}
		v = n
	}
	if v.exp > 20 {
		p.raise(errRange, "")
	}
	big := scaledInteger(v.mant, int(max(v.exp, -40)))
	if v.mant < 0 {
		big.Neg(big)
	}
	lo, hi := int64(math.MinInt64)>>(64-8*size), int64(math.MaxInt64)>>(64-8*size)
	if kind == 'U' {
		lo, hi = 0, int64(1)<<(8*size)-1
	}
	if !big.IsInt64() || big.Int64() < lo || big.Int64() > hi {
		p.raise(errRange, "")
	}
	return big.Int64()
}

func fnSconvert(p *Process, a []Value) Value {
	kind, size := p.wordFormat(a[1])
	s := p.text8(a[0])
	at := position(arg(a, 3), len(s), 1) - 1
	if at < 0 || at > int64(len(s)-size) {
		p.raise(errRange, "")
	}
	word := s[at : int(at)+size]
	buf := make([]byte, 8)
	var bits uint64
	if order(arg(a, 2)) == binary.BigEndian {
		copy(buf[8-size:], word)
		bits = binary.BigEndian.Uint64(buf)
	} else {
		copy(buf, word)
		bits = binary.LittleEndian.Uint64(buf)
	}
	switch {
	case kind == 'F' && size == 4:
		return Double(float64(math.Float32frombits(uint32(bits))))
	case kind == 'F':
		return Double(math.Float64frombits(bits))
	case kind == 'S':
		return Int(int64(bits<<(64-8*size)) >> (64 - 8*size))
	}
	return Int(int64(bits))
}

func fnZdascii(p *Process, a []Value) Value {
	n, ok := p.wordAt(a, 8)
	if !ok {
		return Int(-1)
	}
	return Double(math.Float64frombits(n))
}

func fnZdchar(p *Process, a []Value) Value {
	v := fnDouble(p, a)
	return Text(string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v.double()))))
}
