package runtime

// Raising and catching. raise runs at the point of error, before anything unwinds: it
// sets $ZERROR and $ECODE, notes the stack, chooses the handler among the guards, and
// only then panics, once, to the chosen guard. No deferred function panics again, so
// an error with a trap on each of 20,000 levels costs linear time (house §1.7).

import (
	"strings"

	"cos/devices"
	"cos/runtime/errorlog"
)

// Error is one M error as it was raised.
type Error struct {
	kind        *errorKind
	Name        string // between the brackets; <Zxxxx> errors have no kind
	Place       string // label+offset^routine, "" at the prompt
	Info        string // the part after the place
	Code        string // what it adds to $ECODE, without commas
	Object      Value  // the exception object of a THROW
	Line        SourceLine
	Frames      []Place // the stack, innermost first
	Elided      int     // how many frames Frames leaves out
	Cause       error   // a device's error
	rethrow     bool
	Interrupted bool            // Ctrl-C is behind it
	record      *errorlog.Entry // what the log is to keep, nil: nothing
}

// SourceLine is a line of source with the column of the failing command.
type SourceLine struct {
	Routine string
	Text    string
	Line    int // 1-based, 0: unknown
	Col     int
}

// Place is one level of a backtrace.
type Place struct {
	Kind string // "DO", "$$", "XECUTE", …
	At   string // label+offset^routine
	Code string // the source line
}

// Text is the error as $ZERROR shows it.
func (e *Error) Text() string {
	s := "<" + e.Name + ">" + e.Place
	if e.Info != "" {
		s += " " + e.Info
	}
	if len(s) > 512 {
		s = s[:512]
	}
	return s
}

func (e *Error) Error() string { return e.Text() }

// errorState is what $ZERROR, $ECODE, $ETRAP and $STACK() show.
type errorState struct {
	zerror  string
	ecode   string // with surrounding commas, or ""
	last    *Error
	active  bool  // an error is being handled by $ETRAP: the next one adds to $ECODE
	number  int32 // of SET $ECODE="": what is handled after one is another error
	etrap   string
	etrapAt int  // number of frames when it was set, 0: not set
	starred bool // some $ZTRAP began with *: errors stop where they happen (quiet.go)
	stack   []levelSnapshot
	ztrap   *ztrap // the $ZTRAP that takes the error under way
}

// levelSnapshot is one level of $STACK(n,…) at the time of the first error.
type levelSnapshot struct {
	kind    frameKind
	routine *Routine
	pos     pos
	ecode   string
}

type guardKind uint8

const (
	guardFrame guardKind = iota // a frame: $ZTRAP and $ETRAP
	guardTry                    // a TRY block
	guardTop                    // the bottom of Run
	guardLoop                   // a loop, when there is a debugger (debug.go)
	guardFor                    // the same of FOR, which is a level of the debug prompt
)

// guard is a place where unwinding may stop: a deferred function stands there.
type guard struct {
	kind   guardKind
	frames int // frames at that place
	stack  int // of p.stack
	refs   int // of p.refs
	weight int
}

// unwinding is the one panic that may be under way.
type unwinding struct {
	to  int // number of guards at and below the target, 0: none
	why unwindWhy
	err *Error
}

type unwindWhy uint8

const (
	unwindTry   unwindWhy = iota // to a CATCH
	unwindZtrap                  // GOTO the label of $ZTRAP
	unwindEtrap                  // run $ETRAP
	unwindTop                    // nobody handles it
	unwindHalt                   // HALT
	unwindStop                   // to the debug prompt
	unwindLeave                  // out of a FOR, by QUIT n at the debug prompt
)

// unwindSignal is what panics carry; everything else that panics is a bug of ours.
type unwindSignal struct{}

var theUnwind = &unwindSignal{}

// pushGuard announces a guard and returns its number.
func (p *Process) pushGuard(k guardKind) int {
	p.guards = append(p.guards, guard{kind: k, frames: len(p.frames), stack: len(p.stack), refs: len(p.refs), weight: p.weight})
	return len(p.guards)
}

