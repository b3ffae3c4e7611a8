// Package cli is the command line of cos: a verb a file. What a verb needs of the
// outside world it takes from the app, and it ends in an exit code:
//
//	0    the program ended normally
//	N    $SYSTEM.Process.Terminate(,N)
//	1    an untrapped error; check --strict found warnings, fmt -l or -d another style
//	2    bad usage: an unknown flag, no such file, routine or label, too many
//	     arguments, a -c text that does not parse; errors found by check, a file that
//	     fmt left alone
//	130  an untrapped Ctrl-C
//	143  SIGTERM
package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"cos/lang"
	"cos/runtime"
)

// Exit codes of our own.
const (
	exitError     = 1
	exitUsage     = 2
	exitInterrupt = 130 // 128 + SIGINT
	exitTerminate = 143 // 128 + SIGTERM
	exitHangup    = 129 // 128 + SIGHUP
)

// app is one run of the command line.
type app struct {
	grammar
	stdin, stdout, stderr *os.File
	bundled               fs.FS
	parser                *kong.Kong
	args                  []string      // the command line
	context               *kong.Context // of the command line
}

// grammar is the command line as kong parses it.
type grammar struct {
	world
	project *project // what cos.toml says

	Prompt     promptVerb     `cmd:"" default:"1" hidden:"" help:"The prompt; with standard input not a terminal, execute the lines it holds."`
	Run        runVerb        `cmd:"" help:"Run a program."`
	Check      checkVerb      `cmd:"" help:"Report what is wrong with routine files."`
	Fmt        fmtVerb        `cmd:"" help:"Rewrite routine files in one settled style."`
	Test       testVerb       `cmd:"" help:"Run golden sessions and show where they differ."`
	Demo       demoVerb       `cmd:"" help:"Run the concurrent TCP server with several clients."`
	Errors     errorsVerb     `cmd:"" help:"List and show the errors that nobody trapped."`
	Globals    globalsVerb    `cmd:"" help:"List, measure, show, export, import, remove and check globals."`
	Scripts    scriptsVerb    `cmd:"" help:"List the bundled programs, print or copy one."`
	TLS        tlsVerb        `cmd:"" name:"tls" help:"Make TLS certificates for development."`
	CFT        cftVerb        `cmd:"" name:"cft" help:"Drive Transfer CFT: commands, a simulated server, port check."`
	Completion completionVerb `cmd:"" help:"Print what makes the Tab key of a shell know cos."`
	Config     configVerb     `cmd:"" help:"Show the settings in force and where each comes from."`
	Doc        docVerb        `cmd:"" help:"Show the reference of the language in the terminal."`
	Help       helpVerb       `cmd:"" help:"Show what a verb does and which flags it takes."`
	Version    versionVerb    `cmd:"" help:"Print the version."`
}

// verb is what the selected part of the grammar does.
type verb interface{ run(*app) int }

const description = `cos runs ObjectScript, the language of InterSystems Caché and IRIS, with its devices, above all TCP. Without a verb it is the prompt.`

// Main runs the command line args, which exclude the program's own name, and returns
// the exit code. bundled holds the programs that come with cos.
func Main(args []string, bundled fs.FS) (exit int) {
	a := newApp(bundled)
	defer recoverExit(&exit)
	if completing() {
		return a.complete()
	}
	return a.parse(args)
}

func newApp(bundled fs.FS) *app {
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, bundled: bundled}
	var err error
	a.parser, err = kong.New(&a.grammar, kong.Name("cos"), kong.Description(description),
		kong.Bind(a), kong.Writers(a.stdout, a.stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.Help(a.printHelp))
	if err != nil {
		panic(err) // the grammar itself is wrong
	}
	return a
}

// exited carries the exit code of kong's --help.
type exited int

func recoverExit(exit *int) {
	switch r := recover().(type) {
	case nil:
	case exited:
		*exit = int(r)
	default:
		panic(r)
	}
}

func (a *app) parse(args []string) int {
	a.args = args
	ours, program := a.split(args)
	ctx, err := a.parser.Parse(a.spelled(ours))
	if err != nil {
		if bad := (*projectError)(nil); errors.As(err, &bad) {
			return a.usage("%v", bad)
		}
		return a.usage(a.explain(err, ours))
	}
	a.Run.Args, a.context = program, ctx
	return selected(ctx).run(a)
}

// selected is the verb that kong chose.
func selected(ctx *kong.Context) verb {
	return ctx.Selected().Target.Addr().Interface().(verb)
}

// usage reports bad usage in one line, which shows what the user gave and a terminal must
// not obey.
func (a *app) usage(format any, args ...any) int {
	fmt.Fprintf(a.stderr, "cos: %s\n", lang.Visible(fmt.Sprintf(fmt.Sprint(format), args...)))
	return exitUsage
}

