package runtime

// Decimal arithmetic: numbers are mant × 10^exp, an int64 significand and an int8
// exponent, exact to 18 digits and to the 19th where it fits (IRIS "Numeric
// Computing"). Every operation computes its result exactly in 128 bits and rounds once,
// half away from zero. The functions that nodes call hold only the integer case; the
// rest is in the …Slow ones.

import (
	"math"
	"math/bits"
	"strconv"
)

// Decimal exponents a number can have.
const (
	minExponent = -128
	maxExponent = 127
)

// pow10 holds the powers of ten that fit 64 bits.
var pow10 = [20]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// addInts is a+b when both are integers and the sum fits; small enough to be inlined
// where an expression is hot.
func addInts(a, b Value) (sum int64, ok bool) {
	sum = a.mant + b.mant
	return sum, a.isInteger() && b.isInteger() && (sum^a.mant)&(sum^b.mant) >= 0
}

// subInts is a-b when both are integers and the difference fits.
func subInts(a, b Value) (diff int64, ok bool) {
	diff = a.mant - b.mant
	return diff, a.isInteger() && b.isInteger() && (a.mant^b.mant)&(diff^a.mant) >= 0
}

// add is a+b.
func (p *Process) add(a, b Value) Value {
	if s, ok := addInts(a, b); ok {
		return Int(s)
	}
	return p.addSlow(a, b)
}

// sub is a-b.
func (p *Process) sub(a, b Value) Value {
	if d, ok := subInts(a, b); ok {
		return Int(d)
	}
	return p.subSlow(a, b)
}

// mul is a*b.
func (p *Process) mul(a, b Value) Value {
	if a.isInteger() && b.isInteger() && int64(int32(a.mant)) == a.mant && int64(int32(b.mant)) == b.mant {
		return Value{mant: a.mant * b.mant, kind: kindNumber}
	}
	return p.mulSlow(a, b)
}

// intdiv is a\b, the quotient truncated toward zero.
func (p *Process) intdiv(a, b Value) Value {
	if a.isInteger() && b.isInteger() && b.mant > 0 {
		return Value{mant: a.mant / b.mant, kind: kindNumber}
	}
	return p.intdivSlow(a, b)
}

// mod is a#b, the remainder with the divisor's sign.
func (p *Process) mod(a, b Value) Value {
	if a.isInteger() && b.isInteger() && a.mant >= 0 && b.mant > 0 {
		return Value{mant: a.mant % b.mant, kind: kindNumber}
	}
	return p.modSlow(a, b)
}

// neg is -a.
func (p *Process) neg(a Value) Value {
	if a.isInteger() && a.mant != math.MinInt64 {
		return Value{mant: -a.mant, kind: kindNumber}
	}
	return p.negSlow(a)
}

// num is v as a number, raising <MAXNUMBER> for text beyond the range of doubles.
func (p *Process) num(v Value) Value {
	if v.kind == kindNumber || v.kind == kindDouble {
		return v
	}
	return p.textNum(v)
}

func (p *Process) textNum(v Value) Value {
	n := v.number()
	if n.kind == kindDouble && math.IsInf(n.double(), 0) {
		p.raise(errMaxNumber, "")
	}
	return n
}

func (p *Process) addSlow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		return p.doubleResult(x+y, x, y)
	}
	return p.addNumbers(a, b)
}

func (p *Process) subSlow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		return p.doubleResult(x-y, x, y)
	}
	if b.mant == math.MinInt64 {
		// -b does not fit b's fields unrounded: add its magnitude exactly.
		neg, m := magnitude(a.mant)
		return p.addMagnitudes(neg, m, int(a.exp), false, 1<<63, int(b.exp))
	}
	b.mant = -b.mant
	return p.addNumbers(a, b)
}

