package lang

// The productions of the command arguments. Those with struct tags stand in ast.go;
// those here are Parseables: lists on the hot path, and arguments that begin with an
// assignment target, which must not swallow the = or # behind it as an operator.

import (
	"strings"

	"github.com/alecthomas/participle/v2"
)

// grammar mentions every production once: participle builds from it, and its EBNF,
// testdata/grammar.ebnf, documents the arguments. Postconditionals, blocks and lines
// belong to the statement loop in parse.go.
type grammar struct {
	Label  *Label  `parser:"  @@"`
	Set    *Set    `parser:"| CSet @@"`
	Merge  *Merge  `parser:"| CMerge @@"`
	Write  *Write  `parser:"| CWrite @@"`
	Read   *Read   `parser:"| CRead @@"`
	For    *For    `parser:"| CFor @@"`
	Do     *Do     `parser:"| CDo @@"`
	Goto   *Goto   `parser:"| CGoto @@"`
	Job    *Job    `parser:"| CJob @@"`
	Device *Device `parser:"| CDevice @@"`
	Vars   *Vars   `parser:"| CVars @@"`
	Lock   *Lock   `parser:"| CLock @@"`
	Exprs  *Exprs  `parser:"| CExprs @@"`
	Catch  *Expr   `parser:"| CCatch @@"`
}

// built is the parser; lookahead 0 is exact because the grammar is LL(1).
var built = participle.MustBuild[grammar](participle.Lexer(definition{names: symbols}), participle.UseLookahead(0))

// production runs one production of the grammar on the tokens at hand.
type production func(*cursor) (Command, error)

// producing makes the production for a command struct.
func producing[P any, C interface {
	*P
	Command
}]() production {
	sub := subParser[P]()
	return func(p *cursor) (Command, error) {
		c, err := sub(p)
		return C(c), err
	}
}

// subParser makes a function that parses a P and leaves what follows.
func subParser[P any]() func(*cursor) (*P, error) {
	sub, err := participle.ParserForProduction[P](built)
	if err != nil {
		panic(err) // the grammar above lacks P: every start would fail
	}
	trailing := participle.AllowTrailing(true)
	return func(p *cursor) (*P, error) { return sub.ParseFromLexer(p, trailing) }
}

// productions by token kind, for commands whose arguments are all there is to them.
var productions = map[Kind]production{
	tSet: direct[Set](), tMerge: direct[Merge](), tWrite: direct[Write](), tRead: direct[Read](),
	tVars: direct[Vars](), tGoto: producing[Goto](), tJob: producing[Job](), tDevice: producing[Device](),
	tLock: producing[Lock](), tExprs: parseExprs, tLines: parseLines, tInsert: parseInsert,
}

var (
	parseLabel  = subParser[Label]()
	taggedExprs = producing[Exprs]()
)

// parseExprs parses expression {, expression}, the arguments of most commands, without
// participle's reflection; what is wrong there, participle says.
func parseExprs(p *cursor) (Command, error) {
	mark := p.MakeCheckpoint()
	args, err := list(p, func(p *cursor) (*ExprArg, error) {
		a := new(ExprArg)
		return a, a.Parse(p)
	})
	if err == nil {
		return &Exprs{Args: args}, nil
	}
	p.LoadCheckpoint(mark)
	return taggedExprs(p)
}

// direct is producing for a Parseable: it needs nothing from participle.
func direct[P any, C interface {
	*P
	Command
	participle.Parseable
}]() production {
	return func(p *cursor) (Command, error) {
		c := C(new(P))
		return c, c.Parse(p)
	}
}

// list parses argument {, argument}.
func list[T any](p *cursor, arg func(*cursor) (T, error)) ([]T, error) {
	var all []T
	for {
		x, err := arg(p)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
		if p.Peek().Type != tComma {
			return all, nil
		}
		p.Next()
	}
}

// targetExpr parses an assignment target and wraps it.
func targetExpr(p *cursor, words string) (*Expr, error) {
	x, err := parseTarget(p, words)
	if err != nil {
		return nil, err
	}
	return &Expr{X: x}, nil
}

