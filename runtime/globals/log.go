package globals

// The log: every change since the last checkpoint, in order, in numbered segment files. A segment
// is a row of chunks {length, CRC-32C, entries}; a chunk that is torn at the end of the last
// segment was never acknowledged and is cut off. A change is in the operating system's hands
// (write(2)) before anybody outside the process can learn of it, see Session.Barrier.

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	chunkHeader  = 8
	logBuffer    = 64 << 10             // a fuller buffer is written at once
	logDelay     = 2 * time.Millisecond // a quieter one after this time
	syncInterval = time.Second          // Interval durability
	segmentSize  = 64 << 20             // a checkpoint starts when a segment is longer
	maxChunk     = 1 << 30              // a longer length is damage
	logSuffix    = ".log"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Entry kinds. hasUndo and hasOrigin are flags beside them.
const (
	opTree     = 1 + iota // id, namespace, name: the segment's following entries call the tree id
	opSet                 // tree, key, value
	opKill                // tree, key
	opZKill               // tree, key
	opBegin               // job
	opCommit              // job
	opRollback            // job: one level has been undone
	opJob                 // job, process id, next $JOB number, process name
	opEnd                 // job
	opReset               // a snapshot of all jobs follows: forget those known
	opUndo                // job, undo record: part of a snapshot
	opLast                // job, operation number, result: part of a snapshot
	opNext                // the next $JOB number

	hasUndo   = 0x40 // the nodes as they were, for the job's open transaction
	hasOrigin = 0x80 // job and operation number of a process that asks over the socket
)

// entry is one change to log.
type entry struct {
	kind byte
	tree *tree
	key  []byte
	val  []byte
	job  *job
	op   uint64 // operation number of a remote job, 0 for a local one
	undo []undoRecord
	keep bool // val is a result to answer with if the operation is asked again
}

type log struct {
	dir      string
	sync     Durability
	openFile func(name string, flag int, perm os.FileMode) (logFile, error)
	full     func() // told when a segment has reached its limit
	limit    int64

	wmu    sync.Mutex // one writer of the file at a time; taken before mu
	file   logFile
	seg    int
	size   int64
	spare  []byte
	syncMu sync.Mutex

	mu       sync.Mutex
	buf      []byte // chunkHeader bytes, then entries
	nextTree uint64
	armed    bool
	closed   bool

	failed   atomic.Bool  // the last write failed
	appended atomic.Int64 // bytes ever buffered
	written  atomic.Int64 // of those, in the file
	synced   int64        // of those, on the disk; guarded by syncMu
	flusher  *time.Timer
	syncer   *time.Timer
	due      atomic.Bool // syncer is armed
}

