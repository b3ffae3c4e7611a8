//go:build linux

package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestKillAsks: on a terminal, and takes no for an answer.
func TestKillAsks(t *testing.T) {
	w := newGlobals(t)
	for _, c := range []struct {
		keys, says string
		exit       int
		left       string
	}{
		{"\n", "nothing killed", 1, "^a\n^ab\n"},
		{"n\n", "nothing killed", 1, "^a\n^ab\n"},
		{"y\n", "killed ^ab", 0, "^a\n"},
	} {
		r := w.startOnTerminal("globals", "kill", "^ab")
		r.shows("Kill ^ab in namespace USER? [y/N] ")
		r.types(c.keys)
		r.shows(c.says)
		assert.Equal(t, c.exit, r.exits())
		out, _, _ := w.run("", "globals", "list")
		assert.Equal(t, c.left, out)
	}
}
