package runtime

// ZBREAK and stepping: breakpoints, watchpoints, BREAK "S" and its kin.
//
// While any of them is on, sigDebug stays among the signals that every command boundary
// looks at, and nothing else costs anything.

import (
	"sort"
	"strconv"
	"strings"

	"cos/lang"
)

// maxBreaks is how many breakpoints, and how many watchpoints, a process can have.
const maxBreaks = 20

// breaks are the breakpoints of a process, and how it steps.
type breaks struct {
	points []*breakpoint
	step   stepping
	trace  bool // ZBREAK /TRACE:ON
	aside  bool // a condition or code of a breakpoint runs
	last   boundary
	firsts map[*Routine]map[int]pos
}

// breakpoint is what one ZBREAK has set. A watchpoint has a variable instead of a line.
type breakpoint struct {
	place    string // label+offset^routine, or *variable
	routine  string
	line     func(*Routine) int
	variable string
	action   string // letters in upper case
	cond     string
	code     string
	off      bool
	seen     *Var // of a watchpoint: what was there at the last boundary
	value    string
	frames   int
}

// stepping is where BREAK "S", "L" and their kin stop next.
type stepping struct {
	lines  bool // at the first command of a line only
	into   bool // in what is called, too
	frames int  // not above this many frames, 0: not at all
}

// boundary is the command before which the process has looked last.
type boundary struct {
	routine *Routine
	pos     pos
	frames  int
}

// debugging turns the look at every command boundary on and off.
func (p *Process) debugging() *breaks {
	if p.breaks == nil {
		p.breaks = &breaks{firsts: map[*Routine]map[int]pos{}}
	}
	return p.breaks
}

func (p *Process) arm() {
	on := p.breaks.step.frames > 0
	for _, b := range p.breaks.points {
		on = on || !b.off
	}
	if on {
		p.signal.pending.Or(sigDebug)
	} else {
		p.signal.pending.And(^sigDebug)
	}
}

// atBoundary counts the line and looks for what must stop before a command.
func (p *Process) atBoundary(body []step, i int) flow {
	k := p.breaks
	s := &body[i]
	if p.routine == nil || i > 0 && s.pos != 0 && body[i-1].pos == s.pos { // a further argument
		return flowNext
	}
	if c := p.routine.counters; c != nil && s.pos != 0 {
		c.reach(s.pos)
	}
	if k == nil || k.aside || p.routine.Name == "" {
		return flowNext
	}
	first := s.pos != 0 && p.first(p.routine, p.pos.line()) == p.pos
	stop := false
	for _, b := range k.points {
		if b.off || !(b.variable != "" && p.changed(b) || b.variable == "" && first && b.routine == p.routine.Name && b.line(p.routine) == p.pos.line()) {
			continue
		}
		stop = p.hit(b) || stop
	}
	k.last = boundary{p.routine, p.pos, len(p.frames)}
	if st := &k.step; st.frames > 0 && (st.into || len(p.frames) <= st.frames) && (!st.lines || first) {
		stop = true
	}
	if !stop {
		return flowNext
	}
	if k.step.frames > 0 {
		k.step.frames = len(p.frames)
	}
	if p.debugger == nil {
		p.raise(errBreak, "")
	}
	return p.breakHere()
}

// hit does what a breakpoint says and tells whether the program stops.
func (p *Process) hit(b *breakpoint) (stop bool) {
	k := p.breaks
	failed := p.aside(func(run func(text string) Value) {
		if b.cond != "" && !run("RETURN "+b.cond).truth() {
			stop = false
			return
		}
		stop = true
		if b.code != "" {
			run(b.code)
		}
	})
	if failed || !stop {
		return failed
	}
	stop = false
	for i, c := range b.action {
		switch c {
		case 'B':
			stop = true
		case 'L', 'S':
			stop = true
			k.step = stepping{lines: c == 'L', into: strings.HasPrefix(b.action[i+1:], "+"), frames: len(p.frames)}
		case 'T':
			if k.trace {
				p.writeLine("TRACE: ZBREAK " + b.told(p) + p.place())
			}
		}
	}
	return stop
}

