package devices

// The listening sockets of all processes, so that they can close before anything else when
// cos is about to end (drain). To its program a server whose listener has closed that way
// is one to which no client comes any more.

import (
	"errors"
	"net"
	"sync"
)

// Listeners are the open ones of an Env. The zero value is ready.
type Listeners struct {
	// Opened is told of each that opens; nil: nobody asks. It is called from the process
	// that listens.
	Opened func(net.Addr)

	mu     sync.Mutex
	open   map[*listening]bool
	closed bool
}

// listening is a listener that can be closed from outside.
type listening struct {
	*net.TCPListener
	all *Listeners
}

// Close takes it off the list.
func (l *listening) Close() error {
	l.all.mu.Lock()
	delete(l.all.open, l)
	l.all.mu.Unlock()
	return l.TCPListener.Close()
}

// errDraining is the error of OPEN when nobody may listen any more.
var errDraining = errors.New("cos is about to end")

// add puts a listener on the list; those that are no sockets stay as they are.
func (s *Listeners) add(l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return l, nil
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_ = l.Close()
		return nil, errors.Join(errForGood, errDraining)
	}
	if s.open == nil {
		s.open = map[*listening]bool{}
	}
	known := &listening{tcp, s}
	s.open[known] = true
	s.mu.Unlock()
	if s.Opened != nil {
		s.Opened(l.Addr())
	}
	return known, nil
}

// CloseAll closes all listeners for good.
func (s *Listeners) CloseAll() {
	s.mu.Lock()
	list := s.open
	s.open, s.closed = nil, true
	s.mu.Unlock()
	for l := range list {
		_ = l.TCPListener.Close()
	}
}

func (s *Listeners) drained() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// connectionCounter is a host that wants to know how many connections it has.
type connectionCounter interface{ CountConnections(change int) }

func count(h Host, change int) {
	if c, ok := h.(connectionCounter); ok {
		c.CountConnections(change)
	}
}
