package cli

// How cos ends: Ctrl-C, SIGTERM and SIGHUP, and what they do to the first process and
// to the jobs (rules B1 and B26).

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// patience is how long an ending may take: a WRITE blocked on a full socket delays it
// no longer (rule B26).
const patience = 5 * time.Second

// ending watches for signals from newEnding to over.
type ending struct {
	s       *session
	signals chan os.Signal
	quit    chan struct{} // closed by over
	stop    chan struct{} // closed when everything must end

	mu     sync.Mutex
	alone  bool      // the first process has ended, only jobs remain
	last   time.Time // of Ctrl-C
	drains bool      // SIGTERM has come
	status int       // of the signal that ends everything, 0: none
	limit  *time.Timer
}

func newEnding(s *session) *ending {
	e := &ending{s: s, signals: make(chan os.Signal, 8), quit: make(chan struct{}), stop: make(chan struct{})}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if !signal.Ignored(sig) { // nohup, and what a shell puts in the background
			signal.Notify(e.signals, sig)
		}
	}
	// To ask for SIGPIPE is to make a closed standard output an error of the write.
	signal.Notify(e.signals, syscall.SIGTERM, syscall.SIGPIPE)
	go e.watch()
	return e
}

func (e *ending) watch() {
	for {
		select {
		case sig := <-e.signals:
			switch sig {
			case os.Interrupt:
				e.interrupt()
			case syscall.SIGTERM:
				e.terminate()
			case syscall.SIGHUP:
				e.all(exitHangup)
			}
		case <-e.quit:
			return
		}
	}
}

// insisting is how soon after a Ctrl-C a second one means that a program which traps
// <INTERRUPT> shall end all the same.
const insisting = time.Second

// interrupt is Ctrl-C: <INTERRUPT> in the first process. One that comes while the last
// has not been raised yet, or within a second of it, or while only jobs remain, ends
// everything. At the prompt, which is there to be interrupted, haste means nothing: only
// one that nothing has come of for a second makes the next one end it.
func (e *ending) interrupt() {
	e.mu.Lock()
	haste, stuck := time.Since(e.last) < insisting, e.s.main.Interrupted()
	again := e.alone || haste && !e.s.shell || stuck && !(haste && e.s.shell)
	if !stuck {
		e.last = time.Now()
	}
	e.mu.Unlock()
	if again {
		e.all(exitInterrupt)
		return
	}
	e.s.main.Interrupt()
}

// terminate is SIGTERM: no client comes any more, what has no connection ends, and what has
// one may go on for a while. A second one ends everything.
func (e *ending) terminate() {
	e.mu.Lock()
	again := e.drains
	e.drains = true
	e.mu.Unlock()
	if again || e.s.Drain == 0 {
		e.s.manager.stopping("ending")
		e.all(exitTerminate)
		return
	}
	if e.s.gentle.Load() {
		e.s.manager.stopping("draining")
		e.s.main.Interrupt()
		go e.leave(time.Duration(e.s.Drain))
		return
	}
	e.s.sys.Drain()
	e.s.manager.stopping("draining") // who hears it finds the ports closed
	if e.s.shell {
		e.s.main.Kill(exitTerminate)
	}
	go e.drain(time.Duration(e.s.Drain))
}

// leave gives a program that ends by itself the time to do so.
func (e *ending) leave(limit time.Duration) {
	over := time.NewTimer(limit)
	defer over.Stop()
	select {
	case <-over.C:
		e.all(exitTerminate)
	case <-e.quit:
	}
}

// drainPace is how often a draining cos looks for processes that have no connection left.
const drainPace = 20 * time.Millisecond

// drain ends everything when no process has a connection any more, or the time is over.
func (e *ending) drain(limit time.Duration) {
	over := time.NewTimer(limit)
	defer over.Stop()
	tick := time.NewTicker(drainPace)
	defer tick.Stop()
	for e.s.sys.EndIdle(exitTerminate) > 0 {
		select {
		case <-tick.C:
		case <-over.C:
			e.all(exitTerminate)
			return
		case <-e.quit:
			return
		}
	}
	e.all(exitTerminate)
}

// all ends the first process and, once it has closed what it holds, its jobs.
func (e *ending) all(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.status != 0 {
		return
	}
	e.status = status
	e.limit = time.AfterFunc(patience, func() {
		_ = e.s.console.Raw(false)
		e.s.shown.end()
		os.Exit(status)
	})
	if !e.alone {
		e.s.main.Kill(status)
	}
	close(e.stop)
}

// mainIsOver says that only jobs remain.
func (e *ending) mainIsOver() {
	e.mu.Lock()
	e.alone = true
	e.mu.Unlock()
}

// over ends the watching and returns the exit code: status, unless a signal has set its
// own.
func (e *ending) over(status int) int {
	signal.Stop(e.signals)
	close(e.quit)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.limit != nil {
		e.limit.Stop()
	}
	switch {
	case e.status != 0:
		return e.status
	case e.drains: // the last connection has ended before anybody looked
		return exitTerminate
	}
	return status
}
