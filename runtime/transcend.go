package runtime

// Powers, exponentials, logarithms and angles of decimals, to all the digits a number
// holds. IEEE doubles have two digits too few, so these work in 192-bit binary floats
// and round once at the end; they are not hot.

import (
	"math"
	"math/big"
)

const bigPrecision = 192

var (
	bigLn2 = bigConstant("0.6931471805599453094172321214581765680755001343602552541206800094933936")
	bigPi  = bigConstant("3.1415926535897932384626433832795028841971693993751058209749445923078164")
)

func bigConstant(digits string) *big.Float {
	f, _, err := big.ParseFloat(digits, 10, bigPrecision, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return f
}

func newBig() *big.Float { return new(big.Float).SetPrec(bigPrecision) }

func bigInt(n int64) *big.Float { return newBig().SetInt64(n) }

// big is a number as a binary float.
func (v Value) big() *big.Float {
	f := bigInt(v.mant)
	if v.exp == 0 {
		return f
	}
	power := newBig().SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(v.exp, -v.exp))&0xff), nil))
	if v.exp < 0 {
		return f.Quo(f, power)
	}
	return f.Mul(f, power)
}

// fromBig rounds f to a number, or raises <MAXNUMBER>.
func (p *Process) fromBig(f *big.Float) Value {
	v := parseNumber(string(f.Append(nil, 'E', 40)), 1)
	if v.kind != kindNumber {
		p.raise(errMaxNumber, "")
	}
	return v
}

// powNumbers is a**b for a≠0, b≠0, and b an integer when a is negative.
func (p *Process) powNumbers(a, b Value) Value {
	size := math.Log10(math.Abs(a.float())) * b.float()
	switch {
	case size > 150:
		p.raise(errMaxNumber, "")
	case size < -150:
		return Int(0)
	}
	if b.exp == 0 {
		return p.fromBig(bigPower(a.big(), b.mant))
	}
	if b.exp > 0 {
		return Int(1) // only 1 and -1 have powers of such size in range, and b is even
	}
	if b == (Value{mant: 5, exp: -1, kind: kindNumber}) {
		return p.fromBig(newBig().Sqrt(a.big()))
	}
	x := bigLog(a.big())
	return p.fromBig(bigExp(x.Mul(x, b.big())))
}

// bigPower is x to the n-th by repeated squaring.
func bigPower(x *big.Float, n int64) *big.Float {
	_, m := magnitude(n)
	r := bigInt(1)
	for ; m > 0; m >>= 1 {
		if m&1 != 0 {
			r.Mul(r, x)
		}
		if m > 1 {
			x = newBig().Mul(x, x)
		}
	}
	if n < 0 {
		r.Quo(bigInt(1), r)
	}
	return r
}

// bigExp is e to the x for x < 1000.
func bigExp(x *big.Float) *big.Float {
	q, _ := newBig().Quo(x, bigLn2).Float64()
	if q < -2000 {
		return newBig() // far below the smallest number
	}
	k := int(math.Round(q))
	// |r| is at most ln2/2; 2^-12 of it needs 14 terms, then 12 squarings.
	r := newBig().Mul(bigLn2, bigInt(int64(k)))
	r.Sub(x, r)
	r.SetMantExp(r, -12)
	sum, term := bigInt(1), bigInt(1)
	for i := int64(1); i < 16; i++ {
		term.Mul(term, r).Quo(term, bigInt(i))
		sum.Add(sum, term)
	}
	for range 12 {
		sum.Mul(sum, sum)
	}
	return sum.SetMantExp(sum, k)
}

// bigLog is the natural logarithm of x > 0: Halley's iteration on bigExp, which triples
// the right digits, from an IEEE estimate.
func bigLog(x *big.Float) *big.Float {
	mant := newBig()
	exp := x.MantExp(mant)
	m, _ := mant.Float64()
	if m < .75 { // keep what is near 1 near 1: its logarithm is small but has digits
		mant.SetMantExp(mant, 1)
		m, exp = 2*m, exp-1
	}
	y := newBig().SetFloat64(math.Log(m))
	for range 2 {
		e := bigExp(y)
		d := newBig().Sub(mant, e)
		d.Quo(d.Mul(d, bigInt(2)), e.Add(e, mant))
		y.Add(y, d)
	}
	return y.Add(y, newBig().Mul(bigLn2, bigInt(int64(exp))))
}

