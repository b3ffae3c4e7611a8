package devices

import (
	"bytes"
	stdgzip "compress/gzip"
	"hash/crc32"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// packed is s as one compressed stream of Go's own library.
func packed(s string) string {
	var b bytes.Buffer
	w := stdgzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// unpacked reads compressed streams as Go's own library does, in whole or up to where
// they have come.
func unpacked(t *testing.T, s string) (text string, whole bool) {
	t.Helper()
	r, err := stdgzip.NewReader(strings.NewReader(s))
	require.NoError(t, err)
	b, err := io.ReadAll(r)
	if err != nil {
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	}
	return string(b), err == nil
}

// collected waits until the peer has got something that f accepts, and takes it.
func (p *peer) collected(f func(got string) bool) string {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	timer := time.AfterFunc(patience, p.cond.Broadcast)
	defer timer.Stop()
	for start := time.Now(); !f(p.got.String()); p.cond.Wait() {
		require.Less(p.t, time.Since(start), patience, "peer has %q", p.got.String())
	}
	s := p.got.String()
	p.got.Reset()
	return s
}

// ends reads on to the end of a compressed stream, which may come behind its text.
func (c *conv) ends() *conv {
	c.Helper()
	for !c.d.State().EOS {
		c.read("")
	}
	return c
}

func (c *conv) eos(want bool) *conv {
	c.Helper()
	require.Equal(c, want, c.d.State().EOS, "$ZEOS")
	return c
}

// /GZIP: the manual's keyword, WRITE *-3 and *-99, and $ZEOS.
func TestGZIP(t *testing.T) {
	whole := func(c *conv, want string) func(string) bool {
		return func(got string) bool {
			if len(got) < 18 {
				return false
			}
			text, all := unpacked(c.T, got)
			return all && text == want
		}
	}
	part := func(c *conv, want string) func(string) bool {
		return func(got string) bool {
			if len(got) < 10 {
				return false
			}
			text, all := unpacked(c.T, got)
			return !all && text == want
		}
	}
	noise := func(n int) string {
		b := make([]byte, n)
		rand.New(rand.NewSource(1)).Read(b)
		return string(b)
	}
	hold(t, []conversation{
		{"*-99 ends a compressed stream", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			c.write("hello ").write("world").xy(11, 0).control(99).xy(0, 1)
			c.peer.collected(whole(c, "hello world"))
			c.write("again").control(99)
			c.peer.collected(whole(c, "again"))
			c.control(99).control(3).xy(0, 2).sent("hello world", "again") // nothing more to end
		}},
		{"*-3 sends without an end, and so does WRITE !", client, []string{"P", "/GZIP=1"}, false, func(c *conv) {
			c.write("one").control(3)
			first := c.peer.collected(part(c, "one"))
			c.write("two").newline()
			both := func(rest string) bool { return part(c, "onetwo\n")(first + rest) }
			second := c.peer.collected(both)
			c.control(99).xy(0, 3)
			c.peer.collected(func(rest string) bool { return whole(c, "onetwo\n")(first + second + rest) })
		}},
		{"packet mode's errors are those of the plain buffer", client, []string{"/GZIP"}, false, func(c *conv) {
			c.writeFails("", "COMMAND").formatFails(Newline, "WRITE").controlFails(1, "WRITE").control(99)
			c.writeFails(strings.Repeat("x", 1025), "WRITE").write(strings.Repeat("x", 1024)).writeFails("x", "WRITE").control(99)
			c.peer.collected(whole(c, strings.Repeat("x", 1024)))
		}},
		{"stream mode overflows without breaking the stream up", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			text := strings.Repeat("the quick brown fox ", 5000)
			for i := 0; i < len(text); i += 1000 {
				c.write(text[i:min(i+1000, len(text))])
			}
			c.control(3)
			got := c.peer.collected(part(c, text))
			require.Less(c, len(got), len(text)/50)
		}},
		{"*-3 sends what an overflow left with the compressor", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			c.write(strings.Repeat("x", 2048)).control(3)
			c.peer.collected(part(c, strings.Repeat("x", 2048)))
		}},
		{"Q sends each WRITE command", client, []string{"QS", "/GZIP"}, false, func(c *conv) {
			c.write("now").flush(AtWriteEnd)
			c.peer.collected(part(c, "now"))
		}},
		{"CLOSE ends the stream", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			c.write("last")
			require.NoError(c, c.d.Close(nil))
			c.peer.collected(whole(c, "last"))
		}},
		{"CLOSE under /CLOSEFLUSH=0 does not", client, []string{"S", "/GZIP", "/CLOSEFLUSH=0"}, false, func(c *conv) {
			c.write("last")
			require.NoError(c, c.d.Close(nil))
			c.peer.seesEnd()
		}},
		{"*-2 ends the stream", server, []string{"S", "/GZIP"}, false, func(c *conv) {
			c.dials().says(packed("x")).readChar('x').write("bye").control(2)
			c.peer.collected(whole(c, "bye"))
			c.dials().says(packed("y")).readChar('y').eos(true) // the next client begins anew
		}},
		{"READ decompresses, and its last one shows $ZEOS", client, []string{"ST", "/GZIP"}, true, func(c *conv) {
			z := packed("one\ntwo\n")
			c.says(z).hasArrived(len(z)).read("one").zb("\n").eos(false).read("two").eos(true)
			z = packed("rest")
			c.says(z + z).hasArrived(2 * len(z)).read("rest").zb("").key("").eos(true).read("rest").eos(true)
			c.expires(timed(soon), "").eos(false)
		}},
		{"an end that comes late is a READ of its own", client, []string{"ST", "/GZIP"}, true, func(c *conv) {
			var b bytes.Buffer
			w := stdgzip.NewWriter(&b)
			_, _ = w.Write([]byte("one\n"))
			_ = w.Flush() // as *-3 does
			flushed := b.String()
			_ = w.Close()
			end := b.String()[len(flushed):]
			c.says(flushed).read("one").eos(false)
			c.says(end).read("").zb("").eos(true).za(ZAConnected)
			c.says(flushed)
			for _, x := range "one\n" {
				c.readChar(x).eos(false)
			}
			c.says(end).take(ReadSpec{Char: true})
			require.Equal(c, rune(-1), c.last.Char)
			c.eos(true)
		}},
		{"text does not wait for its trailer", client, []string{"ST", "/GZIP"}, true, func(c *conv) {
			z := packed("first")
			c.says(z[:len(z)-8]).readFixed(5, "first").eos(false)
			z2 := packed("second")
			c.says(z[len(z)-8:] + z2).read("").eos(true).read("second").eos(true)
			z2 = z2[:len(z2)-1] + "!" // a length that is wrong
			c.says(z2).read("second").eos(false).readFails("READ")
		}},
		{"everything that a header may hold", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			var b bytes.Buffer
			w := stdgzip.NewWriter(&b)
			w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra\x00field")
			_, _ = w.Write([]byte("text"))
			_ = w.Close()
			c.says(b.String()).readFixed(4, "text").ends()
			checked := b.Bytes()
			checked[3] |= zipHeaderSum
			end := bytes.Index(checked, []byte("comment")) + len("comment\x00")
			sum := crc32.ChecksumIEEE(checked[:end])
			c.says(string(checked[:end])+string([]byte{byte(sum), byte(sum >> 8)})+string(checked[end:])).readFixed(4, "text").ends()
			c.says(string(checked)).readFails("READ") // the checksum of its header is missing
		}},
		{"byte by byte", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			go func() {
				for _, b := range []byte(packed("slow")) {
					c.says(string([]byte{b}))
				}
			}()
			c.readFixed(2, "sl").take(ReadSpec{}).yields("ow").eos(true)
		}},
		{"timeouts and polls lose nothing", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			z := packed(noise(3000))
			c.says(z[:5]).hasArrived(5).expires(timed(0), "").za(ZAConnected | ZATimedOut)
			c.says(z[5:1500]).hasArrived(1495).expires(timed(soon), "") // one stored block: its data may stay whole
			c.says(z[1500:]).take(ReadSpec{Fixed: 3000}).yields(noise(3000)).eos(true)
		}},
		{"interrupts lose nothing", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			z := packed("abc")
			c.says(z[:12]).hasArrived(12).expires(timed(0), "").interruptsRead(WaitRead, ReadSpec{}).interruptsRead(WaitRead, timed(patience))
			c.says(z[12:]).read("abc").eos(true)
		}},
		{"a packet is all that has arrived", client, []string{"", "", "32767", "/GZIP"}, true, func(c *conv) {
			z := packed(noise(20000))
			c.says(z).hasArrived(len(z)).read(noise(20000)).eos(true)
		}},
		{"much from little", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			text := strings.Repeat("x", MaxString+10)
			c.says(packed(text)).read(text[:MaxString]).eos(false).read("xxxxxxxxxx").eos(true)
		}},
		{"/GZIP=0 in the middle of a stream is <TRANSLATE>", client, []string{"ST", "/GZIP"}, false, func(c *conv) {
			c.says(packed("one\ntwo\n")).read("one")
			require.Equal(c, "TRANSLATE", failure(c.d.Use(positional("", "", "S", "/GZIP=0"))))
			require.Equal(c, "ST", c.d.State().Mode) // nothing of that USE holds
			c.read("two")
			for !c.d.State().EOS {
				c.take(timed(patience))
			}
			c.use("/GZIP=0").eos(false).says("plain\n").read("plain")
		}},
		{"on behind a header and off behind the body, not a byte astray", client, []string{"CT"}, true, func(c *conv) {
			all := "Content-Encoding: gzip\r\n\r\n" + packed("the body") + "next\r\n"
			c.says(all).hasArrived(len(all)).read("Content-Encoding: gzip").read("")
			c.use("", "", "S", "/GZIP").readFixed(8, "the body").eos(true)
			c.use("", "", "CT", "/GZIP=0").read("next")
		}},
		{"the LF of a header's last CR comes after the switch", client, []string{"CTS"}, false, func(c *conv) {
			c.says("\r").read("")
			c.use("", "", "S", "/GZIP").says("\n"+packed("body")).readFixed(4, "body")
		}},
		{"what was written before the switch goes as it was", client, []string{"S"}, false, func(c *conv) {
			c.write("plain").use("/GZIP").peerGets("plain").write("zipped").use("/GZIP=0")
			c.peer.collected(whole(c, "zipped"))
			c.write("plain").control(99).peerGets("plain")
		}},
		{"$ZEOS of several streams, then the peer's end", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			z := packed("a")
			c.says(z + z).peerFinishes().hasArrived(2 * len(z))
			c.read("a").eos(true).read("a").eos(true).readFails("READ").eos(false).za(ZAError)
			require.Zero(c, c.d.DisconnectCode())
		}},
		{"a stream that the peer breaks off", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			var b bytes.Buffer
			w := stdgzip.NewWriter(&b)
			_, _ = w.Write([]byte("half"))
			_ = w.Flush()
			c.says(b.String()).peerFinishes()
			c.read("half").eos(false).readFails("READ").za(ZAError).eos(false)
		}},
		{"what is no compressed stream", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			c.says("HTTP/1.1 400 Bad Request\r\n").readFails("READ").za(ZAError)
		}},
		{"a damaged stream gives nothing wrong unnoticed", client, []string{"S", "/GZIP"}, false, func(c *conv) {
			z := []byte(packed("text that is checked"))
			z[len(z)-6] ^= 1 // its checksum
			c.says(string(z)).read("text that is checked").eos(false).readFails("READ")
		}},
		{"translation is inside", client, []string{"ST", "/GZIP", "/IOTABLE=UTF8"}, false, func(c *conv) {
			require.NoError(c, c.d.Write(chars("é€")))
			c.control(99).peer.collected(whole(c, "é€"))
			c.says(packed("日本\n")).take(timed(patience))
			require.Equal(c, chars("日本"), c.last.Text)
		}},
		{"it travels with JOB, in the middle of a stream", server, []string{"ST", "/GZIP"}, false, func(c *conv) {
			c.dials().says(packed("one\ntwo\n")).read("one").write("from the parent")
			c.inherit()
			first := c.peer.collected(part(c, "from the parent"))
			c.use("", "", "ST").read("two").write(" and child").control(99)
			c.peer.collected(func(rest string) bool { return whole(c, "from the parent and child")(first + rest) })
		}},
		{"D mode does not take unread compressed input for the end", client, []string{"SD", "/GZIP"}, true, func(c *conv) {
			z := packed("abc")
			c.says(z).hasArrived(len(z)).readFixed(1, "a").peerFinishes()
			require.NoError(c, c.d.CheckDisconnect())
			c.readFixed(2, "bc").eos(true)
			require.Equal(c, "DISCONNECT", eventually(c, c.d.CheckDisconnect))
		}},
		{"/COMPRESS=zlib is another spelling", client, []string{"S", "/COMPRESS=zlib"}, false, func(c *conv) {
			c.says(packed("x")).readFixed(1, "x").use("/COMPRESS=").says("plain").readFixed(5, "plain")
		}},
		{"two devices", server, []string{"ST", "/GZIP"}, true, func(c *conv) {
			_, port, _ := net.SplitHostPort(c.d.LocalAddr().String())
			d, err := open(&Env{}, &testHost{}, "|TCP|2", patience, "127.0.0.1", port, "PST", "", "", "", "/GZIP=1")
			require.NoError(c, err)
			for _, s := range []string{"one", "", noise(100)} {
				s = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "\n", ""), "\r", ""), "\f", "")
				require.NoError(c, d.Write(Text{S: s}))
				require.NoError(c, d.Format(Newline, 0))
				c.read(s).zb("\n")
			}
			require.NoError(c, d.Control(99))
			c.read("").zb("").eos(true)
			require.NoError(c, d.Close(nil))
		}},
	})
}

