package devices

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// screen is a Console whose keys are typed by the test and whose output the test reads.
type screen struct {
	tty bool

	mu    sync.Mutex
	cond  *sync.Cond
	keys  []byte
	end   bool
	rung  bool
	shown strings.Builder
	raw   bool
	fails error
}

func newScreen(tty bool) *screen {
	s := &screen{tty: tty}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *screen) Name() string {
	if s.tty {
		return "/dev/pts/7"
	}
	return "00"
}
func (s *screen) InputTTY() bool  { return s.tty }
func (s *screen) OutputTTY() bool { return s.tty }
func (s *screen) Raw(on bool) error {
	s.raw = on
	return nil
}

func (s *screen) ReadInput(p []byte, deadline time.Time) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !deadline.IsZero() {
		timer := time.AfterFunc(time.Until(deadline), s.cond.Broadcast)
		defer timer.Stop()
	}
	for {
		switch {
		case s.rung:
			s.rung = false
			return 0, ErrInterrupted
		case len(s.keys) > 0:
			n := copy(p, s.keys)
			s.keys = s.keys[n:]
			return n, nil
		case s.end:
			return 0, io.EOF
		case !deadline.IsZero() && !time.Now().Before(deadline):
			return 0, ErrTimeout
		}
		s.cond.Wait()
	}
}

func (s *screen) Gone() bool { return false }

func (s *screen) WriteOutput(p []byte) (int, error) {
	if s.fails != nil {
		return 0, s.fails
	}
	return s.shown.Write(p)
}

func (s *screen) Interrupt() {
	s.mu.Lock()
	s.rung = true
	s.mu.Unlock()
	s.cond.Broadcast()
}

func (s *screen) Arm() {
	s.mu.Lock()
	s.rung = false
	s.mu.Unlock()
}

func (s *screen) typed(keys string) {
	s.mu.Lock()
	s.keys = append(s.keys, keys...)
	s.mu.Unlock()
	s.cond.Broadcast()
}

func (s *screen) finish() {
	s.mu.Lock()
	s.end = true
	s.mu.Unlock()
	s.cond.Broadcast()
}

// sitting is a terminal with the test at its keys.
type sitting struct {
	*testing.T
	*Terminal
	screen *screen
	host   *testHost
	last   Result
}

func sit(t *testing.T, tty bool) *sitting {
	s := &sitting{T: t, screen: newScreen(tty), host: &testHost{}}
	s.Terminal = NewTerminal(&Env{Console: s.screen}, s.host)
	return s
}

func (s *sitting) Name() string { return s.Terminal.Name() }

func (s *sitting) types(keys string) *sitting { s.screen.typed(keys); return s }

func (s *sitting) reads(spec ReadSpec, want string) *sitting {
	s.Helper()
	res, err := s.Read(spec)
	require.NoError(s, err)
	s.last = res
	require.Equal(s, want, res.Text.S)
	require.False(s, s.screen.raw, "the terminal is left raw")
	return s
}

func (s *sitting) read(want string) *sitting { s.Helper(); return s.reads(timed(patience), want) }

func (s *sitting) with(params ...string) *sitting {
	s.Helper()
	require.NoError(s, s.Use(positional(params...)))
	return s
}

func (s *sitting) ended(zb string, za int) *sitting {
	s.Helper()
	require.Equal(s, zb, s.State().ZB.S, "$ZB")
	require.Equal(s, za, s.State().ZA, "$ZA")
	return s
}

// shows compares what the screen has been sent since the last time.
func (s *sitting) shows(want string) *sitting {
	s.Helper()
	require.NoError(s, s.flush(BeforeWait))
	require.Equal(s, want, s.screen.shown.String())
	s.screen.shown.Reset()
	return s
}

func (s *sitting) x(want int) *sitting {
	s.Helper()
	require.Equal(s, want, s.State().X, "$X")
	return s
}

