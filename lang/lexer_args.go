package lang

// The lexer inside arguments and postconditionals: what a character means depends on
// whether an operand is due or has just ended, and on whether it touches it.

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// beginArgument resets what is known about the argument.
func (s *scanner) beginArgument() {
	s.operand, s.format = false, false
	s.brackets = s.brackets[:0]
	s.prefixes, s.operators = 0, 0
}

// argument emits one token of an argument, or leaves it.
func (s *scanner) argument() (lexer.Token, bool) {
	from := s.off
	blank, bad, failed := s.space()
	if failed {
		return bad, true
	}
	depth := len(s.brackets)
	if s.ended() || s.at(0) == '\n' || s.comment() {
		return s.argumentEOL(from > 0 && from == s.colonEnd)
	}
	c := s.at(0)
	if depth == 0 {
		switch {
		case blank && from == s.colonEnd && s.excessColons() && nameStart(s.src, s.off):
			s.leave()
			return lexer.Token{}, false
		case blank && s.mode == inPost:
			s.off = from
			s.afterCommand()
			return lexer.Token{}, false
		case c == '}', c == '{' && (s.operand || s.mode == inPost):
			s.leave()
			return lexer.Token{}, false
		case blank && s.operand && (s.embeddedSQL() || isDigit(c) || c == '$' || c == '"' || nameStart(s.src, s.off)):
			s.leave()
			return lexer.Token{}, false
		}
	}
	if s.operand && !s.format {
		if !blank || strings.IndexByte("(^@.", c) < 0 {
			return s.afterOperand(c)
		}
		s.operand = false
	}
	if s.format && strings.IndexByte("!#?/", c) < 0 && c != ',' && c != ')' {
		// WRITE !"x": what touches a format control is no operand of it.
		s.format = false
		return s.afterOperand(c)
	}
	return s.beforeOperand(c)
}

// leave ends the arguments where the next command or brace stands.
func (s *scanner) leave() {
	s.mode = atCommand
	s.brackets = s.brackets[:0]
}

// excessColons tells that the command's arguments may end in colons, which a blank and
// the next command may follow.
func (s *scanner) excessColons() bool {
	return s.row != nil && (s.row.Kind == tDevice || s.row.Kind == tJob)
}

// argumentEOL is the end of a line within an argument: the argument goes on when the
// next line is indented and an operand is due, or when that line begins with what only
// an argument can go on with. Colons at its end are in excess: nothing is due after them.
func (s *scanner) argumentEOL(colon bool) (lexer.Token, bool) {
	if s.start >= startExpr {
		s.openAtEnd = s.openAtEnd || len(s.brackets) > 0
		if s.ended() || s.comment() {
			s.mode = atEnd
			return lexer.Token{}, false
		}
		t := s.take(tEOL, 1)
		s.off, s.mode = len(s.src), atEnd
		return t, true
	}
	saved := *s
	for !s.ended() && !colon {
		if s.comment() {
			s.off = s.lineEnd()
		}
		if s.at(0) != '\n' || !s.indentedNext() {
			break
		}
		s.newline()
		if _, _, failed := s.space(); failed {
			break
		}
		if s.ended() || s.at(0) == '\n' || s.comment() {
			continue
		}
		if s.goesOn() {
			return lexer.Token{}, false
		}
		break
	}
	if s.ended() && len(s.brackets) > 0 {
		saved.openAtEnd = true
	}
	*s = saved
	brace := s.mode == inArgs && s.row != nil && len(s.brackets) == 0 && s.operand
	s.leave()
	if brace {
		s.braceOnNextLine()
	}
	return lexer.Token{}, false
}

// embeddedSQL tells that &sql( stands at off, which is no operator.
func (s *scanner) embeddedSQL() bool {
	const word = "&sql("
	rest := s.rest()
	return len(rest) > len(word) && rest[0] == '&' && strings.EqualFold(rest[:len(word)], word)
}

