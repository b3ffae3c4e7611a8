package devices

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// freePort returns a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func open(env *Env, host Host, name string, timeout time.Duration, params ...string) (Device, error) {
	return Open(context.Background(), env, host, name, positional(params...), timeout)
}

// opened opens a device that the test closes at its end.
func opened(t *testing.T, env *Env, name string, params ...string) *TCP {
	t.Helper()
	d, err := open(env, &testHost{}, name, patience, params...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close(nil)) })
	return d.(*TCP)
}

func TestCanonical(t *testing.T) {
	for name, want := range map[string]string{
		"|TCP|7": "|TCP|7", "|tcp|7": "|TCP|7", "/TCP/41880": "|TCP|41880", "/tcp/41880": "|TCP|41880",
		"41880": "|TCP|41880", "1000": "|TCP|1000", "0": "0", "63": "63", "": "", "99999999999": "99999999999",
		"-4000": "-4000", "+4000": "+4000", "4000.txt": "4000.txt", "/dev/null": "/dev/null", "|TCP|": "|TCP|",
	} {
		assert.Equal(t, want, Canonical(name), name)
	}
}

// The manual's ways to say whom to connect to and where to listen.
func TestAddressing(t *testing.T) {
	port := freePort(t)
	n, _ := strconv.Atoi(port)
	env := &Env{Hosts: map[string]string{"larry": "127.0.0.1"}, Services: map[string]int{"daytime": n}}
	s := opened(t, env, "|TCP|"+port) // the port is the device number
	for _, c := range []struct {
		name   string
		params []string
	}{
		{"|TCP|" + port, []string{"127.0.0.1"}},
		{port, []string{"127.0.0.1"}},
		{"|TCP|4", []string{"larry", "daytime", "M"}},
		{"|TCP|4", []string{"localhost", port}},
		{"|TCP|4", []string{"/PSTE", "/HOSTNAME=127.0.0.1", "/PORT=" + port}},
		{"|TCP|4", []string{"/HOS=::1", port}}, // a keyword fills the position it stands at (rule B14)
		{"|TCP|4", []string{"127.0.0.1", port, "", "", "", "", "", "", "/BINDTO=127.0.0.2"}},
		{"|TCP|4", []string{"::ffff:127.0.0.1", port, "/USEIPV6=0"}},
	} {
		d := opened(t, env, c.name, c.params...)
		require.NoError(t, d.Write(Text{S: "x"}))
		require.NoError(t, d.Control(3))
		res, err := s.Read(timed(patience))
		require.NoError(t, err, c.params)
		require.Equal(t, "x", res.Text.S, c.params)
		require.Equal(t, d.LocalAddr(), s.PeerAddr(), c.params)
		require.NoError(t, s.Control(2))
	}
}

// Failures that trying again cannot mend: rules B8 and B19.
func TestPermanentFailures(t *testing.T) {
	nowhere := func(context.Context, string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}
	}
	env := &Env{
		LookupHost: nowhere,
		LookupService: func(context.Context, string) (int, error) {
			return 0, &net.DNSError{Err: "unknown port", Name: "tcp/nosuch", IsNotFound: true}
		},
		Services: map[string]int{"other": 1},
	}
	dir := t.TempDir()
	for _, row := range []struct {
		name   string
		device string
		params []string
		cause  error // what OSError() shows, where the system has a word for it
	}{
		{"unknown host", "|TCP|1", []string{"nosuch.invalid", "1"}, nil},
		{"unknown service", "|TCP|1", []string{"127.0.0.1", "nosuch"}, nil},
		{"unknown service of a server", "|TCP|1", []string{"", "nosuch"}, nil},
		{"port out of range", "|TCP|1", []string{"127.0.0.1", "65536"}, nil},
		{"negative port", "|TCP|1", []string{"", "-1"}, nil},
		{"device number as port out of range", "|TCP|70000", nil, nil},
		{"device identifier out of range", "|TCP|2147483648", []string{"127.0.0.1", "1"}, nil},
		{"device identifier that is no number", "|TCP|x", []string{"127.0.0.1", "1"}, nil},
		{"bad descriptor", "|TCP|1", []string{"", "/SOCKET=999"}, syscall.EBADF},
		{"descriptor that is no number", "|TCP|1", []string{"", "x", "G"}, nil},
		{"unknown /BINDTO", "|TCP|1", []string{"", "0", "", "", "/BINDTO=192.0.2.1"}, syscall.EADDRNOTAVAIL},
		{"unknown /BINDTO of a client", "|TCP|1", []string{"127.0.0.1", "1", "", "", "/BINDTO=192.0.2.1"}, syscall.EADDRNOTAVAIL},
		{"missing directory", filepath.Join(dir, "no", "file"), []string{"R"}, syscall.ENOENT},
		{"a directory is no file", dir, []string{"R"}, syscall.EISDIR},
		{"no name", "", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			if row.device != "" {
				_, err := open(env, &testHost{}, row.device, patience, row.params...)
				require.ErrorIs(t, err, ErrTimeout)
				if row.cause != nil {
					require.ErrorIs(t, err, row.cause)
				}
			}
			_, err := open(env, &testHost{}, row.device, -1, row.params...)
			require.Equal(t, "NOTOPEN", failure(err))
			require.NotErrorIs(t, err, ErrTimeout)
			require.Less(t, time.Since(start), patience/2, "must fail at once")
		})
	}
}

