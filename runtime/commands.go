package runtime

// Command nodes: SET KILL NEW MERGE IF ELSE FOR WHILE DO GOTO QUIT RETURN XECUTE HANG
// HALT and the rest that does no I/O, and how commands are compiled.

import (
	"time"

	"cos/devices"
	"cos/lang"
)

// body is what a command governs: the rest of its line, or a brace block.
type body struct {
	steps []step
	block *block
}

func (b *body) run(p *Process) flow {
	if b.block != nil {
		return p.runLines(b.block, 0, 0)
	}
	return p.runSteps(b.steps)
}

// command compiles one command into the nodes that do its work.
func (c *compiler) command(cmd lang.Command) []command {
	one := func(x command) []command { return []command{x} }
	switch n := cmd.(type) {
	case *lang.Set:
		var out []command
		for _, a := range n.Args {
			out = append(out, c.set(a))
		}
		return out
	case *lang.Merge:
		var out []command
		for _, a := range n.Args {
			if a.Source == nil {
				out = append(out, c.indirectArgument("MERGE", a.Target.X))
				continue
			}
			out = append(out, &mergeCmd{to: c.glvn(a.Target.X), from: c.glvn(a.Source.X)})
		}
		return out
	case *lang.Write:
		return c.write(n)
	case *lang.Read:
		return c.read(n)
	case *lang.If:
		return one(c.ifBlock(n))
	case *lang.For:
		return one(c.forLoop(n, func() body { return c.body(n.Block) }))
	case *lang.While:
		return one(&whileCmd{cond: c.conditions(n.Conds), body: c.body(n.Block)})
	case *lang.Do:
		return c.do(n)
	case *lang.Goto:
		return c.goTo(n)
	case *lang.Job:
		return c.job(n)
	case *lang.Device:
		return c.device(n)
	case *lang.Vars:
		return c.vars(n)
	case *lang.Lock:
		return c.lock(n)
	case *lang.Try:
		x := &tryCmd{body: c.lines(n.Block.Lines, nil)}
		if n.Catch != nil {
			x.catch = c.lines(n.Catch.Lines, nil)
		}
		if n.CatchVar != nil {
			x.to = c.target(n.CatchVar.X)
		}
		return one(x)
	case *lang.Bad:
		if n.Foreign {
			return one(&foreignCmd{n.Err.Msg})
		}
		return one(&badCmd{msg: n.Err.Msg})
	case *lang.Exprs:
		return c.simple(n)
	case *lang.Else:
		c.fail(nil, "ELSE without an IF")
	}
	c.fail(nil, "%s cannot be executed", cmd.Start().Verb)
	return nil
}

// simple compiles the commands whose arguments are plain expressions, by their row.
func (c *compiler) simple(n *lang.Exprs) []command {
	if editors[n.Verb] != nil || n.Verb == "PRINT" {
		return c.editor(n)
	}
	row := simpleCommands[n.Verb]
	if row == nil {
		return []command{&unbuiltCmd{verb: n.Verb}}
	}
	if len(n.Args) == 0 {
		return []command{row(c, nil)}
	}
	var out []command
	for _, a := range n.Args {
		x := c.simpleArgument(row, n.Verb, a)
		if a.Post != nil && n.Verb != "ZBREAK" {
			x = &postCmd{cond: c.condition(a.Post.X), cmds: []command{x}}
		}
		out = append(out, x)
	}
	return out
}

// simpleCommands: one row a command; arg is nil when it stands without arguments.
var simpleCommands map[string]func(c *compiler, arg *lang.ExprArg) command

