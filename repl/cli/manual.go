package cli

// The manual page, cos(1): made of the grammar of the command line and the tables of the
// language, so it says what this very program does. "cos help --man | man -l -" shows it.

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

// row is one entry of a list: a name and what it means.
type row struct{ name, doc string }

// exitRows are the exit codes, variableRows the environment variables that no flag has, and
// fileRows the files.
var (
	exitRows = []row{
		{"0", "The program ended."},
		{"N", "It called $SYSTEM.Process.Terminate(,N)."},
		{"1", "An untrapped error; a golden session failed; cos globals failed, or found an unsound node."},
		{"2", "Bad usage: an unknown flag, no such file, routine or label, more arguments than formals, a -c text that does not parse; cos check found errors."},
		{"130", "An untrapped Ctrl-C, or a second one."},
		{"143", "SIGTERM."},
	}
	variableRows = []row{
		{"COSPATH", "Folders with routines, separated as in PATH."},
		{"COS_HOSTS, COS_SERVICES", "name=address,… and name=port,… in place of the resolver's answers."},
		{traceVariable, "A file to trace into, as --trace=FILE; the prompt heeds it too."},
		{"COS_WATCH", "A Unix socket that is told what jobs wait for; cos test uses it."},
		{coverVariable, "A folder into which processes write which lines have run; cos test uses it."},
		{"NO_COLOR", "When set, no colours."},
	}
	fileRows = []row{
		{"$XDG_DATA_HOME/cos, ~/.local/share/cos", "Globals, and routines/."},
		{"$XDG_STATE_HOME/cos/history, ~/.local/state/cos/history", "The history of the prompt."},
	}
)

// writeManual writes the page in the man macros of roff.
func (a *app) writeManual(w io.Writer) error {
	m := &manual{}
	fmt.Fprintf(m, ".TH COS 1 %q %q %q\n", released(), "cos "+runtime.Version, "User Commands")
	m.WriteString(".ad l\n.nh\n") // names are not hyphenated, and so cannot be spread
	m.section("NAME")
	m.text("cos - run ObjectScript, the language of InterSystems Caché and IRIS")
	m.section("SYNOPSIS")
	m.WriteString(".B cos\n")
	m.leaves(a.parser.Model.Node, func(n *kong.Node) { m.usage(n) })
	m.section("DESCRIPTION")
	m.text(description)
	m.section("OPTIONS")
	m.text("Of every verb that runs programs:")
	m.flags(a.parser.Model.Flags)
	m.section("VERBS")
	m.verbs(a.parser.Model.Node, "")
	m.section("COMMANDS")
	for _, c := range lang.Commands() {
		if !lang.Foreign(c.Name) {
			m.item(c.Syntax, c.Doc)
		}
	}
	m.section("FUNCTIONS")
	for _, f := range runtime.FunctionDocs() {
		m.item(f.Syntax, f.Doc)
	}
	m.section("SPECIAL VARIABLES")
	for _, v := range runtime.SpecialDocs() {
		m.item(v.Syntax, v.Doc)
	}
	m.section("TCP DEVICES")
	m.text("Parameters of OPEN and USE of a device |TCP|n:")
	for _, k := range devices.Keywords("|TCP|") {
		name := k.Name
		if k.Letter != 0 {
			name = strings.TrimPrefix(name+", mode letter "+string(rune(k.Letter)), ", ")
		}
		m.item(name, k.Doc)
	}
	m.section("EXIT STATUS")
	m.rows(exitRows)
	m.section("ENVIRONMENT")
	for _, f := range a.parser.Model.Flags {
		if !f.Hidden {
			for _, env := range f.Envs {
				m.item(env, "As --"+f.Name+".")
			}
		}
	}
	m.rows(variableRows)
	m.section("FILES")
	m.rows(fileRows)
	_, err := io.WriteString(w, m.String())
	return err
}

