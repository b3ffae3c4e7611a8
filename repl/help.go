package repl

// Help at the prompt: ? lists what there is, ?NAME explains a command, function,
// special variable, device keyword or error. All of it comes from the tables.

import (
	"fmt"
	"slices"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/lang/preprocess"
	"cos/runtime"
	"cos/runtime/reference"
)

// Help explains a topic; "" lists all topics. The text has no line end.
func Help(topic string) string {
	topic = topicOf(topic)
	if topic == "" {
		return overview()
	}
	if text, ok := Explain(topic); ok {
		return text
	}
	msg := "nothing is known of " + topic
	if near := lang.Nearest(topic, Topics()); near != "" {
		msg += "; did you mean ?" + near + "?"
	}
	return msg
}

// Explain is the help of a topic, false when nothing is known of it.
func Explain(topic string) (string, bool) {
	topic = topicOf(topic)
	var found []string
	for _, look := range []func(string) []string{helpCommand, helpFunction, helpSpecial, helpStructured, helpOperator, helpClass, helpKeyword, helpDevice, helpDirective, helpError, helpShortcut} {
		found = append(found, look(topic)...)
	}
	if len(found) == 0 {
		found = helpMember(topic)
	}
	return strings.Join(found, "\n"), len(found) > 0
}

// topicOf is what was asked for, in upper case: PIECE( is PIECE, <READ> is READ.
func topicOf(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	if bare := strings.Trim(text, "()<>"); bare != "" {
		return bare
	}
	return text
}

// overview lists the names by table, in columns.
func overview() string {
	var b strings.Builder
	section := func(title string, names []string) {
		fmt.Fprintf(&b, "%s\n", title)
		b.WriteString(columns(names))
	}
	var names []string
	for _, c := range lang.Commands() {
		if !lang.Foreign(c.Name) {
			names = append(names, abbreviated(c.Name, c.Abbr))
		}
	}
	section("Commands", names)
	names = nil
	for _, f := range runtime.FunctionDocs() {
		names = append(names, abbreviated("$"+f.Name, "$"+f.Abbr))
	}
	section("Functions", names)
	names = nil
	for _, v := range runtime.SpecialDocs() {
		names = append(names, abbreviated("$"+v.Name, "$"+v.Abbr))
	}
	section("Special variables", names)
	b.WriteString("?NAME explains one, as in ?OPEN, ?$PIECE, ?/ACCEPT, ?<READ>, ?%SYSTEM.Process.")
	return b.String()
}

// example is the example of a row, indented below its help; "" when it has none.
func example(name string) string {
	row := reference.Find(name)
	if row == nil {
		return ""
	}
	var b strings.Builder
	for _, e := range row.Examples {
		for _, l := range e.Show() {
			b.WriteString("\n    " + l)
		}
		if e.Differs != "" {
			b.WriteString("\n  Differs from Caché: " + e.Differs)
		}
	}
	return b.String()
}

func helpStructured(topic string) (out []string) {
	for _, v := range runtime.StructuredDocs() {
		if name, ok := strings.CutPrefix(topic, "^$"); ok && (name == v.Name || name == v.Abbr) {
			out = append(out, fmt.Sprintf("%s\n  %s%s", v.Syntax, v.Doc, example("^$"+v.Name)))
		}
	}
	return out
}

func helpOperator(topic string) (out []string) {
	for _, o := range lang.Operators() {
		if o.Name == topic || o.Name == "unary "+topic {
			out = append(out, fmt.Sprintf("%s\n  %s%s", o.Syntax, o.Doc, example(o.Name)))
		}
	}
	return out
}

// helpClass explains a class with its methods and properties.
func helpClass(topic string) (out []string) {
	for _, c := range runtime.ClassDocs() {
		if !isClass(topic, c.Name) {
			continue
		}
		text := c.Name + "\n  " + c.Doc
		for _, m := range members(&c) {
			text += "\n  " + m.Syntax + "  " + m.Doc
		}
		out = append(out, text+example(c.Name))
	}
	return out
}

// memberTopics are the topics of a class's methods and properties, behind the class as it is
// typed and a dot.
func memberTopics(word string) (names []string) {
	dot := strings.LastIndexByte(word, '.')
	for _, c := range runtime.ClassDocs() {
		if dot < 0 || !isClass(word[:dot], c.Name) {
			continue
		}
		for _, m := range members(&c) {
			names = append(names, word[:dot+1]+m.Name)
		}
	}
	return distinct(names)
}

