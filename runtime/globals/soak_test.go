package globals

// Long tests, run with COS_SOAK=1: hundreds of kills, and ten million nodes in bounded memory.

import (
	"math/rand/v2"
	"os"
	goruntime "runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func soak(t *testing.T) {
	if os.Getenv("COS_SOAK") == "" {
		t.Skip("COS_SOAK is not set")
	}
}

func TestSoakKilledProcesses(t *testing.T) {
	soak(t)
	for range 10 {
		crash(t, 60)
	}
}

// TestSoakTenMillion stores ten million nodes within the cache, and four million with a cache that
// holds a quarter of them, and prints what an operation costs as the data grows. The cost may grow
// with the depth of the trees and with the share of nodes that are not in the cache, but not with
// their number.
func TestSoakTenMillion(t *testing.T) {
	soak(t)
	t.Run("Cached", func(t *testing.T) { grow(t, 10_000_000, 1<<30, 8) })
	t.Run("Bounded", func(t *testing.T) { grow(t, 4_000_000, 64<<20, 60) })
}

func grow(t *testing.T, nodes int, cache int64, growth time.Duration) {
	const reads = 100_000
	db := openTest(t, t.TempDir(), Options{CacheBytes: cache})
	s := newSession(t, db)
	r := rand.New(rand.NewPCG(9, 10))
	key := func(i int) []byte { return ref("big", i*7919%1_000_003, i/1_000_003) }
	n := 0
	var first, last time.Duration
	for _, size := range []int{nodes / 10, nodes / 5, nodes / 2, nodes * 3 / 4, nodes} {
		start, before := time.Now(), n
		for ; n < size; n++ {
			set(t, s, key(n), "value number "+strconv.Itoa(n))
		}
		setCost := time.Since(start) / time.Duration(n-before)
		start = time.Now()
		for range reads {
			i := r.IntN(n)
			require.Equal(t, "value number "+strconv.Itoa(i), value(t, s, key(i)))
		}
		last = time.Since(start) / reads
		if first == 0 {
			first = last
		}
		goruntime.GC() // what earlier tests left
		var m goruntime.MemStats
		goruntime.ReadMemStats(&m)
		used := ownerOf(t, db).cache.mem.Load()
		t.Logf("%8d nodes: set %6v, get %6v, heap %4d MB, cache %4d MB", n, setCost, last, m.HeapInuse>>20, used>>20)
		require.LessOrEqual(t, used, cache+cache/8)
		require.Less(t, m.HeapInuse, uint64(2*cache+200<<20))
	}
	parent := AppendName(nil, "big")
	at, sub, count, found := parent, []byte(nil), -1, true
	start := time.Now()
	for found {
		var err error
		sub, found, err = s.Order("USER", at, len(parent), 1, sub[:0])
		require.NoError(t, err)
		at = append(parent[:len(parent):len(parent)], sub...)
		count++
	}
	require.Equal(t, 1_000_003, count)
	t.Logf("$ORDER over the first level: %v each", time.Since(start)/time.Duration(count))
	require.Less(t, last, growth*first, "the cost of a read grew with the number of nodes")
}
