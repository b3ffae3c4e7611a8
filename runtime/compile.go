package runtime

// Compiling: from the syntax tree of lang to executable nodes. Names become slots,
// literals constants, labels entries; legacy IF, ELSE and FOR take the rest of their
// line as body; what cannot be compiled becomes a command that raises <SYNTAX> when it
// is reached. The tree is dropped afterwards.

import (
	"fmt"
	"strings"

	"cos/lang"
)

type compiler struct {
	sys     *System
	routine *Routine      // nil: XECUTE, indirection
	source  *lang.Routine // of the routine
	block   *block        // being compiled
	index   int           // of the line being compiled
	level   int           // its dots
	scope   *scope        // non-nil inside a procedure
	labels  []labelSet    // innermost last: where a label without routine is looked for
	depth   int           // nesting of nodes at this point
	keepPos bool          // XECUTE: commands keep the place of the caller
	slots   int
	loud    bool     // the line being compiled may set an error trap (quiet.go)
	framed  bool     // it reads what depends on its frame (quiet.go)
	calls   []*entry // of the same routine, that it calls
	entries []*entry // that the routine has
}

// scope is the variable scope of a procedure.
type scope struct {
	public  map[string]bool
	private map[int]bool
}

type labelSet map[string]*entry

// compileError is a line that parses but cannot be executed.
type compileError struct {
	at  lang.Node // nil: the command itself
	msg string
}

func (c *compiler) fail(at lang.Node, format string, args ...any) {
	panic(&compileError{at: at, msg: fmt.Sprintf(format, args...)})
}

// compileRoutine lowers a parsed routine. Its syntax errors, and those found here, are
// in Routine.Errors.
func (s *System) compileRoutine(src *lang.Routine) *Routine {
	r := &Routine{Name: src.Name, Source: src.Source, Errors: src.Errors, labels: labelSet{}}
	r.count(src.Hidden)
	c := &compiler{sys: s, routine: r, source: src, labels: []labelSet{r.labels}}
	r.main = c.lines(src.Lines, r.labels)
	r.slots = c.slots
	settle(c.entries)
	return r
}

// lines compiles a list of lines into a block of its own.
func (c *compiler) lines(src []*lang.Line, labels labelSet) *block {
	b := &block{routine: c.routine, lines: make([]line, len(src))}
	outer, outerIndex, outerLevel, outerDepth := c.block, c.index, c.level, c.depth
	c.block, c.depth = b, 0
	for i, l := range src {
		b.lines[i].number, b.lines[i].level = l.Number, l.Level
		if l.Label != nil && labels != nil {
			c.declare(l, i, labels)
		}
	}
	outerLoud, outerCalls := c.loud, c.calls
	loud, calls := outerLoud, outerCalls // a line is what its blocks are
	for i, l := range src {
		c.index, c.level = i, l.Level
		if l.Label != nil {
			b.lines[i].fence = l.Label.Parens || l.Label.Body != nil
			if labels != nil {
				c.entry(l.Label, labels)
			}
		}
		c.loud, c.calls = false, nil
		b.lines[i].body = c.steps(l.Commands)
		b.lines[i].loud, b.lines[i].calls = c.loud, c.calls
		if outer != nil {
			loud, calls = loud || c.loud, append(calls, c.calls...)
		}
	}
	b.slots = c.slots
	c.loud, c.calls = loud, calls
	c.block, c.index, c.level, c.depth = outer, outerIndex, outerLevel, outerDepth
	if outer != nil {
		c.note(b.weight + blockWeight)
	}
	return b
}

// exprWeight, blockWeight and lineWeight are what an operator and its operand, a brace
// block, and a command that governs the rest of its line, add to Go's stack, in the units
// of frameWeight.
const (
	exprWeight  = 2
	blockWeight = 4
	lineWeight  = 3
)

// rest compiles what is left of a line as the body of one of its commands.
func (c *compiler) rest(cmds []lang.Command) []step {
	c.depth += lineWeight
	c.note(0)
	out := c.steps(cmds)
	c.depth -= lineWeight
	return out
}

// note records how deep the nodes below this point nest.
func (c *compiler) note(below int) {
	if d := c.depth + below; d > c.block.weight {
		c.block.weight = d
	}
}

