package runtime

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cos/devices"
)

// TestQuiet tells which entries need no guard: those that cannot set an error trap, nor call
// what can.
func TestQuiet(t *testing.T) {
	for _, c := range []struct {
		name, source string
		quiet        bool
	}{
		{"leaf", "x(a) NEW b SET b=a+1 QUIT b\n", true},
		{"recursion", "x(a) IF a<2 QUIT a\n QUIT $$x(a-1)+$$y(a-2)\ny(a) QUIT $$x(a)\n", true},
		{"up to the first QUIT", "x SET a=1\n QUIT\n XECUTE a\n", true},
		{"a QUIT with a condition", "x SET a=1\n QUIT:a\n XECUTE a\n", false},
		{"a QUIT behind IF", "x IF a=1 QUIT\n XECUTE a\n", false},
		{"dots and braces", "x DO\n . SET a=1 QUIT\n FOR i=1:1:3 { SET a=i }\n QUIT\n", true},
		{"a trap in dots", "x DO\n . SET $ETRAP=\"\"\n QUIT\n", false},
		{"a trap in braces", "x FOR i=1:1:3 { IF i=2 { SET $ZTRAP=\"y\" } }\n QUIT\n", false},
		{"a trap behind IF", "x IF a SET $ETRAP=\"\"\n QUIT\n", false},
		{"the trap of what it calls", "x DO y\n QUIT\ny DO z\n QUIT\nz SET $ETRAP=\"\"\n QUIT\n", false},
		{"a call in braces", "x IF a { DO z }\n QUIT\nz NEW $ETRAP\n QUIT\n", false},
		{"a call in an expression", "x SET a=$$z+1\n QUIT\nz SET ($ZTRAP,a)=\"\" QUIT 1\n", false},
		{"falling into a label", "x SET a=1\nz SET $ETRAP=\"\"\n QUIT\n", false},
		{"a label with a formal list", "x SET a=1\nz() SET $ETRAP=\"\"\n QUIT\n", true},
		{"another routine", "x DO y^other\n QUIT\n", false},
		{"GOTO", "x GOTO z\nz SET $ETRAP=\"\"\n QUIT\n", false},
		{"indirection of a name", "x SET @a=1 QUIT\n", false},
		{"indirection of a value", "x SET b=@a QUIT\n", false},
		{"indirection of an argument", "x DO @a QUIT\n", false},
		{"KILL @", "x KILL @a QUIT\n", false},
		{"$XECUTE", "x SET a=$XECUTE(b) QUIT\n", false},
		{"DO $CASE", "x DO $CASE(a,1:z) QUIT\nz SET $ETRAP=\"\"\n QUIT\n", false},
		{"a method", "x SET a=b.Next() QUIT\n", false},
		{"devices may be redirected to routines", "x WRITE a QUIT\n", false},
		{"procedure", "x(a) PUBLIC { SET b=a QUIT b }\n", true},
		{"procedure with a trap", "x(a) PUBLIC { SET $ETRAP=\"\" QUIT b }\n", false},
	} {
		p, _ := newTest(t, "")
		r := p.sys.Compile("t", "", c.source)
		require.Empty(t, r.Errors, c.name)
		require.Equal(t, c.quiet, r.labels["x"].quiet, c.name)
	}
}

// TestPlain tells which texts XECUTE runs without a frame.
func TestPlain(t *testing.T) {
	p, _ := newTest(t, "")
	for text, plain := range map[string]bool{
		"SET a=1": true, "SET a=1,b(2)=$PIECE(c,d) SET:a ^b=2": true,
		"": false, "NEW a": false, "SET a=$STACK": false, "SET a=$STACK(1)": false, "SET a=$QUIT": false, "SET a=1 QUIT": false,
		"SET @a=1": false, "SET a=@b": false, "SET $ETRAP=1": false, "SET a=$$b^c": false, "IF a SET a=1": false, "FOR  SET a=1": false,
		"SET a=$TEXT(b)": false, ". SET a=1": false,
	} {
		b, err := p.sys.compileText(text)
		require.NoError(t, err)
		require.Equal(t, plain, b.plain, text)
	}
}

// TestQuietErrors: an error in a frame without a guard is handled where one with a guard
// would be, and leaves as little behind.
func TestQuietErrors(t *testing.T) {
	const quiet = "q(a) NEW s SET s=$STACK,a=1/b QUIT a\n"
	for _, c := range []struct{ name, source, out string }{
		{"$ZTRAP of the caller", "t NEW b SET b=0,$ZTRAP=\"h\" SET x=$$q(1)\n QUIT\nh WRITE $STACK,\" \",$ZERROR,\" \",$DATA(s),$DATA(a) QUIT\n" + quiet, "1 <DIVIDE>q^t 00"},
		{"$ZTRAP further down", "t NEW b SET b=0,$ZTRAP=\"h\" DO u\n QUIT\nu SET x=$$q(1)\n QUIT\nh WRITE $STACK,$ZERROR QUIT\n" + quiet, "1<DIVIDE>q^t"},
		{"$ZTRAP with *", "t NEW b SET b=0,$ZTRAP=\"*h\" SET x=$$q(1) WRITE \" then \",x\n QUIT\nh WRITE $STACK,\" \",$DATA(s) QUIT 7\n" + quiet, "2 1 then 7"},
		{"$ETRAP set before", "t NEW b SET b=0,$ETRAP=\"WRITE $STACK,$DATA(s) SET $ECODE=\"\"\"\" QUIT 7\" SET x=$$q(1) WRITE \" then \",x\n QUIT\n" + quiet, "21 then 7"},
		{"TRY", "t NEW b SET b=0\n TRY { SET x=$$q(1) } CATCH e { WRITE $STACK,\" \",e.Name,\" \",e.Location,$DATA(s) }\n QUIT\n" + quiet, "1 <DIVIDE> q^t0"},
		{"XECUTE", "t NEW b SET b=0,$ZTRAP=\"h\",c=\"SET x=1/b\" XECUTE c\n QUIT\nh WRITE $STACK,$ZERROR QUIT\n", "1<DIVIDE>t^t"},
		{"XECUTE, seen by $STACK()", "t NEW b,i SET b=3,$ZTRAP=\"h\" FOR i=1:1:4 SET b=b-1,c=\"SET x=1/b,y=$X\",c=$EXTRACT(c,1,9) XECUTE c\n QUIT\n" +
			"h WRITE i,$STACK,$STACK(-1),$STACK($STACK(-1)),\" \",$STACK($STACK(-1),\"PLACE\") QUIT\n", "312,M9, @"},
		{"XECUTE in $ETRAP's reach", "t NEW b SET b=0,$ETRAP=\"WRITE $STACK SET $ECODE=\"\"\"\" QUIT\",c=\"SET x=1/b\" XECUTE c WRITE \" then\"\n QUIT\n", "2 then"},
	} {
		for _, guarded := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, guarded %v", c.name, guarded), func(t *testing.T) {
				p, console := newTest(t, "")
				p.errors.starred = guarded
				r := p.sys.Compile("t", "", c.source)
				require.Empty(t, r.Errors)
				start, err := p.sys.At(r, "", 0)
				require.NoError(t, err)
				require.NoError(t, p.Launch(start, nil))
				p.Principal().Flush(devices.BeforeWait)
				require.Equal(t, c.out, console.out.String())
				require.Empty(t, p.guards)
				require.Empty(t, p.news)
			})
		}
	}
}
