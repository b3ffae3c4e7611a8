package runtime

// The tables of functions and special variables as help and completion see them.

import (
	"regexp"
	"sort"
	"strings"

	"cos/lang/preprocess"
)

// Doc is one row: its names without the $, its forms, what it does.
type Doc struct{ Name, Abbr, Syntax, Doc string }

// FunctionDocs lists the intrinsic functions by name.
func FunctionDocs() []Doc {
	names := functionNames()
	out := make([]Doc, len(names))
	for i, n := range names {
		f := functionIndex[n]
		out[i] = Doc{f.Name, f.Abbr, f.Syntax, f.Doc}
	}
	return out
}

// SpecialDocs lists the special variables by name.
func SpecialDocs() []Doc {
	out := make([]Doc, len(specials))
	for i, s := range specials {
		out[i] = Doc{s.Name, s.Abbr, "$" + s.Name, s.Doc}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// MethodDocs lists the methods of a class in the order of its table, nil where there is
// no such class.
func MethodDocs(name string) (out []Doc) {
	c := findClass(name)
	if c == nil {
		return nil
	}
	for i := range c.Methods {
		m := &c.Methods[i]
		out = append(out, Doc{Name: m.Name, Syntax: name + "." + m.Name + "()", Doc: m.Doc})
	}
	return out
}

// StructuredDocs lists the structured system variables by name.
func StructuredDocs() (out []Doc) {
	for name, row := range structuredVariables {
		syntax, doc, _ := strings.Cut(row.Doc, ": ")
		out = append(out, Doc{name, name[:1], syntax, doc})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// ZutilDocs lists the calls of $ZUTIL in the order of their numbers.
func ZutilDocs() (out []Doc) {
	rows := append([]zutil(nil), zutils...)
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Number < rows[j].Number })
	for _, r := range rows {
		out = append(out, Doc{Name: r.Syntax, Syntax: r.Syntax, Doc: r.Doc})
	}
	return out
}

// ClassDoc is one class with its rows.
type ClassDoc struct {
	Name, Extends, Doc              string
	Alias                           []string
	Methods, Properties, Parameters []Doc
}

// ClassDocs lists the classes by name.
func ClassDocs() (out []ClassDoc) {
	for name, c := range classIndex {
		if name != c.Name {
			continue // an alias
		}
		d := ClassDoc{Name: c.Name, Extends: c.Extends, Doc: c.Doc, Alias: c.Alias}
		for i := range c.Methods {
			m := &c.Methods[i]
			d.Methods = append(d.Methods, Doc{Name: m.Name, Syntax: methodSyntax(m), Doc: strings.TrimPrefix(m.Doc, methodForm.FindString(m.Doc))})
		}
		for i := range c.Properties {
			p := &c.Properties[i]
			d.Properties = append(d.Properties, Doc{Name: p.Name, Syntax: p.Name, Doc: p.Doc})
		}
		for _, p := range c.Parameters {
			d.Parameters = append(d.Parameters, Doc{Name: p.Name, Syntax: p.Name + " = " + p.Value, Doc: p.Doc})
		}
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// methodForm is the form of a call with which the doc of a method may begin.
var methodForm = regexp.MustCompile(`^%?[A-Za-z0-9]+\([^)]*\)(: )?`)

// methodSyntax is how a method is called: as its doc shows it, or with the number of its
// arguments.
func methodSyntax(m *method) string {
	if form := methodForm.FindString(m.Doc); form != "" {
		return strings.TrimSuffix(form, ": ")
	}
	names := []string{"a", "b", "c", "d", "e"}
	var b strings.Builder
	for i := 0; i < m.Max && i < len(names); i++ {
		if i >= m.Min {
			b.WriteByte('[')
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(names[i])
	}
	if m.Max < 0 {
		b.WriteString("…")
	}
	b.WriteString(strings.Repeat("]", max(0, min(m.Max, len(names))-m.Min)))
	return m.Name + "(" + b.String() + ")"
}

// FullNames are the full names of the intrinsic functions and the special variables, by
// their names and abbreviations.
func FullNames() (functions, specialVariables map[string]string) {
	functions, specialVariables = map[string]string{}, map[string]string{}
	for name, f := range functionIndex {
		functions[name] = f.Name
	}
	for name, s := range specialIndex {
		if name != "" {
			specialVariables[name] = s.Name
		}
	}
	return functions, specialVariables
}

// Macros is what the preprocessor may ask of a system that has no program yet, for the
// routine in a file. Include files are in its folder, or in others.
func Macros(path string, folders []string) preprocess.Config {
	return NewSystem(Config{Folders: folders}).macros(path)
}

// TakesNames tells that a function may take an argument by its name, and not for its value:
// one that is no plain function of values, or no function at all.
func TakesNames(name string) bool {
	f := lookupFunction(name)
	return f == nil || f.Fn == nil
}
