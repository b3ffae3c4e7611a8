// Package repl is the prompt: USER>, line editing, history, completion and help.
package repl

import (
	"errors"
	"io"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

// Prompt reads lines and executes them, as a Caché terminal session does (spec §7).
//
// On a terminal it edits lines with a history and shows the prompt. Otherwise it
// executes the lines that standard input holds, without prompting; errors are shown on
// the output, where Caché shows them, and make the exit code 1 at the end.
type Prompt struct {
	Process  *runtime.Process
	Console  devices.Console
	Terminal *devices.Terminal
	Banner   string     // what a person sees first, "" for nothing
	History  string     // the history file, "" for none
	Begin    []string   // files with aliases; the first that exists counts
	Tracer   Tracer     // what :trace begins; nil: it cannot
	Reports  Reports    // where jobs report their errors; nil: elsewhere
	Waiting  func(bool) // is told when a line is waited for; nil: nobody asks
	coloured bool       // what a person reads may be
	failed   bool       // a line ended in an untrapped error
	aliases  map[string]string
	tracing  func() error // ends the trace of :trace on, nil: there is none
}

// Reports has jobs report their errors to another writer. back has them do so where they did.
type Reports func(to io.Writer) (back func())

// ErrFailed is what Run returns when input that nobody typed had a line that failed.
// The error itself has been shown.
var ErrFailed = errors.New("a line ended in an error")

// lines is where lines come from.
type lines interface {
	// command waits for a command, of several lines while something is open. io.EOF ends
	// the input; errCleared means that Ctrl-C dropped what was typed.
	command(prompt string) (string, error)
	// remember keeps what was executed for the history.
	remember(text string)
	// past is the history, the oldest command first; forget empties it.
	past() []string
	forget()
	typed() bool
	// above takes lines that do not belong to what is typed, from any goroutine.
	above() io.Writer
	close()
}

var errCleared = errors.New("cleared")

// Run executes lines up to the end of the input or HALT. It returns nil,
// runtime.ErrHalt, ErrFailed, or what made the terminal fail.
func (r *Prompt) Run() error {
	in, err := r.open()
	if err != nil {
		return err
	}
	defer in.close()
	if in.typed() {
		if r.Reports != nil {
			defer r.Reports(in.above())()
		}
		r.greet()
		r.begin()
		r.Process.Debug(func(e *runtime.Error) error { return r.stopped(in, e) })
	}
	return r.loop(in)
}

// stopped is the debug prompt: a program has stopped with an error or at a BREAK.
func (r *Prompt) stopped(in lines, e *runtime.Error) error {
	if err := r.Process.AtPrompt(); err == runtime.ErrHalt {
		return err
	}
	if e != nil {
		r.show("", e)
	} else {
		r.newline()
	}
	if err := r.flush(); err != nil {
		return runtime.ErrHalt
	}
	switch err := r.loop(in); err {
	case runtime.ErrResume:
		return nil
	default: // the input has ended, with or without an error
		return runtime.ErrHalt
	}
}

// loop executes lines until one of them, or the input, ends it.
func (r *Prompt) loop(in lines) error {
	for {
		text, err := in.command(lang.Visible(r.Process.Prompt()))
		switch {
		case err == io.EOF && r.failed && !in.typed():
			return ErrFailed
		case err == io.EOF:
			return nil
		case err == errCleared:
			continue
		case err != nil:
			return err
		}
		if err := r.execute(in, text); err != nil {
			return err
		}
	}
}

// open chooses the editor for a person and plain lines for anything else.
func (r *Prompt) open() (lines, error) {
	if keys, ok := r.Console.(*keyboard); ok && r.Console.OutputTTY() {
		r.coloured = Colours()
		return newEditor(r, keys)
	}
	return &plainLines{r}, nil
}

// greet says where one is, as Caché does.
func (r *Prompt) greet() {
	if r.Banner == "" {
		return
	}
	r.write("\n" + lang.Visible(r.Banner) + "\n\n")
	_ = r.flush()
}

// wait waits for a line, which other goroutines may interrupt or kill.
func (r *Prompt) wait(read func() (string, error)) (string, error) {
	if r.Waiting != nil {
		r.Waiting(true)
		defer r.Waiting(false)
	}
	text, err := read()
	if err != io.EOF { // an interrupt that came meanwhile was for the prompt, not for what was typed
		if settled := r.Process.Settle(); settled == runtime.ErrHalt {
			return "", settled
		}
	}
	return text, err
}

// sourceLine tells a line for the current routine: it begins with a tab (spec §7).
func sourceLine(text string) bool { return strings.HasPrefix(text, "\t") }

// quoted is a string literal.
func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// incomplete tells that further lines could complete the text.
func incomplete(text string) bool {
	if sourceLine(text) || ownLine(text) {
		return false
	}
	var e *lang.SyntaxError
	_, err := lang.ParseCommands(text)
	return errors.As(err, &e) && e.Incomplete
}

// continuation is the prompt of a further line, as wide as the first one.
func continuation(prompt string) string {
	return strings.Repeat(".", max(1, columnsOf(prompt)-1)) + ">"
}

// execute runs one command and shows what comes of it. Only what must end the prompt
// is an error.
func (r *Prompt) execute(in lines, text string) error {
	r.settleCursor(in)
	if strings.TrimSpace(text) == "" {
		return r.flush()
	}
	in.remember(text)
	if in.typed() && sourceLine(text) {
		text = "ZINSERT " + quoted(text)
	}
	if topic, ok := strings.CutPrefix(strings.TrimSpace(text), "?"); ok {
		r.write(Help(topic))
		return r.endLine(in)
	}
	text, done := r.shortcut(in, text)
	if done {
		return r.endLine(in)
	}
	err := r.Process.Execute(text)
	if err == runtime.ErrResume {
		return err
	}
	prompt := r.Process.AtPrompt()
	if err == nil {
		err = prompt
	}
	switch {
	case err == runtime.ErrHalt:
		return err
	case err == nil:
		return r.endLine(in)
	}
	r.failed = true
	r.show(text, err)
	return r.flush()
}

// settleCursor says that the typed line has moved the cursor to a new line.
func (r *Prompt) settleCursor(in lines) {
	if in.typed() {
		r.Terminal.State().X = 0
	}
}

// endLine ends the line of output before the next prompt: always when a person types,
// otherwise where one was begun.
func (r *Prompt) endLine(in lines) error {
	if in.typed() || r.Terminal.State().X != 0 {
		r.newline()
	}
	return r.flush()
}

func (r *Prompt) newline() { _ = r.Terminal.Format(devices.Newline, 0) }

// flush shows what is pending; it fails when the terminal does. What the store refuses AtPrompt has told.
func (r *Prompt) flush() error {
	err := r.Terminal.Flush(devices.AtPrompt)
	var failed *devices.Error
	if errors.As(err, &failed) && failed.Name != "WRITE" {
		return nil
	}
	return err
}

// write writes text of the prompt's own, whose lines end in \n, in the terminal's manner.
// WRITE sends what the program says; here nothing that a peer or a file has put into a text
// reaches the terminal as it is.
func (r *Prompt) write(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			r.newline()
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				_ = r.Terminal.Write(fromUTF8("\t"))
			}
			_ = r.Terminal.Write(fromUTF8(lang.Visible(part)))
		}
	}
}

