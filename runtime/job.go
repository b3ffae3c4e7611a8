package runtime

// Jobs: the processes of this System, each a goroutine of its own, their numbers and
// how they start and end.

import (
	"fmt"
	"io"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"cos/devices"
	"cos/lang"
	"cos/runtime/errorlog"
)

type jobTable struct {
	mu      sync.Mutex
	live    map[int]*Process // by $JOB
	running sync.WaitGroup   // children
	count   atomic.Int64     // children
	base    int
	next    int
	closed  bool
}

func (t *jobTable) init() {
	t.live = map[int]*Process{}
	t.base = jobBase(os.Getpid())
}

// jobBase is the $JOB of the first process: the process id, or, where that has less than the
// four digits that programs expect (containers), a number that is nobody's process id.
func jobBase(pid int) int {
	if pid < 1000 {
		return pidRange/2 + pid
	}
	return pid
}

// pidRange is above every process id of an operating system (Linux ends at 2^22).
const pidRange = 10_000_000

// number gives a $JOB number: the process id for the first process, and for its jobs
// that id below a count of their own. So numbers are unique among all live processes of
// the machine without asking anybody, are never reused by one process, and differ in
// their first digits, which is what a client that reads three of them sees (rule B2).
func (t *jobTable) number(p *Process) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.id = t.next*pidRange + t.base
	t.next++
	t.live[p.id] = p
}

func (t *jobTable) forget(p *Process) {
	t.mu.Lock()
	delete(t.live, p.id)
	t.mu.Unlock()
}

func (t *jobTable) find(id int) *Process {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live[id]
}

func (t *jobTable) wait()         { t.running.Wait() }
func (t *jobTable) children() int { return int(t.count.Load()) }

func (t *jobTable) killAll(status int) {
	t.mu.Lock()
	t.closed = true
	list := make([]*Process, 0, len(t.live))
	for _, p := range t.live {
		list = append(list, p)
	}
	t.mu.Unlock()
	for _, p := range list {
		p.Kill(status)
	}
}

// start runs a child in a goroutine of its own.
func (t *jobTable) start(p *Process, run func()) {
	t.mu.Lock()
	if t.closed {
		p.Kill(143)
	}
	t.mu.Unlock()
	t.running.Add(1)
	t.count.Add(1)
	p.CountConnections(-1)
	go func() {
		defer t.running.Done()
		defer t.count.Add(-1)
		run()
	}()
}

// NewProcess makes the first process of a system, on a principal device.
func (s *System) NewProcess(principal func(devices.Host) (devices.Device, error)) (*Process, error) {
	if err := s.cfg.checkNamespaces(); err != nil {
		return nil, err
	}
	p, err := s.newProcess()
	if err != nil {
		return nil, err
	}
	d, err := principal(p)
	if err != nil {
		s.forget(p)
		return nil, err
	}
	if t, ok := d.(*devices.Terminal); ok && t.OnInterrupt == nil {
		t.OnInterrupt = p.Interrupt
	}
	p.io.init(d)
	_, p.io.socket = d.(*devices.TCP)
	return p, nil
}

func (s *System) newProcess() (*Process, error) {
	p := &Process{sys: s, namespace: s.cfg.Namespace}
	s.defaults.Lock()
	p.settings = s.defaults.settings
	s.defaults.Unlock()
	if !s.memory.open(&p.memory) {
		return nil, errNoMemory
	}
	p.limitMemory(s.jobLimit)
	s.jobs.number(p)
	p.observer = *s.observer.Load() // after Watch can find the process
	if s.cover != nil {
		p.signal.pending.Or(sigCover)
	}
	return p, nil
}

// forget undoes newProcess.
func (s *System) forget(p *Process) {
	s.memory.close(&p.memory)
	s.jobs.forget(p)
}

func (s *System) newChild(parent *Process) (*Process, error) {
	p, err := s.newProcess()
	if err != nil {
		return nil, err
	}
	p.jobbed = true
	p.CountConnections(1) // until it starts: its connection is still on the way
	p.namespace = parent.namespace
	return p, nil
}

// runEntry is the whole life of a job.
func (p *Process) runEntry(e *entry, args []Value) {
	err := p.Run(func() {
		base := len(p.stack)
		p.stack = append(p.stack, args...)
		p.call(e, base, 0, frameDo)
	})
	p.end(err)
}

func (p *Process) runMethod(k *class, m *method, args []Value) {
	err := p.Run(func() { p.run(k, m, nil, args, true) })
	p.end(err)
}

