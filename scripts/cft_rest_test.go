package scripts_test

// The REST interface of the bundled Transfer CFT server, as the product documents it, its
// page in a browser, and the port check.

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// loop is an instance that is its own partner PARIS.
const loop = `
CFTPARM ID=IDPARM0,PART=PARIS,COM=(COMS),NET=(NET0),PROT=(PESIT1)
CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=0
CFTNET ID=NET0,TYPE=TCP,HOST=127.0.0.1
CFTPROT ID=PESIT1,TYPE=PESIT,NET=NET0,SAP=0
CFTTCP ID=PARIS,HOST=127.0.0.1,CNXIN=16,CNXOUT=16,CNXINOUT=32
CFTSEND ID=TXT
CFTRECV ID=TXT,FNAME="%s/&NFNAME"
`

// startLoop starts a loop instance, which is its own partner. out is where its files arrive.
func startLoop(t *testing.T, uconf ...string) (s *cftServer, out string) {
	t.Helper()
	out = t.TempDir()
	s = startCFT(t, fmt.Sprintf(loop, out), uconf...)
	port := ""
	for _, task := range []string{"copcod", "CFTTCPS"} {
		if port == "" {
			port = s.listens(t, task, "PESIT1")
		}
	}
	require.NotEmpty(t, port)
	s.configure(t, "CFTPART ID=PARIS,PROT=PESIT1,SAP="+port+",NSPART=PARIS,NRPART=PARIS")
	return s, out
}

// startREST starts a loop instance with REST and page, and returns the base of its paths.
func startREST(t *testing.T, uconf ...string) (s *cftServer, base, out string) {
	t.Helper()
	s, out = startLoop(t, append([]string{"copilot.restapi.enable=Yes", "copilot.restapi.serverport=0", "copilot.general.enable=Yes",
		"copilot.general.serverport=0", "copilot.general.serverhost=127.0.0.1", "cos.password.iterations=10"}, uconf...)...)
	return s, "http://127.0.0.1:" + s.port(t, "coprests", "") + "/cft/api/v1", out
}

// rest makes a request and returns the status and the members of the answer.
func rest(t *testing.T, method, url, body string, header ...string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	r, err := cftClient.Do(req)
	require.NoError(t, err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, "application/json; charset=utf-8", r.Header.Get("Content-Type"))
	var o map[string]any
	require.NoError(t, json.Unmarshal(text, &o), string(text))
	return r.StatusCode, o
}

// has checks the names of members, which are those of the product's OpenAPI document.
func has(t *testing.T, o map[string]any, names string) {
	t.Helper()
	for _, name := range strings.Fields(names) {
		assert.Contains(t, o, name)
	}
}

const listed = "partner direct type compatstate ack state phase phasestep idf idt idtu pidtu nrec frec msg diagi diagp requser reqgroup ida"

