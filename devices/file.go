package devices

// Sequential files: OPEN, USE, CLOSE and the file's position. READ and WRITE are in
// file_io.go, parameters in file_params.go (spec §5.1).

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// File is a sequential file.
//
// The operating system's offset stands behind the input buffer while reading and before
// the output buffer while writing; one of the two is always empty.
type File struct {
	state State
	name  string
	env   *Env
	host  Host
	f     backing
	opt   fileOptions
	in    input
	out   []byte
	ends  terminators
	alarm alarm
	waits bool // a pipe or a terminal: reads can block and be interrupted
}

// backing is what a sequential file stands on: an *os.File, or the ends of a pipe.
type backing interface {
	io.ReadWriteSeeker
	io.Closer
	waitable
	Truncate(size int64) error
}

var (
	_ Device   = (*File)(nil)
	_ Reopener = (*File)(nil)
)

// openFile opens a sequential file. A file that is not there yet, or locked, is tried
// again until the timeout.
func openFile(o *opening) (Device, error) {
	d := &File{name: o.name, env: o.env, host: o.host, opt: newFileOptions()}
	if err := apply(fileParams, &d.opt, o.params, InOpen); err != nil {
		return nil, err
	}
	if err := d.canCompress(); err != nil {
		return nil, err
	}
	if d.opt.mode&fileQueue != 0 {
		return openQueue(o, d.opt)
	}
	d.defaults()
	d.opt.settle()
	if err := d.canCompress(); err != nil {
		return nil, err
	}
	if err := o.try(WaitOpen, d.open); err != nil {
		return nil, err
	}
	d.settle()
	d.opt.opened = true
	if path, err := filepath.Abs(o.name); err == nil {
		d.state.ZIO = path
	}
	return d, nil
}

// defaults adds what OpenMode(1) and FileMode(1) say of the process's files.
func (d *File) defaults() {
	set := d.env.settings(d.host)
	if set.ReadWrite && d.opt.mode&(fileRead|fileWrite) == 0 {
		d.opt.mode |= fileRead | fileWrite
	}
	if set.Create && d.opt.mode&fileWrite != 0 {
		d.opt.mode |= fileCreate
	}
}

// settle gives the mode its defaults: reading, stream records.
func (o *fileOptions) settle() {
	if o.mode&(fileRead|fileWrite) == 0 {
		o.mode |= fileRead
		if o.mode&(fileNew|fileAppend|fileTruncate) != 0 {
			o.mode |= fileWrite
		}
	}
	if o.mode&(fileStream|fileVariable|fileFixed|fileUndefined) == 0 {
		o.mode |= fileStream
	}
	if o.mode&fileUndefined != 0 {
		o.table = charsetRAW
	}
}

// flags are the open(2) flags of the mode. N empties an existing file, unless A says to
// go on at its end.
func (o *fileOptions) flags() int {
	flags := os.O_RDONLY
	switch o.mode & (fileRead | fileWrite) {
	case fileWrite:
		flags = os.O_WRONLY
	case fileRead | fileWrite:
		flags = os.O_RDWR
	}
	if o.mode&(fileNew|fileCreate|fileTruncate) != 0 {
		flags |= os.O_CREATE
	}
	if o.mode&fileAppend != 0 {
		flags |= os.O_APPEND
	} else if o.mode&(fileNew|fileTruncate) != 0 {
		flags |= os.O_TRUNC
	}
	return flags
}

func (d *File) open(context.Context) error {
	// A locked file is emptied only once the lock is ours.
	flags := d.opt.flags()
	locks := d.opt.mode&fileLock != 0
	f, err := d.env.openFile(d.name, flags&^lockedOut(locks), 0o666)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && d.env.missingDirectory(d.name) || errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.ENOTDIR) {
			return fmt.Errorf("%w: %w", errForGood, err)
		}
		return err
	}
	if err := d.check(f, flags, locks); err != nil {
		_ = f.Close()
		return err
	}
	d.f = f
	d.waits = f.SetReadDeadline(past) == nil
	if d.waits {
		d.alarm.watch(f)
	}
	if err := d.canCompress(); err != nil {
		_ = f.Close()
		return err
	}
	if d.opt.gzip {
		d.compress(f)
	}
	return nil
}

// lockedOut is what open(2) must not do before the lock is held.
func lockedOut(locks bool) int {
	if locks {
		return os.O_TRUNC
	}
	return 0
}

