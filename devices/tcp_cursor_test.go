package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Keywords that are accepted and change nothing.
func TestAcceptedKeywords(t *testing.T) {
	plain, given := newTCPOptions(), newTCPOptions()
	require.NoError(t, plain.update(nil, InOpen))
	require.NoError(t, given.update(positional("/ZEROCOPY=1", "/OBCOUNT=16"), InOpen))
	assert.Equal(t, plain, given)
}

// $ZUTIL(68,55,0): $X and $Y of a TCP device move as a cursor does.
func TestCursorStyle(t *testing.T) {
	hold(t, []conversation{
		{"cursor", client, []string{"S"}, false, func(c *conv) {
			at := func(x, y int) {
				c.Helper()
				assert.Equal(c, []int{x, y}, []int{c.d.State().X, c.d.State().Y})
			}
			write := func(s string) { require.NoError(c, c.d.Write(Text{S: s})) }
			c.d.CursorStyle(true)
			write("ab\r\nc\t")
			at(2, 1)
			require.NoError(c, c.d.Control(3))
			at(2, 1) // what was sent ends no line
			require.NoError(c, c.d.Format(Newline, 0))
			at(0, 2)
			write("x\f")
			at(0, 0)
			require.NoError(c, c.d.Control(3))
			c.peer.gets("ab\r\nc\tx\f")
			c.d.CursorStyle(false)
			write("ab\r\nc")
			at(3, 0)
			require.NoError(c, c.d.Control(3))
			at(0, 1)
			c.peer.gets("ab\r\nc")
		}},
	})
}
