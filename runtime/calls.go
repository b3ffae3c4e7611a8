package runtime

// Calls: entryrefs, actual lists, DO, GOTO, extrinsic functions, XECUTE.

import (
	"strconv"
	"strings"
	"sync/atomic"

	"cos/lang"
)

// actual is one actual parameter; all fields nil: omitted.
type actual struct {
	x        expr
	ref      glvn // .x, or the array of x...
	variadic bool
}

// entryNode is a compiled entryref. A label of the same routine is bound directly; one
// of another routine is linked at first use, and again after a reload.
type entryNode struct {
	label, routine       string
	caret                bool
	labelAt, offset      expr
	routineAt, namespace expr
	direct               *entry
	link                 atomic.Pointer[linkedEntry]
}

type linkedEntry struct {
	generation uint64
	entry      *entry
}

// find evaluates the entryref to an entry, or raises <NOROUTINE> or <NOLINE>.
func (n *entryNode) find(p *Process) *entry {
	if n.direct != nil && n.offset == nil {
		return n.direct
	}
	if l := n.link.Load(); l != nil && l.generation == p.sys.generation.Load() {
		return l.entry
	}
	return n.search(p)
}

func (n *entryNode) search(p *Process) *entry {
	generation := p.sys.generation.Load()
	label, caret := n.label, n.caret
	routine := n.routine
	if n.labelAt != nil { // @x may yield a label, or a whole entryref
		text := p.text8(n.labelAt.eval(p))
		if l, r, ok := strings.Cut(text, "^"); ok && !caret {
			label, routine, caret = l, r, true
		} else {
			label = text
		}
		if l, off, ok := strings.Cut(label, "+"); ok && n.offset == nil {
			e := p.findEntry(l, routine, caret)
			return p.offsetEntry(e.routine, l, int(Text(off).int64()))
		}
	}
	if n.routineAt != nil {
		routine = p.text8(n.routineAt.eval(p))
	}
	if n.offset != nil {
		off := int(n.offset.eval(p).int64())
		r := p.routineNamed(routine, caret)
		if n.direct != nil {
			r = n.direct.routine
		}
		return p.offsetEntry(r, label, off)
	}
	e := p.findEntry(label, routine, caret)
	if caret && n.labelAt == nil && n.routineAt == nil && n.namespace == nil {
		n.link.Store(&linkedEntry{generation, e})
	}
	return e
}

// routineNamed returns a routine by name, or the current one.
func (p *Process) routineNamed(name string, caret bool) *Routine {
	if !caret {
		r := p.currentRoutine()
		if r == nil {
			p.raise(errNoLine, "")
		}
		return r
	}
	r, err := p.sys.Routine(name)
	if err != nil {
		p.raise(errNoRoutine, "*"+name)
	}
	return r
}

// findEntry finds label^routine; without a label, the routine's first line.
func (p *Process) findEntry(label, routine string, caret bool) *entry {
	r := p.routineNamed(routine, caret)
	if label == "" {
		return r.first()
	}
	if !caret && len(p.frames) > 0 {
		if proc := p.procedure(); proc != nil {
			if e := proc.labels[label]; e != nil {
				return e
			}
		}
	}
	e := r.labels[label]
	if e == nil {
		p.raise(errNoLine, "")
	}
	if e.private && caret && p.routine != r {
		p.raise(errNoLine, "")
	}
	return e
}

// first is the entry of the first line: what DO ^routine runs.
func (r *Routine) first() *entry {
	if len(r.main.lines) > 0 {
		for _, e := range r.labels {
			if e.block == r.main && e.line == 0 || e.proc != nil && e.number == r.main.lines[0].number {
				return e
			}
		}
	}
	return &entry{routine: r, block: r.main, number: 1}
}

// offsetEntry is label+offset^routine as something to run.
func (p *Process) offsetEntry(r *Routine, label string, offset int) *entry {
	line := r.sourceLine(label, offset)
	j, ok := r.jumpTo(line)
	if !ok {
		p.raise(errNoLine, "")
	}
	return &entry{routine: r, block: j.block, line: j.line, number: line}
}

