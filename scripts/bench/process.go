//go:build unix

package main

// Starting engines as processes, and asking the system what they cost.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what a finished process has cost.
type usage struct {
	cpu, wall float64 // seconds
	rss       float64 // peak, KB
}

func usageOf(state *os.ProcessState, wall time.Duration) usage {
	u := usage{cpu: (state.UserTime() + state.SystemTime()).Seconds(), wall: wall.Seconds()}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		u.rss = float64(r.Maxrss)
		if runtime.GOOS == "darwin" { // bytes there
			u.rss /= 1024
		}
	}
	return u
}

// command is how to start an engine.
type command struct {
	args []string
	env  []string // beside our own environment
	dir  string
}

// pin makes c run on one CPU.
func (c command) pin(cpu int) command {
	c.args = append([]string{"taskset", "-c", strconv.Itoa(cpu)}, c.args...)
	return c
}

// start makes the process; what it writes on stderr goes into note. Cancelling ctx
// kills it and what it started in its group.
func (c command) start(ctx context.Context, note *bytes.Buffer) *exec.Cmd {
	x := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	x.Env, x.Dir, x.Stderr = append(os.Environ(), c.env...), c.dir, note
	x.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	x.Cancel = func() error { return syscall.Kill(-x.Process.Pid, syscall.SIGKILL) }
	x.WaitDelay = 5 * time.Second
	return x
}

// run runs c to its end and returns its output and its cost.
func (c command) run(ctx context.Context, in io.Reader) ([]byte, usage, error) {
	var out, note bytes.Buffer
	x := c.start(ctx, &note)
	x.Stdin, x.Stdout = in, &out
	began := time.Now()
	if err := x.Run(); err != nil {
		return nil, usage{}, c.failed(ctx, err, &note)
	}
	return out.Bytes(), usageOf(x.ProcessState, time.Since(began)), nil
}

func (c command) failed(ctx context.Context, err error, note *bytes.Buffer) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return fmt.Errorf("%s: %w: %s", strings.Join(c.args, " "), err, strings.TrimSpace(note.String()))
}

// server is a process that announces with a line "READY" that clients may come.
type server struct {
	cmd   command
	exec  *exec.Cmd
	note  bytes.Buffer
	out   *bufio.Reader
	began time.Time
}

var errNotReady = errors.New("the server did not become ready")

func (c command) serve(ctx context.Context) (*server, error) {
	s := &server{cmd: c}
	s.exec = c.start(ctx, &s.note)
	pipe, err := s.exec.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.began, s.out = time.Now(), bufio.NewReader(pipe)
	if err := s.exec.Start(); err != nil {
		return nil, err
	}
	for {
		line, err := s.out.ReadString('\n')
		if strings.TrimSpace(line) == "READY" {
			return s, nil
		}
		if err != nil {
			_ = s.exec.Wait() // the reason is in what it wrote
			return nil, c.failed(ctx, errNotReady, &s.note)
		}
	}
}

// patience is how long a server may take to end once its clients have gone.
const patience = 10 * time.Second

// end waits for the server to end by itself and returns the last line it wrote.
func (s *server) end(ctx context.Context) (string, usage, error) {
	late := time.AfterFunc(patience, func() { _ = s.exec.Cancel() })
	defer late.Stop()
	rest, readErr := io.ReadAll(s.out)
	err := errors.Join(readErr, s.exec.Wait())
	if err != nil {
		return "", usage{}, s.cmd.failed(ctx, err, &s.note)
	}
	return strings.TrimSpace(string(rest)), usageOf(s.exec.ProcessState, time.Since(s.began)), nil
}

// kill ends a server whose clients never came; it is no error that it has ended.
func (s *server) kill() {
	_ = s.exec.Cancel()
	_ = s.exec.Wait()
}

// freePort returns a TCP port that nothing listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// memory is what a process holds now, in KB: PSS counts shared pages by their share.
type memory struct{ pss, rss float64 }

// memoryOf adds up processes; ok is false where the system does not tell.
func memoryOf(pids ...int) (m memory, ok bool) {
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue
		}
		ok = true
		m.pss += field(text, "Pss:")
		m.rss += field(text, "Rss:")
	}
	return m, ok
}

// field returns the number behind a name in a file of /proc.
func field(text []byte, name string) float64 {
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			words := strings.Fields(rest)
			if len(words) > 0 {
				n, _ := strconv.ParseFloat(words[0], 64) // 0 says as much as an error
				return n
			}
		}
	}
	return 0
}

// processesIn lists the processes that work in dir. Only a folder of our own is asked
// for: GT.M's jobs leave their process group, but not their folder.
func processesIn(dir string) []int {
	var out []int
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == dir {
			pid, _ := strconv.Atoi(strings.Split(link, "/")[2])
			out = append(out, pid)
		}
	}
	return out
}

// lastCPU returns the last CPU this process may run on, -1 if there is no taskset.
func lastCPU() int {
	if _, err := exec.LookPath("taskset"); err != nil {
		return -1
	}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
			list = strings.TrimSpace(list)
			n, err := strconv.Atoi(list[strings.LastIndexAny(list, ",-")+1:])
			if err == nil {
				return n
			}
		}
	}
	return -1
}

// raiseFiles lets this process and what it starts open as many files as it may.
func raiseFiles() error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return err
	}
	l.Cur = l.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l)
}
