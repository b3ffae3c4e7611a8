package cli

// The project file, cos.toml: settings that every verb shares. Its keys are the long names
// of the flags, those of a verb in a table of its name, and a few of their own. A flag wins
// over the environment, and that over the file.

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"cos/devices/sslconfig"
	"cos/lang"
)

// projectName is what the file is called. It is looked for in the current folder and those
// above.
const projectName = "cos.toml"

// projectFlags choose the file.
type projectFlags struct {
	Config   string `placeholder:"FILE" env:"COS_CONFIG" help:"Take settings from FILE (default: cos.toml in this folder or one above; see cos help config)."`
	NoConfig bool   `name:"no-config" env:"COS_NO_CONFIG" help:"Take no settings from a file."`
}

// setting is one key that the file may have: a flag's, or one of its own.
type setting struct {
	table, name string
	flag        *kong.Flag // nil: its own
	list        bool
	doc         string
}

func (s *setting) key() string {
	if s.table == "" {
		return s.name
	}
	return s.table + "." + s.name
}

// onOff tells a flag that is set or not from one with a value; --trace is both.
func (s *setting) onOff() bool { return s.flag.IsBool() && s.flag.PlaceHolder == "" }

// ownSettings are the keys that are no flags.
var ownSettings = []setting{
	{table: "check", name: "disable", list: true, doc: "Rules that cos check does not apply."},
	{table: "check", name: "error", list: true, doc: "Rules whose findings are errors, not warnings."},
	{table: "check", name: "paths", list: true, doc: "What cos check checks when no PATH is given."},
	{table: "test", name: "paths", list: true, doc: "What cos test runs when no PATH is given."},
}

// renamed are flags whose keys have other names.
var renamed = map[string]string{"include": "paths"}

// flagOnly are flags that belong to one call and not to a project.
var flagOnly = []string{"help", "config", "no-config", "commands", "entry", "update", "run", "watch", "yes", "json", "output", "man", "list", "diff", "write"}

// settings is the table of keys: the flags of all verbs, those of each, and their own.
func (a *app) settings() (list []setting) {
	known := map[string]bool{}
	add := func(s setting) {
		if !known[s.key()] {
			known[s.key()] = true
			list = append(list, s)
		}
	}
	flags := func(table string, all []*kong.Flag) {
		for _, f := range all {
			if f.Hidden || slices.Contains(flagOnly, f.Name) {
				continue
			}
			name := f.Name
			if other := renamed[name]; other != "" {
				name = other
			}
			add(setting{table: table, name: name, flag: f, list: f.IsSlice(), doc: f.Help})
		}
	}
	flags("", a.parser.Model.Flags)
	for _, verb := range a.parser.Model.Children {
		if !verb.Hidden {
			flags(verb.Name, verb.Flags)
		}
	}
	for _, s := range ownSettings {
		add(s)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].table < list[j].table })
	return list
}

// project is what a project file says.
type project struct {
	file   string         // "" without one
	values map[string]any // by key: string, bool, []any of strings
	lines  map[string]int // by key
	tls    []string       // the names of the TLS configurations
}

