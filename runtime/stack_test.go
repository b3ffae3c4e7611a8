package runtime

import (
	goruntime "runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWeightIsTrue checks that a unit of weight stands for about what it claims of Go's
// stack, whatever a program nests: far below Go's limit of 1 GB at maxWeight.
func TestWeightIsTrue(t *testing.T) {
	probe := 0
	var stack uint64
	registerClasses(&class{Name: "%Test.Probe", Methods: []method{{Name: "Now", Max: 0,
		Fn: func(p *Process, _ *object, _ []Value) Value {
			var m goruntime.MemStats
			goruntime.ReadMemStats(&m)
			stack, probe = m.StackInuse, p.weight
			return Empty
		}}}})
	for name, body := range map[string]string{
		"DO":          "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0  DO f(n-1) QUIT\n",
		"extrinsic":   "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0 1 QUIT 1+$$f(n-1)\n",
		"dots":        "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0  DO\n . DO f(n-1)\n QUIT\n",
		"blocks":      "f(n) IF n=0 { DO ##class(%Test.Probe).Now() } ELSE { IF 1 { IF 1 { FOR i=1:1:1 { DO f(n-1) } } } }\n QUIT\n",
		"lines":       "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0  IF 1 IF 1 IF 1 FOR i=1 IF 1 IF 1 DO f(n-1)\n QUIT\n",
		"try":         "f(n) TRY { IF n=0 { DO ##class(%Test.Probe).Now() } ELSE { DO f(n-1) } } CATCH { }\n QUIT\n",
		"expression":  "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0 1 QUIT 1+(1+(1+(1+(1+(1+(1+(1+$$f(n-1))))))))\n",
		"xecute":      "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0  XECUTE \"DO f^t(n-1)\" QUIT\n",
		"indirection": "f(n) DO ##class(%Test.Probe).Now():n=0 QUIT:n=0 1 SET x=\"$$f^t(n-1)\" QUIT 1+@x\n",
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan struct{})
			go func() { // a stack of its own
				defer close(done)
				_, err := run(t, "t DO f(20000) QUIT\n"+body)
				assert.NoError(t, err)
			}()
			<-done
			require.Positive(t, probe)
			// Go doubles a stack when it grows: up to half of it may be empty.
			perUnit := float64(stack) / float64(probe)
			t.Logf("%.0f bytes of stack a unit, %d units a level", perUnit, probe/20000)
			assert.Less(t, perUnit, 330.0)
		})
	}
}
