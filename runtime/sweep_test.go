package runtime

import (
	"errors"
	"fmt"
	"math/rand/v2"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// absurd are arguments of every kind: none, wrong, out of range, too long.
var absurd = []string{
	"", `""`, "0", "1", "-1", "2", "1E18", "-1E18", "9223372036854775807", "1E127", ".5", "-3.7", `"abc"`, `"1,2,3"`, `","`, `"$X("`,
	`"^a(1)"`, `$CHAR(8364)`, `$CHAR(0,1,2,255)`, `$LISTBUILD(1,,"a")`, `$CHAR(0,0,0,255,255,255,127)`, `$DOUBLE("NAN")`, `$DOUBLE("INF")`,
	"big", "wide", "o", "a", "a(1)", "nosuch", "^g", "*", "*-1", "*-1E18", ".a", "1:2", `"((((((((((((((((((((((((("`,
}

// sweepSetup makes the variables that absurd names.
const sweepSetup = `SET big=$JUSTIFY(1,100000),wide=$CHAR(8364)_big,o=[1,2],a=1,a(1)=2,a(2,"x")=3,^g=1`

// callLimit and allocLimit bound one call: far more than any may take, far less than
// what its arguments ask for.
const (
	callLimit  = 5 * time.Second
	allocLimit = 256 << 20
)

// sweep runs every call of a list and looks for a crash of ours, a hang, or an
// allocation without bounds.
func sweep(t *testing.T, calls []string) {
	p, _ := limited(t, 64<<20, 0)
	require.NoError(t, p.Execute(sweepSetup))
	var m goruntime.MemStats
	for _, call := range calls {
		goruntime.ReadMemStats(&m)
		before, start := m.TotalAlloc, time.Now()
		late := time.AfterFunc(10*callLimit, func() { panic("no end: " + call) })
		err := p.Execute(call)
		late.Stop()
		goruntime.ReadMemStats(&m)
		var crash *Crash
		if errors.As(err, &crash) {
			t.Fatalf("%s: %v\n%s", call, crash, crash.Stack)
		}
		require.Less(t, time.Since(start), callLimit, call)
		require.Less(t, m.TotalAlloc-before, uint64(allocLimit), call)
		var e *Error
		if errors.As(err, &e) {
			require.NotEmpty(t, e.Name, call)
		}
		if err := p.Execute(sweepSetup); err != nil {
			require.NoError(t, err, "after %s", call)
		}
	}
}

// argumentLists are lists of n absurd arguments: all of them for one and two, a choice
// for more.
func argumentLists(r *rand.Rand, n int) (out []string) {
	switch n {
	case 0:
		return []string{""}
	case 1:
		return absurd
	case 2:
		for _, a := range absurd {
			for _, b := range absurd {
				if r.IntN(8) == 0 {
					out = append(out, a+","+b)
				}
			}
		}
		return out
	}
	for range 60 {
		list := make([]string, n)
		for i := range list {
			list[i] = absurd[r.IntN(len(absurd))]
		}
		out = append(out, strings.Join(list, ","))
	}
	return out
}

// Every function with too few, too many, wrong and absurd arguments gives a result or an
// M error, in bounded time and memory.
func TestFunctionsBearAnything(t *testing.T) {
	skip := map[string]bool{"ZF": true} // it runs programs
	for _, name := range functionNames() {
		f := functionIndex[name]
		if skip[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			most := f.Max + 1
			if f.Max < 0 {
				most = f.Min + 2
			}
			var calls []string
			for n := max(0, f.Min-1); n <= min(most, 6); n++ {
				for _, args := range argumentLists(r, n) {
					calls = append(calls, fmt.Sprintf("SET r=$%s(%s)", name, args))
				}
			}
			for range 40 {
				n := max(1, f.Min) + r.IntN(2)
				calls = append(calls, fmt.Sprintf("SET $%s(%s)=%s", name, pick(r, n), absurd[1+r.IntN(len(absurd)-1)]))
			}
			sweep(t, calls)
		})
	}
}

// pick is n absurd arguments behind a variable.
func pick(r *rand.Rand, n int) string {
	list := []string{"a"}
	for len(list) < n {
		list = append(list, absurd[r.IntN(len(absurd))])
	}
	return strings.Join(list, ",")
}

// Functions with too few or too many arguments do not compile.
func TestArity(t *testing.T) {
	p := testProcess(t)
	for _, name := range functionNames() {
		f := functionIndex[name]
		for _, n := range []int{f.Min - 1, f.Max + 1} {
			if n < 0 || n > f.Max && f.Max < 0 {
				continue
			}
			list := strings.TrimSuffix(strings.Repeat("1,", n), ",")
			_, err := p.sys.compileText(fmt.Sprintf("SET x=$%s(%s)", name, list))
			if err == nil {
				err = p.Execute(fmt.Sprintf("SET x=$%s(%s)", name, list))
			}
			assert.Error(t, err, "$%s with %d arguments", name, n)
		}
	}
}

// The methods of the classes that keep data bear anything, too.
func TestMethodsBearAnything(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir()) // for TempFilename, whose files are the caller's to delete
	for class, object := range map[string]string{
		"%Library.DynamicObject": `{"a":1}`, "%Library.DynamicArray": "[1,2]", "%Iterator.Object": `{"a":1}.%GetIterator()`,
		"%Iterator.Array": "[1].%GetIterator()", "%Library.ListOfDataTypes": "##class(%ListOfDataTypes).%New()",
		"%Library.ArrayOfDataTypes": "##class(%ArrayOfDataTypes).%New()", "%Stream.TmpCharacter": "##class(%Stream.TmpCharacter).%New()",
		"%Stream.TmpBinary": "##class(%Stream.TmpBinary).%New()", "%Stream.FileCharacter": "##class(%Stream.FileCharacter).%New()",
		"%Regex.Matcher": `##class(%Regex.Matcher).%New("(a)|b","xaby")`, "%Library.File": `##class(%File).%New("f")`,
		"%Exception.General": `##class(%Exception.General).%New("n")`, "%Exception.StatusException": "##class(%Exception.StatusException).CreateFromStatus($SYSTEM.Status.Error(5001))",
		"%SYSTEM.Encryption": "", "%SYSTEM.Status": "", "%SYSTEM.Util": "", "%SYSTEM.Version": "",
	} {
		t.Run(class, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			var calls []string
			for k := classIndex[class]; k != nil; k = classIndex[k.Extends] {
				for _, m := range k.Methods {
					base := "x"
					if object == "" || !m.Instance && m.Class == nil {
						base = "##class(" + class + ")"
					}
					most := m.Max + 1
					if m.Max < 0 {
						most = 3
					}
					for n := max(0, m.Min-1); n <= most; n++ {
						lists := argumentLists(r, n)
						for range min(25, len(lists)) {
							call := fmt.Sprintf("DO %s.%s(%s)", base, m.Name, lists[r.IntN(len(lists))])
							if object != "" {
								call = "SET x=" + object + " " + call + " SET y=x"
							}
							calls = append(calls, call)
						}
					}
				}
				for _, q := range k.Properties {
					for _, v := range absurd[1:] {
						calls = append(calls, fmt.Sprintf("SET x=%s SET x.%s=%s SET y=x.%s", object, q.Name, v, q.Name),
							fmt.Sprintf("SET x=%s SET y=x.%s(%s)", object, q.Name, v))
					}
				}
			}
			sweep(t, calls)
		})
	}
}
