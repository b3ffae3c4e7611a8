package cli

// cos globals: list, measure, show, move, remove and check globals without a program.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cos/repl"
	"cos/runtime"
)

type globalsVerb struct {
	List    globalsList    `cmd:"" help:"List the globals of a namespace."`
	Size    globalsSize    `cmd:"" help:"Count the nodes and bytes of globals."`
	Show    globalsShow    `cmd:"" help:"Print nodes as ZWRITE does."`
	Export  globalsExport  `cmd:"" help:"Write globals to a file as text, for cos, GT.M, YottaDB, VistA or Caché."`
	Import  globalsImport  `cmd:"" help:"Set the nodes that text files hold."`
	Kill    globalsKill    `cmd:"" help:"Remove globals."`
	Compact globalsCompact `cmd:"" help:"Give back the room on the disk that removed and replaced nodes take."`
	Verify  globalsVerify  `cmd:"" help:"Check that every node can be read and found."`
}

func (*globalsVerb) Help() string {
	return `Globals are those of --namespace in the data directory (--data); % globals are those of %SYS.
A PATTERN is a name, in which * stands for any characters and ? for one, or a reference with
subscripts, which stands for that node and all below it. The ^ may be missing; a shell wants quotes:

  cos globals list 'a*'
  cos globals show '^person(17)'
  cos globals export -o all.zwr
  cos globals import all.zwr
  cos globals export --format go '^person' | ssh other cos globals import -

Exit codes: 0; 1 when something failed or a node is not sound; 2 for bad usage, a pattern that
matches nothing among it.`
}

// patterns are the arguments of most sub-commands.
type patterns struct {
	Pattern []string `arg:"" optional:"" help:"Names with * and ?, or references; all globals when none is given."`
}

type globalsList struct {
	patterns
	JSON bool `name:"json" help:"Print a JSON array of objects with global and namespace."`
}

type globalsSize struct {
	patterns
	JSON bool `name:"json" help:"Print a JSON array of objects with global, namespace, nodes and bytes."`
}

type globalsShow struct{ patterns }

type globalsExport struct {
	patterns
	Output  string `short:"o" default:"-" placeholder:"FILE" help:"Write to FILE; - is standard output (the default). FILE is replaced when the export is complete."`
	Format  string `enum:"zwr,go" default:"zwr" placeholder:"FORMAT" help:"zwr (default): the format of GT.M, YottaDB and VistA; go: %GO of Caché."`
	Charset string `enum:"utf-8,m" default:"utf-8" placeholder:"CHARSET" help:"utf-8 (default), or m: one byte a character, for a GT.M that is not in its UTF-8 mode."`
}

func (*globalsExport) Help() string {
	return `zwr keeps every value as it is. go keeps values on lines of their own, so Caché cannot read
those with line ends, nor $DOUBLE values; they are written after a mark that only cos reads back, and
counted. A GT.M in its UTF-8 mode loads zwr as it is; otherwise it wants --charset m. It does not take
$DOUBLE. Other processes may go on changing the globals; a node is written as it is found.`
}

type globalsImport struct {
	Format  string   `enum:"auto,zwr,go" default:"auto" placeholder:"FORMAT" help:"zwr or go; what the file looks like when not given."`
	Charset string   `enum:"auto,utf-8,m" default:"auto" placeholder:"CHARSET" help:"utf-8, or m: one byte a character; what the header says when not given."`
	Files   []string `arg:"" name:"file" help:"Files that cos, GT.M or Caché exported; - is standard input."`
}

func (*globalsImport) Help() string {
	return `Nodes that exist and that no file holds stay; kill them first when they shall not. Lines may end in
CR LF. The first bad line ends the import with FILE:LINE and what is wrong; everything before it is
stored.`
}

type globalsKill struct {
	Pattern []string `arg:"" help:"Names with * and ?, or references."`
	Yes     bool     `short:"y" help:"Do not ask. Needed when standard input is not a terminal."`
}

type globalsCompact struct{ patterns }

func (*globalsCompact) Help() string {
	return `The log's changes move into the store and the store is written anew, for the globals named or, when
none is named, for all namespaces. Programs may go on using them, also in other processes; the size of the
directory before and after is printed. Nobody has to do this: the store does it by itself bit by bit.`
}

type globalsVerify struct{ patterns }

func (*globalsVerify) Help() string {
	return `Every node is read forwards and backwards and looked up: its key must be well formed and in order,
its value well formed. Nobody may change the globals meanwhile.`
}

// task is one run of a sub-command.
type task struct {
	*app
	g     *runtime.Globals
	ctx   context.Context // done when a signal asks for the end
	start time.Time
}

// signalled is the exit code that goes with a signal which ended the work.
type signalled int

func (signalled) Error() string { return "interrupted" }

var endings = map[os.Signal]int{os.Interrupt: exitInterrupt, syscall.SIGTERM: exitTerminate, syscall.SIGHUP: exitHangup}

