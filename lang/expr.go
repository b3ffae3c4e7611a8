package lang

// Expressions: strictly left to right, no precedence, unary operators bind to the
// operand that follows. Built by hand because one loop says it and because it is where
// parsing spends its time.

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// cursor is the token stream.
type cursor = lexer.PeekingLexer

const anExpression = "an expression"

// Parse makes Expr a participle production.
func (e *Expr) Parse(p *cursor) error {
	if !startsExpr(p.Peek().Type) {
		return participle.NextMatch
	}
	x, err := parseExpr(p)
	e.X = x
	return err
}

// startsExpr tells whether an expression can begin with the token.
func startsExpr(k Kind) bool {
	switch k {
	case tNum, tStr, tIdent, tGlobal, tNaked, tPrivate, tExtOpen, tExtr, tMacro, tFunc, tSpecial, tSystem,
		tClass, tThis, tAt, tLP, tUnOp, tJSONObj, tJSONArr:
		return true
	}
	return false
}

// needExpr parses an expression and wraps it.
func needExpr(p *cursor) (*Expr, error) {
	x, err := parseExpr(p)
	if err != nil {
		return nil, err
	}
	return &Expr{X: x}, nil
}

// expect takes a token of kind k.
func expect(p *cursor, k Kind, words string) error {
	if t := p.Peek(); t.Type != k {
		return unexpected(t, words)
	}
	p.Next()
	return nil
}

// expectEquals takes the = between a target and its value.
func expectEquals(p *cursor) error {
	if t := p.Peek(); t.Type != tBinOp || t.Value != "=" {
		return unexpected(t, `"="`)
	}
	p.Next()
	return nil
}

func isOp(t *lexer.Token, op string) bool { return t.Type == tBinOp && t.Value == op }

func at(t *lexer.Token) At { return At(t.Pos.Offset) }

// parseExpr parses operand { operator operand | pattern }.
func parseExpr(p *cursor) (Node, error) {
	l, err := parseOperand(p)
	if err != nil {
		return nil, err
	}
	return parseOperators(p, l)
}

// parseOperators goes on with an expression whose first operand is l.
func parseOperators(p *cursor, l Node) (Node, error) {
	var err error
	for err == nil {
		t := p.Peek()
		switch t.Type {
		case tBinOp:
			p.Next()
			var r Node
			if r, err = parseOperand(p); err == nil {
				l = &Binary{At: at(t), Op: t.Value, L: l, R: r}
			}
		case tPattern:
			p.Next()
			n := &Pattern{At: at(t), X: l, Not: t.Value[0] == '\'', Pattern: t.Value[1:]}
			if n.Not {
				n.Pattern = n.Pattern[1:]
			}
			l = n
		case tPatternAt:
			p.Next()
			n := &Pattern{At: at(t), X: l, Not: t.Value[0] == '\''}
			if n.Indirect, err = parseOperand(p); err == nil {
				l = n
			}
		default:
			return l, nil
		}
	}
	return nil, err
}

// parseOperand parses signs and what they belong to.
func parseOperand(p *cursor) (Node, error) {
	t := p.Peek()
	if t.Type != tUnOp {
		return parseAtom(p)
	}
	p.Next()
	x, err := parseOperand(p)
	if err != nil {
		return nil, err
	}
	return &Unary{At: at(t), Op: t.Value, X: x}, nil
}

// parseAtom parses one operand with the members that follow it.
func parseAtom(p *cursor) (Node, error) {
	t := p.Peek()
	switch t.Type {
	case tNum:
		p.Next()
		return &Num{At: at(t), Text: t.Value}, nil
	case tStr:
		p.Next()
		return &Str{At: at(t), Value: unquote(t.Value)}, nil
	case tLP:
		p.Next()
		x, err := parseExpr(p)
		if err != nil {
			return nil, err
		}
		return x, expect(p, tRP, `an operator or ")"`)
	case tExtr:
		return parseExtrinsic(p)
	case tJSONObj, tJSONArr:
		n, err := parseJSON(p)
		if err != nil {
			return nil, err
		}
		return parseMembers(p, n)
	}
	return parseTarget(p, anExpression)
}

