//go:build !linux

package devices

// Tests on a terminal are skipped where no pseudo-terminal is made.

import (
	"os"
	"syscall"
	"testing"
)

const brokenPipe = syscall.EPIPE

func openPTY(t *testing.T) (keys, tty *os.File) {
	t.Skip("no pseudo-terminals here")
	return nil, nil
}

func cooked(t *testing.T, _ *os.File) bool {
	t.Skip("no pseudo-terminals here")
	return false
}
