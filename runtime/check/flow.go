package check

// What happens from command to command: which are reached, which variables certainly have no
// value there, what kind of device is the current one. Where M lets a program do what cannot
// be seen (XECUTE, indirection, callers' variables, calls), nothing is known afterwards, and
// what is not known is not reported.

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"cos/lang"
	"cos/runtime"
)

// flow walks the commands of a routine or of one procedure.
type flow struct {
	*checker
	proc    *lang.Label     // nil: outside of procedures
	public  map[string]bool // the names that are not private to the procedure
	inner   map[string]bool // the labels of the procedure
	entered map[int]bool    // lines that label+offset may enter
	at      state
	told    bool // that what follows is not reached
	exits   []exit
}

// exit is what QUIT leaves: a loop, or the lines of an argumentless DO.
type exit struct {
	loop bool
	used bool
	try  bool // TRY: QUIT may leave what is around it, too
}

// state is what is known at a place.
type state struct {
	dead   bool            // it is not reached
	fresh  bool            // private variables that are not in known have no value
	known  map[string]bool // may have a value
	gone   map[string]bool // certainly has none
	device string          // the kind of the current device, "" when that is not known
}

func (s *state) copy() state {
	c := *s
	c.known, c.gone = maps.Clone(s.known), maps.Clone(s.gone)
	return c
}

// flows checks the whole routine.
func flows(c *checker) {
	f := &flow{checker: c, entered: map[int]bool{}}
	if !f.offsets() {
		f.entered = nil
	}
	f.anything()
	f.lines(c.routine.Lines, 0, true)
	for _, l := range c.routine.Lines {
		if l.Label != nil && l.Label.Body != nil {
			f.procedure(l.Label)
		}
	}
}

// procedure checks the body of a procedure, whose variables are its own.
func (f *flow) procedure(l *lang.Label) {
	g := &flow{checker: f.checker, proc: l, public: map[string]bool{}, inner: map[string]bool{}, entered: f.entered}
	for _, name := range l.Public {
		g.public[name] = true
	}
	for _, line := range l.Body.Lines {
		if line.Label != nil {
			g.inner[line.Label.Name] = true
		}
	}
	g.anything()
	g.at.fresh = true
	for _, formal := range l.Formals {
		g.set(formal.Name)
	}
	g.lines(l.Body.Lines, 0, true)
}

// offsets notes the lines that label+offset enters; false when they are not known.
func (f *flow) offsets() bool {
	labels := map[string]int{}
	for _, l := range f.routine.Lines {
		if l.Label != nil {
			labels[l.Label.Name] = l.Number
		}
	}
	known := true
	walk(reflect.ValueOf(f.routine.Lines), func(n any) {
		var e *lang.Entryref
		switch n := n.(type) {
		case *lang.EntryArg:
			e = n.Entry
		case *lang.JobArg:
			e = n.Entry
		case *lang.Extrinsic:
			e = n.Entry
		}
		if e == nil || e.Offset == nil || e.Caret && e.Routine != "" && e.Routine != f.routine.Name {
			return
		}
		by, ok := literal([]lang.Node{e.Offset}, 0)
		line, here := labels[e.Label]
		if !ok || e.Label == "" && e.LabelAt != nil || e.RoutineAt != nil || e.Label != "" && !here {
			known = false
			return
		}
		f.entered[line+by] = true
	})
	return known
}

// anything: every variable may have any value, and the current device be any.
func (f *flow) anything() {
	f.at = state{known: map[string]bool{}, gone: map[string]bool{}}
	f.told = false
}

// private tells that a variable is the procedure's own.
func (f *flow) private(name string) bool {
	return f.proc != nil && name[0] != '%' && !f.public[name]
}

func (f *flow) set(name string) {
	delete(f.at.gone, name)
	f.at.known[name] = true
}

func (f *flow) unset(name string) { f.at.gone[name] = true }

func (s *state) lacks(f *flow, name string) bool {
	return s.gone[name] || s.fresh && !s.known[name] && f.private(name)
}

// called: code elsewhere has run, which may set every public variable and use any device.
func (f *flow) called() {
	for name := range f.at.gone {
		if !f.private(name) {
			delete(f.at.gone, name)
		}
	}
	f.at.device = ""
}

// unseen: code that cannot be seen has run here.
func (f *flow) unseen() {
	f.at.fresh = false
	clear(f.at.gone)
	f.at.device = ""
}

