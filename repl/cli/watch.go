package cli

// Watching a process from outside, for golden tests. COS_WATCH names a Unix socket that
// somebody listens on; what the jobs do goes there, one line each:
//
//	state JOB STATE DEVICE    a wait begins (READ, OPEN, HANG, …; PROMPT at the prompt)
//	                          or ends (RUN); DEVICE is query-escaped, it may be empty
//	send JOB DEVICE N         N bytes are about to be sent; the job waits for the
//	                          line "go" from the other end
//
// One send is outstanding at a time. When the other end goes away, so does the watching.

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"cos/devices"
)

type watcher struct {
	conn      net.Conn
	answers   *bufio.Reader // guarded by sending
	sending   sync.Mutex
	writing   sync.Mutex
	job       atomic.Int64 // the first process
	prompting atomic.Bool  // it waits for a line at the prompt
}

// newWatcher connects to the socket that COS_WATCH names; nil when there is none.
func newWatcher() (*watcher, error) {
	path := os.Getenv("COS_WATCH")
	if path == "" {
		return nil, nil
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		return nil, fmt.Errorf("COS_WATCH: %w", err)
	}
	return &watcher{conn: conn, answers: bufio.NewReader(conn)}, nil
}

// State implements runtime.Watcher.
func (w *watcher) State(job int, state, device string) {
	if state == "READ" && w.prompting.Load() && int64(job) == w.job.Load() {
		state = "PROMPT"
	}
	w.line("state %d %s %s\n", job, state, url.QueryEscape(device))
}

// Event implements runtime.Watcher.
func (w *watcher) Event(job int, e devices.Event) {
	if e.Kind != "send" {
		return
	}
	w.sending.Lock()
	defer w.sending.Unlock()
	if !w.line("send %d %s %d\n", job, url.QueryEscape(e.Device), len(e.Data)) {
		return
	}
	for {
		answer, err := w.answers.ReadString('\n')
		if err != nil || strings.TrimSpace(answer) == "go" {
			return
		}
	}
}

// line writes one line and reports whether the other end is still there.
func (w *watcher) line(format string, args ...any) bool {
	w.writing.Lock()
	defer w.writing.Unlock()
	_, err := fmt.Fprintf(w.conn, format, args...)
	return err == nil
}
