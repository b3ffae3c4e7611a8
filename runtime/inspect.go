package runtime

// What the prompt shows of a System: the devices of a process, the jobs, the globals.

import (
	"cmp"
	"slices"

	"cos/devices"
)

// DeviceView is one open device.
type DeviceView struct {
	Name, Mode         string
	Local, Peer        string // addresses, "" where there are none
	State              string // "listening", "connected", "disconnected"; "open" of what is no connection
	Unread, Unsent     int    // bytes in its buffers
	Current, Principal bool
}

// Devices lists the open devices, the principal one first.
func (p *Process) Devices() []DeviceView {
	out := []DeviceView{p.view(p.io.principal)}
	for _, d := range p.io.open {
		out = append(out, p.view(d))
	}
	slices.SortFunc(out[1:], func(a, b DeviceView) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (p *Process) view(d devices.Device) DeviceView {
	v := DeviceView{Name: d.Name(), Mode: d.State().Mode, State: "open", Current: d == p.io.current, Principal: d == p.io.principal}
	if e, ok := d.(interface{ Ends() (local, peer string) }); ok {
		v.Local, v.Peer = e.Ends()
	}
	if b, ok := d.(interface{ Buffered() (unread, unsent int) }); ok {
		v.Unread, v.Unsent = b.Buffered()
	}
	if t, ok := d.(*devices.TCP); ok {
		switch {
		case t.Connected():
			v.State = "connected"
		case t.Listening():
			v.State = "listening"
		default:
			v.State = "disconnected"
		}
	}
	return v
}

// JobView is one process as it was at its last wait.
type JobView struct {
	Job               int
	State, Place      string // READ, HANG, …; label+offset^routine
	Device, Namespace string
}

// Processes lists the live processes, by number.
func (s *System) Processes() []JobView {
	s.jobs.mu.Lock()
	list := make([]*Process, 0, len(s.jobs.live))
	for _, p := range s.jobs.live {
		list = append(list, p)
	}
	s.jobs.mu.Unlock()
	out := make([]JobView, 0, len(list))
	for _, p := range list {
		p.signal.mu.Lock()
		seen := p.signal.last
		p.signal.mu.Unlock()
		v := JobView{Job: p.id, State: p.State(), Device: seen.device, Namespace: seen.namespace}
		if seen.at != nil {
			v.Place = seen.at.place(seen.pos.line())
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b JobView) int { return cmp.Compare(a.Job, b.Job) })
	return out
}

// GlobalNames lists the globals of the namespace.
func (p *Process) GlobalNames() (names []string, err error) {
	err = p.Run(func() {
		var failed error
		names, failed = p.session().Names(p.namespace)
		p.storeError(failed)
	})
	return names, err
}

// System is what the process belongs to.
func (p *Process) System() *System { return p.sys }
