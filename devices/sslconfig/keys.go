package sslconfig

// Certificates and private keys from PEM files; keys may be encrypted as PKCS#8 writes
// it, or in the older way of OpenSSL (Proc-Type: 4,ENCRYPTED).

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/youmark/pkcs8"
)

var (
	errNoKey       = errors.New("there is no private key in the file")
	errNeedsSecret = errors.New("the private key is encrypted and no password was given")
	errWrongSecret = errors.New("the password does not open the private key")
)

// keyPair reads a certificate with its chain and its key. No error tells the password.
func keyPair(files Files, certFile, keyFile, password string) (tls.Certificate, error) {
	var pair tls.Certificate
	text, err := files.ReadFile(certFile)
	if err != nil {
		return pair, fmt.Errorf("property CertificateFile: %w", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			pair.Certificate = append(pair.Certificate, block.Bytes)
		}
	}
	if pair.Certificate == nil {
		return pair, fmt.Errorf("property CertificateFile: %s holds no certificate", certFile)
	}
	if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
		return pair, fmt.Errorf("property CertificateFile: %w", err)
	}
	if text, err = files.ReadFile(keyFile); err != nil {
		return pair, fmt.Errorf("property PrivateKeyFile: %w", err)
	}
	key, err := privateKey(text, password)
	if err != nil {
		return pair, fmt.Errorf("property PrivateKeyFile: %s: %w", keyFile, err)
	}
	pair.PrivateKey = key
	type comparable interface{ Equal(crypto.PublicKey) bool }
	if public, ok := key.Public().(comparable); !ok || !public.Equal(pair.Leaf.PublicKey) {
		return pair, fmt.Errorf("property PrivateKeyFile: %s is not the key of the certificate", keyFile)
	}
	return pair, nil
}

// privateKey takes the first private key of a PEM text.
func privateKey(text []byte, password string) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		der, err := opened(block, password)
		if err != nil {
			return nil, err
		}
		return parseKey(der)
	}
	return nil, errNoKey
}

// opened is the key's DER, decrypted if need be.
func opened(block *pem.Block, password string) ([]byte, error) {
	modern := block.Type == "ENCRYPTED PRIVATE KEY"
	old := strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED")
	if !modern && !old {
		return block.Bytes, nil
	}
	if password == "" {
		return nil, errNeedsSecret
	}
	if old {
		//lint:ignore SA1019 the format is what it is; the file's owner chose it
		der, err := x509.DecryptPEMBlock(block, []byte(password))
		if err != nil {
			return nil, errWrongSecret
		}
		return der, nil
	}
	key, _, err := pkcs8.ParsePrivateKey(block.Bytes, []byte(password))
	if err != nil {
		if bytes.Contains([]byte(err.Error()), []byte("unsupported")) {
			return nil, fmt.Errorf("%w: its encryption", errNotBuilt)
		}
		return nil, errWrongSecret
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// parseKey reads the DER of a key in any of its three forms.
func parseKey(der []byte) (crypto.Signer, error) {
	var key any
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(der); err != nil {
			if key, err = x509.ParseECPrivateKey(der); err != nil {
				return nil, errors.New("the private key is of no kind that is known")
			}
		}
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("the private key cannot sign")
	}
	return signer, nil
}
