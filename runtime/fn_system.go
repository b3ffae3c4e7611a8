package runtime

// Functions that look at the world around the program: $NOW, $VIEW, $ZSEARCH, $ZSEEK,
// $ZF (fn_zf.go), and older ones of names and globals.

import (
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"cos/devices"
	"cos/lang"
)

// systemFunctions need the process, but only values as arguments.
var systemFunctions = []intrinsic{
	{Name: "NOW", Abbr: "NOW", Min: 0, Max: 1, Fn: fnNow,
		Syntax: "$NOW([minutes])", Doc: "date and time in $HOROLOG form with fractions, local or so many minutes west of Greenwich"},
	{Name: "VIEW", Abbr: "V", Min: 1, Max: 3, Fn: fnView,
		Syntax: "$VIEW(-1,pid[,form])", Doc: "what a process is, between carets, or as a list (form 2); \"\" when there is none; memory cannot be seen: <FUNCTION>"},
	{Name: "ZNAME", Abbr: "ZNAME", Min: 1, Max: 3, Fn: fnZname,
		Syntax: "$ZNAME(string[,type])", Doc: "1 if it is a name: of a local variable (0), routine (1), label (2), global (3), class (4) or method (5)"},
	{Name: "ZSEARCH", Abbr: "ZSE", Min: 1, Max: 1, Fn: fnZsearch,
		Syntax: "$ZSEARCH(target)", Doc: "the full path of the first file that fits a path with * and ?; with \"\" the next one, \"\" at the end"},
	{Name: "ZSEEK", Abbr: "ZSEEK", Min: 1, Max: 2, Fn: fnZseek,
		Syntax: "$ZSEEK(offset[,mode])", Doc: "moves in the current file, from its start (0), the position (1) or the end (2), and gives the new position"},
}

// oldFunctions take names of globals.
func oldFunctions() []intrinsic {
	return []intrinsic{
		{Name: "PREFETCHOFF", Abbr: "PREFETCHOFF", Min: 0, Max: 2, compile: compilePrefetch,
			Syntax: "$PREFETCHOFF([^global[,^global]])", Doc: "ends fetching ahead: always 0, nothing is fetched ahead"},
		{Name: "PREFETCHON", Abbr: "PREFETCHON", Min: 1, Max: 2, compile: compilePrefetch,
			Syntax: "$PREFETCHON(^global[,^global])", Doc: "asks to fetch a global ahead: always 0, nothing is fetched ahead"},
		{Name: "SORTBEGIN", Abbr: "SORTBEGIN", Min: 1, Max: 1, compile: compilePrefetch,
			Syntax: "$SORTBEGIN(^global)", Doc: "asks to collect SETs of a global: always 0, they are stored at once"},
		{Name: "SORTEND", Abbr: "SORTEND", Min: 0, Max: 2, compile: compileSortEnd,
			Syntax: "$SORTEND([^global[,store]])", Doc: "stores the SETs that $SORTBEGIN collects: always 0, there are none"},
		{Name: "ZPREVIOUS", Abbr: "ZP", Min: 1, Max: 1, compile: func(c *compiler, n *lang.Call) expr {
			return &orderExpr{walkArgs{v: c.glvn(n.Args[0]), dir: &constant{Int(-1)}}}
		}, Syntax: "$ZPREVIOUS(glvn)", Doc: "the previous subscript, as $ORDER(glvn,-1)"},
		{Name: "ZF", Abbr: "ZF", Min: 1, Max: -1, compile: compileZF,
			Syntax: "$ZF(-100,flags,program[,arg…])", Doc: "runs a program and gives its exit code; flags /ASYNC /SHELL /STDIN= /STDOUT[+]= /STDERR[+]= /LOGCMD /NOQUOTE; $ZF(-1[,command]) and $ZF(-2[,command]) run a shell's command and wait, or do not; libraries are <FUNCTION>"},
	}
}

// globalName compiles the name of a global, which is not evaluated.
func (c *compiler) globalName(n lang.Node) {
	switch n.(type) {
	case nil, *lang.Global, *lang.Indirect:
		return
	}
	c.fail(n, "the name of a global must stand here")
}

func compilePrefetch(c *compiler, n *lang.Call) expr {
	for _, a := range n.Args {
		c.globalName(a)
	}
	return &constant{Int(0)}
}

func compileSortEnd(c *compiler, n *lang.Call) expr {
	if len(n.Args) > 0 {
		c.globalName(n.Args[0])
	}
	return &constant{Int(0)}
}

func fnNow(p *Process, a []Value) Value {
	v := optionalOf(a, 0)
	if !v.defined() {
		return localTime(p.now())
	}
	west := v.int64()
	if west <= -1440 || west >= 1440 {
		p.raise(errIllegal, "")
	}
	return localTime(p.now().In(time.FixedZone("", int(-60*west))))
}

