package runtime

// Memory: what each process may use, and all of them together. A process claims what it
// is about to store; when its allowance is used up, what it really holds is measured,
// and it is granted a multiple of that, up to its limit and to what the system has left.
// Beyond that it gets <STORE>, and the others go on. So storing costs one subtraction,
// and a measurement is paid for by as much growth as it has to walk over.

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

const (
	// DefaultJobMemory is the limit of a process where none is configured, in bytes.
	DefaultJobMemory = 1 << 30
	// MinJobMemory is the smallest limit that can be configured ($ZSTORAGE's in Caché).
	MinJobMemory = 128 << 10
	// jobMemory is what a process is charged for being there.
	jobMemory = 16 << 10
	// leastGrant is the smallest allowance between two measurements. It is generous
	// otherwise: four times what the process holds (ARR: 20% slower with as much again).
	leastGrant = 64 << 10
	// largeText is the length from which a string is claimed before it is made, and
	// counted once however many variables share it.
	largeText = 4096
	// nodeSize is what a new node of an array takes at most, beside its texts.
	nodeSize = 160
	// plainSubscript is the length up to which a subscript takes no memory of note.
	plainSubscript = 16
	// stackUnit is about what a unit of weight takes of Go's stack (TestWeightIsTrue).
	stackUnit = 150
)

// budget is what all processes of a System may hold together.
type budget struct {
	total int64 // bytes
	held  atomic.Int64
}

// account is what one process may hold.
type account struct {
	limit int   // bytes
	room  int   // what it may still claim before it is measured
	held  int64 // what the budget has been charged for it
	spent bool  // the slack for handling <STORE> has been granted
}

// reserve is the part of the budget, one in so many, that only new processes take.
const reserve = 16

// take changes what an account holds of the budget to want bytes; false when the budget
// has not that much left, less the reserve.
func (b *budget) take(a *account, want, reserve int64) bool {
	more := want - a.held
	if b.held.Add(more) > b.total-b.total/reserve && more > 0 {
		b.held.Add(-more)
		return false
	}
	a.held = want
	return true
}

// open gives a new process its account; false when there is no memory for one more.
func (b *budget) open(a *account) bool {
	a.room = jobMemory
	return b.take(a, jobMemory, b.total+1)
}

func (b *budget) close(a *account) { b.take(a, 0, reserve) }

// errNoMemory is behind the <NOJOB> of a JOB for which there is no memory.
var errNoMemory = errors.New("the memory of the system is used up")

// shareOut sets what the processes of a system may hold: two thirds of the memory,
// since the collector needs the rest.
func (s *System) shareOut() {
	total := s.cfg.TotalMemory
	if total == 0 {
		total = machineMemory()
		limitCollector(total)
	}
	s.memory.total = total / 3 * 2
	limit := s.cfg.JobMemory
	if limit == 0 {
		limit = DefaultJobMemory
	}
	s.jobLimit = int(min(max(limit, MinJobMemory), max(s.memory.total, MinJobMemory)))
}

// limitMemory sets the limit of a process. Half of it may be Go's stack.
func (p *Process) limitMemory(bytes int) {
	p.memory.limit = bytes
	p.maxWeight = min(maxWeight, bytes/2/stackUnit)
}

// claim asks for bytes before they are allocated, or raises <STORE>.
func (p *Process) claim(bytes int) {
	if p.memory.room -= bytes; p.memory.room < 0 && !p.remeasure(bytes) {
		p.raise(errStore, "")
	}
}

// claimItems is claim for n items.
func (p *Process) claimItems(n int64, size int) {
	if n > int64(p.memory.limit/size) {
		p.raise(errStore, "")
	}
	p.claim(int(n) * size)
}

// remeasure finds out what the process holds and grants it an allowance; false when
// the bytes that it just claimed are too many.
func (p *Process) remeasure(claimed int) bool {
	a := &p.memory
	if a.limit == 0 { // made to compute one value, not to run
		a.room = math.MaxInt
		return true
	}
	need := p.used() + claimed
	slack := max(a.limit/64, 4<<10)
	if need > a.limit {
		// What handles the error needs some memory itself, once.
		if a.room = 0; !a.spent {
			a.spent, a.room = true, slack
		}
		return false
	}
	grant := min(max(leastGrant, 4*need), a.limit-need)
	for !p.sys.memory.take(a, int64(need+grant), reserve) {
		if grant <= leastGrant {
			a.room = 0
			return false
		}
		grant = max(grant/4, leastGrant)
	}
	a.room, a.spent = max(grant, min(slack, leastGrant)), false
	return true
}

