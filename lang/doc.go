// Package lang parses ObjectScript: routines, command lines, expressions and
// entryrefs, into the tree of ast.go. It knows syntax only: which functions exist, what
// SET may assign to and what a pattern means is the compiler's business.
//
// # How a source becomes a tree
//
// The lexer (lexer.go, lexer_args.go) owns every blank. In M a label stands in column 1, one
// blank separates a command from its arguments and two follow a command without any, a
// blank ends an argument list, and "(" or "^" mean another thing when they touch what
// stands before them. All that is settled in the lexer, which emits one token kind per
// command shape and per meaning of a character, so that the grammar is LL(1) and
// participle runs without lookahead. It never fails: what is no token is one of the
// tBad… kinds.
//
// Arguments are participle productions: struct tags in ast.go, Parseables in grammar.go,
// entryref.go and expr.go where a tag cannot say it or where time is spent.
// testdata/grammar.ebnf is what participle prints of them, and the Syntax column of the
// command table says the same to users. Expressions are
//
//	expr    = operand { operator operand | "?" pattern }      no precedence
//	operand = { "+" | "-" | "'" } atom
//	atom    = number | string | glvn | "@" operand { "@(" exprs ")" } | "(" expr ")"
//	        | "$$" entryref actuals | "$" name [ "(" arguments ")" ] | json, with .members
//
// Lines, blocks and recovery are our own loop (parse.go, control.go): a command that does
// not parse becomes a *Bad, the rest of its line is skipped with its braces balanced, and
// parsing goes on, so one pass reports all errors. Reaching a *Bad raises its error.
// Commands of other M systems, macros without a definition and embedded SQL are *Bad
// without being errors of the file: they must not stop a load.
//
// # Lines
//
// A Line is what runs from a line start to the end of its last command, over several source
// lines when it holds blocks. ELSEIF, ELSE, CATCH and the WHILE of DO belong to the block
// before them wherever they stand, and so does what follows them on their line. Dotted
// lines stay flat with their Level. An argument goes on in the next line when that is
// indented and an operand is due, or when it begins with an operator, a comma or a
// closing bracket. An opening brace may stand on a line of its own.
//
// # Preprocessing
//
// Sources are parsed as they stand after preprocessing. "#;" and "##;" comments, a "#!" line,
// the ROUTINE header and #dim are understood here; any other # line is an error.
package lang
