package cli

// cos help: what kong knows of the verbs, and what the prompt knows of the language.

import (
	"fmt"

	"cos/lang"
	"cos/repl"
)

type helpVerb struct {
	Verb []string `arg:"" optional:"" predictor:"topic" help:"The verb to explain, or a command, function, variable, class or keyword of the language; all verbs when none is given."`
}

func (v *helpVerb) run(a *app) int {
	if len(v.Verb) > 0 && !isOneOf(v.Verb[0], a.verbs()) {
		if text, ok := repl.Explain(v.Verb[0]); ok {
			fmt.Fprintln(a.stdout, text)
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
