package runtime

// $ZUTIL: THE TABLE of the calls that old TCP programs make (rule B12), as a function and
// as DO $ZUTIL(…). Numbers that are not here are <FUNCTION>; sub-codes of 67, 68 and 69
// that are not here do nothing and give "".

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cos/devices"
)

// zutil is one row: a function number, or one of its sub-codes.
type zutil struct {
	Number      int
	Sub         int // -1: the function itself, whatever its second argument
	Fn          func(p *Process, a []Value) Value
	Syntax, Doc string
}

// zutils is the table; a row with a sub-code comes before the row of its function.
// It is filled by init because class rows reach it again.
var zutils []zutil

func init() {
	zutils = append([]zutil{
		{0, -1, zuSystem, "$ZUTIL(0)", "namespace and instance, separated by a comma"},
		{5, -1, zuNamespace, "$ZUTIL(5[,namespace])", "the namespace, after changing to another"},
		{12, -1, zuDirectory, "$ZUTIL(12[,name[,canon]])", "the data directory; the full path of a file (0), a folder (1), or a folder that exists (2), else \"\""},
		{53, -1, zuTCPName, "$ZUTIL(53[,n])", "the TCP device that JOB handed over, \"\" otherwise; 2 to 5 as %SYSTEM.INetInfo.TCPStats"},
		{56, 6, func(p *Process, _ []Value) Value { return FromUTF8(p.osError()) }, "$ZUTIL(56,6)", "the operating system's error behind the last failed OPEN"},
		{56, -1, zuLastError, "$ZUTIL(56,2)", "where the last error was, as label+offset^routine"},
		{67, 0, zuAlive(2), "$ZUTIL(67,0,pid)", "2: there is such a process, 0: there is none"},
		{67, 1, zuAlive(2), "$ZUTIL(67,1,pid)", "the same"},
		{67, 4, zuOf(processState), "$ZUTIL(67,4[,pid])", "what a process does, as %SYSTEM.Process.State"},
		{67, 5, zuOf(processRoutine), "$ZUTIL(67,5[,pid])", "the routine of a process"},
		{67, 6, zuOf(processNamespace), "$ZUTIL(67,6[,pid])", "the namespace of a process"},
		{67, 7, zuOf(processCurrentDevice), "$ZUTIL(67,7[,pid])", "the current device of a process"},
		{67, 11, zuOf(func(*Process, *object, []Value) Value { return FromUTF8(userName()) }), "$ZUTIL(67,11[,pid])", "the user of a process"},
		{67, 15, func(p *Process, _ []Value) Value { return p.clientAddress() }, "$ZUTIL(67,15)", "the address of this process's TCP client"},
		{110, -1, func(p *Process, _ []Value) Value { return FromUTF8(p.sys.node()) }, "$ZUTIL(110)", "the name of this host"},
		{111, -1, func(p *Process, _ []Value) Value { return p.clientAddress() }, "$ZUTIL(111)", "the address of the TCP client: of the current device, else of the one JOB handed over, else of the principal"},
		{125, -1, zuNothing, "$ZUTIL(125,…)", "language support: nothing to do, \"\""},
		{132, -1, func(p *Process, _ []Value) Value { return changePrincipal(p, nil, nil) }, "$ZUTIL(132)", "makes the current device the principal one; 1"},
		{140, -1, zuFile, "$ZUTIL(140,n,name…)", "files: 1 size, 2 modified, 3 created, 4 exists, 5 delete, 6 rename, 7 attributes, 9 make and 10 remove a folder, 11 copy, 12 access, 14 append; a negative number is the operating system's error"},
		{168, -1, zuWorking, "$ZUTIL(168[,directory])", "the working directory, after changing to another; all jobs of this cos have one"},
		{188, -1, func(p *Process, _ []Value) Value { return localTime(p.now()) }, "$ZUTIL(188)", "local $HOROLOG with fractions of a second"},
		{189, 1, func(p *Process, _ []Value) Value { return Int(int64(p.tcp().DisconnectCode())) }, "$ZUTIL(189,1)", "the operating system's error behind the last <READ> or <WRITE> of the current TCP device"},
		{189, -1, func(p *Process, _ []Value) Value { return Bool(p.tcp().Connected()) }, "$ZUTIL(189)", "1 while the current TCP device is connected"},
		{190, -1, zuNothing, "$ZUTIL(190,…)", "statistics of the database: none are kept, \"\""},
	}, switchRows()...)
}

