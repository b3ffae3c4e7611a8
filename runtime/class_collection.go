package runtime

// Collections: %ListOfDataTypes, %ArrayOfDataTypes and their kin for objects.

import "slices"

func init() {
	registerClasses(
		&class{Name: "%Collection.AbstractList", Doc: "what lists share", Abstract: true, New: newList,
			Properties: []property{{Name: "Size", Get: func(_ *Process, o *object) Value { return Int(int64(len(o.list().items))) }, Doc: "how many elements there are"}},
			Methods: []method{
				{Name: "Insert", Min: 1, Max: 1, Instance: true, Fn: listInsert, Doc: "adds an element at the end"},
				{Name: "InsertAt", Min: 2, Max: 2, Instance: true, Fn: listInsertAt, Doc: "InsertAt(value,position): the elements from there on move up"},
				{Name: "InsertList", Min: 1, Max: 1, Instance: true, Fn: listInsertList, Doc: "adds the elements of a $LIST"},
				{Name: "InsertOrdered", Min: 1, Max: 1, Instance: true, Fn: listInsertOrdered, Doc: "adds an element where it belongs in the order of collation"},
				{Name: "SetAt", Min: 2, Max: 2, Instance: true, Fn: listSetAt, Doc: "SetAt(value,position): replaces an element"},
				{Name: "GetAt", Min: 1, Max: 1, Instance: true, Fn: listGetAt, Doc: "the element at a position, from 1; \"\" where there is none"},
				{Name: "RemoveAt", Min: 1, Max: 2, Instance: true, Fn: listRemoveAt, Doc: "takes an element out and returns it"},
				{Name: "Count", Min: 0, Max: 0, Instance: true, Fn: func(_ *Process, o *object, _ []Value) Value { return Int(int64(len(o.list().items))) }, Doc: "how many elements there are"},
				{Name: "Clear", Min: 0, Max: 0, Instance: true, Fn: func(_ *Process, o *object, _ []Value) Value { o.list().items = nil; return statusOK }, Doc: "removes all elements"},
				{Name: "Find", Min: 1, Max: 2, Instance: true, Fn: listFindItem, Doc: "Find(value,start): the next position behind start of an element equal to value, \"\" for none"},
				{Name: "Next", Min: 0, Max: 1, Instance: true, Fn: listStep(1), Doc: "the position after another, \"\" at the end"},
				{Name: "Previous", Min: 0, Max: 1, Instance: true, Fn: listStep(-1), Doc: "the position before another, \"\" at the start"},
				{Name: "GetNext", Min: 1, Max: 1, Instance: true, Fn: listWalk(1), Doc: "GetNext(.key): the next element; key \"\" at first and at the end"},
				{Name: "GetPrevious", Min: 1, Max: 1, Instance: true, Fn: listWalk(-1), Doc: "GetPrevious(.key): the previous element"},
			}},
		&class{Name: "%Collection.AbstractArray", Doc: "what arrays share", Abstract: true, New: newArray,
			Properties: []property{{Name: "Size", Get: func(_ *Process, o *object) Value { return Int(int64(o.array().count())) }, Doc: "how many elements there are"}},
			Methods: []method{
				{Name: "SetAt", Min: 2, Max: 2, Instance: true, Fn: arraySetAt, Doc: "SetAt(value,key): sets an element"},
				{Name: "GetAt", Min: 1, Max: 1, Instance: true, Fn: arrayGetAt, Doc: "the element of a key, \"\" where there is none"},
				{Name: "RemoveAt", Min: 1, Max: 2, Instance: true, Fn: arrayRemoveAt, Doc: "takes an element out and returns it"},
				{Name: "IsDefined", Min: 1, Max: 1, Instance: true, Fn: func(p *Process, o *object, a []Value) Value { return Bool(o.array().get(p.in(a, 0)) != nil) }, Doc: "1 if the key has an element"},
				{Name: "Count", Min: 0, Max: 0, Instance: true, Fn: func(_ *Process, o *object, _ []Value) Value { return Int(int64(o.array().count())) }, Doc: "how many elements there are"},
				{Name: "Clear", Min: 0, Max: 0, Instance: true, Fn: func(_ *Process, o *object, _ []Value) Value { o.array().clear(); return statusOK }, Doc: "removes all elements"},
				{Name: "Find", Min: 1, Max: 2, Instance: true, Fn: arrayFind, Doc: "Find(value,key): the next key behind key whose element equals value, \"\" for none"},
				{Name: "Next", Min: 0, Max: 1, Instance: true, Fn: arrayStep(1), Doc: "the key after another, \"\" at the end"},
				{Name: "Previous", Min: 0, Max: 1, Instance: true, Fn: arrayStep(-1), Doc: "the key before another, \"\" at the start"},
				{Name: "GetNext", Min: 1, Max: 1, Instance: true, Fn: arrayWalk(1), Doc: "GetNext(.key): the next element; key \"\" at first and at the end"},
				{Name: "GetPrevious", Min: 1, Max: 1, Instance: true, Fn: arrayWalk(-1), Doc: "GetPrevious(.key): the previous element"},
			}},
		&class{Name: "%Library.ListOfDataTypes", Extends: "%Collection.AbstractList", Doc: "a list of values, from 1 on"},
		&class{Name: "%Library.ListOfObjects", Extends: "%Collection.AbstractList", Doc: "a list of objects, from 1 on"},
		&class{Name: "%Library.ArrayOfDataTypes", Extends: "%Collection.AbstractArray", Doc: "values by key"},
		&class{Name: "%Library.ArrayOfObjects", Extends: "%Collection.AbstractArray", Doc: "objects by key"},
	)
}

