package check

// Device parameters in OPEN, USE and CLOSE: unknown keywords, and mode letters that the
// device does not have.

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"cos/devices"
	"cos/lang"
)

// kinds of devices with parameters: a name that each kind's driver opens.
const (
	tcp      = "|TCP|"
	terminal = "0"
	pipe     = "|CPIPE|"
	file     = "file"
)

// checker looks at one routine.
type checker struct {
	name  string
	src   []string
	names map[string][]string // literal values that each local variable is SET to; "" for anything else
	found []Finding
}

// deviceParameters checks the parameters of all device commands of a routine.
func deviceParameters(name string, r *lang.Routine) []Finding {
	c := &checker{name: name, src: r.Source, names: map[string][]string{}}
	walk(reflect.ValueOf(r.Lines), func(n any) {
		if set, ok := n.(*lang.SetArg); ok {
			c.assigned(set)
		}
	})
	walk(reflect.ValueOf(r.Lines), func(n any) {
		if d, ok := n.(*lang.Device); ok {
			c.command(d)
		}
	})
	return c.found
}

// walk calls visit for every pointer in a syntax tree.
func walk(v reflect.Value, visit func(any)) {
	switch v.Kind() {
	case reflect.Interface:
		walk(v.Elem(), visit)
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*lang.SyntaxError]() {
			return
		}
		visit(v.Interface())
		walk(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), visit)
		}
	}
}

// assigned notes SET var="literal".
func (c *checker) assigned(set *lang.SetArg) {
	for _, t := range set.Targets {
		v, ok := t.X.(*lang.Var)
		if !ok || len(v.Subs) > 0 {
			continue
		}
		value := ""
		if set.Value != nil {
			if s, ok := set.Value.X.(*lang.Str); ok {
				value = s.Value
			}
		}
		c.names[v.Name] = append(c.names[v.Name], value)
	}
}

// kinds are the kinds of device that an expression may name: one for a literal and for
// a variable that the routine only SETs to names of one kind, otherwise all.
func (c *checker) kinds(x lang.Node) []string {
	switch n := x.(type) {
	case *lang.Str:
		return []string{kind(n.Value)}
	case *lang.Num:
		return []string{kind(n.Text)}
	case *lang.Special:
		if n.Name == "P" || n.Name == "PRINCIPAL" {
			return []string{terminal}
		}
	case *lang.Binary:
		if s, ok := n.L.(*lang.Str); ok && n.Op == "_" && strings.HasPrefix(s.Value, "|") {
			return []string{kind(s.Value)}
		}
	case *lang.Var:
		values := c.names[n.Name]
		if len(n.Subs) == 0 && len(values) > 0 && !slices.Contains(values, "") {
			first := kind(values[0])
			if !slices.ContainsFunc(values, func(v string) bool { return kind(v) != first }) {
				return []string{first}
			}
		}
	}
	return []string{tcp, terminal, file, pipe}
}

// kind is the kind of device that a name opens, "" for one without parameters.
func kind(name string) string {
	name = devices.Canonical(name)
	switch {
	case len(name) >= len(tcp) && strings.EqualFold(name[:len(tcp)], tcp):
		return tcp
	case len(name) >= len(pipe) && strings.EqualFold(name[:len(pipe)], pipe):
		return pipe
	case name == "0":
		return terminal
	case len(devices.Keywords(name)) == 0:
		return ""
	}
	return file
}

func (c *checker) command(d *lang.Device) {
	for _, a := range d.Args {
		if len(a.Groups) == 0 {
			continue
		}
		kinds := c.kinds(a.Device.X)
		for i, p := range a.Groups[0].Params {
			switch {
			case p == nil:
			case p.Key != "":
				c.keyword(p, kinds)
			case p.Value != nil:
				c.letters(d.Verb, p, i+1, kinds)
			}
		}
	}
}

// keyword reports one that no device it may be meant for knows.
func (c *checker) keyword(p *lang.Param, kinds []string) {
	var known []string
	for _, kind := range kinds {
		for _, row := range devices.Keywords(kind) {
			known = append(append(known, row.Name), row.Abbrs...)
		}
	}
	if slices.Contains(known, p.Key) {
		if p.Key == "/PARAMS" || p.Key == "/PAR" {
			c.mode(p, kinds)
		}
		return
	}
	msg := "unknown device keyword " + p.Key + ", which is ignored"
	if near := lang.Nearest(p.Key, slices.DeleteFunc(known, func(k string) bool { return k == "" })); near != "" {
		msg += "; did you mean " + near + "?"
	}
	c.warn(p, msg)
}

// letters checks a positional parameter that is the mode string of the device.
func (c *checker) letters(verb string, p *lang.Param, position int, kinds []string) {
	if len(kinds) != 1 || verb == "CLOSE" {
		return
	}
	when := devices.InUse
	if verb == "OPEN" {
		when = devices.InOpen
	}
	for _, row := range devices.Keywords(kinds[0]) {
		if row.Position == position && row.When&when != 0 && row.Name == "/PARAMS" {
			c.mode(p, kinds)
		}
	}
}

// mode reports the letters of a literal mode string that the device does not have.
func (c *checker) mode(p *lang.Param, kinds []string) {
	if p.Value == nil || len(kinds) != 1 {
		return
	}
	s, ok := p.Value.X.(*lang.Str)
	if !ok {
		return
	}
	var known strings.Builder
	for _, l := range devices.ModeLetters(kinds[0]) {
		known.WriteByte(l.Letter)
	}
	for _, letter := range modeLetters(s.Value) {
		if !strings.Contains(known.String(), strings.ToUpper(letter)) {
			c.warn(p, fmt.Sprintf(`unknown mode letter %s in "%s", which is ignored; the letters are %s`, letter, s.Value, known.String()))
		}
	}
}

// modeLetters are the letters of a mode string. Signs are none, nor are the tables
// K\name\ and Y\name\.
func modeLetters(s string) (letters []string) {
	for i := 0; i < len(s); i++ {
		if s[i]|0x20 == 'k' && (i+1 == len(s) || s[i+1] != '\\') {
			continue // translation on or off, by its sign
		}
		if i+1 < len(s) && s[i+1] == '\\' && strings.ContainsRune("KkYy", rune(s[i])) {
			end := strings.IndexByte(s[i+2:], '\\')
			if end < 0 {
				break
			}
			i += end + 2
			continue
		}
		if s[i] != '+' && s[i] != '-' {
			letters = append(letters, s[i:i+1])
		}
	}
	return letters
}

// warn adds a warning at a parameter.
func (c *checker) warn(p *lang.Param, msg string) { c.warnAt(p.Pos.Line, p.Pos.Column, msg) }

// warnAt adds a warning at a place.
func (c *checker) warnAt(n, column int, msg string) {
	line := ""
	if n >= 1 && n <= len(c.src) {
		line = c.src[n-1]
	}
	c.found = append(c.found, Finding{true, lang.NewError(c.name, n, column, msg, line)})
}
