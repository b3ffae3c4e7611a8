package devices

// The operating system's error numbers, as OSError() and error displays show them.

import (
	"errors"
	"syscall"
)

// Errno finds the operating system's error in err: its number and text.
func Errno(err error) (number int, text string, ok bool) {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return 0, "", false
	}
	text = no.Error()
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		text = string(text[0]-'a'+'A') + text[1:]
	}
	return int(no), text, true
}
