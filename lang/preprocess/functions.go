package preprocess

// The ## functions.

import (
	"fmt"
	"sort"
	"strings"
)

// Function is a row of the table of ## functions.
type Function struct {
	Name   string // lower case, without the ##
	Syntax string
	Doc    string
	raw    bool // its argument is not expanded first
	run    func(x *expander, s *site, arg string) (text, problem string)
}

var functionTable = []Function{
	{"beginquote", "##beginquote text ##endquote", "the text between them as a string literal, whatever it holds", true, nil},
	{"expression", "##expression(expr)", "the value of an expression, computed while compiling", false, evaluate},
	{"function", "##function($$label^routine(…))", "the value of a function, computed while compiling", false, evaluate},
	{"lit", "##lit(text)", "the text as it stands, comments and macros included", true,
		func(_ *expander, _ *site, arg string) (string, string) { return arg, "" }},
	{"quote", "##quote(text)", "the text as a string literal, its quotes doubled", false,
		func(_ *expander, _ *site, arg string) (string, string) { return quote(arg), "" }},
	{"quoteexp", "##quoteexp(expr)", "the value of an expression as a string literal", false,
		func(x *expander, s *site, arg string) (string, string) {
			v, problem := evaluate(x, s, arg)
			return quote(v), problem
		}},
	{"sql", "##sql(statement)", "embedded SQL", false,
		func(_ *expander, _ *site, arg string) (string, string) { return "&sql(" + arg + ")", "" }},
	{"stripq", "##stripq(text)", "a string literal without its quotes", false,
		func(_ *expander, _ *site, arg string) (string, string) { return unquote(arg), "" }},
	{"unique", "##unique(new)  |  ##unique(old)", "the name of a new local variable, %mmmu1 and so on, or of the last one", false, unique},
}

var functionIndex = func() map[string]*Function {
	m := map[string]*Function{}
	for i := range functionTable {
		m[functionTable[i].Name] = &functionTable[i]
	}
	return m
}()

// Functions lists the ## functions by name, for help.
func Functions() []Function {
	rows := append([]Function(nil), functionTable...)
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return rows
}

// functionAt finds a ## function at i: its name, and the offset behind its word.
func functionAt(text string, i int) (name string, end int) {
	if at(text, i) != '#' || at(text, i+1) != '#' || !isLetter(at(text, i+2)) {
		return "", 0
	}
	end = i + 2
	for isLetter(at(text, end)) {
		end++
	}
	row := functionIndex[strings.ToLower(text[i+2:end])]
	if row == nil || row.run != nil && at(text, end) != '(' {
		return "", 0
	}
	return row.Name, end
}

// function expands the ## function at the site, whose word ends at end.
func (x *expander) function(s *site, name string, end int) (text string, next int, macro string) {
	row := functionIndex[name]
	if row.run == nil {
		return x.quoted(s, end)
	}
	after, ok := x.parens(s, end)
	if !ok {
		x.fail(s.file, s.place, "##"+name+" has no closing parenthesis")
		return "", 0, ""
	}
	arg := s.text[end+1 : after-1]
	if !x.spend(s, len(arg)) {
		return "", 0, ""
	}
	if !row.raw {
		arg = x.expand(s, arg, "")
	}
	text, problem := row.run(x, s, arg)
	if problem != "" {
		x.fail(s.file, s.place, "##"+name+": "+problem)
	}
	return text, after, "##" + name
}

// quoted is ##beginquote … ##endquote.
func (x *expander) quoted(s *site, from int) (text string, next int, macro string) {
	const word = "##endquote"
	for i := from; i+len(word) <= len(s.text); i++ {
		if s.text[i] == '#' && strings.EqualFold(s.text[i:i+len(word)], word) {
			return quote(strings.TrimPrefix(s.text[from:i], " ")), i + len(word), "##beginquote"
		}
		if s.root && s.text[i] == '\n' {
			break
		}
	}
	x.fail(s.file, s.place, "##beginquote without its ##endquote")
	return "", 0, ""
}

// evaluate computes an expression.
func evaluate(x *expander, _ *site, expr string) (value, problem string) {
	if x.cfg.Eval == nil {
		return "", "expressions are not computed here"
	}
	v, err := x.cfg.Eval(strings.TrimSpace(expr))
	if err != nil {
		return "", err.Error()
	}
	return v, ""
}

func unique(x *expander, _ *site, arg string) (name, problem string) {
	switch strings.ToLower(strings.TrimSpace(arg)) {
	case "new":
		x.unique++
	case "old":
		if x.unique == 0 {
			return "", "no variable has been made with ##unique(new)"
		}
	default:
		return "", "the argument is new or old"
	}
	return fmt.Sprintf("%%mmmu%d", x.unique), ""
}
