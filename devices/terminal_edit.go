package devices

// Typed input: the line discipline of READ on a terminal.

import "time"

// readTyped is READ from a person at a terminal.
func (t *Terminal) readTyped(spec ReadSpec, deadline time.Time) (Result, error) {
	return t.readLines(spec, deadline)
}
