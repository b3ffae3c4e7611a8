package cli

// The flags that show what a program does on the wire.

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"cos/devices/trace"
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

// open begins the trace that the flags or the environment ask for; nil when nothing does.
func (v *tracing) open(stderr io.Writer) (*trace.Tracer, error) {
	to := v.Trace
	if name := os.Getenv(traceVariable); name != "" && !to.on {
		to = traceFile{on: true, name: name}
	}
	switch {
	case to.on:
		return trace.Open(trace.Options{File: to.name, Stderr: stderr, Hex: v.TraceHex, Filter: v.TraceFilter,
			Title: strings.Join(os.Args[1:], " ")})
	case v.TraceHex || len(v.TraceFilter) > 0:
		return nil, errors.New("--trace-hex and --trace-filter go with --trace")
	}
	return nil, nil
}
