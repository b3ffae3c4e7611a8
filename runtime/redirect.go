package runtime

// I/O redirection: with ReDirectIO(1) the labels of a routine take what a program writes to
// its current device, and give what it reads (%Library.Device). USE dev::("^routine")
// names the routine, which has the labels
//
//	wstr(s) wchr(code) wnl wff wtab(column) rstr(length,timeout) rchr(timeout)
//
// While one of them runs, the device is itself: what it writes goes where it did before.

import (
	"strings"

	"cos/devices"
)

// space is what a process knows of a device beyond the device itself.
type space struct {
	routine string // of USE dev::("^routine"), "" for none
	on      bool   // ReDirectIO(1)
}

// redirected is the current device while its I/O is redirected.
type redirected struct {
	devices.Device
	p     *Process
	space *space
	test  int8 // what IODollarTest has set in the label that runs: 0, 1, or -1 for nothing
}

// device is the current device, whether its I/O is redirected or not.
func (t *deviceTable) device() devices.Device {
	if r, ok := t.current.(*redirected); ok {
		return r.Device
	}
	return t.current
}

// selects makes a device current, redirected if its switch is on.
func (p *Process) selects(d devices.Device) {
	p.io.current = d
	if s := p.io.spaces[d]; s != nil && s.on {
		p.io.current = &redirected{Device: d, p: p, space: s, test: -1}
	}
}

// space is what is known of the current device.
func (t *deviceTable) space() *space {
	d := t.device()
	s := t.spaces[d]
	if s == nil {
		if t.spaces == nil {
			t.spaces = map[devices.Device]*space{}
		}
		s = &space{}
		t.spaces[d] = s
	}
	return s
}

// terminalSpace is the mnemonic space that terminals have without being told.
const terminalSpace = "%X364"

// useSpace is the third argument of USE: "^routine". What does not begin with ^ is no
// routine and passed over (rule B27).
func (p *Process) useSpace(name string) {
	routine, ok := strings.CutPrefix(name, "^")
	if !ok {
		return
	}
	if strings.EqualFold(routine, terminalSpace) {
		routine = ""
	}
	p.io.space().routine = routine
}

// mnemonicRoutine is GetMnemonicRoutine().
func mnemonicRoutine(p *Process, _ *object, _ []Value) Value {
	if s := p.io.spaces[p.io.device()]; s != nil && s.routine != "" {
		return Text(s.routine)
	}
	if _, ok := p.io.device().(*devices.Terminal); ok {
		return Text(terminalSpace)
	}
	return Empty
}

// reDirectIO is ReDirectIO(n): the switch of the current device, and its previous setting.
func reDirectIO(p *Process, _ *object, a []Value) Value {
	v := p.in(a, 0)
	if !v.defined() {
		s := p.io.spaces[p.io.device()]
		return Bool(s != nil && s.on)
	}
	s := p.io.space()
	old := s.on
	s.on = v.truth()
	if s.on && s.routine == "" {
		s.on = old
		p.raise(errMnemonic, "")
	}
	if p.io.running == nil { // a label that runs has the device to itself until it ends
		p.selects(p.io.device())
	}
	return Bool(old)
}

// ioDollarTest is %SYSTEM.Process.IODollarTest(flag), for rstr and rchr only.
func ioDollarTest(p *Process, _ *object, a []Value) Value {
	if p.io.running == nil {
		p.raise(errFunction, "")
	}
	p.io.running.test = 0
	if p.in(a, 0).truth() {
		p.io.running.test = 1
	}
	return Empty
}

// call runs a label of the routine with the device as it is; $TEST is the program's again
// afterwards.
func (r *redirected) call(label string, kind frameKind, args ...Value) Value {
	p := r.p
	e := p.findEntry(label, r.space.routine, true)
	outer, test := p.io.running, p.test
	p.io.running, r.test = r, -1
	p.io.current = r.Device
	defer func() {
		p.io.running = outer
		if p.io.current == r.Device && outer == nil {
			p.selects(r.Device)
		}
	}()
	base := len(p.stack)
	p.stack = append(p.stack, args[:min(len(args), len(e.formals))]...)
	p.ret = Value{}
	p.call(e, base, len(p.refs), kind)
	v := p.ret
	p.ret, p.test = Value{}, test
	return v
}

// Write is WRITE expr.
func (r *redirected) Write(t devices.Text) error {
	r.call("wstr", frameDo, FromDevice(t))
	return nil
}

// WriteBytes is WRITE of a number.
func (r *redirected) WriteBytes(b []byte) error {
	r.call("wstr", frameDo, Text(string(b)))
	return nil
}

// WriteChar is WRITE *n.
func (r *redirected) WriteChar(c int) error {
	r.call("wchr", frameDo, Int(int64(c)))
	return nil
}

// Format is WRITE !, # and ?n.
func (r *redirected) Format(f devices.Format, n int) error {
	switch f {
	case devices.Newline:
		r.call("wnl", frameDo)
	case devices.FormFeed:
		r.call("wff", frameDo)
	default:
		r.call("wtab", frameDo, Int(int64(n)))
	}
	return nil
}

// Flush sends nothing: the labels have taken it.
func (r *redirected) Flush(devices.FlushReason) error { return nil }

// Read is one READ argument. A length or timeout that was not written is not passed.
func (r *redirected) Read(spec devices.ReadSpec) (devices.Result, error) {
	var timeout, length Value
	if spec.Timed {
		timeout = r.p.div(Int(spec.Timeout.Microseconds()), Int(1e6))
	}
	if spec.Fixed > 0 {
		length = Int(int64(spec.Fixed))
	}
	var v Value
	if spec.Char {
		v = r.call("rchr", frameExtrinsic, timeout)
	} else {
		v = r.call("rstr", frameExtrinsic, length, timeout)
	}
	res := devices.Result{Char: -1, TimedOut: r.test == 0}
	switch {
	case !v.defined():
	case spec.Char:
		res.Char = rune(v.int64())
	default:
		res.Text = v.asText().device()
	}
	return res, nil
}
