package runtime

// The tables of functions and special variables as help and completion see them.

import "sort"

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
