package runtime

// Classes as scripts see them: THE CLASS TABLE's types, method calls and properties. A
// class is a row; its methods and properties are rows. User-written classes are not
// supported.

import (
	"strings"

	"cos/lang"
)

// class is one class of the table (class_*.go).
type class struct {
	Name       string
	Alias      []string // other names it answers to
	Extends    string   // "" for %Library.RegisteredObject
	Methods    []method
	Properties []property
	Parameters []parameter
	New        func(p *Process, self *object, a []Value) // %OnNew; nil: %New takes no arguments
	Abstract   bool                                      // its class methods only: %New does not exist
	Member     func(o *object, name string) Value        // reads any name as a property; nil: only the rows are
	SetMember  func(p *Process, o *object, name string, v Value)
	Doc        string
}

// method is one method. self is nil for a class method. An argument passed by
// reference arrives as kindReference. A method without a result returns Value{}.
type method struct {
	Name     string
	Min, Max int
	Instance bool
	Fn       func(p *Process, self *object, a []Value) Value
	Class    func(p *Process, k *class, a []Value) Value     // in place of Fn: k is the class it was called on
	Do       func(p *Process, self *object, a []Value) Value // in place of Fn when DO calls it; nil: Fn
	Doc      string
}

// property is one property. Without Get its value is kept with the object, Default at
// first; without Set too it can be set, unless it is ReadOnly.
type property struct {
	Name     string
	Default  Value // the zero Value: ""
	Get      func(p *Process, self *object) Value
	Set      func(p *Process, self *object, v Value)
	At       func(p *Process, self *object, a []Value) Value // name(subscripts), nil: it has none
	ReadOnly bool
	Doc      string
}

// parameter is a class parameter, a constant.
type parameter struct{ Name, Value, Doc string }

var classIndex = map[string]*class{}

// registeredObject is what every class extends in the end.
const registeredObject = "%Library.RegisteredObject"

// registerClasses adds rows to the class table.
func registerClasses(list ...*class) {
	for _, c := range list {
		if c.Extends == "" && c.Name != registeredObject {
			c.Extends = registeredObject
		}
		classIndex[c.Name] = c
		for _, a := range c.Alias {
			classIndex[a] = c
		}
	}
}

// findClass returns a class by name; "%X" stands for "%Library.X".
func findClass(name string) *class {
	if c := classIndex[name]; c != nil {
		return c
	}
	if strings.HasPrefix(name, "%") && !strings.Contains(name, ".") {
		return classIndex["%Library."+name[1:]]
	}
	return nil
}

// classNamed is findClass, or <CLASS DOES NOT EXIST>.
func (p *Process) classNamed(name string) *class {
	k := findClass(name)
	if k == nil {
		p.raise(errNoClass, "*"+name)
	}
	return k
}

func (c *class) method(name string) *method {
	for k := c; k != nil; k = classIndex[k.Extends] {
		for i := range k.Methods {
			if k.Methods[i].Name == name {
				return &k.Methods[i]
			}
		}
	}
	return nil
}

func (c *class) property(name string) *property {
	for k := c; k != nil; k = classIndex[k.Extends] {
		for i := range k.Properties {
			if k.Properties[i].Name == name {
				return &k.Properties[i]
			}
		}
	}
	return nil
}

// inherited is what the class, or the nearest class it extends, has.
func inherited[T any](c *class, get func(*class) T, none func(T) bool) (v T) {
	for k := c; k != nil && none(v); k = classIndex[k.Extends] {
		v = get(k)
	}
	return v
}

// isA says whether the class is another or extends it.
func (c *class) isA(name string) bool {
	want := findClass(name)
	for k := c; k != nil && want != nil; k = classIndex[k.Extends] {
		if k == want {
			return true
		}
	}
	return false
}

// memberExpr is x.name, x.name(args), ##class(c).name(args), $SYSTEM.c.name(args).
type memberExpr struct {
	class  string // of a class method
	of     expr   // of an instance
	name   string
	args   []actual
	parens bool
}

func (c *compiler) member(n *lang.Member) expr {
	x := &memberExpr{name: n.Name, args: c.actuals(n.Actual), parens: n.Parens}
	switch of := n.Of.(type) {
	case *lang.Class:
		x.class = of.Name
	case *lang.System:
		x.class = "%SYSTEM." + of.Name
	case *lang.This:
		return c.noObject(n)
	default:
		x.of = c.expr(n.Of)
	}
	return x
}

// noObject is ..name: there is never a current object, since user-written classes are
// not supported. cos check says so.
func (c *compiler) noObject(n lang.Node) expr {
	if c.routine != nil {
		line, col := c.routine.lineCol(n.Offset(), 0, 0)
		c.routine.problem(line, col, "relative references (..) need a class, and user-written classes are not supported")
	}
	return noObjectExpr{}
}

type noObjectExpr struct{}

func (noObjectExpr) eval(p *Process) Value {
	p.raise(errNoCurrent, "")
	return Value{}
}

// invoker is an expression that DO may call: its value may be missing.
type invoker interface {
	invoke(p *Process, drop bool) Value
}

// valueOf is the value of a call that must give one.
func (p *Process) valueOf(n invoker) Value {
	v := n.invoke(p, false)
	if v.kind == kindUndefined {
		p.raise(errCommand, "")
	}
	return v
}

func (n *memberExpr) eval(p *Process) Value { return p.valueOf(n) }

// invoke calls the method, or reads the property.
func (n *memberExpr) invoke(p *Process, drop bool) Value {
	if n.of != nil {
		o := p.objectOf(n.of.eval(p))
		if !n.parens {
			return p.property(o, n.name)
		}
		return p.callMethod(o.class, o, n.name, n.args, drop)
	}
	return p.callMethod(p.classNamed(n.class), nil, n.name, n.args, drop)
}

