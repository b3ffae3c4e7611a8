package repl

// The line editor: what the keys do to the command that is being typed, which may have
// several lines. screen.go shows it, keyboard.go reads the keys.

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"cos/devices"
	"cos/lang"
)

// editor is lines from a person.
type editor struct {
	r       *Prompt
	keys    *keyboard
	screen  *screen
	history *history

	prompt string
	text   []rune
	at     int
	drafts map[int][]rune // lines of the history as they have been changed
	line   int            // of the history, its length is the new line
	killed []rune         // for ^Y
	found  *search        // nil: nothing is searched for
	below  []string       // shown below the line until the next key
	pasted paste          // what is known of a long paste
	over   bool
	err    error
}

// editKey is one row of the table of keys.
type editKey struct {
	char      rune
	name, doc string
	do        func(e *editor)
}

func ctrl(letter rune) rune { return letter & 0x1f }

var editKeys []editKey

func init() { // a cycle otherwise: keys end in commands, which show the table
	editKeys = []editKey{
		{ctrl('A'), "Ctrl-A, Home", "to the beginning of the line", (*editor).home},
		{keyHome, "", "", (*editor).home},
		{ctrl('E'), "Ctrl-E, End", "to the end of the line", (*editor).end},
		{keyEnd, "", "", (*editor).end},
		{ctrl('B'), "Ctrl-B, Left", "a character back", (*editor).left},
		{keyLeft, "", "", (*editor).left},
		{ctrl('F'), "Ctrl-F, Right", "a character on", (*editor).right},
		{keyRight, "", "", (*editor).right},
		{keyAlt - 'b', "Alt-B, Ctrl-Left", "a word back", func(e *editor) { e.at = e.wordLeft() }},
		{keyWordLeft, "", "", func(e *editor) { e.at = e.wordLeft() }},
		{keyAlt - 'f', "Alt-F, Ctrl-Right", "a word on", func(e *editor) { e.at = e.wordRight() }},
		{keyWordRight, "", "", func(e *editor) { e.at = e.wordRight() }},
		{ctrl('H'), "Backspace", "erase the character before the cursor", func(e *editor) { e.erase(e.at-1, e.at) }},
		{0x7f, "", "", func(e *editor) { e.erase(e.at-1, e.at) }},
		{keyDelete, "Delete", "erase the character at the cursor", func(e *editor) { e.erase(e.at, e.at+1) }},
		{ctrl('D'), "Ctrl-D", "the same; on an empty line end the session", (*editor).deleteOrEnd},
		{ctrl('W'), "Ctrl-W", "erase the word before the cursor", func(e *editor) { e.kill(e.wordLeft(), e.at) }},
		{keyAlt - 0x7f, "", "", func(e *editor) { e.kill(e.wordLeft(), e.at) }},
		{keyAlt - 'd', "Alt-D", "erase the word at the cursor", func(e *editor) { e.kill(e.at, e.wordRight()) }},
		{ctrl('K'), "Ctrl-K", "erase to the end of the line", func(e *editor) { e.kill(e.at, e.lineEnd()) }},
		{ctrl('U'), "Ctrl-U", "erase to the beginning of the line", func(e *editor) { e.kill(e.lineStart(), e.at) }},
		{ctrl('X'), "Ctrl-X", "erase everything", func(e *editor) { e.kill(0, len(e.text)) }},
		{ctrl('Y'), "Ctrl-Y", "put in what was erased last", func(e *editor) { e.insert(e.killed...) }},
		{ctrl('T'), "Ctrl-T", "exchange the two characters before the cursor", (*editor).transpose},
		{ctrl('L'), "Ctrl-L", "clear the screen", func(e *editor) { e.screen.clear() }},
		{ctrl('P'), "Ctrl-P, Up", "the command before, or the line above", (*editor).up},
		{keyUp, "", "", (*editor).up},
		{ctrl('N'), "Ctrl-N, Down", "the command after, or the line below", (*editor).down},
		{keyDown, "", "", (*editor).down},
		{ctrl('R'), "Ctrl-R", "search the history; again: for what is older, Ctrl-S: newer, Ctrl-G: give up", func(e *editor) { e.found = &search{line: e.line, text: e.text, at: e.at} }},
		{ctrl('I'), "Tab", "complete the word; at the beginning of the line a tab, behind which stands a line for ZINSERT", (*editor).tab},
		{charEnter, "Enter", "execute, or go on with a further line while something is open", (*editor).enter},
		{ctrl('J'), "", "", (*editor).enter},
		{keyAlt - charEnter, "Alt-Enter", "begin a further line", func(e *editor) { e.insert('\n') }},
		{ctrl('C'), "Ctrl-C", "drop the line", (*editor).interrupt},
	}
}

