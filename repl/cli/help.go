package cli

// cos help: what kong knows of the verbs, and the prompt's help of the language.

import (
	"fmt"

	"cos/lang"
	"cos/repl"
)

type helpVerb struct {
	Verb []string `arg:"" optional:"" help:"The verb to explain, or what ? explains at the prompt: OPEN, /ACCEPT, TCP; all verbs when none is given."`
}

func (v *helpVerb) run(a *app) int {
	if len(v.Verb) > 0 && !isOneOf(v.Verb[0], a.verbs()) {
		if text := repl.Explain(v.Verb[0]); text != "" && len(v.Verb) == 1 {
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
