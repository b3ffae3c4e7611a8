package scripts_test

// Server transfer: two servers of the bundled Transfer CFT, real files between them, and
// between the servers a proxy that cuts and damages what goes through.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pair is two instances: north asks, south serves. South is known to north as SOUTH, and
// north to south as NORTH.
type pair struct {
	north, south *cftServer
	in, out      string // folders: what is sent, what is received
}

// southern and northern are the objects of the two; CFTPART of the other one is added.
const southern = `
CFTPARM ID=IDPARM0,PART=SOUTH,COM=(COMS),NET=(NET0),PROT=(PESIT1)
CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=0
CFTNET ID=NET0,TYPE=TCP,HOST=127.0.0.1
CFTPROT ID=PESIT1,TYPE=PESIT,NET=NET0,SAP=0,RTO=30
CFTPART ID=NORTH,PROT=PESIT1,NSPART=SOUTH,NRPART=NORTH,NSPASSW=southpw,NRPASSW=northpw
CFTRECV ID=TXT,FNAME="%[1]s/&NFNAME"
CFTRECV ID=FIX,FNAME="%[1]s/&NFNAME"
CFTSEND ID=OUT,FNAME="%[2]s/implicit",IMPL=YES
`

const northern = `
CFTPARM ID=IDPARM0,PART=NORTH,COM=(COMS),NET=(NET0),PROT=(PESIT1)
CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=0
CFTNET ID=NET0,TYPE=TCP,HOST=127.0.0.1
CFTPROT ID=PESIT1,TYPE=PESIT,NET=NET0,SAP=0,RTO=30
CFTPART ID=SOUTH,PROT=PESIT1,SAP=%[3]s,NSPART=NORTH,NRPART=SOUTH,NSPASSW=northpw,NRPASSW=southpw
CFTTCP ID=SOUTH,HOST=127.0.0.1,RETRYW=1,RETRYM=100
CFTSEND ID=TXT,FCODE=BINARY
CFTRECV ID=OUT,FNAME="%[1]s/&NFNAME"
`

// fast makes the minutes of retries tenths of a second.
var fast = []string{"cos.engine.retry=0.2"}

// newPair starts both. via is the port that north calls in place of south's, "" for
// south's own. More lines are added to their objects.
func newPair(t *testing.T, via func(sap string) string, moreNorth, moreSouth string, uconf ...string) *pair {
	t.Helper()
	p := &pair{in: t.TempDir(), out: t.TempDir()}
	p.south = startCFT(t, fmt.Sprintf(southern, p.out, p.in)+moreSouth, append(fast, uconf...)...)
	sap := p.south.port(t, "CFTTCPS", "PESIT1")
	if via != nil {
		sap = via(sap)
	}
	p.north = startCFT(t, fmt.Sprintf(northern, p.out, p.in, sap)+moreNorth, append(fast, uconf...)...)
	return p
}

// file makes a file to send.
func (p *pair) file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(p.in, name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// received is what has come.
func (p *pair) received(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(p.out, name))
	require.NoError(t, err)
	return b
}

func noise(n int, seed int64) []byte {
	b := make([]byte, n)
	rand.New(rand.NewSource(seed)).Read(b)
	return b
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "", "cos.transfer.frame=4096", "cos.transfer.pace=10000")
	text := []byte(strings.Repeat("a line of text\n", 5000))
	rows := []struct {
		name    string
		content []byte
		params  string
		records int
	}{
		{"text", text, "", 5000},
		{"unended", []byte("one\ntwo"), "", 2},
		{"empty", nil, "", 0},
		{"noise", noise(300_000, 1), "", -1},
		{"fixed", noise(80*1000+3, 2), ",FRECFM=F,FLRECL=80", 1001},
		{"long", bytes.Repeat([]byte("x"), 100_000), "", 1},
	}
	for _, r := range rows {
		path := p.file(t, r.name, r.content)
		a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+path+`",WPHASES=X,WTIMEOUT=60`+r.params)
		require.Equal(t, "0", a.get("rc"), "%s: %s", r.name, a)
		assert.Equal(t, r.content, append([]byte(nil), p.received(t, r.name)...), r.name)
		if r.records >= 0 {
			assert.Equal(t, fmt.Sprint(r.records), a.get("cat.NREC")+"", r.name)
			assert.Equal(t, a.get("cat.NREC"), a.get("cat.FREC"), r.name)
		}
		there := p.south.entry(t, "RECV", a.get("cat.IDT"))
		assert.Equal(t, "X", there["PHASE"], r.name)
		assert.Equal(t, a.get("cat.NREC"), there["NREC"], r.name)
	}
	// One session did for all of them.
	assert.Equal(t, 1, p.south.logged(t, "CFTT51I"))

	// The other way: an implicit send.
	p.file(t, "implicit", text)
	a := p.north.ask(t, `RECV PART=SOUTH,IDF=OUT,WSTATES=TX,WTIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	assert.Equal(t, text, p.received(t, "implicit"))

	// A message, and the acknowledgement of a file.
	a = p.north.ask(t, `SEND PART=SOUTH,TYPE=MESSAGE,IDM=HELLO,MSG="how are you",WSTATES=TX,WTIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	there := p.south.entry(t, "RECV", a.get("cat.IDT"))
	assert.Equal(t, "how are you", there["MSG"])
	assert.Equal(t, "MESSAGE", there["TYPE"])
}

