package golden_test

// The runner itself: what it accepts, what it reports, what --update writes. The
// sessions run cos by executing this test binary again.

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/repl/cli"
	"cos/repl/golden"
)

const asCos = "GOLDEN_AS_COS"

// quickExit takes away the second that every process waits at its end under -race.
const quickExit = "GORACE=atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	if os.Getenv(asCos) != "" {
		os.Exit(cli.Main(os.Args[1:], fstest.MapFS{}))
	}
	os.Exit(m.Run())
}

func options() *golden.Options {
	return &golden.Options{Command: []string{os.Args[0]}, Env: []string{asCos + "=1", quickExit}}
}

// write puts a session file into a folder of its own.
func write(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.session")
	require.NoError(t, os.WriteFile(path, []byte("cos session 1\n"+body), 0o600))
	return path
}

func TestPasses(t *testing.T) {
	for name, body := range map[string]string{
		"lines and blank lines":      "prompt A: USER\nA> WRITE !,\"one\",!!,\"two\"\nA< one\nA< two\n",
		"a wanted blank line":        "prompt A: USER\nA> WRITE \"one\",!,!,\"two\"\nA< one\nA<\nA< two\n",
		"the prompt's namespace":     "prompt A: %SYS\nA> WRITE $NAMESPACE\nA< %SYS\n",
		"two errors":                 "prompt A: USER\nA> WRITE 1/0\nA! <DIVIDE>\nA> WRITE nothing\nA! <UNDEFINED> *noth*\n",
		"a line that does not parse": "file x.mac\n| main QUIT:0\n|  WRITE \"one\",!\n|  FOO 1\nprocess A: run $tmp/x.mac\nA! */x.mac:3:*FOO\nA< one\nA! <SYNTAX>main+2^x\nA exits 1\n",
		"a wrong call":               "process A: run $tmp/none.mac\nA! cos: *none.mac\nA exits 2\n",
		"an exit code":               "process A: run -c \"DO $SYSTEM.Process.Terminate(,7)\"\nA exits 7\n",
		"an untrapped error":         "process A: run -c \"WRITE 1/0\"\nA! <DIVIDE>\nA exits 1\n",
		"input of a process":         "process A: run -c \"READ x WRITE x\"\nuntil A waits in READ\nA> typed\nA< typed\nA exits 0\n",
		"a caught variable":          "prompt A: USER\nA> WRITE 6*7\nA<~ (?P<n>\\d+)\nA> WRITE $n+1\nA< 43\n",
		"M's own dollars":            "port port\nprompt A: USER\nA> SET port=1 WRITE $GET(port),$JUSTIFY(2,2)\nA< 1 2\n",
		"a file":                     "file a/x.mac\n| main\n|   WRITE \"from a file\"\nprocess A: run $tmp/a/x.mac\nA< from a file\nA exits 0\n",
		"repeated steps":             "prompt A: USER\nA> SET n=0\nrepeat 50\nA> SET n=n+1 WRITE n\nA<~ \\d+\nend\nA> WRITE n\nA< 50\n",
		"a name used again":          "process A: run -c \"WRITE 1\"\nA< 1\nA exits 0\nprocess A: run -c \"WRITE 2\"\nA< 2\nA exits 0\n",
		"shared globals":             "prompt A: USER\nprompt B: USER\nA> SET ^x=5 WRITE \"set\"\nA< set\nB> WRITE ^x\nB< 5\n",
		"comments":                   "# all of it\nport port     # a free one\nprompt A: USER  # a prompt\nA> WRITE 1\nA< 1\n",
		"a hang ended by a kill":     "process A: run -c \"HANG 1000\"\nuntil A waits in HANG\nterminate A\nA exits 143\n",
		"raw peers on both ends": "port port\nraw s: listen $port\nraw c: connect $port\nc> a\\r\\n\\x00\\\\\ns< a\\r\\n\\x00\\\\\n" +
			"s> (12)\nc<~ \\((?P<n>\\d+)\\)\nc> $n\ns< 12\nc half-closes\ns sees the end\ns> late\nc< late\ns closes\nc sees the end\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, golden.RunFile(write(t, body), options()).Err)
		})
	}
}

