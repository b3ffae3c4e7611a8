//go:build unix

package globals

// Processes that are stopped (SIGSTOP) and go on (SIGCONT).

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startHolder starts a process that holds LOCK ^held in a transaction that has set ^t.
func startHolder(t *testing.T, dir string) *worker {
	w := startWorker(t, dir, holdEnv+"=lock")
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.id != 0 || w.output != ""
	}, 10*time.Second, time.Millisecond)
	t.Cleanup(func() { // whatever a failing test left
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
	})
	return w
}

// signal sends a signal; after SIGSTOP it returns when the last thread of the process stands still.
func (w *worker) signal(t *testing.T, sig syscall.Signal) {
	require.NoError(t, w.cmd.Process.Signal(sig))
	if sig != syscall.SIGSTOP {
		return
	}
	t.Cleanup(func() { _ = w.cmd.Process.Signal(syscall.SIGCONT) }) // a failing test must not wait for it
	var status syscall.WaitStatus
	_, err := syscall.Wait4(w.cmd.Process.Pid, &status, syscall.WUNTRACED, nil)
	require.NoError(t, err)
	require.True(t, status.Stopped())
}

// lockWithin takes a LOCK, which may take at most so long.
func lockWithin(t *testing.T, s *Session, name string, limit time.Duration) {
	t.Helper()
	start := time.Now()
	ok, err := s.Lock(context.Background(), req(ref(name)), LockAdd, limit)
	require.NoError(t, err)
	require.True(t, ok)
	require.Less(t, time.Since(start), limit+settleGrace)
}

// TestStoppedHolder: a stopped process keeps its locks and hinders nobody otherwise.
func TestStoppedHolder(t *testing.T) {
	dir := t.TempDir()
	startOwner(t, dir)
	holder := startHolder(t, dir)
	s := newSession(t, openTest(t, dir, Options{}))
	holder.signal(t, syscall.SIGSTOP)
	lockWithin(t, s, "^other", time.Second)
	set(t, s, ref("x"), "1")
	require.Equal(t, "open", value(t, s, ref("t")))
	ok, err := s.Lock(context.Background(), req(ref("^held")), LockAdd, 20*time.Millisecond)
	require.NoError(t, err)
	require.False(t, ok)
	holder.signal(t, syscall.SIGCONT)
	holder.stop(t)
	require.Contains(t, holder.output, "false <nil>")
	lockWithin(t, s, "^held", 10*time.Second)
	require.Equal(t, "1", value(t, s, ref("late")))
}

// TestStoppedDuringTakeOver: the owner is killed while the holder of a lock is stopped. The next owner
// waits for the holder, but not longer than it says; then its lock is free and its transaction rolled
// back, and it learns that when it goes on.
func TestStoppedDuringTakeOver(t *testing.T) {
	const patience = 400 * time.Millisecond
	for _, back := range []bool{false, true} {
		dir := t.TempDir()
		owner := startWorker(t, dir, holdEnv+"=1")
		require.Eventually(t, func() bool {
			owner.mu.Lock()
			defer owner.mu.Unlock()
			return owner.id != 0
		}, 10*time.Second, time.Millisecond)
		holder := startHolder(t, dir)
		limit := patience
		if back {
			limit = time.Minute // it comes back long before
		}
		db := openTest(t, dir, Options{patience: limit})
		s := newSession(t, db)
		set(t, s, ref("x"), "1")
		holder.signal(t, syscall.SIGSTOP)
		owner.kill(t)
		require.Equal(t, "1", value(t, s, ref("x")), "data is there at once")
		require.NotNil(t, db.engine.(*shared).current())
		if back {
			holder.signal(t, syscall.SIGCONT)
			lockWithin(t, s, "^other", 10*time.Second)
			ok, err := s.Lock(context.Background(), req(ref("^held")), LockAdd, 0)
			require.NoError(t, err)
			require.False(t, ok, "it still has its lock")
			holder.stop(t)
			require.Contains(t, holder.output, "false <nil>")
			lockWithin(t, s, "^held", 10*time.Second)
			require.Equal(t, "open", value(t, s, ref("t")))
			continue
		}
		lockWithin(t, s, "^other", 5*time.Second)
		lockWithin(t, s, "^held", 5*time.Second)
		require.Equal(t, "<undefined>", value(t, s, ref("t")), "rolled back")
		holder.signal(t, syscall.SIGCONT)
		holder.stop(t)
		require.Contains(t, holder.output, "true "+ErrExpelled.Error())
		require.Equal(t, "<undefined>", value(t, s, ref("late")))
	}
}

// TestStoppedOwner: who comes while the owner is stopped gets an error in the end; who is there waits.
func TestStoppedOwner(t *testing.T) {
	dir := t.TempDir()
	owner := startOwner(t, dir)
	s := newSession(t, openTest(t, dir, Options{}))
	set(t, s, ref("x"), "1")
	require.NoError(t, s.Barrier())
	owner.signal(t, syscall.SIGSTOP)
	_, err := Open(dir, Options{attach: 100 * time.Millisecond})
	require.ErrorContains(t, err, "the owner of "+dir+" does not answer")
	counted := make(chan error)
	go func() {
		_, err := s.Increment("USER", ref("c"), []byte("1"), nil)
		counted <- err
	}()
	select {
	case <-counted:
		t.Error("an answer from a stopped process")
	case <-time.After(50 * time.Millisecond):
	}
	owner.signal(t, syscall.SIGCONT)
	require.NoError(t, <-counted)
	require.Equal(t, "1", value(t, s, ref("c")))
}
