package runtime

// %SYSTEM.OBJ: routines from files and into files. What is loaded is kept in the data
// directory, as ZSAVE keeps it.

import (
	"encoding/xml"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"cos/lang"
)

func init() {
	registerClasses(&class{Name: "%SYSTEM.OBJ", Doc: "routines from files and into files", Abstract: true, Methods: []method{
		{Name: "Load", Min: 1, Max: -1, Fn: objLoad, Doc: "Load(file,flags,.errors,.loaded) - loads the routines and include files of a file: .xml, what ^%RO wrote, .mac, .int, .inc; -d in flags is silent; a status"},
		{Name: "LoadDir", Min: 1, Max: -1, Fn: objLoadDir, Doc: "LoadDir(folder,flags,.errors,.loaded,subfolders) - loads all files of a folder; a status"},
		{Name: "Export", Min: 2, Max: -1, Fn: objExport, Doc: "Export(items,file,flags) - writes routines, a list such as a.mac,b.int or a*.mac between commas, as <Export> XML; a status"},
		{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.OBJ"), Doc: "lists the methods, or describes one"},
	}})
}

// importable are the extensions that LoadDir looks for.
var importable = append([]string{".inc"}, Extensions...)

// objLoad is Load(file,qspec,.errorlog,.loadedlist).
func objLoad(p *Process, _ *object, a []Value) Value {
	return p.loadFiles([]string{p.fileName(a, 0)}, a)
}

// objLoadDir is LoadDir(dir,qspec,.error,.loaded,recurse).
func objLoadDir(p *Process, _ *object, a []Value) Value {
	dir := p.fileName(a, 0)
	deep := p.in(a, 4).defined() && p.in(a, 4).truth()
	var files []string
	err := p.files().WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && !deep:
			return fs.SkipDir
		case !d.IsDir() && slices.Contains(importable, strings.ToLower(filepath.Ext(path))):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return p.failure(generalError, FromUTF8(err.Error()))
	}
	return p.loadFiles(files, a)
}

// loadFiles loads files; the third argument receives the errors, the fourth the names.
func (p *Process) loadFiles(files []string, a []Value) Value {
	flags := p.inText(a, 1, "")
	silent := strings.Contains(flags, "-d") || strings.Contains(flags, "/displaylog=0") || strings.Contains(flags, "/nodisplaylog")
	say := func(text string) {
		if !silent {
			p.writeLine(text)
		}
	}
	var failed, loaded []string
	say("Load started on " + p.now().Format("01/02/2006 15:04:05"))
	for _, file := range files {
		say("Loading file " + file)
		names, err := p.sys.importFile(file)
		for _, name := range names {
			say("Imported routine: " + name)
		}
		loaded = append(loaded, names...)
		if err != nil {
			say("ERROR: " + err.Error())
			failed = append(failed, err.Error())
		}
	}
	p.setArray(a, 2, failed, func(i int) (Value, Value) { return Int(int64(i + 1)), FromUTF8(failed[i]) })
	p.setArray(a, 3, loaded, func(i int) (Value, Value) { return FromUTF8(loaded[i]), Empty })
	if len(failed) > 0 {
		say("Detected " + itoa(len(failed)) + " errors during load.")
		return p.failure(generalError, FromUTF8(strings.Join(failed, "; ")))
	}
	say("Load finished successfully.")
	return statusOK
}

// setArray gives an argument that was passed by reference a node for each of a list, and
// their number.
func (p *Process) setArray(a []Value, i int, list []string, node func(int) (key, value Value)) {
	if i >= len(a) || a[i].kind != kindReference {
		return
	}
	v := p.refs[a[i].mant]
	v.Value, v.nodes = Int(int64(len(list))), nil
	if len(list) == 0 {
		return
	}
	v.nodes = &tree{}
	for n, s := range list {
		p.claim(64 + len(s))
		v.nodes.put(node(n))
	}
}

