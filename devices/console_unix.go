//go:build unix

package devices

// The real console: poll(2) on the input and a wake pipe. Neither descriptor is made
// non-blocking, since the shell shares them.

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// fdConsole is a Console on two descriptors.
type fdConsole struct {
	files         [2]*os.File // held, or the collector would close the descriptors
	inFD, outFD   int
	inTTY, outTTY bool
	name          string
	wakeR, wakeW  int
	rung          atomic.Bool
	gone          atomic.Bool   // the terminal was taken away
	cooked        *unix.Termios // what Raw(false) puts back
	ahead         bool          // what the next ReadInput finds was typed before Raw(true)
}

// NewConsole returns the console on an input and an output, which stay the caller's.
func NewConsole(in, out *os.File) (Console, error) {
	var p [2]int
	if err := unix.Pipe(p[:]); err != nil {
		return nil, err
	}
	for _, fd := range p {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return nil, err
		}
	}
	c := &fdConsole{files: [2]*os.File{in, out}, inFD: int(in.Fd()), outFD: int(out.Fd()), name: "00", wakeR: p[0], wakeW: p[1]}
	_, err := getTermios(c.inFD)
	c.inTTY = err == nil
	_, err = getTermios(c.outFD)
	c.outTTY = err == nil
	if c.inTTY {
		c.name = ttyName(c.inFD)
	}
	return c, nil
}

// ttyName is the path of the terminal on fd.
func ttyName(fd int) string {
	if path, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd)); err == nil {
		return path
	}
	return "/dev/tty"
}

// Close gives the wake pipe back and the terminal its own modes; nobody may be waiting.
func (c *fdConsole) Close() error {
	return errors.Join(c.Raw(false), unix.Close(c.wakeR), unix.Close(c.wakeW))
}

func (c *fdConsole) Name() string    { return c.name }
func (c *fdConsole) InputTTY() bool  { return c.inTTY }
func (c *fdConsole) OutputTTY() bool { return c.outTTY }

// Files are the console's descriptors, for a program that shares them.
func (c *fdConsole) Files() (in, out *os.File) { return c.files[0], c.files[1] }

func (c *fdConsole) Gone() bool { return c.gone.Load() }

func (c *fdConsole) Interrupt() {
	c.rung.Store(true)
	_, _ = unix.Write(c.wakeW, []byte{0}) // a full pipe wakes just as well
}

func (c *fdConsole) Arm() {
	if c.rung.Load() {
		c.drained()
	}
}

func (c *fdConsole) ReadInput(p []byte, deadline time.Time) (int, error) {
	for {
		if err := c.await(deadline); err != nil {
			return 0, err
		}
		n, err := unix.Read(c.inFD, p)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case errors.Is(err, unix.EIO): // the other end of the terminal was closed
			c.gone.Store(true)
			return 0, io.EOF
		case err != nil:
			return 0, err
		case n == 0:
			c.lookForTerminal()
			return 0, io.EOF
		}
		c.markEnd(p[:n])
		return n, nil
	}
}

// markEnd makes the end that a person has typed before the terminal was raw a Ctrl-D again: the
// terminal keeps it as a NUL among the other characters that wait.
func (c *fdConsole) markEnd(typed []byte) {
	if c.ahead && c.cooked != nil {
		copy(typed, bytes.ReplaceAll(typed, []byte{0}, []byte{c.cooked.Cc[unix.VEOF]}))
	}
	c.ahead = false
}

// lookForTerminal tells the end of the input that Ctrl-D makes from that of a terminal
// which is no more: only the first can still be asked for its modes.
func (c *fdConsole) lookForTerminal() {
	if _, err := getTermios(c.inFD); c.inTTY && err != nil {
		c.gone.Store(true)
	}
}

// await returns nil once input can be read.
func (c *fdConsole) await(deadline time.Time) error {
	fds := []unix.PollFd{{Fd: int32(c.inFD), Events: unix.POLLIN}, {Fd: int32(c.wakeR), Events: unix.POLLIN}}
	for {
		wait := -1
		if !deadline.IsZero() {
			wait = int(max(0, time.Until(deadline)+time.Millisecond-1) / time.Millisecond)
		}
		n, err := unix.Poll(fds, wait)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return err
		case n == 0:
			return ErrTimeout
		case fds[1].Revents != 0 && c.drained():
			return ErrInterrupted
		case fds[0].Revents != 0:
			return nil
		}
	}
}

// drained empties the wake pipe and reports whether somebody rang.
func (c *fdConsole) drained() bool {
	var b [64]byte
	for {
		if n, _ := unix.Read(c.wakeR, b[:]); n < len(b) {
			return c.rung.Swap(false)
		}
	}
}

func (c *fdConsole) WriteOutput(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := unix.Write(c.outFD, p[done:])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN): // somebody else made it non-blocking
			fds := []unix.PollFd{{Fd: int32(c.outFD), Events: unix.POLLOUT}}
			if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
				return done, err
			}
			continue
		case err != nil:
			c.lookForTerminal()
			return done, err
		}
		done += n
	}
	return done, nil
}

func (c *fdConsole) Raw(on bool) error {
	switch {
	case !c.inTTY || on == (c.cooked != nil):
		return nil
	case !on:
		was := c.cooked
		c.cooked = nil
		return setTermios(c.inFD, was)
	}
	was, err := getTermios(c.inFD)
	if err != nil {
		return err
	}
	raw := *was
	raw.Iflag &^= unix.ICRNL | unix.INLCR | unix.IGNCR | unix.IXON | unix.BRKINT
	raw.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL | unix.ISIG | unix.IEXTEN
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	if err := setTermios(c.inFD, &raw); err != nil {
		return err
	}
	c.cooked = was
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(c.inFD), Events: unix.POLLIN}}, 0)
	c.ahead = err == nil && n > 0
	return nil
}