// available is $STORAGE: the bytes that the process may still use.
func (p *Process) available() int { return max(0, p.memory.limit-p.used()) }

// setStorage is SET $ZSTORAGE: the limit in KB, at most what the system allows.
func (p *Process) setStorage(kb int64) {
	p.limitMemory(int(min(max(kb, MinJobMemory>>10), int64(p.sys.jobLimit)>>10) << 10))
	p.memory.room, p.memory.spent = 0, false
}

// used is about what the process holds, in bytes.
func (p *Process) used() int {
	m := measurer{}
	for _, v := range p.vars {
		if v != nil {
			m.total += symbolSize
			m.shared(v)
		}
	}
	for i := range p.news {
		m.shared(p.news[i].old)
	}
	for i := range p.stack {
		m.value(&p.stack[i])
	}
	for i := range p.appends.entries {
		m.total += p.appends.entries[i].b.Cap() - len(p.appends.entries[i].s)
	}
	for len(m.queue) > 0 {
		o := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		m.object(o)
	}
	fixed := 8*cap(p.vars) + savedSize*cap(p.news) + 72*cap(p.frames) + 32*cap(p.stack) + 32*cap(p.guards)
	return jobMemory + fixed + p.weight*stackUnit + m.total
}

// measurer adds up what values hold.
type measurer struct {
	total int
	trees map[*tree]struct{}
	texts map[uintptr]struct{}
	known map[*object]struct{}
	queue []*object // known, but not yet added up
}

// sized is the state of an object that says what it holds.
type sized interface{ measure(*measurer) }

// note puts k into a set and says whether it was new.
func note[K comparable](set *map[K]struct{}, k K) bool {
	if _, known := (*set)[k]; known {
		return false
	}
	if *set == nil {
		*set = map[K]struct{}{}
	}
	(*set)[k] = struct{}{}
	return true
}

const (
	varSize    = 48  // a Var by itself
	symbolSize = 128 // the name of a Var, its slot, and how the name is found
	savedSize  = 24  // what NEW puts aside, beside the Var
	treeSize   = 128
	mapEntry   = 40 // of a map from a number or a string's header to a pointer, with its spare room
)

// shared adds a variable that several slots may point at.
func (m *measurer) shared(v *Var) {
	if v == nil {
		return
	}
	m.total += varSize
	m.value(&v.Value)
	if v.nodes != nil && note(&m.trees, v.nodes) {
		m.tree(v.nodes)
	}
}

func (m *measurer) value(v *Value) {
	switch {
	case v.kind == kindObject:
		if o := v.object(); note(&m.known, o) {
			m.queue = append(m.queue, o)
		}
	case len(v.text) > 0:
		m.text(v.text)
	}
}

func (m *measurer) text(s string) {
	if len(s) < largeText || note(&m.texts, textAddress(s)) {
		m.total += (len(s) + 15) &^ 15
	}
}

// below adds what a node holds beyond itself.
func (m *measurer) below(v *Var) {
	if v.kind >= kindText && (v.kind != kindNumber && v.kind != kindDouble || v.text != "") {
		m.value(&v.Value)
	}
	if v.nodes != nil {
		m.tree(v.nodes)
	}
}

func (m *measurer) tree(t *tree) {
	m.total += treeSize + cap(t.dense)*40 + t.ints.measure() +
		t.named()*(varSize+mapEntry+8+plainSubscript)
	// The ordered indexes are paid for before the first $ORDER makes them.
	m.total += t.ints.size()*12 + t.named()*40
	if !t.rich { // numbers only: no need to visit them
		return
	}
	for i := range t.dense {
		m.below(&t.dense[i])
	}
	t.ints.each(func(_ int64, v *Var) { m.below(v) })
	m.named(&t.texts)
	m.named(&t.wides)
}

func (t *tree) named() int { return t.texts.size() + t.wides.size() }

func (m *measurer) named(n *named) {
	n.each(func(key string, v *Var) {
		if len(key) > plainSubscript {
			m.text(key)
		}
		m.below(v)
	})
}