// join is what is known where two paths meet.
func (f *flow) join(a, b state) {
	switch {
	case a.dead:
		f.at = b
		return
	case b.dead:
		f.at = a
		return
	}
	f.at = state{fresh: a.fresh && b.fresh, known: maps.Clone(a.known), gone: map[string]bool{}}
	maps.Copy(f.at.known, b.known)
	for _, gone := range []map[string]bool{a.gone, b.gone} {
		for name := range gone {
			if a.lacks(f, name) && b.lacks(f, name) {
				f.at.gone[name] = true
			}
		}
	}
	if a.device == b.device {
		f.at.device = a.device
	}
}

// weaken: some of a piece of code, or all of it several times, may have run.
func (f *flow) weaken(code any) {
	walk(reflect.ValueOf(code), func(n any) {
		switch n := n.(type) {
		case *lang.Bad, *lang.Macro:
			f.unseen()
		case *lang.Exprs:
			if n.Verb == "XECUTE" {
				f.unseen()
			}
		case *lang.EntryArg:
			f.called()
			if n.Entry == nil || n.Entry.LabelAt != nil || n.Entry.RoutineAt != nil || f.inner[n.Entry.Label] {
				f.unseen()
			}
		case *lang.Extrinsic:
			f.called()
			if n.Entry.LabelAt != nil || n.Entry.RoutineAt != nil || f.inner[n.Entry.Label] {
				f.unseen()
			}
		case *lang.Member:
			f.called()
		case *lang.Device:
			f.at.device = ""
		case *lang.Line:
			if n.Label != nil {
				f.unseen()
			}
		default:
			for _, x := range changes(n) {
				switch x := x.(type) {
				case *lang.Var:
					f.set(x.Name)
				case *lang.Indirect:
					f.unseen()
				}
			}
		}
	})
}

// changes are the names in a node of the tree whose variables it may set or kill.
func changes(n any) (names []lang.Node) {
	var name func(lang.Node)
	name = func(x lang.Node) {
		names = append(names, x)
		if call, ok := x.(*lang.Call); ok { // SET $PIECE(x,…)=
			for _, a := range call.Args {
				name(a)
			}
		}
	}
	add := func(list ...*lang.Expr) {
		for _, x := range list {
			if x != nil {
				name(x.X)
			}
		}
	}
	switch n := n.(type) {
	case *lang.SetArg:
		add(n.Targets...)
	case *lang.MergeArg:
		add(n.Target)
	case *lang.ReadArg:
		add(n.Var)
	case *lang.For:
		add(n.Var)
	case *lang.Try:
		add(n.CatchVar)
	case *lang.VarsArg:
		add(append(n.Except, n.Var)...)
	case *lang.Actual:
		if n.ByRef || n.Variadic {
			names = append(names, n.X)
		}
	case *lang.ByRef:
		names = append(names, n.X)
	case *lang.Spread:
		names = append(names, n.X)
	case *lang.Item:
		if n.Spread {
			add(n.Value)
		}
	case *lang.Call:
		for i, a := range n.Args {
			if i >= outputs || runtime.TakesNames(n.Name) {
				names = append(names, a)
			}
		}
	}
	return names
}

// lines walks lines of one level; the dotted ones below belong to an argumentless DO. top:
// of the routine or a procedure.
func (f *flow) lines(lines []*lang.Line, level int, top bool) {
	past := 0 // the dotted lines up to here are done
	for i, l := range lines {
		if i < past {
			continue
		}
		if l.Label != nil || f.entered[l.Number] {
			f.arrive(l)
		} else if l.Level > level && top {
			f.stray(lines, i)
			for past = i + 1; past < len(lines) && lines[past].Level > level && lines[past].Label == nil; {
				past++
			}
			continue
		}
		end := i + 1
		for end < len(lines) && lines[end].Level > level {
			end++
		}
		below := &dots{lines: lines[i+1 : end]}
		below.run = func() {
			if past > i {
				f.weaken(below.lines)
				return
			}
			past = end
			f.dotted(below.lines, level+1)
		}
		f.commands(l.Commands, below)
	}
}

// dots are the lines that an argumentless DO of the line above runs.
type dots struct {
	lines []*lang.Line
	run   func()
}

// bareDo tells an argumentless DO.
func bareDo(c lang.Command) bool {
	do, ok := c.(*lang.Do)
	return ok && len(do.Args) == 0 && do.Block == nil
}

