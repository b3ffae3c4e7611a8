package main

// The house rules that must not drift: who may import whom, and what stands at the top
// of the repository (docs/architecture.md tells why).

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rooms are the packages of the house with the packages of the house that each may
// import, tests included. A room that is not listed fails.
var rooms = map[string][]string{
	".":                 {"repl/cli", "scripts"},
	"lang":              {"lang/preprocess"},
	"lang/preprocess":   {},
	"lang/format":       {"lang", "lang/preprocess"}, // cos fmt
	"devices":           {},
	"devices/trace":     {"devices"},
	"devices/metrics":   {"devices"},
	"devices/sslconfig": {}, // TLS configurations: files and properties, no sockets
	"runtime/globals":   {},
	"runtime":           {"lang", "lang/preprocess", "devices", "devices/sslconfig", "runtime/errorlog", "runtime/globals", "runtime/coverage"},
	"runtime/errorlog":  {"lang"}, // a folder of untrapped errors
	"runtime/coverage":  {"lang"}, // which lines have run, and how it is shown
	"runtime/check":     {"lang", "devices", "runtime"},
	"runtime/reference": {"lang", "lang/preprocess", "runtime"}, // docs/language.md, and the examples of help
	"repl":              {"lang", "lang/preprocess", "devices", "runtime", "runtime/reference"},
	"repl/golden":       {"lang", "runtime/coverage"},
	"repl/cli":          {"lang", "lang/format", "devices", "devices/metrics", "devices/trace", "devices/sslconfig", "runtime", "runtime/errorlog", "runtime/globals", "runtime/check", "runtime/coverage", "repl", "repl/golden"},
	"scripts":           {},
	"scripts/bench":     {}, // the benchmark suite: it starts cos as users do
	"scripts/release":   {}, // the archives of a release: it builds cos and runs it
}

// testDoors are what the tests of a room may import besides.
var testDoors = map[string][]string{
	"devices":     {"devices/sslconfig"},
	"repl/cli":    {"scripts"},
	"lang/format": {"runtime"},
	"repl/golden": {"repl/cli", "scripts"},

	"runtime/reference": {"devices", "runtime/check", "runtime/errorlog"},

	"scripts": {"lang", "devices", "runtime", "repl/golden", "repl/cli"},
}

// libraries are the modules that only some rooms may import; "_test" stands for test
// files anywhere.
var libraries = map[string][]string{
	"github.com/alecthomas/participle":  {"lang"},
	"github.com/chzyer/readline":        {"repl"},
	"github.com/alecthomas/kong":        {".", "repl/cli"},
	"github.com/jotaen/kong-completion": {"repl/cli"},
	"github.com/posener/complete":       {"repl/cli"},
	"github.com/coreos/go-systemd":      {"repl/cli"},
	"github.com/fsnotify/fsnotify":      {"repl/cli", "repl/golden"},
	"github.com/gofrs/flock":            {"runtime/errorlog"},
	"github.com/stretchr/testify":       {"_test"},
	"github.com/youmark/pkcs8":          {"devices/sslconfig"},
	"github.com/BurntSushi/toml":        {"devices/sslconfig", "repl/cli"},
	"github.com/rogpeppe/go-internal":   {"repl/cli"},      // diff
	"github.com/owenrumney/go-sarif":    {"runtime/check"}, // cos check --sarif
	"golang.org/x/sys":                  {"devices", "runtime/globals", "repl", "scripts/bench", "_test"},
	"golang.org/x/text":                 {"devices"},
	"github.com/cockroachdb/pebble":     {"runtime/globals"},
	"github.com/klauspost/compress":     {"devices"},
	"github.com/gopacket/gopacket":      {"devices/trace"},
	"github.com/prometheus":             {"devices/metrics"},
	"github.com/tidwall/btree":          {"runtime/globals"},
}

// entries are what may stand at the top of the repository.
var entries = []string{
	".ci", ".dockerignore", ".github", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "README.md", "default.pgo", "devices", "docs", "go.mod", "go.sum",
	"house_test.go", "lang", "main.go", "repl", "runtime", "scripts",
}

// untracked are what builds leave there.
var untracked = []string{".git", "bin", "dist"}

// noRooms are package names that say nothing of the field.
var noRooms = []string{"util", "utils", "common", "types", "internal", "helpers", "misc", "value"}

// source is one Go file.
type source struct {
	room    string
	file    string
	imports []string
}

func (s source) test() bool { return strings.HasSuffix(s.file, "_test.go") }

// sources parses the imports of every Go file of the house.
func sources(t *testing.T) (all []source) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || slices.Contains(untracked, file)):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{room: path.Dir(filepath.ToSlash(file)), file: file}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, name)
		}
		all = append(all, s)
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

