//go:build linux

package cli

// The debug prompt on a pseudo-terminal: what stops a program leaves its frames standing.

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// debugged is what a session at the debug prompt says, line by line.
type debugged struct{ command, want, prompt string }

func (r *onTerminal) debugs(t *testing.T, steps []debugged) {
	t.Helper()
	prompt := editorPrompt
	for _, s := range steps {
		if s.prompt != "" {
			prompt = s.prompt
		}
		assert.Equal(t, s.want, r.after(s.command, prompt), s.command)
	}
}

const debuggedRoutine = `d	;
	write "begin",!
	set a=1
	set b=nosuch write "same line",!
	write "next line",!
	quit
loop	;
	for i=1:1:4 if i#2 set x=$$f(i) write x,!
	for i=5,6 {
		write i,!
		if i=5 { set y=zz  write "in",! }
		write "after ",i,!
	}
	set n=0 while n<2 { set n=n+1 break:n=1  write "n=",n,! }
	for  set n=n+1 write nosuch quit:n>3
	do { set n=n-1 write nosuch } while n>3
	write "over",!
	quit
f(v)	new q
	set q=v*10
	if v=3 write zz
	quit q+$STACK
p(v)	public {
	set hidden=v
	break
	write hidden,!
	quit
}
dots	do  write "end",!
	. write 1
	. write nosuch
	. write 2,!
	quit
x	xecute "write 1,! write nosuch write 2,!"
	write "behind",!
	quit
try	try { break  write "tried",! for i=1:1:2 { break:i=2  write i,! } } catch e { write "caught",! }
	quit
trap	set $ztrap="handler"
	break
	quit
handler	write "handled",!
	quit
wait	write "w",! hang 1000 write "woken",!
	quit
`

