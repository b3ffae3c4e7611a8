package golden

// The forms of a report: text for people, JSON for programs, JUnit XML for CI servers.

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cos/lang"
	"cos/runtime/coverage"
)

// ---- text

type textOutlet struct{ o *Options }

const (
	red   = "\x1b[1;31m"
	green = "\x1b[32m"
	plain = "\x1b[0m"
)

func (t *textOutlet) coloured(colour, s string) string {
	if !t.o.Colour {
		return s
	}
	return colour + s + plain
}

func (t *textOutlet) file(r *Report) {
	switch {
	case r.Old:
	case r.Skipped:
		if t.o.Verbose {
			fmt.Fprintf(t.o.Stdout, "broken off  %s\n", lang.Visible(r.Path))
		}
	case r.Err != nil:
		fmt.Fprintf(t.o.Stdout, "%s  %s  (%.1fs)\n%s\n", t.coloured(red, "FAIL"), lang.Visible(r.Path), r.Took.Seconds(), lang.VisibleLines(r.Err.Error()))
	case r.Updated:
		fmt.Fprintf(t.o.Stdout, "updated  %s\n", lang.Visible(r.Path))
	case t.o.Verbose:
		fmt.Fprintf(t.o.Stdout, "%s    %s  (%.1fs)\n", t.coloured(green, "ok"), lang.Visible(r.Path), r.Took.Seconds())
	}
}

func (t *textOutlet) whole(r *run) error {
	line := fmt.Sprintf("%d passed, %d failed", r.passed, r.failed)
	if r.updated > 0 {
		line += fmt.Sprintf(", %d updated", r.updated)
	}
	if r.skipped > 0 {
		line += fmt.Sprintf(", %d broken off", r.skipped)
	}
	colour := green
	if r.failed > 0 {
		colour = red
	}
	_, err := fmt.Fprintf(t.o.Stdout, "%s (%.1fs)\n", t.coloured(colour, line), r.took.Seconds())
	return err
}

// ---- JSON: an object a line, as each file is done, and one for the whole at the end

type jsonOutlet struct {
	to  *json.Encoder
	err error
}

func newJSONOutlet(w io.Writer) *jsonOutlet { return &jsonOutlet{to: json.NewEncoder(w)} }

// fileEvent is the line of a file.
type fileEvent struct {
	Event   string    `json:"event"` // session
	Path    string    `json:"path"`
	Result  string    `json:"result"` // pass, fail, error (it cannot be played), update, skip (broken off)
	Line    int       `json:"line,omitempty"`
	Message string    `json:"message,omitempty"`
	Began   time.Time `json:"began"`
	Seconds float64   `json:"seconds"`
}

// wholeEvent is the last line.
type wholeEvent struct {
	Event   string  `json:"event"` // summary
	Passed  int     `json:"passed"`
	Failed  int     `json:"failed"`
	Updated int     `json:"updated"`
	Skipped int     `json:"skipped"`
	Seconds float64 `json:"seconds"`
	*coverEvent
}

// coverEvent is the coverage of the whole.
type coverEvent struct {
	Covered  int           `json:"covered"` // lines
	Lines    int           `json:"lines"`
	Lost     int           `json:"lost,omitempty"` // processes
	Routines []coverByName `json:"routines"`
}

type coverByName struct {
	Path    string `json:"path"`
	Covered int    `json:"covered"`
	Lines   int    `json:"lines"`
	Missed  []int  `json:"missed"`
}

func eventOf(s *coverage.Set) *coverEvent {
	e := &coverEvent{Lost: s.Lost, Routines: []coverByName{}}
	e.Covered, e.Lines = s.Counts()
	for _, r := range s.Routines() {
		row := coverByName{Path: coverage.Shown(r.Path), Missed: []int{}}
		row.Covered, row.Lines = r.Counts()
		for i, n := range r.Hits {
			if n == 0 {
				row.Missed = append(row.Missed, i+1)
			}
		}
		e.Routines = append(e.Routines, row)
	}
	return e
}

