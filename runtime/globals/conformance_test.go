package globals

// The conformance suite: what every engine must do, run over each of them by engine_test.go.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// addInts is the increment arithmetic of the tests: decimal integers.
func addInts(old []byte, _ bool, delta []byte) ([]byte, error) {
	a, _ := strconv.ParseInt(string(old), 10, 64)
	b, err := strconv.ParseInt(string(delta), 10, 64)
	if err != nil {
		return nil, errNotANumber
	}
	return strconv.AppendInt(nil, a+b, 10), nil
}

var errNotANumber = errors.New("not a number")

// ref builds a key from a name and int or string subscripts.
func ref(name string, subs ...any) []byte {
	key := AppendName(nil, name)
	for _, s := range subs {
		switch s := s.(type) {
		case int:
			key = AppendInt(key, int64(s))
		case string:
			key = AppendText(key, s, false)
		case float64:
			key = AppendNumber(key, int64(s*100), -2)
		}
	}
	return key
}

func value(t testing.TB, s *Session, key []byte) string {
	t.Helper()
	v, found, err := s.Get("USER", key, nil)
	require.NoError(t, err)
	if !found {
		return "<undefined>"
	}
	return string(v)
}

func set(t testing.TB, s *Session, key []byte, v string) {
	t.Helper()
	require.NoError(t, s.Set("USER", key, []byte(v)))
}

func newSession(t testing.TB, db *DB) *Session {
	t.Helper()
	s, err := db.NewSession()
	require.NoError(t, err)
	return s
}

// walk lists a tree as "key=value" for comparisons.
func walk(t testing.TB, s *Session, key []byte) (out []string) {
	t.Helper()
	require.NoError(t, s.Walk("USER", key, func(k, v []byte) error {
		out = append(out, fmt.Sprintf("%q=%s", k, v))
		return nil
	}))
	return out
}

// newRand is a random source whose seed a failing test tells; COS_SEED sets it.
func newRand(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if text := os.Getenv("COS_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("COS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// conform runs the suite; open returns a fresh engine each time.
func conform(t *testing.T, open func(t *testing.T) *DB) {
	tests := map[string]func(*testing.T, *DB){
		"Nodes": conformNodes, "Order": conformOrder, "Model": conformModel, "Namespaces": conformNamespaces,
		"LongValues": conformLongValues, "Increment": conformIncrement, "Parallel": conformParallel,
		"Sessions": conformSessions, "Transaction": conformTransaction, "TransactionEnds": conformTransactionEnds,
		"LockConflicts": conformLockConflicts, "LockCounts": conformLockCounts, "LockShared": conformLockShared,
		"LockFair": conformLockFair, "LockTimeout": conformLockTimeout, "LockTransaction": conformLockTransaction,
		"LockEscalation": conformLockEscalation, "LockMany": conformLockMany, "Errors": conformErrors,
		"Compact": conformCompact,
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) { f(t, open(t)) })
	}
}

func conformNodes(t *testing.T, db *DB) {
	s := newSession(t, db)
	require.Equal(t, "<undefined>", value(t, s, ref("a")))
	set(t, s, ref("a"), "root")
	set(t, s, ref("a", 1, "x"), "deep")
	set(t, s, ref("a", 2), "")
	require.Equal(t, "root", value(t, s, ref("a")))
	require.Equal(t, "", value(t, s, ref("a", 2)))
	require.Equal(t, "<undefined>", value(t, s, ref("a", 1)))
	for _, c := range []struct {
		key  []byte
		want int
	}{{ref("a"), 11}, {ref("a", 1), 10}, {ref("a", 1, "x"), 1}, {ref("a", 2), 1}, {ref("a", 3), 0}, {ref("b"), 0}} {
		d, err := s.Data("USER", c.key)
		require.NoError(t, err)
		require.Equal(t, c.want, d, "%q", c.key)
	}
	require.NoError(t, s.ZKill("USER", ref("a")))
	require.Equal(t, "deep", value(t, s, ref("a", 1, "x")))
	require.NoError(t, s.Kill("USER", ref("a", 1)))
	require.Equal(t, []string{`"a\x00\x14="`}, func() []string {
		out := walk(t, s, ref("a"))
		for i := range out {
			out[i] = strings.Replace(out[i], `"=`, `=`, 1) + `"`
		}
		return out
	}())
	require.NoError(t, s.Kill("USER", ref("a")))
	require.Empty(t, walk(t, s, ref("a")))
}

