package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/runtime"
)

// found are the findings of a source as line:column: message.
func found(source string) (out []string) {
	for _, f := range Source("t.mac", source) {
		text, _, _ := strings.Cut(f.text(), "\n")
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(text, "t.mac:"), " ["+f.Rule+"]"))
	}
	return out
}

func TestErrors(t *testing.T) {
	assert.Empty(t, found(" SET x=1\n WRITE x,!\n"))
	assert.Equal(t, []string{
		`1:2: unknown command "WRTE"; did you mean WRITE?`,
		`3:8: unknown function $PEICE; did you mean $PIECE?`,
		`4:8: unexpected ")", expected an expression`,
	}, found(" WRTE 1\n WRITE 2\n SET x=$PEICE(1,2)\n WRITE )\n"))
}

const letters = "; the letters are ACDEGMPQSTW"

func TestDeviceParameters(t *testing.T) {
	for _, c := range []struct {
		source string
		want   []string
	}{
		{` OPEN "|TCP|1":(:7000:"MAQ"::1024:1024:5:60):5 USE "|TCP|1":(::"+S-T") CLOSE "|TCP|1"`, nil},
		{` OPEN "|TCP|1":(:7000:"maX"):5`, []string{`1:23: warning: unknown mode letter X in "maX", which is ignored` + letters}},
		{` USE "|TCP|1":(::"-Z+Y")`, []string{
			`1:18: warning: unknown mode letter Z in "-Z+Y", which is ignored` + letters,
			`1:18: warning: unknown mode letter Y in "-Z+Y", which is ignored` + letters}},
		{` OPEN 41880:(:41880:"XM"):5`, []string{`1:21: warning: unknown mode letter X in "XM", which is ignored` + letters}},
		{` OPEN "|TCP|"_p:(:p:"XM"):5`, []string{`1:21: warning: unknown mode letter X in "XM", which is ignored` + letters}},
		{` OPEN "|TCP|1":(:7000:/PARAMS="XM"):5`, []string{`1:23: warning: unknown mode letter X in "XM", which is ignored` + letters}},
		{` OPEN "|TCP|1":(:7000:/acept=1):5`, []string{`1:23: warning: unknown device keyword /ACEPT, which is ignored; did you mean /ACCEPT?`}},
		{` OPEN "|TCP|1":/NODELY=1:5`, []string{`1:16: warning: unknown device keyword /NODELY, which is ignored; did you mean /NODELAY?`}},
		{` OPEN "|TCP|1":(:7000:mode):5`, nil},
		// A variable is what the routine sets it to, when that is one kind of device.
		{" SET io=\"|TCP|1\"\n OPEN io:(:7000:\"X\"):5", []string{`2:17: warning: unknown mode letter X in "X", which is ignored` + letters}},
		{" SET io=\"|TCP|1\"\n SET io=$PRINCIPAL\n OPEN io:(:7000:\"X\"):5", nil},
		{" OPEN dev:(\"X\":/READ:/ACCEPT:/MARGIN=80)", nil},
		{" OPEN dev:(/ACEPT)", []string{`1:12: warning: unknown device keyword /ACEPT, which is ignored; did you mean /ACCEPT?`}},
		// Files have tables in their mode strings, the terminal its own letters.
		{` OPEN "a.txt":("WNSK\UTF8\") OPEN "b.txt":("RXK\UTF8\")`, []string{`1:44: warning: unknown mode letter X in "RXK\UTF8\", which is ignored; the letters are RWNETADSVFULQI`}},
		{` OPEN "|TCP|1":(:1:"MK\UTF8\"):5 USE "|TCP|1":(::"-K") USE 0:("":"+SK\CP1252\")`, nil},
		{` USE 0:(80:"S") USE 0:(80:"+Z")`, []string{`1:27: warning: unknown mode letter Z in "+Z", which is ignored; the letters are BCFINPRSTU`}},
		{` USE $P:(80:"Z")`, []string{`1:13: warning: unknown mode letter Z in "Z", which is ignored; the letters are BCFINPRSTU`}},
		{` USE "a.txt":5`, nil},
		{` OPEN "|CPIPE|1":("ls":"RWX":/COMMAND="a":/ARGS=b,c)`, []string{`1:24: warning: unknown mode letter X in "RWX", which is ignored; the letters are RWSFUI`}},
		// Wherever the command stands.
		{" IF 1 {\n  FOR i=1:1:2 {\n   USE 0:(::/FOO)\n  }\n }", []string{`3:13: warning: unknown device keyword /FOO, which is ignored`}},
	} {
		got := found(c.source + "\n")
		for i := range got {
			if len(c.want) > i && !strings.Contains(c.want[i], "did you mean") {
				got[i], _, _ = strings.Cut(got[i], "; did you mean")
			}
		}
		assert.Equal(t, c.want, got, c.source)
	}
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return file
	}
	for _, ext := range []string{".mac", ".int", ".m", ".ro", ".rtn"} {
		write("deep/er/x"+ext, " WRTE 1\n")
	}
	write("deep/no.txt", " WRTE 1\n")
	good := write("good.mac", " USE 0:(::/FOO)\n")
	r, errs := Paths([]string{dir + "/deep", good}, Options{})
	require.Empty(t, errs)
	assert.Equal(t, []int{6, 5, 1}, []int{r.Files, r.Errors(), r.Warnings()})
	var b strings.Builder
	r.Write(&b)
	assert.Contains(t, b.String(), filepath.Join(dir, "deep/er/x.int")+":1:2: unknown command")
	assert.True(t, strings.HasSuffix(b.String(), "\n6 files checked: 5 errors, 1 warning\n"), b.String())

	_, errs = Paths([]string{dir + "/deep/no.txt"}, Options{})
	assert.ErrorContains(t, errs[0], "no.txt is not a routine file")
	r, errs = Paths([]string{dir + "/nowhere", good}, Options{})
	assert.ErrorIs(t, errs[0], os.ErrNotExist)
	require.Equal(t, 1, r.Files, "what can be read is checked")
}

