package golden

// What a failure says: where, what was expected, what came, and who waited for what.

import (
	"fmt"
	"strings"
)

// mismatch is a step whose expectation was not met.
func (st *stage) mismatch(s *step, what, expected, actual string) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.mismatchAt(s.line, what, expected, actual)
}

// mismatchAt is mismatch with the lock held.
func (st *stage) mismatchAt(line int, what, expected, actual string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  - expected: %s\n  + actual:   %s", what, expected, indent(actual))
	st.stderr(&b)
	fmt.Fprintf(&b, "\n  to accept what came: cos test --update %s", st.script.path)
	return &failure{line: line, msg: b.String()}
}

// stuck adds who waited for what to an error of a wait.
func (st *stage) stuck(err error, waitedFor string) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return fmt.Errorf("waited for: %s\n  %w%s", waitedFor, err, st.picture())
}

func (st *stage) stuckAt(line int, err error, waitedFor string) error {
	return &failure{line: line, msg: st.stuck(err, waitedFor).Error()}
}

// picture shows every session's state and the end of its output. The lock is held.
func (st *stage) picture() string {
	var b strings.Builder
	for _, name := range st.order {
		p := st.sessions[name]
		fmt.Fprintf(&b, "\n  %s: ", name)
		switch {
		case p.exited:
			fmt.Fprintf(&b, "ended with exit code %d", p.code)
		case p.main == "":
			b.WriteString("has reported no state")
		case p.idle():
			b.WriteString("waits for a line to be typed")
		default:
			fmt.Fprintf(&b, "%v", p.jobs[p.main])
		}
		for job, now := range p.jobs {
			if job != p.main {
				fmt.Fprintf(&b, "; its job %s: %v", job, now)
			}
		}
		if p.held != nil {
			fmt.Fprintf(&b, "; its transmission is held by line %d", p.held.line)
		}
		if len(p.out.tail) > 0 {
			fmt.Fprintf(&b, "\n    printed: %s", indent(lastLines(string(p.out.tail))))
		}
		if len(p.err.tail) > 0 {
			fmt.Fprintf(&b, "\n    stderr: %s", indent(lastLines(string(p.err.tail))))
		}
	}
	for name, p := range st.peers {
		fmt.Fprintf(&b, "\n  %s: connected %v, ended %v, not taken yet: %s", name, p.conn != nil, p.ended, escape(string(p.got)))
	}
	return b.String()
}

// stderr adds what ended processes wrote to their standard error. The lock is held.
func (st *stage) stderr(b *strings.Builder) {
	for _, name := range st.order {
		if p := st.sessions[name]; len(p.err.tail) > 0 {
			fmt.Fprintf(b, "\n  stderr of %s: %s", name, indent(lastLines(string(p.err.tail))))
		}
	}
}

const shownLines = 12

// lastLines is the end of a longer text.
func lastLines(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) > shownLines {
		lines = append([]string{"…"}, lines[len(lines)-shownLines:]...)
	}
	return strings.Join(lines, "\n")
}

// indent sets further lines of a text below its first.
func indent(s string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n      ")
}
