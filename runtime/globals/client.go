package globals

// A session of a process that does not own the store: changes are sent ahead in frames, questions
// wait for their answer. When the owner is gone the session goes on with the next one, which may be
// this process itself; see shared.go.

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	frameFull  = 32 << 10             // a fuller frame is sent at once
	frameDelay = 2 * time.Millisecond // a quieter one after this time
	maxSent    = 16                   // frames sent ahead without an answer
)

var (
	// errLost: the connection broke, the owner is gone.
	errLost = errors.New("globals: connection to the owner lost")
	// errTakenOver: this process owns the store now, ask remoteConn.local.
	errTakenOver = errors.New("globals: this process owns the store")
)

// remoteConn is used by one goroutine; mu is for the timer and for the change of owners.
type remoteConn struct {
	s     *shared
	id    int
	local atomic.Pointer[localConn] // set once this process owns the store
	ask   []byte                    // the question at hand

	cur     cursor // in the remembered pages
	recent  [4]recentMemory
	turn    int
	written *remembered // global of the changes not answered yet, as long as it is one
	several bool        // they are of more than one

	mu         sync.Mutex
	nc         net.Conn
	w          io.Writer // to the owner: nc, or a link
	linked     bool
	r          *bufio.Reader
	gen        int // of shared.gen when nc was made
	out        []byte
	nextOp     uint64
	sent       []sentFrame // numbered operations not answered yet
	in         []byte
	wire       []byte
	last       []byte // result of the last answered numbered operation
	failed     error  // the first failure of an operation nobody waited for
	level      int
	locks      map[string]*heldLock
	unlocks    uint64 // unlockings asked for
	registered uint64 // of those, how many the last registration took account of
	timer      *time.Timer
	armed      bool
	state      string
	stateIs    bool // state is to be sent
	closed     bool
}

type sentFrame struct {
	last uint64 // its last operation
	body []byte // with the frame header
}

func (c *remoteConn) ID() int { return c.id }

// start begins a question.
func (c *remoteConn) start(ask byte) {
	c.ask = append(frameStart(c.ask[:0]), 0, ask) // operation number 0: nothing numbered in it
}

func (c *remoteConn) arg(b []byte)      { c.ask = appendBytes(c.ask, b) }
func (c *remoteConn) text(s string)     { c.ask = appendString(c.ask, s) }
func (c *remoteConn) number(n int)      { c.ask = appendUint(c.ask, n) }
func (c *remoteConn) direction(dir int) { c.ask = appendFlag(c.ask, dir < 0) }

func appendString(b []byte, s string) []byte { return append(appendUint(b, len(s)), s...) }

// exchange sends the question and returns the answer's result, however many owners that takes. On
// success mu stays locked, so that the answer stays as it is; the caller unlocks it.
func (c *remoteConn) exchange() (message, error) {
	frameEnd(c.ask, 0)
	for {
		c.mu.Lock()
		body, err := c.question()
		if err == nil {
			m := message{in: body}
			if err = m.status(c.s.opts.AddErrors); err == nil {
				return m, nil
			}
		}
		c.mu.Unlock()
		if !errors.Is(err, errLost) {
			return message{}, err
		}
		if err := c.revive(); err != nil {
			return message{}, err
		}
	}
}

// question sends what is outstanding and the question, and reads up to its answer.
func (c *remoteConn) question() ([]byte, error) {
	if err := c.send(); err != nil {
		return nil, err
	}
	return c.receive()
}

// send sends what is outstanding and the question in one write.
func (c *remoteConn) send() error {
	if err := c.usable(); err != nil {
		return err
	}
	c.wire = c.wire[:0]
	if c.close1() {
		c.wire = append(c.wire, c.sent[len(c.sent)-1].body...)
	}
	c.wire = append(c.wire, c.ask...)
	if _, err := c.w.Write(c.wire); err != nil {
		return errLost
	}
	return nil
}

// receive reads up to the answer of the question.
func (c *remoteConn) receive() ([]byte, error) {
	if err := c.drain(0); err != nil {
		return nil, err
	}
	if err := c.takeFailure(); err != nil {
		// The answer of the question still comes; it belongs to nobody.
		if _, lost := c.answer(); lost != nil {
			return nil, lost
		}
		return nil, err
	}
	return c.answer()
}

// usable says why the session cannot ask now.
func (c *remoteConn) usable() error {
	switch {
	case c.closed:
		return ErrClosed
	case c.local.Load() != nil:
		return errTakenOver
	case c.nc == nil:
		return errLost
	}
	return nil
}

