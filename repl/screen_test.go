package repl

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readline shows a line as it does: it takes the old one away, and writes what its Painter
// makes of the new one and whatever it believes to lead to the cursor.
func (s *screen) readline(line []rune, at int) {
	out := readlineOutput{s}
	_, _ = out.Write([]byte("\x1b[J\x1b[2K\r\x1b[A\x1b[2K\r"))
	_, _ = out.Write([]byte(s.prompt + string(s.Paint(line, at)) + " \b\b\b\x1b[A\r\x1b[20C\b"))
}

// at is a screen on a desk.
func screenAt(width, height int) (*desk, *screen) {
	d := &desk{screen: newVT(width, height)}
	s := newScreen(d)
	s.measure = func() (int, int) { return width, height }
	return d, s
}

// drawn is what a line must look like on a terminal of a width, and where the cursor is.
func drawn(prompt string, text []rune, at, width int) (lines []string, row, col int) {
	line, column := prompt, len(prompt)
	wrap := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, column = "", 0
	}
	for i, c := range text {
		s, w := shape(c)
		if w > 0 && column+w > width {
			wrap()
		}
		if i == at {
			row, col = len(lines), column
		}
		line += string(s)
		column += w
	}
	if column == width {
		wrap()
	}
	if at == len(text) {
		row, col = len(lines), column
	}
	return append(lines, strings.TrimRight(line, " ")), row, col
}

// Whatever is typed, erased and moved, the terminal shows the line and the cursor stands
// where it should: at the edge, with wide characters, accents, and pictures, in lines that
// are longer than the screen is wide.
func TestScreenShowsTheLine(t *testing.T) {
	t.Setenv("TERM", "xterm")
	alphabet := append([]rune("abc wrt\"(){}日本語€éa\u0301"), standIns("\t\n\x1b\u202e\x7f")...)
	for seed := range int64(60) {
		random := rand.New(rand.NewSource(seed))
		width := 8 + random.Intn(40)
		d, s := screenAt(width, 60)
		s.coloured = seed%2 == 0
		s.begin("USER>")
		var text []rune
		at := 0
		for step := range 120 {
			switch n := random.Intn(10); {
			case n < 6:
				c := alphabet[random.Intn(len(alphabet))]
				text = append(text[:at:at], append([]rune{c}, text[at:]...)...)
				at++
			case n < 8 && len(text) > 0:
				at = random.Intn(len(text) + 1)
			case at > 0:
				at--
				text = append(text[:at:at], text[at+1:]...)
			}
			if at < len(text) && accent(text[at]) {
				at++ // readline stands before accents only on its way
			}
			s.ahead.Store(step%5 == 0) // not worth to be shown
			s.readline(text, at)
			if s.ahead.Load() {
				continue
			}
			lines, row, col := drawn("USER>", text, at, width)
			require.Equal(t, strings.TrimRight(strings.Join(lines, "\n"), "\n"), d.screen.text(), "seed %d step %d width %d text %q at %d", seed, step, width, string(text), at)
			require.Equal(t, [2]int{row, col}, [2]int{d.screen.row, d.screen.col}, "seed %d step %d width %d text %q at %d", seed, step, width, string(text), at)
			require.Empty(t, d.screen.unknown)
		}
	}
}

// The text that readline is to show is as wide as the line, whatever its colours.
func TestPaintedTextIsAsWideAsTheLine(t *testing.T) {
	t.Setenv("TERM", "xterm")
	_, s := screenAt(200, 24)
	s.coloured = true
	s.begin("USER>")
	for _, text := range []string{`write "日本",$length(1),^x ; c`, "if 1 {\n\twrite \x1b[2J\n}", "é\u0301", ""} {
		line := standIns(text)
		painted := s.Paint(line, len(line))
		require.Equal(t, paintedEnd, painted[len(painted)-1])
		bare := stripped(string(painted[:len(painted)-1]))
		assert.Len(t, []rune(bare), len(line), text)
		assert.NotContains(t, bare, "\x1b")
		n := 0
		for _, c := range line {
			_, w := shape(c)
			n += w
		}
		assert.Equal(t, n, columnsOf(bare), text)
	}
}

