package runtime

// Security.SSLConfigs: the TLS configurations that /TLS names. The class exists in %SYS
// only, as in Caché. A password can be set and is never shown: Get leaves it out, so that
// what Get returned can be given to Modify.

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"cos/devices"
	"cos/devices/sslconfig"
)

const sslConfigsClass = "Security.SSLConfigs"

func init() {
	registerClasses(&class{
		Name: sslConfigsClass, Doc: "TLS configurations, by name (in %SYS)", Properties: sslConfigProperties(),
		New: func(*Process, *object, []Value) {},
		Methods: []method{
			{Name: "Create", Min: 1, Max: 2, Fn: inSystem(sslCreate), Doc: "Create(name,.properties): makes a configuration; a status"},
			{Name: "Modify", Min: 1, Max: 2, Fn: inSystem(sslModify), Doc: "Modify(name,.properties): changes the properties that are given; a status"},
			{Name: "Get", Min: 1, Max: 2, Fn: inSystem(sslGet), Doc: "Get(name,.properties): its properties without the password; a status"},
			{Name: "Exists", Min: 1, Max: 3, Fn: inSystem(sslExists), Doc: "Exists(name,.object,.status): 1 when there is such a configuration"},
			{Name: "Delete", Min: 1, Max: 1, Fn: inSystem(sslDelete), Doc: "Delete(name): removes a configuration; a status"},
			{Name: "%OpenId", Min: 1, Max: 3, Fn: inSystem(sslOpen), Doc: "%OpenId(name): the configuration as an object, or \"\""},
			{Name: "%Save", Min: 0, Max: 1, Instance: true, Fn: inSystem(sslSave), Doc: "stores the configuration; a status"},
			{Name: "Activate", Min: 0, Max: 0, Instance: true, Fn: inSystem(sslActivate), Doc: "reports whether the configuration can be used: its files are there, its key opens; a status"},
			{Name: "TestConnection", Min: 2, Max: 3, Instance: true, Fn: inSystem(sslTest), Doc: "TestConnection(host,port,.info): connects with a client's configuration; a status, and lines of what was agreed on in info"},
		},
	})
}

type methodFn = func(p *Process, self *object, a []Value) Value

// inSystem makes a method of %SYS alone.
func inSystem(fn methodFn) methodFn {
	return func(p *Process, self *object, a []Value) Value {
		if p.namespace != systemNamespace {
			p.raise(errNoClass, "*"+sslConfigsClass)
		}
		return fn(p, self, a)
	}
}

// sslConfigProperties are the rows of the properties, which live in the object.
func sslConfigProperties() []property {
	rows := []property{{Name: "Name", Doc: "name of the configuration, at most 64 characters, case-sensitive"}}
	for _, r := range sslconfig.Properties() {
		rows = append(rows, property{Name: r.Name, Default: FromUTF8(r.Default), Doc: r.Doc})
	}
	return rows
}

// sslFailure is a status of an error.
func (p *Process) sslFailure(err error) Value {
	if err == nil {
		return statusOK
	}
	return p.failure(statusGeneral, FromUTF8(err.Error()))
}

// findConfig finds a configuration by name, with the status of failing to.
func (p *Process) findConfig(name string) (c *sslconfig.Config, failed Value) {
	if c = p.sys.cfg.TLS[name]; c != nil {
		return c, statusOK
	}
	c, err := p.storedConfig(name)
	switch {
	case err != nil:
		return nil, p.sslFailure(err)
	case c == nil:
		return nil, p.failure(statusGeneral, FromUTF8("TLS configuration "+name+" does not exist"))
	}
	return c, statusOK
}

// fromFile is the status for changing what the configuration file says.
func (p *Process) fromFile(name string) Value {
	return p.failure(statusGeneral, FromUTF8("TLS configuration "+name+" comes from the configuration file"))
}

// setProperties sets the properties of an array passed by reference.
func (p *Process) setProperties(c *sslconfig.Config, a []Value, i int) error {
	v := p.reference(a, i)
	if v == nil || v.nodes == nil {
		return c.Check()
	}
	for k, ok := v.nodes.order(Empty, 1); ok; k, ok = v.nodes.order(k, 1) {
		name := k.utf8()
		if name == "Name" {
			continue
		}
		if err := c.Set(name, v.nodes.find(subscript(k)).Value.orEmpty().utf8()); err != nil {
			return err
		}
	}
	return c.Check()
}

// save checks and stores a configuration, and gives a status.
func (p *Process) saveConfig(c *sslconfig.Config, a []Value, i int) Value {
	err := p.setProperties(c, a, i)
	if err == nil {
		err = p.storeConfig(c)
	}
	return p.sslFailure(err)
}

func sslCreate(p *Process, _ *object, a []Value) Value {
	name := p.in(a, 0).utf8()
	if known, _ := p.findConfig(name); known != nil {
		return p.failure(statusGeneral, FromUTF8("TLS configuration "+name+" already exists"))
	}
	c, err := sslconfig.New(name)
	if err != nil {
		return p.sslFailure(err)
	}
	return p.saveConfig(c, a, 1)
}

