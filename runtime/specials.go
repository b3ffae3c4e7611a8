package runtime

// THE SPECIAL-VARIABLE TABLE: one row adds a special variable.

import (
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
)

// special is one special variable. set nil: it cannot be set (<SYNTAX>); fresh nil: it
// cannot be NEWed.
type special struct {
	Name, Abbr string
	get        func(*Process) Value
	set        func(*Process, Value)
	fresh      func(*Process)
	Doc        string
}

// specials is filled by init: some rows reach the compiler, which looks rows up.
var specials []*special

func init() {
	specials = []*special{
		{"DEVICE", "D", func(p *Process) Value { return p.device.orEmpty() }, func(p *Process, v Value) { p.device = v.asText() }, nil,
			"status of the last I/O operation, set by the program: standard,user,text"},
		{"ECODE", "EC", func(p *Process) Value { return Text(p.errors.ecode) }, setEcode, nil,
			"the error codes since it was last set to \"\", between commas; setting it to anything else raises <ECODETRAP>"},
		{"ESTACK", "ES", func(p *Process) Value { return Int(int64(p.stackLevel()) - int64(p.frame().estack)) }, nil, freshEstack,
			"stack levels since the last NEW $ESTACK"},
		{"ETRAP", "ET", func(p *Process) Value { return Text(p.errors.etrap) }, setEtrap, freshEtrap,
			"commands to execute when an error occurs"},
		{"HALT", "HALT", func(*Process) Value { return Empty }, nil, nil, "halt trap: not used"},
		{"HOROLOG", "H", func(p *Process) Value { return horolog(p.now()) }, nil, nil, "date and time: days since 1840-12-31, seconds since midnight"},
		{"IO", "I", func(p *Process) Value { return FromUTF8(p.io.current.Name()) }, nil, nil, "the current device"},
		{"JOB", "J", func(p *Process) Value { return Int(int64(p.id)) }, nil, nil, "number of this process"},
		{"KEY", "K", func(p *Process) Value { return FromDevice(p.io.current.State().Key) },
			func(p *Process, v Value) { p.io.current.State().Key = v.device() }, nil, "what terminated the last READ"},
		{"NAMESPACE", "NAMESPACE", func(p *Process) Value { return Text(p.namespace) },
			func(p *Process, v Value) { p.setNamespace(p.text8(v)) }, freshNamespace, "the current namespace"},
		{"PRINCIPAL", "P", func(p *Process) Value { return FromUTF8(p.io.name) }, nil, nil, "the principal device"},
		{"QUIT", "Q", func(p *Process) Value { return Bool(p.wantsValue()) }, nil, nil, "1 where QUIT must give a value"},
		{"REFERENCE", "R", func(p *Process) Value { return p.nakedName() }, setReference, nil, "the last global reference; SET it to \"\" to make naked references illegal"},
		{"ROLES", "ROLES", func(*Process) Value { return Text("%All") }, nil, nil, "the roles of the user"},
		{"STACK", "ST", func(p *Process) Value { return Int(int64(p.stackLevel())) }, nil, nil, "number of stack levels"},
		{"STORAGE", "S", func(p *Process) Value { return Int(int64(p.available())) }, nil, nil, "bytes left for local variables"},
		{"SYSTEM", "SY", func(p *Process) Value { return Text(p.sys.node() + ":" + instance) }, nil, nil, "host:instance"},
		{"TEST", "T", func(p *Process) Value { return Bool(p.test) }, func(p *Process, v Value) { p.test = v.truth() }, freshTest,
			"truth of the last IF, or of the last timed command"},
		{"THIS", "THIS", func(*Process) Value { return Empty }, nil, nil, "the current object: none outside classes"},
		{"TLEVEL", "TL", func(p *Process) Value { return Int(int64(p.transactionLevel())) }, nil, nil, "depth of transactions"},
		{"TRESTART", "TR", func(*Process) Value { return Int(0) }, nil, nil, "restarts of the transaction: none"},
		{"USERNAME", "USERNAME", func(p *Process) Value { return FromUTF8(userName()) }, nil, nil, "the operating system's user"},
		{"X", "X", func(p *Process) Value { return Int(int64(p.io.current.State().X)) },
			func(p *Process, v Value) { p.io.current.State().X = int(max(0, v.int64())) }, nil, "column of the current device; on TCP, characters in the buffer"},
		{"Y", "Y", func(p *Process) Value { return Int(int64(p.io.current.State().Y)) },
			func(p *Process, v Value) { p.io.current.State().Y = int(max(0, v.int64())) }, nil, "row of the current device"},
		{"ZA", "ZA", func(p *Process) Value { return Int(int64(p.io.current.State().ZA)) }, nil, nil, "status bits of the last READ; on TCP 4096 server, 8192 connected"},
		{"ZB", "ZB", func(p *Process) Value { return FromDevice(p.io.current.State().ZB) }, nil, nil, "what ended the last READ"},
		{"ZCHILD", "ZC", func(p *Process) Value { return Int(int64(p.child)) }, nil, nil, "$JOB of the last process that JOB started, 0 before any"},
		{"ZCMDLINE", "ZCMDLINE", func(p *Process) Value { return FromUTF8(p.cmdline) }, nil, nil, "the arguments of the command line, separated by blanks"},
		{"ZEOF", "ZEOF", func(p *Process) Value {
			if p.io.current.State().EOF {
				return Int(-1)
			}
			return Int(0)
		}, nil, nil, "-1 at the end of a file, with SetZEOF(1)"},
		{"ZEOS", "ZEOS", func(p *Process) Value { return Bool(p.io.current.State().EOS) }, nil, nil, "1 at the end of a compressed stream"},
		{"ZERROR", "ZE", func(p *Process) Value { return FromUTF8(p.errors.zerror) }, func(p *Process, v Value) { p.errors.zerror = v.utf8() }, nil,
			"<NAME>label+offset^routine of the last error"},
		{"ZHOROLOG", "ZH", func(p *Process) Value { return p.uptime() }, nil, nil, "seconds since the system started, with fractions"},
		{"ZIO", "ZI", func(p *Process) Value { return FromUTF8(p.io.current.State().ZIO) }, nil, nil, "more about the current device: a file's full path"},
		{"ZJOB", "ZJ", func(p *Process) Value { return Int(int64(p.zjob())) }, nil, nil, "job status bits: 1 programmer mode, 2 started by JOB, 4 interrupts enabled"},
		{"ZMODE", "ZM", func(p *Process) Value { return Text(p.io.current.State().Mode) }, nil, nil, "parameters of the current device"},
		{"ZNAME", "ZN", func(p *Process) Value { return Text(p.routineName()) }, nil, nil, "name of the running routine"},
		{"ZNSPACE", "ZNSPACE", func(p *Process) Value { return Text(p.namespace) }, func(p *Process, v Value) { p.setNamespace(p.text8(v)) }, nil, "the current namespace"},
		{"ZORDER", "ZO", func(p *Process) Value { return p.zorder() }, nil, nil, "value of the next global node after $ZREFERENCE"},
		{"ZPARENT", "ZP", func(p *Process) Value { return Int(int64(p.parent)) }, nil, nil, "$JOB of the process that JOBbed this one, 0 if none"},
		{"ZPI", "ZPI", func(*Process) Value { return parseLiteral("3.141592653589793238") }, nil, nil, "pi"},
		{"ZPOS", "ZPOS", func(p *Process) Value {
			if d, ok := p.io.device().(interface{ Position() int64 }); ok {
				return Int(d.Position())
			}
			return Empty
		}, nil, nil, "position in the current sequential file"},
		{"ZREFERENCE", "ZR", func(p *Process) Value { return p.nakedName() }, setReference, nil, "the last global reference"},
		{"ZSTORAGE", "ZS", func(p *Process) Value { return Int(int64(p.memory.limit >> 10)) }, func(p *Process, v Value) { p.setStorage(v.int64()) }, nil, "memory limit of the process, in KB"},
		{"ZTIMESTAMP", "ZTS", func(p *Process) Value { return timestamp(p.now()) }, nil, nil, "UTC date and time in $HOROLOG form, with fractions"},
		{"ZTIMEZONE", "ZTZ", func(p *Process) Value {
			_, east := p.now().Zone()
			return Int(int64(-east / 60))
		}, nil, nil, "minutes west of Greenwich"},
		{"ZTRAP", "ZT", func(p *Process) Value { return Text(strings.TrimPrefix(p.ztrapText(), "*")) }, setZtrap, freshZtrap,
			"where to go when an error occurs: label^routine, or *label to go there without unwinding"},
		{"ZVERSION", "ZV", func(*Process) Value { return Text(ZVersion()) }, nil, nil, "version of the interpreter"},
	}
	for _, s := range specials {
		specialIndex[s.Name] = s
		specialIndex[s.Abbr] = s
	}
}

