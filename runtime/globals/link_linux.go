package globals

import (
	"os"

	"golang.org/x/sys/unix"
)

// yieldProcessor lets another thread that waits for this processor run first.
func yieldProcessor() { _, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

// namelessFile is a file in memory.
func namelessFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("cos", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "link"), nil
}

const sizeSeals = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL

// sealSize fixes the size of a nameless file for good: access to a mapped page that is no more would
// end the process.
func sealSize(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, sizeSeals)
	return err
}

// sizeSealed says whether a file is as sealSize leaves it.
func sizeSealed(f *os.File) bool {
	seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0)
	return err == nil && seals&sizeSeals == sizeSeals
}
