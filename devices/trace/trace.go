// Package trace writes down what a program does on the wire: every I/O command as it
// ends, every transmission, and what the classic traps look like from inside. A format a
// file: text.go, jsonl.go, pcapng.go, html.go. Each writes an event as it comes and keeps
// nothing of it, so a trace costs the same memory for ten connections and ten thousand,
// and what was written stands when the program is killed.
package trace

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	"cos/devices"
)

// Options say what is traced and where to.
type Options struct {
	// File decides the format by its ending: .jsonl, .pcapng, .html, everything else is
	// text. %p in it becomes the process id. "" is text on Stderr.
	File   string
	Stderr io.Writer
	Hex    bool     // bytes in hexadecimal too
	Filter []string // see Filters
	Title  string   // of a page or a capture: what runs
}

// format is one way to write events. Its methods are called one at a time. An event whose
// Kind is "note" comes with its sentence.
type format interface {
	event(e *devices.Event, explained string) error
	close() error
}

// Tracer is a trace under way. It is a devices.Observer for all processes at once.
type Tracer struct {
	filter filter

	mu    sync.Mutex
	out   format
	file  *os.File // nil: standard error
	told  map[told]bool
	err   error
	ended bool
}

// told is a note that needs no repeating.
type told struct {
	note          devices.Note
	place, device string
}

// mostTold bounds what a trace remembers of its notes.
const mostTold = 1000

// Open begins a trace.
func Open(o Options) (*Tracer, error) {
	f, err := parseFilter(o.Filter)
	if err != nil {
		return nil, err
	}
	t := &Tracer{filter: f, told: map[told]bool{}}
	w := o.Stderr
	if o.File != "" {
		t.file, err = os.Create(strings.ReplaceAll(o.File, "%p", strconv.Itoa(os.Getpid())))
		if err != nil {
			return nil, err
		}
		w = t.file
	}
	if t.out, err = newFormat(w, &o); err != nil {
		return nil, err
	}
	return t, nil
}

func newFormat(w io.Writer, o *Options) (format, error) {
	switch {
	case strings.HasSuffix(o.File, ".jsonl"):
		return newJSONLines(w, o.Hex), nil
	case strings.HasSuffix(o.File, ".pcapng"):
		return newCapture(w, o.Title)
	case strings.HasSuffix(o.File, ".html"):
		return newDiagram(w, o.Title)
	}
	return newText(w, o.Hex), nil
}

// Observe implements devices.Observer.
func (t *Tracer) Observe(e *devices.Event) {
	if e.Kind == "error" || !t.filter.takes(e) { // commands tell their own errors
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended || t.err != nil {
		return
	}
	explained := ""
	if e.Kind == "note" {
		key := told{e.Note, e.Place, e.Device}
		if t.told[key] || len(t.told) >= mostTold {
			return
		}
		t.told[key] = true
		explained = explain(e)
	}
	t.err = t.out.event(e, explained)
}

// Close ends the trace. It returns what kept it from being whole.
func (t *Tracer) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return nil
	}
	t.ended = true
	err := t.out.close()
	if t.file != nil {
		if closed := t.file.Close(); err == nil {
			err = closed
		}
	}
	if t.err != nil {
		err = t.err
	}
	if err != nil {
		return fmt.Errorf("the trace is not complete: %w", err)
	}
	return nil
}
