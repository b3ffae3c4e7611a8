package runtime

// Dates and times read from text: $ZDATEH $ZTIMEH $ZDATETIMEH.

import (
	"strings"
	"time"
)

// fnZtimeh is $ZTIMEH(time,tformat,erropt,localeopt).
func fnZtimeh(p *Process, a []Value) Value {
	if f := timeFormat(arg(a, 1)); f < 1 || f > 4 {
		p.raise(errFunction, "")
	}
	t, ok := parseTime(a[0].str())
	if !ok || t.zoned {
		return p.fail(errIllegal, arg(a, 2))
	}
	return t.seconds
}

// clockTime is a time of day as it was written.
type clockTime struct {
	seconds Value // with any fraction
	zoned   bool  // Z or an offset was written
	east    int64 // the offset in seconds
}

// parseTime reads hh:mm[:ss[.fff]] with an optional suffix: AM, PM, NOON, MIDNIGHT (or
// their first letters), Z, or ±hh:mm.
func parseTime(s string) (t clockTime, ok bool) {
	s = strings.TrimSpace(s)
	body := strings.TrimLeft(s, "0123456789:.")
	clock := s[:len(s)-len(body)]
	parts := strings.Split(clock, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return t, false
	}
	var n [2]int64
	for i := range n {
		if len(parts[i]) > 2 || !isInteger(parts[i]) {
			return t, false
		}
		n[i] = textNumber(parts[i]).mant
	}
	seconds := Int(0)
	if len(parts) == 3 {
		whole, fraction, _ := strings.Cut(parts[2], ".")
		if len(whole) > 2 || !isInteger(whole) || fraction != "" && !isInteger(fraction) {
			return t, false
		}
		seconds = textNumber(parts[2])
	}
	hours, minutes := n[0], n[1]
	if suffix := strings.ToUpper(strings.TrimSpace(body)); suffix != "" {
		if hours, ok = t.suffix(suffix, hours); !ok {
			return t, false
		}
	}
	if hours > 23 || minutes > 59 || seconds.int64() > 59 {
		return t, false
	}
	neg, m := magnitude(seconds.mant)
	whole := uint64(hours*3600 + minutes*60)
	if seconds.exp < 0 {
		whole *= pow10[min(-int(seconds.exp), 14)]
	}
	if seconds.exp < -14 {
		return t, false
	}
	t.seconds, _ = pack(neg, 0, whole+m, int(seconds.exp))
	return t, true
}

// suffix applies what follows the digits and returns the hours it makes.
func (t *clockTime) suffix(s string, hours int64) (int64, bool) {
	if s == "Z" {
		t.zoned = true
		return hours, true
	}
	if s[0] == '+' || s[0] == '-' {
		h, m, _ := strings.Cut(s[1:], ":")
		if len(h) != 2 || len(m) != 2 || !isInteger(h) || !isInteger(m) {
			return 0, false
		}
		t.zoned = true
		t.east = textNumber(h).mant*3600 + textNumber(m).mant*60
		if s[0] == '-' {
			t.east = -t.east
		}
		return hours, true
	}
	for _, row := range []struct {
		name string
		pm   bool
	}{{"AM", false}, {"PM", true}, {"NOON", true}, {"MIDNIGHT", false}} {
		if strings.HasPrefix(row.name, s) {
			if hours < 1 || hours > 12 {
				return 0, false
			}
			hours %= 12
			if row.pm {
				hours += 12
			}
			return hours, true
		}
	}
	return 0, false
}

// fnZdateh is $ZDATEH(date,dformat,monthlist,yearopt,startwin,endwin,mindate,maxdate,erropt,localeopt).
func fnZdateh(p *Process, a []Value) Value {
	o := p.dateOptions(a[min(2, len(a)):])
	format := o.dateFormat(arg(a, 1))
	if !parsableFormat(format) {
		p.raise(errFunction, "")
	}
	day, bad := p.parseDay(a[0].asText(), format, &o)
	if bad != nil {
		return p.fail(bad, o.errValue)
	}
	return Int(day)
}

// parsableFormat tells whether $ZDATEH takes a dformat.
func parsableFormat(f int64) bool { return f >= 1 && f <= 9 || f >= 15 && f <= 21 }

// parseDay reads a date in a format and checks it against the limits.
func (p *Process) parseDay(s Value, format int64, o *dateOptions) (int64, *errorKind) {
	if format == 3 && !o.odbcChosen && o.yearopt == -1 {
		odbc := *o
		odbc.yearopt = 4
		o = &odbc
	}
	day, ok := p.parseDate(s, format, o)
	switch {
	case !ok:
		return 0, errIllegal
	case day < o.min || day > o.max:
		return 0, errRange
	}
	return day, nil
}

