package globals

// A session's connection to the owner. What fits goes through two rings in memory that both processes
// share, which takes a microsecond where a socket takes ten or more; the Unix socket beside them wakes
// a side that has fallen asleep, carries what is too long for a ring, and breaks when a process dies.
//
// On the socket a zero byte says "look into the ring", and a one byte begins a blob {length, bytes}. A
// side that has sent a blob uses the ring again when the other has read the blob, and a reader empties
// the ring before it looks at the socket, so that the bytes stay in order.

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	ringBytes  = 64 << 10
	mostLinks  = 64 // links a process makes; further sessions use their sockets alone
	linkSpin   = 100 * time.Microsecond
	alone      = 30 // rounds of looking before the processor is offered to others
	doorbell   = 0
	blobFollow = 1
)

// ring is one direction of a link, in shared memory. Each field is written by one side only, but for
// asleep, and has a cache line of its own.
type ring struct {
	written atomic.Uint64 // bytes put in so far, by the writer
	_       [56]byte
	read    atomic.Uint64 // bytes taken out so far, by the reader
	_       [56]byte
	asleep  atomic.Uint32 // 1: the reader waits at the socket
	_       [60]byte
	blobs   atomic.Uint64 // blobs the reader has read from the socket
	_       [56]byte
	data    [ringBytes]byte
}

// rings is the shared memory of a link.
type rings struct{ toOwner, toClient ring }

// links counts the links that this process has made as a client.
var links atomic.Int32

// link is one side of a connection; one goroutine reads at a time, any number write.
type link struct {
	nc     net.Conn
	shared *sharedRings // keeps the memory mapped
	in     *ring
	sock   *bufio.Reader
	blob   int  // bytes left of the blob at hand
	calm   bool // the last wait was long: the next one need not begin with a spin

	mu    sync.Mutex
	out   *ring
	blobs uint64 // sent
}

func newLink(nc net.Conn, s *sharedRings, owner bool) *link {
	l := &link{nc: nc, shared: s, in: &s.r.toClient, out: &s.r.toOwner, sock: bufio.NewReaderSize(nc, 4<<10)}
	if owner {
		l.in, l.out = l.out, l.in
	}
	return l
}

// Write sends p.
func (l *link) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.out.written.Load()
	if l.out.blobs.Load() != l.blobs || uint64(len(p)) > ringBytes-(at-l.out.read.Load()) {
		return l.sendBlob(p)
	}
	n := copy(l.out.data[at%ringBytes:], p)
	copy(l.out.data[:], p[n:])
	l.out.written.Store(at + uint64(len(p)))
	var err error
	if l.out.asleep.Load() == 1 && l.out.asleep.CompareAndSwap(1, 0) {
		_, err = l.nc.Write([]byte{doorbell})
	}
	goruntime.KeepAlive(l.shared)
	return len(p), err
}

func (l *link) sendBlob(p []byte) (int, error) {
	l.blobs++
	head := binary.LittleEndian.AppendUint32([]byte{blobFollow}, uint32(len(p)))
	if _, err := l.nc.Write(head); err != nil {
		return 0, err
	}
	return l.nc.Write(p)
}

// Read waits for something to read.
func (l *link) Read(p []byte) (n int, err error) {
	defer goruntime.KeepAlive(l.shared)
	for {
		if l.blob > 0 {
			n, err = l.sock.Read(p[:min(len(p), l.blob)])
			if l.blob -= n; l.blob == 0 {
				l.in.blobs.Add(1)
			}
			return n, err
		}
		if n, err = l.take(p); n > 0 || err != nil {
			return n, err
		}
		start := time.Now()
		if l.spin(start) {
			continue
		}
		l.in.asleep.Store(1)
		if l.empty() {
			err = l.wait()
		} else {
			l.in.asleep.Store(0)
		}
		l.calm = time.Since(start) > linkSpin
		if err != nil && l.empty() { // what came before the end is read first
			return 0, err
		}
	}
}

// take reads what is in the ring.
func (l *link) take(p []byte) (int, error) {
	at, end := l.in.read.Load(), l.in.written.Load()
	if end-at > ringBytes {
		return 0, errWire
	}
	p = p[:min(uint64(len(p)), end-at)]
	n := copy(p, l.in.data[at%ringBytes:])
	copy(p[n:], l.in.data[:])
	l.in.read.Store(at + uint64(len(p)))
	return len(p), nil
}

func (l *link) empty() bool { return l.in.written.Load() == l.in.read.Load() }

// spin looks into the ring for a while, unless the last wait was longer than that, and says whether
// something came. A wait counts until its end, with the time it took to wake up: two sides in a quick
// dialogue spin both, and neither does when the other has no processor.
func (l *link) spin(start time.Time) bool {
	if l.calm || !canSpin || goruntime.NumCPU() < 2 {
		return false
	}
	defer spinners.Add(-1)
	if spinners.Add(1) > 1 {
		return false
	}
	for round := 0; time.Since(start) < linkSpin; round++ {
		for range 100 {
			if !l.empty() {
				return true
			}
		}
		if round >= alone {
			yieldProcessor() // the other side may be waiting for this very one
		}
	}
	return false
}

// wait reads a doorbell or the head of a blob from the socket. A deadline leaves nothing half read.
func (l *link) wait() error {
	kind, err := l.sock.Peek(1)
	if err != nil {
		return err
	}
	if kind[0] == doorbell {
		_, err = l.sock.Discard(1)
		return err
	}
	head, err := l.sock.Peek(5)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	l.blob = int(binary.LittleEndian.Uint32(head[1:]))
	_, err = l.sock.Discard(5)
	return err
}