// result names what became of a file.
func (r *Report) result() string {
	switch {
	case r.Skipped:
		return "skip"
	case r.Err != nil && r.Broken:
		return "error"
	case r.Err != nil:
		return "fail"
	case r.Updated:
		return "update"
	}
	return "pass"
}

func (j *jsonOutlet) file(r *Report) {
	if r.Old {
		return
	}
	e := fileEvent{Event: "session", Path: filepath.ToSlash(r.Path), Result: r.result(), Line: r.Line, Began: r.Began.UTC(), Seconds: r.Took.Seconds()}
	if r.Err != nil {
		e.Message = r.Err.Error()
	}
	j.line(e)
}

func (j *jsonOutlet) line(e any) {
	if err := j.to.Encode(e); j.err == nil {
		j.err = err
	}
}

func (j *jsonOutlet) whole(r *run) error {
	e := wholeEvent{Event: "summary", Passed: r.passed, Failed: r.failed, Updated: r.updated, Skipped: r.skipped, Seconds: r.took.Seconds()}
	if r.o.showsCover() {
		e.coverEvent = eventOf(&r.ran)
	}
	j.line(e)
	return j.err
}

// ---- JUnit XML: a suite for each folder, a case for each file

type junitOutlet struct {
	to     *os.File
	suites []*junitSuite
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Timestamp string       `xml:"timestamp,attr"`
	Cases     []*junitCase `xml:"testcase"`
}

type junitCounts struct {
	Tests    int     `xml:"tests,attr"`
	Failures int     `xml:"failures,attr"`
	Errors   int     `xml:"errors,attr"`
	Skipped  int     `xml:"skipped,attr"`
	Time     seconds `xml:"time,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Time    seconds       `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// seconds are what JUnit takes for durations.
type seconds time.Duration

// MarshalText implements encoding.TextMarshaler.
func (s seconds) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", time.Duration(s).Seconds()), nil
}

// newJUnitOutlet makes the file before anything runs, so that a path that cannot be written
// is told in time.
func newJUnitOutlet(path string) (*junitOutlet, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--junit: %w", err)
	}
	return &junitOutlet{to: f}, nil
}

func (j *junitOutlet) file(r *Report) {
	dir, name := filepath.Split(filepath.ToSlash(r.Path))
	if dir = strings.TrimSuffix(dir, "/"); dir == "" {
		dir = "."
	}
	var s *junitSuite
	for _, known := range j.suites {
		if known.Name == dir {
			s = known
		}
	}
	if s == nil {
		s = &junitSuite{Name: dir, Timestamp: r.Began.UTC().Format("2006-01-02T15:04:05")}
		j.suites = append(j.suites, s)
	}
	c := &junitCase{Class: dir, Name: strings.TrimSuffix(name, ".session"), File: filepath.ToSlash(r.Path), Line: r.Line, Time: seconds(r.Took)}
	s.Cases = append(s.Cases, c)
	s.Tests++
	s.Time += c.Time
	switch result := r.result(); result {
	case "skip":
		c.Skipped = &junitProblem{Message: "broken off"}
		s.Skipped++
	case "fail":
		c.Failure = problem(r.Err)
		s.Failures++
	case "error":
		c.Error = problem(r.Err)
		s.Errors++
	}
}

// problem is an error with its first line as what lists show.
func problem(err error) *junitProblem {
	text := lang.VisibleLines(err.Error())
	first, _, _ := strings.Cut(text, "\n")
	return &junitProblem{Message: first, Text: text}
}

func (j *junitOutlet) whole(r *run) error {
	all := junitSuites{Name: "cos test", Suites: j.suites}
	for _, s := range j.suites {
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
	all.Time = seconds(r.took)
	b, err := xml.MarshalIndent(all, "", "  ")
	if err == nil {
		_, err = j.to.WriteString(xml.Header + string(b) + "\n")
	}
	if e := j.to.Close(); err == nil {
		err = e
	}
	return err
}
