package preprocess

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// files are the include files of the tests.
var files = map[string]string{
	"a":      "ROUTINE a [Type=INC]\n#; comment\n#define A 1\n#define Both(%x,%y) %x+%y ##; both\n",
	"outer":  "#include a\n#define Outer $$$A\n",
	"self":   "#define Early 1\n#include self\n",
	"code":   " ; a comment\n\n WRITE 1\n#if 0\n WRITE 2\n#endif\nlabel QUIT",
	"broken": "#define A 1\n#wrong\n#if 1\n",
}

// config is what the tests offer: an evaluator of comparisons and a few products.
var config = Config{
	Include: func(name string) (string, string, error) {
		text, ok := files[name]
		if !ok {
			return "", "", fmt.Errorf("there is no include file %s", name)
		}
		return name + ".inc", text, nil
	},
	Eval: func(expr string) (string, error) {
		switch expr {
		case "2*3":
			return "6", nil
		case "''(2*3)":
			return "1", nil
		case `''("a"="b")`, "''(0)":
			return "0", nil
		case `$c(34)`:
			return `"`, nil
		}
		return "", errors.New("cannot compute " + expr)
	},
	Home: func(macro string) string { return map[string]string{"OK": "%occStatus"}[macro] },
	Nearest: func(word string, known []string) string {
		for _, k := range known {
			if len(word) > 2 && len(word) == len(k) && word[:2] == k[:2] {
				return k
			}
		}
		return ""
	},
}

