package runtime

// Properties over many random values: numbers against math/big, and inverse functions
// that undo each other. The four operations, \, # and comparison are in decimal_test.go.

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rounds is how many random values a property is tried with.
func rounds(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

func TestPowersAgainstBig(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range rounds(4000) {
		a, k := randomNumber(r), r.Int64N(41)-20
		if a.mant == 0 {
			continue
		}
		power := new(big.Rat).SetInt64(1)
		for range max(k, -k) {
			power.Mul(power, exact(a))
		}
		if k < 0 {
			power.Inv(power)
		}
		want, ok := rounded(power)
		var got Value
		err := raised(func() { got = p.pow(a, Int(k)) })
		if !ok {
			require.Equal(t, "<MAXNUMBER>", err, "%s**%d", a.str(), k)
			continue
		}
		require.Equal(t, want, got, "%s**%d = %s, got %s", a.str(), k, want.str(), got.str())
	}
}

// places rounds to decimal places, ties away from zero, and writes all of them.
func places(r *big.Rat, n int) string {
	s := r.FloatString(n)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

func TestRoundingAgainstBig(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(7, 8))
	for range rounds(6000) {
		v, n := randomNumber(r), r.IntN(40)
		want := places(exact(v), n)
		require.Equal(t, want, strings.TrimLeft(fnJustify(p, []Value{v, Int(0), Int(int64(n))}).str(), " "), "$JUSTIFY(%s,0,%d)", v.str(), n)
		require.Equal(t, want, fnFnumber(p, []Value{v, Empty, Int(int64(n))}).str(), "$FNUMBER(%s,,%d)", v.str(), n)
		require.Equal(t, grouped(want), fnFnumber(p, []Value{v, Text(","), Int(int64(n))}).str(), "$FNUMBER(%s,\",\",%d)", v.str(), n)
		value, ok := rounded(ratOf(want))
		require.True(t, ok)
		require.Equal(t, value, fnNumber(p, []Value{v, Int(int64(n))}).number(), "$NUMBER(%s,%d)", v.str(), n)
		require.Equal(t, value, fnNormalize(p, []Value{v, Int(int64(n))}).number(), "$NORMALIZE(%s,%d)", v.str(), n)
	}
}

func ratOf(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

// grouped puts a comma before each three digits left of the point.
func grouped(s string) string {
	whole, fraction, found := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return sign + whole
}

// Numerals with a point, zeros and an exponent become the nearest number.
func TestNumeralsAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	for range rounds(20000) {
		s := digits(1 + r.IntN(25))
		if r.IntN(2) == 0 {
			s += "." + digits(1+r.IntN(25))
		}
		if r.IntN(2) == 0 {
			s += string("Ee"[r.IntN(2)]) + []string{"", "+", "-"}[r.IntN(3)] + strconv.Itoa(r.IntN(180))
		}
		if r.IntN(3) == 0 {
			s = "-" + s
		}
		want, ok := rounded(ratOf(s))
		got := Text(s).number()
		if !ok {
			require.Equal(t, kindDouble, got.kind, s)
			continue
		}
		require.Equal(t, want, got, "%s: %s, got %s", s, want.str(), got.str())
		require.True(t, isCanonical(got.str()), got.str())
	}
}

// randomText is text of plain, control, Latin and wide characters.
func randomText(r *rand.Rand) string {
	alphabets := [][]rune{[]rune("abcXYZ019 .,-"), []rune("\x00\x01\t\n\r\x1f\"\\&<>'%+/?=#"), []rune("äöÿ\u0080\u00a0ß"), []rune("€中文ЖΩ\ufeff\uffee"), []rune("😀𝄞")}
	var b strings.Builder
	for range r.IntN(20) {
		a := alphabets[r.IntN(len(alphabets))]
		b.WriteRune(a[r.IntN(len(a))])
	}
	return b.String()
}

func TestConversionsAreInverse(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(11, 12))
	for range rounds(4000) {
		text := randomText(r)
		v := FromUTF8(text)
		for _, table := range []string{"UTF8", "URL", "JSON", "JS", "RAW"} {
			if table == "RAW" && v.kind == kindWide {
				continue
			}
			out := fnZconvert(p, []Value{v, Text("O"), Text(table)})
			require.Equal(t, v, fnZconvert(p, []Value{out, Text("I"), Text(table)}).asText(), "%s of %q is %q", table, text, out.utf8())
		}
	}
}

