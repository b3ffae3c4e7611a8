package runtime

// Orefs: objects inside a Value. The pointer is the data pointer of Value.text, which
// keeps the object alive and lets it be collected; this file is the only one with
// unsafe (house decision 9).

import (
	"strconv"
	"sync/atomic"
	"unsafe"
)

// object is an instance of a class of the class table.
type object struct {
	class *class
	id    int64
	props map[string]Value
	state any // what the class's methods keep
}

var lastOref atomic.Int64

func newObject(c *class) *object {
	return &object{class: c, id: lastOref.Add(1)}
}

// oref makes a value of an object.
func oref(o *object) Value {
	return Value{text: unsafe.String((*byte)(unsafe.Pointer(o)), 1), kind: kindObject}
}

// object returns the object of an oref, nil for any other value.
func (v Value) object() *object {
	if v.kind != kindObject {
		return nil
	}
	return (*object)(unsafe.Pointer(unsafe.StringData(v.text)))
}

// orefText is an oref as WRITE shows it: 1@%Library.DynamicObject.
func orefText(v Value) string {
	o := v.object()
	return strconv.FormatInt(o.id, 10) + "@" + o.class.Name
}

// dropOrefs empties what a variable holds of orefs, which mean nothing in another
// process.
func (v *Var) dropOrefs() {
	if v.kind == kindObject {
		v.Value = Empty
	}
	if v.nodes != nil {
		v.nodes.each(func(_ Value, n *Var) { n.dropOrefs() })
	}
}

// textAddress tells strings that share their bytes from others.
func textAddress(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }
