package devices

// The principal device: READ and WRITE over a Console (spec §5.2). Typed input goes
// through our own line discipline (terminal_edit.go); input from a pipe or file is lines.

import (
	"errors"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// terminalOutput is how much output gathers before it is written unasked.
const terminalOutput = 64 << 10

// Terminal is the principal device.
type Terminal struct {
	state   State
	host    Host
	console Console
	opt     terminalOptions
	in      input
	out     []byte
	ends    terminators // of READ from a pipe: LF, and the program's own
	newline string
	clearAt bool     // WRITE *-1: discard type-ahead at the next READ
	recall  []string // lines read with the R protocol, oldest first

	// OnInterrupt is called when Ctrl-C is typed at a READ while B is on; it should make
	// the process's Host answer the next Enter with ErrInterrupted. nil: the READ just
	// returns ErrInterrupted.
	OnInterrupt func()
}

var _ Device = (*Terminal)(nil)

// NewTerminal returns the principal device on env's console. h is the process it first
// belongs to.
func NewTerminal(env *Env, h Host) *Terminal {
	t := &Terminal{host: h, console: env.Console, newline: "\n"}
	if t.console.OutputTTY() {
		t.newline = "\r\n"
	}
	t.opt.table = charsetUTF8
	t.opt.proto = protoBreak | protoRecall
	t.state.ZIO = "TRM:"
	t.settle()
	return t
}

func (t *Terminal) Name() string  { return t.console.Name() }
func (t *Terminal) State() *State { return &t.state }
func (t *Terminal) Interrupt()    { t.console.Interrupt() }

// Use is USE 0:(margin:protocols:terminators).
func (t *Terminal) Use(p Params) error {
	if err := apply(terminalParams, &t.opt, p, InUse); err != nil {
		return t.named(err)
	}
	// Whatever order they came in, the mode string does not clear them.
	if v, ok := terminalParams.value(p, "/TERMINATOR", InUse); ok {
		t.opt.terms = v.text.S
	}
	t.settle()
	return nil
}

// protocolOrder is the order of the letters in $ZMODE; B, which is on unless switched
// off, does not show.
const protocolOrder = "SIRTUFCP"

func (t *Terminal) settle() {
	t.opt.normalize()
	t.ends = terminators{}
	if t.opt.proto&protoImage == 0 {
		t.ends.add(charLF)
	}
	for _, c := range []byte(t.opt.terms) {
		t.ends.add(c)
	}
	mode := ""
	for _, c := range []byte(protocolOrder) {
		if bits := terminalParams.letter(c); t.opt.proto&bits != 0 {
			mode += string(rune(c))
		}
	}
	t.state.Mode = mode + `Y\Latin1\K\` + t.opt.table.String() + `\`
}

func (t *Terminal) named(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Device = t.Name()
	}
	return err
}

// Close writes what is pending; the terminal itself stays.
func (t *Terminal) Close(Params) error { return t.flush(BeforeWait) }

// Flush writes the output where the reason asks a terminal to: before every wait, and
// after every WRITE when a person is looking.
func (t *Terminal) Flush(reason FlushReason) error {
	if reason == AtWriteEnd && !t.console.OutputTTY() {
		return nil
	}
	return t.flush(reason)
}

// flush shows what is pending. When the host cannot make its work visible first, that is an error and
// nothing is shown, but at the prompt: there the error itself must be.
func (t *Terminal) flush(reason FlushReason) error {
	if len(t.out) == 0 {
		return nil
	}
	var held error
	if b, ok := t.host.(Barrier); ok {
		if held = b.Barrier(); held != nil && reason != AtPrompt {
			return held
		}
	}
	if t.host.Observing() {
		t.host.Observe(Event{Kind: "output", Device: t.Name(), Data: t.out, ZA: t.state.ZA, ZB: t.state.ZB})
	}
	_, err := t.console.WriteOutput(t.out)
	t.out = t.out[:0]
	if err != nil {
		t.state.Err = err
		return &Error{Name: "WRITE", Device: t.Name(), Err: err}
	}
	return held
}

// Write is WRITE expr.
func (t *Terminal) Write(s Text) error {
	if !s.Wide {
		return writeTerminal(t, s.S)
	}
	out, ok := t.opt.table.encode(t.out, s)
	if !ok {
		return t.refuse()
	}
	t.out = out
	if !t.opt.noXY {
		t.state.advanceWide(s.S)
	}
	return t.overfull()
}

// refuse is the error of a character that the terminal's table has no bytes for.
func (t *Terminal) refuse() error {
	return &Error{Name: t.opt.table.refusal(), Device: t.Name()}
}

// WriteBytes is WRITE expr from the caller's bytes.
func (t *Terminal) WriteBytes(b []byte) error { return writeTerminal(t, b) }

func writeTerminal[T data](t *Terminal, s T) error {
	switch {
	case t.opt.margin > 0:
		if err := t.wrap(string(s)); err != nil {
			return err
		}
	case plain(s):
		t.out = append(t.out, s...)
		t.state.X += len(s)
	default:
		out, ok := encodeNarrow(t.opt.table, t.out, s)
		if !ok {
			return t.refuse()
		}
		t.out = out
		for i := 0; i < len(s); i++ {
			t.state.advance(s[i])
		}
	}
	if t.opt.noXY {
		t.state.X, t.state.Y = 0, 0
	}
	return t.overfull()
}

// wrap writes with a right margin: a CR LF goes in where $X reaches it.
func (t *Terminal) wrap(s string) error {
	for i := 0; i < len(s); i++ {
		if t.state.X >= t.opt.margin && s[i] >= ' ' {
			t.out = append(t.out, t.newline...)
			t.state.newline()
		}
		out, ok := encodeNarrow(t.opt.table, t.out, s[i:i+1])
		if !ok {
			return t.refuse()
		}
		t.out = out
		t.state.advance(s[i])
	}
	return nil
}

// overfull writes the output once enough has gathered.
func (t *Terminal) overfull() error {
	if len(t.out) < terminalOutput {
		return nil
	}
	return t.flush(BeforeWait)
}

// WriteChar is WRITE *n, which does not move $X and $Y.
func (t *Terminal) WriteChar(c int) error {
	s := Text{S: string([]byte{byte(c), byte(c >> 8)}), Wide: true}
	if c < 256 {
		s = oneChar(byte(c))
	}
	out, ok := t.opt.table.encode(t.out, s)
	if !ok {
		return t.refuse()
	}
	t.out = out
	return t.overfull()
}

// Format is WRITE !, # and ?n.
func (t *Terminal) Format(f Format, n int) error {
	switch f {
	case Newline:
		t.out = append(t.out, t.newline...)
		t.state.newline()
	case FormFeed:
		t.out = append(t.out, t.formFeed()...)
		t.state.X, t.state.Y = 0, 0
	case Tab:
		for t.state.X < n {
			k := min(n-t.state.X, len(blanks))
			t.out = append(t.out, blanks[:k]...)
			t.state.X += k
		}
	}
	if t.opt.noXY {
		t.state.X, t.state.Y = 0, 0
	}
	return t.overfull()
}

// formFeed clears a screen; on paper and in files it is CR FF.
func (t *Terminal) formFeed() string {
	if t.console.OutputTTY() {
		return "\x1b[H\x1b[2J"
	}
	return "\r\f"
}

// Control is WRITE *-code: 1 and 10 discard type-ahead, at the next READ or now; 3
// writes the output.
func (t *Terminal) Control(code int) error {
	switch code {
	case 1:
		t.clearAt = true
	case 3:
		return t.flush(BeforeWait)
	case 10:
		return t.discard()
	}
	return nil
}

// discard drops type-ahead: what is buffered and what the console has.
func (t *Terminal) discard() error {
	t.in.drop(len(t.in.pending()))
	if !t.console.InputTTY() {
		return nil
	}
	// In the terminal's own line mode an unfinished line would be out of reach.
	if err := t.console.Raw(true); err != nil {
		return &Error{Name: "READ", Device: t.Name(), Err: err}
	}
	err := t.drain()
	if cooked := t.console.Raw(false); err == nil && cooked != nil {
		err = &Error{Name: "READ", Device: t.Name(), Err: cooked}
	}
	return err
}

// drain reads what has been typed and throws it away.
func (t *Terminal) drain() error {
	var b [256]byte
	for {
		_, err := t.console.ReadInput(b[:], past)
		switch {
		case errors.Is(err, ErrTimeout), errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// Read reads one argument.
func (t *Terminal) Read(spec ReadSpec) (Result, error) {
	t.state.ZA, t.state.ZB, t.state.Key = 0, Text{}, Text{}
	t.state.EOF = false
	t.in.scanned = 0
	if err := t.flush(BeforeWait); err != nil {
		return Result{}, err
	}
	if t.clearAt || t.opt.proto&protoFlush != 0 {
		t.clearAt = false
		if err := t.discard(); err != nil {
			return Result{}, err
		}
	}
	if t.opt.proto&protoImage != 0 && t.opt.terms == "" && !spec.Char && spec.Fixed == 0 && !spec.Timed {
		return Result{}, &Error{Name: "TERMINATOR", Device: t.Name()}
	}
	var deadline time.Time
	if spec.Timed {
		deadline = time.Now().Add(max(spec.Timeout, 0).Truncate(10 * time.Millisecond))
	}
	if t.console.InputTTY() {
		return t.readTyped(spec, deadline)
	}
	return t.readLines(spec, deadline)
}

// ReadCommand reads a command line for the prompt: what a program has said of its own
// READs (terminators, image mode, upper case, a table) does not count.
func (t *Terminal) ReadCommand() (Result, error) {
	opt := t.opt
	defer func() {
		t.opt = opt
		t.settle()
	}()
	t.opt.proto &^= protoImage | protoUpcase | protoFlush
	t.opt.terms, t.opt.table = "", charsetUTF8
	t.settle()
	return t.Read(ReadSpec{})
}

// fill waits for input.
func (t *Terminal) fill(deadline time.Time) error {
	if t.in.ended != nil {
		return t.in.ended
	}
	room := t.in.room(MaxString)
	t.console.Arm()
	if err := t.host.Enter(WaitRead, t); err != nil {
		return err
	}
	n, err := t.console.ReadInput(room, deadline)
	t.host.Leave()
	if n > 0 {
		t.in.added(n, len(room))
		return nil
	}
	if errors.Is(err, io.EOF) && !t.console.InputTTY() {
		t.in.ended = err // a pipe stays at its end; a terminal's Ctrl-D is one READ's
	}
	return err
}

// readLines is READ from a pipe or a file: lines end at LF, or CR LF, and at the
// program's own terminators.
func (t *Terminal) readLines(spec ReadSpec, deadline time.Time) (Result, error) {
	final := false
	for {
		if b := t.in.pending(); len(b) > 0 {
			if res, done := t.line(b, spec, final); done {
				return res, nil
			}
		}
		switch err := t.fill(deadline); {
		case err == nil:
		case errors.Is(err, ErrTimeout):
			t.state.ZA |= ZATimedOut
			return Result{Text: t.rest(spec), Char: -1, TimedOut: true}, nil
		case errors.Is(err, io.EOF):
			if len(t.in.pending()) > 0 && !final {
				final = true
				continue
			}
			if len(t.in.pending()) > 0 {
				return Result{Text: t.rest(spec), Char: -1}, nil
			}
			t.state.ZA |= ZAError
			return Result{}, &Error{Name: "ENDOFFILE", Device: t.Name(), Err: err}
		default:
			return Result{}, err
		}
	}
}

// rest takes what was gathered by a READ that did not complete.
func (t *Terminal) rest(spec ReadSpec) Text {
	if spec.Char {
		return Text{}
	}
	b := t.in.pending()
	s := t.decode(b)
	t.in.drop(len(b))
	return s
}

func (t *Terminal) decode(b []byte) Text {
	s := t.opt.table.decode(b)
	if t.opt.proto&protoUpcase != 0 {
		s = upcase(s)
	}
	return s
}

// line completes a READ from the pending bytes b; done is false when more must come.
func (t *Terminal) line(b []byte, spec ReadSpec, final bool) (Result, bool) {
	if spec.Char {
		n, chars := t.opt.table.prefix(b, 1, final)
		if chars == 0 {
			return Result{}, false
		}
		s := t.decode(b[:n])
		t.in.drop(n)
		t.state.ZB, t.state.Key = s, s
		return Result{Char: firstChar(s)}, true
	}
	i := t.ends.index(b[t.in.scanned:])
	size := len(b)
	if i >= 0 {
		i += t.in.scanned
		size = i
	}
	want := MaxString
	if spec.Fixed > 0 {
		want = spec.Fixed
	}
	if size >= want {
		if n, chars := t.opt.table.prefix(b[:size], want, final || i >= 0); chars >= want {
			s := t.decode(b[:n])
			t.in.drop(n)
			t.state.ZB = lastChar(s)
			return Result{Text: s}, true
		}
	}
	if i < 0 {
		t.in.scanned = len(b)
		return Result{}, false
	}
	end, skip := oneChar(b[i]), 1
	if b[i] == charLF && i > 0 && b[i-1] == charCR {
		size, end, skip = i-1, oneChar(charCR), 2
	}
	s := t.decode(b[:size])
	t.in.drop(size + skip)
	t.state.ZB, t.state.Key = end, end
	return Result{Text: s}, true
}

// firstChar is the code of the first character of s: of both halves together for one above
// U+FFFF, as $WCHAR takes it, so that READ *x loses none.
func firstChar(s Text) rune {
	if !s.Wide {
		return rune(s.S[0])
	}
	c := rune(s.S[0]) | rune(s.S[1])<<8
	if utf16.IsSurrogate(c) && len(s.S) >= 4 {
		if pair := utf16.DecodeRune(c, rune(s.S[2])|rune(s.S[3])<<8); pair != utf8.RuneError {
			return pair
		}
	}
	return c
}

// lastChar is the last character of s.
func lastChar(s Text) Text {
	if s.Wide && s.S[len(s.S)-1] != 0 {
		return Text{S: s.S[len(s.S)-2:], Wide: true}
	}
	if s.Wide {
		return oneChar(s.S[len(s.S)-2])
	}
	return oneChar(s.S[len(s.S)-1])
}

// upcase turns the ASCII letters of s to upper case.
func upcase(s Text) Text {
	b := []byte(s.S)
	step := 1
	if s.Wide {
		step = 2
	}
	for i := 0; i < len(b); i += step {
		if b[i] >= 'a' && b[i] <= 'z' && (!s.Wide || b[i+1] == 0) {
			b[i] -= 'a' - 'A'
		}
	}
	s.S = string(b)
	return s
}
