package lang

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestErrorPositions(t *testing.T) {
	for _, c := range []struct {
		source       string
		line, column int
		message      string
	}{
		{" S x=1+,y=2", 1, 8, `unexpected ",", expected an expression`},
		{"sub(a)\tS z=1 FOO x", 1, 14, `unknown command "FOO"; did you mean FOR?`},
		{" D lab(1,.)", 1, 10, `unexpected ".", expected an expression`},
		{"lab(x,) Q", 1, 7, `unexpected ")", expected a parameter name`},
		{" ELSE { W ( }", 1, 7, "ELSE block without an IF block before it"},
		{" IF x { W ( }", 1, 13, `unexpected "}", expected an expression`},
		{" W \"a", 1, 4, `string without a closing "`},
		{" W é,)", 1, 6, `unexpected ")", expected an expression`},
		{" W 1\n W 2,,3", 2, 6, `unexpected ",", expected an expression`},
		{" WRITEX 1", 1, 2, `unknown command "WRITEX"; did you mean WRITE?`},
		{" RAED x", 1, 2, `unknown command "RAED"; did you mean READ?`},
		{" OPEN:x", 1, 8, "unexpected end of input, expected the arguments of OPEN"},
		{" U d:(1 2)", 1, 9, `unexpected "2", expected ":" or ")"`},
		{" S x=$$f(", 1, 10, "unexpected end of input, expected an expression"},
		{" S x(1=2", 1, 9, `unexpected end of input, expected an operator, "," or ")"`},
		{"!", 1, 1, `unexpected "!", expected a command`},
		{" }", 1, 2, `unexpected "}": no block is open`},
		{" L +", 1, 5, `unexpected end of input, expected a name or "("`},
	} {
		r := ParseRoutine("r", c.source)
		if assert.NotEmpty(t, r.Errors, c.source) {
			e := r.Errors[0]
			assert.Equal(t, c.message, e.Msg, c.source)
			assert.Equal(t, [2]int{c.line, c.column}, [2]int{e.Pos.Line, e.Pos.Column}, c.source)
			assert.Equal(t, strings.Split(c.source, "\n")[c.line-1], e.Source)
			assert.False(t, e.Incomplete)
		}
	}
}

func TestErrorText(t *testing.T) {
	r := ParseRoutine("demo", "lab\n\tS x=1,é=,y=2\n")
	require.Len(t, r.Errors, 1)
	e := r.Errors[0]
	assert.Equal(t, `demo:2:10: unexpected ",", expected an expression`, e.Error())
	assert.Equal(t, "\tS x=1,é=,y=2\n\t        ^", e.Snippet())
	assert.Equal(t, `","`, e.Found)
	assert.Equal(t, "an expression", e.Expected)
	assert.Equal(t, len("lab\n\tS x=1,é="), e.Pos.Offset)

	_, err := ParseCommands("WRIET 1")
	var near *SyntaxError
	require.ErrorAs(t, err, &near)
	assert.Equal(t, "WRITE", near.Near)
	assert.Equal(t, `1:1: unknown command "WRIET"; did you mean WRITE?`, err.Error())
}

// All errors of a file come out in one pass, in order, with no consequential ones.
func TestEveryErrorIsReportedOnce(t *testing.T) {
	r := ParseRoutine("r", `main
 S x=
 WRITE 2 WRIET 1
 IF x { S y=, W 1
  FOO
 } ELSE { BAR2 }
 W 1
 IF x=1+ {
  W (
 } ELSEIF y { W 1,,2 }
 ELSE { W 3 }
 D lab(
sub(a,) W 1
 TRY { S 1=2 } CATCH e { K 1 }
 W 1 }
 Q
`)
	var lines []int
	for _, e := range r.Errors {
		lines = append(lines, e.Pos.Line)
	}
	assert.Equal(t, []int{2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 14, 14, 15}, lines)
	var bad, good int
	for _, l := range r.Lines {
		for _, c := range l.Commands {
			if _, is := c.(*Bad); is {
				bad++
			} else {
				good++
			}
		}
	}
	assert.Equal(t, 6, bad, "top level")
	assert.Equal(t, 6, good, "top level")
}

