package runtime

// The devices of a process: which are open, which is principal, which is current. Here,
// and nowhere else, a device's error becomes an M error.

import (
	"context"
	"errors"
	"strconv"
	"time"

	"cos/devices"
)

type deviceTable struct {
	open      map[string]devices.Device // by canonical name; never the principal
	principal devices.Device
	current   devices.Device
	name      string // $PRINCIPAL
	socket    bool   // JOB switch 4, or standard input: the principal is a connection
	spaces    map[devices.Device]*space
	running   *redirected // whose label runs, nil: none
}

func (t *deviceTable) init(principal devices.Device) {
	t.principal, t.current, t.name = principal, principal, principal.Name()
	t.open = map[string]devices.Device{}
}

// flush hands a flush request to every device that may hold output.
func (t *deviceTable) flush(why devices.FlushReason) error {
	first := t.principal.Flush(why)
	for _, d := range t.open {
		if err := d.Flush(why); first == nil {
			first = err
		}
	}
	return first
}

// closeAll closes every device at the end of the process, listeners first (rule B26).
func (t *deviceTable) closeAll() {
	for _, d := range t.open {
		if l, ok := d.(interface{ CloseListener() }); ok {
			l.CloseListener()
		}
	}
	for name, d := range t.open {
		closeWithin(d)
		delete(t.open, name)
	}
	closeWithin(t.principal)
}

// closeLimit is how long a peer that does not read may delay the end of a process.
const closeLimit = 5 * time.Second

func closeWithin(d devices.Device) {
	t := time.AfterFunc(closeLimit, d.Interrupt)
	defer t.Stop()
	d.Close(nil)
}

// find returns an owned device by the value a program names it with, nil if none.
func (p *Process) findDevice(v Value) (devices.Device, string) {
	name := deviceName(v)
	if p.isPrincipal(name) {
		return p.io.principal, name
	}
	return p.io.open[name], name
}

func (p *Process) isPrincipal(name string) bool { return name == "0" || name == p.io.name }

// deviceName is the canonical name of a device: 41880 and /TCP/41880 are |TCP|41880
// (rule A25).
func deviceName(v Value) string {
	return devices.Canonical(v.utf8())
}

// currentName is the name of the current device, "" while the process is being made.
func (p *Process) currentName() string {
	if p.io.current == nil {
		return ""
	}
	return p.io.current.Name()
}

// openDevice is OPEN name:params:timeout. Without a timeout it waits until it
// succeeds; with one it sets $TEST.
func (p *Process) openDevice(v Value, params devices.Params, timed bool, timeout Value) {
	name := deviceName(v)
	d := p.io.open[name]
	if p.isPrincipal(name) {
		d = p.io.principal
	}
	if d != nil {
		var err error
		if r, ok := d.(devices.Reopener); ok {
			err = r.Reopen(params)
		} else {
			err = d.Use(params)
		}
		if err != nil {
			p.ioError(err, errNotOpen)
		}
		if timed {
			p.test = true
		}
		return
	}
	limit := time.Duration(-1)
	if timed {
		limit = max(0, time.Duration(timeout.int64()))
		limit = min(limit, 1e9) * time.Second
	}
	p.io.flush(devices.BeforeWait)
	// Open brackets its own waits with Enter and Leave.
	d, err := devices.Open(context.Background(), p.sys.cfg.Env, p, name, params, limit)
	switch {
	case err == nil:
		p.io.open[name] = d
		p.oserror = nil
		if timed {
			p.test = true
		}
	case errors.Is(err, devices.ErrInterrupted) || p.signal.pending.Load()&sigWake != 0:
		p.interruptedOpen()
	case timed && isOpenFailure(err):
		p.oserror = err
		p.test = false
	default:
		p.oserror = err
		p.ioError(err, errNotOpen)
	}
}

// isOpenFailure says whether a timed OPEN only sets $TEST to 0 for this error.
func isOpenFailure(err error) bool {
	var e *devices.Error
	return errors.Is(err, devices.ErrTimeout) || errors.As(err, &e) && e.Name == errNotOpen.Name
}

type canceller struct{ cancel context.CancelFunc }

func (c *canceller) Interrupt() { c.cancel() }

