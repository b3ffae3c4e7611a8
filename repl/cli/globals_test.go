package cli

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/runtime"
)

// newGlobals is a world with some globals.
func newGlobals(t *testing.T) *testWorld {
	w := newWorld(t, map[string]string{
		"bad.zwr": "h\nd ZWR\n^x=1\n^x(1=2\n",
		"go.txt":  "d~Format=5.S~\r\nd\r\n^g(1)\r\none\r\n\r\n\r\n",
	})
	_, errs, exit := w.run("^a=1\n^a(1)=\"x\"\"y\"\n^a(2)=$C(13,10)\n^ab=\"é\"\n^%s(1)=2\n", "globals", "import", "-")
	require.Equal(t, 0, exit, errs)
	assert.Regexp(t, `^-: imported 5 nodes of 3 globals, 52 bytes in \S+\n$`, errs)
	return w
}

const (
	zwrAll = "^a=1\n^a(1)=\"x\"\"y\"\n^a(2)=$C(13,10)\n^ab=\"é\"\n"
	sizes  = "       nodes           bytes  global\n           3              18  ^a\n           1               5  ^ab\n           4              23  total\n"
)

func TestGlobalsVerb(t *testing.T) {
	w := newGlobals(t)
	for _, c := range []struct {
		args, stdin, out string
		exit             int
		errs             string // standard error holds it
	}{
		{args: "list", out: "^a\n^ab\n"},
		{args: "list ^a?", out: "^ab\n"},
		{args: "list %*", out: "^%s\n"},
		{args: "list --namespace other"},
		{args: "list --json ab %s", out: "[\n  {\n    \"global\": \"^%s\",\n    \"namespace\": \"%SYS\"\n  },\n  {\n    \"global\": \"^ab\",\n    \"namespace\": \"USER\"\n  }\n]\n"},
		{args: "list --json --namespace other", out: "[]\n"},
		{args: "size", out: sizes},
		{args: "size --json ^a(1)", out: "[\n  {\n    \"global\": \"^a(1)\",\n    \"namespace\": \"USER\",\n    \"nodes\": 1,\n    \"bytes\": 7\n  }\n]\n"},
		{args: "show", out: zwrAll},
		{args: "show a(2)", out: "^a(2)=$C(13,10)\n"},
		{args: "show zz", exit: 2, errs: "cos: nothing in namespace USER matches zz\n"},
		{args: "show ^a(", exit: 2, errs: "neither a reference to a global nor a pattern"},
		{args: "show --namespace 1", exit: 2, errs: "1 is no name of a namespace"},
		{args: "verify", errs: "verified 4 nodes of 2 globals, 23 bytes in "},
		{args: "compact zz", exit: 2, errs: "cos: nothing in namespace USER matches zz\n"},
		{args: "import bad.zwr", exit: 1, errs: "bad.zwr: stored before the error: 1 node of 1 global, "},
		{args: "show x", out: "^x=1\n"},
		{args: "import no.zwr", exit: 2, errs: "cos: no.zwr: no such file or directory\n"},
		{args: "import bad.zwr no.zwr", exit: 2, errs: "cos: no.zwr: no such file or directory\n"},
		{args: "import go.txt", errs: "go.txt: imported 1 node of 1 global, "},
		{args: "import --format zwr go.txt", exit: 1, errs: "cos: go.txt:3: column 6: = is expected after the reference\n"},
		{args: "import --charset m -", stdin: "^c=\"é\"\n", errs: "-: imported 1 node"},
		{args: "show c g", out: "^c=\"Ã©\"\n^g(1)=\"one\"\n"},
		{args: "export --charset m c", out: "^c=$C(195,169)\n", errs: "exported 1 node of 1 global, "},
		{args: "export --format go a", out: "^a(2)\n$ZWR=$C(13,10)\n\n\n", errs: "cos: 1 value only cos can read back in this format; zwr keeps them\n"},
		{args: "export -o no/such/file", exit: 2, errs: "no such file or directory"},
		{args: "export --format xml", exit: 2, errs: `--format must be one of "zwr","go"`},
		{args: "kill c", exit: 2, errs: "cos: kill asks on a terminal; here it needs --yes\n"},
		{args: "kill --yes c g x", errs: "killed ^c, ^g, ^x\n"},
		{args: "kill --yes a(1)", errs: "killed ^a(1)\n"},
		{args: "kill", exit: 2, errs: `expected "<pattern> ..."`},
		{args: "list", out: "^a\n^ab\n"},
		{args: "show ^a", out: "^a=1\n^a(2)=$C(13,10)\n"},
		{args: "", exit: 2, errs: "expected one of"},
	} {
		out, errs, exit := w.run(c.stdin, append([]string{"globals"}, strings.Fields(c.args)...)...)
		assert.Equal(t, c.exit, exit, "%s: %s", c.args, errs)
		if strings.HasPrefix(c.args, "export") {
			assert.True(t, strings.HasSuffix(out, c.out), "%s: %s", c.args, out)
		} else {
			assert.Equal(t, c.out, out, c.args)
		}
		assert.Contains(t, errs, c.errs, c.args)
		if c.errs == "" {
			assert.Empty(t, errs, c.args)
		}
	}
}

