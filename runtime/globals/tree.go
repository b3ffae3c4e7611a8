package globals

// A tree: all nodes of one global as pages, found through an ordered index (tidwall/btree). One
// lock guards a tree; a session's cursor saves the way through the index for neighbouring nodes.

import (
	"bytes"
	"errors"
	"slices"
	"sync"

	"github.com/tidwall/btree"
)

// indexEntry is a page in the index, ordered by its lower bound.
type indexEntry struct {
	pre uint64
	p   *page
}

func indexLess(a, b indexEntry) bool {
	if a.pre != b.pre {
		return a.pre < b.pre
	}
	return bytes.Compare(a.p.lo, b.p.lo) < 0
}

type tree struct {
	cache  *cache
	ns     string
	name   string
	prefix []byte // of its keys in the store

	mu     sync.RWMutex
	index  *btree.BTreeG[indexEntry]
	dirty  []*page // changed pages, and some that were
	later  []*page // of those, the ones a running flush leaves
	owed   int     // how many are changed
	stored bool    // the store may hold nodes of it
	logSeg int     // log segment that knows it as logID
	logID  uint64
	slot   int // place in the shared version counters, 0 without one
}

// cursor remembers the page of a session's last reference, and holds its scratch space.
type cursor struct {
	page  *page
	pivot page
	probe []byte
	// fetch fills a gap by asking the owner, in a process that does not own the store.
	fetch func(t *tree, key []byte, back bool) error
}

func newTree(c *cache, ns, name string, stored bool) *tree {
	t := &tree{cache: c, ns: ns, name: name, stored: stored, logSeg: -1}
	t.prefix = storePrefix(ns, name)
	t.index = btree.NewBTreeGOptions(indexLess, btree.Options{NoLocks: true, Degree: 32})
	first := &page{tree: t, lo: []byte{}, loaded: !stored}
	t.addPage(first)
	return t
}

func (t *tree) addPage(p *page) {
	t.index.Set(indexEntry{prefix8(p.lo), p})
	if p.loaded {
		t.cache.add(p)
	}
}

func (t *tree) dropPage(p *page) {
	t.index.Delete(indexEntry{prefix8(p.lo), p})
	p.dead = true
	if p.dirty {
		t.owed--
	}
	t.cache.drop(p)
}

// pageFor finds the page whose bounds hold key.
func (t *tree) pageFor(key []byte, c *cursor) *page {
	if p := c.page; p != nil && p.tree == t && !p.dead && p.holds(key) {
		return p
	}
	c.pivot.lo = key
	var found *page
	t.index.Descend(indexEntry{prefix8(key), &c.pivot}, func(e indexEntry) bool {
		found = e.p
		return false
	})
	c.page = found
	return found
}

// pageBefore finds the page that holds the greatest possible key before key.
func (t *tree) pageBefore(key []byte, c *cursor) *page {
	if p := c.page; p != nil && p.tree == t && !p.dead && bytes.Compare(p.lo, key) < 0 && (p.hi == nil || bytes.Compare(key, p.hi) <= 0) {
		return p
	}
	c.pivot.lo = key
	var found *page
	t.index.Descend(indexEntry{prefix8(key), &c.pivot}, func(e indexEntry) bool {
		if bytes.Equal(e.p.lo, key) {
			return true
		}
		found = e.p
		return false
	})
	if found != nil {
		c.page = found
	}
	return found
}

// spot is a place in a tree: slot i of page p. A gap must be loaded around key before the search
// can go on.
type spot struct {
	p   *page
	i   int
	gap *page
	key []byte
}

// seek finds the first node that is not before key.
func (t *tree) seek(key []byte, c *cursor) spot {
	for {
		p := t.pageFor(key, c)
		if !p.loaded {
			return spot{gap: p, key: key}
		}
		p.touch()
		i, _ := p.seek(key)
		if i < len(p.slots) {
			return spot{p: p, i: i}
		}
		if p.hi == nil {
			return spot{}
		}
		key = p.hi
	}
}

