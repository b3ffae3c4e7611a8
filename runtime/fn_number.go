package runtime

// Functions of numbers: $FNUMBER $INUMBER $NUMBER $ISVALIDNUM $ISVALIDDOUBLE $NORMALIZE
// $DOUBLE $DECIMAL $RANDOM and the mathematical $Z functions.

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// fixedDigits is v rounded to places digits behind the point, 0 <= places: its sign
// (false for zero), the digits before the point, at least "0", and those behind it. For
// INF and NAN fraction is nil.
func fixedDigits(v Value, places int) (neg bool, whole, fraction []byte) {
	if v.kind == kindDouble {
		return fixedDouble(v.double(), places)
	}
	neg, m := magnitude(v.mant)
	exp := int(v.exp)
	if drop := -exp - places; drop > 0 {
		var digit uint64
		_, m, digit = dropDigits(0, m, min(drop, 40))
		if digit >= 5 {
			m++
		}
		exp = -places
	}
	digits := strconv.AppendUint(nil, m, 10)
	if exp > 0 {
		digits = append(digits, bytes.Repeat([]byte{'0'}, exp)...)
		exp = 0
	}
	if zeros := -exp + 1 - len(digits); zeros > 0 {
		digits = append(bytes.Repeat([]byte{'0'}, zeros), digits...)
	}
	point := len(digits) + exp
	fraction = append(digits[point:len(digits):len(digits)], bytes.Repeat([]byte{'0'}, places+exp)...)
	return neg && m != 0, digits[:point], fraction
}

func fixedDouble(f float64, places int) (neg bool, whole, fraction []byte) {
	switch {
	case math.IsNaN(f):
		return false, []byte("NAN"), nil
	case math.IsInf(f, 0):
		return f < 0, []byte("INF"), nil
	}
	digits := strconv.AppendFloat(nil, math.Abs(f), 'f', places, 64)
	zero := len(bytes.Trim(digits, "0.")) == 0
	whole, fraction, _ = bytes.Cut(digits, []byte{'.'})
	if fraction == nil {
		fraction = []byte{}
	}
	return f < 0 && !zero, whole, fraction
}

// naturalPlaces is how many digits v has behind the point.
func naturalPlaces(v Value) int {
	if v.kind == kindDouble {
		text := v.str()
		if i := strings.IndexByte(text, '.'); i >= 0 && !strings.Contains(text, "E") {
			return len(text) - i - 1
		}
		return 0
	}
	return int(max(-int(v.exp), 0))
}

// numberFormat is the parsed format of $FNUMBER and $INUMBER.
type numberFormat struct {
	plus, minus, comma, european, paren, trail, lead, noGroup, odbc bool
	exponent, general, double                                       byte // E or e, G or g, D or d as written
}

// parseFormat parses a format, raising what RCOS_ffnumber and RCOS_finumber list for
// unknown and contradicting codes.
func (p *Process) parseFormat(format string) numberFormat {
	var f numberFormat
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '+':
			f.plus = true
		case '-':
			f.minus = true
		case ',':
			f.comma = true
		case '.':
			f.european = true
		case 'P', 'p':
			f.paren = true
		case 'T', 't':
			f.trail = true
		case 'L', 'l':
			f.lead = true
		case 'N', 'n':
			f.noGroup = true
		case 'O', 'o':
			f.odbc = true
		case 'E', 'e':
			f.exponent = c
		case 'G', 'g':
			f.general = c
		case 'D', 'd':
			f.double = c
		default:
			p.raise(errFunction, "")
		}
	}
	switch {
	case f.paren && (f.plus || f.minus || f.trail || f.lead):
		p.raise(errSyntax, "")
	case f.trail && f.lead, f.comma && (f.european || f.noGroup), f.european && f.odbc:
		p.raise(errFunction, "")
	}
	return f
}

