package preprocess

// Macros: their definitions, and the expansion of calls.

import (
	"fmt"
	"sort"
	"strings"
)

// macro is one definition.
type macro struct {
	name     string
	params   []string // each with its %
	parens   bool     // a parameter list was written, perhaps an empty one
	whole    bool     // #def1arg: commas separate nothing
	variadic bool     // the last parameter takes the rest
	body     string
}

// site is a place in a text that is being expanded.
type site struct {
	file   *source
	text   string   // the file's, or that of an expansion
	off    int      // in text
	place  int      // where that is in the file
	root   bool     // text is the file's
	active []string // the macros being expanded
	depth  int
}

// element expands the macro call or ## function at the site. name is "" when there is
// none, or when it stays as it stands.
func (x *expander) element(s *site) (text string, next int, name string) {
	if x.over {
		return "", 0, ""
	}
	switch s.text[s.off] {
	case '$':
		if strings.HasPrefix(s.text[s.off:], "$$$") {
			return x.call(s)
		}
	case '#':
		if name, end := functionAt(s.text, s.off); name != "" {
			return x.function(s, name, end)
		}
	}
	return "", 0, ""
}

// call expands $$$name or $$$name(arguments).
func (x *expander) call(s *site) (text string, next int, name string) {
	from := s.off + 3
	end := nameEnd(s.text, from)
	word := s.text[from:end]
	if word == "" {
		return "", 0, ""
	}
	m := x.macros[word]
	if m == nil {
		x.fail(s.file, s.place, x.undefined(word, s))
		return "", 0, ""
	}
	for _, a := range s.active {
		if a == word {
			x.fail(s.file, s.place, "macro $$$"+word+" expands to itself")
			return "", 0, ""
		}
	}
	var args []string
	var written []int // where each argument stands in s.text, -1: not as it was given
	if m.parens && at(s.text, end) == '(' {
		after, ok := x.parens(s, end)
		if !ok {
			x.fail(s.file, s.place, "the arguments of $$$"+word+" have no closing parenthesis")
			return "", 0, ""
		}
		var msg string
		if args, msg = m.arguments(s.text[end+1 : after-1]); msg != "" {
			x.fail(s.file, s.place, msg)
			return "", 0, ""
		}
		from := end + 1
		for i, arg := range args {
			args[i] = x.expand(s, arg, "")
			written = append(written, -1)
			if at := strings.Index(s.text[from:after], arg); at >= 0 && args[i] == arg {
				written[i] = from + at
				from = written[i] + len(arg)
			}
		}
		end = after
	}
	body, places := substitute(m.body, m.params, args)
	if !x.spend(s, len(body)) {
		return "", 0, ""
	}
	text = x.expand(s, body, word)
	if s.root && text == body {
		for i := range places {
			places[i].from = written[places[i].arg]
		}
		x.given = places
	}
	return text, end, "$$$" + word
}

// given is where an argument stands in the text that a call stands for.
type given struct {
	arg     int
	at, end int
	from    int // where it was written, -1: it is not there as it stands here
}

// undefined words the error for a macro that nobody defined.
func (x *expander) undefined(word string, s *site) string {
	msg := "macro $$$" + word + " is not defined"
	if n := len(s.active); n > 0 {
		msg += ", in the expansion of $$$" + s.active[n-1]
	}
	hint, known := x.hints[word]
	if !known {
		hint = x.hint(word)
		x.hints[word] = hint
	}
	return msg + hint
}

// hint is what may help to define a macro.
func (x *expander) hint(word string) string {
	if x.cfg.Home != nil {
		if home := x.cfg.Home(word); home != "" {
			return "; it is in " + home + ": #include " + home
		}
	}
	known := make([]string, 0, len(x.macros))
	for k := range x.macros {
		if strings.EqualFold(k, word) {
			return "; did you mean $$$" + k + "?"
		}
		known = append(known, k)
	}
	sort.Strings(known)
	if x.cfg.Nearest != nil {
		if near := x.cfg.Nearest(word, known); near != "" {
			return "; did you mean $$$" + near + "?"
		}
	}
	return ""
}