// processSwitch is a switch of $ZUTIL(68) for this process, and of 69 for those to come.
type processSwitch struct {
	Sub   int
	at    func(*settings) *bool
	off   bool // the field is the opposite of the switch
	apply func(*Process)
	Doc   string
}

var processSwitches = []processSwitch{
	{1, func(s *settings) *bool { return &s.nullSubs }, false, nil, "null subscripts are allowed"},
	{2, func(s *settings) *bool { return &s.openMode }, false, nil, "OPEN of a file without R and W means RW, not R"},
	{3, func(s *settings) *bool { return &s.fileMode }, false, nil, "OPEN of a file for writing creates it"},
	{5, func(s *settings) *bool { return &s.noBreak }, true, nil, "argumentless BREAK stops"},
	{15, func(s *settings) *bool { return &s.disconnectErr }, false, nil, "a lost principal TCP device raises <DSCON>"},
	{40, func(s *settings) *bool { return &s.setZEOF }, false, nil, "the end of a file sets $ZEOF instead of raising <ENDOFFILE>"},
	{55, func(s *settings) *bool { return &s.cursorXY }, true, (*Process).applyCursor, "$X and $Y of a TCP device count the record in its buffer (1, default), or move as on a terminal (0)"},
}

// switchRows are the rows of 68 and 69.
func switchRows() (rows []zutil) {
	for i := range processSwitches {
		w := &processSwitches[i]
		code := strconv.Itoa(w.Sub)
		rows = append(rows,
			zutil{68, w.Sub, w.ofProcess, "$ZUTIL(68," + code + "[,n])", w.Doc + "; gives the previous setting"},
			zutil{69, w.Sub, w.ofSystem, "$ZUTIL(69," + code + "[,n])", "the same for processes that start later"})
	}
	return rows
}

func (w *processSwitch) ofProcess(p *Process, a []Value) Value {
	old := w.set(&p.settings, optionalOf(a, 2))
	if w.apply != nil {
		w.apply(p)
	}
	return old
}

func (w *processSwitch) ofSystem(p *Process, a []Value) Value {
	s := p.sys
	s.defaults.Lock()
	defer s.defaults.Unlock()
	return w.set(&s.defaults.settings, optionalOf(a, 2))
}

// set sets the switch when there is a value for it, and gives what it was.
func (w *processSwitch) set(s *settings, v Value) Value {
	at := w.at(s)
	old := Bool(*at != w.off)
	if v.defined() {
		*at = v.truth() != w.off
	}
	return old
}

// setSwitch is the class method behind the same switch as $ZUTIL(68,sub).
func setSwitch(sub int) func(*Process, *object, []Value) Value {
	i := slices.IndexFunc(processSwitches, func(w processSwitch) bool { return w.Sub == sub })
	return func(p *Process, _ *object, a []Value) Value {
		return processSwitches[i].ofProcess(p, []Value{Int(68), Int(int64(sub)), p.in(a, 0)})
	}
}

// ZutilQuiet are the functions whose unknown sub-codes do nothing.
var ZutilQuiet = []int{67, 68, 69}

// ZutilKnown tells whether $ZUTIL has a row for a function number, and with sub >= 0
// whether it has one for that sub-code; the checker asks.
func ZutilKnown(number, sub int) (function, code bool) {
	for i := range zutils {
		if r := &zutils[i]; r.Number == number {
			function = true
			code = code || r.Sub < 0 || r.Sub == sub
		}
	}
	return function, code
}

