package repl

// What the keys do. readline gets one key at a time, as one character, and the next one when
// it has taken that: it never reads ahead of the line. Its FuncFilterInputRune, filter, makes
// the character what readline calls the key, as far as it is good for the state it is in.

import (
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/chzyer/readline"

	"cos/devices"
	"cos/lang"
)

// editKey is one row of the table of keys.
type editKey struct {
	char      rune
	name, doc string
	does      rune                        // what readline calls it
	how       func(e *editor) rune        // that, where it depends; 0: nothing happens
	twice     func(l []rune, at int) bool // it takes an accent along
}

func ctrl(letter rune) rune { return letter & 0x1f }

var editKeys []editKey

func init() { // a cycle otherwise: keys end in commands, which show the table
	back := func(l []rune, at int) bool { return at > 1 && accent(l[at-1]) }
	on := func(l []rune, at int) bool { return at+1 < len(l) && accent(l[at+1]) }
	editKeys = []editKey{
		{ctrl('A'), "Ctrl-A, Home", "to the beginning of the line", readline.CharLineStart, nil, nil},
		{keyHome, "", "", readline.CharLineStart, nil, nil},
		{ctrl('E'), "Ctrl-E, End", "to the end of the line", readline.CharLineEnd, nil, nil},
		{keyEnd, "", "", readline.CharLineEnd, nil, nil},
		{ctrl('B'), "Ctrl-B, Left", "a character back", readline.CharBackward, nil, back},
		{keyLeft, "", "", readline.CharBackward, nil, back},
		{ctrl('F'), "Ctrl-F, Right", "a character on", readline.CharForward, nil, on},
		{keyRight, "", "", readline.CharForward, nil, on},
		{keyAlt - 'b', "Alt-B, Ctrl-Left", "a word back", readline.MetaBackward, nil, nil},
		{keyWordLeft, "", "", readline.MetaBackward, nil, nil},
		{keyAlt - 'f', "Alt-F, Ctrl-Right", "a word on", readline.MetaForward, nil, nil},
		{keyWordRight, "", "", readline.MetaForward, nil, nil},
		{charErase, "Backspace", "erase the character before the cursor", readline.CharBackspace, (*editor).backspace, nil},
		{ctrl('H'), "", "", readline.CharBackspace, (*editor).backspace, nil},
		{keyDelete, "Delete", "erase the character at the cursor", readline.CharDelete, (*editor).delete, on},
		{ctrl('D'), "Ctrl-D", "the same; on an empty line end the session", readline.CharDelete, (*editor).deleteOrEnd, on},
		{ctrl('W'), "Ctrl-W", "erase the word before the cursor", readline.CharCtrlW, (*editor).eraseWord, nil},
		{keyAlt - charErase, "", "", readline.CharCtrlW, (*editor).eraseWord, nil},
		{keyAlt - 'd', "Alt-D", "erase the word at the cursor", readline.MetaDelete, nil, nil},
		{ctrl('K'), "Ctrl-K", "erase to the end of the line", readline.CharKill, nil, nil},
		{ctrl('U'), "Ctrl-U", "erase to the beginning of the line", readline.CharCtrlU, nil, nil},
		{ctrl('X'), "Ctrl-X", "erase the line", readline.CharLineEnd, (*editor).eraseLine, nil},
		{ctrl('Y'), "Ctrl-Y", "put in what was erased last", readline.CharCtrlY, nil, nil},
		{ctrl('T'), "Ctrl-T", "exchange two characters", readline.CharTranspose, (*editor).transpose, nil},
		{ctrl('L'), "Ctrl-L", "clear the screen", readline.CharCtrlL, nil, nil},
		{ctrl('P'), "Ctrl-P, Up", "the command before", readline.CharPrev, nil, nil},
		{keyUp, "", "", readline.CharPrev, nil, nil},
		{ctrl('N'), "Ctrl-N, Down", "the command after", readline.CharNext, nil, nil},
		{keyDown, "", "", readline.CharNext, nil, nil},
		{ctrl('R'), "Ctrl-R", "search the history; again: for what is older, Ctrl-S: newer, Ctrl-G: give up", readline.CharBckSearch, (*editor).searchBack, nil},
		{ctrl('S'), "", "", readline.CharFwdSearch, (*editor).searchOn, nil},
		{ctrl('G'), "", "", readline.CharBell, nil, nil},
		{charTab, "Tab", "complete the word, list what it may become, choose from the list; at the beginning of the line a tab, behind which stands a line for ZINSERT", readline.CharTab, (*editor).tab, nil},
		{charEnter, "Enter", "execute, or go on with a further line while something is open", readline.CharEnter, nil, nil},
		{ctrl('J'), "", "", readline.CharEnter, nil, nil},
		{keyAlt - charEnter, "Alt-Enter", "begin a further line, shown as ↵", standIn('\n'), nil, nil},
		{ctrl('C'), "Ctrl-C", "drop the line", readline.CharInterrupt, nil, nil},
	}
}

