package errorlog

// An error as a person reads it. What programs have put into it is escaped, so that it can
// do nothing to a terminal.

import (
	"fmt"
	"strings"

	"cos/lang"
)

// Title is the error in a line.
func (e *Entry) Title() string {
	mark := ""
	if e.Trapped {
		mark = "  (trapped)"
	}
	return fmt.Sprintf("%5d  %s  job %d  %s%s", e.Number, e.Time.Local().Format("15:04:05"), e.Job, lang.Visible(e.Error), mark)
}

// Date is the day of the error.
func (e *Entry) Date() string { return e.Time.Local().Format("2006-01-02") }

// Text is all that is known of the error.
func (e *Entry) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Error %d, %s %s", e.Number, e.Date(), e.Time.Local().Format("15:04:05"))
	line("%s", lang.Visible(e.Error))
	if e.Source != "" {
		source := strings.ReplaceAll(lang.Visible(e.Source), "\t", " ")
		at := max(min(e.Column, len([]rune(source))+1), 1)
		line("  %s\n  %s^", source, strings.Repeat(" ", at-1))
	}
	if e.File != "" {
		line("  %s:%d:%d", lang.Visible(e.File), e.Line, e.Column)
	}
	if e.Cause != "" {
		line("  %s", lang.Visible(e.Cause))
	}
	line("Job %d of process %d, namespace %s, $ECODE %s", e.Job, e.PID, lang.Visible(e.Namespace), lang.Visible(e.ECode))
	if len(e.Levels) > 0 {
		line("Stack")
	}
	for _, l := range e.Levels {
		line("  %-9s %-22s %s", l.Kind, lang.Visible(l.At), lang.Visible(l.Code))
		for _, v := range l.Variables {
			line("      %s", lang.Visible(v))
		}
		if l.Left > 0 {
			line("      … %d more", l.Left)
		}
	}
	if e.Elided > 0 {
		line("  … %d more levels", e.Elided)
	}
	if len(e.Devices) > 0 {
		line("Devices")
	}
	for _, d := range e.Devices {
		text := fmt.Sprintf("  %-22s %-12s %s", lang.Visible(d.Name), d.State, lang.Visible(d.Mode))
		if d.Local != "" || d.Peer != "" {
			text += " " + d.Local + " - " + d.Peer
		}
		if d.Unread > 0 || d.Unsent > 0 {
			text += fmt.Sprintf(", %d bytes unread, %d unsent", d.Unread, d.Unsent)
		}
		if d.Current {
			text += ", current"
		}
		line("%s", strings.TrimRight(text, " "))
	}
	if e.Crash != "" {
		for l := range strings.SplitSeq(strings.TrimRight(e.Crash, "\n"), "\n") {
			line("  %s", lang.Visible(l))
		}
	}
	return b.String()
}
