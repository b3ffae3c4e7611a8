package runtime

// %SYSTEM.Encryption: hashes, HMAC, base64, AES, random bytes.

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"strings"
)

func init() {
	registerClasses(&class{Name: "%SYSTEM.Encryption", Doc: "hashes, HMAC, base64, AES, random bytes", Abstract: true, Methods: []method{
		{Name: "Base64Encode", Min: 1, Max: 2, Fn: base64Encode, Doc: "base64 in lines of 76 characters; in one line when the flag is 1"},
		{Name: "Base64Decode", Min: 1, Max: 1, Fn: base64Decode, Doc: "what base64 stands for; characters outside its alphabet are skipped"},
		{Name: "MD5Hash", Min: 1, Max: 1, Fn: hashText(func(*Process, []Value) func() hash.Hash { return md5.New }, 0), Doc: "the 16 bytes of MD5"},
		{Name: "SHA1Hash", Min: 1, Max: 1, Fn: hashText(func(*Process, []Value) func() hash.Hash { return sha1.New }, 0), Doc: "the 20 bytes of SHA-1"},
		{Name: "SHAHash", Min: 2, Max: 2, Fn: hashText(shaOf, 1), Doc: "SHAHash(bits,text): SHA-1 for 160, SHA-2 for 224, 256, 384, 512"},
		{Name: "SHA3Hash", Min: 2, Max: 2, Fn: hashText(sha3Of, 1), Doc: "SHA3Hash(bits,text): SHA-3 for 224, 256, 384, 512"},
		{Name: "MD5HashStream", Min: 1, Max: 2, Fn: hashStream(func(*Process, []Value) func() hash.Hash { return md5.New }, 0), Doc: "MD5HashStream(stream,.status)"},
		{Name: "SHA1HashStream", Min: 1, Max: 2, Fn: hashStream(func(*Process, []Value) func() hash.Hash { return sha1.New }, 0), Doc: "SHA1HashStream(stream,.status)"},
		{Name: "SHAHashStream", Min: 2, Max: 3, Fn: hashStream(shaOf, 1), Doc: "SHAHashStream(bits,stream,.status)"},
		{Name: "HMACMD5", Min: 2, Max: 2, Fn: hmacText(func(*Process, []Value) func() hash.Hash { return md5.New }, 0), Doc: "HMACMD5(text,key)"},
		{Name: "HMACSHA1", Min: 2, Max: 2, Fn: hmacText(func(*Process, []Value) func() hash.Hash { return sha1.New }, 0), Doc: "HMACSHA1(text,key)"},
		{Name: "HMACSHA", Min: 3, Max: 3, Fn: hmacText(shaOf, 1), Doc: "HMACSHA(bits,text,key)"},
		{Name: "AESCBCEncrypt", Min: 2, Max: 3, Fn: aesEncrypt, Doc: "AESCBCEncrypt(text,key,iv) with PKCS #7 padding; the key has 16, 24 or 32 bytes, iv 16 or none"},
		{Name: "AESCBCDecrypt", Min: 2, Max: 3, Fn: aesDecrypt, Doc: "AESCBCDecrypt(text,key,iv); \"\" when the padding is wrong"},
		{Name: "GenCryptRand", Min: 1, Max: 2, Fn: cryptRandom, Doc: "random bytes from the operating system"},
		{Name: "PBKDF2", Min: 4, Max: 5, Fn: pbkdf2Key, Doc: "PBKDF2(password,iterations,salt,length,bits): a key of that many bytes; with SHA-1 unless bits says 224 to 512"},
		{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.Encryption"), Doc: "lists the methods, or describes one"},
	}})
}

// hashChoice gives the hash that the first arguments choose.
type hashChoice func(*Process, []Value) func() hash.Hash

// bits is the first argument as the size of a hash.
func (p *Process) hashOf(bits int64, table map[int64]func() hash.Hash) func() hash.Hash {
	h := table[bits]
	if h == nil {
		p.raise(errIllegal, "")
	}
	return h
}

var shaTable = map[int64]func() hash.Hash{160: sha1.New, 224: sha256.New224, 256: sha256.New, 384: sha512.New384, 512: sha512.New}

func shaOf(p *Process, a []Value) func() hash.Hash { return p.hashOf(p.inInt(a, 0, 0), shaTable) }

func sha3Of(p *Process, a []Value) func() hash.Hash {
	return p.hashOf(p.inInt(a, 0, 0), map[int64]func() hash.Hash{
		224: func() hash.Hash { return sha3.New224() }, 256: func() hash.Hash { return sha3.New256() },
		384: func() hash.Hash { return sha3.New384() }, 512: func() hash.Hash { return sha3.New512() },
	})
}

// bytes is an argument that must be 8-bit text.
func (p *Process) bytes(a []Value, i int) []byte { return []byte(p.text8(p.in(a, i).orEmpty())) }

func hashText(choose hashChoice, at int) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		h := choose(p, a)()
		h.Write(p.bytes(a, at))
		return Text(string(h.Sum(nil)))
	}
}

