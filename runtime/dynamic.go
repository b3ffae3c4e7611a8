package runtime

// Dynamic objects and arrays: what %DynamicObject and %DynamicArray keep, and their
// JSON text. A number that came as JSON keeps the digits it was written with.

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// dynKind is the JSON type of an element.
type dynKind uint8

const (
	dynNone dynKind = iota // unassigned, or removed
	dynNull
	dynBoolean
	dynNumber // its Value may be a text of JSON digits
	dynString
	dynOref
)

var dynNames = [...]string{"unassigned", "null", "boolean", "number", "string", "oref"}

// dynValue is one element.
type dynValue struct {
	Value
	json dynKind
}

// dynamic is the state of a dynamic object or array. An object's elements stand in the
// order in which their keys came; a removed one leaves a gap until the next compaction.
type dynamic struct {
	array bool
	list  []dynValue
	keys  []string       // of an object, beside list
	index map[string]int // of an object with many keys: where each stands
	dead  int            // gaps
}

// unindexedKeys is how many keys are searched one by one.
const unindexedKeys = 8

// dynSize is about what one element takes of memory.
const dynSize = 64

func newDynamic(array bool) (*object, *dynamic) {
	name := dynamicObject
	if array {
		name = dynamicArray
	}
	o := newObject(classIndex[name])
	d := &dynamic{array: array}
	o.state = d
	return o, d
}

// value is an element as a program sees it: null and unassigned are "".
func (e dynValue) value() Value {
	switch e.json {
	case dynNone, dynNull:
		return Empty
	case dynNumber:
		return e.Value.number()
	}
	return e.Value
}

// kindName is what %GetTypeOf says.
func (e dynValue) kindName() string {
	if o := e.object(); e.json == dynOref && o != nil {
		if d, ok := o.state.(*dynamic); ok {
			return d.kindName()
		}
	}
	return dynNames[e.json]
}

func (d *dynamic) kindName() string {
	if d.array {
		return "array"
	}
	return "object"
}

// dynOf makes an element of a value.
func dynOf(v Value) dynValue {
	switch v.kind {
	case kindNumber, kindDouble:
		return dynValue{v, dynNumber}
	case kindObject:
		return dynValue{v, dynOref}
	case kindUndefined:
		return dynValue{Empty, dynString}
	}
	return dynValue{v, dynString}
}

// find is where a key of an object stands, -1 for nowhere.
func (d *dynamic) find(key string) int {
	if d.index != nil {
		if i, ok := d.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range d.keys {
		if k == key && d.list[i].json != dynNone {
			return i
		}
	}
	return -1
}

// put sets the element of a key.
func (d *dynamic) put(key string, v dynValue) {
	if i := d.find(key); i >= 0 {
		d.list[i] = v
		return
	}
	if d.dead > len(d.list)/2+unindexedKeys {
		d.compact()
	}
	d.keys, d.list = append(d.keys, key), append(d.list, v)
	switch {
	case d.index != nil:
		d.index[key] = len(d.list) - 1
	case len(d.list) > unindexedKeys:
		d.reindex()
	}
}

func (d *dynamic) reindex() {
	d.index = make(map[string]int, 2*len(d.list))
	for i, k := range d.keys {
		if d.list[i].json != dynNone {
			d.index[k] = i
		}
	}
}

// compact closes the gaps.
func (d *dynamic) compact() {
	n := 0
	for i := range d.list {
		if d.list[i].json != dynNone {
			d.list[n], d.keys[n] = d.list[i], d.keys[i]
			n++
		}
	}
	clear(d.list[n:])
	d.list, d.keys, d.dead = d.list[:n], d.keys[:n], 0
	d.reindex()
}

// remove takes the element at i out: the elements behind it in an array move up.
func (d *dynamic) remove(i int) dynValue {
	v := d.list[i]
	if d.array {
		copy(d.list[i:], d.list[i+1:])
		d.list[len(d.list)-1] = dynValue{}
		d.list = d.list[:len(d.list)-1]
		return v
	}
	delete(d.index, d.keys[i])
	d.list[i] = dynValue{}
	d.dead++
	return v
}

func (d *dynamic) size() int { return len(d.list) - d.dead }

// maxJSONDepth is how deep JSON text may nest.
const maxJSONDepth = 10_000

// jsonError is where JSON text does not parse.
type jsonError struct {
	line, offset int
	text         string
}

func (e *jsonError) Error() string {
	return fmt.Sprintf("Line %d Offset %d: %s", e.line, e.offset, e.text)
}

// parseJSON makes an object or array of JSON text. claim is asked before it grows.
func parseJSON(text string, claim func(bytes int)) (*object, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	r := jsonReader{dec: dec, claim: claim}
	err := r.read()
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			return r.root, nil
		}
		err = fmt.Errorf("text behind the value")
	}
	return nil, jsonPlace(text, dec, err)
}

// jsonPlace is a parsing error with the line and the offset in it, both from 1.
func jsonPlace(text string, dec *json.Decoder, err error) error {
	at := dec.InputOffset()
	if s, ok := err.(*json.SyntaxError); ok && s.Offset > 0 {
		at = max(at, s.Offset-1)
	}
	before := text[:min(int(at), len(text))]
	line := strings.Count(before, "\n")
	return &jsonError{line + 1, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1, err.Error()}
}

// jsonReader builds what the tokens of a decoder describe.
type jsonReader struct {
	dec   *json.Decoder
	claim func(int)
	root  *object
	stack []*dynamic
	key   string // of the object on top, when a value must follow
	keyed bool
}

