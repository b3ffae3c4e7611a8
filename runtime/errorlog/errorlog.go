// Package errorlog keeps the untrapped errors of programs in a folder, in the manner of
// Caché's ^%ERN: a line of JSON each, numbered. Several processes write at once, and what a
// crash leaves half written harms nothing else. When the file is full it becomes the old
// one, so the folder never holds more than twice Limit.
package errorlog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Entry is one error.
type Entry struct {
	Number    int64     `json:"number"`
	Time      time.Time `json:"time"`
	Job       int       `json:"job"`
	PID       int       `json:"pid"`
	Namespace string    `json:"namespace"`
	Error     string    `json:"error"` // as $ZERROR shows it
	ECode     string    `json:"ecode,omitempty"`
	File      string    `json:"file,omitempty"`   // of the routine
	Line      int       `json:"line,omitempty"`   // of the file
	Column    int       `json:"column,omitempty"` // of the command
	Source    string    `json:"source,omitempty"`
	Cause     string    `json:"cause,omitempty"` // the operating system's words
	Trapped   bool      `json:"trapped,omitempty"`
	Levels    []Level   `json:"levels,omitempty"` // of the stack, innermost first
	Elided    int       `json:"elided,omitempty"` // levels left out
	Devices   []Device  `json:"devices,omitempty"`
	Crash     string    `json:"crash,omitempty"` // Go's stack, after an internal error
}

// Level is one level of the stack with the variables that it made: those that NEW and
// parameters gave it, and at the bottom all others.
type Level struct {
	Kind      string   `json:"kind"`
	At        string   `json:"at,omitempty"`
	Code      string   `json:"code,omitempty"`
	Variables []string `json:"variables,omitempty"` // lines as ZWRITE shows them
	Left      int      `json:"left,omitempty"`      // how many more there are
}

// Device is an open device.
type Device struct {
	Name      string `json:"name"`
	Mode      string `json:"mode,omitempty"`
	State     string `json:"state"`
	Local     string `json:"local,omitempty"`
	Peer      string `json:"peer,omitempty"`
	Unread    int    `json:"unread,omitempty"`
	Unsent    int    `json:"unsent,omitempty"`
	Current   bool   `json:"current,omitempty"`
	Principal bool   `json:"principal,omitempty"`
}

// Limit is how long the file becomes before it is put aside, MostEntry how long one entry.
const (
	Limit     = 2 << 20
	MostEntry = 128 << 10
)

// The files of the folder.
const (
	newest = "errors.jsonl"
	older  = "errors.old.jsonl"
	locked = "lock" // holds the last number
)

// patience is how long an entry waits for others to finish theirs.
const patience = 5 * time.Second

// Log is a folder of errors.
type Log struct{ dir string }

// Open names the log of a folder. The folder is made with the first entry.
func Open(dir string) *Log { return &Log{dir} }

// Dir is the folder.
func (l *Log) Dir() string { return l.dir }

// Add writes an entry and gives it its number.
func (l *Log) Add(e *Entry) error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	return l.hold(func() error {
		last, err := l.last()
		if err != nil {
			return err
		}
		e.Number = last + 1
		line, err := e.line()
		if err != nil {
			return err
		}
		// The number first: after a crash between the two one is missing, none is there twice.
		if err := os.WriteFile(l.path(locked), []byte(strconv.FormatInt(e.Number, 10)), 0o600); err != nil {
			return err
		}
		return l.append(line)
	})
}

