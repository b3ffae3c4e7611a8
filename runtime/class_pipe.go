package runtime

// $SYSTEM.Process.PipeExitCode: how the program behind a pipe ended.

import (
	"errors"

	"cos/devices"
)

// generalError is the number of an error status with a text of its own.
const generalError = 5001

// processPipeExitCode is PipeExitCode(device,.status): the exit code of an open |CPIPE|,
// which must be asked for before CLOSE.
func processPipeExitCode(p *Process, _ *object, a []Value) Value {
	d, _ := p.findDevice(p.in(a, 0))
	pipe, ok := d.(*devices.Pipe)
	if !ok {
		p.setArgument(a, 1, errorStatus(p, "the device is no open pipe"))
		return Empty
	}
	code, err := pipe.ExitCode()
	if errors.Is(err, devices.ErrInterrupted) {
		p.ioError(err, errRead)
	}
	if err != nil {
		p.setArgument(a, 1, errorStatus(p, err.Error()))
		return Empty
	}
	p.setArgument(a, 1, Int(1))
	return Int(int64(code))
}

// errorStatus is a %Status that holds an error with a text.
func errorStatus(p *Process, text string) Value {
	return Text("0 " + listBuild(p, []Value{listBuild(p, []Value{Int(generalError), FromUTF8(text)})}).text)
}

// setArgument gives an argument that was passed by reference its value.
func (p *Process) setArgument(a []Value, i int, v Value) {
	if i < len(a) && a[i].kind == kindReference {
		p.refs[a[i].mant].Value = v
	}
}
