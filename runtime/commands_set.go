package runtime

// SET and MERGE.

import "cos/lang"

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
		return shortcutSetNode(t, value)
	case *globalExpr:
		return &setGlobalCmd{node: t, value: value}
	case *privateExpr:
		return &setPrivateCmd{node: t, value: value}
	}
	switch t := t.(type) {
	case *pieceTarget:
		return &setPieceCmd{t, value}
	case *indirectExpr:
		return &setIndirectCmd{at: t, value: value}
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
	setIndirectCmd struct { // SET @x=value
		at    *indirectExpr
		value expr
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

func (n *setIndirectCmd) exec(p *Process) flow {
	g := p.nameOf(n.at.of.eval(p))
	if l, ok := g.(*localExpr); ok && len(n.at.subs) == 0 {
		p.setLocalAny(l.slot, n.value.eval(p))
		return flowNext
	}
	r := n.at.resolveAt(p, g)
	v := n.value.eval(p)
	r.path = p.stack[r.base : r.base+len(r.path)] // the stack may have moved
	if len(r.path) == 1 && r.global == nil && !p.refuses(r.path[0]) {
		p.setNode1(r.slot, r.path[0], v)
	} else {
		r.assign(p, v)
	}
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
		case *privateExpr:
			p.referPrivate(&t.ref, r)
			r.assign(p, v)
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
	v := n.value.eval(p)
	if x := p.vars[n.slot]; x != nil && v.kind == kindNumber && x.text == "" { // spares a call
		x.mant, x.exp, x.kind = v.mant, v.exp, kindNumber
		return flowNext
	}
	p.setLocal(n.slot, v)
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