// goesOn tells that a line beginning at off continues the argument before it.
func (s *scanner) goesOn() bool {
	c := s.at(0)
	if len(s.brackets) == 0 && (s.mode != inArgs || s.embeddedSQL() || c == '.' || c == '{' || c == '}') {
		return false
	}
	if c == '}' && s.top() != '{' || isLetter(c) && s.spelledCommand() {
		return false
	}
	if !s.operand {
		return (c != '#' || s.at(1) == '#') && !(c == '.' && !nameStart(s.src, s.off+1) && s.at(1) != '.' && !isDigit(s.at(1)))
	}
	if len(s.brackets) > 0 && (c == ')' || c == ']' || c == '}' || c == ':') {
		return true
	}
	return strings.IndexByte(",+-*/\\_=<>[]&!'?|", c) >= 0 || c == '#' && isBlank(s.at(1))
}

// spelledCommand tells that a command stands at off, spelled out and followed by a
// blank or its postconditional: then the line before it is the one in error.
func (s *scanner) spelledCommand() bool {
	end := nameEnd(s.src, s.off)
	row := findCommand(s.src[s.off:end])
	return row != nil && len(row.Name) == end-s.off && len(row.Name) > 1 &&
		(end == len(s.src) || s.src[end] == ':' || s.src[end] == '\n' || isBlank(s.src[end]))
}

// open pushes a bracket; the token is emitted by the caller.
func (s *scanner) open(b byte) bool {
	if len(s.brackets) >= maxNesting {
		return false
	}
	s.brackets = append(s.brackets, b)
	s.operand, s.format, s.prefixes = false, false, 0
	return true
}

// top is the innermost open bracket, 0 when there is none.
func (s *scanner) top() byte {
	if n := len(s.brackets); n > 0 {
		return s.brackets[n-1]
	}
	return 0
}

// pop closes the innermost bracket.
func (s *scanner) pop() {
	if n := len(s.brackets); n > 0 {
		s.brackets = s.brackets[:n-1]
	}
	s.operand = true
	if len(s.brackets) == 0 && s.mode == inFormals {
		s.mode = afterFormals
	}
}

// opener emits n bytes that open bracket b.
func (s *scanner) opener(k Kind, n int, b byte) (lexer.Token, bool) {
	if !s.open(b) {
		return s.tooDeep(false), true
	}
	return s.take(k, n), true
}

// operandToken emits n bytes that complete an operand.
func (s *scanner) operandToken(k Kind, n int) (lexer.Token, bool) {
	s.operand, s.format, s.prefixes = true, false, 0
	return s.take(k, n), true
}

// named is operandToken with a value of its own.
func (s *scanner) named(k Kind, end int, value string) (lexer.Token, bool) {
	t := s.token(k, s.off, value)
	s.off = end
	s.operand, s.format, s.prefixes = true, false, 0
	return t, true
}

// prefix emits n bytes that an operand must follow.
func (s *scanner) prefix(k Kind, n int) (lexer.Token, bool) {
	if s.prefixes++; s.prefixes > maxNesting {
		return s.tooDeep(false), true
	}
	s.operand, s.format = false, false
	return s.take(k, n), true
}

// operator emits n bytes of an operator between operands.
func (s *scanner) operator(k Kind, n int) (lexer.Token, bool) {
	if s.operators++; s.operators > maxOperators {
		return s.tooDeep(false), true
	}
	s.operand, s.format, s.prefixes = false, false, 0
	return s.take(k, n), true
}

// separator emits a comma or a colon.
func (s *scanner) separator(k Kind) (lexer.Token, bool) {
	s.operand, s.format, s.prefixes = false, false, 0
	if len(s.brackets) == 0 {
		s.operators = 0
		if k == tColon {
			s.colonEnd = s.off + 1
		}
	}
	return s.take(k, 1), true
}

