package runtime

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStringFunctions(t *testing.T) {
	huge := 1000000000000000000
	runRows(t, []row{
		{"ASCII", args{"A"}, "65"}, {"ASCII", args{""}, "-1"}, {"ASCII", args{"AB", 2}, "66"}, {"ASCII", args{"AB", 3}, "-1"},
		{"ASCII", args{"AB", 0}, "-1"}, {"ASCII", args{"AB", -5}, "-1"}, {"ASCII", args{"AB", huge}, "-1"}, {"ASCII", args{"é"}, "233"},
		{"ASCII", args{"a€", 2}, "8364"}, {"ASCII", args{12, 2}, "50"}, {"ASCII", args{"😀", 2}, "56832"}, {"ASCII", args{"AB", n("1.9")}, "65"},
		{"CHAR", args{65}, "A"}, {"CHAR", args{65, 66}, "AB"}, {"CHAR", args{-1}, ""}, {"CHAR", args{65, -66, 67}, "AC"}, {"CHAR", args{8364}, "€"},
		{"CHAR", args{65536}, ""}, {"CHAR", args{55357, 56832}, "😀"}, {"CHAR", args{n("65.5")}, "A"}, {"CHAR", args{"66x"}, "B"}, {"CHAR", args{233}, "é"},
		{"CHAR", args{huge}, ""},

		{"EXTRACT", args{"ABCD"}, "A"}, {"EXTRACT", args{"ABCD", 2}, "B"}, {"EXTRACT", args{"ABCD", 2, 3}, "BC"}, {"EXTRACT", args{"ABCD", 0}, ""},
		{"EXTRACT", args{"ABCD", -1}, ""}, {"EXTRACT", args{"ABCD", 5}, ""}, {"EXTRACT", args{"ABCD", -1, 2}, "AB"}, {"EXTRACT", args{"ABCD", 3, 2}, ""},
		{"EXTRACT", args{"ABCD", 2, 99}, "BCD"}, {"EXTRACT", args{"ABCD", star(0)}, "D"}, {"EXTRACT", args{"ABCD", star(-2)}, "B"}, {"EXTRACT", args{"ABCD", star(-9)}, ""},
		{"EXTRACT", args{"1234Alabama567", star(-9), star(-3)}, "Alabama"}, {"EXTRACT", args{"", 1}, ""}, {"EXTRACT", args{"ABCD", star(-9), 2}, "AB"},
		{"EXTRACT", args{12345, 2, 4}, "234"}, {"EXTRACT", args{12345, 5}, "5"}, {"EXTRACT", args{12345, 6}, ""}, {"EXTRACT", args{"a€b", 2}, "€"}, {"EXTRACT", args{"a€b", 3}, "b"},
		{"EXTRACT", args{"a€b", 1, 1}, "a"}, {"EXTRACT", args{"a€b", 2, huge}, "€b"}, {"EXTRACT", args{"ABCD", huge, huge}, ""}, {"EXTRACT", args{"ABCD", -huge, huge}, "ABCD"},
		{"EXTRACT", args{"ABCD", nil, 2}, "AB"}, {"EXTRACT", args{"ABCD", n("2.7")}, "B"}, {"EXTRACT", args{n("-1.5"), 1}, "-"},

		{"FIND", args{"ABCDEFG", "BCD"}, "5"}, {"FIND", args{"aardvark", "z"}, "0"}, {"FIND", args{"aardvark", ""}, "1"}, {"FIND", args{"", ""}, "1"}, {"FIND", args{"", "z"}, "0"},
		{"FIND", args{"EVERGREEN FOREST", "R", 7}, "14"}, {"FIND", args{"EVERGREEN FOREST", "R", 20}, "0"}, {"FIND", args{"ABA", "A", 2}, "4"}, {"FIND", args{"ABA", "A", -3}, "2"},
		{"FIND", args{"a€b€", "€", 3}, "5"}, {"FIND", args{"abc", "€"}, "0"}, {"FIND", args{"ab€", "b"}, "3"}, {"FIND", args{"ABC", "A", huge}, "0"}, {"FIND", args{"ABC", "", 3}, "3"}, {"FIND", args{"ABC", "", 9}, "0"},
		{"FIND", args{12321, 2, 3}, "5"},

		{"LENGTH", args{""}, "0"}, {"LENGTH", args{"abc"}, "3"}, {"LENGTH", args{"a,b,c", ","}, "3"}, {"LENGTH", args{"", ","}, "1"}, {"LENGTH", args{"abc", ""}, "0"}, {"LENGTH", args{"aaaa", "aa"}, "3"},
		{"LENGTH", args{"a€b"}, "3"}, {"LENGTH", args{"a€b€", "€"}, "3"}, {"LENGTH", args{"abc", "€"}, "1"}, {"LENGTH", args{"a€,b", ","}, "2"}, {"LENGTH", args{n("-1.50")}, "4"}, {"LENGTH", args{1000}, "4"}, {"LENGTH", args{"😀"}, "2"},

		{"PIECE", args{"a,b,c", ","}, "a"}, {"PIECE", args{"a,b,c", ",", 2}, "b"}, {"PIECE", args{"a,b,c", ",", 3}, "c"}, {"PIECE", args{"a,b,c", ",", 4}, ""}, {"PIECE", args{"a,b,c", ",", 0}, ""},
		{"PIECE", args{"a,b,c", ",", -1}, ""}, {"PIECE", args{"a,b,c", ",", 2, 3}, "b,c"}, {"PIECE", args{"a,b,c", ",", 2, 99}, "b,c"}, {"PIECE", args{"a,b,c", ",", 3, 2}, ""}, {"PIECE", args{"a,b,c", ",", 0, 2}, "a,b"},
		{"PIECE", args{"a,b,c", ",", star(0)}, "c"}, {"PIECE", args{"a,b,c", ",", star(-1)}, "b"}, {"PIECE", args{"a,b,c", ",", star(-5)}, ""}, {"PIECE", args{"a,b,c", ",", star(-1), star(0)}, "b,c"}, {"PIECE", args{"a,b,c", ",", 1, star(-1)}, "a,b"},
		{"PIECE", args{"abc", ""}, ""}, {"PIECE", args{"abc", "", 1}, ""}, {"PIECE", args{"abc", ","}, "abc"}, {"PIECE", args{"abc", ",", 2}, ""}, {"PIECE", args{"", ",", 1}, ""}, {"PIECE", args{"1#2-3#-#45##6#-#789", "#-#", 2}, "45##6"},
		{"PIECE", args{n("123.999"), "."}, "123"}, {"PIECE", args{n("123.999"), ".", star(0)}, "999"}, {"PIECE", args{",a,", ",", 1}, ""}, {"PIECE", args{",a,", ",", 3}, ""}, {"PIECE", args{"a€b€c", "€", 2, 3}, "b€c"}, {"PIECE", args{"a€b€c", "€", 2}, "b"},
		{"PIECE", args{"abc", "€"}, "abc"}, {"PIECE", args{"abc", "€", 2}, ""}, {"PIECE", args{"a,b€,c", ",", 2}, "b€"}, {"PIECE", args{"a,b€,c", ",", 3}, "c"}, {"PIECE", args{"a,b", ",", huge}, ""}, {"PIECE", args{"a,b", ",", 1, huge}, "a,b"}, {"PIECE", args{"a,b", ",", n("1.9")}, "a"},
		{"PIECE", args{"a,b", ",", "x"}, ""}, {"PIECE", args{"a,b,c", ",", nil, 2}, "a,b"},

		{"REVERSE", args{"abc"}, "cba"}, {"REVERSE", args{""}, ""}, {"REVERSE", args{"x"}, "x"}, {"REVERSE", args{"a€b"}, "b€a"}, {"REVERSE", args{123}, "321"},
		{"TRANSLATE", args{"lazy", "lazy", "LAZY"}, "LAZY"}, {"TRANSLATE", args{"hello", "l"}, "heo"}, {"TRANSLATE", args{"hello", "el", "ip"}, "hippo"}, {"TRANSLATE", args{"hello", "elo", "ip"}, "hipp"}, {"TRANSLATE", args{"abc", "xyz", "123"}, "abc"},
		{"TRANSLATE", args{"aab", "aa", "xy"}, "xxb"}, {"TRANSLATE", args{"", "a", "b"}, ""}, {"TRANSLATE", args{"abc", "", "b"}, "abc"}, {"TRANSLATE", args{"a€", "€", "e"}, "ae"}, {"TRANSLATE", args{"ae", "e", "€"}, "a€"}, {"TRANSLATE", args{"€e€", "€e", "e€"}, "e€e"}, {"TRANSLATE", args{123, 2, 9}, "193"},
		{"TRANSLATE", args{"1,462,543.33", ","}, "1462543.33"}, {"TRANSLATE", args{"abc", "a€", "x"}, "xbc"}, {"TRANSLATE", args{strings.Repeat("ab", 100), "b", "c"}, strings.Repeat("ac", 100)},
		{"REPLACE", args{"1110/1110/1100/1110", "111", "AAA"}, "AAA0/AAA0/1100/AAA0"}, {"REPLACE", args{"1110/1110/1100/1110", "111", "AAA", 1, 2}, "AAA0/AAA0/1100/1110"},
		{"REPLACE", args{"Yes/yes/Y/YES/Yes", "Yes", "NO"}, "NO/yes/Y/YES/NO"}, {"REPLACE", args{"Yes/yes/Y/YES/Yes", "Yes", "NO", 1, -1, 1}, "NO/NO/Y/NO/NO"}, {"REPLACE", args{"A mon, a plon, a conal, Ponama", "on", "an", 8}, "a plan, a canal, Panama"},
		{"REPLACE", args{"abc", "", "x"}, "abc"}, {"REPLACE", args{"abc", "b", ""}, "ac"}, {"REPLACE", args{"abc", "b", "x", 9}, ""}, {"REPLACE", args{"abc", "b", "x", 1, 0}, "abc"}, {"REPLACE", args{"abc", "b", "x", 1, -2}, "abc"}, {"REPLACE", args{"abc", "b", "€"}, "a€c"},
		{"REPLACE", args{"a€c", "€", "b"}, "abc"}, {"REPLACE", args{"aaa", "a", "aa"}, "aaaaaa"}, {"REPLACE", args{"ÄÖ", "ö", "x", 1, -1, 1}, "Äx"}, {"REPLACE", args{"", "a", "b"}, ""},

		{"JUSTIFY", args{"abc", 5}, "  abc"}, {"JUSTIFY", args{"abcdef", 5}, "abcdef"}, {"JUSTIFY", args{"", 3}, "   "}, {"JUSTIFY", args{12, 4}, "  12"}, {"JUSTIFY", args{n("250.50999"), 10, 2}, "    250.51"}, {"JUSTIFY", args{875, 8, 2}, "  875.00"}, {"JUSTIFY", args{n(".5"), 4, 0}, "   1"},
		{"JUSTIFY", args{n(".4"), 4, 0}, "   0"}, {"JUSTIFY", args{n("-.5"), 5, 1}, " -0.5"}, {"JUSTIFY", args{"abc", 4, 1}, " 0.0"}, {"JUSTIFY", args{n("-.001"), 6, 2}, "  0.00"}, {"JUSTIFY", args{n("1E30"), 2, 1}, "1000000000000000000000000000000.0"}, {"JUSTIFY", args{n("2.5"), 0, 0}, "3"}, {"JUSTIFY", args{n("-2.5"), 0, 0}, "-3"},
		{"JUSTIFY", args{"abc", -5}, "abc"}, {"JUSTIFY", args{"abc", "x"}, "abc"}, {"JUSTIFY", args{"€", 3}, "  €"}, {"JUSTIFY", args{1, 2, -1}, "<ILLEGAL VALUE>"}, {"JUSTIFY", args{1, huge}, "<MAXSTRING>"}, {"JUSTIFY", args{1, 2, huge}, "<MAXSTRING>"}, {"JUSTIFY", args{"€", huge}, "<MAXSTRING>"},
		{"JUSTIFY", args{Double(3.14159), 8, 2}, "    3.14"}, {"JUSTIFY", args{"x", 70}, strings.Repeat(" ", 69) + "x"}, {"JUSTIFY", args{n("999.995"), 0, 2}, "1000.00"}, {"JUSTIFY", args{n("9223372036854775807"), 0, 3}, "9223372036854775807.000"}, {"JUSTIFY", args{n("1E-20"), 0, 2}, "0.00"},
	})
}

