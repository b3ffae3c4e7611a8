package globals

// The machine's memory, which the default cache size depends on.

import "golang.org/x/sys/unix"

func physicalMemory() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 2 << 30
	}
	return int64(uint64(info.Totalram) * uint64(info.Unit))
}
