package devices

// Typed input: the line discipline of READ at a terminal (spec §5.2). The terminal is in
// raw mode while a READ waits; echo, erasing and recall are ours, which is what makes
// timeouts, READ *x, READ x#n and $ZB possible.

import (
	"errors"
	"io"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxRecall is how many lines the R protocol remembers.
const maxRecall = 25

// editor is one READ under way at a terminal.
type editor struct {
	t        *Terminal
	spec     ReadSpec
	deadline time.Time
	line     []rune
	at       int // cursor in line
	recalled int // index into t.recall; len(t.recall) is the line being typed
	draft    []rune
}

// readTyped is READ from a person at a terminal.
func (t *Terminal) readTyped(spec ReadSpec, deadline time.Time) (res Result, err error) {
	if err := t.console.Raw(true); err != nil {
		return Result{}, &Error{Name: "READ", Device: t.Name(), Err: err}
	}
	defer func() {
		if cooked := t.console.Raw(false); err == nil && cooked != nil {
			err = &Error{Name: "READ", Device: t.Name(), Err: cooked}
		}
	}()
	e := &editor{t: t, spec: spec, deadline: deadline, recalled: len(t.recall)}
	for {
		c, err := e.next(deadline)
		switch {
		case errors.Is(err, ErrTimeout):
			t.state.ZA |= ZATimedOut
			res := e.result()
			res.Char, res.TimedOut = -1, true
			return res, t.flush(BeforeWait)
		case errors.Is(err, io.EOF): // the terminal hung up
			t.state.ZA |= ZAError
			return Result{}, &Error{Name: "ENDOFFILE", Device: t.Name(), Err: err}
		case err != nil:
			return Result{}, err
		}
		done, err := e.typed(c)
		if err != nil {
			return Result{}, err
		}
		if done {
			return e.result(), t.flush(BeforeWait)
		}
	}
}

// next returns the next character typed, or typed ahead.
func (e *editor) next(deadline time.Time) (rune, error) {
	t := e.t
	for {
		b := t.in.pending()
		if n, chars := t.opt.table.prefix(b, 1, false); chars > 0 {
			r := rune(b[0])
			if t.opt.table == charsetUTF8 {
				r, _ = decodeRune(b)
			}
			t.in.drop(n)
			return r, nil
		}
		if err := t.flush(BeforeWait); err != nil {
			return 0, err
		}
		if err := t.fill(deadline); err != nil {
			return 0, err
		}
	}
}

// typed acts on one character; done ends the READ.
func (e *editor) typed(c rune) (done bool, err error) {
	t := e.t
	if t.opt.proto&protoUpcase != 0 {
		c = unicode.ToUpper(c)
	}
	switch {
	case c == charETX && t.opt.proto&protoImage == 0:
		return false, e.interrupt()
	case c == charESC && t.opt.proto&protoImage == 0 && !e.explicit(c):
		return e.escape()
	case e.spec.Char:
		e.line = []rune{c}
		e.echo(c)
		e.endedBy(textOf(e.line), textOf(e.line))
		return true, nil
	case e.ends(c):
		e.endedBy(textOf([]rune{c}), textOf([]rune{c}))
		e.remember()
		return true, nil
	case t.opt.proto&protoImage == 0 && e.edit(c):
		return false, nil
	}
	e.insert(c)
	if e.spec.Fixed > 0 && len(e.line) >= e.spec.Fixed {
		e.endedBy(textOf([]rune{c}), Text{})
		return true, nil
	}
	return len(e.line) >= MaxString, nil
}

// interrupt is Ctrl-C: <INTERRUPT> while the B protocol is on, otherwise nothing.
func (e *editor) interrupt() error {
	t := e.t
	if t.opt.proto&protoBreak == 0 {
		return nil
	}
	t.state.ZA |= ZABreak
	if t.OnInterrupt != nil {
		t.OnInterrupt()
	}
	return ErrInterrupted
}

// explicit reports whether c is a terminator that the program named.
func (e *editor) explicit(c rune) bool {
	for _, x := range []byte(e.t.opt.terms) {
		if rune(x) == c {
			return true
		}
	}
	return false
}

// ends reports whether c ends the READ.
func (e *editor) ends(c rune) bool {
	switch {
	case e.explicit(c):
		return true
	case e.t.opt.proto&protoImage != 0:
		return false
	case c == charCR, c == charLF:
		return true
	}
	return e.t.opt.proto&protoT != 0 && c < ' ' && c != charBS && c != charNAK
}

func (e *editor) endedBy(zb, key Text) { e.t.state.ZB, e.t.state.Key = zb, key }

// edit acts on an editing character, and swallows control characters without meaning.
func (e *editor) edit(c rune) bool {
	switch {
	case c == charBS, c == charDEL:
		if e.at > 0 {
			e.erase(e.at-1, e.at)
		}
	case c == charNAK:
		e.erase(0, len(e.line))
	case c == charTab:
		return false
	case c < ' ':
	default:
		return false
	}
	return true
}

// silent reports that nothing is echoed.
func (e *editor) silent() bool { return e.t.opt.proto&protoSecret != 0 }

// shown is how a character is echoed: Tab as a blank, other controls not at all.
func shown(c rune) string {
	switch {
	case c == charTab:
		return " "
	case c < ' ', c == charDEL:
		return ""
	}
	return string(c)
}

// columnsOf is how many columns a character takes on the screen.
func columnsOf(c rune) int {
	switch {
	case shown(c) == "":
		return 0
	case c < utf8.RuneSelf:
		return 1
	}
	if FullWidth(c) {
		return 2
	}
	return 1
}

// FullWidth tells whether a character takes two columns.
func FullWidth(c rune) bool {
	k := width.LookupRune(c).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// echo shows a character and moves $X.
func (e *editor) echo(c rune) {
	if e.silent() {
		return
	}
	t := e.t
	s := shown(c)
	if t.opt.table == charsetUTF8 {
		t.out = append(t.out, s...)
	} else if s != "" && c < 256 {
		t.out = append(t.out, byte(c))
	}
	if !t.opt.noXY {
		t.state.X += columnsOf(c)
	}
}

// back moves the cursor left over characters.
func (e *editor) back(chars []rune) {
	if e.silent() {
		return
	}
	for _, c := range chars {
		for range columnsOf(c) {
			e.t.out = append(e.t.out, charBS)
			e.t.state.X = max(e.t.state.X-1, 0)
		}
	}
}

// insert puts a character in at the cursor.
func (e *editor) insert(c rune) {
	e.line = append(e.line, 0)
	copy(e.line[e.at+1:], e.line[e.at:])
	e.line[e.at] = c
	e.at++
	e.echo(c)
	tail := e.line[e.at:]
	for _, x := range tail {
		e.echo(x)
	}
	e.back(tail)
}

// erase removes line[from:to] and leaves the cursor at from.
func (e *editor) erase(from, to int) {
	for e.at < to { // step over what will go, so that only leftward moves remain
		e.echo(e.line[e.at])
		e.at++
	}
	gone, tail := e.line[from:to], e.line[to:]
	if e.t.opt.proto&protoPrinter != 0 {
		for _, c := range gone { // paper cannot rub out
			e.echo('\\')
			e.echo(c)
		}
	} else {
		e.back(e.line[from:e.at])
		for _, c := range tail {
			e.echo(c)
		}
		blank := 0
		for _, c := range gone {
			blank += columnsOf(c)
		}
		for range blank {
			e.echo(' ')
		}
		for range blank {
			e.back([]rune{' '})
		}
		e.back(tail)
	}
	e.line = append(e.line[:from], tail...)
	e.at = from
}

// replace shows another line in place of the one being typed.
func (e *editor) replace(line []rune) {
	e.erase(0, len(e.line))
	for _, c := range line {
		e.insert(c)
	}
}

// escape reads the rest of an escape sequence. With the R protocol the cursor keys edit
// a variable-length READ; every other sequence ends it and goes to $ZB.
func (e *editor) escape() (done bool, err error) {
	t := e.t
	sequence := []byte{charESC}
	result := escapePart
	rest := time.Now().Add(escapeWait)
	for result == escapePart {
		if len(t.in.pending()) == 0 {
			err := t.fill(rest)
			if errors.Is(err, ErrTimeout) || errors.Is(err, io.EOF) {
				if wholeWhenLate(sequence) {
					result = escapeWhole
				}
				break
			}
			if err != nil {
				return false, err
			}
		}
		sequence = append(sequence, t.in.pending()[0])
		var n int
		if n, result = parseEscape(sequence, escapeMaxTerminal); n < len(sequence) {
			sequence = sequence[:n] // what does not belong stays typed ahead
			break
		}
		t.in.drop(1)
	}
	if result == escapeWhole && e.cursorKey(string(sequence)) {
		return false, nil
	}
	if result != escapeWhole {
		t.state.ZA |= ZABadEscape
	}
	zb := Text{S: string(sequence)}
	e.endedBy(zb, zb)
	if e.spec.Char {
		e.line = []rune{charESC}
	}
	return true, nil
}

// cursorKey edits the line by a cursor key; false when the key is not for us.
func (e *editor) cursorKey(sequence string) bool {
	if e.t.opt.proto&protoRecall == 0 || e.silent() || e.spec.Char || e.spec.Fixed > 0 {
		return false
	}
	switch sequence {
	case "\x1b[A", "\x1bOA":
		e.recallLine(e.recalled - 1)
	case "\x1b[B", "\x1bOB":
		e.recallLine(e.recalled + 1)
	case "\x1b[C", "\x1bOC":
		if e.at < len(e.line) {
			e.echo(e.line[e.at])
			e.at++
		}
	case "\x1b[D", "\x1bOD":
		if e.at > 0 {
			e.at--
			e.back(e.line[e.at : e.at+1])
		}
	default:
		return false
	}
	return true
}

// recallLine shows line i of those remembered.
func (e *editor) recallLine(i int) {
	lines := e.t.recall
	if i < 0 || i > len(lines) {
		return
	}
	if e.recalled == len(lines) {
		e.draft = append([]rune(nil), e.line...)
	}
	e.recalled = i
	if i == len(lines) {
		e.replace(e.draft)
		return
	}
	e.replace([]rune(lines[i]))
}

// remember keeps the line for recall; secret input is never kept.
func (e *editor) remember() {
	t := e.t
	if t.opt.proto&protoRecall == 0 || e.silent() || len(e.line) == 0 {
		return
	}
	t.recall = append(t.recall, string(e.line))
	if len(t.recall) > maxRecall {
		t.recall = t.recall[1:]
	}
}

// result is what the READ yields.
func (e *editor) result() Result {
	if e.spec.Char {
		if len(e.line) == 0 {
			return Result{Char: -1}
		}
		return Result{Char: rune(e.line[0])}
	}
	return Result{Text: textOf(e.line)}
}
