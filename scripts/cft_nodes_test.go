package scripts_test

// Several nodes of the bundled Transfer CFT on one catalog, each a process of its own, and
// what becomes of the transfers of a node that is killed.

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startNodes starts a node manager and n nodes.
func startNodes(t *testing.T, n int, uconf ...string) (manager *cftServer, nodes []*cftServer, out string) {
	t.Helper()
	manager, out = startLoop(t, append([]string{"cft.multi_node.enable=Yes", "cft.multi_node.max_nodes=3", "cos.engine.retry=0.5"}, uconf...)...)
	for i := range n {
		nodes = append(nodes, launchCFT(t, manager.data, "--node", fmt.Sprint(i)))
	}
	require.Eventually(t, func() bool { return manager.logged(t, "is connected") == n }, cftWait, 50*time.Millisecond)
	return manager, nodes, out
}

func TestNodes(t *testing.T) {
	t.Parallel()
	manager, nodes, out := startNodes(t, 2, "cos.transfer.rate=20000", "cos.transfer.frame=512", "cos.transfer.pace=512")
	p := &pair{in: t.TempDir(), out: out}

	// Clients call one port; the nodes take turns, and an IDTU begins with its node's letter.
	content := noise(20_000, 7)
	idtus := map[string]string{} // of each transfer: the name of its file
	letters := map[byte]int{}
	for i := range 8 {
		name := fmt.Sprintf("f%d", i)
		a := manager.ask(t, `SEND PART=PARIS,IDF=TXT,FNAME="`+p.file(t, name, content)+`"`)
		require.Equal(t, "0", a.get("rc"), a)
		idtus[a.get("cat.IDTU")] = name
		letters[a.get("cat.IDTU")[0]]++
	}
	assert.Equal(t, map[byte]int{'A': 4, 'B': 4}, letters)

	// Node 0 dies while it transfers; node 1 takes over. A client finds that out on whatever
	// node it reaches, since there is one catalog.
	var one string
	for idtu := range idtus {
		if idtu[0] == 'A' {
			one = idtu
		}
	}
	manager.until(t, one, func(e map[string]string) bool { return e["PHASESTEP"] == "C" && e["NBYTE"] > "1" })
	require.NoError(t, nodes[0].cmd.Process.Kill())
	require.Eventually(t, func() bool { return manager.logged(t, "node 1 has taken over") == 1 }, cftWait, 50*time.Millisecond)
	for idtu, name := range idtus {
		a := manager.ask(t, `SWAITCAT SELECT='IDTU=="`+idtu+`"',PHASES=X,TIMEOUT=60`)
		require.Equal(t, "0", a.get("rc"), a)
		assert.Equal(t, content, p.received(t, name), name)
	}
	assert.Positive(t, manager.logged(t, "taken over from node 0"))
	assert.Equal(t, "1", manager.entryOf(t, one)["NODE"])

	// The node comes back and gets new work; what it had stays with the other one.
	launchCFT(t, manager.data, "--node", "0")
	require.Eventually(t, func() bool {
		return manager.ask(t, `SEND PART=PARIS,IDF=TXT,STATE=HOLD,FNAME="x"`).get("cat.IDTU")[0] == 'A'
	}, cftWait, 50*time.Millisecond)

	// A number that there is no node of.
	c := cosIn(manager.data, "cft", "serve", "--node", "3")
	text, err := c.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(text), "There is no node 3: cft.multi_node.max_nodes is 3")

	require.Empty(t, manager.failures(t))

	// SHUT reaches all of them.
	require.Equal(t, "0", manager.ask(t, "SHUT FAST=YES").get("rc"))
	assert.Zero(t, manager.exit())
	assert.Zero(t, nodes[1].exit())
}

