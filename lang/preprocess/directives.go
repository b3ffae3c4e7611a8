package preprocess

// The # directives.

import (
	"fmt"
	"sort"
	"strings"
)

// Directive is a row of the table of # directives.
type Directive struct {
	Name   string // lower case, without the #
	Syntax string
	Doc    string
	always bool                                  // carried out in text that is not compiled, too
	run    func(x *expander, f *source, d *line) // nil: does nothing
}

var directiveTable []Directive
var directiveIndex = map[string]*Directive{}

func init() { // the rows refer to code that looks rows up
	directiveTable = []Directive{
		{"def1arg", "#def1arg name(%arg) text", "defines a macro whose one argument may hold commas", false, define},
		{"define", "#define name[(%arg,…)] [text]", "defines a macro; ##continue at the end of a line goes on with the next", false, define},
		{"dim", "#dim name,… As class [= expr]", "declares variables, and sets them", false, nil},
		{"elif", "#elif expr", "another spelling of #elseif", true, elseIf},
		{"else", "#else", "text for when no condition above held", true, otherwise},
		{"elseif", "#elseif expr", "text for when no condition above held and this one does", true, elseIf},
		{"endif", "#endif", "ends #if", true, endIf},
		{"execute", "#execute commands", "runs commands while compiling: compiling runs none here, so it is an error", false, execute},
		{"if", "#if expr", "text that is compiled when the expression is true", true, ifTrue},
		{"ifdef", "#ifdef name", "text that is compiled when the macro is defined", true, ifDefined},
		{"ifndef", "#ifndef name", "text that is compiled when the macro is not defined", true, ifUndefined},
		{"ifundef", "#ifundef name", "another spelling of #ifndef", true, ifUndefined},
		{"import", "#import schema", "for embedded SQL: ignored", false, nil},
		{"include", "#include name,…", "reads definitions from include files", false, include},
		{"noshow", "#noshow", "ends #show: ignored", false, nil},
		{"show", "#show", "keeps comments of an include file: ignored", false, nil},
		{"sqlcompile", "#sqlcompile option", "for embedded SQL: ignored", false, nil},
		{"undef", "#undef name", "forgets a macro", false, undefine},
	}
	for i := range directiveTable {
		directiveIndex[directiveTable[i].Name] = &directiveTable[i]
	}
}

// Directives lists the directives by name, for help.
func Directives() []Directive {
	rows := append([]Directive(nil), directiveTable...)
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return rows
}

// condition is an #if that is open.
type condition struct {
	off     int  // where it stands
	live    bool // the text around it is compiled
	taken   bool // one of its branches was compiled
	compile bool // this one is
	ended   bool // #else was there
}

// skipping tells that what follows is not compiled.
func (f *source) skipping() bool {
	n := len(f.ifs)
	return n > 0 && !f.ifs[n-1].compile
}

// line is a directive with what follows its word.
type line struct {
	off  int // of the #
	word string
	text string
}

// directiveAt finds a directive at i: the end of its word, and its row, nil when there
// is none. #; is the comment that no code keeps.
func directiveAt(text string, i int) (end int, row *Directive) {
	end = i + 1
	for isLetter(at(text, end)) || isDigit(at(text, end)) {
		end++
	}
	return end, directiveIndex[strings.ToLower(text[i+1:end])]
}

// directive carries out the directive at i, if there is one that is no code, and moves
// behind its lines.
func (x *expander) directive(f *source, i int) bool {
	if at(f.text, i) != '#' {
		return false
	}
	if at(f.text, i+1) == ';' {
		f.off = min(lineEnd(f.text, i)+1, len(f.text))
		return true
	}
	end, row := directiveAt(f.text, i)
	switch {
	case end == i+1:
		return false
	case row == nil && !f.skipping():
		x.unknown(f, i, f.text[i:end])
		return false
	case row == nil || row.Name == "dim":
		return false
	case f.skipping() && !row.always:
		f.off = x.bodyEnd(f, end)
		return true
	}
	d := &line{off: i, word: row.Name, text: strings.TrimSpace(f.text[end:lineEnd(f.text, end)])}
	if row.Name == "define" || row.Name == "def1arg" {
		d.text, f.off = definition(f.text, end)
	} else {
		d.text = stripComments(d.text)
		f.off = min(lineEnd(f.text, end)+1, len(f.text))
	}
	if row.run != nil {
		row.run(x, f, d)
	}
	return true
}

