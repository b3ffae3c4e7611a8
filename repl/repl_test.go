package repl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/lang"
	"cos/runtime"
)

func TestHelp(t *testing.T) {
	assert.True(t, strings.HasPrefix(Help("w"), "WRITE[:pc] [expr|*code|format|/mnemonic[(args)],…]\n  write to the current device, or list the local variables\n    USER>WRITE "), Help("w"))
	assert.Contains(t, Help("$piece"), "\n    USER>WRITE $PIECE(\"a,b,c\",\",\",2)")
	assert.Contains(t, Help("tstart"), "Differs from Caché: Caché's takes no arguments.")
	assert.Contains(t, Help("]]"), "sorts after y")
	assert.Contains(t, Help("<"), "less as a number")
	assert.Contains(t, Help("^$j"), "^$JOB(number)")
	assert.Contains(t, Help("%SYSTEM.Status"), "GetErrorText(a[,b])  the messages")
	assert.Contains(t, Help("%File"), "%Library.File\n")
	for _, topic := range []string{"terminalPrompt", "%SYSTEM.Process.TerminalPrompt", "$system.process.terminalprompt"} {
		assert.Contains(t, Help(topic), "%SYSTEM.Process.TerminalPrompt(n1,n2,…)\n  what the prompt of this process shows", topic)
	}
	assert.Equal(t, ":devices\n  each open device with its state, addresses, mode and the bytes in its buffers", Help(":dev"))
	assert.Contains(t, Help("%file.exists"), "%Library.File.Exists(")
	assert.Contains(t, Help("ReadLine"), "\n%IO.Socket.ReadLine(")
	assert.Equal(t, "nothing is known of %FILE.NOSUCH", Help("%File.nosuch"))
	assert.Equal(t, Help("$ORDER"), Help("$o"))
	assert.Contains(t, Help("h"), "HALT[:pc]")
	assert.Contains(t, Help("h"), "HANG[:pc]")
	assert.Contains(t, Help("$test"), "$TEST ($T)")
	assert.Contains(t, Help("#ifdef"), "#ifdef name\n  text that is compiled when")
	assert.Contains(t, Help("##quote"), "##quote(text)\n")
	assert.Contains(t, Help("<READ>"), "<READ>\n  the device could not be read")
	assert.Contains(t, Help("/acc"), "TCP: /ACCEPT (/ACC), mode letter A\n")
	for _, topic := range []string{"tcp", "|TCP|"} {
		assert.Contains(t, Help(topic), "|TCP|\n  TCP client, or server when no host is given\n")
		assert.Contains(t, Help(topic), "/CLOSELISTEN")
	}
	terminator := Help("/terminator")
	for _, device := range []string{"TCP", "terminal", "sequential file"} {
		assert.Contains(t, terminator, device+": /TERMINATOR")
	}
	assert.Equal(t, "nothing is known of WRTE; did you mean ?WRITE?", Help("wrte"))
	assert.Equal(t, "nothing is known of QQQQQQ", Help("qqqqqq"))
}

// Every row of the tables can be asked for and has an answer of its own.
func TestHelpCoversTheTables(t *testing.T) {
	all := Help("")
	var names []string
	for _, c := range lang.Commands() {
		if !lang.Foreign(c.Name) {
			names = append(names, c.Name)
		}
	}
	for _, f := range runtime.FunctionDocs() {
		names = append(names, "$"+f.Name)
	}
	for _, v := range runtime.SpecialDocs() {
		names = append(names, "$"+v.Name)
	}
	for _, n := range names {
		assert.Contains(t, all, n)
		text := Help(n)
		assert.NotContains(t, text, "nothing is known", n)
		assert.Greater(t, strings.Count(text, "\n"), 0, "%s has no doc", n)
	}
	for _, line := range strings.Split(all, "\n") {
		assert.LessOrEqual(t, len(line), 79, line)
	}
}

// What :? and :keys list fits a narrow screen.
func TestExplained(t *testing.T) {
	assert.Equal(t, "a     one\n日本  two\nbcd   x", explained([][2]string{{"a", "one"}, {"日本", "two"}, {"bcd", "x"}}))
	long := explained([][2]string{{":x", strings.Repeat("word ", 40)}, {":y", "last"}})
	lines := strings.Split(long, "\n")
	require.Len(t, lines, 4)
	for _, l := range lines {
		assert.LessOrEqual(t, columnsOf(l), 78)
	}
	assert.True(t, strings.HasPrefix(lines[1], "    word word"), long)
	assert.Equal(t, ":y  last", lines[3])
}

func TestTextOfDevices(t *testing.T) {
	for _, s := range []string{"", "plain", "é\u00ff", "€ and 😀"} {
		text := fromUTF8(s)
		assert.Equal(t, strings.ContainsRune(s, '€'), text.Wide)
		assert.Equal(t, s, toUTF8(text))
	}
	assert.Equal(t, devices.Text{S: "\xe9"}, fromUTF8("é"))
}

func TestCaret(t *testing.T) {
	assert.Equal(t, "\t  ^", caret("\té set", 4))
	assert.Equal(t, "^", caret("set", 1))
	assert.Equal(t, "    ^", caret("日本x", 3))
}

func TestCanonical(t *testing.T) {
	for line, want := range map[string]string{
		"write abc":                 "WRITE abc",
		"s x=1 w:x x":               "S x=1 W:x x",
		"set x=\"write\" do lower":  "SET x=\"write\" DO lower",
		"Write 1,,":                 "Write 1,,", // does not parse
		"write \"é\" write nosuch":  "WRITE \"é\" WRITE nosuch",
		"kill ^x(1) quit:x  hang 1": "KILL ^x(1) QUIT:x  HANG 1",
	} {
		assert.Equal(t, want, canonical(line))
	}
}
