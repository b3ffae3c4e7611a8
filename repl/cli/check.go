package cli

// cos check: every error of every file, without running anything.

import (
	"cos/runtime/check"
)

type checkVerb struct {
	Paths []string `arg:"" optional:"" name:"path" predictor:"routine" help:"Routine files, or folders, which are searched for routine files (default: paths of [check] in cos.toml)."`
}

func (v *checkVerb) run(a *app) int {
	if len(v.Paths) == 0 {
		v.Paths = a.project.list("check.paths")
	}
	if len(v.Paths) == 0 {
		return a.usage(`check needs a PATH, or paths in the table [check] of cos.toml (see "cos help check")`)
	}
	for _, key := range []string{"check.disable", "check.error"} {
		if a.project.list(key) != nil {
			return a.usage("%s:%d: %s: there are no rules to choose from yet", shortPath(a.project.file), a.project.lines[key], key)
		}
	}
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
