package runtime

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestComparison(t *testing.T) {
	for _, r := range []struct {
		a, b                                  any
		equal, less, follows, contains, sorts bool // a=b a<b a]b a[b a]]b
	}{
		{1, 1, true, false, false, true, false},
		{1, 2, false, true, false, false, false},
		{10, 9, false, false, false, false, true},
		{"10", "9", false, false, false, false, true},
		{"1.0", 1, false, false, true, true, true},
		{n("1.0"), 1, true, false, false, true, false},
		{"1", 1, true, false, false, true, false},
		{n(".5"), ".5", true, false, false, true, false},
		{n(".5"), "0.5", false, false, false, false, false},
		{"abc", "abc", true, false, false, true, false},
		{"b", "a", false, false, true, false, true},
		{"a", 1, false, true, true, false, true},
		{1, "a", false, false, false, false, false},
		{"", 0, false, false, false, false, false},
		{0, "", false, false, true, true, true},
		{"", "", true, false, false, true, false},
		{"abc", "b", false, false, false, true, false},
		{"abc", "", false, false, true, true, true},
		{"€", "z", false, false, true, false, true},
		{"z", "€", false, false, false, false, false},
		{"a€b", "€", false, false, false, true, false},
		{"€", "€", true, false, false, true, false},
		{"ÿ", "€", false, false, false, false, false},
		{"-1", -1, true, false, false, true, false},
		{-2, -1, false, true, true, false, false},
		{n("1E30"), n("1E29"), false, false, true, true, true},
		{n("1E-30"), 0, false, false, false, true, true},
		{n("-1E30"), n("1E-30"), false, true, false, false, false},
		{12321, 23, false, false, false, true, true},
		{Double(2), 2, true, false, false, true, false},
		{Double(.1), n(".1"), false, false, true, true, true},
		{Double(math.NaN()), 1, false, false, true, false, true},
		{Double(1), Double(1.5), false, true, false, false, false},
		{"12abc", 12, false, false, true, true, true},
		{n("123456789012345678"), "123456789012345678", true, false, false, true, false},
	} {
		a, b := val(r.a), val(r.b)
		what := fmt.Sprint(r.a, " ", r.b)
		assert.Equal(t, r.equal, equal(a, b), "%s =", what)
		assert.Equal(t, r.equal, equal(b, a), "%s = reversed", what)
		assert.Equal(t, r.less, less(a, b), "%s <", what)
		assert.Equal(t, r.follows, follows(a, b), "%s ]", what)
		assert.Equal(t, r.contains, contains(a, b), "%s [", what)
		assert.Equal(t, r.sorts, sortsAfter(a, b), "%s ]]", what)
	}
	nan := Double(math.NaN())
	assert.False(t, equal(nan, nan))
	assert.False(t, less(Int(1), nan) || less(nan, Int(1)))
}

// subscripts in their order.
var subscripts = []Value{
	Empty, n("-1E100"), Int(math.MinInt64), Int(-100), n("-1.5"), Int(-1), n("-.5"), n("-1E-100"), Int(0), n("1E-100"), n(".25"), n(".5"), Int(1), n("1.5"), Int(2), Int(10), Int(math.MaxInt64), n("1E19"), n("1E100"),
	Text(" "), Text("-"), Text("-0"), Text("."), Text("0.5"), Text("00"), Text("01"), Text("1.0"), Text("12345678901234567890123"), Text("1E3"), Text("9x"), Text("A"), Text("AB"), Text("a"), Text("\xff"), FromUTF8("ÿ€"), FromUTF8("€"), FromUTF8("€a"), FromUTF8("\uffff"),
}

func TestCollation(t *testing.T) {
	for i, a := range subscripts {
		for j, b := range subscripts {
			want := cmp.Compare(i, j)
			assert.Equal(t, want, collate(a, b), "%s %s", a.utf8(), b.utf8())
		}
	}
}

func FuzzCollation(f *testing.F) {
	f.Add("1", "01", "a")
	f.Add("-1.5", "1E3", "€")
	f.Add("", "-", ".5")
	f.Fuzz(func(t *testing.T, x, y, z string) {
		v := []Value{FromUTF8(x), FromUTF8(y), FromUTF8(z)}
		slices.SortFunc(v, collate)
		require.LessOrEqual(t, collate(v[0], v[2]), 0, "the order is transitive")
		for _, a := range v {
			for _, b := range v {
				c := collate(a, b)
				require.Equal(t, -c, collate(b, a))
				require.Equal(t, c == 0, equal(a, b))
			}
		}
	})
}

