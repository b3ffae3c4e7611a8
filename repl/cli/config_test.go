package cli

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/scripts"
)

// A flag wins over the environment, and that over the file; the file's names are relative
// to its folder.
func TestProjectFile(t *testing.T) {
	w := newWorld(t, map[string]string{
		"cos.toml":    "paths = [\"lib\"]\nnamespace = \"APP\"\nmax-memory-per-job = \"64MB\"\ndata = \"kept\"\n",
		"lib/far.mac": "far\n WRITE $NAMESPACE,\" \",$ZSTORAGE,!\n",
		"sub/near":    "",
	})
	w.dir = filepath.Join(w.dir, "sub")
	for _, c := range []struct {
		env  string
		args []string
		want string
	}{
		{"", []string{"run", "^far"}, "APP 65536\n"},
		{"COS_MAX_MEMORY_PER_JOB=32MB", []string{"run", "^far"}, "APP 32768\n"},
		{"COS_MAX_MEMORY_PER_JOB=32MB", []string{"--namespace", "MINE", "--max-memory-per-job", "16MB", "run", "^far"}, "MINE 16384\n"},
	} {
		w := &testWorld{T: t, dir: w.dir, env: append(w.env[:len(w.env):len(w.env)], c.env)}
		out, errs, exit := w.run("", c.args...)
		assert.Zero(t, exit, errs)
		assert.Equal(t, c.want, out)
	}
	_, errs, exit := w.run("", "--no-config", "run", "^far")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "there is no routine far")
	w.env = append(w.env, "COS_NO_CONFIG=1")
	_, _, exit = w.run("", "run", "^far")
	assert.Equal(t, 2, exit)
}

func TestProjectErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"namespace = \"A\"\n\npths = [\"x\"]\n", "cos.toml:3: unknown key \"pths\"; did you mean \"paths\"?"},
		{"[test]\n\nverbse = true\n", "cos.toml:3: unknown key \"verbse\" in [test]; did you mean \"verbose\"?"},
		{"[tets]\nx = 1\n", "cos.toml:1: unknown key \"tets\"; did you mean \"test\"?"},
		{"zzz = 1\nyyy = 1\n", "cos.toml:1: unknown key \"zzz\""},
		{"data = true\n", "cos.toml:1: data takes text"},
		{"no-shell = \"yes\"\n", "cos.toml:1: no-shell takes true or false"},
		{"paths = [1]\n", "cos.toml:1: paths takes a list of texts"},
		{"test = 3\n", "cos.toml:1: test is a table: [test]"},
		{"x = \"open\n", "cos.toml:1: strings cannot contain newlines"},
		{"durability = \"never\"\n", "--durability must be one of \"interval\",\"sync\",\"off\" but got \"never\" (see \"cos help run\")"},
	} {
		w := newWorld(t, map[string]string{"cos.toml": c.text})
		_, errs, exit := w.run("", "run", "-c", "QUIT")
		assert.Equal(t, 2, exit, c.text)
		assert.Equal(t, "cos: "+c.want+"\n", errs)
		_, errs, exit = w.run("", "version")
		assert.Zero(t, exit, "what explains cos works all the same: %s", errs)
	}
	w := newWorld(t, nil)
	_, errs, exit := w.run("", "--config", "nosuch.toml", "run", "-c", "QUIT")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "nosuch.toml: no such file")
}

func TestProjectPaths(t *testing.T) {
	w := newWorld(t, map[string]string{
		"cos.toml":    "[test]\npaths = [\"t\"]\n[check]\npaths = [\"src\"]\n",
		"t/a.session": "cos session 1\nprompt A: USER\n\nA> WRITE 1\nA< 1\n",
		"src/a.mac":   "a\n WRTE 1\n",
		"in/x":        "",
	})
	w.dir = filepath.Join(w.dir, "in")
	out, errs, exit := w.run("", "test")
	assert.Zero(t, exit, out+errs)
	assert.Contains(t, out, "1 passed, 0 failed")
	out, _, exit = w.run("", "check")
	assert.Equal(t, 2, exit)
	assert.Contains(t, out, "1 file checked: 1 error")
	_, errs, exit = w.run("", "--no-config", "test")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "cos: test needs a PATH")
}

