package globals

// Taking sessions over: what an owner does about the sessions that the owner before it left behind,
// and about processes that end.

import (
	"context"
	"time"
)

const (
	// returnTimeout is how long a new owner waits for a process that lives, but does not come back, before
	// it frees its locks: it is stopped.
	returnTimeout = 10 * time.Second
	// settleGrace is how much longer a LOCK with a timeout may take meanwhile.
	settleGrace = time.Second
)

// settle1 waits until the locks of all processes are known, which is at once but for the time after a
// take-over; ok is false when the time is over or ctx done.
func (o *owner) settle1(ctx context.Context, timeout time.Duration) (ok bool, err error) {
	select {
	case <-o.settled:
		return true, nil
	default:
	}
	var expired <-chan time.Time
	if timeout >= 0 {
		t := time.NewTimer(timeout + settleGrace)
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-o.settled:
		return true, nil
	case <-expired:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// expel ends the sessions of a process that has not come back in time. When it does, it is told.
func (o *owner) expel(process string) {
	o.mu.Lock()
	late := o.missing[process]
	if late {
		o.expelled[process] = true
	}
	o.mu.Unlock()
	if late {
		o.opts.Logger.Printf("globals: process %s does not answer, its locks are freed", process)
		o.endProcess(process)
	}
}

func (o *owner) isExpelled(process string) bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.expelled[process]
}

// resume finds the session of a process by number, or starts one when id is 0.
func (o *owner) resume(id, pid int, process string) (*job, error) {
	if o.isExpelled(process) {
		return nil, ErrExpelled
	}
	if id == 0 {
		return o.newJob(pid, process)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, ErrClosed
	}
	return o.resumeLocked(id, pid, process), nil
}

func (o *owner) resumeLocked(id, pid int, process string) *job {
	if j := o.jobs[id]; j != nil && j.process == process {
		return j
	}
	j := &job{id: id, pid: pid, process: process, next: o.nextJob}
	o.jobs[id] = j
	o.record(&entry{kind: opJob, job: j})
	return j
}

// adopt takes a process's sessions over, as its registration lists them: number, locks held.
// Sessions that the log knows and the process does not are ended.
func (o *owner) adopt(process string, pid int, m *message) {
	kept := map[int]bool{}
	for n := m.int(); n > 0 && !m.bad; n-- {
		id := m.int()
		held := m.heldLocks()
		if m.bad {
			return
		}
		kept[id] = true
		o.mu.Lock()
		if o.expelled[process] {
			o.mu.Unlock()
			return
		}
		j := o.resumeLocked(id, pid, process)
		o.mu.Unlock()
		o.locks.restore(j, held)
	}
	for _, j := range o.jobsOf(process) {
		if !kept[j.id] {
			o.finish(j)
		}
	}
	o.settle(process)
}

func (o *owner) jobsOf(process string) []*job {
	o.mu.RLock()
	defer o.mu.RUnlock()
	var list []*job
	for _, j := range o.jobs {
		if j.process == process {
			list = append(list, j)
		}
	}
	return list
}

// endProcess ends the sessions of a process that died.
func (o *owner) endProcess(process string) {
	for _, j := range o.jobsOf(process) {
		o.finish(j)
	}
	o.settle(process)
}

// finish ends a session in the background of the owner.
func (o *owner) finish(j *job) {
	j.busy.Lock()
	defer j.busy.Unlock()
	if err := o.endJob(j); err != nil {
		o.opts.Logger.Printf("globals: end of session %d: %v", j.id, err)
	}
}

// settle notes that a process from before is back, or dead.
func (o *owner) settle(process string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.missing[process] {
		return
	}
	delete(o.missing, process)
	if len(o.missing) == 0 {
		close(o.settled)
	}
}

// heldLock is a lock a session tells a new owner about.
type heldLock struct {
	ns                string
	key               string
	exclusive, shared int
	escalating        [2]int // exclusive, shared
	pinned            bool
	pinnedShared      bool
}

func (h *heldLock) append(b []byte) []byte {
	b = appendBytes(appendBytes(b, []byte(h.ns)), []byte(h.key))
	for _, n := range [...]int{h.exclusive, h.shared, h.escalating[0], h.escalating[1]} {
		b = appendUint(b, n)
	}
	return appendFlag(appendFlag(b, h.pinned), h.pinnedShared)
}

func (m *message) heldLocks() (list []heldLock) {
	for n := m.int(); n > 0 && !m.bad; n-- {
		h := heldLock{ns: string(m.bytes()), key: string(m.bytes())}
		for _, p := range [...]*int{&h.exclusive, &h.shared, &h.escalating[0], &h.escalating[1]} {
			*p = m.int()
		}
		h.pinned, h.pinnedShared = m.byte() == 1, m.byte() == 1
		list = append(list, h)
	}
	return list
}

// restore gives a job the locks it held under the owner before.
func (lt *lockTable) restore(j *job, held []heldLock) {
	lt.mu.Lock()
	defer lt.mu.Unlock()
	lt.dropAll(j, false)
	for i := range held {
		h := &held[i]
		r := LockRequest{NS: h.ns, Key: []byte(h.key), Escalate: true}
		for range h.escalating[0] {
			lt.add(j, &r)
		}
		r.Shared = true
		for range h.escalating[1] {
			lt.add(j, &r)
		}
		if h.exclusive > 0 || h.shared > 0 || h.pinned {
			hold := lt.take(j, lt.name(&r), len(h.ns))
			hold.exclusive, hold.shared = hold.exclusive+h.exclusive, hold.shared+h.shared
			hold.pinned, hold.pinnedShared = h.pinned, h.pinnedShared
			j.locks.pinned = j.locks.pinned || h.pinned
		}
	}
}