// fnFnumber is $FNUMBER(number,codes,places). Caché's reference (RCOS_ffnumber) says of a
// number below 1: with places, or with any code but L and D, it has a zero before the
// point, as JSON wants it; without codes it is .66. The standard never writes that zero.
// It says also that + goes before whatever is not negative, so 0 is +0.
func fnFnumber(p *Process, a []Value) Value {
	v := p.num(a[0])
	f := p.parseFormat(arg(a, 1).str())
	if f.exponent != 0 && f.general != 0 {
		p.raise(errFunction, "")
	}
	places := int64(-1)
	if d := arg(a, 2); d.defined() {
		if places = d.int64(); places < 0 {
			p.raise(errFunction, "")
		}
		if places > maxString {
			p.raise(errMaxString, "")
		}
	}
	if v.kind == kindDouble && (math.IsNaN(v.double()) || math.IsInf(v.double(), 0)) {
		return Text(f.signed(v.double() < 0, f.nameOf(v.double()), math.IsNaN(v.double())))
	}
	if f.exponent != 0 || f.general != 0 {
		return Text(f.scientific(v, places))
	}
	if places < 0 && f == (numberFormat{lead: f.lead, double: f.double}) {
		return v.plain(f.double != 0)
	}
	if places < 0 {
		places = int64(naturalPlaces(v))
	}
	neg, whole, fraction := fixedDigits(v, int(places))
	return Text(f.signed(neg, f.grouped(whole, fraction), false))
}

// plain is a number in canonical form; -0 shows its sign only under format D.
func (v Value) plain(negativeZero bool) Value {
	if v.kind == kindDouble && v.double() == 0 && !negativeZero {
		return Int(0)
	}
	return v.asText()
}

// nameOf is INF or NAN in the case the D code was written in.
func (f numberFormat) nameOf(x float64) string {
	name := "INF"
	if math.IsNaN(x) {
		name = "NAN"
	}
	if f.double == 'd' {
		name = strings.ToLower(name)
	}
	return name
}

// grouped joins the digits with group separators and the decimal separator.
func (f numberFormat) grouped(whole, fraction []byte) string {
	group, point := "", "."
	if f.comma {
		group = ","
	}
	if f.european {
		point = ","
		if !f.noGroup {
			group = "."
		}
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(c)
	}
	if len(fraction) > 0 {
		b.WriteString(point)
		b.Write(fraction)
	}
	return b.String()
}

// signed puts the sign where the format wants it.
func (f numberFormat) signed(neg bool, text string, unsigned bool) string {
	if f.paren {
		if neg {
			return "(" + text + ")"
		}
		return " " + text + " "
	}
	sign := ""
	switch {
	case unsigned:
	case neg && !f.minus:
		sign = "-"
	case !neg && f.plus:
		sign = "+"
	}
	if !f.trail {
		return sign + text
	}
	if sign == "" {
		sign = " "
	}
	return text + sign
}

// scientific formats by code E with places digits behind the point; by code G with
// places+1 digits in all, in plain notation where those reach from the first digit to the
// point.
func (f numberFormat) scientific(v Value, places int64) string {
	if places < 0 {
		places = 6
	}
	neg, digits, exp := significant(v, int(min(places, 400))+1)
	letter := f.exponent
	if f.general != 0 {
		letter = f.general - 'G' + 'E'
		digits = append(digits[:1], bytes.TrimRight(digits[1:], "0")...)
		if exp >= -4 && int64(exp) <= places {
			whole, fraction := pointDigits(digits, exp)
			return f.signed(neg, f.grouped(whole, fraction), false)
		}
	} else if short := int(places) + 1 - len(digits); short > 0 {
		digits = append(digits, bytes.Repeat([]byte{'0'}, short)...)
	}
	text := f.grouped(digits[:1], digits[1:]) + string(rune(letter))
	sign := "+"
	if exp < 0 {
		sign, exp = "-", -exp
	}
	return f.signed(neg, text+sign+leftZeros(int64(exp), 2), false)
}