func TestExpand(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		// Definitions.
		{"#define A 1\n w $$$A", "\n w 1"},
		{"#Define A 1\n w $$$A_$$$A", "\n w 1_1"},
		{"#define A\n w 1$$$A", "\n w 1"},
		{"#define 25M 25\n w $$$25M", "\n w 25"},
		{" #define A 1\n #define A 2\n w $$$A", "\n\n w 2"},
		{"#define A 1\n#undef A\n#ifdef A\n w 1\n#else\n w 2\n#endif", "\n\n\n\n\n w 2\n"},
		{"#define Min $$$Less\n#define Less 3\n w $$$Min", "\n\n w 3"},
		{"#define Cmd write \"x\",!\n $$$Cmd  $$$Cmd", "\n write \"x\",!  write \"x\",!"},
		{"#define %x 1\n w $$$%x", "\n w 1"},
		{"#define a 1\n#define A 2\n w $$$a,$$$A", "\n\n w 1,2"},
		// Arguments.
		{"#define F(%a,%b) %b-%a\n w $$$F(1,2)", "\n w 2-1"},
		{"#define F(%a,%b) %b-%a\n w $$$F( f(1,2) , \"(,\" )", "\n w \"(,\"-f(1,2)"},
		{"#define F(%a,%ab) %ab%a\n w $$$F(1,2)", "\n w 21"},
		{"#define F(%a,%b) [%a|%b]\n w $$$F(1)$$$F()$$$F", "\n w [1|][|][|]"},
		{"#define F(%a) set x=\"%a\"\n $$$F(yes)", "\n set x=\"yes\""},
		{"#define F(%a...) f(%a)\n w $$$F(1,2,3)", "\n w f(1,2,3)"},
		{"#define F() 1\n w $$$F(),$$$F", "\n w 1,1"},
		{"#define F 1\n w $$$F(2)", "\n w 1(2)"},
		{"#define F(%a) (%a+1)\n w $$$F($$$F($$$F(1)))", "\n w (((1+1)+1)+1)"},
		{"#def1arg F(%a) f(%a)\n w $$$F(1,\"a,b\",2)", "\n w f(1,\"a,b\",2)"},
		{"#define F(%a,%b) %a+%b\n w $$$F(1,\n  2),!\n w 2", "\n w 1+2,!\n w 2"},
		{"#define F(%%a) 1\n", "\n"},
		// Several lines.
		{"#define Multiline(%a,%b) ##continue\n    SET x=\"%a\" ##continue\n    SET y=\"%b\"\n $$$Multiline(Scarecrow,Tin Woodman)\n w x",
			"\n\n\n \n    SET x=\"Scarecrow\"\n    SET y=\"Tin Woodman\"\n w x"},
		{"#define M w 1 ##Continue\n#; a comment ##continue\n /* more ##continue\n of it */ ##continue\n w 2\n$$$M", "\n\n\n\n\nw 1\n\n \n w 2"},
		// Comments.
		{"#define A 1 ##; one\n#define B 2 // two\n#define C 3 /* three */\n#define D 4 ; four\n#define E \"//\"\n w $$$A,$$$B,$$$C,$$$D,$$$E", "\n\n\n\n\n w 1,2,3,4,\"//\""},
		{"#define Off ;\n $$$Off write 1", "\n ; write 1"},
		{"#define A 1\n w \"$$$A\" ; $$$A\n w 1 // $$$A\n /* $$$A\n#define A 2\n*/ w $$$A", "\n w \"$$$A\" ; $$$A\n w 1 // $$$A\n /* $$$A\n#define A 2\n*/ w 1"},
		{"#; $$$A\n w 1 #; $$$A\n w 2 ##; $$$A", "\n w 1 #; $$$A\n w 2 ##; $$$A"},
		{"#define T(%x) \"%x\"_\"$$$A\"\n w $$$T(1)", "\n w \"1\"_\"$$$A\""},
		// Conditions.
		{"#if 1\n w 1\n#else\n w 2\n#endif\n w 3", "\n w 1\n\n\n\n w 3"},
		{"#if 0\n w 1\n#elseif 2*3\n w 2\n#elif 1\n w 3\n#else\n w 4\n#endif", "\n\n\n w 2\n\n\n\n\n"},
		{"#if \"a\"=\"b\"\n#if 1\n w 1\n#else\n#define X 1\n#endif\n#elseif 0\n#else\n w 2\n#endif\n#ifndef X\n w 3\n#endif\n#ifundef X\n w 4\n#endif", "\n\n\n\n\n\n\n\n w 2\n\n\n w 3\n\n\n w 4\n"},
		{"#define N 0\n#if $$$N\n w 1\n#endif // N", "\n\n\n"},
		{"#if 0\n /*\n#endif\n*/\n w 1\n#endif\n w 2", "\n\n\n\n\n\n w 2"},
		{"#if 0\n $$$Nowhere #wrong\n#wrong\n#define A ##continue\n#endif\n#endif\n w 1", "\n\n\n\n\n\n w 1"},
		{"#ifdef $$$A\n w 1\n#endif", "\n\n"},
		// Include files.
		{"#include a\n w $$$Both($$$A,2)", "\n w 1+2"},
		{"#include outer.inc,a\n w 1", ""},
		{"#include outer\n w $$$Outer", "\n w 1"},
		{"#include code\n w 3", " WRITE 1\nlabel QUIT\n\n w 3"},
		// Functions.
		{"#define Six ##expression(2*3)\n w $$$Six,##Function(2*3)", "\n w 6,6"},
		{"#define Q(%x) ##quote(%x)\n w $$$Q(a\"b\"),##quoteexp($c(34))", "\n w \"a\"\"b\"\"\",\"\"\"\""},
		{"#define S(%x) ##stripq(%x)\n w ^$$$S(\"gl\"),##stripq(\"a\"\"b\")", "\n w ^gl,a\"b"},
		{"#define L ##lit(; a $$$A ##; b)\n w 1 $$$L", "\n w 1 ; a $$$A ##; b"},
		{"#define Swap(%a,%b) SET ##unique(new)=%a,%a=%b,%b=##unique(old)\n $$$Swap(x,y) $$$Swap(y,z)", "\n SET %mmmu1=x,x=y,y=%mmmu1 SET %mmmu2=y,y=z,z=%mmmu2"},
		{" SET c=##beginquote SET d=\"x\" &SQL(SELECT ##EndQuote,e=1", " SET c=\"SET d=\"\"x\"\" &SQL(SELECT \",e=1"},
		{" ##sql(SELECT 1)", " &sql(SELECT 1)"},
		// What is left alone.
		{" SET x=##class(A).B(##super(1)) #5\n ; #define\n w 1#2", ""},
		{"#dim x As %String = 5\n #DIM y\n#import A\n#sqlcompile select=ODBC\n#show\n#noshow\n", "#dim x As %String = 5\n #DIM y\n\n\n\n\n"},
		{"#!/usr/bin/env cos\n w 1", ""},
	} {
		r := Expand(c.source, config)
		switch {
		case strings.HasPrefix(c.source, "#include outer.inc"):
			assert.Len(t, r.Errors, 1, "a name is looked up as it is written")
		case strings.Contains(c.source, "%%a"):
			assert.Len(t, r.Errors, 1)
		default:
			if c.want == "" {
				c.want = c.source
			}
			assert.Equal(t, c.want, r.Text, c.source)
			assert.Empty(t, r.Errors, c.source)
		}
		checkResult(t, c.source, r)
	}
}

