package repl

// The line editor: readline (github.com/chzyer/readline) edits the line, the command is put
// together here. keys.go tells readline what was typed, keyboard.go reads it, screen.go
// shows the line.

import (
	"errors"
	"io"

	"github.com/chzyer/readline"

	"cos/devices"
	"cos/lang"
)

// editor is lines from a person.
type editor struct {
	r       *Prompt
	rl      *readline.Instance
	keys    *typist
	screen  *screen
	history *history

	further bool // what is edited is a further line of a command
	stale   bool // readline's history is not what ours is
	sought  int  // characters that are searched for
	resized func()
	width   int // that readline knows
	op      change
}

// change is what happens to a line behind a key, where readline has no key for it.
type change func(line []rune, at int) ([]rune, int)

// newEditor is the editor of a terminal.
func newEditor(r *Prompt, keys *keyboard) (*editor, error) {
	e := &editor{r: r, screen: newScreen(keys), history: openHistory(r.History), stale: true}
	e.keys = &typist{keys: keys, turn: make(chan struct{}, 1), over: make(chan struct{}), ahead: &e.screen.ahead}
	e.screen.coloured = r.coloured
	e.screen.ready = e.keys.next // not before: readline looks at the line while it begins
	rl, err := readline.NewEx(&readline.Config{
		Stdin: e.keys, Stdout: readlineOutput{e.screen}, Stderr: readlineOutput{e.screen},
		Painter: e.screen, AutoComplete: e, Listener: e, FuncFilterInputRune: e.filter,
		HistoryLimit: 2*historySize + 2, DisableAutoSaveHistory: true, HistorySearchFold: true,
		InterruptPrompt: "^C", EOFPrompt: "\n",
		FuncIsTerminal:     func() bool { return true },
		FuncMakeRaw:        func() error { return nil }, // command does, for all lines of it
		FuncExitRaw:        func() error { return nil },
		FuncGetWidth:       func() int { width, _ := e.screen.size(); return width },
		FuncOnWidthChanged: func(f func()) { e.resized = f },
	})
	if err != nil {
		return nil, err
	}
	e.rl = rl
	return e, nil
}

// close ends readline's goroutines, which rest between two lines.
func (e *editor) close() {
	close(e.keys.over)
	_ = e.rl.Terminal.Close()
}

func (e *editor) typed() bool      { return true }
func (e *editor) above() io.Writer { return e.screen }
func (e *editor) past() []string   { return e.history.past }

// remember gives a command to the history, and to readline's.
func (e *editor) remember(text string) {
	if !e.history.add(text) {
		return
	}
	if e.stale = e.stale || len(e.history.past) == 1; e.stale {
		return // it is loaded as a whole
	}
	_ = e.rl.SaveHistory("") // that is: no line of it is being edited
	_ = e.rl.SaveHistory(string(standIns(text)))
}

func (e *editor) forget() {
	e.history.clear()
	e.stale = true
}

// recallable makes readline's history what ours is.
func (e *editor) recallable() {
	if past := e.history.past; !e.stale && len(past) > 0 {
		_ = e.rl.SaveHistory("")
		return
	}
	e.rl.ResetHistory()
	for _, text := range e.history.past {
		_ = e.rl.SaveHistory(string(standIns(text)))
	}
	e.stale = false
}

// command waits for a command.
func (e *editor) command(prompt string) (string, error) {
	return e.r.wait(func() (string, error) {
		keys := e.keys.keys
		keys.Arm()
		if err := e.r.Process.Enter(devices.WaitRead, keys); err != nil {
			return "", errCleared
		}
		defer e.r.Process.Leave()
		if err := keys.Raw(true); err != nil {
			return "", err
		}
		defer func() { _ = keys.Raw(false) }()
		e.screen.pasting(true)
		defer e.screen.pasting(false)
		return e.edit(prompt)
	})
}

// edit has readline edit lines until nothing is open any more.
func (e *editor) edit(prompt string) (string, error) {
	var text []byte
	var pasted paste
	e.further = false
	for {
		line, err := e.line(prompt)
		if err != nil {
			return "", err
		}
		text = append(text, line...)
		if !(pasted.open(text) && e.keys.keys.waiting(0)) && !incomplete(string(text)) {
			return string(text), nil
		}
		text = append(text, '\n')
		if !e.further {
			prompt, e.further = continuation(prompt), true
		}
	}
}

// line has readline edit one line.
func (e *editor) line(prompt string) (string, error) {
	e.recallable()
	e.screen.begin(prompt)
	e.screen.ahead.Store(e.keys.keys.waiting(0))
	e.rl.SetPrompt(prompt)
	text, err := e.rl.Readline()
	e.screen.end()
	switch {
	case e.keys.gone != nil:
		err, e.keys.gone = e.keys.gone, nil
		return "", err
	case errors.Is(err, readline.ErrInterrupt):
		return "", errCleared
	}
	return plain([]rune(text)), err
}

// paste knows of a long command that is being pasted that it is not complete yet, without
// reading all of it again with each line: that would take hours for ten thousand lines.
type paste struct {
	braces  int // open ones
	counted int // up to here
	checked int // the length at which it was asked last
}

// longPaste is where that begins to matter.
const longPaste = 1 << 14

// open tells that a text is incomplete for sure, or has not grown enough to ask.
func (p *paste) open(text []byte) bool {
	if len(text) < longPaste {
		return false
	}
	added := string(text[p.counted:])
	for _, s := range lang.Spans(added) {
		switch added[s.From:s.To] {
		case "{":
			p.braces++
		case "}":
			p.braces--
		}
	}
	p.counted = len(text)
	if p.braces > 0 || p.checked > 0 && len(text) < p.checked+p.checked/8 {
		return true
	}
	p.checked = len(text)
	return false
}

// Do completes the word before the cursor, for readline, which adds to it what it lacks.
func (e *editor) Do(line []rune, at int) ([][]rune, int) {
	c := e.r.complete(plain(line[:at]), plain(line[at:]))
	if len(c.words) == 0 {
		e.screen.bell()
		return nil, 0
	}
	word, same := line[c.from:at], standIns(c.common())
	if len(same) >= len(word) && string(same) != string(word) {
		e.op = func(line []rune, at int) ([]rune, int) { // in the case that it has
			copy(line[c.from:], same[:len(word)])
			return line, at
		}
		return [][]rune{same[len(word):]}, 0
	}
	width, height := e.screen.size()
	if rest, shared, ok := c.menu(word, width, height/2); ok && !e.screen.dumb {
		return rest, shared
	}
	lines := ""
	for _, l := range c.list(width, height-2) {
		lines += l + "\n"
	}
	_, _ = e.screen.Write([]byte(lines))
	return nil, 0
}

// OnChange does what readline has no key for.
func (e *editor) OnChange(line []rune, at int, key rune) ([]rune, int, bool) {
	if key == 0 || e.op == nil {
		return nil, 0, false
	}
	op := e.op
	e.op = nil
	line, at = op(line, at)
	return line, at, true
}
