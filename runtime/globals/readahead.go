package globals

// What a process that does not own the store remembers of it: whole pages, as long as the version
// counters show that they are current. The pages form trees like the owner's, whose gaps are filled
// by asking the owner, so the first $ORDER or $GET in a page brings its neighbours along.

import (
	"bytes"
	"sync"
	"sync/atomic"
)

// memory is a process's remembered pages, shared by its sessions.
type memory struct {
	cache    *cache
	versions *versions
	// off: the owner counts in another file, since somebody removed it; nothing can be remembered.
	off atomic.Bool

	mu    sync.RWMutex
	trees map[string]map[string]*remembered
}

// remembered is what is known of one global. Its tree is guarded by the tree's lock.
type remembered struct {
	tree *tree
	as   atomic.Pointer[edition] // of the pages in the tree; nil before the first
	hits atomic.Int32            // uses of the pages since they were read
	shy  atomic.Int32            // questions to ask singly, since pages did not pay off
}

// edition is the state of a global that pages were read in, or a later one.
type edition struct {
	slot  int // of its version counter, 0: it has none
	stamp uint64
}

func newRemembering(budget int64, v *versions) *memory {
	return &memory{
		cache: &cache{budget: budget, evicts: true}, versions: v,
		trees: map[string]map[string]*remembered{},
	}
}

