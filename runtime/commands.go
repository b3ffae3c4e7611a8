package runtime

// How commands are compiled, and the nodes of the small ones: QUIT, HALT, HANG, ZNSPACE,
// and those that cannot be executed. The others have files of their own, commands_*.go,
// calls.go, locks.go, trap.go.

import (
	"time"

	"cos/devices"
	"cos/lang"
)

// body is what a command governs: the rest of its line, or a brace block.
type body struct {
	steps []step
	block *block
}

func (b *body) run(p *Process) flow {
	if b.block != nil {
		return p.runLines(b.block, 0, 0)
	}
	return p.runSteps(b.steps)
}

// command compiles one command into the nodes that do its work.
func (c *compiler) command(cmd lang.Command) []command {
	one := func(x command) []command { return []command{x} }
	switch n := cmd.(type) {
	case *lang.Set:
		var out []command
		for _, a := range n.Args {
			out = append(out, c.set(a))
		}
		return out
	case *lang.Merge:
		var out []command
		for _, a := range n.Args {
			if a.Source == nil {
				out = append(out, c.indirectArgument("MERGE", a.Target.X))
				continue
			}
			out = append(out, &mergeCmd{to: c.glvn(a.Target.X), from: c.glvn(a.Source.X)})
		}
		return out
	case *lang.Write:
		return c.write(n)
	case *lang.Read:
		return c.read(n)
	case *lang.If:
		return one(c.ifBlock(n))
	case *lang.For:
		return one(c.forLoop(n, func() body { return c.body(n.Block) }))
	case *lang.While:
		return one(&whileCmd{cond: c.conditions(n.Conds), body: c.body(n.Block)})
	case *lang.Do:
		return c.do(n)
	case *lang.Goto:
		return c.goTo(n)
	case *lang.Job:
		return c.job(n)
	case *lang.Device:
		return c.device(n)
	case *lang.Vars:
		return c.vars(n)
	case *lang.Lock:
		return c.lock(n)
	case *lang.Try:
		x := &tryCmd{body: c.lines(n.Block.Lines, nil)}
		if n.Catch != nil {
			x.catch = c.lines(n.Catch.Lines, nil)
		}
		if n.CatchVar != nil {
			x.to = c.target(n.CatchVar.X)
		}
		return one(x)
	case *lang.Bad:
		if n.Foreign {
			return one(&foreignCmd{n.Err.Msg})
		}
		return one(&badCmd{msg: n.Err.Msg})
	case *lang.Exprs:
		return c.simple(n)
	case *lang.Else:
		c.fail(nil, "ELSE without an IF")
	}
	c.fail(nil, "%s cannot be executed", cmd.Start().Verb)
	return nil
}

// simple compiles the commands whose arguments are plain expressions, by their row.
func (c *compiler) simple(n *lang.Exprs) []command {
	if editors[n.Verb] != nil || n.Verb == "PRINT" {
		return c.editor(n)
	}
	row := simpleCommands[n.Verb]
	if row == nil {
		return []command{&unbuiltCmd{verb: n.Verb}}
	}
	if len(n.Args) == 0 {
		return []command{row(c, nil)}
	}
	var out []command
	for _, a := range n.Args {
		x := c.simpleArgument(row, n.Verb, a)
		if a.Post != nil && n.Verb != "ZBREAK" {
			x = &postCmd{cond: c.condition(a.Post.X), cmds: []command{x}}
		}
		out = append(out, x)
	}
	return out
}

// simpleCommands: one row a command; arg is nil when it stands without arguments.
var simpleCommands map[string]func(c *compiler, arg *lang.ExprArg) command