// OPEN 3 is <NOTOPEN> at once, with a timeout too (spec 1.2).
func TestInvalidDevice(t *testing.T) {
	for _, timeout := range []time.Duration{-1, 0, patience} {
		_, err := open(&Env{}, &testHost{}, "3", timeout)
		require.Equal(t, "NOTOPEN", failure(err))
		require.NotErrorIs(t, err, ErrTimeout)
	}
}

// Refused and busy are tried again: until the deadline, or until it works.
func TestOpenRetries(t *testing.T) {
	port := freePort(t)
	start := time.Now()
	attempts := 0
	refusing := &Env{Dial: func(ctx context.Context, _ netip.AddrPort, _ string) (net.Conn, error) {
		if attempts++; attempts > 2 { // the deadline cuts it off: the cause is what came before
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return nil, syscall.ECONNREFUSED
	}}
	_, err := open(refusing, &testHost{}, "|TCP|1", 150*time.Millisecond, "127.0.0.1", port)
	require.ErrorIs(t, err, ErrTimeout)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.GreaterOrEqual(t, time.Since(start), 150*time.Millisecond)

	_, err = open(&Env{}, &testHost{}, "|TCP|1", 0, "127.0.0.1", port)
	require.ErrorIs(t, err, ErrTimeout, "OPEN:0 is one attempt")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)

	t.Run("a client waits for its server", func(t *testing.T) {
		host := &testHost{entered: make(chan Wait, 1)}
		type result struct {
			d   Device
			err error
		}
		done := make(chan result, 1)
		go func() {
			d, err := open(&Env{}, host, "|TCP|1", -1, "127.0.0.1", port)
			done <- result{d, err}
		}()
		require.Equal(t, WaitConnect, <-host.entered)
		require.Equal(t, WaitConnect, <-host.entered)
		s := opened(t, &Env{}, "|TCP|2", "", port, "A")
		res, err := s.Read(timed(patience))
		require.NoError(t, err)
		require.False(t, res.TimedOut)
		host.drain()
		r := <-done
		require.NoError(t, r.err)
		require.NoError(t, r.d.Close(nil))
	})
	t.Run("a server waits for its port", func(t *testing.T) {
		port := freePort(t)
		first, err := open(&Env{}, &testHost{}, "|TCP|1", 0, "", port)
		require.NoError(t, err)
		_, err = open(&Env{}, &testHost{}, "|TCP|2", 50*time.Millisecond, "", port)
		require.ErrorIs(t, err, ErrTimeout)
		require.ErrorIs(t, err, syscall.EADDRINUSE)
		host := &testHost{entered: make(chan Wait, 1)}
		done := make(chan error, 1)
		go func() {
			d, err := open(&Env{}, host, "|TCP|2", -1, "", port)
			if err == nil {
				err = d.Close(nil)
			}
			done <- err
		}()
		require.Equal(t, WaitListen, <-host.entered)
		require.NoError(t, first.Close(nil))
		host.drain()
		require.NoError(t, <-done)
	})
}

// drain lets the host's waits pass unseen from now on.
func (h *testHost) drain() {
	h.mu.Lock()
	h.entered = nil
	h.mu.Unlock()
}

// A port is free again at once, although its connections linger.
func TestReuseAddress(t *testing.T) {
	port := freePort(t)
	for range 3 {
		s, err := open(&Env{}, &testHost{}, "|TCP|1", 0, "", port, "A")
		require.NoError(t, err)
		c := opened(t, &Env{}, "|TCP|2", "127.0.0.1", port)
		_, err = s.Read(timed(patience))
		require.NoError(t, err)
		require.NoError(t, s.Close(nil)) // the server closes first and keeps TIME_WAIT
		_, err = c.Read(timed(patience))
		require.Equal(t, "READ", failure(err))
	}
}

