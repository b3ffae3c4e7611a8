package runtime

// %SYSTEM.Socket: one job on many TCP devices (Fork, Select), and connections that pass
// from one job to another that already runs (Publish, Export, Import, SelectInterrupt).

import (
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"cos/devices"
)

func init() {
	registerClasses(
		&class{Name: "%SYSTEM.Socket", Doc: "many TCP devices in one job, and their connections between jobs", Methods: []method{
			{Name: "Fork", Min: 2, Max: 2, Fn: socketFork, Doc: "Fork(accepted,new): moves the accepted connection of a listening device to a new device; 1, or 0"},
			{Name: "Select", Min: 1, Max: 2, Fn: socketSelect, Doc: "Select(list,timeout): the devices of a $LIST that a READ finds ready; \"\" after the timeout, -1 after SelectInterrupt()"},
			{Name: "SelectInterrupt", Min: 1, Max: 1, Fn: socketSelectInterrupt, Doc: "SelectInterrupt(pid): ends the Select() of a process, or its next that has to wait; 1, or 0"},
			{Name: "Publish", Min: 1, Max: 2, Fn: socketPublish, Doc: "Publish(accepted,pid): a token by which another job can take the accepted connection"},
			{Name: "Export", Min: 1, Max: 1, Fn: socketExport, Doc: "Export(accepted): hands the published connection to the job that imports it; 1, or 0"},
			{Name: "Import", Min: 2, Max: 2, Fn: socketImport, Doc: "Import(new,token): takes a published connection as a new device; 1, or 0"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Socket"), Doc: "lists the methods, or describes one"},
		}},
	)
}

// tcpDevice is the open TCP device that a value names, nil if it names none.
func (p *Process) tcpDevice(v Value) *devices.TCP {
	d, _ := p.findDevice(v)
	t, _ := d.(*devices.TCP)
	return t
}

// newTCPName is the canonical name of a TCP device that is not open yet; ok is false for
// any other name.
func (p *Process) newTCPName(v Value) (name string, ok bool) {
	d, name := p.findDevice(v)
	return name, d == nil && devices.IsTCPName(name)
}

// socketFork is Fork(AcceptedDevice,NewDevice).
func socketFork(p *Process, _ *object, a []Value) Value {
	name, ok := p.newTCPName(p.in(a, 1))
	t := p.tcpDevice(p.in(a, 0))
	if !ok || t == nil {
		return Int(0)
	}
	to := t.Fork(name)
	if to == nil {
		return Int(0)
	}
	p.io.open[name] = to
	return Int(1)
}

// socketSelect is Select(DeviceList,Timeout).
func socketSelect(p *Process, _ *object, a []Value) Value {
	var list []*devices.TCP
	var names []Value
	source := p.in(a, 0)
	for at := 0; ; {
		v, next, ok := p.listNext(source, at)
		if !ok {
			break
		}
		at = next
		d, _ := p.findDevice(v)
		if d == nil {
			p.raise(errNotOpen, "")
		}
		t, ok := d.(*devices.TCP)
		if !ok {
			p.raise(errFunction, "")
		}
		list, names = append(list, t), append(names, v)
	}
	limit := time.Duration(-1)
	if v := p.in(a, 1); v.defined() {
		limit = selectTimeout(p.num(v))
	}
	ready, err := devices.Select(&selecting{Process: p}, list, limit)
	switch {
	case errors.Is(err, errSelectRung):
		return Empty
	case errors.Is(err, devices.ErrInterrupted) && p.signal.pending.Load()&sigWake == 0 && p.signal.takeSelect():
		return Int(-1)
	case errors.Is(err, devices.ErrNoSelect):
		p.raise(errFunction, "")
	case err != nil:
		p.ioError(err, errRead)
	}
	buf := p.buf[:0]
	for _, i := range ready {
		buf = appendElement(buf, names[i])
	}
	return p.listValue(buf)
}

// maxSelect is the longest timeout, about thirty years.
const maxSelect = 1e9

// selectTimeout is a timeout in seconds, to the hundredth; a negative one is none.
func selectTimeout(v Value) time.Duration {
	seconds := v.float()
	switch {
	case seconds < 0:
		return -1
	case !(seconds < maxSelect):
		seconds = maxSelect
	}
	return time.Duration(seconds*100) * 10 * time.Millisecond
}

// errSelectRung is a wait that SelectInterrupt ended before it began.
var errSelectRung = errors.New("select interrupted")

// selecting is the process as the host of one Select: a SelectInterrupt that came before
// ends the wait as it begins.
type selecting struct{ *Process }

func (s *selecting) Enter(kind devices.Wait, by devices.Interrupter) error {
	if kind != devices.WaitSelect {
		return s.Process.Enter(kind, by)
	}
	s.io.flush(devices.BeforeWait)
	if err := s.Process.Enter(kind, by); err != nil {
		return err
	}
	if s.signal.takeSelect() {
		s.Leave()
		return errSelectRung
	}
	return nil
}

// takeSelect reports whether SelectInterrupt has called the process since it was asked
// last.
func (s *signals) takeSelect() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	rung := s.selected
	s.selected = false
	return rung
}