func init() { // a cycle through compiler otherwise
	simpleCommands = map[string]func(c *compiler, arg *lang.ExprArg) command{
		"QUIT": func(c *compiler, a *lang.ExprArg) command { return c.quit(a, flowQuit) },
		"RETURN": func(c *compiler, a *lang.ExprArg) command {
			return c.quit(a, flowReturn)
		},
		"CONTINUE": func(*compiler, *lang.ExprArg) command { return &flowCmd{flowContinue} },
		"HALT":     func(*compiler, *lang.ExprArg) command { return &haltCmd{} },
		"HANG": func(c *compiler, a *lang.ExprArg) command {
			return &hangCmd{c.required("HANG", a)}
		},
		"XECUTE": func(c *compiler, a *lang.ExprArg) command {
			if a != nil && a.Parens {
				return &xecuteCallCmd{c.expr(a.X.X), c.actuals(a.Actual)}
			}
			return &xecuteCmd{asOperand(c.required("XECUTE", a)), c.sys.sites.Add(1)}
		},
		"THROW": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &throwCmd{}
			}
			return &throwCmd{c.expr(a.X.X)}
		},
		"ZTRAP": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &ztrapCmd{}
			}
			return &ztrapCmd{c.expr(a.X.X)}
		},
		"BREAK": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &breakCmd{}
			}
			return &breakCmd{c.expr(a.X.X)}
		},
		"ZBREAK": func(c *compiler, a *lang.ExprArg) command { return c.zbreak(a) },
		"ZNSPACE": func(c *compiler, a *lang.ExprArg) command {
			return &znspaceCmd{c.required("ZNSPACE", a)}
		},
		"ZWRITE": func(c *compiler, a *lang.ExprArg) command {
			if a == nil {
				return &zwriteCmd{}
			}
			return c.zwrite(a.X.X)
		},
		"ZZDUMP":    func(c *compiler, a *lang.ExprArg) command { return &zzdumpCmd{c.required("ZZDUMP", a)} },
		"ZZWRITE":   func(c *compiler, a *lang.ExprArg) command { return c.zzwrite(a) },
		"ZSYNC":     func(*compiler, *lang.ExprArg) command { return zsyncCmd{} },
		"TSTART":    func(*compiler, *lang.ExprArg) command { return &tstartCmd{} },
		"TCOMMIT":   func(*compiler, *lang.ExprArg) command { return &tcommitCmd{} },
		"TROLLBACK": func(c *compiler, a *lang.ExprArg) command { return c.trollback(a) },
	}
}

// simpleArgument compiles one argument; for HANG and XECUTE, @x may yield a list of them.
func (c *compiler) simpleArgument(row func(*compiler, *lang.ExprArg) command, verb string, a *lang.ExprArg) command {
	if a.X != nil && (verb == "HANG" || verb == "XECUTE") {
		if ind, ok := a.X.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
			return c.indirectArgument(verb, ind)
		}
	}
	return row(c, a)
}

// ZSYNC
type zsyncCmd struct{}

func (zsyncCmd) exec(*Process) flow { return flowNext }

func (c *compiler) required(verb string, a *lang.ExprArg) expr {
	if a == nil {
		c.fail(nil, "%s needs an argument", verb)
	}
	return c.expr(a.X.X)
}

// postCmd is a command with a postconditional.
type postCmd struct {
	cond condition
	cmds []command
}

func (n *postCmd) exec(p *Process) flow {
	if !n.cond.truth(p) {
		return flowNext
	}
	for _, x := range n.cmds {
		if fl := x.exec(p); fl != flowNext {
			return fl
		}
	}
	return flowNext
}

// badCmd is a command that did not parse, or could not be compiled.
type badCmd struct{ msg string }

func (n *badCmd) exec(p *Process) flow {
	p.raise(errSyntax, "")
	return flowNext
}

// unbuiltCmd is a command of Caché that this version does not execute.
type unbuiltCmd struct{ verb string }

func (n *unbuiltCmd) exec(p *Process) flow {
	p.raise(errUnimpl, n.verb+" is not built")
	return flowNext
}

// foreignCmd is a command of another M engine: it parses, so that a routine that
// guards it loads, and raises when it is reached.
type foreignCmd struct{ msg string }

func (n *foreignCmd) exec(p *Process) flow {
	p.raise(errCommand, "*"+n.msg)
	return flowNext
}

// QUIT [value] and RETURN [value]
func (c *compiler) quit(a *lang.ExprArg, how flow) command {
	if a == nil {
		return &flowCmd{how}
	}
	return &quitCmd{value: c.expr(a.X.X), how: how}
}

type flowCmd struct{ how flow }

func (n *flowCmd) exec(*Process) flow { return n.how }

type quitCmd struct {
	value expr
	how   flow
}

func (n *quitCmd) exec(p *Process) flow {
	v := n.value.eval(p)
	if k := p.frame().kind; n.how == flowQuit && (k == frameDots || k == frameXecute) && !p.typing() {
		p.raise(errCommand, "")
	}
	p.ret = v
	return flowReturn
}

// HALT
type haltCmd struct{}

func (*haltCmd) exec(p *Process) flow {
	p.halt()
	return flowNext
}

// HANG seconds
type hangCmd struct{ seconds expr }

func (n *hangCmd) exec(p *Process) flow {
	p.hang(p.seconds(n.seconds.eval(p)))
	return flowNext
}

func (p *Process) hang(d time.Duration) {
	p.io.flush(devices.BeforeWait)
	if d <= 0 {
		return
	}
	p.wait(devices.WaitHang, func(interrupted <-chan struct{}) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-interrupted:
		}
	})
}

// seconds turns a number of seconds into a duration, saturating.
func (p *Process) seconds(v Value) time.Duration {
	f := v.number().float()
	if f > 9e9 {
		f = 9e9
	}
	return time.Duration(f * float64(time.Second))
}

// ZNSPACE namespace
type znspaceCmd struct{ name expr }

func (n *znspaceCmd) exec(p *Process) flow {
	p.setNamespace(p.text8(n.name.eval(p)))
	return flowNext
}
