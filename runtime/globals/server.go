package globals

// The owner's side of the socket: a goroutine for each session of another process, and one for each
// such process.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// server accepts the processes and sessions that reach an owner over its socket.
type server struct {
	o      *owner
	listen net.Listener

	closing atomic.Bool
	mu      sync.Mutex
	conns   map[net.Conn]struct{}
	group   sync.WaitGroup
}

func newServer(o *owner, l net.Listener) *server {
	s := &server{o: o, listen: l, conns: map[net.Conn]struct{}{}}
	s.group.Go(s.accept)
	return s
}

func (s *server) accept() {
	for {
		nc, err := s.listen.Accept()
		if err != nil {
			if s.closing.Load() || errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of descriptors, most likely
			continue
		}
		if !s.enter(nc) {
			nc.Close()
			return
		}
		s.group.Go(func() {
			defer s.leave(nc)
			s.serve(nc)
		})
	}
}

func (s *server) enter(nc net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing.Load() {
		return false
	}
	s.conns[nc] = struct{}{}
	return true
}

func (s *server) leave(nc net.Conn) {
	s.mu.Lock()
	delete(s.conns, nc)
	s.mu.Unlock()
	nc.Close()
}

// close ends all connections without ending the sessions behind them: the next owner gets those.
func (s *server) close() {
	s.mu.Lock()
	s.closing.Store(true)
	s.listen.Close()
	for nc := range s.conns {
		nc.Close()
	}
	s.mu.Unlock()
	s.group.Wait()
}

func (s *server) serve(nc net.Conn) {
	first, file, err := receiveFirst(nc)
	if err != nil {
		return
	}
	if file != nil {
		defer file.Close()
	}
	r := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(first), newSpinReader(nc)), 32<<10)
	body, err := readFrame(r, nil)
	if err != nil {
		return
	}
	m := message{in: body}
	kind, version := m.byte(), m.int()
	if version != wireVersion {
		_, _ = nc.Write(reply(appendStatus(nil, ErrNewer, nil)))
		return
	}
	switch kind {
	case helloProcess:
		s.process(nc, r, &m)
	case helloSession:
		s.session(nc, r, file, &m)
	case helloTable:
		if len(m.in) > 0 && m.in[0] == askCompact {
			m.byte()
			s.compact(nc, r, &m)
			return
		}
		x := executor{c: localConn{o: s.o, job: &job{}}}
		out, err := x.tables(m.byte(), &m, []byte{0})
		if err != nil {
			out = appendStatus(nil, err, nil)
		}
		_, _ = nc.Write(reply(out))
	}
}

