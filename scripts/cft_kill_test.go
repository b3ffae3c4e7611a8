package scripts_test

// The Transfer CFT server under SIGKILL, and under many clients at once: whatever it has
// acknowledged is in its catalog, once.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// killedCFT is a server process on a data directory.
type killedCFT struct {
	dir  string // the data directory and the programs beside it
	port int
	cmd  *exec.Cmd
	out  *bufio.Scanner
	errs bytes.Buffer
}

// The programs of the tests: a transfer that takes some milliseconds, scripts that end their
// phase, and a look at the catalog that says all that is wrong with it.
var cftPrograms = map[string]string{
	"go.mac": "go(args...) DO serve^CFTSRV(args...) QUIT\n",
	"CFTREQ.mac": ` ;
transfer(idtu) PUBLIC {
 HANG $RANDOM(20)/1000
 QUIT ""
}
give(node,part,idtu) QUIT 0
keep(node) QUIT
`,
	"ends.mac": ` ;
pre DO end^CFTENG("NO") QUIT
post HANG $RANDOM(10)/1000 DO end^CFTENG("NO") QUIT
`,
	"look.mac": ` ; a line an entry; "wrong …" for what does not fit together
look NEW id,part,direct,idt,due,node,n
 SET id="" FOR  SET id=$ORDER(^CFTCAT(id)) QUIT:id=""  DO
 . IF $GET(^CFTCAT(id,"IDTU"))'=id WRITE "wrong: ",id," is no entry",! QUIT
 . WRITE "entry ",id," ",$GET(^CFTCAT(id,"IDA"),"-")," ",^CFTCAT(id,"PHASE"),^CFTCAT(id,"PHASESTEP"),!
 . IF '$DATA(^CFTIDX("IDT",^CFTCAT(id,"PART"),^CFTCAT(id,"DIRECT"),^CFTCAT(id,"IDT"),id)) WRITE "wrong: ",id," is not in the index of IDT",!
 . IF ^CFTCAT(id,"PHASESTEP")="D",$GET(^CFTCAT(id,"DUE"))="" WRITE "wrong: ",id," is to be started and not queued",!
 . IF $GET(^CFTCAT(id,"DUE"))'="",'$DATA(^CFTQUE(0,^CFTCAT(id,"DUE"),id)) WRITE "wrong: ",id," is not in the queue",!
 SET part="" FOR  SET part=$ORDER(^CFTIDX("IDT",part)) QUIT:part=""  SET direct="" FOR  SET direct=$ORDER(^CFTIDX("IDT",part,direct)) QUIT:direct=""  DO
 . SET idt="" FOR  SET idt=$ORDER(^CFTIDX("IDT",part,direct,idt)) QUIT:idt=""  SET id="",n=0 FOR  SET id=$ORDER(^CFTIDX("IDT",part,direct,idt,id)) QUIT:id=""  SET n=n+1 DO
 . . IF $GET(^CFTCAT(id,"IDT"))'=idt WRITE "wrong: the index has ",idt," for ",id,!
 . . IF n>1 WRITE "wrong: IDT ",idt," is there twice",!
 SET due="" FOR  SET due=$ORDER(^CFTQUE(0,due)) QUIT:due=""  SET id="" FOR  SET id=$ORDER(^CFTQUE(0,due,id)) QUIT:id=""  DO
 . IF $GET(^CFTCAT(id,"DUE"))'=due WRITE "wrong: the queue has ",id," at ",due,!
 QUIT
`,
	"parm.txt": `CFTPARM ID=IDPARM0, COM=(COMS), MAXTRANS=1000
CFTCOM ID=COMS, TYPE=TCPIP, HOST=127.0.0.1, PORT=%d
CFTPART ID=PARIS
CFTPART ID=LYON
UCONFSET ID=cos.log.show, VALUE=brief
`,
}

func newKilledCFT(t *testing.T) *killedCFT {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &killedCFT{dir: t.TempDir(), port: l.Addr().(*net.TCPAddr).Port}
	require.NoError(t, l.Close())
	for name, text := range cftPrograms {
		if strings.Contains(text, "%d") {
			text = fmt.Sprintf(text, s.port)
		}
		require.NoError(t, os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600))
	}
	return s
}

func (s *killedCFT) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"run", "-I", "cft", "--data", filepath.Join(s.dir, "data")}, args...)...)
	cmd.Env = append(os.Environ(), asCos+"=1", quickExit)
	return cmd
}

