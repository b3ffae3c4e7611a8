package devices

// Env: the world devices live in. Every field is a seam that a golden test or the
// trace replaces; a nil field means the real thing.

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"
)

// Env is the world that devices are opened in, shared by all processes of a System and
// never changed once the first device is open. The zero value is the real world.
type Env struct {
	// Hosts and Services override the resolver: a host name to an address in text
	// form, a service name to a port.
	Hosts    map[string]string
	Services map[string]int

	// LookupHost resolves a host name to addresses, best first.
	LookupHost func(ctx context.Context, host string) ([]netip.Addr, error)
	// LookupService resolves a TCP service name to a port.
	LookupService func(ctx context.Context, service string) (int, error)
	// Dial connects to address (ip:port) from the local address, which is invalid when
	// none was asked for. Go's own keepalive must be off in what it returns.
	Dial func(ctx context.Context, local netip.AddrPort, address string) (net.Conn, error)
	// Listen listens on address (":port" for every interface, both protocols).
	Listen func(ctx context.Context, address string, control SocketControl) (net.Listener, error)
	// Limits are the doors that the user has shut; Files is the part of the file system
	// that programs see, nil for all.
	Limits
	Files *Files
	// Listeners are the listening sockets that are open.
	Listeners Listeners
	// OpenFile opens a sequential file.
	OpenFile func(name string, flag int, perm os.FileMode) (*os.File, error)
	// Now is the clock of timeouts that devices compute themselves.
	Now func() time.Time
	// Console is the principal device's terminal; nil where a process has none.
	Console Console
	// PollInterval is how often D mode looks for a disconnect; 0 means the manual's
	// "roughly every 60 seconds".
	PollInterval time.Duration
	// TLS makes a crypto/tls configuration of what /TLS asks for, for the process of h,
	// and tells whether it is a server's. It runs at the first I/O of a connection.
	TLS func(h Host, request TLSRequest) (config *tls.Config, server bool, err error)
	// IPv4Only reports whether the process of h has IPv6 switched off: without /USEIPV6
	// its TCP devices then use IPv4 alone.
	IPv4Only func(h Host) bool
	// Settings are those of the process of h; nil: all are off.
	Settings func(h Host) Settings
}

// Settings are the switches of a process that its devices ask for.
type Settings struct {
	ZEOF      bool // SetZEOF(1): a READ past the end of a file sets $ZEOF instead of raising <ENDOFFILE>
	ReadWrite bool // OpenMode(1): a file's OPEN without R and W means RW
	Create    bool // FileMode(1): a file's OPEN for writing creates it
	CursorXY  bool // $ZUTIL(68,55,0): $X and $Y of a TCP device move as on a terminal
}

func (e *Env) settings(h Host) Settings {
	if e.Settings == nil {
		return Settings{}
	}
	return e.Settings(h)
}

// SocketControl sets options on a socket between its creation and its use; nil for none.
type SocketControl func(fd uintptr) error

// defaultPollInterval is D mode's interval (manual, "Monitoring for Disconnect Mode").
const defaultPollInterval = 60 * time.Second

// DisconnectPoll returns the interval at which D mode polls.
func (e *Env) DisconnectPoll() time.Duration {
	if e.PollInterval > 0 {
		return e.PollInterval
	}
	return defaultPollInterval
}

func (e *Env) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}

// address returns what host is without asking anybody: an address, or an override.
func (e *Env) address(host string) (netip.Addr, bool) {
	if to, ok := e.Hosts[host]; ok {
		host = to
	}
	a, err := netip.ParseAddr(host)
	return a.Unmap(), err == nil
}

// resolve turns a host name into addresses, IPv4 before IPv6 as the device guide orders
// them.
func (e *Env) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if err := e.Network(host); err != nil {
		return nil, err
	}
	if to, ok := e.Hosts[host]; ok {
		host = to
	}
	lookup := e.LookupHost
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	found, err := lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	ordered := make([]netip.Addr, 0, len(found))
	for _, four := range []bool{true, false} {
		for _, a := range found {
			if a = a.Unmap(); a.Is4() == four {
				ordered = append(ordered, a)
			}
		}
	}
	if len(ordered) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return ordered, nil
}

var errPortRange = errors.New("port number out of range")

// port returns what a port parameter is without asking anybody: a number, or an
// override of a service name.
func (e *Env) port(port string) (n int, known bool, err error) {
	if n, ok := e.Services[port]; ok {
		return n, true, nil
	}
	n, err = strconv.Atoi(port)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, false, nil
	case err != nil, n < 0, n > 65535:
		return 0, true, fmt.Errorf("%w: %s", errPortRange, port)
	}
	return n, true, nil
}

// service looks a TCP service name up.
func (e *Env) service(ctx context.Context, name string) (int, error) {
	if err := e.Network(name); err != nil {
		return 0, err
	}
	if e.LookupService != nil {
		return e.LookupService(ctx, name)
	}
	return net.DefaultResolver.LookupPort(ctx, "tcp", name)
}

func (e *Env) dial(ctx context.Context, local netip.AddrPort, address string, control SocketControl) (net.Conn, error) {
	if err := e.Network(address); err != nil {
		return nil, err
	}
	if e.Dial != nil {
		return e.Dial(ctx, local, address)
	}
	d := net.Dialer{KeepAlive: -1, Control: rawControl(control)}
	if local.Addr().IsValid() || local.Port() != 0 {
		d.LocalAddr = net.TCPAddrFromAddrPort(local)
	}
	return d.DialContext(ctx, "tcp", address)
}

func (e *Env) listen(ctx context.Context, address string, control SocketControl) (net.Listener, error) {
	if err := e.Network(address); err != nil {
		return nil, err
	}
	listen := e.Listen
	if listen == nil {
		lc := net.ListenConfig{KeepAlive: -1, Control: rawControl(control)}
		listen = func(ctx context.Context, address string, _ SocketControl) (net.Listener, error) {
			return lc.Listen(ctx, protocol(address), address)
		}
	}
	l, err := listen(ctx, address, control)
	if err != nil {
		return nil, err
	}
	return e.Listeners.add(l)
}

// protocol returns net's name of the protocol of an address to listen on. It must be told
// for 0.0.0.0 and ::, each of which net takes for both protocols.
func protocol(address string) string {
	a, err := netip.ParseAddrPort(address)
	switch {
	case err != nil || !a.Addr().IsUnspecified():
		return "tcp"
	case a.Addr().Is4():
		return "tcp4"
	}
	return "tcp6"
}

func (e *Env) openFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	if e.OpenFile != nil {
		return e.OpenFile(name, flag, perm)
	}
	return e.Files.OpenFile(name, flag, perm)
}
