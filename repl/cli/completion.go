package cli

// cos completion: words for the shell's Tab key. The shell runs cos itself with the line
// in COMP_LINE, so what it offers is always what this cos takes.

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
	"github.com/posener/complete"

	"cos/repl"
	"cos/runtime"
	"cos/runtime/check"
)

type completionVerb struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (*completionVerb) Help() string {
	return `Prints what a shell must execute so that Tab completes verbs, flags, files, bundled programs and
topics of help. Into its start file goes

  bash  ~/.bashrc                     source <(cos completion bash)
  zsh   ~/.zshrc, behind compinit     source <(cos completion zsh)
  fish  ~/.config/fish/config.fish    cos completion fish | source`
}

// hooks tell a shell to ask cos, by the name of its program.
var hooks = map[string]string{
	"bash": "complete -o default -o bashdefault -C %[1]s cos\n",
	"zsh": `(( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i; }
autoload -Uz bashcompinit && bashcompinit
complete -o default -C %[1]s cos
`,
	"fish": `function __complete_cos
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct); and set COMP_LINE "$COMP_LINE "
    %[1]s
end
complete -f -c cos -a "(__complete_cos)"
`,
}

func (v *completionVerb) run(a *app) int {
	self, err := os.Executable()
	if err != nil {
		return a.fail(fmt.Errorf("cos cannot find itself: %w", err))
	}
	fmt.Fprintf(a.stdout, hooks[v.Shell], "'"+strings.ReplaceAll(self, "'", `'\''`)+"'")
	return 0
}

// completing tells that a shell asks.
func completing() bool { return os.Getenv("COMP_LINE") != "" }

// complete answers the shell.
func (a *app) complete() int {
	command, err := kongcompletion.Command(a.parser, kongcompletion.WithPredictors(map[string]complete.Predictor{
		"target":  complete.PredictFunc(a.targets),
		"program": complete.PredictFunc(func(complete.Args) []string { return a.programNames() }),
		"topic":   complete.PredictFunc(a.topics),
		"rule":    complete.PredictFunc(func(complete.Args) []string { return check.Names() }),
		"routine": complete.PredictFunc(routineFiles),
		"session": complete.PredictFiles("*.session"),
		"dir":     complete.PredictDirs("*"),
		"file":    complete.PredictFiles("*"),
	}))
	if err != nil {
		return a.fail(err)
	}
	files(a.parser.Model.Node, &command)
	c := complete.New(a.parser.Model.Name, command)
	c.Out = a.stdout
	c.Complete()
	return 0
}

// files makes the flags that take a DIR or a FILE complete those.
func files(n *kong.Node, c *complete.Command) {
	for _, f := range n.Flags {
		for _, name := range []string{"--" + f.Name, "-" + string(f.Short)} {
			if _, has := c.GlobalFlags[name]; !has || f.IsBool() {
				continue
			}
			switch f.PlaceHolder {
			case "DIR":
				c.GlobalFlags[name] = complete.PredictDirs("*")
			case "FILE":
				c.GlobalFlags[name] = complete.PredictFiles("*")
			}
		}
	}
	for _, child := range n.Children {
		if sub, has := c.Sub[child.Name]; has {
			files(child, &sub)
			c.Sub[child.Name] = sub
		}
	}
}

// routineFiles are the routine files, and the folders on the way to them.
func routineFiles(args complete.Args) (out []string) {
	for _, file := range complete.PredictFiles("*").Predict(args) {
		if strings.HasSuffix(file, "/") || slices.Contains(runtime.Extensions, filepath.Ext(file)) {
			out = append(out, file)
		}
	}
	return out
}

// targets are what cos run takes: routine files, and bundled programs as ^name.
func (a *app) targets(args complete.Args) []string {
	out := routineFiles(args)
	for _, name := range a.programNames() {
		out = append(out, "^"+name)
	}
	return out
}

func (a *app) programNames() (names []string) {
	list, err := a.programs()
	if err != nil {
		return nil
	}
	for _, p := range list {
		names = append(names, p.name)
	}
	return names
}

// topics are what cos help and cos doc explain. A $ is offered as a shell wants it.
func (a *app) topics(args complete.Args) (out []string) {
	topics := append(append(a.verbs(), "flags"), check.Names()...)
	for _, t := range append(topics, repl.Topics()...) {
		out = append(out, strings.ReplaceAll(t, "$", `\$`))
	}
	return out
}
