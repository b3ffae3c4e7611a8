package runtime

// Measured shortcuts: fused nodes for shapes that programs run millions of times. Each
// one can be deleted: the general nodes do the same work.

import (
	"math/bits"
	"strings"

	"cos/lang"
)

// integer says whether a node is a small integer constant.
func integer(e expr) (int64, bool) {
	k, ok := e.(*constant)
	if !ok || !k.v.isInteger() || k.v.mant > 1<<40 || k.v.mant < -1<<40 {
		return 0, false
	}
	return k.v.mant, true
}

func shortcutAdd(l, r expr) expr {
	if k, ok := integer(r); ok {
		return &addIntExpr{asOperand(l), k}
	}
	if a, ok := l.(*addExpr); ok {
		return &sumExpr{a.l, []operand{a.r, asOperand(r)}}
	}
	if s, ok := l.(*sumExpr); ok {
		s.rest = append(s.rest, asOperand(r))
		return s
	}
	return &addExpr{asOperand(l), asOperand(r)}
}

func shortcutSub(l, r expr) expr {
	if k, ok := integer(r); ok {
		return &addIntExpr{asOperand(l), -k}
	}
	return &subExpr{asOperand(l), asOperand(r)}
}

// sumExpr is a+b+c… as one node (STRF).
type sumExpr struct {
	first operand
	rest  []operand
}

func (n *sumExpr) eval(p *Process) Value { return p.sum(n.first.eval(p), n.rest) }

// sum adds the values of operands, from the left.
func (p *Process) sum(v Value, rest []operand) Value {
	for i := range rest {
		b := rest[i].eval(p)
		if v.kind == kindNumber && b.kind == kindNumber && v.exp|b.exp == 0 {
			if s := v.mant + b.mant; (s^v.mant)&(s^b.mant) >= 0 {
				v = Value{mant: s, kind: kindNumber}
				continue
			}
		}
		v = p.add(v, b)
	}
	return v
}

func shortcutMul(l, r expr) expr {
	if k, ok := integer(l); ok && int64(int32(k)) == k {
		return &mulIntExpr{asOperand(r), k}
	}
	if k, ok := integer(r); ok && int64(int32(k)) == k {
		return &mulIntExpr{asOperand(l), k}
	}
	return &mulExpr{asOperand(l), asOperand(r)}
}

// mulIntExpr is k*x and x*k for a constant integer of 32 bits (PI).
type mulIntExpr struct {
	x operand
	k int64
}

func (n *mulIntExpr) eval(p *Process) Value {
	v := n.x.eval(p)
	if v.kind == kindNumber && v.exp == 0 && int64(int32(v.mant)) == v.mant {
		return Value{mant: v.mant * n.k, kind: kindNumber}
	}
	return p.mul(v, Int(n.k))
}

// addIntExpr is x+k and x-k for a constant integer (FIB: 8 %).
type addIntExpr struct {
	x operand
	k int64
}

func (n *addIntExpr) eval(p *Process) Value {
	v := n.x.eval(p)
	if v.kind == kindNumber && v.exp == 0 {
		if s := v.mant + n.k; (s > v.mant) == (n.k > 0) {
			return Value{mant: s, kind: kindNumber}
		}
	}
	return p.add(v, Int(n.k))
}

func shortcutMod(l, r expr) expr {
	if k, ok := integer(r); ok && k > 0 {
		return &modIntExpr{asOperand(l), k}
	}
	return &modExpr{asOperand(l), asOperand(r)}
}

// modIntExpr is x#k for a positive constant.
type modIntExpr struct {
	x operand
	k int64
}

func (n *modIntExpr) eval(p *Process) Value {
	v := n.x.eval(p)
	if v.kind == kindNumber && v.exp == 0 && v.mant >= 0 {
		return Value{mant: v.mant % n.k, kind: kindNumber}
	}
	return p.mod(v, Int(n.k))
}

func shortcutEqual(l, r expr, not bool) expr {
	if k, ok := integer(r); ok {
		return &equalIntExpr{asOperand(l), k, not}
	}
	if k, ok := r.(*constant); ok && k.v.kind == kindText {
		return &equalTextExpr{asOperand(l), k.v.text, not}
	}
	return &equalExpr{asOperand(l), asOperand(r), not}
}

