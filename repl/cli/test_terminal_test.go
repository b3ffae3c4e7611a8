//go:build linux

package cli

// cos test on a terminal: progress, colours, Ctrl-C.

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// waits is a golden that ends when it is interrupted.
const waits = "cos session 1\nlimit 60s\nprompt B: USER\nuntil B waits in HANG\n"

func TestTestOnATerminal(t *testing.T) {
	w := newWorld(t, map[string]string{
		"a.session": "cos session 1\nprompt A: USER\nA> WRITE $CHAR(27),\"[2J\"\nA< x\n",
		"b.session": "cos session 1\nprompt B: USER\nB> WRITE 1\nB< 1\n",
		"c.session": waits,
	})
	r := w.startOnTerminal("test", "-v", "-j", "1", ".")
	r.shows("0/3  a")
	failed := r.shows(red + "FAIL" + plain + "  a.session")
	failed += r.shows("actual:   ␛[2J") // what a program prints does nothing to the terminal
	failed += r.shows(green + "ok" + plain + "    b.session")
	assert.Contains(t, failed, "1/3, 1 failed  b") // b begins while the failure is being told
	r.shows("2/3, 1 failed  c")
	r.types("\x03")
	r.shows("broken off  c.session")
	r.shows(red + "1 passed, 1 failed, 1 broken off" + plain)
	assert.Equal(t, exitInterrupt, r.exits())

	w.env = append(w.env, "NO_COLOR=1", "TERM=dumb")
	r = w.startOnTerminal("test", "b.session")
	assert.NotContains(t, r.shows("1 passed, 0 failed"), "\x1b")
	assert.Equal(t, 0, r.exits())
}