// object adds an object; what it refers to goes onto the queue.
func (m *measurer) object(o *object) {
	m.total += 64 + len(o.props)*(mapEntry+48)
	for _, v := range o.props {
		m.value(&v)
	}
	if s, ok := o.state.(sized); ok {
		s.measure(m)
	}
}

func (d *dynamic) measure(m *measurer) {
	m.total += 128 + cap(d.list)*40 + cap(d.keys)*16 + len(d.index)*mapEntry
	for i := range d.list {
		m.value(&d.list[i].Value)
	}
	for _, k := range d.keys {
		m.text(k)
	}
}

func (c *dynCursor) measure(*measurer) {}

func (s *stream) measure(m *measurer) { m.total += 128 + cap(s.buf) }

// sizeOf is about what a variable with its descendants holds.
func sizeOf(v *Var) int {
	m := measurer{}
	m.shared(v)
	return m.total
}

// store sets the node of a local at a path, or raises <STORE> and leaves no node.
func (p *Process) store(slot int, path []Value, v Value) {
	if len(path) == 0 {
		p.setLocalAny(slot, v)
		return
	}
	k := path[len(path)-1]
	at := p.makeNode(slot, path[:len(path)-1])
	if at.nodes == nil {
		at.nodes = p.newTree()
	}
	n, fresh := at.nodes.node(k)
	size := len(v.text)
	if size > 0 || len(k.text) > plainSubscript {
		at.nodes.rich = true
	}
	if fresh {
		for _, k := range path {
			size += nodeSize + len(k.text)
		}
		n.Value = Empty // so that kill finds the node
	}
	if p.memory.room -= size; p.memory.room < 0 && !p.remeasure(size) {
		if fresh {
			p.lookup(slot).nodes.kill(path, true)
		}
		p.raise(errStore, "")
	}
	n.Value = v
}

// outgrown is setNode1 without room: the claim fails or is granted. A fresh node that
// cannot be paid for is taken out again.
func (p *Process) outgrown(t *tree, k Value, n *Var, size int, fresh bool) {
	if p.remeasure(size) {
		return
	}
	if fresh {
		n.Value = Empty // so that remove finds it
		t.remove(k)
	}
	p.raise(errStore, "")
}

// machineMemory is the memory of the machine or of the container, in bytes: the least
// of what Linux tells and of GOMEMLIMIT, by which a user says so, or unknownMemory.
func machineMemory() int64 {
	const unknownMemory = 8 << 30
	least := int64(0)
	take := func(n int64) {
		if n > 0 && n < 1<<60 && (least == 0 || n < least) {
			least = n
		}
	}
	if b, err := os.ReadFile("/proc/meminfo"); err == nil {
		if _, rest, ok := strings.Cut(string(b), "MemTotal:"); ok {
			if f := strings.Fields(rest); len(f) > 0 {
				kb, _ := strconv.ParseInt(f[0], 10, 64)
				take(kb << 10)
			}
		}
	}
	for _, f := range cgroupLimits() {
		if b, err := os.ReadFile(f); err == nil {
			n, _ := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
			take(n) // "max" is 0
		}
	}
	if os.Getenv(goMemory) != "" {
		take(debug.SetMemoryLimit(-1)) // as Go has read it
	}
	if least == 0 {
		return unknownMemory
	}
	return least
}

// cgroupLimits are the files that may hold the limit of the container: of version 2
// and of version 1, seen from inside and from outside.
func cgroupLimits() []string {
	const root = "/sys/fs/cgroup"
	files := []string{root + "/memory.max", root + "/memory/memory.limit_in_bytes"}
	b, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return files
	}
	for line := range strings.Lines(string(b)) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		switch {
		case len(part) < 3:
		case part[1] == "":
			files = append(files, filepath.Join(root, part[2], "memory.max"))
		case strings.Contains(part[1], "memory"):
			files = append(files, filepath.Join(root, "memory", part[2], "memory.limit_in_bytes"))
		}
	}
	return files
}

// goMemory is the variable with which a user limits the memory of a Go program.
const goMemory = "GOMEMLIMIT"

var limitOnce sync.Once

// limitCollector tells Go's collector where the memory ends, unless GOMEMLIMIT has.
func limitCollector(total int64) {
	limitOnce.Do(func() {
		if os.Getenv(goMemory) == "" {
			debug.SetMemoryLimit(total / 10 * 9)
		}
	})
}
