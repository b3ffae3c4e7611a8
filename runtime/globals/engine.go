package globals

// The doors of the package: what every engine offers (Engine, Conn), and DB and Session, which the
// runtime holds.

import (
	"bytes"
	"context"
	"errors"
	"os"
	"time"
)

// Errors of the package, for errors.Is.
var (
	ErrClosed     = errors.New("globals: closed")
	ErrNoLevel    = errors.New("globals: no transaction is open")
	ErrKeyTooLong = errors.New("globals: the reference is too long")
	ErrNewer      = errors.New("globals: the data directory was written by a newer version")
	ErrCorrupt    = errors.New("globals: the data directory is damaged")
	// ErrExpelled: the process did not answer when another took over the store, so its transactions
	// were rolled back and its locks freed. Opening the directory again helps.
	ErrExpelled = errors.New("globals: cut off, the process was stopped too long while the store changed hands")
)

// Durability is what a crash of the machine may cost. A process that dies costs nothing under any
// of them.
type Durability byte

// The durability levels.
const (
	Interval Durability = iota // at most about one second of work
	Sync                       // nothing: each change outside a transaction, and each commit, is on the disk when it returns
	Off                        // what the operating system had not written by itself
)

// Logger takes messages about trouble in the background.
type Logger interface {
	Printf(format string, args ...any)
}

// Options say how a data directory is opened; the zero value is the default.
type Options struct {
	Durability Durability
	InMemory   bool // nothing is stored or shared with other processes
	// Add is the arithmetic of Increment: it returns old + delta, old meaning "" when not found. The
	// owner of the store runs it; it must not keep its arguments.
	Add func(old []byte, found bool, delta []byte) ([]byte, error)
	// AddErrors are errors of Add that errors.Is shall find when another process owns the store.
	AddErrors []error
	// CacheBytes bounds the memory for nodes; 0 chooses by the machine's memory.
	CacheBytes int64
	Logger     Logger

	// For tests: the size of a log segment, how long a new owner waits for processes, and how log files
	// are opened.
	segmentSize int64
	patience    time.Duration // see returnTimeout
	attach      time.Duration // see attachTimeout
	openFile    func(name string, flag int, perm os.FileMode) (logFile, error)
}

// SessionInfo is a line of the job table.
type SessionInfo struct {
	ID    int // $JOB
	PID   int // of its operating-system process
	State string
}

// Engine is one implementation of a data directory. All engines pass the same conformance suite.
type Engine interface {
	Connect() (Conn, error)
	Sessions() ([]SessionInfo, error)
	Locks() ([]LockInfo, error)
	Compact(ctx context.Context, names []Global, tell func(done, total int)) (Footprint, error)
	Close() error
}

// Conn is one M process at an engine; its methods are those of Session and documented there.
type Conn interface {
	ID() int
	Get(ns string, key, dst []byte) (val []byte, found bool, err error)
	Set(ns string, key, val []byte) error
	Kill(ns string, key []byte) error
	ZKill(ns string, key []byte) error
	Data(ns string, key []byte) (int, error)
	Order(ns string, key []byte, parent, dir int, dst []byte) (sub []byte, found bool, err error)
	Query(ns string, key []byte, dir int, kdst, vdst []byte) (k, val []byte, found bool, err error)
	Increment(ns string, key, delta, dst []byte) (val []byte, err error)
	Names(ns, prefix string, most int) ([]string, error)
	Lock(ctx context.Context, reqs []LockRequest, mode LockMode, timeout time.Duration) (bool, error)
	UnlockAll() error
	Begin() error
	Commit() error
	Rollback(levels int) error
	Level() int
	Barrier() error
	SetState(state string)
	Close() error
}

// DB is an open data directory. Its methods may be called from any goroutine.
type DB struct{ engine Engine }

// Session is one M process on a data directory: its $JOB number, locks and transaction. It is used
// by one goroutine at a time. Keys are built by AppendName, AppendNumber and AppendText; results
// are appended to the buffers handed in. An ns is a namespace's name, any string without a zero
// byte.
type Session struct{ c Conn }

// Open opens a data directory, creating it when missing. The first process to open it owns the
// store, later ones reach it through the owner's socket, and take over when the owner ends. Errors:
// ErrNewer, ErrCorrupt, and the file system's.
func Open(dir string, o Options) (*DB, error) {
	if o.Logger == nil {
		o.Logger = quiet{}
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCache()
	}
	if o.attach == 0 {
		o.attach = attachTimeout
	}
	if o.patience == 0 {
		o.patience = returnTimeout
	}
	if o.InMemory {
		return &DB{newMemory(o)}, nil
	}
	e, err := openShared(dir, o)
	if err != nil {
		return nil, err
	}
	return &DB{e}, nil
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}

// NewSession starts a session with a $JOB number of its own: at least 1000, rising, and unique among
// all live sessions on the data directory.
func (db *DB) NewSession() (*Session, error) {
	c, err := db.engine.Connect()
	if err != nil {
		return nil, err
	}
	return &Session{c}, nil
}

// Sessions lists the live sessions of all processes by ID.
func (db *DB) Sessions() ([]SessionInfo, error) { return db.engine.Sessions() }

// Locks lists the locks held by all sessions in collation order.
func (db *DB) Locks() ([]LockInfo, error) { return db.engine.Locks() }

