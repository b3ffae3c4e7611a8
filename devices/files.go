package devices

// The file system as programs see it: all of it, or one folder (--root). os.Root sees to
// it that no name, "..", or symbolic link leads out of the folder.

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files is what lies below a folder; nil is everything. Names mean what they mean
// without it: relative ones belong to the current folder.
type Files struct {
	root   *os.Root
	folder string // as it was named, absolute
	real   string // without symbolic links
}

// Confine makes the Files below a folder.
func Confine(folder string) (*Files, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(real)
	if err != nil {
		return nil, err
	}
	return &Files{root: root, folder: abs, real: real}, nil
}

// below is a name as the root takes it.
func (f *Files) below(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	for _, base := range []string{f.real, f.folder} {
		if rel, err := filepath.Rel(base, abs); err == nil && filepath.IsLocal(rel) {
			return rel, nil
		}
	}
	return "", shut("--root", name)
}

// Allow returns why a name may not be used at all: it leads out of the folder.
func (f *Files) Allow(name string) error {
	if f == nil {
		return nil
	}
	rel, err := f.below(name)
	if err == nil {
		_, err = f.root.Stat(rel)
	}
	if err = settle(err, name); errors.Is(err, ErrShut) {
		return err
	}
	return nil // whatever else is wrong with it
}

// settle gives an escape that os.Root has found the error of one that the name shows. It
// has no name in package os.
func settle(err error, name string) error {
	if err != nil && strings.HasSuffix(err.Error(), "path escapes from parent") {
		return shut("--root", name)
	}
	return err
}

// reach is one question to the file system: everywhere, or below the folder.
func reach[T any](f *Files, name string, anywhere func(string) (T, error), below func(*os.Root, string) (T, error)) (out T, err error) {
	if f == nil {
		return anywhere(name)
	}
	rel, err := f.below(name)
	if err != nil {
		return out, err
	}
	out, err = below(f.root, rel)
	return out, settle(err, name)
}

// act is one change of the file system.
func act(f *Files, name string, anywhere func(string) error, below func(*os.Root, string) error) error {
	_, err := reach(f, name,
		func(n string) (struct{}, error) { return struct{}{}, anywhere(n) },
		func(r *os.Root, n string) (struct{}, error) { return struct{}{}, below(r, n) })
	return err
}

// Stat, and what follows, is the function of that name in package os.
func (f *Files) Stat(name string) (fs.FileInfo, error) {
	return reach(f, name, os.Stat, (*os.Root).Stat)
}

// Lstat does not follow a symbolic link.
func (f *Files) Lstat(name string) (fs.FileInfo, error) {
	return reach(f, name, os.Lstat, (*os.Root).Lstat)
}

// Open opens a file for reading.
func (f *Files) Open(name string) (*os.File, error) { return f.OpenFile(name, os.O_RDONLY, 0) }

// OpenFile is the general way to open a file.
func (f *Files) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return reach(f, name,
		func(n string) (*os.File, error) { return os.OpenFile(n, flag, perm) },
		func(r *os.Root, n string) (*os.File, error) { return r.OpenFile(n, flag, perm) })
}

// ReadFile reads a file.
func (f *Files) ReadFile(name string) ([]byte, error) {
	return reach(f, name, os.ReadFile, (*os.Root).ReadFile)
}

// WriteFile writes a file.
func (f *Files) WriteFile(name string, data []byte, perm fs.FileMode) error {
	return act(f, name,
		func(n string) error { return os.WriteFile(n, data, perm) },
		func(r *os.Root, n string) error { return r.WriteFile(n, data, perm) })
}

// ReadDir lists a folder by name.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	return reach(f, name, os.ReadDir, func(r *os.Root, n string) ([]fs.DirEntry, error) {
		d, err := r.Open(n)
		if err != nil {
			return nil, err
		}
		defer d.Close()
		list, err := d.ReadDir(-1)
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		return list, err
	})
}

// Mkdir makes a folder.
func (f *Files) Mkdir(name string, perm fs.FileMode) error {
	return act(f, name, func(n string) error { return os.Mkdir(n, perm) }, func(r *os.Root, n string) error { return r.Mkdir(n, perm) })
}

// MkdirAll makes a folder and those above it.
func (f *Files) MkdirAll(name string, perm fs.FileMode) error {
	return act(f, name, func(n string) error { return os.MkdirAll(n, perm) }, func(r *os.Root, n string) error { return r.MkdirAll(n, perm) })
}

// Remove removes a file or an empty folder.
func (f *Files) Remove(name string) error { return act(f, name, os.Remove, (*os.Root).Remove) }

// RemoveAll removes a folder with all in it.
func (f *Files) RemoveAll(name string) error { return act(f, name, os.RemoveAll, (*os.Root).RemoveAll) }

// Chmod changes a file's mode.
func (f *Files) Chmod(name string, mode fs.FileMode) error {
	return act(f, name, func(n string) error { return os.Chmod(n, mode) }, func(r *os.Root, n string) error { return r.Chmod(n, mode) })
}

// Rename moves a file.
func (f *Files) Rename(from, to string) error {
	return act(f, from, func(n string) error { return os.Rename(n, to) }, func(r *os.Root, n string) error {
		rel, err := f.below(to)
		if err != nil {
			return err
		}
		return settle(r.Rename(n, rel), to)
	})
}

// Chdir makes a folder the current one.
func (f *Files) Chdir(name string) error {
	if f == nil {
		return os.Chdir(name)
	}
	d, err := f.Open(name)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Chdir()
}

// TempDir is the folder for temporary files.
func (f *Files) TempDir() string {
	if f == nil {
		return os.TempDir()
	}
	return f.real
}

// draftNames is how many names CreateTemp tries.
const draftNames = 100

// CreateTemp makes a new file; of the pattern the last * is replaced. "" is the folder
// for temporary files.
func (f *Files) CreateTemp(folder, pattern string) (*os.File, error) {
	if f == nil {
		return os.CreateTemp(folder, pattern)
	}
	if folder == "" {
		folder = f.TempDir()
	}
	before, after := pattern, ""
	if i := strings.LastIndexByte(pattern, '*'); i >= 0 {
		before, after = pattern[:i], pattern[i+1:]
	}
	for try := 0; ; try++ {
		d, err := f.OpenFile(filepath.Join(folder, before+rand.Text()+after), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) || try == draftNames {
			return d, err
		}
	}
}

// Glob lists the names that match a pattern, as filepath.Glob does.
func (f *Files) Glob(pattern string) ([]string, error) {
	if f == nil {
		return filepath.Glob(pattern)
	}
	rel, err := f.below(pattern)
	if err != nil {
		return nil, err
	}
	list, err := fs.Glob(f.root.FS(), filepath.ToSlash(rel))
	for i, n := range list {
		list[i] = filepath.Join(f.real, filepath.FromSlash(n))
	}
	return list, err
}

// WalkDir visits a folder and all in it, as filepath.WalkDir does.
func (f *Files) WalkDir(folder string, visit fs.WalkDirFunc) error {
	if f == nil {
		return filepath.WalkDir(folder, visit)
	}
	rel, err := f.below(folder)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	return fs.WalkDir(f.root.FS(), rel, func(path string, d fs.DirEntry, err error) error {
		inner, e := filepath.Rel(filepath.FromSlash(rel), filepath.FromSlash(path))
		if e != nil {
			return fmt.Errorf("%s: %w", path, e)
		}
		return visit(filepath.Join(folder, inner), d, err)
	})
}
