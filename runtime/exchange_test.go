package runtime

// Globals as text: what is exported comes back the same, and bad files are told.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/runtime/globals"
)

func openTestGlobals(t testing.TB) *Globals {
	g, err := OpenGlobals(Config{Now: func() time.Time { return time.Date(2026, 11, 21, 15, 4, 5, 0, time.UTC) }})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, g.Close()) })
	return g
}

// put sets a node of a test.
func (g *Globals) put(t testing.TB, name string, path []Value, v Value) {
	require.NoError(t, g.session.Set(g.space(name), appendKey(nil, name, path), encodeValue(nil, v)))
}

type storedNode struct {
	key   string
	value Value
}

// all is every node of the namespace and of %SYS.
func (g *Globals) all(t testing.TB) (list []storedNode) {
	for _, p := range []string{"*", "%*"} {
		found, err := g.match(g.space(p), p)
		require.NoError(t, err)
		for _, s := range found {
			require.NoError(t, g.session.Walk(s.Namespace, s.key, func(key, val []byte) error {
				list = append(list, storedNode{string(key), decodeValue(val)})
				return nil
			}))
		}
	}
	return list
}

func (g *Globals) killAll(t testing.TB) {
	for _, p := range []string{"*", "%*"} {
		found, err := g.match(g.space(p), p)
		require.NoError(t, err)
		for _, s := range found {
			require.NoError(t, g.Kill(s))
		}
	}
}

func (g *Globals) exportAll(t testing.TB, tr Transfer) string {
	list, err := g.Select()
	require.NoError(t, err)
	more, err := g.match("%SYS", "%*")
	require.NoError(t, err)
	var out bytes.Buffer
	c, err := g.Export(&out, append(list, more...), tr)
	require.NoError(t, err)
	require.EqualValues(t, out.Len(), c.Bytes)
	return out.String()
}

// fuzzText is a text of characters up to most, which are those that formats trip over.
func fuzzText(r *rand.Rand, most int) Value {
	tricky := []uint16{0, 1, 9, 10, 13, 27, 31, 32, '"', '"', '$', '(', ')', ',', '_', '=', '^', '*', '0', '1', '-', '.', 'E', 'a', 'Z',
		126, 127, 128, 133, 159, 160, 173, 0xc3, 0xa9, 255, 256, 0x20ac, 0x2028, 0xd83d, 0xde00, 0xd800, 0xdfff, 0xfeff, 0xfffd, 0xfffe, 0xffff}
	var b builder
	for range r.Intn(12) {
		if c := tricky[r.Intn(len(tricky))]; int(c) <= most {
			b.char(c)
		}
	}
	return b.value()
}

func fuzzNumber(r *rand.Rand) Value {
	switch r.Intn(4) {
	case 0:
		return Int(int64(r.Intn(200) - 100))
	case 1:
		return Int(int64(r.Uint64()))
	case 2:
		return parseLiteral(fmt.Sprintf("%d.%d", r.Intn(2000)-1000, r.Intn(100000)))
	}
	return parseLiteral(fmt.Sprintf("%dE%d", r.Int63()-r.Int63(), r.Intn(200)-100))
}

func fuzzValue(r *rand.Rand, most int) Value {
	switch r.Intn(8) {
	case 0:
		return fuzzNumber(r)
	case 1:
		return fuzzNumber(r).asText()
	case 2:
		return Empty
	case 3:
		return Double([]float64{.1, -0., 1e300, math.Inf(-1), r.NormFloat64()}[r.Intn(5)])
	case 4:
		return Text(goMark + fuzzText(r, 255).text)
	case 5:
		if most > 255 {
			return listBuild(&Process{}, []Value{fuzzText(r, most), fuzzNumber(r), {}, fuzzText(r, 255)})
		}
	}
	return fuzzText(r, most)
}

