package runtime

// OPEN, USE, READ, WRITE and CLOSE.

import (
	"errors"
	"strings"
	"time"

	"cos/devices"
	"cos/lang"
)

// OPEN device:params:timeout:"mnespace", USE device:params, CLOSE device:params
func (c *compiler) device(n *lang.Device) []command {
	var out []command
	for _, a := range n.Args {
		if ind, ok := a.Device.X.(*lang.Indirect); ok && len(ind.Subs) == 0 && len(a.Groups) == 0 {
			out = append(out, c.indirectArgument(n.Verb, ind))
			continue
		}
		x := &deviceCmd{verb: n.Verb, device: c.expr(a.Device.X)}
		if len(a.Groups) > 0 {
			if a.Groups[0].Foreign {
				out = append(out, &foreignCmd{"device parameters between commas are those of DSM"})
				continue
			}
			x.params = c.params(a.Groups[0].Params)
		}
		if n.Verb == "USE" && len(a.Groups) > 1 {
			if s := a.Groups[1].Params; len(s) > 0 && s[0].Value != nil {
				x.space = c.exprOf(s[0].Value)
			}
		}
		if n.Verb == "OPEN" && len(a.Groups) > 1 {
			if t := a.Groups[1].Params; len(t) > 0 && t[0].Value != nil {
				x.timeout = c.exprOf(t[0].Value)
			}
		}
		out = append(out, x)
	}
	return out
}

func (c *compiler) params(list []*lang.Param) []paramNode {
	var out []paramNode
	for _, a := range list {
		out = append(out, paramNode{key: a.Key, value: c.parameter(a.Value), list: c.paramItems(a.List)})
	}
	return out
}

// paramNode is one device or job parameter; without key and value it is omitted.
type paramNode struct {
	key   string
	value expr
	list  []itemNode // several values in place of one
}

type deviceCmd struct {
	verb    string
	device  expr
	params  []paramNode
	timeout expr
	space   expr // USE dev::space
}

func (n *deviceCmd) exec(p *Process) flow {
	if p.observer != nil {
		return p.observed(n.verb, func(e *devices.Event) flow { return n.run(p, e) })
	}
	return n.run(p, nil)
}

// run executes the command; e is what an observer will be told, nil when there is none.
func (n *deviceCmd) run(p *Process, e *devices.Event) flow {
	d := n.device.eval(p)
	params := p.params(n.params)
	if e != nil {
		describe(e, d, params)
	}
	switch n.verb {
	case "OPEN":
		var t Value
		if n.timeout != nil {
			t = n.timeout.eval(p)
		}
		p.openDevice(d, params, n.timeout != nil, t)
		if e != nil {
			e.TimedOut = n.timeout != nil && !p.test
		}
	case "USE":
		space := ""
		if n.space != nil {
			space = n.space.eval(p).utf8()
		}
		p.useDevice(d, params)
		p.useSpace(space)
	default:
		p.closeDevice(d, params)
	}
	return flowNext
}

// WRITE
func (c *compiler) write(n *lang.Write) []command {
	if len(n.Args) == 0 {
		return []command{&zwriteCmd{}}
	}
	x := &writeCmd{}
	for _, a := range n.Args {
		switch {
		case a.Star != nil:
			x.args = append(x.args, writeArg{kind: writeStar, x: c.exprOf(a.Star)})
		case a.Mnemonic != nil:
			x.args = append(x.args, c.mnemonic(a.Mnemonic))
		case a.Expr != nil:
			if ind, ok := a.Expr.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
				x.args = append(x.args, writeArg{kind: writeIndirect, x: c.expr(ind.Of)})
				continue
			}
			x.args = append(x.args, writeArg{kind: writeExpr, x: c.expr(a.Expr.X)})
		default:
			x.args = append(x.args, c.formats(a.Formats)...)
		}
	}
	return []command{x}
}

// mnemonic compiles /NAME(args).
func (c *compiler) mnemonic(m *lang.Mnemonic) writeArg {
	a := writeArg{kind: writeMnemonic, name: m.Name}
	for _, e := range m.Args {
		a.args = append(a.args, c.exprOf(e))
	}
	return a
}

func (c *compiler) formats(list []*lang.Format) []writeArg {
	var out []writeArg
	for _, f := range list {
		a := writeArg{kind: writeFormat, op: devices.Format(f.Op[0])}
		if f.Column != nil {
			a.x = c.exprOf(f.Column)
		}
		out = append(out, a)
	}
	return out
}

type writeKind uint8

const (
	writeExpr writeKind = iota
	writeFormat
	writeStar
	writeMnemonic
	writeIndirect
)

type writeArg struct {
	x    expr
	name string
	args []expr
	kind writeKind
	op   devices.Format
}

type writeCmd struct{ args []writeArg }

func (n *writeCmd) exec(p *Process) flow {
	if p.observer != nil {
		return p.observed("WRITE", func(*devices.Event) flow { return n.run(p) })
	}
	return n.run(p)
}

func (n *writeCmd) run(p *Process) flow {
	for i := range n.args {
		n.args[i].write(p)
	}
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return flowNext
}

