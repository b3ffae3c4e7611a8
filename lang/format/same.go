package format

// Whether two sources are the same routine: their trees are equal but for columns and for
// the spellings that have one meaning.

import (
	"fmt"
	"reflect"

	"cos/lang"
)

// same tells where two trees differ.
func (o *Options) same(a, b *lang.Routine) error {
	if len(b.Errors) > 0 {
		return fmt.Errorf("formatting would break the routine: %w; please report this", b.Errors[0])
	}
	c := comparer{o: o}
	if len(a.Source) != len(b.Source) || !c.equal(reflect.ValueOf(a.Lines), reflect.ValueOf(b.Lines)) {
		return fmt.Errorf("%s:%d: formatting would change what the routine does; please report this", a.Name, max(c.line, 1))
	}
	return nil
}

// comparer compares trees. line is the source line of what was compared last.
type comparer struct {
	o    *Options
	line int
}

var (
	position   = reflect.TypeFor[lang.Position]()
	at         = reflect.TypeFor[lang.At]()
	aCall      = reflect.TypeFor[lang.Call]()
	aVariable  = reflect.TypeFor[lang.Special]()
	aSyntaxErr = reflect.TypeFor[lang.SyntaxError]()
)

// equal compares two nodes. Lines do not move, so those of positions are compared; columns
// do, and offsets.
func (c *comparer) equal(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Interface:
		return c.equal(a.Elem(), b.Elem())
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return c.equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !c.equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		return c.fields(a, b)
	}
	return a.Type() == at || a.Interface() == b.Interface()
}

func (c *comparer) fields(a, b reflect.Value) bool {
	switch a.Type() {
	case position:
		x, y := a.Interface().(lang.Position), b.Interface().(lang.Position)
		c.line = x.Line
		return x.Line == y.Line
	case aSyntaxErr: // of a Bad command that is no error until it is reached
		x, y := a.Addr().Interface().(*lang.SyntaxError), b.Addr().Interface().(*lang.SyntaxError)
		return x.Msg == y.Msg && x.Pos.Line == y.Pos.Line
	}
	for i := range a.NumField() {
		x, y := a.Field(i), b.Field(i)
		if a.Type().Field(i).Name == "Name" {
			switch a.Type() {
			case aCall:
				if full(c.o.Functions, x.String()) != full(c.o.Functions, y.String()) {
					return false
				}
				continue
			case aVariable:
				if full(c.o.Specials, x.String()) != full(c.o.Specials, y.String()) {
					return false
				}
				continue
			}
		}
		if !c.equal(x, y) {
			return false
		}
	}
	return true
}

// full is the full name that a name or an abbreviation stands for.
func full(names map[string]string, name string) string {
	if f := names[name]; f != "" {
		return f
	}
	return name
}