// Compression above TLS: what is compressed is encrypted, and both end in their own time.
func TestGZIPOverTLS(t *testing.T) {
	text := strings.Repeat("0123456789 abcdef ", 5000)
	holdOver(t, overTLS, []conversation{
		{"server", server, onServer("ST", "/GZIP"), false, func(c *conv) {
			z := packed("one\ntwo\n")
			c.dials().says(z).read("one").eos(false).read("two").ends().write(text).control(99)
			c.peer.collected(func(got string) bool {
				if len(got) < 18 {
					return false
				}
				all, whole := unpacked(c.T, got)
				return whole && all == text
			})
			c.says(packed("bye")).peerFinishes().read("bye").eos(true).readFails("READ")
		}},
		{"client, much of it", client, onClient("S", "/GZIP"), false, func(c *conv) {
			c.says(packed(text)).readFixed(len(text), text)
		}},
		{"timeouts and polls lose nothing", client, onClient("S", "/GZIP"), true, func(c *conv) {
			z := packed("abc")
			c.says(z[:5]).expires(timed(soon), "").expires(timed(0), "")
			c.says(z[5:]).read("abc").eos(true)
		}},
		{"switched on and off over one connection", client, onClient("CT"), false, func(c *conv) {
			c.says("header\r\n").read("header").use("", "", "S", "/GZIP").says(packed("body"))
			c.readFixed(4, "body").ends().use("", "", "CT", "/GZIP=0").says("next\r\n").read("next").write("plain").control(3).peerGets("plain")
		}},
	})
}

