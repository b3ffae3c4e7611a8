package repl

// The screen: where a line that is being edited stands on a terminal, and how it gets
// there. A character that a terminal would obey is shown by its code.

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/term"

	"cos/devices"
	"cos/lang"
)

// IsTerminal tells whether f is a terminal.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// screen draws a picture over the one before it.
type screen struct {
	console devices.Console
	dumb    bool // it knows nothing but carriage return and backspace

	width, height int
	shown         picture // what stands there
	first         int     // the first row of it that does
	begun         bool    // something stands there
	row           int     // of the cursor, from the first that stands there
	columns       int     // used on a dumb terminal

	measure func() (width, height int) // what the terminal says

	mu sync.Mutex // jobs write to it too, see Write
}

// picture is what is to be seen.
type picture struct {
	prompt, more string // before the first line, and before further ones
	text         []rune
	at           int      // the cursor
	colours      []string // of each character; nil: none
	below        []string // lines below, none too long
}

// newScreen is the screen of a console.
func newScreen(c devices.Console) *screen {
	kind := os.Getenv("TERM")
	s := &screen{console: c, dumb: kind == "" || kind == "dumb"}
	s.measure = func() (int, int) { return 0, 0 }
	if f, ok := c.(interface {
		Files() (in, out *os.File)
	}); ok {
		if _, out := f.Files(); out != nil {
			s.measure = func() (int, int) {
				width, height, _ := term.GetSize(int(out.Fd()))
				return width, height
			}
		}
	}
	return s
}

// size asks the terminal how large it is; one that does not know is an ordinary one.
func (s *screen) size() {
	s.width, s.height = s.measure()
	if s.width < 2 {
		s.width = 80
	}
	if s.height < 2 {
		s.height = 24
	}
}

// room is how large the terminal is now.
func (s *screen) room() (width, height int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size()
	return s.width, s.height
}

// cell is how a character is shown in a column: its text and the columns that it takes.
func cell(c rune, column int) (string, int) {
	switch {
	case c >= ' ' && c < 0x7f:
		return string(c), 1
	case c == '\t':
		n := 8 - column%8
		return "        "[:n], n
	case lang.Hostile(c):
		s := lang.Code(c)
		return s, len(s)
	case unicode.In(c, unicode.Mn, unicode.Me):
		return string(c), 0
	case devices.FullWidth(c):
		return string(c), 2
	}
	return string(c), 1
}

// columnsOf is how many columns a text without tabs takes.
func columnsOf(s string) (n int) {
	for _, c := range s {
		_, w := cell(c, 0)
		n += w
	}
	return n
}

// row is a line of the screen: which characters stand in it.
type row struct {
	from, to int
	full     bool // up to the last column: the terminal goes on by itself
	fresh    bool // a line of the text begins here, behind a prompt
}

// rows divides a text into lines of the screen and finds the cursor among them.
func (p *picture) rows(width int) (rows []row, cursor, column int) {
	col := columnsOf(p.prompt) % width
	now := row{fresh: true}
	for i, c := range p.text {
		if i == p.at {
			cursor, column = len(rows), col
		}
		if c == '\n' {
			now.to = i
			rows = append(rows, now)
			now = row{from: i + 1, fresh: true}
			col = columnsOf(p.more) % width
			continue
		}
		_, w := cell(c, col)
		if n := len(rows); w == 0 && n > 0 && rows[n-1].full && now.from == i && !now.fresh { // an accent on the last column
			rows[n-1].to, now.from = i+1, i+1
			continue
		}
		if col+w > width { // a wide one does not fit
			now.to = i
			rows = append(rows, now)
			now, col = row{from: i}, 0
			if i == p.at {
				cursor, column = len(rows), 0
			}
			_, w = cell(c, 0)
		}
		if col += w; col >= width {
			now.to, now.full = i+1, true
			rows = append(rows, now)
			now, col = row{from: i + 1}, 0
		}
	}
	now.to = len(p.text)
	if p.at == len(p.text) {
		cursor, column = len(rows), col
	}
	return append(rows, now), cursor, column
}

// draw shows a picture in the place of the one before.
func (s *screen) draw(p picture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.text = slices.Clone(p.text)
	s.put(p)
}

// Write shows lines of somebody else's above the picture, from any goroutine.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		return s.console.WriteOutput(b)
	}
	if s.dumb {
		s.write("\r" + strings.Repeat(" ", min(s.width-1, columnsOf(s.shown.prompt)+s.columns)) + "\r")
	} else {
		s.write(s.up() + "\x1b[J")
	}
	s.write(strings.ReplaceAll(string(b), "\n", "\r\n"))
	s.begun, s.columns = false, 0
	s.put(s.shown)
	return len(b), nil
}

