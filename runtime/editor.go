package runtime

// Routines as data: the current routine of a process, which ZLOAD, ZINSERT, ZREMOVE,
// ZPRINT and ZSAVE work on.
//
// The buffer holds the lines of .INT code: macros are expanded and blank lines gone.
// Code typed at the prompt, and code in XECUTE that loaded or changed a routine, see the
// buffer as the current routine in $TEXT, DO and ZPRINT; other code sees the routine that
// runs. When the XECUTE that began editing ends, the buffer is left to the next one.

import (
	"path/filepath"
	"strings"

	"cos/devices"
	"cos/lang"
)

// editBuffer is the routine that a process edits.
type editBuffer struct {
	name     string // "" before ZSAVE has named it
	path     string // where it was loaded from
	lines    []string
	after    int      // the edit pointer: lines before it
	compiled *Routine // nil after a change
	held     bool     // there is a routine
}

// buffer is the current routine's buffer when the running code sees it: at the prompt,
// and within the XECUTE that began editing. Otherwise nil.
func (p *Process) buffer() *editBuffer {
	if p.edit == nil {
		return nil
	}
	for i := len(p.frames) - 1; i >= 0; i-- {
		switch f := &p.frames[i]; {
		case f.edits:
			return p.edit
		case f.kind == frameDo, f.kind == frameExtrinsic:
			return nil
		}
	}
	return p.edit
}

// editing is the buffer to change. Code in XECUTE that has loaded none begins with the
// routine that runs.
func (p *Process) editing() *editBuffer {
	if e := p.buffer(); e != nil {
		return e
	}
	r := p.routine
	e := p.edited()
	if r != nil && r.Name != "" {
		e.load(p.sys, r)
	}
	return e
}

// edited makes a new buffer and marks the outermost XECUTE that runs as the one which
// edits.
func (p *Process) edited() *editBuffer {
	p.edit = &editBuffer{}
	for i := len(p.frames) - 1; i >= 0; i-- {
		if kind := p.frames[i].kind; kind == frameDo || kind == frameExtrinsic || kind == frameTop {
			if i+1 < len(p.frames) {
				p.frames[i+1].edits = true
			}
			break
		}
	}
	return p.edit
}

// load fills the buffer with a routine's lines.
func (e *editBuffer) load(s *System, r *Routine) {
	*e = editBuffer{name: r.Name, path: r.Path, held: true}
	source := strings.Join(r.Source, "\n")
	text := s.Expanded(r.Path, source)
	if text == source {
		last := int32(0)
		for i, n := range r.order {
			if n > last {
				e.lines = append(e.lines, r.Source[i])
				last = n
			}
		}
		return
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) != "" && !(len(e.lines) == 0 && lang.IsHeader(line)) {
			e.lines = append(e.lines, line)
		}
	}
}

// changed forgets what was compiled of older lines.
func (e *editBuffer) changed() { e.compiled, e.held = nil, true }

// routine compiles the buffer.
func (e *editBuffer) routine(s *System) *Routine {
	if e.compiled == nil {
		e.compiled = s.Compile(e.name, e.path, strings.Join(e.lines, "\n"))
	}
	return e.compiled
}

// currentRoutine is what a label without a routine is looked for in; nil when there is
// none.
func (p *Process) currentRoutine() *Routine {
	if e := p.buffer(); e != nil && e.held {
		return e.routine(p.sys)
	}
	return p.running()
}

// parts evaluates an entryref to its parts; @x may hold a whole one. moved tells that an
// offset was given.
func (n *entryNode) parts(p *Process) (label, routine string, caret, moved bool, offset int) {
	label, routine, caret, moved = n.label, n.routine, n.caret, n.offset != nil
	if n.labelAt != nil {
		label = p.text8(n.labelAt.eval(p))
		if l, r, ok := strings.Cut(label, "^"); ok && !caret {
			label, routine, caret = l, r, true
		}
		if l, off, ok := strings.Cut(label, "+"); ok && !moved {
			label, offset, moved = l, int(Text(off).int64()), true
		}
	}
	if n.routineAt != nil {
		routine = p.text8(n.routineAt.eval(p))
	}
	if n.offset != nil {
		offset = int(n.offset.eval(p).int64())
	}
	return label, routine, caret, moved, offset
}

