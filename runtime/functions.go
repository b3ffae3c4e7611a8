package runtime

// THE INTRINSIC TABLE: functions of values (valueFunctions, in fn_*.go) and those that
// need names or laziness, which compile themselves (nameFunctions).

import (
	"sort"
	"strconv"
	"strings"

	"cos/lang"
)

// nameFunctions are the functions whose arguments are more than values.
func nameFunctions() []intrinsic {
	return []intrinsic{
		{Name: "CASE", Abbr: "CASE", Min: 2, Max: -1, compile: compileCase,
			Syntax: "$CASE(x,v:r,…,:default)", Doc: "the result of the first v that equals x"},
		{Name: "DATA", Abbr: "D", Min: 1, Max: 2, compile: compileData,
			Syntax: "$DATA(glvn[,target])", Doc: "0 undefined, 1 value, 10 descendants, 11 both; target receives the value"},
		{Name: "GET", Abbr: "G", Min: 1, Max: 2, compile: compileGet,
			Syntax: "$GET(glvn[,default])", Doc: "the value, or the default (\"\") where there is none"},
		{Name: "INCREMENT", Abbr: "I", Min: 1, Max: 2, compile: compileIncrement,
			Syntax: "$INCREMENT(glvn[,n])", Doc: "adds n (1) to the variable, atomically for a global, and returns the sum"},
		{Name: "ZINCREMENT", Abbr: "ZINCREMENT", Min: 1, Max: 2, compile: compileIncrement,
			Syntax: "$ZINCREMENT(glvn[,n])", Doc: "$INCREMENT by an older name"},
		{Name: "SEQUENCE", Abbr: "SEQ", Min: 1, Max: 2, compile: compileIncrement,
			Syntax: "$SEQUENCE(glvn)", Doc: "$INCREMENT for concurrent processes"},
		{Name: "NAME", Abbr: "NA", Min: 1, Max: 2, compile: compileName,
			Syntax: "$NAME(glvn[,n])", Doc: "the full name of the variable with at most n subscripts"},
		{Name: "NEXT", Abbr: "N", Min: 1, Max: 1, compile: func(c *compiler, n *lang.Call) expr { return &nextExpr{orderExpr{c.walkArgs(n)}} },
			Syntax: "$NEXT(glvn)", Doc: "the next subscript, by an older name: -1 stands for the start and the end"},
		{Name: "ORDER", Abbr: "O", Min: 1, Max: 3, compile: compileOrder,
			Syntax: "$ORDER(glvn[,dir[,target]])", Doc: "the next (dir 1) or previous (-1) subscript, \"\" at the end"},
		{Name: "QUERY", Abbr: "Q", Min: 1, Max: 3, compile: compileQuery,
			Syntax: "$QUERY(glvn[,dir[,target]])", Doc: "the full name of the next node with a value, \"\" at the end"},
		{Name: "ZNEXT", Abbr: "ZNEXT", Min: 1, Max: 1, compile: func(c *compiler, n *lang.Call) expr { return &znextExpr{queryExpr{c.walkArgs(n)}} },
			Syntax: "$ZNEXT(glvn)", Doc: "$QUERY by an older name: -1 stands for the start and the end"},
		{Name: "ZORDER", Abbr: "ZO", Min: 1, Max: 1, compile: compileQuery,
			Syntax: "$ZORDER(glvn)", Doc: "$QUERY by an older name"},
		{Name: "SELECT", Abbr: "S", Min: 1, Max: -1, compile: compileSelect,
			Syntax: "$SELECT(c:v,…)", Doc: "the value beside the first true condition"},
		{Name: "TEXT", Abbr: "T", Min: 1, Max: 2, compile: compileText,
			Syntax: "$TEXT(label+offset^routine)", Doc: "a line of source"},
		{Name: "XECUTE", Abbr: "XECUTE", Min: 1, Max: -1, compile: compileXecuteFunction,
			Syntax: "$XECUTE(code[,actual,…])", Doc: "executes command lines and gives what they QUIT with"},
	}
}

