package runtime

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPromisesNameTheirTests: each row of promises in docs/globals.md names something that tests it, and
// every test that the page names exists.
func TestPromisesNameTheirTests(t *testing.T) {
	page, err := os.ReadFile("../docs/globals.md")
	require.NoError(t, err)
	var tests strings.Builder
	for _, pattern := range []string{"*_test.go", "globals/*_test.go", "../repl/cli/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			tests.Write(text)
		}
	}
	names := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(page), -1)
	require.Greater(t, len(names), 20)
	for _, name := range names {
		assert.Contains(t, tests.String(), "func "+name+"(", "docs/globals.md names it")
	}
	table, _, _ := strings.Cut(string(page), "## ")
	_, rows, _ := strings.Cut(table, "|---|---|\n")
	for row := range strings.SplitSeq(strings.TrimSpace(rows), "\n") {
		assert.Regexp(t, "`Test|testdata/|conformance", row)
	}
}
