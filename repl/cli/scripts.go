package cli

// cos scripts: the bundled programs.

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"cos/lang"
	"cos/runtime"
)

type scriptsVerb struct {
	List scriptsList `cmd:"" default:"1" help:"List the bundled programs (the default)."`
	Show scriptsShow `cmd:"" help:"Print a bundled program."`
}

type scriptsList struct{}

type scriptsShow struct {
	Name string `arg:"" predictor:"program" help:"The program's name, as cos scripts lists it."`
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
	list, err := a.programs()
	if err != nil {
		return a.fail(err)
	}
	var names []string
	for _, p := range list {
		if p.name == v.Name || path.Base(p.path) == v.Name {
			b, err := fs.ReadFile(a.bundled, p.path)
			if err != nil {
				return a.fail(err)
			}
			if _, err := a.stdout.Write(b); err != nil {
				return exitError
			}
			return 0
		}
		names = append(names, p.name)
	}
	msg := "there is no bundled program " + v.Name
	if near := lang.Nearest(v.Name, names); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return a.usage("%s", msg)
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