// lineOf is the line of the buffer that an entryref names, from 1; 0 for +0.
func (e *editBuffer) lineOf(p *Process, n *entryNode) int {
	label, _, _, _, offset := n.parts(p)
	if label == "" {
		return max(0, min(offset, len(e.lines)+1))
	}
	for i, line := range e.lines {
		if labelOf(line) == label {
			return max(0, min(i+1+offset, len(e.lines)+1))
		}
	}
	p.raise(errNoLine, "")
	return 0
}

// labelOf is the label that a source line begins with, "" for none.
func labelOf(line string) string {
	if i := strings.IndexAny(line, " \t(;[{"); i >= 0 {
		return line[:i]
	}
	return line
}

// editors compiles the commands that work on the current routine.
var editors = map[string]func(c *compiler, a *lang.ExprArg) command{
	"ZLOAD": func(c *compiler, a *lang.ExprArg) command { return &zloadCmd{c.routineName(a)} },
	"ZSAVE": func(c *compiler, a *lang.ExprArg) command { return &zsaveCmd{c.routineName(a)} },
	"ZINSERT": func(c *compiler, a *lang.ExprArg) command {
		return &zinsertCmd{c.required("ZINSERT", a), c.lineref(a.Post)}
	},
	"ZREMOVE": func(c *compiler, a *lang.ExprArg) command {
		if a == nil {
			return &zremoveCmd{}
		}
		return &zremoveCmd{c.lineref(a.X), c.lineref(a.Post)}
	},
	"ZPRINT": func(c *compiler, a *lang.ExprArg) command {
		if a == nil {
			return &zprintCmd{}
		}
		return &zprintCmd{c.lineref(a.X), c.lineref(a.Post)}
	},
}

// editor compiles one of them. Those that change a routine cannot stand in one.
func (c *compiler) editor(n *lang.Exprs) []command {
	verb := n.Verb
	if verb == "PRINT" {
		verb = "ZPRINT"
	}
	if c.routine != nil && c.routine.Name != "" && verb != "ZPRINT" {
		c.fail(nil, "%s can stand at the prompt and in XECUTE only", verb)
	}
	if len(n.Args) == 0 {
		return []command{editors[verb](c, nil)}
	}
	var out []command
	for _, a := range n.Args {
		out = append(out, editors[verb](c, a))
	}
	return out
}

// lineref compiles an entryref that stands as an argument; nil stays nil.
func (c *compiler) lineref(x *lang.Expr) *entryNode {
	if x == nil {
		return nil
	}
	e, ok := x.X.(*lang.EntryNode)
	if !ok {
		c.fail(x.X, "a line is expected here: label+offset")
	}
	n := c.entryref(e.Entry)
	n.direct = nil
	return n
}

// routineName compiles the name of a routine: name, ^name or @x; nil for none.
func (c *compiler) routineName(a *lang.ExprArg) *entryNode {
	if a == nil {
		return nil
	}
	n := c.lineref(a.X)
	if n.offset != nil || a.Post != nil || n.label != "" && n.caret {
		c.fail(a.X.X, "the name of a routine is expected here")
	}
	return n
}

// name evaluates a compiled routineName.
func (n *entryNode) name(p *Process) string {
	label, routine, caret, _, _ := n.parts(p)
	if caret {
		return routine
	}
	return label
}

// ZLOAD routine; without one it reads lines from the current device up to an empty one
type zloadCmd struct{ routine *entryNode }

func (n *zloadCmd) exec(p *Process) flow {
	if n.routine == nil {
		e := p.edited()
		for {
			r, err := p.io.current.Read(devices.ReadSpec{})
			if err != nil {
				p.ioError(err, errRead)
			}
			line := FromDevice(r.Text).utf8()
			if line == "" {
				e.changed()
				return flowNext
			}
			e.lines = append(e.lines, line)
			e.after = len(e.lines)
		}
	}
	name := n.routine.name(p)
	e := p.edited()
	r, err := p.sys.Routine(name)
	if err != nil {
		p.raise(errNoRoutine, "*"+name)
	}
	e.load(p.sys, r)
	return flowNext
}

// ZINSERT code[:line]: behind the line, or at the edit pointer
type zinsertCmd struct {
	code expr
	at   *entryNode
}