// check refuses directories and takes the lock.
func (d *File) check(f *os.File, flags int, locks bool) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%w: %w", errForGood, &fs.PathError{Op: "open", Path: d.name, Err: syscall.EISDIR})
	case !locks:
		return nil
	}
	if err := lockFile(f); err != nil {
		return err
	}
	if flags&os.O_TRUNC != 0 {
		return f.Truncate(0)
	}
	return nil
}

// missingDirectory reports whether a file cannot appear because its directory is not
// there either.
func (e *Env) missingDirectory(name string) bool {
	_, err := e.Files.Stat(filepath.Dir(name))
	return err != nil
}

// settle derives what ends a READ, and $ZMODE.
func (d *File) settle() {
	user := d.opt.terms
	switch {
	case d.opt.mode&(fileFixed|fileUndefined) != 0:
		user = Text{}
	case user.S != "":
	case d.opt.mode&fileVariable != 0:
		user.S = "\n"
	default:
		user.S = "\r\n\f"
	}
	d.ends = d.opt.table.terminators(user)
	var b strings.Builder
	for i, c := range []byte(fileLetters) {
		if d.opt.mode&(1<<i) != 0 {
			b.WriteByte(c)
		}
	}
	d.state.Mode = b.String() + `K\` + d.opt.table.String() + `\`
}

// Name returns the name the file was opened by.
func (d *File) Name() string { return d.name }

// State returns the device's part of the special variables.
func (d *File) State() *State { return &d.state }

// Interrupt ends a READ that waits on a named pipe or a terminal.
func (d *File) Interrupt() { d.alarm.Interrupt() }

func (d *File) fail(name string, err error) error {
	d.state.Err = err
	return &Error{Name: name, Device: d.name, Err: err}
}

// Reopen is OPEN on a file that is open: keywords count, mode and position stay.
func (d *File) Reopen(p Params) error {
	var keywords Params
	for _, q := range p {
		if q.Key != "" {
			keywords = append(keywords, q)
		}
	}
	return d.Use(keywords)
}

// Use goes to a position and changes terminators or the character set.
func (d *File) Use(p Params) error {
	d.opt.position = -1
	if err := apply(fileParams, &d.opt, p, InUse); err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.Device = d.name
		}
		return err
	}
	d.settle()
	d.in.scanned = 0
	if d.opt.position < 0 {
		return nil
	}
	at := int64(d.opt.position)
	if d.opt.mode&fileFixed != 0 {
		at *= int64(d.opt.record)
	}
	_, err := d.Seek(at, io.SeekStart)
	return err
}

// Seek moves to a byte offset, from the start (whence 0), the position (1) or the end
// (2), and returns the new position: $ZSEEK.
func (d *File) Seek(offset int64, whence int) (int64, error) {
	if err := d.reposition(); err != nil {
		return 0, err
	}
	at, err := d.f.Seek(offset, whence)
	if err != nil {
		return 0, d.fail("READ", err)
	}
	d.in.ended = nil
	d.state.EOF = false
	return at, nil
}

// Position is $ZPOS: the offset in bytes of the next READ or WRITE.
func (d *File) Position() int64 {
	at, err := d.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return at - int64(len(d.in.pending())) + int64(len(d.out))
}

// reposition empties both buffers and puts the system's offset where the program is.
func (d *File) reposition() error {
	if err := d.flush(); err != nil {
		return err
	}
	if n := len(d.in.pending()); n > 0 {
		if _, err := d.f.Seek(-int64(n), io.SeekCurrent); err != nil {
			return d.fail("WRITE", err)
		}
		d.in.drop(n)
	}
	return nil
}

// Close writes what is pending and closes the file; "D" deletes it, ("R":name) renames
// it. Parameters that mean nothing are ignored.
func (d *File) Close(p Params) error {
	err := d.flush()
	if closeErr := d.f.Close(); err == nil && closeErr != nil {
		err = d.fail("WRITE", closeErr)
	}
	if applyErr := apply(fileParams, &d.opt, p, InClose); err == nil && applyErr != nil {
		err = applyErr
	}
	remove := d.opt.mode&fileDelete != 0
	rename := d.opt.rename
	if len(p) > 0 && p[0].Key == "" {
		switch strings.ToUpper(p[0].Value.S) {
		case "D":
			remove = true
		case "R":
			if len(p) > 1 && p[1].Set {
				rename = p[1].Value.S
			}
		}
	}
	var sysErr error
	switch {
	case remove:
		sysErr = d.env.Files.Remove(d.name)
	case rename != "":
		sysErr = d.env.Files.Rename(d.name, rename)
	}
	d.state.Err = sysErr
	return err
}
