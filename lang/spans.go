package lang

// Spans: a line as it is shown and completed while somebody types it. They come from the
// lexer, so what is coloured as a command is one.

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// SpanClass is what a piece of a line is.
type SpanClass int

const (
	Blank SpanClass = iota // between the others; never in a Span
	CommandWord
	UnknownWord // where a command is due
	EntryName   // of an entryref
	RoutineName // with its ^
	VariableName
	GlobalName // with its ^
	DollarCall // with its $, before a parenthesis
	DollarName // $NAME, $SYSTEM.Name
	MacroName
	ClassName // ##class(Name)
	MemberName
	KeywordName // /NAME
	StringLiteral
	OpenString // without its closing quote
	NumberLiteral
	PatternCode
	Opening // a parenthesis, bracket or brace
	Closing
	Comma
	Colon
	Operator
	Comment
	Directive
	Misplaced // means nothing where it stands
)

// Span is a piece of a line, in bytes.
type Span struct {
	From, To int
	Class    SpanClass
}

// classes are the classes of the token kinds; what is not here is an Operator.
var classes = map[Kind]SpanClass{
	tLabel: EntryName, tDirective: Directive, tEmbedded: MacroName, tNum: NumberLiteral, tStr: StringLiteral,
	tIdent: VariableName, tGlobal: GlobalName, tPrivate: GlobalName, tNaked: GlobalName, tExtOpen: GlobalName, tExtClose: GlobalName, tCaretAt: GlobalName,
	tMacro: MacroName, tFunc: DollarCall, tSpecial: DollarName, tSystem: DollarName, tExtr: DollarCall,
	tClass: ClassName, tMember: MemberName, tThis: MemberName, tRoutine: RoutineName, tRtnOpen: RoutineName, tRoutineAt: RoutineName,
	tLP: Opening, tSub: Opening, tLBrace: Opening, tJSONObj: Opening, tJSONArr: Opening, tRP: Closing, tRBrace: Closing, tJSONEnd: Closing,
	tComma: Comma, tColon: Colon, tPattern: PatternCode, tSlash: KeywordName,
	tBadWord: UnknownWord, tBadString: OpenString, tBadComment: Comment,
	tBadChar: Misplaced, tBadPattern: Misplaced, tClassOnly: Misplaced, tTooDeep: Misplaced,
}

// Spans takes lines of commands apart, as ParseCommands would read them. Blanks stand
// between the spans; nothing fails.
func Spans(source string) (out []Span) {
	s := newScanner("", source, startCommands)
	var e entryrefs
	end := 0
	add := func(from, to int, c SpanClass) {
		if between := strings.Trim(source[min(end, from):from], " \t\r\f\v\n"); between != "" { // the lexer has stepped over it
			at := end + strings.Index(source[end:], between)
			out = append(out, Span{at, at + len(between), Comment})
		}
		if to > from {
			out = append(out, Span{from, to, c})
		}
		end = max(end, to)
	}
	for {
		t, ok := s.step()
		if !ok {
			continue
		}
		if t.Type == lexer.EOF {
			add(len(source), len(source), Blank)
			return out
		}
		if t.Type == tEOL {
			continue
		}
		c, known := classes[t.Type]
		switch {
		case isCommand(t.Type):
			c = CommandWord
		case !known:
			c = Operator
		}
		if len(s.pending) > 0 { // #dim with a value reads as SET
			s.pending, c = nil, Directive
		}
		from := t.Pos.Offset
		if c == CommandWord { // the scanner has looked for what follows it
			add(from, nameEnd(source, from), c)
		} else {
			add(from, s.off, c)
		}
		out = e.settle(out, s, t.Type)
	}
}

// entryrefs tells names of labels and routines from variables and globals: they stand in the
// arguments of DO and its kin up to a colon, and behind $$.
type entryrefs struct {
	condition bool // a colon has been passed
	extrinsic bool // behind $$
}

func (e *entryrefs) settle(out []Span, s *scanner, k Kind) []Span {
	last := &out[len(out)-1]
	outer := s.mode == inArgs && len(s.brackets) == 0
	names := outer && s.row != nil && (s.row.Kind == tDo || s.row.Kind == tGoto || s.row.Kind == tJob || s.row.Kind == tLines) && !e.condition
	switch {
	case isCommand(k), k == tComma && outer:
		e.condition = false
	case k == tColon && outer:
		e.condition = true
	case k == tIdent && (e.extrinsic || names):
		last.Class = EntryName
	case k == tGlobal && (e.extrinsic || names):
		last.Class = RoutineName
	case k == tMember && len(out) > 1 && out[len(out)-2].Class == EntryName:
		out[len(out)-2].Class = VariableName // DO x.Method()
	}
	e.extrinsic = k == tExtr
	return out
}
