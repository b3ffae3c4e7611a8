package devices

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// options applies an OPEN's list and then USE's lists.
func options(t *testing.T, lists ...[]string) tcpOptions {
	t.Helper()
	o := newTCPOptions()
	for i, list := range lists {
		when := InUse
		if i == 0 {
			when = InOpen
		}
		require.NoError(t, o.update(positional(list...), when))
	}
	return o
}

func TestModeStrings(t *testing.T) {
	for _, row := range []struct {
		open, use, want string
	}{
		{"", "", ""},
		{"M", "", "PSTE"},
		{"m", "", "PSTE"},
		{"PSTE", "-Q+W", "PSTEW"},
		{"PSTEQ", "-Q+W", "PSTEW"},
		{"PSTE", "+", "PSTE"},
		{"PSTE", "QW", "QW"},
		{"PSTEA", "-M", "A"},
		{"PSTE", "-TS", "PE"},
		{"-M", "", ""}, // signs in the first OPEN begin with no modes (rule B13)
		{"+S-S+T", "", "T"},
		{"S-S", "", ""}, // left to right
		{"MW-P", "", "STEW"},
		{"XYZS", "", "S"}, // what is no letter is ignored
		{"ACDEPQSTW", "", "PSTEACDQW"},
	} {
		o := options(t, []string{"", "", row.open}, []string{"", "", row.use})
		if row.use == "" {
			o = options(t, []string{"", "", row.open})
		}
		assert.Equal(t, row.want, o.zmode(), "OPEN %q USE %q", row.open, row.use)
	}
}

func TestParameters(t *testing.T) {
	for _, row := range []struct {
		list  []string
		check func(t *testing.T, o tcpOptions)
	}{
		{[]string{"hal", "4200", "", "\x03\x04"}, func(t *testing.T, o tcpOptions) {
			assert.Equal(t, "hal", o.host)
			assert.Equal(t, "4200", o.port)
			assert.Equal(t, "\x03\x04", o.terms.S)
		}},
		{[]string{"/TRA=0", "7000", "CP", "/NODELAY=0"}, func(t *testing.T, o tcpOptions) { // rule B14
			assert.Empty(t, o.host)
			assert.Equal(t, "7000", o.port)
			assert.Equal(t, modeCRLF|modePad, o.mode)
			assert.True(t, o.nagle)
			assert.False(t, o.translate)
			assert.Empty(t, o.terms.S)
		}},
		{[]string{"", "", "", "123456789"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, "12345678", o.terms.S) }}, // rule B19
		{[]string{"", "", "", "", "100", "2000000", "5000", "5"}, func(t *testing.T, o tcpOptions) {
			assert.Equal(t, []int{1024, 1048576, 1000, 30}, []int{o.ibuf, o.obuf, o.queue, o.keepalive})
		}},
		{[]string{"/IBU=32767", "/OBUFSIZE=2048", "/CON=3", "/KEEPALIVE=999999"}, func(t *testing.T, o tcpOptions) {
			assert.Equal(t, []int{32767, 2048, 3, 432000}, []int{o.ibuf, o.obuf, o.queue, o.keepalive})
		}},
		{[]string{"/KEEPALIVE=0"}, func(t *testing.T, o tcpOptions) { assert.Zero(t, o.keepalive) }},
		{[]string{"/ACCEPT", "/CRLF=1", "/ESC", "/PAD", "/SEN", "/STR", "/TMO", "/WAIT", "/POLL"}, func(t *testing.T, o tcpOptions) {
			assert.Equal(t, "PSTEACDQW", o.zmode())
		}},
		{[]string{"", "", "M", "/PAD=0", "/TMODE=0"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, "SE", o.zmode()) }},
		{[]string{"/PSTE", "/PAR=+W"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, "PSTEW", o.zmode()) }},
		{[]string{"/WRITETIMEOUT=1"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, 2*time.Second, o.writeLimit) }},
		{[]string{"/WRITETIMEOUT=7"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, 7*time.Second, o.writeLimit) }},
		{[]string{"/WRITETIMEOUT"}, func(t *testing.T, o tcpOptions) { assert.Zero(t, o.writeLimit) }},
		{[]string{"/BINDTO=10.0.0.1", "/BINDTO"}, func(t *testing.T, o tcpOptions) { assert.Empty(t, o.bindTo) }}, // rule B22
		{[]string{"/USEIPV6"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, 1, o.ipv6) }},
		{[]string{"/USEIPV6=0"}, func(t *testing.T, o tcpOptions) { assert.Equal(t, 0, o.ipv6) }},
		{[]string{"/CLOSEFLUSH=0", "/CLOSELISTEN", "/ABSTIMEOUT", "/TCPNOXY", "/NOSUCH=1"}, func(t *testing.T, o tcpOptions) {
			assert.True(t, o.discardAtClose && o.closeListen && o.absolute && o.noXY)
		}},
	} {
		t.Run(strings.Join(row.list, ":"), func(t *testing.T) { row.check(t, options(t, row.list)) })
	}
	t.Run("OPEN-only parameters are ignored in USE", func(t *testing.T) {
		o := options(t, []string{"hal", "1"}, []string{"other", "2", "", "", "4096", "/HOS=x", "/PORT=3", "/CLOSELISTEN"})
		assert.Equal(t, "hal", o.host)
		assert.Equal(t, "1", o.port)
		assert.Zero(t, o.ibuf)
		assert.False(t, o.closeListen)
	})
	t.Run("a list that fails changes nothing", func(t *testing.T) {
		o := newTCPOptions()
		require.Error(t, o.update(positional("", "", "S", "/COMPRESS=nosuch"), InOpen))
		assert.Zero(t, o.mode)
	})
}

