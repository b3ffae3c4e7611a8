//go:build linux

package cli

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
		{"\x03", "cos: interrupted", exitInterrupt, "^a\n^ab\n"},
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

// TestSignalsEndAnImport that waits for its input; what came before is stored.
func TestSignalsEndAnImport(t *testing.T) {
	w := newGlobals(t)
	for sig, status := range map[syscall.Signal]int{syscall.SIGINT: exitInterrupt, syscall.SIGTERM: exitTerminate} {
		r := w.startOnTerminal("globals", "import", "-")
		r.types("^sig=1\n^sig(1)=1\n")
		require.Eventually(t, func() bool {
			out, _, _ := w.run("", "globals", "list", "sig")
			return out == "^sig\n"
		}, patienceOfTests, patienceOfTests/200)
		r.signal(sig)
		r.shows("cos: interrupted")
		assert.Equal(t, status, r.exits())
		_, errs, exit := w.run("", "globals", "kill", "--yes", "sig")
		require.Equal(t, 0, exit, errs)
	}
}