func (n *zinsertCmd) exec(p *Process) flow {
	line := n.code.eval(p).utf8()
	if strings.ContainsAny(line, "\n\r") {
		p.raise(errSyntax, "")
	}
	e := p.editing()
	if n.at != nil {
		if e.after = e.lineOf(p, n.at); e.after > len(e.lines) {
			p.raise(errNoLine, "")
		}
	}
	e.lines = append(e.lines, "")
	copy(e.lines[e.after+1:], e.lines[e.after:])
	e.lines[e.after] = line
	e.after++
	e.changed()
	return flowNext
}

// between is the lines, from 1, that first[:last] names; empty when from > to.
func (e *editBuffer) between(p *Process, first, last *entryNode) (from, to int) {
	from = e.lineOf(p, first)
	to = from
	if last != nil {
		to = e.lineOf(p, last)
	}
	return max(from, 1), min(to, len(e.lines))
}

// ZREMOVE [line[:line]]: without one the whole current routine
type zremoveCmd struct{ first, last *entryNode }

func (n *zremoveCmd) exec(p *Process) flow {
	if n.first == nil {
		p.edited()
		return flowNext
	}
	e := p.editing()
	if from, to := e.between(p, n.first, n.last); from <= to {
		e.lines = append(e.lines[:from-1:from-1], e.lines[to:]...)
		e.after = from - 1
		e.changed()
	}
	return flowNext
}

// ZPRINT [line[:line]]
type zprintCmd struct{ first, last *entryNode }

func (n *zprintCmd) exec(p *Process) flow {
	e := p.printed(n.first)
	if e == nil {
		return flowNext
	}
	from, to := 1, len(e.lines)
	if n.first != nil && (n.first.label != "" || n.first.offset != nil || n.first.labelAt != nil) {
		from, to = e.between(p, n.first, n.last)
	}
	for i := from; i <= to; i++ {
		p.writeLine(e.lines[i-1])
	}
	if from <= to {
		e.after = to
	}
	return flowNext
}

// printed is the buffer that ZPRINT shows: of the routine it names, or the current one.
func (p *Process) printed(first *entryNode) *editBuffer {
	r := p.routine
	if first != nil {
		if _, name, caret, _, _ := first.parts(p); caret {
			r = p.routineNamed(name, true)
			e := &editBuffer{}
			e.load(p.sys, r)
			return e
		}
	}
	if e := p.buffer(); e != nil {
		return e
	}
	if r == nil || r.Name == "" {
		return nil
	}
	e := &editBuffer{}
	e.load(p.sys, r)
	return e
}

// ZSAVE [routine]
type zsaveCmd struct{ routine *entryNode }

func (n *zsaveCmd) exec(p *Process) flow {
	e := p.editing()
	name := e.name
	if n.routine != nil {
		name = n.routine.name(p)
	}
	if !validRoutine(name) || !e.held {
		p.raise(errCommand, "*NoCurrentRoutine")
	}
	path, err := p.sys.saveRoutine(name, e)
	if err != nil {
		p.oserror = err
		p.raise(errProtect, "*"+name)
	}
	e.name, e.path, e.compiled = name, path, nil
	p.sys.Define(e.routine(p.sys))
	return flowNext
}

// validRoutine tells whether a name can be a routine's.
func validRoutine(name string) bool {
	for i, part := range strings.Split(name, ".") {
		if i == 0 {
			part = strings.TrimPrefix(part, "%")
		}
		for _, c := range part {
			if !(c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c > 127) || c == '_' {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}

// RoutinesFolder is where the data directory keeps routines.
const RoutinesFolder = "routines"

// saveRoutine writes a routine's lines: to the .int or .m file that it came from, or to
// the data directory. Without a data directory the routine lives in memory.
func (s *System) saveRoutine(name string, e *editBuffer) (path string, err error) {
	ext := filepath.Ext(e.path)
	switch {
	case (ext == ".int" || ext == ".m") && RoutineName(e.path) == name && !strings.HasPrefix(e.path, bundledPath):
		path = e.path
	case s.cfg.DataDir == "":
		return "", nil
	default:
		dir := filepath.Join(s.cfg.DataDir, RoutinesFolder)
		if err := s.files().MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		path = filepath.Join(dir, fileOf(name)+".int")
	}
	return path, replaceFile(s.files(), path, strings.Join(e.lines, "\n")+"\n")
}

// replaceFile writes a file whole or not at all.
func replaceFile(files *devices.Files, path, text string) error {
	f, err := files.CreateTemp(filepath.Dir(path), ".save*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = files.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = files.Rename(f.Name(), path)
	}
	if err != nil {
		files.Remove(f.Name())
	}
	return err
}