func init() { // a cycle through compiler otherwise
	simpleCommands = map[string]func(c *compiler, arg *lang.ExprArg) command{
		"QUIT": func(c *compiler, a *lang.ExprArg) command { return c.quit(a, flowQuit) },
		"RETURN": func(c *compiler, a *lang.ExprArg) command {
			return c.quit(a, flowReturn)
		},
		"CONTINUE": func(*compiler, *lang.ExprArg) command { return &flowCmd{flowContinue} },
		"HALT":     func(*compiler, *lang.ExprArg) command { return &haltCmd{} },
		"HANG": func(c *compiler, a *lang.ExprArg) command {
			return &hangCmd{c.required("HANG", a)}
		},
		"XECUTE": func(c *compiler, a *lang.ExprArg) command {
			if a != nil && a.Parens {
				return &xecuteCallCmd{c.expr(a.X.X), c.actuals(a.Actual)}
			}
			return &xecuteCmd{c.required("XECUTE", a)}
		},
		"THROW": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &throwCmd{}
			}
			return &throwCmd{c.expr(a.X.X)}
		},
		"ZTRAP": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &ztrapCmd{}
			}
			return &ztrapCmd{c.expr(a.X.X)}
		},
		"BREAK": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &breakCmd{}
			}
			return &breakCmd{c.expr(a.X.X)}
		},
		"ZBREAK": func(c *compiler, a *lang.ExprArg) command { return c.zbreak(a) },
		"ZNSPACE": func(c *compiler, a *lang.ExprArg) command {
			return &znspaceCmd{c.required("ZNSPACE", a)}
		},
		"ZWRITE": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &zwriteCmd{}
			}
			return c.zwrite(a.X.X)
		},
		"ZZDUMP":    func(c *compiler, a *lang.ExprArg) command { return &zzdumpCmd{c.required("ZZDUMP", a)} },
		"ZZWRITE":   func(c *compiler, a *lang.ExprArg) command { return c.zzwrite(a) },
		"TSTART":    func(*compiler, *lang.ExprArg) command { return &tstartCmd{} },
		"TCOMMIT":   func(*compiler, *lang.ExprArg) command { return &tcommitCmd{} },
		"TROLLBACK": func(c *compiler, a *lang.ExprArg) command { return c.trollback(a) },
	}
}

// simpleArgument compiles one argument; for HANG and XECUTE, @x may yield a list of them.
func (c *compiler) simpleArgument(row func(*compiler, *lang.ExprArg) command, verb string, a *lang.ExprArg) command {
	if a.X != nil && (verb == "HANG" || verb == "XECUTE") {
		if ind, ok := a.X.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
			return c.indirectArgument(verb, ind)
		}
	}
	return row(c, a)
}

func (c *compiler) required(verb string, a *lang.ExprArg) expr {
	if a == nil {
		c.fail(nil, "%s needs an argument", verb)
	}
	return c.expr(a.X.X)
}

// postCmd is a command with a postconditional.
type postCmd struct {
	cond condition
	cmds []command
}

func (n *postCmd) exec(p *Process) flow {
	if !n.cond.truth(p) {
		return flowNext
	}
	for _, x := range n.cmds {
		if fl := x.exec(p); fl != flowNext {
			return fl
		}
	}
	return flowNext
}

// badCmd is a command that did not parse, or could not be compiled.
type badCmd struct{ msg string }

func (n *badCmd) exec(p *Process) flow {
	p.raise(errSyntax, "")
	return flowNext
}

// unbuiltCmd is a command of Caché that this version does not execute.
type unbuiltCmd struct{ verb string }

func (n *unbuiltCmd) exec(p *Process) flow {
	p.raise(errUnimpl, n.verb+" is not built")
	return flowNext
}

// foreignCmd is a command of another M engine: it parses, so that a routine that
// guards it loads, and raises when it is reached.
type foreignCmd struct{ msg string }

func (n *foreignCmd) exec(p *Process) flow {
	p.raise(errCommand, "*"+n.msg)
	return flowNext
}

// SET target=value
func (c *compiler) set(a *lang.SetArg) command {
	if a.Value == nil {
		return c.indirectArgument("SET", a.Targets[0].X)
	}
	value := c.expr(a.Value.X)
	if len(a.Targets) == 1 {
		return c.assign(c.target(a.Targets[0].X), value)
	}
	n := &setManyCmd{value: value}
	for _, t := range a.Targets {
		n.targets = append(n.targets, c.target(t.X))
	}
	return n
}