func (p *Process) addNumbers(a, b Value) Value {
	if a.exp == b.exp && a.exp <= 0 {
		if s := a.mant + b.mant; (s^a.mant)&(s^b.mant) >= 0 {
			neg, m := magnitude(s)
			return trimmed(neg, m, int(a.exp))
		}
	}
	if a.exp < b.exp {
		a, b = b, a
	}
	if shift := uint(int(a.exp) - int(b.exp)); shift <= 18 && b.exp <= 0 { // brought to one exponent in 64 bits
		unit := int64(pow10[shift])
		const half = 1 << 62
		if m := a.mant * unit; a.mant < half/unit && a.mant > -half/unit && b.mant < half && b.mant > -half {
			neg, m := magnitude(m + b.mant)
			return trimmed(neg, m, int(b.exp))
		}
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	return p.addMagnitudes(aneg, am, int(a.exp), bneg, bm, int(b.exp))
}

// addMagnitudes adds ±am×10^aexp and ±bm×10^bexp.
func (p *Process) addMagnitudes(aneg bool, am uint64, aexp int, bneg bool, bm uint64, bexp int) Value {
	if am == 0 {
		return p.packed(bneg, 0, bm, bexp)
	}
	if bm == 0 {
		return p.packed(aneg, 0, am, aexp)
	}
	if aexp < bexp {
		aneg, am, aexp, bneg, bm, bexp = bneg, bm, bexp, aneg, am, aexp
	}
	// a has the higher exponent: bring it down to b's, or as far as keeps one digit
	// more than a result can have. What is then left of b below the last place only
	// matters as a borrow, because rounding looks at the first dropped digit alone.
	shift := aexp - bexp
	up := shift
	if up > 19 {
		up = 19
		if am < 1<<59 {
			up = 20
		}
	}
	ahi, alo := bits.Mul64(am, pow10[min(up, 19)])
	if up == 20 {
		ahi, alo = mul128(ahi, alo, 10)
	}
	var borrow bool
	if down := shift - up; down > 0 {
		q, rest := uint64(0), bm
		if down < 20 {
			q, rest = bm/pow10[down], bm%pow10[down]
		}
		bm, borrow = q, rest != 0
	}
	exp := aexp - up
	if aneg == bneg {
		lo, carry := bits.Add64(alo, bm, 0)
		return p.packed(aneg, ahi+carry, lo, exp)
	}
	if ahi == 0 && alo < bm {
		return p.packed(bneg, 0, bm-alo, exp)
	}
	lo, out := bits.Sub64(alo, bm, 0)
	hi := ahi - out
	if borrow {
		lo, out = bits.Sub64(lo, 1, 0)
		hi -= out
	}
	return p.packed(aneg, hi, lo, exp)
}

func (p *Process) mulSlow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		return p.doubleResult(x*y, x, y)
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	hi, lo := bits.Mul64(am, bm)
	return p.packed(aneg != bneg, hi, lo, int(a.exp)+int(b.exp))
}

// div is a/b.
func (p *Process) div(a, b Value) Value {
	if a.isInteger() && b.isInteger() && b.mant > 0 {
		if q := a.mant / b.mant; q*b.mant == a.mant {
			return Int(q)
		}
	}
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		if y == 0 {
			p.raise(errDivide, "")
		}
		return p.doubleResult(x/y, x, y)
	}
	if b.mant == 0 {
		p.raise(errDivide, "")
	}
	if a.mant == 0 {
		return Int(0)
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	if k := bits.Len64(bm) * 1233 >> 12; pow10[k] == bm { // a power of ten moves the point (MAND)
		return p.packed(aneg != bneg, 0, am, int(a.exp)-int(b.exp)-k)
	}
	hi, lo, exp, rest := quotient(am, int(a.exp), bm, int(b.exp))
	// A quotient of more digits than fit is rounded by packed, on the first digit it
	// drops; one that fits, here, by what is left.
	if hi == 0 && lo <= largest(aneg != bneg) && exp >= minExponent && rest >= bm-rest {
		lo++
	}
	return p.packed(aneg != bneg, hi, lo, exp)
}

// quotient divides am×10^aexp by bm×10^bexp, both positive, to at least as many digits
// as a number can hold: the truncated quotient, its exponent, and what is left.
func quotient(am uint64, aexp int, bm uint64, bexp int) (hi, lo uint64, exp int, rest uint64) {
	scale := (128 - bits.Len64(am)) * 1233 >> 12 // floor of log10(2) times the spare bits
	nhi, nlo := bits.Mul64(am, pow10[min(scale, 19)])
	if scale > 19 {
		nhi, nlo = mul128(nhi, nlo, pow10[scale-19])
	}
	hi, nhi = nhi/bm, nhi%bm
	lo, rest = bits.Div64(nhi, nlo, bm)
	return hi, lo, aexp - scale - bexp, rest
}

