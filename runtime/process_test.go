package runtime

// The decisions that the house stands on: linear unwinding, one depth counter, values
// in registers, orefs that live and die, jobs that never harm each other.

import (
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// run launches a routine made of source lines and returns what it wrote.
func run(t testing.TB, source string, args ...string) (string, error) {
	t.Helper()
	p, console := newTest(t, "")
	r := p.sys.Compile("t", "", source)
	require.Empty(t, r.Errors)
	p.sys.Define(r)
	start, err := p.sys.At(r, "", 0)
	require.NoError(t, err)
	err = p.Launch(start, args)
	p.Principal().Flush(devices.BeforeWait)
	return console.out.String(), err
}

func TestValueFitsRegisters(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(Value{}), uintptr(32), "the compiler keeps at most 32 bytes and 4 fields in registers")
	assert.LessOrEqual(t, unsafe.Sizeof(Var{}), uintptr(40))
}

// unwinds lists programs that raise an error n levels deep, each level with a trap that
// passes it on.
var unwinds = map[string]string{
	"TRY": `t(n) TRY { DO f(n) } CATCH e { WRITE e.Name }
 QUIT
f(n) TRY { IF n=0 { WRITE 1/0 } ELSE { DO f(n-1) } } CATCH e { THROW e }
 QUIT
`,
	"$ZTRAP": `t(n) SET $ZTRAP="end" DO f(n)
 QUIT
end WRITE "<DIVIDE>" QUIT
f(n) SET $ZTRAP="out" IF n=0 WRITE 1/0
 DO f(n-1)
 QUIT
out SET $ZTRAP="" ZTRAP $ZERROR
`,
	"$ETRAP": `t(n) NEW $ETRAP SET $ETRAP="DO up" DO f(n)
 QUIT
f(n) NEW $ETRAP SET $ETRAP="SET x=1" IF n=0 WRITE 1/0
 DO f(n-1)
 QUIT
up IF $STACK<3 WRITE "<DIVIDE>" SET $ECODE=""
 QUIT
`,
	"no trap": `t(n) TRY { DO f(n) } CATCH e { WRITE e.Name }
 QUIT
f(n) IF n=0 WRITE 1/0
 DO f(n-1)
 QUIT
`,
}

func TestErrorsUnwindInLinearTime(t *testing.T) {
	for name, source := range unwinds {
		t.Run(name, func(t *testing.T) {
			goruntime.LockOSThread()
			defer goruntime.UnlockOSThread()
			cost := func(depth int) time.Duration {
				best := time.Hour
				for range 3 {
					began := threadTime()
					out, err := run(t, source, fmt.Sprint(depth))
					require.NoError(t, err)
					require.Equal(t, "<DIVIDE>", out)
					best = min(best, threadTime()-began)
				}
				return best
			}
			small, large := cost(1000), cost(20000)
			// 20 times as deep may cost 20 times as much, and be noisy; squared it
			// would be 400 times.
			assert.Less(t, large, 120*small+200*time.Millisecond)
		})
	}
}

// recursions are the ways to nest without end.
var recursions = map[string]string{
	"DO":               "t DO t\n",
	"extrinsic":        "t SET x=$$f()\nf() QUIT $$f()\n",
	"dotted DO":        "t DO\n . DO t\n",
	"XECUTE":           "t SET x=\"XECUTE x\" XECUTE x\n",
	"indirection":      "t SET x=\"@x\" WRITE @x\n",
	"argument":         "t SET x=\"@x\" SET @x\n",
	"TRY":              "t TRY { DO t } CATCH e { THROW e }\n",
	"deep expressions": "t SET x=" + strings.Repeat("(1+", 100) + "$$f()" + strings.Repeat(")", 100) + "\nf() SET x=" + strings.Repeat("(1+", 100) + "$$f()" + strings.Repeat(")", 100) + " QUIT x\n",
	"deep blocks":      "t\n" + strings.Repeat(" IF 1 {\n", 60) + " DO t\n" + strings.Repeat(" }\n", 60),
}