// A file arrives whole whatever the byte at which the connection breaks, in either
// direction, and each side has one entry for it.
func TestTransferResumesAtAnyByte(t *testing.T) {
	t.Parallel()
	cut := newCutter(t)
	p := newPair(t, cut.to, "", "", "cos.transfer.frame=512", "cos.transfer.pace=1000")
	content := noise(6000, 3)
	sent := 0
	for _, fromServer := range []bool{false, true} {
		step := 331
		if fromServer {
			step = 23
		}
		for at := 0; ; at += step {
			before := cut.cuts.Load()
			cut.arm(at, fromServer)
			name := fmt.Sprintf("f%d-%v", at, fromServer)
			path := p.file(t, name, content)
			a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+path+`",WPHASES=X,WTIMEOUT=60`)
			require.Equal(t, "0", a.get("rc"), "cut at %d: %s", at, a)
			sent++
			require.Equal(t, content, p.received(t, name), "cut at %d", at)
			require.Len(t, p.south.entries(t, "RECV", a.get("cat.IDT")), 1, "cut at %d", at)
			if cut.cuts.Load() == before { // beyond the end of the conversation
				break
			}
		}
	}
	assert.Greater(t, sent, 20)
	left, err := filepath.Glob(filepath.Join(p.out, "*.tmp"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// Bytes that change on the way are noticed and sent again.
func TestTransferResynchronises(t *testing.T) {
	t.Parallel()
	cut := newCutter(t)
	p := newPair(t, cut.to, "", "", "cos.transfer.frame=1000", "cos.transfer.pace=3000")
	content := noise(40_000, 4)
	for i, at := range []int{1500, 9000, 30_000} {
		cut.damage(at)
		name := fmt.Sprintf("damaged%d", i)
		a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+p.file(t, name, content)+`",WPHASES=X,WTIMEOUT=60`)
		require.Equal(t, "0", a.get("rc"), a)
		require.Equal(t, content, p.received(t, name))
		require.Equal(t, i+1, p.south.logged(t, "Checksum error"))
	}
}

// Each refusal: what the server logs, what the requester's entry shows, and that the
// server has no entry.
func TestTransferRefusals(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name         string
		north, south string // objects that are replaced
		before       string // connect, call or transfer: somebody else is so far; or the command, SEND when ""
		diagi, diagp string
		step         string
		log          []string // on the server
	}{
		{"unknown partner", `CFTPART ID=SOUTH,PROT=PESIT1,SAP=%s,NSPART=STRANGER`, ``, ``, "909", "RCO 301", "D", []string{"CFTT15E", "rejected DIAGI=409"}},
		{"password", `CFTPART ID=SOUTH,PROT=PESIT1,SAP=%s,NSPART=NORTH,NSPASSW=wrong`, ``, ``, "909", "RCO 304", "D", []string{"CFTT19E", "rejected DIAGI=403"}},
		{"inactive", ``, `CFTPART ID=NORTH,PROT=PESIT1,STATE=NOACTIVE`, ``, "930", "INACTIVE", "D", []string{"CFTT46W", "rejected DIAGI=430"}},
		{"time slot", ``, `CFTPART ID=NORTH,PROT=PESIT1,IMINTIME=00000000,IMAXTIME=00000000`, ``, "914", "OUT TIME", "D", []string{"CFTT12W", "rejected DIAGI=414"}},
		{"protocol", ``, `CFTPART ID=NORTH,PROT=OTHER`, ``, "910", "NO PROT", "K", []string{"CFTT10E", "rejected DIAGI=410"}},
		{"exit", ``, `CFTPROT ID=PESIT1,TYPE=PESIT,NET=NET0,SAP=0,EXITA=refuse^CFTTESTX`, ``, "926", "NOT TODAY", "D", []string{"CFTT39E", "rejected DIAGI=426"}},
		{"connections", ``, `CFTTCP ID=NORTH,HOST=127.0.0.1,CNXIN=1`, `call`, "916", "RCO 309", "D", []string{"CFTT09E", "rejected DIAGI=418"}},
		{"MAXTRANS", ``, `UCONFSET ID=cft.server.maxtrans,VALUE=1`, `transfer`, "916", "RCO 201", "D", []string{"rejected DIAGI=416"}},
		{"MAXCNX", ``, `CFTNET ID=NET0,TYPE=TCP,HOST=127.0.0.1,MAXCNX=1`, `connect`, "302", "R 0 2f2", "D", nil},
		{"authorisation", ``, "CFTAUTH ID=SOME,IDF=(A*,B?)\nCFTPART ID=NORTH,PROT=PESIT1,NSPASSW=southpw,RAUTH=SOME", ``, "904", "NO AUTH", "H", []string{"CFTT25E"}},
		{"forbidden", ``, "CFTAUTH ID=SOME,IDF=(T*)\nCFTPART ID=NORTH,PROT=PESIT1,NSPASSW=southpw,RAUTH=NOTSOME", ``, "904", "NO AUTH", "H", []string{"CFTT25E"}},
		{"no such authorisation", ``, `CFTPART ID=NORTH,PROT=PESIT1,NSPASSW=southpw,RAUTH=NOWHERE`, ``, "904", "NO AUTH", "H", []string{"CFTT18E"}},
		{"exists", ``, `CFTRECV ID=TXT,FNAME="/dev/../etc/hosts",FDISP=NEW`, ``, "613", "EXISTS", "H", nil},
		{"cannot be created", ``, `CFTRECV ID=TXT,FNAME="/nowhere/at/all"`, ``, "601", "CREATE", "H", nil},
		{"nothing to send", `CFTRECV ID=NOPE,FNAME="/tmp/none"`, ``, `RECV PART=SOUTH,IDF=NOPE`, "660", "ASE 205", "H", []string{"CFTT16E"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			sap := ""
			p := newPair(t, func(port string) string { sap = port; return port }, "", "\n"+r.south, "cos.engine.retry=60")
			if r.north != "" {
				if strings.Contains(r.north, "%s") {
					r.north = fmt.Sprintf(r.north, sap)
				}
				p.north.configure(t, r.north)
			}
			command, entries := `SEND PART=SOUTH,IDF=TXT,FNAME="`+p.file(t, "f", []byte("text\n"))+`"`, 0
			switch r.before {
			case "":
			case "connect", "call", "transfer":
				occupy(t, sap, r.before)
				require.Eventually(t, func() bool { return p.south.show(t, `^CFTRUN(0,"cnx")`) != nil }, cftWait, 5*time.Millisecond)
				if r.before == "transfer" {
					entries = 1
				}
			default:
				command = r.before
			}
			a := p.north.ask(t, command)
			idtu := a.get("cat.IDTU")
			require.NotEmpty(t, idtu, a)
			e := p.north.until(t, idtu, func(e map[string]string) bool { return e["DIAGI"] != "0" && e["DIAGI"] != "" && e["PHASESTEP"] != "C" })
			assert.Equal(t, r.diagi, e["DIAGI"])
			assert.Equal(t, r.diagp, e["DIAGP"])
			assert.Equal(t, r.step, e["PHASESTEP"])
			assert.Len(t, p.south.all(t), entries, "an entry of a refused transfer")
			for _, text := range r.log {
				assert.Positive(t, p.south.logged(t, text), text)
			}
		})
	}
}