func (p *Process) intdivSlow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		if y == 0 {
			p.raise(errDivide, "")
		}
		return p.doubleResult(math.Trunc(x/y), x, y)
	}
	if b.mant == 0 {
		p.raise(errDivide, "")
	}
	if a.mant == 0 {
		return Int(0)
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	if a.exp == b.exp {
		return p.packed(aneg != bneg, 0, am/bm, 0)
	}
	if shift := int(b.exp) - int(a.exp); shift > 0 { // in 64 bits where the divisor fits (MAND)
		if shift > 19 {
			return Int(0)
		}
		if hi, lo := bits.Mul64(bm, pow10[shift]); hi == 0 {
			return p.packed(aneg != bneg, 0, am/lo, 0)
		}
		return Int(0)
	}
	hi, lo, exp, _ := quotient(am, int(a.exp), bm, int(b.exp))
	if exp > 0 { // whole, and of more digits than fit
		return p.div(a, b)
	}
	hi, lo = divPow10(hi, lo, -exp)
	return p.packed(aneg != bneg, hi, lo, 0)
}

func (p *Process) modSlow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		x, y := a.float(), b.float()
		if y == 0 {
			p.raise(errDivide, "")
		}
		r := math.Mod(x, y)
		if r != 0 && (r < 0) != (y < 0) {
			r += y
		}
		return p.doubleResult(r, x, y)
	}
	if b.mant == 0 {
		p.raise(errDivide, "")
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	rest, exp := remainder(am, int(a.exp), bm, int(b.exp))
	if rest == 0 {
		return Int(0)
	}
	if aneg == bneg {
		return p.packed(aneg, 0, rest, exp)
	}
	return p.addMagnitudes(bneg, bm, int(b.exp), !bneg, rest, exp)
}

// remainder is am×10^aexp modulo bm×10^bexp, as a significand and an exponent.
func remainder(am uint64, aexp int, bm uint64, bexp int) (uint64, int) {
	if aexp >= bexp {
		r := am % bm
		for shift := aexp - bexp; shift > 0 && r != 0; shift -= 19 {
			hi, lo := bits.Mul64(r, pow10[min(shift, 19)])
			r = bits.Rem64(hi, lo, bm)
		}
		return r, bexp
	}
	if shift := bexp - aexp; shift <= 19 {
		if hi, lo := bits.Mul64(bm, pow10[shift]); hi == 0 && lo <= am {
			return am % lo, aexp
		}
	}
	return am, aexp // the divisor is larger
}

func (p *Process) negSlow(a Value) Value {
	a = p.num(a)
	if a.kind == kindDouble {
		return Double(-a.double())
	}
	neg, m := magnitude(a.mant)
	return p.packed(!neg, 0, m, int(a.exp))
}

// pow is a**b: the manual's table "Exponentiation" (RCOS_op_expon).
func (p *Process) pow(a, b Value) Value {
	a, b = p.num(a), p.num(b)
	if a.kind == kindDouble || b.kind == kindDouble {
		return p.powDouble(a.float(), b.float())
	}
	switch {
	case a.mant == 0 && b.mant < 0:
		p.raise(errIllegal, "")
	case a.mant == 0:
		return Int(0) // 0**0 is 0 too
	case b.mant == 0 || a == Int(1):
		return Int(1)
	}
	if b.exp < 0 && a.mant < 0 {
		p.raise(errIllegal, "")
	}
	if b.exp == 0 && b.mant > 0 && a.exp == 0 {
		if v, ok := powInt(a.mant, b.mant); ok {
			return Int(v)
		}
	}
	return p.powNumbers(a, b)
}

// powInt is a**n for n > 0, if it and every product on the way to it fit.
func powInt(a, n int64) (int64, bool) {
	if a == -1 {
		return 1 - 2*(n&1), true
	}
	if n > 63 {
		return 0, false
	}
	r := a
	for ; n > 1; n-- {
		hi, lo := bits.Mul64(uint64(max(r, -r)), uint64(max(a, -a)))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		r *= a
	}
	return r, true
}

func (p *Process) powDouble(x, y float64) Value {
	switch {
	case x == 0 && y < 0:
		p.raise(errDivide, "")
	case x < 0 && y != math.Trunc(y):
		p.raise(errIllegal, "")
	}
	return p.doubleResult(math.Pow(x, y), x, y)
}

// doubleResult is the double r an operation on x and y came to, or the error IEEE
// mode 1 raises: <MAXNUMBER> for overflow, <ILLEGAL VALUE> for a new NAN.
func (p *Process) doubleResult(r, x, y float64) Value {
	if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		p.raise(errMaxNumber, "")
	}
	if math.IsNaN(r) && !math.IsNaN(x) && !math.IsNaN(y) {
		p.raise(errIllegal, "")
	}
	return Double(r)
}

