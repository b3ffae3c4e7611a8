package runtime

import (
	"errors"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cos/lang"
)

// forbidden are what a fuzzed expression may not do: run programs, change the machine.
var forbidden = []string{"$ZF", "$ZU", "$SYSTEM", "##CLASS", "$CLASSMETHOD", "$METHOD", "$XECUTE", "$PROPERTY", "$$", "$ZSEARCH", "$ZSE", "$VIEW", "@", "%NEW", "^$"}

// FuzzExpression evaluates expressions and looks for a crash of ours, a hang, or memory
// without bounds. The seeds are every function of the tables with few and with absurd
// arguments, every special variable, every operator.
func FuzzExpression(f *testing.F) {
	for _, name := range functionNames() {
		row := functionIndex[name]
		if name == "ZF" {
			continue
		}
		for i, list := range []string{"a,b,a(1),^g,1,2", `"a^b",1,2,3`, "big,wide,1E18,-1", `o,"x",-1,.5`} {
			most := row.Max
			if most < 0 {
				most = 3
			}
			args := strings.Split(list, ",")
			f.Add("$" + name + "(" + strings.Join(args[:max(row.Min, min(most, 1+i, len(args)))], ",") + ")")
		}
	}
	for _, name := range specialNames() {
		f.Add("$" + name + "_1")
	}
	for _, op := range []string{"+", "-", "*", "/", "\\", "#", "**", "_", "=", "<", ">", "[", "]", "]]", "&", "!", "&&", "||", "'=", "'<", "'[", "<=", ">="} {
		f.Add("a(1)" + op + "-.5E3" + op + `"1x"`)
	}
	for _, x := range []string{`x?1.3N.E1"-".2(1A,2"b")`, "'a", "+-'a", "(((1)))", "$SELECT(a:1,1:2)", "$CASE(a,1:2,:3)", `{"a":[1,{"b":null}]}`, "[1,2].%Get(0)", "$LISTBUILD(1,,2)", "$GET(^g(1),^g)", "$ORDER(a(\"\"),-1,x)", "$BITLOGIC(x&~x|x)", "1E127*1E127", "2**1E9", "$DOUBLE(1)/$DOUBLE(3)"} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x string) {
		upper := strings.ToUpper(x)
		for _, bad := range forbidden {
			if len(x) > 200 || strings.Contains(upper, bad) {
				t.Skip()
			}
		}
		if _, err := lang.ParseExpr(x); err != nil {
			return
		}
		p, _ := limited(t, 32<<20, 0)
		require.NoError(t, p.Execute(sweepSetup+`,b="abc",x="x1"`))
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		late := time.AfterFunc(callLimit, func() { p.Interrupt() })
		end := time.AfterFunc(4*callLimit, func() { panic("no end: " + x) })
		start := time.Now()
		err := p.Execute("SET r=" + x)
		late.Stop()
		end.Stop()
		goruntime.ReadMemStats(&after)
		var crash *Crash
		if errors.As(err, &crash) {
			t.Fatalf("%s: %v\n%s", x, crash, crash.Stack)
		}
		require.Less(t, time.Since(start), callLimit, x)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(allocLimit), x)
	})
}
