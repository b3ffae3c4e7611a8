package runtime

// %Stream classes and their older %Library names.

import "cos/devices"

// streamClass is one row of the stream classes.
type streamClass struct {
	name         string
	alias        []string
	binary, disk bool
	doc          string
}

const streamObject = "%Stream.Object"

func init() {
	registerClasses(&class{Name: streamObject, Alias: []string{"%Library.AbstractStream"}, Abstract: true, Doc: "what streams share",
		Properties: []property{
			{Name: "Size", Get: func(p *Process, o *object) Value { return Int(int64(p.loaded(o).size())) }, Doc: "how many characters the stream has"},
			{Name: "AtEnd", Get: func(p *Process, o *object) Value { s := p.loaded(o); return Bool(s.at >= s.size()) }, Doc: "1 behind the last character"},
			{Name: "LineTerminator", Get: func(_ *Process, o *object) Value { return Text(o.stream().eol) }, Set: func(p *Process, o *object, v Value) { o.stream().eol = p.text8(v) }, Doc: "what ends a line"},
			{Name: "Filename", Get: func(_ *Process, o *object) Value { return FromUTF8(o.stream().file) }, Set: func(p *Process, o *object, v Value) { streamLink(p, o, []Value{v}) }, Doc: "the file that a file stream stands for"},
			{Name: "TranslateTable", Get: func(_ *Process, o *object) Value {
				return Text(map[bool]string{true: "UTF8", false: "RAW"}[o.stream().utf8])
			}, Set: setTranslateTable, Doc: "UTF8 or RAW: the encoding of the file"},
		},
		Methods: []method{
			{Name: "Write", Min: 0, Max: 1, Instance: true, Fn: streamWrite, Doc: "appends text; the first Write after Rewind replaces what there is"},
			{Name: "WriteLine", Min: 0, Max: 1, Instance: true, Fn: streamWriteLine, Doc: "appends text and the line terminator"},
			{Name: "Read", Min: 0, Max: 2, Instance: true, Fn: streamRead, Doc: "Read(.len,.sc): at most len characters; len becomes how many, -1 at the end"},
			{Name: "ReadLine", Min: 0, Max: 3, Instance: true, Fn: streamReadLine, Doc: "ReadLine(.len,.sc,.eol): up to a line terminator; eol becomes 1 if there was one"},
			{Name: "Rewind", Min: 0, Max: 0, Instance: true, Fn: streamRewind, Doc: "goes back to the first character"},
			{Name: "MoveToEnd", Min: 0, Max: 0, Instance: true, Fn: streamToEnd, Doc: "goes behind the last character: Write appends"},
			{Name: "MoveTo", Min: 1, Max: 1, Instance: true, Fn: streamMoveTo, Doc: "goes to a character, from 1"},
			{Name: "Clear", Min: 0, Max: 0, Instance: true, Fn: func(_ *Process, o *object, _ []Value) Value { o.stream().clear(); return statusOK }, Doc: "empties the stream"},
			{Name: "Flush", Min: 0, Max: 0, Instance: true, Fn: streamSave, Doc: "as %Save"},
			{Name: "%Save", Min: 0, Max: 0, Instance: true, Fn: streamSave, Doc: "writes the file of a file stream"},
			{Name: "SaveStream", Min: 0, Max: 0, Instance: true, Fn: streamSave, Doc: "as %Save"},
			{Name: "SizeGet", Min: 0, Max: 0, Instance: true, Fn: func(p *Process, o *object, _ []Value) Value { return Int(int64(p.loaded(o).size())) }, Doc: "as Size"},
			{Name: "CopyFrom", Min: 1, Max: 1, Instance: true, Fn: streamCopy(false), Doc: "replaces the stream by another, or by a string"},
			{Name: "CopyFromAndSave", Min: 1, Max: 1, Instance: true, Fn: streamCopy(true), Doc: "CopyFrom and %Save"},
			{Name: "FindAt", Min: 2, Max: 2, Instance: true, Fn: streamFind, Doc: "FindAt(position,text): where text begins at or after position, -1 for nowhere"},
			{Name: "OutputToDevice", Min: 0, Max: 1, Instance: true, Fn: streamOutput, Doc: "writes the rest to the current device"},
			{Name: "LinkToFile", Min: 1, Max: 1, Instance: true, Fn: streamLink, Doc: "makes a file stream stand for a file"},
		}})
	for _, c := range []streamClass{
		{"%Stream.TmpCharacter", nil, false, false, "a stream of characters in memory"},
		{"%Stream.TmpBinary", nil, true, false, "a stream of bytes in memory"},
		{"%Stream.GlobalCharacter", []string{"%Library.GlobalCharacterStream"}, false, false, "a stream of characters; it lasts as long as its object"},
		{"%Stream.GlobalBinary", []string{"%Library.GlobalBinaryStream"}, true, false, "a stream of bytes; it lasts as long as its object"},
		{"%Stream.FileCharacter", []string{"%Library.FileCharacterStream"}, false, true, "a stream of characters kept in a file"},
		{"%Stream.FileBinary", []string{"%Library.FileBinaryStream"}, true, true, "a stream of bytes kept in a file"},
	} {
		registerClasses(&class{Name: c.name, Alias: c.alias, Extends: streamObject, Doc: c.doc, New: c.make})
	}
}

