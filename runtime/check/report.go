package check

// What a check says: text for people, JSON, and SARIF 2.1.0 for code hosts and editors.

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"cos/lang"
)

// Finding is what a rule reports at a place of a file.
type Finding struct {
	Rule     string
	Severity Severity
	*lang.SyntaxError
	container string // the file, when the place is in a routine of an export
}

// Report is the findings of some files.
type Report struct {
	Files    int
	Findings []Finding // in the order of the files and of their lines
}

// Errors is the number of errors, warnings aside.
func (r *Report) Errors() int { return r.count(Error) }

// Warnings is the number of warnings.
func (r *Report) Warnings() int { return r.count(Warning) }

func (r *Report) count(s Severity) (n int) {
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Write prints each finding as file:line:col: message with its source line and a caret,
// and a summary.
func (r *Report) Write(w io.Writer) {
	for _, f := range r.Findings {
		fmt.Fprintln(w, f.text())
	}
	fmt.Fprintf(w, "%s checked: %s, %s\n", count(r.Files, "file"), count(r.Errors(), "error"), count(r.Warnings(), "warning"))
}

// text is the finding with its snippet; a warning says so before its message, and all but
// syntax errors name their rule.
func (f Finding) text() string {
	marked := *f.SyntaxError
	if f.Severity == Warning {
		marked.Msg = "warning: " + marked.Msg
	}
	if f.Rule != syntax {
		marked.Msg += " [" + f.Rule + "]"
	}
	return marked.Long()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	type finding struct {
		File     string   `json:"file"`
		Line     int      `json:"line"`
		Column   int      `json:"column"` // in characters, from 1
		Rule     string   `json:"rule"`
		Severity Severity `json:"severity"`
		Message  string   `json:"message"`
		Source   string   `json:"source"`
	}
	all := make([]finding, len(r.Findings))
	for i, f := range r.Findings {
		all[i] = finding{f.Pos.Filename, f.Pos.Line, f.Pos.Column, f.Rule, f.Severity, f.Msg, f.SyntaxError.Source}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Files    int       `json:"files"`
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
		Findings []finding `json:"findings"`
	}{r.Files, r.Errors(), r.Warnings(), all})
}

// WriteSARIF writes the report as a SARIF log of one run.
func (r *Report) WriteSARIF(w io.Writer, version string) error {
	return r.sarif(version).PrettyWrite(w)
}

func (r *Report) sarif(version string) *sarif.Report {
	driver := sarif.NewToolComponent().WithName("cos check").WithVersion(version)
	index := map[string]int{}
	for i := range rules {
		rule := &rules[i]
		index[rule.Name] = i
		driver.AddRule(sarif.NewRule(rule.Name).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(capital(rule.Doc) + ".")).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(rule.Why)).
			WithHelp(sarif.NewMultiformatMessageString().WithText(rule.help()).WithMarkdown(rule.markdown())).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(string(rule.Severity)).WithEnabled(!rule.Off)))
	}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("unicodeCodePoints")
	for _, f := range r.Findings {
		run.AddResult(sarif.NewResult().WithRuleID(f.Rule).WithRuleIndex(index[f.Rule]).WithLevel(string(f.Severity)).
			WithMessage(sarif.NewTextMessage(f.Msg)).AddLocation(f.location()))
	}
	return sarif.NewReport().AddRun(run)
}

// location is where a finding is. Lines of a routine in an export are not lines of the file.
func (f *Finding) location() *sarif.Location {
	at := sarif.NewLocation()
	file := f.Pos.Filename
	place := sarif.NewPhysicalLocation()
	if f.container != "" && !f.Included {
		at.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(fmt.Sprintf("%s:%d:%d", file, f.Pos.Line, f.Pos.Column)))
		file = f.container
	} else {
		place.WithRegion(sarif.NewRegion().WithStartLine(f.Pos.Line).WithStartColumn(f.Pos.Column).
			WithSnippet(sarif.NewArtifactContent().WithText(f.SyntaxError.Source)))
	}
	return at.WithPhysicalLocation(place.WithArtifactLocation(sarif.NewSimpleArtifactLocation(reference(file))))
}

// reference is a file's name as a URI reference.
func reference(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
