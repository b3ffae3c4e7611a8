package runtime

// tree holds the subscripted nodes below one local variable or node. Small
// non-negative integers sit in a dense slice, other integers in a hash table of their own
// (sparse.go), other subscripts in a list or a map; an ordered
// index exists only from the first $ORDER on. Measured on the SIEVE, HASH and ARR
// programs of scripts/bench.

import (
	"math"
	"slices"
	"sort"
)

type tree struct {
	dense []Var           // subscripts 0 … len-1; one that does not exist() is absent
	ints  *sparse         // other integers, nil: none
	texts named           // 8-bit strings, and numbers that are no integers, by text
	wides named           // wide strings
	nums  *ordered[int64] // index over ints
	rest  *ordered[Value] // index over texts and wides, in M collation
	used  int32           // existing entries of dense
	last  uint8           // where texts' list had the key that was wanted last (MSG)
	rich  bool            // some node may have text, a long subscript, an object or nodes below it (memory.go)
}

// named maps text to nodes: a short list at first, which beats a map while it is short
// (MSG), then a map.
type named struct {
	list  []namedVar
	byKey map[string]*Var // nil while the list serves
}

type namedVar struct {
	key string
	v   *Var
}

const longestList = 8

func (m *named) size() int { return len(m.list) + len(m.byKey) }

func (m *named) find(key string, last *uint8) *Var {
	if m.byKey != nil {
		return m.byKey[key]
	}
	if i := int(*last); i < len(m.list) && m.list[i].key == key {
		return m.list[i].v
	}
	for i := range m.list {
		if m.list[i].key == key {
			*last = uint8(i)
			return m.list[i].v
		}
	}
	return nil
}

// add makes the node of a key that has none.
func (m *named) add(key string) *Var {
	if n := len(m.list); n < cap(m.list) && m.byKey == nil && m.list[:n+1][n].v != nil { // left by recycle
		m.list = m.list[:n+1]
		m.list[n].key = key
		return m.list[n].v
	}
	v := new(Var)
	switch {
	case m.byKey != nil:
		m.byKey[key] = v
	case len(m.list) < longestList:
		m.list = append(m.list, namedVar{key, v})
	default:
		m.byKey = make(map[string]*Var, 4*longestList)
		for _, n := range m.list {
			m.byKey[n.key] = n.v
		}
		m.list = nil
		m.byKey[key] = v
	}
	return v
}

func (m *named) remove(key string) bool {
	if m.byKey != nil {
		_, ok := m.byKey[key]
		delete(m.byKey, key)
		return ok
	}
	for i := range m.list {
		if m.list[i].key == key {
			m.list = slices.Delete(m.list, i, i+1)
			return true
		}
	}
	return false
}

func (m *named) each(visit func(key string, v *Var)) {
	for _, n := range m.list {
		visit(n.key, n.v)
	}
	for key, v := range m.byKey {
		visit(key, v)
	}
}

// maxSpare bounds the emptied trees that a process keeps; maxSpareNodes what one holds.
const (
	maxSpare      = 64
	maxSpareNodes = 16
)

// newTree gives an empty tree, of what recycle kept.
func (p *Process) newTree() *tree {
	n := len(p.spare)
	if n == 0 {
		return &tree{}
	}
	t := p.spare[n-1]
	p.spare = p.spare[:n-1]
	return t
}

// recycle keeps a small tree that nothing refers to any more, and those below it, with
// the room they have: programs kill and build the same small arrays over and over.
func (p *Process) recycle(t *tree) {
	if len(p.spare) >= maxSpare || len(t.dense) > maxSpareNodes ||
		t.ints != nil || t.texts.byKey != nil || t.wides.size() > 0 || t.nums != nil || t.rest != nil {
		return
	}
	for i := range t.dense {
		p.recycleNode(&t.dense[i])
	}
	for i := range t.texts.list {
		p.recycleNode(t.texts.list[i].v)
		t.texts.list[i].key = ""
	}
	*t = tree{dense: t.dense[:0], texts: named{list: t.texts.list[:0]}}
	p.spare = append(p.spare, t)
}

func (p *Process) recycleNode(v *Var) {
	if v.nodes != nil {
		p.recycle(v.nodes)
	}
	*v = Var{}
}