// withGlobals opens the data directory for f and returns the exit code. Ctrl-C, SIGTERM
// and SIGHUP end the work between two nodes, so that what was done is kept.
func (a *app) withGlobals(f func(*task) error) (exit int) {
	g, err := runtime.OpenGlobals(a.config(".", nil))
	if err != nil {
		return a.globalsFailed(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	for sig := range endings {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	go func() {
		if sig, ok := <-signals; ok {
			cancel(signalled(endings[sig]))
		}
	}()
	defer func() {
		signal.Stop(signals)
		close(signals)
	}()
	signal.Ignore(syscall.SIGPIPE) // a closed standard output is an error of the write
	err = f(&task{app: a, g: g, ctx: ctx, start: time.Now()})
	if e := g.Close(); err == nil {
		err = e
	}
	return a.globalsFailed(err)
}

// interrupted is the signal that asked for the end, or nil.
func (t *task) interrupted() error { return context.Cause(t.ctx) }

// input is standard input, until a signal asks for the end.
func (t *task) input() io.Reader {
	r, w := io.Pipe()
	context.AfterFunc(t.ctx, func() { w.CloseWithError(t.interrupted()) })
	go func() {
		_, err := io.Copy(w, t.stdin)
		w.CloseWithError(err)
	}()
	return r
}

// errReported ends a sub-command that has told what failed.
var errReported = errors.New("reported")

// globalsFailed reports err and returns its exit code.
func (a *app) globalsFailed(err error) int {
	var bad *runtime.UsageError
	var path *os.PathError
	var sig signalled
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return exitError
	case errors.As(err, &sig):
		a.usage("%v", sig)
		return int(sig)
	case errors.Is(err, syscall.EPIPE):
		return exitError // whoever read our output has gone and knows
	case errors.As(err, &bad):
		return a.usage("%v", bad)
	case errors.As(err, &path) && errors.Is(err, os.ErrNotExist):
		return a.fail(err)
	}
	a.usage("%v", err)
	return exitError
}

// each runs f for what the patterns name.
func (t *task) each(p []string, f func(runtime.Subtree) error) error {
	list, err := t.g.Select(p...)
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := f(s); err != nil {
			return err
		}
	}
	return nil
}

// entry is a line of list and size in JSON.
type entry struct {
	Global    string `json:"global"`
	Namespace string `json:"namespace"`
	*extent
}

type extent struct {
	Nodes int64 `json:"nodes"`
	Bytes int64 `json:"bytes"`
}

func (v *globalsList) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		out := bufio.NewWriter(a.stdout)
		list := []entry{}
		err := t.each(v.Pattern, func(s runtime.Subtree) error {
			if v.JSON {
				list = append(list, entry{Global: s.Name, Namespace: s.Namespace})
				return nil
			}
			_, err := fmt.Fprintln(out, s.Name)
			return err
		})
		if err == nil && v.JSON {
			err = writeJSON(out, list)
		}
		return errors.Join(err, out.Flush())
	})
}

func writeJSON(w io.Writer, list []entry) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(list)
}

func (v *globalsSize) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		p := t.progress("counting", 0)
		defer p.done()
		list := []entry{}
		var total extent
		err := t.each(v.Pattern, func(s runtime.Subtree) error {
			c, err := t.g.Size(s, p.tell)
			list = append(list, entry{s.Name, s.Namespace, &extent{c.Nodes, c.Bytes}})
			total.Nodes += c.Nodes
			total.Bytes += c.Bytes
			return err
		})
		p.done()
		if err != nil {
			return err
		}
		if v.JSON {
			return writeJSON(a.stdout, list)
		}
		return writeSizes(a.stdout, list, total)
	})
}

// writeSizes is a table with the nodes and bytes of each, and their sum.
func writeSizes(w io.Writer, list []entry, total extent) error {
	if len(list) != 1 {
		list = append(list, entry{Global: "total", extent: &total})
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%12s  %14s  %s\n", "nodes", "bytes", "global")
	for _, e := range list {
		fmt.Fprintf(out, "%12d  %14d  %s\n", e.Nodes, e.Bytes, e.Global)
	}
	return out.Flush()
}

func (v *globalsShow) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		list, err := t.g.Select(v.Pattern...)
		if err != nil {
			return err
		}
		_, err = t.g.Show(a.stdout, list, func(runtime.Count) error { return t.interrupted() })
		return err
	})
}

func (v *globalsExport) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		list, err := t.g.Select(v.Pattern...)
		if err != nil {
			return err
		}
		p := t.progress("exporting", 0)
		defer p.done()
		var c runtime.Count
		err = a.output(v.Output, func(w io.Writer) (err error) {
			c, err = t.g.Export(w, list, runtime.Transfer{Format: v.Format, Charset: v.Charset, Progress: p.tell})
			return err
		})
		p.done()
		if err != nil {
			return err
		}
		if c.Escaped > 0 {
			fmt.Fprintf(a.stderr, "cos: %s only cos can read back in this format; zwr keeps them\n", plural(c.Escaped, "value"))
		}
		t.summary("exported", c)
		return nil
	})
}

