package runtime

// Globals read from text; exchange_write.go describes the formats. A file is taken as it
// comes:
//
//   - Up to two header lines may stand before the first reference. The format is ZWR when
//     the second ends in ZWR, GO when the first holds ~Format=5.S~, otherwise what the first
//     line with a reference looks like.
//   - Lines end in LF, or all in CR LF.
//   - The charset is M when the header says so or is GT.M's and does not say UTF-8; otherwise
//     UTF-8, in which a byte that is not part of a valid character stands for itself.
//   - ZWR may hold empty lines, $CHAR, and $ZCH and $ZCHAR, whose bytes become characters
//     0 to 255. GO ends at an empty line, a * or ** in place of a reference; only such
//     lines may follow.
//
// Reading stops at the first bad line; what stood before it is stored.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cos/runtime/globals"
)

// maxLine is the longest line: a reference and the longest string with every
// character as a code.
const maxLine = 32 << 20

// A batch of an import is a transaction, so that a LEVEL of sync costs one wait a batch.
const (
	batchNodes = 2000
	batchBytes = 1 << 20
)

// ImportError is a line that cannot be imported.
type ImportError struct {
	File string
	Line int // from 1
	Err  error
}

func (e *ImportError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }
func (e *ImportError) Unwrap() error { return e.Err }

// Import sets the nodes that r holds; file names it in errors. It needs memory for one
// batch. A bad line is an *ImportError, and everything before it is stored, as it is after an
// error of r, the store or Progress.
func (g *Globals) Import(r io.Reader, file string, t Transfer) (Count, error) {
	m := importer{g: g, lines: lines{r: bufio.NewReaderSize(r, bufferSize)}, t: t, names: map[string]bool{}}
	err := m.run()
	if e := m.commit(); err == nil {
		err = e
	}
	if e := g.session.Barrier(); err == nil {
		err = e
	}
	var stop stopped
	if err != nil && !errors.As(err, &stop) {
		err = &ImportError{file, m.lines.number, err}
	} else if err != nil {
		err = stop.error
	}
	m.count.Globals = len(m.names)
	return m.count, err
}

// stopped is an error of Progress.
type stopped struct{ error }

type importer struct {
	g      *Globals
	lines  lines
	t      Transfer
	zwr    zwrText
	marks  bool // GO of our own
	names  map[string]bool
	name   string // of the last node
	space  string // its
	key    []byte
	val    []byte
	count  Count
	nodes  int // in the open batch
	bytes  int
	format string
}

func (m *importer) run() error {
	first, err := m.header()
	if err != nil || first == "" {
		return err
	}
	if m.format == "" {
		m.format = guessFormat(first)
	}
	m.lines.again(first)
	if m.format == FormatGO {
		return m.readGO()
	}
	return m.readZWR()
}

// header reads up to the first reference and returns its line, "" when there is none.
func (m *importer) header() (string, error) {
	m.format = m.t.Format
	head := make([]string, 0, 2)
	for {
		line, err := m.lines.next()
		if err == io.EOF {
			if len(head) > 0 && m.format == "" {
				return "", errors.New("neither ZWR nor %GO: there is no line that begins with ^")
			}
			return "", nil
		}
		if err != nil {
			return "", err
		}
		line = m.lines.dosHeader(line, len(head) == 0)
		if len(head) == 1 && m.format == "" && strings.HasSuffix(strings.TrimSpace(line), saysZWR) {
			m.format = FormatZWR
		} else if len(head) == 2 || strings.HasPrefix(line, "^") && !strings.Contains(line, "~Format=") {
			return line, m.understand(head)
		}
		head = append(head, strings.Clone(line))
		if err := m.understand(head); err != nil {
			return "", err
		}
	}
}

// understand takes what the header says.
func (m *importer) understand(head []string) error {
	if len(head) == 0 {
		head = []string{""}
	}
	if _, format, ok := strings.Cut(head[0], "~Format="); ok {
		if !strings.HasPrefix(format, "5.S~") {
			return fmt.Errorf("the file is in format %s; only 5.S is read: export as ISM/Caché format with stream records", strings.TrimSuffix(format, "~"))
		}
		if m.format == "" {
			m.format = FormatGO
		}
	}
	m.marks = strings.Contains(head[0], goMarks)
	m.zwr.charset = charsetUTF8
	inM := strings.Contains(head[0], saysM) || strings.Contains(head[0], saysGTM) && !strings.Contains(head[0], saysUTF8)
	if m.t.Charset == CharsetM || m.t.Charset == "" && inM {
		m.zwr.charset = charsetM
	}
	return nil
}

