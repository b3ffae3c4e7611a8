package trace

// The classic traps in plain words: what happened, why nothing moves, what to write
// instead.

import (
	"fmt"

	"cos/devices"
)

// explain is the sentence of a note.
func explain(e *devices.Event) string {
	switch e.Note {
	case devices.NoteUnsent:
		return fmt.Sprintf("This READ waits for the peer, while %s written to it still %s in our own buffer: the peer has not "+
			"seen %s. End the WRITE with ! or *-3, or open the device in mode Q.",
			count(e.Unsent), choose(e.Unsent, "lies", "lie"), choose(e.Unsent, "it", "them"))
	case devices.NoteNoLineFeed:
		why := "The device is in stream mode without P or C"
		if e.Text == "child" {
			why = "JOB handed the connection over in stream mode, whatever modes the parent had"
		}
		return why + ": WRITE ! sends what is in the buffer, but no line feed, so a peer that reads lines goes on waiting. " +
			`USE the device with mode "PSTE", or with "C" for CR LF.`
	case devices.NoteNotCurrent:
		if e.Device == "" {
			return "This JOB should hand a connection over, and no device of the process has one: READ accepts a client, JOB passes it on."
		}
		return fmt.Sprintf("This JOB should hand a connection over, and the current device has none: USE %q before JOB, or name it as "+
			"the principal input, JOB …:(:16:%q).", e.Device, e.Device)
	}
	return string(e.Note)
}

// count is a number of bytes.
func count(n int) string { return fmt.Sprintf("%d byte%s", n, choose(n, "", "s")) }

func choose(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
