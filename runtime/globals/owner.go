package globals

// The owner: the side that holds the trees, the log, the locks and the job table. Sessions of the
// owning process call it directly; server.go calls it for those of other processes.

import (
	"bytes"
	"context"
	"errors"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

const (
	firstJob = 1000
	lastJob  = 9_999_999
)

type owner struct {
	opts  Options
	cache *cache
	log   *log // nil in memory
	locks *lockTable

	process string // name of the owning process, see life.go

	mu      sync.RWMutex
	trees   map[string]map[string]*tree
	jobs    map[int]*job
	nextJob int
	slots   int // version counters given to trees
	closed  bool

	// Processes known from the log that have not come back yet; until they have, or are dead, their
	// locks are unknown and no LOCK is granted. settled is closed then.
	missing  map[string]bool
	settled  chan struct{}
	expelled map[string]bool // processes that came too late

	checkpoint1 sync.Mutex // one checkpoint at a time
	background  struct {   // the checkpoint that is due or running
		sync.Mutex
		sync.WaitGroup
		wanted, ending bool
	}
}

// job is a session as the owner sees it.
type job struct {
	id      int
	pid     int
	process string // name of the process's life file, see life.go
	next    int    // the number after it when it was entered in the table
	state   atomic.Pointer[string]
	locks   jobLocks

	undo    []undoRecord // of the open transaction, in order
	levels  []int        // length of undo at each Begin
	lastOp  uint64       // number of the last operation a remote job got done
	lastVal []byte       // its result

	ended atomic.Bool
	busy  sync.Mutex // held while the server works for the job
}

// undoRecord is a node as it was before a change.
type undoRecord struct {
	tree  *tree
	key   []byte
	old   []byte
	found bool
}

func newOwner(o Options, s *store, l *log) *owner {
	w := &owner{
		opts: o, log: l, locks: newLockTable(), nextJob: firstJob,
		cache: &cache{store: s, budget: o.CacheBytes, evicts: s != nil},
		trees: map[string]map[string]*tree{}, jobs: map[int]*job{},
		missing: map[string]bool{}, settled: make(chan struct{}), expelled: map[string]bool{},
	}
	if l == nil {
		close(w.settled)
	}
	return w
}

// newMemory is the engine without a directory.
func newMemory(o Options) *owner { return newOwner(o, nil, nil) }

func (o *owner) tree(ns string, name []byte) *tree {
	o.mu.RLock()
	t := o.trees[ns][string(name)]
	o.mu.RUnlock()
	if t != nil {
		return t
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.trees[ns]
	if m == nil {
		m = map[string]*tree{}
		o.trees[ns] = m
	}
	if t = m[string(name)]; t == nil {
		t = newTree(o.cache, ns, string(name), o.cache.store != nil && o.cache.store.existed)
		if o.cache.versions != nil && o.slots < versionSlots {
			o.slots++
			t.slot = o.slots
		}
		m[t.name] = t
	}
	return t
}

func (o *owner) allTrees() []*tree {
	o.mu.RLock()
	defer o.mu.RUnlock()
	var all []*tree
	for _, m := range o.trees {
		for _, t := range m {
			all = append(all, t)
		}
	}
	return all
}

// newJob enters a session in the job table.
func (o *owner) newJob(pid int, process string) (*job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, ErrClosed
	}
	for o.jobs[o.nextJob] != nil {
		o.advance()
	}
	j := &job{id: o.nextJob, pid: pid, process: process}
	o.advance()
	j.next = o.nextJob
	o.jobs[j.id] = j
	o.record(&entry{kind: opJob, job: j})
	return j, nil
}

func (o *owner) advance() {
	if o.nextJob++; o.nextJob > lastJob {
		o.nextJob = firstJob
	}
}

// endJob rolls back what the session left open and frees its locks and number.
func (o *owner) endJob(j *job) error {
	o.mu.RLock()
	live := o.jobs[j.id] == j
	o.mu.RUnlock()
	if !live {
		return nil
	}
	c := &localConn{o: o, job: j}
	err := c.Rollback(0)
	j.ended.Store(true)
	o.locks.mu.Lock()
	o.locks.dropAll(j, false)
	o.locks.mu.Unlock()
	o.mu.Lock()
	delete(o.jobs, j.id)
	o.mu.Unlock()
	o.record(&entry{kind: opEnd, job: j})
	return err
}

// record logs a change and lets it take effect on the job's state.
func (o *owner) record(e *entry) {
	if o.log == nil {
		e.applyToJob()
		return
	}
	o.log.write(e)
}

// applyToJob is the change an entry makes to the transaction and operation state of its job.
func (e *entry) applyToJob() {
	j := e.job
	if j == nil {
		return
	}
	if e.op > 0 {
		j.lastOp, j.lastVal = e.op, j.lastVal[:0]
		if e.keep {
			j.lastVal = append(j.lastVal, e.val...)
		}
	}
	j.undo = append(j.undo, e.undo...)
	switch e.kind {
	case opBegin:
		j.levels = append(j.levels, len(j.undo))
	case opCommit:
		j.levels = j.levels[:len(j.levels)-1]
		if len(j.levels) == 0 {
			j.undo = nil
		}
	case opRollback:
		last := len(j.levels) - 1
		j.undo, j.levels = j.undo[:j.levels[last]], j.levels[:last]
		if last == 0 {
			j.undo = nil
		}
	}
}

// Connect starts a session of the owning process.
func (o *owner) Connect() (Conn, error) {
	j, err := o.newJob(processID(), o.process)
	if err != nil {
		return nil, err
	}
	if err := o.acknowledge(); err != nil { // $JOB is shown to others without a Barrier
		return nil, errors.Join(err, o.endJob(j))
	}
	return &localConn{o: o, job: j, local: true}, nil
}

func (o *owner) Sessions() ([]SessionInfo, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	list := make([]SessionInfo, 0, len(o.jobs))
	for _, j := range o.jobs {
		info := SessionInfo{ID: j.id, PID: j.pid}
		if s := j.state.Load(); s != nil {
			info.State = *s
		}
		list = append(list, info)
	}
	sort.Slice(list, func(i, k int) bool { return list[i].ID < list[k].ID })
	return list, nil
}

func (o *owner) Locks() ([]LockInfo, error) { return o.locks.list(), nil }

func (o *owner) Close() error {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return nil
	}
	o.closed = true
	jobs := make([]*job, 0, len(o.jobs))
	for _, j := range o.jobs {
		if j.process == o.process {
			jobs = append(jobs, j)
		}
	}
	o.mu.Unlock()
	var err error
	for _, j := range jobs {
		j.busy.Lock()
		err = errors.Join(err, o.endJob(j))
		j.busy.Unlock()
	}
	return errors.Join(err, o.closeStore())
}

