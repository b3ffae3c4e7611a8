package golden_test

// cos test as users call it: this test binary, executed again, is cos.

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// folder makes a folder with files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

// verb is cos in a folder, not yet started.
func verb(dir string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Dir, c.Env = dir, append(os.Environ(), asCos+"=1", quickExit)
	return c
}

// cos runs cos in a folder.
func cos(t *testing.T, dir string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	var out, errs bytes.Buffer
	c := verb(dir, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); c.ProcessState == nil {
		require.NoError(t, err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// TestClockAndSeed: the flags reach the processes, and a session's own lines are stronger.
func TestClockAndSeed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"x.session": `cos session 1
process A: run -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000),!"
A< 67601,5
A<~ (?P<first>\d+)
A exits 0
process A: run -c "WRITE $RANDOM(1000000)"
A< $first
A exits 0
clock 2026-02-01 00:00:07
seed 99
process A: run -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000)=$first,!"
A< 67602,7
A< 0
A exits 0
process A: run --clock 1 --seed 5 -c "WRITE $HOROLOG,! WRITE $RANDOM(1000000)=$first,!"
A< 1,0
A< 1
A exits 0
clock soon
process A: run -c "WRITE 1"
A! cos: *soon
A exits 2
`})
	out, errs, exit := cos(t, dir, "test", "--clock", "67601,5", "--seed", "5", "x.session")
	assert.Equal(t, 0, exit, out+errs)
}

// results is a folder of sessions that end in every way there is, to be run with --update
// or without.
func results(t *testing.T) string {
	return folder(t, map[string]string{
		"a/fails.session":    "cos session 1\nprompt A: USER\nA> WRITE \"<&\",$CHAR(27,9),\"]]>\"\nA< else\n",
		"a/passes.session":   "cos session 1\nprompt A: USER\nA> WRITE 1\nA< 1\n",
		"broken.session":     "cos session 1\nthis is none\n",
		"b/quotes\".session": "cos session 1\nprompt Q: USER\nQ> WRITE 1\nQ< 1\n",
	})
}

// times are what differs between two runs.
var times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?|\(\d+\.\ds\)|(time|seconds)("?[=:]"?)\d+(\.\d+)?(e-\d+)?`)

func timeless(s string) string { return times.ReplaceAllString(s, "${2}${3}T") }

func TestText(t *testing.T) {
	t.Parallel()
	out, errs, exit := cos(t, results(t), "test", "-v", ".")
	assert.Equal(t, 1, exit)
	assert.Empty(t, errs, "progress is for terminals")
	assert.Equal(t, strings.Join([]string{
		"FAIL  a/fails.session  T",
		"a/fails.session:4: A printed something else",
		"  - expected: else",
		"  + actual:   <&␛\t]]>",
		"  to accept what came: cos test --update a/fails.session",
		"ok    a/passes.session  T",
		`ok    b/quotes".session  T`,
		"FAIL  broken.session  T",
		"broken.session:2: this is no step: this is none",
		"2 passed, 2 failed T",
	}, "\n")+"\n", timeless(out))
}

