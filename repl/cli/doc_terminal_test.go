//go:build linux

package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// On a terminal the reference goes through the pager.
func TestDocPager(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "PAGER=sed 's/^/page: /'")
	term := w.startOnTerminal("doc", "OPEN")
	term.shows("page: OPEN[:pc] device")
	assert.Zero(t, term.exits())
	w.env = append(w.env, "PAGER=")
	term = w.startOnTerminal("doc", "OPEN")
	assert.NotContains(t, term.shows("OPEN[:pc] device"), "page:")
	assert.Zero(t, term.exits())
	w.env = append(w.env, "PAGER=head -1") // that does not read to the end
	term = w.startOnTerminal("doc", "all")
	term.shows("COMMANDS")
	assert.Zero(t, term.exits())
}
