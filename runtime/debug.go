package runtime

// The debug prompt: an error that nobody traps, or a BREAK, in a program that somebody
// started by hand leaves the frames standing. The prompt runs where they stand, on top of
// Go's stack, and says how to go on: QUIT n, GOTO, or GOTO label (spec §7).
//
// BREAK stops between two commands, so going on is a return. An error unwinds to the
// innermost guard; the body that stands there is entered again behind the command that
// failed. Loops, whose state lives in Go's stack, have a guard of their own when there is
// a debugger; nothing else costs anything.

import (
	"errors"
	"strconv"
	"strings"

	"cos/devices"
	"cos/lang"
)

// Debugger runs a prompt while the frames stand. e says what stopped the program; nil
// after QUIT n, which has shown nothing. It returns nil when Execute has returned
// ErrResume, and otherwise ErrHalt.
type Debugger func(e *Error) error

// ErrResume is what Execute returns when the line ends the debug prompt.
var ErrResume = errors.New("the program goes on")

// Debug gives the process a debugger: errors and BREAK stop there.
func (p *Process) Debug(d Debugger) { p.debugger = d }

// standing is where a program has stopped.
type standing struct {
	routine *Routine
	pos     pos
	frames  int
	resume  resumption
}

// resumption is how a stopped program goes on.
type resumption struct {
	how    flow // flowNext: behind the command; flowGoto: at target; flowQuit: levels are left
	levels int  // 0: all
	target jump
}

// stop runs the debug prompt where the process stands. at is the place behind which the
// program goes on, 0 with the flow that says what happens instead.
func (p *Process) stop(e *Error) (fl flow, at pos) {
	outer := p.standing
	s := &standing{routine: p.routine, pos: p.pos, frames: len(p.frames)}
	current := p.io.current
	p.standing = s
	defer func() { p.standing = outer }() // QUIT at a later prompt unwinds through this one
	err := p.debugger(e)
	p.routine, p.pos = s.routine, s.pos
	p.ret = Value{}
	if p.io.isOpen(current) {
		p.io.current = current
	}
	switch {
	case err != nil:
		p.halt()
	case s.resume.how == flowGoto:
		p.target = s.resume.target
		return flowGoto, 0
	case s.resume.how == flowQuit:
		p.unstack(s.resume.levels)
	}
	return flowNext, s.pos
}

// isOpen tells whether a device still belongs to the process.
func (t *deviceTable) isOpen(d devices.Device) bool {
	if d == t.principal {
		return true
	}
	for _, o := range t.open {
		if o == d {
			return true
		}
	}
	return false
}

// breakHere stops for BREAK, a breakpoint or a step.
func (p *Process) breakHere() flow {
	e := &Error{kind: errBreak, Name: errBreak.Name, Place: p.place(), Line: p.sourceLine()}
	fl, _ := p.stop(e)
	return fl
}

// stops tells whether an error that is about to end everything stops at the debug prompt
// instead: not when it happened in the typed line itself.
func (p *Process) stops(top *guard) bool {
	return p.debugger != nil && len(p.frames) > top.frames
}

// level is a level of the debug prompt: a frame, or a FOR.
type level struct {
	guard  int // number of its guard
	frames int
	loop   bool
}

// levels lists what the debug prompt counts, outermost first.
func (p *Process) levels() (out []level) {
	frames := 0
	for i := range p.guards {
		switch g := &p.guards[i]; {
		case g.kind == guardFrame && g.frames > frames:
			frames = g.frames
			out = append(out, level{i + 1, frames, false})
		case g.kind == guardFor:
			out = append(out, level{i + 1, g.frames, true})
		}
	}
	return out
}

// Standing describes the stopped program as the prompt does: levels, the kind of the
// last one, and how many variables it has saved. "" when none is stopped.
func (p *Process) Standing() string {
	if p.standing == nil {
		return ""
	}
	all := p.levels()
	f := p.frame()
	letter := frameLetters[f.kind]
	if n := len(all); n > 0 && all[n-1].loop {
		letter = 'f'
	}
	saved := len(p.news) - int(f.mark)
	if f.proc != nil {
		saved -= len(f.proc.private)
	}
	return strconv.Itoa(len(all)) + string(letter) + strconv.Itoa(max(0, saved))
}

