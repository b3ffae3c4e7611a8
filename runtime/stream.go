package runtime

// Streams: sequences of characters without the limit of strings, in memory or beside a
// file that %Save writes.

import (
	"bytes"
	"os"
	"path/filepath"

	"cos/devices"
)

// stream is the state of a stream object. Characters are kept as in Value: one byte
// each while all fit.
type stream struct {
	buf    []byte
	wide   bool
	at     int    // where the next Read begins, in characters
	fresh  bool   // the next Write replaces what there is
	eol    string // LineTerminator
	binary bool
	disk   bool       // it stands for a file
	file   string     // "" until it is linked
	utf8   bool       // the file is UTF-8, not one byte a character
	loaded bool       // the file has been read
	of     *Contained // the routine that it is the text of, nil: none
}

func (s *stream) size() int {
	if s.wide {
		return len(s.buf) / 2
	}
	return len(s.buf)
}

// slice is the characters from lo up to hi, at most as many as a string holds.
func (s *stream) slice(lo, hi int) Value {
	if s.wide {
		return narrow(string(s.buf[2*lo : 2*hi]))
	}
	return Text(string(s.buf[lo:hi]))
}

// rest is what has not been read.
func (s *stream) rest() Value { return s.slice(s.at, s.size()) }

// append writes text at the end.
func (s *stream) append(p *Process, v Value) {
	if s.fresh {
		s.clear()
	}
	s.loaded = true // what a file held is to be replaced
	v = v.asText()
	p.claim(2 * len(v.text))
	if v.kind == kindWide {
		if s.binary {
			p.raise(errWideChar, "")
		}
		if !s.wide {
			p.claim(2 * len(s.buf))
			s.buf, s.wide = []byte(widen(string(s.buf))), true
		}
	}
	if s.wide {
		s.buf = append(s.buf, v.units()...)
		return
	}
	s.buf = append(s.buf, v.text...)
}

func (s *stream) clear() {
	s.buf, s.wide, s.at, s.fresh, s.loaded = nil, false, 0, false, true
}

// load reads the file before the first use of what it holds.
func (s *stream) load(p *Process) error {
	if !s.disk || s.loaded || s.file == "" {
		return nil
	}
	info, err := p.files().Stat(s.file)
	if err != nil {
		if os.IsNotExist(err) { // a file that is to be written
			s.loaded = true
			return nil
		}
		return err
	}
	p.claim(int(min(info.Size(), 1<<40)))
	b, err := p.files().ReadFile(s.file)
	if err != nil {
		return err
	}
	s.buf, s.wide, s.loaded = b, false, true
	if s.utf8 && !s.binary {
		v := FromUTF8(string(b))
		s.buf, s.wide = []byte(v.text), v.kind == kindWide
	}
	return nil
}

// save writes the file: whole, or not at all.
func (s *stream) save(files *devices.Files) error {
	if !s.disk || s.file == "" || !s.loaded {
		return nil
	}
	data := s.buf
	switch {
	case s.utf8 && !s.binary:
		data = []byte(s.slice(0, s.size()).utf8())
	case s.wide:
		return errWideStream
	}
	f, err := files.CreateTemp(filepath.Dir(s.file), ".cos-*")
	if err != nil {
		return err
	}
	defer files.Remove(f.Name())
	_, err = f.Write(data)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, e := files.Stat(s.file); e == nil {
		mode = info.Mode().Perm()
	}
	if err := files.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return files.Rename(f.Name(), s.file)
}

type wideStreamError struct{}

func (wideStreamError) Error() string {
	return "a wide character needs TranslateTable UTF8"
}

var errWideStream = wideStreamError{}

// index is where part begins at or after from, in characters; -1 for nowhere.
func (s *stream) index(part Value, from int) int {
	if from >= s.size() {
		return -1
	}
	if !s.wide {
		if part.kind == kindWide {
			return -1
		}
		if i := bytes.Index(s.buf[from:], []byte(part.text)); i >= 0 {
			return from + i
		}
		return -1
	}
	if i := indexUnits(string(s.buf[2*from:]), part.units()); i >= 0 {
		return from + i/2
	}
	return -1
}
