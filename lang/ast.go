package lang

// The syntax tree. Commands are participle grammar structs (one per argument
// shape, house decision 2); expressions are built by hand in expr.go. The tree is
// shaped by the grammar, not by execution: runtime/compile.go lowers it and drops it.

import "github.com/alecthomas/participle/v2/lexer"

// Routine is one parsed source file. A bad line stands in Lines as a Bad command,
// which raises <SYNTAX> when it is reached; Errors lists all of them in order.
type Routine struct {
	Name   string
	Source []string // the source lines as the user wrote them, without line ends
	Lines  []*Line
	Errors []*SyntaxError
	Hidden []bool // by source line from 0: taken by the preprocessor; nil when it was not needed

	macros map[int]string // by source offset: what is expanded there
}

// Line is one logical line: what follows a line start up to the end of its last
// command. A command with a brace block runs over several source lines and still
// belongs to the line it starts on; ELSE, CATCH and WHILE of a block are attached to
// their IF, TRY and DO wherever they stand.
type Line struct {
	Number   int    // 1-based source line
	Level    int    // number of leading dots
	Label    *Label // nil: none
	Commands []Command
}

// Label is a line label with its formal list and, for a procedure, its body.
type Label struct {
	Pos     lexer.Position
	Name    string    `parser:"@Label"`
	Parens  bool      `parser:"( @LP"` // a formal list, even an empty one, was written: no fall-through into it
	Formals []*Formal `parser:"( @@ ( Comma @@ )* )? RP )?"`
	Access  string    `parser:"( @Access"`                                    // "", "PUBLIC", "PRIVATE"
	Listed  bool      `parser:"| @PublicOpen"`                                // a public list, even an empty one, was written: a procedure
	Public  []string  `parser:"( @Ident ( Comma @Ident )* )? PublicClose )*"` // the procedure's public list
	Body    *Block    // non-nil: a procedure
}

// Formal is one formal parameter: name, name=default, name... or name:byref markers.
type Formal struct {
	Name     string
	Default  Node // nil: none
	Variadic bool // name...
}

// Block is the body between braces.
type Block struct {
	Pos   lexer.Position
	Lines []*Line
	End   lexer.Position // of the closing brace
}

// Command is one command with all its arguments.
type Command interface{ Start() *Head }

// Head is what every command begins with.
type Head struct {
	Pos  lexer.Position
	Verb string // canonical upper-case name: "SET" for s, S, set
	Post *Expr  // postconditional, nil: none
}

// Start returns the head itself; it makes every struct that embeds Head a Command.
func (h *Head) Start() *Head { return h }

// Expr wraps an expression so that participle can call its parser.
type Expr struct{ X Node }

