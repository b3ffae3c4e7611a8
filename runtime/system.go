package runtime

// System is what all processes of one operating-system process share: names,
// routines, globals, jobs and the outside world. Each part locks itself.

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cos/devices"
	"cos/devices/sslconfig"
	"cos/lang"
	"cos/runtime/errorlog"
	"cos/runtime/globals"
)

// Config is what a System is made with. The zero value is the real world without
// bundled routines and with globals in memory.
type Config struct {
	Env         *devices.Env
	Stderr      io.Writer        // untrapped job errors
	Now         func() time.Time // the clock of programs; timeouts and HANG have the real one
	Seed        *int64           // of $RANDOM, nil: no run is like another
	Cover       bool             // count how often lines run
	Folders     []string         // where routines are looked for, in order
	Bundled     fs.FS            // the last place
	Namespace   string           // of the first process, "" for USER
	Namespaces  []string         // those there are besides USER and %SYS; none: any name is one
	DataDir     string           // of globals, "" for globals in memory
	Durability  globals.Durability
	Watch       Watcher          // sees waits and wire events, nil: nobody
	Observer    devices.Observer // hears of every I/O command and transmission, nil: nobody
	DebugPanic  bool             // let a Go panic through
	JobMemory   int64            // what one process may use, in bytes; 0: DefaultJobMemory
	TotalMemory int64            // what there is for all of them and the interpreter; 0: that of the machine or the container

	Loaded func(path string) // hears of every routine and include file that is read, nil: nobody

	Errors *errorlog.Log // untrapped errors, nil: they are kept nowhere

	TLS map[string]*sslconfig.Config // the configuration file's, before the stored ones
}

// Watcher sees what processes wait for, and may hold what they send: golden tests.
type Watcher interface {
	State(job int, state, device string)
	Event(job int, e devices.Event)
}

// System runs processes.
type System struct {
	cfg        Config
	symbols    *symbols
	generation atomic.Uint64 // rises when a routine is replaced
	routines   struct {
		sync.RWMutex
		byName map[string]*Routine
	}
	includes map[string]string // by name: include files of containers, under the lock of routines
	sites    atomic.Uint32     // call sites that remember
	jobs     jobTable
	memory   budget
	jobLimit int // what one process may use, in bytes

	offers offerTable // published connections
	noIPv6 atomic.Bool
	store  store
	tls    tlsTable

	observer  atomic.Pointer[devices.Observer] // of processes that start
	logFailed sync.Once                        // has been told

	evalLimit time.Duration // of an expression while compiling
	started   time.Time     // where $ZHOROLOG begins
	cover     *cover        // nil: nobody counts

	defaults struct { // of processes that start: $ZUTIL(69)
		sync.Mutex
		settings settings
	}
}

// NewSystem makes a system.
func NewSystem(cfg Config) *System {
	if cfg.Env == nil {
		cfg.Env = &devices.Env{}
	}
	if cfg.Env.IPv4Only == nil {
		cfg.Env.IPv4Only = func(h devices.Host) bool {
			p, ok := h.(*Process)
			return ok && !p.ipv6()
		}
	}
	cfg.Env.Settings = func(h devices.Host) devices.Settings {
		p, ok := h.(*Process)
		if !ok {
			return devices.Settings{}
		}
		return devices.Settings{ZEOF: p.settings.setZEOF, ReadWrite: p.settings.openMode, Create: p.settings.fileMode, CursorXY: p.settings.cursorXY}
	}
	if cfg.Stderr == nil {
		cfg.Stderr = os.Stderr
	}
	started := startTime
	if cfg.Now == nil {
		cfg.Now = time.Now
	} else {
		started = cfg.Now()
	}
	if cfg.Namespace == "" {
		cfg.Namespace = "USER"
	}
	tuneGC()
	s := &System{cfg: cfg, symbols: newSymbols(), evalLimit: evalLimit, started: started}
	s.observer.Store(&s.cfg.Observer)
	if cfg.Env.TLS == nil {
		cfg.Env.TLS = tlsConfig
	}
	s.routines.byName, s.includes = map[string]*Routine{}, map[string]string{}
	s.jobs.init()
	if cfg.Cover {
		s.cover = &cover{by: map[string]*counters{}}
	}
	s.shareOut()
	return s
}

// files is the file system as programs see it.
func (s *System) files() *devices.Files { return s.cfg.Env.Files }

// Programs returns why no other program can be started, nil where one can.
func (s *System) Programs() error { return s.cfg.Env.Programs("") }

// Extensions of routine files, in the order in which they are looked for.
var Extensions = []string{".mac", ".int", ".m", ".ro", ".rtn", ".xml"}

// ErrNoRoutine says that a routine was not found.
type ErrNoRoutine struct{ Name string }

func (e *ErrNoRoutine) Error() string { return "there is no routine " + e.Name }

