package globals

// A page: a run of neighbouring nodes of one global, the unit of the cache. It is a gap (its nodes
// are in the store only) or loaded (it holds every node between its bounds). Keys here are encoded
// subscripts without the global's name.

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"
)

const (
	maxSlots  = 128      // a page with more nodes splits
	maxHeap   = 16 << 10 // so does one with more bytes
	bigValue  = 1 << 10  // longer values stand outside the heap
	isBig     = 0xffff   // vlen of such a value
	isOmitted = 0xfffe   // vlen of a value that must be asked for
	dirtyBit  = 0x8000   // in klen: not in the store yet
	maxKeyLen = dirtyBit - 1
)

// slot is one node. pre holds the first 8 bytes of the key after the page's common prefix, so that
// most comparisons of a search stay within the slots.
type slot struct {
	pre  uint64
	off  uint32
	klen uint16
	vlen uint16
}

// page is guarded by its tree's lock; lo never changes while the page is in the index.
type page struct {
	tree   *tree
	lo, hi []byte // lo ≤ key < hi; hi nil has no end
	slots  []slot
	heap   []byte
	big    [][]byte
	dels   [][]byte // keys to delete from the store before the dirty slots go there
	live   int      // bytes of heap in use
	bigLen int
	mem    int // bytes accounted to the cache
	skip   int // length of the prefix all keys between lo and hi share
	tail   int // insertions at the end in a row
	loaded bool
	dirty  bool
	since  int64       // log segment of the oldest change that makes it dirty
	dead   bool        // no longer in the index
	ref    atomic.Bool // used since the cache's hand passed
	clock  int         // position in the cache's clock
}

func prefix8(k []byte) uint64 {
	if len(k) >= 8 {
		return binary.BigEndian.Uint64(k)
	}
	var v uint64
	for i, b := range k {
		v |= uint64(b) << (56 - 8*i)
	}
	return v
}

// holds says whether key stands between the page's bounds.
func (p *page) holds(key []byte) bool {
	return bytes.Compare(key, p.lo) >= 0 && (p.hi == nil || bytes.Compare(key, p.hi) < 0)
}

func (p *page) touch() {
	if !p.ref.Load() {
		p.ref.Store(true)
	}
}

func (s *slot) keyLen() int { return int(s.klen &^ dirtyBit) }

func (p *page) key(i int) []byte {
	s := &p.slots[i]
	return p.heap[s.off : int(s.off)+s.keyLen()]
}

func (p *page) value(i int) []byte {
	s := &p.slots[i]
	at := int(s.off) + s.keyLen()
	if s.vlen == isBig {
		return p.big[binary.LittleEndian.Uint32(p.heap[at:])]
	}
	return p.heap[at : at+int(s.vlen)]
}

// seek finds the first slot whose key is not before key, which must lie within the bounds (or be hi).
func (p *page) seek(key []byte) (i int, equal bool) {
	k := key[p.skip:]
	pre := prefix8(k)
	low, high := 0, len(p.slots)
	for low < high {
		h := int(uint(low+high) >> 1)
		s := &p.slots[h]
		less := s.pre < pre
		if s.pre == pre {
			c := bytes.Compare(p.heap[int(s.off)+p.skip:int(s.off)+s.keyLen()], k)
			if c == 0 {
				return h, true
			}
			less = c < 0
		}
		if less {
			low = h + 1
		} else {
			high = h
		}
	}
	return low, false
}

func roundUp(n int) int { return (n + 7) &^ 7 }

// space reserves n bytes of heap.
func (p *page) space(n int) uint32 {
	n = roundUp(n)
	if len(p.heap)+n > cap(p.heap) {
		size := p.live + p.live/2 + n + 64
		if len(p.heap)-p.live < len(p.heap)/4 {
			size = max(size, cap(p.heap)+cap(p.heap)/2)
		}
		p.compact(size)
	}
	off := len(p.heap)
	p.heap = p.heap[:off+n]
	p.live += n
	return uint32(off)
}

// compact copies the living nodes to a new heap.
func (p *page) compact(size int) {
	heap := make([]byte, 0, roundUp(size))
	var big [][]byte
	p.live = 0
	for i := range p.slots {
		s := &p.slots[i]
		n := s.size()
		off := len(heap)
		heap = heap[:off+roundUp(n)]
		copy(heap[off:], p.heap[s.off:int(s.off)+n])
		if s.vlen == isBig {
			at := off + s.keyLen()
			big = append(big, p.big[binary.LittleEndian.Uint32(heap[at:])])
			binary.LittleEndian.PutUint32(heap[at:], uint32(len(big)-1))
		}
		s.off = uint32(off)
		p.live += roundUp(n)
	}
	p.heap, p.big = heap, big
}

