package trace

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// at is n milliseconds after a fixed noon.
func at(n int) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local).Add(time.Duration(n) * time.Millisecond)
}

// rows are events with the text that shows them.
var rows = []struct {
	name string
	e    devices.Event
	text string
}{
	{"OPEN", devices.Event{Kind: "OPEN", Device: "|TCP|1", Text: `(:7001:"A")`, Test: true, ZA: 4096, Job: 100, Place: "srv+2^t"},
		`12:00:00.000000 100       srv+2^t              |TCP|1       OPEN       (:7001:"A") [$TEST=1 $ZA=4096 $ZB=""]`},
	{"send", devices.Event{Kind: "send", Device: "|TCP|1", Data: []byte("a\r\nb\t\"\\"), Job: 100},
		`12:00:00.000000 100       -                    |TCP|1       send       "a\r\nb\t\"\\" [$TEST=0 $ZA=0 $ZB=""]`},
	{"hostile bytes", devices.Event{Kind: "receive", Device: "|TCP|1", Data: []byte("\x1b]0;x\a\x00\x7f\x9b1mé\u202e\xff"), Job: 100},
		`12:00:00.000000 100       -                    |TCP|1       receive    "\x1b]0;x\x07\x00\x7f\x9b1mé\xe2\x80\xae\xff" [$TEST=0 $ZA=0 $ZB=""]`},
	{"hostile names", devices.Event{Kind: "USE", Device: "\x1b[2J\x00", Place: "a^\x1b", Error: "NOTOPEN", Job: 100},
		`12:00:00.000000 100       a^\x1b               \x1b[2J\x00  USE        <NOTOPEN> [$TEST=0 $ZA=0 $ZB=""]`},
	{"READ of nothing", devices.Event{Kind: "READ", Device: "0", Text: "x:2", TimedOut: true, Job: 1, Began: at(-2000), ZA: 2},
		`12:00:00.000000 1         -                    0            READ       x:2 "" timed out after 2s [$TEST=0 $ZA=2 $ZB=""]`},
	{"a READ that failed", devices.Event{Kind: "READ", Device: "0", Text: "x", Error: "READ", Job: 1},
		`12:00:00.000000 1         -                    0            READ       x <READ> [$TEST=0 $ZA=0 $ZB=""]`},
	{"accept", devices.Event{Kind: "accept", Device: "|TCP|1", Local: "127.0.0.1:1", Peer: "127.0.0.1:2", Job: 1},
		`12:00:00.000000 1         -                    |TCP|1       accept     127.0.0.1:1 <-> 127.0.0.1:2 [$TEST=0 $ZA=0 $ZB=""]`},
	{"JOB", devices.Event{Kind: "JOB", Text: "child^t:(:16:)", Child: 10000100, Job: 100, ZB: devices.Text{S: "\r"}},
		`12:00:00.000000 100       -                    -            JOB        child^t:(:16:) child 10000100 [$TEST=0 $ZA=0 $ZB="\r"]`},
	{"a long one", devices.Event{Kind: "send", Device: "d", Data: []byte(strings.Repeat("x", 600)), Job: 1},
		`12:00:00.000000 1         -                    d            send       "` + strings.Repeat("x", 512) + `" … 600 bytes [$TEST=0 $ZA=0 $ZB=""]`},
}

// settled fills in what every event has.
func settled(e devices.Event) *devices.Event {
	e.Time = at(0)
	if e.Began.IsZero() {
		e.Began = e.Time
	}
	return &e
}

func TestText(t *testing.T) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var b strings.Builder
			require.NoError(t, newText(&b, false).event(settled(r.e), ""))
			assert.Equal(t, r.text+"\n", b.String())
		})
	}
}

func TestHex(t *testing.T) {
	var b strings.Builder
	e := settled(devices.Event{Kind: "send", Device: "d", Data: []byte("GET / HTTP/1.1\r\n\x00\xff"), Job: 1})
	require.NoError(t, newText(&b, true).event(e, ""))
	_, dump, _ := strings.Cut(b.String(), "\n")
	assert.Equal(t, "    00000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n"+
		"    00010  00 ff                                             |..|\n", dump)
}

// A line of JSON holds everything, in ASCII, and no character that a page would take for
// markup.
func TestJSONLines(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	var b strings.Builder
	e := settled(devices.Event{Kind: "READ", Device: "€😀", Data: all, Job: 7, ZB: devices.Text{S: "\xac\x20", Wide: true}, Test: true,
		Place: "a+1^b", Source: devices.Source{File: "b.mac", Line: 3, Text: ` OPEN d:(h:1:/TLS="cfg|secret")`}, Began: at(-1500), Error: "READ"})
	require.NoError(t, newJSONLines(&b, true).event(e, ""))
	for _, c := range b.String() {
		require.True(t, c == '\n' || c >= ' ' && c <= '~' && !strings.ContainsRune("<>&", c), "%q", c)
	}
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(b.String()), &got))
	var bytes []byte
	for _, u := range utf16.Encode([]rune(got["data"].(string))) {
		bytes = append(bytes, byte(u))
	}
	assert.Equal(t, all, bytes)
	delete(got, "data")
	assert.Equal(t, map[string]any{"time": at(0).UTC().Format("2006-01-02T15:04:05.000000Z"), "job": 7.0, "event": "READ", "device": "€😀", "bytes": 256.0,
		"zb": "€", "za": 0.0, "test": 1.0, "place": "a+1^b", "file": "b.mac", "line": 3.0, "source": ` OPEN d:(h:1:/TLS="cfg|***")`,
		"seconds": 1.5, "error": "READ", "hex": fmt.Sprintf("%x", all)}, got)
}