// seekBefore finds the last node before key.
func (t *tree) seekBefore(key []byte, c *cursor) spot {
	for len(key) > 0 {
		p := t.pageBefore(key, c)
		if !p.loaded {
			return spot{gap: p, key: key}
		}
		p.touch()
		if i, _ := p.seek(key); i > 0 {
			return spot{p: p, i: i - 1}
		}
		key = p.lo
	}
	return spot{}
}

// reading runs search under the read lock, loading gaps until it finds its place, and calls use
// there with the lock still held (p is nil when there is no such node).
func (t *tree) reading(key []byte, c *cursor, back bool, use func(p *page, i int)) error {
	for {
		t.mu.RLock()
		at := t.find(key, c, back)
		if at.gap == nil {
			use(at.p, at.i)
			t.mu.RUnlock()
			t.cache.relieve()
			return nil
		}
		t.mu.RUnlock()
		if err := t.fill(at.key, c, back); err != nil {
			return err
		}
	}
}

func (t *tree) find(key []byte, c *cursor, back bool) spot {
	if back {
		return t.seekBefore(key, c)
	}
	return t.seek(key, c)
}

// fill loads the gap around key, if it still is one.
func (t *tree) fill(key []byte, c *cursor, back bool) error {
	if c.fetch != nil {
		return c.fetch(t, key, back)
	}
	t.mu.Lock()
	p := (*page)(nil)
	if back {
		p = t.pageBefore(key, c)
	} else {
		p = t.pageFor(key, c)
	}
	var err error
	if !p.loaded {
		err = t.load(p, key)
	}
	t.mu.Unlock()
	return err
}

// errOmitted: the value must be asked for, see readahead.go.
var errOmitted = errors.New("globals: long value")

// place finds a node under the write lock, loading gaps.
func (t *tree) place(key []byte, c *cursor) (p *page, i int, err error) {
	for {
		at := t.seek(key, c)
		if at.gap == nil {
			return at.p, at.i, nil
		}
		if err := t.load(at.gap, at.key); err != nil {
			return nil, 0, err
		}
	}
}

// own finds the loaded page for key under the write lock.
func (t *tree) own(key []byte, c *cursor) (*page, error) {
	for {
		p := t.pageFor(key, c)
		if p.loaded {
			p.touch()
			return p, nil
		}
		if err := t.load(p, key); err != nil {
			return nil, err
		}
	}
}

func (t *tree) get(key, dst []byte, c *cursor) (val []byte, found bool, err error) {
	for {
		t.mu.RLock()
		p := t.pageFor(key, c)
		if p.loaded {
			p.touch()
			i, equal := p.seek(key)
			if equal {
				if p.slots[i].vlen == isOmitted {
					err = errOmitted
				} else {
					dst = append(dst, p.value(i)...)
				}
			}
			t.mu.RUnlock()
			t.cache.relieve()
			return dst, equal, err
		}
		t.mu.RUnlock()
		if err := t.fill(key, c, false); err != nil {
			return dst, false, err
		}
	}
}

// data is $DATA: 1 when the node has a value, plus 10 when it has descendants.
func (t *tree) data(key []byte, c *cursor) (d int, err error) {
	own := false
	err = t.reading(key, c, false, func(p *page, i int) {
		own = p != nil && bytes.Equal(p.key(i), key)
		if own && i+1 < len(p.slots) {
			if d = 1; bytes.HasPrefix(p.key(i+1), key) {
				d = 11
			}
		} else if p != nil && !own && bytes.HasPrefix(p.key(i), key) {
			d = 10
		}
	})
	if err != nil || !own || d != 0 {
		return d, err
	}
	c.probe = append(append(c.probe[:0], key...), 0)
	d = 1
	err = t.reading(c.probe, c, false, func(p *page, i int) {
		if p != nil && bytes.HasPrefix(p.key(i), key) {
			d = 11
		}
	})
	return d, err
}

