package repl

// The screen: how the line that readline edits stands on a terminal. readline asks its
// Painter what to show and moves the cursor itself, a column back for each character and
// rows as if nothing was ever wide; so what it writes passes through here, where the place
// of the cursor is known. A character that a terminal would obey is shown as a picture.

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/chzyer/readline"

	"cos/devices"
	"cos/lang"
)

// IsTerminal tells whether f is a terminal.
func IsTerminal(f *os.File) bool { return readline.IsTerminal(int(f.Fd())) }

// screen shows the line.
type screen struct {
	console  devices.Console
	dumb     bool // it knows nothing but carriage return and backspace
	coloured bool
	measure  func() (width, height int) // what the terminal says
	ahead    atomic.Bool                // a further key has come: there is no need to show anything
	ready    func()                     // is told when readline waits for a line

	mu     sync.Mutex // jobs write to it too, see Write
	open   bool       // a line is being edited
	begun  bool       // and has been shown
	prompt string
	text   []rune // the line, with stand-ins
	at     int    // the cursor
	next   picture
	shown  *picture // what stands there; nil: nothing
	first  int      // the row of the line at the top of what stands there
}

// picture is a line as the terminal gets it.
type picture struct {
	prompt string
	text   string
	row    int // of the cursor, from the top
	column int
	down   int // rows below the cursor
	used   int // columns, on a dumb terminal
	width  int // of the terminal
	line   []rune
	at     int
	ends   bool
	skip   bool
}

// newScreen is the screen of a console.
func newScreen(c devices.Console) *screen {
	kind := os.Getenv("TERM")
	s := &screen{console: c, dumb: kind == "" || kind == "dumb"}
	s.measure, s.ready = func() (int, int) { return 0, 0 }, func() {}
	if f, ok := c.(interface {
		Files() (in, out *os.File)
	}); ok {
		if _, out := f.Files(); out != nil {
			s.measure = func() (int, int) {
				width, height, _ := readline.GetSize(int(out.Fd()))
				return width, height
			}
		}
	}
	return s
}

// size asks the terminal how large it is; one that does not know is an ordinary one.
func (s *screen) size() (width, height int) {
	width, height = s.measure()
	if width < 2 {
		width = 80
	}
	if height < 2 {
		height = 24
	}
	return width, height
}

// line is what is being edited, and the cursor in it.
func (s *screen) line() ([]rune, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text, s.at
}

// begin opens the screen for a line.
func (s *screen) begin(prompt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open, s.begun, s.prompt, s.text, s.at, s.shown, s.first = true, false, prompt, nil, 0, nil, 0
}

// end closes it: readline may have something left to write.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
}

func (s *screen) bell() { s.write("\a") }

// write is for what has no place of its own.
func (s *screen) write(text string) { _, _ = s.console.WriteOutput([]byte(text)) }

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

// shape is a character as it is shown, and the columns that it takes. A stand-in is one
// column wide, as readline believes.
func shape(c rune) (rune, int) {
	if c >= standsIn && c < keyFirst {
		switch c -= standsIn; {
		case c == '\t':
			return '⇥', 1
		case c == '\n':
			return '↵', 1
		}
		c, _ = utf8.DecodeRuneInString(lang.Visible(string(c)))
		return c, 1
	}
	switch {
	case c < 0x7f:
	case accent(c):
		return c, 0
	case devices.FullWidth(c):
		return c, 2
	}
	return c, 1
}

// columnsOf is how many columns a text takes.
func columnsOf(s string) (n int) {
	for _, c := range s {
		_, w := shape(standIn(c))
		n += w
	}
	return n
}

// rows divides a line into rows of the screen, each by its first character, and finds the
// cursor among them.
func rows(prompt int, line []rune, at, width int) (starts []int, row, column int) {
	starts = []int{0}
	col := prompt % width
	for i, c := range line {
		_, w := shape(c)
		if w > 0 && col+w > width { // the terminal goes on by itself
			starts, col = append(starts, i), 0
		}
		if i == at {
			row, column = len(starts)-1, col
		}
		col += w
	}
	if col >= width {
		starts, col = append(starts, len(line)), 0
	}
	if at >= len(line) {
		row, column = len(starts)-1, col
	}
	return starts, row, column
}

// paintedEnd ends what Paint returns; what readline writes behind it leads back to where it
// believes the cursor.
const paintedEnd = '\U0010fffd'

// Paint is what readline shows for a line.
func (s *screen) Paint(line []rune, at int) []rune {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := picture{line: slices.Clone(line), at: at}
	if n := len(line); n > 0 && line[n-1] == '\n' {
		p.line, p.at, p.ends = p.line[:n-1], n-1, true
	}
	s.text, s.at = p.line, p.at
	if p.ends {
		s.text, s.at = nil, 0
	}
	if p.skip = s.ahead.Load() && !p.ends; !p.skip {
		s.compose(&p)
	}
	s.next = p
	return append([]rune(p.text), paintedEnd)
}

func (s *screen) compose(p *picture) {
	var height int
	if p.width, height = s.size(); s.dumb {
		s.window(p)
	} else {
		s.paint(p, height)
	}
}

