package runtime

// %SYSTEM.Util.Compress and Decompress: strings in the format of zlib (RFC 1950) or gzip.

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"sync"
)

// compressFormat is a row of the second argument of Compress.
type compressFormat struct {
	packers *sync.Pool // of packer: making one costs more than packing a short string
	unpack  func(io.Reader) (io.ReadCloser, error)
}

type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

var compressFormats = map[string]compressFormat{
	"ZLIB": {
		&sync.Pool{New: func() any { return zlib.NewWriter(nil) }},
		func(r io.Reader) (io.ReadCloser, error) { return zlib.NewReader(r) },
	},
	"GZIP": {
		&sync.Pool{New: func() any { return gzip.NewWriter(nil) }},
		func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	},
}

// compressFormat is the format that argument i names, zlib when it is missing.
func (p *Process) compressFormat(a []Value, i int) compressFormat {
	f, ok := compressFormats[strings.ToUpper(p.inText(a, i, "ZLIB"))]
	if !ok {
		p.raise(errIllegal, "")
	}
	return f
}

func utilCompress(p *Process, _ *object, a []Value) Value {
	in, packers := p.bytes(a, 0), p.compressFormat(a, 1).packers
	w := packers.Get().(packer)
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(in) // a buffer in memory takes everything
	_ = w.Close()
	packers.Put(w)
	if out.Len() > maxString {
		p.raise(errMaxString, "")
	}
	return Text(out.String())
}

// utilDecompress raises <ILLEGAL VALUE> for text that is not compressed, cut off, or
// followed by something else, and never makes more than a string holds.
func utilDecompress(p *Process, _ *object, a []Value) Value {
	in := bytes.NewReader(p.bytes(a, 0))
	r, err := p.compressFormat(a, 1).unpack(in)
	if err != nil {
		p.raise(errIllegal, "")
	}
	out, err := io.ReadAll(io.LimitReader(r, maxString+1))
	switch {
	case len(out) > maxString:
		p.raise(errMaxString, "")
	case err != nil, in.Len() > 0:
		p.raise(errIllegal, "")
	}
	return Text(string(out))
}
