package cli

// cos demo: the manual's concurrent server and several clients at once, each an
// operating-system process of its own, on a free port and a data directory that is
// thrown away. What they print is shown as they print it.

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

type demoVerb struct {
	Clients int `default:"3" placeholder:"N" help:"How many clients (default: 3)."`
}

func (v *demoVerb) Help() string {
	return `The program is the one that "cos scripts show concurrent" prints: the server JOBs a child for
each client with switch 17, which hands the connection over, and goes on listening. The child sends
its job number to the client.`
}

// demoLimit ends a demo that hangs.
const demoLimit = 30 * time.Second

func (v *demoVerb) run(a *app) int {
	dir, err := os.MkdirTemp("", "cos-demo-")
	if err != nil {
		return a.fail(err)
	}
	defer os.RemoveAll(dir)
	port, err := freePort()
	if err != nil {
		return a.fail(err)
	}
	d := &demo{dir: dir, out: a.stdout, colour: colours(a.stdout), failed: make(chan error, v.Clients+1)}
	if err := d.play(port, v.Clients); err != nil {
		return a.failed(fmt.Errorf("demo: %w", err))
	}
	return 0
}

// freePort is a port that nobody listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// demo runs the processes and shows their output.
type demo struct {
	dir    string
	colour bool
	failed chan error
	mu     sync.Mutex
	out    io.Writer
}

func (d *demo) play(port, clients int) error {
	server, opened, err := d.start("server", 0, "server^concurrent", strconv.Itoa(port))
	if err != nil {
		return err
	}
	defer stop(server)
	limit := time.AfterFunc(demoLimit, func() { _ = server.Process.Kill() })
	defer limit.Stop()
	if !<-opened {
		return fmt.Errorf("the server did not start")
	}
	var wg sync.WaitGroup
	for i := 1; i <= clients; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			d.client(i)
		}()
	}
	wg.Wait()
	select {
	case err := <-d.failed:
		return err
	default:
		return nil
	}
}

// client runs one client to its end.
func (d *demo) client(i int) {
	name := "client " + strconv.Itoa(i)
	p, _, err := d.start(name, i, "client^concurrent")
	if err == nil {
		limit := time.AfterFunc(demoLimit, func() { _ = p.Process.Kill() })
		err = p.Wait()
		limit.Stop()
	}
	if err != nil {
		d.failed <- fmt.Errorf("%s: %w", name, err)
	}
}

// start starts cos run and shows its output under a name. opened yields true at the
// first output, false when there was none.
func (d *demo) start(name string, colour int, target ...string) (p *exec.Cmd, opened <-chan bool, err error) {
	return d.begin(name, colour, append([]string{"run", "--data", d.dir}, target...)...)
}

// begin starts cos and shows its output under a name.
func (d *demo) begin(name string, colour int, args ...string) (p *exec.Cmd, opened <-chan bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	p = exec.Command(self, args...)
	first := make(chan bool, 1)
	show := &shower{d: d, name: name, colour: colour, first: first}
	p.Stdout, p.Stderr = show, show
	p.WaitDelay = time.Second
	if err := p.Start(); err != nil {
		return nil, nil, err
	}
	return p, first, nil
}

// stop ends the server as an operator would.
func stop(p *exec.Cmd) {
	if p.Process.Signal(syscall.SIGTERM) != nil {
		_ = p.Process.Kill()
	}
	_ = p.Wait()
}

// shower shows what a process prints, line by line. The programs write their line
// ends first, as M programs do, so what has arrived is shown at once.
type shower struct {
	d      *demo
	name   string
	colour int
	first  chan bool
	once   sync.Once
}

func (s *shower) Write(p []byte) (int, error) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	for _, line := range bytes.Split(p, []byte("\n")) {
		if text := strings.TrimRight(string(line), "\r "); text != "" {
			s.d.print(s.name, s.colour, text)
			s.once.Do(func() { s.first <- true })
		}
	}
	return len(p), nil
}

// print shows one line: the process's name, in its colour on a terminal, and the text.
func (d *demo) print(name string, colour int, text string) {
	if d.colour {
		fmt.Fprintf(d.out, "\x1b[%dm%-9s\x1b[0m %s\n", 32+colour%5, name, text)
		return
	}
	fmt.Fprintf(d.out, "%-9s %s\n", name, text)
}