// TestGlobalsFiles: what is exported to a file comes back, in both formats, and a file
// is whole or not there.
func TestGlobalsFiles(t *testing.T) {
	w := newGlobals(t)
	for _, format := range []string{"zwr", "go"} {
		file := filepath.Join(w.dir, "out."+format)
		require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
		_, errs, exit := w.run("", "globals", "export", "--format", format, "-o", file, "*", "%*")
		require.Equal(t, 0, exit, errs)
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Contains(t, errs, fmt.Sprintf("exported 5 nodes of 3 globals, %d bytes", info.Size()))
		_, errs, exit = w.run("", "globals", "kill", "--yes", "*", "%*")
		require.Equal(t, 0, exit, errs)
		out, _, _ := w.run("", "globals", "list", "--namespace", "%SYS")
		assert.Empty(t, out)
		_, errs, exit = w.run("", "globals", "import", file)
		require.Equal(t, 0, exit, errs)
		out, _, _ = w.run("", "globals", "show", "*", "%*")
		assert.Equal(t, "^%s(1)=2\n"+zwrAll, out)
	}
	before, err := filepath.Glob(filepath.Join(w.dir, "*"))
	require.NoError(t, err)
	_, _, exit := w.run("^w=$C(8364)", "globals", "import", "-")
	require.Equal(t, 0, exit)
	_, errs, exit := w.run("", "globals", "export", "--charset", "m", "-o", filepath.Join(w.dir, "half"))
	assert.Equal(t, 1, exit)
	assert.Equal(t, "cos: ^w: character 8364 does not exist in charset M, use UTF-8\n", errs)
	after, err := filepath.Glob(filepath.Join(w.dir, "*"))
	require.NoError(t, err)
	assert.Equal(t, before, after, "no half file stays")
	hidden, err := filepath.Glob(filepath.Join(w.dir, ".half*"))
	require.NoError(t, err)
	assert.Empty(t, hidden)
}

// TestGlobalsOfARunningProgram: the tools work beside a process that owns the store.
func TestGlobalsOfARunningProgram(t *testing.T) {
	w := newGlobals(t)
	p := w.command("run", "-c", "SET ^live=1 WRITE \"ready\",! READ x WRITE ^told,!")
	in, err := p.StdinPipe()
	require.NoError(t, err)
	out, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	limit := time.AfterFunc(patienceOfTests, func() { _ = p.Process.Kill() })
	defer limit.Stop()
	line := make([]byte, 64)
	n, err := out.Read(line)
	require.NoError(t, err)
	assert.Equal(t, "ready\n", string(line[:n]))
	shown, errs, exit := w.run("", "globals", "show", "live")
	assert.Equal(t, 0, exit, errs)
	assert.Equal(t, "^live=1\n", shown)
	_, errs, exit = w.run("^told=\"imported\"\n", "globals", "import", "-")
	assert.Equal(t, 0, exit, errs)
	_, err = in.Write([]byte("\n"))
	require.NoError(t, err)
	var rest bytes.Buffer
	_, err = rest.ReadFrom(out)
	require.NoError(t, err)
	assert.Contains(t, rest.String(), "imported\n")
	require.NoError(t, p.Wait())
}

