//go:build linux

package cli

// The prompt on a pseudo-terminal: what a person types, pastes, and gets to see.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// historyFile is where the prompt of this world keeps its history.
func (w *testWorld) historyFile() string {
	for _, v := range w.env {
		if dir, ok := strings.CutPrefix(v, "XDG_STATE_HOME="); ok {
			return filepath.Join(dir, "cos", "history")
		}
	}
	w.Fatal("no folder for the state")
	return ""
}

func TestBannerAndAliasFile(t *testing.T) {
	w := newWorld(t, nil)
	home := filepath.Dir(filepath.Dir(filepath.Dir(w.historyFile())))
	require.NoError(t, os.WriteFile(filepath.Join(home, ".iris_init"), []byte("# mine\n\nalias two write $1+$1\n:alias hi write \"hi\"\nalas x\nalias y\n"), 0o600))
	term := w.startOnTerminal()
	host, err := os.Hostname()
	require.NoError(t, err)
	file := filepath.Join(home, ".iris_init")
	assert.Contains(t, term.shows(editorPrompt), "\nNode: "+host+", Instance: COS\n\n"+
		file+":5: \"alas x\" is not \"alias name commands\"\n"+file+":6: alias needs a name and commands: alias name commands\n")
	term.debugs(t, []debugged{{":two 4", "8\n", ""}, {":hi", "hi\n", ""}, {":alias", ":hi write \"hi\"\n:two write $1+$1\n", ""}})
	term.halts()

	// Ours comes first.
	config := filepath.Join(home, ".config", "cos")
	require.NoError(t, os.MkdirAll(config, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(config, "init"), []byte("alias ours write 1\n"), 0o600))
	term = w.startOnTerminal()
	term.shows(editorPrompt)
	assert.Equal(t, ":ours write 1\n", term.after(":alias", editorPrompt))
	term.halts()
}

func TestColoursOfALine(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "NO_COLOR=")
	term := w.atPrompt()
	term.types(`write "a",$length(1),^x ; c`)
	term.shows("\x1b[1;34mwrite\x1b[m \x1b[32m\"a\"\x1b[m,\x1b[35m$length\x1b[m(\x1b[36m1\x1b[m),\x1b[36m^x\x1b[m \x1b[90m; c\x1b[m")
	term.types("\x03wri x\x1b[D")
	term.shows("\x1b[31mwri\x1b[m ")
	term.types("\x03halt\r")
	assert.Zero(t, term.exits())

	w = newWorld(t, nil)
	term = w.startOnTerminal()
	term.shows(editorPrompt)
	term.types("write \"a\"\r")
	assert.NotContains(t, term.shows("\na\n"), "\x1b[")
	term.shows(editorPrompt)
	term.halts()
}

// A terminal that knows nothing is no reason to do without.
func TestPromptOnADumbTerminal(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "TERM=dumb", "NO_COLOR=")
	term := w.atPrompt()
	assert.NotContains(t, term.after("write 6*7", editorPrompt), "\x1b")
	term.types("wri\t 1\x7f2\r") // completed, and a character taken back
	term.shows("USER>write 2\n2\n")
	term.shows(editorPrompt)
	term.types("\x1b[A\r")
	term.shows("\n2\n")
	term.shows(editorPrompt)
	term.types("\x04")
	assert.Zero(t, term.exits())
}

func TestTabOnATerminal(t *testing.T) {
	w := newWorld(t, map[string]string{"zserver.mac": "zserver\n quit\nstart(port) write \"started \",port,! quit\n", "zservice.mac": "x quit\n"})
	term := w.atPrompt()
	term.types("do ^zs\t\t")
	term.shows("zserv\n")
	assert.Contains(t, term.shows("zservice"), "zserver ")
	term.types("er\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[Dsta\t\x05(7)\r")
	term.shows("do start^zserver(7)\nstarted 7\n")
	term.shows(editorPrompt)
	term.types("set tuples=5 kill ^tulips set ^tulips=6\rwrite tup\t,^tul\t\r")
	term.shows("write tuples,^tulips\n56\n")
	term.shows(editorPrompt)
	term.types("open \"|TCP|9\":(:0:/ACC\t=1:\"")
	term.shows("/ACCEPT=1:\"")
	term.types("\x15halt\r")
	assert.Zero(t, term.exits())
}

