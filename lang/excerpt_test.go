package lang

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("é", 100) + "X" + strings.Repeat("b", 5000) + "Y"
	for _, c := range []struct {
		line   string
		column int
		start  string
		end    string
		width  int
	}{
		{"short", 3, "short", "short", 5},
		{strings.Repeat("é", 200), 7, "éé", "éé", 200},
		{long, 1, "éé", "b…", 201},
		{long, 101, "…é", "b…", 202},
		{long, 5102, "…b", "bY", 201},
		{long, 9999, "…b", "bY", 201},
	} {
		shown, at := Excerpt(c.line, c.column)
		assert.True(t, strings.HasPrefix(shown, c.start) && strings.HasSuffix(shown, c.end), shown)
		assert.Len(t, []rune(shown), c.width)
		if chars := []rune(c.line); c.column <= len(chars) {
			assert.Equal(t, string(chars[c.column-1]), string([]rune(shown)[at-1]))
		}
	}
	e := NewError("f", 1, 5102, "what", long)
	lines := strings.Split(e.Long(), "\n")
	assert.Len(t, []rune(lines[1]), 201)
	assert.Equal(t, strings.Repeat(" ", 200)+"^", lines[2])
}