// processFunctions need the process, but only values as arguments.
var processFunctions = []intrinsic{
	{Name: "ISOBJECT", Abbr: "ISOBJECT", Min: 1, Max: 1, Fn: fnIsObject, Syntax: "$ISOBJECT(x)", Doc: "1 for an oref, 0 otherwise"},
	{Name: "QLENGTH", Abbr: "QL", Min: 1, Max: 1, Fn: fnQlength, Syntax: "$QLENGTH(name)", Doc: "number of subscripts in a variable's name"},
	{Name: "QSUBSCRIPT", Abbr: "QS", Min: 2, Max: 3, Fn: fnQsubscript, Syntax: "$QSUBSCRIPT(name,n)", Doc: "the n-th subscript of a name, 0 its variable, -1 its namespace"},
	{Name: "STACK", Abbr: "ST", Min: 1, Max: 2, Fn: fnStack, Syntax: "$STACK(n[,what])", Doc: "how a stack level began, -1 the last level; what is PLACE (label+offset^routine +command), MCODE or ECODE"},
	{Name: "ZUTIL", Abbr: "ZU", Min: 1, Max: -1, Fn: fnZutil, Syntax: "$ZUTIL(n,…)", Doc: "old system functions"},
	{Name: "ZVERSION", Abbr: "ZV", Min: 1, Max: 1, Fn: fnZversion, Syntax: "$ZVERSION(1)", Doc: "3 on UNIX, 2 on Windows"},
}

// functionTables are all tables of functions.
func functionTables() [][]intrinsic {
	return [][]intrinsic{nameFunctions(), objectFunctions(), listNames(), oldFunctions(), processFunctions, systemFunctions, valueFunctions,
		zbitFunctions(), wideFunctions(), binaryFunctions()}
}

var functionIndex map[string]*intrinsic

func init() {
	functionIndex = map[string]*intrinsic{}
	for _, table := range functionTables() {
		for i := range table {
			f := &table[i]
			if f.compile == nil {
				if special := hotFunctions[f.Name]; special != nil {
					f.compile = special
				}
			}
			functionIndex[f.Name] = f
			if functionIndex[f.Abbr] == nil {
				functionIndex[f.Abbr] = f
			}
		}
	}
}

func lookupFunction(name string) *intrinsic { return functionIndex[name] }

