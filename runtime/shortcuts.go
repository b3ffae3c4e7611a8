package runtime

// Measured shortcuts: fused nodes for shapes that programs run millions of times. Each
// one can be deleted: the general nodes do the same work.

import "strings"

func shortcutAdd(l, r expr) expr { return &addExpr{l, r} }
func shortcutSub(l, r expr) expr { return &subExpr{l, r} }
func shortcutMod(l, r expr) expr { return &modExpr{l, r} }

func shortcutEqual(l, r expr, not bool) expr { return &equalExpr{l, r, not} }

// shortcutSet compiles SET local=value; SET S=S_… appends in place.
func shortcutSet(t *localExpr, value expr) command {
	if k, ok := value.(*concatExpr); ok {
		if first, ok := k.parts[0].(*localExpr); ok && first.slot == t.slot {
			return &appendCmd{slot: t.slot, whole: k, rest: k.parts[1:]}
		}
	}
	return &setLocalCmd{slot: t.slot, value: value}
}

// appendCmd is SET S=S_a_b: when S is the string that this process appended to last, it
// grows in its own spare capacity (STRP: 3.1 s without, 0.2 s with).
type appendCmd struct {
	slot  int
	whole *concatExpr
	rest  []expr
}

// appendCache remembers the buffers of the strings that grow: b holds exactly s.
type appendCache struct {
	entries [4]struct {
		b strings.Builder
		s string
	}
	next int
}

// appendFrom is the length from which appending in place pays.
const appendFrom = 64

func (n *appendCmd) exec(p *Process) flow {
	v := p.lookup(n.slot)
	if v == nil || v.kind != kindText || len(v.text) < appendFrom {
		p.setLocal(n.slot, n.whole.eval(p))
		return flowNext
	}
	base := len(p.stack)
	size := len(v.text)
	for _, x := range n.rest {
		a := x.eval(p).asText()
		size += len(a.text)
		p.stack = append(p.stack, a)
	}
	parts := p.stack[base:]
	v = p.lookup(n.slot) // an extrinsic function may have changed it
	if v == nil || v.kind != kindText || size > maxString || anyWide(parts) {
		p.stack = p.stack[:base]
		p.setLocal(n.slot, n.whole.eval(p))
		return flowNext
	}
	c := &p.appends
	at := -1
	for i := range c.entries {
		if s := c.entries[i].s; len(s) == len(v.text) && s == v.text {
			at = i
			break
		}
	}
	if at < 0 {
		at = c.next
		c.next = (c.next + 1) % len(c.entries)
		e := &c.entries[at]
		e.b.Reset()
		e.b.Grow(2 * size)
		e.b.WriteString(v.text)
	}
	e := &c.entries[at]
	for i := range parts {
		e.b.WriteString(parts[i].text)
	}
	e.s = e.b.String()
	v.text = e.s
	p.stack = p.stack[:base]
	return flowNext
}

func anyWide(parts []Value) bool {
	for i := range parts {
		if parts[i].kind == kindWide {
			return true
		}
	}
	return false
}
