package repl

// Shortcuts: lines that begin with a colon or an exclamation mark are for the prompt
// itself (spec §7).

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

// shortcut is one row of the table. run returns commands to execute, "" for none.
type shortcut struct {
	name, syntax, doc string
	run               func(r *Prompt, in lines, rest string) string
	words             func(r *Prompt, word string) []string // what may stand behind it, for completion
}

var shortcuts []shortcut

func init() { // a cycle otherwise: :? lists the table
	shortcuts = []shortcut{
		{"?", ":?", "list the shortcuts", (*Prompt).listShortcuts, nil},
		{"alias", ":alias [name commands]", "give commands a name, in which $1, $2 and $* are what stands behind it; alone, list them", (*Prompt).alias, (*Prompt).aliasNames},
		{"unalias", ":unalias name", "forget an alias", (*Prompt).unalias, (*Prompt).aliasNames},
		{"history", ":history [text]", "list the history, or its lines with a text in them; :n executes line n, :text the last that begins with text", (*Prompt).pastLines, nil},
		{"clear", ":clear", "empty the history", (*Prompt).clearHistory, nil},
		{"keys", ":keys", "what the keys do", (*Prompt).listKeys, nil},
		{"trace", ":trace on|off [file]", "show what goes over the devices, or write it into a file: .html, .pcapng, .jsonl or text", (*Prompt).trace, traceWords},
		{"devices", ":devices", "each open device with its state, addresses, mode and the bytes in its buffers", (*Prompt).openDevices, nil},
		{"jobs", ":jobs", "each job with its state, line and device", (*Prompt).jobs, nil},
		{"globals", ":globals", "the globals of the namespace", (*Prompt).globals, nil},
		{"load", ":load file", "compile a file and make its routine the one that its name stands for", (*Prompt).load, filesOf},
		{"edit", ":edit routine|file", "edit a routine with $VISUAL or $EDITOR, and load it", (*Prompt).edit, (*Prompt).routinesAndFiles},
	}
}

// shortcut executes a line that is the prompt's own. Otherwise it returns what Execute
// shall have: an alias is replaced by what it stands for.
func (r *Prompt) shortcut(in lines, text string) (commands string, done bool) {
	line := strings.TrimSpace(text)
	if command, ok := strings.CutPrefix(line, "!"); ok {
		r.shell(in, command)
		return "", true
	}
	name, ok := strings.CutPrefix(line, ":")
	if !ok {
		return text, false
	}
	name, rest, _ := strings.Cut(name, " ")
	rest = strings.TrimSpace(rest)
	if past := in.past(); name != "" {
		if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(past) {
			commands = past[n-1]
		}
	}
	if body, ok := r.aliases[name]; ok {
		commands = expandAlias(body, rest)
	}
	if commands == "" {
		row := findShortcut(name)
		if row == nil {
			commands = lastBeginning(in.past(), name+strings.TrimPrefix(line[1:], name))
		}
		if row == nil && commands != "" {
			return commands, false
		}
		if row == nil {
			r.write("there is no shortcut :" + lang.Visible(name) + "; :? lists them")
			return "", true
		}
		commands = row.run(r, in, rest)
	}
	return commands, commands == ""
}

// lastBeginning is the last command of the history, this one aside, that begins with a text.
func lastBeginning(past []string, text string) string {
	for i := len(past) - 1; i >= 0; i-- {
		if text != "" && strings.HasPrefix(past[i], text) && !ownLine(past[i]) {
			return past[i]
		}
	}
	return ""
}

// ownLine tells lines that are for the prompt itself: they end with their line.
func ownLine(text string) bool {
	line := strings.TrimLeft(text, " \t")
	return line != "" && strings.ContainsRune(":!?", rune(line[0]))
}

// findShortcut finds a row by its name or by the beginning of it, which only one has.
func findShortcut(name string) (found *shortcut) {
	for i := range shortcuts {
		switch s := &shortcuts[i]; {
		case s.name == name:
			return s
		case name != "" && strings.HasPrefix(s.name, name) && found != nil:
			return nil
		case name != "" && strings.HasPrefix(s.name, name):
			found = s
		}
	}
	return found
}

// expandAlias puts the words behind an alias in the place of $1, $2, … and $*.
func expandAlias(body, rest string) string {
	words := strings.Fields(rest)
	pairs := []string{"$*", rest}
	for i := 9; i >= 1; i-- {
		word := ""
		if i <= len(words) {
			word = words[i-1]
		}
		pairs = append(pairs, "$"+strconv.Itoa(i), word)
	}
	return strings.NewReplacer(pairs...).Replace(body)
}

func (r *Prompt) listShortcuts(lines, string) string {
	var rows [][2]string
	for _, s := range shortcuts {
		rows = append(rows, [2]string{s.syntax, s.doc})
	}
	r.write(explained(append(rows, [2]string{"!command", "a command of the operating system's shell"})))
	return ""
}

