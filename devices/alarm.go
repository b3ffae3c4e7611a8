package devices

// alarm: how another goroutine ends a wait on a socket. A wait ends by a deadline in
// the past, which the next wait takes back; nothing is closed and no byte is lost.

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// waitable is a connection or a listener: what a deadline can end a wait on.
type waitable interface {
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// past is a deadline that ends a wait at once.
var past = time.Unix(1, 0)

// alarm belongs to one device. Only Interrupt may be called from another goroutine.
//
// Order closes the race between arming and ringing: arm takes an old ring back and sets
// the deadlines, then Host.Enter tells the process that there is somebody to wake (or
// says that an interrupt is already pending), and only then does the call block. A ring
// after arm therefore always ends the call.
type alarm struct {
	mu     sync.Mutex
	target waitable
	rung   atomic.Bool
	reads  bool // target has a read deadline
	writes bool // target has a write deadline
}

// Interrupt ends the wait under way; without one it has no effect on later calls.
func (a *alarm) Interrupt() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rung.Store(true)
	if a.target != nil {
		_ = a.target.SetReadDeadline(past) // fails only on a closed target: nobody waits there
		_ = a.target.SetWriteDeadline(past)
	}
}

// watch makes target the thing that Interrupt wakes, free of deadlines; nil for none.
func (a *alarm) watch(target waitable) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.target = target
	a.reads, a.writes = false, false
	if target != nil {
		_ = target.SetReadDeadline(time.Time{}) // fails only on a closed target, as its next use will
		_ = target.SetWriteDeadline(time.Time{})
	}
}

// armRead prepares a wait for input or for a connection; the zero time is no deadline.
// Without a deadline now or before it costs one atomic load.
func (a *alarm) armRead(deadline time.Time) error {
	if deadline.IsZero() && !a.reads && !a.rung.Load() {
		return nil
	}
	return a.arm(deadline, time.Time{})
}

// armWrite prepares a blocking write.
func (a *alarm) armWrite(deadline time.Time) error {
	if deadline.IsZero() && !a.writes && !a.rung.Load() {
		return nil
	}
	return a.arm(time.Time{}, deadline)
}

func (a *alarm) arm(read, write time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	rung := a.rung.Swap(false)
	if rung || a.reads || !read.IsZero() {
		if err := a.target.SetReadDeadline(read); err != nil {
			return err
		}
		a.reads = !read.IsZero()
	}
	if rung || a.writes || !write.IsZero() {
		if err := a.target.SetWriteDeadline(write); err != nil {
			return err
		}
		a.writes = !write.IsZero()
	}
	return nil
}

// canceller ends a wait that a context governs.
type canceller struct {
	cancel context.CancelFunc
	rung   atomic.Bool
}

// Interrupt ends the wait.
func (c *canceller) Interrupt() {
	c.rung.Store(true)
	c.cancel()
}
