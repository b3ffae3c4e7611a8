package scripts_test

// Partners that mean ill, or have gone wrong, against the listener of server transfers.

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// partner is a connection of NORTH that says whatever a test likes.
type partner struct {
	net.Conn
	t *testing.T
}

// callSouth connects to a listener and is recognised.
func callSouth(t *testing.T, sap string) partner {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+sap)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(60*time.Second)))
	p := partner{c, t}
	p.say("C", "version=1\nnpart=NORTH\npassword=northpw\nprot=PESIT\nframe=4096\n")
	letter, content := p.hear()
	require.Equal(t, "A", letter, content)
	return p
}

func (p partner) say(letter, content string) { _, _ = io.WriteString(p, frame(letter, content)) }

// hear is the next frame; its letter is "" when the connection is closed.
func (p partner) hear() (letter, content string) {
	head := make([]byte, 7)
	if _, err := io.ReadFull(p, head); err != nil {
		return "", ""
	}
	n, err := strconv.Atoi(string(head[1:]))
	require.NoError(p.t, err)
	body := make([]byte, n)
	_, err = io.ReadFull(p, body)
	require.NoError(p.t, err)
	return string(head[:1]), string(body)
}

// sendFile transfers a file; request are the lines of its request. It is the letter and content
// of the last answer.
func (p partner) sendFile(request, file string) (letter, content string) {
	p.say("T", "op=SEND\n"+request)
	if letter, content = p.hear(); letter != "O" || strings.Contains(content, "done=1") {
		return letter, content
	}
	p.say("D", fmt.Sprintf("0%08X1;%s", crc32.ChecksumIEEE([]byte(file)), file))
	p.say("E", fmt.Sprintf("%d,1", len(file)))
	return p.hear()
}

// A partner chooses a name, never a folder.
func TestTransferConfinesNames(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "")
	deep := filepath.Join(p.out, "deep")
	require.NoError(t, os.Mkdir(deep, 0o700))
	p.south.configure(t, `CFTRECV ID=IDA,FNAME="`+deep+`/&IDA/x.&NFNAME"
CFTRECV ID=FREE
CFTRECV ID=NUMBER,FNAME="`+deep+`/&IDTU.&NFNAME"
CFTRECV ID=DEEP,FNAME="`+deep+`/&NFNAME"`)
	south := callSouth(t, p.south.port(t, "CFTTCPS", "PESIT1"))
	rows := []struct{ idf, more, want string }{
		{"DEEP", "nfname=../up", "deep/up"},
		{"DEEP", "nfname=/etc/absolute", "deep/absolute"},
		{"DEEP", `nfname=..\..\windows`, "deep/windows"},
		{"DEEP", "nfname=..", "deep/_"},
		{"DEEP", "nfname=a%0Ab\x1b[31m\x00c", "deep/ab[31mc"},
		{"DEEP", "nfname=a&IDF b ü€", "deep/a&IDF b ü€"},
		{"NUMBER", "nfname=n&IDTU", "deep/" + "&.n&IDTU"},
		{"IDA", "nfname=y\nida=../..", ""}, // there is no folder _
		{"FREE", "nfname=" + deep + "/no", ""},
	}
	for i, r := range rows {
		letter, content := south.sendFile(fmt.Sprintf("idt=A01000%02d\nidtu=A00000%02d\nidf=%s\n%s\n", i, i, r.idf, r.more), "evil")
		if r.want == "" {
			if r.idf == "FREE" { // the folder in which the server was started gets it
				assert.Equal(t, "F", letter, content)
				_, err := os.Stat(deep + "/no")
				assert.ErrorIs(t, err, os.ErrNotExist)
				_ = os.Remove("no")
				continue
			}
			assert.Equal(t, "X", letter, content)
			continue
		}
		require.Equal(t, "F", letter, "%q: %s", r.more, content)
		want := strings.Replace(r.want, "/&.", "/"+p.south.entry(t, "RECV", fmt.Sprintf("A01000%02d", i))["IDTU"]+".", 1)
		assert.Equal(t, "evil", string(p.received(t, want)), r.more)
	}
	above, err := os.ReadDir(p.out)
	require.NoError(t, err)
	assert.Len(t, above, 1, "something has left its folder")
}

