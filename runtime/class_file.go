package runtime

// %File: files and folders by name, and an object that reads or writes a file.

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cos/devices"
)

func init() {
	boolean := func(do func(p *Process, name string) bool) func(*Process, *object, []Value) Value {
		return func(p *Process, _ *object, a []Value) Value { return Bool(do(p, p.fileName(a, 0))) }
	}
	registerClasses(&class{Name: "%Library.File", Doc: "files and folders", New: newFile,
		Properties: []property{
			{Name: "Name", Get: func(_ *Process, o *object) Value { return FromUTF8(o.file().name) }, Doc: "the file's name"},
			{Name: "AtEnd", Get: func(_ *Process, o *object) Value { return Bool(o.file().atEnd()) }, Doc: "1 behind the last character"},
			{Name: "Size", Get: func(p *Process, o *object) Value { return p.fileSize(o.file().name) }, Doc: "its size in bytes"},
			{Name: "IsOpen", Get: func(_ *Process, o *object) Value { return Bool(o.file().disk != nil) }, Doc: "1 between Open and Close"},
			{Name: "LineTerminator", Default: Text("\n"), Doc: "what ends a line"},
		},
		Methods: []method{
			{Name: "Exists", Min: 1, Max: 1, Fn: boolean(func(p *Process, n string) bool { _, err := p.files().Stat(n); return err == nil }), Doc: "1 if there is such a file or folder"},
			{Name: "DirectoryExists", Min: 1, Max: 1, Fn: boolean(func(p *Process, n string) bool { i, err := p.files().Stat(n); return err == nil && i.IsDir() }), Doc: "1 if there is such a folder"},
			{Name: "Delete", Min: 1, Max: 2, Fn: fileAction(removeFile), Doc: "Delete(file,.return): 1 if the file is gone"},
			{Name: "ComplexDelete", Min: 1, Max: 2, Fn: fileAction(deletePattern), Doc: "deletes the files that match a pattern with *"},
			{Name: "CopyFile", Min: 2, Max: 4, Fn: fileCopy, Doc: "CopyFile(from,to,overwrite,.return)"},
			{Name: "Rename", Min: 2, Max: 3, Fn: fileRename, Doc: "Rename(from,to,.return)"},
			{Name: "CreateDirectory", Min: 1, Max: 2, Fn: fileAction(func(f *devices.Files, n string) error { return f.Mkdir(n, 0o777) }), Doc: "makes a folder in one that exists"},
			{Name: "CreateDirectoryChain", Min: 1, Max: 2, Fn: fileAction(func(f *devices.Files, n string) error { return f.MkdirAll(n, 0o777) }), Doc: "makes a folder and those above it"},
			{Name: "RemoveDirectory", Min: 1, Max: 2, Fn: fileAction(removeFolder), Doc: "removes an empty folder"},
			{Name: "RemoveDirectoryTree", Min: 1, Max: 2, Fn: fileAction(removeTree), Doc: "removes a folder with all in it"},
			{Name: "NormalizeFilename", Min: 1, Max: 2, Fn: fileNormalize, Doc: "the full name of a file, in a folder if one is given"},
			{Name: "NormalizeDirectory", Min: 1, Max: 2, Fn: folderNormalize, Doc: "the full name of a folder, with a / at its end"},
			{Name: "GetFilename", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value { return FromUTF8(baseName(p.fileName(a, 0))) }, Doc: "the name without its folder"},
			{Name: "GetDirectory", Min: 1, Max: 2, Fn: func(p *Process, _ *object, a []Value) Value { return FromUTF8(folderOf(absolute(p.fileName(a, 0)))) }, Doc: "the folder of a file, with a / at its end"},
			{Name: "ParentDirectoryName", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value {
				return FromUTF8(folderOf(strings.TrimRight(absolute(p.fileName(a, 0)), "/")))
			}, Doc: "the folder above a folder"},
			{Name: "SubDirectoryName", Min: 2, Max: 3, Fn: subFolder, Doc: "SubDirectoryName(folder,name,isfolder): the name below the folder"},
			{Name: "GetFileSize", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value { return p.fileSize(p.fileName(a, 0)) }, Doc: "its size in bytes, -2 when there is none"},
			{Name: "Attributes", Min: 1, Max: 1, Fn: fileAttributes, Doc: "its type and rights, st_mode of Unix: 32768 and above is a file, 16384 a folder; -1 when there is none"},
			{Name: "GetFileDateModified", Min: 1, Max: 2, Fn: fileDate, Doc: "when it was written, in $HOROLOG form; in UTC when the flag is 1"},
			{Name: "TempFilename", Min: 0, Max: 1, Fn: fileTemp, Doc: "the name of a new empty file, with an extension"},
			{Name: "ReadOnly", Min: 1, Max: 1, Fn: boolean(func(p *Process, n string) bool { i, err := p.files().Stat(n); return err == nil && i.Mode()&0o222 == 0 }), Doc: "1 if nobody may write it"},
			{Name: "SetReadOnly", Min: 1, Max: 2, Fn: fileAction(fileMode(0o222, 0)), Doc: "takes the right to write away"},
			{Name: "SetWriteable", Min: 1, Max: 2, Fn: fileAction(fileMode(0, 0o200)), Doc: "gives the owner the right to write"},
			{Name: "Open", Min: 0, Max: 2, Instance: true, Fn: fileOpen, Doc: "opens the file: R, W, WN (new), WA (append)"},
			{Name: "Close", Min: 0, Max: 0, Instance: true, Fn: func(p *Process, o *object, _ []Value) Value { return p.fileStatus(o, o.file().close()) }, Doc: "closes the file"},
			{Name: "Read", Min: 0, Max: 2, Instance: true, Fn: fileRead, Doc: "Read(.len,.sc): at most len bytes; len becomes how many, -1 at the end"},
			{Name: "ReadLine", Min: 0, Max: 2, Instance: true, Fn: fileReadLine, Doc: "ReadLine(.len,.sc): a line without its terminator"},
			{Name: "Write", Min: 1, Max: 1, Instance: true, Fn: fileWrite(false), Doc: "writes text in UTF-8"},
			{Name: "WriteLine", Min: 0, Max: 1, Instance: true, Fn: fileWrite(true), Doc: "writes text and the line terminator"},
			{Name: "Rewind", Min: 0, Max: 0, Instance: true, Fn: fileRewind, Doc: "goes back to the first character"},
		}})
}

