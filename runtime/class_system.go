package runtime

// %SYSTEM classes: Process, TCPDevice, Version and their kin, called as
// $SYSTEM.X.M() or ##class(%SYSTEM.X).M().

import (
	"net/netip"
	"os"
	"os/user"
	"strings"
	"time"

	"cos/devices"
)

var startTime = time.Now()

func init() {
	registerClasses(
		&class{Name: "%SYSTEM.Process", Doc: "this process and others", Methods: append([]method{
			{Name: "BreakMode", Min: 0, Max: 1, Fn: setSwitch(5), Doc: "0: argumentless BREAK does nothing; returns the previous setting"},
			{Name: "CurrentDevice", Min: 0, Max: 1, Fn: processCurrentDevice, Doc: "the current device of a process"},
			{Name: "CurrentDirectory", Min: 0, Max: 1, Fn: processDirectory, Doc: "CurrentDirectory(dir): the working directory, before it is changed to another"},
			{Name: "DisconnectErr", Min: 0, Max: 1, Fn: setSwitch(15), Doc: "1: a lost principal TCP device raises <DSCON>; returns the previous setting"},
			{Name: "FileMode", Min: 0, Max: 1, Fn: setSwitch(3), Doc: "1: OPEN of a file for writing creates it; returns the previous setting"},
			{Name: "IODollarTest", Min: 1, Max: 1, Fn: ioDollarTest, Doc: "IODollarTest(flag): $TEST as the redirected READ that runs is to leave it; elsewhere <FUNCTION>"},
			{Name: "NameSpace", Min: 0, Max: 1, Fn: processNamespace, Doc: "the current namespace of a process"},
			{Name: "NullSubscripts", Min: 0, Max: 1, Fn: setSwitch(1), Doc: "1: null subscripts are allowed; returns the previous setting"},
			{Name: "OSError", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return FromUTF8(p.osError()) }, Doc: "<n> text: the operating system's error behind the last failed OPEN"},
			{Name: "OpenMode", Min: 0, Max: 1, Fn: setSwitch(2), Doc: "1: OPEN of a file without R and W means RW; returns the previous setting"},
			{Name: "PipeExitCode", Min: 1, Max: 2, Fn: processPipeExitCode, Doc: "exit code of the program behind an open |CPIPE| that /COMMAND or /ARGS started; \"\" and an error status when there is none"},
			{Name: "Routine", Min: 0, Max: 1, Fn: processRoutine, Doc: "the running routine of a process"},
			{Name: "SetZEOF", Min: 0, Max: 1, Fn: setSwitch(40), Doc: "1: the end of a file sets $ZEOF instead of raising <ENDOFFILE>; returns the previous setting"},
			{Name: "State", Min: 0, Max: 1, Fn: processState, Doc: "what a process does: RUN, READ, OPEN, HANG, LOCK, …"},
			{Name: "Terminate", Min: 0, Max: 2, Fn: processTerminate, Doc: "Terminate(pid,status): ends a process, this one without a number, with an exit status (1); 1, or -3 without such a process"},
			{Name: "Undefined", Min: 0, Max: 1, Fn: processUndefined, Doc: "0: undefined variables raise; 1: subscripted ones are \"\"; 2: all are; returns the previous setting"},
			{Name: "UserName", Min: 0, Max: 1, Fn: func(*Process, *object, []Value) Value { return FromUTF8(userName()) }, Doc: "the user"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Process"), Doc: "lists the methods, or describes one"},
		}, processMethods...)},
		&class{Name: "%SYSTEM.TCPDevice", Doc: "addresses of the current TCP device", Methods: []method{
			{Name: "LocalAddr", Min: 0, Max: 1, Fn: tcpAddress(localAddr), Doc: "local address as text, or (1) in network order"},
			{Name: "LocalPort", Min: 0, Max: 0, Fn: tcpPort(localAddr), Doc: "local port"},
			{Name: "LocalAddrPort", Min: 0, Max: 1, Fn: tcpAddressPort(localAddr), Doc: "$LISTBUILD(address,port)"},
			{Name: "PeerAddr", Min: 0, Max: 1, Fn: tcpAddress(peerAddr), Doc: "remote address; \"\" when not connected"},
			{Name: "PeerPort", Min: 0, Max: 0, Fn: tcpPort(peerAddr), Doc: "remote port; \"\" when not connected"},
			{Name: "PeerAddrPort", Min: 0, Max: 1, Fn: tcpAddressPort(peerAddr), Doc: "$LISTBUILD(address,port)"},
			{Name: "GetDisconnectCode", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return Int(int64(p.tcp().DisconnectCode())) }, Doc: "the operating system's error behind the last <READ> or <WRITE>; 0 if the peer closed"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.TCPDevice"), Doc: "lists the methods, or describes one"},
		}},
	)
}

// tcp is the current device when it is a TCP device, else <FUNCTION>.
func (p *Process) tcp() *devices.TCP {
	d, ok := p.io.device().(*devices.TCP)
	if !ok {
		p.raise(errFunction, "")
	}
	return d
}

