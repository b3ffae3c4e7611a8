package cli

// cos test: golden sessions.

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"cos/repl"
	"cos/repl/golden"
)

type testVerb struct {
	Update   bool     `help:"Rewrite the expectations that do not hold."`
	Run      string   `placeholder:"RE" help:"Only the goldens whose path, or one of whose session names, matches RE."`
	Parallel *int     `short:"j" placeholder:"N" help:"Play N goldens at once (default: twice the processors)."`
	Verbose  bool     `short:"v" help:"Name the goldens that pass, too."`
	JSON     bool     `name:"json" help:"Report JSON: an object a line for each golden, and one for the whole."`
	JUnit    string   `name:"junit" placeholder:"FILE" help:"Also report to FILE as JUnit XML."`
	Cover    bool     `help:"Show how many lines of each routine have run."`
	Profile  string   `name:"cover-profile" placeholder:"FILE" help:"Write which lines have run to FILE in the format of LCOV."`
	Page     string   `name:"cover-html" placeholder:"FILE" help:"Write a page to FILE that shows the source with the lines that have run."`
	Watch    bool     `help:"Stay, and play again what a change of a golden or a routine concerns, until Ctrl-C."`
	Trace    string   `placeholder:"FILE" help:"Trace every process into a FILE of its own: %p is its number, as for cos run --trace."`
	Paths    []string `arg:"" optional:"" name:"path" predictor:"session" help:"*.session files, or folders, which are searched for them (default: paths of [test] in cos.toml)."`
}

func (v *testVerb) Help() string {
	return `Every golden has data, home and ports of its own, so they do not see each other; the report keeps
their order. --clock and --seed hold for all their processes, unless a golden says otherwise.

Coverage is of lines that hold a command, in routines that come from files, in all processes
and jobs of the goldens. Routines that are never loaded, the bundled ones and those that a
golden makes for itself (file) do not count.

--watch plays everything once, then what changes: a golden, or those that have loaded a
routine; after a change of another routine or include file, all.

Exit codes: 0 when all passed, 1 when one failed, 2 for bad usage, 130 after Ctrl-C; with
--watch Ctrl-C ends with 0 or 1, as the last round was.`
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
	parallel := 0 // golden chooses
	if v.Parallel != nil {
		if parallel = *v.Parallel; parallel < 1 {
			return a.usage("--parallel takes a number of goldens, 1 at least")
		}
	}
	o := golden.Options{
		Update: v.Update, Run: v.Run, Verbose: v.Verbose, Paths: v.Paths, Jobs: parallel,
		JSON: v.JSON, JUnit: v.JUnit, Colour: colours(a.stdout),
		Cover: v.Cover, CoverLCOV: v.Profile, CoverHTML: v.Page, Watch: v.Watch,
		Stdout: a.stdout, Stderr: a.stderr, Command: []string{self}, Env: append(append(v.traces(), a.fixed()...), a.passed()...),
	}
	if repl.IsTerminal(a.stderr) && os.Getenv("TERM") != "dumb" {
		o.Progress = a.stderr
	}
	ctx, over := untilSignal()
	exit := golden.Main(ctx, o)
	switch status := over(); {
	case status == 0, status == exitInterrupt && v.Watch: // Ctrl-C is how watching ends
		return exit
	default:
		return status
	}
}

// untilSignal is a context that Ctrl-C and SIGTERM end. over tells which exit code that
// means, 0 when none came; a second signal meets nobody who waits for it.
func untilSignal() (ctx context.Context, over func() int) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var status atomic.Int32
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case sig := <-signals:
			status.Store(exitInterrupt)
			if sig == syscall.SIGTERM {
				status.Store(exitTerminate)
			}
			signal.Stop(signals)
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() int {
		cancel()
		<-ended
		signal.Stop(signals)
		return int(status.Load())
	}
}

// fixed is the environment of --clock and --seed.
func (w *world) fixed() []string {
	env := w.Clock.world()
	if w.Seed != nil {
		env = append(env, "COS_SEED="+strconv.FormatInt(*w.Seed, 10))
	}
	return env
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
