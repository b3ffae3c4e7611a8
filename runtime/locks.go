package runtime

// LOCK and transactions, over the engine's session.

import (
	"cmp"
	"context"
	"errors"
	"time"

	"cos/devices"
	"cos/lang"
	"cos/runtime/globals"
)

// LOCK [+|-]name#type,…:timeout
func (c *compiler) lock(n *lang.Lock) []command {
	if len(n.Args) == 0 {
		return []command{&unlockAllCmd{}}
	}
	var out []command
	for _, a := range n.Args {
		if len(a.Names) == 1 && a.Sign == "" && a.Timeout == nil && !a.Parens && a.Names[0].Type == nil {
			if ind, ok := a.Names[0].Ref.X.(*lang.Indirect); ok && len(ind.Subs) == 0 {
				out = append(out, c.indirectArgument(n.Verb, ind))
				continue
			}
		}
		x := &lockCmd{sign: cmp.Or(lockSigns[n.Verb], a.Sign), timeout: c.exprOf(a.Timeout)}
		for _, name := range a.Names {
			x.names = append(x.names, lockName{c.glvn(name.Ref.X), c.exprOf(name.Type)})
		}
		out = append(out, x)
	}
	return out
}

// lockSigns are the signs that other commands than LOCK stand for.
var lockSigns = map[string]string{"ZALLOCATE": "+", "ZDEALLOCATE": "-"}

type lockName struct {
	v    glvn
	kind expr // nil: exclusive
}

type lockCmd struct {
	sign    string
	names   []lockName
	timeout expr
}

type unlockAllCmd struct{}

func (*unlockAllCmd) exec(p *Process) flow {
	if p.globals.session != nil {
		p.storeError(p.globals.session.UnlockAll())
	}
	return flowNext
}

func (n *lockCmd) exec(p *Process) flow {
	s := p.session()
	list := make([]globals.LockRequest, 0, len(n.names))
	for _, name := range n.names {
		list = append(list, p.lockRequest(&name))
	}
	timeout := time.Duration(-1)
	if n.timeout != nil {
		timeout = max(0, p.seconds(n.timeout.eval(p)))
	}
	mode := lockModes[n.sign]
	ok, err := s.Lock(context.Background(), list, mode, 0)
	if err == nil && !ok && timeout != 0 {
		ok, err = p.waitLock(list, mode, timeout)
	}
	p.storeError(err)
	if n.timeout != nil {
		p.test = ok
	}
	return flowNext
}

var lockModes = map[string]globals.LockMode{"": globals.LockPlain, "+": globals.LockAdd, "-": globals.LockDrop}

// waitLock waits for locks; an interrupt ends the wait and raises.
func (p *Process) waitLock(list []globals.LockRequest, mode globals.LockMode, timeout time.Duration) (ok bool, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.io.flush(devices.BeforeWait)
	switch err = p.Enter(devices.WaitLock, &canceller{cancel}); {
	case err == nil:
		ok, err = p.session().Lock(ctx, list, mode, timeout)
		p.Leave()
	case errors.Is(err, devices.ErrInterrupted):
		err = nil // raised below
	}
	if p.signal.pending.Load()&sigWake != 0 {
		if ok { // granted just before the interrupt: the command did not happen
			p.session().Lock(context.Background(), list, globals.LockDrop, 0)
		}
		p.poll()
	}
	return ok, err
}

// lockRequest names what a lock argument locks: local names lock too, apart from
// globals.
func (p *Process) lockRequest(n *lockName) globals.LockRequest {
	r := n.v.resolve(p)
	req := globals.LockRequest{}
	if r.global != nil {
		p.checkPath(&r)
		req.NS = p.space(r.global)
		req.Key = appendKey(nil, r.global.name, r.path)
		p.checkLength(&r, req.Key)
	} else {
		req.NS = p.namespace
		req.Key = appendKey(nil, "*"+p.sys.symbols.symbol(r.slot).name, r.path)
	}
	r.drop(p)
	if n.kind == nil {
		return req
	}
	for _, c := range upper(p.text8(n.kind.eval(p))) {
		switch c {
		case 'S':
			req.Shared = true
		case 'E':
			req.Escalate = true
		case 'I':
			req.Immediate = true
		case 'D':
			req.Deferred = true
		default:
			p.raise(errSyntax, "")
		}
	}
	return req
}

type (
	tstartCmd    struct{}
	tcommitCmd   struct{}
	trollbackCmd struct{ levels expr }
)

func (*tstartCmd) exec(p *Process) flow {
	p.storeError(p.session().Begin())
	return flowNext
}

func (*tcommitCmd) exec(p *Process) flow {
	if p.transactionLevel() == 0 {
		p.raise(errCommand, "*NoTransaction")
	}
	p.storeError(p.session().Commit())
	return flowNext
}

func (c *compiler) trollback(a *lang.ExprArg) command {
	if a == nil {
		return &trollbackCmd{}
	}
	return &trollbackCmd{c.expr(a.X.X)}
}

// TROLLBACK rolls all levels back, TROLLBACK 1 the innermost.
func (n *trollbackCmd) exec(p *Process) flow {
	level := p.transactionLevel()
	if level == 0 {
		if n.levels == nil {
			return flowNext
		}
		p.raise(errCommand, "*NoTransaction")
	}
	if n.levels != nil {
		level = min(level, int(max(1, n.levels.eval(p).int64())))
	}
	p.storeError(p.session().Rollback(level))
	return flowNext
}

// transactionLevel is $TLEVEL.
func (p *Process) transactionLevel() int {
	if p.globals.session == nil {
		return 0
	}
	return p.globals.session.Level()
}
