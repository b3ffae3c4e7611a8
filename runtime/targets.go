package runtime

// Targets: what SET, READ, FOR, MERGE and their kin assign to, and the glvn nodes that
// $DATA, $GET, $ORDER, KILL and by-reference passing need as names, not as values.

import "strconv"

// target is something a value can be assigned to.
type target interface{ set(*Process, Value) }

// glvn is a variable reference that may stand where a name is wanted.
type glvn interface {
	expr
	target
	// resolve evaluates the reference down to a named node.
	resolve(*Process) reference
}

// reference is a resolved glvn: a local (slot and path) or a global (see globals.go).
// Its path lives on p.stack: use it at once, then drop it.
type reference struct {
	slot   int
	path   []Value
	global *globalRef // nil: a local
	base   int        // p.stack before it was resolved
}

// drop takes the reference's path off p.stack.
func (r *reference) drop(p *Process) { p.stack = p.stack[:r.base] }

func (n *localExpr) set(p *Process, v Value) {
	if n.slot < len(p.vars) {
		if x := p.vars[n.slot]; x != nil {
			if v.kind == kindNumber && x.text == "" { // spares the write barrier
				x.mant, x.exp, x.kind = v.mant, v.exp, kindNumber
				return
			}
			if len(v.text) >= largeText {
				p.claim(len(v.text))
			}
			x.Value = v
			return
		}
	}
	p.setLocalAny(n.slot, v)
}

func (n *localExpr) resolve(p *Process) reference {
	return reference{slot: n.slot, base: len(p.stack)}
}

func (n *nodeExpr) set(p *Process, v Value) {
	if len(n.subs) == 1 {
		p.setNode1(n.slot, p.subscript(n.slot, n.subs[0].eval(p)), v)
		return
	}
	base := len(p.stack)
	path := p.evalSubs(n.slot, n.subs)
	p.store(n.slot, path, v)
	p.stack = p.stack[:base]
}

func (p *Process) setNode1(slot int, k, v Value) {
	p.setBelow(p.variable(slot), k, v)
}

// setBelow assigns the node at a stored subscript below x.
func (p *Process) setBelow(x *Var, k, v Value) {
	if x.nodes == nil {
		x.nodes = p.newTree()
	}
	node, fresh := x.nodes.node(k)
	if fresh {
		if len(k.text) > plainSubscript {
			x.nodes.rich = true
		}
		if p.memory.room -= nodeSize + len(k.text); p.memory.room < 0 {
			p.outgrown(x.nodes, k, node, nodeSize+len(k.text), true)
		}
	}
	if v.kind == kindNumber && node.text == "" {
		node.mant, node.exp, node.kind = v.mant, v.exp, kindNumber
		return
	}
	x.nodes.rich = true
	if p.memory.room -= len(v.text); p.memory.room < 0 {
		p.outgrown(x.nodes, k, node, len(v.text), fresh)
	}
	node.Value = v
}

func (n *nodeExpr) resolve(p *Process) reference {
	base := len(p.stack)
	r := reference{slot: n.slot, base: base}
	r.path = p.evalLooseSubs(&r, n.subs)
	return r
}

// value reads a resolved reference.
func (r *reference) value(p *Process) Value {
	if r.global != nil {
		return p.globalGet(r)
	}
	if v := p.findNode(r.slot, r.path); v != nil {
		return v.Value
	}
	return Value{}
}

// read is the value of a resolved reference, or what an undefined one gives; the
// reference is dropped.
func (r *reference) read(p *Process) Value {
	v := r.value(p)
	if v.kind == kindUndefined {
		p.undefinedReference(r)
		v = Empty
	}
	r.drop(p)
	return v
}

// assign sets a resolved reference.
func (r *reference) assign(p *Process, v Value) {
	if r.global != nil {
		p.globalSet(r, v)
		return
	}
	p.checkPath(r)
	p.store(r.slot, r.path, v)
}

// checkPath refuses a null subscript, which resolve lets through for $ORDER.
func (p *Process) checkPath(r *reference) {
	for i, k := range r.path {
		if p.refuses(k) {
			p.nullSubscript(r, r.path[:i])
		}
	}
}

// kill removes a resolved reference: with all its descendants, or (keep) its value
// alone.
func (r *reference) kill(p *Process, keep bool) {
	if r.global != nil {
		p.globalKill(r, keep)
		return
	}
	p.checkPath(r)
	v := p.lookup(r.slot)
	if v == nil {
		return
	}
	if len(r.path) == 0 {
		v.Value = Value{}
		if !keep {
			v.nodes = nil
		}
		return
	}
	if v.nodes != nil {
		v.nodes.kill(r.path, keep)
		if v.nodes.size() == 0 {
			v.nodes = nil
		}
	}
}

