package sslconfig

// What crypto/tls makes of a configuration: files are read, keys opened, and the peer's
// certificate is verified as OpenSSL does for Caché.

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"
)

// Errors of a configuration that may not or cannot be used.
var (
	ErrUnknown  = errors.New("there is no such TLS configuration")
	ErrDisabled = errors.New("the TLS configuration is disabled")
	errNoCA     = errors.New("VerifyPeer needs CAFile or CAPath")
	errNoPeer   = errors.New("the server has sent no certificate")
	errTooDeep  = errors.New("the certificate chain is longer than VerifyDepth")
)

// Build makes a crypto/tls configuration. password, unless "", stands in for
// PrivateKeyPassword. host, unless "", is the name that a client sends (SNI) and, where
// it verifies the peer, the name that the certificate must be for.
//
// Without host a client verifies the chain and no name, as Caché does.
func (c *Config) Build(password, host string) (*tls.Config, error) {
	out, err := c.build(password, host)
	if err != nil {
		return nil, fmt.Errorf("TLS configuration %s: %w", c.Name, err)
	}
	return out, nil
}

func (c *Config) build(password, host string) (*tls.Config, error) {
	if c.Get("Enabled") != "1" {
		return nil, ErrDisabled
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	out := &tls.Config{DynamicRecordSizingDisabled: true}
	out.MinVersion, out.MaxVersion = c.versionRange()
	var err error
	if out.CipherSuites, err = cipherSuites(c.Get("CipherList")); err != nil {
		return nil, err
	}
	if file := c.Get("CertificateFile"); file != "" {
		if password == "" {
			password = c.Get("PrivateKeyPassword")
		}
		key := c.Get("PrivateKeyFile")
		if key == "" {
			key = file
		}
		pair, err := keyPair(c.Files, c.path(file), c.path(key), password)
		if err != nil {
			return nil, err
		}
		out.Certificates = []tls.Certificate{pair}
	}
	verify := c.Get("VerifyPeer")
	var roots *x509.CertPool
	if verify != "0" {
		if roots, err = c.roots(); err != nil {
			return nil, err
		}
	}
	depth := number(c.Get("VerifyDepth"))
	if c.Server() {
		c.client(out, verify, roots, depth)
		return out, nil
	}
	out.ServerName = host
	if host == "" {
		out.ServerName = c.Get("SNIName")
	}
	out.InsecureSkipVerify = true // the handshake's own check cannot do without a name: ours follows
	if verify == "1" {
		out.VerifyConnection = func(state tls.ConnectionState) error { return verifyServer(state, roots, host, depth) }
	}
	return out, nil
}

// client sets how a server treats its client's certificate.
func (c *Config) client(out *tls.Config, verify string, roots *x509.CertPool, depth int) {
	out.ClientCAs = roots
	switch verify {
	case "1":
		out.ClientAuth = tls.VerifyClientCertIfGiven
	case "3":
		out.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if verify != "0" {
		out.VerifyConnection = func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return nil
			}
			return withinDepth(state.VerifiedChains, depth)
		}
	}
}

// verifyServer is a client's check of the server's certificate: the chain up to a trusted
// one, and the name where one was asked for.
func verifyServer(state tls.ConnectionState, roots *x509.CertPool, host string, depth int) error {
	if len(state.PeerCertificates) == 0 {
		return errNoPeer
	}
	leaf := state.PeerCertificates[0]
	between := x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		between.AddCert(cert)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	if err := withinDepth(chains, depth); err != nil {
		return err
	}
	if host == "" {
		return nil
	}
	if err := verifyName(leaf, host); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}

// verifyName compares the name asked for with the certificate's subjectAltName or, where
// it has none, with its common name (manual, "SSL / TLS Components").
func verifyName(leaf *x509.Certificate, host string) error {
	if len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0 && leaf.Subject.CommonName != "" {
		named := x509.Certificate{DNSNames: []string{leaf.Subject.CommonName}}
		if named.VerifyHostname(host) == nil {
			return nil
		}
	}
	return leaf.VerifyHostname(host)
}

// withinDepth reports whether one of the verified chains has at most depth certificates
// between the peer's and the trusted one.
func withinDepth(chains [][]*x509.Certificate, depth int) error {
	for _, chain := range chains {
		if len(chain)-2 <= depth {
			return nil
		}
	}
	return errTooDeep
}

// roots are the trusted certificates.
func (c *Config) roots() (*x509.CertPool, error) {
	file, folder := c.Get("CAFile"), c.Get("CAPath")
	if file == "" && folder == "" {
		return nil, errNoCA
	}
	pool := x509.NewCertPool()
	if file == systemStore {
		system, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("property CAFile: %w", err)
		}
		pool = system
	} else if file != "" {
		pem, err := c.Files.ReadFile(c.path(file))
		if err != nil {
			return nil, fmt.Errorf("property CAFile: %w", err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("property CAFile: %s holds no certificate", file)
		}
	}
	if folder != "" {
		list, err := c.Files.ReadDir(c.path(folder))
		if err != nil {
			return nil, fmt.Errorf("property CAPath: %w", err)
		}
		for _, e := range list {
			if pem, err := c.Files.ReadFile(filepath.Join(c.path(folder), e.Name())); err == nil {
				pool.AppendCertsFromPEM(pem) // other files may lie there too
			}
		}
	}
	return pool, nil
}

// path is a file of the configuration.
func (c *Config) path(file string) string {
	if c.Folder == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.Folder, file)
}

// Stamp tells the files of the configuration apart from other versions of them: while it
// and the properties stay, what Build has made may be used again.
func (c *Config) Stamp() string {
	var stamp []byte
	for _, name := range []string{"CAFile", "CAPath", "CertificateFile", "PrivateKeyFile"} {
		file := c.Get(name)
		var info fs.FileInfo
		var err error
		if file != "" && file != systemStore {
			info, err = c.Files.Stat(c.path(file))
		}
		if info != nil && err == nil {
			stamp = info.ModTime().AppendFormat(stamp, time.RFC3339Nano)
			stamp = fmt.Appendf(stamp, " %d", info.Size())
		}
		stamp = append(stamp, 0)
	}
	return string(stamp)
}