func bigLog10(x *big.Float) *big.Float {
	y := bigLog(x)
	return y.Quo(y, bigLog(bigInt(10)))
}

func bigInverse(x *big.Float) *big.Float { return x.Quo(bigInt(1), x) }

// bigReduce is x less the nearest multiple of pi/2, and that multiple modulo 4.
func bigReduce(x *big.Float) (*big.Float, int) {
	half := newBig().SetMantExp(bigPi, -1)
	q := newBig().Quo(x, half)
	if q.Sign() >= 0 {
		q.Add(q, newBig().SetFloat64(.5))
	} else {
		q.Sub(q, newBig().SetFloat64(.5))
	}
	k, _ := q.Int(nil)
	r := newBig().Mul(half, newBig().SetInt(k))
	r.Sub(x, r)
	quadrant := new(big.Int).And(k, big.NewInt(3))
	return r, int(quadrant.Int64())
}

// bigSeries is the alternating series first - first×r²/(n(n+1)) + … of sine (first r,
// n 2) and cosine (first 1, n 1), for |r| at most pi/4.
func bigSeries(r, first *big.Float, n int64) *big.Float {
	square := newBig().Mul(r, r)
	sum, term := newBig().Set(first), newBig().Set(first)
	for ; n < 60; n += 2 {
		term.Mul(term, square).Quo(term, bigInt(-n*(n+1)))
		sum.Add(sum, term)
	}
	return sum
}

func bigSin(x *big.Float) *big.Float {
	r, quadrant := bigReduce(x)
	return bigQuadrant(r, quadrant)
}

func bigCos(x *big.Float) *big.Float {
	r, quadrant := bigReduce(x)
	return bigQuadrant(r, quadrant+1)
}

// bigQuadrant is sin(r + quadrant×pi/2).
func bigQuadrant(r *big.Float, quadrant int) *big.Float {
	var y *big.Float
	if quadrant%2 == 0 {
		y = bigSeries(r, r, 2)
	} else {
		y = bigSeries(r, bigInt(1), 1)
	}
	if quadrant%4 >= 2 {
		y.Neg(y)
	}
	return y
}

func bigTan(x *big.Float) *big.Float { return newBig().Quo(bigSin(x), bigCos(x)) }

// bigArctan halves the angle until the series converges fast: arctan x is
// 2 arctan(x/(1+sqrt(1+x²))).
func bigArctan(x *big.Float) *big.Float {
	y := newBig().Set(x)
	const halvings = 8
	for range halvings {
		s := newBig().Mul(y, y)
		s.Sqrt(s.Add(s, bigInt(1)))
		y.Quo(y, s.Add(s, bigInt(1)))
	}
	square := newBig().Mul(y, y)
	square.Neg(square)
	sum, power := newBig().Set(y), newBig().Set(y)
	for n := int64(3); n < 30; n += 2 {
		power.Mul(power, square)
		sum.Add(sum, newBig().Quo(power, bigInt(n)))
	}
	return sum.SetMantExp(sum, halvings)
}

func bigArcsin(x *big.Float) *big.Float {
	c := newBig().Mul(x, x)
	c.Sub(bigInt(1), c)
	if c.Sign() == 0 {
		half := newBig().SetMantExp(bigPi, -1)
		if x.Sign() < 0 {
			half.Neg(half)
		}
		return half
	}
	return bigArctan(newBig().Quo(x, c.Sqrt(c)))
}

func bigArccos(x *big.Float) *big.Float {
	return newBig().Sub(newBig().SetMantExp(bigPi, -1), bigArcsin(x))
}
