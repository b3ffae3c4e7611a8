//go:build unix

package devices

// What net.Conn does not offer and a socket has: how much input waits, whether the peer
// is gone, the backlog, a socket from a bare descriptor.

import (
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// rawControl adapts control to what net wants.
func rawControl(control SocketControl) func(network, address string, c syscall.RawConn) error {
	if control == nil {
		return nil
	}
	return func(_, _ string, c syscall.RawConn) error {
		var err error
		if outer := c.Control(func(fd uintptr) { err = control(fd) }); outer != nil {
			return outer
		}
		return err
	}
}

// onSocket runs f on the descriptor of c, a connection or a listener; it reports
// whether c has one.
func onSocket(c any, f func(fd int)) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	return raw.Control(func(fd uintptr) { f(int(fd)) }) == nil
}

// readable reports whether a read or an accept on c would return at once; known is
// false when c is no socket.
func readable(c any) (ready, known bool) {
	known = onSocket(c, func(fd int) {
		p := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, _ := poll(p[:], 0)
		ready = n > 0
	})
	return ready, known
}

// disconnected reports, without taking input, whether the peer of c has closed with
// nothing left to read, and the system's error if it had one.
func disconnected(c net.Conn) (gone bool, cause error) {
	onSocket(c, func(fd int) {
		var b [1]byte
		n, _, err := unix.Recvfrom(fd, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		switch {
		case err == nil && n == 0:
			gone, cause = true, io.EOF
		case err != nil && err != unix.EAGAIN && err != unix.EINTR:
			gone, cause = true, err
		}
	})
	return gone, cause
}

// shutdown ends the connection on c for all who hold its socket.
func shutdown(c net.Conn) {
	onSocket(c, func(fd int) { _ = unix.Shutdown(fd, unix.SHUT_RDWR) }) // fails where the peer has gone
}

// setBacklog makes n clients the most that queue on l. Go listens with the system's
// maximum; a second listen(2) on the same socket only changes that number.
func setBacklog(l net.Listener, n int) error {
	var err error
	onSocket(l, func(fd int) { err = unix.Listen(fd, n) })
	return err
}

// bufferSizes sets the system's socket buffers; 0 leaves one alone. It must run before
// listen or connect to take part in the window scale.
func bufferSizes(fd uintptr, receive, send int) error {
	if receive > 0 {
		if err := unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, receive); err != nil {
			return err
		}
	}
	if send > 0 {
		return unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, send)
	}
	return nil
}

// adopt makes a connection or a listener of an open socket descriptor. The descriptor
// is duplicated and stays open: it is the caller's.
func adopt(fd int) (net.Conn, net.Listener, error) {
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	f := os.NewFile(uintptr(own), "socket")
	defer f.Close()
	if v, err := unix.GetsockoptInt(own, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err == nil && v != 0 {
		l, err := net.FileListener(f)
		return nil, l, err
	}
	c, err := net.FileConn(f)
	return c, nil, err
}