func (c *compiler) assign(t target, value expr) command {
	switch t := t.(type) {
	case *localExpr:
		return shortcutSet(t, value)
	case *nodeExpr:
		if len(t.subs) == 1 {
			return &setNode1Cmd{slot: t.slot, sub: t.subs[0], value: value}
		}
		return &setNodeCmd{node: t, value: value}
	case *globalExpr:
		return &setGlobalCmd{node: t, value: value}
	case *privateExpr:
		return &setPrivateCmd{node: t, value: value}
	}
	switch t := t.(type) {
	case *pieceTarget:
		return &setPieceCmd{t, value}
	case glvn:
		return &setManyCmd{targets: []target{t}, value: value}
	}
	return &setCmd{target: t, value: value}
}

type (
	setCmd struct { // of a special variable, a property
		target target
		value  expr
	}
	setPieceCmd struct {
		target *pieceTarget
		value  expr
	}
	setManyCmd struct {
		targets []target
		value   expr
	}
	setLocalCmd struct {
		slot  int
		value expr
	}
	setNode1Cmd struct {
		slot       int
		sub, value expr
	}
	setNodeCmd struct {
		node  *nodeExpr
		value expr
	}
)

func (n *setCmd) exec(p *Process) flow {
	n.target.set(p, n.value.eval(p))
	return flowNext
}

func (n *setPieceCmd) exec(p *Process) flow {
	r := n.target.open(p)
	n.target.store(p, &r, n.value.eval(p))
	r.drop(p)
	return flowNext
}

// The subscripts of all targets are evaluated before the value (ISO 8.2.18); what a
// naked reference stands for is found out after it.
func (n *setManyCmd) exec(p *Process) flow {
	base := len(p.stack)
	var few [8]reference
	refs := few[:0]
	for _, t := range n.targets {
		var r reference
		switch t := t.(type) {
		case *localExpr, *structuredExpr:
		case *nakedExpr:
			r = t.open(p)
		case *pieceTarget:
			r = t.open(p)
		case glvn:
			r = t.resolve(p)
		}
		refs = append(refs, r)
	}
	v := n.value.eval(p)
	for i, t := range n.targets {
		r := &refs[i]
		r.path = p.stack[r.base : r.base+len(r.path)] // the stack may have moved
		switch t := t.(type) {
		case *localExpr, *structuredExpr:
			t.set(p, v)
		case *nakedExpr:
			full := t.complete(p, r.path)
			full.assign(p, v)
			full.drop(p)
		case *pieceTarget:
			t.store(p, r, v)
		case glvn:
			r.assign(p, v)
		default:
			t.set(p, v)
		}
	}
	p.stack = p.stack[:base]
	return flowNext
}

func (n *setLocalCmd) exec(p *Process) flow {
	p.setLocal(n.slot, n.value.eval(p))
	return flowNext
}

// setLocal assigns an unsubscripted local. A number over a number spares the write
// barrier.
func (p *Process) setLocal(slot int, v Value) {
	x := p.vars[slot]
	if x == nil {
		x = p.variable(slot)
	}
	if v.kind == kindNumber && x.text == "" {
		x.mant, x.exp, x.kind = v.mant, v.exp, kindNumber
		return
	}
	if len(v.text) >= largeText {
		p.claim(len(v.text))
	}
	x.Value = v
}

// The subscripts of the target are evaluated before the value (ISO 8.2.18).
func (n *setNode1Cmd) exec(p *Process) flow {
	k := p.subscript(n.slot, n.sub.eval(p))
	p.setNode1(n.slot, k, n.value.eval(p))
	return flowNext
}

func (n *setNodeCmd) exec(p *Process) flow {
	base := len(p.stack)
	p.evalSubs(n.node.slot, n.node.subs)
	v := n.value.eval(p)
	p.store(n.node.slot, p.stack[base:base+len(n.node.subs)], v)
	p.stack = p.stack[:base]
	return flowNext
}

// MERGE to=from
type mergeCmd struct{ to, from glvn }