func TestTypedRead(t *testing.T) {
	for name, talk := range map[string]func(s *sitting){
		"a line, echoed, without its Return": func(s *sitting) {
			s.types("abc\rrest").read("abc").ended("\r", 0).shows("abc").x(3)
			require.Equal(s, "\r", s.State().Key.S)
		},
		"LF ends it too": func(s *sitting) { s.types("a\n").read("a").ended("\n", 0) },
		"type-ahead is kept for the next READ": func(s *sitting) {
			s.types("one\rtwo\r").read("one").read("two")
		},
		"BS and DEL erase": func(s *sitting) {
			s.types("\babx\x7fc\b\bd\r").read("ad").shows("abx\b \bc\b \b\b \bd").x(2)
		},
		"Ctrl-U erases the line": func(s *sitting) {
			s.types("abc\x15d\r").read("d").shows("abc\b\b\b   \b\b\bd").x(1)
		},
		"Tab is stored and shows as a blank":   func(s *sitting) { s.types("a\tb\r").read("a\tb").shows("a b") },
		"other control characters are nothing": func(s *sitting) { s.types("a\x01\x1ab\r").read("ab").shows("ab") },
		"UTF-8 comes in as characters": func(s *sitting) {
			s.types("h\xc3\xa9\r").read("h\xe9").shows("h\xc3\xa9").x(2)
			s.types("\xe2\x82\xac\r").read("\xac\x20") // €: 16-bit units
			require.True(s, s.last.Text.Wide)
			s.types("\xff\r").read("\xff") // no UTF-8: Latin-1
		},
		"a wide character takes two columns": func(s *sitting) {
			s.types("\xe6\x97\xa5\x7f\r").read("").shows("\n\xe6\x97\xa5\b\b  \b\b"[1:]).x(0)
		},
		"READ x#n ends at n": func(s *sitting) {
			s.types("abcd\r").reads(ReadSpec{Fixed: 2}, "ab").ended("b", 0)
			require.Empty(s, s.State().Key.S)
			s.reads(ReadSpec{Fixed: 9}, "cd").ended("\r", 0)
		},
		"READ *x takes one key": func(s *sitting) {
			s.types("a\r\x7f").reads(ReadSpec{Char: true}, "")
			require.Equal(s, 'a', s.last.Char)
			s.ended("a", 0).shows("a")
			s.reads(ReadSpec{Char: true}, "")
			require.Equal(s, rune(13), s.last.Char)
			s.reads(ReadSpec{Char: true}, "")
			require.Equal(s, rune(127), s.last.Char)
		},
		"a timeout yields what was typed": func(s *sitting) {
			s.types("ab").reads(timed(soon), "ab").ended("", ZATimedOut)
			require.True(s, s.last.TimedOut)
			s.reads(ReadSpec{Char: true, Timed: true}, "")
			require.Equal(s, rune(-1), s.last.Char)
		},
		"a poll takes type-ahead": func(s *sitting) {
			s.types("ab\r").reads(timed(0), "ab")
			require.False(s, s.last.TimedOut)
		},
		"an escape sequence ends it": func(s *sitting) {
			s.types("ab\x1bOPcd\r").read("ab").ended("\x1bOP", 0).read("cd")
			s.types("\x1b[15~").reads(ReadSpec{Char: true}, "").ended("\x1b[15~", 0)
			require.Equal(s, rune(27), s.last.Char)
		},
		"a bad one shows in $ZA": func(s *sitting) {
			s.types("ab\x1b\x01cd\r").read("ab").ended("\x1b", ZABadEscape).read("cd")
			s.types("\x1b[1").read("").ended("\x1b[1", ZABadEscape)
		},
		"R: cursor keys edit and recall": func(s *sitting) {
			s.types("one\rtwo\r").read("one").read("two")
			s.types("\x1b[A\x1b[A!\r").read("one!").types("dra\x1b[A\x1b[B\x1b[D\x1b[Dx\x1b[Cy\r").read("dxrya")
		},
		"-R: cursor keys end the READ": func(s *sitting) {
			s.with("", "-R").types("ab\x1b[A").read("ab").ended("\x1b[A", 0)
		},
		"S: nothing is echoed": func(s *sitting) {
			s.with("", "+S").types("secret\x7f\r").read("secre").shows("").x(0)
			s.with("/ECHO").types("a\r").read("a").shows("a")
			s.with("/ECHO=0").types("b\x1b[A").read("b").shows("")
		},
		"U: letters are upper case": func(s *sitting) { s.with("", "+U").types("aBc\xc3\xa9\r").read("ABC\xc9").shows("ABC\xc3\x89") },
		"T: every control character but the editing ones ends it": func(s *sitting) {
			s.with("", "+T").types("a\x01b\tcx\x7f\r").read("a").ended("\x01", 0).read("b").ended("\t", 0).read("c").ended("\r", 0)
		},
		"I: only explicit terminators": func(s *sitting) {
			s.with("", "I", "\x04").types("a\r\x7f\x1b\x03b\x04").read("a\r\x7f\x1b\x03b").ended("\x04", 0)
			s.with("", "I")
			_, err := s.Read(ReadSpec{})
			require.Equal(s, "TERMINATOR", failure(err))
			s.types("ab\r").reads(ReadSpec{Fixed: 3}, "ab\r")
		},
		"terminators come on top of the protocol's": func(s *sitting) {
			s.with("", "", ";").types("a;b\r").read("a").ended(";", 0).read("b").ended("\r", 0)
			s.with("", "B").types("a;b\r").read("a;b") // a protocol without terminators clears them
		},
		"F and *-1 discard type-ahead": func(s *sitting) {
			s.types("junk\r")
			require.NoError(s, s.Control(1))
			s.reads(timed(0), "").types("junk\r")
			require.NoError(s, s.Control(10))
			s.reads(timed(0), "").with("", "+F").types("junk\r").reads(timed(0), "")
		},
		"P: paper shows what is erased": func(s *sitting) {
			s.with("", "P").types("ab\x7fc\r").read("ac").shows("ab\\bc")
		},
		"Ctrl-C interrupts": func(s *sitting) {
			calls := 0
			s.OnInterrupt = func() { calls++ }
			s.types("ab\x03cd\r")
			_, err := s.Read(ReadSpec{})
			require.ErrorIs(s, err, ErrInterrupted)
			require.Equal(s, 1, calls)
			s.ended("", ZABreak).read("cd")
			s.with("", "-B").types("a\x03b\r").read("ab")
			require.Equal(s, 1, calls)
		},
		"Ctrl-C is a key to READ *x as well": func(s *sitting) {
			s.types("\x03")
			_, err := s.Read(ReadSpec{Char: true})
			require.ErrorIs(s, err, ErrInterrupted)
		},
		"a hang-up is the end": func(s *sitting) {
			s.screen.finish()
			_, err := s.Read(ReadSpec{})
			require.Equal(s, "ENDOFFILE", failure(err))
		},
		"an interrupt while nobody waits does not outlast": func(s *sitting) {
			s.Terminal.Interrupt()
			s.types("a\r").read("a").reads(timed(soon), "")
		},
		"interrupted from elsewhere": func(s *sitting) {
			interrupts(s.T, s.host, WaitRead, func() error { _, err := s.Read(ReadSpec{}); return err })
			s.types("a\r").read("a")
		},
		"$ZMODE": func(s *sitting) {
			require.Equal(s, `RY\Latin1\K\UTF8\`, s.State().Mode)
			s.with("", "IS")
			require.Equal(s, `SIRY\Latin1\K\UTF8\`, s.State().Mode)
			s.with("", "+N").with("/IOTABLE=Latin1")
			require.Equal(s, `SIY\Latin1\K\Latin1\`, s.State().Mode)
			require.Equal(s, "/dev/pts/7", s.Name())
		},
	} {
		t.Run(name, func(t *testing.T) { talk(sit(t, true)) })
	}
}

func TestPipedRead(t *testing.T) {
	for name, talk := range map[string]func(s *sitting){
		"lines end at LF and CR LF": func(s *sitting) {
			s.types("one\ntwo\r\n\nla\rst").screen.finish()
			s.read("one").ended("\n", 0).read("two").ended("\r", 0).read("").read("la\rst").ended("", 0)
			_, err := s.Read(timed(patience))
			require.Equal(s, "ENDOFFILE", failure(err))
			_, err = s.Read(ReadSpec{Char: true})
			require.Equal(s, "ENDOFFILE", failure(err))
			require.Equal(s, "00", s.Name())
		},
		"READ x#n and *x": func(s *sitting) {
			s.types("abcd\nef\n").reads(ReadSpec{Fixed: 2}, "ab").ended("b", 0).reads(ReadSpec{Fixed: 2}, "cd").reads(ReadSpec{Fixed: 5}, "").ended("\n", 0)
			s.reads(ReadSpec{Char: true}, "")
			require.Equal(s, 'e', s.last.Char)
			s.read("f")
		},
		"UTF-8 counts in characters, whole or in pieces": func(s *sitting) {
			s.types("\xc3\xa9\xe2\x82\xacx\n").reads(ReadSpec{Fixed: 1}, "\xe9").reads(ReadSpec{Char: true}, "")
			require.Equal(s, rune(0x20ac), s.last.Char)
			s.read("x").types("\xe2\x82").reads(timed(soon), "\xe2\x82").types("\xac\n")
		},
		"user terminators and upper case": func(s *sitting) {
			s.with("", "U", ";").types("aé;b\n").read("A\xe9").ended(";", 0).read("B")
		},
		"timeouts keep what came": func(s *sitting) {
			s.types("ab").reads(timed(soon), "ab").ended("", ZATimedOut)
			s.types("cd\n").read("cd")
		},
		"interrupt": func(s *sitting) {
			s.types("ab")
			interrupts(s.T, s.host, WaitRead, func() error { _, err := s.Read(ReadSpec{Fixed: 9}); return err })
		},
	} {
		t.Run(name, func(t *testing.T) { talk(sit(t, false)) })
	}
}

func TestTerminalWrite(t *testing.T) {
	wide := Text{S: "\xac\x20\x3d\xd8\x00\xde", Wide: true} // € and 😀
	for name, talk := range map[string]func(s *sitting){
		"characters, format controls and the cursor": func(s *sitting) {
			require.NoError(s, s.Write(Text{S: "abc"}))
			require.NoError(s, s.WriteBytes([]byte("12")))
			require.NoError(s, s.Format(Tab, 8))
			require.Equal(s, 8, s.State().X)
			require.NoError(s, s.Format(Tab, 3))
			require.NoError(s, s.WriteChar('*'))
			require.Equal(s, 8, s.State().X, "WRITE *n does not move $X")
			require.NoError(s, s.Format(Newline, 0))
			s.shows("abc12   *\n").x(0)
			require.Equal(s, 1, s.State().Y)
			require.NoError(s, s.Format(FormFeed, 0))
			s.shows("\r\f")
			require.Zero(s, s.State().Y)
		},
		"control characters move $X and $Y": func(s *sitting) {
			for text, want := range map[string][2]int{"ab\rc": {1, 0}, "ab\nc": {3, 1}, "ab\bc": {2, 0}, "a\tb": {3, 0}, "a\x07": {2, 0}, "a\x01\x7f": {1, 0}, "ab\f": {0, 0}, "\b": {0, 0}} {
				s.State().X, s.State().Y = 0, 0
				require.NoError(s, s.Write(Text{S: text}))
				require.Equal(s, want, [2]int{s.State().X, s.State().Y}, "%q", text)
			}
		},
		"UTF-8 goes out": func(s *sitting) {
			require.NoError(s, s.Write(Text{S: "\xe9"}))
			require.NoError(s, s.Write(wide))
			require.NoError(s, s.WriteChar(0xe9))
			require.NoError(s, s.WriteChar(0x20ac))
			s.shows("é€😀é€").x(4)
		},
		"other tables": func(s *sitting) {
			s.with("/IOTABLE=RAW")
			require.NoError(s, s.Write(Text{S: "\xe9"}))
			s.shows("\xe9")
			require.Equal(s, "WIDE CHAR", failure(s.Write(wide)))
			require.Equal(s, "WIDE CHAR", failure(s.WriteChar(0x20ac)))
			require.Equal(s, "TRANSLATE", failure(s.Use(positional("/IOTABLE=NOSUCH"))))
			require.NoError(s, s.Use(positional("", `+SK\CP1252\`)))
			require.Equal(s, `SRY\Latin1\K\CP1252\`, s.State().Mode) // the T, F and U of a table's name are no protocols
			require.NoError(s, s.WriteChar(0x20ac))
			s.shows("\x80")
		},
		"a margin wraps": func(s *sitting) {
			s.with("4")
			require.NoError(s, s.Write(Text{S: "abcdef\x01"}))
			s.shows("abcd\nef\x01").x(2).with("", "").with("999")
			require.NoError(s, s.Write(Text{S: "ghijkl"}))
			s.shows("ghijkl")
		},
		"output waits for its reasons": func(s *sitting) {
			require.NoError(s, s.Write(Text{S: "a"}))
			require.NoError(s, s.Flush(AtWriteEnd))
			require.Empty(s, s.screen.shown.String())
			require.NoError(s, s.Flush(BeforeWait))
			require.Equal(s, "a", s.screen.shown.String())
			require.NoError(s, s.Write(Text{S: strings.Repeat("x", terminalOutput)}))
			require.Equal(s, terminalOutput+1, s.screen.shown.Len(), "a full buffer is written")
			require.NoError(s, s.Write(Text{S: "b"}))
			require.NoError(s, s.Control(3))
			require.Equal(s, terminalOutput+2, s.screen.shown.Len())
			require.NoError(s, s.Write(Text{S: "?"}))
			s.types("x\n").read("x")
			require.Equal(s, terminalOutput+3, s.screen.shown.Len(), "READ writes first")
			require.NoError(s, s.Write(Text{S: "end"}))
			require.NoError(s, s.Close(nil))
			require.Equal(s, terminalOutput+6, s.screen.shown.Len())
		},
		"a closed output is <WRITE>": func(s *sitting) {
			s.screen.fails = os.ErrClosed
			require.NoError(s, s.Write(Text{S: "a"}))
			require.Equal(s, "WRITE", failure(s.Flush(AtPrompt)))
			require.ErrorIs(s, s.State().Err, os.ErrClosed)
		},
		"/NOXY": func(s *sitting) {
			s.with("/NOXY")
			require.NoError(s, s.Write(Text{S: "abc"}))
			require.NoError(s, s.Format(Newline, 0))
			s.x(0)
			require.Zero(s, s.State().Y)
		},
	} {
		t.Run(name, func(t *testing.T) { talk(sit(t, false)) })
	}
	t.Run("a screen shows at once, with CR LF", func(t *testing.T) {
		s := sit(t, true)
		require.NoError(t, s.Write(Text{S: "a"}))
		require.NoError(t, s.Format(Newline, 0))
		require.NoError(t, s.Flush(AtWriteEnd))
		require.Equal(t, "a\r\n", s.screen.shown.String())
	})
}

// The real console on pipes: deadlines, the wake pipe, the end, a reader that is gone.
func TestPipeConsole(t *testing.T) {
	in, keys, err := os.Pipe()
	require.NoError(t, err)
	screen, out, err := os.Pipe()
	require.NoError(t, err)
	c, err := NewConsole(in, out)
	require.NoError(t, err)
	defer c.(io.Closer).Close()
	require.Equal(t, "00", c.Name())
	require.False(t, c.InputTTY())
	require.False(t, c.OutputTTY())
	require.NoError(t, c.Raw(true))

	b := make([]byte, 16)
	_, err = c.ReadInput(b, past)
	require.ErrorIs(t, err, ErrTimeout)
	start := time.Now()
	_, err = c.ReadInput(b, start.Add(soon))
	require.ErrorIs(t, err, ErrTimeout)
	require.GreaterOrEqual(t, time.Since(start), soon)
	c.Interrupt()
	c.Interrupt()
	_, err = c.ReadInput(b, time.Time{})
	require.ErrorIs(t, err, ErrInterrupted)
	c.Interrupt()
	c.Arm()
	_, err = c.ReadInput(b, past)
	require.ErrorIs(t, err, ErrTimeout)
	_, err = keys.WriteString("abc")
	require.NoError(t, err)
	n, err := c.ReadInput(b, time.Time{})
	require.NoError(t, err)
	require.Equal(t, "abc", string(b[:n]))
	require.NoError(t, keys.Close())
	_, err = c.ReadInput(b, time.Time{})
	require.ErrorIs(t, err, io.EOF)

	n, err = c.WriteOutput([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.NoError(t, screen.Close())
	_, err = c.WriteOutput([]byte("hello"))
	require.True(t, errors.Is(err, brokenPipe), "%v", err)
	require.NoError(t, in.Close())
	require.NoError(t, out.Close())
}

// A real terminal: raw while READ waits, put back afterwards.
func TestTerminalConsole(t *testing.T) {
	keys, tty := openPTY(t)
	c, err := NewConsole(tty, tty)
	require.NoError(t, err)
	defer c.(io.Closer).Close()
	require.True(t, c.InputTTY())
	require.True(t, strings.HasPrefix(c.Name(), "/dev/pts/"), c.Name())
	host := &testHost{entered: make(chan Wait, 1)}
	d := NewTerminal(&Env{Console: c}, host)
	require.NoError(t, d.Write(Text{S: "name? "}))
	done := make(chan Result, 1)
	go func() {
		res, err := d.Read(timed(patience))
		if err != nil {
			t.Error(err)
		}
		done <- res
	}()
	<-host.entered
	require.False(t, cooked(t, tty), "READ waits in raw mode")
	_, err = keys.WriteString("jox\x7fe\r")
	require.NoError(t, err)
	host.drain()
	require.Equal(t, "joe", (<-done).Text.S)
	require.Equal(t, "\r", d.State().ZB.S)
	require.True(t, cooked(t, tty))
	b := make([]byte, 64)
	n, err := io.ReadAtLeast(keys, b, len("name? jox\b \be"))
	require.NoError(t, err)
	require.Equal(t, "name? jox\b \be", string(b[:n]))
	interrupts(t, host, WaitRead, func() error { _, err := d.Read(ReadSpec{}); return err })
	require.True(t, cooked(t, tty))
}

// WRITE "line number ",I,! is what most programs do most.
func BenchmarkTerminalLine(b *testing.B) {
	s := newScreen(false)
	d := NewTerminal(&Env{Console: discard{s}}, quiet{})
	number := []byte("123456")
	b.ReportAllocs()
	for b.Loop() {
		_ = d.Write(Text{S: "line number "})
		_ = d.WriteBytes(number)
		_ = d.Format(Newline, 0)
	}
}

type discard struct{ *screen }

func (discard) WriteOutput(p []byte) (int, error) { return len(p), nil }