// What stands before an error on its line still runs; the error is the Bad command's.
func TestBadKeepsWhatStandsBeforeIt(t *testing.T) {
	r := ParseRoutine("r", " S x=1 W ) S y=2\n S z=3")
	require.Len(t, r.Lines, 2)
	require.Len(t, r.Lines[0].Commands, 2)
	assert.Equal(t, "SET", r.Lines[0].Commands[0].Start().Verb)
	bad := r.Lines[0].Commands[1].(*Bad)
	assert.Same(t, r.Errors[0], bad.Err)
	assert.Equal(t, "WRITE", bad.Verb)
	assert.Len(t, r.Lines[1].Commands, 1)
}

// What only another system can read in an argument is no error of the file either.
func TestForeignArgumentsAreNoLoadErrors(t *testing.T) {
	for src, says := range map[string]string{
		" S x=$O(^ (x)) Q:x":            "a global of DSM",
		" S x=$V(#46C,-3,4)*5.4925 W 1": "#46C is a number of MSM",
		" ZWRITE ^TMP(\"B\",$J,*)":      "ZWRITE with * among the subscripts is GT.M's",
		" IF 0 { ZWRITE x(*:5) }\n W 1": "ZWRITE with * among the subscripts is GT.M's",
	} {
		r := ParseRoutine("r", src)
		assert.Empty(t, r.Errors, src)
		require.NotEmpty(t, r.Lines, src)
		c := r.Lines[0].Commands[0]
		if i, ok := c.(*If); ok {
			c = i.Block.Lines[0].Commands[0]
		}
		bad, ok := c.(*Bad)
		require.True(t, ok, src)
		assert.True(t, bad.Foreign)
		assert.Contains(t, bad.Err.Msg, says)
	}
	for _, src := range []string{" S x=^ ", " S x=#", " W x(*)", " S x=# W 1"} {
		assert.NotEmpty(t, ParseRoutine("r", src).Errors, src)
	}
}

func TestTstartTakesTheArgumentsOfTheStandard(t *testing.T) {
	for _, arg := range []string{"x", "(x,y)", "()", "*", ":SERIAL", ":s", "*:t=\"BA\"", "():(SERIAL:TRANSACTIONID=a_1)", "(a,b):(T=1:S)"} {
		r := ParseRoutine("r", " TSTART "+arg+" W 1")
		assert.Empty(t, r.Errors, arg)
		require.Len(t, r.Lines[0].Commands, 2, arg)
		assert.Nil(t, r.Lines[0].Commands[0].Start().Post, arg)
	}
	for _, arg := range []string{"1", "(x", "x:", "x:FOO", "():(S", "*:T", "x,y", "^x"} {
		assert.NotEmpty(t, ParseRoutine("r", " TSTART "+arg).Errors, arg)
	}
}

// A command of another M system stops nothing until it is reached.
func TestForeignCommandsAreNoLoadErrors(t *testing.T) {
	for _, src := range []string{" ZSHOW \"*\":x W 1", " ZGOTO 1:lab^r W 1", " ZSYSTEM \"ls\" W 1", " &sql(SELECT ')' ) W 1"} {
		r := ParseRoutine("r", src)
		assert.Empty(t, r.Errors, src)
		require.Len(t, r.Lines, 1, src)
		require.Len(t, r.Lines[0].Commands, 2, src)
		bad, ok := r.Lines[0].Commands[0].(*Bad)
		require.True(t, ok, src)
		assert.NotEmpty(t, bad.Err.Msg)
		assert.Equal(t, 2, bad.Pos.Column)
		assert.IsType(t, &Write{}, r.Lines[0].Commands[1], src)
	}
}

func TestIncomplete(t *testing.T) {
	for src, want := range map[string]bool{
		"IF x {":                true,
		"IF x {\n W 1":          true,
		"IF x { W 1 } ELSE {":   true,
		"FOR i=1:1:3 { IF i {":  true,
		"W (1":                  true,
		"W (1+":                 true,
		"W $LB(1,\n 2,":         true,
		"W (1 ; note":           true,
		"D lab(1,":              true,
		"S x={\"a\":1,":         true,
		"S x=[1":                true,
		"OPEN d:(1:2":           true,
		"TRY { W 1 }":           true,
		"TRY { W 1 }\n":         true,
		"TRY { W 1 } CATCH e {": true,
		"DO { W 1 }":            true,
		"S x=1 /* note":         true,
		"W 1 }":                 false,
		"S x=":                  false,
		"W \"abc":               false,
		"WRIET 1":               false,
		"W 1,,2 IF x {":         false,
		"W (1\nS x=2":           false,
		"W 1,(2 3":              false,
		"TRY { W 1 } W 2":       false,
		"DO { W 1 } W 2":        false,
		"IF x=) {":              false,
	} {
		_, err := ParseCommands(src)
		var e *SyntaxError
		if assert.ErrorAs(t, err, &e, src) {
			assert.Equal(t, want, e.Incomplete, "%q: %v", src, err)
		}
	}
	for _, src := range []string{"", "  ", "; note", "W 1", "TRY { W 1 } CATCH { }", "DO { W 1 }\nWHILE x", "W (1\n)", "IF x\n{\n}\n"} {
		_, err := ParseCommands(src)
		assert.NoError(t, err, src)
	}
}