const aVariable = "a variable"

// Parse parses the arguments of SET.
func (c *Set) Parse(p *cursor) (err error) {
	c.Args, err = list(p, parseSetArg)
	return err
}

// parseSetArg parses target=value, (target,…)=value or @argument.
func parseSetArg(p *cursor) (*SetArg, error) {
	t := p.Peek()
	a := &SetArg{Pos: t.Pos}
	var err error
	if t.Type == tLP {
		p.Next()
		if a.Targets, err = list(p, parseSetTarget); err != nil {
			return nil, err
		}
		if err = expect(p, tRP, `"," or ")"`); err != nil {
			return nil, err
		}
	} else {
		x, err := parseSetTarget(p)
		if err != nil {
			return nil, err
		}
		a.Targets = []*Expr{x}
		if !isOp(p.Peek(), "=") && isIndirect(x) {
			return a, nil
		}
	}
	if err = expectEquals(p); err != nil {
		return nil, err
	}
	a.Value, err = needExpr(p)
	return a, err
}

func parseSetTarget(p *cursor) (*Expr, error) { return targetExpr(p, "a variable to set") }

func isIndirect(x *Expr) bool {
	_, ok := x.X.(*Indirect)
	return ok
}

// Parse parses the arguments of MERGE.
func (c *Merge) Parse(p *cursor) (err error) {
	c.Args, err = list(p, parseMergeArg)
	return err
}

// parseMergeArg parses target=source or @argument.
func parseMergeArg(p *cursor) (*MergeArg, error) {
	a := &MergeArg{Pos: p.Peek().Pos}
	var err error
	if a.Target, err = targetExpr(p, aVariable); err != nil {
		return nil, err
	}
	if !isOp(p.Peek(), "=") && isIndirect(a.Target) {
		return a, nil
	}
	if err = expectEquals(p); err != nil {
		return nil, err
	}
	a.Source, err = targetExpr(p, aVariable)
	return a, err
}

// Parse parses the arguments of WRITE.
func (c *Write) Parse(p *cursor) (err error) {
	c.Args, err = list(p, parseWriteArg)
	return err
}

// parseWriteArg parses format controls, *code, /mnemonic or an expression.
func parseWriteArg(p *cursor) (*WriteArg, error) {
	t := p.Peek()
	a := &WriteArg{Pos: t.Pos}
	var err error
	switch t.Type {
	case tFormat:
		a.Formats, err = parseFormats(p)
	case tStar:
		p.Next()
		a.Star, err = needExpr(p)
	case tSlash:
		a.Mnemonic, err = parseMnemonic(p)
	default:
		a.Expr, err = needExpr(p)
	}
	return a, err
}

