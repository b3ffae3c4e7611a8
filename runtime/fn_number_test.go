package runtime

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNumberFormatting(t *testing.T) {
	huge := 1000000000000000000
	inf, nan := Double(math.Inf(1)), Double(math.NaN())
	runRows(t, []row{
		{"FNUMBER", args{1234, ""}, "1234"}, {"FNUMBER", args{1234, "+"}, "+1234"}, {"FNUMBER", args{1234, "-"}, "1234"}, {"FNUMBER", args{1234, "L"}, "1234"}, {"FNUMBER", args{1234, "T"}, "1234 "}, {"FNUMBER", args{1234, "T+"}, "1234+"},
		{"FNUMBER", args{-1234, ""}, "-1234"}, {"FNUMBER", args{-1234, "+"}, "-1234"}, {"FNUMBER", args{-1234, "-"}, "1234"}, {"FNUMBER", args{-1234, "T"}, "1234-"}, {"FNUMBER", args{-1234, "T-"}, "1234 "}, {"FNUMBER", args{-123, "P"}, "(123)"}, {"FNUMBER", args{123, "P"}, " 123 "},
		{"FNUMBER", args{n("1234567.81"), ","}, "1,234,567.81"}, {"FNUMBER", args{n("1234567.81"), "."}, "1.234.567,81"}, {"FNUMBER", args{n("1234567.81"), ".N"}, "1234567,81"}, {"FNUMBER", args{124329, ",", 2}, "124,329.00"}, {"FNUMBER", args{n("6.25198"), "+", 3}, "+6.252"}, {"FNUMBER", args{n("6.25198"), "+", 8}, "+6.25198000"},
		{"FNUMBER", args{n(".66"), ""}, ".66"}, {"FNUMBER", args{n(".66"), "L"}, ".66"}, {"FNUMBER", args{n(".66"), "D"}, ".66"}, {"FNUMBER", args{n(".66"), "+"}, "+0.66"}, {"FNUMBER", args{n(".66"), "", 1}, "0.7"}, {"FNUMBER", args{n(".66"), "", 0}, "1"}, {"FNUMBER", args{n("-.4"), "", 0}, "0"}, {"FNUMBER", args{999, ","}, "999"}, {"FNUMBER", args{1000, ","}, "1,000"},
		{"FNUMBER", args{-999999, ",P", 1}, "(999,999.0)"}, {"FNUMBER", args{"12abc", "+"}, "+12"}, {"FNUMBER", args{n("1234.99"), "G", 2}, "1.23E+03"}, {"FNUMBER", args{n("1234.99"), "G", 3}, "1235"}, {"FNUMBER", args{n("1234.99"), "G"}, "1234.99"}, {"FNUMBER", args{n("1234.99"), "E"}, "1.234990E+03"}, {"FNUMBER", args{n("1234.99"), "e", 1}, "1.2e+03"},
		{"FNUMBER", args{n("-.00012"), "E", 2}, "-1.20E-04"}, {"FNUMBER", args{n("99.99"), "E", 1}, "1.0E+02"}, {"FNUMBER", args{0, "E"}, "0.000000E+00"}, {"FNUMBER", args{n("1E120"), "E", 0}, "1E+120"}, {"FNUMBER", args{Double(1234.5), "E", 3}, "1.234E+03"}, {"FNUMBER", args{Double(1234.5), ",", 2}, "1,234.50"}, {"FNUMBER", args{n(".00001"), "G"}, "1E-05"}, {"FNUMBER", args{n(".001"), "G"}, "0.001"},
		{"FNUMBER", args{inf, "+"}, "+INF"}, {"FNUMBER", args{Double(math.Inf(-1)), "T"}, "INF-"}, {"FNUMBER", args{Double(math.Inf(-1)), "P"}, "(INF)"}, {"FNUMBER", args{nan, "d+"}, "nan"}, {"FNUMBER", args{Double(math.Copysign(0, -1)), ""}, "0"}, {"FNUMBER", args{Double(math.Copysign(0, -1)), "D"}, "-0"},
		{"FNUMBER", args{1, "PT"}, "<SYNTAX>"}, {"FNUMBER", args{1, "P+"}, "<SYNTAX>"}, {"FNUMBER", args{1, "TL"}, "<FUNCTION>"}, {"FNUMBER", args{1, ",."}, "<FUNCTION>"}, {"FNUMBER", args{1, ",N"}, "<FUNCTION>"}, {"FNUMBER", args{1, ".O"}, "<FUNCTION>"}, {"FNUMBER", args{1, "EG"}, "<FUNCTION>"}, {"FNUMBER", args{1, "Q"}, "<FUNCTION>"}, {"FNUMBER", args{1, "", huge}, "<MAXSTRING>"}, {"FNUMBER", args{1, "", -1}, "<FUNCTION>"},

		{"INUMBER", args{"+1,23,456,7.8,9,100", ""}, "1234567.891"}, {"INUMBER", args{"0012,3456,7.891+", ""}, "1234567.891"}, {"INUMBER", args{"1,23,,345,7.,8,9,", ""}, "<ILLEGAL VALUE>"}, {"INUMBER", args{"-123,4,56,789.1234,5678", "L"}, "-123456789.12345678"}, {"INUMBER", args{"-123,4,56,789.1234,5678", "T"}, "<ILLEGAL VALUE>"},
		{"INUMBER", args{"(123,4,56,789.1234,5678)", "P"}, "-123456789.12345678"}, {"INUMBER", args{"-123", "P"}, "<ILLEGAL VALUE>"}, {"INUMBER", args{"-123", "-"}, "<ILLEGAL VALUE>"}, {"INUMBER", args{"-123", "-", "ERR"}, "ERR"}, {"INUMBER", args{"-23,456,789.123456789", "L,"}, "-23456789.123456789"}, {"INUMBER", args{"23456,789", ","}, "<ILLEGAL VALUE>"}, {"INUMBER", args{"2,34", ","}, "<ILLEGAL VALUE>"},
		{"INUMBER", args{"1.234.567,89", "."}, "1234567.89"}, {"INUMBER", args{"1.234E-14", "E"}, ".00000000000001234"}, {"INUMBER", args{"1.234E-14", "L", "bad"}, "bad"}, {"INUMBER", args{n("1.234E-14"), "L", "bad"}, ".00000000000001234"}, {"INUMBER", args{"INF", "D"}, "INF"}, {"INUMBER", args{"-inf", "D"}, "-INF"}, {"INUMBER", args{"nan", "D"}, "NAN"}, {"INUMBER", args{"INF", "", "e"}, "e"},
		{"INUMBER", args{" 12 ", ""}, "12"}, {"INUMBER", args{"1 2", "", "e"}, "e"}, {"INUMBER", args{"12", "+", "e"}, "e"}, {"INUMBER", args{"+12", "+"}, "12"}, {"INUMBER", args{"12-", ""}, "-12"}, {"INUMBER", args{"-12-", "", "e"}, "e"}, {"INUMBER", args{"(-12)", "", "e"}, "e"}, {"INUMBER", args{"(12)", ""}, "-12"}, {"INUMBER", args{"", "", "e"}, "e"}, {"INUMBER", args{"1,000", "N", "e"}, "e"}, {"INUMBER", args{1, "-+"}, "<FUNCTION>"},

		{"NUMBER", args{"123,456", ","}, "123.456"}, {"NUMBER", args{"123,45,6", ","}, ""}, {"NUMBER", args{"123.456", ","}, "123456"}, {"NUMBER", args{"123.4.56", ","}, "123456"}, {"NUMBER", args{"12 3,,4,56.9,9"}, "123456.99"}, {"NUMBER", args{"123.4.56"}, ""}, {"NUMBER", args{"(12)"}, "-12"}, {"NUMBER", args{"12-"}, "-12"}, {"NUMBER", args{"12--"}, ""}, {"NUMBER", args{"--12"}, ""},
		{"NUMBER", args{"12A"}, ""}, {"NUMBER", args{""}, ""}, {"NUMBER", args{"1E3"}, "1000"}, {"NUMBER", args{"1E"}, ""}, {"NUMBER", args{"."}, ""}, {"NUMBER", args{n("234.45"), -2}, "200"}, {"NUMBER", args{n("123.45"), 1}, "123.5"}, {"NUMBER", args{n("4.003"), 2, 0, 4}, "4"}, {"NUMBER", args{n("4.006"), 2, 0, 4}, ""}, {"NUMBER", args{-7, nil, nil, 10}, "-7"}, {"NUMBER", args{-7, nil, "", 10}, ""},
		{"NUMBER", args{n("-7"), "I"}, "-7"}, {"NUMBER", args{"-07.00", "I"}, ""}, {"NUMBER", args{"-7", "I"}, "-7"}, {"NUMBER", args{n("-7.01"), "I"}, ""}, {"NUMBER", args{"5", "X"}, "<SYNTAX>"}, {"NUMBER", args{"5", "-"}, "<SYNTAX>"}, {"NUMBER", args{"5", ".,"}, "<SYNTAX>"}, {"NUMBER", args{"1.25", ".1"}, "1.3"}, {"NUMBER", args{inf}, ""}, {"NUMBER", args{"€"}, ""},

		{"ISVALIDNUM", args{0}, "1"}, {"ISVALIDNUM", args{"4.567"}, "1"}, {"ISVALIDNUM", args{"+004.500"}, "1"}, {"ISVALIDNUM", args{""}, "0"}, {"ISVALIDNUM", args{"4,567"}, "0"}, {"ISVALIDNUM", args{"4A"}, "0"}, {"ISVALIDNUM", args{"--4"}, "0"}, {"ISVALIDNUM", args{"4-"}, "0"}, {"ISVALIDNUM", args{"4E2"}, "1"}, {"ISVALIDNUM", args{"4E"}, "0"}, {"ISVALIDNUM", args{"4E2.5"}, "0"}, {"ISVALIDNUM", args{"NAN"}, "0"}, {"ISVALIDNUM", args{nan}, "1"}, {"ISVALIDNUM", args{"."}, "0"},
		{"ISVALIDNUM", args{4, nil, 3, 5}, "1"}, {"ISVALIDNUM", args{4, 0, 4, 4}, "1"}, {"ISVALIDNUM", args{n("4.55"), nil, n("4.54"), n("4.551")}, "1"}, {"ISVALIDNUM", args{n("4.1"), 0, 4, n("4.01")}, "1"}, {"ISVALIDNUM", args{n("3.85"), 1, n("3.9"), 5}, "1"}, {"ISVALIDNUM", args{n("3.9"), -1, 2, 3}, "1"}, {"ISVALIDNUM", args{n("3.9"), 0, 2, 3}, "0"}, {"ISVALIDNUM", args{4, -2}, "<FUNCTION>"},
		{"ISVALIDNUM", args{"9223372036854775807E127"}, "1"}, {"ISVALIDNUM", args{"9223372036854775807E128"}, "0"}, {"ISVALIDDOUBLE", args{"9223372036854775807E128"}, "1"}, {"ISVALIDDOUBLE", args{"NAN"}, "1"}, {"ISVALIDDOUBLE", args{"-infinity"}, "1"}, {"ISVALIDDOUBLE", args{"x"}, "0"}, {"ISVALIDDOUBLE", args{5, 0, 1, 4}, "0"}, {"ISVALIDDOUBLE", args{nan, 0, 1, 4}, "0"}, {"ISVALIDDOUBLE", args{nan}, "1"},

		{"NORMALIZE", args{n("4.567"), 2}, "4.57"}, {"NORMALIZE", args{"", 0}, "0"}, {"NORMALIZE", args{"4,567", 0}, "4"}, {"NORMALIZE", args{"4A", 0}, "4"}, {"NORMALIZE", args{n("3.85"), 1}, "3.9"}, {"NORMALIZE", args{n("3.85"), 0}, "4"}, {"NORMALIZE", args{n("3.85"), -1}, "3"}, {"NORMALIZE", args{n("-3.85"), -1}, "-3"}, {"NORMALIZE", args{n("4.01"), 17}, "4.01"}, {"NORMALIZE", args{4, -2}, "<FUNCTION>"}, {"NORMALIZE", args{inf, 2}, "INF"}, {"NORMALIZE", args{Double(2.5), 0}, "2"}, {"NORMALIZE", args{n("3.14159265358979"), 12}, "3.14159265359"}, {"NORMALIZE", args{1, huge}, "1"},
		{"NORMALIZE", args{n("1E-30"), 5}, "0"},

		{"DOUBLE", args{n(".1")}, ".10000000000000000556"}, {"DOUBLE", args{"INF"}, "INF"}, {"DOUBLE", args{"-inf"}, "-INF"}, {"DOUBLE", args{"nan"}, "NAN"}, {"DOUBLE", args{2}, "2"}, {"DOUBLE", args{"1E200"}, "9.9999999999999996973E199"}, {"DOUBLE", args{n("3.141592653589793238")}, "3.1415926535897931159"}, {"DOUBLE", args{"1E400"}, "<MAXNUMBER>"},
		{"DECIMAL", args{Double(3.141592653589793)}, "3.141592653589793116"}, {"DECIMAL", args{Double(3.141592653589793), 1}, "3"}, {"DECIMAL", args{Double(3.141592653589793), 8}, "3.1415927"}, {"DECIMAL", args{Double(3.141592653589793), 12}, "3.14159265359"}, {"DECIMAL", args{Double(3.141592653589793), 18}, "3.14159265358979312"}, {"DECIMAL", args{Double(3.141592653589793), 20}, "3.141592653589793116"}, {"DECIMAL", args{Double(3.141592653589793), 0}, "3.1415926535897931159"},
		{"DECIMAL", args{inf}, "<MAXNUMBER>"}, {"DECIMAL", args{nan}, "<ILLEGAL VALUE>"}, {"DECIMAL", args{1, 39}, "<ILLEGAL VALUE>"}, {"DECIMAL", args{"7dwarves"}, "7"}, {"DECIMAL", args{n("12.5"), 2}, "13"}, {"DECIMAL", args{Double(1e200)}, "<MAXNUMBER>"},
		{"RANDOM", args{1}, "0"}, {"RANDOM", args{0}, "<FUNCTION>"}, {"RANDOM", args{-5}, "<FUNCTION>"}, {"RANDOM", args{huge}, "<FUNCTION>"},
	})
}

