package globals

// What survives: closing and opening again, torn and failing writes, damage, and newer versions.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReopen compares a directory with a model over several openings, with checkpoints and
// evictions going on.
func TestReopen(t *testing.T) {
	dir, model := t.TempDir(), map[string]string{}
	r := newRand(t)
	for range 5 {
		db, err := Open(dir, Options{Add: addInts, CacheBytes: 50_000, segmentSize: 30_000})
		require.NoError(t, err)
		s := newSession(t, db)
		require.Equal(t, len(model), len(walk(t, s, ref("r"))))
		for k, v := range model {
			require.Equal(t, v, value(t, s, []byte(k)))
		}
		for range 3000 {
			k := ref("r", r.IntN(30), r.IntN(60))
			switch r.IntN(20) {
			case 0:
				if k = ref("r", r.IntN(30)); r.IntN(20) == 0 {
					k = ref("r")
				}
				for m := range model {
					if strings.HasPrefix(m, string(k)) {
						delete(model, m)
					}
				}
				require.NoError(t, s.Kill("USER", k))
			case 1:
				delete(model, string(k))
				require.NoError(t, s.ZKill("USER", k))
			default:
				v := strings.Repeat(strconv.Itoa(r.IntN(1000)), 1+r.IntN(30))
				model[string(k)] = v
				set(t, s, k, v)
			}
		}
		require.NoError(t, db.Close())
	}
	segs, err := newLog(dir, Options{}).segments()
	require.NoError(t, err)
	require.Greater(t, segs[0], 3, "there were checkpoints")
}

// TestRecoveredTransaction opens a directory whose owner died inside a transaction.
func TestRecoveredTransaction(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{segmentSize: 2000})
	s := newSession(t, db)
	for i := range 50 {
		set(t, s, ref("t", i), "before")
	}
	before := walk(t, s, ref("t"))
	require.NoError(t, s.Begin())
	for i := range 100 { // over several segments, whose heads carry the transaction on
		set(t, s, ref("t", i), "inside")
		require.NoError(t, s.Barrier())
	}
	require.NoError(t, s.Kill("USER", ref("t", 3)))
	require.NoError(t, s.Begin())
	require.NoError(t, s.Kill("USER", ref("t")))
	require.NoError(t, s.Barrier())
	ownerOf(t, db).background.Wait()
	copied := copyDir(t, dir)
	again := newSession(t, openTest(t, copied, Options{}))
	require.Equal(t, before, walk(t, again, ref("t")))
}

// copyDir copies what a killed process leaves behind.
func copyDir(t *testing.T, dir string) string {
	to := t.TempDir()
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// TestTornWrite cuts the log at every place and appends what a torn write may leave: the state must
// be that after some number of whole changes.
func TestTornWrite(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{})
	s := newSession(t, db)
	l := ownerOf(t, db).log
	sizes := []int64{}
	const changes = 20
	for i := 1; i <= changes; i++ {
		set(t, s, ref("t", i), strings.Repeat("x", i))
		set(t, s, ref("last"), strconv.Itoa(i))
		require.NoError(t, s.Barrier())
		sizes = append(sizes, l.length())
	}
	file := l.path(1)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	tails := []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\x3f garbage", string(whole[:20])}
	for cut := len(whole); cut > 0; cut -= 1 + cut%7 {
		torn := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(torn, "log"), 0o700))
		text := string(whole[:cut]) + tails[cut%len(tails)]
		if cut == len(whole) {
			text = string(whole)
		}
		require.NoError(t, os.WriteFile(filepath.Join(torn, "log", filepath.Base(file)), []byte(text), 0o600))
		kept := 0
		for kept < changes && sizes[kept] <= int64(cut) {
			kept++
		}
		again, err := Open(torn, Options{})
		require.NoError(t, err)
		s := newSession(t, again)
		want := "<undefined>"
		if kept > 0 {
			want = strconv.Itoa(kept)
		}
		require.Equal(t, want, value(t, s, ref("last")), "cut at %d of %v", cut, sizes)
		require.Len(t, walk(t, s, ref("t")), kept)
		set(t, s, ref("after"), "goes on")
		require.NoError(t, again.Close())
		again = openTest(t, torn, Options{})
		require.Equal(t, "goes on", value(t, newSession(t, again), ref("after")))
	}
}