// float is a number or a double as an IEEE double, correctly rounded.
func (v Value) float() float64 {
	if v.kind == kindDouble {
		return v.double()
	}
	if v.mant > -1<<53 && v.mant < 1<<53 {
		// Both factors are exact, so the one rounding is the right one.
		switch {
		case v.exp == 0:
			return float64(v.mant)
		case v.exp < 0 && v.exp >= -19:
			return float64(v.mant) / float64(pow10[-v.exp])
		}
	}
	var buf [32]byte
	b := strconv.AppendInt(buf[:0], v.mant, 10)
	b = append(b, 'e')
	b = strconv.AppendInt(b, int64(v.exp), 10)
	f, _ := strconv.ParseFloat(string(b), 64)
	return f
}

// fromFloat is f as a number rounded to digits significant digits; ok is false when it
// is out of range, infinite or not a number.
func fromFloat(f float64, digits int) (v Value, ok bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, false
	}
	var buf [64]byte
	v = parseNumber(string(strconv.AppendFloat(buf[:0], f, 'E', digits-1, 64)), 1)
	return v, v.kind == kindNumber
}

// number is v as a number by M's rules: leading signs, digits, a point, an exponent;
// what follows is ignored. Text beyond the range of numbers becomes a double.
func (v Value) number() Value {
	switch v.kind {
	case kindNumber, kindDouble:
		return v
	case kindText:
		return textNumber(v.text)
	case kindWide:
		return parseNumber(v.text, 2)
	case kindObject:
		return textNumber(orefText(v))
	}
	return Int(0)
}

// textNumber is the number 8-bit text begins with; short runs of digits are taken here.
func textNumber(s string) Value {
	if len(s) == 0 || s[0] > '9' {
		return Int(0)
	}
	if len(s) > 18 {
		return parseNumber(s, 1)
	}
	n, point := uint64(0), len(s)-1
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			if s[i] == '.' && point == len(s)-1 && i < point {
				point = i
				continue
			}
			return parseNumber(s, 1)
		}
		n = n*10 + uint64(d)
	}
	return trimmed(false, n, point-len(s)+1)
}

// parseNumber is the number that s begins with. A character takes step bytes, low first.
func parseNumber(s string, step int) Value {
	at := func(i int) byte {
		if i+step > len(s) || step == 2 && s[i+1] != 0 {
			return 0
		}
		return s[i]
	}
	i, neg := 0, false
	for ; at(i) == '+' || at(i) == '-'; i += step {
		neg = neg != (s[i] == '-')
	}
	// Nineteen significant digits fit 64 bits, a twentieth decides rounding.
	var hi, lo uint64
	digits, exp, point := 0, 0, false
	for ; ; i += step {
		c := at(i)
		if c == '.' && !point {
			point = true
			continue
		}
		d := uint64(c - '0')
		if d > 9 {
			break
		}
		switch {
		case digits < 19:
			lo = lo*10 + d
		case digits == 19:
			hi, lo = mul128(0, lo, 10)
			var carry uint64
			lo, carry = bits.Add64(lo, d, 0)
			hi += carry
		case !point:
			exp++
		}
		if digits < 20 {
			if lo != 0 || hi != 0 {
				digits++
			}
			if point {
				exp--
			}
		}
	}
	if lo == 0 && hi == 0 {
		return Int(0)
	}
	exp += parseExponent(at, i, step)
	if v, ok := pack(neg, hi, lo, exp); ok {
		return v
	}
	return hugeDouble(neg, hi, lo, exp)
}

// parseExponent is the exponent at i: E, an optional sign and digits; 0 when there is none.
func parseExponent(at func(int) byte, i, step int) int {
	if c := at(i); c != 'E' && c != 'e' {
		return 0
	}
	i += step
	neg := at(i) == '-'
	if neg || at(i) == '+' {
		i += step
	}
	n := 0
	for ; at(i)-'0' <= 9; i += step {
		n = min(n*10+int(at(i)-'0'), 1e7)
	}
	if neg {
		return -n
	}
	return n
}

// hugeDouble is a number beyond the range of decimals.
func hugeDouble(neg bool, hi, lo uint64, exp int) Value {
	if hi != 0 {
		_, lo = divPow10(hi, lo, 1)
		exp++
	}
	b := strconv.AppendUint(nil, lo, 10)
	b = append(b, 'e')
	b = strconv.AppendInt(b, int64(exp), 10)
	f, _ := strconv.ParseFloat(string(b), 64)
	if neg {
		f = -f
	}
	return Double(f)
}

// truth is v as a condition: whether its number is not zero.
func (v Value) truth() bool {
	if v.kind == kindNumber {
		return v.mant != 0
	}
	return !v.isZero()
}