func (n *mergeCmd) exec(p *Process) flow {
	p.changeable(n.to)
	if to, ok := n.to.(*nakedExpr); ok { // what it stands for is found out after the source
		subs := to.open(p)
		src := n.from.resolve(p)
		if src.global != nil {
			p.refer(&src)
		}
		dst := to.complete(p, subs.path)
		p.mergeInto(&dst, &src)
		subs.drop(p)
		return flowNext
	}
	dst := n.to.resolve(p)
	src := n.from.resolve(p)
	p.mergeInto(&dst, &src)
	dst.drop(p)
	return flowNext
}

// NEW, KILL, ZKILL
func (c *compiler) vars(n *lang.Vars) []command {
	if len(n.Args) == 0 {
		if n.Verb == "NEW" {
			return []command{&newAllCmd{}}
		}
		return []command{&killAllCmd{}}
	}
	var out []command
	for _, a := range n.Args {
		if a.Var == nil {
			if n.Verb == "NEW" {
				out = append(out, &newAllCmd{keep: c.except(a.Except)})
			} else {
				out = append(out, &killAllCmd{keep: c.except(a.Except)})
			}
			continue
		}
		if ind, ok := a.Var.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
			out = append(out, c.indirectArgument(n.Verb, ind))
			continue
		}
		if n.Verb == "NEW" {
			out = append(out, c.newVar(a.Var.X))
			continue
		}
		out = append(out, &killCmd{v: c.glvn(a.Var.X), keep: n.Verb == "ZKILL"})
	}
	return out
}

// kept are the variables that an exclusive NEW or KILL leaves alone: by name, and by the
// names that indirections yield.
type kept struct {
	slots []int
	at    []expr
}

func (c *compiler) except(list []*lang.Expr) kept {
	var k kept
	for _, e := range list {
		switch v := e.X.(type) {
		case *lang.Var:
			if len(v.Subs) == 0 {
				k.slots = append(k.slots, c.slot(v.Name))
				continue
			}
		case *lang.Indirect:
			if len(v.Subs) == 0 {
				k.at = append(k.at, c.expr(v.Of))
				continue
			}
		}
		c.fail(e.X, "only unsubscripted local variables can be excepted")
	}
	return k
}

// set gives the slots of all of them.
func (k *kept) set(p *Process) map[int]bool {
	set := map[int]bool{}
	for _, s := range k.slots {
		set[s] = true
	}
	for _, x := range k.at {
		r := p.nameOf(x.eval(p)).resolve(p)
		if r.global != nil || len(r.path) > 0 {
			p.raise(errSyntax, "")
		}
		set[r.slot] = true
	}
	return set
}

func (c *compiler) newVar(n lang.Node) command {
	switch v := n.(type) {
	case *lang.Var:
		if len(v.Subs) == 0 {
			return &newCmd{c.slot(v.Name)}
		}
	case *lang.Special:
		row := lookupSpecial(v.Name)
		if row != nil && row.fresh != nil {
			return &newSpecialCmd{row.fresh}
		}
	}
	c.fail(n, "NEW takes unsubscripted local variables and $ETRAP, $ESTACK, $TEST, $NAMESPACE, $ZTRAP")
	return nil
}

type (
	newCmd        struct{ slot int }
	newAllCmd     struct{ keep kept }
	newSpecialCmd struct{ fresh func(*Process) }
	killCmd       struct {
		v    glvn
		keep bool
	}
	killAllCmd struct{ keep kept }
)

func (n *newCmd) exec(p *Process) flow {
	p.newSlot(n.slot)
	return flowNext
}

func (n *newAllCmd) exec(p *Process) flow {
	p.newAll(n.keep.set(p))
	return flowNext
}

func (n *newSpecialCmd) exec(p *Process) flow {
	n.fresh(p)
	return flowNext
}

func (n *killCmd) exec(p *Process) flow {
	if l, ok := n.v.(*localExpr); ok {
		if l.slot < len(p.vars) {
			if v := p.vars[l.slot]; v != nil {
				if n.keep {
					v.Value = Value{}
				} else {
					p.empty(v)
				}
			}
		}
		return flowNext
	}
	p.changeable(n.v)
	r := n.v.resolve(p)
	r.kill(p, n.keep)
	r.drop(p)
	return flowNext
}

