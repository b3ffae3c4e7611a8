package globals

// File locks by LockFileEx: they belong to the open handle, and the system drops them when the
// process ends in any way.

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

type fileLock struct{ f *os.File }

// tryLockFile locks a file, creating it when missing; nil when another holds it.
func tryLockFile(path string) (*fileLock, error) {
	return lockFile(path, os.O_RDWR|os.O_CREATE)
}

// tryLockExisting is tryLockFile for a file that exists.
func tryLockExisting(path string) (*fileLock, error) {
	return lockFile(path, os.O_RDWR)
}

func lockFile(path string, flag int) (*fileLock, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if err != nil {
		f.Close()
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			return nil, nil
		}
		return nil, err
	}
	return &fileLock{f}, nil
}

func (l *fileLock) unlock() { l.f.Close() }

// shortTemp is where the socket can go when there is no runtime directory.
func shortTemp() string { return os.TempDir() }