// stripped is text without colours.
func stripped(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "\x1b[")
		if !ok {
			return s
		}
		_, after, _ := strings.Cut(rest, "m")
		s = before + after
	}
}

// What is longer than the screen shows the part around the cursor.
func TestScreenShowsThePartAroundTheCursor(t *testing.T) {
	t.Setenv("TERM", "xterm")
	d, s := screenAt(10, 5)
	var line []rune
	for _, c := range "abcdefghijk" {
		line = append(line, []rune(strings.Repeat(string(c), 10))...)
	}
	s.begin("")
	row := func(c string) string { return strings.Repeat(c, 10) }
	s.readline(line, len(line))
	assert.Equal(t, row("h")+"\n"+row("i")+"\n"+row("j")+"\n"+row("k"), d.screen.text())
	s.readline(line, 0)
	assert.Equal(t, row("a")+"\n"+row("b")+"\n"+row("c")+"\n"+row("d")+"\n"+row("e"), d.screen.text())
	assert.Equal(t, [2]int{0, 0}, [2]int{d.screen.row, d.screen.col})
	s.readline(line, 75)
	assert.Equal(t, row("d")+"\n"+row("e")+"\n"+row("f")+"\n"+row("g")+"\n"+row("h"), d.screen.text())
	assert.Equal(t, [2]int{4, 5}, [2]int{d.screen.row, d.screen.col})
	s.readline(append(line, '\n'), len(line)+1)
	assert.Equal(t, [2]int{4, 0}, [2]int{d.screen.row, d.screen.col})
	s.readline(nil, 0) // it has been closed
	assert.Equal(t, row("i")+"\n"+row("j")+"\n"+row("k"), d.screen.text())
}

// A terminal that knows nothing gets carriage returns, blanks and backspaces.
func TestDumbTerminal(t *testing.T) {
	t.Setenv("TERM", "dumb")
	d, s := screenAt(20, 10)
	s.begin("USER>")
	for _, c := range []struct {
		text string
		at   int
		want string
		col  int
	}{
		{"write 1", 7, "USER>write 1", 12},
		{"write 1", 0, "USER>write 1", 5},
		{"w", 1, "USER>w", 6},
		{"0123456789012345678901", 22, "USER>89012345678901", 19},
		{"日本語", 3, "USER>日本語", 11},
		{"日本", 1, "USER>日本", 7},
		{"a\x1b[2J", 2, "USER>a␛[2J", 7},
		{"", 0, "USER>", 5},
	} {
		s.readline(standIns(c.text), c.at)
		assert.Equal(t, c.want, d.screen.text(), c.text)
		assert.Equal(t, c.col, d.screen.col, c.text)
	}
	assert.NotContains(t, d.written.String(), "\x1b")
}

// What jobs have to tell stands above the line that is being typed.
func TestLinesAboveTheLine(t *testing.T) {
	for _, kind := range []string{"xterm", "dumb"} {
		t.Setenv("TERM", kind)
		d, s := screenAt(20, 8)
		_, _ = s.Write([]byte("before\n"))
		d.screen.write("\r") // as the terminal does for a line feed
		s.begin("USER>")
		s.readline([]rune("write 1"), 2)
		_, _ = s.Write([]byte("one\ntwo\n"))
		assert.Equal(t, "before\none\ntwo\nUSER>write 1", d.screen.text(), kind)
		assert.Equal(t, 7, d.screen.col)
		s.readline([]rune("x"), 1)
		assert.Equal(t, "before\none\ntwo\nUSER>x", d.screen.text(), kind)
		s.readline([]rune("x\n"), 2)
		s.end()
		_, _ = s.Write([]byte("three\n"))
		assert.Equal(t, "before\none\ntwo\nUSER>x\nthree", d.screen.text(), kind)
	}
}
