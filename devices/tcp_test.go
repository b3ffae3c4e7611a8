package devices

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// soon is a READ timeout that is meant to expire.
const soon = 30 * time.Millisecond

func timed(d time.Duration) ReadSpec { return ReadSpec{Timed: true, Timeout: d} }

// Every mode letter has its conversation.
func TestModeLetters(t *testing.T) {
	hold(t, []conversation{
		{"A: the first READ returns at the accept", server, []string{"SA", "", "", "", ""}, false, func(c *conv) {
			c.dials().says("hello")
			c.read("").za(ZAServer | ZAConnected).zb("").key("")
			c.expires(timed(soon), "hello")
			c.control(2).za(ZAServer | ZATimedOut)        // only the two live bits move
			c.dials().read("").za(ZAServer | ZAConnected) // rule A17: per connection
		}},
		{"A: READ *x yields -1 at the accept", server, []string{"A"}, false, func(c *conv) {
			c.dials().says("x")
			c.take(ReadSpec{Char: true, Timed: true, Timeout: patience})
			require.Equal(c, rune(-1), c.last.Char)
			require.False(c, c.last.TimedOut)
			c.readChar('x')
		}},
		{"A off: the first READ waits for data", server, []string{"S+T"}, false, func(c *conv) {
			c.dials().says("hello\n").read("hello").za(ZAServer | ZAConnected)
		}},
		{"C: WRITE ! sends CR LF, WRITE # CR FF", client, []string{"C"}, false, func(c *conv) {
			c.write("one").newline().peerGets("one\r\n")
			c.write("two").format(FormFeed, 0).peerGets("two\r\f")
			c.newline().peerGets("\r\n") // rule A11: C alone suffices
		}},
		{"C with T: CR LF and CR FF are one terminator", client, []string{"CTS"}, false, func(c *conv) {
			c.says("a\r\nb\r\fc\nd\r\r\n")
			c.read("a").zb("\r").key("\r").read("b").zb("\r").read("c").zb("\n").read("d").zb("\r").read("").zb("\r")
			c.expires(timed(0), "")
		}},
		{"C with T: the LF may come in the next segment", client, []string{"CTS"}, false, func(c *conv) {
			c.says("a\r").read("a").zb("\r")
			c.says("\nb\r").read("b").zb("\r")
			c.says("\fc\r\n").read("c")
		}},
		{"C with T: a LF more than a second behind stands alone", client, []string{"CTS"}, false, func(c *conv) {
			c.says("a\r").read("a")
			c.clock.forward(2 * time.Second)
			c.expires(timed(0), "").za(ZAConnected | ZATimedOut)
			c.says("\nb\n").read("").zb("\n").read("b")
		}},
		{"C with T: a LF that comes late to a waiting READ stands alone", client, []string{"CTS"}, false, func(c *conv) {
			c.says("a\r").read("a")
			c.host.entered = make(chan Wait, 1)
			done := make(chan struct{})
			go func() {
				defer close(done)
				<-c.host.entered
				c.clock.forward(2 * time.Second)
				c.peer.say("\nb\n")
			}()
			c.read("").zb("\n")
			<-done
			c.read("b").zb("\n")
		}},
		{"C with T: READ *x takes the LF along", client, []string{"CTS"}, false, func(c *conv) {
			c.says("\r\nb").readChar('\r').zb("\r").readChar('b')
			c.says("\r").readChar('\r').says("\nc").readChar('c')
		}},
		{"C without T joins nothing", client, []string{"CS", "\r"}, false, func(c *conv) {
			c.says("a\r\nb\r").read("a").zb("\r").read("\nb").zb("\r")
		}},
		{"D: a disconnect is found without a READ", client, []string{"D"}, true, func(c *conv) {
			require.True(c, c.d.Monitored())
			require.NoError(c, c.d.CheckDisconnect())
			c.says("last").peerFinishes()
			c.hasArrived(4)
			require.NoError(c, c.d.CheckDisconnect(), "unread data hides the close (rule B7)")
			c.za(ZAConnected).read("last")
			require.Equal(c, "DISCONNECT", eventually(c, c.d.CheckDisconnect))
			c.za(ZAError)
			require.False(c, c.d.Monitored())
			c.readFails("READ")
		}},
		{"D: -D and /POLL=0 switch it off", client, []string{"D"}, false, func(c *conv) {
			c.use("", "", "-D")
			require.False(c, c.d.Monitored())
			c.use("/POLL")
			require.True(c, c.d.Monitored())
			c.use("/POLLDISCON=0")
			require.False(c, c.d.Monitored())
		}},
		{"E: an escape sequence ends a READ", client, []string{"ES"}, false, func(c *conv) {
			c.says("ab\x1b[1;5Acd\x1bOPe\x1b7")
			c.read("ab").zb("\x1b[1;5A").key("\x1b[1;5A").za(ZAConnected)
			c.read("cd").zb("\x1bOP").read("e").zb("\x1b7")
		}},
		{"E: a sequence may come in pieces", client, []string{"ES"}, false, func(c *conv) {
			go func() {
				for _, s := range []string{"ab\x1b", "[", "1", "~"} {
					c.says(s)
				}
			}()
			c.read("ab").zb("\x1b[1~").za(ZAConnected)
		}},
		{"E: a bad sequence shows in $ZA", client, []string{"ES"}, false, func(c *conv) {
			c.says("a\x1b[1\rb\n").read("a").zb("\x1b[1").za(ZAConnected | ZABadEscape)
			c.use("", "", "+T").read("").zb("\r").za(ZAConnected).read("b")
		}},
		{"E: a sequence of more than 15 characters is bad", client, []string{"ES"}, false, func(c *conv) {
			c.says("\x1b[12345678901234A").read("").zb("\x1b[1234567890123").za(ZAConnected | ZABadEscape)
			c.expires(timed(0), "4A")
			c.says("\x1b[123456789012A").read("").zb("\x1b[123456789012A").za(ZAConnected)
		}},
		{"E: a sequence that stops is bad after a second", client, []string{"E"}, false, func(c *conv) {
			start := time.Now()
			c.says("\x1b[1").readChar(27).zb("\x1b[1").za(ZAConnected | ZABadEscape)
			require.GreaterOrEqual(c, time.Since(start), escapeWait)
			c.says("\x1b").readChar(27).zb("\x1b").za(ZAConnected | ZABadEscape)
		}},
		{"E off: ESC is data", client, []string{"ST"}, false, func(c *conv) {
			c.says("a\x1b[Ab\n").read("a\x1b[Ab").zb("\n")
		}},
		{"M: lines in both directions", client, []string{"M"}, false, func(c *conv) {
			require.Equal(c, "PSTE", c.d.State().Mode)
			c.write("one").newline().peerGets("one\n")
			c.says("two\nthree\r\n").read("two").zb("\n").read("three").zb("\r").read("").zb("\n")
		}},
		{"P: WRITE ! sends LF, WRITE # FF as a record of its own", client, []string{"P"}, false, func(c *conv) {
			c.write("one").newline().write("two").format(FormFeed, 0).newline().peerGets("one\ntwo\f\n")
			c.sent("one\n", "two", "\f", "\n")
		}},
		{"Q: every WRITE command is a send", client, []string{"Q"}, false, func(c *conv) {
			c.write("one").write("two").sent().flush(AtWriteEnd).sent("onetwo")
			c.write("three").flush(AtWriteEnd).sent("onetwo", "three").peerGets("onetwothree")
			c.flush(AtWriteEnd).sent("onetwo", "three") // rule B20
			c.use("", "", "-Q").write("four").flush(AtWriteEnd).sent("onetwo", "three")
			c.use("/SEN=1").flush(AtWriteEnd).peerGets("four")
		}},
		{"S: READ gathers to its timeout, WRITE overflows into sends", client, []string{"S"}, false, func(c *conv) {
			c.says("abc").expires(timed(soon), "abc").za(ZAConnected | ZATimedOut).zb("").key("")
			c.write(strings.Repeat("x", 1000)).write(strings.Repeat("y", 100)).sent(strings.Repeat("x", 1000))
			c.control(3).peerGets(strings.Repeat("x", 1000) + strings.Repeat("y", 100))
		}},
		{"T: CR, LF and FF each end a READ", client, []string{"T"}, false, func(c *conv) {
			c.says("ab\rcd\nef\f\r\n")
			c.read("ab").zb("\r").key("\r").read("cd").zb("\n").read("ef").zb("\f").read("").zb("\r").read("").zb("\n")
		}},
		{"T gives way to the user's terminators", client, []string{"TS", "\x03\x04"}, false, func(c *conv) {
			c.says("a\r\nb\x03c\x04").read("a\r\nb").zb("\x03").read("c").zb("\x04")
		}},
		{"W: only *-3 sends", client, []string{"PW"}, false, func(c *conv) {
			c.write("one").newline().xy(0, 1).write("two").format(FormFeed, 0).xy(0, 0).flush(AtPrompt).sent()
			c.control(3).sent("one\ntwo\f").peerGets("one\ntwo\f").xy(0, 1)
		}},
	})
}

