package cli

// cos help: what kong knows of the verbs, what the prompt knows of the language, and the
// rules of cos check; cos doc shows more of the language.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"cos/runtime/check"
)

type helpVerb struct {
	Man  bool     `help:"Print the manual page, for man -l -."`
	Verb []string `arg:"" optional:"" predictor:"topic" help:"The verb to explain, or a command, function, variable, class or keyword of the language, or a rule of check; all verbs when none is given."`
}

func (v *helpVerb) run(a *app) int {
	if v.Man {
		if err := a.writeManual(a.stdout); err != nil {
			return a.fail(err)
		}
		return 0
	}
	if len(v.Verb) == 1 && v.Verb[0] == "flags" {
		if err := a.printSharedFlags(); err != nil {
			return a.fail(err)
		}
		return 0
	}
	if len(v.Verb) > 0 && !slices.Contains(a.verbs(), v.Verb[0]) {
		text, err := explained(v.Verb[0], a.verbs())
		if rule, ok := check.Explain(v.Verb[0]); ok {
			if err != nil {
				text = ""
			}
			text, err = strings.Trim(text+"\n"+rule, "\n"), nil
		}
		if err != nil {
			return a.usage("%v", err)
		}
		fmt.Fprintln(a.stdout, text)
		return 0
	}
	words := append(append([]string(nil), v.Verb...), "--help")
	if _, err := a.parser.Parse(words); err != nil {
		return a.usage("%v", err)
	}
	return 0
}

// printHelp prints the help of the program, which fits a screen, or of one verb. The flags
// that all verbs share are explained by "cos help flags": here they would hide the rest.
func (a *app) printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if ctx.Selected() == nil {
		var b strings.Builder
		fmt.Fprintf(&b, "Usage: cos [FLAGS] [VERB ...]\n\n%s\n\n", wrapped(description, helpWidth, ""))
		for _, n := range a.parser.Model.Children {
			if !n.Hidden {
				fmt.Fprintf(&b, "  %-12s%s\n", n.Name, n.Help)
			}
		}
		b.WriteString("\nMore: cos help VERB; cos help flags, which every verb takes; cos help NAME, such\nas OPEN, $PIECE or /ACCEPT; cos doc, the reference\n")
		_, err := fmt.Fprint(a.stdout, b.String())
		return err
	}
	if err := hiding(a.parser.Model.Flags, func() error { return kong.DefaultHelpPrinter(options, ctx) }); err != nil {
		return err
	}
	names := flagNames(a.parser.Model.Flags)
	_, err := fmt.Fprintf(a.stdout, "\n%s\n", wrapped("Flags of every verb (cos help flags explains them): "+names+".", helpWidth, "  "))
	return err
}

// printSharedFlags explains the flags of every verb.
func (a *app) printSharedFlags() error {
	root := a.parser.Model.Node
	hidden := *root
	defer func() { *root = hidden }()
	root.Children, root.Detail = nil, ""
	root.Help = "Flags of every verb, before it or behind it. cos.toml may hold most of them (cos help config)."
	return kong.DefaultHelpPrinter(kong.HelpOptions{Compact: true, NoAppSummary: true, ValueFormatter: kong.DefaultHelpValueFormatter}, &kong.Context{Kong: a.parser})
}

// hiding does what to does while flags are hidden.
func hiding(flags []*kong.Flag, do func() error) error {
	for _, f := range flags {
		if !f.Hidden {
			f.Hidden = true
			defer func() { f.Hidden = false }()
		}
	}
	return do()
}

func flagNames(flags []*kong.Flag) string {
	var names []string
	for _, f := range flags {
		switch {
		case f.Hidden:
		case f.Short != 0:
			names = append(names, "-"+string(f.Short))
		default:
			names = append(names, "--"+f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// helpWidth is the width of help, as kong's where there is no wider terminal.
const helpWidth = 80

// wrapped breaks text into lines of width, all but the first indented.
func wrapped(text string, width int, indent string) string {
	var b strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		switch n := len([]rune(word)); {
		case i == 0:
			at = n
		case at+1+n > width:
			b.WriteString("\n" + indent)
			at = len(indent) + n
		default:
			b.WriteByte(' ')
			at += 1 + n
		}
		b.WriteString(word)
	}
	return b.String()
}
