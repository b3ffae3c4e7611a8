package golden

// Running many files at once, in order.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	goruntime "runtime"
	"strings"
	"sync"
	"time"

	"cos/lang"
	"cos/runtime/coverage"
)

// Options say what to run and how.
type Options struct {
	Update   bool      // rewrite expectations that do not hold
	Run      string    // only files whose path, or one of whose session names, matches
	Verbose  bool      // name the files that pass, too
	Paths    []string  // files, and folders to search for *.session
	Stdout   io.Writer // the report
	Stderr   io.Writer // what is wrong with the call
	Command  []string  // starts cos: program and first arguments
	Env      []string  // added to the environment of every process
	Jobs     int       // files at once; 0: twice the processors, since sessions mostly wait
	Patience int       // multiplies time limits, for slow builds; 0: 1
	JUnit    string    // also report to this file, as JUnit XML
	JSON     bool      // report JSON, an object a line
	Colour   bool      // Stdout is a terminal that likes it
	Progress io.Writer // a terminal on which to show how far the run is, nil: nobody looks

	Cover     bool   // report which lines of routines have run
	CoverLCOV string // write that to this file for other programs
	CoverHTML string // write that to this file for people

	Watch bool // run again what changes concern, until the context ends
}

// Report is what became of one file.
type Report struct {
	Path    string
	Err     error // nil: passed. Its text begins with file:line
	Line    int   // of the file, where it failed; 0: it could not begin
	Broken  bool  // it failed because it cannot be played, not because something else came
	Updated bool  // --update has rewritten the file
	Skipped bool  // the run was broken off before the end of the file
	Old     bool  // of an earlier round of --watch, which has told of it
	Began   time.Time
	Took    time.Duration
	Ran     *coverage.Set // which lines have run, nil: nobody asked
}

// showsCover tells whether coverage is asked for.
func (o *Options) showsCover() bool { return o.Cover || o.CoverLCOV != "" || o.CoverHTML != "" }

// covers tells whether the processes count which lines run; --watch learns from it which
// routines a session uses.
func (o *Options) covers() bool { return o.showsCover() || o.Watch }

// Exit codes of Main.
const (
	exitPassed = 0
	exitFailed = 1
	exitUsage  = 2
)

// Main runs all files and prints a report; it returns the exit code of cos test. A run that
// ctx ends is broken off: its processes end, and the report says which files are missing.
func Main(ctx context.Context, o Options) (exit int) {
	if o.Watch {
		exit, err := watch(ctx, &o)
		return o.exit(exit, err)
	}
	files, err := o.files()
	if err != nil {
		return o.exit(0, err)
	}
	return o.exit(o.round(ctx, files, nil))
}

// exit tells an error of the call.
func (o *Options) exit(exit int, err error) int {
	if err != nil {
		fmt.Fprintf(o.Stderr, "cos: %s\n", lang.Visible(err.Error()))
		return exitUsage
	}
	return exit
}

// files are the files to run.
func (o *Options) files() ([]string, error) {
	files, err := find(o.Paths)
	if err != nil {
		return nil, err
	}
	return choose(files, o.Run)
}

// round runs files once. Of those that old has it takes what is known, and adds what it
// learns of the others.
func (o *Options) round(ctx context.Context, files []string, old map[string]*Report) (exit int, err error) {
	r, err := newRun(o)
	if err != nil {
		return exitUsage, err
	}
	if r.play(ctx, files, old); r.failed > 0 {
		exit = exitFailed
	}
	return exit, r.end()
}

// run is a run of many files: what became of them so far.
type run struct {
	o       *Options
	outlets []outlet
	shown   *progress
	began   time.Time
	took    time.Duration
	ran     coverage.Set

	passed, failed, updated, skipped int
}

// outlet is a form in which a run is reported. It is told of each file, in order, and then
// of the whole.
type outlet interface {
	file(*Report)
	whole(*run) error
}