// equalTextExpr is x="text" for a constant that is no number.
type equalTextExpr struct {
	x   operand
	k   string
	not bool
}

func (n *equalTextExpr) truth(p *Process) bool {
	v := n.x.eval(p)
	if v.kind == kindText {
		return (v.text == n.k) != n.not
	}
	return equal(v, Text(n.k)) != n.not
}
func (n *equalTextExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// equalIntExpr is x=k for a constant integer.
type equalIntExpr struct {
	x   operand
	k   int64
	not bool
}

func (n *equalIntExpr) truth(p *Process) bool {
	v := n.x.eval(p)
	if v.kind == kindNumber {
		return (v.mant == n.k && v.exp == 0) != n.not
	}
	return equal(v, Int(n.k)) != n.not
}
func (n *equalIntExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// shortcutLess compiles l<r, and l>r with the sides and not exchanged where r is a
// constant.
func shortcutLess(l, r expr, not bool) expr {
	if k, ok := integer(r); ok {
		return &lessIntExpr{asOperand(l), k, not}
	}
	return &lessExpr{asOperand(l), asOperand(r), not}
}

// lessIntExpr is x<k for a constant integer.
type lessIntExpr struct {
	x   operand
	k   int64
	not bool
}

func (n *lessIntExpr) truth(p *Process) bool {
	v := n.x.eval(p)
	if v.kind == kindNumber && v.exp == 0 {
		return (v.mant < n.k) != n.not
	}
	return less(v, Int(n.k)) != n.not
}
func (n *lessIntExpr) eval(p *Process) Value { return Bool(n.truth(p)) }

// shortcutSet compiles SET local=value; SET S=S_… appends in place.
func shortcutSet(t *localExpr, value expr) command {
	if k, ok := value.(*concatExpr); ok {
		if first, ok := k.parts[0].(*localExpr); ok && first.slot == t.slot {
			return &appendCmd{slot: t.slot, whole: k, rest: k.parts[1:]}
		}
	}
	switch v := value.(type) {
	case *addIntExpr:
		if v.x.slot == t.slot {
			return &incrementCmd{t.slot, v}
		}
	case *addExpr:
		if v.l.slot == t.slot {
			return &accumulateCmd{t.slot, v.l, v.r}
		}
	}
	return &setLocalCmd{slot: t.slot, value: value}
}

// shortcutSetNode compiles SET of a subscripted local variable.
func shortcutSetNode(t *nodeExpr, value expr) command {
	switch len(t.subs) {
	case 1:
		set := setNode1Cmd{slot: t.slot, sub: t.subs[0], value: value}
		if sum, ok := value.(*addIntExpr); ok && t.sameNode(sum.x.x) {
			return &tallyCmd{set, sum.k}
		}
		return &set
	case 2:
		return &setNode2Cmd{setNodeCmd{node: t, value: value}}
	}
	return &setNodeCmd{node: t, value: value}
}

// sameNode tells whether x is the node t of one local variable as subscript, or its $GET.
func (t *nodeExpr) sameNode(x expr) bool {
	if get, ok := x.(*getExpr); ok && get.fallback == nil {
		x = get.v
	}
	n, ok := x.(*nodeExpr)
	if !ok || n.slot != t.slot || len(n.subs) != 1 {
		return false
	}
	sub, ok := t.subs[0].(*localExpr)
	its, same := n.subs[0].(*localExpr)
	return ok && same && sub.slot == its.slot
}

// tallyCmd is SET A(X)=$GET(A(X))+k for a constant integer, with or without $GET (MSG).
type tallyCmd struct {
	setNode1Cmd
	k int64
}

func (n *tallyCmd) exec(p *Process) flow {
	k := p.subscript(n.slot, n.sub.eval(p))
	if a := p.vars[n.slot]; a != nil && a.nodes != nil {
		if v := a.nodes.find(k); v != nil && v.kind == kindNumber && v.exp == 0 {
			if s := v.mant + n.k; (s > v.mant) == (n.k > 0) {
				v.mant = s
				return flowNext
			}
		}
	}
	return n.setNode1Cmd.exec(p)
}

// setNode2Cmd is SET A(x,y)=value (MSG): a node below one that exists is found without a list
// of subscripts.
type setNode2Cmd struct{ setNodeCmd }

func (n *setNode2Cmd) exec(p *Process) flow {
	slot, subs := n.node.slot, n.node.subs
	k1 := p.subscript(slot, subs[0].eval(p))
	base := len(p.stack)
	p.stack = append(p.stack, k1)
	k2 := p.subscriptBelow(slot, base, subs[1].eval(p))
	v := n.value.eval(p)
	if a := p.vars[slot]; a != nil && a.nodes != nil {
		if below := a.nodes.find(k1); below != nil && p.memory.room > nodeSize+len(k2.text)+len(v.text) {
			a.nodes.rich = true
			p.setBelow(below, k2, v)
			p.stack = p.stack[:base]
			return flowNext
		}
	}
	p.stack = append(p.stack[:base], k1, k2)
	p.store(slot, p.stack[base:], v)
	p.stack = p.stack[:base]
	return flowNext
}

// incrementCmd is SET X=X+k for a constant integer (NEST).
type incrementCmd struct {
	slot int
	sum  *addIntExpr
}

func (n *incrementCmd) exec(p *Process) flow {
	if v := p.vars[n.slot]; v != nil && v.kind == kindNumber && v.exp == 0 {
		if s := v.mant + n.sum.k; (s > v.mant) == (n.sum.k > 0) {
			v.mant = s
			return flowNext
		}
	}
	p.setLocal(n.slot, n.sum.eval(p))
	return flowNext
}

// accumulateCmd is SET X=X+a (LOOP1: 1.2 times as fast).
type accumulateCmd struct {
	slot int
	l, r operand // l is X
}

func (n *accumulateCmd) exec(p *Process) flow {
	a := n.l.eval(p)
	b := n.r.eval(p) // may change X
	if a.kind == kindNumber && b.kind == kindNumber && a.exp|b.exp == 0 {
		if s := a.mant + b.mant; (s^a.mant)&(s^b.mant) >= 0 {
			if x := p.vars[n.slot]; x != nil && x.text == "" {
				x.mant, x.exp, x.kind = s, 0, kindNumber
				return flowNext
			}
		}
	}
	p.setLocal(n.slot, p.add(a, b))
	return flowNext
}

// appendCmd is SET S=S_a_b: when S is the string that this process appended to last, it
// grows in its own spare capacity (STRP: 3.1 s without, 0.2 s with).
type appendCmd struct {
	slot  int
	whole *concatExpr
	rest  []expr
}

// appendCache remembers the buffers of the strings that grow: b holds exactly s.
type appendCache struct {
	entries [4]struct {
		b strings.Builder
		s string
	}
	next int
}

// appendFrom is the length from which appending in place pays.
const appendFrom = 64

func (n *appendCmd) exec(p *Process) flow {
	v := p.lookup(n.slot)
	if v == nil || v.kind != kindText || len(v.text) < appendFrom {
		p.setLocal(n.slot, n.whole.eval(p))
		return flowNext
	}
	base := len(p.stack)
	size := len(v.text)
	for _, x := range n.rest {
		a := x.eval(p).asText()
		size += len(a.text)
		p.stack = append(p.stack, a)
	}
	parts := p.stack[base:]
	v = p.lookup(n.slot) // an extrinsic function may have changed it
	if v == nil || v.kind != kindText || size > maxString || anyWide(parts) {
		p.stack = p.stack[:base]
		p.setLocal(n.slot, n.whole.eval(p))
		return flowNext
	}
	c := &p.appends
	at := -1
	for i := range c.entries {
		if s := c.entries[i].s; len(s) == len(v.text) && s == v.text {
			at = i
			break
		}
	}
	if at < 0 {
		at = c.next
		c.next = (c.next + 1) % len(c.entries)
		e := &c.entries[at]
		p.claim(2 * size)
		e.b.Reset()
		e.b.Grow(2 * size)
		e.b.WriteString(v.text)
	}
	e := &c.entries[at]
	for i := range parts {
		e.b.WriteString(parts[i].text)
	}
	e.s = e.b.String()
	v.text = e.s
	p.stack = p.stack[:base]
	return flowNext
}

func anyWide(parts []Value) bool {
	for i := range parts {
		if parts[i].kind == kindWide {
			return true
		}
	}
	return false
}

// hotFunctions compile themselves where their arguments have the usual shape.
var hotFunctions = map[string]func(*compiler, *lang.Call) expr{
	"PIECE":   compilePiece,
	"EXTRACT": compileExtract,
	"ASCII":   compileAscii,
	"LENGTH":  compileLength,
	"CHAR":    compileChar,
	"FIND":    compileFind,
	"JUSTIFY": compileJustify,

	"TRANSLATE": compileTranslate,
}

// general compiles a function of values in the general way.
func (c *compiler) general(n *lang.Call) expr {
	return &callExpr{fn: lookupFunction(n.Name).Fn, args: c.exprs(n.Args)}
}

// pieceExpr is $PIECE(s,"d",n) with a delimiter of one 8-bit character. A program that
// walks a string asks for one piece after the other: each call site remembers, in the
// process, where it was (STRP, MSG).
type pieceExpr struct {
	s, from operand
	d       Value
	site    uint32
}

// pieceCache remembers for a few call sites that piece n of s begins at off.
type pieceCache [8]struct {
	s   string
	n   int64
	off int
	d   byte
}

// pieceCacheFrom is the length of string from which remembering pays.
const pieceCacheFrom = 48

func compilePiece(c *compiler, n *lang.Call) expr {
	if len(n.Args) < 2 || len(n.Args) > 3 || n.Args[0] == nil || n.Args[1] == nil {
		return c.general(n)
	}
	d, ok := c.expr(n.Args[1]).(*constant)
	if !ok || d.v.asText().kind != kindText || len(d.v.asText().text) != 1 {
		return c.general(n)
	}
	x := &pieceExpr{s: asOperand(c.expr(n.Args[0])), d: d.v.asText(), site: c.sys.sites.Add(1)}
	x.from = asOperand(&constant{Int(1)})
	if len(n.Args) == 3 {
		if n.Args[2] == nil {
			return c.general(n)
		}
		if _, last := n.Args[2].(*lang.Last); last {
			return c.general(n)
		}
		x.from = asOperand(c.expr(n.Args[2]))
	}
	return x
}

func (n *pieceExpr) eval(p *Process) Value {
	s := n.s.eval(p)
	from := n.from.eval(p)
	if s.kind != kindText || from.kind != kindNumber || from.exp != 0 {
		s = s.asText()
		i := from.int64()
		return piece(s, n.d, i, i)
	}
	return Text(n.find(p, s.text, from.mant))
}

// find returns piece want of s.
func (n *pieceExpr) find(p *Process, s string, want int64) string {
	if want < 1 {
		return ""
	}
	d := n.d.text[0]
	at, off := int64(1), 0
	cached := len(s) >= pieceCacheFrom
	c := &p.piece[n.site%uint32(len(p.piece))]
	if cached && c.n > 1 && c.n <= want && c.d == d && len(c.s) == len(s) && c.s == s {
		at, off = c.n, c.off
	}
	if at < want {
		if off = behind(s, off, d, want-at); off < 0 {
			return ""
		}
	}
	if cached && want > 1 {
		c.s, c.n, c.off, c.d = s, want, off, d
	}
	if end := behind(s, off, d, 1); end >= 0 {
		return s[off : end-1]
	}
	return s[off:]
}

// behind returns where s goes on behind the nth d from off on, -1 when there are fewer. Pieces
// are short as a rule: eight bytes at a time are searched before a call pays (MSG).
func behind(s string, off int, d byte, n int64) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	same := uint64(d) * ones
	for none := 0; none < 4 && off+8 <= len(s); {
		w := s[off : off+8]
		x := (uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
			uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56) ^ same
		found := ^(x&^uint64(tops) + ^uint64(tops) | x) & tops // the top bit of each byte that is d
		if found == 0 {
			none, off = none+1, off+8
			continue
		}
		none = 0
		for ; found != 0; found &= found - 1 {
			if n--; n == 0 {
				return off + bits.TrailingZeros64(found)/8 + 1
			}
		}
		off += 8
	}
	for ; n > 0; n-- {
		i := strings.IndexByte(s[off:], d)
		if i < 0 {
			return -1
		}
		off += i + 1
	}
	return off
}

// extractExpr is $EXTRACT(s,n) and $EXTRACT(s,from,to) of an 8-bit string.
type extractExpr struct {
	s, from, to operand
	single      bool // without to
}

func compileExtract(c *compiler, n *lang.Call) expr {
	if len(n.Args) < 2 || len(n.Args) > 3 {
		return c.general(n)
	}
	for _, a := range n.Args {
		if _, last := a.(*lang.Last); last || a == nil {
			return c.general(n)
		}
	}
	x := &extractExpr{s: asOperand(c.expr(n.Args[0])), from: asOperand(c.expr(n.Args[1])), single: len(n.Args) == 2}
	if !x.single {
		x.to = asOperand(c.expr(n.Args[2]))
	}
	return x
}

func (n *extractExpr) eval(p *Process) Value {
	s, from := n.s.eval(p), n.from.eval(p)
	to := from
	if !n.single {
		to = n.to.eval(p)
	}
	if s.kind != kindText || from.kind != kindNumber || to.kind != kindNumber || from.exp|to.exp != 0 {
		return fnExtract(p, []Value{s, from, to})
	}
	lo, hi := max(from.mant, 1), min(to.mant, int64(len(s.text)))
	if lo > hi {
		return Empty
	}
	return Text(s.text[lo-1 : hi])
}

// asciiExpr is $ASCII(s) and $ASCII(s,n) of an 8-bit string; $ASCII($EXTRACT(s,n)) is
// $ASCII(s,n).
type asciiExpr struct {
	s, at operand
}

func compileAscii(c *compiler, n *lang.Call) expr {
	if len(n.Args) == 0 || n.Args[0] == nil || len(n.Args) == 2 && n.Args[1] == nil {
		return c.general(n)
	}
	x := &asciiExpr{s: asOperand(c.expr(n.Args[0])), at: asOperand(&constant{Int(1)})}
	if len(n.Args) == 2 {
		if _, last := n.Args[1].(*lang.Last); last {
			return c.general(n)
		}
		x.at = asOperand(c.expr(n.Args[1]))
	} else if e, ok := x.s.x.(*extractExpr); ok && e.single {
		x.s, x.at = e.s, e.from
	}
	return x
}

func (n *asciiExpr) eval(p *Process) Value {
	s, at := n.s.eval(p), n.at.eval(p)
	if s.kind != kindText || at.kind != kindNumber || at.exp != 0 {
		return fnAscii(p, []Value{s, at})
	}
	if at.mant < 1 || at.mant > int64(len(s.text)) {
		return Int(-1)
	}
	return Int(int64(s.text[at.mant-1]))
}

// lengthExpr is $LENGTH(s).
type lengthExpr struct{ s operand }

func compileLength(c *compiler, n *lang.Call) expr {
	if len(n.Args) != 1 {
		return c.general(n)
	}
	return &lengthExpr{asOperand(c.expr(n.Args[0]))}
}

func (n *lengthExpr) eval(p *Process) Value {
	v := n.s.eval(p)
	if v.kind == kindText {
		return Int(int64(len(v.text)))
	}
	return Int(int64(v.length()))
}

// plainArguments tells whether a function has n arguments, all of them plain expressions.
func plainArguments(call *lang.Call, n int) bool {
	for _, a := range call.Args {
		if _, last := a.(*lang.Last); last || a == nil {
			return false
		}
	}
	return len(call.Args) == n
}

// findExpr is $FIND(s,part).
type findExpr struct{ s, part operand }

func compileFind(c *compiler, n *lang.Call) expr {
	if !plainArguments(n, 2) {
		return c.general(n)
	}
	return &findExpr{asOperand(c.expr(n.Args[0])), asOperand(c.expr(n.Args[1]))}
}

func (n *findExpr) eval(p *Process) Value {
	s, part := n.s.eval(p), n.part.eval(p)
	if s.kind != kindText || part.kind != kindText {
		return fnFind(p, []Value{s, part})
	}
	i := strings.Index(s.text, part.text)
	if i < 0 {
		return Int(0)
	}
	return Int(int64(i + len(part.text) + 1))
}

// justifyExpr is $JUSTIFY(x,width).
type justifyExpr struct{ x, width operand }

func compileJustify(c *compiler, n *lang.Call) expr {
	if !plainArguments(n, 2) {
		return c.general(n)
	}
	return &justifyExpr{asOperand(c.expr(n.Args[0])), asOperand(c.expr(n.Args[1]))}
}

func (n *justifyExpr) eval(p *Process) Value {
	v, width := n.x.eval(p), n.width.eval(p)
	var line [64]byte
	if v.kind != kindNumber || v.exp != 0 || v.mant < 0 || width.kind != kindNumber || width.exp != 0 || uint64(width.mant) > uint64(len(line)) {
		return justify(p, v, width.int64())
	}
	i, from := len(line)-1, len(line)-int(width.mant)
	m := uint64(v.mant)
	for ; m >= 10; m /= 10 {
		line[i] = '0' + byte(m%10)
		i--
	}
	line[i] = '0' + byte(m)
	if from > i {
		return v.asText()
	}
	for i--; i >= from; i-- {
		line[i] = ' '
	}
	return Text(string(line[from:]))
}

// compileChar folds $CHAR of constants: $CHAR(13,10) is a literal.
func compileChar(c *compiler, n *lang.Call) expr {
	x := c.general(n).(*callExpr)
	values := make([]Value, len(x.args))
	for i, a := range x.args {
		k, ok := a.(*constant)
		if !ok || !k.v.isInteger() {
			return x
		}
		values[i] = k.v
	}
	return &constant{x.fn(&Process{sys: c.sys}, values)}
}

// translateExpr is $TRANSLATE(s,"from","to") with constants of 8-bit characters: the
// table is made once (STRF).
type translateExpr struct {
	s     operand
	table [256]int16 // by character: what it becomes, -1 to drop it
}

func compileTranslate(c *compiler, n *lang.Call) expr {
	x := c.general(n).(*callExpr)
	text := make([]string, 2)
	for i, a := range x.args[1:] {
		k, ok := a.(*constant)
		if !ok || i > 1 || k.v.asText().kind != kindText {
			return x
		}
		text[i] = k.v.asText().text
	}
	t := &translateExpr{s: asOperand(x.args[0])}
	for i := range t.table {
		t.table[i] = int16(i)
	}
	from, to := text[0], text[1]
	for i := len(from) - 1; i >= 0; i-- { // the first of equal characters counts
		if i < len(to) {
			t.table[from[i]] = int16(to[i])
		} else {
			t.table[from[i]] = -1
		}
	}
	return t
}

func (n *translateExpr) eval(p *Process) Value {
	v := n.s.eval(p)
	if v.kind != kindText {
		if v = v.asText(); v.kind != kindText {
			return n.wide(p, v)
		}
	}
	s := v.text
	i := 0
	for i < len(s) && n.table[s[i]] == int16(s[i]) {
		i++
	}
	if i == len(s) {
		return v
	}
	buf := append(p.buf[:0], s[:i]...)
	for ; i < len(s); i++ {
		if to := n.table[s[i]]; to >= 0 {
			buf = append(buf, byte(to))
		}
	}
	if cap(buf) <= 1<<16 {
		p.buf = buf
	}
	return Text(string(buf))
}

// wide translates a string with characters above 255.
func (n *translateExpr) wide(p *Process, v Value) Value {
	b := builder{p: p}
	for i := range v.length() {
		c := v.char(i)
		if c > 255 {
			b.char(c)
		} else if to := n.table[c]; to >= 0 {
			b.char(uint16(to))
		}
	}
	return b.value()
}
