package cli

// A session: one System with its first process on a terminal, from start to exit code.

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"cos/devices"
	"cos/lang"
	"cos/repl"
	"cos/runtime"
)

type session struct {
	*app
	sys     *runtime.System
	main    *runtime.Process
	console devices.Console
	term    *devices.Terminal
	watch   *watcher    // nil: nobody watches
	shown   *shown      // trace and metrics
	shell   bool        // the first process is a prompt
	reports reports     // of jobs
	gentle  atomic.Bool // the first process ends by itself when SIGTERM interrupts it
	end     *ending
	manager *manager // nil: no service manager asks
}

// open makes a session. folder is TARGET's; shell makes it a prompt's.
func (a *app) open(folder string, shell bool, show *showing) (*session, error) {
	s := &session{app: a, shell: shell}
	console, err := devices.NewConsole(a.stdin, a.stdout)
	if err != nil {
		return nil, err
	}
	if shell {
		console = repl.Keys(console)
	}
	s.console = console
	env, err := environment(console)
	if err != nil {
		return nil, err
	}
	if err := a.shut(env); err != nil {
		return nil, err
	}
	cfg := a.config(folder, env)
	s.reports.to = a.stderr
	cfg.Stderr = &s.reports
	if cfg.TLS, err = a.tlsConfigs(); err != nil {
		return nil, err
	}
	if s.watch, err = newWatcher(); err != nil {
		return nil, err
	}
	if s.watch != nil {
		cfg.Watch = s.watch
	}
	if s.shown, cfg.Observer, err = show.open(a.stderr); err != nil {
		return nil, err
	}
	cfg.Cover = s.shown.cover != nil
	s.sys = runtime.NewSystem(cfg)
	if err = s.shown.serve(show.metrics, s.sys); err != nil {
		return nil, err
	}
	s.main, err = s.sys.NewProcess(func(h devices.Host) (devices.Device, error) {
		if socket, ok := devices.StandardSocket(env, h, a.stdin); ok && !shell {
			return socket, nil
		}
		s.term = devices.NewTerminal(env, h)
		return s.term, nil
	})
	if err != nil {
		return nil, err
	}
	if s.watch != nil {
		s.watch.job.Store(int64(s.main.ID()))
	}
	if s.manager = newManager(s); s.manager != nil {
		env.Listeners.Opened = s.manager.listening
	}
	s.end = newEnding(s)
	if s.term != nil {
		s.term.OnInterrupt = s.end.interrupt
	}
	return s, nil
}

// finish ends the first process, waits for its jobs and returns the exit code. err is
// what the first process ended with.
func (s *session) finish(err error) int {
	flushed := s.main.Principal().Flush(devices.AtPrompt)
	status := s.status(err)
	if err != runtime.ErrHalt && s.console.Gone() {
		signal.Ignore(syscall.SIGHUP) // it may come yet, and is not to end what ends
		status = exitHangup
	}
	s.main.Close()
	if !s.shell { // who sits at a prompt has seen it
		s.sys.LogUntrapped(err)
	}
	if err != nil && err != runtime.ErrHalt && err != repl.ErrFailed {
		s.report(err)
	}
	if flushed != nil && status == 0 {
		s.report(flushed)
		status = exitError
	}
	s.waitForJobs()
	s.sys.Close()
	s.manager.end()
	s.shown.end()
	return s.end.over(status)
}

// status is the exit code that goes with an error.
func (s *session) status(err error) int {
	var failed *runtime.Error
	var usage *runtime.UsageError
	var syntax *lang.SyntaxError
	switch {
	case err == nil:
		return 0
	case err == runtime.ErrHalt:
		return s.main.ExitStatus()
	case errors.As(err, &failed) && (failed.Interrupted || failed.Name == "INTERRUPT"):
		return exitInterrupt
	case errors.As(err, &usage), errors.As(err, &syntax):
		return exitUsage
	}
	return exitError
}

// waitForJobs returns when the last job has ended or a signal ends all (rule B1).
func (s *session) waitForJobs() {
	s.end.mainIsOver()
	if n := s.sys.Jobs(); n > 0 && repl.IsTerminal(s.stderr) {
		fmt.Fprintln(s.stderr, jobsRunning(n))
	}
	done := make(chan struct{})
	go func() {
		s.sys.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-s.end.stop:
	}
}

func jobsRunning(n int) string {
	if n == 1 {
		return "1 job running, Ctrl-C ends it"
	}
	return fmt.Sprintf("%d jobs running, Ctrl-C ends them", n)
}

// report shows an untrapped error on standard error.
func (s *session) report(err error) {
	var failed *runtime.Error
	var usage *runtime.UsageError
	var syntax *lang.SyntaxError
	var crash *runtime.Crash
	var device *devices.Error
	switch {
	case errors.As(err, &failed):
		s.showError(failed)
	case errors.As(err, &usage):
		fmt.Fprintf(s.stderr, "cos: %s\n", lang.Visible(usage.Error()))
	case errors.As(err, &syntax):
		fmt.Fprintf(s.stderr, "cos: %s\n", syntax.Long())
	case errors.As(err, &crash):
		fmt.Fprint(s.stderr, lang.VisibleLines(fmt.Sprintf("cos: %v\n%s", crash, crash.Stack)))
	case errors.As(err, &device):
		fmt.Fprintf(s.stderr, "<%s> %s\n", device.Name, lang.Visible(fmt.Sprint(device.Err)))
	default:
		fmt.Fprintf(s.stderr, "cos: %s\n", lang.Visible(err.Error()))
	}
}

// showError writes an M error as runtime.WriteError does, its first line and its caret
// in colour where a person reads it.
func (s *session) showError(e *runtime.Error) {
	var b strings.Builder
	runtime.WriteError(&b, e)
	if !colours(s.stderr) {
		fmt.Fprint(s.stderr, b.String())
		return
	}
	first, rest, _ := strings.Cut(b.String(), "\n")
	fmt.Fprintf(s.stderr, "%s%s%s\n", red, first, plain)
	for _, line := range strings.SplitAfter(rest, "\n") {
		if strings.TrimSpace(line) == "^" {
			line = strings.Replace(line, "^", red+"^"+plain, 1)
		}
		fmt.Fprint(s.stderr, line)
	}
}

// Colours, as terminals take them.
const (
	red   = "\x1b[1;31m"
	plain = "\x1b[0m"
)

// colours tells whether colours may be written to f: a terminal, and nobody objects
// (https://no-color.org).
func colours(f *os.File) bool { return repl.IsTerminal(f) && os.Getenv("NO_COLOR") == "" }
