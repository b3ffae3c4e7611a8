package runtime

// Routine is compiled code: immutable once made, shared by all processes. Reloading
// makes a new Routine; a running frame keeps the one it runs.

import (
	"strconv"
	"unicode/utf8"

	"cos/lang"
)

// Routine is one compiled routine with its source.
type Routine struct {
	Name   string
	Path   string // where it was loaded from
	Source []string
	Errors []*lang.SyntaxError
	main   *block
	labels labelSet
	slots  int
	within *standing // of a line typed at the debug prompt: what it stands in
	order  []int32   // by source line from 0: its number for label+offset, which skips blank lines
	starts []int     // byte offset of each source line

	counters *counters // nil: its lines are not counted
}

// entry is a label that can be called.
type entry struct {
	name     string
	routine  *Routine
	block    *block
	line     int
	number   int // source line
	parens   bool
	private  bool
	done     bool
	formals  []formal
	defaults bool       // some formal has one
	quiet    bool       // what it runs sets no trap (quiet.go)
	proc     *procedure // nil: a legacy subroutine
}

type formal struct {
	name     string
	slot     int
	fallback expr
	variadic bool
}

// procedure is what a procedure's body needs beside its code.
type procedure struct {
	name    string
	private []int // slots, the formals' aside
	public  map[string]bool
	labels  labelSet
}

// count numbers the source lines for label+offset: blank lines and those that never
// reach the compiled code (#; and macro directives, what #if leaves out, the ROUTINE
// header) do not count (spec §6.1). hidden are the lines that the preprocessor took.
func (r *Routine) count(hidden []bool) {
	r.order = make([]int32, len(r.Source))
	r.starts = make([]int, len(r.Source))
	n, at := int32(0), 0
	for i, s := range r.Source {
		r.starts[i] = at
		at += len(s) + 1
		if counts(s) && !(n == 0 && lang.IsHeader(s)) && !(i < len(hidden) && hidden[i]) {
			n++
		}
		r.order[i] = n
	}
}

func counts(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\r':
			continue
		case '#':
			return false
		}
		return true
	}
	return false
}

// place describes a source line as label+offset^routine.
func (r *Routine) place(number int) string {
	if r.Name == "" {
		return ""
	}
	if number < 1 || number > len(r.Source) {
		return "^" + r.Name
	}
	var best *entry
	visit := func(set labelSet) {
		for _, e := range set {
			if e.number <= number && (best == nil || e.number > best.number) {
				best = e
			}
		}
	}
	visit(r.labels)
	if best != nil && best.proc != nil {
		visit(best.proc.labels)
	}
	if best == nil {
		return "+" + strconv.Itoa(int(r.order[number-1])) + "^" + r.Name
	}
	off := int(r.order[number-1] - r.order[best.number-1])
	if off == 0 {
		return best.name + "^" + r.Name
	}
	return best.name + "+" + strconv.Itoa(off) + "^" + r.Name
}

// sourceLine returns the source line at label+offset, from 1; 0 when there is none.
func (r *Routine) sourceLine(label string, offset int) int {
	base := 0
	if label != "" {
		e := r.labels[label]
		if e == nil {
			return 0
		}
		base = int(r.order[e.number-1])
	}
	want := int32(base + offset)
	if want < 1 {
		return 0
	}
	for i, n := range r.order {
		if n == want {
			return i + 1
		}
	}
	return 0
}

// jumpTo finds the executable line at or after a source line.
func (r *Routine) jumpTo(number int) (jump, bool) {
	if number < 1 {
		return jump{}, false
	}
	search := func(b *block) (jump, bool) {
		for i := range b.lines {
			if b.lines[i].number >= number {
				return jump{b, i}, true
			}
		}
		return jump{}, false
	}
	var inside *entry
	for _, e := range r.labels {
		if e.proc != nil && e.number < number && (inside == nil || e.number > inside.number) {
			inside = e
		}
	}
	if inside != nil {
		if j, ok := search(inside.block); ok && j.block.lines[j.line].number == number {
			return j, true
		}
	}
	if j, ok := search(r.main); ok {
		return j, true
	}
	return jump{r.main, len(r.main.lines)}, number <= len(r.Source)
}

// lineCol turns a byte offset in the source into line and column.
func (r *Routine) lineCol(offset, line, col int) (int, int) {
	if offset < 0 || len(r.starts) == 0 {
		return line, col
	}
	for i := len(r.starts) - 1; i >= 0; i-- {
		if r.starts[i] <= offset {
			return i + 1, 1 + utf8.RuneCountInString(r.Source[i][:min(offset-r.starts[i], len(r.Source[i]))])
		}
	}
	return line, col
}

// problem adds an error that was found while compiling.
func (r *Routine) problem(line, col int, msg string) {
	text := ""
	if line >= 1 && line <= len(r.Source) {
		text = r.Source[line-1]
	}
	r.Errors = append(r.Errors, lang.NewError(r.Name, line, col, msg, text))
}

// Labels lists the labels of the routine.
func (r *Routine) Labels() []string {
	out := make([]string, 0, len(r.labels))
	for n := range r.labels {
		out = append(out, n)
	}
	return out
}
