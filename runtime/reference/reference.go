// Package reference is the language as its tables have it, with an example for each row:
// docs/language.md is made from it, and help shows it.
package reference

import (
	"fmt"
	"strings"
	"sync"

	"cos/lang"
	"cos/lang/preprocess"
	"cos/runtime"
)

// Entry is one row of a table.
type Entry struct {
	Name, Abbr, Syntax, Doc string
	Examples                []Example
	Members                 []Member // of a class
}

// Member is a method, property or parameter.
type Member struct{ Kind, Name, Syntax, Doc string }

// Section is one table.
type Section struct {
	Title, Intro string
	Brief        bool // no example is demanded of its rows
	Entries      []Entry
}

// Sections are all tables. They are made once.
var Sections = sync.OnceValue(func() []Section {
	sections := []Section{
		{Title: "Commands", Entries: commands(false)},
		{Title: "Functions", Entries: entries("$", runtime.FunctionDocs())},
		{Title: "Special variables", Entries: entries("$", runtime.SpecialDocs())},
		{Title: "Structured system variables", Entries: entries("^$", runtime.StructuredDocs())},
		{Title: "Operators", Entries: operators()},
		{Title: "Macros", Intro: "More in [macros.md](macros.md).", Entries: macros()},
		{Title: "Classes", Intro: "They are called as `##class(NAME).Method()`, those of `%SYSTEM` also as `$SYSTEM.NAME.Method()`. `%X` stands for `%Library.X`.", Entries: classes()},
		{Title: "$ZUTIL", Intro: "Old programs call these; new ones call the classes.", Brief: true, Entries: entries("", runtime.ZutilDocs())},
		{Title: "Errors", Intro: "`$ZERROR` shows `<NAME>label+offset^routine`, some with more behind it; the number is `%Exception`'s Code, the last column what it adds to `$ECODE`.", Brief: true, Entries: errorKinds()},
		{Title: "Commands of other systems", Intro: "They parse, so that routines which hold them load, and raise `<UNIMPLEMENTED>` when they are reached.", Brief: true, Entries: commands(true)},
	}
	byName := map[string][]Example{}
	for _, e := range Examples() {
		for _, n := range e.Names {
			byName[n] = append(byName[n], e)
		}
	}
	for i := range sections {
		for j := range sections[i].Entries {
			e := &sections[i].Entries[j]
			e.Examples = byName[e.Name]
		}
	}
	return sections
})

func commands(foreign bool) (out []Entry) {
	for _, c := range lang.Commands() {
		if lang.Foreign(c.Name) != foreign {
			continue
		}
		doc := c.Doc
		if foreign {
			doc = c.Origin + ": " + doc
		}
		out = append(out, Entry{Name: c.Name, Abbr: c.Abbr, Syntax: c.Syntax, Doc: doc})
	}
	return out
}

func entries(prefix string, rows []runtime.Doc) (out []Entry) {
	for _, r := range rows {
		e := Entry{Name: prefix + r.Name, Syntax: r.Syntax, Doc: r.Doc}
		if r.Abbr != "" && r.Abbr != r.Name {
			e.Abbr = prefix + r.Abbr
		}
		out = append(out, e)
	}
	return out
}

func operators() (out []Entry) {
	for _, r := range lang.Operators() {
		out = append(out, Entry{Name: r.Name, Syntax: r.Syntax, Doc: r.Doc})
	}
	return out
}

func macros() (out []Entry) {
	for _, d := range preprocess.Directives() {
		out = append(out, Entry{Name: "#" + d.Name, Syntax: d.Syntax, Doc: d.Doc})
	}
	for _, f := range preprocess.Functions() {
		out = append(out, Entry{Name: "##" + f.Name, Syntax: f.Syntax, Doc: f.Doc})
	}
	return out
}

func classes() (out []Entry) {
	for _, c := range runtime.ClassDocs() {
		e := Entry{Name: c.Name, Abbr: strings.Join(c.Alias, ", "), Doc: c.Doc}
		if c.Extends != "" {
			e.Syntax = "extends " + c.Extends
		}
		for _, rows := range []struct {
			kind string
			list []runtime.Doc
		}{{"method", c.Methods}, {"property", c.Properties}, {"parameter", c.Parameters}} {
			for _, m := range rows.list {
				e.Members = append(e.Members, Member{rows.kind, m.Name, m.Syntax, m.Doc})
			}
		}
		out = append(out, e)
	}
	return out
}

func errorKinds() (out []Entry) {
	for _, k := range runtime.ErrorKinds() {
		code := k.Ecode
		if code == "" {
			code = "Z" + k.Name
		}
		out = append(out, Entry{Name: "<" + k.Name + ">", Doc: k.Doc, Syntax: fmt.Sprintf("%d, ,%s,", k.Code, code)})
	}
	return out
}

// Find returns the row of a name as its table spells it, nil when there is none.
func Find(name string) *Entry {
	for _, s := range Sections() {
		for i := range s.Entries {
			if s.Entries[i].Name == name {
				return &s.Entries[i]
			}
		}
	}
	return nil
}
