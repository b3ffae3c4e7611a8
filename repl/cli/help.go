package cli

// cos help: what kong knows of the verbs, what the prompt knows of the language, and the
// rules of cos check.

import (
	"fmt"
	"strings"

	"cos/lang"
	"cos/repl"
	"cos/runtime/check"
)

type helpVerb struct {
	Man  bool     `help:"Print the manual page, for man -l -."`
	Verb []string `arg:"" optional:"" help:"The verb to explain, or a command, function, variable, class or keyword of the language, or a rule of check; all verbs when none is given."`
}

func (v *helpVerb) run(a *app) int {
	if v.Man {
		if err := a.writeManual(a.stdout); err != nil {
			return a.fail(err)
		}
		return 0
	}
	if len(v.Verb) > 0 && !isOneOf(v.Verb[0], a.verbs()) {
		text, ok := repl.Explain(v.Verb[0])
		rule, is := check.Explain(v.Verb[0])
		if ok || is {
			fmt.Fprintln(a.stdout, strings.Trim(text+"\n"+rule, "\n"))
			return 0
		}
		msg := "unknown verb " + v.Verb[0]
		if near := lang.Nearest(v.Verb[0], a.verbs()); near != "" {
			msg += "; did you mean " + near + "?"
		}
		return a.usage("%s", msg)
	}
	words := append(append([]string(nil), v.Verb...), "--help")
	if _, err := a.parser.Parse(words); err != nil {
		return a.usage("%v", err)
	}
	return 0
}

func isOneOf(word string, list []string) bool {
	for _, x := range list {
		if x == word {
			return true
		}
	}
	return false
}
