package globals

// The cache: which pages are in memory, and the write-back of changed ones to the store. A clock
// hand gives up pages that nobody used since it last passed, once the budget is reached.

import (
	"sync"
	"sync/atomic"
)

// flushBatch is how many pages go to the store under one hold of a tree's lock.
const flushBatch = 16

type cache struct {
	store    *store    // where changed pages go; nil in memory
	versions *versions // counts changes for other processes, or nil
	evicts   bool      // pages can be given up and read again
	budget   int64
	mem      atomic.Int64
	segment  atomic.Int64 // the log segment being written

	mu       sync.Mutex
	clock    []*page
	hand     int
	trimming atomic.Bool
}

// account brings the budget up to date with the page's size.
func (c *cache) account(p *page) {
	if n := p.memory(); n != p.mem && !p.dead {
		c.mem.Add(int64(n - p.mem))
		p.mem = n
	}
}

// add enters a loaded page.
func (c *cache) add(p *page) {
	if !c.evicts {
		return
	}
	c.mu.Lock()
	p.clock = len(c.clock)
	c.clock = append(c.clock, p)
	c.mu.Unlock()
}

// drop takes a page out that is leaving the index, or becoming a gap.
func (c *cache) drop(p *page) {
	c.mem.Add(-int64(p.mem))
	p.mem = 0
	if !c.evicts || !p.loaded {
		return
	}
	c.mu.Lock()
	last := len(c.clock) - 1
	c.clock[p.clock] = c.clock[last]
	c.clock[p.clock].clock = p.clock
	c.clock[last] = nil
	c.clock = c.clock[:last]
	c.mu.Unlock()
}

// trim gives pages up until the cache is within its budget. No lock may be held.
func (c *cache) trim() error {
	if c.mem.Load() <= c.budget || !c.evicts || !c.trimming.CompareAndSwap(false, true) {
		return nil
	}
	defer c.trimming.Store(false)
	aim := c.budget - c.budget/16
	c.mu.Lock()
	steps := 2*len(c.clock) + 2
	c.mu.Unlock()
	for ; steps > 0 && c.mem.Load() > aim; steps-- {
		p := c.next()
		if p == nil {
			return nil
		}
		if p.ref.Swap(false) {
			continue
		}
		if err := p.tree.giveUp(p); err != nil {
			return err
		}
	}
	return nil
}

// relieve is trim after a read, which a failure to write pages must not fail. It comes after the
// read: a page just loaded would be the first to go.
func (c *cache) relieve() {
	if c.mem.Load() > c.budget {
		_ = c.trim()
	}
}

// next moves the clock's hand.
func (c *cache) next() *page {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.clock) == 0 {
		return nil
	}
	if c.hand >= len(c.clock) {
		c.hand = 0
	}
	p := c.clock[c.hand]
	c.hand++
	return p
}

// giveUp makes a loaded page a gap, joined with the gaps beside it.
func (t *tree) giveUp(p *page) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p.dead || !p.loaded {
		return nil
	}
	if p.dirty {
		if err := t.flushPages([]*page{p}); err != nil {
			return err
		}
	}
	if p.dead { // it was empty, and is absorbed
		return nil
	}
	t.cache.drop(p)
	p.loaded, p.slots, p.heap, p.big, p.dels = false, nil, nil, nil, nil
	p.live, p.bigLen, p.skip, p.tail = 0, 0, 0, 0
	c := cursor{}
	if p.hi != nil {
		if next := t.pageFor(p.hi, &c); !next.loaded {
			t.dropPage(next)
			p.hi = next.hi
		}
	}
	if len(p.lo) > 0 {
		if prev := t.pageBefore(p.lo, &c); !prev.loaded {
			t.dropPage(p)
			prev.hi = p.hi
		}
	}
	return nil
}

// flush writes the pages to the store whose oldest change is in a log segment up to last, a few at
// each hold of the lock. Changes that move to other pages meanwhile come to the end of the list.
func (t *tree) flush(last int64) error {
	t.mu.Lock()
	t.dirty, t.later = append(t.later, t.dirty...), nil // later is what a failed flush left
	t.mu.Unlock()
	for more := true; more; {
		t.mu.Lock()
		var err error
		more, err = t.flushSome(last)
		t.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// flushSome flushes the next pages of the list; the write lock is held.
func (t *tree) flushSome(last int64) (more bool, err error) {
	var batch []*page
	n := 0
	for ; n < len(t.dirty) && len(batch) < flushBatch; n++ {
		switch p := t.dirty[n]; {
		case !p.dirty || p.dead:
		case p.since <= last:
			batch = append(batch, p)
		default:
			t.later = append(t.later, p)
		}
	}
	if err := t.flushPages(batch); err != nil {
		return false, err
	}
	t.dirty = t.dirty[n:]
	if len(t.dirty) > 0 {
		return true, nil
	}
	t.dirty, t.later = t.later, nil
	return false, nil
}

// flushPages writes changed pages to the store; the write lock is held.
func (t *tree) flushPages(pages []*page) error {
	if len(pages) == 0 {
		return nil
	}
	b, err := t.cache.store.batch()
	if err != nil {
		return err
	}
	for _, p := range pages {
		if p.dirty && !p.dead {
			b.page(t.prefix, p)
		}
	}
	if err := b.apply(); err != nil {
		return err
	}
	for _, p := range pages {
		if !p.dirty || p.dead {
			continue
		}
		t.owed--
		p.dirty, p.dels = false, nil
		for i := range p.slots {
			p.slots[i].klen &^= dirtyBit
		}
		t.stored = true
		if len(p.slots) == 0 && len(p.lo) > 0 {
			t.absorb(p)
		}
	}
	return nil
}

const (
	loadBack  = 8       // nodes a load brings from before the key asked for
	loadAhead = 56      // and from it on
	loadBytes = 1 << 18 // a load stops early at so many bytes
)

// load turns the part of a gap around key into a loaded page; the write lock is held.
func (t *tree) load(gap *page, key []byte) error {
	run, err := t.cache.store.around(t.prefix, gap.lo, gap.hi, key)
	if err != nil {
		return err
	}
	lo, hi := gap.lo, gap.hi
	if run.more[0] {
		lo = run.keys[0]
	}
	if run.more[1] {
		hi = run.next
	}
	t.fillGap(gap, lo, hi, &run)
	return nil
}

// fillGap makes the part of a gap from lo to hi a loaded page; run.more says on which sides the gap
// goes on.
func (t *tree) fillGap(gap *page, lo, hi []byte, run *run) {
	oldHi := gap.hi
	p := &page{tree: t, loaded: true}
	p.rebound(lo, hi)
	size := 0
	for i, k := range run.keys {
		if size += len(k) + 8; len(run.vals[i]) <= bigValue {
			size += len(run.vals[i])
		}
	}
	p.heap = make([]byte, 0, roundUp(size))
	p.slots = make([]slot, 0, len(run.keys)+4)
	for i, k := range run.keys {
		p.insert(i, k, run.vals[i], 0)
		if run.omitted != nil && run.omitted[i] {
			p.omit(i)
		}
	}
	p.tail = 0
	p.touch()
	if run.more[0] {
		gap.hi = lo
	} else {
		t.dropPage(gap)
	}
	t.addPage(p)
	if run.more[1] {
		t.addPage(&page{tree: t, lo: hi, hi: oldHi})
	}
	t.cache.account(p)
}
