package globals

// fileIdentity is the path itself.
func fileIdentity(path string) string { return path }

// openVersions returns nil: other processes ask the owner for everything.
func openVersions(string) *versions { return nil }