func (p *Process) parseDate(v Value, format int64, o *dateOptions) (int64, bool) {
	switch format {
	case 1:
		return dateByPattern(v.str(), "/", "mdy", o)
	case 3:
		return dateByPattern(v.str(), "-", "ymd", o)
	case 4:
		return dateByPattern(v.str(), "/", "dmy", o)
	case 16, 17:
		return japaneseDate(v, o)
	case 18, 19, 20, 21:
		return p.hijriDate(v, format, o)
	}
	if v.kind == kindWide && !o.months.defined() {
		return 0, false
	}
	return p.flexibleDate(v, format, o)
}

// dateByPattern reads three numbers between separators, in the order of the letters.
func dateByPattern(s, sep, order string, o *dateOptions) (int64, bool) {
	parts := strings.Split(strings.Trim(s, " "), sep)
	if len(parts) != 3 {
		return 0, false
	}
	var y, m, d int
	for i, part := range parts {
		if !isInteger(part) || len(part) > 4 {
			return 0, false
		}
		switch n := int(textNumber(part).mant); order[i] {
		case 'y':
			full, ok := o.fullYear(part)
			if !ok {
				return 0, false
			}
			y = full
		case 'm':
			m = n
		case 'd':
			d = n
		}
		if order[i] != 'y' && len(part) > 2 {
			return 0, false
		}
	}
	return checkedDay(y, m, d)
}

// checkedDay is the internal date of a day that exists.
func checkedDay(y, m, d int) (int64, bool) {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	day := dayNumber(y, m, d)
	_, month, _ := civil(day)
	return day, month == m
}

func japaneseDate(v Value, o *dateOptions) (int64, bool) {
	s := strings.NewReplacer("年", "-", "月", "-", "日", "", " ", "").Replace(v.utf8())
	return dateByPattern(s, "-", "ymd", o)
}

// hijriDate reads day, month (a number or a name) and year of the Islamic calendar.
func (p *Process) hijriDate(v Value, format int64, o *dateOptions) (int64, bool) {
	sep := Text(" ")
	if o.months.defined() {
		sep = extract(o.months, 1, 1)
	}
	if pieces(v, sep) != 3 {
		return 0, false
	}
	var part [3]Value
	for i := range part {
		part[i] = piece(v, sep, int64(i+1), int64(i+1))
	}
	m := part[1].int64()
	if format == 18 || format == 20 {
		names := Text(hijriMonths)
		if o.months.defined() {
			names = o.months
		}
		m = int64(monthNumber(part[1], names, len(part[1].text)))
	}
	d, y := part[0].int64(), part[2].int64()
	if m < 1 || m > 12 || d < 1 || y < 1 || y > 9999 {
		return 0, false
	}
	day := hijriYear(y) + d - 1
	for i := int64(1); i < m; i++ {
		day += hijriMonth(i)
	}
	hy, hm, _ := hijri(day)
	return day, hy == y && hm == m
}

// mostMonths is how many months the year of any calendar has.
const mostMonths = 13

// monthNumber is which month of a list a name means, by at least its first three
// letters in any case or a whole name; 0 for none.
func monthNumber(name, names Value, least int) int {
	sep := extract(names, 1, 1)
	s := strings.ToUpper(name.utf8())
	if s == "" {
		return 0
	}
	for m := 1; m <= min(pieces(names, sep)-1, mostMonths); m++ {
		full := strings.ToUpper(piece(names, sep, int64(m)+1, int64(m)+1).utf8())
		if full == s || len(s) >= least && strings.HasPrefix(full, s) {
			return m
		}
	}
	return 0
}

// flexibleDate reads any unambiguous American (dformat 2 and 5 to 9) or European (15)
// date, and T±n.
func (p *Process) flexibleDate(v Value, format int64, o *dateOptions) (int64, bool) {
	s := strings.TrimSpace(v.utf8())
	if format != 2 && s != "" && (s[0] == 'T' || s[0] == 't') {
		return p.relativeDay(s[1:])
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r < 128 && !isDigit(byte(r)) && (r|32 < 'a' || r|32 > 'z')
	})
	month := 0
	var numbers []string
	at := -1
	for i, w := range words {
		if isInteger(w) {
			numbers = append(numbers, w)
			continue
		}
		if month != 0 {
			return 0, false
		}
		names := Text(monthNames)
		if o.months.defined() {
			names = o.months
		}
		month, at = monthNumber(FromUTF8(w), names, 3), i
		if month == 0 {
			return 0, false
		}
	}
	if format == 2 && (month == 0 || at != 1 || len(numbers) != 2) {
		return 0, false
	}
	if month != 0 {
		return p.namedDate(month, numbers, o)
	}
	return p.numericDate(numbers, format == 15, o)
}

