package globals

// Small file operations shared by the log and the directory.

import (
	"errors"
	"os"
)

// syncDir makes new and removed names in a directory survive a crash of the machine.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
