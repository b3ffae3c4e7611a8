package reference

// docs/language.md.

import (
	"fmt"
	"strings"
)

// Document is docs/language.md.
func Document() string {
	var b strings.Builder
	b.WriteString(`# The language

Every command, function, special variable, operator, macro directive and class, with its abbreviation, its
forms and an example. "make docs" makes this page from the tables of the interpreter and from
runtime/reference/examples; a test runs every example, at 13:05:09 UTC on 29 February 2024, and fails for a
row without one. "Differs" tells where cos is not as Caché is; rows without it are meant to behave as
Caché does. ` + "`?NAME`" + ` at the prompt and ` + "`cos help NAME`" + ` show the same.

`)
	for _, s := range Sections() {
		fmt.Fprintf(&b, "* [%s](#%s)\n", s.Title, anchor(s.Title))
	}
	for _, s := range Sections() {
		fmt.Fprintf(&b, "\n## %s\n", s.Title)
		if s.Intro != "" {
			fmt.Fprintf(&b, "\n%s\n", s.Intro)
		}
		if s.Brief {
			b.WriteString("\n| | | |\n|---|---|---|\n")
			for _, e := range s.Entries {
				syntax := e.Syntax
				if syntax == e.Name {
					syntax = ""
				}
				fmt.Fprintf(&b, "| %s | %s | %s |\n", code(e.Name), cell(syntax), cell(e.Doc))
			}
			continue
		}
		for _, e := range s.Entries {
			e.write(&b)
		}
	}
	return b.String()
}

func (e *Entry) write(b *strings.Builder) {
	title := code(e.Name)
	if e.Abbr != "" {
		title += ", " + code(e.Abbr)
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	doc := strings.ToUpper(e.Doc[:1]) + e.Doc[1:]
	switch {
	case len(e.Members) > 0 || strings.HasPrefix(e.Syntax, "extends "):
		fmt.Fprintf(b, "%s", plain(doc))
		if e.Syntax != "" {
			fmt.Fprintf(b, "; %s", e.Syntax)
		}
		b.WriteString(".\n")
	default:
		fmt.Fprintf(b, "%s\n\n%s.\n", code(e.Syntax), plain(doc))
	}
	if len(e.Members) > 0 {
		b.WriteString("\n| | |\n|---|---|\n")
		for _, m := range e.Members {
			fmt.Fprintf(b, "| %s | %s |\n", code(strings.ReplaceAll(m.Syntax, "|", `\|`)), cell(m.Doc))
		}
	}
	for _, x := range e.Examples {
		fmt.Fprintf(b, "\n```\n%s\n```\n", strings.Join(x.Show(), "\n"))
		if x.Differs != "" {
			fmt.Fprintf(b, "\nDiffers: %s\n", plain(x.Differs))
		}
	}
}

// code is text set as code.
func code(s string) string {
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// plain is text in which nothing means anything to Markdown.
func plain(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`).Replace(s)
}

// cell is plain text inside a table.
func cell(s string) string { return strings.ReplaceAll(plain(s), "|", `\|`) }

func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(title, "$", "")), " ", "-")
}
