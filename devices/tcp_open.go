package devices

// OPEN of a TCP device, and the accept of its clients.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// tcpPrefix begins the name of every TCP device.
const tcpPrefix = "|TCP|"

// IsTCPName reports whether a canonical name is one that a TCP device can have: the
// prefix and an identifier up to 2147483647.
func IsTCPName(name string) bool {
	id, ok := strings.CutPrefix(name, tcpPrefix)
	n, err := strconv.ParseInt(id, 10, 64)
	return ok && err == nil && n >= 0 && n <= math.MaxInt32
}

// openTCP opens |TCP|n: a client when a host is given, a server otherwise, or what the
// descriptor of mode G is.
func openTCP(o *opening) (Device, error) {
	if err := o.env.Network(o.name); err != nil {
		return nil, err
	}
	t := &TCP{name: o.name, env: o.env, host: o.host, opt: newTCPOptions()}
	if err := t.opt.update(o.params, InOpen); err != nil {
		return nil, err
	}
	if !IsTCPName(o.name) {
		return nil, fmt.Errorf("%w: device identifier %s", errPortRange, o.name)
	}
	id := o.name[len(tcpPrefix):]
	if t.opt.port == "" {
		t.opt.port = id
	}
	if t.opt.ipv6 < 0 && o.env.IPv4Only != nil && o.env.IPv4Only(o.host) {
		t.opt.ipv6 = 0
	}
	t.server = t.opt.host == "" && t.opt.mode&modeDescriptor == 0
	t.opt.sizes(t.server)
	var err error
	switch {
	case t.opt.mode&modeDescriptor != 0:
		err = t.adopt()
	case t.server:
		err = t.listen(o)
	default:
		err = t.connect(o)
	}
	if err != nil {
		return nil, err
	}
	t.state.Mode = t.opt.zmode()
	return t, nil
}

// sizes gives the buffers the defaults of the device's role (rule A5).
func (o *tcpOptions) sizes(server bool) {
	role := clientBuffer
	if server {
		role = serverBuffer
	}
	if o.ibuf == 0 {
		o.ibuf = role
	}
	if o.obuf == 0 {
		o.obuf = role
	}
}

// adopt takes over an open descriptor: a data socket, or, beyond the manual, a
// listening one (rule B21).
func (t *TCP) adopt() error {
	fd := t.opt.socket
	if fd < 0 {
		n, err := strconv.Atoi(strings.TrimSpace(t.opt.port))
		if err != nil {
			return fmt.Errorf("%w: descriptor %q", errForGood, t.opt.port)
		}
		fd = n
	}
	conn, listener, err := adopt(fd)
	if err != nil {
		return fmt.Errorf("%w: descriptor %d: %w", errForGood, fd, err)
	}
	if listener != nil {
		if listener, err = t.env.Listeners.add(listener); err != nil {
			return err
		}
		t.server, t.listener = true, listener
		t.connection(nil)
	} else if err := t.attach(conn, false); err != nil {
		return err
	}
	t.observe("adopt", nil)
	return nil
}

// control sets the sizes of the system's buffers while the socket is new.
func (t *TCP) control() SocketControl {
	receive, send := t.opt.rcvbuf, t.opt.sndbuf
	if receive == 0 && send == 0 {
		return nil
	}
	return func(fd uintptr) error { return bufferSizes(fd, receive, send) }
}

// hosts returns the addresses of a host parameter, waiting for the resolver if need be.
func (o *opening) hosts(host string) (addrs []netip.Addr, err error) {
	if a, ok := o.env.address(host); ok {
		return []netip.Addr{a}, nil
	}
	err = o.try(WaitResolve, func(ctx context.Context) (err error) {
		addrs, err = o.env.resolve(ctx, host)
		return err
	})
	return addrs, err
}

// port returns the number of a port parameter.
func (o *opening) port(port string) (int, error) {
	n, known, err := o.env.port(port)
	if known {
		return n, err
	}
	err = o.try(WaitResolve, func(ctx context.Context) (err error) {
		n, err = o.env.service(ctx, port)
		return err
	})
	return n, err
}

// local returns the address of /BINDTO, invalid when none was given, and beyond the manual
// its port, 0 for any: "address:port", ":port", "[address]:port".
func (o *opening) local(bindTo string) (local netip.AddrPort, err error) {
	if bindTo == "" {
		return local, nil
	}
	host, port, n := bindTo, "", 0
	if h, p, err := net.SplitHostPort(bindTo); err == nil {
		host, port = h, p
	}
	if port != "" {
		if n, err = strconv.Atoi(port); err != nil || n < 0 || n > math.MaxUint16 {
			return local, fmt.Errorf("%w: /BINDTO=%s", errPortRange, bindTo)
		}
	}
	if host == "" {
		return netip.AddrPortFrom(netip.Addr{}, uint16(n)), nil
	}
	addrs, err := o.hosts(host)
	if err != nil {
		return local, err
	}
	return netip.AddrPortFrom(addrs[0], uint16(n)), nil
}

// listen makes the device a server.
func (t *TCP) listen(o *opening) error {
	port, err := o.port(t.opt.port)
	if err != nil {
		return err
	}
	local, err := o.local(t.opt.bindTo)
	if err != nil {
		return err
	}
	host := ""
	switch {
	case local.Port() != 0:
		return fmt.Errorf("%w: the port of a server is /PORT, not that of /BINDTO=%s", errForGood, t.opt.bindTo)
	case local.Addr().IsValid():
		host = local.Addr().String()
	case t.opt.ipv6 == 0:
		host = netip.IPv4Unspecified().String()
	case t.opt.ipv6 == 1:
		host = netip.IPv6Unspecified().String()
	}
	return o.try(WaitListen, func(ctx context.Context) error {
		l, err := t.env.listen(ctx, net.JoinHostPort(host, strconv.Itoa(port)), t.control())
		if err != nil {
			return err
		}
		if err := setBacklog(l, t.opt.queue); err != nil {
			_ = l.Close()
			return err
		}
		t.listener = l
		t.connection(nil)
		t.observe("listen", nil)
		return nil
	})
}

// connect makes the device a client.
func (t *TCP) connect(o *opening) error {
	port, err := o.port(t.opt.port)
	if err != nil {
		return err
	}
	local, err := o.local(t.opt.bindTo)
	if err != nil {
		return err
	}
	addrs, err := o.hosts(t.opt.host)
	if err != nil {
		return err
	}
	return o.try(WaitConnect, func(ctx context.Context) error {
		conn, err := t.dialFirst(ctx, local, addrs, port)
		if err != nil {
			return err
		}
		if err := t.attach(conn, false); err != nil {
			return err
		}
		t.observe("connect", nil)
		return nil
	})
}

// dialFirst connects to the first address that answers.
func (t *TCP) dialFirst(ctx context.Context, local netip.AddrPort, addrs []netip.Addr, port int) (net.Conn, error) {
	err := fmt.Errorf("%w: no address of the family that /USEIPV6 asks for", errForGood)
	for _, a := range addrs {
		if t.opt.ipv6 >= 0 && a.Is4() == (t.opt.ipv6 == 1) {
			continue
		}
		conn, dialErr := t.env.dial(ctx, local, netip.AddrPortFrom(a, uint16(port)).String(), t.control())
		if dialErr == nil {
			return conn, nil
		}
		err = dialErr
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

// notFound reports whether a name does not exist, which trying again does not mend.
func notFound(err error) bool {
	var dns *net.DNSError
	var addr *net.AddrError
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &addr)
}
