package globals

// A real full file system, where the test may mount one.

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestFullFilesystem fills a small file system until changes are refused, frees space and goes on:
// nothing that was accepted may be missing.
func TestFullFilesystem(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=10m"); err != nil {
		t.Skipf("cannot mount a file system: %v", err)
	}
	defer func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) }()
	ballast := filepath.Join(dir, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 3<<20), 0o600))
	data := filepath.Join(dir, "data")
	options := Options{Add: addInts, CacheBytes: 1 << 20, segmentSize: 300_000, Logger: testLog{t}}
	db, err := Open(data, options)
	require.NoError(t, err)
	s := newSession(t, db)
	filler := func(i int) string { // does not compress
		r := rand.New(rand.NewPCG(uint64(i), 1))
		b := make([]byte, 800)
		for k := range b {
			b[k] = byte(r.Uint32())
		}
		return string(b)
	}
	accepted := 0
	for ; ; accepted++ {
		if err = s.Set("USER", ref("f", accepted*7919%1_000_003), []byte(filler(accepted))); err == nil && accepted%10 == 0 {
			err = s.Barrier()
		}
		if err != nil {
			break
		}
		require.Less(t, accepted, 200_000, "the disk never gets full")
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	t.Logf("full after %d nodes: %v", accepted, err)
	require.Equal(t, filler(accepted-1), value(t, s, ref("f", (accepted-1)*7919%1_000_003)))
	require.NoError(t, os.Remove(ballast))
	require.Eventually(t, func() bool { return s.Set("USER", ref("free"), []byte("again")) == nil }, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, s.Barrier())
	for i := range accepted {
		require.Equal(t, filler(i), value(t, s, ref("f", i*7919%1_000_003)))
	}
	require.NoError(t, db.Close())
	db, err = Open(data, options)
	require.NoError(t, err)
	s = newSession(t, db)
	for i := range accepted {
		require.Equal(t, filler(i), value(t, s, ref("f", i*7919%1_000_003)))
	}
	require.Equal(t, "again", value(t, s, ref("free")))
	require.NoError(t, db.Close())
}
