package lang

import (
	"strings"
	"unicode/utf8"
)

// Visible is text that a terminal may be shown, whatever a file, its name or a peer holds:
// what the terminal would obey, or what would turn the direction of writing, is replaced, a
// character for a character. Control characters become their pictures (ESC is ␛), so
// a caret below the text still points to its place; tabs stay. A byte that is no UTF-8 becomes
// a replacement character. Bytes of the wire, which must be told apart, are shown as literals
// instead: \r, \x1b (devices/trace, and the raw peers of repl/golden).
func Visible(s string) string {
	if strings.ContainsFunc(s, obeyed) || !utf8.ValidString(s) {
		return strings.Map(picture, s)
	}
	return s
}

// VisibleLines is Visible of a text whose lines stay lines.
func VisibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = Visible(lines[i])
	}
	return strings.Join(lines, "\n")
}

func obeyed(c rune) bool {
	switch {
	case c == '\t':
		return false
	case c < ' ', c >= 0x7f && c < 0xa0, c == 0x61c, c == 0xfeff:
		return true
	default:
		return c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069
	}
}

func picture(c rune) rune {
	switch {
	case !obeyed(c):
		return c
	case c < ' ':
		return '\u2400' + c
	case c == 0x7f:
		return '\u2421'
	default:
		return '\ufffd'
	}
}
