package cli

// cos version.

import (
	"encoding/json"
	"fmt"
	goruntime "runtime"
	"runtime/debug"

	"cos/runtime"
)

type versionVerb struct {
	JSON bool `name:"json" help:"Print a JSON object: version, $ZVERSION's text, system, Go's version, commit."`
}

func (v *versionVerb) run(a *app) int {
	if !v.JSON {
		fmt.Fprintln(a.stdout, "cos "+versionText())
		return 0
	}
	out := struct {
		Version  string `json:"version"`
		ZVersion string `json:"zversion"`
		OS       string `json:"os"`
		Arch     string `json:"arch"`
		Go       string `json:"go"`
		Commit   string `json:"commit,omitempty"`
		Modified bool   `json:"modified"`
	}{Version: runtime.Version, ZVersion: runtime.ZVersion(), OS: goruntime.GOOS, Arch: goruntime.GOARCH, Go: goruntime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				out.Commit = s.Value
			case "vcs.modified":
				out.Modified = s.Value == "true"
			}
		}
	}
	text := json.NewEncoder(a.stdout)
	text.SetIndent("", "  ")
	if text.Encode(out) != nil {
		return exitError
	}
	return 0
}

func versionText() string {
	return fmt.Sprintf("%s %s/%s %s", runtime.Version, goruntime.GOOS, goruntime.GOARCH, goruntime.Version())
}
