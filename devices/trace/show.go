package trace

// How bytes are shown: printable, whatever they are. Nothing that a peer or a program
// sends reaches the reader's terminal or browser as it is.

import (
	"regexp"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendPrintable appends b between quotes. Characters that print stand for themselves,
// UTF-8 among them; \r \n \t \\ \" and \xNN for the rest.
func appendPrintable[T ~string | ~[]byte](dst []byte, b T) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, b, '"')
	return append(dst, '"')
}

// noQuote tells appendEscaped that no character besides the backslash needs one.
const noQuote = '\\'

// appendEscaped is appendPrintable without quotes; quote is a character to escape.
func appendEscaped[T ~string | ~[]byte](dst []byte, b T, quote byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\\', c == quote:
			dst = append(dst, '\\', c)
		case c >= ' ' && c <= '~':
			dst = append(dst, c)
		case c >= utf8.RuneSelf:
			var few [utf8.UTFMax]byte
			n := copy(few[:], b[i:])
			r, size := utf8.DecodeRune(few[:n])
			if r != utf8.RuneError && unicode.IsPrint(r) {
				dst = append(dst, few[:size]...)
				i += size
				continue
			}
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
	}
	return dst
}

// appendHexDump appends lines of sixteen bytes, each behind an indent:
// offset, hexadecimal, characters.
func appendHexDump(dst []byte, indent string, b []byte) []byte {
	for at := 0; at < len(b); at += 16 {
		row := b[at:min(at+16, len(b))]
		dst = append(dst, indent...)
		for shift := 16; shift >= 0; shift -= 4 {
			dst = append(dst, hexDigits[at>>shift&15])
		}
		dst = append(dst, ' ')
		for i := range 16 {
			if i%8 == 0 {
				dst = append(dst, ' ')
			}
			if i < len(row) {
				dst = append(dst, hexDigits[row[i]>>4], hexDigits[row[i]&15], ' ')
			} else {
				dst = append(dst, "   "...)
			}
		}
		dst = append(dst, " |"...)
		for _, c := range row {
			if c < ' ' || c > '~' {
				c = '.'
			}
			dst = append(dst, c)
		}
		dst = append(dst, "|\n"...)
	}
	return dst
}

// appendJSON appends a JSON string of ASCII only. Bytes that are no UTF-8 become the
// characters of the same number when latin is set: nothing is lost then, since it holds
// for all bytes above 127.
func appendJSON[T ~string | ~[]byte](dst []byte, s T, latin bool) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf || latin {
			i++
			dst = appendJSONRune(dst, rune(c))
			continue
		}
		var few [utf8.UTFMax]byte
		n := copy(few[:], s[i:])
		r, size := utf8.DecodeRune(few[:n])
		i += size
		dst = appendJSONRune(dst, r)
	}
	return append(dst, '"')
}

// appendJSONRune appends one character; those that mean something to HTML are escaped too,
// for traces that stand in a page.
func appendJSONRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r >= ' ' && r <= '~' && r != '<' && r != '>' && r != '&':
		return append(dst, byte(r))
	case r > 0xffff:
		r -= 0x10000
		return appendUnit(appendUnit(dst, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendUnit(dst, r)
}

func appendUnit(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// secrets are places of a source line where a password stands in clear.
var secrets = regexp.MustCompile(`(?i)(/(?:TLS|SSL)\s*=\s*"[^"|]*\||password"?\)?\s*[=,]\s*")[^"]*"`)

// withoutSecrets is a source line as it may be shown.
func withoutSecrets(line string) string { return secrets.ReplaceAllString(line, `${1}***"`) }
