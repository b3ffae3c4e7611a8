package cli

// cos test: golden sessions.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cos/repl/golden"
)

type testVerb struct {
	Update  bool     `help:"Rewrite the expectations that do not hold."`
	Run     string   `placeholder:"RE" help:"Only the goldens whose path, or one of whose session names, matches RE."`
	Verbose bool     `short:"v" help:"Name the goldens that pass, too."`
	Trace   string   `placeholder:"FILE" help:"Trace every process into a FILE of its own: %p is its number, as for cos run --trace."`
	Paths   []string `arg:"" optional:"" name:"path" predictor:"session" help:"*.session files, or folders, which are searched for them (default: paths of [test] in cos.toml)."`
}

func (v *testVerb) run(a *app) int {
	if len(v.Paths) == 0 {
		v.Paths = a.project.list("test.paths")
	}
	if len(v.Paths) == 0 {
		return a.usage(`test needs a PATH, or paths in the table [test] of cos.toml (see "cos help test")`)
	}
	self, err := os.Executable()
	if err != nil {
		return a.fail(fmt.Errorf("cos cannot find itself: %w", err))
	}
	return golden.Main(golden.Options{
		Update: v.Update, Run: v.Run, Verbose: v.Verbose, Paths: v.Paths,
		Stdout: a.stdout, Stderr: a.stderr, Command: []string{self}, Env: append(v.traces(), a.passed()...),
	})
}

// traces is the environment in which the processes trace themselves.
func (v *testVerb) traces() []string {
	if v.Trace == "" {
		return nil
	}
	file := v.Trace
	if ext := filepath.Ext(file); !strings.Contains(file, "%p") {
		file = strings.TrimSuffix(file, ext) + ".%p" + ext
	}
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	return []string{traceVariable + "=" + file}
}
