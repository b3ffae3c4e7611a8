package runtime

// sparse holds the nodes of a tree whose integer subscripts are scattered: an open hash
// table whose index is small and whose nodes lie in chunks, in the order in which they
// were made. So a program that walks the keys in that order reads memory in order, and
// nodes never move (HASH: twice as fast as with a Go map of pointers).
type sparse struct {
	index  []uint32 // by hash: 1 + the place of a node, 0 for none; at most half full
	shift  uint8    // 64 less the bits of an index
	chunks [][]sparseNode
	places int // taken, those of removed nodes among them
	used   int // existing nodes
}

// sparseNode is a node with its subscript; one that does not exist() is removed.
type sparseNode struct {
	Var
	key int64
}

// sparseChunk is the number of nodes in a chunk; the first chunk grows up to it.
const (
	sparseBits  = 9
	sparseChunk = 1 << sparseBits
)

func (n *sparseNode) absent() bool { return n.kind == kindUndefined && n.nodes == nil }

func (s *sparse) size() int {
	if s == nil {
		return 0
	}
	return s.used
}

func (s *sparse) at(place uint32) *sparseNode {
	return &s.chunks[place>>sparseBits][place&(sparseChunk-1)]
}

// seek returns where the index has key, or has room for it, and the node there; nil: none.
func (s *sparse) seek(key int64) (uint64, *sparseNode) {
	mask := uint64(len(s.index) - 1)
	for i := uint64(key) * 0x9E3779B97F4A7C15 >> (s.shift & 63); ; i = (i + 1) & mask {
		place := s.index[i&mask]
		if place == 0 {
			return i & mask, nil
		}
		if n := s.at(place - 1); n.key == key {
			return i & mask, n
		}
	}
}

// find returns the node of a key, nil when absent.
func (s *sparse) find(key int64) *Var {
	if s.size() == 0 {
		return nil
	}
	if _, n := s.seek(key); n != nil && !n.absent() {
		return &n.Var
	}
	return nil
}

// node returns the node of a key, making it.
func (s *sparse) node(key int64) (v *Var, fresh bool) {
	if 2*s.places >= len(s.index) {
		s.rehash()
	}
	i, n := s.seek(key)
	if n == nil {
		n = s.add(key)
		s.index[i] = uint32(s.places)
	}
	if n.absent() {
		s.used++
		return &n.Var, true
	}
	return &n.Var, false
}

// add takes a new place.
func (s *sparse) add(key int64) *sparseNode {
	at := s.places >> sparseBits
	switch {
	case at == len(s.chunks):
		room := sparseChunk
		if at == 0 {
			room = 4
		}
		s.chunks = append(s.chunks, make([]sparseNode, 0, room))
	case at == 0 && len(s.chunks[0]) == cap(s.chunks[0]):
		grown := make([]sparseNode, len(s.chunks[0]), 2*cap(s.chunks[0]))
		copy(grown, s.chunks[0])
		s.chunks[0] = grown
	}
	c := &s.chunks[at]
	*c = (*c)[:len(*c)+1]
	s.places++
	n := &(*c)[len(*c)-1]
	n.key = key
	return n
}

// rehash makes a larger index, or, where many nodes were removed, takes their places back.
func (s *sparse) rehash() {
	old := *s
	*s = sparse{chunks: old.chunks, places: old.places, used: old.used}
	if 2*old.used < old.places {
		s.chunks, s.places = nil, 0
		old.each(func(key int64, v *Var) { s.add(key).Var = *v })
	}
	s.shift = 64 - 3
	for 1<<(64-s.shift) < 4*s.places {
		s.shift--
	}
	s.index = make([]uint32, 1<<(64-s.shift))
	for place := range s.places {
		i, _ := s.seek(s.at(uint32(place)).key)
		s.index[i] = uint32(place) + 1
	}
}

// remove takes a key out and tells whether it was there.
func (s *sparse) remove(key int64) bool {
	v := s.find(key)
	if v == nil {
		return false
	}
	v.clear()
	s.used--
	return true
}

// each visits the existing nodes.
func (s *sparse) each(visit func(key int64, v *Var)) {
	if s == nil {
		return
	}
	for _, c := range s.chunks {
		for i := range c {
			if !c[i].absent() {
				visit(c[i].key, &c[i].Var)
			}
		}
	}
}

// measure is what the table takes, but for what its nodes hold, in bytes.
func (s *sparse) measure() int {
	if s == nil {
		return 0
	}
	room := len(s.chunks) * sparseChunk
	if len(s.chunks) == 1 {
		room = cap(s.chunks[0])
	}
	return 96 + 48*room + 4*len(s.index) + 24*cap(s.chunks)
}
