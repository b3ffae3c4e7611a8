package runtime

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// n reads a number as a program's literal.
func n(s string) Value { return parseNumber(s, 1) }

func TestArithmetic(t *testing.T) {
	p := testProcess(t)
	ops := map[string]func(a, b Value) Value{
		"+": p.add, "-": p.sub, "*": p.mul, "/": p.div, "\\": p.intdiv, "#": p.mod, "**": p.pow,
	}
	for _, row := range []struct{ a, op, b, want string }{
		{"1", "+", "2", "3"}, {".1", "+", ".2", ".3"}, {"1.5", "+", "-1.5", "0"},
		{"9223372036854775807", "+", "1", "9223372036854775810"},
		{"-9223372036854775807", "-", "1", "-9223372036854775808"},
		{"0", "-", "-9223372036854775808", "9223372036854775810"},
		{"1E20", "+", "1", "100000000000000000000"}, {"1", "+", "1E-30", "1"},
		{"1E19", "-", "1E-30", "10000000000000000000"}, {"1", "-", "1E-19", "1"}, {"1", "-", "1E-18", ".999999999999999999"},
		{"9223372036854775807E127", "+", "9223372036854775807E127", "<MAXNUMBER>"},
		{"922337203685477581E1", "-", "922337203685477580E1", "10"},
		{"3", "*", "4", "12"}, {"1.5", "*", "2", "3"}, {".1", "*", ".1", ".01"}, {"4294967296", "*", "4294967296", "18446744073709551620"},
		{"1E127", "*", "1E127", "<MAXNUMBER>"}, {"1E-100", "*", "1E-100", "0"}, {"-3", "*", "0", "0"},
		{"-9223372036854775808", "*", "1", "-9223372036854775808"}, {"-9223372036854775808", "*", "-1", "9223372036854775810"},
		{"1", "/", "3", ".3333333333333333333"}, {"2", "/", "3", ".6666666666666666667"}, {"10", "/", "4", "2.5"},
		{"-7", "/", "2", "-3.5"}, {"1", "/", "0", "<DIVIDE>"}, {"0", "/", "5", "0"}, {"10", "/", "3", "3.333333333333333333"},
		{"1E127", "/", "1E-20", "<MAXNUMBER>"}, {"1", "/", "-8", "-.125"}, {"22", "/", "7", "3.142857142857142857"},
		{"6", "/", "-3", "-2"}, {"1", "/", "9223372036854775807", ".0000000000000000001084202172485504434"},
		{"-7", "\\", "3", "-2"}, {"7", "\\", "-3", "-2"}, {"7.9", "\\", "1", "7"}, {"1", "\\", ".3", "3"}, {"1", "\\", "0", "<DIVIDE>"},
		{"9999999999999999999999", "\\", "1000000000000000000000", "10"}, {"1E40", "\\", "7", "1428571428571428571000000000000000000000"},
		{"1E30", "\\", "1E29", "10"}, {"1E-30", "\\", "1E29", "0"}, {"-.5", "\\", "1", "0"}, {"5", "\\", "1E25", "0"},
		{"-7", "#", "3", "2"}, {"7", "#", "-3", "-2"}, {"-7", "#", "-3", "-1"}, {"7", "#", "3", "1"}, {"7", "#", "0", "<DIVIDE>"},
		{"7.5", "#", "1", ".5"}, {"-7.5", "#", "1", ".5"}, {"1E40", "#", "7", "4"}, {"6", "#", "-3", "0"}, {".3", "#", "1E30", ".3"},
		{"-1", "#", "1E30", "1000000000000000000000000000000"}, {"5", "#", ".2", "0"}, {"5", "#", ".3", ".2"},
		{"2", "**", "10", "1024"}, {"-2", "**", "2", "4"}, {"2", "**", ".5", "1.414213562373095049"}, {"2", "**", "-1", ".5"},
		{"0", "**", "0", "0"}, {"0", "**", "-1", "<ILLEGAL VALUE>"}, {"5", "**", "0", "1"}, {"1", "**", "1E100", "1"},
		{"-8", "**", ".5", "<ILLEGAL VALUE>"}, {"9", "**", "153", "<MAXNUMBER>"}, {"9", "**", "-140", "0"}, {"16", "**", ".25", "2"},
		{"-1", "**", "1000001", "-1"}, {"10", "**", "20", "100000000000000000000"}, {"1.1", "**", "2", "1.21"}, {"2", "**", "62", "4611686018427387904"},
		{"2", "**", "63", "9223372036854775810"}, {"-2", "**", "63", "-9223372036854775808"}, {"10", "**", "-3", ".001"},
		{"-1", "**", "1E30", "1"}, {"1.000000000000000001", "**", "1E18", "2.718281828459045234"},
	} {
		var got string
		err := raised(func() { got = ops[row.op](n(row.a), n(row.b)).str() })
		assert.Equal(t, row.want, got+err, "%s%s%s", row.a, row.op, row.b)
	}
}

