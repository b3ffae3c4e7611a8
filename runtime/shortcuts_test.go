package runtime

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// behind, which searches eight bytes at a time, against a split, with the bytes whose bits
// such a search mistakes most easily.
func TestBehind(t *testing.T) {
	const alphabet = "|a\x00\x01\x7f\x80\x81\xff{"
	r := rand.New(rand.NewPCG(31, 32))
	for range 20_000 {
		b := make([]byte, r.IntN(100))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
			if r.IntN(2) == 0 {
				b[i] = 'x' // stretches without any
			}
		}
		d, off := alphabet[r.IntN(len(alphabet))], r.IntN(len(b)+1)
		parts, want := strings.Split(string(b[off:]), string([]byte{d})), off
		for n := 1; n <= len(parts); n++ {
			if want += len(parts[n-1]) + 1; n == len(parts) {
				want = -1
			}
			require.Equal(t, want, behind(string(b), off, d, int64(n)), "%q from %d, %q %d", b, off, d, n)
		}
	}
}

// SET of subscripted locals by a shortcut does what the general way does.
func TestSetNodeShortcuts(t *testing.T) {
	for code, want := range map[string]string{
		`SET x="k",a(x)=$GET(a(x))+1,a(x)=a(x)+1,a(x)=$GET(a(x))-5 WRITE a("k")`:                               "-3",
		`SET x=1,a(1)="3 apples",a(x)=a(x)+1 WRITE a(1)`:                                                       "4",
		`SET x=1,a(1)=.5,a(x)=a(x)+1 WRITE a(1)`:                                                               "1.5",
		`SET x=1,a(1)=9223372036854775807,a(x)=a(x)+1 WRITE a(1)`:                                              "9223372036854775810",
		`SET x=1,y=2,a(1)=5,a(2)=7,a(x)=$GET(a(y))+1 WRITE a(1),a(2)`:                                          "87",
		`SET x=1,a(x)=$GET(a(x),4)+1 WRITE a(1)`:                                                               "5",
		`SET x="1.0",a(x)=1,a(x)=a(x)+1 WRITE $DATA(a(1)),a("1.0")`:                                            "02",
		`SET x=1 TRY { SET a(x)=a(x)+1 } CATCH e { WRITE e.Name," ",e.Data," ",$DATA(a) }`:                     "<UNDEFINED> *a(1) 0",
		`SET x="" TRY { SET a(x)=$GET(a(x))+1 } CATCH e { WRITE e.Name," ",e.Data }`:                           `<SUBSCRIPT> *a() Subscript 1 is ""`,
		`SET x="p",a(x)=1,a(x,"q")=2,a(x,"q")=3 WRITE a("p"),a("p","q"),$DATA(a("p"))`:                         "1311",
		`SET x="p",a(x)=1,a("q")=9,a(x,"q")=2 WRITE $DATA(a("q")),a("p","q")`:                                  "12",
		`SET a(1)=1,a(1,2)=$$f() WRITE $DATA(a(1)),a(1,2)` + "\n QUIT\nf() KILL a SET a(3)=3 QUIT 7":           "107",
		`SET a(1)=1 TRY { SET a(1,"")=2 } CATCH e { WRITE e.Name," ",e.Data," ",$DATA(a(1)) }`:                 `<SUBSCRIPT> *a(1) Subscript 2 is "" 1`,
		`SET a(1)=1 TRY { SET a(1,none)=2 } CATCH e { WRITE e.Name," ",e.Data," ",$DATA(a(1)) }`:               "<UNDEFINED> *none 1",
		`SET p="a|bb|c",q="|" WRITE $PIECE(p,"|",1),$PIECE(p,"|",2),$PIECE(p,"|",4),"/",$PIECE(p_p_p_p,"|",3)`: "abb/ca",
	} {
		out, err := run(t, "t "+code+"\n QUIT\n")
		require.NoError(t, err, code)
		require.Equal(t, want, out, code)
	}
}