// paint shows as many rows of a line as there is room for, in colours.
func (s *screen) paint(p *picture, height int) {
	starts, row, column := rows(columnsOf(s.prompt), p.line, p.at, p.width)
	s.first = max(min(s.first, len(starts)-1), 0)
	s.first = min(max(s.first, row-height+1), row)
	last := min(len(starts), s.first+height) - 1
	from, to := starts[s.first], len(p.line)
	if last+1 < len(starts) {
		to = starts[last+1]
	}
	var colours []string
	if s.coloured {
		colours = paint([]rune(plain(p.line)), p.at)
	}
	var b strings.Builder
	colour := ""
	for i := from; i < to; i++ {
		if colours != nil && colours[i] != colour {
			colour = colours[i]
			b.WriteString("\x1b[" + colour + "m")
		}
		c, _ := shape(p.line[i])
		b.WriteRune(c)
	}
	if colour != "" {
		b.WriteString("\x1b[m")
	}
	if last > 0 && starts[last] == len(p.line) { // the last column is full: to the next row
		b.WriteString(" \r")
	}
	if s.first == 0 {
		p.prompt = s.prompt
	}
	p.text, p.row, p.column, p.down = b.String(), row-s.first, column, last-row
}

// window shows the part of a line around the cursor that one row has room for.
func (s *screen) window(p *picture) {
	p.prompt = s.prompt
	room := p.width - 1 - columnsOf(p.prompt)
	if room < 8 {
		p.prompt, room = "", p.width-1
	}
	from, used := p.at, 0
	for from > 0 {
		_, w := shape(p.line[from-1])
		if used+w > room {
			break
		}
		used += w
		from--
	}
	var b strings.Builder
	for i := from; i < len(p.line); i++ {
		c, w := shape(p.line[i])
		if p.used+w > room {
			break
		}
		b.WriteRune(c)
		p.used += w
		if i >= p.at {
			p.column += w // back
		}
	}
	p.text = b.String()
}

// readlineOutput is what readline writes to.
type readlineOutput struct{ *screen }

var (
	homing  = []byte("\x1b[H")                        // all it knows of clearing the screen
	leading = regexp.MustCompile(`\x1b\[\d+[AC]\r?$`) // how a list below the line ends
	zero    = regexp.MustCompile(`\x1b\[0[AC]`)       // a terminal moves by one
)

func (w readlineOutput) Write(b []byte) (int, error) {
	s := w.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.open:
	case bytes.ContainsRune(b, paintedEnd):
		s.show()
		if !s.begun {
			s.begun = true
			s.ready()
		}
	case len(bytes.Trim(b, "\x1b[2KJA\r")) == 0: // the line is to be taken away: show does
	case bytes.Equal(b, homing):
		if !s.dumb {
			s.write("\x1b[H\x1b[2J")
		}
		s.shown = nil
	case bytes.Equal(b, []byte{readline.CharBell}):
		s.write("\a")
	case s.dumb || s.ahead.Load() || !bytes.ContainsAny(b, "\n\r"): // colours for what was found: it is where the cursor is
	default: // a list of words or a search, below the line
		if s.next.skip {
			s.next.skip = false
			s.compose(&s.next)
			s.show()
		}
		text := zero.ReplaceAllString(strings.ReplaceAll(pictures(b), "\n", "\r\n"), "")
		if leading.Match(b) {
			text += "\r" + right(s.shown.column)
		}
		s.write(text)
	}
	return len(b), nil
}

// pictures is text with pictures for its stand-ins; it may end within a character.
func pictures(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c >= standsIn {
			c, _ = shape(c)
			out.WriteRune(c)
		} else {
			out.Write(b[:n])
		}
		b = b[n:]
	}
	return out.String()
}

// right moves the cursor.
func right(columns int) string {
	if columns == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dC", columns)
}

// show writes the picture that Paint has made in the place of the one before.
func (s *screen) show() {
	p := s.next
	if p.skip {
		return
	}
	if s.dumb {
		s.showDumb(&p)
	} else {
		text := s.away()
		text += p.prompt + p.text
		if p.down > 0 {
			text += fmt.Sprintf("\x1b[%dA", p.down)
		}
		if p.at < len(p.line) {
			text += "\r" + right(p.column)
		}
		s.write(text)
	}
	if s.shown = &p; p.ends {
		s.write("\r\n")
		s.open, s.shown = false, nil
	}
}

// away takes away what stands there.
func (s *screen) away() string {
	p := s.shown
	if p == nil {
		return "\r\x1b[J"
	}
	row := p.row
	if width, _ := s.size(); width != p.width { // the terminal has arranged it anew
		_, now, _ := rows(columnsOf(s.prompt), p.line, p.at, width)
		row = now
	}
	if row > 0 {
		return fmt.Sprintf("\r\x1b[%dA\x1b[J", row)
	}
	return "\r\x1b[J"
}

// showDumb needs nothing but carriage return and backspace.
func (s *screen) showDumb(p *picture) {
	back, blank := p.column, 0
	if s.shown != nil {
		blank = max(0, s.shown.used-p.used)
	}
	s.write("\r" + p.prompt + p.text + strings.Repeat(" ", blank) + strings.Repeat("\b", back+blank))
}

// Write shows lines of somebody else's above the line that is edited, from any goroutine.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open || s.shown == nil {
		return s.console.WriteOutput(b)
	}
	lines := strings.ReplaceAll(string(b), "\n", "\r\n")
	if s.dumb {
		s.write("\r" + strings.Repeat(" ", columnsOf(s.shown.prompt)+s.shown.used) + "\r" + lines)
	} else {
		s.write(s.away() + lines)
	}
	s.shown = nil
	s.show()
	return len(b), nil
}
