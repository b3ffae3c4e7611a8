package runtime

// %Library.Device: what the current device is, and which device is principal. I/O
// redirection is in redirect.go.

import (
	"io"
	"strings"

	"cos/devices"
)

func init() {
	registerClasses(&class{Name: "%Library.Device", Doc: "the current device", Methods: []method{
		{Name: "GetType", Min: 0, Max: 0, Fn: deviceType, Doc: "0 file or pipe, 1 terminal, 6 null, 9 TCP"},
		{Name: "GetNullDevice", Min: 0, Max: 0, Fn: func(*Process, *object, []Value) Value { return Text("/dev/null") }, Doc: "name of the null device"},
		{Name: "ChangePrincipal", Min: 0, Max: 0, Fn: changePrincipal, Doc: "makes the current device principal"},
		{Name: "ReDirectIO", Min: 0, Max: 1, Fn: reDirectIO, Doc: "ReDirectIO(n): 1 gives the current device's I/O to the labels wstr wchr wnl wff wtab rstr rchr of the routine of USE dev::(\"^routine\"), 0 ends that; returns the previous setting"},
		{Name: "GetMnemonicRoutine", Min: 0, Max: 0, Fn: mnemonicRoutine, Doc: "the routine of the current device's mnemonic space, \"\" for none"},
		{Name: "GetReadTerminators", Min: 0, Max: 0, Fn: readTerminators, Doc: "the characters that end a READ on the current device"},
		{Name: "GetRightMargin", Min: 0, Max: 0, Fn: rightMargin, Doc: "the right margin of the current terminal, 0 for none"},
		{Name: "GetBackSpace", Min: 0, Max: 0, Fn: func(*Process, *object, []Value) Value { return Text("\b") }, Doc: "what moves the principal device's cursor back"},
		{Name: "GetClearScreen", Min: 0, Max: 0, Fn: func(*Process, *object, []Value) Value { return Text("\x1b[H\x1b[J") }, Doc: "what clears the principal device's screen"},
		{Name: "Broadcast", Min: 2, Max: 3, Fn: deviceBroadcast, Doc: "Broadcast(\"\",message): writes to the operator console, which is standard error; 1, or 0 for a named terminal, which only its own process may write to"},
		{Name: "InstalledPrinters", Min: 0, Max: 1, Fn: installedPrinters, Doc: "the number of printers, which is 0"},
	}})
}

func deviceType(p *Process, _ *object, _ []Value) Value {
	switch p.io.device().(type) {
	case *devices.TCP:
		return Int(9)
	case *devices.Terminal:
		return Int(1)
	}
	if strings.HasPrefix(p.io.current.Name(), "/dev/null") || strings.HasPrefix(p.io.current.Name(), "//./nul") {
		return Int(6)
	}
	return Int(0)
}

// changePrincipal makes the current device the principal one.
func changePrincipal(p *Process, _ *object, _ []Value) Value {
	if p.io.device() == p.io.principal {
		return Int(1)
	}
	old := p.io.principal
	delete(p.io.open, p.io.current.Name())
	p.io.open[p.io.name] = old
	p.io.principal, p.io.name, p.io.socket = p.io.device(), p.io.current.Name(), false
	return Int(1)
}

// readTerminators is GetReadTerminators().
func readTerminators(p *Process, _ *object, _ []Value) Value {
	if d, ok := p.io.device().(interface{ ReadTerminators() devices.Text }); ok {
		return FromDevice(d.ReadTerminators())
	}
	return Empty
}

// rightMargin is GetRightMargin().
func rightMargin(p *Process, _ *object, _ []Value) Value {
	if d, ok := p.io.device().(interface{ RightMargin() int }); ok {
		return Int(int64(d.RightMargin()))
	}
	return Int(0)
}

// deviceBroadcast is Broadcast(terminal,message,level): only the operator console can be
// written to, and the principal device of this process.
func deviceBroadcast(p *Process, _ *object, a []Value) Value {
	to, message := p.in(a, 0).utf8(), p.in(a, 1)
	switch {
	case to == "":
		_, err := io.WriteString(p.sys.cfg.Stderr, message.utf8())
		return Bool(err == nil)
	case !p.isPrincipal(to):
		return Int(0)
	}
	if err := p.io.principal.Write(message.asText().device()); err != nil {
		p.ioError(err, errWrite)
	}
	return Int(1)
}

// installedPrinters is InstalledPrinters(n): a printer that is not there is <FUNCTION>.
func installedPrinters(p *Process, _ *object, a []Value) Value {
	if p.in(a, 0).defined() {
		p.raise(errFunction, "")
	}
	return Int(0)
}
