//go:build !unix

package devices

// A console for systems without poll(2) and termios: input is read by one goroutine,
// which reads ahead by at most one buffer, and lines are edited by the system.

import (
	"io"
	"os"
	"time"
)

type chunk struct {
	data []byte
	err  error
}

type plainConsole struct {
	in, out *os.File
	chunks  chan chunk
	ring    chan struct{}
	started bool
	rest    chunk
}

// NewConsole returns the console on an input and an output, which stay the caller's.
func NewConsole(in, out *os.File) (Console, error) {
	return &plainConsole{in: in, out: out, chunks: make(chan chunk), ring: make(chan struct{}, 1)}, nil
}

func (c *plainConsole) Name() string    { return "00" }
func (c *plainConsole) InputTTY() bool  { return false }
func (c *plainConsole) OutputTTY() bool { return false }
func (c *plainConsole) Raw(bool) error  { return nil }
func (c *plainConsole) Gone() bool      { return false }

func (c *plainConsole) Interrupt() {
	select {
	case c.ring <- struct{}{}:
	default:
	}
}

func (c *plainConsole) Arm() {
	select {
	case <-c.ring:
	default:
	}
}

// read is the one reader; it ends with the input.
func (c *plainConsole) read() {
	for {
		b := make([]byte, 4096)
		n, err := c.in.Read(b)
		c.chunks <- chunk{b[:n], err}
		if err != nil {
			return
		}
	}
}

func (c *plainConsole) ReadInput(p []byte, deadline time.Time) (int, error) {
	if !c.started {
		c.started = true
		go c.read()
	}
	if len(c.rest.data) == 0 && c.rest.err == nil {
		var expired <-chan time.Time
		if !deadline.IsZero() {
			timer := time.NewTimer(max(0, time.Until(deadline)))
			defer timer.Stop()
			expired = timer.C
		}
		select {
		case c.rest = <-c.chunks:
		case <-c.ring:
			return 0, ErrInterrupted
		case <-expired:
			return 0, ErrTimeout
		}
	}
	if n := copy(p, c.rest.data); n > 0 {
		c.rest.data = c.rest.data[n:]
		return n, nil
	}
	if c.rest.err != nil {
		return 0, io.EOF
	}
	return 0, nil
}

func (c *plainConsole) WriteOutput(p []byte) (int, error) { return c.out.Write(p) }