// A session without a transfer ends after DISCTD seconds by the requester, after DISCTS by
// the server, and never where both are 0; the next transfer opens another one.
func TestTransferSessionsEnd(t *testing.T) {
	t.Parallel()
	const prot = "\nCFTPROT ID=PESIT1,TYPE=PESIT,NET=NET0,SAP=0,DISCTD=%d,DISCTS=%d"
	for _, r := range []struct {
		name           string
		disctd, discts int
		ends           string // what the server logs
	}{
		{"by the requester", 1, 0, "Server session closed"},
		{"by the server", 0, 1, "CFTH61I"},
		{"never", 0, 0, ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, nil, fmt.Sprintf(prot, r.disctd, r.discts), fmt.Sprintf(prot, r.disctd, r.discts))
			send := func(name string) {
				a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+p.file(t, name, []byte("text\n"))+`",WPHASES=X,WTIMEOUT=60`)
				require.Equal(t, "0", a.get("rc"), a)
			}
			send("one")
			sessions := 1
			if r.ends != "" {
				sessions = 2
				require.Eventually(t, func() bool { return p.south.logged(t, r.ends) > 0 }, cftWait, 50*time.Millisecond)
				require.Eventually(t, func() bool { return p.north.show(t, `^CFTRUN(0,"idle")`) == nil }, cftWait, 50*time.Millisecond)
			} else { // the session is free only when the requester's job has come back to it
				require.Eventually(t, func() bool { return p.north.show(t, `^CFTRUN(0,"idle")`) != nil }, cftWait, 50*time.Millisecond)
			}
			send("two")
			assert.Equal(t, sessions, p.south.logged(t, "Server session opened"))
		})
	}
}