func TestFails(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		line string // of the report
		says []string
	}{
		"another line": {"prompt A: USER\nA> WRITE \"was\"\nA< is\n", ":4:",
			[]string{"A printed something else", "expected: is", "actual:   was", "cos test --update "}},
		"a pattern":                      {"prompt A: USER\nA> WRITE 12\nA<~ [a-z]+\n", ":4:", []string{"expected: ~ [a-z]+", "actual:   12"}},
		"a pattern that matches a part":  {"prompt A: USER\nA> WRITE 12,\"a\"\nA<~ [0-9]+\n", ":4:", []string{"actual:   12a"}},
		"the line goes on":               {"process A: run -c \"WRITE 1 READ x WRITE 2\"\nA< 1\nA> y\nA< 1\n", ":5:", []string{"actual:   2"}},
		"nothing printed":                {"prompt A: USER\nA> SET x=1\nA< 1\n", ":4:", []string{"printed nothing more", "waits for a line to be typed"}},
		"nothing printed before the end": {"process A: run -c \"SET x=1\"\nA< 1\n", ":3:", []string{"ended with exit code 0"}},
		"too much":                       {"prompt A: USER\nA> WRITE 1,!,2\nA< 1\n", ":5:", []string{"a line that no step expects", "actual:   2"}},
		"too much before a step":         {"prompt A: USER\nA> WRITE 1,!,2\nA< 1\nuntil A is at its prompt\nA> WRITE 3\n", ":6:", []string{"actual:   2"}},
		"an error nobody expects":        {"process A: run -c \"WRITE 1/0\"\n", ":3:", []string{"<DIVIDE>"}},
		"an error of a job":              {"file x.mac\n| main JOB child QUIT\n| child WRITE nothing\nprocess A: run $tmp/x.mac\nA exits 0\n", ":6:", []string{"<UNDEFINED>"}},
		"no error":                       {"prompt A: USER\nA> SET x=1\nA! <DIVIDE>\n", ":4:", []string{"raised no error"}},
		"another error":                  {"prompt A: USER\nA> WRITE 1/0\nA! <UNDEFINED>\n", ":4:", []string{"raised another error", "actual:   <DIVIDE>"}},
		"exit code":                      {"process A: run -c \"SET x=1\"\nA exits 3\n", ":3:", []string{"another exit code", "actual:   0"}},
		"in a lap":                       {"prompt A: USER\nA> SET n=0\nrepeat 9\nA> SET n=n+1 WRITE n=5\nA< 0\nend\n", ":6:", []string{"in repetition 5 of 9"}},
		"who waits for what": {"limit 4s\nport port\nprompt A: USER\nA> OPEN \"|TCP|1\":(:$port) USE \"|TCP|1\" READ x\nuntil A waits in HANG\n", ":6:",
			[]string{"waited for: until A waits in HANG", "time limit", "A: READ |TCP|1"}},
		"who is held": {"limit 4s\nport port\nraw s: listen $port\nprompt A: USER\nprompt B: USER\nhold A's next transmission until B prints\n" +
			"A> OPEN \"|TCP|1\":(\"127.0.0.1\":$port) USE \"|TCP|1\" WRITE \"x\",!\ns< x\n", ":9:",
			[]string{"A: RUN; its transmission is held by line 7", "s to receive x"}},
		"what a peer got": {"port port\nraw s: listen $port\nraw c: connect $port\nc> a\\n\ns< b\n", ":6:", []string{`expected: b`, `actual:   a\n`}},
		"a peer got more": {"port port\nraw s: listen $port\nraw c: connect $port\nc> a\nc closes\ns sees the end\n", ":7:", []string{`actual:   a`}},
		"ended too early": {"process A: run -c \"SET x=1\"\nuntil A waits in READ\n", ":3:", []string{"A has ended with exit code 0"}},
		"an unknown name": {"B> WRITE 1\n", ":2:", []string{"B is no process"}},
		"no condition":    {"prompt A: USER\nuntil A sleeps\n", ":3:", []string{"no condition: A sleeps"}},
		"no step":         {"prompt A: USER\nA says hello\n", ":3:", []string{"this is no step: A says hello"}},
		"repeat":          {"repeat 3\n", ":2:", []string{"repeat without end"}},
		"end":             {"end\n", ":2:", []string{"end without repeat"}},
		"limit":           {"limit soon\n", ":2:", []string{"soon"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, c.body)
			r := golden.RunFile(path, options())
			require.Error(t, r.Err)
			assert.True(t, strings.HasPrefix(r.Err.Error(), path+c.line), r.Err.Error())
			for _, s := range c.says {
				assert.Contains(t, r.Err.Error(), s)
			}
		})
	}
}

