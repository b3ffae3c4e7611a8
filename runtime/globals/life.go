package globals

// Life files: each process on a data directory holds the file lock of a file of its own as long as
// it lives, so that a new owner can tell which processes will come back.

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const lifeSuffix = ".life"

type life struct {
	dir  string
	name string // of this process, unique in the directory
	lock *fileLock
}

func newLife(dir string) (*life, error) {
	var unique [8]byte
	if _, err := rand.Read(unique[:]); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%d-%s", processID(), hex.EncodeToString(unique[:]))
	// The file gets its name after it is locked, or a new owner might take the process for dead.
	path := filepath.Join(dir, name)
	lock, err := tryLockFile(path + ".new")
	if err == nil && lock == nil {
		err = errors.New("already locked")
	}
	if err == nil {
		err = os.Rename(path+".new", path+lifeSuffix)
	}
	if err != nil {
		return nil, fmt.Errorf("globals: life file: %w", err)
	}
	return &life{dir: dir, name: name, lock: lock}, nil
}

// others lists the other living processes and removes the files of dead ones.
func (l *life) others() (map[string]bool, error) {
	files, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), lifeSuffix)
		if !ok || name == l.name {
			continue
		}
		path := filepath.Join(l.dir, f.Name())
		lock, err := tryLockExisting(path)
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, err
		case lock == nil:
			alive[name] = true
		default:
			_ = os.Remove(path)
			lock.unlock()
		}
	}
	return alive, nil
}

func (l *life) end() {
	_ = os.Remove(filepath.Join(l.dir, l.name+lifeSuffix))
	l.lock.unlock()
}
