// Package check reports what is wrong with routine files without running them: every
// syntax error, and what the rules of a table find (rules.go). A rule would rather miss
// something than report what is right: M lets programs do much that cannot be seen.
package check

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"cos/lang"
	"cos/runtime"
)

// Paths checks files, and all routine files below folders. The errors are the paths that
// cannot be read, and the files that are no routines; the others are checked all the same.
func Paths(paths []string, o Options) (r *Report, errs []error) {
	r = new(Report)
	selected, err := o.selection()
	if err != nil {
		return r, []error{err}
	}
	k := &check{rules: selected, folders: o.Folders}
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
			k.contained(file, list)
		}
	}
	r.Findings = k.findings()
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

// check is one check of some files.
type check struct {
	rules   selection
	folders []string // with include files
	program *program // nil: no rule looks at all routines
	done    []*checker
}

// contained checks what a file holds: one routine, or a container's.
func (k *check) contained(file string, list []runtime.Contained) {
	sys := runtime.NewSystem(runtime.Config{Folders: k.folders})
	if len(list) == 1 && list[0].Type == "" {
		k.routine(sys, list[0].Name, file, list[0].Source)
		return
	}
	for i := range list {
		if list[i].Type == "INC" {
			sys.AddInclude(&list[i])
		}
	}
	for i := range list {
		switch c := &list[i]; {
		case c.Runnable():
			k.routine(sys, c.Name, c.File(file), c.Source).container = file
		case c.Type == "INC":
			inc := &checker{rules: k.rules, name: c.File(file), container: file}
			for _, e := range sys.Parse(c.Name, c.File(file), c.Source).Errors {
				e.Pos.Filename = c.File(file)
				inc.add(syntax, e)
			}
			k.done = append(k.done, inc)
		}
	}
}

// Source checks the text of one routine file by the rules that are on.
func Source(file, source string) []Finding { return one(file, source, Options{}) }

// one checks one routine.
func one(file, source string, o Options) []Finding {
	selected, err := o.selection()
	if err != nil {
		panic(err) // names of rules in this package
	}
	k := &check{rules: selected}
	k.routine(runtime.NewSystem(runtime.Config{}), runtime.RoutineName(file), file, source)
	return k.findings()
}

// routine checks one routine, but for what takes all of them.
func (k *check) routine(sys *runtime.System, name, file, source string) *checker {
	c := &checker{rules: k.rules, name: file}
	for _, e := range sys.Compile(name, file, source).Errors {
		c.add(syntax, e)
	}
	c.routine = sys.Parse(name, file, source)
	c.devices, c.accepting = devicesOf(c.routine), accepting(c.routine)
	c.ignores = ignores(c.routine.Source)
	c.isolated = map[*lang.Label]bool{}
	deviceParameters(c)
	zutilCalls(c)
	flows(c)
	privateJobs(c)
	unusedLabels(c)
	if k.rules["uncalled-label"] != "" {
		if k.program == nil {
			k.program = new(program)
		}
		k.program.add(c)
	} else {
		c.forget()
	}
	k.done = append(k.done, c)
	return c
}

// findings are what has been found, without what comments silence.
func (k *check) findings() (all []Finding) {
	if k.program != nil {
		k.program.report()
	}
	for _, c := range k.done {
		c.silence()
		c.leftovers()
		sort.SliceStable(c.found, func(i, j int) bool {
			a, b := c.found[i].Pos, c.found[j].Pos
			return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
		})
		for _, f := range c.found {
			f.container = c.container
			all = append(all, f)
		}
	}
	return all
}

// checker looks at one routine.
type checker struct {
	rules     selection
	name      string // of the file
	container string // the export that holds it, "" for a file of its own
	routine   *lang.Routine
	devices   map[string][]string // what each variable is set to, as a device's name
	accepting map[string]bool     // devices that are servers in mode A
	ignores   []*ignore
	jumped    []*lang.Label        // labels in procedures that are not fallen into
	isolated  map[*lang.Label]bool // the same outside of procedures
	found     []Finding
}

// forget gives back what only the rules need.
func (c *checker) forget() {
	c.devices, c.accepting, c.jumped, c.isolated = nil, nil, nil, nil
	c.routine = &lang.Routine{Name: c.routine.Name, Source: c.routine.Source}
}

// warn reports something at a parameter.
func (c *checker) warn(rule string, p *lang.Param, msg string) {
	c.warnAt(rule, p.Pos.Line, p.Pos.Column, msg)
}

// warnAt reports something at a place.
func (c *checker) warnAt(rule string, n, column int, msg string) {
	line := ""
	if n >= 1 && n <= len(c.routine.Source) {
		line = c.routine.Source[n-1]
	}
	c.add(rule, lang.NewError(c.name, n, column, msg, line))
}

func (c *checker) add(rule string, e *lang.SyntaxError) {
	if severity, on := c.rules[rule]; on {
		c.found = append(c.found, Finding{Rule: rule, Severity: severity, SyntaxError: e})
	}
}
