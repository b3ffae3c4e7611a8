package runtime

// Globals written as text.
//
// ZWR is what GT.M, YottaDB and VistA exchange: two header lines, then a node a line,
//
//	^g(1,"a")="x"
//
// A " in a string is doubled. Characters that are not graphic stand outside the quotes, as
// "ab"_$C(13,10)_"cd". Numbers are bare; GT.M quotes them and takes both. A $DOUBLE is
// $DOUBLE(.1), which GT.M does not take. The header's first line says UTF-8 where the text
// is; else it is in charset M, one byte a character, as GT.M writes it outside its UTF-8
// mode, and then we write what is not ASCII with $C.
//
// GO is Caché's %GO in its format 5.S, which GT.M's "go" resembles: a description that ends
// in ~Format=5.S~, the date, then a line with the reference and a line with the value for
// each node, and two empty lines at the end. Values stand as they are, so %GO loses
// those with line breaks. Ours says in its description that it marks them: a value line
// that begins with $ZWR= holds an expression as in ZWR. It is used for values with a
// carriage return or line feed, lone surrogates, doubles, and values that begin with the mark
// themselves; Caché and GT.M would take the expression for the value, so Count.Escaped
// tells how many there are. A number and a text with the same characters are not told
// apart: both come back as the number.

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"cos/runtime/globals"
)

// The formats.
const (
	FormatZWR = "zwr"
	FormatGO  = "go"
)

// The charsets of files.
const (
	CharsetUTF8 = "utf-8"
	CharsetM    = "m" // one byte a character
)

// Transfer says how globals are exported or imported.
type Transfer struct {
	Format   string // FormatZWR (also "" on an export) or FormatGO; "" on an import is what the file is
	Charset  string // CharsetUTF8 (also "" on an export) or CharsetM; "" on an import is what the header says
	Progress Progress
}

type charset byte

const (
	charsetUTF8 charset = iota
	charsetM
)

// Parts of headers that are recognised again.
const (
	goFormat   = "~Format=5.S~"
	goMark     = "$ZWR="
	goMarks    = goMark + " marks an expression"
	saysM      = "charset M"
	saysUTF8   = "UTF-8"
	saysZWR    = "ZWR"
	zwrDate    = "02-Jan-2006  15:04:05"
	goDate     = "02 Jan 2006   3:04 PM"
	saysGTM    = "MUPIP EXTRACT"
	bufferSize = 256 << 10
)

// Export writes subtrees to w as text. It needs memory for one node. Others may change the
// globals meanwhile; each node is written as it is found. Errors: those of w and the
// store, of Progress, and a character above 255 in charset M.
func (g *Globals) Export(w io.Writer, list []Subtree, t Transfer) (Count, error) {
	x := exporter{g: g, w: bufio.NewWriterSize(w, bufferSize), format: t.Format}
	if t.Charset == CharsetM {
		x.charset = charsetM
	}
	x.header(len(list))
	for i, s := range list {
		if i == 0 || nameOf(s.key) != nameOf(list[i-1].key) {
			x.count.Globals++
		}
		err := g.session.Walk(s.Namespace, s.key, func(key, val []byte) error {
			if err := x.node(key, decodeValue(val)); err != nil {
				return err
			}
			return t.Progress.tell(&x.count)
		})
		if err != nil {
			return x.count, firstError(x.w.Flush(), err)
		}
	}
	if x.format == FormatGO {
		x.write([]byte("\n\n"))
	}
	return x.count, x.w.Flush()
}

// firstError prefers what is wrong with the file.
func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func nameOf(key []byte) string {
	n, _ := globals.SplitName(key)
	return string(n)
}

// Show writes subtrees as ZWR without header, as ZWRITE does.
func (g *Globals) Show(w io.Writer, list []Subtree, tell Progress) (Count, error) {
	x := exporter{g: g, w: bufio.NewWriterSize(w, bufferSize)}
	for _, s := range list {
		err := g.session.Walk(s.Namespace, s.key, func(key, val []byte) error {
			if err := x.node(key, decodeValue(val)); err != nil {
				return err
			}
			return tell.tell(&x.count)
		})
		if err != nil {
			return x.count, firstError(x.w.Flush(), err)
		}
	}
	return x.count, x.w.Flush()
}

type exporter struct {
	g       *Globals
	w       *bufio.Writer
	format  string
	charset charset
	line    []byte
	count   Count
}

func (x *exporter) write(b []byte) error {
	n, err := x.w.Write(b)
	x.count.Bytes += int64(n)
	return err
}

func (x *exporter) header(n int) {
	var b strings.Builder
	now := x.g.now()
	of := saysM
	if x.charset == charsetUTF8 {
		of = saysUTF8
	}
	if x.format == FormatGO {
		fmt.Fprintf(&b, "Export of %d globals from Namespace %s by cos, %s, %s%s\n", n, x.g.namespace, of, goMarks, goFormat)
		fmt.Fprintf(&b, "%s   Cache\n", now.Format(goDate))
	} else {
		fmt.Fprintf(&b, "cos globals export from %s %s\n", x.g.namespace, of)
		fmt.Fprintf(&b, "%s %s\n", strings.ToUpper(now.Format(zwrDate)), saysZWR)
	}
	x.write([]byte(b.String())) // an error of the buffer comes again at Flush
}

