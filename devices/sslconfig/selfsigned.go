package sslconfig

// A development authority with a server's and a client's certificate, for cos tls
// selfsigned and for tests.

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Lifetime of development certificates, and how far before now they begin to count: for
// machines whose clocks differ.
const (
	lifetime = 825 * 24 * time.Hour
	backdate = time.Hour
)

// The files that SelfSigned makes.
const (
	authorityFile = "ca.pem"
	settingsFile  = "tls.toml"
)

// SelfSigned makes an authority, a certificate for a server of the given host names and
// addresses and one for a client in dir, and a file of configurations "server", "client"
// and "mutual" (a server that asks for the client's certificate). It returns the name of
// that file. It overwrites nothing.
func SelfSigned(dir string, hosts []string) (settings string, err error) {
	settings = filepath.Join(dir, settingsFile)
	files := []string{authorityFile, "ca.key", "server.pem", "server.key", "client.pem", "client.key", settingsFile}
	for _, name := range files {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s is there already", filepath.Join(dir, name))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	ca := &x509.Certificate{
		Subject: pkix.Name{CommonName: "cos development authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	caKey, err := issue(dir, "ca", ca, nil, nil)
	if err != nil {
		return "", err
	}
	server := &x509.Certificate{Subject: pkix.Name{CommonName: hosts[0]}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			server.IPAddresses = append(server.IPAddresses, ip)
		} else {
			server.DNSNames = append(server.DNSNames, h)
		}
	}
	if _, err := issue(dir, "server", server, ca, caKey); err != nil {
		return "", err
	}
	client := &x509.Certificate{Subject: pkix.Name{CommonName: "cos development client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	if _, err := issue(dir, "client", client, ca, caKey); err != nil {
		return "", err
	}
	return settings, os.WriteFile(settings, []byte(developmentSettings), 0o644)
}

const developmentSettings = `# Configurations for development, made by "cos tls selfsigned". File names are relative
# to this file. Use them with: cos --tls-config THIS-FILE

[tls.server]
Type = 1
CertificateFile = "server.pem"
PrivateKeyFile = "server.key"

# A server that lets nobody in without a certificate of ca.pem.
[tls.mutual]
Type = 1
CertificateFile = "server.pem"
PrivateKeyFile = "server.key"
CAFile = "ca.pem"
VerifyPeer = 3

[tls.client]
Type = 0
CAFile = "ca.pem"
VerifyPeer = 1
CertificateFile = "client.pem"
PrivateKeyFile = "client.key"
`

// issue makes a key and a certificate signed by issuer (nil: by itself) and writes both.
func issue(dir, name string, cert, issuer *x509.Certificate, by *ecdsa.PrivateKey) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	cert.SerialNumber = serial()
	cert.NotBefore = time.Now().Add(-backdate)
	cert.NotAfter = cert.NotBefore.Add(lifetime)
	cert.KeyUsage |= x509.KeyUsageDigitalSignature
	if issuer == nil {
		issuer, by = cert, key
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, issuer, &key.PublicKey, by)
	if err != nil {
		return nil, err
	}
	if err := writePEM(filepath.Join(dir, name+".pem"), "CERTIFICATE", der, 0o644); err != nil {
		return nil, err
	}
	if der, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, err
	}
	return key, writePEM(filepath.Join(dir, name+".key"), "PRIVATE KEY", der, 0o600)
}

// serial is a random serial number.
func serial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

func writePEM(file, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}
