package devices

// Device parameters: how a list of positional and keyword parameters, and the mode
// string in it, is applied through a table of rows. The tables themselves stand with
// their devices (tcp_params.go, terminal_params.go, file_params.go).

import (
	"slices"
	"strings"
)

// When says which commands a parameter may stand in.
type When byte

// Where a parameter may stand.
const (
	InOpen When = 1 << iota
	InUse
	InClose
	InBoth = InOpen | InUse
)

// KeywordRow is one device parameter in all its spellings: a keyword, a position, a
// mode letter. Help, completion and the checker range over these.
type KeywordRow struct {
	Name     string   // "/ACCEPT"; "" for a parameter that has no keyword
	Abbrs    []string // other spellings: "/ACC"
	Position int      // colon position from 1; 0: keyword only
	Letter   byte     // mode letter; 0: none
	When     When
	Doc      string
}

// LetterRow is one letter of a mode string.
type LetterRow struct {
	Letter byte
	Name   string // the keyword it corresponds to, or ""
	Doc    string
}

// row is a KeywordRow with its effect on the options T of a device. bits are what the
// mode letter switches; a row without set switches them by its keyword too. modeRow
// in place of bits marks the row of the mode string itself.
type row[T any] struct {
	KeywordRow
	bits uint32
	set  func(o *T, v value) error
}

// modeRow marks the parameter whose value is a mode string.
const modeRow = 1 << 31

// modal is an option block with mode bits.
type modal interface {
	modes() *uint32
	// replaced is called after a mode string without a sign has replaced all modes;
	// before are those that stood.
	replaced(before uint32)
}

// tabled is an option block whose mode string may name translation tables.
type tabled interface {
	// tables takes them out of the mode string.
	tables(s string) (letters string, err error)
}

// value is a parameter's value: what a setter gets.
type value struct {
	text  Text
	given bool // false: the keyword stood alone
	list  []Item
}

// on is a flag's truth: a keyword alone counts as 1.
func (v value) on() bool { return !v.given || v.number() != 0 }

// number is the value's numeric interpretation, truncated: leading digits with a sign,
// 0 for anything else.
func (v value) number() int { return leadingInt(v.text.S) }

// leadingInt reads the integer at the start of s, as M's numeric interpretation
// truncated; it saturates well above any size or port.
func leadingInt(s string) int {
	sign := 1
	for len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -sign
		}
		s = s[1:]
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1<<40 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return sign * n
}

// table is a device's parameter table.
type table[T any] []row[T]

// at returns the row of a colon position in a command, or nil.
func (t table[T]) at(position int, when When) *row[T] {
	for i := range t {
		if t[i].Position == position && t[i].When&when != 0 {
			return &t[i]
		}
	}
	return nil
}

// keyword returns the row of a keyword in upper case, or nil: an unknown keyword is no
// error when the program runs (spec §1.1); the checker names it.
func (t table[T]) keyword(name string) *row[T] {
	for i := range t {
		if t[i].Name == name || slices.Contains(t[i].Abbrs, name) {
			return &t[i]
		}
	}
	return nil
}

// find returns the row that element i of a command's parameter list means, or nil:
// parameters that may not stand in this command are ignored, as invalid ones are.
func (t table[T]) find(i int, p Param, when When) *row[T] {
	if p.Key != "" {
		if r := t.keyword(p.Key); r != nil && r.When&when != 0 {
			return r
		}
		return nil
	}
	if !p.Set {
		return nil
	}
	return t.at(i+1, when)
}

// value returns the last value that the list gives the named keyword's row.
func (t table[T]) value(list Params, keyword string, when When) (v value, ok bool) {
	for i, p := range list {
		if r := t.find(i, p, when); r != nil && r.Name == keyword {
			v, ok = value{p.Value, p.Set, p.List}, true
		}
	}
	return v, ok
}

// letter returns the bits of a mode letter, 0 when there is no such letter.
func (t table[T]) letter(c byte) uint32 {
	for i := range t {
		if t[i].Letter == c {
			return t[i].bits
		}
	}
	return 0
}

// mode executes a mode string from left to right on bits. Letters after "+" (or
// before any sign) are switched on, letters after "-" off. A string without a sign
// replaces all modes; replaces reports that.
func (t table[T]) mode(bits uint32, s string) (after uint32, replaces bool) {
	if !strings.ContainsAny(s, "+-") {
		bits, replaces = 0, true
	}
	on := true
	for _, c := range []byte(strings.ToUpper(s)) {
		switch {
		case c == '+' || c == '-':
			on = c == '+'
		case on:
			bits |= t.letter(c)
		default:
			bits &^= t.letter(c)
		}
	}
	return bits, replaces
}

// apply sets the options that list names, in its order.
func apply[T any, M interface {
	*T
	modal
}](t table[T], o M, list Params, when When) error {
	for i, p := range list {
		r := t.find(i, p, when)
		if r == nil {
			continue
		}
		v := value{p.Value, p.Set, p.List}
		if r.bits == modeRow {
			letters := p.Value.S
			if with, ok := any(o).(tabled); ok {
				var err error
				if letters, err = with.tables(letters); err != nil {
					return err
				}
			}
			before := *o.modes()
			bits, replaces := t.mode(before, letters)
			*o.modes() = bits
			if replaces {
				o.replaced(before)
			}
			continue
		}
		if r.set != nil {
			if err := r.set((*T)(o), v); err != nil {
				return err
			}
			continue
		}
		if v.on() {
			*o.modes() |= r.bits
		} else {
			*o.modes() &^= r.bits
		}
	}
	return nil
}

// rows strips the effects off a table, for help and the checker.
func (t table[T]) rows() []KeywordRow {
	out := make([]KeywordRow, 0, len(t))
	for i := range t {
		out = append(out, t[i].KeywordRow)
	}
	return out
}

// DriverRow is one kind of device, for help and completion.
type DriverRow struct {
	Prefix string // of its names; "" for sequential files
	Doc    string
}

// Drivers returns the driver table in its order.
func Drivers() []DriverRow {
	out := make([]DriverRow, 0, len(drivers))
	for i := range drivers {
		out = append(out, DriverRow{drivers[i].prefix, drivers[i].doc})
	}
	return out
}

// Keywords returns the parameters of a driver's table ("|TCP|", "0" for the principal device, "" for
// sequential files), in table order; nil when the driver takes none.
func Keywords(device string) []KeywordRow {
	d := driverOf(device)
	if d == nil || d.params == nil {
		return nil
	}
	return d.params()
}

// ModeLetters returns the letters that a driver's mode string may hold.
func ModeLetters(device string) []LetterRow {
	var out []LetterRow
	for _, k := range Keywords(device) {
		if k.Letter != 0 {
			out = append(out, LetterRow{k.Letter, k.Name, k.Doc})
		}
	}
	return out
}
