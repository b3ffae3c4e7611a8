package runtime

// %SYSTEM.Util and %SYSTEM.Version: the system's environment.

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
)

func init() {
	text := func(s func(p *Process) string) func(*Process, *object, []Value) Value {
		return func(p *Process, _ *object, _ []Value) Value { return FromUTF8(s(p)) }
	}
	registerClasses(
		&class{Name: "%SYSTEM.Util", Doc: "the system's environment", Abstract: true, Methods: []method{
			{Name: "GetEnviron", Min: 1, Max: 1, Fn: func(p *Process, _ *object, a []Value) Value { return FromUTF8(os.Getenv(p.inText(a, 0, ""))) }, Doc: "a variable of the environment"},
			{Name: "CreateGUID", Min: 0, Max: 0, Fn: text(func(*Process) string { return newGUID() }), Doc: "a new globally unique identifier"},
			{Name: "InstallDirectory", Min: 0, Max: 0, Fn: text(func(*Process) string { return installFolder() }), Doc: "the folder of the interpreter"},
			{Name: "DataDirectory", Min: 0, Max: 0, Fn: text(func(p *Process) string { return p.sys.cfg.DataDir }), Doc: "the folder of the globals, \"\" when they are in memory"},
			{Name: "Compress", Min: 1, Max: 2, Fn: utilCompress, Doc: "a string of bytes in the format \"ZLIB\" (as without a second argument) or \"GZIP\""},
			{Name: "Decompress", Min: 1, Max: 2, Fn: utilDecompress, Doc: "what Compress was given; <ILLEGAL VALUE> when the text is damaged"},
			{Name: "NumberOfCPUs", Min: 0, Max: 1, Fn: func(*Process, *object, []Value) Value { return Int(int64(goruntime.NumCPU())) }, Doc: "how many processors there are"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Util"), Doc: "lists the methods, or describes one"},
		}},
		&class{Name: "%SYSTEM.Version", Doc: "the version of the interpreter", Abstract: true, Methods: []method{
			{Name: "GetVersion", Min: 0, Max: 0, Fn: text(func(*Process) string { return ZVersion() }), Doc: "$ZVERSION"},
			{Name: "GetMajor", Min: 0, Max: 0, Fn: text(func(*Process) string { major, _, _ := strings.Cut(compatible, "."); return major }), Doc: "the major version of Caché it follows"},
			{Name: "GetMinor", Min: 0, Max: 0, Fn: text(func(*Process) string { _, minor, _ := strings.Cut(compatible, "."); return minor }), Doc: "the minor version of Caché it follows"},
			{Name: "GetNumber", Min: 0, Max: 0, Fn: text(func(*Process) string { return compatible }), Doc: "the version of Caché it follows"},
			{Name: "GetBuildNumber", Min: 0, Max: 0, Fn: text(func(*Process) string { return Version }), Doc: "the interpreter's own version"},
			{Name: "GetOS", Min: 0, Max: 0, Fn: text(func(*Process) string { return systemName() }), Doc: "UNIX or Windows"},
			{Name: "GetPlatform", Min: 0, Max: 0, Fn: text(func(*Process) string { return platform() }), Doc: "operating system and processor"},
			{Name: "GetProduct", Min: 0, Max: 0, Fn: text(func(*Process) string { return "cos" }), Doc: "the name of the interpreter"},
			{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Version"), Doc: "lists the methods, or describes one"},
		}},
	)
}

// compatible is the version of Caché whose language this is.
const compatible = "2016.2"

func systemName() string {
	if goruntime.GOOS == "windows" {
		return "Windows"
	}
	return "UNIX"
}

// newGUID is a random UUID (RFC 9562, version 4) in capitals.
func newGUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func installFolder() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return filepath.Dir(path) + "/"
}
