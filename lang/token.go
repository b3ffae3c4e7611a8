package lang

// The token kinds that the lexer hands to the grammar. A command word comes out as one
// kind per argument shape, and a character with two meanings as two kinds, so the
// grammar needs neither blanks nor lookahead.

import (
	"strconv"

	"github.com/alecthomas/participle/v2/lexer"
)

// Kind is a token kind.
type Kind = lexer.TokenType

// Position is a place in a source: file (the routine name), byte offset from 0, line
// from 1 and column in characters from 1.
type Position = lexer.Position

const (
	tEOL Kind = iota + 1
	tDots
	tLabel
	tAccess   // PUBLIC, PRIVATE
	tPubOpen  // [ of a public list
	tPubClose // ]
	tLBrace
	tRBrace
	tDirective // a # line
	tEmbedded  // a macro or embedded SQL in the place of a command

	tNum
	tStr
	tIdent
	tGlobal   // ^name
	tNaked    // ^ before (
	tPrivate  // ^||name
	tExtOpen  // ^| or ^[
	tExtClose // | or ] with the global or routine name that follows it
	tCaretAt  // ^ before @, as an operand
	tExtr     // $$
	tMacro    // $$$name
	tFunc     // $name before (
	tSpecial  // $name
	tSystem   // $SYSTEM.name
	tClass    // ##class(name)
	tThis     // ..name
	tAt       // @ as a prefix
	tAtSub    // @ before (, after an operand
	tLP       // ( where an operand is due
	tSub      // ( touching what precedes it
	tRP
	tComma
	tColon
	tBinOp
	tUnOp
	tPattern   // ?pattern or '?pattern
	tPatternAt // ?@ or '?@
	tFormat    // ! # ? in WRITE and READ
	tStar      // * where an operand is due
	tByRef     // . before a name
	tVariadic  // ...
	tMember    // .name after an operand
	tRoutine   // ^name after an operand
	tRoutineAt // ^ before @, after an operand
	tRtnOpen   // ^| or ^[ after an operand
	tSlash     // /NAME
	tJSONObj   // {
	tJSONArr   // [
	tJSONEnd   // } or ]

	tSet
	tMerge
	tWrite
	tRead
	tIf
	tElseIf
	tElse
	tFor
	tWhile
	tDo
	tGoto
	tJob
	tDevice
	tVars
	tLock
	tExprs
	tLines   // entryrefs and expressions: ZPRINT, ZBREAK
	tInsert  // ZINSERT
	tSkipped // commands of other M systems
	tTry
	tCatch

	// What is no token at all, by what is wrong with it.
	tBadChar
	tBadWord    // not a command
	tBadString  // no closing quote
	tBadComment // no closing */
	tBadPattern
	tClassOnly // what only the code of classes has: i%property, ##super
	tTooDeep

	firstCommand = tSet
	lastCommand  = tCatch
	firstBad     = tBadChar
)

func isCommand(k Kind) bool { return k >= firstCommand && k <= lastCommand }

// kindRow names a token kind in the grammar and, for messages, in words.
type kindRow struct{ name, words string }

