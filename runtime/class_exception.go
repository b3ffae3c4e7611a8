package runtime

// %Exception: what CATCH receives and THROW raises.

import (
	"fmt"
	"strings"
)

// exceptionProperties are the arguments of %New in their order.
var exceptionProperties = []property{
	{Name: "Name", Doc: "the name of the error"},
	{Name: "Code", Doc: "its number"},
	{Name: "Location", Doc: "where it happened: label+offset^routine"},
	{Name: "Data", Doc: "more about it"},
	{Name: "InnerException", Doc: "the exception behind it"},
}

func init() {
	registerClasses(
		&class{Name: "%Exception.AbstractException", Doc: "what THROW takes and CATCH receives", Abstract: true,
			Properties: exceptionProperties, Methods: []method{
				{Name: "DisplayString", Min: 0, Max: 1, Instance: true, Fn: exceptionDisplay, Doc: "Name Code Location Data"},
				{Name: "AsSystemError", Min: 0, Max: 0, Instance: true, Fn: exceptionSystemError, Doc: "the error as $ZERROR shows it"},
				{Name: "AsStatus", Min: 0, Max: 0, Instance: true, Fn: exceptionStatus, Doc: "the error as a status"},
				{Name: "AsSQLCODE", Min: 0, Max: 0, Instance: true, Fn: exceptionSQLCode, Doc: "the error as an SQLCODE"},
				{Name: "AsSQLMessage", Min: 0, Max: 0, Instance: true, Fn: exceptionDisplay, Doc: "the error as a message of SQL"},
				{Name: "Log", Min: 0, Max: 0, Instance: true, Fn: exceptionLog, Doc: "reports the exception where untrapped errors of jobs are reported, and in their log (^%ERN)"},
				{Name: "StackAsArray", Min: 1, Max: 1, Instance: true, Fn: exceptionStack, Doc: "StackAsArray(.a): the levels at the last error; a is how many, a(i) the place"},
			}},
		&class{Name: "%Exception.SystemException", Extends: "%Exception.AbstractException", Doc: "an M error", New: newException},
		&class{Name: "%Exception.General", Extends: "%Exception.AbstractException", Doc: "an error of the program's own", New: newException},
		&class{Name: "%Exception.StatusException", Extends: "%Exception.AbstractException", Doc: "an error made of a status", New: newException, Methods: []method{
			{Name: "CreateFromStatus", Min: 1, Max: 1, Fn: exceptionFromStatus, Doc: "the exception of a failure"},
			{Name: "ThrowIfInterrupt", Min: 1, Max: 1, Fn: exceptionIfInterrupt, Doc: "throws the status if <INTERRUPT> is behind it"},
		}},
		&class{Name: "%Exception.SQL", Extends: "%Exception.AbstractException", Doc: "an error of SQL", New: newException, Methods: []method{
			{Name: "CreateFromSQLCODE", Min: 2, Max: 2, Fn: exceptionFromSQL, Doc: "the exception of an SQLCODE and a message"},
		}},
	)
}

// newException is %New(name,code,location,data,inner).
func newException(p *Process, o *object, a []Value) {
	if len(a) > len(exceptionProperties) {
		p.raise(errParameter, "")
	}
	for i := range a {
		o.keep(exceptionProperties[i].Name, p.in(a, i).orEmpty())
	}
}

// exception is the object that CATCH receives for an error.
func (p *Process) exception(e *Error) Value {
	if e.Object.isObject() {
		return e.Object
	}
	code := 0
	if e.kind != nil {
		code = e.kind.Code
	}
	return exceptionOf("%Exception.SystemException", FromUTF8("<"+e.Name+">"), Int(int64(code)), FromUTF8(e.Place), FromUTF8(e.Info))
}

// exceptionOf makes an exception with the first of its properties.
func exceptionOf(class string, values ...Value) Value {
	o := newObject(classIndex[class])
	for i, v := range values {
		o.keep(exceptionProperties[i].Name, v)
	}
	return oref(o)
}

// exceptionDisplay is DisplayString(): empty parts leave their blanks (spec §4.3); of
// a status its messages.
func exceptionDisplay(_ *Process, self *object, _ []Value) Value {
	if sc, ok := self.state.(Value); ok {
		return FromUTF8(statusText(sc))
	}
	parts := make([]string, 0, 4)
	for _, n := range []string{"Name", "Code", "Location", "Data"} {
		parts = append(parts, self.prop(n).utf8())
	}
	return FromUTF8(strings.TrimRight(strings.Join(parts, " "), " "))
}

