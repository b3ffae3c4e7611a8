package globals

import (
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// fullFile fails for want of room as often as told, after writing a part.
type fullFile struct {
	vfs.File
	failures *atomic.Int32
}

func (f *fullFile) Write(p []byte) (int, error) {
	if f.failures.Add(-1) < 0 {
		return f.File.Write(p)
	}
	n, _ := f.File.Write(p[:1])
	return n, syscall.ENOSPC
}

type fullFS struct {
	vfs.FS
	failures *atomic.Int32
}

func (fs fullFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.Create(name, c)
	return &fullFile{f, fs.failures}, err
}

func TestManifestWaitsForRoom(t *testing.T) {
	dir := t.TempDir()
	var failures, waiting atomic.Int32
	fs := patientFS{fullFS{vfs.Default, &failures}, &waiting, testLog{t}}
	failures.Store(3)
	f, err := fs.Create(filepath.Join(dir, "MANIFEST-1"), vfs.WriteCategoryUnspecified)
	require.NoError(t, err)
	start := time.Now()
	n, err := f.Write([]byte("manifest"))
	require.NoError(t, err)
	require.Equal(t, 8, n)
	require.GreaterOrEqual(t, time.Since(start), 3*roomPause)
	require.NoError(t, f.Close())
	require.Zero(t, waiting.Load())
	info, err := vfs.Default.Stat(filepath.Join(dir, "MANIFEST-1"))
	require.NoError(t, err)
	require.EqualValues(t, 8, info.Size())

	failures.Store(1)
	f, err = fs.Create(filepath.Join(dir, "000001.sst"), vfs.WriteCategoryUnspecified)
	require.NoError(t, err)
	_, err = f.Write([]byte("table"))
	require.ErrorIs(t, err, syscall.ENOSPC, "other files fail at once: pebble tries those again itself")
	require.NoError(t, f.Close())
}
