package runtime

// Classes as scripts see them: THE CLASS TABLE's types, method calls and properties. A
// class is a row, its methods are rows; user-written classes are not supported.

import (
	"strings"

	"cos/lang"
)

// class is one class of the table (class_*.go).
type class struct {
	Name    string
	Alias   []string // other names it answers to
	Extends string
	Methods []method
	Doc     string
}

// method is one method. self is nil for a class method. An argument passed by
// reference arrives as kindReference.
type method struct {
	Name     string
	Min, Max int
	Instance bool
	Fn       func(p *Process, self *object, a []Value) Value
	Doc      string
}

var classIndex = map[string]*class{}

// registerClasses adds rows to the class table.
func registerClasses(list ...*class) {
	for _, c := range list {
		classIndex[c.Name] = c
		for _, a := range c.Alias {
			classIndex[a] = c
		}
	}
}

// findClass returns a class by name; "X" stands for "%Library.X" when it begins
// with %.
func findClass(name string) *class {
	if c := classIndex[name]; c != nil {
		return c
	}
	if strings.HasPrefix(name, "%") && !strings.Contains(name, ".") {
		return classIndex["%Library."+name[1:]]
	}
	return nil
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

// isA says whether the class is another or extends it.
func (c *class) isA(name string) bool {
	for k := c; k != nil; k = classIndex[k.Extends] {
		if k.Name == name {
			return true
		}
		for _, a := range k.Alias {
			if a == name {
				return true
			}
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

func (c *compiler) member(n *lang.Member) *memberExpr {
	x := &memberExpr{name: n.Name, args: c.actuals(n.Actual), parens: n.Parens}
	switch of := n.Of.(type) {
	case *lang.Class:
		x.class = of.Name
	case *lang.System:
		x.class = "%SYSTEM." + of.Name
	case *lang.This:
		c.fail(n, "relative references (..) need a class, and user-written classes are not supported")
	default:
		x.of = c.expr(n.Of)
	}
	return x
}

func (n *memberExpr) eval(p *Process) Value {
	v := n.invoke(p)
	if v.kind == kindUndefined {
		p.raise(errCommand, "")
	}
	return v
}

// invoke calls the method, or reads the property.
func (n *memberExpr) invoke(p *Process) Value {
	if n.of != nil {
		o := p.objectOf(n.of.eval(p))
		if !n.parens {
			return p.property(o, n.name)
		}
		return n.run(p, o.class, o)
	}
	k := findClass(n.class)
	if k == nil {
		p.raise(errNoClass, "*"+n.class)
	}
	return n.run(p, k, nil)
}

func (n *memberExpr) run(p *Process, k *class, self *object) Value {
	m := k.method(n.name)
	if m == nil || m.Instance && self == nil {
		p.raise(errNoMethod, "*"+n.name+","+k.Name)
	}
	base, refs := len(p.stack), len(p.refs)
	p.evalActuals(n.args)
	a := p.stack[base:]
	if len(a) < m.Min || m.Max >= 0 && len(a) > m.Max {
		p.raise(errParameter, "")
	}
	v := m.Fn(p, self, a)
	p.stack, p.refs = p.stack[:base], p.refs[:refs]
	return v
}

// objectOf is the object of an oref, or <INVALID OREF>.
func (p *Process) objectOf(v Value) *object {
	o := v.object()
	if o == nil {
		p.raise(errInvalidOref, "")
	}
	return o
}

func (p *Process) property(o *object, name string) Value {
	v, ok := o.props[name]
	if !ok {
		p.raise(errNoProperty, "*"+name+","+o.class.Name)
	}
	return v
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

// methodCmd is DO x.method(…): the result is dropped.
type methodCmd struct{ member *memberExpr }

func (n *methodCmd) exec(p *Process) flow {
	n.member.invoke(p)
	return flowNext
}

// propertyTarget is SET x.name=value.
type propertyTarget struct {
	of   expr
	name string
}

func (c *compiler) memberTarget(n *lang.Member) target {
	if n.Parens {
		c.fail(n, "a method call cannot be assigned to")
	}
	return &propertyTarget{of: c.expr(n.Of), name: n.Name}
}

func (n *propertyTarget) set(p *Process, v Value) {
	o := p.objectOf(n.of.eval(p))
	if _, ok := o.props[n.name]; !ok {
		p.raise(errNoProperty, "*"+n.name+","+o.class.Name)
	}
	o.props[n.name] = v
}

func (c *compiler) json(n *lang.JSON) expr {
	c.fail(n, "JSON literals are not built")
	return nil
}

// $CLASSMETHOD(class,method,args…)
type classMethodExpr struct {
	class, name expr
	args        []expr
}

func compileClassMethod(c *compiler, n *lang.Call) expr {
	x := &classMethodExpr{class: c.expr(n.Args[0]), name: c.optional(n, 1)}
	if x.name == nil {
		c.fail(n, "$CLASSMETHOD needs a method")
	}
	if len(n.Args) > 2 {
		x.args = c.exprs(n.Args[2:])
	}
	return x
}

func (n *classMethodExpr) eval(p *Process) Value {
	m := &memberExpr{class: p.text8(n.class.eval(p)), name: p.text8(n.name.eval(p)), parens: true}
	for _, a := range n.args {
		m.args = append(m.args, actual{x: a})
	}
	return m.eval(p)
}

func fnIsObject(_ *Process, a []Value) Value { return Bool(a[0].isObject()) }
