package sslconfig

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"
)

// development is a folder with a development authority.
func development(t *testing.T, hosts ...string) string {
	t.Helper()
	dir := t.TempDir()
	if hosts == nil {
		hosts = []string{"localhost", "127.0.0.1"}
	}
	file, err := SelfSigned(dir, hosts)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "tls.toml"), file)
	return dir
}

// config makes a configuration of name=value pairs.
func config(t *testing.T, dir string, values ...string) *Config {
	t.Helper()
	c, err := New("test")
	require.NoError(t, err)
	c.Folder = dir
	for _, pair := range values {
		name, v, _ := strings.Cut(pair, "=")
		require.NoError(t, c.Set(name, v))
	}
	return c
}

func serverOf(t *testing.T, dir string, more ...string) *Config {
	t.Helper()
	return config(t, dir, append([]string{"Type=1", "CertificateFile=server.pem", "PrivateKeyFile=server.key"}, more...)...)
}

func clientOf(t *testing.T, dir string, more ...string) *Config {
	t.Helper()
	return config(t, dir, append([]string{"CAFile=ca.pem", "VerifyPeer=1"}, more...)...)
}

// shakeHands lets two configurations meet: what each says, and what they agreed on.
func shakeHands(t *testing.T, server, client *Config, host string) (state tls.ConnectionState, serverErr, clientErr error) {
	t.Helper()
	a, err := server.Build("", "")
	require.NoError(t, err)
	b, err := client.Build("", host)
	require.NoError(t, err)
	return meet(t, a, b)
}

func meet(t *testing.T, a, b *tls.Config) (state tls.ConnectionState, serverErr, clientErr error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	near, err := l.Accept()
	require.NoError(t, err)
	limit := time.Now().Add(10 * time.Second)
	require.NoError(t, near.SetDeadline(limit))
	require.NoError(t, far.SetDeadline(limit))
	s, c := tls.Server(near, a), tls.Client(far, b)
	done := make(chan error, 1)
	go func() {
		_, err := s.Write([]byte("x"))
		if err == nil {
			_, err = io.ReadFull(s, make([]byte, 1))
		}
		if err != nil {
			_ = near.Close()
		}
		done <- err
	}()
	_, clientErr = io.ReadFull(c, make([]byte, 1))
	if clientErr == nil {
		_, clientErr = c.Write([]byte("y"))
	}
	if clientErr != nil {
		_ = far.Close()
	}
	serverErr = <-done
	state = s.ConnectionState()
	_, _ = near.Close(), far.Close()
	return state, serverErr, clientErr
}

// Every property is documented, and what it refuses it refuses by its name.
func TestProperties(t *testing.T) {
	require.IsIncreasing(t, func() (names []string) {
		for _, row := range Properties() {
			assert.NotEmpty(t, row.Doc, row.Name)
			c, err := New("x")
			require.NoError(t, err)
			require.Equal(t, row.Default, c.Get(row.Name))
			assert.NoError(t, c.Set(row.Name, row.Default), row.Name)
			names = append(names, row.Name)
		}
		return names
	}())
	for _, row := range []struct{ property, value, want string }{
		{"NoSuch", "1", "no property NoSuch"},
		{"CRLFile", "x.crl", "CRLFile: this is not built"},
		{"OCSP", "1", "OCSP: this is not built"},
		{"OCSPIssuerCert", "x", "OCSPIssuerCert: this is not built"},
		{"OCSPResponseFile", "x", "OCSPResponseFile: this is not built"},
		{"OCSPTimeout", "5", "OCSPTimeout: this is not built"},
		{"OCSPURL", "x", "OCSPURL: this is not built"},
		{"DiffieHellmanBits", "2048", "DiffieHellmanBits: this is not built"},
		{"PrivateKeyType", "1", "PrivateKeyType: this is not built: DSA"},
		{"PrivateKeyType", "7", "PrivateKeyType: \"7\""},
		{"TLSMinVersion", "2", "TLSMinVersion: this is not built: SSL 3"},
		{"TLSMaxVersion", "33", "TLSMaxVersion: \"33\""},
		{"TLSMaxVersion", "", "TLSMaxVersion: \"\""},
		{"Protocols", "6", "Protocols: this is not built: SSL 2 and 3"},
		{"Protocols", "20", "Protocols: this is not built: a gap"},
		{"Protocols", "64", "Protocols: \"64\""},
		{"CipherList", "NOSUCH", "CipherList: it leaves no cipher"},
		{"CipherList", "ALL:!ALL", "CipherList: it leaves no cipher"},
		{"Ciphersuites", "TLS_AES_128_GCM_SHA256", "Ciphersuites: this is not built: TLS 1.3 without"},
		{"Ciphersuites", "TLS_AES_128_CCM_SHA256", "Ciphersuites: this is not built: TLS_AES_128_CCM_SHA256"},
		{"Type", "2", "Type: \"2\" is none of 0, 1"},
		{"Enabled", "yes", "Enabled: \"yes\""},
		{"VerifyPeer", "2", "VerifyPeer: \"2\""},
		{"VerifyDepth", "-1", "VerifyDepth: \"-1\""},
	} {
		c, err := New("x")
		require.NoError(t, err)
		assert.ErrorContains(t, c.Set(row.property, row.value), row.want)
		assert.Empty(t, c.values)
	}
	for _, name := range []string{"", "a|b", strings.Repeat("x", 65)} {
		_, err := New(name)
		require.Error(t, err, name)
	}
	require.Error(t, config(t, "", "VerifyPeer=3").Check())
	require.Error(t, config(t, "", "Type=1").Check())
	require.Error(t, config(t, "", "TLSMinVersion=32", "TLSMaxVersion=16").Check())
}