// size is the bytes of heap the node needs.
func (s *slot) size() int {
	switch s.vlen {
	case isBig:
		return s.keyLen() + 4
	case isOmitted:
		return s.keyLen()
	}
	return s.keyLen() + int(s.vlen)
}

func (p *page) insert(i int, key, val []byte, dirty uint16) {
	s := slot{pre: prefix8(key[p.skip:]), klen: uint16(len(key)) | dirty}
	s.vlen = uint16(len(val))
	if len(val) > bigValue {
		s.vlen = isBig
	}
	s.off = p.space(s.size())
	copy(p.heap[s.off:], key)
	p.putValue(&s, val)
	if len(p.slots) == cap(p.slots) {
		grown := make([]slot, len(p.slots), max(len(p.slots)+8, min(maxSlots+1, len(p.slots)*2+8)))
		copy(grown, p.slots)
		p.slots = grown
	}
	p.slots = append(p.slots, slot{})
	copy(p.slots[i+1:], p.slots[i:])
	p.slots[i] = s
	if i == len(p.slots)-1 {
		p.tail++
	} else {
		p.tail = 0
	}
}

// omit marks a node whose value is not here, in a process that does not own the store.
func (p *page) omit(i int) {
	s := &p.slots[i]
	p.live -= roundUp(s.size())
	s.vlen = isOmitted
	p.live += roundUp(s.size())
}

func (p *page) putValue(s *slot, val []byte) {
	at := int(s.off) + s.keyLen()
	if s.vlen != isBig {
		copy(p.heap[at:], val)
		return
	}
	binary.LittleEndian.PutUint32(p.heap[at:], uint32(len(p.big)))
	p.big = append(p.big, bytes.Clone(val))
	p.bigLen += len(val)
}

func (p *page) update(i int, val []byte, dirty uint16) {
	s := &p.slots[i]
	s.klen |= dirty
	if s.vlen != isBig && len(val) <= bigValue {
		room := roundUp(s.size()) - s.keyLen()
		if len(val) <= room {
			p.live += roundUp(s.keyLen()+len(val)) - roundUp(s.size())
			s.vlen = uint16(len(val))
			copy(p.heap[int(s.off)+s.keyLen():], val)
			return
		}
	}
	p.release(s)
	key := p.heap[s.off : int(s.off)+s.keyLen()]
	n := *s
	n.vlen = uint16(len(val))
	if len(val) > bigValue {
		n.vlen = isBig
	}
	s.klen, s.vlen = s.klen&dirtyBit, 0 // its bytes are not worth keeping if space compacts
	n.off = p.space(n.size())
	copy(p.heap[n.off:], key)
	p.putValue(&n, val)
	p.slots[i] = n
}

// release gives up the node's heap bytes and big value.
func (p *page) release(s *slot) {
	p.live -= roundUp(s.size())
	if s.vlen == isBig {
		ref := &p.big[binary.LittleEndian.Uint32(p.heap[int(s.off)+s.keyLen():])]
		p.bigLen -= len(*ref)
		*ref = nil
	}
}

// remove takes the nodes from slot a up to b out, remembering their keys for the store.
func (p *page) remove(a, b int, stored bool) {
	for i := a; i < b; i++ {
		if stored {
			p.dels = append(p.dels, bytes.Clone(p.key(i)))
		}
		p.release(&p.slots[i])
	}
	p.slots = append(p.slots[:a], p.slots[b:]...)
}

// rebound sets the bounds, on which the comparison prefixes depend.
func (p *page) rebound(lo, hi []byte) {
	p.lo, p.hi = lo, hi
	skip := 0
	if hi != nil {
		for skip < len(lo) && skip < len(hi) && lo[skip] == hi[skip] {
			skip++
		}
	}
	if skip == p.skip {
		return
	}
	p.skip = skip
	for i := range p.slots {
		p.slots[i].pre = prefix8(p.key(i)[skip:])
	}
}

func (p *page) full() bool {
	return len(p.slots) > maxSlots || p.live > maxHeap && len(p.slots) > 1
}

// memory is what the page takes, for the cache's budget.
func (p *page) memory() int {
	return 256 + cap(p.slots)*16 + cap(p.heap) + p.bigLen + len(p.dels)*48
}
