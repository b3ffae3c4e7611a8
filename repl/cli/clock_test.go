package cli

// --clock and --seed: every form of TIME, what programs see of it, and that waits are
// not part of it.

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClockForms(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T12:00:00Z":           "67601,43200 2026-01-31T12:00:00Z",
		"2026-01-31T12:00:00.25+01:00":   "67601,43200 2026-01-31T12:00:00.25+01:00",
		"2026-01-31T12:00:00":            "67601,43200 2026-01-31T12:00:00Z",
		"2026-01-31 12:00:00-05:00":      "67601,43200 2026-01-31T12:00:00-05:00",
		"2026-01-31 12:00:01.5":          "67601,43201 2026-01-31T12:00:01.5Z",
		"2026-01-31 12:00":               "67601,43200 2026-01-31T12:00:00Z",
		"2026-01-31":                     "67601,0 2026-01-31T00:00:00Z",
		"67601,43200.5":                  "67601,43200 2026-01-31T12:00:00.5Z",
		"67601":                          "67601,0 2026-01-31T00:00:00Z",
		"0":                              "0,0 1840-12-31T00:00:00Z",
		"9999-12-31T23:59:59.999999999Z": "2980013,86399 9999-12-31T23:59:59.999999999Z",
		"2980013,86399.5":                "2980013,86399 9999-12-31T23:59:59.5Z",
	} {
		var c clock
		require.NoError(t, c.UnmarshalText([]byte(text)), text)
		now := c.now()
		assert.Equal(t, now(), now(), "it stands still")
		horolog, stamp, _ := strings.Cut(want, " ")
		assert.Equal(t, stamp, now().Format(time.RFC3339Nano), text)
		w := newWorld(t, nil)
		out, errs, exit := w.run("", "run", "--clock", text, "-c", "WRITE $HOROLOG")
		assert.Equal(t, horolog, out, "%s: %s", text, errs)
		assert.Equal(t, 0, exit)
	}
}

func TestClockThatIsNone(t *testing.T) {
	for _, text := range []string{"noon", "2026-02-30", "2026-13-01", "67600,86400", "-1", "67600,-1", "2980014", "1,2,3", "1700-01-01", "1840-12-30T23:00:00Z"} {
		w := newWorld(t, nil)
		_, errs, exit := w.run("", "run", "--clock", text, "-c", "WRITE 1")
		assert.Equal(t, exitUsage, exit, text)
		assert.Contains(t, errs, "clock")
		assert.Contains(t, errs, strings.TrimSuffix(text, "T23:00:00Z"))
	}
	w := newWorld(t, nil)
	w.env = append(w.env, "COS_CLOCK=noon")
	_, errs, exit := w.run("", "run", "-c", "WRITE 1")
	assert.Equal(t, exitUsage, exit)
	assert.Contains(t, errs, "noon")
}

func TestClockStandsStill(t *testing.T) {
	const all = `$HOROLOG," ",$ZTIMESTAMP," ",$NOW()," ",$NOW(0)," ",$ZHOROLOG," ",$ZTIMEZONE," ",$ZDATETIME($HOROLOG,3)," ",$ZUTIL(188)," ",$ZDATEH("T",5)`
	const want = "67601,43200 67601,39600.25 67601,43200.25 67601,39600.25 0 -60 2026-01-31 12:00:00 67601,43200.25 67601"
	of := strings.ReplaceAll(all, `," ",`, `_" "_`)
	w := newWorld(t, map[string]string{"x.mac": "x\n SET ^parent=" + of + "\n HANG .05\n JOB child\n QUIT\nchild\n SET ^child=" + of + "\n"})
	begin := time.Now()
	_, errs, exit := w.run("", "run", "--clock", "2026-01-31T12:00:00.25+01:00", "x.mac")
	assert.Equal(t, 0, exit, errs)
	assert.GreaterOrEqual(t, time.Since(begin), 50*time.Millisecond, "HANG is real")
	out, _, _ := w.run("", "run", "-c", "WRITE ^parent,!,^child,!")
	assert.Equal(t, want+"\n"+want+"\n", out, "the job has the same clock, however long HANG took")

	out, _, _ = w.run("", "run", "-c", `HANG .01 WRITE $ZHOROLOG>.01,$LENGTH($PIECE($ZHOROLOG,".",2))>3`)
	assert.Equal(t, "11", out, "without the flag $ZHOROLOG runs")
	out, _, _ = w.run("", "run", "--clock", "67600", "-c", `OPEN "|TCP|1":(:0:"A"):1 USE "|TCP|1" READ x:.01 USE 0 WRITE $TEST`)
	assert.Equal(t, "0", out, "so are timeouts")
}

func TestClockFromTheEnvironment(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "COS_CLOCK=67600,1", "COS_SEED=7")
	out, _, _ := w.run("", "run", "-c", "WRITE $HOROLOG")
	assert.Equal(t, "67600,1", out)
	out, _, _ = w.run("WRITE $HOROLOG\n")
	assert.Equal(t, "67600,1", strings.TrimSpace(out), "the prompt")
	out, _, _ = w.run("", "run", "--clock", "67600,2", "-c", "WRITE $HOROLOG")
	assert.Equal(t, "67600,2", out, "the flag is stronger")
	w.env = append(w.env, "COS_CLOCK=")
	out, _, _ = w.run("", "run", "-c", "WRITE $HOROLOG")
	assert.NotContains(t, out, "67600,1")
}

func TestSeed(t *testing.T) {
	w := newWorld(t, map[string]string{"x.mac": `x
 KILL ^n
 DO numbers(0)
 FOR i=1:1:2 JOB numbers(i)
 QUIT
numbers(job)
 NEW i FOR i=1:1:8 SET ^n(job)=$GET(^n(job))_" "_$RANDOM(1000)
`})
	run := func(flags ...string) []string {
		_, errs, exit := w.run("", append(append([]string{"run"}, flags...), "x.mac")...)
		require.Equal(t, 0, exit, errs)
		out, _, _ := w.run("", "run", "-c", "WRITE ^n(0),!,^n(1),!,^n(2)")
		list := strings.Split(out, "\n")
		require.Len(t, list, 3, out)
		return list
	}
	one := run("--seed", "1")
	assert.Equal(t, one, run("--seed", "1"), "the same in every run, of jobs too")
	assert.NotEqual(t, one[0], one[1], "every job has a sequence of its own")
	assert.NotEqual(t, one[1], one[2])
	assert.NotEqual(t, one, run("--seed", "2"))
	assert.NotEqual(t, one, run("--seed=-1"))
	assert.Equal(t, run("--seed", "0"), run("--seed=0"), "0 is a seed")
	assert.NotEqual(t, run(), run(), "without a seed no run is like another")
	_, errs, exit := w.run("", "run", "--seed", "many", "x.mac")
	assert.Equal(t, exitUsage, exit)
	assert.Contains(t, errs, "seed")
}
