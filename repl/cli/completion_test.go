//go:build linux

package cli

// The Tab key, in the shells themselves.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shells are how each starts without anybody's settings, its prompt, and what turns the
// completion on.
var shells = []struct {
	name string
	args []string
	on   string
}{
	{"bash", []string{"--norc", "--noprofile", "-i"}, "source <(cos completion bash)"},
	{"zsh", []string{"-f", "-i"}, "source <(cos completion zsh)"},
	{"fish", []string{"--no-config", "-i"}, "cos completion fish | source"},
}

func TestCompletionInShells(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, sh := range shells {
		t.Run(sh.name, func(t *testing.T) {
			path, err := exec.LookPath(sh.name)
			if err != nil {
				t.Skip("there is no " + sh.name)
			}
			w := newWorld(t, map[string]string{"mine.mac": "mine\n WRITE \"from mine\",!\n", "mine.txt": "", "sub/x": ""})
			bin := t.TempDir()
			require.NoError(t, os.Symlink(self, filepath.Join(bin, "cos")))
			for i, v := range w.env {
				if list, ok := strings.CutPrefix(v, "PATH="); ok {
					w.env[i] = "PATH=" + bin + ":" + list
				}
			}
			w.env = append(w.env, "PS1=$ ", "SHELL="+path)
			c := exec.Command(path, sh.args...)
			c.Dir, c.Env = w.dir, w.env
			term := w.onTerminal(c)
			term.types(sh.on + "; echo tab''s on\r")
			term.shows("tabs on\n")
			for _, typed := range []struct{ keys, want string }{
				{"cos vers\t\r", "cos " + versionText()}, // a verb
				{"cos run mine\t\r", "from mine\n"},      // a routine file, not mine.txt
				{"cos scripts show concurr\t\r", "JOB child:(:17:io:io)"},
				{"cos --durab\tsync run mine\t\r", "from mine\n"}, // a flag
			} {
				term.types(typed.keys)
				term.shows(typed.want)
			}
			term.types("exit\r")
			term.exits()
		})
	}
}

func TestCompletionWords(t *testing.T) {
	w := newWorld(t, map[string]string{"a.mac": "", "a.txt": "", "b.session": "", "d/c.int": ""})
	for _, c := range []struct {
		line      string
		has, lack string
	}{
		{"cos ", "run check test scripts completion", "prompt"},
		{"cos run ", "a.mac ^echod d/", "a.txt"},
		{"cos run --", "--trace --data --no-network --root", "--debug-panic"},
		{"cos check ", "a.mac d/", "a.txt"},
		{"cos test ", "b.session", "a.mac"},
		{"cos scripts show ", "concurrent echod", "a.mac"},
		{"cos help fl", `flags`, "run"},
		{"cos help no-t", `no-timeout`, "flags"},
		{"cos check --disable no-t", `no-timeout`, "unreachable"},
		{"cos help ", `run OPEN \$PIECE /ACCEPT %SYSTEM.Process`, "$PIECE"},
		{"cos --durability ", "interval sync off", "run"},
		{"cos --tls-config ", "a.txt", "run"},
		{"cos --data ", "d/", "a.txt"},
		{"cos completion ", "bash zsh fish", "run"},
	} {
		w := &testWorld{T: t, dir: w.dir, env: append(w.env[:len(w.env):len(w.env)], "COMP_LINE="+c.line)}
		out, errs, exit := w.run("")
		assert.Zero(t, exit, errs)
		words := strings.Fields(out)
		for _, word := range strings.Fields(c.has) {
			assert.Contains(t, words, word, c.line)
		}
		assert.NotContains(t, words, c.lack, c.line)
	}
	_, errs, exit := w.run("", "completion", "tcsh")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, `must be one of "bash","zsh","fish"`)
}
