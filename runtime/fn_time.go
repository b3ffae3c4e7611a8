package runtime

// Dates and times as text: $ZDATE $ZTIME $ZDATETIME, $HOROLOG and $ZTIMESTAMP, and the
// options all date functions share. Internally a date counts days from 31 December 1840,
// a time seconds from midnight. What reads text is in fn_time_parse.go.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	unixEpoch = 47117   // 1 January 1970
	lastDay   = 2980013 // 31 December 9999
	firstDay  = -672045 // 1 January 0001
	daySecs   = 86400
)

// horolog is $HOROLOG at t: days, seconds.
func horolog(t time.Time) Value {
	day, secs := dayOf(t)
	return Text(string(strconv.AppendInt(append(strconv.AppendInt(nil, day, 10), ','), secs, 10)))
}

// timestamp is $ZTIMESTAMP at t: as $HOROLOG, in UTC, with the fraction of the second.
func timestamp(t time.Time) Value {
	t = t.UTC()
	day, secs := dayOf(t)
	seconds, _ := pack(false, 0, uint64(secs)*1e9+uint64(t.Nanosecond()), -9)
	return Text(Int(day).str() + "," + seconds.str())
}

// dayOf is the internal date and time of t in its own zone.
func dayOf(t time.Time) (day, secs int64) {
	y, m, d := t.Date()
	return dayNumber(y, int(m), d), int64(t.Hour()*3600 + t.Minute()*60 + t.Second())
}

// dayNumber is the internal date of a day of the proleptic Gregorian calendar.
func dayNumber(y, m, d int) int64 {
	return floorDiv(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix(), daySecs) + unixEpoch
}

