//go:build unix

package globals

// Files of a directory in use that somebody removes or cuts short.

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// agree has each session in turn change a node, many times, and all others see it at once.
func agree(t *testing.T, sessions ...*Session) {
	t.Helper()
	for i := range 60 {
		s := sessions[i%len(sessions)]
		set(t, s, ref("x"), strconv.Itoa(i))
		require.NoError(t, s.Barrier())
		for range 3 { // the second and third may be remembered
			for k, o := range sessions {
				require.Equal(t, strconv.Itoa(i), value(t, o, ref("x")), "round %d, session %d", i, k)
			}
		}
	}
}

// TestRemovedLockFile: who comes after the lock file was removed does not own the store beside its owner.
func TestRemovedLockFile(t *testing.T) {
	dir := t.TempDir()
	first := openTest(t, dir, Options{})
	require.NoError(t, os.Remove(filepath.Join(dir, "lock")))
	second := openTest(t, dir, Options{})
	require.Nil(t, second.engine.(*shared).current())
	a, b := newSession(t, first), newSession(t, second)
	agree(t, a, b)
	require.NoError(t, first.Close())
	set(t, b, ref("y"), "1")
	require.Equal(t, "1", value(t, newSession(t, openTest(t, dir, Options{})), ref("y")))
}

// TestCopiedDirectory: a copy of a directory in use is another directory.
func TestCopiedDirectory(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	s := newSession(t, openTest(t, dir, Options{}))
	set(t, s, ref("x"), "1")
	require.NoError(t, s.Barrier())
	require.NoError(t, os.CopyFS(other, os.DirFS(dir)))
	o := newSession(t, openTest(t, other, Options{}))
	set(t, o, ref("x"), "2")
	require.NoError(t, o.Barrier())
	require.Equal(t, "1", value(t, s, ref("x")))
	require.Equal(t, "2", value(t, o, ref("x")))
}

// TestRemovedVersions: a process that counts changes in another file than the owner remembers nothing.
func TestRemovedVersions(t *testing.T) {
	dir := t.TempDir()
	first, second := openTest(t, dir, Options{}), openTest(t, dir, Options{})
	require.NoError(t, os.Remove(filepath.Join(dir, "run", "versions")))
	third := openTest(t, dir, Options{})
	require.False(t, second.engine.(*shared).memory.off.Load())
	require.True(t, third.engine.(*shared).memory.off.Load())
	agree(t, newSession(t, first), newSession(t, second), newSession(t, third))
}

// TestTruncatedVersions: a counter that is no more there ends no process, and nothing stale is read.
func TestTruncatedVersions(t *testing.T) {
	dir := t.TempDir()
	first, second := openTest(t, dir, Options{}), openTest(t, dir, Options{})
	a, b := newSession(t, first), newSession(t, second)
	agree(t, a, b)
	require.NoError(t, os.Truncate(filepath.Join(dir, "run", "versions"), 0))
	agree(t, a, b)
	agree(t, a, b, newSession(t, openTest(t, dir, Options{})))
	require.True(t, second.engine.(*shared).memory.versions.lost.Load())
}

// TestOverwrittenVersions: counters that went back are not believed.
func TestOverwrittenVersions(t *testing.T) {
	dir := t.TempDir()
	first, second := openTest(t, dir, Options{}), openTest(t, dir, Options{})
	a, b := newSession(t, first), newSession(t, second)
	name := filepath.Join(dir, "run", "versions")
	before, err := os.ReadFile(name)
	require.NoError(t, err)
	agree(t, a, b)
	require.NoError(t, os.WriteFile(name, before, 0o600))
	agree(t, a, b)
}

// TestFilesAreTheUsersAlone: nobody else may read or reach anything of a directory.
func TestFilesAreTheUsersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	db := openTest(t, dir, Options{})
	openTest(t, dir, Options{})
	socket, err := db.engine.(*shared).socketPath()
	require.NoError(t, err)
	for _, path := range []string{dir, filepath.Dir(socket)} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, path)
	}
}
