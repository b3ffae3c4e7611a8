package runtime

// %Net.UDP: packets between processes and hosts (I/O Device Guide, "UDP Client/Server
// Communication").

import (
	"errors"
	"math"
	"net/netip"
	goruntime "runtime"
	"syscall"
	"time"
	"weak"

	"cos/devices"
)

func init() {
	registerClasses(&class{Name: "%Net.UDP", Doc: "a UDP socket", Methods: []method{
		{Name: "%New", Min: 0, Max: 5, Fn: udpNew, Doc: "%New(port,host,timeout,sendsize,receivesize): a socket bound to a port, 0 for any, and an address, which also chooses between IPv4 and IPv6; \"\" on failure"},
		{Name: "Send", Min: 3, Max: 3, Instance: true, Fn: udpSend, Doc: "Send(packet,address,port): sends to a binary address; the number of bytes sent, -1 on failure"},
		{Name: "Recv", Min: 0, Max: 1, Instance: true, Fn: udpRecv, Doc: "Recv(timeout): the next packet, \"\" when none comes in time; LastAddr and LastPort tell its sender"},
		{Name: "Reply", Min: 1, Max: 1, Instance: true, Fn: udpReply, Doc: "Reply(packet): sends to the sender of the last packet; the number of bytes sent, -1 on failure"},
		{Name: "GetHostAddr", Min: 1, Max: 1, Fn: udpHostAddr, Doc: "GetHostAddr(host): the binary address of a host, as Send takes it; \"\" on failure"},
	}, Properties: []property{
		{Name: "LastAddr", Doc: "the binary address that the last packet came from", Get: func(_ *Process, self *object) Value {
			return addressValue(self.state.(*devices.UDP).Last().Addr(), true)
		}},
		{Name: "LastPort", Doc: "the port that the last packet came from", Get: func(_ *Process, self *object) Value {
			return Int(int64(self.state.(*devices.UDP).Last().Port()))
		}},
		{Name: "Descriptor", Doc: "the socket's descriptor", Get: func(_ *Process, self *object) Value {
			return Int(int64(self.state.(*devices.UDP).Descriptor()))
		}},
	}})
}

// takeBack is how long the collector may take to close what nobody refers to.
const takeBack = 100 * time.Millisecond

// udpNew is %New(port,host,timeout,sendsiz,rcvsiz).
func udpNew(p *Process, _ *object, a []Value) Value {
	number := func(i int) int64 {
		if v := p.in(a, i); v.defined() {
			return v.int64()
		}
		return 0
	}
	port := number(0)
	if port < 0 || port > math.MaxUint16 {
		return Empty
	}
	var addr netip.Addr
	if v := p.in(a, 1); v.defined() && v.asText().text != "" {
		found := p.resolve(v.utf8())
		if len(found) == 0 {
			return Empty
		}
		addr = found[0]
	}
	limit := time.Duration(min(max(number(2), 0), maxSelect)) * time.Second
	at := netip.AddrPortFrom(addr, uint16(port))
	p.io.flush(devices.BeforeWait)
	open := func(limit time.Duration) (*devices.UDP, error) {
		return p.sys.cfg.Env.OpenUDP(p, at, limit, int(min(number(3), math.MaxInt32)), int(min(number(4), math.MaxInt32)))
	}
	u, err := open(limit)
	if errors.Is(err, syscall.EADDRINUSE) {
		// Objects have no destructor: a socket that no variable names any more is closed
		// when its memory is taken back, so ask for that and try once more.
		goruntime.GC()
		u, err = open(takeBack)
	}
	switch {
	case errors.Is(err, devices.ErrInterrupted):
		p.ioError(err, errNotOpen)
	case err != nil:
		p.forbidden(err)
		p.oserror = err
		return Empty
	}
	p.sockets = append(p.sockets, weak.Make(u))
	o := newObject(classIndex["%Net.UDP"])
	o.state = u
	return oref(o)
}

// closeSockets closes the UDP sockets of the process that are still there.
func (p *Process) closeSockets() {
	for _, w := range p.sockets {
		if u := w.Value(); u != nil {
			_ = u.Close() // nothing is owed to anybody
		}
	}
	p.sockets = nil
}

func udpSend(p *Process, self *object, a []Value) Value {
	addr, ok := netip.AddrFromSlice([]byte(p.text8(p.in(a, 1))))
	port := p.in(a, 2).int64()
	if !ok || port < 0 || port > math.MaxUint16 {
		return Int(-1)
	}
	return p.udpSendTo(self, p.in(a, 0), netip.AddrPortFrom(addr, uint16(port)))
}

func udpReply(p *Process, self *object, a []Value) Value {
	to := self.state.(*devices.UDP).Last()
	if !to.IsValid() {
		return Int(-1)
	}
	return p.udpSendTo(self, p.in(a, 0), to)
}

func (p *Process) udpSendTo(self *object, packet Value, to netip.AddrPort) Value {
	n, err := self.state.(*devices.UDP).Send(p.text8(packet), to)
	switch {
	case errors.Is(err, devices.ErrInterrupted):
		p.ioError(err, errWrite)
	case err != nil:
		p.oserror = err
		return Int(-1)
	}
	return Int(int64(n))
}

func udpRecv(p *Process, self *object, a []Value) Value {
	limit := time.Duration(0)
	if v := p.in(a, 0); v.defined() {
		limit = max(0, selectTimeout(p.num(v)))
	}
	u := self.state.(*devices.UDP)
	p.io.flush(devices.BeforeWait)
	packet, err := u.Receive(limit)
	switch {
	case errors.Is(err, devices.ErrInterrupted):
		p.ioError(err, errRead)
	case err != nil:
		if !errors.Is(err, devices.ErrTimeout) {
			p.oserror = err // a port that an earlier packet did not reach, say
		}
		return Empty
	}
	return Text(packet)
}

func udpHostAddr(p *Process, _ *object, a []Value) Value {
	found := p.resolve(p.in(a, 0).utf8())
	if len(found) == 0 {
		return Empty
	}
	return addressValue(found[0], true)
}