func TestNodesKnowTheirOffset(t *testing.T) {
	x, err := ParseExpr(`a+ "b"_$L(c)`)
	require.NoError(t, err)
	concat := x.(*Binary)
	assert.Equal(t, 6, concat.Offset())
	sum := concat.L.(*Binary)
	assert.Equal(t, 1, sum.Offset())
	assert.Equal(t, 0, sum.L.Offset())
	assert.Equal(t, 3, sum.R.Offset())
	call := concat.R.(*Call)
	assert.Equal(t, 7, call.Offset())
	assert.Equal(t, 10, call.Args[0].Offset())
}

// Line numbers are those of the source, whatever stands between.
func TestLineNumbers(t *testing.T) {
	r := ParseRoutine("r", "ROUTINE r [Type=MAC]\na\n\n ; note\n S x=1\n /* a\n b */ S y=1\n S z={\n  \"a\":1}\n#dim v As %String = 1\nb Q\n")
	var lines []int
	for _, l := range r.Lines {
		lines = append(lines, l.Number)
	}
	assert.Equal(t, []int{2, 5, 7, 8, 10, 11}, lines)
	assert.Len(t, r.Source, 11)
	assert.Equal(t, "a", r.Source[1])
}

func TestDecodeSource(t *testing.T) {
	assert.Equal(t, "a é\nb", DecodeSource([]byte("\xef\xbb\xbfa é\r\nb")))
	assert.Equal(t, "a é\n", DecodeSource([]byte("a \xe9\r\n")))
	r := ParseRoutine("r", DecodeSource([]byte(" W \"\xe9\"\r\n Q\r\n")))
	require.Empty(t, r.Errors)
	assert.Equal(t, "é", r.Lines[0].Commands[0].(*Write).Args[0].Expr.X.(*Str).Value)
	assert.Equal(t, []string{" W \"é\"", " Q"}, r.Source)
}

// Every program in testdata parses.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("../scripts/bench/*/*.m")
	require.NoError(t, err)
	more, err := filepath.Glob("testdata/*.mac")
	require.NoError(t, err)
	files = append(files, more...)
	require.Greater(t, len(files), 25)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		r := ParseRoutine(filepath.Base(file), DecodeSource(b))
		for _, e := range r.Errors {
			t.Errorf("%v\n%s", e, e.Snippet())
		}
		assert.NotEmpty(t, r.Lines)
	}
}

// The examples of the TCP chapter of the Caché I/O Device Guide, as typed at a prompt.
func TestManualExamples(t *testing.T) {
	b, err := os.ReadFile("testdata/manual.txt")
	require.NoError(t, err)
	n := 0
	for _, line := range strings.Split(string(b), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		n++
		r, err := ParseCommands(line)
		assert.NoError(t, err, line)
		assert.NotEmpty(t, r.Lines, line)
	}
	assert.Greater(t, n, 45)
}

// Parsers share nothing that changes.
func TestParsingConcurrently(t *testing.T) {
	b, err := os.ReadFile("testdata/features.mac")
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				assert.Empty(t, ParseRoutine("f", string(b)).Errors)
			}
		})
	}
	wg.Wait()
}

// An XECUTE that is not cached, and a large routine, are parsed with few allocations.
func TestParsingAllocatesTheTreeOnly(t *testing.T) {
	allocs := testing.AllocsPerRun(100, func() {
		if _, err := ParseCommands("SET x=x+1"); err != nil {
			t.Error(err)
		}
	})
	assert.LessOrEqual(t, allocs, 20.0) // 24 with a token stream of its own
	src := "a\n" + strings.Repeat(" SET x=$PIECE(y,\"^\",2)\n", 1000)
	allocs = testing.AllocsPerRun(5, func() { ParseRoutine("a", src) })
	assert.LessOrEqual(t, allocs/1000, 18.0)
}
