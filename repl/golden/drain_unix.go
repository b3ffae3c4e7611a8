//go:build unix

package golden

// Reading a process's output so that "all of it is here" can be told: the pipe is read
// and the tape written under one lock.

import (
	"io"
	"os"
	"syscall"
)

// pump waits for output and puts it on the tape; io.EOF at the end.
func (p *session) pump(f *os.File, t *tape) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var ended error
	err = raw.Read(func(fd uintptr) bool {
		p.st.mu.Lock()
		defer p.st.mu.Unlock()
		some, end := readInto(fd, t)
		if end {
			ended = io.EOF
		}
		if some {
			p.st.changed.Broadcast()
		}
		return some || end
	})
	if err == nil {
		err = ended
	}
	return err
}

// drained reports that nothing the process has printed is still on its way. The
// stage's lock is held.
func (p *session) drained() bool {
	if p.out.ended {
		return true
	}
	raw, err := p.outPipe.SyscallConn()
	if err != nil {
		return true
	}
	return raw.Control(func(fd uintptr) {
		if some, _ := readInto(fd, &p.out); some {
			p.st.changed.Broadcast()
		}
	}) == nil
}

// readInto moves what a pipe holds onto a tape.
func readInto(fd uintptr, t *tape) (some, end bool) {
	var buf [8 << 10]byte
	for {
		n, err := syscall.Read(int(fd), buf[:])
		switch {
		case n > 0:
			t.add(buf[:n])
			some = true
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return some, false
		default:
			return some, true
		}
	}
}
