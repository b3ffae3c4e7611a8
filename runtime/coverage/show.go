package coverage

// What people and other programs see of coverage.

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cos/lang"
)

// WriteText writes a table: a line for each routine, and one for all of them.
func (s *Set) WriteText(w io.Writer) error {
	var b strings.Builder
	row := func(covered, lines int, name string) {
		fmt.Fprintf(&b, "%6.1f%%  %*s  %s\n", Percent(covered, lines), 11, fmt.Sprintf("%d/%d", covered, lines), name)
	}
	list := s.Routines()
	b.WriteString("coverage of lines\n")
	for _, r := range list {
		covered, lines := r.Counts()
		row(covered, lines, lang.Visible(Shown(r.Path)))
	}
	covered, lines := s.Counts()
	row(covered, lines, "of "+plural(len(list), "routine", "routines"))
	if s.Lost > 0 {
		fmt.Fprintf(&b, "not counted: %s, killed before the end\n", plural(s.Lost, "process", "processes"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Shown is a path as people know it: below the current folder, relative to it.
func Shown(path string) string {
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(path)
}

// WriteLCOV writes the tracefile format of LCOV, which genhtml, editors and services for
// coverage read. It returns the routines that are missing there: those of a file that holds
// several, whose lines are not lines of the file.
func (s *Set) WriteLCOV(w io.Writer) (missing []*Routine, err error) {
	var b strings.Builder
	for _, r := range s.Routines() {
		if _, err := os.Stat(r.Path); err != nil {
			missing = append(missing, r)
			continue
		}
		fmt.Fprintf(&b, "TN:\nSF:%s\n", Shown(r.Path))
		for i, n := range r.Hits {
			if n != Nothing {
				fmt.Fprintf(&b, "DA:%d,%d\n", i+1, n)
			}
		}
		covered, lines := r.Counts()
		fmt.Fprintf(&b, "LF:%d\nLH:%d\nend_of_record\n", lines, covered)
	}
	_, err = io.WriteString(w, b.String())
	return missing, err
}

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// pageRoutine is a routine on the page.
type pageRoutine struct {
	ID, Name       string
	Covered, Lines int
	Percent        string
	Source         []pageLine
}

type pageLine struct {
	Number int
	Class  string // run, not, none
	Hits   string
	Text   string
}

// WriteHTML writes one page with everything in it: a table of the routines, and the source
// of each with the lines that ran, did not run and cannot run.
func (s *Set) WriteHTML(w io.Writer) error {
	var all struct {
		Covered, Lines, Lost int
		Percent              string
		Routines             []pageRoutine
	}
	for i, r := range s.Routines() {
		p := pageRoutine{ID: fmt.Sprintf("r%d", i+1), Name: lang.Visible(Shown(r.Path))}
		p.Covered, p.Lines = r.Counts()
		p.Percent = fmt.Sprintf("%.1f", Percent(p.Covered, p.Lines))
		for j, text := range r.Source {
			l := pageLine{Number: j + 1, Class: "run", Hits: fmt.Sprint(r.Hits[j]), Text: lang.Visible(text)}
			switch r.Hits[j] {
			case Nothing:
				l.Class, l.Hits = "none", ""
			case 0:
				l.Class = "not"
			}
			p.Source = append(p.Source, l)
		}
		all.Routines = append(all.Routines, p)
	}
	all.Covered, all.Lines = s.Counts()
	all.Lost = s.Lost
	all.Percent = fmt.Sprintf("%.1f", Percent(all.Covered, all.Lines))
	return page.Execute(w, all)
}
