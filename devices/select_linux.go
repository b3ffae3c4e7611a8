package devices

// On Linux the wait is an epoll set, and the set itself is a descriptor of Go's network
// poller: a process that waits in Select costs a parked goroutine and no thread, so
// thousands of workers may wait at once. The set lives for one wait: one kept longer
// would have to learn of every descriptor that is closed, handed over or numbered anew.

import (
	"errors"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// socketSet is the epoll set of one wait.
type socketSet struct {
	file *os.File
	rung atomic.Bool
}

// waitSockets waits until a descriptor is readable. It returns nil, ErrTimeout,
// ErrInterrupted, what Enter returned, or the system's error.
func waitSockets(host Host, fds []int, deadline time.Time) error {
	set, err := newSocketSet(fds)
	if err != nil {
		return err
	}
	defer set.file.Close()
	if err := set.file.SetReadDeadline(deadline); err != nil {
		return err
	}
	if err := host.Enter(WaitSelect, set); err != nil {
		return err
	}
	err = set.wait()
	host.Leave()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if set.rung.Load() {
		return ErrInterrupted
	}
	return ErrTimeout
}

func newSocketSet(fds []int) (*socketSet, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	for _, fd := range fds {
		if fd < 0 {
			continue
		}
		e := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP, Fd: int32(fd)}
		if err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &e); err != nil && err != unix.EEXIST { // named twice
			_ = unix.Close(ep)
			return nil, os.NewSyscallError("epoll_ctl", err)
		}
	}
	if err := unix.SetNonblock(ep, true); err != nil { // os.NewFile polls what does not block
		_ = unix.Close(ep)
		return nil, os.NewSyscallError("fcntl", err)
	}
	return &socketSet{file: os.NewFile(uintptr(ep), "select")}, nil
}

// Interrupt ends the wait from any goroutine.
func (s *socketSet) Interrupt() {
	s.rung.Store(true)
	_ = s.file.SetReadDeadline(past) // fails only on a closed set: nobody waits there
}

func (s *socketSet) wait() error {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return err
	}
	var events [1]unix.EpollEvent
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		n, err := unix.EpollWait(int(fd), events[:], 0)
		if err == unix.EINTR {
			return false
		}
		failed = err
		return n > 0 || err != nil
	})
	if err == nil {
		err = failed
	}
	return err
}
