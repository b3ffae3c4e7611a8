package repl

// Lines that nobody types at a terminal, and text as devices and as Go have it.

import (
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"cos/devices"
)

// plainLines are the lines of a pipe or file. They come through the terminal device,
// whose buffer READ shares.
type plainLines struct{ r *Prompt }

// command reads lines until nothing is open any more.
func (l *plainLines) command(string) (string, error) {
	text, err := l.line()
	for err == nil && incomplete(text) {
		more, err := l.line()
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return "", err
		}
		text += "\n" + more
	}
	return text, err
}

func (l *plainLines) line() (string, error) {
	return l.r.wait(func() (string, error) {
		res, err := l.r.Terminal.ReadCommand()
		switch {
		case errors.Is(err, io.EOF):
			return "", io.EOF
		case errors.Is(err, devices.ErrInterrupted):
			return "", errCleared
		}
		return toUTF8(res.Text), err
	})
}

func (l *plainLines) remember(string)  {}
func (l *plainLines) typed() bool      { return false }
func (l *plainLines) past() []string   { return nil }
func (l *plainLines) forget()          {}
func (l *plainLines) close()           {}
func (l *plainLines) above() io.Writer { return os.Stderr }

// toUTF8 is a device's text as Go text.
func toUTF8(t devices.Text) string {
	var b strings.Builder
	if !t.Wide {
		for i := 0; i < len(t.S); i++ {
			b.WriteRune(rune(t.S[i]))
		}
		return b.String()
	}
	units := make([]uint16, len(t.S)/2)
	for i := range units {
		units[i] = uint16(t.S[2*i]) | uint16(t.S[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}

// fromUTF8 is Go text as a device's text.
func fromUTF8(s string) devices.Text {
	var narrow, wide []byte
	isWide := false
	for _, c := range s {
		isWide = isWide || c > 255
		narrow = append(narrow, byte(c))
	}
	if !isWide {
		return devices.Text{S: string(narrow)}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return devices.Text{S: string(wide), Wide: true}
}
