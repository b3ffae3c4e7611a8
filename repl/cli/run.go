package cli

// cos run: a routine file, standard input, an entryref, or command lines.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

type runVerb struct {
	tracing
	Metrics  string   `placeholder:"ADDR" help:"Serve Prometheus metrics at http://ADDR/metrics and Go profiles at /debug/pprof/; ADDR is HOST:PORT."`
	Watch    bool     `help:"Start the program again whenever a file that it has loaded changes."`
	Commands *string  `short:"c" placeholder:"COMMANDS" help:"Execute command lines in place of a TARGET."`
	Entry    string   `placeholder:"LABEL" help:"Start a file at LABEL or LABEL+N, not at its first line."`
	Target   string   `arg:"" optional:"" predictor:"target" help:"A routine file (.mac, .int, .m, .ro, .rtn, .xml), - for standard input, or an entryref: label^routine, ^routine(1,\"x\")."`
	Args     []string `arg:"" optional:"" name:"arg" predictor:"file" help:"Arguments of the program: the formal list of its entry, and $ZCMDLINE."`
	gentle   bool     `kong:"-"` // SIGTERM interrupts the program, which ends by itself
}

// stdinRoutine is the name of the routine that comes from standard input.
const stdinRoutine = "stdin"

func (v *runVerb) Help() string {
	return `Everything after TARGET, or after the text of -c, belongs to the program.

Routines are found by name in the folder of TARGET, each -I DIR, the folders of COSPATH, the
folder "routines" of the data directory, and among the bundled programs. A line that does not
parse is reported and raises <SYNTAX> when it is reached; the rest of the file runs.

With --watch the program is ended, as by SIGTERM, and started again when a routine or include file
that it has loaded changes. Files with syntax errors are reported; the next change is waited for.

cos stays until the last job has ended. Exit codes: 0; N after $SYSTEM.Process.Terminate(,N);
1 after an untrapped error; 2 for bad usage; 130 after Ctrl-C; 143 after SIGTERM.`
}

func (v *runVerb) run(a *app) int {
	switch {
	case v.Commands == nil && v.Target == "":
		return a.usage(`run needs a TARGET: a routine file, an entryref, - or -c COMMANDS (see "cos help run")`)
	case v.Entry != "" && (v.Commands != nil || !v.isFile()):
		return a.usage("--entry goes with a routine file; an entryref names its own label")
	}
	if v.Watch {
		return v.watch(a)
	}
	s, err := a.open(v.folder(), false, &showing{tracing: v.tracing, metrics: v.Metrics})
	if err != nil {
		return a.fail(err)
	}
	s.gentle.Store(v.gentle)
	return s.finish(v.start(s))
}

// isFile tells a routine file, standard input included, from an entryref.
func (v *runVerb) isFile() bool { return v.Target == "-" || isRoutineFile(v.Target) }

// folder is where routines are looked for first.
func (v *runVerb) folder() string {
	if v.Commands == nil && isRoutineFile(v.Target) {
		return filepath.Dir(v.Target)
	}
	return "."
}

// start runs the program in the first process and returns what it ended with.
func (v *runVerb) start(s *session) error {
	if v.Commands != nil {
		s.main.SetCommandLine(strings.Join(v.Args, " "))
		return s.main.Execute(*v.Commands)
	}
	start, err := v.find(s)
	if err != nil {
		return err
	}
	return s.main.Launch(start, v.Args)
}

// find makes something to start of TARGET and --entry.
func (v *runVerb) find(s *session) (*runtime.Start, error) {
	if filepath.Ext(v.Target) == ".cls" {
		return nil, usageError("%s: user-written classes are not supported", v.Target)
	}
	if !v.isFile() {
		if _, err := os.Stat(v.Target); err == nil && !strings.Contains(v.Target, "^") {
			return nil, usageError("%s is neither a routine file (%s) nor an entryref (label^routine)", v.Target, strings.Join(runtime.Extensions, ", "))
		}
		return s.sys.Target(v.Target)
	}
	r, err := v.load(s)
	if err != nil {
		return nil, err
	}
	for _, e := range r.Errors {
		fmt.Fprintln(s.stderr, e.Long())
	}
	label, offset, err := v.entry()
	if err != nil {
		return nil, err
	}
	return s.sys.At(r, label, offset)
}

// load reads and compiles the file.
func (v *runVerb) load(s *session) (*runtime.Routine, error) {
	if v.Target == "-" {
		b, err := io.ReadAll(s.stdin)
		if err != nil {
			return nil, usageError("standard input: %v", err)
		}
		r := s.sys.Compile(stdinRoutine, "", lang.DecodeSource(b))
		s.sys.Define(r)
		return r, nil
	}
	r, err := s.sys.LoadFile(v.Target)
	var path *fs.PathError
	switch {
	case errors.Is(err, devices.ErrShut):
		return nil, usageError("%s lies outside --root %s", v.Target, s.Root)
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError("%s: no such file", v.Target)
	case errors.As(err, &path):
		return nil, usageError("%s: %v", v.Target, path.Err)
	}
	return r, err
}

// entry splits --entry label+n.
func (v *runVerb) entry() (label string, offset int, err error) {
	label, plus, ok := strings.Cut(v.Entry, "+")
	if ok {
		if offset, err = strconv.Atoi(plus); err != nil || offset < 0 {
			return "", 0, usageError("--entry %s: label or label+n is expected", v.Entry)
		}
	}
	return label, offset, nil
}

func usageError(format string, args ...any) error {
	return &runtime.UsageError{Msg: fmt.Sprintf(format, args...)}
}
