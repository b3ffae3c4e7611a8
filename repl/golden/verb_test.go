package golden_test

// cos test as users call it: this test binary, executed again, is cos.

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// folder makes a folder with files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

// verb is cos in a folder, not yet started.
func verb(dir string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Dir, c.Env = dir, append(os.Environ(), asCos+"=1", quickExit)
	return c
}

// cos runs cos in a folder.
func cos(t *testing.T, dir string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	var out, errs bytes.Buffer
	c := verb(dir, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); c.ProcessState == nil {
		require.NoError(t, err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// TestClockAndSeed: the flags reach the processes, and a session's own lines are stronger.
func TestClockAndSeed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"x.session": `cos session 1
process A: run -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000),!"
A< 67601,5
A<~ (?P<first>\d+)
A exits 0
process A: run -c "WRITE $RANDOM(1000000)"
A< $first
A exits 0
clock 2026-02-01 00:00:07
seed 99
process A: run -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000)=$first,!"
A< 67602,7
A< 0
A exits 0
process A: run --clock 1 --seed 5 -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000)=$first,!"
A< 1,0
A< 1
A exits 0
clock soon
process A: run -c "WRITE 1"
A! cos: *soon
A exits 2
`})
	out, errs, exit := cos(t, dir, "test", "--clock", "67601,5", "--seed", "5", "x.session")
	assert.Equal(t, 0, exit, out+errs)
}
