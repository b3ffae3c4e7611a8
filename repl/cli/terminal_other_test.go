//go:build unix && !linux

package cli

// Tests on a terminal are skipped where no pseudo-terminal is made.

type onTerminal struct{ *running }

func (w *testWorld) startOnTerminal(...string) *onTerminal {
	w.Skip("no pseudo-terminals here")
	return nil
}

func (*onTerminal) types(string) {}
