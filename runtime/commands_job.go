package runtime

// The JOB command: evaluating its arguments, handing devices over, starting the child.

import (
	"context"
	"fmt"

	"cos/devices"
	"cos/lang"
)

// The bits of JOB's switch (spec §2.2); partition sizes and the rest are accepted and
// ignored.
const (
	jobSymbols   = 1  // the child gets a copy of the local variables
	jobPrincipal = 4  // the TCP device becomes the child's principal device
	jobSocket    = 16 // the TCP device is handed over beside the principal
)

// JOB entryref(actuals):(ns:switch:pin:pout:…):timeout
func (c *compiler) job(n *lang.Job) []command {
	var out []command
	for _, a := range n.Args {
		if a.Call != nil {
			if ind, ok := a.Call.(*lang.Indirect); ok {
				if a.Params == nil && a.Timeout == nil {
					out = append(out, c.indirectArgument("JOB", ind))
				} else {
					out = append(out, &jobIndirectCmd{text: c.expr(ind.Of), params: c.params(a.Params), timeout: c.exprOf(a.Timeout)})
				}
				continue
			}
			m, ok := a.Call.(*lang.Member)
			if !ok {
				c.fail(a.Call, "JOB takes an entryref or a class method")
			}
			for _, x := range m.Actual {
				if x.ByRef {
					c.fail(x.X, "JOB passes its arguments by value")
				}
			}
			call, ok := c.member(m).(*memberExpr)
			if !ok || call.class == "" {
				c.fail(a.Call, "JOB takes an entryref or a class method")
			}
			out = append(out, &jobCmd{method: call, params: c.params(a.Params), timeout: c.exprOf(a.Timeout)})
			continue
		}
		for _, x := range a.Actual {
			if x.ByRef {
				c.fail(x.X, "JOB passes its arguments by value")
			}
		}
		out = append(out, &jobCmd{
			entry: c.entryref(a.Entry), args: c.actuals(a.Actual), parens: a.Parens,
			params: c.params(a.Params), timeout: c.exprOf(a.Timeout),
		})
	}
	return out
}

type jobCmd struct {
	entry   *entryNode
	method  *memberExpr // JOB ##class(X).M()
	args    []actual
	parens  bool
	params  []paramNode
	timeout expr
}

// jobIndirectCmd is JOB @x:(params):timeout: x says what to start, the rest stands here.
type jobIndirectCmd struct {
	text    expr
	params  []paramNode
	timeout expr
}

func (n *jobIndirectCmd) exec(p *Process) flow {
	b := p.compileCommands("JOB " + n.text.eval(p).utf8())
	if len(b.lines) == 1 && len(b.lines[0].body) == 1 {
		if job, ok := b.lines[0].body[0].cmd.(*jobCmd); ok && job.params == nil && job.timeout == nil {
			p.reserve(b.slots)
			started := *job
			started.params, started.timeout = n.params, n.timeout
			return started.exec(p)
		}
	}
	p.raise(errSyntax, "")
	return flowNext
}

// The positions of JOB's process parameters.
const (
	paramNamespace = iota
	paramSwitch
	paramInput
	paramOutput
)

func (n *jobCmd) exec(p *Process) flow {
	if p.observer != nil {
		return p.observed("JOB", func(e *devices.Event) flow { return n.run(p, e) })
	}
	return n.run(p, nil)
}

// run executes the command; e is what an observer will be told, nil when there is none.
func (n *jobCmd) run(p *Process, e *devices.Event) flow {
	base := len(p.stack)
	spec := jobSpec{}
	args := n.args
	if n.method == nil {
		spec.entry = p.jobEntry(n.entry)
	} else {
		spec.class = p.classNamed(n.method.class)
		if spec.method = spec.class.method(n.method.name); spec.method == nil || spec.method.Instance {
			p.raise(errNoMethod, "*"+n.method.name+","+spec.class.Name)
		}
		args = n.method.args
	}
	p.evalActuals(args)
	if spec.entry != nil && len(p.stack)-base > len(spec.entry.formals) {
		p.raise(errParameter, "")
	}
	for _, a := range p.stack[base:] {
		if a.kind == kindObject {
			a = Empty
		}
		spec.args = append(spec.args, a)
	}
	p.stack = p.stack[:base]
	values := make([]Value, len(n.params))
	for i := range n.params {
		if x := n.params[i].value; x != nil {
			values[i] = x.eval(p)
		}
	}
	param := func(i int) Value {
		if i < len(values) && values[i].defined() {
			return values[i]
		}
		return Empty
	}
	if name := param(paramNamespace).utf8(); name != "" {
		spec.namespace = p.knownNamespace(name)
	}
	spec.bits = int(param(paramSwitch).int64())
	spec.input, spec.output = param(paramInput), param(paramOutput)
	if n.timeout != nil {
		n.timeout.eval(p)
	}
	err := p.startJob(&spec)
	if e != nil {
		n.started(p, e, &spec, err)
	}
	if err != nil {
		p.forbidden(err)
		if n.timeout == nil {
			p.throw(&Error{kind: errNoJob, Name: errNoJob.Name, Code: errNoJob.ecode(), Cause: err})
		}
		p.test = false
		return flowNext
	}
	if n.timeout != nil {
		p.test = true
	}
	return flowNext
}

// jobEntry finds what the child runs. It runs outside any procedure, so a private
// label is not found (spec §2.1).
func (p *Process) jobEntry(n *entryNode) *entry {
	e := n.find(p)
	for _, known := range e.routine.labels {
		if known == e {
			return e
		}
	}
	if e.name == "" {
		return e
	}
	p.raise(errNoLine, "")
	return nil
}