func (r *jsonReader) read() error {
	for {
		t, err := r.dec.Token()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if err := r.token(t); err != nil {
			return err
		}
		if len(r.stack) == 0 {
			return nil
		}
	}
}

// token takes in one token.
func (r *jsonReader) token(t json.Token) error {
	if d, ok := t.(json.Delim); ok {
		switch d {
		case '}', ']':
			r.stack = r.stack[:len(r.stack)-1]
			return nil
		}
		return r.open(d == '[')
	}
	if len(r.stack) == 0 {
		return fmt.Errorf("the value is neither an object nor an array")
	}
	if s, ok := t.(string); ok && !r.top().array && !r.keyed {
		r.key, r.keyed = s, true
		return nil
	}
	r.add(jsonScalar(t))
	return nil
}

func (r *jsonReader) top() *dynamic { return r.stack[len(r.stack)-1] }

func (r *jsonReader) open(array bool) error {
	if len(r.stack) >= maxJSONDepth {
		return fmt.Errorf("more than %d levels", maxJSONDepth)
	}
	o, d := newDynamic(array)
	if r.root == nil {
		r.root = o
	} else {
		r.add(dynValue{oref(o), dynOref})
	}
	r.stack = append(r.stack, d)
	return nil
}

func (r *jsonReader) add(v dynValue) {
	r.claim(2*dynSize + len(v.text) + len(r.key))
	if d := r.top(); d.array {
		d.list = append(d.list, v)
	} else {
		d.put(r.key, v)
		r.keyed = false
	}
}

// jsonScalar is the element of a token.
func jsonScalar(t json.Token) dynValue {
	switch t := t.(type) {
	case string:
		return dynValue{FromUTF8(t), dynString}
	case bool:
		return dynValue{Bool(t), dynBoolean}
	case json.Number:
		return jsonNumber(string(t))
	}
	return dynValue{Empty, dynNull}
}

// jsonNumber is a number with the digits it was written with.
func jsonNumber(digits string) dynValue {
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil && strconv.FormatInt(n, 10) == digits {
		return dynValue{Int(n), dynNumber}
	}
	return dynValue{Text(digits), dynNumber}
}

// jsonWriter writes JSON text in pieces.
type jsonWriter struct {
	buf   []byte
	flush func(piece []byte) error // takes what has gathered
	depth int
}

// jsonPiece is how much gathers before flush.
const jsonPiece = 32 << 10

// errJSONDepth is raised as <FRAMESTACK>: an object that holds itself has no end.
var errJSONDepth = fmt.Errorf("the object nests too deep")

// errJSONValue is raised as <ILLEGAL VALUE>: INF and NAN have no JSON text.
var errJSONValue = fmt.Errorf("a value has no JSON text")

// foreignObject is an object that is not dynamic and so has no JSON text.
type foreignObject struct{ class *class }

func (e foreignObject) Error() string { return e.class.Name + " has no JSON text" }

func (w *jsonWriter) write(d *dynamic) error {
	if err := w.container(d); err != nil {
		return err
	}
	return w.flush(w.buf)
}

func (w *jsonWriter) container(d *dynamic) error {
	if w.depth++; w.depth > maxJSONDepth {
		return errJSONDepth
	}
	open, end := byte('{'), byte('}')
	if d.array {
		open, end = '[', ']'
	}
	w.buf = append(w.buf, open)
	first := true
	for i := range d.list {
		e := &d.list[i]
		if e.json == dynNone && !d.array {
			continue
		}
		if !first {
			w.buf = append(w.buf, ',')
		}
		first = false
		if !d.array {
			w.buf = append(appendJSONString(w.buf, d.keys[i]), ':')
		}
		if err := w.element(e); err != nil {
			return err
		}
		if len(w.buf) >= jsonPiece {
			if err := w.flush(w.buf); err != nil {
				return err
			}
			w.buf = w.buf[:0]
		}
	}
	w.buf = append(w.buf, end)
	w.depth--
	return nil
}

func (w *jsonWriter) element(e *dynValue) error {
	switch e.json {
	case dynNone, dynNull:
		w.buf = append(w.buf, "null"...)
	case dynBoolean:
		w.buf = strconv.AppendBool(w.buf, e.truth())
	case dynNumber:
		return w.number(e.Value)
	case dynOref:
		o := e.object()
		d, ok := o.state.(*dynamic)
		if !ok {
			return foreignObject{o.class}
		}
		return w.container(d)
	default:
		w.buf = appendJSONString(w.buf, e.utf8())
	}
	return nil
}

// number writes a number as JSON does: with a zero before the point.
func (w *jsonWriter) number(v Value) error {
	if v.kind == kindDouble {
		if f := v.double(); math.IsInf(f, 0) || math.IsNaN(f) {
			return errJSONValue
		}
	}
	s := v.str()
	digits := strings.TrimPrefix(s, "-")
	if len(digits) < len(s) {
		w.buf = append(w.buf, '-')
	}
	if strings.HasPrefix(digits, ".") {
		w.buf = append(w.buf, '0')
	}
	w.buf = append(w.buf, digits...)
	return nil
}

// appendJSONString writes a string in quotes. Only what JSON demands is escaped.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			if c < 32 {
				b = fmt.Appendf(b, `\u%04x`, c)
				continue
			}
			b = append(b, c)
		}
	}
	return append(b, '"')
}