// told is the middle of a trace line.
func (b *breakpoint) told(p *Process) string {
	switch {
	case b.variable == "":
		return "at "
	case b.value == "":
		return "KILL " + b.variable + " at "
	}
	first, rest, _ := strings.Cut(b.value, "\n")
	if rest != "" || !strings.HasPrefix(first, b.variable+"=") {
		return "SET " + b.variable + "=Array Val at "
	}
	return "SET " + first + " at "
}

// aside runs the condition and the code of a breakpoint in the frame that stands, where
// nothing stops; $TEST is kept. It tells whether one of them failed.
func (p *Process) aside(f func(run func(string) Value)) (failed bool) {
	k := p.breaks
	routine, at, test := p.routine, p.pos, p.test
	id := p.pushGuard(guardTop)
	debugger := p.debugger
	k.aside, p.debugger = true, nil
	defer func() {
		if p.unwind.to == id {
			recover()
			p.caught(id)
			failed = true
		}
		p.guards = p.guards[:id-1]
		k.aside, p.debugger = false, debugger
		p.routine, p.pos, p.test, p.ret = routine, at, test, Value{}
	}()
	f(func(text string) Value {
		src, err := lang.ParseCommands(text)
		if err != nil {
			p.raise(errSyntax, "")
		}
		c := &compiler{sys: p.sys, keepPos: true, scope: p.scopeHere()}
		b := c.lines(src.Lines, nil)
		p.reserve(b.slots)
		p.ret = Value{}
		p.runLines(b, 0, 0)
		return p.ret
	})
	return false
}

// changed tells whether a watched variable has changed since the last boundary. What
// NEW and a return bring is another variable, not another value.
func (p *Process) changed(b *breakpoint) bool {
	slot := -1
	if sc := p.scopeHere(); sc != nil && !sc.public[b.variable] && b.variable[0] != '%' {
		slot = p.sys.symbols.intern(symbol{name: b.variable, private: true})
	} else {
		slot = p.sys.symbols.slot(b.variable)
	}
	v := p.lookup(slot)
	same := v == b.seen || b.frames == len(p.frames) && (v == nil || b.seen == nil)
	value := ""
	if v.exists() {
		value = p.listed(b.variable, v)
	}
	fires := same && value != b.value
	b.seen, b.value, b.frames = v, value, len(p.frames)
	return fires
}

// listed is a variable with its nodes, a line each.
func (p *Process) listed(name string, v *Var) string {
	var out strings.Builder
	eachNode(name, v, nil, func(line string) { out.WriteString(line + "\n") })
	return strings.TrimSuffix(out.String(), "\n")
}

// first is where the first command of a source line stands, 0 when there is none.
func (p *Process) first(r *Routine, line int) pos {
	known := p.breaks.firsts[r]
	if known == nil {
		known = r.firstCommands()
		p.breaks.firsts[r] = known
	}
	return known[line]
}

func visitBlock(b *block, visit func(step)) {
	for i := range b.lines {
		visitSteps(b.lines[i].body, visit)
	}
}

func visitSteps(body []step, visit func(step)) {
	for _, s := range body {
		visit(s)
		for _, in := range append(governed(s.cmd), looped(s.cmd)...) {
			if in.block != nil {
				visitBlock(in.block, visit)
			}
			visitSteps(in.steps, visit)
		}
	}
}

// looped are the bodies that a command runs with a guard of its own.
func looped(c command) []*body {
	switch n := c.(type) {
	case *forCmd:
		return []*body{&n.body}
	case *foreverCmd:
		return []*body{&n.body}
	case *whileCmd:
		return []*body{&n.body}
	case *doWhileCmd:
		return []*body{&n.body}
	case *tryCmd:
		out := []*body{{block: n.body}}
		if n.catch != nil {
			out = append(out, &body{block: n.catch})
		}
		return out
	}
	return nil
}