// parseTarget parses what may also stand on the left of an =: a variable, a global,
// an indirection, a function, a special variable, a property.
func parseTarget(p *cursor, words string) (Node, error) {
	n, err := parsePrimary(p, words)
	if err != nil {
		return nil, err
	}
	return parseMembers(p, n)
}

func parsePrimary(p *cursor, words string) (Node, error) {
	t := p.Peek()
	switch t.Type {
	case tIdent:
		p.Next()
		n := &Var{At: at(t), Name: t.Value}
		return n, parseSubs(p, &n.Subs)
	case tGlobal:
		p.Next()
		n := &Global{At: at(t), Name: t.Value}
		return n, parseSubs(p, &n.Subs)
	case tPrivate:
		p.Next()
		n := &Global{At: at(t), Name: t.Value, Private: true}
		return n, parseSubs(p, &n.Subs)
	case tNaked:
		p.Next()
		n := &Naked{At: at(t)}
		return n, parseSubs(p, &n.Subs)
	case tExtOpen:
		n := &Global{At: at(t)}
		var err error
		if n.Env, n.Name, err = parseExtended(p); err != nil {
			return nil, err
		}
		return n, parseSubs(p, &n.Subs)
	case tAt:
		return parseIndirect(p)
	case tFunc:
		return parseCall(p, false)
	case tSpecial:
		p.Next()
		return &Special{At: at(t), Name: t.Value}, nil
	case tSystem:
		p.Next()
		return &System{At: at(t), Name: t.Value}, nil
	case tMacro:
		p.Next()
		n := &Macro{At: at(t), Name: t.Value}
		_, _, err := parseActuals(p)
		return n, err
	case tClass:
		p.Next()
		switch m := p.Peek(); m.Type {
		case tMember:
		case tIdent, tSpecial, tThis, tFunc: // a cast says nothing at run time
			return parsePrimary(p, words)
		default:
			return nil, unexpected(m, "a method or property")
		}
		return &Class{At: at(t), Name: t.Value}, nil
	case tThis:
		p.Next()
		return parseMember(p, t, &This{At: at(t)})
	}
	return nil, unexpected(t, words)
}

// parseSubs parses the subscripts that may touch a name.
func parseSubs(p *cursor, subs *[]Node) error {
	if p.Peek().Type != tSub {
		return nil
	}
	p.Next()
	for {
		x, err := parseExpr(p)
		if err != nil {
			return err
		}
		*subs = append(*subs, x)
		if p.Peek().Type != tComma {
			return expect(p, tRP, `an operator, "," or ")"`)
		}
		p.Next()
	}
}

// parseExtended parses ^|env|name, ^["ns","sys"]name and ^$|env|NAME; the opening token is next.
func parseExtended(p *cursor) (env []Node, name string, err error) {
	structured := strings.HasPrefix(p.Next().Value, "^$")
	for {
		x, err := parseExpr(p)
		if err != nil {
			return nil, "", err
		}
		env = append(env, x)
		t := p.Peek()
		switch t.Type {
		case tComma:
			p.Next()
		case tExtClose:
			if t.Value == "" {
				return nil, "", unexpected(t, "a name after the extended reference")
			}
			p.Next()
			name = t.Value
			if structured && !strings.HasPrefix(name, "$") {
				name = "$" + strings.ToUpper(name)
			}
			return env, name, nil
		default:
			return nil, "", unexpected(t, "the end of the extended reference")
		}
	}
}

// parseIndirect parses @operand and each @(subscripts) after it.
func parseIndirect(p *cursor) (Node, error) {
	t := p.Next()
	of, err := parseIndirected(p)
	if err != nil {
		return nil, err
	}
	n := &Indirect{At: at(t), Of: of}
	return n, parseAtSubs(p, n)
}

// parseIndirected parses the operand of an @. When that is an indirection too, it takes
// the first @(subscripts) only: @@x@(1)@(2) is @y@(2), where y is the value of @x@(1).
func parseIndirected(p *cursor) (Node, error) {
	t := p.Peek()
	if t.Type != tAt {
		return parseOperand(p)
	}
	p.Next()
	of, err := parseIndirected(p)
	if err != nil || p.Peek().Type != tAtSub {
		return &Indirect{At: at(t), Of: of}, err
	}
	n := &Indirect{At: at(t), Of: of, Subs: make([][]Node, 1)}
	p.Next()
	return n, parseSubs(p, &n.Subs[0])
}