// newEditor is the editor of a terminal.
func newEditor(r *Prompt, keys *keyboard) *editor {
	return &editor{r: r, keys: keys, screen: newScreen(keys), history: openHistory(r.History)}
}

func (e *editor) typed() bool          { return true }
func (e *editor) remember(text string) { e.history.add(text) }
func (e *editor) past() []string       { return e.history.past }
func (e *editor) forget()              { e.history.clear() }
func (e *editor) above() io.Writer     { return e.screen }

// command waits for a command.
func (e *editor) command(prompt string) (string, error) {
	return e.r.wait(func() (string, error) {
		e.keys.Arm()
		if err := e.r.Process.Enter(devices.WaitRead, e.keys); err != nil {
			return "", errCleared
		}
		defer e.r.Process.Leave()
		return e.edit(prompt)
	})
}

// edit lets a person type until Enter, Ctrl-C, or the end of the terminal.
func (e *editor) edit(prompt string) (string, error) {
	if err := e.keys.Raw(true); err != nil {
		return "", err
	}
	defer func() { _ = e.keys.Raw(false) }()
	e.screen.pasting(true)
	defer e.screen.pasting(false)
	e.prompt, e.text, e.at, e.found, e.below, e.pasted = prompt, nil, 0, nil, nil, paste{}
	e.drafts, e.line = map[int][]rune{}, len(e.history.past)
	for e.over, e.err = false, nil; !e.over; {
		if !e.keys.waiting() {
			e.draw()
		}
		switch k, err := e.keys.next(); {
		case errors.Is(err, devices.ErrInterrupted):
			e.interrupt()
		case err != nil:
			return "", err
		default:
			e.press(k)
		}
	}
	return string(e.text), e.err
}

// press does what a key does.
func (e *editor) press(k key) {
	e.below = nil
	if e.found != nil && !k.pasted && e.searched(k.char) {
		return
	}
	switch {
	case k.pasted && k.char == charEnter:
		e.enter()
		return
	case !k.pasted:
		for i := range editKeys {
			if editKeys[i].char == k.char {
				editKeys[i].do(e)
				return
			}
		}
		if k.char < ' ' {
			e.bell()
			return
		}
	}
	e.insert(k.char)
}

func (e *editor) bell() { e.screen.write("\a") }

// draw shows the line.
func (e *editor) draw() {
	p := picture{prompt: e.prompt, more: continuation(e.prompt), text: e.text, at: e.at, below: e.below}
	if e.found != nil {
		p.prompt = e.found.prompt()
	}
	if e.r.coloured {
		p.colours = paint(e.text, e.at)
	}
	e.screen.draw(p)
}

// leave shows the line as it was entered and goes below it.
func (e *editor) leave() {
	e.at, e.found, e.below = len(e.text), nil, nil
	e.draw()
	e.screen.leave()
	e.over = true
}