func TestSetExtract(t *testing.T) {
	p := testProcess(t)
	for _, r := range []struct {
		old      string
		from, to any
		value    any
		want     string
	}{
		{"ABZD", 3, nil, "C", "ABCD"}, {"ABCD", 5, nil, "E", "ABCDE"}, {"ABCD", star(1), nil, "E", "ABCDE"}, {"ABCD", 6, nil, "F", "ABCD F"}, {"ABCD", star(2), nil, "F", "ABCD F"},
		{"Deep in the heart of Rhode Island", 22, 33, "Texas", "Deep in the heart of Texas"}, {"ABCzzzzzD", 4, 8, "", "ABCD"}, {"ABCD", 4, 3, "X", "ABCD"}, {"", 1, 4, "ABCD", "ABCD"},
		{"ABCD", 6, 8, "F", "ABCD F"}, {"ABCD", 6, 8, "FGHIJ", "ABCD FGHIJ"}, {"ABCDEFGH", 3, 6, "Z", "ABZGH"}, {"ABC", 0, nil, "X", "ABC"}, {"ABC", -2, nil, "X", "ABC"}, {"ABC", 0, 1, "X", "XBC"},
		{"ABC", nil, nil, "X", "XBC"}, {"ABC", star(0), nil, "X", "ABX"}, {"ABC", 2, nil, "€", "A€C"}, {"A€C", 2, nil, "B", "ABC"}, {"AB€", 5, nil, 7, "AB€ 7"}, {"ABC", 1000000000000000000, nil, "X", "<MAXSTRING>"},
		{"ABC", star(-9), 1, "X", "XBC"},
	} {
		var got Value
		err := raised(func() { got = setExtract(p, val(r.old), val(r.from), val(r.to), val(r.value)) })
		assert.Equal(t, r.want, err+got.utf8(), "%v", r)
	}
}

