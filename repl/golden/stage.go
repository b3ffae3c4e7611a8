package golden

// The stage: one session file being played. All that changes while it runs is guarded
// by one lock, and every change wakes every wait.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"time"

	"cos/runtime/coverage"
)

// stage plays one script.
type stage struct {
	script *script
	ctx    context.Context // its end breaks the file off
	opt    *Options
	dir    string // of the session file, where its processes run
	tmp    string // its own folder: data, home, sockets
	vars   map[string]string
	hosts  []string
	ports  []string      // services
	fixed  []string      // environment of the clock and seed lines so far
	ran    *coverage.Set // which lines have run, nil: nobody asked
	limit  time.Time
	taken  []net.PacketConn // what says to others that a port is taken
	edits  *edits           // --update, else nil
	lap    int              // of the repeat under way, from 1

	mu       sync.Mutex
	changed  *sync.Cond
	sessions map[string]*session
	peers    map[string]*peer
	order    []string // names in order of their start
	over     bool     // all waits give up
	workers  sync.WaitGroup
}

// failure is a step that went wrong.
type failure struct {
	line int
	msg  string
}

func (f *failure) Error() string { return f.msg }

var errLimit = errors.New("the time limit has passed")

func newStage(ctx context.Context, s *script, o *Options) (*stage, error) {
	tmp, err := os.MkdirTemp("", "cos-golden-")
	if err == nil && o.covers() {
		err = os.Mkdir(filepath.Join(tmp, coverFolder), 0o700)
	}
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(filepath.Dir(s.path))
	if err != nil {
		return nil, err
	}
	st := &stage{
		script: s, opt: o, ctx: ctx, dir: dir, tmp: tmp, vars: map[string]string{"tmp": tmp},
		sessions: map[string]*session{}, peers: map[string]*peer{},
		limit: time.Now().Add(s.limit * time.Duration(max(1, o.Patience))),
	}
	st.changed = sync.NewCond(&st.mu)
	if o.Update {
		st.edits = &edits{}
	}
	return st, nil
}

// play runs all steps and then looks for what no step expected.
func (st *stage) play() error {
	alarm := time.AfterFunc(time.Until(st.limit), st.wake)
	defer alarm.Stop()
	defer context.AfterFunc(st.ctx, st.breakOff)()
	err := st.steps(st.script.steps)
	if err == nil {
		err = st.finish()
	}
	if e := st.end(); err == nil {
		err = e
	}
	return err
}

func (st *stage) steps(list []*step) error {
	for _, s := range list {
		if err := s.run(st, s); err != nil {
			var f *failure
			if !errors.As(err, &f) {
				err = &failure{line: s.line, msg: err.Error()}
			}
			return err
		}
	}
	return nil
}

// breakOff lets all waits give up.
func (st *stage) breakOff() {
	st.mu.Lock()
	st.over = true
	st.changed.Broadcast()
	st.mu.Unlock()
}

func (st *stage) wake() {
	st.mu.Lock()
	st.changed.Broadcast()
	st.mu.Unlock()
}

// wait returns when done says so; the lock is held while it is asked. It returns
// errLimit when the time is over.
func (st *stage) wait(done func() (bool, error)) error {
	return st.waitUntil(st.limit, done)
}

func (st *stage) waitUntil(limit time.Time, done func() (bool, error)) error {
	if limit.Before(st.limit) {
		alarm := time.AfterFunc(time.Until(limit), st.wake)
		defer alarm.Stop()
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		if st.over || !time.Now().Before(limit) {
			return errLimit
		}
		st.changed.Wait()
	}
}

var variable = regexp.MustCompile(`\$[A-Za-z][A-Za-z0-9]*`)

// expand puts the values of declared variables in. Other names after $, such as M's
// own, stay as they are.
func (st *stage) expand(s string) string {
	return variable.ReplaceAllStringFunc(s, func(v string) string {
		if value, ok := st.vars[v[1:]]; ok {
			return value
		}
		return v
	})
}

// ---- declarations

// Ports are chosen below those that systems hand out to clients, so that no connection's
// own end takes one between its choice and its use.
const firstPort, portRange = 10240, 20000

// freePort chooses a port on which nobody listens. The UDP port of the same number is
// held as long as the file runs: it tells other runners, in other processes too, that
// the number is taken.
func (st *stage) freePort() (int, error) {
	for range portRange {
		n := firstPort + rand.IntN(portRange)
		taken, err := net.ListenPacket("udp4", "127.0.0.1:"+strconv.Itoa(n))
		if err != nil {
			continue
		}
		st.taken = append(st.taken, taken)
		if !answers(n) {
			return n, nil
		}
	}
	return 0, errors.New("no free port")
}

