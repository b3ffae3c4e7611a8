//go:build !linux

package globals

// physicalMemory is a guess where asking is not portable.
func physicalMemory() int64 { return 4 << 30 }