// eventually calls f until it fails, and returns the name of the failure.
func eventually(c *conv, f func() error) (name string) {
	c.Helper()
	require.Eventually(c, func() bool {
		err := f()
		name = failure(err)
		return err != nil
	}, patience, time.Millisecond)
	return name
}

// READ in packet and stream mode: the rows of spec §3.6.
func TestRead(t *testing.T) {
	long := strings.Repeat("0123456789", 500)
	hold(t, []conversation{
		{"packet: READ takes what is there", client, nil, false, func(c *conv) {
			c.says("hello").read("hello").zb("o").key("").za(ZAConnected)
		}},
		{"packet: records that have arrived are one", client, nil, true, func(c *conv) {
			c.says("ONE").says("TWO").hasArrived(6).read("ONETWO")
		}},
		{"packet: a READ takes no more than ibufsiz", client, nil, true, func(c *conv) {
			c.says(long).hasArrived(len(long))
			c.read(long[:1024]).read(long[1024:2048])
			c.use("", "", "S").readFixed(len(long)-2048, long[2048:])
		}},
		{"packet: a large ibufsiz takes all that has arrived", client, []string{"", "", "32767"}, true, func(c *conv) {
			c.says(long).hasArrived(len(long)).read(long)
		}},
		{"packet: READ ends at a terminator if there is one", client, []string{"", ";"}, false, func(c *conv) {
			c.says("a;bc").read("a").zb(";").key(";").read("bc").zb("").key("")
		}},
		{"packet: READ x#n takes n or what there is", client, nil, false, func(c *conv) {
			c.says("abcdef").readFixed(2, "ab").zb("b").key("").readFixed(9, "cdef").zb("f").key("")
		}},
		{"packet: READ x#n ends at a terminator", client, []string{"T"}, false, func(c *conv) {
			c.says("ab\ncd\n").readFixed(5, "ab").zb("\n").key("\n").readFixed(2, "cd").zb("d").key("").readFixed(2, "").zb("\n")
		}},
		{"packet: READ *x takes one character", client, nil, false, func(c *conv) {
			c.says("a\x00\xff").readChar('a').zb("a").key("a").readChar(0).zb("\x00").readChar(255)
		}},
		{"stream: READ x#n waits for n", client, []string{"S"}, false, func(c *conv) {
			go func() { c.says("ab"); c.says("cd") }()
			c.readFixed(4, "abcd").zb("d").key("")
		}},
		{"stream: READ x#n ends at a terminator", client, []string{"ST"}, false, func(c *conv) {
			c.says("ab\rcd").readFixed(9, "ab").zb("\r").key("\r").readFixed(2, "cd").zb("d").key("")
		}},
		{"stream: READ x#n expires with what there is", client, []string{"S"}, false, func(c *conv) {
			c.says("ab")
			spec := timed(soon)
			spec.Fixed = 4
			c.expires(spec, "ab").za(ZAConnected | ZATimedOut).zb("").key("")
		}},
		{"stream: a record larger than every buffer", client, []string{"ST"}, false, func(c *conv) {
			huge := strings.Repeat(long, 40)
			c.says(huge + "\nnext\n").read(huge).zb("\n").read("next")
		}},
		{"a poll takes what has arrived", client, []string{"S"}, true, func(c *conv) {
			c.expires(timed(0), "").za(ZAConnected | ZATimedOut)
			c.says("ab").hasArrived(2).expires(timed(0), "ab")
			c.says("abc").hasArrived(3).take(ReadSpec{Fixed: 3, Timed: true}).yields("abc")
		}},
		{"READ *x expires with -1", client, nil, false, func(c *conv) {
			c.expires(ReadSpec{Char: true, Timeout: soon}, "").za(ZAConnected | ZATimedOut).zb("")
			require.Equal(c, rune(-1), c.last.Char)
		}},
		{"the timer begins again with data", client, []string{"ST"}, false, func(c *conv) {
			pieces := []string{"a", "b", "c", "d", "e", "f", "\n"}
			go func() {
				for _, s := range pieces {
					time.Sleep(100 * time.Millisecond) // 700 ms in all, against a timeout of 400 ms
					c.says(s)
				}
			}()
			c.take(timed(400 * time.Millisecond)).yields("abcdef")
		}},
		{"/ABSTIMEOUT: it does not", client, []string{"ST", "/ABSTIMEOUT"}, false, func(c *conv) {
			stop := make(chan struct{})
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					select {
					case <-stop:
						return
					case <-time.After(20 * time.Millisecond):
						c.says("a")
					}
				}
			}()
			c.take(timed(200 * time.Millisecond))
			close(stop)
			<-done
			require.True(c, c.last.TimedOut)
			require.NotEmpty(c, c.last.Text.S)
		}},
		{"timeouts from a second on are whole seconds", client, nil, false, func(c *conv) {
			var took time.Duration
			for range 5 { // a busy machine may add as much as the rule takes away
				start := time.Now()
				c.expires(timed(1990*time.Millisecond), "")
				took = time.Since(start)
				require.GreaterOrEqual(c, took, time.Second)
				if took < 1980*time.Millisecond {
					return
				}
			}
			require.Less(c, took, 1980*time.Millisecond)
		}},
		{"shorter ones are hundredths", client, nil, false, func(c *conv) {
			spec := timed(9 * time.Millisecond)
			require.Zero(c, c.d.newClock(&spec).length)
			spec = timed(995 * time.Millisecond)
			require.Equal(c, 990*time.Millisecond, c.d.newClock(&spec).length)
			spec = timed(-time.Second)
			clk := c.d.newClock(&spec)
			require.True(c, clk.polls())
		}},
		{"server: nobody connects", server, nil, false, func(c *conv) {
			c.expires(timed(soon), "").za(ZAServer).zb("") // rule A3: no "timed out" bit
			c.expires(timed(0), "").za(ZAServer)
			c.expires(ReadSpec{Char: true, Timeout: soon}, "")
			require.Equal(c, rune(-1), c.last.Char)
		}},
		{"server: accepted, no data", server, nil, false, func(c *conv) {
			c.accepted().za(ZAServer | ZAConnected)
			c.expires(timed(soon), "").za(ZAServer | ZAConnected | ZATimedOut)
		}},
		{"server: accepted and data", server, nil, false, func(c *conv) {
			c.dials().says("x").read("x").za(ZAServer | ZAConnected)
		}},
		{"server: a poll accepts who is there", server, []string{"A"}, true, func(c *conv) {
			c.dials()
			require.Eventually(c, func() bool { ready, _ := readable(c.d.listener); return ready }, patience, time.Millisecond)
			c.take(timed(0)).yields("").za(ZAServer | ZAConnected)
		}},
		{"one client at a time, the next in its turn", server, nil, false, func(c *conv) {
			c.dials().says("one").read("one")
			first := c.peer
			c.dials().says("two") // queued: it may write
			first.finish()
			c.readFails("READ").za(ZAServer | ZAError).read("two").za(ZAServer | ZAConnected)
		}},
	})
}