// What readline must not obey, and a terminal neither, is in its line as another character:
// the one so much higher, in a private use area. The keys stand behind all of them.
const (
	standsIn = 0x100000
	keyFirst = 0x10ff00 // the first row of editKeys
	keyText  = 0x10fff0 // text that has come at once
	keyWrong = 0x10fff1 // nothing is known of it
	keyGone  = 0x10fff2 // there is no terminal any more
)

func standIn(c rune) rune {
	switch {
	case c >= ' ' && c < charErase:
		return c
	case c >= standsIn:
		return utf8.RuneError
	case c == charTab || lang.Visible(string(c)) != string(c):
		return standsIn + c
	}
	return c
}

func standIns(text string) []rune {
	line := []rune(text)
	for i, c := range line {
		line[i] = standIn(c)
	}
	return line
}

// plain is a line without stand-ins.
func plain(line []rune) string {
	b := make([]byte, 0, len(line))
	for _, c := range line {
		if c >= standsIn && c < keyFirst {
			c -= standsIn
		}
		b = utf8.AppendRune(b, c)
	}
	return string(b)
}

func accent(c rune) bool { return unicode.In(c, unicode.Mn, unicode.Me) }

// typist is what readline reads.
type typist struct {
	keys  *keyboard
	turn  chan struct{} // readline may have the next key
	over  chan struct{} // is closed in the end
	queue []rune        // comes first
	text  []rune        // what keyText is, which came all at once
	ahead *atomic.Bool  // there is more than the key that it was given
	gone  error         // why there is no terminal any more
}

// next gives readline its turn.
func (t *typist) next() {
	select {
	case t.turn <- struct{}{}:
	default:
	}
}

func (t *typist) Read(p []byte) (int, error) {
	select {
	case <-t.turn:
	case <-t.over:
		return 0, io.EOF
	}
	return copy(p, string(t.key())), nil
}

func (t *typist) Close() error { return nil }

// key waits for a key. All text that has come at once is one key: readline shows the whole
// line anew with each.
func (t *typist) key() rune {
	if len(t.queue) > 0 {
		r := t.queue[0]
		t.queue = t.queue[1:]
		return r
	}
	k, err := t.keys.next()
	switch {
	case errors.Is(err, devices.ErrInterrupted):
		k = key{char: ctrl('C')}
	case err != nil:
		t.gone = err
		return keyGone
	}
	if k.char == charEnter || !k.pasted {
		for i := range editKeys {
			if editKeys[i].char == k.char {
				t.ahead.Store(editKeys[i].does == readline.CharEnter || t.keys.waiting(0))
				return keyFirst + rune(i)
			}
		}
	}
	if k.char < ' ' && !k.pasted {
		t.ahead.Store(false)
		return keyWrong
	}
	t.text = append(t.text[:0:0], standIn(k.char))
	for t.keys.textWaits(len(t.text)) {
		if k, err = t.keys.next(); err != nil {
			t.keys.failed = err
			break
		}
		t.text = append(t.text, standIn(k.char))
	}
	t.ahead.Store(t.keys.waiting(0))
	if len(t.text) == 1 {
		return t.text[0]
	}
	return keyText
}

// filter says what readline does with a character that it has read.
func (e *editor) filter(r rune) (rune, bool) {
	if r == 0 { // the end of everything
		return 0, true
	}
	op := e.rl.Operation
	if width, _ := e.screen.size(); width != e.width {
		e.width = width
		e.resized()
		if op.IsInCompleteMode() { // its list had another width
			r = e.first(readline.CharBell, r)
		}
	}
	r = e.told(r)
	line, _ := e.screen.line()
	ends := r == readline.CharEnter && !op.IsInCompleteSelectMode() ||
		r == readline.CharInterrupt && op.IsNormalMode() ||
		r == readline.CharDelete && len(line) == 0 && op.IsNormalMode()
	if !ends {
		if r == readline.CharEnter { // a word was chosen
			e.screen.ahead.Store(false)
		}
		e.keys.next()
	}
	return r, r != 0
}

