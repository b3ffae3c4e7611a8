package lang

// How a source line is shown below an error, and text that anybody may have sent.

import (
	"fmt"
	"strings"
)

// excerptWidth is how many characters of a line are shown: lines of data have megabytes.
const excerptWidth = 200

// cut marks where an excerpt leaves something out.
const cut = "…"

// Excerpt shortens a line around a column, which counts characters from 1, and makes it
// Visible but for its tabs. It returns the column in what comes of it.
func Excerpt(line string, column int) (string, int) {
	line, column = shorten(line, column)
	var b strings.Builder
	n, moved := 0, 0
	for _, c := range strings.ToValidUTF8(line, "\uFFFD") {
		n++
		if c == '\t' || !Hostile(c) {
			b.WriteRune(c)
			continue
		}
		b.WriteString(Code(c))
		if n < column {
			moved += len(Code(c)) - 1
		}
	}
	return b.String(), column + moved
}

// Hostile tells a character that a terminal obeys instead of showing it, or that makes text
// look like another.
func Hostile(c rune) bool {
	return c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0xfeff
}

// Code stands for such a character where it is shown.
func Code(c rune) string { return fmt.Sprintf("<%02X>", c) }

// Visible is text with codes for its hostile characters.
func Visible(s string) string {
	if strings.IndexFunc(s, func(c rune) bool { return Hostile(c) || c == '\uFFFD' }) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range strings.ToValidUTF8(s, "\uFFFD") {
		if Hostile(c) {
			b.WriteString(Code(c))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// shorten shortens a line around a column and returns the column in what is left.
func shorten(line string, column int) (string, int) {
	if len(line) <= excerptWidth {
		return line, column
	}
	chars := []rune(line)
	if len(chars) <= excerptWidth {
		return line, column
	}
	from := min(max(column-excerptWidth/2, 0), len(chars)-excerptWidth)
	to := from + excerptWidth
	shown := string(chars[from:to])
	if to < len(chars) {
		shown += cut
	}
	if from > 0 {
		return cut + shown, column - from + 1
	}
	return shown, column
}