func TestErrors(t *testing.T) {
	deep := strings.Repeat("$$$A(", 150) + "1" + strings.Repeat(")", 150)
	double := "#define A0 12345678\n"
	for i := range 30 {
		double += fmt.Sprintf("#define A%d $$$A%d$$$A%d\n", i+1, i, i)
	}
	for _, c := range []struct{ source, want string }{
		{" w $$$a", "1:4: macro $$$a is not defined"},
		{"#define A 1\n w $$$a", "2:4: macro $$$a is not defined; did you mean $$$A?"},
		{"#define Alpha 1\n w $$$Alhpa", "2:4: macro $$$Alhpa is not defined; did you mean $$$Alpha?"},
		{" q $$$OK", "1:4: macro $$$OK is not defined; it is in %occStatus: #include %occStatus"},
		{"#define A $$$B\n w $$$A", "2:4: macro $$$B is not defined, in the expansion of $$$A"},
		{"#define A $$$B\n#define B $$$A\n w $$$A", "3:4: macro $$$A expands to itself"},
		{"#define A(%x) %x\n w $$$A(1,2)", "2:4: $$$A takes 1 argument, not 2"},
		{"#define A(%x) %x\n w $$$A(1", "2:4: the arguments of $$$A have no closing parenthesis"},
		{"#define A(%x) (%x)\n w " + deep, "2:4: macros nest deeper than 100 levels"},
		{double + " w $$$A30", "32:4: the macros expand to more than 8388608 characters"},
		{"#define\n", "1:1: #define needs the name of a macro"},
		{"#define A(x) 1\n", "1:1: \"x\" is no parameter of a macro: they begin with %"},
		{"#define A(%x... ,%y) 1\n", "1:1: %name... must be the last parameter of $$$A"},
		{"#define A(%x 1\n", "1:1: the parameters of $$$A have no closing parenthesis"},
		{"#def1arg A 1\n", "1:1: #def1arg needs one parameter"},
		{"#undef\n", "1:1: #undef needs the name of a macro"},
		{"#defin A\n", "1:1: there is no preprocessor directive #defin"},
		{"#IF\n#endif\n", "1:1: #if needs an expression"},
		{"#if x\n#endif\n", "1:1: #if: cannot compute ''(x)"},
		{"#if $$$X\n#endif\n", "1:1: macro $$$X is not defined"},
		{"#ifdef\n#endif\n", "1:1: #ifdef needs the name of a macro"},
		{"#if 1\n w 1\n", "1:1: #if without its #endif"},
		{"#else\n#endif\n#elseif 1\n", "1:1: #else without its #if\n2:1: #endif without its #if\n3:1: #elseif without its #if"},
		{"#if 1\n#else\n#else\n#elif 1\n#endif\n", "3:1: #else after #else\n4:1: #elif after #else"},
		{"#include\n", "1:1: #include needs the name of a file"},
		{" #include nowhere\n", "1:2: there is no include file nowhere"},
		{"#include self\n w $$$Early", "self.inc:2:1: include file self includes itself"},
		{"#include broken\n w $$$A", "broken.inc:2:1: there is no preprocessor directive #wrong\nbroken.inc:3:1: #if without its #endif"},
		{"#execute set x=1\n", "1:1: #execute is not carried out: compiling runs no commands"},
		{" w ##expression(1", "1:4: ##expression has no closing parenthesis"},
		{" w ##expression(y)", "1:4: ##expression: cannot compute y"},
		{" w ##unique(old)", "1:4: ##unique: no variable has been made with ##unique(new)"},
		{" w ##unique(x)", "1:4: ##unique: the argument is new or old"},
		{" w ##beginquote a\n##endquote", "1:4: ##beginquote without its ##endquote"},
	} {
		r := Expand(c.source, config)
		var got []string
		for _, e := range r.Errors {
			where := fmt.Sprintf("%d:%d: ", e.Line, e.Column)
			if e.Path != "" {
				where = e.Path + ":" + where
			}
			got = append(got, where+e.Msg)
		}
		assert.Equal(t, c.want, strings.Join(got, "\n"), c.source)
		checkResult(t, c.source, r)
	}
	r := Expand("#if x\n#endif", Config{})
	require.Len(t, r.Errors, 1)
	assert.Equal(t, "#if: expressions are not computed here", r.Errors[0].Msg)
	r = Expand(strings.Repeat(" w $$$a\n", 1000), Config{})
	assert.Len(t, r.Errors, maxErrors)
}

