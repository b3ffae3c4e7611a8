package cli

// The contract of the command line, row by row, against cos itself: the test binary
// runs as cos when cosEnv is set.

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/scripts"
)

const cosEnv = "TEST_AS_COS" // not COS_: cos test hands it on

func TestMain(m *testing.M) {
	if os.Getenv(cosEnv) != "" {
		os.Exit(Main(os.Args[1:], scripts.Files))
	}
	// What a background job of a shell ignores, its children ignore too, and these tests are
	// about signals: a signal that is caught here has its default again in what is started.
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
	os.Exit(m.Run())
}

// quickExit takes away the second that every process waits at its end under -race.
const quickExit = "GORACE=atexit_sleep_ms=0"

// patienceOfTests is how long a test waits for what must come.
const patienceOfTests = 60 * time.Second

// testWorld is a folder with programs, and cos started in it.
type testWorld struct {
	*testing.T
	dir string
	env []string
}

func newWorld(t *testing.T, files map[string]string) *testWorld {
	w := &testWorld{T: t, dir: t.TempDir()}
	for name, text := range files {
		path := filepath.Join(w.dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	home := t.TempDir()
	w.env = []string{cosEnv + "=1", "HOME=" + home, "COS_DATA=" + filepath.Join(home, "data"), "PATH=" + os.Getenv("PATH"),
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "TERM=xterm", "COS_DRAIN=0", quickExit}
	for _, v := range []string{"GOCOVERDIR", "GORACE", "SYSTEMROOT"} {
		if x, ok := os.LookupEnv(v); ok {
			w.env = append(w.env, v+"="+x)
		}
	}
	return w
}

// command is cos with arguments, not yet started.
func (w *testWorld) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	require.NoError(w, err)
	c := exec.Command(self, args...)
	c.Dir, c.Env = w.dir, w.env
	return c
}

// run runs cos to its end.
func (w *testWorld) run(stdin string, args ...string) (stdout, stderr string, exit int) {
	c := w.command(args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	require.NoError(w, c.Start())
	limit := time.AfterFunc(patienceOfTests, func() { _ = c.Process.Kill() })
	defer limit.Stop()
	exit = exitCode(w, c.Wait())
	return out.String(), errs.String(), exit
}

func (w *testWorld) runTo(out, errs *bytes.Buffer, c *exec.Cmd) int {
	c.Stdout, c.Stderr = out, errs
	return exitCode(w, c.Run())
}

func exitCode(t require.TestingT, err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	require.NoError(t, err)
	return 0
}

var programs = map[string]string{
	"hello.mac":   "#!/usr/bin/env cos run\n WRITE \"args:\",$ZCMDLINE,!\n QUIT\ntwo(a,b)\n WRITE $GET(a,\"-\"),\"/\",$GET(b,\"-\"),!\n QUIT\nmany(a...)\n WRITE a,!\n QUIT\n",
	"first.mac":   "; the first line of code is a label\nfirst(a)\n WRITE \"first \",$GET(a),!\n",
	"bad.mac":     " WRITE \"before\",!\n WRITE 1,,2\n WRITE \"after\",!\n",
	"late.mac":    " WRITE \"fine\",!\n QUIT\nbad WRTE 1\n WRITE )\n",
	"err.mac":     "top\n DO sub\n QUIT\nsub\n WRITE \"out\",!\n WRITE nosuch\n QUIT\n",
	"sub/lib.mac": "lib() QUIT \"from sub\"\n",
	"use.mac":     " WRITE $$lib^lib(),!\n",
	"own.mac":     " WRITE $$lib^own2(),!\n",
	"own2.mac":    "lib() QUIT \"beside\"\n",
	"_pct.mac":    "x() QUIT \"percent\"\n",
	"latin.mac":   " WRITE $ASCII(\"\xe9\"),!\n",
	"utf.mac":     " WRITE $ASCII(\"é\"),$LENGTH(\"€\"),!\n",
	"notes.txt":   "no routine\n",
	"CASE.int":    " WRITE \"int\",!\n",
	"m.m":         " WRITE \"m\",!\n",
	"r.ro":        " WRITE \"ro\",!\n",
	"r2.rtn":      " WRITE \"rtn\",!\n",
}

func TestContract(t *testing.T) {
	w := newWorld(t, programs)
	for _, c := range []struct {
		name  string
		stdin string
		args  []string
		out   string // all of standard output
		errs  string // contained in standard error; "" : empty
		exit  int
	}{
		{name: "file", args: []string{"run", "hello.mac"}, out: "args:\n"},
		{name: "everything after TARGET is the program's", args: []string{"run", "hello.mac", "-c", "--entry", "two", "--", "-"}, out: "args:-c --entry two -- -\n"},
		{name: "flags before TARGET", args: []string{"run", "--namespace", "user", "--entry=two", "hello.mac", "A", "B"}, out: "A/B\n"},
		{name: "flags before the verb", args: []string{"--namespace=USER", "run", "hello.mac", "x"}, out: "args:x\n"},
		{name: "-- ends our flags", args: []string{"run", "--", "hello.mac", "x"}, out: "args:x\n"},
		{name: "fewer arguments than formals", args: []string{"run", "--entry", "two", "hello.mac", "A"}, out: "A/-\n"},
		{name: "more arguments than formals", args: []string{"run", "--entry", "two", "hello.mac", "A", "B", "C"}, errs: "two takes 0 to 2 arguments, not 3", exit: 2},
		{name: "variadic formals", args: []string{"run", "--entry", "many", "hello.mac", "A", "B", "C"}, out: "3\n"},
		{name: "first line with a formal list", args: []string{"run", "first.mac", "7"}, out: "first 7\n"},
		{name: "entry with an offset", args: []string{"run", "--entry", "two+1", "hello.mac"}, out: "-/-\n"},
		{name: "entryref with an offset and actuals", args: []string{"run", `two+1^hello(1,"x")`}, out: "1/x\n"},
		{name: "entryref with too many actuals", args: []string{"run", `two+1^hello(1,2,3)`}, errs: "two takes 0 to 2 arguments, not 3", exit: 2},
		{name: "no such label", args: []string{"run", "--entry", "tow", "hello.mac"}, errs: "cos: there is no label tow in hello; did you mean two?\n", exit: 2},
		{name: "bad offset", args: []string{"run", "--entry", "two+x", "hello.mac"}, errs: "label or label+n", exit: 2},
		{name: "entryref", args: []string{"run", `two^hello("x",2)`}, out: "x/2\n"},
		{name: "entryref with arguments after it", args: []string{"run", "two^hello", "x", "y"}, out: "x/y\n"},
		{name: "entryref with an offset", args: []string{"run", "two+1^hello"}, out: "-/-\n"},
		{name: "entryref of a routine", args: []string{"run", "^hello", "z"}, out: "args:z\n"},
		{name: "arguments twice", args: []string{"run", "two^hello(1)", "x"}, errs: "given twice", exit: 2},
		{name: "--entry with an entryref", args: []string{"run", "--entry", "x", "two^hello"}, errs: "--entry goes with a routine file", exit: 2},
		{name: "no such routine", args: []string{"run", "^nosuch"}, errs: "cos: there is no routine nosuch\n", exit: 2},
		{name: "no such label of an entryref", args: []string{"run", "twoo^hello"}, errs: "there is no label twoo in hello; did you mean two?", exit: 2},
		{name: "no such file", args: []string{"run", "nosuch.mac"}, errs: "cos: nosuch.mac: no such file\n", exit: 2},
		{name: "a folder", args: []string{"run", "sub"}, errs: "sub is neither a routine file", exit: 2},
		{name: "a file that is no routine", args: []string{"run", "notes.txt"}, errs: "notes.txt is neither a routine file (.mac", exit: 2},
		{name: "neither", args: []string{"run", "nonsense"}, errs: "nonsense is not an entryref", exit: 2},
		{name: "no TARGET", args: []string{"run"}, errs: "run needs a TARGET", exit: 2},
		{name: "a flag as Go spells it", args: []string{"check", "-strict", "-disable=unreachable", "sub"}, out: "1 file checked: 0 errors, 0 warnings\n"},
		{name: "of a verb below a verb", args: []string{"errors", "-json"}},
		{name: "what a program gets stays", args: []string{"run", "two^hello", "-clock", "-x"}, out: "-clock/-x\n"},
		{name: ".int", args: []string{"run", "CASE.int"}, out: "int\n"},
		{name: ".m", args: []string{"run", "m.m"}, out: "m\n"},
		{name: ".ro", args: []string{"run", "r.ro"}, out: "ro\n"},
		{name: ".rtn", args: []string{"run", "r2.rtn"}, out: "rtn\n"},
		{name: "names are case-sensitive", args: []string{"run", "^HELLO"}, errs: "no routine HELLO", exit: 2},

		{name: "standard input", stdin: "p(a) WRITE \"in \",a,!\n", args: []string{"run", "-", "7"}, out: "in 7\n"},
		{name: "standard input with a label", stdin: " QUIT\nx WRITE \"x\",!\n", args: []string{"run", "--entry", "x", "-"}, out: "x\n"},

		{name: "-c", args: []string{"run", "-c", `WRITE $ZCMDLINE,!`, "a", "--data", "-c"}, out: "a --data -c\n"},
		{name: "-c in one word", args: []string{"run", "-cWRITE 1,!", "x"}, out: "1\n"},
		{name: "--commands=", args: []string{"run", "--commands=WRITE $ZCMDLINE,!", "-x"}, out: "-x\n"},
		{name: "-c with two lines", args: []string{"run", "-c", "SET x=1\nWRITE x+1,!"}, out: "2\n"},
		{name: "-c that does not parse", args: []string{"run", "-c", "WRTE 1"}, errs: `unknown command "WRTE"; did you mean WRITE?`, exit: 2},
		{name: "-c that is not finished", args: []string{"run", "-c", "IF 1 {"}, errs: "{", exit: 2},
		{name: "-c without a text", args: []string{"run", "-c"}, errs: "-c", exit: 2},

		{name: "Terminate", args: []string{"run", "-c", "DO $SYSTEM.Process.Terminate(,7) WRITE 1"}, exit: 7},
		{name: "HALT", args: []string{"run", "-c", "HALT"}},
		{name: "untrapped error", args: []string{"run", "err.mac"}, out: "out\n",
			errs: "<UNDEFINED>sub+2^err *nosuch\n WRITE nosuch\n ^\n  the variable has no value\n  at sub+2^err            WRITE nosuch\n  at top+1^err            DO sub\n", exit: 1},
		{name: "a bad line still runs", args: []string{"run", "bad.mac"}, out: "before\n", errs: "bad.mac:2:10: unexpected \",\"", exit: 1},
		{name: "a bad line that is not reached", args: []string{"run", "late.mac"}, out: "fine\n", errs: "late.mac:4:8: ", exit: 0},

		{name: "routines beside TARGET", args: []string{"run", filepath.Join(w.dir, "own.mac")}, out: "beside\n"},
		{name: "-I", args: []string{"run", "-I", "nowhere", "-I", "sub", "use.mac"}, out: "from sub\n"},
		{name: "-IDIR", args: []string{"run", "-Isub", "use.mac"}, out: "from sub\n"},
		{name: "without -I", args: []string{"run", "use.mac"}, errs: "<NOROUTINE>+1^use *lib", exit: 1},
		{name: "% is _ in a file name", args: []string{"run", "-c", "WRITE $$x^%pct(),!"}, out: "percent\n"},
		{name: "bundled programs come last", args: []string{"run", "-c", `WRITE $TEXT(child^concurrent),!`}, out: "child\n"},
		{name: "Latin-1 source", args: []string{"run", "latin.mac"}, out: "233\n"},
		{name: "UTF-8 source", args: []string{"run", "utf.mac"}, out: "2331\n"},

		{name: "unknown flag", args: []string{"run", "--entri", "x", "hello.mac"}, errs: `cos: unknown flag --entri, did you mean "--entry"? (see "cos help run")` + "\n", exit: 2},
		{name: "unknown flag of a verb's verb", args: []string{"cft", "ports", "--bogus"}, errs: `cos: unknown flag --bogus (see "cos help cft ports")` + "\n", exit: 2},
		{name: "unknown short flag", args: []string{"run", "-z", "hello.mac"}, errs: "unknown flag -z", exit: 2},
		{name: "unknown verb", args: []string{"chek", "hello.mac"}, errs: `cos: unknown verb "chek"; did you mean check?`, exit: 2},
		{name: "a file for a verb", args: []string{"hello.mac"}, errs: "did you mean cos run hello.mac?", exit: 2},
		{name: "bad durability", args: []string{"run", "--durability", "much", "hello.mac"}, errs: "--durability", exit: 2},
		{name: "memory", args: []string{"run", "--max-memory-per-job", "2MB", "-c", "WRITE $ZSTORAGE,! FOR i=1:1 SET a(i)=i"}, out: "2048\n", errs: "<STORE>", exit: 1},
		{name: "memory in KB", args: []string{"run", "--max-memory-per-job=1000", "-c", "WRITE $ZSTORAGE,!"}, out: "1000\n"},
		{name: "bad memory", args: []string{"run", "--max-memory-per-job", "5XB", "hello.mac"}, errs: "5XB is not a size of at least 128KB", exit: 2},
		{name: "too little memory", args: []string{"run", "--max-memory-per-job", "5KB", "hello.mac"}, errs: "--max-memory-per-job", exit: 2},
		{name: "a class", args: []string{"run", "a.cls"}, errs: "a.cls: user-written classes are not supported", exit: 2},
		{name: "version", args: []string{"version", "x"}, errs: "unexpected argument x", exit: 2},
		{name: "help of the language", args: []string{"help", "/acc"}, out: "TCP: /ACCEPT (/ACC), mode letter A\n  the first READ returns \"\" as soon as a client connects\n"},
		{name: "help of nothing", args: []string{"help", "rum"}, errs: "nothing is known of rum; did you mean run?", exit: 2},
		{name: "scripts show nothing", args: []string{"scripts", "show", "concurent"}, errs: "did you mean concurrent?", exit: 2},

		{name: "namespace", args: []string{"run", "--namespace", "%sys", "-c", "WRITE $NAMESPACE,!"}, out: "%SYS\n"},
		{name: "prompt: lines without prompting", stdin: "WRITE 1\nSET x=2\nWRITE x,!\nIF x {\nWRITE \"block\"\n}\n", out: "1\n2\nblock\n"},
		{name: "prompt: the last line may lack its end", stdin: "WRITE 1", out: "1\n"},
		{name: "prompt: READ gets the next line", stdin: "READ x\ntyped\nWRITE x,!\n", out: "typed\n"},
		{name: "prompt: terminators of a program end its READs, not command lines", stdin: "USE 0:(::\"!\")\nWRITE \"a!b\",!\nREAD x\nc!READ y\ndé!WRITE x,y,!\n", out: "a!b\ncdé\n"},
		{name: "prompt: nor do image mode, a table or upper case reach command lines", stdin: "USE 0:(\"\":\"IU\":\"x\")\nWRITE \"xé\",! READ y\nabx USE 0:(::/IOTABLE=\"Latin1\")\nWRITE y,!\n", out: "xé\nAB\n"},
		{name: "prompt: errors are shown and make the exit code", stdin: "write abc\nwrite 2,!\n", out: "\nWRITE abc\n^\n<UNDEFINED> *abc\n\n2\n", exit: 1},
		{name: "prompt: errors of a routine keep its line", stdin: "DO ^err\n", out: "out\n\n WRITE nosuch\n ^\n<UNDEFINED>sub+2^err *nosuch\n\n", exit: 1},
		{name: "prompt: syntax errors", stdin: "WRITE $ZERROR\nWRTE 1\nWRITE $ZERROR,!\n", out: "\nWRTE 1\n^\n<SYNTAX> unknown command \"WRTE\"; did you mean WRITE?\n\n<SYNTAX>\n", exit: 1},
		{name: "prompt: a block that never closes", stdin: "IF 1 {\nWRITE 1\n", out: "\nIF 1 {\n     ^\n<SYNTAX> \"{\" without its \"}\"\n\n", exit: 1},
		{name: "prompt: HALT", stdin: "WRITE 1,!\nHALT\nWRITE 2,!\n", out: "1\n"},
		{name: "prompt: Terminate", stdin: "DO $SYSTEM.Process.Terminate(,9)\n", exit: 9},
		{name: "prompt: namespace", stdin: "WRITE $NAMESPACE,!\n", args: []string{"--namespace", "%SYS"}, out: "%SYS\n"},
		{name: "prompt: help", stdin: "?quit\n", out: "QUIT[:pc] [value]\n  leave a loop, a block or a routine level; a value leaves no TRY, CATCH, XECUTE or dotted block, but RETURN's does\n    ; routine ex\n    sum(a,b) QUIT a+b\n    USER>WRITE $$sum^ex(2,3)\n    5\n    USER>FOR i=1:1 QUIT:i>3\n"},
		{name: "prompt: the current device is the principal again", stdin: "OPEN \"/dev/null\" USE \"/dev/null\"\nWRITE \"seen\",!\n", out: "seen\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &testWorld{T: t, dir: w.dir, env: w.env}
			out, errs, exit := w.run(c.stdin, c.args...)
			assert.Equal(t, c.out, out)
			if c.errs == "" {
				assert.Empty(t, errs)
			}
			assert.Contains(t, errs, c.errs)
			assert.Equal(t, c.exit, exit)
		})
	}
}

func TestRoutineFolders(t *testing.T) {
	w := newWorld(t, map[string]string{
		"main/main.mac": " WRITE $$w^where(),!\n", "main/where.mac": "w() QUIT \"target\"\n", "i/where.mac": "w() QUIT \"-I\"\n",
		"p1/other.mac": "w() QUIT 1\n", "p2/where.mac": "w() QUIT \"COSPATH\"\n", "data/routines/where.mac": "w() QUIT \"data\"\n",
		"p2/concurrent.mac": "child QUIT\n",
	})
	w.env = append(w.env, "COSPATH="+filepath.Join(w.dir, "p1")+string(filepath.ListSeparator)+filepath.Join(w.dir, "p2"))
	args := []string{"run", "-I", "i", "--data", "data", "main/main.mac"}
	for _, step := range []struct{ folder, want string }{
		{"", "target"}, {"main", "-I"}, {"i", "COSPATH"}, {"p2", "data"},
	} {
		if step.folder != "" {
			require.NoError(t, os.Remove(filepath.Join(w.dir, step.folder, "where.mac")))
		}
		out, errs, _ := w.run("", args...)
		assert.Equal(t, step.want+"\n", out, errs)
	}
	out, _, _ := w.run("", "run", "-c", "WRITE $TEXT(child^concurrent),!")
	assert.Equal(t, "child QUIT\n", out, "a folder's routine comes before a bundled one")
}

func TestDataDirectory(t *testing.T) {
	w := newWorld(t, nil)
	_, _, exit := w.run("", "run", "--data", "d", "-c", "WRITE 1")
	require.Zero(t, exit)
	assert.NoDirExists(t, filepath.Join(w.dir, "d"), "a program without globals opens no store")

	_, errs, exit := w.run("", "run", "--data", "d", "--durability", "sync", "-c", "SET ^x=5")
	require.Zero(t, exit, errs)
	assert.DirExists(t, filepath.Join(w.dir, "d"))
	out, _, _ := w.run("", "run", "--data", "d", "-c", "WRITE ^x,!")
	assert.Equal(t, "5\n", out)

	out, errs, exit = w.run("", "run", "-c", "WRITE $DATA(^x),!")
	assert.Equal(t, "0\n", out, "COS_DATA is another directory")
	assert.Zero(t, exit, errs)

	xdg := t.TempDir()
	w.env = append(w.env, "COS_DATA=", "XDG_DATA_HOME="+xdg)
	_, _, exit = w.run("", "run", "-c", "SET ^x=6")
	require.Zero(t, exit)
	assert.DirExists(t, filepath.Join(xdg, "cos"))
}

func TestJobsOutliveTheMainProcess(t *testing.T) {
	w := newWorld(t, map[string]string{
		"start.mac": " JOB work(\"done\")\n DO $SYSTEM.Process.Terminate(,3)\nwork(x)\n HANG .3\n SET f=\"result.txt\"\n OPEN f:\"WN\" USE f WRITE x CLOSE f\n QUIT\n",
		"fail.mac":  " JOB work\n HANG .1\n QUIT\nwork\n WRITE nosuch\n QUIT\n",
	})
	out, errs, exit := w.run("", "run", "start.mac")
	assert.Equal(t, 3, exit, "the main process's exit code")
	assert.Empty(t, out)
	assert.Empty(t, errs, "no message unless standard error is a terminal")
	b, err := os.ReadFile(filepath.Join(w.dir, "result.txt"))
	require.NoError(t, err, "the job has ended when cos ends")
	assert.Equal(t, "done", string(b))

	_, errs, exit = w.run("", "run", "fail.mac")
	assert.Zero(t, exit, "a job's error is not the main process's")
	assert.Regexp(t, `^job \d+: <UNDEFINED>work\+1\^fail \*nosuch\n`, errs)

	_, _, exit = w.run("JOB work^start(\"again\")\nHALT\n")
	assert.Zero(t, exit)
	b, err = os.ReadFile(filepath.Join(w.dir, "result.txt"))
	require.NoError(t, err)
	assert.Equal(t, "again", string(b), "HALT at the prompt stays, too")
}

// A line of a megabyte is no help below an error: what is around the caret is shown.
func TestLongErrorLine(t *testing.T) {
	w := newWorld(t, map[string]string{"bad.mac": " SET x=\"" + strings.Repeat("x", 5000) + "\" WRTE 1\n"})
	long := strings.Repeat("SET x=1 ", 900) + "WRITE nosuch" + strings.Repeat(" SET x=2", 5000)
	for _, c := range []struct {
		stdin string
		args  []string
		word  string
	}{
		{"", []string{"run", "-c", long}, "WRITE nosuch"},
		{long + "\n", nil, "WRITE nosuch"},
		{strings.ReplaceAll(long, "nosuch", ")") + "\n", nil, ")"},
		{"", []string{"run", "bad.mac"}, "WRTE 1"},
	} {
		out, errs, exit := w.run(c.stdin, c.args...)
		assert.Equal(t, 1, exit)
		lines := strings.Split(out+errs, "\n")
		caret := slices.IndexFunc(lines, func(s string) bool { return strings.HasSuffix(s, "^") })
		require.Positive(t, caret, out+errs)
		at := strings.Index(lines[caret], "^")
		assert.True(t, strings.HasPrefix(string([]rune(lines[caret-1])[at:]), c.word), lines[caret-1])
		for _, l := range lines {
			assert.LessOrEqual(t, len([]rune(l)), 230)
		}
	}
}

func TestClosedStandardOutput(t *testing.T) {
	w := newWorld(t, map[string]string{
		"long.mac":  " SET $ZTRAP=\"e\"\n FOR i=1:1:1000000 WRITE i,!\n QUIT\ne\n SET f=\"err.txt\" OPEN f:\"WN\" USE f WRITE $ZERROR CLOSE f\n QUIT\n",
		"short.mac": " WRITE 1\n",
	})
	for _, program := range []string{"long.mac", "short.mac"} {
		c := w.command("run", program)
		r, wr, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, r.Close())
		var errs bytes.Buffer
		c.Stdout, c.Stderr = wr, &errs
		exit := exitCode(t, c.Run())
		require.NoError(t, wr.Close())
		if program == "short.mac" {
			assert.Equal(t, 1, exit)
			assert.Equal(t, "<WRITE> broken pipe\n", errs.String())
			continue
		}
		b, err := os.ReadFile(filepath.Join(w.dir, "err.txt"))
		require.NoError(t, err, errs.String())
		assert.Equal(t, "<WRITE>+2^long", string(b))
	}
}

