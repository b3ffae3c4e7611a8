package lang

// One command with its postconditional, and the commands that hold blocks: their
// further clauses may stand on later lines.

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// command parses one command. What does not parse comes back as a *Bad.
func (p *parser) command(level int) Command {
	t := p.Peek()
	row := commandIndex[t.Value]
	h := Head{Pos: t.Pos, Verb: row.Name}
	p.Next()
	c, err := p.commandTail(&h, row, level)
	if err == nil && !p.atCommandBoundary() {
		err = unexpected(p.Peek(), afterArguments(c))
	}
	if err != nil {
		return p.bad(h, err, level)
	}
	if bad, ok := c.(*Bad); ok { // a foreign command: no error until it is reached
		bad.Head = h
		return bad
	}
	*c.Start() = h
	return c
}

// afterArguments says what may follow the command just parsed.
func afterArguments(c Command) string {
	switch c.(type) {
	case *Else, *Try:
		return "a command or the end of the line"
	}
	return `an operator, "," or the end of the command`
}

// commandTail parses what follows the command word.
func (p *parser) commandTail(h *Head, row *CommandRow, level int) (Command, error) {
	if t := p.Peek(); t.Type == tColon && (row.Name != "TSTART" || p.touches(t)) { // TSTART :SERIAL
		if row.NoPost {
			return nil, p.errorAt(t, "%s takes no postconditional", row.Name)
		}
		p.Next()
		var err error
		if h.Post, err = needExpr(p.cursor); err != nil {
			return nil, err
		}
	}
	bare := p.atCommandBoundary() || p.Peek().Type == tLBrace
	if t := p.Peek(); !bare && t.Type == tBadChar && p.touches(t) {
		return nil, unexpected(t, "a blank after "+row.Name)
	}
	if row == &hangOrHalt {
		h.Verb = "HANG"
		if bare {
			h.Verb = "HALT"
		}
	}
	switch row.Kind {
	case tIf:
		return p.ifCommand(bare, level)
	case tElse:
		return p.elseCommand()
	case tElseIf:
		return nil, p.errorBefore("ELSEIF without an IF block before it", h)
	case tCatch:
		return nil, p.errorBefore("CATCH without a TRY block before it", h)
	case tFor:
		return p.forCommand(bare)
	case tWhile:
		return p.whileCommand()
	case tDo:
		return p.doCommand(bare, level)
	case tTry:
		return p.tryCommand(level)
	case tSkipped:
		return p.skippedCommand(h, row, bare)
	}
	if bare {
		if !row.Bare {
			return nil, unexpected(p.Peek(), "the arguments of "+row.Name)
		}
		return bareCommand(row.Kind), nil
	}
	if row.Name == "QUIT" && p.tries > 0 {
		return nil, p.errorAt(p.Peek(), "QUIT with a value cannot leave a TRY or CATCH block; RETURN does")
	}
	return productions[row.Kind](p.cursor)
}

// touches tells that no blank stands before t.
func (p *parser) touches(t *lexer.Token) bool {
	off := t.Pos.Offset
	return off > 0 && !isBlank(p.source[off-1])
}

// bareCommand is a command without arguments.
func bareCommand(k Kind) Command {
	switch k {
	case tWrite:
		return new(Write)
	case tVars:
		return new(Vars)
	case tLock:
		return new(Lock)
	case tGoto:
		return new(Goto)
	}
	return new(Exprs)
}

// errorBefore is an error at the command word itself.
func (p *parser) errorBefore(msg string, h *Head) error {
	return &SyntaxError{Pos: h.Pos, Msg: msg, Found: h.Verb, Source: p.sourceLine(h.Pos.Line)}
}

// skippedCommand skips arguments whose syntax is another system's. Reaching the command
// raises the error, loading the routine does not.
func (p *parser) skippedCommand(h *Head, row *CommandRow, bare bool) (Command, error) {
	if bare && !row.foreign() {
		if !row.Bare {
			return nil, unexpected(p.Peek(), "the arguments of "+row.Name)
		}
		return new(Exprs), nil
	}
	if row.Name == "TSTART" {
		return new(Exprs), p.restartArgument()
	}
	first := p.Peek()
	for !p.atCommandBoundary() && p.Peek().Type != tLBrace {
		p.Next()
	}
	msg := row.Name + " is a command of " + row.Origin
	switch {
	case row.foreign():
	case first.Type == tStr: // VIEW "TRACE":1:"^x"
		msg = row.Name + " " + first.Value + " is GT.M's"
	default:
		msg = row.Name + " with these arguments is not supported"
	}
	return &Bad{Foreign: true, Err: p.errorBefore(msg, h).(*SyntaxError)}, nil
}

