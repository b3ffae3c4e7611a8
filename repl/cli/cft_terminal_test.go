//go:build linux

package cli

// cos cft on a real terminal: the prompt, a wait that shows progress and is broken with Ctrl-C.

import (
	"bufio"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waitingServer answers every request with the first lines of a wait, and says what it was asked.
func waitingServer(t *testing.T) (port string, asked chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	asked = make(chan string, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go func() {
				in := bufio.NewReader(c)
				head := ""
				for !strings.HasSuffix(head, "\r\n\r\n") {
					line, err := in.ReadString('\n')
					if err != nil {
						return
					}
					head += line
				}
				asked <- head
				body := "wait=T C C 0 \nwait=T C C 121 OPER \x1b]0;x\a\n"
				_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(int64(len(body)), 16) + "\r\n" + body + "\r\n"))
				_, _ = in.ReadByte() // until the client closes: it gives up
				asked <- "closed"
			}()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port, asked
}

func TestCFTOnATerminal(t *testing.T) {
	w := newWorld(t, nil)
	port, asked := waitingServer(t)
	term := w.startOnTerminal("cft", "--com", "xhttp://127.0.0.1:"+port)
	term.shows("1:[CFU] ")

	// The wait is seen, asked for by the second, and Ctrl-C ends it; the prompt stays.
	term.types(`SEND PART=PARIS,IDF=TXT,WSTATES=TX` + "\r")
	assert.Contains(t, <-asked, "\r\nX-Interim: 1\r\n")
	term.shows("waiting 0 s: phase T, step C, state C (Ctrl-C ends the wait)")
	term.shows("DIAGI 121 OPER .]0;x. (Ctrl-C") // what is not to be printed does not reach the terminal
	term.types("\x03")
	assert.Equal(t, "closed", <-asked)
	term.shows("CFTU26E SEND     _ Error (Interrupted)")
	term.shows("2:[CFU] ")
	term.types("PRINT MSG='code %_CMDRET%'\r")
	term.shows("\ncode 97\n")
	term.shows("3:[CFU] ")
	// A second Ctrl-C within a second would end the process.
	another := func(n string) {
		term.types("WAIT DURING=2\r")
		term.shows("CFTU00I WAIT     _ Correct (DURING=2)")
		term.shows(n + ":[CFU] ")
	}
	another("4")

	// Ctrl-C takes back a command that is not complete, an error does not end the session,
	// a loop that does not end is broken, Ctrl-D leaves.
	term.types("SEND PART=PARIS,\r")
	term.shows("4:[CFU]> ")
	term.types("IDF\x03")
	term.shows("\n4:[CFU] ")
	term.types("PRINT\r")
	term.shows("CFTU16E PRINT Failed _ keyword MSG missing")
	term.shows("5:[CFU] ")
	another("6")
	term.types("WHILE NAME=_ECHO,VALUE=1,TYPE=EQU\r")
	term.shows("7:[CFU] ")
	term.types("ENDWHILE\r")
	term.shows("CFTU00I ENDWHILE _ Correct ()")
	term.types("\x03")
	term.shows("_ Error (Interrupted)")
	term.shows(":[CFU] ")
	term.types("PRINT MSG=over\r")
	assert.NotContains(t, term.shows("\nover\n"), "ENDWHILE", "the rest of the loop is not read")
	term.shows(":[CFU] ")
	term.types("\x04")
	term.shows("CFTU00I RETURN   _ Correct (CODE=8)")
	assert.Equal(t, 8, term.exits())
}

// The medium may stand in the environment, and with NO_COLOR an error is not red.
func TestCFTEnvironment(t *testing.T) {
	w := newWorld(t, nil)
	port, asked := waitingServer(t)
	w.env = append(w.env, "NO_COLOR=1", "COS_CFT_COM=xhttp://127.0.0.1:"+port)
	term := w.startOnTerminal("cft")
	term.shows("1:[CFU] ")
	term.types("PRINT\r")
	term.shows("\nCFTU16E PRINT Failed _ keyword MSG missing\n")
	term.shows("2:[CFU] ")
	term.types("SEND PART=PARIS,IDF=TXT,WSTATES=TX\r")
	assert.Contains(t, <-asked, "POST /cft/command HTTP/1.1\r\nHost: 127.0.0.1:"+port+"\r\n")
	term.shows("(Ctrl-C ends the wait)")
	term.types("\x03")
	assert.Equal(t, "closed", <-asked)
	assert.NotContains(t, term.shows("CFTU26E SEND     _ Error (Interrupted)\n"), "\x1b[31m")
	term.shows("3:[CFU] ")
	term.types("\x04")
	term.shows("CFTU00I RETURN   _ Correct (CODE=8)")
	assert.Equal(t, 8, term.exits())

	// --com comes before it; a medium that is none is told by name.
	out, _, exit := w.run("", "cft", "--com", "C=nothing.conf", "ABOUT")
	assert.Equal(t, 8, exit)
	assert.Contains(t, out, "nothing.conf")
	w.env = append(w.env, "COS_CFT_COM=localhost")
	out, _, exit = w.run("", "cft", "ABOUT")
	assert.Equal(t, 8, exit)
	assert.Contains(t, out, "localhost is no medium")
}