func TestSecretsInSource(t *testing.T) {
	for in, want := range map[string]string{
		` OPEN d:(h:1:/SSL="cfg|pw|host"):5`:    ` OPEN d:(h:1:/SSL="cfg|***"):5`,
		` use d:(/tls = "c|p w")`:               ` use d:(/tls = "c|***")`,
		` SET p("PrivateKeyPassword")="x" OPEN`: ` SET p("PrivateKeyPassword")="***" OPEN`,
		` USE d:(/TLS="Client") WRITE "|x"`:     ` USE d:(/TLS="Client") WRITE "|x"`,
		` OPEN d:(h:1:"M"):5 WRITE "USER|PASS"`: ` OPEN d:(h:1:"M"):5 WRITE "USER|PASS"`,
	} {
		assert.Equal(t, want, withoutSecrets(in))
	}
}

func TestFilter(t *testing.T) {
	open := &devices.Event{Kind: "OPEN", Device: "|TCP|1", Job: 5, Local: "[::]:7001"}
	job := &devices.Event{Kind: "JOB", Job: 5, Child: 9}
	sent := &devices.Event{Kind: "send", Device: "|TCP|1", Job: 9, Local: "127.0.0.1:7001", Peer: "127.0.0.1:4444"}
	file := &devices.Event{Kind: "OPEN", Device: "/tmp/a/b.txt", Job: 9}
	for text, want := range map[string][]*devices.Event{
		"":                        {open, job, sent, file},
		"job=9":                   {job, sent, file},
		"job=5,job=9":             {open, job, sent, file},
		"port=7001":               {open, sent},
		"port=4444":               {sent},
		"port=1":                  {open, sent},
		"device=|TCP|*":           {open, sent},
		"device=/tmp/*":           {file},
		"device=|TCP|* job=9":     {sent},
		"event=open device=*TCP*": {open},
	} {
		f, err := parseFilter([]string{text})
		require.NoError(t, err, text)
		var got []*devices.Event
		for _, e := range []*devices.Event{open, job, sent, file} {
			if f.takes(e) {
				got = append(got, e)
			}
		}
		assert.Equal(t, want, got, text)
	}
	for _, bad := range []string{"job", "job=", "pid=1", "device=[", "=1"} {
		_, err := parseFilter([]string{bad})
		assert.ErrorContains(t, err, "is no filter", bad)
	}
}

// A note is told once for a place and device, and says what to write instead.
func TestNotes(t *testing.T) {
	var b strings.Builder
	tr, err := Open(Options{Stderr: &b})
	require.NoError(t, err)
	note := settled(devices.Event{Kind: "note", Note: devices.NoteUnsent, Unsent: 6, Device: "|TCP|1", Place: "c+1^t", Job: 1})
	tr.Observe(note)
	tr.Observe(note)
	note.Place, note.Unsent = "c+2^t", 1
	tr.Observe(note)
	require.NoError(t, tr.Close())
	tr.Observe(note)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, lines, 2, b.String())
	assert.Contains(t, lines[0], "! c+1^t: This READ waits for the peer, while 6 bytes written to it still lie in our own buffer")
	assert.Contains(t, lines[1], "while 1 byte written to it still lies in our own buffer: the peer has not seen it.")
	for _, e := range []devices.Event{{Note: devices.NoteNoLineFeed}, {Note: devices.NoteNoLineFeed, Text: "child"}, {Note: devices.NoteNotCurrent}, {Note: devices.NoteNotCurrent, Device: "|TCP|1"}} {
		assert.Greater(t, len(explain(&e)), 80)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no room") }

// A trace that cannot be written says so at the end, and the program goes on.
func TestBrokenTrace(t *testing.T) {
	tr, err := Open(Options{Stderr: broken{}})
	require.NoError(t, err)
	tr.Observe(settled(rows[0].e))
	tr.Observe(settled(rows[0].e))
	assert.ErrorContains(t, tr.Close(), "no room")
	_, err = Open(Options{File: filepath.Join(t.TempDir(), "no", "such")})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// %p is the process id: each process of a test gets its own file.
func TestFileName(t *testing.T) {
	dir := t.TempDir()
	tr, err := Open(Options{File: filepath.Join(dir, "a.%p.jsonl")})
	require.NoError(t, err)
	tr.Observe(settled(rows[0].e))
	require.NoError(t, tr.Close())
	b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("a.%d.jsonl", os.Getpid())))
	require.NoError(t, err)
	assert.True(t, json.Valid(b), string(b))
}