// up leads to where the picture begins.
func (s *screen) up() string {
	if s.begun && s.row > 0 {
		return fmt.Sprintf("\r\x1b[%dA", s.row)
	}
	return "\r"
}

// put is draw for who holds the screen.
func (s *screen) put(p picture) {
	if s.dumb {
		s.shown = p
		s.drawDumb(p)
		return
	}
	before := s.width
	s.size()
	if s.begun && before != s.width { // the terminal has arranged it anew
		rows, cursor, _ := s.shown.rows(s.width)
		s.first = min(s.first, max(0, len(rows)-1))
		s.row = max(0, cursor-s.first)
	}
	var b strings.Builder
	b.WriteString(s.up())
	rows, cursor, column := p.rows(s.width)
	if !s.begun {
		s.first = 0
	}
	s.first = min(max(s.first, cursor-s.height+1), cursor)
	last := min(len(rows), s.first+s.height) - 1
	colour := ""
	for i := s.first; i <= last; i++ {
		p.writeRow(&b, rows[i], i == 0, &colour)
		switch {
		case i == last:
		case rows[i].full && !rows[i+1].fresh && rows[i+1].from < rows[i+1].to: // by itself
		case rows[i].full && !rows[i+1].fresh:
			b.WriteString(" \r")
		case rows[i].full:
			b.WriteString("\r\n")
		default:
			b.WriteString("\x1b[K\r\n")
		}
	}
	if colour != "" {
		b.WriteString("\x1b[m")
	}
	if !rows[last].full {
		b.WriteString("\x1b[J")
	}
	down := last - cursor
	for i, line := range p.below {
		if i >= s.height-(last-s.first)-1 {
			break
		}
		b.WriteString("\r\n" + line + "\x1b[J")
		down++
	}
	if down > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", down)
	}
	if down > 0 || p.at < len(p.text) {
		b.WriteByte('\r')
		if column > 0 {
			fmt.Fprintf(&b, "\x1b[%dC", column)
		}
	}
	_, _ = s.console.WriteOutput([]byte(b.String()))
	s.row, s.begun, s.shown = cursor-s.first, true, p
}

// writeRow writes one line of the screen.
func (p *picture) writeRow(b *strings.Builder, r row, top bool, colour *string) {
	col := 0
	if r.fresh {
		if *colour != "" {
			*colour = ""
			b.WriteString("\x1b[m")
		}
		prompt := p.more
		if top {
			prompt = p.prompt
		}
		b.WriteString(prompt)
		col = columnsOf(prompt)
	}
	for i := r.from; i < r.to; i++ {
		if p.colours != nil && p.colours[i] != *colour {
			*colour = p.colours[i]
			b.WriteString("\x1b[" + *colour + "m")
		}
		text, w := cell(p.text[i], col)
		b.WriteString(text)
		col += w
	}
}

// drawDumb shows the part of the line around the cursor in one row.
func (s *screen) drawDumb(p picture) {
	s.size()
	for _, line := range p.below {
		s.write("\r\n" + line)
	}
	if len(p.below) > 0 {
		s.write("\r\n")
	}
	prompt := p.prompt
	room := s.width - 1 - columnsOf(prompt)
	if room < 8 {
		prompt, room = "", s.width-1
	}
	from, used := p.at, 0
	for from > 0 {
		_, w := dumbCell(p.text[from-1])
		if used+w > room {
			break
		}
		used += w
		from--
	}
	var b strings.Builder
	b.WriteString("\r" + prompt)
	back, columns := 0, 0
	for i := from; i < len(p.text); i++ {
		text, w := dumbCell(p.text[i])
		if columns+w > room {
			break
		}
		b.WriteString(text)
		columns += w
		if i >= p.at {
			back += w
		}
	}
	if n := s.columns - columns; n > 0 {
		b.WriteString(strings.Repeat(" ", n))
		back += n
	}
	b.WriteString(strings.Repeat("\b", back))
	s.columns, s.begun = columns, true
	s.write(b.String())
}

// dumbCell is a character where there is but one row.
func dumbCell(c rune) (string, int) {
	if c == '\n' || c == '\t' {
		return " ", 1
	}
	return cell(c, 0)
}

// leave puts the cursor below the picture, which stays.
func (s *screen) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write("\r\n")
	s.begun, s.columns, s.row = false, 0, 0
	s.shown = picture{}
}

// clear empties the screen.
func (s *screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dumb {
		s.write("\x1b[H\x1b[2J")
	}
	s.begun, s.row = false, 0
}

// pasting asks the terminal to tell what is pasted.
func (s *screen) pasting(on bool) {
	switch {
	case s.dumb:
	case on:
		s.write("\x1b[?2004h")
	default:
		s.write("\x1b[?2004l")
	}
}

func (s *screen) write(text string) { _, _ = s.console.WriteOutput([]byte(text)) }