// significant is v rounded to n significant digits, and the decimal exponent of the first.
func significant(v Value, n int) (neg bool, digits []byte, exp int) {
	var text []byte
	if v.kind == kindDouble {
		text = strconv.AppendFloat(nil, v.double(), 'e', n-1, 64)
	} else {
		neg, m := magnitude(v.mant)
		digits = strconv.AppendUint(nil, m, 10)
		exp = len(digits) - 1 + int(v.exp)
		if len(digits) > n {
			up := digits[n] >= '5'
			digits = digits[:n]
			for i := n - 1; up && i >= 0; i-- {
				digits[i]++
				if up = digits[i] > '9'; up {
					digits[i] = '0'
				}
			}
			if up {
				digits = append([]byte{'1'}, digits[:n-1]...)
				exp++
			}
		}
		for len(digits) < n {
			digits = append(digits, '0')
		}
		if m == 0 {
			exp = 0
		}
		return neg, digits, exp
	}
	if text[0] == '-' {
		neg, text = true, text[1:]
	}
	mant, e, _ := bytes.Cut(text, []byte{'e'})
	exp, _ = strconv.Atoi(string(e))
	return neg, bytes.Replace(mant, []byte{'.'}, nil, 1), exp
}

// pointDigits splits digits whose first one counts 10^exp before and behind the point.
func pointDigits(digits []byte, exp int) (whole, fraction []byte) {
	if exp < 0 {
		return []byte{'0'}, append(bytes.Repeat([]byte{'0'}, -exp-1), digits...)
	}
	for len(digits) <= exp {
		digits = append(digits, '0')
	}
	return digits[:exp+1], digits[exp+1:]
}

// leftZeros is n with zeros before it to fill width.
func leftZeros(n int64, width int) string {
	s := strconv.FormatInt(n, 10)
	if len(s) < width {
		s = strings.Repeat("0", width-len(s)) + s
	}
	return s
}

// fnInumber validates text in a format of RCOS_finumber and returns its number.
func fnInumber(p *Process, a []Value) Value {
	f := p.parseFormat(arg(a, 1).str())
	if f.plus && f.minus {
		p.raise(errFunction, "")
	}
	v, ok := f.parse(a[0])
	if ok {
		return v
	}
	if e := arg(a, 2); e.defined() {
		return e
	}
	p.raise(errIllegal, "")
	return Value{}
}

// parse reads a formatted number.
func (f numberFormat) parse(v Value) (n Value, ok bool) {
	numeric := v.kind == kindNumber || v.kind == kindDouble
	if v.kind == kindWide {
		return Value{}, false
	}
	s := strings.Trim(v.str(), " ")
	neg := false
	signs := 0
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && len(s) > 2 {
		if f.plus || f.minus || f.lead || f.trail {
			return Value{}, false
		}
		s, neg = s[1:len(s)-1], true
		if s[0] == '-' || s[0] == '+' {
			return Value{}, false
		}
	} else if s != "" {
		if c := s[0]; c == '+' || c == '-' {
			if f.trail {
				return Value{}, false
			}
			s, neg, signs = s[1:], c == '-', 1
		}
		if n := len(s); n > 0 && (s[n-1] == '+' || s[n-1] == '-') {
			if f.lead {
				return Value{}, false
			}
			neg = s[n-1] == '-'
			s, signs = s[:n-1], signs+1
		}
		if signs > 1 || signs > 0 && (f.minus || f.paren) {
			return Value{}, false
		}
	}
	if f.double != 0 {
		if x, ok := doubleName(s); ok {
			if neg {
				x = -x
			}
			return Double(x), true
		}
	}
	if f.plus && signs == 0 {
		return Value{}, false
	}
	digits, ok := f.digits(s, f.exponent != 0 || f.general != 0 || numeric)
	if !ok {
		return Value{}, false
	}
	if neg {
		digits = "-" + digits
	}
	n = parseNumber(digits, 1)
	if f.double != 0 {
		x, _ := strconv.ParseFloat(digits, 64)
		n = Double(x)
	}
	return n, true
}