func TestDamagedLog(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(dir, Options{})
	require.NoError(t, err)
	set(t, newSession(t, db), ref("x"), "1")
	require.NoError(t, db.Close())
	l := newLog(dir, Options{})
	text, err := os.ReadFile(l.path(1))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(l.path(2), text, 0o600))
	text[len(text)/2] ^= 1
	require.NoError(t, os.WriteFile(l.path(1), text, 0o600))
	_, err = Open(dir, Options{})
	require.ErrorIs(t, err, ErrCorrupt, "a segment before the last one")
	require.ErrorContains(t, err, l.path(1)+" is damaged at byte 0")
}

// TestDamageBeforeValidChanges: a bad chunk with good ones behind it is no torn write. Nothing is
// cut, and the error names the place; whoever gives the rest up cuts the file there.
func TestDamageBeforeValidChanges(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(dir, Options{})
	require.NoError(t, err)
	s, l := newSession(t, db), ownerOf(t, db).log
	starts := []int64{}
	const changes = 12
	for i := range changes {
		starts = append(starts, l.length())
		set(t, s, ref("t", i), strings.Repeat("x", 10+i*100))
		require.NoError(t, s.Barrier())
	}
	starts = append(starts, l.length())
	require.NoError(t, db.Close())
	whole, err := os.ReadFile(l.path(1))
	require.NoError(t, err)
	for _, bad := range []int64{0, 1, 3, 4, chunkHeader, chunkHeader + 20} { // in the length, the sum, the entries
		for i := 1; i < changes; i += 3 {
			text := bytes.Clone(whole)
			text[starts[i]+bad] ^= 0x21
			require.NoError(t, os.WriteFile(l.path(1), text, 0o600))
			_, err := Open(dir, Options{})
			require.ErrorIs(t, err, ErrCorrupt)
			require.ErrorContains(t, err, fmt.Sprintf("%s is damaged at byte %d, and valid changes follow at byte %d", l.path(1), starts[i], starts[i+1]))
			left, err := os.ReadFile(l.path(1))
			require.NoError(t, err)
			require.Equal(t, text, left, "nothing is cut")
		}
	}
	require.NoError(t, os.Truncate(l.path(1), starts[4]))
	again := openTest(t, dir, Options{})
	require.Len(t, walk(t, newSession(t, again), ref("t")), 4)
}

func TestNewerVersion(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, formatFile), []byte("cos globals 99\n"), 0o600))
	_, err := Open(dir, Options{})
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, "version 99, this program knows up to 1")
	require.NoError(t, os.WriteFile(filepath.Join(dir, formatFile), []byte("something else"), 0o600))
	_, err = Open(dir, Options{})
	require.ErrorIs(t, err, ErrCorrupt)
}

// faultyFile is a log file on a disk that can be full, and that counts syncs.
type faultyFile struct {
	logFile
	disk *faultyDisk
}

type faultyDisk struct {
	full  atomic.Bool
	syncs atomic.Int32
	mu    sync.Mutex
	torn  int // bytes that a failing write leaves
}