// labelJump is where $ZTRAP="label^routine" leads.
func (p *Process) labelJump(text string, at *block) jump {
	label, routine, caret := strings.Cut(text, "^")
	if i := strings.IndexByte(label, '+'); i >= 0 {
		e := p.offsetEntry(p.routineNamed(routine, caret), label[:i], int(Text(label[i+1:]).int64()))
		return jump{e.block, e.line}
	}
	if at != nil && at.proc != nil && !caret {
		e := at.proc.labels[label]
		if e == nil { // no label outside of the procedure will do
			p.raise(errNoLine, "")
		}
		return jump{e.block, e.line}
	}
	e := p.findEntry(label, routine, caret)
	return jump{e.block, e.line}
}

// procedure is the procedure whose body the innermost frame runs, nil if none.
func (p *Process) procedure() *procedure {
	for i := len(p.frames) - 1; i >= 0; i-- {
		switch f := &p.frames[i]; f.kind {
		case frameDots:
		default:
			return f.proc
		}
	}
	return nil
}

// evalActuals evaluates an actual list in the caller's scope onto p.stack; what is
// passed by reference goes onto p.refs, with a mark on p.stack.
func (p *Process) evalActuals(args []actual) {
	for i := range args {
		a := &args[i]
		switch {
		case a.variadic:
			p.spread(a)
		case a.x != nil:
			p.stack = append(p.stack, a.x.eval(p))
		case a.ref != nil:
			r := a.ref.resolve(p)
			if r.global != nil || len(r.path) > 0 {
				p.raise(errSyntax, "")
			}
			r.drop(p)
			p.refs = append(p.refs, p.variable(r.slot))
			p.stack = append(p.stack, Value{kind: kindReference, mant: int64(len(p.refs) - 1)})
		default:
			p.stack = append(p.stack, Value{})
		}
	}
}

// spread passes the elements of the array that a "name..." formal received.
func (p *Process) spread(a *actual) {
	r := a.ref.resolve(p)
	v := p.lookup(r.slot)
	r.drop(p)
	if v == nil {
		return
	}
	for i := int64(1); i <= v.Value.int64(); i++ {
		var x Value
		if v.nodes != nil {
			if n := v.nodes.find(Int(i)); n != nil {
				x = n.Value
			}
		}
		p.stack = append(p.stack, x)
	}
}

// bind gives the formals of e their values from p.stack[base:]. The frame has been
// entered: the formals' old values come back when it ends.
func (p *Process) bind(e *entry, base, refs int) {
	if e.proc != nil {
		for _, s := range e.proc.private {
			p.newSlot(s)
		}
	}
	p.reserve(e.block.slots)
	args := p.stack[base:]
	for i := range e.formals {
		f := &e.formals[i]
		if f.slot >= len(p.vars) {
			p.reserve(f.slot + 1)
		}
		if f.variadic {
			p.bindRest(f, args[min(i, len(args)):])
			break
		}
		s := saved{old: p.vars[f.slot], slot: int32(f.slot)}
		var v *Var
		switch {
		case i < len(args) && args[i].kind == kindReference:
			v, s.kind = p.refs[args[i].mant], savedRef
		case i < len(args) && args[i].kind != kindUndefined:
			v = p.newVar()
			v.Value = args[i]
		}
		p.news = append(p.news, s)
		p.vars[f.slot] = v
	}
	if e.defaults {
		p.bindDefaults(e, args)
	}
	for i := base; i < len(p.stack); i++ { // keeps nothing alive
		p.stack[i] = Value{}
	}
	p.stack = p.stack[:base]
	p.refs = p.refs[:refs]
}

// bindDefaults gives omitted formals their defaults, which see the formals before them.
func (p *Process) bindDefaults(e *entry, args []Value) {
	for i := range e.formals {
		f := &e.formals[i]
		if f.fallback != nil && (i >= len(args) || args[i].kind == kindUndefined) {
			v := f.fallback.eval(p)
			p.variable(f.slot).Value = v
		}
	}
}

