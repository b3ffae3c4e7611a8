package runtime

// Globals: ^name(subscripts), naked and extended references, and the values' form in the
// store. The engine is in runtime/globals; process-private globals are in private.go.

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"syscall"

	"cos/devices"
	"cos/lang"
	"cos/runtime/globals"
)

// store is the System's database, opened at the first use of a global, LOCK or
// transaction (house decision 5).
type store struct {
	mu sync.Mutex
	db *globals.DB
}

func (s *store) open(cfg *Config) (*globals.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	db, err := globals.Open(cfg.DataDir, globals.Options{
		InMemory: cfg.DataDir == "", Durability: cfg.Durability, Add: addEncoded, AddErrors: []error{errTooLarge},
	})
	if err != nil {
		return nil, err
	}
	s.db = db
	return db, nil
}

// sessions is the job table of the data directory, locks its lock table.
func (s *store) sessions() ([]globals.SessionInfo, error) { return s.db.Sessions() }
func (s *store) locks() ([]globals.LockInfo, error)       { return s.db.Locks() }

// forget lets go of a database that has cut this process off; the next open is a new one.
func (s *store) forget(db *globals.DB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == db && db != nil {
		s.db = nil
	}
}

func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		s.db.Close()
		s.db = nil
	}
}

// globalState is what a process knows of globals.
type globalState struct {
	session *globals.Session // nil until first used
	db      *globals.DB      // that session is of
	key     []byte           // scratch
	sub     []byte           // scratch
	val     []byte           // scratch
	naked   *globalRef       // of the last reference, nil: none
	path    []Value          // its subscripts
}

// globalRef is the part of a global reference that does not change: its name and,
// for an extended reference, its namespace.
type globalRef struct {
	name      string
	namespace string // "" : the process's
	private   bool   // process-private: the local in slot
	slot      int
}

// session returns the process's session with the store.
func (p *Process) session() *globals.Session {
	if p.globals.session == nil {
		if _, err := p.openSession(); err != nil {
			kind := errDirectory
			if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
				kind = errProtect
			}
			p.throw(&Error{kind: kind, Name: kind.Name, Code: kind.ecode(), Info: "*" + p.sys.cfg.DataDir, Cause: err})
		}
	}
	return p.globals.session
}

// openSession is session for those who must not raise.
func (p *Process) openSession() (*globals.Session, error) {
	if p.globals.session == nil {
		db, err := p.sys.store.open(&p.sys.cfg)
		if err == nil {
			p.globals.db = db
			p.globals.session, err = db.NewSession()
		}
		if err != nil {
			return nil, err
		}
		p.globals.session.SetState(itoa(p.id)) // the store numbers sessions by itself: see jobNumbers
	}
	return p.globals.session, nil
}

// jobNumbers maps the sessions of all processes on the data directory to their $JOB.
func (p *Process) jobNumbers() map[int]int {
	p.session()
	p.barrier()
	list, err := p.sys.store.sessions()
	p.storeError(err)
	out := make(map[int]int, len(list))
	for _, s := range list {
		if job := int(Text(s.State).int64()); job > 0 {
			out[s.ID] = job
		}
	}
	return out
}

// barrier makes what the process wrote visible to whoever hears of it next.
func (p *Process) barrier() {
	if s := p.globals.session; s != nil {
		p.storeError(s.Barrier())
	}
}

// Barrier implements devices.Barrier: Enter calls it before every wait, so before every
// transmission, and the terminal before it shows anything.
func (p *Process) Barrier() error {
	if s := p.globals.session; s != nil {
		if err := s.Barrier(); err != nil {
			return &devices.Error{Name: storeErrorKind(err).Name, Device: p.sys.cfg.DataDir, Err: err}
		}
	}
	return nil
}

func (p *Process) closeGlobals() {
	if s := p.globals.session; s != nil {
		s.Close()
		p.globals.session = nil
	}
}

// storeError raises what the engine reports.
func (p *Process) storeError(err error) {
	if err == nil {
		return
	}
	if errors.Is(err, globals.ErrExpelled) { // the next use begins anew
		p.sys.store.forget(p.globals.db)
		p.globals.session, p.globals.db = nil, nil
	}
	kind := storeErrorKind(err)
	p.throw(&Error{kind: kind, Name: kind.Name, Code: kind.ecode(), Cause: err})
}