func (c *remoteConn) takeFailure() error {
	err := c.failed
	c.failed = nil
	return err
}

func (c *remoteConn) answer() ([]byte, error) {
	body, err := readFrame(c.r, c.in)
	c.in = body
	if err != nil {
		return nil, errLost
	}
	return body, nil
}

// drain reads answers until no more than n frames are unanswered.
func (c *remoteConn) drain(n int) error {
	for len(c.sent) > n {
		body, err := c.answer()
		if err != nil {
			return err
		}
		c.answered(body)
	}
	return nil
}

// answered takes the answer of the oldest frame.
func (c *remoteConn) answered(body []byte) {
	m := message{in: body}
	if err := m.status(c.s.opts.AddErrors); err != nil && c.failed == nil {
		c.failed = err
	}
	c.last = append(c.last[:0], m.in...)
	n := copy(c.sent, c.sent[1:])
	c.sent[n] = sentFrame{}
	c.sent = c.sent[:n]
}

// numbered begins a numbered operation in the frame being filled; mu is held.
func (c *remoteConn) numbered(ask byte) {
	c.nextOp++
	c.open()
	c.out = append(c.out, ask)
}

// open begins a frame, with the session's state when that has changed.
func (c *remoteConn) open() {
	if len(c.out) > 0 {
		return
	}
	c.out = appendUint(frameStart(c.out), int(max(c.nextOp, 1)))
	if c.stateIs {
		c.out = appendString(append(c.out, askState), c.state)
		c.stateIs = false
	}
}

// close1 finishes the frame being filled and moves it to those sent.
func (c *remoteConn) close1() bool {
	if c.stateIs {
		c.open()
	}
	if len(c.out) == 0 {
		return false
	}
	c.sent = append(c.sent, sentFrame{c.nextOp, frameEnd(c.out, 0)})
	c.out = make([]byte, 0, min(2*len(c.out), frameFull+frameFull/4))
	return true
}

// ship sends the frame being filled without waiting for the answer.
func (c *remoteConn) ship() error {
	if err := c.usable(); err != nil {
		return err
	}
	if !c.close1() {
		return nil
	}
	if _, err := c.w.Write(c.sent[len(c.sent)-1].body); err != nil {
		return errLost
	}
	return c.drain(maxSent)
}

// change begins a change or a Barrier: mu is held, unless this process owns the store meanwhile, and does the change
// itself. Whoever looks at local alone may be overtaken by takeOver before it has mu.
func (c *remoteConn) change() *localConn {
	c.mu.Lock()
	l := c.local.Load()
	if l != nil {
		c.mu.Unlock()
	}
	return l
}

// post ends a numbered operation that needs no answer: it goes out when the frame is full, after a
// short time, or with the next question.
func (c *remoteConn) post() error {
	var err error
	if c.closed {
		err, c.out = ErrClosed, c.out[:0]
	} else if len(c.out) > frameFull {
		err = c.ship()
	} else if !c.armed {
		c.armed = true
		c.timer.Reset(frameDelay)
	}
	if err == nil {
		err = c.takeFailure()
	}
	c.mu.Unlock()
	if errors.Is(err, errLost) {
		err = c.revive()
	}
	return taken(err)
}

// taken makes nothing of the news that a change was done by this process itself.
func taken(err error) error {
	if errors.Is(err, errTakenOver) {
		return nil
	}
	return err
}

// tick sends what the session left in its frame.
func (c *remoteConn) tick() {
	c.mu.Lock()
	c.armed = false
	err := c.ship()
	c.mu.Unlock()
	_ = err // a lost connection is noticed by the process's own, see shared.go
}

// finish waits for all numbered operations; the last one's result is in c.last. mu is not held.
func (c *remoteConn) finish() error {
	for {
		c.mu.Lock()
		err := c.ship()
		if err == nil {
			err = c.drain(0)
		}
		if err == nil || errors.Is(err, errTakenOver) {
			err = c.takeFailure()
		}
		c.mu.Unlock()
		if !errors.Is(err, errLost) {
			return err
		}
		if err := taken(c.revive()); err != nil {
			return err
		}
	}
}

func (c *remoteConn) Set(ns string, key, val []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if l := c.change(); l != nil {
		return l.Set(ns, key, val)
	}
	c.writes(ns, key)
	c.numbered(askSet)
	c.out = appendBytes(appendBytes(appendString(c.out, ns), key), val)
	return c.posted()
}

// posted is post, or with Sync durability finish.
func (c *remoteConn) posted() error {
	if c.s.opts.Durability == Sync && c.level == 0 {
		c.mu.Unlock()
		return c.finish()
	}
	return c.post()
}

