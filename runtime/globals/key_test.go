package globals

// Property tests of the key codec: round trips, and byte order against M's collation computed with
// exact arithmetic.

import (
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

type testSub struct {
	number bool
	mant   int64
	exp    int8
	units  []uint16
}

func (s testSub) encode(dst []byte) []byte {
	if s.number {
		return AppendNumber(dst, s.mant, s.exp)
	}
	text, wide := packUnits(s.units)
	return AppendText(dst, text, wide)
}

func packUnits(units []uint16) (string, bool) {
	wide := false
	for _, u := range units {
		wide = wide || u > 255
	}
	var b []byte
	for _, u := range units {
		b = append(b, byte(u))
		if wide {
			b = append(b, byte(u>>8))
		}
	}
	return string(b), wide
}

func (s testSub) rat() *big.Rat {
	r := new(big.Rat).SetInt64(s.mant)
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(s.exp, -s.exp))), nil)
	if s.exp == -128 {
		p.Exp(big.NewInt(10), big.NewInt(128), nil)
	}
	if s.exp < 0 {
		return r.Quo(r, new(big.Rat).SetInt(p))
	}
	return r.Mul(r, new(big.Rat).SetInt(p))
}

// compare is M's collation: "" first, then numbers by value, then strings by character code.
func (s testSub) compare(o testSub) int {
	class := func(x testSub) int {
		switch {
		case x.number:
			return 1
		case len(x.units) == 0:
			return 0
		}
		return 2
	}
	if c := class(s) - class(o); c != 0 {
		return c
	}
	if s.number {
		return s.rat().Cmp(o.rat())
	}
	for i := 0; i < len(s.units) && i < len(o.units); i++ {
		if c := int(s.units[i]) - int(o.units[i]); c != 0 {
			return c
		}
	}
	return len(s.units) - len(o.units)
}

func randomSub(r *rand.Rand) testSub {
	switch r.IntN(8) {
	case 0:
		return testSub{number: true, mant: int64(r.IntN(300) - 150)}
	case 1:
		return testSub{number: true, mant: int64(r.Uint64()) >> r.IntN(64)}
	case 2:
		return testSub{number: true, mant: int64(r.IntN(4000) - 2000), exp: int8(-r.IntN(5))}
	case 3:
		return testSub{number: true, mant: int64(r.Uint64()) >> r.IntN(64), exp: int8(r.IntN(256) - 128)}
	case 4:
		edge := []int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1, 63, 64, 191, 192, -1, 0}
		return testSub{number: true, mant: edge[r.IntN(len(edge))], exp: int8(r.IntN(3) - 1)}
	}
	limit := []int{3, 128, 256, 65536}[r.IntN(4)]
	s := testSub{}
	for n := r.IntN(5); n > 0; n-- {
		s.units = append(s.units, uint16(r.IntN(limit)))
	}
	return s
}

func TestKeyOrderIsCollation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		a, b := []testSub{}, []testSub{}
		for n := 1 + r.IntN(3); n > 0; n-- {
			a = append(a, randomSub(r))
		}
		b = append(b, a[:r.IntN(len(a)+1)]...)
		for n := r.IntN(3); n > 0; n-- {
			b = append(b, randomSub(r))
		}
		want := 0
		for i := 0; want == 0; i++ {
			if i == len(a) || i == len(b) {
				want = len(a) - len(b)
				break
			}
			want = a[i].compare(b[i])
		}
		var ka, kb []byte
		for _, s := range a {
			ka = s.encode(ka)
		}
		for _, s := range b {
			kb = s.encode(kb)
		}
		require.Equal(t, sign(want), bytes.Compare(ka, kb), "%v %x\n%v %x", a, ka, b, kb)
		if want < 0 && !bytes.HasPrefix(kb, ka) {
			require.Negative(t, bytes.Compare(append(ka, tagAfter), kb), "the descendants of %v come before %v", a, b)
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestKeyRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		s := randomSub(r)
		key := AppendName(nil, "x")
		key = s.encode(key)
		key = AppendText(key, "next", false)
		name, subs := SplitName(key)
		require.Equal(t, "x", string(name))
		got, rest, err := NextSubscript(subs)
		require.NoError(t, err)
		next, rest, err := NextSubscript(rest)
		require.NoError(t, err)
		require.Equal(t, Subscript{Text: "next"}, next)
		require.Empty(t, rest)
		require.Equal(t, s.number, got.Number)
		if !s.number {
			text, wide := packUnits(s.units)
			require.Equal(t, Subscript{Text: text, Wide: wide}, got)
			continue
		}
		back := testSub{number: true, mant: got.Mant, exp: got.Exp}
		require.Zero(t, s.compare(back), "%v %v", s, got)
		require.Equal(t, AppendNumber(nil, s.mant, s.exp), AppendNumber(nil, got.Mant, got.Exp))
		switch {
		case got.Exp < 0:
			require.NotZero(t, got.Mant%10, "canonical: no trailing zero")
		case got.Exp > 0 && got.Mant != math.MinInt64:
			require.Greater(t, max(got.Mant, -got.Mant), int64(math.MaxInt64/10), "canonical: the smallest exponent")
		}
	}
}

func TestKeyRejectsOtherBytes(t *testing.T) {
	for _, key := range []string{"", "\x00", "\x01", "\xff", "\xa0abc", "\xa0\xff\x00", "\xa0\x01\x00", "\x97\x01", "\x98\x14", "\x11", "\x11\x00", "\x04"} {
		_, _, err := NextSubscript([]byte(key))
		require.ErrorIs(t, err, ErrKey, "%x", key)
	}
}

func FuzzNextSubscript(f *testing.F) {
	f.Add([]byte("\xa0abc\x00"))
	f.Add(AppendNumber(nil, -12345, -3))
	f.Fuzz(func(t *testing.T, key []byte) {
		for len(key) > 0 {
			_, rest, err := NextSubscript(key)
			if err != nil {
				return
			}
			require.Less(t, len(rest), len(key))
			key = rest
		}
	})
}