func civil(day int64) (y, m, d int) {
	y, month, d := time.Unix((day-unixEpoch)*daySecs, 0).UTC().Date()
	return y, int(month), d
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// instant is an internal date and time in a zone.
func instant(day int64, secs int64, zone *time.Location) time.Time {
	y, m, d := civil(day)
	return time.Date(y, time.Month(m), d, 0, 0, int(secs), 0, zone)
}

// monthNames are the full names; the abbreviations are their first three letters.
const (
	monthNames   = " January February March April May June July August September October November December"
	monthAbbrs   = " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
	weekdayNames = " Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
	hijriMonths  = " Muharram Safar Rabi_al-Awwal Rabi_al-Thani Jumada_al-Awwal Jumada_al-Thani Rajab Shaban Ramadan Shawwal Dhu_al-Qadah Dhu_al-Hijjah"
)

// dateOptions are the arguments that the four date functions share, from monthlist on.
type dateOptions struct {
	months           Value // undefined: the format's own
	yearopt          int64
	start, end       int64 // of the window of two-digit years, as internal dates
	min, max         int64
	errValue         Value
	odbc, odbcChosen bool
}

// dateOptions reads monthlist, yearopt, startwin, endwin, mindate, maxdate, erropt and
// localeopt. Contradictions raise at once, erropt or not.
func (p *Process) dateOptions(a []Value) dateOptions {
	o := dateOptions{min: 0, max: lastDay, errValue: arg(a, 6)}
	if locale := arg(a, 7); locale.defined() {
		o.odbc, o.odbcChosen = locale.truth(), true
	}
	if v := arg(a, 0); v.defined() && !equal(v, Int(-1)) && v.length() > 0 {
		o.months = v.asText()
	}
	o.yearopt = position(arg(a, 1), 0, -1)
	if o.yearopt < -1 || o.yearopt > 6 {
		p.raise(errFunction, "")
	}
	if o.yearopt == -1 && o.odbc {
		o.yearopt = 4
	}
	p.yearWindow(&o, arg(a, 2), arg(a, 3))
	if lo := position(arg(a, 4), 0, -1); lo != -1 {
		o.min = lo
	}
	if hi := position(arg(a, 5), 0, -1); hi != -1 {
		o.max = hi
	}
	if o.max > lastDay || o.min < firstDay || o.max < o.min {
		p.raise(errIllegal, "")
	}
	return o
}

// yearWindow works out which dates have years of two digits.
func (p *Process) yearWindow(o *dateOptions, start, end Value) {
	year, _, _ := p.now().Date()
	from, to := 1900, 1999
	switch o.yearopt {
	case 2:
		from, to = 1, 9999
	case 3, 5:
		if !start.defined() {
			p.raise(errFunction, "")
		}
		n, m := start.int64(), position(end, 0, -1)
		if o.yearopt == 3 {
			if o.start, o.end = n, m; m == -1 {
				y, mm, d := civil(clampDay(n))
				o.end = dayNumber(y+100, mm, d) - 1
			}
			y, mm, d := civil(clampDay(o.start))
			if o.end < o.start || o.end >= dayNumber(y+100, mm, d) {
				p.raise(errIllegal, "")
			}
			return
		}
		n = max(min(n, 10000), -10000)
		from, to = year-int(n), year+int(max(min(m, 10000), -10000))
		if m == -1 {
			to = from + 99
		}
		if to < from || to-from >= 100 {
			p.raise(errIllegal, "")
		}
	case 4:
		from, to = 1, 0
	case 6:
		from = year / 100 * 100
		to = from + 99
	}
	o.start, o.end = dayNumber(from, 1, 1), dayNumber(to, 12, 31)
}

func clampDay(day int64) int64 { return max(min(day, lastDay), firstDay) }

// year is the year of a day in two digits when the window says so.
func (o *dateOptions) year(day int64, y int) string {
	if day >= o.start && day <= o.end {
		return leftZeros(int64(y%100), 2)
	}
	return leftZeros(int64(y), 4)
}

// fullYear is the year that digits stand for; ok is false when two digits are not
// allowed or the count is wrong.
func (o *dateOptions) fullYear(digits string) (y int, ok bool) {
	y, _ = strconv.Atoi(digits)
	if len(digits) == 4 {
		return y, y > 0
	}
	if len(digits) != 2 || o.yearopt == 4 {
		return 0, false
	}
	if o.yearopt == 2 {
		return 1900 + y, true
	}
	first, _, _ := civil(clampDay(o.start))
	full := first/100*100 + y
	if full < first {
		full += 100
	}
	return full, true
}

// fail returns erropt when the caller gave one and raises k otherwise.
func (p *Process) fail(k *errorKind, errValue Value) Value {
	if errValue.defined() {
		return errValue
	}
	p.raise(k, "")
	return Value{}
}

// dateFormat is the dformat argument: omitted or -1 is 1, or 3 in the ODBC locale. What
// is no integer is 0, which no function takes.
func (o *dateOptions) dateFormat(v Value) int64 {
	f := position(v, 0, -1)
	switch {
	case v.defined() && !equal(v.number(), Int(f)):
		return 0
	case f == -1 && o.odbc:
		return 3
	case f == -1:
		return 1
	}
	return f
}

// internalDay is an internal date; the second result tells what is wrong with it.
func (o *dateOptions) internalDay(v Value) (int64, *errorKind) {
	n := v.number()
	if n.kind == kindDouble && n.double() != math.Trunc(n.double()) || n.kind == kindNumber && n.exp < 0 {
		return 0, errIllegal
	}
	day := n.int64()
	if day < o.min || day > o.max {
		return 0, errRange
	}
	return day, nil
}

// fnZdate is $ZDATE(hdate,dformat,monthlist,yearopt,startwin,endwin,mindate,maxdate,erropt,localeopt).
func fnZdate(p *Process, a []Value) Value {
	o := p.dateOptions(a[min(2, len(a)):])
	format := o.dateFormat(arg(a, 1))
	if !validDateFormat(format) {
		p.raise(errFunction, "")
	}
	day, bad := o.internalDay(a[0])
	if bad != nil {
		return p.fail(bad, o.errValue)
	}
	return p.formatDate(day, format, &o)
}

func validDateFormat(f int64) bool { return f >= 1 && f <= 21 }

// formatDate is a day in a format from 1 to 21.
func (p *Process) formatDate(day, format int64, o *dateOptions) Value {
	y, m, d := civil(day)
	dd, mm := leftZeros(int64(d), 2), leftZeros(int64(m), 2)
	switch format {
	case 1:
		return Text(mm + "/" + dd + "/" + o.year(day, y))
	case 3:
		return Text(leftZeros(int64(y), 4) + "-" + mm + "-" + dd)
	case 4, 15:
		return Text(dd + "/" + mm + "/" + o.year(day, y))
	case 8:
		return Text(leftZeros(int64(y), 4) + mm + dd)
	case 10:
		return Int(weekday(day))
	case 11:
		return Text(piece(Text(weekdayNames), Text(" "), weekday(day)+2, weekday(day)+2).text[:3])
	case 12:
		return piece(Text(weekdayNames), Text(" "), weekday(day)+2, weekday(day)+2)
	case 13:
		return Text(fmt.Sprintf("%d/%d/%d", d, m, y+543))
	case 14:
		return Text(leftZeros(day-dayNumber(y, 1, 1)+1, 3))
	case 16, 17:
		blank := ""
		if format == 17 {
			blank = " "
		}
		return FromUTF8(fmt.Sprintf("%d年%s%d月%s%d日", y, blank, m, blank, d))
	case 18, 19, 20, 21:
		return p.formatHijri(day, format, o)
	}
	names := Text(monthAbbrs)
	if format == 9 {
		names = Text(monthNames)
	}
	name, sep := p.monthName(names, m, o)
	year := Text(leftZeros(int64(y), 4))
	b := builder{p: p}
	switch format {
	case 2:
		addAll(&b, Text(dd), sep, name, sep, Text(o.year(day, y)))
	case 5, 9:
		addAll(&b, name, sep, Int(int64(d)), Text(","), sep, year)
	case 6:
		addAll(&b, name, sep, Int(int64(d)), sep, year)
	case 7:
		addAll(&b, name, sep, Text(dd), sep, Text(o.year(day, y)))
	}
	return b.value()
}

func addAll(b *builder, parts ...Value) {
	for _, v := range parts {
		b.add(v)
	}
}

// weekday is 0 for Sunday.
func weekday(day int64) int64 { return ((day+4)%7 + 7) % 7 }

// monthName is the name of month m in monthlist or else in names, and the separator, the
// first character of the list. A list without that month is <ILLEGAL VALUE>.
func (p *Process) monthName(names Value, m int, o *dateOptions) (name, sep Value) {
	if o.months.defined() {
		names = o.months
	}
	sep = extract(names, 1, 1)
	if int64(m) >= int64(pieces(names, sep)) {
		p.raise(errIllegal, "")
	}
	return piece(names, sep, int64(m)+1, int64(m)+1), sep
}

const hijriEpoch = -445031 // 1 Muharram 1

// hijriYear is the internal date of the first day of a year of the tabular calendar: 30
// years have 11 leap days.
func hijriYear(y int64) int64 { return hijriEpoch + (y-1)*354 + (3+11*y)/30 }

// hijri is a day in the tabular Islamic calendar.
func hijri(day int64) (y, m, d int64) {
	y = (30*(day-hijriEpoch) + 10646) / 10631
	rest := day - hijriYear(y)
	for m = 1; m < 12 && rest >= hijriMonth(m); m++ {
		rest -= hijriMonth(m)
	}
	return y, m, rest + 1
}

// hijriMonth is how many days a month has: 30 and 29 in turn (the leap day is added to
// the last).
func hijriMonth(m int64) int64 { return 29 + m%2 }

func (p *Process) formatHijri(day, format int64, o *dateOptions) Value {
	if day < hijriEpoch {
		p.raise(errRange, "")
	}
	y, m, d := hijri(day)
	name, sep := Int(m), Text(" ")
	if format == 18 || format == 20 {
		name, sep = p.monthName(Text(hijriMonths), int(m), o)
	}
	b := builder{p: p}
	addAll(&b, Int(d), sep, name, sep, Text(leftZeros(y, 4)))
	return b.value()
}

// fnZtime is $ZTIME(htime,tformat,precision,erropt,localeopt).
func fnZtime(p *Process, a []Value) Value {
	format := timeFormat(arg(a, 1))
	if format < 1 || format > 4 && format != 9 && format != 10 {
		p.raise(errFunction, "")
	}
	text, bad := p.formatTime(a[0].number(), format, position(arg(a, 2), 0, -1))
	if bad != nil {
		return p.fail(bad, arg(a, 3))
	}
	return Text(text)
}

// timeFormat is the tformat argument: omitted or -1 is 1, what is no integer 0.
func timeFormat(v Value) int64 {
	f := position(v, 0, -1)
	switch {
	case v.defined() && !equal(v.number(), Int(f)):
		return 0
	case f == -1:
		return 1
	}
	return f
}

// formatTime is seconds since midnight in one of formats 1 to 4, 9 and 10.
func (p *Process) formatTime(v Value, format, precision int64) (string, *errorKind) {
	secs := v.int64()
	multi := format == 9 || format == 10
	if !multi && (secs < 0 || secs >= daySecs) {
		return "", errIllegal
	}
	if precision > maxString {
		p.raise(errMaxString, "")
	}
	sign := ""
	if multi && secs < 0 {
		if secs < -1e15 {
			return "", errIllegal
		}
		sign, secs = "-", -secs
	}
	hours, minutes, seconds := secs/3600, secs/60%60, secs%60
	suffix := ""
	if format == 3 || format == 4 {
		suffix = "AM"
		if hours >= 12 {
			suffix = "PM"
		}
		if hours = hours % 12; hours == 0 {
			hours = 12
		}
	}
	text := sign + leftZeros(hours, 2) + ":" + leftZeros(minutes, 2)
	if format == 1 || format == 3 || format == 9 {
		text += ":" + leftZeros(seconds, 2) + p.fractionText(v, precision, sign != "" || secs >= daySecs)
	}
	return text + suffix, nil
}

// fractionText is the fraction of a number of seconds cut to precision digits.
func (p *Process) fractionText(v Value, precision int64, zero bool) string {
	if precision <= 0 {
		return ""
	}
	digits := ""
	if v.kind == kindDouble {
		v, _ = fromFloat(v.double(), 17)
	}
	if v.exp < 0 && !zero {
		_, _, fraction := fixedDigits(v, int(-v.exp))
		digits = string(fraction)
	}
	if int64(len(digits)) > precision {
		digits = digits[:precision]
	}
	return "." + digits + strings.Repeat("0", int(precision)-len(digits))
}

// fnZdatetime is $ZDATETIME(hdatetime,dformat,tformat,precision,monthlist,yearopt,
// startwin,endwin,mindate,maxdate,erropt,localeopt).
func fnZdatetime(p *Process, a []Value) Value {
	o := p.dateOptions(a[min(4, len(a)):])
	format, tformat := o.dateFormat(arg(a, 1)), timeFormat(arg(a, 2))
	if !validDateFormat(format) && format != -2 && format != -3 || tformat < 1 || tformat > 10 {
		p.raise(errFunction, "")
	}
	s := a[0].str()
	date, clock, hasTime := strings.Cut(s, ",")
	day, bad := o.internalDay(textNumber(date))
	secs := textNumber(clock)
	if whole := secs.int64(); bad == nil && tformat < 9 && (whole < 0 || whole >= daySecs) {
		bad = errIllegal
	}
	if bad != nil {
		return p.fail(bad, o.errValue)
	}
	zone := p.now().Location()
	switch format {
	case -2:
		return Int(instant(day, secs.int64(), zone).Unix())
	case -3:
		return p.shifted(day, secs, zone, time.UTC)
	}
	separator, suffix := " ", ""
	if tformat >= 5 && tformat <= 8 {
		t := instant(day, secs.int64(), zone)
		separator, suffix = "T", "Z"
		if tformat <= 6 {
			suffix = t.Format("-07:00")
		} else {
			utc := t.UTC()
			fraction := p.sub(secs, Int(secs.int64()))
			var whole int64
			day, whole = dayOf(utc)
			secs = p.add(Int(whole), fraction)
		}
		tformat = 2 - tformat%2 // 5 and 7 show seconds, 6 and 8 do not
	}
	text := p.formatDate(day, format, &o)
	if !hasTime {
		return text
	}
	t, bad := p.formatTime(secs, tformat, position(arg(a, 3), 0, -1))
	if bad != nil {
		return p.fail(bad, o.errValue)
	}
	return p.concat(text, Text(separator+t+suffix))
}

// shifted is an internal date and time of one zone in another.
func (p *Process) shifted(day int64, secs Value, from, to *time.Location) Value {
	t := instant(day, secs.int64(), from).In(to)
	fraction := p.sub(secs, Int(secs.int64()))
	day, whole := dayOf(t)
	return Text(Int(day).str() + "," + p.add(Int(whole), fraction).str())
}
