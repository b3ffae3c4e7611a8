package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"notes.txt", "notes2.txt", "日本.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub folder"), 0o700))
	d := &desk{}
	r := d.at(t, map[string]string{
		"server.mac":   "server ; one\n quit\nstart(port) quit\nstop\n quit\n",
		"service.int":  "service\n quit\n",
		"_secret.mac":  "secret\n quit\n",
		"broken.mac":   "good\n set x=\n wrte\nbad quit\n",
		"loaded.mac":   "loaded quit\nload2 quit\n",
		"editing.mac":  "editing quit\nedge quit\n",
		"notaroutine.": "",
	})
	require.NoError(t, r.Process.Execute(`set name=1,number=2,dev="|TCP|4",f="/tmp/x",obj=##class(%Library.DynamicObject).%New(),^alpha=1,^alps(1)=2,^%zz=3,^||mine=4 do ^loaded zload editing`))
	r.setAlias("wide", "write 1")
	for _, c := range []struct {
		line string // ‸ is the cursor
		want string
	}{
		{"wri‸", "write"},
		{"WRI‸", "WRITE"},
		{"Wri‸", "WRITE"},
		{"set x=1 zw‸", "zwrite"},
		{"if x { wri‸", "write"},
		{"zgot‸", ""}, // a command of another system
		{"nonsense‸", ""},
		{"write $pi‸", "$piece("},
		{"write $PI‸", "$PIECE("},
		{"set x=$asc‸(1)", "$ascii("},
		{"$zvers‸", "$zversion $zversion("},
		{"write $princ‸", "$principal"},
		{"write $$$O‸", ""},

		{"do ^ser‸", "server service"},
		{"do start^ser‸", "server service"},
		{"goto ^serve‸", "server"},
		{"job ^serve‸", "server"},
		{"write $$start^serve‸", "server"},
		{"write $text(+1^serve‸", "server"},
		{"do ^%se‸", "%secret"},
		{"zload serv‸", ""},
		{"do st‸^server", "start stop"},
		{"write $$st‸^server", "start stop"},
		{"do ba‸^broken", "bad"},
		{"do ed‸", "edge edge^editing editing editing^editing"},
		{"do load‸", "load2^loaded loaded^loaded"},
		{"write $$ed‸", "edge edge^editing editing editing^editing"},
		{"do ^server:nu‸", "number"},

		{"write n‸", "name number"},
		{"set x=na‸", "name"},
		{"kill nu‸", "number"},
		{"write \"x\",na‸", "name"},
		{"write ^al‸", "alpha alps"},
		{"write ^%‸", "%zz"},
		{"set x=^a‸", "alpha alps"},
		{"write ^||m‸", "mine"},
		{"do ^alp‸", ""},

		{"write ##class(%File‸", "%File)."},
		{"write ##class(%library.file‸", "%Library.File). %Library.FileBinaryStream). %Library.FileCharacterStream)."},
		{"write ##class(%File).Exi‸", "Exists("},
		{"write $SYSTEM.Proc‸", "$SYSTEM.Process."},
		{"write $system.proc‸", "$system.Process."},
		{"write $SYSTEM.Process.Terminat‸", "Terminate("},
		{"write obj.%ToJ‸", "%ToJSON("},
		{"do obj.%Se‸", "%Set("},

		{"open dev:(:80:/acc‸", "/accept"},
		{"open dev:(/ACC‸", "/ACCEPT"},
		{"use \"|TCP|4\":(::\"PS\":/ter‸", "/terminator"},
		{"open f:(/rec‸", "/recordsize"},
		{"use 0:(80:/ter‸", "/terminator"},
		{"close f:/del‸", "/delete"},
		{"open unknown:(/accep‸", "/accept"},
		{"write x/na‸", "name"},
		{"open dev:(:80:\"PSTEACDGQ‸", "M W"},
		{"open dev:(:80:\"x‸", "A C D E G M P Q S T W"},
		{"use dev:(:80:/PARAMS=\"AMPQSTW‸", "C D E G"},
		{"open f:\"RW‸", "N E T A D S V F U L Q I"},
		{"open f:(\"RW‸", "N E T A D S V F U L Q I"},

		{"open \"" + dir + "/no‸", dir + "/notes.txt\" " + dir + "/notes2.txt\""},
		{"set x=\"" + dir + "/日‸", dir + "/日本.txt\""},
		{"set x=\"" + dir + "/s‸", dir + "/sub folder/"},
		{"set x=\"" + dir + "/nowhere/‸", ""},
		{"zn \"%‸", "%SYS\""},
		{"zn \"us‸", "USER\""},

		{":al‸", ":alias"},
		{":wi‸", ":wide"},
		{":unalias w‸", "wide"},
		{":trace o‸", "off on"},
		{":trace on " + dir + "/no‸", dir + "/notes.txt " + dir + "/notes2.txt"},
		{":load " + dir + "/s‸", dir + "/sub folder/"},
		{":edit ^serve‸", "^server"},
		{":edit service‸", "service"},
		{"!cat " + dir + "/notes2‸", dir + "/notes2.txt"},
		{"?zwr‸", "zwrite"},
		{"?$System.Process.terminat‸", "$System.Process.Terminate"},
		{"?%file.ex‸", "%file.Exists"},
		{"?:dev‸", ":devices"},
		{"?$pie‸", "$piece"},
		{"?/acce‸", "/accept"},
		{"?|T‸", "|TCP|"},

		{"write 1 ; wri‸", ""},
		{"write /* wri‸", ""},
		{"write \"a\" // na‸", ""},
	} {
		before, after, _ := strings.Cut(c.line, "‸")
		got := r.complete(before, after)
		assert.Equal(t, c.want, strings.Join(got.words, " "), c.line)
	}
}

