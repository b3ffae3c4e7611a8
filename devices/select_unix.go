//go:build unix

package devices

import (
	"golang.org/x/sys/unix"
)

// pollSockets returns the positions of the descriptors that are readable now; -1 stands
// for none.
func pollSockets(fds []int) (ready []int, err error) {
	list := pollList(fds)
	n, err := poll(list, 0)
	for i := range list {
		if n == 0 {
			break
		}
		if list[i].Revents != 0 {
			ready = append(ready, i)
			n--
		}
	}
	return ready, err
}

// pollList asks for input on each descriptor; poll(2) passes over negative ones.
func pollList(fds []int) []unix.PollFd {
	list := make([]unix.PollFd, len(fds))
	for i, fd := range fds {
		list[i] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
	}
	return list
}

// poll is poll(2), begun again when a signal of the runtime ends it.
func poll(list []unix.PollFd, milliseconds int) (int, error) {
	for {
		n, err := unix.Poll(list, milliseconds)
		if err != unix.EINTR {
			return n, err
		}
	}
}
