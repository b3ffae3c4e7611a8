package runtime

// What an observer hears of a process: its I/O commands as they end, and what its
// devices report. Off, it costs one comparison with nil a command.

import (
	"strconv"
	"time"

	"cos/devices"
)

// Observing implements devices.Host.
func (p *Process) Observing() bool { return p.observer != nil || p.sys.cfg.Watch != nil }

// Watch has o hear of this process, of those that it and the others start from now on, and
// of the others from their next command on; nil ends it. The observer of the configuration
// stays.
func (p *Process) Watch(o devices.Observer) {
	switch always := p.sys.cfg.Observer; {
	case o == nil:
		o = always
	case always != nil:
		o = devices.Observers{always, o}
	}
	p.sys.observer.Store(&o)
	p.observer = o
	p.sys.jobs.mu.Lock()
	defer p.sys.jobs.mu.Unlock()
	for _, other := range p.sys.jobs.live {
		if other != p {
			other.signal.pending.Or(sigObserver)
		}
	}
}

// Observe implements devices.Host.
func (p *Process) Observe(e devices.Event) {
	if w := p.sys.cfg.Watch; w != nil {
		w.Event(p.id, e)
	}
	if p.observer == nil {
		return
	}
	e.Time = time.Now()
	e.Began = e.Time
	p.whence(&e, p.routine, p.pos)
	e.Job, e.Test = p.id, p.test
	p.observer.Observe(&e)
}

// whence notes where in the program something happens.
func (p *Process) whence(e *devices.Event, r *Routine, at pos) {
	if r == nil || at == 0 {
		return
	}
	line := lineOf(r, at)
	e.Place = r.place(at.line())
	e.Source = devices.Source{File: r.Path, Line: line.Line, Text: line.Text}
}

// observed runs an I/O command and tells the observer how it ended. run adds what it
// knows to the event.
func (p *Process) observed(kind string, run func(*devices.Event) flow) flow {
	e := &devices.Event{Kind: kind, Device: p.currentName(), Began: time.Now(), Job: p.id}
	p.whence(e, p.routine, p.pos)
	d, ended, observer := p.io.current, false, p.observer // which may change meanwhile
	defer func() {
		e.Time = time.Now()
		if !ended {
			e.Error = p.cutShort()
		}
		if kind == "WRITE" && ended {
			return // what it sent has been told; what it buffered will be
		}
		e.Test = p.test
		p.stateAfter(e, d)
		observer.Observe(e)
	}()
	fl := run(e)
	ended = true
	return fl
}

// cutShort names the error that ends a command.
func (p *Process) cutShort() string {
	switch {
	case p.unwind.why == unwindHalt:
		return "HALT"
	case p.unwind.err != nil:
		return p.unwind.err.Name
	}
	return ""
}

// stateAfter adds the state of the device that an event names; of the current one when the
// process does not have it. d was current before.
func (p *Process) stateAfter(e *devices.Event, d devices.Device) {
	switch found, _ := p.findDevice(FromUTF8(e.Device)); {
	case found != nil:
		d = found
	case e.Kind == "CLOSE" || d == nil:
		d = p.io.current
	}
	s := d.State()
	e.ZA, e.ZB = s.ZA, s.ZB
	if c, ok := d.(interface{ Ends() (local, peer string) }); ok && d.Name() == e.Device {
		e.Local, e.Peer = c.Ends()
	}
}

// describe adds the device and the parameters of OPEN, USE and CLOSE.
func describe(e *devices.Event, device Value, params devices.Params) {
	e.Device = deviceName(device)
	e.Text = params.String()
}

// received adds what a READ returned.
func (n *readCmd) received(e *devices.Event, spec *devices.ReadSpec, res devices.Result) {
	e.TimedOut = res.TimedOut
	switch {
	case spec.Char && res.Char >= 0:
		e.Data = []byte(FromUTF8(string(res.Char)).utf8())
		if res.Char < 256 {
			e.Data = []byte{byte(res.Char)}
		}
	case res.Text.Wide:
		e.Data = []byte(FromDevice(res.Text).utf8())
	default:
		e.Data = []byte(res.Text.S)
	}
}

// readForm shows the form of a READ argument without its variable: *, #10, and :5 for a
// timeout.
func readForm(spec *devices.ReadSpec) string {
	s := ""
	if spec.Char {
		s = "*"
	}
	if spec.Fixed > 0 {
		s += "#" + strconv.Itoa(spec.Fixed)
	}
	if spec.Timed {
		s += ":" + strconv.FormatFloat(spec.Timeout.Seconds(), 'f', -1, 64)
	}
	return s
}

// started adds the child of a JOB, and what it runs.
func (n *jobCmd) started(p *Process, e *devices.Event, spec *jobSpec, err error) {
	if spec.entry != nil {
		e.Text = spec.entry.routine.place(spec.entry.number)
	}
	if spec.bits != 0 {
		e.Text += ":(:" + strconv.Itoa(spec.bits) + ":)"
	}
	if err == nil {
		e.Child = p.child
	}
	e.Device = ""
	if spec.bits&(jobPrincipal|jobSocket) != 0 {
		e.Device = spec.socket
	}
}

// noteHandOver tells that JOB found no connection to hand over, and which device has one.
func (p *Process) noteHandOver() {
	if p.observer == nil {
		return
	}
	e := devices.Event{Kind: "note", Note: devices.NoteNotCurrent}
	for name, d := range p.io.open {
		if inheritable(d) {
			e.Device = name
		}
	}
	p.Observe(e)
}
