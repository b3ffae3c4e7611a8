// Package format rewrites routines in one settled style: cos fmt. docs/fmt.md has the style.
//
// It settles what stands at the beginnings of lines, between commands and at braces, and
// how commands and functions are spelled. Strings, comments, the insides of arguments,
// # lines and what they hide stay as they are, and no line is added or removed: GOTO
// label+n and $TEXT count lines. Every result is parsed again and compared with what was
// there (same.go), so a mistake of this package is an error and never a changed routine.
package format

import (
	"fmt"
	"sort"
	"strings"

	"cos/lang"
	"cos/lang/preprocess"
)

// Options are what formatting needs to know of the outside.
type Options struct {
	Macros    preprocess.Config
	Functions map[string]string // full names by names and abbreviations, upper case, without the $
	Specials  map[string]string // the same of the special variables
}

// SyntaxErrors are why a routine cannot be formatted.
type SyntaxErrors []*lang.SyntaxError

// Error is the first of them.
func (e SyntaxErrors) Error() string {
	msg := e[0].Error()
	if n := len(e) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	return msg
}

// Source is the text of a routine in the settled style. The error is SyntaxErrors, or tells
// that the result would not be the same routine.
func Source(name, source string, o *Options) (string, error) {
	before := lang.ParseSource(name, source, o.Macros)
	if len(before.Errors) > 0 {
		return "", SyntaxErrors(before.Errors)
	}
	f := &formatter{source: source, o: o, fixed: fixedLines(before)}
	text := f.format()
	if text == source {
		return text, nil
	}
	after := lang.ParseSource(name, text, o.Macros)
	if err := o.same(before, after); err != nil {
		return "", err
	}
	return text, nil
}

// fixedLines tells the lines that stay as they are: those of the preprocessor, and the first
// line when it is no code.
func fixedLines(r *lang.Routine) []bool {
	fixed := make([]bool, len(r.Source)+1)
	copy(fixed, r.Hidden)
	for i, line := range r.Source {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") || i < 2 && lang.IsHeader(line) {
			fixed[i] = true
		}
	}
	return fixed
}

// edit replaces a stretch of the source.
type edit struct {
	from, to int
	text     string
}

// formatter works on one source.
type formatter struct {
	source string
	o      *Options
	fixed  []bool
	tabs   bool // indentation is made of tabs
	edits  []edit

	blocks []bool // open braces; true: of a procedure
	head   bool   // within a label, its formals and what else stands before a procedure's body
	bare   bool   // the command before has no arguments
}

func (f *formatter) replace(from, to int, text string) {
	if f.source[from:to] != text {
		f.edits = append(f.edits, edit{from, to, text})
	}
}

func (f *formatter) format() string {
	f.tabs = f.usesTabs()
	all := lang.Lexemes(f.source, f.o.Macros)
	end := 0 // of the lexeme before
	for i := range all {
		x := &all[i]
		var before *lang.Lexeme
		if i > 0 {
			before = &all[i-1]
		}
		f.between(before, x, end)
		f.spell(x)
		f.pass(x)
		end = max(end, x.To)
		if x.Role == lang.LineEnd {
			end = x.From // the line end itself belongs to what follows
		}
	}
	f.trim(end, len(f.source))
	f.comments(end, len(f.source))
	return f.apply()
}

// usesTabs tells whether more lines are indented by tabs than by spaces.
func (f *formatter) usesTabs() bool {
	tabs := 0
	for line := range strings.SplitSeq(f.source, "\n") {
		switch {
		case blank(line):
		case strings.HasPrefix(line, "\t"):
			tabs++
		case strings.HasPrefix(line, " "):
			tabs--
		}
	}
	return tabs > 0
}

// pass notes what a lexeme means for those behind it.
func (f *formatter) pass(x *lang.Lexeme) {
	switch x.Role {
	case lang.LabelName:
		f.head = true
	case lang.Word, lang.Embedded:
		f.head, f.bare = false, x.Role == lang.Word
	case lang.LineEnd, lang.Dots:
		f.head = false
	case lang.OpenBrace:
		f.blocks = append(f.blocks, f.head)
		f.head = false
	case lang.CloseBrace:
		if n := len(f.blocks); n > 0 {
			f.blocks = f.blocks[:n-1]
		}
	}
	if x.First {
		f.bare = false
	}
}

// between settles what stands before a lexeme: from the end of the one before it.
func (f *formatter) between(before, x *lang.Lexeme, end int) {
	gap := f.source[end:max(end, x.From)]
	if i := strings.LastIndexByte(gap, '\n'); i >= 0 || end == 0 {
		f.trim(end, x.From)
		f.comments(end, x.From)
		if blank(gap[i+1:]) && starts(x) {
			f.replace(end+i+1, x.From, f.indent(x))
		}
		if x.Role == lang.Dots {
			f.dots(x)
		}
		return
	}
	if before.Made && !x.Made { // where a macro ends is not known: what is settled are the blanks behind it
		for end = x.From; end > 0 && (f.source[end-1] == ' ' || f.source[end-1] == '\t'); end-- {
		}
		gap = f.source[end:x.From]
	}
	switch {
	case x.From < end: // of a macro again, behind one of its arguments
	case !blank(gap) || before.Made && (x.Made || gap == ""):
	case x.Role == lang.LineEnd:
		f.replace(end, x.From, "")
	case before.Role == lang.Dots: // dots has settled it
	case x.Role == lang.Dots:
		f.replace(end, x.From, f.step())
		f.dots(x)
	case before.Role == lang.LineEnd:
	case x.Role == lang.OpenBrace, x.Role == lang.CloseBrace, before.Role == lang.OpenBrace, x.First:
		f.replace(end, x.From, " ")
	case x.Role == lang.Word, x.Role == lang.Embedded:
		f.replace(end, x.From, f.separator(before))
	}
}

