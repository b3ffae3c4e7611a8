package lang

// The lexer. It owns everything in M that hangs on position and blanks: labels in
// column 1, leading dots, one blank against two after a command, where an argument
// list ends, comments, continuation lines. What it emits has no blanks left, and it
// never fails: what is no token comes out as one of the tBad… kinds, on which the
// grammar then fails with a position.

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
)

// Limits on nesting. The parser, the compiler and the interpreter recurse over the
// tree, and Go's own stack overflow cannot be recovered, so no source may nest deeper
// than these, which no hand-written or generated program comes near.
const (
	maxNesting   = 400    // open braces; open brackets or chained prefixes in an argument; dots
	maxOperators = 20_000 // operators in one argument: a chain nests to the left
	maxCommands  = 20_000 // commands after each other on one line, with the blocks around it
)

// start tells what a source is.
type start int

const (
	startRoutine  start = iota // labels in column 1
	startCommands              // the prompt: lines of commands
	startXecute                // XECUTE: the same, whose texts may hold line ends
	startExpr                  // one expression
	startEntryref              // one entryref with actuals
)

// mode is where in a line the lexer stands.
type mode int

const (
	atLineStart mode = iota
	afterLabel
	inFormals
	afterFormals
	inPublic // the public list of a procedure
	atDots
	atCommand
	atPost // the colon of a postconditional
	inPost // its expression
	inArgs
	atEnd
)

// definition is the lexer as participle sees it.
type definition struct {
	start start
	names map[string]Kind
}

// Symbols names the token kinds.
func (d definition) Symbols() map[string]Kind { return d.names }

// Lex reads the source from r.
func (d definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return newScanner(name, string(b), d.start), nil
}

// scanner is the state of the lexer.
type scanner struct {
	src  string
	file string

	off       int // next byte
	line      int
	lineStart int // offset of the line's first byte
	colOff    int // column colChars is known at this offset
	colChars  int

	start     start
	mode      mode
	row       *CommandRow // the command whose arguments these are
	operand   bool        // an operand has just ended
	format    bool        // … which was a format control
	brackets  []byte      // open brackets of the argument: ( { [ |, e for an extended [, b for ( in $BITLOGIC
	bitLogic  bool        // the next ( is that of $BITLOGIC
	colonEnd  int         // the end of the last colon outside of brackets
	prefixes  int         // consecutive prefix operators
	operators int         // in this argument
	blocks    []int       // open braces: the command count at each
	commands  int         // before this point, on this line and around its blocks
	pending   []lexer.Token
	tokens    int  // in this piece
	openAtEnd bool // the source ended within brackets or a comment

	unclosedText bool    // the parentheses of a macro or embedded SQL did not close
	origin       *origin // where preprocessed text comes from, nil for source as it stands
}

func newScanner(name, src string, st start) *scanner {
	s := &scanner{src: src, file: name, line: 1, start: st}
	if st >= startExpr {
		s.mode = inArgs
	}
	return s
}

// chunk is how many tokens the parser holds before it waits for a place to cut.
// A token has 64 bytes: a routine is handed over in pieces, which keeps them in the
// processor's cache.
const chunk = 200

// Next returns the next token; it never fails. At the end of a piece it returns EOF, and
// goes on after it. A piece ends before a label outside of all blocks, where no command
// and no further clause of one can go on.
func (s *scanner) Next() (lexer.Token, error) {
	if s.tokens++; s.tokens > chunk && s.mode == atLineStart && s.atTopLabel() {
		s.tokens = 0
		return s.token(lexer.EOF, s.off, ""), nil
	}
	if len(s.pending) > 0 {
		t := s.pending[0]
		s.pending = s.pending[1:]
		return t, nil
	}
	for {
		t, ok := s.step()
		if ok {
			return t, nil
		}
	}
}

// atTopLabel tells that a label stands here outside of all blocks.
func (s *scanner) atTopLabel() bool {
	return s.start == startRoutine && len(s.blocks) == 0 && nameStart(s.src, s.off)
}