// declare makes the entry of a label before any code refers to it.
func (c *compiler) declare(l *lang.Line, i int, labels labelSet) {
	name := l.Label.Name
	if labels[name] != nil {
		if c.routine != nil {
			c.routine.problem(l.Label.Pos.Line, l.Label.Pos.Column, "label "+name+" is defined twice")
		}
		return
	}
	e := &entry{name: name, routine: c.routine, block: c.block, line: i, number: l.Number, parens: l.Label.Parens}
	labels[name] = e
	c.entries = append(c.entries, e)
}

// entry compiles the formal list, and the body of a procedure.
func (c *compiler) entry(l *lang.Label, labels labelSet) {
	e := labels[l.Name]
	if e.done {
		return
	}
	e.done = true
	if l.Body != nil {
		c.scope = &scope{public: map[string]bool{}, private: map[int]bool{}}
		for _, n := range l.Public {
			c.scope.public[n] = true
		}
		e.private = !strings.EqualFold(l.Access, "PUBLIC")
	}
	for _, f := range l.Formals {
		formal := formal{name: f.Name, slot: c.slot(f.Name), variadic: f.Variadic}
		if f.Default != nil {
			formal.fallback = c.expr(f.Default)
			e.defaults = true
		}
		e.formals = append(e.formals, formal)
	}
	if l.Body == nil {
		return
	}
	inner := labelSet{}
	c.labels = append(c.labels, inner)
	e.block, e.line = c.lines(l.Body.Lines, inner), 0
	c.labels = c.labels[:len(c.labels)-1]
	proc := &procedure{name: l.Name, labels: inner, public: c.scope.public}
	for _, f := range e.formals {
		delete(c.scope.private, f.slot)
	}
	for s := range c.scope.private {
		proc.private = append(proc.private, s)
	}
	e.block.proc = proc
	e.proc = proc
	c.scope = nil
}

// slot gives the slot of a local variable name in the current scope.
func (c *compiler) slot(name string) int {
	k := symbol{name: name}
	if c.scope != nil && name[0] != '%' && !c.scope.public[name] {
		k.private = true
	}
	id := c.sys.symbols.intern(k)
	if k.private {
		c.scope.private[id] = true
	}
	c.slots = max(c.slots, id+1)
	return id
}

// steps compiles the commands of a line, or what is left of it.
func (c *compiler) steps(cmds []lang.Command) []step {
	out := make([]step, 0, len(cmds))
	for i, cmd := range cmds {
		h := cmd.Start()
		at := makePos(h.Pos.Line, h.Pos.Column)
		if c.keepPos {
			at = 0
		}
		rest := cmds[i+1:]
		c.loud = c.loud || !quietCommand(cmd)
		done := false
		before := len(out)
		if bad := c.protect(h, func() {
			switch n := cmd.(type) {
			case *lang.If:
				if n.Block == nil {
					x := c.legacyIf(n, at, func() []step { return c.rest(rest) })
					out, done = append(out, step{x, at}), true
				}
			case *lang.Else:
				out, done = append(out, step{&elseLine{body: c.rest(rest)}, at}), true
			case *lang.For:
				if n.Block == nil {
					x := c.forLoop(n, func() body { return body{steps: c.rest(rest)} })
					out, done = append(out, step{x, at}), true
				}
			}
			if done {
				return
			}
			list := c.command(cmd)
			if h.Post != nil {
				list = []command{&postCmd{cond: c.condition(h.Post.X), cmds: list}}
			}
			for _, x := range list {
				out = append(out, step{x, at})
			}
		}); bad != nil {
			out = append(out[:before], step{bad, at})
		}
		if done {
			break
		}
	}
	return out
}

// protect turns a compile error into a command that raises <SYNTAX>.
func (c *compiler) protect(h *lang.Head, compile func()) (bad command) {
	depth, block, index, level, scope, labels := c.depth, c.block, c.index, c.level, c.scope, len(c.labels)
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*compileError)
			if !ok {
				panic(r)
			}
			c.depth, c.block, c.index, c.level, c.scope, c.labels = depth, block, index, level, scope, c.labels[:labels]
			if c.routine != nil {
				c.problem(h, e)
			}
			bad = &badCmd{msg: e.msg}
		}
	}()
	compile()
	return nil
}

