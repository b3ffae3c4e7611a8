package check

// docs/check.md and the help of a rule, made from the table.

import (
	"fmt"
	"strings"
)

// Explain is the help of a rule, false when there is none of that name.
func Explain(name string) (string, bool) {
	r := findRule(name)
	if r == nil {
		return "", false
	}
	return r.help(), true
}

// help is a rule in plain text.
func (r *Rule) help() string {
	return fmt.Sprintf("%s (%s)\n  %s\n\n%s\n\n%s\nsays\n\n%s\nwhich this does not:\n\n%s", r.Name, r.standing(), r.Doc,
		r.Why, inset(r.Example), inset(r.said()), strings.TrimSuffix(inset(r.Better), "\n"))
}

// standing is the severity, and whether the rule is on.
func (r *Rule) standing() string {
	if r.Off {
		return string(r.Severity) + ", off unless enabled"
	}
	return string(r.Severity)
}

// said is what a check says of the example.
func (r *Rule) said() string {
	var b strings.Builder
	for _, f := range r.check(r.Example) {
		b.WriteString(f.text() + "\n")
	}
	return b.String()
}

// check runs the rule, and those that are on, over a routine.
func (r *Rule) check(source string) []Finding {
	return one("example.mac", source, Options{Enable: []string{r.Name}})
}

// inset is text indented by four.
func inset(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}

// markdown is a rule as docs/check.md has it.
func (r *Rule) markdown() string {
	return fmt.Sprintf("%s (%s).\n\n%s\n\n```\n%s```\n\nsays\n\n```\n%s```\n\nwhich this does not:\n\n```\n%s```\n",
		mark(capital(r.Doc)), r.standing(), mark(r.Why), r.Example, r.said(), r.Better)
}

// mark is text in which nothing means anything to Markdown.
func mark(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`).Replace(s)
}

// Names are the names of the rules.
func Names() (names []string) {
	for i := range rules {
		names = append(names, rules[i].Name)
	}
	return names
}

// List is the rules in a table of names and what they report.
func List() string {
	var b strings.Builder
	for i := range rules {
		r := &rules[i]
		off := ""
		if r.Off {
			off = " (off)"
		}
		fmt.Fprintf(&b, "%-15s %-8s %s%s\n", r.Name, r.Severity, r.Doc, off)
	}
	return b.String()
}

// Document is docs/check.md.
func Document() string {
	var b strings.Builder
	b.WriteString(`# cos check

` + "`cos check PATH...`" + ` reports what is wrong with routines without running them: every syntax error, and what the
rules below find. "make docs" makes this page from the table of the rules; tests check the examples.

A rule would rather miss something than report what is right: M lets programs do much that cannot be seen, by
XECUTE, indirection, variables of callers and calls from anywhere.

| Rule | | Reports |
|---|---|---|
`)
	for i := range rules {
		r := &rules[i]
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.Name, r.Name, r.standing(), mark(r.Doc))
	}
	b.WriteString("\n" + `## Choosing rules

| Flag | |
|---|---|
| ` + "`--disable RULE,…`" + ` | do not look for these |
| ` + "`--enable RULE,…`" + ` | look for these too, which are off unless enabled |
| ` + "`--error RULE,…`" + ` | look for these; they are errors |
| ` + "`--strict`" + ` | exit 1 when there are only warnings |
| ` + "`--rules`" + ` | list the rules; ` + "`cos help RULE`" + ` explains one |

A comment silences rules where they are wrong, or right and meant so. Behind the names may stand why:

` + "```" + `
 READ line  ; cos:ignore no-timeout the peer is ourselves
 ; cos:ignore unreachable,unused-label for the next line
; cos:ignore-file no-timeout for the whole routine, wherever it stands
` + "```" + `

A comment that silences nothing is reported ([unused-ignore](#unused-ignore)), so none outlives its reason.

## Exit codes and formats

2 when there are errors, or a path that cannot be checked; 1 when there are only warnings, with ` + "`--strict`" + `; otherwise 0.

` + "`--json`" + ` prints an object with ` + "`files`, `errors`, `warnings` and `findings`" + `, each of these with ` + "`file`, `line`, `column` (in\ncharacters, from 1), `rule`, `severity`, `message` and `source`" + `, the line. ` + "`--sarif`" + ` prints a SARIF 2.1.0 log, which code hosts and
editors show at the lines. Of a routine in an export (.xml, %RO) that names the file only, the line in its logical location.
`)
	for i := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s", rules[i].Name, rules[i].markdown())
	}
	return b.String()
}
