// Package preprocess is the macro preprocessor: it turns a routine as the user wrote it
// into the text that is parsed, and tells for each character of that text where it comes
// from, so that errors and $TEXT speak of the user's lines.
//
// It works on text and knows no syntax beyond strings, comments and parentheses.
// Directives are rows of a table (directives.go), so are the ## functions (functions.go);
// definitions and their expansion are in macros.go. The line breaks of the source are
// kept: a directive leaves an empty line behind.
package preprocess

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Limits on what a source may expand to. No hand-written program comes near; a macro that
// calls itself, or doubles at each level, must end in an error.
const (
	maxDepth    = 100     // macros and ## functions within each other
	maxIncludes = 1000    // include files read by one routine
	maxNested   = 50      // include files within each other
	maxExpanded = 8 << 20 // bytes that all expansions of a routine may make
)

// Config is what the preprocessor asks of the outside.
type Config struct {
	// Include reads an include file by name. Its path names it in errors.
	Include func(name string) (path, text string, err error)
	// Eval computes an expression for #if and ##expression.
	Eval func(expr string) (value string, err error)
	// Nearest is the known name that a mistyped one was most likely meant to be, "" for none.
	Nearest func(name string, known []string) string
	// Home is the include file that defines a macro which has not been included, "" for none.
	Home func(macro string) string
}

// Result is an expanded source.
type Result struct {
	Text   string
	Pieces []Piece // of Text, in order; the first begins at 0
	Hidden []bool  // by source line from 0: it holds a directive or was not compiled
	Errors []Error // in the order of the source
}

// Piece is a stretch of the expanded text, up to the next piece.
type Piece struct {
	At    int    // its offset in the expanded text
	From  int    // where that is in the source
	Macro string // "" for text as it stands; otherwise all of it stands for what is at From
}

// Error is a place that cannot be preprocessed: in an include file when Path is set.
type Error struct {
	Path         string
	Line, Column int // from 1; the column in characters
	From         int // the offset in the routine: of the error, or of the #include
	Msg          string
	Source       string // the line
}

// Needed tells whether a source holds anything for the preprocessor.
func Needed(text string) bool {
	for from := 0; ; {
		i := strings.IndexAny(text[from:], "#$")
		if i < 0 {
			return false
		}
		i += from
		switch {
		case text[i] == '$':
			if strings.HasPrefix(text[i:], "$$$") {
				return true
			}
		case text[i+1:] != "" && text[i+1] == '#':
			if name, _ := functionAt(text, i); name != "" || strings.HasPrefix(text[i:], "##;") {
				return true
			}
			i++
		case atLineStart(text, i):
			if _, row := directiveAt(text, i); row != nil || isLetter(at(text, i+1)) {
				return true
			}
		}
		from = i + 1
	}
}

// Expand preprocesses a source.
func Expand(text string, cfg Config) *Result {
	x := &expander{cfg: cfg, macros: map[string]*macro{}, hints: map[string]string{},
		pieces: make([]Piece, 1), hidden: make([]bool, strings.Count(text, "\n")+1), seen: map[complaint]bool{}}
	x.run(&source{text: text})
	sort.SliceStable(x.errs, func(i, j int) bool { return x.errs[i].From < x.errs[j].From })
	return &Result{Text: string(x.out), Pieces: x.pieces, Hidden: x.hidden, Errors: x.errs}
}

// source is a file being read: the routine itself, or an include file.
type source struct {
	path  string // of an include file
	text  string
	off   int
	outer *source // that includes this one; nil for the routine
	place int     // the offset of the #include in the routine
	ifs   []condition
	open  bool // a text in parentheses has turned out not to close
}

// lineEnd is the offset of the end of the line that off stands in.
func lineEnd(text string, off int) int {
	if i := strings.IndexByte(text[off:], '\n'); i >= 0 {
		return off + i
	}
	return len(text)
}

// expander is the state of one expansion.
type expander struct {
	cfg      Config
	macros   map[string]*macro
	out      []byte
	pieces   []Piece
	given    []given // the arguments in what the last call of a file stands for
	hidden   []bool
	lines    counter
	errs     []Error
	seen     map[complaint]bool
	hints    map[string]string // by macro: what is said of its not being defined
	unique   int               // ##unique variables made
	includes int
	spent    int  // of maxExpanded
	over     bool // no more is expanded
}

// complaint is what makes two errors the same.
type complaint struct {
	path string
	off  int
	msg  string
}

// fail reports an error at an offset of a file, once.
func (x *expander) fail(f *source, off int, msg string) {
	c := complaint{f.path, off, msg}
	if len(x.errs) >= maxErrors || x.seen[c] {
		return
	}
	x.seen[c] = true
	start := strings.LastIndexByte(f.text[:off], '\n') + 1
	e := Error{Path: f.path, Line: 1 + strings.Count(f.text[:off], "\n"), Column: 1 + utf8.RuneCountInString(f.text[start:off]),
		From: off, Msg: msg, Source: strings.TrimSuffix(f.text[start:lineEnd(f.text, off)], "\r")}
	if f.outer != nil {
		e.From = f.place
	}
	x.errs = append(x.errs, e)
}