var specialIndex = map[string]*special{}

func lookupSpecial(name string) *special { return specialIndex[name] }

func specialNames() []string {
	out := make([]string, len(specials))
	for i, s := range specials {
		out[i] = s.Name
	}
	sort.Strings(out)
	return out
}

type specialTarget struct{ assign func(*Process, Value) }

func (n *specialTarget) set(p *Process, v Value) { n.assign(p, v) }

// The NEWable special variables keep their old value in p.news.
const (
	specialEtrap = iota
	specialEstack
	specialTest
	specialNamespace
	specialZtrap
)

func (p *Process) saveSpecial(which int, old Value) {
	p.news = append(p.news, saved{old: &Var{Value: old}, slot: int32(which), kind: savedSpecial})
}

func (p *Process) restoreSpecial(which int, old Value) {
	switch which {
	case specialEtrap:
		p.errors.etrap = old.text
		p.errors.etrapAt = int(old.mant)
	case specialEstack:
		p.frame().estack = int32(old.mant)
	case specialTest:
		p.test = old.truth()
	case specialNamespace:
		p.namespace = old.text
	case specialZtrap:
		p.setTrap(old.text)
	}
}

func freshEtrap(p *Process) {
	old := Text(p.errors.etrap)
	old.mant = int64(p.errors.etrapAt)
	p.saveSpecial(specialEtrap, old)
	if p.errors.etrap != "" {
		p.errors.etrapAt = len(p.frames)
	}
}

