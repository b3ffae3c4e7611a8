package globals

// Recovery: reading the log back when an owner opens the directory, and the snapshot of the job
// table that heads each segment.

import (
	"encoding/binary"
	"fmt"
)

// snapshot appends the job table with its open transactions; the log's lock is held.
func (l *log) snapshot(jobs map[int]*job, next int) {
	l.buf = append(l.buf, opReset)
	for _, j := range jobs {
		l.encode(&entry{kind: opJob, job: j})
		level := 0
		for i := range j.undo {
			for level < len(j.levels) && j.levels[level] <= i {
				l.encode(&entry{kind: opBegin, job: j})
				level++
			}
			l.nameTree(j.undo[i].tree)
			l.buf = binary.AppendUvarint(append(l.buf, opUndo), uint64(j.id))
			l.buf = j.undo[i].append(l.buf)
		}
		for ; level < len(j.levels); level++ {
			l.encode(&entry{kind: opBegin, job: j})
		}
		if j.lastOp > 0 {
			l.buf = binary.AppendUvarint(append(l.buf, opLast), uint64(j.id))
			l.buf = binary.AppendUvarint(l.buf, j.lastOp)
			l.buf = appendBytes(l.buf, j.lastVal)
		}
	}
	l.buf = binary.AppendUvarint(append(l.buf, opNext), uint64(next))
}

func (r *undoRecord) append(b []byte) []byte {
	b = binary.AppendUvarint(b, r.tree.logID)
	b = appendBytes(b, r.key)
	if !r.found {
		return append(b, 0)
	}
	return appendBytes(append(b, 1), r.old)
}

// recover brings the trees and the job table to where the log left them and opens the log for more.
func (o *owner) recover() error {
	segs, err := o.log.segments()
	if err != nil {
		return err
	}
	if len(segs) == 0 {
		return o.log.start(1, 0)
	}
	var valid int64
	for i, seg := range segs {
		o.cache.segment.Store(int64(seg))
		r := replayer{o: o, trees: map[uint64]*tree{}}
		var torn bool
		valid, torn, err = o.log.replay(seg, r.chunk)
		if err != nil {
			return err
		}
		if torn {
			if err := o.log.damage(seg, valid, i == len(segs)-1); err != nil {
				return err
			}
		}
	}
	return o.log.start(segs[len(segs)-1], valid)
}

// replayer applies the entries of one segment.
type replayer struct {
	o     *owner
	trees map[uint64]*tree
	cur   cursor
	in    []byte
	bad   bool
}

func (r *replayer) uvarint() uint64 {
	v, n := binary.Uvarint(r.in)
	if n <= 0 {
		r.bad, r.in = true, nil
		return 0
	}
	r.in = r.in[n:]
	return v
}

func (r *replayer) byte() byte {
	if len(r.in) == 0 {
		r.bad = true
		return 0
	}
	b := r.in[0]
	r.in = r.in[1:]
	return b
}

func (r *replayer) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.in)) {
		r.bad, r.in = true, nil
		return nil
	}
	b := r.in[:n:n]
	r.in = r.in[n:]
	return b
}

func (r *replayer) tree() *tree {
	t := r.trees[r.uvarint()]
	if t == nil {
		r.bad = true
	}
	return t
}

func (r *replayer) undo() (u undoRecord) {
	u.tree, u.key = r.tree(), append([]byte(nil), r.bytes()...)
	if u.found = r.byte() == 1; u.found {
		u.old = append([]byte{}, r.bytes()...)
	}
	return u
}

// job is the live job of a number; entries of one that is not known change nothing.
func (r *replayer) job() *job {
	id := int(r.uvarint())
	if j := r.o.jobs[id]; j != nil {
		return j
	}
	return &job{id: id}
}

// chunk applies the entries of one chunk.
func (r *replayer) chunk(entries []byte) error {
	r.in = entries
	for len(r.in) > 0 && !r.bad {
		if err := r.entry(); err != nil {
			return err
		}
	}
	if r.bad {
		return fmt.Errorf("%w: a log entry", ErrCorrupt)
	}
	return r.o.cache.trim()
}

func (r *replayer) entry() error {
	kind := r.byte()
	e := entry{kind: kind &^ (hasUndo | hasOrigin)}
	if kind&(hasUndo|hasOrigin) != 0 {
		e.job = r.job()
	}
	switch e.kind {
	case opTree:
		id, ns, name := r.uvarint(), string(r.bytes()), r.bytes()
		if !r.bad {
			r.trees[id] = r.o.tree(ns, name)
		}
		return nil
	case opSet, opKill, opZKill:
		return r.change(kind, &e)
	case opReset:
		clear(r.o.jobs)
		return nil
	case opNext:
		r.o.nextJob = int(r.uvarint())
		return nil
	}
	if e.job == nil {
		e.job = r.job()
	}
	if kind&hasOrigin != 0 {
		e.op = r.uvarint()
	}
	return r.jobEntry(&e)
}

// change applies a change of a node.
func (r *replayer) change(kind byte, e *entry) error {
	if kind&hasOrigin != 0 {
		e.op, e.keep = r.uvarint(), true
	}
	if kind&hasUndo != 0 {
		for n := r.uvarint(); n > 0 && !r.bad; n-- {
			e.undo = append(e.undo, r.undo())
		}
	}
	e.tree, e.key = r.tree(), r.bytes()
	if e.kind == opSet {
		e.val = r.bytes()
	}
	if r.bad {
		return nil
	}
	e.applyToJob()
	t := e.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.kind {
	case opSet:
		return t.put(e.key, e.val, &r.cur)
	case opKill:
		return t.kill(e.key, &r.cur)
	}
	return t.zkill(e.key, &r.cur)
}

// jobEntry applies a change of the job table.
func (r *replayer) jobEntry(e *entry) error {
	j := e.job
	switch e.kind {
	case opJob:
		j.pid, j.next, j.process = int(r.uvarint()), int(r.uvarint()), string(r.bytes())
		r.o.jobs[j.id], r.o.nextJob = j, j.next
	case opEnd:
		delete(r.o.jobs, j.id)
	case opUndo:
		j.undo = append(j.undo, r.undo())
	case opLast:
		j.lastOp, j.lastVal = r.uvarint(), append([]byte(nil), r.bytes()...)
	case opBegin:
		e.applyToJob()
	case opCommit, opRollback:
		if len(j.levels) == 0 {
			return fmt.Errorf("%w: a transaction ends that did not begin", ErrCorrupt)
		}
		e.applyToJob()
	default:
		return fmt.Errorf("%w: log entry of kind %d", ErrCorrupt, e.kind)
	}
	return nil
}
