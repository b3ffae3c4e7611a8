//go:build !unix

package repl

import "os"

// lockFile does nothing where the line editor does not run.
func lockFile(*os.File) {}
