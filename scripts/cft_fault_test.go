package scripts_test

// Faults between the client and a server of Transfer CFT: what an exchange looks like when it
// is cut, delayed, split or truncated at every place, seen as _CMDRET of the client.

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fault is what happens to one connection: a server that is written down.
type fault struct {
	name string
	do   func(c *net.TCPConn) // closed behind it
	code string               // pattern of the client's _CMDRET
}

// faultServer gives the n-th connection the n-th fault.
func faultServer(t *testing.T, faults []fault) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var open sync.WaitGroup
	open.Add(1)
	go func() {
		defer open.Done()
		for _, f := range faults {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Add(1)
			go func() {
				defer open.Done()
				defer c.Close()
				f.do(c.(*net.TCPConn))
			}()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	_, port, err = net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// clientCodes is _CMDRET after each of n requests to a port.
func clientCodes(t *testing.T, port, command string, n int, timeout string) []string {
	t.Helper()
	var script strings.Builder
	fmt.Fprintf(&script, "CONFIG TYPE=COM,FNAME=xhttp://127.0.0.1:%s,TIMEOUT=%s\n", port, timeout)
	for range n {
		fmt.Fprintf(&script, "%s\nPRINT MSG='code %%_CMDRET%%'\n", command)
	}
	file := filepath.Join(t.TempDir(), "requests.cft")
	require.NoError(t, os.WriteFile(file, []byte(script.String()), 0o600))
	out, err := cosIn(t.TempDir(), "cft", "@"+file).CombinedOutput()
	if err != nil {
		require.ErrorContains(t, err, "exit status 8", string(out))
	}
	var codes []string
	for _, m := range regexp.MustCompile(`(?m)^code (\d+)$`).FindAllSubmatch(out, -1) {
		codes = append(codes, string(m[1]))
	}
	require.Len(t, codes, n, string(out))
	return codes
}

// meet runs a request against each fault.
func meet(t *testing.T, command, timeout string, faults []fault) {
	t.Helper()
	for i, code := range clientCodes(t, faultServer(t, faults), command, len(faults), timeout) {
		assert.Regexp(t, "^("+faults[i].code+")$", code, faults[i].name)
	}
}

// takeRequest reads a request to its end.
func takeRequest(c net.Conn) []byte {
	var all []byte
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		all = append(all, buf[:n]...)
		if head, body, ok := bytes.Cut(all, []byte("\r\n\r\n")); ok {
			m := regexp.MustCompile(`Content-Length: (\d+)`).FindSubmatch(head)
			if m != nil && fmt.Sprint(len(body)) == string(m[1]) {
				return all
			}
		}
		if err != nil {
			return all
		}
	}
}

// recorded is a whole exchange with the server: the request and its answer.
func recorded(t *testing.T, s *cftServer, command, code string) (request, answer []byte) {
	t.Helper()
	record := fault{"record", func(c *net.TCPConn) {
		up, err := net.Dial("tcp", "127.0.0.1:"+s.coms)
		if err != nil {
			return
		}
		defer up.Close()
		request = takeRequest(c)
		_, _ = up.Write(request)
		// The client closes when it has its answer.
		go func() { _, _ = io.Copy(io.Discard, c); _ = up.(*net.TCPConn).CloseWrite() }()
		var got bytes.Buffer
		_, _ = io.Copy(io.MultiWriter(c, &got), up)
		answer = got.Bytes()
	}, code}
	t.Run("whole", func(t *testing.T) { meet(t, command, "30", []fault{record}) })
	require.Contains(t, string(answer), "\r\nConnection: keep-alive\r\n")
	// Each fault has a connection of its own.
	return request, bytes.Replace(answer, []byte("Connection: keep-alive"), []byte("Connection: close"), 1)
}

// exchanges are the kinds of answer: of a known length, and in chunks with interim lines.
func exchanges(t *testing.T) map[string][3]string {
	return map[string][3]string{
		"length":  {"SEND PART=PARIS,IDF=TXT,FNAME=/etc/hostname,STATE=HOLD", "0"},
		"chunked": {"SEND PART=PARIS,IDF=TXT,FNAME=/etc/hostname,STATE=HOLD,WPHASES=X,WTIMEOUT=4", "81"},
	}
}

func TestCFTFaults(t *testing.T) {
	s := startCFT(t, `
CFTPARM ID=IDPARM0, COM=(COMS)
CFTCOM ID=COMS, TYPE=TCPIP, HOST=127.0.0.1, PORT=0, DISCTS=5
CFTPART ID=PARIS`, "cos.coms.interim=0.2")
	for name, x := range exchanges(t) {
		t.Run(name, func(t *testing.T) {
			command, code := x[0], x[1]
			request, answer := recorded(t, s, command, code)
			if name == "chunked" {
				require.Contains(t, string(answer), "\r\nwait=", "there are interim lines")
			}
			t.Run("answer cut", func(t *testing.T) { t.Parallel(); meet(t, command, "60", cutAnswers(answer, code)) })
			t.Run("answer split", func(t *testing.T) { t.Parallel(); meet(t, command, "60", splitAnswers(answer, code)) })
			t.Run("answer delayed", func(t *testing.T) { t.Parallel(); meet(t, command, "60", delayedAnswers(answer, code)) })
			t.Run("answer never complete", func(t *testing.T) { t.Parallel(); meet(t, command, "1", unfinishedAnswers(answer)) })
			t.Run("answer damaged", func(t *testing.T) { t.Parallel(); meet(t, command, "1", damagedAnswers(answer)) })
			t.Run("request cut", func(t *testing.T) { t.Parallel(); meet(t, command, "60", cutRequests(len(request))) })
			t.Run("request reaches the server in part", func(t *testing.T) {
				t.Parallel()
				meet(t, command, "60", truncatedRequests(s.coms, len(request)))
			})
			t.Run("request split", func(t *testing.T) { t.Parallel(); meet(t, command, "60", splitRequests(s.coms, code)) })
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		assert.Equal(t, []string{"76"}, clientCodes(t, "1", "LISTCAT", 1, "60")) // no port that the system gives anybody
	})
}

// cutAnswers end the connection within the answer, at each byte, by a close and by a reset.
func cutAnswers(answer []byte, code string) (faults []fault) {
	for n := 0; n <= len(answer); n++ {
		for _, reset := range []bool{false, true} {
			f := fault{fmt.Sprintf("%d of %d bytes, reset %t", n, len(answer), reset), func(c *net.TCPConn) {
				takeRequest(c)
				_, _ = c.Write(answer[:n])
				if reset {
					_ = c.SetLinger(0)
				}
			}, "78"}
			switch {
			case n == len(answer)-1 && bytes.HasSuffix(answer, []byte("\r\n")):
				f.code = code + "|78" // a CR ends a line, too
			case n == len(answer) && !reset:
				f.code = code
			case n == len(answer):
				f.code = code + "|78" // the reset may overtake what has been sent
			}
			faults = append(faults, f)
		}
	}
	return faults
}

// splitAnswers come in two writes, cut at each byte, and byte by byte.
func splitAnswers(answer []byte, code string) (faults []fault) {
	for n := range answer {
		faults = append(faults, fault{fmt.Sprintf("after %d bytes", n), func(c *net.TCPConn) {
			takeRequest(c)
			_, _ = c.Write(answer[:n])
			_, _ = c.Write(answer[n:])
		}, code})
	}
	return append(faults, fault{"byte by byte", func(c *net.TCPConn) {
		takeRequest(c)
		for i := range answer {
			_, _ = c.Write(answer[i : i+1])
		}
	}, code})
}

// phases are the places where parts of an answer begin.
func phases(answer []byte) (places []int) {
	places = append(places, 0, 5) // before and within the status line
	for i, b := range answer {
		if b == '\n' && len(places) < 40 {
			places = append(places, i+1, i+2)
		}
	}
	return places[:len(places)-1]
}

// delayedAnswers pause within the answer, for less than TIMEOUT.
func delayedAnswers(answer []byte, code string) (faults []fault) {
	for _, n := range phases(answer) {
		if n >= len(answer) {
			continue
		}
		faults = append(faults, fault{fmt.Sprintf("a moment after %d bytes", n), func(c *net.TCPConn) {
			takeRequest(c)
			_, _ = c.Write(answer[:n])
			time.Sleep(100 * time.Millisecond) // longer than a packet takes
			_, _ = c.Write(answer[n:])
		}, code})
	}
	return faults
}

// unfinishedAnswers pause for as long as the client waits.
func unfinishedAnswers(answer []byte) (faults []fault) {
	for _, n := range []int{0, 5, bytes.IndexByte(answer, '\n') + 1, bytes.Index(answer, []byte("\r\n\r\n")) + 4, len(answer) - 2} {
		faults = append(faults, fault{fmt.Sprintf("for good after %d bytes", n), func(c *net.TCPConn) {
			takeRequest(c)
			_, _ = c.Write(answer[:n])
			_, _ = io.Copy(io.Discard, c) // until the client gives up
		}, "78"})
	}
	return faults
}

// damagedAnswers are whole, but no answers.
func damagedAnswers(answer []byte) (faults []fault) {
	say := func(name, text string) {
		faults = append(faults, fault{name, func(c *net.TCPConn) { takeRequest(c); _, _ = c.Write([]byte(text)) }, "78"})
	}
	s := string(answer)
	say("another protocol", "220 mail.example ESMTP\r\n"+s)
	say("no version", strings.Replace(s, "HTTP/1.1 ", "HTTP ", 1))
	say("no status", strings.Replace(s, "HTTP/1.1 200", "HTTP/1.1 abc", 1))
	say("a header line without a colon", strings.Replace(s, "Content-Type:", "Content-Type", 1))
	say("a header line without an end", "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 9000)+"\r\n\r\nrc=0\n")
	say("a header line without a name", "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 5\r\n\r\nrc=0\n")
	say("headers without an end", "HTTP/1.1 200 OK\r\n"+strings.Repeat("X: y\r\n", 500)+"\r\nrc=0\n")
	say("a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nrc=0\n")
	say("an absurd length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nrc=0\n")
	say("a length beyond the body", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nrc=0\n")
	say("a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nrc=0\n\r\n0\r\n\r\n")
	say("an absurd chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nrc=0\n\r\n0\r\n\r\n")
	say("a chunk shorter than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nrc=0\n\r\n0\r\n\r\n")
	say("a chunk longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nrc=0\n\r\n0\r\n\r\n")
	say("no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nrc=0\n\r\n")
	say("no rc", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nmsg=x\n")
	say("two rc", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nrc=0\nrc=1\n")
	say("an rc that is none", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nrc=abc\n")
	say("a line without =", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello\nrc=0")
	say("a line without a key", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n=x\nrc=0\n")
	say("a field without a name", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\ncat.=x\nrc=0\n")
	say("a body without an end and without rc", "HTTP/1.1 200 OK\r\n\r\nmsg=x\n")
	say("nothing", "")
	say("binary", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
	return faults
}

// cutRequests end the connection before the request is read, or when so much of it has been:
// the client may be about to connect, to write, or to read.
func cutRequests(size int) (faults []fault) {
	for n := 0; n <= size; n += 7 {
		for _, reset := range []bool{false, true} {
			faults = append(faults, fault{fmt.Sprintf("%d of %d bytes, reset %t", n, size, reset), func(c *net.TCPConn) {
				_, _ = io.ReadFull(c, make([]byte, n))
				if reset {
					_ = c.SetLinger(0)
				}
			}, "76|77|78"})
		}
	}
	return faults
}

// truncatedRequests hand the server a part of the request, and its answer to the client: a
// request that the server calls malformed (94), or that it gives no answer to.
func truncatedRequests(port string, size int) (faults []fault) {
	for n := 1; n < size; n += 11 {
		faults = append(faults, fault{fmt.Sprintf("%d of %d bytes", n, size), func(c *net.TCPConn) {
			up, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err != nil {
				return
			}
			defer up.Close()
			_, _ = up.Write(takeRequest(c)[:n])
			_ = up.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(c, up)
		}, "78|94"})
	}
	return faults
}

// splitRequests reach the server byte by byte.
func splitRequests(port, code string) (faults []fault) {
	return []fault{{"byte by byte", func(c *net.TCPConn) {
		up, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			return
		}
		defer up.Close()
		for _, b := range takeRequest(c) {
			_, _ = up.Write([]byte{b})
		}
		go func() { _, _ = io.Copy(io.Discard, c); _ = up.(*net.TCPConn).CloseWrite() }()
		_, _ = io.Copy(c, up)
	}, code}}
}
