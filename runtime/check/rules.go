package check

// THE RULE TABLE. A row is a rule with all that is said of it: help, docs/check.md and the
// SARIF output show it, and a test checks its example and the better one.

import (
	"fmt"
	"slices"
	"strings"

	"cos/lang"
)

// Severity is how bad a finding is.
type Severity string

// Errors end a check with exit code 2; warnings do not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Rule is one row.
type Rule struct {
	Name     string
	Severity Severity
	Off      bool   // only looked for when it is enabled
	Doc      string // what it reports, one sentence
	Why      string // why that matters, and when it does not
	Example  string // a routine in which it reports something
	Better   string // one in which nothing is reported
}

const syntax = "syntax"

// rules is the table, in the order in which docs/check.md has it.
var rules = []Rule{
	{Name: syntax, Severity: Error,
		Doc: "what does not parse or compile",
		Why: `Such a line raises <SYNTAX> when it is reached; the rest of the routine runs. This rule can be neither disabled nor silenced.`,
		Example: `main
 SET x=$PEICE("a,b",",")
 QUIT
`,
		Better: `main
 SET x=$PIECE("a,b",",")
 QUIT
`},
	{Name: "unreachable", Severity: Warning,
		Doc: "commands and lines that are never reached",
		Why: `What stands before them on their path always leaves: QUIT, GOTO, RETURN, THROW, HALT, CONTINUE without a condition, a FOR
that nothing ends, both branches of an IF. Or they are dotted lines without an argumentless DO above them. A label
is always taken to be reached, so is label+n where the routine goes there; in a routine that goes to label+expression
the rule says nothing. The usual causes are a forgotten condition, and one blank where QUIT needs two.`,
		Example: `sum(n)
 IF n<0 QUIT 0
 QUIT n*(n+1)\2
 SET n=0
`,
		Better: `sum(n)
 IF n<0 QUIT 0
 QUIT n*(n+1)\2
`},
	{Name: "unused-label", Severity: Warning,
		Doc: "private labels that nothing runs",
		Why: `A procedure that is not PUBLIC, and a label within a procedure, can be run by their own routine only. Nothing is said of a
routine that names labels by indirection or in the code of an XECUTE that is not literal, nor of a label whose name stands in
a string of the routine: $ETRAP and $ZTRAP name labels so.`,
		Example: `main
 WRITE $$double(2),!
 QUIT
double(n) { QUIT n*2 }
triple(n) { QUIT n*3 }
`,
		Better: `main
 WRITE $$double(2),!
 QUIT
double(n) { QUIT n*2 }
triple(n) PUBLIC { QUIT n*3 }
`},
	{Name: "uncalled-label", Severity: Warning, Off: true,
		Doc: "labels that no routine of the check runs",
		Why: `Every label outside of procedures, and every PUBLIC one, may be run from anywhere: another routine, a menu in a global, the
command line. So the rule is off unless enabled, and is for checks of a whole program, whose routines are all given. It
leaves out first labels, labels that the line above goes on into, and names that stand in strings.`,
		Example: `main
 DO work
 QUIT
work
 QUIT
idle
 QUIT
`,
		Better: `main
 DO work,idle
 QUIT
work
 QUIT
idle
 QUIT
`},
	{Name: "unset-variable", Severity: Warning,
		Doc: "variables that are read before anything has set them",
		Why: `Reading one raises <UNDEFINED>. It is reported only where it is certain: behind NEW or KILL of the variable, and for the
private variables of a procedure. Whatever might set it in between silences the rule: a call for public variables, XECUTE,
indirection, passing by reference, a loop, a label. $GET, $DATA, $ORDER and MERGE may name variables without a value.`,
		Example: `total(list) PUBLIC {
 FOR i=1:1:$LISTLENGTH(list) SET sum=$LIST(list,i)+total
 QUIT sum
}
`,
		Better: `total(list) PUBLIC {
 SET sum=0
 FOR i=1:1:$LISTLENGTH(list) SET sum=sum+$LIST(list,i)
 QUIT sum
}
`},
	{Name: "no-timeout", Severity: Warning,
		Doc: "OPEN of a TCP device, and READ from one, without a timeout",
		Why: `Such a READ waits for ever for a peer that is silent or has gone without a word, and the job with it; such an OPEN waits as long
as the system lets it. READ is reported where the last USE before it, with no call in between, is of a TCP device, and OPEN
where its device is: a literal, or a variable that the routine sets to names of TCP devices only.`,
		Example: `client(host)
 SET io="|TCP|1"
 OPEN io:(host:7001:"M"):10 IF '$TEST QUIT
 USE io READ line
 CLOSE io
 QUIT
`,
		Better: `client(host)
 SET io="|TCP|1"
 OPEN io:(host:7001:"M"):10 IF '$TEST QUIT
 USE io READ line:30
 CLOSE io
 QUIT
`},
	{Name: "private-job", Severity: Warning,
		Doc: "JOB of a label within a procedure",
		Why: `JOB begins outside of the procedure, where its labels are not known: it raises <NOLINE>.`,
		Example: `start() PUBLIC {
 JOB worker::5
 QUIT
worker
 HANG 1
 QUIT
}
`,
		Better: `start() PUBLIC {
 JOB worker::5
 QUIT
}
worker
 HANG 1
 QUIT
`},
	{Name: "terminators", Severity: Warning,
		Doc: "a list of terminators beside the mode T of a TCP device",
		Why: `The list takes the place of the CR, LF and FF of T, whatever the mode says, so one of the two is not what was meant.`,
		Example: ` OPEN "|TCP|1":(:7001:"ST":$CHAR(0)):5
`,
		Better: ` OPEN "|TCP|1":(:7001:"S":$CHAR(0)):5
`},
	{Name: "device-keyword", Severity: Warning,
		Doc: "device keywords that no device knows",
		Why: `OPEN and USE ignore a keyword that the device does not have, as Caché does: what it was meant to switch stays as it is.`,
		Example: ` OPEN "|TCP|1":(:7001:/ACEPT):5
`,
		Better: ` OPEN "|TCP|1":(:7001:/ACCEPT):5
`},
	{Name: "mode-letter", Severity: Warning,
		Doc: "letters of a literal mode string that the device does not have",
		Why: `They are ignored, as Caché does.`,
		Example: ` OPEN "|TCP|1":(:7001:"MX"):5
`,
		Better: ` OPEN "|TCP|1":(:7001:"M"):5
`},
	{Name: "zutil", Severity: Warning,
		Doc: "calls of $ZUTIL that raise <FUNCTION> or do nothing here",
		Why: `cos has the calls of docs/language.md; others that programs make in passing do nothing.`,
		Example: ` SET old=$ZUTIL(68,28,0)
`,
		Better: ` SET old=$ZUTIL(68,40,0)
`},
	{Name: "unused-ignore", Severity: Warning,
		Doc: "comments that silence nothing, or a rule that there is not",
		Why: `A comment that outlives what it silenced would hide the next finding there.`,
		Example: `main
 QUIT  ; cos:ignore unreachable
`,
		Better: `main
 QUIT
`},
}

