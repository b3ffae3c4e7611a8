package devices

// Mnemonics of the principal device: WRITE /NAME(arguments). The names are those of the
// default mnemonic space %X364, after ANSI X3.64 (spec §5.2).

import (
	"slices"
	"strconv"
	"strings"
)

// mnemonic is one control sequence.
type mnemonic struct {
	name   string
	final  string // of ESC [ arguments final; without arguments allowed, the whole sequence
	params bool
	doc    string
}

// mnemonics is the table, sorted by name.
var mnemonics = []mnemonic{
	{"BEL", "\a", false, "ring the bell"},
	{"CUB", "D", true, "cursor left n columns"},
	{"CUD", "B", true, "cursor down n lines"},
	{"CUF", "C", true, "cursor right n columns"},
	{"CUP", "H", true, "cursor to (column,line), from 1; sets $X and $Y"},
	{"CUU", "A", true, "cursor up n lines"},
	{"DCH", "P", true, "delete n characters"},
	{"DL", "M", true, "delete n lines"},
	{"ED", "J", true, "erase the display: 0 from here, 1 up to here, 2 all"},
	{"EL", "K", true, "erase the line: 0 from here, 1 up to here, 2 all"},
	{"ICH", "@", true, "insert n characters"},
	{"IL", "L", true, "insert n lines"},
	{"NEL", "\x1bE", false, "to the start of the next line"},
	{"RIS", "\x1bc", false, "reset the terminal"},
	{"SGR", "m", true, "character attributes: 0 none, 1 bold, 4 underlined, 7 inverse, 30-47 colours"},
}

var _ Mnemonicer = (*Terminal)(nil)

// Mnemonic is WRITE /name(args); an unknown name is *Error NOLINE, as a missing label of
// a mnemonic space routine is.
func (t *Terminal) Mnemonic(name string, args []string) error {
	i, ok := slices.BinarySearchFunc(mnemonics, strings.ToUpper(name), func(m mnemonic, name string) int { return strings.Compare(m.name, name) })
	if !ok {
		return &Error{Name: "NOLINE", Device: t.Name(), Info: name}
	}
	m := &mnemonics[i]
	if !m.params {
		t.out = append(t.out, m.final...)
		t.after(m.name, nil)
		return t.overfull()
	}
	n := make([]int, len(args))
	for i, a := range args {
		n[i] = leadingInt(a)
	}
	if m.name == "CUP" && len(n) > 1 { // the sequence has the line first
		n[0], n[1] = n[1], n[0]
	}
	t.out = append(t.out, "\x1b["...)
	for i, v := range n {
		if i > 0 {
			t.out = append(t.out, ';')
		}
		t.out = strconv.AppendInt(t.out, int64(v), 10)
	}
	t.out = append(t.out, m.final...)
	t.after(m.name, n)
	return t.overfull()
}

// after moves $X and $Y with the cursor.
func (t *Terminal) after(name string, n []int) {
	count := 1
	if len(n) > 0 {
		count = max(n[0], 1)
	}
	x, y := &t.state.X, &t.state.Y
	switch {
	case t.opt.noXY:
	case name == "CUP":
		*x, *y = 0, count-1
		if len(n) > 1 {
			*x = max(n[1], 1) - 1
		}
	case name == "CUU":
		*y = max(*y-count, 0)
	case name == "CUD":
		*y += count
	case name == "CUF":
		*x += count
	case name == "CUB":
		*x = max(*x-count, 0)
	case name == "NEL":
		t.state.newline()
	case name == "RIS":
		*x, *y = 0, 0
	}
}
