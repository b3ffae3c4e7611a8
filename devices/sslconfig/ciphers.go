package sslconfig

// CipherList: OpenSSL's language for choosing cipher suites, over the suites that Go has.

import (
	"crypto/tls"
	"errors"
	"slices"
	"strings"
)

// suite is one cipher suite of TLS 1.2 and older.
type suite struct {
	id   uint16
	name string // OpenSSL's
	tags []string
	weak bool // taken only when it is named itself
}

// suites are what Go has of OpenSSL's list. The tags are OpenSSL's words that choose a suite.
var suites = []suite{
	{tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384", words("ECDHE ECDSA AES AES256 AESGCM SHA384 TLSv1.2"), false},
	{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384", words("ECDHE aRSA AES AES256 AESGCM SHA384 TLSv1.2"), false},
	{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305", words("ECDHE ECDSA CHACHA20 TLSv1.2"), false},
	{tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305", words("ECDHE aRSA CHACHA20 TLSv1.2"), false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256", words("ECDHE ECDSA AES AES128 AESGCM SHA256 TLSv1.2"), false},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256", words("ECDHE aRSA AES AES128 AESGCM SHA256 TLSv1.2"), false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, "ECDHE-ECDSA-AES128-SHA256", words("ECDHE ECDSA AES AES128 SHA256 TLSv1.2"), false},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, "ECDHE-RSA-AES128-SHA256", words("ECDHE aRSA AES AES128 SHA256 TLSv1.2"), false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, "ECDHE-ECDSA-AES256-SHA", words("ECDHE ECDSA AES AES256 SHA1 TLSv1"), false},
	{tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, "ECDHE-RSA-AES256-SHA", words("ECDHE aRSA AES AES256 SHA1 TLSv1"), false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, "ECDHE-ECDSA-AES128-SHA", words("ECDHE ECDSA AES AES128 SHA1 TLSv1"), false},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "ECDHE-RSA-AES128-SHA", words("ECDHE aRSA AES AES128 SHA1 TLSv1"), false},
	{tls.TLS_RSA_WITH_AES_256_GCM_SHA384, "AES256-GCM-SHA384", words("kRSA aRSA AES AES256 AESGCM SHA384 TLSv1.2"), false},
	{tls.TLS_RSA_WITH_AES_128_GCM_SHA256, "AES128-GCM-SHA256", words("kRSA aRSA AES AES128 AESGCM SHA256 TLSv1.2"), false},
	{tls.TLS_RSA_WITH_AES_128_CBC_SHA256, "AES128-SHA256", words("kRSA aRSA AES AES128 SHA256 TLSv1.2"), false},
	{tls.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA", words("kRSA aRSA AES AES256 SHA1 SSLv3"), false},
	{tls.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA", words("kRSA aRSA AES AES128 SHA1 SSLv3"), false},
	{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, "ECDHE-RSA-DES-CBC3-SHA", words("ECDHE aRSA 3DES SHA1 TLSv1"), true},
	{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA", words("kRSA aRSA 3DES SHA1 SSLv3"), true},
	{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA, "ECDHE-ECDSA-RC4-SHA", words("ECDHE ECDSA RC4 SHA1 TLSv1"), true},
	{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, "ECDHE-RSA-RC4-SHA", words("ECDHE aRSA RC4 SHA1 TLSv1"), true},
	{tls.TLS_RSA_WITH_RC4_128_SHA, "RC4-SHA", words("kRSA aRSA RC4 SHA1 SSLv3"), true},
}

func words(s string) []string { return strings.Fields(s) }

// synonyms are OpenSSL's other words for a tag.
var synonyms = map[string]string{
	"kECDHE": "ECDHE", "EECDH": "ECDHE", "kEECDH": "ECDHE", "ECDH": "ECDHE", "aECDSA": "ECDSA",
	"SHA": "SHA1", "RSA": "kRSA", "TLSv1.0": "TLSv1",
}

// is tells whether a word of the list is about the suite, and whether it names it so
// plainly that it takes a weak one.
func (s *suite) is(word string) (chosen, named bool) {
	if tag, ok := synonyms[word]; ok {
		word = tag
	}
	switch word {
	case s.name, tls.CipherSuiteName(s.id):
		return true, true
	case "ALL", "DEFAULT", "HIGH":
		return true, false
	}
	return slices.Contains(s.tags, word), word == "3DES" || word == "RC4"
}

// chosen tells whether every word is about the suite. Weak suites must be named, unless it
// is to take them out.
func (s *suite) chosen(list []string, out bool) bool {
	named := out || !s.weak
	for _, word := range list {
		yes, plainly := s.is(word)
		if !yes {
			return false
		}
		named = named || plainly
	}
	return named
}

var errNoCipher = errors.New("it leaves no cipher")

// cipherSuites evaluates an OpenSSL cipher list: words joined by + must all hold; ! bars
// for good, - takes out, a leading + only moves, which Go does by itself. As with
// OpenSSL, words that choose nothing here are no error, a list that chooses nothing is.
// "" is Go's own choice (nil).
func cipherSuites(list string) ([]uint16, error) {
	if list == "" {
		return nil, nil
	}
	in, barred := map[uint16]bool{}, map[uint16]bool{}
	for _, item := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(":, ;", r) }) {
		sign := item[0]
		if strings.IndexByte("!-+@", sign) >= 0 {
			item = item[1:]
		}
		if sign == '+' || sign == '@' {
			continue
		}
		for i := range suites {
			s := &suites[i]
			if !s.chosen(strings.Split(item, "+"), sign == '!' || sign == '-') {
				continue
			}
			barred[s.id] = barred[s.id] || sign == '!'
			in[s.id] = sign != '!' && sign != '-'
		}
	}
	var out []uint16
	for i := range suites {
		if id := suites[i].id; in[id] && !barred[id] {
			out = append(out, id)
		}
	}
	if out == nil {
		return nil, errNoCipher
	}
	return out, nil
}