// guessFormat tells by the first line with a reference.
func guessFormat(line string) string {
	z := zwrText{s: line}
	if _, err := z.reference(nil); err == nil && z.at == len(line) {
		return FormatGO
	}
	return FormatZWR
}

func (m *importer) readZWR() error {
	for {
		line, err := m.lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line = strings.TrimSuffix(line, "\r"); line == "" {
			continue
		}
		m.zwr.start(line)
		if m.key, err = m.zwr.reference(m.key[:0]); err != nil {
			return err
		}
		if !m.zwr.take('=') {
			return m.zwr.fail("= is expected after the reference")
		}
		v, err := m.zwr.expression()
		if err == nil && m.zwr.at < len(line) {
			err = m.zwr.fail("the end of the line is expected")
		}
		if err == nil {
			err = m.set(v)
		}
		if err != nil {
			return err
		}
	}
}

func (m *importer) readGO() error {
	for {
		line, err := m.lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line = m.lines.undos(line); endOfGO(line) {
			return m.afterGO()
		}
		m.zwr.start(line)
		if m.key, err = m.zwr.reference(m.key[:0]); err == nil && m.zwr.at < len(line) {
			err = m.zwr.fail("the end of the reference is expected")
		}
		if err != nil {
			if m.count.Nodes > 0 && !m.marks {
				err = fmt.Errorf("%w (this format breaks values that hold line ends; ZWR keeps them)", err)
			}
			return err
		}
		if line, err = m.lines.next(); err == io.EOF {
			return errors.New("the file ends before the value of this reference")
		}
		if err != nil {
			return err
		}
		v, err := m.goValue(m.lines.undos(line))
		if err == nil {
			err = m.set(v)
		}
		if err != nil {
			return err
		}
	}
}

// endOfGO tells what stands in place of a reference at the end.
func endOfGO(line string) bool { return line == "" || line == "*" || line == "**" }

func (m *importer) afterGO() error {
	for {
		line, err := m.lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line = m.lines.undos(line); !endOfGO(line) {
			return errors.New("text after the end of the data, an empty line or *")
		}
	}
}

func (m *importer) goValue(line string) (Value, error) {
	if m.marks && strings.HasPrefix(line, goMark) {
		m.zwr.start(line)
		m.zwr.at = len(goMark)
		v, err := m.zwr.expression()
		if err == nil && m.zwr.at < len(line) {
			err = m.zwr.fail("the end of the line is expected")
		}
		return v, err
	}
	if isCanonical(line) {
		return parseLiteral(line), nil
	}
	v := Text(line)
	if m.zwr.charset == charsetUTF8 {
		v = FromUTF8(line)
	}
	if v.length() > maxString {
		return v, errLongString
	}
	return v, nil
}

// set sets the node at m.key, in a batch.
func (m *importer) set(v Value) error {
	if len(m.key) > maxReference {
		return errors.New("<SUBSCRIPT> the reference is too long")
	}
	if n, _ := globals.SplitName(m.key); string(n) != m.name {
		m.name = string(n)
		m.names[m.name], m.space = true, m.g.space(m.name)
	}
	if m.nodes == 0 {
		if err := m.g.session.Begin(); err != nil {
			return err
		}
	}
	m.nodes++ // from here on a batch is open
	m.val = encodeValue(m.val[:0], v)
	if err := m.g.session.Set(m.space, m.key, m.val); err != nil {
		return err
	}
	m.count.Nodes++
	m.count.Bytes = m.lines.bytes
	m.bytes += len(m.key) + len(m.val)
	if m.nodes >= batchNodes || m.bytes >= batchBytes {
		if err := m.commit(); err != nil {
			return err
		}
	}
	if err := m.t.Progress.tell(&m.count); err != nil {
		return stopped{err}
	}
	return nil
}

func (m *importer) commit() error {
	if m.nodes == 0 {
		return nil
	}
	m.nodes, m.bytes = 0, 0
	return m.g.session.Commit()
}

