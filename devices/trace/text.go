package trace

// The trace that people read: a line an event.
//
//	time  $JOB  label+n^routine  device  event  what  [$TEST $ZA $ZB after it]

import (
	"io"
	"strconv"
	"time"

	"cos/devices"
)

// How much of one event's bytes the text shows.
const (
	textBytes = 512
	hexBytes  = 16 << 10
)

// text writes lines.
type text struct {
	w   io.Writer
	hex bool
	buf []byte
}

func newText(w io.Writer, hex bool) *text { return &text{w: w, hex: hex} }

func (t *text) close() error { return nil }

// The widths of the columns; what is wider pushes the rest of its line.
const (
	jobWidth    = 9
	placeWidth  = 20
	deviceWidth = 12
	eventWidth  = 10
)

func (t *text) event(e *devices.Event, explained string) error {
	b := e.Time.AppendFormat(t.buf[:0], "15:04:05.000000 ")
	if explained != "" {
		b = append(b, "  ! "...)
		if e.Place != "" {
			b = appendEscaped(b, e.Place, noQuote)
			b = append(b, ": "...)
		}
		b = appendEscaped(b, explained, noQuote)
	} else {
		b = column(b, strconv.Itoa(e.Job), jobWidth)
		b = column(b, orDash(e.Place), placeWidth)
		b = column(b, orDash(e.Device), deviceWidth)
		b = column(b, e.Kind, eventWidth)
		b = t.what(b, e)
		b = status(b, e)
	}
	b = append(b, '\n')
	if t.hex && explained == "" {
		shown := e.Data[:min(len(e.Data), hexBytes)]
		b = appendHexDump(b, "    ", shown)
		if more := len(e.Data) - len(shown); more > 0 {
			b = append(b, "    … "...)
			b = append(b, count(more)...)
			b = append(b, " more\n"...)
		}
	}
	t.buf = b
	_, err := t.w.Write(b)
	return err
}

// column appends s padded to a width.
func column(b []byte, s string, width int) []byte {
	start := len(b)
	b = appendEscaped(b, s, noQuote)
	for len(b)-start < width {
		b = append(b, ' ')
	}
	return append(b, ' ')
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// what appends what an event is about: arguments, peer, bytes, how it ended.
func (t *text) what(b []byte, e *devices.Event) []byte {
	word := func(s string) {
		b = appendEscaped(b, s, noQuote)
		b = append(b, ' ')
	}
	if e.Text != "" {
		word(e.Text)
	}
	switch e.Kind {
	case "accept", "connect", "adopt", "handover", "disconnect", "close":
		word(e.Local + " <-> " + e.Peer)
	case "listen":
		word(e.Local)
	}
	if e.Kind == "JOB" && e.Child != 0 {
		word("child " + strconv.Itoa(e.Child))
	}
	if len(e.Data) > 0 || e.Kind == "READ" && e.Error == "" {
		shown := e.Data[:min(len(e.Data), textBytes)]
		b = appendPrintable(b, shown)
		b = append(b, ' ')
		if len(shown) < len(e.Data) {
			word("… " + count(len(e.Data)))
		}
	}
	if e.TimedOut {
		word("timed out")
	}
	if e.Error != "" {
		word("<" + e.Error + ">")
	}
	if d := e.Time.Sub(e.Began); d >= longWait {
		word("after " + d.Round(roundTo(d)).String())
	}
	return b
}

// longWait is from what on a command's time is worth telling.
const longWait = time.Millisecond

// roundTo keeps three or four digits of a duration.
func roundTo(d time.Duration) time.Duration {
	if d < time.Second {
		return 10 * time.Microsecond
	}
	return time.Millisecond
}

// status appends the special variables.
func status(b []byte, e *devices.Event) []byte {
	b = append(b, "[$TEST="...)
	b = append(b, bit(e.Test))
	b = append(b, " $ZA="...)
	b = strconv.AppendInt(b, int64(e.ZA), 10)
	b = append(b, " $ZB="...)
	b = appendPrintable(b, characters(e.ZB))
	return append(b, ']')
}

func bit(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

// characters are those of a special variable, wide ones in UTF-8.
func characters(t devices.Text) string {
	if t.Wide {
		return t.UTF8()
	}
	return t.S
}