// stray reports dotted lines that no DO runs.
func (f *flow) stray(lines []*lang.Line, i int) {
	if f.at.dead || f.entered == nil || len(lines[i].Commands) == 0 {
		return
	}
	if i > 0 {
		if slices.ContainsFunc(lines[i-1].Commands, bareDo) {
			return // it is not reached, which has been said
		}
	}
	h := lines[i].Commands[0].Start()
	f.warnAt("unreachable", h.Pos.Line, h.Pos.Column, h.Verb+" is not reached: there is no argumentless DO on the line above these dots")
}

// arrive is at a label: whatever came before, this is reached.
func (f *flow) arrive(l *lang.Line) {
	if f.at.dead && l.Label != nil {
		if f.proc != nil {
			f.jumped = append(f.jumped, l.Label)
		} else {
			f.isolated[l.Label] = true
		}
	}
	f.anything()
	if l.Label != nil && l.Label.Body != nil { // nothing goes on behind a procedure
		f.at.dead, f.told = true, true
	}
}

// dotted walks the lines of an argumentless DO, which are a frame of their own.
func (f *flow) dotted(lines []*lang.Line, level int) {
	start := f.at.copy()
	f.exits = append(f.exits, exit{})
	f.lines(lines, level, true)
	f.exits = f.exits[:len(f.exits)-1]
	f.at, f.told = start, false
	f.weaken(lines)
}

// commands walks commands that follow each other.
func (f *flow) commands(list []lang.Command, below *dots) {
	for i, c := range list {
		if f.at.dead {
			f.unreached(c)
			continue
		}
		h := c.Start()
		rest := list[i+1:]
		switch n := c.(type) {
		case *lang.If:
			if n.Block == nil {
				f.exprs(n.Conds)
				f.maybe(func() { f.commands(rest, below) })
				return
			}
		case *lang.Else:
			f.maybe(func() { f.commands(rest, below) })
			return
		case *lang.For:
			if n.Block == nil {
				if slices.ContainsFunc(rest, bareDo) {
					f.weaken(below.lines)
				}
				f.loop(n, rest, func() { f.commands(rest, below) })
				return
			}
		}
		if h.Post == nil {
			f.command(c, below)
			continue
		}
		f.expr(h.Post)
		f.maybe(func() { f.command(c, below) })
	}
}

// unreached reports the first of the commands that are not reached.
func (f *flow) unreached(c lang.Command) {
	h := c.Start()
	if q, ok := c.(*lang.Exprs); ok && q.Verb == "QUIT" && len(q.Args) == 0 && q.Post == nil {
		return // a habit, before labels and behind GOTO, and harmless
	}
	if !f.told && f.entered != nil && f.routine.Within(h.Pos.Offset) == "" {
		f.warnAt("unreachable", h.Pos.Line, h.Pos.Column, h.Verb+" is not reached: what stands before it never goes on here")
	}
	f.told = true
}

// maybe walks code that runs or does not.
func (f *flow) maybe(code func()) {
	start := f.at.copy()
	code()
	f.join(start, f.at)
	f.told = f.told && f.at.dead
}

// block walks a block.
func (f *flow) block(b *lang.Block) {
	if b != nil {
		f.lines(b.Lines, 0, false)
	}
}

// loop walks FOR. Without an end of its own it goes on only by QUIT.
func (f *flow) loop(n *lang.For, code any, body func()) {
	endless := n.Var == nil
	for _, r := range n.Ranges {
		f.expr(r.From)
		f.expr(r.Step)
		f.expr(r.To)
		endless = r.Step != nil && r.To == nil
	}
	if n.Var != nil {
		f.target(n.Var.X)
	}
	f.repeat(endless, code, body)
}

// repeat walks code that runs any number of times.
func (f *flow) repeat(endless bool, code any, body func()) {
	f.weaken(code)
	start := f.at.copy()
	f.exits = append(f.exits, exit{loop: true})
	body()
	used := f.exits[len(f.exits)-1].used
	f.exits = f.exits[:len(f.exits)-1]
	f.at, f.told = start, false
	f.at.dead = endless && !used
}

// quit leaves the innermost loop, or more.
func (f *flow) quit() {
	for i := len(f.exits) - 1; i >= 0; i-- {
		f.exits[i].used = true
		if !f.exits[i].try {
			break
		}
	}
	f.at.dead = true
}

