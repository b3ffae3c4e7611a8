package runtime

import (
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConversions(t *testing.T) {
	runRows(t, []row{
		{"ZCONVERT", args{"Hello", "U"}, "HELLO"}, {"ZCONVERT", args{"Hello", "l"}, "hello"}, {"ZCONVERT", args{"cRAZy cAPs", "t"}, "CRAZY CAPS"}, {"ZCONVERT", args{"hElLo wOrLd (it's)", "W"}, "Hello World (It'S)"}, {"ZCONVERT", args{"hElLo wOrLd! heLLo!", "S"}, "Hello world! Hello!"}, {"ZCONVERT", args{"¡ola MuNdO! ¡olA!", "S"}, "¡ola mundo! ¡ola!"}, {"ZCONVERT", args{"αβγ", "U"}, "ΑΒΓ"}, {"ZCONVERT", args{"ß", "U"}, "ß"}, {"ZCONVERT", args{"ÿ", "U"}, "Ÿ"}, {"ZCONVERT", args{"éÉ", "L"}, "éé"},
		{"ZCONVERT", args{"x", "Q"}, "<FUNCTION>"}, {"ZCONVERT", args{"x", ""}, "<FUNCTION>"}, {"ZCONVERT", args{"x", "O", "NOPE"}, "<TRANSLATE>"}, {"ZCONVERT", args{"x", "I"}, "x"},
		{"ZCONVERT", args{"é€", "O", "UTF8"}, "Ã©â\u0082¬"}, {"ZCONVERT", args{"Ã©â\u0082¬", "I", "UTF8"}, "é€"}, {"ZCONVERT", args{"€", "I", "UTF8"}, "€"},
		{"ZCONVERT", args{`<a href="x">'&'</a>`, "O", "HTML"}, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"}, {"ZCONVERT", args{"a\u00a0b", "O", "HTML"}, "a&nbsp;b"}, {"ZCONVERT", args{`<'>`, "O", "XML"}, "&lt;&apos;&gt;"}, {"ZCONVERT", args{"&lt;&amp;&#65;&#x20AC;&#x1F600;&nope;&", "I", "HTML"}, "<&A€😀&nope;&"}, {"ZCONVERT", args{"&#;&#xZZ;&;", "I", "XML"}, "&#;&#xZZ;&;"},
		{"ZCONVERT", args{"the quick+fox/é€", "O", "URL"}, "the%20quick%2Bfox/%E9%u20AC"}, {"ZCONVERT", args{"a%20b%2Bc%u20AC%zz%", "I", "URL"}, "a b+c€%zz%"}, {"ZCONVERT", args{"%4b", "I", "URL"}, "K"},
		{"ZCONVERT", args{"a\"b\\c/d'\n\x01", "O", "JS"}, `a\"b\\c\/d\'\n\x01`}, {"ZCONVERT", args{"a\"b\\c/d'\n\x01", "O", "JSON"}, `a\"b\\c/d'\n\u0001`}, {"ZCONVERT", args{`a\"\n\u20ac\x41\0\000b\/`, "I", "JSON"}, "a\"\n€A\x00\x00b/"}, {"ZCONVERT", args{`\`, "I", "JS"}, `\`}, {"ZCONVERT", args{`\u12`, "I", "JS"}, `\u12`},

		{"ZSTRIP", args{"first:123 second:12E3", "*N"}, "first: second:E"}, {"ZSTRIP", args{"first:123 second:12E3", "*N", "E"}, "first: second:"}, {"ZSTRIP", args{"+123E4", "*N"}, "+E"}, {"ZSTRIP", args{"ABC#$%^ DEF& *GHI***", "*P"}, "ABCDEFGHI"}, {"ZSTRIP", args{"ABC#$%^ DEF& *GHI***", "*P'W"}, "ABC DEF GHI"}, {"ZSTRIP", args{"xXx-Aa BXXbx Cxc Dd xxEeX^XXx", "*E'L", "x"}, "abcde"},
		{"ZSTRIP", args{"X-Aa BXXb456X CXc Dd XXEeX^XFFFfXX", "*E'L", nil, "ABC"}, "AaBbCcdef"}, {"ZSTRIP", args{"+x $1x,x23XX4XX.X56XxxxxxX", "*", "Xx"}, "+ $1,234.56"}, {"ZSTRIP", args{"xxxxx00xx0111xxx01x0000xxxxx", "<=>", "x"}, "00x0111x01x0000"}, {"ZSTRIP", args{"Aa66*&% B&$b Cc987 #Dd Ee", "*NAP'W'L"}, "a b c d e"}, {"ZSTRIP", args{"ABC123DDDEEFFffffGG5555567HI JK", "<=>A"}, "123DEFfG5555567HI "},
		{"ZSTRIP", args{"123$ GYJF870B-QD  @#%+", "*E'N", nil, "ABCDEF"}, "123F870BD"}, {"ZSTRIP", args{"  a b  ", "<>W"}, "a b"}, {"ZSTRIP", args{"  a b  ", "<W"}, "a b  "}, {"ZSTRIP", args{"  a b  ", ">w"}, "  a b"}, {"ZSTRIP", args{"aabb", "=a"}, "ab"}, {"ZSTRIP", args{"abc", "*"}, "abc"}, {"ZSTRIP", args{"abc", "N"}, "<FUNCTION>"}, {"ZSTRIP", args{"abc", "*Q"}, "<FUNCTION>"}, {"ZSTRIP", args{"abc", "*'N"}, "<FUNCTION>"}, {"ZSTRIP", args{"abc", "*N'"}, "<FUNCTION>"}, {"ZSTRIP", args{"abc", "*<N"}, "<FUNCTION>"}, {"ZSTRIP", args{"a€1", "*N"}, "a€"}, {"ZSTRIP", args{"a€1", "*", "€"}, "a1"}, {"ZSTRIP", args{"a\x01b", "*C"}, "ab"},

		{"ZHEX", args{"F"}, "15"}, {"ZHEX", args{15}, "F"}, {"ZHEX", args{"1AB8"}, "6840"}, {"ZHEX", args{"XXX"}, "0"}, {"ZHEX", args{-1}, "FFFFFFFFFFFFFFFF"}, {"ZHEX", args{-217}, "FFFFFFFFFFFFFF27"}, {"ZHEX", args{"FRED"}, "15"}, {"ZHEX", args{"F.7"}, "15"}, {"ZHEX", args{"+F"}, "0"}, {"ZHEX", args{""}, "<FUNCTION>"}, {"ZHEX", args{n("1.5")}, "<FUNCTION>"}, {"ZHEX", args{"10"}, "16"}, {"ZHEX", args{10}, "A"}, {"ZHEX", args{"11111111111111111"}, "<FUNCTION>"}, {"ZHEX", args{"0000000000000000000F"}, "15"}, {"ZHEX", args{"FFFFFFFFFFFFFFFF"}, "-1"},

		{"ZCRC", args{"ABC", 0}, "198"}, {"ZCRC", args{22, 0}, "100"}, {"ZCRC", args{"ABC", 1}, "64"}, {"ZCRC", args{"123456789", 4}, "12739"}, {"ZCRC", args{"123456789", 5}, "8585"}, {"ZCRC", args{"123456789", 6}, "47933"}, {"ZCRC", args{"123456789", 7}, "3421780262"}, {"ZCRC", args{"123456789", 9}, "3808858755"}, {"ZCRC", args{"test", 8}, "3127628307"}, {"ZCRC", args{"Hello, world!", 8, 1234}, "4210478515"}, {"ZCRC", args{"ABC", 2}, "14740"}, {"ZCRC", args{"ABC", 4}, "14740"}, {"ZCRC", args{"ABC", 5}, "23011"}, {"ZCRC", args{"ABC", 6}, "17697"}, {"ZCRC", args{"ABC", 7}, "2743272264"}, {"ZCRC", args{"zzzzzz", 0}, "732"}, {"ZCRC", args{"ABC", 3}, "<UNIMPLEMENTED>"}, {"ZCRC", args{"ABC", 10}, "<FUNCTION>"}, {"ZCRC", args{"ABC", -1}, "<FUNCTION>"}, {"ZCRC", args{"€", 0}, "<FUNCTION>"}, {"ZCRC", args{"", 7}, "0"},
		{"ZCYC", args{"A"}, "65"}, {"ZCYC", args{"AB"}, "3"}, {"ZCYC", args{"ABC"}, "64"}, {"ZCYC", args{""}, "0"}, {"ZCYC", args{"€"}, "8364"},
		{"ZLASCII", args{"abcd"}, "1684234849"}, {"ZLCHAR", args{1684234849}, "abcd"}, {"ZLASCII", args{"abc"}, "-1"}, {"ZLASCII", args{"xabcd", 2}, "1684234849"}, {"ZLASCII", args{"abcd", 2}, "-1"}, {"ZLASCII", args{"abcd", 0}, "-1"}, {"ZWASCII", args{"ab"}, "25185"}, {"ZWCHAR", args{25185, 25185}, "abab"}, {"ZWCHAR", args{65536}, ""}, {"ZWCHAR", args{-1}, ""}, {"ZQASCII", args{"abcdefgh"}, "7523094288207667809"}, {"ZQCHAR", args{7523094288207667809}, "abcdefgh"}, {"ZQASCII", args{"a", 1000000000000000000}, "-1"}, {"ZLASCII", args{"€abc"}, "<WIDE CHAR>"},
		{"ZWPACK", args{"ab"}, "扡"}, {"ZWUNPACK", args{"扡"}, "ab"}, {"ZWPACK", args{"a\x00b\x00"}, "ab"}, {"ZWUNPACK", args{"a"}, "a\x00"}, {"ZWPACK", args{"€"}, "<WIDE CHAR>"}, {"ZWPACK", args{"a"}, "<FUNCTION>"},

		{"MATCH", args{"abc", "[a-c]+"}, "1"}, {"MATCH", args{"abcd", "[a-c]+"}, "0"}, {"MATCH", args{"", ""}, "1"}, {"MATCH", args{"a|b", "a|b"}, "0"}, {"MATCH", args{"é€", `\p{L}\p{Sc}`}, "1"}, {"MATCH", args{"a", "("}, "<REGULAR EXPRESSION>"}, {"MATCH", args{12, `\d\d`}, "1"},
		{"LOCATE", args{"abcdef", "de"}, "4"}, {"LOCATE", args{"ABC-de-fgabc123ABC", "[[:lower:]]{3}"}, "8"}, {"LOCATE", args{"abc", "x"}, "0"}, {"LOCATE", args{"", "x*"}, "1"}, {"LOCATE", args{"", "x"}, "0"}, {"LOCATE", args{"abcabc", "a", 2}, "4"}, {"LOCATE", args{"abc", "x*", 4}, "0"}, {"LOCATE", args{"abc", "a", 5}, "<REGULAR EXPRESSION>"}, {"LOCATE", args{"€é😀x", "x"}, "5"}, {"LOCATE", args{"abc", "["}, "<REGULAR EXPRESSION>"}, {"LOCATE", args{"abc", "b", 0}, "2"},
	})
}

func TestLocateEnd(t *testing.T) {
	p := testProcess(t)
	at, end, match := p.locate(Text("abc-def-ghi-jkl"), Text("[[:alpha:]]{3}"), 6)
	assert.Equal(t, 9, at)
	assert.Equal(t, 12, end)
	assert.Equal(t, "ghi", match.str())
	at, end, match = p.locate(FromUTF8("€😀abc"), Text("[a-c]+"), 1)
	assert.Equal(t, []any{4, 7, "abc"}, []any{at, end, match.str()})
}

func TestChecksumSeeds(t *testing.T) {
	p := testProcess(t)
	for _, mode := range []int64{0, 1, 4, 5, 6, 7, 9} {
		whole := fnZcrc(p, []Value{Text("hello world"), Int(mode)})
		part := fnZcrc(p, []Value{Text("hello "), Int(mode)})
		both := fnZcrc(p, []Value{Text("world"), Int(mode), part})
		assert.Equal(t, whole, both, "mode %d goes on from its seed", mode)
	}
	assert.EqualValues(t, crc32.ChecksumIEEE([]byte("hello world")), fnZcrc(p, []Value{Text("hello world"), Int(7)}).mant)
}

func TestUTF8InParts(t *testing.T) {
	text := "aé€😀z"
	for cut := 0; cut <= len(text); cut++ {
		done, rest := convertIn(testProcess(t), Text(text[:cut]))
		more, left := convertIn(testProcess(t), Text(rest.str()+text[cut:]))
		require.Equal(t, text, done.utf8()+more.utf8(), "cut at %d", cut)
		require.Empty(t, left.str())
	}
	done, rest := convertIn(testProcess(t), FromUTF8("€"))
	assert.Equal(t, "€", done.utf8())
	assert.Equal(t, Empty, rest)
}

func TestRegexpCacheIsBounded(t *testing.T) {
	p := testProcess(t)
	for i := range int64(3 * maxRegexps) {
		fnMatch(p, []Value{Text("x"), Text("x" + Int(i).str())})
	}
	assert.LessOrEqual(t, len(regexps.compiled), maxRegexps)
}
