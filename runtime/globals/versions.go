package globals

// Version counters in memory that all processes on a directory share (a mapped file). The owner
// counts each change of a global in the global's slot before anybody can learn of the change, so a
// process that finds a slot unchanged may use what it has read of that global before, without
// asking: that keeps the order of cause and effect, since whatever told it of a change came after
// the count. Each owner begins a new epoch. Only the owner writes.
//
// Each counter is one aligned 8-byte word, read and written in one instruction; the system calls
// by which processes hear of each other order the accesses on all machines.

import (
	"encoding/binary"
	goruntime "runtime"
	"runtime/debug"
	"sync/atomic"
)

const (
	versionSlots = 8191 // globals that can be cached by other processes; slot 0 is the epoch
	versionBytes = 8 * (1 + versionSlots)
	epochShift   = 40
)

type versions struct {
	m  []byte
	id string // of the file
	// lost: the file was cut short under the process, and the counters tell nothing any more.
	lost atomic.Bool
}

func (v *versions) word(slot int) uint64 {
	defer v.survive(debug.SetPanicOnFault(true))
	n := binary.LittleEndian.Uint64(v.m[8*slot : 8*slot+8 : 8*slot+8])
	goruntime.KeepAlive(v)
	return n
}

func (v *versions) setWord(slot int, n uint64) {
	defer v.survive(debug.SetPanicOnFault(true))
	binary.LittleEndian.PutUint64(v.m[8*slot:8*slot+8:8*slot+8], n)
	goruntime.KeepAlive(v)
}

// survive recovers from access to memory that a file which was cut short no longer gives.
func (v *versions) survive(before bool) {
	debug.SetPanicOnFault(before)
	if e := recover(); e != nil {
		if _, fault := e.(interface{ Addr() uintptr }); !fault {
			panic(e)
		}
		v.lost.Store(true)
	}
}

// stamp tells the state of a slot's global apart from all others: epoch and version.
func (v *versions) stamp(slot int) uint64 { return v.word(0)<<epochShift + v.word(slot) }

// identity tells which file the counters are in.
func (v *versions) identity() string {
	if v == nil {
		return ""
	}
	return v.id
}

// newEpoch voids what everybody has read.
func (v *versions) newEpoch() {
	if v != nil {
		v.setWord(0, v.word(0)+1)
	}
}

// bump counts a change of the tree; its write lock is held.
func (t *tree) bump() {
	if t.slot > 0 {
		v := t.cache.versions
		v.setWord(t.slot, v.word(t.slot)+1)
	}
}
