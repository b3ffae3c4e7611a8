package globals

// openVersions returns nil: other processes ask the owner for everything.
func openVersions(string) *versions { return nil }