func TestCheckVerb(t *testing.T) {
	w := newWorld(t, map[string]string{
		"a.mac": " WRTE 1\n WRITE 2\n WRITE )\n", "dir/b.int": " SET x=$QXQXQ(1)\n", "dir/c.txt": " WRTE\n", "dir/deep/ok.m": " WRITE 1\n",
		"warn.mac": " OPEN \"|TCP|1\":(:7000:\"MX\")\n",
	})
	out, errs, exit := w.run("", "check", "a.mac", "dir")
	assert.Equal(t, 2, exit)
	assert.Empty(t, errs)
	assert.Equal(t, `a.mac:1:2: unknown command "WRTE"; did you mean WRITE?
 WRTE 1
 ^
a.mac:3:8: unexpected ")", expected an expression
 WRITE )
       ^
dir/b.int:1:8: unknown function $QXQXQ
 SET x=$QXQXQ(1)
       ^
3 files checked: 3 errors, 0 warnings
`, out)
	out, _, exit = w.run("", "check", "warn.mac")
	assert.Zero(t, exit, "warnings alone are no failure")
	assert.Contains(t, out, "warn.mac:1:23: warning: unknown mode letter X")
	out, errs, exit = w.run("", "check", "nosuch", "warn.mac")
	assert.Equal(t, 2, exit)
	assert.Contains(t, out, "1 file checked")
	assert.Equal(t, "cos: nosuch: no such file or directory\n", errs)
	_, errs, exit = w.run("", "check")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "path")
}