func conformOrder(t *testing.T, db *DB) {
	s := newSession(t, db)
	subs := []any{-12.5, -3, 0, 0.5, 1, 2, 10, "", "A", "a", "a b", "ab"}
	subs = append(subs[:7], subs[8:]...)
	for _, i := range rand.Perm(len(subs)) {
		set(t, s, ref("o", "top", subs[i], "child"), "x")
	}
	parent := ref("o", "top")
	for _, dir := range []int{1, -1} {
		key := parent
		for n := range subs {
			if dir < 0 {
				n = len(subs) - 1 - n
			}
			sub, found, err := s.Order("USER", key, len(parent), dir, nil)
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, ref("", subs[n])[1:], sub, "%v in direction %d", subs[n], dir)
			key = append(bytes.Clone(parent), sub...)
		}
		_, found, err := s.Order("USER", key, len(parent), dir, nil)
		require.NoError(t, err)
		require.False(t, found)
	}
	sub, found, err := s.Order("USER", ref("o", "top", 3), len(parent), -1, []byte("kept"))
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, append([]byte("kept"), AppendInt(nil, 2)...), sub)
	_, found, err = s.Order("USER", ref("nothing"), len(ref("nothing")), 1, nil)
	require.NoError(t, err)
	require.False(t, found)
}

// conformModel runs random operations against a sorted list of nodes.
func conformModel(t *testing.T, db *DB) {
	s := newSession(t, db)
	r := newRand(t)
	model := map[string]string{}
	universe := 2000
	key := func() []byte {
		n := r.IntN(universe)
		switch r.IntN(3) {
		case 0:
			return ref("m", n)
		case 1:
			return ref("m", n/30, n%30)
		}
		return ref("m", n/100, "s"+strconv.Itoa(n%100), n%3)
	}
	steps := 40_000
	if testing.Short() {
		steps = 8000
	}
	for step := range steps {
		k := key()
		switch op := r.IntN(100); {
		case op < 55:
			v := strings.Repeat("v", r.IntN(40))
			if r.IntN(100) == 0 {
				v = strings.Repeat("long", r.IntN(2000))
			}
			model[string(k)] = v
			require.NoError(t, s.Set("USER", k, []byte(v)))
		case op < 60:
			delete(model, string(k))
			require.NoError(t, s.ZKill("USER", k))
		case op < 62:
			if r.IntN(200) == 0 {
				k = ref("m")
			}
			for m := range model {
				if strings.HasPrefix(m, string(k)) {
					delete(model, m)
				}
			}
			require.NoError(t, s.Kill("USER", k))
		case op < 80:
			v, found, err := s.Get("USER", k, nil)
			require.NoError(t, err)
			want, exists := model[string(k)]
			require.Equal(t, exists, found, "step %d", step)
			require.Equal(t, want, string(v))
		case op < 81:
			compareModel(t, s, model, r, k)
		}
	}
	var want []string
	for k, v := range model {
		want = append(want, fmt.Sprintf("%q=%s", k, v))
	}
	sort.Strings(want)
	got := walk(t, s, ref("m"))
	sort.Strings(got)
	require.Equal(t, want, got)
}