// relativeDay is today plus a signed number of days, or today for nothing.
func (p *Process) relativeDay(s string) (int64, bool) {
	today, _ := dayOf(p.now())
	if s == "" {
		return today, true
	}
	if s[0] != '+' && s[0] != '-' || !isInteger(s[1:]) {
		return 0, false
	}
	return today + max(min(parseNumber(s, 1).int64(), 1e7), -1e7), true
}

// namedDate is a date whose month was a name: day, and a year or this one.
func (p *Process) namedDate(m int, numbers []string, o *dateOptions) (int64, bool) {
	y, _, _ := p.now().Date()
	switch len(numbers) {
	case 1:
	case 2:
		if len(numbers[0]) == 4 {
			numbers[0], numbers[1] = numbers[1], numbers[0]
		}
		var ok bool
		if y, ok = o.fullYear(numbers[1]); !ok {
			return 0, false
		}
	default:
		return 0, false
	}
	if len(numbers[0]) > 2 {
		return 0, false
	}
	return checkedDay(y, m, int(textNumber(numbers[0]).mant))
}

// numericDate is a date of numbers only: year first when that has four digits, else in
// American or European order; without a year, or as one run of digits.
func (p *Process) numericDate(numbers []string, european bool, o *dateOptions) (int64, bool) {
	year, _, _ := p.now().Date()
	if len(numbers) == 1 {
		n := numbers[0]
		if len(n) != 8 && len(n) != 6 {
			return 0, false
		}
		y := n[:len(n)-4]
		return dateByPattern(y+"-"+n[len(y):len(y)+2]+"-"+n[len(y)+2:], "-", "ymd", o)
	}
	order := "mdy"
	if european {
		order = "dmy"
	}
	switch {
	case len(numbers) == 2:
		numbers = append(numbers, leftZeros(int64(year), 4))
	case len(numbers) == 3 && len(numbers[0]) == 4:
		order = "ymd"
	case len(numbers) != 3:
		return 0, false
	}
	return dateByPattern(strings.Join(numbers, "-"), "-", order, o)
}

// fnZdatetimeh is $ZDATETIMEH(datetime,dformat,tformat,monthlist,yearopt,startwin,
// endwin,mindate,maxdate,erropt,localeopt).
func fnZdatetimeh(p *Process, a []Value) Value {
	o := p.dateOptions(a[min(3, len(a)):])
	format, tformat := o.dateFormat(arg(a, 1)), timeFormat(arg(a, 2))
	if !parsableFormat(format) && format != -2 && format != -3 || tformat < 1 || tformat > 8 {
		p.raise(errFunction, "")
	}
	zone := p.now().Location()
	switch format {
	case -2:
		day, secs := dayOf(time.Unix(a[0].int64(), 0).In(zone))
		return Text(Int(day).str() + "," + Int(secs).str())
	case -3:
		date, clock, _ := strings.Cut(a[0].str(), ",")
		day, bad := o.internalDay(textNumber(date))
		if bad != nil {
			return p.fail(bad, o.errValue)
		}
		return p.shifted(day, textNumber(clock), time.UTC, zone)
	}
	date, t, ok := splitDateTime(a[0].asText())
	if !ok {
		return p.fail(errIllegal, o.errValue)
	}
	if !t.seconds.defined() {
		t = clockTime{seconds: Int(0), zoned: tformat >= 7}
	}
	day, bad := p.parseDay(date, format, &o)
	if bad != nil {
		return p.fail(bad, o.errValue)
	}
	if t.zoned {
		return p.shifted(day, t.seconds, time.FixedZone("", int(t.east)), zone)
	}
	return Text(Int(day).str() + "," + t.seconds.str())
}

// splitDateTime parts a date from the time behind it: the text from the blank or T
// before the last colons on. t.seconds is undefined when there is no time.
func splitDateTime(v Value) (date Value, t clockTime, ok bool) {
	colon := find(v, Text(":"), 0)
	if colon < 0 {
		return v, t, true
	}
	at := colon
	for at > 0 && v.char(at-1) < 128 && isDigit(byte(v.char(at-1))) {
		at--
	}
	if at == 0 {
		return v, t, false
	}
	if c := v.char(at - 1); c != ' ' && c != 'T' {
		return v, t, false
	}
	t, ok = parseTime(v.slice(at, v.length()).str())
	return v.slice(0, at-1), t, ok
}