// listState is a list of an object's; objects says that it takes orefs only.
type listState struct {
	items   []Value
	objects bool
}

func (l *listState) measure(m *measurer) {
	m.total += 32 * cap(l.items)
	for i := range l.items {
		m.value(&l.items[i])
	}
}

func newList(p *Process, o *object, a []Value) {
	if len(a) > 0 {
		p.raise(errParameter, "")
	}
	o.state = &listState{objects: o.class.Name == "%Library.ListOfObjects"}
}

func (o *object) list() *listState { return o.state.(*listState) }

// item is an argument as an element.
func (p *Process) item(v Value, objects bool) Value {
	v = v.orEmpty()
	if objects && !v.isObject() && v.length() > 0 {
		p.raise(errInvalidOref, "")
	}
	p.claim(64 + len(v.text))
	return v
}

// place is the index of a position, 0 <= index <= extra + the last; false outside.
func (l *listState) place(v Value, extra int) (int, bool) {
	n := v.orEmpty().int64()
	return int(n - 1), n >= 1 && n <= int64(len(l.items)+extra)
}

func (p *Process) outOfRange(v Value) Value {
	return p.failure(statusGeneral, FromUTF8("Position '"+v.orEmpty().utf8()+"' is outside the list"))
}

func listInsert(p *Process, o *object, a []Value) Value {
	l := o.list()
	l.items = append(l.items, p.item(p.in(a, 0), l.objects))
	return statusOK
}

func listInsertAt(p *Process, o *object, a []Value) Value {
	l := o.list()
	i, ok := l.place(p.in(a, 1), 1)
	if !ok {
		return p.outOfRange(p.in(a, 1))
	}
	l.items = slices.Insert(l.items, i, p.item(p.in(a, 0), l.objects))
	return statusOK
}

func listInsertList(p *Process, o *object, a []Value) Value {
	l := o.list()
	values, ok := listElements(p.listOf(p.in(a, 0).orEmpty()))
	if !ok {
		p.raise(errList, "")
	}
	for _, v := range values {
		l.items = append(l.items, p.item(v, l.objects))
	}
	return statusOK
}

func listInsertOrdered(p *Process, o *object, a []Value) Value {
	l, v := o.list(), p.item(p.in(a, 0), o.list().objects)
	i, _ := slices.BinarySearchFunc(l.items, subscript(v), func(x, k Value) int { return collate(subscript(x), k) })
	l.items = slices.Insert(l.items, i, v)
	return statusOK
}

func listSetAt(p *Process, o *object, a []Value) Value {
	l := o.list()
	i, ok := l.place(p.in(a, 1), 1)
	if !ok {
		return p.outOfRange(p.in(a, 1))
	}
	v := p.item(p.in(a, 0), l.objects)
	if i == len(l.items) {
		l.items = append(l.items, v)
	}
	l.items[i] = v
	return statusOK
}

func listGetAt(p *Process, o *object, a []Value) Value {
	l := o.list()
	if i, ok := l.place(p.in(a, 0), 0); ok {
		return l.items[i]
	}
	return Empty
}

