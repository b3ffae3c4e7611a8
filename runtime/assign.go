package runtime

// SET $PIECE, SET $EXTRACT, SET $LIST, SET $BIT and SET $LISTBUILD: functions as
// assignment targets.

import "cos/lang"

// pieceTarget is a function call that a value can be assigned to: the variable is read,
// changed, and set again.
type pieceTarget struct {
	v      glvn
	args   []expr // after the variable; nil: omitted
	change func(p *Process, old Value, args []Value, v Value) Value
}

// assignable says how a function changes the value of its first argument; an undefined
// result leaves it alone.
var assignable = map[string]func(p *Process, old Value, args []Value, v Value) Value{
	"PIECE": func(p *Process, old Value, a []Value, v Value) Value {
		return setPiece(p, old, argument(a, 0), argument(a, 1), argument(a, 2), v)
	},
	"EXTRACT": func(p *Process, old Value, a []Value, v Value) Value {
		return setExtract(p, old, argument(a, 0), argument(a, 1), v)
	},
	"LIST": func(p *Process, old Value, a []Value, v Value) Value {
		return setList(p, old, argument(a, 0), argument(a, 1), v)
	},
	"BIT": func(p *Process, old Value, a []Value, v Value) Value {
		return setBit(p, old, argument(a, 0), v)
	},
}

func argument(a []Value, i int) Value {
	if i < len(a) {
		return a[i]
	}
	return Value{}
}

// callTarget compiles a function call that is assigned to.
func (c *compiler) callTarget(n *lang.Call) target {
	row := lookupFunction(n.Name)
	if row == nil {
		c.fail(n, "unknown function $%s%s", n.Name, suggest(n.Name, functionNames()))
	}
	switch row.Name {
	case "PROPERTY":
		c.loud = true
		return c.propertyFunctionTarget(n)
	case "LISTBUILD", "LISTGET":
		return c.listTarget(n, row.Name == "LISTGET")
	}
	change := assignable[row.Name]
	if change == nil {
		c.fail(n, "$%s cannot be assigned to", row.Name)
	}
	if len(n.Args) == 0 || n.Args[0] == nil {
		c.fail(n, "$%s needs a variable", row.Name)
	}
	return &pieceTarget{v: c.glvn(n.Args[0]), args: c.exprs(n.Args[1:]), change: change}
}

func (n *pieceTarget) set(p *Process, v Value) {
	r := n.open(p)
	n.store(p, &r, v)
	r.drop(p)
}

// open evaluates the subscripts of the variable and then the arguments, onto p.stack.
func (n *pieceTarget) open(p *Process) reference {
	r := reference{base: len(p.stack)}
	if _, local := n.v.(*localExpr); !local {
		r = n.v.resolve(p)
	}
	for _, a := range n.args {
		v := Value{}
		if a != nil {
			v = a.eval(p)
		}
		p.stack = append(p.stack, v)
	}
	return r
}

// store changes the variable of an opened target.
func (n *pieceTarget) store(p *Process, r *reference, v Value) {
	at := r.base + len(r.path)
	r.path = p.stack[r.base:at] // the stack may have moved
	args := p.stack[at : at+len(n.args)]
	if l, ok := n.v.(*localExpr); ok {
		old := Empty
		if x := p.lookup(l.slot); x != nil && x.kind != kindUndefined {
			old = x.Value
		}
		if v = n.change(p, old, args, v); v.kind != kindUndefined {
			p.setLocalAny(l.slot, v)
		}
		return
	}
	old := r.value(p)
	if old.kind == kindUndefined {
		old = Empty
	}
	if v = n.change(p, old, args, v); v.kind != kindUndefined {
		r.assign(p, v)
	}
}

// listTarget is SET $LISTBUILD(a,b,…)=list, which gives each variable an element. Where
// the list has none, $LISTBUILD leaves the variable alone and $LISTGET sets it to "".
type listTarget struct {
	vars  []target // nil: the element is left out
	empty bool
}

func (c *compiler) listTarget(n *lang.Call, empty bool) target {
	t := &listTarget{empty: empty}
	for _, x := range n.Args {
		if x == nil {
			t.vars = append(t.vars, nil)
			continue
		}
		t.vars = append(t.vars, c.target(x))
	}
	return t
}

func (n *listTarget) set(p *Process, v Value) {
	values, ok := listElements(p.listOf(v))
	if !ok {
		p.raise(errList, "")
	}
	for i, to := range n.vars {
		element := Value{}
		if i < len(values) {
			element = values[i]
		}
		if !element.defined() && n.empty {
			element = Empty
		}
		if to != nil && element.defined() {
			to.set(p, element)
		}
	}
}

// setLocalAny is setLocal for code that may run before its slots are reserved.
func (p *Process) setLocalAny(slot int, v Value) {
	p.reserve(slot + 1)
	p.setLocal(slot, v)
}