// parseFormats parses !, # and ?column as often as they follow each other.
func parseFormats(p *cursor) (all []*Format, err error) {
	for p.Peek().Type == tFormat {
		f := &Format{Op: p.Next().Value}
		if f.Op == "?" {
			if f.Column, err = needExpr(p); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, nil
}

// parseMnemonic parses /NAME(args), of which some may be left out.
func parseMnemonic(p *cursor) (*Mnemonic, error) {
	m := &Mnemonic{Name: p.Next().Value[1:]}
	if p.Peek().Type != tSub {
		return m, nil
	}
	p.Next()
	if p.Peek().Type == tRP {
		p.Next()
		return m, nil
	}
	var err error
	m.Args, err = list(p, func(p *cursor) (*Expr, error) {
		if k := p.Peek().Type; k == tComma || k == tRP {
			return nil, nil
		}
		return needExpr(p)
	})
	if err != nil {
		return nil, err
	}
	return m, expect(p, tRP, `an operator, "," or ")"`)
}

// Parse parses the arguments of READ.
func (c *Read) Parse(p *cursor) (err error) {
	c.Args, err = list(p, parseReadArg)
	return err
}

// parseReadArg parses format controls, /mnemonic, "prompt" or [*]var[#length][:timeout].
func parseReadArg(p *cursor) (*ReadArg, error) {
	t := p.Peek()
	a := &ReadArg{Pos: t.Pos}
	var err error
	switch t.Type {
	case tFormat:
		a.Formats, err = parseFormats(p)
		return a, err
	case tSlash:
		a.Mnemonic, err = parseMnemonic(p)
		return a, err
	case tStr:
		p.Next()
		prompt := unquote(t.Value)
		a.Prompt = &prompt
		return a, nil
	case tStar:
		p.Next()
		a.Star = true
	}
	if a.Var, err = targetExpr(p, "a variable to read into"); err != nil {
		return nil, err
	}
	if isOp(p.Peek(), "#") {
		p.Next()
		if a.Length, err = needExpr(p); err != nil {
			return nil, err
		}
	}
	if p.Peek().Type == tColon {
		p.Next()
		a.Timeout, err = needExpr(p)
	}
	return a, err
}

// Parse parses the arguments of FOR.
func (c *For) Parse(p *cursor) (err error) {
	if c.Var, err = targetExpr(p, "a loop variable"); err != nil {
		return err
	}
	if err = expectEquals(p); err != nil {
		return err
	}
	c.Ranges, err = list(p, parseRange)
	return err
}

// parseRange parses from[:step[:to]].
func parseRange(p *cursor) (*Range, error) {
	r := new(Range)
	for _, part := range [...]**Expr{&r.From, &r.Step, &r.To} {
		x, err := needExpr(p)
		if err != nil {
			return nil, err
		}
		*part = x
		if p.Peek().Type != tColon || part == &r.To {
			break
		}
		p.Next()
	}
	return r, nil
}

// Parse parses the arguments of DO.
func (c *Do) Parse(p *cursor) (err error) {
	c.Args, err = list(p, func(p *cursor) (*EntryArg, error) {
		a := new(EntryArg)
		if err := a.Parse(p); err == participle.NextMatch {
			return nil, unexpected(p.Peek(), anEntryref)
		} else if err != nil {
			return nil, err
		}
		return a, nil
	})
	return err
}

// Parse parses the arguments of NEW and KILL.
func (c *Vars) Parse(p *cursor) (err error) {
	c.Args, err = list(p, parseVarsArg)
	return err
}

// parseVarsArg parses a variable, or (variable,…) to keep.
func parseVarsArg(p *cursor) (*VarsArg, error) {
	t := p.Peek()
	a := &VarsArg{Pos: t.Pos}
	var err error
	if t.Type != tLP {
		a.Var, err = targetExpr(p, aVariable)
		return a, err
	}
	p.Next()
	if a.Except, err = list(p, func(p *cursor) (*Expr, error) { return targetExpr(p, aVariable) }); err != nil {
		return nil, err
	}
	return a, expect(p, tRP, `"," or ")"`)
}

// Parse parses name#type of LOCK.
func (n *LockName) Parse(p *cursor) (err error) {
	if k := p.Peek().Type; !startsExpr(k) || k == tUnOp || k == tLP {
		return participle.NextMatch
	}
	if n.Ref, err = targetExpr(p, "a name to lock"); err != nil {
		return err
	}
	if isOp(p.Peek(), "#") {
		p.Next()
		n.Type, err = needExpr(p)
	}
	return err
}

// Parse parses what follows a colon of OPEN, USE, CLOSE and JOB: (p:p:…), one value or
// keyword, or nothing.
func (g *ParamGroup) Parse(p *cursor) error {
	switch k := p.Peek().Type; {
	case k == tLP:
		return g.parseList(p)
	case k == tSlash || startsExpr(k):
		a, err := parseParam(p)
		g.Params = []*Param{a}
		return err
	}
	return nil
}

// parseList parses the parenthesised form. One value in parentheses with an operator
// behind it was an expression all along: a timeout such as (t+1)*2.
func (g *ParamGroup) parseList(p *cursor) error {
	p.Next()
	g.Parens = true
	for {
		a, err := parseParam(p)
		if err == nil {
			err = a.parseItems(p)
		}
		if err != nil {
			return err
		}
		g.Params = append(g.Params, a)
		k := p.Peek().Type
		if k != tColon && k != tComma {
			break
		}
		g.Foreign = g.Foreign || k == tComma
		p.Next()
	}
	if err := expect(p, tRP, `":" or ")"`); err != nil {
		return err
	}
	a := g.Params[0]
	if len(g.Params) > 1 || a.Key != "" || a.Value == nil {
		return nil
	}
	if k := p.Peek().Type; k == tBinOp || k == tPattern || k == tPatternAt {
		x, err := parseOperators(p, a.Value.X)
		a.Value, g.Parens = &Expr{X: x}, false
		return err
	}
	return nil
}

// parseParam parses /KEY[=value], a value, or nothing.
func parseParam(p *cursor) (*Param, error) {
	t := p.Peek()
	a := &Param{Pos: t.Pos}
	var err error
	switch {
	case t.Type == tSlash:
		p.Next()
		a.Key = t.Value
		if isOp(p.Peek(), "=") {
			p.Next()
			if a.Key == "/ENV" && p.Peek().Type == tLP {
				return a, a.parsePairs(p)
			}
			a.Value, err = needExpr(p)
		}
	case startsExpr(t.Type):
		a.Value, err = needExpr(p)
	}
	return a, err
}

// parseItems parses what makes a list of a keyword's value, in a parenthesised group:
// further values, or ... behind the name of an array.
func (a *Param) parseItems(p *cursor) error {
	if a.Key == "" || a.Value == nil || p.Peek().Type != tComma && p.Peek().Type != tVariadic {
		return nil
	}
	item := &Item{Value: a.Value}
	a.Value = nil
	for {
		if p.Peek().Type == tVariadic {
			p.Next()
			item.Spread = true
		}
		a.List = append(a.List, item)
		if p.Peek().Type != tComma {
			return nil
		}
		p.Next()
		x, err := needExpr(p)
		if err != nil {
			return err
		}
		item = &Item{Value: x}
	}
}

// parsePairs parses (name:value,…), the value of /ENV.
func (a *Param) parsePairs(p *cursor) error {
	for {
		p.Next()
		name, err := needExpr(p)
		if err == nil {
			err = expect(p, tColon, `":"`)
		}
		if err != nil {
			return err
		}
		x, err := needExpr(p)
		if err != nil {
			return err
		}
		a.List = append(a.List, &Item{Name: name, Value: x})
		if p.Peek().Type != tComma {
			return expect(p, tRP, `"," or ")"`)
		}
	}
}

// Parse parses expression[:condition], and (code,actual,…)[:condition] of XECUTE.
func (a *ExprArg) Parse(p *cursor) (err error) {
	t := p.Peek()
	if !startsExpr(t.Type) {
		return participle.NextMatch
	}
	a.Pos = t.Pos
	if t.Type == tLP {
		err = a.parseParens(p)
	} else {
		a.X, err = needExpr(p)
	}
	if err == nil && p.Peek().Type == tColon {
		p.Next()
		a.Post, err = needExpr(p)
	}
	return err
}

// parseParens parses an argument that begins with a parenthesis: an expression, or the
// code and actuals of XECUTE.
func (a *ExprArg) parseParens(p *cursor) error {
	p.Next()
	x, err := parseExpr(p)
	if err != nil {
		return err
	}
	if p.Peek().Type == tComma {
		a.X = &Expr{X: x}
		a.Parens = true
		p.Next()
		a.Actual, err = list(p, parseActual)
	}
	if err == nil {
		err = expect(p, tRP, `an operator, "," or ")"`)
	}
	if err != nil || a.Parens {
		return err
	}
	if x, err = parseMembers(p, x); err == nil {
		x, err = parseOperators(p, x)
		a.X = &Expr{X: x}
	}
	return err
}

// parseLines parses the arguments of ZPRINT and its kin: entryrefs, and what else an
// expression can be, with what follows the first colon as Post and the rest as More.
func parseLines(p *cursor) (Command, error) { return lineArgs(p, parseLineArg) }

// parseInsert parses the arguments of ZINSERT: an expression and, after the colon, the
// entryref to insert behind, as Post.
func parseInsert(p *cursor) (Command, error) { return lineArgs(p, needExpr) }

func lineArgs(p *cursor, first func(*cursor) (*Expr, error)) (Command, error) {
	args, err := list(p, func(p *cursor) (*ExprArg, error) {
		a := &ExprArg{Pos: p.Peek().Pos}
		var err error
		if a.X, err = first(p); err != nil {
			return nil, err
		}
		for next := &a.Post; p.Peek().Type == tColon; {
			p.Next()
			var x *Expr
			if p.Peek().Type != tColon { // else omitted, as in ZBREAK line::condition
				if x, err = parseLineArg(p); err != nil {
					return nil, err
				}
			}
			if next == nil {
				a.More = append(a.More, x)
			} else {
				*next, next = x, nil
			}
		}
		return a, err
	})
	return &Exprs{Args: args}, err
}

func parseLineArg(p *cursor) (*Expr, error) {
	switch t := p.Peek(); t.Type {
	case tStar: // ZBREAK *variable
		p.Next()
		x, err := parseEntryNode(p)
		return &Expr{X: &Unary{At: at(t), Op: "*", X: x}}, err
	case tColon: // omitted, as in ZBREAK line::condition
		return &Expr{X: &Str{At: at(t)}}, nil
	case tSlash: // ZBREAK /CLEAR, and NORMAL behind its colon
		p.Next()
		return &Expr{X: &Str{At: at(t), Value: t.Value}}, nil
	case tIdent, tNum, tAt, tGlobal, tCaretAt, tExtOpen, tUnOp:
		if t.Type == tUnOp && t.Value != "'" { // ZBREAK -line, -*; +line is an entryref, too
			mark := p.MakeCheckpoint()
			p.Next()
			star := p.Peek().Type == tStar
			p.LoadCheckpoint(mark)
			if t.Value == "-" || star {
				return parseSigned(p)
			}
		}
		x, err := parseEntryNode(p)
		if err != nil {
			return nil, err
		}
		parseDottedName(p, x.(*EntryNode).Entry)
		return &Expr{X: x}, nil
	}
	return needExpr(p)
}

// parseSigned parses the -line, +line, --line and -* with which ZBREAK turns breakpoints
// off and on and removes them.
func parseSigned(p *cursor) (*Expr, error) {
	t := p.Next()
	if p.Peek().Type == tStar {
		p.Next()
		if n := p.Peek(); n.Type == tIdent {
			x, err := parseEntryNode(p)
			return &Expr{X: &Unary{At: at(t), Op: t.Value, X: &Unary{At: at(t), Op: "*", X: x}}}, err
		}
		return &Expr{X: &Str{At: at(t), Value: "-*"}}, nil
	}
	x, err := parseLineArg(p)
	if err != nil {
		return nil, err
	}
	return &Expr{X: &Unary{At: at(t), Op: t.Value, X: x.X}}, nil
}

// parseDottedName goes on with the name of a routine that has dots, as in ZLOAD a.b.
func parseDottedName(p *cursor, e *Entryref) {
	for e.Label != "" && e.Offset == nil && !e.Caret && p.Peek().Type == tMember {
		e.Label += "." + p.Next().Value
	}
}

// Parse parses one formal parameter: name, name As class, name=default, name..., each
// possibly behind ByRef or Output, which change nothing at run time.
func (f *Formal) Parse(p *cursor) error {
	t := p.Peek()
	if t.Type != tIdent {
		return participle.NextMatch
	}
	p.Next()
	if next := p.Peek(); next.Type == tIdent && (strings.EqualFold(t.Value, "ByRef") || strings.EqualFold(t.Value, "Output")) {
		t = p.Next()
	}
	f.Name = t.Value
	if as := p.Peek(); as.Type == tIdent && strings.EqualFold(as.Value, "As") {
		p.Next()
		if err := expect(p, tIdent, "a class name"); err != nil {
			return err
		}
		for p.Peek().Type == tMember {
			p.Next()
		}
	}
	var err error
	switch t := p.Peek(); {
	case t.Type == tVariadic:
		p.Next()
		f.Variadic = true
	case isOp(t, "="):
		p.Next()
		f.Default, err = parseExpr(p)
	}
	return err
}
