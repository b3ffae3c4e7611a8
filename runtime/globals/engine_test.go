package globals

// The conformance suite over every engine.

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMemoryEngine(t *testing.T) {
	conform(t, func(t *testing.T) *DB {
		return openTest(t, "", Options{InMemory: true})
	})
}

func TestOwnerEngine(t *testing.T) {
	conform(t, func(t *testing.T) *DB { return openTest(t, t.TempDir(), Options{}) })
}

// TestOwnerEngineSmallCache keeps pages going to the store and back.
func TestOwnerEngineSmallCache(t *testing.T) {
	conform(t, func(t *testing.T) *DB { return openTest(t, t.TempDir(), Options{CacheBytes: 20_000}) })
}

// TestClientEngine reaches the owner over its socket.
func TestClientEngine(t *testing.T) {
	conform(t, func(t *testing.T) *DB {
		dir := t.TempDir()
		first := openTest(t, dir, Options{})
		db := openTest(t, dir, Options{})
		require.NotNil(t, first.engine.(*shared).current())
		require.Nil(t, db.engine.(*shared).current())
		owners[db] = first
		t.Cleanup(func() { delete(owners, db) })
		return db
	})
}

// owners finds the owner behind a client's engine.
var owners = map[*DB]*DB{}

// openTest opens a directory and closes it at the test's end.
func openTest(t testing.TB, dir string, o Options) *DB {
	t.Helper()
	if o.Add == nil {
		o.Add = addInts
	}
	db, err := Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// ownerOf is the owner behind an engine of this process.
func ownerOf(t testing.TB, db *DB) *owner {
	t.Helper()
	if first := owners[db]; first != nil {
		db = first
	}
	if o, ok := db.engine.(*owner); ok {
		return o
	}
	return db.engine.(*shared).current()
}

// testLog takes the engine's messages.
type testLog struct{ t *testing.T }

func (l testLog) Printf(format string, args ...any) { l.t.Logf(format, args...) }