// fail reports err and returns its exit code. What was tried with a path, "open", says nothing
// to the user, nor does the path a second time.
func (a *app) fail(err error) int {
	said := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		if before, behind, ok := strings.Cut(said, path.Error()); ok {
			said = strings.TrimSuffix(before, path.Path+": ") + path.Path + ": " + path.Err.Error() + behind
		}
	}
	return a.usage("%s", said)
}

// explain words a parse error of kong.
func (a *app) explain(err error, args []string) string {
	msg := err.Error()
	if word, ok := strings.CutPrefix(msg, "unexpected argument "); ok {
		word, _, _ = strings.Cut(word, ", did you mean")
		if near := a.unknownVerb(word, args); near != "" {
			msg = near
		}
	}
	msg = strings.ReplaceAll(msg, "%", "%%")
	var at *kong.ParseError
	if errors.As(err, &at) && at.Context != nil {
		if n := at.Context.Selected(); n != nil && n.Name != "prompt" {
			_, verbs, _ := strings.Cut(n.FullPath(), " ") // "cos cft ports": a verb of a verb is asked for by both
			return msg + ` (see "cos help ` + verbs + `")`
		}
	}
	return msg + ` (see "cos help")`
}

// unknownVerb words the case that the first word of the command line is no verb.
func (a *app) unknownVerb(word string, args []string) string {
	for _, x := range args {
		if x == word {
			break
		}
		if !strings.HasPrefix(x, "-") {
			return ""
		}
	}
	if isRoutineFile(word) || strings.Contains(word, "^") {
		return fmt.Sprintf("%q is not a verb; did you mean cos run %s?", word, word)
	}
	msg := fmt.Sprintf("unknown verb %q", word)
	if near := lang.Nearest(word, a.verbs()); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return msg
}

// verbs are the names of the verbs.
func (a *app) verbs() (names []string) {
	for _, n := range a.parser.Model.Children {
		if !n.Hidden {
			names = append(names, n.Name)
		}
	}
	return names
}

// split divides the arguments of run: ours end with TARGET, or with the text of -c;
// everything after it belongs to the program. Other verbs keep all arguments.
func (a *app) split(args []string) (ours, program []string) {
	running, ended := false, false
	for i := 0; i < len(args); i++ {
		switch word := args[i]; {
		case !ended && word == "--":
			ended = true
		case !ended && len(word) > 1 && word[0] == '-':
			commands := isCommandsFlag(word)
			if a.takesNext(word) {
				i++
			}
			if running && commands {
				return cutAt(args, i+1)
			}
		case running:
			return cutAt(args, i+1)
		case word == "run":
			running = true
		default:
			return args, nil
		}
	}
	return args, nil
}

// spelled is the arguments with Go's spelling of flags, -cover, as kong knows them: --cover. run
// and cft take words that look like it.
func (a *app) spelled(args []string) []string {
	var flags []*kong.Flag
	for _, n := range a.parser.Model.Children {
		if len(args) > 0 && n.Name == args[0] && n.Name != "run" && n.Name != "cft" {
			flags = slices.Concat(a.parser.Model.Flags, n.Flags)
			for _, below := range n.Children {
				flags = append(flags, below.Flags...)
			}
		}
	}
	out := slices.Clone(args)
	for i, word := range args {
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "-"), "=")
		if word == "--" {
			break
		}
		if len(name) > 1 && word[0] == '-' && slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Name == name }) {
			out[i] = "-" + word
		}
	}
	return out
}

func cutAt(args []string, i int) (ours, program []string) {
	i = min(i, len(args))
	return args[:i:i], args[i:]
}

// isCommandsFlag tells -c, -cTEXT, --commands and --commands=TEXT.
func isCommandsFlag(word string) bool {
	name, _, _ := strings.Cut(word, "=")
	return name == "--commands" || strings.HasPrefix(word, "-c")
}

// takesNext tells whether the word after a flag is its value.
func (a *app) takesNext(word string) bool {
	for _, flag := range a.runFlags() {
		if flag.IsBool() {
			continue
		}
		if word == "--"+flag.Name || flag.Short != 0 && word == "-"+string(flag.Short) {
			return true
		}
	}
	return false
}

// runFlags are the flags that may stand before TARGET.
func (a *app) runFlags() (flags []*kong.Flag) {
	flags = append(flags, a.parser.Model.Flags...)
	for _, n := range a.parser.Model.Children {
		if n.Name == "run" {
			flags = append(flags, n.Flags...)
		}
	}
	return flags
}

// isRoutineFile tells a file name from an entryref.
func isRoutineFile(name string) bool {
	if strings.HasSuffix(name, ".cls") { // loading it says that classes are not supported
		return true
	}
	for _, ext := range runtime.Extensions {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}
