//go:build unix

package main

// Plain Go on the work of the network rows, as one would write it with net and bufio.
// Where READ yields a string, so does this.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

// plainServers answer on a connection; count is the row's.
var plainServers = map[string]func(conn net.Conn, count int) error{
	"echo": echo,
	"sink": func(conn net.Conn, count int) error {
		n, buf := 0, make([]byte, bulk)
		for range count {
			if _, err := io.ReadFull(conn, buf); err != nil {
				return err
			}
			kept = string(buf)
			n += len(kept)
		}
		_, err := fmt.Fprintln(conn, n)
		return err
	},
	"lines": func(conn net.Conn, count int) error {
		n, in := 0, bufio.NewReaderSize(conn, 64<<10)
		for range count {
			line, err := in.ReadString('\n')
			if err != nil {
				return err
			}
			n += len(line) - 1
		}
		_, err := fmt.Fprintln(conn, n)
		return err
	},
	"chars": func(conn net.Conn, count int) error {
		n, in := 0, bufio.NewReaderSize(conn, 64<<10)
		for range count {
			if _, err := in.ReadByte(); err != nil {
				return err
			}
			n++
		}
		_, err := fmt.Fprintln(conn, n)
		return err
	},
	"source": asked(func(conn net.Conn, count int) error {
		text := []byte(strings.Repeat("x", bulk))
		for range count {
			if _, err := conn.Write(text); err != nil {
				return err
			}
		}
		return nil
	}),
	"linesrc": asked(func(conn net.Conn, count int) error {
		out, text := bufio.NewWriterSize(conn, 32<<10), strings.Repeat("x", lineLength-1)
		for range count {
			if _, err := out.WriteString(text); err != nil {
				return err
			}
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
		return out.Flush()
	}),
	"flushed": asked(func(conn net.Conn, count int) error {
		text := []byte(strings.Repeat("x", lineLength-1) + "\n")
		for range count {
			if _, err := conn.Write(text); err != nil {
				return err
			}
		}
		return nil
	}),
}

// kept is where a string goes so that the compiler has to make it.
var kept string

// asked lets a source begin when the client says so.
func asked(send func(net.Conn, int) error) func(net.Conn, int) error {
	return func(conn net.Conn, count int) error {
		var b [1]byte
		for b[0] != '\n' {
			if _, err := conn.Read(b[:]); err != nil {
				return err
			}
		}
		return send(conn, count)
	}
}

// echo sends every line back until the client leaves.
func echo(conn net.Conn, _ int) error {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return ended(err)
		}
		if _, err := io.WriteString(conn, line); err != nil {
			return err
		}
	}
}

// ended is what remains of an error when the peer may leave.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// serveRole is a plain server in one of its roles.
func serveRole(l net.Listener, role string, count int) error {
	switch handle, ok := plainServers[role]; {
	case ok:
		return serveOne(l, count, handle)
	case role == "serial":
		return serveSerial(l, count)
	case role == "jobs":
		return serveJobs(l, count)
	}
	return fmt.Errorf("no role %q", role)
}

// serveOne accepts one client.
func serveOne(l net.Listener, count int, handle func(net.Conn, int) error) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	return errors.Join(handle(conn, count), conn.Close())
}

// serveSerial takes one client after the other: a line, its answer, the end.
func serveSerial(l net.Listener, count int) error {
	for range count {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil {
			return err
		}
		if _, err = io.WriteString(conn, line); err != nil {
			return err
		}
		if err := conn.Close(); err != nil {
			return err
		}
	}
	return nil
}

// serveJobs takes clients at once, a goroutine for each.
func serveJobs(l net.Listener, count int) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for range count {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		wg.Go(func() {
			_ = echo(conn, 0) // a client that resets has left like any other
			_ = conn.Close()
		})
	}
	return nil
}

// plainClient sends a line and reads its answer, count times.
func plainClient(port, count int) error {
	conn, err := dial(port)
	if err != nil {
		return err
	}
	in, text := bufio.NewReader(conn), strings.Repeat("x", lineLength-1)+"\n"
	for range count {
		if _, err := io.WriteString(conn, text); err != nil {
			return err
		}
		if answer, err := in.ReadString('\n'); err != nil || answer != text {
			return fmt.Errorf("answer %q: %w", answer, err)
		}
	}
	return conn.Close()
}