func (x *exporter) node(key []byte, v Value) (err error) {
	if x.line, err = appendReference(x.line[:0], key, x.charset); err != nil {
		return err
	}
	ref := len(x.line)
	if x.format == FormatGO {
		x.line = append(x.line, '\n')
		err = x.goValue(v)
	} else {
		x.line = append(x.line, '=')
		x.line, err = appendLiteral(x.line, v, x.charset)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", x.line[:ref], err)
	}
	x.line = append(x.line, '\n')
	x.count.Nodes++
	return x.write(x.line)
}

// goValue appends the value line of GO.
func (x *exporter) goValue(v Value) (err error) {
	if v.kind == kindDouble || needsMark(v) {
		x.count.Escaped++
		x.line, err = appendLiteral(append(x.line, goMark...), v, x.charset)
		return err
	}
	if v.kind == kindNumber {
		x.line = v.appendText(x.line)
		return nil
	}
	for at := 0; at < v.length(); {
		r, n := v.rune(at)
		at += n
		if x.line, err = x.charset.append(x.line, r); err != nil {
			return err
		}
	}
	return nil
}

// needsMark tells text that a line cannot hold as it is.
func needsMark(v Value) bool {
	if v.kind == kindText {
		return strings.ContainsAny(v.text, "\r\n") || strings.HasPrefix(v.text, goMark)
	}
	if v.kind != kindWide {
		return false
	}
	marked := v.length() >= len(goMark)
	for at, i := 0, 0; at < v.length(); i++ {
		r, n := v.rune(at)
		at += n
		if r == '\r' || r == '\n' || utf16.IsSurrogate(r) {
			return true
		}
		marked = marked && (i >= len(goMark) || r == rune(goMark[i]))
	}
	return marked
}

// rune is the character that begins at at, a surrogate pair as one, and how many 16-bit
// units it has.
func (v Value) rune(at int) (r rune, units int) {
	r = rune(v.char(at))
	if utf16.IsSurrogate(r) && at+1 < v.length() {
		if pair := utf16.DecodeRune(r, rune(v.char(at+1))); pair != utf8.RuneError {
			return pair, 2
		}
	}
	return r, 1
}

// append appends a character as it stands.
func (c charset) append(dst []byte, r rune) ([]byte, error) {
	if c == charsetUTF8 {
		return utf8.AppendRune(dst, r), nil
	}
	if r > 255 {
		return dst, fmt.Errorf("character %d does not exist in charset M, use UTF-8", r)
	}
	return append(dst, byte(r)), nil
}

// graphic tells characters that stand within the quotes of ZWR.
func (c charset) graphic(r rune) bool {
	switch {
	case r < 32 || r == 127:
		return false
	case r < 127:
		return true
	case c == charsetM:
		return false
	}
	return r >= 160 && !utf16.IsSurrogate(r) && r != 0x2028 && r != 0x2029
}

// appendReference appends the reference that a key stands for.
func appendReference(dst, key []byte, c charset) ([]byte, error) {
	name, rest := globals.SplitName(key)
	dst = append(append(dst, '^'), name...)
	sep := byte('(')
	for len(rest) > 0 {
		s, more, err := globals.NextSubscript(rest)
		if err != nil {
			return dst, err
		}
		rest = more
		dst = append(dst, sep)
		sep = ','
		if s.Number {
			dst = Value{mant: s.Mant, exp: s.Exp, kind: kindNumber}.appendText(dst)
			continue
		}
		v := Value{text: s.Text, kind: kindText}
		if s.Wide {
			v.kind = kindWide
		}
		if dst, err = appendQuoted(dst, v, c); err != nil {
			return dst, err
		}
	}
	if sep == ',' {
		dst = append(dst, ')')
	}
	return dst, nil
}

// appendLiteral appends a value as the right side of ZWR.
func appendLiteral(dst []byte, v Value, c charset) ([]byte, error) {
	switch v.kind {
	case kindDouble:
		dst = append(dst, "$DOUBLE("...)
		return append(strconv.AppendFloat(dst, v.double(), 'g', -1, 64), ')'), nil
	case kindNumber:
		return v.appendText(dst), nil
	}
	return appendQuoted(dst, v.asText(), c)
}

// appendQuoted appends a text as an expression of strings and $C.
func appendQuoted(dst []byte, v Value, c charset) ([]byte, error) {
	if v.length() == 0 {
		return append(dst, `""`...), nil
	}
	const outside, quotes, codes = 0, 1, 2
	state := outside
	for at := 0; at < v.length(); {
		r, n := v.rune(at)
		at += n
		if !c.graphic(r) {
			if c == charsetM && r > 255 {
				return c.append(dst, r)
			}
			switch state {
			case outside:
				dst = append(dst, "$C("...)
			case quotes:
				dst = append(dst, `"_$C(`...)
			case codes:
				dst = append(dst, ',')
			}
			state = codes
			dst = strconv.AppendInt(dst, int64(r), 10)
			continue
		}
		switch state {
		case outside:
			dst = append(dst, '"')
		case codes:
			dst = append(dst, `)_"`...)
		}
		state = quotes
		if r == '"' {
			dst = append(dst, '"')
		}
		dst = utf8.AppendRune(dst, r)
	}
	if state == quotes {
		return append(dst, '"'), nil
	}
	return append(dst, ')'), nil
}