// lines reads lines of any length up to maxLine.
type lines struct {
	r      *bufio.Reader
	number int // of the last line, from 1
	bytes  int64
	long   []byte // a line that is longer than r's buffer
	back   string
	isBack bool
	dos    bool // lines end in CR LF
}

// next is the next line without its LF; io.EOF after the last.
func (l *lines) next() (string, error) {
	if l.isBack {
		l.isBack = false
		return l.back, nil
	}
	l.number++
	part, err := l.r.ReadSlice('\n')
	l.bytes += int64(len(part))
	line := part
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], part...)
		for err == bufio.ErrBufferFull {
			part, err = l.r.ReadSlice('\n')
			l.bytes += int64(len(part))
			if len(l.long)+len(part) > maxLine {
				return "", fmt.Errorf("the line is longer than %d bytes", maxLine)
			}
			l.long = append(l.long, part...)
		}
		line = l.long
	}
	if err != nil && err != io.EOF {
		return "", err
	}
	if err == io.EOF && len(line) == 0 {
		l.number--
		return "", io.EOF
	}
	return string(bytes.TrimSuffix(line, []byte{'\n'})), nil
}

// again makes next return a line once more.
func (l *lines) again(line string) { l.back, l.isBack = line, true }

// dosHeader takes the CR off a line of the header; the first one tells of the whole file.
func (l *lines) dosHeader(line string, first bool) string {
	if first {
		line = strings.TrimPrefix(line, "\ufeff")
		l.dos = strings.HasSuffix(line, "\r")
	}
	return l.undos(line)
}

// undos takes the CR off a line of a file in which lines end in CR LF.
func (l *lines) undos(line string) string {
	if l.dos {
		return strings.TrimSuffix(line, "\r")
	}
	return line
}

var errLongString = fmt.Errorf("<MAXSTRING> the value is longer than %d characters", maxString)

// zwrText is a line of ZWR that is being read.
type zwrText struct {
	s       string
	at      int
	charset charset
	b       builder
}

func (z *zwrText) start(s string) { z.s, z.at = s, 0 }

// fail is an error at the current column, counted in bytes from 1.
func (z *zwrText) fail(what string) error { return fmt.Errorf("column %d: %s", z.at+1, what) }

func (z *zwrText) peek() byte {
	if z.at < len(z.s) {
		return z.s[z.at]
	}
	return 0
}

func (z *zwrText) take(c byte) bool {
	if z.peek() != c || z.at >= len(z.s) {
		return false
	}
	z.at++
	return true
}

// reference appends the key of ^name or ^name(subscripts).
func (z *zwrText) reference(key []byte) ([]byte, error) {
	if !z.take('^') {
		return key, z.fail("a reference to a global, ^name(subscripts), is expected")
	}
	name, err := z.globalName()
	if err != nil {
		return key, err
	}
	key = globals.AppendName(key, name)
	if !z.take('(') {
		return key, nil
	}
	for {
		v, err := z.expression()
		if err != nil {
			return key, err
		}
		if v.kind == kindDouble {
			v = v.asText()
		}
		key = appendKeyPart(key, v)
		if z.take(')') {
			return key, nil
		}
		if !z.take(',') {
			return key, z.fail(", or ) is expected")
		}
	}
}

// globalName is a letter or %, then letters and digits, with dots before further ones.
func (z *zwrText) globalName() (string, error) {
	start := z.at
	if z.peek() == '|' || z.peek() == '[' {
		return "", z.fail("extended references are not imported; --namespace tells where to")
	}
	dot := false
	for z.at < len(z.s) {
		r, n := utf8.DecodeRuneInString(z.s[z.at:])
		letter := unicode.IsLetter(r)
		switch {
		case letter, z.at > start && r >= '0' && r <= '9':
			dot = false
		case r == '%' && z.at == start:
		case r == '.' && z.at > start && !dot:
			dot = true
		default:
			return z.nameFrom(start, dot)
		}
		z.at += n
	}
	return z.nameFrom(start, dot)
}

func (z *zwrText) nameFrom(start int, dot bool) (string, error) {
	if z.at == start || dot {
		return "", z.fail("a global's name is expected")
	}
	return z.s[start:z.at], nil
}

