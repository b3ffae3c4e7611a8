package sslconfig

// Configurations in a file: TOML, a table [tls.NAME] each, with the properties of
// Security.SSLConfigs as keys. Other tables are for others to read.

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/BurntSushi/toml"
)

// Load reads the configurations of a TOML file. File names in it are relative to its
// folder. No error tells the value of a secret.
func Load(file string) (map[string]*Config, error) {
	var text struct {
		TLS map[string]map[string]any `toml:"tls"`
	}
	if _, err := toml.DecodeFile(file, &text); err != nil {
		return nil, fmt.Errorf("%s: %w", file, position(err))
	}
	if len(text.TLS) == 0 {
		return nil, fmt.Errorf("%s: there is no table [tls.NAME]", file)
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Config, len(text.TLS))
	for name, values := range text.TLS {
		c, err := New(name)
		if err == nil {
			c.Folder = folder
			err = c.fill(values)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: [tls.%s]: %w", file, name, err)
		}
		out[name] = c
	}
	return out, nil
}

// position is a TOML error without the line's text, which may hold a password.
func position(err error) error {
	if at, ok := err.(toml.ParseError); ok {
		return fmt.Errorf("line %d: %s", at.Position.Line, at.Message)
	}
	return err
}

// fill sets the properties of a table, in the order of their names.
func (c *Config) fill(values map[string]any) error {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var text string
		switch v := values[name].(type) {
		case string:
			text = v
		case int64:
			text = strconv.FormatInt(v, 10)
		case bool:
			text = "0"
			if v {
				text = "1"
			}
		default:
			return fmt.Errorf("property %s is neither text nor a number", name)
		}
		if err := c.Set(name, text); err != nil {
			return err
		}
	}
	return c.Check()
}
