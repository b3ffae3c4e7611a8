package globals

// A file system for the store that waits where pebble would end the process: pebble has no way on
// when its manifest cannot be written, but a full disk may get room again.

import (
	"errors"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

const roomPause = 50 * time.Millisecond // between two tries to write a manifest

type patientFS struct {
	vfs.FS
	waiting *atomic.Int32 // writes that wait for room
	logger  Logger
}

func (fs patientFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.Create(name, category)
	if err != nil || !strings.HasPrefix(fs.PathBase(name), "MANIFEST") {
		return f, err
	}
	return &patientFile{File: f, fs: fs}, nil
}

type patientFile struct {
	vfs.File
	fs patientFS
}

func (f *patientFile) Write(p []byte) (n int, err error) {
	err = f.patiently(func() error {
		done, err := f.File.Write(p[n:])
		n += done
		return err
	})
	return n, err
}

func (f *patientFile) Sync() error { return f.patiently(f.File.Sync) }

func (f *patientFile) SyncData() error { return f.patiently(f.File.SyncData) }

// patiently repeats what fails for want of room.
func (f *patientFile) patiently(do func() error) error {
	err := do()
	if !noRoom(err) {
		return err
	}
	f.fs.logger.Printf("globals store: waiting for room on the disk: %v", err)
	f.fs.waiting.Add(1)
	defer f.fs.waiting.Add(-1)
	for noRoom(err) {
		time.Sleep(roomPause)
		err = do()
	}
	return err
}

func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