// restartArgument parses what TSTART may say in the standard: which variables a restart
// gives back, x, (x,y), () or *, and :SERIAL, :TRANSACTIONID=expr or both in
// parentheses. Nothing restarts a transaction, so nothing of it is kept.
func (p *parser) restartArgument() error {
	switch t := p.Peek(); t.Type {
	case tIdent, tStar:
		p.Next()
	case tLP:
		p.Next()
		for p.Peek().Type == tIdent {
			p.Next()
			if p.Peek().Type == tComma {
				p.Next()
			}
		}
		if err := expect(p.cursor, tRP, `a variable or ")"`); err != nil {
			return err
		}
	case tColon:
	default:
		return unexpected(t, "a variable, (variables), * or a colon")
	}
	if p.Peek().Type != tColon {
		return nil
	}
	p.Next()
	if p.Peek().Type != tLP {
		return p.transactionParameter()
	}
	for {
		p.Next()
		if err := p.transactionParameter(); err != nil {
			return err
		}
		if p.Peek().Type != tColon {
			return expect(p.cursor, tRP, `":" or ")"`)
		}
	}
}

// transactionParameter parses SERIAL or TRANSACTIONID=expr.
func (p *parser) transactionParameter() error {
	t := p.Peek()
	switch strings.ToUpper(t.Value) {
	case "S", "SERIAL":
		p.Next()
		return nil
	case "T", "TRANSACTIONID":
		p.Next()
		if !isOp(p.Peek(), "=") {
			return unexpected(p.Peek(), `"="`)
		}
		p.Next()
		_, err := needExpr(p.cursor)
		return err
	}
	return unexpected(t, "SERIAL or TRANSACTIONID=")
}

// block parses { lines }; the brace is next. A block that the source ends in is
// reported once, at its brace, however many are open.
func (p *parser) block() (*Block, error) {
	t := p.Peek()
	if t.Type != tLBrace {
		return nil, unexpected(t, `"{"`)
	}
	p.Next()
	b := &Block{Pos: t.Pos, Lines: p.lines(false)}
	end := p.Peek()
	if end.Type != tRBrace {
		if p.unclosed == nil {
			p.unclosed = p.errorAt(t, `"{" without its "}"`)
			p.unclosed.Incomplete = true
		}
		return nil, p.unclosed
	}
	p.Next()
	b.End = end.Pos
	return b, nil
}

// conditions parses condition,….
func (p *parser) conditions() ([]*Expr, error) { return list(p.cursor, needExpr) }

// clause moves over line ends, and the dots of lines at the same level, to a further
// clause of a block command. When none comes it stays where it is; ended tells that
// nothing else came either.
func (p *parser) clause(level int, is func(*lexer.Token) bool) (found, ended bool) {
	cp := p.MakeCheckpoint()
	for {
		t := p.Peek()
		if t.Type == tEOL || t.Type == tDots && len(t.Value) == level {
			p.Next()
			continue
		}
		if is(t) {
			return true, false
		}
		p.LoadCheckpoint(cp)
		return false, t.Type == lexer.EOF && p.scan.mode == atEnd
	}
}

// alternative recognises ELSEIF, and ELSE with a block.
func (p *parser) alternative(t *lexer.Token) bool {
	if t.Type == tElseIf {
		return true
	}
	if t.Type != tElse {
		return false
	}
	cp := p.MakeCheckpoint()
	p.Next()
	block := p.Peek().Type == tLBrace
	p.LoadCheckpoint(cp)
	return block
}

func isCatch(t *lexer.Token) bool { return t.Type == tCatch }
func isWhile(t *lexer.Token) bool { return t.Type == tWhile }