// step makes one token, or changes the mode.
func (s *scanner) step() (lexer.Token, bool) {
	switch s.mode {
	case atLineStart:
		return s.lineHead()
	case afterLabel:
		return s.labelTail()
	case afterFormals:
		return s.procedureHead()
	case inPublic:
		return s.publicList()
	case atDots:
		return s.dots()
	case atCommand:
		return s.command()
	case atPost:
		s.mode = inPost
		s.beginArgument()
		return s.take(tColon, 1), true
	case inFormals, inPost, inArgs:
		return s.argument()
	}
	return s.token(lexer.EOF, s.off, ""), true
}

// ---- tokens and characters

func (s *scanner) token(k Kind, off int, value string) lexer.Token {
	if s.origin != nil {
		return lexer.Token{Type: k, Value: value, Pos: s.origin.position(s.file, off)}
	}
	if off > s.colOff {
		s.colChars += utf8.RuneCountInString(s.src[s.colOff:off])
		s.colOff = off
	}
	return lexer.Token{Type: k, Value: value, Pos: Position{
		Filename: s.file, Offset: off, Line: s.line, Column: s.colChars + 1}}
}

// take emits the next n bytes as they stand.
func (s *scanner) take(k Kind, n int) lexer.Token {
	t := s.token(k, s.off, s.src[s.off:s.off+n])
	s.off += n
	return t
}

// at is the byte n places on, 0 behind the end.
func (s *scanner) at(n int) byte {
	if s.off+n < len(s.src) {
		return s.src[s.off+n]
	}
	return 0
}

func (s *scanner) ended() bool { return s.off >= len(s.src) }

func (s *scanner) rest() string { return s.src[s.off:] }

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// nameStart tells whether a name may start at off: a letter, also above ASCII, or %.
func nameStart(src string, off int) bool {
	if off >= len(src) {
		return false
	}
	c := src[off]
	return isLetter(c) || c == '%' || c >= utf8.RuneSelf && wideLetter(src[off:]) > 0
}

// wideLetter is the length of the letter above ASCII that src begins with, or 0.
func wideLetter(src string) int {
	if r, n := utf8.DecodeRuneInString(src); unicode.IsLetter(r) {
		return n
	}
	return 0
}

// nameEnd is the end of the letters and digits from off on.
func nameEnd(src string, off int) int {
	for off < len(src) {
		c := src[off]
		switch {
		case isLetter(c) || isDigit(c):
			off++
		case c >= utf8.RuneSelf:
			n := wideLetter(src[off:])
			if n == 0 {
				return off
			}
			off += n
		default:
			return off
		}
	}
	return off
}

// scanName is the end of the name that starts at off; % may only be its first character.
func scanName(src string, off int) int {
	if off < len(src) && src[off] == '%' {
		off++
	}
	return nameEnd(src, off)
}

// scanDotted is scanName for the names of globals, routines and classes, which may
// hold dots before a further letter.
func scanDotted(src string, off int) int {
	off = scanName(src, off)
	for off+1 < len(src) && src[off] == '.' && (nameStart(src, off+1) || isDigit(src[off+1])) {
		off = scanName(src, off+1)
	}
	return off
}

// lineEnd is the offset of the end of the line that off stands in.
func (s *scanner) lineEnd() int {
	if i := strings.IndexByte(s.rest(), '\n'); i >= 0 {
		return s.off + i
	}
	return len(s.src)
}

// newline steps over the line end at off.
func (s *scanner) newline() {
	s.off++
	s.line++
	s.lineStart, s.colOff, s.colChars = s.off, s.off, 0
}

func (s *scanner) skipBlanks() int {
	n := s.off
	for s.off < len(s.src) && isBlank(s.src[s.off]) {
		s.off++
	}
	return s.off - n
}

// comment tells that what stands at off runs to the end of the line.
func (s *scanner) comment() bool {
	switch s.at(0) {
	case ';':
		return true
	case '/':
		return s.at(1) == '/'
	case '#':
		return s.at(1) == '#' && s.at(2) == ';'
	}
	return false
}

// blockComment steps over a /* */ that stands at off. ok is false when it does not end.
func (s *scanner) blockComment() (found, ok bool) {
	if s.at(0) != '/' || s.at(1) != '*' {
		return false, true
	}
	end := strings.Index(s.src[s.off+2:], "*/")
	if end < 0 {
		return true, false
	}
	end += s.off + 4
	for {
		nl := strings.IndexByte(s.src[s.off:end], '\n')
		if nl < 0 {
			s.off = end
			return true, true
		}
		s.off += nl
		s.newline()
	}
}

