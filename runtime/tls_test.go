package runtime

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/devices/sslconfig"
)

// certificates is a folder with a development authority and an encrypted key.
func certificates(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	_, err := sslconfig.SelfSigned(dir, []string{"localhost", "127.0.0.1"})
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "server.key"))
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	//lint:ignore SA1019 the format under test
	locked, err := x509.EncryptPEMBlock(zeros{}, block.Type, block.Bytes, []byte("s3cret"), x509.PEMCipherAES256)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "locked.key"), pem.EncodeToMemory(locked), 0o600))
	return dir
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// tlsSystem is a process on a data directory.
func tlsSystem(t *testing.T, data, certs string) (*Process, *testConsole) {
	t.Helper()
	console := &testConsole{}
	env := &devices.Env{Console: console}
	s := NewSystem(Config{Env: env, Stderr: &console.out, DataDir: data, Namespace: "%SYS"})
	p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Close()
		s.Close()
	})
	require.NoError(t, p.Execute(`SET dir="`+certs+`/"`))
	return p, console
}

// writes executes lines and returns what they write.
func writes(t *testing.T, p *Process, c *testConsole, lines string) string {
	t.Helper()
	c.out.Reset()
	err := p.Execute(lines)
	require.NoError(t, p.io.principal.Flush(devices.AtPrompt))
	if err != nil {
		var failed *Error
		require.ErrorAs(t, err, &failed)
		return c.out.String() + "<" + failed.Name + "> " + failed.Info
	}
	return c.out.String()
}

const createServer = `SET p("Type")=1,p("CertificateFile")=dir_"server.pem",p("PrivateKeyFile")=dir_"locked.key",p("PrivateKeyPassword")="s3cret" WRITE ##class(Security.SSLConfigs).Create("server",.p)`

// Configurations from a program: every method, every error, and no password anywhere.
func TestSSLConfigs(t *testing.T) {
	data, certs := t.TempDir(), certificates(t)
	p, c := tlsSystem(t, data, certs)
	for _, row := range [][2]string{
		{createServer, "1"},
		{`WRITE $SYSTEM.Status.GetErrorText(##class(Security.SSLConfigs).Create("server",.p))`, "ERROR #5001: TLS configuration server already exists"},
		{`KILL p SET p("Description")="x",p("Enabled")=0 WRITE ##class(Security.SSLConfigs).Modify("server",.p)`, "1"},
		{`KILL p WRITE ##class(Security.SSLConfigs).Get("server",.p),p("Type"),p("Name"),p("Enabled"),p("Description"),$DATA(p("PrivateKeyPassword"))`, "11server0x0"},
		{`SET p("Enabled")=1 WRITE ##class(Security.SSLConfigs).Modify("server",.p)`, "1"},
		{`WRITE ##class(Security.SSLConfigs).Exists("server"),##class(Security.SSLConfigs).Exists("nosuch",.o,.sc)," ",$SYSTEM.Status.GetErrorText(sc)`, "10 ERROR #5001: TLS configuration nosuch does not exist"},
		{`WRITE ##class(Security.SSLConfigs).Exists("server",.o,.sc),sc,o.Name,o.Type,o.PrivateKeyPassword,o.Activate()`, "11server11"},
		{`FOR x=o.CAFile,o.CAPath,o.CRLFile,o.CertificateFile,o.Ciphersuites,o.DiffieHellmanBits,o.Enabled,o.OCSP,o.OCSPIssuerCert,o.OCSPResponseFile,o.OCSPTimeout,o.OCSPURL WRITE x,","`,
			",,," + certs + "/server.pem,TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256,0,1,0,,,,,"},
		{`FOR x=o.CipherList,o.PrivateKeyFile,o.PrivateKeyType,o.Protocols,o.SNIName,o.TLSMaxVersion,o.TLSMinVersion,o.VerifyDepth,o.VerifyPeer WRITE x,","`,
			"ALL:!aNULL:!eNULL:!EXP:!SSLv2," + certs + "/locked.key,2,,,32,16,9,0,"},
		{`SET o.Description="y" WRITE o.%Save(),##class(Security.SSLConfigs).%OpenId("server").Description`, "1y"},
		{`SET o.PrivateKeyPassword="wr0ng" WRITE $SYSTEM.Status.GetErrorText(o.Activate())`, "ERROR #5001: TLS configuration server: property PrivateKeyFile: " + certs + "/locked.key: the password does not open the private key"},
		{`SET n=##class(Security.SSLConfigs).%New() SET n.Name="new",n.CAFile=dir_"ca.pem",n.VerifyPeer=1 WRITE n.%Save(),##class(Security.SSLConfigs).Exists("new")`, "11"},
		{`SET n.VerifyPeer=3 WRITE $SYSTEM.Status.GetErrorText(n.%Save())`, "ERROR #5001: property VerifyPeer: 3 is for servers"},
		{`KILL p SET p("CRLFile")="x" WRITE $SYSTEM.Status.GetErrorText(##class(Security.SSLConfigs).Create("bad",.p)),##class(Security.SSLConfigs).Exists("bad")`, "ERROR #5001: property CRLFile: this is not built0"},
		{`KILL p SET p("Protocols")=28 WRITE ##class(Security.SSLConfigs).Modify("new",.p),##class(Security.SSLConfigs).Get("new",.p),p("TLSMinVersion")," ",p("TLSMaxVersion")`, "114 16"},
		{`WRITE $SYSTEM.Status.GetErrorText(##class(Security.SSLConfigs).Create("a|b"))`, `ERROR #5001: "a|b" is no name of a TLS configuration: 1 to 64 characters without |`},
		{`WRITE ##class(Security.SSLConfigs).Delete("new"),##class(Security.SSLConfigs).Exists("new"),$SYSTEM.Status.IsError(##class(Security.SSLConfigs).Delete("new"))`, "101"},
		{`ZNSPACE "USER" WRITE ##class(Security.SSLConfigs).Exists("server")`, "<CLASS DOES NOT EXIST> *Security.SSLConfigs"},
	} {
		require.Equal(t, row[1], strings.TrimSpace(writes(t, p, c, row[0])), row[0])
	}
	shown := writes(t, p, c, `ZWRITE ^|"%SYS"|SYS ZWRITE p,o`)
	require.Contains(t, shown, `"PrivateKeyPassword")="aes256:`)
	require.NotContains(t, shown, "s3cret")
	p.Close()
	p.sys.Close()

	info, err := os.Stat(filepath.Join(data, keyFile))
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	p, c = tlsSystem(t, data, certs)
	require.Equal(t, "1y1", writes(t, p, c, `WRITE ##class(Security.SSLConfigs).Exists("server",.o),o.Description,o.Activate()`), "it outlives the process")
	require.NoError(t, os.WriteFile(filepath.Join(data, keyFile), make([]byte, keySize), 0o600))
	p.Close()
	p.sys.Close()
	p, c = tlsSystem(t, data, certs)
	require.Contains(t, writes(t, p, c, `WRITE $SYSTEM.Status.GetErrorText(##class(Security.SSLConfigs).Get("server"))`), "cannot be read with the key of this data directory")
}

