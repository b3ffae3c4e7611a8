package metrics

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// get returns the body of an answer.
func get(t *testing.T, url string) string {
	r, err := http.Get(url)
	require.NoError(t, err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.StatusCode, url)
	return string(b)
}

func TestCounts(t *testing.T) {
	m := New()
	m.Jobs(func() int { return 7 })
	s, err := m.Serve("127.0.0.1:0")
	require.NoError(t, err)
	now := time.Now()
	for _, e := range []devices.Event{
		{Kind: "listen"}, {Kind: "accept"}, {Kind: "accept"}, {Kind: "connect"}, {Kind: "adopt"}, {Kind: "adopt", Peer: "x"},
		{Kind: "disconnect"}, {Kind: "close"},
		{Kind: "send", Data: []byte("abc")}, {Kind: "receive", Data: []byte("12345")}, {Kind: "output", Data: []byte("x")},
		{Kind: "READ", Time: now, Began: now.Add(-20 * time.Millisecond)}, {Kind: "READ", Time: now, Began: now.Add(-2 * time.Second), TimedOut: true},
		{Kind: "JOB", Child: 5}, {Kind: "JOB", Error: "NOJOB"}, {Kind: "OPEN"},
		{Kind: "error", Error: "READ"}, {Kind: "error", Error: "READ"}, {Kind: "error", Error: "Z\xff\n\""},
	} {
		m.Observe(&e)
	}
	text := get(t, s.URL())
	for _, want := range []string{
		"cos_connections 2", "cos_accepts_total 2", "cos_connects_total 1", "cos_sent_bytes_total 3", "cos_received_bytes_total 5", "cos_writes_total 2",
		"cos_reads_total 2", "cos_read_timeouts_total 1", "cos_jobs_total 1", "cos_jobs 7", `cos_errors_total{name="READ"} 2`, `cos_errors_total{name="Z?\n\""} 1`,
		`cos_read_wait_seconds_bucket{le="0.01"} 0`, `cos_read_wait_seconds_bucket{le="0.05"} 1`, `cos_read_wait_seconds_bucket{le="5"} 2`, "cos_read_wait_seconds_count 2",
	} {
		assert.Contains(t, strings.Split(text, "\n"), want)
	}
	assert.Regexp(t, regexp.MustCompile(`(?m)^go_goroutines \d+$`), text)
	base := strings.TrimSuffix(s.URL(), "/metrics")
	assert.Contains(t, get(t, base+"/debug/pprof/goroutine?debug=1"), "goroutine profile: total")
	assert.Contains(t, get(t, base+"/"), `href="/metrics"`)
	_, err = m.Serve(strings.TrimPrefix(base, "http://"))
	assert.ErrorContains(t, err, "in use")
	s.Close()
	_, err = http.Get(base)
	assert.ErrorContains(t, err, "refused")
}

// Names that a program makes up cannot fill the memory.
func TestErrorNamesAreBounded(t *testing.T) {
	m := New()
	for i := range 10 * mostNames {
		m.Observe(&devices.Event{Kind: "error", Error: fmt.Sprint("Z", i)})
	}
	families, err := m.registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == "cos_errors_total" {
			assert.Len(t, f.GetMetric(), mostNames+1)
		}
	}
}
