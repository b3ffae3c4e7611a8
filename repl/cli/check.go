package cli

// cos check: what is wrong with routines, without running anything.

import (
	"fmt"

	"cos/runtime"
	"cos/runtime/check"
)

type checkVerb struct {
	JSON    bool     `name:"json" xor:"format" help:"Print a JSON object."`
	SARIF   bool     `name:"sarif" xor:"format" help:"Print a SARIF 2.1.0 log."`
	Disable []string `predictor:"rule" placeholder:"RULE" help:"Do not look for these (also disable of [check] in cos.toml)."`
	Enable  []string `predictor:"rule" placeholder:"RULE" help:"Look for these too, which are off unless enabled."`
	Error   []string `predictor:"rule" placeholder:"RULE" help:"Look for these; they are errors (also error of [check] in cos.toml)."`
	Strict  bool     `help:"Exit 1 when there are only warnings."`
	Rules   bool     `help:"List the rules; cos help RULE explains one."`
	Paths   []string `arg:"" optional:"" name:"path" predictor:"routine" help:"Routine files, or folders, which are searched for routine files (default: paths of [check] in cos.toml)."`
}

func (*checkVerb) Help() string {
	return `Every syntax error is reported, and what the rules find; docs/check.md has them all. A comment
silences rules for its line, for the next one when it stands alone, or for the whole file:

   READ line  ; cos:ignore no-timeout the peer is ourselves
   ; cos:ignore-file unreachable

Exit codes: 0; 1 for warnings with --strict; 2 for errors, or a path that cannot be checked.`
}

func (v *checkVerb) run(a *app) int {
	if v.Rules {
		fmt.Fprint(a.stdout, check.List())
		return 0
	}
	if len(v.Paths) == 0 {
		v.Paths = a.project.list("check.paths")
	}
	if len(v.Paths) == 0 {
		return a.usage(`check needs a PATH, or paths in the table [check] of cos.toml (see "cos help check")`)
	}
	options := check.Options{Disable: v.Disable, Enable: v.Enable, Error: v.Error, Folders: a.folders("")}
	options.Disable = append(options.Disable, a.project.list("check.disable")...)
	options.Error = append(options.Error, a.project.list("check.error")...)
	report, errs := check.Paths(v.Paths, options)
	exit := 0
	switch {
	case report.Errors() > 0:
		exit = exitUsage
	case report.Warnings() > 0 && v.Strict:
		exit = exitError
	}
	var err error
	switch {
	case v.JSON:
		err = report.WriteJSON(a.stdout)
	case v.SARIF:
		err = report.WriteSARIF(a.stdout, runtime.Version)
	default:
		report.Write(a.stdout)
	}
	if err != nil {
		exit = a.fail(err)
	}
	for _, err := range errs {
		exit = a.fail(err)
	}
	return exit
}
