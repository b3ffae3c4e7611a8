package cli

// --clock: a clock for tests. It stands still, since a clock that runs gives another
// output in every run: $HOROLOG, $ZTIMESTAMP, $NOW, $ZHOROLOG and all that is made of them
// say the same at every moment. Waits are not the program's time of day, so HANG, timeouts
// and D mode go on with the real one, and so do the times of files and of certificates.

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// clock is where the clock of programs stands; its zero is the real one.
type clock struct{ at *time.Time }

// clockForms are what TIME may look like. The zone of a time that names one is the
// program's; others are UTC, whatever the machine thinks, so that a test says the same
// everywhere.
var clockForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", time.DateOnly,
}

// String is the time as the flag takes it, "" for the real clock.
func (c clock) String() string {
	if c.at == nil {
		return ""
	}
	return c.at.Format(time.RFC3339Nano)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *clock) UnmarshalText(text []byte) error {
	word := strings.TrimSpace(string(text))
	if word == "" {
		c.at = nil // COS_CLOCK= is no clock
		return nil
	}
	for _, form := range clockForms {
		if t, err := time.Parse(form, word); err == nil {
			return c.stop(t)
		}
	}
	days, seconds, _ := strings.Cut(word, ",")
	d, err := strconv.Atoi(days)
	if seconds == "" {
		seconds = "0"
	}
	s, err2 := strconv.ParseFloat(seconds, 64)
	if err != nil || err2 != nil || d < 0 || d > lastDay || s < 0 || s >= 24*60*60 {
		return fmt.Errorf("%q is no time such as 2026-01-31T12:00:00+01:00, 2026-01-31 12:00, 2026-01-31 or 67600,43200", word)
	}
	return c.stop(dayZero.AddDate(0, 0, d).Add(time.Duration(s * float64(time.Second))))
}

// dayZero is day 0 of $HOROLOG, lastDay 9999-12-31, where it ends.
var dayZero = time.Date(1840, 12, 31, 0, 0, 0, 0, time.UTC)

const lastDay = 2980013

func (c *clock) stop(at time.Time) error {
	if at.Before(dayZero) || at.Year() > 9999 {
		return fmt.Errorf("%s is outside of what $HOROLOG can say, 1840-12-31 to 9999-12-31", at.Format(time.DateOnly))
	}
	_, east := at.Zone()
	at = at.In(time.FixedZone("", east)) // Parse takes the machine's zone, with its summers, where the offset fits
	c.at = &at
	return nil
}

// world is the environment that gives processes this clock.
func (c *clock) world() []string {
	if c.at == nil {
		return nil
	}
	return []string{"COS_CLOCK=" + c.at.Format(time.RFC3339Nano)}
}

// now is the clock as the runtime takes it, nil for the real one.
func (c *clock) now() func() time.Time {
	if c.at == nil {
		return nil
	}
	at := *c.at
	return func() time.Time { return at }
}