func TestMathematicalFunctions(t *testing.T) {
	runRows(t, []row{
		{"ZABS", args{-5}, "5"}, {"ZABS", args{n("-.5")}, ".5"}, {"ZABS", args{Int(math.MinInt64)}, "9223372036854775810"}, {"ZABS", args{Double(-2)}, "2"},
		{"ZSQR", args{2}, "1.414213562373095049"}, {"ZSQR", args{25}, "5"}, {"ZSQR", args{0}, "0"}, {"ZSQR", args{-1}, "<ILLEGAL VALUE>"}, {"ZSQR", args{Double(2)}, "1.4142135623730951454"},
		{"ZEXP", args{1}, "2.718281828459045235"}, {"ZEXP", args{0}, "1"}, {"ZEXP", args{-1}, ".3678794411714423216"}, {"ZEXP", args{400}, "<MAXNUMBER>"}, {"ZEXP", args{-1000}, "0"}, {"ZEXP", args{n("-1E100")}, "0"}, {"ZEXP", args{n("1E100")}, "<MAXNUMBER>"}, {"ZEXP", args{20}, "485165195.409790278"}, {"ZEXP", args{Double(1)}, "2.7182818284590450908"},
		{"ZLN", args{10}, "2.302585092994045684"}, {"ZLN", args{1}, "0"}, {"ZLN", args{0}, "<ILLEGAL VALUE>"}, {"ZLN", args{-1}, "<ILLEGAL VALUE>"}, {"ZLN", args{n("1E-128")}, "-294.7308919032378476"}, {"ZLOG", args{1000}, "3"}, {"ZLOG", args{2}, ".3010299956639811952"}, {"ZLOG", args{0}, "<ILLEGAL VALUE>"},
		{"ZPOWER", args{2, 10}, "1024"}, {"ZPOWER", args{0, 0}, "0"}, {"ZSIN", args{1}, ".8414709848078965067"}, {"ZSIN", args{0}, "0"}, {"ZSIN", args{100}, "-.5063656411097587937"}, {"ZSIN", args{n("1E30")}, "<ILLEGAL VALUE>"}, {"ZCOS", args{1}, ".5403023058681397174"}, {"ZCOS", args{0}, "1"}, {"ZCOS", args{4}, "-.6536436208636119146"}, {"ZTAN", args{1}, "1.557407724654902231"}, {"ZTAN", args{-2}, "2.185039863261518992"},
		{"ZSEC", args{1}, "1.850815717680925618"}, {"ZCSC", args{1}, "1.188395105778121216"}, {"ZCOT", args{1}, ".642092615934330703"}, {"ZCSC", args{0}, "<ILLEGAL VALUE>"}, {"ZCOT", args{0}, "<ILLEGAL VALUE>"},
		{"ZARCSIN", args{1}, "1.570796326794896619"}, {"ZARCSIN", args{-1}, "-1.570796326794896619"}, {"ZARCSIN", args{n(".5")}, ".5235987755982988731"}, {"ZARCSIN", args{2}, "<ILLEGAL VALUE>"}, {"ZARCCOS", args{0}, "1.570796326794896619"}, {"ZARCCOS", args{1}, "0"}, {"ZARCCOS", args{-1}, "3.141592653589793238"}, {"ZARCTAN", args{1}, ".7853981633974483096"}, {"ZARCTAN", args{n("1E100")}, "1.570796326794896619"}, {"ZARCTAN", args{0}, "0"}, {"ZARCTAN", args{Double(1)}, ".78539816339744827899"},
	})
}