// interruptedOpen is Ctrl-C during OPEN: <NOTOPEN> (spec §1.2); a kill ends the
// process.
func (p *Process) interruptedOpen() {
	if p.signal.pending.Load()&sigKill != 0 {
		p.poll()
	}
	p.signal.pending.And(^sigInterrupt)
	p.throw(&Error{kind: errNotOpen, Name: errNotOpen.Name, Code: errNotOpen.ecode(), Interrupted: true})
}

// useDevice is USE name:params.
func (p *Process) useDevice(v Value, params devices.Params) {
	d, _ := p.findDevice(v)
	if d == nil {
		p.raise(errNotOpen, "")
	}
	if len(params) > 0 {
		if err := d.Use(params); err != nil {
			p.ioError(err, errNotOpen)
		}
	}
	p.selects(d)
	p.monitorDisconnect()
}

// closeDevice is CLOSE name:params; a device that is not open is ignored.
func (p *Process) closeDevice(v Value, params devices.Params) {
	d, name := p.findDevice(v)
	if d == nil {
		return
	}
	if d == p.io.principal {
		p.closePrincipal(params)
		return
	}
	delete(p.io.open, name)
	if p.io.device() == d {
		p.selects(p.io.principal)
	}
	delete(p.io.spaces, d)
	if err := d.Close(params); err != nil {
		p.ioError(err, errWrite)
	}
}

// closePrincipal closes a principal that is a TCP socket; device 0 is the null device
// from then on and $PRINCIPAL keeps its name (rule B11). Other principals stay.
func (p *Process) closePrincipal(params devices.Params) {
	d := p.io.principal
	if _, ok := d.(devices.Inheritor); !ok {
		return
	}
	null := p.nullDevice()
	if p.io.device() == d {
		p.io.current = null
	}
	delete(p.io.spaces, d)
	p.io.principal = null
	p.io.socket = false
	if err := d.Close(params); err != nil {
		p.ioError(err, errWrite)
	}
}

func (p *Process) nullDevice() devices.Device {
	d, err := devices.Open(context.Background(), p.sys.cfg.Env, p, "/dev/null", nil, 0)
	if err != nil {
		p.ioError(err, errNotOpen)
	}
	return d
}

// ioError raises the M error that a device's error stands for.
func (p *Process) ioError(err error, otherwise *errorKind) {
	if errors.Is(err, devices.ErrInterrupted) {
		p.poll()
		p.raise(errInterrupt, "")
	}
	kind, info := otherwise, ""
	var e *devices.Error
	if errors.As(err, &e) {
		if k := errorTable[e.Name]; k != nil {
			kind = k
		}
		info = e.Info
	}
	if p.io.socket && p.io.device() == p.io.principal && (kind == errRead || kind == errWrite) {
		// The principal is a handed-over socket: the job halts without taking a trap,
		// unless DisconnectErr(1) (manual, "Job Command with TCP Devices"; rule B25).
		if !p.settings.disconnectErr {
			p.halt()
		}
		kind = errDscon
	}
	p.throw(&Error{kind: kind, Name: kind.Name, Code: kind.ecode(), Info: info, Cause: err})
}

// params evaluates device parameters.
func (p *Process) params(list []paramNode) devices.Params {
	if len(list) == 0 {
		return nil
	}
	out := make(devices.Params, len(list))
	for i := range list {
		n := &list[i]
		out[i].Key = n.key
		if n.value != nil {
			out[i].Value = n.value.eval(p).device()
			out[i].Set = true
		}
		if n.list != nil {
			out[i].List, out[i].Set = p.paramItems(n.list), true
		}
	}
	return out
}

// osError is $SYSTEM.Process.OSError(): "<n> text" of the last failed OPEN.
func (p *Process) osError() string {
	if p.oserror == nil {
		return ""
	}
	if n, text, ok := devices.Errno(p.oserror); ok {
		return "<" + strconv.Itoa(n) + "> " + text
	}
	err := p.oserror
	if m := (*devices.Error)(nil); errors.As(err, &m) && m.Err != nil { // its name is M's
		err = m.Err
	}
	for { // ErrTimeout and whoever wraps it say nothing about the cause
		joined, ok := err.(interface{ Unwrap() []error })
		if !ok || len(joined.Unwrap()) == 0 {
			return err.Error()
		}
		list := joined.Unwrap()
		err = list[len(list)-1]
	}
}
