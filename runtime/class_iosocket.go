package runtime

// %IO.Socket and %IO.ServerSocket: TCP connections as objects, each over a TCP device
// that the process owns.

import (
	"context"
	"errors"
	"strings"
	"time"

	"cos/devices"
)

func init() {
	common := []method{
		{Name: "Read", Min: 0, Max: 3, Instance: true, Fn: ioRead, Doc: "Read(max,.timeout,.sc): what comes within the timeout, at most max bytes; timeout becomes 1 if none came, else 0"},
		{Name: "ReadAny", Min: 0, Max: 3, Instance: true, Fn: ioRead, Doc: "as Read"},
		{Name: "ReadLine", Min: 0, Max: 4, Instance: true, Fn: ioReadLine, Doc: "ReadLine(max,.timeout,.sc,.terminator): a line; terminator becomes what ended it"},
		{Name: "Write", Min: 1, Max: 3, Instance: true, Fn: ioWrite(false), Doc: "Write(data,flush,.sc): sends data"},
		{Name: "WriteLine", Min: 0, Max: 3, Instance: true, Fn: ioWrite(true), Doc: "WriteLine(data,flush,.sc): sends data and the line terminator"},
		{Name: "Flush", Min: 0, Max: 1, Instance: true, Fn: func(p *Process, o *object, a []Value) Value { p.out(a, 0, statusOK); return Value{} }, Doc: "nothing waits to be sent"},
		{Name: "Close", Min: 0, Max: 1, Instance: true, Fn: ioClose, Doc: "closes the device"},
	}
	properties := []property{
		{Name: "IsConnected", Get: func(_ *Process, o *object) Value { return Bool(o.state.(*ioSocket).connected()) }, Doc: "1 while there is a connection"},
		{Name: "LineTerminator", Default: Text("\n"), Doc: "what ends a line"},
	}
	make := func(_ *Process, o *object, _ []Value) { o.state = &ioSocket{} }
	registerClasses(
		&class{Name: "%IO.Socket", Doc: "a TCP connection to a server", New: make, Properties: properties,
			Methods: append([]method{{Name: "Open", Min: 2, Max: 4, Instance: true, Fn: ioOpen, Doc: "Open(host,port,.timeout,.sc): 1 when connected"}}, common...)},
		&class{Name: "%IO.ServerSocket", Doc: "a TCP server with one connection at a time", New: make, Properties: properties,
			Methods: append([]method{
				{Name: "Open", Min: 1, Max: 3, Instance: true, Fn: ioOpenServer, Doc: "Open(port,.timeout,.sc): 1 when it listens"},
				{Name: "Listen", Min: 0, Max: 2, Instance: true, Fn: ioListen, Doc: "Listen(.timeout,.sc): 1 when a client has connected"},
				{Name: "Disconnect", Min: 0, Max: 1, Instance: true, Fn: ioDisconnect, Doc: "ends the connection and goes on listening"},
			}, common...)},
	)
}

// ioSocket is the state of a socket: nil while it is closed.
type ioSocket struct {
	name string
	line *deviceLine
}

func (s *ioSocket) measure(m *measurer) {
	if s.line != nil {
		m.text(s.line.rest)
	}
}

func (s *ioSocket) connected() bool {
	return s.line != nil && s.line.d.State().ZA&devices.ZAConnected != 0
}

// limit is a timeout argument, in seconds; without one it waits for ever.
func (p *Process) limit(a []Value, i int) time.Duration {
	v := p.in(a, i)
	if !v.defined() || v.length() == 0 || v.number().mant < 0 {
		return -1
	}
	return p.seconds(v)
}

// ended sets the timeout (-1: there is none) and status arguments, and raises what has interrupted a wait.
func (p *Process) ended(a []Value, to, sc int, timedOut bool, err error) bool {
	if to >= 0 {
		p.out(a, to, Bool(timedOut))
	}
	p.out(a, sc, statusOK)
	if err != nil {
		p.interrupted(err)
		p.oserror = err
		p.out(a, sc, p.failure(statusGeneral, FromUTF8(err.Error())))
	}
	return err == nil && !timedOut
}

// ioDevices is above the numbers that programs give their devices.
const ioDevices = 1_000_000

func (p *Process) ioConnect(o *object, params devices.Params, a []Value, to int) Value {
	ioClose(p, o, nil)
	s := o.state.(*ioSocket)
	p.io.flush(devices.BeforeWait)
	name := "|TCP|" + itoa(ioDevices+int(o.id))
	d, err := devices.Open(context.Background(), p.sys.cfg.Env, p, name, params, p.limit(a, to))
	if err == nil {
		s.name, s.line = name, &deviceLine{d: d}
		p.io.open[name] = d
	}
	return Bool(p.ended(a, to, to+1, errors.Is(err, devices.ErrTimeout), err))
}

