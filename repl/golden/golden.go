package golden

// Running many files at once, and what cos test prints about them.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	goruntime "runtime"
	"strings"
	"time"
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
	Jobs     int       // files at once; 0: twice the processors
	Patience int       // multiplies time limits, for slow builds; 0: 1
}

// Report is what became of one file.
type Report struct {
	Path    string
	Err     error // nil: passed. Its text begins with file:line
	Updated bool  // --update has rewritten the file
	Took    time.Duration
}

// Exit codes of Main.
const (
	exitPassed = 0
	exitFailed = 1
	exitUsage  = 2
)

// Main runs all files and prints a report; it returns the exit code of cos test.
func Main(o Options) (exit int) {
	files, err := find(o.Paths)
	if err == nil {
		files, err = choose(files, o.Run)
	}
	if err != nil {
		fmt.Fprintln(o.Stderr, err)
		return exitUsage
	}
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = 2 * goruntime.GOMAXPROCS(0)
	}
	reports := make([]chan *Report, len(files))
	slots := make(chan struct{}, jobs)
	for i, path := range files {
		reports[i] = make(chan *Report, 1)
		go func() {
			slots <- struct{}{}
			reports[i] <- RunFile(path, &o)
			<-slots
		}()
	}
	failed := 0
	for _, c := range reports {
		r := <-c
		switch {
		case r.Err != nil:
			failed++
			fmt.Fprintf(o.Stdout, "FAIL  %s  (%.1fs)\n%v\n", r.Path, r.Took.Seconds(), r.Err)
		case r.Updated:
			fmt.Fprintf(o.Stdout, "updated  %s\n", r.Path)
		case o.Verbose:
			fmt.Fprintf(o.Stdout, "ok    %s  (%.1fs)\n", r.Path, r.Took.Seconds())
		}
	}
	fmt.Fprintf(o.Stdout, "%d passed, %d failed\n", len(files)-failed, failed)
	if failed > 0 {
		return exitFailed
	}
	return exitPassed
}

// find lists the session files of paths, in order.
func find(paths []string) (files []string, err error) {
	for _, p := range paths {
		info, err := os.Stat(p)
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
func RunFile(path string, o *Options) *Report {
	r := &Report{Path: path}
	begin := time.Now()
	defer func() { r.Took = time.Since(begin) }()
	s, err := readScript(path)
	if err != nil {
		r.Err = err
		return r
	}
	st, err := newStage(s, o)
	if err != nil {
		r.Err = err
		return r
	}
	err = st.play()
	var f *failure
	if errors.As(err, &f) {
		err = s.errorf(f.line, "%s", f.msg)
	}
	if r.Err = err; err == nil && st.edits != nil && !st.edits.empty() {
		r.Err = st.edits.write(s)
		r.Updated = r.Err == nil
	}
	return r
}