// parseAtSubs parses each @(subscripts) behind an indirection.
func parseAtSubs(p *cursor, n *Indirect) error {
	for p.Peek().Type == tAtSub {
		p.Next()
		var subs []Node
		if err := parseSubs(p, &subs); err != nil {
			return err
		}
		n.Subs = append(n.Subs, subs)
	}
	return nil
}

// parseMembers parses the .name and .name(actuals) that follow an operand.
func parseMembers(p *cursor, n Node) (Node, error) {
	for {
		t := p.Peek()
		if t.Type != tMember {
			return n, nil
		}
		p.Next()
		var err error
		if n, err = parseMember(p, t, n); err != nil {
			return nil, err
		}
	}
}

// parseMember parses what follows a member's name, which is t.
func parseMember(p *cursor, t *lexer.Token, of Node) (Node, error) {
	m := &Member{At: at(t), Of: of, Name: t.Value}
	var err error
	m.Actual, m.Parens, err = parseActuals(p)
	return m, err
}

// parseActuals parses an actual list if one follows.
func parseActuals(p *cursor) (list []*Actual, parens bool, err error) {
	if p.Peek().Type != tSub {
		return nil, false, nil
	}
	p.Next()
	if p.Peek().Type == tRP {
		p.Next()
		return nil, true, nil
	}
	for {
		a, err := parseActual(p)
		if err != nil {
			return nil, true, err
		}
		list = append(list, a)
		if p.Peek().Type != tComma {
			return list, true, expect(p, tRP, `an operator, "," or ")"`)
		}
		p.Next()
	}
}

// parseActual parses expression, expression..., .name or nothing.
func parseActual(p *cursor) (*Actual, error) {
	t := p.Peek()
	a := &Actual{Pos: t.Pos}
	var err error
	switch t.Type {
	case tComma, tRP:
		return a, nil
	case tByRef:
		p.Next()
		a.ByRef = true
		a.X, err = parseReferenced(p)
		return a, err
	}
	if a.X, err = parseExpr(p); err != nil {
		return nil, err
	}
	if p.Peek().Type == tVariadic {
		p.Next()
		a.Variadic = true
	}
	return a, nil
}

// parseReferenced parses what stands behind the . of an actual by reference.
func parseReferenced(p *cursor) (Node, error) {
	const words = "a variable to pass by reference"
	t := p.Peek()
	switch t.Type {
	case tIdent, tAt, tGlobal, tPrivate:
		return parsePrimary(p, words)
	}
	return nil, unexpected(t, words)
}

// parseExtrinsic parses $$label^routine(actuals).
func parseExtrinsic(p *cursor) (Node, error) {
	t := p.Next()
	n := &Extrinsic{At: at(t)}
	var err error
	if n.Entry, err = parseEntryref(p, false); err != nil {
		return nil, err
	}
	n.Actual, n.Parens, err = parseActuals(p)
	return n, err
}

// parseCall parses an intrinsic function. Within DO and GOTO the results of $CASE are
// entryrefs.
func parseCall(p *cursor, entryrefs bool) (Node, error) {
	t := p.Next()
	n := &Call{At: at(t), Name: t.Value}
	if err := expect(p, tSub, `"("`); err != nil {
		return nil, err
	}
	if p.Peek().Type == tRP {
		p.Next()
		return n, nil
	}
	arg := argParser(t.Value, entryrefs)
	for {
		x, err := arg(p)
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, x)
		if p.Peek().Type != tComma {
			return n, expect(p, tRP, `an operator, "," or ")"`)
		}
		p.Next()
	}
}

// argParser chooses the production for the arguments of a function.
func argParser(name string, entryrefs bool) func(*cursor) (Node, error) {
	switch name {
	case "S", "SELECT":
		return func(p *cursor) (Node, error) { return parsePair(p, parseExpr) }
	case "CASE":
		first := true
		return func(p *cursor) (Node, error) {
			if first {
				first = false
				return parseExpr(p)
			}
			if entryrefs {
				return parsePair(p, parseEntryNode)
			}
			return parsePair(p, parseExpr)
		}
	case "LU", "LISTUPDATE":
		return parseChosen
	case "T", "TEXT":
		return parseEntryNode
	}
	return parseArg
}