// Configurations of the file come first and are not changed by programs.
func TestSSLConfigsOfTheFile(t *testing.T) {
	certs := certificates(t)
	p, c := tlsSystem(t, "", certs)
	var err error
	p.sys.cfg.TLS, err = sslconfig.Load(filepath.Join(certs, "tls.toml"))
	require.NoError(t, err)
	for _, call := range []string{`Modify("server",.p)`, `Delete("server")`, `%OpenId("server").%Save()`} {
		require.Equal(t, "ERROR #5001: TLS configuration server comes from the configuration file",
			writes(t, p, c, `WRITE $SYSTEM.Status.GetErrorText(##class(Security.SSLConfigs).`+call+`)`), call)
	}
	require.Equal(t, "1", writes(t, p, c, `WRITE ##class(Security.SSLConfigs).Exists("mutual")`))
}

// tlsListener echoes lines over TLS, with a development server's certificate.
func tlsListener(t *testing.T, certs string) (port string) {
	t.Helper()
	list, err := sslconfig.Load(filepath.Join(certs, "tls.toml"))
	require.NoError(t, err)
	config, err := list["server"].Build("", "")
	require.NoError(t, err)
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn) // until it ends, in whatever way
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	_, port, err = net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// The errors of TLS as a program meets them.
func TestTLSErrorsInPrograms(t *testing.T) {
	certs := certificates(t)
	p, c := tlsSystem(t, "", certs)
	port := tlsListener(t, certs)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer plain.Close()
	_, silent, err := net.SplitHostPort(plain.Addr().String())
	require.NoError(t, err)
	require.Equal(t, "111", writes(t, p, c, `SET p("CAFile")=dir_"ca.pem",p("VerifyPeer")=1 WRITE ##class(Security.SSLConfigs).Create("client",.p)`+
		` SET p("Enabled")=0 WRITE ##class(Security.SSLConfigs).Create("disabled",.p)`+
		` SET p("Enabled")=1,p("CAFile")="%OSCertificateStore" WRITE ##class(Security.SSLConfigs).Create("public",.p)`))
	talk := func(config, host, port, io string) string {
		return writes(t, p, c, `SET d="|TCP|2" OPEN d:("`+host+`":`+port+`:"M":/TLS="`+config+`"):5 USE d SET x="-" TRY { `+io+
			` } CATCH e { USE 0 WRITE e.Name," " } SET za=$ZA USE d WRITE:0 "" SET za=$ZA CLOSE d USE 0 WRITE x," ",$TEST," ",za`)
	}
	for _, row := range []struct{ name, config, host, port, io, want string }{
		{"all is well", "client||localhost", "localhost", port, `WRITE "hello",! READ x:5`, "hello 1 8192"},
		{"another name", "client||elsewhere", "localhost", port, `WRITE "hello",!`, "<WRITE> - 1 4"},
		{"no such configuration", "nosuch", "localhost", port, `READ x:5`, "<READ>  1 4"},
		{"no such configuration, WRITE", "nosuch|s3cret", "localhost", port, `WRITE "hello",!`, "<WRITE> - 1 4"},
		{"disabled", "disabled", "localhost", port, `WRITE "hello",!`, "<WRITE> - 1 4"},
		{"unknown authority", "public", "localhost", port, `WRITE "hello",!`, "<WRITE> - 1 4"},
		{"a peer that says nothing", "client", "127.0.0.1", silent, `READ x:0.1`, " 0 8194"},
	} {
		require.Equal(t, row.want, talk(row.config, row.host, row.port, row.io), row.name)
	}
	require.Equal(t, "1SSL connection succeeded;Protocol: TLS 1.3;Ciphersuite: TLS_AES_128_GCM_SHA256;Peer: CN=localhost;",
		writes(t, p, c, `DO ##class(Security.SSLConfigs).Exists("client",.o) WRITE o.TestConnection("localhost",`+port+`,.info) FOR i=1:1:4 WRITE info(i),";"`))
	require.Contains(t, writes(t, p, c, `DO ##class(Security.SSLConfigs).Exists("public",.o) WRITE $SYSTEM.Status.GetErrorText(o.TestConnection("localhost",`+port+`))`), "certificate")
	// The configuration stays what it is for connections, until it or a file changes.
	first, err := p.sys.tls.build(mustConfig(t, p, "client"), devices.TLSRequest{Config: "client"})
	require.NoError(t, err)
	again, err := p.sys.tls.build(mustConfig(t, p, "client"), devices.TLSRequest{Config: "client"})
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Equal(t, "1", writes(t, p, c, `KILL p SET p("VerifyDepth")=1 WRITE ##class(Security.SSLConfigs).Modify("client",.p)`))
	again, err = p.sys.tls.build(mustConfig(t, p, "client"), devices.TLSRequest{Config: "client"})
	require.NoError(t, err)
	require.NotSame(t, first, again)
}