// output runs write with a file, which appears under its name when it is complete, or
// with standard output.
func (a *app) output(name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(a.stdout)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() { // a pipe, a device
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func (v *globalsImport) run(a *app) int {
	for _, file := range v.Files { // before anything is stored
		if file != "-" {
			if _, err := os.Stat(file); err != nil {
				return a.globalsFailed(err)
			}
		}
	}
	return a.withGlobals(func(t *task) error {
		for _, file := range v.Files {
			t.start = time.Now()
			c, err := v.file(t, file)
			if err != nil {
				t.summary(file+": stored before the error:", c)
				return err
			}
			t.summary(file+": imported", c)
		}
		return nil
	})
}

func (v *globalsImport) file(t *task, name string) (runtime.Count, error) {
	from, size := t.stdin, int64(0)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return runtime.Count{}, err
		}
		defer f.Close()
		from = f
	}
	if info, err := from.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	var in io.Reader = from
	if name == "-" {
		in = t.input()
	}
	p := t.progress("importing", size)
	defer p.done()
	transfer := runtime.Transfer{Progress: p.tell}
	if v.Format != "auto" {
		transfer.Format = v.Format
	}
	if v.Charset != "auto" {
		transfer.Charset = v.Charset
	}
	return t.g.Import(in, name, transfer)
}

func (v *globalsKill) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		list, err := t.g.Select(v.Pattern...)
		if err != nil {
			return err
		}
		if !v.Yes {
			if err := t.confirm(list); err != nil {
				return err
			}
		}
		for _, s := range list {
			if err := t.g.Kill(s); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(a.stderr, "killed %s\n", names(list))
		return err
	})
}

// confirm asks whether the subtrees shall go.
func (t *task) confirm(list []runtime.Subtree) error {
	if !repl.IsTerminal(t.stdin) || !repl.IsTerminal(t.stderr) {
		return usageError("kill asks on a terminal; here it needs --yes")
	}
	fmt.Fprintf(t.stderr, "Kill %s in namespace %s? [y/N] ", names(list), list[0].Namespace)
	answer, err := bufio.NewReader(t.input()).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	fmt.Fprintln(t.stderr, "nothing killed")
	return errReported
}

// names is a short list of subtrees.
func names(list []runtime.Subtree) string {
	const most = 8
	var b strings.Builder
	for i, s := range list {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(list)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s.Name)
	}
	return b.String()
}

func (v *globalsCompact) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		var list []runtime.Subtree
		if len(v.Pattern) > 0 {
			var err error
			if list, err = t.g.Select(v.Pattern...); err != nil {
				return err
			}
		}
		p := t.progress("compacting", 0)
		defer p.done()
		f, err := t.g.Compact(t.ctx, list, p.step)
		p.done()
		if t.interrupted() != nil {
			return t.interrupted()
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s before, %s after\n", bytesText(f.Before), bytesText(f.After))
		return err
	})
}

// mostProblems is how many unsound nodes verify shows.
const mostProblems = 20

func (v *globalsVerify) run(a *app) int {
	return a.withGlobals(func(t *task) error {
		p := t.progress("verifying", 0)
		defer p.done()
		var sum runtime.Count
		var problems int64
		err := t.each(v.Pattern, func(s runtime.Subtree) error {
			c, err := t.g.Verify(s, p.tell, func(problem string) {
				if problems++; problems <= mostProblems {
					p.clear()
					fmt.Fprintln(a.stdout, problem)
				}
			})
			sum.Globals++
			sum.Nodes += c.Nodes
			sum.Bytes += c.Bytes
			return err
		})
		p.done()
		if err != nil {
			return err
		}
		t.summary("verified", sum)
		if problems > 0 {
			fmt.Fprintf(a.stderr, "cos: %s found\n", plural(problems, "problem"))
			return errReported
		}
		return nil
	})
}

// summary tells on standard error what was done.
func (t *task) summary(what string, c runtime.Count) {
	took := max(time.Since(t.start), time.Millisecond)
	fmt.Fprintf(t.stderr, "%s %s of %s, %s in %s\n", what, plural(c.Nodes, "node"), plural(int64(c.Globals), "global"),
		bytesText(c.Bytes), took.Round(time.Millisecond))
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// bytesText is a number of bytes for people.
func bytesText(n int64) string {
	const step = 1000
	if n < step {
		return plural(n, "byte")
	}
	f, unit := float64(n)/step, 0
	for f >= step && unit < len(units)-1 {
		f, unit = f/step, unit+1
	}
	return fmt.Sprintf("%.1f %s", f, units[unit])
}

var units = []string{"kB", "MB", "GB", "TB"}
