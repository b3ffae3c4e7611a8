package cli

// cos run --trace, on real sockets.

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traced are programs that fall into the classic traps.
var traced = map[string]string{"t.mac": `server(port)
 SET io="|TCP|1"
 OPEN io:(:port:"A"):5
 JOB client^t(port)
 USE io READ x
 USE 0
 JOB child:(:16::):0 ; without USE io
 WRITE "JOB failed ",'$TEST,!
 USE io
 JOB child:(:16::)
 QUIT
child
 SET io="|TCP|1"
 USE io READ x#5:5 WRITE "got ",x,!
 READ y:20
 CLOSE io
 QUIT
client(port)
 SET d="|TCP|2" SET secret="hush"
 OPEN d:("127.0.0.1":port:"P":/TERMINATOR=$CHAR(10):::::/BINDTO="127.0.0.1"):5
 USE d WRITE "hello"_$CHAR(27)_"[2J",*-3
 READ x:5
 WRITE "late" READ x:0.05 WRITE *-3
 TRY { WRITE *-1 } CATCH e { SET caught=e.Name }
 CLOSE d
 TRY { USE d } CATCH e { SET caught=e.Name }
 QUIT
`}

// columns splits a line of a text trace: job, place, device, event, rest.
var columns = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d{6} (\d+) +(\S+) +(\S+) +(\S+) +(.*)$`)

// traceLines are the lines of a text trace, without times and without what differs between
// runs: the role of a job in place of its number.
func traceLines(text, port string) (events, notes []string) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		m := columns.FindStringSubmatch(line)
		if m == nil {
			notes = append(notes, line[min(len(line), len("12:00:00.000000   ! ")):])
			continue
		}
		rest := strings.ReplaceAll(m[5], ":"+port, ":PORT")
		rest = strings.TrimSpace(regexp.MustCompile(`(^| )after [0-9.]+[mµ]?s`).ReplaceAllString(rest, "")) // any event may have waited
		rest = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(rest, "127.0.0.1:N")
		rest = regexp.MustCompile(`child \d+`).ReplaceAllString(rest, "child N")
		events = append(events, m[2]+" "+m[3]+" "+m[4]+" "+rest)
	}
	return events, notes
}

// of keeps the events of one role, in their order.
func of(role string, events []string) (out []string) {
	for _, e := range events {
		if strings.HasPrefix(e, role) {
			out = append(out, e)
		}
	}
	return out
}

func TestTraceText(t *testing.T) {
	w := newWorld(t, traced)
	n, err := freePort()
	require.NoError(t, err)
	port := strconv.Itoa(n)
	out, trace, exit := w.run("", "run", "--trace", "t.mac", port)
	require.Zero(t, exit, trace)
	assert.Equal(t, "JOB failed 1\n", out)
	events, notes := traceLines(trace, port)
	assert.Equal(t, []string{
		`server+2^t |TCP|1 listen [::]:PORT [$TEST=0 $ZA=4096 $ZB=""]`,
		`server+2^t |TCP|1 OPEN (:PORT:"A") [$TEST=1 $ZA=4096 $ZB=""]`,
		`server+3^t - JOB client^t child N [$TEST=1 $ZA=0 $ZB=""]`,
		`server+4^t |TCP|1 USE [$TEST=1 $ZA=4096 $ZB=""]`,
		`server+4^t |TCP|1 accept 127.0.0.1:PORT <-> 127.0.0.1:N [$TEST=1 $ZA=12288 $ZB=""]`,
		`server+4^t |TCP|1 READ "" [$TEST=1 $ZA=12288 $ZB=""]`,
		`server+5^t 0 USE [$TEST=1 $ZA=0 $ZB=""]`,
		`server+6^t - JOB child^t:(:16:) [$TEST=0 $ZA=0 $ZB=""]`,
		`server+8^t |TCP|1 USE [$TEST=0 $ZA=12288 $ZB=""]`,
		`server+9^t |TCP|1 handover 127.0.0.1:PORT <-> 127.0.0.1:N [$TEST=0 $ZA=12288 $ZB=""]`,
		`server+9^t |TCP|1 JOB child^t:(:16:) child N [$TEST=0 $ZA=4096 $ZB=""]`,
	}, replaced(of("server", events), "127.0.0.1:N <->", "127.0.0.1:PORT <->"))
	assert.Equal(t, []string{
		`client+2^t |TCP|2 connect 127.0.0.1:N <-> 127.0.0.1:PORT [$TEST=0 $ZA=8192 $ZB=""]`,
		`client+2^t |TCP|2 OPEN ("127.0.0.1":PORT:"P":/TERMINATOR="\n":::::/BINDTO="127.0.0.1") [$TEST=1 $ZA=8192 $ZB=""]`,
		`client+3^t |TCP|2 USE [$TEST=1 $ZA=8192 $ZB=""]`,
		`client+3^t |TCP|2 send "hello\x1b[2J" [$TEST=1 $ZA=8192 $ZB=""]`,
		`client+4^t |TCP|2 receive "got hello" [$TEST=1 $ZA=8192 $ZB=""]`,
		`client+4^t |TCP|2 READ :5 "got hello" [$TEST=1 $ZA=8192 $ZB=""]`,
		`client+5^t |TCP|2 READ :0.05 "" timed out [$TEST=0 $ZA=8194 $ZB=""]`,
		`client+5^t |TCP|2 send "late" [$TEST=0 $ZA=8194 $ZB=""]`,
		`client+6^t |TCP|2 WRITE <WRITE> [$TEST=0 $ZA=8194 $ZB=""]`,
		`client+7^t |TCP|2 close 127.0.0.1:N <-> 127.0.0.1:PORT [$TEST=0 $ZA=8194 $ZB=""]`,
		`client+7^t |TCP|2 CLOSE [$TEST=0 $ZA=0 $ZB=""]`,
		`client+8^t |TCP|2 USE <NOTOPEN> [$TEST=0 $ZA=0 $ZB=""]`,
	}, replaced(of("client", events), "<-> 127.0.0.1:N", "<-> 127.0.0.1:PORT"))
	require.Len(t, notes, 3, trace)
	assert.Contains(t, notes[0], `server+6^t: This JOB should hand a connection over, and the current device has none: USE "|TCP|1" before JOB`)
	assert.Contains(t, notes[1], `child+2^t: JOB handed the connection over in stream mode`)
	assert.Contains(t, notes[2], `client+5^t: This READ waits for the peer, while 4 bytes written to it still lie in our own buffer`)
}

func replaced(list []string, old, with string) []string {
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], old, with)
	}
	return list
}

// --trace=FILE.jsonl, with a filter: a line of JSON for each event of one job's device.
func TestTraceJSON(t *testing.T) {
	w := newWorld(t, traced)
	n, err := freePort()
	require.NoError(t, err)
	_, errs, exit := w.run("", "run", "--trace=x.jsonl", "--trace-hex", "--trace-filter", "device=|TCP|2", "t.mac", strconv.Itoa(n))
	require.Zero(t, exit, errs)
	assert.Empty(t, errs)
	f, err := os.Open(filepath.Join(w.dir, "x.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	var kinds []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e struct{ Event, Device, File, Source, Hex string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e), lines.Text())
		kinds = append(kinds, e.Event)
		assert.Equal(t, "|TCP|2", e.Device)
		assert.Equal(t, "t.mac", filepath.Base(e.File))
		if e.Event == "send" && e.Hex == "6c617465" {
			assert.Equal(t, ` WRITE "late" READ x:0.05 WRITE *-3`, e.Source)
		}
	}
	assert.Equal(t, "connect OPEN USE send receive READ note READ send WRITE close CLOSE USE", strings.Join(kinds, " "))
}

func TestTraceUsage(t *testing.T) {
	w := newWorld(t, programs)
	for _, row := range [][]string{
		{"--trace-hex and --trace-filter go with --trace", "run", "--trace-hex", "hello.mac"},
		{`"x" is no filter`, "run", "--trace", "--trace-filter", "x", "hello.mac"},
		{"no/such.txt: no such file or directory", "run", "--trace=no/such.txt", "hello.mac"},
	} {
		_, errs, exit := w.run("", row[1:]...)
		assert.Equal(t, exitUsage, exit)
		assert.Contains(t, errs, row[0])
	}
	// COS_TRACE traces where no flag does; %p keeps processes apart.
	w.env = append(w.env, traceVariable+"=own.%p.txt")
	out, errs, exit := w.run("write 5\n")
	assert.Equal(t, "5", strings.TrimSpace(out), errs)
	assert.Zero(t, exit)
	files, err := filepath.Glob(filepath.Join(w.dir, "own.*.txt"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Contains(t, string(text), `output     "5`)
}
