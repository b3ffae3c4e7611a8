package devices

// UDP sockets, which M reaches through an object (%Net.UDP) and not through OPEN.

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// defaultPacket is the size of the receive buffer in bytes (class reference, %Net.UDP).
const defaultPacket = 16384

// udpRetry is how often OpenUDP tries a port that is taken.
const udpRetry = time.Second

// UDP is a datagram socket. It belongs to one process; only Interrupt may be called from
// another goroutine.
type UDP struct {
	conn  *net.UDPConn
	host  Host
	alarm alarm
	buf   []byte
	last  netip.AddrPort // where the last packet came from
}

// OpenUDP binds a socket to an address (the zero one is IPv4's "any") and port (0: any).
// A port that is taken is tried once a second until the limit has passed. send and
// receive are the least sizes of packets that must fit; 0 leaves the defaults.
func (e *Env) OpenUDP(host Host, at netip.AddrPort, limit time.Duration, send, receive int) (*UDP, error) {
	if err := e.Network("UDP"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := host.Enter(WaitListen, &canceller{cancel: cancel}); err != nil {
		return nil, err
	}
	defer host.Leave()
	network := "udp4"
	if !at.Addr().IsValid() {
		at = netip.AddrPortFrom(netip.IPv4Unspecified(), at.Port())
	} else if at.Addr().Is6() {
		network = "udp6"
	}
	for deadline := time.Now().Add(limit); ; {
		conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(at))
		if err == nil {
			return newUDP(host, conn, send, receive)
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Until(deadline) <= 0 {
			return nil, err
		}
		select {
		case <-time.After(min(udpRetry, time.Until(deadline))):
		case <-ctx.Done():
			return nil, ErrInterrupted
		}
	}
}

func newUDP(host Host, conn *net.UDPConn, send, receive int) (*UDP, error) {
	u := &UDP{conn: conn, host: host, buf: make([]byte, max(receive, defaultPacket))}
	u.alarm.watch(conn)
	if send > 0 {
		if err := conn.SetWriteBuffer(send); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	if receive > 0 {
		if err := conn.SetReadBuffer(receive); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return u, nil
}

// Send sends one packet and returns the number of bytes sent.
func (u *UDP) Send(packet string, to netip.AddrPort) (int, error) {
	if err := u.alarm.armWrite(time.Time{}); err != nil {
		return 0, err
	}
	if err := u.host.Enter(WaitWrite, u); err != nil {
		return 0, err
	}
	n, err := u.conn.WriteToUDPAddrPort([]byte(packet), to)
	u.host.Leave()
	return n, u.ended(err)
}

// Receive returns the next packet, cut to the receive buffer; limit 0 takes only one that
// is here. The error is ErrTimeout, ErrInterrupted or the system's.
func (u *UDP) Receive(limit time.Duration) (string, error) {
	deadline := time.Now().Add(limit)
	if limit == 0 {
		if ready, known := readable(u.conn); known && !ready {
			return "", ErrTimeout
		}
		deadline = time.Now().Add(pollGrace)
	}
	if err := u.alarm.armRead(deadline); err != nil {
		return "", err
	}
	if err := u.host.Enter(WaitRead, u); err != nil {
		return "", err
	}
	n, from, err := u.conn.ReadFromUDPAddrPort(u.buf)
	u.host.Leave()
	if err := u.ended(err); err != nil {
		return "", err
	}
	u.last = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	return string(u.buf[:n]), nil
}

// ended says what a deadline that passed means.
func (u *UDP) ended(err error) error {
	switch {
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return err
	case u.alarm.rung.Load():
		return ErrInterrupted
	}
	return ErrTimeout
}

// Last returns where the last packet came from; invalid before the first.
func (u *UDP) Last() netip.AddrPort { return u.last }

// Descriptor returns the socket's descriptor, -1 where there are none.
func (u *UDP) Descriptor() int {
	n := -1
	onSocket(u.conn, func(fd int) { n = fd })
	return n
}

// LocalAddr returns what the socket is bound to.
func (u *UDP) LocalAddr() netip.AddrPort { return u.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// Interrupt ends the wait under way from any goroutine.
func (u *UDP) Interrupt() { u.alarm.Interrupt() }

// Close closes the socket.
func (u *UDP) Close() error { return u.conn.Close() }
