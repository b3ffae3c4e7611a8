package runtime

// Conversions: $ZCONVERT $ZSTRIP $ZHEX $ZCRC $ZCYC, the word packers, $MATCH and $LOCATE.

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// errRegexp is raised for a regular expression that does not parse, or a start beyond
// the string.
var errRegexp = newError("REGULAR EXPRESSION", 8351, "", "the regular expression is not valid")

// fnZconvert is $ZCONVERT(string,mode,table). Its fourth argument, the handle, belongs
// to the caller: see convertIn.
func fnZconvert(p *Process, a []Value) Value {
	s := a[0].asText()
	mode := strings.ToUpper(a[1].str())
	switch mode {
	case "U", "T":
		return changeCase(p, s, upperChar)
	case "L":
		return changeCase(p, s, lowerChar)
	case "W":
		return startCase(p, s, wordStart)
	case "S":
		return startCase(p, s, sentenceStart)
	case "I", "O":
		table := lookupTranslation(arg(a, 2).str())
		if table == nil {
			p.raise(errTranslate, "")
		}
		if mode == "I" {
			return table.in(p, s)
		}
		return table.out(p, s)
	}
	p.raise(errFunction, "")
	return Value{}
}

// changeCase maps characters, without copying when nothing changes.
func changeCase(p *Process, s Value, f func(uint16) uint16) Value {
	for i := range s.length() {
		if c := s.char(i); f(c) != c {
			return mapChars(p, s, f)
		}
	}
	return s
}

// startCase upper-cases the characters that starts tells to, from the one before, and
// lower-cases the others. starts keeps its state in begin.
func startCase(p *Process, s Value, starts func(c uint16, begin bool) bool) Value {
	b := builder{p: p, buf: make([]byte, 0, len(s.text))}
	begin := true
	for i := range s.length() {
		c := s.char(i)
		if begin {
			b.char(upperChar(c))
		} else {
			b.char(lowerChar(c))
		}
		begin = starts(c, begin)
	}
	return b.value()
}

// wordStart: a character after a blank, a quote, an apostrophe or ( begins a word.
func wordStart(c uint16, _ bool) bool {
	return c == ' ' || c == '"' || c == '\'' || c == '('
}

// sentenceStart: the first non-blank after . ? or ! begins a sentence.
func sentenceStart(c uint16, begin bool) bool {
	return c == '.' || c == '?' || c == '!' || begin && c == ' '
}

// translation is one table of $ZCONVERT's modes I and O.
type translation struct {
	names   []string
	in, out func(*Process, Value) Value
	doc     string
}

// translations are the tables by name.
var translations = []translation{
	{[]string{"RAW", "SAME", ""}, same, same, "characters as they are"},
	{[]string{"UTF8"}, utf8In, utf8Out, "UTF-8 bytes"},
	{[]string{"HTML"}, entitiesIn, htmlOut, "HTML character references"},
	{[]string{"XML"}, entitiesIn, xmlOut, "XML character references"},
	{[]string{"URL"}, urlIn, urlOut, "percent escapes"},
	{[]string{"JS", "JSML"}, scriptIn, scriptOut, "JavaScript string escapes"},
	{[]string{"JSON", "JSONML"}, scriptIn, jsonOut, "JSON string escapes"},
}

func lookupTranslation(name string) *translation {
	name = strings.ToUpper(name)
	for i := range translations {
		for _, n := range translations[i].names {
			if n == name {
				return &translations[i]
			}
		}
	}
	return nil
}

func same(_ *Process, s Value) Value { return s }

func utf8In(p *Process, s Value) Value {
	if s.kind == kindWide {
		return s
	}
	return FromUTF8(s.text)
}

func utf8Out(p *Process, s Value) Value {
	text := s.utf8()
	if len(text) > maxString {
		p.raise(errMaxString, "")
	}
	return Text(text)
}

// convertIn is utf8In for the parts of a stream: rest is the start of a character that
// the end of s cuts off, the handle of $ZCONVERT.
func convertIn(p *Process, s Value) (done, rest Value) {
	if s.kind != kindText {
		return s, Empty
	}
	text := s.text
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return FromUTF8(text[:len(text)-n]), Text(tail)
			}
			break
		}
	}
	return FromUTF8(text), Empty
}