// The peer goes: rules A15/B16, B6, B7, B17 and "Effects of Disconnection".
func TestPeerCloses(t *testing.T) {
	hold(t, []conversation{
		{"stream: what was gathered comes first", client, []string{"ST"}, false, func(c *conv) {
			c.says("ab\ncd").peerFinishes()
			c.read("ab").read("cd").zb("").key("").za(ZAConnected)
			c.readFails("READ").za(ZAError).zb("")
			require.Zero(c, c.d.DisconnectCode())
			c.readFails("READ").za(ZAError)
			c.writeFails("x", "WRITE").formatFails(Newline, "WRITE").controlFails(3, "WRITE")
		}},
		{"packet: what had arrived comes first", client, nil, false, func(c *conv) {
			c.says("ab").peerFinishes()
			c.read("ab").readFails("READ").za(ZAError)
		}},
		{"server: the READ after a READ error accepts anew", server, nil, false, func(c *conv) {
			c.dials().says("ab").peerFinishes()
			c.read("ab").readFails("READ").za(ZAServer | ZAError)
			c.writeFails("x", "WRITE")
			c.dials().says("cd").read("cd").za(ZAServer | ZAConnected)
		}},
		{"a half-closed peer still reads", client, []string{"ST"}, true, func(c *conv) {
			c.says("question\n").peerFinishes()
			c.read("question").za(ZAConnected)
			c.write("answer").newline().peerGets("answer").za(ZAConnected)
		}},
		{"reset while reading", client, []string{"ST"}, true, func(c *conv) {
			c.says("ab\n").read("ab")
			c.peerResets().readFails("READ").za(ZAError)
			require.Equal(c, int(syscall.ECONNRESET), c.d.DisconnectCode())
			c.readFails("READ") // for ever, and the reason stays known
			require.Equal(c, int(syscall.ECONNRESET), c.d.DisconnectCode())
		}},
		{"reset before the first READ in A mode", server, []string{"A"}, true, func(c *conv) {
			c.dials()
			c.peerResets()
			c.read("").za(ZAServer | ZAConnected).readFails("READ").za(ZAServer | ZAError)
			c.dials().read("")
		}},
		{"reset while writing: the connection is dropped", server, []string{"S"}, true, func(c *conv) {
			c.dials().says("x").readChar('x')
			c.peerResets()
			name := eventually(c, func() error {
				if err := c.d.Write(Text{S: "y"}); err != nil {
					return err
				}
				return c.d.Format(Newline, 0)
			})
			require.Equal(c, "WRITE", name)
			c.za(ZAServer | ZAError)
			c.dials().says("z").readChar('z').za(ZAServer | ZAConnected) // rule B6: no READ error between
		}},
		{"after the peer's close the first WRITE may pass, later ones fail", client, []string{"S"}, true, func(c *conv) {
			c.peer.close()
			name := eventually(c, func() error {
				if err := c.d.Write(Text{S: "y"}); err != nil {
					return err
				}
				return c.d.Control(3)
			})
			require.Equal(c, "WRITE", name)
			c.writeFails("x", "WRITE").readFails("READ")
		}},
		{"a client whose connection died stays dead until CLOSE", client, nil, false, func(c *conv) {
			c.peerFinishes().readFails("READ")
			require.Equal(c, "COMMAND", failure(c.d.Reopen(positional("127.0.0.1", "1"))))
			c.readFails("READ")
		}},
		{"an escape sequence cut off by the close", client, []string{"ES"}, false, func(c *conv) {
			c.says("ab\x1b[1").peerFinishes()
			c.read("ab").zb("\x1b[1").za(ZAConnected | ZABadEscape).readFails("READ")
		}},
	})
}

