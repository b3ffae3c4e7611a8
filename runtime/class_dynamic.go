package runtime

// %DynamicObject, %DynamicArray and their iterators, and JSON literals in source.

import (
	"errors"
	"io/fs"

	"cos/devices"
	"cos/lang"
)

const (
	dynamicObject = "%Library.DynamicObject"
	dynamicArray  = "%Library.DynamicArray"
)

func init() {
	registerClasses(
		&class{Name: "%Library.DynamicAbstractObject", Doc: "what dynamic objects and arrays share", Abstract: true, Methods: []method{
			{Name: "%FromJSON", Min: 1, Max: 1, Class: dynFromJSON, Doc: "the object or array of JSON text, from a string or a stream"},
			{Name: "%FromJSONFile", Min: 1, Max: 1, Class: dynFromJSONFile, Doc: "the object or array of a JSON file in UTF-8"},
			{Name: "%ToJSON", Min: 0, Max: 1, Instance: true, Fn: dynToJSON, Do: dynToDevice, Doc: "the JSON text; called by DO it goes to the current device, with a stream as argument into it"},
			{Name: "%Get", Min: 1, Max: 3, Instance: true, Fn: dynGet, Doc: "the element of a key, or the default; type \"json\" gives its JSON text"},
			{Name: "%Set", Min: 2, Max: 3, Instance: true, Fn: dynSet, Doc: "sets the element of a key: %Set(key,value,type) with type null, boolean, number or string; returns the object"},
			{Name: "%Remove", Min: 1, Max: 1, Instance: true, Fn: dynRemove, Doc: "takes an element out and returns it"},
			{Name: "%Size", Min: 0, Max: 0, Instance: true, Fn: dynCount, Doc: "how many elements there are"},
			{Name: "%IsDefined", Min: 1, Max: 1, Instance: true, Fn: dynIsDefined, Doc: "1 if the key has an element"},
			{Name: "%GetTypeOf", Min: 1, Max: 1, Instance: true, Fn: dynGetTypeOf, Doc: "null, boolean, number, string, object, array, oref or unassigned"},
			{Name: "%GetIterator", Min: 0, Max: 0, Instance: true, Fn: dynIterator, Doc: "an object whose %GetNext visits the elements"},
		}},
		&class{Name: dynamicObject, Extends: "%Library.DynamicAbstractObject", Doc: "an object as JSON has them",
			New: newDynamicState(false), Member: dynMember, SetMember: dynSetMember},
		&class{Name: dynamicArray, Extends: "%Library.DynamicAbstractObject", Doc: "an array as JSON has them, from 0 on",
			New: newDynamicState(true), Member: dynMember, SetMember: dynSetMember, Methods: []method{
				{Name: "%Push", Min: 1, Max: 2, Instance: true, Fn: dynPush, Doc: "adds an element at the end; returns the array"},
				{Name: "%Pop", Min: 0, Max: 0, Instance: true, Fn: dynPop, Doc: "takes the last element out and returns it"},
			}},
		&class{Name: "%Iterator.Object", Doc: "visits the elements of a dynamic object", Abstract: true, Methods: iteratorMethods},
		&class{Name: "%Iterator.Array", Doc: "visits the elements of a dynamic array", Abstract: true, Methods: iteratorMethods},
	)
}

var iteratorMethods = []method{
	{Name: "%GetNext", Min: 1, Max: 3, Instance: true, Fn: iteratorNext, Doc: "%GetNext(.key,.value,.type): 1 and the next element, 0 at the end"},
}

func newDynamicState(array bool) func(*Process, *object, []Value) {
	return func(p *Process, o *object, a []Value) {
		if len(a) > 0 {
			p.raise(errParameter, "")
		}
		o.state = &dynamic{array: array}
	}
}

func (o *object) dynamic() *dynamic { return o.state.(*dynamic) }

// slot is where the element of a key stands, -1 where there is none.
func (d *dynamic) slot(p *Process, key Value) int {
	if !d.array {
		return d.find(key.utf8())
	}
	i := d.position(p, key)
	if i >= int64(len(d.list)) {
		return -1
	}
	return int(i)
}

// position is the index that a key of an array names.
func (d *dynamic) position(p *Process, key Value) int64 {
	n := key.number()
	if !n.isInteger() || n.mant < 0 {
		p.raise(errIllegal, "")
	}
	return n.mant
}

// at is the element of a key.
func (d *dynamic) at(p *Process, key Value) dynValue {
	if i := d.slot(p, key); i >= 0 {
		return d.list[i]
	}
	return dynValue{}
}