func newRun(o *Options) (*run, error) {
	r := &run{o: o, began: time.Now(), shown: &progress{to: o.Progress}}
	if o.JSON {
		r.outlets = append(r.outlets, newJSONOutlet(o.Stdout))
	} else {
		r.outlets = append(r.outlets, &textOutlet{o: o})
	}
	if o.JUnit != "" {
		j, err := newJUnitOutlet(o.JUnit)
		if err != nil {
			return nil, err
		}
		r.outlets = append(r.outlets, j)
	}
	if o.showsCover() {
		c, err := newCoverOutlet(o)
		if err != nil {
			return nil, err
		}
		r.outlets = append(r.outlets, c)
	}
	return r, nil
}

// play plays files, many at once, and tells the outlets of them in their order.
func (r *run) play(ctx context.Context, files []string, old map[string]*Report) {
	jobs := r.o.Jobs
	if jobs <= 0 {
		jobs = 2 * goruntime.GOMAXPROCS(0)
	}
	next := make(chan int)
	done := make([]chan *Report, len(files))
	for i := range files {
		done[i] = make(chan *Report, 1)
	}
	var workers sync.WaitGroup
	for range min(jobs, len(files)) {
		workers.Go(func() {
			for i := range next {
				r.shown.starts(files[i])
				report := runFile(ctx, files[i], r.o)
				r.shown.ends(report)
				done[i] <- report
			}
		})
	}
	var fresh []int
	for i, path := range files {
		if known := old[path]; known != nil {
			done[i] <- known
		} else {
			fresh = append(fresh, i)
		}
	}
	r.shown.begin(len(fresh))
	go func() {
		for _, i := range fresh {
			next <- i
		}
		close(next)
	}()
	for i := range files {
		report := <-done[i]
		r.take(report)
		if old != nil && !report.Skipped {
			old[report.Path] = report
			report.Old = true
		}
	}
	workers.Wait()
	r.shown.clear()
}

// take counts a report and tells of it.
func (r *run) take(report *Report) {
	switch {
	case report.Skipped:
		r.skipped++
	case report.Err != nil:
		r.failed++
	case report.Updated:
		r.updated++
	default:
		r.passed++
	}
	if report.Ran != nil {
		r.ran.Merge(report.Ran)
	}
	r.shown.aside(func() {
		for _, out := range r.outlets {
			out.file(report)
		}
	})
}

// end tells the outlets that all files are done.
func (r *run) end() (err error) {
	r.took = time.Since(r.began)
	for _, out := range r.outlets {
		if e := out.whole(r); err == nil {
			err = e
		}
	}
	return err
}

// find lists the session files of paths, in order.
func find(paths []string) (files []string, err error) {
	for _, p := range paths {
		info, err := os.Stat(p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file or folder %s", p)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, p)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) == ".session" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("there is no *.session file in %s", p)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no session files were named")
	}
	return files, nil
}

// choose keeps the files that --run asks for. A file that cannot be parsed is kept, to
// be reported.
func choose(files []string, run string) ([]string, error) {
	if run == "" {
		return files, nil
	}
	want, err := regexp.Compile(run)
	if err != nil {
		return nil, fmt.Errorf("--run: %w", err)
	}
	var out []string
	for _, path := range files {
		s, err := readScript(path)
		if want.MatchString(path) || err != nil || want.MatchString(strings.Join(s.names, "\n")) {
			out = append(out, path)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no session file matches %s", run)
	}
	return out, nil
}

// RunFile plays one file.
func RunFile(path string, o *Options) *Report { return runFile(context.Background(), path, o) }

func runFile(ctx context.Context, path string, o *Options) *Report {
	r := &Report{Path: path, Began: time.Now()}
	if r.Skipped = ctx.Err() != nil; r.Skipped {
		return r
	}
	defer func() { r.Took = time.Since(r.Began) }()
	s, err := readScript(path)
	if err == nil {
		var st *stage
		if st, err = newStage(ctx, s, o); err == nil {
			err = st.play()
			r.Ran = st.ran
			if r.Skipped = ctx.Err() != nil; r.Skipped {
				return r
			}
			if err == nil && st.edits != nil && !st.edits.empty() {
				err = st.edits.write(s)
				r.Updated = err == nil
			}
		}
	}
	var f *failure
	if r.Broken = err != nil && !errors.As(err, &f); f != nil {
		err = s.errorf(f.line, "%s", f.msg)
	}
	var at *lineError
	if errors.As(err, &at) {
		r.Line = at.line
	}
	r.Err = err
	return r
}
