package cli

// cos scripts: the bundled programs.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"cos/lang"
	"cos/runtime"
)

type scriptsVerb struct {
	List scriptsList `cmd:"" default:"1" help:"List the bundled programs (the default)."`
	Show scriptsShow `cmd:"" help:"Print a bundled program."`
	Copy scriptsCopy `cmd:"" help:"Copy a bundled program into a folder, to change it."`
}

type scriptsList struct{}

type scriptsShow struct {
	Name string `arg:"" predictor:"program" help:"The program's name, as cos scripts lists it."`
}

type scriptsCopy struct {
	Name  string `arg:"" predictor:"program" help:"The program's name, as cos scripts lists it."`
	Dir   string `arg:"" optional:"" default:"." predictor:"dir" help:"The folder, which is made if need be (default: this one)."`
	Force bool   `short:"f" help:"Write over a file that is there."`
}

// script is one bundled program.
type script struct {
	name string // the routine
	path string
	doc  string // its first comment
}

func (*scriptsList) run(a *app) int {
	list, err := a.programs()
	if err != nil {
		return a.fail(err)
	}
	width := 0
	for _, p := range list {
		width = max(width, len(p.name))
	}
	for _, p := range list {
		fmt.Fprintf(a.stdout, "%-*s  %s\n", width, p.name, p.doc)
	}
	return 0
}

func (v *scriptsShow) run(a *app) int {
	_, text, err := a.program(v.Name)
	if err != nil {
		return a.fail(err)
	}
	if _, err := a.stdout.Write(text); err != nil {
		return exitError
	}
	return 0
}

func (v *scriptsCopy) run(a *app) int {
	p, text, err := a.program(v.Name)
	if err != nil {
		return a.fail(err)
	}
	if err := os.MkdirAll(v.Dir, 0o777); err != nil {
		return a.fail(err)
	}
	file := filepath.Join(v.Dir, path.Base(p.path))
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if v.Force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(file, how, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return a.usage("%s is there already; --force writes over it", file)
	}
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return a.fail(err)
	}
	fmt.Fprintln(a.stdout, file)
	return 0
}

// program is a bundled program by the name of its routine or file.
func (a *app) program(name string) (p script, text []byte, err error) {
	list, err := a.programs()
	if err != nil {
		return p, nil, err
	}
	var names []string
	for _, p := range list {
		if p.name == name || path.Base(p.path) == name {
			text, err = fs.ReadFile(a.bundled, p.path)
			return p, text, err
		}
		names = append(names, p.name)
	}
	msg := "there is no bundled program " + name
	if near := lang.Nearest(name, names); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return p, nil, errors.New(msg)
}

// programs lists the bundled routine files by name.
func (a *app) programs() (list []script, err error) {
	err = fs.WalkDir(a.bundled, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isRoutineFile(file) {
			return err
		}
		b, err := fs.ReadFile(a.bundled, file)
		list = append(list, script{runtime.RoutineName(file), file, firstComment(lang.DecodeSource(b))})
		return err
	})
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list, err
}

// firstComment is the first sentence of the comment that a program opens with.
func firstComment(source string) string {
	var words []string
	for _, line := range strings.Split(source, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#!") {
			continue
		}
		text, ok := commentText(line)
		if !ok {
			break
		}
		words = append(words, strings.Fields(text)...)
	}
	text := strings.Join(words, " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i]
	}
	return strings.TrimSuffix(text, ".")
}

func commentText(line string) (text string, ok bool) {
	for _, mark := range []string{"//", "#;", ";"} {
		if text, ok = strings.CutPrefix(line, mark); ok {
			return strings.TrimLeft(text, ";/ "), true
		}
	}
	return "", false
}