// start starts the server and waits until it listens.
func (s *killedCFT) start(t *testing.T) {
	t.Helper()
	s.cmd = s.command(filepath.Join(s.dir, "go.mac"), "parm="+filepath.Join(s.dir, "parm.txt"))
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	s.errs.Reset()
	s.cmd.Stderr = &s.errs
	require.NoError(t, s.cmd.Start())
	s.out = bufio.NewScanner(out)
	require.True(t, s.out.Scan(), "the server did not start: %s", &s.errs)
	require.Contains(t, s.out.Text(), "CFTI14I")
}

func (s *killedCFT) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Kill())
	for s.out.Scan() {
	}
	_ = s.cmd.Wait() // it was killed, which is an error
	require.Empty(t, s.errs.String())
}

// stop shuts the server down and expects it to end well.
func (s *killedCFT) stop(t *testing.T) {
	t.Helper()
	reply, err := s.ask(http.DefaultClient, "SHUT FAST=YES")
	require.NoError(t, err)
	require.Contains(t, reply, "rc=0\n")
	for s.out.Scan() {
	}
	require.NoError(t, s.cmd.Wait(), "%s", &s.errs)
	require.Empty(t, s.errs.String())
}

// ask sends a command; the reply counts only when it is complete.
func (s *killedCFT) ask(c *http.Client, command string) (string, error) {
	req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/cft/command", s.port), strings.NewReader(command))
	if err != nil {
		return "", err
	}
	req.Header.Set("X-User", "bob")
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// look reads the catalog of a server that does not run: IDTU to IDA and phase and step.
func (s *killedCFT) look(t *testing.T) map[string][2]string {
	t.Helper()
	out, err := s.command(filepath.Join(s.dir, "look.mac")).Output()
	require.NoError(t, err)
	entries := map[string][2]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if line == "" {
			continue
		}
		f := strings.Fields(line)
		require.Equal(t, "entry", f[0], line)
		entries[f[1]] = [2]string{f[2], f[3]}
	}
	return entries
}

var (
	idtuOf = regexp.MustCompile(`IDTU=([A-Z][A-Z0-9]{7})`)
)

// promises are what clients have been told.
type promises struct {
	sync.Mutex
	sent    map[string]string // IDTU to IDA of requests that were acknowledged
	deleted map[string]bool   // IDTUs whose DELETE was acknowledged
	unsure  map[string]bool   // IDTUs whose DELETE was not
}

// client sends requests until the server is gone, and now and then deletes one of its own.
func (p *promises) client(s *killedCFT, name string) error {
	c := &http.Client{Transport: &http.Transport{}}
	defer c.CloseIdleConnections()
	kinds := []string{"", ",STATE=HOLD", ",PREEXEC=pre^ends,EXEC=post^ends", ",WSTATES=TX"}
	var own []string
	for n := 0; ; n++ {
		ida := name + "n" + strconv.Itoa(n)
		reply, err := s.ask(c, "SEND PART=PARIS,IDF=TXT,IDA="+ida+kinds[rand.Intn(len(kinds))])
		if err != nil {
			return nil
		}
		m := idtuOf.FindStringSubmatch(reply)
		if m == nil || !strings.Contains(reply, "rc=0\n") && !strings.Contains(reply, "rc=8") {
			return fmt.Errorf("SEND was answered %q", reply)
		}
		p.Lock()
		if was, twice := p.sent[m[1]]; twice {
			p.Unlock()
			return fmt.Errorf("%s was given to %s and to %s", m[1], was, ida)
		}
		p.sent[m[1]] = ida
		p.Unlock()
		own = append(own, m[1])
		if n%5 != 4 {
			continue
		}
		victim := own[rand.Intn(len(own))]
		p.Lock()
		gone := p.deleted[victim]
		p.unsure[victim] = true
		p.Unlock()
		reply, err = s.ask(c, "DELETE PART=*,IDTU="+victim)
		if err != nil {
			return nil
		}
		if strings.Contains(reply, "rc=0\n") == gone {
			return fmt.Errorf("DELETE of %s, deleted before: %v, was answered %q", victim, gone, reply)
		}
		p.Lock()
		p.deleted[victim] = true
		delete(p.unsure, victim)
		p.Unlock()
	}
}