func (m *memory) tree(ns string, name []byte) *remembered {
	m.mu.RLock()
	r := m.trees[ns][string(name)]
	m.mu.RUnlock()
	if r != nil {
		return r
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	names := m.trees[ns]
	if names == nil {
		names = map[string]*remembered{}
		m.trees[ns] = names
	}
	if r = names[string(name)]; r == nil {
		r = &remembered{tree: newTree(m.cache, ns, string(name), true)}
		names[r.tree.name] = r
	}
	return r
}

// advice is how to read a global.
type advice byte

const (
	ask   advice = iota // by a question to the owner
	read                // from the remembered pages, which are current as far as they go
	fetch               // from the pages, after reading the one that is needed
)

// use decides how to read.
func (m *memory) use(r *remembered) advice {
	for {
		e := r.as.Load()
		switch {
		case e == nil:
			return fetch
		case e.slot == 0:
			return ask
		}
		now := m.versions.stamp(e.slot)
		if m.versions.lost.Load() {
			return ask
		}
		if now == e.stamp {
			r.hits.Add(1)
			return read
		}
		if now>>epochShift != e.stamp>>epochShift {
			return fetch // another owner, whose slots are others
		}
		if r.shy.Load() > 0 {
			r.shy.Add(-1)
			return ask
		}
		if r.hits.Swap(0) < 2 {
			r.shy.Store(32)
		}
		r.forget(e, now)
	}
}

// forget gives up the pages of an edition, since the global has changed to the state now.
func (r *remembered) forget(old *edition, now uint64) {
	r.tree.mu.Lock()
	defer r.tree.mu.Unlock()
	if r.as.Load() == old && old.stamp < now {
		r.tree.reset()
		r.as.Store(&edition{old.slot, now})
	}
}

// pageReply is a page as the owner sends it.
type pageReply struct {
	slot   int
	stamp  uint64
	lo, hi []byte // hi nil: no end
	nodes  []node
}

type node struct {
	key, val []byte
	omitted  bool // the value is long and must be asked for
}

// install puts a page into the tree, unless it is known already.
func (r *remembered) install(p *pageReply, key []byte, back bool) {
	t := r.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := r.as.Load(); {
	case e != nil && e.slot > 0 && p.slot > 0 && p.stamp < e.stamp:
		return // an answer that another session's has overtaken
	case e == nil || p.stamp != e.stamp || p.slot != e.slot:
		t.reset()
		r.as.Store(&edition{p.slot, p.stamp})
	}
	if p.slot == 0 {
		return
	}
	var c cursor
	gap := t.pageFor(key, &c)
	if back {
		gap = t.pageBefore(key, &c)
	}
	if gap.loaded {
		return
	}
	got := run{}
	lo, hi := gap.lo, gap.hi
	if bytes.Compare(p.lo, lo) > 0 {
		lo, got.more[0] = bytes.Clone(p.lo), true
	}
	if p.hi != nil && (hi == nil || bytes.Compare(p.hi, hi) < 0) {
		hi, got.more[1] = bytes.Clone(p.hi), true
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		if bytes.Compare(n.key, lo) >= 0 && (hi == nil || bytes.Compare(n.key, hi) < 0) {
			got.keys, got.vals = append(got.keys, n.key), append(got.vals, n.val)
			got.omitted = append(got.omitted, n.omitted)
		}
	}
	t.fillGap(gap, lo, hi, &got)
}

// reset forgets all pages.
func (t *tree) reset() {
	var all []*page
	t.index.Scan(func(e indexEntry) bool {
		all = append(all, e.p)
		return true
	})
	for _, p := range all {
		t.dropPage(p)
	}
	t.addPage(&page{tree: t, lo: []byte{}})
}

// recentMemory is one of the globals a session used last.
type recentMemory struct {
	r    *remembered
	ns   string
	name string
}

// find finds what is remembered of a key's global, usually among the last few used.
func (c *remoteConn) find(ns string, key []byte) (r *remembered, subs []byte) {
	m := c.s.memory
	if m == nil || m.off.Load() {
		return nil, nil
	}
	i := bytes.IndexByte(key, 0)
	if i < 0 || len(key)-i > maxKeyLen-2 {
		return nil, nil
	}
	for k := range c.recent {
		if e := &c.recent[k]; e.r != nil && e.name == string(key[:i]) && e.ns == ns {
			return e.r, key[i+1:]
		}
	}
	r = m.tree(ns, key[:i])
	c.recent[c.turn] = recentMemory{r, r.tree.ns, r.tree.name}
	c.turn = (c.turn + 1) % len(c.recent)
	return r, key[i+1:]
}

// remembered returns the pages to read a key from, nil when the owner is to be asked: its own
// changes that the owner has not answered yet are not in the pages.
func (c *remoteConn) remembered(ns string, key []byte) (*remembered, []byte) {
	r, subs := c.find(ns, key)
	if r == nil || c.unanswered(r) {
		return nil, nil
	}
	switch c.s.memory.use(r) {
	case fetch:
		if c.fetch(r.tree, subs, false) != nil || r.as.Load().slot == 0 {
			return nil, nil // the question meets the same trouble, and tells it
		}
	case ask:
		return nil, nil
	}
	return r, subs
}

func (c *remoteConn) unanswered(r *remembered) bool {
	if c.written == nil && !c.several {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.out) == 0 && len(c.sent) == 0 {
		c.written, c.several = nil, false
		return false
	}
	return c.several || c.written == r
}

// writes notes a change that will be outstanding; mu is held.
func (c *remoteConn) writes(ns string, key []byte) {
	r, _ := c.find(ns, key)
	if len(c.out) == 0 && len(c.sent) == 0 {
		c.written, c.several = nil, false
	}
	if c.written != nil && c.written != r {
		c.several = true
	}
	c.written = r
}

// fetch asks the owner for the page around key and remembers it.
func (c *remoteConn) fetch(t *tree, key []byte, back bool) error {
	c.start(askPage)
	c.text(t.ns)
	c.ask = appendUint(c.ask, len(t.name)+1+len(key))
	c.ask = append(append(append(c.ask, t.name...), 0), key...)
	c.ask = appendFlag(c.ask, back)
	m, err := c.exchange()
	if err != nil {
		return err
	}
	p := m.page()
	if m.bad {
		err = errWire
	} else {
		c.s.memory.tree(t.ns, []byte(t.name)).install(&p, key, back)
	}
	c.mu.Unlock()
	return err
}
