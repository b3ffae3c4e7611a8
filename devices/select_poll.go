//go:build unix && !linux

package devices

// Other Unix systems wait in poll(2), with a pipe among the descriptors that ends it.

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// socketSet is the wake pipe of one wait.
type socketSet struct {
	write int
	rung  atomic.Bool
}

// Interrupt ends the wait from any goroutine.
func (s *socketSet) Interrupt() {
	if !s.rung.Swap(true) {
		_, _ = unix.Write(s.write, []byte{0}) // an empty pipe takes one byte
	}
}

// waitSockets waits until a descriptor is readable. It returns nil, ErrTimeout,
// ErrInterrupted, what Enter returned, or the system's error.
func waitSockets(host Host, fds []int, deadline time.Time) error {
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		return err
	}
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	set := &socketSet{write: pipe[1]}
	list := append(pollList(fds), unix.PollFd{Fd: int32(pipe[0]), Events: unix.POLLIN})
	if err := host.Enter(WaitSelect, set); err != nil {
		return err
	}
	n, err := poll(list, milliseconds(deadline))
	host.Leave()
	switch {
	case err != nil:
		return err
	case set.rung.Load():
		return ErrInterrupted
	case n == 0:
		return ErrTimeout
	}
	return nil
}

// milliseconds is poll's timeout for a deadline: -1 for none, rounded up.
func milliseconds(deadline time.Time) int {
	if deadline.IsZero() {
		return -1
	}
	return max(0, int((time.Until(deadline)+time.Millisecond-1)/time.Millisecond))
}