func TestArithmeticOnText(t *testing.T) {
	p := testProcess(t)
	assert.Equal(t, "8", p.add(Text("3 apples"), Text("5")).str())
	assert.Equal(t, "-3", p.neg(Text("3x")).str())
	assert.Equal(t, "0", p.mul(Empty, Int(5)).str())
	assert.Equal(t, "7", p.add(FromUTF8("7€"), Value{}).str())
	assert.Equal(t, "<MAXNUMBER>", raised(func() { p.add(Text("1E400"), Int(1)) }))
	assert.Equal(t, kindDouble, p.add(Text("1E200"), Int(1)).kind)
	assert.Equal(t, "9223372036854775810", p.neg(Int(math.MinInt64)).str())
}

func TestArithmeticOnDoubles(t *testing.T) {
	p := testProcess(t)
	inf, nan := Double(math.Inf(1)), Double(math.NaN())
	assert.Equal(t, ".30000000000000004441", p.add(Double(.1), n(".2")).str())
	assert.Equal(t, "INF", p.add(inf, Int(1)).str())
	assert.Equal(t, "NAN", p.mul(nan, Int(1)).str())
	assert.Equal(t, "1", p.pow(Double(0), Int(0)).str())
	assert.Equal(t, "-2.5", p.neg(Double(2.5)).str())
	assert.Equal(t, "2", p.intdiv(Double(7), Int(3)).str())
	assert.Equal(t, "2", p.mod(Double(-7), Int(3)).str())
	assert.Equal(t, "<DIVIDE>", raised(func() { p.div(Int(1), Double(0)) }))
	assert.Equal(t, "<DIVIDE>", raised(func() { p.mod(Double(1), Int(0)) }))
	assert.Equal(t, "<DIVIDE>", raised(func() { p.intdiv(Double(1), Int(0)) }))
	assert.Equal(t, "<DIVIDE>", raised(func() { p.pow(Double(0), Int(-1)) }))
	assert.Equal(t, "<MAXNUMBER>", raised(func() { p.mul(Double(1e300), Double(1e300)) }))
	assert.Equal(t, "<ILLEGAL VALUE>", raised(func() { p.pow(Double(-2), Double(.5)) }))
	assert.Equal(t, "NAN", p.sub(inf, nan).str())
}

func TestNumberOfText(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"", "0"}, {"abc", "0"}, {" 1", "0"}, {"12", "12"}, {"12abc", "12"}, {"-3", "-3"}, {"--3", "3"}, {"+-+5", "-5"},
		{"007", "7"}, {"1.50", "1.5"}, {".5.5", ".5"}, {".", "0"}, {"-", "0"}, {"-.", "0"}, {"-0", "0"}, {"1E3", "1000"}, {"1e3x", "1000"},
		{"1E", "1"}, {"1E+", "1"}, {"1E-2", ".01"}, {"1E+2", "100"}, {"E5", "0"}, {"0E999", "0"}, {"1..2", "1"}, {"- 5", "0"},
		{"12345678901234567890", "12345678901234567890"}, {"92233720368547758075", "92233720368547758100"},
		{"9223372036854775807.5", "9223372036854775810"}, {"9223372036854775807", "9223372036854775807"},
		{".00000000000000000000000000000000000000000000000001", ".00000000000000000000000000000000000000000000000001"},
		{"1E-129", "0"}, {"5E-129", "." + strings.Repeat("0", 127) + "1"}, {"1E-99999999999999999999", "0"},
		{"1.9999999999999999999999", "2"}, {"18446744073709551615.9999", "18446744073709551620"},
		{"00000000000000000000000000000000001.5", "1.5"}, {strings.Repeat("0", 100) + "7", "7"}, {"1/2", "1"}, {"5:30", "5"},
		{"1E127", "1" + strings.Repeat("0", 127)}, {"9.223372036854775807E145", "9223372036854775807" + strings.Repeat("0", 127)},
	} {
		assert.Equal(t, row.want, Text(row.in).number().str(), "%q", row.in)
		assert.Equal(t, row.want, Value{text: widen(row.in), kind: kindWide}.number().str(), "wide %q", row.in)
	}
	assert.Equal(t, kindDouble, Text("1E200").number().kind)
	assert.Equal(t, 1e200, Text("1E200").number().double())
	assert.True(t, math.IsInf(Text("-1E400").number().double(), -1))
	assert.Equal(t, 1e150, Text("1"+strings.Repeat("0", 150)).number().double())
}