func TestCipherList(t *testing.T) {
	names := func(list string) (out []string) {
		ids, err := cipherSuites(list)
		require.NoError(t, err, list)
		for _, id := range ids {
			for _, s := range suites {
				if s.id == id {
					out = append(out, s.name)
				}
			}
		}
		return out
	}
	require.Nil(t, names(""))
	all := names(DefaultCipherList)
	require.Len(t, all, 17, "all but RC4 and 3DES")
	require.Equal(t, all, names("DEFAULT:@SECLEVEL=1"))
	require.Equal(t, []string{"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"}, names("ECDHE+AES256+AESGCM"))
	require.Equal(t, []string{"AES128-SHA"}, names("AES128-SHA"))
	require.Equal(t, []string{"AES128-SHA"}, names("TLS_RSA_WITH_AES_128_CBC_SHA"))
	require.Equal(t, []string{"ECDHE-RSA-CHACHA20-POLY1305"}, names("CHACHA20 -ECDSA"))
	require.Equal(t, []string{"AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES128-SHA256", "AES256-SHA", "AES128-SHA"}, names("RSA:!3DES:CAMELLIA"))
	require.Equal(t, []string{"RC4-SHA"}, names("RC4-SHA"))
	require.Equal(t, []string{"AES128-SHA", "DES-CBC3-SHA"}, names("3DES+kRSA:AES128-SHA"))
	require.Equal(t, []string{"AES128-SHA"}, names("!kECDHE:SHA+AES128"))
}

func TestHandshakes(t *testing.T) {
	dir := development(t)
	other := development(t, "elsewhere.example")
	named := development(t, "*.example")
	for _, row := range []struct {
		name           string
		server, client *Config
		host           string
		version        uint16
		fails          string // of either side
	}{
		{"defaults", serverOf(t, dir), clientOf(t, dir), "", tls.VersionTLS13, ""},
		{"nobody is verified", serverOf(t, dir), config(t, ""), "any.example", tls.VersionTLS13, ""},
		{"host name", serverOf(t, dir), clientOf(t, dir), "localhost", tls.VersionTLS13, ""},
		{"address", serverOf(t, dir), clientOf(t, dir), "127.0.0.1", tls.VersionTLS13, ""},
		{"wildcard", serverOf(t, named), clientOf(t, named), "www.example", tls.VersionTLS13, ""},
		{"another host name", serverOf(t, dir), clientOf(t, dir), "www.example", 0, "not www.example"},
		{"another authority", serverOf(t, other), clientOf(t, dir), "", 0, "unknown authority"},
		{"CAPath", serverOf(t, dir), config(t, "", "CAPath="+dir, "VerifyPeer=1"), "localhost", tls.VersionTLS13, ""},
		{"a public authority only", serverOf(t, dir), config(t, "", "CAFile=%OSCertificateStore", "VerifyPeer=1"), "", 0, "certificate"},
		{"at most TLS 1.2", serverOf(t, dir, "TLSMaxVersion=16"), clientOf(t, dir), "", tls.VersionTLS12, ""},
		{"TLS 1.0", serverOf(t, dir, "TLSMinVersion=4"), clientOf(t, dir, "Protocols=4"), "", tls.VersionTLS10, ""},
		{"Protocols", serverOf(t, dir, "Protocols=28"), clientOf(t, dir), "", tls.VersionTLS12, ""},
		{"no common version", serverOf(t, dir, "TLSMinVersion=32"), clientOf(t, dir, "TLSMaxVersion=16"), "", 0, "protocol version"},
		{"no common cipher", serverOf(t, dir, "TLSMaxVersion=16", "CipherList=CHACHA20"), clientOf(t, dir, "CipherList=AESGCM"), "", 0, "handshake failure"},
		{"client certificate", serverOf(t, dir, "VerifyPeer=3", "CAFile=ca.pem"), clientOf(t, dir, "CertificateFile=client.pem", "PrivateKeyFile=client.key"), "", tls.VersionTLS13, ""},
		{"no client certificate", serverOf(t, dir, "VerifyPeer=3", "CAFile=ca.pem"), clientOf(t, dir), "", 0, "didn't provide a certificate"},
		{"no client certificate is needed", serverOf(t, dir, "VerifyPeer=1", "CAFile=ca.pem"), clientOf(t, dir), "", tls.VersionTLS13, ""},
		{"a stranger's client certificate", serverOf(t, dir, "VerifyPeer=1", "CAFile=ca.pem"),
			clientOf(t, dir, "CertificateFile="+other+"/client.pem", "PrivateKeyFile="+other+"/client.key"), "", 0, "certificate"},
		{"VerifyDepth 0: the authority itself signed", serverOf(t, dir, "VerifyDepth=0"), clientOf(t, dir, "VerifyDepth=0"), "localhost", tls.VersionTLS13, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			state, serverErr, clientErr := shakeHands(t, row.server, row.client, row.host)
			if row.fails != "" {
				require.ErrorContains(t, errors.Join(serverErr, clientErr), row.fails)
				return
			}
			require.NoError(t, serverErr)
			require.NoError(t, clientErr)
			require.Equal(t, row.version, state.Version)
			if net.ParseIP(row.host) == nil {
				require.Equal(t, row.host, state.ServerName)
			}
		})
	}
	t.Run("SNIName", func(t *testing.T) {
		state, _, err := shakeHands(t, serverOf(t, dir), clientOf(t, dir, "SNIName=www.example"), "")
		require.NoError(t, err, "it is sent, and no name is verified")
		require.Equal(t, "www.example", state.ServerName)
	})
}

