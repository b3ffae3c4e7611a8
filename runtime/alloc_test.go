package runtime

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHotPathsDoNotAllocate runs each shape a thousand times: it may allocate so many
// times a round and no more.
func TestHotPathsDoNotAllocate(t *testing.T) {
	for name, c := range map[string]struct {
		setup, body string
		allocs      float64
	}{
		"arithmetic":             {"SET x=0", "SET y=x+i*2-1", 0},
		"decimals":               {"SET x=.5", "SET y=x*1.25+i", 0},
		"comparison":             {"SET x=5", "IF i=x,i<x SET y=1", 0},
		"string comparison":      {`SET x="abc"`, `IF x="abc" SET y=1`, 0},
		"$PIECE":                 {`SET x="ab^cd^ef"`, `IF $PIECE(x,"^",2)="cd" SET y=1`, 0},
		"$EXTRACT":               {`SET x="abcdef"`, `SET y=$EXTRACT(x,2,4),z=$ASCII(x,3),l=$LENGTH(x)`, 0},
		"$GET $DATA":             {`SET x(1)=1`, `SET y=$GET(x(1))+$DATA(x(2))`, 0},
		"array":                  {"", "SET a(i#10)=i", 0},
		"array of strings":       {"", `SET a("k",i#10)=i`, 0},
		"DO":                     {"", "DO s", 0},
		"DO with arguments":      {"", "DO p(i,2)", 0},
		"by reference":           {"SET x=1", "DO r(.x)", 0},
		"extrinsic":              {"", "SET y=$$f(i)", 0},
		"dotted DO":              {"", "DO\n  . SET y=i", 0},
		"NEW":                    {"", "DO v", 0},
		"TRY":                    {"", "TRY { SET y=i } CATCH { }", 0},
		"XECUTE":                 {`SET x="SET y=1"`, "XECUTE x", 0},
		"expression indirection": {`SET x="y+1",y=5`, "IF @x=6 SET z=1", 0},
		"name indirection":       {`SET x="y"`, "SET @x=i", 0},
		"array indirection":      {`SET x="a(1)"`, "SET @x=i", 0},
		"sums":                   {"SET x=0,z=1", "SET x=x+i,x=x-1,y=x+i+z+2*3", 0},
		"scattered array":        {"", "SET a(i#10*7919)=i", 0},
		"$FIND [ ]":              {`SET x="abcdef"`, `SET y=$FIND(x,"cd")+(x["de")+(x]"abc")`, 0},
		"$JUSTIFY":               {"", "SET y=$JUSTIFY(i,10)", 1},
		"WRITE":                  {`OPEN "/dev/null" USE "/dev/null"`, `WRITE "abc",i,!`, 0},
		"a job of this cos":      {"", "SET y=$DATA(^$JOB($JOB))", 0}, // does not list all of them
		"concatenation":          {`SET x="abc"`, `SET y=x_"def"`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := newTest(t, "")
			body := " FOR i=1:1:n DO:0  " + c.body
			if strings.Contains(c.body, "\n") || strings.HasPrefix(c.body, "TRY") {
				body = " FOR i=1:1:n DO loop"
			}
			source := "t(n) " + c.setup + "\n" + body + "\n QUIT\nloop\n " + c.body + "\n QUIT\n" +
				"s QUIT\nv NEW y SET y=1 QUIT\np(x,y) QUIT\nr(x) SET x=2 QUIT\nf(x) QUIT x\n"
			source = strings.Replace(source, " DO:0  ", " ", 1)
			r := p.sys.Compile("t", "", source)
			require.Empty(t, r.Errors)
			e := r.labels["t"]
			cost := func(n int64) float64 {
				var allocs float64
				err := p.Run(func() {
					allocs = testing.AllocsPerRun(5, func() {
						p.stack = append(p.stack, Int(n))
						p.call(e, len(p.stack)-1, 0, frameDo)
					})
				})
				require.NoError(t, err)
				return allocs
			}
			cost(10)
			perRound := (cost(1000) - cost(0)) / 1000
			assert.LessOrEqual(t, perRound, c.allocs+0.05)
		})
	}
}

// TestReadAllocatesTheTextOnly: a READ of a line that has arrived costs one allocation.
func TestReadAllocatesTheTextOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		line := []byte(strings.Repeat("x", 63) + "\n")
		for {
			if _, err := c.Write(line); err != nil {
				return
			}
		}
	}()
	p, _ := newTest(t, "")
	r := p.sys.Compile("t", "", "t(port) OPEN \"|TCP|1\":(\"127.0.0.1\":port:\"M\") USE \"|TCP|1\" QUIT\nloop(n) FOR i=1:1:n READ x\n QUIT\n")
	require.Empty(t, r.Errors)
	require.NoError(t, p.Run(func() {
		p.stack = append(p.stack, Int(int64(l.Addr().(*net.TCPAddr).Port)))
		p.call(r.labels["t"], 0, 0, frameDo)
		allocs := testing.AllocsPerRun(5, func() {
			p.stack = append(p.stack, Int(1000))
			p.call(r.labels["loop"], len(p.stack)-1, 0, frameDo)
		})
		assert.LessOrEqual(t, allocs/1000, 1.05)
	}))
}