// problem adds a compile error to those of the routine. What the preprocessor has said of
// a macro is not said again.
func (c *compiler) problem(h *lang.Head, e *compileError) {
	offset, line, col := h.Pos.Offset, h.Pos.Line, h.Pos.Column
	msg := e.msg
	if e.at != nil {
		offset = e.at.Offset()
		line, col = c.routine.lineCol(offset, line, col)
	}
	if c.source != nil {
		msg += c.source.Within(offset)
	}
	if _, macro := e.at.(*lang.Macro); macro {
		for _, known := range c.routine.Errors {
			if known.Pos.Line == line && known.Pos.Column == col {
				return
			}
		}
	}
	c.routine.problem(line, col, msg)
}

// body compiles a brace block.
func (c *compiler) body(b *lang.Block) body { return body{block: c.lines(b.Lines, nil)} }

func (c *compiler) exprOf(e *lang.Expr) expr {
	if e == nil {
		return nil
	}
	return c.expr(e.X)
}

func (c *compiler) exprs(list []lang.Node) []expr {
	out := make([]expr, len(list))
	for i, n := range list {
		if n != nil {
			out[i] = c.expr(n)
		}
	}
	return out
}

func (c *compiler) condition(n lang.Node) condition { return asCondition(c.expr(n)) }

// conditions compiles "a,b,c", which is a condition that stops at the first false.
func (c *compiler) conditions(list []*lang.Expr) condition {
	var all condition
	for _, e := range list {
		x := c.condition(e.X)
		if all == nil {
			all = x
		} else {
			all = &andExpr{l: all, r: x, short: true}
		}
	}
	return all
}

// expr compiles one expression.
func (c *compiler) expr(n lang.Node) expr {
	c.depth += exprWeight
	c.note(0)
	x := c.node(n)
	c.depth -= exprWeight
	return x
}

func (c *compiler) node(n lang.Node) expr {
	switch n := n.(type) {
	case *lang.Num:
		return &constant{parseLiteral(n.Text)}
	case *lang.Str:
		return &constant{FromUTF8(n.Value)}
	case *lang.Var, *lang.Global, *lang.Naked, *lang.Indirect:
		return c.glvn(n)
	case *lang.Pair:
		return &chosenExpr{c.condition(n.L), c.expr(n.R)}
	case *lang.Unary:
		return c.unary(n)
	case *lang.Binary:
		return c.binary(n)
	case *lang.Pattern:
		x := &patternExpr{x: c.expr(n.X), not: n.Not}
		if n.Indirect != nil {
			x.indirect = c.expr(n.Indirect)
			return x
		}
		p, err := compilePattern(n.Pattern)
		if err != nil {
			c.fail(n, "%v", err)
		}
		x.pattern = p
		return x
	case *lang.Call:
		return c.call(n)
	case *lang.Special:
		return c.special(n)
	case *lang.Extrinsic:
		return &extrinsicExpr{entry: c.entryref(n.Entry), args: c.actuals(n.Actual)}
	case *lang.Member:
		c.loud = true
		return c.member(n)
	case *lang.Macro:
		c.fail(n, "macro $$$%s is not defined", n.Name)
	case *lang.Last:
		x := &lastExpr{}
		if n.X != nil {
			x.offset = c.expr(n.X)
		}
		return x
	case *lang.This:
		c.fail(n, "relative references (..) need a class, and user-written classes are not supported")
	case *lang.Class:
		c.fail(n, "##class(%s) needs a method", n.Name)
	case *lang.JSON:
		c.loud = true
		return c.json(n)
	case *lang.ByRef:
		c.fail(n, "passing by reference can stand in an actual list only")
	case *lang.EntryNode:
		c.fail(n, "an entryref can stand in $TEXT only")
	}
	c.fail(n, "this expression cannot be used here")
	return nil
}

// glvn compiles a variable reference.
func (c *compiler) glvn(n lang.Node) glvn {
	switch n := n.(type) {
	case *lang.Var:
		slot := c.slot(n.Name)
		if len(n.Subs) == 0 {
			return &localExpr{slot}
		}
		return &nodeExpr{slot: slot, subs: c.exprs(n.Subs)}
	case *lang.Global:
		return c.global(n)
	case *lang.Naked:
		return &nakedExpr{subs: c.exprs(n.Subs)}
	case *lang.Indirect:
		c.loud = true
		x := &indirectExpr{of: c.expr(n.Of)}
		for _, subs := range n.Subs {
			x.subs = append(x.subs, c.exprs(subs)...)
		}
		return x
	}
	c.fail(n, "a variable name is expected here")
	return nil
}

