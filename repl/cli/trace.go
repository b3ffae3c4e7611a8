package cli

// The flags that show what a program does on the wire: --trace and --metrics.

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"cos/devices"
	"cos/devices/metrics"
	"cos/devices/trace"
	"cos/lang"
	"cos/runtime"
	"cos/runtime/coverage"
)

// tracing is the flags.
type tracing struct {
	Trace       traceFile `placeholder:"FILE" help:"Write what goes over the devices to standard error, or to FILE: .jsonl is JSON, .html a sequence diagram, .pcapng a capture for Wireshark, everything else text; %p stands for the process id."`
	TraceHex    bool      `help:"Show the bytes of a trace in hexadecimal too."`
	TraceFilter []string  `placeholder:"WHAT=VALUE" help:"Trace only some events: job=N, device=GLOB, port=N, event=NAME (repeatable)."`
}

// traceFile is the value of --trace, which may be missing.
type traceFile struct {
	on   bool
	name string
}

// IsBool implements kong.BoolMapperValue: the flag needs no value.
func (*traceFile) IsBool() bool { return true }

// Decode implements kong.MapperValue.
func (f *traceFile) Decode(ctx *kong.DecodeContext) error {
	f.on = true
	if ctx.Scan.Peek().Type == kong.FlagValueToken {
		return ctx.Scan.PopValueInto("file", &f.name)
	}
	return nil
}

// traceVariable names a file to trace into where no flag does: of the prompt, and of
// processes that cos test starts.
const traceVariable = "COS_TRACE"

// coverVariable names a folder into which every process writes which lines have run: of
// processes that cos test starts.
const coverVariable = "COS_COVER"

// showing is what a session is asked to show of itself.
type showing struct {
	tracing
	metrics string // address to serve metrics at
}

// shown is what a session shows of itself.
type shown struct {
	stderr  io.Writer
	trace   *trace.Tracer // nil: none was asked for
	metrics *metrics.Metrics
	server  *metrics.Server // nil: none was asked for
	cover   *coverage.File  // nil: nobody asks which lines run
	sys     *runtime.System
}

// open begins the trace that the flags or the environment ask for, and the metrics. The
// observer is nil when nothing is asked for.
func (v *showing) open(stderr io.Writer) (*shown, devices.Observer, error) {
	s := &shown{stderr: stderr}
	to := v.Trace
	if name := os.Getenv(traceVariable); name != "" && !to.on {
		to = traceFile{on: true, name: name}
	}
	if !to.on && (v.TraceHex || len(v.TraceFilter) > 0) {
		return nil, nil, errors.New("--trace-hex and --trace-filter go with --trace")
	}
	var list devices.Observers
	var err error
	if folder := os.Getenv(coverVariable); folder != "" {
		if s.cover, err = coverage.Begin(folder); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", coverVariable, err)
		}
	}
	if to.on {
		s.trace, err = trace.Open(trace.Options{File: to.name, Stderr: stderr, Hex: v.TraceHex, Filter: v.TraceFilter,
			Title: strings.Join(os.Args[1:], " ")})
		if err != nil {
			return nil, nil, err
		}
		list = append(list, s.trace)
	}
	if v.metrics != "" {
		s.metrics = metrics.New()
		list = append(list, s.metrics)
	}
	switch len(list) {
	case 0:
		return s, nil, nil
	case 1:
		return s, list[0], nil
	}
	return s, list, nil
}

// serve begins to serve the metrics of a system at an address.
func (s *shown) serve(address string, sys *runtime.System) (err error) {
	s.sys = sys
	if s.metrics == nil {
		return nil
	}
	s.metrics.Jobs(sys.Jobs)
	if s.server, err = s.metrics.Serve(address); err != nil {
		s.end()
		return fmt.Errorf("--metrics %s: %w", address, err)
	}
	fmt.Fprintf(s.stderr, "metrics at %s\n", s.server.URL())
	return nil
}

// end writes which lines have run, and closes the trace and the server of the metrics.
func (s *shown) end() {
	if s.cover != nil {
		if err := s.cover.End(s.sys.Coverage()); err != nil {
			fmt.Fprintf(s.stderr, "cos: %s: %v\n", coverVariable, err)
		}
	}
	if s.server != nil {
		s.server.Close()
	}
	if s.trace == nil {
		return
	}
	if err := s.trace.Close(); err != nil {
		fmt.Fprintf(s.stderr, "cos: %s\n", lang.Visible(err.Error()))
	}
}