func mustConfig(t *testing.T, p *Process, name string) *sslconfig.Config {
	t.Helper()
	c, err := p.storedConfig(name)
	require.NoError(t, err)
	require.NotNil(t, c)
	return c
}

// tlsServer is concurrentServer over TLS.
var tlsServer = strings.Replace(concurrentServer, "1000)", `1000:/TLS="server")`, 1)

// TestHundredTLSClientsAtOnce: the server accepts and JOBs, the handshake is the job's.
func TestHundredTLSClientsAtOnce(t *testing.T) {
	const clients, lines = 100, 5
	certs := certificates(t)
	list, err := sslconfig.Load(filepath.Join(certs, "tls.toml"))
	require.NoError(t, err)
	port := freePort(t)
	startServerWith(t, Config{TLS: list}, tlsServer, port)
	config, err := list["client"].Build("", "localhost")
	require.NoError(t, err)
	dial(t, port).Close() // a client that does not stay hurts nobody
	var all, open sync.WaitGroup
	open.Add(clients)
	for i := range clients {
		all.Go(func() {
			c := tls.Client(dial(t, port), config)
			defer c.Close()
			c.SetDeadline(time.Now().Add(60 * time.Second))
			in := bufio.NewReader(c)
			for n := range lines {
				fmt.Fprintf(c, "client %d line %d\r", i, n)
				line, err := in.ReadString('\n')
				if !assert.NoError(t, err) {
					open.Done()
					return
				}
				_, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
				assert.Equal(t, fmt.Sprintf("client %d line %d", i, n), rest)
				if n == 0 { // hold the connection until all are connected
					open.Done()
					open.Wait()
				}
			}
		})
	}
	all.Wait()
}

// openssl runs OpenSSL's program with input; it is skipped where there is none.
func openssl(t *testing.T, input string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: TLS is tested against Go's only")
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Stdin = strings.NewReader(input)
	return cmd, &out
}