// ifCommand parses IF conditions, and for a block its ELSEIFs and ELSE.
func (p *parser) ifCommand(bare bool, level int) (Command, error) {
	c := new(If)
	var err error
	if !bare {
		if c.Conds, err = p.conditions(); err != nil {
			return nil, err
		}
	}
	if p.Peek().Type != tLBrace {
		return c, nil
	}
	if c.Block, err = p.block(); err != nil {
		return nil, err
	}
	for {
		if found, _ := p.clause(level, p.alternative); !found {
			return c, nil
		}
		t := p.Next()
		if t.Type == tElse {
			c.Else, err = p.block()
			return c, err
		}
		if err := p.noPost(t); err != nil {
			return nil, err
		}
		e := &ElseIf{Pos: t.Pos}
		if e.Conds, err = p.conditions(); err != nil {
			return nil, err
		}
		if e.Block, err = p.block(); err != nil {
			return nil, err
		}
		c.ElseIfs = append(c.ElseIfs, e)
	}
}

// noPost rejects a postconditional on a clause.
func (p *parser) noPost(word *lexer.Token) error {
	if t := p.Peek(); t.Type == tColon {
		return p.errorAt(t, "%s takes no postconditional", word.Value)
	}
	return nil
}

// elseCommand parses the ELSE of one line.
func (p *parser) elseCommand() (Command, error) {
	if t := p.Peek(); t.Type == tLBrace {
		return nil, p.errorAt(t, "ELSE block without an IF block before it")
	}
	return new(Else), nil
}

// forCommand parses FOR with or without a variable and a block.
func (p *parser) forCommand(bare bool) (Command, error) {
	c := new(For)
	var err error
	if !bare {
		if err = c.Parse(p.cursor); err != nil {
			return nil, err
		}
	}
	if p.Peek().Type == tLBrace {
		c.Block, err = p.block()
	}
	return c, err
}

// whileCommand parses WHILE conditions { }.
func (p *parser) whileCommand() (Command, error) {
	c := new(While)
	var err error
	if c.Conds, err = p.conditions(); err == nil {
		c.Block, err = p.block()
	}
	return c, err
}

// doCommand parses DO with arguments, DO over dotted lines, and DO { } WHILE.
func (p *parser) doCommand(bare bool, level int) (Command, error) {
	c := new(Do)
	if !bare {
		return c, c.Parse(p.cursor)
	}
	if p.Peek().Type != tLBrace {
		return c, nil
	}
	var err error
	if c.Block, err = p.block(); err != nil {
		return nil, err
	}
	found, ended := p.clause(level, isWhile)
	if !found {
		return nil, p.missing("WHILE after the block of DO", ended)
	}
	if err := p.noPost(p.Next()); err != nil {
		return nil, err
	}
	c.While, err = p.conditions()
	return c, err
}

// missing is the error for a clause that must follow a block.
func (p *parser) missing(words string, ended bool) error {
	e := p.errorAt(p.Peek(), "missing %s", words)
	e.Expected, e.Incomplete = words, ended
	return e
}

// tryCommand parses TRY { } CATCH [var] { }.
func (p *parser) tryCommand(level int) (Command, error) {
	c := new(Try)
	p.tries++
	defer func() { p.tries-- }()
	var err error
	if c.Block, err = p.block(); err != nil {
		return nil, err
	}
	found, ended := p.clause(level, isCatch)
	if !found {
		return nil, p.missing("CATCH after the block of TRY", ended)
	}
	if err := p.noPost(p.Next()); err != nil {
		return nil, err
	}
	if c.CatchVar, err = p.catchVar(); err != nil {
		return nil, err
	}
	c.Catch, err = p.block()
	return c, err
}

// catchVar parses the variable of CATCH, which may stand in parentheses.
func (p *parser) catchVar() (*Expr, error) {
	const words = `a variable or "{"`
	switch p.Peek().Type {
	case tLBrace:
		return nil, nil
	case tLP:
		p.Next()
		x, err := targetExpr(p.cursor, words)
		if err != nil {
			return nil, err
		}
		return x, expect(p.cursor, tRP, `")"`)
	}
	return targetExpr(p.cursor, words)
}

// skipClauses drops the clauses of a block command that is in error, so that they are
// not reported as strays. Errors within them are.
func (p *parser) skipClauses(verb string, level int) {
	is := map[string]func(*lexer.Token) bool{
		"IF": p.alternative, "ELSEIF": p.alternative, "TRY": isCatch, "DO": isWhile,
	}[verb]
	if is == nil {
		return
	}
	for {
		if found, _ := p.clause(level, is); !found {
			return
		}
		p.resync()
	}
}