// Routine returns a routine by name, loading it at first use.
func (s *System) Routine(name string) (*Routine, error) {
	s.routines.RLock()
	r := s.routines.byName[name]
	s.routines.RUnlock()
	if r != nil {
		return r, nil
	}
	source, path, err := s.find(name)
	if err != nil {
		return nil, err
	}
	r = s.counted(s.Compile(name, path, source))
	for _, e := range r.Errors {
		fmt.Fprintln(s.cfg.Stderr, e.Long())
	}
	s.routines.Lock()
	defer s.routines.Unlock()
	if first := s.routines.byName[name]; first != nil {
		return first, nil
	}
	s.routines.byName[name] = r
	return r, nil
}

// Compile parses and compiles source text.
func (s *System) Compile(name, path, source string) *Routine {
	r := s.compileRoutine(s.Parse(name, path, source))
	r.Path = path
	for _, e := range r.Errors {
		if path != "" && !e.Included {
			e.Pos.Filename = path
		}
	}
	return r
}

// Define makes r what its name stands for from now on; running frames keep theirs.
func (s *System) Define(r *Routine) {
	s.routines.Lock()
	defer s.routines.Unlock()
	s.routines.byName[r.Name] = r
	s.generation.Add(1)
}

// LoadFile reads and compiles a routine file; its name is the file's. Of a file with
// several routines all are defined; the first is returned.
func (s *System) LoadFile(path string) (*Routine, error) {
	b, err := s.readSource(path)
	if err != nil {
		return nil, err
	}
	list, err := Unpack(path, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(list) == 1 && list[0].Type == "" && list[0].Name == RoutineName(path) {
		r := s.counted(s.Compile(list[0].Name, path, list[0].Source))
		s.Define(r)
		return r, nil
	}
	return s.load(path, list)
}

// readSource reads a file of routines, or an include file.
func (s *System) readSource(path string) ([]byte, error) {
	b, err := s.files().ReadFile(path)
	if err == nil && s.cfg.Loaded != nil {
		s.cfg.Loaded(path)
	}
	return b, err
}

// RoutineName is the routine that a file holds: %X lives in _X.mac.
func RoutineName(path string) string {
	name := filepath.Base(path)
	for _, ext := range Extensions {
		name = strings.TrimSuffix(name, ext)
	}
	if strings.HasPrefix(name, "_") {
		name = "%" + name[1:]
	}
	return name
}

// bundledPath is what the path of a bundled file begins with.
const bundledPath = "bundled:"

// find looks a routine's source up.
func (s *System) find(name string) (source, path string, err error) {
	file := fileOf(name)
	if file == "" || strings.ContainsAny(file, `/\`) {
		return "", "", &ErrNoRoutine{name}
	}
	for _, dir := range s.cfg.Folders {
		for _, ext := range Extensions[:3] {
			p := filepath.Join(dir, file+ext)
			if b, err := s.readSource(p); err == nil {
				return lang.DecodeSource(b), p, nil
			}
		}
	}
	if s.cfg.Bundled != nil {
		for _, ext := range Extensions[:3] {
			if b, err := FindBundled(s.cfg.Bundled, file+ext); err == nil {
				return lang.DecodeSource(b), bundledPath + file + ext, nil
			}
		}
	}
	return "", "", &ErrNoRoutine{name}
}

// Routines lists the routines that can be called, by name.
func (s *System) Routines() []string {
	seen := map[string]bool{}
	s.routines.RLock()
	for name := range s.routines.byName {
		seen[name] = true
	}
	s.routines.RUnlock()
	add := func(file string) {
		if slices.Contains(Extensions[:3], filepath.Ext(file)) {
			seen[RoutineName(file)] = true
		}
	}
	for _, dir := range s.cfg.Folders {
		entries, _ := s.files().ReadDir(dir) // a folder that is missing holds none
		for _, e := range entries {
			add(e.Name())
		}
	}
	if s.cfg.Bundled != nil {
		fs.WalkDir(s.cfg.Bundled, ".", func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				add(path)
			}
			return nil
		})
	}
	return slices.Sorted(maps.Keys(seen))
}

// FindBundled reads a file by its base name, in whatever folder it lies.
func FindBundled(fsys fs.FS, base string) (data []byte, err error) {
	err = fs.ErrNotExist
	walk := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, walkErr error) error {
		if walkErr != nil {
			return walkErr
		}
		if !d.IsDir() && d.Name() == base {
			data, err = fs.ReadFile(fsys, path)
			return fs.SkipAll
		}
		return nil
	})
	if walk != nil {
		return nil, walk
	}
	return data, err
}

// Close ends every process and closes the store.
func (s *System) Close() {
	s.jobs.killAll(143)
	s.jobs.wait()
	s.store.close()
}

// Drain closes all listeners: no client comes any more. Connections stay.
func (s *System) Drain() { s.cfg.Env.Listeners.CloseAll() }

// EndIdle ends the processes that have no connection, and returns how many have one.
func (s *System) EndIdle(status int) (busy int) {
	s.jobs.mu.Lock()
	list := slices.Collect(maps.Values(s.jobs.live))
	s.jobs.mu.Unlock()
	for _, p := range list {
		if p.signal.connections.Load() > 0 {
			busy++
		} else {
			p.Kill(status)
		}
	}
	return busy
}

// Wait returns when the last job has ended.
func (s *System) Wait() { s.jobs.wait() }

// Jobs is the number of live jobs, the main process aside.
func (s *System) Jobs() int { return s.jobs.children() }