// setStepping is BREAK "S", "L", "S+", "L+", "C", "OFF"; false: it is none of them.
func (p *Process) setStepping(arg string) bool {
	k := p.debugging()
	frames := len(p.frames)
	switch arg = strings.ToUpper(arg); arg {
	case "S", "L", "S+", "L+":
		k.step = stepping{lines: arg[0] == 'L', into: len(arg) == 2 || p.standing == nil, frames: frames}
	case "C", "C-", "S-", "L-":
		k.step = stepping{}
	case "OFF":
		*k = breaks{firsts: k.firsts}
	default:
		return false
	}
	p.arm()
	return true
}

// zbreakCmd is one argument of ZBREAK.
type zbreakCmd struct {
	list    bool       // ZBREAK alone
	option  string     // "/CLEAR", "-*", "-", "+"
	value   string     // behind the colon of an option
	sign    string     // "", "-", "+", "--"
	watch   string     // a variable's name
	entry   *entryNode // a line
	details []expr     // action, condition, code; nil where omitted
}

func (c *compiler) zbreak(a *lang.ExprArg) command {
	if a == nil {
		return &zbreakCmd{list: true}
	}
	n := &zbreakCmd{}
	x := a.X.X
	rest := a.More
	if a.Post != nil || len(rest) > 0 {
		rest = append([]*lang.Expr{a.Post}, rest...)
	}
	if s, ok := x.(*lang.Str); ok {
		n.option = strings.ToUpper(s.Value)
		if len(rest) > 0 {
			if e, ok := rest[0].X.(*lang.EntryNode); ok {
				n.value = strings.ToUpper(e.Entry.Label)
			}
			if len(rest) > 1 || n.value == "" {
				c.fail(rest[len(rest)-1].X, "ZBREAK %s takes a word here; other devices are not built", n.option)
			}
		}
		return n
	}
	for {
		u, ok := x.(*lang.Unary)
		if !ok {
			break
		}
		if u.Op == "*" {
			n.watch = u.X.(*lang.EntryNode).Entry.Label
			x = nil
			break
		}
		n.sign, x = n.sign+u.Op, u.X
	}
	if x != nil {
		n.entry = c.lineref(&lang.Expr{X: n.enabled(x)})
	}
	for _, d := range rest {
		if d == nil {
			n.details = append(n.details, nil)
			continue
		}
		n.details = append(n.details, c.expr(detail(d.X)))
	}
	return n
}

// detail is an action or condition as the expression that it is: the parser reads a
// name or number behind a colon as a line, as ZPRINT has it there.
func detail(x lang.Node) lang.Node {
	e, ok := x.(*lang.EntryNode)
	if !ok || e.Entry.Label == "" || e.Entry.Offset != nil || e.Entry.Caret {
		return x
	}
	if c := e.Entry.Label[0]; c >= '0' && c <= '9' {
		return &lang.Num{At: e.At, Text: e.Entry.Label}
	}
	return &lang.Var{At: e.At, Name: e.Entry.Label}
}

// enabled takes the sign off +label+offset^routine, which reads like an offset.
func (n *zbreakCmd) enabled(x lang.Node) lang.Node {
	at, ok := x.(*lang.EntryNode)
	if !ok || at.Entry.Label != "" || at.Entry.LabelAt != nil {
		return x
	}
	e := *at.Entry
	name := e.Offset
	e.Offset = nil
	if sum, ok := name.(*lang.Binary); ok && sum.Op == "+" {
		name, e.Offset = sum.L, sum.R
	}
	v, ok := name.(*lang.Var)
	if !ok {
		return x
	}
	n.sign, e.Label = n.sign+"+", v.Name
	return &lang.EntryNode{At: at.At, Entry: &e}
}

