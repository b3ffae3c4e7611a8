package runtime

// M errors: their names, numbers and $ECODE, and the text of $ZERROR.

import "sort"

// errorKind is one row of the error table.
type errorKind struct {
	Name  string // between the angle brackets
	Code  int    // system error number, as %Exception's Code shows it (spec §4.3)
	Ecode string // the ISO code in $ECODE, "" for Z+name
	Doc   string
}

// The errors, in the order of their numbers.
var (
	errMaxNumber   = newError("MAXNUMBER", 1, "", "a number is too large")
	errSelect      = newError("SELECT", 2, "M4", "$SELECT has no true condition")
	errSyntax      = newError("SYNTAX", 3, "", "the command or expression does not parse, or a read-only special variable was set")
	_              = newError("LABELREDEF", 4, "M57", "a label is defined twice")
	errMaxString   = newError("MAXSTRING", 5, "M75", "a string is longer than 3,641,144 characters")
	errFunction    = newError("FUNCTION", 6, "", "an unknown or misused function")
	errInterrupt   = newError("INTERRUPT", 7, "", "Ctrl-C, or an interrupt from another process")
	errNoLine      = newError("NOLINE", 8, "M13", "there is no such label or line")
	errUndefined   = newError("UNDEFINED", 9, "M6", "the variable has no value")
	errCommand     = newError("COMMAND", 12, "", "the command cannot be used here")
	errNetwork     = newError("NETWORK", 41, "", "the process was stopped too long while the database changed hands: its transaction was rolled back, its locks freed")
	errFileFull    = newError("FILEFULL", 42, "", "the database cannot grow: its disk is full")
	errSubscript   = newError("SUBSCRIPT", 16, "", "a subscript is empty or too long")
	errNoRoutine   = newError("NOROUTINE", 17, "", "there is no such routine")
	errDivide      = newError("DIVIDE", 18, "M9", "division by zero")
	errFrameStack  = newError("FRAMESTACK", 21, "", "too many nested calls")
	errUnimpl      = newError("UNIMPLEMENTED", 22, "", "not built in this version")
	errStore       = newError("STORE", 23, "", "the process has used up its memory")
	errNotOpen     = newError("NOTOPEN", 24, "", "the device is not open, or cannot be opened")
	errProtect     = newError("PROTECT", 27, "", "access is refused: the database is read-only, or a flag of cos (--no-network, --no-shell, --root) forbids it")
	errNaked       = newError("NAKED", 30, "M1", "a naked reference without a global reference before it")
	_              = newError("TERMINATOR", 32, "", "an image-mode READ without a terminator")
	errNoJob       = newError("NOJOB", 36, "", "the job could not be started")
	errRead        = newError("READ", 37, "", "the device could not be read")
	errWrite       = newError("WRITE", 38, "", "the device could not be written")
	_              = newError("ENDOFFILE", 39, "", "a READ past the end of a file")
	errParameter   = newError("PARAMETER", 40, "", "more actual parameters than formal ones")
	errDirectory   = newError("DIRECTORY", 43, "", "there is no such directory")
	errZTrap       = newError("ZTRAP", 67, "", "ZTRAP without an argument")
	_              = newError("NODEV", 68, "", "the device does not exist")
	errDscon       = newError("DSCON", 74, "", "the principal device disconnected")
	errIllegal     = newError("ILLEGAL VALUE", 80, "", "an argument has a value that is not allowed")
	_              = newError("TOOMANYFILES", 81, "", "too many open files")
	errList        = newError("LIST", 82, "", "the string is not a valid list")
	errNamespace   = newError("NAMESPACE", 83, "", "there is no such namespace")
	errWideChar    = newError("WIDE CHAR", 89, "", "a wide character where only 8-bit ones can stand")
	errMnemonic    = newError("MNEMONICSPACE", 96, "", "the device has no mnemonic space")
	errEcodeTrap   = newError("ECODETRAP", 99, "", "$ECODE was set to a non-empty value")
	errBreak       = newError("BREAK", 100, "", "a BREAK was reached")
	errTranslate   = newError("TRANSLATE", 108, "", "the characters cannot be translated")
	errNullValue   = newError("NULL VALUE", 109, "", "a list element is undefined")
	errRange       = newError("VALUE OUT OF RANGE", 112, "", "a value is outside the allowed range")
	errInvalidOref = newError("INVALID OREF", 119, "", "the value is not an object reference")
	errNoMethod    = newError("METHOD DOES NOT EXIST", 120, "", "the class has no such method")
	errNoProperty  = newError("PROPERTY DOES NOT EXIST", 121, "", "the class has no such property")
	errNoClass     = newError("CLASS DOES NOT EXIST", 122, "", "there is no such class")
	errNoCurrent   = newError("NO CURRENT OBJECT", 124, "", "a relative reference (..) where there is no current object: user-written classes are not supported")
	errReadOnly    = newError("CANNOT SET THIS PROPERTY", 125, "", "the property cannot be set")
	errDisconnect  = newError("DISCONNECT", 137, "", "disconnect monitoring found the connection gone")
	errThrow       = newError("THROW", 183, "", "THROW without a CATCH that takes it")
	_              = newError("TCPWRITE", 202, "", "/WRITETIMEOUT expired")
)

var errorTable = map[string]*errorKind{}

func newError(name string, code int, ecode, doc string) *errorKind {
	k := &errorKind{Name: name, Code: code, Ecode: ecode, Doc: doc}
	errorTable[name] = k
	return k
}

// ecode is what the error adds to $ECODE, without commas.
func (k *errorKind) ecode() string {
	if k.Ecode != "" {
		return k.Ecode
	}
	return "Z" + k.Name
}

// ErrorKinds lists the error table by name, for help and docs.
func ErrorKinds() []*errorKind {
	out := make([]*errorKind, 0, len(errorTable))
	for _, k := range errorTable {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
