package golden

// The lines that type and the lines that expect.

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// speak is "NAME> text", "NAME< text", "NAME<~ regexp" and "NAME! <ERROR>".
func (st *stage) speak(s *step) error {
	name, sign, text := s.args[0], s.args[1], st.expand(s.args[2])
	if p := st.peers[name]; p != nil {
		return st.speakRaw(p, s, sign, text)
	}
	p, err := st.session(name)
	if err != nil {
		return err
	}
	switch sign {
	case ">":
		if err := p.ready(); err != nil {
			return err
		}
		if err := st.leftover(p, s.line); err != nil {
			return err
		}
		return p.typing(text)
	case "!":
		return st.expectError(p, s, text)
	}
	w := want{text: text}
	if sign == "<~" {
		if w.re, err = regexp.Compile("^(?:" + text + ")$"); err != nil {
			return err
		}
	}
	return st.expectLine(p, s, w)
}

func (st *stage) speakRaw(p *peer, s *step, sign, text string) error {
	switch sign {
	case ">":
		return p.send(text)
	case "<":
		return p.expect(s, text)
	case "<~":
		pattern, err := regexp.Compile("^(?:" + text + ")")
		if err != nil {
			return err
		}
		return p.expectPattern(s, pattern)
	}
	return fmt.Errorf("a raw peer raises no M errors")
}

// capture defines the variables that a pattern's named groups matched.
func (st *stage) capture(pattern *regexp.Regexp, text string, at []int) {
	for i, name := range pattern.SubexpNames() {
		if name != "" && at[2*i] >= 0 {
			st.vars[name] = text[at[2*i]:at[2*i+1]]
		}
	}
}

// updatePatience is how long --update waits for a line that may not come any more.
const updatePatience = 2 * time.Second

func (st *stage) stepLimit() time.Time {
	if st.edits != nil {
		return time.Now().Add(updatePatience)
	}
	return st.limit
}

// expectLine waits for the next line that p prints and compares it.
func (st *stage) expectLine(p *session, s *step, w want) error {
	var v verdict
	var actual string
	err := st.waitUntil(st.stepLimit(), func() (bool, error) {
		v, actual = p.out.match(w, p.settled(), p.final())
		if v == matched && w.re != nil {
			st.capture(w.re, actual, w.re.FindStringSubmatchIndex(actual))
		}
		return v != more && (v != nothing || p.final()), nil
	})
	switch {
	case v == matched:
		return nil
	case st.edits != nil:
		return st.updateLine(p, s)
	case err != nil:
		return st.stuck(err, fmt.Sprintf("%s to print %q; so far on this line: %q", p.name, w, actual))
	case v == nothing:
		return st.mismatch(s, p.name+" printed nothing more", w.String(), st.silence(p))
	}
	return st.mismatch(s, p.name+" printed something else", w.String(), actual)
}

// silence says what a session does that prints no more.
func (st *stage) silence(p *session) string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if line, _ := p.out.line(); line != "" {
		return line
	}
	if p.exited {
		return fmt.Sprintf("(it ended with exit code %d)", p.code)
	}
	return "(it waits for a line to be typed)"
}

// expectError waits for the next error report of p. $ZERROR must begin with text, in
// which * stands for anything.
func (st *stage) expectError(p *session, s *step, text string) error {
	var actual string
	var came bool
	err := st.waitUntil(st.stepLimit(), func() (bool, error) {
		final := p.final() && (p.idle() || p.err.ended) // asked first: it takes in what is on its way
		p.err.skipReport()
		if actual, came = p.err.report(); came {
			return true, nil
		}
		if actual, came = p.out.report(); came {
			return true, nil
		}
		return final, nil
	})
	switch {
	case !came && st.edits != nil:
		st.edits.replace(st.lap, s.line)
		return nil
	case err != nil:
		return st.stuck(err, fmt.Sprintf("%s to raise %s", p.name, text))
	case !came:
		return st.mismatch(s, p.name+" raised no error", text, st.silence(p))
	}
	if !beginsWith(actual, text) {
		if st.edits != nil {
			st.edits.replace(st.lap, s.line, p.name+"! "+st.unexpand(actual))
			return nil
		}
		return st.mismatch(s, p.name+" raised another error", text, actual)
	}
	return nil
}

