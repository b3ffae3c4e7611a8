//go:build unix

package devices

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// waiting returns how many bytes, up to some number, wait in the system's receive buffer.
func (c *conv) waiting() (n int) {
	b := make([]byte, 256<<10)
	onSocket(c.d.stream.conn, func(fd int) {
		n, _, _ = unix.Recvfrom(fd, b, unix.MSG_PEEK|unix.MSG_DONTWAIT) // -1: none
	})
	return max(n, 0)
}

// ss shows the listening socket of a port.
func ss(port string) (string, error) {
	out, err := exec.Command("ss", "-Hltn", "sport = :"+port).Output()
	return string(out), err
}

func makeFIFO(name string) error { return unix.Mkfifo(name, 0o600) }

// errnoName returns the symbol of an error number, such as EPIPE.
func errnoName(e syscall.Errno) string { return unix.ErrnoName(e) }
