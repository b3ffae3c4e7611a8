package runtime

// Expression nodes: what expressions become when they are compiled. Each node is
// small, holds its operands, and evaluates itself.

import "strings"

// condition is an expression whose truth is wanted: comparisons answer directly,
// everything else through truthOf.
type condition interface{ truth(*Process) bool }

// asCondition makes a condition of any expression.
func asCondition(e expr) condition {
	if c, ok := e.(condition); ok {
		return c
	}
	return &truthOf{e}
}

type truthOf struct{ x expr }

func (n *truthOf) truth(p *Process) bool { return n.x.eval(p).truth() }

// constant is a literal or a folded expression.
type constant struct{ v Value }

func (n *constant) eval(*Process) Value { return n.v }

// localExpr is an unsubscripted local variable.
type localExpr struct{ slot int }

func (n *localExpr) eval(p *Process) Value {
	if n.slot < len(p.vars) {
		if v := p.vars[n.slot]; v != nil && v.kind != kindUndefined {
			return v.Value
		}
	}
	return p.undefinedLocal(n.slot, nil)
}

// operand is an expression in a hot place: an unsubscripted local is read without a
// call through an interface, and, guided by default.pgo, without any.
type operand struct {
	x    expr
	slot int // of the local, -1 of anything else
}

func asOperand(x expr) operand {
	if l, ok := x.(*localExpr); ok {
		return operand{x, l.slot}
	}
	return operand{x, -1}
}

func (o *operand) eval(p *Process) Value {
	if uint(o.slot) < uint(len(p.vars)) {
		if v := p.vars[o.slot]; v != nil && v.kind != kindUndefined {
			return v.Value
		}
	}
	return o.x.eval(p)
}

// nodeExpr is a subscripted local variable.
type nodeExpr struct {
	slot int
	subs []expr
}

func (n *nodeExpr) eval(p *Process) Value {
	if len(n.subs) == 1 { // by far the most frequent case needs no list of subscripts
		k := p.subscript(n.slot, n.subs[0].eval(p))
		if v := p.lookup(n.slot); v != nil && v.nodes != nil {
			if v = v.nodes.find(k); v != nil && v.kind != kindUndefined {
				return v.Value
			}
		}
		return p.undefinedLocal(n.slot, []Value{k})
	}
	base := len(p.stack)
	path := p.evalSubs(n.slot, n.subs)
	v := p.findNode(n.slot, path)
	if v == nil || v.kind == kindUndefined {
		return p.undefinedLocal(n.slot, path)
	}
	p.stack = p.stack[:base]
	return v.Value
}

// subscript checks the first subscript of a local and brings it into stored form.
func (p *Process) subscript(slot int, v Value) Value {
	if v.kind == kindNumber && v.exp == 0 {
		return v
	}
	return p.subscriptBelow(slot, len(p.stack), v)
}

// subscriptBelow is subscript for one that follows others, which lie on p.stack from base on.
func (p *Process) subscriptBelow(slot, base int, v Value) Value {
	k := subscript(v)
	if p.refuses(k) {
		p.nullSubscript(&reference{slot: slot}, p.stack[base:])
	}
	return k
}

// refuses says whether k is a null subscript where there may be none.
func (p *Process) refuses(k Value) bool {
	return k.kind == kindText && k.text == "" && !p.settings.nullSubs
}

// evalSubs evaluates the subscripts of a local onto p.stack; the caller takes them off.
func (p *Process) evalSubs(slot int, subs []expr) []Value {
	base := len(p.stack)
	for _, s := range subs {
		k := s.eval(p)
		if k.kind != kindNumber || k.exp != 0 {
			if k = subscript(k); p.refuses(k) {
				p.nullSubscript(&reference{slot: slot}, p.stack[base:])
			}
		}
		p.stack = append(p.stack, k)
	}
	return p.stack[base:]
}

// evalLooseSubs is evalSubs for $ORDER and its kin, where the last one may be "". The
// subscripts that r has already are on top of p.stack.
func (p *Process) evalLooseSubs(r *reference, subs []expr) []Value {
	base := len(p.stack)
	for i, s := range subs {
		k := subscript(s.eval(p))
		if i < len(subs)-1 && p.refuses(k) {
			p.nullSubscript(r, p.stack[base-len(r.path):])
		}
		p.stack = append(p.stack, k)
	}
	return p.stack[base:]
}

