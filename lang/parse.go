package lang

// The parser's doors and the statement loop: lines, commands, blocks, and recovery
// after an error.

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"cos/lang/preprocess"
)

// ParseRoutine parses a source file. It never fails: what does not parse stands in the
// tree as a *Bad command and in Errors, in the order of the source.
func ParseRoutine(name, source string) *Routine {
	return ParseSource(name, source, preprocess.Config{})
}

// ParseCommands parses lines of commands without labels, which need no leading blank:
// what is typed at the prompt. The error is the first, a *SyntaxError, whose Incomplete is
// set when a block, a parenthesis, TRY or DO is still open at the end.
func ParseCommands(source string) (*Routine, error) {
	return parseCommands(source, startCommands)
}

// ParseXecute is ParseCommands for what a program has put together: its texts may hold
// line ends, as the names that $NAME and $QUERY give do.
func ParseXecute(source string) (*Routine, error) { return parseCommands(source, startXecute) }

func parseCommands(source string, st start) (*Routine, error) {
	p := newParser("", source, st, nil)
	defer p.release()
	r := &Routine{Source: splitLines(source)}
	p.text = r.Source
	r.Lines = p.lines(true)
	r.Errors = p.errs
	if len(p.errs) == 0 {
		return r, nil
	}
	e := p.errs[0]
	if p.scan.openAtEnd && strings.TrimSpace(source[e.Pos.Offset:]) == "" {
		e.Incomplete = true
	}
	return r, e
}

// ParseExpr parses one whole expression, as indirection needs it.
func ParseExpr(source string) (Node, error) {
	p := newParser("", source, startExpr, nil)
	defer p.release()
	x, err := parseExpr(p.cursor)
	if err == nil {
		err = p.end("an operator or the end of the expression")
	}
	if err != nil {
		return nil, p.syntaxError(err)
	}
	return x, nil
}

// ParseEntryref parses label+offset^routine(actuals) as one argument of DO, GOTO and
// JOB, with an optional postconditional.
func ParseEntryref(source string) (*EntryArg, error) {
	p := newParser("", source, startEntryref, nil)
	defer p.release()
	do := new(Do)
	err := do.Parse(p.cursor)
	if err == nil {
		err = p.end("the end of the entryref")
	}
	if err != nil {
		return nil, p.syntaxError(err)
	}
	if len(do.Args) > 1 {
		second := do.Args[1].Pos
		return nil, &SyntaxError{Pos: second, Msg: "more than one entryref", Source: p.sourceLine(second.Line)}
	}
	return do.Args[0], nil
}

// parser holds the tokens and the errors so far.
type parser struct {
	*room
	scan     *scanner
	source   string
	text     []string // source by lines, once needed
	errs     []*SyntaxError
	unclosed *SyntaxError // a block that the source ended in
	level    int          // dots of the line that is being parsed
	tries    int          // TRY and CATCH blocks around it
}

func newParser(name, source string, st start, o *origin) *parser {
	p := &parser{room: rooms.Get().(*room), scan: newScanner(name, source, st), source: source}
	if o != nil {
		p.scan.origin, p.source = o, o.source
	}
	p.advance()
	return p
}

// advance takes the next piece of the source from the scanner.
func (p *parser) advance() { p.fill(p.scan) }

// sourceLine is the text of line n, from 1.
func (p *parser) sourceLine(n int) string {
	if p.text == nil {
		p.text = splitLines(p.source)
	}
	if n > len(p.text) {
		return ""
	}
	return p.text[n-1]
}

// end fails unless all tokens are used up.
func (p *parser) end(words string) error {
	if t := p.Peek(); t.Type != lexer.EOF {
		return unexpected(t, words)
	}
	return nil
}

// body collects the lines between braces, or of a routine.
type body struct {
	lines []*Line
	cur   *Line // nil at the start of a line
	level int   // dots of the current line
	from  int   // its source line
}

// line is the current line, made when first needed.
func (b *body) line(t *lexer.Token) *Line {
	if b.cur == nil {
		n := b.from
		if n == 0 {
			n = t.Pos.Line
		}
		b.cur = &Line{Number: n, Level: b.level}
		b.lines = append(b.lines, b.cur)
	}
	return b.cur
}

func (b *body) endLine() { b.cur, b.level, b.from = nil, 0, 0 }

// lines parses up to the brace that closes the block, or, at the top, to the end. In a
// block that begins on a dotted line the dots of that line are repeated before its lines:
// ". IF x {", ". SET y=1", ". }". What counts there is how many there are beyond them.
func (p *parser) lines(top bool) []*Line {
	var b body
	base := p.level
	defer func() { p.level = base }()
	for {
		t := p.Peek()
		switch {
		case t.Type == lexer.EOF && top && p.scan.mode != atEnd:
			p.advance()
		case t.Type == lexer.EOF:
			return b.lines
		case t.Type == tRBrace && !top:
			return b.lines
		case t.Type == tEOL:
			p.Next()
			b.endLine()
			p.level = 0
		case t.Type == tDots:
			p.Next()
			p.level = len(t.Value)
			b.level, b.from = max(0, p.level-base), t.Pos.Line
			if b.cur != nil {
				b.cur.Level = b.level
			}
		case t.Type == tLabel:
			p.label(&b)
		case isCommand(t.Type):
			l := b.line(t)
			l.Commands = append(l.Commands, p.command(p.level))
		case t.Type == tEmbedded:
			p.Next()
			l := b.line(t)
			e := p.errorAt(t, "%s is not defined", t.Value)
			if t.Value[0] == '&' {
				e.Msg = "embedded " + t.Value + " is not supported"
			}
			l.Commands = append(l.Commands, &Bad{Head: Head{Pos: t.Pos}, Err: e})
		default:
			p.stray(&b, t)
		}
	}
}