// frame is a frame of the protocol.
func frame(letter, content string) string {
	return fmt.Sprintf("%s%06d%s", letter, len(content), content)
}

// occupy goes as far as it is told as NORTH, and stays there until the test ends.
func occupy(t *testing.T, sap, howFar string) {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+sap)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	say := func(sent, want string) {
		_, err := io.WriteString(c, sent)
		require.NoError(t, err)
		head := make([]byte, 7)
		_, err = io.ReadFull(c, head)
		require.NoError(t, err)
		n, err := strconv.Atoi(string(head[1:]))
		require.NoError(t, err)
		content := make([]byte, n)
		_, err = io.ReadFull(c, content)
		require.NoError(t, err)
		require.Equal(t, want, string(head[:1]), string(content))
	}
	if howFar == "connect" {
		return
	}
	say(frame("C", "version=1\nnpart=NORTH\npassword=northpw\nprot=PESIT\n"), "A")
	if howFar == "transfer" {
		say(frame("T", "op=SEND\nidf=TXT\nidt=A0101010\nnfname=busy\n"), "O")
	}
}

// An entry in H is released by the transfer that fits it: held by STATE=HOLD, halted by an
// operator, and interrupted by an accident.
func TestTransferReleasesHeld(t *testing.T) {
	t.Parallel()
	cut := newCutter(t)
	p := newPair(t, cut.to, "", "", "cos.transfer.frame=512", "cos.transfer.pace=512", "cos.transfer.rate=20000")
	content := noise(8000, 5)

	// HOLD: south has something for north, which fetches it.
	held := p.south.ask(t, `SEND PART=NORTH,IDF=OUT,STATE=HOLD,FNAME="`+p.file(t, "held", content)+`"`)
	require.Equal(t, "0", held.get("rc"), held)
	a := p.north.ask(t, `RECV PART=SOUTH,IDF=OUT,WSTATES=TX,WTIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	assert.Equal(t, content, p.received(t, "held"))
	e := p.south.until(t, held.get("cat.IDTU"), func(e map[string]string) bool { return e["PHASE"] == "X" }) // it hears of the end later
	assert.Equal(t, e["IDT"], a.get("cat.IDT"), "both ends show one IDT")
	assert.Len(t, p.south.all(t), 1)

	// HALT by the server's operator, then START by the requester's.
	a = p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+p.file(t, "halted", content)+`"`)
	idt, idtu := a.get("cat.IDT"), a.get("cat.IDTU")
	p.north.until(t, idtu, func(e map[string]string) bool { return e["NBYTE"] >= "1" && e["PHASESTEP"] == "C" })
	require.Equal(t, "0", p.south.ask(t, `HALT PART=NORTH,IDT=`+idt).get("rc"))
	e = p.north.until(t, idtu, func(e map[string]string) bool { return e["PHASESTEP"] == "H" })
	assert.Equal(t, "621", e["DIAGI"])
	assert.Equal(t, "121", p.south.entry(t, "RECV", idt)["DIAGI"])
	require.Equal(t, "0", p.north.ask(t, `START PART=SOUTH,IDTU=`+idtu).get("rc"))
	require.Equal(t, "0", p.north.ask(t, `SWAITCAT SELECT='IDTU=="`+idtu+`"',STATES=X,TIMEOUT=60`).get("rc"))
	assert.Equal(t, content, p.received(t, "halted"))
	assert.Len(t, p.south.entries(t, "RECV", idt), 1)

	// HALT at the requester's.
	a = p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+p.file(t, "halted2", content)+`"`)
	idt, idtu = a.get("cat.IDT"), a.get("cat.IDTU")
	p.north.until(t, idtu, func(e map[string]string) bool { return e["NBYTE"] >= "1" && e["PHASESTEP"] == "C" })
	require.Equal(t, "0", p.north.ask(t, `HALT PART=SOUTH,IDTU=`+idtu).get("rc"))
	there := p.south.entries(t, "RECV", idt)
	require.Len(t, there, 1)
	e = p.south.until(t, there[0]["IDTU"], func(e map[string]string) bool { return e["PHASESTEP"] == "H" })
	assert.Equal(t, "621", e["DIAGI"])
	require.Equal(t, "0", p.north.ask(t, `START PART=SOUTH,IDTU=`+idtu).get("rc"))
	require.Equal(t, "0", p.north.ask(t, `SWAITCAT SELECT='IDTU=="`+idtu+`"',STATES=X,TIMEOUT=60`).get("rc"))
	assert.Equal(t, content, p.received(t, "halted2"))
}

