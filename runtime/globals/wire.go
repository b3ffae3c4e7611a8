package globals

// The protocol between an owner and the sessions of other processes, over a Unix socket. Messages
// are frames {length, body}. A client's frame is the number of its first operation and a row of
// requests; requests that change something are numbered, so that an owner that has done them before
// its predecessor died, or before the connection broke, does not do them again. Each frame is
// answered in order by {status, result of the last request}; only the last one has a result.

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

const (
	wireVersion = 3
	maxFrame    = 1 << 30
)

// Requests. Those up to lastNumbered are numbered operations.
const (
	askSet = 1 + iota
	askKill
	askZKill
	askIncrement
	askBegin
	askCommit
	askRollback
	askBarrier
	askState
	askGet
	askData
	askOrder
	askQuery
	askPage // the page around a key
	askNames
	askLock
	askUnlock    // LOCK -, not answered singly
	askUnlockAll // LOCK without argument, likewise
	askSessions
	askLocks
	askClose
	askCancel  // interrupts a waiting askLock; is not answered
	askCompact // answered by a frame for each step, and one with the result

	lastNumbered = askRollback
)

// Kinds of connections, in the first frame.
const (
	helloProcess = 1 + iota // registers a process with all its sessions
	helloSession            // a new or resumed session
	helloTable              // one question for a table, without a session
)

// errWire is a message that cannot be decoded.
var errWire = errors.New("globals: malformed message")

// wireErrors are errors that keep their identity over the socket.
var wireErrors = []error{
	ErrClosed, ErrNoLevel, ErrKeyTooLong, ErrKey, ErrNewer, ErrCorrupt, errWire,
	syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, os.ErrDeadlineExceeded, ErrExpelled,
}

// remoteError is an error of the owner's with its text; Is finds the known one in it.
type remoteError struct {
	text string
	is   error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.is }

// appendStatus appends an error, or none.
func appendStatus(b []byte, err error, known []error) []byte {
	if err == nil {
		return append(b, 0)
	}
	code := byte(255)
	for i, k := range wireErrors {
		if errors.Is(err, k) {
			code = byte(i + 1)
			break
		}
	}
	for i, k := range known {
		if errors.Is(err, k) {
			code = byte(100 + i)
			break
		}
	}
	return appendBytes(append(b, code), []byte(err.Error()))
}

// message decodes the fields of a frame; after a bad field all others are empty and bad is set.
type message struct {
	in  []byte
	bad bool
}

func (m *message) uvarint() uint64 {
	v, n := binary.Uvarint(m.in)
	if n <= 0 {
		m.bad, m.in = true, nil
		return 0
	}
	m.in = m.in[n:]
	return v
}

func (m *message) int() int { return int(m.uvarint()) }

func (m *message) byte() byte {
	if len(m.in) == 0 {
		m.bad = true
		return 0
	}
	b := m.in[0]
	m.in = m.in[1:]
	return b
}

func (m *message) bytes() []byte {
	n := m.uvarint()
	if n > uint64(len(m.in)) {
		m.bad, m.in = true, nil
		return nil
	}
	b := m.in[:n:n]
	m.in = m.in[n:]
	return b
}

// status decodes what appendStatus wrote.
func (m *message) status(known []error) error {
	code := m.byte()
	if code == 0 {
		if m.bad {
			return errWire
		}
		return nil
	}
	e := &remoteError{text: string(m.bytes())}
	switch i := int(code); {
	case i <= len(wireErrors):
		e.is = wireErrors[i-1]
	case i >= 100 && i-100 < len(known):
		e.is = known[i-100]
	}
	return e
}

func appendUint(b []byte, v int) []byte { return binary.AppendUvarint(b, uint64(v)) }

func appendFlag(b []byte, f bool) []byte {
	if f {
		return append(b, 1)
	}
	return append(b, 0)
}

// frameStart reserves the length of a frame; frameEnd fills it in.
func frameStart(b []byte) []byte { return append(b, 0, 0, 0, 0) }

func frameEnd(b []byte, start int) []byte {
	binary.LittleEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

// readFrame reads a frame into buf and returns its body.
func readFrame(r *bufio.Reader, buf []byte) ([]byte, error) {
	head, err := r.Peek(4)
	if err != nil {
		if errors.Is(err, io.EOF) && len(head) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return buf[:0], err
	}
	n := int(binary.LittleEndian.Uint32(head))
	if n > maxFrame {
		return buf[:0], fmt.Errorf("%w: %d bytes", errWire, n)
	}
	if _, err := r.Discard(4); err != nil {
		return buf[:0], err
	}
	return readChunk(r, buf, n)
}

func appendLockRequests(b []byte, reqs []LockRequest) []byte {
	b = appendUint(b, len(reqs))
	for i := range reqs {
		r := &reqs[i]
		var flags byte
		for bit, f := range [...]bool{r.Shared, r.Escalate, r.Immediate, r.Deferred} {
			if f {
				flags |= 1 << bit
			}
		}
		b = appendBytes(append(b, flags), []byte(r.NS))
		b = appendBytes(b, r.Key)
	}
	return b
}

func (m *message) lockRequests() []LockRequest {
	n := m.int()
	if n > len(m.in) {
		m.bad = true
		return nil
	}
	reqs := make([]LockRequest, 0, n)
	for range n {
		f := m.byte()
		reqs = append(reqs, LockRequest{
			NS: string(m.bytes()), Key: m.bytes(),
			Shared: f&1 != 0, Escalate: f&2 != 0, Immediate: f&4 != 0, Deferred: f&8 != 0,
		})
	}
	return reqs
}
