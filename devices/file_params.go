package devices

// THE FILE PARAMETER TABLE (spec §5.1): OPEN file:(mode:reclen:terminators),
// USE file:position, CLOSE file:("D") or ("R":newname).

import (
	"strings"
	"time"
)

// The mode bits of a sequential file.
const (
	fileRead uint32 = 1 << iota
	fileWrite
	fileNew
	fileCreate
	fileTruncate
	fileAppend
	fileDelete
	fileStream
	fileVariable
	fileFixed
	fileUndefined
	fileLock
	fileQueue
	fileIgnoreEOF
)

// defaultRecord is the record length without one (device guide, chapter 10).
const defaultRecord = 32767

// fileOptions are a sequential file's parameters.
type fileOptions struct {
	mode     uint32
	record   int
	terms    Text
	table    charset
	noXY     bool
	position int // of USE; -1 when none was given
	rename   string
	gzip     bool
	opened   bool // what OPEN alone decides is decided

	// Of pipes.
	program    string
	args       []string
	environ    []string      // name=value
	direct     bool          // without a shell
	closeLimit time.Duration // of CLOSE
}

func newFileOptions() fileOptions {
	return fileOptions{record: defaultRecord, table: charsetUTF8, position: -1, closeLimit: closeLimit}
}

func (o *fileOptions) modes() *uint32  { return &o.mode }
func (o *fileOptions) replaced(uint32) {}

var fileParams = table[fileOptions]{
	{KeywordRow{"/PARAMS", []string{"/PAR"}, 1, 0, InOpen, `mode string: letters A D E F L N R S T U V W, K\table\ for the character set`}, 0, setFileMode},
	{KeywordRow{"/RECORDSIZE", []string{"/REC"}, 2, 0, InOpen, "record length in characters, 32767 unless told"}, 0, setRecord},
	{KeywordRow{"/TERMINATOR", []string{"/TER"}, 3, 0, InBoth, "characters that end a READ, in place of CR, LF and FF"}, 0, func(o *fileOptions, v value) error { o.terms = v.text; return nil }},
	{KeywordRow{"/READ", nil, 0, 'R', InOpen, "open for reading (default)"}, fileRead, nil},
	{KeywordRow{"/WRITE", []string{"/WRI"}, 0, 'W', InOpen, "open for writing"}, fileWrite, nil},
	{KeywordRow{"/NEW", nil, 0, 'N', InOpen, "a new file; an existing one is replaced"}, fileNew, nil},
	{KeywordRow{"/CREATE", []string{"/CRE"}, 0, 'E', InOpen, "create the file if it is missing"}, fileCreate, nil},
	{KeywordRow{"/TRUNCATE", []string{"/TRU"}, 0, 'T', InOpen, "empty the file, or create it"}, fileTruncate, nil},
	{KeywordRow{"/APPEND", []string{"/APP"}, 0, 'A', InOpen, "write at the end of the file"}, fileAppend, nil},
	{KeywordRow{"/DELETE", []string{"/DEL"}, 0, 'D', InOpen | InClose, "delete the file at CLOSE"}, fileDelete, nil},
	{KeywordRow{"/STREAM", []string{"/STR"}, 0, 'S', InOpen, "records end at CR, LF or FF (default)"}, fileStream, nil},
	{KeywordRow{"/VARIABLE", []string{"/VAR"}, 0, 'V', InOpen, "records end at LF"}, fileVariable, nil},
	{KeywordRow{"/FIXED", []string{"/FIX"}, 0, 'F', InOpen, "records of the record length"}, fileFixed, nil},
	{KeywordRow{"/UNDEFINED", []string{"/UND"}, 0, 'U', InOpen, "no records: READ x#n, bytes as they are"}, fileUndefined, nil},
	{KeywordRow{"", nil, 0, 'L', InOpen, "lock the file for this process"}, fileLock, nil},
	{KeywordRow{"/QUEUE", []string{"/QUE"}, 0, 'Q', InOpen, "the device name is a command: a pipe from it (QR) or to it (QW)"}, fileQueue, nil},
	{KeywordRow{"/IGNOREEOF", []string{"/IGN"}, 0, 'I', InOpen, "READ waits at the end for more, up to its timeout"}, fileIgnoreEOF, nil},
	{KeywordRow{"/POSITION", []string{"/POS"}, 1, 0, InUse, "go to this byte, or record in F mode"}, 0, setPosition},
	{KeywordRow{"/IOTABLE", []string{"/IOT"}, 0, 0, InBoth, "translation table: UTF8 (default), RAW, Latin1, CP1252, …"}, 0, func(o *fileOptions, v value) (err error) {
		o.table, err = charsetOf(v.text.S, charsetUTF8)
		return err
	}},
	{KeywordRow{"/TRANSLATE", []string{"/TRA"}, 0, 0, InBoth, "translate characters (default 1)"}, 0, func(o *fileOptions, v value) error {
		if !v.on() {
			o.table = charsetRAW
		}
		return nil
	}},
	{KeywordRow{"/NOXY", nil, 0, 0, InBoth, "do not keep $X and $Y"}, 0, func(o *fileOptions, v value) error { o.noXY = v.on(); return nil }},
	{KeywordRow{"/OBUFSIZE", []string{"/OBU"}, 0, 0, InBoth, "accepted; output is gathered anyway"}, 0, func(*fileOptions, value) error { return nil }},
	{KeywordRow{"/GZIP", nil, 0, 0, InBoth, "the file is in the format of gzip, read or written from end to end (default 0); USE cannot change it"}, 0, func(o *fileOptions, v value) error {
		if o.opened && o.gzip != v.on() {
			return &Error{Name: "UNIMPLEMENTED", Info: "/GZIP"}
		}
		o.gzip = v.on()
		return nil
	}},
	{KeywordRow{"/RENAME", []string{"/REN"}, 0, 0, InClose, "new name of the file at CLOSE"}, 0, func(o *fileOptions, v value) error { o.rename = v.text.S; return nil }},
}

// setFileMode executes the letters of an OPEN's mode string and takes K\name\ and
// Y\name\ out of it.
func setFileMode(o *fileOptions, v value) error {
	letters, err := o.tables(v.text.S)
	if err != nil {
		return err
	}
	for _, c := range []byte(strings.ToUpper(letters)) {
		o.mode |= fileLetter(c)
	}
	return nil
}

// fileLetter is the bit of a mode letter. It repeats the table's column because a
// setter in the table cannot look into the table; TestFileLetters compares the two.
func fileLetter(c byte) uint32 {
	if i := strings.IndexByte(fileLetters, c); i >= 0 {
		return 1 << i
	}
	return 0
}

// fileLetters are the mode letters in the order of their bits.
const fileLetters = "RWNETADSVFULQI"

// tables takes K\name\ and Y\name\ out of a mode string; -K is RAW.
func (o *fileOptions) tables(s string) (letters string, err error) {
	translate := true
	if letters, err = cutTables(s, &o.table, charsetUTF8, &translate); !translate {
		o.table = charsetRAW
	}
	return letters, err
}

func setRecord(o *fileOptions, v value) error {
	if n := v.number(); n > 0 {
		o.record = min(n, MaxString)
	}
	return nil
}

// setPosition is USE file:n; what is no number is ignored.
func setPosition(o *fileOptions, v value) error {
	if s := v.text.S; s != "" && s[0] >= '0' && s[0] <= '9' {
		o.position = v.number()
	}
	return nil
}
