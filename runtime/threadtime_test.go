//go:build !linux

package runtime

import "time"

var processStart = time.Now()

// threadTime is the time since the process began: this system does not tell a thread's.
func threadTime() time.Duration { return time.Since(processStart) }