var kindNames = map[Kind]kindRow{
	lexer.EOF: {"EOF", "end of input"}, tEOL: {"EOL", "end of line"}, tDots: {"Dots", "dots"},
	tLabel: {"Label", "a label"}, tAccess: {"Access", "PUBLIC or PRIVATE"},
	tPubOpen: {"PublicOpen", `"["`}, tPubClose: {"PublicClose", `"]"`},
	tLBrace: {"LBrace", `"{"`}, tRBrace: {"RBrace", `"}"`}, tDirective: {"Directive", "a # directive"},

	tEmbedded: {"Embedded", "a macro"},

	tNum: {"Num", "a number"}, tStr: {"Str", "a string"}, tIdent: {"Ident", "a name"},
	tGlobal: {"Global", "a global"}, tNaked: {"Naked", "a naked reference"}, tPrivate: {"Private", "a process-private global"},
	tExtOpen: {"ExtOpen", "an extended reference"}, tExtClose: {"ExtClose", "the end of the extended reference"},
	tCaretAt: {"CaretAt", `"^@"`}, tExtr: {"Extrinsic", `"$$"`}, tMacro: {"Macro", "a macro"},
	tFunc: {"Function", "a function"}, tSpecial: {"Special", "a special variable"}, tSystem: {"System", "$SYSTEM"},
	tClass: {"Class", "##class()"}, tThis: {"This", `".."`}, tAt: {"At", `"@"`}, tAtSub: {"AtSub", `"@("`},
	tLP: {"LP", `"("`}, tSub: {"Sub", `"("`}, tRP: {"RP", `")"`}, tComma: {"Comma", `","`}, tColon: {"Colon", `":"`},
	tBinOp: {"BinOp", "an operator"}, tUnOp: {"UnOp", "a sign"}, tPattern: {"Pattern", "a pattern"},
	tPatternAt: {"PatternAt", "a pattern"}, tFormat: {"Format", "a format control"}, tStar: {"Star", `"*"`},
	tByRef: {"ByRef", `"."`}, tVariadic: {"Variadic", `"..."`}, tMember: {"Member", "a member"},
	tRoutine: {"Routine", "^routine"}, tRoutineAt: {"RoutineAt", `"^@"`}, tRtnOpen: {"RoutineOpen", "an extended routine reference"},
	tSlash: {"Slash", "a /keyword"}, tJSONObj: {"JSONObject", `"{"`}, tJSONArr: {"JSONArray", `"["`}, tJSONEnd: {"JSONEnd", `"}" or "]"`},

	tSet: {"CSet", "SET"}, tMerge: {"CMerge", "MERGE"}, tWrite: {"CWrite", "WRITE"}, tRead: {"CRead", "READ"}, tIf: {"CIf", "IF"},
	tElseIf: {"CElseIf", "ELSEIF"}, tElse: {"CElse", "ELSE"}, tFor: {"CFor", "FOR"}, tWhile: {"CWhile", "WHILE"},
	tDo: {"CDo", "DO"}, tGoto: {"CGoto", "GOTO"}, tJob: {"CJob", "JOB"}, tDevice: {"CDevice", "OPEN, USE or CLOSE"},
	tVars: {"CVars", "NEW or KILL"}, tLock: {"CLock", "LOCK"}, tExprs: {"CExprs", "a command"}, tLines: {"CLines", "a command"},
	tInsert: {"CInsert", "ZINSERT"}, tSkipped: {"CSkipped", "a command"}, tTry: {"CTry", "TRY"}, tCatch: {"CCatch", "CATCH"},

	tBadChar: {"BadChar", "a character that means nothing here"}, tBadWord: {"BadWord", "an unknown command"},
	tBadString: {"BadString", "a string without its closing quote"}, tBadComment: {"BadComment", "a comment without its closing */"},
	tBadPattern: {"BadPattern", "a malformed pattern"}, tClassOnly: {"ClassOnly", "what only classes have"}, tTooDeep: {"TooDeep", "too much nesting"},
}

// symbols is kindNames the way participle wants it.
var symbols = func() map[string]Kind {
	m := make(map[string]Kind, len(kindNames))
	for k, r := range kindNames {
		m[r.name] = k
	}
	return m
}()

// describe says in words what a token is, for "unexpected …".
func describe(t *lexer.Token) string {
	switch t.Type {
	case lexer.EOF, tEOL, tExtClose, tBadString, tBadComment, tBadPattern:
		return kindNames[t.Type].words
	case tStr:
		return t.Value
	case tMember:
		return strconv.Quote("." + t.Value)
	case tGlobal, tRoutine:
		return strconv.Quote("^" + t.Value)
	case tPrivate:
		return strconv.Quote("^||" + t.Value)
	case tFunc, tSpecial:
		return strconv.Quote("$" + t.Value)
	case tMacro:
		return strconv.Quote("$$$" + t.Value)
	case tSystem:
		return strconv.Quote("$SYSTEM." + t.Value)
	case tClass:
		return strconv.Quote("##class(" + t.Value + ")")
	case tThis:
		return strconv.Quote(".." + t.Value)
	case tPattern, tPatternAt:
		return "the pattern " + strconv.Quote(t.Value)
	}
	return strconv.Quote(t.Value)
}
