package globals

import "os"
import "path/filepath"

func openShared(dir string, o Options) (Engine, error) {
	if err := os.MkdirAll(filepath.Join(dir, "log"), 0o700); err != nil {
		return nil, err
	}
	l := newLog(dir, o.Durability)
	w := newOwner(o, newStore(dir, o.Logger), l)
	l.full = w.wantCheckpoint
	if err := w.recover(); err != nil {
		return nil, err
	}
	return w, nil
}
