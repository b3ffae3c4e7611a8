package repl

// A prompt for tests, on a console whose keys are given and whose screen is a terminal of
// ours.

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/runtime"
)

// desk is a Console: what was typed, a terminal, and what was written to it.
type desk struct {
	typed   []byte
	chunk   int // how much one read gives, 0: all
	waits   int // how many reads found nothing
	screen  *vt
	written bytes.Buffer
	raw     bool
	mu      sync.Mutex // of screen and written
	idle    func()     // when all was read and one waits for more
}

func (d *desk) Name() string    { return "/dev/desk" }
func (d *desk) InputTTY() bool  { return true }
func (d *desk) OutputTTY() bool { return true }
func (d *desk) Arm()            {}
func (d *desk) Interrupt()      {}

func (d *desk) Raw(on bool) error {
	d.raw = on
	return nil
}

func (d *desk) ReadInput(p []byte, deadline time.Time) (int, error) {
	if len(d.typed) == 0 {
		if d.waits++; deadline.IsZero() {
			if d.idle != nil {
				d.idle()
			}
			return 0, io.EOF
		}
		return 0, devices.ErrTimeout
	}
	n := len(p)
	if d.chunk > 0 {
		n = min(n, d.chunk)
	}
	n = copy(p[:n], d.typed)
	d.typed = d.typed[n:]
	return n, nil
}

// shows waits until the screen is as it should be.
func (d *desk) shows(t testing.TB, as func(v *vt) bool) {
	t.Helper()
	assert.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return as(d.screen)
	}, 5*time.Second, time.Millisecond)
	if t.Failed() {
		t.Logf("at %d,%d of\n%s", d.screen.row, d.screen.col, d.screen.text())
	}
}

func (d *desk) Gone() bool { return false }

func (d *desk) WriteOutput(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.written.Write(p)
	if d.screen != nil {
		d.screen.write(string(p))
	}
	return len(p), nil
}

// at makes a prompt on a desk, in a folder with routines.
func (d *desk) at(t testing.TB, files map[string]string) *Prompt {
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	console := Keys(d)
	sys := runtime.NewSystem(runtime.Config{Env: &devices.Env{Console: console}, Folders: []string{dir}, Stderr: io.Discard})
	t.Cleanup(sys.Close)
	var term *devices.Terminal
	p, err := sys.NewProcess(func(h devices.Host) (devices.Device, error) {
		term = devices.NewTerminal(&devices.Env{Console: console}, h)
		return term, nil
	})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return &Prompt{Process: p, Console: console, Terminal: term, History: filepath.Join(dir, "state", "history")}
}

// vt is a terminal as far as the editor knows one: it wraps as VT100s do, with the cursor
// waiting behind the last column.
type vt struct {
	width, height int
	cells         [][]string // "" in the second half of a wide character
	row, col      int
	waiting       bool // the last column was written
	scrolled      []string
	unknown       []string // sequences that it does not know
}

func newVT(width, height int) *vt {
	v := &vt{width: width, height: height}
	for range height {
		v.cells = append(v.cells, v.blank())
	}
	return v
}

func (v *vt) blank() []string {
	r := make([]string, v.width)
	for i := range r {
		r[i] = " "
	}
	return r
}

func (v *vt) down() {
	if v.row++; v.row == v.height {
		v.scrolled = append(v.scrolled, v.line(0))
		v.cells = append(v.cells[1:], v.blank())
		v.row--
	}
}

func (v *vt) line(i int) string { return strings.TrimRight(strings.Join(v.cells[i], ""), " ") }

// text is what stands on the screen.
func (v *vt) text() string {
	var lines []string
	for i := range v.cells {
		lines = append(lines, v.line(i))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func (v *vt) write(s string) {
	for len(s) > 0 {
		if rest, ok := strings.CutPrefix(s, "\x1b["); ok {
			end := strings.IndexFunc(rest, func(c rune) bool { return c >= '@' })
			v.control(rest[:end], rest[end])
			s = rest[end+1:]
			continue
		}
		c := []rune(s)[:1][0]
		s = s[len(string(c)):]
		switch {
		case c == '\r':
			v.col, v.waiting = 0, false
		case c == '\n':
			v.down()
			v.waiting = false
		case c == '\b':
			v.col, v.waiting = max(0, v.col-1), false
		case c == '\a':
		case c < ' ':
			v.unknown = append(v.unknown, strconv.QuoteRune(c))
		case unicode.In(c, unicode.Mn, unicode.Me):
			at := max(0, v.col-1)
			if v.waiting {
				at = v.col
			}
			for at > 0 && v.cells[v.row][at] == "" {
				at--
			}
			v.cells[v.row][at] += string(c)
		default:
			v.put(c)
		}
	}
}

func (v *vt) put(c rune) {
	w := 1
	if devices.FullWidth(c) {
		w = 2
	}
	if v.waiting || v.col+w > v.width {
		v.down()
		v.col, v.waiting = 0, false
	}
	v.cells[v.row][v.col] = string(c)
	if w == 2 {
		v.cells[v.row][v.col+1] = ""
	}
	if v.col += w; v.col >= v.width {
		v.col, v.waiting = v.width-1, true
	}
}

func (v *vt) control(parameters string, final byte) {
	n, _ := strconv.Atoi(parameters)
	switch final {
	case 'A':
		v.row, v.waiting = max(0, v.row-max(1, n)), false
	case 'C':
		v.col, v.waiting = min(v.width-1, v.col+max(1, n)), false
	case 'K', 'J':
		for i := v.col; i < v.width; i++ {
			v.cells[v.row][i] = " "
		}
		for i := v.row + 1; final == 'J' && parameters == "" && i < v.height; i++ {
			v.cells[i] = v.blank()
		}
		if parameters == "2" {
			for i := range v.cells {
				v.cells[i] = v.blank()
			}
		}
	case 'H':
		v.row, v.col, v.waiting = 0, 0, false
	case 'm', 'h', 'l':
	default:
		v.unknown = append(v.unknown, parameters+string(final))
	}
}