// closeStore ends the log and the store, after a checkpoint when reading the log again would take
// noticeable time.
func (o *owner) closeStore() error {
	if o.log == nil {
		return nil
	}
	o.background.Lock()
	o.background.ending = true
	o.background.Unlock()
	o.background.Wait()
	var err error
	if o.log.length() > closeCheckpoint {
		err = o.checkpoint()
	}
	return errors.Join(err, o.log.close(), o.cache.store.close())
}

const closeCheckpoint = 4 << 20

// wantCheckpoint starts a checkpoint in the background unless one is running.
func (o *owner) wantCheckpoint() {
	b := &o.background
	b.Lock()
	defer b.Unlock()
	if b.wanted || b.ending {
		return
	}
	b.wanted = true
	b.Go(func() {
		if err := o.checkpoint(); err != nil {
			o.opts.Logger.Printf("globals: checkpoint: %v", err)
		}
		b.Lock()
		b.wanted = false
		b.Unlock()
	})
}

// checkpoint moves what the log holds into the store and starts the log anew.
func (o *owner) checkpoint() error {
	o.checkpoint1.Lock()
	defer o.checkpoint1.Unlock()
	o.mu.RLock()
	last, err := o.log.rotate(func() {
		o.cache.segment.Store(int64(o.log.seg))
		o.log.snapshot(o.jobs, o.nextJob)
	})
	o.mu.RUnlock()
	if err != nil {
		return err
	}
	for _, t := range o.allTrees() {
		if err := t.flush(int64(last)); err != nil {
			return err
		}
	}
	if err := o.cache.store.sync(); err != nil {
		return err
	}
	return o.log.remove(last)
}

// localConn is a session's connection to the owner in the same process.
type localConn struct {
	o     *owner
	job   *job
	local bool   // acknowledges for itself; the server does it for remote sessions
	op    uint64 // number of the operation a remote session asked for

	cur    cursor
	recent [4]recentTree
	turn   int
	undo   []undoRecord
}

type recentTree struct {
	tree *tree
	ns   string
	name string
}

// tree finds the tree of a key, usually among the last few used.
func (c *localConn) tree(ns string, key []byte) (t *tree, subs []byte, err error) {
	i := bytes.IndexByte(key, 0)
	if i < 0 {
		return nil, nil, ErrKey
	}
	if len(key)-i > maxKeyLen-2 {
		return nil, nil, ErrKeyTooLong
	}
	for k := range c.recent {
		r := &c.recent[k]
		if r.name == string(key[:i]) && r.ns == ns && r.tree != nil {
			return r.tree, key[i+1:], nil
		}
	}
	t = c.o.tree(ns, key[:i])
	c.recent[c.turn] = recentTree{t, t.ns, t.name}
	c.turn = (c.turn + 1) % len(c.recent)
	return t, key[i+1:], nil
}

