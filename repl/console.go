package repl

// Where lines come from. One reader owns the input (house decision 10): the line editor
// and READ take their bytes from the same Console, one at a time when somebody types,
// so type-ahead belongs to whoever reads next.

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/chzyer/readline"

	"cos/devices"
)

// Keys is a console of which nobody reads ahead of what it needs while somebody types.
func Keys(c devices.Console) devices.Console {
	if !c.InputTTY() {
		return c
	}
	return keys{c}
}

type keys struct{ devices.Console }

// ReadInput gives one byte: the rest of what was typed stays with the terminal.
func (k keys) ReadInput(p []byte, deadline time.Time) (int, error) {
	return k.Console.ReadInput(p[:min(1, len(p))], deadline)
}

// IsTerminal tells whether f is a terminal.
func IsTerminal(f *os.File) bool { return readline.IsTerminal(int(f.Fd())) }

// plainLines are the lines of a pipe or file. They come through the terminal device,
// whose buffer READ shares.
type plainLines struct{ r *Prompt }

func (l *plainLines) line(string) (string, error) {
	return l.r.wait(func() (string, error) {
		res, err := l.r.Terminal.ReadCommand()
		switch {
		case errors.Is(err, io.EOF):
			return "", io.EOF
		case errors.Is(err, devices.ErrInterrupted):
			return "", errCleared
		}
		return toUTF8(res.Text), err
	})
}

func (l *plainLines) remember(string) {}
func (l *plainLines) typed() bool     { return false }
func (l *plainLines) past() []string  { return nil }
func (l *plainLines) close()          {}

// editor is readline over the Console.
type editor struct {
	r    *Prompt
	rl   *readline.Instance
	last string // the newest line of the history
}

// historySize is how many lines the history keeps.
const historySize = 1000

func newEditor(r *Prompt) (*editor, error) {
	e := &editor{r: r}
	history := r.History
	if history != "" {
		if err := os.MkdirAll(filepath.Dir(history), 0o700); err != nil {
			history = ""
		}
	}
	rl, err := readline.NewEx(&readline.Config{
		Stdin: typing{r.Console}, Stdout: screen{r.Console}, Stderr: screen{r.Console},
		FuncIsTerminal: func() bool { return true },
		FuncMakeRaw:    func() error { return r.Console.Raw(true) },
		FuncExitRaw:    func() error { return r.Console.Raw(false) },
		HistoryFile:    history, HistoryLimit: historySize, DisableAutoSaveHistory: true, HistorySearchFold: true,
		AutoComplete:        completer{},
		FuncFilterInputRune: func(c rune) (rune, bool) { return c, c != readline.CharCtrlZ },
		InterruptPrompt:     "^C", EOFPrompt: "\n",
	})
	if err != nil {
		return nil, err
	}
	e.rl = rl
	return e, nil
}

func (e *editor) line(prompt string) (string, error) {
	e.rl.SetPrompt(prompt)
	return e.r.wait(func() (string, error) {
		if err := e.r.Process.Enter(devices.WaitRead, e.r.Console); err != nil {
			return "", errCleared
		}
		defer e.r.Process.Leave()
		text, err := e.rl.Readline()
		if errors.Is(err, readline.ErrInterrupt) {
			return "", errCleared
		}
		return text, err
	})
}

// remember adds to the history; the lines of one command become one line.
func (e *editor) remember(text string) {
	text = strings.ReplaceAll(text, "\n", " ")
	if text != e.last {
		e.last = text
		_ = e.rl.SaveHistory(text) // a history that cannot be written is no reason to stop
	}
}

// past lists the lines of the history, the oldest first.
func (e *editor) past() []string {
	b, err := os.ReadFile(e.rl.Config.HistoryFile)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func (e *editor) typed() bool { return true }

// close ends the editor's goroutine, which rests between two lines.
func (e *editor) close() { _ = e.rl.Close() }

// typing is what readline reads. An interrupt from outside arrives as Ctrl-C.
type typing struct{ c devices.Console }

func (t typing) Read(p []byte) (int, error) {
	n, err := t.c.ReadInput(p[:min(1, len(p))], time.Time{})
	if errors.Is(err, devices.ErrInterrupted) {
		p[0] = readline.CharInterrupt
		return 1, nil
	}
	return n, err
}

func (t typing) Close() error { return nil }

// screen is what readline writes to.
type screen struct{ c devices.Console }

func (s screen) Write(p []byte) (int, error) { return s.c.WriteOutput(p) }

// toUTF8 is a device's text as Go text.
func toUTF8(t devices.Text) string {
	var b strings.Builder
	if !t.Wide {
		for i := 0; i < len(t.S); i++ {
			b.WriteRune(rune(t.S[i]))
		}
		return b.String()
	}
	units := make([]uint16, len(t.S)/2)
	for i := range units {
		units[i] = uint16(t.S[2*i]) | uint16(t.S[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}

// fromUTF8 is Go text as a device's text.
func fromUTF8(s string) devices.Text {
	var narrow, wide []byte
	isWide := false
	for _, c := range s {
		isWide = isWide || c > 255
		narrow = append(narrow, byte(c))
	}
	if !isWide {
		return devices.Text{S: string(narrow)}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return devices.Text{S: string(wide), Wide: true}
}

func itoa(n int) string { return strconv.Itoa(n) }