func (r *Prompt) alias(_ lines, rest string) string {
	name, body, given := strings.Cut(rest, " ")
	switch {
	case given:
		r.setAlias(name, strings.TrimSpace(body))
	case name != "":
		r.write(":alias name commands")
	default:
		var list []string
		for name, body := range r.aliases {
			list = append(list, lang.Visible(":"+name+" "+body))
		}
		sort.Strings(list)
		r.write(strings.Join(list, "\n"))
	}
	return ""
}

func (r *Prompt) setAlias(name, body string) {
	if r.aliases == nil {
		r.aliases = map[string]string{}
	}
	r.aliases[name] = body
}

func (r *Prompt) unalias(_ lines, name string) string {
	delete(r.aliases, name)
	return ""
}

func (r *Prompt) pastLines(in lines, part string) string {
	var found []string
	for i, line := range in.past() {
		if strings.Contains(line, part) {
			further := strings.Split(line, "\n")
			for j := range further {
				further[j] = lang.Visible(further[j])
			}
			found = append(found, fmt.Sprintf("%4d  %s", i+1, strings.Join(further, "\n      ")))
		}
	}
	r.write(strings.Join(found, "\n"))
	return ""
}

func (r *Prompt) clearHistory(in lines, _ string) string {
	in.forget()
	return ""
}

func (r *Prompt) listKeys(lines, string) string {
	var rows [][2]string
	for _, k := range editKeys {
		if k.name != "" {
			rows = append(rows, [2]string{k.name, k.doc})
		}
	}
	r.write(explained(rows))
	return ""
}

func (r *Prompt) openDevices(lines, string) string {
	var out []string
	for _, d := range r.Process.Devices() {
		s := lang.Visible(d.Name) + "  " + d.State
		if d.Local != "" {
			s += " " + d.Local
		}
		if d.Peer != "" {
			s += " to " + d.Peer
		}
		if d.Mode != "" {
			s += "  mode " + lang.Visible(d.Mode)
		}
		if d.Unread+d.Unsent > 0 {
			s += fmt.Sprintf("  %d bytes unread, %d unsent", d.Unread, d.Unsent)
		}
		if d.Principal {
			s += "  principal"
		}
		out = append(out, s)
	}
	r.write(strings.Join(out, "\n"))
	return ""
}

func (r *Prompt) jobs(lines, string) string {
	var out []string
	for _, j := range r.Process.System().Processes() {
		if j.Job == r.Process.ID() {
			j.State, j.Place = "PROMPT", ""
		}
		s := fmt.Sprintf("%-10d %-6s %-20s %s", j.Job, j.State, lang.Visible(j.Place), lang.Visible(j.Device))
		out = append(out, strings.TrimRight(s, " "))
	}
	r.write(strings.Join(out, "\n"))
	return ""
}

func (r *Prompt) globals(lines, string) string {
	names, err := r.Process.GlobalNames()
	if err != nil {
		r.write(lang.Visible(err.Error()))
		return ""
	}
	for i := range names {
		names[i] = "^" + lang.Visible(names[i])
	}
	r.write(strings.TrimSuffix(columns(names), "\n"))
	return ""
}

func (r *Prompt) load(_ lines, path string) string {
	rtn, err := r.Process.System().LoadFile(path)
	if err != nil {
		r.write(lang.Visible(err.Error()))
		return ""
	}
	r.loaded(rtn)
	return ""
}

// loaded tells of a routine and of what is wrong with it.
func (r *Prompt) loaded(rtn *runtime.Routine) {
	text := "^" + rtn.Name + " from " + lang.Visible(rtn.Path)
	for _, e := range rtn.Errors {
		text += "\n" + lang.Visible(e.Error())
	}
	r.write(text)
}

func (r *Prompt) edit(in lines, name string) string {
	if r.shut() {
		return ""
	}
	path := strings.TrimPrefix(name, "^")
	if rtn, err := r.Process.System().Routine(path); err == nil && rtn.Path != "" {
		path = rtn.Path
	}
	if _, err := os.Stat(path); err != nil {
		r.write(lang.Visible(err.Error()))
		return ""
	}
	editor := os.Getenv("VISUAL")
	if editor == "" {
		editor = os.Getenv("EDITOR")
	}
	if editor == "" {
		editor = "vi"
	}
	r.shell(in, editor+" '"+strings.ReplaceAll(path, "'", `'\''`)+"'")
	return r.load(in, path)
}

// shut tells whether a flag forbids other programs, and says so.
func (r *Prompt) shut() bool {
	var e *devices.Error
	if !errors.As(r.Process.System().Programs(), &e) {
		return false
	}
	r.write("<" + e.Name + "> " + e.Info)
	return true
}

// shell runs a command of the operating system on this terminal.
func (r *Prompt) shell(in lines, command string) {
	if r.shut() {
		return
	}
	_ = r.flush()
	name, flag := "/bin/sh", "-c"
	if comspec := os.Getenv("ComSpec"); comspec != "" {
		name, flag = comspec, "/c"
	}
	c := exec.Command(name, flag, command)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if in.typed() {
		c.Stdin = os.Stdin
	}
	if err := c.Run(); err != nil {
		r.write(lang.Visible(err.Error()))
	}
}