func TestSetPiece(t *testing.T) {
	p := testProcess(t)
	for _, r := range []struct {
		old, d   string
		from, to any
		value    any
		want     string
	}{
		{"a,b,c", ",", 2, nil, "X", "a,X,c"}, {"a,b,c", ",", nil, nil, "X", "X,b,c"}, {"a,b,c", ",", 5, nil, "X", "a,b,c,,X"}, {"", ">", 7, nil, "TOTAL", ">>>>>>TOTAL"}, {"a,b,c,d,e,f", ",", 4, 6, "x,y", "a,b,c,x,y"},
		{"a,b,c", ",", star(0), nil, "X", "a,b,X"}, {"a,b,c", ",", star(-1), nil, "X", "a,X,c"}, {"Green^Blue", "^", star(2), nil, "Red", "Green^Blue^^Red"}, {"a,b,c", ",", star(-7), nil, "X", "a,b,c"}, {"Red,Green,Blue", ",", star(-7), 1, "Purple", "Purple,Green,Blue"},
		{"a,b", "", nil, nil, "X", "X"}, {"a,b", "", 3, 5, "X", "a,bX"}, {"a,b,c", ",", 3, 2, "X", "a,b,c"}, {"a,b,c", ",", 0, nil, "X", "a,b,c"}, {"a,b,c", ",", 0, 2, "X", "X,c"}, {"a--b--c", "--", 2, nil, "X", "a--X--c"}, {"a", "--", 3, nil, "X", "a----X"},
		{"a,b,c", ",", 2, nil, "€", "a,€,c"}, {"a€b€c", "€", 2, nil, "X", "a€X€c"}, {"a€b", "€", 4, nil, "X", "a€b€€X"}, {"a", "€", 2, nil, "b", "a€b"}, {"a,b,c", ",", 1, 99, "X", "X"}, {"", ",", 1, nil, "", ""}, {"", ".", 6, nil, "", "....."},
		{"", ",", 3641145, nil, "", strings.Repeat(",", 3641144)}, {"", ",", 3641146, nil, "", "<MAXSTRING>"}, {"", ",", 1000000000000000000, nil, "X", "<MAXSTRING>"}, {"a€", ",", 1000000000000000000, nil, "X", "<MAXSTRING>"},
		{"a,b", ",", 1, 1000000000000000000, "X", "X"}, {"", strings.Repeat("x", 3000), 2000, nil, "", "<MAXSTRING>"},
	} {
		var got Value
		err := raised(func() { got = setPiece(p, val(r.old), val(r.d), val(r.from), val(r.to), val(r.value)) })
		if err == "" && !got.defined() { // nothing to change
			got = val(r.old)
		}
		if text := err + got.utf8(); text != r.want {
			assert.Equal(t, r.want, text[:min(len(text), 100)], "%v", r.old)
		}
	}
}

