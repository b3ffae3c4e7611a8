package lang

// Where in a line something stands, counted in commands: $STACK(n,"PLACE").

import "github.com/alecthomas/participle/v2/lexer"

// CommandNumber counts the commands of a source line that begin at or before a column
// (in characters, from 1). code: the line is code of XECUTE, without a label.
func CommandNumber(line string, code bool, col int) (n int) {
	st := startRoutine
	if code {
		st = startCommands
	}
	s := newScanner("", line, st)
	for {
		t, _ := s.Next() // it never fails
		switch {
		case t.Type == lexer.EOF || t.Type >= firstBad || t.Pos.Column > col:
			return n
		case isCommand(t.Type):
			n++
		}
	}
}
