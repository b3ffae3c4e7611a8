package devices

import (
	stdgzip "compress/gzip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Parameter lists show everything but passwords.
func TestParamsAreShown(t *testing.T) {
	for want, p := range map[string]Params{
		``:                         nil,
		`("host":7001:"M")`:        positional("host", "7001", "M"),
		`(::"A":/TLS)`:             positional("", "", "A", "/TLS"),
		`(/TLS="cfg|***|host")`:    positional("/TLS=cfg|hush|host"),
		`(/SSL="cfg|***")`:         positional("/SSL=cfg|hush"),
		`(/TLS="cfg||host")`:       positional("/TLS=cfg||host"),
		`("a""b":/TERMINATOR="€")`: {{Value: Text{S: `a"b`}, Set: true}, {Key: "/TERMINATOR", Value: Text{S: "\xac\x20", Wide: true}, Set: true}},
		`("é")`:                    {{Value: Text{S: "\xe9"}, Set: true}},
	} {
		assert.Equal(t, want, p.String())
	}
	assert.Equal(t, `(/TLS="cfg|***")`, positional("/TLS=cfg|hu|sh|host").String(), "a bar in the password")
}

// seen are the events of a conversation so far.
func (c *conv) seen() []string {
	c.host.mu.Lock()
	defer c.host.mu.Unlock()
	return slices.Clone(c.host.events)
}

// An observer sees the text above TLS and compression.
func TestObserverSeesPlainText(t *testing.T) {
	holdOver(t, overTLS, []conversation{{"TLS", client, onClient("ST"), false, func(c *conv) {
		c.write("question").control(3).peerGets("question").says("answer\n").read("answer")
		require.Equal(c, []string{"connect", "send question", "receive answer\n"}, c.seen())
	}}})
	hold(t, []conversation{{"GZIP", client, []string{"ST", "/GZIP=1"}, false, func(c *conv) {
		var b strings.Builder
		w := stdgzip.NewWriter(&b)
		_, err := w.Write([]byte("answer\n"))
		require.NoError(c, err)
		require.NoError(c, w.Close())
		c.write("question").control(3).says(b.String()).read("answer")
		require.Equal(c, []string{"connect", "send question", "receive answer\n"}, c.seen())
	}}})
}

// A READ that waits while output for the peer is in the buffer is noted, once for the same
// output; one that finds something, that only polls, or after a send, is not.
func TestUnsentOutputIsNoted(t *testing.T) {
	hold(t, []conversation{{"unsent", client, []string{"ST"}, true, func(c *conv) {
		notes := func() (n int) {
			for _, e := range c.seen() {
				if e == "note unsent" {
					n++
				}
			}
			return n
		}
		c.write("late").expires(timed(0), "")
		require.Zero(c, notes(), "a poll")
		c.says("x\n").hasArrived(2).read("x")
		require.Zero(c, notes(), "input is there")
		c.expires(timed(20*time.Millisecond), "").expires(timed(20*time.Millisecond), "")
		require.Equal(c, 1, notes())
		c.write("r").expires(timed(20*time.Millisecond), "")
		require.Equal(c, 2, notes(), "more output")
		c.control(3).peerGets("later").expires(timed(20*time.Millisecond), "")
		require.Equal(c, 2, notes(), "nothing is unsent")
	}}})
	// What a handshake waits for is not what the note is about.
	holdOver(t, overTLS, []conversation{{"a handshake within WRITE", client, onClient("ST"), true, func(c *conv) {
		c.write("x").control(3).peerGets("x")
		require.NotContains(c, c.seen(), "note unsent")
	}}})
}

// WRITE ! that sends no line feed is noted in stream mode without P and C, and nowhere else.
func TestMissingLineFeedIsNoted(t *testing.T) {
	for mode, noted := range map[string]bool{"S": true, "ST": true, "SP": false, "SC": false, "PSTE": false, "": false, "P": false} {
		hold(t, []conversation{{"mode " + mode, client, []string{mode}, false, func(c *conv) {
			c.write("x").newline()
			if noted {
				require.Contains(c, c.seen(), "note no-line-feed")
			} else {
				require.NotContains(c, c.seen(), "note no-line-feed")
			}
		}}})
	}
}