func freshEstack(p *Process) {
	p.saveSpecial(specialEstack, Int(int64(p.frame().estack)))
	p.frame().estack = int32(p.stackLevel())
}

func freshTest(p *Process) { p.saveSpecial(specialTest, Bool(p.test)) }

func freshNamespace(p *Process) { p.saveSpecial(specialNamespace, Text(p.namespace)) }

func freshZtrap(p *Process) {
	p.saveSpecial(specialZtrap, Text(p.ztrapText()))
	p.frame().ztrap = nil
}

// setEtrap sets $ETRAP for this level and those below it. A $ZTRAP of the level gives
// way to it.
func setEtrap(p *Process, v Value) {
	p.errors.etrap = v.utf8()
	p.errors.etrapAt = len(p.frames)
	if p.errors.etrap != "" {
		p.frame().ztrap = nil
	}
}

// setZtrap sets $ZTRAP of this level; "" disables it. It implies NEW $ETRAP and an
// empty $ETRAP.
func setZtrap(p *Process, v Value) {
	text := p.text8(v)
	if text != "" && p.errors.etrap != "" {
		freshEtrap(p)
		p.errors.etrap, p.errors.etrapAt = "", 0
	}
	p.setTrap(text)
}

func (p *Process) setTrap(text string) {
	f := p.frame()
	if text == "" || text == "*" {
		f.ztrap = nil
		return
	}
	f.ztrap = &ztrap{label: text, at: p.trapBlock()}
	p.errors.starred = p.errors.starred || text[0] == '*'
}

func (p *Process) ztrapText() string {
	if z := p.frame().ztrap; z != nil {
		return z.label
	}
	return ""
}

// trapBlock is where the label of $ZTRAP is looked for: a procedure's own body, or
// the running routine.
func (p *Process) trapBlock() *block {
	if p.routine == nil {
		return nil
	}
	if proc := p.procedure(); proc != nil {
		return &block{routine: p.routine, proc: proc}
	}
	return p.routine.main
}

// setEcode: "" ends error handling; anything else raises <ECODETRAP> with that code.
func setEcode(p *Process, v Value) {
	text := v.utf8()
	if text == "" {
		p.errors.ecode = ""
		p.errors.number++
		p.errors.active = false
		p.errors.stack = p.errors.stack[:0]
		return
	}
	p.throw(&Error{kind: errEcodeTrap, Name: errEcodeTrap.Name, Code: strings.Trim(text, ",")})
}

func setReference(p *Process, v Value) {
	if text := v.utf8(); text != "" {
		p.globalReference(text)
		return
	}
	p.globals.naked = nil
}

// stackLevel is $STACK: the frame at the bottom is level 0.
func (p *Process) stackLevel() int { return max(0, len(p.frames)-1) }

// wantsValue is $QUIT.
func (p *Process) wantsValue() bool {
	for i := len(p.frames) - 1; i >= 0; i-- {
		switch p.frames[i].kind {
		case frameExtrinsic:
			return true
		case frameDo, frameDots, frameTop:
			return false
		}
	}
	return false
}

func (p *Process) routineName() string {
	if e := p.buffer(); e != nil && e.held {
		return e.name
	}
	if r := p.running(); r != nil {
		return r.Name
	}
	return ""
}

func (p *Process) zjob() int {
	if p.jobbed {
		return 2
	}
	bits := 4
	if p.routine == nil || p.routine.Name == "" {
		bits |= 1
	}
	return bits
}

// uptime is $ZHOROLOG.
func (p *Process) uptime() Value {
	d := p.now().Sub(p.sys.started)
	return parseLiteral(strconv.FormatFloat(d.Seconds(), 'f', 6, 64))
}

// generator is the process's source of random numbers. With a seed each job has a sequence
// of its own, by its number in the order in which jobs start: $JOB is another one every time.
func (p *Process) generator() *rand.Rand {
	switch {
	case p.random != nil:
	case p.sys.cfg.Seed != nil:
		p.random = rand.New(rand.NewPCG(uint64(*p.sys.cfg.Seed), uint64(p.id/pidRange)))
	default:
		p.random = rand.New(rand.NewPCG(rand.Uint64(), uint64(p.id)))
	}
	return p.random
}

// orEmpty is v, or "" where it was never set.
func (v Value) orEmpty() Value {
	if v.kind == kindUndefined {
		return Empty
	}
	return v
}
