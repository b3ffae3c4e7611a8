package devices

import (
	"errors"
	"time"
)

// Text is a sequence of characters as M sees it. While every character is at most
// 255 it holds one byte per character; Wide text holds 16-bit units, low byte first.
type Text struct {
	S    string
	Wide bool
}

// Device is what OPEN, USE, READ, WRITE and CLOSE talk to. It belongs to exactly one
// process; only Interrupt may be called from another goroutine. READ and WRITE return
// errors, never panic.
type Device interface {
	Name() string                 // the name it was opened by, as $IO shows it
	Write(Text) error             // WRITE expr
	WriteBytes([]byte) error      // WRITE expr whose characters all are one byte; b is the caller's
	WriteChar(c int) error        // WRITE *n, n >= 0: one character by its code
	Format(f Format, n int) error // WRITE ! # ?n (n columns for ?, otherwise unused)
	Control(code int) error       // WRITE *-n; code is positive: 1, 2, 3, 9, 10, 99
	Flush(reason FlushReason) error
	Read(ReadSpec) (Result, error) // one READ argument
	Use(Params) error              // USE with parameters, and a second OPEN
	Close(Params) error
	State() *State
	Interrupt() // wakes a blocked READ, WRITE or accept; the call returns ErrInterrupted
}

// Format is a format control of WRITE and READ.
type Format byte

// The format controls.
const (
	Newline  Format = '!'
	FormFeed Format = '#'
	Tab      Format = '?'
)

// FlushReason says why the runtime asks a device to send what it holds.
type FlushReason byte

// Why Flush is called.
const (
	AtWriteEnd FlushReason = iota // a WRITE command has ended (Q mode sends here)
	AtPrompt                      // the prompt is about to return (rule A31)
	BeforeWait                    // the process is about to wait on another device: terminals and files flush, TCP does not
	AtHandOver                    // JOB is about to hand the connection over (rule B10)
)

// ReadSpec is one READ argument's form.
type ReadSpec struct {
	Fixed   int           // READ x#n: n characters; 0: up to a terminator
	Char    bool          // READ *x
	Timed   bool          // a timeout was written
	Timeout time.Duration // of a timed READ, as the program wrote it; 0 polls
}

// Result is what one READ argument yields; $ZA, $ZB and $KEY are left in State.
// It has 32 bytes: the compiler keeps no larger struct in registers, and copying one
// through memory costs a READ *x half of its time.
type Result struct {
	Text     Text // READ x; for READ *x unused
	Char     rune // READ *x: the code, -1 when none came
	TimedOut bool
}

// State is the part of a device that special variables show. Devices update it in
// place; SET $X, $Y and $KEY write it.
type State struct {
	X, Y int    // $X $Y
	ZA   int    // $ZA of the last READ; tcp ORs 4096 and 8192 in when it changes connection state
	ZB   Text   // $ZB
	Key  Text   // $KEY
	EOF  bool   // $ZEOF
	EOS  bool   // $ZEOS
	Mode string // $ZMODE
	ZIO  string // $ZIO
	Err  error  // the operating system's error behind the last failure: OSError(), GetDisconnectCode()
}

// The bits of $ZA (manual, "$ZA and READ Command"; rule A4).
const (
	ZABreak     = 1
	ZATimedOut  = 2
	ZAError     = 4
	ZABadEscape = 256
	ZAServer    = 4096
	ZAConnected = 8192
)

// Params is an ordered list of device parameters as written between the parentheses:
// element i stands at colon position i. A keyword occupies the position where it
// stands, which then counts as omitted (rule B14).
type Params []Param

// Param is one device parameter.
type Param struct {
	Key   string // "/NAME" in upper case, or "" when positional
	Value Text
	Set   bool   // a value was written; a positional parameter without one is omitted
	List  []Item // of a keyword with several values: /ARGS=a,b, /ENV=(n:v,…), /ARGS=array...
}

// Item is one of several values of a keyword. Name is "" unless one was written, or the
// item is a node of an array, whose subscript it is.
type Item struct{ Name, Value Text }

// Inheritor is a device whose connection JOB can hand to a child process.
type Inheritor interface {
	// Inherit detaches the live connection and returns it as a device of the same
	// name for the child, whose host it gets. The receiver goes on listening.
	Inherit(Host) (Device, error)
}

// Reopener is a device for which OPEN, while it is open, is not the same as USE.
type Reopener interface{ Reopen(Params) error }

// Monitor is a device that D mode can watch for a disconnect.
type Monitor interface {
	// Monitored reports whether D mode is on and there is a connection to watch.
	Monitored() bool
	// CheckDisconnect is one poll, due every Env.DisconnectPoll while the device is
	// current: *Error DISCONNECT when the peer is gone.
	CheckDisconnect() error
}

// Mnemonicer is a device with a mnemonic space: WRITE /NAME(args).
type Mnemonicer interface {
	Mnemonic(name string, args []string) error
}

// Host is the process a device works for. Enter and Leave bracket every wait, so that
// another goroutine can end it and a golden test can see it.
type Host interface {
	// Enter announces a wait. It returns ErrInterrupted when an interrupt is pending.
	// From then until Leave the process may call by.Interrupt from any goroutine.
	Enter(kind Wait, by Interrupter) error
	Leave()
	// Observe reports a transmission or a note; it is called only when Observing.
	Observing() bool
	Observe(Event)
}

// Barrier is a host with work of its own that must be visible to all before the output
// that follows is: what the process has changed in globals.
type Barrier interface{ Barrier() error }

// Interrupter is what can be woken from another goroutine.
type Interrupter interface{ Interrupt() }

// Wait names a kind of wait.
type Wait byte

// Every wait of the house; runtime/wait.go holds the table with names and tests.
const (
	NoWait Wait = iota
	WaitRead
	WaitAccept
	WaitConnect
	WaitResolve
	WaitListen
	WaitWrite
	WaitHang
	WaitLock
	WaitJob
	WaitPipe
	WaitSelect
	WaitOpen
	WaitProgram
)

// Errors that devices return; runtime maps them to M errors.
var (
	ErrInterrupted = errors.New("interrupted")
	ErrTimeout     = errors.New("timed out") // OPEN: the deadline passed
)

// Error is a failed device operation. Name is the M error it becomes.
type Error struct {
	Name   string // "READ", "WRITE", "NOTOPEN", "COMMAND", "ENDOFFILE", "TCPWRITE", "WIDE CHAR", …
	Device string
	Info   string // the information part of $ZERROR, usually ""
	Err    error  // the cause
}

func (e *Error) Error() string {
	s := "<" + e.Name + ">"
	if e.Device != "" {
		s += " on " + e.Device
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
