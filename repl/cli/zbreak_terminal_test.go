//go:build linux

package cli

// ZBREAK and stepping on a pseudo-terminal.

import "testing"

const brokenRoutine = `z	;
	set x=1
	for i=1:1:3 set x=x+i do sub
	write "x=",x,!
	kill x
	quit
sub	set y=i
	quit
`

func TestZbreak(t *testing.T) {
	w := newWorld(t, map[string]string{"z.mac": brokenRoutine})
	term := w.atPrompt()
	const atLine = "\n\twrite \"x=\",x,!\n\t^\n<BREAK>z+3^z\n\n"
	const atSub = "\nsub\tset y=i\n   \t^\n<BREAK>sub^z\n\n"
	term.debugs(t, []debugged{
		{"zbreak", "BREAK:\nNo breakpoints\nNo watchpoints\n\n", ""},
		{"zbreak z+3^z,sub^z::\"i=2\" zbreak", "BREAK:\n sub^z:\"B\":\"i=2\"\n z+3^z:\"B\"\nNo watchpoints\n\n", ""},
		{"do ^z", atSub, "USER 4d0>"},
		{"write i,\" \",x,\" \",$data(y)", "2 4 1\n", ""},
		{"goto", atLine, "USER 2d0>"},
		{"goto", "x=7\n\n", "USER>"},
		{"zbreak -z+3^z,--sub^z zbreak", "BREAK:\n z+3^z:\"B\"  disabled\nNo watchpoints\n\n", ""},
		{"do ^z", "x=7\n\n", ""},
		{"zbreak +z+3^z:\"N\" do ^z", atLine, "USER 2d0>"},
		{"quit", "\n", "USER>"},
		{"zbreak z+3^z:\"N\"::\"set x=x*2\" do ^z", "x=14\n\n", ""},
		{"zbreak /CLEAR", "\n", ""},
		{"zbreak *x::\"$get(x)>3\" do ^z", "\n\tfor i=1:1:3 set x=x+i do sub\n\t                      ^\n<BREAK>z+2^z\n\n", "USER 3f0>"},
		{"write x", "4\n", ""},
		{"zbreak /CLEAR", "\n", ""},
		{"goto", "x=7\n\n", "USER>"},
		{"zbreak /TRACE:ON zbreak *x:\"T\",sub^z:\"T\":\"i=3\" do ^z", "TRACE: ZBREAK SET x=1 at z+2^z\nTRACE: ZBREAK SET x=2 at z+2^z\nTRACE: ZBREAK SET x=4 at z+2^z\n" +
			"TRACE: ZBREAK SET x=7 at z+2^z\nTRACE: ZBREAK at sub^z\nx=7\nTRACE: ZBREAK KILL x at z+5^z\n\n", ""},
		{"break \"OFF\" zbreak", "BREAK:\nNo breakpoints\nNo watchpoints\n\n", ""},
		{"zbreak nolabel^z", "\nZBREAK nolabel^z\n^\n<NOLINE>\n\n", ""},
		{"zbreak z^z:\"Q\"", "\nZBREAK z^z:\"Q\"\n^\n<NOLINE>\n\n", ""},
		{"zbreak sub^z:\"Q\"", "\nZBREAK sub^z:\"Q\"\n^\n<ILLEGAL VALUE> *Q\n\n", ""},
		{"zbreak /DEBUG:x", "\nZBREAK /DEBUG:x\n^\n<UNIMPLEMENTED> ZBREAK /DEBUG is not built\n\n", ""},
		{"do ^z", "x=7\n\n", ""},
	})
}

func TestStepping(t *testing.T) {
	w := newWorld(t, map[string]string{"z.mac": brokenRoutine})
	term := w.atPrompt()
	const set, loop, write, kill = "\n\tset x=1\n\t^\n<BREAK>z+1^z\n\n", "\n\tfor i=1:1:3 set x=x+i do sub\n\t^\n<BREAK>z+2^z\n\n",
		"\n\twrite \"x=\",x,!\n\t^\n<BREAK>z+3^z\n\n", "x=7\n\n\tkill x\n\t^\n<BREAK>z+4^z\n\n"
	term.debugs(t, []debugged{
		{"zbreak z+1^z", "\n", ""},
		{"do ^z", set, "USER 2d0>"},
		{"break \"L\" goto", loop, ""},
		{"goto", write, ""},
		{"break \"C\" goto", "x=7\n\n", "USER>"},
		{"do ^z", set, "USER 2d0>"},
		{"break \"S\" goto", loop, ""},
		{"goto", "\n\tfor i=1:1:3 set x=x+i do sub\n\t            ^\n<BREAK>z+2^z\n\n", "USER 3f0>"},
		{"goto", "\n\tfor i=1:1:3 set x=x+i do sub\n\t                      ^\n<BREAK>z+2^z\n\n", ""},
		{"break \"S+\" goto", "\nsub\tset y=i\n   \t^\n<BREAK>sub^z\n\n", "USER 4d0>"},
		{"break \"OFF\" goto", "x=7\n\n", "USER>"},
		{"break \"L+\" do ^z", set, "USER 2d0>"},
		{"goto", loop, ""},
		{"goto", "\nsub\tset y=i\n   \t^\n<BREAK>sub^z\n\n", "USER 4d0>"},
		{"zbreak z+3^z:\"L\" break \"C\" goto", write, "USER 2d0>"},
		{"goto", kill, ""},
		{"break \"OFF\" goto", "\n", "USER>"},
	})
	term.halts()
}