func TestLeadingInt(t *testing.T) {
	for s, want := range map[string]int{"": 0, "12": 12, "12abc": 12, "-3": -3, "--3": 3, "+4.9": 4, "abc": 0, "1e3": 1} {
		assert.Equal(t, want, leadingInt(s), s)
	}
	assert.Greater(t, leadingInt(strings.Repeat("9", 40)), 1<<31)
}

// Every row of every table has a doc, and no spelling means two things.
func TestTablesAreHonest(t *testing.T) {
	for _, d := range drivers {
		assert.NotEmpty(t, d.doc, d.prefix)
	}
	for _, device := range []string{"|TCP|", "0", ""} {
		var spellings []string
		positions := map[[2]int]bool{}
		for _, k := range Keywords(device) {
			assert.NotEmpty(t, k.Doc, "%s %s", device, k.Name)
			assert.True(t, k.Name != "" || k.Letter != 0)
			for _, s := range append([]string{k.Name}, k.Abbrs...) {
				if s != "" {
					assert.True(t, s[0] == '/' && s == strings.ToUpper(s), s)
					spellings = append(spellings, s)
				}
			}
			if k.Letter != 0 {
				spellings = append(spellings, string(rune(k.Letter)))
			}
			for _, w := range []When{InOpen, InUse, InClose} {
				if k.Position > 0 && k.When&w != 0 {
					at := [2]int{k.Position, int(w)}
					assert.False(t, positions[at], "%s position %d twice", device, k.Position)
					positions[at] = true
				}
			}
		}
		slices.Sort(spellings)
		assert.Equal(t, slices.Compact(slices.Clone(spellings)), spellings, "spellings of %q", device)
	}
	letters := ""
	for _, l := range ModeLetters("|TCP|") {
		letters += string(rune(l.Letter))
	}
	assert.Equal(t, "ACDEGMPQSTW", letters)
	assert.Nil(t, Keywords("/dev/null"))
}

func TestTerminators(t *testing.T) {
	text := []byte(strings.Repeat("x", 300) + "\r" + strings.Repeat("y", 300) + "\n;")
	for _, row := range []struct {
		set  string
		want int
	}{{"", -1}, {"\n", 601}, {"\n\r", 300}, {"\f\n\r", 300}, {"\f\n;\x00", 601}, {"abcdef", -1}, {"abcd;\n", 601}, {"\r\r\r\r\r\r", 300}} {
		var s terminators
		for _, c := range []byte(row.set) {
			s.add(c)
		}
		assert.Equal(t, row.want, s.index(text), "%q", row.set)
	}
}

// FuzzTerminators holds the fast search against the plain one.
func FuzzTerminators(f *testing.F) {
	f.Add("\r\n", "abc\r\n")
	f.Add("\r\n\f\x1b", strings.Repeat("x", 700)+"\f")
	f.Fuzz(func(t *testing.T, set, text string) {
		var s terminators
		for _, c := range []byte(set) {
			s.add(c)
		}
		want := -1
		for i := range len(text) {
			if strings.IndexByte(set, text[i]) >= 0 {
				want = i
				break
			}
		}
		require.Equal(t, want, s.index([]byte(text)))
	})
}

func TestParseEscape(t *testing.T) {
	for _, row := range []struct {
		in   string
		n    int
		want escapeResult
	}{
		{"\x1b", 1, escapePart}, {"\x1b[", 2, escapePart}, {"\x1b[1;2", 5, escapePart}, {"\x1bO", 2, escapePart}, {"\x1b ", 2, escapePart},
		{"\x1b[A", 3, escapeWhole}, {"\x1b[1;2~x", 6, escapeWhole}, {"\x1b[?25 h", 7, escapeWhole}, {"\x1bOP", 3, escapeWhole}, {"\x1b7", 2, escapeWhole},
		{"\x1b[@", 3, escapeWhole}, {"\x1b[\x7f", 3, escapeWhole}, {"\x1b\x7f", 2, escapeWhole}, {"\x1b (0", 4, escapeWhole}, {"\x1b;/A", 4, escapeWhole}, {"\x1b??", 3, escapeWhole},
		{"\x1b\x1b", 1, escapeBad}, {"\x1b[1\r", 3, escapeBad}, {"\x1b[ 0", 3, escapeBad}, {"\x1b\x80", 1, escapeBad},
		{"\x1b[123456789012A", 15, escapeWhole}, {"\x1b[1234567890123A", 15, escapeBad}, {"\x1b[1234567890123", 15, escapeBad},
	} {
		n, r := parseEscape([]byte(row.in), escapeMaxTCP)
		assert.Equal(t, row.want, r, "%q", row.in)
		assert.Equal(t, row.n, n, "%q", row.in)
	}
	assert.True(t, wholeWhenLate([]byte("\x1bO")))
	assert.True(t, wholeWhenLate([]byte("\x1b[")))
	assert.False(t, wholeWhenLate([]byte("\x1b")))
	assert.False(t, wholeWhenLate([]byte("\x1b[1")))
}

// FuzzCharset: what UTF-8 decodes, encodes to the same bytes again.
func FuzzCharset(f *testing.F) {
	for _, s := range []string{"abc", "é", "€", "😀", "\xff", "a\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := charsetUTF8.decode([]byte(s))
		back, ok := charsetUTF8.encode(nil, text)
		require.True(t, ok)
		if utf8.ValidString(s) {
			require.Equal(t, s, string(back))
		}
		size, _ := charsetUTF8.prefix([]byte(s), len(s)+1, true)
		require.Equal(t, len(s), size)
		require.Equal(t, text, charsetUTF8.decode(back))
	})
}
