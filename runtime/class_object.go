package runtime

// %RegisteredObject: what every object can do.

import "strings"

func init() {
	registerClasses(&class{Name: registeredObject, Doc: "what every class extends", Abstract: true,
		Parameters: []parameter{{"PROPERTYVALIDATION", "2", "properties are checked when they are saved"}},
		Methods: []method{
			{Name: "%New", Min: 0, Max: -1, Class: newInstance, Doc: "makes an object"},
			{Name: "%IsA", Min: 1, Max: 1, Instance: true, Fn: objectIsA, Doc: "whether the object is of a class, or of one that extends it"},
			{Name: "%Extends", Min: 1, Max: 1, Class: classExtends, Doc: "whether the class is another, or extends it"},
			{Name: "%ClassName", Min: 0, Max: 1, Class: className, Doc: "the name of the class, with its package when the argument is true"},
			{Name: "%PackageName", Min: 0, Max: 0, Class: classPackage, Doc: "the package of the class"},
			{Name: "%GetParameter", Min: 1, Max: 1, Class: func(p *Process, k *class, a []Value) Value { return k.parameter(p.inText(a, 0, "")) }, Doc: "a parameter of the class"},
		}})
}

// newInstance is %New of every class.
func newInstance(p *Process, k *class, a []Value) Value {
	if k.Abstract {
		p.raise(errNoMethod, "*%New,"+k.Name)
	}
	o := newObject(k)
	init := inherited(k, func(k *class) func(*Process, *object, []Value) { return k.New }, func(f func(*Process, *object, []Value)) bool { return f == nil })
	switch {
	case init != nil:
		init(p, o, a)
	case len(a) > 0:
		p.raise(errParameter, "")
	}
	return oref(o)
}

func objectIsA(p *Process, self *object, a []Value) Value {
	return Bool(self.class.isA(p.in(a, 0).utf8()))
}

func classExtends(p *Process, k *class, a []Value) Value { return Bool(k.isA(p.in(a, 0).utf8())) }

func className(p *Process, k *class, a []Value) Value {
	name := k.Name
	if full := p.in(a, 0); !full.defined() || !full.truth() {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	return Text(name)
}

func classPackage(_ *Process, k *class, _ []Value) Value {
	return Text(k.Name[:max(0, strings.LastIndexByte(k.Name, '.'))])
}
