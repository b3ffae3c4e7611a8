package runtime

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/lang/preprocess"
)

// compiled are the errors of a source, each as path:line:column: message.
func compiled(sys *System, path, source string) (out []string) {
	for _, e := range sys.Compile("t", path, source).Errors {
		out = append(out, e.Error())
	}
	return out
}

func TestIncludePath(t *testing.T) {
	beside, folder := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write(beside, "near.inc", "#define Near \"beside\"\n")
	write(folder, "near.inc", "#define Near \"folder\"\n")
	write(folder, "_far.inc", "ROUTINE %far [Type=INC]\n#define Far \"far\"\n")
	write(folder, "%own.inc", "#define Own \"own\"\n")
	write(folder, "bad.inc", "#define A 1\n#define\n")
	write(folder, "lib.int", "double(x) QUIT x*2\nloop FOR\n")
	sys := NewSystem(Config{Folders: []string{folder}, Bundled: fstest.MapFS{"x/kit.inc": {Data: []byte("#define Kit \"kit\"\n")}}})
	path := filepath.Join(beside, "t.mac")
	source := `#include near
#include %far.inc
#INCLUDE %own
#include kit
#include %occStatus
t() QUIT $$$Near_$$$Far_$$$Own_$$$Kit_$$$OK_##function($$double^lib(21))
`
	require.NoError(t, os.WriteFile(path, []byte(source), 0o644))
	r, err := sys.LoadFile(path)
	require.NoError(t, err)
	require.Empty(t, r.Errors)
	got, err := sys.evaluate("$$t^t()")
	require.NoError(t, err)
	assert.Equal(t, "besidefarownkit142", got)

	assert.Equal(t, []string{filepath.Join(folder, "bad.inc") + ":2:1: #define needs the name of a macro"}, compiled(sys, path, "#include bad\n"))
	assert.Equal(t, []string{path + ":1:1: there is no include file %occstatus; did you mean %occStatus?"}, compiled(sys, path, "#include %occstatus\n"))
	assert.Equal(t, []string{path + `:1:1: "../near" is not the name of an include file`}, compiled(sys, path, "#include ../near\n"))
}

func TestMacroErrors(t *testing.T) {
	sys := NewSystem(Config{})
	for _, c := range []struct{ source, want string }{
		{" QUIT $$$OK\n", "t:1:7: macro $$$OK is not defined; it is in %occStatus: #include %occStatus"},
		{"#include %occStatus\n QUIT $$$Ok\n SET $$$OK=1\n", "t:2:7: macro $$$Ok is not defined; did you mean $$$OK?\nt:3:6: unexpected \"1\", expected a variable to set, in the expansion of $$$OK"},
		{"#define Bad(%x) +*%x\n WRITE 1,$$$Bad(2),$$$Bad(3)\n", `t:2:10: unexpected "*", expected an expression, in the expansion of $$$Bad`},
		{"#define F(%x) $PEICE(%x)\n SET é=\"é\",x=$$$F(1)\n", "t:2:14: unknown function $PEICE; did you mean $PIECE?, in the expansion of $$$F"},
		{"#define F(%x,%y) %y+(%x\n SET é=\"é\",x=$$$F($PEICE(1),2)),y=$$$F(1,\n $NOPE(2)))\n", "t:2:19: unknown function $PEICE; did you mean $PIECE?"},
		{"#define F(%x,%y) %y+(%x\n SET y=$$$F(1,\n  2*$NOPE(2)))\n", "t:3:5: unknown function $NOPE; did you mean $NAME?"},
		{"#define F(%x) (%x)\n#define G(%x) $$$F(%x)\n WRITE $$$G($NOPE(2))\n", "t:3:8: unknown function $NOPE; did you mean $NAME?, in the expansion of $$$G"},
		{" $$$Nowhere\n WRITE )\n", "t:1:2: macro $$$Nowhere is not defined\nt:2:8: unexpected \")\", expected an expression"},
		{"#if 1/0\n#endif\n#if 1+\n#endif\n", "t:1:1: #if: <DIVIDE>\nt:3:1: #if: unexpected \")\", expected an expression in ''(1+)"},
		{"#wrong\n WRITE )\n", "t:1:1: there is no preprocessor directive #wrong\nt:2:8: unexpected \")\", expected an expression"},
	} {
		assert.Equal(t, c.want, strings.Join(compiled(sys, "", c.source), "\n"), c.source)
	}
}

// TestEvaluationEnds holds that an expression in a routine cannot hang its compiling.
func TestEvaluationEnds(t *testing.T) {
	sys := NewSystem(Config{})
	sys.evalLimit = 1
	sys.Define(sys.Compile("lib", "", "loop() FOR\n"))
	_, err := sys.evaluate("$$loop^lib()")
	require.ErrorContains(t, err, "<INTERRUPT>")
}

// TestStandardMacros expands each macro of the standard include files: the results parse.
func TestStandardMacros(t *testing.T) {
	sys := NewSystem(Config{})
	for _, name := range standardNames() {
		_, text, err := sys.include("", name)
		require.NoError(t, err)
		for _, macro := range preprocess.Defined(text) {
			ok := false
			for _, actual := range []string{"(x,1)", "(1)", ""} {
				for _, how := range []string{" ", " SET y="} {
					r := sys.Parse("t", "", "#include "+name+"\n"+how+"$$$"+macro+actual+"\n")
					ok = ok || len(r.Errors) == 0
				}
			}
			assert.True(t, ok, "$$$%s of %s", macro, name)
		}
	}
}

// TestErrorShowsMacro holds that an error within an expansion points at the macro.
func TestErrorShowsMacro(t *testing.T) {
	p, _ := newTest(t, "")
	r := p.sys.Compile("t", "", "#define Div(%x) SET y=1 SET y=1/%x\nt SET x=1\n SET x=2 $$$Div(0)\n")
	require.Empty(t, r.Errors)
	p.sys.Define(r)
	start, err := p.sys.At(r, "", 0)
	require.NoError(t, err)
	err = p.Launch(start, nil)
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "<DIVIDE>t+1^t", e.Error())
	assert.Equal(t, SourceLine{Routine: "t", Text: " SET x=2 $$$Div(0)", Line: 3, Col: 10}, e.Line)
	p.Principal().Flush(devices.BeforeWait)
}
