package runtime

// Functions of values that also assign to variables: $LISTDATA, $LISTNEXT, $LOCATE and
// $ZCONVERT with their output arguments.

import "cos/lang"

func init() {
	hotFunctions["LOCATE"] = compileLocate
	hotFunctions["ZCONVERT"] = compileZconvert
	hotFunctions["BITLOGIC"] = compileBitLogic
}

// listNames are their rows.
func listNames() []intrinsic {
	return []intrinsic{
		{Name: "LISTDATA", Abbr: "LD", Min: 1, Max: 3, compile: compileListData,
			Syntax: "$LISTDATA(list[,position[,value]])", Doc: "1 if the list has a defined element there; value receives it"},
		{Name: "LISTNEXT", Abbr: "LISTNEXT", Min: 3, Max: 3, compile: compileListNext,
			Syntax: "$LISTNEXT(list,pointer,value)", Doc: "walks a list: 1 while value got another element; pointer begins as 0"},
	}
}

// chosenExpr is condition:value of $LISTUPDATE: omitted when the condition is false.
type chosenExpr struct {
	when  condition
	value expr
}

func (n *chosenExpr) eval(p *Process) Value {
	if !n.when.truth(p) {
		return Value{}
	}
	return n.value.eval(p)
}

type listDataExpr struct {
	list, at expr
	value    target // nil: none
}

func compileListData(c *compiler, n *lang.Call) expr {
	x := &listDataExpr{list: c.expr(n.Args[0]), at: c.optional(n, 1)}
	if len(n.Args) > 2 && n.Args[2] != nil {
		x.value = c.target(n.Args[2])
	}
	return x
}

func (n *listDataExpr) eval(p *Process) Value {
	list, at := n.list.eval(p), Value{}
	if n.at != nil {
		at = n.at.eval(p)
	}
	v := p.listGet(list, at)
	if v.defined() && n.value != nil {
		n.value.set(p, v)
	}
	return Bool(v.defined())
}

type listNextExpr struct {
	list           expr
	pointer, value glvn
}

func compileListNext(c *compiler, n *lang.Call) expr {
	return &listNextExpr{list: c.expr(n.Args[0]), pointer: c.glvn(n.Args[1]), value: c.glvn(n.Args[2])}
}

// eval keeps the byte offset of the next element in pointer, and 0 at the end.
func (n *listNextExpr) eval(p *Process) Value {
	v, next, ok := p.listNext(n.list.eval(p), int(n.pointer.eval(p).int64()))
	if !ok {
		n.pointer.set(p, Int(0))
		return Int(0)
	}
	n.pointer.set(p, Int(int64(next)))
	if v.defined() {
		n.value.set(p, v)
		return Int(1)
	}
	r := n.value.resolve(p) // an element without value leaves the variable undefined
	r.kill(p, false)
	r.drop(p)
	return Int(1)
}

type locateExpr struct {
	args       []expr
	end, match target // nil: not wanted
}

func compileLocate(c *compiler, n *lang.Call) expr {
	if len(n.Args) < 4 {
		return c.general(n)
	}
	x := &locateExpr{args: c.exprs(n.Args[:3])}
	if n.Args[3] != nil {
		x.end = c.target(n.Args[3])
	}
	if len(n.Args) > 4 && n.Args[4] != nil {
		x.match = c.target(n.Args[4])
	}
	return x
}

func (n *locateExpr) eval(p *Process) Value {
	s, re, start := n.args[0].eval(p), n.args[1].eval(p), Value{}
	if n.args[2] != nil {
		start = n.args[2].eval(p)
	}
	at, end, match := p.locate(s, re, position(start, 0, 1))
	if at > 0 && n.end != nil {
		n.end.set(p, Int(int64(end)))
	}
	if at > 0 && n.match != nil {
		n.match.set(p, match)
	}
	return Int(int64(at))
}

// zconvertExpr is $ZCONVERT(s,"I","UTF8",handle): the handle keeps the start of a
// character that the end of s cuts off.
type zconvertExpr struct {
	args   []expr
	handle glvn
}

func compileZconvert(c *compiler, n *lang.Call) expr {
	if len(n.Args) < 4 || n.Args[3] == nil {
		return c.general(n)
	}
	return &zconvertExpr{args: c.exprs(n.Args[:3]), handle: c.glvn(n.Args[3])}
}

func (n *zconvertExpr) eval(p *Process) Value {
	s, mode, table := n.args[0].eval(p), n.args[1].eval(p), n.args[2].eval(p)
	if upper(mode.utf8()) != "I" || upper(table.utf8()) != "UTF8" {
		return fnZconvert(p, []Value{s, mode, table})
	}
	r := n.handle.resolve(p)
	rest := r.value(p)
	if rest.defined() {
		s = p.concat(rest, s)
	}
	done, rest := convertIn(p, s)
	r.assign(p, rest)
	r.drop(p)
	return done
}

// compileBitLogic takes bit strings combined with its own operators & | ^ and ~.
func compileBitLogic(c *compiler, n *lang.Call) expr {
	x := &bitLogicExpr{x: c.bits(n.Args[0]), size: c.optional(n, 1)}
	return x
}

type bitLogicExpr struct{ x, size expr }

func (n *bitLogicExpr) eval(p *Process) Value {
	args := []Value{n.x.eval(p)}
	if n.size != nil {
		args = append(args, n.size.eval(p))
	}
	return fnBitLogic(p, args)
}

func (c *compiler) bits(n lang.Node) expr {
	switch n := n.(type) {
	case *lang.Binary:
		switch n.Op {
		case "&", "|", "^":
			return &bitExpr{op: n.Op, l: c.bits(n.L), r: c.bits(n.R)}
		}
	case *lang.Unary:
		if n.Op == "~" {
			return &bitNotExpr{c.bits(n.X)}
		}
	}
	return c.expr(n)
}

type (
	bitExpr struct {
		op   string
		l, r expr
	}
	bitNotExpr struct{ x expr }
)

func (n *bitExpr) eval(p *Process) Value {
	l := n.l.eval(p)
	return p.bitOperate(n.op, l, n.r.eval(p))
}

func (n *bitNotExpr) eval(p *Process) Value { return p.bitNot(n.x.eval(p)) }
