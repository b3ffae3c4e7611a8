//go:build unix && !linux

package devices

import "golang.org/x/sys/unix"

// ioctlAvailable asks a socket how many bytes wait.
const ioctlAvailable = unix.FIONREAD
