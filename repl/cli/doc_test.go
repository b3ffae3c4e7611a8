package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDoc(t *testing.T) {
	w := newWorld(t, nil)
	help, _, exit := w.run("", "help", "$piece")
	assert.Zero(t, exit)
	doc, errs, exit := w.run("", "doc", "$piece")
	assert.Zero(t, exit, errs)
	assert.Equal(t, help, doc, "the two say the same of a topic")
	out, _, exit := w.run("", "doc", "errors")
	assert.Zero(t, exit)
	assert.Contains(t, out, "ERRORS\n\n")
	assert.Contains(t, out, "<UNDEFINED>\n  ")
	all, _, exit := w.run("", "doc", "all")
	assert.Zero(t, exit)
	for _, part := range []string{"COMMANDS\n", "CLASSES\n", "OPERATORS\n", "USER>WRITE $PIECE("} {
		assert.Contains(t, all, part)
	}
	out, _, exit = w.run("", "doc")
	assert.Zero(t, exit)
	assert.Contains(t, out, "Sections: Commands, Functions,")
	for _, c := range []struct{ topic, near string }{
		{"$picee", "did you mean $PIECE?"},
		{"filecharacter", "did you mean %Stream.FileCharacter"},
		{"comands", "did you mean Commands"},
	} {
		_, errs, exit = w.run("", "doc", c.topic)
		assert.Equal(t, 2, exit)
		assert.Contains(t, errs, c.near)
	}
	_, errs, exit = w.run("", "help", "rnu")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "did you mean run?")
}

func TestVersionAsJSON(t *testing.T) {
	out, errs, exit := newWorld(t, nil).run("", "version", "--json")
	require.Zero(t, exit, errs)
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &v))
	for _, key := range []string{"version", "zversion", "os", "arch", "go"} {
		assert.NotEmpty(t, v[key], key)
	}
	assert.Contains(t, v["zversion"], "Cache")
}

func TestScriptsCopy(t *testing.T) {
	w := newWorld(t, nil)
	out, errs, exit := w.run("", "scripts", "copy", "echod", "new/dir")
	require.Zero(t, exit, errs)
	file := filepath.Join("new", "dir", "echod.mac")
	assert.Equal(t, file+"\n", out)
	text, _, _ := w.run("", "scripts", "show", "echod")
	got, err := os.ReadFile(filepath.Join(w.dir, file))
	require.NoError(t, err)
	assert.Equal(t, text, string(got))
	_, errs, exit = w.run("", "scripts", "copy", "echod", "new/dir")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: "+file+" is there already; --force writes over it\n", errs)
	_, errs, exit = w.run("", "scripts", "copy", "-f", "echod", "new/dir")
	assert.Zero(t, exit, errs)
	_, errs, exit = w.run("", "scripts", "copy", "ecohd")
	assert.Equal(t, 2, exit)
	assert.True(t, strings.HasSuffix(errs, "did you mean echod?\n"), errs)
}
