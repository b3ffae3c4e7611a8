package repl

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drawn is what a picture must look like on a terminal of a width, and where the cursor is.
func drawn(p picture, width int) (lines []string, row, col int) {
	line, at := "", 0
	wrap := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, at = "", 0
	}
	add := func(text string) {
		for _, c := range text {
			s, w := cell(c, at)
			if w > 1 && s != string(c) {
				for _, x := range s { // a code, or the blanks of a tab
					if at == width {
						wrap()
					}
					line += string(x)
					at++
				}
				continue
			}
			if at+w > width {
				wrap()
			}
			line += s
			at += w
		}
	}
	add(p.prompt)
	for i, c := range p.text {
		if i == p.at {
			if row, col = len(lines), at; at == width || c != '\n' && at+width1(c, at) > width {
				row, col = row+1, 0
			}
		}
		if c == '\n' {
			if at == width {
				wrap()
			}
			wrap()
			add(p.more)
			continue
		}
		if _, w := cell(c, at); w > 0 && at+w > width {
			wrap()
		}
		s, w := cell(c, at)
		line += s
		at += w
	}
	if at == width {
		wrap()
	}
	if p.at == len(p.text) {
		row, col = len(lines), at
	}
	return append(lines, strings.TrimRight(line, " ")), row, col
}

func width1(c rune, at int) int {
	_, w := cell(c, at)
	return w
}

// Whatever is typed, erased and moved, the terminal shows the line and the cursor stands
// where it should: at the edge, with wide characters, accents, tabs and codes, in lines
// that are longer than the screen is wide.
func TestScreenShowsTheLine(t *testing.T) {
	t.Setenv("TERM", "xterm")
	alphabet := []rune("abc wrt\"(){}日本語€é\t\x1b\u202ea\u0301\n")
	for seed := range int64(60) {
		random := rand.New(rand.NewSource(seed))
		width := 8 + random.Intn(40)
		d := &desk{screen: newVT(width, 60)}
		s := newScreen(d)
		s.measure = func() (int, int) { return width, 60 }
		p := picture{prompt: "USER>", more: "....>"}
		for step := range 120 {
			switch n := random.Intn(10); {
			case n < 6:
				c := alphabet[random.Intn(len(alphabet))]
				p.text = append(p.text[:p.at:p.at], append([]rune{c}, p.text[p.at:]...)...)
				p.at++
			case n < 8 && len(p.text) > 0:
				p.at = random.Intn(len(p.text) + 1)
			case p.at > 0:
				p.at--
				p.text = append(p.text[:p.at:p.at], p.text[p.at+1:]...)
			}
			p.below = nil
			if step%7 == 0 {
				p.below = []string{"one", "two"}
			}
			s.draw(p)
			lines, row, col := drawn(p, width)
			lines = append(lines, p.below...)
			require.Equal(t, strings.TrimRight(strings.Join(lines, "\n"), "\n"), d.screen.text(), "seed %d step %d width %d text %q at %d", seed, step, width, string(p.text), p.at)
			require.Equal(t, [2]int{row, col}, [2]int{d.screen.row, d.screen.col}, "seed %d step %d width %d text %q at %d", seed, step, width, string(p.text), p.at)
			require.Empty(t, d.screen.unknown)
		}
	}
}

// What is longer than the screen shows the part around the cursor.
func TestScreenShowsThePartAroundTheCursor(t *testing.T) {
	t.Setenv("TERM", "xterm")
	d := &desk{screen: newVT(20, 5)}
	s := newScreen(d)
	p := picture{prompt: ">", more: ".", text: []rune(strings.Repeat("line\n", 50) + "last")}
	p.at = len(p.text)
	s.measure = func() (int, int) { return 20, 5 }
	s.draw(p)
	assert.Equal(t, ".line\n.line\n.line\n.line\n.last", d.screen.text())
	p.at = 0
	s.draw(p)
	assert.Equal(t, ">line\n.line\n.line\n.line\n.line", d.screen.text())
	assert.Equal(t, [2]int{0, 1}, [2]int{d.screen.row, d.screen.col})
	p.at = len(p.text)
	s.draw(p)
	s.leave()
	assert.Equal(t, ".line\n.line\n.line\n.last", d.screen.text())
}

// A terminal that knows nothing gets carriage returns, blanks and backspaces.
func TestDumbTerminal(t *testing.T) {
	t.Setenv("TERM", "dumb")
	d := &desk{screen: newVT(20, 10)}
	s := newScreen(d)
	s.measure = func() (int, int) { return 20, 10 }
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
		{"a\x1b[2J", 2, "USER>a<1B>[2J", 10},
		{"", 0, "USER>", 5},
	} {
		s.draw(picture{prompt: "USER>", text: []rune(c.text), at: c.at})
		assert.Equal(t, c.want, d.screen.text(), c.text)
		assert.Equal(t, c.col, d.screen.col, c.text)
	}
	assert.NotContains(t, d.written.String(), "\x1b")
}

// What jobs have to tell stands above the line that is being typed.
func TestLinesAboveThePicture(t *testing.T) {
	for _, kind := range []string{"xterm", "dumb"} {
		t.Setenv("TERM", kind)
		d := &desk{screen: newVT(20, 8)}
		s := newScreen(d)
		s.measure = func() (int, int) { return 20, 8 }
		_, _ = s.Write([]byte("before\n"))
		d.screen.write("\r") // as the terminal does for a line feed
		p := picture{prompt: "USER>", more: "....>", text: []rune("write 1"), at: 2}
		s.draw(p)
		_, _ = s.Write([]byte("one\ntwo\n"))
		assert.Equal(t, "before\none\ntwo\nUSER>write 1", d.screen.text(), kind)
		assert.Equal(t, 7, d.screen.col)
		s.draw(picture{prompt: "USER>", text: []rune("x"), at: 1})
		assert.Equal(t, "before\none\ntwo\nUSER>x", d.screen.text(), kind)
	}
}