// files is the file system as programs see it.
func (p *Process) files() *devices.Files { return p.sys.cfg.Env.Files }

// fileName is an argument as a file name: of a file that the program may know of.
func (p *Process) fileName(a []Value, i int) string {
	name := p.inText(a, i, "")
	p.reach(name)
	return name
}

// reach raises <PROTECT> where a name leads out of --root.
func (p *Process) reach(name string) { p.forbidden(p.files().Allow(name)) }

// forbidden raises <PROTECT> where a flag of cos has made something fail.
func (p *Process) forbidden(err error) {
	if errors.Is(err, devices.ErrShut) {
		p.ioError(err, errProtect)
	}
}

// fileAction makes 1 or 0 of an action, and the second argument the negative number of
// the operating system's error.
func fileAction(do func(*devices.Files, string) error) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		return p.fileResult(a, 1, do(p.files(), p.fileName(a, 0)))
	}
}

func (p *Process) fileResult(a []Value, i int, err error) Value {
	code := int64(0)
	if err != nil {
		p.oserror = err
		code = -1
		if n, _, ok := devices.Errno(err); ok {
			code = -int64(n)
		}
	}
	p.out(a, i, Int(code))
	return Bool(err == nil)
}

var (
	errNotFolder = errors.New("not a folder")
	errIsFolder  = errors.New("a folder")
	errExists    = errors.New("there is such a file already")
)

func deletePattern(f *devices.Files, pattern string) error {
	list, err := f.Glob(pattern)
	for _, n := range list {
		if e := removeFile(f, n); err == nil {
			err = e
		}
	}
	return err
}

func removeTree(f *devices.Files, name string) error {
	if i, err := f.Lstat(name); err != nil || !i.IsDir() {
		return errNotFolder
	}
	return f.RemoveAll(name)
}

func fileMode(clear, set os.FileMode) func(*devices.Files, string) error {
	return func(f *devices.Files, name string) error {
		i, err := f.Stat(name)
		if err != nil {
			return err
		}
		return f.Chmod(name, i.Mode()&^clear|set)
	}
}