// WRITE: the rows of spec §3.7.
func TestWrite(t *testing.T) {
	kilobyte := strings.Repeat("x", 1024)
	hold(t, []conversation{
		{"packet: nothing leaves before WRITE !", client, nil, false, func(c *conv) {
			c.write("ONE").xy(3, 0).write("TWO").xy(6, 0).sent().newline().xy(0, 1).sent("ONETWO").peerGets("ONETWO")
		}},
		{"packet: WRITE # sends without FF", client, nil, false, func(c *conv) {
			c.write("a").newline().newlineAfter("b").xy(0, 2)
			c.write("c").format(FormFeed, 0).xy(0, 0).peerGets("abc")
		}},
		{"packet: the empty string is <COMMAND>", client, nil, false, func(c *conv) {
			c.writeFails("", "COMMAND")
			require.Equal(c, "COMMAND", failure(c.d.WriteBytes(nil)))
		}},
		{"packet: an empty flush is <WRITE>, *-3 nothing", client, nil, false, func(c *conv) {
			c.formatFails(Newline, "WRITE").formatFails(FormFeed, "WRITE").controlFails(1, "WRITE")
			c.control(3).xy(0, 0).za(ZAConnected).sent()
		}},
		{"packet: 1024 characters and no more", client, nil, false, func(c *conv) {
			c.writeFails(kilobyte+"x", "WRITE")
			c.write(kilobyte).writeFails("x", "WRITE").xy(1024, 0)
			c.newline().peerGets(kilobyte) // the buffer was left as it was
			c.za(ZAConnected)
		}},
		{"packet: P finds room behind a full buffer", client, []string{"P"}, false, func(c *conv) {
			c.write(kilobyte).newline().sent(kilobyte + "\n")
		}},
		{"packet: in W mode the terminator counts against the buffer", client, []string{"PW"}, false, func(c *conv) {
			c.write(kilobyte).formatFails(Newline, "WRITE").control(3).peerGets(kilobyte)
		}},
		{"packet: *-1 sends", client, nil, false, func(c *conv) {
			c.write("a").control(1).xy(0, 1).peerGets("a")
		}},
		{"stream: empty writes and flushes are nothing", client, []string{"S"}, false, func(c *conv) {
			c.write("").newline().xy(0, 1).format(FormFeed, 0).xy(0, 0).control(1).control(3).xy(0, 0).sent()
		}},
		{"stream: a string longer than the buffer goes in pieces", client, []string{"S"}, false, func(c *conv) {
			c.write("ab").write(strings.Repeat("y", 2500)).xy(2502, 0)
			c.sent("ab", strings.Repeat("y", 1024), strings.Repeat("y", 1024))
			c.control(3).peerGets("ab" + strings.Repeat("y", 2500))
		}},
		{"$X does not count CR and LF", client, nil, false, func(c *conv) {
			c.write("ab\r\ncd").xy(4, 0)
			require.NoError(c, c.d.WriteBytes([]byte("e\n")))
			c.xy(5, 0)
			require.NoError(c, c.d.WriteChar('f'))
			require.NoError(c, c.d.WriteChar('\n'))
			c.xy(6, 0).newline().peerGets("ab\r\ncde\nf\n")
		}},
		{"?n pads with blanks", client, nil, false, func(c *conv) {
			c.write("ab").format(Tab, 5).xy(5, 0).write("c").format(Tab, 3).xy(6, 0).format(Tab, 600).xy(600, 0)
			c.newline().peerGets("ab   c" + strings.Repeat(" ", 594))
		}},
		{"/NOXY leaves $X and $Y alone", client, []string{"S", "/NOXY"}, false, func(c *conv) {
			c.write("ab").newline().xy(0, 0).format(Tab, 5).control(3).xy(0, 0)
		}},
		{"characters above 255 do not fit a RAW device", client, []string{"S"}, false, func(c *conv) {
			require.Equal(c, "WIDE CHAR", failure(c.d.Write(Text{S: "\x00\x04", Wide: true})))
			require.Equal(c, "WIDE CHAR", failure(c.d.WriteChar(1024)))
			c.write("\xe9").control(3).peerGets("\xe9")
		}},
		{"*-10 belongs to terminals, other codes to nobody", client, nil, false, func(c *conv) {
			c.control(10).controlFails(17, "COMMAND")
		}},
		{"the prompt sends what is pending", client, nil, false, func(c *conv) {
			c.write("ONE").newline().write("TWO").sent("ONE").flush(BeforeWait).sent("ONE").flush(AtPrompt).peerGets("ONETWO")
		}},
		{"READ does not send what is pending", client, nil, false, func(c *conv) {
			c.write("pending").says("x").read("x").sent().xy(7, 0)
		}},
		{"server without a connection: <WRITE>", server, nil, false, func(c *conv) {
			c.writeFails("x", "WRITE").formatFails(Newline, "WRITE").controlFails(3, "WRITE").za(ZAServer)
			require.Equal(c, "WRITE", failure(c.d.WriteChar('x')))
			c.flush(AtPrompt).flush(AtWriteEnd)
		}},
		{"/OBUFSIZE sets the longest record", client, []string{"", "", "", "4096"}, false, func(c *conv) {
			s := strings.Repeat("z", 4096)
			c.write(s).writeFails("x", "WRITE").newline().peerGets(s)
		}},
	})
}