func TestConcat(t *testing.T) {
	p := testProcess(t)
	for _, r := range []struct {
		a, b any
		want string
	}{{"a", "b", "ab"}, {1, n(".5"), "1.5"}, {"", "", ""}, {"a", "€", "a€"}, {"€", 5, "€5"}, {"", "€", "€"}, {"€", "", "€"}, {Double(.5), "x", ".5x"}, {12345, 678, "12345678"}} {
		got := p.concat(val(r.a), val(r.b))
		checkForm(t, got)
		assert.Equal(t, r.want, got.utf8())
	}
	big := Text(strings.Repeat("x", maxString))
	assert.Equal(t, "", raised(func() { p.concat(big, Empty) }))
	assert.Equal(t, "<MAXSTRING>", raised(func() { p.concat(big, Text("x")) }))
	assert.Equal(t, "<MAXSTRING>", raised(func() { p.concat(FromUTF8("€"), big) }))
}

func TestSubstringsShareMemory(t *testing.T) {
	p := testProcess(t)
	s, d := Text("alpha,beta,gamma"), Text(",")
	a := []Value{s, d, Int(2)}
	e := []Value{s, Int(3), Int(5)}
	c := []Value{s, Int(3)}
	f := []Value{s, Text("beta")}
	tr := []Value{s, Text("xyz"), Text("XYZ")}
	one := []Value{Int(65)}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		fnPiece(p, a)
		fnPiece(p, a[:2])
		fnExtract(p, e)
		fnExtract(p, c)
		fnAscii(p, c)
		fnLength(p, a[:2])
		fnFind(p, f)
		fnTranslate(p, tr)
		fnChar(p, one)
		contains(s, d)
		follows(s, d)
		Int(999).str()
		Int(123456).length()
		charAt(Int(123456), 3)
	}))
}

