package devices

// Escape sequences in input (manual, "Escape Sequence Processing Mode"; rules A13, B18).

import "time"

const (
	escapeMaxTCP      = 15          // characters, ESC included
	escapeMaxTerminal = 16          //
	escapeWait        = time.Second // for the rest of a sequence
)

// escapeResult says what the bytes behind an ESC amount to so far.
type escapeResult byte

const (
	escapePart escapeResult = iota // more must come
	escapeWhole
	escapeBad
)

// parseEscape reads the sequence at the start of b, whose first byte is ESC. n is the
// number of bytes that belong to it: of a bad one those before the offending byte.
//
//	type 1: ESC [ ('0':'?')* (' ':'/')* ('@':DEL)
//	type 2: ESC (';' '?' 'O')? (' ':'/')* ('0':DEL)
func parseEscape(b []byte, limit int) (n int, r escapeResult) {
	i, first := 1, byte('0')
	if i < len(b) {
		switch b[i] {
		case '[':
			i, first = i+1, '@'
			for i < len(b) && i < limit && b[i] >= '0' && b[i] <= '?' {
				i++
			}
		case ';', '?', 'O':
			i++
		}
	}
	for i < len(b) && i < limit && b[i] >= ' ' && b[i] <= '/' {
		i++
	}
	switch {
	case i >= limit:
		return limit, escapeBad
	case i >= len(b):
		return len(b), escapePart
	case b[i] >= first && b[i] <= charDEL:
		return i + 1, escapeWhole
	}
	return i, escapeBad
}

// wholeWhenLate reports whether a sequence that got no further is complete as it is:
// ESC O, ESC [ and their like are also type 2 without the optional character.
func wholeWhenLate(b []byte) bool {
	return len(b) == 2 && b[1] >= '0' && b[1] <= charDEL
}