// A line that begins with a tab goes into the current routine.
func TestSourceLinesAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("zremove\r")
	term.shows("\n\nUSER>")
	term.types("\tset x=5 if x {\r")
	term.shows("\n\nUSER>")
	term.types("\t write \"in \"\"it\"\"\",! }\r")
	term.shows("\n\nUSER>")
	assert.Equal(t, "\tset x=5 if x {\n\t write \"in \"\"it\"\"\",! }\n\n", term.after("zprint", editorPrompt))
	assert.Equal(t, "\n0000: 61 E9                                                   aé\n\n", term.after("zzdump \"aé\"", editorPrompt))
	term.halts()
}

// What is pasted arrives whole: between the terminal's marks, and without them.
func TestPasteOnATerminal(t *testing.T) {
	const count = 10_000
	var lines strings.Builder
	for i := range count {
		fmt.Fprintf(&lines, "set n=$get(n)+1,x(%d)=\"%s\"\n", i, strings.Repeat("é", 40))
	}
	for name, paste := range map[string]string{
		"marked":   "\x1b[200~" + lines.String() + "\x1b[201~",
		"unmarked": strings.ReplaceAll(lines.String(), "\n", "\r"),
		"a block":  "\x1b[200~if 1 {\n" + lines.String() + "}\n\x1b[201~",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			term := w.atPrompt()
			term.types(paste)
			term.types("write \"have \",n,$length(x(9999)),!\r")
			term.shows(fmt.Sprintf("\nhave %d40\n", count))
			term.shows(editorPrompt)
			term.halts()
		})
	}
}

// A paste is text: tabs complete nothing, and no character of it is a key. Its last line
// waits for Enter.
func TestPasteIsText(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("\x1b[200~if 1 {\n\twrite \"a\tb\",!\n}\nwrite \"\x01\x1b[2J\xff\",\x1b[201~")
	term.shows("\na\tb\n")
	assert.Contains(t, term.shows("\","), "USER>write \"␁␛[2J\uFFFD")
	term.types("7\r")
	term.shows("7\n")
	term.shows(editorPrompt)
	term.types("write \"x\xff\xfe\xe2\x82y\",1\r")
	term.shows("write \"x\uFFFD\uFFFD\uFFFDy\",1\n")
	term.shows(editorPrompt)
	term.halts()
}

// The history is there again in the next session, also when this one is killed, and two
// sessions at once share it.
func TestHistoryOutlivesItsSession(t *testing.T) {
	w := newWorld(t, nil)
	one, two := w.startOnTerminal(), w.startOnTerminal()
	one.shows(editorPrompt)
	two.shows(editorPrompt)
	one.types("if 1 {\r write \"first\",! ; said\r}\r")
	one.shows("first\n")
	one.shows(editorPrompt)
	two.types("write \"second\"\r")
	two.shows("second\n")
	two.shows(editorPrompt)
	one.types("write \"half\"")
	one.shows("half")
	one.signal(syscall.SIGKILL)
	require.NoError(t, two.keys.Close()) // the terminal is gone
	assert.Equal(t, exitHangup, two.exits())

	b, err := os.ReadFile(w.historyFile())
	require.NoError(t, err)
	assert.Equal(t, "if 1 {\\\n write \"first\",! ; said\\\n}\nwrite \"second\"\n", string(b))
	term := w.atPrompt()
	assert.Equal(t, "   1  if 1 {\n       write \"first\",! ; said\n      }\n   2  write \"second\"\n   3  :history\n", term.after(":history", editorPrompt))
	term.types("\x12FIRST")
	term.shows("bck-i-search: FIRST")
	term.types("\r")
	assert.Contains(t, term.shows("\nfirst\n"), "USER>if 1 {↵ write \"first\",! ; said↵}\n") // one line of the history
	term.shows(editorPrompt)
	term.types(":if\r")
	term.shows("first\n")
	term.shows(editorPrompt)
	term.types(":clear\r")
	term.shows("\nUSER>")
	assert.Equal(t, "   1  :history\n", term.after(":history", editorPrompt))
	term.halts()
}

