package golden

// The format of session files: lines to steps. One row of the table forms adds a step.

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// header is the first line of every session file.
const header = "cos session 1"

// defaultLimit is how long a file may take that does not say.
const defaultLimit = 10 * time.Second

// script is a parsed session file.
type script struct {
	path  string
	lines []string // as read, for reports and --update
	limit time.Duration
	names []string // of its sessions and peers
	steps []*step
}

// step is one line of a script.
type step struct {
	line int      // from 1
	args []string // what the form's groups matched
	run  func(*stage, *step) error
	body []*step // of repeat
	text string  // of file
}

// form is one kind of line.
type form struct {
	re     *regexp.Regexp
	run    func(*stage, *step) error
	opens  bool // repeat: steps up to "end" belong to it
	here   bool // file: "| " lines belong to it
	names  bool // group 1 is a new name
	limits bool // limit: read before the file runs
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + s + `)$`) }

var forms []form

func init() {
	forms = []form{
		{re: re(`(\w+)(>|<~|<|!)(?: (.*))?`), run: (*stage).speak},
		{re: re(`limit (\S+)`), limits: true},
		{re: re(`port (\w+)`), run: (*stage).port},
		{re: re(`host (\S+)\s*=\s*(\S+)`), run: (*stage).host},
		{re: re(`service (\S+)\s*=\s*(\S+)`), run: (*stage).service},
		{re: re(`clock (.+)`), run: (*stage).setClock},
		{re: re(`seed (-?\d+)`), run: (*stage).setSeed},
		{re: re(`file (\S+)`), run: (*stage).file, here: true},
		{re: re(`process (\w+): (.+)`), run: (*stage).process, names: true},
		{re: re(`prompt (\w+): (\S+)`), run: (*stage).prompt, names: true},
		{re: re(`raw (\w+): (connect|listen) (\S+)`), run: (*stage).raw, names: true},
		{re: re(`(\w+) (closes|half-closes|resets)`), run: (*stage).closes},
		{re: re(`(\w+) sees the end`), run: (*stage).seesEnd},
		{re: re(`(\w+) exits (\d+)`), run: (*stage).exits},
		{re: re(`(interrupt|terminate) (\w+)`), run: (*stage).signal},
		{re: re(`until (.+)`), run: (*stage).until},
		{re: re(`hold (\w+)'s (\w+) transmission until (.+)`), run: (*stage).hold},
		{re: re(`hold (\w+)'s (output) until (.+)`), run: (*stage).hold},
		{re: re(`repeat (\d+)`), run: (*stage).repeat, opens: true},
	}
}

func readScript(path string) (*script, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseScript(path, string(b))
}

// parseScript parses a session file; its error names file and line.
func parseScript(path, text string) (*script, error) {
	s := &script{path: path, lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n"), limit: defaultLimit}
	if !strings.HasPrefix(s.lines[0], header) {
		return nil, s.errorf(1, "a session file begins with %q", header)
	}
	into := []*[]*step{&s.steps}
	var here *step
	for i, line := range s.lines[1:] {
		n := i + 2
		line, _, _ = cutComment(line)
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "|") && here != nil:
			here.text += strings.TrimPrefix(line[1:], " ") + "\n"
			continue
		case line == "end":
			if len(into) == 1 {
				return nil, s.errorf(n, "end without repeat")
			}
			into = into[:len(into)-1]
			continue
		}
		st, f := parseStep(line, n)
		if st == nil {
			return nil, s.errorf(n, "this is no step: %s", line)
		}
		if f.limits {
			d, err := time.ParseDuration(st.args[0])
			if err != nil {
				return nil, s.errorf(n, "%v", err)
			}
			s.limit = d
			continue
		}
		here = nil
		*into[len(into)-1] = append(*into[len(into)-1], st)
		if f.opens {
			into = append(into, &st.body)
		}
		if f.here {
			here = st
		}
		if f.names {
			s.names = append(s.names, st.args[0])
		}
	}
	if len(into) > 1 {
		return nil, s.errorf(len(s.lines), "repeat without end")
	}
	return s, nil
}

// cutComment takes the comment off a declaration: from # on when the line begins with
// it, or behind two blanks. Lines that speak keep theirs, since # is M's form feed.
func cutComment(line string) (text, comment string, found bool) {
	if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
		return "", line, true
	}
	if strings.HasPrefix(line, "|") || forms[0].re.MatchString(line) {
		return line, "", false
	}
	text, comment, found = strings.Cut(line, "  #")
	return strings.TrimRight(text, " \t"), comment, found
}

func parseStep(line string, n int) (*step, *form) {
	for i := range forms {
		f := &forms[i]
		if m := f.re.FindStringSubmatch(line); m != nil {
			return &step{line: n, args: m[1:], run: f.run}, f
		}
	}
	return nil, nil
}

// lineError is what is wrong at a line of a session file.
type lineError struct {
	path string
	line int
	msg  string
}

func (e *lineError) Error() string { return fmt.Sprintf("%s:%d: %s", e.path, e.line, e.msg) }

func (s *script) errorf(line int, format string, args ...any) error {
	return &lineError{s.path, line, fmt.Sprintf(format, args...)}
}

// unescape reads the escapes of a raw peer's text.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			return "", fmt.Errorf(`a lone \ at the end`)
		}
		if s[i] == 'x' {
			if i+2 >= len(s) {
				return "", fmt.Errorf(`\x takes two hexadecimal digits`)
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", err
			}
			b.WriteByte(byte(n))
			i += 2
			continue
		}
		at := strings.IndexByte(escapeLetters, s[i])
		if at < 0 {
			return "", fmt.Errorf(`\%c is no escape`, s[i])
		}
		b.WriteByte(escapeValues[at])
	}
	return b.String(), nil
}

const (
	escapeLetters = `rnte\`
	escapeValues  = "\r\n\t\x1b\\"
)

// escape is the reverse of unescape.
func escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if at := strings.IndexByte(escapeValues, s[i]); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(escapeLetters[at])
		} else if s[i] < ' ' || s[i] > '~' {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