// A node that dies while there is nobody to take over: whoever comes next does.
func TestLastNodeDies(t *testing.T) {
	t.Parallel()
	manager, nodes, out := startNodes(t, 1, "cos.transfer.rate=20000", "cos.transfer.frame=512", "cos.transfer.pace=512")
	content := noise(30_000, 8)
	file := filepath.Join(t.TempDir(), "only")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	a := manager.ask(t, `SEND PART=PARIS,IDF=TXT,FNAME="`+file+`"`)
	idtu := a.get("cat.IDTU")
	manager.until(t, idtu, func(e map[string]string) bool { return e["PHASESTEP"] == "C" })
	require.NoError(t, nodes[0].cmd.Process.Kill())
	require.Eventually(t, func() bool { return manager.logged(t, "no node is left") == 1 }, cftWait, 50*time.Millisecond)
	launchCFT(t, manager.data, "--node", "2")
	require.Eventually(t, func() bool { return manager.logged(t, "node 2 has taken over") == 1 }, cftWait, 50*time.Millisecond)
	a = manager.ask(t, `SWAITCAT SELECT='IDTU=="`+idtu+`"',PHASES=X,TIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	came, err := os.ReadFile(filepath.Join(out, "only"))
	require.NoError(t, err)
	assert.Equal(t, content, came)
	assert.True(t, strings.HasPrefix(idtu, "A"))
	require.Empty(t, manager.failures(t))
}

// The nodes go on when their manager dies, and are connected to the next one; SHUT reaches all.
func TestManagerDies(t *testing.T) {
	t.Parallel()
	manager, nodes, _ := startNodes(t, 2)
	require.NoError(t, manager.cmd.Process.Kill())
	manager.exit()
	// Nobody comes in by the dispatcher; a node itself still does what it is asked.
	_, _, err := manager.askAs("tester", "", "ABOUT")
	require.Error(t, err)
	direct := &cftServer{data: manager.data, coms: manager.listensOf(t, "1", "CFTTCOMS", "COMS")}
	a := direct.ask(t, "SEND PART=PARIS,IDF=TXT,STATE=HOLD,FNAME=x")
	require.Equal(t, "0", a.get("rc"), a)
	assert.Equal(t, "B", a.get("cat.IDTU")[:1])

	next := launchCFT(t, manager.data)
	require.Eventually(t, func() bool { return next.logged(t, "is connected") == 4 }, cftWait, 50*time.Millisecond)
	next.coms = next.listensOf(t, "cop", "copcoms", "COMS")
	assert.Equal(t, "H", next.entryOf(t, a.get("cat.IDTU"))["PHASESTEP"])
	require.Empty(t, next.failures(t))
	require.Equal(t, "0", next.ask(t, "SHUT FAST=YES").get("rc"))
	assert.Zero(t, next.exit(), next.said)
	assert.Zero(t, nodes[0].exit(), nodes[0].said)
	assert.Zero(t, nodes[1].exit(), nodes[1].said)
}

// Who may reach what listens in a node: processes of this machine, and by the dispatcher those of ADDRLIST.
func TestNodesAreGuarded(t *testing.T) {
	t.Parallel()
	manager, _, _ := startNodes(t, 1)
	ports := map[string]string{"CFTTCOMS": manager.listensOf(t, "0", "CFTTCOMS", "COMS"), "CFTTCPS": manager.listensOf(t, "0", "CFTTCPS", "PESIT1"),
		"CFTPRX": manager.listensOf(t, "0", "CFTPRX", ""), "copnman": manager.listensOf(t, "cop", "copnman", "")}
	for task, port := range ports {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		require.NoError(t, err, task)
		c.Close()
		// 127.0.0.2 is this machine, too, for whoever listens on all addresses.
		_, err = net.Dial("tcp", "127.0.0.2:"+port)
		require.Error(t, err, task)
	}

	// CFTPRX takes over from a node that the manager knows to be dead, and on nobody else's word.
	a := manager.ask(t, "SEND PART=PARIS,IDF=TXT,STATE=HOLD,FNAME=x")
	require.Equal(t, "0", a.get("rc"), a)
	for _, line := range []string{"RECOVER 0\n", "RECOVER 1\n", "RECOVER x\n", "hello\n"} {
		c, err := net.Dial("tcp", "127.0.0.1:"+ports["CFTPRX"])
		require.NoError(t, err)
		require.NoError(t, c.SetDeadline(time.Now().Add(cftWait)))
		_, err = io.WriteString(c, line)
		require.NoError(t, err)
		answer, _ := io.ReadAll(c)
		c.Close()
		assert.Empty(t, answer, "%q", line)
	}
	assert.Equal(t, "0", manager.entryOf(t, a.get("cat.IDTU"))["NODE"])

	medium := "CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=0,ADDRLIST="
	manager.configure(t, medium+"10.1.2.3")
	_, _, err := manager.askAs("tester", "", "ABOUT")
	require.Error(t, err)
	assert.Positive(t, manager.logged(t, "CFTS32W TCOMS Connection refused (address=127.0.0.1, name=)"))
	manager.configure(t, medium+"(10.1.2.3,127.0.0.*)")
	require.Equal(t, "0", manager.ask(t, "ABOUT").get("rc"))
	require.Empty(t, manager.failures(t))
}

// What a node has left in the globals may go while others look at it: a change of the catalog, which wakes
// the engines of all nodes, is made all the same. So is one beside objects and uconf that change.
func TestCatalogBesideWhatChanges(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	other := cosIn(data, "run", "-c", `SET p("NSPART")="A",u="cft.instance_id" `+
		`FOR  QUIT:$DATA(^over)  SET ^CFTRUN(1,"pid","CFTTPRO")=1 KILL ^CFTRUN(1) SET x=$$set^CFTCFG("CFTPART","PARIS",.p),x=$$uconfset^CFTCFG(u,"a"),x=$$uconfunset^CFTCFG(u),^begun=1`)
	require.NoError(t, other.Start())
	out, err := cosIn(data, "run", "-c", `FOR  QUIT:$DATA(^begun)  HANG .01`+"\n"+
		`SET f("PART")="PARIS",f("PHASE")="T",f("PHASESTEP")="H",idtu=$$new^CFTCAT(.f) KILL f `+
		`FOR i=1:1:500 SET f("DUE")=i,x=$$set^CFTCAT(idtu,.f),x=$$uconf^CFTCFG("cft.instance_id") IF '$$obj^CFTCFG("CFTPART","PARIS",.o)!(o("NSPART")'="A") WRITE "replaced: ",$GET(o("NSPART")),! QUIT`+"\n"+
		`SET ^over=1 WRITE i,!`).CombinedOutput()
	if err != nil { // it has not said that it is over
		_ = other.Process.Kill()
	}
	_ = other.Wait()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "500\n", string(out))
}
