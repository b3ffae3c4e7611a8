//go:build !unix

package devices

// Systems without Unix sockets: nothing is known beyond what net.Conn tells.

import (
	"errors"
	"net"
	"syscall"
)

func rawControl(SocketControl) func(network, address string, c syscall.RawConn) error { return nil }

func onSocket(any, func(int)) bool                   { return false }
func readable(any) (ready, known bool)               { return false, false }
func disconnected(net.Conn) (gone bool, cause error) { return false, nil }
func shutdown(net.Conn)                              {}
func setBacklog(net.Listener, int) error             { return nil }
func bufferSizes(uintptr, int, int) error            { return nil }

func adopt(int) (net.Conn, net.Listener, error) {
	return nil, nil, errors.New("sockets cannot be adopted on this system")
}