func (c *localConn) ID() int { return c.job.id }

func (c *localConn) Get(ns string, key, dst []byte) (val []byte, found bool, err error) {
	t, subs, err := c.tree(ns, key)
	if err != nil {
		return dst, false, err
	}
	return t.get(subs, dst, &c.cur)
}

func (c *localConn) Data(ns string, key []byte) (int, error) {
	t, subs, err := c.tree(ns, key)
	if err != nil {
		return 0, err
	}
	return t.data(subs, &c.cur)
}

func (c *localConn) Order(ns string, key []byte, parent, dir int, dst []byte) (sub []byte, found bool, err error) {
	t, subs, err := c.tree(ns, key)
	if err != nil {
		return dst, false, err
	}
	parent -= len(key) - len(subs)
	if parent < 0 {
		return dst, false, ErrKey
	}
	return t.order(subs, parent, dir, dst, &c.cur)
}

func (c *localConn) Query(ns string, key []byte, dir int, kdst, vdst []byte) (k, val []byte, found bool, err error) {
	t, subs, err := c.tree(ns, key)
	if err != nil {
		return kdst, vdst, false, err
	}
	start := len(kdst)
	kdst = append(kdst, key[:len(key)-len(subs)]...)
	k, val, found, err = t.query(subs, dir, kdst, vdst, &c.cur)
	if !found {
		k = k[:start]
	}
	return k, val, found, err
}

// write begins a change: the tree comes back locked.
func (c *localConn) write(ns string, key []byte) (t *tree, subs []byte, err error) {
	t, subs, err = c.tree(ns, key)
	if err != nil {
		return nil, nil, err
	}
	if c.job.ended.Load() {
		return nil, nil, ErrClosed
	}
	if l := c.o.log; l != nil {
		if err := l.ready(); err != nil {
			return nil, nil, err
		}
	}
	t.mu.Lock()
	return t, subs, nil
}

// done ends a change: what e says is logged and the tree unlocked.
func (c *localConn) done(e *entry) error {
	e.job, e.op = c.job, c.op
	c.o.record(e)
	e.tree.bump()
	e.tree.mu.Unlock()
	if c.o.cache.mem.Load() > c.o.cache.budget {
		if err := c.o.cache.trim(); err != nil {
			return err
		}
	}
	if c.local && c.o.log != nil && c.o.opts.Durability == Sync && len(c.job.levels) == 0 {
		return c.o.log.acknowledge()
	}
	return nil
}

func (c *localConn) Set(ns string, key, val []byte) error {
	t, subs, err := c.write(ns, key)
	if err != nil {
		return err
	}
	p, err := t.own(subs, &c.cur)
	if err != nil {
		t.mu.Unlock()
		return err
	}
	i, equal := p.seek(subs)
	e := entry{kind: opSet, tree: t, key: subs, val: val}
	if len(c.job.levels) > 0 {
		r := undoRecord{tree: t, key: bytes.Clone(subs), found: equal}
		if equal {
			r.old = bytes.Clone(p.value(i))
		}
		c.undo = append(c.undo[:0], r)
		e.undo = c.undo
	}
	t.putAt(p, i, equal, subs, val)
	return c.done(&e)
}

func (c *localConn) Increment(ns string, key, delta, dst []byte) (val []byte, err error) {
	t, subs, err := c.write(ns, key)
	if err != nil {
		return dst, err
	}
	p, err := t.own(subs, &c.cur)
	if err != nil {
		t.mu.Unlock()
		return dst, err
	}
	i, equal := p.seek(subs)
	var old []byte
	if equal {
		old = p.value(i)
	}
	sum, err := c.o.opts.Add(old, equal, delta)
	if err != nil {
		t.mu.Unlock()
		return dst, err
	}
	t.putAt(p, i, equal, subs, sum)
	dst = append(dst, sum...)
	return dst, c.done(&entry{kind: opSet, tree: t, key: subs, val: sum, keep: true})
}

func (c *localConn) Kill(ns string, key []byte) error {
	return c.remove(ns, key, opKill)
}

func (c *localConn) ZKill(ns string, key []byte) error {
	return c.remove(ns, key, opZKill)
}

func (c *localConn) remove(ns string, key []byte, kind byte) error {
	t, subs, err := c.write(ns, key)
	if err != nil {
		return err
	}
	e := entry{kind: kind, tree: t, key: subs}
	if len(c.job.levels) > 0 {
		if e.undo, err = t.collect(subs, kind == opZKill, &c.cur); err != nil {
			t.mu.Unlock()
			return err
		}
	}
	if kind == opKill {
		err = t.kill(subs, &c.cur)
	} else {
		err = t.zkill(subs, &c.cur)
	}
	if err != nil {
		t.mu.Unlock()
		return err
	}
	return c.done(&e)
}

