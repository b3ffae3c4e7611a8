package runtime

// Pattern match: string?pattern. A pattern is a row of atoms, each a repeat count and
// what it repeats: character classes, a literal, or alternatives in parentheses.
//
// Matching never backtracks. A pattern in which at most one atom varies in length, which
// is nearly every pattern written, is decided from both ends in one pass. Any other is
// walked atom by atom with the set of all positions the atoms so far can end at, so its
// cost is the atoms times the length, whatever the counts are.

import (
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf16"
)

// The pattern codes.
const (
	classA = 1 << iota // letters
	classC             // control characters
	classE             // everything
	classL             // lower-case letters
	classN             // digits
	classP             // punctuation, blanks included
	classU             // upper-case letters
)

var patternCodes = map[byte]uint8{'A': classA, 'C': classC, 'E': classE, 'L': classL, 'N': classN, 'P': classP, 'U': classU}

// classes is charClass of the 8-bit characters.
var classes [256]uint8

func init() {
	for c := range classes {
		classes[c] = classOf(rune(c))
	}
}

func classOf(r rune) uint8 {
	switch {
	case r >= '0' && r <= '9':
		return classN | classE
	case unicode.IsControl(r):
		return classC | classE
	case unicode.IsUpper(r) || unicode.IsTitle(r):
		return classA | classU | classE
	case unicode.IsLower(r):
		return classA | classL | classE
	case unicode.IsLetter(r):
		return classA | classE
	}
	return classP | classE
}

// charClass is the set of classes a character belongs to.
func charClass(c uint16) uint8 {
	if c < 256 {
		return classes[c]
	}
	if utf16.IsSurrogate(rune(c)) {
		return classE
	}
	return classOf(rune(c))
}

// pattern is a compiled pattern; it is immutable.
type pattern struct {
	atoms []atom
	// When at most one atom varies in length: its index (or -1), and the characters that
	// the atoms before and behind it take. simple is false otherwise.
	simple        bool
	variable      int
	before, after int

	copies int // how often counting makes its innermost alternatives be walked
}

// atom is one element of a pattern: min to max times a class, a literal or alternatives.
type atom struct {
	min, max int // max is unlimited at and above maxString
	class    uint8
	not      bool // every character but those of class
	literal  Value
	either   []*pattern
}

// unlimited is the upper count that . stands for.
const unlimited = math.MaxInt32

// patternParser reads the text of a pattern.
type patternParser struct {
	src   string
	at    int
	depth int
}

// maxPatternDepth is how deep alternatives can nest, maxPatternCopies what the repeat
// counts of nested alternatives can multiply to: 2.(2.(2.(…))) doubles at every level.
const (
	maxPatternDepth  = 100
	maxPatternCopies = 10000
)

