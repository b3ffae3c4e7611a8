package runtime

// IF, ELSE, FOR, WHILE and DO WHILE: what runs a body, or runs it again.

import "cos/lang"

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
	slot, steps := n.local.slot, n.body.steps
	for {
		if len(steps) > 0 { // each of them looks for signals
			fl = p.runSteps(steps)
		} else if p.signal.pending.Load() != 0 {
			p.poll()
		}
		if n.body.block != nil {
			fl = p.runLines(n.body.block, 0, 0)
		}
		if fl != flowNext {
			if out, leave := ended(fl); leave {
				return out, true
			}
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
