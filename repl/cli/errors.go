package cli

// cos errors: the errors that nobody trapped, in the manner of ^%ERN.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"cos/lang"
	"cos/runtime/errorlog"
)

type errorsVerb struct {
	List  errorsList  `cmd:"" default:"withargs" help:"List the errors by date (the default)."`
	Show  errorsShow  `cmd:"" help:"Show all that is known of an error: source line, stack, variables, devices."`
	Clear errorsClear `cmd:"" help:"Forget all errors."`
}

func (*errorsVerb) Help() string {
	return `When an error that nobody traps ends a job, or the program of cos run, the folder "errors" of the
data directory keeps it: $ZERROR, the source line, the stack with the variables of each level, the
devices. DO BACK^%ETN in an error trap keeps one that the program has trapped; ^%ERN shows them from
inside. The newest 2 to 4 MB are kept. What programs have put into them is shown escaped.`
}

type errorsList struct {
	JSON   bool   `name:"json" help:"Print a JSON object a line, with all that is known."`
	Follow bool   `short:"f" help:"Go on with errors as they happen, until Ctrl-C."`
	Date   string `placeholder:"DATE" help:"Only the errors of a day, such as 2026-11-29."`
}

type errorsShow struct {
	Number int64 `arg:"" optional:"" help:"The number, as cos errors lists it; the last error when none is given."`
	JSON   bool  `name:"json" help:"Print a JSON object."`
}

type errorsClear struct{}

func (v *errorsList) run(a *app) int {
	if _, err := time.Parse(time.DateOnly, v.Date); v.Date != "" && err != nil {
		return a.usage("--date: %q is no date such as 2026-11-29", v.Date)
	}
	list, err := a.errorLog().Entries()
	if err != nil {
		return a.failed(err)
	}
	date := ""
	tell := func(e errorlog.Entry) {
		switch {
		case v.Date != "" && e.Date() != v.Date:
		case v.JSON:
			_ = json.NewEncoder(a.stdout).Encode(e) // a closed output ends the process by a signal
		default:
			if e.Date() != date {
				date = e.Date()
				fmt.Fprintln(a.stdout, date)
			}
			fmt.Fprintln(a.stdout, e.Title())
		}
	}
	for _, e := range list {
		tell(e)
	}
	if !v.Follow {
		if len(list) == 0 && !v.JSON {
			fmt.Fprintln(a.stderr, "no errors have been logged in "+lang.Visible(a.errorLog().Dir()))
		}
		return 0
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	last := int64(0)
	if len(list) > 0 {
		last = list[len(list)-1].Number
	}
	if err := a.errorLog().Follow(ctx, last, tell); err != nil {
		return a.failed(err)
	}
	return 0
}

func (v *errorsShow) run(a *app) int {
	list, err := a.errorLog().Entries()
	if err != nil {
		return a.failed(err)
	}
	for i := len(list) - 1; i >= 0; i-- {
		e := &list[i]
		switch {
		case v.Number != 0 && e.Number != v.Number:
			continue
		case v.JSON:
			out := json.NewEncoder(a.stdout)
			out.SetIndent("", "  ")
			if out.Encode(e) != nil {
				return exitError
			}
		default:
			fmt.Fprint(a.stdout, e.Text())
		}
		return 0
	}
	if len(list) == 0 {
		return a.usage("no errors have been logged in %s", a.errorLog().Dir())
	}
	return a.usage("there is no error %d; there are %d to %d", v.Number, list[0].Number, list[len(list)-1].Number)
}

func (*errorsClear) run(a *app) int {
	n, err := a.errorLog().Clear()
	if err != nil {
		return a.failed(err)
	}
	fmt.Fprintln(a.stdout, plural(int64(n), "error")+" forgotten")
	return 0
}

// failed reports what went wrong with data.
func (a *app) failed(err error) int {
	fmt.Fprintf(a.stderr, "cos: %s\n", lang.Visible(err.Error()))
	return exitError
}
