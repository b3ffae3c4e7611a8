package runtime

// Properties over many random values, each against a plain model: collation and the walks
// through arrays against a sort, patterns against a matcher that tries everything, pieces
// and extracts against slices of characters.

import (
	"cmp"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// arrayNames are the kinds of arrays, which the walks must go through the same way.
var arrayNames = []string{"a", "^a", "^||a"}

// canonicalNumeral is what M takes for a number where it collates.
var canonicalNumeral = regexp.MustCompile(`^(0|-?[1-9][0-9]*|-?([1-9][0-9]*)?\.[0-9]*[1-9])$`)

// modelCollate is the order of subscripts: numbers by value, then strings by their
// characters.
func modelCollate(a, b string) int {
	na, nb := canonicalNumeral.MatchString(a), canonicalNumeral.MatchString(b)
	switch {
	case na && nb:
		return ratOf(a).Cmp(ratOf(b))
	case na != nb:
		if na {
			return -1
		}
		return 1
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// randomSubscript is a number, something near one, or a text, wide characters included.
func randomSubscript(r *rand.Rand) string {
	switch r.IntN(7) {
	case 0:
		return strconv.Itoa(r.IntN(40) - 20)
	case 4: // around what 64 bits hold
		return n(fmt.Sprintf("%dE%d", r.IntN(19)-9, 15+r.IntN(6))).str()
	case 5:
		return []string{"9223372036854775806", "9223372036854775807", "-9223372036854775807"}[r.IntN(3)]
	case 1:
		return strconv.FormatInt(r.Int64N(2e15)-1e15, 10)
	case 2:
		return n(fmt.Sprintf("%dE%d", r.Int64N(2e9)-1e9, r.IntN(30)-14)).str() // some beyond int64
	case 3:
		near := []string{"-0", "00", "01", "1.0", ".0", "0.5", "-.", "-", ".", "+1", "1E5", "1e5", " 1", "1 ", "--1", "-01", "-1.50", "5.", "..5", "1.2.3", "٣", "-a",
			"9223372036854775807", "-9223372036854775807"}
		return near[r.IntN(len(near))]
	}
	for {
		if s := randomText(r); s != "" {
			return s
		}
	}
}

// different makes n different things.
func different(n int, one func() string) []string {
	known := map[string]bool{}
	for range 4 * n {
		if known[one()] = true; len(known) >= n {
			break
		}
	}
	list := make([]string, 0, len(known))
	for s := range known {
		list = append(list, s)
	}
	slices.SortFunc(list, modelCollate)
	return list
}

func setLocal(p *Process, name string, v Value) { p.variable(p.sys.symbols.slot(name)).Value = v }
func local(p *Process, name string) Value       { return p.variable(p.sys.symbols.slot(name)).Value }

// texts are the elements of the list in a local.
func texts(t *testing.T, p *Process, name string) []string {
	values, ok := listElements(local(p, name).asText().text)
	require.True(t, ok, name)
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.utf8()
	}
	return out
}

// $ORDER, ]] and ] over random subscripts, in locals, globals and process-private globals,
// forward, backward, and from subscripts that are not there.
func TestOrderAgainstSort(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(21, 22))
	for range rounds(150) {
		all := different(2+r.IntN(60), func() string { return randomSubscript(r) })
		var there []string
		for i, s := range all {
			setLocal(p, "s", FromUTF8(s))
			if r.IntN(4) == 0 { // only asked for
				continue
			}
			there = append(there, s)
			require.NoError(t, p.Execute(fmt.Sprintf("SET a(s)=%d,^a(s)=%d,^||a(s)=%d", i, i, i)))
		}
		for _, name := range arrayNames {
			walk := func(direction string) []string {
				require.NoError(t, p.Execute(fmt.Sprintf(`SET out="",k="" FOR  SET k=$ORDER(%s(k)%s) QUIT:k=""  SET out=out_$LISTBUILD(k)`, name, direction)))
				return texts(t, p, "out")
			}
			require.Equal(t, there, append([]string(nil), walk("")...), name)
			back := walk(",-1")
			slices.Reverse(back)
			require.Equal(t, there, append([]string(nil), back...), name)
			for range 20 {
				s := all[r.IntN(len(all))]
				setLocal(p, "s", FromUTF8(s))
				require.NoError(t, p.Execute(fmt.Sprintf(`SET k="none",x=$ORDER(%s(s),1,k),y=$ORDER(%[1]s(s),-1)`, name)))
				i, found := slices.BinarySearchFunc(there, s, modelCollate)
				before, after := "", ""
				if i > 0 {
					before = there[i-1]
				}
				if found {
					i++
				}
				value := "none"
				if i < len(there) {
					after = there[i]
					value = strconv.Itoa(slices.Index(all, after))
				}
				require.Equal(t, []string{after, before, value}, []string{local(p, "x").utf8(), local(p, "y").utf8(), local(p, "k").utf8()}, "%s(%q)", name, s)
			}
		}
		require.NoError(t, p.Execute("KILL a,^a,^||a"))

		a, b := all[r.IntN(len(all))], all[r.IntN(len(all))]
		setLocal(p, "x", FromUTF8(a))
		setLocal(p, "y", FromUTF8(b))
		require.NoError(t, p.Execute(`SET s=(x]]y)_(x]y)`))
		follows := slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b))) > 0
		require.Equal(t, fmt.Sprintf("%d%d", bit(modelCollate(a, b) > 0), bit(follows)), local(p, "s").str(), "%q %q", a, b)
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// $QUERY through random trees, both ways and from nodes that are not there; $NAME,
// $QLENGTH and $QSUBSCRIPT take what it gives.
func TestQueryAgainstSort(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(23, 24))
	paths := func(a, b []string) int { return slices.CompareFunc(a, b, modelCollate) }
	for range rounds(150) {
		few := different(2+r.IntN(5), func() string { return randomSubscript(r) })
		random := func() []string {
			path := make([]string, 1+r.IntN(4))
			for i := range path {
				path[i] = few[r.IntN(len(few))]
			}
			return path
		}
		var nodes [][]string
		for range 1 + r.IntN(30) {
			nodes = append(nodes, random())
		}
		slices.SortFunc(nodes, paths)
		nodes = slices.CompactFunc(nodes, slices.Equal[[]string])
		ref := func(name string, path []string) string {
			for i, s := range path {
				setLocal(p, "s"+strconv.Itoa(i), FromUTF8(s))
			}
			return name + "(" + strings.Join([]string{"s0", "s1", "s2", "s3"}[:len(path)], ",") + ")"
		}
		for _, name := range arrayNames {
			for _, n := range nodes {
				require.NoError(t, p.Execute("SET "+ref(name, n)+"=1"))
			}
			split := func(name string) []string { // the subscripts of the reference in r
				require.NoError(t, p.Execute(`SET out="" FOR i=1:1:$QLENGTH(r) SET out=out_$LISTBUILD($QSUBSCRIPT(r,i))`))
				return texts(t, p, "out")
			}
			walk := func(direction string) (got [][]string) {
				setLocal(p, "r", Text(name))
				if direction == ",-1" {
					setLocal(p, "r", Text(name+`("")`))
				}
				for {
					require.NoError(t, p.Execute(fmt.Sprintf(`SET r=$QUERY(@r%s) IF r'="" SET n=$NAME(@r)`, direction)))
					if local(p, "r").utf8() == "" {
						return got
					}
					require.Equal(t, local(p, "r").utf8(), local(p, "n").utf8())
					got = append(got, split(name))
				}
			}
			require.Equal(t, nodes, walk(""), name)
			back := walk(",-1")
			slices.Reverse(back)
			require.Equal(t, nodes, back, name)
			for range 10 {
				from := random()
				i, found := slices.BinarySearchFunc(nodes, from, paths)
				for _, d := range []int{1, -1} {
					want := i - 1
					if d > 0 {
						want = i + bit(found)
					}
					require.NoError(t, p.Execute(fmt.Sprintf(`SET r=$QUERY(%s,%d)`, ref(name, from), d)))
					if want < 0 || want == len(nodes) {
						require.Empty(t, local(p, "r").utf8(), "%s %q %d", name, from, d)
						continue
					}
					require.Equal(t, nodes[want], split(name), "%s %q %d", name, from, d)
				}
			}
			require.NoError(t, p.Execute("KILL "+name))
		}
	}
}

