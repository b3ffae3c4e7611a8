package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var past = []string{
	"write 1", "if 1 {\n write 1\n}", `write 7\2`, `write (7\`, "write (7\\\n2)", "a\\ ", "a\\  \nb\\", "日本", "\x1b[2J\x00", "\tset x=1", "  x  ",
}

func TestHistoryFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "history")
	h := openHistory(path)
	for _, text := range past {
		h.add(text)
		h.add(text) // once
	}
	assert.Equal(t, past, h.past)
	assert.Equal(t, past, openHistory(path).past)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	h.add(strings.Repeat("x", longest+1))
	h.add("\xff")
	assert.Equal(t, append(past[:len(past):len(past)], "\uFFFD"), openHistory(path).past)
	h.clear()
	assert.Empty(t, openHistory(path).past)
}

func FuzzHistoryFile(f *testing.F) {
	for _, text := range past {
		f.Add(text, "next")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		var b []byte
		var want []string
		for _, text := range []string{one, two} {
			if text = strings.ToValidUTF8(text, "\uFFFD"); strings.TrimSpace(text) != "" {
				b, want = append(b, encodeHistory(text)...), append(want, text)
			}
		}
		assert.Equal(t, want, decodeHistory(b))
	})
}

// A history that cannot be read or written is no reason to stop.
func TestHistoryThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, path := range []string{"", filepath.Join(file, "history"), dir} {
		h := openHistory(path)
		h.add("write 1")
		assert.Equal(t, []string{"write 1"}, h.past, path)
	}
}

// Sessions that run at the same time, and one that begins when the file has grown too
// long, lose nothing of each other.
func TestSessionsShareTheHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var old []byte
	for i := range 3 * historySize {
		old = append(old, encodeHistory(fmt.Sprintf("old %d", i))...)
	}
	require.NoError(t, os.WriteFile(path, old, 0o600))
	var sessions sync.WaitGroup
	for s := range 8 {
		sessions.Add(1)
		go func() {
			defer sessions.Done()
			h := openHistory(path)
			for i := range 40 {
				h.add(fmt.Sprintf("session %d: %d", s, i))
				if i%10 == 5 {
					openHistory(path)
				}
			}
		}()
	}
	sessions.Wait()
	got := map[string]bool{}
	for _, text := range openHistory(path).past {
		got[text] = true
	}
	for s := range 8 {
		for i := range 40 {
			assert.True(t, got[fmt.Sprintf("session %d: %d", s, i)], "%d: %d", s, i)
		}
	}
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(b), "\n"), 2*historySize+400)
	assert.True(t, got[fmt.Sprintf("old %d", 3*historySize-1)])
}
