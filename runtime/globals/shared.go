package globals

// The default engine: a data directory shared by processes. A file lock decides who owns the store;
// the others reach the owner over its socket. When the owner ends, one of them becomes the owner,
// reads the log back, and all go on with the sessions, locks and transactions they had.

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	formatFile    = "format"
	formatVersion = 1
	attachTimeout = 30 * time.Second // for an owner that does not answer
)

type shared struct {
	dir  string
	opts Options
	life *life

	mu     sync.Mutex
	gen    int // counts owners seen
	owner  *owner
	lock   *fileLock
	server *server
	peer   *peer // the connection to the owner
	conns  map[*remoteConn]struct{}
	closed bool
	why    error   // of closed, when it was not Close
	memory *memory // nil when nothing can be remembered
	group  sync.WaitGroup
}

// peer is a process's connection to the owner; gone is closed when it broke.
type peer struct {
	nc   net.Conn
	gone chan struct{}
}

func openShared(dir string, o Options) (Engine, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, d := range []string{dir, filepath.Join(dir, "log"), filepath.Join(dir, "run")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("globals: data directory: %w", err)
		}
	}
	if err := checkFormat(dir); err != nil {
		return nil, err
	}
	s := &shared{dir: dir, opts: o, conns: map[*remoteConn]struct{}{}}
	if s.life, err = newLife(filepath.Join(dir, "run")); err != nil {
		return nil, err
	}
	if v := openVersions(filepath.Join(dir, "run", "versions")); v != nil {
		s.memory = newRemembering(o.CacheBytes/4, v)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.attach(); err != nil {
		s.life.end()
		return nil, err
	}
	return s, nil
}

// checkFormat compares the directory's version stamp, and writes it into a new one.
func checkFormat(dir string) error {
	name := filepath.Join(dir, formatFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0 {
		return os.WriteFile(name, fmt.Appendf(nil, "cos globals %d\n", formatVersion), 0o600)
	}
	if err != nil {
		return err
	}
	v, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(string(text), "cos globals ")))
	if err != nil {
		return fmt.Errorf("%w: %s holds %q", ErrCorrupt, name, text)
	}
	if v > formatVersion {
		return fmt.Errorf("%w: %s has version %d, this program knows up to %d", ErrNewer, dir, v, formatVersion)
	}
	return nil
}

// attach makes this process the owner or connects it to the owner; mu is held.
func (s *shared) attach() error {
	deadline := time.Now().Add(s.opts.attach)
	for wait := time.Millisecond; ; wait = min(wait*2, 50*time.Millisecond) {
		lock, err := tryLockFile(filepath.Join(s.dir, "lock"))
		if err != nil {
			return fmt.Errorf("globals: lock the data directory: %w", err)
		}
		if lock != nil && !s.answered() {
			return s.own(lock)
		}
		err = s.register()
		if lock != nil {
			lock.unlock()
		}
		if err == nil || errors.Is(err, ErrNewer) || errors.Is(err, ErrExpelled) {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("globals: the owner of %s does not answer: %w", s.dir, err)
		}
		time.Sleep(wait)
	}
}

// answered says whether an owner listens although its lock could be taken: somebody removed the lock
// file under it. Two owners would destroy the data.
func (s *shared) answered() bool {
	own, err := s.socketPath()
	if err != nil {
		return false
	}
	path, err := os.ReadFile(filepath.Join(s.dir, "socket"))
	if err != nil || filepath.Base(string(path)) != filepath.Base(own) { // a copy's tells of the original
		return false
	}
	nc, err := net.Dial("unix", string(path))
	if err != nil {
		return false
	}
	defer nc.Close()
	_ = nc.SetDeadline(time.Now().Add(s.opts.attach))
	hello := appendUint(append(frameStart(nil), helloTable), wireVersion)
	if _, err = nc.Write(frameEnd(append(hello, askSessions), 0)); err == nil {
		_, err = readFrame(bufio.NewReader(nc), nil)
	}
	return err == nil || errors.Is(err, os.ErrDeadlineExceeded) // stopped
}