// command walks one command without its postconditional.
func (f *flow) command(c lang.Command, below *dots) {
	switch n := c.(type) {
	case *lang.Set:
		for _, a := range n.Args {
			f.subscripts(a.Targets)
			f.expr(a.Value)
			for _, t := range a.Targets {
				f.target(t.X)
			}
		}
	case *lang.Merge:
		for _, a := range n.Args {
			f.subscripts([]*lang.Expr{a.Target, a.Source})
			f.target(a.Target.X)
		}
	case *lang.Write:
		for _, a := range n.Args {
			f.formats(a.Formats)
			f.expr(a.Star)
			f.expr(a.Expr)
			if a.Mnemonic != nil {
				f.exprs(a.Mnemonic.Args)
			}
		}
	case *lang.Read:
		for _, a := range n.Args {
			f.readArg(a)
		}
	case *lang.If:
		f.ifBlock(n)
	case *lang.For:
		f.loop(n, n.Block, func() { f.block(n.Block) })
	case *lang.While:
		f.weaken(n)
		f.exprs(n.Conds)
		always := len(n.Conds) == 1 && isTrue(n.Conds[0].X)
		f.repeat(always, n.Block, func() { f.block(n.Block) })
	case *lang.Do:
		f.do(n, below)
	case *lang.Goto:
		f.gotos(n)
	case *lang.Job:
		for _, a := range n.Args {
			f.entry(a.Entry)
			f.actuals(a.Actual)
			f.params(a.Params)
			f.expr(a.Timeout)
		}
	case *lang.Device:
		f.deviceCommand(n)
	case *lang.Vars:
		f.vars(n)
	case *lang.Lock:
		for _, a := range n.Args {
			for _, name := range a.Names {
				f.subscripts([]*lang.Expr{name.Ref})
			}
			f.expr(a.Timeout)
		}
	case *lang.Exprs:
		f.plain(n)
	case *lang.Try:
		f.try(n)
	case *lang.Bad:
		f.unseen()
	}
}

func isTrue(n lang.Node) bool {
	x, ok := literal([]lang.Node{n}, 0)
	return ok && x != 0
}

func (f *flow) readArg(a *lang.ReadArg) {
	f.formats(a.Formats)
	if a.Var == nil {
		return
	}
	f.subscripts([]*lang.Expr{a.Var})
	f.expr(a.Length)
	f.expr(a.Timeout)
	if a.Timeout == nil && f.at.device == tcp {
		f.warnAt("no-timeout", a.Pos.Line, a.Pos.Column, "READ from a TCP device without a timeout: it waits for ever for a peer that is silent")
	}
	f.target(a.Var.X)
}

func (f *flow) ifBlock(n *lang.If) {
	f.exprs(n.Conds)
	otherwise := f.at.copy()
	f.block(n.Block)
	end := f.at
	for _, e := range n.ElseIfs {
		f.at, f.told = otherwise, false
		f.exprs(e.Conds)
		otherwise = f.at.copy()
		f.block(e.Block)
		f.join(end, f.at)
		end = f.at
	}
	f.at, f.told = otherwise, false
	f.block(n.Else)
	f.join(end, f.at)
	f.told = false
}

func (f *flow) do(n *lang.Do, below *dots) {
	switch {
	case n.Block != nil:
		f.weaken(n.Block)
		f.exits = append(f.exits, exit{loop: true})
		f.block(n.Block)
		used := f.exits[len(f.exits)-1].used
		f.exits = f.exits[:len(f.exits)-1]
		if f.at.dead { // CONTINUE goes to the condition
			f.anything()
			f.at.dead = !used && !continues(n.Block)
		}
		f.told = false
		f.exprs(n.While)
	case len(n.Args) == 0:
		below.run()
	}
	for _, a := range n.Args {
		f.conditional(a.Post, func() {
			if a.Call != nil {
				f.node(a.Call)
				f.called()
				if _, indirect := a.Call.(*lang.Indirect); indirect {
					f.unseen()
				}
				return
			}
			f.actuals(a.Actual)
			f.call(a.Entry)
		})
	}
}

// continues tells that a CONTINUE stands in a block.
func continues(b *lang.Block) (found bool) {
	walk(reflect.ValueOf(b), func(n any) {
		if x, ok := n.(*lang.Exprs); ok && x.Verb == "CONTINUE" {
			found = true
		}
	})
	return found
}

