// Package coverage holds which lines of routines have run, and shows it: as a table, as
// LCOV for other programs, as a page with the source.
//
// A process that runs with a folder of coverage begins a file there and writes it when it
// ends; whoever has started the processes gathers the files (Read).
package coverage

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Routine is one routine with what has run of it.
type Routine struct {
	Name   string   `json:"name"`
	Path   string   `json:"path"` // its file, absolute; FILE(NAME) in a file of several
	Source []string `json:"source"`
	Hits   []int64  `json:"hits"` // of each line: how often it ran, Nothing when there is nothing to run
}

// Nothing marks a line that has no command: a comment, a closing brace.
const Nothing = -1

// Counts tells how many lines have run, of how many that can.
func (r *Routine) Counts() (covered, lines int) {
	for _, n := range r.Hits {
		if n != Nothing {
			lines++
		}
		if n > 0 {
			covered++
		}
	}
	return covered, lines
}

// Percent is a part of lines in percent; of nothing all is covered.
func Percent(covered, lines int) float64 {
	if lines == 0 {
		return 100
	}
	return 100 * float64(covered) / float64(lines)
}

// Set is the coverage of many processes, a routine once.
type Set struct {
	routines map[string]*Routine // by path and source: a file may change between two processes
	Lost     int                 // processes that were killed before they could write theirs
}

// Add adds what has run of a routine.
func (s *Set) Add(r *Routine) {
	key := r.Path + "\x00" + strings.Join(r.Source, "\n")
	known := s.routines[key]
	if known == nil {
		if s.routines == nil {
			s.routines = map[string]*Routine{}
		}
		own := *r
		own.Hits = slices.Clone(r.Hits)
		s.routines[key] = &own
		return
	}
	for i, n := range r.Hits {
		switch {
		case i >= len(known.Hits) || n == Nothing:
		case known.Hits[i] == Nothing:
			known.Hits[i] = n
		default:
			known.Hits[i] += n
		}
	}
}

// Merge adds another set.
func (s *Set) Merge(o *Set) {
	for _, r := range o.routines {
		s.Add(r)
	}
	s.Lost += o.Lost
}

// Without removes the routines of a folder.
func (s *Set) Without(folder string) {
	for key, r := range s.routines {
		if strings.HasPrefix(r.Path, folder+string(filepath.Separator)) {
			delete(s.routines, key)
		}
	}
}

// Routines lists the routines by path.
func (s *Set) Routines() []*Routine {
	out := make([]*Routine, 0, len(s.routines))
	for _, r := range s.routines {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Routine) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(strings.Join(a.Source, "\n"), strings.Join(b.Source, "\n"))
	})
	return out
}

// Counts tells how many lines have run, of how many that can.
func (s *Set) Counts() (covered, lines int) {
	for _, r := range s.routines {
		c, l := r.Counts()
		covered, lines = covered+c, lines+l
	}
	return covered, lines
}

// File is where a process writes its coverage when it ends.
type File struct{ f *os.File }

const pattern = "cos-*.json"

// Begin makes the file of a process; while it is empty the process has not ended.
func Begin(folder string) (*File, error) {
	f, err := os.CreateTemp(folder, pattern)
	if err != nil {
		return nil, err
	}
	return &File{f}, nil
}

// End writes what has run.
func (f *File) End(list []*Routine) error {
	err := json.NewEncoder(f.f).Encode(list)
	if e := f.f.Close(); err == nil {
		err = e
	}
	return err
}

// Read gathers what processes have written into a folder.
func Read(folder string) (*Set, error) {
	s := &Set{}
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var list []*Routine
		if len(b) == 0 || json.Unmarshal(b, &list) != nil { // killed before or while it wrote
			s.Lost++
			continue
		}
		for _, r := range list {
			if len(r.Hits) != len(r.Source) {
				return nil, fmt.Errorf("%s: %d lines of source and %d of coverage", path, len(r.Source), len(r.Hits))
			}
			s.Add(r)
		}
	}
	return s, nil
}