// findNode returns the node of a local at a path, nil when absent.
func (p *Process) findNode(slot int, path []Value) *Var {
	v := p.lookup(slot)
	for _, k := range path {
		if v == nil || v.nodes == nil {
			return nil
		}
		v = v.nodes.find(k)
	}
	return v
}

// makeNode returns the node of a local at a path, making it. Its value is set next.
func (p *Process) makeNode(slot int, path []Value) *Var { return makeBelow(p.variable(slot), path) }

// makeBelow returns the node at a path below v, making it.
func makeBelow(v *Var, path []Value) *Var {
	for i, k := range path {
		if v.nodes == nil {
			v.nodes = &tree{}
		}
		v.nodes.rich = true
		if i == len(path)-1 {
			v, _ = v.nodes.node(k)
			return v
		}
		next, _ := v.nodes.node(k)
		if next.nodes == nil {
			next.nodes = &tree{}
		}
		v = next
	}
	return v
}

// concatExpr is a_b_c as one node.
type concatExpr struct{ parts []expr }

func (n *concatExpr) eval(p *Process) Value {
	base := len(p.stack)
	for _, x := range n.parts {
		p.stack = append(p.stack, x.eval(p))
	}
	v := p.concatenate(p.stack[base:])
	p.stack = p.stack[:base]
	return v
}

// concatenate joins values: one allocation when all are 8-bit.
func (p *Process) concatenate(parts []Value) Value {
	buf := p.buf[:0]
	for i := range parts {
		v := &parts[i]
		switch v.kind {
		case kindText:
			if len(buf)+len(v.text) > maxString {
				p.raise(errMaxString, "")
			}
			buf = append(buf, v.text...)
		case kindWide:
			return p.concatenateWide(parts)
		default:
			buf = v.appendText(buf)
		}
	}
	if len(buf) >= largeText {
		p.claim(len(buf))
	}
	if cap(buf) <= 1<<16 {
		p.buf = buf
	}
	return Text(string(buf))
}

func (p *Process) concatenateWide(parts []Value) Value {
	v := parts[0]
	for _, w := range parts[1:] {
		v = p.concat(v, w)
	}
	return v
}

// The arithmetic operators.
type (
	addExpr    struct{ l, r operand }
	subExpr    struct{ l, r operand }
	mulExpr    struct{ l, r operand }
	divExpr    struct{ l, r operand }
	intdivExpr struct{ l, r operand }
	modExpr    struct{ l, r operand }
	powExpr    struct{ l, r operand }
	negExpr    struct{ x expr }
	plusExpr   struct{ x expr }
)

// Integers are answered here; everything else is a call (LOOP1: 13 ns without, 9 with).
func (n *addExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 {
		if s := a.mant + b.mant; (s^a.mant)&(s^b.mant) >= 0 {
			return Value{mant: s, kind: kindNumber}
		}
	}
	return p.add(a, b)
}

func (n *subExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 {
		if s := a.mant - b.mant; (a.mant^b.mant)&(a.mant^s) >= 0 {
			return Value{mant: s, kind: kindNumber}
		}
	}
	return p.sub(a, b)
}

func (n *mulExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 && int64(int32(a.mant)) == a.mant && int64(int32(b.mant)) == b.mant {
		return Value{mant: a.mant * b.mant, kind: kindNumber}
	}
	return p.mul(a, b)
}

func (n *divExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	return p.div(a, b)
}

func (n *intdivExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 && b.mant > 0 {
		return Value{mant: a.mant / b.mant, kind: kindNumber}
	}
	return p.intdiv(a, b)
}

func (n *modExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 && a.mant >= 0 && b.mant > 0 {
		return Value{mant: a.mant % b.mant, kind: kindNumber}
	}
	return p.mod(a, b)
}

func (n *powExpr) eval(p *Process) Value {
	a, b := n.l.eval(p), n.r.eval(p)
	return p.pow(a, b)
}

func (n *negExpr) eval(p *Process) Value  { return p.neg(n.x.eval(p)) }
func (n *plusExpr) eval(p *Process) Value { return n.x.eval(p).number() }

// The comparisons and boolean operators are conditions first. Each row of
// comparisons gives one operator's test.
type compareExpr struct {
	l, r operand
	test func(a, b Value) bool
	not  bool
}

