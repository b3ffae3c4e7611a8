package repl

import (
	"fmt"
	"io"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// edits is an editor on a desk.
func (d *desk) edits(t testing.TB, r *Prompt) *editor {
	e, err := newEditor(r, r.Console.(*keyboard))
	require.NoError(t, err)
	t.Cleanup(e.close)
	if d.screen != nil {
		e.screen.measure = func() (int, int) { return d.screen.width, d.screen.height }
	}
	return e
}

// entered types keys and returns the commands that come of them; ^C stands for a dropped
// one.
func (d *desk) entered(t *testing.T, r *Prompt, keys string) (commands []string) {
	d.typed = []byte(keys)
	e := d.edits(t, r)
	for {
		text, err := e.command("USER>")
		switch {
		case err == errCleared:
			commands = append(commands, "^C")
		case err == io.EOF:
			return commands
		default:
			require.NoError(t, err)
			commands = append(commands, text)
			e.remember(text)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"write 1\r", "write 1"},
		{"write 1\n", "write 1"},
		{"bc\x01a\x05d\r", "abcd"},                         // ^A ^E
		{"ac\x1b[Db\x1b[Cd\r", "abcd"},                     // left, right
		{"ac\x1bODb\x1bOCd\r", "abcd"},                     // as an application's keypad sends them
		{"ad\x02b\x02\x06c\r", "abcd"},                     // ^B ^F
		{"bc\x1b[Ha\x1b[Fd\r", "abcd"},                     // Home, End
		{"bc\x1b[1~a\x1b[4~d\r", "abcd"},                   //
		{"abx\x7fcx\x08d\r", "abcd"},                       // Backspace
		{"abxcd\x02\x02\x02\x1b[3~\r", "abcd"},             // Delete
		{"abxcd\x02\x02\x02\x04\r", "abcd"},                // ^D in a line
		{"set x=12\x17y\r", "set x=y"},                     // ^W
		{"abcd\x02\x02\x0b\r", "ab"},                       // ^K
		{"abcd\x02\x02\x15\r", "cd"},                       // ^U
		{"abcd\x02\x18x\r", "x"},                           // ^X
		{"abcd\x02\x02\x0b\x01\x19\r", "cdab"},             // ^Y
		{"ab\x14\r", "ba"},                                 // ^T
		{"one two\x1bb\x1bdtree\r", "one tree"},            // Alt-B Alt-D
		{"one two\x1b[1;5D\x1b[1;5Dx\r", "xone two"},       // Ctrl-Left
		{"one two\x01\x1b[1;3Cx\r", "one xtwo"},            // Alt-Right
		{"ab\x1b[200~c\td\x01e\x1b[201~\r", "abc\td\x01e"}, // a paste is text, whatever it holds
		{"\x1b[200~a\x1b[2Jb\x1b[201~\r", "a\x1b[2Jb"},
		{"a\x00b\x1c\r", "ab"},                          // what means nothing
		{"a\x1b[99;7ub\x1b[<35;1;2Mc\x1bOzd\r", "abcd"}, // sequences that nobody knows
		{"\xffa\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x82\r", "\uFFFDaé€😀\uFFFD"},
		{"日本\x1b[D\x7fx\r", "x本"},
		{"e\u0301x\x1b[D\x1b[D\x1b[3~\r", "x"}, // an accent goes with its letter
		{"\tset x=1\r", "\tset x=1"},
		{"if 1 {\r write 1\r}\r", "if 1 {\n write 1\n}"},
		{"write $p(\"a,b\",\r\",\",\r2)\r", "write $p(\"a,b\",\n\",\",\n2)"},
		{"if 1 {\r write 1\r}\r\x1b[A\x01x\r", "if 1 {| write 1|}/xif 1 {| write 1|}"}, // all of them are one line of the history
		{"a\x1b\rb\r", "a|b"},                                                          // Alt-Enter
		{"write 1\x03set\r", "^C/set"},
		{"if 1 {\r\x03set\r", "^C/set"},
		{"one\rtwo\r\x1b[A\x1b[A\r", "one/two/one"},
		{"one\rtwo\r\x10\x10\x0e!\r", "one/two/two!"},
		{"one\rtwo\rnew\x1b[A\x1b[A\x1b[B\x1b[Bx\r", "one/two/newx"}, // what was begun is still there
		{"if 1 {\r w 1\r}\r\x1b[A\r", "if 1 {| w 1|}/if 1 {| w 1|}"},
		{"set x=1\rwrite x\rset y=2\r\x12set\r", "set x=1/write x/set y=2/set y=2"},
		{"set x=1\rwrite x\rset y=2\r\x12SET\x12\r", "set x=1/write x/set y=2/set x=1"},
		{"set x=1\rset y=2\r\x12set\x12\x13\x13\r", "set x=1/set y=2/set y=2"},
		{"set x=1\rset y=2\r\x12setq\x7f\x7f\x7f\x7fx\r", "set x=1/set y=2/set x=1"},
		{"set x=1\rold\x12set\x07er\r", "set x=1/older"}, // ^G
		{"set x=1\rold\x12set\x03er\r", "set x=1/older"}, // ^C ends the search, not the line
		{"set x=1\r\x12set\x05!\r", "set x=1/set x=1!"},  // any other key edits what was found
		{"set x=1\r\x12nothing\r", "set x=1/"},
		{"word two\x01\x1b[C\x1b[C\x17\r", "rd two"},                                    // ^W of the first word leaves the rest
		{"a\x14\x14bc\r", "abc"},                                                        // ^T of one character
		{"\x14\x1b[3~\x7f\x12x\r", "x"},                                                 // nothing to exchange, erase or find
		{"if 1 {\r\x04\x1b[3~}\r", "if 1 {|}"},                                          // ^D in a block is no end
		{"\x00\x1a\x16a\r", "a"},                                                        // ^@ is no end, ^Z stops nobody
		{"set x=12\r\x12x=\x1b[C\x7fy\rab\x1b[A\x1b[A\r", "set x=12/set y=12/set x=12"}, // what was found and changed is as it was
		{"write 1\r\x12" + pasteBegins + "wri" + pasteEnds + "\r", "write 1/write 1"},
		{"write 1\r\x12\x1b[200~" + strings.Repeat("z", 50) + "\x1b[201~\r", "write 1/" + strings.Repeat("z", 50)}, // too much to be searched for
		{"half", ""},              // the terminal has gone
		{"one\r\x04two\r", "one"}, // ^D on an empty line
	} {
		for _, chunk := range []int{0, 1, 3} {
			d := &desk{chunk: chunk, screen: newVT(80, 24)}
			want := strings.Split(strings.ReplaceAll(c.want, "|", "\n"), "/")
			if c.want == "" && c.keys == "half" {
				want = nil
			}
			assert.Equal(t, want, d.entered(t, d.at(t, nil), c.keys), "%q in pieces of %d", c.keys, chunk)
			assert.False(t, d.raw, "the terminal has its own mode again")
			assert.Empty(t, d.screen.unknown)
		}
	}
}

// Nothing of readline is left when the prompt ends, wherever it ends.
func TestEditorsGoroutinesEnd(t *testing.T) {
	for _, keys := range []string{"", "write 1\r", "half", "\x12x", "do ^\t\t", "if 1 {\r", "a\x03\x04"} {
		d := &desk{typed: []byte(keys)}
		r := d.at(t, nil)
		before := goruntime.NumGoroutine()
		e, err := newEditor(r, r.Console.(*keyboard))
		require.NoError(t, err)
		for err != io.EOF {
			_, err = e.command("USER>")
		}
		require.Greater(t, goruntime.NumGoroutine(), before)
		e.close()
		assert.Eventually(t, func() bool { return goruntime.NumGoroutine() <= before+1 }, 5*time.Second, time.Millisecond, "%q", keys) // one for the question
	}
}

// READ takes what has come for it, also when the line editor has looked whether there is
// more: nothing is read ahead between two lines.
func TestTypeAheadIsForWhoReadsNext(t *testing.T) {
	d := &desk{}
	r := d.at(t, nil)
	e := d.edits(t, r)
	d.typed = []byte("one\rabc\x1b[Atwo\rthree\r")
	text, err := e.command("USER>")
	require.NoError(t, err)
	assert.Equal(t, "one", text)
	var got []byte
	for range 6 {
		var b [8]byte
		n, err := r.Console.ReadInput(b[:], time.Now())
		require.NoError(t, err)
		got = append(got, b[:n]...)
	}
	assert.Equal(t, "abc\x1b[A", string(got))
	for _, want := range []string{"two", "three"} {
		text, err = e.command("USER>")
		require.NoError(t, err)
		assert.Equal(t, want, text)
	}
}

// Every row of the table has a key of its own, and a doc where it has a name.
func TestKeysTable(t *testing.T) {
	seen := map[rune]bool{}
	for _, k := range editKeys {
		assert.False(t, seen[k.char], k.name)
		seen[k.char] = true
		assert.Equal(t, k.name == "", k.doc == "", k.name)
	}
}

// Ten thousand lines, a megabyte, pasted with and without the terminal's marks: all of
// them arrive, in a time that does not grow with the square of them.
func TestHugePaste(t *testing.T) {
	var lines, block []string
	block = append(block, "if 0 {")
	for i := range 10_000 {
		lines = append(lines, fmt.Sprintf("set x(%d)=\"%s\"", i, strings.Repeat("é", 50)))
		block = append(block, " "+lines[i])
	}
	block = append(block, "}")
	all := strings.Join(lines, "\n") + "\n"
	whole := strings.Join(block, "\n")
	long := "set x=\"" + strings.Repeat("x", 1<<20) + "\""
	for _, c := range []struct {
		name, keys string
		want       []string
	}{
		{"lines, marked", pasteBegins + all + pasteEnds, lines},
		{"lines, unmarked", strings.ReplaceAll(all, "\n", "\r"), lines},
		{"a block, marked", pasteBegins + whole + "\n" + pasteEnds, []string{whole}},
		{"a block, unmarked", strings.ReplaceAll(whole, "\n", "\r") + "\r", []string{whole}},
		{"a long line, marked", pasteBegins + long + pasteEnds + "\r", []string{long}},
		{"a long line, unmarked", long + "\r", []string{long}},
		{"one that never ends", pasteBegins + "write 1\nwrite 2\n", []string{"write 1", "write 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &desk{}
			r := d.at(t, nil)
			r.History = ""
			began := time.Now()
			got := d.entered(t, r, c.keys)
			t.Logf("%v, %d bytes written", time.Since(began), d.written.Len())
			require.Equal(t, len(c.want), len(got))
			for i := range got {
				if got[i] != c.want[i] {
					require.Equal(t, c.want[i], got[i])
				}
			}
			assert.Less(t, d.written.Len(), 4*len(c.keys)+1<<20)
		})
	}
}

// What one READ takes of a paste, and what is left, nobody loses.
func TestPasteIsTypeAhead(t *testing.T) {
	d := &desk{}
	k := Keys(d).(*keyboard)
	d.typed = []byte("a" + pasteBegins + "b\r\nc\n" + pasteEnds + "d\x1b[200")
	var got []byte
	for {
		var b [8]byte
		n, err := k.ReadInput(b[:], time.Now())
		if err != nil {
			break
		}
		assert.Equal(t, 1, n)
		got = append(got, b[0])
	}
	assert.Equal(t, "ab\rc\rd\x1b[200", string(got))
}

// Whatever bytes come, the editor takes them, the terminal gets only what it knows, and the
// line can be shown.
func FuzzKeys(f *testing.F) {
	for _, s := range []string{"write 1\r", "\x1b[200~a\x1b[201~", "\x12a\x12\x07", "日本\x1b[D", "\t\t", "if 1 {\r", "do \t\t", "\x1b", "\x1b[", "\xff\xfe", ":a\t", "w \"/\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, keys string) {
		d := &desk{screen: newVT(20, 6), chunk: 2}
		r := d.at(t, nil)
		e := d.edits(t, r)
		e.history.path = ""
		d.typed = []byte(keys)
		for {
			text, err := e.command("USER>")
			if err == io.EOF {
				break
			}
			e.remember(text)
		}
		if len(d.screen.unknown) > 0 {
			t.Fatalf("%q", d.screen.unknown)
		}
	})
}