// A terminal that is closed ends the session, whatever it does, and loses nothing.
func TestTerminalThatCloses(t *testing.T) {
	for _, does := range []string{"", "write 1", "hang 1000\r", "for {}\r", "read x\r", "if 1 {\r", "\x12x", "lock +^a lock +^b read *x\r"} {
		t.Run(does, func(t *testing.T) {
			w := newWorld(t, nil)
			term := w.atPrompt()
			term.types("set ^kept=1\r")
			term.shows("\n\nUSER>")
			term.types(does)
			if line := strings.TrimRight(does, "\r"); line != does {
				term.shows(line + "\n")
			}
			require.NoError(t, term.keys.Close())
			assert.Equal(t, exitHangup, term.exits())
			b, err := os.ReadFile(w.historyFile())
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(string(b), "set ^kept=1\n"))
			stdout, _, exit := w.run("write ^kept\n")
			assert.Equal(t, "1\n", stdout)
			assert.Zero(t, exit)
		})
	}
}

// Ctrl-C ends whatever waits, and the prompt is there again.
func TestInterruptEndsEveryWaitAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	for _, command := range []string{
		`write "go",! hang 1000`, `write "go",! for {}`, `write "go",! read x`, `write "go",! read x:1000`, `write "go",! read *x`,
		`write "go",! read x#3`, `write "go",! for  set x=1`, `open "|TCP|1":(:0) write "go",! use "|TCP|1" read x`,
		`write "go",! set x=$zf(-1,"sleep 1000")`, `open "|CPIPE|1":"sleep 1000":"RQ" write "go",! use "|CPIPE|1" read x`,
	} {
		term.types(command + "\r")
		term.shows(command + "\n")
		term.shows("go\n")
		term.types("\x03")
		term.shows("<INTERRUPT>")
		term.shows(editorPrompt)
	}
	term.types("xecute \"write 1,! hang 1000\"\r") // code of its own stands still
	term.shows("\n1\n")
	term.types("\x03")
	term.shows("<INTERRUPT>")
	term.shows("USER 2x0>")
	term.types("quit\r")
	term.shows("\n\nUSER>")
	term.types("write \"still here\"\r")
	term.shows("\nstill here\n")
	term.shows(editorPrompt)
	term.halts()
}

// The width of the terminal changes while somebody types.
func TestTerminalThatChangesItsSize(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("write \"" + strings.Repeat("abcdefghij", 15))
	term.shows("abcdefghij")
	term.resize(10, 40)
	term.types("\x15write 8\r")
	term.shows("USER>write 8\n8\n")
	term.resize(0, 0)
	term.types("write 9\t\t\r") // a terminal without a size
	term.shows("\n9\n")
	term.halts()
}

// What a peer or a file has put into a name or a text does not reach the terminal when the
// prompt shows it; what the program writes does.
func TestWhatThePromptShowsIsEscaped(t *testing.T) {
	const hostile, seen = "\x1b[2J\u202e", "␛[2J\uFFFD"
	w := newWorld(t, map[string]string{"bad.mac": "bad\n set x=\"" + hostile + "\",y=nosuch\n wrte " + hostile + "\n"})
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "a"+hostile+".txt"), nil, 0o600))
	term := w.atPrompt()
	term.types("set h=$char(27)_\"[2J\"_$char(8238),f=\"a\"_h_\".txt\" open f:\"R\":1 write $test\r")
	term.shows("\n1\n")
	term.shows(editorPrompt)
	for _, c := range []struct{ command, want, prompt string }{
		{":devices", "a" + seen + ".txt  open", editorPrompt},
		{"write x(h)", "<UNDEFINED> *x(\"" + seen + "\")", editorPrompt},
		{"do ^bad", " set x=\"" + seen + "\",y=nosuch\n", "USER 2d0>"},
	} {
		assert.Contains(t, term.after(c.command, c.prompt), c.want, c.command)
	}
	term.types("quit\r\x1b[200~?" + hostile + "\n:" + hostile + "\n:alias x" + hostile + " write 1\n:alias\n:history\nset x=" + hostile + "\nhalt\n\x1b[201~")
	assert.Zero(t, term.exits())
	text := term.shows("halt\n")
	for _, want := range []string{"nothing is known of " + seen, "there is no shortcut :" + seen, ":x" + seen + " write 1\n", "?" + seen, "set x=" + seen} {
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, text, "\u202e")

	term = w.startOnTerminal()
	term.shows(editorPrompt)
	term.types("write \"<\",$char(8238),\">\"\r")
	term.shows("<\u202e>")
	term.types("\x1b[A\x1b[A\x15halt\r")
	assert.Zero(t, term.exits())
}