func (a *writeArg) write(p *Process) {
	var err error
	switch a.kind {
	case writeExpr:
		err = p.writeValue(a.x.eval(p))
	case writeFormat:
		n := 0
		if a.x != nil {
			n = int(min(a.x.eval(p).int64(), maxString))
		}
		err = p.io.current.Format(a.op, n)
	case writeStar:
		code := a.x.eval(p).int64()
		if code < 0 {
			err = p.io.current.Control(int(max(-code, 0)))
		} else {
			err = p.io.current.WriteChar(int(code))
		}
	case writeMnemonic:
		err = a.mnemonic(p)
	default:
		a.indirect(p)
	}
	if err != nil {
		p.ioError(err, errWrite)
	}
}

// writeValue writes one value to the current device.
func (p *Process) writeValue(v Value) error {
	switch v.kind {
	case kindText:
		return p.io.current.Write(devices.Text{S: v.text})
	case kindWide:
		return p.io.current.Write(devices.Text{S: v.text, Wide: true})
	case kindNumber:
		p.buf = v.appendText(p.buf[:0])
		return p.io.current.WriteBytes(p.buf)
	}
	return p.io.current.Write(v.asText().device())
}

func (a *writeArg) mnemonic(p *Process) error {
	m, ok := p.io.device().(devices.Mnemonicer)
	if !ok {
		p.foreignControl(a.name)
		p.raise(errMnemonic, "")
	}
	args := make([]string, len(a.args))
	for i, x := range a.args {
		if x != nil {
			args[i] = x.eval(p).utf8()
		}
	}
	err := m.Mnemonic(a.name, args)
	if e := (*devices.Error)(nil); errors.As(err, &e) && e.Name == errNoLine.Name {
		p.foreignControl(a.name)
	}
	return err
}

// foreignControl raises an error for a control that is GT.M's, of which the device knows
// nothing.
func (p *Process) foreignControl(name string) {
	if foreignControls[strings.ToUpper(name)] {
		p.raise(errCommand, "*WRITE /"+name+" is a control of GT.M's sockets")
	}
}

// indirect is WRITE @x, where x may also hold format controls (rule B27), and several
// arguments.
func (a *writeArg) indirect(p *Process) {
	text := a.x.eval(p).utf8()
	if text == "" {
		return
	}
	if p.caches.names[text] == nil && !isReference(text) {
		p.executeArgument("WRITE", text)
		return
	}
	if err := p.writeValue(p.nameOf(FromUTF8(text)).eval(p)); err != nil {
		p.ioError(err, errWrite)
	}
}

// isReference tells whether a text is one variable reference, and not @x again.
func isReference(text string) bool {
	node, err := lang.ParseExpr(text)
	if err != nil {
		return false
	}
	switch node.(type) {
	case *lang.Var, *lang.Global, *lang.Naked:
		return true
	}
	return false
}

// READ
func (c *compiler) read(n *lang.Read) []command {
	var out []command
	for _, a := range n.Args {
		switch {
		case a.Var != nil:
			if ind, ok := a.Var.X.(*lang.Indirect); ok && len(ind.Subs) == 0 && !a.Star && a.Length == nil && a.Timeout == nil {
				out = append(out, c.indirectArgument("READ", ind)) // a name, a prompt or a format control (rule B27)
				continue
			}
			out = append(out, &readCmd{
				to: c.target(a.Var.X), char: a.Star,
				length: c.exprOf(a.Length), timeout: c.exprOf(a.Timeout),
			})
		case a.Prompt != nil:
			out = append(out, &writeCmd{args: []writeArg{{kind: writeExpr, x: &constant{FromUTF8(*a.Prompt)}}}})
		case a.Mnemonic != nil:
			out = append(out, &writeCmd{args: []writeArg{c.mnemonic(a.Mnemonic)}})
		default:
			out = append(out, &writeCmd{args: c.formats(a.Formats)})
		}
	}
	return out
}

// READ glvn[#length][:timeout], READ *glvn[:timeout]
//
// readCmd reads one argument from the current device. $TEST changes only when a
// timeout was written; $ZA, $ZB and $KEY always change.
type readCmd struct {
	to      target
	char    bool
	length  expr // nil: up to a terminator
	timeout expr // nil: wait for ever
}

func (n *readCmd) exec(p *Process) flow {
	if p.observer != nil {
		return p.observed("READ", func(e *devices.Event) flow { return n.run(p, e) })
	}
	return n.run(p, nil)
}

// run executes the command; e is what an observer will be told, nil when there is none.
func (n *readCmd) run(p *Process, e *devices.Event) flow {
	spec := devices.ReadSpec{Char: n.char}
	if n.length != nil {
		size := n.length.eval(p).int64()
		if size <= 0 {
			p.raise(errSyntax, "")
		}
		spec.Fixed = int(min(size, maxString))
	}
	if n.timeout != nil {
		spec.Timed = true
		spec.Timeout = max(0, p.seconds(n.timeout.eval(p))).Round(time.Microsecond)
	}
	d := p.io.current
	if e != nil {
		e.Device, e.Text = d.Name(), readForm(&spec)
	}
	res, err := d.Read(spec)
	if e != nil {
		n.received(e, &spec, res)
	}
	if err != nil {
		if !errors.Is(err, devices.ErrInterrupted) {
			n.to.set(p, Empty) // the old value is lost when a READ begins (spec §1.4)
		}
		p.ioError(err, errRead)
	}
	if n.char {
		n.to.set(p, Int(int64(res.Char)))
	} else {
		n.to.set(p, FromDevice(res.Text))
	}
	if n.timeout != nil {
		p.test = !res.TimedOut
	}
	return flowNext
}