// modelAtom is an atom of a pattern: what it repeats, and how often.
type modelAtom struct {
	min, max int
	codes    string
	literal  string
	either   [][]modelAtom
}

const modelMany = 99

func randomPattern(r *rand.Rand, depth int) (list []modelAtom) {
	for range 1 + r.IntN(4) {
		a := modelAtom{min: r.IntN(3)}
		switch a.max = a.min + r.IntN(3); r.IntN(4) {
		case 0:
			a.max = modelMany
		case 1:
			a.max = a.min
		}
		switch k := r.IntN(4); {
		case k == 0:
			a.literal = []string{"a", "ab", "1", "", `"`, "€", "ж€"}[r.IntN(7)]
		case k == 1 && depth > 0:
			for range 1 + r.IntN(3) {
				a.either = append(a.either, randomPattern(r, depth-1))
			}
		default:
			a.codes = []string{"A", "N", "P", "L", "U", "C", "E", "AN", "LP", "UN", "NP", "l"}[r.IntN(12)]
		}
		list = append(list, a)
	}
	return list
}

func patternText(list []modelAtom) string {
	var b strings.Builder
	for _, a := range list {
		switch {
		case a.max == modelMany && a.min == 0:
			b.WriteString(".")
		case a.max == modelMany:
			fmt.Fprintf(&b, "%d.", a.min)
		case a.min == a.max:
			fmt.Fprint(&b, a.min)
		default:
			fmt.Fprintf(&b, "%d.%d", a.min, a.max)
		}
		switch {
		case a.codes != "":
			b.WriteString(a.codes)
		case a.either != nil:
			for i, e := range a.either {
				b.WriteString([]string{"(", ","}[min(i, 1)] + patternText(e))
			}
			b.WriteString(")")
		default:
			b.WriteString(`"` + strings.ReplaceAll(a.literal, `"`, `""`) + `"`)
		}
	}
	return b.String()
}

