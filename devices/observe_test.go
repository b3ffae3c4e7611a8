package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
