package globals

// Crash tests: worker processes share a data directory and are killed at random points; what they
// acknowledged must be there, nothing may be done twice or by halves, and the others must go on.
// The workers are this test binary, run again.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	workerEnv = "COS_GLOBALS_TEST_WORKER" // the directory for a worker process
	holdEnv   = "COS_GLOBALS_TEST_HOLD"   // 1: the worker only owns the directory, lock: it holds a LOCK
	accounts  = 10
	balance   = 1000
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerEnv); dir != "" {
		work := work
		switch os.Getenv(holdEnv) {
		case "1":
			work = hold
		case "lock":
			work = holdLock
		}
		if err := work(dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// work repeats a round of changes until its standard input ends. It prints its session's number,
// and after each round, when the round is safe, the round's number.
func work(dir string) error {
	db, err := Open(dir, Options{Add: addInts, CacheBytes: 200_000, segmentSize: 100_000})
	if err != nil {
		return err
	}
	s, err := db.NewSession()
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(stop)
	}()
	fmt.Println(s.ID())
	r := rand.New(rand.NewPCG(uint64(s.ID()), 0))
	for n := 1; ; n++ {
		if err := round(s, r, n); err != nil {
			return err
		}
		if err := s.Barrier(); err != nil {
			return err
		}
		fmt.Println(n)
		select {
		case <-stop:
			return db.Close()
		default:
		}
	}
}

// hold owns the directory until standard input ends.
func hold(dir string) error {
	db, err := Open(dir, Options{Add: addInts})
	if err != nil {
		return err
	}
	fmt.Println(1)
	_, _ = io.Copy(io.Discard, os.Stdin)
	return db.Close()
}

// holdLock holds a LOCK in a transaction until standard input ends, and tells how its next change went.
func holdLock(dir string) error {
	db, err := Open(dir, Options{Add: addInts})
	if err != nil {
		return err
	}
	s, err := db.NewSession()
	if err == nil {
		_, err = s.Lock(context.Background(), req(ref("^held")), LockAdd, -1)
	}
	if err == nil {
		err = errors.Join(s.Begin(), s.Set("USER", ref("t"), []byte("open")), s.Barrier())
	}
	if err != nil {
		return err
	}
	fmt.Println(1)
	_, _ = io.Copy(io.Discard, os.Stdin)
	err = s.Set("USER", ref("late"), []byte("1"))
	if err == nil {
		err = s.Commit()
	}
	fmt.Println(errors.Is(err, ErrExpelled), err)
	return db.Close()
}

// round counts in ^c by $INCREMENT and in ^n under a LOCK, notes itself in ^w(session,n), and moves
// money between two accounts in a transaction, which it sometimes rolls back.
func round(s *Session, r *rand.Rand, n int) error {
	if _, err := s.Increment("USER", ref("c"), []byte("1"), nil); err != nil {
		return err
	}
	if err := s.Set("USER", ref("w", s.ID(), n), strconv.AppendInt(nil, int64(n), 10)); err != nil {
		return err
	}
	lock := req(ref("^bank"))
	if ok, err := s.Lock(context.Background(), lock, LockAdd, -1); err != nil || !ok {
		return fmt.Errorf("lock: %v %w", ok, err)
	}
	if err := add(s, ref("n"), 1); err != nil {
		return err
	}
	if err := s.Begin(); err != nil {
		return err
	}
	amount := r.IntN(50)
	if err := add(s, ref("account", r.IntN(accounts)), -amount); err != nil {
		return err
	}
	if n%5 == 0 {
		if err := s.Kill("USER", ref("account", "none")); err != nil {
			return err
		}
	}
	end := s.Commit
	if n%7 == 0 {
		end = func() error { return s.Rollback(0) }
	} else if err := add(s, ref("account", r.IntN(accounts)), amount); err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	_, err := s.Lock(context.Background(), lock, LockDrop, 0)
	return err
}

// add is a read and a write that only a lock holds together.
func add(s *Session, key []byte, n int) error {
	v, _, err := s.Get("USER", key, nil)
	if err != nil {
		return err
	}
	old, _ := strconv.Atoi(string(v))
	return s.Set("USER", key, strconv.AppendInt(nil, int64(old+n), 10))
}

// worker is a running worker process as the test sees it.
type worker struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	read   chan struct{} // closed at the end of its output
	mu     sync.Mutex
	id     int
	rounds int
	output string
	killed bool
}