func TestREST(t *testing.T) {
	t.Parallel()
	_, base, out := startREST(t)

	code, o := rest(t, "GET", base+"/about", "")
	assert.Equal(t, 200, code)
	has(t, o, "version level system server_time server_utc multinode_enabled cg_enabled ui_readonly instance_id user_name user_guide_url")
	code, o = rest(t, "GET", base+"/cft/state", "")
	assert.Equal(t, 200, code)
	assert.Equal(t, map[string]any{"id": 0.0, "node_state": "ENABLED", "cft_state": "RUNNING"}, o["nodes"].([]any)[0])

	// A transfer that is waited for, one that is not, one that does not end in time.
	p := &pair{in: t.TempDir(), out: out}
	file := p.file(t, "a.txt", []byte("one\ntwo\n"))
	send := base + "/transfers/files/outgoings?part=PARIS&idf=TXT"
	code, o = rest(t, "POST", send+"&apitimeout=60", `{"fname":"`+file+`","ida":"batch1","wphases":"X","wtimeout":60}`)
	require.Equal(t, 201, code, o)
	has(t, o, "partner idf idtu idt state phase phasestep ida diagi diagp links")
	assert.Equal(t, []any{"PARIS", "TXT", "X", "X", "X", "batch1", 0.0}, []any{o["partner"], o["idf"], o["state"], o["phase"], o["phasestep"], o["ida"], o["diagi"]})
	assert.Regexp(t, `^[A-Z][A-Z0-9]{7}$`, o["idtu"])
	assert.Equal(t, base+"/transfers/"+o["idtu"].(string), o["links"].(map[string]any)["href"])
	assert.Equal(t, "one\ntwo\n", string(p.received(t, "a.txt")))
	idtu := o["idtu"].(string)

	code, o = rest(t, "POST", send+"&apitimeout=0", `{"fname":"`+file+`","state":"HOLD"}`)
	assert.Equal(t, 202, code, o)
	held := o["idtu"].(string)
	code, _ = rest(t, "POST", send+"&apitimeout=1", `{"fname":"`+file+`","state":"HOLD","wphases":"X"}`)
	assert.Equal(t, 202, code)
	code, o = rest(t, "POST", base+"/transfers/messages?part=PARIS&idm=HELLO", `{"msg":"hi"}`)
	assert.Equal(t, 201, code)
	assert.Equal(t, "HELLO", o["idm"])

	// The catalog.
	code, o = rest(t, "GET", base+"/transfers?ida=batch1&direct=SEND", "")
	assert.Equal(t, 200, code)
	assert.Equal(t, []any{1.0, 1.0, 0.0}, []any{o["numberOfSelectedRecords"], o["numberOfUsedRecords"], o["offset"]})
	has(t, o["transfers"].([]any)[0].(map[string]any), listed)
	_, o = rest(t, "GET", base+"/transfers?fields=idtu,state&limit=1&offset=1", "")
	require.Len(t, o["transfers"], 1)
	assert.Len(t, o["transfers"].([]any)[0], 2)
	_, o = rest(t, "GET", base+"/transfers?part=NOBODY", "")
	assert.Empty(t, o["transfers"])
	_, o = rest(t, "GET", base+"/transfers?datetimemin=-1H&phase=T", "")
	assert.NotEmpty(t, o["transfers"])
	_, o = rest(t, "GET", base+"/transfers?datetimemax=2001-01-01T00:00:00", "")
	assert.Empty(t, o["transfers"])
	code, o = rest(t, "GET", base+"/transfers/"+idtu, "")
	assert.Equal(t, 200, code)
	has(t, o, listed+" fname requser fcode nidt")

	// Control.
	for _, row := range []struct {
		method, path, body string
		code               int
	}{
		{"PUT", "/transfers/" + held + "/keep", "", 200},
		{"PUT", "/transfers/" + held + "/start", "", 200},
		{"PUT", "/transfers/" + idtu + "/halt", "", 400},
		{"PUT", "/transfers/" + idtu + "/dance", "", 404},
		{"PUT", "/transfers/Z9999999/halt", "", 404},
		{"PUT", "/transfers/short/halt", "", 400},
		{"PUT", "/transfers/" + idtu + "/end", "[1]", 400},
		{"DELETE", "/transfers/" + idtu, "", 200},
		{"GET", "/transfers/" + idtu, "", 404},
		{"GET", "/logs?limit=0", "", 400},
		{"GET", "/logs?severity=X", "", 400},
		{"GET", "/transfers?diagi=-7", "", 400},
		{"GET", "/transfers?datetimemin=soon", "", 400},
		{"POST", "/transfers/files/outgoings?idf=TXT", "{}", 400},
		{"POST", "/transfers/files/outgoings?part=PARIS&idf=TXT&apitimeout=121", "{}", 400},
		{"POST", "/transfers/files/outgoings?part=PARIS&idf=TXT", `{"nonsense":"x"}`, 400},
		{"POST", "/transfers/messages?part=PARIS&idm=M", "{}", 400},
		{"POST", "/about", "{}", 405},
		{"GET", "/nowhere", "", 404},
	} {
		code, o := rest(t, row.method, base+row.path, row.body)
		assert.Equal(t, row.code, code, "%s %s: %v", row.method, row.path, o)
		if code >= 400 {
			has(t, o, "code message detail")
		}
	}

	// The acknowledgement of a transfer that was received.
	_, o = rest(t, "POST", send+"&apitimeout=60", `{"fname":"`+file+`","ackstate":"REQUIRE","wphases":"Z"}`)
	sent := o["idtu"].(string)
	assert.Equal(t, "Z", o["phase"], o)
	_, o = rest(t, "GET", base+"/transfers?direct=RECV&idt="+o["idt"].(string), "")
	came := o["transfers"].([]any)[0].(map[string]any)["idtu"].(string)
	code, o = rest(t, "PUT", base+"/transfers/"+came+"/ack?idm=OK", `{"msg":"thanks"}`)
	require.Equal(t, 202, code, o)
	require.Eventually(t, func() bool {
		_, o = rest(t, "GET", base+"/transfers/"+sent, "")
		return o["ack"] == "A" && o["phase"] == "X"
	}, cftWait, 20*time.Millisecond)

	_, o = rest(t, "GET", base+"/logs?limit=5&severity=I&pattern=CFTR12I", "")
	require.NotEmpty(t, o["logs"])
	has(t, o["logs"].([]any)[0].(map[string]any), "node severity code date message")

	code, o = rest(t, "GET", strings.TrimSuffix(base, "/cft/api/v1")+"/healthz?component=cft", "")
	assert.Equal(t, []any{200, "UP"}, []any{code, o["status"]})
	_, o = rest(t, "GET", strings.TrimSuffix(base, "/cft/api/v1")+"/api-docs/service.json", "")
	assert.Contains(t, o["paths"], "/cft/api/v1/transfers/{idtu}/{action}")
}

