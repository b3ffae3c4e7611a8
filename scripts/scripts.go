// Package scripts holds the bundled programs.
package scripts

import "embed"

// Files are the bundled programs; all: because %X lives in _X.mac.
//
//go:embed all:manual all:net all:devices all:library all:cft
var Files embed.FS