// bindRest makes name... an array: its value is the number of elements.
func (p *Process) bindRest(f *formal, args []Value) {
	p.newSlot(f.slot)
	v := p.variable(f.slot)
	v.Value = Int(int64(len(args)))
	for i, a := range args {
		if a.kind == kindUndefined {
			continue
		}
		if v.nodes == nil {
			v.nodes = &tree{rich: true}
		}
		n, _ := v.nodes.node(Int(int64(i + 1)))
		if a.kind == kindReference {
			n.Value = p.refs[a.mant].Value
		} else {
			n.Value = a
		}
	}
}

// call runs an entry with the actuals on p.stack[base:] in a new frame.
func (p *Process) call(e *entry, base, refs int, kind frameKind) flow {
	if n := len(p.stack) - base; n > len(e.formals) && !(len(e.formals) > 0 && e.formals[len(e.formals)-1].variadic) {
		p.raise(errParameter, "")
	}
	p.enter(kind, e.block.weight)
	if e.proc != nil {
		p.frame().proc = e.proc
	}
	if len(e.formals) > 0 || e.proc != nil {
		p.bind(e, base, refs)
	} else {
		p.reserve(e.block.slots)
	}
	p.routine = e.routine
	level := 0
	if e.line < len(e.block.lines) {
		level = e.block.lines[e.line].level
	}
	var fl flow
	if e.quiet && p.unguarded() {
		fl = p.runLines(e.block, e.line, level)
	} else {
		fl = p.execute(e.block, e.line, level)
	}
	if kind == frameExtrinsic && p.ret.kind == kindUndefined {
		p.valueless = p.place()
	}
	p.finish()
	return fl
}

// DO entryref(actuals),…
func (c *compiler) do(n *lang.Do) []command {
	if n.Block != nil {
		b := c.body(n.Block)
		if len(n.While) == 0 {
			return []command{&doWhileCmd{body: b}}
		}
		return []command{&doWhileCmd{body: b, cond: c.conditions(n.While)}}
	}
	if len(n.Args) == 0 {
		return []command{&dotsCmd{block: c.block, next: c.index + 1, level: c.level + 1}}
	}
	var out []command
	for _, a := range n.Args {
		x := c.doArgument(a)
		if a.Post != nil {
			x = &postCmd{cond: c.condition(a.Post.X), cmds: []command{x}}
		}
		out = append(out, x)
	}
	return out
}

func (c *compiler) doArgument(a *lang.EntryArg) command {
	if a.Call != nil {
		switch n := a.Call.(type) {
		case *lang.Indirect:
			return c.indirectArgument("DO", n)
		case *lang.Call:
			if n.Name == "CASE" {
				return c.doCase(n)
			}
			return &methodCmd{c.expr(n)} // DO $ZUTIL(…) (rule B12), DO $CLASSMETHOD(…)
		case *lang.Member:
			return &methodCmd{c.member(n)}
		}
		c.fail(a.Call, "this cannot be called")
	}
	return &doCmd{entry: c.entryref(a.Entry), args: c.actuals(a.Actual)}
}

// doCase is DO $CASE(x,v:label,…): a label name, chosen at run time.
func (c *compiler) doCase(n *lang.Call) command {
	c.loud = true
	x := c.caseOf(n, func(n lang.Node) expr { return c.labelName(n) })
	return &doCmd{entry: &entryNode{labelAt: x}}
}

// labelName compiles a label where an expression stands: lab, lab^rtn, ^rtn.
func (c *compiler) labelName(n lang.Node) expr {
	switch n := n.(type) {
	case *lang.Var:
		if len(n.Subs) == 0 {
			return &constant{Text(n.Name)}
		}
	case *lang.Global:
		if len(n.Subs) == 0 {
			return &constant{Text("^" + n.Name)}
		}
	case *lang.EntryNode:
		e := n.Entry
		text := e.Label
		if e.Caret {
			text += "^" + e.Routine
		}
		return &constant{Text(text)}
	}
	return c.expr(n)
}