// subscript brings a value into the form under which it is stored: an integer, or
// the canonical text.
func subscript(v Value) Value {
	switch v.kind {
	case kindNumber:
		if v.exp == 0 {
			return v
		}
		return v.asText()
	case kindText:
		if len(v.text) == 0 || v.text[0] > '9' {
			return v
		}
		if n, ok := canonicalInt(v.text); ok {
			return Int(n)
		}
		return v
	case kindWide:
		return v
	}
	return subscript(v.asText())
}

// canonicalInt recognises the canonical text of an integer that fits 64 bits.
func canonicalInt(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 20 {
		return 0, false
	}
	i, neg := 0, s[0] == '-'
	if neg {
		i = 1
		if len(s) == 1 {
			return 0, false
		}
	}
	if s[i] == '0' && (len(s) > 1) {
		return 0, false
	}
	var n int64
	for ; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		if n > (1<<63-1-int64(c))/10 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if neg {
		n = -n
	}
	return n, true
}

func (t *tree) size() int { return int(t.used) + t.ints.size() + t.texts.size() + t.wides.size() }

// find returns the node at a stored subscript, nil when absent.
func (t *tree) find(k Value) *Var {
	if k.kind == kindNumber {
		if uint64(k.mant) < uint64(len(t.dense)) {
			v := &t.dense[k.mant]
			if v.kind == kindUndefined && v.nodes == nil {
				return nil
			}
			return v
		}
		return t.ints.find(k.mant)
	}
	if k.kind == kindText {
		return t.texts.find(k.text, &t.last)
	}
	return t.wides.find(k.text, &t.last)
}

// node returns the node at a stored subscript, making it. A fresh node has neither
// value nor descendants: the caller gives it one at once, or it would not exist.
func (t *tree) node(k Value) (v *Var, fresh bool) {
	if k.kind == kindNumber {
		n := k.mant
		if uint64(n) < uint64(len(t.dense)) {
			v := &t.dense[n]
			if v.kind == kindUndefined && v.nodes == nil {
				t.used++
				return v, true
			}
			return v, false
		}
		if n >= 0 && n <= int64(len(t.dense))+int64(t.used)/2+3 {
			t.widen(int(n) + 1)
			return t.node(k)
		}
		if t.ints == nil {
			t.ints = &sparse{}
		}
		if v, fresh = t.ints.node(n); fresh && t.nums != nil {
			t.nums.insert(n)
		}
		return v, fresh
	}
	m := &t.texts
	if k.kind == kindWide {
		m = &t.wides
	}
	v = m.find(k.text, &t.last)
	if v == nil {
		v, fresh = m.add(k.text), true
		if t.rest != nil {
			t.rest.insert(k)
		}
	}
	return v, fresh
}

// widen extends dense to n entries and takes in the integers that now belong there.
func (t *tree) widen(n int) {
	from := len(t.dense)
	if n > cap(t.dense) {
		grown := make([]Var, from, max(2*from, n, 8))
		copy(grown, t.dense)
		t.dense = grown
	}
	t.dense = t.dense[:n]
	for i := from; i < n && t.ints.size() > 0; i++ {
		if v := t.ints.find(int64(i)); v != nil {
			t.dense[i] = *v
			t.used++
			t.removeInt(int64(i))
		}
	}
}

// remove takes a subscript out.
func (t *tree) remove(k Value) {
	if k.kind == kindNumber {
		if uint64(k.mant) < uint64(len(t.dense)) {
			v := &t.dense[k.mant]
			if v.kind != kindUndefined || v.nodes != nil {
				t.used--
				v.clear()
			}
			return
		}
		t.removeInt(k.mant)
		return
	}
	m := &t.texts
	if k.kind == kindWide {
		m = &t.wides
	}
	if m.remove(k.text) && t.rest != nil {
		t.rest.remove(k)
	}
}

// removeInt takes an integer out that is not in dense.
func (t *tree) removeInt(n int64) {
	if t.ints == nil || !t.ints.remove(n) {
		return
	}
	if t.nums != nil {
		t.nums.remove(n)
	}
	if t.ints.used == 0 {
		t.ints = nil
	}
}

// kill takes out the node at a path of stored subscripts with all below it, or, with
// keep, its value alone; nodes that are left with nothing go too.
func (t *tree) kill(path []Value, keep bool) {
	k := path[0]
	v := t.find(k)
	if v == nil {
		return
	}
	switch {
	case len(path) > 1:
		if v.nodes == nil {
			return
		}
		v.nodes.kill(path[1:], keep)
		if v.nodes.size() > 0 || v.kind != kindUndefined {
			return
		}
	case keep && v.nodes != nil && v.nodes.size() > 0:
		v.Value = Value{}
		return
	}
	t.remove(k)
}