// parseChosen parses [condition:]value of $LISTUPDATE.
func parseChosen(p *cursor) (Node, error) {
	t := p.Peek()
	x, err := parseArg(p)
	if err != nil || x == nil || p.Peek().Type != tColon {
		return x, err
	}
	p.Next()
	n := &Pair{At: at(t), L: x}
	n.R, err = parseExpr(p)
	return n, err
}

// parseArg parses an ordinary argument: nothing, an expression, .name, *, *-n.
func parseArg(p *cursor) (Node, error) {
	t := p.Peek()
	switch t.Type {
	case tComma, tRP:
		return nil, nil
	case tByRef:
		p.Next()
		x, err := parseReferenced(p)
		return &ByRef{At: at(t), X: x}, err
	case tStar:
		p.Next()
		n := &Last{At: at(t)}
		var err error
		if p.Peek().Type == tUnOp {
			n.X, err = parseExpr(p)
		}
		return n, err
	}
	x, err := parseExpr(p)
	if err == nil && p.Peek().Type == tVariadic {
		p.Next()
		x = &Spread{At: at(t), X: x}
	}
	return x, err
}

// parsePair parses condition:value, and :value as the default of $CASE.
func parsePair(p *cursor, value func(*cursor) (Node, error)) (Node, error) {
	t := p.Peek()
	n := &Pair{At: at(t)}
	var err error
	if t.Type != tColon {
		if n.L, err = parseExpr(p); err != nil {
			return nil, err
		}
	}
	if err = expect(p, tColon, `an operator or ":"`); err != nil {
		return nil, err
	}
	n.R, err = value(p)
	return n, err
}

// parseEntryNode parses an entryref where a value is expected.
func parseEntryNode(p *cursor) (Node, error) {
	t := p.Peek()
	e, err := parseEntryref(p, true)
	if err != nil {
		return nil, err
	}
	return &EntryNode{At: at(t), Entry: e}, nil
}

// parseJSON parses {"key":value,…} and [value,…].
func parseJSON(p *cursor) (Node, error) {
	t := p.Next()
	n := &JSON{At: at(t), Array: t.Type == tJSONArr}
	closing, next := "}", `"," or "}"`
	if n.Array {
		closing, next = "]", `"," or "]"`
	}
	if e := p.Peek(); e.Type == tJSONEnd && e.Value == closing {
		p.Next()
		return n, nil
	}
	for {
		if !n.Array {
			key := p.Peek()
			if err := expect(p, tStr, "a quoted key"); err != nil {
				return nil, err
			}
			if err := expect(p, tColon, `":"`); err != nil {
				return nil, err
			}
			n.Keys = append(n.Keys, unquoteJSON(key.Value))
		}
		v, err := parseJSONValue(p)
		if err != nil {
			return nil, err
		}
		n.Vals = append(n.Vals, v)
		e := p.Peek()
		switch {
		case e.Type == tComma:
			p.Next()
		case e.Type == tJSONEnd && e.Value == closing:
			p.Next()
			return n, nil
		default:
			return nil, unexpected(e, next)
		}
	}
}

// parseJSONValue parses a literal, a nested object or array, or an expression in
// parentheses.
func parseJSONValue(p *cursor) (Node, error) {
	t := p.Peek()
	switch t.Type {
	case tJSONObj, tJSONArr:
		return parseJSON(p)
	case tStr:
		p.Next()
		return &Str{At: at(t), Value: unquoteJSON(t.Value)}, nil
	case tIdent:
		switch t.Value {
		case "true", "false", "null":
			p.Next()
			return &JSONWord{At: at(t), Word: t.Value}, nil
		}
		return nil, unexpected(t, "a JSON value; expressions stand in parentheses")
	case tLP, tNum, tUnOp:
		return parseOperand(p)
	}
	return nil, unexpected(t, "a JSON value; expressions stand in parentheses")
}
