package repl

// Help at the prompt: ? lists what there is, ?NAME explains a command, function,
// special variable, device keyword or error. All of it comes from the tables.

import (
	"fmt"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/lang/preprocess"
	"cos/runtime"
)

// Help explains a topic; "" lists all topics. The text has no line end.
func Help(topic string) string {
	topic = canonicalTopic(topic)
	if topic == "" {
		return overview()
	}
	if text := explain(topic); text != "" {
		return text
	}
	msg := "nothing is known of " + topic
	if near := lang.Nearest(topic, topics()); near != "" {
		msg += "; did you mean ?" + near + "?"
	}
	return msg
}

// Explain is Help of one topic; "" when nothing is known of it.
func Explain(topic string) string { return explain(canonicalTopic(topic)) }

func canonicalTopic(topic string) string {
	return strings.ToUpper(strings.Trim(strings.TrimSpace(topic), "()<>"))
}

func explain(topic string) string {
	var found []string
	for _, look := range []func(string) []string{helpCommand, helpFunction, helpSpecial, helpKeyword, helpDevice, helpDirective, helpError} {
		found = append(found, look(topic)...)
	}
	return strings.Join(found, "\n")
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
	b.WriteString("?NAME explains one, as in ?OPEN, ?$PIECE, ?/ACCEPT, ?<READ>.")
	return b.String()
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

func helpCommand(topic string) (out []string) {
	name, _ := lang.LookupCommand(topic)
	for _, c := range lang.Commands() {
		if c.Name == name || topic == "H" && c.Name == "HALT" {
			out = append(out, fmt.Sprintf("%s\n  %s", c.Syntax, c.Doc))
		}
	}
	return out
}

func helpFunction(topic string) (out []string) {
	for _, f := range runtime.FunctionDocs() {
		if is(topic, f) {
			out = append(out, fmt.Sprintf("%s\n  %s", f.Syntax, f.Doc))
		}
	}
	return out
}

func helpSpecial(topic string) (out []string) {
	for _, v := range runtime.SpecialDocs() {
		if is(topic, v) {
			out = append(out, fmt.Sprintf("%s\n  %s", abbreviated("$"+v.Name, "$"+v.Abbr), v.Doc))
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
			out = append(out, fmt.Sprintf("%s\n  %s", d.Syntax, d.Doc))
		}
	}
	for _, f := range preprocess.Functions() {
		if "##"+strings.ToUpper(f.Name) == topic {
			out = append(out, fmt.Sprintf("%s\n  %s", f.Syntax, f.Doc))
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

// topics are all names, for suggestions.
func topics() (names []string) {
	for _, c := range lang.Commands() {
		names = append(names, c.Name)
	}
	for _, f := range runtime.FunctionDocs() {
		names = append(names, "$"+f.Name)
	}
	for _, v := range runtime.SpecialDocs() {
		names = append(names, "$"+v.Name)
	}
	for _, d := range drivers {
		for _, k := range devices.Keywords(d) {
			names = append(names, k.Name)
		}
	}
	for _, d := range preprocess.Directives() {
		names = append(names, "#"+strings.ToUpper(d.Name))
	}
	for _, f := range preprocess.Functions() {
		names = append(names, "##"+strings.ToUpper(f.Name))
	}
	return names
}