func TestDebugPrompt(t *testing.T) {
	w := newWorld(t, map[string]string{"d.mac": debuggedRoutine})
	term := w.atPrompt()
	term.debugs(t, []debugged{
		{"do ^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "USER 2d0>"},
		{"write a,\" \",$stack,\" \",$zname", "1 1 d\n", ""},
		{"set a=7 zwrite", "a=7\n\n", ""},
		{"write $text(d+2)", " set a=1\n", ""},
		{"write nosuch2", "\nWRITE nosuch2\n^\n<UNDEFINED> *nosuch2\n\n", ""},
		{"wrte", "\nwrte\n^\n<SYNTAX> unknown command \"wrte\"; did you mean WRITE?\n\n", ""},
		{"goto", "same line\nnext line\n\n", "USER>"},
		{"write a", "7\n", ""},
		{"do ^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "USER 2d0>"},
		{"goto d+4", "next line\n\n", "USER>"},
		{"do ^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "USER 2d0>"},
		{"goto x^d", "1\n\nx\txecute \"write 1,! write nosuch write 2,!\"\n \t^\n<UNDEFINED>x^d *nosuch\n\n", "USER 3x0>"},
		{"quit 1", "\n", "USER 2d0>"},
		{"goto", "behind\n\n", "USER>"},
		{"do ^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "USER 2d0>"},
		{"do f^d(3)", "\n\tif v=3 write zz\n\t       ^\n<UNDEFINED>f+2^d *zz\n\n", "USER 3d2>"},
		{"quit 1", "\n", "USER 2d0>"},
		{"do f^d(3)", "\n\tif v=3 write zz\n\t       ^\n<UNDEFINED>f+2^d *zz\n\n", "USER 3d2>"},
		{"quit", "\n", "USER>"},
		{"goto", "\nGOTO\n^\n<COMMAND> *GOTO without an argument goes on after a BREAK or an error, at the prompt\n\n", ""},
		{"break", "\nBREAK\n^\n<BREAK>\n\n", "USER 1S0>"},
		{"quit", "\n", "USER>"},
		{"write 1 break  write 2", "1\n\nWRITE 1 BREAK  WRITE 2\n        ^\n<BREAK>\n\n", "USER 1S0>"},
		{"goto", "2\n", "USER>"},
		{"tstart", "\n", "TL1:USER>"},
		{"do ^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "TL1:USER 2d0>"},
		{"trollback", "\n", "USER 2d0>"},
	})
	term.halts()
}

func TestDebugPromptGoesOnWithinLoops(t *testing.T) {
	w := newWorld(t, map[string]string{"d.mac": debuggedRoutine})
	term := w.atPrompt()
	const nosuch = "\n<UNDEFINED>loop+8^d *nosuch\n\n"
	forever := "\n\tfor  set n=n+1 write nosuch quit:n>3\n\t               ^" + nosuch
	until := "\n\tdo { set n=n-1 write nosuch } while n>3\n\t               ^\n<UNDEFINED>loop+9^d *nosuch\n\n"
	term.debugs(t, []debugged{
		{"do loop^d", "12\n\n\tif v=3 write zz\n\t       ^\n<UNDEFINED>f+2^d *zz\n\n", "USER 4e2>"},
		{"goto", "32\n5\n\n\t\tif i=5 { set y=zz  write \"in\",! }\n\t\t         ^\n<UNDEFINED>loop+4^d *zz\n\n", "USER 3f0>"},
		{"goto", "in\nafter 5\n6\nafter 6\n\n\tset n=0 while n<2 { set n=n+1 break:n=1  write \"n=\",n,! }\n\t                              ^\n<BREAK>loop+7^d\n\n", "USER 2d0>"},
		{"goto", "n=1\nn=2\n" + forever, "USER 3f0>"},
		{"goto", forever, ""},
		{"goto", until, "USER 2d0>"},
		{"goto", "over\n\n", "USER>"},
		{"do loop^d", "12\n\n\tif v=3 write zz\n\t       ^\n<UNDEFINED>f+2^d *zz\n\n", "USER 4e2>"},
		{"quit 2", "\n", "USER 2d0>"}, // out of the function and the FOR
		{"write i", "3\n", ""},
		{"goto", "5\n\n\t\tif i=5 { set y=zz  write \"in\",! }\n\t\t         ^\n<UNDEFINED>loop+4^d *zz\n\n", "USER 3f0>"},
		{"quit 1", "\n", "USER 2d0>"},
		{"goto", "\n\tset n=0 while n<2 { set n=n+1 break:n=1  write \"n=\",n,! }\n\t                              ^\n<BREAK>loop+7^d\n\n", ""},
		{"quit 1", "\n", "USER 1S0>"},
		{"quit 1", "\n", "USER>"},
		{"for i=1:1:2 do p^d(i)", "\n\tbreak\n\t^\n<BREAK>p+2^d\n\n", "USER 3d1>"},
		{"zwrite", "<Private variables>\nhidden=1\nv=1\n<Public variables>\ni=1\nn=1\nx=12\n\n", ""},
	})
}

func TestDebugPromptInProceduresTrapsAndBlocks(t *testing.T) {
	w := newWorld(t, map[string]string{"d.mac": debuggedRoutine})
	term := w.atPrompt()
	term.debugs(t, []debugged{
		{"do p^d(5)", "\n\tbreak\n\t^\n<BREAK>p+2^d\n\n", "USER 2d1>"},
		{"write hidden", "5\n", ""},
		{"zwrite", "<Private variables>\nhidden=5\nv=5\n\n", ""},
		{"set hidden=6", "\n", ""},
		{"goto", "6\n\n", "USER>"},
		{"write $data(hidden)", "0\n", ""},
		{"do dots^d", "1\n\n\t. write nosuch\n\t  ^\n<UNDEFINED>dots+2^d *nosuch\n\n", "USER 3d0>"},
		{"goto", "2\nend\n\n", "USER>"},
		{"do try^d", "\ntry\ttry { break  write \"tried\",! for i=1:1:2 { break:i=2  write i,! } } catch e { write \"caught\",! }\n   \t      ^\n<BREAK>try^d\n\n", "USER 2d0>"},
		{"goto", "tried\n1\n\ntry\ttry { break  write \"tried\",! for i=1:1:2 { break:i=2  write i,! } } catch e { write \"caught\",! }\n   \t                                           ^\n<BREAK>try^d\n\n", "USER 3f0>"},
		{"quit 1", "\n", "USER 2d0>"},
		{"goto", "\n", "USER>"},
		{"do trap^d", "\n\tbreak\n\t^\n<BREAK>trap+1^d\n\n", "USER 2d0>"},
		{"write nosuch", "\nWRITE nosuch\n^\n<UNDEFINED> *nosuch\n\n", ""},
		{"goto", "\n", "USER>"},
	})
	term.types("do wait^d\r")
	term.shows("w\n")
	term.types("\x03")
	term.shows("<INTERRUPT>wait^d\n\n")
	term.shows("USER 2d0>")
	assert.Equal(t, "woken\n\n", term.after("goto", editorPrompt))
	term.types("do wait^d\r")
	term.shows("w\n")
	term.types("\x03")
	term.shows("USER 2d0>")
	term.types("\x04")
	assert.Zero(t, term.exits())
}

// TerminalPrompt says what stands before the >, in transactions and where a program has
// stopped, too.
func TestTerminalPrompt(t *testing.T) {
	host, err := os.Hostname()
	require.NoError(t, err)
	w := newWorld(t, map[string]string{"d.mac": debuggedRoutine})
	w.env = append(w.env, "COS_CLOCK=2026-01-31 12:34:56")
	term := w.atPrompt()
	job := strings.TrimSpace(term.after("write $job", editorPrompt))
	user := strings.TrimSpace(term.after("write $username", editorPrompt))
	const set = "do $system.Process.TerminalPrompt"
	term.debugs(t, []debugged{
		{set + "(8,1,3,2)", "\n", host + ":COS:USER>"},
		{"tstart", "\n", "TL1:" + host + ":COS:USER>"},
		{"tstart  " + set + "(2,8,4)", "\n", "USER:TL2:12:34:56>"},
		{"do d^d", "begin\n\n\tset b=nosuch write \"same line\",!\n\t^\n<UNDEFINED>d+3^d *nosuch\n\n", "USER:TL2:12:34:56 2d0>"},
		{set + "(0)", "\n", "2d0>"},
		{"quit", "\n", ">"},
		{"trollback", "\n", ">"},
		{"write $system.Process.TerminalPrompt(5)", "0\n", job + ">"},
		{set + "(6)", "\n", user + ">"},
		{set + "(9)", "\nDO $system.Process.TerminalPrompt(9)\n^\n<ILLEGAL VALUE>\n\n", ""},
		{set + "(\"8,2\")", "\n", "USER>"},
	})
	assert.Regexp(t, `^\n(\d+)?\.\d{6}$`, term.after(set+"(7)", ">"))
}