// data is $DATA of a resolved reference: 0, 1, 10 or 11.
func (r *reference) data(p *Process) int {
	if r.global != nil {
		return p.globalData(r)
	}
	v := p.findNode(r.slot, r.path)
	if v == nil {
		return 0
	}
	d := 0
	if v.kind != kindUndefined {
		d = 1
	}
	if v.nodes != nil && v.nodes.size() > 0 {
		d += 10
	}
	return d
}

// order is $ORDER of a resolved reference: the neighbour of its last subscript.
func (r *reference) order(p *Process, dir int) (Value, bool) {
	if r.global != nil {
		return p.globalOrder(r, dir)
	}
	n := len(r.path) - 1
	if n < 0 {
		return p.orderNames(r.slot, dir)
	}
	v := p.findNode(r.slot, r.path[:n])
	if v == nil || v.nodes == nil {
		return Empty, false
	}
	return v.nodes.order(r.path[n], dir)
}

// name is the reference as $NAME and errors write it.
func (r *reference) name(p *Process) string {
	if r.global != nil {
		return p.globalName(r)
	}
	return formatName(p.sys.symbols.symbol(r.slot).name, r.path)
}

// formatName writes name(subscripts) with strings quoted.
func formatName(name string, path []Value) string {
	if len(path) == 0 {
		return name
	}
	b := append([]byte(name), '(')
	for i, k := range path {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSubscript(b, k)
	}
	return string(append(b, ')'))
}

// appendSubscript writes one subscript: canonical numbers bare, strings quoted.
func appendSubscript(b []byte, k Value) []byte {
	switch k.kind {
	case kindNumber:
		return k.appendText(b)
	case kindText:
		if isCanonical(k.text) {
			return append(b, k.text...)
		}
	}
	b = append(b, '"')
	for _, r := range k.utf8() {
		if r == '"' {
			b = append(b, '"')
		}
		b = append(b, string(r)...)
	}
	return append(b, '"')
}

// undefinedLocal is what reading an undefined local gives: <UNDEFINED>, or "" when
// %SYSTEM.Process.Undefined() says so. A path on p.stack is dropped by the unwinding.
func (p *Process) undefinedLocal(slot int, path []Value) Value {
	if p.settings.undefined == 2 || p.settings.undefined == 1 && len(path) > 0 {
		return Empty
	}
	name := formatName(p.sys.symbols.symbol(slot).name, path)
	if name[0] != '^' { // a process-private global shows its caret instead
		name = "*" + name
	}
	p.raise(errUndefined, name)
	return Value{}
}

// nullSubscript raises <SUBSCRIPT> *x() Subscript 1 is "": r's subscript behind those
// of before is null.
func (p *Process) nullSubscript(r *reference, before []Value) {
	name := ""
	if r.global != nil {
		name = p.globalName(&reference{global: r.global, path: before})
	} else if name = formatName(p.sys.symbols.symbol(r.slot).name, before); name[0] != '^' {
		name = "*" + name
	}
	if len(before) == 0 {
		name += "()"
	}
	p.raise(errSubscript, name+" Subscript "+strconv.Itoa(len(before)+1)+` is ""`)
}

// orderNames is $ORDER(name): the neighbouring local variable by name.
func (p *Process) orderNames(slot, dir int) (Value, bool) {
	from := p.sys.symbols.symbol(slot).name
	best := ""
	for _, n := range p.localNames() {
		if dir > 0 && n > from && (best == "" || n < best) || dir < 0 && n < from && n > best {
			best = n
		}
	}
	return Text(best), best != ""
}

// mergeInto is MERGE dst=src for resolved references.
func (p *Process) mergeInto(dst, src *reference) {
	if dst.global != nil || src.global != nil {
		p.globalMerge(dst, src)
		return
	}
	from := p.findNode(src.slot, src.path)
	if !from.exists() {
		return
	}
	if p.lookup(dst.slot) == p.lookup(src.slot) && overlap(dst.path, src.path) {
		if len(dst.path) == len(src.path) {
			return
		}
		p.raise(errCommand, "")
	}
	p.checkPath(dst)
	p.claim(sizeOf(from))
	mergeVar(p.makeNode(dst.slot, dst.path), from)
}

// overlap says whether one path leads to, or through, the other.
func overlap(a, b []Value) bool {
	for i := range min(len(a), len(b)) {
		if collate(a[i], b[i]) != 0 {
			return false
		}
	}
	return true
}
