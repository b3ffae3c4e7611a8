package globals

import (
	goruntime "runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestChangesDuringTakeOver: a session that changes data without a pause while its process takes the store
// over loses no change and repeats none.
func TestChangesDuringTakeOver(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for range rounds {
		dir := t.TempDir()
		first := openTest(t, dir, Options{})
		second := openTest(t, dir, Options{})
		s := newSession(t, second)
		done, failed := make(chan struct{}), make(chan error, 1)
		var n atomic.Int64
		go func() {
			defer close(failed)
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := s.Set("USER", ref("s", int(n.Load())), nil); err != nil {
					failed <- err
					return
				}
				v, err := s.Increment("USER", ref("n"), []byte("1"), nil)
				if err != nil || string(v) != strconv.FormatInt(n.Add(1), 10) {
					failed <- err
					t.Errorf("increment gave %q, %v", v, err)
					return
				}
			}
		}()
		require.Eventually(t, func() bool { return n.Load() > 3 }, 10*time.Second, 100*time.Microsecond)
		require.NoError(t, first.Close())
		second.engine.(*shared).sessionOwner(t)
		at := n.Load()
		require.Eventually(t, func() bool { return n.Load() > at+3 || t.Failed() }, 10*time.Second, 100*time.Microsecond)
		close(done)
		require.NoError(t, <-failed)
		require.False(t, t.Failed())
		require.Equal(t, strconv.FormatInt(n.Load(), 10), value(t, s, ref("n")))
		for i := range int(n.Load()) {
			require.Equal(t, "", value(t, s, ref("s", i)), "change %d", i)
		}
		require.NoError(t, second.Close())
	}
}

// TestTakeOverBeforeTheMutex: a change that found no local store before it waited for the mutex, behind
// which its process took the store over, is not left in a frame that nobody sends.
func TestTakeOverBeforeTheMutex(t *testing.T) {
	for name, change := range map[string]func(*Session) error{
		"Set":       func(s *Session) error { return s.Set("USER", ref("x"), nil) },
		"Kill":      func(s *Session) error { return s.Kill("USER", ref("x")) },
		"ZKill":     func(s *Session) error { return s.ZKill("USER", ref("x")) },
		"Increment": func(s *Session) error { _, err := s.Increment("USER", ref("x"), []byte("1"), nil); return err },
		"Begin":     func(s *Session) error { return s.Begin() },
		"Unlock":    func(s *Session) error { _, err := s.Lock(t.Context(), req(ref("^x")), LockDrop, 0); return err },
		"UnlockAll": func(s *Session) error { return s.UnlockAll() },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			openTest(t, dir, Options{})
			s := newSession(t, openTest(t, dir, Options{}))
			require.NoError(t, s.Barrier())
			c := s.c.(*remoteConn)
			next := newMemory(Options{Add: addInts})
			j, err := next.newJob(1, "")
			require.NoError(t, err)
			done := make(chan error)
			c.mu.Lock()
			c.timer.Stop()
			go func() { done <- change(s) }()
			require.Eventually(t, func() bool { return waitsForMutex("(*remoteConn)") }, 10*time.Second, 100*time.Microsecond)
			c.local.Store(&localConn{o: next, job: j, local: true})
			c.mu.Unlock()
			require.NoError(t, <-done)
			require.Empty(t, c.out)
			require.Empty(t, c.sent)
			c.local.Store(nil) // the real owner's again, to close
		})
	}
}

// waitsForMutex says whether a goroutine in a method of a type waits for a mutex.
func waitsForMutex(method string) bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:goruntime.Stack(stacks, true)]
	for g := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(g, "[sync.Mutex.Lock") && strings.Contains(g, method) {
			return true
		}
	}
	return false
}