func (d *faultyDisk) open(name string, flag int, perm os.FileMode) (logFile, error) {
	f, err := openLogFile(name, flag, perm)
	return &faultyFile{f, d}, err
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if !f.disk.full.Load() {
		return f.logFile.WriteAt(p, off)
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.torn++
	n, _ := f.logFile.WriteAt(p[:min(len(p), f.disk.torn%50)], off)
	return n, &os.PathError{Op: "write", Path: "log", Err: syscall.ENOSPC}
}

func (f *faultyFile) Sync() error {
	f.disk.syncs.Add(1)
	return f.logFile.Sync()
}

func TestFullDisk(t *testing.T) {
	dir, disk := t.TempDir(), &faultyDisk{}
	db := openTest(t, dir, Options{openFile: disk.open})
	s := newSession(t, db)
	other := newSession(t, openTest(t, dir, Options{}))
	set(t, s, ref("d", 0), "before")
	require.NoError(t, s.Barrier())
	disk.full.Store(true)
	set(t, s, ref("d", 1), "buffered")
	require.ErrorIs(t, s.Barrier(), syscall.ENOSPC)
	require.ErrorIs(t, s.Set("USER", ref("d", 2), []byte("refused")), syscall.ENOSPC)
	require.ErrorIs(t, s.Kill("USER", ref("d")), syscall.ENOSPC)
	require.Equal(t, "before", value(t, s, ref("d", 0)), "what is there can be read")
	require.Equal(t, "<undefined>", value(t, s, ref("d", 2)))
	require.NoError(t, other.Set("USER", ref("d", 3), []byte("refused")))
	require.ErrorIs(t, other.Barrier(), syscall.ENOSPC, "over the socket too")
	disk.full.Store(false)
	set(t, s, ref("d", 4), "after")
	require.NoError(t, s.Barrier())
	set(t, other, ref("d", 5), "after")
	require.NoError(t, other.Barrier())
	want := walk(t, s, ref("d"))
	require.Equal(t, want, walk(t, newSession(t, openTest(t, copyDir(t, dir), Options{})), ref("d")))
	require.Equal(t, "buffered", value(t, s, ref("d", 1)))
}

func TestDurabilityLevels(t *testing.T) {
	for _, c := range []struct {
		level Durability
		check func(t *testing.T, s *Session, syncs *atomic.Int32)
	}{
		{Sync, func(t *testing.T, s *Session, syncs *atomic.Int32) {
			before := syncs.Load()
			set(t, s, ref("x"), "1")
			require.Equal(t, before+1, syncs.Load(), "each change is on the disk when it returns")
			require.NoError(t, s.Begin())
			set(t, s, ref("x"), "2")
			set(t, s, ref("y"), "2")
			require.Equal(t, before+1, syncs.Load(), "in a transaction only the commit")
			require.NoError(t, s.Commit())
			require.Equal(t, before+2, syncs.Load())
		}},
		{Interval, func(t *testing.T, s *Session, syncs *atomic.Int32) {
			before := syncs.Load()
			set(t, s, ref("x"), "1")
			require.NoError(t, s.Barrier())
			require.Equal(t, before, syncs.Load())
			require.Eventually(t, func() bool { return syncs.Load() > before }, 5*syncInterval, syncInterval/50)
		}},
		{Off, func(t *testing.T, s *Session, syncs *atomic.Int32) {
			set(t, s, ref("x"), "1")
			require.NoError(t, s.Barrier())
			require.NoError(t, s.Close())
			require.Zero(t, syncs.Load())
		}},
	} {
		t.Run(strconv.Itoa(int(c.level)), func(t *testing.T) {
			disk := &faultyDisk{}
			db := openTest(t, t.TempDir(), Options{Durability: c.level, openFile: disk.open})
			c.check(t, newSession(t, db), &disk.syncs)
		})
	}
}

// TestBarrierReachesSystem looks at the log file as another process would after a kill.
func TestBarrierReachesSystem(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{})
	s := newSession(t, db)
	for i := range 100 {
		set(t, s, ref("b"), strconv.Itoa(i))
		require.NoError(t, s.Barrier())
		if i%25 == 0 {
			again, err := Open(copyDir(t, dir), Options{})
			require.NoError(t, err)
			require.Equal(t, strconv.Itoa(i), value(t, newSession(t, again), ref("b")))
			require.NoError(t, again.Close())
		}
	}
}

func TestCloseEndsGoroutines(t *testing.T) {
	before := goruntime.NumGoroutine()
	dir := t.TempDir()
	first, err := Open(dir, Options{CacheBytes: 10_000})
	require.NoError(t, err)
	second, err := Open(dir, Options{CacheBytes: 10_000})
	require.NoError(t, err)
	a, b := newSession(t, first), newSession(t, second)
	for i := range 1000 {
		set(t, a, ref("a", i), "x")
		set(t, b, ref("b", i), "x")
	}
	require.NoError(t, errors.Join(second.Close(), first.Close()))
	for deadline := time.Now().Add(10 * time.Second); goruntime.NumGoroutine() > before; goruntime.Gosched() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("goroutines are left:\n%s", stacks[:goruntime.Stack(stacks, true)])
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, "run"))
	require.NoError(t, err)
	require.Len(t, files, 1, "only the version counters stay")
}
