package cli

// cos tls: certificates and configurations for development.

import (
	"fmt"
	"path/filepath"

	"cos/devices/sslconfig"
)

type tlsVerb struct {
	Selfsigned tlsSelfsigned `cmd:"" help:"Make an authority, a server's and a client's certificate, and a file of configurations that use them."`
}

func (*tlsVerb) Help() string {
	return `A TLS configuration is named by OPEN and USE: (…:/TLS="name"). It comes from the file of
--tls-config (or COS_TLS_CONFIG), a table each:

    [tls.client]
    Type = 0                  # 0 client, 1 server
    CAFile = "ca.pem"
    VerifyPeer = 1

or from ##class(Security.SSLConfigs).Create("client",.properties) in the namespace %SYS, which keeps
it with the globals. The properties are the same; docs/tls.md lists them.`
}

type tlsSelfsigned struct {
	Dir   string   `arg:"" optional:"" default:"tls" help:"Folder to make them in (default: tls)."`
	Quiet bool     `short:"q" help:"Print nothing but the name of the file of configurations."`
	Host  []string `placeholder:"NAME" help:"Host name or address of the server (repeatable; default: localhost, 127.0.0.1, ::1)."`
}

// localHosts are the names of a server on this machine.
var localHosts = []string{"localhost", "127.0.0.1", "::1"}

func (v *tlsSelfsigned) run(a *app) int {
	if len(v.Host) == 0 {
		v.Host = localHosts
	}
	file, err := sslconfig.SelfSigned(v.Dir, v.Host)
	if err != nil {
		return a.failed(fmt.Errorf("tls: %w", err))
	}
	if v.Quiet {
		fmt.Fprintln(a.stdout, file)
		return 0
	}
	dir, err := filepath.Abs(v.Dir)
	if err != nil {
		dir = v.Dir
	}
	fmt.Fprintf(a.stdout, tlsUsage, file, filepath.ToSlash(dir), v.Host[0])
	return 0
}

const tlsUsage = `%[1]s holds the configurations server, mutual and client. Use them with

  cos --tls-config %[1]s

  server:  OPEN "|TCP|1":(:7001:"M":/TLS="server")
  client:  OPEN "|TCP|2":("%[3]s":7001:"M":/TLS="client||%[3]s")

or keep them with the globals, from the prompt:

  ZNSPACE "%%SYS"
  SET p("Type")=1,p("CertificateFile")="%[2]s/server.pem",p("PrivateKeyFile")="%[2]s/server.key"
  WRITE ##class(Security.SSLConfigs).Create("server",.p) KILL p
  SET p("CAFile")="%[2]s/ca.pem",p("VerifyPeer")=1
  WRITE ##class(Security.SSLConfigs).Create("client",.p) KILL p

These certificates are for development: their authority is trusted by nobody else, and its key
lies beside them.
`
