package runtime

// More of %SYSTEM.Process: what programs ask about processes and tell them, and the
// switches that have one position here.

import (
	"context"
	"net"
	"os"
	"strings"

	"cos/devices"
)

// processMethods are rows of %SYSTEM.Process.
var processMethods = []method{
	{Name: "Broadcast", Min: 2, Max: 4, Fn: processBroadcast, Doc: "Broadcast(pid,message,timeout,noxy): has another process write a message to its principal device, between two commands; 1, or 0 without such a process"},
	{Name: "ClientExecutableName", Min: 0, Max: 1, Fn: func(*Process, *object, []Value) Value { return Empty }, Doc: "the program of the client, which TCP does not tell: \"\""},
	{Name: "ClientIPAddress", Min: 0, Max: 1, Fn: processClientAddress, Doc: "the address of this process's TCP client; \"\" without one, and for other processes"},
	{Name: "ClientNodeName", Min: 0, Max: 1, Fn: processClientNode, Doc: "the host of this process's TCP client, by its name if it has one"},
	{Name: "JobType", Min: 0, Max: 1, Fn: processJobType, Doc: "JobType(pid): 1 for a process started by a user, 2 by JOB; 0 without such a process"},
	{Name: "KillAllPrivateGlobals", Min: 0, Max: 0, Fn: killPrivateGlobals, Doc: "kills all process-private globals; 1"},
	{Name: "TerminalPrompt", Min: 0, Max: 8, Fn: processTerminalPrompt, Doc: promptDoc()},
	{Name: "ThrowError", Min: 1, Max: 1, Fn: processThrowError, Doc: "ThrowError(number): raises the system error of a number"},

	{Name: "AsynchError", Min: 0, Max: 1, Fn: fixedSwitch(1), Doc: "1: <DISCONNECT> and its kin are raised between commands"},
	{Name: "DX", Min: 0, Max: 1, Fn: fixedSwitch(0), Doc: "0: $X counts escape sequences as UNIX does"},
	{Name: "IEEEError", Min: 0, Max: 1, Fn: fixedSwitch(1), Doc: "1: $DOUBLE overflow and division by zero raise"},
	{Name: "LineRecall", Min: 0, Max: 1, Fn: fixedSwitch(1), Doc: "1: READ at a terminal recalls lines"},
	{Name: "NodeNameInPid", Min: 0, Max: 1, Fn: fixedSwitch(0), Doc: "0: $JOB is a number without the host"},
	{Name: "PopError", Min: 0, Max: 1, Fn: fixedSwitch(0), Doc: "0: an error trap stays where it was set"},
	{Name: "ScientificNotation", Min: 0, Max: 1, Fn: fixedSwitch(1), Doc: "1: E and e begin an exponent"},
	{Name: "TruncateOverflow", Min: 0, Max: 1, Fn: fixedSwitch(0), Doc: "0: a number that is too large raises <MAXNUMBER>"},
	{Name: "ZDateNull", Min: 0, Max: 1, Fn: fixedSwitch(0), Doc: "0: $ZDATE of an invalid date raises"},
}

// fixedSwitch is a switch that has only its usual position here: to ask for it, or to set
// it there, is fine, anything else is <UNIMPLEMENTED>.
func fixedSwitch(usual int64) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		if v := p.in(a, 0); v.defined() && v.int64() != usual {
			p.raise(errUnimpl, "")
		}
		return Int(usual)
	}
}

// addressed is the process that an optional argument names, this one without; nil if it
// does not exist.
func (p *Process) addressed(v Value) *Process {
	if !v.defined() || v.asText().text == "" {
		return p
	}
	return p.sys.jobs.find(int(v.int64()))
}

func processJobType(p *Process, _ *object, a []Value) Value {
	switch other := p.addressed(p.in(a, 0)); {
	case other == nil:
		return Int(0)
	case other.jobbed:
		return Int(2)
	}
	return Int(1)
}

func processClientAddress(p *Process, _ *object, a []Value) Value {
	if p.addressed(p.in(a, 0)) != p {
		return Empty
	}
	return p.clientAddress()
}

func processClientNode(p *Process, _ *object, a []Value) Value {
	at := processClientAddress(p, nil, a)
	if at.text == "" {
		return Empty
	}
	var names []string
	p.lookUp(func(ctx context.Context) { names, _ = net.DefaultResolver.LookupAddr(ctx, at.text) })
	if len(names) == 0 {
		return at
	}
	return FromUTF8(strings.TrimSuffix(names[0], "."))
}

func processThrowError(p *Process, _ *object, a []Value) Value {
	code := int(p.in(a, 0).int64())
	for _, k := range ErrorKinds() {
		if k.Code == code {
			p.raise(k, "")
		}
	}
	p.raise(errFunction, "")
	return Value{}
}

func killPrivateGlobals(p *Process, _ *object, _ []Value) Value {
	for slot, v := range p.vars {
		if v.exists() && strings.HasPrefix(p.sys.symbols.symbol(slot).name, "^||") {
			v.clear()
		}
	}
	return Int(1)
}

// processBroadcast leaves a message for another process; to oneself it shows nothing.
func processBroadcast(p *Process, _ *object, a []Value) Value {
	other := p.sys.jobs.find(int(p.in(a, 0).int64()))
	if other == nil {
		return Int(0)
	}
	if other != p {
		other.signal.mu.Lock()
		other.signal.messages = append(other.signal.messages, message{p.in(a, 1).asText().device(), p.flag(a, 3)})
		other.signal.pending.Or(sigMessage)
		other.signal.mu.Unlock()
	}
	return Int(1)
}

// message is what another process has to say; noxy leaves $X and $Y as they are.
type message struct {
	text devices.Text
	noxy bool
}

// showMessages writes what other processes have left. A device that does not take it is
// no error of the program that happens to run.
func (p *Process) showMessages() {
	p.signal.mu.Lock()
	list := p.signal.messages
	p.signal.messages = nil
	p.signal.mu.Unlock()
	for _, m := range list {
		s := p.io.principal.State()
		x, y := s.X, s.Y
		if p.io.principal.Write(m.text) == nil {
			_ = p.io.principal.Flush(devices.AtWriteEnd)
		}
		if m.noxy {
			s.X, s.Y = x, y
		}
	}
}

// processDirectory is CurrentDirectory(dir): the working directory, which all jobs of
// this cos have in common, before it is changed.
func processDirectory(p *Process, _ *object, a []Value) Value {
	dir, err := os.Getwd()
	if err != nil {
		dir = ""
	}
	if v := p.in(a, 0); v.defined() && v.asText().text != "" {
		if err := p.files().Chdir(v.utf8()); err != nil {
			p.forbidden(err)
			p.oserror = err
			p.raise(errDirectory, "*"+v.utf8())
		}
	}
	return FromUTF8(folderName(dir))
}
