package runtime

// Ways into a process: an entryref or a routine from the command line, a line from the
// prompt.

import (
	"fmt"
	"strings"
	"time"

	"cos/devices"
	"cos/lang"
)

// UsageError is a target that cannot be started: no such routine or label, too many
// arguments, a text that does not parse. The command line exits with 2.
type UsageError struct{ Msg string }

func (e *UsageError) Error() string { return e.Msg }

// Start is something that can be run: see System.Target and Process.Launch.
type Start struct {
	entry *entry
	args  []expr // actuals that the entryref itself gave
	given bool
}

// Target finds what an entryref names: "label^routine", "^routine",
// "label+2^routine(1,""x"")".
func (s *System) Target(text string) (*Start, error) {
	a, err := lang.ParseEntryref(text)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%s is not an entryref: %v", text, err)}
	}
	if a.Entry == nil || a.Entry.LabelAt != nil || a.Entry.RoutineAt != nil || !a.Entry.Caret {
		return nil, &UsageError{fmt.Sprintf("%s is not an entryref: label^routine is expected", text)}
	}
	r, err := s.Routine(a.Entry.Routine)
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	offset := 0
	if n, ok := a.Entry.Offset.(*lang.Num); ok {
		offset = int(parseLiteral(n.Text).int64())
	} else if a.Entry.Offset != nil {
		return nil, &UsageError{"the offset of an entryref must be a number here"}
	}
	start, err := s.At(r, a.Entry.Label, offset)
	if err != nil {
		return nil, err
	}
	start.given = a.Parens
	c := &compiler{sys: s, keepPos: true, block: &block{}}
	if bad := c.protect(&lang.Head{}, func() {
		for _, x := range a.Actual {
			if x.ByRef || x.X == nil {
				c.fail(nil, "only values can be passed here")
			}
			start.args = append(start.args, c.expr(x.X))
		}
	}); bad != nil {
		return nil, &UsageError{text + ": only values can be passed here"}
	}
	return start, nil
}

// At finds a line of a routine; label "" and offset 0 are its first line.
func (s *System) At(r *Routine, label string, offset int) (*Start, error) {
	if label == "" && offset == 0 {
		return &Start{entry: r.first()}, nil
	}
	e := r.labels[label]
	if label != "" && e == nil {
		return nil, &UsageError{fmt.Sprintf("there is no label %s in %s%s", label, r.Name, didYouMean(label, r.Labels()))}
	}
	if offset == 0 {
		return &Start{entry: e}, nil
	}
	line := r.sourceLine(label, offset)
	j, ok := r.jumpTo(line)
	if !ok {
		return nil, &UsageError{fmt.Sprintf("there is no line %s+%d in %s", label, offset, r.Name)}
	}
	at := &entry{routine: r, block: j.block, line: j.line, number: line}
	if e != nil { // label+n takes the label's parameters
		at.name, at.formals, at.parens, at.defaults, at.proc = e.name, e.formals, e.parens, e.defaults, e.proc
	}
	return &Start{entry: at}, nil
}

func didYouMean(name string, known []string) string {
	if near := lang.Nearest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// Launch runs a start with command-line arguments: they become the entry's actuals and
// $ZCMDLINE. It returns what Run returns, or a *UsageError.
func (p *Process) Launch(start *Start, args []string) error {
	e := start.entry
	p.cmdline = strings.Join(args, " ")
	n := len(start.args) + len(args)
	if start.given && len(args) > 0 {
		return &UsageError{"arguments are given twice: in the entryref and after it"}
	}
	variadic := len(e.formals) > 0 && e.formals[len(e.formals)-1].variadic
	if (e.parens || start.given) && n > len(e.formals) && !variadic {
		return &UsageError{fmt.Sprintf("%s takes %s, not %d", e.name, arity(0, len(e.formals)), n)}
	}
	return p.Run(func() {
		base := len(p.stack)
		for _, x := range start.args {
			p.stack = append(p.stack, x.eval(p))
		}
		if e.parens {
			for _, a := range args {
				p.stack = append(p.stack, FromUTF8(a))
			}
		}
		p.call(e, base, 0, frameDo)
	})
}

// SetCommandLine sets $ZCMDLINE.
func (p *Process) SetCommandLine(s string) { p.cmdline = s }

// Execute runs command lines as the prompt does. It returns a *lang.SyntaxError for
// text that does not parse (with Incomplete set when more lines could complete it),
// otherwise what Run returns; at the debug prompt ErrResume when the line ended it.
func (p *Process) Execute(text string) error {
	src, err := lang.ParseCommands(text)
	if err != nil {
		return err
	}
	r := p.typedLine(text, src)
	for _, e := range r.Errors {
		return e
	}
	p.prompting = false
	defer func(began time.Time) { p.took = time.Since(began) }(time.Now())
	if p.standing != nil {
		return p.executeStanding(r)
	}
	return p.Run(func() {
		p.routine = r
		p.frame().callRtn = nil
		p.execute(r.main, 0, 0)
	})
}

// AtPrompt is what happens between two lines of the prompt: the principal device
// becomes current, what was changed is made visible and pending output of all devices is
// sent (rule A31). It returns the error of that, which the prompt shows.
func (p *Process) AtPrompt() error {
	p.io.current = p.io.principal
	err := p.Barrier()
	if e := p.io.flush(devices.AtPrompt); err == nil {
		err = e
	}
	p.prompting = true
	if err == nil {
		return nil
	}
	return p.Run(func() {
		p.routine, p.pos = nil, 0
		p.ioError(err, errWrite)
	})
}

// SyntaxError is <SYNTAX> for a line of the prompt that does not parse; $ZERROR and
// $ECODE show it.
func (p *Process) SyntaxError(e *lang.SyntaxError) *Error {
	out := &Error{kind: errSyntax, Name: errSyntax.Name, Code: errSyntax.ecode()}
	out.Line = SourceLine{Text: e.Source, Line: e.Pos.Line, Col: e.Pos.Column}
	p.note(out)
	return out
}

// Namespace is the current namespace, Level the transaction level: the prompt.
func (p *Process) Namespace() string { return p.namespace }

// Level is $TLEVEL.
func (p *Process) Level() int { return p.transactionLevel() }

// ExitStatus is what Terminate was given.
func (p *Process) ExitStatus() int { return p.exit }

// Principal is the principal device.
func (p *Process) Principal() devices.Device { return p.io.principal }
