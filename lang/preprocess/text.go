package preprocess

// Reading text: blanks, names, strings, comments and parentheses.

import (
	"strings"
	"unicode/utf8"
)

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// at is the byte at i, 0 behind the end.
func at(text string, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return 0
}

func skipBlanks(text string, i int) int {
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	return i
}

// nameEnd is the end of the name of a macro or argument at i: letters and digits, also
// above ASCII, perhaps behind a %.
func nameEnd(text string, i int) int {
	if at(text, i) == '%' {
		i++
	}
	for i < len(text) && (isLetter(text[i]) || isDigit(text[i]) || text[i] >= utf8.RuneSelf) {
		i++
	}
	return i
}

// atLineStart tells that only blanks stand before i on its line.
func atLineStart(text string, i int) bool {
	for i--; i >= 0 && isBlank(text[i]); i-- {
	}
	return i < 0 || text[i] == '\n'
}

// skipToken steps over what stands at i, within its line: a string, a comment, or one
// character. A comment between /* and */ may run over lines.
func skipToken(text string, i int) int {
	switch c := text[i]; {
	case c == '"':
		return stringEnd(text, i)
	case commentAt(text, i):
		return lineEnd(text, i)
	case c == '/' && at(text, i+1) == '*':
		return blockEnd(text, i)
	}
	return i + 1
}

// commentAt tells that what stands at i runs to the end of the line.
func commentAt(text string, i int) bool {
	switch text[i] {
	case ';':
		return true
	case '/':
		return at(text, i+1) == '/'
	case '#':
		return strings.HasPrefix(text[i:], "##;")
	}
	return false
}

// stringEnd is the end of the string literal at i, or of its line. A doubled quote
// counts as the end of one string and the start of the next.
func stringEnd(text string, i int) int {
	for i++; i < len(text) && text[i] != '\n'; i++ {
		if text[i] == '"' {
			return i + 1
		}
	}
	return i
}

// blockEnd is the end of the /* */ comment at i.
func blockEnd(text string, i int) int {
	if n := strings.Index(text[i+2:], "*/"); n >= 0 {
		return i + 2 + n + 2
	}
	return len(text)
}

func blankOrComment(line string) bool { return line == "" || commentAt(line, 0) }

// parensEnd is the offset behind the parenthesis that closes the one at i; ok is false
// when none does.
func parensEnd(text string, i int, oneLine bool) (end int, ok bool) {
	depth := 0
	for i < len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '\n':
			if oneLine {
				return i, false
			}
		case '"':
			i = stringEnd(text, i)
			continue
		}
		i++
	}
	return i, false
}

// splitArguments splits at the commas outside of parentheses and strings.
func splitArguments(text string) (list []string) {
	depth, from := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '"':
			i = stringEnd(text, i) - 1
		case ',':
			if depth == 0 {
				list = append(list, strings.TrimSpace(text[from:i]))
				from = i + 1
			}
		}
	}
	return append(list, strings.TrimSpace(text[from:]))
}

// quote is text as a string literal.
func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// unquote is the value of a string literal; other text stays as it is.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
		return strings.ReplaceAll(text[1:n-1], `""`, `"`)
	}
	return text
}