func TestVerifyDepth(t *testing.T) {
	chain := make([]*x509.Certificate, 4)
	require.NoError(t, withinDepth([][]*x509.Certificate{chain}, 2))
	require.ErrorIs(t, withinDepth([][]*x509.Certificate{chain}, 1), errTooDeep)
	require.NoError(t, withinDepth([][]*x509.Certificate{chain, chain[:2]}, 0))
}

func TestBuildErrors(t *testing.T) {
	dir := development(t)
	other := development(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty"), nil, 0o600))
	for _, row := range []struct {
		name string
		c    *Config
		want string
	}{
		{"disabled", serverOf(t, dir, "Enabled=0"), "TLS configuration test: the TLS configuration is disabled"},
		{"no certificate", config(t, dir, "Type=1"), "CertificateFile: a server needs"},
		{"no file", config(t, dir, "CertificateFile=nosuch"), "CertificateFile: open"},
		{"an empty file", config(t, dir, "CertificateFile=empty"), "CertificateFile: "},
		{"no key", config(t, dir, "CertificateFile=server.pem"), "PrivateKeyFile: " + filepath.Join(dir, "server.pem") + ": there is no private key"},
		{"no key file", serverOf(t, dir, "PrivateKeyFile=nosuch"), "PrivateKeyFile: open"},
		{"another's key", serverOf(t, dir, "PrivateKeyFile="+other+"/server.key"), "is not the key of the certificate"},
		{"nothing to verify with", config(t, dir, "VerifyPeer=1"), "VerifyPeer needs CAFile"},
		{"no CAFile", config(t, dir, "VerifyPeer=1", "CAFile=nosuch"), "CAFile: open"},
		{"an empty CAFile", config(t, dir, "VerifyPeer=1", "CAFile=empty"), "CAFile: empty holds no certificate"},
		{"no CAPath", config(t, dir, "VerifyPeer=1", "CAPath=nosuch"), "CAPath: open"},
	} {
		_, err := row.c.Build("", "")
		assert.ErrorContains(t, err, row.want, row.name)
	}
}

// Keys in every form, with the password of the configuration or of /TLS. No error tells it.
func TestEncryptedKeys(t *testing.T) {
	dir := development(t)
	text, err := os.ReadFile(filepath.Join(dir, "server.key"))
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	signer, err := parseKey(block.Bytes)
	require.NoError(t, err)
	sec1, err := x509.MarshalECPrivateKey(signer.(*ecdsa.PrivateKey))
	require.NoError(t, err)
	modern, err := pkcs8.MarshalPrivateKey(signer, []byte("s3cret"), nil)
	require.NoError(t, err)
	//lint:ignore SA1019 the format under test
	old, err := x509.EncryptPEMBlock(nil2rand{}, "EC PRIVATE KEY", sec1, []byte("s3cret"), x509.PEMCipherAES256)
	require.NoError(t, err)
	for name, b := range map[string]*pem.Block{
		"sec1.key": {Type: "EC PRIVATE KEY", Bytes: sec1}, "modern.key": {Type: "ENCRYPTED PRIVATE KEY", Bytes: modern}, "old.key": old,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(b), 0o600))
	}
	_, err = serverOf(t, dir, "PrivateKeyFile=sec1.key").Build("", "")
	require.NoError(t, err)
	for _, file := range []string{"modern.key", "old.key"} {
		plain := serverOf(t, dir, "PrivateKeyFile="+file)
		_, err := plain.Build("s3cret", "")
		require.NoError(t, err, file)
		_, err = serverOf(t, dir, "PrivateKeyFile="+file, "PrivateKeyPassword=s3cret").Build("", "")
		require.NoError(t, err, file)
		_, err = serverOf(t, dir, "PrivateKeyFile="+file, "PrivateKeyPassword=other").Build("s3cret", "")
		require.NoError(t, err, "the password of /TLS counts")
		_, err = plain.Build("", "")
		require.ErrorIs(t, err, errNeedsSecret, file)
		_, err = plain.Build("s3kret", "")
		require.ErrorIs(t, err, errWrongSecret, file)
		require.NotContains(t, err.Error(), "s3kret")
	}
}