// conditional walks code with an optional condition of its own.
func (f *flow) conditional(post *lang.Expr, code func()) {
	if post == nil {
		code()
		return
	}
	f.expr(post)
	f.maybe(code)
}

func (f *flow) gotos(n *lang.Goto) {
	for _, a := range n.Args {
		f.conditional(a.Post, func() {
			f.node(a.Call)
			f.entry(a.Entry)
			f.actuals(a.Actual)
			if a.Entry != nil {
				f.at.dead = true
			}
		})
		if f.at.dead {
			return
		}
	}
}

// call is DO of a label or routine, or $$.
func (f *flow) call(e *lang.Entryref) {
	f.entry(e)
	f.called()
	if e.LabelAt != nil || e.RoutineAt != nil || !e.Caret && f.inner[e.Label] {
		f.unseen()
	}
}

// entry reads the expressions in an entryref.
func (f *flow) entry(e *lang.Entryref) {
	if e != nil {
		for _, n := range []lang.Node{e.LabelAt, e.Offset, e.RoutineAt, e.Namespace, e.System} {
			f.node(n)
		}
	}
}

func (f *flow) params(list []*lang.Param) {
	for _, p := range list {
		if p == nil {
			continue
		}
		f.expr(p.Value)
		for _, item := range p.List {
			f.expr(item.Name)
			if item.Spread {
				f.mention(item.Value.X)
			} else {
				f.expr(item.Value)
			}
		}
	}
}

func (f *flow) deviceCommand(n *lang.Device) {
	for _, a := range n.Args {
		f.expr(a.Device)
		for _, g := range a.Groups {
			f.params(g.Params)
		}
		kinds := f.kinds(a.Device.X)
		only := ""
		if len(kinds) == 1 {
			only = kinds[0]
		}
		name := deviceName(a.Device.X)
		switch n.Verb {
		case "USE":
			f.at.device = only
			if only == tcp && f.accepting[name] {
				f.at.device = "" // a server waits for the next client as long as it takes
			}
		case "CLOSE":
			f.at.device = ""
		case "OPEN":
			timed := len(a.Groups) > 1 && len(a.Groups[1].Params) > 0 && a.Groups[1].Params[0].Value != nil
			if only == tcp && !timed {
				f.warnAt("no-timeout", a.Pos.Line, a.Pos.Column, "OPEN of a TCP device without a timeout: it waits as long as the system lets it")
			}
		}
	}
}

func (f *flow) vars(n *lang.Vars) {
	for _, a := range n.Args {
		if a.Var == nil {
			continue
		}
		f.subscripts([]*lang.Expr{a.Var})
		if v, ok := a.Var.X.(*lang.Var); ok && len(v.Subs) == 0 && n.Verb != "ZKILL" {
			f.unset(v.Name)
		}
	}
}

// plain walks the commands whose arguments are expressions.
func (f *flow) plain(n *lang.Exprs) {
	for _, a := range n.Args {
		if n.Verb == "ZWRITE" || n.Verb == "ZZWRITE" || n.Verb[0] == 'Z' && n.Verb != "ZZDUMP" && n.Verb != "ZNSPACE" && n.Verb != "ZTRAP" {
			f.mention(a.X.X)
			continue
		}
		f.expr(a.X)
		f.expr(a.Post)
		f.actuals(a.Actual)
	}
	switch n.Verb {
	case "QUIT":
		f.quit()
	case "RETURN", "THROW", "HALT", "CONTINUE":
		f.at.dead = true
	case "XECUTE":
		f.unseen()
	}
}

func (f *flow) try(n *lang.Try) {
	start := f.at.copy()
	f.exits = append(f.exits, exit{try: true})
	f.block(n.Block)
	used := f.exits[len(f.exits)-1].used
	f.exits = f.exits[:len(f.exits)-1]
	end := f.at
	f.at, f.told = start, false
	f.weaken(n.Block)
	start = f.at.copy()
	if n.CatchVar != nil {
		f.target(n.CatchVar.X)
	}
	f.exits = append(f.exits, exit{try: true})
	f.block(n.Catch)
	used = used || f.exits[len(f.exits)-1].used
	f.exits = f.exits[:len(f.exits)-1]
	f.join(end, f.at)
	if used {
		f.weaken(n.Catch)
		f.join(start, f.at)
	}
	f.told = false
}

// ---- variables

