package repl

// Completion: what the word before the cursor may become. Where it stands decides what is
// looked for, and the lexer of lang says where it stands.

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"cos/lang"
)

// completion is what may stand in the place of the word that ends at the cursor.
type completion struct {
	from  int // character at which the word begins
	words []string
}

// place is where the cursor stands.
type place struct {
	r      *Prompt
	before string // the command up to the cursor
	after  string
	spans  []lang.Span    // of before
	match  []string       // of the row's pattern
	class  lang.SpanClass // of the word, as the lexer reads it
}

// completer is one row of the table: what is before the cursor, of which the last group is
// the word, and what it may become. fits, if there is one, must hold too.
type completer struct {
	ends  *regexp.Regexp
	fits  func(p *place) bool
	words func(p *place) []string
}

var completers = []completer{
	{regexp.MustCompile(`(?i)##class\(\s*([%\w.]*)$`), nil, (*place).classes},
	{regexp.MustCompile(`(?i)##class\(\s*([%\w.]+)\s*\)\.([%\w]*)$`), nil, (*place).methods},
	{regexp.MustCompile(`(?i)\$SY(?:STEM)?\.([%\w]+)\.(\w*)$`), nil, (*place).systemMethods},
	{regexp.MustCompile(`(?i)(\$SY(?:STEM)?\.\w*)$`), nil, (*place).systemClasses},
	{regexp.MustCompile(`([%\pL][\w]*)\.(%?\w*)$`), (*place).object, (*place).members},
	{regexp.MustCompile(`\$\$(%?[\w]*)$`), nil, (*place).labels},
	{regexp.MustCompile(`\$\$\$(%?[\w]*)$`), nil, func(*place) []string { return nil }},
	{regexp.MustCompile(`(\$\w*)$`), nil, (*place).functions},
	{regexp.MustCompile(`[(:,](/\w*)$`), (*place).device, (*place).keywords},
	{regexp.MustCompile(`\^\|\|(%?[\w.]*)$`), nil, (*place).privates},
	{regexp.MustCompile(`\^(%?[\w.]*)$`), (*place).routine, (*place).routines},
	{regexp.MustCompile(`\^(%?[\w.]*)$`), nil, (*place).globals},
	{regexp.MustCompile(`(%?[\pL\w]*)$`), (*place).entryref, (*place).labels},
	{regexp.MustCompile(`(\w+)$`), (*place).due, (*place).commands},
	{regexp.MustCompile(`(%?[\pL\w]*)$`), (*place).variable, (*place).locals},
}

// complete finds what the word before the cursor may become.
func (r *Prompt) complete(before, after string) completion {
	p := &place{r: r, before: before, after: after}
	if word, words, ok := p.own(); ok {
		return p.completion(word, words, false)
	}
	p.spans = lang.Spans(before)
	if n := len(p.spans); n > 0 {
		switch last := p.spans[n-1]; last.Class {
		case lang.OpenString:
			return p.inString(last)
		case lang.Comment, lang.Directive:
			if !strings.HasSuffix(before, "*/") {
				return completion{from: len([]rune(before))}
			}
		}
	}
	for _, c := range completers {
		if p.match = c.ends.FindStringSubmatch(before); p.match == nil {
			continue
		}
		word := p.match[len(p.match)-1]
		p.class = classAt(before[:len(before)-len(word)], word)
		if c.fits != nil && !c.fits(p) {
			continue
		}
		return p.completion(word, c.words(p), true)
	}
	return completion{from: len([]rune(before))}
}

// classAt is the class that the lexer gives to a name in the place of a word.
func classAt(before, word string) lang.SpanClass {
	if strings.HasSuffix(before, "^") {
		before = strings.TrimSuffix(before, "^")
		word = "^" + word
	}
	probe := word
	if bare := strings.TrimLeft(word, "^"); bare == "" || bare == "%" {
		probe += "Z9"
	}
	for _, s := range lang.Spans(before + probe) {
		if s.To > len(before) {
			return s.Class
		}
	}
	return lang.Blank
}

// completion keeps the words that begin as the word does, in its case where case does not
// matter.
func (p *place) completion(word string, words []string, exact bool) completion {
	c := completion{from: len([]rune(p.before)) - len([]rune(word))}
	fold := func(begins func(full string) bool) {
		for _, full := range words {
			if begins(full) && !slices.Contains(c.words[max(0, len(c.words)-20):], full) {
				c.words = append(c.words, full)
			}
		}
	}
	if exact {
		fold(func(full string) bool { return strings.HasPrefix(full, word) })
	}
	if len(c.words) == 0 {
		fold(func(full string) bool { return len(full) >= len(word) && strings.EqualFold(full[:len(word)], word) })
	}
	return c
}

// inCase gives words of the tables the case that a word is typed in: lower, or as they are.
func inCase(word string, words []string) []string {
	if bare := strings.TrimLeft(word, "$/:"); bare == "" || bare != strings.ToLower(bare) {
		return words
	}
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.ToLower(w)
	}
	return out
}

// common is what all the words begin with, without regard to case.
func (c completion) common() string {
	if len(c.words) == 0 {
		return ""
	}
	same := []rune(c.words[0])
	for _, w := range c.words[1:] {
		other := []rune(w)
		n := 0
		for n < len(same) && n < len(other) && strings.EqualFold(string(same[n]), string(other[n])) {
			n++
		}
		same = same[:n]
	}
	return string(same)
}

// menu is what readline needs to list the words, of which one can be chosen there: what each
// has behind the word that is typed, and how many characters of that it may show before. It
// is not for lists that need more rows, or of words that need more columns.
func (c completion) menu(word []rune, width, rows int) (rest [][]rune, shared int, ok bool) {
	if len(c.words) > width*rows {
		return nil, 0, false
	}
	if len(string(word)) == len(word) { // of what is wide it does not know how wide
		shared = len(word)
	}
	widest := 0
	for _, w := range c.words {
		line := standIns(w)
		line = line[min(len(word), len(line)):]
		rest = append(rest, line)
		if n := len(line); len(string(line)) == n {
			widest = max(widest, n)
		} else {
			widest = max(widest, 2*n)
		}
	}
	per := (width - 1) / (widest + shared + 1)
	return rest, shared, per > 0 && len(rest)/per < rows
}

// list sets the words in columns, no more than there is room for.
func (c completion) list(width, rows int) (lines []string) {
	width, rows = max(width, 10), max(rows, 1)
	words, widest := make([]string, 0, min(len(c.words), width*rows)), 1
	for _, w := range c.words[:min(len(c.words), width*rows)] {
		w = lang.Visible(w)
		if r := []rune(w); len(r) > width-2 {
			w = string(r[:(width-2)/2]) + "…"
		}
		words = append(words, w)
		widest = max(widest, columnsOf(w)+2)
	}
	per := max(1, (width-1)/widest)
	room := rows
	if len(c.words) > per*room {
		room = max(1, rows-1)
	}
	show := min(len(words), per*room)
	height := (show + per - 1) / per
	for i := range height {
		line := ""
		for j := i; j < show; j += height {
			line += words[j] + strings.Repeat(" ", widest-columnsOf(words[j]))
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	if n := len(c.words) - show; n > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", n))
	}
	return lines
}

// distinct are words sorted, each once.
func distinct(words []string) []string {
	sort.Strings(words)
	return slices.Compact(words)
}