// cutter is a proxy between two servers that breaks or damages one connection.
type cutter struct {
	l          net.Listener
	target     atomic.Value // string
	after      atomic.Int64 // bytes let through before the next cut; -1: none
	fromServer atomic.Bool
	flip       atomic.Int64 // the byte of the requester's that is changed; -1: none
	cuts       atomic.Int64
}

func newCutter(t *testing.T) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &cutter{l: l}
	c.after.Store(-1)
	c.flip.Store(-1)
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return c
}

// to sets whom the proxy calls, and is its own port.
func (c *cutter) to(port string) string {
	c.target.Store("127.0.0.1:" + port)
	_, own, _ := net.SplitHostPort(c.l.Addr().String())
	return own
}

// arm breaks the next session after so many bytes of one direction.
func (c *cutter) arm(after int, fromServer bool) {
	c.fromServer.Store(fromServer)
	c.after.Store(int64(after))
}

func (c *cutter) damage(at int) { c.flip.Store(int64(at)) }

func (c *cutter) serve(conn net.Conn) {
	defer conn.Close()
	server, err := net.Dial("tcp", c.target.Load().(string))
	if err != nil {
		return
	}
	defer server.Close()
	done := make(chan bool, 2)
	pump := func(to io.Writer, from io.Reader, fromServer bool) {
		defer func() { done <- true }()
		r := bufio.NewReader(from)
		buf := make([]byte, 64)
		for passed := 0; ; {
			n, err := r.Read(buf[:1+passed%len(buf)])
			if err != nil {
				return
			}
			if left := c.after.Load(); left >= 0 && fromServer == c.fromServer.Load() {
				if int64(n) > left {
					c.after.Store(-1)
					c.cuts.Add(1)
					_, _ = to.Write(buf[:left])
					return
				}
				c.after.Store(left - int64(n))
			}
			if at := c.flip.Load(); at >= 0 && !fromServer {
				if int64(n) > at {
					buf[at] ^= 0x55
					c.flip.Store(-1)
				} else {
					c.flip.Store(at - int64(n))
				}
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
			passed += n
		}
	}
	go pump(server, conn, false)
	go pump(conn, server, true)
	<-done
	conn.Close()
	server.Close()
	<-done
}
