package format

// Files: their encoding, byte-order mark and line ends stay as they are.

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"cos/lang"
)

var mark = []byte("\xef\xbb\xbf")

// File formats the bytes of a routine file.
func File(name string, data []byte, o *Options) ([]byte, error) {
	text := lang.DecodeSource(data)
	body := bytes.TrimPrefix(data, mark)
	lines := bytes.Split(body, []byte("\n"))
	for _, line := range lines {
		if bytes.IndexByte(bytes.TrimSuffix(line, []byte("\r")), '\r') >= 0 {
			return nil, errors.New("it has carriage returns that end no line")
		}
	}
	made, err := Source(name, text, o)
	if err != nil || made == text {
		return data, err
	}
	out := strings.Split(made, "\n")
	if len(out) != len(lines) {
		return nil, errors.New("formatting would change the number of lines; please report this")
	}
	var b bytes.Buffer
	b.Write(data[:len(data)-len(body)])
	wide := utf8.Valid(body)
	for i, line := range out {
		if wide {
			b.WriteString(line)
		} else {
			for _, r := range line {
				b.WriteByte(byte(r)) // DecodeSource made it of this byte
			}
		}
		if bytes.HasSuffix(lines[i], []byte("\r")) {
			b.WriteByte('\r')
		}
		if i < len(out)-1 {
			b.WriteByte('\n')
		}
	}
	return b.Bytes(), nil
}
