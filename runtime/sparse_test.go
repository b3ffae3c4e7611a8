package runtime

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSparse does the same at random to a tree and to a Go map.
func TestSparse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, spread := range []int64{50, 5_000, 1 << 40} {
		s, want := &sparse{}, map[int64]int64{}
		for step := range int64(60_000) {
			key := r.Int64N(spread) - spread/2
			switch r.IntN(3) {
			case 0:
				_, known := want[key]
				require.Equal(t, known, s.remove(key))
				delete(want, key)
			default:
				v, fresh := s.node(key)
				_, known := want[key]
				require.Equal(t, !known, fresh)
				v.Value = Int(step)
				want[key] = step
			}
			other := r.Int64N(spread) - spread/2
			v := s.find(other)
			n, known := want[other]
			require.Equal(t, known, v != nil)
			if known {
				require.Equal(t, Int(n), v.Value)
			}
			require.Equal(t, len(want), s.size())
		}
		seen := 0
		s.each(func(key int64, v *Var) {
			seen++
			require.Equal(t, Int(want[key]), v.Value)
		})
		require.Equal(t, len(want), seen)
		require.Less(t, s.places, 4*max(s.used, 8)+sparseChunk, "removed nodes give their places back")
	}
}