func startWorker(t testing.TB, dir string, env ...string) *worker {
	w := &worker{cmd: exec.Command(os.Args[0]), read: make(chan struct{})}
	w.cmd.Env = append(append(os.Environ(), workerEnv+"="+dir), env...)
	w.cmd.Stderr = os.Stderr
	var err error
	w.stdin, err = w.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := w.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, w.cmd.Start())
	go func() {
		defer close(w.read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			w.line(lines.Text())
		}
	}()
	return w
}

func (w *worker) line(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		w.output += text + "\n"
	case w.id == 0:
		w.id = n
	default:
		w.rounds = n
	}
}

func (w *worker) progress() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rounds
}

func (w *worker) kill(t *testing.T) {
	w.killed = true
	require.NoError(t, w.cmd.Process.Kill())
	<-w.read
	_ = w.cmd.Wait()
}

// startOwner has another process own the directory.
func startOwner(t testing.TB, dir string) *worker {
	w := startWorker(t, dir, holdEnv+"=1")
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.id != 0
	}, 10*time.Second, time.Millisecond)
	t.Cleanup(func() { w.stop(t) })
	return w
}

func (w *worker) stop(t testing.TB) {
	require.NoError(t, w.stdin.Close())
	<-w.read
	require.NoError(t, w.cmd.Wait(), "worker: %s", w.output)
}

func TestKilledProcesses(t *testing.T) {
	kills := 40
	if testing.Short() {
		kills = 10
	}
	crash(t, kills)
}

// crash keeps three workers busy on one directory and kills one after the other.
func crash(t *testing.T, kills int) {
	dir := t.TempDir()
	db, err := Open(dir, Options{Add: addInts})
	require.NoError(t, err)
	s := newSession(t, db)
	for i := range accounts {
		set(t, s, ref("account", i), strconv.Itoa(balance))
	}
	require.NoError(t, db.Close())

	all := []*worker{startWorker(t, dir), startWorker(t, dir), startWorker(t, dir)}
	running := append([]*worker(nil), all...)
	for range kills {
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond) // a random point is the purpose
		i := rand.IntN(len(running))
		running[i].kill(t)
		running[i] = startWorker(t, dir)
		all = append(all, running[i])
	}
	for _, w := range running {
		at := w.progress()
		require.Eventually(t, func() bool { return w.progress() > at+3 }, 20*time.Second, time.Millisecond,
			"the others go on: session %d, %d rounds, %s", w.id, w.rounds, w.output)
	}
	for _, w := range running {
		w.stop(t)
	}
	checkCrash(t, dir, all)
}

func checkCrash(t *testing.T, dir string, all []*worker) {
	db := openTest(t, dir, Options{})
	s := newSession(t, db)
	acknowledged, killed := 0, 0
	ids := map[int]bool{}
	for _, w := range all {
		acknowledged += w.rounds
		if w.killed {
			killed++
		}
		if w.id != 0 {
			require.False(t, ids[w.id], "session number %d was used twice", w.id)
			ids[w.id] = true
		}
		for n := 1; n <= w.rounds; n++ {
			require.Equal(t, strconv.Itoa(n), value(t, s, ref("w", w.id, n)), "session %d", w.id)
		}
	}
	for _, name := range []string{"c", "n"} {
		n, err := strconv.Atoi(value(t, s, ref(name)))
		require.NoError(t, err)
		require.GreaterOrEqual(t, n, acknowledged, "^%s: an acknowledged change is lost", name)
		require.LessOrEqual(t, n, acknowledged+killed, "^%s: a change was done twice", name)
	}
	sum := 0
	for i := range accounts {
		n, err := strconv.Atoi(value(t, s, ref("account", i)))
		require.NoError(t, err)
		sum += n
	}
	require.Equal(t, accounts*balance, sum, "a transaction was done by halves")
	locks, err := db.Locks()
	require.NoError(t, err)
	require.Empty(t, locks)
	sessions, err := db.Sessions()
	require.NoError(t, err)
	require.Len(t, sessions, 1)
	t.Logf("%d workers, %d killed, %d rounds", len(all), killed, acknowledged)
}