// newlineAfter writes s and ends the record.
func (c *conv) newlineAfter(s string) *conv { c.Helper(); return c.write(s).newline() }

// WRITE *-2, USE "DISCONNECT" and CLOSE: rule B5, "Closing the Connection".
func TestDisconnect(t *testing.T) {
	for _, spelling := range []struct {
		name string
		do   func(c *conv)
	}{
		{"*-2", func(c *conv) { c.control(2) }},
		{"DISCONNECT", func(c *conv) { c.use("DISCONNECT") }},
		{"disconnect by keyword position", func(c *conv) { c.use("disconnect", "", "+") }},
	} {
		hold(t, []conversation{
			{spelling.name + " flushes and listens on", server, []string{"S"}, false, func(c *conv) {
				c.dials().says("one unread").readFixed(3, "one").write("bye")
				spelling.do(c)
				c.za(ZAServer).xy(0, 0).peerGets("bye")
				c.peer.seesEnd()
				c.dials().says("two").readFixed(3, "two").za(ZAServer | ZAConnected)
			}},
			{spelling.name + " discards under /CLOSEFLUSH=0", server, []string{"S", "/CLOSEFLUSH=0"}, false, func(c *conv) {
				c.dials().says("one").readFixed(3, "one").write("bye")
				spelling.do(c)
				c.peer.seesEnd()
				c.sent()
			}},
			{spelling.name + " without a connection, or on a client, does nothing", server, nil, false, func(c *conv) {
				spelling.do(c)
				c.za(ZAServer)
			}},
			{spelling.name + " on a client does nothing", client, nil, false, func(c *conv) {
				spelling.do(c)
				c.za(ZAConnected).says("x").read("x")
			}},
		})
	}
	hold(t, []conversation{
		{"CLOSE flushes", client, nil, false, func(c *conv) {
			c.write("last words")
			require.NoError(c, c.d.Close(nil))
			c.peerGets("last words").peer.seesEnd()
		}},
		{"CLOSE discards under /CLOSEFLUSH=0", client, []string{"/CLOSEFLUSH=0"}, false, func(c *conv) {
			c.write("last words")
			require.NoError(c, c.d.Close(nil))
			c.peer.seesEnd()
		}},
		{"/CLOSELISTEN takes one client only", server, []string{"", "/CLOSELISTEN"}, false, func(c *conv) {
			c.dials().says("x").read("x").za(ZAServer | ZAConnected)
			require.False(c, c.d.Listening())
			c.peerFinishes().readFails("READ").readFails("READ").za(ZAServer | ZAError)
		}},
	})
}