// expression is terms joined by _. One number alone stays a number.
func (z *zwrText) expression() (Value, error) {
	v, err := z.term()
	if err != nil || z.peek() != '_' {
		return v, err
	}
	joined := builder{buf: z.b.buf[:0]}
	for {
		if joined.length()+v.length() > maxString {
			return v, errLongString
		}
		joined.add(v)
		if !z.take('_') {
			z.b.buf = joined.buf[:0]
			return joined.value(), nil
		}
		if v, err = z.term(); err != nil {
			return v, err
		}
	}
}

// length is the number of characters gathered.
func (b *builder) length() int {
	if b.wide {
		return len(b.buf) / 2
	}
	return len(b.buf)
}

func (z *zwrText) term() (Value, error) {
	switch c := z.peek(); {
	case c == '"':
		return z.quoted()
	case c == '$':
		return z.function()
	case c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9':
		return z.numeral()
	}
	return Value{}, z.fail(`a value is expected: "text", a number or $C(codes)`)
}

// quoted is a string in quotes.
func (z *zwrText) quoted() (Value, error) {
	z.at++
	start, doubled := z.at, false
	for {
		i := strings.IndexByte(z.s[z.at:], '"')
		if i < 0 {
			z.at = len(z.s)
			return Value{}, z.fail(`" is expected`)
		}
		if z.at += i + 1; z.peek() != '"' {
			break
		}
		z.at++
		doubled = true
	}
	text := z.s[start : z.at-1]
	if doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	v := Text(text)
	if z.charset == charsetUTF8 {
		v = FromUTF8(text)
	}
	if v.length() > maxString {
		return v, errLongString
	}
	return v, nil
}

func (z *zwrText) numeral() (Value, error) {
	start := z.at
	for z.peek() == '-' || z.peek() == '+' {
		z.at++
	}
	digits := z.digits()
	if z.take('.') {
		digits += z.digits()
	}
	if digits == 0 {
		return Value{}, z.fail("a digit is expected")
	}
	if c := z.peek(); c == 'E' || c == 'e' {
		z.at++
		if c := z.peek(); c == '-' || c == '+' {
			z.at++
		}
		if z.digits() == 0 {
			return Value{}, z.fail("a digit is expected")
		}
	}
	return parseLiteral(z.s[start:z.at]), nil
}

func (z *zwrText) digits() (n int) {
	for c := z.peek(); c >= '0' && c <= '9'; c = z.peek() {
		z.at++
		n++
	}
	return n
}

// function is $C(code,…), $ZCH(byte,…) or $DOUBLE(number).
func (z *zwrText) function() (Value, error) {
	start := z.at
	z.at++
	for c := z.peek() | 0x20; c >= 'a' && c <= 'z'; c = z.peek() | 0x20 {
		z.at++
	}
	name := upper(z.s[start+1 : z.at])
	if !z.take('(') {
		return Value{}, z.fail("( is expected")
	}
	switch name {
	case "C", "CHAR":
		return z.codes(unicode.MaxRune)
	case "ZCH", "ZCHAR":
		return z.codes(255)
	case "DOUBLE":
		return z.double()
	}
	z.at = start
	return Value{}, z.fail("only $C, $CHAR, $ZCH, $ZCHAR and $DOUBLE are known here")
}

// codes are the arguments of $C: characters; one above 65535 is a surrogate pair.
func (z *zwrText) codes(most int64) (Value, error) {
	var b builder
	for {
		start := z.at
		z.digits()
		n, err := strconv.ParseInt(z.s[start:z.at], 10, 64)
		if err != nil || n > most {
			z.at = start
			return Value{}, z.fail(fmt.Sprintf("a code from 0 to %d is expected", most))
		}
		if b.length()+2 > maxString+1 || n > 0xffff && b.length()+2 > maxString {
			return Value{}, errLongString
		}
		if n > 0xffff {
			n -= 0x10000
			b.char(uint16(0xd800 + n>>10))
			n = 0xdc00 + n&0x3ff
		}
		b.char(uint16(n))
		if z.take(')') {
			return b.value(), nil
		}
		if !z.take(',') {
			return Value{}, z.fail(", or ) is expected")
		}
	}
}

func (z *zwrText) double() (Value, error) {
	end := strings.IndexByte(z.s[z.at:], ')')
	if end < 0 {
		return Value{}, z.fail(") is expected")
	}
	f, err := strconv.ParseFloat(strings.Trim(z.s[z.at:z.at+end], `"`), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return Value{}, z.fail("a number is expected")
	}
	z.at += end + 1
	return Double(f), nil
}
