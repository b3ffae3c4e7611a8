//go:build !unix

package devices

// Tests that ask the system about a socket are skipped where nothing answers.

import (
	"errors"
	"syscall"
)

func (c *conv) waiting() int {
	c.Skip("the system does not tell what waits in a socket")
	return 0
}

func ss(string) (string, error) { return "", errors.ErrUnsupported }

func makeFIFO(string) error { return errors.ErrUnsupported }

func errnoName(e syscall.Errno) string { return e.Error() }