// answers reports whether somebody listens on a port. Listening to find out would keep
// the port busy: a process that is being started has a copy of the socket for a moment.
func answers(port int) bool {
	conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return !errors.Is(err, syscall.ECONNREFUSED)
	}
	conn.Close()
	return true
}

func (st *stage) port(s *step) error {
	n, err := st.freePort()
	st.vars[s.args[0]] = strconv.Itoa(n)
	return err
}

func (st *stage) host(s *step) error {
	st.hosts = append(st.hosts, s.args[0]+"="+st.expand(s.args[1]))
	return nil
}

func (st *stage) service(s *step) error {
	st.ports = append(st.ports, s.args[0]+"="+st.expand(s.args[1]))
	return nil
}

// setClock and setSeed hold for the processes that start below.
func (st *stage) setClock(s *step) error {
	st.fixed = append(st.fixed, "COS_CLOCK="+s.args[0])
	return nil
}

func (st *stage) setSeed(s *step) error {
	st.fixed = append(st.fixed, "COS_SEED="+s.args[0])
	return nil
}

func (st *stage) file(s *step) error {
	path := filepath.Join(st.tmp, s.args[0])
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(st.expand(s.text)), 0o600)
}

// repeat plays its steps again and again; --update writes what the first lap showed.
func (st *stage) repeat(s *step) error {
	n, err := strconv.Atoi(s.args[0])
	if err != nil {
		return err
	}
	defer func() { st.lap = 0 }()
	for st.lap = 1; st.lap <= n; st.lap++ {
		if err := st.steps(s.body); err != nil {
			var f *failure
			if errors.As(err, &f) && n > 1 {
				f.msg += fmt.Sprintf("\n  in repetition %d of %d", st.lap, n)
			}
			return err
		}
	}
	return nil
}

// ---- waits that a person writes

// condition is what "until" and "hold" wait for; it is asked with the lock held.
type condition func() (bool, error)

var conditions = []struct {
	re   *regexp.Regexp
	make func(*stage, []string) (condition, error)
}{
	{re(`(\w+) waits in (\w+)(?: (\S+))?`), (*stage).mainWaits},
	{re(`(\w+)'s job waits in (\w+)(?: (\S+))?`), (*stage).jobWaits},
	{re(`(\w+) is at its prompt`), (*stage).prompted},
	{re(`(\w+) (?:has )?print(?:s|ed)`), (*stage).prints},
}

func (st *stage) condition(text string) (condition, error) {
	for _, c := range conditions {
		if m := c.re.FindStringSubmatch(text); m != nil {
			return c.make(st, m[1:])
		}
	}
	return nil, fmt.Errorf("this is no condition: %s", text)
}

func (st *stage) mainWaits(a []string) (condition, error) {
	s, err := st.session(a[0])
	if err != nil {
		return nil, err
	}
	device := st.expand(a[2])
	return func() (bool, error) {
		return s.jobs[s.main].is(a[1], device), s.gone()
	}, nil
}

func (st *stage) jobWaits(a []string) (condition, error) {
	s, err := st.session(a[0])
	if err != nil {
		return nil, err
	}
	device := st.expand(a[2])
	return func() (bool, error) {
		for job, now := range s.jobs {
			if job != s.main && now.is(a[1], device) {
				return true, nil
			}
		}
		return false, s.gone()
	}, nil
}

func (st *stage) prompted(a []string) (condition, error) {
	s, err := st.session(a[0])
	if err != nil {
		return nil, err
	}
	return func() (bool, error) { return s.idle(), s.gone() }, nil
}

// prints is true when the session has printed since the condition was made.
func (st *stage) prints(a []string) (condition, error) {
	s, err := st.session(a[0])
	if err != nil {
		return nil, err
	}
	st.mu.Lock()
	s.drained()
	from := s.out.total
	st.mu.Unlock()
	return func() (bool, error) { return s.out.total > from, s.gone() }, nil
}

func (st *stage) until(s *step) error {
	c, err := st.condition(s.args[0])
	if err != nil {
		return err
	}
	if err := st.wait(c); err != nil {
		return st.stuck(err, "until "+s.args[0])
	}
	return nil
}

var ordinals = map[string]int{"next": 1, "first": 1, "output": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}

// hold makes a session's n-th transmission from now on wait for a condition.
func (st *stage) hold(s *step) error {
	on, err := st.session(s.args[0])
	if err != nil {
		return err
	}
	n := ordinals[s.args[1]]
	if n == 0 {
		return fmt.Errorf("which transmission is the %q?", s.args[1])
	}
	c, err := st.condition(s.args[2])
	if err != nil {
		return err
	}
	st.mu.Lock()
	on.holds = append(on.holds, hold{at: on.sends + n, until: c, line: s.line})
	st.mu.Unlock()
	return nil
}

// hold is a transmission that waits.
type hold struct {
	at    int // the number of the transmission
	until condition
	line  int
}