func TestHoldOrdersTransmissions(t *testing.T) {
	t.Parallel()
	path := write(t, `port port
raw s: listen $port
prompt A: USER
prompt B: USER
A> OPEN "|TCP|1":("127.0.0.1":$port):5
until A is at its prompt
hold A's second transmission until B prints
A> USE "|TCP|1" WRITE "one",! WRITE "two",!
s< one
B> WRITE "now"
s< two
B< now
`)
	require.NoError(t, golden.RunFile(path, options()).Err)
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	path := write(t, `# kept
port port
prompt A: USER
A> WRITE "one",!,$port,!,"three"
A< wrong
A< $port

A> WRITE 12
A<~ [0-9]+
A> WRITE "ab"
A<~ [0-9]+
A> SET x=1
A< gone
A> WRITE 1/0
A! <UNDEFINED>
A> WRITE "end"
A> WRITE 1/0
A< no error
process B: run -c "WRITE 5"
B exits 3
`)
	o := options()
	o.Update = true
	r := golden.RunFile(path, o)
	require.NoError(t, r.Err)
	assert.True(t, r.Updated)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, `cos session 1
# kept
port port
prompt A: USER
A> WRITE "one",!,$port,!,"three"
A< one
A< $port

A< three
A> WRITE 12
A<~ [0-9]+
A> WRITE "ab"
A< ab
A> SET x=1
A> WRITE 1/0
A! <DIVIDE>
A> WRITE "end"
A< end
A> WRITE 1/0
A! <DIVIDE>
process B: run -c "WRITE 5"
B< 5
B exits 0
`, string(b))
	again := golden.RunFile(path, o)
	require.NoError(t, again.Err)
	assert.False(t, again.Updated)
	require.NoError(t, golden.RunFile(path, options()).Err)
}

func TestMainReports(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, body string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("cos session 1\n"+body), 0o600))
	}
	put("good.session", "prompt X: USER\nX> WRITE 1\nX< 1\n")
	put("bad.session", "prompt Y: USER\nY> WRITE 1\nY< 2\n")
	run := func(o *golden.Options, paths ...string) (int, string, string) {
		var out, errs bytes.Buffer
		o.Stdout, o.Stderr, o.Paths = &out, &errs, paths
		return golden.Main(t.Context(), *o), out.String(), errs.String()
	}
	code, out, _ := run(options(), dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "FAIL  "+filepath.Join(dir, "bad.session"))
	assert.NotContains(t, out, "good.session")
	assert.Regexp(t, `\n1 passed, 1 failed \(\d+\.\ds\)\n$`, out)

	byName := options()
	byName.Run, byName.Verbose = "^X$", true
	code, out, _ = run(byName, dir)
	assert.Equal(t, 0, code)
	assert.Contains(t, out, "ok    "+filepath.Join(dir, "good.session"))

	for _, wrong := range []string{filepath.Join(dir, "none"), t.TempDir()} {
		code, _, errs := run(options(), wrong)
		assert.Equal(t, 2, code)
		assert.Contains(t, errs, wrong)
	}
	noMatch := options()
	noMatch.Run = "zzz"
	code, _, _ = run(noMatch, dir)
	assert.Equal(t, 2, code)
}
