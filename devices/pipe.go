package devices

// Pipes to other programs: OPEN "command":"Q" and |CPIPE|n (device guide, chapter 4). A
// pipe is a sequential file whose other end is a program that OPEN starts.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	goruntime "runtime"
	"strings"
	"syscall"
	"time"
)

// Pipe is a pipe to a program: one-way as a rule, two-way with R and W together.
type Pipe struct {
	File
	program *exec.Cmd
	shell   bool          // a shell runs the program, and hides its exit code
	limit   time.Duration // what CLOSE waits for the program to end
	bell    ringer        // wakes CLOSE, and READ at the end of the output
	ended   chan struct{} // closed when the program has ended
}

var (
	_ Device   = (*Pipe)(nil)
	_ Reopener = (*Pipe)(nil)
)

const (
	// closeLimit is what CLOSE waits without a closetimeout; immediateLimit what CLOSE
	// device:"I" waits (device guide, "CLOSE Command for Interprocess Communication").
	closeLimit     = 30 * time.Second
	immediateLimit = time.Second
	// maxCommand is the longest command that is a device name.
	maxCommand = 256
)

// errTooLong is a command that only |CPIPE| takes.
var errTooLong = fmt.Errorf("%w: a command as device name has at most %d characters; |CPIPE| takes longer ones", errForGood, maxCommand)

// openQueue is OPEN command:"Q…": a shell runs the command.
func openQueue(o *opening, opt fileOptions) (Device, error) {
	if len(o.name) > maxCommand {
		return nil, errTooLong
	}
	opt.program = o.name
	return openPipe(o, opt)
}

// openCommandPipe is OPEN "|CPIPE|n":(command:mode:::closetimeout).
func openCommandPipe(o *opening) (Device, error) {
	opt := newFileOptions()
	if err := apply(pipeParams, &opt, o.params, InOpen); err != nil {
		return nil, err
	}
	if opt.program == "" {
		return nil, fmt.Errorf("%w: no command", errForGood)
	}
	opt.mode |= fileQueue
	return openPipe(o, opt)
}

// openPipe starts the program between the ends of a pipe.
func openPipe(o *opening, opt fileOptions) (Device, error) {
	if err := o.env.Programs(o.name); err != nil {
		return nil, err
	}
	opt.mode &= fileQueue | fileRead | fileWrite | fileStream | fileFixed | fileUndefined | fileIgnoreEOF
	opt.settle()
	d := &Pipe{
		File: File{name: o.name, env: o.env, host: o.host, opt: opt}, limit: opt.closeLimit,
		shell: !opt.direct, bell: make(ringer, 1), ended: make(chan struct{}),
	}
	d.program = opt.command()
	ends, err := d.connect()
	if err != nil {
		return nil, err
	}
	ends.pipe = d
	d.f, d.waits = ends, true
	d.alarm.watch(ends)
	d.File.settle()
	go func() {
		_ = d.program.Wait() // its result is in ProcessState
		close(d.ended)
	}()
	return d, nil
}

// command is the program with its arguments; a shell's, unless /COMMAND or /ARGS ask for
// the program itself.
func (o *fileOptions) command() *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", o.program)
	switch {
	case o.direct:
		cmd = exec.Command(o.program, o.args...)
	case goruntime.GOOS == "windows":
		cmd = exec.Command("cmd", "/c", o.program)
	}
	if len(o.environ) > 0 {
		cmd.Env = append(os.Environ(), o.environ...)
	}
	return cmd
}

// connect makes the pipe and starts the program on its other end. What the pipe does not
// carry is the interpreter's own: output and errors of the program go where those of cos
// go, but its input is empty, so that it takes none of what the program is to READ.
func (d *Pipe) connect() (*pipeEnds, error) {
	ends := new(pipeEnds)
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			_ = f.Close()
		}
	}()
	if d.opt.mode&fileRead != 0 {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		theirs, ends.from, d.program.Stdout = append(theirs, w), r, w
	} else {
		d.program.Stdout = os.Stdout
	}
	if d.opt.mode&fileWrite != 0 {
		r, w, err := os.Pipe()
		if err != nil {
			_ = ends.Close()
			return nil, err
		}
		theirs, ends.to, d.program.Stdin = append(theirs, r), w, r
	}
	d.program.Stderr = os.Stderr
	if err := d.program.Start(); err != nil {
		_ = ends.Close()
		if errors.Is(err, exec.ErrNotFound) {
			err = &fs.PathError{Op: "exec", Path: d.opt.program, Err: syscall.ENOENT}
		}
		return nil, fmt.Errorf("%w: %w", errForGood, err)
	}
	return ends, nil
}