type doCmd struct {
	entry *entryNode
	args  []actual
}

func (n *doCmd) exec(p *Process) flow {
	base, refs := len(p.stack), len(p.refs)
	e := n.entry.find(p)
	if len(n.args) > 0 {
		p.evalActuals(n.args)
	}
	p.call(e, base, refs, frameDo)
	if p.ret.kind != kindUndefined {
		p.ret = Value{}
	}
	return flowNext
}

// dotsCmd is the argumentless DO.
type dotsCmd struct {
	block *block
	next  int
	level int
}

func (n *dotsCmd) exec(p *Process) flow { return p.doDots(n.block, n.next, n.level) }

// extrinsicExpr is $$label^routine(actuals). $TEST is the caller's again afterwards.
type extrinsicExpr struct {
	entry *entryNode
	args  []actual
}

func (n *extrinsicExpr) eval(p *Process) Value {
	base, refs, test := len(p.stack), len(p.refs), p.test
	e := n.entry.find(p)
	if len(n.args) > 0 {
		p.evalActuals(n.args)
	}
	p.ret = Value{}
	p.call(e, base, refs, frameExtrinsic)
	p.test = test
	v := p.ret
	p.ret = Value{}
	if v.kind == kindUndefined {
		p.raise(errCommand, "*Function must return a value at "+p.valueless)
	}
	return v
}

// GOTO entryref:condition,…
func (c *compiler) goTo(n *lang.Goto) []command {
	if len(n.Args) == 0 {
		return []command{&resumeCmd{}}
	}
	var out []command
	for _, a := range n.Args {
		var x command
		switch {
		case a.Call == nil:
			x = &gotoCmd{entry: c.entryref(a.Entry)}
		default:
			switch call := a.Call.(type) {
			case *lang.Indirect:
				x = c.indirectArgument("GOTO", call)
			case *lang.Call:
				if call.Name != "CASE" {
					c.fail(call, "GOTO takes an entryref")
				}
				x = &gotoCmd{entry: &entryNode{labelAt: c.caseOf(call, func(n lang.Node) expr { return c.labelName(n) })}}
			default:
				c.fail(a.Call, "GOTO takes an entryref")
			}
		}
		if a.Post != nil {
			x = &postCmd{cond: c.condition(a.Post.X), cmds: []command{x}}
		}
		out = append(out, x)
	}
	return out
}

type gotoCmd struct{ entry *entryNode }

func (n *gotoCmd) exec(p *Process) flow {
	e := n.entry.find(p)
	if e.parens {
		p.raise(errNoLine, "")
	}
	if e.line >= len(e.block.lines) {
		return flowReturn
	}
	p.target = jump{e.block, e.line}
	return flowGoto
}

// XECUTE code
type xecuteCmd struct {
	code operand
	site uint32
}

func (n *xecuteCmd) exec(p *Process) flow {
	v := n.code.eval(p)
	last := &p.caches.sites[n.site%uint32(len(p.caches.sites))]
	if v.kind == kindText && last.text == v.text && last.code != nil {
		return p.xecute(last.code)
	}
	b, ok := p.caches.executed.find(v)
	if !ok {
		code := v.utf8()
		if len(code) > 0 && code[0] == '(' {
			return (&xecuteCallCmd{code: &constant{v}}).exec(p)
		}
		b = p.compileCommands(code)
		remember(&p.caches.executed, v, b)
	} else {
		last.text, last.code = p.caches.executed.text(v), b
	}
	return p.xecute(b)
}

