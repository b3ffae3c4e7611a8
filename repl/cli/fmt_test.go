package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFmt(t *testing.T) {
	const (
		ugly    = "a s x=$p(\"a,b\",\",\")   w x\n q\n"
		settled = "a SET x=$PIECE(\"a,b\",\",\") WRITE x\n QUIT\n"
		broken  = " s x=1  \n w )\n"
		export  = "<Export><Routine name=\"a\" type=\"MAC\"> s x=1\n</Routine></Export>"
		output  = "%RO\n\na^INT^\n s x=1\n\n\n"
	)
	w := newWorld(t, map[string]string{"dir/ugly.mac": ugly, "dir/fine.mac": settled, "dir/sub/b.int": " q  \r\n",
		"broken.mac": broken, "all.xml": export, "two.ro": output, "x.cls": "Class A {}"})
	text := func(file string) string {
		b, err := os.ReadFile(filepath.Join(w.dir, file))
		require.NoError(t, err)
		return string(b)
	}
	for _, c := range []struct {
		args            []string
		stdin           string
		out, errs, exit any
	}{
		{args: []string{"dir/ugly.mac"}, out: settled},
		{args: []string{"dir/fine.mac"}, out: settled},
		{args: []string{"-"}, stdin: ugly, out: settled},
		{args: []string{"-l", "-"}, stdin: settled},
		{args: []string{"-l", "dir"}, out: "dir/sub/b.int\ndir/ugly.mac\n", exit: 1},
		{args: []string{"-l", "dir/fine.mac"}},
		{args: []string{"-d", "dir/ugly.mac"}, exit: 1, out: "diff dir/ugly.mac.orig dir/ugly.mac\n--- dir/ugly.mac.orig\n+++ dir/ugly.mac\n@@ -1,2 +1,2 @@\n" +
			"-a s x=$p(\"a,b\",\",\")   w x\n- q\n+a SET x=$PIECE(\"a,b\",\",\") WRITE x\n+ QUIT\n"},
		{args: []string{"-w", "broken.mac", "dir/ugly.mac"}, exit: 2,
			errs: "broken.mac:2:4: unexpected \")\", expected an expression\n w )\n   ^\ncos: broken.mac is left alone: it has syntax errors\n"},
		{args: []string{"-l", "all.xml"}, exit: 2, errs: "cos: all.xml: it is an export of routines, and those are left alone\n"},
		{args: []string{"two.ro"}, exit: 2, errs: "cos: two.ro: it is an export of routines, and those are left alone\n"},
		{args: []string{"x.cls"}, exit: 2, errs: "cos: x.cls: user-written classes are not supported\n"},
		{args: []string{"dir"}, exit: 2, errs: "cos: dir is a folder: -l, -d and -w take folders\n"},
		{args: []string{"nosuch.mac"}, exit: 2, errs: "cos: nosuch.mac: no such file or directory\n"},
		{args: []string{"-w", "-"}, exit: 2, errs: "cos: standard input cannot be rewritten: -w takes files\n"},
		{args: []string{"dir/fine.mac", "dir/ugly.mac"}, exit: 2, errs: "cos: one file at a time is printed; -l, -d and -w take several\n"},
	} {
		out, errs, exit := w.run(c.stdin, append([]string{"fmt"}, c.args...)...)
		assert.Equal(t, or(c.out, ""), out, c.args)
		assert.Equal(t, or(c.errs, ""), errs, c.args)
		assert.Equal(t, or(c.exit, 0), exit, c.args)
	}
	assert.Equal(t, broken, text("broken.mac"))
	assert.Equal(t, settled, text("dir/ugly.mac"))

	// -w keeps the mode of a file, goes through a link, and touches nothing that is settled.
	require.NoError(t, os.Chmod(filepath.Join(w.dir, "dir/sub/b.int"), 0o750))
	require.NoError(t, os.Symlink("sub/b.int", filepath.Join(w.dir, "dir/link.int")))
	was, err := os.Stat(filepath.Join(w.dir, "dir/fine.mac"))
	require.NoError(t, err)
	_, errs, exit := w.run("", "fmt", "-w", "dir/link.int", "dir/fine.mac")
	assert.Equal(t, []any{"", 0}, []any{errs, exit})
	assert.Equal(t, " QUIT\r\n", text("dir/sub/b.int"))
	info, err := os.Lstat(filepath.Join(w.dir, "dir/link.int"))
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
	info, err = os.Stat(filepath.Join(w.dir, "dir/sub/b.int"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o750), info.Mode().Perm())
	now, err := os.Stat(filepath.Join(w.dir, "dir/fine.mac"))
	require.NoError(t, err)
	assert.True(t, os.SameFile(was, now))
	left, err := filepath.Glob(filepath.Join(w.dir, "dir", ".*"))
	require.NoError(t, err)
	assert.Empty(t, left, "temporary files")
}

func or(x, otherwise any) any {
	if x == nil {
		return otherwise
	}
	return x
}
