package cli

// cos check: every error of every file, without running anything.

import (
	"cos/runtime/check"
)

type checkVerb struct {
	Paths []string `arg:"" name:"path" help:"Routine files, or folders, which are searched for routine files."`
}

func (v *checkVerb) run(a *app) int {
	report, err := check.Paths(v.Paths)
	if err != nil {
		return a.fail(err)
	}
	report.Write(a.stdout)
	if report.Errors() > 0 {
		return exitUsage
	}
	return 0
}