func (c *remoteConn) Kill(ns string, key []byte) error {
	return c.remove(askKill, (*localConn).Kill, ns, key)
}

func (c *remoteConn) ZKill(ns string, key []byte) error {
	return c.remove(askZKill, (*localConn).ZKill, ns, key)
}

func (c *remoteConn) remove(ask byte, here func(*localConn, string, []byte) error, ns string, key []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if l := c.change(); l != nil {
		return here(l, ns, key)
	}
	c.writes(ns, key)
	c.numbered(ask)
	c.out = appendBytes(appendString(c.out, ns), key)
	return c.posted()
}

func (c *remoteConn) Increment(ns string, key, delta, dst []byte) (val []byte, err error) {
	if err := checkKey(key); err != nil {
		return dst, err
	}
	if l := c.change(); l != nil {
		return l.Increment(ns, key, delta, dst)
	}
	c.writes(ns, key)
	c.numbered(askIncrement)
	c.out = appendBytes(appendBytes(appendString(c.out, ns), key), delta)
	c.mu.Unlock()
	if err := c.finish(); err != nil {
		return dst, err
	}
	m := message{in: c.last}
	val = append(dst, m.bytes()...)
	if m.bad {
		return dst, errWire
	}
	return val, nil
}

func (c *remoteConn) Get(ns string, key, dst []byte) (val []byte, found bool, err error) {
	if l := c.local.Load(); l != nil {
		return l.Get(ns, key, dst)
	}
	if r, subs := c.remembered(ns, key); r != nil {
		val, found, err := r.tree.get(subs, dst, &c.cur)
		if !errors.Is(err, errOmitted) && !errors.Is(err, errTakenOver) {
			return val, found, err
		}
	}
	c.start(askGet)
	c.text(ns)
	c.arg(key)
	m, err := c.exchange()
	if errors.Is(err, errTakenOver) {
		return c.local.Load().Get(ns, key, dst)
	}
	if err != nil {
		return dst, false, err
	}
	defer c.mu.Unlock()
	found = m.byte() == 1
	return append(dst, m.bytes()...), found, nil
}

func (c *remoteConn) Data(ns string, key []byte) (int, error) {
	if l := c.local.Load(); l != nil {
		return l.Data(ns, key)
	}
	if r, subs := c.remembered(ns, key); r != nil {
		d, err := r.tree.data(subs, &c.cur)
		if !errors.Is(err, errTakenOver) {
			return d, err
		}
	}
	c.start(askData)
	c.text(ns)
	c.arg(key)
	m, err := c.exchange()
	if errors.Is(err, errTakenOver) {
		return c.local.Load().Data(ns, key)
	}
	if err != nil {
		return 0, err
	}
	defer c.mu.Unlock()
	return m.int(), nil
}

func (c *remoteConn) Order(ns string, key []byte, parent, dir int, dst []byte) (sub []byte, found bool, err error) {
	if l := c.local.Load(); l != nil {
		return l.Order(ns, key, parent, dir, dst)
	}
	if r, subs := c.remembered(ns, key); r != nil && parent >= len(key)-len(subs) {
		sub, found, err = r.tree.order(subs, parent-(len(key)-len(subs)), dir, dst, &c.cur)
		if !errors.Is(err, errTakenOver) {
			return sub, found, err
		}
	}
	c.start(askOrder)
	c.text(ns)
	c.arg(key)
	c.number(parent)
	c.direction(dir)
	m, err := c.exchange()
	if errors.Is(err, errTakenOver) {
		return c.local.Load().Order(ns, key, parent, dir, dst)
	}
	if err != nil {
		return dst, false, err
	}
	defer c.mu.Unlock()
	found = m.byte() == 1
	return append(dst, m.bytes()...), found, nil
}

func (c *remoteConn) Query(ns string, key []byte, dir int, kdst, vdst []byte) (k, val []byte, found bool, err error) {
	if l := c.local.Load(); l != nil {
		return l.Query(ns, key, dir, kdst, vdst)
	}
	if r, subs := c.remembered(ns, key); r != nil {
		start, name := len(kdst), key[:len(key)-len(subs)]
		k, val, found, err := r.tree.query(subs, dir, append(kdst, name...), vdst, &c.cur)
		if !errors.Is(err, errOmitted) && !errors.Is(err, errTakenOver) {
			if !found {
				k = k[:start]
			}
			return k, val, found, err
		}
	}
	c.start(askQuery)
	c.text(ns)
	c.arg(key)
	c.direction(dir)
	m, err := c.exchange()
	if errors.Is(err, errTakenOver) {
		return c.local.Load().Query(ns, key, dir, kdst, vdst)
	}
	if err != nil {
		return kdst, vdst, false, err
	}
	defer c.mu.Unlock()
	found = m.byte() == 1
	return append(kdst, m.bytes()...), append(vdst, m.bytes()...), found, nil
}

