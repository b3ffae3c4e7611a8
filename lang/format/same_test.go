package format

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"cos/lang"
)

// TestSame: what would change a routine is seen.
func TestSame(t *testing.T) {
	o := &Options{Functions: map[string]string{"P": "PIECE", "PIECE": "PIECE"}, Specials: map[string]string{"H": "HOROLOG", "HOROLOG": "HOROLOG"}}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{" s x=1", " SET  x=1", true},
		{" s x=1", " SET x=2", false},
		{" s x=\"a\"", " SET x=\"a \"", false},
		{" s x=$p(y,1)", "\tSET x=$PIECE(y,1)", true},
		{" s x=$p(y,1)", " SET x=$PIECE(y,2)", false},
		{" s x=$p(y,1)", " SET x=$EXTRACT(y,1)", false},
		{" s x=$h", " SET x=$HOROLOG", true},
		{" s x=$h", " SET x=$HALT", false},
		{" h", " HALT", true},
		{" h", " HANG 1", false},
		{" q:x  w 1", " QUIT:x  WRITE 1", true},
		{" q:x  w 1", " QUIT:x WRITE 1", false},
		{" w 1\n w 2", " WRITE 1 WRITE 2\n", false},
		{" w 1\n w 2", " WRITE 1\n\n WRITE 2", false},
		{" w 1", " WRITE )", false},
		{"a w 1", "b WRITE 1", false},
		{" d\n . w 1", " DO\n . . WRITE 1", false},
		{" w .5", " WRITE 0.5", false},
		{" f  { w 1 }", " FOR { WRITE 1 }", true},
		{" f  w 1", " FOR { WRITE 1 }", false},
		{" zsy \"ls\"", " ZSYSTEM \"ls\"", true},
		{" i x { w 1\n }", " IF x { WRITE 1 }\n", false},
	} {
		err := o.same(lang.ParseRoutine("r", c.a), lang.ParseRoutine("r", c.b))
		assert.Equal(t, c.same, err == nil, "%q %q: %v", c.a, c.b, err)
	}
	err := o.same(lang.ParseRoutine("r", " w 1\n w 2"), lang.ParseRoutine("r", " w 1\n w 3"))
	assert.EqualError(t, err, "r:2: formatting would change what the routine does; please report this")
}