// order is $ORDER among the children of key[:parent]; key[parent:] is the encoded subscript to
// start from, empty for the first or last. It appends the encoded subscript found to dst.
func (t *tree) order(key []byte, parent, dir int, dst []byte, c *cursor) (sub []byte, found bool, err error) {
	c.probe = append(c.probe[:0], key...)
	switch {
	case dir >= 0 && len(key) == parent:
		c.probe = append(c.probe, 0)
	case dir >= 0 || len(key) == parent:
		c.probe = append(c.probe, tagAfter)
	}
	for {
		t.mu.RLock()
		at := t.find(c.probe, c, dir < 0)
		if at.gap == nil {
			if p := at.p; p != nil {
				k := p.key(at.i)
				if len(k) > parent && bytes.HasPrefix(k, key[:parent]) {
					dst, found = append(dst, k[parent:parent+subscriptLen(k[parent:])]...), true
				}
			}
			t.mu.RUnlock()
			t.cache.relieve()
			return dst, found, nil
		}
		t.mu.RUnlock()
		if err := t.fill(at.key, c, dir < 0); err != nil {
			return dst, false, err
		}
	}
}

// query is $QUERY: the next (or previous) node with a value; its key and value are appended.
func (t *tree) query(key []byte, dir int, kdst, vdst []byte, c *cursor) (k, v []byte, found bool, err error) {
	c.probe = append(c.probe[:0], key...)
	if dir >= 0 {
		c.probe = append(c.probe, 0)
	}
	var omitted error
	err = t.reading(c.probe, c, dir < 0, func(p *page, i int) {
		if p != nil && p.slots[i].vlen == isOmitted {
			omitted = errOmitted
		} else if p != nil {
			kdst, vdst, found = append(kdst, p.key(i)...), append(vdst, p.value(i)...), true
		}
	})
	if err == nil {
		err = omitted
	}
	return kdst, vdst, found, err
}

// put stores a node; the write lock is held.
func (t *tree) put(key, val []byte, c *cursor) error {
	p, err := t.own(key, c)
	if err != nil {
		return err
	}
	i, equal := p.seek(key)
	t.putAt(p, i, equal, key, val)
	return nil
}

func (t *tree) putAt(p *page, i int, equal bool, key, val []byte) {
	bit := t.mark(p)
	if equal {
		p.update(i, val, bit)
	} else {
		p.insert(i, key, val, bit)
	}
	if p.full() {
		t.split(p)
	}
	t.cache.account(p)
}

// mark notes that the page differs from the store, and returns the bit for its changed slots.
func (t *tree) mark(p *page) uint16 {
	if t.cache.store == nil {
		return 0
	}
	if !p.dirty {
		t.markSince(p, t.cache.segment.Load())
	}
	return dirtyBit
}

// markSince is mark for changes that are as old as a log segment, as those are that move between
// pages: a checkpoint must find them.
func (t *tree) markSince(p *page, segment int64) {
	if p.dirty && p.since <= segment {
		return
	}
	if !p.dirty {
		t.owed++
	}
	p.dirty, p.since = true, segment
	if len(t.dirty) > 2*t.owed+64 { // evictions write pages too
		t.dirty = slices.DeleteFunc(t.dirty, func(p *page) bool { return !p.dirty || p.dead })
	}
	t.dirty = append(t.dirty, p)
}

// split moves the upper half of a page to a new one; after insertions at the end only the last
// node, so that ascending keys leave full pages behind.
func (t *tree) split(p *page) {
	at := len(p.slots) / 2
	if p.tail > 16 {
		at = len(p.slots) - 1
	}
	r := &page{tree: t, loaded: true, tail: p.tail, lo: bytes.Clone(p.key(at)), hi: p.hi}
	r.rebound(r.lo, r.hi)
	r.slots = make([]slot, 0, max(len(p.slots)-at+8, 32))
	if p.tail > 16 {
		r.slots = make([]slot, 0, maxSlots+1)
		r.heap = make([]byte, 0, len(p.heap))
	}
	for i := at; i < len(p.slots); i++ {
		r.insert(i-at, p.key(i), p.value(i), p.slots[i].klen&dirtyBit)
	}
	r.tail = p.tail
	p.remove(at, len(p.slots), false)
	p.rebound(p.lo, r.lo)
	p.dels, r.dels = p.delsBefore(r.lo)
	if p.dirty {
		t.markSince(r, p.since)
	}
	t.addPage(r)
	t.cache.account(r)
}

