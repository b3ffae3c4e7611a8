package repl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPaint(t *testing.T) {
	for _, c := range []struct {
		text string
		at   int    // the cursor, -1: at the end
		want string // a letter for each character's colour
	}{
		{`set x=1 ; é`, -1, `CCC ..N ;;;`},
		{`write $piece(name,",",2),^g(1)`, -1, `CCCCC FFFFFF......""".N..NN.N.`},
		{`wri`, -1, `...`},
		{`wri `, -1, `!!! `},
		{`wri x`, 1, `!!! C`},
		{`write $nosuch(1)`, -1, `CCCCC !!!!!!!.N.`},
		{`write $nosuch`, -1, `CCCCC FFFFFFF`},
		{`write "日本" do lab^rtn`, -1, `CCCCC """" CC LLLLLLL`},
		{`:trace on`, -1, `CCCCCC ..`},
		{`?open`, -1, `C....`},
		{`!ls`, -1, `C..`},
		{``, -1, ``},
	} {
		text := []rune(c.text)
		if c.at < 0 {
			c.at = len(text)
		}
		letters := map[string]string{"": ".", "1;34": "C", "31": "!", "33": "L", "36": "N", "35": "F", "32": `"`, "90": ";"}
		var b strings.Builder
		for i, colour := range paint(text, c.at) {
			if text[i] == ' ' && colour == "" {
				b.WriteByte(' ')
			} else {
				b.WriteString(letters[colour])
			}
		}
		assert.Equal(t, c.want, b.String(), "%q at %d", c.text, c.at)
	}
	assert.Nil(t, paint([]rune(strings.Repeat("x", painted+1)), 0), "a long line is not coloured")
}

func TestColoursAreForWhoWantsThem(t *testing.T) {
	for _, c := range []struct {
		term, no string
		want     bool
	}{{"xterm", "", true}, {"xterm", "1", false}, {"dumb", "", false}, {"", "", false}} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.no)
		assert.Equal(t, c.want, Colours(), c)
	}
}