func (c *remoteConn) Names(ns, prefix string, most int) ([]string, error) {
	if l := c.local.Load(); l != nil {
		return l.Names(ns, prefix, most)
	}
	c.start(askNames)
	c.text(ns)
	c.text(prefix)
	c.number(most)
	m, err := c.exchange()
	if errors.Is(err, errTakenOver) {
		return c.local.Load().Names(ns, prefix, most)
	}
	if err != nil {
		return nil, err
	}
	defer c.mu.Unlock()
	var names []string
	for n := m.int(); n > 0 && !m.bad; n-- {
		names = append(names, string(m.bytes()))
	}
	return names, nil
}

func (c *remoteConn) Begin() error {
	if l := c.change(); l != nil {
		return l.Begin()
	}
	c.numbered(askBegin)
	c.level++
	return c.post()
}

func (c *remoteConn) Commit() error {
	if l := c.change(); l != nil {
		return l.Commit()
	}
	if c.level == 0 {
		c.mu.Unlock()
		return ErrNoLevel
	}
	c.numbered(askCommit)
	c.level--
	return c.levelClosed()
}

// levelClosed waits for the end of a transaction; an inner level's end needs no answer.
func (c *remoteConn) levelClosed() error {
	if c.level > 0 {
		return c.post()
	}
	for name, h := range c.locks {
		if h.pinned = false; h.none() {
			delete(c.locks, name)
		}
	}
	c.mu.Unlock()
	return c.finish()
}

func (c *remoteConn) Rollback(levels int) error {
	if l := c.change(); l != nil {
		return l.Rollback(levels)
	}
	if levels <= 0 || levels > c.level {
		levels = c.level
	}
	if levels == 0 {
		c.mu.Unlock()
		return nil
	}
	c.several = true
	c.numbered(askRollback)
	c.out = appendUint(c.out, levels)
	c.level -= levels
	return c.levelClosed()
}

func (c *remoteConn) Level() int {
	if l := c.local.Load(); l != nil {
		return l.Level()
	}
	return c.level
}

func (c *remoteConn) Barrier() error {
	if l := c.change(); l != nil {
		return l.Barrier()
	}
	idle := len(c.out) == 0 && len(c.sent) == 0 && c.failed == nil && !c.stateIs
	c.mu.Unlock()
	if idle {
		return nil
	}
	return c.finish()
}

func (c *remoteConn) SetState(state string) {
	if l := c.change(); l != nil {
		l.SetState(state)
		return
	}
	c.state, c.stateIs = state, true
	if !c.armed && !c.closed {
		c.armed = true
		c.timer.Reset(frameDelay)
	}
	c.mu.Unlock()
}

func (c *remoteConn) UnlockAll() error {
	if l := c.change(); l != nil {
		return l.UnlockAll()
	}
	c.unlocks++
	c.open()
	c.out = appendUint(append(c.out, askUnlockAll), int(c.unlocks))
	c.forgetLocks()
	return c.postNow()
}

// unlock releases locks without waiting for an answer.
func (c *remoteConn) unlock(reqs []LockRequest) error {
	for i := range reqs {
		if err := checkKey(reqs[i].Key); err != nil {
			return err
		}
	}
	if l := c.change(); l != nil {
		_, err := l.Lock(context.Background(), reqs, LockDrop, 0)
		return err
	}
	c.unlocks++
	c.open()
	c.out = appendLockRequests(appendUint(append(c.out, askUnlock), int(c.unlocks)), reqs)
	for i := range reqs {
		c.track(&reqs[i], LockDrop)
	}
	return c.postNow()
}

// postNow is post without delay: others wait for locks.
func (c *remoteConn) postNow() error {
	err := c.ship()
	if err == nil {
		err = c.takeFailure()
	}
	c.mu.Unlock()
	if errors.Is(err, errLost) {
		err = c.revive()
	}
	return taken(err)
}

