package runtime

// How much garbage may gather. Go's default collects when the heap has doubled, from
// 4 MB on: a small program that allocates fast would collect hundreds of times a second.
// So the heap may always grow by gcHeadroom before the next collection (MSG of
// scripts/bench: 1.27 s with Go's default, 0.6 s with this).

import (
	goruntime "runtime"
	"runtime/debug"
	"sync"
)

// gcHeadroom is how many bytes may be allocated between two collections at least.
const gcHeadroom = 32 << 20

// smallestHeap is what Go takes the heap of a small program for.
const smallestHeap = 4 << 20

var tuneOnce sync.Once

// tuneGC keeps the collector's pace right, after every collection anew. GOGC in the
// environment overrides it.
func tuneGC() {
	tuneOnce.Do(func() {
		if percent := debug.SetGCPercent(100); percent != 100 {
			debug.SetGCPercent(percent)
			return
		}
		debug.SetGCPercent(gcHeadroom * 100 / smallestHeap)
		goruntime.SetFinalizer(&gcSentinel{}, (*gcSentinel).collected)
	})
}

// gcSentinel is garbage from the start: its finalizer runs after each collection, and
// makes the next sentinel.
type gcSentinel struct{ _ [16]byte }

func (s *gcSentinel) collected() {
	pace()
	goruntime.SetFinalizer(s, (*gcSentinel).collected)
}

func pace() {
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	live := max(m.HeapAlloc, smallestHeap)
	debug.SetGCPercent(max(100, int(gcHeadroom*100/live)))
}
