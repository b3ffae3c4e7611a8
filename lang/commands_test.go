package lang

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The printed grammar is documentation: it changes only on purpose.
func TestGrammarIsGolden(t *testing.T) {
	const file = "testdata/grammar.ebnf"
	got := built.String() + "\n"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// A row without documentation or without a test fails here.
func TestCommandTableIsHonest(t *testing.T) {
	files, err := filepath.Glob("testdata/*.t")
	require.NoError(t, err)
	var text strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, line := range strings.Split(string(b), "\n") {
			if !strings.HasPrefix(line, "\t") {
				text.WriteString(strings.ToUpper(line) + "\n")
			}
		}
	}
	tested := func(word string) bool {
		return regexp.MustCompile(`(?m)(^|[ {⏎])` + word + `($|[ :{}(⏎])`).MatchString(text.String())
	}
	seen := map[string]string{}
	last := ""
	for _, r := range Commands() {
		assert.Less(t, last, r.Name, "sorted and unique")
		last = r.Name
		assert.NotEmpty(t, r.Syntax, r.Name)
		assert.NotEmpty(t, r.Doc, r.Name)
		assert.Contains(t, []string{"M", "Caché", "GT.M", "DSM", "MSM", "DTM", "MWAPI"}, r.Origin, r.Name)
		assert.True(t, strings.HasPrefix(r.Syntax, r.Name), r.Name)
		assert.True(t, isCommand(r.Kind), r.Name)
		for _, w := range []string{r.Name, r.Abbr} {
			if w == "" {
				continue
			}
			if w != "H" {
				assert.Empty(t, seen[w], "%s is both %s and %s", w, seen[w], r.Name)
			}
			seen[w] = r.Name
			assert.True(t, tested(w), "%s stands in no testdata/*.t", w)
			assert.Equal(t, strings.ToUpper(w), w)
			name, ok := LookupCommand(strings.ToLower(w))
			assert.True(t, ok, w)
			if w != "H" {
				assert.Equal(t, r.Name, name)
			}
		}
	}
}

func TestLookupCommand(t *testing.T) {
	for word, want := range map[string]string{"w": "WRITE", "Write": "WRITE", "H": "HANG", "halt": "HALT", "zn": "ZNSPACE", "ret": "RETURN"} {
		got, ok := LookupCommand(word)
		assert.True(t, ok, word)
		assert.Equal(t, want, got)
	}
	for _, word := range []string{"", "wr", "writes", strings.Repeat("W", 100), "é"} {
		_, ok := LookupCommand(word)
		assert.False(t, ok, word)
	}
}

func TestNearestCommand(t *testing.T) {
	for word, want := range map[string]string{"WRIET": "WRITE", "RAED": "READ", "qiut": "QUIT", "ELESIF": "ELSEIF", "wite": "WRITE", "LCOK": "LOCK", "xyzzy": "", "loop": "", "ab": "", strings.Repeat("W", 99): ""} {
		assert.Equal(t, want, nearestCommand(word), word)
	}
}

// Every token kind has a name of its own in the grammar, or participle would confuse them.
func TestTokenNamesAreUnique(t *testing.T) {
	assert.Len(t, symbols, len(kindNames))
	for k := tEOL; k <= tTooDeep; k++ {
		assert.NotEmpty(t, kindNames[k].name, "kind %d", k)
		assert.NotEmpty(t, kindNames[k].words, "kind %d", k)
	}
}

// Looking a word up does not allocate: the lexer does it for every command.
func TestFindCommandDoesNotAllocate(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { findCommand("write") }))
}
