package repl

// Completion: the names of programs, from the tables and from what there is.

import (
	"slices"
	"strings"

	"cos/lang"
	"cos/runtime"
)

// due tells that a command stands here.
func (p *place) due() bool {
	return p.class == lang.CommandWord || p.class == lang.UnknownWord
}

func (p *place) commands() (words []string) {
	for _, c := range lang.Commands() {
		if !lang.Foreign(c.Name) {
			words = append(words, c.Name)
		}
	}
	return inCase(p.match[1], distinct(words))
}

// functions are the functions with their parenthesis, and the special variables.
func (p *place) functions() (words []string) {
	for _, f := range runtime.FunctionDocs() {
		words = append(words, "$"+f.Name+"(")
	}
	for _, v := range runtime.SpecialDocs() {
		words = append(words, "$"+v.Name)
	}
	return inCase(p.match[1], distinct(words))
}

// entryref tells that a label stands here, and routine a routine: after DO and its kin,
// $$, and label^.
func (p *place) entryref() bool { return p.class == lang.EntryName }
func (p *place) routine() bool  { return p.class == lang.RoutineName }

// labels are those of the routine that is named behind the cursor, else of the one that
// stands, with its name behind those of what else has been loaded.
func (p *place) labels() []string {
	if rest, ok := strings.CutPrefix(p.after, "^"); ok {
		end := 0
		for end < len(rest) && (strings.ContainsRune("%.", rune(rest[end])) || isLetter(rest[end]) || rest[end] >= '0' && rest[end] <= '9') {
			end++
		}
		return p.r.Process.System().Labels(rest[:end])
	}
	words := slices.Clone(p.r.Process.Labels())
	if word := p.match[1]; word != "" {
		for _, rtn := range p.r.Process.System().Loaded() {
			for _, label := range rtn.Labels() {
				words = append(words, label+"^"+rtn.Name)
			}
		}
	}
	if p.entryref() && p.match[1] != "" { // DO x.Method() too
		words = append(words, p.r.Process.LocalNames()...)
	}
	return distinct(words)
}

func (p *place) routines() []string { return p.r.Process.System().Routines() }

func (p *place) globals() []string { return p.r.Process.GlobalsLike(p.match[1]) }

func (p *place) privates() []string { return p.r.Process.PrivateNames() }

func (p *place) variable() bool { return p.class == lang.VariableName }

func (p *place) locals() []string { return p.r.Process.LocalNames() }

// object tells that a variable before a dot holds an object.
func (p *place) object() bool {
	_, class := p.r.Process.Local(p.match[1])
	return class != ""
}

func (p *place) members() []string {
	_, class := p.r.Process.Local(p.match[1])
	return runtime.ClassMembers(class)
}

func (p *place) methods() []string { return runtime.ClassMembers(p.match[1]) }

// classes are written with what closes their parenthesis.
func (p *place) classes() (words []string) {
	for _, c := range runtime.ClassDocs() {
		words = append(words, c.Name+").")
		for _, a := range c.Alias {
			words = append(words, a+").")
		}
		if short, ok := strings.CutPrefix(c.Name, "%Library."); ok {
			words = append(words, "%"+short+").")
		}
	}
	return distinct(words)
}

func (p *place) systemMethods() []string { return runtime.ClassMembers("%SYSTEM." + p.match[1]) }

// systemClasses are the classes of $SYSTEM, as it is typed.
func (p *place) systemClasses() (words []string) {
	head, _, _ := strings.Cut(p.match[1], ".")
	for _, c := range runtime.ClassDocs() {
		if name, ok := strings.CutPrefix(c.Name, "%SYSTEM."); ok {
			words = append(words, head+"."+name+".")
		}
	}
	return words
}