// set sets the element of a key; an array grows to it.
func (d *dynamic) set(p *Process, key Value, v dynValue) {
	if !d.array {
		k := key.utf8()
		p.claim(dynSize + len(k) + len(v.text))
		d.put(k, v)
		return
	}
	i := d.position(p, key)
	if missing := i - int64(len(d.list)) + 1; missing > 0 {
		p.claimItems(missing, dynSize)
		d.list = append(d.list, make([]dynValue, missing)...)
	}
	p.claim(len(v.text))
	d.list[i] = v
}

// typed is an element with the type that a program named.
func (p *Process) typed(v, kind Value) dynValue {
	if !kind.defined() {
		return dynOf(v)
	}
	switch kind.utf8() {
	case "":
		return dynOf(v)
	case "null":
		if v.length() == 0 {
			return dynValue{Empty, dynNull}
		}
		return dynOf(v)
	case "boolean":
		return dynValue{Bool(v.truth()), dynBoolean}
	case "number":
		return dynValue{v.number(), dynNumber}
	case "string":
		return dynValue{v.asText(), dynString}
	}
	p.raise(errIllegal, "")
	return dynValue{}
}

func dynGet(p *Process, self *object, a []Value) Value {
	e := self.dynamic().at(p, p.in(a, 0))
	if e.json == dynNone {
		return p.in(a, 1).orEmpty()
	}
	switch p.inText(a, 2, "") {
	case "json":
		b := builder{p: p}
		w := jsonWriter{flush: func(s []byte) error { b.add(FromUTF8(string(s))); return nil }}
		err := w.element(&e)
		if err == nil {
			err = w.flush(w.buf)
		}
		p.jsonFailure(err)
		return b.value()
	case "string":
		return e.value().asText()
	case "":
	default:
		p.raise(errIllegal, "")
	}
	return e.value()
}

func dynSet(p *Process, self *object, a []Value) Value {
	self.dynamic().set(p, p.in(a, 0), p.typed(p.in(a, 1), p.in(a, 2)))
	return oref(self)
}

func dynMember(o *object, name string) Value {
	d := o.dynamic()
	if d.array {
		i, ok := canonicalInt(name)
		if !ok || i < 0 || i >= int64(len(d.list)) {
			return Empty
		}
		return d.list[i].value()
	}
	if i := d.find(name); i >= 0 {
		return d.list[i].value()
	}
	return Empty
}

func dynSetMember(p *Process, o *object, name string, v Value) {
	o.dynamic().set(p, FromUTF8(name), dynOf(v))
}

func dynRemove(p *Process, self *object, a []Value) Value {
	d := self.dynamic()
	i := d.slot(p, p.in(a, 0))
	if i < 0 {
		return Empty
	}
	return d.remove(i).value()
}

func dynCount(_ *Process, self *object, _ []Value) Value { return Int(int64(self.dynamic().size())) }

func dynIsDefined(p *Process, self *object, a []Value) Value {
	return Bool(self.dynamic().at(p, p.in(a, 0)).json != dynNone)
}

func dynGetTypeOf(p *Process, self *object, a []Value) Value {
	return Text(self.dynamic().at(p, p.in(a, 0)).kindName())
}

func dynPush(p *Process, self *object, a []Value) Value {
	v := p.typed(p.in(a, 0), p.in(a, 1))
	p.claim(dynSize + len(v.text))
	d := self.dynamic()
	d.list = append(d.list, v)
	return oref(self)
}

func dynPop(_ *Process, self *object, _ []Value) Value {
	d := self.dynamic()
	if len(d.list) == 0 {
		return Empty
	}
	return d.remove(len(d.list) - 1).value()
}

// dynCursor is the state of an iterator: what it visits, and how far it is.
type dynCursor struct {
	of *dynamic
	at int
}

func dynIterator(_ *Process, self *object, _ []Value) Value {
	name := "%Iterator.Object"
	if self.dynamic().array {
		name = "%Iterator.Array"
	}
	o := newObject(classIndex[name])
	o.state = &dynCursor{of: self.dynamic()}
	return oref(o)
}

func iteratorNext(p *Process, self *object, a []Value) Value {
	c := self.state.(*dynCursor)
	for ; c.at < len(c.of.list); c.at++ {
		e := c.of.list[c.at]
		if e.json == dynNone {
			continue
		}
		key := Int(int64(c.at))
		if !c.of.array {
			key = FromUTF8(c.of.keys[c.at])
		}
		c.at++
		p.out(a, 0, key)
		p.out(a, 1, e.value())
		p.out(a, 2, Text(e.kindName()))
		return Int(1)
	}
	p.out(a, 0, Empty)
	p.out(a, 1, Empty)
	p.out(a, 2, Empty)
	return Int(0)
}