func TestRESTAuthentication(t *testing.T) {
	t.Parallel()
	s, base, _ := startREST(t, "cft.server.authentication_method=xfbadm")
	s.configure(t, "CFTUSR ID=ann,PASSWORD=secret\nCFTUSR ID=bob,PASSWORD=other")
	basic := func(user, password string) string {
		r, err := http.NewRequest("GET", base, nil)
		require.NoError(t, err)
		r.SetBasicAuth(user, password)
		return r.Header.Get("Authorization")
	}
	code, _ := rest(t, "GET", base+"/about", "")
	assert.Equal(t, 401, code)
	code, o := rest(t, "GET", base+"/about", "", "Authorization", basic("ann", "secret"))
	assert.Equal(t, []any{200, "ann"}, []any{code, o["user_name"]})
	_, o = rest(t, "POST", base+"/login", "", "Authorization", basic("ann", "secret"))
	bearer := "Bearer " + o["token"].(string)
	code, _ = rest(t, "GET", base+"/transfers", "", "Authorization", bearer)
	assert.Equal(t, 200, code)
	code, _ = rest(t, "GET", base+"/logout", "", "Authorization", bearer)
	assert.Equal(t, 200, code)
	code, _ = rest(t, "GET", base+"/transfers", "", "Authorization", bearer)
	assert.Equal(t, 401, code)
	for range 3 {
		code, _ = rest(t, "GET", base+"/about", "", "Authorization", basic("bob", "wrong"))
		assert.Equal(t, 401, code)
	}
	// bob is locked out now, whatever his password; ann is not.
	code, o = rest(t, "GET", base+"/about", "", "Authorization", basic("bob", "other"))
	assert.Equal(t, 401, code)
	assert.Contains(t, o["detail"], "Too many failed logins")
	code, _ = rest(t, "GET", base+"/about", "", "Authorization", basic("ann", "secret"))
	assert.Equal(t, 200, code)
}

