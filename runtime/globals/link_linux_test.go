package globals

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestLinkKeepsItsSize: memory that a side still maps cannot be taken away from under it, and a file that
// allows that is not mapped.
func TestLinkKeepsItsSize(t *testing.T) {
	shared, f := newSharedRings()
	require.NotNil(t, shared)
	defer f.Close()
	require.ErrorIs(t, f.Truncate(0), unix.EPERM)
	require.ErrorIs(t, f.Truncate(int64(2*ringsBytes)), unix.EPERM)
	loose, err := namelessFile()
	require.NoError(t, err)
	defer loose.Close()
	require.NoError(t, loose.Truncate(int64(ringsBytes)))
	require.Nil(t, mapRings(loose))
}
