package devices

// Programs that are run for their exit code: $ZF. A program shares the console, or has
// files for its input and output; waiting for it is a wait as any other.

import (
	"io"
	"os"
	"os/exec"
	goruntime "runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Redirect is a file in place of a standard stream; Path "" leaves the stream alone.
type Redirect struct {
	Path   string
	Append bool
}

// Program is a program to run. The zero Path with Shell is the shell itself.
type Program struct {
	Path                  string // the program, or with Shell a command
	Args                  []string
	Shell, Async, NoQuote bool
	Quiet                 bool    // no console: the streams are the null device
	Console               Console // whose streams it has, nil for the null device
	Log                   bool
	Report                func(string) // is told of the command and its end, with Log
	Stdin, Stdout, Stderr Redirect
}

// lingering is how long output is awaited from what a program left behind.
const lingering = time.Second

// Run starts the program and, unless it is Async, waits for its end. It returns the exit
// code (128 and the signal's number after a signal) and the process id; an error when the
// program could not be started, or ErrInterrupted, when it has been killed.
func (r *Program) Run(h Host) (code, pid int, err error) {
	cmd := r.command()
	r.log("cmd=" + strings.Join(append([]string{r.Path}, r.Args...), " "))
	files, err := r.streams(cmd)
	defer func() {
		for _, f := range files {
			_ = f.Close()
		}
	}()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		r.log("ret=-1")
		return 0, 0, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its result is in ProcessState
		close(ended)
	}()
	pid = cmd.Process.Pid
	if r.Async {
		return 0, pid, nil
	}
	if err := r.await(h, cmd, ended); err != nil {
		return 0, pid, err
	}
	code = exitCode(cmd.ProcessState)
	r.log("ret=" + strconv.Itoa(code))
	return code, pid, nil
}

// await waits for the program; an interrupt kills it.
func (r *Program) await(h Host, cmd *exec.Cmd, ended chan struct{}) error {
	bell := make(ringer, 1)
	err := h.Enter(WaitProgram, bell)
	if err == nil {
		defer h.Leave()
		select {
		case <-ended:
			if !interruptedToo(cmd.ProcessState, bell) {
				return nil
			}
			return ErrInterrupted
		case <-bell:
			err = ErrInterrupted
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	return err
}

// interruptedToo tells whether a program was ended by the Ctrl-C that ends the wait for it
// too: the terminal sends it to both, and it may come here a moment later.
func interruptedToo(program *os.ProcessState, bell <-chan struct{}) bool {
	if exitCode(program) != 128+int(syscall.SIGINT) {
		return false
	}
	select {
	case <-bell:
		return true
	case <-time.After(lateSignal):
		return false
	}
}

// lateSignal is how much later that may be, on a machine that is busy.
const lateSignal = time.Second

// ringer wakes a wait.
type ringer chan struct{}

func (r ringer) Interrupt() {
	select {
	case r <- struct{}{}:
	default:
	}
}

// exitCode is the exit code of a program that has ended.
func exitCode(state *os.ProcessState) int {
	if signal, ok := state.Sys().(interface{ Signal() syscall.Signal }); ok && state.ExitCode() < 0 {
		return 128 + int(signal.Signal())
	}
	return state.ExitCode()
}

func (r *Program) log(text string) {
	if r.Report != nil {
		r.Report("$ZF(-100) " + text)
	}
}

// command is the program with its arguments, or a shell with a line of them.
func (r *Program) command() *exec.Cmd {
	if !r.Shell {
		return exec.Command(r.Path, r.Args...)
	}
	words := []string{r.Path}
	for _, a := range r.Args {
		if !r.NoQuote {
			a = quoteWord(a)
		}
		words = append(words, a)
	}
	shell, flag := "/bin/sh", "-c"
	if goruntime.GOOS == "windows" {
		shell, flag = "cmd", "/c"
	}
	if r.Path == "" {
		return exec.Command(shell)
	}
	return exec.Command(shell, flag, strings.Join(words, " "))
}

// plainWord are the characters that no shell takes for more than themselves.
const plainWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-"

// quoteWord quotes a word of a command line where it needs it.
func quoteWord(s string) string {
	switch {
	case s != "" && strings.Trim(s, plainWord) == "":
		return s
	case goruntime.GOOS == "windows":
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// sharing is a console on files that a program can share.
type sharing interface {
	Files() (in, out *os.File)
}

// streams gives the program its streams, and returns the files to close when it has
// started.
func (r *Program) streams(cmd *exec.Cmd) (files []*os.File, err error) {
	cmd.WaitDelay = lingering
	if r.Console != nil && !r.Quiet {
		if c, ok := r.Console.(sharing); ok {
			in, out := c.Files()
			cmd.Stdin, cmd.Stdout = in, out
			if r.Async {
				cmd.Stdin = nil // it takes none of what the program is to READ
			}
		} else if !r.Async {
			cmd.Stdout = outputOf{r.Console}
		}
		cmd.Stderr = os.Stderr
	}
	open := func(to Redirect, flag int) *os.File {
		if to.Path == "" || err != nil {
			return nil
		}
		var f *os.File
		if f, err = os.OpenFile(to.Path, flag, 0o666); err == nil {
			files = append(files, f)
		}
		return f
	}
	if f := open(r.Stdin, os.O_RDONLY); f != nil {
		cmd.Stdin = f
	}
	if f := open(r.Stdout, writing(r.Stdout)); f != nil {
		cmd.Stdout = f
	}
	switch {
	case r.Stderr.Path != "" && r.Stderr.Path == r.Stdout.Path:
		cmd.Stderr = cmd.Stdout
	default:
		if f := open(r.Stderr, writing(r.Stderr)); f != nil {
			cmd.Stderr = f
		}
	}
	return files, err
}

func writing(to Redirect) int {
	if to.Append {
		return os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	return os.O_WRONLY | os.O_CREATE | os.O_TRUNC
}

// outputOf writes to a console.
type outputOf struct{ Console }

var _ io.Writer = outputOf{}

func (o outputOf) Write(b []byte) (int, error) { return o.WriteOutput(b) }
