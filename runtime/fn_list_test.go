package runtime

import (
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lb is $LISTBUILD of the arguments.
func lb(a ...any) Value {
	var buf []byte
	for _, x := range a {
		buf = appendElement(buf, val(x))
	}
	return Text(string(buf))
}

// TestListBytes pins the encoding.
func TestListBytes(t *testing.T) {
	for _, r := range []struct {
		v    any
		want string
	}{
		{nil, "01"}, {"", "0201"}, {"A", "030141"}, {"abc", "0501616263"}, {"1", "030131"}, {"é", "0301e9"}, {"€", "0402ac20"}, {"a€", "06026100ac20"},
		{0, "0204"}, {1, "030401"}, {255, "0304ff"}, {256, "04040001"}, {65536, "0504000001"}, {math.MaxInt64, "0a04ffffffffffffff7f"}, {-1, "0205"}, {-2, "0305fe"}, {-255, "030501"}, {-256, "030500"}, {-257, "0405fffe"}, {Int(math.MinInt64), "0a0500000000000000" + "80"},
		{n("1.5"), "0406ff0f"}, {n("-1.5"), "0407fff1"}, {n("-.1"), "0307ff"}, {n(".01"), "0406fe01"}, {n("1E20"), "0b06020000" + "e4d20cc8dc"},
		{Double(1.5), "0a08000000000000f83f"}, {Double(0), "0a080000000000000000"},
		{strings.Repeat("x", 253), "ff01" + strings.Repeat("78", 253)}, {strings.Repeat("x", 254), "00ff0001" + strings.Repeat("78", 254)}, {strings.Repeat("x", 65534), "00ffff01" + strings.Repeat("78", 65534)},
		{strings.Repeat("x", 65535), "0000000000010001" + strings.Repeat("78", 65535)},
	} {
		v := val(r.v)
		got := appendElement(nil, v)
		if v.kind == kindNumber && v.exp > 0 {
			// Powers of ten beyond int64 keep the largest significand.
			assert.Equal(t, byte(listPositiveReal), got[1])
		} else if h := hex.EncodeToString(got); h != r.want {
			assert.Equal(t, r.want, h[:min(len(h), 80)])
		}
		e, ok := elementAt(string(got), 0)
		require.True(t, ok)
		assert.Equal(t, len(got), e.next)
		back := e.value()
		if v.kind == kindText || v.kind == kindWide || v.kind == kindUndefined {
			assert.Equal(t, v, back)
		} else {
			assert.Equal(t, v.str(), back.str())
			assert.Equal(t, v.kind, back.kind)
		}
	}
	compressed, ok := elementAt("\x04\x08\xf8\x3f", 0)
	require.True(t, ok)
	assert.Equal(t, "1.5", compressed.value().str(), "a double without its low zero bytes")
	for _, bad := range []string{"\x00", "\x02", "\x03\x01", "\x03\x03a", "\x03\x02a", "\x00\x01", "\x00\x05\x00\x01a", "\x00\x00\x00\x00", "\x00\x00\x00\xff\xff\xff\xff\x01", "\x00\x00\x00\x00\x00\x00\x00\x01", "\x02\x06", "abc", "\x0b\x04123456789"} {
		_, ok := elementAt(bad, 0)
		assert.False(t, ok, "%q", bad)
	}
}

func TestListFunctions(t *testing.T) {
	abc := lb("a", "b", "c")
	gap := lb("a", nil, "c")
	runRows(t, []row{
		{"LISTBUILD", args{}, "\x01"}, {"LISTBUILD", args{"a", nil}, "\x03\x01a\x01"}, {"LISTBUILD", args{nil}, "\x01"},
		{"LIST", args{abc}, "a"}, {"LIST", args{abc, 2}, "b"}, {"LIST", args{abc, star(0)}, "c"}, {"LIST", args{abc, star(-1)}, "b"}, {"LIST", args{abc, -1}, "c"}, {"LIST", args{abc, 4}, "<NULL VALUE>"}, {"LIST", args{abc, 0}, "<NULL VALUE>"}, {"LIST", args{abc, star(-3)}, "<NULL VALUE>"}, {"LIST", args{abc, star(-4)}, "<RANGE>"}, {"LIST", args{abc, -2}, "<RANGE>"},
		{"LIST", args{gap, 2}, "<NULL VALUE>"}, {"LIST", args{""}, "<NULL VALUE>"}, {"LIST", args{"abc"}, "<LIST>"}, {"LIST", args{123}, "<LIST>"}, {"LIST", args{"€"}, "<LIST>"}, {"LIST", args{abc, n("2.9")}, "b"}, {"LIST", args{lb("€"), 1}, "€"}, {"LIST", args{lb(n("-1.25")), 1}, "-1.25"}, {"LIST", args{abc, 1000000000000000000}, "<NULL VALUE>"},
		{"LIST", args{abc, 2, 3}, lb("b", "c").str()}, {"LIST", args{abc, 2, 2}, lb("b").str()}, {"LIST", args{abc, 0, 2}, lb("a", "b").str()}, {"LIST", args{abc, 3, 2}, ""}, {"LIST", args{abc, 2, 99}, lb("b", "c").str()}, {"LIST", args{abc, star(-1), star(0)}, lb("b", "c").str()}, {"LIST", args{abc, 2, -1}, lb("b", "c").str()}, {"LIST", args{abc, 7, star(0)}, ""}, {"LIST", args{abc, 1, -2}, "<RANGE>"}, {"LIST", args{abc, 1, 0}, ""},
		{"LISTGET", args{abc, 2}, "b"}, {"LISTGET", args{abc, 9}, ""}, {"LISTGET", args{gap, 2, "?"}, "?"}, {"LISTGET", args{gap, star(-1), "?"}, "?"}, {"LISTGET", args{abc, 0, "?"}, "?"}, {"LISTGET", args{"", 1, "no"}, "no"}, {"LISTGET", args{lb(""), 1, "no"}, ""}, {"LISTGET", args{abc, star(-4), "no"}, "<RANGE>"}, {"LISTGET", args{abc, star(-3), "no"}, "no"}, {"LISTGET", args{"xyz"}, "<LIST>"},
		{"LISTLENGTH", args{abc}, "3"}, {"LISTLENGTH", args{""}, "0"}, {"LISTLENGTH", args{lb(nil)}, "1"}, {"LISTLENGTH", args{"x"}, "<LIST>"}, {"LISTLENGTH", args{"\x03\x01a\x07"}, "<LIST>"},
		{"LISTVALID", args{abc}, "1"}, {"LISTVALID", args{""}, "1"}, {"LISTVALID", args{"Red"}, "0"}, {"LISTVALID", args{44}, "0"}, {"LISTVALID", args{lb("a", lb("x", 5))}, "1"}, {"LISTVALID", args{"€"}, "0"},
		{"LISTFIND", args{abc, "b"}, "2"}, {"LISTFIND", args{abc, "x"}, "0"}, {"LISTFIND", args{abc, "b", 2}, "0"}, {"LISTFIND", args{lb("A", "B", "C", "A"), "A", 2}, "4"}, {"LISTFIND", args{abc, "a", -1}, "0"}, {"LISTFIND", args{abc, "a", -2}, "<RANGE>"}, {"LISTFIND", args{abc, "a", 99}, "0"}, {"LISTFIND", args{lb("1.0", "+2"), 1}, "0"}, {"LISTFIND", args{lb(7, 6), "7"}, "1"}, {"LISTFIND", args{lb("A", "", "C"), ""}, "2"}, {"LISTFIND", args{lb(nil), ""}, "0"}, {"LISTFIND", args{"", ""}, "0"}, {"LISTFIND", args{"abc", "a"}, "<LIST>"}, {"LISTFIND", args{lb("A", lb("x", "y")), lb("x", "y")}, "2"},
		{"LISTFROMSTRING", args{"a,b,c"}, abc.str()}, {"LISTFROMSTRING", args{"a b", " "}, lb("a", "b").str()}, {"LISTFROMSTRING", args{""}, ""}, {"LISTFROMSTRING", args{"a,"}, lb("a", "").str()}, {"LISTFROMSTRING", args{","}, lb("", "").str()}, {"LISTFROMSTRING", args{"a--b", "--"}, lb("a", "b").str()}, {"LISTFROMSTRING", args{"a", ""}, "<ILLEGAL VALUE>"}, {"LISTFROMSTRING", args{12, 1}, lb("", "2").str()},
		{"LISTTOSTRING", args{abc}, "a,b,c"}, {"LISTTOSTRING", args{abc, ":"}, "a:b:c"}, {"LISTTOSTRING", args{abc, ""}, "abc"}, {"LISTTOSTRING", args{gap}, "<NULL VALUE>"}, {"LISTTOSTRING", args{gap, ":", 1}, "a::c"}, {"LISTTOSTRING", args{""}, ""}, {"LISTTOSTRING", args{lb(""), nil, 0}, ""}, {"LISTTOSTRING", args{lb(nil), nil, 1}, ""}, {"LISTTOSTRING", args{"\x00\x00\x00\x01\x10"}, "<LIST>"}, {"LISTTOSTRING", args{lb("€", n("1.5")), "-"}, "€-1.5"},
		{"LISTSAME", args{abc, abc}, "1"}, {"LISTSAME", args{lb(1, n(".5")), lb("1", ".5")}, "1"}, {"LISTSAME", args{lb(1), lb("01")}, "0"}, {"LISTSAME", args{lb(nil), lb("")}, "0"}, {"LISTSAME", args{lb("a"), abc}, "0"}, {"LISTSAME", args{abc, lb("a")}, "0"}, {"LISTSAME", args{"", ""}, "1"}, {"LISTSAME", args{"x", ""}, "<LIST>"}, {"LISTSAME", args{"", "x"}, "<LIST>"},
		{"LISTUPDATE", args{abc, 2, "B"}, lb("a", "B", "c").str()}, {"LISTUPDATE", args{abc, 2, nil}, abc.str()}, {"LISTUPDATE", args{abc, 6, "x"}, lb("a", "b", "c", nil, nil, "x").str()}, {"LISTUPDATE", args{abc, 6, nil}, abc.str()}, {"LISTUPDATE", args{lb("R", "O", "Y", "G", "B"), 2, "o", nil, "g", nil, nil, "V"}, lb("R", "o", "Y", "g", "B", nil, "V").str()}, {"LISTUPDATE", args{abc, 0, "x"}, abc.str()}, {"LISTUPDATE", args{"", 1, "x"}, lb("x").str()}, {"LISTUPDATE", args{abc, 1000000000000000000, "x"}, "<MAXSTRING>"}, {"LISTUPDATE", args{abc, -1, "x"}, "<RANGE>"},
	})
}

func TestWideListFromString(t *testing.T) {
	p := testProcess(t)
	v := fnListFromString(p, []Value{FromUTF8("a,€,b")})
	assert.Equal(t, lb("a", "€", "b"), v, "each piece keeps its own width")
	v = fnListFromString(p, []Value{FromUTF8("a€b€"), FromUTF8("€")})
	assert.Equal(t, lb("a", "b", ""), v)
}

func TestSetList(t *testing.T) {
	p := testProcess(t)
	abc := lb("a", "b", "c")
	for _, r := range []struct {
		old       any
		from, end any
		value     any
		want      any
	}{
		{abc, 2, nil, "X", lb("a", "X", "c")}, {abc, star(0), nil, "X", lb("a", "b", "X")}, {abc, star(1), nil, "X", lb("a", "b", "c", "X")}, {abc, star(2), nil, "X", lb("a", "b", "c", nil, "X")}, {"", 2, nil, 5, lb(nil, 5)}, {abc, -1, nil, "X", lb("a", "b", "X")},
		{abc, 2, nil, "", lb("a", "", "c")}, {abc, 2, 3, lb("x", "y"), lb("a", "x", "y")}, {abc, 2, 3, "", lb("a")}, {abc, 2, 2, lb("x", "y"), lb("a", "x", "y", "c")}, {abc, star(1), star(2), lb("x", "y"), lb("a", "b", "c", "x", "y")}, {abc, 0, 1, lb("x"), lb("x", "b", "c")}, {abc, 3, 2, lb("x"), abc},
		{abc, 0, nil, "X", "<RANGE>"}, {abc, star(-4), nil, "X", "<RANGE>"}, {"bad", 1, nil, "X", "<LIST>"}, {abc, 1, 2, "bad", "<LIST>"}, {abc, 1000000000000000000, nil, "X", "<MAXSTRING>"}, {abc, 1, nil, lb("p"), lb(lb("p"), "b", "c")},
	} {
		var got Value
		err := raised(func() { got = setList(p, val(r.old), val(r.from), val(r.end), val(r.value)) })
		assert.Equal(t, val(r.want).str(), err+got.str(), "%v", r)
	}
}

func TestListWalk(t *testing.T) {
	p := testProcess(t)
	list := lb("a", nil, 3)
	var got []string
	at := 0
	for {
		v, next, ok := p.listNext(list, at)
		if !ok {
			break
		}
		got, at = append(got, v.str()), next
	}
	assert.Equal(t, []string{"a", "", "3"}, got)
	assert.True(t, p.listGet(list, Int(1)).defined())
	assert.False(t, p.listGet(list, Int(2)).defined())
	assert.False(t, p.listGet(list, Int(9)).defined())
	values, ok := listElements(list.text)
	assert.True(t, ok)
	assert.Equal(t, []Value{Text("a"), {}, Int(3)}, values)
	_, ok = listElements("x")
	assert.False(t, ok)
	a := []Value{list, Int(3)}
	assert.Zero(t, testing.AllocsPerRun(100, func() { fnList(p, a) }))
}

// FuzzList checks that what is taken for a list can be walked, rebuilt and walked again
// to the same values.
func FuzzList(f *testing.F) {
	f.Add(lb("a", 1, nil, "€", n("-1.5"), Double(2)).text)
	f.Add(lb(strings.Repeat("x", 300)).text)
	f.Add("\x00\x00\x00\x02\x00\x00\x00\x01a")
	p := testProcess(f)
	f.Fuzz(func(t *testing.T, s string) {
		values, ok := listElements(s)
		require.Equal(t, ok, isList(Text(s)))
		if !ok {
			require.Equal(t, "<LIST>", raised(func() { p.listCount(s) }))
			return
		}
		require.Equal(t, len(values), p.listCount(s))
		again := listBuild(p, values)
		back, ok := listElements(again.text)
		require.True(t, ok)
		require.Len(t, back, len(values))
		for i := range values {
			checkDefined(t, values[i])
			require.Equal(t, values[i].str(), back[i].str())
		}
	})
}

func checkDefined(t testing.TB, v Value) {
	if v.defined() {
		checkForm(t, v)
	}
}