// unknown reports a directive that does not exist.
func (x *expander) unknown(f *source, off int, word string) {
	msg := "there is no preprocessor directive " + word
	if x.cfg.Nearest != nil {
		known := make([]string, len(directiveTable))
		for i, r := range directiveTable {
			known[i] = "#" + r.Name
		}
		if near := x.cfg.Nearest(strings.ToLower(word), known); near != "" {
			msg += "; did you mean " + near + "?"
		}
	}
	x.fail(f, off, msg)
}

// bodyEnd is where the line after a directive that is not carried out begins.
func (x *expander) bodyEnd(f *source, from int) int {
	_, end := definition(f.text, from)
	return end
}

const continuation = "##continue"

// definition reads what follows #define, over the lines that ##continue joins.
func definition(text string, from int) (body string, end int) {
	var b strings.Builder
	for {
		end = lineEnd(text, from)
		part := strings.TrimRight(text[from:end], " \t\r")
		n := len(part) - len(continuation)
		more := n >= 0 && strings.EqualFold(part[n:], continuation)
		if more {
			part = strings.TrimRight(part[:n], " \t")
		}
		if strings.HasPrefix(strings.TrimLeft(part, " \t"), "#;") {
			part = ""
		}
		b.WriteString(part)
		if end < len(text) {
			end++
		}
		if !more || end == len(text) {
			return stripComments(b.String()), end
		}
		b.WriteByte('\n')
		from = end
	}
}

// stripComments drops the comments from the text of a directive. A ; that begins the
// text is no comment: a macro may turn the rest of a line into one.
func stripComments(text string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(text); {
		end := skipToken(text, i)
		block := text[i] == '/' && at(text, i+1) == '*'
		if block || commentAt(text, i) && !(text[i] == ';' && (i == 0 || !isBlank(text[i-1]) || leads(text[:i]))) {
			b.WriteString(text[from:i])
			from = end
		}
		if name, word := functionAt(text, i); name == "lit" {
			if after, ok := parensEnd(text, word, true); ok {
				end = after
			}
		}
		i = end
	}
	b.WriteString(text[from:])
	return strings.TrimRight(b.String(), " \t\r")
}

// leads tells that a definition has no text before this point of it.
func leads(text string) bool {
	i := skipBlanks(text, 0)
	i = nameEnd(text, i)
	if at(text, i) == '(' {
		i, _ = parensEnd(text, i, false)
	}
	return skipBlanks(text, i) >= len(text)
}

// define is #define and #def1arg.
func define(x *expander, f *source, d *line) {
	text := d.text
	i := skipBlanks(text, 0)
	end := nameEnd(text, i)
	m := &macro{name: text[i:end], whole: d.word == "def1arg"}
	if m.name == "" || m.name == "%" {
		x.fail(f, d.off, "#"+d.word+" needs the name of a macro")
		return
	}
	if at(text, end) == '(' {
		after, ok := parensEnd(text, end, true)
		if !ok {
			x.fail(f, d.off, "the parameters of $$$"+m.name+" have no closing parenthesis")
			return
		}
		if msg := m.parameters(text[end+1 : after-1]); msg != "" {
			x.fail(f, d.off, msg)
			return
		}
		end = after
	}
	if m.whole && len(m.params) != 1 {
		x.fail(f, d.off, "#def1arg needs one parameter")
		return
	}
	m.body = text[skipBlanks(text, end):]
	x.macros[m.name] = m
}

// parameters takes the parameter list of a definition. msg tells what is wrong.
func (m *macro) parameters(list string) (msg string) {
	m.parens = true
	if strings.TrimSpace(list) == "" {
		return ""
	}
	for _, p := range strings.Split(list, ",") {
		p = strings.TrimSpace(p)
		if m.variadic {
			return "%" + "name... must be the last parameter of $$$" + m.name
		}
		if short, ok := strings.CutSuffix(p, "..."); ok {
			p, m.variadic = short, true
		}
		if len(p) < 2 || p[0] != '%' || nameEnd(p, 0) != len(p) {
			return fmt.Sprintf("%q is no parameter of a macro: they begin with %%", p)
		}
		m.params = append(m.params, p)
	}
	return ""
}

// undefine is #undef.
func undefine(x *expander, f *source, d *line) {
	if d.text == "" {
		x.fail(f, d.off, "#undef needs the name of a macro")
	}
	delete(x.macros, macroName(d.text))
}

