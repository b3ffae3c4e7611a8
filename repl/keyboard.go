package repl

// The keyboard: one reader owns the input (house decision 10). readline and READ take their
// bytes from it one at a time, so type-ahead belongs to whoever reads next. It also tells
// what was pasted from what was typed, and which key sent which sequence.

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"cos/devices"
)

// Keys is a console whose input the line editor and READ share while somebody types.
func Keys(c devices.Console) devices.Console {
	if !c.InputTTY() {
		return c
	}
	return &keyboard{Console: c}
}

// keyboard is a Console that reads ahead, for all its readers.
type keyboard struct {
	devices.Console
	ahead  []byte // read and not yet taken
	pasted int    // how many bytes of it, from the first on, were pasted
	more   [4096]byte
	failed error // of a look at what is waiting, for who reads next
}

// A terminal in bracketed paste mode puts these around what is pasted.
const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
)

// maxPaste is how much of a paste is told from typing; what is more than that counts as
// typed.
const maxPaste = 64 << 20

// How long the rest of an escape sequence, and that of a paste, may take.
const (
	escapeWait = 50 * time.Millisecond
	pasteWait  = 5 * time.Second
)

// ReadInput is for READ, which wants one byte at a time.
func (k *keyboard) ReadInput(p []byte, deadline time.Time) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, _, err := k.take(deadline)
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// take waits for one byte and tells whether it was pasted.
func (k *keyboard) take(deadline time.Time) (c byte, pasted bool, err error) {
	for {
		if len(k.ahead) == 0 {
			if err := k.fill(deadline); err != nil {
				return 0, false, err
			}
		}
		if pasted = k.pasted > 0; pasted {
			k.pasted--
			break
		}
		if k.ahead[0] != charEscape {
			break
		}
		if took, err := k.paste(); err != nil {
			return 0, false, err
		} else if !took {
			break
		}
	}
	c = k.ahead[0]
	k.ahead = k.ahead[1:]
	return c, pasted, nil
}

// Arm drops an interrupt that came for what was before.
func (k *keyboard) Arm() {
	if errors.Is(k.failed, devices.ErrInterrupted) {
		k.failed = nil
	}
	k.Console.Arm()
}

// waiting tells that there is input to take, or that there is within a time.
func (k *keyboard) waiting(within time.Duration) bool {
	if len(k.ahead) > 0 {
		return true
	}
	err := k.fill(time.Now().Add(within))
	if err != nil && !errors.Is(err, devices.ErrTimeout) {
		k.failed = err
	}
	return err == nil
}

// much is so much text at once that more of it is to be expected.
const much = 4096

// textWaits tells that text goes on behind as much of it, without a key.
func (k *keyboard) textWaits(have int) bool {
	within := time.Duration(0)
	if have >= much {
		within = escapeWait
	}
	if !k.waiting(within) {
		return false
	}
	if c := k.ahead[0]; k.pasted > 0 {
		return c != charEnter
	} else {
		return c >= ' ' && c != charErase
	}
}

// fill adds what the terminal has to what was read ahead.
func (k *keyboard) fill(deadline time.Time) error {
	if err := k.failed; err != nil {
		k.failed = nil
		return err
	}
	n, err := k.Console.ReadInput(k.more[:], deadline)
	k.ahead = append(k.ahead, k.more[:n]...)
	if n > 0 {
		return nil
	}
	return err
}

// Files are the console's descriptors, for who asks the terminal how large it is.
func (k *keyboard) Files() (in, out *os.File) {
	if f, ok := k.Console.(interface {
		Files() (in, out *os.File)
	}); ok {
		return f.Files()
	}
	return nil, nil
}