func storeErrorKind(err error) *errorKind {
	switch {
	case errors.Is(err, globals.ErrExpelled):
		return errNetwork
	case errors.Is(err, globals.ErrKeyTooLong):
		return errSubscript
	case errors.Is(err, syscall.ENOSPC):
		return errFileFull
	}
	return errProtect
}

// space is the namespace whose database a reference means: % globals are in %SYS.
func (p *Process) space(g *globalRef) string {
	switch {
	case g.namespace != "":
		return g.namespace
	case g.name[0] == '%':
		return "%SYS"
	}
	return p.namespace
}

// globalExpr is ^name(subs), also extended.
type globalExpr struct {
	ref  globalRef
	env  expr // namespace of an extended reference
	subs []expr
}

// nakedExpr is ^(subs).
type nakedExpr struct{ subs []expr }

// global compiles a global reference.
func (c *compiler) global(n *lang.Global) glvn {
	if strings.HasPrefix(n.Name, "$") {
		return c.structured(n)
	}
	if c.isPrivate(n) {
		return c.private(n)
	}
	x := &globalExpr{ref: globalRef{name: shortName(n.Name)}, subs: c.exprs(n.Subs)}
	if len(n.Env) > 0 {
		x.env = c.expr(n.Env[0])
	}
	return x
}

func (n *globalExpr) refer(p *Process) *globalRef {
	if n.env == nil {
		return &n.ref
	}
	name := p.namespaceOf(n.env)
	if name == "" {
		return &n.ref
	}
	return &globalRef{name: n.ref.name, namespace: name}
}

