//go:build unix

package devices

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile takes the exclusive lock of mode L, or returns EAGAIN: OPEN tries again.
func lockFile(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	outer := raw.Control(func(fd uintptr) { err = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB) })
	if outer != nil {
		return outer
	}
	return err
}
