package golden

// What a process has printed and no step has taken yet.

import (
	"bytes"
	"regexp"
	"strings"
)

// tape is one stream of output. It is guarded by the stage's lock.
type tape struct {
	buf   []byte // not taken yet
	total int    // bytes ever printed
	ended bool   // no more comes
	mid   bool   // the part of the current line that came so far has been taken
	told  bool   // a report's first line has been taken, what follows belongs to it
	tail  []byte // the last of what was printed, for reports
}

const tapeTail = 4 << 10

func (t *tape) add(b []byte) {
	t.buf = append(t.buf, b...)
	t.total += len(b)
	t.tail = append(t.tail, b...)
	if over := len(t.tail) - tapeTail; over > 0 {
		t.tail = append(t.tail[:0], t.tail[over:]...)
	}
}

// want is what a step expects of a line.
type want struct {
	text string
	re   *regexp.Regexp // instead of text
}

func (w want) matches(s string) bool {
	if w.re != nil {
		return w.re.MatchString(s)
	}
	return s == w.text
}

func (w want) String() string {
	if w.re != nil {
		return "~ " + strings.TrimSuffix(strings.TrimPrefix(w.re.String(), "^(?:"), ")$")
	}
	return w.text
}

// verdict is what comparing output with a want says.
type verdict int

const (
	more    verdict = iota // it cannot be told yet
	matched                // the line has been taken
	differs                // actual is what came instead; it has not been taken
	nothing                // no line comes any more
)

// match compares the next line with w. settled says that no more comes on the current
// line for the time being, which lets a pattern take a line without an end; final, that
// no more comes at all before something is typed.
func (t *tape) match(w want, settled, final bool) (v verdict, actual string) {
	if rest := t.startLine(w.re == nil && w.text == ""); rest != "" {
		return differs, "(on the same line) " + rest
	}
	line, whole := t.line()
	switch {
	case whole && w.matches(line), !whole && line != "" && w.matches(line) && (w.re == nil || settled || final || t.ended):
		t.take(line, whole)
		return matched, line
	case whole:
		return differs, line
	case !final && !t.ended:
		return more, line
	case line != "":
		return differs, line
	}
	return nothing, ""
}

// startLine goes to where the next line starts, past blank lines unless one is wanted.
// It returns what is left of a line of which a part was taken.
func (t *tape) startLine(blank bool) (rest string) {
	if t.mid && len(t.buf) > 0 {
		b := bytes.TrimPrefix(t.buf, []byte("\r"))
		if len(b) == 0 {
			return ""
		}
		if b[0] != '\n' {
			line, _ := t.line()
			return line
		}
		t.buf = b[1:]
		t.mid = false
	}
	for !blank {
		line, whole := t.line()
		if !whole || line != "" {
			break
		}
		t.take(line, whole)
	}
	return ""
}

// line is the line at hand without its end; whole says that the end has come.
func (t *tape) line() (line string, whole bool) {
	i := bytes.IndexByte(t.buf, '\n')
	if i < 0 {
		return string(t.buf), false
	}
	return string(bytes.TrimSuffix(t.buf[:i], []byte("\r"))), true
}

// take removes the line at hand.
func (t *tape) take(line string, whole bool) {
	if !whole {
		t.buf = t.buf[len(line):]
		t.mid = !t.ended
		return
	}
	t.buf = t.buf[bytes.IndexByte(t.buf, '\n')+1:]
}

// fresh forgets that the current line was begun: something has been typed.
func (t *tape) fresh() { t.mid = false }

// next takes the next line whatever it is; ok is false when there is none.
func (t *tape) next() (line string, ok bool) {
	if rest := t.startLine(false); rest != "" {
		t.mid = false
	}
	line, whole := t.line()
	if line == "" && !whole {
		return "", false
	}
	t.take(line, whole)
	return line, true
}

// reportStart is the first line of an error report: $ZERROR, of a job with its number;
// an error of a source file; what cos says about its call.
var reportStart = regexp.MustCompile(`^(?:job \d+: )?(<[A-Z][A-Z0-9 ]*>.*|\S+:\d+:\d+: .*|cos: .*)`)

// caretLine stands between the source line and the error in a prompt's report.
var caretLine = regexp.MustCompile(`^\s*\^$`)

// report takes the next error report off the tape; ok is false while none has come. A
// prompt shows source line and caret before the error; what else stands before it is
// output, which is not taken.
func (t *tape) report() (text string, ok bool) {
	if t.startLine(false) != "" {
		return "", false
	}
	rest := t.buf
	var before []string
	for len(before) <= 2 {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 && !t.ended || len(rest) == 0 {
			return "", false
		}
		line := rest
		if i >= 0 {
			line = rest[:i]
		}
		rest = rest[min(len(line)+1, len(rest)):]
		line = bytes.TrimSuffix(line, []byte("\r"))
		if m := reportStart.FindSubmatch(line); m != nil && (len(before) == 0 || len(before) == 2 && caretLine.MatchString(before[1])) {
			t.buf = rest
			t.mid, t.told = false, true
			return string(m[1]), true
		}
		before = append(before, string(line))
	}
	return "", false
}

// skipReport drops what belongs to a report whose first line was taken: source line,
// caret, explanation, call stack.
func (t *tape) skipReport() {
	for t.told {
		line, whole := t.line()
		if !whole && (line == "" || !t.ended) || reportStart.MatchString(line) {
			return
		}
		t.take(line, whole)
	}
}
