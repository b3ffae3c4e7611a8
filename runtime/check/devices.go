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

// deviceParameters checks the parameters of all device commands of a routine.
func deviceParameters(c *checker) {
	walk(reflect.ValueOf(c.routine.Lines), func(n any) {
		if d, ok := n.(*lang.Device); ok {
			c.command(d)
		}
	})
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

// devicesOf are, by variable, the beginnings of the names that the routine sets it to, ""
// for what is not literal.
func devicesOf(r *lang.Routine) map[string][]string {
	names := map[string][]string{}
	walk(reflect.ValueOf(r.Lines), func(n any) {
		switch n := n.(type) {
		case *lang.SetArg:
			for _, t := range n.Targets {
				if v, ok := t.X.(*lang.Var); ok && len(v.Subs) == 0 {
					names[v.Name] = append(names[v.Name], beginning(n.Value))
				}
			}
			return
		case *lang.VarsArg: // NEW and KILL set nothing
			return
		case *lang.Label:
			for _, f := range n.Formals {
				names[f.Name] = append(names[f.Name], "")
			}
		}
		for _, x := range changes(n) {
			if v, ok := x.(*lang.Var); ok {
				names[v.Name] = append(names[v.Name], "")
			}
		}
	})
	return names
}

// deviceName tells devices of one routine apart: a variable or a literal, "" for others.
func deviceName(x lang.Node) string {
	switch n := x.(type) {
	case *lang.Var:
		if len(n.Subs) == 0 {
			return n.Name
		}
	case *lang.Str:
		return `"` + n.Value
	}
	return ""
}

// accepting are the devices that the routine opens as servers in mode A, whose first READ
// waits for a client.
func accepting(r *lang.Routine) map[string]bool {
	names := map[string]bool{}
	walk(reflect.ValueOf(r.Lines), func(n any) {
		d, ok := n.(*lang.Device)
		if !ok || d.Verb != "OPEN" {
			return
		}
		for _, a := range d.Args {
			if len(a.Groups) == 0 {
				continue
			}
			for i, p := range a.Groups[0].Params {
				if p == nil || p.Key == "/ACCEPT" || p.Key == "/ACC" {
					names[deviceName(a.Device.X)] = true
				} else if p.Value != nil && (i == 2 && p.Key == "" || p.Key == "/PARAMS" || p.Key == "/PAR") {
					if s, literal := p.Value.X.(*lang.Str); !literal || switchesOn(s.Value, 'A') {
						names[deviceName(a.Device.X)] = true
					}
				}
			}
		}
	})
	return names
}

// beginning is the literal that an expression begins with, when that tells the kind of
// device that it names.
func beginning(x *lang.Expr) string {
	if x == nil {
		return ""
	}
	n := x.X
	joined := false
	for {
		b, ok := n.(*lang.Binary)
		if !ok || b.Op != "_" {
			break
		}
		n, joined = b.L, true
	}
	s, ok := n.(*lang.Str)
	if !ok || joined && !strings.HasPrefix(s.Value, "|") {
		return ""
	}
	return s.Value
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
		if s := beginning(&lang.Expr{X: n}); s != "" {
			return []string{kind(s)}
		}
	case *lang.Var:
		values := c.devices[n.Name]
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
		if len(kinds) == 1 && kinds[0] == tcp && d.Verb != "CLOSE" {
			c.terminators(a.Groups[0].Params)
		}
	}
}

// terminators reports a list of terminators beside the mode T, which then says nothing.
func (c *checker) terminators(params []*lang.Param) {
	var list *lang.Param
	t := false
	for i, p := range params {
		switch {
		case p == nil || p.Value == nil:
		case i == 3 && p.Key == "", p.Key == "/TERMINATOR", p.Key == "/TER":
			if s, ok := p.Value.X.(*lang.Str); !ok || s.Value != "" {
				list = p
			}
		case i == 2 && p.Key == "", p.Key == "/PARAMS", p.Key == "/PAR":
			if s, ok := p.Value.X.(*lang.Str); ok {
				t = t || switchesOn(s.Value, 'T')
			}
		case p.Key == "/TMODE", p.Key == "/TMO":
			t = t || isTrue(p.Value.X)
		}
	}
	if t && list != nil {
		c.warn("terminators", list, "a list of terminators beside the mode T: READ ends at those of the list only, T says nothing")
	}
}

// switchesOn tells that a mode string switches a letter on.
func switchesOn(mode string, letter byte) bool {
	on := true
	for i := 0; i < len(mode); i++ {
		switch c := mode[i]; {
		case c == '+' || c == '-':
			on = c == '+'
		case c|0x20 == letter|0x20 && on:
			return true
		case strings.IndexByte("KkYy", c) >= 0 && i+1 < len(mode) && mode[i+1] == '\\':
			end := strings.IndexByte(mode[i+2:], '\\')
			if end < 0 {
				return false
			}
			i += end + 2
		}
	}
	return false
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
	c.warn("device-keyword", p, msg)
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
			c.warn("mode-letter", p, fmt.Sprintf(`unknown mode letter %s in "%s", which is ignored; the letters are %s`, letter, s.Value, known.String()))
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
