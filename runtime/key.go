package runtime

// key, a subscript as the trees hold it.

import (
	"cmp"
	"math"
	"strings"
)

// key is a subscript in the form that equal subscripts share, so that it can be
// compared with == and index a map. There are five forms:
//
//	integer         text "", n the integer (but not the smallest int64, which is emptyKey's)
//	""              text "", n math.MinInt64
//	8-bit text      text its characters, n keyText
//	wide text       text its 16-bit units, n keyWide
//	other number    text its canonical form, n keyNumber
type key struct {
	text string
	n    int64
}

const (
	keyText = iota
	keyWide
	keyNumber
)

// emptyKey is the null string, before every other subscript.
var emptyKey = key{n: math.MinInt64}

// key is v as a subscript. Canonical numeric text gives its number's key.
func (v Value) key() key {
	if v.isInteger() && v.mant != math.MinInt64 {
		return key{n: v.mant}
	}
	return v.keySlow()
}

func (v Value) keySlow() key {
	switch v.kind {
	case kindText:
		return textKey(v.text)
	case kindWide:
		return key{v.text, keyWide}
	case kindNumber:
		return key{v.str(), keyNumber}
	case kindUndefined:
		return emptyKey
	}
	return textKey(v.str())
}

func textKey(s string) key {
	switch {
	case s == "":
		return emptyKey
	case s[0] > '9':
		return key{s, keyText} // the common case: a name
	case !isCanonical(s):
		return key{s, keyText}
	}
	if n := textNumber(s); n.exp == 0 && n.mant != math.MinInt64 {
		return key{n: n.mant}
	}
	return key{s, keyNumber}
}

// isInt tells whether k is an integer.
func (k key) isInt() bool { return k.text == "" && k.n != math.MinInt64 }

// isEmpty tells whether k is the null string.
func (k key) isEmpty() bool { return k == emptyKey }

// value is the subscript as a value.
func (k key) value() Value {
	switch {
	case k.text == "":
		if k.n == math.MinInt64 {
			return Empty
		}
		return Int(k.n)
	case k.n == keyWide:
		return Value{text: k.text, kind: kindWide}
	}
	return Text(k.text)
}

// compare orders keys as subscripts: "" first, numbers by value, text by codes.
func (a key) compare(b key) int {
	if a.text == "" && b.text == "" {
		return cmp.Compare(a.n, b.n) // "" is the smallest int64
	}
	if a.text != "" && b.text != "" && a.n == keyText && b.n == keyText {
		return strings.Compare(a.text, b.text)
	}
	return a.compareSlow(b)
}

func (a key) compareSlow(b key) int {
	if c := cmp.Compare(a.rank(), b.rank()); c != 0 {
		return c
	}
	if a.rank() == 1 {
		return compareNumbers(a.number(), b.number())
	}
	return compareText(a.value(), b.value())
}

// rank is 0 for "", 1 for numbers and 2 for other text.
func (k key) rank() int {
	switch {
	case k == emptyKey:
		return 0
	case k.text == "" || k.n == keyNumber:
		return 1
	}
	return 2
}

// number is the number of a key of rank 1.
func (k key) number() Value {
	if k.text == "" {
		return Int(k.n)
	}
	return textNumber(k.text)
}