// compilePattern compiles the text of a pattern as it stands behind ? in a program, in
// UTF-8.
func compilePattern(src string) (*pattern, error) {
	s := patternParser{src: src}
	p, err := s.pattern()
	if err == nil && s.at < len(src) {
		err = s.fail("unexpected character")
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *patternParser) fail(what string) error {
	return fmt.Errorf("pattern: %s at %d", what, s.at+1)
}

func (s *patternParser) peek() byte {
	if s.at < len(s.src) {
		return s.src[s.at]
	}
	return 0
}

// pattern = atom { atom }
func (s *patternParser) pattern() (*pattern, error) {
	p := &pattern{}
	for c := s.peek(); isDigit(c) || c == '.'; c = s.peek() {
		a, err := s.atom()
		if err != nil {
			return nil, err
		}
		p.atoms = append(p.atoms, a)
	}
	if len(p.atoms) == 0 {
		return nil, s.fail("a repeat count is missing")
	}
	p.plan()
	if p.copies > maxPatternCopies {
		return nil, s.fail("the repeat counts of nested alternatives multiply to too much")
	}
	return p, nil
}

// atom = count ( literal | "(" pattern { "," pattern } ")" | { ["'"] code } )
func (s *patternParser) atom() (a atom, err error) {
	if a.min, a.max, err = s.count(); err != nil {
		return a, err
	}
	switch c := s.peek(); c {
	case '"':
		a.literal, err = s.literal()
	case '(':
		a.either, err = s.alternatives()
	default:
		err = s.codes(&a)
	}
	return a, err
}

// count = digits [ "." [ digits ] ] | "." [ digits ]
func (s *patternParser) count() (lo, hi int, err error) {
	lo, _ = s.digits()
	hi = lo
	if s.peek() == '.' {
		s.at++
		var given bool
		if hi, given = s.digits(); !given {
			hi = unlimited
		}
	}
	if lo > hi {
		return 0, 0, s.fail("the upper count is below the lower one")
	}
	return lo, hi, nil
}

func (s *patternParser) digits() (n int, ok bool) {
	for ; isDigit(s.peek()); s.at++ {
		n, ok = min(n*10+int(s.peek()-'0'), unlimited), true
	}
	return n, ok
}

func (s *patternParser) literal() (Value, error) {
	var text []byte
	for s.at++; ; s.at++ {
		if s.at >= len(s.src) {
			return Value{}, s.fail("a literal does not end")
		}
		if s.src[s.at] == '"' {
			if s.at++; s.peek() != '"' {
				return FromUTF8(string(text)), nil
			}
		}
		text = append(text, s.src[s.at])
	}
}

func (s *patternParser) alternatives() (list []*pattern, err error) {
	if s.depth++; s.depth > maxPatternDepth {
		return nil, s.fail("alternatives nest too deep")
	}
	for {
		s.at++
		p, err := s.pattern()
		if err != nil {
			return nil, err
		}
		list = append(list, p)
		if c := s.peek(); c == ')' {
			s.at++
			s.depth--
			return list, nil
		} else if c != ',' {
			return nil, s.fail("a comma or ) is missing")
		}
	}
}

func (s *patternParser) codes(a *atom) error {
	a.not = s.peek() == '\''
	if a.not {
		s.at++
	}
	for {
		class, ok := patternCodes[s.peek()&^32]
		if !ok || s.peek() < 'A' {
			break
		}
		a.class |= class
		s.at++
	}
	if a.class == 0 {
		return s.fail("a pattern code is missing")
	}
	return nil
}

// width is how many characters one repetition takes, -1 when that varies.
func (a *atom) width() int {
	switch {
	case a.either == nil && a.class != 0:
		return 1
	case a.either == nil:
		return a.literal.length()
	}
	width := a.either[0].width()
	for _, p := range a.either {
		if p.width() != width {
			return -1
		}
	}
	return width
}

// copies is how often the innermost alternatives are walked for one walk of the atom.
// Alternatives of fixed length are not walked but compared.
func (a *atom) copies() int {
	n, nested := 1, false
	for _, p := range a.either {
		n = max(n, p.copies)
		nested = nested || p.width() < 0 && slices.ContainsFunc(p.atoms, func(b atom) bool { return b.either != nil })
	}
	switch {
	case !nested:
		return n
	case a.max == unlimited:
		return min(n*max(min(a.min, maxPatternCopies), 1), maxPatternCopies+1)
	}
	return min(n*max(min(a.max, maxPatternCopies), 1), maxPatternCopies+1)
}

// width is how many characters the whole pattern takes, -1 when that varies or is
// beyond any string.
func (p *pattern) width() int {
	if !p.simple || p.variable >= 0 {
		return -1
	}
	return p.before
}

// plan finds out whether at most one atom varies in length, and how the counts of nested
// alternatives multiply.
func (p *pattern) plan() {
	p.copies = 1
	for i := range p.atoms {
		p.copies = max(p.copies, p.atoms[i].copies())
	}
	p.variable = -1
	for i := range p.atoms {
		a := &p.atoms[i]
		w := a.width()
		if w >= 0 && (a.min == a.max || w == 0) && a.min <= maxString {
			// A repeated nothing is nothing.
			if p.variable < 0 {
				p.before += w * a.min
			} else {
				p.after += w * a.min
			}
			if p.before > maxString || p.after > maxString {
				return
			}
			continue
		}
		if p.variable >= 0 || a.either != nil || w == 0 {
			return
		}
		p.variable = i
	}
	p.simple = true
}

// match tells whether the pattern matches all of v's text.
func (p *pattern) match(v Value) bool {
	if v.kind == kindNumber && v.exp == 0 && uint64(v.mant) >= uint64(len(smallInts)) {
		var buf [maxNumberText]byte
		return p.matchBytes(v.appendText(buf[:0]))
	}
	v = v.asText()
	if p.simple {
		return p.matchSimple(v, 0, v.length())
	}
	return p.matchSets(v)
}

// matchBytes matches text that is only worth keeping if the pattern needs sets.
func (p *pattern) matchBytes(text []byte) bool {
	return p.match(Text(string(text)))
}

// matchSimple matches the characters from lo to hi from both ends.
func (p *pattern) matchSimple(v Value, lo, hi int) bool {
	if p.variable < 0 {
		return hi-lo == p.before && p.matchFixed(p.atoms, v, lo)
	}
	middle, end := lo+p.before, hi-p.after
	if middle > end {
		return false
	}
	a := &p.atoms[p.variable]
	w := a.width()
	n := (end - middle) / w
	return n*w == end-middle && n >= a.min && n <= a.max &&
		p.matchFixed(p.atoms[:p.variable], v, lo) && a.repeats(v, middle, n) &&
		p.matchFixed(p.atoms[p.variable+1:], v, end)
}

// matchFixed matches atoms of fixed length from at on; the characters are there.
func (p *pattern) matchFixed(atoms []atom, v Value, at int) bool {
	for i := range atoms {
		a := &atoms[i]
		w := a.width()
		n := a.min
		if w == 0 {
			n = min(n, 1)
		}
		if !a.repeats(v, at, n) {
			return false
		}
		at += w * n
	}
	return true
}

// repeats tells whether the n repetitions from at on match.
func (a *atom) repeats(v Value, at, n int) bool {
	if a.class != 0 {
		if v.kind == kindText {
			for _, c := range []byte(v.text[at : at+n]) {
				if (classes[c]&a.class != 0) == a.not {
					return false
				}
			}
			return true
		}
		for i := at; i < at+n; i++ {
			if !a.takes(v.char(i)) {
				return false
			}
		}
		return true
	}
	for w := a.width(); n > 0; n-- {
		if !a.once(v, at, w) {
			return false
		}
		at += w
	}
	return true
}

func (a *atom) takes(c uint16) bool { return (charClass(c)&a.class != 0) != a.not }

// once tells whether one repetition of a literal or of alternatives, w characters, is at at.
func (a *atom) once(v Value, at, w int) bool {
	if a.either == nil {
		return hasAt(v, a.literal, at)
	}
	for _, p := range a.either {
		if p.matchSimple(v, at, at+w) {
			return true
		}
	}
	return false
}

// hasAt tells whether part stands in v at at.
func hasAt(v, part Value, at int) bool {
	n := part.length()
	if at+n > v.length() || part.kind == kindWide && v.kind == kindText {
		return false
	}
	if v.kind == part.kind {
		if v.kind == kindText {
			return v.text[at:at+n] == part.text
		}
		return v.text[2*at:2*(at+n)] == part.text
	}
	for i := range n {
		if v.char(at+i) != part.char(i) {
			return false
		}
	}
	return true
}

// positions is a set of positions of a string: in[i] tells whether lo+i is in it. Only
// the stretch from its first to its last member is kept.
type positions struct {
	lo int
	in []bool
}

func (s positions) empty() bool { return len(s.in) == 0 }

// add adds t and returns what of it was new.
func (s *positions) add(t positions) (fresh positions) {
	if s.empty() {
		*s = positions{t.lo, slices.Clone(t.in)}
		return t
	}
	if t.empty() {
		return t
	}
	if t.lo < s.lo {
		s.in = append(make([]bool, s.lo-t.lo, len(s.in)+s.lo-t.lo), s.in...)
		s.lo = t.lo
	}
	for len(s.in) < t.lo+len(t.in)-s.lo {
		s.in = append(s.in, false)
	}
	fresh = positions{t.lo, make([]bool, len(t.in))}
	for i, in := range t.in {
		if at := t.lo + i - s.lo; in && !s.in[at] {
			s.in[at], fresh.in[i] = true, true
		}
	}
	return fresh.trim()
}

// trim cuts what lies before the first and behind the last member.
func (s positions) trim() positions {
	for len(s.in) > 0 && !s.in[len(s.in)-1] {
		s.in = s.in[:len(s.in)-1]
	}
	for len(s.in) > 0 && !s.in[0] {
		s.in, s.lo = s.in[1:], s.lo+1
	}
	return s
}

func (s positions) equal(t positions) bool { return s.lo == t.lo && slices.Equal(s.in, t.in) }

// matcher holds the string and the room for one step while a pattern is matched.
//
// Inside alternatives that repeat without limit only the union of all repetitions
// counts. So where an atom has ended once it need not end again: seen keeps those
// positions, and however repetitions nest, each atom sees each position once.
type matcher struct {
	v    Value
	n    int
	diff []int32              // n+1 zeros between steps
	ends []int                // where runs of a literal end, by position modulo its length
	seen map[*atom]*positions // nil outside such alternatives
}

// fresh is the part of ends that atom a had not reached before.
func (m *matcher) fresh(a *atom, ends positions) positions {
	if m.seen == nil || ends.empty() {
		return ends
	}
	s := m.seen[a]
	if s == nil {
		s = &positions{}
		m.seen[a] = s
	}
	return s.add(ends)
}

// matchSets matches by sets of positions.
func (p *pattern) matchSets(v Value) bool {
	m := &matcher{v: v, n: v.length()}
	m.diff = make([]int32, m.n+1)
	ends := m.pattern(p, positions{0, []bool{true}})
	return !ends.empty() && ends.lo+len(ends.in)-1 == m.n
}

// pattern is where p can end when it begins at one of from.
func (m *matcher) pattern(p *pattern, from positions) positions {
	if w := p.width(); w >= 0 {
		return m.fixed(p, from, w)
	}
	for i := 0; i < len(p.atoms) && !from.empty(); i++ {
		a := &p.atoms[i]
		switch {
		case a.either != nil && a.max >= m.n:
			from = m.closure(a, from)
		case a.either != nil:
			from = m.fresh(a, m.counted(a, a.min, a.max, from))
		case a.width() > 0:
			from = m.fresh(a, m.repeated(a, from))
		}
	}
	return from
}

// fixed is the step for a pattern of w characters.
func (m *matcher) fixed(p *pattern, from positions, w int) positions {
	ends := positions{from.lo + w, make([]bool, len(from.in))}
	for i, in := range from.in {
		at := from.lo + i
		ends.in[i] = in && at+w <= m.n && p.matchSimple(m.v, at, at+w)
	}
	return ends.trim()
}

// repeated is the step for a class or a literal. From each position the repetitions go
// as far as a run of matches; the ends they allow are one range, in strides of the
// literal's length, and all ranges together are summed up in one pass.
func (m *matcher) repeated(a *atom, from positions) positions {
	w := a.width()
	m.ends = m.ends[:0]
	for range w {
		m.ends = append(m.ends, 0)
	}
	lo, hi := -1, -1
	for i, in := range from.in {
		if !in {
			continue
		}
		at := from.lo + i
		run := (m.runEnd(a, at, w) - at) / w
		if run < a.min {
			continue
		}
		first, last := at+w*a.min, at+w*min(a.max, run)
		m.diff[first]++
		if last+w <= m.n {
			m.diff[last+w]--
		}
		if lo < 0 {
			lo = first
		}
		hi = max(hi, last)
	}
	if lo < 0 {
		return positions{}
	}
	ends := positions{lo, make([]bool, hi-lo+1)}
	for i := lo; i <= hi; i++ {
		if i-w >= lo {
			m.diff[i] += m.diff[i-w]
		}
		ends.in[i-lo] = m.diff[i] > 0
	}
	clear(m.diff[lo : min(hi+w, m.n)+1])
	return ends
}

// runEnd is where the run of matches that passes through at ends. Asked with rising
// positions it looks at each character once.
func (m *matcher) runEnd(a *atom, at, w int) int {
	end := &m.ends[at%w]
	if *end < at {
		*end = at
	}
	for *end+w <= m.n && m.matchesAt(a, *end) {
		*end += w
	}
	return *end
}

func (m *matcher) matchesAt(a *atom, i int) bool {
	if a.class != 0 {
		return a.takes(m.v.char(i))
	}
	return hasAt(m.v, a.literal, i)
}

// counted is the step for lo to hi repetitions of alternatives, counted one by one.
// Either every repetition takes at least one character, and the sets move to the end, or
// one may be empty, and they only grow: so the rounds end after at most as many as there
// are characters.
func (m *matcher) counted(a *atom, lo, hi int, from positions) positions {
	outer := m.seen
	defer func() { m.seen = outer }()
	m.seen = nil
	current := from
	for round := 0; round < lo && !current.empty(); round++ {
		next := m.once(a, current)
		if next.equal(current) {
			break
		}
		current = next
	}
	all := positions{current.lo, slices.Clone(current.in)}
	for round := lo; round < hi; round++ {
		next := m.once(a, current)
		if next.empty() || next.equal(current) {
			break
		}
		all.add(next)
		current = next
	}
	return all.trim()
}

// closure is the step for at least a.min repetitions of alternatives, without limit. It
// returns the ends that are new.
func (m *matcher) closure(a *atom, from positions) positions {
	if a.min > 1 {
		from = m.counted(a, a.min-1, a.min-1, from)
	}
	if m.seen == nil {
		m.seen = map[*atom]*positions{}
		defer func() { m.seen = nil }()
	}
	if a.min > 0 {
		from = m.once(a, from)
	}
	var all positions
	for current := m.fresh(a, from); !current.empty(); current = m.fresh(a, m.once(a, current)) {
		all.add(current)
	}
	return all
}

// once is where one repetition of alternatives can end.
func (m *matcher) once(a *atom, from positions) positions {
	var ends positions
	for _, p := range a.either {
		ends.add(m.pattern(p, from))
	}
	return ends
}
