package main

// The house rules that must not drift: who may import whom, and what stands at the top
// of the repository (docs/architecture.md tells why).

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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
	"runtime":           {"lang", "lang/preprocess", "devices", "devices/sslconfig", "runtime/globals"},
	"runtime/check":     {"lang", "devices", "runtime"},
	"runtime/reference": {"lang", "lang/preprocess", "runtime"}, // docs/language.md, and the examples of help
	"repl":              {"lang", "lang/preprocess", "devices", "runtime", "runtime/reference"},
	"repl/golden":       {},
	"repl/cli":          {"lang", "lang/format", "devices", "devices/metrics", "devices/trace", "devices/sslconfig", "runtime", "runtime/globals", "runtime/check", "repl", "repl/golden"},
	"scripts":           {},
	"scripts/bench":     {}, // the benchmark suite: it starts cos as users do
}

// testDoors are what the tests of a room may import besides.
var testDoors = map[string][]string{
	"devices":     {"devices/sslconfig"},
	"repl/cli":    {"scripts"},
	"lang/format": {"runtime"},
	"repl/golden": {"repl/cli", "scripts"},

	"runtime/reference": {"devices", "runtime/check"},

	"scripts": {"lang", "devices", "runtime", "repl/golden", "repl/cli"},
}

// libraries are the modules that only some rooms may import; "_test" stands for test
// files anywhere.
var libraries = map[string][]string{
	"github.com/alecthomas/participle": {"lang"},
	"github.com/chzyer/readline":       {"repl"},
	"github.com/alecthomas/kong":       {".", "repl/cli"},
	"github.com/stretchr/testify":      {"_test"},
	"github.com/youmark/pkcs8":         {"devices/sslconfig"},
	"github.com/BurntSushi/toml":       {"devices/sslconfig"},
	"github.com/rogpeppe/go-internal":  {"repl/cli"},      // diff
	"github.com/owenrumney/go-sarif":   {"runtime/check"}, // cos check --sarif
	"golang.org/x/sys":                 {"devices", "runtime/globals", "scripts/bench", "_test"},
	"golang.org/x/text":                {"devices"},
	"github.com/cockroachdb/pebble":    {"runtime/globals"},
	"github.com/klauspost/compress":    {"devices"},
	"github.com/gopacket/gopacket":     {"devices/trace"},
	"github.com/prometheus":            {"devices/metrics"},
	"github.com/tidwall/btree":         {"runtime/globals"},
}

// entries are what may stand at the top of the repository.
var entries = []string{
	".ci", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "README.md", "default.pgo", "devices", "docs", "go.mod", "go.sum",
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
