package cli

// cos help: what kong knows of the verbs, and what the prompt knows of the language; cos doc
// shows more of that.

import "fmt"

type helpVerb struct {
	Verb []string `arg:"" optional:"" predictor:"topic" help:"The verb to explain, or a command, function, variable, class or keyword of the language; all verbs when none is given."`
}

func (v *helpVerb) run(a *app) int {
	if len(v.Verb) > 0 && !isOneOf(v.Verb[0], a.verbs()) {
		text, err := explained(v.Verb[0], a.verbs())
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
