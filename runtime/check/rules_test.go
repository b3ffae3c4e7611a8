package check

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/check.md")

// TestRules: in the example of each row its rule finds something and no other rule does, and
// in the better one nothing does.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for i := range rules {
		r := &rules[i]
		assert.False(t, seen[r.Name], r.Name)
		seen[r.Name] = true
		assert.NotEmpty(t, r.Doc, r.Name)
		assert.NotEmpty(t, r.Why, r.Name)
		found := r.check(r.Example)
		assert.Len(t, found, 1, r.Name)
		for _, f := range found {
			assert.Equal(t, r.Name, f.Rule)
			assert.Equal(t, r.Severity, f.Severity)
			assert.Equal(t, strings.Split(r.Example, "\n")[f.Pos.Line-1], f.SyntaxError.Source)
		}
		assert.Empty(t, r.check(r.Better), r.Name)
		if r.Off {
			assert.Empty(t, Source("example.mac", r.Example), r.Name)
		}
	}
}

// TestDocument: docs/check.md is what the table says.
func TestDocument(t *testing.T) {
	const file = "../../docs/check.md"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(Document()), 0o644))
	}
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, Document(), string(b), `run "make docs"`)
}