// The client over REST: plain for the simulator when that is allowed, over TLS as with the
// product, checked against an authority.
func TestRESTClient(t *testing.T) {
	t.Parallel()
	certs := t.TempDir()
	require.NoError(t, cosIn(t.TempDir(), "tls", "selfsigned", "-q", certs).Run())
	config, err := filepath.Glob(filepath.Join(certs, "*.toml"))
	require.NoError(t, err)
	require.Len(t, config, 1)
	for _, scheme := range []string{"rest+http", "rest"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			more := []string{"cft.server.authentication_method=xfbadm"}
			if scheme == "rest" {
				more = append(more, "cos.restapi.tls=server", "--tls-config="+config[0])
			}
			s, _, out := startREST(t, more...)
			client := t.TempDir()
			p := &pair{in: t.TempDir(), out: out}
			do := func(code int, command string) string {
				t.Helper()
				c := cosIn(client, "cft", "--tls-config="+config[0], "@"+p.file(t, "commands", []byte("CONFIG TYPE=COM,MEDIACOM=TCPIP,FNAME="+scheme+"://localhost:"+s.port(t, "coprests", "")+",PASSWORD=secret\n"+command+"\n")))
				text, _ := c.CombinedOutput()
				require.Equal(t, code, c.ProcessState.ExitCode(), string(text))
				return string(text)
			}
			local := func(command ...string) {
				t.Helper()
				text, err := cosIn(client, append([]string{"cft"}, command...)...).CombinedOutput()
				require.NoError(t, err, string(text))
			}
			if scheme == "rest" {
				assert.Contains(t, do(8, "ABOUT"), "rest:// needs a TLS configuration")
				local("uconfset", "id=cft.client.cftcoms.ssl_id,value=client")
			} else {
				assert.Contains(t, do(8, "ABOUT"), "rest+http:// is for the simulator only")
				local("uconfset", "id=cos.client.rest_http,value=Yes")
			}
			local("uconfset", "id=cos.client.rest_poll,value=0.05")
			assert.Contains(t, do(8, "ABOUT\nPRINT MSG=%_CMDRET%"), "Unauthorized.")
			me, err := cosIn(client, "run", "-c", "WRITE $SYSTEM.Process.UserName()").Output()
			require.NoError(t, err)
			s.configure(t, "CFTUSR ID="+strings.TrimSpace(string(me))+",PASSWORD=secret")
			assert.Contains(t, do(0, "ABOUT"), "* user_name = "+strings.TrimSpace(string(me)))

			file := p.file(t, "a.txt", []byte("one\ntwo\n"))
			text := do(0, `SEND PART=PARIS,IDF=TXT,IDA=mine,FNAME="`+file+`",WSTATES=TX,WTIMEOUT=60`)
			assert.Contains(t, text, "the REST interface is asked every .05 s")
			assert.Regexp(t, `CFTU00I SEND     _ Correct \(SWAITCA,IDTU=[A-Z0-9]{8}\)`, text)
			assert.Equal(t, "one\ntwo\n", string(p.received(t, "a.txt")))
			assert.Contains(t, do(0, "SWAITCAT SELECT='IDA==\"mine\"&&DIRECT==\"SEND\"'"), "SWAITCAT_OK")
			assert.Contains(t, do(8, "SWAITCAT SELECT='IDA==\"mine\"'\nPRINT MSG=%_CMDRET%"), "\n87\n")
			assert.Contains(t, do(8, "SWAITCAT SELECT='IDA==\"nobody\"'\nPRINT MSG=%_CMDRET%"), "\n82\n")
			assert.Contains(t, do(8, "SWAITCAT SELECT='IDA=x'\nPRINT MSG=%_CMDRET%"), "\n84\n")
			assert.Contains(t, do(8, `SEND PART=PARIS,IDF=TXT,IDA=held,STATE=HOLD,FNAME="`+file+`",WPHASES=X,WTIMEOUT=1`+"\nPRINT MSG=%_CMDRET%"), "\n81\n")
			assert.Contains(t, do(0, "KEEP PART=PARIS,IDA=held"), "Correct")
			assert.Contains(t, do(8, "SWAITCAT SELECT='IDA==\"held\"'\nPRINT MSG=%_CMDRET%"), "\n80\n")
			assert.Contains(t, do(0, "LISTCAT PART=PARIS"), "3 record(s) selected")
			assert.Contains(t, do(0, "DELETE PART=PARIS,IDA=held"), "Correct")
			assert.Contains(t, do(8, "HALT PART=PARIS,IDA=held"), "no record found")
			assert.Contains(t, do(8, "MQUERY"), "the REST interface has no MQUERY")
			assert.Contains(t, do(0, "SHUT"), "Correct")
			require.Zero(t, s.exit(), s.said)
		})
	}
}

