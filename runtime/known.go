package runtime

// What a person may mean who types a name at the prompt: the variables, labels and members
// that there are. Looking changes nothing and reports nothing.

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"cos/lang"
)

// LocalNames lists the defined local variables by name.
func (p *Process) LocalNames() []string { return p.localNames() }

// PrivateNames lists the process-private globals by name, without their ^||.
func (p *Process) PrivateNames() (names []string) {
	for slot, v := range p.vars {
		if !v.exists() {
			continue
		}
		if name, ok := strings.CutPrefix(p.sys.symbols.symbol(slot).name, "^||"); ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// mostGlobals is how many globals are looked for at most: more than a person reads.
const mostGlobals = 1000

// GlobalsLike lists the first globals that a name which begins so may mean: with a % those of all
// namespaces, otherwise those of the namespace.
func (p *Process) GlobalsLike(prefix string) (names []string) {
	space := p.namespace
	if strings.HasPrefix(prefix, "%") {
		space = "%SYS"
	}
	_ = p.Run(func() { names, _ = p.session().NamesLike(space, prefix, mostGlobals) }) // a store that fails has none to offer
	return names
}

// Local is a local variable: its text, and the class of the object it refers to, "" for none.
func (p *Process) Local(name string) (text, class string) {
	for slot, v := range p.vars {
		if v.exists() && p.sys.symbols.symbol(slot).name == name {
			if o := v.object(); o != nil {
				return "", o.class.Name
			}
			return v.utf8(), ""
		}
	}
	return "", ""
}

// Labels lists the labels that can be called without naming a routine: of the routine that
// has stopped, and of the current one.
func (p *Process) Labels() (names []string) {
	if e := p.edit; e != nil && e.held {
		names = labelsOf(lang.ParseRoutine(e.name, strings.Join(e.lines, "\n")))
	}
	if p.standing != nil && p.standing.routine != nil {
		for _, name := range p.standing.routine.Labels() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Identity is host:instance, as $SYSTEM has it.
func (s *System) Identity() string { return s.node() + ":" + instance }

// Labels lists the labels of a routine by its name; nil when there is none.
func (s *System) Labels(routine string) []string {
	s.routines.RLock()
	r := s.routines.byName[routine]
	s.routines.RUnlock()
	if r != nil {
		return r.Labels()
	}
	source, path, err := s.find(routine)
	if err != nil {
		return nil
	}
	return labelsOf(s.Parse(routine, path, source))
}

// Loaded lists the routines that have been loaded, by name.
func (s *System) Loaded() []*Routine {
	s.routines.RLock()
	defer s.routines.RUnlock()
	list := slices.Collect(maps.Values(s.routines.byName))
	slices.SortFunc(list, func(a, b *Routine) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// labelsOf lists the labels of a parsed routine.
func labelsOf(r *lang.Routine) (names []string) {
	for _, l := range r.Lines {
		if l.Label != nil {
			names = append(names, l.Label.Name)
		}
	}
	return names
}

// ClassMembers lists what can be called on a class, with the parenthesis of methods, its
// own before what it inherits.
func ClassMembers(name string) (names []string) {
	for k := findClass(name); k != nil; k = classIndex[k.Extends] {
		for i := range k.Properties {
			names = append(names, k.Properties[i].Name)
		}
		for i := range k.Methods {
			names = append(names, k.Methods[i].Name+"(")
		}
	}
	return names
}