// isZero tells whether v's number is zero.
func (v Value) isZero() bool {
	n := v.number()
	if n.kind == kindDouble {
		return n.double() == 0
	}
	return n.mant == 0
}

// int64 is v's number truncated toward zero; what does not fit is the nearest that does.
func (v Value) int64() int64 {
	if v.kind == kindNumber && v.exp == 0 {
		return v.mant
	}
	return v.truncated()
}

func (v Value) truncated() int64 {
	v = v.number()
	if v.kind == kindDouble {
		f := v.double()
		switch {
		case f >= 1<<63:
			return math.MaxInt64
		case f < -1<<63:
			return math.MinInt64
		case f != f:
			return 0
		}
		return int64(f)
	}
	switch {
	case v.exp == 0:
		return v.mant
	case v.exp < -18:
		return 0
	case v.exp < 0:
		return v.mant / int64(pow10[-v.exp])
	case v.mant < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// packed is ±hi:lo × 10^exp as a number, or <MAXNUMBER>.
func (p *Process) packed(neg bool, hi, lo uint64, exp int) Value {
	if hi == 0 && lo <= math.MaxInt64 && exp <= 0 && exp >= minExponent {
		return trimmed(neg, lo, exp)
	}
	v, ok := pack(neg, hi, lo, exp)
	if !ok {
		p.raise(errMaxNumber, "")
	}
	return v
}

// pack rounds ±hi:lo × 10^exp to a number in canonical form; ok is false when it is too
// large. What is too small is 0.
func pack(neg bool, hi, lo uint64, exp int) (v Value, ok bool) {
	limit := largest(neg)
	drop := 0
	if hi != 0 {
		drop = (bits.Len64(hi) + 1) * 1233 >> 12 // never one too many
	}
	if drop == 0 && (hi != 0 || lo > limit) {
		drop = 1
	}
	if exp+drop < minExponent {
		drop = minExponent - exp
	}
	if drop > 0 {
		var digit uint64
		hi, lo, digit = dropDigits(hi, lo, drop)
		exp += drop
		for hi != 0 || lo > limit {
			hi, lo, digit = dropDigits(hi, lo, 1)
			exp++
		}
		if digit >= 5 && lo == limit {
			lo, exp = lo/10, exp+1 // the last digit of either limit rounds up
		}
		if digit >= 5 {
			lo++
		}
	}
	if lo == 0 {
		return Int(0), true
	}
	for ; exp > 0 && lo <= limit/10; exp-- {
		lo *= 10
	}
	if exp > maxExponent {
		return Value{}, false
	}
	return trimmed(neg, lo, exp), true
}

// trimmed is ±m × 10^exp, which fits, without trailing zeros behind the point.
func trimmed(neg bool, m uint64, exp int) Value {
	if exp < 0 {
		if m == 0 {
			return Int(0)
		}
		for exp <= -4 && m%10000 == 0 {
			m, exp = m/10000, exp+4
		}
		for exp < 0 && m%10 == 0 {
			m, exp = m/10, exp+1
		}
	}
	if neg {
		m = -m
	}
	return Value{mant: int64(m), exp: int8(exp), kind: kindNumber}
}

// largest is the largest magnitude of a significand.
func largest(neg bool) uint64 {
	if neg {
		return 1 << 63
	}
	return math.MaxInt64
}

// magnitude splits a significand into sign and absolute value.
func magnitude(m int64) (neg bool, u uint64) {
	if m < 0 {
		return true, -uint64(m)
	}
	return false, uint64(m)
}

// mul128 is hi:lo × m, which must fit.
func mul128(hi, lo, m uint64) (uint64, uint64) {
	h, l := bits.Mul64(lo, m)
	return h + hi*m, l
}

// divPow10 is hi:lo ÷ 10^n, truncated.
func divPow10(hi, lo uint64, n int) (uint64, uint64) {
	for n > 0 && hi|lo != 0 {
		k := min(n, 19)
		d := pow10[k]
		q := hi / d
		lo, _ = bits.Div64(hi%d, lo, d)
		hi = q
		n -= k
	}
	return hi, lo
}

// dropDigits is hi:lo ÷ 10^n truncated, n > 0, and the first digit that was dropped.
func dropDigits(hi, lo uint64, n int) (qhi, qlo, digit uint64) {
	hi, lo = divPow10(hi, lo, n-1)
	qhi = hi / 10
	qlo, digit = bits.Div64(hi%10, lo, 10)
	return qhi, qlo, digit
}
