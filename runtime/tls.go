package runtime

// TLS configurations by name: those of the configuration file, and those that
// Security.SSLConfigs keeps in ^SYS("Security","SSLConfigsD",name,property) of %SYS, where
// all processes of the data directory find them. A password is kept encrypted with a
// key that lies beside the database, so that no ZWRITE and no export shows it.

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"cos/devices"
	"cos/devices/sslconfig"
)

// Where configurations are kept.
const (
	systemNamespace = "%SYS"
	systemGlobal    = "SYS"
)

// configPath is the subscripts below which the stored configurations are.
var configPath = []Value{Text("Security"), Text("SSLConfigsD")}

// configKey is the key of a stored configuration, or of one of its properties.
func configKey(name string, property ...Value) []byte {
	path := append(cloneValues(configPath), FromUTF8(name))
	return appendKey(nil, systemGlobal, append(path, property...))
}

// tlsTable is what a System knows of TLS.
type tlsTable struct {
	mu    sync.Mutex
	key   []byte                   // of stored passwords
	built map[[32]byte]*tls.Config // by digest of all that they are built of
}

// builtLimit bounds the configurations kept ready: clients may name any number of hosts.
const builtLimit = 256

// tlsConfig is devices.Env.TLS.
func tlsConfig(h devices.Host, r devices.TLSRequest) (*tls.Config, bool, error) {
	p := h.(*Process)
	c := p.sys.cfg.TLS[r.Config]
	if c == nil {
		var err error
		if c, err = p.storedConfig(r.Config); err != nil {
			return nil, false, err
		}
	}
	if c == nil {
		return nil, false, fmt.Errorf("%w: %s", sslconfig.ErrUnknown, r.Config)
	}
	config, err := p.sys.tls.build(c, r)
	return config, c.Server(), err
}

// build returns a configuration of crypto/tls, the same as long as nothing changes: it
// holds the keys by which sessions are resumed.
func (t *tlsTable) build(c *sslconfig.Config, r devices.TLSRequest) (*tls.Config, error) {
	h := sha256.New()
	part := func(s string) { fmt.Fprintf(h, "%d:%s", len(s), s) }
	for _, s := range []string{c.Name, c.Folder, r.Password, r.Host, c.Stamp()} {
		part(s)
	}
	for _, row := range sslconfig.Properties() {
		part(c.Get(row.Name))
	}
	digest := [32]byte(h.Sum(nil))
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.built[digest]; known != nil {
		return known, nil
	}
	config, err := c.Build(r.Password, r.Host)
	if err != nil {
		return nil, err
	}
	if t.built == nil || len(t.built) >= builtLimit {
		t.built = map[[32]byte]*tls.Config{}
	}
	t.built[digest] = config
	return config, nil
}

// storedConfig reads a configuration; nil when there is none of that name.
func (p *Process) storedConfig(name string) (*sslconfig.Config, error) {
	session, err := p.openSession()
	if err != nil {
		return nil, err
	}
	c, err := sslconfig.New(name)
	if err != nil {
		return nil, nil // no configuration can have that name
	}
	c.Files = p.files() // unlike those of the file, it is a program's
	found := false
	prefix := len(configPath) + 1
	err = session.Walk(systemNamespace, configKey(name), func(key, value []byte) error {
		found = true
		path := p.decodePath(key)
		if len(path) != prefix+1 {
			return nil
		}
		property, text := path[prefix].utf8(), decodeValue(value).utf8()
		if secretProperty(property) {
			var err error
			if text, err = p.sys.revealed(name, text); err != nil {
				return fmt.Errorf("TLS configuration %s: property %s: %w", name, property, err)
			}
		}
		return c.Set(property, text)
	})
	if err != nil || !found {
		return nil, err
	}
	return c, nil
}

// storeConfig writes a configuration.
func (p *Process) storeConfig(c *sslconfig.Config) error {
	session, err := p.openSession()
	if err != nil {
		return err
	}
	for _, row := range sslconfig.Properties() {
		text := c.Get(row.Name)
		if row.Secret && text != "" {
			if text, err = p.sys.concealed(c.Name, text); err != nil {
				return err
			}
		}
		if err := session.Set(systemNamespace, configKey(c.Name, Text(row.Name)), encodeValue(nil, FromUTF8(text))); err != nil {
			return err
		}
	}
	return session.Set(systemNamespace, configKey(c.Name), encodeValue(nil, Empty))
}

func secretProperty(name string) bool {
	for _, row := range sslconfig.Properties() {
		if row.Name == name {
			return row.Secret
		}
	}
	return false
}

// keyFile holds the key of stored passwords, in the data directory, for its owner only.
const keyFile = "tls.key"

const keySize = 32 // AES-256

// concealMark begins an encrypted password.
const concealMark = "aes256:"

var errConcealed = errors.New("the stored password cannot be read with the key of this data directory")

// concealed is a password as it is stored; it means something for this name only.
func (s *System) concealed(name, text string) (string, error) {
	box, err := s.box()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return concealMark + base64.StdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(text), []byte(name))), nil
}

// revealed is the password of a stored one.
func (s *System) revealed(name, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	sealed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, concealMark))
	if err != nil {
		return "", errConcealed
	}
	box, err := s.box()
	if err != nil {
		return "", err
	}
	if len(sealed) < box.NonceSize() {
		return "", errConcealed
	}
	open, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(name))
	if err != nil {
		return "", errConcealed
	}
	return string(open), nil
}

func (s *System) box() (cipher.AEAD, error) {
	s.tls.mu.Lock()
	defer s.tls.mu.Unlock()
	if s.tls.key == nil {
		key, err := secretKey(s.cfg.DataDir)
		if err != nil {
			return nil, err
		}
		s.tls.key = key
	}
	block, err := aes.NewCipher(s.tls.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// secretKey reads the key of a data directory, or makes it. It appears whole or not at
// all: two processes may want it at once.
func secretKey(dir string) ([]byte, error) {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	if dir == "" {        // globals in memory
		return key, nil
	}
	file := filepath.Join(dir, keyFile)
	known, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		var draft *os.File
		if draft, err = os.CreateTemp(dir, keyFile); err != nil { // for its owner only
			return nil, err
		}
		defer os.Remove(draft.Name())
		_, err = draft.Write(key)
		if closed := draft.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
		if err = os.Link(draft.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		known, err = os.ReadFile(file)
	}
	if err == nil && len(known) != keySize {
		err = fmt.Errorf("%s holds no key", file)
	}
	return known, err
}

// forgetConfig removes a stored configuration.
func (p *Process) forgetConfig(name string) error {
	session, err := p.openSession()
	if err != nil {
		return err
	}
	return session.Kill(systemNamespace, configKey(name))
}
