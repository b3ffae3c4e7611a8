package repl

// :trace: what goes over the devices, from the prompt.

import (
	"io"
	"strings"

	"cos/devices"
	"cos/lang"
)

// Tracer begins a trace into a file, or, when that is "", to what shows it. end closes it.
type Tracer func(file string, show io.Writer) (observer devices.Observer, end func() error, err error)

// others hears of all devices but the terminal that the trace itself is shown on.
type others struct {
	devices.Observer
	terminal string
}

func (o others) Observe(e *devices.Event) {
	if e.Device != o.terminal {
		o.Observer.Observe(e)
	}
}

// trace is :trace on [file] and :trace off. Jobs that run already follow at their next
// command.
func (r *Prompt) trace(in lines, rest string) string {
	word, file, _ := strings.Cut(rest, " ")
	switch file = strings.TrimSpace(file); {
	case r.Tracer == nil:
		r.write("there is no trace here")
	case word == "on":
		r.endTrace()
		observer, end, err := r.Tracer(file, in.above())
		if err != nil {
			r.write(lang.Visible(err.Error()))
			return ""
		}
		if file == "" {
			observer = others{observer, r.Terminal.Name()}
		}
		r.tracing = end
		r.Process.Watch(observer)
		if file != "" {
			r.write("into " + lang.Visible(file))
		}
	case word == "off" && file == "":
		if !r.endTrace() {
			r.write("there is no trace to end")
		}
	case word == "" && r.tracing != nil:
		r.write("on")
	case word == "":
		r.write("off")
	default:
		r.write(":trace on|off [file]")
	}
	return ""
}

// endTrace ends a trace; false when there was none.
func (r *Prompt) endTrace() bool {
	if r.tracing == nil {
		return false
	}
	r.Process.Watch(nil)
	if err := r.tracing(); err != nil {
		r.write(lang.Visible(err.Error()))
	}
	r.tracing = nil
	return true
}
