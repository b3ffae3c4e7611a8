package devices

// /GZIP on a sequential file: a file in the format of gzip, as its extension .gz mostly
// says. It is read or written from one end to the other, so there are no positions but the
// next one; A adds a further compressed stream, and a READ goes on from one to the next.

import (
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/klauspost/compress/gzip"
)

// zipped is a compressed file, as File wants what it stands on.
type zipped struct {
	*os.File
	r  *gzip.Reader // once something was read
	w  *gzip.Writer // nil where the file is read
	at int64        // decompressed bytes before the next one
}

// canCompress refuses /GZIP where it is not built: whoever reads and writes at once would
// need positions, and of a pipe nobody knows how far it has come.
func (d *File) canCompress() error {
	if d.opt.gzip && (d.waits || d.opt.mode&fileQueue != 0 || d.opt.mode&(fileRead|fileWrite) == fileRead|fileWrite) {
		return fmt.Errorf("%w: %w", errForGood, &Error{Name: "UNIMPLEMENTED", Info: "/GZIP", Device: d.name})
	}
	return nil
}

// compress puts /GZIP between a File and its file.
func (d *File) compress(f *os.File) {
	z := &zipped{File: f}
	if d.opt.mode&fileWrite != 0 {
		z.w = gzip.NewWriter(f)
	}
	d.f = z
}

func (z *zipped) Read(b []byte) (n int, err error) {
	if z.r == nil {
		r, err := gzip.NewReader(z.File) // fails with io.EOF on an empty file
		if err != nil {
			return 0, err
		}
		z.r = r
	}
	for n == 0 && err == nil && len(b) > 0 {
		n, err = z.r.Read(b)
	}
	z.at += int64(n)
	return n, err
}

func (z *zipped) Write(b []byte) (int, error) {
	n, err := z.w.Write(b)
	z.at += int64(n)
	return n, err
}

// Close ends the compressed stream; an empty one is a file as well.
func (z *zipped) Close() error {
	var err error
	if z.w != nil {
		if err = z.w.Close(); err == nil {
			err = z.cut()
		}
	}
	if e := z.File.Close(); err == nil {
		err = e
	}
	return err
}

// cut takes away what W without N has left of a longer file: behind a compressed stream it is
// no text but damage.
func (z *zipped) cut() error {
	info, err := z.File.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	end, err := z.File.Seek(0, io.SeekCurrent)
	if err != nil || end >= info.Size() {
		return err
	}
	return z.File.Truncate(end)
}

// push writes what the compressor keeps.
func (z *zipped) push() error {
	if z.w == nil {
		return nil
	}
	return z.w.Flush()
}

// Seek tells the position, and moves nowhere else.
func (z *zipped) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent && offset == 0 {
		return z.at, nil
	}
	return 0, syscall.ESPIPE
}

func (z *zipped) Truncate(int64) error { return syscall.ESPIPE }
