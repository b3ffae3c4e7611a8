package cli

import (
	"fmt"
	"io/fs"
	"os"

	"cos/devices"
	"cos/runtime"
)

// Main smoke
func Main(args []string, bundled fs.FS) int {
	console, err := devices.NewConsole(os.Stdin, os.Stdout)
	if err != nil {
		panic(err)
	}
	env := &devices.Env{Console: console}
	sys := runtime.NewSystem(runtime.Config{Env: env, Bundled: bundled, DataDir: os.Getenv("COS_DATA")})
	p, err := sys.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	if err != nil {
		panic(err)
	}
	if args[0] == "-c" {
		err = p.Execute(args[1])
	} else {
		r, err2 := sys.LoadFile(args[0])
		if err2 != nil {
			fmt.Println(err2)
			return 2
		}
		for _, e := range r.Errors {
			fmt.Fprintln(os.Stderr, e.Long())
		}
		label := ""
		if len(args) > 1 {
			label = args[1]
		}
		start, err3 := sys.At(r, label, 0)
		if err3 != nil {
			fmt.Println(err3)
			return 2
		}
		var rest []string
		if len(args) > 2 {
			rest = args[2:]
		}
		err = p.Launch(start, rest)
	}
	p.Close()
	sys.Wait()
	sys.Close()
	if e, ok := err.(*runtime.Error); ok {
		runtime.WriteError(os.Stderr, e)
		return 1
	}
	if err != nil && err != runtime.ErrHalt {
		fmt.Fprintln(os.Stderr, err)
		if c, ok := err.(*runtime.Crash); ok {
			fmt.Fprintln(os.Stderr, string(c.Stack))
		}
		return 1
	}
	return p.ExitStatus()
}