// collect notes a node and, unless only, its descendants for a rollback; the write lock is held.
func (t *tree) collect(key []byte, only bool, c *cursor) (undo []undoRecord, err error) {
	at := key
	for {
		p, i, err := t.place(at, c)
		if err != nil {
			return nil, err
		}
		if p == nil || !bytes.HasPrefix(p.key(i), key) || only && len(p.key(i)) > len(key) {
			return undo, nil
		}
		undo = append(undo, undoRecord{tree: t, key: bytes.Clone(p.key(i)), old: bytes.Clone(p.value(i)), found: true})
		at = append(bytes.Clone(p.key(i)), 0)
	}
}

func (c *localConn) Names(ns, prefix string, most int) ([]string, error) {
	return c.o.names(ns, prefix, most)
}

func (c *localConn) Lock(ctx context.Context, reqs []LockRequest, mode LockMode, timeout time.Duration) (bool, error) {
	for i := range reqs {
		if bytes.IndexByte(reqs[i].Key, 0) < 0 {
			return false, ErrKey
		}
	}
	if c.job.ended.Load() {
		return false, ErrClosed
	}
	if err := c.beforeLock(); err != nil {
		return false, err
	}
	lt, inside := c.o.locks, len(c.job.levels) > 0
	if mode != LockAdd {
		lt.mu.Lock()
		if mode == LockPlain {
			lt.dropAll(c.job, inside)
		}
		for i := range reqs {
			if mode == LockDrop {
				lt.drop(c.job, &reqs[i], inside && !reqs[i].Immediate)
			}
		}
		lt.mu.Unlock()
		if mode == LockDrop {
			return true, nil
		}
	}
	if ok, err := c.o.settle1(ctx, timeout); !ok {
		return false, err
	}
	return lt.lock(ctx, c.job, reqs, timeout)
}

// beforeLock is the Barrier of LOCK; a remote session's changes are in order with its LOCKs anyway.
func (c *localConn) beforeLock() error {
	if !c.local {
		return nil
	}
	return c.Barrier()
}

func (c *localConn) UnlockAll() error {
	if err := c.beforeLock(); err != nil {
		return err
	}
	lt := c.o.locks
	lt.mu.Lock()
	defer lt.mu.Unlock()
	lt.dropAll(c.job, len(c.job.levels) > 0)
	return nil
}

func (c *localConn) Begin() error {
	if c.job.ended.Load() {
		return ErrClosed
	}
	c.o.record(&entry{kind: opBegin, job: c.job, op: c.op})
	return nil
}

func (c *localConn) Commit() error {
	if len(c.job.levels) == 0 {
		return ErrNoLevel
	}
	c.o.record(&entry{kind: opCommit, job: c.job, op: c.op})
	return c.levelClosed()
}

// levelClosed releases deferred locks when the transaction is over, and acknowledges it.
func (c *localConn) levelClosed() error {
	if len(c.job.levels) > 0 {
		return nil
	}
	c.o.locks.unpin(c.job)
	if c.local && c.o.log != nil {
		return c.o.log.acknowledge()
	}
	return nil
}

func (c *localConn) Rollback(levels int) error {
	if levels <= 0 || levels > len(c.job.levels) {
		levels = len(c.job.levels)
	}
	for ; levels > 0; levels-- {
		from := c.job.levels[len(c.job.levels)-1]
		for i := len(c.job.undo) - 1; i >= from; i-- {
			if err := c.restore(&c.job.undo[i]); err != nil {
				return err
			}
		}
		e := entry{kind: opRollback, job: c.job}
		if levels == 1 {
			e.op = c.op
		}
		c.o.record(&e)
	}
	return c.levelClosed()
}

// restore puts a node back as it was.
func (c *localConn) restore(r *undoRecord) error {
	t := r.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	e := entry{kind: opZKill, tree: t, key: r.key}
	var err error
	if r.found {
		e.kind, e.val = opSet, r.old
		err = t.put(r.key, r.old, &c.cur)
	} else {
		err = t.zkill(r.key, &c.cur)
	}
	if err == nil {
		c.o.record(&e)
		t.bump()
	}
	return err
}

func (c *localConn) Level() int { return len(c.job.levels) }

func (c *localConn) Barrier() error {
	if c.o.log == nil {
		return nil
	}
	return c.o.log.acknowledge()
}

func (c *localConn) SetState(state string) { c.job.state.Store(&state) }

func (c *localConn) Close() error {
	c.job.busy.Lock()
	defer c.job.busy.Unlock()
	return c.o.endJob(c.job)
}