func (n *killAllCmd) exec(p *Process) flow {
	kept := n.keep.set(p)
	for slot, v := range p.vars {
		if v != nil && !kept[slot] && p.sys.symbols.symbol(slot).name[0] != '^' {
			v.clear()
		}
	}
	return flowNext
}

// IF in block form neither reads nor sets $TEST.
func (c *compiler) ifBlock(n *lang.If) command {
	x := &ifCmd{}
	x.arms = append(x.arms, ifArm{c.conditions(n.Conds), c.body(n.Block)})
	for _, e := range n.ElseIfs {
		x.arms = append(x.arms, ifArm{c.conditions(e.Conds), c.body(e.Block)})
	}
	if n.Else != nil {
		b := c.body(n.Else)
		x.otherwise = &b
	}
	if x.arms[0].cond == nil {
		c.fail(nil, "a block IF needs a condition")
	}
	return x
}

type ifArm struct {
	cond condition
	body body
}

type ifCmd struct {
	arms      []ifArm
	otherwise *body
}

func (n *ifCmd) exec(p *Process) flow {
	for i := range n.arms {
		if n.arms[i].cond.truth(p) {
			return n.arms[i].body.run(p)
		}
	}
	if n.otherwise != nil {
		return n.otherwise.run(p)
	}
	return flowNext
}

// ifLine is the legacy IF: it sets $TEST and governs the rest of its line.
type ifLine struct {
	cond condition // with text, nil when argumentless: tests $TEST
	text command   // IF @x: executes the arguments, which set $TEST
	body []step
}

func (n *ifLine) exec(p *Process) flow {
	switch {
	case n.text != nil:
		if fl := n.text.exec(p); fl != flowNext {
			return fl
		}
	case n.cond != nil:
		p.test = n.cond.truth(p)
	}
	if !p.test {
		return flowNext
	}
	return p.runSteps(n.body)
}

// legacyIf compiles IF a,b as IF a IF b, since each argument sets $TEST; the text of
// IF @x is arguments of its own.
func (c *compiler) legacyIf(n *lang.If, at pos, rest func() []step) *ifLine {
	first := &ifLine{}
	last := first
	for i, e := range n.Conds {
		if i > 0 {
			next := &ifLine{}
			last.body, last = []step{{next, at}}, next
		}
		if ind, ok := e.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
			last.text = c.indirectArgument("IF", ind)
		} else {
			last.cond = c.condition(e.X)
		}
	}
	last.body = rest()
	return first
}

// elseLine is the legacy ELSE.
type elseLine struct{ body []step }

func (n *elseLine) exec(p *Process) flow {
	if p.test {
		return flowNext
	}
	return p.runSteps(n.body)
}

// FOR var=from:step:to,… body
func (c *compiler) forLoop(n *lang.For, compileBody func() body) command {
	x := &forCmd{}
	if n.Var == nil {
		x.body = compileBody()
		return &foreverCmd{x.body}
	}
	x.v = c.target(n.Var.X)
	if l, ok := x.v.(*localExpr); ok {
		x.local = l
	}
	for _, r := range n.Ranges {
		x.ranges = append(x.ranges, forRange{c.exprOf(r.From), c.exprOf(r.Step), c.exprOf(r.To)})
	}
	x.body = compileBody()
	return x
}

type forRange struct{ from, step, to expr }

type forCmd struct {
	v      target
	local  *localExpr // v when it is an unsubscripted local
	ranges []forRange
	body   body
}

// ended says what the end of a loop's body means for the loop: go on, or leave it with
// out.
func ended(fl flow) (out flow, leave bool) {
	switch fl {
	case flowNext, flowContinue:
		return flowNext, false
	case flowQuit:
		return flowNext, true
	}
	return fl, true
}

// foreverCmd is the argumentless FOR.
type foreverCmd struct{ body body }