// logFile is what the log needs of a file; tests put failing ones in its place.
type logFile interface {
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

func openLogFile(name string, flag int, perm os.FileMode) (logFile, error) {
	return os.OpenFile(name, flag, perm)
}

func newLog(dir string, o Options) *log {
	l := &log{dir: filepath.Join(dir, "log"), sync: o.Durability, openFile: openLogFile, limit: segmentSize}
	if o.segmentSize > 0 {
		l.limit = o.segmentSize
	}
	if o.openFile != nil {
		l.openFile = o.openFile
	}
	l.buf = make([]byte, chunkHeader, logBuffer+logBuffer/4)
	l.spare = make([]byte, chunkHeader, logBuffer+logBuffer/4)
	l.flusher = time.AfterFunc(time.Hour, func() { _ = l.flush() })
	l.syncer = time.AfterFunc(time.Hour, func() {
		l.due.Store(false)
		_ = l.syncTo(l.appended.Load())
	})
	l.flusher.Stop()
	l.syncer.Stop()
	return l
}

// segments lists the numbers of the segment files in order.
func (l *log) segments() ([]int, error) {
	files, err := os.ReadDir(l.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var segs []int
	for _, f := range files {
		if n, err := strconv.ParseUint(strings.TrimSuffix(f.Name(), logSuffix), 16, 63); err == nil && strings.HasSuffix(f.Name(), logSuffix) {
			segs = append(segs, int(n))
		}
	}
	sort.Ints(segs)
	return segs, err
}

func (l *log) path(seg int) string {
	return filepath.Join(l.dir, fmt.Sprintf("%08x%s", seg, logSuffix))
}

// start opens segment seg for appending at size.
func (l *log) start(seg int, size int64) error {
	f, err := l.openFile(l.path(seg), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Truncate(size); err != nil {
		return errors.Join(err, f.Close())
	}
	l.file, l.seg, l.size = f, seg, size
	return nil
}

// ready fails while the file cannot be written, after one more try.
func (l *log) ready() error {
	if l.failed.Load() {
		return l.flush()
	}
	return nil
}

// write appends an entry and the changes it makes to the job's state, which belong together for
// the snapshot at the head of a segment.
func (l *log) write(e *entry) {
	l.mu.Lock()
	was := len(l.buf)
	l.encode(e)
	e.applyToJob()
	l.appended.Add(int64(len(l.buf) - was))
	if !l.armed && !l.closed {
		l.armed = true
		l.flusher.Reset(logDelay)
	}
	over := len(l.buf) > logBuffer
	l.mu.Unlock()
	if over {
		_ = l.flush() // a failure is remembered in failed, and the entry stays in the buffer
	}
}

func (l *log) encode(e *entry) {
	if e.tree != nil {
		l.nameTree(e.tree)
	}
	for i := range e.undo {
		l.nameTree(e.undo[i].tree)
	}
	kind := e.kind
	if len(e.undo) > 0 {
		kind |= hasUndo
	}
	if e.op > 0 {
		kind |= hasOrigin
	}
	b := append(l.buf, kind)
	if kind&(hasUndo|hasOrigin) != 0 || e.tree == nil {
		b = binary.AppendUvarint(b, uint64(e.job.id))
	}
	if kind&hasOrigin != 0 {
		b = binary.AppendUvarint(b, e.op)
	}
	if kind&hasUndo != 0 {
		b = binary.AppendUvarint(b, uint64(len(e.undo)))
		for i := range e.undo {
			b = e.undo[i].append(b)
		}
	}
	if e.tree != nil {
		b = binary.AppendUvarint(b, e.tree.logID)
		b = appendBytes(b, e.key)
	}
	switch e.kind {
	case opSet:
		b = appendBytes(b, e.val)
	case opJob:
		b = binary.AppendUvarint(b, uint64(e.job.pid))
		b = binary.AppendUvarint(b, uint64(e.job.next))
		b = appendBytes(b, []byte(e.job.process))
	}
	l.buf = b
}

// nameTree makes the segment know a tree by number.
func (l *log) nameTree(t *tree) {
	if t.logSeg == l.seg {
		return
	}
	t.logSeg, t.logID = l.seg, l.nextTree
	l.nextTree++
	l.buf = binary.AppendUvarint(append(l.buf, opTree), t.logID)
	l.buf = appendBytes(l.buf, []byte(t.ns))
	l.buf = appendBytes(l.buf, []byte(t.name))
}

func appendBytes(dst, s []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// flush hands everything buffered to the operating system.
func (l *log) flush() error {
	if l.written.Load() == l.appended.Load() {
		return nil
	}
	l.wmu.Lock()
	defer l.wmu.Unlock()
	return l.flushLocked()
}

func (l *log) flushLocked() error {
	l.mu.Lock()
	out := l.buf
	l.buf, l.spare = l.spare[:chunkHeader], nil
	l.armed = false
	upTo := l.appended.Load()
	l.mu.Unlock()
	err := l.writeChunk(out)
	if err != nil {
		l.mu.Lock()
		l.buf = append(out, l.buf[chunkHeader:]...)
		l.spare = make([]byte, chunkHeader, logBuffer)
		l.mu.Unlock()
		l.failed.Store(true)
		return fmt.Errorf("globals: write the log: %w", err)
	}
	l.failed.Store(false)
	if cap(out) > 8*logBuffer {
		out = make([]byte, chunkHeader, logBuffer+logBuffer/4)
	}
	l.spare = out[:chunkHeader]
	l.written.Store(upTo)
	if l.sync == Interval && !l.due.Swap(true) {
		l.syncer.Reset(syncInterval)
	}
	if l.size > l.limit && l.full != nil {
		l.full()
	}
	return nil
}

func (l *log) writeChunk(out []byte) error {
	n := len(out) - chunkHeader
	if n == 0 {
		return nil
	}
	binary.LittleEndian.PutUint32(out, uint32(n))
	binary.LittleEndian.PutUint32(out[4:], crc32.Checksum(out[chunkHeader:], castagnoli))
	if _, err := l.file.WriteAt(out, l.size); err != nil {
		return errors.Join(err, l.file.Truncate(l.size))
	}
	l.size += int64(len(out))
	return nil
}

// syncTo puts the log on the disk at least up to a value of appended; waiters share one sync.
func (l *log) syncTo(n int64) error {
	l.syncMu.Lock()
	defer l.syncMu.Unlock()
	if l.synced >= n {
		return nil
	}
	if err := l.flush(); err != nil {
		return err
	}
	l.wmu.Lock()
	file, upTo := l.file, l.written.Load()
	l.wmu.Unlock()
	if err := file.Sync(); err != nil {
		return fmt.Errorf("globals: sync the log: %w", err)
	}
	l.synced = max(l.synced, upTo)
	return nil
}

// acknowledge makes everything logged so far as durable as promised to whoever learns of it.
func (l *log) acknowledge() error {
	if l.sync == Sync {
		return l.syncTo(l.appended.Load())
	}
	return l.flush()
}

// length is that of the segment being written.
func (l *log) length() int64 {
	l.wmu.Lock()
	defer l.wmu.Unlock()
	return l.size
}

// rotate starts a new segment, whose head is what snapshot appends, and returns the number of the
// last segment before it.
func (l *log) rotate(snapshot func()) (last int, err error) {
	if l.sync != Off { // most of it now, while others can go on
		if err := l.syncTo(l.appended.Load()); err != nil {
			return 0, err
		}
	}
	l.syncMu.Lock()
	defer l.syncMu.Unlock()
	l.wmu.Lock()
	defer l.wmu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.writeChunk(l.buf); err != nil {
		l.failed.Store(true)
		return 0, fmt.Errorf("globals: write the log: %w", err)
	}
	l.buf = l.buf[:chunkHeader]
	if l.sync != Off {
		if err := l.file.Sync(); err != nil {
			return 0, fmt.Errorf("globals: sync the log: %w", err)
		}
	}
	old, oldSeg, oldSize := l.file, l.seg, l.size
	if err := l.start(oldSeg+1, 0); err != nil {
		l.file, l.seg, l.size = old, oldSeg, oldSize
		return 0, fmt.Errorf("globals: new log segment: %w", err)
	}
	l.written.Store(l.appended.Load())
	l.synced, l.nextTree = l.appended.Load(), 0
	snapshot()
	return oldSeg, errors.Join(l.writeHead(), old.Close())
}

// writeHead writes the snapshot before anything else can follow it.
func (l *log) writeHead() error {
	if err := l.writeChunk(l.buf); err != nil {
		l.failed.Store(true)
		l.appended.Add(1) // so that a flush tries again
		return fmt.Errorf("globals: write the log: %w", err)
	}
	l.buf = l.buf[:chunkHeader]
	if l.sync == Off {
		return nil
	}
	return errors.Join(l.file.Sync(), syncDir(l.dir))
}

// remove deletes the segments up to last.
func (l *log) remove(last int) error {
	segs, err := l.segments()
	for _, seg := range segs {
		if seg <= last {
			err = errors.Join(err, os.Remove(l.path(seg)))
		}
	}
	return err
}

// close writes what is buffered and ends the timers.
func (l *log) close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.flusher.Stop()
	var err error
	if l.sync == Off {
		err = l.flush()
	} else {
		err = l.syncTo(l.appended.Load())
	}
	l.syncer.Stop()
	return errors.Join(err, l.file.Close())
}

// replay reads the chunks of a segment and hands their entries to apply; it returns the length of
// the valid part, and whether damage follows it.
func (l *log) replay(seg int, apply func(entries []byte) error) (valid int64, torn bool, err error) {
	f, err := os.Open(l.path(seg))
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 256<<10)
	var head [chunkHeader]byte
	var body []byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return valid, err != io.EOF, nil
		}
		n := int(binary.LittleEndian.Uint32(head[:]))
		if n == 0 || n > maxChunk {
			return valid, true, nil
		}
		body, err = readChunk(r, body, n)
		if err != nil || crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
			return valid, true, nil
		}
		if err := apply(body); err != nil {
			return valid, false, err
		}
		valid += int64(chunkHeader + n)
	}
}