// starts tells that a lexeme may begin a line of code. What else does goes on with the line
// before it, and keeps its place.
func starts(x *lang.Lexeme) bool {
	switch x.Role {
	case lang.Word, lang.Embedded, lang.Dots, lang.OpenBrace, lang.CloseBrace:
		return true
	}
	return false
}

// separator is what stands before a command that does not begin its line.
func (f *formatter) separator(before *lang.Lexeme) string {
	switch {
	case f.head:
		return f.step()
	case f.bare && before.Role != lang.CloseBrace:
		return "  "
	}
	return " "
}

// step is what stands between a label and its code, and at the beginning of other lines.
func (f *formatter) step() string {
	if f.tabs {
		return "\t"
	}
	return " "
}

// indent is what stands before the first lexeme of a line: one step, and a tab or two
// blanks more for each block around it, the body of a procedure aside.
func (f *formatter) indent(x *lang.Lexeme) string {
	blocks := f.blocks
	switch n := len(blocks); {
	case x.Role == lang.OpenBrace && f.head:
		return ""
	case x.Role == lang.CloseBrace && n > 0:
		if blocks[n-1] {
			return ""
		}
		blocks = blocks[:n-1]
	}
	return f.depth(blocks)
}

func (f *formatter) depth(blocks []bool) string {
	n := 0
	for _, procedure := range blocks {
		if !procedure {
			n++
		}
	}
	if f.tabs {
		return strings.Repeat("\t", n+1)
	}
	return strings.Repeat(" ", 2*n+1)
}

// dots sets a blank behind each dot of a line.
func (f *formatter) dots(x *lang.Lexeme) {
	end := x.To
	for end < len(f.source) && (f.source[end] == ' ' || f.source[end] == '\t') {
		end++
	}
	text := strings.Repeat(". ", strings.Count(f.source[x.From:x.To], "."))
	if end == len(f.source) || f.source[end] == '\n' {
		text = text[:len(text)-1]
	}
	f.replace(x.From, end, text)
}

// trim takes away the blanks behind code.
func (f *formatter) trim(from, to int) {
	end := from
	for end < to && (f.source[end] == ' ' || f.source[end] == '\t') {
		end++
	}
	if from > 0 && f.source[from-1] != '\n' && (end == len(f.source) || f.source[end] == '\n') {
		f.replace(from, end, "")
	}
}

// comments indents the lines that hold only a comment and do not begin with it. Their text
// stays; a /* */ comment stays as it is.
func (f *formatter) comments(from, to int) {
	text := f.source[from:to]
	for {
		nl := strings.IndexByte(text, '\n')
		if nl < 0 {
			return
		}
		from += nl + 1
		text = text[nl+1:]
		n := len(text) - len(strings.TrimLeft(text, " \t"))
		rest := text[n:]
		if strings.Contains(text, "/*") {
			return
		}
		if n > 0 && (strings.HasPrefix(rest, ";") || strings.HasPrefix(rest, "//")) {
			f.replace(from, from+n, f.depth(f.blocks))
		}
	}
}

// spell settles how a command, a function or a special variable is written.
func (f *formatter) spell(x *lang.Lexeme) {
	if x.Made {
		return
	}
	name := ""
	switch x.Role {
	case lang.Word:
		if !lang.Foreign(x.Name) {
			f.replace(x.From, x.To, x.Name)
		}
		return
	case lang.FunctionName:
		name = f.o.Functions[x.Name]
	case lang.SpecialName:
		name = f.o.Specials[x.Name]
	case lang.SystemClass:
		i := strings.IndexByte(f.source[x.From:x.To], '.')
		f.replace(x.From, x.From+i, "$SYSTEM")
	}
	if name != "" {
		f.replace(x.From, x.To, "$"+name)
	}
}

// apply makes the edits, but those of lines that stay as they are.
func (f *formatter) apply() string {
	sort.SliceStable(f.edits, func(i, j int) bool { return f.edits[i].from < f.edits[j].from })
	var b strings.Builder
	done, line, counted := 0, 0, 0
	for _, e := range f.edits {
		line += strings.Count(f.source[counted:e.from], "\n")
		counted = e.from
		if f.fixed[min(line, len(f.fixed)-1)] || e.from < done {
			continue
		}
		b.WriteString(f.source[done:e.from])
		b.WriteString(e.text)
		done = e.to
	}
	b.WriteString(f.source[done:])
	return b.String()
}

func blank(s string) bool { return strings.Trim(s, " \t") == "" }