// digits checks s, an unsigned number with separators, and returns it without them.
func (f numberFormat) digits(s string, exponents bool) (string, bool) {
	group, point := byte(','), byte('.')
	if f.european {
		group, point = '.', ','
	}
	power := ""
	if i := strings.IndexAny(s, "Ee"); i >= 0 {
		if !exponents || !isInteger(strings.TrimLeft(s[i+1:], "+-")) || len(s) > i+2 && !isDigit(s[i+2]) {
			return "", false
		}
		s, power = s[:i], s[i:]
	}
	whole, fraction, hasPoint := strings.Cut(s, string(rune(point)))
	if whole == "" && fraction == "" {
		return "", false
	}
	for i, part := range [2]string{whole, fraction} {
		for j := 0; j < len(part); j++ {
			switch {
			case isDigit(part[j]):
			case part[j] != group || f.noGroup || j == 0 || j == len(part)-1 || !isDigit(part[j-1]) || !isDigit(part[j+1]):
				return "", false
			case (f.comma || f.european) && (i == 1 || (len(part)-j)%4 != 0):
				return "", false
			}
		}
	}
	if (f.comma || f.european) && strings.IndexByte(whole, group) > 3 {
		return "", false
	}
	strip := strings.NewReplacer(string(rune(group)), "")
	if f.comma || f.european {
		plain := strings.Count(whole, string(rune(group))) == 0
		if !plain && strings.Count(whole, string(rune(group))) != (len(strip.Replace(whole))-1)/3 {
			return "", false
		}
	}
	out := strip.Replace(whole)
	if hasPoint {
		out += "." + strip.Replace(fraction)
	}
	return out + power, true
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isInteger(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// doubleName is the value of INF, INFINITY, NAN or SNAN in any case.
func doubleName(s string) (float64, bool) {
	switch strings.ToUpper(s) {
	case "INF", "INFINITY":
		return math.Inf(1), true
	case "NAN", "SNAN":
		return math.NaN(), true
	}
	return 0, false
}

// fnNumber is $NUMBER: validates and converts, "" for what is no number.
func fnNumber(p *Process, a []Value) Value {
	point, places, rounds, integer := p.numberOptions(arg(a, 1).str())
	v, ok := validNumber(a[0], point, integer)
	if !ok {
		return Empty
	}
	if rounds {
		v = p.roundTo(v, places)
	}
	if !inRange(p, v, arg(a, 2), arg(a, 3)) {
		return Empty
	}
	return v
}

// numberOptions parses $NUMBER's format: a decimal character, a rounding factor and I,
// in any order; anything else is <SYNTAX>.
func (p *Process) numberOptions(format string) (point byte, places int64, rounds, integer bool) {
	point = '.'
	seen := false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case (c == '.' || c == ',') && !seen:
			point, seen = c, true
		case (c == 'I' || c == 'i') && !integer:
			integer = true
		case (isDigit(c) || c == '+' || c == '-') && !rounds:
			j := i + 1
			for j < len(format) && isDigit(format[j]) {
				j++
			}
			if !isDigit(format[j-1]) {
				p.raise(errSyntax, "")
			}
			places = textNumber(strings.TrimPrefix(format[i:j], "+")).int64()
			if c == '-' {
				places = parseNumber(format[i:j], 1).int64()
			}
			rounds = true
			i = j - 1
		default:
			p.raise(errSyntax, "")
		}
	}
	return point, places, rounds, integer
}

// validNumber is v as $NUMBER accepts it, with group separators, one leading or
// trailing sign or parentheses.
func validNumber(v Value, point byte, integer bool) (n Value, ok bool) {
	switch v.kind {
	case kindNumber:
		return v, !integer || v.exp >= 0
	case kindDouble:
		f := v.double()
		return v, !math.IsNaN(f) && !math.IsInf(f, 0) && (!integer || f == math.Trunc(f))
	case kindText:
	default:
		return Value{}, false
	}
	group := ", "
	if point == ',' {
		group = ". "
	}
	s := v.text
	if strings.ContainsAny(s, group) {
		s = strings.NewReplacer(group[:1], "", " ", "").Replace(s)
	}
	neg := false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s, neg = s[1:len(s)-1], true
	} else if n := len(s); n > 1 && (s[n-1] == '-' || s[n-1] == '+') && s[0] != '-' && s[0] != '+' {
		s, neg = s[:n-1], s[n-1] == '-'
	} else if n > 1 && (s[0] == '-' || s[0] == '+') {
		s, neg = s[1:], s[0] == '-'
	}
	if point == ',' {
		s = strings.ReplaceAll(s, ",", ".")
	}
	if integer && strings.Contains(s, ".") || !wellFormed(s) {
		return Value{}, false
	}
	if neg {
		s = "-" + s
	}
	n = textNumber(s)
	return n, n.kind == kindNumber || !math.IsInf(n.double(), 0)
}