// ends are all places in s where what list matches from the places at can end.
func ends(list []modelAtom, s []rune, at map[int]bool) map[int]bool {
	for _, a := range list {
		out := map[int]bool{}
		for n := 0; len(at) > 0 && n <= min(a.max, len(s)+a.min); n++ {
			if n >= a.min {
				for i := range at {
					out[i] = true
				}
			}
			next := map[int]bool{}
			for i := range at {
				switch {
				case a.codes != "":
					if i < len(s) && inClass(s[i], a.codes) {
						next[i+1] = true
					}
				case a.either != nil:
					for _, e := range a.either {
						for j := range ends(e, s, map[int]bool{i: true}) {
							next[j] = true
						}
					}
				default:
					if strings.HasPrefix(string(s[i:]), a.literal) {
						next[i+len([]rune(a.literal))] = true
					}
				}
			}
			at = next
		}
		at = out
	}
	return at
}

func inClass(c rune, codes string) bool {
	lower, upper, digit := c >= 'a' && c <= 'z' || c == 'ж', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
	for _, k := range strings.ToUpper(codes) {
		switch {
		case k == 'E', k == 'A' && (lower || upper), k == 'L' && lower, k == 'U' && upper, k == 'N' && digit,
			k == 'C' && c < ' ', k == 'P' && c >= ' ' && !lower && !upper && !digit:
			return true
		}
	}
	return false
}

