package runtime

// What other goroutines may do to a process: interrupt it, kill it, see what it waits
// for. signals.pending is polled at every command; every wait is bracketed by Enter
// and Leave, so an interrupt ends it at once. waitNames lists all waits of the house.

import (
	"sync"
	"sync/atomic"
	"time"

	"cos/devices"
)

type signals struct {
	pending     atomic.Uint32 // signal bits
	waiting     atomic.Uint32 // devices.Wait
	connections atomic.Int32  // how many it has
	mu          sync.Mutex
	waker       devices.Interrupter // guarded by mu: what ends the current wait
	status      int                 // guarded by mu: exit status that comes with sigKill

	last sighting // guarded by mu: what was seen at the last wait

	selected bool          // guarded by mu: SelectInterrupt has called
	messages []message     // guarded by mu: of Broadcast
	ended    chan struct{} // guarded by mu: closed at the end; nil while nobody asks
}

// sighting is what others may see of a process.
type sighting struct {
	device, namespace, routine string
	at                         *Routine // what runs, and where
	pos                        pos
}

// seen is what there is to see of the process now; it is for its own goroutine.
func (p *Process) seen() sighting {
	return sighting{p.currentName(), p.namespace, p.routineName(), p.routine, p.pos}
}

const (
	sigInterrupt uint32 = 1 << iota // Ctrl-C
	sigKill                         // Terminate
	sigMonitor                      // D mode: look for a disconnect
	sigMessage                      // Broadcast: write the messages
	sigObserver                     // Watch: another observer
	sigDebug                        // breakpoints or stepping (zbreak.go); it stays
	sigCover                        // lines are counted (cover.go); it stays
)

// sigStays are the signals that only let command boundaries look.
const sigStays = sigDebug | sigCover

// sigWake are the signals that end a wait.
const sigWake = sigInterrupt | sigKill

// waitNames are the states that %SYSTEM.Process.State and goldens show.
var waitNames = [...]string{
	devices.NoWait: "RUN", devices.WaitRead: "READ", devices.WaitAccept: "READ", devices.WaitConnect: "OPEN",
	devices.WaitResolve: "OPEN", devices.WaitListen: "OPEN", devices.WaitOpen: "OPEN", devices.WaitWrite: "WRT",
	devices.WaitHang: "HANG", devices.WaitLock: "LOCK", devices.WaitJob: "JOB", devices.WaitPipe: "CLOS",
	devices.WaitSelect: "SLCT", devices.WaitProgram: "ZF",
}

// Enter implements devices.Host.
func (p *Process) Enter(kind devices.Wait, by devices.Interrupter) error {
	if err := p.Barrier(); err != nil && !p.prompting { // the prompt has told it
		return err
	}
	if d := p.io.principal; d != nil && kind != devices.WaitWrite && d != p.io.device() {
		_ = d.Flush(devices.BeforeWait) // what was written is seen before the wait; the next WRITE meets the error again
	}
	p.signal.mu.Lock()
	if p.signal.pending.Load()&sigWake != 0 {
		p.signal.mu.Unlock()
		return devices.ErrInterrupted
	}
	p.signal.waker = by
	p.signal.last = p.seen()
	p.signal.waiting.Store(uint32(kind))
	p.signal.mu.Unlock()
	if w := p.sys.cfg.Watch; w != nil {
		w.State(p.id, waitNames[kind], p.currentName())
	}
	return nil
}

// Leave implements devices.Host.
func (p *Process) Leave() {
	p.signal.mu.Lock()
	p.signal.waker = nil
	p.signal.waiting.Store(uint32(devices.NoWait))
	p.signal.mu.Unlock()
	if w := p.sys.cfg.Watch; w != nil {
		w.State(p.id, waitNames[devices.NoWait], "")
	}
}

// CountConnections is told by devices of each connection that begins (1) or ends (-1).
func (p *Process) CountConnections(change int) { p.signal.connections.Add(int32(change)) }

// Interrupt raises <INTERRUPT> in the process, from any goroutine.
func (p *Process) Interrupt() { p.send(sigInterrupt, 0) }

// Interrupted reports whether an <INTERRUPT> is still to be raised.
func (p *Process) Interrupted() bool { return p.signal.pending.Load()&sigInterrupt != 0 }

// Settle acts on a signal that came while no program ran: it returns ErrHalt after a
// kill, an <INTERRUPT> after an interrupt, nil when there was none.
func (p *Process) Settle() error { return p.Run(p.poll) }

// Kill ends the process with an exit status, from any goroutine.
func (p *Process) Kill(status int) { p.send(sigKill, status) }

func (p *Process) send(bit uint32, status int) {
	p.signal.mu.Lock()
	defer p.signal.mu.Unlock()
	if bit == sigKill {
		p.signal.status = status
	}
	p.signal.pending.Or(bit)
	if p.signal.waker != nil {
		p.signal.waker.Interrupt()
	}
}

// poll acts on signals, at a command boundary or after an interrupted wait.
func (p *Process) poll() {
	if p.signal.pending.Load()&^sigStays == 0 {
		return
	}
	p.signal.mu.Lock()
	bits := p.signal.pending.And(sigStays)
	status := p.signal.status
	p.signal.mu.Unlock()
	if bits&sigObserver != 0 {
		p.observer = *p.sys.observer.Load()
	}
	switch {
	case bits&sigKill != 0:
		p.exit = status
		p.halt()
	case bits&sigMessage != 0:
		p.signal.pending.Or(bits &^ (sigMessage | sigStays))
		p.showMessages()
		p.poll()
	case bits&sigInterrupt != 0:
		p.raise(errInterrupt, "")
	case bits&sigMonitor != 0:
		p.lookForDisconnect()
	}
}

// monitorDisconnect starts the clock of D mode when the current device asks for it
// (manual, "Monitoring for Disconnect Mode"). The look itself happens between two
// commands, so never during a READ or HANG.
func (p *Process) monitorDisconnect() {
	if m, ok := p.io.device().(devices.Monitor); ok && m.Monitored() && p.monitor == nil {
		p.monitor = time.AfterFunc(p.sys.cfg.Env.DisconnectPoll(), func() { p.signal.pending.Or(sigMonitor) })
	}
}

func (p *Process) lookForDisconnect() {
	p.monitor = nil
	m, ok := p.io.device().(devices.Monitor)
	if !ok || !m.Monitored() {
		return
	}
	p.monitorDisconnect()
	if err := m.CheckDisconnect(); err != nil {
		p.ioError(err, errDisconnect)
	}
}

// State is what the process does, as %SYSTEM.Process.State() names it.
func (p *Process) State() string { return waitNames[p.signal.waiting.Load()] }

// wake is an Interrupter that closes a channel once: for waits that select.
type wake struct {
	once sync.Once
	c    chan struct{}
}

func newWake() *wake { return &wake{c: make(chan struct{})} }

// Interrupt implements devices.Interrupter.
func (w *wake) Interrupt() { w.once.Do(func() { close(w.c) }) }

// wait runs a blocking function that ends early when its channel closes.
func (p *Process) wait(kind devices.Wait, block func(interrupted <-chan struct{})) {
	w := newWake()
	if p.Enter(kind, w) != nil {
		p.poll()
		return
	}
	block(w.c)
	p.Leave()
	if p.signal.pending.Load() != 0 {
		p.poll()
	}
}