// fnView is $VIEW: of what Caché shows, only the summary of a process.
func fnView(p *Process, a []Value) Value {
	pid := optionalOf(a, 1)
	if a[0].int64() != -1 || !pid.defined() || pid.int64() <= 0 && pid.int64() != -3 {
		p.raise(errFunction, "*$VIEW shows processes, $VIEW(-1,pid), and no memory")
	}
	id := int(pid.int64())
	if id == -3 {
		id = p.id
	}
	if p.sys.jobs.find(id) == nil {
		return Empty
	}
	saw := p.sight([]Value{Int(int64(id))})
	mode, list, held := "", saw.device+"*", ""
	if id == p.id {
		if p.zjob()&1 != 0 {
			mode = "*"
		}
		names := make([]string, 0, len(p.io.open))
		for name := range p.io.open {
			names = append(names, name)
		}
		sort.Strings(names)
		list = strings.Join(append([]string{p.io.name + "*"}, names...), ",")
		held = strconv.Itoa((p.memory.limit - p.available()) >> 10)
	}
	directory := folderName(p.sys.cfg.DataDir)
	fields := []string{strconv.Itoa(id), mode, list, held, directory, saw.routine, "0,0", "8", "", "", "0", "", "", saw.namespace, "", ""}
	if form := optionalOf(a, 2); form.defined() && form.int64() == 2 {
		out := make([]Value, len(fields))
		for i, f := range fields {
			out[i] = FromUTF8(f)
		}
		return listBuild(p, out)
	}
	return FromUTF8(strings.Join(fields, "^"))
}

func fnZname(_ *Process, a []Value) Value {
	kind := int64(0)
	if v := optionalOf(a, 1); v.defined() {
		kind = v.int64()
	}
	return Bool(validName(a[0].utf8(), kind))
}

// validName tells whether a string has the form of a name of $ZNAME's types.
func validName(s string, kind int64) bool {
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	dots, first := false, true
	switch kind {
	case 0, 5:
	case 1, 3, 4:
		dots = true
	case 2:
		first = false
	default:
		return false
	}
	if s = strings.TrimPrefix(s, "%"); s == "" || s[len(s)-1] == '.' {
		return s == "" && kind != 4 && kind != 5
	}
	for i := range len(s) {
		switch c := s[i]; {
		case letter(c), digit(c) && (i > 0 && s[i-1] != '.' || !first):
		case c == '.' && dots && i > 0 && s[i-1] != '.':
		default:
			return false
		}
	}
	return true
}

// search is what $ZSEARCH("") goes on with.
type search struct {
	folder string
	names  []string
}

// fnZsearch is $ZSEARCH: wildcards are for the name behind the last slash. Names that
// begin with a dot need a pattern that does.
func fnZsearch(p *Process, a []Value) Value {
	if target := a[0].utf8(); target != "" {
		target = expanded(target)
		p.reach(target)
		p.search = newSearch(p.files(), target)
	}
	if len(p.search.names) == 0 {
		return Empty
	}
	name := p.search.names[0]
	p.search.names = p.search.names[1:]
	return FromUTF8(filepath.Join(p.search.folder, name))
}

// expanded is a name whose first part may be a variable of the environment: %NAME%/file.
func expanded(target string) string {
	if n := len(target); n > 2 && target[0] == '%' {
		if end := strings.IndexByte(target[1:], '%'); end > 0 {
			return os.Getenv(target[1:1+end]) + target[end+2:]
		}
	}
	return target
}

func newSearch(files *devices.Files, target string) (s search) {
	folder, pattern := filepath.Split(target)
	folder, err := filepath.Abs(folder)
	if err != nil || strings.IndexByte(target, 0) >= 0 {
		return s
	}
	s.folder = folder
	if !strings.ContainsAny(pattern, "*?") {
		if _, err := files.Lstat(filepath.Join(folder, pattern)); err == nil {
			s.names = []string{pattern}
		}
		return s
	}
	entries, err := files.ReadDir(folder)
	if err != nil {
		return s
	}
	for _, e := range entries {
		name := e.Name()
		if fits(name, pattern) && (name[0] != '.' || pattern[0] == '.') {
			s.names = append(s.names, name)
		}
	}
	return s
}

// fits matches a name with * for any characters and ? for one.
func fits(name, pattern string) bool {
	n, w := []rune(name), []rune(pattern)
	i, j, star, mark := 0, 0, -1, 0
	for i < len(n) {
		switch {
		case j < len(w) && w[j] == '*':
			star, mark = j, i
			j++
		case j < len(w) && (w[j] == '?' || w[j] == n[i]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(w) && w[j] == '*' {
		j++
	}
	return j == len(w)
}

// fnZseek is $ZSEEK: "" where the current device is no file.
func fnZseek(p *Process, a []Value) Value {
	mode := int64(0)
	if v := optionalOf(a, 1); v.defined() {
		mode = v.int64()
	}
	if mode < 0 || mode > 2 {
		p.raise(errFunction, "")
	}
	f, ok := p.io.device().(*devices.File)
	if !ok {
		return Empty
	}
	at, err := f.Seek(a[0].int64(), int(mode))
	if err != nil {
		p.ioError(err, errFunction)
	}
	return Int(at)
}
