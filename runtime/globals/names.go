package globals

// The names of the globals of a namespace, for ^$GLOBAL.

import (
	"bytes"
	"sort"

	"github.com/cockroachdb/pebble/v2"
)

// names lists the globals of a namespace that have nodes: those in memory, and those only in the
// store.
func (o *owner) names(ns string) ([]string, error) {
	known := map[string]bool{}
	o.mu.RLock()
	trees := make([]*tree, 0, len(o.trees[ns]))
	for _, t := range o.trees[ns] {
		trees = append(trees, t)
	}
	o.mu.RUnlock()
	var names []string
	for _, t := range trees {
		d, err := t.data(nil, &cursor{})
		if err != nil {
			return nil, err
		}
		known[t.name] = true
		if d > 0 {
			names = append(names, t.name)
		}
	}
	if s := o.cache.store; s != nil {
		stored, err := s.names(ns)
		if err != nil {
			return nil, err
		}
		for _, n := range stored {
			if !known[n] {
				names = append(names, n)
			}
		}
	}
	sort.Strings(names)
	return names, nil
}

// names lists the globals the store has nodes of, a seek for each.
func (s *store) names(ns string) (names []string, err error) {
	if !s.inUse() {
		return nil, nil
	}
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	space := append([]byte(ns), 0)
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: space, UpperBound: append([]byte(ns), 1)})
	if err != nil {
		return nil, err
	}
	for ok := it.First(); ok; {
		name, _, _ := bytes.Cut(it.Key()[len(space):], []byte{0})
		names = append(names, string(name))
		ok = it.SeekGE(append(join(space, name), 1))
	}
	return names, it.Close()
}

// inUse says whether the store holds anything.
func (s *store) inUse() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.existed || s.db != nil
}