// dynFromJSON is %FromJSON(text or stream).
func dynFromJSON(p *Process, _ *class, a []Value) Value {
	v := p.in(a, 0).orEmpty()
	if o := v.object(); o != nil {
		s, ok := o.state.(*stream)
		if !ok {
			p.raise(errIllegal, "")
		}
		return p.fromJSON(s.rest().utf8())
	}
	return p.fromJSON(v.utf8())
}

func dynFromJSONFile(p *Process, _ *class, a []Value) Value {
	name := p.fileName(a, 0)
	info, err := p.files().Stat(name)
	if err == nil {
		p.claim(int(min(info.Size(), 1<<40)))
		var b []byte
		if b, err = p.files().ReadFile(name); err == nil {
			return p.fromJSON(string(b))
		}
	}
	code := int64(statusCannotOpen)
	if errors.Is(err, fs.ErrNotExist) {
		code = statusNoFile
	}
	p.throwStatus(p.failure(code, FromUTF8(name)))
	return Value{}
}

// fromJSON parses text, or throws %Exception.General "Parsing error".
func (p *Process) fromJSON(text string) Value {
	o, err := parseJSON(text, p.claim)
	var bad *jsonError
	if errors.As(err, &bad) {
		e := newObject(classIndex["%Exception.General"])
		e.keep("Name", Text("Parsing error"))
		e.keep("Code", Int(3))
		e.keep("Location", Text("Line "+itoa(bad.line)+" Offset "+itoa(bad.offset)))
		p.throwObject(oref(e))
	}
	return oref(o)
}

// jsonFailure raises the M error of a failed %ToJSON.
func (p *Process) jsonFailure(err error) {
	var foreign foreignObject
	switch {
	case err == nil:
	case errors.Is(err, errJSONDepth):
		p.raise(errFrameStack, "")
	case errors.Is(err, errJSONValue):
		p.raise(errIllegal, "")
	case errors.As(err, &foreign):
		p.raise(errNoMethod, "*%ToJSON,"+foreign.class.Name)
	default:
		p.ioError(err, errWrite)
	}
}

// dynToJSON is %ToJSON([stream]) as a function.
func dynToJSON(p *Process, self *object, a []Value) Value {
	if s := p.outputStream(a); s != nil {
		p.toJSON(self, func(b []byte) error { s.append(p, FromUTF8(string(b))); return nil })
		return Empty
	}
	b := builder{p: p}
	p.toJSON(self, func(s []byte) error { b.add(FromUTF8(string(s))); return nil })
	return b.value()
}

// dynToDevice is DO obj.%ToJSON([stream]).
func dynToDevice(p *Process, self *object, a []Value) Value {
	if s := p.outputStream(a); s != nil {
		return dynToJSON(p, self, a)
	}
	p.toJSON(self, func(b []byte) error { return p.io.current.Write(FromUTF8(string(b)).device()) })
	if err := p.io.current.Flush(devices.AtWriteEnd); err != nil {
		p.ioError(err, errWrite)
	}
	return Empty
}

// outputStream is the stream that the first argument names, nil when it is omitted.
func (p *Process) outputStream(a []Value) *stream {
	v := p.in(a, 0)
	if !v.defined() || v.kind != kindObject && v.length() == 0 {
		return nil
	}
	s, ok := p.objectOf(v).state.(*stream)
	if !ok {
		p.raise(errIllegal, "")
	}
	return s
}

func (p *Process) toJSON(o *object, flush func([]byte) error) {
	w := jsonWriter{flush: flush}
	p.jsonFailure(w.write(o.dynamic()))
}

// jsonExpr is a JSON literal.
type jsonExpr struct {
	array bool
	keys  []string
	vals  []expr
	fixed []dynValue // of the elements that are no expressions
}

func (c *compiler) json(n *lang.JSON) expr {
	x := &jsonExpr{array: n.Array, keys: n.Keys, vals: make([]expr, len(n.Vals)), fixed: make([]dynValue, len(n.Vals))}
	for i, v := range n.Vals {
		switch v := v.(type) {
		case *lang.JSONWord:
			switch v.Word {
			case "null":
				x.fixed[i] = dynValue{Empty, dynNull}
			default:
				x.fixed[i] = dynValue{Bool(v.Word == "true"), dynBoolean}
			}
		case *lang.Str:
			x.fixed[i] = dynValue{FromUTF8(v.Value), dynString}
		default:
			x.vals[i] = c.expr(v)
		}
	}
	return x
}

func (n *jsonExpr) eval(p *Process) Value {
	o, d := newDynamic(n.array)
	p.claim(dynSize * (len(n.vals) + 2))
	for i, x := range n.vals {
		e := n.fixed[i]
		if x != nil {
			e = dynOf(x.eval(p))
		}
		if n.array {
			d.list = append(d.list, e)
		} else {
			d.put(n.keys[i], e)
		}
	}
	return oref(o)
}
