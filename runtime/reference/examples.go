package reference

// The examples: examples/*.t, a file per table. An example begins with the names of the
// rows it belongs to, separated by blanks (a class for its methods), and ends with an
// empty line:
//
//	$PIECE $P
//	> WRITE $PIECE("a,b,c",",",2)
//	b
//
// "> " is a line at the prompt, what it prints follows; "| " is a line of the routine
// ex; "< " is a line that is typed into READ; "~ " tells what differs from Caché; "\" is an
// empty line of output. An error is shown as $ZERROR.

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed examples/*.t
var exampleFiles embed.FS

// Example is one example.
type Example struct {
	File    string   // its file, and the line where it begins
	Line    int      //
	Names   []string // of the rows it belongs to
	Routine []string // lines of the routine ex
	Input   []string // lines that are typed
	Steps   []Step
	Differs string // from Caché
}

// Step is a line at the prompt and what it prints.
type Step struct {
	Code   string
	Output []string
}

// Examples are all examples by their files' names, in order.
func Examples() []Example {
	list, err := exampleFiles.ReadDir("examples")
	if err != nil {
		panic(err) // embedded
	}
	var out []Example
	for _, f := range list {
		text, err := exampleFiles.ReadFile(path.Join("examples", f.Name()))
		if err != nil {
			panic(err)
		}
		out = append(out, parse(f.Name(), string(text))...)
	}
	return out
}

func parse(file, text string) (out []Example) {
	var e *Example
	for i, l := range strings.Split(text, "\n") {
		mark, rest, _ := strings.Cut(l, " ")
		switch {
		case l == "":
			e = nil
		case e == nil && strings.HasPrefix(l, ";"): // a comment
		case e == nil:
			out = append(out, Example{File: file, Line: i + 1, Names: strings.Fields(strings.ReplaceAll(l, "unary ", "unary"))})
			e = &out[len(out)-1]
			for j, n := range e.Names {
				e.Names[j] = strings.Replace(n, "unary", "unary ", 1)
			}
		case mark == ">":
			e.Steps = append(e.Steps, Step{Code: rest})
		case mark == "|":
			e.Routine = append(e.Routine, rest)
		case mark == "<":
			e.Input = append(e.Input, rest)
		case mark == "~":
			e.Differs = strings.TrimSpace(e.Differs + " " + rest)
		case len(e.Steps) == 0:
			panic(fmt.Sprintf("%s:%d: output before any command", file, i+1))
		default:
			if l == `\` {
				l = ""
			}
			s := &e.Steps[len(e.Steps)-1]
			s.Output = append(s.Output, l)
		}
	}
	return out
}

// text is the example as its file has it.
func (e *Example) text() string {
	var b strings.Builder
	b.WriteString(strings.Join(e.Names, " ") + "\n")
	mark := func(m string, lines []string) {
		for _, l := range lines {
			b.WriteString(m + " " + l + "\n")
		}
	}
	mark("|", e.Routine)
	mark("<", e.Input)
	for _, s := range e.Steps {
		mark(">", []string{s.Code})
		for _, l := range s.Output {
			if l == "" {
				l = `\`
			}
			b.WriteString(l + "\n")
		}
	}
	if e.Differs != "" {
		mark("~", []string{e.Differs})
	}
	return b.String()
}

// Show is the example as a reader sees it: the routine, then the prompt.
func (e *Example) Show() []string {
	var out []string
	if len(e.Routine) > 0 {
		out = append(out, "; routine ex")
		out = append(out, e.Routine...)
	}
	for _, s := range e.Steps {
		out = append(out, "USER>"+s.Code)
		out = append(out, s.Output...)
	}
	return out
}