func TestPatternsAgainstModel(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(25, 26))
	alphabet, matched := []rune("aab1\"€жB \t"), 0
	for range rounds(6000) {
		list := randomPattern(r, 2)
		text := patternText(list)
		c, err := compilePattern(text)
		require.NoError(t, err, text)
		for range 4 {
			s := make([]rune, r.IntN(6))
			for i := range s {
				s[i] = alphabet[r.IntN(len(alphabet))]
			}
			want := ends(list, s, map[int]bool{0: true})[len(s)]
			matched += bit(want)
			require.Equal(t, want, c.match(FromUTF8(string(s))), "%q?%s", string(s), text)
		}
		setLocal(p, "s", FromUTF8("ab1"))
		setLocal(p, "x", FromUTF8(text))
		require.NoError(t, p.Execute(`SET y=s?@x SET @("z=s?"_x)`))
		want := strconv.Itoa(bit(ends(list, []rune("ab1"), map[int]bool{0: true})[3]))
		require.Equal(t, want+want, local(p, "y").str()+local(p, "z").str(), text)
	}
	require.Greater(t, matched, rounds(6000)/4, "the model is worth something only if much matches")
}

// randomPosition is one of $PIECE, $EXTRACT and $LIST: a number, or * and what is added.
func randomPosition(r *rand.Rand, n int) (text string, at int) {
	at = r.IntN(n+6) - 2
	switch r.IntN(4) {
	case 0:
		return "*", n
	case 1:
		return fmt.Sprintf("*%+d", at-n), at
	}
	return strconv.Itoa(at), at
}

// what two positions select, and what stands there after a SET, is told by items: the
// pieces or the characters. between stands between two, filler is what SET appends.
func modelGet(items []string, between string, lo, hi int) string {
	lo, hi = max(lo, 1), min(hi, len(items))
	if lo > hi {
		return ""
	}
	return strings.Join(items[lo-1:hi], between)
}

func modelSet(items []string, between, filler string, lo, hi int, value string) string {
	if lo < 1 {
		lo = 1
	}
	if hi < lo {
		return strings.Join(items, between)
	}
	items = slices.Clone(items)
	for len(items) < lo {
		items = append(items, filler)
	}
	return strings.Join(slices.Concat(items[:lo-1], []string{value}, items[min(hi, len(items)):]), between)
}

func TestExtractAgainstModel(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(27, 28))
	for range rounds(6000) {
		text, value := plane(randomText(r)), plane(randomText(r))
		items := strings.Split(text, "")
		a, lo := randomPosition(r, len(items))
		b, hi := randomPosition(r, len(items))
		call := fmt.Sprintf("$EXTRACT(s,%s,%s)", a, b)
		if r.IntN(4) == 0 {
			call, hi = fmt.Sprintf("$EXTRACT(s,%s)", a), lo
		}
		setLocal(p, "s", FromUTF8(text))
		setLocal(p, "v", FromUTF8(value))
		require.NoError(t, p.Execute("SET x="+call+",n=$LENGTH(s) SET "+call+"=v"))
		require.Equal(t, len(items), int(local(p, "n").int64()))
		require.Equal(t, modelGet(items, "", lo, hi), local(p, "x").utf8(), "%q %s", text, call)
		require.Equal(t, modelSet(items, "", " ", lo, hi, value), local(p, "s").utf8(), "%q %s=%q", text, call, value)
	}
}

