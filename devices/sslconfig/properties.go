// Package sslconfig holds TLS configurations as Security.SSLConfigs knows them: named
// sets of properties, checked by a table, and what crypto/tls makes of them.
//
// A property that Go cannot honour is refused by name when it asks for something: no
// configuration is weaker than it reads.
package sslconfig

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Config is one named configuration. It is not changed once somebody uses it.
type Config struct {
	Name   string
	Folder string // relative file names are relative to it; "" for the working directory
	Files  Files  // where its files are: all of the machine, unless told
	values map[string]string
}

// Files is what Build reads the files of a configuration from.
type Files interface {
	ReadFile(name string) ([]byte, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Stat(name string) (fs.FileInfo, error)
}

// disk is all of the machine.
type disk struct{}

func (disk) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (disk) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }

// PropertyRow is one property: its default, what it takes and what it does.
type PropertyRow struct {
	Name    string
	Default string
	Secret  bool // never shown
	Doc     string
	check   func(string) error
}

// The numbers that TLSMinVersion and TLSMaxVersion take, which are the bits of Protocols.
const (
	bitSSL2 = 1 << iota
	bitSSL3
	bitTLS10
	bitTLS11
	bitTLS12
	bitTLS13
)

var versions = map[int]uint16{
	bitTLS10: tls.VersionTLS10, bitTLS11: tls.VersionTLS11, bitTLS12: tls.VersionTLS12, bitTLS13: tls.VersionTLS13,
}

// systemStore is the CAFile that stands for the operating system's certificates.
const systemStore = "%OSCertificateStore"

// DefaultCipherList is the CipherList of a new configuration.
const DefaultCipherList = "ALL:!aNULL:!eNULL:!EXP:!SSLv2"

// tls13Suites are the cipher suites of TLS 1.3: Go offers all of them, always.
var tls13Suites = []string{"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}

// THE PROPERTY TABLE of Security.SSLConfigs, in the class's spelling.
var properties = []PropertyRow{
	{"CAFile", "", false, "file of trusted certificates (PEM), or %OSCertificateStore", anything},
	{"CAPath", "", false, "folder of files of trusted certificates", anything},
	{"CRLFile", "", false, "deprecated; certificate revocation lists are not built", refuseText},
	{"CertificateFile", "", false, "own certificate and the chain behind it (PEM); a server needs one", anything},
	{"CipherList", DefaultCipherList, false, "ciphers of TLS 1.2 and older, as OpenSSL writes them", checkCiphers},
	{"Ciphersuites", strings.Join(tls13Suites, ":"), false, "ciphers of TLS 1.3: all three, there is no choice", checkSuites},
	{"Description", "", false, "free text", anything},
	{"DiffieHellmanBits", "0", false, "0: key exchange is by elliptic curves", refuseNumber},
	{"Enabled", "1", false, "0: the configuration may not be used", oneOf("0", "1")},
	{"OCSP", "0", false, "0; OCSP stapling is not built", refuseNumber},
	{"OCSPIssuerCert", "", false, "OCSP stapling is not built", refuseText},
	{"OCSPResponseFile", "", false, "OCSP stapling is not built", refuseText},
	{"OCSPTimeout", "", false, "OCSP stapling is not built", refuseText},
	{"OCSPURL", "", false, "OCSP stapling is not built", refuseText},
	{"PrivateKeyFile", "", false, "private key (PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not); omitted: in CertificateFile", anything},
	{"PrivateKeyPassword", "", true, "password of the private key", anything},
	{"PrivateKeyType", "2", false, "2 RSA, which stands for every kind that the file may hold; 1 DSA is not built", checkKeyType},
	{"Protocols", "", false, "deprecated: sets TLSMinVersion and TLSMaxVersion, as a sum of 4 TLS 1.0, 8 TLS 1.1, 16 TLS 1.2, 32 TLS 1.3", checkProtocols},
	{"SNIName", "", false, "deprecated; name that a client sends when /TLS names no host", anything},
	{"TLSMaxVersion", "32", false, "newest version: 4 TLS 1.0, 8 TLS 1.1, 16 TLS 1.2, 32 TLS 1.3", checkVersion},
	{"TLSMinVersion", "16", false, "oldest version, numbers as for TLSMaxVersion", checkVersion},
	{"Type", "0", false, "0 client, 1 server", oneOf("0", "1")},
	{"VerifyDepth", "9", false, "how many certificates may stand between the peer's and a trusted one", checkDepth},
	{"VerifyPeer", "0", false, "client: 0 no, 1 yes; server: 0 no, 1 if the client has a certificate, 3 the client must have one", oneOf("0", "1", "3")},
}

// Properties returns the table.
func Properties() []PropertyRow { return properties }

func property(name string) *PropertyRow {
	for i := range properties {
		if properties[i].Name == name {
			return &properties[i]
		}
	}
	return nil
}

// maxName is the longest name of a configuration.
const maxName = 64

// New makes a configuration with defaults.
func New(name string) (*Config, error) {
	if name == "" || len(name) > maxName || strings.ContainsAny(name, "|\x00") {
		return nil, fmt.Errorf("%q is no name of a TLS configuration: 1 to %d characters without |", name, maxName)
	}
	return &Config{Name: name, Files: disk{}, values: map[string]string{}}, nil
}

// Set sets a property. The error names it, and never holds a secret.
func (c *Config) Set(name, value string) error {
	row := property(name)
	if row == nil {
		return fmt.Errorf("a TLS configuration has no property %s", name)
	}
	if err := row.check(value); err != nil {
		return fmt.Errorf("property %s: %w", name, err)
	}
	if name == "Protocols" {
		c.setProtocols(number(value))
		return nil
	}
	c.values[name] = value
	return nil
}

// setProtocols sets the bounds that a sum of version bits means; 0 none.
func (c *Config) setProtocols(mask int) {
	if mask != 0 {
		c.values["TLSMinVersion"] = strconv.Itoa(mask & -mask)
		c.values["TLSMaxVersion"] = strconv.Itoa((mask + mask&-mask) / 2)
	}
}

// Get returns a property's value, its default when it was never set.
func (c *Config) Get(name string) string {
	if v, ok := c.values[name]; ok {
		return v
	}
	if row := property(name); row != nil {
		return row.Default
	}
	return ""
}

// Clone is a copy that may be changed.
func (c *Config) Clone() *Config {
	k := &Config{Name: c.Name, Folder: c.Folder, Files: c.Files, values: make(map[string]string, len(c.values))}
	for name, v := range c.values {
		k.values[name] = v
	}
	return k
}

// Server tells a server's configuration from a client's.
func (c *Config) Server() bool { return c.Get("Type") == "1" }

// Check reports what is wrong with the properties taken together. Files are looked at
// only when a connection needs them.
func (c *Config) Check() error {
	if lo, hi := c.versionRange(); lo > hi {
		return errors.New("TLSMinVersion is above TLSMaxVersion")
	}
	if !c.Server() && c.Get("VerifyPeer") == "3" {
		return errors.New("property VerifyPeer: 3 is for servers")
	}
	if c.Server() && c.Get("CertificateFile") == "" {
		return errors.New("property CertificateFile: a server needs a certificate")
	}
	return nil
}

// versionRange is the oldest and the newest version.
func (c *Config) versionRange() (lo, hi uint16) {
	return versions[number(c.Get("TLSMinVersion"))], versions[number(c.Get("TLSMaxVersion"))]
}

// number is the integer a checked property holds.
func number(s string) int {
	n, _ := strconv.Atoi(s) // the table has checked it
	return n
}

func anything(string) error { return nil }

var errNotBuilt = errors.New("this is not built")

func refuseText(s string) error {
	if s != "" {
		return errNotBuilt
	}
	return nil
}

func refuseNumber(s string) error {
	if s != "" && s != "0" {
		return fmt.Errorf("%w (0 is)", errNotBuilt)
	}
	return nil
}

func oneOf(list ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(list, s) {
			return fmt.Errorf("%q is none of %s", s, strings.Join(list, ", "))
		}
		return nil
	}
}

