package trace

// The trace that programs read: a JSON object a line, ASCII only. Bytes are characters of
// the same number (Latin-1), so data loses nothing.

import (
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"cos/devices"
)

// jsonLines writes objects.
type jsonLines struct {
	w     io.Writer
	hex   bool
	limit int // of data bytes an event, 0: none
	buf   []byte
}

func newJSONLines(w io.Writer, hex bool) *jsonLines { return &jsonLines{w: w, hex: hex} }

func (j *jsonLines) close() error { return nil }

func (j *jsonLines) event(e *devices.Event, explained string) error {
	j.buf = append(j.object(j.buf[:0], e, explained), '\n')
	_, err := j.w.Write(j.buf)
	return err
}

// object appends an event. Members that say nothing are left out.
func (j *jsonLines) object(b []byte, e *devices.Event, explained string) []byte {
	str := func(name, value string) {
		if value != "" {
			b = appendJSON(key(b, name), value, false)
		}
	}
	num := func(name string, n int) {
		b = strconv.AppendInt(key(b, name), int64(n), 10)
	}
	b = append(b, `{"time":"`...)
	b = e.Time.UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
	b = append(b, '"')
	num("job", e.Job)
	str("event", e.Kind)
	str("device", e.Device)
	str("place", e.Place)
	str("file", e.Source.File)
	if e.Source.Line > 0 {
		num("line", e.Source.Line)
		str("source", withoutSecrets(e.Source.Text))
	}
	str("args", e.Text)
	str("local", e.Local)
	str("peer", e.Peer)
	if len(e.Data) > 0 {
		num("bytes", len(e.Data))
		data := e.Data
		if j.limit > 0 {
			data = data[:min(len(data), j.limit)]
		}
		b = appendJSON(key(b, "data"), data, true)
		if j.hex {
			str("hex", hex.EncodeToString(data))
		}
	}
	if d := e.Time.Sub(e.Began); d >= time.Microsecond {
		b = strconv.AppendFloat(key(b, "seconds"), d.Round(time.Microsecond).Seconds(), 'f', -1, 64)
	}
	num("test", int(bit(e.Test)-'0'))
	num("za", e.ZA)
	if zb := characters(e.ZB); zb != "" {
		b = appendJSON(key(b, "zb"), zb, !e.ZB.Wide)
	}
	if e.TimedOut {
		num("timedOut", 1)
	}
	str("error", e.Error)
	if e.Child != 0 {
		num("child", e.Child)
	}
	str("note", string(e.Note))
	str("explained", explained)
	return append(b, '}')
}

// key appends the name of a member.
func key(b []byte, name string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, '"', ':')
}