// The page, as a browser draws it: catalog, log and ports are there, and data is text.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	installed(t, "chromium")
	s, base, _ := startREST(t)
	hostile := `<img src=x onerror="document.title='owned'">`
	code, o := rest(t, "POST", base+"/transfers/files/outgoings?part=PARIS&idf=TXT&apitimeout=0", `{"state":"HOLD","fname":"x","ida":`+fmt.Sprintf("%q", hostile)+`}`)
	require.Equal(t, 202, code, o)
	out, err := exec.Command("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=5000", "--dump-dom",
		"http://127.0.0.1:"+s.port(t, "copui", "")+"/").Output()
	require.NoError(t, err)
	dom := string(out)
	assert.Contains(t, dom, o["idtu"])
	assert.Contains(t, dom, "CFTI14I CFT Init complete")
	assert.Contains(t, dom, "Listening port for file transfer protocol")
	assert.Contains(t, dom, "<title>Transfer CFT simulator</title>")
	assert.Contains(t, dom, "&lt;img src=x")
}

// The port check against a running server, and after its end.
func TestPorts(t *testing.T) {
	t.Parallel()
	s, _, _ := startREST(t)
	ports := func(args ...string) (string, int) {
		c := cosIn(s.data, append([]string{"cft", "ports"}, args...)...)
		out, err := c.Output()
		if c.ProcessState == nil {
			require.NoError(t, err)
		}
		return string(out), c.ProcessState.ExitCode()
	}
	states := func(args ...string) (states []string, code int) {
		text, code := ports(append(args, "--json")...)
		var rows []map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &rows))
		for _, r := range rows {
			has(t, r, "usage process configurable parameter interface state ports")
			states = append(states, r["state"].(string))
		}
		return states, code
	}
	s.configure(t, "UCONFSET ID=copilot.general.ssl_serverport,VALUE=1\nUCONFSET ID=secure_relay.ma.comm_port,VALUE=0")
	is, code := states()
	assert.Equal(t, []string{"open", "open", "n/a", "n/a", "open", "refused", "n/a", "open", "n/a", "n/a"}, is)
	assert.Equal(t, 2, code)
	_, code = states("--as", "cftping")
	assert.Equal(t, 1, code)
	_, code = states("--as", "copstatus")
	assert.Equal(t, 0, code)
	is, _ = states("--multi-node")
	assert.Len(t, is, 12)
	s.configure(t, "UCONFSET ID=copilot.general.ssl_serverport,VALUE=0")
	_, code = states()
	assert.Equal(t, 0, code)
	text, _ := ports()
	assert.Contains(t, text, "Network Interface")
	assert.Len(t, strings.Split(strings.TrimSpace(text), "\n"), 12)
	assert.LessOrEqual(t, s.logged(t, "CFTH66E"), 10)

	require.Equal(t, "0", s.ask(t, "SHUT FAST=YES").get("rc"))
	require.Zero(t, s.exit(), s.said)
	is, code = states("--host", "127.0.0.1")
	assert.NotContains(t, is, "open")
	assert.Equal(t, 1, code)
	_, code = states("--as", "cftping")
	assert.Equal(t, 0, code)
	_, code = states("--as", "copstatus")
	assert.Equal(t, 1, code)
}
