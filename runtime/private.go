package runtime

// Process-private globals: ^||x(subs), also spelled ^|"^"|x and ^["^"]x. They are locals under a name
// of their own that no NEW or argument list can reach; like globals they take part in naked references
// and $ZREFERENCE.

import "cos/lang"

// privateExpr is ^||name(subscripts).
type privateExpr struct {
	ref globalRef
	of  glvn // the local that holds it
}

func (c *compiler) private(n *lang.Global) glvn {
	name := shortName(n.Name)
	slot := c.sys.symbols.intern(symbol{name: "^||" + name})
	c.slots = max(c.slots, slot+1)
	x := &privateExpr{ref: globalRef{name: "||" + name, private: true, slot: slot}}
	if len(n.Subs) == 0 {
		x.of = &localExpr{slot}
	} else {
		x.of = &nodeExpr{slot: slot, subs: c.exprs(n.Subs)}
	}
	return x
}

func (n *privateExpr) resolve(p *Process) reference {
	r := n.of.resolve(p)
	p.referPrivate(&n.ref, &r)
	return r
}

// referPrivate is refer for a reference to a process-private global.
func (p *Process) referPrivate(g *globalRef, r *reference) {
	p.refer(&reference{global: g, path: r.path})
}

func (n *privateExpr) eval(p *Process) Value {
	r := n.resolve(p)
	return r.read(p)
}

func (n *privateExpr) set(p *Process, v Value) {
	r := n.resolve(p)
	r.assign(p, v)
	r.drop(p)
}

// setPrivateCmd is SET ^||x(subs)=value: subscripts first, then the value, then the naked indicator.
type setPrivateCmd struct {
	node  *privateExpr
	value expr
}

func (n *setPrivateCmd) exec(p *Process) flow {
	r := n.node.resolve(p)
	v := n.value.eval(p)
	r.path = p.stack[r.base : r.base+len(r.path)]
	p.referPrivate(&n.node.ref, &r)
	r.assign(p, v)
	r.drop(p)
	return flowNext
}

// isPrivate says whether an extended reference names a process-private global: its namespace is "^".
func (c *compiler) isPrivate(n *lang.Global) bool {
	if n.Private || len(n.Env) == 0 {
		return n.Private
	}
	k, ok := c.expr(n.Env[0]).(*constant)
	return ok && k.v.kind == kindText && k.v.text == "^"
}

// shortName is the part of a global's name that counts.
func shortName(name string) string { return name[:min(len(name), 31)] }