// fill makes n random nodes with characters up to most.
func (g *Globals) fill(t testing.TB, r *rand.Rand, n, most int) {
	names := []string{"a", "ab", "b.c1", "%p", "Z9"}
	for range n {
		var path []Value
		for range r.Intn(4) {
			if r.Intn(2) == 0 {
				path = append(path, fuzzNumber(r))
			} else {
				path = append(path, fuzzText(r, most))
			}
		}
		g.put(t, names[r.Intn(len(names))], path, fuzzValue(r, most))
	}
}

// TestExchangeRoundTrip: any nodes, in both formats and charsets and with both line
// ends, come back as they were; ZWR keeps even what only arithmetic can tell apart.
func TestExchangeRoundTrip(t *testing.T) {
	for seed := int64(1); seed <= 30; seed++ {
		r := rand.New(rand.NewSource(seed))
		for _, tr := range []Transfer{{}, {Format: FormatGO}, {Charset: CharsetM}, {Format: FormatGO, Charset: CharsetM}} {
			most := 0xffff
			if tr.Charset == CharsetM {
				most = 255
			}
			g := openTestGlobals(t)
			g.fill(t, r, 60, most)
			want := g.all(t)
			text := g.exportAll(t, tr)
			for _, dos := range []bool{false, true} {
				file := text
				if dos {
					file = strings.ReplaceAll(text, "\n", "\r\n")
				}
				g.killAll(t)
				require.Empty(t, g.all(t))
				c, err := g.Import(strings.NewReader(file), "file", Transfer{})
				require.NoError(t, err, "seed %d %+v\n%s", seed, tr, text)
				require.EqualValues(t, len(want), c.Nodes)
				sameNodes(t, want, g.all(t), tr.Format == FormatGO)
				require.Equal(t, text, g.exportAll(t, tr))
			}
		}
	}
}

// sameNodes compares nodes; with loose, numbers and their texts are the same.
func sameNodes(t testing.TB, want, got []storedNode, loose bool) {
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i].key, got[i].key)
		if loose {
			require.True(t, equal(want[i].value, got[i].value), "%q: %+v, not %+v", want[i].key, got[i].value, want[i].value)
		} else {
			require.Equal(t, want[i].value, got[i].value, "%q", want[i].key)
		}
	}
}

// TestExchangeLongValues: values longer than any buffer, and the longest.
func TestExchangeLongValues(t *testing.T) {
	long := []Value{
		Text(strings.Repeat("x", maxString)),
		Text(strings.Repeat("\"\x01", 300_000)),
		{text: strings.Repeat("\xac\x20\x0a\x00", 100_000), kind: kindWide},
	}
	for _, format := range []string{FormatZWR, FormatGO} {
		g := openTestGlobals(t)
		for i, v := range long {
			g.put(t, "long", []Value{Int(int64(i))}, v)
		}
		want := g.all(t)
		text := g.exportAll(t, Transfer{Format: format})
		g.killAll(t)
		_, err := g.Import(strings.NewReader(text), "f", Transfer{})
		require.NoError(t, err)
		sameNodes(t, want, g.all(t), false)
	}
}

// TestExchangeText is the text of both formats, as the formats' owners write it.
func TestExchangeText(t *testing.T) {
	g := openTestGlobals(t)
	g.put(t, "a", nil, Int(1))
	g.put(t, "a", []Value{Int(1), Text(`x"y`)}, Text("l1\r\nl2"))
	g.put(t, "a", []Value{parseLiteral("-.5")}, Text("-.5"))
	g.put(t, "a", []Value{Text("\tt")}, Empty)
	g.put(t, "a", []Value{FromUTF8("ü€")}, FromUTF8("é😀"))
	assert.Equal(t, "cos globals export from USER UTF-8\n21-NOV-2026  15:04:05 ZWR\n"+
		"^a=1\n^a(-.5)=\"-.5\"\n^a(1,\"x\"\"y\")=\"l1\"_$C(13,10)_\"l2\"\n^a($C(9)_\"t\")=\"\"\n^a(\"ü€\")=\"é😀\"\n", g.exportAll(t, Transfer{}))
	assert.Equal(t, "Export of 1 globals from Namespace USER by cos, UTF-8, $ZWR= marks an expression~Format=5.S~\n21 Nov 2026   3:04 PM   Cache\n"+
		"^a\n1\n^a(-.5)\n-.5\n^a(1,\"x\"\"y\")\n$ZWR=\"l1\"_$C(13,10)_\"l2\"\n^a($C(9)_\"t\")\n\n^a(\"ü€\")\né😀\n\n\n", g.exportAll(t, Transfer{Format: FormatGO}))
	list, err := g.Select()
	require.NoError(t, err)
	_, err = g.Export(io.Discard, list, Transfer{Charset: CharsetM})
	assert.EqualError(t, err, "character 8364 does not exist in charset M, use UTF-8")
	c, err := g.Export(io.Discard, list, Transfer{Format: FormatGO})
	require.NoError(t, err)
	assert.EqualValues(t, 1, c.Escaped)
}