// Frames that are none, or too long, end the session; requests that are none are refused. The
// server goes on.
func TestTransferHostileFrames(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "CFTTCP ID=NORTH,HOST=127.0.0.1,CNXIN=60,CNXINOUT=60")
	sap := p.south.port(t, "CFTTCPS", "PESIT1")
	long := strings.Repeat("x", 600)
	for _, request := range []string{"idf=" + long, "idf=TXT\nidt=" + long, "idf=TXT\nidtu=" + long, "idf=TXT\nidt=\x1b[2J", "op=REPLY\nidm=M\nridt=" + long} {
		south := callSouth(t, sap)
		south.say("T", "op=SEND\n"+request+"\n")
		letter, content := south.hear()
		assert.Equal(t, "X", letter, "%.30q", request)
		assert.Contains(t, content, "diagi=303", "%.30q", request)
	}
	south := callSouth(t, sap)
	south.say("T", "=\n"+long+"=1\n\xff=2\nop=SEND\nidf=NONE\n")
	letter, content := south.hear()
	assert.Equal(t, "X", letter, content)
	for _, rubbish := range []string{"T999999", "D999999", "T-00001", "\x00\x00\x00\x00\x00\x00\x00\x00", "Z000001x"} {
		south := callSouth(t, sap)
		_, _ = io.WriteString(south, rubbish)
		letter, _ := south.hear() // at once, and not when the bytes that were promised have not come
		assert.Empty(t, letter, "%q", rubbish)
	}
	assert.Empty(t, p.south.all(t))
	south = callSouth(t, sap)
	letter, content = south.sendFile("idt=A0100001\nidtu=A0000001\nidf=TXT\nnfname=after\n", "fine")
	assert.Equal(t, "F", letter, content)
}

// max_session bounds the connections, recognised or not: one more is closed, and the log says why.
func TestTransferMaxSession(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "", "cft.server.max_session=1")
	sap := p.south.port(t, "CFTTCPS", "PESIT1")
	first := callSouth(t, sap)
	c, err := net.Dial("tcp", "127.0.0.1:"+sap)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(cftWait)))
	second := partner{c, t}
	letter, content := second.hear()
	assert.Empty(t, letter, content)
	assert.Equal(t, 1, p.south.logged(t, "CFTH66E Incoming calls (1) rejected, ERROR=sessions (ctx) in use >= max_sessions (1|1), PROTOCOL=?"))
	// The first goes on, and when it has ended there is room again.
	letter, content = first.sendFile("idt=A0100001\nidtu=A0000001\nidf=TXT\nnfname=first\n", "fine")
	assert.Equal(t, "F", letter, content)
	first.say("Q", "")
	letter, content = first.hear()
	assert.Empty(t, letter, content)
	require.Eventually(t, func() bool { return len(p.south.show(t, `^CFTRUN(0,"cnx")`)) == 0 }, cftWait, 50*time.Millisecond)
	callSouth(t, sap)
}

// An IDT that has been used before, by the other side or a year ago, is no earlier try of the
// same request: its file is received.
func TestTransferSameIDT(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "")
	south := callSouth(t, p.south.port(t, "CFTTCPS", "PESIT1"))
	for i, name := range []string{"first", "second"} {
		letter, content := south.sendFile(fmt.Sprintf("idt=A0100001\nidtu=A000000%d\nidf=TXT\nnfname=%s\n", i, name), name)
		require.Equal(t, "F", letter, content)
		assert.Equal(t, name, string(p.received(t, name)))
	}
	letter, content := south.sendFile("idt=A0100001\nidtu=A0000001\nidf=TXT\nnfname=second\n", "second")
	assert.Equal(t, "O", letter)
	assert.Contains(t, content, "done=1")
}