// callMethod calls a method with an actual list. drop says that DO calls it.
func (p *Process) callMethod(k *class, self *object, name string, args []actual, drop bool) Value {
	m := k.method(name)
	if m == nil || m.Instance && self == nil {
		if self != nil && m == nil {
			if r := k.property(name); r != nil && r.At != nil {
				return p.propertyAt(self, r, args)
			}
		}
		p.raise(errNoMethod, "*"+name+","+k.Name)
	}
	base, refs := len(p.stack), len(p.refs)
	p.evalActuals(args)
	v := p.run(k, m, self, p.stack[base:], drop)
	p.stack, p.refs = p.stack[:base], p.refs[:refs]
	return v
}

// run runs a method with evaluated arguments.
func (p *Process) run(k *class, m *method, self *object, a []Value, drop bool) Value {
	if len(a) < m.Min || m.Max >= 0 && len(a) > m.Max {
		p.raise(errParameter, "")
	}
	switch {
	case m.Class != nil:
		return m.Class(p, k, a)
	case drop && m.Do != nil:
		return m.Do(p, self, a)
	}
	return m.Fn(p, self, a)
}

// objectOf is the object of an oref, or <INVALID OREF>.
func (p *Process) objectOf(v Value) *object {
	o := v.object()
	if o == nil {
		p.raise(errInvalidOref, "")
	}
	return o
}

// property reads a property.
func (p *Process) property(o *object, name string) Value {
	r := o.class.property(name)
	switch {
	case r == nil:
		if get := inherited(o.class, func(k *class) func(*object, string) Value { return k.Member }, func(f func(*object, string) Value) bool { return f == nil }); get != nil {
			return get(o, name)
		}
		p.raise(errNoProperty, "*"+name+","+o.class.Name)
	case r.Get != nil:
		return r.Get(p, o)
	}
	return o.stored(r)
}

// stored is the value of a property that is kept with the object.
func (o *object) stored(r *property) Value {
	if v, ok := o.props[r.Name]; ok {
		return v
	}
	return r.Default.orEmpty()
}

// prop is the value of a kept property by name.
func (o *object) prop(name string) Value { return o.stored(o.class.property(name)) }

// keep keeps the value of a property with the object.
func (o *object) keep(name string, v Value) {
	if o.props == nil {
		o.props = map[string]Value{}
	}
	o.props[name] = v
}

func (p *Process) propertyAt(o *object, r *property, args []actual) Value {
	base, refs := len(p.stack), len(p.refs)
	p.evalActuals(args)
	v := r.At(p, o, p.stack[base:])
	p.stack, p.refs = p.stack[:base], p.refs[:refs]
	return v
}

// setProperty is SET o.name=v.
func (p *Process) setProperty(o *object, name string, v Value) {
	r := o.class.property(name)
	switch {
	case r == nil:
		if set := inherited(o.class, func(k *class) func(*Process, *object, string, Value) { return k.SetMember }, func(f func(*Process, *object, string, Value)) bool { return f == nil }); set != nil {
			set(p, o, name, v)
			return
		}
		p.raise(errNoProperty, "*"+name+","+o.class.Name)
	case r.Set != nil:
		r.Set(p, o, v)
	case r.ReadOnly || r.Get != nil:
		p.raise(errReadOnly, "*"+name+","+o.class.Name)
	default:
		o.keep(name, v)
	}
}

// in is the value of an argument, which may be passed by reference or omitted.
func (p *Process) in(a []Value, i int) Value {
	if i >= len(a) {
		return Value{}
	}
	if a[i].kind == kindReference {
		return p.refs[a[i].mant].Value
	}
	return a[i]
}

// out gives an argument that was passed by reference a value; others are left alone.
func (p *Process) out(a []Value, i int, v Value) {
	if at := p.reference(a, i); at != nil {
		at.Value = v
	}
}

// reference is the variable that was passed by reference, nil for other arguments.
func (p *Process) reference(a []Value, i int) *Var {
	if i >= len(a) || a[i].kind != kindReference {
		return nil
	}
	return p.refs[a[i].mant]
}

// inText and inInt are an argument as UTF-8 text and as an integer, or what stands for
// an omitted one; "" is no integer and counts as omitted.
func (p *Process) inText(a []Value, i int, missing string) string {
	if v := p.in(a, i); v.defined() {
		return v.utf8()
	}
	return missing
}

func (p *Process) inInt(a []Value, i int, missing int64) int64 {
	if v := p.in(a, i); v.defined() && v.length() > 0 {
		return v.int64()
	}
	return missing
}

// methodCmd is DO x.method(…): the result is dropped.
type methodCmd struct{ call expr }

func (n *methodCmd) exec(p *Process) flow {
	if x, ok := n.call.(invoker); ok {
		x.invoke(p, true)
		return flowNext
	}
	n.call.eval(p)
	return flowNext
}

// propertyTarget is SET x.name=value, and SET $PROPERTY(x,name)=value.
type propertyTarget struct {
	of   expr
	name expr
}

func (c *compiler) memberTarget(n *lang.Member) target {
	if n.Parens {
		c.fail(n, "a method call cannot be assigned to")
	}
	if _, ok := n.Of.(*lang.This); ok {
		return &propertyTarget{of: c.noObject(n), name: &constant{Empty}}
	}
	if _, ok := n.Of.(*lang.Class); ok {
		c.fail(n, "a class has no properties to assign to")
	}
	return &propertyTarget{of: c.expr(n.Of), name: &constant{FromUTF8(n.Name)}}
}

func (n *propertyTarget) set(p *Process, v Value) {
	o := p.objectOf(n.of.eval(p))
	p.setProperty(o, n.name.eval(p).utf8(), v)
}
