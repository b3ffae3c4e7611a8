package golden

// --watch: run again what a change concerns.
//
// Folders are watched, not files: editors write another file and rename it. What a session
// loads it tells by its coverage, so a change of a routine concerns the sessions that have
// loaded it. Of a routine or an include file that none is known to use nothing is known,
// and all run. Other files do not count: reports are written there, and what editors leave.

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"cos/lang"
	"cos/runtime/coverage"
)

// quiet is how long nothing must change before a round begins: an editor writes in steps.
const quiet = 50 * time.Millisecond

// sources are the extensions of what concerns sessions beside themselves.
var sources = []string{".mac", ".int", ".m", ".inc", ".ro", ".rtn", ".xml"}

// watching is what --watch knows.
type watching struct {
	o       *Options
	events  *fsnotify.Watcher
	folders map[string]bool
	latest  map[string]*Report           // by path of the session, as it was named
	seen    map[string][sha256.Size]byte // what changed files held, so that the same again is no change
	began   time.Time                    // of the round
}

// watch runs all sessions, and again those that a change concerns, until the context ends.
// The exit code is that of the last whole round.
func watch(ctx context.Context, o *Options) (exit int, err error) {
	w := &watching{o: o, folders: map[string]bool{}, latest: map[string]*Report{}, seen: map[string][sha256.Size]byte{}}
	if w.events, err = fsnotify.NewWatcher(); err != nil {
		return exitUsage, fmt.Errorf("--watch: %w", err)
	}
	defer w.events.Close()
	for _, p := range o.Paths {
		if err := w.tree(p); err != nil {
			return exitUsage, fmt.Errorf("--watch: %w", err)
		}
	}
	for first := true; ; first = false {
		w.began = time.Now()
		files, err := o.files()
		if err != nil {
			if first {
				return exitUsage, err
			}
			fmt.Fprintf(o.Stderr, "cos: %s\n", lang.Visible(err.Error())) // it may come back
		} else {
			code, err := o.round(ctx, files, w.latest)
			if err != nil {
				return exitUsage, err
			}
			if ctx.Err() == nil || first {
				exit = code
			}
		}
		missed, err := w.routines()
		if err != nil {
			return exitUsage, fmt.Errorf("--watch: %w", err)
		}
		fmt.Fprintf(o.Stderr, "watching %s, Ctrl-C ends\n", plural(len(w.folders), "folder"))
		for {
			changed, err := w.change(ctx, missed)
			if err != nil {
				return exitUsage, fmt.Errorf("--watch: %w", err)
			}
			if ctx.Err() != nil {
				return exit, nil
			}
			missed = nil
			if w.forget(changed) {
				break
			}
		}
	}
}

// follow watches a folder.
func (w *watching) follow(dir string) error {
	if w.folders[dir] {
		return nil
	}
	if err := w.events.Add(dir); err != nil {
		return err
	}
	w.folders[dir] = true
	return nil
}

// tree watches a folder and those below it, hidden ones aside; of a file, its folder.
func (w *watching) tree(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return w.follow(filepath.Dir(path))
	}
	return filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone meanwhile
			return nil
		case err != nil || !d.IsDir():
			return err
		case p != path && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		}
		return w.follow(p)
	})
}

// routines watches the folders of the routines that sessions have loaded. It returns those
// that have changed between being loaded and being watched.
func (w *watching) routines() (missed []string, err error) {
	for _, path := range w.used() {
		dir := filepath.Dir(path)
		if w.folders[dir] {
			continue
		}
		if err := w.follow(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, other := range w.used() {
			if info, err := os.Stat(other); filepath.Dir(other) == dir && err == nil && info.ModTime().After(w.began) {
				missed = append(missed, other)
			}
		}
	}
	return missed, nil
}

// used are the files of the routines that sessions have loaded.
func (w *watching) used() []string {
	all := map[string]bool{}
	for _, r := range w.latest {
		for path := range r.files() {
			all[path] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// files are the files of the routines that a session has loaded.
func (r *Report) files() map[string]bool {
	out := map[string]bool{}
	if r.Ran != nil {
		for _, routine := range r.Ran.Routines() {
			path := routine.Path
			if i := strings.LastIndexByte(path, '('); i > 0 && strings.HasSuffix(path, ")") { // FILE(NAME)
				path = path[:i]
			}
			out[path] = true
		}
	}
	return out
}

// change waits for changes and returns the files, all of those that belong together;
// "" stands for a change of which nothing is known.
func (w *watching) change(ctx context.Context, known []string) (changed []string, err error) {
	calm := time.NewTimer(quiet)
	defer calm.Stop()
	changed = known
	for {
		select {
		case <-ctx.Done():
			return nil, nil
		case e := <-w.events.Events:
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() && e.Has(fsnotify.Create) {
				if err := w.tree(e.Name); err != nil {
					return nil, err
				}
				changed = append(changed, sessionsIn(e.Name)...)
			} else if w.matters(e) {
				changed = append(changed, e.Name)
			}
			calm.Reset(quiet)
		case err := <-w.events.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return nil, err
			}
			changed = append(changed, "")
			calm.Reset(quiet)
		case <-calm.C:
			slices.Sort(changed)
			changed = slices.DeleteFunc(slices.Compact(changed), w.same)
			if len(changed) > 0 {
				return changed, nil
			}
		}
	}
}

// sessionsIn are the files of a new folder, which may have come before it was watched.
func sessionsIn(dir string) (out []string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (filepath.Ext(path) == ".session" || slices.Contains(sources, filepath.Ext(path))) {
			out = append(out, path)
		}
		return nil
	})
	return out
}

// matters tells whether an event changes a session, a routine or an include file.
func (w *watching) matters(e fsnotify.Event) bool {
	ext := filepath.Ext(e.Name)
	if e.Op == fsnotify.Chmod || ext != ".session" && !slices.Contains(sources, ext) || strings.HasPrefix(filepath.Base(e.Name), ".") {
		return false
	}
	for _, ours := range []string{w.o.JUnit, w.o.CoverHTML, w.o.CoverLCOV} {
		if abs, err := filepath.Abs(ours); ours != "" && err == nil && abs == e.Name {
			return false
		}
	}
	return true
}

// same tells whether a file holds what it held when it changed last.
func (w *watching) same(path string) bool {
	b, err := os.ReadFile(path)
	if err != nil { // it has gone; "" is no file
		delete(w.seen, path)
		return false
	}
	sum := sha256.Sum256(b)
	known, ok := w.seen[path]
	w.seen[path] = sum
	return ok && known == sum
}

// forget drops what is known of the sessions that changes concern, so that they run again,
// and tells whether there are any.
func (w *watching) forget(changed []string) bool {
	before := len(w.latest)
	grown := false
	for _, path := range changed {
		if path != "" && filepath.Ext(path) == ".session" {
			grown = true
			maps.DeleteFunc(w.latest, func(name string, _ *Report) bool {
				abs, err := filepath.Abs(name)
				return err == nil && abs == path
			})
			continue
		}
		concerned := func(_ string, r *Report) bool { return r.files()[path] }
		n := len(w.latest)
		if maps.DeleteFunc(w.latest, concerned); len(w.latest) == n {
			clear(w.latest)
		}
	}
	if !grown && len(w.latest) == before {
		return false
	}
	names := make([]string, len(changed))
	for i, path := range changed {
		if names[i] = lang.Visible(coverage.Shown(path)); path == "" {
			names[i] = "too much to tell"
		}
	}
	fmt.Fprintf(w.o.Stderr, "changed: %s\n", strings.Join(names, ", "))
	return true
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