// imports are files that others write, and the nodes that they hold.
var imports = []struct{ name, text, nodes string }{
	{"GT.M, charset M", "GT.M MUPIP EXTRACT\n21-NOV-2026  00:41:13 ZWR\n^a=\"1\"\n^a(\"\")=\"n\"\n^a(\"\xc8x\")=$C(0,1)_\"\xe9\"_$C(255)\n",
		"^a=\"1\"\n^a(\"\")=\"n\"\n^a(\"Èx\")=$C(0,1)_\"éÿ\"\n"},
	{"GT.M, UTF-8", "GT.M MUPIP EXTRACT UTF-8\n21-NOV-2026  00:41:13 ZWR\n^a=\"é€😀\"_$C(128)_$ZCH(200,255)_$C(128512)\n",
		"^a=\"é€😀\"_$C(128)_\"Èÿ😀\"\n"},
	{"GT.M, GO", "GT.M MUPIP EXTRACT\n21-NOV-2026  00:41:13\n^%z\n1\n^a(\"a\"_$C(9)_\"b\")\nx\"y\x1b\n^a(\"\xc8\")\n\xff\n", "^a(\"a\"_$C(9)_\"b\")=\"x\"\"y\"_$C(27)\n^a(\"È\")=\"ÿ\"\n"},
	{"VistA", "OSEHRA ZGO Export: DEVICE\nZWR\n^DIC(\"B\",1)=\"A^B\"\n\n^DIC(2)=007\n", "^DIC(2)=7\n^DIC(\"B\",1)=\"A^B\"\n"},
	{"Caché", "Export of 1 global from Namespace USER~Format=5.S~\r\n08 Feb 2010   4:17 PM   Cache\r\n^a\r\n$ZWR=\"\"\r\n^a(1)\r\n\r\n^a(2)\r\n+1\r\n\r\n\r\n",
		"^a=\"$ZWR=\"\"\"\"\"\n^a(1)=\"\"\n^a(2)=\"+1\"\n"},
	{"ISM ends", "d\nd\n^a\n1\n*\n**\n", "^a=1\n"},
	{"no header", "^a(1)=2", "^a(1)=2\n"},
	{"no header, GO", "^a(1)\n2\n", "^a(1)=2\n"},
	{"a mark of byte order", "\ufeff^a=\"é\"\r\n", "^a=\"é\"\n"},
	{"Latin-1 without a header", "^a=\"\xe9\"\n", "^a=\"é\"\n"},
	{"numbers", "^a(01,+1.50,1E3,--2)=-.5E1\n^a(1E30)=$double(1e400)\n", "^a(1,1.5,1000,2)=-5\n^a(1000000000000000000000000000000)=$DOUBLE(+Inf)\n"},
	{"joined", "^a=\"a\"_1_$char(66)_\"c\"\n", "^a=\"a1Bc\"\n"},
	{"nothing", "", ""},
}