// parens is parensEnd; text that does not close is looked for over lines once only, so
// that a source full of it costs no more than its length.
func (x *expander) parens(s *site, i int) (end int, ok bool) {
	end, ok = parensEnd(s.text, i, s.root && s.file.open)
	if !ok && s.root {
		s.file.open = true
	}
	return end, ok
}

// arguments splits the text between the parentheses of a call. msg tells what is wrong.
func (m *macro) arguments(text string) (args []string, msg string) {
	switch {
	case strings.TrimSpace(text) == "" && len(m.params) == 0:
		return nil, ""
	case m.whole:
		return []string{text}, ""
	}
	args = splitArguments(text)
	if n := len(m.params); m.variadic && len(args) > n {
		args = append(args[:n-1], strings.Join(args[n-1:], ","))
	}
	if len(args) > len(m.params) {
		plural := "s"
		if len(m.params) == 1 {
			plural = ""
		}
		return nil, fmt.Sprintf("$$$%s takes %d argument%s, not %d", m.name, len(m.params), plural, len(args))
	}
	return args, ""
}

// substitute puts the arguments in the place of the parameters, also within strings.
// A missing argument is empty. places are where the others stand.
func substitute(body string, params, args []string) (text string, places []given) {
	if len(params) == 0 || strings.IndexByte(body, '%') < 0 {
		return body, nil
	}
	var b strings.Builder
	from := 0
	for i := 0; i < len(body); i++ {
		if body[i] != '%' {
			continue
		}
		end := nameEnd(body, i)
		for k, p := range params {
			if body[i:end] != p {
				continue
			}
			b.WriteString(body[from:i])
			if k < len(args) {
				places = append(places, given{arg: k, at: b.Len(), end: b.Len() + len(args[k])})
				b.WriteString(args[k])
			}
			from = end
			break
		}
		i = max(i, end-1)
	}
	b.WriteString(body[from:])
	return b.String(), places
}

// spend charges for an expansion; false when a routine expands to too much.
func (x *expander) spend(s *site, n int) bool {
	x.spent += n + 16
	if x.spent <= maxExpanded {
		return true
	}
	if !x.over {
		x.over = true
		x.fail(s.file, s.place, fmt.Sprintf("the macros expand to more than %d characters", maxExpanded))
	}
	return false
}

// expand expands the macros in the text that a call, an argument or a ## function
// stands for.
func (x *expander) expand(outer *site, text, macro string) string {
	if !strings.Contains(text, "$$$") && !strings.Contains(text, "##") {
		return text
	}
	s := site{file: outer.file, text: text, place: outer.place, active: outer.active, depth: outer.depth + 1}
	if macro != "" {
		s.active = append(outer.active[:len(outer.active):len(outer.active)], macro)
	}
	if s.depth > maxDepth {
		x.fail(s.file, s.place, fmt.Sprintf("macros nest deeper than %d levels", maxDepth))
		x.over = true
		return text
	}
	var b strings.Builder
	from := 0
	for s.off < len(text) {
		made, next, name := x.element(&s)
		switch {
		case name != "":
			b.WriteString(text[from:s.off])
			b.WriteString(made)
			s.off, from = next, next
			if !x.spend(&s, len(made)) {
				return ""
			}
		case strings.HasPrefix(text[s.off:], "##;"): // a comment that no code keeps
			b.WriteString(text[from:s.off])
			s.off = lineEnd(text, s.off)
			from = s.off
		default:
			s.off = skipToken(text, s.off)
		}
	}
	b.WriteString(text[from:])
	return b.String()
}

// Defined lists the macros that an include file itself defines.
func Defined(text string) (names []string) {
	x := &expander{macros: map[string]*macro{}, pieces: make([]Piece, 1), seen: map[complaint]bool{}}
	x.run(&source{text: text, outer: &source{}})
	for name := range x.macros {
		names = append(names, name)
	}
	return names
}