// The TLS configurations of cos.toml are those of --tls-config.
func TestProjectTLS(t *testing.T) {
	w := newWorld(t, nil)
	_, errs, exit := w.run("", "tls", "selfsigned", "-q", "tls")
	require.Zero(t, exit, errs)
	b, err := os.ReadFile(filepath.Join(w.dir, "tls", "tls.toml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "tls", "cos.toml"), b, 0o644))
	w.dir = filepath.Join(w.dir, "tls")
	out, errs, exit := w.run("", "config")
	assert.Zero(t, exit, errs)
	assert.Regexp(t, `(?m)^tls\.client +cos\.toml$`, out)
	out, errs, exit = w.run("", "run", "-c", `OPEN "|TCP|1":(:0:"A") USE "|TCP|1":(/TLS="nosuch") USE 0 WRITE "server known",!`)
	assert.Zero(t, exit, errs)
	assert.Equal(t, "server known\n", out)
}

// The example that the help shows is one: it names keys, rules and properties that there are.
func TestConfigExample(t *testing.T) {
	var example strings.Builder
	for _, line := range strings.Split((&configVerb{}).Help(), "\n") {
		if rest, inset := strings.CutPrefix(line, "    "); inset {
			example.WriteString(rest + "\n")
		}
	}
	require.Contains(t, example.String(), "[check]")
	w := newWorld(t, map[string]string{"cos.toml": example.String(), "a.mac": "a\n QUIT\n", "tests/a.session": ""})
	out, errs, exit := w.run("", "check", "a.mac")
	assert.Zero(t, exit, errs)
	assert.Equal(t, "1 file checked: 0 errors, 0 warnings\n", out)
	out, errs, exit = w.run("", "run", "-c", `WRITE $NAMESPACE,! OPEN "|TCP|1":(:0:"A") USE "|TCP|1":(/TLS="client")`)
	assert.Zero(t, exit, errs)
	assert.Equal(t, "APP\n", out)
}

// namespaces lists which there are; elsewhere any word is a namespace.
func TestNamespaces(t *testing.T) {
	w := newWorld(t, map[string]string{"cos.toml": "namespaces = [\"app\", \"APP-TEST\"]\n"})
	for _, c := range []struct {
		args      []string
		out, errs string
		exit      int
	}{
		{[]string{"run", "-c", `SET ^|"app-test"|g=1 ZNSPACE "app" WRITE $NAMESPACE,$DATA(^g) SET $NAMESPACE="%sys" WRITE $NAMESPACE ZN "user" WRITE $NAMESPACE,!`}, "APP0%SYSUSER\n", "", 0},
		{[]string{"run", "-c", `ZNSPACE "ap"`}, "", "<NAMESPACE> *AP\n", 1},
		{[]string{"run", "-c", `WRITE ^|"ap"|g`}, "", "<NAMESPACE> *AP\n", 1},
		{[]string{"run", "-c", `JOB ^concurrent:("ap")`}, "", "<NAMESPACE> *AP\n", 1},
		{[]string{"--namespace", "app-tset", "run", "-c", `QUIT`}, "", "cos: there is no namespace APP-TSET; did you mean APP-TEST?\n", 2},
		{[]string{"--namespace", "app-tset", "globals", "list"}, "", "cos: there is no namespace APP-TSET; did you mean APP-TEST?\n", 2},
		{[]string{"--namespace", "APP", "run", "-c", `WRITE $NAMESPACE,!`}, "APP\n", "", 0},
		{[]string{"--namespaces", "a/b", "run", "-c", `QUIT`}, "", "cos: a/b is no name of a namespace\n", 2},
		{[]string{"--no-config", "--namespace", "x y", "run", "-c", `QUIT`}, "", "cos: X Y is no name of a namespace\n", 2},
		{[]string{"--no-config", "run", "-c", `ZNSPACE "ap" WRITE $NAMESPACE,!`}, "AP\n", "", 0},
	} {
		out, errs, exit := w.run("", c.args...)
		assert.Equal(t, c.out, out, c.args)
		assert.Contains(t, errs, c.errs, c.args)
		assert.Equal(t, c.exit, exit, c.args)
	}
}

func TestConfig(t *testing.T) {
	w := newWorld(t, map[string]string{"cos.toml": "namespace = \"APP\"\ndurability = \"sync\"\n[run]\nmetrics = \"127.0.0.1:0\"\n[test]\npaths = [\"t\"]\n"})
	w.env = append(w.env, "COS_NO_SHELL=1")
	out, errs, exit := w.run("", "config", "--namespace", "B", "--json")
	require.Zero(t, exit, errs)
	var got struct {
		File     string
		Settings []effective
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	from := map[string]string{}
	for _, s := range got.Settings {
		from[s.Key] = fmt.Sprint(s.Value) + " " + s.From
	}
	assert.Equal(t, "B --namespace", from["namespace"])
	assert.Equal(t, "sync cos.toml:2", from["durability"])
	assert.Equal(t, "true environment COS_NO_SHELL", from["no-shell"])
	assert.Equal(t, "false default", from["no-network"])
	assert.Equal(t, "127.0.0.1:0 cos.toml:4", from["run.metrics"])
	assert.Equal(t, "["+filepath.Join(w.dir, "t")+"] cos.toml:6", from["test.paths"])
	out, _, exit = w.run("", "config")
	assert.Zero(t, exit)
	assert.Regexp(t, `(?m)^durability +sync +cos\.toml:2$`, out)
}

var update = flag.Bool("update", false, "write docs/config.md anew")

// docs/config.md is made from the table of keys.
func TestConfigDocument(t *testing.T) {
	const file = "../../docs/config.md"
	var b strings.Builder
	b.WriteString(configHead)
	last := "-"
	for _, s := range newApp(scripts.Files).settings() {
		if s.table != last {
			last = s.table
			title := "Shared by every verb"
			if last != "" {
				title = "[" + last + "]"
			}
			fmt.Fprintf(&b, "\n## %s\n\n| Key | Takes | |\n|---|---|---|\n", title)
		}
		takes := "text"
		switch {
		case s.list:
			takes = "a list"
		case s.onOff():
			takes = "`true`, `false`"
		case s.flag.Enum != "":
			takes = "`" + strings.ReplaceAll(s.flag.Enum, ",", "`, `") + "`"
		}
		doc := s.doc
		if s.flag != nil {
			also := "`--" + s.flag.Name + "`"
			for _, name := range s.flag.Envs {
				also += ", `" + name + "`"
			}
			doc += " (" + also + ")"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.name, takes, strings.NewReplacer("|", "\\|", "<", "&lt;").Replace(doc))
	}
	b.WriteString(configTail)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	known, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, b.String(), string(known), "make docs writes it anew")
}

const configHead = `# cos.toml: the settings of a project

(Made from the table of keys; ` + "`make docs`" + ` writes it anew.)

A file ` + "`cos.toml`" + ` in the current folder, or in the nearest one above, holds what every verb would otherwise
be told on the command line. ` + "`--config FILE`" + ` takes another file, ` + "`--no-config`" + ` none. A flag wins over the
environment, and that over the file. Files and folders in it are relative to its own folder.

` + "```" + `toml
paths = ["lib", "../shared"]    # where routines are, as -I
data = "data"                   # where globals are
namespace = "APP"

[test]
paths = ["tests"]               # "cos test" alone runs these

[tls.client]                    # TLS configurations: docs/tls.md
Type = 0
CAFile = "ca.pem"
VerifyPeer = 1
` + "```" + `

` + "`cos config`" + ` shows the settings in force and where each comes from, with ` + "`--json`" + ` for programs. An unknown key
is an error: ` + "`cos.toml:1: unknown key \"pths\"; did you mean \"paths\"?`" + `
`

const configTail = `
## [tls.NAME]

A TLS configuration each, unless ` + "`tls-config`" + ` names another file: [tls.md](tls.md) lists the properties.
`
