package lang

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ text, shown string }{
		{"plain, äöü, 日本\t😀", "plain, äöü, 日本\t😀"},
		{"\x1b[31mred\r\n\x00\x7f", "␛[31mred␍␊␀␡"},
		{"\u009b31m\u202eevil\u200b\ufeff", "\ufffd31m\ufffdevil\ufffd\ufffd"},
		{"broken \xff end", "broken \ufffd end"},
		{"\x9b31m\u061c", "\ufffd31m\ufffd"},
		{"broken \xff\x1b end", "broken \ufffd␛ end"},
	} {
		assert.Equal(t, c.shown, Visible(c.text))
		assert.Equal(t, len([]rune(c.text)), len([]rune(c.shown)), "a caret stays where it is")
	}
}

func TestVisibleLines(t *testing.T) {
	assert.Equal(t, "one␛\n␍\n\n", VisibleLines("one\x1b\n\r\n\n"))
}

// A file is named, and its line shown, without what a terminal would obey.
func TestErrorsAreVisible(t *testing.T) {
	e := &SyntaxError{Pos: Position{Filename: "a\x1b[2J\n.mac", Line: 1, Column: 4}, Msg: "bad", Source: "\t\x1b[x"}
	assert.Equal(t, "a␛[2J␊.mac:1:4: bad\n\t␛[x\n\t  ^", e.Long())
}