// alarm writes a line in red, where there are colours.
func (r *Prompt) alarm(line string) {
	if !r.coloured {
		r.write(line + "\n")
		return
	}
	_ = r.Terminal.Write(fromUTF8("\x1b[1;31m"))
	r.write(line)
	_ = r.Terminal.Write(fromUTF8("\x1b[m"))
	r.newline()
}

// show displays an error: a blank line, the source line, a caret below the command, the
// error, a blank line (spec §4.3).
func (r *Prompt) show(text string, err error) {
	if r.Terminal.State().X != 0 {
		r.newline()
	}
	r.newline()
	var failed *runtime.Error
	var syntax *lang.SyntaxError
	switch {
	case errors.As(err, &failed):
		line := failed.Line
		if line.Line > 0 {
			source := line.Text
			if line.Routine == "" {
				source = canonical(source)
			}
			r.source(source, line.Col)
		}
		r.alarm(failed.Text())
	case errors.As(err, &syntax):
		e := r.Process.SyntaxError(syntax)
		r.source(syntax.Source, syntax.Pos.Column)
		r.alarm(e.Text() + " " + syntax.Msg)
	default:
		r.alarm(err.Error())
	}
	r.newline()
}

// source shows a source line with a caret below a column.
func (r *Prompt) source(line string, column int) {
	line, column = lang.Excerpt(line, column)
	r.write(line + "\n" + caret(line, column) + "\n")
}

// caret is the line below a source line, a caret at a column counted in characters; tabs
// stay and a wide character is two blanks, so both lines are aligned.
func caret(source string, col int) string {
	var b strings.Builder
	n := 1
	for _, c := range source {
		if n >= col {
			break
		}
		if n++; c == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString("      "[:columnsOf(string(c))])
	}
	return b.String() + "^"
}

// canonical is a typed line as an error shows it: its commands in upper case.
func canonical(line string) string {
	parsed, err := lang.ParseCommands(line)
	if err != nil {
		return line
	}
	b := []byte(line)
	for _, l := range parsed.Lines {
		for _, c := range l.Commands {
			for i := c.Start().Pos.Offset; i < len(b) && isLetter(b[i]); i++ {
				b[i] &^= 'a' - 'A'
			}
		}
	}
	return string(b)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