// TestCheckRules is the choice of rules and of the format, and what they end with.
func TestCheckRules(t *testing.T) {
	w := newWorld(t, map[string]string{"warn.mac": " QUIT\n SET x=1\n", "fine.mac": " QUIT\n",
		"quiet.mac": " QUIT\n SET x=1  ; cos:ignore unreachable a test\n"})
	const text = "warn.mac:2:2: warning: SET is not reached: what stands before it never goes on here [unreachable]\n SET x=1\n ^\n"
	for _, c := range []struct {
		args []string
		out  string // it contains this
		errs string
		exit int
	}{
		{args: []string{"warn.mac"}, out: text + "1 file checked: 0 errors, 1 warning\n"},
		{args: []string{"--strict", "warn.mac"}, out: text, exit: 1},
		{args: []string{"--strict", "fine.mac", "quiet.mac"}, out: "2 files checked: 0 errors, 0 warnings\n"},
		{args: []string{"--error", "unreachable", "warn.mac"}, out: "warn.mac:2:2: SET is not reached", exit: 2},
		{args: []string{"--strict", "--disable", "zutil,unreachable", "warn.mac"}, out: "0 warnings"},
		{args: []string{"--json", "warn.mac"}, out: `"rule": "unreachable",`},
		{args: []string{"--sarif", "warn.mac"}, out: `"ruleId": "unreachable",`},
		{args: []string{"--sarif", "--strict", "warn.mac"}, out: `"version": "2.1.0",`, exit: 1},
		{args: []string{"--json", "--sarif", "warn.mac"}, errs: "--json and --sarif can't be used together", exit: 2},
		{args: []string{"--disable", "unreachabel", "warn.mac"}, errs: "cos: there is no rule unreachabel; did you mean unreachable?", exit: 2},
		{args: []string{"--rules"}, out: "uncalled-label  warning  labels that no routine of the check runs (off)\n"},
	} {
		out, errs, exit := w.run("", append([]string{"check"}, c.args...)...)
		assert.Contains(t, out, c.out, c.args)
		assert.Contains(t, errs, c.errs, c.args)
		assert.Equal(t, c.exit, exit, c.args)
	}
	w = newWorld(t, map[string]string{"src/a.mac": "#include mine\n $$$LEAVE\n", "inc/mine.inc": "#define LEAVE QUIT\n"})
	for _, verb := range [][]string{{"check"}, {"fmt", "-l"}} {
		_, _, exit := w.run("", append(verb, "src")...)
		assert.Equal(t, 2, exit, "there is no include file")
		_, errs, exit := w.run("", append(verb, "-I", "inc", "src")...)
		assert.Empty(t, errs)
		assert.Zero(t, exit)
	}
	out, _, exit := w.run("", "help", "no-timeout")
	assert.Zero(t, exit)
	assert.Contains(t, out, "no-timeout (warning)\n  OPEN of a TCP device")
	assert.Contains(t, out, "    example.mac:4:14: warning: READ from a TCP device")
	out, _, exit = w.run("", "help", "check")
	assert.Zero(t, exit)
	assert.Contains(t, out, "cos:ignore")
}