// beginsWith reports whether s begins as pattern says, in which * stands for anything.
func beginsWith(s, pattern string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*")).MatchString(s)
}

// exits waits for the end of a process; a prompt's input ends first.
func (st *stage) exits(s *step) error {
	p, err := st.session(s.args[0])
	if err != nil {
		return err
	}
	if p.shell {
		p.endInput()
	}
	err = st.wait(func() (bool, error) { return p.exited && p.out.ended && p.err.ended, nil })
	if err != nil {
		return st.stuck(err, p.name+" to end")
	}
	if err := st.leftover(p, s.line); err != nil {
		return err
	}
	if code := strconv.Itoa(p.code); code != s.args[1] {
		if st.edits != nil {
			st.edits.replace(st.lap, s.line, p.name+" exits "+code)
			return nil
		}
		return st.mismatch(s, p.name+" ended with another exit code", s.args[1], code)
	}
	return nil
}

func (st *stage) signal(s *step) error {
	p, err := st.session(s.args[1])
	if err != nil {
		return err
	}
	if s.args[0] == "terminate" {
		return p.cmd.Process.Signal(syscall.SIGTERM)
	}
	return p.cmd.Process.Signal(os.Interrupt)
}

// leftover is a failure when p has printed whole lines that no step expected. line is
// the step before which they came.
func (st *stage) leftover(p *session, line int) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	p.err.skipReport()
	for {
		p.out.startLine(false)
		text, whole := p.out.line()
		if !whole && !(p.final() && text != "") {
			return st.unexpectedError(p, line)
		}
		if st.edits == nil {
			return st.mismatchAt(line, p.name+" printed a line that no step expects", "(nothing)", text)
		}
		if report, ok := p.out.report(); ok && p.shell {
			st.edits.insert(st.lap, line, p.name+"! "+st.unexpand(report))
			continue
		}
		p.out.next()
		st.edits.insert(st.lap, line, p.name+"< "+st.unexpand(text))
	}
}

// unexpectedError is a failure when a report stands on stderr that no step expected.
// The lock is held.
func (st *stage) unexpectedError(p *session, line int) error {
	text, whole := p.err.line()
	if text == "" && !whole {
		return nil
	}
	if st.edits != nil {
		if report, ok := p.err.report(); ok {
			st.edits.insert(st.lap, line, p.name+"! "+st.unexpand(report))
			return nil
		}
	}
	return st.mismatchAt(line, p.name+" wrote to its standard error", "(nothing)", string(p.err.buf))
}

// finish looks at every session once all steps are done.
func (st *stage) finish() error {
	end := len(st.script.lines) + 1
	for _, name := range st.order {
		p := st.sessions[name]
		if p.shell {
			p.endInput()
			err := st.wait(func() (bool, error) { return p.exited && p.out.ended && p.err.ended, nil })
			if err != nil {
				return st.stuckAt(end, err, p.name+" to end")
			}
		} else if err := st.wait(func() (bool, error) { return p.quiet(), nil }); err != nil {
			return st.stuckAt(end, err, p.name+" to wait for something or to end")
		}
		if err := st.leftover(p, end); err != nil {
			return err
		}
	}
	return nil
}

// end stops everything and removes the folder. An error is one of the coverage: what goes
// wrong with the session is known.
func (st *stage) end() (err error) {
	st.breakOff() // what is still held goes, so that processes can end
	for _, p := range st.sessions {
		p.stop()
	}
	st.mu.Lock()
	for _, p := range st.peers {
		p.drop()
	}
	st.mu.Unlock()
	st.workers.Wait()
	for _, c := range st.taken {
		c.Close()
	}
	if st.opt.covers() {
		err = st.gather()
	}
	os.RemoveAll(st.tmp)
	return err
}