// macroName is the name in #ifdef name, which some write with its $$$.
func macroName(text string) string {
	text = strings.TrimPrefix(text, "$$$")
	return text[:nameEnd(text, 0)]
}

// execute is #execute. Reading a program must not run what it holds.
func execute(x *expander, f *source, d *line) {
	x.fail(f, d.off, "#execute is not carried out: compiling runs no commands")
}

// begin opens an #if.
func (x *expander) begin(f *source, d *line, holds func() bool) {
	c := condition{off: d.off, live: !f.skipping()}
	c.compile = c.live && holds()
	c.taken = c.compile
	f.ifs = append(f.ifs, c)
}

func ifTrue(x *expander, f *source, d *line) {
	x.begin(f, d, func() bool { return x.condition(f, d) })
}

func ifDefined(x *expander, f *source, d *line) {
	x.begin(f, d, func() bool { return x.defined(f, d) })
}

func ifUndefined(x *expander, f *source, d *line) {
	x.begin(f, d, func() bool { return !x.defined(f, d) })
}

// defined tells whether the macro of #ifdef and #ifndef is defined.
func (x *expander) defined(f *source, d *line) bool {
	name := macroName(d.text)
	if name == "" {
		x.fail(f, d.off, "#"+d.word+" needs the name of a macro")
	}
	return x.macros[name] != nil
}

// condition computes the expression of #if. One that cannot be computed is false.
func (x *expander) condition(f *source, d *line) bool {
	if d.text == "" {
		x.fail(f, d.off, "#"+d.word+" needs an expression")
		return false
	}
	before := len(x.errs)
	text := x.expand(&site{file: f, place: d.off}, d.text, "")
	if len(x.errs) > before {
		return false
	}
	switch text {
	case "0", "1":
		return text == "1"
	}
	value, problem := evaluate(x, nil, "''("+text+")")
	if problem != "" {
		x.fail(f, d.off, "#"+d.word+": "+problem)
	}
	return value == "1"
}

// clause finds the #if that a directive belongs to, nil when there is none.
func (x *expander) clause(f *source, d *line) *condition {
	n := len(f.ifs)
	if n == 0 {
		x.fail(f, d.off, "#"+d.word+" without its #if")
		return nil
	}
	c := &f.ifs[n-1]
	if c.ended && d.word != "endif" {
		x.fail(f, d.off, "#"+d.word+" after #else")
		return nil
	}
	return c
}

func elseIf(x *expander, f *source, d *line) {
	if c := x.clause(f, d); c != nil {
		c.compile = false
		c.compile = c.live && !c.taken && x.condition(f, d)
		c.taken = c.taken || c.compile
	}
}

func otherwise(x *expander, f *source, d *line) {
	if c := x.clause(f, d); c != nil {
		c.compile = c.live && !c.taken
		c.taken, c.ended = true, true
	}
}

func endIf(x *expander, f *source, d *line) {
	if c := x.clause(f, d); c != nil {
		f.ifs = f.ifs[:len(f.ifs)-1]
	}
}

// include is #include.
func include(x *expander, f *source, d *line) {
	for _, name := range strings.Split(strings.Trim(d.text, "()"), ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			x.fail(f, d.off, "#include needs the name of a file")
			continue
		}
		x.includeFile(f, d, name)
	}
}

func (x *expander) includeFile(f *source, d *line, name string) {
	place, depth := d.off, 0
	for o := f; o.outer != nil; o = o.outer {
		place = f.place
		depth++
	}
	x.includes++
	switch {
	case depth >= maxNested:
		x.fail(f, d.off, fmt.Sprintf("include files nest deeper than %d levels: %s includes itself", maxNested, name))
		return
	case x.includes > maxIncludes:
		x.fail(f, d.off, fmt.Sprintf("more than %d include files", maxIncludes))
		return
	case x.cfg.Include == nil:
		x.fail(f, d.off, "there is no include file "+name)
		return
	}
	path, text, err := x.cfg.Include(name)
	if err != nil {
		x.fail(f, d.off, err.Error())
		return
	}
	for o := f; o.outer != nil; o = o.outer {
		if o.path == path {
			x.fail(f, d.off, "include file "+name+" includes itself")
			return
		}
	}
	if !x.spend(&site{file: f, place: d.off}, len(text)/8) {
		return
	}
	x.run(&source{path: path, text: text, outer: f, place: place})
}