// beforeOperand emits what stands where an operand is due.
func (s *scanner) beforeOperand(c byte) (lexer.Token, bool) {
	switch c {
	case '"':
		return s.str()
	case '$':
		return s.dollar()
	case '^':
		return s.caret()
	case '@':
		return s.prefix(tAt, 1)
	case '(':
		if s.top() == 'b' {
			return s.opener(tLP, 1, 'b')
		}
		return s.opener(tLP, 1, '(')
	case '~':
		if s.top() == 'b' {
			return s.prefix(tUnOp, 1)
		}
	case '{':
		if s.row != nil && s.row.opensBlock() && !s.looksLikeJSON() {
			s.leave()
			return lexer.Token{}, false
		}
		return s.opener(tJSONObj, 1, '{')
	case '[':
		return s.opener(tJSONArr, 1, '[')
	case ')', ']', '}':
		return s.closer(c)
	case '+', '-', '\'':
		return s.prefix(tUnOp, 1)
	case '!', '#', '?':
		return s.formatControl(c)
	case '*':
		if s.row != nil && (s.row.Name == "ZBREAK" || s.row.Name == "TSTART") && len(s.brackets) == 0 && !nameStart(s.src, s.off+1) { // all of them
			return s.operandToken(tStar, 1)
		}
		return s.prefix(tStar, 1)
	case '/':
		if isLetter(s.at(1)) {
			end := nameEnd(s.src, s.off+1)
			return s.named(tSlash, end, strings.ToUpper(s.src[s.off:end]))
		}
	case '.':
		return s.leadingDot()
	case ',':
		return s.separator(tComma)
	case ':':
		return s.separator(tColon)
	}
	if isDigit(c) {
		return s.operandToken(tNum, scanNumber(s.src, s.off)-s.off)
	}
	if c == 'i' && s.at(1) == '%' && nameStart(s.src, s.off+2) {
		return s.operandToken(tClassOnly, scanName(s.src, s.off+2)-s.off)
	}
	if nameStart(s.src, s.off) {
		return s.operandToken(tIdent, scanName(s.src, s.off)-s.off)
	}
	if n := s.operatorLength(c); n > 0 {
		return s.operator(tBinOp, n)
	}
	return s.badChar(), true
}

// looksLikeJSON tells an object literal from the block of a command whose condition is
// incomplete: what follows the brace is a quoted key or the closing brace.
func (s *scanner) looksLikeJSON() bool {
	rest := strings.TrimLeft(s.src[s.off+1:], " \t\r\n")
	return rest != "" && (rest[0] == '"' || rest[0] == '}')
}

// formatControl is ! or #, after which further ones may follow, or ? before its
// column. Also ##class( begins with a #.
func (s *scanner) formatControl(c byte) (lexer.Token, bool) {
	if c == '#' && s.at(1) == '#' {
		return s.class()
	}
	t := s.take(tFormat, 1)
	s.operand, s.format = c != '?', c != '?'
	return t, true
}

// leadingDot is .5, ..member, or . before the name of an argument by reference.
func (s *scanner) leadingDot() (lexer.Token, bool) {
	switch {
	case isDigit(s.at(1)):
		return s.operandToken(tNum, scanNumber(s.src, s.off)-s.off)
	case s.at(1) == '.' && (nameStart(s.src, s.off+2) || s.at(2) == '#'):
		from := s.off + 2
		end := from
		if s.src[end] == '#' {
			end++
		}
		end = scanName(s.src, end)
		return s.named(tThis, end, s.src[from:end])
	case nameStart(s.src, s.off+1), s.at(1) == '@', s.at(1) == '^':
		return s.prefix(tByRef, 1)
	}
	return s.badChar(), true
}

// scanNumber is the end of the numeric literal at off: digits, a fraction, an exponent.
func scanNumber(src string, off int) int {
	for off < len(src) && isDigit(src[off]) {
		off++
	}
	if off < len(src) && src[off] == '.' && !nameStart(src, off+1) && !strings.HasPrefix(src[off:], "..") {
		for off++; off < len(src) && isDigit(src[off]); off++ {
		}
	}
	if off < len(src) && src[off]|0x20 == 'e' {
		exp := off + 1
		if exp < len(src) && (src[exp] == '+' || src[exp] == '-') {
			exp++
		}
		if exp < len(src) && isDigit(src[exp]) {
			for off = exp; off < len(src) && isDigit(src[off]); off++ {
			}
		}
	}
	return off
}

// scanString is the end of the string literal at off, -1 when it has none on its line.
func scanString(src string, off int) int { return scanText(src, off, '\n') }

// scanText is scanString with what a text cannot hold: the end of a line in a program,
// nothing (a quote) in what a program has made for XECUTE and indirection.
func scanText(src string, off int, never byte) int {
	for off++; off < len(src) && (src[off] != never || never == '"'); off++ {
		if src[off] == '"' {
			if off+1 < len(src) && src[off+1] == '"' {
				off++
				continue
			}
			return off + 1
		}
	}
	return -1
}