func fileCopy(p *Process, _ *object, a []Value) Value {
	over := true
	if v := p.in(a, 2); v.defined() {
		over = v.truth()
	}
	return p.fileResult(a, 3, cloneFile(p.files(), p.fileName(a, 0), p.fileName(a, 1), over))
}

func cloneFile(f *devices.Files, from, to string, over bool) (err error) {
	in, err := f.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if i, e := in.Stat(); e != nil || !i.Mode().IsRegular() {
		return errIsFolder
	}
	if same, e := sameFile(f, in, to); e == nil && same {
		return errExists
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !over {
		flags |= os.O_EXCL
	}
	out, err := f.OpenFile(to, flags, 0o666)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if e := out.Close(); err == nil {
		err = e
	}
	return err
}

func sameFile(all *devices.Files, f *os.File, name string) (bool, error) {
	a, err := f.Stat()
	if err != nil {
		return false, err
	}
	b, err := all.Stat(name)
	return err == nil && os.SameFile(a, b), err
}

func fileRename(p *Process, _ *object, a []Value) Value {
	return p.fileResult(a, 2, p.files().Rename(p.fileName(a, 0), p.fileName(a, 1)))
}

// absolute is the full name, cleaned; a / at the end is kept.
func absolute(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if strings.HasSuffix(name, "/") && full != "/" {
		full += "/"
	}
	return full
}

func baseName(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func folderOf(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i+1]
	}
	return ""
}

func joinFolder(p *Process, a []Value) string {
	name := p.fileName(a, 0)
	if dir := p.fileName(a, 1); dir != "" && !filepath.IsAbs(name) {
		name = strings.TrimRight(dir, "/") + "/" + name
	}
	return name
}

func fileNormalize(p *Process, _ *object, a []Value) Value {
	return FromUTF8(strings.TrimRight(absolute(joinFolder(p, a)), "/"))
}

func folderNormalize(p *Process, _ *object, a []Value) Value {
	return FromUTF8(strings.TrimRight(absolute(joinFolder(p, a)), "/") + "/")
}

func subFolder(p *Process, _ *object, a []Value) Value {
	name := strings.TrimRight(absolute(p.fileName(a, 0)), "/") + "/" + strings.Trim(p.fileName(a, 1), "/")
	if p.in(a, 2).orEmpty().truth() {
		name += "/"
	}
	return FromUTF8(name)
}

func (p *Process) fileSize(name string) Value {
	i, err := p.files().Stat(name)
	if err != nil {
		return Int(-2)
	}
	return Int(i.Size())
}

// fileAttributes are the bits of stat(2), which Go numbers differently.
func fileAttributes(p *Process, _ *object, a []Value) Value {
	i, err := p.files().Stat(p.fileName(a, 0))
	if err != nil {
		return Int(-1)
	}
	kind := int64(0o100000)
	switch m := i.Mode(); {
	case m.IsDir():
		kind = 0o040000
	case m&fs.ModeNamedPipe != 0:
		kind = 0o010000
	case m&fs.ModeSocket != 0:
		kind = 0o140000
	case m&fs.ModeCharDevice != 0:
		kind = 0o020000
	case m&fs.ModeDevice != 0:
		kind = 0o060000
	}
	return Int(kind | int64(i.Mode().Perm()))
}

func fileDate(p *Process, _ *object, a []Value) Value {
	i, err := p.files().Stat(p.fileName(a, 0))
	if err != nil {
		return Empty
	}
	at := i.ModTime().Local()
	if p.in(a, 1).orEmpty().truth() {
		at = i.ModTime().UTC()
	}
	return horolog(at.Truncate(time.Second))
}

// tempExt makes an extension a part of a name: it names no folder, and what varies stands
// before it.
var tempExt = strings.NewReplacer("/", "_", "*", "_")

func fileTemp(p *Process, _ *object, a []Value) Value {
	ext := p.inText(a, 0, "")
	if ext != "" {
		ext = "." + strings.TrimPrefix(ext, ".")
	}
	f, err := p.files().CreateTemp("", "cos*"+tempExt.Replace(ext))
	if err != nil {
		p.oserror = err
		return Empty
	}
	f.Close()
	return FromUTF8(f.Name())
}

