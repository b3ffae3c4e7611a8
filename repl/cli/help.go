package cli

// cos help: what kong knows of the verbs, what the prompt knows of the language, and the
// rules of cos check; cos doc shows more of the language.

import (
	"fmt"
	"strings"

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
	if len(v.Verb) > 0 && !isOneOf(v.Verb[0], a.verbs()) {
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

func isOneOf(word string, list []string) bool {
	for _, x := range list {
		if x == word {
			return true
		}
	}
	return false
}