// TestCFTKilled kills the server at random moments while clients send requests. Nothing that
// was acknowledged may be missing, nothing may be there twice, the indexes and the queue have
// to fit the catalog; in the end everything that is not held is done.
func TestCFTKilled(t *testing.T) {
	t.Parallel()
	rounds := 24
	if os.Getenv("COS_SOAK") != "" {
		rounds = 300
	}
	s := newKilledCFT(t)
	p := &promises{sent: map[string]string{}, deleted: map[string]bool{}, unsure: map[string]bool{}}
	for round := range rounds {
		s.start(t)
		errs := make(chan error, 4)
		for c := range cap(errs) {
			go func() { errs <- p.client(s, fmt.Sprintf("r%dc%d", round, c)) }()
		}
		p.await(rand.Intn(25))
		time.Sleep(time.Duration(rand.Intn(3000)) * time.Microsecond) // the moment is meant to be any
		s.kill(t)
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		p.check(t, s.look(t))
	}
	require.NotEmpty(t, p.sent)
	require.NotEmpty(t, p.deleted)
	s.start(t)
	require.Eventually(t, func() bool {
		reply, err := s.ask(http.DefaultClient, "LISTCAT STATE=DCAY")
		return assert.NoError(t, err) && strings.Contains(reply, "count=0\n")
	}, time.Minute*patience, 50*time.Millisecond)
	s.stop(t)
	entries := s.look(t)
	p.check(t, entries)
	for idtu, e := range entries {
		assert.Contains(t, []string{"XX", "TH"}, e[1], idtu)
	}
	t.Logf("%d kills, %d requests acknowledged, %d deletions", rounds, len(p.sent), len(p.deleted))
}

// await waits until n more requests have been acknowledged, or for two seconds.
func (p *promises) await(n int) {
	count := func() int {
		p.Lock()
		defer p.Unlock()
		return len(p.sent)
	}
	for until, limit := count()+n, time.Now().Add(2*time.Second); count() < until && time.Now().Before(limit); {
		time.Sleep(time.Millisecond)
	}
}

// check holds the catalog against what was promised.
func (p *promises) check(t *testing.T, entries map[string][2]string) {
	t.Helper()
	idas := map[string]string{}
	for idtu, e := range entries {
		require.Empty(t, idas[e[0]], "%s is there twice", e[0])
		idas[e[0]] = idtu
		require.False(t, p.deleted[idtu], "%s was deleted and is there again", idtu)
	}
	for idtu, ida := range p.sent {
		if p.deleted[idtu] || p.unsure[idtu] {
			continue
		}
		require.Equal(t, ida, entries[idtu][0], "%s was acknowledged and is gone", idtu)
	}
}

// TestCFTFiftyClients lets fifty clients send at once: all are served, no identifier is given
// twice.
func TestCFTFiftyClients(t *testing.T) {
	t.Parallel()
	const clients, each = 50, 8
	s := newKilledCFT(t)
	s.start(t)
	replies := make(chan string, clients*each)
	errs := make(chan error, clients)
	for n := range clients {
		go func() {
			c := &http.Client{Transport: &http.Transport{}}
			defer c.CloseIdleConnections()
			for i := range each {
				command := fmt.Sprintf("SEND PART=%s,IDF=TXT,IDA=c%dn%d", []string{"PARIS", "LYON"}[n%2], n, i)
				if i == each-1 {
					command += ",WPHASES=X"
				}
				reply, err := s.ask(c, command)
				if err == nil && !strings.Contains(reply, "rc=0\n") {
					err = fmt.Errorf("%s: %s", command, reply)
				}
				if err != nil {
					errs <- err
					return
				}
				replies <- reply
			}
			errs <- nil
		}()
	}
	for range clients {
		require.NoError(t, <-errs)
	}
	close(replies)
	idtus, idts := map[string]bool{}, map[string]bool{}
	for reply := range replies {
		idtu := idtuOf.FindStringSubmatch(reply)
		if idtu == nil {
			idtu = regexp.MustCompile(`cat\.IDTU=([A-Z][A-Z0-9]{7})`).FindStringSubmatch(reply)
		}
		require.NotNil(t, idtu, reply)
		require.False(t, idtus[idtu[1]], "%s was given twice", idtu[1])
		idtus[idtu[1]] = true
		idt := regexp.MustCompile(`cat\.IDT=([A-L][0-9]{7})`).FindStringSubmatch(reply)
		part := regexp.MustCompile(`cat\.PART=(\w+)`).FindStringSubmatch(reply)
		require.False(t, idts[part[1]+idt[1]], "%s was given twice for %s", idt[1], part[1])
		idts[part[1]+idt[1]] = true
	}
	require.Len(t, idtus, clients*each)
	s.stop(t)
	require.Len(t, s.look(t), clients*each)
}
