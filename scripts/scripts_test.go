package scripts_test

// The goldens of the bundled programs. They run cos by executing this test binary again,
// so that -race and -cover see what cos does.

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/repl/cli"
	"cos/repl/golden"
	"cos/scripts"
)

// asCos makes this binary act as cos.
const asCos = "GOLDEN_AS_COS"

// quickExit takes away the second that every process waits at its end under -race.
const quickExit = "GORACE=atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	if os.Getenv(asCos) != "" {
		os.Exit(cli.Main(os.Args[1:], scripts.Files))
	}
	os.Exit(m.Run())
}

// patience multiplies the limits of the files: a loaded machine and -race are slow.
const patience = 5

func options() *golden.Options {
	return &golden.Options{Command: []string{os.Args[0]}, Env: []string{asCos + "=1", quickExit}, Patience: patience}
}

func sessions(t *testing.T) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".session" {
			files = append(files, path)
		}
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

func TestGoldens(t *testing.T) {
	for _, path := range sessions(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, golden.RunFile(path, options()).Err)
		})
	}
}

// TestGoldensTurnRed plays copies of a golden, each with one expectation that no cos can
// meet: every one must fail, and at that line.
func TestGoldensTurnRed(t *testing.T) {
	path := filepath.Join("manual", "packet.session")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(string(text), "\n")
	altered := 0
	for i, line := range lines {
		var broken string
		switch name, sign, _ := cut(line); sign {
		case "<":
			broken = name + "< something else"
		case "!":
			broken = name + "! <DIVIDE>"
		default:
			continue
		}
		altered++
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			copied := filepath.Join(t.TempDir(), "copy.session")
			changed := append(append(append([]string{}, lines[:i]...), broken), lines[i+1:]...)
			require.NoError(t, os.WriteFile(copied, []byte(strings.Join(changed, "\n")), 0o600))
			r := golden.RunFile(copied, options())
			require.Error(t, r.Err)
			assert.True(t, strings.HasPrefix(r.Err.Error(), copied+":"+strconv.Itoa(i+1)+":"), r.Err.Error())
			assert.Contains(t, r.Err.Error(), "cos test --update "+copied)
		})
	}
	require.Greater(t, altered, 10)
}

// TestDocumentedSession plays the session that docs/testing.md shows.
func TestDocumentedSession(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "testing.md"))
	require.NoError(t, err)
	_, text, found := strings.Cut(string(page), "```\ncos session 1\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "```")
	program, err := os.ReadFile(filepath.Join("manual", "concurrent.mac"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "concurrent.mac"), program, 0o600))
	path := filepath.Join(dir, "doc.session")
	require.NoError(t, os.WriteFile(path, []byte("cos session 1\n"+text), 0o600))
	require.NoError(t, golden.RunFile(path, options()).Err)
}

// cut splits an expectation into name, sign and text.
func cut(line string) (name, sign, text string) {
	for i, c := range line {
		switch c {
		case '<', '!', '>':
			return line[:i], string(c), line[i+1:]
		case ' ', '#':
			return "", "", line
		}
	}
	return "", "", line
}

// TestProgramsAreCovered: a bundled program without a golden is not done. The routines of cft
// are one program, which the verb cft starts: each of them is called by another or by a golden.
func TestProgramsAreCovered(t *testing.T) {
	goldens := new(bytes.Buffer)
	for _, path := range sessions(t) {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		goldens.Write(b)
	}
	programs, err := fs.Glob(scripts.Files, "*/*.mac")
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	called := func(p string) bool {
		entry := []byte("^" + strings.TrimSuffix(filepath.Base(p), ".mac"))
		for _, other := range programs {
			b, err := fs.ReadFile(scripts.Files, other)
			require.NoError(t, err)
			if other != p && strings.HasPrefix(other, "cft/") && bytes.Contains(b, entry) {
				return true
			}
		}
		return bytes.Contains(goldens.Bytes(), entry)
	}
	for _, p := range programs {
		covered := bytes.Contains(goldens.Bytes(), []byte(filepath.Base(p))) || strings.HasPrefix(p, "cft/") && called(p)
		assert.True(t, covered, "%s: no golden runs it", p)
	}
}