// untilEnd is a server that answers until it is told QUIT.
const untilEnd = `server(port) SET io="|TCP|"_port
 OPEN io:(:port:"CT":/TLS="mutual"):20
 USE io FOR  READ line QUIT:line="QUIT"  WRITE "got ",line,!
 WRITE "bye",!
 CLOSE io
 QUIT
`

const smtpServer = `server(port) SET io="|TCP|"_port
 OPEN io:(:port:"ACT"):20
 USE io READ x WRITE "220 cos ESMTP",!
 FOR  READ line QUIT:line="QUIT"  DO
 . IF line["EHLO" WRITE "250-cos",!,"250 STARTTLS",! QUIT
 . IF line["STARTTLS" WRITE "220 go ahead",! USE io:(/TLS="server") QUIT
 . WRITE "250 ",line,!
 WRITE "221 bye",!
 CLOSE io
 QUIT
`

func TestAgainstOpenSSL(t *testing.T) {
	certs := certificates(t)
	list, err := sslconfig.Load(filepath.Join(certs, "tls.toml"))
	require.NoError(t, err)
	t.Run("s_client", func(t *testing.T) {
		for _, version := range []string{"-tls1_3", "-tls1_2"} {
			cmd, out := openssl(t, "hello\nQUIT\n", "s_client", "-quiet", version, "-verify_return_error", "-verify_hostname", "localhost",
				"-CAfile", filepath.Join(certs, "ca.pem"), "-cert", filepath.Join(certs, "client.pem"), "-key", filepath.Join(certs, "client.key"))
			port := freePort(t)
			startServerWith(t, Config{TLS: list}, untilEnd, port)
			listens(t, port)
			cmd.Args = append(cmd.Args, "-connect", fmt.Sprintf("127.0.0.1:%d", port))
			require.NoError(t, cmd.Run(), out.String())
			require.Contains(t, out.String(), "got hello\r\nbye\r\n")
		}
	})
	t.Run("s_client -starttls", func(t *testing.T) {
		port := freePort(t)
		cmd, out := openssl(t, "NOOP\nQUIT\n", "s_client", "-quiet", "-starttls", "smtp", "-verify_return_error",
			"-CAfile", filepath.Join(certs, "ca.pem"), "-connect", fmt.Sprintf("127.0.0.1:%d", port))
		startServerWith(t, Config{TLS: list}, smtpServer, port)
		listens(t, port)
		require.NoError(t, cmd.Run(), out.String())
		require.Contains(t, out.String(), "250 NOOP\r\n221 bye\r\n")
	})
	t.Run("s_server", func(t *testing.T) {
		port := freePort(t)
		cmd, out := openssl(t, "", "s_server", "-quiet", "-rev", "-naccept", "1", "-accept", fmt.Sprintf("127.0.0.1:%d", port), "-Verify", "1",
			"-verify_return_error", "-CAfile", filepath.Join(certs, "ca.pem"), "-cert", filepath.Join(certs, "server.pem"), "-key", filepath.Join(certs, "server.key"))
		require.NoError(t, cmd.Start())
		p, c := tlsSystem(t, "", certs)
		p.sys.cfg.TLS = list
		require.Equal(t, "fedcba", writes(t, p, c, fmt.Sprintf(
			`SET d="|TCP|2" OPEN d:("127.0.0.1":%d:"M":/TLS="client||localhost"):10 USE d WRITE "abcdef",! READ x:10 CLOSE d USE 0 WRITE x`, port)))
		require.NoError(t, cmd.Wait(), out.String())
	})
}

// listens waits until somebody listens on the port, without connecting to it.
func listens(t *testing.T, port int) {
	t.Helper()
	require.Eventually(t, func() bool {
		l, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", port))
		if err == nil {
			_ = l.Close()
		}
		return err != nil
	}, 20*time.Second, 5*time.Millisecond)
}

// curl fetches from the bundled HTTPS responder, twice over one connection.
func TestAgainstCurl(t *testing.T) {
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed: HTTPS is tested against Go's TLS only")
	}
	certs := certificates(t)
	list, err := sslconfig.Load(filepath.Join(certs, "tls.toml"))
	require.NoError(t, err)
	source, err := os.ReadFile("../scripts/net/https.mac")
	require.NoError(t, err)
	port := freePort(t)
	startServerWith(t, Config{TLS: list}, string(source), port)
	dial(t, port).Close()
	url := fmt.Sprintf("https://localhost:%d/", port)
	out, err := exec.CommandContext(t.Context(), path, "-sS", "--cacert", filepath.Join(certs, "ca.pem"), "-d", "body", url+"a", url+"b").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "POST /a from 127.0.0.1, 4 bytes: body\nPOST /b from 127.0.0.1, 4 bytes: body\n", string(out))
}
