package globals

// The lock table: M's LOCK. Names form a tree, and a lock on a node conflicts with other jobs'
// locks on its ancestors and descendants. Requests that must wait stand in one queue in order of
// arrival and are granted by whoever makes room; nobody polls, and nobody overtakes an earlier
// conflicting request.

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

// LockMode says what a LOCK command does with its names.
type LockMode byte

// The three forms of LOCK.
const (
	LockPlain LockMode = iota // LOCK name: release all locks of the job, then lock
	LockAdd                   // LOCK +name
	LockDrop                  // LOCK -name
)

// LockRequest is one name of a LOCK argument. Key is built as a global's key is; the caller keeps
// local lock names apart from global ones by the name.
type LockRequest struct {
	NS        string
	Key       []byte
	Shared    bool // #"S"
	Escalate  bool // #"E": more than 1000 such locks below one node become a lock on the node
	Immediate bool // #"I": LOCK - takes effect at once in a transaction too
	Deferred  bool // #"D": LOCK - takes effect when the transaction ends, as it does by default
}

// LockInfo is one held lock, for ^$LOCK.
type LockInfo struct {
	NS        string
	Key       []byte
	Job       int
	Exclusive int // counts
	Shared    int
}

// escalateAbove is how many escalating locks below one node a job may hold singly.
const escalateAbove = 1000

type lockTable struct {
	mu     sync.Mutex
	byKey  map[string]*lockNode
	nodes  *btree.BTreeG[*lockNode]
	queue  []*lockGroup // in order of their first waiter's arrival
	groups map[string]*lockGroup
	free   []*lockNode
	scan   []byte
	pivot  lockNode
	ticket uint64
	shared int // holds beyond the first of a node
}

// lockNode is a name that is locked; full is namespace, 0, key.
type lockNode struct {
	full  string
	nsLen int
	holds []lockHold
}

type lockHold struct {
	job               *job
	exclusive, shared int
	pinned            bool // in a transaction: stays as it was until the end
	pinnedShared      bool // and was only shared
}

func (h *lockHold) excludes() bool {
	return h.exclusive > 0 || h.pinned && !h.pinnedShared
}

// jobLocks is the lock table's part of a job.
type jobLocks struct {
	held      map[*lockNode]struct{}
	escalated map[string]*escalation
	pinned    bool // some hold is pinned
}

// escalation counts a job's escalating locks below one node.
type escalation struct {
	children  map[string]int
	total     int
	whole     bool // the node itself is locked in their place
	exclusive bool
}

// lockGroup is a queue of waiters that want the same one name exclusively, or a single other one.
type lockGroup struct {
	key     string // in groups, "" for others
	waiters []*lockWaiter
}

type lockWaiter struct {
	job     *job
	reqs    []LockRequest
	full    []string
	ticket  uint64
	granted bool
	ready   chan struct{}
}

func newLockTable() *lockTable {
	lt := &lockTable{byKey: map[string]*lockNode{}, groups: map[string]*lockGroup{}}
	lt.nodes = btree.NewBTreeGOptions(func(a, b *lockNode) bool { return a.full < b.full }, btree.Options{NoLocks: true})
	return lt
}

// name composes namespace and key in the table's scratch space.
func (lt *lockTable) name(r *LockRequest) []byte {
	lt.scan = append(append(append(lt.scan[:0], r.NS...), 0), r.Key...)
	return lt.scan
}

// above visits the locked nodes among a name and its ancestors until f says stop.
func (lt *lockTable) above(r *LockRequest, f func(n *lockNode) (stop bool)) {
	full := lt.name(r)
	name, _ := SplitName(r.Key)
	for at := len(r.NS) + 1 + len(name) + 1; at <= len(full); {
		if n := lt.byKey[string(full[:at])]; n != nil && f(n) {
			return
		}
		step := subscriptLen(full[at:])
		if step == 0 {
			return
		}
		at += step
	}
}

// conflict says whether another job's lock stands against the request.
func (lt *lockTable) conflict(j *job, r *LockRequest) (found bool) {
	if lt.nodes.Len() == len(j.locks.held) && lt.shared == 0 {
		return false // all locks there are are the job's own
	}
	lt.above(r, func(n *lockNode) bool {
		found = n.blocks(j, r.Shared)
		return found
	})
	return found || lt.conflictBelow(j, string(lt.name(r)), r.Shared)
}