// The plain path does not know of /GZIP: not a coroutine, not a buffer.
func TestGZIPOffCostsNothing(t *testing.T) {
	hold(t, []conversation{{"plain", client, []string{"S"}, false, func(c *conv) {
		require.Nil(c, c.d.stream.zip)
		require.True(c, c.d.plain)
		c.use("/GZIP")
		require.False(c, c.d.plain)
		c.use("/GZIP=0")
		require.True(c, c.d.plain)
		require.Nil(c, c.d.stream.zip)
	}}})
}

// gzip(1) reads what a device writes, and the other way round.
func TestGZIPProgram(t *testing.T) {
	program, err := exec.LookPath("gzip")
	if err != nil {
		t.Skip("no gzip here")
	}
	text := strings.Repeat("ObjectScript over TCP\n", 3000)
	hold(t, []conversation{
		{"gzip -d", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			c.write(text).control(3).write("tail").control(99)
			var out bytes.Buffer
			c.peer.collected(func(got string) bool {
				cmd := exec.Command(program, "-dc")
				cmd.Stdin = strings.NewReader(got)
				out.Reset()
				cmd.Stdout = &out
				return cmd.Run() == nil
			})
			require.Equal(c, text+"tail", out.String())
		}},
		{"gzip -9", client, []string{"S", "/GZIP"}, true, func(c *conv) {
			cmd := exec.Command(program, "-9c")
			cmd.Stdin = strings.NewReader(text)
			out, err := cmd.Output()
			require.NoError(c, err)
			c.says(string(out)).readFixed(len(text), text).eos(true)
		}},
	})
}

