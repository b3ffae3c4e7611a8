package runtime

// Functions of lists: the $LIST family, and what SET $LIST does.

// errListRange is raised for positions before the first element.
var errListRange = newError("RANGE", 113, "", "a list position lies before the first element")

// fnListBuild is $LISTBUILD(v,…); an omitted argument is an element without a value, and
// so is the one of $LISTBUILD().
func fnListBuild(p *Process, a []Value) Value {
	if len(a) == 0 {
		a = make([]Value, 1)
	}
	return listBuild(p, a)
}

// listBuild is the list of values; one that is undefined is an element without a value.
func listBuild(p *Process, a []Value) Value {
	var stack [128]byte
	buf := stack[:0]
	for _, v := range a {
		buf = appendElement(buf, v)
	}
	return p.listValue(buf)
}

// listValue is the list of the bytes in buf, or <MAXSTRING>.
func (p *Process) listValue(buf []byte) Value {
	if len(buf) > maxString {
		p.raise(errMaxString, "")
	}
	return Text(string(buf))
}

// listPosition is the position v names in the list s: * counts from its end, as the old
// -1 does; further before the first element is <RANGE>.
func (p *Process) listPosition(s string, v Value, missing int64) int64 {
	if v.kind == kindNumber && v.mant == -1 && v.exp == 0 {
		v = Value{kind: kindLast}
	}
	n := 0
	if v.kind == kindLast {
		n = p.listCount(s)
	}
	i := position(v, n, missing)
	if i < 0 {
		p.raise(errListRange, "")
	}
	return i
}

// listGet is the element at a position, undefined where there is none.
func (p *Process) listGet(list, where Value) Value {
	s := p.listOf(list)
	i := p.listPosition(s, where, 1)
	at, ok := p.listSeek(s, i-1)
	if i < 1 || !ok {
		return Value{}
	}
	return p.listElement(s, at).value()
}

// fnList is $LIST(list,position,end): an element, or with end a list of elements.
func fnList(p *Process, a []Value) Value {
	if len(a) > 2 && a[2].defined() {
		s := p.listOf(a[0])
		from := p.listPosition(s, a[1], 1)
		to := p.listPosition(s, a[2], 0)
		return Text(p.sublist(s, from, to))
	}
	v := p.listGet(a[0], arg(a, 1))
	if !v.defined() {
		p.raise(errNullValue, "")
	}
	return v
}

// sublist is the bytes of the elements from to to.
func (p *Process) sublist(s string, from, to int64) string {
	from = max(from, 1)
	lo, ok := p.listSeek(s, from-1)
	if !ok || to < from {
		return ""
	}
	hi := lo
	for n := to - from; n >= 0 && hi < len(s); n-- {
		hi = p.listElement(s, hi).next
	}
	return s[lo:hi]
}

func fnListGet(p *Process, a []Value) Value {
	v := p.listGet(a[0], arg(a, 1))
	switch {
	case v.defined():
		return v
	case arg(a, 2).defined():
		return a[2]
	}
	return Empty
}

func fnListLength(p *Process, a []Value) Value { return Int(int64(p.listCount(p.listOf(a[0])))) }

func fnListValid(p *Process, a []Value) Value { return Bool(isList(a[0])) }

// fnListFind is $LISTFIND(list,value,startafter): the position of the first element
// equal to value, 0 when there is none.
func fnListFind(p *Process, a []Value) Value {
	s := p.listOf(a[0])
	after := position(arg(a, 2), 0, 0)
	if after < -1 {
		p.raise(errListRange, "")
	}
	if after == -1 {
		return Int(0)
	}
	at, ok := p.listSeek(s, after)
	for n := after + 1; ok && at < len(s); n++ {
		e := p.listElement(s, at)
		if e.kind != 0 && equal(e.value(), a[1]) {
			return Int(n)
		}
		at = e.next
	}
	return Int(0)
}

// fnListFromString is $LISTFROMSTRING(string,delimiter). The null string gives an empty
// list; a null delimiter is refused.
func fnListFromString(p *Process, a []Value) Value {
	s, d := a[0].asText(), Text(",")
	if v := arg(a, 1); v.defined() {
		d = v.asText()
	}
	if d.length() == 0 {
		p.raise(errIllegal, "")
	}
	if s.length() == 0 {
		return Empty
	}
	buf := make([]byte, 0, len(s.text)+len(s.text)/4+8)
	for at, n := 0, s.length(); ; {
		i := find(s, d, at)
		if i < 0 {
			i = n
		}
		// A piece of wide text keeps its own width.
		buf = appendElement(buf, s.slice(at, i))
		if len(buf) > maxString {
			p.raise(errMaxString, "")
		}
		if i == n {
			return p.listValue(buf)
		}
		at = i + d.length()
		if at == n {
			return p.listValue(appendElement(buf, Empty))
		}
	}
}

