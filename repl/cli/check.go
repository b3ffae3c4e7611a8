package cli

// cos check: every error of every file, without running anything.

import (
	"cos/runtime/check"
)

type checkVerb struct {
	Paths []string `arg:"" name:"path" help:"Routine files, or folders, which are searched for routine files."`
}

func (v *checkVerb) run(a *app) int {
	report, errs := check.Paths(v.Paths)
	report.Write(a.stdout)
	exit := 0
	if report.Errors() > 0 {
		exit = exitUsage
	}
	for _, err := range errs {
		exit = a.fail(err)
	}
	return exit
}
