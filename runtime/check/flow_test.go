package check

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/lang"
)

const (
	never  = " is not reached: what stands before it never goes on here"
	silent = "1:18: warning: READ from a TCP device without a timeout: it waits for ever for a peer that is silent"
)

func TestUnreachable(t *testing.T) {
	for source, want := range map[string]string{
		" QUIT\n SET x=1\n SET y=2":                               "2:2: warning: SET" + never,
		" QUIT 1\n QUIT":                                          "",
		" GOTO a\n QUIT:y\na":                                     "2:2: warning: QUIT" + never,
		" QUIT  SET x=1":                                          "1:8: warning: SET" + never,
		" IF x QUIT  SET y=1\n SET z=1":                           "1:13: warning: SET" + never,
		" IF x { QUIT } ELSE { QUIT } WRITE 1":                    "1:30: warning: WRITE" + never,
		" IF x { QUIT } ELSEIF y { QUIT } WRITE 1":                "",
		" IF x { QUIT } ELSEIF y { HALT } ELSE { GOTO a } W 1\na": "1:50: warning: WRITE" + never,
		" FOR  SET x=1\n WRITE x":                                 "2:2: warning: WRITE" + never,
		" FOR  SET x=1 QUIT:x\n WRITE x":                          "",
		" FOR i=1:1 { DO a }\n WRITE 1\na":                        "2:2: warning: WRITE" + never,
		" FOR i=1:1:9 { DO a }\n WRITE 1\na":                      "",
		" FOR i=1,2:1 { DO a }\n WRITE 1\na":                      "2:2: warning: WRITE" + never,
		" FOR i=2:1,1 { DO a }\n WRITE 1\na":                      "",
		" FOR  FOR  QUIT\n WRITE 1":                               "2:2: warning: WRITE" + never,
		" FOR  DO  WRITE 1\n . QUIT\n WRITE 1":                    "3:2: warning: WRITE" + never,
		" WHILE 1 { DO a }\n WRITE 1\na":                          "2:2: warning: WRITE" + never,
		" WHILE 1 { QUIT:x }\n WRITE 1":                           "",
		" DO { RETURN } WHILE x\n WRITE 1":                        "2:2: warning: WRITE" + never,
		" DO { CONTINUE } WHILE x\n WRITE 1":                      "",
		" DO { QUIT } WHILE x\n WRITE 1":                          "",
		" FOR i=1:1:2 { CONTINUE  WRITE 1 }":                      "1:26: warning: WRITE" + never,
		" TRY { THROW x } CATCH { QUIT }\n WRITE 1":               "",
		" TRY { THROW x } CATCH { RETURN }\n WRITE 1":             "2:2: warning: WRITE" + never,
		" TRY { RETURN  WRITE 1 } CATCH { }":                      "1:16: warning: WRITE" + never,
		" FOR  { TRY { QUIT } CATCH { } }\n WRITE 1":              "",
		" DO\n . QUIT\n . WRITE 1\n WRITE 2":                      "3:4: warning: WRITE" + never,
		" SET x=1\n . WRITE x\n WRITE 2":                          "2:4: warning: WRITE is not reached: there is no argumentless DO on the line above these dots",
		" DO\n . DO\n . . WRITE x\n . WRITE 2":                    "",
		" GOTO a:x\n WRITE 1\na":                                  "",
		" GOTO a:x,a\n WRITE 1\na":                                "2:2: warning: WRITE" + never,
		" GOTO @x\n WRITE 1":                                      "",
		" GOTO a+2\n WRITE 1\na QUIT\n WRITE 2\n WRITE 3":         "2:2: warning: WRITE" + never + "|4:2: warning: WRITE" + never,
		" GOTO a+1\na QUIT\n WRITE 2":                             "",
		" GOTO a+x\n WRITE 1\na QUIT\n WRITE 2":                   "",
		"p() PUBLIC { QUIT\n WRITE 1\nin WRITE 2 }\n WRITE 3":     "2:2: warning: WRITE" + never + "|3:1: warning: label in is never reached: nothing goes to it, and what stands before it never goes on here",
		" XECUTE \"QUIT\" WRITE 1":                                "",
		" HALT:x  WRITE 1 HALT  WRITE 2":                          "1:24: warning: WRITE" + never,
		"#define LEAVE QUIT\n $$$LEAVE\n WRITE 1":                 "3:2: warning: WRITE" + never,
	} {
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

func TestUnsetVariables(t *testing.T) {
	for source, want := range map[string]string{
		" NEW x WRITE x,x":                                          "1:14: warning: x has no value here: nothing has set it",
		" NEW x,y SET y=x WRITE y":                                  "1:16: warning: x has no value here: nothing has set it",
		" SET x=1 KILL x WRITE x":                                   "1:23: warning: x has no value here: nothing has set it",
		" NEW x WRITE x(1)":                                         "1:14: warning: x has no value here: nothing has set it",
		" NEW x SET x(1)=1 WRITE x(2)":                              "",
		" NEW x DO a WRITE x\na":                                    "",
		" NEW x WRITE $$a,x\na() QUIT 1":                            "",
		" NEW x DO a(.x) WRITE x\na(x)":                             "",
		" NEW x DO a(x)\na(x)":                                      "1:13: warning: x has no value here: nothing has set it",
		" NEW x IF 0 SET x=1\n WRITE x":                             "",
		" NEW x IF y WRITE x":                                       "1:19: warning: x has no value here: nothing has set it",
		" NEW x IF y { SET x=1 } WRITE x":                           "",
		" NEW x IF y { SET z=1 } ELSE { SET z=2 } WRITE x":          "1:48: warning: x has no value here: nothing has set it",
		" NEW x FOR i=1:1:2 WRITE x":                                "1:26: warning: x has no value here: nothing has set it",
		" NEW x FOR i=1:1:2 WRITE:i>1 x SET x=i":                    "",
		" NEW x FOR i=1:1:3 DO\n . IF i>1 WRITE x\n . SET x=i":      "",
		" NEW x FOR i=1:1:3 DO\n . IF i>1 WRITE x\n . SET y=i":      "2:17: warning: x has no value here: nothing has set it",
		" NEW x\nlater WRITE x":                                     "",
		" NEW x WRITE y&&x":                                         "1:17: warning: x has no value here: nothing has set it",
		" NEW x WRITE $GET(x),$DATA(x),$ORDER(x(\"\")) WRITE x":     "",
		"p(a) PUBLIC { WRITE a,b,%c }":                              "1:23: warning: b has no value here: nothing has set it",
		"p(a) PUBLIC [b] { WRITE a,b }":                             "",
		"p() PUBLIC { DO ^other WRITE b }":                          "1:30: warning: b has no value here: nothing has set it",
		"p() PUBLIC { DO ^other(.b) WRITE b }":                      "",
		"p() PUBLIC { DO in WRITE b QUIT\nin SET b=1\n}":            "",
		"p() PUBLIC { XECUTE x WRITE b }":                           "1:21: warning: x has no value here: nothing has set it",
		"p() PUBLIC { TRY { SET x=1 } CATCH e { WRITE e.Name,x } }": "",
		"p() PUBLIC { SET $PIECE(x,1)=1 WRITE x }":                  "",
		"#define USE WRITE x\n NEW x $$$USE":                        "",
	} {
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

// SET $LISTBUILD and SET $LISTGET set each of their arguments.
func TestListTargets(t *testing.T) {
	for _, source := range []string{
		" NEW a,b SET $LISTBUILD(a,,b)=list WRITE a,b\n",
		" NEW a,b SET $LG(a,$PIECE(b,1))=list WRITE a,b\n",
		" NEW a,b FOR i=1:1:2 WRITE:i=2 a,b SET $LB(a,$PIECE(b,1))=list\n",
	} {
		for _, f := range Source("t.mac", source) {
			assert.NotEqual(t, "unset-variable", f.Rule, "%s%v", source, f)
		}
	}
}

func TestTimeouts(t *testing.T) {
	const dev = " SET io=\"|TCP|1\"\n"
	for source, want := range map[string]string{
		` USE "|TCP|1" READ x`:                        "1:20" + silent[4:],
		` USE "|TCP|1" READ x:5,*y:5,z#3:5,"p",!`:     "",
		` USE "|TCP|1" READ x:5,*y`:                   "1:24" + silent[4:],
		` USE "|TCP|"_p READ x`:                       "1:21" + silent[4:],
		` USE "|TCP|"_p_"x" READ x`:                   "1:25" + silent[4:],
		` USE "|TCP|1" USE 0 READ x`:                  "",
		` USE "|TCP|1" DO a READ x` + "\na":           "",
		` USE "|TCP|1" CLOSE "|TCP|1" READ x`:         "",
		` USE "|TCP|1" FOR  READ x QUIT:x`:            "1:25" + silent[4:],
		` USE "|TCP|1" FOR  READ x QUIT:x  USE 0`:     "",
		` USE io READ x`:                              "",
		dev + ` USE io READ x`:                        "2:14" + silent[4:],
		dev + ` USE io READ x` + "\nother(io)":        "",
		dev + ` READ io USE io READ x`:                "",
		dev + ` OPEN io:(:1:"SA"):5 USE io READ x`:    "",
		dev + ` OPEN io:(:1:"S"):5 USE io READ x`:     "2:33" + silent[4:],
		dev + ` OPEN io:(:1:/ACCEPT):5 USE io READ x`: "",
		dev + ` OPEN io`:                              "2:7: warning: OPEN of a TCP device without a timeout: it waits as long as the system lets it",
		dev + ` OPEN io::5,0,"|NPIPE|1"`:              "",
	} {
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

func TestTerminators(t *testing.T) {
	const msg = "warning: a list of terminators beside the mode T: READ ends at those of the list only, T says nothing"
	for source, want := range map[string]string{
		` USE "|TCP|1":(::"+T":$CHAR(10))`:          "1:23: " + msg,
		` USE "|TCP|1":(::"-T":$CHAR(10))`:          "",
		` USE "|TCP|1":(::"T":"")`:                  "",
		` USE "|TCP|1":(::"M":$CHAR(10))`:           "",
		` USE "|TCP|1":(::"K\TEXT\S":$CHAR(10))`:    "",
		` USE "|TCP|1":(/TMODE=1:/TERMINATOR=term)`: "1:25: " + msg,
		` USE 0:(::"T":$CHAR(10))`:                  "",
	} {
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

func TestLabels(t *testing.T) {
	unused := "2:1: warning: procedure p is never called, and it is not PUBLIC"
	for source, want := range map[string]string{
		" QUIT\np() { }":                                     unused,
		" QUIT\np() PRIVATE { }":                             unused,
		" QUIT\np() PUBLIC { }":                              "",
		"p() { }":                                            "",
		" DO p()\np() { }":                                   "",
		" JOB p()::1\np() { }":                               "",
		" WRITE $TEXT(p+1)\np() { }":                         "",
		" DO p^t\np() { }":                                   "",
		" SET $ZTRAP=\"p\"\np() { }":                         "",
		" SET $ETRAP=\"GOTO p^\"_$ZNAME\np() { }":            "",
		" DO @x\np() { }":                                    "",
		" XECUTE x\np() { }":                                 "",
		" XECUTE \"SET x=1\"\np() { }":                       unused,
		"p() PUBLIC {\nin QUIT\nout QUIT\n}":                 "3:1: warning: label out is never reached: nothing goes to it, and what stands before it never goes on here",
		"p() PUBLIC {\n GOTO out:x\nin QUIT\nout QUIT\n}":    "1:1: ",
		"p() PUBLIC {\n JOB in::1 QUIT\nin QUIT\n}":          "2:6: warning: in is private to the procedure p: JOB begins outside of it and raises <NOLINE>",
		"p() PUBLIC {\n JOB in^t::1 QUIT\nin QUIT\n}":        "2:6: warning: in is private to the procedure p: JOB begins outside of it and raises <NOLINE>",
		"p() PUBLIC {\n JOB in^u::1\nin QUIT\n}":             "",
		"p() PUBLIC {\n JOB in::1 QUIT\nin QUIT\n}\nin QUIT": "",
	} {
		if strings.HasPrefix(want, "1:1: ") { // x has no value: not what is tested
			want = "2:11: warning: x has no value here: nothing has set it"
		}
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

// TestUncalled looks at all routines of a check.
func TestUncalled(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("a.mac", "a\n DO x^b\n SET menu=\"y^b\"\n QUIT\nidle\n QUIT\n")
	write("b.mac", "b\n QUIT\nx\n DO z\n QUIT\ny QUIT\nz QUIT\nw\n WRITE 1\nv QUIT\n")
	write("c.mac", "c QUIT\nx QUIT\n")
	write("d.mac", "d DO @e^c QUIT\nx DO @f\n QUIT\ny\n")
	lines := func(o Options) (out []string) {
		r, errs := Paths([]string{dir}, o)
		require.Empty(t, errs)
		for _, f := range r.Findings {
			out = append(out, strings.TrimPrefix(f.Error(), dir+"/"))
		}
		return out
	}
	assert.Empty(t, lines(Options{}))
	assert.Equal(t, []string{
		"a.mac:5:1: nothing in the routines checked runs idle^a",
		"b.mac:8:1: nothing in the routines checked runs w^b",
	}, lines(Options{Enable: []string{"uncalled-label"}}))
}

// TestNothingIsSaid: what M lets a program do unseen silences the rules.
func TestNothingIsSaid(t *testing.T) {
	b, err := os.ReadFile("testdata/fine.mac")
	require.NoError(t, err)
	assert.Empty(t, found(string(b)))
}

// FuzzRules: no source makes a rule panic, and every finding lies inside it.
func FuzzRules(f *testing.F) {
	files, err := filepath.Glob("../../lang/testdata/*")
	require.NoError(f, err)
	for _, file := range append(files, "testdata/fine.mac") {
		if b, err := os.ReadFile(file); err == nil {
			f.Add(string(b))
		}
	}
	f.Fuzz(inside)
}

// inside checks that every finding lies inside its source.
func inside(t *testing.T, source string) {
	for _, x := range Source("fuzz.mac", source) {
		if x.Pos.Line < 1 || x.Pos.Column < 1 || x.Pos.Line > 1+strings.Count(source, "\n") {
			t.Fatalf("%q: %v", source, x)
		}
	}
}

// TestBrokenSources is the fuzz test on a fixed set of broken programs.
func TestBrokenSources(t *testing.T) {
	pieces := []string{"(", ")", "{", "}", "\"", ",", ":", "^", "@", ".", " ", "  ", "\n", "\n ", "\n . ", "é", "QUIT", "IF ", "ELSE ", "TRY {", "DO ", "FOR ", "WHILE 1 {",
		"NEW x ", "USE \"|TCP|1\" READ ", "SET $PIECE(", "#dim x", "$$$a", "JOB a", "p() {", "; cos:ignore zutil"}
	r := rand.New(rand.NewPCG(1, 2))
	for _, file := range []string{"testdata/fine.mac", "../../lang/testdata/features.mac"} {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		lines := strings.SplitAfter(string(b), "\n")
		for range 300 {
			from := r.IntN(len(lines))
			source := strings.Join(lines[from:min(len(lines), from+1+r.IntN(12))], "")
			for range 1 + r.IntN(3) {
				i := r.IntN(len(source) + 1)
				if r.IntN(2) == 0 {
					source = source[:i] + pieces[r.IntN(len(pieces))] + source[i:]
				} else {
					source = source[:i] + source[min(len(source), i+1+r.IntN(4)):]
				}
			}
			inside(t, lang.DecodeSource([]byte(source)))
		}
	}
}