func exceptionSystemError(_ *Process, self *object, _ []Value) Value {
	return FromUTF8(systemErrorText(self))
}

func systemErrorText(o *object) string {
	s := o.prop("Name").utf8()
	if !strings.HasPrefix(s, "<") {
		s = "<" + s + ">"
	}
	s += o.prop("Location").utf8()
	if d := o.prop("Data").utf8(); d != "" {
		s += " " + d
	}
	return s
}

// exceptionStatus is AsStatus(): of an M error code 5002, of others 5035, of a status
// the status itself.
func exceptionStatus(p *Process, self *object, _ []Value) Value {
	switch sc, ok := self.state.(Value); {
	case ok:
		return sc
	case self.class.isA("%Exception.SystemException"):
		return p.failure(statusSystem, FromUTF8(systemErrorText(self)))
	}
	return p.failure(statusException, self.prop("Name"), self.prop("Code"), self.prop("Data"))
}

// exceptionSQLCode: -400 stands for every error that is none of SQL's.
func exceptionSQLCode(_ *Process, self *object, _ []Value) Value {
	if self.class.isA("%Exception.SQL") {
		return self.prop("Code")
	}
	return Int(-400)
}

func exceptionLog(p *Process, self *object, _ []Value) Value {
	fmt.Fprintf(p.sys.cfg.Stderr, "job %d: %s\n", p.id, exceptionDisplay(p, self, nil).utf8())
	p.logException(self)
	return statusOK
}

// exceptionStack is StackAsArray(.a), the outermost level first.
func exceptionStack(p *Process, _ *object, a []Value) Value {
	at := p.reference(a, 0)
	if at == nil {
		return statusOK
	}
	at.clear()
	at.Value = Int(int64(len(p.errors.stack)))
	for i, l := range p.errors.stack {
		place := ""
		if l.routine != nil {
			place = l.routine.place(l.pos.line())
		}
		makeBelow(at, []Value{Int(int64(i + 1))}).Value = FromUTF8(place)
	}
	return statusOK
}

func exceptionFromStatus(p *Process, _ *object, a []Value) Value {
	return exceptionOfStatus(p.in(a, 0))
}

// exceptionOfStatus is the exception of a status: Name is the message, Data the list of
// the parameters of its first error.
func exceptionOfStatus(sc Value) Value {
	var name string
	var code, data = Empty, Empty
	if list := statusErrors(sc); len(list) > 0 {
		name, code = list[0].full(), list[0].code
		var buf []byte
		for _, v := range list[0].params {
			buf = appendElement(buf, v)
		}
		data = Text(string(buf))
	}
	v := exceptionOf("%Exception.StatusException", FromUTF8(name), code, Empty, data)
	v.object().state = sc
	return v
}

// throwStatus throws a failure as an exception.
func (p *Process) throwStatus(sc Value) { p.throwObject(exceptionOfStatus(sc)) }

func exceptionIfInterrupt(p *Process, _ *object, a []Value) Value {
	if sc := p.in(a, 0); strings.Contains(statusText(sc), "<INTERRUPT>") {
		p.throwStatus(sc)
	}
	return Value{}
}

func exceptionFromSQL(p *Process, _ *object, a []Value) Value {
	return exceptionOf("%Exception.SQL", Text("SQLError"), p.in(a, 0).number(), Empty, p.in(a, 1).asText())
}

// throwObject is THROW object: to the nearest CATCH or trap.
func (p *Process) throwObject(v Value) {
	o := v.object()
	if o == nil || !o.class.isA("%Exception.AbstractException") {
		p.raise(errInvalidOref, "")
	}
	name := strings.Trim(o.prop("Name").utf8(), "<>")
	e := &Error{kind: errThrow, Name: errThrow.Name, Code: "ZTHROW", Object: v}
	if k := errorTable[name]; k != nil && o.class.Name == "%Exception.SystemException" {
		e.kind, e.Name, e.Code, e.Info = k, k.Name, k.ecode(), o.prop("Data").utf8()
	} else {
		e.Info = "*" + o.class.Name + " " + exceptionDisplay(p, o, nil).utf8()
	}
	p.throw(e)
}