// make is %New of a stream; an argument names nothing and is ignored, as in Caché.
func (c streamClass) make(_ *Process, o *object, _ []Value) {
	s := &stream{eol: "\r\n", binary: c.binary, disk: c.disk, utf8: c.disk && !c.binary, loaded: !c.disk, fresh: true}
	if c.disk {
		s.eol = "\n"
	}
	o.state = s
}

func (o *object) stream() *stream { return o.state.(*stream) }

// loaded is the stream with its file read.
func (p *Process) loaded(o *object) *stream {
	s := o.stream()
	if err := s.load(p); err != nil {
		p.throwStatus(p.failure(statusCannotOpen, FromUTF8(s.file)))
	}
	return s
}

func setTranslateTable(p *Process, o *object, v Value) {
	switch upper(p.text8(v)) {
	case "UTF8":
		o.stream().utf8 = true
	case "RAW", "":
		o.stream().utf8 = false
	default:
		p.raise(errIllegal, "")
	}
}

func streamWrite(p *Process, o *object, a []Value) Value {
	o.stream().append(p, p.in(a, 0).orEmpty())
	return statusOK
}

func streamWriteLine(p *Process, o *object, a []Value) Value {
	s := o.stream()
	s.append(p, p.in(a, 0).orEmpty())
	s.append(p, Text(s.eol))
	return statusOK
}

func streamRead(p *Process, o *object, a []Value) Value {
	s := p.loaded(o)
	s.fresh = false
	want := min(p.inInt(a, 0, 32656), maxString)
	if want < 0 {
		p.raise(errIllegal, "")
	}
	n := min(int(want), s.size()-s.at)
	v := s.slice(s.at, s.at+n)
	s.at += n
	p.out(a, 0, readCount(n, want > 0))
	p.out(a, 1, statusOK)
	return v
}

// readCount is what len becomes: -1 at the end.
func readCount(n int, wanted bool) Value {
	if n == 0 && wanted {
		return Int(-1)
	}
	return Int(int64(n))
}

func streamReadLine(p *Process, o *object, a []Value) Value {
	s := p.loaded(o)
	s.fresh = false
	limit := min(max(0, p.inInt(a, 0, maxString)), maxString)
	if s.at >= s.size() {
		p.out(a, 0, Int(-1))
		p.out(a, 1, statusOK)
		p.out(a, 2, Int(0))
		return Empty
	}
	end, next := s.size(), s.size()
	if i := s.index(Text(s.eol), s.at); i >= 0 && s.eol != "" {
		end, next = i, i+len(s.eol)
	}
	found := end < s.size()
	if end-s.at > int(limit) {
		end = s.at + int(limit)
		next, found = end, false
	}
	v := s.slice(s.at, end)
	p.out(a, 0, Int(int64(end-s.at)))
	p.out(a, 1, statusOK)
	p.out(a, 2, Bool(found))
	s.at = next
	return v
}

func streamRewind(_ *Process, o *object, _ []Value) Value {
	s := o.stream()
	s.at, s.fresh = 0, true
	return statusOK
}

func streamToEnd(p *Process, o *object, _ []Value) Value {
	s := p.loaded(o)
	s.at, s.fresh = s.size(), false
	return statusOK
}

func streamMoveTo(p *Process, o *object, a []Value) Value {
	s := p.loaded(o)
	n := p.in(a, 0).int64()
	if n < 1 || n > int64(s.size())+1 {
		return Int(0)
	}
	s.at, s.fresh = int(n-1), false
	return Int(1)
}

func streamSave(p *Process, o *object, a []Value) Value {
	s := o.stream()
	if s.of != nil {
		return routineSave(p, o, a)
	}
	if err := s.save(p.files()); err != nil {
		p.oserror = err
		return p.failure(statusCannotOpen, FromUTF8(s.file))
	}
	return statusOK
}

func streamCopy(save bool) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		s, v := o.stream(), p.in(a, 0)
		if from := v.object(); from != nil {
			src, ok := from.state.(*stream)
			if !ok || src == s {
				return p.failure(statusGeneral, Text("CopyFrom needs another stream"))
			}
			p.loaded(from)
			v = src.slice(0, src.size())
		}
		s.clear()
		s.append(p, v.asText())
		s.at = 0
		if save {
			return streamSave(p, o, nil)
		}
		return statusOK
	}
}

func streamFind(p *Process, o *object, a []Value) Value {
	s, from := p.loaded(o), p.in(a, 0).int64()
	part := p.in(a, 1).asText()
	if from < 1 {
		from = int64(s.at) + 1
	}
	if part.length() == 0 || from > int64(s.size()) {
		return Int(-1)
	}
	if i := s.index(part, int(from-1)); i >= 0 {
		return Int(int64(i + 1))
	}
	return Int(-1)
}

func streamOutput(p *Process, o *object, a []Value) Value {
	s := p.loaded(o)
	left := min(max(0, p.inInt(a, 0, int64(s.size()))), int64(s.size()-s.at))
	for left > 0 {
		n := int(min(left, jsonPiece))
		if err := p.writeValue(s.slice(s.at, s.at+n)); err != nil {
			p.ioError(err, errWrite)
		}
		s.at += n
		left -= int64(n)
	}
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return statusOK
}

func streamLink(p *Process, o *object, a []Value) Value {
	s := o.stream()
	if !s.disk {
		p.raise(errNoMethod, "*LinkToFile,"+o.class.Name)
	}
	eol, utf8 := s.eol, s.utf8
	*s = stream{eol: eol, utf8: utf8, binary: s.binary, disk: true, fresh: true, file: p.fileName(a, 0)}
	return statusOK
}
