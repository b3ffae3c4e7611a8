package golden

// A session: an operating-system process that runs cos, with its input, its output and
// the state it reports.

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// session is one process. Its fields below the lock line are guarded by the stage's.
type session struct {
	st     *stage
	name   string
	line   int
	cmd    *exec.Cmd
	typed  *os.File // its input
	watch  net.Listener
	shell  bool          // a prompt
	closed bool          // input has ended
	done   chan struct{} // closed when the process has ended

	// guarded by stage.mu
	out, err tape
	outPipe  *os.File
	conn     net.Conn
	main     string           // $JOB of the first process
	jobs     map[string]state // by $JOB
	sends    int              // transmissions announced so far
	holds    []hold
	held     *hold // what the transmission under way waits for
	exited   bool
	code     int
}

// state is what a job does, as it last said.
type state struct{ name, device string }

func (s state) is(name, device string) bool {
	return s.name == name && (device == "" || s.device == device)
}

func (s state) String() string {
	if s.device == "" {
		return s.name
	}
	return s.name + " " + s.device
}

// States that are no waits for something in the world: a job that runs, and a prompt
// that waits for a line to be typed.
const (
	running   = "RUN"
	prompting = "PROMPT"
)

func (st *stage) process(s *step) error {
	_, err := st.start(s, splitArgs(st.expand(s.args[1])), false)
	return err
}

func (st *stage) prompt(s *step) error {
	_, err := st.start(s, []string{"--namespace", s.args[1]}, true)
	return err
}

// splitArgs splits at blanks, except inside double quotes.
func splitArgs(s string) []string {
	var out []string
	var b strings.Builder
	quoted, any := false, false
	for _, c := range s {
		switch {
		case c == '"':
			quoted, any = !quoted, true
		case c == ' ' && !quoted:
			if any || b.Len() > 0 {
				out = append(out, b.String())
			}
			b.Reset()
			any = false
		default:
			b.WriteRune(c)
		}
	}
	if any || b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// start starts cos. A name may start again once its process has ended.
func (st *stage) start(s *step, args []string, shell bool) (*session, error) {
	name := s.args[0]
	if old := st.sessions[name]; old != nil && !old.reap() {
		return nil, fmt.Errorf("%s is still running", name)
	}
	p := &session{st: st, name: name, line: s.line, shell: shell, jobs: map[string]state{}, done: make(chan struct{})}
	socket := filepath.Join(st.tmp, fmt.Sprintf("w%d", len(st.order)))
	var err error
	if p.watch, err = net.Listen("unix", socket); err != nil {
		return nil, err
	}
	argv := append(append([]string{}, st.opt.Command...), args...)
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Dir = st.dir
	p.cmd.Env = st.environ(socket)
	if err := p.connect(); err != nil {
		p.watch.Close()
		return nil, err
	}
	st.mu.Lock()
	st.sessions[name] = p
	st.order = append(st.order, name)
	st.mu.Unlock()
	return p, nil
}

// environ is the process's world: nothing of the user's folders, and our names.
func (st *stage) environ(socket string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "COS_") && !strings.HasPrefix(v, "COSPATH=") && !strings.HasPrefix(v, "XDG_") && !strings.HasPrefix(v, "HOME=") {
			env = append(env, v)
		}
	}
	home := filepath.Join(st.tmp, "home")
	env = append(append(env, st.opt.Env...), st.fixed...) // of one name, the last holds
	if st.opt.covers() {
		env = append(env, "COS_COVER="+filepath.Join(st.tmp, coverFolder))
	}
	return append(env,
		"HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home,
		"COS_DATA="+filepath.Join(st.tmp, "data"), "COS_WATCH="+socket, "COS_DRAIN=0",
		"COS_HOSTS="+strings.Join(st.hosts, ","), "COS_SERVICES="+strings.Join(st.ports, ","))
}

// takeInterrupts lets processes take the step "interrupt": what a background job of a shell
// ignores, all that it starts ignores too, unless it is caught here.
var takeInterrupts = sync.OnceFunc(func() {
	if signal.Ignored(os.Interrupt) {
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	}
})

