package runtime

// Names become slots before anything runs: one table for the whole System, ids are
// written once and never reused. Var is what a slot points at.

import "sync"

// symbols interns local variable names. A private variable of a procedure has a slot
// apart from the public one of the same name, so a called subroutine never sees it.
type symbols struct {
	mu    sync.RWMutex
	ids   map[symbol]int
	table []symbol // by slot
}

type symbol struct {
	name    string // ^||x for a process-private global
	private bool
}

// public says whether a called subroutine, NEW () and JOB see the variable.
func (s symbol) public() bool { return !s.private && s.name[0] != '^' }

func newSymbols() *symbols { return &symbols{ids: map[symbol]int{}} }

// slot returns the slot of a public name, making it on first sight.
func (s *symbols) slot(name string) int { return s.intern(symbol{name: name}) }

func (s *symbols) intern(k symbol) int {
	s.mu.RLock()
	id, ok := s.ids[k]
	s.mu.RUnlock()
	if ok {
		return id
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok = s.ids[k]; ok {
		return id
	}
	id = len(s.table)
	s.table = append(s.table, k)
	s.ids[k] = id
	return id
}

// symbol names a slot.
func (s *symbols) symbol(slot int) symbol {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.table[slot]
}

// Var is one local variable: its value and its subscripted nodes.
type Var struct {
	Value
	nodes *tree // nil: none
}

func (v *Var) clear() {
	v.Value = Value{}
	v.nodes = nil
}

// exists says whether $DATA of the variable is not 0.
func (v *Var) exists() bool {
	return v != nil && (v.kind != kindUndefined || v.nodes != nil && v.nodes.size() > 0)
}

// saved is what NEW and parameter passing put aside until the frame ends.
type saved struct {
	old  *Var
	slot int32
	kind savedKind
}

type savedKind uint8

const (
	savedNew     savedKind = iota // the current Var is the frame's own: it goes to the free list
	savedRef                      // the current Var belongs to a caller (passed by reference)
	savedSpecial                  // slot is a specialSlot; old holds the value
	savedAll                      // of an argumentless or exclusive NEW; slot indexes p.newAlls
)

// variable returns the Var in a slot, making an undefined one where there is none.
func (p *Process) variable(slot int) *Var {
	if slot >= len(p.vars) {
		p.reserve(slot + 1)
	}
	v := p.vars[slot]
	if v == nil {
		v = p.newVar()
		p.vars[slot] = v
	}
	return v
}

// reserve makes room for n slots.
func (p *Process) reserve(n int) {
	if n > len(p.vars) {
		p.widen(n)
	}
}

func (p *Process) widen(n int) {
	grown := make([]*Var, n+n/4+8)
	p.memory.room -= (len(grown) - len(p.vars)) * symbolSize
	copy(grown, p.vars)
	p.vars = grown
}

func (p *Process) newVar() *Var {
	if n := len(p.free); n > 0 {
		v := p.free[n-1]
		p.free = p.free[:n-1]
		return v
	}
	if p.memory.room -= varSize; p.memory.room < -leastGrant {
		p.claimVar()
	}
	return new(Var)
}

// claimVar has what the process holds measured. Variables may overdraw its room by one
// grant, so that there are some for a program that takes notice of its <STORE>.
func (p *Process) claimVar() {
	if !p.remeasure(0) {
		p.memory.room -= leastGrant
		p.raise(errStore, "")
	}
}

// lookup returns the Var in a slot, nil when there is none.
func (p *Process) lookup(slot int) *Var {
	if slot < len(p.vars) {
		return p.vars[slot]
	}
	return nil
}

// newSlot hides a variable until the current frame ends: NEW.
func (p *Process) newSlot(slot int) {
	if slot >= len(p.vars) {
		p.reserve(slot + 1)
	}
	if len(p.news) == cap(p.news) {
		p.claimNews()
	}
	p.news = append(p.news, saved{old: p.vars[slot], slot: int32(slot)})
	p.vars[slot] = nil
}

// claimNews asks for what NEW has put aside, whenever p.news has to grow: a frame may put
// aside any number of values, and short texts are claimed nowhere else.
func (p *Process) claimNews() {
	size := 0
	for i := range p.news {
		size += savedSize
		if v := p.news[i].old; v != nil {
			size += varSize
			if len(v.text) < largeText {
				size += len(v.text)
			}
		}
	}
	p.claim(size)
}

// restore undoes NEW and parameter passing down to a mark.
func (p *Process) restore(mark int) {
	for i := len(p.news) - 1; i >= mark; i-- {
		s := &p.news[i]
		switch s.kind {
		case savedNew:
			if v := p.vars[s.slot]; v != nil {
				p.discard(v)
			}
			p.vars[s.slot] = s.old
		case savedRef:
			p.vars[s.slot] = s.old
		case savedSpecial:
			p.restoreSpecial(int(s.slot), s.old.Value)
			s.old = nil
		case savedAll:
			p.restoreAll(int(s.slot))
		}
	}
	p.news = p.news[:mark]
}

// empty is clear for a variable whose nodes are nobody else's.
func (p *Process) empty(v *Var) {
	if v.nodes != nil {
		p.recycle(v.nodes)
	}
	v.clear()
}

// discard puts a variable that a frame leaves behind on the free list.
func (p *Process) discard(v *Var) {
	if v.nodes != nil || v.kind == kindObject || len(p.free) >= 256 {
		p.empty(v)
	}
	if len(p.free) < 256 {
		v.kind = kindUndefined
		if v.text != "" {
			v.text = ""
		}
		p.free = append(p.free, v)
	}
}

// newAll is NEW of all public variables but the kept. The entry on top of those of the
// variables that exist stands for the ones that the frame will make.
func (p *Process) newAll(kept map[int]bool) {
	for slot, v := range p.vars {
		if v != nil && p.replaceable(slot, kept) {
			p.newSlot(slot)
		}
	}
	p.news = append(p.news, saved{slot: int32(len(p.newAlls)), kind: savedAll})
	p.newAlls = append(p.newAlls, kept)
}

func (p *Process) restoreAll(which int) {
	for slot, v := range p.vars {
		if v != nil && p.replaceable(slot, p.newAlls[which]) {
			p.discard(v)
			p.vars[slot] = nil
		}
	}
	p.newAlls = p.newAlls[:which]
}

// replaceable tells whether an exclusive NEW concerns the variable of a slot.
func (p *Process) replaceable(slot int, kept map[int]bool) bool {
	return !kept[slot] && p.sys.symbols.symbol(slot).public()
}