var frameLetters = [...]rune{frameTop: 'S', frameDo: 'd', frameExtrinsic: 'e', frameDots: 'd', frameXecute: 'x'}

// unstack leaves levels, the innermost first: QUIT n at the debug prompt. 0 leaves all.
func (p *Process) unstack(n int) {
	all := p.levels()
	if n <= 0 || n >= len(all) {
		p.unwind = unwinding{to: 1, why: unwindTop}
		panic(theUnwind)
	}
	last := all[len(all)-n]
	to, why := last.guard-1, unwindStop
	if last.loop {
		to, why = last.guard, unwindLeave
	}
	p.unwind = unwinding{to: to, why: why}
	panic(theUnwind)
}

// executeStanding executes a typed line in the frame that stands.
func (p *Process) executeStanding(r *Routine) (err error) {
	s := p.standing
	id := p.pushGuard(guardTop)
	back := func() { p.routine, p.pos = s.routine, s.pos }
	defer func() {
		if p.unwind.to == id {
			recover()
			p.caught(id)
			back()
			if p.unwind.why == unwindTop {
				err = p.unwind.err
			}
		}
		p.guards = p.guards[:id-1]
	}()
	p.routine, p.ret = r, Value{}
	p.reserve(r.main.slots)
	fl := p.runLines(r.main, 0, 0)
	back()
	switch fl {
	case flowQuit:
		s.resume = resumption{how: flowQuit}
	case flowReturn:
		s.resume = resumption{how: flowQuit, levels: max(0, int(p.ret.int64()))}
	case flowGoto:
		s.resume = resumption{how: flowNext}
		if p.target.block != nil {
			s.resume = resumption{how: flowGoto, target: p.target}
		}
	default:
		return nil
	}
	return ErrResume
}

// typedScope is what names mean in a line that is typed where p stands.
func (p *Process) typedScope() *scope {
	if p.standing == nil {
		return nil
	}
	return p.scopeHere()
}

// scopeHere is what names mean in the frame that runs; nil: all are public.
func (p *Process) scopeHere() *scope {
	if proc := p.procedure(); proc != nil {
		return &scope{public: proc.public, private: map[int]bool{}}
	}
	return nil
}

// resumeCmd is GOTO without an argument.
type resumeCmd struct{}

func (*resumeCmd) exec(p *Process) flow {
	if !p.typing() {
		p.raise(errCommand, "*GOTO without an argument goes on after a BREAK or an error, at the prompt")
	}
	p.target = jump{}
	return flowGoto
}

// resumeLines goes on behind the command at a place in a block, at one level of dots.
func (p *Process) resumeLines(b *block, level int, at pos) flow {
	for i := range b.lines {
		if !holds(b.lines[i].body, at) {
			continue
		}
		switch fl := p.resumeSteps(b.lines[i].body, at); {
		case fl == flowGoto && p.target.block == b && b.lines[p.target.line].level == level:
			return p.runLines(b, p.target.line, level)
		case fl != flowNext:
			return fl
		case i+1 < len(b.lines) && b.lines[i+1].fence:
			return flowQuit
		}
		return p.runLines(b, i+1, level)
	}
	return flowNext
}

// resumeSteps goes on behind the command at a place in a body.
func (p *Process) resumeSteps(body []step, at pos) flow {
	if last := lastAt(body, at); last >= 0 {
		return p.runSteps(body[last+1:])
	}
	for i := range body {
		for _, in := range governed(body[i].cmd) {
			if !in.holds(at) {
				continue
			}
			if fl := in.resume(p, at); fl != flowNext {
				return fl
			}
			return p.runSteps(body[i+1:])
		}
	}
	return flowNext
}

func (b *body) resume(p *Process, at pos) flow {
	if b.block != nil {
		return p.resumeLines(b.block, 0, at)
	}
	return p.resumeSteps(b.steps, at)
}

func (b *body) holds(at pos) bool {
	if b.block == nil {
		return holds(b.steps, at)
	}
	for i := range b.block.lines {
		if holds(b.block.lines[i].body, at) {
			return true
		}
	}
	return false
}