// wellFormed tells whether s is digits with at most one point and at most one exponent.
func wellFormed(s string) bool {
	if i := strings.IndexAny(s, "Ee"); i >= 0 {
		power := s[i+1:]
		if power != "" && (power[0] == '+' || power[0] == '-') {
			power = power[1:]
		}
		if !isInteger(power) {
			return false
		}
		s = s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	return (whole != "" || fraction != "") && (whole == "" || isInteger(whole)) && (fraction == "" || isInteger(fraction))
}

// inRange tells whether lo <= v <= hi; an omitted limit is none, "" is 0.
func inRange(p *Process, v, lo, hi Value) bool {
	return (!lo.defined() || !less(v, p.num(lo))) && (!hi.defined() || !less(p.num(hi), v))
}

// fnIsValidNum is $ISVALIDNUM(num,scale,min,max).
func fnIsValidNum(p *Process, a []Value) Value {
	v, ok := strictNumber(a[0])
	if !ok || v.kind == kindDouble && a[0].kind == kindText {
		return Bool(false)
	}
	return Bool(inRange(p, p.scaled(v, arg(a, 1)), arg(a, 2), arg(a, 3)))
}

// fnIsValidDouble is $ISVALIDDOUBLE(num,scale,min,max): as $ISVALIDNUM, with INF and NAN
// and the range of doubles.
func fnIsValidDouble(p *Process, a []Value) Value {
	if a[0].kind == kindText {
		if _, ok := doubleName(strings.TrimLeft(signless(a[0].text), " ")); ok {
			return Bool(true)
		}
	}
	v, ok := strictNumber(a[0])
	if !ok {
		return Bool(false)
	}
	if v.kind == kindDouble && math.IsNaN(v.double()) {
		return Bool(!arg(a, 2).defined() && !arg(a, 3).defined())
	}
	return Bool(inRange(p, p.scaled(v, arg(a, 1)), arg(a, 2), arg(a, 3)))
}

// signless is s without one leading sign.
func signless(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

// strictNumber is v as a number when its text is one to the last character.
func strictNumber(v Value) (Value, bool) {
	switch v.kind {
	case kindNumber, kindDouble:
		return v, true
	case kindText:
		return textNumber(v.text), wellFormed(signless(v.text))
	}
	return Value{}, false
}

// scaled rounds v to scale digits; -1 truncates to an integer, less is <FUNCTION>, and
// an undefined scale leaves v alone.
func (p *Process) scaled(v, scale Value) Value {
	if !scale.defined() || v.kind == kindDouble && (math.IsNaN(v.double()) || math.IsInf(v.double(), 0)) {
		return v
	}
	n := scale.int64()
	switch {
	case n < -1:
		p.raise(errFunction, "")
	case n == -1 && v.kind == kindDouble:
		return Double(math.Trunc(v.double()))
	case n == -1:
		return p.intdiv(v, Int(1))
	case v.kind == kindDouble:
		return roundDouble(v.double(), n)
	}
	return p.roundTo(v, n)
}

// roundDouble rounds f to places digits behind the point.
func roundDouble(f float64, places int64) Value {
	if places > 330 {
		return Double(f)
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', int(places), 64), 64)
	return Double(r)
}

func fnNormalize(p *Process, a []Value) Value {
	v := p.num(a[0])
	return p.scaled(v, Int(arg(a, 1).int64()))
}

func fnDouble(p *Process, a []Value) Value {
	v := a[0]
	if v.kind == kindText {
		s := v.text
		neg := strings.HasPrefix(s, "-")
		if f, ok := doubleName(signless(s)); ok {
			if neg {
				f = -f
			}
			return Double(f)
		}
	}
	return Double(p.num(v).float())
}

func fnDecimal(p *Process, a []Value) Value {
	v := p.num(a[0])
	digits := int64(-1)
	if d := arg(a, 1); d.defined() {
		if digits = d.int64(); digits < 0 || digits > 38 {
			p.raise(errIllegal, "")
		}
	}
	if v.kind == kindDouble {
		f := v.double()
		switch {
		case math.IsNaN(f):
			p.raise(errIllegal, "")
		case math.IsInf(f, 0):
			p.raise(errMaxNumber, "")
		case digits == 0:
			return v.asText()
		}
		n, ok := fromFloat(f, 40)
		if !ok {
			p.raise(errMaxNumber, "")
		}
		v = n
	}
	if digits > 0 {
		_, m := magnitude(v.mant)
		return p.roundTo(v, digits-int64(len(strconv.FormatUint(m, 10)))-int64(v.exp))
	}
	return v
}

// fnRandom is $RANDOM(n): an integer from 0 up to but not including n.
func fnRandom(p *Process, a []Value) Value {
	n := a[0].int64()
	if n < 1 || n > 1e17 {
		p.raise(errFunction, "")
	}
	return Int(p.generator().Int64N(n))
}

func fnZabs(p *Process, a []Value) Value {
	v := p.num(a[0])
	if v.kind == kindDouble {
		return Double(math.Abs(v.double()))
	}
	if v.mant < 0 {
		return p.neg(v)
	}
	return v
}

func fnZpower(p *Process, a []Value) Value { return p.pow(a[0], a[1]) }

// transcendental is a mathematical function: on doubles in IEEE arithmetic, on decimals
// in big floats. domain tells whether an argument has a value; others are err.
type transcendental struct {
	double func(float64) float64
	exact  func(*big.Float) *big.Float
	domain func(float64) bool
	err    *errorKind
}

func (f transcendental) call(p *Process, a []Value) Value {
	v := p.num(a[0])
	x := v.float()
	if f.domain != nil && !math.IsNaN(x) && !f.domain(x) {
		p.raise(f.err, "")
	}
	if v.kind == kindDouble {
		return p.doubleResult(f.double(x), x, x)
	}
	return p.fromBig(f.exact(v.big()))
}

func mathFunction(f transcendental) func(*Process, []Value) Value { return f.call }

func positive(x float64) bool    { return x > 0 }
func notNegative(x float64) bool { return x >= 0 }
func nonZero(x float64) bool     { return x != 0 }
func isRatio(x float64) bool     { return x >= -1 && x <= 1 }

// angleRange is how far from zero $ZSIN and its kin take decimals: beyond it the digits
// a number holds no longer fix the angle.
func angleRange(x float64) bool { return math.Abs(x) <= 1e18 }

var (
	fnZsqr = mathFunction(transcendental{math.Sqrt, func(x *big.Float) *big.Float { return newBig().Sqrt(x) }, notNegative, errIllegal})
	fnZln  = mathFunction(transcendental{math.Log, bigLog, positive, errIllegal})
	fnZlog = mathFunction(transcendental{math.Log10, bigLog10, positive, errIllegal})
	fnZexp = mathFunction(transcendental{math.Exp, bigExp, func(x float64) bool { return x <= 335.7 || math.IsInf(x, 1) }, errMaxNumber})

	fnZsin    = mathFunction(transcendental{math.Sin, bigSin, angleRange, errIllegal})
	fnZcos    = mathFunction(transcendental{math.Cos, bigCos, angleRange, errIllegal})
	fnZtan    = mathFunction(transcendental{math.Tan, bigTan, angleRange, errIllegal})
	fnZsec    = mathFunction(transcendental{func(x float64) float64 { return 1 / math.Cos(x) }, func(x *big.Float) *big.Float { return bigInverse(bigCos(x)) }, angleRange, errIllegal})
	fnZcsc    = mathFunction(transcendental{func(x float64) float64 { return 1 / math.Sin(x) }, func(x *big.Float) *big.Float { return bigInverse(bigSin(x)) }, angleAwayFromZero, errIllegal})
	fnZcot    = mathFunction(transcendental{func(x float64) float64 { return 1 / math.Tan(x) }, func(x *big.Float) *big.Float { return bigInverse(bigTan(x)) }, angleAwayFromZero, errIllegal})
	fnZarcsin = mathFunction(transcendental{math.Asin, bigArcsin, isRatio, errIllegal})
	fnZarccos = mathFunction(transcendental{math.Acos, bigArccos, isRatio, errIllegal})
	fnZarctan = mathFunction(transcendental{math.Atan, bigArctan, nil, nil})
)

func angleAwayFromZero(x float64) bool { return nonZero(x) && angleRange(x) }
