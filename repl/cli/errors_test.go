package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/runtime/errorlog"
)

// failing ends a job and the main process with errors, deep in the stack, with variables
// that are hostile to terminals; the job traps one before.
var failing = map[string]string{"e.mac": `e
 SET pub=1,arr(1,"x")="a"_$CHAR(27)_"[31m"
 JOB bad^e(5)
 FOR  QUIT:$GET(^logged)  HANG .01
 DO sub(7)
 QUIT
sub(n) NEW loc SET loc="here",pub=2
 OPEN "|TCP|1":(:0)
 DO proc(n)
 QUIT
proc(m) {
 SET priv=m*2
 WRITE 1/0
}
bad(x)
 SET $ZTRAP="t"
 WRITE nosuch
t
 DO BACK^%ETN
 SET $ZTRAP="",^logged=1
 WRITE alsonot
`}

func TestErrors(t *testing.T) {
	w := newWorld(t, failing)
	_, errs, exit := w.run("", "errors")
	assert.Zero(t, exit)
	assert.Contains(t, errs, "no errors have been logged in ")
	_, errs, exit = w.run("", "run", "e.mac")
	require.Equal(t, 1, exit, errs)

	out, errs, exit := w.run("", "errors")
	assert.Zero(t, exit, errs)
	assert.Regexp(t, `^\d{4}-\d\d-\d\d\n`, out)
	assert.Regexp(t, `(?m)^ +1 +\d\d:\d\d:\d\d +job \d+ +<UNDEFINED>bad\+2\^e \*nosuch +\(trapped\)$`, out)
	assert.Regexp(t, `(?m) <UNDEFINED>t\+3\^e \*alsonot$`, out)
	assert.Regexp(t, `(?m) <DIVIDE>proc\+2\^e$`, out)

	out, _, exit = w.run("", "errors", "--json")
	assert.Zero(t, exit)
	found := map[string]errorlog.Entry{}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var e errorlog.Entry
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		found[e.Error] = e
	}
	require.Len(t, found, 3)
	e := found["<DIVIDE>proc+2^e"]
	assert.Equal(t, "e.mac", e.File)
	assert.Equal(t, 13, e.Line)
	assert.Equal(t, " WRITE 1/0", e.Source)
	require.Len(t, e.Levels, 4)
	assert.Equal(t, errorlog.Level{Kind: "DO", At: "proc+2^e", Code: "WRITE 1/0", Variables: []string{"m=7", "priv=14"}}, e.Levels[0])
	assert.Equal(t, errorlog.Level{Kind: "DO", At: "sub+2^e", Code: "DO proc(n)", Variables: []string{`loc="here"`, "n=7"}}, e.Levels[1])
	assert.Empty(t, e.Levels[2].Variables)
	assert.Equal(t, []string{`arr(1,"x")="a"_$c(27)_"[31m"`, "pub=2"}, e.Levels[3].Variables)
	require.Len(t, e.Devices, 2)
	assert.Equal(t, "|TCP|1", e.Devices[1].Name)
	assert.Equal(t, "listening", e.Devices[1].State)
	trapped := found["<UNDEFINED>bad+2^e *nosuch"]
	assert.True(t, trapped.Trapped)
	assert.Equal(t, " WRITE nosuch", trapped.Source)

	out, _, exit = w.run("", "errors", "show", "1")
	assert.Zero(t, exit)
	assert.Contains(t, out, "<UNDEFINED>bad+2^e *nosuch\n   WRITE nosuch\n   ^\n  e.mac:17:2\n")
	out, _, exit = w.run("t\n1\n\n\n", "run", "^%ERN")
	assert.Zero(t, exit)
	assert.Contains(t, out, "   WRITE nosuch\n")
	_, errs, exit = w.run("", "errors", "--date", "yesterday")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: --date: \"yesterday\" is no date such as 2026-11-29\n", errs)
	_, errs, exit = w.run("", "errors", "show", "99")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: there is no error 99; there are 1 to 3\n", errs)
	out, _, exit = w.run("", "errors", "clear")
	assert.Zero(t, exit)
	assert.Equal(t, "3 errors forgotten\n", out)
	out, _, exit = w.run("", "run", "^%ER")
	assert.Zero(t, exit)
	assert.Equal(t, "No errors have been logged.\n", out)
}

// What is no error of a program is not logged: HALT, bad usage, a line typed at the prompt.
func TestNotLogged(t *testing.T) {
	w := newWorld(t, nil)
	w.run("WRITE nosuch\n")
	w.run("", "run", "-c", "HALT")
	w.run("", "run", "-c", "WRTE")
	w.run("", "run", "-c", "TRY { WRITE nosuch } CATCH { }")
	out, _, _ := w.run("", "errors", "--json")
	assert.Empty(t, out)
}

// A trap that is ^%ETN logs and halts; FORE also shows.
func TestETN(t *testing.T) {
	w := newWorld(t, map[string]string{
		"halt.mac": " SET $ZTRAP=\"^%ETN\"\n WRITE nosuch\n WRITE \"never\"\n",
		"fore.mac": " SET $ZTRAP=\"t\"\n WRITE nosuch\nt SET $ZTRAP=\"\" DO FORE^%ETN WRITE \"on\",!\n",
	})
	out, errs, exit := w.run("", "run", "halt.mac")
	assert.Zero(t, exit, errs)
	assert.Empty(t, out)
	out, errs, exit = w.run("", "run", "fore.mac")
	assert.Zero(t, exit, errs)
	assert.Equal(t, "\nError 2 logged: <UNDEFINED>+2^fore *nosuch\non\n", out)
	out, _, _ = w.run("", "errors")
	assert.Contains(t, out, "<UNDEFINED>+2^halt *nosuch")
	w.run("", "run", "-c", `DO ##class(%Exception.General).%New("mine",7,"here","data").Log()`)
	out, _, _ = w.run("", "errors")
	assert.Contains(t, out, "<mine>here data")
}

// A log that cannot be written is told once, and harms no program.
func TestLogUnwritable(t *testing.T) {
	w := newWorld(t, map[string]string{"j.mac": "j JOB bad JOB bad\n QUIT\nbad WRITE nosuch\n", "file": ""})
	w.env = append(w.env, "COS_DATA=file/data")
	_, errs, exit := w.run("", "run", "j.mac")
	assert.Zero(t, exit)
	assert.Equal(t, 1, strings.Count(errs, "cos: the log of errors: "), errs)
	assert.Equal(t, 2, strings.Count(errs, "<UNDEFINED>bad^j *nosuch"))
}

// What stood behind an error is told.
func TestErrorsShowTheCause(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range []struct {
		args  []string
		cause string
	}{
		{[]string{"run", "--no-shell", "-c", `SET x=$ZF(-1,"true")`}, "\n  <PROTECT>: a flag of cos forbids it\n"},
		{[]string{"run", "-c", `OPEN "/nowhere/x":"R"`}, "\n  No such file or directory\n"},
	} {
		_, _, exit := w.run("", c.args...)
		assert.Equal(t, 1, exit, c.args)
		out, _, _ := w.run("", "errors", "show")
		assert.Contains(t, out, c.cause, c.args)
	}
}
