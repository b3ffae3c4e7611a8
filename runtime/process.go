package runtime

// Process is one M process: its variables, its stack of frames, its devices. Exactly
// one goroutine runs it; other goroutines may touch only what signals.go says.

import (
	"math/rand/v2"
	"strings"
	"time"
	"weak"

	"cos/devices"
)

// Process executes M code. Create it with System.NewProcess.
type Process struct {
	sys     *System
	id      int // $JOB
	vars    []*Var
	free    []*Var
	spare   []*tree // emptied, for newTree
	news    []saved
	newAlls []map[int]bool // what the exclusive NEWs among news kept

	frames  []frame
	guards  []guard
	unwind  unwinding
	pos     pos      // of the running command
	routine *Routine // that pos belongs to
	weight  int      // use of Go's stack by all frames

	test      bool // $TEST
	ret       Value
	valueless string  // where the last $$ call ended that gave no value
	target    jump    // where a flowGoto goes
	stack     []Value // arguments on their way into functions, calls and subscripts
	refs      []*Var  // actuals passed by reference, on their way
	buf       []byte  // for formatting

	errors   errorState
	io       deviceTable
	globals  globalState
	caches   caches
	signal   signals
	observer devices.Observer // nil: nobody watches
	debugger Debugger         // nil: errors and BREAK end the program
	standing *standing        // where a program has stopped, nil: none
	breaks   *breaks          // ZBREAK and stepping, nil: never used
	settings settings
	edit     *editBuffer // the current routine, nil before any was loaded

	parent    int    // $ZPARENT
	child     int    // $ZCHILD
	jobbed    bool   // started by JOB
	prompting bool   // between two lines of the prompt
	tcpName   string // the TCP device that JOB handed over, "" otherwise
	cmdline   string // $ZCMDLINE
	oserror   error  // behind the last failed OPEN
	exit      int    // exit code of Terminate
	namespace string
	took      time.Duration // by the last line of the prompt
	monitor   *time.Timer   // D mode: when to look for a disconnect next
	device    Value         // $DEVICE
	search    search        // of $ZSEARCH
	random    *rand.Rand    // of $RANDOM
	piece     pieceCache
	elided    *block // that runs in a frame which is not there (quiet.go)
	appends   appendCache
	sockets   []weak.Pointer[devices.UDP]
	memory    account
	maxWeight int // of weight: what the limit of memory leaves for Go's stack, at most
}

// settings are the per-process switches of %SYSTEM.Process.
type settings struct {
	undefined     int  // 0: <UNDEFINED>; 1: "" for subscripted; 2: "" always
	setZEOF       bool // SetZEOF
	ownIPv6, ipv6 bool // EnableIPV6 and DisableIPV6 of this process
	disconnectErr bool // DisconnectErr
	nullSubs      bool // NullSubscripts
	noBreak       bool // BreakMode(0)
	openMode      bool // OpenMode
	fileMode      bool // FileMode
	cursorXY      bool // $ZUTIL(68,55,0)

	prompt string // TerminalPrompt, "" for the usual one
}

// flow says how a command ended. QUIT and GOTO travel as flow, errors and HALT by
// unwinding (errors.go).
type flow uint8

const (
	flowNext     flow = iota
	flowQuit          // QUIT: ends the innermost FOR, WHILE, TRY, CATCH, dotted block or frame
	flowReturn        // RETURN: ends the routine's frame
	flowContinue      // CONTINUE
	flowGoto          // GOTO: p.target
)

// pos is a place in a routine: source line (from 1) and column (from 1). 0 is none.
type pos uint32

// colBits are a position's bits for the column; what lies beyond counts as the last one.
const colBits = 13

func makePos(line, col int) pos { return pos(line<<colBits | min(col, 1<<colBits-1)) }

func (p pos) line() int { return int(p >> colBits) }
func (p pos) col() int  { return int(p & (1<<colBits - 1)) }

// jump is the target of a GOTO.
type jump struct {
	block *block
	line  int
}

