package devices

// What gzip puts around compressed data: a header before it, and behind it the checksum and
// the length of the text (RFC 1952).

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/klauspost/compress/gzip"
)

// Flags of a header: the parts that follow its ten bytes.
const (
	zipHeaderSum = 1 << 1
	zipExtra     = 1 << 2
	zipName      = 1 << 3
	zipComment   = 1 << 4
	zipReserved  = 0xE0
)

// header reads the header of a compressed stream. Name, time and comment tell a
// connection nothing.
func (in *zipInput) header() error {
	var b [10]byte
	if err := in.bytes(b[:]); err != nil {
		return err
	}
	flags := b[3]
	if b[0] != 0x1f || b[1] != 0x8b || b[2] != 8 || flags&zipReserved != 0 {
		return gzip.ErrHeader
	}
	sum := crc32.ChecksumIEEE(b[:])
	take := func(b []byte) error {
		err := in.bytes(b)
		sum = crc32.Update(sum, crc32.IEEETable, b)
		return err
	}
	var one [1]byte
	if flags&zipExtra != 0 {
		var size [2]byte
		if err := take(size[:]); err != nil {
			return err
		}
		for range binary.LittleEndian.Uint16(size[:]) {
			if err := take(one[:]); err != nil {
				return err
			}
		}
	}
	for _, part := range []byte{zipName, zipComment} {
		for one[0] = 1; flags&part != 0 && one[0] != 0; {
			if err := take(one[:]); err != nil {
				return err
			}
		}
	}
	if flags&zipHeaderSum == 0 {
		return nil
	}
	var want [2]byte
	got := uint16(sum)
	if err := in.bytes(want[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint16(want[:]) != got {
		return gzip.ErrHeader
	}
	return nil
}

// trailer reads what ends a compressed stream and compares it with its text.
func (in *zipInput) trailer(sum zipSum) error {
	var b [8]byte
	if err := in.bytes(b[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(b[:]) != sum.crc || binary.LittleEndian.Uint32(b[4:]) != sum.size {
		return gzip.ErrChecksum
	}
	return nil
}

// bytes fills b, waiting as long as it takes.
func (in *zipInput) bytes(b []byte) (err error) {
	for i := range b {
		if b[i], err = in.ReadByte(); err != nil {
			return err
		}
	}
	return nil
}

// zipSum is the checksum and the length, modulo 2^32, of a stream's text.
type zipSum struct{ crc, size uint32 }

func (s *zipSum) add(b []byte) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, b)
	s.size += uint32(len(b))
}