func sslModify(p *Process, _ *object, a []Value) Value {
	name := p.in(a, 0).utf8()
	if p.sys.cfg.TLS[name] != nil {
		return p.fromFile(name)
	}
	c, failed := p.findConfig(name)
	if c == nil {
		return failed
	}
	return p.saveConfig(c, a, 1)
}

func sslGet(p *Process, _ *object, a []Value) Value {
	c, failed := p.findConfig(p.in(a, 0).utf8())
	if c == nil {
		return failed
	}
	if to := p.reference(a, 1); to != nil {
		makeBelow(to, []Value{Text("Name")}).Value = FromUTF8(c.Name)
		for _, row := range sslconfig.Properties() {
			if !row.Secret {
				makeBelow(to, []Value{Text(row.Name)}).Value = FromUTF8(c.Get(row.Name))
			}
		}
	}
	return statusOK
}

func sslExists(p *Process, _ *object, a []Value) Value {
	c, status := p.findConfig(p.in(a, 0).utf8())
	p.out(a, 2, status)
	if c == nil {
		return Int(0)
	}
	p.out(a, 1, p.configObject(c))
	return Int(1)
}

// configObject is a configuration as an object. Its password shows as "".
func (p *Process) configObject(c *sslconfig.Config) Value {
	o := newObject(classIndex[sslConfigsClass])
	o.props = map[string]Value{"Name": FromUTF8(c.Name)}
	for _, row := range sslconfig.Properties() {
		if !row.Secret {
			o.props[row.Name] = FromUTF8(c.Get(row.Name))
		}
	}
	return oref(o)
}

// configOf is the configuration that an object describes. A password that was not set
// is the stored one.
func (p *Process) configOf(o *object) (*sslconfig.Config, error) {
	name := o.props["Name"].orEmpty().utf8()
	c, err := sslconfig.New(name)
	if err != nil {
		return nil, err
	}
	if known, _ := p.findConfig(name); known != nil {
		c = known.Clone()
	}
	for _, row := range sslconfig.Properties() {
		if v, ok := o.props[row.Name]; ok {
			if err := c.Set(row.Name, v.orEmpty().utf8()); err != nil {
				return nil, err
			}
		}
	}
	return c, c.Check()
}

func sslOpen(p *Process, _ *object, a []Value) Value {
	c, status := p.findConfig(p.in(a, 0).utf8())
	p.out(a, 2, status)
	if c == nil {
		return Empty
	}
	return p.configObject(c)
}

func sslSave(p *Process, self *object, _ []Value) Value {
	c, err := p.configOf(self)
	switch {
	case err != nil:
		return p.sslFailure(err)
	case p.sys.cfg.TLS[c.Name] != nil:
		return p.fromFile(c.Name)
	}
	return p.sslFailure(p.storeConfig(c))
}

func sslDelete(p *Process, _ *object, a []Value) Value {
	name := p.in(a, 0).utf8()
	if p.sys.cfg.TLS[name] != nil {
		return p.fromFile(name)
	}
	if c, failed := p.findConfig(name); c == nil {
		return failed
	}
	return p.sslFailure(p.forgetConfig(name))
}

func sslActivate(p *Process, self *object, _ []Value) Value {
	c, err := p.configOf(self)
	if err == nil {
		_, err = c.Build("", "")
	}
	return p.sslFailure(err)
}

// testLimit is how long TestConnection tries.
const testLimit = 10 * time.Second

func sslTest(p *Process, self *object, a []Value) Value {
	name := self.props["Name"].orEmpty().utf8()
	params := devices.Params{
		{Value: p.in(a, 0).asText().device(), Set: true}, {Value: p.in(a, 1).asText().device(), Set: true},
		{Key: "/TLS", Value: FromUTF8(name).device(), Set: true},
	}
	d, err := devices.Open(context.Background(), p.sys.cfg.Env, p, "|TCP|0", params, testLimit)
	if err != nil {
		return p.testFailure(err)
	}
	conn := d.(*devices.TCP)
	defer conn.Close(nil)
	if err := conn.Handshake(testLimit); err != nil {
		return p.testFailure(err)
	}
	state, _ := conn.ConnectionState()
	if to := p.reference(a, 2); to != nil {
		lines := []string{
			"SSL connection succeeded", "Protocol: " + tls.VersionName(state.Version),
			"Ciphersuite: " + tls.CipherSuiteName(state.CipherSuite),
		}
		if len(state.PeerCertificates) > 0 {
			lines = append(lines, "Peer: "+state.PeerCertificates[0].Subject.String())
		}
		for i, line := range lines {
			makeBelow(to, []Value{Int(int64(i + 1))}).Value = FromUTF8(line)
		}
	}
	return statusOK
}

// testFailure is the status of a connection that failed; Ctrl-C is no status.
func (p *Process) testFailure(err error) Value {
	if errors.Is(err, devices.ErrInterrupted) {
		p.ioError(err, errRead)
	}
	p.forbidden(err)
	return p.sslFailure(err)
}
