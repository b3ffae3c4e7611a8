package cli

// cos version.

import (
	"fmt"
	goruntime "runtime"

	"cos/runtime"
)

type versionVerb struct{}

func (*versionVerb) run(a *app) int {
	fmt.Fprintf(a.stdout, "cos %s %s/%s %s\n", runtime.Version, goruntime.GOOS, goruntime.GOARCH, goruntime.Version())
	return 0
}
