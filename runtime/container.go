package runtime

// Files that hold several routines: what ^%RO writes, and the <Export> XML of Studio and
// of $SYSTEM.OBJ.Export.

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"cos/lang"
)

// Contained is one routine or include file of a container.
type Contained struct {
	Name   string
	Type   string // MAC, INT, INC; "" when the container does not say: as INT
	Source string
}

// File names the routine within its container, for errors.
func (c *Contained) File(container string) string {
	if c.Type == "" {
		return container + "(" + c.Name + ")"
	}
	return container + "(" + c.Name + "." + c.Type + ")"
}

// ErrClass says that a file holds classes, which are not supported.
var ErrClass = errors.New("user-written classes are not supported")

// ErrNoExport says that an XML file is of another kind.
var ErrNoExport = errors.New("not an <Export> of routines")

// Unpack takes a container apart. A file that is none is one routine, named by its file.
// The error is ErrClass when there are only classes, or tells what is malformed.
func Unpack(path string, data []byte) ([]Contained, error) {
	ext := strings.ToLower(filepath.Ext(path))
	text := lang.DecodeSource(data)
	switch {
	case ext == ".cls":
		return nil, ErrClass
	case ext == ".xml", strings.HasPrefix(strings.TrimSpace(text[:min(len(text), 1000)]), "<?xml"):
		return unpackExport(text)
	case isRoutineOutput(text):
		return unpackOutput(text)
	}
	return []Contained{{Name: RoutineName(path), Source: text}}, nil
}

// unpackExport reads <Export><Routine name= type=>…</Routine>…</Export>.
func unpackExport(text string) (list []Contained, err error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is decoded
	classes, root := 0, true
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoExport, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch {
		case root && start.Name.Local != "Export":
			return nil, fmt.Errorf("%w: it begins with <%s>", ErrNoExport, start.Name.Local)
		case root:
			root = false
		case start.Name.Local == "Routine":
			var r struct {
				Name string `xml:"name,attr"`
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			}
			if err := d.DecodeElement(&r, &start); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoExport, err)
			}
			list = append(list, Contained{r.Name, strings.ToUpper(r.Type), strings.TrimPrefix(r.Text, "\n")})
		case start.Name.Local == "Class":
			classes++
			fallthrough
		default:
			if err := d.Skip(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNoExport, err)
			}
		}
	}
	switch {
	case len(list) == 0 && classes > 0:
		return nil, ErrClass
	case len(list) == 0:
		return nil, errors.New("there is no routine in this file")
	}
	return list, nil
}

// isRoutineOutput recognises what ^%RO writes: two lines about the file, then each
// routine's name on a line of its own, with its type on Caché.
func isRoutineOutput(text string) bool {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return false
	}
	name, kind, typed := strings.Cut(lines[2], "^")
	if !validRoutine(strings.TrimSpace(name)) {
		return false
	}
	switch kind, _, _ = strings.Cut(kind, "^"); kind {
	case "INT", "MAC", "INC", "BAS", "MVB", "MVI":
		return true
	}
	for _, made := range []string{"%RO", "GT.M ", "YottaDB "} {
		if strings.HasPrefix(lines[0], made) || strings.HasPrefix(lines[1], made) {
			return !typed
		}
	}
	return strings.Contains(lines[0], "~Format=")
}

// unpackOutput reads what ^%RO wrote. An empty line ends a routine, two end the file.
func unpackOutput(text string) (list []Contained, err error) {
	lines := strings.Split(text, "\n")
	for i := 2; i < len(lines); {
		head := strings.Split(lines[i], "^")
		c := Contained{Name: strings.TrimSpace(head[0])}
		if c.Name == "" {
			break
		}
		if !validRoutine(c.Name) {
			return nil, fmt.Errorf("line %d: %q is no routine name", i+1, lines[i])
		}
		if len(head) > 1 {
			c.Type = strings.ToUpper(head[1])
		}
		from := i + 1
		for i = from; i < len(lines) && lines[i] != ""; i++ {
		}
		c.Source = strings.Join(lines[from:i], "\n") + "\n"
		list = append(list, c)
		i++
	}
	return list, nil
}

// Runnable tells what can be compiled from what is read for it (INC) or is in another
// language.
func (c *Contained) Runnable() bool { return c.Type == "" || c.Type == "INT" || c.Type == "MAC" }

// AddInclude makes an include file of a container known.
func (s *System) AddInclude(c *Contained) {
	s.routines.Lock()
	defer s.routines.Unlock()
	s.includes[c.Name] = c.Source
}

// load makes the routines of a container callable. Of a name that is there as MAC and as
// INT, the MAC counts. It returns the first routine.
func (s *System) load(path string, list []Contained) (first *Routine, err error) {
	macs := map[string]bool{}
	for i := range list {
		switch c := &list[i]; c.Type {
		case "INC":
			s.AddInclude(c)
		case "MAC":
			macs[c.Name] = true
		}
	}
	for i := range list {
		c := &list[i]
		if !c.Runnable() || c.Type != "MAC" && macs[c.Name] {
			continue
		}
		r := s.counted(s.Compile(c.Name, c.File(path), c.Source))
		s.Define(r)
		if first == nil {
			first = r
			continue
		}
		for _, e := range r.Errors {
			fmt.Fprintln(s.cfg.Stderr, e.Long())
		}
	}
	if first == nil {
		return nil, fmt.Errorf("%s: there is no routine that can be run in this file", path)
	}
	return first, nil
}