func (c *compiler) unary(n *lang.Unary) expr {
	x := c.expr(n.X)
	k, isConst := x.(*constant)
	switch n.Op {
	case "-":
		if isConst && k.v.kind == kindNumber && k.v.mant != 0 && k.v.mant != -1<<63 {
			v := k.v
			v.mant = -v.mant
			return &constant{v}
		}
		return &negExpr{x}
	case "+":
		if isConst {
			return &constant{k.v.number()}
		}
		return &plusExpr{x}
	}
	return &notExpr{asCondition(x)}
}

// binary compiles an operator. The left spine may be long: it is walked, not recursed.
func (c *compiler) binary(n *lang.Binary) expr {
	var spine []*lang.Binary
	var left lang.Node = n
	for {
		b, ok := left.(*lang.Binary)
		if !ok {
			break
		}
		spine = append(spine, b)
		left = b.L
	}
	c.note(len(spine))
	x := c.expr(left)
	for i := len(spine) - 1; i >= 0; i-- {
		b := spine[i]
		x = c.operator(b, x, c.expr(b.R))
	}
	return x
}

func (c *compiler) operator(n *lang.Binary, l, r expr) expr {
	op, not := n.Op, false
	if strings.HasPrefix(op, "'") {
		op, not = op[1:], true
	}
	switch op {
	case "+":
		return shortcutAdd(l, r)
	case "-":
		return shortcutSub(l, r)
	case "*":
		return shortcutMul(l, r)
	case "/":
		return &divExpr{asOperand(l), asOperand(r)}
	case "\\":
		return &intdivExpr{asOperand(l), asOperand(r)}
	case "#":
		return shortcutMod(l, r)
	case "**":
		return &powExpr{asOperand(l), asOperand(r)}
	case "_":
		if k, ok := l.(*concatExpr); ok {
			k.parts = append(k.parts, r)
			return k
		}
		return &concatExpr{[]expr{l, r}}
	case "=":
		return shortcutEqual(l, r, not)
	case "<":
		return shortcutLess(l, r, not)
	case ">":
		return &greaterExpr{asOperand(l), asOperand(r), not}
	case ">=":
		return shortcutLess(l, r, !not)
	case "<=":
		return &greaterExpr{asOperand(l), asOperand(r), !not}
	case "[":
		return &containsExpr{asOperand(l), asOperand(r), not}
	case "]":
		return &followsExpr{asOperand(l), asOperand(r), not}
	case "]]":
		return &compareExpr{asOperand(l), asOperand(r), sortsAfter, not}
	case "&":
		return &andExpr{asCondition(l), asCondition(r), false, not}
	case "&&":
		return &andExpr{asCondition(l), asCondition(r), true, not}
	case "!":
		return &orExpr{asCondition(l), asCondition(r), false, not}
	case "||":
		return &orExpr{asCondition(l), asCondition(r), true, not}
	}
	c.fail(n, "unknown operator %s", n.Op)
	return nil
}

// call compiles an intrinsic function by its row in the table.
func (c *compiler) call(n *lang.Call) expr {
	row := lookupFunction(n.Name)
	if row == nil && foreignFunction(n.Name) != "" {
		return &foreignExpr{"$" + n.Name + "() is a function of " + foreignFunction(n.Name)}
	}
	if row == nil {
		c.fail(n, "unknown function $%s%s", n.Name, suggest(n.Name, functionNames()))
	}
	c.loud = c.loud || !quietFunctions()[row.Name]
	c.framed = c.framed || row.Name == "STACK"
	if system := foreignArguments[n.Name]; system != "" && len(n.Args) > row.Max {
		return &foreignExpr{fmt.Sprintf("$%s() with %d arguments is a function of %s", n.Name, len(n.Args), system)}
	}
	if len(n.Args) < row.Min || row.Max >= 0 && len(n.Args) > row.Max {
		c.fail(n, "$%s takes %s, not %d", row.Name, arity(row.Min, row.Max), len(n.Args))
	}
	for i := range row.Min {
		if n.Args[i] == nil {
			c.fail(n, "argument %d of $%s cannot be omitted", i+1, row.Name)
		}
	}
	if row.compile != nil {
		return row.compile(c, n)
	}
	return &callExpr{fn: row.Fn, args: c.exprs(n.Args)}
}