func (lt *lockTable) conflictBelow(j *job, full string, shared bool) (found bool) {
	lt.pivot.full = full
	lt.nodes.Ascend(&lt.pivot, func(n *lockNode) bool {
		if !strings.HasPrefix(n.full, full) {
			return false
		}
		found = n.blocks(j, shared)
		return !found
	})
	return found
}

func (n *lockNode) blocks(j *job, shared bool) bool {
	for i := range n.holds {
		if h := &n.holds[i]; h.job != j && (!shared || h.excludes()) {
			return true
		}
	}
	return false
}

func (n *lockNode) hold(j *job) *lockHold {
	for i := range n.holds {
		if n.holds[i].job == j {
			return &n.holds[i]
		}
	}
	return nil
}

// add counts one more lock of a job on a name.
func (lt *lockTable) add(j *job, r *LockRequest) {
	if r.Escalate && lt.addEscalating(j, r) {
		return
	}
	h := lt.take(j, lt.name(r), len(r.NS))
	if r.Shared {
		h.shared++
	} else {
		h.exclusive++
	}
}

// take finds or makes the job's hold on a name.
func (lt *lockTable) take(j *job, full []byte, nsLen int) *lockHold {
	n := lt.byKey[string(full)]
	if n == nil {
		if last := len(lt.free) - 1; last >= 0 {
			n, lt.free = lt.free[last], lt.free[:last]
		} else {
			n = &lockNode{}
		}
		if n.full != string(full) {
			n.full = string(full)
		}
		n.nsLen = nsLen
		lt.byKey[n.full] = n
		lt.nodes.Set(n)
	}
	h := n.hold(j)
	if h == nil {
		if len(n.holds) > 0 {
			lt.shared++
		}
		n.holds = append(n.holds, lockHold{job: j})
		h = &n.holds[len(n.holds)-1]
		if j.locks.held == nil {
			j.locks.held = map[*lockNode]struct{}{}
		}
		j.locks.held[n] = struct{}{}
	}
	return h
}

// drop undoes one lock of the job; keep defers that to the end of the transaction.
func (lt *lockTable) drop(j *job, r *LockRequest, keep bool) {
	if r.Escalate && lt.dropEscalating(j, r, keep) {
		return
	}
	n := lt.byKey[string(lt.name(r))]
	if n == nil {
		return
	}
	h := n.hold(j)
	if h == nil {
		return
	}
	was := *h
	switch {
	case r.Shared && h.shared > 0:
		h.shared--
	case !r.Shared && h.exclusive > 0:
		h.exclusive--
	default:
		return
	}
	lt.settle(j, n, h, was, keep)
}

// settle removes a hold without counts, or pins it, and lets waiters in.
func (lt *lockTable) settle(j *job, n *lockNode, h *lockHold, was lockHold, keep bool) {
	if keep && (h.exclusive == 0 && was.exclusive > 0 || h.shared == 0 && was.shared > 0) {
		h.pinnedShared = !was.excludes()
		h.pinned, j.locks.pinned = true, true
	}
	if h.exclusive > 0 || h.shared > 0 || h.pinned {
		if was.excludes() && !h.excludes() {
			lt.wake(n.full)
		}
		return
	}
	lt.discard(j, n)
	lt.wake(n.full)
}

// discard removes the job's hold on a node. The caller wakes the waiters.
func (lt *lockTable) discard(j *job, n *lockNode) {
	n.holds = slices.DeleteFunc(n.holds, func(h lockHold) bool { return h.job == j })
	delete(j.locks.held, n)
	if len(n.holds) > 0 {
		lt.shared--
		return
	}
	delete(lt.byKey, n.full)
	lt.nodes.Delete(n)
	if len(lt.free) < 256 {
		lt.free = append(lt.free, n)
	}
}

// dropAll releases every lock of a job, or pins them all until the transaction ends.
func (lt *lockTable) dropAll(j *job, keep bool) {
	j.locks.escalated = nil
	var freed []string
	for n := range j.locks.held {
		h := n.hold(j)
		if keep {
			h.pinnedShared = !h.excludes()
			h.exclusive, h.shared, h.pinned, j.locks.pinned = 0, 0, true, true
			continue
		}
		freed = append(freed, n.full)
		lt.discard(j, n)
	}
	for _, full := range freed {
		lt.wake(full)
	}
}