// step is one command with the place where it stands; pos 0 keeps the place of the
// caller (XECUTE).
type step struct {
	cmd command
	pos pos
}

// command is an executable command; expr an executable expression.
type command interface{ exec(*Process) flow }
type expr interface{ eval(*Process) Value }

// block is a sequence of lines: a routine's lines, a procedure's body, an XECUTE
// string.
type block struct {
	routine *Routine
	lines   []line
	proc    *procedure // non-nil: the body of a procedure
	weight  int        // deepest nesting of nodes: what one activation may need of Go's stack
	slots   int        // number of slots that the code names

	quiet    bool // of a text that belongs to no routine: it sets no trap and calls nothing
	plain    bool // it is one line of SETs besides, which do not ask for their frame
	commands int  // of a text that belongs to no routine: how many commands it has
}

// line is one executable line.
type line struct {
	body   []step
	number int  // source line
	level  int  // dots
	fence  bool // a label with a formal list stands here: falling into it is a QUIT

	loud  bool     // some command may set an error trap (quiet.go)
	calls []*entry // of the same routine, that it calls
}

type frameKind uint8

const (
	frameTop frameKind = iota
	frameDo
	frameExtrinsic
	frameDots // argumentless DO
	frameXecute
)

// frame is one level of the M stack ($STACK).
type frame struct {
	kind    frameKind
	edits   bool  // editing began in it (editor.go)
	inEtrap int32 // its $ETRAP took the error of this number (errorState.number), 0: none
	callPos pos   // the caller's place
	callRtn *Routine
	proc    *procedure // the procedure it runs, nil: none
	ztrap   *ztrap     // $ZTRAP of this level, nil: not set
	mark    int32      // of news
	weight  int32
	estack  int32 // $ESTACK counts from here
}

// ztrap is a $ZTRAP that is set.
type ztrap struct {
	label string // as it was set, with its *
	at    *block // where the label lives; nil: at the prompt
}

// A frame weighs frameWeight plus the deepest nesting of its code, each unit standing
// for about 100 bytes of Go's stack. maxWeight bounds one process's use of it far
// below Go's own limit, which cannot be recovered from; half of a process's memory is
// the most that its stack may take.
const (
	frameWeight = 14
	maxWeight   = 3_000_000
	maxFrames   = 100_000
)

// runSteps executes commands in order.
func (p *Process) runSteps(body []step) flow {
	for i := range body {
		s := &body[i]
		if s.pos != 0 {
			p.pos = s.pos
		}
		if p.signal.pending.Load() != 0 {
			p.poll()
			if fl := p.atBoundary(body, i); fl != flowNext {
				return fl
			}
		}
		if fl := s.cmd.exec(p); fl != flowNext {
			return fl
		}
	}
	return flowNext
}

// runLines executes the lines of a block from one line on, at one level of dots. It
// ends with flowNext at the end of the level, flowGoto when the target lies elsewhere.
func (p *Process) runLines(b *block, i, level int) flow {
	start := i
	for i < len(b.lines) {
		ln := &b.lines[i]
		if ln.level != level {
			if ln.level < level {
				return flowNext
			}
			i++
			continue
		}
		if ln.fence && i != start {
			return flowQuit
		}
		if len(ln.body) == 0 {
			i++
			continue
		}
		switch fl := p.runSteps(ln.body); fl {
		case flowNext:
			i++
		case flowGoto:
			if p.target.block != b || b.lines[p.target.line].level != level {
				return flowGoto
			}
			i = p.target.line
			start = i
		default:
			return fl
		}
	}
	return flowNext
}