func TestImport(t *testing.T) {
	for _, c := range imports {
		t.Run(c.name, func(t *testing.T) {
			g := openTestGlobals(t)
			_, err := g.Import(strings.NewReader(c.text), "f", Transfer{})
			require.NoError(t, err)
			list, err := g.Select()
			require.NoError(t, err)
			var out bytes.Buffer
			_, err = g.Show(&out, list, nil)
			require.NoError(t, err)
			assert.Equal(t, c.nodes, out.String())
		})
	}
}

// badFiles are files with one bad line, and how it is told. A node ^ok before it is stored.
var badFiles = []struct{ text, message string }{
	{"h\nd ZWR\n^ok=1\n^a", "f:4: column 3: = is expected after the reference"},
	{"h\nd ZWR\n^ok=1\n^a(=1", "f:4: column 4: a value is expected: \"text\", a number or $C(codes)"},
	{"h\nd ZWR\n^ok=1\n^a(1=1", "f:4: column 5: , or ) is expected"},
	{"h\nd ZWR\n^ok=1\n^a(\"x)=1", "f:4: column 9: \" is expected"},
	{"h\nd ZWR\n^ok=1\n^a=\"x\"y", "f:4: column 7: the end of the line is expected"},
	{"h\nd ZWR\n^ok=1\n^a=$C(1", "f:4: column 8: , or ) is expected"},
	{"h\nd ZWR\n^ok=1\n^a=$C(1114112)", "f:4: column 7: a code from 0 to 1114111 is expected"},
	{"h\nd ZWR\n^ok=1\n^a=$ZCH(256)", "f:4: column 9: a code from 0 to 255 is expected"},
	{"h\nd ZWR\n^ok=1\n^a=$H(1)", "f:4: column 4: only $C, $CHAR, $ZCH, $ZCHAR and $DOUBLE are known here"},
	{"h\nd ZWR\n^ok=1\n^a=1E", "f:4: column 6: a digit is expected"},
	{"h\nd ZWR\n^ok=1\n^a=-", "f:4: column 5: a digit is expected"},
	{"h\nd ZWR\n^ok=1\n^1=1", "f:4: column 2: a global's name is expected"},
	{"h\nd ZWR\n^ok=1\n^a.=1", "f:4: column 4: a global's name is expected"},
	{"h\nd ZWR\n^ok=1\n^|\"X\"|a=1", "f:4: column 2: extended references are not imported; --namespace tells where to"},
	{"h\nd ZWR\n^ok=1\n^a(\"" + strings.Repeat("k", 508) + "\")=1", "f:4: <SUBSCRIPT> the reference is too long"},
	{"h\nd ZWR\n^ok=1\n^a=\"" + strings.Repeat("v", maxString+1) + "\"", "f:4: <MAXSTRING> the value is longer than 3641144 characters"},
	{"h\nd ZWR\n^ok=1\n^a=\"" + strings.Repeat("v", maxString) + "\"_$C(1)", "f:4: <MAXSTRING> the value is longer than 3641144 characters"},
	{"h\nd ZWR\n^ok=1\n" + strings.Repeat("v", maxLine+1), "f:4: the line is longer than 33554432 bytes"},
	{"h\nd\n^ok\n1\n^a(1)x\n1", "f:5: column 6: the end of the reference is expected (this format breaks values that hold line ends; ZWR keeps them)"},
	{"h\nd\n^ok\nl1\nl2\n", "f:5: column 1: a reference to a global, ^name(subscripts), is expected (this format breaks values that hold line ends; ZWR keeps them)"},
	{"h\nd\n^ok\n1\n^a(1)", "f:5: the file ends before the value of this reference"},
	{"h\nd\n^ok\n1\n\n^a\n", "f:6: text after the end of the data, an empty line or *"},
	{"h" + goMarks + goFormat + "\nd\n^ok\n1\n^a\n$ZWR=1x\n", "f:6: column 7: the end of the line is expected"},
	{"~Format=5.V~\nd\n", "f:1: the file is in format 5.V; only 5.S is read: export as ISM/Caché format with stream records"},
	{"some\ntext\n", "f:2: neither ZWR nor %GO: there is no line that begins with ^"},
	{"some\ntext\nmore\n", "f:3: column 1: a reference to a global, ^name(subscripts), is expected"},
}