// unpin ends a transaction: what was unlocked in it is released.
func (lt *lockTable) unpin(j *job) {
	if !j.locks.pinned {
		return
	}
	lt.mu.Lock()
	defer lt.mu.Unlock()
	j.locks.pinned = false
	var freed []string
	for n := range j.locks.held {
		if h := n.hold(j); h.pinned {
			h.pinned = false
			freed = append(freed, n.full)
			if h.exclusive == 0 && h.shared == 0 {
				lt.discard(j, n)
			}
		}
	}
	for _, full := range freed {
		lt.wake(full)
	}
}

// lock does a LOCK with mode LockPlain or LockAdd; timeout < 0 waits without end. ok is false when
// the time is over, err is the context's.
func (lt *lockTable) lock(ctx context.Context, j *job, reqs []LockRequest, timeout time.Duration) (ok bool, err error) {
	lt.mu.Lock()
	if lt.possible(j, reqs) && !lt.overtakes(j, reqs, ^uint64(0)) {
		lt.grant(j, reqs)
		lt.mu.Unlock()
		return true, nil
	}
	if timeout == 0 {
		lt.mu.Unlock()
		return false, nil
	}
	w := lt.enqueue(j, reqs)
	lt.mu.Unlock()
	var expired <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-w.ready:
		return true, nil
	case <-expired:
	case <-ctx.Done():
		err = ctx.Err()
	}
	lt.mu.Lock()
	defer lt.mu.Unlock()
	if w.granted {
		return true, nil
	}
	lt.dequeue(w)
	for _, full := range w.full {
		lt.wake(full)
	}
	return false, err
}

func (lt *lockTable) possible(j *job, reqs []LockRequest) bool {
	for i := range reqs {
		if lt.conflict(j, &reqs[i]) {
			return false
		}
	}
	return true
}

func (lt *lockTable) grant(j *job, reqs []LockRequest) {
	for i := range reqs {
		lt.add(j, &reqs[i])
	}
}

// overtakes says whether granting would pass by a waiter with an earlier ticket that conflicts. A
// job that holds a name already never waits behind others for it.
func (lt *lockTable) overtakes(j *job, reqs []LockRequest, ticket uint64) bool {
	for _, g := range lt.queue {
		w := g.waiters[0]
		if w.ticket >= ticket {
			continue
		}
		for i := range reqs {
			if w.job == j || lt.holdsAbove(j, &reqs[i]) {
				continue
			}
			full := lt.name(&reqs[i])
			for k := range w.reqs {
				if (!reqs[i].Shared || !w.reqs[k].Shared) && related(string(full), w.full[k]) {
					return true
				}
			}
		}
	}
	return false
}

// holdsAbove says whether the job holds the name or an ancestor.
func (lt *lockTable) holdsAbove(j *job, r *LockRequest) (holds bool) {
	lt.above(r, func(n *lockNode) bool {
		h := n.hold(j)
		holds = h != nil && (r.Shared || h.excludes())
		return holds
	})
	return holds
}