// enter ends the command, unless something is open.
func (e *editor) enter() {
	if e.keys.waiting() && e.pasted.open(e.text) || incomplete(string(e.text)) {
		e.at = len(e.text)
		e.insert('\n')
		return
	}
	e.leave()
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
func (p *paste) open(text []rune) bool {
	if len(text) < longPaste {
		return false
	}
	added := string(text[min(p.counted, len(text)):])
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

func (e *editor) interrupt() {
	e.found, e.below = nil, nil
	e.at = len(e.text)
	e.draw()
	e.screen.write("^C")
	e.screen.leave()
	e.over, e.err = true, errCleared
}

func (e *editor) deleteOrEnd() {
	if len(e.text) > 0 {
		e.erase(e.at, e.at+1)
		return
	}
	e.leave()
	e.err = io.EOF
}

func (e *editor) insert(chars ...rune) {
	if e.at == len(e.text) {
		e.text = append(e.text, chars...)
	} else {
		e.text = slices.Insert(e.text, e.at, chars...)
	}
	e.at += len(chars)
}

// erase removes what stands between two places.
func (e *editor) erase(from, to int) {
	if from < 0 || to > len(e.text) || from == to {
		e.bell()
		return
	}
	for from == e.at && to < len(e.text) && unicode.In(e.text[to], unicode.Mn, unicode.Me) { // with the accents on it
		to++
	}
	e.text = slices.Delete(e.text, from, to)
	e.at = from
}

// kill is erase that ^Y undoes.
func (e *editor) kill(from, to int) {
	if from < to {
		e.killed = slices.Clone(e.text[from:to])
	}
	e.erase(from, to)
}

func (e *editor) transpose() {
	if e.at < 2 {
		e.bell()
		return
	}
	e.text[e.at-1], e.text[e.at-2] = e.text[e.at-2], e.text[e.at-1]
}

// lineStart and lineEnd are the ends of the line that the cursor stands in.
func (e *editor) lineStart() int {
	i := e.at
	for i > 0 && e.text[i-1] != '\n' {
		i--
	}
	return i
}

func (e *editor) lineEnd() int {
	i := e.at
	for i < len(e.text) && e.text[i] != '\n' {
		i++
	}
	return i
}

func (e *editor) home()  { e.at = e.lineStart() }
func (e *editor) end()   { e.at = e.lineEnd() }
func (e *editor) left()  { e.move(-1) }
func (e *editor) right() { e.move(1) }

// move steps over a character with the accents on it.
func (e *editor) move(by int) {
	to := e.at + by
	if to < 0 || to > len(e.text) {
		e.bell()
		return
	}
	for to > 0 && to < len(e.text) && unicode.In(e.text[to], unicode.Mn, unicode.Me) {
		to += by
	}
	e.at = to
}

func isWordChar(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || c == '%' || c == '$'
}

func (e *editor) wordLeft() int {
	i := e.at
	for i > 0 && !isWordChar(e.text[i-1]) {
		i--
	}
	for i > 0 && isWordChar(e.text[i-1]) {
		i--
	}
	return i
}

func (e *editor) wordRight() int {
	i := e.at
	for i < len(e.text) && !isWordChar(e.text[i]) {
		i++
	}
	for i < len(e.text) && isWordChar(e.text[i]) {
		i++
	}
	return i
}

// up and down go through the lines of the command, and beyond them through the history.
func (e *editor) up() {
	from := e.lineStart()
	if from == 0 {
		e.recall(e.line - 1)
		return
	}
	column := e.at - from
	e.at = from - 1
	e.at = min(e.lineStart()+column, from-1)
}

func (e *editor) down() {
	column, end := e.at-e.lineStart(), e.lineEnd()
	if end == len(e.text) {
		e.recall(e.line + 1)
		return
	}
	e.at = end + 1
	e.at = min(e.at+column, e.lineEnd())
}

// recall shows a line of the history, as it was left.
func (e *editor) recall(line int) {
	if line < 0 || line > len(e.history.past) {
		e.bell()
		return
	}
	e.drafts[e.line] = e.text
	e.line = line
	text, changed := e.drafts[line]
	if !changed && line < len(e.history.past) {
		text = []rune(e.history.past[line])
	}
	e.text, e.at = text, len(text)
}

// tab completes the word before the cursor, or shows what it may become.
func (e *editor) tab() {
	if e.at == e.lineStart() {
		e.insert('\t')
		return
	}
	c := e.r.complete(string(e.text[:e.at]), string(e.text[e.at:]))
	word := string(e.text[c.from:e.at])
	switch same := c.common(); {
	case len(c.words) == 0:
		e.bell()
	case same != word && len([]rune(same)) >= len([]rune(word)):
		e.text = slices.Replace(e.text, c.from, e.at, []rune(same)...)
		e.at = c.from + len([]rune(same))
	default:
		width, height := e.screen.room()
		e.below = c.list(width, height-2)
	}
}

// search is a search in the history.
type search struct {
	query []rune
	fails bool

	line int // what was there before
	text []rune
	at   int
}

func (s *search) prompt() string {
	word := "search"
	if s.fails {
		word = "nothing"
	}
	return "(" + word + " `" + lang.Visible(string(s.query)) + "') "
}

// searched gives a key to the search; false when it ends the search and is for the line.
func (e *editor) searched(c rune) bool {
	s := e.found
	switch {
	case c == ctrl('R'):
		e.look(e.line-1, -1)
	case c == ctrl('S'):
		e.look(e.line+1, 1)
	case c == ctrl('H') || c == 0x7f:
		s.query = s.query[:max(0, len(s.query)-1)]
		e.look(len(e.history.past)-1, -1)
	case c == ctrl('G') || c == ctrl('C'):
		e.line, e.text, e.at, e.found = s.line, s.text, s.at, nil
	case c >= ' ':
		s.query = append(s.query, c)
		e.look(min(e.line, len(e.history.past)-1), -1)
	default:
		e.found = nil
		return c == keyNone
	}
	return true
}

// look finds the next line of the history with what is searched for in it.
func (e *editor) look(line, by int) {
	s := e.found
	query := strings.ToLower(string(s.query))
	for ; line >= 0 && line < len(e.history.past); line += by {
		text := e.history.past[line]
		before, _, ok := strings.Cut(strings.ToLower(text), query)
		if !ok || line != e.line && text == string(e.text) {
			continue
		}
		e.line, e.text, s.fails = line, []rune(text), false
		e.at = min(len([]rune(before)), len(e.text))
		return
	}
	s.fails = true
	e.bell()
}
