//go:build unix

package globals

import (
	"fmt"
	"os"
	goruntime "runtime"

	"golang.org/x/sys/unix"
)

// fileIdentity tells a file or directory apart from all others, whatever it is called.
func fileIdentity(path string) string {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return path
	}
	return fmt.Sprint(st.Dev, ":", st.Ino)
}

// openVersions maps the counters; nil when that is not possible, and nothing is cached.
func openVersions(path string) *versions {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	if size := info.Size(); size < versionBytes { // written, not left sparse: a hole on a full disk cannot be stored into
		if _, err := f.WriteAt(make([]byte, versionBytes-size), size); err != nil {
			return nil
		}
	}
	m, err := unix.Mmap(int(f.Fd()), 0, versionBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	v := &versions{m: m, id: fileIdentity(path)}
	goruntime.AddCleanup(v, func(m []byte) { _ = unix.Munmap(m) }, m) // sessions may outlive DB.Close
	return v
}