func functionNames() []string {
	seen := map[string]bool{}
	for _, f := range functionIndex {
		seen[f.Name] = true
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// suggest names the nearest known name, as "; did you mean X?".
func suggest(name string, known []string) string {
	if near := lang.Nearest(name, known); near != "" {
		return "; did you mean $" + near + "?"
	}
	return ""
}

func compileSelect(c *compiler, n *lang.Call) expr {
	x := &selectExpr{}
	for _, a := range n.Args {
		pair, ok := a.(*lang.Pair)
		if !ok || pair.L == nil {
			c.fail(n, "$SELECT takes condition:value pairs")
		}
		x.conds = append(x.conds, c.condition(pair.L))
		x.values = append(x.values, c.expr(pair.R))
	}
	return x
}

func compileCase(c *compiler, n *lang.Call) expr { return c.caseOf(n, c.expr) }

// caseOf compiles $CASE; result compiles what stands after the colons.
func (c *compiler) caseOf(n *lang.Call, result func(lang.Node) expr) *caseExpr {
	x := &caseExpr{x: c.expr(n.Args[0])}
	for _, a := range n.Args[1:] {
		pair, ok := a.(*lang.Pair)
		if !ok {
			c.fail(n, "$CASE takes value:result pairs")
		}
		if pair.L == nil {
			x.otherwise = result(pair.R)
			continue
		}
		x.cases = append(x.cases, c.expr(pair.L))
		x.yield = append(x.yield, result(pair.R))
	}
	return x
}

func (c *compiler) optional(n *lang.Call, i int) expr {
	if i < len(n.Args) && n.Args[i] != nil {
		return c.expr(n.Args[i])
	}
	return nil
}

// $DATA
type dataExpr struct {
	v      glvn
	target target
}

func compileData(c *compiler, n *lang.Call) expr {
	x := &dataExpr{v: c.glvn(n.Args[0])}
	if len(n.Args) > 1 {
		x.target = c.target(n.Args[1])
	}
	return x
}

func (n *dataExpr) eval(p *Process) Value {
	if s, ok := n.v.(*structuredExpr); ok && n.target == nil {
		return Int(int64(s.data(p)))
	}
	r := n.v.resolve(p)
	d := r.data(p)
	if n.target != nil && d&1 != 0 {
		v := r.value(p)
		r.drop(p)
		if v.kind == kindUndefined { // another process has killed it between the two looks
			return Int(int64(d &^ 1))
		}
		n.target.set(p, v)
		return Int(int64(d))
	}
	r.drop(p)
	return Int(int64(d))
}

func (n *dataExpr) truth(p *Process) bool { return n.eval(p).mant != 0 }

// $GET
type getExpr struct {
	v        glvn
	fallback expr
}

func compileGet(c *compiler, n *lang.Call) expr {
	if m, ok := n.Args[0].(*lang.Member); ok {
		return &getMemberExpr{c.expr(m), c.optional(n, 1)}
	}
	return &getExpr{v: c.glvn(n.Args[0]), fallback: c.optional(n, 1)}
}

// The default is evaluated in any case: an undefined one raises <UNDEFINED>, and the
// naked indicator is its last reference.
func (n *getExpr) eval(p *Process) Value {
	v := n.value(p)
	fallback := Empty
	if n.fallback != nil {
		fallback = n.fallback.eval(p)
	}
	if v.kind == kindUndefined {
		return fallback
	}
	return v
}

// getMemberExpr is $GET(object.property[,default]).
type getMemberExpr struct{ property, fallback expr }

func (n *getMemberExpr) eval(p *Process) Value {
	v, fallback := n.property.eval(p), Empty
	if n.fallback != nil {
		fallback = n.fallback.eval(p)
	}
	if v.kind == kindUndefined {
		return fallback
	}
	return v
}

func (n *getExpr) value(p *Process) Value {
	switch v := n.v.(type) {
	case *localExpr:
		if x := p.lookup(v.slot); x != nil {
			return x.Value
		}
		return Value{}
	case *nodeExpr:
		if len(v.subs) == 1 {
			k := p.subscript(v.slot, v.subs[0].eval(p))
			if x := p.lookup(v.slot); x != nil && x.nodes != nil {
				if x = x.nodes.find(k); x != nil {
					return x.Value
				}
			}
			return Value{}
		}
	}
	r := n.v.resolve(p)
	v := r.value(p)
	r.drop(p)
	return v
}

// $INCREMENT
type incrementExpr struct {
	v  glvn
	by expr
}

func compileIncrement(c *compiler, n *lang.Call) expr {
	return &incrementExpr{v: c.glvn(n.Args[0]), by: c.optional(n, 1)}
}

func (n *incrementExpr) eval(p *Process) Value {
	by := Int(1)
	r := n.v.resolve(p)
	if n.by != nil {
		by = n.by.eval(p).number()
	}
	if r.global != nil {
		v := p.globalIncrement(&r, by)
		r.drop(p)
		return v
	}
	v := r.value(p)
	if v.kind == kindUndefined {
		v = Int(0)
	}
	v = p.add(v.number(), by)
	r.assign(p, v)
	r.drop(p)
	return v
}

// $NAME
type nameExpr struct {
	v   glvn
	max expr
}

func compileName(c *compiler, n *lang.Call) expr {
	return &nameExpr{v: c.glvn(n.Args[0]), max: c.optional(n, 1)}
}

func (n *nameExpr) eval(p *Process) Value {
	r := n.v.resolve(p)
	if n.max != nil {
		limit := n.max.eval(p).int64()
		if limit < 0 {
			p.raise(errFunction, "")
		}
		if int64(len(r.path)) > limit {
			r.path = r.path[:limit]
		}
	}
	name := r.name(p)
	r.drop(p)
	return FromUTF8(name)
}

// walkArgs are the arguments of $ORDER and $QUERY.
type walkArgs struct {
	v      glvn
	dir    expr   // nil: forward
	refers bool   // dir is no constant: a global in it is the next naked reference's
	target target // nil: the value is not wanted
}

// begin evaluates the reference and then the direction. The naked indicator stays what
// they leave behind: give last to settle after the step.
func (n *walkArgs) begin(p *Process) (r reference, dir int, last *reference) {
	r = n.v.resolve(p)
	if !n.refers || r.global == nil {
		return r, p.direction(n.dir), nil
	}
	p.refer(&r)
	dir = p.direction(n.dir)
	return r, dir, &reference{global: p.globals.naked, path: cloneValues(p.globals.path)}
}

func (p *Process) settle(last *reference) {
	if last != nil {
		p.refer(last)
	}
}

func (c *compiler) walkArgs(n *lang.Call) walkArgs {
	x := walkArgs{v: c.glvn(n.Args[0]), dir: c.optional(n, 1)}
	if x.dir != nil {
		_, fixed := x.dir.(*constant)
		x.refers = !fixed
	}
	if len(n.Args) > 2 {
		x.target = c.target(n.Args[2])
	}
	return x
}

// $ORDER
type orderExpr struct{ walkArgs }

func compileOrder(c *compiler, n *lang.Call) expr { return &orderExpr{c.walkArgs(n)} }

func (p *Process) direction(dir expr) int {
	if dir == nil {
		return 1
	}
	switch dir.eval(p).int64() {
	case 1:
		return 1
	case -1:
		return -1
	}
	p.raise(errFunction, "")
	return 0
}

func (n *orderExpr) eval(p *Process) Value {
	r, dir, last := n.begin(p)
	k, ok := r.order(p, dir)
	p.settle(last)
	for ok && n.target != nil {
		if v := r.sibling(p, k); v.kind != kindUndefined {
			r.drop(p)
			n.target.set(p, v)
			return k
		}
		d := 10
		if r.global != nil && len(r.path) > 0 {
			d = r.data(p)
		}
		if d == 10 {
			break // it has no value
		}
		if d == 0 { // another process has killed it between the two looks; with d 1 it has set it again
			k, ok = r.order(p, dir)
		}
	}
	r.drop(p)
	if !ok {
		return Empty
	}
	return k
}

// $NEXT
type nextExpr struct{ orderExpr }

func (n *nextExpr) eval(p *Process) Value {
	r, dir, last := n.begin(p)
	if i := len(r.path) - 1; i >= 0 && equal(r.path[i], Int(-1)) {
		r.path[i] = Empty
	}
	k, ok := r.order(p, dir)
	p.settle(last)
	r.drop(p)
	if !ok {
		return Int(-1)
	}
	return k
}

// sibling is the value of the node beside r at subscript k.
func (r *reference) sibling(p *Process, k Value) Value {
	if r.global != nil {
		return p.globalSibling(r, k)
	}
	if len(r.path) == 0 {
		if v := p.lookup(p.sys.symbols.slot(k.text)); v != nil {
			return v.Value
		}
		return Value{}
	}
	r.path[len(r.path)-1] = k
	return r.value(p)
}

// $QUERY
type queryExpr struct{ walkArgs }

func compileQuery(c *compiler, n *lang.Call) expr { return &queryExpr{c.walkArgs(n)} }

func (n *queryExpr) eval(p *Process) Value {
	r, dir, last := n.begin(p)
	return n.query(p, r, dir, last)
}

// query finds the next node behind what begin has resolved.
func (n *queryExpr) query(p *Process, r reference, dir int, last *reference) Value {
	var name string
	var value Value
	if r.global != nil {
		name, value = p.globalQuery(&r, dir)
	} else {
		path, v := p.queryLocal(&r, dir)
		if v != nil {
			name, value = formatName(p.sys.symbols.symbol(r.slot).name, path), v.Value
		}
	}
	r.drop(p)
	p.settle(last)
	if name != "" && n.target != nil {
		n.target.set(p, value)
	}
	return FromUTF8(name)
}

// $ZNEXT
type znextExpr struct{ queryExpr }

func (n *znextExpr) eval(p *Process) Value {
	r, dir, last := n.begin(p)
	if i := len(r.path) - 1; i >= 0 && equal(r.path[i], Int(-1)) {
		r.path[i] = Empty
	}
	if name := n.query(p, r, dir, last); len(name.text) > 0 {
		return name
	}
	return Int(-1)
}

// queryLocal finds the next (or previous) node with a value in depth-first order.
func (p *Process) queryLocal(r *reference, dir int) ([]Value, *Var) {
	root := p.lookup(r.slot)
	if root == nil {
		return nil, nil
	}
	if dir > 0 {
		return queryNext(root, r.path)
	}
	return queryPrev(root, r.path)
}

// queryNext: the first valued node after path.
func queryNext(root *Var, path []Value) ([]Value, *Var) {
	if at := descend(root, path); at != nil && at.nodes != nil {
		if sub, v := firstBelow(at.nodes); v != nil {
			return append(cloneValues(path), sub...), v
		}
	}
	for n := len(path) - 1; n >= 0; n-- {
		up := descend(root, path[:n])
		if up == nil || up.nodes == nil {
			continue
		}
		for k, ok := up.nodes.order(path[n], 1); ok; k, ok = up.nodes.order(k, 1) {
			v := up.nodes.find(k)
			here := append(cloneValues(path[:n]), k)
			if v.kind != kindUndefined {
				return here, v
			}
			if v.nodes != nil {
				if sub, x := firstBelow(v.nodes); x != nil {
					return append(here, sub...), x
				}
			}
		}
	}
	return nil, nil
}

// queryPrev: the last valued node before path.
func queryPrev(root *Var, path []Value) ([]Value, *Var) {
	for n := len(path) - 1; n >= 0; n-- {
		up := descend(root, path[:n])
		if up == nil {
			continue
		}
		if up.nodes != nil {
			for k, ok := up.nodes.order(path[n], -1); ok; k, ok = up.nodes.order(k, -1) {
				v := up.nodes.find(k)
				here := append(cloneValues(path[:n]), k)
				if v.nodes != nil {
					if sub, x := lastBelow(v.nodes); x != nil {
						return append(here, sub...), x
					}
				}
				if v.kind != kindUndefined {
					return here, v
				}
			}
		}
		if up.kind != kindUndefined {
			return cloneValues(path[:n]), up
		}
	}
	return nil, nil
}

func descend(v *Var, path []Value) *Var {
	for _, k := range path {
		if v.nodes == nil {
			return nil
		}
		if v = v.nodes.find(k); v == nil {
			return nil
		}
	}
	return v
}

func firstBelow(t *tree) ([]Value, *Var) {
	for k, ok := t.order(Empty, 1); ok; k, ok = t.order(k, 1) {
		v := t.find(k)
		if v.kind != kindUndefined {
			return []Value{k}, v
		}
		if v.nodes != nil {
			if sub, x := firstBelow(v.nodes); x != nil {
				return append([]Value{k}, sub...), x
			}
		}
	}
	return nil, nil
}

func lastBelow(t *tree) ([]Value, *Var) {
	for k, ok := t.order(Empty, -1); ok; k, ok = t.order(k, -1) {
		v := t.find(k)
		if v.nodes != nil {
			if sub, x := lastBelow(v.nodes); x != nil {
				return append([]Value{k}, sub...), x
			}
		}
		if v.kind != kindUndefined {
			return []Value{k}, v
		}
	}
	return nil, nil
}

func cloneValues(path []Value) []Value { return append(make([]Value, 0, len(path)+4), path...) }

// $TEXT
type textExpr struct{ entry *entryNode }

func compileText(c *compiler, n *lang.Call) expr {
	e, ok := n.Args[0].(*lang.EntryNode)
	if !ok {
		c.fail(n, "$TEXT takes label+offset^routine")
	}
	x := c.entryref(e.Entry)
	x.direct = nil
	return &textExpr{entry: x}
}

func (n *textExpr) eval(p *Process) Value {
	label, routine, caret, moved, offset := n.entry.parts(p)
	r := p.currentRoutine()
	if caret {
		var err error
		if r, err = p.sys.Routine(routine); err != nil {
			return Empty
		}
	}
	if r == nil || r.Name == "" && p.buffer() == nil {
		return Empty
	}
	if label == "" && offset == 0 {
		switch {
		case moved: // $TEXT(+0) is the routine's name
			return Text(r.Name)
		case !caret:
			return Empty
		}
		offset = 1 // $TEXT(^routine) is its first line
	}
	line := r.sourceLine(label, offset)
	if line == 0 {
		return Empty
	}
	return FromUTF8(textLine(r.Source[line-1]))
}

// textLine is a source line as $TEXT gives it: label, one blank, code.
func textLine(s string) string {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s
	}
	code := strings.TrimLeft(s[i:], " \t")
	return s[:i] + " " + code
}

// $XECUTE
type xecuteExpr struct {
	code expr
	args []actual
}

func compileXecuteFunction(c *compiler, n *lang.Call) expr {
	return &xecuteExpr{c.expr(n.Args[0]), c.xecuteArguments(n.Args[1:])}
}

func (n *xecuteExpr) eval(p *Process) Value {
	code, test := n.code.eval(p).utf8(), p.test
	p.ret = Value{}
	if len(n.args) > 0 || strings.HasPrefix(code, "(") {
		p.xecuteCall(code, n.args, frameExtrinsic)
	} else {
		b := p.compileCommands(code)
		p.enter(frameExtrinsic, b.weight)
		p.execute(b, 0, 0)
		p.finish()
	}
	p.test = test
	v := p.ret
	p.ret = Value{}
	if v.kind == kindUndefined {
		p.raise(errCommand, "")
	}
	return v
}

// parseName takes a variable's name apart: base name with caret, subscripts.
func (p *Process) parseName(v Value) (base string, env []Value, subs []Value) {
	node, err := lang.ParseExpr(v.utf8())
	if err != nil {
		p.raise(errSyntax, "")
	}
	c := &compiler{sys: p.sys, keepPos: true, block: &block{}}
	values := func(list []lang.Node) []Value {
		var out []Value
		for _, n := range list {
			var x expr
			if c.protect(&lang.Head{}, func() { x = c.expr(n) }) != nil {
				p.raise(errSyntax, "")
			}
			out = append(out, x.eval(p))
		}
		return out
	}
	switch n := node.(type) {
	case *lang.Var:
		return n.Name, nil, values(n.Subs)
	case *lang.Global:
		name := "^" + n.Name
		if n.Private {
			name = "^||" + n.Name
		}
		return name, values(n.Env), values(n.Subs)
	}
	p.raise(errSyntax, "")
	return "", nil, nil
}

func fnQlength(p *Process, a []Value) Value {
	_, _, subs := p.parseName(a[0])
	return Int(int64(len(subs)))
}

func fnQsubscript(p *Process, a []Value) Value {
	base, env, subs := p.parseName(a[0])
	switch n := a[1].int64(); {
	case n == -1:
		if len(env) > 0 {
			return env[0]
		}
		return Empty
	case n < -1:
		p.raise(errFunction, "")
	case n == 0:
		return Text(base)
	case n <= int64(len(subs)):
		return subs[n-1]
	}
	return Empty
}

// fnStack is $STACK(n[,what]): the stack as it is, or as it was at the first error
// while $ECODE is not empty.
func fnStack(p *Process, a []Value) Value {
	n := a[0].int64()
	snap := p.errors.stack
	if p.errors.ecode == "" || len(snap) == 0 {
		saved := p.errors.stack
		p.errors.stack = nil
		p.snapshot()
		snap, p.errors.stack = p.errors.stack, saved
	}
	if len(a) == 1 {
		switch {
		case n == -1:
			return Int(int64(len(snap) - 1))
		case n < 0 || n >= int64(len(snap)):
			return Empty
		case snap[n].ecode != "" && n == int64(len(snap)-1):
			return Text(snap[n].ecode)
		}
		return Text(stackNames[snap[n].kind])
	}
	if n < 0 || n >= int64(len(snap)) {
		return Empty
	}
	l := snap[n]
	switch upper(a[1].utf8()) {
	case "ECODE":
		return Text(l.ecode)
	case "MCODE":
		return FromUTF8(lineOf(l.routine, l.pos).Text)
	case "PLACE":
		place := "@"
		if l.kind == frameXecute {
			return Text(place)
		}
		if l.routine != nil && l.routine.Name != "" {
			place = l.routine.place(l.pos.line())
		}
		if n := lang.CommandNumber(lineOf(l.routine, l.pos).Text, place == "@", l.pos.col()); n > 0 {
			place += " +" + strconv.Itoa(n)
		}
		return Text(place)
	}
	return Empty
}

var stackNames = [...]string{frameTop: "", frameDo: "DO", frameExtrinsic: "$$", frameDots: "DO", frameXecute: "XECUTE"}