// target is set: a variable, or the variable that a function on the left changes.
func (f *flow) target(n lang.Node) {
	switch n := n.(type) {
	case *lang.Var:
		f.set(n.Name)
	case *lang.Indirect:
		f.node(n)
		f.unseen()
	case *lang.Call:
		for i, a := range n.Args {
			if i == 0 || setsAll(n.Name) {
				f.target(a)
			} else {
				f.node(a)
			}
		}
	case *lang.Member:
		f.node(n)
	}
}

// setsAll tells the functions that give each of their arguments a value on the left of =.
func setsAll(name string) bool {
	switch name {
	case "LISTBUILD", "LB", "LISTGET", "LG":
		return true
	}
	return false
}

// subscripts reads what stands within names that are not read themselves.
func (f *flow) subscripts(list []*lang.Expr) {
	for _, x := range list {
		if x != nil {
			f.within(x.X)
		}
	}
}

func (f *flow) within(n lang.Node) {
	switch n := n.(type) {
	case *lang.Var:
		f.nodes(n.Subs)
	case *lang.Global:
		f.nodes(n.Env)
		f.nodes(n.Subs)
	case *lang.Naked:
		f.nodes(n.Subs)
	case *lang.Indirect:
		f.node(n.Of)
		for _, subs := range n.Subs {
			f.nodes(subs)
		}
	}
}

// mention is of a variable that need not have a value, and may get one.
func (f *flow) mention(n lang.Node) {
	switch n := n.(type) {
	case *lang.Var:
		f.nodes(n.Subs)
		f.set(n.Name)
	case *lang.Indirect:
		f.within(n)
		f.unseen()
	default:
		f.node(n)
	}
}

func (f *flow) expr(x *lang.Expr) {
	if x != nil {
		f.node(x.X)
	}
}

func (f *flow) exprs(list []*lang.Expr) {
	for _, x := range list {
		f.expr(x)
	}
}

func (f *flow) nodes(list []lang.Node) {
	for _, n := range list {
		f.node(n)
	}
}

func (f *flow) formats(list []*lang.Format) {
	for _, x := range list {
		f.expr(x.Column)
	}
}

func (f *flow) actuals(list []*lang.Actual) {
	for _, a := range list {
		if a.ByRef || a.Variadic {
			f.mention(a.X)
		} else {
			f.node(a.X)
		}
	}
}

// read reports a variable that certainly has no value.
func (f *flow) read(v *lang.Var) {
	f.nodes(v.Subs)
	if !f.at.lacks(f, v.Name) {
		return
	}
	f.set(v.Name) // once is enough
	if f.routine.Within(v.Offset()) != "" {
		return
	}
	line, column := place(f.routine.Source, v.Offset())
	f.warnAt("unset-variable", line, column, fmt.Sprintf("%s has no value here: nothing has set it", v.Name))
}

// node reads an expression.
func (f *flow) node(n lang.Node) {
	switch n := n.(type) {
	case *lang.Var:
		f.read(n)
	case *lang.Global, *lang.Naked, *lang.Indirect:
		f.within(n)
	case *lang.Unary:
		f.node(n.X)
	case *lang.Binary:
		f.node(n.L)
		if n.Op == "&&" || n.Op == "||" {
			f.maybe(func() { f.node(n.R) })
			return
		}
		f.node(n.R)
	case *lang.Pattern:
		f.node(n.X)
		f.node(n.Indirect)
	case *lang.Pair:
		f.node(n.L)
		f.maybe(func() { f.node(n.R) })
	case *lang.Call:
		f.function(n)
	case *lang.EntryNode:
		f.entry(n.Entry)
	case *lang.Extrinsic:
		f.actuals(n.Actual)
		f.call(n.Entry)
	case *lang.Member:
		f.node(n.Of)
		f.actuals(n.Actual)
		if n.Parens {
			f.called()
		}
	case *lang.ByRef:
		f.mention(n.X)
	case *lang.Spread:
		f.mention(n.X)
	case *lang.Last:
		f.node(n.X)
	case *lang.JSON:
		f.nodes(n.Vals)
	case *lang.Macro:
		f.unseen()
	}
}

// outputs is the first argument that a function of values may also set.
const outputs = 3

func (f *flow) function(n *lang.Call) {
	names := runtime.TakesNames(n.Name)
	for i, a := range n.Args {
		if v, ok := a.(*lang.Var); ok && (names || i >= outputs) {
			f.mention(v)
		} else {
			f.node(a)
		}
	}
	if n.Name == "XECUTE" {
		f.unseen()
	}
}
