package devices

// Select: one wait on many TCP devices (%SYSTEM.Socket, "Select"). What is ready is found
// by one poll of all sockets; when nothing is, one wait on all of them follows
// (select_linux.go, select_poll.go), which another goroutine can end.

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// ErrNoSelect is Select's error for a device without a socket to wait on.
var ErrNoSelect = errors.New("the device has no socket to wait on")

// Select returns the positions in list of the devices whose next READ has something to
// take: input, buffered or not, a client that has come to a listener (it is accepted
// here), or the news that the connection is gone. limit < 0 waits for ever, 0 polls; an
// empty result means that the time has passed. The error is ErrInterrupted, ErrNoSelect,
// or what host.Enter returned.
func Select(host Host, list []*TCP, limit time.Duration) (ready []int, err error) {
	sockets := make([]int, len(list))
	for i, t := range list {
		here, err := t.here()
		if err != nil {
			return nil, err
		}
		switch fd, ok := t.socket(); {
		case t.stream == nil && t.env.Listeners.drained(): // nobody comes any more
			sockets[i] = -1
		case here:
			ready = append(ready, i)
			sockets[i] = -1
		case !ok:
			return nil, ErrNoSelect
		default:
			sockets[i] = fd
		}
	}
	var deadline time.Time
	if limit > 0 {
		deadline = time.Now().Add(limit)
	}
	if len(ready) > 0 {
		limit = 0
	}
	for {
		found, err := pollSockets(sockets)
		if err != nil {
			return nil, err
		}
		for _, i := range found {
			if list[i].stream == nil && list[i].env.Listeners.drained() {
				sockets[i] = -1
				continue
			}
			ok, err := list[i].settle()
			if err != nil {
				return nil, err
			}
			if ok {
				ready = append(ready, i)
			}
		}
		if len(ready) > 0 || limit == 0 {
			return ready, nil
		}
		err = waitSockets(host, sockets, deadline)
		switch {
		case errors.Is(err, ErrTimeout):
			limit = 0 // one last look: data and deadline may have come together
		case err != nil:
			return nil, err
		}
	}
}

// here reports whether the next READ has something to take already. Input may lie in
// records or compressed between the socket and the device's buffer, so such a connection
// is asked for it; a TLS client begins its handshake here.
func (t *TCP) here() (bool, error) {
	if s := t.stream; !t.readyNow() && s != nil && s.layered() {
		return t.settle()
	}
	return t.readyNow(), nil
}

// layered reports whether something is between the socket and the input buffer.
func (s *stream) layered() bool { return s.tls != nil || s.zip != nil }

// readyNow reports whether the next READ ends without looking at the socket.
func (t *TCP) readyNow() bool {
	s := t.stream
	switch {
	case s == nil:
		return t.listener == nil // READ raises <READ>
	case s.fresh && t.opt.mode&modeAccept != 0:
		return true
	}
	return len(s.in.pending()) > 0 || s.in.ended != nil || s.zip != nil && s.zip.end
}

// socket returns the descriptor that tells of the device's next input. It stays valid
// while the device is neither read nor closed.
func (t *TCP) socket() (fd int, ok bool) {
	var c any = t.listener
	if t.stream != nil {
		c = t.stream.conn
	}
	ok = onSocket(c, func(n int) { fd = n })
	return fd, ok
}

// settle takes what a readable socket has to offer and reports whether a READ has
// something to take: a client may have left the queue again, a LF that belongs to the CR
// before it is no input, and records of TLS may be a part of its handshake.
func (t *TCP) settle() (bool, error) {
	poll := clock{timed: true}
	var err error
	if s := t.stream; s == nil {
		err = t.accept(&poll)
	} else if s.layered() || !s.in.joinUntil.IsZero() {
		if err = t.fill(s, &poll); err == nil || errors.Is(err, ErrTimeout) {
			return t.readyNow(), nil
		}
	}
	switch {
	case errors.Is(err, ErrInterrupted):
		return false, err
	case errors.Is(err, ErrTimeout):
		return false, nil
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return false, os.NewSyscallError("accept", err)
	}
	return true, nil // a READ meets any other error again
}
