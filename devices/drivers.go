package devices

// THE DRIVER TABLE, and OPEN: a device name's prefix decides who opens it.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// driver is one kind of device. The first row whose prefix fits a name opens it.
type driver struct {
	prefix string // of the device name, compared without case
	whole  bool   // the prefix is the whole name
	open   func(o *opening) (Device, error)
	params func() []KeywordRow // nil: takes none
	doc    string
}

// drivers is the table; its last row takes every other name. It is filled by init
// because the open functions themselves use the tables.
var drivers []driver

func init() {
	drivers = []driver{
		{prefix: tcpPrefix, open: openTCP, params: tcpParams.rows, doc: "TCP client, or server when no host is given"},
		{prefix: "|CPIPE|", open: openCommandPipe, params: pipeParams.rows, doc: "pipe to another program"},
		{prefix: "/dev/null", open: openNull, doc: "null device: READ returns \"\" at once, WRITE goes nowhere"},
		{prefix: "//./nul", open: openNull, doc: "null device, by its Windows name"},
		{prefix: "nul", whole: true, open: openNull, doc: "null device, by its short name"},
		{prefix: "0", whole: true, open: openPrincipal, params: terminalParams.rows, doc: "principal device: USE 0; it is always open"},
		{prefix: "3", whole: true, open: openNever, doc: "invalid device: OPEN 3 is <NOTOPEN> at once"},
		{prefix: "", open: openFile, params: fileParams.rows, doc: "sequential file"},
	}
}

// driverOf returns the row that opens name.
func driverOf(name string) *driver {
	for i := range drivers {
		d := &drivers[i]
		n := len(d.prefix)
		if len(name) >= n && strings.EqualFold(name[:n], d.prefix) && (!d.whole || len(name) == n) {
			return d
		}
	}
	return nil
}

// firstNumericAlias is the smallest bare number that names a TCP device: smaller ones
// are the numbers of other devices.
const firstNumericAlias = 1000

// Canonical returns the name a device is known by: 41880 and "/TCP/41880" are older
// spellings of |TCP|41880 (manual, "Concatenation of Records"; rule A25), and the
// prefix of a TCP name counts without case.
func Canonical(name string) string {
	const prefix, alias = tcpPrefix, "/TCP/"
	if len(name) > len(prefix) && (strings.EqualFold(name[:len(prefix)], prefix) || strings.EqualFold(name[:len(alias)], alias)) {
		return prefix + name[len(prefix):]
	}
	if n, err := strconv.ParseInt(name, 10, 32); err == nil && n >= firstNumericAlias && name[0] != '+' {
		return prefix + name
	}
	return name
}

// opening is one OPEN under way.
type opening struct {
	ctx     context.Context // of the caller, with the deadline and an interrupt's end
	by      *canceller
	caller  context.Context
	env     *Env
	host    Host
	name    string
	params  Params
	timeout time.Duration
}

// timed reports whether OPEN has a timeout.
func (o *opening) timed() bool { return o.timeout >= 0 }

// Open opens a device for the process that host is.
//
// timeout < 0 is an OPEN without one: it tries until it succeeds, the wait is
// interrupted or the failure is one that trying again cannot mend, which is *Error
// NOTOPEN. Otherwise, 0 meaning a single attempt, an OPEN that fails by then or for good
// returns an error that is ErrTimeout and wraps the cause: $TEST is 0, and OSError()
// shows the cause. Interrupted waits, of ctx too, return ErrInterrupted.
func Open(ctx context.Context, env *Env, host Host, name string, params Params, timeout time.Duration) (Device, error) {
	bounded, cancel := context.WithCancel(ctx)
	defer cancel()
	by := &canceller{cancel: cancel}
	switch {
	case timeout == 0:
		bounded, cancel = context.WithTimeout(bounded, soleAttempt)
		defer cancel()
	case timeout > 0:
		bounded, cancel = context.WithTimeout(bounded, timeout)
		defer cancel()
	}
	o := &opening{bounded, by, ctx, env, host, Canonical(name), params, timeout}
	if o.name == "" {
		return nil, &Error{Name: "NOTOPEN"}
	}
	d, err := driverOf(o.name).open(o)
	if err != nil {
		return nil, o.failure(err)
	}
	return d, nil
}