// Two transfers do not write one work file.
func TestTransferSharedWorkFile(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "")
	p.south.configure(t, `CFTRECV ID=WORK,FNAME="`+p.out+`/&NFNAME",WFNAME="`+p.out+`/work"`)
	sap := p.south.port(t, "CFTTCPS", "PESIT1")
	one, two := callSouth(t, sap), callSouth(t, sap)
	one.say("T", "op=SEND\nidt=A0100001\nidtu=A0000001\nidf=WORK\nnfname=one\n")
	letter, content := one.hear()
	require.Equal(t, "O", letter, content)
	letter, content = two.sendFile("idt=A0100002\nidtu=A0000002\nidf=WORK\nnfname=two\n", "two")
	assert.Equal(t, "X", letter)
	assert.Contains(t, content, "diagp=WORK BUSY")
	file := bytes.Repeat([]byte("1"), 100)
	one.say("D", fmt.Sprintf("0%08X1;%s", crc32.ChecksumIEEE(file), file))
	one.say("E", "100,1")
	letter, content = one.hear()
	require.Equal(t, "F", letter, content)
	assert.Equal(t, string(file), string(p.received(t, "one")))
	letter, content = two.sendFile("idt=A0100003\nidtu=A0000003\nidf=WORK\nnfname=two\n", "two")
	assert.Equal(t, "F", letter, content)
}

// Names that are none in a request of REST are passed over.
func TestRESTHostileNames(t *testing.T) {
	t.Parallel()
	s, _, _ := startREST(t)
	c, err := net.Dial("tcp", "127.0.0.1:"+s.port(t, "coprests", ""))
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(60*time.Second)))
	_, err = io.WriteString(c, "GET /healthz?=x&"+strings.Repeat("k", 700)+"=1&&=&a HTTP/1.1\r\n: x\r\n"+strings.Repeat("h", 700)+": y\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "HTTP/1.1 200 OK")
}

// A file that is cut while it is sent has not been sent.
func TestTransferOfFileThatShrinks(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "", "cos.transfer.rate=1000000", "cos.transfer.frame=4096", "cos.transfer.pace=10000")
	path := p.file(t, "shrinks", noise(3_000_000, 3))
	a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+path+`"`)
	p.north.until(t, a.get("cat.IDTU"), func(e map[string]string) bool { return e["NBYTE"] > "0" })
	require.NoError(t, os.Truncate(path, 1000))
	e := p.north.until(t, a.get("cat.IDTU"), func(e map[string]string) bool { return e["PHASESTEP"] == "H" || e["PHASE"] == "X" })
	assert.Equal(t, "104 FILE CHANGED", e["DIAGI"]+" "+e["DIAGP"])
	there := p.south.entry(t, "RECV", a.get("cat.IDT"))
	there = p.south.until(t, there["IDTU"], func(e map[string]string) bool { return e["PHASESTEP"] == "H" || e["PHASE"] == "X" })
	assert.Equal(t, "604", there["DIAGI"])
	_, err := os.Stat(filepath.Join(p.out, "shrinks"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// What was on the way when a transfer was interrupted does not meddle with the next one of the
// session: confirmations at the requester, data at the server.
func TestTransferBehindAnInterruptedOne(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "")
	south := callSouth(t, p.south.port(t, "CFTTCPS", "PESIT1"))
	south.say("T", "op=SEND\nidt=A0100001\nidtu=A0000001\nidf=TXT\nnfname=one\n")
	letter, content := south.hear()
	require.Equal(t, "O", letter, content)
	south.say("B", "121,OPER")
	south.say("D", "000000000;")
	south.say("S", "0,0")
	letter, content = south.sendFile("idt=A0100002\nidtu=A0000002\nidf=TXT\nnfname=two\n", "two")
	require.Equal(t, "F", letter, content)
	assert.Equal(t, "two", string(p.received(t, "two")))
	assert.Equal(t, "621", p.south.entry(t, "RECV", "A0100001")["DIAGI"])
}