// connect makes the pipes, starts the process and what listens to it.
func (p *session) connect() error {
	in, typed, err := os.Pipe()
	if err != nil {
		return err
	}
	out, outEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	errs, errEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = in, outEnd, errEnd
	takeInterrupts()
	err = p.cmd.Start()
	in.Close()
	outEnd.Close()
	errEnd.Close()
	if err != nil {
		typed.Close()
		out.Close()
		errs.Close()
		return err
	}
	p.typed, p.outPipe = typed, out
	p.st.workers.Add(4)
	go p.listen(out, &p.out)
	go p.listen(errs, &p.err)
	go p.control()
	go p.wait()
	return nil
}

// listen moves what the process prints onto a tape.
func (p *session) listen(f *os.File, t *tape) {
	defer p.st.workers.Done()
	for p.pump(f, t) == nil {
	}
	p.st.mu.Lock()
	t.ended = true
	p.st.changed.Broadcast()
	p.st.mu.Unlock()
	f.Close()
}

func (p *session) wait() {
	defer p.st.workers.Done()
	_ = p.cmd.Wait() // what it says is in ProcessState
	p.st.mu.Lock()
	p.exited, p.code = true, p.cmd.ProcessState.ExitCode()
	p.st.changed.Broadcast()
	p.st.mu.Unlock()
	p.watch.Close()
	close(p.done)
}

// session finds a process by name.
func (st *stage) session(name string) (*session, error) {
	if s := st.sessions[name]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%s is no process or prompt that has been started", name)
}

// settled reports that the process waits for something, with all its output here.
func (p *session) settled() bool {
	now := p.jobs[p.main].name
	return now != "" && now != running && now != "WRT" && p.drained()
}

// idle reports that a prompt waits for a line to be typed.
func (p *session) idle() bool { return p.jobs[p.main].name == prompting && p.drained() }

// final reports that no more output comes before something is typed.
func (p *session) final() bool { return p.out.ended && p.exited || p.idle() }

// quiet reports that the process has ended, or that it or one of its jobs waits for
// something.
func (p *session) quiet() bool {
	if p.exited {
		return p.out.ended && p.err.ended
	}
	for job := range p.jobs {
		if now := p.jobs[job].name; now != running && now != "WRT" {
			return p.drained()
		}
	}
	return false
}

// gone is an error when the process has ended.
func (p *session) gone() error {
	if p.exited && p.out.ended && p.err.ended {
		return fmt.Errorf("%s has ended with exit code %d", p.name, p.code)
	}
	return nil
}

// reap reports whether the process has ended with nothing left to expect.
func (p *session) reap() bool {
	p.st.mu.Lock()
	defer p.st.mu.Unlock()
	return p.gone() != nil
}

// ready waits until a prompt asks for a line, so that all it printed before is here and
// a state it reports later is about the line to come. Other processes are typed at as
// at a terminal, any time.
func (p *session) ready() error {
	if !p.shell {
		return nil
	}
	err := p.st.wait(func() (bool, error) { return p.idle(), p.gone() })
	if err != nil {
		return p.st.stuck(err, p.name+" to ask for a line")
	}
	return nil
}

// typing types one line.
func (p *session) typing(text string) error {
	p.st.mu.Lock()
	p.out.fresh()
	if p.shell {
		p.jobs[p.main] = state{name: running}
	}
	p.st.mu.Unlock()
	if err := p.typed.SetWriteDeadline(p.st.limit); err != nil {
		return err
	}
	if _, err := p.typed.WriteString(text + "\n"); err != nil {
		return fmt.Errorf("%s takes no input: %w", p.name, err)
	}
	return nil
}

// endInput ends what can be typed: a prompt halts.
func (p *session) endInput() {
	if !p.closed {
		p.closed = true
		p.typed.Close()
	}
}

// killAfter is how long a process may take to end after SIGTERM.
const killAfter = 3 * time.Second

// stop ends the process whatever it does.
func (p *session) stop() {
	p.endInput()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	late := time.AfterFunc(killAfter, func() { _ = p.cmd.Process.Kill() })
	<-p.done
	late.Stop()
	p.st.mu.Lock()
	if p.conn != nil {
		p.conn.Close()
	}
	p.st.mu.Unlock()
}
