//go:build unix

package globals

import "golang.org/x/sys/unix"

// canSpin: sockets of this system can be read without waiting.
const canSpin = true

func readNow(fd uintptr, p []byte) (int, error) { return unix.Read(int(fd), p) }