// jobSpec is an evaluated JOB argument.
type jobSpec struct {
	entry         *entry // nil: a class method
	class         *class
	method        *method
	args          []Value
	namespace     string
	bits          int
	input, output Value
	socket        string // what was handed over
}

// startJob makes the child, hands the devices over and starts it. On an error nothing
// has happened: the connection stays with the parent.
func (p *Process) startJob(spec *jobSpec) error {
	child, err := p.sys.newChild(p)
	if err != nil {
		return err
	}
	p.child = child.id
	if spec.namespace != "" {
		child.namespace = spec.namespace
	} else {
		child.namespace = p.namespace
	}
	if err := p.outfit(child, spec); err != nil {
		p.sys.forget(child)
		return err
	}
	if spec.bits&jobSymbols != 0 {
		p.copySymbols(child)
	}
	child.parent = p.id
	p.barrier()
	p.sys.jobs.start(child, func() {
		if spec.method != nil {
			child.runMethod(spec.class, spec.method, spec.args)
			return
		}
		child.runEntry(spec.entry, spec.args)
	})
	return nil
}

// outfit gives the child its principal device and, with switch 4 or 16, the TCP
// connection: that of pin if it is a connected TCP server, else pout, else the current
// device (rule A1).
func (p *Process) outfit(child *Process, spec *jobSpec) error {
	in, out := p.jobDevice(spec.input), p.jobDevice(spec.output)
	var from devices.Device
	if spec.bits&(jobPrincipal|jobSocket) != 0 {
		if from = p.handOver(in, out); from == nil {
			p.noteHandOver()
			return fmt.Errorf("no TCP device with a connection to hand over")
		}
	}
	if from != nil && (spec.bits&jobPrincipal != 0 || from == in || from == out) {
		socket, err := p.inherit(child, from, spec)
		if err != nil {
			return err
		}
		child.io.init(socket)
		child.io.socket = spec.bits&jobPrincipal != 0
		return nil
	}
	// The principal comes first: a job that does not get it leaves the connection.
	principal, err := child.openPrincipal(spec.input.utf8(), spec.output.utf8())
	if err != nil {
		return err
	}
	child.io.init(principal)
	if from == nil {
		return nil
	}
	socket, err := p.inherit(child, from, spec)
	if err != nil {
		principal.Close(nil)
		return err
	}
	child.io.open[socket.Name()] = socket
	return nil
}

// inherit takes the connection of a device over for the child.
func (p *Process) inherit(child *Process, from devices.Device, spec *jobSpec) (devices.Device, error) {
	if err := from.Flush(devices.AtHandOver); err != nil {
		return nil, err
	}
	socket, err := from.(devices.Inheritor).Inherit(child)
	if err != nil {
		return nil, err
	}
	spec.socket = socket.Name()
	child.tcpName = socket.Name()
	return socket, nil
}

// jobDevice is the device of the parent that pin or pout names, nil if it names none.
func (p *Process) jobDevice(v Value) devices.Device {
	if v.asText().text == "" {
		return nil
	}
	d, _ := p.findDevice(v)
	return d
}

// handOver chooses the connection that JOB passes on.
func (p *Process) handOver(candidates ...devices.Device) devices.Device {
	for _, d := range append(candidates, p.io.device()) {
		if d == nil {
			continue
		}
		if inheritable(d) {
			return d
		}
	}
	return nil
}

// inheritable says whether d is a server with a connection that JOB can pass on.
func inheritable(d devices.Device) bool {
	if _, ok := d.(devices.Inheritor); !ok {
		return false
	}
	za := d.State().ZA
	return za&devices.ZAServer != 0 && za&devices.ZAConnected != 0
}

// openPrincipal opens pin and pout of a child; the null device when they are not
// given. pout defaults to pin.
func (p *Process) openPrincipal(in, out string) (devices.Device, error) {
	if out == "" {
		out = in
	}
	open := func(name, mode string) (devices.Device, error) {
		if name == "" {
			name = "/dev/null"
		}
		var params devices.Params
		if name != "/dev/null" {
			params = devices.Params{{Value: devices.Text{S: mode}, Set: true}}
		}
		return devices.Open(context.Background(), p.sys.cfg.Env, p, name, params, 0)
	}
	if in == out {
		return open(in, "RW")
	}
	r, err := open(in, "R")
	if err != nil {
		return nil, err
	}
	w, err := open(out, "WN")
	if err != nil {
		r.Close(nil)
		return nil, err
	}
	return &pair{Device: w, input: r}, nil
}

// pair is a principal device whose input and output are two devices.
type pair struct {
	devices.Device // output
	input          devices.Device
}

func (d *pair) Name() string { return d.input.Name() }
func (d *pair) Interrupt()   { d.input.Interrupt(); d.Device.Interrupt() }

// Read leaves its status where special variables look for it: with the output, whose
// $X and $Y they show.
func (d *pair) Read(s devices.ReadSpec) (devices.Result, error) {
	result, err := d.input.Read(s)
	from, to := d.input.State(), d.State()
	to.ZA, to.ZB, to.Key, to.EOF, to.EOS = from.ZA, from.ZB, from.Key, from.EOF, from.EOS
	return result, err
}

func (d *pair) Close(params devices.Params) error {
	d.input.Close(params)
	return d.Device.Close(params)
}

// copySymbols copies the local variables to a child (switch 1).
func (p *Process) copySymbols(child *Process) {
	child.reserve(len(p.vars))
	for slot, v := range p.vars {
		if v.exists() && p.sys.symbols.symbol(slot).public() {
			child.memory.room -= sizeOf(v)
			mergeVar(child.variable(slot), v)
			child.variable(slot).dropOrefs()
		}
	}
}