// enter pushes a frame.
func (p *Process) enter(kind frameKind, weight int) {
	p.weight += frameWeight + weight
	if p.weight > p.maxWeight || len(p.frames) >= maxFrames {
		p.weight -= frameWeight + weight
		p.raise(errFrameStack, "")
	}
	n := len(p.frames)
	if n == cap(p.frames) {
		p.frames = append(p.frames, frame{})
	}
	p.frames = p.frames[:n+1]
	f := &p.frames[n] // as leave has left it: only what it has not cleared is set
	f.kind, f.weight = kind, int32(frameWeight+weight)
	f.callPos, f.callRtn = p.pos, p.routine
	f.mark = int32(len(p.news))
	f.estack = 0
	if n > 0 {
		f.estack = p.frames[n-1].estack
	}
}

// leave pops the innermost frame and brings back what it hid.
func (p *Process) leave() {
	f := &p.frames[len(p.frames)-1]
	if len(p.news) > int(f.mark) {
		p.restore(int(f.mark))
	}
	p.weight -= int(f.weight)
	p.pos, p.routine = f.callPos, f.callRtn
	if f.proc != nil || f.ztrap != nil {
		f.proc, f.ztrap = nil, nil
	}
	f.inEtrap, f.edits = 0, false
	p.frames = p.frames[:len(p.frames)-1]
}

func (p *Process) frame() *frame { return &p.frames[len(p.frames)-1] }

// execute runs a block in the innermost frame until it quits, with error traps. GOTO
// to another block of the same frame goes on there.
func (p *Process) execute(b *block, i, level int) flow {
	p.reserve(b.slots)
	var stopped *stoppage
	for {
		fl, trapped := p.guarded(b, i, level, stopped)
		if !trapped && fl != flowGoto {
			return fl
		}
		if stopped = p.stopsHere(trapped); stopped != nil {
			continue
		}
		if trapped {
			var ok bool
			b, i, level, ok = p.trap()
			if !ok {
				return flowQuit
			}
			p.reserve(b.slots)
			continue
		}
		t := p.target
		if t.block == nil || (p.frame().kind == frameDots && (t.block != b || t.block.lines[t.line].level < level)) {
			return flowGoto
		}
		b, i = t.block, t.line
		if p.frame().kind != frameDots {
			level = t.block.lines[t.line].level
		}
		p.routine = b.routine
		p.reserve(b.slots)
	}
}

// guarded runs lines where an unwinding error may stop; s is what has stopped them before.
func (p *Process) guarded(b *block, i, level int, s *stoppage) (fl flow, trapped bool) {
	id := p.pushGuard(guardFrame)
	defer func() {
		if p.unwind.to == id {
			recover()
			p.caught(id)
			trapped = true
		}
		p.guards = p.guards[:id-1]
	}()
	if s != nil {
		return p.goOn(s, func(at pos) flow { return p.resumeLines(b, level, at) }), false
	}
	return p.runLines(b, i, level), false
}

// doDots runs the dotted lines below an argumentless DO.
func (p *Process) doDots(b *block, i, level int) flow {
	test := p.test
	p.enter(frameDots, b.weight)
	fl := p.execute(b, i, level)
	p.finish()
	p.test = test
	if fl == flowQuit {
		return flowNext
	}
	return fl
}

// finish pops a frame after its code has ended; an error that its $ETRAP left active
// goes on to the caller (spec §4.3).
func (p *Process) finish() {
	if p.handling(p.frame()) && p.errors.ecode != "" {
		p.leave()
		p.rethrow()
	}
	p.leave()
}

// place describes a position as $ZERROR does: label+offset^routine, "" at the prompt.
func (p *Process) place() string {
	if p.routine == nil {
		return ""
	}
	return p.routine.place(p.pos.line())
}

// now is the clock, in local time.
func (p *Process) now() time.Time { return p.sys.cfg.Now() }

// text8 is the 8-bit text of v, or an error when it holds a wide character.
func (p *Process) text8(v Value) string {
	v = v.asText()
	if v.kind == kindWide {
		p.raise(errWideChar, "")
	}
	return v.text
}

// ID is $JOB.
func (p *Process) ID() int { return p.id }

func upper(s string) string { return strings.ToUpper(s) }

var _ devices.Host = (*Process)(nil)
