package runtime

// XECUTE and $XECUTE with parameters: the code begins with a formal list.

import (
	"strings"

	"cos/lang"
)

// XECUTE (code,actual,…)
type xecuteCallCmd struct {
	code expr
	args []actual
}

func (n *xecuteCallCmd) exec(p *Process) flow {
	fl := p.xecuteCall(n.code.eval(p).utf8(), n.args, frameXecute)
	p.ret = Value{}
	switch fl {
	case flowGoto, flowReturn:
		return fl
	}
	return flowNext
}

// xecuteArguments compiles the actuals of $XECUTE.
func (c *compiler) xecuteArguments(list []lang.Node) []actual {
	all := make([]*lang.Actual, len(list))
	for i, n := range list {
		all[i] = &lang.Actual{X: n}
		switch n := n.(type) {
		case *lang.ByRef:
			all[i].X, all[i].ByRef = n.X, true
		case *lang.Spread:
			all[i].X, all[i].Variadic = n.X, true
		}
	}
	return c.actuals(all)
}

// xecuteCall runs code that begins with a formal list, in a frame of its own.
func (p *Process) xecuteCall(code string, args []actual, kind frameKind) flow {
	e := *p.compileParametered(code)
	e.routine = p.routine
	base, refs := len(p.stack), len(p.refs)
	if len(args) > 0 {
		p.evalActuals(args)
	}
	return p.call(&e, base, refs, kind)
}

// compileParametered compiles code that begins with a formal list. Code without one
// takes no actuals.
func (p *Process) compileParametered(code string) *entry {
	if e := p.caches.parametered[code]; e != nil {
		return e
	}
	const label = "x"
	text := label + "() " + code
	if formals, rest, ok := formalList(code); ok {
		text = label + formals + " " + rest
	}
	src := lang.ParseRoutine("", text)
	c := &compiler{sys: p.sys, keepPos: true}
	labels := labelSet{}
	b := c.lines(src.Lines, labels)
	if len(src.Errors) > 0 || len(labels) != 1 || labels[label].proc != nil {
		p.raise(errSyntax, "")
	}
	e := labels[label]
	e.block = b
	if len(code) <= maxCachedText {
		if p.caches.parametered == nil {
			p.caches.parametered = map[string]*entry{}
		}
		evict(p.caches.parametered)
		p.caches.parametered[strings.Clone(code)] = e
	}
	return e
}

// formalList splits code behind its formal list. Parameters that are passed by reference
// may be marked with & or a dot there, which says nothing that the call does not.
func formalList(code string) (formals, rest string, ok bool) {
	if !strings.HasPrefix(code, "(") {
		return "", "", false
	}
	quoted, depth := false, 0
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		c := code[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '&', c == '.' && i > 0 && (code[i-1] == '(' || code[i-1] == ','):
			continue
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				b.WriteByte(c)
				return b.String(), code[i+1:], true
			}
		}
		b.WriteByte(c)
	}
	return "", "", false
}