func arity(lo, hi int) string {
	switch {
	case hi < 0 && lo == 1:
		return "at least 1 argument"
	case hi < 0:
		return fmt.Sprintf("at least %d arguments", lo)
	case lo == hi && lo == 1:
		return "1 argument"
	case lo == hi:
		return fmt.Sprintf("%d arguments", lo)
	}
	return fmt.Sprintf("%d to %d arguments", lo, hi)
}

func (c *compiler) special(n *lang.Special) expr {
	c.framed = true
	row := lookupSpecial(n.Name)
	if row == nil && foreignSpecial(n.Name) != "" {
		return &foreignExpr{"$" + n.Name + " is a special variable of " + foreignSpecial(n.Name)}
	}
	if row == nil {
		c.fail(n, "unknown special variable $%s%s", n.Name, suggest(n.Name, specialNames()))
	}
	return &specialExpr{row.get}
}

// actuals compiles an actual list.
func (c *compiler) actuals(list []*lang.Actual) []actual {
	out := make([]actual, len(list))
	for i, a := range list {
		switch {
		case a.X == nil:
		case a.ByRef:
			out[i].ref = c.refActual(a.X)
		default:
			out[i].x = c.expr(a.X)
			out[i].variadic = a.Variadic
			if a.Variadic {
				out[i].ref = c.refActual(a.X)
			}
		}
	}
	return out
}

// refActual compiles the name in .name: an unsubscripted local, or an indirection
// that yields one.
func (c *compiler) refActual(n lang.Node) glvn {
	switch v := n.(type) {
	case *lang.Var:
		if len(v.Subs) == 0 {
			return c.glvn(n)
		}
	case *lang.Indirect:
		return c.glvn(n)
	}
	c.fail(n, "only an unsubscripted local variable can be passed by reference")
	return nil
}

// entryref compiles label+offset^routine.
func (c *compiler) entryref(e *lang.Entryref) *entryNode {
	n := &entryNode{label: e.Label, routine: e.Routine, caret: e.Caret}
	if e.LabelAt != nil {
		n.labelAt = c.indirectName(e.LabelAt)
	}
	if e.Offset != nil {
		n.offset = c.expr(e.Offset)
	}
	if e.RoutineAt != nil {
		n.routineAt = c.indirectName(e.RoutineAt)
	}
	if e.Namespace != nil {
		n.namespace = c.expr(e.Namespace)
	}
	if !e.Caret && e.LabelAt == nil && c.routine != nil {
		for i := len(c.labels) - 1; i >= 0 && n.direct == nil; i-- {
			n.direct = c.labels[i][e.Label]
		}
	}
	if n.direct != nil && n.offset == nil {
		c.calls = append(c.calls, n.direct)
	} else {
		c.loud = true
	}
	return n
}

// indirectName compiles the @x that stands for a label or a routine: x's value is the name.
func (c *compiler) indirectName(n lang.Node) expr {
	if at, ok := n.(*lang.Indirect); ok {
		return c.expr(at.Of)
	}
	return c.expr(n)
}

// target compiles what SET, READ and their kin assign to.
func (c *compiler) target(n lang.Node) target {
	switch n := n.(type) {
	case *lang.Special:
		c.loud = true
		row := lookupSpecial(n.Name)
		if row == nil && foreignSpecial(n.Name) != "" {
			foreign := c.special(n)
			return &specialTarget{func(p *Process, _ Value) { foreign.eval(p) }}
		}
		if row == nil {
			c.fail(n, "unknown special variable $%s%s", n.Name, suggest(n.Name, specialNames()))
		}
		if row.set == nil {
			c.fail(n, "special variable $%s cannot be set", row.Name)
		}
		return &specialTarget{row.set}
	case *lang.Call:
		return c.callTarget(n)
	case *lang.Member:
		c.loud = true
		return c.memberTarget(n)
	}
	return c.glvn(n)
}