func localAddr(d *devices.TCP) netip.AddrPort { return d.LocalAddr() }
func peerAddr(d *devices.TCP) netip.AddrPort  { return d.PeerAddr() }

func tcpAddress(which func(*devices.TCP) netip.AddrPort) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		return addressValue(which(p.tcp()).Addr(), len(a) > 0 && p.in(a, 0).truth())
	}
}

// addressValue is an address as text, or in network byte order; "" for none.
func addressValue(a netip.Addr, binary bool) Value {
	if !a.IsValid() {
		return Empty
	}
	a = a.Unmap()
	if binary {
		return Text(string(a.AsSlice()))
	}
	return Text(a.String())
}

func tcpPort(which func(*devices.TCP) netip.AddrPort) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, _ []Value) Value {
		at := which(p.tcp())
		if !at.Addr().IsValid() {
			return Empty
		}
		return Int(int64(at.Port()))
	}
}

func tcpAddressPort(which func(*devices.TCP) netip.AddrPort) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		at := which(p.tcp())
		if !at.Addr().IsValid() {
			return Empty
		}
		return listBuild(p, []Value{addressValue(at.Addr(), len(a) > 0 && p.in(a, 0).truth()), Int(int64(at.Port()))})
	}
}

func tcpStats(p *Process, _ *object, a []Value) Value {
	s := p.tcp().Stats()
	if s == nil { // nobody is connected
		s = &devices.TCPStats{}
	}
	switch p.in(a, 0).int64() {
	case 2:
		return Int(s.BytesRead)
	case 3:
		n := s.BytesRead
		s.BytesRead = 0
		return Int(n)
	case 4:
		return Int(s.BytesWritten)
	case 5:
		n := s.BytesWritten
		s.BytesWritten = 0
		return Int(n)
	}
	p.raise(errFunction, "")
	return Value{}
}

func processUndefined(p *Process, _ *object, a []Value) Value {
	old := Int(int64(p.settings.undefined))
	if v := p.in(a, 0); v.defined() {
		p.settings.undefined = int(v.int64())
	}
	return old
}

// processTerminate: 1 it was told to end, -3 there is no such process. The exit status is
// 1 unless given (class reference, "Terminate").
func processTerminate(p *Process, _ *object, a []Value) Value {
	status := 1
	if v := p.in(a, 1); v.defined() {
		status = int(v.int64()) & 255
	}
	id := p.in(a, 0)
	if !id.defined() || id.kind == kindText && id.text == "" || id.int64() == int64(p.id) {
		p.exit = status
		p.halt()
	}
	other := p.sys.jobs.find(int(id.int64()))
	if other == nil {
		return Int(-3)
	}
	other.Kill(status)
	return Int(1)
}

func processState(p *Process, _ *object, a []Value) Value {
	other := p
	if v := p.in(a, 0); v.defined() {
		if other = p.sys.jobs.find(int(v.int64())); other == nil {
			return Empty
		}
	}
	return Text(other.State())
}

// The current device, namespace and routine of another process are those of its last
// wait.
func processCurrentDevice(p *Process, _ *object, a []Value) Value {
	return FromUTF8(p.sight(a).device)
}

func processNamespace(p *Process, _ *object, a []Value) Value { return Text(p.sight(a).namespace) }
func processRoutine(p *Process, _ *object, a []Value) Value   { return Text(p.sight(a).routine) }

// sight is what is seen of the process whose number is the argument, of this one
// without; nothing of one that does not exist.
func (p *Process) sight(a []Value) sighting {
	v := p.in(a, 0)
	if !v.defined() || v.int64() == int64(p.id) {
		return p.seen()
	}
	other := p.sys.jobs.find(int(v.int64()))
	if other == nil {
		return sighting{}
	}
	other.signal.mu.Lock()
	defer other.signal.mu.Unlock()
	return other.signal.last
}

// classHelp prints the methods of a class, or describes one.
func classHelp(name string) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		c := classIndex[name]
		want := p.in(a, 0)
		for _, m := range c.Methods {
			if !want.defined() {
				p.writeLine("  " + m.Name)
			} else if strings.EqualFold(m.Name, want.utf8()) {
				p.writeLine(m.described())
			}
		}
		return Empty
	}
}

// described is the method with its arguments and what it does: the doc of one with
// arguments begins with them.
func (m *method) described() string {
	if strings.HasPrefix(m.Doc, m.Name+"(") {
		return m.Doc
	}
	return m.Name + "() - " + m.Doc
}

// node is the name of this host.
func (s *System) node() string {
	if h, err := os.Hostname(); err == nil {
		return h
	}
	return "localhost"
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// instance is the name of the instance.
const instance = "COS"

// Version is the interpreter's own version. A release is built with another one
// (-ldflags "-X cos/runtime.Version=1.2.3"), so it is a variable.
var Version = "0.1.0"

// ZVersion is $ZVERSION. It names Cache and IRIS, since programs test for either.
func ZVersion() string {
	return "cos for UNIX (" + platform() + ") " + Version + " (compatible with Cache and IRIS " + compatible + ")"
}

func fnZversion(_ *Process, a []Value) Value { return Int(3) }