func listRemoveAt(p *Process, o *object, a []Value) Value {
	l := o.list()
	i, ok := l.place(p.in(a, 0), 0)
	p.out(a, 1, Bool(ok))
	if !ok {
		return Empty
	}
	v := l.items[i]
	l.items = slices.Delete(l.items, i, i+1)
	return v
}

func listFindItem(p *Process, o *object, a []Value) Value {
	l, v := o.list(), p.in(a, 0).orEmpty()
	for i := max(0, p.inInt(a, 1, 0)); i < int64(len(l.items)); i++ {
		if equal(l.items[i], v) {
			return Int(i + 1)
		}
	}
	return Empty
}

// step is the position beside another, "" standing before the first and after the last;
// 0 for none.
func (l *listState) step(from Value, dir int64) int64 {
	n := from.orEmpty().int64()
	if from.orEmpty().length() == 0 && dir < 0 {
		n = int64(len(l.items)) + 1
	}
	n = min(max(n, 0), int64(len(l.items))+1) + dir
	if n < 1 || n > int64(len(l.items)) {
		return 0
	}
	return n
}

func listStep(dir int64) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		if n := o.list().step(p.in(a, 0), dir); n > 0 {
			return Int(n)
		}
		return Empty
	}
}

func listWalk(dir int64) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		n := o.list().step(p.in(a, 0), dir)
		if n == 0 {
			p.out(a, 0, Empty)
			return Empty
		}
		p.out(a, 0, Int(n))
		return o.list().items[n-1]
	}
}

// arrayState is an array of an object's: the nodes below a variable.
type arrayState struct {
	Var
	objects bool
}

func (s *arrayState) measure(m *measurer) { m.shared(&s.Var) }

func newArray(p *Process, o *object, a []Value) {
	if len(a) > 0 {
		p.raise(errParameter, "")
	}
	o.state = &arrayState{objects: o.class.Name == "%Library.ArrayOfObjects"}
}

func (o *object) array() *arrayState { return o.state.(*arrayState) }

func (s *arrayState) count() int {
	if s.nodes == nil {
		return 0
	}
	return s.nodes.size()
}

// get is the element of a key, nil for none.
func (s *arrayState) get(key Value) *Var {
	if s.nodes == nil {
		return nil
	}
	return s.nodes.find(subscript(key.orEmpty()))
}

func arraySetAt(p *Process, o *object, a []Value) Value {
	s, key := o.array(), subscript(p.in(a, 1).orEmpty())
	if key.length() == 0 {
		return p.failure(statusGeneral, Text("A key is missing"))
	}
	v := p.item(p.in(a, 0), s.objects)
	p.claim(nodeSize + len(key.text))
	makeBelow(&s.Var, []Value{key}).Value = v
	return statusOK
}

func arrayGetAt(p *Process, o *object, a []Value) Value {
	if v := o.array().get(p.in(a, 0)); v != nil {
		return v.Value
	}
	return Empty
}

func arrayRemoveAt(p *Process, o *object, a []Value) Value {
	s, key := o.array(), p.in(a, 0)
	v := s.get(key)
	p.out(a, 1, Bool(v != nil))
	if v == nil {
		return Empty
	}
	x := v.Value
	s.nodes.remove(subscript(key.orEmpty()))
	return x
}

// step is the key beside another, "" at the end.
func (s *arrayState) step(key Value, dir int) Value {
	if s.nodes == nil {
		return Empty
	}
	k, ok := s.nodes.order(subscript(key.orEmpty()), dir)
	if !ok {
		return Empty
	}
	return k
}

func arrayFind(p *Process, o *object, a []Value) Value {
	s, v := o.array(), p.in(a, 0).orEmpty()
	for k := s.step(p.in(a, 1), 1); k.length() > 0; k = s.step(k, 1) {
		if equal(s.get(k).Value, v) {
			return k
		}
	}
	return Empty
}

func arrayStep(dir int) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value { return o.array().step(p.in(a, 0), dir) }
}

func arrayWalk(dir int) func(*Process, *object, []Value) Value {
	return func(p *Process, o *object, a []Value) Value {
		k := o.array().step(p.in(a, 0), dir)
		p.out(a, 0, k)
		if k.length() == 0 {
			return Empty
		}
		return o.array().get(k).Value
	}
}
