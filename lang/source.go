package lang

// Source text before the lexer: encodings and line ends.

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// DecodeSource makes source text of a file's bytes: a byte-order mark and carriage
// returns are dropped, and what is not valid UTF-8 is taken as Latin-1.
func DecodeSource(b []byte) string {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	s := string(b)
	if !utf8.ValidString(s) {
		var wide strings.Builder
		wide.Grow(len(b) + len(b)/8)
		for _, c := range b {
			wide.WriteRune(rune(c))
		}
		s = wide.String()
	}
	return strings.ReplaceAll(s, "\r", "")
}

// splitLines is the source as lines without their ends. A final line end starts no
// further line.
func splitLines(src string) []string {
	lines := strings.Split(src, "\n")
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	}
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}

// unquoteJSON is the value of a string in a JSON literal: JSON escapes, when it holds
// any that are well formed, otherwise M's doubled quotes.
func unquoteJSON(lit string) string {
	if strings.IndexByte(lit, '\\') >= 0 {
		var s string
		if json.Unmarshal([]byte(lit), &s) == nil {
			return s
		}
	}
	return unquote(lit)
}