// interruptSelect ends the Select of the process, or its next.
func (p *Process) interruptSelect() {
	p.signal.mu.Lock()
	defer p.signal.mu.Unlock()
	p.signal.selected = true
	if devices.Wait(p.signal.waiting.Load()) == devices.WaitSelect && p.signal.waker != nil {
		p.signal.waker.Interrupt()
	}
}

func socketSelectInterrupt(p *Process, _ *object, a []Value) Value {
	other := p.sys.jobs.find(int(p.in(a, 0).int64()))
	if other == nil {
		return Int(0)
	}
	other.interruptSelect()
	return Int(1)
}

// offerTable holds the published connections by their tokens.
type offerTable struct {
	mu   sync.Mutex
	live map[string]*devices.Offer
}

func (t *offerTable) add(token string, o *devices.Offer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live == nil {
		t.live = map[string]*devices.Offer{}
	}
	t.live[token] = o
}

func (t *offerTable) find(token string) *devices.Offer {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live[token]
}

func (t *offerTable) forget(token string) {
	t.mu.Lock()
	delete(t.live, token)
	t.mu.Unlock()
}

// socketPublish is Publish(AcceptedDevice,RecipientPID): "" when there is no accepted
// connection, <ILLEGAL VALUE> when its TLS has begun. Nobody can guess a token.
func socketPublish(p *Process, _ *object, a []Value) Value {
	t := p.tcpDevice(p.in(a, 0))
	if t == nil {
		return Empty
	}
	if t.Secured() {
		p.raise(errIllegal, "") // TLS state is of this process (%SYSTEM.Socket, "Publish")
	}
	token := rand.Text()
	o := t.Publish(func() { p.sys.offers.forget(token) })
	if o == nil {
		return Empty
	}
	p.sys.offers.add(token, o)
	if v := p.in(a, 1); v.defined() {
		o.Recipient = int(v.int64())
	}
	return Text(token)
}

// socketExport is Export(AcceptedDevice): it waits for the recipient, as long as the
// process that Publish named lives.
func socketExport(p *Process, _ *object, a []Value) Value {
	t := p.tcpDevice(p.in(a, 0))
	if t == nil || t.Offer() == nil {
		return Int(0)
	}
	var gone <-chan struct{}
	if id := t.Offer().Recipient; id != 0 {
		to := p.sys.jobs.find(id)
		if to == nil {
			return Int(0)
		}
		gone = to.signal.gone()
	}
	p.io.flush(devices.BeforeWait)
	done, err := t.Export(gone)
	if err != nil {
		p.ioError(err, errRead)
	}
	return Bool(done)
}

// gone is closed when the process ends.
func (s *signals) gone() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = make(chan struct{})
	}
	return s.ended
}

// end tells everybody who waits for the end of the process.
func (s *signals) end() {
	ended := s.gone()
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-ended:
	default:
		close(s.ended)
	}
}

// socketImport is Import(NewDevice,Token).
func socketImport(p *Process, _ *object, a []Value) Value {
	name, ok := p.newTCPName(p.in(a, 0))
	o := p.sys.offers.find(p.in(a, 1).utf8())
	if !ok || o == nil {
		return Int(0)
	}
	p.io.flush(devices.BeforeWait)
	t, err := o.Import(p, name)
	if err != nil {
		p.ioError(err, errRead)
	}
	if t == nil {
		return Int(0)
	}
	p.io.open[name] = t
	return Int(1)
}