// JOB: rule B10 and the section "Job Command with TCP Devices".
func TestInherit(t *testing.T) {
	hold(t, []conversation{
		{"the child goes on, the parent listens", server, []string{"MA"}, false, func(c *conv) {
			c.dials().read("").write("before")
			parent := c.inherit()
			require.Equal(c, ZAServer, parent.State().ZA)
			require.Equal(c, "|TCP|1", c.d.Name())
			require.Equal(c, "S", c.d.State().Mode)
			c.za(ZAConnected).peerGets("before") // the parent's output goes first
			c.write("1234").newline().sent("before", "1234").peerGets("1234")
			c.use("", "", "M").write("5").newline().peerGets("5\n")
			c.says("more\n").read("more")
			require.Equal(c, "WRITE", failure(parent.Write(Text{S: "x"})))
			second := newPeer(c.T, c.connect())
			c.peers = append(c.peers, second)
			res, err := parent.Read(timed(patience))
			require.NoError(c, err)
			require.Equal(c, Result{Char: -1}, res)
			require.Equal(c, ZAServer|ZAConnected, parent.State().ZA)
		}},
		{"unread input travels", server, []string{"T", ";"}, false, func(c *conv) {
			c.dials().says("one;two three").read("one")
			c.inherit()
			c.readFixed(3, "two").readFixed(6, " three")
		}},
		{"a LF owed to a CR travels", server, []string{"CTS"}, false, func(c *conv) {
			c.dials().says("one\r").read("one").zb("\r")
			c.inherit()
			c.says("\nbody").readFixed(4, "body")
		}},
		{"buffer sizes travel", server, []string{"", "", "", "2048"}, false, func(c *conv) {
			c.dials().says("x").read("x")
			c.inherit()
			c.use("", "", "-S").write(strings.Repeat("x", 2048)).writeFails("x", "WRITE")
		}},
		{"the parent's timeouts do not", server, []string{"S"}, false, func(c *conv) {
			c.dials().says("x").readChar('x').expires(timed(soon), "")
			c.inherit()
			c.says("yz")
			res, err := c.d.Read(ReadSpec{Fixed: 2})
			require.NoError(c, err)
			require.Equal(c, "yz", res.Text.S)
		}},
		{"an accept that A mode has not reported is not the child's", server, []string{"A"}, false, func(c *conv) {
			c.accepted()
			c.d.stream.fresh = true
			c.inherit()
			c.use("", "", "+A").says("x").readFixed(1, "x")
		}},
		{"without a connection there is nothing to hand over", server, nil, false, func(c *conv) {
			_, err := c.d.Inherit(c.host)
			require.Equal(c, "NOJOB", failure(err))
		}},
		{"a client's connection is not handed over", client, nil, false, func(c *conv) {
			_, err := c.d.Inherit(c.host)
			require.Equal(c, "NOJOB", failure(err))
			c.za(ZAConnected)
		}},
		{"output that does not go out keeps the connection with the parent", server, []string{"S"}, true, func(c *conv) {
			c.accepted()
			c.d.opt.writeLimit = 50 * time.Millisecond
			defer c.clog()()
			_, err := c.d.Inherit(c.host)
			require.Equal(c, "TCPWRITE", failure(err))
			c.za(ZAServer|ZAConnected).says("on").readFixed(2, "on")
		}},
		{"after /CLOSELISTEN the parent is dead", server, []string{"S", "/CLOSELISTEN"}, false, func(c *conv) {
			c.dials().says("x").readChar('x')
			parent := c.inherit()
			c.says("y").readChar('y')
			_, err := parent.Read(timed(patience))
			require.Equal(c, "READ", failure(err))
		}},
	})
}

