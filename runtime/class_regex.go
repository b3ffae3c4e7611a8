package runtime

// %Regex.Matcher: one regular expression at work on one text.

import "regexp"

func init() {
	at := func(get func(*regexMatcher, int) Value) func(*Process, *object, []Value) Value {
		return func(p *Process, o *object, a []Value) Value {
			return get(o.matcher(), o.matcher().group(p, p.in(a, 0)))
		}
	}
	whole := func(get func(*regexMatcher, int) Value) func(*Process, *object) Value {
		return func(_ *Process, o *object) Value { return get(o.matcher(), 0) }
	}
	registerClasses(&class{Name: "%Regex.Matcher", Doc: "a regular expression at work on a text: %New(pattern,text)", New: newMatcher,
		Properties: []property{
			{Name: "Pattern", Get: func(_ *Process, o *object) Value { return o.matcher().pattern }, Set: func(p *Process, o *object, v Value) { o.matcher().compile(p, v) }, Doc: "the regular expression"},
			{Name: "Text", Get: func(_ *Process, o *object) Value { return o.matcher().text }, Set: func(_ *Process, o *object, v Value) { o.matcher().setText(v) }, Doc: "the text it works on"},
			{Name: "Start", Get: whole((*regexMatcher).start), At: at((*regexMatcher).start), Doc: "where the last match, or one of its groups, begins; -2 without a match, -1 for a group that took no part"},
			{Name: "End", Get: whole((*regexMatcher).end), At: at((*regexMatcher).end), Doc: "the position behind the last match, or behind one of its groups"},
			{Name: "Group", Get: whole((*regexMatcher).value), At: at((*regexMatcher).value), Doc: "the text of the last match, or of one of its groups"},
			{Name: "GroupCount", Get: func(_ *Process, o *object) Value { return Int(int64(o.matcher().re.NumSubexp())) }, Doc: "how many groups the expression has"},
		},
		Methods: []method{
			{Name: "Locate", Min: 0, Max: 1, Instance: true, Fn: matcherLocate, Doc: "1 and the next match, from a position if one is given; 0 for none"},
			{Name: "Match", Min: 0, Max: 1, Instance: true, Fn: matcherMatch, Doc: "1 if the expression matches all of the text, or of the text given"},
			{Name: "ReplaceAll", Min: 1, Max: 1, Instance: true, Fn: matcherReplace(-1), Doc: "the text with every match replaced; $1 is a group, \\ takes the next character as it is"},
			{Name: "ReplaceFirst", Min: 1, Max: 1, Instance: true, Fn: matcherReplace(1), Doc: "the text with the first match replaced"},
			{Name: "SubstituteIn", Min: 1, Max: 1, Instance: true, Fn: matcherSubstitute, Doc: "a replacement with the groups of the last match put in"},
			{Name: "ResetPosition", Min: 0, Max: 1, Instance: true, Fn: matcherReset, Doc: "Locate starts at the position, or at the beginning"},
		}})
}

// regexMatcher is the state of a %Regex.Matcher.
type regexMatcher struct {
	pattern, text Value
	re            *regexp.Regexp
	utf8          string
	match         []int   // of the last match, in bytes of utf8; nil: none
	base          int     // where the search began, in bytes
	found         [][]int // matches from base on
	at            int     // how many of them Locate has given
	complete      bool    // found has all
}

func (o *object) matcher() *regexMatcher { return o.state.(*regexMatcher) }

func (m *regexMatcher) measure(s *measurer) {
	s.value(&m.text)
	s.total += 512 + len(m.utf8) + cap(m.found)*(48+16*m.re.NumSubexp())
}

func newMatcher(p *Process, o *object, a []Value) {
	if len(a) < 1 || len(a) > 2 {
		p.raise(errParameter, "")
	}
	m := &regexMatcher{}
	o.state = m
	m.compile(p, p.in(a, 0).orEmpty())
	m.setText(p.in(a, 1).orEmpty())
}

func (m *regexMatcher) compile(p *Process, v Value) {
	re := p.compileRegexp(v, false)
	if re == nil {
		p.raise(errRegexp, "")
	}
	m.pattern, m.re = v.asText(), re
	m.reset(0)
}

func (m *regexMatcher) setText(v Value) {
	m.text = v.asText()
	m.utf8 = m.text.utf8()
	m.reset(0)
}

// group is a valid number of a group.
func (m *regexMatcher) group(p *Process, v Value) int {
	n := v.orEmpty().int64()
	if n < 0 || n > int64(m.re.NumSubexp()) {
		p.raise(errRange, "")
	}
	return int(n)
}