func TestImportErrors(t *testing.T) {
	for _, c := range badFiles {
		g := openTestGlobals(t)
		count, err := g.Import(strings.NewReader(c.text), "f", Transfer{})
		assert.EqualError(t, err, c.message)
		want := int64(strings.Count(c.text, "^ok"))
		assert.Equal(t, want, count.Nodes, c.message)
		assert.Len(t, g.all(t), int(want), c.message)
	}
}

// TestImportKeepsWhatCameBefore: in the middle of a batch, after several.
func TestImportKeepsWhatCameBefore(t *testing.T) {
	const good = 2*batchNodes + 17
	var b strings.Builder
	for i := range good {
		fmt.Fprintf(&b, "^a(%d)=%d\n", i, i)
	}
	broken := errors.New("the disk is on fire")
	for name, c := range map[string]struct {
		r    io.Reader
		tr   Transfer
		want int
	}{
		"a bad line":          {strings.NewReader(b.String() + "bad\n^a(-1)=1\n"), Transfer{}, good},
		"a read error":        {io.MultiReader(strings.NewReader(b.String()), errorReader{broken}), Transfer{}, good},
		"stopped by the user": {strings.NewReader(b.String()), Transfer{Progress: func(c Count) error { return broken }}, progressEvery},
	} {
		t.Run(name, func(t *testing.T) {
			g := openTestGlobals(t)
			count, err := g.Import(c.r, "f", c.tr)
			require.Error(t, err)
			if c.tr.Progress != nil {
				assert.Equal(t, broken, err)
			} else {
				var at *ImportError
				require.ErrorAs(t, err, &at)
				assert.Equal(t, good+1, at.Line)
			}
			assert.EqualValues(t, c.want, count.Nodes)
			assert.Zero(t, g.session.Level())
			assert.Len(t, g.all(t), c.want)
		})
	}
}

type errorReader struct{ error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.error }

// TestExportTellsWriteErrors: a full disk.
func TestExportTellsWriteErrors(t *testing.T) {
	g := openTestGlobals(t)
	g.put(t, "a", nil, Text(strings.Repeat("x", bufferSize)))
	list, err := g.Select()
	require.NoError(t, err)
	full := errors.New("disk full")
	for _, format := range []string{FormatZWR, FormatGO} {
		_, err = g.Export(errorWriter{full}, list, Transfer{Format: format})
		assert.ErrorIs(t, err, full)
	}
	stop := errors.New("stop")
	for i := range int64(progressEvery) {
		g.put(t, "b", []Value{Int(i)}, Int(i))
	}
	list, err = g.Select()
	require.NoError(t, err)
	_, err = g.Export(io.Discard, list, Transfer{Progress: func(Count) error { return stop }})
	assert.ErrorIs(t, err, stop)
}

type errorWriter struct{ error }

func (w errorWriter) Write([]byte) (int, error) { return 0, w.error }

