package runtime

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPatternMatch(t *testing.T) {
	for _, r := range []struct {
		v       any
		pattern string
		want    bool
	}{
		{"123", "3N", true}, {"123", "2N", false}, {"12", ".N", true}, {"", ".N", true}, {"12a", ".N", false}, {"abc", "1.3A", true}, {"abcd", "1.3A", false}, {"", "1.3A", false}, {"abc", ".3A", true}, {"abc", "2.A", true}, {"a", "2.A", false},
		{"123-45-6789", `3N1"-"2N1"-"4N`, true}, {"123-45-678", `3N1"-"2N1"-"4N`, false}, {"abcABC", ".L.U", true}, {"ABCabc", ".L.U", false}, {"aB1!", "4E", true}, {"", ".E", true}, {"a1", "1AN1AN", true}, {"a1", "2AN", true}, {"!", "1AN", false}, {"\x01", "1C", true}, {"\x80", "1C", true}, {" ", "1P", true}, {"a", "1'N", true}, {"1", "1'N", false}, {"ab1", ".'N1N", true},
		{`a"b`, `1A1""""1A`, true}, {"abab", `2"ab"`, true}, {"ababa", `2"ab"`, false}, {"", `.""`, true}, {"x", `1""1A`, true}, {"", `3""`, true}, {"aXb", `1"a"1(1"X",2N)1"b"`, true}, {"a12b", `1"a"1(1"X",2N)1"b"`, true}, {"a1b", `1"a"1(1"X",2N)1"b"`, false}, {"X12X", `.(1"X",2N)`, true}, {"X1X", `.(1"X",2N)`, false}, {"", `.(1"X",2N)`, true}, {"ab", `2(1"a",1"b")`, true}, {"abc", `2(1"a",1"b")`, false},
		{"a@b", `1.A1"@"1.A`, true}, {"@b", `1.A1"@"1.A`, false}, {"john.doe@x.org", `1.(1.A,1".")1"@"1.A1"."1.A`, true}, {"aaa", `.A1"a"`, true}, {"aaa", `.A2.3"a"`, true}, {"aaab", `.E1"b"`, true}, {"aaabc", `.E1"b".E`, true}, {"abc,de,f", `.(1.A1",")1.A`, true}, {"abc,,f", `.(1.A1",")1.A`, false}, {"abc,,f", `.(.A1",").A`, true}, {"xyxyx", `.2"xy"1"x"`, true}, {"xyxyx", `3."xy"1"x"`, false}, {"aaaa", `2.3(1"a",1"aa")`, true}, {"aaaaaaa", `2.3(1"a",1"aa")`, false}, {"a", `2.3(1"a",1"aa")`, false}, {"", `.3(.A)`, true}, {"aaa", `2(.A)`, true},
		{"é", "1A", true}, {"é", "1L", true}, {"É", "1U", true}, {"€", "1A", false}, {"€", "1P", true}, {"€", "1E", true}, {"Ω", "1U", true}, {"日", "1A", true}, {"日本", "2A", true}, {"a€b", `1A1"€"1A`, true}, {"ab", `1A1"€"`, false}, {"a€", `.A.P`, true}, {"€€a", `2"€"1A`, true}, {"😀", "2E", true}, {"€a", `1(1"€",1"x")1"a"`, true},
		{12345, "5N", true}, {12345, ".N", true}, {n("-1.5"), `.1"-".N.1".".N`, true}, {n("1.5"), ".N", false}, {7, "1N", true}, {123456, `1.N1"6"`, true}, {Double(.5), `1"."1"5"`, true},
		{"abc", "0N3A", true}, {"abc", "0.0N3A", true}, {"1abc", "0N3A", false}, {"aaa", "1000000000000A", false}, {"aaa", ".1000000000000A", true}, {"ab", "1a1A", true}, {"12", "1n1N", true}, {"a(b", `1A1"("1A`, true}, {"aXbYb", `1"a"1(1"X"1(1"b",1"c"),1"Y").(1"Y".1"b")`, true}, {"99", "1.2N", true}, {"", "1(.N,1A)", true}, {"x5", "1(.N,1A)1N", true},
	} {
		p, err := compilePattern(r.pattern)
		require.NoError(t, err, r.pattern)
		assert.Equal(t, r.want, p.match(val(r.v)), "%v?%s", r.v, r.pattern)
		// However a pattern is planned, walking the sets gives the same.
		assert.Equal(t, r.want, p.matchSets(val(r.v).asText()), "%v?%s by sets", r.v, r.pattern)
	}
}

func TestPatternErrors(t *testing.T) {
	for _, src := range []string{"", "N", "1", "1Q", "3.1N", `1"abc`, "1(1A", "1(1A,)", "1()", "1A)", "1'", "1A B", ".", "1(1A;1N)", "1'\"a\"", nested(30, `2.(`, `.A`, `)`), strings.Repeat("1(", 1000) + "1A" + strings.Repeat(")", 1000)} {
		_, err := compilePattern(src)
		assert.Error(t, err, "%q", src)
	}
}

