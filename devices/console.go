package devices

// Console: the hardware under the principal device. The terminal device (terminal.go)
// knows READ and WRITE; a Console knows descriptors and screens.

import "time"

// Console is the terminal, pipe or file pair behind the principal device. There is one
// reader of a descriptor 0 (house decision 10): READ and the prompt's line editor both
// take their input here, so type-ahead belongs to whoever reads next.
type Console interface {
	// Name is $IO: the terminal's path, or "00" when input is redirected.
	Name() string
	// InputTTY and OutputTTY report whether a person types and whether a screen shows.
	InputTTY() bool
	OutputTTY() bool
	// Arm begins a wait: an Interrupt from before it no longer counts. It precedes
	// Host.Enter, so that no Interrupt after Enter is lost.
	Arm()
	// ReadInput waits for input until the deadline (zero: for ever; past: poll). It
	// returns ErrTimeout, ErrInterrupted, or io.EOF at the end.
	ReadInput(p []byte, deadline time.Time) (int, error)
	// WriteOutput writes all of p.
	WriteOutput(p []byte) (int, error)
	// Raw takes the terminal's own line editing and echo off, or puts them back.
	Raw(on bool) error
	// Interrupt ends the ReadInput under way, or, after Arm, the next one.
	Interrupt()
	// Gone reports that the terminal was taken away. The signal that says so too may come
	// later than the end of the input.
	Gone() bool
}
