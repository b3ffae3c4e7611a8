// Package devices is what OPEN, USE, READ, WRITE and CLOSE work on: the TCP device, the
// principal device, sequential files and the null device. It knows strings, integers and
// durations; M syntax, M values and processes are the runtime's, which it never imports.
//
// # What a device is
//
// A Device belongs to one process and is used by that process's goroutine alone. Only
// Interrupt may be called from elsewhere. It answers READ and WRITE with errors, never
// panics: *Error carries the name of the M error, ErrInterrupted and ErrTimeout are
// themselves. $X $Y $ZA $ZB $KEY live in its State, which it updates in place.
//
// Everything outside comes through two doors. Env is the world: resolver, dialer,
// listener, files, clock, console; a nil field is the real thing, a test puts its own in.
// Host is the process: Enter and Leave bracket every call that may block, so that the
// process knows what it waits in and whom to wake, and Observe hears what goes over the
// wire. A wait is prepared first (deadlines), then announced by Enter, then begun: see
// alarm.go for why no interrupt is lost in between.
//
// # Where things are
//
//	device.go           the contract: Device, ReadSpec, Result, State, Params, Host, Error
//	drivers.go          the driver table: name prefix to open function; Open; Canonical
//	env.go              Env
//	params.go           how parameter lists and mode strings go through a device's table
//	input.go output.go  the buffers; byteset.go the terminators; escape.go escape sequences
//	gzip.go             /GZIP, between a connection's buffers and the wire
//	charset.go          the translation tables: RAW, UTF8, Latin, Windows and DOS code pages, KOI8R, SJIS, EUC, GB18030, …
//	alarm.go            ending a wait from another goroutine
//	observe.go          what traces and metrics see
//	tcp*.go sock_*.go   the TCP device; tcp_tls.go its TLS, sslconfig the configurations;
//	                    inetd.go standard input that is a socket
//	terminal*.go        the principal device, console*.go the hardware under it
//	file*.go            sequential files; pipe*.go pipes to programs; null.go the null device
//
// # How to add a device
//
// Write a type with the methods of Device and a table of its parameters, one row each
// with every spelling, its doc and its setter. Add a row to drivers. Bracket what blocks
// with Enter and Leave, prepare the wait before Enter, and let Interrupt end it without
// losing data. Inheritor and Mnemonicer are for devices that can do more. Then hold
// conversations with it (conversation_test.go).
//
// A parameter or a mode letter of an existing device is one row in its table. TCP
// connections are a stream: a net.Conn between an input and an output buffer; what wraps
// the bytes on the wire wraps that conn.
package devices
