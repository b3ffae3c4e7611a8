package cli

// cos without a verb: the prompt.

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"cos/devices"
	"cos/devices/trace"
	"cos/repl"
)

type promptVerb struct{}

func (*promptVerb) run(a *app) int {
	s, err := a.open(".", true, &showing{})
	if err != nil {
		return a.fail(err)
	}
	p := &repl.Prompt{
		Process: s.main, Console: s.console, Terminal: s.term,
		Banner: banner(s.sys.Identity()), History: filepath.Join(stateDir(), "history"), Begin: aliasFiles(), Tracer: s.tracer,
	}
	if s.watch != nil {
		p.Waiting = s.watch.prompting.Store
	}
	if repl.IsTerminal(a.stderr) {
		p.Reports = s.reports.turn
	}
	if !a.DebugPanic {
		defer ignore(syscall.SIGQUIT)() // Ctrl-\ is beside keys that people use
	}
	return s.finish(p.Run())
}

// ignore has a signal do nothing here; programs that are started get it all the same.
func ignore(sig os.Signal) (back func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, sig)
	return func() { signal.Stop(c) }
}

// reports is where jobs report their errors, from any goroutine: standard error, or above the
// line that is typed at the prompt.
type reports struct {
	mu sync.Mutex
	to io.Writer
}

// Write implements io.Writer.
func (r *reports) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.to.Write(b)
}

// turn has reports go elsewhere, and returns what has them go where they went.
func (r *reports) turn(to io.Writer) (back func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.to
	r.to = to
	return func() { r.turn(was) }
}

// banner is what a person sees first: where the prompt runs, host:instance in Caché's words.
func banner(identity string) string {
	host, instance, _ := strings.Cut(identity, ":")
	return "Node: " + host + ", Instance: " + instance
}

// aliasFiles are the files that may hold aliases: ours, then those of IRIS and Caché.
func aliasFiles() []string {
	files := []string{filepath.Join(userFolder("XDG_CONFIG_HOME", ".config"), "cos", "init")}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".iris_init"))
	}
	return files
}

// tracer begins the trace of :trace on.
func (s *session) tracer(file string, show io.Writer) (devices.Observer, func() error, error) {
	t, err := trace.Open(trace.Options{File: file, Stderr: show, Title: "the prompt"})
	if err != nil {
		return nil, nil, err
	}
	return t, t.Close, nil
}
