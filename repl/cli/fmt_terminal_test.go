//go:build linux

package cli

// cos fmt on a terminal: what a routine holds is escaped there, and nowhere else.

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFmtOnATerminal(t *testing.T) {
	w := newWorld(t, map[string]string{"a.mac": " w 1 ; \x1b[2J\n", "settled.mac": " WRITE 1 ; \x1b[2J\n"})
	r := w.startOnTerminal("fmt", "a.mac")
	r.shows(" WRITE 1 ; ␛[2J")
	assert.Equal(t, 0, r.exits())
	r = w.startOnTerminal("fmt", "-d", "a.mac")
	r.shows("+ WRITE 1 ; ␛[2J")
	assert.Equal(t, 1, r.exits())
	out, _, _ := w.run("", "fmt", "settled.mac")
	assert.Equal(t, " WRITE 1 ; \x1b[2J\n", out)
}