func (n *foreverCmd) exec(p *Process) flow {
	if p.debugger == nil {
		return n.rounds(p)
	}
	fl, _ := p.standingLoop(guardFor, &n.body, func() (flow, bool) { return n.rounds(p), true }, func() bool { return true })
	return fl
}

func (n *foreverCmd) rounds(p *Process) flow {
	for {
		if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if out, leave := ended(n.body.run(p)); leave {
			return out
		}
	}
}

// fixedNode is the control variable of a loop: its subscripts are evaluated once, when
// the loop begins.
type fixedNode struct{ reference }

func (n *fixedNode) set(p *Process, v Value) { n.assign(p, v) }

func (n *fixedNode) eval(p *Process) Value {
	v := n.value(p)
	if v.kind == kindUndefined {
		p.undefinedReference(&n.reference)
		return Empty
	}
	return v
}

// fixed gives the loop's variable with its subscripts evaluated.
func (n *forCmd) fixed(p *Process) target {
	g, ok := n.v.(glvn)
	if n.local != nil || !ok {
		return n.v
	}
	r := g.resolve(p)
	r.path = cloneValues(r.path)
	r.drop(p)
	return &fixedNode{r}
}

func (n *forCmd) exec(p *Process) flow {
	v := n.fixed(p)
	for i := range n.ranges {
		r := &n.ranges[i]
		from := r.from.eval(p)
		if r.step == nil {
			v.set(p, from)
			if out, leave := n.once(p); leave {
				return out
			}
			continue
		}
		if fl, done := n.loop(p, v, r, from.number()); done {
			return fl
		}
	}
	return flowNext
}

// once runs the body for a single value.
func (n *forCmd) once(p *Process) (out flow, leave bool) {
	if p.debugger == nil {
		return ended(n.body.run(p))
	}
	return p.standingLoop(guardFor, &n.body, func() (flow, bool) { return ended(n.body.run(p)) }, func() bool { return false })
}

// loop runs one from:step:to range. The variable may change under it: the next value
// is the current one plus the step.
func (n *forCmd) loop(p *Process, v target, r *forRange, from Value) (fl flow, done bool) {
	step := r.step.eval(p).number()
	var to Value
	endless := r.to == nil
	if !endless {
		to = r.to.eval(p).number()
	}
	down := less(step, Int(0))
	v.set(p, from)
	if !endless && beyond(from, to, down) {
		return flowNext, false
	}
	run := forRun{n, v, step, to, endless, down}
	counts := n.local != nil && !endless && from.isInteger() && step.isInteger() && to.isInteger()
	switch {
	case p.debugger != nil:
		return run.standing(p, counts)
	case counts:
		return n.count(p, step.mant, to.mant)
	}
	return run.rounds(p)
}

// forRun is one from:step:to range that runs.
type forRun struct {
	loop          *forCmd
	v             target
	step, to      Value
	endless, down bool
}

// rounds runs the body once, and again as long as there is a next round.
func (r *forRun) rounds(p *Process) (fl flow, done bool) {
	for {
		if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if out, leave := ended(r.loop.body.run(p)); leave {
			return out, true
		}
		if !r.next(p) {
			return flowNext, false
		}
	}
}

// next sets the variable for the next round; false: there is none.
func (r *forRun) next(p *Process) bool {
	next := p.add(r.v.(expr).eval(p), r.step)
	if !r.endless && beyond(next, r.to, r.down) {
		return false
	}
	r.v.set(p, next)
	return true
}

// standing runs the rounds where the program may stop (debug.go).
func (r *forRun) standing(p *Process, counts bool) (fl flow, done bool) {
	again := *r
	return p.standingLoop(guardFor, &r.loop.body, func() (flow, bool) {
		if counts {
			return again.loop.count(p, again.step.mant, again.to.mant)
		}
		return again.rounds(p)
	}, func() bool { return again.next(p) })
}

func beyond(v, to Value, down bool) bool {
	if down {
		return less(v, to)
	}
	return less(to, v)
}