func ioOpen(p *Process, o *object, a []Value) Value {
	return p.ioConnect(o, devices.Params{{Value: p.in(a, 0).orEmpty().device(), Set: true}, {Value: p.in(a, 1).orEmpty().asText().device(), Set: true}}, a, 2)
}

func ioOpenServer(p *Process, o *object, a []Value) Value {
	return p.ioConnect(o, devices.Params{{}, {Value: p.in(a, 0).orEmpty().asText().device(), Set: true}, {Value: devices.Text{S: "A"}, Set: true}}, a, 1)
}

// opened is the device of an open socket, or an error in the status argument.
func (p *Process) opened(o *object, a []Value, sc int) *deviceLine {
	s := o.state.(*ioSocket)
	if s.line == nil || p.io.open[s.name] != s.line.d {
		p.out(a, sc, p.failure(statusGeneral, Text("The socket is not open")))
		return nil
	}
	return s.line
}

func ioListen(p *Process, o *object, a []Value) Value {
	l := p.opened(o, a, 1)
	if l == nil {
		return Int(0)
	}
	l.rest = ""
	r, err := l.d.Read(devices.ReadSpec{Timed: p.limit(a, 0) >= 0, Timeout: max(0, p.limit(a, 0))})
	return Bool(p.ended(a, 0, 1, r.TimedOut, err))
}

func ioDisconnect(p *Process, o *object, a []Value) Value {
	if l := p.opened(o, a, 0); l != nil {
		l.rest = ""
		p.out(a, 0, statusOK)
		if err := l.d.Control(2); err != nil {
			p.out(a, 0, p.failure(statusGeneral, FromUTF8(err.Error())))
		}
	}
	return Value{}
}

func ioClose(p *Process, o *object, a []Value) Value {
	s := o.state.(*ioSocket)
	if s.line != nil && p.io.open[s.name] == s.line.d {
		p.closeDevice(Text(s.name), nil)
	}
	s.line = nil
	p.out(a, 0, statusOK)
	return Value{}
}

// fill waits for more when nothing is left.
func (p *Process) fill(l *deviceLine, limit time.Duration) (timedOut bool, err error) {
	if l.rest != "" {
		return false, nil
	}
	r, err := l.d.Read(devices.ReadSpec{Timed: limit >= 0, Timeout: max(0, limit)})
	l.rest = r.Text.S
	return r.TimedOut && l.rest == "", err
}

func ioRead(p *Process, o *object, a []Value) Value {
	l, most := p.opened(o, a, 2), min(p.inInt(a, 0, maxString), maxString)
	if most < 0 {
		p.raise(errIllegal, "")
	}
	if l == nil {
		return Empty
	}
	timedOut, err := p.fill(l, p.limit(a, 1))
	n := min(int(most), len(l.rest))
	v := Text(l.rest[:n])
	l.rest = l.rest[n:]
	p.ended(a, 1, 2, timedOut, err)
	return v
}

func ioReadLine(p *Process, o *object, a []Value) Value {
	l, most := p.opened(o, a, 2), min(p.inInt(a, 0, maxString), maxString)
	if l == nil {
		return Empty
	}
	eol, limit := p.text8(o.prop("LineTerminator")), p.limit(a, 1)
	line, timedOut, end := "", false, ""
	var err error
	for {
		if timedOut, err = p.fill(l, limit); timedOut || err != nil {
			break
		}
		p.claim(len(l.rest))
		line, l.rest = line+l.rest, ""
		if i := strings.Index(line, eol); i >= 0 && eol != "" && int64(i) <= most {
			line, l.rest, end = line[:i], line[i+len(eol):], eol
			break
		}
		if int64(len(line)) >= most {
			line, l.rest = line[:most], line[most:]
			break
		}
	}
	p.ended(a, 1, 2, timedOut, err)
	p.out(a, 3, Text(end))
	return Text(line)
}

func ioWrite(line bool) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		l := p.opened(o, a, 2)
		if l == nil {
			return Int(0)
		}
		text := p.text8(p.in(a, 0).orEmpty())
		if line {
			text += p.text8(o.prop("LineTerminator"))
		}
		_, err := l.Write([]byte(text))
		return Bool(p.ended(a, -1, 2, false, err))
	}
}