// position is a byte offset as a position of characters, from 1.
func (m *regexMatcher) position(at int) Value {
	switch {
	case m.match == nil:
		return Int(-2)
	case at < 0:
		return Int(-1)
	}
	return Int(int64(unitCount(m.utf8[:at])) + 1)
}

func (m *regexMatcher) bounds(g int) (lo, hi int) {
	if m.match == nil {
		return -1, -1
	}
	return m.match[2*g], m.match[2*g+1]
}

func (m *regexMatcher) start(g int) Value { lo, _ := m.bounds(g); return m.position(lo) }
func (m *regexMatcher) end(g int) Value   { _, hi := m.bounds(g); return m.position(hi) }

func (m *regexMatcher) value(g int) Value {
	lo, hi := m.bounds(g)
	if lo < 0 {
		return Empty
	}
	return FromUTF8(m.utf8[lo:hi])
}

// offset is a position of characters, from 1, as a byte offset.
func (m *regexMatcher) offset(p *Process, v Value) int {
	n := v.int64()
	if n < 1 || n > int64(m.text.length())+1 {
		p.raise(errRange, "")
	}
	return len(m.text.slice(0, int(n-1)).utf8())
}

// advance goes on to the next match. Matches are looked for in growing batches from one
// place, so that ^ and \b see what stands before them.
func (m *regexMatcher) advance(p *Process) bool {
	if m.at >= len(m.found) && !m.complete {
		n := 2*len(m.found) + 1
		p.claim(n * (48 + 16*m.re.NumSubexp()))
		m.found = m.re.FindAllStringSubmatchIndex(m.utf8[m.base:], n)
		m.complete = len(m.found) < n
	}
	if m.at >= len(m.found) {
		m.match = nil
		return false
	}
	m.match = append(m.match[:0], m.found[m.at]...)
	for i := range m.match {
		if m.match[i] >= 0 {
			m.match[i] += m.base
		}
	}
	m.at++
	return true
}

// reset makes a place, in bytes, the start of what follows.
func (m *regexMatcher) reset(base int) {
	m.base, m.at, m.found, m.complete, m.match = base, 0, nil, false, nil
}

func matcherLocate(p *Process, o *object, a []Value) Value {
	m := o.matcher()
	if v := p.in(a, 0); v.defined() {
		m.reset(m.offset(p, v))
	}
	return Bool(m.advance(p))
}

func matcherMatch(p *Process, o *object, a []Value) Value {
	m := o.matcher()
	if v := p.in(a, 0); v.defined() {
		m.setText(v)
	}
	m.reset(0)
	whole := p.compileRegexp(m.pattern, true)
	m.match = whole.FindStringSubmatchIndex(m.utf8)
	return Bool(m.match != nil)
}

func matcherReset(p *Process, o *object, a []Value) Value {
	m := o.matcher()
	if v := p.in(a, 0); v.defined() {
		m.reset(m.offset(p, v))
	} else {
		m.reset(0)
	}
	return Value{}
}

// expand puts the groups of a match into a replacement: $1 or ${1}, and \ before a
// character that stands for itself.
func (m *regexMatcher) expand(p *Process, form string, match []int, add func(string)) {
	for i := 0; i < len(form); i++ {
		switch c := form[i]; {
		case c == '\\' && i+1 < len(form):
			i++
			add(form[i : i+1])
		case c == '$' && i+1 < len(form) && form[i+1] >= '0' && form[i+1] <= '9':
			g := 0
			for i+1 < len(form) && form[i+1] >= '0' && form[i+1] <= '9' && g*10+int(form[i+1]-'0') <= m.re.NumSubexp() {
				i++
				g = g*10 + int(form[i]-'0')
			}
			if match[2*g] >= 0 {
				add(m.utf8[match[2*g]:match[2*g+1]])
			}
		case c == '$':
			p.raise(errRegexp, "")
		default:
			j := i + 1
			for j < len(form) && form[j] != '\\' && form[j] != '$' {
				j++
			}
			add(form[i:j])
			i = j - 1
		}
	}
}

func matcherReplace(count int) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		m, form := o.matcher(), p.in(a, 0).orEmpty().utf8()
		m.reset(0)
		b, done := builder{p: p}, 0
		add := func(s string) { b.add(FromUTF8(s)) }
		for n := 0; n != count && m.advance(p); n++ {
			add(m.utf8[done:m.match[0]])
			m.expand(p, form, m.match, add)
			done = m.match[1]
		}
		add(m.utf8[done:])
		return b.value()
	}
}

func matcherSubstitute(p *Process, o *object, a []Value) Value {
	m := o.matcher()
	if m.match == nil {
		p.raise(errRegexp, "")
	}
	b := builder{p: p}
	m.expand(p, p.in(a, 0).orEmpty().utf8(), m.match, func(s string) { b.add(FromUTF8(s)) })
	return b.value()
}
