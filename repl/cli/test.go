package cli

// cos test: golden sessions.

import (
	"fmt"
	"os"

	"cos/repl/golden"
)

type testVerb struct {
	Update  bool     `help:"Rewrite the expectations that do not hold."`
	Run     string   `placeholder:"RE" help:"Only the goldens whose path, or one of whose session names, matches RE."`
	Verbose bool     `short:"v" help:"Name the goldens that pass, too."`
	Paths   []string `arg:"" name:"path" help:"*.session files, or folders, which are searched for them."`
}

func (v *testVerb) run(a *app) int {
	self, err := os.Executable()
	if err != nil {
		return a.fail(fmt.Errorf("cos cannot find itself: %w", err))
	}
	return golden.Main(golden.Options{
		Update: v.Update, Run: v.Run, Verbose: v.Verbose, Paths: v.Paths,
		Stdout: a.stdout, Stderr: a.stderr, Command: []string{self},
	})
}
