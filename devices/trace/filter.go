package trace

// Filters: which events a trace takes.

import (
	"fmt"
	"net"
	"path"
	"slices"
	"strings"

	"cos/devices"
)

// Filters tells the form of a filter, for help texts.
const Filters = "job=N, device=GLOB, port=N or event=NAME; of one kind any may hold, of different kinds all must"

// filter is conditions by what they look at. The zero value takes everything.
type filter map[string][]string

// looks is what a condition can look at: whether an event fits a value.
var looks = map[string]func(e *devices.Event, value string) bool{
	"job": func(e *devices.Event, v string) bool {
		return v == fmt.Sprint(e.Job) || e.Child != 0 && v == fmt.Sprint(e.Child)
	},
	"device": func(e *devices.Event, v string) bool {
		ok, _ := path.Match(escapeBars(v), escapeBars(e.Device))
		return ok
	},
	"port": func(e *devices.Event, v string) bool {
		return portOf(e.Local) == v || portOf(e.Peer) == v || e.Device == "|TCP|"+v
	},
	"event": func(e *devices.Event, v string) bool { return strings.EqualFold(e.Kind, v) },
}

// escapeBars lets a * of path.Match pass slashes, which device names may hold.
func escapeBars(s string) string { return strings.ReplaceAll(s, "/", "|") }

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// parseFilter reads conditions, each "what=value", several separated by commas or blanks.
func parseFilter(list []string) (filter, error) {
	f := filter{}
	for _, text := range list {
		for _, term := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
			what, value, ok := strings.Cut(term, "=")
			if !ok || looks[what] == nil || value == "" {
				return nil, fmt.Errorf("%q is no filter: %s", term, Filters)
			}
			if _, err := path.Match(value, ""); what == "device" && err != nil {
				return nil, fmt.Errorf("%q is no filter: %w", term, err)
			}
			f[what] = append(f[what], value)
		}
	}
	return f, nil
}

// takes reports whether an event passes.
func (f filter) takes(e *devices.Event) bool {
	for what, values := range f {
		if !slices.ContainsFunc(values, func(v string) bool { return looks[what](e, v) }) {
			return false
		}
	}
	return true
}