func TestRandomStaysInRange(t *testing.T) {
	p := testProcess(t)
	seen := map[int64]bool{}
	for range 1000 {
		v := fnRandom(p, []Value{Int(4)})
		require.True(t, v.mant >= 0 && v.mant < 4)
		seen[v.mant] = true
	}
	assert.Len(t, seen, 4)
}

// TestTranscendentalsAgainstIEEE compares with the double functions over the whole
// range, and checks that inverse functions undo each other.
func TestTranscendentalsAgainstIEEE(t *testing.T) {
	p := testProcess(t)
	near := func(want float64, got Value, what string, x float64) {
		require.InEpsilon(t, want+1e-300, got.float()+1e-300, 1e-13, "%s(%v) = %s", what, x, got.str())
	}
	for x := -30.37; x < 30; x += .73 {
		v, _ := fromFloat(x, 17)
		a := []Value{v}
		near(math.Exp(x), fnZexp(p, a), "exp", x)
		near(math.Sin(x), fnZsin(p, a), "sin", x)
		near(math.Cos(x), fnZcos(p, a), "cos", x)
		near(math.Tan(x), fnZtan(p, a), "tan", x)
		near(math.Atan(x), fnZarctan(p, a), "atan", x)
		near(math.Abs(x), fnZabs(p, a), "abs", x)
		near(x, fnZln(p, []Value{fnZexp(p, a)}), "ln exp", x)
		r := fnZsin(p, a)
		near(math.Asin(r.float()), fnZarcsin(p, []Value{r}), "asin", x)
		near(math.Acos(r.float()), fnZarccos(p, []Value{r}), "acos", x)
		near(math.Pow(math.Abs(x), 2.5), p.pow(fnZabs(p, a), n("2.5")), "pow", x)
	}
}

// FuzzFixed checks rounding to a number of places against exact rationals.
func FuzzFixed(f *testing.F) {
	f.Add(int64(12345), int8(-3), 2)
	f.Add(int64(-5), int8(-1), 0)
	f.Add(int64(math.MinInt64), int8(100), 3)
	f.Fuzz(func(t *testing.T, m int64, exp int8, places int) {
		places = (places%30 + 30) % 30
		neg, u := magnitude(m)
		v, ok := pack(neg, 0, u, int(exp))
		if !ok {
			return
		}
		got := string(appendFixed(nil, v, places))
		want := exact(v).FloatString(places)
		if r := want; len(r) > 1 && r[0] == '-' && textNumber(r).mant == 0 && exactZero(r) {
			want = r[1:]
		}
		require.Equal(t, want, got, v.str())
	})
}

func exactZero(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f == 0
}