// scanJSONString is scanString for JSON literals, where a backslash escapes a quote.
func scanJSONString(src string, off int) int {
	for off++; off < len(src) && src[off] != '\n'; off++ {
		switch src[off] {
		case '\\':
			off++
		case '"':
			return off + 1
		}
	}
	return -1
}

// str emits a string literal with its quotes.
func (s *scanner) str() (lexer.Token, bool) {
	never := byte('\n')
	if s.start >= startXecute {
		never = '"'
	}
	end := scanText(s.src, s.off, never)
	if t := s.top(); t == '{' || t == '[' {
		end = scanJSONString(s.src, s.off)
	}
	if end < 0 {
		t := s.token(tBadString, s.off, `"`)
		s.off = s.lineEnd()
		s.leave()
		return t, true
	}
	if never == '"' {
		return s.longText(end)
	}
	return s.operandToken(tStr, end-s.off)
}

// longText is str for a literal that may go over line ends.
func (s *scanner) longText(end int) (lexer.Token, bool) {
	from := s.off
	t, ok := s.operandToken(tStr, end-from)
	for i := range t.Value {
		if t.Value[i] == '\n' {
			s.off = from + i
			s.newline()
		}
	}
	s.off = end
	return t, ok
}

// unquote is the value of a string literal.
func unquote(lit string) string {
	lit = lit[1 : len(lit)-1]
	if strings.Contains(lit, `""`) {
		return strings.ReplaceAll(lit, `""`, `"`)
	}
	return lit
}

// dollar is a function, a special variable, $$ or a macro.
func (s *scanner) dollar() (lexer.Token, bool) {
	if s.at(1) == '$' {
		if s.at(2) != '$' {
			return s.prefix(tExtr, 2)
		}
		end := scanName(s.src, s.off+3)
		if end == s.off+3 {
			return s.badChar(), true
		}
		return s.named(tMacro, end, s.src[s.off+3:end])
	}
	if s.at(1) == '&' {
		return s.external()
	}
	end := nameEnd(s.src, s.off+1)
	if end == s.off+1 {
		return s.badChar(), true
	}
	name := s.src[s.off+1 : end]
	if end < len(s.src) {
		switch s.src[end] {
		case '(':
			s.bitLogic = len(name) == len("BITLOGIC") && strings.EqualFold(name, "BITLOGIC")
			return s.named(tFunc, end, strings.ToUpper(name))
		case '.':
			if last := scanName(s.src, end+1); last > end+1 && isSystem(name) {
				return s.named(tSystem, last, s.src[end+1:last])
			}
		}
	}
	return s.named(tSpecial, end, strings.ToUpper(name))
}

// external is $&package.name, a call of other M systems to code outside.
func (s *scanner) external() (lexer.Token, bool) {
	end := scanDotted(s.src, s.off+2)
	if at := end + 1; end < len(s.src) && s.src[end] == '.' && at < len(s.src) && s.src[at] == '%' {
		end = scanName(s.src, at)
	}
	if end == s.off+2 {
		return s.badChar(), true
	}
	name := s.src[s.off+1 : end]
	if end < len(s.src) && s.src[end] == '(' {
		return s.named(tFunc, end, name)
	}
	return s.named(tSpecial, end, name)
}

func isSystem(name string) bool {
	return strings.EqualFold(name, "SYSTEM") || strings.EqualFold(name, "SY")
}

// class is ##class(name).
func (s *scanner) class() (lexer.Token, bool) {
	const word = "##class("
	rest := s.rest()
	if len(rest) > len(word) && strings.EqualFold(rest[:len(word)], word) {
		from := s.off + len(word)
		for from < len(s.src) && isBlank(s.src[from]) {
			from++
		}
		end := scanDotted(s.src, from)
		stop := end
		for stop < len(s.src) && isBlank(s.src[stop]) {
			stop++
		}
		if end > from && stop < len(s.src) && s.src[stop] == ')' {
			return s.named(tClass, stop+1, s.src[from:end])
		}
	}
	if end := scanName(s.src, s.off+2); strings.EqualFold(s.src[s.off:end], "##super") {
		return s.operandToken(tClassOnly, end-s.off)
	}
	return s.take(tBadChar, 2), true
}

