// Package check reports what is wrong with routine files without running them: every
// syntax error, and device parameters that no device knows, which running programs
// ignore as Caché does.
package check

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"cos/lang"
	"cos/runtime"
)

// Finding is one error or warning at a place of a file.
type Finding struct {
	Warning bool
	*lang.SyntaxError
}

// Report is the findings of some files.
type Report struct {
	Files    int
	Findings []Finding // in the order of the files and of their lines
}

// Errors is the number of errors, warnings aside.
func (r *Report) Errors() int { return r.count(false) }

// Warnings is the number of warnings.
func (r *Report) Warnings() int { return r.count(true) }

func (r *Report) count(warning bool) (n int) {
	for _, f := range r.Findings {
		if f.Warning == warning {
			n++
		}
	}
	return n
}

// Write prints each finding as file:line:col: message with its source line and a caret,
// and a summary.
func (r *Report) Write(w io.Writer) {
	for _, f := range r.Findings {
		fmt.Fprintln(w, f.text())
	}
	fmt.Fprintf(w, "%s checked: %s, %s\n", count(r.Files, "file"), count(r.Errors(), "error"), count(r.Warnings(), "warning"))
}

// text is the finding with its snippet; a warning says so before its message.
func (f Finding) text() string {
	if !f.Warning {
		return f.Long()
	}
	marked := *f.SyntaxError
	marked.Msg = "warning: " + marked.Msg
	return marked.Long()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Paths checks files, and all routine files below folders. The errors are the paths that
// cannot be read, and the files that are no routines; the others are checked all the same.
func Paths(paths []string) (r *Report, errs []error) {
	r = new(Report)
	for _, path := range paths {
		files, err := routineFiles(path)
		if err != nil {
			errs = append(errs, err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			list, err := runtime.Unpack(file, b)
			if errors.Is(err, runtime.ErrNoExport) && file != path {
				continue // some other XML in a folder
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", file, err))
				continue
			}
			r.Files++
			r.Findings = append(r.Findings, routines(file, list)...)
		}
	}
	return r, errs
}

// Files are the routine files that paths name or hold.
func Files(paths []string) (files []string, err error) {
	for _, path := range paths {
		list, e := routineFiles(path)
		files, err = append(files, list...), errors.Join(err, e)
	}
	return files, err
}

// routineFiles is the file itself, or the routine files below a folder, sorted.
func routineFiles(path string) (files []string, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir() && filepath.Ext(path) == ".cls": // Unpack says why not
	case !info.IsDir() && !isRoutine(path):
		return nil, fmt.Errorf("%s is not a routine file (%s)", path, strings.Join(runtime.Extensions, ", "))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	err = filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isRoutine(file) {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

func isRoutine(file string) bool { return slices.Contains(runtime.Extensions, filepath.Ext(file)) }

// routines checks what a file holds: one routine, or a container's.
func routines(file string, list []runtime.Contained) (found []Finding) {
	sys := runtime.NewSystem(runtime.Config{})
	if len(list) == 1 && list[0].Type == "" {
		return routine(sys, list[0].Name, file, list[0].Source)
	}
	for i := range list {
		if list[i].Type == "INC" {
			sys.AddInclude(&list[i])
		}
	}
	for i := range list {
		switch c := &list[i]; {
		case c.Runnable():
			found = append(found, routine(sys, c.Name, c.File(file), c.Source)...)
		case c.Type == "INC":
			for _, e := range sys.Parse(c.Name, c.File(file), c.Source).Errors {
				e.Pos.Filename = c.File(file)
				found = append(found, Finding{false, e})
			}
		}
	}
	return found
}

// Source checks the text of one routine file.
func Source(file, source string) []Finding {
	return routine(runtime.NewSystem(runtime.Config{}), runtime.RoutineName(file), file, source)
}

// routine checks one routine.
func routine(sys *runtime.System, name, file, source string) (found []Finding) {
	for _, e := range sys.Compile(name, file, source).Errors {
		found = append(found, Finding{false, e})
	}
	parsed := sys.Parse(name, file, source)
	found = append(found, deviceParameters(file, parsed)...)
	found = append(found, zutilCalls(file, parsed)...)
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i].Pos, found[j].Pos
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	return found
}
