package devices

// The input buffer: bytes that have arrived and no READ has taken. It starts small,
// grows with what arrives, and takes nothing out before a READ completes, so an
// interrupted or failed READ loses nothing.

import "time"

// Sizes of the input buffer: where it starts, where growing on full reads ends, and
// above which an empty one is let go after slackReads reads of little.
const (
	inputStart = 1024
	inputBulk  = 64 << 10
	inputKeep  = 16 << 10
	slackReads = 8
)

// input is an input buffer.
type input struct {
	buf     []byte
	r, w    int  // pending input is buf[r:w]
	scanned int  // pending bytes known to hold no terminator: whole characters
	chars   int  // characters in them, where a character may have several bytes
	full    bool // the last read filled all the room there was
	slack   int  // reads in a row that used little of the buffer
	ended   error

	// A LF or FF that follows a CR within a second belongs to it. The drop waits with
	// the connection, whatever USE or JOB does to the device meanwhile (rule B3).
	joinUntil time.Time
}

// pending returns the input not yet taken; valid until the next room.
func (in *input) pending() []byte { return in.buf[in.r:in.w] }

// take removes n pending bytes and skip more behind them, and returns the n as a string.
func (in *input) take(n, skip int) string {
	s := string(in.buf[in.r : in.r+n])
	in.drop(n + skip)
	return s
}

// drop removes n pending bytes.
func (in *input) drop(n int) {
	in.r += n
	in.rescan()
	if in.r == in.w {
		in.r, in.w = 0, 0
	}
}

// rescan forgets what was found in the pending input: something else may end a READ now.
func (in *input) rescan() { in.scanned, in.chars = 0, 0 }

// room returns free space behind the pending input, at most limit bytes in all with it.
func (in *input) room(limit int) []byte {
	if in.r == in.w && len(in.buf) > inputKeep && in.slack >= slackReads {
		in.buf, in.slack = nil, 0
	}
	have := in.w - in.r
	switch {
	case in.buf == nil:
		in.buf = make([]byte, min(inputStart, limit))
	case have == len(in.buf):
		in.resize(min(2*len(in.buf), limit))
	case in.full && len(in.buf) < inputBulk:
		in.resize(max(min(4*len(in.buf), inputBulk, limit), len(in.buf)))
	case in.w == len(in.buf) || (in.r > 0 && len(in.buf)-in.w < len(in.buf)/4):
		in.w = copy(in.buf, in.buf[in.r:in.w])
		in.r = 0
	}
	return in.buf[in.w:min(len(in.buf), in.r+max(limit, have+1))]
}

// resize moves the pending input to a buffer of n bytes.
func (in *input) resize(n int) {
	if n <= len(in.buf) {
		in.w = copy(in.buf, in.buf[in.r:in.w])
		in.r = 0
		return
	}
	b := make([]byte, n)
	in.w = copy(b, in.buf[in.r:in.w])
	in.r, in.buf = 0, b
}

// added makes n bytes read into room pending.
func (in *input) added(n, room int) {
	in.w += n
	in.full = n == room
	in.slack++
	if n > len(in.buf)/8 {
		in.slack = 0
	}
}

// joins arms the drop of a LF or FF after a CR. When the next byte is here it decides
// at once.
func (in *input) join(now func() time.Time) {
	if in.r < in.w {
		in.dropJoined()
		return
	}
	in.joinUntil = now().Add(joinInterval)
}

// arrived drops, of what has just come, the LF or FF that a CR waits for.
func (in *input) arrived(now func() time.Time) {
	if until := in.joinUntil; !until.IsZero() {
		in.joinUntil = time.Time{}
		if !now().After(until) {
			in.dropJoined()
		}
	}
}

// joinInterval is how long a LF may lag behind its CR (manual, "Carriage Return Mode").
const joinInterval = time.Second

// dropJoined drops the pending byte if it is a LF or FF.
func (in *input) dropJoined() {
	if c := in.buf[in.r]; c == charLF || c == charFF {
		in.drop(1)
	}
	in.joinUntil = time.Time{}
}
