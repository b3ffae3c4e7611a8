package runtime

// Comparison: the relational operators = < [ ] ]] and the order of subscripts.

import (
	"cmp"
	"math"
	"math/bits"
	"strings"
)

// equal is a=b: whether the texts are the same.
func equal(a, b Value) bool {
	if a.kind == kindNumber && b.kind == kindNumber {
		return a.mant == b.mant && a.exp == b.exp // canonical
	}
	if a.kind == kindText && b.kind == kindText {
		return a.text == b.text
	}
	return equalSlow(a, b)
}

func equalSlow(a, b Value) bool {
	if a.kind == kindDouble && b.kind == kindDouble {
		return a.double() == b.double()
	}
	if a.kind == kindWide || b.kind == kindWide {
		return a.kind == b.kind && a.text == b.text
	}
	if b.kind == kindText {
		a, b = b, a
	}
	if a.kind != kindText {
		return a.str() == b.str()
	}
	if b.isInteger() && uint64(b.mant) < 10 {
		return len(a.text) == 1 && a.text[0] == '0'+byte(b.mant)
	}
	var buf [maxNumberText]byte
	return a.text == string(b.appendText(buf[:0]))
}

// less is a<b: whether a's number is smaller.
func less(a, b Value) bool {
	if a.isInteger() && b.isInteger() {
		return a.mant < b.mant
	}
	return lessSlow(a, b)
}

func lessSlow(a, b Value) bool {
	a, b = a.number(), b.number()
	if a.kind == kindDouble || b.kind == kindDouble {
		return compareDoubles(a, b) < 0
	}
	return compareNumbers(a, b) < 0
}

// compareDoubles orders two numbers at least one of which is a double; unordered (NAN)
// is 1, so that no < and no > holds between them when both ways are asked.
func compareDoubles(a, b Value) int {
	x, y := a.float(), b.float()
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return 1
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// compareNumbers orders two decimals.
func compareNumbers(a, b Value) int {
	if a.exp == b.exp {
		return cmp.Compare(a.mant, b.mant)
	}
	aneg, am := magnitude(a.mant)
	bneg, bm := magnitude(b.mant)
	switch {
	case aneg != bneg || am == 0 || bm == 0:
		return cmp.Compare(a.mant, b.mant)
	case aneg:
		return compareMagnitudes(bm, int(b.exp), am, int(a.exp))
	}
	return compareMagnitudes(am, int(a.exp), bm, int(b.exp))
}

// compareMagnitudes orders am×10^aexp and bm×10^bexp, both positive.
func compareMagnitudes(am uint64, aexp int, bm uint64, bexp int) int {
	if aexp < bexp {
		return -compareMagnitudes(bm, bexp, am, aexp)
	}
	if aexp-bexp > 19 {
		return 1 // at least 10^20 times a unit of b
	}
	hi, lo := bits.Mul64(am, pow10[aexp-bexp])
	if hi != 0 {
		return 1
	}
	return cmp.Compare(lo, bm)
}

// follows is a]b: whether a's characters come after b's by their codes.
func follows(a, b Value) bool {
	if a.kind == kindText && b.kind == kindText {
		return a.text > b.text
	}
	return compareText(a.asText(), b.asText()) > 0
}

// sortsAfter is a]]b: whether a comes after b as a subscript.
func sortsAfter(a, b Value) bool { return collate(a, b) > 0 }

// contains is a[b: whether b's characters occur in a.
func contains(a, b Value) bool {
	if a.kind == kindText && b.kind == kindText {
		return strings.Contains(a.text, b.text)
	}
	return find(a.asText(), b.asText(), 0) >= 0
}

// collate orders subscripts: "" first, then canonical numbers, then other text by its
// codes.
func collate(a, b Value) int {
	if a.isInteger() && b.isInteger() {
		return cmp.Compare(a.mant, b.mant)
	}
	an, aok := a.subscriptNumber()
	bn, bok := b.subscriptNumber()
	switch {
	case aok && bok:
		return compareNumbers(an, bn)
	case aok:
		return -numberFirst(b)
	case bok:
		return numberFirst(a)
	}
	return compareText(a.asText(), b.asText())
}

// numberFirst is where v, which is no number, sorts from any number.
func numberFirst(v Value) int {
	if v.length() == 0 {
		return -1
	}
	return 1
}

// subscriptNumber is the number v is as a subscript; ok is false for other text.
func (v Value) subscriptNumber() (n Value, ok bool) {
	switch v.kind {
	case kindNumber:
		return v, true
	case kindDouble:
		v = v.asText()
	}
	if v.kind != kindText || len(v.text) == 0 || v.text[0] > '9' || !isCanonical(v.text) {
		return Value{}, false
	}
	return textNumber(v.text), true
}

// compareText orders two texts by their character codes.
func compareText(a, b Value) int {
	if a.kind == kindText && b.kind == kindText {
		return strings.Compare(a.text, b.text)
	}
	n := min(a.length(), b.length())
	for i := range n {
		if c := cmp.Compare(a.char(i), b.char(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.length(), b.length())
}
