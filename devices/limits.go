package devices

// What the flags --no-network, --no-shell and --root take from programs. A door that a
// flag has shut is <PROTECT>, whatever timeout an OPEN has: the program is told, and
// nothing is tried again.

import "errors"

// Limits are the doors that are shut; the zero value shuts none. With a root no program
// can be started either: it would see all of the machine.
type Limits struct {
	NoNetwork bool // no sockets, loopback's neither, and no look-ups
	NoShell   bool // no other programs
}

// ErrShut is in the error of every door that a flag has shut.
var ErrShut = errors.New("a flag of cos forbids it")

// shut is the error of a door that a flag has shut.
func shut(flag, device string) error {
	return &Error{Name: "PROTECT", Device: device, Info: "*" + flag, Err: ErrShut}
}

// Network returns why there is no network, nil where there is one.
func (e *Env) Network(device string) error {
	if e.NoNetwork {
		return shut("--no-network", device)
	}
	return nil
}

// Programs returns why no program can be started, nil where one can.
func (e *Env) Programs(device string) error {
	switch {
	case e.NoShell:
		return shut("--no-shell", device)
	case e.Files != nil:
		return shut("--root", device)
	}
	return nil
}
