//go:build unix

package repl

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile waits until no other process has locked the file; closing it unlocks it.
func lockFile(f *os.File) { _ = unix.Flock(int(f.Fd()), unix.LOCK_EX) }
