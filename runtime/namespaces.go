package runtime

// Namespaces: which there are. Each is a database of its own in the data directory.

import (
	"fmt"
	"slices"
	"strings"

	"cos/lang"
)

// setNamespace changes the current namespace.
func (p *Process) setNamespace(name string) {
	p.namespace = p.knownNamespace(name)
}

// knownNamespace is the namespace of that name, in capitals; <NAMESPACE> when there is none.
func (p *Process) knownNamespace(name string) string {
	name = upper(name)
	if !p.sys.cfg.hasNamespace(name) {
		p.raise(errNamespace, "*"+name)
	}
	return name
}

// hasNamespace tells whether there is a namespace of that name: any word names one, unless
// the configuration lists which there are.
func (cfg *Config) hasNamespace(name string) bool {
	if !validNamespace(name) {
		return false
	}
	return len(cfg.Namespaces) == 0 || name == "USER" || name == "%SYS" ||
		slices.ContainsFunc(cfg.Namespaces, func(one string) bool { return upper(one) == name })
}

// checkNamespaces tells of namespaces of the configuration that cannot be.
func (cfg *Config) checkNamespaces() error {
	for _, name := range cfg.Namespaces {
		if !validNamespace(upper(name)) {
			return &UsageError{fmt.Sprintf("%s is no name of a namespace", name)}
		}
	}
	switch name := upper(cfg.Namespace); {
	case !validNamespace(name):
		return &UsageError{fmt.Sprintf("%s is no name of a namespace", cfg.Namespace)}
	case !cfg.hasNamespace(name):
		said := fmt.Sprintf("there is no namespace %s", name)
		if near := lang.Nearest(name, append([]string{"USER"}, strings.Fields(upper(strings.Join(cfg.Namespaces, " ")))...)); near != "" {
			said += "; did you mean " + near + "?"
		}
		return &UsageError{said}
	}
	return nil
}

// validNamespace: the name of a namespace is a word.
func validNamespace(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	for i, r := range name {
		switch {
		case r >= 'A' && r <= 'Z', r == '%' && i == 0, r >= '0' && r <= '9' && i > 0, r == '-' && i > 0, r == '_' && i > 0:
		default:
			return false
		}
	}
	return true
}
