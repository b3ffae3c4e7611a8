package globals

import (
	"net"
	"os"
)

// sharedRings: there are none, sessions use their sockets alone.
type sharedRings struct{ r *rings }

func newSharedRings() (*sharedRings, *os.File) { return nil, nil }

func yieldProcessor() {}

func mapRings(*os.File) *sharedRings { return nil }

func sendFirst(nc net.Conn, frame []byte, _ *os.File) error {
	_, err := nc.Write(frame)
	return err
}

func receiveFirst(nc net.Conn) ([]byte, *os.File, error) {
	b := make([]byte, 4<<10)
	n, err := nc.Read(b)
	return b[:n], nil, err
}