// fnZutil is $ZUTIL.
func fnZutil(p *Process, a []Value) Value {
	number, sub := int(a[0].int64()), -1
	if v := optionalOf(a, 1); v.defined() {
		sub = int(v.int64())
	}
	for i := range zutils {
		if r := &zutils[i]; r.Number == number && (r.Sub < 0 || r.Sub == sub) {
			return r.Fn(p, a)
		}
	}
	switch {
	case number == 67 && len(a) == 2: // 67,pid
		return zuAlive(1)(p, []Value{a[0], Int(0), a[1]})
	case slices.Contains(ZutilQuiet, number):
		return Empty
	}
	p.raise(errFunction, "$ZUTIL("+strconv.Itoa(number)+")")
	return Value{}
}

// optionalOf is a value of a function's list, undefined where there is none.
func optionalOf(a []Value, i int) Value {
	if i < len(a) {
		return a[i]
	}
	return Value{}
}

func zuNothing(*Process, []Value) Value { return Empty }

// zuSystem is $ZUTIL(0); with more it would create a database file, of which there are
// none.
func zuSystem(p *Process, a []Value) Value {
	if len(a) > 1 {
		p.raise(errFunction, "$ZUTIL(0)")
	}
	return Text(p.namespace + "," + instance)
}

func zuNamespace(p *Process, a []Value) Value {
	if v := optionalOf(a, 1); v.defined() && v.asText().text != "" {
		p.setNamespace(p.text8(v))
	}
	return Text(p.namespace)
}

func zuDirectory(p *Process, a []Value) Value {
	name := optionalOf(a, 1)
	if !name.defined() || name.asText().text == "" {
		return FromUTF8(folderName(p.sys.cfg.DataDir))
	}
	p.reach(name.utf8())
	path, err := filepath.Abs(name.utf8())
	if err != nil {
		return Empty
	}
	info, err := p.files().Stat(path)
	switch canon := optionalOf(a, 2); {
	case !canon.defined() || canon.int64() == 1:
		if err == nil && !info.IsDir() {
			return Empty
		}
	case canon.int64() == 0:
		return FromUTF8(path)
	default:
		if err != nil || !info.IsDir() {
			return Empty
		}
	}
	return FromUTF8(folderName(path))
}

// folderName is a folder's path as Caché writes it: with a separator at its end.
func folderName(path string) string {
	if path == "" {
		path = os.TempDir()
	}
	if !os.IsPathSeparator(path[len(path)-1]) {
		path += string(os.PathSeparator)
	}
	return path
}

func zuTCPName(p *Process, a []Value) Value {
	if len(a) > 1 {
		return tcpStats(p, nil, a[1:])
	}
	return FromUTF8(p.tcpName)
}

// zuLastError is the place of $ZERROR.
func zuLastError(p *Process, a []Value) Value {
	_, place, _ := strings.Cut(p.errors.zerror, ">")
	place, _, _ = strings.Cut(place, " ")
	if v := optionalOf(a, 1); v.defined() && v.int64() != 2 {
		return Empty
	}
	return FromUTF8(place)
}

// zuAlive tells whether there is a process.
func zuAlive(yes int64) func(*Process, []Value) Value {
	return func(p *Process, a []Value) Value {
		if v := optionalOf(a, 2); !v.defined() || p.sys.jobs.find(int(v.int64())) == nil {
			return Int(0)
		}
		return Int(yes)
	}
}

// zuOf is a method of %SYSTEM.Process on the process in the third argument.
func zuOf(method func(*Process, *object, []Value) Value) func(*Process, []Value) Value {
	return func(p *Process, a []Value) Value { return method(p, nil, a[min(len(a), 2):]) }
}

// clientAddress is the address of the process's TCP client, "" when it has none.
func (p *Process) clientAddress() Value {
	for _, d := range []devices.Device{p.io.device(), p.io.open[p.tcpName], p.io.principal} {
		if t, ok := d.(*devices.TCP); ok {
			return addressValue(t.PeerAddr().Addr(), false)
		}
	}
	return Empty
}

// applyCursor gives the open TCP devices the process's way to count $X and $Y.
func (p *Process) applyCursor() {
	for _, d := range p.io.open {
		p.cursorStyle(d)
	}
	p.cursorStyle(p.io.principal)
}