// Rules are the rows of the table.
func Rules() []Rule { return slices.Clone(rules) }

func findRule(name string) *Rule {
	for i := range rules {
		if strings.EqualFold(rules[i].Name, name) {
			return &rules[i]
		}
	}
	return nil
}

// unknownRule words that there is no such rule.
func unknownRule(name string) string {
	var names []string
	for i := range rules {
		names = append(names, rules[i].Name)
	}
	msg := "there is no rule " + name
	if near := lang.Nearest(name, names); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return msg
}

// Options choose the rules, by name, and tell where include files are.
type Options struct {
	Disable []string `toml:"disable"` // not looked for
	Enable  []string `toml:"enable"`  // looked for, those that are off without being told among them
	Error   []string `toml:"error"`   // looked for, and errors instead of warnings
	Folders []string `toml:"-"`       // with include files, besides the folder of a routine
}

// selection is the severity of each rule that is looked for.
type selection map[string]Severity

func (o *Options) selection() (selection, error) {
	s := selection{}
	for i := range rules {
		if !rules[i].Off {
			s[rules[i].Name] = rules[i].Severity
		}
	}
	for _, list := range []struct {
		names []string
		apply func(*Rule)
	}{
		{o.Enable, func(r *Rule) { s[r.Name] = r.Severity }},
		{o.Disable, func(r *Rule) { delete(s, r.Name) }},
		{o.Error, func(r *Rule) { s[r.Name] = Error }},
	} {
		for _, name := range list.names {
			r := findRule(name)
			if r == nil {
				return nil, fmt.Errorf("%s", unknownRule(name))
			}
			list.apply(r)
		}
	}
	if s[syntax] == "" {
		return nil, fmt.Errorf("the rule %s cannot be disabled", syntax)
	}
	return s, nil
}