func TestInformation(t *testing.T) {
	w := newWorld(t, nil)
	out, _, exit := w.run("", "version")
	assert.Zero(t, exit)
	assert.Regexp(t, `^cos \d+\.\d+`, out)
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		out, _, exit = w.run("", args...)
		assert.Zero(t, exit)
		for _, verb := range []string{"run", "check", "test", "demo", "scripts", "version"} {
			assert.Contains(t, out, "  "+verb)
		}
	}
	out, _, exit = w.run("", "help", "run")
	assert.Zero(t, exit)
	assert.Contains(t, out, "--entry=LABEL")
	out, _, exit = w.run("", "help", "$piece")
	assert.Zero(t, exit)
	assert.Contains(t, out, "USER>WRITE $PIECE(")
	out, _, exit = w.run("", "scripts")
	assert.Zero(t, exit)
	assert.Regexp(t, `(?m)^concurrent +The chapter's`, out)
	out, _, exit = w.run("", "scripts", "show", "concurrent")
	assert.Zero(t, exit)
	assert.Contains(t, out, "JOB child:(:17:io:io)")
}

// The first page fits a screen, and a verb's own flags are not lost among those of all.
func TestHelpIsShort(t *testing.T) {
	w := newWorld(t, nil)
	out, _, _ := w.run("", "help")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	assert.LessOrEqual(t, len(lines), 23)
	for _, line := range lines {
		assert.LessOrEqual(t, len([]rune(line)), 80, line)
	}
	for _, args := range [][]string{{"help", "check"}, {"check", "--help"}, {"errors", "list", "--help"}} {
		out, errs, exit := w.run("", args...)
		assert.Zero(t, exit, errs)
		assert.Contains(t, out, "--json", args)
		assert.NotContains(t, out, "Keep globals in DIR", args)
		assert.Regexp(t, `(?s)Flags of every verb \(cos help flags explains them\): -h, -I, --data,.*--no-config\.\n$`, out)
	}
	out, errs, exit := w.run("", "help", "flags")
	assert.Zero(t, exit, errs)
	assert.Contains(t, out, "--data=DIR")
	assert.Contains(t, out, "Keep globals in DIR")
	assert.NotContains(t, out, "DEBUG_PANIC")
}

