package runtime

// %Library.Routine: the text of a routine or an include file, read and written as a
// stream. Saving compiles too, so that what is saved is what runs.

import (
	"path/filepath"
	"strings"

	"cos/lang"
)

func init() {
	registerClasses(&class{Name: "%Library.Routine", Extends: streamObject, New: newRoutine,
		Doc: "the text of a routine, name.MAC, name.INT or an include file, name.INC; read and written as a stream",
		Properties: []property{
			{Name: "Name", Get: func(_ *Process, o *object) Value { return FromUTF8(o.stream().of.item()) }, ReadOnly: true, Doc: "the name with its type, as ABC.MAC"},
		},
		Methods: []method{
			{Name: "%OpenId", Min: 1, Max: 3, Fn: routineOpen, Doc: "%OpenId(name,,.status): opens a routine that exists, else \"\""},
			{Name: "Exists", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value {
				_, ok := p.routineText(p.routineItem(a))
				return Bool(ok)
			}, Doc: "whether there is a routine name.MAC, name.INT, or an include file name.INC"},
			{Name: "Delete", Min: 1, Max: 3, Fn: routineDelete, Doc: "Delete(name): deletes what the data directory keeps of that name; a status"},
			{Name: "Save", Min: 0, Max: 1, Instance: true, Fn: routineSave, Doc: "keeps the text in the data directory and compiles it; a status"},
			{Name: "Compile", Min: 0, Max: 1, Instance: true, Fn: routineCompile, Doc: "Compile(flags): saves, and says in its status which lines do not parse"},
		}})
}

// item is the name with its type.
func (c *Contained) item() string { return c.Name + "." + c.Type }

// routineItem reads name.TYPE; without a type it is a MAC, as in Caché.
func (p *Process) routineItem(a []Value) Contained {
	name := p.inText(a, 0, "")
	c := Contained{Name: name, Type: "MAC"}
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		switch kind := strings.ToUpper(name[dot+1:]); kind {
		case "MAC", "INT", "INC":
			c.Name, c.Type = name[:dot], kind
		}
	}
	return c
}

// routineText finds the text of a routine or an include file.
func (p *Process) routineText(c Contained) (text string, ok bool) {
	if c.Type == "INC" {
		_, text, err := p.sys.include("", c.Name)
		return text, err == nil
	}
	r, err := p.sys.Routine(c.Name)
	if err != nil || typeOf(r.containedFile()) != c.Type {
		return "", false
	}
	lines := r.Source
	if len(lines) > 0 && lang.IsHeader(lines[0]) {
		lines = lines[1:]
	}
	return strings.TrimSuffix(strings.Join(lines, "\n"), "\n") + "\n", true
}

// containedFile is the file of a routine; of one in a container, its name there.
func (r *Routine) containedFile() string {
	if _, in, ok := strings.Cut(strings.TrimSuffix(r.Path, ")"), "("); ok {
		return in
	}
	return r.Path
}

// newRoutine is %New(name): the text is what there is already.
func newRoutine(p *Process, o *object, a []Value) {
	c := p.routineItem(a)
	if !validRoutine(c.Name) {
		p.raise(errIllegal, "")
	}
	s := &stream{eol: "\n", loaded: true, fresh: true, of: &c}
	o.state = s
	if text, ok := p.routineText(c); ok {
		s.append(p, FromUTF8(text))
		s.fresh = true
	}
}

func routineOpen(p *Process, _ *object, a []Value) Value {
	c := p.routineItem(a)
	if _, ok := p.routineText(c); !ok {
		p.out(a, 2, p.failure(generalError, FromUTF8("there is no routine "+c.item())))
		return Empty
	}
	o := newObject(classIndex["%Library.Routine"])
	newRoutine(p, o, a)
	p.out(a, 2, statusOK)
	return oref(o)
}

func routineSave(p *Process, o *object, _ []Value) Value {
	s := o.stream()
	r := s.of
	r.Source = s.slice(0, s.size()).utf8()
	if err := p.sys.keep(r); err != nil {
		p.oserror = err
		return p.failure(generalError, FromUTF8(err.Error()))
	}
	if r.Type == "INC" {
		p.sys.AddInclude(r)
		return statusOK
	}
	p.sys.Define(p.sys.Compile(r.Name, p.sys.kept(r), r.Source))
	return statusOK
}

// kept is the file that keep writes; without a data directory it only names the type.
func (s *System) kept(c *Contained) string {
	file := fileOf(c.Name) + "." + strings.ToLower(c.Type)
	if s.cfg.DataDir == "" {
		return file
	}
	return filepath.Join(s.cfg.DataDir, RoutinesFolder, file)
}

func routineCompile(p *Process, o *object, a []Value) Value {
	if status := routineSave(p, o, a); !status.truth() || o.stream().of.Type == "INC" {
		return status
	}
	r, err := p.sys.Routine(o.stream().of.Name)
	if err != nil {
		return p.failure(generalError, FromUTF8(err.Error()))
	}
	var list []string
	for _, e := range r.Errors {
		list = append(list, e.Error())
	}
	if list != nil {
		return p.failure(generalError, FromUTF8(strings.Join(list, "; ")))
	}
	return statusOK
}

func routineDelete(p *Process, _ *object, a []Value) Value {
	c := p.routineItem(a)
	if _, ok := p.routineText(c); !ok {
		return p.failure(generalError, FromUTF8("there is no routine "+c.item()))
	}
	if !p.sys.discard(&c) {
		return p.failure(generalError, FromUTF8(c.item()+" is not kept in the data directory"))
	}
	return statusOK
}

// discard removes what the data directory, or without one the memory, keeps of a name;
// it tells whether there was anything.
func (s *System) discard(c *Contained) bool {
	file := s.kept(c)
	removed := s.cfg.DataDir != "" && s.files().Remove(file) == nil
	s.routines.Lock()
	defer s.routines.Unlock()
	if c.Type == "INC" {
		_, held := s.includes[c.Name]
		delete(s.includes, c.Name)
		return removed || held
	}
	if r := s.routines.byName[c.Name]; r != nil && (removed || r.Path == file) {
		delete(s.routines.byName, c.Name)
		s.generation.Add(1)
		removed = true
	}
	return removed
}