// importFile defines the routines and include files of a file and keeps them in the data
// directory, if there is one. It returns their names, as name.TYPE.
func (s *System) importFile(path string) (names []string, err error) {
	data, err := s.readSource(path)
	if err != nil {
		return nil, err
	}
	list, err := Unpack(path, data)
	if err != nil {
		return nil, errors.New(path + ": " + err.Error())
	}
	for i := range list {
		c := &list[i]
		if c.Type == "" {
			c.Type = typeOf(path)
			c.Name = strings.TrimSuffix(c.Name, ".inc")
		}
		if !validRoutine(c.Name) {
			return names, errors.New(path + ": " + c.Name + " is no routine name")
		}
		if c.Type != "INC" && !c.Runnable() {
			continue
		}
		if err := s.keep(c); err != nil {
			return names, err
		}
		names = append(names, c.Name+"."+c.Type)
	}
	runnable := slices.ContainsFunc(list, func(c Contained) bool { return c.Runnable() })
	if !runnable {
		for i := range list {
			s.AddInclude(&list[i])
		}
		return names, nil
	}
	_, err = s.load(path, list)
	return names, err
}

// typeOf is the type of the routine in a file.
func typeOf(path string) string {
	switch ext := strings.ToUpper(strings.TrimPrefix(filepath.Ext(path), ".")); ext {
	case "MAC", "INC":
		return ext
	}
	return "INT"
}

// keep writes a routine to the data directory.
func (s *System) keep(c *Contained) error {
	if s.cfg.DataDir == "" {
		return nil
	}
	dir := filepath.Join(s.cfg.DataDir, RoutinesFolder)
	if err := s.files().MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return replaceFile(s.files(), filepath.Join(dir, fileOf(c.Name)+"."+strings.ToLower(c.Type)), strings.TrimSuffix(c.Source, "\n")+"\n")
}

// objExport is Export(items,file,qspec): file "" is the current device.
func objExport(p *Process, _ *object, a []Value) Value {
	var b strings.Builder
	b.WriteString(xml.Header + "<Export generator=\"Cache\" version=\"25\">\n")
	for _, item := range strings.Split(p.inText(a, 0, ""), ",") {
		item = strings.TrimSpace(item)
		name, want := item, ""
		switch kind := strings.ToUpper(strings.TrimPrefix(filepath.Ext(item), ".")); kind {
		case "MAC", "INT":
			name, want = item[:len(item)-4], kind
		case "CLS", "INC":
			return p.failure(generalError, FromUTF8(item+": only routines can be exported"))
		}
		found := 0
		names := []string{name}
		if strings.ContainsAny(name, "*?") {
			names = slices.DeleteFunc(p.sys.Routines(), func(s string) bool { return !fits(s, name) })
		}
		for _, name := range names {
			r, err := p.sys.Routine(name)
			if err != nil || want != "" && len(names) > 1 && typeOf(r.Path) != want {
				continue
			}
			found++
			p.claim(2 * len(strings.Join(r.Source, "\n")))
			writeExported(&b, r, typeOf(r.Path))
		}
		if found == 0 {
			return p.failure(generalError, FromUTF8("there is no routine "+item))
		}
	}
	b.WriteString("</Export>\n")
	file := p.fileName(a, 1)
	if file == "" {
		for _, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
			p.writeLine(line)
		}
		return statusOK
	}
	if err := p.files().WriteFile(file, []byte(b.String()), 0o666); err != nil {
		return p.failure(generalError, FromUTF8(err.Error()))
	}
	return statusOK
}

// writeExported writes one routine of an <Export>.
func writeExported(b *strings.Builder, r *Routine, kind string) {
	b.WriteString(`<Routine name="`)
	_ = xml.EscapeText(b, []byte(r.Name)) // to a Builder it cannot fail
	b.WriteString(`" type="` + kind + `" languagemode="0"><![CDATA[` + "\n")
	lines := r.Source
	if len(lines) > 0 && lang.IsHeader(lines[0]) {
		lines = lines[1:]
	}
	for _, line := range lines {
		b.WriteString(strings.ReplaceAll(line, "]]>", "]]]]><![CDATA[>") + "\n")
	}
	b.WriteString("]]></Routine>\n")
}