// count is loop for an unsubscripted local over integers.
func (n *forCmd) count(p *Process, step, to int64) (fl flow, done bool) {
	slot := n.local.slot
	for {
		if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if n.body.block != nil {
			fl = p.runLines(n.body.block, 0, 0)
		} else if len(n.body.steps) > 0 {
			fl = p.runSteps(n.body.steps)
		}
		if out, leave := ended(fl); leave {
			return out, true
		}
		v := p.vars[slot]
		if v == nil || v.kind != kindNumber || v.exp != 0 {
			next := p.add(n.local.eval(p), Int(step))
			if beyond(next, Int(to), step < 0) {
				return flowNext, false
			}
			p.setLocal(slot, next)
			continue
		}
		next := v.mant + step
		if step >= 0 && (next > to || next < v.mant) || step < 0 && (next < to || next > v.mant) {
			return flowNext, false
		}
		v.mant = next
	}
}

// WHILE conditions { }
type whileCmd struct {
	cond condition
	body body
}

func (n *whileCmd) exec(p *Process) flow {
	if p.debugger == nil {
		return n.rounds(p)
	}
	if !n.cond.truth(p) {
		return flowNext
	}
	fl, _ := p.standingLoop(guardLoop, &n.body, func() (flow, bool) {
		if out, leave := ended(n.body.run(p)); leave {
			return out, true
		}
		return n.rounds(p), true
	}, func() bool { return n.cond.truth(p) })
	return fl
}

func (n *whileCmd) rounds(p *Process) flow {
	for {
		if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if !n.cond.truth(p) {
			return flowNext
		}
		if out, leave := ended(n.body.run(p)); leave {
			return out
		}
	}
}

// DO { } WHILE conditions
type doWhileCmd struct {
	body body
	cond condition
}

func (n *doWhileCmd) exec(p *Process) flow {
	if p.debugger == nil {
		return n.rounds(p)
	}
	fl, _ := p.standingLoop(guardLoop, &n.body, func() (flow, bool) { return n.rounds(p), true }, func() bool {
		return n.cond != nil && n.cond.truth(p)
	})
	return fl
}

func (n *doWhileCmd) rounds(p *Process) flow {
	for {
		if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if out, leave := ended(n.body.run(p)); leave {
			return out
		}
		if n.cond == nil || !n.cond.truth(p) {
			return flowNext
		}
	}
}

// QUIT [value] and RETURN [value]
func (c *compiler) quit(a *lang.ExprArg, how flow) command {
	if a == nil {
		return &flowCmd{how}
	}
	return &quitCmd{value: c.expr(a.X.X), how: how}
}

type flowCmd struct{ how flow }

func (n *flowCmd) exec(*Process) flow { return n.how }

type quitCmd struct {
	value expr
	how   flow
}

func (n *quitCmd) exec(p *Process) flow {
	v := n.value.eval(p)
	if p.frame().kind == frameDots && n.how == flowQuit {
		p.raise(errCommand, "")
	}
	p.ret = v
	return flowReturn
}

// HALT
type haltCmd struct{}

func (*haltCmd) exec(p *Process) flow {
	p.halt()
	return flowNext
}

// HANG seconds
type hangCmd struct{ seconds expr }

func (n *hangCmd) exec(p *Process) flow {
	p.hang(p.seconds(n.seconds.eval(p)))
	return flowNext
}

func (p *Process) hang(d time.Duration) {
	p.io.flush(devices.BeforeWait)
	if d <= 0 {
		return
	}
	p.wait(devices.WaitHang, func(interrupted <-chan struct{}) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-interrupted:
		}
	})
}

// seconds turns a number of seconds into a duration, saturating.
func (p *Process) seconds(v Value) time.Duration {
	f := v.number().float()
	if f > 9e9 {
		f = 9e9
	}
	return time.Duration(f * float64(time.Second))
}

// ZNSPACE namespace
type znspaceCmd struct{ name expr }

func (n *znspaceCmd) exec(p *Process) flow {
	p.setNamespace(p.text8(n.name.eval(p)))
	return flowNext
}
