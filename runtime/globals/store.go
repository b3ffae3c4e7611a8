package globals

// The store: every node as one record of a pebble database, without pebble's own log (log.go keeps
// one, see the package comment). It opens at its first use.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

type store struct {
	dir     string
	logger  Logger
	existed bool // it held something when the directory was opened
	cache   int64

	mu     sync.Mutex
	closed bool
	db     *pebble.DB
	lru    *pebble.Cache

	waiting atomic.Int32 // writes that wait for room on the disk
}

func newStore(dir string, o Options) *store {
	_, err := os.Stat(filepath.Join(dir, "store"))
	// Our own cache stands before pebble's, which must hold little more than its index blocks.
	return &store{dir: filepath.Join(dir, "store"), logger: o.Logger, existed: err == nil, cache: max(o.CacheBytes/4, 8<<20)}
}

// storeLog takes pebble's messages. Fatalf must not return.
type storeLog struct{ Logger }

func (storeLog) Infof(string, ...any) {}
func (l storeLog) Errorf(format string, args ...any) {
	l.Printf("globals store: "+format, args...)
}
func (l storeLog) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf("globals store: "+format, args...))
}

func (s *store) open() (*pebble.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	if s.closed {
		return nil, ErrClosed
	}
	lru := pebble.NewCache(s.cache)
	db, err := pebble.Open(s.dir, &pebble.Options{
		Cache:              lru,
		DisableWAL:         true,
		MemTableSize:       16 << 20,
		FormatMajorVersion: pebble.FormatNewest,
		Logger:             storeLog{s.logger},
		FS:                 patientFS{vfs.Default, &s.waiting, s.logger},
	})
	if err != nil {
		lru.Unref()
		return nil, fmt.Errorf("globals: open the store: %w", err)
	}
	s.db, s.lru = db, lru
	return db, nil
}

func (s *store) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.db == nil {
		return nil
	}
	if s.waiting.Load() > 0 {
		return fmt.Errorf("globals: close the store: %w", syscall.ENOSPC) // the log has what it lacks
	}
	err := s.db.Close()
	s.lru.Unref()
	s.db = nil
	return err
}

// sync makes everything applied so far survive a crash of the machine.
func (s *store) sync() error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return db.Flush()
}

func (s *store) deleteRange(prefix, from, to []byte) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return db.DeleteRange(join(prefix, from), join(prefix, to), pebble.NoSync)
}

// storePrefix starts the keys of a global.
func storePrefix(ns, name string) []byte { return []byte(ns + "\x00" + name + "\x00") }

func join(a, b []byte) []byte { return append(append(make([]byte, 0, len(a)+len(b)), a...), b...) }

// storeBatch collects pages for the store.
type storeBatch struct {
	b   *pebble.Batch
	key []byte
	err error
}

func (s *store) batch() (*storeBatch, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	return &storeBatch{b: db.NewBatch()}, nil
}

// page adds a page's deletions and changed nodes.
func (b *storeBatch) page(prefix []byte, p *page) {
	for _, k := range p.dels {
		b.note(b.b.Delete(b.at(prefix, k), nil))
	}
	for i := range p.slots {
		if p.slots[i].klen&dirtyBit != 0 {
			b.note(b.b.Set(b.at(prefix, p.key(i)), p.value(i), nil))
		}
	}
}

func (b *storeBatch) at(prefix, k []byte) []byte {
	b.key = append(append(b.key[:0], prefix...), k...)
	return b.key
}

func (b *storeBatch) note(err error) { b.err = errors.Join(b.err, err) }

func (b *storeBatch) apply() error {
	defer b.b.Close()
	if b.err != nil {
		return b.err
	}
	if b.b.Empty() {
		return nil
	}
	return b.b.Commit(pebble.NoSync)
}

// run is what around read: nodes in order, whether the range has more before and after them, and
// the key that follows.
type run struct {
	keys, vals [][]byte
	omitted    []bool // values that were not read, or nil
	more       [2]bool
	next       []byte
}

// around reads the nodes of a tree near key, between lo and hi (nil: the end of the tree).
func (s *store) around(prefix, lo, hi, key []byte) (r run, err error) {
	db, err := s.open()
	if err != nil {
		return r, err
	}
	upper := join(prefix, []byte{tagAfter})
	if hi != nil {
		upper = join(prefix, hi)
	}
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: join(prefix, lo), UpperBound: upper})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	at, size := join(prefix, key), 0
	for ok := it.SeekLT(at); ok; ok = it.Prev() {
		if len(r.keys) == loadBack || size > loadBytes/4 {
			r.more[0] = true
			break
		}
		r.add(prefix, it, &size)
	}
	reverse(r.keys)
	reverse(r.vals)
	back := len(r.keys)
	for ok := it.SeekGE(at); ok; ok = it.Next() {
		if len(r.keys)-back == loadAhead || size > loadBytes {
			r.more[1] = true
			r.next = bytes.Clone(it.Key()[len(prefix):])
			break
		}
		r.add(prefix, it, &size)
	}
	return r, it.Error()
}

func (r *run) add(prefix []byte, it *pebble.Iterator, size *int) {
	r.keys = append(r.keys, bytes.Clone(it.Key()[len(prefix):]))
	r.vals = append(r.vals, bytes.Clone(it.Value()))
	*size += len(it.Key()) + len(it.Value())
}

func reverse(s [][]byte) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}
