//go:build unix

package devices

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// waiting returns how many bytes wait in the system's receive buffer of c.
func waiting(c net.Conn) (n int) {
	onSocket(c, func(fd int) { n, _ = unix.IoctlGetInt(fd, unix.TIOCINQ) })
	return n
}

// socketOption returns an option of a socket.
func socketOption(t *testing.T, c any, level, option int) (v int) {
	t.Helper()
	require.True(t, onSocket(c, func(fd int) {
		var err error
		v, err = unix.GetsockoptInt(fd, level, option)
		require.NoError(t, err)
	}))
	return v
}