// Close ends the process's part in the data directory: sessions still open are ended as by
// Session.Close, and another process takes the store over if it was owned.
func (db *DB) Close() error { return db.engine.Close() }

// ID is the session's $JOB number.
func (s *Session) ID() int { return s.c.ID() }

// Get appends the value of a node to dst; found is false when it has none.
func (s *Session) Get(ns string, key, dst []byte) (val []byte, found bool, err error) {
	return s.c.Get(ns, key, dst)
}

// Set gives a node a value.
func (s *Session) Set(ns string, key, val []byte) error { return s.c.Set(ns, key, val) }

// Kill removes a node and its descendants.
func (s *Session) Kill(ns string, key []byte) error { return s.c.Kill(ns, key) }

// ZKill removes a node's value and leaves its descendants.
func (s *Session) ZKill(ns string, key []byte) error { return s.c.ZKill(ns, key) }

// Data is $DATA: 0, 1 (a value), 10 (descendants) or 11.
func (s *Session) Data(ns string, key []byte) (int, error) { return s.c.Data(ns, key) }

// Order is $ORDER among the children of key[:parent]. key[parent:] is the encoded subscript to go
// on from; nothing there begins at the first, or with dir < 0 at the last. The encoded subscript
// found is appended to dst.
func (s *Session) Order(ns string, key []byte, parent, dir int, dst []byte) (sub []byte, found bool, err error) {
	return s.c.Order(ns, key, parent, dir, dst)
}

// Query is $QUERY: the node with a value after key (before it with dir < 0) in the same global. Its
// whole key is appended to kdst, its value to vdst.
func (s *Session) Query(ns string, key []byte, dir int, kdst, vdst []byte) (k, val []byte, found bool, err error) {
	return s.c.Query(ns, key, dir, kdst, vdst)
}

// Increment adds delta to a node's value by Options.Add, in one step that no other session can come
// between, and appends the new value to dst. A rollback leaves it.
func (s *Session) Increment(ns string, key, delta, dst []byte) (val []byte, err error) {
	return s.c.Increment(ns, key, delta, dst)
}

// Walk calls f with the key and value of a node and each of its descendants in order, until f
// fails. The slices are only valid during the call; f may change the tree.
func (s *Session) Walk(ns string, key []byte, f func(key, val []byte) error) error {
	val, found, err := s.Get(ns, key, nil)
	if err != nil {
		return err
	}
	if found {
		if err := f(key, val); err != nil {
			return err
		}
	}
	at, next := bytes.Clone(key), []byte(nil)
	for {
		next, val, found, err = s.Query(ns, at, 1, next[:0], val[:0])
		if err != nil || !found || !bytes.HasPrefix(next, key) {
			return err
		}
		if err := f(next, val); err != nil {
			return err
		}
		at, next = next, at
	}
}

// Names lists the globals of a namespace that have nodes, by name.
func (s *Session) Names(ns string) ([]string, error) { return s.c.Names(ns, "", allNames) }

// NamesLike is Names of those that begin with a prefix, the first of them only; what it costs
// depends on how many that are.
func (s *Session) NamesLike(ns, prefix string, most int) ([]string, error) {
	return s.c.Names(ns, prefix, most)
}

// allNames is more than there can be.
const allNames = 1 << 40

// Lock does one LOCK argument, after a Barrier, as UnlockAll does; a list is locked all or nothing. timeout < 0 waits without end, 0
// does not wait. ok is false when the time ran out; a done ctx ends the wait with its error.
// LockDrop always succeeds at once; it, as UnlockAll, may take effect a moment later, but before the
// next Barrier returns.
func (s *Session) Lock(ctx context.Context, reqs []LockRequest, mode LockMode, timeout time.Duration) (ok bool, err error) {
	return s.c.Lock(ctx, reqs, mode, timeout)
}

// UnlockAll releases all locks of the session (argumentless LOCK).
func (s *Session) UnlockAll() error { return s.c.UnlockAll() }

// Begin is TSTART: it opens a transaction, or a level within it. Other sessions see changes at
// once; the transaction only makes them revocable. In it, unlocked locks are kept to its end.
func (s *Session) Begin() error { return s.c.Begin() }

// Commit is TCOMMIT: it closes the innermost level. ErrNoLevel outside a transaction.
func (s *Session) Commit() error { return s.c.Commit() }

// Rollback undoes the changes of the innermost levels and closes them; 0 means all. Outside a
// transaction it does nothing.
func (s *Session) Rollback(levels int) error { return s.c.Rollback(levels) }

// Level is $TLEVEL.
func (s *Session) Level() int { return s.c.Level() }

// Barrier makes all earlier changes of the session safe from the process's death and visible to
// all. The runtime calls it before anything another process could notice: sending a byte, starting
// a job, ending. It is cheap when nothing is outstanding.
func (s *Session) Barrier() error { return s.c.Barrier() }

// SetState sets what the job table shows as the session's state.
func (s *Session) SetState(state string) { s.c.SetState(state) }

// Close ends the session: an open transaction is rolled back, locks are released.
func (s *Session) Close() error { return s.c.Close() }

// defaultCache is an eighth of the machine's memory, at most 1 GB.
func defaultCache() int64 {
	return min(max(physicalMemory()/8, 64<<20), 1<<30)
}

func processID() int { return os.Getpid() }
