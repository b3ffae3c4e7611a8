package runtime

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// bitsOf makes a bit string of 0 and 1 characters.
func bitsOf(s string) Value {
	data := make([]byte, (len(s)+7)/8)
	for i, c := range s {
		if c == '1' {
			data[i>>3] |= 1 << (i & 7)
		}
	}
	return makeBits(data, len(s))
}

func showBits(p *Process, v Value) string {
	data, n := p.bitString(v)
	out := make([]byte, n)
	for i := range out {
		out[i] = '0' + data[i>>3]>>(i&7)&1
	}
	return string(out)
}

func TestBitFunctions(t *testing.T) {
	b := bitsOf("00110")
	runRows(t, []row{
		{"BIT", args{b, 3}, "1"}, {"BIT", args{b, 1}, "0"}, {"BIT", args{b, 0}, "0"}, {"BIT", args{b, 99}, "0"}, {"BIT", args{b, -1}, "0"}, {"BIT", args{"", 1}, "0"}, {"BIT", args{"abc", 1}, "<INVALID BIT STRING>"}, {"BIT", args{"€", 1}, "<INVALID BIT STRING>"}, {"BIT", args{b, 1000000000000000000}, "0"},
		{"BITCOUNT", args{b}, "5"}, {"BITCOUNT", args{b, 1}, "2"}, {"BITCOUNT", args{b, 0}, "3"}, {"BITCOUNT", args{""}, "0"}, {"BITCOUNT", args{"x"}, "<INVALID BIT STRING>"},
		{"BITFIND", args{b, 1}, "3"}, {"BITFIND", args{b, 1, 3}, "3"}, {"BITFIND", args{b, 0, 3}, "5"}, {"BITFIND", args{b, 1, 5}, "0"}, {"BITFIND", args{b, 1, 0}, "3"}, {"BITFIND", args{b, 1, 99}, "0"}, {"BITFIND", args{b, 1, nil, -1}, "4"}, {"BITFIND", args{b, 1, 3, -1}, "3"}, {"BITFIND", args{b, 1, 2, -1}, "0"}, {"BITFIND", args{b, 1, 99, -1}, "4"}, {"BITFIND", args{"", 1}, "0"},
		{"ZBOOLEAN", args{"abcd", "_", 1}, "ABCD"}, {"ZBOOLEAN", args{97, 95, 1}, "65"}, {"ZBOOLEAN", args{2, 1, 7}, "3"}, {"ZBOOLEAN", args{64, 255, 7}, "255"}, {"ZBOOLEAN", args{"64", "255", 7}, "65"}, {"ZBOOLEAN", args{3, 2, 6}, "1"}, {"ZBOOLEAN", args{64, 255, 6}, "191"}, {"ZBOOLEAN", args{5, 1, 15}, "-1"}, {"ZBOOLEAN", args{3, 5, 8}, "-8"}, {"ZBOOLEAN", args{"abc", 0, 15}, "ÿÿÿ"}, {"ZBOOLEAN", args{5, "", 1}, "5"},
		{"ZBOOLEAN", args{n("1.5"), 1, 1}, "<FUNCTION>"}, {"ZBOOLEAN", args{n("1E30"), 1, 1}, "<FUNCTION>"}, {"ZBOOLEAN", args{4294967296, 1, 7}, "4294967297"}, {"ZBOOLEAN", args{-1, 255, 1}, "255"}, {"ZBOOLEAN", args{6, 3, 12}, "-7"}, {"ZBOOLEAN", args{6, 3, 10}, "-4"}, {"ZBOOLEAN", args{6, 3, 22}, "5"}, {"ZBOOLEAN", args{6, 3, 2}, "4"}, {"ZBOOLEAN", args{6, 3, 4}, "1"}, {"ZBOOLEAN", args{6, 3, 0}, "0"}, {"ZBOOLEAN", args{"€", "a", 1}, "<WIDE CHAR>"}, {"ZBOOLEAN", args{"", "a", 1}, ""},
		{"FACTOR", args{0}, ""}, {"FACTOR", args{"x"}, ""}, {"FACTOR", args{"INF"}, ""}, {"FACTOR", args{1, 1000}, "<MAXNUMBER>"},
	})
	p := testProcess(t)
	for _, r := range []struct {
		a    []Value
		want string
	}{
		{[]Value{Int(11744)}, "00000111101101000000000000000000"}, {[]Value{Int(-17)}, "10001000000000000000000000000000"}, {[]Value{n("16.5")}, "10001000000000000000000000000000"}, {[]Value{Int(7), Int(2)}, "00111101010000000000000000000000"}, {[]Value{n("2.7"), Int(1)}, "11011000000000000000000000000000"}, {[]Value{n("1234.5"), Int(-3)}, "10000000000000000000000000000000"},
		{[]Value{Int(1 << 32)}, "0000000000000000000000000000000010000000000000000000000000000000"}, {[]Value{Double(2.5)}, "11000000000000000000000000000000"},
	} {
		assert.Equal(t, r.want, showBits(p, fnFactor(p, r.a)), "%v", r.a)
	}
	assert.Equal(t, "\x80\x00\x04\x00\xe0\x2d\x00\x00", fnFactor(p, []Value{Int(11744)}).text, "the published bytes of $FACTOR(11744)")
	assert.Equal(t, "6..9,11,12,14", p.bitList(fnFactor(p, []Value{Int(11744)})))
}

func TestBitStrings(t *testing.T) {
	p := testProcess(t)
	v := Empty
	for _, i := range []int64{3, 6, 7} {
		v = setBit(p, v, Int(i), Int(1))
	}
	assert.Equal(t, "0010011", showBits(p, v))
	v = setBit(p, v, Int(6), Int(0))
	assert.Equal(t, "0010001", showBits(p, v))
	assert.Equal(t, "00100010", showBits(p, setBit(p, v, Int(8), Text("true"))), "what is no number clears, and lengthens")
	assert.Equal(t, "<VALUE OUT OF RANGE>", raised(func() { setBit(p, v, Int(0), Int(1)) }))
	assert.Equal(t, "<MAXSTRING>", raised(func() { setBit(p, v, Int(1e18), Int(1)) }))
	assert.Equal(t, "<INVALID BIT STRING>", raised(func() { setBit(p, Text("x"), Int(1), Int(1)) }))
	a, b := bitsOf("111"), bitsOf("01")
	assert.Equal(t, "010", showBits(p, p.bitOperate("&", a, b)))
	assert.Equal(t, "11", showBits(p, p.bitResize(a, 2)))
	assert.Equal(t, "11", showBits(p, fnBitLogic(p, []Value{a, Int(2)})))
	assert.Equal(t, "111", showBits(p, fnBitLogic(p, []Value{a})))
	assert.Equal(t, Empty, p.bitResize(a, 0))
	assert.Equal(t, "<VALUE OUT OF RANGE>", raised(func() { p.bitResize(a, -1) }))
	assert.Equal(t, "1,3,4,8", p.bitList(bitsOf("10110001")))
}