func TestJSON(t *testing.T) {
	t.Parallel()
	out, errs, exit := cos(t, results(t), "test", "--json", "-v", ".")
	assert.Equal(t, 1, exit)
	assert.Empty(t, errs)
	assert.Equal(t, strings.Join([]string{
		`{"event":"session","path":"a/fails.session","result":"fail","line":4,"message":"a/fails.session:4: A printed something else\n  - expected: else\n  + actual:   \u003c\u0026\u001b\t]]\u003e\n  to accept what came: cos test --update a/fails.session","began":"T","seconds":T}`,
		`{"event":"session","path":"a/passes.session","result":"pass","began":"T","seconds":T}`,
		`{"event":"session","path":"b/quotes\".session","result":"pass","began":"T","seconds":T}`,
		`{"event":"session","path":"broken.session","result":"error","line":2,"message":"broken.session:2: this is no step: this is none","began":"T","seconds":T}`,
		`{"event":"summary","passed":2,"failed":2,"updated":0,"skipped":0,"seconds":T}`,
	}, "\n")+"\n", timeless(out))
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var event struct {
			Event string
			Began time.Time
		}
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		assert.NotEmpty(t, event.Event)
		assert.Equal(t, event.Event == "session", !event.Began.IsZero())
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	dir := results(t)
	out, errs, exit := cos(t, dir, "test", "--junit", "out.xml", ".")
	assert.Equal(t, 1, exit)
	assert.Empty(t, errs)
	assert.Contains(t, out, "2 passed, 2 failed", "the text comes beside it")
	b, err := os.ReadFile(filepath.Join(dir, "out.xml"))
	require.NoError(t, err)
	const fails = "a/fails.session:4: A printed something else&#xA;  - expected: else&#xA;  + actual:   &lt;&amp;␛&#x9;]]&gt;&#xA;  to accept what came: cos test --update a/fails.session"
	assert.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cos test" tests="4" failures="1" errors="1" skipped="0" time="T">
  <testsuite name="a" tests="2" failures="1" errors="0" skipped="0" time="T" timestamp="T">
    <testcase classname="a" name="fails" file="a/fails.session" line="4" time="T">
      <failure message="a/fails.session:4: A printed something else">`+fails+`</failure>
    </testcase>
    <testcase classname="a" name="passes" file="a/passes.session" time="T"></testcase>
  </testsuite>
  <testsuite name="b" tests="1" failures="0" errors="0" skipped="0" time="T" timestamp="T">
    <testcase classname="b" name="quotes&#34;" file="b/quotes&#34;.session" time="T"></testcase>
  </testsuite>
  <testsuite name="." tests="1" failures="0" errors="1" skipped="0" time="T" timestamp="T">
    <testcase classname="." name="broken" file="broken.session" line="2" time="T">
      <error message="broken.session:2: this is no step: this is none">broken.session:2: this is no step: this is none</error>
    </testcase>
  </testsuite>
</testsuites>
`, timeless(string(b)))

	var read struct {
		Tests  int `xml:"tests,attr"`
		Suites []struct {
			Tests int `xml:"tests,attr"`
			Cases []struct {
				Name    string  `xml:"name,attr"`
				Time    float64 `xml:"time,attr"`
				Failure *string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(b, &read), "it is XML")
	cases := 0
	for _, s := range read.Suites {
		assert.Len(t, s.Cases, s.Tests)
		cases += len(s.Cases)
		for _, c := range s.Cases {
			if c.Name != "broken" { // which started nothing
				assert.Positive(t, c.Time, c.Name)
			}
		}
	}
	assert.Equal(t, read.Tests, cases)
	assert.Contains(t, *read.Suites[0].Cases[0].Failure, "actual:   <&␛\t]]>")
	assert.Nil(t, read.Suites[0].Cases[1].Failure)

	// A path that cannot be written is told before anything runs.
	out, errs, exit = cos(t, dir, "test", "--junit", "none/out.xml", ".")
	assert.Equal(t, 2, exit)
	assert.Contains(t, errs, "cos: --junit: open none/out.xml")
	assert.Empty(t, out)
}

// TestParallel runs many copies of a session that uses a global, a lock, a port, a file and
// its home at once. Each would fail if it saw anything of another one.
func TestParallel(t *testing.T) {
	t.Parallel()
	const copies = 12
	files := map[string]string{}
	for i := range copies {
		files[fmt.Sprintf("s%02d.session", i)] = fmt.Sprintf(`cos session 1
limit 60s
port port
file data.txt
| %[1]d
file s.mac
| s SET io="|TCP|1" OPEN io:(:$port:"M"):5 USE io READ x WRITE x_%[1]d,!
process S: run $tmp/s.mac
until S waits in READ
prompt A: USER
A> WRITE $DATA(^x) LOCK +^x:0 WRITE $TEST SET ^x=%[1]d
A< 01
A> SET c="|TCP|2" OPEN c:("127.0.0.1":$port:"M"):5 USE c WRITE "n",! READ y USE 0 WRITE y
A< n%[1]d
A> WRITE ^x SET f="$tmp/data.txt" OPEN f:"R":1 USE f READ l USE 0 WRITE l
A< %[1]d%[1]d
S exits 0
`, i)
	}
	dir := folder(t, files)
	for range 2 { // two runs at once
		t.Run("", func(t *testing.T) {
			t.Parallel()
			out, errs, exit := cos(t, dir, "test", "-v", "-j", "6", ".")
			assert.Equal(t, 0, exit, out+errs)
			var order []string
			for _, line := range strings.Split(out, "\n") {
				if f := strings.Fields(line); len(f) > 1 && f[0] == "ok" {
					order = append(order, f[1])
				}
			}
			assert.Len(t, order, copies)
			assert.IsIncreasing(t, order, "the report keeps the order of the files")
		})
	}
}

// TestParallelOne: with -j 1 no two sessions live at the same time.
func TestParallelOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 4 {
		text := fmt.Sprintf(`cos session 1
limit 60s
file a.mac
| a SET f="%[1]s/one" WRITE ##class(%%File).Exists(f) OPEN f:"NW":1 CLOSE f READ x WRITE ##class(%%File).Delete(f)
process A: run $tmp/a.mac
until A waits in READ
A< 0
A> go
A< 1
A exits 0
`, dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.session", i)), []byte(text), 0o600))
	}
	out, errs, exit := cos(t, dir, "test", "-j1", ".")
	assert.Equal(t, 0, exit, out+errs)
	for _, wrong := range []string{"--parallel=-1", "-j0", "-jx"} {
		_, errs, exit = cos(t, dir, "test", wrong, ".")
		assert.Equal(t, 2, exit)
		assert.Contains(t, errs, "--parallel")
	}
}

// TestBrokenOff: a signal ends the sessions that run and those to come, and the report says
// which are missing.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	for sig, status := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		dir := folder(t, map[string]string{
			"a.session": "cos session 1\nprompt A: USER\nA> WRITE 1\nA< 2\n",
			"b.session": "cos session 1\nlimit 60s\nprocess B: run -c \"HANG 3600\"\nuntil B waits in READ\n",
			"c.session": "cos session 1\nprompt C: USER\n",
		})
		c := verb(dir, "test", "-j", "1", "-v", "--junit", "out.xml", ".")
		r, w, err := os.Pipe()
		require.NoError(t, err)
		c.Stdout = w
		require.NoError(t, c.Start())
		w.Close()
		var out bytes.Buffer
		for buf := make([]byte, 512); !strings.Contains(out.String(), "a.session:4"); {
			n, err := r.Read(buf)
			out.Write(buf[:n])
			require.NoError(t, err)
		}
		require.NoError(t, c.Process.Signal(sig))
		_, err = out.ReadFrom(r)
		require.NoError(t, err)
		_ = c.Wait()
		assert.Equal(t, status, c.ProcessState.ExitCode())
		assert.Contains(t, out.String(), "broken off  b.session\nbroken off  c.session\n0 passed, 1 failed, 2 broken off (")
		b, err := os.ReadFile(filepath.Join(dir, "out.xml"))
		require.NoError(t, err)
		assert.Contains(t, string(b), `tests="3" failures="1" errors="0" skipped="2"`)
	}
}
