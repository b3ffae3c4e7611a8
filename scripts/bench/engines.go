//go:build unix

package main

// The engines: cos, plain Go, and GT.M when it is installed. Each says how to start a
// program of its own kind; what is not there is nil.

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed m/*.m gtm/*.m net/*.mac
var sources embed.FS

const (
	cosName = "cos"
	goName  = "Go"
	gtmName = "GT.M"
)

// engine is one of the things compared.
type engine struct {
	name string
	// program runs NAME.m.
	program func(name string) command
	// owner is a process that opens the store, says READY and stays; nil where all are equal.
	owner func() command
	// traffic runs the engine's side of a network row.
	traffic func(row *traffic, port, count int) command
	// jobs lists the processes that hold the engine's side of a row, given the one
	// that was started.
	jobs func(pid int) []int
	// startup is what an empty program costs.
	startup usage
}

// workshop is a temporary folder with everything that a run needs.
type workshop struct {
	dir  string
	self string
}

func newWorkshop() (*workshop, error) {
	dir, err := os.MkdirTemp("", "cos-bench-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir}
	if w.self, err = os.Executable(); err != nil {
		return w, err
	}
	return w, os.CopyFS(filepath.Join(dir, "src"), sources)
}

func (w *workshop) path(elem ...string) string {
	return filepath.Join(append([]string{w.dir}, elem...)...)
}

// cos builds the interpreter from the module we are in.
func (w *workshop) cos(ctx context.Context) (*engine, error) {
	binary := w.path("cos")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "cos")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	data := w.path("data")
	run := func(args ...string) command {
		return command{args: append([]string{binary, "run", "--data", data}, args...), dir: w.dir}
	}
	return &engine{
		name:    cosName,
		program: func(name string) command { return run(w.path("src", "m", name+".m")) },
		owner:   func() command { return run("-c", `SET ^owner=$JOB WRITE "READY",! FOR  HANG 60`) },
		traffic: func(row *traffic, port, count int) command {
			label, file, _ := strings.Cut(row.cos, "^")
			return run("--entry", label, w.path("src", "net", file+".mac"), strconv.Itoa(port), strconv.Itoa(count))
		},
		jobs: itself,
	}, nil
}

// plain is this program in the roles of plain.go.
func (w *workshop) plain() *engine {
	return &engine{
		name: goName,
		traffic: func(row *traffic, port, count int) command {
			return w.role(row.plain, port, count, 0)
		},
		jobs: itself,
	}
}

// role starts this program as a server, a client or a driver.
func (w *workshop) role(role string, port, count, workers int) command {
	return command{args: []string{w.self, "-role", role, strconv.Itoa(port), strconv.Itoa(count), strconv.Itoa(workers)}, dir: w.dir}
}

func itself(pid int) []int { return []int{pid} }

// gtm finds GT.M, compiles the programs and makes a database; nil when not installed.
func (w *workshop) gtm(ctx context.Context) (*engine, error) {
	found, _ := filepath.Glob("/usr/lib/*/fis-gtm/*/mumps")
	if len(found) == 0 {
		return nil, nil
	}
	dist := filepath.Dir(found[len(found)-1])
	dir, object := w.path("gtm"), w.path("gtm", "o")
	if err := os.MkdirAll(object, 0o700); err != nil {
		return nil, err
	}
	env := []string{
		"gtm_dist=" + dist,
		"gtmgbldir=" + filepath.Join(dir, "g.gld"),
		fmt.Sprintf("gtmroutines=%s(%s %s) %s/libgtmutil.so %s", object, w.path("src", "m"), w.path("src", "gtm"), dist, dist),
	}
	mumps := func(args ...string) command {
		return command{args: append([]string{dist + "/mumps"}, args...), env: env, dir: dir}
	}
	e := &engine{
		name:    gtmName,
		program: func(name string) command { return mumps("-run", name) },
		traffic: func(row *traffic, port, count int) command {
			name, rest, _ := strings.Cut(row.gtm, " ")
			if rest == "" {
				rest = "#"
			}
			rest = strings.ReplaceAll(rest, "#", strconv.Itoa(count))
			return mumps("-run", name, strconv.Itoa(port)+" "+rest)
		},
		jobs: func(int) []int { return processesIn(dir) },
	}
	return e, prepareGTM(ctx, mumps, w, dist, env, dir, object)
}

// prepareGTM compiles every program beforehand and makes the database of the globals
// rows: 4 KB blocks, 64 k buffers, no journal.
func prepareGTM(ctx context.Context, mumps func(...string) command, w *workshop, dist string, env []string, dir, object string) error {
	var files []string
	for _, pattern := range []string{w.path("src", "m", "*.m"), w.path("src", "gtm", "*.m")} {
		found, _ := filepath.Glob(pattern)
		files = append(files, found...)
	}
	compile := mumps(files...)
	compile.dir = object
	if _, _, err := compile.run(ctx, nil); err != nil {
		return err
	}
	// GDE takes all that follows -file= for the file's name: it stands last.
	script := "change -segment DEFAULT -block_size=4096 -global_buffer_count=65536 -allocation=50000 -file=" + filepath.Join(dir, "g.dat") + "\n" +
		"change -region DEFAULT -record_size=1048576 -key_size=255\nexit\n"
	if _, _, err := mumps("-run", "GDE").run(ctx, strings.NewReader(script)); err != nil {
		return err
	}
	create := command{args: []string{dist + "/mupip", "create"}, env: env, dir: dir}
	_, _, err := create.run(ctx, nil)
	return err
}

// close removes the folder, and what GT.M has left in shared memory and as processes.
func (w *workshop) close() error {
	for _, pid := range processesIn(w.path("gtm")) {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill() // gone already is fine
		}
	}
	if _, err := os.Stat(w.path("gtm", "g.dat")); err == nil {
		found, _ := filepath.Glob("/usr/lib/*/fis-gtm/*/mupip")
		rundown := exec.Command(found[len(found)-1], "rundown", "-region", "*")
		rundown.Env = append(os.Environ(), "gtm_dist="+filepath.Dir(found[len(found)-1]), "gtmgbldir="+w.path("gtm", "g.gld"))
		rundown.Dir = w.dir
		_ = rundown.Run() // nothing to run down when no row opened the database
	}
	return os.RemoveAll(w.dir)
}