// Lock asks for locks. A done ctx is told to the owner, whose answer ends the wait.
func (c *remoteConn) Lock(ctx context.Context, reqs []LockRequest, mode LockMode, timeout time.Duration) (bool, error) {
	if mode == LockDrop && c.local.Load() == nil {
		return true, c.unlock(reqs)
	}
	var until time.Time
	if timeout > 0 {
		until = time.Now().Add(timeout)
	}
	for {
		if l := c.local.Load(); l != nil {
			return l.Lock(ctx, reqs, mode, timeout)
		}
		c.start(askLock)
		c.ask = appendLockRequests(c.ask, reqs)
		c.ask = append(c.ask, byte(mode))
		c.ask = appendUint(c.ask, int(max(timeout, -1)+1))
		frameEnd(c.ask, 0)
		ok, err := c.lock1(ctx, reqs, mode)
		if !errors.Is(err, errLost) {
			if errors.Is(err, errTakenOver) {
				continue
			}
			return ok, err
		}
		if err := taken(c.revive()); err != nil {
			return false, err
		}
		if timeout > 0 {
			timeout = max(time.Until(until), 0)
		}
	}
}

func (c *remoteConn) lock1(ctx context.Context, reqs []LockRequest, mode LockMode) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.send(); err != nil {
		return false, err
	}
	if w := c.w; ctx.Done() != nil && mode != LockDrop {
		stop := context.AfterFunc(ctx, func() { _, _ = w.Write(reply([]byte{askCancel})) })
		defer stop()
	}
	body, err := c.receive()
	if err != nil {
		return false, err
	}
	m := message{in: body}
	if err := m.status(nil); err != nil {
		return false, err
	}
	answer := m.byte()
	if mode == LockPlain {
		c.forgetLocks()
	}
	if answer == 1 {
		for i := range reqs {
			c.track(&reqs[i], mode)
		}
	}
	if answer == 2 {
		return false, ctx.Err()
	}
	return answer == 1, nil
}

// track keeps the session's own list of its locks, which a new owner is told.
func (c *remoteConn) track(r *LockRequest, mode LockMode) {
	name := r.NS + "\x00" + string(r.Key)
	h := c.locks[name]
	if h == nil {
		if mode == LockDrop {
			return
		}
		h = &heldLock{ns: r.NS, key: string(r.Key)}
		c.locks[name] = h
	}
	count := &h.exclusive
	switch {
	case r.Escalate && r.Shared:
		count = &h.escalating[1]
	case r.Escalate:
		count = &h.escalating[0]
	case r.Shared:
		count = &h.shared
	}
	if mode != LockDrop {
		*count++
		return
	}
	excluded := h.exclusive > 0 || h.pinned && !h.pinnedShared
	*count = max(*count-1, 0)
	if *count == 0 && c.level > 0 && !r.Immediate {
		h.pinned, h.pinnedShared = true, !excluded
	}
	if h.none() {
		delete(c.locks, name)
	}
}

func (h *heldLock) none() bool {
	return h.exclusive == 0 && h.shared == 0 && h.escalating == [2]int{} && !h.pinned
}

// forgetLocks notes that all locks were released, or pinned in a transaction.
func (c *remoteConn) forgetLocks() {
	for name, h := range c.locks {
		if c.level == 0 {
			delete(c.locks, name)
			continue
		}
		h.pinnedShared = !(h.exclusive > 0 || h.pinned && !h.pinnedShared)
		h.exclusive, h.shared, h.escalating, h.pinned = 0, 0, [2]int{}, true
	}
}

// Close ends the session at the owner.
func (c *remoteConn) Close() error {
	if l := c.local.Load(); l != nil {
		c.s.forget(c)
		return l.Close()
	}
	err := c.finish()
	c.start(askClose)
	if _, e := c.exchange(); e == nil {
		c.mu.Unlock()
	} else if errors.Is(e, errTakenOver) {
		c.s.forget(c)
		return errors.Join(err, c.local.Load().Close())
	} else if !errors.Is(e, ErrClosed) {
		err = errors.Join(err, e)
	}
	c.s.forget(c)
	c.shut()
	return err
}

// shut ends the session's side of the connection.
func (c *remoteConn) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.timer.Stop()
	c.hangUp()
}

// hangUp ends the connection, if there is one; mu is held.
func (c *remoteConn) hangUp() {
	if c.nc == nil {
		return
	}
	c.nc.Close()
	c.nc = nil
	if c.linked {
		links.Add(-1)
		c.linked = false
	}
}

// checkKey says what the owner would about a key, at once.
func checkKey(key []byte) error {
	name, subs := SplitName(key)
	switch {
	case len(name) == len(key):
		return ErrKey
	case len(subs) > maxKeyLen-3:
		return ErrKeyTooLong
	}
	return nil
}
