package runtime

// Structured system variables: ^$JOB, ^$LOCK, ^$GLOBAL, ^$ROUTINE. Reading one fills a
// variable that no program can name with what is so now, and reads that.

import (
	"sort"
	"strconv"
	"strings"

	"cos/lang"
	"cos/runtime/globals"
)

// structuredVariables: one row each; fill puts the current state under a fresh tree, of the namespace that
// an extended reference names, ^$|"NS"|GLOBAL(""), or the current one. has, where there is one, answers
// $DATA of one subscript at once when it knows that the node is there and has nothing below it.
var structuredVariables = map[string]struct {
	fill func(p *Process, t *tree, ns string)
	has  func(p *Process, sub Value) bool
	Doc  string
}{
	"JOB":     {fillJobs, hasJob, "^$JOB(number): the live jobs of this data directory"},
	"LOCK":    {fillLocks, nil, `^$LOCK("^name(1)"): the locks of the namespace, with OWNER, MODE and COUNT below`},
	"GLOBAL":  {fillGlobals, nil, `^$GLOBAL("^name"): the globals of the namespace`},
	"ROUTINE": {fillRoutines, nil, "^$ROUTINE(name): the routines that can be called"},
}

// foreignStructured are structured system variables of other systems, by name and
// abbreviation.
var foreignStructured = map[string]string{
	"CHARACTER": "the M standard", "C": "the M standard", "DEVICE": "the M standard", "D": "the M standard", "SYSTEM": "the M standard", "S": "the M standard",
	"WINDOW": "MWAPI", "W": "MWAPI", "DISPLAY": "MWAPI", "DI": "MWAPI", "EVENT": "MWAPI", "E": "MWAPI",
}

// structuredExpr is ^$NAME(subscripts).
type structuredExpr struct {
	slot int
	fill func(*Process, *tree, string)
	has  func(*Process, Value) bool // nil: only fill knows
	env  expr                       // namespace of an extended reference
	read glvn                       // of the variable in slot
}

func (c *compiler) structured(n *lang.Global) glvn {
	name := upper(n.Name[1:])
	for full := range structuredVariables {
		if len(name) == 1 && strings.HasPrefix(full, name) {
			name = full
		}
	}
	row, ok := structuredVariables[name]
	if of := foreignStructured[name]; of != "" {
		ok = true
		row.fill = func(p *Process, _ *tree, _ string) { p.raise(errFunction, "*^$"+name+" is a variable of "+of) }
	}
	if !ok {
		c.fail(n, "unknown structured system variable ^$%s%s", name, suggest(name, []string{"JOB", "LOCK", "GLOBAL", "ROUTINE"}))
	}
	slot := c.sys.symbols.intern(symbol{name: "^$" + name})
	c.slots = max(c.slots, slot+1)
	x := &structuredExpr{slot: slot, fill: row.fill, has: row.has}
	if len(n.Env) > 0 {
		x.env = c.expr(n.Env[0])
	}
	if len(n.Subs) == 0 {
		x.read = &localExpr{slot}
	} else {
		x.read = &nodeExpr{slot: slot, subs: c.exprs(n.Subs)}
	}
	return x
}

func (n *structuredExpr) refresh(p *Process) {
	ns := ""
	if n.env != nil {
		ns = p.namespaceOf(n.env)
	}
	if ns == "" {
		ns = p.namespace
	}
	v := p.variable(n.slot)
	v.clear()
	v.nodes = &tree{}
	n.fill(p, v.nodes, ns)
}

func (n *structuredExpr) eval(p *Process) Value {
	n.refresh(p)
	return n.read.eval(p)
}

func (n *structuredExpr) resolve(p *Process) reference {
	n.refresh(p)
	return n.read.resolve(p)
}

func (n *structuredExpr) set(p *Process, _ Value) { p.changeable(n) }

// changeable refuses to change a structured system variable: it shows what is so.
func (p *Process) changeable(v glvn) {
	if n, ok := v.(*structuredExpr); ok {
		p.raise(errProtect, p.sys.symbols.symbol(n.slot).name)
	}
}

func fillJobs(p *Process, t *tree, _ string) {
	for _, id := range p.sys.jobs.ids() {
		t.put(Int(int64(id)), Empty)
	}
	if p.globals.session == nil {
		return
	}
	for _, job := range p.jobNumbers() {
		t.put(Int(int64(job)), Empty)
	}
}

// data is $DATA: at once where the row can tell.
func (n *structuredExpr) data(p *Process) int {
	read := n.read
	if v, ok := read.(*nodeExpr); ok && n.has != nil && n.env == nil && len(v.subs) == 1 {
		sub := v.subs[0].eval(p)
		if n.has(p, sub) {
			return 1
		}
		read = &nodeExpr{slot: n.slot, subs: []expr{&constant{sub}}} // it is evaluated once
	}
	n.refresh(p)
	r := read.resolve(p)
	defer r.drop(p)
	return r.data(p)
}

// hasJob knows the jobs of this cos.
func hasJob(p *Process, sub Value) bool {
	id := int(sub.mant)
	if !sub.isInteger() {
		var err error
		if id, err = strconv.Atoi(sub.str()); err != nil || strconv.Itoa(id) != sub.str() {
			return false
		}
	}
	return p.sys.jobs.find(id) != nil
}

func fillGlobals(p *Process, t *tree, ns string) {
	names, err := p.session().Names(ns)
	p.storeError(err)
	for _, n := range names {
		v, _ := t.node(Text("^" + n))
		v.nodes = &tree{}
		v.nodes.put(Empty, Empty) // $DATA is 10
	}
}

func fillRoutines(p *Process, t *tree, _ string) {
	for _, name := range p.sys.Routines() {
		t.put(Text(name), Empty)
	}
}

func fillLocks(p *Process, t *tree, ns string) {
	jobs := p.jobNumbers()
	list, err := p.sys.store.locks()
	p.storeError(err)
	for _, l := range list {
		if l.NS != ns {
			continue
		}
		name, _ := globals.SplitName(l.Key)
		prefix := "^"
		if len(name) > 0 && name[0] == '*' { // a local name
			name, prefix = name[1:], ""
		}
		v, _ := t.node(FromUTF8(formatName(prefix+string(name), p.decodePath(l.Key))))
		v.Value = Empty
		v.nodes = &tree{}
		v.nodes.put(Text("OWNER"), Int(int64(jobs[l.Job])))
		v.nodes.put(Text("MODE"), Text(lockMode(l.Exclusive == 0)))
		v.nodes.put(Text("COUNT"), Int(int64(l.Exclusive+l.Shared)))
	}
}

func lockMode(shared bool) string {
	if shared {
		return "S"
	}
	return "X"
}

// put gives a subscript a value.
func (t *tree) put(k, v Value) {
	n, _ := t.node(k)
	n.Value = v
}

// ids lists the live jobs in order.
func (t *jobTable) ids() []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]int, 0, len(t.live))
	for id := range t.live {
		out = append(out, id)
	}
	sort.Ints(out)
	return out
}