func TestTruthAndInt64(t *testing.T) {
	for _, row := range []struct {
		v     Value
		truth bool
		n     int64
	}{
		{Int(0), false, 0}, {Int(-4), true, -4}, {Empty, false, 0}, {Text("0.0"), false, 0}, {Text("x"), false, 0}, {Text("2x"), true, 2},
		{n("-2.9"), true, -2}, {n(".5"), true, 0}, {n("1E30"), true, math.MaxInt64}, {n("-1E30"), true, math.MinInt64},
		{Double(2.7), true, 2}, {Double(1e300), true, math.MaxInt64}, {Double(-1e300), true, math.MinInt64}, {Double(math.NaN()), true, 0},
		{Text("1E30"), true, math.MaxInt64}, {n("1E-50"), true, 0}, {Value{}, false, 0}, {Text("-7.5"), true, -7},
	} {
		assert.Equal(t, row.truth, row.v.truth(), "%v", row.v)
		assert.Equal(t, !row.truth, row.v.isZero(), "%v", row.v)
		assert.Equal(t, row.n, row.v.int64(), "%v", row.v)
	}
}

// randomNumber favours the edges: few digits, all digits, close exponents, extremes.
func randomNumber(r *rand.Rand) Value {
	m := int64(r.Uint64())
	switch r.IntN(5) {
	case 0:
		m = r.Int64N(2001) - 1000
	case 1:
		m = math.MaxInt64 - r.Int64N(20)
	case 2:
		m = math.MinInt64 + r.Int64N(20)
	case 3:
		m >>= r.IntN(63)
	}
	exp := 0
	switch r.IntN(4) {
	case 0:
		exp = r.IntN(256) - 128
	case 1:
		exp = r.IntN(60) - 30
	case 2:
		exp = -r.IntN(8)
	}
	neg, u := magnitude(m)
	v, ok := pack(neg, 0, u, exp)
	if !ok {
		return Int(m)
	}
	return v
}

func exact(v Value) *big.Rat {
	r := new(big.Rat).SetInt64(v.mant)
	ten := new(big.Rat).SetInt64(10)
	for e := int(v.exp); e > 0; e-- {
		r.Mul(r, ten)
	}
	for e := int(v.exp); e < 0; e++ {
		r.Quo(r, ten)
	}
	return r
}

// rounded is the number nearest to r, ties away from zero, worked out on big integers.
func rounded(r *big.Rat) (Value, bool) {
	if r.Sign() == 0 {
		return Int(0), true
	}
	limit := new(big.Int).SetUint64(largest(r.Sign() < 0))
	least := len(r.Num().Text(10)) - len(r.Denom().Text(10)) - 21 // below it the digits do not fit
	for exp := max(minExponent, least); exp <= maxExponent; exp++ {
		scaled := new(big.Rat).Abs(r)
		power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil))
		if exp < 0 {
			scaled.Mul(scaled, power)
		} else {
			scaled.Quo(scaled, power)
		}
		two := new(big.Int).Lsh(scaled.Num(), 1)
		two.Add(two, scaled.Denom())
		q := two.Quo(two, new(big.Int).Lsh(scaled.Denom(), 1)) // floor(x + 1/2)
		if q.Cmp(limit) > 0 {
			continue
		}
		if q.Sign() == 0 {
			return Int(0), true
		}
		for e := exp; e < 0; e++ {
			if d, m := new(big.Int).QuoRem(q, big.NewInt(10), new(big.Int)); m.Sign() == 0 {
				q, exp = d, exp+1
			}
		}
		m := int64(q.Uint64())
		if r.Sign() < 0 {
			m = -m
		}
		return Value{mant: m, exp: int8(exp), kind: kindNumber}, true
	}
	return Value{}, false
}