// hold runs f while no other process writes.
func (l *Log) hold(f func() error) (err error) {
	lock := flock.New(l.path(locked), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("%s: %w", l.path(locked), err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return f()
}

func (l *Log) path(name string) string { return filepath.Join(l.dir, name) }

// last is the number of the last entry.
func (l *Log) last() (int64, error) {
	b, err := os.ReadFile(l.path(locked))
	if err != nil {
		return 0, err
	}
	if n, err := strconv.ParseInt(string(bytes.TrimSpace(b)), 10, 64); err == nil {
		return n, nil
	}
	list, err := l.Entries() // the number itself is lost
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[len(list)-1].Number, nil
}

// line is an entry as it is written. One that is too long loses variables first.
func (e *Entry) line() ([]byte, error) {
	for {
		b, err := json.Marshal(e)
		if err != nil || len(b) <= MostEntry {
			return append(b, '\n'), err
		}
		if !e.shorten() {
			return nil, fmt.Errorf("the error needs %d bytes", len(b))
		}
	}
}

// shorten takes the longer half of something away.
func (e *Entry) shorten() bool {
	longest := -1
	for i := range e.Levels {
		if n := len(e.Levels[i].Variables); n > 0 && (longest < 0 || n > len(e.Levels[longest].Variables)) {
			longest = i
		}
	}
	switch {
	case longest >= 0:
		v := &e.Levels[longest]
		keep := len(v.Variables) / 2
		v.Left += len(v.Variables) - keep
		v.Variables = v.Variables[:keep]
	case len(e.Devices) > 0:
		e.Devices = e.Devices[:len(e.Devices)/2]
	case len(e.Crash) > 0:
		e.Crash = e.Crash[:len(e.Crash)/2]
	case len(e.Levels) > 0:
		e.Elided += len(e.Levels) - len(e.Levels)/2
		e.Levels = e.Levels[:len(e.Levels)/2]
	default:
		return false
	}
	return true
}

// append writes a line at the end of the file, behind an end of line that a crash has kept
// back; a full file is put aside before.
func (l *Log) append(line []byte) (err error) {
	if info, err := os.Stat(l.path(newest)); err == nil && info.Size()+int64(len(line)) > Limit {
		if err := os.Rename(l.path(newest), l.path(older)); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(l.path(newest), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if end, err := f.Seek(0, io.SeekEnd); err == nil && end > 0 {
		var b [1]byte
		if _, err := f.ReadAt(b[:], end-1); err == nil && b[0] != '\n' {
			line = append([]byte{'\n'}, line...)
		}
	}
	_, err = f.Write(line)
	return err
}

// Entries are the errors, the oldest first. Lines that are none are left out.
func (l *Log) Entries() (list []Entry, err error) {
	for _, name := range []string{older, newest} {
		f, err := os.Open(l.path(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return list, err
		}
		list, err = read(f, list)
		if err := errors.Join(err, f.Close()); err != nil {
			return list, err
		}
	}
	return list, nil
}

// read adds the entries of a file.
func read(r io.Reader, list []Entry) ([]Entry, error) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e Entry
		if err == nil && json.Unmarshal(line, &e) == nil && e.Number > 0 {
			list = append(list, e)
		}
		switch {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return list, err
		}
	}
}

// Clear forgets the errors, and returns how many. Numbers go on.
func (l *Log) Clear() (n int, err error) {
	if _, err := os.Stat(l.dir); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	err = l.hold(func() error {
		list, err := l.Entries()
		n = len(list)
		for _, name := range []string{older, newest} {
			if e := os.Remove(l.path(name)); e != nil && !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
		return err
	})
	return n, err
}

// pace is how often Follow looks.
const pace = 200 * time.Millisecond

// Follow gives every error behind the one numbered seen, and those that come, until ctx
// ends.
func (l *Log) Follow(ctx context.Context, seen int64, tell func(Entry)) error {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for stamp := "-"; ; {
		if now := l.stamp(); now != stamp {
			stamp = now
			list, err := l.Entries()
			if err != nil {
				return err
			}
			for _, e := range list {
				if e.Number > seen {
					seen = e.Number
					tell(e)
				}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// stamp changes when the file does.
func (l *Log) stamp() string {
	info, err := os.Stat(l.path(newest))
	if err != nil {
		return ""
	}
	return strings.Join([]string{info.ModTime().String(), strconv.FormatInt(info.Size(), 10)}, " ")
}