// TestCompact: for the process that owns the store and for another one, while a program
// goes on, the room of what is gone comes back.
func TestCompact(t *testing.T) {
	w, data := newWorld(t, nil), t.TempDir()
	w.env = append(w.env, "COS_DATA="+data)
	const shape = `^(\d[\d.]* [a-zA-Z]+) before, (\d[\d.]* [a-zA-Z]+) after\n$`
	fill := "FOR i=1:1:4000 { SET s=\"\" FOR j=1:1:20 { SET s=s_$RANDOM(1000000) } SET ^fat(i)=s,^thin(i)=i }"
	_, errs, exit := w.run("", "run", "-c", fill)
	require.Equal(t, 0, exit, errs)
	out, errs, exit := w.run("", "globals", "compact")
	require.Equal(t, 0, exit, errs)
	require.Regexp(t, shape, out)
	assert.Empty(t, errs)
	size := func() (n int64) {
		require.NoError(t, filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".sst") {
				if info, e := d.Info(); e == nil {
					n += info.Size()
				}
			}
			return nil
		}))
		return n
	}
	full := size()
	require.Greater(t, full, int64(200_000))

	p := w.command("run", "-c", "KILL ^fat WRITE \"killed\",! READ x WRITE $ORDER(^thin(\"\"),-1),\" \",$DATA(^fat),!")
	in, err := p.StdinPipe()
	require.NoError(t, err)
	said, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	limit := time.AfterFunc(patienceOfTests, func() { _ = p.Process.Kill() })
	defer limit.Stop()
	line := make([]byte, 64)
	n, err := said.Read(line)
	require.NoError(t, err)
	require.Equal(t, "killed\n", string(line[:n]))
	out, errs, exit = w.run("", "globals", "compact", "th*", "^thin(1)")
	require.Equal(t, 0, exit, errs)
	require.Regexp(t, shape, out)
	out, errs, exit = w.run("", "globals", "compact")
	require.Equal(t, 0, exit, errs)
	require.Regexp(t, shape, out)
	_, err = in.Write([]byte("\n"))
	require.NoError(t, err)
	var rest bytes.Buffer
	_, err = rest.ReadFrom(said)
	require.NoError(t, err)
	assert.Contains(t, rest.String(), "4000 0\n")
	require.NoError(t, p.Wait())
	assert.Less(t, size(), full/4)
	_, errs, exit = w.run("", "globals", "verify")
	assert.Equal(t, 0, exit, errs)
}

// TestVerifyTellsDamage: of the log, by file and place.
func TestVerifyTellsDamage(t *testing.T) {
	w, data := newWorld(t, nil), t.TempDir()
	w.env = append(w.env, "COS_DATA="+data)
	_, errs, exit := w.run("", "run", "-c", "SET ^a=1 WRITE 1,! HANG .01 SET ^a=2 WRITE 2,! HANG .01 SET ^a=3")
	require.Equal(t, 0, exit, errs)
	name := filepath.Join(data, "log", "00000001.log")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	text[8] ^= 0xff
	require.NoError(t, os.WriteFile(name, text, 0o600))
	_, errs, exit = w.run("", "globals", "verify")
	assert.Equal(t, 1, exit)
	assert.Contains(t, errs, name+" is damaged at byte 0, and valid changes follow at byte ")
}

// TestProgressLine: what a terminal shows.
func TestProgressLine(t *testing.T) {
	c := runtime.Count{Nodes: 2000, Bytes: 1_500_000}
	p := &progress{what: "importing", size: 3_000_000}
	t.Setenv("NO_COLOR", "1")
	p.to = os.Stderr
	assert.Equal(t, "importing "+strings.Repeat("█", 15)+strings.Repeat("░", 15)+"  50% 2000 nodes, 1.5 MB, 1000 nodes/s", p.line(c, 2*time.Second))
	assert.Equal(t, strings.Repeat("█", 10)+strings.Repeat("░", 20)+"  33%", p.bar(1./3))
	p.size = 0
	assert.Equal(t, "importing 2000 nodes, 1.5 MB, 1000 nodes/s", p.line(c, 2*time.Second))
	assert.Equal(t, "1 byte", bytesText(1))
	assert.Equal(t, "999 bytes", bytesText(999))
	assert.Equal(t, "1.0 kB", bytesText(1000))
	assert.Equal(t, "2.5 TB", bytesText(2_500_000_000_000))
}

// TestProgressIsForTerminals: nothing is drawn elsewhere, and a signal ends the work.
func TestProgressIsForTerminals(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	task := &task{app: &app{stderr: w}, ctx: ctx}
	p := task.progress("counting", 0)
	require.NoError(t, p.tell(runtime.Count{Nodes: 1}))
	cancel(signalled(exitHangup))
	assert.Equal(t, signalled(exitHangup), p.tell(runtime.Count{Nodes: 2}))
	p.done()
	w.Close()
	var drawn bytes.Buffer
	_, err = drawn.ReadFrom(r)
	require.NoError(t, err)
	assert.Empty(t, drawn.String())
}
