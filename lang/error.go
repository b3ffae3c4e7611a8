package lang

// Syntax errors: where, what was found, what was due, and the source line with a caret.

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// SyntaxError is one place that does not parse.
type SyntaxError struct {
	Pos        Position
	Msg        string // in words, without the position
	Source     string // the source line, without its end
	Found      string // what stands there, in words
	Expected   string // what was due, in words; "" when nothing in particular
	Near       string // the command that an unknown one resembles, "" when none does
	Included   bool   // the place is in an include file, which Pos names
	Incomplete bool   // more input could complete the source: the prompt asks for it
}

// Error is "file:line:column: message", without the file when it has no name.
func (e *SyntaxError) Error() string {
	where := fmt.Sprintf("%d:%d: ", e.Pos.Line, e.Pos.Column)
	if e.Pos.Filename != "" {
		where = e.Pos.Filename + ":" + where
	}
	return Visible(where + e.Msg)
}

// Snippet is the source line, shortened around the place, and, below it, a caret under the place. Tabs are kept so
// that both lines stay aligned.
func (e *SyntaxError) Snippet() string {
	var b strings.Builder
	line, column := Excerpt(e.Source, e.Pos.Column)
	b.WriteString(line)
	b.WriteByte('\n')
	n := 1
	for _, r := range line {
		if n >= column {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	b.WriteByte('^')
	return b.String()
}

// syntaxError turns what a production returned into a SyntaxError.
func (p *parser) syntaxError(err error) *SyntaxError {
	var mine *SyntaxError
	if errors.As(err, &mine) {
		return mine
	}
	e := &SyntaxError{Pos: p.Peek().Pos, Msg: err.Error()}
	var bad *participle.UnexpectedTokenError
	var other participle.Error
	switch {
	case errors.As(err, &bad):
		e.Pos = bad.Unexpected.Pos
		e.Found = describe(&bad.Unexpected)
		e.Expected = expectation(bad)
		e.Msg = message(&bad.Unexpected, e)
	case errors.As(err, &other):
		e.Pos, e.Msg = other.Position(), other.Message()
	}
	e.Source = p.sourceLine(e.Pos.Line)
	return e
}

// message words an unexpected token.
func message(t *lexer.Token, e *SyntaxError) string {
	switch t.Type {
	case tBadWord:
		if e.Expected != "" && !strings.Contains(e.Expected, "command") {
			break
		}
		msg := fmt.Sprintf("unknown command %q", t.Value)
		if e.Near = nearestCommand(t.Value); e.Near != "" {
			msg += "; did you mean " + e.Near + "?"
		}
		return msg
	case tBadString:
		return `string without a closing "`
	case tBadComment:
		e.Incomplete = true
		return "comment without a closing */"
	case tBadPattern:
		return "malformed pattern after ?"
	case tClassOnly:
		return t.Value + " needs a class, and user-written classes are not supported"
	case tTooDeep:
		return fmt.Sprintf("nested deeper than %d levels, or more than %d operators or commands in a row", maxNesting, maxOperators)
	}
	msg := "unexpected " + e.Found
	if e.Expected != "" {
		msg += ", expected " + e.Expected
	}
	return msg
}

// expectation is what participle, or our own productions, expected, in words.
func expectation(err *participle.UnexpectedTokenError) string {
	if err.Expect != "" {
		return err.Expect
	}
	msg := err.Message()
	i := strings.LastIndex(msg, " (expected ")
	if i < 0 {
		return ""
	}
	words := strings.TrimSuffix(msg[i+len(" (expected "):], ")")
	return grammarWords(words)
}

// grammarWords puts a piece of participle's EBNF into words: the first symbol of each of
// its alternatives.
func grammarWords(ebnf string) string {
	var words []string
	for _, alternative := range alternatives(ebnf) {
		words = append(words, symbolWords(alternative))
	}
	return strings.Join(words, " or ")
}

// alternatives splits EBNF at the bars outside of parentheses.
func alternatives(ebnf string) (all []string) {
	depth, from := 0, 0
	for i := 0; i < len(ebnf); i++ {
		switch ebnf[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				all = append(all, ebnf[from:i])
				from = i + 1
			}
		}
	}
	return append(all, ebnf[from:])
}

// symbolWords is the first symbol of a piece of EBNF in words.
func symbolWords(ebnf string) string {
	first := strings.TrimLeft(ebnf, "( ")
	if i := strings.IndexAny(first, " )"); i >= 0 {
		first = first[:i]
	}
	first = strings.TrimRight(first, "?*+!")
	if w, ok := productionWords[first]; ok {
		return w
	}
	name := strings.Trim(first, "<>")
	for _, r := range kindNames {
		if strings.EqualFold(r.name, name) {
			return r.words
		}
	}
	return first
}

// productionWords names the productions that participle reports by name.
var productionWords = map[string]string{
	"Expr": "an expression", "Node": "an expression", "Formal": "a parameter name", "EntryArg": "a label or routine",
	"Entryref": "a label or routine", "DeviceArg": "a device", "Param": "a parameter", "ParamGroup": "device parameters",
	"LockArg": "a name to lock", "LockName": "a name to lock", "JobArg": "a label or routine",
	"<lp>": `a name or "("`, "ExprArg": "an expression", "VarsArg": "a variable", "Range": "an expression",
}

// unexpected is the error for a token that is not what was due.
func unexpected(t *lexer.Token, expect string) error {
	return &participle.UnexpectedTokenError{Unexpected: *t, Expect: expect}
}