// damage says whether the end of what replay found valid is damage rather than a torn write: a torn
// write is the last thing in the last segment, so nothing valid follows it. It returns ErrCorrupt with the
// file and the place, or nil.
func (l *log) damage(seg int, at int64, last bool) error {
	where := fmt.Sprintf("%s is damaged at byte %d", l.path(seg), at)
	if !last {
		return fmt.Errorf("%w: %s, and later segments follow", ErrCorrupt, where)
	}
	next, err := l.nextChunk(seg, at)
	if err != nil || next < 0 {
		return err
	}
	return fmt.Errorf("%w: %s, and valid changes follow at byte %d; to give them up, cut the file there", ErrCorrupt, where, next)
}

// scanChunk is the longest chunk that is looked for byte by byte.
const scanChunk = logBuffer + logBuffer

// nextChunk finds a valid chunk behind a bad one: where the bad one's length says, or anywhere. It is
// -1 when there is none.
func (l *log) nextChunk(seg int, at int64) (int64, error) {
	f, err := os.Open(l.path(seg))
	if err != nil {
		return -1, err
	}
	defer f.Close()
	rest, err := io.ReadAll(io.NewSectionReader(f, at, 1<<62))
	if err != nil {
		return -1, err
	}
	if len(rest) > chunkHeader {
		if n := chunkHeader + int(binary.LittleEndian.Uint32(rest)); n < len(rest) && validChunk(rest[n:], maxChunk) {
			return at + int64(n), nil
		}
	}
	for i := 1; i < len(rest)-chunkHeader; i++ {
		if validChunk(rest[i:], scanChunk) {
			return at + int64(i), nil
		}
	}
	return -1, nil
}

// validChunk says whether b begins with a whole chunk of at most limit bytes.
func validChunk(b []byte, limit int) bool {
	if len(b) <= chunkHeader {
		return false
	}
	n := int(binary.LittleEndian.Uint32(b))
	if n == 0 || n > limit || n > len(b)-chunkHeader {
		return false
	}
	if kind := b[chunkHeader] &^ (hasUndo | hasOrigin); kind < opTree || kind > opNext {
		return false
	}
	return crc32.Checksum(b[chunkHeader:chunkHeader+n], castagnoli) == binary.LittleEndian.Uint32(b[4:])
}

// readChunk reads n bytes; it does not believe a torn length enough to reserve them at once.
func readChunk(r io.Reader, body []byte, n int) ([]byte, error) {
	body = body[:0]
	for len(body) < n {
		step := min(n-len(body), max(1<<20, len(body)))
		body = slices.Grow(body, step)
		got, err := io.ReadFull(r, body[len(body):len(body)+step])
		body = body[:len(body)+got]
		if err != nil {
			return body, err
		}
	}
	return body, nil
}
