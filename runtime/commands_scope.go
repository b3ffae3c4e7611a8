package runtime

// NEW, KILL and ZKILL.

import "cos/lang"

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
		c.loud = true
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