func checkKeyType(s string) error {
	if s == "1" {
		return fmt.Errorf("%w: DSA", errNotBuilt)
	}
	return oneOf("2")(s)
}

func checkVersion(s string) error {
	n, err := strconv.Atoi(s)
	switch {
	case n == bitSSL2 || n == bitSSL3:
		return fmt.Errorf("%w: SSL %d", errNotBuilt, n+1)
	case err != nil || versions[n] == 0:
		return fmt.Errorf("%q is none of 4, 8, 16, 32", s)
	}
	return nil
}

// checkProtocols takes a sum of version bits without a gap, since Go has none.
func checkProtocols(s string) error {
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil || n <= 0 || n >= 2*bitTLS13:
		return fmt.Errorf("%q is no sum of 4, 8, 16, 32", s)
	case n&(bitSSL2|bitSSL3) != 0:
		return fmt.Errorf("%w: SSL 2 and 3", errNotBuilt)
	}
	if above := n + n&-n; above&(above-1) != 0 {
		return fmt.Errorf("%w: a gap between versions", errNotBuilt)
	}
	return nil
}

func checkDepth(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 0 {
		return fmt.Errorf("%q is no number of certificates", s)
	}
	return nil
}

func checkCiphers(s string) error {
	_, err := cipherSuites(s)
	return err
}

func checkSuites(s string) error {
	if s == "" {
		return nil
	}
	list := strings.Split(s, ":")
	for _, name := range list {
		if !slices.Contains(tls13Suites, name) {
			return fmt.Errorf("%w: %s", errNotBuilt, name)
		}
	}
	for _, name := range tls13Suites {
		if !slices.Contains(list, name) {
			return fmt.Errorf("%w: TLS 1.3 without %s", errNotBuilt, name)
		}
	}
	return nil
}