func TestSelect(t *testing.T) {
	g := openTestGlobals(t)
	for _, name := range []string{"a", "ab", "b", "%s"} {
		g.put(t, name, []Value{Int(1), Text("x")}, Int(1))
	}
	for _, c := range []struct{ patterns, found string }{
		{"", "^a ^ab ^b"},
		{"^a*", "^a ^ab"},
		{"a?", "^ab"},
		{"^b a", "^a ^b"},
		{"^a(1) ^a ^a(1,\"x\") ^a*", "^a ^ab"},
		{"^a(1,\"x\") a(1.0,$C(120))", "^a(1,\"x\")"},
		{"%*", "^%s"},
		{"^%s(1)", "^%s(1)"},
	} {
		list, err := g.Select(strings.Fields(c.patterns)...)
		require.NoError(t, err, c.patterns)
		var found []string
		for _, s := range list {
			found = append(found, s.Name)
		}
		assert.Equal(t, c.found, strings.Join(found, " "), c.patterns)
	}
	for pattern, message := range map[string]string{
		"^c":    "nothing in namespace USER matches ^c",
		"c*":    "nothing in namespace USER matches c*",
		"%c":    "nothing in namespace %SYS matches %c",
		"^a(2)": "nothing in namespace USER matches ^a(2)",
		"^a(":   `^a( is neither a reference to a global nor a pattern: column 4: a value is expected: "text", a number or $C(codes)`,
		"^a)":   "^a) is neither a reference to a global nor a pattern: column 3: the end of the reference is expected",
		"[*":    "[* is no pattern",
	} {
		_, err := g.Select(pattern)
		var usage *UsageError
		require.ErrorAs(t, err, &usage, pattern)
		assert.EqualError(t, err, message)
	}
	_, err := OpenGlobals(Config{Namespace: "no name"})
	assert.EqualError(t, err, "NO NAME is no name of a namespace")
}

// TestSizeKillVerify: of a subtree, not of its neighbours.
func TestSizeKillVerify(t *testing.T) {
	g := openTestGlobals(t)
	g.fill(t, rand.New(rand.NewSource(7)), 300, 0xffff)
	g.killOne(t, "^a")
	g.put(t, "a", []Value{Int(1)}, Text("xyz"))
	g.put(t, "a", []Value{Int(1), Int(2)}, Int(5))
	g.put(t, "a", []Value{Int(2)}, Empty)
	list, err := g.Select("^a(1)")
	require.NoError(t, err)
	c, err := g.Size(list[0], nil)
	require.NoError(t, err)
	key, deep := appendKey(nil, "a", []Value{Int(1)}), appendKey(nil, "a", []Value{Int(1), Int(2)})
	assert.Equal(t, Count{Globals: 1, Nodes: 2, Bytes: int64(len(key) + len(deep) + len("txyz") + len("n.5"))}, c)

	whole, err := g.Select()
	require.NoError(t, err)
	for _, s := range whole {
		c, err := g.Verify(s, nil, func(p string) { t.Error(p) })
		require.NoError(t, err)
		size, err := g.Size(s, nil)
		require.NoError(t, err)
		assert.Equal(t, size, c)
	}
	g.killOne(t, "^a(1)")
	list, err = g.Select("^a")
	require.NoError(t, err)
	c, err = g.Size(list[0], nil)
	require.NoError(t, err)
	assert.EqualValues(t, 1, c.Nodes)
}

func (g *Globals) killOne(t testing.TB, pattern string) {
	list, err := g.Select(pattern)
	require.NoError(t, err)
	for _, s := range list {
		require.NoError(t, g.Kill(s))
	}
}

// TestVerifyFinds: each way in which a node can be wrong.
func TestVerifyFinds(t *testing.T) {
	for problem, node := range map[string]struct{ sub, val string }{
		"^a(1): malformed value: no tag":                {"\x12", ""},
		"^a(1): malformed value: tag 'z' with 1 bytes":  {"\x12", "zx"},
		"^a(1): malformed value: tag 'n' with 1 bytes":  {"\x12", "n\x00"},
		"^a(1): malformed value: half a wide character": {"\x12", "wabc"},
		"^a(5): the key is not in canonical form":       {"\xa05\x00", "t"},
		"^a(1): malformed value: 3641145 characters":    {"\x12", "t" + strings.Repeat("x", maxString+1)},
	} {
		g := openTestGlobals(t)
		require.NoError(t, g.session.Set("USER", append(globals.AppendName(nil, "a"), node.sub...), []byte(node.val)))
		list, err := g.Select("a")
		require.NoError(t, err)
		var problems []string
		_, err = g.Verify(list[0], nil, func(p string) { problems = append(problems, strings.ReplaceAll(p, `"5"`, "5")) })
		require.NoError(t, err)
		assert.Equal(t, []string{problem}, problems)
	}
}