// escape writes s with each character replaced by what of gives; "" keeps it.
func escape(p *Process, s Value, of func(c uint16) string) Value {
	b := builder{p: p, buf: make([]byte, 0, len(s.text)+len(s.text)/8)}
	for i := range s.length() {
		c := s.char(i)
		if e := of(c); e != "" {
			b.add(Text(e))
		} else {
			b.char(c)
		}
	}
	return b.value()
}

func htmlOut(p *Process, s Value) Value {
	return escape(p, s, func(c uint16) string {
		switch c {
		case '\'':
			return "&#39;"
		case 160:
			return "&nbsp;"
		}
		return markup(c)
	})
}

func xmlOut(p *Process, s Value) Value {
	return escape(p, s, func(c uint16) string {
		if c == '\'' {
			return "&apos;"
		}
		return markup(c)
	})
}

func markup(c uint16) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&quot;"
	}
	return ""
}

var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "nbsp": 160}

// entitiesIn replaces character references by their characters.
func entitiesIn(p *Process, s Value) Value {
	return unescape(p, s, '&', func(rest Value) (rune, int) {
		end := find(rest, Text(";"), 1)
		if end < 2 || end > 12 {
			return 0, 0
		}
		name := rest.slice(1, end).str()
		r, ok := entities[name]
		if !ok && name[0] == '#' {
			digits, base := name[1:], 10
			if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
				digits, base = digits[1:], 16
			}
			n, err := strconv.ParseUint(digits, base, 21)
			r, ok = rune(n), err == nil && n <= unicode.MaxRune
		}
		if !ok {
			return 0, 0
		}
		return r, end + 1
	})
}

// unescape replaces what begins with mark: of gives the character and how many it
// replaces, 0 to keep the mark.
func unescape(p *Process, s Value, mark byte, of func(rest Value) (rune, int)) Value {
	m := Text(chars[mark])
	b := builder{p: p, buf: make([]byte, 0, len(s.text))}
	n := s.length()
	for at := 0; ; {
		i := find(s, m, at)
		if i < 0 {
			if at == 0 {
				return s
			}
			b.add(s.slice(at, n))
			return b.value()
		}
		b.add(s.slice(at, i))
		r, used := of(s.slice(i, min(n, i+16)))
		if used == 0 {
			r, used = rune(mark), 1
		}
		b.rune(r)
		at = i + used
	}
}

// rune appends a character that may need a surrogate pair.
func (b *builder) rune(r rune) {
	if r > math.MaxUint16 {
		hi, lo := utf16.EncodeRune(r)
		b.char(uint16(hi))
		r = lo
	}
	b.char(uint16(r))
}

// urlKept are the ASCII punctuation characters that mode O leaves alone in a URL.
const urlKept = "!$'()*-./_"

func urlOut(p *Process, s Value) Value {
	return escape(p, s, func(c uint16) string {
		switch {
		case c > 255:
			return "%u" + hexDigits(uint64(c), 4)
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			return ""
		case c < 128 && strings.IndexByte(urlKept, byte(c)) >= 0:
			return ""
		}
		return "%" + hexDigits(uint64(c), 2)
	})
}

func urlIn(p *Process, s Value) Value {
	return unescape(p, s, '%', func(rest Value) (rune, int) {
		from, width := 1, 2
		if rest.length() > 1 && (rest.char(1) == 'u' || rest.char(1) == 'U') {
			from, width = 2, 4
		}
		return hexRune(rest, from, width)
	})
}

// hexRune reads width hexadecimal digits at from.
func hexRune(s Value, from, width int) (rune, int) {
	if s.length() < from+width {
		return 0, 0
	}
	n, err := strconv.ParseUint(s.slice(from, from+width).str(), 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), from + width
}

func hexDigits(n uint64, width int) string {
	s := strings.ToUpper(strconv.FormatUint(n, 16))
	if len(s) < width {
		s = strings.Repeat("0", width-len(s)) + s
	}
	return s
}

