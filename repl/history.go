package repl

// The history: what was executed, in memory and in a file that all sessions share. Each
// command is appended at once, so it outlives a session that is killed.
//
// In the file a command is a line; one of several lines has a backslash at the end of each
// but the last, and a line that ends in a backslash of its own a blank behind it.

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// What the history keeps.
const (
	historySize = 1000    // commands
	longest     = 1 << 16 // bytes of one
)

// history is what one session sees of it: what the file held when it began, and its own.
type history struct {
	path string // "": there is no file
	past []string
}

// openHistory reads the file. A history that cannot be read is no reason to stop.
func openHistory(path string) *history {
	h := &history{path: path}
	if path == "" || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		h.path = ""
		return h
	}
	h.locked(func(f *os.File) {
		b, _ := os.ReadFile(path)
		h.past = decodeHistory(b)
		if len(h.past) > 2*historySize { // the file has grown: keep what is newest
			h.past = h.past[len(h.past)-historySize:]
			h.rewrite()
		}
		h.past = h.past[max(0, len(h.past)-historySize):]
	})
	return h
}

// add remembers a command, unless it is the last one again.
func (h *history) add(text string) bool {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if n := len(h.past); n > 0 && h.past[n-1] == text || len(text) > longest {
		return false
	}
	h.past = append(h.past, text)
	if len(h.past) > 2*historySize {
		h.past = append([]string(nil), h.past[historySize:]...)
	}
	h.locked(func(f *os.File) { _, _ = f.Write(encodeHistory(text)) })
	return true
}

// clear forgets everything.
func (h *history) clear() {
	h.past = nil
	h.locked(func(f *os.File) { _ = f.Truncate(0) })
}

// rewrite puts a file with what is in memory in the place of the old one.
func (h *history) rewrite() {
	var b []byte
	for _, text := range h.past {
		b = append(b, encodeHistory(text)...)
	}
	fresh := h.path + ".new"
	if os.WriteFile(fresh, b, 0o600) == nil {
		_ = os.Rename(fresh, h.path)
	}
}

// locked opens the file while no other session changes it. When another one has just put a
// new file in its place, that is the one to open.
func (h *history) locked(do func(f *os.File)) {
	for try := 0; h.path != "" && try < 10; try++ {
		f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return
		}
		lockFile(f)
		mine, err := f.Stat()
		named, failed := os.Stat(h.path)
		if err == nil && failed == nil && os.SameFile(mine, named) {
			do(f)
			f.Close()
			return
		}
		f.Close()
	}
}

// encodeHistory is a command as the file holds it.
func encodeHistory(text string) []byte {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasSuffix(strings.TrimRight(l, " "), `\`) {
			lines[i] = l + " "
		}
	}
	return []byte(strings.Join(lines, "\\\n") + "\n")
}

// decodeHistory reads commands. A last line without an end is one that somebody is writing
// or was killed at.
func decodeHistory(b []byte) (past []string) {
	text := ""
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte("\n"))
		b = rest
		l := strings.ToValidUTF8(string(line), "\uFFFD")
		if more, ok := strings.CutSuffix(l, `\`); ok && ended {
			text += unblank(more) + "\n"
			continue
		}
		if text += unblank(l); strings.TrimSpace(text) != "" {
			past = append(past, text)
		}
		text = ""
	}
	return past
}

// unblank takes the blank behind a backslash away.
func unblank(line string) string {
	if bare, ok := strings.CutSuffix(line, " "); ok && strings.HasSuffix(strings.TrimRight(bare, " "), `\`) {
		return bare
	}
	return line
}