// xecute runs compiled command lines in a frame of their own.
func (p *Process) xecute(b *block) flow {
	var fl flow
	if b.plain && p.unguarded() && p.weight+frameWeight+b.weight <= p.maxWeight {
		p.reserve(b.slots)
		p.elided = b
		fl = p.runSteps(b.lines[0].body)
		p.elided = nil
		return fl
	}
	p.enter(frameXecute, b.weight)
	if b.quiet && p.unguarded() {
		p.reserve(b.slots)
		fl = p.runLines(b, 0, 0)
	} else {
		fl = p.execute(b, 0, 0)
	}
	p.finish()
	switch fl {
	case flowGoto, flowReturn:
		return fl
	}
	return flowNext
}

// indirectArgument is @x as a whole argument: the command is compiled with the text.
func (c *compiler) indirectArgument(verb string, n lang.Node) command {
	ind, ok := n.(*lang.Indirect)
	if !ok || len(ind.Subs) > 0 {
		c.fail(n, "%s needs = here", verb)
	}
	c.loud = true
	return &indirectCmd{verb: verb, text: c.expr(ind.Of)}
}

type indirectCmd struct {
	verb string
	text expr
}

func (n *indirectCmd) exec(p *Process) flow {
	return p.executeArgument(n.verb, n.text.eval(p).utf8())
}

// executeArgument executes a command with the arguments that an indirection yields.
func (p *Process) executeArgument(verb, text string) flow {
	p.deeper()
	b := p.compileCommands(verb + " " + text)
	if b.commands != 1 { // the text went beyond the arguments
		p.weight -= indirectWeight
		p.raise(errSyntax, "")
	}
	p.reserve(b.slots)
	fl := flowNext
	if len(b.lines) > 0 {
		fl = p.runSteps(b.lines[0].body)
	}
	p.weight -= indirectWeight
	return fl
}

// indirectWeight is what one level of indirection counts toward the stack.
const indirectWeight = 10

// deeper counts one level of indirection.
func (p *Process) deeper() {
	p.weight += indirectWeight
	if p.weight > p.maxWeight {
		p.weight -= indirectWeight
		p.raise(errFrameStack, "")
	}
}

// caches keep compiled text by process: no lock, and a job that uses none has none.
type caches struct {
	commands map[string]*block
	executed *recent[*block] // what XECUTE ran lately
	sites    [8]struct {     // what a few XECUTEs ran last
		text string
		code *block
	}
	named       *recent[glvn] // what @ led to lately
	names       map[string]glvn
	expressions map[string]expr   // of @x where x is more than a name
	parametered map[string]*entry // code that begins with a formal list
	patterns    map[string]*pattern
}

// maxCached bounds each cache; texts longer than maxCachedText are not kept.
const (
	maxCached     = 1024
	maxCachedText = 1 << 16
)

// compileCommands compiles command lines for XECUTE; a syntax error raises <SYNTAX>.
func (p *Process) compileCommands(text string) *block {
	if b := p.caches.commands[text]; b != nil {
		return b
	}
	b, err := p.sys.compileText(text)
	if err != nil {
		p.raise(errSyntax, "")
	}
	if len(text) <= maxCachedText {
		if p.caches.commands == nil {
			p.caches.commands = map[string]*block{}
		}
		evict(p.caches.commands)
		p.caches.commands[strings.Clone(text)] = b
	}
	return b
}

// recent remembers what a few short texts were compiled to, without hashing them: a text
// has one place. nil remembers nothing.
type recent[T any] [128]struct {
	text string
	code T
}

const maxRecentText = 256

func (r *recent[T]) at(text string) int {
	n := len(text)
	return (n + int(text[n-1]) + 7*int(text[n/2]) + 11*int(text[max(n-2, 0)])) % len(r)
}

// find returns what 8-bit text was compiled to lately.
func (r *recent[T]) find(v Value) (code T, ok bool) {
	if r == nil || v.kind != kindText || len(v.text) == 0 || len(v.text) > maxRecentText {
		return code, false
	}
	if e := &r[r.at(v.text)]; e.text == v.text {
		return e.code, true
	}
	return code, false
}

// text is the text under which find has found v: v's own may be part of a longer one.
func (r *recent[T]) text(v Value) string { return r[r.at(v.text)].text }