type (
	// Set is SET target=value, (t1,t2)=value, or an indirect argument @x (Value nil).
	Set struct {
		Head
		Args []*SetArg
	}
	SetArg struct {
		Pos     lexer.Position
		Targets []*Expr // Var, Global, Naked, Indirect, Call ($PIECE…), Special, Member
		Value   *Expr
	}

	// Merge is MERGE target=source.
	Merge struct {
		Head
		Args []*MergeArg
	}
	MergeArg struct {
		Pos            lexer.Position
		Target, Source *Expr // Source nil: an indirect argument @x
	}

	// Write is WRITE with expressions, format controls, *codes and /mnemonics.
	Write struct {
		Head
		Args []*WriteArg
	}
	WriteArg struct { // exactly one of the four is set
		Pos      lexer.Position
		Formats  []*Format
		Star     *Expr
		Mnemonic *Mnemonic
		Expr     *Expr // an Indirect alone may also yield a format control (rule B27)
	}
	// Format is one format control: !, #, or ?column.
	Format struct {
		Op     string // "!", "#", "?"
		Column *Expr  // of ?
	}
	// Mnemonic is /NAME or /NAME(args); an argument that is left out is nil.
	Mnemonic struct {
		Name string // upper case, without the slash
		Args []*Expr
	}

	// Read is READ with prompts, format controls and targets.
	Read struct {
		Head
		Args []*ReadArg
	}
	ReadArg struct {
		Pos      lexer.Position
		Formats  []*Format
		Mnemonic *Mnemonic
		Prompt   *string // a string literal
		Star     bool
		Var      *Expr
		Length   *Expr
		Timeout  *Expr
	}

	// If is IF in block form (Block set, with its ELSEIFs and ELSE) or in legacy
	// form (Block nil), whose scope is the rest of the line. No Conds: argumentless.
	If struct {
		Head
		Conds   []*Expr
		Block   *Block
		ElseIfs []*ElseIf
		Else    *Block
	}
	ElseIf struct {
		Pos   lexer.Position
		Conds []*Expr
		Block *Block
	}
	// Else is the legacy ELSE, whose scope is the rest of the line.
	Else struct{ Head }

	// For is FOR var=ranges, or argumentless (Var nil); Block nil: rest of the line.
	For struct {
		Head
		Var    *Expr
		Ranges []*Range
		Block  *Block
	}
	// Range is one of: From alone (a value), From:Step, From:Step:To.
	Range struct{ From, Step, To *Expr }

	// While is WHILE conditions { }.
	While struct {
		Head
		Conds []*Expr
		Block *Block
	}

	// Do is DO entryrefs, argumentless DO over the dotted lines below (no Args, no
	// Block), or DO { } WHILE conditions.
	Do struct {
		Head
		Args  []*EntryArg
		Block *Block
		While []*Expr
	}
	// Goto is GOTO entryrefs; no Args: resume at the debug prompt.
	Goto struct {
		Head
		Args []*EntryArg `parser:"@@ ( Comma @@ )*"`
	}
	// EntryArg is one argument of DO and GOTO: an entryref with actuals, a method
	// call, a $CASE, or an indirection, each with its own postconditional.
	EntryArg struct {
		Pos    lexer.Position
		Entry  *Entryref // nil when Call is set
		Actual []*Actual
		Parens bool // an actual list, even an empty one, was written
		Call   Node // Method, Member, Call ($CASE, $ZUTIL…), Indirect (a whole indirect argument)
		Post   *Expr
	}

	// Job is JOB entryref(actuals):(parameters):timeout.
	Job struct {
		Head
		Args []*JobArg `parser:"@@ ( Comma @@ )*"`
	}
	JobArg struct {
		Pos     lexer.Position
		Entry   *Entryref
		Actual  []*Actual
		Parens  bool
		Call    Node // Method or an indirect argument
		Params  []*Param
		Timeout *Expr
	}

	// Device is OPEN, USE and CLOSE: device:params:timeout:"mnespace".
	Device struct {
		Head
		Args []*DeviceArg `parser:"@@ ( Comma @@ )*"`
	}
	DeviceArg struct {
		Pos    lexer.Position
		Device *Expr         `parser:"@@"`
		Groups []*ParamGroup `parser:"( Colon @@ )*"` // what follows each colon, in order
	}
	// ParamGroup is one colon-separated part: (p:p:/K=v) or a bare expression or
	// keyword. An omitted part has no Params and Bare false.
	ParamGroup struct {
		Parens  bool
		Params  []*Param
		Foreign bool // the parameters stand between commas, as on DSM
	}
	// Param is a positional value, a keyword with or without value, or nothing.
	Param struct {
		Pos   lexer.Position
		Key   string // "/NAME" upper case, "" when positional
		Value *Expr  // nil: omitted, or a list
		List  []*Item
	}
	// Item is one of several values of a keyword: /ARGS=a,b, /ENV=(n:v,…), /ARGS=array...
	Item struct {
		Name   *Expr // nil: none
		Value  *Expr
		Spread bool // the nodes of the array that Value names
	}

	// Vars is NEW, KILL, ZKILL; no Args: all variables.
	Vars struct {
		Head
		Args []*VarsArg
	}
	VarsArg struct { // one of the two
		Pos    lexer.Position
		Except []*Expr // (a,b): all but these
		Var    *Expr   // Var, Global, Naked, Special ($ETRAP…), Indirect
	}

	// Lock is LOCK; no Args: release all.
	Lock struct {
		Head
		Args []*LockArg `parser:"@@ ( Comma @@ )*"`
	}
	LockArg struct {
		Pos     lexer.Position
		Sign    string      `parser:"@( '+':UnOp | '-':UnOp )?"` // "", "+", "-"
		Parens  bool        `parser:"( @LP"`
		Names   []*LockName `parser:"@@ ( Comma @@ )* RP | @@ )"`
		Timeout *Expr       `parser:"( Colon @@ )?"`
	}
	// LockName is ^g(1)#"SE" : the lock type follows the #.
	LockName struct {
		Ref  *Expr
		Type *Expr
	}

	// Exprs is every command whose arguments are plain expressions: QUIT RETURN HANG
	// XECUTE THROW BREAK ZTRAP ZWRITE ZNSPACE HALT CONTINUE VIEW TSTART … ; XECUTE and
	// its kin allow a postconditional on each argument.
	Exprs struct {
		Head
		Args []*ExprArg `parser:"@@ ( Comma @@ )*"`
	}
	ExprArg struct {
		Pos    lexer.Position
		X      *Expr
		Post   *Expr
		More   []*Expr   // what ZBREAK has behind further colons
		Parens bool      // XECUTE (code,actuals)
		Actual []*Actual // of XECUTE
	}

	// Try is TRY { } CATCH var { }.
	Try struct {
		Head
		Block    *Block
		Catch    *Block // nil: no CATCH
		CatchVar *Expr  // nil: CATCH without a variable
	}

	// Bad is a command that does not parse; reaching it raises <SYNTAX>.
	Bad struct {
		Head
		Err     *SyntaxError
		Foreign bool // it parses elsewhere: a command, or a form of one, of another M system
	}
)

