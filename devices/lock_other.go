//go:build !unix

package devices

import (
	"errors"
	"os"
)

func lockFile(*os.File) error { return errors.New("files cannot be locked on this system") }