// USE: replacing and signed mode strings, terminators, the LF owed to a CR.
func TestUse(t *testing.T) {
	hold(t, []conversation{
		{"a mode string replaces modes and terminators", client, []string{"S", ";"}, false, func(c *conv) {
			c.says("a;b\n").read("a").zb(";")
			c.use("", "", "PSTE").read("b").zb("\n")
			require.Equal(c, "PSTE", c.d.State().Mode)
		}},
		{"signs change modes and keep terminators", client, []string{"QS", ";"}, false, func(c *conv) {
			c.use("", "", "-Q+W").says("a;").read("a").zb(";")
			require.Equal(c, "SW", c.d.State().Mode)
		}},
		{`"+" with terminators sets only those`, client, []string{"S"}, false, func(c *conv) {
			c.use("", "", "+", "\x03\x04").says("a\x03b\x04").read("a").zb("\x03").read("b").zb("\x04")
			require.Equal(c, "S", c.d.State().Mode)
		}},
		{"terminators stay with the mode string that brings them", client, nil, false, func(c *conv) {
			c.use("", "", "S", ",").says("a,").read("a").zb(",")
			c.use("/TERMINATOR=;", "", "S").says("b;").read("b").zb(";")
		}},
		{"the LF owed to a CR is dropped in whatever mode", client, []string{"CTS"}, false, func(c *conv) {
			c.says("Content-Length: 4\r").read("Content-Length: 4")
			c.says("\n\r").read("").zb("\r")
			c.use("", "", "S").says("\nbody").readFixed(4, "body")
		}},
		{"a server's second OPEN ignores host and port", server, nil, false, func(c *conv) {
			require.NoError(c, c.d.Reopen(positional("127.0.0.1", "1", "S")))
			require.Equal(c, "S", c.d.State().Mode)
			c.dials().says("x").readChar('x')
		}},
		{"a connected client's second OPEN is <COMMAND>", client, []string{"S"}, false, func(c *conv) {
			require.Equal(c, "COMMAND", failure(c.d.Reopen(positional("/HOSTNAME=127.0.0.1"))))
			require.NoError(c, c.d.Reopen(positional("", "", "ST")))
			require.NoError(c, c.d.Reopen(positional("/HOSTNAME=")))
			require.Equal(c, "ST", c.d.State().Mode)
			c.use("elsewhere", "1", "S") // USE does not look at them
			c.says("x").readChar('x')
		}},
		{"what is not built says so", client, nil, false, func(c *conv) {
			for _, p := range []string{"/COMPRESS=zstd"} {
				require.Equal(c, "UNIMPLEMENTED", failure(c.d.Use(positional(p))), p)
			}
			c.use("/TLS=", "/GZIP=0", "/IOTABLE=RAW", "/COMPRESS=", "/XYTABLE=x", "/NOSUCH=1").says("x").read("x")
		}},
	})
}