// isClass tells whether a topic means a class: $SYSTEM.Process is %SYSTEM.Process, and
// %String is %Library.String.
func isClass(topic, name string) bool {
	return strings.EqualFold(topic, name) || strings.EqualFold(topic, strings.Replace(name, "%SYSTEM.", "$SYSTEM.", 1)) ||
		strings.EqualFold("%Library."+strings.TrimPrefix(topic, "%"), name)
}

func members(c *runtime.ClassDoc) []runtime.Doc {
	return slices.Concat(c.Properties, c.Methods, c.Parameters)
}

// helpMember explains a method or property: $SYSTEM.Process.State of its class, State alone of
// every class that has it.
func helpMember(topic string) (out []string) {
	class, name := "", topic
	if i := strings.LastIndexByte(topic, '.'); i >= 0 {
		class, name = topic[:i], topic[i+1:]
	}
	for _, c := range runtime.ClassDocs() {
		if class != "" && !isClass(class, c.Name) {
			continue
		}
		for _, m := range members(&c) {
			if strings.EqualFold(m.Name, name) {
				out = append(out, c.Name+"."+m.Syntax+"\n  "+m.Doc)
			}
		}
	}
	return out
}

// abbreviated is NAME (N).
func abbreviated(name, abbr string) string {
	if abbr == "" || abbr == "$" || abbr == name {
		return name
	}
	return name + " (" + abbr + ")"
}

// columns sets names in columns of a narrow screen.
func columns(names []string) string {
	const screen = 78
	width := 0
	for _, n := range names {
		width = max(width, len(n)+2)
	}
	per := max(1, screen/width)
	var b strings.Builder
	for i, n := range names {
		switch {
		case i%per == per-1 || i == len(names)-1:
			fmt.Fprintf(&b, "  %s\n", n)
		default:
			fmt.Fprintf(&b, "  %-*s", width-2, n)
		}
	}
	return b.String()
}

