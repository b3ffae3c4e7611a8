package runtime

// What the log keeps of an error that nobody trapped (runtime/errorlog), and of those that a
// program logs itself: taken where the error happened, while the frames stand.

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/runtime/errorlog"
)

// How much is kept of a stack and of its variables.
const (
	mostVariables = 200 // lines of a level
	mostText      = 300 // characters of a line
)

// record is what the log keeps of the process as it stands.
func (p *Process) record() *errorlog.Entry {
	r := &errorlog.Entry{Time: p.sys.cfg.Now(), Job: p.id, PID: os.Getpid(), Namespace: p.namespace, ECode: p.errors.ecode}
	r.Levels, r.Elided = p.loggedLevels()
	for _, d := range p.Devices() {
		r.Devices = append(r.Devices, errorlog.Device{Name: d.Name, Mode: d.Mode, State: d.State, Local: d.Local, Peer: d.Peer,
			Unread: d.Unread, Unsent: d.Unsent, Current: d.Current, Principal: d.Principal})
	}
	return r
}

// loggedLevels are the levels of the stack, innermost first, each with the variables that it has
// made.
func (p *Process) loggedLevels() (out []errorlog.Level, elided int) {
	vars := slices.Clone(p.vars)
	places, elided := p.backtrace()
	r, end := 0, len(p.news)
	for i := len(p.frames) - 1; i >= 0; i-- {
		mark := int(p.frames[i].mark)
		own := p.putBack(vars, mark, end)
		end = mark
		depth := len(p.frames) - 1 - i
		if elided > 0 && depth >= maxTrace-5 && i >= 5 {
			continue // backtrace leaves it out too
		}
		if i == 0 { // what nobody made anew is the bottom's
			for slot, v := range vars {
				if v.exists() {
					own[slot] = v
				}
			}
		}
		l := errorlog.Level{Kind: places[r].Kind, At: places[r].At, Code: clipped(places[r].Code)}
		l.Variables, l.Left = p.variableLines(own)
		if l.Kind != frameNames[frameTop] || len(l.Variables) > 0 {
			out = append(out, l)
		}
		r++
	}
	return out, elided
}

// putBack undoes in vars what a frame has put aside, and returns the variables that were
// its own.
func (p *Process) putBack(vars []*Var, mark, end int) map[int]*Var {
	own := map[int]*Var{}
	take := func(slot int) {
		if v := vars[slot]; v.exists() && own[slot] == nil {
			own[slot] = v
		}
	}
	for i := end - 1; i >= mark; i-- {
		s := &p.news[i]
		switch s.kind {
		case savedNew, savedRef:
			take(int(s.slot))
			vars[s.slot] = s.old
		case savedAll:
			for slot, v := range vars {
				if v != nil && p.replaceable(slot, p.newAlls[s.slot]) {
					take(slot)
					vars[slot] = nil
				}
			}
		}
	}
	return own
}

// variableLines are variables as ZWRITE shows them, by name.
func (p *Process) variableLines(vars map[int]*Var) (out []string, left int) {
	slots := make([]int, 0, len(vars))
	for slot := range vars {
		slots = append(slots, slot)
	}
	slices.SortFunc(slots, func(a, b int) int {
		return strings.Compare(p.sys.symbols.symbol(a).name, p.sys.symbols.symbol(b).name)
	})
	for _, slot := range slots {
		eachNode(p.sys.symbols.symbol(slot).name, vars[slot], nil, func(line string) {
			if len(out) == mostVariables {
				left++
				return
			}
			out = append(out, clipped(line))
		})
	}
	return out, left
}

// clipped is a text without what is too much of it.
func clipped(s string) string {
	if len(s) <= mostText {
		return s
	}
	return strings.ToValidUTF8(s[:mostText], "") + fmt.Sprintf("… (%d more)", len(s)-mostText)
}

// describe gives a record the error.
func (e *Error) describe(s *System, r *errorlog.Entry) {
	r.Error = e.Text()
	r.Source, r.Line, r.Column = clipped(e.Line.Text), e.Line.Line, e.Line.Col
	s.routines.RLock()
	if rtn := s.routines.byName[e.Line.Routine]; rtn != nil {
		r.File = rtn.Path
	}
	s.routines.RUnlock()
	if e.Cause != nil {
		if _, text, ok := devices.Errno(e.Cause); ok {
			r.Cause = text
		} else {
			r.Cause = e.Cause.Error()
		}
	}
}

// LogUntrapped writes the error that has ended a process to the log, unless it is HALT or a
// Ctrl-C.
func (s *System) LogUntrapped(err error) {
	switch e := err.(type) {
	case *Error:
		if e.record != nil && !e.Interrupted {
			e.describe(s, e.record)
			s.log(e.record)
		}
	case *Crash:
		if e.record != nil {
			e.record.Error, e.record.Crash = e.Error(), string(e.Stack)
			s.log(e.record)
		}
	}
}

// log adds to the log; that it cannot is told once.
func (s *System) log(r *errorlog.Entry) {
	if s.cfg.Errors == nil {
		return
	}
	if err := s.cfg.Errors.Add(r); err != nil {
		s.logFailed.Do(func() { fmt.Fprintf(s.cfg.Stderr, "cos: the log of errors: %s\n", lang.Visible(err.Error())) })
	}
}

// logLast writes the last error to the log, with the process as it stands now: ^%ETN.
func (p *Process) logLast() int64 {
	if p.sys.cfg.Errors == nil || p.errors.zerror == "" {
		return 0
	}
	r := p.record()
	r.Trapped = true
	if e := p.errors.last; e != nil && e.Text() == p.errors.zerror {
		at := *e
		if at.Line.Line == 0 && len(p.errors.stack) > 0 {
			top := p.errors.stack[len(p.errors.stack)-1]
			at.Line = lineOf(top.routine, top.pos)
		}
		at.describe(p.sys, r)
	}
	r.Error = p.errors.zerror
	p.sys.log(r)
	return r.Number
}

// logException is %Exception's Log().
func (p *Process) logException(o *object) {
	if p.sys.cfg.Errors == nil {
		return
	}
	r := p.record()
	r.Trapped, r.Error = true, systemErrorText(o)
	p.sys.log(r)
}