// first has readline do something before a key.
func (e *editor) first(does, key rune) rune {
	e.keys.queue = append([]rune{key}, e.keys.queue...)
	return does
}

// told is what readline is told of a key, 0 for nothing. Some keys make it fail in some of
// its states; those states end first.
func (e *editor) told(r rune) rune {
	op := e.rl.Operation
	var row *editKey
	if i := int(r - keyFirst); i >= 0 && i < len(editKeys) {
		row = &editKeys[i]
	}
	switch {
	case op.IsInCompleteMode() && row != nil && row.chooses(op.IsInCompleteSelectMode()):
		return row.does
	case op.IsInCompleteMode() && r != readline.CharBell:
		return e.first(readline.CharBell, r)
	case op.IsSearchMode() && row == nil:
		return e.query(r)
	case row != nil:
		if row.twice != nil && row.twice(e.screen.line()) {
			e.first(0, r)
		}
		if row.how != nil {
			return row.how(e)
		}
		return row.does
	case r == keyText:
		text := e.keys.text
		_, at := e.screen.line()
		e.op = func(line []rune, _ int) ([]rune, int) { return slices.Insert(line, at, text...), at + len(text) }
		return readline.MetaForward // changes no text, and is told to OnChange
	case r == keyGone:
		return readline.CharInterrupt
	case r == keyWrong:
		return e.refuse()
	}
	return r
}

// chooses tells a key for readline's list of words.
func (k *editKey) chooses(chosen bool) bool {
	switch k.does {
	case readline.CharTab:
		return true
	case readline.CharEnter, readline.CharForward, readline.CharBackward, readline.CharPrev, readline.CharNext:
		return chosen
	}
	return false
}

// longQuery is how much may be searched for.
const longQuery = 40

// query is what readline is told of a key that is no row of the table while it searches.
func (e *editor) query(r rune) rune {
	switch {
	case r == keyGone:
		return e.first(readline.CharBell, r)
	case r == keyText && e.sought+len(e.keys.text) > longQuery:
		return e.first(readline.CharLineEnd, r) // ends the search: it is for the line
	case r == keyText:
		e.keys.queue = append(slices.Clone(e.keys.text[1:]), e.keys.queue...)
		r = e.keys.text[0]
	case r == keyWrong || e.sought >= longQuery:
		return e.refuse()
	}
	e.sought++
	return r
}

func (e *editor) searchBack() rune { return e.search(readline.CharBckSearch) }
func (e *editor) searchOn() rune   { return e.search(readline.CharFwdSearch) }

func (e *editor) search(does rune) rune {
	if len(e.history.past) == 0 {
		return e.refuse()
	}
	if !e.rl.Operation.IsSearchMode() {
		e.sought = 0
		e.stale = true // readline edits the line that it finds in its place
	}
	return does
}

// refuse rings.
func (e *editor) refuse() rune {
	e.screen.bell()
	return 0
}

func (e *editor) backspace() rune {
	e.sought = max(0, e.sought-1)
	return readline.CharBackspace
}

func (e *editor) delete() rune {
	if line, _ := e.screen.line(); len(line) == 0 {
		return e.refuse() // it would be the end
	}
	return readline.CharDelete
}

func (e *editor) deleteOrEnd() rune {
	if e.further {
		return e.delete()
	}
	return readline.CharDelete
}

// eraseWord leaves to readline what it does well: with the first word it takes all that
// stands behind the cursor.
func (e *editor) eraseWord() rune {
	line, at := e.screen.line()
	for i := 1; i < at; i++ {
		if readline.IsWordBreak(line[i-1]) && !readline.IsWordBreak(line[i]) {
			return readline.CharCtrlW
		}
	}
	return readline.CharCtrlU
}

func (e *editor) eraseLine() rune { return e.first(readline.CharLineEnd, readline.CharCtrlU) }

// transpose keeps readline from going beyond the only character.
func (e *editor) transpose() rune {
	if line, _ := e.screen.line(); len(line) < 2 {
		return e.refuse()
	}
	return readline.CharTranspose
}

func (e *editor) tab() rune {
	_, at := e.screen.line()
	switch {
	case e.rl.Operation.IsSearchMode():
		return readline.CharLineEnd
	case at == 0:
		return standIn('\t')
	}
	return readline.CharTab
}