// What a terminal would obey is shown, never sent: in names of files, source lines, flags.
func TestHostileNamesAreShown(t *testing.T) {
	evil := "\x1b[31m"
	w := newWorld(t, map[string]string{"z" + evil + ".mac": " w 1/0 ;" + evil + "\n", "bad" + evil + ".mac": " w \"" + evil + "\",(\n",
		"ugly" + evil + ".mac": " w 1\n", "s" + evil + ".session": "cos session 1\nprompt\n", evil + ".toml": "paths = [\"\\u001b\"]\n"})
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"run", "z" + evil + ".mac"}, "<DIVIDE>+1^z␛[31m\n w 1/0 ;␛[31m\n ^\n"},
		{[]string{"run", "bad" + evil + ".mac"}, "bad␛[31m.mac:1:13: "},
		{[]string{"check", "bad" + evil + ".mac"}, "bad␛[31m.mac:1:13: unexpected end of line, expected an expression\n w \"␛[31m\",(\n            ^\n"},
		{[]string{"run", "no" + evil + ".mac"}, "cos: no␛[31m.mac: no such file\n"},
		{[]string{"--bad" + evil}, "cos: unknown flag --bad␛[31m"},
		{[]string{evil}, `cos: unknown verb`},
		{[]string{"fmt", "-l", "z" + evil + ".mac"}, "z␛[31m.mac\n"},
		{[]string{"fmt", "-d", "ugly" + evil + ".mac"}, "+++ ugly␛[31m.mac\n"},
		{[]string{"test", "-v", "s" + evil + ".session"}, "FAIL  s␛[31m.session"},
		{[]string{"test", "no" + evil}, "cos: there is no file or folder no␛[31m\n"},
		{[]string{"config", "--config", evil + ".toml"}, "/␛[31m.toml\n"},
		{[]string{"errors", "show", "1"}, "z␛[31m.mac:1:2"},
	} {
		out, errs, _ := w.run("", c.args...)
		assert.Contains(t, out+errs, c.says, c.args)
		assert.NotContains(t, out+errs, "\x1b", c.args)
	}
}