// compareModel checks $ORDER, $QUERY and $DATA around one key.
func compareModel(t *testing.T, s *Session, model map[string]string, r *rand.Rand, k []byte) {
	t.Helper()
	keys := make([]string, 0, len(model))
	for m := range model {
		keys = append(keys, m)
	}
	sort.Strings(keys)
	at := sort.SearchStrings(keys, string(k))
	after := sort.SearchStrings(keys, string(k)+"\xff")
	data := 0
	if at < len(keys) && keys[at] == string(k) {
		data = 1
	}
	if after-at > data {
		data += 10
	}
	d, err := s.Data("USER", k)
	require.NoError(t, err)
	require.Equal(t, data, d, "%q", k)

	next, prev := at+data%2, at-1
	checkQuery := func(dir, i int) {
		got, v, found, err := s.Query("USER", k, dir, nil, nil)
		require.NoError(t, err)
		require.Equal(t, i >= 0 && i < len(keys), found)
		if found {
			require.Equal(t, keys[i], string(got))
			require.Equal(t, model[keys[i]], string(v))
		}
	}
	checkQuery(1, next)
	checkQuery(-1, prev)

	_, subs := SplitName(k)
	parent := len(k) - len(subs)
	for rest := subs; len(rest) > 0; {
		n := subscriptLen(rest)
		if len(rest) == n {
			parent = len(k) - n
		}
		rest = rest[n:]
	}
	checkOrder := func(key []byte, dir, i int) {
		sub, found, err := s.Order("USER", key, parent, dir, nil)
		require.NoError(t, err)
		exists := i >= 0 && i < len(keys) && strings.HasPrefix(keys[i], string(k[:parent])) && len(keys[i]) > parent
		require.Equal(t, exists, found, "%q %d", key, dir)
		if found {
			want := keys[i][parent:]
			require.Equal(t, want[:subscriptLen([]byte(want))], string(sub))
		}
	}
	checkOrder(k, 1, after)
	checkOrder(k, -1, prev)
	first := sort.SearchStrings(keys, string(k[:parent])+"\x00")
	checkOrder(k[:parent], 1, first)
	checkOrder(k[:parent], -1, sort.SearchStrings(keys, string(k[:parent])+"\xff")-1)
}

func conformNamespaces(t *testing.T, db *DB) {
	s := newSession(t, db)
	require.NoError(t, s.Set("USER", ref("n", 1), []byte("user")))
	require.NoError(t, s.Set("%SYS", ref("n", 1), []byte("sys")))
	require.NoError(t, s.Set("%SYS", ref("%x"), []byte("sys")))
	v, _, err := s.Get("%SYS", ref("n", 1), nil)
	require.NoError(t, err)
	require.Equal(t, "sys", string(v))
	require.NoError(t, s.Kill("%SYS", ref("n")))
	require.Equal(t, "user", value(t, s, ref("n", 1)))
	names, err := s.Names("%SYS")
	require.NoError(t, err)
	require.Equal(t, []string{"%x"}, names)
	names, err = s.Names("USER")
	require.NoError(t, err)
	require.Equal(t, []string{"n"}, names)
	for _, n := range []string{"abc", "abd", "abe", "ac", "b"} {
		set(t, s, ref(n, 1), "x")
	}
	require.NoError(t, s.Kill("USER", ref("abd")))
	for _, c := range []struct {
		prefix string
		most   int
		want   []string
	}{{"ab", 9, []string{"abc", "abe"}}, {"a", 2, []string{"abc", "abe"}}, {"", 9, []string{"abc", "abe", "ac", "b", "n"}}, {"z", 9, nil}, {"abc", 9, []string{"abc"}}, {"a", 0, nil}} {
		names, err = s.NamesLike("USER", c.prefix, c.most)
		require.NoError(t, err)
		require.ElementsMatch(t, c.want, names, c.prefix)
	}
}

func conformLongValues(t *testing.T, db *DB) {
	s := newSession(t, db)
	long := strings.Repeat("0123456789abcdef", 3_641_144/16)
	for _, n := range []int{0, 1, 1023, 1024, 1025, 65534, 65535, 65536, len(long)} {
		set(t, s, ref("l", n), long[:n])
	}
	for _, n := range []int{len(long), 1, 1025, 65535, 0, 1024} {
		require.Equal(t, long[:n], value(t, s, ref("l", n)))
	}
	set(t, s, ref("l", len(long)), "short")
	require.Equal(t, "short", value(t, s, ref("l", len(long))))
	deep := ref("l", strings.Repeat("k", 500), strings.Repeat("j", 500))
	set(t, s, deep, "deep")
	require.Equal(t, "deep", value(t, s, deep))
}