// label parses a label and a procedure's body.
func (p *parser) label(b *body) {
	t := p.Peek()
	b.endLine()
	l := b.line(t)
	label, err := p.labelHead(t)
	if label == nil || label.Name == "" {
		label = &Label{Name: t.Value}
	}
	label.Pos = t.Pos
	l.Label = label
	if err == nil && p.Peek().Type == tLBrace {
		label.Body, err = p.block()
	}
	if err == nil && !p.atCommandBoundary() && p.Peek().Type != tDots {
		err = unexpected(p.Peek(), "a command or the end of the line")
	}
	if err != nil {
		l.Commands = append(l.Commands, p.bad(Head{Pos: t.Pos}, err, p.level))
	}
}

// labelHead parses a label with what belongs to it before its body. One that stands alone
// needs no production.
func (p *parser) labelHead(t *lexer.Token) (*Label, error) {
	mark := p.MakeCheckpoint()
	p.Next()
	switch p.Peek().Type {
	case tLP, tAccess, tPubOpen:
		p.LoadCheckpoint(mark)
		return parseLabel(p.cursor)
	}
	return &Label{Name: t.Value}, nil
}

// stray reports a token that begins no command.
func (p *parser) stray(b *body, t *lexer.Token) {
	l := b.line(t)
	var err error
	switch t.Type {
	case tRBrace:
		p.Next()
		err = p.errorAt(t, `unexpected "}": no block is open`)
	case tDirective:
		err = p.errorAt(t, "the preprocessor directive %s is not supported", directiveName(t.Value))
	default:
		err = unexpected(t, "a command")
	}
	bad := p.bad(Head{Pos: t.Pos}, err, p.level)
	l.Commands = append(l.Commands, bad)
}

// directiveName is the first word of a # line.
func directiveName(line string) string {
	if f := strings.Fields(line); len(f) > 0 {
		return f[0]
	}
	return line
}

// errorAt is an error of our own wording.
func (p *parser) errorAt(t *lexer.Token, format string, args ...any) *SyntaxError {
	return &SyntaxError{Pos: t.Pos, Msg: fmt.Sprintf(format, args...), Found: describe(t), Source: p.sourceLine(t.Pos.Line)}
}

// atCommandBoundary tells that what follows is not part of the command before it.
func (p *parser) atCommandBoundary() bool {
	switch k := p.Peek().Type; k {
	case lexer.EOF, tEOL, tRBrace, tBadWord, tTooDeep, tEmbedded:
		return true
	default:
		return isCommand(k)
	}
}

// bad records an error and skips what belongs to it. What another system reads there is
// no error of the file.
func (p *parser) bad(h Head, err error, level int) *Bad {
	e := p.syntaxError(err)
	foreign := foreignText(&h, e, p.source[min(e.Pos.Offset, len(p.source)):])
	if foreign != "" {
		e.Msg = foreign
	} else if n := len(p.errs); n == 0 || p.errs[n-1] != e {
		p.report(e)
	}
	if p.resync() {
		p.skipClauses(h.Verb, level)
	}
	return &Bad{Head: h, Err: e, Foreign: foreign != ""}
}

// foreignText tells whose syntax the rest of the source behind an error begins with, ""
// for nobody's.
func foreignText(h *Head, e *SyntaxError, rest string) string {
	switch digits := strings.TrimLeft(strings.TrimPrefix(rest, "#"), "0123456789ABCDEFabcdef"); {
	case strings.HasPrefix(rest, "^ ("):
		return "^ (name), the directory of routines, is a global of DSM"
	case rest != "" && rest[0] == '#' && len(digits) < len(rest)-1 && strings.HasPrefix(e.Msg, "unexpected"):
		return rest[:len(rest)-len(digits)] + " is a number of MSM"
	case h.Verb == "ZWRITE" && (strings.HasPrefix(rest, "*)") || strings.HasPrefix(rest, "*,") || strings.HasPrefix(rest, "*:")):
		return "ZWRITE with * among the subscripts is GT.M's"
	}
	return ""
}

// resync drops tokens to the end of the line. A block on the way is parsed, so that its
// errors are found too and its braces stay balanced; it tells whether there was one.
func (p *parser) resync() (block bool) {
	for {
		switch p.Peek().Type {
		case lexer.EOF, tEOL, tRBrace:
			return block
		case tLBrace:
			block = true
			if _, err := p.block(); err != nil {
				return block
			}
		default:
			p.Next()
		}
	}
}