func TestFormat(t *testing.T) {
	for _, r := range []struct {
		v    Value
		want string
	}{
		{Int(0), "0"}, {Int(-5), "-5"}, {Int(math.MinInt64), "-9223372036854775808"}, {n("0.5"), ".5"}, {n("-0.5"), "-.5"}, {n("100.25"), "100.25"}, {n("1E25"), "10000000000000000000000000"}, {n("1E-5"), ".00001"}, {n("-1E-128"), "-." + strings.Repeat("0", 127) + "1"}, {n("9223372036854775807E127"), "9223372036854775807" + strings.Repeat("0", 127)}, {Value{}, ""},
		{Double(0), "0"}, {Double(math.Copysign(0, -1)), "-0"}, {Double(1), "1"}, {Double(-2.5), "-2.5"}, {Double(1.0 / 3), ".33333333333333331483"}, {Double(1e15), "1000000000000000"}, {Double(1e20), "100000000000000000000"}, {Double(1e21), "1E21"}, {Double(1.5e300), "1.5000000000000000788E300"}, {Double(-5e-324), "-4.9406564584124654418E-324"}, {Double(math.Inf(1)), "INF"}, {Double(math.Inf(-1)), "-INF"}, {Double(math.NaN()), "NAN"}, {Double(math.Pi), "3.1415926535897931159"},
	} {
		assert.Equal(t, r.want, r.v.str())
		assert.Equal(t, r.want, string(r.v.appendText(nil)))
		assert.Equal(t, len(r.want), r.v.length())
		assert.Equal(t, Text(r.want), r.v.asText())
		assert.Equal(t, r.want, r.v.device().S)
	}
	for i := range int64(1100) {
		assert.Equal(t, fmt.Sprint(i), Int(i).str())
	}
}

func TestCanonical(t *testing.T) {
	for _, s := range []string{"0", "1", "-1", "10", ".5", "-.5", "1.5", "100", "123456789012345678", "9223372036854775807", "-9223372036854775808", "1" + strings.Repeat("0", 100), "." + strings.Repeat("0", 100) + "1", "9223372036854775810"} {
		assert.True(t, isCanonical(s), s)
	}
	for _, s := range []string{"", "-", ".", "-.", "00", "01", "-0", "-01", "0.5", "1.0", "1.", ".50", "+1", "1E3", "1e3", " 1", "1 ", "1..2", "--1", "abc", "1a", "12345678901234567891", "1.2345678901234567891", "1" + strings.Repeat("0", 200), "9223372036854775808", "INF"} {
		assert.False(t, isCanonical(s), s)
	}
}

func TestUTF8(t *testing.T) {
	for _, r := range []struct {
		in   string
		kind kind
		n    int
	}{{"", kindText, 0}, {"abc", kindText, 3}, {"é", kindText, 1}, {"ÿ", kindText, 1}, {"Ā", kindWide, 1}, {"a€", kindWide, 2}, {"😀", kindWide, 2}, {"é😀", kindWide, 3}} {
		v := FromUTF8(r.in)
		assert.Equal(t, r.kind, v.kind, r.in)
		assert.Equal(t, r.n, v.length(), r.in)
		assert.Equal(t, r.in, v.utf8())
		assert.Equal(t, r.kind == kindWide, v.device().Wide)
	}
	assert.Equal(t, "a\xffb", FromUTF8("a\xffb").text, "a stray byte stands for itself")
	assert.Equal(t, "\ufffd", Value{text: "\x00\xd8", kind: kindWide}.utf8(), "a lone surrogate")
	assert.Equal(t, "\ufffda", Value{text: "\x00\xd8a\x00", kind: kindWide}.utf8())
	assert.Equal(t, "ab", narrow("a\x00b\x00").text)
}

func BenchmarkCompare(b *testing.B) {
	for _, r := range []struct {
		name string
		x, y Value
		f    func(a, b Value) bool
	}{
		{"equal int", Int(5), Int(5), equal}, {"equal text", Text("LAZY"), Text("LAZY"), equal}, {"equal int text", Int(12345), Text("12345"), equal}, {"less int", Int(5), Int(7), less}, {"less decimal", n("5.5"), n("7.25"), less}, {"less text", Text("5"), Text("7"), less}, {"sorts after", Text("abc"), Int(5), sortsAfter},
	} {
		b.Run(r.name, func(b *testing.B) {
			for b.Loop() {
				sinkBool = r.f(r.x, r.y)
			}
		})
	}
}
