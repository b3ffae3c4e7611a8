package lang

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// classLetters shows a class in one letter, below the text.
var classLetters = map[SpanClass]byte{
	CommandWord: 'c', UnknownWord: '?', EntryName: 'l', RoutineName: 'r', VariableName: 'v', GlobalName: 'g', DollarCall: 'f',
	DollarName: 's', MacroName: 'm', ClassName: 'k', MemberName: 'e', KeywordName: '/', StringLiteral: '"', OpenString: '!', NumberLiteral: 'n',
	PatternCode: 'p', Opening: '(', Closing: ')', Comma: ',', Colon: ':', Operator: '+', Comment: ';', Directive: '#', Misplaced: '*',
}

func TestSpans(t *testing.T) {
	for _, c := range [][2]string{
		{``, ``},
		{`set x=1 ; one`, `ccc v+n ;;;;;`},
		{`set x=1 // one`, `ccc v+n ;;;;;;`},
		{`s x="a""b",^g(1)="`, `c v+"""""",gg(n)+!`},
		{`wri x`, `??? c`},
		{`w $p(x,",",2),$h,$$f^r(1),$$g()`, `c ff(v,""",n),ss,fflrr(n),ffl()`},
		{`do lab^rtn(.x):x=1,^r2,x.Do() d`, `cc lllrrrr(+v):v+n,rrr,veee() c`},
		{`do lab^rtn(.x):x=1,^r2,x.Do()  d`, `cc lllrrrr(+v):v+n,rrr,veee()  c`},
		{`job a^b(^g):(:16::):2 goto z:^f`, `ccc lrr(gg):(:nn::):n cccc l:gg`},
		{`open d:(:80:"M":/ACC=1) use $p`, `cccc v:(:nn:""":////+n) ccc ss`},
		{`if x { write 1 } /* c */ else  quit`, `cc v ( ccccc n ) ;;;;;;; cccc  cccc`},
		{`s x=##class(%File).Exists("a"),y=$$$OK`, `c v+kkkkkkkkkkkkkkeeeeeee("""),v+mmmmm`},
		{`w x?1.3N,'x`, `c vppppp,+v`},
		{`zp a+1^b:c zw`, `cc l+nrr:v cc`},
		{"if 1 {\n set é=1 }", "cc n (\n ccc vv+n )"},
		{"#dim x As %String = 4", "################### n"},
		{`s x={"a":[1]}`, `c v+(""":(n))`},
		{"w \x00 \x1b[2J", "c * *(nv"},
	} {
		b := []byte(c[0])
		for i := range b {
			if !isBlank(b[i]) && b[i] != '\n' {
				b[i] = '_'
			}
		}
		for _, s := range Spans(c[0]) {
			for i := s.From; i < s.To; i++ {
				if !isBlank(c[0][i]) || s.Class == Comment || s.Class == Directive {
					b[i] = classLetters[s.Class]
				}
			}
		}
		assert.Equal(t, c[1], string(b), c[0])
	}
}

// Spans cover a source in order, whatever it holds.
func FuzzSpans(f *testing.F) {
	for _, s := range []string{"set x=1", "do a^b(", "/* x", "#dim x = 1", "w \"", "\n\n", "é€", "\x00\xff", strings.Repeat("(", 500), "$$$a(", "##class("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		end := 0
		for _, s := range Spans(source) {
			if s.From < end || s.To <= s.From || s.To > len(source) || s.Class == Blank {
				t.Fatalf("%v after %d in %q", s, end, source)
			}
			for _, c := range []byte(source[end:s.From]) {
				if !isBlank(c) && c != '\n' {
					t.Fatalf("%q is in no span of %q", source[end:s.From], source)
				}
			}
			end = s.To
		}
	})
}