// end reports an untrapped error of a job and gives back all it holds.
func (p *Process) end(err error) {
	if err != nil {
		p.sys.report(p, err)
	}
	p.Close()
}

// Close gives back everything the process holds: devices, locks, its number.
func (p *Process) Close() {
	if p.monitor != nil {
		p.monitor.Stop()
	}
	p.io.closeAll()
	p.closeSockets()
	p.closeGlobals()
	p.sys.forget(p)
	p.signal.end()
}

// Run runs f with error traps at the bottom. It returns an untrapped M error as
// *Error, a Go panic as *Crash, nil after HALT or a normal end.
func (p *Process) Run(f func()) (err error) {
	frames := len(p.frames)
	p.enter(frameTop, 0)
	id := p.pushGuard(guardTop)
	defer func() {
		if p.sys.cfg.DebugPanic && p.unwind.to != id {
			return
		}
		if r := recover(); r != nil {
			if r != theUnwind {
				err = p.crashed(r)
			} else if p.unwind.why == unwindHalt {
				err = ErrHalt
			} else if p.unwind.err != nil { // QUIT at the debug prompt has none
				err = p.unwind.err
			}
			p.caught(id)
			p.elided = nil // of HALT and of a crash: no error has made its frame
		}
		p.guards = p.guards[:id-1]
		for len(p.frames) > frames {
			p.leave()
		}
		p.errors.active = false
		p.errors.etrapAt = min(p.errors.etrapAt, len(p.frames))
	}()
	f()
	return nil
}

type haltError struct{}

func (haltError) Error() string { return "HALT" }

// ErrHalt is what Run returns after HALT and Terminate.
var ErrHalt error = haltError{}

// Crash is a bug of ours: a Go panic that ended one job.
type Crash struct {
	Value any
	Stack []byte
	Place string

	record *errorlog.Entry
}

func (c *Crash) Error() string {
	return fmt.Sprintf("internal error at %s: %v (please report it)", c.Place, c.Value)
}

// crashed notes a Go panic while the frames stand.
func (p *Process) crashed(panicked any) (c *Crash) {
	c = &Crash{Value: panicked, Stack: debug.Stack(), Place: p.place()}
	defer func() { recover() }() // what is broken may break this too
	if p.sys.cfg.Errors != nil {
		c.record = p.record()
	}
	return c
}

// report writes an untrapped error of a job to stderr, with its number.
func (s *System) report(p *Process, err error) {
	if err == ErrHalt {
		return
	}
	s.LogUntrapped(err)
	var b strings.Builder
	fmt.Fprintf(&b, "job %d: ", p.id)
	switch e := err.(type) {
	case *Error:
		WriteError(&b, e)
	case *Crash:
		b.WriteString(lang.VisibleLines(fmt.Sprintf("%v\n%s", e, e.Stack)))
	default:
		b.WriteString(lang.Visible(err.Error()) + "\n")
	}
	io.WriteString(s.cfg.Stderr, b.String())
}

// WriteError prints an untrapped error as a command-line tool does: $ZERROR, the
// source line with a caret under the failing command, the call stack.
func WriteError(w io.Writer, e *Error) {
	fmt.Fprintln(w, lang.Visible(e.Text()))
	if e.Line.Line > 0 {
		line, col := lang.Excerpt(e.Line.Text, e.Line.Col)
		fmt.Fprintf(w, "%s\n%s^\n", line, indentTo(line, col))
	}
	if e.kind != nil && e.kind.Doc != "" {
		fmt.Fprintf(w, "  %s", e.kind.Doc)
		if e.Cause != nil {
			if _, text, ok := devices.Errno(e.Cause); ok {
				fmt.Fprintf(w, ": %s", text)
			} else if e.kind == errNoJob {
				fmt.Fprintf(w, ": %v", e.Cause)
			}
		}
		fmt.Fprintln(w)
	}
	for i, f := range e.Frames {
		if f.Kind == frameNames[frameTop] {
			continue
		}
		if e.Elided > 0 && i == len(e.Frames)-5 {
			fmt.Fprintf(w, "  … %d more\n", e.Elided)
		}
		code, _ := lang.Excerpt(f.Code, 1)
		fmt.Fprintf(w, "  at %-20s %s\n", lang.Visible(f.At), code)
	}
}

// indentTo is the blanks before a column, with the tabs of the line kept so that a
// caret stands below its command.
func indentTo(line string, col int) string {
	var b strings.Builder
	for _, c := range line {
		if col--; col <= 0 {
			break
		}
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}

// platform is what $ZVERSION says of the system.
func platform() string { return goruntime.GOOS + "/" + goruntime.GOARCH }