// order returns the subscript that follows k (dir 1) or precedes it (dir -1); k ""
// stands before the first and after the last. ok is false at the end.
func (t *tree) order(k Value, dir int) (next Value, ok bool) {
	t.index()
	from, open := k, k.kind == kindText && k.text == ""
	if dir > 0 {
		return t.after(from, open)
	}
	return t.before(from, open)
}

// index builds the ordered indexes that order needs.
func (t *tree) index() {
	if t.nums == nil && t.ints.size() > 0 {
		keys := make([]int64, 0, t.ints.size())
		t.ints.each(func(n int64, _ *Var) { keys = append(keys, n) })
		slices.Sort(keys)
		t.nums = newOrdered(compareInts, keys)
	}
	if n := t.texts.size() + t.wides.size(); t.rest == nil && n > 0 {
		keys := make([]Value, 0, n)
		t.texts.each(func(s string, _ *Var) { keys = append(keys, Text(s)) })
		t.wides.each(func(s string, _ *Var) { keys = append(keys, Value{text: s, kind: kindWide}) })
		slices.SortFunc(keys, collate)
		t.rest = newOrdered(collate, keys)
	}
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (t *tree) after(k Value, open bool) (best Value, ok bool) {
	isInt := k.kind == kindNumber
	better := func(v Value) {
		if !ok || collate(v, best) < 0 {
			best, ok = v, true
		}
	}
	if open || isInt || isCanonical(k.text) {
		var floor, start int64
		behind := false
		if !open {
			floor, behind = floorInt(k)
		}
		if behind && floor >= 0 {
			start = min(floor, int64(len(t.dense))) + 1
		}
		for i := start; i < int64(len(t.dense)); i++ {
			if v := &t.dense[i]; v.kind != kindUndefined || v.nodes != nil {
				better(Int(i))
				break
			}
		}
		if t.nums != nil {
			var n int64
			var found bool
			if behind {
				n, found = t.nums.next(floor)
			} else {
				n, found = t.nums.first()
			}
			if found {
				better(Int(n))
			}
		}
	}
	if t.rest != nil {
		var v Value
		var found bool
		if open {
			v, found = t.rest.first()
		} else {
			v, found = t.rest.next(k)
		}
		if found {
			better(v)
		}
	}
	return best, ok
}

func (t *tree) before(k Value, open bool) (best Value, ok bool) {
	better := func(v Value) {
		if !ok || collate(v, best) > 0 {
			best, ok = v, true
		}
	}
	end := int64(len(t.dense))
	var ceil int64
	ahead := false
	if !open && (k.kind == kindNumber || isCanonical(k.text)) {
		ceil, ahead = ceilInt(k)
	}
	if ahead {
		end = min(max(ceil, 0), end)
	}
	for i := end - 1; i >= 0; i-- {
		if v := &t.dense[i]; v.kind != kindUndefined || v.nodes != nil {
			better(Int(i))
			break
		}
	}
	if t.nums != nil {
		var n int64
		var found bool
		if ahead {
			n, found = t.nums.prev(ceil)
		} else {
			n, found = t.nums.last()
		}
		if found {
			better(Int(n))
		}
	}
	if t.rest != nil {
		var v Value
		var found bool
		if open {
			v, found = t.rest.last()
		} else {
			v, found = t.rest.prev(k)
		}
		if found {
			better(v)
		}
	}
	return best, ok
}

// floorInt is the last integer that does not follow a numeric subscript; false when all
// follow, as they follow -1E20.
func floorInt(k Value) (int64, bool) {
	if k.kind == kindNumber && k.exp == 0 {
		return k.mant, true
	}
	n := k.number()
	i := n.int64()
	if less(n, Int(i)) {
		return i - 1, i > math.MinInt64
	}
	return i, true
}

// ceilInt is the first integer that does not precede a numeric subscript; false when all do.
func ceilInt(k Value) (int64, bool) {
	if k.kind == kindNumber && k.exp == 0 {
		return k.mant, true
	}
	n := k.number()
	i := n.int64()
	if less(Int(i), n) {
		return i + 1, i < math.MaxInt64
	}
	return i, true
}

// merge copies the nodes of src, all the way down.
func (t *tree) merge(src *tree) {
	t.rich = t.rich || src.rich
	src.each(func(k Value, v *Var) {
		dst, _ := t.node(k)
		mergeVar(dst, v)
	})
}

// each visits the existing entries of one level, in no order.
func (t *tree) each(visit func(k Value, v *Var)) {
	for i := range t.dense {
		if v := &t.dense[i]; v.kind != kindUndefined || v.nodes != nil {
			visit(Int(int64(i)), v)
		}
	}
	t.ints.each(func(n int64, v *Var) { visit(Int(n), v) })
	t.texts.each(func(s string, v *Var) { visit(Text(s), v) })
	t.wides.each(func(s string, v *Var) { visit(Value{text: s, kind: kindWide}, v) })
}

// mergeVar copies value and descendants of src over dst.
func mergeVar(dst, src *Var) {
	if src.kind != kindUndefined {
		dst.Value = src.Value
	}
	if src.nodes != nil && src.nodes.size() > 0 {
		if dst.nodes == nil {
			dst.nodes = &tree{}
		}
		dst.nodes.merge(src.nodes)
	}
}

// ordered is a sorted list in chunks: insertion moves at most one chunk, a walk
// remembers where it stands.
type ordered[T any] struct {
	compare func(a, b T) int
	chunks  [][]T
	at, off int // where the last search ended
}

const chunkSize = 512

func newOrdered[T any](compare func(a, b T) int, sorted []T) *ordered[T] {
	o := &ordered[T]{compare: compare}
	for len(sorted) > 0 {
		n := min(len(sorted), chunkSize/2)
		o.chunks = append(o.chunks, slices.Clone(sorted[:n]))
		sorted = sorted[n:]
	}
	return o
}

// seek finds the place of the first key >= k: a chunk, an offset in it, and whether
// the key there equals k. The chunk is len(chunks) when k follows everything.
func (o *ordered[T]) seek(k T) (at, off int, equal bool) {
	if o.at < len(o.chunks) && o.off < len(o.chunks[o.at]) && o.compare(o.chunks[o.at][o.off], k) == 0 {
		return o.at, o.off, true
	}
	at = sort.Search(len(o.chunks), func(i int) bool {
		c := o.chunks[i]
		return o.compare(c[len(c)-1], k) >= 0
	})
	if at == len(o.chunks) {
		return at, 0, false
	}
	c := o.chunks[at]
	off = sort.Search(len(c), func(i int) bool { return o.compare(c[i], k) >= 0 })
	return at, off, o.compare(c[off], k) == 0
}

func (o *ordered[T]) insert(k T) {
	at, off, equal := o.seek(k)
	if equal {
		return
	}
	if at == len(o.chunks) {
		if at == 0 || len(o.chunks[at-1]) >= chunkSize {
			o.chunks = append(o.chunks, append(make([]T, 0, 64), k))
			return
		}
		at--
		o.chunks[at] = append(o.chunks[at], k)
		return
	}
	c := slices.Insert(o.chunks[at], off, k)
	o.chunks[at] = c
	if len(c) > chunkSize {
		half := len(c) / 2
		right := slices.Clone(c[half:])
		o.chunks[at] = c[:half:half]
		o.chunks = slices.Insert(o.chunks, at+1, right)
	}
}

func (o *ordered[T]) remove(k T) {
	at, off, equal := o.seek(k)
	if !equal {
		return
	}
	c := slices.Delete(o.chunks[at], off, off+1)
	o.chunks[at] = c
	if len(c) == 0 {
		o.chunks = slices.Delete(o.chunks, at, at+1)
	}
}

func (o *ordered[T]) first() (k T, ok bool) { return o.get(0, 0) }

func (o *ordered[T]) last() (k T, ok bool) {
	if len(o.chunks) == 0 {
		return k, false
	}
	at := len(o.chunks) - 1
	return o.get(at, len(o.chunks[at])-1)
}

func (o *ordered[T]) next(k T) (T, bool) {
	at, off, equal := o.seek(k)
	if equal {
		off++
		if off == len(o.chunks[at]) {
			at, off = at+1, 0
		}
	}
	return o.get(at, off)
}

func (o *ordered[T]) prev(k T) (none T, ok bool) {
	at, off, _ := o.seek(k)
	off--
	if off < 0 {
		at--
		if at < 0 {
			return none, false
		}
		off = len(o.chunks[at]) - 1
	}
	return o.get(at, off)
}

// get returns the key at a place and remembers the place for the next seek.
func (o *ordered[T]) get(at, off int) (k T, ok bool) {
	if at >= len(o.chunks) || off >= len(o.chunks[at]) {
		return k, false
	}
	o.at, o.off = at, off
	return o.chunks[at][off], true
}