// Entryref is label+offset^routine; every part may be absent or indirect.
type Entryref struct {
	Pos       lexer.Position
	Label     string // "" when absent or indirect
	LabelAt   Node   // @x
	Offset    Node
	Routine   string // "" when absent or indirect
	RoutineAt Node   // ^@x
	Namespace Node   // ^|"NS"|routine, and for JOB ^routine["NS"]
	System    Node   // the second part of ^["NS","sys"]routine
	Caret     bool   // a ^routine part, of either kind, was written
}

// Actual is one actual parameter; all fields zero: omitted.
type Actual struct {
	Pos      lexer.Position
	X        Node
	ByRef    bool // .x: X is a Var, or an Indirect
	Variadic bool // x...
}

// Node is one expression node. At is the byte offset in the source where it starts.
type Node interface{ Offset() int }

// At is the byte offset of a node in the source it was parsed from.
type At int

// Offset returns it.
func (a At) Offset() int { return int(a) }

type (
	// Num is a numeric literal, as written.
	Num struct {
		At
		Text string
	}
	// Str is a string literal with its quotes resolved (UTF-8).
	Str struct {
		At
		Value string
	}
	// Var is a local variable.
	Var struct {
		At
		Name string
		Subs []Node
	}
	// Global is ^name(subs), ^|env|name(subs), ^["ns","sys"]name(subs), ^||name(subs)
	// (Private), or a structured system variable such as ^$JOB(subs) (Name "$JOB").
	Global struct {
		At
		Name    string // without the caret
		Env     []Node // extended reference, nil: none
		Private bool
		Subs    []Node
	}
	// Naked is ^(subs).
	Naked struct {
		At
		Subs []Node
	}
	// Indirect is @of, with each @(subs) that follows it.
	Indirect struct {
		At
		Of   Node
		Subs [][]Node
	}
	// Unary is + - ' applied to the operand that follows.
	Unary struct {
		At
		Op string
		X  Node
	}
	// Binary is one dyadic operator; chains nest to the left. Op is canonical, with a
	// leading ' when negated: "+", "'=", "]]", "&&", …
	Binary struct {
		At   // of the operator
		Op   string
		L, R Node
	}
	// Pattern is x?pattern, or x'?pattern; Indirect: x?@y.
	Pattern struct {
		At
		X        Node
		Not      bool
		Pattern  string // as written
		Indirect Node
	}
	// Call is an intrinsic function. Args are expressions; nil stands for an omitted
	// one. $SELECT and $CASE hold Pairs, $TEXT an EntryNode, $EXTRACT and its kin may
	// hold a Last.
	Call struct {
		At
		Name string // upper case, without the $, as written: "P", "PIECE"
		Args []Node
	}
	// Pair is a:b inside $SELECT, $CASE and $LISTUPDATE (L nil for the default of $CASE).
	Pair struct {
		At
		L, R Node
	}
	// Last is * or *-n or *+n as an argument.
	Last struct {
		At
		X Node // nil: plain *; otherwise the signed offset
	}
	// EntryNode is an entryref where a value is expected: $TEXT(label+1^routine).
	EntryNode struct {
		At
		Entry *Entryref
	}
	// Special is a special variable.
	Special struct {
		At
		Name string // upper case, without the $
	}
	// Extrinsic is $$label^routine(actuals).
	Extrinsic struct {
		At
		Entry  *Entryref
		Actual []*Actual
		Parens bool
	}
	// Macro is $$$name(args) left over after preprocessing: an error when reached.
	Macro struct {
		At
		Name string
	}
	// Class is ##class(name); it only occurs as the Of of a Member.
	Class struct {
		At
		Name string
	}
	// This is the empty base of ..method().
	This struct{ At }
	// System is $SYSTEM as the base of $SYSTEM.class.method(); Name is "class".
	System struct {
		At
		Name string
	}
	// Member is base.name or base.name(actuals): a property or a method call.
	Member struct {
		At
		Of     Node
		Name   string
		Parens bool
		Actual []*Actual
	}
	// ByRef is .x where an expression list is parsed (method actuals use Actual).
	ByRef struct {
		At
		X Node
	}
	// JSON is a {…} or […] literal in an expression.
	JSON struct {
		At
		Array bool
		Keys  []string // of an object
		Vals  []Node
	}
	// JSONWord is true, false or null inside a JSON literal.
	JSONWord struct {
		At
		Word string
	}
	// Spread is x... as an argument of an intrinsic function (method actuals use
	// Actual.Variadic).
	Spread struct {
		At
		X Node
	}
)