// paste takes in a whole paste when one begins here; it is read at once, since between two
// lines the terminal is in its own line mode, which loses what is long.
func (k *keyboard) paste() (took bool, err error) {
	for len(k.ahead) < len(pasteBegins) && bytes.HasPrefix([]byte(pasteBegins), k.ahead) {
		switch err := k.fill(time.Now().Add(escapeWait)); {
		case errors.Is(err, devices.ErrTimeout), errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, err
		}
	}
	if !bytes.HasPrefix(k.ahead, []byte(pasteBegins)) {
		return false, nil
	}
	k.ahead = k.ahead[len(pasteBegins):]
	end, seen := -1, 0
	for len(k.ahead) < maxPaste {
		if end = bytes.Index(k.ahead[seen:], []byte(pasteEnds)); end >= 0 {
			end += seen
			break
		}
		seen = max(0, len(k.ahead)-len(pasteEnds))
		if err := k.fill(time.Now().Add(pasteWait)); err != nil {
			break // it does not end: what has come is all there is
		}
	}
	text, rest := k.ahead, []byte(nil)
	if end >= 0 {
		text, rest = k.ahead[:end], k.ahead[end+len(pasteEnds):]
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\r"))
	text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r"))
	k.ahead, k.pasted = append(text[:len(text):len(text)], rest...), len(text)
	return true, nil
}

// key is one key: a character, a control character, or one of the keys below.
type key struct {
	char   rune
	pasted bool // stands for itself, whatever it is; CR ends a line
}

// Keys that send more than a character. Alt with a letter is keyAlt minus the letter.
const (
	keyNone rune = -iota - 1 // nobody knows it
	keyUp
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyDelete
	keyWordLeft
	keyWordRight
	keyBackTab
	keyAlt rune = -0x1000
)

const (
	charTab    = '\t'
	charEnter  = '\r'
	charEscape = 0x1b
	charErase  = 0x7f
)

// next waits for a key.
func (k *keyboard) next() (key, error) {
	c, pasted, err := k.take(time.Time{})
	switch {
	case err != nil:
		return key{}, err
	case c >= utf8.RuneSelf:
		r, err := k.wide(c)
		return key{r, pasted}, err
	case c == charEscape && !pasted:
		r, err := k.sequence()
		return key{r, false}, err
	}
	return key{rune(c), pasted}, nil
}

// wide completes a character of several bytes; what is none becomes U+FFFD.
func (k *keyboard) wide(c byte) (rune, error) {
	b := []byte{c}
	for !utf8.FullRune(b) {
		if len(k.ahead) == 0 {
			switch err := k.fill(time.Now().Add(escapeWait)); {
			case errors.Is(err, devices.ErrTimeout), errors.Is(err, io.EOF):
				return utf8.RuneError, nil
			case err != nil:
				return 0, err
			}
		}
		if utf8.RuneStart(k.ahead[0]) {
			return utf8.RuneError, nil // it belongs to the next character
		}
		b = append(b, k.ahead[0])
		k.ahead = k.ahead[1:]
		k.pasted = max(0, k.pasted-1)
	}
	r, _ := utf8.DecodeRune(b)
	return r, nil
}

// maxSequence bounds an escape sequence; what is longer is none.
const maxSequence = 32

// sequence reads what follows an Escape. What nobody knows is keyNone: nothing of it
// becomes text.
func (k *keyboard) sequence() (rune, error) {
	next := func() (byte, bool, error) {
		c, _, err := k.take(time.Now().Add(escapeWait))
		if errors.Is(err, devices.ErrTimeout) || errors.Is(err, io.EOF) {
			return 0, false, nil
		}
		return c, err == nil, err
	}
	c, ok, err := next()
	switch {
	case !ok:
		return keyNone, err
	case c == 'O':
		c, _, err := next()
		return cursorKey("", c), err
	case c != '[':
		return keyAlt - rune(c), nil
	}
	for parameters := []byte{}; len(parameters) < maxSequence; {
		c, ok, err := next()
		if !ok || c >= '@' && c <= '~' {
			return cursorKey(string(parameters), c), err
		}
		parameters = append(parameters, c)
	}
	return keyNone, nil
}

// cursorKey is the key of an escape sequence.
func cursorKey(parameters string, final byte) rune {
	moved := parameters == "1;3" || parameters == "1;5" // with Alt or Ctrl
	switch final {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'C':
		if moved {
			return keyWordRight
		}
		return keyRight
	case 'D':
		if moved {
			return keyWordLeft
		}
		return keyLeft
	case 'H':
		return keyHome
	case 'F':
		return keyEnd
	case 'Z':
		return keyBackTab
	case '~':
		switch parameters {
		case "1", "7":
			return keyHome
		case "4", "8":
			return keyEnd
		case "3":
			return keyDelete
		}
	}
	return keyNone
}
