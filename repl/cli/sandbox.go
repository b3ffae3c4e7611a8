package cli

// The flags that shut doors on a program: --no-network, --no-shell, --root DIR.

import (
	"fmt"
	"path/filepath"

	"cos/devices"
)

// sandbox is the flags.
type sandbox struct {
	NoNetwork bool   `name:"no-network" env:"COS_NO_NETWORK" help:"No sockets for programs, loopback's neither, and no look-ups of names: <PROTECT>."`
	NoShell   bool   `name:"no-shell" env:"COS_NO_SHELL" help:"No other programs: pipes, $ZF and the prompt's ! are <PROTECT>."`
	Root      string `placeholder:"DIR" env:"COS_ROOT" help:"Programs see only the files below DIR, and start no others; globals are in DIR/.cos unless told."`
}

// rootData is the folder below --root where globals are kept.
const rootData = ".cos"

// shut makes the doors of env what the flags say.
func (w *world) shut(env *devices.Env) (err error) {
	env.Limits = devices.Limits{NoNetwork: w.NoNetwork, NoShell: w.NoShell}
	if w.Root == "" {
		return nil
	}
	if env.Files, err = devices.Confine(w.Root); err != nil {
		return fmt.Errorf("--root: %w", err)
	}
	for _, dir := range w.Include {
		if env.Files.Allow(dir) != nil {
			return fmt.Errorf("-I %s lies outside --root %s", dir, w.Root)
		}
	}
	return nil
}

// passed is the environment that gives the flags to other processes of cos.
func (w *world) passed() (env []string) {
	if w.NoNetwork {
		env = append(env, "COS_NO_NETWORK=1")
	}
	if w.NoShell {
		env = append(env, "COS_NO_SHELL=1")
	}
	if w.Root != "" {
		env = append(env, "COS_ROOT="+absolutePath(w.Root))
	}
	if w.NoConfig {
		env = append(env, "COS_NO_CONFIG=1")
	}
	if w.Config != "" {
		env = append(env, "COS_CONFIG="+absolutePath(w.Config))
	}
	return env
}

func absolutePath(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}