func (p *Process) cursorStyle(d devices.Device) {
	if t, ok := d.(interface{ CursorStyle(on bool) }); ok {
		t.CursorStyle(p.settings.cursorXY)
	}
}

func localTime(t time.Time) Value {
	_, east := t.Zone()
	return timestamp(t.UTC().Add(time.Duration(east) * time.Second))
}

func zuWorking(p *Process, a []Value) Value {
	if v := optionalOf(a, 1); v.defined() && v.asText().text != "" {
		if err := p.files().Chdir(v.utf8()); err != nil {
			p.forbidden(err)
			p.oserror = err
			p.raise(errDirectory, "*"+v.utf8())
		}
	}
	return processDirectory(p, nil, nil)
}

// zuFile is $ZUTIL(140,n,name…).
func zuFile(p *Process, a []Value) Value {
	name := optionalOf(a, 2).orEmpty().utf8()
	other := optionalOf(a, 3).orEmpty()
	p.reach(name)
	f := p.files()
	var err error
	switch n := optionalOf(a, 1).orEmpty().int64(); n {
	case 1, 2, 3, 4, 7:
		var info os.FileInfo
		if info, err = f.Stat(name); err == nil {
			return fileAttribute(n, info, other.truth())
		}
	case 5:
		err = removeFile(f, name)
	case 6:
		p.reach(other.utf8())
		err = f.Rename(name, other.utf8())
	case 9:
		err = f.Mkdir(name, 0o777)
	case 10:
		err = removeFolder(f, name)
	case 11:
		p.reach(other.utf8())
		err = copyFile(f, name, other.utf8(), os.O_TRUNC)
	case 12:
		err = allowed(f, name, other.int64())
	case 14:
		p.reach(other.utf8())
		err = copyFile(f, name, other.utf8(), os.O_APPEND)
	default:
		p.raise(errFunction, "$ZUTIL(140,"+strconv.FormatInt(n, 10)+")")
	}
	return fileResult(err)
}

// fileResult is 0, or the operating system's error number as a negative one.
func fileResult(err error) Value {
	var errno syscall.Errno
	switch {
	case err == nil:
		return Int(0)
	case errors.As(err, &errno):
		return Int(-int64(errno))
	}
	return Int(-1)
}

func fileAttribute(n int64, info os.FileInfo, utc bool) Value {
	switch n {
	case 1:
		return Int(info.Size())
	case 2, 3: // the time of creation is not kept everywhere: the change's stands for it
		t := info.ModTime()
		if utc {
			t = t.UTC()
		}
		return horolog(t)
	case 7:
		return Int(int64(info.Mode().Perm()))
	}
	return Int(0)
}

// The errors of deleting what is of the other kind.
func removeFile(f *devices.Files, name string) error {
	if info, err := f.Stat(name); err == nil && info.IsDir() {
		return syscall.Errno(5) // as documented
	}
	return f.Remove(name)
}

func removeFolder(f *devices.Files, name string) error {
	if info, err := f.Stat(name); err == nil && !info.IsDir() {
		return syscall.ENOTDIR
	}
	return f.Remove(name)
}

// copyFile copies a file over another or to its end; into a folder under its own name.
func copyFile(f *devices.Files, from, to string, how int) error {
	if info, err := f.Stat(to); err == nil && info.IsDir() {
		to = filepath.Join(to, filepath.Base(from))
	}
	r, err := f.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := f.OpenFile(to, os.O_CREATE|os.O_WRONLY|how, 0o666)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// allowed reports whether a file may be used as mode says: 4 read, 2 write, 1 execute.
func allowed(files *devices.Files, name string, mode int64) error {
	info, err := files.Stat(name)
	if err != nil {
		return err
	}
	flag := map[int64]int{4: os.O_RDONLY, 2: os.O_WRONLY, 6: os.O_RDWR}
	if how, ok := flag[mode&6]; ok && !info.IsDir() {
		f, err := files.OpenFile(name, how, 0)
		if err != nil {
			return err
		}
		_ = f.Close() // nothing was written
	}
	if mode&1 != 0 && info.Mode().Perm()&0o111 == 0 {
		return syscall.EACCES
	}
	return nil
}