// caret is a global, or a routine, where an operand is due.
func (s *scanner) caret() (lexer.Token, bool) {
	from := s.off + 1
	switch c := s.at(1); {
	case c == '(':
		return s.operandToken(tNaked, 1)
	case c == '@':
		return s.prefix(tCaretAt, 1)
	case c == '|' && s.at(2) == '|' && nameStart(s.src, s.off+3):
		end := scanDotted(s.src, s.off+3)
		return s.named(tPrivate, end, s.src[s.off+3:end])
	case c == '|':
		return s.opener(tExtOpen, 2, '|')
	case c == '[':
		return s.opener(tExtOpen, 2, 'e')
	case c == '$' && s.at(2) == '|':
		return s.opener(tExtOpen, 3, '|')
	case c == '$' && s.at(2) == '[':
		return s.opener(tExtOpen, 3, 'e')
	case c == '$':
		end := nameEnd(s.src, s.off+2)
		if end > s.off+2 {
			return s.named(tGlobal, end, strings.ToUpper(s.src[from:end]))
		}
	case nameStart(s.src, from):
		end := scanDotted(s.src, from)
		return s.named(tGlobal, end, s.src[from:end])
	}
	return s.badChar(), true
}

// closer is a closing bracket. One that closes nothing is emitted all the same, for
// the grammar to fail on.
func (s *scanner) closer(c byte) (lexer.Token, bool) {
	open := s.top()
	switch {
	case c == ')':
		s.pop()
		return s.take(tRP, 1), true
	case c == '}' && open == '{', c == ']' && open == '[':
		s.pop()
		return s.take(tJSONEnd, 1), true
	case c == ']' && open == 'e', c == '|' && open == '|':
		s.pop()
		end := s.off + 1
		if end < len(s.src) && s.src[end] == '$' {
			end++
		}
		end = scanDotted(s.src, end)
		return s.named(tExtClose, end, s.src[s.off+1:end])
	case c == '}': // a block ends within brackets: recovery needs the brace
		s.leave()
		return lexer.Token{}, false
	}
	return s.badChar(), true
}

// afterOperand emits what follows an operand.
func (s *scanner) afterOperand(c byte) (lexer.Token, bool) {
	switch c {
	case '(':
		if s.bitLogic {
			s.bitLogic = false
			return s.opener(tSub, 1, 'b')
		}
		return s.opener(tSub, 1, '(')
	case ')', '}':
		return s.closer(c)
	case '{':
		s.leave()
		return lexer.Token{}, false
	case ']':
		if t := s.top(); t == '[' || t == 'e' {
			return s.closer(c)
		}
	case '|':
		if s.top() == '|' && s.at(1) != '|' {
			return s.closer(c)
		}
		if s.jobNamespace() && s.at(1) != '|' {
			return s.opener(tRtnOpen, 1, '|')
		}
	case '[':
		if s.jobNamespace() {
			return s.opener(tRtnOpen, 1, 'e')
		}
	case ',':
		return s.separator(tComma)
	case ':':
		return s.separator(tColon)
	case '^':
		if s.top() == 'b' {
			return s.operator(tBinOp, 1)
		}
		return s.routine()
	case '@':
		if s.at(1) == '(' {
			return s.operandToken(tAtSub, 1)
		}
		return s.badChar(), true
	case '.':
		return s.member()
	case '?':
		return s.pattern(1)
	case '\'':
		if s.at(1) == '?' {
			return s.pattern(2)
		}
	}
	if n := s.operatorLength(c); n > 0 {
		return s.operator(tBinOp, n)
	}
	s.operand = false
	return s.beforeOperand(c)
}

// jobNamespace tells that JOB's own ^routine["NS"] and ^routine|"NS"| may stand here.
func (s *scanner) jobNamespace() bool {
	return s.mode == inArgs && s.row != nil && s.row.Kind == tJob && len(s.brackets) == 0
}

