package devices

// THE TERMINAL PARAMETER TABLE (spec §5.2): USE 0:(margin:protocols:terminators).

// The protocol bits of a terminal.
const (
	protoBreak uint32 = 1 << iota
	protoCRT
	protoFlush
	protoImage
	protoNormal
	protoPrinter
	protoRecall
	protoSecret
	protoT
	protoUpcase
)

// terminalOptions are the principal device's parameters.
type terminalOptions struct {
	proto  uint32
	margin int // 0: none
	terms  string
	noXY   bool
	table  charset
}

func (o *terminalOptions) modes() *uint32 { return &o.proto }

// tables takes K\name\ and Y\name\ out of a protocol string; -K is RAW.
func (o *terminalOptions) tables(s string) (letters string, err error) {
	translate := true
	if letters, err = cutTables(s, &o.table, charsetUTF8, &translate); !translate {
		o.table = charsetRAW
	}
	return letters, err
}

// lasting are the protocols that a replacing string does not clear: the kind of device,
// line recall, and Ctrl-C, which only -B switches off.
const lasting = protoCRT | protoPrinter | protoRecall | protoBreak

// replaced clears the explicit terminators: a protocol argument without a terminator
// argument does that.
func (o *terminalOptions) replaced(before uint32) {
	o.terms = ""
	o.proto |= before & lasting
}

// normalize lets N, normal editing, mean the absence of R.
func (o *terminalOptions) normalize() {
	if o.proto&protoNormal != 0 {
		o.proto &^= protoNormal | protoRecall
	}
}

var terminalParams = table[terminalOptions]{
	{KeywordRow{"/MARGIN", []string{"/MAR"}, 1, 0, InBoth, "right margin, 1 to 255; anything else switches it off"}, 0, setMargin},
	{KeywordRow{"/PARAMS", []string{"/PAR"}, 2, 0, InBoth, `protocols: letters B C F I N P R S T U, K\table\ for the translation table; with + or - it changes them`}, modeRow, nil},
	{KeywordRow{"/TERMINATOR", []string{"/TER"}, 3, 0, InBoth, "characters that end a READ besides those of the protocols"}, 0, func(o *terminalOptions, v value) error { o.terms = v.text.S; return nil }},
	{KeywordRow{"/BREAK", []string{"/BRE"}, 0, 'B', InBoth, "Ctrl-C raises <INTERRUPT>"}, protoBreak, nil},
	{KeywordRow{"/CRT", nil, 0, 'C', InBoth, "a screen: erasing rubs out"}, protoCRT, nil},
	{KeywordRow{"/FLUSH", []string{"/FLU"}, 0, 'F', InBoth, "type-ahead is discarded before each READ"}, protoFlush, nil},
	{KeywordRow{"/IMAGE", []string{"/IMA"}, 0, 'I', InBoth, "every byte is data; only explicit terminators end a READ"}, protoImage, nil},
	{KeywordRow{"", nil, 0, 'N', InBoth, "normal editing"}, protoNormal, nil},
	{KeywordRow{"", nil, 0, 'P', InBoth, "a printer: erased characters are printed again"}, protoPrinter, nil},
	{KeywordRow{"/EDIT", []string{"/EDI"}, 0, 'R', InBoth, "line recall"}, protoRecall, nil},
	{KeywordRow{"/ECHO", []string{"/ECH"}, 0, 'S', InBoth, "secret: no echo (/ECHO=0)"}, protoSecret, func(o *terminalOptions, v value) error {
		o.proto |= protoSecret
		if v.on() {
			o.proto &^= protoSecret
		}
		return nil
	}},
	{KeywordRow{"/TPROTOCOL", []string{"/TPR"}, 0, 'T', InBoth, "every control character but the editing ones ends a READ"}, protoT, nil},
	{KeywordRow{"/UPCASE", []string{"/UPC"}, 0, 'U', InBoth, "letters are read in upper case"}, protoUpcase, nil},
	{KeywordRow{"/IOTABLE", []string{"/IOT"}, 0, 0, InBoth, "translation table: UTF8 (default), RAW, Latin1, CP1252, …"}, 0, func(o *terminalOptions, v value) (err error) {
		o.table, err = charsetOf(v.text.S, charsetUTF8)
		return err
	}},
	{KeywordRow{"/NOXY", nil, 0, 0, InBoth, "do not keep $X and $Y"}, 0, func(o *terminalOptions, v value) error { o.noXY = v.on(); return nil }},
}

func setMargin(o *terminalOptions, v value) error {
	if v.text.S == "" {
		return nil
	}
	o.margin = 0
	if n := v.number(); n >= 1 && n <= 255 {
		o.margin = n
	}
	return nil
}

// ReadTerminators returns the characters that end a READ besides escape sequences: those
// of USE, else CR and LF.
func (t *Terminal) ReadTerminators() Text {
	if t.opt.terms != "" || t.opt.proto&protoImage != 0 {
		return Text{S: t.opt.terms}
	}
	return Text{S: "\r\n"}
}

// RightMargin returns the right margin, 0 for none.
func (t *Terminal) RightMargin() int { return t.opt.margin }
