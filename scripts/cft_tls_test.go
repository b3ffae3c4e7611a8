package scripts_test

// The synchronous medium over TLS: CFTCOM SSL= at the server, xhttps:// at the client.

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMediumOverTLS(t *testing.T) {
	t.Parallel()
	certs := t.TempDir()
	require.NoError(t, cosIn(t.TempDir(), "tls", "selfsigned", "-q", certs).Run())
	config := "--tls-config=" + filepath.Join(certs, "tls.toml")
	s := startCFT(t, `
CFTPARM ID=IDPARM0,PART=PARIS,COM=(COMS)
CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=0,SSL=server
CFTPART ID=PARIS`, config)
	client := t.TempDir()
	do := func(code int, scheme string, command ...string) string {
		t.Helper()
		c := cosIn(client, append([]string{"cft", config, "--com", scheme + "://localhost:" + s.coms}, command...)...)
		text, _ := c.CombinedOutput()
		require.Equal(t, code, c.ProcessState.ExitCode(), string(text))
		return strings.ReplaceAll(string(text), "\nCFTU00I                     ", "")
	}

	// Without a configuration, or one that does not exist, there is no channel.
	assert.Contains(t, do(8, "xhttps", "ABOUT"), "(xhttps:// needs a TLS configuration: CONFIG …,SSL=name or uconf cft.client.cftcoms.ssl_id)")
	do(0, "xhttps", "UCONFSET", "ID=cft.client.cftcoms.ssl_id,VALUE=nosuch")
	assert.Contains(t, do(8, "xhttps", "ABOUT"), "no TLS session by the configuration nosuch")
	do(0, "xhttps", "UCONFSET", "ID=cft.client.cftcoms.ssl_id,VALUE=client")
	assert.Contains(t, do(0, "xhttps", "ABOUT"), "* part = PARIS")
	assert.Contains(t, do(0, "XHTTPS", "SEND", `PART=PARIS,IDF=TXT,FNAME=x,STATE=KEEP`), "CFTU00I SEND     _ Correct")

	// CONFIG SSL= comes before uconf; the connection is kept, and a wait goes over it.
	file := filepath.Join(client, "commands")
	require.NoError(t, os.WriteFile(file, []byte("CONFIG TYPE=COM,MEDIACOM=TCPIP,FNAME=xhttps://localhost:"+s.coms+",SSL=client\n"+
		"SEND PART=PARIS,IDF=TXT,FNAME=y,IDA=held,STATE=HOLD\n"+
		"SWAITCAT SELECT='IDA==\"held\"',STATES=X,TIMEOUT=1\nPRINT MSG=%_CMDRET%\nHALT IDA=held,PART=PARIS\n"), 0o600))
	assert.Contains(t, do(8, "xhttps", "@"+file), "\n81\n")
	c := cosIn(client, "cft", "@"+file)
	text, _ := c.CombinedOutput()
	assert.Contains(t, string(text), "Open channel failed", "no file of TLS configurations")

	// Who speaks no TLS is not heard, and one line tells; a certificate has to be that of the host.
	assert.Contains(t, do(8, "xhttp", "ABOUT"), "Channel read error")
	assert.Positive(t, s.logged(t, "CFTS32W TCOMS Connection refused (address=127.0.0.1, name=): no TLS session by CFTCOM SSL=server"))
	ca, err := os.ReadFile(filepath.Join(certs, "ca.pem"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(ca))
	_, err = tls.Dial("tcp", "127.0.0.1:"+s.coms, &tls.Config{RootCAs: pool, ServerName: "elsewhere.example"})
	var host x509.HostnameError
	require.ErrorAs(t, err, &host)

	// Any HTTPS client speaks the wire.
	https := http.Client{Timeout: cftWait, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}}}
	req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("https://%s/cft/command", net.JoinHostPort("127.0.0.1", s.coms)), strings.NewReader("ABOUT"))
	require.NoError(t, err)
	req.Header.Set("X-User", "bob")
	r, err := https.Do(req)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Contains(t, string(body), "\nrc=0\n")
	require.Empty(t, s.failures(t))
}