// fnListToString is $LISTTOSTRING(list,delimiter,flag); without flag an element without
// a value is <NULL VALUE>.
func fnListToString(p *Process, a []Value) Value {
	s, d := p.listOf(a[0]), Text(",")
	if v := arg(a, 1); v.defined() {
		d = v.asText()
	}
	lenient := arg(a, 2).truth()
	b := builder{p: p, buf: make([]byte, 0, len(s))}
	for at := 0; at < len(s); {
		e := p.listElement(s, at)
		if at > 0 {
			b.add(d)
		}
		if e.kind == 0 && !lenient {
			p.raise(errNullValue, "")
		}
		b.add(e.value())
		at = e.next
	}
	return b.value()
}

// fnListSame is $LISTSAME(a,b): whether the elements are equal one by one, however they
// are encoded.
func fnListSame(p *Process, a []Value) Value {
	s, t := p.listOf(a[0]), p.listOf(a[1])
	i, j := 0, 0
	same := true
	for i < len(s) && j < len(t) {
		x, y := p.listElement(s, i), p.listElement(t, j)
		if (x.kind == 0) != (y.kind == 0) || x.kind != 0 && !equal(x.value(), y.value()) {
			same = false
		}
		i, j = x.next, y.next
	}
	for ; i < len(s); same = false {
		i = p.listElement(s, i).next
	}
	for ; j < len(t); same = false {
		j = p.listElement(t, j).next
	}
	return Bool(same)
}

// fnListUpdate is $LISTUPDATE(list,position,value,…): the values replace the elements
// from position on; an undefined one, which is also what a false bool:value passes,
// leaves its element alone.
func fnListUpdate(p *Process, a []Value) Value {
	s := p.listOf(a[0])
	first := a[1].int64()
	if first < 0 {
		p.raise(errListRange, "")
	}
	values := a[2:]
	for len(values) > 0 && !values[len(values)-1].defined() {
		values = values[:len(values)-1]
	}
	if first == 0 || len(values) == 0 {
		return a[0].asText()
	}
	at, ok := p.listSeek(s, first-1)
	buf := append(make([]byte, 0, len(s)+32*len(values)), s[:at]...)
	if !ok {
		buf = p.padList(buf, first-1-int64(p.listCount(s)))
	}
	for _, v := range values {
		var old element
		if at < len(s) {
			old = p.listElement(s, at)
		}
		switch {
		case v.defined():
			buf = appendElement(buf, v)
		case at < len(s):
			buf = append(buf, s[at:old.next]...)
		default:
			buf = appendElement(buf, Value{})
		}
		if at < len(s) {
			at = old.next
		}
	}
	return p.listValue(append(buf, s[at:]...))
}

// padList appends n elements without a value.
func (p *Process) padList(buf []byte, n int64) []byte {
	if n > maxString {
		p.raise(errMaxString, "")
	}
	for ; n > 0; n-- {
		buf = appendElement(buf, Value{})
	}
	return buf
}

// setList is what SET $LIST(old,position)=value stores, and with a defined end what SET
// $LIST(old,position,end)=list does: there the elements of a list replace those of the
// range.
func setList(p *Process, old, where, end, value Value) Value {
	s := p.listOf(old)
	from := p.listPosition(s, where, 1)
	to := from
	isRange := end.defined()
	if isRange {
		to = p.listPosition(s, end, 0)
		from = max(from, 1)
	}
	if from < 1 {
		p.raise(errListRange, "")
	}
	if to < from {
		return old.asText()
	}
	lo, ok := p.listSeek(s, from-1)
	buf := append(make([]byte, 0, len(s)+32), s[:lo]...)
	if !ok {
		buf = p.padList(buf, from-1-int64(p.listCount(s)))
	}
	if isRange {
		part := p.listOf(value)
		p.listCount(part)
		buf = append(buf, part...)
	} else {
		buf = appendElement(buf, value)
	}
	hi := lo
	for n := to - from; n >= 0 && hi < len(s); n-- {
		hi = p.listElement(s, hi).next
	}
	return p.listValue(append(buf, s[hi:]...))
}