func hashStream(choose hashChoice, at int) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		h := choose(p, a)()
		o := p.objectOf(p.in(a, at))
		if _, ok := o.state.(*stream); !ok {
			p.raise(errIllegal, "")
		}
		s := p.loaded(o)
		if s.wide {
			p.raise(errWideChar, "")
		}
		h.Write(s.buf)
		p.out(a, at+1, statusOK)
		return Text(string(h.Sum(nil)))
	}
}

func hmacText(choose hashChoice, at int) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		h := hmac.New(choose(p, a), p.bytes(a, at+1))
		h.Write(p.bytes(a, at))
		return Text(string(h.Sum(nil)))
	}
}

// base64Line is how many characters a line of base64 has (RFC 2045).
const base64Line = 76

func base64Encode(p *Process, _ *object, a []Value) Value {
	text := base64.StdEncoding.EncodeToString(p.bytes(a, 0))
	b := builder{p: p}
	for p.inInt(a, 1, 0) == 0 && len(text) > base64Line {
		b.add(Text(text[:base64Line]))
		b.add(Text("\r\n"))
		text = text[base64Line:]
	}
	b.add(Text(text))
	return b.value()
}

func base64Decode(p *Process, _ *object, a []Value) Value {
	text := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '+', r == '/':
			return r
		}
		return -1
	}, string(p.bytes(a, 0)))
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	out, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		p.raise(errIllegal, "")
	}
	return Text(string(out))
}

// aesCBC is the cipher and the first block that the key and the iv make.
func (p *Process) aesCBC(a []Value) (cipher.Block, []byte) {
	iv := p.bytes(a, 2)
	if len(iv) == 0 {
		iv = make([]byte, aes.BlockSize)
	}
	block, err := aes.NewCipher(p.bytes(a, 1))
	if err != nil || len(iv) != aes.BlockSize {
		p.raise(errIllegal, "")
	}
	return block, iv
}

func aesEncrypt(p *Process, _ *object, a []Value) Value {
	block, iv := p.aesCBC(a)
	text := p.bytes(a, 0)
	pad := aes.BlockSize - len(text)%aes.BlockSize
	if len(text)+pad > maxString {
		p.raise(errMaxString, "")
	}
	for range pad {
		text = append(text, byte(pad))
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return Text(string(text))
}

func aesDecrypt(p *Process, _ *object, a []Value) Value {
	block, iv := p.aesCBC(a)
	text := p.bytes(a, 0)
	if len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return Empty
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad == 0 || pad > aes.BlockSize {
		return Empty
	}
	for _, c := range text[len(text)-pad:] {
		if int(c) != pad {
			return Empty
		}
	}
	return Text(string(text[:len(text)-pad]))
}

// sizeArgument is an argument as the length of a string to make.
func (p *Process) sizeArgument(a []Value, i int) int {
	n := p.in(a, i).orEmpty().int64()
	switch {
	case n < 0:
		p.raise(errIllegal, "")
	case n > maxString:
		p.raise(errMaxString, "")
	}
	return int(n)
}

func cryptRandom(p *Process, _ *object, a []Value) Value {
	buf := make([]byte, p.sizeArgument(a, 0))
	rand.Read(buf) // never fails
	return Text(string(buf))
}

// maxIterations bounds what cannot be interrupted to minutes.
const maxIterations = 100_000_000

func pbkdf2Key(p *Process, _ *object, a []Value) Value {
	n, size := p.inInt(a, 1, 0), p.sizeArgument(a, 3)
	if n < 1 || n > maxIterations || size < 1 || n*int64(size) > maxIterations*int64(sha1.Size) {
		p.raise(errIllegal, "")
	}
	key, err := pbkdf2.Key(p.hashOf(p.inInt(a, 4, 160), shaTable), p.text8(p.in(a, 0)), p.bytes(a, 2), int(n), size)
	if err != nil {
		p.raise(errIllegal, "")
	}
	return Text(string(key))
}
