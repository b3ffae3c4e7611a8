package globals

// Benchmarks of the rows of the storage baseline: a million nodes of about 20 bytes.

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

const benchNodes = 1_000_000

// benchEngines runs f over the engines, each filled with benchNodes nodes when fill is set.
func benchEngines(b *testing.B, fill bool, f func(b *testing.B, s *Session)) {
	for _, e := range []struct {
		name string
		open func(b *testing.B) *DB
	}{
		{"memory", func(b *testing.B) *DB { return openTest(b, "", Options{InMemory: true}) }},
		{"owner", func(b *testing.B) *DB { return openTest(b, b.TempDir(), Options{}) }},
		{"client", func(b *testing.B) *DB {
			dir := b.TempDir()
			startOwner(b, dir)
			return openTest(b, dir, Options{})
		}},
	} {
		b.Run(e.name, func(b *testing.B) {
			s := newSession(b, e.open(b))
			if fill {
				fillBench(b, s)
			}
			b.ReportAllocs()
			b.ResetTimer()
			f(b, s)
			require.NoError(b, s.Barrier())
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mop/s")
		})
	}
}

func fillBench(b *testing.B, s *Session) {
	var key, val []byte
	for i := 1; i <= benchNodes; i++ {
		key = AppendInt(AppendName(key[:0], "G"), int64(i))
		val = strconv.AppendInt(append(val[:0], "value number "...), int64(i), 10)
		require.NoError(b, s.Set("USER", key, val))
	}
	require.NoError(b, s.Barrier())
}

func BenchmarkSetAscending(b *testing.B) {
	benchEngines(b, false, func(b *testing.B, s *Session) {
		var key, val []byte
		for i := range b.N {
			key = AppendInt(AppendName(key[:0], "G"), int64(i))
			val = strconv.AppendInt(append(val[:0], "value number "...), int64(i), 10)
			if err := s.Set("USER", key, val); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSetScattered(b *testing.B) {
	benchEngines(b, false, func(b *testing.B, s *Session) {
		var key, val []byte
		for i := range b.N {
			key = AppendText(AppendInt(AppendName(key[:0], "R"), int64(i)*7919%1000003), "name", false)
			val = strconv.AppendInt(append(val[:0], "value number "...), int64(i), 10)
			if err := s.Set("USER", key, val); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchGet(b *testing.B, next func(i int) int64) {
	benchEngines(b, true, func(b *testing.B, s *Session) {
		var key, val []byte
		for i := range b.N {
			key = AppendInt(AppendName(key[:0], "G"), next(i))
			v, found, err := s.Get("USER", key, val[:0])
			if err != nil || !found {
				b.Fatal(found, err)
			}
			val = v
		}
	})
}

func BenchmarkGetAscending(b *testing.B) {
	benchGet(b, func(i int) int64 { return int64(i%benchNodes + 1) })
}

func BenchmarkGetScattered(b *testing.B) {
	benchGet(b, func(i int) int64 { return int64(i)*7919%benchNodes + 1 })
}

func BenchmarkOrder(b *testing.B) {
	benchEngines(b, true, func(b *testing.B, s *Session) {
		parent := AppendName(nil, "G")
		key, n := append([]byte(nil), parent...), len(parent)
		for range b.N {
			k, found, err := s.Order("USER", key, n, 1, key)
			if err != nil {
				b.Fatal(err)
			}
			if key = append(key[:n], k[len(key):]...); !found {
				key = key[:n]
			}
		}
	})
}

func BenchmarkIncrement(b *testing.B) {
	benchEngines(b, false, func(b *testing.B, s *Session) {
		key, one := AppendName(nil, "C"), []byte("1")
		var val []byte
		for range b.N {
			v, err := s.Increment("USER", key, one, val[:0])
			if err != nil {
				b.Fatal(err)
			}
			val = v
		}
	})
}

func BenchmarkLock(b *testing.B) {
	benchEngines(b, false, func(b *testing.B, s *Session) {
		r := req(ref("^L", 1))
		for range b.N {
			_, _ = s.Lock(b.Context(), r, LockAdd, -1)
			_, _ = s.Lock(b.Context(), r, LockDrop, 0)
		}
	})
}
