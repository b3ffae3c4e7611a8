package devices

// What can be seen of I/O from outside: events. A device reports what passes over its
// connection, before TLS or compression hides it; the process adds who did it, and
// reports the I/O commands themselves when they end.

import "time"

// Observer hears of every event, from the goroutine of the process that causes it, and
// from many processes at once. An event and its data are valid during the call only.
type Observer interface{ Observe(*Event) }

// Event is one thing that happened to a device.
type Event struct {
	// Kind is a transmission ("listen", "accept", "connect", "adopt" (mode G),
	// "send", "receive", "handover", "disconnect", "close", and "output" of terminals and files), "note", or
	// the name of the command that has ended ("OPEN", "USE", "READ", "WRITE", "CLOSE",
	// "JOB"), or "error": an M error was raised, by whatever.
	Kind   string
	Device string
	Local  string // address and port of this end of a connection, or of a listener
	Peer   string // of the other end
	Data   []byte // sent, received, or what a READ returned
	ZA     int    // of the device afterwards
	ZB     Text
	Note   Note // of kind "note"
	Unsent int  // of NoteUnsent: bytes

	// The process adds:

	Began    time.Time // when the command began; of a transmission the same as Time
	Time     time.Time
	Job      int    // $JOB
	Place    string // label+n^routine
	Source   Source
	Test     bool   // $TEST
	Text     string // of a command: its arguments, without passwords
	TimedOut bool   // of a READ or OPEN
	Error    string // of "error" its name; of a command: the name of the error it raised, "HALT" when the process ended in it
	Child    int    // of JOB: $JOB of the child
}

// Source is a line of a routine.
type Source struct {
	File string // "" for code that came from nowhere
	Line int    // from 1
	Text string
}

// Note is a trap that programs fall into, seen while it happens.
type Note string

// The notes.
const (
	// NoteUnsent: a READ begins to wait for the peer while output for that peer is still
	// in the buffer. Unsent tells how much.
	NoteUnsent Note = "unsent"
	// NoteNoLineFeed: WRITE ! or WRITE # in stream mode sends what is buffered, but no
	// line end, since neither P nor C is on. Text is "child" where JOB set stream mode.
	NoteNoLineFeed Note = "no-line-feed"
	// NoteNotCurrent: JOB should hand a connection over and the current device has none.
	// Device is an open device that has one, "" where there is none.
	NoteNotCurrent Note = "not-current"
)

// Observers passes events on to several observers.
type Observers []Observer

// Observe implements Observer.
func (list Observers) Observe(e *Event) {
	for _, o := range list {
		o.Observe(e)
	}
}
