package cli

// The progress of long work: one line on standard error, redrawn, when that is a terminal.

import (
	"fmt"
	"os"
	"strings"
	"time"

	"cos/repl"
	"cos/runtime"
)

// progress shows how far work is. Nobody sees it on a standard error that is no terminal.
type progress struct {
	t     *task
	to    *os.File // nil: nobody looks
	what  string
	size  int64 // bytes of the whole, 0: unknown
	last  time.Time
	shown bool
}

// How often the line is drawn, and how wide its bar is.
const (
	progressPause = 100 * time.Millisecond
	progressWidth = 30
)

func (t *task) progress(what string, size int64) *progress {
	p := &progress{t: t, what: what, size: size, last: t.start}
	if repl.IsTerminal(t.stderr) && os.Getenv("TERM") != "dumb" {
		p.to = t.stderr
	}
	return p
}

// tell is the work's runtime.Progress; its error is the signal that ends the work.
func (p *progress) tell(c runtime.Count) error {
	if now := time.Now(); p.to != nil && now.Sub(p.last) >= progressPause {
		p.last, p.shown = now, true
		fmt.Fprint(p.to, "\r\x1b[K", p.line(c, now.Sub(p.t.start)))
	}
	return p.t.interrupted()
}

// step is told that done of total parts are finished.
func (p *progress) step(done, total int) {
	if now := time.Now(); p.to != nil && now.Sub(p.last) >= progressPause {
		p.last, p.shown = now, true
		fmt.Fprint(p.to, "\r\x1b[K", p.what, " ", p.bar(float64(done)/float64(max(total, 1))))
	}
}

func (p *progress) line(c runtime.Count, took time.Duration) string {
	rate := float64(c.Nodes) / max(took.Seconds(), 0.001)
	counts := fmt.Sprintf("%s, %s, %.0f nodes/s", plural(c.Nodes, "node"), bytesText(c.Bytes), rate)
	if p.size == 0 {
		return p.what + " " + counts
	}
	return p.what + " " + p.bar(min(float64(c.Bytes)/float64(p.size), 1)) + " " + counts
}

// bar shows which part of the work is done, 0 to 1.
func (p *progress) bar(done float64) string {
	full := int(done * progressWidth)
	bar := strings.Repeat("█", full)
	if colours(p.to) {
		bar = green + bar + plain
	}
	return fmt.Sprintf("%s%s %3.0f%%", bar, strings.Repeat("░", progressWidth-full), 100*done)
}

const green = "\x1b[32m"

// clear takes the line away, so that something else can be written.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.shown = false
	}
}

// done takes the line away for good; it may be called again.
func (p *progress) done() {
	p.clear()
	p.to = nil
}
