//go:build unix

package cli

// cos run --metrics, beside a program at work.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMetrics(t *testing.T) {
	w := newWorld(t, map[string]string{"m.mac": `m(port)
 SET io="|TCP|1"
 OPEN io:(:port:"PSTE"):5
 WRITE "ready",!
 TRY { SET y=nosuch } CATCH { }
 USE io READ x WRITE "hello",!
 JOB child:(:16::)
 HANG 100
child
 USE "|TCP|1":(::"PSTE") WRITE "child",! READ x
 QUIT
`})
	port, err := freePort()
	require.NoError(t, err)
	r := w.start("run", "--metrics", "127.0.0.1:0", "m.mac", fmt.Sprint(port))
	line := r.errs.until(t, "/metrics\n")
	url := strings.TrimSpace(line[strings.Index(line, "http://"):])
	r.out.until(t, "ready\n")
	c := dial(t, port)
	defer c.Close()
	answers := bufio.NewReader(c)
	_, err = io.WriteString(c, "line\n")
	require.NoError(t, err)
	for _, want := range []string{"hello\n", "child\n"} {
		got, err := answers.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	text := scrape(t, url)
	for _, want := range []string{"cos_connections 1", "cos_accepts_total 1", "cos_reads_total 1", "cos_writes_total 3", "cos_received_bytes_total 5",
		"cos_sent_bytes_total 12", "cos_jobs 1", "cos_jobs_total 1", "cos_read_wait_seconds_count 1", "cos_connects_total 0", `cos_errors_total{name="UNDEFINED"} 1`} {
		assert.Contains(t, text, "\n"+want+"\n")
	}
	assert.Contains(t, scrape(t, strings.Replace(url, "/metrics", "/debug/pprof/goroutine?debug=1", 1)), "goroutine profile")

	_, errs, exit := w.run("", "run", "--metrics", strings.Split(url, "/")[2], "m.mac")
	assert.Equal(t, exitUsage, exit)
	assert.Contains(t, errs, "address already in use")
	_, _, exit = w.run("", "run", "--metrics", "nonsense", "m.mac")
	assert.Equal(t, exitUsage, exit)
}

func scrape(t *testing.T, url string) string {
	r, err := http.Get(url)
	require.NoError(t, err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}
