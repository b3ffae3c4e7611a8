package runtime

// $ZF: programs of the operating system. $ZF(-1) and $ZF(-2) give a shell a command,
// $ZF(-100) starts a program with arguments; callout libraries there are none.

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"cos/devices"
	"cos/lang"
)

// zfExpr is $ZF with its actuals: arguments may be an array, passed by reference, and
// name... .
type zfExpr struct{ args []actual }

func compileZF(c *compiler, n *lang.Call) expr { return &zfExpr{c.xecuteArguments(n.Args)} }

func (n *zfExpr) eval(p *Process) Value {
	base, refs := len(p.stack), len(p.refs)
	p.evalActuals(n.args)
	v := p.zf(p.stack[base:])
	p.stack, p.refs = p.stack[:base], p.refs[:refs]
	return v
}

func (p *Process) zf(a []Value) Value {
	if len(a) == 0 || !a[0].defined() || a[0].kind == kindReference {
		p.raise(errFunction, "")
	}
	switch n := a[0].int64(); {
	case n == -1 && len(a) <= 2, n == -2 && len(a) <= 2:
		r := devices.Program{Shell: true, Async: n == -2, Quiet: n == -2}
		if len(a) == 2 {
			r.Path = p.programText(a[1])
		}
		return p.runProgram(&r)
	case n == -100 && len(a) >= 3:
		r := p.programFlags(a[1])
		r.Path = p.programText(a[2])
		for _, v := range a[3:] {
			p.programArguments(&r, v)
		}
		if r.Path == "" && !r.Shell {
			p.raise(errFunction, "*no program")
		}
		return p.runProgram(&r)
	case n == -1, n == -2, n == -100:
		p.raise(errFunction, "")
	}
	p.raise(errFunction, "*callout libraries are not supported: $ZF takes -1, -2 and -100")
	return Empty
}

func (p *Process) programText(v Value) string {
	if v.kind == kindReference {
		p.raise(errFunction, "")
	}
	if !v.defined() {
		return ""
	}
	text := v.utf8()
	if strings.IndexByte(text, 0) >= 0 {
		p.raise(errFunction, "")
	}
	return text
}

// programArguments adds an argument, or the elements 1, 2, … of an array.
func (p *Process) programArguments(r *devices.Program, v Value) {
	if v.kind != kindReference {
		r.Args = append(r.Args, p.programText(v))
		return
	}
	array := p.refs[v.mant]
	count := array.Value.int64()
	for i := int64(1); !array.Value.defined() || i <= count; i++ {
		var element *Var
		if array.nodes != nil {
			element = array.nodes.find(Int(i))
		}
		switch {
		case element != nil:
			r.Args = append(r.Args, p.programText(element.Value))
		case !array.Value.defined():
			return
		default:
			p.claim(16)
			r.Args = append(r.Args, "")
		}
	}
}

// programFlags reads the keywords of $ZF(-100): /NAME, /NAME=path, /NAME+=path, with a
// path in quotes where it has blanks.
func (p *Process) programFlags(v Value) (r devices.Program) {
	for rest := strings.TrimSpace(p.programText(v)); rest != ""; rest = strings.TrimSpace(rest) {
		if rest[0] != '/' {
			p.raise(errFunction, "*a flag begins with /")
		}
		end := 1
		for end < len(rest) && rest[end]|0x20 >= 'a' && rest[end]|0x20 <= 'z' {
			end++
		}
		name := strings.ToUpper(rest[:end])
		rest = strings.TrimLeft(rest[end:], " ")
		path, given, more := "", false, false
		if after, ok := strings.CutPrefix(rest, "+="); ok {
			rest, given, more = after, true, true
		} else if after, ok := strings.CutPrefix(rest, "="); ok {
			rest, given = after, true
		}
		if given {
			path, rest = quotedPath(strings.TrimLeft(rest, " "))
		}
		to := map[string]*devices.Redirect{"/STDIN": &r.Stdin, "/STDOUT": &r.Stdout, "/STDERR": &r.Stderr}[name]
		switch set := map[string]*bool{"/ASYNC": &r.Async, "/SHELL": &r.Shell, "/LOGCMD": &r.Log, "/NOQUOTE": &r.NoQuote}[name]; {
		case to != nil && path != "" && !(more && name == "/STDIN"):
			*to = devices.Redirect{Path: path, Append: more}
		case set != nil && !given:
			*set = true
		default:
			p.raise(errFunction, "*"+name+" is no flag of $ZF(-100), or has no file")
		}
	}
	return r
}

// quotedPath takes a path from the front: in quotes, or up to a blank.
func quotedPath(s string) (path, rest string) {
	if !strings.HasPrefix(s, `"`) {
		path, rest, _ = strings.Cut(s, " ")
		return path, rest
	}
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), s[i+1:]
	}
	return "", ""
}

// runProgram runs it and gives its exit code, 0 for one that is not waited for, -1 when
// it could not be started.
func (p *Process) runProgram(r *devices.Program) Value {
	p.forbidden(p.sys.cfg.Env.Programs(""))
	if d := p.io.principal; d != nil {
		_ = d.Flush(devices.BeforeWait) // what was written comes before what the program writes
	}
	if _, ok := p.io.principal.(*devices.Terminal); ok {
		r.Console = p.sys.cfg.Env.Console
	}
	if r.Log {
		r.Report = func(text string) { fmt.Fprintln(p.sys.cfg.Stderr, text) }
	}
	code, pid, err := r.Run(p)
	if errors.Is(err, devices.ErrInterrupted) {
		p.ioError(err, errFunction)
	}
	if pid > 0 {
		p.child = pid
	}
	if err != nil {
		p.oserror = err
		if errors.Is(err, os.ErrInvalid) {
			p.raise(errFunction, "")
		}
		return Int(-1)
	}
	return Int(int64(code))
}
