package globals

// Allocation guards of the hot paths.

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHotPathsDoNotAllocate(t *testing.T) {
	for name, o := range map[string]Options{"memory": {InMemory: true}, "owner": {}} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, openTest(t, t.TempDir(), o))
			parent := AppendName(nil, "a")
			for i := range 500 {
				set(t, s, ref("a", i), "value")
			}
			key, buf, val := make([]byte, 0, 64), make([]byte, 0, 64), []byte("changed")
			i := int64(0)
			next := func() []byte {
				i = (i + 1) % 500
				key = AppendInt(append(key[:0], parent...), i)
				return key
			}
			for what, f := range map[string]func(){
				"Get":     func() { buf, _, _ = s.Get("USER", next(), buf[:0]) },
				"Set":     func() { _ = s.Set("USER", next(), val) },
				"Data":    func() { _, _ = s.Data("USER", next()) },
				"Order":   func() { buf, _, _ = s.Order("USER", next(), len(parent), 1, buf[:0]) },
				"Query":   func() { key, buf, _, _ = s.Query("USER", next(), 1, key[:0], buf[:0]) },
				"Barrier": func() { _ = s.Barrier() },
			} {
				require.Less(t, testing.AllocsPerRun(2000, f), 0.5, what)
			}
		})
	}
}