// An HTTP response that a device compresses, read by curl and by Go's client, and one
// that Go's server compresses, read by a device.
func TestGZIPOverHTTP(t *testing.T) {
	body := strings.Repeat("<p>page</p>\n", 2000)
	serve := func(c *conv) (url string, done chan struct{}) {
		done = make(chan struct{})
		_, port, _ := net.SplitHostPort(c.d.LocalAddr().String())
		go func() {
			defer close(done)
			for range 64 { // the request's lines
				res, err := c.d.Read(timed(patience))
				if err != nil || res.TimedOut || res.Text.S == "" {
					break
				}
			}
			_ = c.d.Write(Text{S: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"})
			_ = c.d.Use(positional("", "", "S", "/GZIP"))
			_ = c.d.Write(Text{S: body})
			_ = c.d.Control(99)
			_ = c.d.Control(2)
		}()
		return "http://127.0.0.1:" + port + "/", done
	}
	hold(t, []conversation{
		{"curl --compressed", server, []string{"CTS"}, true, func(c *conv) {
			curl, err := exec.LookPath("curl")
			if err != nil {
				c.Skip("no curl here")
			}
			url, done := serve(c)
			out, err := exec.Command(curl, "-s", "--noproxy", "*", "--compressed", "--max-time", "10", url).Output()
			<-done
			require.NoError(c, err)
			require.Equal(c, body, string(out))
		}},
		{"Go's client", server, []string{"CTS"}, true, func(c *conv) {
			url, done := serve(c)
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			res, err := (&http.Client{Transport: transport}).Get(url)
			require.NoError(c, err)
			out, err := io.ReadAll(res.Body)
			require.NoError(c, err)
			require.NoError(c, res.Body.Close())
			<-done
			require.True(c, res.Uncompressed)
			require.Equal(c, body, string(out))
		}},
	})
	t.Run("Go's server", func(t *testing.T) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := stdgzip.NewWriter(w)
			_, _ = io.WriteString(z, body)
			_ = z.Close()
		}))
		defer s.Close()
		_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
		d := opened(t, &Env{}, "|TCP|1", "127.0.0.1", port, "CTS")
		require.NoError(t, d.Write(Text{S: "GET / HTTP/1.0\r\n\r\n"}))
		require.NoError(t, d.Control(3))
		for {
			res, err := d.Read(timed(patience))
			require.NoError(t, err)
			if res.Text.S == "" {
				break
			}
		}
		require.NoError(t, d.Use(positional("", "", "S", "/GZIP")))
		var text string
		for !d.State().EOS {
			res, err := d.Read(timed(patience))
			require.NoError(t, err)
			require.False(t, res.TimedOut)
			text += res.Text.S
		}
		require.Equal(t, body, text)
	})
}
