package runtime

// Value, the one currency of the interpreter: constructors and accessors. Arithmetic
// is in decimal.go, comparison in compare.go.

import (
	"math"

	"cos/devices"
)

// Value is an M value: a string of characters, a decimal number, an IEEE double or an
// oref. It has at most four fields and 32 bytes, or the compiler stops keeping Values
// in registers (TestValueFitsRegisters). The zero Value is "undefined" and never
// reaches a program.
//
// A number is mant × 10^exp in canonical form: exp is 0 for every integer that fits
// mant; otherwise mant has no trailing decimal zero when exp < 0, and exp > 0 only
// when the number does not fit with exp 0. So equal numbers have equal fields.
type Value struct {
	text string // kindText: one byte a character; kindWide: 16-bit units, low byte first; kindObject: see oref.go
	mant int64  // kindNumber: significand; kindDouble: math.Float64bits
	exp  int8   // kindNumber: decimal exponent
	kind kind
}

type kind uint8

const (
	kindUndefined kind = iota
	kindText           // 8-bit characters
	kindWide           // at least one character above 255
	kindNumber         // decimal
	kindDouble         // $DOUBLE
	kindObject         // oref
	kindLast           // the * or *-n of $EXTRACT, $PIECE, $LIST: mant is the offset; only in argument lists
	kindReference      // an actual passed by reference: mant is its index in Process.refs; only in argument lists
)

// Empty is the null string.
var Empty = Value{kind: kindText}

// Text makes a value of a string that holds one byte per character.
func Text(s string) Value { return Value{text: s, kind: kindText} }

// Int makes an integer value.
func Int(n int64) Value { return Value{mant: n, kind: kindNumber} }

// Bool makes 1 or 0.
func Bool(b bool) Value {
	if b {
		return Value{mant: 1, kind: kindNumber}
	}
	return Value{kind: kindNumber}
}

// Double makes an IEEE value.
func Double(f float64) Value { return Value{mant: int64(math.Float64bits(f)), kind: kindDouble} }

// FromDevice makes a value of what a READ returned.
func FromDevice(t devices.Text) Value {
	if t.Wide {
		return Value{text: t.S, kind: kindWide}
	}
	return Value{text: t.S, kind: kindText}
}

func (v Value) defined() bool   { return v.kind != kindUndefined }
func (v Value) isInteger() bool { return v.kind == kindNumber && v.exp == 0 }
func (v Value) isObject() bool  { return v.kind == kindObject }
func (v Value) double() float64 { return math.Float64frombits(uint64(v.mant)) }