// remember keeps what a text was compiled to, making the table with the first.
func remember[T any](r **recent[T], v Value, code T) {
	if v.kind != kindText || len(v.text) == 0 || len(v.text) > maxRecentText {
		return
	}
	if *r == nil {
		*r = new(recent[T])
	}
	e := &(*r)[(*r).at(v.text)]
	e.text, e.code = strings.Clone(v.text), code
}

// evict makes room in a full cache by dropping half of it.
func evict[T any](m map[string]T) {
	if len(m) < maxCached {
		return
	}
	n := 0
	for k := range m {
		delete(m, k)
		if n++; n >= maxCached/2 {
			return
		}
	}
}

// compileText compiles command lines that belong to no routine.
func (s *System) compileText(text string) (*block, error) {
	src, err := lang.ParseXecute(text)
	if err != nil {
		return nil, err
	}
	c := &compiler{sys: s, keepPos: true}
	b := c.lines(src.Lines, nil)
	b.quiet = true
	b.plain = !c.framed && len(b.lines) == 1 && b.lines[0].level == 0
	for i, l := range src.Lines {
		b.commands += len(l.Commands)
		b.quiet = b.quiet && !b.lines[i].loud && len(b.lines[i].calls) == 0
		for _, cmd := range l.Commands {
			_, set := cmd.(*lang.Set)
			b.plain = b.plain && set
		}
	}
	b.plain = b.plain && b.quiet
	return b, nil
}

// indirectExpr is @x, and @x@(subs).
type indirectExpr struct {
	of   expr
	subs []expr
}

// nameOf turns the text of a variable name into a node, from a cache.
func (p *Process) nameOf(v Value) glvn {
	if g, ok := p.caches.named.find(v); ok {
		return g
	}
	text := v.utf8()
	if g := p.caches.names[text]; g != nil {
		remember(&p.caches.named, v, g)
		return g
	}
	node, err := lang.ParseExpr(text)
	if err != nil {
		p.raise(errSyntax, "")
	}
	switch node.(type) {
	case *lang.Var, *lang.Global, *lang.Naked, *lang.Indirect:
	default:
		p.raise(errSyntax, "")
	}
	c := &compiler{sys: p.sys, keepPos: true, block: &block{}}
	var g glvn
	if c.protect(&lang.Head{}, func() { g = c.glvn(node) }) != nil {
		p.raise(errSyntax, "")
	}
	if len(text) <= maxCachedText {
		if p.caches.names == nil {
			p.caches.names = map[string]glvn{}
		}
		evict(p.caches.names)
		p.caches.names[strings.Clone(text)] = g
	}
	return g
}

func (n *indirectExpr) resolve(p *Process) reference { return n.resolveName(p, n.of.eval(p)) }

func (n *indirectExpr) resolveName(p *Process, name Value) reference {
	return n.resolveAt(p, p.nameOf(name))
}

// resolveAt resolves what the name has been compiled to, with the further subscripts.
func (n *indirectExpr) resolveAt(p *Process, g glvn) reference {
	p.deeper()
	r := g.resolve(p)
	p.weight -= indirectWeight
	if len(n.subs) > 0 {
		r.extend(p, n.subs)
	}
	return r
}

// extend adds subscripts to a resolved reference: @x@(subs). Its path is on top of
// p.stack.
func (r *reference) extend(p *Process, subs []expr) {
	n := len(r.path)
	base := len(p.stack) - n
	p.evalLooseSubs(r, subs)
	r.path = p.stack[base:]
}

func (n *indirectExpr) eval(p *Process) Value {
	name := n.of.eval(p)
	if len(n.subs) == 0 {
		if x, ok := p.indirectValue(name); ok {
			return x
		}
	}
	r := n.resolveName(p, name)
	return r.read(p)
}

