//go:build linux

package main

// The Dockerfile without docker: its instructions are done one by one, the image is a
// folder, and its program runs there as docker would run it.

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// image is what the instructions make.
type image struct {
	*testing.T
	context string            // the repository
	stages  map[string]string // folders by name
	root    string            // of the stage being built
	scratch bool
	dir     string
	env     []string
	user    [2]uint32
	entry   []string
}

// instruction does one line of a Dockerfile.
func (i *image) instruction(line string) {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	fields := strings.Fields(rest)
	switch word {
	case "FROM":
		i.root, i.scratch, i.dir, i.env = i.TempDir(), fields[0] == "scratch", "/", nil
		if len(fields) == 3 {
			i.stages[fields[2]] = i.root
		}
	case "WORKDIR":
		i.dir = rest
		require.NoError(i, os.MkdirAll(filepath.Join(i.root, rest), 0o755))
	case "COPY":
		i.copy(fields)
	case "ARG", "ENV":
		for _, f := range fields {
			require.Contains(i, f, "=")
			i.env = append(i.env, f)
		}
	case "RUN":
		require.False(i, i.scratch, "there is nothing in scratch to run")
		c := exec.Command("sh", "-ec", strings.ReplaceAll(rest, "/out/", i.root+"/out/"))
		c.Dir = filepath.Join(i.root, i.dir)
		c.Env = append(append(os.Environ(), i.env...), "GOFLAGS=-buildvcs=false -mod=mod")
		out, err := c.CombinedOutput()
		require.NoError(i, err, "%s\n%s", line, out)
	case "USER":
		for at, id := range strings.Split(rest, ":") {
			n, err := strconv.ParseUint(id, 10, 32)
			require.NoError(i, err)
			i.user[at] = uint32(n)
		}
	case "VOLUME":
		require.DirExists(i, filepath.Join(i.root, rest))
	case "ENTRYPOINT":
		require.NoError(i, json.Unmarshal([]byte(rest), &i.entry))
	default:
		require.Fail(i, "an instruction that this test does not know", line)
	}
}

// copy copies from the repository or from an earlier stage. Base images have no folder here:
// what is copied from theirs is taken from this machine.
func (i *image) copy(fields []string) {
	from := i.context
	if stage, ok := strings.CutPrefix(fields[0], "--from="); ok {
		from, fields = i.stages[stage], fields[1:]
		require.NotEmpty(i, from, stage)
	}
	to := fields[len(fields)-1]
	if !filepath.IsAbs(to) {
		to = filepath.Join(i.dir, to) + "/"
	}
	for _, f := range fields[:len(fields)-1] {
		source := filepath.Join(from, f)
		if _, err := os.Stat(source); err != nil && from != i.context {
			source = f
		}
		target := filepath.Join(i.root, to)
		if info, err := os.Stat(source); err == nil && info.IsDir() {
			source += "/."
		} else if strings.HasSuffix(to, "/") {
			target = filepath.Join(target, filepath.Base(f))
		}
		require.NoError(i, os.MkdirAll(filepath.Dir(target), 0o755))
		out, err := exec.Command("cp", "-a", source, target).CombinedOutput()
		require.NoError(i, err, "%s", out)
	}
}

// run runs the image.
func (i *image) run(stdin string, args ...string) string {
	c := exec.Command(i.entry[0], append(i.entry[1:], args...)...)
	c.Dir, c.Env, c.Stdin = i.dir, i.env, strings.NewReader(stdin)
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: i.root, Credential: &syscall.Credential{Uid: i.user[0], Gid: i.user[1]}}
	out, err := c.CombinedOutput()
	require.NoError(i, err, "%s", out)
	return string(out)
}

func TestImage(t *testing.T) {
	if os.Getenv("COS_IMAGE") == "" {
		t.Skip("it builds all of cos again: make check-image")
	}
	if os.Getuid() != 0 {
		t.Skip("only root may change the root of a process")
	}
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	// The context is what git has, as .dockerignore leaves it.
	context := t.TempDir()
	out, err := exec.Command("sh", "-ec", "cd "+repository+" && git ls-files -co --exclude-standard | tar c -T - | tar x -C "+context).CombinedOutput()
	require.NoError(t, err, "%s", out)
	text, err := os.ReadFile(filepath.Join(repository, "Dockerfile"))
	require.NoError(t, err)
	i := &image{T: t, context: context, stages: map[string]string{}}
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			if line == "ARG VERSION=" {
				line += "9.8.7" // --build-arg
			}
			i.instruction(line)
		}
	}
	require.True(t, i.scratch, "nothing but cos")
	assert.Equal(t, []string{"/cos"}, i.entry)
	assert.NotZero(t, i.user[0], "not root")

	program, err := elf.Open(filepath.Join(i.root, "cos"))
	require.NoError(t, err)
	defer program.Close()
	libraries, err := program.ImportedLibraries()
	require.NoError(t, err)
	assert.Empty(t, libraries)
	for _, p := range program.Progs {
		assert.NotEqual(t, elf.PT_INTERP, p.Type, "static programs need no interpreter")
	}

	assert.True(t, strings.HasPrefix(i.run("", "version"), "cos 9.8.7 linux/"))
	assert.Equal(t, "3\n", i.run("SET ^x=3\nWRITE ^x\n"))
	assert.Equal(t, "3", i.run("", "run", "-c", "WRITE ^x"), "in /data, which stays")
	require.NoError(t, os.WriteFile(filepath.Join(i.root, i.dir, "p.mac"), []byte(`p
 SET io="|TCP|1" OPEN io:(:0:"A"):1 WRITE $TEST
 WRITE $ZDATETIME("67601,43200",-2,1)
 SET f="/tmp/f" OPEN f:"NW":1 USE f WRITE "x" CLOSE f WRITE ##class(%File).Exists(f),!
`), 0o644))
	assert.Equal(t, "117698608001\n", i.run("", "run", "p.mac"))
	assert.FileExists(t, filepath.Join(i.root, "etc/ssl/certs/ca-certificates.crt"))
}