// checkResult checks what holds for any result: the pieces cover the text, what stands
// as it was written is equal to its source, and errors lie in the source.
func checkResult(t testing.TB, source string, r *Result) {
	t.Helper()
	require.Equal(t, 0, r.Pieces[0].At)
	call := 0
	for i, p := range r.Pieces {
		end := len(r.Text)
		if i+1 < len(r.Pieces) {
			end = r.Pieces[i+1].At
		}
		require.LessOrEqual(t, p.At, end)
		if p.Macro != "" {
			require.LessOrEqual(t, call, p.From, "calls stay in order: %q", source)
			call = p.From
		}
		if p.Macro == "" {
			require.Equal(t, source[p.From:p.From+end-p.At], r.Text[p.At:end], "%q", source)
		}
	}
	require.Len(t, r.Hidden, strings.Count(source, "\n")+1)
	for _, e := range r.Errors {
		require.NotEmpty(t, e.Msg)
		require.LessOrEqual(t, e.From, len(source))
		if e.Path == "" {
			before := source[:e.From]
			require.Equal(t, 1+strings.Count(before, "\n"), e.Line)
			require.Equal(t, 1+utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]), e.Column)
		}
	}
}

func TestHidden(t *testing.T) {
	source := "#define A 1 ##continue\n 2\n w 1\n#if 0\n w 2\n\n#else\n w 3\n#endif\n#; x\n#include code"
	want := []bool{true, true, false, true, true, true, true, false, true, true, true}
	assert.Equal(t, want, Expand(source, config).Hidden)
}

func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		source string
		want   bool
	}{
		{" SET x=##class(A).B() ; #x\n w 1#2,$$f^g,$h", false},
		{"#; x\n #;y\n#!z", false},
		{" w $$$A", true}, {"#define A", true}, {" \t#include", true}, {"#wrong", true},
		{" w ##expression(1)", true}, {" w 1 ##; x", true}, {" w ##super()", false},
	} {
		assert.Equal(t, c.want, Needed(c.source), c.source)
	}
}

func TestTables(t *testing.T) {
	for _, d := range Directives() {
		assert.NotEmpty(t, d.Doc)
		assert.True(t, strings.HasPrefix(d.Syntax, "#"+d.Name), d.Name)
	}
	for _, f := range Functions() {
		assert.NotEmpty(t, f.Doc)
		assert.True(t, strings.HasPrefix(f.Syntax, "##"+f.Name), f.Name)
	}
}

// FuzzExpand holds for any source: it ends, and checkResult.
func FuzzExpand(f *testing.F) {
	for _, d := range Directives() {
		f.Add(d.Syntax + "\n w $$$name(1,2)\n#endif")
	}
	for _, fn := range Functions() {
		f.Add("#define F(%x) " + fn.Syntax + "\n w $$$F(%x)," + fn.Syntax)
	}
	f.Add("#define A(%x,%y...) ##continue\n %x ##; c\n /* $$$A */ w $$$A($$$A(1,\"a\"\"\"),2)")
	f.Add("#include a\n#include code\n#include self\n#include broken\n#if $$$A\n#else\n#elseif 2*3\n#endif")
	f.Fuzz(func(t *testing.T, source string) {
		if !Needed(source) {
			return
		}
		checkResult(t, source, Expand(source, config))
	})
}
