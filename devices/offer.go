package devices

// How an accepted connection leaves its listening device other than by JOB: to a second
// device of the same process (Fork), or to a device of another process (Publish, Export
// and Import of %SYSTEM.Socket).

import (
	"context"
	"sync"
)

// release takes the connection off a listening device and makes a connected device of
// it, with the parameters of the listening one. Input and output that are buffered go
// with it; a READ that mode A would spend on the accept is spent.
func (t *TCP) release(name string, host Host, opt tcpOptions) *TCP {
	t.observe("handover", nil)
	s, x := t.stream, t.state.X
	count(t.host, 1) // it has one all the while
	defer count(t.host, -1)
	t.connection(nil)
	to := &TCP{name: name, env: t.env, host: host, opt: opt}
	to.opt.mode &^= modeAccept
	to.opt.settle()
	s.fresh = false
	s.in.rescan()
	to.connection(s)
	to.state.X = x
	to.state.Mode = to.opt.zmode()
	return to
}

// Accepted reports whether the device is a server with a connection, which can be handed
// over.
func (t *TCP) Accepted() bool { return t.server && t.stream != nil }

// Fork moves the accepted connection to a new device of the same process; nil when there
// is none.
func (t *TCP) Fork(name string) *TCP {
	if !t.Accepted() {
		return nil
	}
	return t.release(name, t.host, t.opt)
}

// Offer is a published connection: where the process that exports it and the one that
// imports it meet.
type Offer struct {
	Recipient int // the number of the process that it is meant for, 0: any

	requests  chan request
	once      sync.Once
	withdrawn chan struct{}
	ended     func()
}

type request struct {
	name  string
	host  Host
	reply chan *TCP
}

// Publish offers the accepted connection to another process; nil when there is none. An
// earlier offer of the device is withdrawn. ended is called once, when the offer is taken
// or withdrawn because the connection has ended.
func (t *TCP) Publish(ended func()) *Offer {
	if !t.Accepted() {
		return nil
	}
	t.withdraw()
	t.offer = &Offer{requests: make(chan request), withdrawn: make(chan struct{}), ended: ended}
	return t.offer
}

// Offer returns the offer of the device's connection, nil if it is not published.
func (t *TCP) Offer() *Offer { return t.offer }

// withdraw ends the offer of the device's connection, if there is one.
func (t *TCP) withdraw() {
	if o := t.offer; o != nil {
		t.offer = nil
		o.end()
	}
}

func (o *Offer) end() {
	o.once.Do(func() {
		close(o.withdrawn)
		o.ended()
	})
}

// Export waits for the process that imports the published connection and hands it over.
// It returns false when nothing is published or the recipient is gone.
func (t *TCP) Export(gone <-chan struct{}) (bool, error) {
	o := t.offer
	if o == nil {
		return false, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := t.host.Enter(WaitJob, &canceller{cancel: cancel}); err != nil {
		return false, err
	}
	defer t.host.Leave()
	select {
	case r := <-o.requests:
		t.offer = nil
		r.reply <- t.release(r.name, r.host, t.opt)
		o.end()
		return true, nil
	case <-gone:
		return false, nil
	case <-ctx.Done():
		return false, ErrInterrupted
	}
}

// Import waits until the connection is exported and returns it as a device of the given
// name; nil when it was withdrawn.
func (o *Offer) Import(host Host, name string) (*TCP, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := host.Enter(WaitJob, &canceller{cancel: cancel}); err != nil {
		return nil, err
	}
	defer host.Leave()
	r := request{name: name, host: host, reply: make(chan *TCP, 1)}
	select {
	case o.requests <- r:
		return <-r.reply, nil
	case <-o.withdrawn:
		return nil, nil
	case <-ctx.Done():
		return nil, ErrInterrupted
	}
}
