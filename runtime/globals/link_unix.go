//go:build unix

package globals

// The shared memory of a link, and its way to the owner: the client makes a file without a name and
// sends its descriptor with the first frame. This file and oref.go of package runtime are the only ones
// with unsafe: the rings need atomic access to mapped memory.

import (
	"net"
	"os"
	goruntime "runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sharedRings maps the rings as long as it is reachable.
type sharedRings struct{ r *rings }

const ringsBytes = int(unsafe.Sizeof(rings{}))

// newSharedRings makes the memory of a link and the file to hand to the owner; nil when there can be
// none.
func newSharedRings() (*sharedRings, *os.File) {
	f, err := namelessFile()
	if err != nil {
		return nil, nil
	}
	// Written, not left sparse: a hole on a full file system cannot be stored into.
	if _, err := f.WriteAt(make([]byte, ringsBytes), 0); err != nil || sealSize(f) != nil {
		f.Close()
		return nil, nil
	}
	s := mapRings(f)
	if s == nil {
		f.Close()
		return nil, nil
	}
	return s, f
}

// mapRings maps the file of a link; nil when it is none.
func mapRings(f *os.File) *sharedRings {
	info, err := f.Stat()
	if err != nil || info.Size() != int64(ringsBytes) || !sizeSealed(f) {
		return nil
	}
	m, err := unix.Mmap(int(f.Fd()), 0, ringsBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	s := &sharedRings{(*rings)(unsafe.Pointer(&m[0]))}
	goruntime.AddCleanup(s, func(m []byte) { _ = unix.Munmap(m) }, m)
	return s
}

// sendFirst sends a connection's first frame, with a file when there is one.
func sendFirst(nc net.Conn, frame []byte, f *os.File) error {
	uc, ok := nc.(*net.UnixConn)
	if f == nil || !ok {
		_, err := nc.Write(frame)
		return err
	}
	n, _, err := uc.WriteMsgUnix(frame, unix.UnixRights(int(f.Fd())), nil)
	if err == nil && n < len(frame) {
		_, err = nc.Write(frame[n:])
	}
	return err
}

// receiveFirst reads the beginning of a connection, and the file that came with it or nil.
func receiveFirst(nc net.Conn) ([]byte, *os.File, error) {
	b := make([]byte, 4<<10)
	uc, ok := nc.(*net.UnixConn)
	if !ok {
		n, err := nc.Read(b)
		return b[:n], nil, err
	}
	oob := make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := uc.ReadMsgUnix(b, oob)
	if err != nil {
		return nil, nil, err
	}
	messages, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil || len(messages) == 0 {
		return b[:n], nil, nil
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) == 0 {
		return b[:n], nil, nil
	}
	return b[:n], os.NewFile(uintptr(fds[0]), "link"), nil
}