// released is the day of the sources, "" where the build does not know it.
func released() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				day, _, _ := strings.Cut(s.Value, "T")
				return day
			}
		}
	}
	return ""
}

// manual is the page being written.
type manual struct{ strings.Builder }

func (m *manual) section(name string) { fmt.Fprintf(m, ".SH %s\n", name) }

func (m *manual) rows(list []row) {
	for _, r := range list {
		m.item(r.name, r.doc)
	}
}

// item is a name in bold with a paragraph indented below it.
func (m *manual) item(name, doc string) {
	fmt.Fprintf(m, ".TP\n\\fB%s\\fR\n", roff(strings.Join(strings.Fields(name), " ")))
	m.text(doc)
}

// text is paragraphs: blank lines part them, indented lines stay as they are.
func (m *manual) text(s string) {
	asIs, began := false, false
	set := func(on bool) {
		if on != asIs {
			m.WriteString(map[bool]string{true: ".RS 4\n.nf\n", false: ".fi\n.RE\n"}[on])
			asIs = on
		}
	}
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, line := range lines {
		switch {
		case strings.TrimSpace(line) != "":
			set(strings.HasPrefix(line, "  "))
			if asIs {
				m.WriteString(roffLine(strings.TrimPrefix(line, "  ")) + "\n")
			} else {
				m.filled(line)
			}
			began = true
		case began && i+1 < len(lines) && !strings.HasPrefix(lines[i+1], "  ") && !asIs:
			m.WriteString(".PP\n")
		}
	}
	set(false)
}

// filled is words in lines of a width that people can read.
func (m *manual) filled(text string) {
	const width = 76
	line := ""
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width && line != "" {
			m.WriteString(roffLine(line) + "\n")
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	m.WriteString(roffLine(line) + "\n")
}

// roff escapes a text; roffLine one that stands at the beginning of a line.
func roff(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c == '-':
			b.WriteString(`\-`)
		case c == '\'':
			b.WriteString(`\(aq`)
		case c == '`':
			b.WriteString(`\(ga`)
		case c == '^':
			b.WriteString(`\(ha`)
		case c == '~':
			b.WriteString(`\(ti`)
		case c > '~':
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func roffLine(s string) string {
	if strings.HasPrefix(s, ".") {
		return `\&` + roff(s)
	}
	return roff(s)
}

// leaves visits the verbs that do something.
func (m *manual) leaves(n *kong.Node, visit func(*kong.Node)) {
	for _, c := range n.Children {
		if c.Hidden {
			continue
		}
		if len(c.Children) == 0 {
			visit(c)
		}
		m.leaves(c, visit)
	}
}

// usage is one line of the synopsis.
func (m *manual) usage(n *kong.Node) {
	fmt.Fprintf(m, ".br\n.B cos %s\n", roff(words(n)))
	if rest := strings.TrimPrefix(n.Summary(), words(n)); strings.TrimSpace(rest) != "" {
		m.WriteString(roffLine(strings.TrimSpace(rest)) + "\n")
	}
}

// words are those of a verb.
func words(n *kong.Node) string {
	if n.Parent == nil || n.Parent.Type == kong.ApplicationNode {
		return n.Name
	}
	return words(n.Parent) + " " + n.Name
}

// verbs explains the verbs below a node.
func (m *manual) verbs(n *kong.Node, above string) {
	for _, c := range n.Children {
		if c.Hidden {
			continue
		}
		name := strings.TrimSpace(above + " " + c.Name)
		fmt.Fprintf(m, ".SS %s\n", roff("cos "+name))
		m.text(c.Help)
		if c.Detail != "" {
			m.WriteString(".PP\n")
			m.text(c.Detail)
		}
		for _, p := range c.Positional {
			m.item(p.Summary(), p.Help)
		}
		m.flags(c.Flags)
		m.verbs(c, name)
	}
}

func (m *manual) flags(list []*kong.Flag) {
	for _, f := range list {
		if !f.Hidden {
			m.item(f.String(), f.Help)
		}
	}
}