// space steps over blanks and /* */ comments. An unclosed comment is the token.
func (s *scanner) space() (skipped bool, bad lexer.Token, failed bool) {
	for {
		skipped = s.skipBlanks() > 0 || skipped
		found, ok := s.blockComment()
		if !ok {
			bad = s.token(tBadComment, s.off, "/*")
			s.off, s.mode, s.openAtEnd = len(s.src), atEnd, true
			return skipped, bad, true
		}
		if !found {
			return skipped, bad, false
		}
		skipped = true
	}
}

// tooDeep reports too much nesting and gives up the line, or with all the source.
func (s *scanner) tooDeep(all bool) lexer.Token {
	t := s.token(tTooDeep, s.off, "nesting")
	s.off = s.lineEnd()
	s.mode = atCommand
	s.brackets = s.brackets[:0]
	if all {
		s.off, s.mode = len(s.src), atEnd
	}
	return t
}

// ---- line starts

// lineHead handles what may stand in column 1.
func (s *scanner) lineHead() (lexer.Token, bool) {
	s.commands = 0
	if len(s.blocks) > 0 {
		s.commands = s.blocks[len(s.blocks)-1]
	}
	if s.start == startRoutine && s.skipHeader() {
		return lexer.Token{}, false
	}
	switch c := s.at(0); {
	case s.ended():
		s.mode = atEnd
	case s.start == startCommands, s.start == startXecute, isBlank(c), c == '\n', c == '{', c == '}', s.comment(), c == '/' && s.at(1) == '*', c == '#':
		s.mode = atDots
	case nameStart(s.src, s.off) || isDigit(c):
		s.mode = afterLabel
		return s.take(tLabel, scanName(s.src, s.off)-s.off), true
	default:
		t := s.badChar()
		s.off, s.mode = s.lineEnd(), atCommand
		return t, true
	}
	return lexer.Token{}, false
}

// skipHeader steps over a #! line and a ROUTINE Name [Type=MAC] line at the top.
func (s *scanner) skipHeader() bool {
	if s.line > 2 || s.ended() {
		return false
	}
	text := s.src[s.off:s.lineEnd()]
	if !(s.line == 1 && strings.HasPrefix(text, "#!")) && !IsHeader(text) {
		return false
	}
	s.off += len(text)
	if !s.ended() {
		s.newline()
	}
	return true
}

// IsHeader recognises the first line of an exported routine.
func IsHeader(text string) bool {
	const word = "ROUTINE "
	if len(text) < len(word) || !strings.EqualFold(text[:len(word)], word) {
		return false
	}
	text = strings.TrimSpace(text[len(word):])
	name := text[:scanDotted(text, 0)]
	tail := strings.TrimSpace(text[len(name):])
	if tail == "" { // a label ROUTINE may stand before a command
		return name != "" && findCommand(name) == nil
	}
	return name != "" && tail[0] == '[' && strings.HasSuffix(tail, "]")
}

// labelTail is what follows a label name.
func (s *scanner) labelTail() (lexer.Token, bool) {
	if s.at(0) == '(' {
		s.mode = inFormals
		s.beginArgument()
		s.brackets = append(s.brackets, '(')
		return s.take(tLP, 1), true
	}
	s.mode = afterFormals
	return lexer.Token{}, false
}

// procedureHead is what may stand between a label with its formals and its body.
func (s *scanner) procedureHead() (lexer.Token, bool) {
	blanks, bad, failed := s.space()
	if failed {
		return bad, true
	}
	switch {
	case s.at(0) == '[':
		s.mode = inPublic
		return s.take(tPubOpen, 1), true
	case s.at(0) == '{':
		return s.openBlock()
	case s.ended() || s.at(0) == '\n' || s.comment():
		if s.braceFollows() {
			return s.openBlock()
		}
		s.mode = atCommand
	case isLetter(s.at(0)):
		word := s.src[s.off:scanName(s.src, s.off)]
		if strings.EqualFold(word, "PUBLIC") || strings.EqualFold(word, "PRIVATE") {
			return s.take(tAccess, len(word)), true
		}
		s.mode = atDots
	default:
		s.mode = atDots
	}
	if !blanks && s.mode == atDots {
		t := s.badChar()
		s.off, s.mode = s.lineEnd(), atCommand
		return t, true
	}
	return lexer.Token{}, false
}