func (n *compareExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	return n.test(a, b) != n.not
}
func (n *compareExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// Equality, order and [ have nodes of their own: they stand in hot loops.
type (
	containsExpr struct { // l [ r
		l, r operand
		not  bool
	}
	followsExpr struct { // l ] r
		l, r operand
		not  bool
	}
	equalExpr struct {
		l, r operand
		not  bool
	}
	lessExpr struct { // l < r
		l, r operand
		not  bool
	}
	greaterExpr struct { // l > r, evaluated left first
		l, r operand
		not  bool
	}
)

func (n *containsExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindText && b.kind == kindText {
		return strings.Contains(a.text, b.text) != n.not
	}
	return contains(a, b) != n.not
}
func (n *containsExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

func (n *followsExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindText && b.kind == kindText {
		return (a.text > b.text) != n.not
	}
	return follows(a, b) != n.not
}
func (n *followsExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

func (n *equalExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber {
		return (a.mant == b.mant && a.exp == b.exp) != n.not
	}
	if a.kind == kindText && b.kind == kindText {
		return (a.text == b.text) != n.not
	}
	return equal(a, b) != n.not
}
func (n *equalExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

func (n *lessExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 {
		return (a.mant < b.mant) != n.not
	}
	return less(a, b) != n.not
}
func (n *lessExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

func (n *greaterExpr) truth(p *Process) bool {
	a, b := n.l.eval(p), n.r.eval(p)
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 {
		return (a.mant > b.mant) != n.not
	}
	return less(b, a) != n.not
}
func (n *greaterExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

type (
	notExpr struct{ x condition }
	andExpr struct { // & evaluates both sides, && (short) stops early
		l, r  condition
		short bool
		not   bool
	}
	orExpr struct {
		l, r  condition
		short bool
		not   bool
	}
)

func (n *notExpr) truth(p *Process) bool { return !n.x.truth(p) }
func (n *notExpr) eval(p *Process) Value { return Bool(!n.x.truth(p)) }

func (n *andExpr) truth(p *Process) bool {
	l := n.l.truth(p)
	if n.short && !l {
		return n.not
	}
	r := n.r.truth(p)
	return (l && r) != n.not
}
func (n *andExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

func (n *orExpr) truth(p *Process) bool {
	l := n.l.truth(p)
	if n.short && l {
		return !n.not
	}
	r := n.r.truth(p)
	return (l || r) != n.not
}
func (n *orExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// patternExpr is x?pattern; the pattern is compiled already unless it is indirect.
type patternExpr struct {
	x        expr
	pattern  *pattern
	indirect expr
	not      bool
}

func (n *patternExpr) truth(p *Process) bool {
	v := n.x.eval(p)
	pat := n.pattern
	if pat == nil {
		pat = p.compiledPattern(n.indirect.eval(p))
	}
	return pat.match(v) != n.not
}
func (n *patternExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// callExpr is an intrinsic function whose arguments are all values.
type callExpr struct {
	fn   func(*Process, []Value) Value
	args []expr // nil: omitted
}

func (n *callExpr) eval(p *Process) Value {
	base := len(p.stack)
	for _, a := range n.args {
		if a == nil {
			p.stack = append(p.stack, Value{})
		} else {
			p.stack = append(p.stack, a.eval(p))
		}
	}
	v := n.fn(p, p.stack[base:])
	p.stack = p.stack[:base]
	return v
}

// lastExpr is * or *-n as an argument.
type lastExpr struct{ offset expr }

func (n *lastExpr) eval(p *Process) Value {
	if n.offset == nil {
		return Value{kind: kindLast}
	}
	return Value{kind: kindLast, mant: n.offset.eval(p).int64()}
}

// selectExpr is $SELECT(c:v,…).
type selectExpr struct {
	conds  []condition
	values []expr
}

func (n *selectExpr) eval(p *Process) Value {
	for i, c := range n.conds {
		if c.truth(p) {
			return n.values[i].eval(p)
		}
	}
	p.raise(errSelect, "")
	return Value{}
}

// caseExpr is $CASE(x,v:r,…,:default).
type caseExpr struct {
	x            expr
	cases, yield []expr
	otherwise    expr // nil: none
}

func (n *caseExpr) eval(p *Process) Value {
	x := n.x.eval(p)
	for i, c := range n.cases {
		if equal(x, c.eval(p)) {
			return n.yield[i].eval(p)
		}
	}
	if n.otherwise == nil {
		p.raise(errIllegal, "")
	}
	return n.otherwise.eval(p)
}

// specialExpr is a special variable.
type specialExpr struct{ get func(*Process) Value }

func (n *specialExpr) eval(p *Process) Value { return n.get(p) }