// explained sets names with what is said of them in two columns of a narrow screen.
func explained(rows [][2]string) string {
	const screen = 78
	width := 0
	for _, r := range rows {
		width = max(width, columnsOf(r[0])+2)
	}
	var b strings.Builder
	for _, r := range rows {
		line := r[0] + strings.Repeat(" ", width-1-columnsOf(r[0]))
		for _, word := range strings.Fields(r[1]) {
			if columnsOf(line)+1+columnsOf(word) > screen {
				b.WriteString(line + "\n")
				line = strings.Repeat(" ", width-1)
			}
			line += " " + word
		}
		b.WriteString(line + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func helpCommand(topic string) (out []string) {
	name, _ := lang.LookupCommand(topic)
	for _, c := range lang.Commands() {
		if c.Name == name || topic == "H" && c.Name == "HALT" {
			out = append(out, fmt.Sprintf("%s\n  %s%s", c.Syntax, c.Doc, example(c.Name)))
		}
	}
	return out
}

func helpFunction(topic string) (out []string) {
	for _, f := range runtime.FunctionDocs() {
		if is(topic, f) {
			out = append(out, fmt.Sprintf("%s\n  %s%s", f.Syntax, f.Doc, example("$"+f.Name)))
		}
	}
	return out
}

func helpSpecial(topic string) (out []string) {
	for _, v := range runtime.SpecialDocs() {
		if is(topic, v) {
			out = append(out, fmt.Sprintf("%s\n  %s%s", abbreviated("$"+v.Name, "$"+v.Abbr), v.Doc, example("$"+v.Name)))
		}
	}
	return out
}

// is tells whether a $topic means a row by its name or abbreviation.
func is(topic string, d runtime.Doc) bool {
	name, dollar := strings.CutPrefix(topic, "$")
	return dollar && (name == d.Name || name == d.Abbr)
}

// devicesByDriver names the drivers in help.
var devicesByDriver = map[string]string{"|TCP|": "TCP", "0": "terminal", "file": "sequential file"}

func helpKeyword(topic string) (out []string) {
	if !strings.HasPrefix(topic, "/") {
		return nil
	}
	for _, d := range drivers {
		for _, k := range devices.Keywords(d) {
			if k.Name != topic && !contains(k.Abbrs, topic) {
				continue
			}
			text := k.Name
			if len(k.Abbrs) > 0 {
				text += " (" + strings.Join(k.Abbrs, ", ") + ")"
			}
			if k.Letter != 0 {
				text += ", mode letter " + string(rune(k.Letter))
			}
			out = append(out, fmt.Sprintf("%s: %s\n  %s", devicesByDriver[d], text, k.Doc))
		}
	}
	return out
}

// helpDevice explains a kind of device by what its names begin with: |TCP| or TCP.
func helpDevice(topic string) (out []string) {
	for _, d := range devices.Drivers() {
		if len(d.Prefix) < 2 || topic != strings.ToUpper(d.Prefix) && topic != strings.ToUpper(strings.Trim(d.Prefix, "|")) {
			continue
		}
		var names []string
		for _, k := range devices.Keywords(d.Prefix) {
			if k.Name != "" {
				names = append(names, k.Name)
			}
		}
		text := d.Prefix + "\n  " + d.Doc
		if len(names) > 0 {
			text += "\n" + strings.TrimRight(columns(names), "\n")
		}
		out = append(out, text)
	}
	return out
}

func contains(list []string, word string) bool {
	for _, x := range list {
		if x == word {
			return true
		}
	}
	return false
}

// helpDirective explains what the preprocessor knows: #IF, ##QUOTE.
func helpDirective(topic string) (out []string) {
	for _, d := range preprocess.Directives() {
		if "#"+strings.ToUpper(d.Name) == topic {
			out = append(out, fmt.Sprintf("%s\n  %s%s", d.Syntax, d.Doc, example("#"+d.Name)))
		}
	}
	for _, f := range preprocess.Functions() {
		if "##"+strings.ToUpper(f.Name) == topic {
			out = append(out, fmt.Sprintf("%s\n  %s%s", f.Syntax, f.Doc, example("##"+f.Name)))
		}
	}
	return out
}

func helpError(topic string) (out []string) {
	for _, e := range runtime.ErrorKinds() {
		if e.Name == topic {
			out = append(out, fmt.Sprintf("<%s>\n  %s", e.Name, e.Doc))
		}
	}
	return out
}

// helpShortcut explains a command of the prompt's own: :devices.
func helpShortcut(topic string) (out []string) {
	if name, ok := strings.CutPrefix(topic, ":"); ok {
		if s := findShortcut(strings.ToLower(name)); s != nil {
			out = append(out, s.syntax+"\n  "+s.doc)
		}
	}
	return out
}

// Sections are the titles of the reference.
func Sections() (titles []string) {
	for _, s := range reference.Sections() {
		titles = append(titles, s.Title)
	}
	return titles
}

// Section is a section of the reference: each of its rows as help has it.
func Section(title string) (string, bool) {
	for _, s := range reference.Sections() {
		if !strings.EqualFold(s.Title, title) {
			continue
		}
		parts := []string{strings.ToUpper(s.Title)}
		for _, e := range s.Entries {
			text, ok := Explain(e.Name)
			if !ok {
				text = e.Name
				if e.Syntax != "" {
					text = e.Syntax
				}
				text += "\n  " + e.Doc
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, "\n\n"), true
	}
	return "", false
}

// Topics are all names, for suggestions and completion.
func Topics() (names []string) {
	for _, c := range lang.Commands() {
		if !lang.Foreign(c.Name) {
			names = append(names, c.Name)
		}
	}
	for _, f := range runtime.FunctionDocs() {
		names = append(names, "$"+f.Name)
	}
	for _, v := range runtime.SpecialDocs() {
		names = append(names, "$"+v.Name)
	}
	for _, c := range runtime.ClassDocs() {
		names = append(names, c.Name)
	}
	for _, d := range devices.Drivers() {
		if len(d.Prefix) > 1 {
			names = append(names, d.Prefix)
		}
	}
	for _, d := range drivers {
		for _, k := range devices.Keywords(d) {
			names = append(names, k.Name)
		}
	}
	for _, o := range lang.Operators() {
		names = append(names, o.Name)
	}
	for _, e := range runtime.ErrorKinds() {
		names = append(names, "<"+e.Name+">")
	}
	for _, s := range shortcuts {
		names = append(names, ":"+s.name)
	}
	for _, d := range preprocess.Directives() {
		names = append(names, "#"+strings.ToUpper(d.Name))
	}
	for _, f := range preprocess.Functions() {
		names = append(names, "##"+strings.ToUpper(f.Name))
	}
	return names
}