func TestTraceAtThePrompt(t *testing.T) {
	w := newWorld(t, map[string]string{"j.mac": "work ; a job that runs already\n open \"j.out\":\"WNS\" for  hang 0.01 use \"j.out\" write \"job\",! use 0\n"})
	term := w.atPrompt()
	file := filepath.Join(t.TempDir(), "t.jsonl")
	term.debugs(t, []debugged{
		{":trace", "off\n", ""},
		{":trace off", "there is no trace to end\n", ""},
		{":trace maybe", ":trace on|off [file]\n", ""},
		{":trace on /nowhere/x", "open /nowhere/x: no such file or directory\n", ""},
		{"job work^j", "\n", ""},
		{":trace on " + file, "into " + file + "\n", ""},
		{":trace", "on\n", ""},
		{"open \"p.out\":\"WNS\" use \"p.out\" write \"prompt\"_$char(27) close \"p.out\"", "\n", ""},
	})
	require.Eventually(t, func() bool {
		b, _ := os.ReadFile(file)
		return strings.Contains(string(b), `"work+1^j"`)
	}, patienceOfTests, patienceOfTests/1000, "the job is traced from its next command on")
	assert.Equal(t, "\n", term.after(":trace off", editorPrompt))
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Contains(t, string(b), `"event":"OPEN"`)
	assert.Contains(t, string(b), `p.out`)
	size := len(b)
	assert.Equal(t, "\n", term.after("use 0", editorPrompt))
	b, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Len(t, b, size)

	term.types(":trace on\r")
	term.shows(editorPrompt)
	term.types("open \"q.out\":\"WNS\"\r")
	assert.NotContains(t, term.shows("OPEN       (\"WNS\")"), "/dev/pts", "the terminal shows itself")
	term.shows(editorPrompt)
	term.types("halt\r")
	term.shows("Ctrl-C ends it\n")
	term.types("\x03")
	assert.Equal(t, 130, term.exits())
}

// What a job reports stands above the line that is typed.
func TestReportsOfJobsStandAboveTheLine(t *testing.T) {
	w := newWorld(t, map[string]string{"j.mac": "j\n FOR  QUIT:$DATA(^go)  HANG .01\n WRITE nosuch\n QUIT\n"})
	term := w.atPrompt()
	term.types("job ^j\r")
	term.shows("\n\nUSER>")
	term.types("write 4")
	term.shows("write 4")
	_, errs, exit := w.run("", "run", "-c", "SET ^go=1")
	require.Zero(t, exit, errs)
	term.shows("<UNDEFINED>j+2^j *nosuch\n WRITE nosuch\n ^\n")
	term.shows("USER>write 4")
	term.types("2\r")
	term.shows("\n42\n")
	term.shows(editorPrompt)
	term.halts()
}

// Ctrl-\, beside keys that people use, does nothing: neither to what runs nor to the line.
func TestQuitKeyAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	term := w.atPrompt()
	term.types("write \"go\",! hang 1000\r")
	term.shows("\ngo\n")
	term.types("\x1c\x03")
	term.shows("<INTERRUPT>")
	term.shows(editorPrompt)
	term.types("write 6\x1c*7\r")
	term.shows("\n42\n")
	term.signal(syscall.SIGQUIT)
	term.shows(editorPrompt)
	term.halts()
}
