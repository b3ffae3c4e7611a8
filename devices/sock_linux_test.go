package devices

// Socket options, read back from the socket with Linux's numbers and defaults.

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

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

// Socket options: rule B9, /NODELAY, /TCPRCVBUF, /TCPSNDBUF.
func TestSocketOptions(t *testing.T) {
	get := func(c *conv, level, option int) int { return socketOption(c.T, c.d.stream.conn, level, option) }
	hold(t, []conversation{
		{"keepalive is on with the system's timers, and no delay", client, nil, true, func(c *conv) {
			require.Equal(c, 1, get(c, unix.SOL_SOCKET, unix.SO_KEEPALIVE))
			require.Equal(c, 7200, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
			require.Equal(c, 1, get(c, unix.IPPROTO_TCP, unix.TCP_NODELAY))
			c.use("/NODELAY=0", "/KEEPALIVE=5")
			require.Equal(c, 0, get(c, unix.IPPROTO_TCP, unix.TCP_NODELAY))
			require.Equal(c, 30, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
			c.use("/NODELAY", "/NOKEEPALIVE")
			require.Equal(c, 1, get(c, unix.IPPROTO_TCP, unix.TCP_NODELAY))
			require.Equal(c, 0, get(c, unix.SOL_SOCKET, unix.SO_KEEPALIVE))
			c.use("/KEEPALIVE=60") // off stays off until CLOSE
			require.Equal(c, 0, get(c, unix.SOL_SOCKET, unix.SO_KEEPALIVE))
		}},
		{"accepted sockets get them too", server, []string{"A", "", "", "", "", "77", "/NODELAY=0"}, true, func(c *conv) {
			c.dials().read("")
			require.Equal(c, 77, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
			require.Equal(c, 0, get(c, unix.IPPROTO_TCP, unix.TCP_NODELAY))
		}},
		{"a keepalive timer beyond the system's is the system's longest", server, []string{"A", "", "", "", "", "86400"}, true, func(c *conv) {
			c.dials().read("")
			require.Equal(c, 32767, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
			c.use("/KEEPALIVE=60")
			require.Equal(c, 60, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
			c.use("/KEEPALIVE=432000")
			require.Equal(c, 32767, get(c, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
		}},
		{"buffer sizes", client, []string{"", "/TCPRCVBUF=20000", "/TCPSNDBUF=30000"}, true, func(c *conv) {
			require.GreaterOrEqual(c, get(c, unix.SOL_SOCKET, unix.SO_RCVBUF), 20000)
			require.LessOrEqual(c, get(c, unix.SOL_SOCKET, unix.SO_RCVBUF), 40000)
			require.LessOrEqual(c, get(c, unix.SOL_SOCKET, unix.SO_SNDBUF), 60000)
		}},
		{"listeners pass buffer sizes on", server, []string{"A", "/TCPRCVBUF=20000"}, true, func(c *conv) {
			c.dials().read("")
			require.LessOrEqual(c, get(c, unix.SOL_SOCKET, unix.SO_RCVBUF), 40000)
		}},
		{"counters", client, []string{"S"}, true, func(c *conv) {
			c.says("abc").readFixed(3, "abc").write("de").control(3)
			require.Equal(c, TCPStats{Reads: 1, Writes: 1, BytesRead: 3, BytesWritten: 2}, *c.d.Stats())
		}},
		{"addresses", server, []string{"A"}, true, func(c *conv) {
			require.Equal(c, "0.0.0.0", c.d.LocalAddr().Addr().String())
			require.False(c, c.d.PeerAddr().IsValid())
			c.dials().read("")
			require.Equal(c, "127.0.0.1", c.d.LocalAddr().Addr().String())
			require.Equal(c, c.peer.conn.LocalAddr().String(), c.d.PeerAddr().String())
		}},
	})
}
