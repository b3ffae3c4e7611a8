package runtime

// What the preprocessor asks of the outside: include files, and the values of
// expressions while compiling.

import (
	"embed"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cos/devices"
	"cos/lang"
	"cos/lang/preprocess"
)

// standard are the include files that Caché programs expect to find.
//
//go:embed all:include
var standard embed.FS

// standardPath is what the path of a standard include file begins with.
const standardPath = "standard:"

// Parse preprocesses and parses source text. Include files are looked for beside path,
// then where routines are, then among the bundled and the standard ones.
func (s *System) Parse(name, path, source string) *lang.Routine {
	return lang.ParseSource(name, source, s.macros(path))
}

// Expanded is source text with its macros expanded.
func (s *System) Expanded(path, source string) string {
	if !preprocess.Needed(source) {
		return source
	}
	return preprocess.Expand(source, s.macros(path)).Text
}

// macros is what the preprocessor may ask of this system for a routine from path.
func (s *System) macros(path string) preprocess.Config {
	return preprocess.Config{
		Include: func(file string) (string, string, error) { return s.include(path, file) },
		Eval:    s.evaluate,
		Home:    func(macro string) string { return homes()[macro] },
	}
}

// fileOf is the file that keeps a routine or an include file: %X lives in _X.
func fileOf(name string) string {
	if strings.HasPrefix(name, "%") {
		return "_" + name[1:]
	}
	return name
}

// include reads an include file. Its name may be written with .inc, and the file's with
// its %.
func (s *System) include(from, name string) (path, text string, err error) {
	const ext = ".inc"
	if n := len(name) - len(ext); n > 0 && strings.EqualFold(name[n:], ext) {
		name = name[:n]
	}
	if name == "" || strings.ContainsAny(name, `/\`) {
		return "", "", fmt.Errorf("%q is not the name of an include file", name)
	}
	s.routines.RLock()
	text, contained := s.includes[name]
	s.routines.RUnlock()
	if contained {
		return name + ext, text, nil
	}
	var dirs []string
	if from != "" && !strings.HasPrefix(from, bundledPath) && !strings.HasPrefix(from, standardPath) {
		dirs = append(dirs, filepath.Dir(from))
	}
	files := []string{fileOf(name) + ext}
	if files[0] != name+ext {
		files = append(files, name+ext)
	}
	for _, dir := range append(dirs, s.cfg.Folders...) {
		for _, file := range files {
			path := filepath.Join(dir, file)
			if b, err := s.readSource(path); err == nil {
				return path, lang.DecodeSource(b), nil
			}
		}
	}
	if s.cfg.Bundled != nil {
		if b, err := FindBundled(s.cfg.Bundled, files[0]); err == nil {
			return bundledPath + files[0], lang.DecodeSource(b), nil
		}
	}
	if b, err := standard.ReadFile("include/" + files[0]); err == nil {
		return standardPath + files[0], string(b), nil
	}
	return "", "", fmt.Errorf("there is no include file %s%s", name, didYouMean(name, standardNames()))
}

// standardNames are the standard include files.
func standardNames() (names []string) {
	list, err := standard.ReadDir("include")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	for _, e := range list {
		names = append(names, "%"+strings.TrimSuffix(e.Name()[1:], ".inc"))
	}
	return names
}

// homes tells which standard include file defines a macro.
var homes = sync.OnceValue(func() map[string]string {
	in := map[string]string{}
	for _, name := range standardNames() {
		b, err := standard.ReadFile("include/" + fileOf(name) + ".inc")
		if err != nil {
			panic(err) // the file is part of the program
		}
		for _, macro := range preprocess.Defined(string(b)) {
			in[macro] = name
		}
	}
	return in
})

// evalLimit bounds the time that one expression may take while compiling.
const evalLimit = 10 * time.Second

// evaluate computes an expression for the preprocessor, in a process of its own that
// has no number and no devices but the null device.
func (s *System) evaluate(text string) (string, error) {
	node, err := lang.ParseExpr(text)
	if err != nil {
		var e *lang.SyntaxError
		errors.As(err, &e)
		return "", fmt.Errorf("%s in %s", e.Msg, text)
	}
	p := &Process{sys: s, namespace: s.cfg.Namespace}
	p.limitMemory(s.jobLimit)
	p.io.init(devices.NewNull(""))
	defer p.Close()
	c := &compiler{sys: s, keepPos: true, block: &block{}}
	var x expr
	if bad := c.protect(&lang.Head{}, func() { x = c.expr(node) }); bad != nil {
		return "", errors.New(bad.(*badCmd).msg)
	}
	late := time.AfterFunc(s.evalLimit, p.Interrupt)
	defer late.Stop()
	value := ""
	err = p.Run(func() {
		p.reserve(c.slots)
		value = x.eval(p).utf8()
	})
	return value, err
}