// TestOwnerHandsOver closes owners in turn while the sessions of others go on.
func TestOwnerHandsOver(t *testing.T) {
	dir := t.TempDir()
	first := openTest(t, dir, Options{})
	second := openTest(t, dir, Options{})
	third := openTest(t, dir, Options{})
	a, b, c := newSession(t, first), newSession(t, second), newSession(t, third)
	set(t, a, ref("x"), "first")
	require.True(t, try(t, b, req(ref("^held", 1))))
	require.True(t, try(t, b, req(ref("^held", 1))))
	require.NoError(t, b.Begin())
	set(t, b, ref("x"), "second")
	require.NoError(t, c.Begin())
	set(t, c, ref("y"), "third")
	require.NoError(t, c.Begin())
	set(t, c, ref("y"), "deeper")
	drop(t, b, req(ref("^held", 1)))
	require.True(t, try(t, a, req(ref("^first"))))
	waiting := make(chan bool)
	go func() {
		ok, err := c.Lock(context.Background(), req(ref("^held")), LockAdd, -1)
		waiting <- ok && err == nil
	}()
	lt := first.engine.(*shared).current().locks
	require.Eventually(t, func() bool {
		lt.mu.Lock()
		defer lt.mu.Unlock()
		return len(lt.queue) == 1
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, first.Close())

	require.Equal(t, "second", value(t, b, ref("x")))
	v, err := b.Increment("USER", ref("i"), []byte("1"), nil)
	require.NoError(t, err)
	require.Equal(t, "1", string(v))
	d := newSession(t, third)
	require.False(t, try(t, d, req(ref("^held", 1))), "a lock survives its owner's process")
	require.True(t, try(t, d, req(ref("^first"))), "the locks of the process that ended are free")
	require.Greater(t, d.ID(), c.ID())
	require.Equal(t, 1, b.Level())
	require.NoError(t, b.Rollback(0))
	require.Equal(t, "first", value(t, d, ref("x")), "a transaction goes on under the next owner")
	require.NoError(t, b.UnlockAll())
	require.True(t, <-waiting, "a wait goes on under the next owner")
	require.NoError(t, c.Rollback(1))
	require.Equal(t, "third", value(t, c, ref("y")))

	require.NoError(t, second.Close())
	require.NotNil(t, third.engine.(*shared).sessionOwner(t))
	require.NoError(t, c.Commit())
	require.Equal(t, "third", value(t, d, ref("y")))
	require.ErrorIs(t, b.Set("USER", ref("x"), nil), ErrClosed)
	var names []string
	infos, err := third.Locks()
	require.NoError(t, err)
	for _, l := range infos {
		names = append(names, fmt.Sprintf("%s %d", strings.Trim(string(l.Key), "\x00"), l.Job))
	}
	require.Equal(t, []string{fmt.Sprintf("^first %d", d.ID()), fmt.Sprintf("^held %d", c.ID())}, names)
}

// sessionOwner waits until this process owns the store.
func (s *shared) sessionOwner(t *testing.T) *owner {
	require.Eventually(t, func() bool { return s.current() != nil }, 10*time.Second, time.Millisecond)
	return s.current()
}