// failure turns what stopped an OPEN into what Open promises.
func (o *opening) failure(err error) error {
	var named *Error
	switch {
	case errors.Is(err, ErrInterrupted), errors.Is(err, context.Canceled):
		return ErrInterrupted
	case errors.As(err, &named) && (named.Name != "NOTOPEN" || errors.Is(err, errNever)):
		if named.Device == "" {
			named.Device = o.name
		}
		return err
	case errors.Is(err, ErrTimeout):
		return err
	case o.timed():
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	case named != nil:
		return err
	}
	return &Error{Name: "NOTOPEN", Device: o.name, Err: err}
}

// Backoff between attempts to OPEN what is busy or refuses.
const (
	firstRetry = 10 * time.Millisecond
	lastRetry  = 250 * time.Millisecond
	// soleAttempt bounds the one attempt of OPEN:0 (rule B8).
	soleAttempt = 3 * time.Second
)

// try attempts f until it succeeds, fails for good, or the timeout is over. The context
// of an attempt ends with the deadline and with an interrupt; kind is what the process is
// seen to wait in.
func (o *opening) try(kind Wait, f func(ctx context.Context) error) error {
	var cause error
	for pause := firstRetry; ; pause = min(2*pause, lastRetry) {
		err := o.attempt(kind, f, pause, cause != nil)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrInterrupted), o.by.rung.Load(), o.caller.Err() != nil:
			return ErrInterrupted
		case o.ctx.Err() != nil:
			if cause == nil || !cutOff(err) { // an attempt that the deadline cut off says nothing
				cause = err
			}
			return fmt.Errorf("%w: %w", ErrTimeout, cause)
		case permanent(err):
			return err
		}
		cause = err
		if o.timeout == 0 {
			return fmt.Errorf("%w: %w", ErrTimeout, cause)
		}
	}
}

// cutOff reports whether an attempt failed only because its time was over.
func cutOff(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.As(err, &timed) && timed.Timeout()
}

// attempt is one bracketed attempt, after a pause when it is not the first.
func (o *opening) attempt(kind Wait, f func(context.Context) error, pause time.Duration, again bool) error {
	if err := o.host.Enter(kind, o.by); err != nil {
		return err
	}
	defer o.host.Leave()
	if again {
		select {
		case <-o.ctx.Done():
			return o.ctx.Err()
		case <-time.After(pause):
		}
	}
	return f(o.ctx)
}

// permanentErrnos are failures that trying again cannot mend (rule B8).
var permanentErrnos = []syscall.Errno{
	syscall.EACCES, syscall.EPERM, syscall.EBADF, syscall.ENOTSOCK, syscall.EINVAL,
	syscall.EAFNOSUPPORT, syscall.EADDRNOTAVAIL,
}

// errForGood marks a failure of our own that trying again cannot mend.
var errForGood = errors.New("cannot be opened")

func permanent(err error) bool {
	if errors.Is(err, errForGood) || errors.Is(err, ErrShut) || errors.Is(err, errPortRange) || notFound(err) {
		return true
	}
	var errno syscall.Errno
	return errors.As(err, &errno) && slices.Contains(permanentErrnos, errno)
}

// openPrincipal is OPEN 0, which the runtime answers itself where the process has a
// principal device.
func openPrincipal(o *opening) (Device, error) {
	return nil, &Error{Name: "NOTOPEN", Device: o.name}
}

// openNever is OPEN 3, which no timeout turns into $TEST=0 (spec 1.2).
func openNever(o *opening) (Device, error) {
	return nil, &Error{Name: "NOTOPEN", Device: o.name, Err: errNever}
}

// errNever marks the failure of a device that no OPEN can open.
var errNever = errors.New("there is no such device")
