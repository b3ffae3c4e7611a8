package runtime

// Functions of objects and classes: calls and properties by name.

import "cos/lang"

// objectFunctions are the rows; their arguments may be passed by reference.
func objectFunctions() []intrinsic {
	return []intrinsic{
		{Name: "CLASSMETHOD", Abbr: "CLASSMETHOD", Min: 2, Max: -1, compile: compileClassMethod,
			Syntax: "$CLASSMETHOD(class,method,args…)", Doc: "calls a class method by name"},
		{Name: "CLASSNAME", Abbr: "CLASSNAME", Min: 0, Max: 1, Fn: fnClassName,
			Syntax: "$CLASSNAME(oref)", Doc: "the name of an object's class"},
		{Name: "METHOD", Abbr: "METHOD", Min: 2, Max: -1, compile: compileMethod,
			Syntax: "$METHOD(oref,method,args…)", Doc: "calls a method of an object by name"},
		{Name: "PARAMETER", Abbr: "PARAMETER", Min: 2, Max: 2, Fn: fnParameter,
			Syntax: "$PARAMETER(class,name)", Doc: "a parameter of a class, or of an object's class"},
		{Name: "PROPERTY", Abbr: "PROPERTY", Min: 2, Max: -1, compile: compileProperty,
			Syntax: "$PROPERTY(oref,name[,subscripts…])", Doc: "a property of an object by name; SET assigns it"},
	}
}

// namedCall is $CLASSMETHOD and $METHOD.
type namedCall struct {
	of, name expr
	args     []actual
	instance bool
}

func compileClassMethod(c *compiler, n *lang.Call) expr { return c.namedCall(n, false) }
func compileMethod(c *compiler, n *lang.Call) expr      { return c.namedCall(n, true) }

func (c *compiler) namedCall(n *lang.Call, instance bool) expr {
	return &namedCall{of: c.needed(n, 0), name: c.needed(n, 1), args: c.callActuals(n.Args[2:]), instance: instance}
}

// needed compiles an argument that may not be omitted.
func (c *compiler) needed(n *lang.Call, i int) expr {
	x := c.optional(n, i)
	if x == nil {
		c.fail(n, "$%s needs its argument %d", n.Name, i+1)
	}
	return x
}

// callActuals compiles arguments of a function as an actual list.
func (c *compiler) callActuals(list []lang.Node) []actual {
	out := make([]actual, len(list))
	for i, a := range list {
		switch a := a.(type) {
		case nil:
		case *lang.ByRef:
			out[i].ref = c.refActual(a.X)
		case *lang.Spread:
			out[i].ref, out[i].variadic = c.refActual(a.X), true
		default:
			out[i].x = c.expr(a)
		}
	}
	return out
}

func (n *namedCall) eval(p *Process) Value { return p.valueOf(n) }

func (n *namedCall) invoke(p *Process, drop bool) Value {
	of, name := n.of.eval(p), n.name.eval(p).utf8()
	if n.instance {
		o := p.objectOf(of)
		return p.callMethod(o.class, o, name, n.args, drop)
	}
	if of.length() == 0 {
		p.raise(errNoCurrent, "")
	}
	return p.callMethod(p.classNamed(of.utf8()), nil, name, n.args, drop)
}

// propertyExpr is $PROPERTY.
type propertyExpr struct {
	of, name expr
	args     []actual
}

func compileProperty(c *compiler, n *lang.Call) expr {
	return &propertyExpr{of: c.needed(n, 0), name: c.needed(n, 1), args: c.callActuals(n.Args[2:])}
}

func (n *propertyExpr) eval(p *Process) Value {
	o := p.objectOf(n.of.eval(p))
	name := n.name.eval(p).utf8()
	if len(n.args) == 0 {
		return p.property(o, name)
	}
	r := o.class.property(name)
	if r == nil || r.At == nil {
		p.raise(errNoProperty, "*"+name+","+o.class.Name)
	}
	return p.propertyAt(o, r, n.args)
}

// propertyFunctionTarget is SET $PROPERTY(oref,name)=value.
func (c *compiler) propertyFunctionTarget(n *lang.Call) target {
	if len(n.Args) != 2 {
		c.fail(n, "$PROPERTY takes an object and a name where it is assigned to")
	}
	return &propertyTarget{of: c.needed(n, 0), name: c.needed(n, 1)}
}

func fnIsObject(_ *Process, a []Value) Value { return Bool(a[0].isObject()) }

// fnClassName is $CLASSNAME; without an argument it is the class of the current object,
// and there is none.
func fnClassName(p *Process, a []Value) Value {
	if v := arg(a, 0); v.defined() {
		return Text(p.objectOf(v).class.Name)
	}
	p.raise(errNoCurrent, "")
	return Value{}
}

func fnParameter(p *Process, a []Value) Value {
	if !a[0].defined() || !a[1].defined() {
		p.raise(errSyntax, "")
	}
	var k *class
	if o := a[0].object(); o != nil {
		k = o.class
	} else {
		k = p.classNamed(a[0].utf8())
	}
	return k.parameter(a[1].utf8())
}

// parameter is the value of a class parameter, "" when the class has none of the name.
func (c *class) parameter(name string) Value {
	for k := c; k != nil; k = classIndex[k.Extends] {
		for i := range k.Parameters {
			if k.Parameters[i].Name == name {
				return FromUTF8(k.Parameters[i].Value)
			}
		}
	}
	return Empty
}
