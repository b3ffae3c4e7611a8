package cli

// cos run --watch: the program runs in a process of its own, which tells the files that it
// loads; when one of them changes it is ended and started again.

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"cos/devices"
	"cos/lang"
	"cos/repl"
	"cos/runtime"
)

// loadedVariable names the file in which a program that is watched lists what it loads.
const loadedVariable = "COS_LOADED"

// reportLoaded is the System's Loaded where somebody watches; nil elsewhere.
func reportLoaded() func(string) {
	name := os.Getenv(loadedVariable)
	if name == "" {
		return nil
	}
	return func(path string) {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		// One write a line: jobs load at the same time.
		if f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0); err == nil {
			_, _ = f.WriteString(path + "\n") // who watches has gone
			_ = f.Close()
		}
	}
}

// Times of a rerun.
const (
	settling = 50 * time.Millisecond // an editor writes in several steps
	lasting  = 10 * time.Second      // a program that does not end on SIGTERM is killed
)

// rerun is a program that is watched.
type rerun struct {
	a       *app
	verb    *runVerb
	args    []string // of the program's process
	list    string   // the file that it lists its files in
	watcher *fsnotify.Watcher
	known   map[string][sha256.Size]byte // the files, with what they held when the program started
	folders map[string]bool              // that are watched
	signals chan os.Signal
	program *exec.Cmd // nil: it does not run
	ended   chan int  // its exit code
}

// watch runs the program again and again, until a signal.
func (v *runVerb) watch(a *app) int {
	if v.Target == "-" {
		return a.usage("--watch needs files: standard input cannot change")
	}
	dir, err := os.MkdirTemp("", "cos-watch-")
	if err != nil {
		return a.fail(err)
	}
	defer os.RemoveAll(dir)
	r := &rerun{a: a, verb: v, list: filepath.Join(dir, "loaded"), known: map[string][sha256.Size]byte{},
		folders: map[string]bool{}, signals: make(chan os.Signal, 4)}
	for i, word := range a.args {
		if word != "--watch" || i >= len(a.args)-len(a.Run.Args) {
			r.args = append(r.args, word)
		}
	}
	if r.watcher, err = fsnotify.NewWatcher(); err == nil {
		defer r.watcher.Close()
		if err = r.watcher.Add(dir); err == nil {
			err = os.WriteFile(r.list, nil, 0o600)
		}
	}
	if err != nil {
		return a.fail(fmt.Errorf("--watch: %w", err))
	}
	signal.Notify(r.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(r.signals)
	if v.Commands == nil && isRoutineFile(v.Target) {
		r.add(v.Target)
	}
	return r.loop()
}

func (r *rerun) loop() int {
	for {
		r.remember()
		if r.sound() {
			if err := r.start(); err != nil {
				return r.a.fail(err)
			}
		} else {
			r.say("waiting for a change")
		}
		changed, exit := r.wait()
		if changed == "" {
			return exit
		}
		r.stop(syscall.SIGTERM)
		r.say(shortPath(changed) + " has changed: starting again")
	}
}

// say tells what happens; on a terminal it stands out.
func (r *rerun) say(text string) {
	text = lang.Visible(text)
	if colours(r.a.stderr) {
		fmt.Fprintf(r.a.stderr, "\x1b[36mcos: %s\x1b[0m\n", text)
		return
	}
	fmt.Fprintf(r.a.stderr, "cos: %s\n", text)
}

// add makes a file one whose changes count. Its folder is watched, since editors put a new
// file in the place of the old one.
func (r *rerun) add(file string) {
	file = absolutePath(file)
	if _, known := r.known[file]; known {
		return
	}
	r.known[file] = digest(file)
	if folder := filepath.Dir(file); !r.folders[folder] {
		r.folders[folder] = true
		if err := r.watcher.Add(folder); err != nil {
			r.say(fmt.Sprintf("--watch: %s: %v", folder, err))
		}
	}
}

// digest tells what a file holds; zero for one that is not there.
func digest(file string) (d [sha256.Size]byte) {
	if b, err := os.ReadFile(file); err == nil {
		d = sha256.Sum256(b)
	}
	return d
}

// remember notes what the files hold.
func (r *rerun) remember() {
	for file := range r.known {
		r.known[file] = digest(file)
	}
}

// changed is a file that holds something else than when the program started, "" for none.
func (r *rerun) changed() string {
	for file, was := range r.known {
		if digest(file) != was {
			return file
		}
	}
	return ""
}

// sound reports the syntax errors of the files; a program with errors is not started.
func (r *rerun) sound() bool {
	env := &devices.Env{}
	if r.a.shut(env) != nil { // the program itself tells it
		return true
	}
	sys := runtime.NewSystem(runtime.Config{Env: env, Stderr: r.a.stderr, Bundled: r.a.bundled, Folders: r.a.folders(r.verb.folder())})
	defer sys.Close()
	var bad []*lang.SyntaxError
	for file := range r.known {
		if rtn, err := sys.LoadFile(file); err == nil && isRoutineFile(file) {
			bad = append(bad, rtn.Errors...)
		}
	}
	for _, e := range bad {
		fmt.Fprintln(r.a.stderr, e.Long())
	}
	return len(bad) == 0
}

func (r *rerun) start() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cos cannot find itself: %w", err)
	}
	c := exec.Command(self, r.args...)
	c.Stdin, c.Stdout, c.Stderr = r.a.stdin, r.a.stdout, r.a.stderr
	c.Env = append(os.Environ(), loadedVariable+"="+r.list, "COS_DRAIN=0")
	if err := c.Start(); err != nil {
		return err
	}
	r.program, r.ended = c, make(chan int, 1)
	go func() {
		_ = c.Wait() // the state has it
		r.ended <- c.ProcessState.ExitCode()
	}()
	return nil
}

