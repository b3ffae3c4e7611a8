package devices

// Standard input that is a socket: what inetd, and systemd with Accept=yes, start a
// server with (spec rule B21).

import (
	"net"
	"os"
	"strconv"
)

// StandardSocket returns the principal device of a process whose standard input is a
// connected TCP socket: a TCP device named after the local port, in M mode, since the
// program READs lines from it and WRITEs lines to it as it would to a terminal. ok is
// false for any other standard input.
func StandardSocket(env *Env, host Host, in *os.File) (d Device, ok bool) {
	if in == nil || !isSocket(in) {
		return nil, false
	}
	conn, listener, err := adopt(int(in.Fd()))
	switch {
	case err != nil:
		return nil, false
	case listener != nil:
		_ = listener.Close()
		return nil, false
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		_ = conn.Close()
		return nil, false
	}
	port := strconv.Itoa(int(addrPort(tcp.LocalAddr()).Port()))
	t := &TCP{name: tcpPrefix + port, env: env, host: host, opt: newTCPOptions()}
	t.opt.mode, t.opt.port = modePSTE, port
	t.opt.sizes(false)
	t.opt.settle()
	if err := t.attach(tcp, false); err != nil {
		_ = tcp.Close()
		return nil, false
	}
	t.stream.standard = true
	t.state.Mode = t.opt.zmode()
	return t, true
}

func isSocket(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeSocket != 0
}