// TestExchangeMemory: memory does not grow with the amount of data.
func TestExchangeMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("50 MB")
	}
	const total, size = 50 << 20, 5000
	g := openTestGlobals(t)
	var most, base uint64
	live := func() uint64 {
		var m goruntime.MemStats
		goruntime.GC()
		goruntime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	watch := func(Count) error {
		most = max(most, live())
		return nil
	}
	const nodes = 100
	g.put(t, "a", nil, Empty)
	for i := range int64(nodes) {
		g.put(t, "a", []Value{Int(i)}, Text(strings.Repeat("x\"\x01y", size/4)))
	}
	list, err := g.Select("a")
	require.NoError(t, err)
	var again []Subtree
	for range total/nodes/size + 1 {
		again = append(again, list[0])
	}
	for _, format := range []string{FormatZWR, FormatGO} {
		base, most = live(), 0
		in, out := io.Pipe()
		done := make(chan error)
		var exported, imported Count
		go func() {
			var err error
			exported, err = g.Export(out, again, Transfer{Format: format})
			out.CloseWithError(err)
			done <- err
		}()
		target := openTestGlobals(t) // its 101 nodes are set again and again
		imported, err := target.Import(in, "f", Transfer{Progress: watch})
		require.NoError(t, err)
		require.NoError(t, <-done)
		assert.Equal(t, exported.Nodes, imported.Nodes)
		assert.Greater(t, exported.Bytes, int64(total))
		assert.NotZero(t, most)
		assert.Less(t, int64(most)-int64(base), int64(16<<20), format)
	}
}

// FuzzImport: no file makes the reader panic, and what it took comes back.
func FuzzImport(f *testing.F) {
	for _, c := range imports {
		f.Add(c.text)
	}
	for _, c := range badFiles {
		if len(c.text) < 1000 {
			f.Add(c.text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := openTestGlobals(t)
		_, _ = g.Import(strings.NewReader(text), "f", Transfer{})
		want := g.all(t)
		for _, format := range []string{FormatZWR, FormatGO} {
			file := g.exportAll(t, Transfer{Format: format})
			g.killAll(t)
			_, err := g.Import(strings.NewReader(file), "f", Transfer{})
			require.NoError(t, err, file)
			require.Len(t, g.all(t), len(want), file)
			require.Equal(t, file, g.exportAll(t, Transfer{Format: format}))
		}
	})
}

// TestVerifyComparesWaysToANode: what the walk, a look-up and the way back say.
func TestVerifyComparesWaysToANode(t *testing.T) {
	g := openTestGlobals(t)
	for i := range int64(progressEvery) {
		g.put(t, "a", []Value{Int(i)}, Int(i))
	}
	list, err := g.Select("a")
	require.NoError(t, err)
	var problems []string
	report := func(p string) { problems = append(problems, p) }
	_, err = g.Verify(list[0], func(Count) error { // a node goes while the walk is at the last
		return g.session.Kill("USER", appendKey(nil, "a", []Value{Int(7)}))
	}, report)
	require.NoError(t, err)
	assert.Equal(t, []string{"^a: 1024 nodes forwards, 1023 backwards"}, problems)

	problems = nil
	v := verifier{g: g, s: list[0], report: report}
	require.NoError(t, v.node(appendKey(nil, "a", []Value{Int(2)}), encodeValue(nil, Int(2))))
	require.NoError(t, v.node(appendKey(nil, "a", []Value{Int(3)}), encodeValue(nil, Int(2))))
	require.NoError(t, v.node(appendKey(nil, "a", []Value{Int(7)}), encodeValue(nil, Int(7))))
	require.NoError(t, v.node(appendKey(nil, "a", []Value{Int(1)}), encodeValue(nil, Int(1))))
	assert.Equal(t, []string{
		"^a(3): a look-up does not find what the walk found",
		"^a(7): a look-up does not find what the walk found",
		"^a(1): out of order",
	}, problems)
}