// nil2rand is a source of bytes that need not be random.
type nil2rand struct{}

func (nil2rand) Read(b []byte) (int, error) { return len(b), nil }

// A key and the certificate may share a file; PKCS#1 is taken too.
func TestRSAInOneFile(t *testing.T) {
	dir := t.TempDir()
	key, err := rsa.GenerateKey(nil2rand{}, 2048)
	require.NoError(t, err)
	cert := &x509.Certificate{SerialNumber: serial(), NotAfter: time.Now().Add(time.Hour)}
	cert.Subject.CommonName = "only.example"
	der, err := x509.CreateCertificate(nil2rand{}, cert, cert, &key.PublicKey, key)
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})...)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "both.pem"), text, 0o600))
	server := config(t, dir, "Type=1", "CertificateFile=both.pem", "TLSMaxVersion=16")
	for _, list := range []string{"AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"} {
		state, _, err := shakeHands(t, server, config(t, dir, "CAFile=both.pem", "VerifyPeer=1", "CipherList="+list), "only.example")
		require.NoError(t, err, "the name is in the Subject CN")
		ids, err := cipherSuites(list)
		require.NoError(t, err)
		require.Equal(t, ids[0], state.CipherSuite)
	}
	_, serverErr, clientErr := shakeHands(t, server, config(t, dir, "CAFile=both.pem", "VerifyPeer=1"), "other.example")
	require.Error(t, errors.Join(serverErr, clientErr))
}

func TestLoad(t *testing.T) {
	dir := development(t)
	list, err := Load(filepath.Join(dir, "tls.toml"))
	require.NoError(t, err)
	require.Len(t, list, 3)
	_, serverErr, clientErr := shakeHands(t, list["mutual"], list["client"], "localhost")
	require.NoError(t, errors.Join(serverErr, clientErr))
	_, err = SelfSigned(dir, []string{"localhost"})
	require.ErrorContains(t, err, "ca.pem is there already")
	for _, row := range []struct{ text, want string }{
		{"", "no table [tls.NAME]"},
		{"[server]\nType=1", "no table [tls.NAME]"},
		{"[tls.a]\nNoSuch=1", "[tls.a]: a TLS configuration has no property NoSuch"},
		{"[tls.a]\nType=[1]", "property Type is neither"},
		{"[tls.a]\nType=1", "CertificateFile: a server needs"},
		{"[tls.a]\nPrivateKeyPassword=s3cret\n", "line 2"},
		{"[tls.a]\nEnabled=false\nPrivateKeyPassword='s3cret'\nOCSP=1", "OCSP"},
	} {
		file := filepath.Join(dir, "x.toml")
		require.NoError(t, os.WriteFile(file, []byte(row.text), 0o600))
		_, err := Load(file)
		assert.ErrorContains(t, err, row.want, row.text)
		assert.NotContains(t, err.Error(), "s3cret")
	}
	_, err = Load(filepath.Join(dir, "nosuch"))
	require.ErrorContains(t, err, "nosuch")
}

func TestStamp(t *testing.T) {
	dir := development(t)
	c := serverOf(t, dir)
	before := c.Stamp()
	require.Equal(t, before, c.Clone().Stamp())
	require.NoError(t, os.Chtimes(filepath.Join(dir, "server.key"), time.Time{}, time.Now().Add(time.Minute)))
	require.NotEqual(t, before, c.Stamp())
}
