package globals

// Long tests, run with COS_SOAK=1: hundreds of kills, and ten million nodes in bounded memory.

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
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

// sizes are the numbers of nodes at which the cost of operations is measured.
var sizes = []int{10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000}

// TestSoakTenMillion stores ten million nodes, with a cache that holds them all and with one that does
// not, prints what an operation costs as the data grows, and plots it to the directory COS_SOAK_PLOT.
// Costs are processor time of the thread that asks, where the system tells it, so that what else runs
// counts less. The memory stays within the cache's budget. Where the data is in memory the cost may grow
// with the logarithm of the number of nodes: each step of a search in more memory than the processor's
// caches hold may cost a miss, whose price is measured beside. Where the data is not in memory an
// operation may cost a read of the store besides.
func TestSoakTenMillion(t *testing.T) {
	soak(t)
	t.Run("Cached", func(t *testing.T) { grow(t, "cached", 1<<30, 0) })
	t.Run("Bounded", func(t *testing.T) { grow(t, "bounded", 256<<20, 100*time.Microsecond) })
}

// cost is the time of one operation of each kind at a number of nodes.
type cost struct {
	nodes int
	miss  time.Duration // of a dependent read in as much memory as the data takes
	took  [len(operations)]time.Duration
}

var operations = [...]string{"SET", "$GET", "$ORDER", "$INCREMENT"}

// grow measures scattered operations; one may take up to slack more than the growth allows.
func grow(t *testing.T, name string, cache int64, slack time.Duration) {
	const count = 50_000
	goruntime.LockOSThread()
	defer goruntime.UnlockOSThread()
	db := openTest(t, t.TempDir(), Options{CacheBytes: cache})
	s := newSession(t, db)
	r := rand.New(rand.NewPCG(9, 10))
	key := func(i int) []byte { return ref("big", i*7919%1_000_003, i/1_000_003) }
	var costs []cost
	n := 0
	for _, size := range sizes {
		c := cost{nodes: size}
		measure := func(op, count int, f func()) {
			start := threadTime()
			for range count {
				f()
			}
			c.took[op] = (threadTime() - start) / time.Duration(count)
		}
		measure(0, size-n, func() {
			set(t, s, key(n), strconv.Itoa(n))
			n++
		})
		measure(1, count, func() {
			i := r.IntN(n)
			require.Equal(t, strconv.Itoa(i), value(t, s, key(i)))
		})
		var sub []byte
		measure(2, count, func() {
			k := key(r.IntN(n))
			parent := len(ref("big"))
			var err error
			sub, _, err = s.Order("USER", k[:parent+subscriptLen(k[parent:])], parent, 1, sub[:0])
			require.NoError(t, err)
		})
		measure(3, count, func() {
			_, err := s.Increment("USER", key(r.IntN(n)), []byte("0"), nil)
			require.NoError(t, err)
		})
		goruntime.GC() // what earlier tests left
		var m goruntime.MemStats
		goruntime.ReadMemStats(&m)
		used := ownerOf(t, db).cache.mem.Load()
		c.miss = missTime(r, int(m.HeapInuse))
		t.Logf("%8d nodes: SET %7v  $GET %7v  $ORDER %7v  $INCREMENT %7v  miss %5v  heap %4d MB, cache %4d MB", n,
			c.took[0], c.took[1], c.took[2], c.took[3], c.miss, m.HeapInuse>>20, used>>20)
		require.LessOrEqual(t, used, cache+cache/8)
		require.Less(t, m.HeapInuse, uint64(2*cache+200<<20))
		costs = append(costs, c)
	}
	if dir := os.Getenv("COS_SOAK_PLOT"); dir != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "nodes-"+name+".svg"), plot(costs), 0o644))
	}
	first, last := costs[0], costs[len(costs)-1]
	growth := math.Log(float64(last.nodes)) / math.Log(float64(first.nodes)) // 1.75
	steps := math.Log2(float64(last.nodes))                                  // 23
	for op := range operations {
		limit := time.Duration(growth*float64(first.took[op]) + steps*float64(last.miss))
		t.Logf("%s: %v, limit %v", operations[op], last.took[op], limit+slack)
		require.Less(t, last.took[op], limit+slack, "the cost of %s grew faster than the logarithm of the nodes", operations[op])
	}
}

// missTime is the time of a read whose address the read before it told, anywhere in so many bytes.
func missTime(r *rand.Rand, bytes int) time.Duration {
	const reads = 1 << 20
	next := make([]uint32, max(bytes/4, 1))
	for i := range next {
		next[i] = uint32(i)
	}
	for i := len(next) - 1; i > 0; i-- { // one cycle through all (Sattolo)
		j := r.IntN(i)
		next[i], next[j] = next[j], next[i]
	}
	at := uint32(0)
	start := threadTime()
	for range reads {
		at = next[at]
	}
	took := threadTime() - start
	goruntime.KeepAlive(at)
	return took / reads
}

// plot draws the costs over the logarithm of the number of nodes, as SVG.
func plot(costs []cost) []byte {
	const width, height, margin = 640, 360, 60
	most := time.Microsecond
	for _, c := range costs {
		most = max(most, slices.Max(c.took[:]))
	}
	x := func(nodes int) float64 {
		from, to := math.Log10(float64(costs[0].nodes)), math.Log10(float64(costs[len(costs)-1].nodes))
		return margin + (math.Log10(float64(nodes))-from)/(to-from)*(width-2*margin)
	}
	y := func(d time.Duration) float64 {
		return height - margin - float64(d)/float64(most)*(height-2*margin)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n", width, height)
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n")
	for i := range 5 {
		d := most * time.Duration(i) / 4
		fmt.Fprintf(&b, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f µs</text>\n",
			margin, y(d), width-margin, margin-6, y(d)+4, float64(d)/1000)
	}
	for _, c := range costs {
		fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n", x(c.nodes), height-margin+18, c.nodes)
	}
	fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">nodes</text>\n", width/2, height-margin+38)
	for op, colour := range []string{"#d62728", "#1f77b4", "#2ca02c", "#9467bd"} {
		line := ""
		for _, c := range costs {
			line += fmt.Sprintf("%.1f,%.1f ", x(c.nodes), y(c.took[op]))
		}
		fmt.Fprintf(&b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", line, colour)
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"20\" fill=\"%s\">%s</text>\n", margin+op*120, colour, operations[op])
	}
	return append(b.Bytes(), "</svg>\n"...)
}