// delsBefore divides the deletions the store is owed by a key: each must go to the store with the
// page its key belongs to now, before that page's own nodes.
func (p *page) delsBefore(key []byte) (before, after [][]byte) {
	for _, d := range p.dels {
		if bytes.Compare(d, key) < 0 {
			before = append(before, d)
		} else {
			after = append(after, d)
		}
	}
	return before, after
}

// zkill removes one node; the write lock is held.
func (t *tree) zkill(key []byte, c *cursor) error {
	p, err := t.own(key, c)
	if err != nil {
		return err
	}
	i, equal := p.seek(key)
	if equal {
		t.cut(p, i, i+1)
	}
	return nil
}

// cut removes slots a up to b of a page, and the page when nothing is left.
func (t *tree) cut(p *page, a, b int) {
	if a < b {
		if t.stored {
			t.mark(p)
		}
		p.remove(a, b, t.stored)
	}
	if len(p.slots) == 0 && !p.dirty && len(p.lo) > 0 {
		t.absorb(p)
	}
	t.cache.account(p)
}

// absorb gives an empty clean page's range to the page before it, if that is loaded.
func (t *tree) absorb(p *page) {
	c := cursor{}
	prev := t.pageBefore(p.lo, &c)
	if !prev.loaded {
		return
	}
	t.dropPage(p)
	prev.rebound(prev.lo, p.hi)
}

// kill removes the node and its descendants; the write lock is held.
func (t *tree) kill(key []byte, c *cursor) error {
	end := append(bytes.Clone(key), tagAfter)
	p := t.pageFor(key, c)
	if p.hi == nil || bytes.Compare(end, p.hi) <= 0 {
		if p, err := t.own(key, c); err != nil {
			return err
		} else if p.hi == nil || bytes.Compare(end, p.hi) <= 0 {
			a, _ := p.seek(key)
			b, _ := p.seek(end)
			t.cut(p, a, b)
			return nil
		}
	}
	return t.killPages(key, end, c)
}

// killPages removes a range that goes over several pages: whole pages leave the index, the store
// forgets the range at once, and one empty page or the page before takes the range over.
func (t *tree) killPages(key, end []byte, c *cursor) error {
	if t.stored {
		if err := t.cache.store.deleteRange(t.prefix, key, end); err != nil {
			return err
		}
	}
	first := t.pageFor(key, c)
	last := t.pageFor(end, &cursor{})
	lastHi, lastLoaded := last.hi, last.loaded
	var middle []*page
	t.index.Ascend(indexEntry{prefix8(first.lo), first}, func(e indexEntry) bool {
		if e.p != first && e.p != last {
			middle = append(middle, e.p)
		}
		return e.p != last
	})
	for _, p := range middle {
		t.dropPage(p)
	}
	t.dropPage(last)
	into := first
	if !first.loaded {
		if bytes.Equal(first.lo, key) {
			t.dropPage(first)
		} else {
			first.hi = bytes.Clone(key)
		}
		into = &page{tree: t, loaded: true}
		into.rebound(bytes.Clone(key), end)
		t.addPage(into)
	} else {
		a, _ := first.seek(key)
		first.forget(a)
		first.rebound(first.lo, end)
	}
	if !lastLoaded {
		t.addPage(&page{tree: t, lo: end, hi: lastHi})
		t.cache.account(into)
		return nil
	}
	b, _ := last.seek(end)
	last.slots = last.slots[b:]
	into.rebound(into.lo, lastHi)
	if last.dirty {
		t.markSince(into, last.since)
	}
	for i := range last.slots {
		into.insert(len(into.slots), last.key(i), last.value(i), last.slots[i].klen&dirtyBit)
	}
	_, after := last.delsBefore(end)
	into.dels = append(into.dels, after...)
	into.tail = 0
	if into.full() {
		t.split(into)
	}
	t.cache.account(into)
	return nil
}

// forget drops the slots from a on, whose nodes the store has already forgotten.
func (p *page) forget(a int) {
	p.remove(a, len(p.slots), false)
	p.tail = 0
}