// TestPatternNeverBlowsUp gives patterns that make backtracking matchers run for ever.
func TestPatternNeverBlowsUp(t *testing.T) {
	long := strings.Repeat("a", 20000)
	for _, r := range []struct {
		pattern, text string
		want          bool
	}{
		{`.A.A.A.A.A.A.A.A1"b"`, long, false}, {`.(.A).(.A)1N`, long[:2000], false}, {`.(1"a",1"aa")1"b"`, long, false}, {`1.(1.A,1.L)1"b"`, long[:300], false}, {`.E1"x".E1"x".E1"x"`, long, false}, {`.(.(.(1"a")))1N`, long[:300], false}, {`1.20000(1"a",1"b")`, long, true}, {`.9999(1"a",1"b")`, long, false}, {`1000000000(1"a",1"")`, long[:1000], true},
		{nested(99, `.(`, `1"a"`, `)`), long[:500], true}, {nested(50, `.(`, `1"a"`, `1"a")`), long[:500], true}, {nested(50, `1.(`, `1"a"`, `1"a")`) + `1"b"`, long[:500], false}, {nested(4, `1.3(`, `1"a"`, `,1"b")`), long[:60], true}, {nested(10, `2.(`, `.A`, `)`) + "1N", long[:200], false},
	} {
		p, err := compilePattern(r.pattern)
		require.NoError(t, err)
		start := time.Now()
		assert.Equal(t, r.want, p.match(Text(r.text)), r.pattern)
		assert.Less(t, time.Since(start), 5*time.Second, r.pattern)
	}
}

func TestSimplePatternsDoNotAllocate(t *testing.T) {
	p, err := compilePattern(`3N1"-".A`)
	require.NoError(t, err)
	v := Text("123-abc")
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.match(v) }))
}

func nested(n int, open, inside, end string) string {
	return strings.Repeat(open, n) + inside + strings.Repeat(end, n)
}

// toRegexp translates a pattern to the regexp that means the same; ok is false for what
// has no short translation.
func toRegexp(p *pattern) (string, bool) {
	var b strings.Builder
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.min > 50 || a.max > 50 && a.max != unlimited {
			return "", false
		}
		switch {
		case a.either != nil:
			b.WriteString("(?:")
			for j, q := range a.either {
				s, ok := toRegexp(q)
				if !ok {
					return "", false
				}
				if j > 0 {
					b.WriteByte('|')
				}
				b.WriteString(s)
			}
			b.WriteString(")")
		case a.class != 0:
			b.WriteString("[")
			for c := range 128 {
				if a.takes(uint16(c)) {
					fmt.Fprintf(&b, `\x%02x`, c)
				}
			}
			b.WriteString("]")
			if strings.HasSuffix(b.String(), "[]") {
				return "", false
			}
		default:
			b.WriteString("(?:" + regexp.QuoteMeta(a.literal.utf8()) + ")")
		}
		if a.max == unlimited {
			b.WriteString("{" + strconv.Itoa(a.min) + ",}")
		} else {
			fmt.Fprintf(&b, "{%d,%d}", a.min, a.max)
		}
	}
	return b.String(), true
}

func FuzzPattern(f *testing.F) {
	f.Add(`1.3N1"-".A`, "12-ab")
	f.Add(`.(1"a",2N,.(1L1U))1"x"`, "aA12x")
	f.Add(`2.4(1"a",1"ab").E`, "aababx")
	f.Add(`.'N1(1P,1"") `, "abc!")
	f.Fuzz(func(t *testing.T, src, text string) {
		p, err := compilePattern(src)
		if err != nil || len(text) > 200 || len(src) > 60 {
			return
		}
		v := FromUTF8(text)
		got := p.match(v)
		if got != p.matchSets(v.asText()) {
			t.Fatalf("%q?%s: %v by plan, not by sets", text, src, got)
		}
		for i := 0; i < len(text); i++ {
			if text[i] >= 128 {
				return
			}
		}
		source, ok := toRegexp(p)
		if !ok {
			return
		}
		re, err := regexp.Compile(`(?s)\A(?:` + source + `)\z`)
		if err != nil {
			return
		}
		if re.MatchString(text) != got {
			t.Fatalf("%q?%s: got %v, regexp %s says otherwise", text, src, got, source)
		}
	})
}

func BenchmarkPattern(b *testing.B) {
	for _, r := range []struct{ pattern, text string }{{"1.N", "1234567"}, {`3N1"-"2N1"-"4N`, "123-45-6789"}, {`1.A1"@"1.A1"."1.A`, "someone@example.org"}, {`.E1"x".E`, strings.Repeat("abc", 20) + "x"}} {
		p, err := compilePattern(r.pattern)
		require.NoError(b, err)
		v := Text(r.text)
		b.Run(r.pattern, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sinkBool = p.match(v)
			}
		})
	}
}