func TestPieceAgainstModel(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(29, 30))
	delimiters := []string{",", "€", "--", "ab", "ж€", "a"}
	for range rounds(6000) {
		d := delimiters[r.IntN(len(delimiters))]
		var parts []string
		for range 1 + r.IntN(5) {
			parts = append(parts, plane(randomText(r)))
		}
		text, value := strings.Join(parts, d), plane(randomText(r))
		items := strings.Split(text, d)
		a, lo := randomPosition(r, len(items))
		b, hi := randomPosition(r, len(items))
		call := fmt.Sprintf("$PIECE(s,d,%s,%s)", a, b)
		if r.IntN(4) == 0 {
			call, hi = fmt.Sprintf("$PIECE(s,d,%s)", a), lo
		}
		setLocal(p, "s", FromUTF8(text))
		setLocal(p, "d", FromUTF8(d))
		setLocal(p, "v", FromUTF8(value))
		require.NoError(t, p.Execute("SET x="+call+",n=$LENGTH(s,d) SET "+call+"=v"))
		require.Equal(t, len(items), int(local(p, "n").int64()))
		require.Equal(t, modelGet(items, d, lo, hi), local(p, "x").utf8(), "%q %s %q", text, call, d)
		require.Equal(t, modelSet(items, d, "", lo, hi, value), local(p, "s").utf8(), "%q %s %q=%q", text, call, d, value)
	}
}

// plane drops what takes two characters, so that a character of Go is one of M.
func plane(s string) string {
	return strings.Map(func(c rune) rune {
		if c > 0xffff {
			return -1
		}
		return c
	}, s)
}

// $LIST, SET $LIST, $LISTFIND, $LISTTOSTRING and $LISTFROMSTRING against slices.
func TestListAgainstModel(t *testing.T) {
	p := testProcess(t)
	r := rand.New(rand.NewPCG(31, 32))
	for range rounds(4000) {
		items := make([]string, r.IntN(6))
		build := Empty
		for i := range items {
			items[i] = plane(strings.ReplaceAll(randomText(r), ",", ""))
			build = Text(build.text + listBuild(p, []Value{FromUTF8(items[i])}).text)
		}
		a, lo := randomPosition(r, len(items))
		if lo < 0 { // -1 is the last, below it is <RANGE>
			a, lo = "1", 1
		}
		setLocal(p, "l", build)
		setLocal(p, "v", FromUTF8("new"))
		require.NoError(t, p.Execute(fmt.Sprintf(`SET n=$LISTLENGTH(l),g=$LISTGET(l,%s,"none"),s=$LISTTOSTRING(l),b=$LISTSAME(l,$LISTFROMSTRING(s))`, a)))
		require.Equal(t, len(items), int(local(p, "n").int64()))
		require.Equal(t, strings.Join(items, ","), local(p, "s").utf8())
		want := "none"
		if lo >= 1 && lo <= len(items) {
			want = items[lo-1]
		}
		require.Equal(t, want, local(p, "g").utf8(), "%q at %s", items, a)
		one := len(items) == 1 && items[0] == "" // looks like the empty list
		require.Equal(t, !one, local(p, "b").truth(), "%q", items)
		if len(items) == 0 {
			continue
		}
		k := r.IntN(len(items))
		setLocal(p, "f", FromUTF8(items[k]))
		require.NoError(t, p.Execute("SET k=$LISTFIND(l,f)"))
		require.Equal(t, slices.Index(items, items[k])+1, int(local(p, "k").int64()))
		if lo >= 1 {
			require.NoError(t, p.Execute(fmt.Sprintf(`SET $LIST(l,%s)=v`, a)))
			set := slices.Clone(items)
			for len(set) < lo {
				set = append(set, "")
			}
			set[lo-1] = "new"
			got := texts(t, p, "l")
			require.Equal(t, set, got, "%q at %s", items, a)
		}
	}
}

// The numbers of the model itself: what ratOf takes is what M does.
func TestModelOfCanonicalNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	for range rounds(20000) {
		s := randomSubscript(r)
		require.Equal(t, canonicalNumeral.MatchString(s), isCanonical(s), "%q", s)
		if isCanonical(s) {
			require.Zero(t, exact(Text(s).number()).Cmp(new(big.Rat).Set(ratOf(s))))
		}
	}
	require.Zero(t, cmp.Compare(0, modelCollate("", "")))
}
