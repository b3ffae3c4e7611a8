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
	return db.engine.(*owner)
}
