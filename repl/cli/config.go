package cli

// cos config: the settings in force, and where each comes from.

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"cos/lang"
)

type configVerb struct {
	JSON bool `name:"json" help:"Print a JSON object: the file, and the settings with value and origin."`
}

func (*configVerb) Help() string {
	return `Settings come from flags, else from the environment, else from the project file: cos.toml in the
current folder or the nearest one above, or the FILE of --config. Its keys are the long names of
flags, those of a verb in a table of its name; files are relative to its folder:

    paths = ["lib", "../shared"]      # -I
    data = "data"
    namespace = "APP"
    namespaces = ["APP", "TEST"]      # there are no others but USER and %SYS

    [test]
    paths = ["tests"]

    [check]
    disable = ["no-timeout"]

    [tls.client]                      # TLS configurations, as of --tls-config
    Type = 0

docs/config.md lists all keys.`
}

// effective is one setting as it is.
type effective struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
	From  string `json:"from"` // flag, environment NAME, FILE:LINE, default
}

func (v *configVerb) run(a *app) int {
	list := a.effective()
	if v.JSON {
		out := json.NewEncoder(a.stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(struct {
			File     string      `json:"file"`
			Settings []effective `json:"settings"`
			TLS      []string    `json:"tls"`
		}{a.project.file, list, append([]string{}, a.project.tls...)}); err != nil {
			return exitError
		}
		return 0
	}
	say := func(format string, args ...any) { fmt.Fprintln(a.stdout, lang.Visible(fmt.Sprintf(format, args...))) }
	if a.project.file != "" {
		say("# %s", a.project.file)
	}
	width, values := 0, 0
	for _, s := range list {
		width, values = max(width, len(s.Key)), max(values, len(valueText(s.Value)))
	}
	for _, s := range list {
		say("%-*s  %-*s  %s", width, s.Key, min(values, 40), valueText(s.Value), s.From)
	}
	for _, name := range a.project.tls {
		say("%-*s  %-*s  %s", width, "tls."+name, min(values, 40), "", shortPath(a.project.file))
	}
	return 0
}

func valueText(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(v)
}

// effective is every flag that all verbs share, and what the project file says besides.
func (a *app) effective() (list []effective) {
	for _, s := range a.settings() {
		_, inFile := a.project.values[s.key()]
		if s.table != "" && !inFile {
			continue
		}
		e := effective{Key: s.key(), From: "default"}
		switch {
		case s.table != "" && s.list:
			e.Value = a.project.list(s.key())
		case s.table != "":
			e.Value = a.project.values[s.key()]
		default:
			e.Value = plainValue(s.flag.Target)
		}
		switch {
		case s.flag != nil && a.onCommandLine(s.flag):
			e.From = "--" + s.flag.Name
		case s.flag != nil && setInEnvironment(s.flag):
			for _, name := range s.flag.Envs {
				if _, set := os.LookupEnv(name); set {
					e.From = "environment " + name
				}
			}
		case inFile:
			e.From = fmt.Sprintf("%s:%d", shortPath(a.project.file), a.project.lines[s.key()])
		case s.key() == "data":
			e.Value = a.dataDir()
		}
		list = append(list, e)
	}
	return list
}

// plainValue is a flag's value as text, number, truth or list.
func plainValue(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case *int64:
		if x == nil {
			return ""
		}
		return *x
	case fmt.Stringer:
		return x.String()
	case []string:
		return append([]string{}, x...)
	default:
		return x
	}
}

// onCommandLine tells whether a flag was written there.
func (a *app) onCommandLine(f *kong.Flag) bool {
	for _, p := range a.context.Path {
		if p.Flag == f && !p.Resolved {
			return true
		}
	}
	return false
}