// The queue size is the real backlog: ss shows it as the send queue of a listener.
func TestBacklog(t *testing.T) {
	if _, err := ss("1"); err != nil {
		t.Skip("no ss here")
	}
	for size, want := range map[string]string{"": "5", "17": "17", "5000": "1000"} {
		s := opened(t, &Env{}, "|TCP|1", "", "0", "", "", "", "", size)
		out, err := ss(strconv.Itoa(int(s.LocalAddr().Port())))
		require.NoError(t, err)
		fields := strings.Fields(out)
		require.GreaterOrEqual(t, len(fields), 3, out)
		require.Equal(t, want, fields[2], "queuesize %q", size)
	}
}

// Descriptors: mode G and /SOCKET, rule B21.
func TestDescriptor(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer far.Close()
	near, err := l.Accept()
	require.NoError(t, err)
	defer near.Close()

	t.Run("data socket", func(t *testing.T) {
		onSocket(near, func(fd int) {
			for _, params := range [][]string{{"", strconv.Itoa(fd), "GS"}, {"", "/SOCKET=" + strconv.Itoa(fd), "", "/STREAM"}} {
				d := opened(t, &Env{}, "|TCP|1", params...)
				require.Equal(t, ZAConnected, d.State().ZA)
				require.NoError(t, d.Write(Text{S: "hello"}))
				require.NoError(t, d.Control(3))
				b := make([]byte, 5)
				_, err := far.Read(b)
				require.NoError(t, err)
				require.Equal(t, "hello", string(b))
				_, err = far.Write([]byte("x"))
				require.NoError(t, err)
				res, err := d.Read(ReadSpec{Char: true})
				require.NoError(t, err)
				require.Equal(t, 'x', res.Char)
			}
		})
	})
	t.Run("listening socket", func(t *testing.T) {
		onSocket(l, func(fd int) {
			d := opened(t, &Env{}, "|TCP|1", "", strconv.Itoa(fd), "GA")
			require.Equal(t, ZAServer, d.State().ZA)
			c, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer c.Close()
			res, err := d.Read(timed(patience))
			require.NoError(t, err)
			require.False(t, res.TimedOut)
			require.Equal(t, ZAServer|ZAConnected, d.State().ZA)
		})
	})
	t.Run("no socket", func(t *testing.T) {
		f, err := os.Open(os.DevNull)
		require.NoError(t, err)
		defer f.Close()
		_, err = open(&Env{}, &testHost{}, "|TCP|1", -1, "", strconv.Itoa(int(f.Fd())), "G")
		require.Equal(t, "NOTOPEN", failure(err))
	})
}

func TestNullDevice(t *testing.T) {
	for _, name := range []string{"/dev/null", "//./nul", "nul", "NUL", "/dev/null:4711"} {
		d, err := open(&Env{}, &testHost{}, name, patience)
		require.NoError(t, err, name)
		require.NoError(t, d.Write(Text{S: "abc"}))
		require.NoError(t, d.WriteBytes([]byte("de")))
		require.Equal(t, 5, d.State().X)
		require.NoError(t, d.Format(Newline, 0))
		require.Equal(t, 1, d.State().Y)
		res, err := d.Read(ReadSpec{})
		require.NoError(t, err)
		require.Equal(t, Result{}, res)
		res, err = d.Read(ReadSpec{Char: true})
		require.NoError(t, err)
		require.Equal(t, rune(-1), res.Char)
		require.NoError(t, d.Close(nil))
	}
}

// What OSError() shows is why the attempts failed, not that the last one was cut off.
func TestDeadlineKeepsCause(t *testing.T) {
	attempts := 0
	env := &Env{Dial: func(ctx context.Context, _ netip.AddrPort, _ string) (net.Conn, error) {
		if attempts++; attempts == 1 {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		}
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
	}}
	_, err := open(env, &testHost{}, "|TCP|1", 50*time.Millisecond, "127.0.0.1", "1")
	require.ErrorIs(t, err, ErrTimeout)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.Equal(t, 2, attempts)
}

func TestDrivers(t *testing.T) {
	rows := Drivers()
	require.Equal(t, "|TCP|", rows[0].Prefix)
	require.Empty(t, rows[len(rows)-1].Prefix, "sequential files take what is left")
}
