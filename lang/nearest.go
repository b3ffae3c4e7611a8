package lang

// Names that resemble each other, and errors that later stages add to a routine's own.

// Nearest is the known name that a mistyped one was most likely meant to be, "" when
// none is close.
func Nearest(word string, known []string) string {
	best, limit := "", 1+len(word)/3
	for _, k := range known {
		if d := editDistance(word, k); d < limit || d == limit && best == "" {
			best, limit = k, d
		}
	}
	return best
}

// Foreign says whether a command belongs to another M engine: it parses, and raises an
// error when it is reached.
func Foreign(verb string) bool {
	row := commandIndex[verb]
	return row != nil && row.foreign()
}

// NewError makes an error for a place that parses but cannot be compiled.
func NewError(file string, line, column int, msg, source string) *SyntaxError {
	e := &SyntaxError{Msg: msg, Source: source}
	e.Pos.Filename, e.Pos.Line, e.Pos.Column = file, line, column
	return e
}

// Long is the error with its source line and a caret.
func (e *SyntaxError) Long() string {
	if e.Source == "" {
		return e.Error()
	}
	return e.Error() + "\n" + e.Snippet()
}
