package runtime

// %Exception: what CATCH receives and THROW raises.

import "strings"

func init() {
	registerClasses(
		&class{Name: "%Exception.AbstractException", Doc: "what THROW takes and CATCH receives", Methods: []method{
			{Name: "DisplayString", Min: 0, Max: 1, Instance: true, Fn: exceptionDisplay, Doc: "Name Code Location Data"},
			{Name: "AsSystemError", Min: 0, Max: 0, Instance: true, Fn: exceptionSystemError, Doc: "the error as $ZERROR shows it"},
			{Name: "%IsA", Min: 1, Max: 1, Instance: true, Fn: objectIsA, Doc: "whether the object is of a class"},
			{Name: "%ClassName", Min: 0, Max: 1, Instance: true, Fn: objectClassName, Doc: "the name of the object's class"},
		}},
		&class{Name: "%Exception.SystemException", Extends: "%Exception.AbstractException", Doc: "an M error", Methods: []method{
			{Name: "%New", Min: 0, Max: 5, Fn: newException("%Exception.SystemException"), Doc: "%New(name,code,location,data,inner)"},
		}},
		&class{Name: "%Exception.General", Extends: "%Exception.AbstractException", Doc: "an error of the program's own", Methods: []method{
			{Name: "%New", Min: 0, Max: 5, Fn: newException("%Exception.General"), Doc: "%New(name,code,location,data,inner)"},
		}},
		&class{Name: "%Exception.StatusException", Extends: "%Exception.AbstractException", Doc: "an error made of a %Status", Methods: []method{
			{Name: "%New", Min: 0, Max: 5, Fn: newException("%Exception.StatusException"), Doc: "%New(name,code,location,data,inner)"},
		}},
	)
}

func newException(name string) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		o := newObject(classIndex[name])
		o.props = map[string]Value{}
		for i, n := range []string{"Name", "Code", "Location", "Data", "InnerException"} {
			v := p.in(a, i)
			if !v.defined() {
				v = Empty
			}
			o.props[n] = v
		}
		return oref(o)
	}
}

// exception is the object that CATCH receives for an error.
func (p *Process) exception(e *Error) Value {
	if e.Object.isObject() {
		return e.Object
	}
	o := newObject(classIndex["%Exception.SystemException"])
	code := 0
	if e.kind != nil {
		code = e.kind.Code
	}
	o.props = map[string]Value{
		"Name": FromUTF8("<" + e.Name + ">"), "Code": Int(int64(code)),
		"Location": FromUTF8(e.Place), "Data": FromUTF8(e.Info), "InnerException": Empty,
	}
	return oref(o)
}

// exceptionDisplay is DisplayString(): empty parts leave their blanks (spec §4.3).
func exceptionDisplay(p *Process, self *object, _ []Value) Value {
	parts := make([]string, 0, 4)
	for _, n := range []string{"Name", "Code", "Location", "Data"} {
		parts = append(parts, self.props[n].utf8())
	}
	return FromUTF8(strings.TrimRight(strings.Join(parts, " "), " "))
}

func exceptionSystemError(p *Process, self *object, _ []Value) Value {
	return FromUTF8(systemErrorText(self))
}

func systemErrorText(o *object) string {
	s := o.props["Name"].utf8()
	if !strings.HasPrefix(s, "<") {
		s = "<" + s + ">"
	}
	s += o.props["Location"].utf8()
	if d := o.props["Data"].utf8(); d != "" {
		s += " " + d
	}
	return s
}

func objectIsA(p *Process, self *object, a []Value) Value {
	return Bool(self.class.isA(p.in(a, 0).utf8()))
}

func objectClassName(p *Process, self *object, a []Value) Value {
	name := self.class.Name
	if !p.in(a, 0).defined() || !p.in(a, 0).truth() {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	return Text(name)
}

// throwObject is THROW object: to the nearest CATCH or trap.
func (p *Process) throwObject(v Value) {
	o := v.object()
	if o == nil || !o.class.isA("%Exception.AbstractException") {
		p.raise(errInvalidOref, "")
	}
	name := strings.Trim(o.props["Name"].utf8(), "<>")
	e := &Error{kind: errThrow, Name: errThrow.Name, Code: "ZTHROW", Object: v}
	if k := errorTable[name]; k != nil && o.class.Name == "%Exception.SystemException" {
		e.kind, e.Name, e.Code, e.Info = k, k.Name, k.ecode(), o.props["Data"].utf8()
	} else {
		e.Info = "*" + o.class.Name + " " + exceptionDisplay(p, o, nil).utf8()
	}
	p.throw(e)
}