// publicList is the names between the brackets of a procedure's public list.
func (s *scanner) publicList() (lexer.Token, bool) {
	s.skipBlanks()
	switch c := s.at(0); {
	case nameStart(s.src, s.off):
		return s.take(tIdent, scanName(s.src, s.off)-s.off), true
	case c == ',':
		return s.take(tComma, 1), true
	case c == ']':
		s.mode = afterFormals
		return s.take(tPubClose, 1), true
	case c == '\n' && s.indentedNext():
		s.newline()
		return lexer.Token{}, false
	case s.ended() || c == '\n':
		s.mode = atCommand
		return lexer.Token{}, false
	}
	t := s.badChar()
	s.off, s.mode = s.lineEnd(), atCommand
	return t, true
}

// dots counts the leading dots of a line.
func (s *scanner) dots() (lexer.Token, bool) {
	if _, bad, failed := s.space(); failed {
		return bad, true
	}
	if s.at(0) == '#' && s.at(1) != ';' && !s.comment() {
		return s.directive()
	}
	s.mode = atCommand
	if s.at(0) != '.' {
		return lexer.Token{}, false
	}
	from, n := s.off, 0
	for s.at(0) == '.' {
		n++
		s.off++
		s.skipBlanks()
	}
	if n > maxNesting {
		s.off = from
		return s.tooDeep(false), true
	}
	return s.token(tDots, from, strings.Repeat(".", n)), true
}

// directive emits a # line whole. #dim without a value declares nothing that we use,
// and with one it is a SET.
func (s *scanner) directive() (lexer.Token, bool) {
	text := s.src[s.off:s.lineEnd()]
	if len(text) > 5 && strings.EqualFold(text[:4], "#dim") && isBlank(text[4]) {
		return s.dim(text)
	}
	s.mode = atCommand
	return s.take(tDirective, len(strings.TrimRight(text, " \t\r"))), true
}

// dim turns "#dim x,y As Type = value" into the tokens of SET (x,y)=value.
func (s *scanner) dim(text string) (lexer.Token, bool) {
	eq := strings.IndexByte(text, '=')
	if eq < 0 {
		s.off += len(text)
		s.mode = atCommand
		return lexer.Token{}, false
	}
	base := s.off
	s.row = commandIndex["SET"]
	set := s.token(tSet, base, s.row.Name)
	s.pending = append(s.pending, s.token(tLP, base, "("))
	for i := 5; i < eq; {
		end := scanName(text, i)
		switch {
		case nameStart(text, i) && end > i:
			if strings.EqualFold(text[i:end], "as") {
				i = eq
				continue
			}
			s.pending = append(s.pending, s.token(tIdent, base+i, text[i:end]))
			i = end
		case text[i] == ',':
			s.pending = append(s.pending, s.token(tComma, base+i, ","))
			i++
		case isBlank(text[i]):
			i++
		default:
			s.pending = append(s.pending, s.token(tBadChar, base+i, text[i:i+1]))
			i = eq
		}
	}
	s.pending = append(s.pending, s.token(tRP, base+eq, ")"), s.token(tBinOp, base+eq, "="))
	s.off += eq + 1
	s.mode = inArgs
	s.beginArgument()
	return set, true
}

// ---- commands

// command emits a command word, a brace or the end of the line.
func (s *scanner) command() (lexer.Token, bool) {
	if _, bad, failed := s.space(); failed {
		return bad, true
	}
	if s.comment() || s.at(0) == '#' && s.at(1) == ';' {
		s.off = s.lineEnd()
	}
	switch c := s.at(0); {
	case s.ended():
		s.mode = atEnd
		return lexer.Token{}, false
	case c == '\n':
		t := s.token(tEOL, s.off, "\n")
		s.newline()
		s.mode = atLineStart
		return t, true
	case c == '{':
		return s.openBlock()
	case c == '}':
		if n := len(s.blocks); n > 0 {
			s.commands = s.blocks[n-1]
			s.blocks = s.blocks[:n-1]
		}
		return s.take(tRBrace, 1), true
	case isLetter(c):
		return s.commandWord()
	case strings.HasPrefix(s.rest(), "$$$") && nameStart(s.src, s.off+3):
		return s.embedded(3), true
	case c == '&' && isLetter(s.at(1)):
		return s.embedded(1), true
	}
	return s.badChar(), true
}

