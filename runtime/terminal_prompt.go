package runtime

// What the prompt shows before its >: Caché's setting TerminalPrompt, a list of numbers
// that %SYSTEM.Process sets for its process.

import (
	"strconv"
	"strings"
	"time"
)

// promptPart is one row of the table: what a number stands for.
type promptPart struct {
	doc  string
	text func(*Process) string // "": the prompt leaves it out
}

// promptParts are the numbers of TerminalPrompt.
var promptParts = [...]promptPart{
	0: {"nothing", func(*Process) string { return "" }},
	1: {"the host", func(p *Process) string { return p.sys.node() }},
	2: {"the namespace", func(p *Process) string { return p.namespace }},
	3: {"the instance", func(*Process) string { return instance }},
	4: {"the time", func(p *Process) string { return p.now().Format(time.TimeOnly) }},
	5: {"$JOB", func(p *Process) string { return strconv.Itoa(p.id) }},
	6: {"the user", func(*Process) string { return userName() }},
	7: {"how many seconds the last command took", func(p *Process) string {
		return strings.TrimPrefix(strconv.FormatFloat(p.took.Seconds(), 'f', 6, 64), "0")
	}},
	8: {"the level of the transaction, in one", func(p *Process) string {
		if n := p.transactionLevel(); n > 0 {
			return "TL" + strconv.Itoa(n)
		}
		return ""
	}},
}

// usualPrompt is TL1:USER>.
const usualPrompt = "8,2"

// Prompt is what the terminal shows when the next line is to be typed: the parts of
// TerminalPrompt, and where a program has stopped (spec §7).
func (p *Process) Prompt() string {
	var shown []string
	for number := range strings.SplitSeq(p.promptFormat(), ",") {
		n, _ := strconv.Atoi(number)
		if text := promptParts[n].text(p); text != "" {
			shown = append(shown, text)
		}
	}
	return strings.TrimSpace(strings.Join(shown, ":")+" "+p.Standing()) + ">"
}

func (p *Process) promptFormat() string {
	if p.settings.prompt == "" {
		return usualPrompt
	}
	return p.settings.prompt
}

// processTerminalPrompt is TerminalPrompt(n,…): each argument a number of the table, or a list
// of them such as the one that this returns, the setting before.
func processTerminalPrompt(p *Process, _ *object, a []Value) Value {
	var numbers []string
	for i := range a {
		v := p.in(a, i)
		if !v.defined() {
			continue
		}
		for number := range strings.SplitSeq(v.asText().text, ",") {
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 || n >= len(promptParts) {
				p.raise(errIllegal, "")
			}
			numbers = append(numbers, strconv.Itoa(n))
		}
	}
	was := p.promptFormat()
	if len(numbers) > 0 {
		p.settings.prompt = strings.Join(numbers, ",")
	}
	return Text(was)
}

// promptDoc is the table in words.
func promptDoc() string {
	var list []string
	for n, part := range promptParts {
		list = append(list, strconv.Itoa(n)+" "+part.doc)
	}
	return "TerminalPrompt(n1,n2,…): what the prompt of this process shows, in this order (" + usualPrompt + " unless set): " +
		strings.Join(list, "; ") + "; returns the previous setting"
}