// own makes this process the owner.
func (s *shared) own(lock *fileLock) error {
	l := newLog(s.dir, s.opts)
	o := newOwner(s.opts, newStore(s.dir, s.opts), l)
	o.process = s.life.name
	if s.memory != nil {
		o.cache.versions = s.memory.versions
		o.cache.versions.newEpoch()
	}
	l.full = o.wantCheckpoint
	fail := func(err error) error {
		if l.file != nil {
			_ = l.close()
		}
		_ = o.cache.store.close()
		lock.unlock()
		return err
	}
	if err := o.recover(); err != nil {
		return fail(fmt.Errorf("globals: open %s: %w", s.dir, err))
	}
	if err := s.inherit(o); err != nil {
		return fail(err)
	}
	listener, err := s.listen()
	if err != nil {
		return fail(err)
	}
	s.owner, s.lock = o, lock
	s.server = newServer(o, listener)
	s.group.Go(func() { s.awaitMissing(o) })
	return nil
}

// inherit sorts out the sessions the log knows: those of this process and of live ones stay, those
// of dead processes end.
func (s *shared) inherit(o *owner) error {
	alive, err := s.life.others()
	if err != nil {
		return err
	}
	dead := map[string]bool{}
	for _, j := range o.jobs {
		if j.process != s.life.name && !alive[j.process] {
			dead[j.process] = true
		}
	}
	for _, j := range o.jobs { // who has no session has no locks
		if alive[j.process] {
			o.missing[j.process] = true
		}
	}
	for p := range dead {
		o.endProcess(p)
	}
	m := message{in: s.registration()}
	o.missing[s.life.name] = true
	o.adopt(s.life.name, processID(), &m)
	return nil
}

// awaitMissing ends the sessions of processes that die before they come back to a new owner, and of
// those that live but do not come back in time.
func (s *shared) awaitMissing(o *owner) {
	late := time.After(s.opts.patience)
	for {
		select {
		case <-o.settled:
			return
		case <-late:
			for _, p := range o.stillMissing() {
				o.expel(p)
			}
		case <-time.After(20 * time.Millisecond):
		}
		if s.isClosed() {
			return
		}
		alive, err := s.life.others()
		if err != nil {
			continue
		}
		for _, p := range o.stillMissing() {
			if !alive[p] {
				o.endProcess(p)
			}
		}
	}
}

func (o *owner) stillMissing() []string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Collect(maps.Keys(o.missing))
}

func (s *shared) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// socketPath is where an owner of this directory listens: short, since a path above about 100
// bytes cannot be bound. The lock file tells the others, whose environment may differ.
func (s *shared) socketPath() (string, error) {
	base := os.Getenv("XDG_RUNTIME_DIR")
	if info, err := os.Stat(base); base == "" || len(base) > 60 || err != nil || !info.IsDir() {
		base = filepath.Join(shortTemp(), "cos-"+strconv.Itoa(os.Getuid()))
	} else {
		base = filepath.Join(base, "cos")
	}
	if err := os.MkdirAll(base, 0o700); err != nil {
		return "", err
	}
	if err := os.Chmod(base, 0o700); err != nil { // it is another user's
		return "", fmt.Errorf("globals: directory for the socket: %w", err)
	}
	sum := sha256.Sum256([]byte(fileIdentity(s.dir)))
	return filepath.Join(base, hex.EncodeToString(sum[:8])+".sock"), nil
}

