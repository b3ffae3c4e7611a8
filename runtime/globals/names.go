package globals

// The names of the globals of a namespace, for ^$GLOBAL and for completion.

import (
	"bytes"
	"sort"
	"strings"

	"github.com/cockroachdb/pebble/v2"
)

// names lists the globals of a namespace that have nodes: those in memory, and those only in the
// store.
func (o *owner) names(ns, prefix string, most int) ([]string, error) {
	known := map[string]bool{}
	o.mu.RLock()
	trees := make([]*tree, 0, len(o.trees[ns]))
	for _, t := range o.trees[ns] {
		if strings.HasPrefix(t.name, prefix) {
			trees = append(trees, t)
		}
	}
	o.mu.RUnlock()
	sort.Slice(trees, func(i, j int) bool { return trees[i].name < trees[j].name })
	var names []string
	for _, t := range trees {
		if len(names) == most {
			break // what follows is behind all that is asked for
		}
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
		stored, err := s.names(ns, prefix, most+len(known)) // what is known may have been killed since
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
	return names[:min(len(names), most)], nil
}

// names lists the first globals the store has nodes of whose names begin so, a seek for each.
func (s *store) names(ns, prefix string, most int) (names []string, err error) {
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
	for ok := it.SeekGE(join(space, []byte(prefix))); ok && len(names) < most; {
		name, _, _ := bytes.Cut(it.Key()[len(space):], []byte{0})
		if !bytes.HasPrefix(name, []byte(prefix)) {
			break
		}
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