// The completed word takes the place of the typed one; what several have in common comes
// first, then a list.
func TestTab(t *testing.T) {
	d := &desk{screen: newVT(60, 10)}
	r := d.at(t, map[string]string{"server.mac": "start quit\nstop quit\n", "service.mac": "x quit\n"})
	for _, c := range []struct{ keys, want string }{
		{"wri\t 1\r", "write 1"},
		{"do ^s\te\t\r", "do ^server"},
		{"do s\t^server\r", "do s^server"}, // nothing is named yet
		{"do ^server\x01\x1b[C\x1b[C\x1b[Cs\t\r", "do st^server"},
		{"x\x17\t\r", "\t"}, // at the beginning: a tab
	} {
		assert.Equal(t, []string{c.want}, d.entered(t, r, c.keys), "%q", c.keys)
	}
	d.screen, d.chunk = newVT(60, 10), 1
	shown := func(keys string) {
		t.Helper()
		d.screen = newVT(60, 10)
		d.idle = func() {
			d.shows(t, func(v *vt) bool {
				return v.line(0) == "USER>do ^serv" && slices.Equal([]string{"server", "service"}, strings.Fields(v.line(1))) && v.row == 0 && v.col == 13
			})
		}
		d.entered(t, r, keys)
	}
	shown("do ^s\t\t")
	shown("do ^s\t\t\t") // the first is chosen
	shown("do ^s\t\t\t\t\t")
	d.idle = nil
	for _, c := range []struct{ keys, want string }{
		{"do ^s\t\t\t\r\r", "do ^server"},
		{"do ^s\t\t\t\t\r+1\r", "do ^service+1"},
		{"do ^s\t\t\t\x1b[C\x1b[C\x1b[D\x1b[A\x1b[B\r\r", "do ^service"},
		{"do ^s\t\t\tx\r", "do ^servx"},                                                          // another key is for the line
		{"do ^s\t\t\t\x0by\x15\r", ""},                                                           //
		{"do ^s\t\t\x1b[200~er(\n1)\n\x1b[201~", "do ^server(\n1)"},                              // so is a paste
		{"write ##class(%library.dynamicob\t\x05)\r", "write ##class(%Library.DynamicObject).)"}, // in the case that it has
		{"do ^s\t\t\t\x03x\r", "^C"},
	} {
		assert.Equal(t, c.want, d.entered(t, r, c.keys)[0], "%q", c.keys)
	}
}

// A list has no more lines than the screen, whatever there is to list.
func TestListIsBounded(t *testing.T) {
	c := completion{}
	for i := range 100_000 {
		c.words = append(c.words, fmt.Sprintf("name%d", i))
	}
	lines := c.list(80, 22)
	assert.Len(t, lines, 22)
	assert.Regexp(t, `^… and \d+ more$`, lines[21])
	for _, words := range [][]string{{"a"}, {strings.Repeat("x", 500), "日本"}, {"a\x1b[2Jb", "c"}, {}} {
		for _, width := range []int{2, 10, 80} {
			for _, l := range (completion{words: words}).list(width, 5) {
				assert.LessOrEqual(t, columnsOf(l), max(10, width))
				assert.NotContains(t, l, "\x1b")
			}
		}
	}
}

// A hundred thousand globals are not all looked through.
func TestCompletionOfManyGlobals(t *testing.T) {
	d := &desk{}
	r := d.at(t, nil)
	require.NoError(t, r.Process.Execute(`for i=1:1:100000 set @("^g"_i)=i`))
	began := time.Now()
	got := r.complete("write ^g9999", "")
	assert.Equal(t, "g9999 g99990 g99991 g99992 g99993 g99994 g99995 g99996 g99997 g99998 g99999", strings.Join(got.words, " "))
	t.Log(time.Since(began))
	began = time.Now()
	got = r.complete("write ^", "")
	t.Log(time.Since(began))
	assert.Len(t, got.words, 1000)
	assert.Equal(t, "g1", got.common())
}

// Completion never fails, and what it offers continues what stands there.
func FuzzCompletion(f *testing.F) {
	for _, s := range []string{"do st^", "open \"|TCP|1\":(:1:\"", "write ##class(", "$SYSTEM.", ":", "?", "!", "/", "x.", "^||", "use 0:(", "zn \"", "\"\"\"", "日本", "\xff"} {
		f.Add(s, "^x")
	}
	d := &desk{}
	r := d.at(f, nil)
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.ContainsAny(before, "/\"!:") { // no walk through the machine's files
			t.Skip()
		}
		c := r.complete(before, after)
		if c.from < 0 || c.from > len([]rune(before)) {
			t.Fatalf("%d in %q", c.from, before)
		}
		word := string([]rune(before)[c.from:])
		if i := slices.IndexFunc(c.words, func(w string) bool { return len(w) < len(word) }); i >= 0 {
			t.Fatalf("%q for %q", c.words[i], word)
		}
	})
}
