package globals

// Reading from a socket with a short spin: the answer to a question mostly comes within a few
// microseconds, which is less than it costs to put the reader to sleep and wake it.

import (
	"errors"
	"io"
	"net"
	goruntime "runtime"
	"sync/atomic"
	"syscall"
	"time"
)

const spinTime = 40 * time.Microsecond

// spinners counts the readers of this process that spin; one at a time, on machines with more than
// one processor.
var spinners atomic.Int32

// spinReader reads from a connection, spinning first when the last read was worth it.
type spinReader struct {
	nc   net.Conn
	raw  syscall.RawConn
	hot  int // recent reads that came in time, less those that did not
	buf  []byte
	n    int
	err  error
	poll func(fd uintptr) bool
	idle bool // the spin of this read is over
}

// newSpinReader wraps a connection; others than sockets are read as they are.
func newSpinReader(nc net.Conn) io.Reader {
	sc, ok := nc.(syscall.Conn)
	if !ok || goruntime.NumCPU() < 2 || !canSpin {
		return nc
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nc
	}
	r := &spinReader{nc: nc, raw: raw}
	r.poll = r.try
	return r
}

func (r *spinReader) Read(p []byte) (int, error) {
	r.buf, r.idle = p, false
	err := r.raw.Read(r.poll)
	r.buf = nil
	switch {
	case err != nil:
		return 0, err
	case r.err != nil:
		return 0, r.err
	case r.n == 0:
		return 0, io.EOF
	}
	return r.n, nil
}

// try reads without waiting, for a while when that has paid off lately; false waits for the poller.
func (r *spinReader) try(fd uintptr) bool {
	if r.once(fd) {
		return true
	}
	if r.idle {
		return false
	}
	r.idle = true
	if r.hot < 0 || spinners.Add(1) > 1 {
		if r.hot < 0 {
			r.hot++
		} else {
			spinners.Add(-1)
		}
		return false
	}
	defer spinners.Add(-1)
	for start := time.Now(); time.Since(start) < spinTime; {
		if r.once(fd) {
			r.hot = 2
			return true
		}
	}
	if r.hot--; r.hot < 0 {
		r.hot = -16
	}
	return false
}

// once is one read; true when it is done, well or not.
func (r *spinReader) once(fd uintptr) bool {
	n, err := readNow(fd, r.buf)
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR) {
		return false
	}
	r.n, r.err = max(n, 0), err
	return true
}