// holds tells whether the command at a place is one of a body's, or governed by one.
func holds(body []step, at pos) bool {
	if lastAt(body, at) >= 0 {
		return true
	}
	for i := range body {
		for _, in := range governed(body[i].cmd) {
			if in.holds(at) {
				return true
			}
		}
	}
	return false
}

// lastAt is the last step of the command at a place, -1 for none.
func lastAt(body []step, at pos) int {
	for i := len(body) - 1; i >= 0; i-- {
		if body[i].pos == at {
			return i
		}
	}
	return -1
}

// governed are the bodies that a command runs without a guard of its own.
func governed(c command) (out []*body) {
	switch n := c.(type) {
	case *ifCmd:
		for i := range n.arms {
			out = append(out, &n.arms[i].body)
		}
		if n.otherwise != nil {
			out = append(out, n.otherwise)
		}
	case *ifLine:
		return []*body{{steps: n.body}}
	case *elseLine:
		return []*body{{steps: n.body}}
	case *postCmd:
		for _, x := range n.cmds {
			out = append(out, governed(x)...)
		}
	}
	return out
}

// stoppage is what an unwinding to the debug prompt brings to its guard.
type stoppage struct{ err *Error }

// stopsHere tells whether what a guard has caught stops at the debug prompt there.
func (p *Process) stopsHere(caught bool) *stoppage {
	if !caught || p.unwind.why != unwindStop {
		return nil
	}
	return &stoppage{p.unwind.err}
}

// goOn runs the debug prompt below a guard, and then what resume does with the place
// behind which the program goes on.
func (p *Process) goOn(s *stoppage, resume func(pos) flow) flow {
	fl, at := p.stop(s.err)
	if at == 0 {
		return fl
	}
	return resume(at)
}

// standingLoop runs a loop where the program may stop. rounds runs it from the body of
// a round on; next goes on to the next round and tells whether there is one. done says
// that the loop was left before its end.
func (p *Process) standingLoop(kind guardKind, b *body, rounds func() (flow, bool), next func() bool) (fl flow, done bool) {
	routine, begun := p.routine, p.pos
	var s *stoppage
	for {
		caught := p.loopGuard(kind, func() {
			switch {
			case s == nil:
				fl, done = rounds()
			default:
				fl, done = p.resumeLoop(s, b, rounds, next)
			}
		})
		if s = p.stopsHere(caught); s != nil {
			continue
		}
		if caught { // QUIT n leaves the loop
			p.routine, p.pos = routine, begun
			p.unwind = unwinding{to: len(p.guards), why: unwindStop}
			panic(theUnwind)
		}
		return fl, done
	}
}

// resumeLoop finishes the round in which a loop has stopped, and runs the others.
func (p *Process) resumeLoop(s *stoppage, b *body, rounds func() (flow, bool), next func() bool) (fl flow, done bool) {
	fl, at := p.stop(s.err)
	if at == 0 {
		return fl, true
	}
	if b.holds(at) {
		if out, leave := ended(b.resume(p, at)); leave {
			return out, true
		}
	}
	if !next() {
		return flowNext, false
	}
	return rounds()
}

func (p *Process) loopGuard(kind guardKind, run func()) (caught bool) {
	id := p.pushGuard(kind)
	defer func() {
		if p.unwind.to == id {
			recover()
			p.caught(id)
			caught = true
		}
		p.guards = p.guards[:id-1]
	}()
	run()
	return false
}

// typedLine compiles a line of the prompt.
func (p *Process) typedLine(text string, src *lang.Routine) *Routine {
	r := &Routine{labels: labelSet{}, within: p.standing}
	r.Source = strings.Split(text, "\n")
	r.count(nil)
	c := &compiler{sys: p.sys, routine: r, labels: []labelSet{r.labels}, scope: p.typedScope()}
	r.main = c.lines(src.Lines, nil)
	return r
}

// typing tells that what runs is a line typed at the debug prompt.
func (p *Process) typing() bool {
	return p.standing != nil && p.routine != nil && p.routine.within == p.standing
}

// running is the routine that runs; of a line typed at the debug prompt, the one that it
// stands in.
func (p *Process) running() *Routine {
	if r := p.routine; r != nil && r.within != nil {
		return r.within.routine
	}
	return p.routine
}
