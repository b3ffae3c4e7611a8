package trace

// The trace as a page: a sequence diagram that needs nothing but a browser. page.html
// draws it from the events, which follow it as lines of JSON up to the end of the file. So
// the page is written as it happens, and is whole even when the program is killed.

import (
	_ "embed"
	"io"
	"strconv"

	"cos/devices"
)

//go:embed page.html
var page string

// What a page holds at most; a browser stays quick with it.
const (
	pageEvents = 50_000
	pageBytes  = 4096 // of one event
)

// diagram writes a page.
type diagram struct {
	jsonLines
	events  int
	dropped int
}

func newDiagram(w io.Writer, title string) (*diagram, error) {
	d := &diagram{jsonLines: jsonLines{w: w, limit: pageBytes}}
	b := append([]byte(page), `{"title":`...)
	_, err := w.Write(append(appendJSON(b, title, false), '}', '\n'))
	return d, err
}

func (d *diagram) event(e *devices.Event, explained string) error {
	if d.events >= pageEvents {
		d.dropped++
		return nil
	}
	d.events++
	return d.jsonLines.event(e, explained)
}

func (d *diagram) close() error {
	end := "</script>\n</body>\n</html>\n"
	if d.dropped > 0 {
		end = `{"dropped":` + strconv.Itoa(d.dropped) + "}\n" + end
	}
	_, err := io.WriteString(d.w, end)
	return err
}