// stop ends the program.
func (r *rerun) stop(sig os.Signal) int {
	if r.program == nil {
		return 0
	}
	if r.program.Process.Signal(sig) != nil { // a system without that signal, or it has ended
		_ = r.program.Process.Kill()
	}
	late := time.AfterFunc(lasting, func() { _ = r.program.Process.Kill() })
	defer late.Stop()
	exit := <-r.ended
	r.program = nil
	return exit
}

// wait returns the file that has changed; or "" and the exit code after a signal.
func (r *rerun) wait() (changed string, exit int) {
	interrupted := false
	var settled <-chan time.Time
	for {
		var ended <-chan int
		if r.program != nil {
			ended = r.ended
		}
		select {
		case e := <-r.watcher.Events:
			if e.Name == r.list {
				r.readList()
			}
			settled = time.After(settling)
		case err := <-r.watcher.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				r.say(fmt.Sprintf("--watch: %v", err))
			}
			settled = time.After(settling)
		case <-settled:
			settled = nil
			if file := r.changed(); file != "" {
				return file, 0
			}
		case exit := <-ended:
			r.program = nil
			if interrupted {
				return "", exit
			}
			r.readList()
			r.say(fmt.Sprintf("ended with exit code %d: waiting for a change", exit))
		case sig := <-r.signals:
			if sig == os.Interrupt {
				if r.program == nil {
					return "", exitInterrupt
				}
				interrupted = true
				if !repl.IsTerminal(r.a.stdin) { // a terminal has told the program, too
					_ = r.program.Process.Signal(sig)
				}
				continue
			}
			r.stop(sig)
			if sig == syscall.SIGHUP {
				return "", exitHangup
			}
			return "", exitTerminate
		}
	}
}

// readList takes the files that the program has loaded.
func (r *rerun) readList() {
	b, err := os.ReadFile(r.list)
	if err != nil {
		return
	}
	if end := bytes.LastIndexByte(b, '\n'); end >= 0 {
		for _, file := range strings.Split(string(b[:end]), "\n") {
			r.add(file)
		}
	}
}
