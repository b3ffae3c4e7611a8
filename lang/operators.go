package lang

// The operator table, for help and the reference. The lexer recognises operators by
// their characters (lexer_args.go); a test parses each row.

// OperatorRow is one operator.
type OperatorRow struct{ Name, Syntax, Doc string }

var operatorTable = []OperatorRow{
	{"unary +", "+x", "the number that a value begins with, 0 when there is none"},
	{"unary -", "-x", "that number with the other sign; it binds before every binary operator"},
	{"'", "'x", "1 when x is 0 as a number, else 0; before an operator it negates that operator"},
	{"+", "x+y", "sum; operators have no precedence: they work from left to right"},
	{"-", "x-y", "difference"},
	{"*", "x*y", "product"},
	{"/", "x/y", "quotient, to 19 digits at most; <DIVIDE> when y is 0"},
	{`\`, `x\y`, "integer part of the quotient, toward 0"},
	{"#", "x#y", "remainder, with the sign of y"},
	{"**", "x**y", "power"},
	{"_", "x_y", "the strings one behind the other"},
	{"=", "x=y", "1 when the strings are equal"},
	{"'=", "x'=y", "1 when they differ"},
	{"<", "x<y", "1 when x is less as a number"},
	{"'<", "x'<y", "1 when x is not less"},
	{">", "x>y", "1 when x is greater as a number"},
	{"'>", "x'>y", "1 when x is not greater"},
	{"<=", "x<=y", "another spelling of '>"},
	{">=", "x>=y", "another spelling of '<"},
	{"[", "x[y", "1 when x contains y"},
	{"'[", "x'[y", "1 when x does not contain y"},
	{"]", "x]y", "1 when x follows y by character codes"},
	{"']", "x']y", "1 when x does not follow y"},
	{"]]", "x]]y", "1 when x sorts after y as a subscript: \"\", then numbers, then strings"},
	{"']]", "x']]y", "1 when x does not sort after y"},
	{"?", "x?pattern", "1 when x matches the pattern: counts such as 3 . 1.5 before the classes A C E L N P U, a string, or alternatives (a,b)"},
	{"'?", "x'?pattern", "1 when x does not match"},
	{"&", "x&y", "1 when both are true; both are evaluated"},
	{"'&", "x'&y", "1 unless both are true"},
	{"&&", "x&&y", "1 when both are true; y is evaluated only when x is true"},
	{"!", "x!y", "1 when one of them is true; both are evaluated"},
	{"'!", "x'!y", "1 when neither is true"},
	{"||", "x||y", "1 when one of them is true; y is evaluated only when x is false"},
	{"@", "@x  |  @x@(subscripts)", "indirection: what x names, or a node below it"},
}

// Operators returns the operator table in its own order.
func Operators() []OperatorRow { return append([]OperatorRow(nil), operatorTable...) }