func TestZutil(t *testing.T) {
	assert.Empty(t, found(" SET x=$ZUTIL(5),x=$ZU(68,40,1)+$ZU(67,$JOB)+$ZU(n)+$ZU(69,n) DO $ZU(140,4,x)\n"))
	assert.Equal(t, []string{
		"1:8: warning: $ZUTIL(68,28) does nothing here",
		"2:15: warning: there is no $ZUTIL(18): it raises <FUNCTION>",
		"3:8: warning: $ZUTIL(69,999) does nothing here",
		"3:20: warning: $ZUTIL(67,8) does nothing here",
	}, found(" SET x=$ZU(68,28,0)\n IF 1 { WRITE $ZUTIL(18,2) }\n SET x=$ZU(69,999)+$ZUTIL(67,8,pid)\n"))
}

// TestContainers checks the routines of containers, and passes by other XML in folders.
func TestContainers(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return file
	}
	export := write("all.xml", "<Export><Routine name=\"a\" type=\"MAC\">#include d\n WRITE $$$D,$$$E\n</Routine><Routine name=\"d\" type=\"INC\">#define D 1\n#wrong\n</Routine></Export>")
	other := write("pom.xml", "<project/>")
	output := write("two.ro", "%RO\n\na^INT^\n WRTE 1\n\nb^INT^\n WRITE )\n\n\n")
	class := write("x.cls", "Class A {}")
	r, errs := Paths([]string{dir}, Options{})
	require.Empty(t, errs)
	var got []string
	for _, f := range r.Findings {
		text, _, _ := strings.Cut(f.text(), "\n")
		got = append(got, text)
	}
	assert.Equal(t, []string{
		"d.inc:2:1: there is no preprocessor directive #wrong",
		export + "(a.MAC):2:13: macro $$$E is not defined; did you mean $$$D?",
		export + "(d.INC):2:1: there is no preprocessor directive #wrong",
		output + `(a.INT):1:2: unknown command "WRTE"; did you mean WRITE?`,
		output + `(b.INT):1:8: unexpected ")", expected an expression`,
	}, got)
	_, errs = Paths([]string{class, other}, Options{})
	require.Len(t, errs, 2)
	assert.EqualError(t, errs[0], class+": user-written classes are not supported")
	assert.ErrorIs(t, errs[1], runtime.ErrNoExport)
}

// TestBundledPrograms: cos check finds nothing in the programs that come with cos. What is
// meant as it is there, a comment silences and says why.
func TestBundledPrograms(t *testing.T) {
	r, errs := Paths([]string{"../../scripts"}, Options{})
	require.Empty(t, errs)
	assert.Greater(t, r.Files, 50)
	for _, f := range r.Findings {
		t.Error(f.text())
	}
}
