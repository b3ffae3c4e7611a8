package globals

// Compaction: the log's changes move into the store, and the store gives back the room that killed
// and overwritten nodes take.

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Global names a global of a namespace.
type Global struct{ NS, Name string }

// Footprint is how many bytes a data directory takes on the disk.
type Footprint struct{ Before, After int64 }

// compactSteps is into how many parts a compaction is cut, so that it can tell how far it is.
const compactSteps = 64

// Compact gives back the room on the disk that removed and replaced nodes of the globals named, or of
// all, take; others may go on using them meanwhile. tell, which may be nil, hears that done of total
// parts are finished. A done ctx ends the work between two parts with its error.
func (db *DB) Compact(ctx context.Context, names []Global, tell func(done, total int)) (Footprint, error) {
	if tell == nil {
		tell = func(int, int) {}
	}
	return db.engine.Compact(ctx, names, tell)
}

func (o *owner) Compact(ctx context.Context, names []Global, tell func(done, total int)) (f Footprint, err error) {
	if o.log == nil {
		return f, ctx.Err()
	}
	b := &o.background
	b.Lock()
	if b.ending {
		b.Unlock()
		return f, ErrClosed
	}
	b.Add(1)
	b.Unlock()
	defer b.Done()
	if f.Before, err = o.footprint(); err != nil {
		return f, err
	}
	if err := o.checkpoint(); err != nil {
		return f, err
	}
	if err := o.cache.store.compact(ctx, names, tell); err != nil {
		return f, err
	}
	f.After, err = o.footprint()
	return f, err
}

// footprint is the size of the log and of the live files of the store.
func (o *owner) footprint() (int64, error) {
	if err := o.log.flush(); err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(o.log.dir)
	if err != nil {
		return 0, err
	}
	var size int64
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) { // a checkpoint has just removed it
			continue
		}
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	stored, err := o.cache.store.footprint()
	return size + stored, err
}

// footprint is the size of what the store holds; files that it no longer needs, and removes when it
// finds the time, do not count.
func (s *store) footprint() (int64, error) {
	if !s.inUse() {
		return 0, nil
	}
	db, err := s.open()
	if err != nil {
		return 0, err
	}
	m := db.Metrics()
	return int64(m.Table.Local.LiveSize + m.BlobFiles.Local.LiveSize), nil
}

// compact rewrites the parts of the store that hold the globals named, or all of it.
func (s *store) compact(ctx context.Context, names []Global, tell func(done, total int)) error {
	if !s.inUse() {
		return ctx.Err()
	}
	db, err := s.open()
	if err != nil {
		return err
	}
	spans := []span{{[]byte{0}, bytes.Repeat([]byte{0xff}, 64)}}
	if len(names) > 0 {
		spans = spans[:0]
		for _, g := range names {
			prefix := storePrefix(g.NS, g.Name)
			spans = append(spans, span{prefix, join(prefix, []byte{tagAfter})})
		}
	}
	var parts []span
	for _, sp := range spans {
		cut, err := sp.cut(db, max(1, compactSteps/len(spans)))
		if err != nil {
			return err
		}
		parts = append(parts, cut...)
	}
	for i, p := range parts {
		tell(i, len(parts))
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := db.Compact(ctx, p.from, p.to, false); err != nil {
			return err
		}
	}
	tell(len(parts), len(parts))
	return nil
}

// span is a range of the store's keys.
type span struct{ from, to []byte }

// cut divides a span at borders of files into at most n parts.
func (sp span) cut(db *pebble.DB, n int) ([]span, error) {
	levels, err := db.SSTables(pebble.WithKeyRangeFilter(sp.from, sp.to))
	if err != nil {
		return nil, err
	}
	var borders [][]byte
	for _, level := range levels {
		for i := range level {
			if k := level[i].Largest.UserKey; bytes.Compare(k, sp.from) > 0 && bytes.Compare(k, sp.to) < 0 {
				borders = append(borders, k)
			}
		}
	}
	slices.SortFunc(borders, bytes.Compare)
	borders = slices.CompactFunc(borders, bytes.Equal)
	parts := []span{sp}
	for i := 1; i < n; i++ {
		at := i * len(borders) / n
		last := &parts[len(parts)-1]
		if at >= len(borders) || bytes.Compare(borders[at], last.from) <= 0 {
			continue
		}
		next := span{borders[at], last.to}
		last.to = borders[at]
		parts = append(parts, next)
	}
	return parts, nil
}