func TestHostsAndServices(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	w := newWorld(t, nil)
	w.env = append(w.env, "COS_HOSTS=larry=127.0.0.1", fmt.Sprintf("COS_SERVICES=daytime=%d", l.Addr().(*net.TCPAddr).Port))
	out, errs, exit := w.run("", "run", "-c", `OPEN "|TCP|1":("larry":"daytime"):15 WRITE $TEST,!`)
	assert.Zero(t, exit, errs)
	assert.Equal(t, "1\n", out)
	w.env = append(w.env, "COS_SERVICES=daytime=late")
	_, errs, exit = w.run("", "run", "-c", "QUIT")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: COS_SERVICES: daytime=late is not a port\n", errs)
}

func TestDemo(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "TMPDIR="+t.TempDir())
	var out, errs bytes.Buffer
	c := w.command("demo", "--clients", "2")
	require.Zero(t, w.runTo(&out, &errs, c), errs.String())
	text := out.String()
	assert.Regexp(t, `(?m)^server +Server port opened$`, text)
	assert.Equal(t, 2, strings.Count(text, "Accepted connection"))
	for _, client := range []string{"client 1", "client 2"} {
		assert.Regexp(t, `(?m)^`+client+` +Client connection opened$`, text)
		assert.Regexp(t, `(?m)^`+client+` +Child is on job \d+$`, text)
	}
	assert.Empty(t, errs.String())
}