// FuzzPieces checks $PIECE and SET $PIECE against a plain split.
func FuzzPieces(f *testing.F) {
	f.Add("a,b,c", ",", 2, 3, "X")
	f.Add("a€b€c", "€", 1, 2, "Y")
	f.Add("", "--", 4, 4, "z")
	f.Add("\xff\xff,", "\xff", 2, 1, "")
	p := testProcess(f)
	f.Fuzz(func(t *testing.T, s, d string, from, to int, x string) {
		if d == "" || len(s) > 1000 {
			return
		}
		v, delimiter := FromUTF8(s), FromUTF8(d)
		if s, d = v.utf8(), delimiter.utf8(); strings.Contains(s+d+x, "\ufffd") {
			return
		}
		parts := strings.Split(s, d)
		from, to = from%20, to%20
		lo, hi := max(from, 1), min(to, len(parts))
		want := ""
		if lo <= hi {
			want = strings.Join(parts[lo-1:hi], d)
		}
		require.Equal(t, want, piece(v, delimiter, int64(from), int64(to)).utf8())
		require.Equal(t, len(parts), pieces(v, delimiter))
		if from < 1 || to < from {
			return
		}
		for len(parts) < from {
			parts = append(parts, "")
		}
		parts = append(append(append([]string{}, parts[:from-1]...), FromUTF8(x).utf8()), parts[min(to, len(parts)):]...)
		got := setPiece(p, v, delimiter, Int(int64(from)), Int(int64(to)), FromUTF8(x))
		checkForm(t, got)
		require.Equal(t, strings.Join(parts, d), got.utf8())
	})
}

func BenchmarkString(b *testing.B) {
	p := testProcess(b)
	s := Text("The quick brown fox jumps over the lazy dog and runs away from it all")
	list := Text(strings.Repeat("12345,", 100))
	for _, row := range []struct {
		name string
		a    []Value
		f    func(*Process, []Value) Value
	}{
		{"piece 1", []Value{list, Text(",")}, fnPiece},
		{"piece 5", []Value{list, Text(","), Int(5)}, fnPiece},
		{"piece 100", []Value{list, Text(","), Int(100)}, fnPiece},
		{"extract 1", []Value{s, Int(5)}, fnExtract},
		{"extract 4", []Value{s, Int(36), Int(39)}, fnExtract},
		{"ascii", []Value{s, Int(5)}, fnAscii},
		{"length d", []Value{list, Text(",")}, fnLength},
		{"find", []Value{s, Text("lazy")}, fnFind},
		{"translate", []Value{Text("lazy"), Text("lazy"), Text("LAZY")}, fnTranslate},
		{"justify", []Value{Int(123456), Int(10)}, fnJustify},
		{"justify 2", []Value{n("1234.567"), Int(10), Int(2)}, fnJustify},
		{"char", []Value{Int(65)}, fnChar},
		{"reverse", []Value{s}, fnReverse},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink = row.f(p, row.a)
			}
		})
	}
	b.Run("contains", func(b *testing.B) {
		for b.Loop() {
			sinkBool = contains(s, Text("fox"))
		}
	})
	b.Run("follows", func(b *testing.B) {
		for b.Loop() {
			sinkBool = follows(Text("LAZY"), Text("K"))
		}
	})
	b.Run("concat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = p.concat(Text("abcdefgh"), Int(12345))
		}
	})
	b.Run("set piece", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = setPiece(p, list, Text(","), Int(50), Value{}, Text("x"))
		}
	})
}

var sinkBool bool
