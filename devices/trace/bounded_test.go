package trace

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// Five thousand connections cost a trace no more memory than
// a few do, whatever its format.
func TestMemoryIsBounded(t *testing.T) {
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for _, name := range []string{"", "x.jsonl", "x.html", "x.pcapng"} {
		file := name
		if name != "" {
			file = filepath.Join(t.TempDir(), name)
		}
		tr, err := Open(Options{File: file, Stderr: io.Discard})
		require.NoError(t, err)
		before := held()
		for i := range 5000 {
			local, peer := "127.0.0.1:7001", fmt.Sprintf("10.0.%d.%d:%d", i/250, i%250, 1024+i)
			tr.Observe(settled(wire("accept", i+2, local, peer, "")))
			for range 4 {
				tr.Observe(settled(wire("receive", i+2, local, peer, "hello")))
			}
			tr.Observe(settled(devices.Event{Kind: "note", Note: devices.NoteUnsent, Unsent: 1, Device: peer, Place: fmt.Sprint("a+", i), Job: i + 2}))
		}
		assert.Less(t, int64(held())-int64(before), int64(4<<20), "%q", name)
		require.NoError(t, tr.Close())
	}
}
