package cli

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

// crowd starts jobs until there is no memory for one more, then lets them go on. They
// wait behind a lock that the first process holds.
const crowd = `crowd
 LOCK +^gate SET n=0
 TRY { FOR { JOB wait SET n=n+1 } } CATCH e { WRITE e.Name,n>500,! }
 JOB wait::0 WRITE $TEST,!
 LOCK -^gate FOR  QUIT:$GET(^ended)=n  HANG .01
 WRITE "all go on",!
 FOR  JOB wait::0 QUIT:$TEST  HANG .01
 WRITE "and there is room again",!
 LOCK +^gate FOR  JOB wait
wait LOCK +^gate#"S" IF $INCREMENT(^ended)
`

// JOB is refused when the jobs together would outgrow the memory that cos has, those that
// run go on, and there is room again when they have ended.
func TestJobIsRefusedWithoutMemory(t *testing.T) {
	w := newWorld(t, map[string]string{"crowd.mac": crowd})
	w.env = append(w.env, "GOMEMLIMIT=32MiB")
	out, errs, exit := w.run("", "run", "crowd.mac")
	assert.Equal(t, "<NOJOB>1\n0\nall go on\nand there is room again\n", out)
	assert.Regexp(t, "^"+regexp.QuoteMeta("<NOJOB>crowd+8^crowd\n LOCK +^gate FOR  JOB wait\n                  ^\n  the job could not be started: the memory of the system is used up\n"), errs)
	assert.Equal(t, 1, exit)
}
