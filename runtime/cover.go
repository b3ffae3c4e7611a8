package runtime

// Coverage: how often the lines of routines run.
//
// A line counts when its first command is reached. While a system counts, sigCover stays
// among the signals of every process, so that each command boundary looks (as it does for
// breakpoints, zbreak.go); otherwise nothing costs anything.

import (
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"cos/runtime/coverage"
)

// cover is what a system has counted.
type cover struct {
	mu   sync.Mutex
	list []*counters
	by   map[string]*counters // by path and source: a routine that is loaded again counts on
}

// counters are those of one routine, by source line from 0.
type counters struct {
	routine *Routine
	path    string
	firsts  []pos // the first command, 0: none
	hits    []atomic.Int64
}

// counted lets the lines of a routine that comes from a file of the user be counted.
func (s *System) counted(r *Routine) *Routine {
	if s.cover == nil || r.Path == "" || strings.HasPrefix(r.Path, bundledPath) {
		return r
	}
	path, err := filepath.Abs(r.Path)
	if err != nil {
		path = r.Path
	}
	key := path + "\x00" + strings.Join(r.Source, "\n")
	s.cover.mu.Lock()
	defer s.cover.mu.Unlock()
	c := s.cover.by[key]
	if c == nil {
		c = &counters{routine: r, path: path, firsts: make([]pos, len(r.Source)), hits: make([]atomic.Int64, len(r.Source))}
		for line, at := range r.firstCommands() {
			if line <= len(c.firsts) { // lines of an include file are not the routine's
				c.firsts[line-1] = at
			}
		}
		s.cover.by[key] = c
		s.cover.list = append(s.cover.list, c)
	}
	r.counters = c
	return r
}

// reach counts the line of a command that is reached.
func (c *counters) reach(at pos) {
	if line := at.line(); line >= 1 && line <= len(c.firsts) && c.firsts[line-1] == at {
		c.hits[line-1].Add(1)
	}
}

// Coverage tells how often the lines of each routine have run so far.
func (s *System) Coverage() (out []*coverage.Routine) {
	if s.cover == nil {
		return nil
	}
	s.cover.mu.Lock()
	defer s.cover.mu.Unlock()
	for _, c := range s.cover.list {
		r := &coverage.Routine{Name: c.routine.Name, Path: c.path, Source: c.routine.Source, Hits: make([]int64, len(c.hits))}
		for i := range c.hits {
			r.Hits[i] = c.hits[i].Load()
			if c.firsts[i] == 0 {
				r.Hits[i] = coverage.Nothing
			}
		}
		out = append(out, r)
	}
	return out
}

// firstCommands is where the first command of each source line stands.
func (r *Routine) firstCommands() map[int]pos {
	known := map[int]pos{}
	note := func(s step) {
		if at, ok := known[s.pos.line()]; s.pos != 0 && (!ok || s.pos < at) {
			known[s.pos.line()] = s.pos
		}
	}
	visitBlock(r.main, note)
	for _, e := range r.labels {
		if e.proc != nil {
			visitBlock(e.block, note)
		}
	}
	return known
}