// embedded is a macro that stands for commands, or embedded SQL: &sql( … ). It is one
// token, up to the parenthesis that closes it, over line ends if need be. Its name stands
// n bytes on.
func (s *scanner) embedded(n int) lexer.Token {
	end := scanName(s.src, s.off+n)
	t := s.token(tEmbedded, s.off, s.src[s.off:end])
	end = s.scanParens(end, s.at(0) == '&')
	for {
		nl := strings.IndexByte(s.src[s.off:end], '\n')
		if nl < 0 {
			s.off = end
			return t
		}
		s.off += nl
		s.newline()
	}
}

// scanParens is the end of the parenthesised text that begins at off, or off when there
// is none. Once such text has turned out not to end, later ones are only looked for on
// their line: a source full of them costs no more than its length.
func (s *scanner) scanParens(off int, sql bool) int {
	if off >= len(s.src) || s.src[off] != '(' {
		return off
	}
	depth := 0
	for i := off; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"' || c == '\'' && sql:
			n := strings.IndexByte(s.src[i+1:], c)
			if n < 0 {
				s.unclosedText = true
				return off
			}
			i += n + 1
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case c == '\n' && s.unclosedText:
			return off
		}
	}
	s.unclosedText = true
	return off
}

// badChar emits one character, or one blank-delimited word, that is no token.
func (s *scanner) badChar() lexer.Token {
	_, n := utf8.DecodeRuneInString(s.rest())
	return s.take(tBadChar, n)
}

func (s *scanner) openBlock() (lexer.Token, bool) {
	if len(s.blocks) >= maxNesting {
		return s.tooDeep(true), true
	}
	s.blocks = append(s.blocks, s.commands)
	s.mode = atCommand
	return s.take(tLBrace, 1), true
}

func (s *scanner) commandWord() (lexer.Token, bool) {
	end := nameEnd(s.src, s.off)
	row := findCommand(s.src[s.off:end])
	if row == nil {
		return s.take(tBadWord, end-s.off), true
	}
	if s.commands++; s.commands > maxCommands {
		return s.tooDeep(false), true
	}
	t := s.token(row.Kind, s.off, row.Name)
	s.off, s.row = end, row
	if s.at(0) == ':' {
		s.mode = atPost
	} else {
		s.afterCommand()
	}
	return t, true
}

// afterCommand decides, behind a command word or its postconditional, whether
// arguments follow: they do behind exactly one blank; a command that cannot stand
// bare tolerates more.
func (s *scanner) afterCommand() {
	s.mode = atCommand
	if s.row.neverArgs() {
		s.braceOnNextLine()
		return
	}
	n := s.off
	for n < len(s.src) && isBlank(s.src[n]) {
		n++
	}
	blanks := n - s.off
	from := s.off
	s.off = n
	bare := s.ended() || s.at(0) == '\n' || s.at(0) == '}' || s.comment() ||
		s.at(0) == '/' && s.at(1) == '*' ||
		s.at(0) == '{' && s.row.opensBlock() ||
		blanks > 1 && s.row.Bare
	switch {
	case blanks == 0 && s.at(0) == '(' && s.row.touchesParen():
		s.mode = inArgs
		s.beginArgument()
	case blanks == 0:
		s.off = from
		s.braceOnNextLine()
	case bare:
		s.braceOnNextLine()
	default:
		s.mode = inArgs
		s.beginArgument()
	}
}

// braceOnNextLine moves to an opening brace that stands on a line of its own below
// the command it belongs to.
func (s *scanner) braceOnNextLine() {
	if s.row.opensBlock() {
		s.braceFollows()
	}
}

// braceFollows looks from the end of a line, or a comment before it, over blank lines
// and comments. When a brace comes next it moves there.
func (s *scanner) braceFollows() bool {
	saved := *s
	for {
		if _, _, failed := s.space(); failed {
			break
		}
		if s.comment() {
			s.off = s.lineEnd()
		}
		if s.at(0) == '{' && s.line > saved.line {
			return true
		}
		if s.at(0) != '\n' {
			break
		}
		s.newline()
	}
	*s = saved
	return false
}

// indentedNext tells that the line after the line end at off begins with a blank, or
// that labels do not matter.
func (s *scanner) indentedNext() bool {
	return s.start != startRoutine || isBlank(s.at(1))
}
