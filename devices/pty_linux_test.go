package devices

import (
	"io"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const brokenPipe = syscall.EPIPE

// openPTY returns both ends of a terminal: the keyboard and screen, and the device.
func openPTY(t *testing.T) (keys, tty *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	t.Cleanup(func() { keys.Close() })
	raw, err := keys.SyscallConn()
	require.NoError(t, err)
	var n int
	require.NoError(t, raw.Control(func(fd uintptr) {
		require.NoError(t, unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0))
		n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
	}))
	require.NoError(t, err)
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { tty.Close() })
	return keys, tty
}

// cooked reports whether the terminal edits and echoes lines itself.
func cooked(t *testing.T, tty *os.File) bool {
	t.Helper()
	state, err := getTermios(int(tty.Fd()))
	require.NoError(t, err)
	return state.Lflag&unix.ICANON != 0
}

// Ctrl-D that is typed before a READ counts as one that is typed at it.
func TestTerminalEndTypedAhead(t *testing.T) {
	keys, tty := openPTY(t)
	c, err := NewConsole(tty, tty)
	require.NoError(t, err)
	defer c.(io.Closer).Close()
	d := NewTerminal(&Env{Console: c}, quiet{})
	require.NoError(t, d.Use(positional("", "", "\r\x04")))
	for _, line := range []string{"", "first"} {
		if line != "" {
			line += "\r"
		}
		_, err = keys.WriteString(line + "\x04")
		require.NoError(t, err)
		// The terminal has taken in what was typed: it is to be read.
		_, err = unix.Poll([]unix.PollFd{{Fd: int32(tty.Fd()), Events: unix.POLLIN}}, int(patience.Milliseconds()))
		require.NoError(t, err)
		if line != "" {
			res, err := d.Read(timed(patience))
			require.NoError(t, err)
			require.Equal(t, "first", res.Text.S)
		}
		res, err := d.Read(timed(patience))
		require.NoError(t, err)
		require.False(t, res.TimedOut)
		require.Empty(t, res.Text.S)
		require.Equal(t, "\x04", d.State().Key.S)
	}
}