// namespaceOf is the namespace that an extended reference names, "" for the current one.
func (p *Process) namespaceOf(env expr) string {
	name := p.text8(env.eval(p))
	if name == "" {
		return ""
	}
	if i := strings.LastIndexByte(name, '^'); i >= 0 { // implied namespace ^^dir
		name = name[i+1:]
	}
	if strings.ContainsAny(name, `/\`) { // a database by its directory: there are none but namespaces
		p.raise(errDirectory, "*"+name)
	}
	return p.knownNamespace(name)
}

func (n *globalExpr) resolve(p *Process) reference {
	base := len(p.stack)
	g := n.refer(p)
	r := reference{global: g, base: base}
	r.path = p.evalLooseSubs(&r, n.subs)
	return r
}

func (n *globalExpr) eval(p *Process) Value {
	r := n.resolve(p)
	v := p.globalGet(&r)
	if v.kind == kindUndefined {
		v = p.undefinedGlobal(&r)
	}
	r.drop(p)
	return v
}

func (n *globalExpr) set(p *Process, v Value) {
	r := n.resolve(p)
	p.globalSet(&r, v)
	r.drop(p)
}

// setGlobalCmd is SET ^x(subs)=value: subscripts first, then the value, then the naked
// indicator.
type setGlobalCmd struct {
	node  *globalExpr
	value expr
}

func (n *setGlobalCmd) exec(p *Process) flow {
	r := n.node.resolve(p)
	v := n.value.eval(p)
	r.path = p.stack[r.base : r.base+len(r.path)]
	p.globalSet(&r, v)
	r.drop(p)
	return flowNext
}

// resolve of a naked reference: its subscripts, then the last reference with its last
// subscript replaced by them.
func (n *nakedExpr) resolve(p *Process) reference {
	r := n.open(p)
	full := n.complete(p, r.path)
	full.path = p.stack[r.base : r.base+copy(p.stack[r.base:], full.path)]
	p.stack = p.stack[:r.base+len(full.path)]
	full.base = r.base
	return full
}

// open evaluates the subscripts of a naked reference, and no more.
func (n *nakedExpr) open(p *Process) reference {
	r := reference{base: len(p.stack)}
	for _, s := range n.subs {
		k := subscript(s.eval(p))
		p.stack = append(p.stack, k)
	}
	r.path = p.stack[r.base:]
	return r
}

// complete builds the whole reference that evaluated subscripts stand for, on p.stack.
func (n *nakedExpr) complete(p *Process, subs []Value) reference {
	g := p.globals.naked
	if g == nil || len(p.globals.path) == 0 {
		p.raise(errNaked, "")
	}
	base := len(p.stack)
	p.stack = append(p.stack, p.globals.path[:len(p.globals.path)-1]...)
	p.stack = append(p.stack, subs...)
	r := reference{global: g, path: p.stack[base:], base: base}
	if g.private {
		r.global, r.slot = nil, g.slot
	}
	for i, k := range r.path[:len(r.path)-1] {
		if p.refuses(k) {
			p.nullSubscript(&r, r.path[:i])
		}
	}
	if g.private {
		p.referPrivate(g, &r)
	}
	return r
}

func (n *nakedExpr) eval(p *Process) Value {
	r := n.resolve(p)
	return r.read(p)
}

func (n *nakedExpr) set(p *Process, v Value) {
	r := n.resolve(p)
	r.assign(p, v)
	r.drop(p)
}

// refer remembers a reference for naked references and $ZREFERENCE.
func (p *Process) refer(r *reference) {
	p.globals.naked = r.global
	p.globals.path = append(p.globals.path[:0], r.path...)
}

// key builds the key of a reference in scratch space.
func (p *Process) key(r *reference) []byte {
	p.globals.key = appendKey(p.globals.key[:0], r.global.name, r.path)
	p.checkLength(r, p.globals.key)
	return p.globals.key
}

// The limits of a reference to a global: its encoded length, and how many subscripts it has
// (docs/globals.md).
const (
	maxReference = 511
	maxLevels    = 253
)

// checkLength refuses a reference that is too long.
func (p *Process) checkLength(r *reference, key []byte) {
	switch {
	case len(r.path) > maxLevels:
		p.raise(errSyntax, "")
	case len(key) > maxReference:
		p.longReference(r)
	}
}

// longReference raises <SUBSCRIPT> with the subscript that exceeds the limit.
func (p *Process) longReference(r *reference) {
	n := 0
	for key := globals.AppendName(nil, r.global.name); n < len(r.path)-1; n++ {
		if key = appendKeyPart(key, r.path[n]); len(key) > maxReference {
			break
		}
	}
	name := p.globalName(&reference{global: r.global, path: r.path[:n]})
	if n == 0 {
		name += "()"
	}
	p.raise(errSubscript, name+" Subscript "+itoa(n+1)+" is too long")
}

func appendKey(b []byte, name string, path []Value) []byte {
	b = globals.AppendName(b, name)
	for i := range path {
		b = appendKeyPart(b, path[i])
	}
	return b
}

func appendKeyPart(b []byte, k Value) []byte {
	switch k.kind {
	case kindNumber:
		return globals.AppendNumber(b, k.mant, k.exp)
	case kindWide:
		return globals.AppendText(b, k.text, true)
	}
	if isCanonical(k.text) {
		n := k.number()
		return globals.AppendNumber(b, n.mant, n.exp)
	}
	return globals.AppendText(b, k.text, false)
}

// subscriptValue is a subscript read from a key.
func subscriptValue(s globals.Subscript) Value {
	if s.Number {
		v := Value{mant: s.Mant, exp: s.Exp, kind: kindNumber}
		if s.Exp != 0 {
			return v.asText()
		}
		return v
	}
	if s.Wide {
		return Value{text: s.Text, kind: kindWide}
	}
	return Text(s.Text)
}

// The form of values in the store: a tag, then the text, or exponent and significand.
const (
	tagText   = 't'
	tagWide   = 'w'
	tagNumber = 'n'
	tagDouble = 'd'
)

func encodeValue(b []byte, v Value) []byte {
	switch v.kind {
	case kindNumber:
		b = append(b, tagNumber, byte(v.exp))
		return binary.AppendVarint(b, v.mant)
	case kindDouble:
		b = append(b, tagDouble)
		return binary.BigEndian.AppendUint64(b, uint64(v.mant))
	case kindWide:
		return append(append(b, tagWide), v.text...)
	}
	v = v.asText()
	return append(append(b, tagText), v.text...)
}

func decodeValue(s []byte) Value {
	if len(s) == 0 {
		return Empty
	}
	switch s[0] {
	case tagText:
		return Text(string(s[1:]))
	case tagWide:
		return Value{text: string(s[1:]), kind: kindWide}
	case tagNumber:
		if len(s) >= 3 {
			if n, size := binary.Varint(s[2:]); size > 0 {
				return Value{mant: n, exp: int8(s[1]), kind: kindNumber}
			}
		}
	case tagDouble:
		if len(s) == 9 {
			return Value{mant: int64(binary.BigEndian.Uint64(s[1:])), kind: kindDouble}
		}
	}
	return Text(string(s))
}

// addEncoded is the arithmetic of $INCREMENT, run by whoever owns the store.
func addEncoded(old []byte, found bool, delta []byte) ([]byte, error) {
	a := Int(0)
	if found {
		a = decodeValue(old).number()
	}
	var sum Value
	var err error
	func() {
		p := &Process{}
		defer func() {
			if r := recover(); r != nil {
				err = errTooLarge
			}
		}()
		sum = p.add(a, decodeValue(delta))
	}()
	if err != nil {
		return nil, err
	}
	return encodeValue(nil, sum), nil
}

var errTooLarge = errors.New("the sum is too large a number")

func (p *Process) globalGet(r *reference) Value {
	p.checkPath(r)
	p.refer(r)
	s, found, err := p.session().Get(p.space(r.global), p.key(r), p.globals.val[:0])
	p.storeError(err)
	if !found {
		return Value{}
	}
	p.globals.val = s
	return decodeValue(s)
}

func (p *Process) globalSet(r *reference, v Value) {
	p.checkPath(r)
	p.refer(r)
	p.buf = encodeValue(p.buf[:0], v)
	p.storeError(p.session().Set(p.space(r.global), p.key(r), p.buf))
}

func (p *Process) globalKill(r *reference, keep bool) {
	p.checkPath(r)
	p.refer(r)
	if keep {
		p.storeError(p.session().ZKill(p.space(r.global), p.key(r)))
		return
	}
	p.storeError(p.session().Kill(p.space(r.global), p.key(r)))
}

func (p *Process) globalData(r *reference) int {
	p.refer(r)
	d, err := p.session().Data(p.space(r.global), p.key(r))
	p.storeError(err)
	return d
}

func (p *Process) globalOrder(r *reference, dir int) (Value, bool) {
	p.refer(r)
	if len(r.path) == 0 {
		return p.orderGlobals(r, dir)
	}
	n := len(r.path) - 1
	key := appendKey(p.globals.key[:0], r.global.name, r.path[:n])
	parent := len(key)
	if last := r.path[n]; last.kind != kindText || last.text != "" {
		key = appendKeyPart(key, last)
	}
	p.globals.key = key
	p.checkLength(r, key)
	sub, found, err := p.session().Order(p.space(r.global), key, parent, dir, p.globals.sub[:0])
	p.storeError(err)
	if !found {
		return Empty, false
	}
	p.globals.sub = sub
	s, _, err := globals.NextSubscript(sub)
	p.storeError(err)
	return subscriptValue(s), true
}

// orderGlobals is $ORDER(^name): the neighbouring global by name.
func (p *Process) orderGlobals(r *reference, dir int) (Value, bool) {
	names, err := p.session().Names(p.space(r.global))
	p.storeError(err)
	best := ""
	for _, n := range names {
		if dir > 0 && n > r.global.name && (best == "" || n < best) || dir < 0 && n < r.global.name && n > best {
			best = n
		}
	}
	if best == "" {
		return Empty, false
	}
	return Text("^" + best), true
}

func (p *Process) globalSibling(r *reference, k Value) Value {
	if len(r.path) == 0 {
		return Value{}
	}
	r.path[len(r.path)-1] = k
	return p.globalGet(r)
}

func (p *Process) globalIncrement(r *reference, by Value) Value {
	p.checkPath(r)
	p.refer(r)
	p.buf = encodeValue(p.buf[:0], by)
	s, err := p.session().Increment(p.space(r.global), p.key(r), p.buf, p.globals.val[:0])
	if errors.Is(err, errTooLarge) {
		p.raise(errMaxNumber, "")
	}
	p.storeError(err)
	p.globals.val = s
	return decodeValue(s)
}

// globalQuery is $QUERY of a global. Backward, "" as the last subscript is behind all.
func (p *Process) globalQuery(r *reference, dir int) (string, Value) {
	space := p.space(r.global)
	from := p.key(r)
	if n := len(r.path) - 1; dir < 0 && n >= 0 && r.path[n].kind == kindText && r.path[n].text == "" {
		from = globals.AppendAfter(p.key(&reference{global: r.global, path: r.path[:n]}))
	}
	key, s, found, err := p.session().Query(space, from, dir, nil, nil)
	p.storeError(err)
	if !found {
		return "", Value{}
	}
	path := p.decodePath(key)
	next := reference{global: r.global, path: path}
	p.refer(&next)
	return p.globalName(&next), decodeValue(s)
}

// decodePath takes the subscripts of a key apart.
func (p *Process) decodePath(key []byte) []Value {
	_, rest := globals.SplitName(key)
	var path []Value
	for len(rest) > 0 {
		s, more, err := globals.NextSubscript(rest)
		if err != nil {
			p.storeError(err)
		}
		path = append(path, subscriptValue(s))
		rest = more
	}
	return path
}

// globalName is the reference as $NAME writes it.
func (p *Process) globalName(r *reference) string {
	name := "^" + r.global.name
	if r.global.namespace != "" {
		name = `^|"` + r.global.namespace + `"|` + r.global.name
	}
	return formatName(name, r.path)
}

func (p *Process) nakedName() Value {
	if p.globals.naked == nil {
		return Empty
	}
	return FromUTF8(p.globalName(&reference{global: p.globals.naked, path: p.globals.path}))
}

// globalReference sets $ZREFERENCE by name.
func (p *Process) globalReference(text string) {
	switch g := p.nameOf(FromUTF8(text)).(type) {
	case *globalExpr:
		r := g.resolve(p)
		p.refer(&r)
		r.drop(p)
	case *privateExpr:
		r := g.resolve(p)
		r.drop(p)
	default:
		p.raise(errSyntax, "")
	}
}

// zorder is $ZORDER: the value of the node after $ZREFERENCE. Behind the last one it is
// undefined, and the error tells the last one.
func (p *Process) zorder() Value {
	if p.globals.naked == nil {
		p.raise(errNaked, "")
	}
	r := reference{global: p.globals.naked, path: cloneValues(p.globals.path)}
	if g := r.global; g.private {
		r.global, r.slot = nil, g.slot
		if path, v := p.queryLocal(&r, 1); v != nil {
			p.referPrivate(g, &reference{path: path})
			return v.Value
		}
	} else if _, v := p.globalQuery(&r, 1); v.defined() {
		return v
	}
	p.throw(&Error{kind: errUndefined, Name: errUndefined.Name, Code: "M7", Info: p.nakedName().utf8()})
	return Value{}
}

// undefinedGlobal is what reading an undefined global gives.
func (p *Process) undefinedGlobal(r *reference) Value {
	if p.settings.undefined == 2 || p.settings.undefined == 1 && len(r.path) > 0 {
		return Empty
	}
	p.throw(&Error{kind: errUndefined, Name: errUndefined.Name, Code: "M7", Info: p.globalName(r)})
	return Value{}
}

// globalMerge is MERGE where either side is a global.
func (p *Process) globalMerge(dst, src *reference) {
	p.checkPath(dst)
	p.checkPath(src)
	if dst.global != nil && src.global != nil && p.space(dst.global) == p.space(src.global) &&
		dst.global.name == src.global.name && overlap(dst.path, src.path) {
		if len(dst.path) == len(src.path) {
			return
		}
		p.raise(errCommand, "")
	}
	if src.global == nil {
		if v := p.findNode(src.slot, src.path); v.exists() {
			p.mergeToGlobal(dst, v, cloneValues(dst.path))
		}
		p.refer(dst)
		return
	}
	type pair struct {
		path  []Value
		value Value
	}
	var list []pair
	n := len(src.path)
	err := p.session().Walk(p.space(src.global), p.key(src), func(key, value []byte) error {
		list = append(list, pair{p.decodePath(key)[n:], decodeValue(value)})
		return nil
	})
	p.storeError(err)
	for _, x := range list {
		path := append(cloneValues(dst.path), x.path...)
		if dst.global == nil {
			p.store(dst.slot, path, x.value)
			continue
		}
		to := reference{global: dst.global, path: path}
		p.globalSet(&to, x.value)
	}
	if dst.global != nil {
		p.refer(dst)
	} else {
		p.refer(src)
	}
}

func (p *Process) mergeToGlobal(dst *reference, v *Var, path []Value) {
	if v.kind != kindUndefined {
		to := reference{global: dst.global, path: path}
		p.globalSet(&to, v.Value)
	}
	if v.nodes == nil {
		return
	}
	for k, ok := v.nodes.order(Empty, 1); ok; k, ok = v.nodes.order(k, 1) {
		p.mergeToGlobal(dst, v.nodes.find(k), append(path[:len(path):len(path)], k))
	}
}

func (p *Process) zwriteGlobal(r *reference) {
	err := p.session().Walk(p.space(r.global), p.key(r), func(key, value []byte) error {
		here := reference{global: r.global, path: p.decodePath(key)}
		p.writeLine(p.globalName(&here) + "=" + quoteValue(decodeValue(value)))
		return nil
	})
	p.storeError(err)
	p.refer(r)
}