// indirectValue evaluates @x where x holds more than a name: an expression.
func (p *Process) indirectValue(v Value) (Value, bool) {
	if _, ok := p.caches.named.find(v); ok {
		return Value{}, false
	}
	text := v.utf8()
	if p.caches.names[text] != nil {
		return Value{}, false
	}
	x := p.caches.expressions[text]
	if x == nil {
		if x = p.compileExpression(text); x == nil {
			return Value{}, false
		}
	}
	p.deeper()
	out := x.eval(p)
	p.weight -= indirectWeight
	return out, true
}

// compileExpression compiles the text of an expression and keeps it; nil for a name,
// which has a cache of its own.
func (p *Process) compileExpression(text string) expr {
	node, err := lang.ParseExpr(text)
	if err != nil {
		p.raise(errSyntax, "")
	}
	switch node.(type) {
	case *lang.Var, *lang.Global, *lang.Naked, *lang.Indirect:
		return nil
	}
	c := &compiler{sys: p.sys, keepPos: true, block: &block{}}
	var x expr
	if c.protect(&lang.Head{}, func() { x = c.expr(node) }) != nil {
		p.raise(errSyntax, "")
	}
	if len(text) <= maxCachedText {
		if p.caches.expressions == nil {
			p.caches.expressions = map[string]expr{}
		}
		evict(p.caches.expressions)
		p.caches.expressions[strings.Clone(text)] = x
	}
	return x
}

func (n *indirectExpr) set(p *Process, v Value) {
	r := n.resolve(p)
	r.assign(p, v)
	r.drop(p)
}

// undefinedReference raises <UNDEFINED> for a reference without value, unless the
// process wants "".
func (p *Process) undefinedReference(r *reference) {
	if r.global == nil {
		p.undefinedLocal(r.slot, r.path)
		return
	}
	p.undefinedGlobal(r)
}

// compiledPattern compiles the text of an indirect pattern, from a cache.
func (p *Process) compiledPattern(v Value) *pattern {
	text := v.utf8()
	if pat := p.caches.patterns[text]; pat != nil {
		return pat
	}
	pat, err := compilePattern(text)
	if err != nil {
		p.raise(errSyntax, "")
	}
	if p.caches.patterns == nil {
		p.caches.patterns = map[string]*pattern{}
	}
	evict(p.caches.patterns)
	p.caches.patterns[strings.Clone(text)] = pat
	return pat
}

// THROW [object]
type throwCmd struct{ x expr }

func (n *throwCmd) exec(p *Process) flow {
	if n.x == nil {
		if e := p.errors.last; e != nil {
			again := *e
			again.rethrow = true
			p.throw(&again)
		}
		p.raise(errCommand, "")
	}
	p.throwObject(n.x.eval(p))
	return flowNext
}

// ZTRAP [text]
type ztrapCmd struct{ x expr }

func (n *ztrapCmd) exec(p *Process) flow {
	if n.x == nil {
		p.raise(errZTrap, "")
	}
	text := p.text8(n.x.eval(p))
	if strings.HasPrefix(text, "<") { // ZTRAP $ZERROR: to the next handler up
		if e := p.errors.last; e != nil {
			p.frame().ztrap = nil
			again := *e
			again.rethrow = true
			p.throw(&again)
		}
	}
	if len(text) > 4 {
		text = text[:4]
	}
	p.throw(&Error{Name: "Z" + text, Code: "ZZ" + text})
	return flowNext
}

// BREAK [argument]: 0, 4 and 1, 5 switch Ctrl-C off and on; "S", "L"
// and their kin step; alone it stops at the prompt when there is one.
type breakCmd struct{ x expr }

func (n *breakCmd) exec(p *Process) flow {
	if n.x != nil {
		switch v := n.x.eval(p); v.asText().text {
		case "0", "4", "1", "5":
			return flowNext
		default:
			if p.setStepping(v.asText().text) {
				return flowNext
			}
		}
	}
	if p.settings.noBreak {
		return flowNext
	}
	if p.debugger != nil {
		return p.breakHere()
	}
	p.raise(errBreak, "")
	return flowNext
}

func itoa(n int) string { return strconv.Itoa(n) }
