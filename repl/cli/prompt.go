package cli

// cos without a verb: the prompt.

import (
	"path/filepath"

	"cos/repl"
)

type promptVerb struct{}

func (*promptVerb) run(a *app) int {
	s, err := a.open(".", true, &showing{})
	if err != nil {
		return a.fail(err)
	}
	p := &repl.Prompt{
		Process: s.main, Console: s.console, Terminal: s.term,
		History: filepath.Join(stateDir(), "history"),
	}
	if s.watch != nil {
		p.Waiting = s.watch.prompting.Store
	}
	return s.finish(p.Run())
}