func TestArithmeticAgainstBig(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(1, 2))
	floor := func(x *big.Rat) *big.Rat {
		return new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom()))
	}
	ops := []struct {
		name  string
		do    func(a, b Value) Value
		exact func(a, b *big.Rat) *big.Rat
	}{
		{"+", p.add, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }},
		{"-", p.sub, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }},
		{"*", p.mul, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }},
		{"/", p.div, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }},
		{"#", p.mod, func(a, b *big.Rat) *big.Rat {
			q := floor(new(big.Rat).Quo(a, b))
			return new(big.Rat).Sub(a, q.Mul(q, b))
		}},
		{"\\", p.intdiv, func(a, b *big.Rat) *big.Rat {
			q := new(big.Rat).Quo(a, b)
			if q.Sign() < 0 {
				q.Neg(q)
				return floor(q).Neg(floor(q))
			}
			return floor(q)
		}},
	}
	rounds := 4000
	if testing.Short() {
		rounds = 300
	}
	for range rounds {
		a, b := randomNumber(r), randomNumber(r)
		for _, op := range ops {
			if b.mant == 0 && strings.Contains("/\\#", op.name) {
				continue
			}
			want, ok := rounded(op.exact(exact(a), exact(b)))
			var got Value
			err := raised(func() { got = op.do(a, b) })
			if !ok {
				require.Equal(t, "<MAXNUMBER>", err, "%s%s%s", a.str(), op.name, b.str())
				continue
			}
			require.Equal(t, want, got, "%s%s%s = %s, got %s", a.str(), op.name, b.str(), want.str(), got.str())
		}
		require.Equal(t, exact(a).Cmp(exact(b)), compareNumbers(a, b), "%s %s", a.str(), b.str())
		require.Equal(t, a, Text(a.str()).number(), "text and back")
		require.True(t, isCanonical(a.str()), a.str())
		f, _ := exact(a).Float64()
		require.Equal(t, f, a.float(), a.str())
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1", "-.5", "1E3", "00", "--1", "9223372036854775808", "1E-128", "1.0", ".0", "12345678901234567890123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := Text(s).number()
		text := v.str()
		if v.kind == kindNumber {
			if Text(text).number() != v || !isCanonical(text) {
				t.Fatalf("%q: %q does not read back", s, text)
			}
		}
		if isCanonical(s) && text != s {
			t.Fatalf("%q is canonical but prints %q", s, text)
		}
	})
}

func TestArithmeticDoesNotAllocate(t *testing.T) {
	p := testProcess(t)
	a, b := n("12.75"), n("-3.125")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		p.add(a, b)
		p.mul(a, b)
		p.div(a, b)
		p.mod(a, b)
		p.intdiv(a, b)
		p.add(Text("12.5"), Text("7"))
		less(a, b)
		equal(a, Text("12.75"))
		collate(a, Text("x"))
	}))
}

var sink Value

func BenchmarkArithmetic(b *testing.B) {
	p := testProcess(b)
	for _, row := range []struct {
		name string
		x, y Value
		f    func(a, b Value) Value
	}{
		{"add int", Int(5), Int(7), p.add}, {"add decimal", n("5.25"), n("7.125"), p.add}, {"mul int", Int(5), Int(7), p.mul},
		{"mul decimal", n("5.251234"), n("7.125991"), p.mul}, {"mul whole", n("2.5"), n("4"), p.mul}, {"div", Int(10), Int(4), p.div},
		{"div third", Int(1), Int(3), p.div}, {"intdiv decimal", n("5.251234"), n(".000001"), p.intdiv}, {"mod", Int(17), Int(5), p.mod},
		{"add text", Text("12"), Int(5), p.add}, {"add text decimal", Text("12.5"), Int(5), p.add}, {"pow", Int(2), n(".5"), p.pow},
	} {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				sink = row.f(row.x, row.y)
			}
		})
	}
}

func ExampleValue_str() {
	fmt.Println(n("0.50").str(), n("1E3").str(), n("-00.250").str())
	// Output: .5 1000 -.25
}