// controls are the control characters with an escape of one letter.
var controls = map[uint16]string{'\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`, '\\': `\\`, '"': `\"`}

func scriptOut(p *Process, s Value) Value {
	return escape(p, s, func(c uint16) string {
		switch {
		case c == '\'':
			return `\'`
		case c == '/':
			return `\/`
		case c == '\v':
			return `\v`
		case controls[c] != "":
			return controls[c]
		case c < 8:
			return `\x` + strings.ToLower(hexDigits(uint64(c), 2))
		}
		return ""
	})
}

func jsonOut(p *Process, s Value) Value {
	return escape(p, s, func(c uint16) string {
		if e := controls[c]; e != "" {
			return e
		}
		if c < 32 {
			return `\u` + hexDigits(uint64(c), 4)
		}
		return ""
	})
}

// scriptIn replaces backslash escapes by their characters.
func scriptIn(p *Process, s Value) Value {
	return unescape(p, s, '\\', func(rest Value) (rune, int) {
		if rest.length() < 2 {
			return 0, 0
		}
		switch c := rest.char(1); c {
		case 'b':
			return '\b', 2
		case 't':
			return '\t', 2
		case 'n':
			return '\n', 2
		case 'v':
			return '\v', 2
		case 'f':
			return '\f', 2
		case 'r':
			return '\r', 2
		case 'x':
			return hexRune(rest, 2, 2)
		case 'u':
			return hexRune(rest, 2, 4)
		case '0':
			if rest.length() >= 4 && rest.char(2) == '0' && rest.char(3) == '0' {
				return 0, 4
			}
			return 0, 2
		default:
			return rune(c), 2
		}
	})
}

// fnZstrip is $ZSTRIP(string,action,remchar,keepchar).
func fnZstrip(p *Process, a []Value) Value {
	s := a[0].asText()
	action := a[1].str()
	i := 0
	for i < len(action) && strings.IndexByte("*<=>", action[i]) >= 0 {
		i++
	}
	all := strings.Contains(action[:i], "*")
	lead := strings.Contains(action[:i], "<")
	trail := strings.Contains(action[:i], ">")
	repeat := strings.Contains(action[:i], "=")
	if !all && !lead && !trail && !repeat || all && i != 1 {
		p.raise(errFunction, "")
	}
	strip := p.stripSet(action[i:], arg(a, 2).asText(), arg(a, 3).asText())
	if all {
		b := builder{p: p, buf: make([]byte, 0, len(s.text))}
		for j := range s.length() {
			if c := s.char(j); !strip(c) {
				b.char(c)
			}
		}
		return b.value()
	}
	lo, hi := 0, s.length()
	for lead && lo < hi && strip(s.char(lo)) {
		lo++
	}
	for trail && hi > lo && strip(s.char(hi-1)) {
		hi--
	}
	s = s.slice(lo, hi)
	if !repeat {
		return s
	}
	b := builder{p: p, buf: make([]byte, 0, len(s.text))}
	for j := range s.length() {
		if c := s.char(j); j == 0 || c != s.char(j-1) || !strip(c) {
			b.char(c)
		}
	}
	return b.value()
}

// stripSet is the characters that masks and the two lists name: those of a mask before
// any with ', and of remchar, less those of the masks with ' and of keepchar.
func (p *Process) stripSet(masks string, remove, keep Value) func(uint16) bool {
	var plus, minus uint8
	for i := 0; i < len(masks); i++ {
		set := &plus
		if masks[i] == '\'' {
			if i++; i == len(masks) || plus == 0 {
				p.raise(errFunction, "")
			}
			set = &minus
		}
		class, ok := stripClasses[masks[i]&^32]
		if !ok {
			p.raise(errFunction, "")
		}
		*set |= class
	}
	return func(c uint16) bool {
		if containsChar(keep, c) {
			return false
		}
		if containsChar(remove, c) {
			return true
		}
		class := charClass(c)
		if isBlank(c) {
			class |= classBlank
		}
		return class&plus != 0 && class&minus == 0
	}
}

// classBlank is $ZSTRIP's mask W, which patterns do not have.
const classBlank = 1 << 7

var stripClasses = map[byte]uint8{'E': classE, 'A': classA, 'P': classP, 'C': classC, 'N': classN, 'L': classL, 'U': classU, 'W': classBlank}

func isBlank(c uint16) bool { return c == ' ' || c == '\t' || c == 160 }

func containsChar(s Value, c uint16) bool {
	if s.kind == kindText {
		return c < 256 && strings.IndexByte(s.text, byte(c)) >= 0
	}
	for i := range s.length() {
		if s.char(i) == c {
			return true
		}
	}
	return false
}

// fnZhex is $ZHEX: an integer to hexadecimal, text as hexadecimal to an integer.
func fnZhex(p *Process, a []Value) Value {
	v := a[0]
	if v.kind == kindNumber {
		if v.exp != 0 {
			p.raise(errFunction, "")
		}
		return Text(strings.ToUpper(strconv.FormatUint(uint64(v.mant), 16)))
	}
	s := v.str()
	if s == "" || v.kind == kindDouble {
		p.raise(errFunction, "")
	}
	end := 0
	for end < len(s) && isHex(s[end]) {
		end++
	}
	s = strings.TrimLeft(s[:end], "0")
	if len(s) > 16 {
		p.raise(errFunction, "")
	}
	n, _ := strconv.ParseUint("0"+s, 16, 64)
	return Int(int64(n))
}

func isHex(c byte) bool { return isDigit(c) || c|32 >= 'a' && c|32 <= 'f' }

// fnZcrc is $ZCRC(string,mode,seed).
func fnZcrc(p *Process, a []Value) Value {
	s := a[0]
	if s.kind == kindWide {
		p.raise(errFunction, "")
	}
	seed := uint64(position(arg(a, 2), 0, 0))
	var sum func(data string, seed uint64) uint64
	if mode := a[1].int64(); mode >= 0 && mode < int64(len(checksums)) {
		sum = checksums[mode]
	} else {
		p.raise(errFunction, "")
	}
	if sum == nil {
		p.raise(errUnimpl, "")
	}
	return Int(int64(sum(s.str(), seed)))
}

// checksums are the modes of $ZCRC by number. Of DataTree's own CRCs, 2 gives what 4 does
// where a value is published (RCOS_fzcrc: 14740 for ABC); nothing public says what 3 computes.
var checksums = []func(string, uint64) uint64{
	0: byteSum,
	1: byteXor,
	2: crcXmodem,
	4: crcXmodem,
	5: func(s string, seed uint64) uint64 { return crc16(s, seed, 0x8408) },
	6: func(s string, seed uint64) uint64 { return crc16(s, seed, 0xa001) },
	7: func(s string, seed uint64) uint64 { return crc32Of(s, seed, crc32.IEEETable) },
	8: murmur3,
	9: func(s string, seed uint64) uint64 { return crc32Of(s, seed, castagnoli) },
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func byteSum(s string, seed uint64) uint64 {
	for i := 0; i < len(s); i++ {
		seed += uint64(s[i])
	}
	return seed
}

func byteXor(s string, seed uint64) uint64 {
	for i := 0; i < len(s); i++ {
		seed ^= uint64(s[i])
	}
	return seed
}

// crcXmodem is the CRC of polynomial 1021, highest bit first.
func crcXmodem(s string, seed uint64) uint64 {
	crc := uint16(seed)
	for i := 0; i < len(s); i++ {
		crc ^= uint16(s[i]) << 8
		for range 8 {
			top := crc>>15 != 0
			if crc <<= 1; top {
				crc ^= 0x1021
			}
		}
	}
	return uint64(crc)
}

// crc16 is the CRC of a reversed polynomial, lowest bit first.
func crc16(s string, seed uint64, polynomial uint16) uint64 {
	crc := uint16(seed)
	for i := 0; i < len(s); i++ {
		crc ^= uint16(s[i])
		for range 8 {
			low := crc&1 != 0
			if crc >>= 1; low {
				crc ^= polynomial
			}
		}
	}
	return uint64(crc)
}

func crc32Of(s string, seed uint64, table *crc32.Table) uint64 {
	return uint64(crc32.Update(uint32(seed), table, []byte(s)))
}

// murmur3 is the 32-bit MurmurHash3.
func murmur3(s string, seed uint64) uint64 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	h := uint32(seed)
	mix := func(k uint32) uint32 {
		k *= c1
		k = k<<15 | k>>17
		return k * c2
	}
	data := []byte(s)
	for ; len(data) >= 4; data = data[4:] {
		h ^= mix(binary.LittleEndian.Uint32(data))
		h = h<<13 | h>>19
		h = h*5 + 0xe6546b64
	}
	var k uint32
	for i := len(data) - 1; i >= 0; i-- {
		k = k<<8 | uint32(data[i])
	}
	h ^= mix(k)
	h ^= uint32(len(s))
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return uint64(h ^ h>>16)
}

// fnZcyc is $ZCYC: the exclusive or of the character codes.
func fnZcyc(p *Process, a []Value) Value {
	s := a[0].asText()
	var sum uint16
	for i := range s.length() {
		sum ^= s.char(i)
	}
	return Int(int64(sum))
}

// wordAt is the number in the size bytes of s from position on, -1 when they are not
// all there.
func (p *Process) wordAt(a []Value, size int) (n uint64, ok bool) {
	s := a[0].asText()
	if s.kind == kindWide {
		p.raise(errWideChar, "")
	}
	at := position(arg(a, 1), 0, 1) - 1
	if at < 0 || at > int64(len(s.text)-size) {
		return 0, false
	}
	for i := range size {
		n |= uint64(s.text[int(at)+i]) << (8 * i)
	}
	return n, true
}

func wordAscii(size int) func(*Process, []Value) Value {
	return func(p *Process, a []Value) Value {
		n, ok := p.wordAt(a, size)
		if !ok {
			return Int(-1)
		}
		return Int(int64(n))
	}
}

// wordChar packs numbers into words of size bytes, low byte first. A number that does
// not fit gives no characters.
func wordChar(size int) func(*Process, []Value) Value {
	return func(p *Process, a []Value) Value {
		buf := make([]byte, 0, size*len(a))
		for _, v := range a {
			n := v.int64()
			if size < 8 && (n < 0 || n >= 1<<(8*size)) {
				continue
			}
			for i := range size {
				buf = append(buf, byte(n>>(8*i)))
			}
		}
		return Text(string(buf))
	}
}

var (
	fnZwascii = wordAscii(2)
	fnZlascii = wordAscii(4)
	fnZqascii = wordAscii(8)
	fnZwchar  = wordChar(2)
	fnZlchar  = wordChar(4)
	fnZqchar  = wordChar(8)
)

// fnZwpack is $ZWPACK: pairs of bytes become wide characters, the low byte first.
func fnZwpack(p *Process, a []Value) Value {
	s := a[0].asText()
	if s.kind == kindWide {
		p.raise(errWideChar, "")
	}
	if len(s.text)%2 != 0 {
		p.raise(errFunction, "")
	}
	return narrow(s.text)
}

// fnZwunpack is $ZWUNPACK: each character becomes two bytes, low byte first.
func fnZwunpack(p *Process, a []Value) Value {
	units := a[0].asText().units()
	if len(units) > maxString {
		p.raise(errMaxString, "")
	}
	return Text(units)
}

// regexps holds compiled regular expressions; it is emptied when it is full.
var regexps = struct {
	sync.Mutex
	compiled map[string]*regexp.Regexp
}{compiled: map[string]*regexp.Regexp{}}

const maxRegexps = 256

// compileRegexp compiles the expression, from the cache when it is there.
func (p *Process) compileRegexp(v Value, whole bool) *regexp.Regexp {
	text := v.utf8()
	if whole {
		text = `\A(?:` + text + `)\z`
	}
	regexps.Lock()
	defer regexps.Unlock()
	if re := regexps.compiled[text]; re != nil {
		return re
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil
	}
	if len(regexps.compiled) >= maxRegexps {
		clear(regexps.compiled)
	}
	regexps.compiled[strings.Clone(text)] = re
	return re
}

// fnMatch is $MATCH(string,regexp): whether the expression matches all of it.
func fnMatch(p *Process, a []Value) Value {
	re := p.compileRegexp(a[1], true)
	if re == nil {
		p.raise(errRegexp, "")
	}
	return Bool(re.MatchString(a[0].utf8()))
}

// locate is the core of $LOCATE: the first match of a regular expression at or after
// position start, 0 when there is none; end is the position behind it.
func (p *Process) locate(s, expression Value, start int64) (at, end int, match Value) {
	s = s.asText()
	re := p.compileRegexp(expression, false)
	start = max(start, 1)
	if re == nil || start > int64(s.length())+1 {
		p.raise(errRegexp, "")
	}
	if start > 1 && start == int64(s.length())+1 {
		return 0, 0, Value{}
	}
	rest := s.slice(int(start-1), s.length()).utf8()
	loc := re.FindStringIndex(rest)
	if loc == nil {
		return 0, 0, Value{}
	}
	at = int(start) + unitCount(rest[:loc[0]])
	end = at + unitCount(rest[loc[0]:loc[1]])
	return at, end, s.slice(at-1, end-1)
}

// unitCount is the number of 16-bit units of UTF-8 text.
func unitCount(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > math.MaxUint16 {
			n++
		}
	}
	return n
}

// fnLocate is $LOCATE(string,regexp,start); the caller stores end and match.
func fnLocate(p *Process, a []Value) Value {
	at, _, _ := p.locate(a[0], a[1], position(arg(a, 2), 0, 1))
	return Int(int64(at))
}
