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
		p.setArgument(a, 1, p.failure(generalError, Text("the device is no open pipe")))
		return Empty
	}
	code, err := pipe.ExitCode()
	if errors.Is(err, devices.ErrInterrupted) {
		p.ioError(err, errRead)
	}
	if err != nil {
		p.setArgument(a, 1, p.failure(generalError, FromUTF8(err.Error())))
		return Empty
	}
	p.setArgument(a, 1, statusOK)
	return Int(int64(code))
}

// setArgument gives an argument that was passed by reference its value.
func (p *Process) setArgument(a []Value, i int, v Value) {
	if i < len(a) && a[i].kind == kindReference {
		p.refs[a[i].mant].Value = v
	}
}