// /WRITETIMEOUT: <TCPWRITE>, and no write after it.
func TestWriteTimeout(t *testing.T) {
	hold(t, []conversation{
		{"a send that takes too long", client, []string{"S", "/WRITETIMEOUT=1"}, false, func(c *conv) {
			require.Equal(c, minWriteLimit, c.d.opt.writeLimit)
			c.d.opt.writeLimit = 50 * time.Millisecond
			defer c.clog()()
			require.Equal(c, "TCPWRITE", failure(c.d.Control(3)))
			sends := len(c.host.sends())
			require.Equal(c, "TCPWRITE", failure(c.d.Control(3)))
			require.Len(c, c.host.sends(), sends, "nothing is sent after <TCPWRITE>")
		}},
		{"-1 is no limit", client, []string{"S", "/WRITETIMEOUT=5"}, false, func(c *conv) {
			c.use("/WRITETIMEOUT=-1")
			require.Zero(c, c.d.opt.writeLimit)
		}},
	})
}

// clogSize is more than the system's buffers of both ends hold.
const clogSize = 24 << 20

// clog stops the peer reading, until release, and fills the output buffer with more than
// the system takes.
func (c *conv) clog() (release func()) {
	c.Helper()
	c.peer.mu.Lock() // its reader blocks on the first bytes it gets
	c.d.stream.out.limit = 2 * clogSize
	c.write(strings.Repeat("x", clogSize))
	return c.peer.mu.Unlock
}