func TestEveryRecursionEndsInFramestack(t *testing.T) {
	for name, source := range recursions {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, source)
			require.Error(t, err)
			assert.Contains(t, err.Error(), "<FRAMESTACK>")
		})
	}
}

func TestTwentyThousandFrames(t *testing.T) {
	out, err := run(t, "t WRITE $$f(20000)\n QUIT\nf(n) QUIT:n=0 0 QUIT 1+$$f(n-1)\n")
	require.NoError(t, err)
	assert.Equal(t, "20000", out)
}

func TestOrefsKeepTheirObjectsAliveAndLetThemGo(t *testing.T) {
	freed := make(chan bool, 1)
	func() {
		o := newObject(classIndex["%Exception.General"])
		o.props = map[string]Value{"Name": Text("kept")}
		goruntime.SetFinalizer(o, func(*object) { freed <- true })
		v := oref(o)
		o = nil
		goruntime.GC()
		goruntime.GC()
		require.Equal(t, "kept", v.object().props["Name"].text)
		goruntime.KeepAlive(v)
	}()
	deadline := time.After(10 * time.Second)
	for {
		goruntime.GC()
		select {
		case <-freed:
			return
		case <-deadline:
			t.Fatal("the object was never collected")
		case <-time.After(time.Millisecond):
		}
	}
}

// crashing is a class whose method has a bug of ours.
func init() {
	registerClasses(&class{Name: "%Test.Crash", Methods: []method{{Name: "Now", Max: 0,
		Fn: func(p *Process, _ *object, _ []Value) Value { return p.stack[len(p.stack)] }}}})
}

func TestAPanicEndsOneJobOnly(t *testing.T) {
	out, err := run(t, `t JOB crash() SET ^n=0
 FOR i=1:1:1000 QUIT:^n=1  HANG .01
 WRITE "parent goes on"
 QUIT
crash() LOCK +^l
 JOB sibling()
 DO ##class(%Test.Crash).Now()
sibling() LOCK +^l SET ^n=1
 QUIT
`)
	require.NoError(t, err)
	assert.Contains(t, out, "parent goes on")
	assert.Contains(t, out, "internal error at crash+2^t")
}

func TestUntrappedErrorOfAJobGoesToStderr(t *testing.T) {
	out, err := run(t, `t JOB bad()
 SET j=$ZCHILD FOR  QUIT:$SYSTEM.Process.State(j)=""  HANG .01
 WRITE "parent:",j
 QUIT
bad() WRITE 1/0
`)
	require.NoError(t, err)
	assert.Regexp(t, `(?s)job (\d+): <DIVIDE>bad\^t.*parent:`, out)
}

func TestJobNumbers(t *testing.T) {
	out, err := run(t, `t SET me=$JOB JOB c(me) SET first=$ZCHILD JOB c(me)
 WRITE me'<1000,first'=me,$ZCHILD'=first
 FOR  QUIT:$GET(^sum)=2  HANG .01
 QUIT
c(parent) SET x=$INCREMENT(^sum,$ZPARENT=parent)
 QUIT
`)
	require.NoError(t, err)
	assert.Equal(t, "111", out)
}

// The ROUTINE line of an exported routine, and a #! line before it, are no lines of the
// routine (spec §6.1).
func TestHeaderIsNoLine(t *testing.T) {
	sys := NewSystem(Config{})
	r := sys.Compile("t", "t.mac", "#!/usr/bin/env cos\nROUTINE t [Type=MAC]\n WRITE 1\nl WRITE 2\n WRITE 3\n")
	require.Empty(t, r.Errors)
	require.Equal(t, []string{"+1^t", "l^t", "l+1^t"}, []string{r.place(3), r.place(4), r.place(5)})
}

func TestJobNumbersAreProcessIds(t *testing.T) {
	for pid, want := range map[int]int{1: 5_000_001, 999: 5_000_999, 1000: 1000, 1 << 22: 1 << 22} {
		assert.Equal(t, want, jobBase(pid))
	}
}
