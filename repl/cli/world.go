package cli

// The flags that every verb that runs programs shares, and what is made of them: where
// routines and globals are, and the outside world that devices see.

import (
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"

	"cos/devices"
	"cos/runtime"
	"cos/runtime/errorlog"
	"cos/runtime/globals"
)

// world is the flags.
type world struct {
	Include    []string   `short:"I" sep:"none" placeholder:"DIR" help:"Look for routines in DIR too, after the folder of TARGET (repeatable)."`
	Data       string     `placeholder:"DIR" env:"COS_DATA" help:"Keep globals in DIR (default: $XDG_DATA_HOME/cos)."`
	Namespace  string     `placeholder:"NS" default:"USER" help:"Start in this namespace (default: USER)."`
	Namespaces []string   `placeholder:"NS" help:"The namespaces there are besides USER and %SYS: naming another one is <NAMESPACE> (default: any name is one)."`
	Durability string     `enum:"interval,sync,off" default:"interval" placeholder:"LEVEL" help:"What a crash of the machine may cost: about a second (interval), nothing (sync), more (off)."`
	Memory     memorySize `name:"max-memory-per-job" placeholder:"SIZE" env:"COS_MAX_MEMORY_PER_JOB" help:"What one job may use: 256MB, 2GB, or KB as a number (default: 1GB, or what the machine has). Beyond it the job gets <STORE>."`
	TLSConfig  string     `name:"tls-config" placeholder:"FILE" env:"COS_TLS_CONFIG" help:"Take TLS configurations from the tables [tls.NAME] of a TOML file (see cos help tls)."`
	Clock      clock      `placeholder:"TIME" env:"COS_CLOCK" help:"Stop the clock of programs at TIME: 2026-01-31T12:00:00+01:00, 2026-01-31 12:00 (UTC), 2026-01-31, or a $HOROLOG. HANG and timeouts take the time they take."`
	Seed       *int64     `placeholder:"N" env:"COS_SEED" help:"Let $RANDOM give the same numbers in every run, others for another N."`
	sandbox
	serving
	projectFlags
	DebugPanic bool `env:"COS_DEBUG_PANIC" hidden:"" help:"Let an internal error end cos with its Go stack."`
}

var durabilities = map[string]globals.Durability{
	"interval": globals.Interval, "sync": globals.Sync, "off": globals.Off,
}

// memorySize is a size in bytes: 256MB, 2GB; a number alone is in KB, as $ZSTORAGE is.
type memorySize int64

// String is a size as the flag takes it.
func (m memorySize) String() string {
	if m == 0 {
		return ""
	}
	return strconv.FormatInt(int64(m)>>10, 10) + "KB"
}

func (m *memorySize) UnmarshalText(text []byte) error {
	word := strings.ToUpper(string(text))
	digits := strings.TrimRight(word, "KMGB")
	shift, known := map[string]uint{"": 10, "KB": 10, "MB": 20, "GB": 30}[word[len(digits):]]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n <= 0 || n > 1<<50>>shift || n<<shift < runtime.MinJobMemory {
		return fmt.Errorf("%s is not a size of at least 128KB, such as 256MB", text)
	}
	*m = memorySize(n << shift)
	return nil
}

// dataDir is where globals are kept.
func (w *world) dataDir() string {
	if w.Data != "" {
		return w.Data
	}
	if w.Root != "" {
		return filepath.Join(w.Root, rootData)
	}
	return filepath.Join(userFolder("XDG_DATA_HOME", ".local/share"), "cos")
}

// errorLog is where untrapped errors are kept: beside the globals.
func (w *world) errorLog() *errorlog.Log { return errorlog.Open(filepath.Join(w.dataDir(), "errors")) }

// stateDir is where the history of the prompt is kept.
func stateDir() string {
	return filepath.Join(userFolder("XDG_STATE_HOME", ".local/state"), "cos")
}

// userFolder is one of the folders of the XDG Base Directory Specification; on Windows
// the folder for the user's local data.
func userFolder(variable, below string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	if dir := os.Getenv("LOCALAPPDATA"); goruntime.GOOS == "windows" && dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, filepath.FromSlash(below))
}

// folders is where routines are looked for, in order: the folder of TARGET, each -I,
// COSPATH, the data directory. The bundled programs come last.
func (w *world) folders(target string) []string {
	list := append([]string{target}, w.Include...)
	list = append(list, filepath.SplitList(os.Getenv("COSPATH"))...)
	return append(list, filepath.Join(w.dataDir(), runtime.RoutinesFolder))
}

// config is the System's configuration. target is TARGET's folder.
func (a *app) config(target string, env *devices.Env) runtime.Config {
	return runtime.Config{
		Env: env, Stderr: a.stderr, Bundled: a.bundled, Folders: a.folders(target),
		Namespace: strings.ToUpper(a.Namespace), Namespaces: a.Namespaces, DataDir: a.dataDir(),
		Durability: durabilities[a.Durability], DebugPanic: a.DebugPanic, JobMemory: int64(a.Memory), Errors: a.errorLog(), Loaded: reportLoaded(),
		Now: a.Clock.now(), Seed: a.Seed,
	}
}

// environment is the outside world of devices, with what COS_HOSTS and COS_SERVICES
// replace of it: host names to addresses, service names to ports.
func environment(console devices.Console) (*devices.Env, error) {
	env := &devices.Env{Console: console, Hosts: map[string]string{}, Services: map[string]int{}}
	for name, to := range pairs("COS_HOSTS") {
		env.Hosts[name] = to
	}
	for name, to := range pairs("COS_SERVICES") {
		port, err := strconv.Atoi(to)
		if err != nil {
			return nil, fmt.Errorf("COS_SERVICES: %s=%s is not a port", name, to)
		}
		env.Services[name] = port
	}
	return env, nil
}

// pairs splits name=value,… in an environment variable.
func pairs(variable string) map[string]string {
	out := map[string]string{}
	for _, pair := range strings.Split(os.Getenv(variable), ",") {
		if name, to, ok := strings.Cut(pair, "="); ok {
			out[strings.TrimSpace(name)] = strings.TrimSpace(to)
		}
	}
	return out
}