func TestDoors(t *testing.T) {
	for _, s := range sources(t) {
		doors, known := rooms[s.room]
		if !assert.True(t, known, "%s is in a room that the house does not have", s.file) {
			continue
		}
		if s.test() {
			doors = append(append([]string{s.room}, doors...), testDoors[s.room]...)
		}
		for _, name := range s.imports {
			if to, ours := strings.CutPrefix(name, "cos/"); ours {
				assert.Contains(t, doors, to, "%s opens a door", s.file)
			}
		}
	}
}

func TestLibraries(t *testing.T) {
	for _, s := range sources(t) {
		for _, name := range s.imports {
			first, _, _ := strings.Cut(name, "/")
			if !strings.Contains(first, ".") {
				continue // the standard library, or ours
			}
			where := allowed(name)
			if !assert.NotNil(t, where, "%s imports %s, which is no library of the house", s.file, name) {
				continue
			}
			ok := slices.Contains(where, s.room) || s.test() && slices.Contains(where, "_test")
			assert.True(t, ok, "%s imports %s, which belongs to %v", s.file, name, where)
		}
	}
}

// allowed are the rooms that may import a library, nil for a library nobody may.
func allowed(name string) []string {
	for module, where := range libraries {
		if name == module || strings.HasPrefix(name, module+"/") {
			return where
		}
	}
	return nil
}

func TestNames(t *testing.T) {
	for _, s := range sources(t) {
		for _, part := range strings.Split(s.room, "/") {
			assert.NotContains(t, noRooms, part, s.file)
		}
	}
}

// TestWorkflow: GitHub runs the checks of .ci/run, and every target of make that is asked
// for exists.
func TestWorkflow(t *testing.T) {
	read := func(path string) string {
		b, err := os.ReadFile(filepath.FromSlash(path))
		require.NoError(t, err)
		return string(b)
	}
	ci, workflow := read(".ci/run"), read(".github/workflows/ci.yml")
	steps := regexp.MustCompile(`steps=\((.*)\)`).FindStringSubmatch(ci)
	require.NotNil(t, steps)
	assert.Contains(t, workflow, "step: ["+strings.ReplaceAll(steps[1], " ", ", ")+"]")
	asked := regexp.MustCompile(`\bmake (?:-C \S+ )?([a-z-]+)`)
	makefile := read("Makefile")
	for _, text := range []string{ci, workflow, read(".github/actions/test/action.yml"), read("Dockerfile"), read("docs/ci.md")} {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			assert.Regexp(t, `(?m)^`+m[1]+`:.*## `, makefile, "make %s", m[1])
		}
	}
}

func TestTopLevel(t *testing.T) {
	list, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range list {
		name := e.Name()
		if slices.Contains(untracked, name) || strings.HasPrefix(name, "coverage.") || strings.HasSuffix(name, ".prof") || strings.HasSuffix(name, ".test") {
			continue
		}
		assert.Contains(t, entries, name, "nothing else stands at the top")
	}
}

// worldDoors are the files with calls that reach outside of the process, the calls, and why
// no program gets around --no-network, --no-shell and --root by them. What programs reach
// goes through devices.Env and devices.Files, which heed the flags; TestShutDoors
// (repl/cli) tries each.
var worldDoors = map[string]struct{ calls, why string }{
	"devices/console_unix.go":         {"os.Readlink unix.Pipe unix.Read unix.Write", "the console that cos was given"},
	"devices/env.go":                  {"net.DefaultResolver net.Dialer net.ListenConfig", "Env.Network stands before each"},
	"devices/files.go":                {"os.Chdir os.CreateTemp os.Lstat os.Mkdir os.MkdirAll os.OpenFile os.OpenRoot os.ReadDir os.ReadFile os.Remove os.RemoveAll os.Rename os.Stat os.WriteFile os.Chmod filepath.EvalSymlinks filepath.Glob filepath.WalkDir", "without a root only"},
	"devices/select_poll.go":          {"unix.Pipe unix.Write", "wakes a wait"},
	"devices/metrics/server.go":       {"net.Listen http.Server", "the user's --metrics"},
	"devices/pipe.go":                 {"os.Pipe exec.Command", "behind Env.Programs"},
	"devices/program.go":              {"os.OpenFile exec.Command", "behind Env.Programs"},
	"devices/services.go":             {"os.Open net.DefaultResolver", "/etc/services only; the resolver behind NoNetwork"},
	"devices/sock_unix.go":            {"net.FileConn net.FileListener unix.Listen unix.Recvfrom", "sockets that a door has opened; mode G is OPEN of a TCP device"},
	"devices/sslconfig/properties.go": {"os.ReadDir os.ReadFile os.Stat", "configurations of the user's file; stored ones have devices.Files"},
	"devices/sslconfig/selfsigned.go": {"os.MkdirAll os.Stat os.WriteFile", "cos tls"},
	"devices/trace/trace.go":          {"os.Create", "the user's --trace"},
	"devices/udp.go":                  {"net.ListenUDP", "behind Env.Network"},
	"repl/cli":                        {"*", "the user's command line"},
	"repl/golden":                     {"*", "cos test"},
	"repl":                            {"*", "what a person at the prompt asks for; ! and :edit ask System.Programs"},
	"runtime/check":                   {"*", "cos check"},
	"runtime/class_inetinfo.go":       {"exec.LookPath net.DefaultResolver net.Interfaces net.ListenUDP", "behind Process.online; LookPath only looks whether arping is there"},
	"runtime/class_process.go":        {"net.DefaultResolver", "behind Process.lookUp"},
	"runtime/coverage":                {"*", "cos test --cover"},
	"runtime/errorlog":                {"*", "the log: programs name no file"},
	"runtime/memory.go":               {"os.ReadFile", "how much memory the machine and the container have"},
	"runtime/tls.go":                  {"os.CreateTemp os.Link os.ReadFile os.Remove", "the key beside the store"},
	"runtime/globals":                 {"*", "the store: programs name globals, not files"},
	"scripts/bench":                   {"*", "starts cos"},
	"scripts/release":                 {"*", "builds cos and packs it"},
}