// findProject is the cos.toml of a folder or of the nearest above; "" when there is none.
func findProject(dir string) string {
	dir, err := filepath.Abs(dir)
	for err == nil {
		file := filepath.Join(dir, projectName)
		if info, e := os.Stat(file); e == nil && !info.IsDir() {
			return file
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}

// readProject reads a file, whose keys must be known.
func readProject(file string, known []setting) (*project, error) {
	p := &project{file: file, values: map[string]any{}, lines: map[string]int{}}
	var top map[string]toml.Primitive
	meta, err := toml.DecodeFile(file, &top)
	var bad toml.ParseError
	switch {
	case errors.As(err, &bad): // without the line's text, which may hold a password
		return nil, fmt.Errorf("%s:%d: %s", shortPath(file), bad.Position.Line, bad.Message)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file", file)
	case err != nil:
		return nil, err
	}
	tables := []string{"tls"}
	for _, s := range known {
		if s.table != "" {
			tables = append(tables, s.table)
		}
	}
	for _, name := range inOrder(meta, top) {
		value := top[name]
		switch {
		case name == "tls":
			named := tableOf(meta, value)
			if named == nil {
				return nil, p.refuse(meta, value, "tls is a table of TLS configurations, such as [tls.client]")
			}
			for n := range named {
				p.tls = append(p.tls, n)
			}
		case slices.Contains(tables, name):
			inside := tableOf(meta, value)
			if inside == nil {
				return nil, p.refuse(meta, value, "%s is a table: [%s]", name, name)
			}
			for _, key := range inOrder(meta, inside) {
				if err := p.take(meta, known, name, key, inside[key]); err != nil {
					return nil, err
				}
			}
		default:
			if err := p.take(meta, known, "", name, value); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(p.tls)
	return p, nil
}

// tableOf is a table's content, nil for what is no table.
func tableOf(meta toml.MetaData, value toml.Primitive) map[string]toml.Primitive {
	var raw any
	if meta.PrimitiveDecode(value, &raw) != nil {
		return nil
	}
	if _, ok := raw.(map[string]any); !ok {
		return nil
	}
	inside := map[string]toml.Primitive{}
	if meta.PrimitiveDecode(value, &inside) != nil {
		return nil
	}
	return inside
}

// inOrder are the keys of a table by line.
func inOrder(meta toml.MetaData, table map[string]toml.Primitive) []string {
	return slices.SortedFunc(maps.Keys(table), func(a, b string) int {
		return cmp.Or(lineOf(meta, table[a])-lineOf(meta, table[b]), strings.Compare(a, b))
	})
}

// take reads the value of one key.
func (p *project) take(meta toml.MetaData, known []setting, table, name string, value toml.Primitive) error {
	var s *setting
	var names []string
	for i := range known {
		if known[i].table == table {
			names = append(names, known[i].name)
			if known[i].name == name {
				s = &known[i]
			}
		}
		if table == "" && known[i].table != "" {
			names = append(names, known[i].table)
		}
	}
	if s == nil {
		said := fmt.Sprintf("unknown key %q", name)
		if table != "" {
			said += " in [" + table + "]"
		}
		if near := lang.Nearest(name, names); near != "" {
			said += fmt.Sprintf("; did you mean %q?", near)
		}
		return p.refuse(meta, value, "%s", said)
	}
	var raw any
	if err := meta.PrimitiveDecode(value, &raw); err != nil {
		return err
	}
	wants := "text"
	switch v := raw.(type) {
	case []any:
		if texts := p.texts(s, v); s.list && texts != nil {
			p.set(meta, s, value, texts)
			return nil
		}
	case string:
		switch {
		case s.list:
			p.set(meta, s, value, p.texts(s, []any{v}))
			return nil
		case s.flag == nil || !s.onOff():
			p.set(meta, s, value, p.absolute(s, v))
			return nil
		}
	case int64:
		if !s.list && !s.onOff() {
			p.set(meta, s, value, fmt.Sprint(v))
			return nil
		}
	case bool:
		if !s.list && s.onOff() {
			p.set(meta, s, value, v)
			return nil
		}
	}
	switch {
	case s.list:
		wants = "a list of texts"
	case s.onOff():
		wants = "true or false"
	}
	return p.refuse(meta, value, "%s takes %s", s.key(), wants)
}

func (p *project) set(meta toml.MetaData, s *setting, at toml.Primitive, value any) {
	p.values[s.key()], p.lines[s.key()] = value, lineOf(meta, at)
}

// texts are the elements of a list; nil when one is no text.
func (p *project) texts(s *setting, list []any) []any {
	out := make([]any, 0, len(list))
	for _, x := range list {
		text, ok := x.(string)
		if !ok {
			return nil
		}
		out = append(out, p.absolute(s, text))
	}
	return out
}

// absolute makes a file or folder one below the folder of cos.toml.
func (p *project) absolute(s *setting, text string) string {
	isFile := s.name == "paths" || s.flag != nil && (s.flag.PlaceHolder == "DIR" || s.flag.PlaceHolder == "FILE")
	if !isFile || text == "" || filepath.IsAbs(text) {
		return text
	}
	return filepath.Join(filepath.Dir(p.file), text)
}

// refuse is an error at a value.
func (p *project) refuse(meta toml.MetaData, at toml.Primitive, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", shortPath(p.file), lineOf(meta, at), fmt.Sprintf(format, args...))
}

// lineOf is the line of a value. The library tells it in errors only, so the value is
// decoded into something that refuses it.
func lineOf(meta toml.MetaData, at toml.Primitive) int {
	var refused toml.ParseError
	if errors.As(meta.PrimitiveDecode(at, new(refuser)), &refused) {
		return refused.Position.Line
	}
	return 0
}

type refuser struct{}

func (*refuser) UnmarshalTOML(any) error { return errors.New("refused") }

// shortPath is a path as people write it: relative to the current folder where that is
// shorter.
func shortPath(path string) string {
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil && len(rel) < len(path) {
			return rel
		}
	}
	return path
}

// list is a list of the project's own keys.
func (p *project) list(key string) (out []string) {
	list, _ := p.values[key].([]any)
	for _, x := range list {
		out = append(out, x.(string))
	}
	return out
}

// BeforeResolve reads the project file before kong gives flags their values, and offers
// what it says for those that neither the command line nor the environment sets. Verbs
// that explain cos work whatever the file holds.
func (g *grammar) BeforeResolve(ctx *kong.Context, a *app) error {
	g.project = &project{}
	file, off := "", false
	for _, f := range ctx.Model.Flags {
		switch f.Name {
		case "config":
			file, _ = ctx.FlagValue(f).(string)
		case "no-config":
			off, _ = ctx.FlagValue(f).(bool)
		}
	}
	if n := ctx.Selected(); off || n != nil && slices.Contains([]string{"help", "version", "completion", "doc"}, n.Name) {
		return nil
	}
	if file == "" {
		file = findProject(".")
	}
	if file == "" {
		return nil
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	known := a.settings()
	if g.project, err = readProject(file, known); err != nil {
		return &projectError{err}
	}
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		if setInEnvironment(f) {
			return nil, nil
		}
		for _, s := range known {
			if s.flag == f {
				return g.project.values[s.key()], nil
			}
		}
		return nil, nil
	}))
	return nil
}

// projectError is an error of the file; no help of a verb would mend it.
type projectError struct{ error }

func (e *projectError) Unwrap() error { return e.error }

func setInEnvironment(f *kong.Flag) bool {
	return slices.ContainsFunc(f.Envs, func(name string) bool {
		_, set := os.LookupEnv(name)
		return set
	})
}

// tlsConfigs are the TLS configurations: of the file that --tls-config names, or else of the
// project file.
func (a *app) tlsConfigs() (map[string]*sslconfig.Config, error) {
	switch {
	case a.TLSConfig != "":
		return sslconfig.Load(a.TLSConfig)
	case a.project != nil && len(a.project.tls) > 0:
		return sslconfig.Load(a.project.file)
	}
	return nil, nil
}