// caught ends an unwinding at guard id: frames above it are popped.
func (p *Process) caught(id int) {
	g := &p.guards[id-1]
	for len(p.frames) > g.frames {
		p.leave()
	}
	clear(p.stack[g.stack:])
	p.stack = p.stack[:g.stack]
	p.refs = p.refs[:g.refs]
	p.weight = g.weight
	p.unwind.to = 0
}

// raise raises an M error at the current place.
func (p *Process) raise(k *errorKind, info string) {
	p.throw(&Error{kind: k, Name: k.Name, Code: k.ecode(), Info: info})
}

// throw raises e: the one way an error starts.
func (p *Process) throw(e *Error) {
	p.realize()
	if !e.rethrow {
		e.Place = p.place()
		p.note(e)
		if p.observer != nil {
			p.Observe(devices.Event{Kind: "error", Error: e.Name})
		}
	}
	to, why := p.handler(e)
	if why == unwindTop || why == unwindStop {
		e.Line, e.Frames, e.Elided = p.sourceLine(), nil, 0
		e.Frames, e.Elided = p.backtrace()
	}
	if why == unwindTop && p.sys.cfg.Errors != nil {
		e.record = p.record()
	}
	p.unwind = unwinding{to: to, why: why, err: e}
	panic(theUnwind)
}

// note records an error in $ZERROR, $ECODE and $STACK().
func (p *Process) note(e *Error) {
	p.errors.zerror = e.Text()
	p.errors.last = e
	if !p.errors.active || p.errors.ecode == "" || len(p.errors.ecode) > 500 {
		p.errors.ecode = "," + e.Code + ","
		p.snapshot()
	} else {
		p.errors.ecode += e.Code + ","
		if n := len(p.frames) - 1; n >= 0 && n < len(p.errors.stack) {
			p.errors.stack[n].ecode += e.Code + ","
		}
	}
}

// maxSnapshot bounds what $STACK() remembers of an error, so that errors on each of
// many levels stay linear: the outermost and the innermost levels.
const maxSnapshot = 256

// snapshot notes where each level stands.
func (p *Process) snapshot() {
	s := p.errors.stack[:0]
	n := len(p.frames)
	for i := range min(n, maxSnapshot) {
		l := levelSnapshot{kind: p.frames[i].kind}
		if i+1 < n {
			l.routine, l.pos = p.frames[i+1].callRtn, p.frames[i+1].callPos
		} else {
			l.routine, l.pos = p.routine, p.pos
			l.ecode = p.errors.ecode
		}
		s = append(s, l)
	}
	p.errors.stack = s
}

// handler finds who takes an error: the innermost of the TRY blocks, the levels with a
// $ZTRAP, and the level where $ETRAP was set.
func (p *Process) handler(e *Error) (to int, why unwindWhy) {
	if p.errors.etrapAt > len(p.frames) {
		p.errors.etrapAt = len(p.frames)
	}
	innermost := 0 // the guard of the erring frame
	for i := len(p.guards) - 1; i >= 0; i-- {
		g := &p.guards[i]
		switch g.kind {
		case guardTry:
			return i + 1, unwindTry
		case guardTop:
			if p.stops(g) && i+1 < len(p.guards) {
				return len(p.guards), unwindStop
			}
			return i + 1, unwindTop
		case guardLoop, guardFor:
			continue
		}
		if innermost == 0 {
			innermost = i + 1
		}
		f := &p.frames[g.frames-1]
		if f.ztrap != nil {
			p.errors.ztrap = f.ztrap
			if f.ztrap.label[0] == '*' {
				return innermost, unwindZtrap
			}
			return i + 1, unwindZtrap
		}
		if p.errors.etrap != "" && p.errors.etrapAt >= g.frames {
			return innermost, unwindEtrap
		}
	}
	return 0, unwindTop
}

// trap continues a frame whose guard caught an error: at the label of $ZTRAP, or with
// the code of $ETRAP.
func (p *Process) trap() (b *block, i, level int, ok bool) {
	f := p.frame()
	switch p.unwind.why {
	case unwindZtrap:
		z := p.errors.ztrap
		if z.at != nil {
			p.routine = z.at.routine
		}
		j := p.labelJump(strings.TrimPrefix(z.label, "*"), z.at)
		p.routine = j.block.routine
		return j.block, j.line, j.block.lines[j.line].level, true
	default:
		text := p.errors.etrap
		if p.handling(f) {
			text = leaveLevel
		}
		f.inEtrap = p.errors.number + 1
		p.errors.active = true
		p.ret = Empty
		return p.compileCommands(text), 0, 0, true
	}
}

