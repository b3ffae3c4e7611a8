package golden

// --update: expected lines are rewritten to what came, in place. Patterns that match
// stay, and so does everything that is no expectation.

import (
	"os"
	"sort"
	"strings"
)

// edits are the changes to one file, by line number from 1.
type edits struct {
	replaced map[int][]string
	inserted map[int][]string // before the line
}

// replace puts lines in the place of a line; without lines it goes. Only the first lap
// of a repeat edits.
func (e *edits) replace(lap, line int, lines ...string) {
	if lap > 1 {
		return
	}
	if e.replaced == nil {
		e.replaced = map[int][]string{}
	}
	e.replaced[line] = lines
}

func (e *edits) insert(lap, line int, text string) {
	if lap > 1 {
		return
	}
	if e.inserted == nil {
		e.inserted = map[int][]string{}
	}
	e.inserted[line] = append(e.inserted[line], text)
}

func (e *edits) empty() bool { return len(e.replaced)+len(e.inserted) == 0 }

// write rewrites the file.
func (e *edits) write(s *script) error {
	var out []string
	for i, line := range s.lines {
		out = append(out, e.inserted[i+1]...)
		if lines, ok := e.replaced[i+1]; ok {
			out = append(out, lines...)
			continue
		}
		out = append(out, line)
	}
	out = append(out, e.inserted[len(s.lines)+1]...)
	return os.WriteFile(s.path, []byte(strings.Join(out, "\n")+"\n"), 0o644)
}

// updateLine takes what p printed in the place of an expected line.
func (st *stage) updateLine(p *session, s *step) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if p.out.mid { // the line goes on behind what the step before took
		p.out.fresh()
	}
	if report, ok := p.out.report(); ok && p.shell {
		st.edits.replace(st.lap, s.line, p.name+"! "+st.unexpand(report))
	} else if line, ok := p.out.next(); ok {
		st.edits.replace(st.lap, s.line, p.name+"< "+st.unexpand(line))
	} else {
		st.edits.replace(st.lap, s.line)
	}
	return nil
}

// unexpand puts the names of ports back for their numbers.
func (st *stage) unexpand(text string) string {
	names := make([]string, 0, len(st.vars))
	for name, value := range st.vars {
		if len(value) >= 4 {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		text = strings.ReplaceAll(text, st.vars[name], "$"+name)
	}
	return text
}