func (n *zbreakCmd) exec(p *Process) flow {
	k := p.debugging()
	switch {
	case n.list:
		p.listBreaks()
		return flowNext
	case n.option != "":
		n.set(p, k)
	default:
		n.point(p, k)
	}
	p.arm()
	return flowNext
}

// set obeys an option.
func (n *zbreakCmd) set(p *Process, k *breaks) {
	switch n.option + n.value {
	case "/CLEAR", "/C", "-*":
		k.points = nil
	case "-", "+":
		for _, b := range k.points {
			b.off = n.option == "-"
		}
	case "/TRACEON", "/TON":
		k.trace = true
	case "/TRACEALL", "/TALL":
		k.trace = true
		k.step = stepping{lines: true, into: true, frames: len(p.frames)}
	case "/TRACEOFF", "/TOFF":
		k.trace = false
	case "/INTERRUPTNORMAL", "/INORMAL", "/ERRORTRAPON", "/EON": // what holds anyway
	default:
		p.raise(errUnimpl, "ZBREAK "+n.option+" is not built")
	}
}

// point sets a breakpoint or a watchpoint, or turns one off and on.
func (n *zbreakCmd) point(p *Process, k *breaks) {
	b := &breakpoint{variable: n.watch, action: "B"}
	if n.watch != "" {
		b.place = "*" + n.watch
	} else {
		label, name, caret, _, offset := n.entry.parts(p)
		r := p.routineNamed(name, caret)
		at := r.sourceLine(label, offset)
		if label == "" && offset == 0 {
			at = r.sourceLine("", 1)
		}
		if at == 0 || p.first(r, at) == 0 {
			p.raise(errNoLine, "")
		}
		b.routine, b.place = r.Name, r.place(at)
		b.line = func(now *Routine) int {
			if now == r {
				return at
			}
			return now.sourceLine(label, max(offset, boolInt(label == "")))
		}
	}
	for i, x := range n.details {
		if x == nil || i > 2 {
			continue
		}
		*[]*string{&b.action, &b.cond, &b.code}[i] = x.eval(p).utf8()
	}
	b.action = strings.ToUpper(b.action)
	if strings.Trim(b.action, "BLSTN+") != "" {
		p.raise(errIllegal, "*"+b.action)
	}
	at := sort.Search(len(k.points), func(i int) bool { return k.points[i].place >= b.place })
	found := at < len(k.points) && k.points[at].place == b.place
	switch {
	case n.sign == "--" && found:
		k.points = append(k.points[:at], k.points[at+1:]...)
	case n.sign != "" && found:
		k.points[at].off = n.sign == "-"
	case n.sign != "":
		p.raise(errCommand, "*there is no breakpoint at "+b.place)
	case found:
		k.points[at] = b
	default:
		same := 0
		for _, o := range k.points {
			same += boolInt((o.variable == "") == (b.variable == ""))
		}
		if same >= maxBreaks {
			p.raise(errCommand, "*there are "+strconv.Itoa(maxBreaks)+" already")
		}
		k.points = append(k.points, nil)
		copy(k.points[at+1:], k.points[at:])
		k.points[at] = b
	}
	if b.variable != "" {
		p.changed(b)
	}
}

// listBreaks is ZBREAK alone.
func (p *Process) listBreaks() {
	none := [...]string{"No breakpoints", "No watchpoints"}
	p.writeLine("BREAK:")
	for i, watch := range []bool{false, true} {
		any := false
		for _, b := range p.breaks.points {
			if (b.variable != "") != watch {
				continue
			}
			any = true
			line := " " + b.place + ":" + quoteText(b.action)
			if b.cond != "" || b.code != "" {
				line += ":" + quoteText(b.cond) + ":" + quoteText(b.code)
			}
			if b.off {
				line += "  disabled"
			}
			p.writeLine(strings.TrimSuffix(line, `:""`))
		}
		if !any {
			p.writeLine(none[i])
		}
	}
}

func quoteText(s string) string { return quoteValue(FromUTF8(s)) }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