// reaching are the functions and types that reach outside, by package; those of package os
// that only ask about names, and constants, are not among them.
var reaching = map[string]*regexp.Regexp{
	"os":                    regexp.MustCompile(`^(Chdir|Chmod|Chown|Chtimes|Copy|Create|DirFS|FindProcess|Lchown|Link|Lstat|Mkdir|Open|Pipe|Read|Remove|Rename|StartProcess|Stat$|Symlink|Truncate|Write)`),
	"net":                   regexp.MustCompile(`^(Dial|Listen(Config|IP|MulticastUDP|Packet|TCP|UDP|Unix|Unixgram)?$|Lookup|DefaultResolver|Resolver$|File|Interfaces|InterfaceBy|InterfaceAddrs)`),
	"os/exec":               regexp.MustCompile(`^(Command|LookPath)`),
	"io/ioutil":             regexp.MustCompile(`.`),
	"net/http":              regexp.MustCompile(`^(Client$|DefaultClient|Transport$|DefaultTransport|Get$|Head$|Post|Listen|Serve$|Server$|File|Dir$)`),
	"path/filepath":         regexp.MustCompile(`^(EvalSymlinks|Glob|Walk)`),
	"plugin":                regexp.MustCompile(`.`),
	"syscall":               regexp.MustCompile(`^(Accept|Bind|Connect|Creat|Exec|Fork|Kill|Link|Listen|Mk|Mount|Open|Pipe|Pread|Ptrace|Pwrite|RawSyscall|Read|Recv|Rename|Rm|Send|Socket|StartProcess|Symlink|Syscall|Truncate|Unlink|Write)`),
	"golang.org/x/sys/unix": regexp.MustCompile(`^(Accept|Bind|Connect|Creat|Exec|Kill|Link|Listen|Mk|Mount|Open|Pipe|Pread|Ptrace|Pwrite|RawSyscall|Read|Recv|Rename|Rm|Send|Socket$|Symlink|Syscall|Truncate|Unlink|Write)`),
}

func TestWorldDoors(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		name := filepath.ToSlash(s.file)
		door, known := worldDoors[name]
		if !known {
			door, known = worldDoors[s.room]
			name = s.room
		}
		for _, call := range worldCalls(t, s.file) {
			listed := known && (door.calls == "*" || slices.Contains(strings.Fields(door.calls), call))
			assert.True(t, listed, "%s uses %s, a door to the outside that worldDoors does not list: go through devices.Env or devices.Files", s.file, call)
			used[name+" "+call] = true
		}
	}
	for name, door := range worldDoors {
		for _, call := range strings.Fields(door.calls) {
			assert.True(t, call == "*" || used[name+" "+call], "%s has no %s any more", name, call)
		}
		assert.NotEmpty(t, door.why, name)
	}
}

// worldCalls are the names of reaching that a file uses, as package.Name.
func worldCalls(t *testing.T, file string) (calls []string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	packages := map[string]string{} // by the name that the file calls them
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		require.NoError(t, err)
		if short := path.Base(name); i.Name == nil {
			packages[short] = name
		} else {
			packages[i.Name.Name] = name
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if at, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := at.X.(*ast.Ident); ok && x.Obj == nil {
				if outside := reaching[packages[x.Name]]; outside != nil && outside.MatchString(at.Sel.Name) {
					calls = append(calls, x.Name+"."+at.Sel.Name)
				}
			}
		}
		return true
	})
	return calls
}
