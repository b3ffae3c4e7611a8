package cli

// cos fmt: routines in one settled style.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"

	"cos/lang"
	"cos/lang/format"
	"cos/repl"
	"cos/runtime"
	"cos/runtime/check"
)

type fmtVerb struct {
	List  bool     `short:"l" help:"Name the files whose style is another one; exit 1 when there are any."`
	Diff  bool     `short:"d" help:"Show what would change as a diff; exit 1 when anything would."`
	Write bool     `short:"w" help:"Rewrite the files."`
	Paths []string `arg:"" name:"path" help:"Routine files, or with -l, -d or -w folders, which are searched for them; - is standard input."`
}

func (*fmtVerb) Help() string {
	return `Without a flag the one file is printed in the settled style, which docs/fmt.md describes:
commands and functions in full and in capitals, one step of indentation and one more for
each block, one blank between commands. Strings, comments and the insides of arguments stay,
and no line is added or removed. The result is parsed and compared with the original before
anything is written: a routine never changes what it does.

  cos fmt routine.mac
  cos fmt -d .
  cos fmt -w src

Files with syntax errors, exports (.xml, %RO) and classes are left alone.

Exit codes: 0; 1 when -l or -d found another style; 2 when a file was left alone.`
}

func (v *fmtVerb) run(a *app) int {
	if !v.List && !v.Diff && !v.Write && len(v.Paths) != 1 {
		return a.usage("one file at a time is printed; -l, -d and -w take several")
	}
	exit, differ := 0, false
	for _, path := range v.Paths {
		files, err := v.files(path)
		if err != nil {
			exit = a.fail(err)
		}
		for _, file := range files {
			changed, err := v.file(a, file)
			if err != nil {
				exit = a.leftAlone(file, err)
			}
			differ = differ || changed
		}
	}
	if exit == 0 && differ && (v.List || v.Diff) {
		return exitError
	}
	return exit
}

// files are the files that an argument stands for.
func (v *fmtVerb) files(path string) ([]string, error) {
	if path == "-" {
		if v.Write {
			return nil, errors.New("standard input cannot be rewritten: -w takes files")
		}
		return []string{path}, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() && !v.List && !v.Diff && !v.Write {
		return nil, fmt.Errorf("%s is a folder: -l, -d and -w take folders", path)
	}
	return check.Files([]string{path})
}

// leftAlone tells why a file was not formatted.
func (a *app) leftAlone(file string, err error) int {
	var syntax format.SyntaxErrors
	if !errors.As(err, &syntax) {
		return a.fail(fmt.Errorf("%s: %w", file, err))
	}
	for _, e := range syntax {
		fmt.Fprintln(a.stderr, e.Long())
	}
	return a.usage("%s is left alone: it has syntax errors", file)
}

// file formats one file, and tells whether anything changes.
func (v *fmtVerb) file(a *app, file string) (changed bool, err error) {
	var data []byte
	name := file
	if file == "-" {
		name = "<standard input>"
		data, err = io.ReadAll(a.stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return false, err
	}
	list, err := runtime.Unpack(file, data)
	if err != nil {
		return false, err
	}
	if len(list) != 1 || list[0].Source != lang.DecodeSource(data) {
		return false, errors.New("it is an export of routines, and those are left alone")
	}
	functions, specials := runtime.FullNames()
	made, err := format.File(name, data, &format.Options{Macros: runtime.Macros(file, a.folders("")), Functions: functions, Specials: specials})
	if err != nil {
		return false, err
	}
	changed = !bytes.Equal(made, data)
	if changed && v.List {
		_, err = fmt.Fprintln(a.stdout, lang.Visible(name))
	}
	if changed && v.Diff {
		shown := lang.Visible(name)
		err = errors.Join(err, v.show(a, diff.Diff(shown+".orig", data, shown, made)))
	}
	if changed && v.Write {
		return true, errors.Join(err, rewrite(file, made))
	}
	if !v.List && !v.Diff && !v.Write {
		err = v.show(a, made)
	}
	return changed, err
}

// show prints what routines hold: to a file or a program as it is, to a person without what
// a terminal would obey.
func (*fmtVerb) show(a *app, text []byte) error {
	if repl.IsTerminal(a.stdout) {
		text = []byte(lang.VisibleLines(string(text)))
	}
	_, err := a.stdout.Write(text)
	return err
}

// rewrite replaces a file in one step, so that a crash leaves the old one or the new one.
func rewrite(file string, data []byte) error {
	file, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone when all went well
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(info.Mode().Perm()), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