// related says whether one name is the other, or its ancestor or descendant.
func related(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

func (lt *lockTable) enqueue(j *job, reqs []LockRequest) *lockWaiter {
	lt.ticket++
	w := &lockWaiter{job: j, ticket: lt.ticket, ready: make(chan struct{})}
	for i := range reqs {
		r := reqs[i]
		r.Key = slices.Clone(r.Key)
		w.reqs = append(w.reqs, r)
		w.full = append(w.full, string(lt.name(&r)))
	}
	g := &lockGroup{}
	if len(reqs) == 1 && !reqs[0].Shared {
		if g = lt.groups[w.full[0]]; g == nil {
			g = &lockGroup{key: w.full[0]}
			lt.groups[g.key] = g
		}
	}
	if len(g.waiters) == 0 {
		lt.queue = append(lt.queue, g)
	}
	g.waiters = append(g.waiters, w)
	return w
}

func (lt *lockTable) dequeue(w *lockWaiter) {
	for q, g := range lt.queue {
		i := slices.Index(g.waiters, w)
		if i < 0 {
			continue
		}
		g.waiters = slices.Delete(g.waiters, i, i+1)
		if i > 0 {
			return
		}
		lt.queue = slices.Delete(lt.queue, q, q+1)
		if len(g.waiters) == 0 {
			delete(lt.groups, g.key)
			return
		}
		at, _ := slices.BinarySearchFunc(lt.queue, g.waiters[0].ticket, func(o *lockGroup, t uint64) int {
			return compareTickets(o.waiters[0].ticket, t)
		})
		lt.queue = slices.Insert(lt.queue, at, g)
		return
	}
}

func compareTickets(a, b uint64) int {
	if a < b {
		return -1
	}
	return 1
}

// wake grants what the release of a name makes possible, in order of arrival.
func (lt *lockTable) wake(full string) {
	for q := 0; q < len(lt.queue); q++ {
		w := lt.queue[q].waiters[0]
		if !w.wants(full) || !lt.possible(w.job, w.reqs) || lt.overtakes(w.job, w.reqs, w.ticket) {
			continue
		}
		lt.dequeue(w)
		lt.grant(w.job, w.reqs)
		w.granted = true
		close(w.ready)
		q = -1 // the queue has changed
	}
}

func (w *lockWaiter) wants(full string) bool {
	for _, f := range w.full {
		if related(f, full) {
			return true
		}
	}
	return false
}

// parentOf cuts the last subscript off a request's name; "" when it has none.
func (lt *lockTable) parentOf(r *LockRequest) string {
	_, subs := SplitName(r.Key)
	last := 0
	for rest := subs; len(rest) > 0; {
		step := subscriptLen(rest)
		if step == 0 {
			return ""
		}
		last, rest = step, rest[step:]
	}
	if last == 0 {
		return ""
	}
	full := lt.name(r)
	return string(full[:len(full)-last])
}

// addEscalating counts an escalating lock; true when the lock on the parent stands for it.
func (lt *lockTable) addEscalating(j *job, r *LockRequest) bool {
	parent := lt.parentOf(r)
	if parent == "" {
		return false
	}
	e := j.locks.escalated[parent]
	if e == nil {
		e = &escalation{children: map[string]int{}, exclusive: !r.Shared}
		if j.locks.escalated == nil {
			j.locks.escalated = map[string]*escalation{}
		}
		j.locks.escalated[parent] = e
	}
	if e.exclusive == r.Shared {
		return false // a mix of shared and exclusive locks is kept singly
	}
	child := string(lt.name(r)[len(parent):])
	e.children[child]++
	e.total++
	if e.whole {
		return true
	}
	if len(e.children) <= escalateAbove || lt.conflictBelow(j, parent, r.Shared) || lt.parentBlocked(j, parent, r) {
		return false
	}
	lt.escalate(j, parent, e, len(r.NS))
	return true
}

func (lt *lockTable) parentBlocked(j *job, parent string, r *LockRequest) bool {
	up := LockRequest{NS: r.NS, Key: []byte(parent[len(r.NS)+1:]), Shared: r.Shared}
	return lt.conflict(j, &up)
}

// escalate puts one lock on the parent in the place of those on its children.
func (lt *lockTable) escalate(j *job, parent string, e *escalation, nsLen int) {
	h := lt.take(j, []byte(parent), nsLen)
	if e.exclusive {
		h.exclusive++
	} else {
		h.shared++
	}
	e.whole = true
	for child, count := range e.children {
		n := lt.byKey[parent+child]
		if n == nil {
			continue
		}
		own := n.hold(j)
		if own == nil {
			continue
		}
		if e.exclusive {
			own.exclusive = max(0, own.exclusive-count)
		} else {
			own.shared = max(0, own.shared-count)
		}
		if own.exclusive == 0 && own.shared == 0 && !own.pinned {
			lt.discard(j, n)
		}
	}
}

// dropEscalating undoes one escalating lock; true when that is done.
func (lt *lockTable) dropEscalating(j *job, r *LockRequest, keep bool) bool {
	parent := lt.parentOf(r)
	e := j.locks.escalated[parent]
	if e == nil || e.exclusive == r.Shared {
		return false
	}
	child := string(lt.name(r)[len(parent):])
	if e.children[child] == 0 {
		return e.whole
	}
	if e.children[child]--; e.children[child] == 0 {
		delete(e.children, child)
	}
	e.total--
	if e.total > 0 {
		return e.whole
	}
	delete(j.locks.escalated, parent)
	if !e.whole {
		return false
	}
	up := LockRequest{NS: r.NS, Key: []byte(parent[len(r.NS)+1:]), Shared: r.Shared}
	lt.drop(j, &up, keep)
	return true
}

// list shows all locks in order.
func (lt *lockTable) list() []LockInfo {
	lt.mu.Lock()
	defer lt.mu.Unlock()
	var out []LockInfo
	lt.nodes.Scan(func(n *lockNode) bool {
		for _, h := range n.holds {
			out = append(out, LockInfo{
				NS: n.full[:n.nsLen], Key: []byte(n.full[n.nsLen+1:]),
				Job: h.job.id, Exclusive: h.exclusive, Shared: h.shared,
			})
		}
		return true
	})
	return out
}
