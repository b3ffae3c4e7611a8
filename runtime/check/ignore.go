package check

// Comments that silence rules: "; cos:ignore RULE,RULE why" at the end of a line for that
// line, on a line of its own for the next one; "; cos:ignore-file RULE,RULE why" anywhere for
// the routine.

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// ignore is one rule that a comment silences.
type ignore struct {
	rule       string
	line       int // that it silences, 0: all
	at, column int // where it stands
	used       bool
	unknown    bool // there is no such rule
	firm       bool // it is one that cannot be silenced
}

var ignoreComment = regexp.MustCompile(`(?:;|//|/\*)[;\s]*cos:ignore(-file)?(?:[ \t]+([A-Za-z][A-Za-z,-]*))?`)

// ignores finds the comments of a routine.
func ignores(source []string) (all []*ignore) {
	for i, line := range source {
		if !strings.Contains(line, "cos:ignore") {
			continue
		}
		m := ignoreComment.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		x := ignore{line: i + 1, at: i + 1, column: 1 + utf8.RuneCountInString(line[:m[0]])}
		switch {
		case m[2] >= 0:
			x.line = 0
		case strings.Trim(line[:m[0]], " \t.") == "":
			x.line++
		}
		if m[4] < 0 { // it names no rule
			x.unknown = true
			all = append(all, &x)
			continue
		}
		for _, name := range strings.Split(line[m[4]:m[5]], ",") {
			x := x
			x.rule = name
			if r := findRule(name); r != nil {
				x.rule, x.firm = r.Name, r.Name == syntax || r.Name == unusedIgnore
			} else {
				x.unknown = true
			}
			all = append(all, &x)
		}
	}
	return all
}

const unusedIgnore = "unused-ignore"

// silence takes away what comments silence.
func (c *checker) silence() {
	kept := c.found[:0]
	for _, f := range c.found {
		silent := false
		for _, x := range c.ignores {
			if x.rule == f.Rule && !x.firm && (x.line == 0 || x.line == f.Pos.Line) && !f.Included {
				x.used, silent = true, true
			}
		}
		if !silent {
			kept = append(kept, f)
		}
	}
	c.found = kept
}

// leftovers reports comments that silence nothing. Of a rule that is not looked for, nobody
// knows.
func (c *checker) leftovers() {
	for _, x := range c.ignores {
		msg := ""
		switch {
		case x.rule == "":
			msg = "cos:ignore needs the names of rules"
		case x.unknown:
			msg = unknownRule(x.rule)
		case x.firm:
			msg = "the rule " + x.rule + " cannot be silenced"
		case !x.used && c.rules[x.rule] != "":
			msg = "this comment silences no finding of " + x.rule
		}
		if msg != "" {
			c.warnAt(unusedIgnore, x.at, x.column, msg)
		}
	}
}