func conformIncrement(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	v, err := a.Increment("USER", ref("i"), []byte("5"), []byte("="))
	require.NoError(t, err)
	require.Equal(t, "=5", string(v))
	_, err = a.Increment("USER", ref("i"), []byte("x"), nil)
	require.ErrorContains(t, err, errNotANumber.Error())
	var wg sync.WaitGroup
	for _, s := range []*Session{a, b} {
		wg.Go(func() {
			for range 500 {
				_, err := s.Increment("USER", ref("i"), []byte("1"), nil)
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, "1005", value(t, a, ref("i")))
}

// conformParallel has sessions change the same pages at once.
func conformParallel(t *testing.T, db *DB) {
	const workers, each = 8, 400
	var wg sync.WaitGroup
	for w := range workers {
		s := newSession(t, db)
		wg.Go(func() {
			for i := range each {
				assert.NoError(t, s.Set("USER", ref("p", i, w), []byte(strconv.Itoa(i*w))))
				if i%7 == 0 {
					assert.NoError(t, s.Kill("USER", ref("p", i/2, w)))
				}
			}
			assert.NoError(t, s.Barrier())
		})
	}
	wg.Wait()
	s := newSession(t, db)
	for i := range each {
		_, found, err := s.Get("USER", ref("p", i, 0), nil)
		require.NoError(t, err)
		for w := 1; w < workers; w++ {
			v, ok, err := s.Get("USER", ref("p", i, w), nil)
			require.NoError(t, err)
			require.Equal(t, found, ok, "every worker killed the same nodes")
			if ok {
				require.Equal(t, strconv.Itoa(i*w), string(v))
			}
		}
	}
}

func conformSessions(t *testing.T, db *DB) {
	var all []*Session
	last := 999
	for range 5 {
		s := newSession(t, db)
		require.Greater(t, s.ID(), last)
		last = s.ID()
		all = append(all, s)
	}
	all[1].SetState("READ")
	require.NoError(t, all[1].Barrier())
	require.NoError(t, all[3].Close())
	infos, err := db.Sessions()
	require.NoError(t, err)
	seen := map[int]SessionInfo{}
	for _, i := range infos {
		seen[i.ID] = i
	}
	require.Equal(t, "READ", seen[all[1].ID()].State)
	require.Equal(t, processID(), seen[all[1].ID()].PID)
	require.NotContains(t, seen, all[3].ID())
	require.Contains(t, seen, all[4].ID())
	require.Greater(t, newSession(t, db).ID(), last, "a number is not used again soon")
}

func conformTransaction(t *testing.T, db *DB) {
	s, other := newSession(t, db), newSession(t, db)
	set(t, s, ref("t", 1), "one")
	set(t, s, ref("t", 2, 1), "two")
	set(t, s, ref("t", 2, 2), "three")
	before := walk(t, s, ref("t"))
	require.NoError(t, s.Begin())
	require.Equal(t, 1, s.Level())
	set(t, s, ref("t", 1), "changed")
	require.NoError(t, s.Barrier())
	require.Equal(t, "changed", value(t, other, ref("t", 1)), "no isolation")
	require.NoError(t, s.Kill("USER", ref("t", 2)))
	set(t, s, ref("t", 9), "new")
	require.NoError(t, s.Begin())
	middle := walk(t, s, ref("t"))
	set(t, s, ref("t", 1), "again")
	require.NoError(t, s.ZKill("USER", ref("t", 9)))
	_, err := s.Increment("USER", ref("tcount"), []byte("1"), nil)
	require.NoError(t, err)
	require.NoError(t, s.Rollback(1))
	require.Equal(t, 1, s.Level())
	require.Equal(t, middle, walk(t, s, ref("t")))
	require.NoError(t, s.Rollback(0))
	require.Equal(t, 0, s.Level())
	require.Equal(t, before, walk(t, s, ref("t")))
	require.Equal(t, "1", value(t, s, ref("tcount")), "a rollback leaves increments")

	require.NoError(t, s.Begin())
	require.NoError(t, s.Begin())
	set(t, s, ref("t", 1), "kept")
	require.NoError(t, s.Commit())
	require.NoError(t, s.Commit())
	require.ErrorIs(t, s.Commit(), ErrNoLevel)
	require.NoError(t, s.Rollback(0))
	require.Equal(t, "kept", value(t, other, ref("t", 1)))

	require.NoError(t, s.Begin())
	require.NoError(t, s.Begin())
	set(t, s, ref("t", 1), "inner")
	require.NoError(t, s.Commit())
	require.NoError(t, s.Rollback(0))
	require.Equal(t, "kept", value(t, s, ref("t", 1)), "an inner commit is undone by the outer rollback")
}

func conformTransactionEnds(t *testing.T, db *DB) {
	s, other := newSession(t, db), newSession(t, db)
	set(t, s, ref("e"), "before")
	require.NoError(t, s.Begin())
	set(t, s, ref("e"), "inside")
	require.NoError(t, s.Close())
	require.Equal(t, "before", value(t, other, ref("e")))
}

func req(key []byte) []LockRequest { return []LockRequest{{NS: "USER", Key: key}} }

func try(t *testing.T, s *Session, reqs []LockRequest) bool {
	t.Helper()
	ok, err := s.Lock(context.Background(), reqs, LockAdd, 0)
	require.NoError(t, err)
	return ok
}

func drop(t *testing.T, s *Session, reqs []LockRequest) {
	t.Helper()
	ok, err := s.Lock(context.Background(), reqs, LockDrop, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, s.Barrier())
}

func unlockAll(t *testing.T, s *Session) {
	t.Helper()
	require.NoError(t, s.UnlockAll())
	require.NoError(t, s.Barrier())
}

func conformLockConflicts(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	require.True(t, try(t, a, req(ref("^a", 1))))
	require.False(t, try(t, b, req(ref("^a", 1))))
	require.False(t, try(t, b, req(ref("^a"))), "an ancestor")
	require.False(t, try(t, b, req(ref("^a", 1, 2))), "a descendant")
	require.True(t, try(t, b, req(ref("^a", 2))), "a sibling")
	require.True(t, try(t, b, req(ref("^ab", 1))), "another name")
	require.True(t, try(t, b, []LockRequest{{NS: "%SYS", Key: ref("^a", 1)}}), "another namespace")
	list := append(req(ref("^free")), req(ref("^a", 1))...)
	require.False(t, try(t, b, list))
	require.True(t, try(t, a, req(ref("^free"))), "a failed list leaves nothing behind")
	infos, err := db.Locks()
	require.NoError(t, err)
	var names []string
	for _, l := range infos {
		names = append(names, fmt.Sprintf("%s %q %d %d", l.NS, l.Key, l.Job-a.ID(), l.Exclusive))
	}
	require.Equal(t, []string{
		`%SYS "^a\x00\x12" 1 1`, `USER "^a\x00\x12" 0 1`, `USER "^a\x00\x14" 1 1`, `USER "^ab\x00\x12" 1 1`, `USER "^free\x00" 0 1`,
	}, names)
	ok, err := b.Lock(context.Background(), req(ref("^c")), LockPlain, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, try(t, a, req(ref("^a"))), "a plain LOCK released the others first")
	unlockAll(t, a)
	require.True(t, try(t, b, req(ref("^a"))))
	require.NoError(t, b.Close())
	require.True(t, try(t, a, req(ref("^a"))), "released at the session's end")
}

func conformLockCounts(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	k := req(ref("^a", 1))
	require.True(t, try(t, a, k))
	require.True(t, try(t, a, k))
	drop(t, a, k)
	require.False(t, try(t, b, k))
	drop(t, a, k)
	require.True(t, try(t, b, k))
	drop(t, a, k)
	require.False(t, try(t, a, k))
}

func conformLockShared(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	s := []LockRequest{{NS: "USER", Key: ref("^s", 1), Shared: true}}
	x := req(ref("^s", 1))
	require.True(t, try(t, a, s))
	require.True(t, try(t, b, s))
	require.False(t, try(t, a, x), "another holds it shared")
	require.False(t, try(t, b, req(ref("^s"))))
	drop(t, b, s)
	require.True(t, try(t, a, x), "only the own shared lock is left")
	require.False(t, try(t, b, s))
	drop(t, a, x)
	require.True(t, try(t, b, s))
}

// conformLockFair checks that waiters are served in order, and that nobody overtakes.
func conformLockFair(t *testing.T, db *DB) {
	const waiters = 5
	holder := newSession(t, db)
	require.True(t, try(t, holder, req(ref("^q", 1))))
	order := make(chan int, waiters)
	release := make(chan struct{})
	var wg sync.WaitGroup
	for i := range waiters {
		s := newSession(t, db)
		wg.Go(func() {
			ok, err := s.Lock(context.Background(), req(ref("^q", 1)), LockAdd, -1)
			assert.NoError(t, err)
			assert.True(t, ok)
			order <- i
			<-release
			assert.NoError(t, s.UnlockAll())
		})
		waitForWaiters(t, db, i+1)
	}
	other := newSession(t, db)
	require.False(t, try(t, other, req(ref("^q"))))
	unlockAll(t, holder)
	for i := range waiters {
		require.Equal(t, i, <-order)
		require.False(t, try(t, other, req(ref("^q", 1))))
		release <- struct{}{}
	}
	wg.Wait()
}

// waitForWaiters waits until n requests stand in the lock queue of the engine's owner.
func waitForWaiters(t *testing.T, db *DB, n int) {
	t.Helper()
	lt := ownerOf(t, db).locks
	require.Eventually(t, func() bool {
		lt.mu.Lock()
		defer lt.mu.Unlock()
		count := 0
		for _, g := range lt.queue {
			count += len(g.waiters)
		}
		return count == n
	}, 10*time.Second, time.Millisecond)
}

func conformLockTimeout(t *testing.T, db *DB) {
	a, b, c := newSession(t, db), newSession(t, db), newSession(t, db)
	require.True(t, try(t, a, req(ref("^w", 1))))
	start := time.Now()
	ok, err := b.Lock(context.Background(), req(ref("^w", 1)), LockAdd, 30*time.Millisecond)
	require.NoError(t, err)
	require.False(t, ok)
	require.GreaterOrEqual(t, time.Since(start), 30*time.Millisecond)

	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := b.Lock(ctx, req(ref("^w")), LockAdd, -1)
		done <- err
	}()
	waitForWaiters(t, db, 1)
	require.False(t, try(t, c, req(ref("^w", 2))), "b waits before it for an ancestor")
	third := make(chan bool)
	go func() {
		ok, err := c.Lock(context.Background(), req(ref("^w", 2)), LockAdd, -1)
		assert.NoError(t, err)
		third <- ok
	}()
	waitForWaiters(t, db, 2)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	require.True(t, <-third, "a waiter that leaves lets others pass")
	unlockAll(t, a)
	require.True(t, try(t, b, req(ref("^w", 1))), "an interrupted session goes on")
}

func conformLockTransaction(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	require.NoError(t, a.Begin())
	require.True(t, try(t, a, req(ref("^t", 1))))
	require.True(t, try(t, a, req(ref("^t", 2))))
	drop(t, a, req(ref("^t", 1)))
	drop(t, a, []LockRequest{{NS: "USER", Key: ref("^t", 2), Immediate: true}})
	require.False(t, try(t, b, req(ref("^t", 1))), "kept to the end")
	require.True(t, try(t, b, req(ref("^t", 2))), "released at once")
	unlockAll(t, a)
	require.False(t, try(t, b, req(ref("^t", 1))))
	require.NoError(t, a.Commit())
	require.True(t, try(t, b, req(ref("^t", 1))))
	require.NoError(t, a.Begin())
	require.True(t, try(t, a, req(ref("^t", 3))))
	drop(t, a, req(ref("^t", 3)))
	require.NoError(t, a.Rollback(0))
	require.True(t, try(t, b, req(ref("^t", 3))))
}

func conformLockEscalation(t *testing.T, db *DB) {
	a, b := newSession(t, db), newSession(t, db)
	e := func(i int) []LockRequest { return []LockRequest{{NS: "USER", Key: ref("^e", i), Escalate: true}} }
	for i := range escalateAbove {
		require.True(t, try(t, a, e(i)))
	}
	require.True(t, try(t, b, req(ref("^e", -1))))
	drop(t, b, req(ref("^e", -1)))
	require.True(t, try(t, a, e(escalateAbove)))
	require.False(t, try(t, b, req(ref("^e", -1))), "the whole node is locked now")
	infos, err := db.Locks()
	require.NoError(t, err)
	require.Len(t, infos, 1)
	require.Equal(t, ref("^e"), infos[0].Key)
	for i := range escalateAbove + 1 {
		drop(t, a, e(i))
	}
	require.True(t, try(t, b, req(ref("^e"))))
}

// conformLockMany has many sessions take turns; what the lock protects shows whether it excludes.
func conformLockMany(t *testing.T, db *DB) {
	const workers, turns = 30, 20
	var wg sync.WaitGroup
	for range workers {
		s := newSession(t, db)
		wg.Go(func() {
			for range turns {
				ok, err := s.Lock(context.Background(), req(ref("^lock")), LockAdd, -1)
				assert.NoError(t, err)
				assert.True(t, ok)
				v, _, err := s.Get("USER", ref("shared"), nil)
				assert.NoError(t, err)
				n, _ := strconv.Atoi(string(v))
				assert.NoError(t, s.Set("USER", ref("shared"), strconv.AppendInt(nil, int64(n+1), 10)))
				ok, err = s.Lock(context.Background(), req(ref("^lock")), LockDrop, 0)
				assert.NoError(t, err)
				assert.True(t, ok)
			}
			assert.NoError(t, s.Barrier())
		})
	}
	wg.Wait()
	require.Equal(t, strconv.Itoa(workers*turns), value(t, newSession(t, db), ref("shared")))
}

func conformErrors(t *testing.T, db *DB) {
	s := newSession(t, db)
	require.ErrorIs(t, s.Set("USER", []byte("no name end"), nil), ErrKey)
	require.ErrorIs(t, s.Set("USER", ref("x", strings.Repeat("x", 40_000)), nil), ErrKeyTooLong)
	_, _, err := s.Get("USER", []byte("no name end"), nil)
	require.ErrorIs(t, err, ErrKey)
	require.NoError(t, s.Close())
	require.NoError(t, db.Close())
	_, err = db.NewSession()
	require.ErrorIs(t, err, ErrClosed)
	require.NoError(t, db.Close(), "closing twice is harmless")
}

// conformCompact: others go on, what is there stays, and the room of what is gone comes back.
func conformCompact(t *testing.T, db *DB) {
	s := newSession(t, db)
	r := newRand(t)
	filler := make([]byte, 100)
	for i := range 3000 {
		for j := range filler {
			filler[j] = byte(r.Uint32())
		}
		set(t, s, ref("gone", i), string(filler))
		set(t, s, ref("stays", i), "v"+strconv.Itoa(i))
	}
	require.NoError(t, s.Barrier())
	first, err := db.Compact(context.Background(), nil, nil)
	require.NoError(t, err)
	require.NoError(t, s.Kill("USER", ref("gone")))
	require.NoError(t, s.Barrier())
	writer := newSession(t, db)
	stop, written := make(chan struct{}), make(chan int)
	go func() { // a writer while the work goes on
		n := 0
		for {
			select {
			case <-stop:
				written <- n
				return
			default:
			}
			n++
			assert.NoError(t, writer.Set("USER", ref("beside", n%500), []byte("x")))
		}
	}()
	var last [2]int
	f, err := db.Compact(context.Background(), []Global{{"USER", "gone"}, {"USER", "stays"}}, func(done, total int) {
		require.GreaterOrEqual(t, done, last[0])
		last = [2]int{done, total}
	})
	close(stop)
	n := <-written
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	for i := range 3000 {
		require.Equal(t, "v"+strconv.Itoa(i), value(t, s, ref("stays", i)))
	}
	d, err := s.Data("USER", ref("gone"))
	require.NoError(t, err)
	require.Zero(t, d)
	require.Len(t, walk(t, s, ref("beside")), min(n, 500))
	if first.After == 0 { // in memory nothing is stored
		require.Zero(t, f)
	} else {
		require.Equal(t, last[1], last[0])
		require.Positive(t, last[0])
		require.Greater(t, first.Before, int64(300_000), "in the log")
		require.Greater(t, first.After, int64(300_000), "gone does not shrink much")
		final, err := db.Compact(context.Background(), nil, nil)
		require.NoError(t, err)
		require.Less(t, final.After, first.After/2)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = db.Compact(ctx, nil, nil)
	require.ErrorIs(t, err, context.Canceled)
}