func TestXMLAndHTMLAreInverse(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(13, 14))
	for range rounds(4000) {
		text := strings.Map(func(c rune) rune {
			if c < ' ' {
				return -1
			}
			return c
		}, randomText(r))
		v := FromUTF8(text)
		for _, table := range []string{"XML", "HTML"} {
			out := fnZconvert(p, []Value{v, Text("O"), Text(table)})
			require.Equal(t, v, fnZconvert(p, []Value{out, Text("I"), Text(table)}).asText(), "%s of %q is %q", table, text, out.utf8())
		}
	}
}

// Each format that says a whole date is read back to the date it came from.
func TestDatesAreInverse(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(15, 16))
	for range rounds(3000) {
		day := Int(r.Int64N(2980014))
		for _, format := range []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 15} {
			a := []Value{day, Int(format), {}, Int(4)}
			text := fnZdate(p, a)
			require.Equal(t, day, fnZdateh(p, []Value{text, Int(format)}), "format %d: %s", format, text.str())
		}
		second := Int(r.Int64N(86400))
		for _, format := range []int64{1, 3} {
			text := fnZtime(p, []Value{second, Int(format)})
			require.Equal(t, second, fnZtimeh(p, []Value{text, Int(format)}).number(), "time %d: %s", format, text.str())
		}
	}
}

// randomJSON is an expression for a dynamic value, and the value that it builds.
func randomJSON(r *rand.Rand, depth int) string {
	switch k := r.IntN(8); {
	case k == 0 && depth > 0:
		var list []string
		for range r.IntN(4) {
			list = append(list, randomJSON(r, depth-1))
		}
		return "[" + strings.Join(list, ",") + "]"
	case k == 1 && depth > 0:
		var list []string
		for i := range r.IntN(4) {
			list = append(list, fmt.Sprintf("%s:%s", jsonText(randomText(r)+strconv.Itoa(i)), randomJSON(r, depth-1)))
		}
		return "{" + strings.Join(list, ",") + "}"
	case k == 2:
		return []string{"null", "true", "false"}[r.IntN(3)]
	case k < 5:
		return []string{"0", "-1", "12.5", "1e3", "9007199254740993", "-0.25", "123456789012345678"}[r.IntN(7)]
	}
	return jsonText(randomText(r))
}

func jsonText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < ' ':
			fmt.Fprintf(&b, "\\u%04x", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String() + `"`
}

// What %FromJSON reads, %ToJSON writes so that %FromJSON reads the same again.
func TestJSONComesBack(t *testing.T) {
	p := testProcess(t)
	local := func(name string) *Var { return p.variable(p.sys.symbols.slot(name)) }
	r := rand.New(rand.NewPCG(17, 18))
	for range rounds(2000) {
		text := "[" + randomJSON(r, 4) + "]"
		local("t").Value = FromUTF8(text)
		require.NoError(t, p.Execute(`SET o=##class(%DynamicArray).%FromJSON(t),a=o.%ToJSON(),b=##class(%DynamicArray).%FromJSON(a).%ToJSON()`), text)
		require.Equal(t, local("a").str(), local("b").str(), text)
		require.JSONEq(t, text, local("a").utf8(), text)
	}
}

// A list holds what was put in, byte for byte the same when built of its own elements.
func TestListsComeBack(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(19, 20))
	for range rounds(4000) {
		var values []Value
		for range r.IntN(8) {
			switch r.IntN(4) {
			case 0:
				values = append(values, Value{})
			case 1:
				values = append(values, randomNumber(r))
			case 2:
				values = append(values, Text(strings.Repeat("x", []int{0, 1, 252, 253, 254, 255, 256, 65533, 65540}[r.IntN(9)])))
			default:
				values = append(values, FromUTF8(randomText(r)))
			}
		}
		list := listBuild(p, values)
		back, ok := listElements(list.text)
		require.True(t, ok)
		require.Len(t, back, len(values))
		for i, v := range values {
			require.Equal(t, v.defined(), back[i].defined())
			require.Equal(t, v.asText(), back[i].asText())
		}
		require.Equal(t, list, listBuild(p, back))
	}
}
