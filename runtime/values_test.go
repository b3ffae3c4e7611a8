package runtime

// What the tests of the value functions share: rows of a function's name, its arguments
// and the result, or the error, it gives.

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// val makes a value of a Go one: nil is omitted, a string text in UTF-8, an int an
// integer, star a position from the end; a Value stays what it is.
func val(x any) Value {
	switch x := x.(type) {
	case nil:
		return Value{}
	case int:
		return Int(int64(x))
	case string:
		return FromUTF8(x)
	case star:
		return Value{kind: kindLast, mant: int64(x)}
	case Value:
		return x
	}
	panic(fmt.Sprintf("no value of %T", x))
}

// star is * (0), *-n or *+n.
type star int64

type args = []any

func vals(a args) []Value {
	out := make([]Value, len(a))
	for i := range a {
		out[i] = val(a[i])
	}
	return out
}

func lookupValueFunction(name string) *intrinsic {
	for i := range valueFunctions {
		if valueFunctions[i].Name == name {
			return &valueFunctions[i]
		}
	}
	return nil
}

// result calls a function and shows its result, or its error.
func result(t testing.TB, p *Process, name string, a args) string {
	row := lookupValueFunction(name)
	require.NotNil(t, row, name)
	require.GreaterOrEqual(t, len(a), row.Min, "%s%v", name, a)
	if row.Max >= 0 {
		require.LessOrEqual(t, len(a), row.Max, "%s%v", name, a)
	}
	var got string
	err := raised(func() {
		v := row.Fn(p, vals(a))
		checkForm(t, v)
		got = v.utf8()
	})
	return err + got
}

// checkForm asserts what every value promises: canonical numbers, wide text only where a
// character needs it.
func checkForm(t testing.TB, v Value) {
	switch v.kind {
	case kindText:
	case kindWide:
		require.Equal(t, kindWide, narrow(v.text).kind, "wide text without a wide character")
	case kindNumber:
		neg, m := magnitude(v.mant)
		c, ok := pack(neg, 0, m, int(v.exp))
		require.True(t, ok)
		require.Equal(t, c, v, "a number that is not canonical")
	case kindDouble:
	default:
		require.Fail(t, "a result of no kind", "%v", v)
	}
}

type row struct {
	name string
	args args
	want string
}

// timeProcess is a process whose clock stands at 29 February 2024, 13:05:09.123456789,
// one hour east of Greenwich.
func timeProcess(t testing.TB) *Process {
	p := testProcess(t)
	p.sys.cfg.Now = func() time.Time {
		return time.Date(2024, 2, 29, 13, 5, 9, 123456789, time.FixedZone("CET", 3600))
	}
	return p
}

func runRows(t *testing.T, rows []row) {
	t.Helper()
	p := timeProcess(t)
	for _, r := range rows {
		assert.Equal(t, r.want, result(t, p, r.name, r.args), "$%s%q", r.name, r.args)
	}
}

func TestValueFunctionTable(t *testing.T) {
	names := map[string]bool{}
	for i, f := range valueFunctions {
		assert.NotEmpty(t, f.Doc, f.Name)
		assert.Contains(t, f.Syntax, "$"+f.Name, f.Name)
		assert.NotNil(t, f.Fn, f.Name)
		assert.False(t, names[f.Name], f.Name)
		names[f.Name] = true
		if f.Abbr != f.Name {
			assert.False(t, names[f.Abbr], "%s: %s is taken", f.Name, f.Abbr)
			names[f.Abbr] = true
		}
		if i > 0 {
			assert.Less(t, valueFunctions[i-1].Name, f.Name)
		}
	}
}

// TestOddArguments calls every function with every mix of odd values: whatever comes,
// it is a value or an M error, and comes soon.
func TestOddArguments(t *testing.T) {
	p := timeProcess(t)
	odd := []any{nil, "", "a,b,c", "x€y", 0, -1, 3, 1000000000000000000, n("1E100"), n("-.5"), Double(1e300), n("-1E-100"),
		FromUTF8("€€"), "\x01\x02\x03\x04\x00", "1E400", star(0), star(-1)}
	if testing.Short() {
		odd = odd[:6]
	}
	for _, f := range valueFunctions {
		last := f.Max
		if last < 0 {
			last = max(f.Min, 3)
		}
		for count := f.Min; count <= min(last, 4); count++ {
			a := make([]Value, count)
			var walk func(i int)
			walk = func(i int) {
				if i < count {
					choices := odd
					if i > 1 {
						choices = odd[:9]
					}
					for _, x := range choices {
						if x == nil && (i < f.Min && f.Name != "LISTBUILD") {
							continue
						}
						if _, ok := x.(star); ok && i == 0 {
							continue
						}
						a[i] = val(x)
						walk(i + 1)
					}
					return
				}
				raised(func() { checkForm(t, f.Fn(p, a)) })
			}
			walk(0)
		}
	}
}