// leaveLevel is what an error in the code of a level's $ETRAP does: the level ends, and
// the one below takes the error (ISO 6.3.2). It would else loop for ever.
const leaveLevel = `QUIT:$QUIT "" QUIT`

// handling says whether f runs its $ETRAP for an error that is still active.
func (p *Process) handling(f *frame) bool { return f.inEtrap == p.errors.number+1 }

// rethrow hands the error that a level's $ETRAP left active to the level below.
func (p *Process) rethrow() {
	e := p.errors.last
	if e == nil {
		e = &Error{Name: "ECODETRAP", Code: strings.Trim(p.errors.ecode, ",")}
	}
	again := *e
	again.rethrow = true
	p.throw(&again)
}

// halt ends the process: HALT, Terminate, a kill.
func (p *Process) halt() {
	for i := range p.guards {
		if p.guards[i].kind == guardTop {
			p.unwind = unwinding{to: i + 1, why: unwindHalt}
			panic(theUnwind)
		}
	}
	panic("halt outside Run")
}

// sourceLine is the running line with the column of the running command.
func (p *Process) sourceLine() SourceLine { return lineOf(p.routine, p.pos) }

func lineOf(r *Routine, at pos) SourceLine {
	if r == nil || at == 0 || at.line() > len(r.Source) {
		return SourceLine{}
	}
	return SourceLine{Routine: r.Name, Text: r.Source[at.line()-1], Line: at.line(), Col: at.col()}
}

// maxTrace is how many levels a backtrace shows before its middle is left out.
const maxTrace = 25

// backtrace lists the levels, innermost first.
func (p *Process) backtrace() (out []Place, elided int) {
	r, at := p.routine, p.pos
	n := len(p.frames)
	for i := n - 1; i >= 0; i-- {
		f := &p.frames[i]
		if depth := n - 1 - i; depth < maxTrace-5 || i < 5 {
			l := Place{Kind: frameNames[f.kind], Code: strings.TrimSpace(lineOf(r, at).Text)}
			if r != nil {
				l.At = r.place(at.line())
			}
			out = append(out, l)
		} else {
			elided++
		}
		r, at = f.callRtn, f.callPos
	}
	return out, elided
}

var frameNames = [...]string{
	frameTop: "top", frameDo: "DO", frameExtrinsic: "$$", frameDots: "DO block", frameXecute: "XECUTE",
}

// tryCmd is TRY { } CATCH var { }.
type tryCmd struct {
	body  *block
	catch *block // nil: errors end the TRY silently
	to    target // nil: no variable
}

func (n *tryCmd) exec(p *Process) flow {
	routine, at := p.routine, p.pos
	fl, caught := n.protected(p, nil)
	for s := p.stopsHere(caught); s != nil; s = p.stopsHere(caught) {
		fl, caught = n.protected(p, s)
	}
	if caught {
		p.routine, p.pos = routine, at
		p.errors.active = false
		e := p.unwind.err
		if n.catch == nil {
			return flowNext
		}
		if n.to != nil {
			n.to.set(p, p.exception(e))
		}
		fl = p.runLines(n.catch, 0, 0)
	}
	if fl == flowQuit {
		return flowNext
	}
	return fl
}

// protected runs the body; s is what has stopped it before.
func (n *tryCmd) protected(p *Process, s *stoppage) (fl flow, caught bool) {
	id := p.pushGuard(guardTry)
	defer func() {
		if p.unwind.to == id {
			recover()
			p.caught(id)
			caught = true
		}
		p.guards = p.guards[:id-1]
	}()
	if s != nil {
		return p.goOn(s, func(at pos) flow { return p.resumeLines(n.body, 0, at) }), false
	}
	return p.runLines(n.body, 0, 0), false
}