// maxErrors is how many errors of one routine are worth telling.
const maxErrors = 100

// counter counts the lines up to an offset that only grows.
type counter struct{ off, line int }

// hide marks the lines of the routine from one offset up to another as none of its code.
func (x *expander) hide(f *source, from, to int) {
	if f.outer != nil {
		return
	}
	x.lines.line += strings.Count(f.text[x.lines.off:from], "\n")
	x.lines.off = from
	last := x.lines.line + strings.Count(f.text[from:to], "\n")
	for i := x.lines.line; i <= last; i++ {
		x.hidden[i] = true
	}
}

// copy takes over text of a file as it stands. What an include file holds stands for the
// #include.
func (x *expander) copy(f *source, from, to int) {
	if f.outer != nil {
		x.insert(f, f.text[from:to], from, "")
		return
	}
	if last := x.pieces[len(x.pieces)-1]; last.Macro != "" || last.From+len(x.out)-last.At != from {
		x.piece(Piece{At: len(x.out), From: from})
	}
	x.out = append(x.out, f.text[from:to]...)
}

// insert adds text that stands for what is at an offset of a file.
func (x *expander) insert(f *source, text string, off int, macro string) {
	if f.outer != nil {
		off, macro = f.place, "#include"
	}
	if last := x.pieces[len(x.pieces)-1]; last.Macro != macro || last.From != off {
		x.piece(Piece{At: len(x.out), From: off, Macro: macro})
	}
	x.out = append(x.out, text...)
}

// piece begins a piece; one that has turned out empty goes.
func (x *expander) piece(p Piece) {
	if n := len(x.pieces); x.pieces[n-1].At == p.At {
		x.pieces = x.pieces[:n-1]
	}
	x.pieces = append(x.pieces, p)
}

// run reads a file to its end.
func (x *expander) run(f *source) {
	if f.outer != nil {
		f.off = headerEnd(f.text)
	}
	for f.off < len(f.text) {
		start := f.off
		end := lineEnd(f.text, start)
		word := skipBlanks(f.text, start)
		switch {
		case x.directive(f, word):
		case f.skipping():
			f.off = x.skipLine(f)
		case f.outer != nil && blankOrComment(f.text[word:end]):
			f.off = min(end+1, len(f.text))
		default:
			x.codeLine(f)
			continue
		}
		x.hide(f, start, max(start, f.off-1))
		if f.outer == nil { // a directive leaves its line ends
			for i := start; i < f.off; i++ {
				if f.text[i] == '\n' {
					x.copy(f, i, i+1)
				}
			}
		}
	}
	if n := len(f.ifs); n > 0 {
		x.fail(f, f.ifs[n-1].off, "#if without its #endif")
	}
}

// headerEnd steps over the ROUTINE line of an exported include file.
func headerEnd(text string) int {
	const word = "ROUTINE "
	if end := lineEnd(text, 0); len(text) > len(word) && strings.EqualFold(text[:len(word)], word) && strings.Contains(text[:end], "[") {
		return min(end+1, len(text))
	}
	return 0
}

// skipLine is where the line after one that is not compiled begins. A /* */ comment on
// it is stepped over whole: directives in it are none.
func (x *expander) skipLine(f *source) int {
	i := f.off
	for i < len(f.text) && f.text[i] != '\n' {
		i = skipToken(f.text, i)
	}
	return min(i+1, len(f.text))
}

// codeLine expands one line of code, and those that its comments and macro arguments run
// on to.
func (x *expander) codeLine(f *source) {
	from := f.off
	for i := f.off; ; {
		if i >= len(f.text) || f.text[i] == '\n' {
			f.off = min(i+1, len(f.text))
			x.copy(f, from, f.off)
			if f.outer != nil && i >= len(f.text) {
				x.insert(f, "\n", i, "")
			}
			return
		}
		if c := f.text[i]; c != '$' && c != '#' { // nothing to expand begins here
			i = skipToken(f.text, i)
			continue
		}
		s := site{file: f, text: f.text, off: i, place: i, root: true}
		x.given = nil
		text, next, name := x.element(&s)
		if name == "" {
			i = skipToken(f.text, i)
			continue
		}
		x.copy(f, from, i)
		done := 0
		for _, g := range x.given { // an error in an argument is shown where it was written
			if g.from >= 0 {
				x.insert(f, text[done:g.at], i, name)
				x.copy(f, g.from, g.from+g.end-g.at)
				done = g.end
			}
		}
		x.insert(f, text[done:], i, name)
		i, from = next, next
	}
}
