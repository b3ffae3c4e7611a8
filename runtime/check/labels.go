package check

// Labels: those that nothing runs, and those that JOB cannot find.

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"cos/lang"
)

// privateJobs reports JOB of a label within a procedure: the job begins outside of it.
func privateJobs(c *checker) {
	outer, inner := map[string]bool{}, map[string]string{}
	for _, l := range c.routine.Lines {
		if l.Label == nil {
			continue
		}
		outer[l.Label.Name] = true
		if l.Label.Body != nil {
			for _, in := range l.Label.Body.Lines {
				if in.Label != nil {
					inner[in.Label.Name] = l.Label.Name
				}
			}
		}
	}
	walk(reflect.ValueOf(c.routine.Lines), func(n any) {
		job, ok := n.(*lang.JobArg)
		if !ok || job.Entry == nil || job.Entry.Caret && job.Entry.Routine != c.routine.Name {
			return
		}
		name := job.Entry.Label
		if procedure, private := inner[name]; private && !outer[name] {
			c.warnAt("private-job", job.Pos.Line, job.Pos.Column,
				fmt.Sprintf("%s is private to the procedure %s: JOB begins outside of it and raises <NOLINE>", name, procedure))
		}
	})
}

// references are the labels that a routine may run.
type references struct {
	labels   map[string]bool // of the routine itself
	others   map[string]bool // label^routine
	routines map[string]bool // routines whose labels are named by indirection
	dynamic  bool            // any label of the routine itself may be named while it runs
}

var (
	words     = regexp.MustCompile(`[%A-Za-z0-9]+`)
	entryrefs = regexp.MustCompile(`([%A-Za-z0-9]+)\^([%A-Za-z][A-Za-z0-9.]*)`)
)

// refer collects the references of a routine. A label in a string counts: error traps, menus
// and XECUTE name labels so.
func refer(r *lang.Routine) *references {
	refs := &references{labels: map[string]bool{}, others: map[string]bool{}, routines: map[string]bool{}}
	walk(reflect.ValueOf(r.Lines), func(n any) {
		switch n := n.(type) {
		case *lang.Entryref:
			refs.entry(n, r.Name)
		case *lang.EntryArg:
			if _, indirect := n.Call.(*lang.Indirect); indirect {
				refs.dynamic = true
			}
		case *lang.Exprs:
			if n.Verb == "XECUTE" {
				for _, a := range n.Args {
					if _, literal := a.X.X.(*lang.Str); !literal {
						refs.dynamic = true
					}
				}
			}
		case *lang.Call:
			refs.dynamic = refs.dynamic || n.Name == "XECUTE"
		case *lang.Bad, *lang.Macro:
			refs.dynamic = true
		case *lang.Str:
			for _, word := range words.FindAllString(n.Value, -1) {
				refs.labels[word] = true
			}
			for _, m := range entryrefs.FindAllStringSubmatch(n.Value, -1) {
				refs.others[m[1]+"^"+m[2]] = true
			}
		}
	})
	return refs
}

func (refs *references) entry(e *lang.Entryref, routine string) {
	here := !e.Caret || e.Routine == routine
	switch {
	case e.RoutineAt != nil:
		refs.dynamic = true
	case e.LabelAt != nil && here:
		refs.dynamic = true
	case e.LabelAt != nil:
		refs.routines[e.Routine] = true
	case here:
		refs.labels[e.Label] = true
	default:
		refs.others[e.Label+"^"+e.Routine] = true
	}
}

// unusedLabels reports private labels that nothing runs: procedures that are not PUBLIC, and
// labels within procedures that are not fallen into either.
func unusedLabels(c *checker) {
	refs := refer(c.routine)
	if refs.dynamic {
		return
	}
	for i, l := range c.routine.Lines {
		if l.Label != nil && l.Label.Body != nil && i > 0 && !strings.EqualFold(l.Label.Access, "PUBLIC") {
			c.unused(refs, l.Label, "procedure "+l.Label.Name+" is never called, and it is not PUBLIC")
		}
	}
	for _, l := range c.jumped {
		c.unused(refs, l, "label "+l.Name+" is never reached: nothing goes to it, and what stands before it never goes on here")
	}
}

func (c *checker) unused(refs *references, l *lang.Label, msg string) {
	if !refs.labels[l.Name] {
		c.warnAt("unused-label", l.Pos.Line, l.Pos.Column, msg)
	}
}

// program is what the routines of one check know of each other.
type program struct {
	refs     []*references
	names    []string // of their routines
	uncalled []uncalled
}

// uncalled is a label that nothing in its own routine runs.
type uncalled struct {
	routine, label string
	c              *checker
	l              *lang.Label
}

// add notes a routine for the rule that looks at all of them.
func (p *program) add(c *checker) {
	refs := refer(c.routine)
	p.refs, p.names = append(p.refs, refs), append(p.names, c.routine.Name)
	if refs.dynamic {
		return
	}
	for i, l := range c.routine.Lines {
		if i > 0 && l.Label != nil && c.isolated[l.Label] && !refs.labels[l.Label.Name] {
			p.uncalled = append(p.uncalled, uncalled{c.routine.Name, l.Label.Name, c, l.Label})
		}
	}
}

// report reports the labels that no routine runs.
func (p *program) report() {
	others, routines := map[string]bool{}, map[string]bool{}
	for _, refs := range p.refs {
		for name := range refs.others {
			others[name] = true
		}
		for name := range refs.routines {
			routines[name] = true
		}
	}
	for _, u := range p.uncalled {
		if !others[u.label+"^"+u.routine] && !routines[u.routine] {
			u.c.warnAt("uncalled-label", u.l.Pos.Line, u.l.Pos.Column,
				fmt.Sprintf("nothing in the routines checked runs %s^%s", u.label, u.routine))
		}
	}
}
