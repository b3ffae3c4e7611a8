// Command cos runs ObjectScript programs.
package main

import (
	"os"

	"cos/repl/cli"
	"cos/scripts"
)

func main() { os.Exit(cli.Main(os.Args[1:], scripts.Files)) }
