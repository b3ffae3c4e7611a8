package runtime

// Frames without a guard. A guard lets an error stop in its frame, which only $ETRAP and
// $ZTRAP ask for. Code is quiet when neither it nor what it calls can set them: then an error
// in its frame goes on to one below, unless there is an $ETRAP already, and the frame does
// without (FIB, NEST, MSG: a deferred function for each call).

import (
	"sync"

	"cos/lang"
)

// quietCommand tells whether a command cannot set a trap; what stands in it is looked at by
// itself. Devices are not among them: I/O may be redirected to routines.
func quietCommand(cmd lang.Command) bool {
	switch n := cmd.(type) {
	case *lang.Set, *lang.Vars, *lang.If, *lang.Else, *lang.For, *lang.While, *lang.Do:
		return true
	case *lang.Exprs:
		return n.Verb == "QUIT" || n.Verb == "RETURN" || n.Verb == "CONTINUE"
	}
	return false
}

// quietFunctions are those that run no code of their own: of values, and of names.
var quietFunctions = sync.OnceValue(func() map[string]bool {
	quiet := map[string]bool{"CASE": true, "DATA": true, "GET": true, "INCREMENT": true, "ORDER": true, "QUERY": true, "SELECT": true}
	for i := range valueFunctions {
		quiet[valueFunctions[i].Name] = true
	}
	return quiet
})

// ends tells whether nothing behind a line runs after it: it has a QUIT without a condition.
func (ln *line) ends() bool {
	for i := range ln.body {
		switch cmd := ln.body[i].cmd.(type) {
		case *quitCmd:
			return true
		case *flowCmd:
			if cmd.how == flowQuit || cmd.how == flowReturn {
				return true
			}
		}
	}
	return false
}

// reach calls do with each line that may run when e is called, until it returns false.
func (e *entry) reach(do func(*line) bool) {
	lines := e.block.lines
	for i := e.line; i < len(lines); i++ {
		ln := &lines[i]
		if i > e.line && ln.fence || !do(ln) || ln.level == lines[e.line].level && ln.ends() {
			return
		}
	}
}

// settle finds the quiet ones among all entries of a routine: those whose lines are, and call
// only entries that are. Recursion is taken for quiet until something else shows.
func settle(entries []*entry) {
	for _, e := range entries {
		e.quiet = !e.defaults
		e.reach(func(ln *line) bool {
			e.quiet = e.quiet && !ln.loud
			return e.quiet
		})
	}
	for changed := true; changed; {
		changed = false
		for _, e := range entries {
			if !e.quiet {
				continue
			}
			e.reach(func(ln *line) bool {
				for _, called := range ln.calls {
					e.quiet = e.quiet && called.quiet
				}
				return e.quiet
			})
			changed = changed || !e.quiet
		}
	}
}

// XECUTE of a plain text runs without a frame at all; an error makes the frame that $STACK and
// the backtrace tell of, before anything looks at it.
func (p *Process) realize() {
	if b := p.elided; b != nil {
		p.elided = nil
		p.enter(frameXecute, b.weight)
	}
}

// unguarded tells whether quiet code may run without a guard now: nothing that is set already
// stops errors in the frame where they happen.
func (p *Process) unguarded() bool {
	return p.errors.etrap == "" && !p.errors.starred && p.debugger == nil && p.breaks == nil
}