// compact does a Compact for another process, until its connection breaks.
func (s *server) compact(nc net.Conn, r *bufio.Reader, m *message) {
	var names []Global
	for n := m.int(); n > 0 && !m.bad; n-- {
		names = append(names, Global{NS: string(m.bytes()), Name: string(m.bytes())})
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.group.Go(func() {
		_, _ = r.Peek(1)
		cancel()
	})
	f, err := s.o.Compact(ctx, names, func(done, total int) {
		_, _ = nc.Write(reply(appendUint(appendUint([]byte{0, 1}, done), total)))
	})
	out := appendUint(appendUint([]byte{0, 0}, int(f.Before)), int(f.After))
	if err != nil {
		out = appendStatus(nil, err, nil)
	}
	_, _ = nc.Write(reply(out))
}

func reply(body []byte) []byte {
	b := append(frameStart(nil), body...)
	return frameEnd(b, 0)
}

// process registers a process: the sessions it had with an earlier owner go on here with their
// locks, and those it no longer has are ended. When the connection breaks the process is gone.
func (s *server) process(nc net.Conn, r *bufio.Reader, m *message) {
	name, pid := string(m.bytes()), m.int()
	s.o.adopt(name, pid, m)
	if s.o.isExpelled(name) {
		s.o.endProcess(name)
		_, _ = nc.Write(reply(appendStatus(nil, ErrExpelled, nil)))
		return
	}
	if m.bad {
		_, _ = nc.Write(reply(appendStatus(nil, errWire, nil)))
		return
	}
	if _, err := nc.Write(reply(appendString([]byte{0}, s.o.cache.versions.identity()))); err != nil {
		return
	}
	_, _ = r.Peek(1)
	if s.closing.Load() {
		return
	}
	s.o.endProcess(name)
}

// session serves one session until it closes, its process dies, or the owner ends.
func (s *server) session(nc net.Conn, r *bufio.Reader, file *os.File, m *message) {
	process, pid, id, registered := string(m.bytes()), m.int(), m.int(), m.uvarint()
	if m.bad {
		return
	}
	j, err := s.o.resume(id, pid, process)
	if err != nil {
		_, _ = nc.Write(reply(appendStatus(nil, err, nil)))
		return
	}
	x := &executor{c: localConn{o: s.o, job: j}, nc: nc, w: nc, r: r, registered: registered, closing: &s.closing}
	linked := false
	if file != nil {
		if shared := mapRings(file); shared != nil {
			l := newLink(nc, shared, true)
			x.w, x.r, linked = l, bufio.NewReaderSize(l, 32<<10), true
		}
	}
	j.busy.Lock()
	hello := appendUint([]byte{0}, j.id)
	hello = appendBytes(appendUint(hello, int(j.lastOp)), j.lastVal)
	hello = appendFlag(hello, linked)
	err = s.o.acknowledge()
	j.busy.Unlock()
	if err == nil {
		_, err = nc.Write(reply(hello))
	}
	if err == nil {
		x.run()
	}
	if !s.closing.Load() {
		j.busy.Lock()
		err := s.o.endJob(j)
		j.busy.Unlock()
		if err != nil {
			s.o.opts.Logger.Printf("globals: end of session %d: %v", j.id, err)
		}
	}
}

// acknowledge makes what was done safe before it is told to another process.
func (o *owner) acknowledge() error {
	if o.log == nil {
		return nil
	}
	return o.log.acknowledge()
}

// executor does the requests of one session.
type executor struct {
	c    localConn
	nc   net.Conn
	w    io.Writer // to the client: nc, or a link
	r    *bufio.Reader
	out  []byte // answers not sent yet
	now  []byte // answer to the frame at hand
	k, v []byte
	// registered is the number of the last unlocking that the registration with this owner included;
	// those up to it are not done again.
	registered uint64
	gone       bool // askClose was done
	closing    *atomic.Bool
}

func (x *executor) run() {
	var body []byte
	var err error
	for !x.gone && !x.closing.Load() {
		if body, err = readFrame(x.r, body); err != nil {
			return
		}
		if len(body) != 1 || body[0] != askCancel { // one that came too late is void
			x.c.job.busy.Lock()
			x.now = frameEnd(x.frame(body, frameStart(x.now[:0])), 0)
			x.c.job.busy.Unlock()
			x.out = append(x.out, x.now...)
		}
		if len(x.out) == 0 || x.r.Buffered() >= 4 && len(x.out) < 64<<10 {
			continue // more is waiting: one write answers all
		}
		if err := x.send(); err != nil {
			return
		}
	}
}

// send answers, after what was done is safe. An answer must not claim what a full disk refused.
func (x *executor) send() error {
	if x.closing.Load() { // a wait that ends since the owner ends is no answer; a link would still carry it
		return ErrClosed
	}
	if err := x.c.o.acknowledge(); err != nil {
		x.out = reply(appendStatus(nil, err, nil))
	}
	_, err := x.w.Write(x.out)
	x.out = x.out[:0]
	return err
}

// frame does the requests of a frame and appends the answer to out.
func (x *executor) frame(body, out []byte) []byte {
	m := message{in: body}
	op := m.uvarint()
	var first error
	at := len(out)
	out = append(out, 0)
	for len(m.in) > 0 {
		ask := m.byte()
		x.c.op = 0
		if ask <= lastNumbered {
			x.c.op = op
			op++
		}
		out = out[:at+1]
		var err error
		if x.c.op != 0 && x.c.op <= x.c.job.lastOp {
			out = x.again(ask, &m, out)
		} else {
			out, err = x.do(ask, &m, out)
		}
		if m.bad {
			err = errWire
			m.in = nil
		}
		if first == nil {
			first = err
		}
	}
	x.c.op = 0
	if first != nil {
		return appendStatus(out[:at], first, x.c.o.opts.AddErrors)
	}
	return out
}

// again answers an operation that was done already.
func (x *executor) again(ask byte, m *message, out []byte) []byte {
	switch ask {
	case askSet, askIncrement:
		m.bytes()
		m.bytes()
		m.bytes()
	case askKill, askZKill:
		m.bytes()
		m.bytes()
	case askRollback:
		m.uvarint()
	}
	if ask == askIncrement {
		return appendBytes(out, x.c.job.lastVal)
	}
	return out
}

// do does one request and appends its result.
func (x *executor) do(ask byte, m *message, out []byte) ([]byte, error) {
	c := &x.c
	switch ask {
	case askSet:
		ns, key := x.ns(m), m.bytes()
		return out, c.Set(ns, key, m.bytes())
	case askKill:
		return out, c.Kill(x.ns(m), m.bytes())
	case askZKill:
		return out, c.ZKill(x.ns(m), m.bytes())
	case askIncrement:
		ns, key := x.ns(m), m.bytes()
		v, err := c.Increment(ns, key, m.bytes(), x.v[:0])
		x.v = v
		return appendBytes(out, v), err
	case askBegin:
		return out, c.Begin()
	case askCommit:
		return out, c.Commit()
	case askRollback:
		return out, c.Rollback(m.int())
	case askBarrier:
		return out, nil
	case askState:
		c.SetState(string(m.bytes()))
		return out, nil
	case askUnlock:
		return out, x.unlock(m)
	case askUnlockAll:
		if m.uvarint() <= x.registered {
			return out, nil
		}
		return out, c.UnlockAll()
	case askClose:
		x.gone = true
		return out, c.o.endJob(c.job)
	case askLock:
		return x.lock(m, out)
	}
	return x.read(ask, m, out)
}

// unlock does a LOCK -.
func (x *executor) unlock(m *message) error {
	number, reqs := m.uvarint(), m.lockRequests()
	if m.bad || number <= x.registered {
		return nil
	}
	_, err := x.c.Lock(context.Background(), reqs, LockDrop, 0)
	return err
}

// read does a request that changes nothing.
func (x *executor) read(ask byte, m *message, out []byte) ([]byte, error) {
	c := &x.c
	switch ask {
	case askGet:
		v, found, err := c.Get(x.ns(m), m.bytes(), x.v[:0])
		x.v = v
		return appendBytes(appendFlag(out, found), v), err
	case askData:
		d, err := c.Data(x.ns(m), m.bytes())
		return appendUint(out, d), err
	case askOrder:
		ns, key := x.ns(m), m.bytes()
		parent, back := m.int(), m.byte() == 1
		if parent > len(key) {
			return out, ErrKey
		}
		k, found, err := c.Order(ns, key, parent, direction(back), x.k[:0])
		x.k = k
		return appendBytes(appendFlag(out, found), k), err
	case askQuery:
		ns, key := x.ns(m), m.bytes()
		k, v, found, err := c.Query(ns, key, direction(m.byte() == 1), x.k[:0], x.v[:0])
		x.k, x.v = k, v
		return appendBytes(appendBytes(appendFlag(out, found), k), v), err
	}
	if ask == askPage {
		return x.page(m, out)
	}
	return x.tables(ask, m, out)
}

// page sends the page that a key, or with back the key before it, lies in.
func (x *executor) page(m *message, out []byte) ([]byte, error) {
	ns, key, back := x.ns(m), m.bytes(), m.byte() == 1
	t, subs, err := x.c.tree(ns, key)
	if err != nil {
		return out, err
	}
	for {
		t.mu.RLock()
		var p *page
		if back {
			p = t.pageBefore(subs, &x.c.cur)
		} else {
			p = t.pageFor(subs, &x.c.cur)
		}
		if p == nil {
			t.mu.RUnlock()
			return out, ErrKey
		}
		if p.loaded {
			p.touch()
			out = t.appendPage(out, p)
			t.mu.RUnlock()
			return out, nil
		}
		t.mu.RUnlock()
		if err := t.fill(subs, &x.c.cur, back); err != nil {
			return out, err
		}
	}
}

// appendPage writes a page as pageReply; the tree is locked.
func (t *tree) appendPage(b []byte, p *page) []byte {
	b = appendUint(b, t.slot)
	stamp := uint64(0)
	if t.slot > 0 {
		stamp = t.cache.versions.stamp(t.slot)
	}
	b = binary.LittleEndian.AppendUint64(b, stamp)
	b = appendBytes(b, p.lo)
	b = appendBytes(appendFlag(b, p.hi != nil), p.hi)
	b = appendUint(b, len(p.slots))
	for i := range p.slots {
		b = appendBytes(b, p.key(i))
		if p.slots[i].vlen == isBig {
			b = append(b, 0)
			continue
		}
		v := p.value(i)
		b = append(appendUint(b, len(v)+1), v...)
	}
	return b
}

func (m *message) page() (p pageReply) {
	p.slot = m.int()
	for i := range 8 {
		p.stamp |= uint64(m.byte()) << (8 * i)
	}
	p.lo = m.bytes()
	more := m.byte() == 1
	if p.hi = m.bytes(); !more {
		p.hi = nil
	}
	n := m.int()
	if n > len(m.in) {
		m.bad = true
		return p
	}
	p.nodes = make([]node, 0, n)
	for ; n > 0 && !m.bad; n-- {
		key := m.bytes()
		size := m.int()
		if size > len(m.in)+1 {
			m.bad = true
			return p
		}
		nd := node{key: key, omitted: size == 0}
		if size > 0 {
			nd.val, m.in = m.in[:size-1:size-1], m.in[size-1:]
		}
		p.nodes = append(p.nodes, nd)
	}
	return p
}

func direction(back bool) int {
	if back {
		return -1
	}
	return 1
}

// tables does a request for a list.
func (x *executor) tables(ask byte, m *message, out []byte) ([]byte, error) {
	switch ask {
	case askNames:
		ns := x.ns(m)
		names, err := x.c.Names(ns, string(m.bytes()), m.int())
		out = appendUint(out, len(names))
		for _, n := range names {
			out = appendBytes(out, []byte(n))
		}
		return out, err
	case askSessions:
		infos, err := x.c.o.Sessions()
		out = appendUint(out, len(infos))
		for _, i := range infos {
			out = appendBytes(appendUint(appendUint(out, i.ID), i.PID), []byte(i.State))
		}
		return out, err
	case askLocks:
		infos, err := x.c.o.Locks()
		out = appendUint(out, len(infos))
		for _, l := range infos {
			out = appendBytes(appendBytes(out, []byte(l.NS)), l.Key)
			out = appendUint(appendUint(appendUint(out, l.Job), l.Exclusive), l.Shared)
		}
		return out, err
	}
	return out, errWire
}

// ns is the namespace of a request, as a string that the recent trees share.
func (x *executor) ns(m *message) string {
	b := m.bytes()
	for i := range x.c.recent {
		if r := &x.c.recent[i]; r.ns == string(b) {
			return r.ns
		}
	}
	return string(b)
}

// lock does a LOCK. While it waits, the connection is watched for an interrupt or its end.
func (x *executor) lock(m *message, out []byte) ([]byte, error) {
	reqs, mode := m.lockRequests(), LockMode(m.byte())
	timeout := time.Duration(m.uvarint()) - 1
	if m.bad {
		return out, errWire
	}
	ok, err := x.c.Lock(context.Background(), reqs, mode, 0)
	if err == nil && !ok && timeout != 0 {
		if err := x.send(); err != nil { // answers of frames before this one
			return out, err
		}
		ok, err = x.waitLock(reqs, timeout)
	}
	if errors.Is(err, context.Canceled) {
		return append(out, 2), nil
	}
	return appendFlag(out, ok), err
}

func (x *executor) waitLock(reqs []LockRequest, timeout time.Duration) (bool, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if _, err := x.r.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
			cancel()
		}
	}()
	ok, err := x.c.Lock(ctx, reqs, LockAdd, timeout)
	_ = x.nc.SetReadDeadline(time.Now())
	<-watched
	_ = x.nc.SetReadDeadline(time.Time{})
	return ok, err
}