// Reopen is OPEN on a pipe that is open, which is ignored.
func (d *Pipe) Reopen(Params) error { return nil }

// Use changes what may change: terminators and the character set.
func (d *Pipe) Use(p Params) error {
	if err := apply(pipeParams, &d.opt, p, InUse); err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.Device = d.name
		}
		return err
	}
	d.File.settle()
	d.in.scanned = 0
	return nil
}

// Interrupt ends the wait under way.
func (d *Pipe) Interrupt() {
	d.File.Interrupt()
	d.bell.Interrupt()
}

// Close writes what is pending, closes the pipe and waits for the program to end, for
// closetimeout at most; ("I") waits a second. A program that goes on is left alone.
func (d *Pipe) Close(p Params) error {
	limit := d.limit
	if len(p) > 0 && p[0].Key == "" && strings.EqualFold(p[0].Value.S, "I") {
		limit = min(limit, immediateLimit)
	}
	err := d.File.Close(nil)
	if waitErr := d.await(limit); err == nil {
		err = waitErr
	}
	return err
}

// await waits for the program to end.
func (d *Pipe) await(limit time.Duration) error {
	select {
	case <-d.bell: // rung in an earlier wait
	default:
	}
	if err := d.host.Enter(WaitPipe, d); err != nil {
		return err
	}
	defer d.host.Leave()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-d.ended:
	case <-timer.C:
	case <-d.bell:
		return ErrInterrupted
	}
	return nil
}

// Reasons why a pipe has no exit code.
var (
	ErrPipeShell = errors.New("only a program started by /COMMAND or /ARGS has an exit code")
	ErrPipeRuns  = errors.New("the program has not ended")
)

// ExitCode is the exit code of a program that was started without a shell; of one that a
// signal ended it is 128 and the signal's number. After the end of its output was read
// it waits for the program to end, closetimeout at most.
func (d *Pipe) ExitCode() (int, error) {
	if d.shell {
		return 0, ErrPipeShell
	}
	if d.state.EOF {
		if err := d.await(d.limit); err != nil {
			return 0, err
		}
	}
	select {
	case <-d.ended:
	default:
		return 0, ErrPipeRuns
	}
	return exitCode(d.program.ProcessState), nil
}

// over looks, at the end of the program's output, whether an interrupt has made it.
func (d *Pipe) over() error {
	select {
	case <-d.bell: // rung in an earlier wait, or in this one: the alarm tells
	default:
	}
	if d.alarm.rung.Load() {
		return os.ErrDeadlineExceeded
	}
	ending := time.NewTimer(closesLast)
	defer ending.Stop()
	select {
	case <-d.ended:
	case <-ending.C: // it has closed its output and goes on
		return io.EOF
	case <-d.bell:
	}
	if d.alarm.rung.Load() || interruptedToo(d.program.ProcessState, d.bell) {
		return os.ErrDeadlineExceeded
	}
	return io.EOF
}

// closesLast is how soon after the end of its output most programs end.
const closesLast = 100 * time.Millisecond

// pipeEnds are our ends of a pipe: from the program, to the program, or both.
type pipeEnds struct {
	from, to *os.File
	pipe     *Pipe
}

var _ backing = (*pipeEnds)(nil)

func (e *pipeEnds) Read(b []byte) (int, error) {
	n, err := e.from.Read(b)
	if err == io.EOF {
		err = e.pipe.over()
	}
	return n, err
}

func (e *pipeEnds) Write(b []byte) (int, error) { return e.to.Write(b) }

// Seek and Truncate are for files.
func (e *pipeEnds) Seek(int64, int) (int64, error) { return 0, syscall.ESPIPE }
func (e *pipeEnds) Truncate(int64) error           { return syscall.ESPIPE }

func (e *pipeEnds) SetReadDeadline(t time.Time) error {
	if t.Equal(past) { // an interrupt
		e.pipe.bell.Interrupt()
	}
	if e.from == nil {
		return nil
	}
	return e.from.SetReadDeadline(t)
}

func (e *pipeEnds) SetWriteDeadline(t time.Time) error {
	if e.to == nil {
		return nil
	}
	return e.to.SetWriteDeadline(t)
}

func (e *pipeEnds) Close() error {
	var errs [2]error
	for i, f := range []io.Closer{e.from, e.to} {
		if f != (*os.File)(nil) {
			errs[i] = f.Close()
		}
	}
	return errors.Join(errs[:]...)
}