func (s *shared) listen() (net.Listener, error) {
	path, err := s.socketPath()
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("globals: listen for other processes: %w", err)
	}
	tmp := filepath.Join(s.dir, "socket.new")
	err = os.WriteFile(tmp, []byte(path), 0o600)
	if err == nil {
		err = os.Rename(tmp, filepath.Join(s.dir, "socket"))
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (s *shared) dial() (net.Conn, error) {
	path, err := os.ReadFile(filepath.Join(s.dir, "socket"))
	if err != nil {
		return nil, err
	}
	return net.Dial("unix", string(path))
}

// register connects to the owner as a process with all its sessions and watches the connection.
func (s *shared) register() error {
	nc, err := s.dial()
	if err != nil {
		return err
	}
	hello := appendUint(append(frameStart(nil), helloProcess), wireVersion)
	hello = appendUint(appendString(hello, s.life.name), processID())
	hello = append(hello, s.registration()...)
	r := bufio.NewReader(nc)
	_ = nc.SetDeadline(time.Now().Add(s.opts.attach)) // a stopped owner takes connections and is silent
	var m message
	if _, err = nc.Write(frameEnd(hello, 0)); err == nil {
		err = readHello(r, &m)
	}
	_ = nc.SetDeadline(time.Time{})
	if err != nil {
		nc.Close()
		return err
	}
	if s.memory != nil {
		s.memory.off.Store(string(m.bytes()) != s.memory.versions.id)
	}
	p := &peer{nc, make(chan struct{})}
	s.peer = p
	s.group.Go(func() {
		_, _ = r.Peek(1)
		nc.Close()
		close(p.gone)
		s.ownerGone(p)
	})
	return nil
}

// readHello reads the answer to a first frame.
func readHello(r *bufio.Reader, m *message) error {
	body, err := readFrame(r, nil)
	if err != nil {
		return err
	}
	m.in = body
	return m.status(nil)
}

// registration lists the process's sessions with their locks; nothing changes them meanwhile.
func (s *shared) registration() []byte {
	b := appendUint(nil, len(s.conns))
	for c := range s.conns {
		c.mu.Lock()
		c.registered = c.unlocks
		b = appendUint(appendUint(b, c.id), len(c.locks))
		for _, h := range c.locks {
			b = h.append(b)
		}
		c.mu.Unlock()
	}
	return b
}

// ownerGone moves the process on when the connection to its owner broke.
func (s *shared) ownerGone(p *peer) {
	s.mu.Lock()
	if s.closed || s.peer != p {
		s.mu.Unlock()
		return
	}
	gen := s.gen
	s.mu.Unlock()
	if _, err := s.relink(gen); err != nil {
		s.giveUp(err)
		return
	}
	for _, c := range s.sessions() {
		if err := taken(c.revive()); err != nil && !errors.Is(err, ErrClosed) {
			s.opts.Logger.Printf("globals: session %d: %v", c.id, err)
		}
	}
}

// giveUp ends the process's part when no owner can be found or made, so that nobody waits for it.
func (s *shared) giveUp(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.opts.Logger.Printf("globals: %s: %v", s.dir, err)
	s.closed, s.why = true, err
	s.life.end()
}

func (s *shared) sessions() []*remoteConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	conns := make([]*remoteConn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	return conns
}

// relink finds the next owner when that of generation gen is gone, and returns the generation there
// is then. Registering locks each session out of its connection for a moment, so that every answer
// of the old owner has been read when the locks are listed.
func (s *shared) relink(gen int) (int, error) {
	s.mu.Lock()
	p := s.peer
	if s.closed || s.gen != gen || s.owner != nil {
		defer s.mu.Unlock()
		return s.gen, s.openError()
	}
	s.mu.Unlock()
	if p != nil {
		select {
		case <-p.gone:
		case <-time.After(time.Second):
			return gen, nil // the owner lives, only one connection did not
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.gen != gen || s.owner != nil {
		return s.gen, s.openError()
	}
	s.peer = nil
	if err := s.attach(); err != nil {
		return 0, err
	}
	s.gen++
	return s.gen, nil
}

func (s *shared) openError() error {
	switch {
	case s.why != nil:
		return s.why
	case s.closed:
		return ErrClosed
	}
	return nil
}

// revive connects a session to the owner there is now and repeats what that one has not done. It
// returns errTakenOver when that is this process.
func (c *remoteConn) revive() error {
	c.mu.Lock()
	gen := c.gen
	c.mu.Unlock()
	for {
		next, err := c.s.relink(gen)
		if err != nil {
			c.s.giveUp(err)
			return err
		}
		done, err := c.resume(next)
		if done {
			return err
		}
		gen = next
	}
}

// resume makes the connection for generation gen; done is false when the owner is gone again.
func (c *remoteConn) resume(gen int) (done bool, err error) {
	o := c.s.current()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return true, ErrClosed
	case c.local.Load() != nil:
		return true, errTakenOver
	case o != nil:
		return true, c.takeOver(o)
	case c.gen == gen && c.nc != nil:
		return true, nil
	}
	c.hangUp()
	c.gen = gen
	m, err := c.connect()
	if err != nil {
		return false, nil
	}
	id, lastOp, lastVal := m.int(), uint64(m.int()), m.bytes()
	if m.bad || id != c.id {
		return true, errWire
	}
	return c.repeat(lastOp, lastVal)
}

// repeat sends the frames again that the owner has not done completely.
func (c *remoteConn) repeat(lastOp uint64, lastVal []byte) (done bool, err error) {
	for len(c.sent) > 0 && c.sent[0].last <= lastOp {
		if c.sent[0].last == lastOp {
			c.answered(appendBytes([]byte{0}, lastVal))
		} else {
			c.answered([]byte{0})
		}
	}
	for _, f := range c.sent {
		if _, err := c.w.Write(f.body); err != nil {
			return false, nil
		}
	}
	return true, nil
}

// connect opens the session's connection; the answer to its first frame is returned.
func (c *remoteConn) connect() (message, error) {
	nc, err := c.s.dial()
	if err != nil {
		return message{}, err
	}
	hello := appendUint(append(frameStart(nil), helloSession), wireVersion)
	hello = appendUint(appendString(hello, c.s.life.name), processID())
	hello = frameEnd(appendUint(appendUint(hello, c.id), int(c.registered)), 0)
	var memory *sharedRings
	var file *os.File
	if links.Add(1) <= mostLinks {
		memory, file = newSharedRings()
	}
	r := bufio.NewReaderSize(newSpinReader(nc), 32<<10)
	var m message
	if err = sendFirst(nc, hello, file); err == nil {
		err = readHello(r, &m)
	}
	if file != nil {
		file.Close()
	}
	answer, linked := m, false
	if err == nil && memory != nil {
		m.int() // the session's number, its last operation and that one's result
		m.int()
		m.bytes()
		linked = m.byte() == 1
	}
	if !linked {
		links.Add(-1)
	}
	if err != nil {
		nc.Close()
		return message{}, err
	}
	c.nc, c.w, c.r, c.linked = nc, nc, r, linked
	if linked {
		l := newLink(nc, memory, false)
		c.w, c.r = l, bufio.NewReaderSize(l, 32<<10)
	}
	return answer, nil
}

// takeOver turns the session into one of the owning process; mu is held.
func (c *remoteConn) takeOver(o *owner) error {
	o.mu.RLock()
	j := o.jobs[c.id]
	o.mu.RUnlock()
	if j == nil {
		return ErrClosed
	}
	c.hangUp()
	x := executor{c: localConn{o: o, job: j}, registered: c.registered}
	c.close1()
	for len(c.sent) > 0 {
		c.answered(x.frame(c.sent[0].body[4:], nil))
	}
	c.timer.Stop()
	c.local.Store(&localConn{o: o, job: j, local: true})
	return errTakenOver
}

func (s *shared) current() *owner {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owner
}

func (s *shared) Connect() (Conn, error) {
	for {
		s.mu.Lock()
		if err := s.openError(); err != nil {
			s.mu.Unlock()
			return nil, err
		}
		gen := s.gen
		if o := s.owner; o != nil {
			defer s.mu.Unlock()
			return o.Connect()
		}
		c := &remoteConn{s: s, gen: gen, locks: map[string]*heldLock{}}
		c.cur.fetch = c.fetch
		m, err := c.connect()
		if err == nil {
			c.id = m.int()
			c.timer = time.AfterFunc(time.Hour, c.tick)
			c.timer.Stop()
			s.conns[c] = struct{}{}
			s.mu.Unlock()
			return c, nil
		}
		s.mu.Unlock()
		if _, err := s.relink(gen); err != nil {
			return nil, err
		}
	}
}

func (s *shared) forget(c *remoteConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// list asks the owner for a table.
func (s *shared) list(ask byte) (m message, err error) {
	err = s.inquire(context.Background(), []byte{ask}, func(r *bufio.Reader) error { return readHello(r, &m) })
	return m, err
}

// inquire asks the owner a question that belongs to no session, again when the owner changes
// meanwhile, and lets read take the answer. errTakenOver: this process is the owner.
func (s *shared) inquire(ctx context.Context, question []byte, read func(*bufio.Reader) error) error {
	hello := appendUint(append(frameStart(nil), helloTable), wireVersion)
	hello = frameEnd(append(hello, question...), 0)
	for {
		s.mu.Lock()
		gen, err := s.gen, s.openError()
		s.mu.Unlock()
		if err != nil {
			return err
		}
		if s.current() != nil {
			return errTakenOver
		}
		nc, err := s.dial()
		if err == nil {
			stop := context.AfterFunc(ctx, func() { nc.Close() })
			if _, err = nc.Write(hello); err == nil {
				err = read(bufio.NewReader(nc))
			}
			stop()
			nc.Close()
		}
		var told *remoteError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil || errors.As(err, &told):
			return err
		}
		if _, err := s.relink(gen); err != nil {
			return err
		}
	}
}

func (s *shared) Compact(ctx context.Context, names []Global, tell func(done, total int)) (f Footprint, err error) {
	question := appendUint([]byte{askCompact}, len(names))
	for _, g := range names {
		question = appendString(appendString(question, g.NS), g.Name)
	}
	if o := s.current(); o != nil {
		return o.Compact(ctx, names, tell)
	}
	err = s.inquire(ctx, question, func(r *bufio.Reader) error {
		for {
			var m message
			if err := readHello(r, &m); err != nil {
				return err
			}
			more, a, b := m.byte() == 1, m.int(), m.int()
			if !more {
				f = Footprint{int64(a), int64(b)}
				return nil
			}
			tell(a, b)
		}
	})
	if errors.Is(err, errTakenOver) {
		return s.Compact(ctx, names, tell)
	}
	return f, err
}

func (s *shared) Sessions() (infos []SessionInfo, err error) {
	if o := s.current(); o != nil {
		return o.Sessions()
	}
	m, err := s.list(askSessions)
	if errors.Is(err, errTakenOver) {
		return s.Sessions()
	}
	for n := m.int(); err == nil && n > 0 && !m.bad; n-- {
		infos = append(infos, SessionInfo{ID: m.int(), PID: m.int(), State: string(m.bytes())})
	}
	return infos, err
}

func (s *shared) Locks() (infos []LockInfo, err error) {
	if o := s.current(); o != nil {
		return o.Locks()
	}
	m, err := s.list(askLocks)
	if errors.Is(err, errTakenOver) {
		return s.Locks()
	}
	for n := m.int(); err == nil && n > 0 && !m.bad; n-- {
		l := LockInfo{NS: string(m.bytes()), Key: m.bytes()}
		l.Job, l.Exclusive, l.Shared = m.int(), m.int(), m.int()
		infos = append(infos, l)
	}
	return infos, err
}

// Close ends the process's sessions and its part as owner or client.
func (s *shared) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.group.Wait()
		return nil
	}
	s.mu.Unlock()
	var err error
	for _, c := range s.sessions() {
		err = errors.Join(err, c.Close())
	}
	s.mu.Lock()
	s.closed = true
	peer, server, o, lock := s.peer, s.server, s.owner, s.lock
	s.mu.Unlock()
	if peer != nil {
		peer.nc.Close()
	}
	if o != nil {
		server.close()
		err = errors.Join(err, o.Close())
		lock.unlock()
	}
	s.group.Wait()
	s.life.end()
	return err
}