// routine is the ^routine of an entryref.
func (s *scanner) routine() (lexer.Token, bool) {
	switch c := s.at(1); {
	case c == '@':
		return s.prefix(tRoutineAt, 1)
	case c == '|':
		return s.opener(tRtnOpen, 2, '|')
	case c == '[':
		return s.opener(tRtnOpen, 2, 'e')
	case nameStart(s.src, s.off+1):
		end := scanDotted(s.src, s.off+1)
		return s.named(tRoutine, end, s.src[s.off+1:end])
	}
	return s.badChar(), true
}

// member is .name, .#PARAMETER or ."quoted name" after an operand, or the ... of a
// variable number of arguments.
func (s *scanner) member() (lexer.Token, bool) {
	from := s.off + 1
	switch {
	case s.at(1) == '.' && s.at(2) == '.':
		return s.operandToken(tVariadic, 3)
	case s.at(1) == '"':
		if end := scanString(s.src, from); end > 0 {
			return s.memberNamed(end, unquote(s.src[from:end]))
		}
	case s.at(1) == '#':
		if end := scanName(s.src, from+1); end > from+1 {
			return s.memberNamed(end, s.src[from:end])
		}
	case nameStart(s.src, from):
		end := scanName(s.src, from)
		return s.memberNamed(end, s.src[from:end])
	}
	return s.badChar(), true
}

// memberNamed counts like an operator: a chain of members nests to the left.
func (s *scanner) memberNamed(end int, name string) (lexer.Token, bool) {
	if s.operators++; s.operators > maxOperators {
		return s.tooDeep(false), true
	}
	return s.named(tMember, end, name)
}

// pattern emits a pattern match operator of n bytes with its pattern.
func (s *scanner) pattern(n int) (lexer.Token, bool) {
	if s.operators++; s.operators > maxOperators {
		return s.tooDeep(false), true
	}
	from := s.off + n
	for from < len(s.src) && isBlank(s.src[from]) {
		from++
	}
	if from < len(s.src) && s.src[from] == '@' {
		s.operand, s.prefixes = false, 0
		t := s.token(tPatternAt, s.off, s.src[s.off:s.off+n]+"@")
		s.off = from + 1
		return t, true
	}
	end, ok := scanPattern(s.src, from)
	if !ok {
		t := s.token(tBadPattern, s.off, "?")
		s.off += n
		s.operand = false
		return t, true
	}
	return s.named(tPattern, end, s.src[s.off:s.off+n]+s.src[from:end])
}

// scanPattern delimits a pattern: counts, codes, quoted strings and alternations in
// parentheses. ok is false when it is empty or does not close.
func scanPattern(src string, off int) (end int, ok bool) {
	from, depth := off, 0
	for off < len(src) {
		switch c := src[off]; {
		case isDigit(c), isLetter(c), c == '.', c == '\'' && off+1 < len(src) && isLetter(src[off+1]):
			off++
		case c == '"':
			next := scanString(src, off)
			if next < 0 {
				return off, false
			}
			off = next
		case c == '(':
			if depth++; depth > maxNesting {
				return off, false
			}
			off++
		case c == ',' && depth > 0:
			off++
		case c == ')' && depth > 0:
			depth--
			off++
		default:
			return off, off > from && depth == 0
		}
	}
	return off, off > from && depth == 0
}

// operatorLength is the length of the operator at off, 0 for none.
func (s *scanner) operatorLength(c byte) int {
	d := s.at(1)
	switch c {
	case '+', '-', '/', '\\', '#', '_', '=':
		return 1
	case '[':
		return 1
	case '*':
		return lengthIf(d == '*')
	case '<':
		return lengthIf(d == '=')
	case '>':
		return lengthIf(d == '=')
	case ']':
		return lengthIf(d == ']')
	case '&':
		return lengthIf(d == '&')
	case '|':
		if d == '|' {
			return 2
		}
		if s.top() == 'b' {
			return 1
		}
		return 0
	case '!':
		return 1
	case '\'':
		return s.negated(d)
	}
	return 0
}

// lengthIf is 2 for a two-character operator.
func lengthIf(two bool) int {
	if two {
		return 2
	}
	return 1
}

// negated is the length of an operator behind its negation.
func (s *scanner) negated(d byte) int {
	switch d {
	case '=', '[', '&', '!':
		return 2
	case '<', '>':
		return 1 + lengthIf(s.at(2) == '=')
	case ']':
		return 1 + lengthIf(s.at(2) == ']')
	}
	return 0
}