// fileState is an object's file.
type fileState struct {
	name  string
	disk  *os.File // nil: closed; the collector closes a file that is left open
	in    *bufio.Reader
	write bool
}

func (o *object) file() *fileState { return o.state.(*fileState) }

func (f *fileState) measure(m *measurer) { m.total += 8 << 10 }

// newFile is %New(name).
func newFile(p *Process, o *object, a []Value) {
	if len(a) > 1 {
		p.raise(errParameter, "")
	}
	o.state = &fileState{name: p.fileName(a, 0)}
}

func (f *fileState) close() error {
	if f.disk == nil {
		return nil
	}
	err := f.disk.Close()
	f.disk, f.in = nil, nil
	return err
}

func (f *fileState) atEnd() bool {
	if f.in == nil {
		return true
	}
	_, err := f.in.Peek(1)
	return err != nil
}

func (p *Process) fileStatus(o *object, err error) Value {
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, fs.ErrNotExist):
		p.oserror = err
		return p.failure(statusNoFile, FromUTF8(o.file().name))
	}
	p.oserror = err
	return p.failure(statusCannotOpen, FromUTF8(o.file().name))
}

func fileOpen(p *Process, o *object, a []Value) Value {
	f := o.file()
	f.close()
	mode, flags := upper(p.inText(a, 0, "R")), os.O_RDONLY
	switch {
	case strings.Contains(mode, "A"):
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	case strings.Contains(mode, "N"):
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	case strings.Contains(mode, "W"):
		flags = os.O_WRONLY | os.O_CREATE
	}
	disk, err := p.files().OpenFile(f.name, flags, 0o666)
	if err == nil {
		if i, e := disk.Stat(); e == nil && i.IsDir() {
			disk.Close()
			err = errIsFolder
		}
	}
	if err != nil {
		return p.fileStatus(o, err)
	}
	f.disk, f.write = disk, flags != os.O_RDONLY
	if !f.write {
		f.in = bufio.NewReader(disk)
	}
	return statusOK
}

func fileRead(p *Process, o *object, a []Value) Value {
	f, want := o.file(), min(p.inInt(a, 0, 32656), maxString)
	if want < 0 {
		p.raise(errIllegal, "")
	}
	if f.in == nil {
		return p.notReadable(o, a)
	}
	var b strings.Builder
	n, err := io.CopyN(&b, f.in, want)
	if err == io.EOF {
		err = nil
	}
	p.out(a, 0, readCount(int(n), want > 0))
	p.out(a, 1, p.fileStatus(o, err))
	return FromUTF8(b.String())
}

// notReadable is what a Read gives that cannot be.
func (p *Process) notReadable(o *object, a []Value) Value {
	p.out(a, 0, Int(-1))
	p.out(a, 1, p.failure(statusCannotOpen, FromUTF8(o.file().name)))
	return Empty
}

func fileReadLine(p *Process, o *object, a []Value) Value {
	f, limit := o.file(), int(min(max(0, p.inInt(a, 0, maxString)), maxString))
	if f.in == nil || f.atEnd() {
		return p.notReadable(o, a)
	}
	eol := o.prop("LineTerminator").utf8()
	var line []byte
	for len(line) < limit {
		c, err := f.in.ReadByte()
		if err != nil {
			break
		}
		if line = append(line, c); eol != "" && strings.HasSuffix(string(line[max(0, len(line)-len(eol)):]), eol) {
			line = line[:len(line)-len(eol)]
			break
		}
	}
	v := FromUTF8(string(line))
	p.out(a, 0, Int(int64(v.length())))
	p.out(a, 1, statusOK)
	return v
}

func fileWrite(line bool) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		f := o.file()
		if f.disk == nil || !f.write {
			return p.failure(statusCannotOpen, FromUTF8(f.name))
		}
		text := p.inText(a, 0, "")
		if line {
			text += o.prop("LineTerminator").utf8()
		}
		_, err := f.disk.WriteString(text)
		return p.fileStatus(o, err)
	}
}

func fileRewind(p *Process, o *object, _ []Value) Value {
	f := o.file()
	if f.disk == nil {
		return statusOK
	}
	_, err := f.disk.Seek(0, io.SeekStart)
	if f.in != nil {
		f.in.Reset(f.disk)
	}
	return p.fileStatus(o, err)
}
