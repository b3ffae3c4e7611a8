package runtime

// SYS.ApplicationError: the log of untrapped errors, for ^%ETN, ^%ER and ^%ERN. Caché has a
// class of that name with queries; these methods are ours.

import (
	"strings"
	"time"

	"cos/runtime/errorlog"
)

func init() {
	registerClasses(&class{Name: "SYS.ApplicationError", Doc: "the log of errors that nobody trapped, for ^%ETN and ^%ERN", Abstract: true, Methods: []method{
		{Name: "Log", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return Int(p.logLast()) }, Doc: "writes the last error ($ZERROR) to the log with the stack, variables and devices as they are; its number, 0 when there was none"},
		{Name: "Dates", Min: 0, Max: 0, Fn: errorDates, Doc: "the days with errors, in $HOROLOG form, the newest first: a $LIST"},
		{Name: "Numbers", Min: 1, Max: 1, Fn: errorNumbers, Doc: "Numbers(day): the numbers of a day's errors: a $LIST"},
		{Name: "Title", Min: 1, Max: 1, Fn: errorTitle, Doc: "Title(number): number, time, job and $ZERROR of an error; \"\" when there is none"},
		{Name: "Display", Min: 1, Max: 1, Fn: errorDisplay, Doc: "Display(number): writes all that is known of an error to the current device"},
	}})
}

// loggedErrors are the entries of the log.
func (p *Process) loggedErrors() []errorlog.Entry {
	if p.sys.cfg.Errors == nil {
		return nil
	}
	list, err := p.sys.cfg.Errors.Entries()
	if err != nil {
		p.oserror = err
	}
	return list
}

func horologDay(t time.Time) int64 {
	day, _, _ := strings.Cut(horolog(t.Local()).text, ",")
	return FromUTF8(day).int64()
}

func errorDates(p *Process, _ *object, _ []Value) Value {
	list := p.loggedErrors()
	var days []Value
	last := int64(-1)
	for i := len(list) - 1; i >= 0; i-- {
		if day := horologDay(list[i].Time); day != last {
			last = day
			days = append(days, Int(day))
		}
	}
	return listBuild(p, days)
}

func errorNumbers(p *Process, _ *object, a []Value) Value {
	day := p.in(a, 0).int64()
	var numbers []Value
	for _, e := range p.loggedErrors() {
		if horologDay(e.Time) == day {
			numbers = append(numbers, Int(e.Number))
		}
	}
	return listBuild(p, numbers)
}

// loggedError is the entry of a number; nil when there is none.
func (p *Process) loggedError(a []Value) *errorlog.Entry {
	number := p.in(a, 0).int64()
	list := p.loggedErrors()
	for i := range list {
		if list[i].Number == number {
			return &list[i]
		}
	}
	return nil
}

func errorTitle(p *Process, _ *object, a []Value) Value {
	if e := p.loggedError(a); e != nil {
		return FromUTF8(e.Title())
	}
	return Empty
}

func errorDisplay(p *Process, _ *object, a []Value) Value {
	if e := p.loggedError(a); e != nil {
		for _, line := range strings.Split(strings.TrimSuffix(e.Text(), "\n"), "\n") {
			p.writeLine(line)
		}
		return Empty
	}
	p.writeLine("There is no error " + p.in(a, 0).utf8())
	return Empty
}
