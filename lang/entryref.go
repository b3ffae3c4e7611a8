package lang

// Entryrefs, label+offset^routine, and the arguments of DO, GOTO and JOB built on them.

import "github.com/alecthomas/participle/v2"

const anEntryref = "a label or ^routine"

// parseEntryref parses label+offset^routine; each part may be absent or indirect.
func parseEntryref(p *cursor, offset bool) (*Entryref, error) {
	t := p.Peek()
	e := &Entryref{Pos: t.Pos}
	switch t.Type {
	case tIdent, tNum:
		p.Next()
		e.Label = t.Value
	case tAt:
		p.Next()
		of, err := parseIndirected(p)
		if err != nil {
			return nil, err
		}
		e.LabelAt = &Indirect{At: at(t), Of: of}
	case tGlobal, tCaretAt, tExtOpen:
		return e, parseRoutinePart(p, e)
	case tUnOp:
		if !offset || t.Value != "+" {
			return nil, unexpected(t, anEntryref)
		}
	default:
		return nil, unexpected(t, anEntryref)
	}
	if t := p.Peek(); offset && (isOp(t, "+") || t.Type == tUnOp) {
		p.Next()
		var err error
		if e.Offset, err = parseExpr(p); err != nil {
			return nil, err
		}
	}
	return e, parseRoutinePart(p, e)
}

// parseRoutinePart parses ^routine in each of its forms, if it is there.
func parseRoutinePart(p *cursor, e *Entryref) error {
	t := p.Peek()
	var err error
	switch t.Type {
	case tGlobal, tRoutine:
		p.Next()
		e.Caret, e.Routine = true, t.Value
		if p.Peek().Type == tRtnOpen {
			return parseNamespaceTail(p, e)
		}
	case tCaretAt, tRoutineAt:
		p.Next()
		e.Caret = true
		e.RoutineAt, err = parseOperand(p) // the @ is a token of its own
		return err
	case tExtOpen, tRtnOpen:
		e.Caret = true
		var env []Node
		if env, e.Routine, err = parseExtended(p); err != nil {
			return err
		}
		e.setNamespace(env)
	}
	return nil
}

// parseNamespaceTail parses the ["NS"] or |"NS"| that JOB allows after a routine.
func parseNamespaceTail(p *cursor, e *Entryref) error {
	p.Next()
	var env []Node
	for {
		x, err := parseExpr(p)
		if err != nil {
			return err
		}
		env = append(env, x)
		if p.Peek().Type != tComma {
			break
		}
		p.Next()
	}
	e.setNamespace(env)
	if t := p.Peek(); t.Type == tExtClose && t.Value != "" {
		return unexpected(t, `":" or the end of the entryref`)
	}
	return expect(p, tExtClose, "the end of the namespace")
}

func (e *Entryref) setNamespace(env []Node) {
	e.Namespace = env[0]
	if len(env) > 1 {
		e.System = env[1]
	}
}

// target is what DO, GOTO and JOB may be pointed at.
type target struct {
	entry  *Entryref
	actual []*Actual
	parens bool
	call   Node
}

// parseTargetArg parses an entryref with actuals, a method call, a function such as
// $CASE, or an indirection.
func parseTargetArg(p *cursor) (a target, err error) {
	t := p.Peek()
	switch t.Type {
	case tFunc:
		a.call, err = parseCall(p, true)
		if err == nil {
			a.call, err = parseMembers(p, a.call)
		}
		return a, err
	case tClass, tThis, tSystem, tMacro:
		a.call, err = parseTarget(p, anEntryref)
		return a, err
	}
	if a.entry, err = parseEntryref(p, true); err != nil {
		return a, err
	}
	if a.actual, a.parens, err = parseActuals(p); err != nil {
		return a, err
	}
	return a, a.settle(p)
}

// settle finds out that what was read as an entryref is a whole indirection, or the
// object of a method call.
func (a *target) settle(p *cursor) error {
	e := a.entry
	plain := e.Offset == nil && !e.Caret
	if plain && e.LabelAt != nil && !a.parens {
		n := e.LabelAt.(*Indirect)
		if err := parseAtSubs(p, n); err != nil {
			return err
		}
		x, err := parseMembers(p, n)
		a.entry, a.call = nil, x
		return err
	}
	if p.Peek().Type != tMember || !plain || e.Label == "" {
		return nil
	}
	object := &Var{At: At(e.Pos.Offset), Name: e.Label}
	for _, x := range a.actual {
		if x.X == nil || x.ByRef || x.Variadic {
			return unexpected(p.Peek(), `"," or the end of the argument`)
		}
		object.Subs = append(object.Subs, x.X)
	}
	x, err := parseMembers(p, object)
	*a = target{call: x}
	return err
}

// startsTarget tells whether an entryref or a call can begin with the token.
func startsTarget(k Kind) bool {
	switch k {
	case tIdent, tNum, tAt, tGlobal, tCaretAt, tExtOpen, tUnOp, tFunc, tClass, tThis, tSystem, tMacro:
		return true
	}
	return false
}

// Parse parses one argument of DO and GOTO.
func (a *EntryArg) Parse(p *cursor) error {
	t := p.Peek()
	if !startsTarget(t.Type) {
		return participle.NextMatch
	}
	g, err := parseTargetArg(p)
	if err != nil {
		return err
	}
	a.Pos, a.Entry, a.Actual, a.Parens, a.Call = t.Pos, g.entry, g.actual, g.parens, g.call
	if p.Peek().Type == tColon {
		p.Next()
		a.Post, err = needExpr(p)
	}
	return err
}

// Parse parses one argument of JOB: entryref(actuals):(parameters):timeout.
func (a *JobArg) Parse(p *cursor) error {
	t := p.Peek()
	if !startsTarget(t.Type) {
		return participle.NextMatch
	}
	g, err := parseTargetArg(p)
	if err != nil {
		return err
	}
	a.Pos, a.Entry, a.Actual, a.Parens, a.Call = t.Pos, g.entry, g.actual, g.parens, g.call
	if p.Peek().Type == tRtnOpen && g.entry != nil {
		if err := parseNamespaceTail(p, g.entry); err != nil {
			return err
		}
	}
	if p.Peek().Type != tColon {
		return nil
	}
	p.Next()
	var group ParamGroup
	if err := group.Parse(p); err != nil {
		return err
	}
	a.Params = group.Params
	if p.Peek().Type != tColon {
		return nil
	}
	p.Next()
	if startsExpr(p.Peek().Type) {
		a.Timeout, err = needExpr(p)
	}
	return err
}
