package devices

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// interrupts starts f, which must wait in kind, interrupts the process and expects
// ErrInterrupted promptly.
func interrupts(t *testing.T, host *testHost, kind Wait, f func() error) {
	t.Helper()
	host.mu.Lock()
	host.entered = make(chan Wait, 1)
	entered := host.entered
	host.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case k := <-entered:
		require.Equal(t, kind, k)
	case err := <-done:
		require.NoError(t, err, "it did not wait")
		t.Fatal("it did not wait")
	}
	host.drain()
	start := time.Now()
	host.interrupt()
	select {
	case err := <-done:
		require.ErrorIs(t, err, ErrInterrupted)
	case <-time.After(patience):
		t.Fatal("still waiting")
	}
	require.Less(t, time.Since(start), patience/2)
}

func (c *conv) interruptsRead(kind Wait, spec ReadSpec) *conv {
	c.Helper()
	interrupts(c.T, c.host, kind, func() error { _, err := c.d.Read(spec); return err })
	return c
}

// Every wait of a TCP device ends on an interrupt, loses nothing and leaves the device
// fit for the next call.
func TestInterruptTCP(t *testing.T) {
	hold(t, []conversation{
		{"READ", client, []string{"ST"}, false, func(c *conv) {
			c.interruptsRead(WaitRead, ReadSpec{}).interruptsRead(WaitRead, timed(patience))
			c.za(ZAConnected).says("ab\n").read("ab").expires(timed(soon), "")
		}},
		{"READ with data gathered", client, []string{"ST"}, false, func(c *conv) {
			c.says("ab").readFixed(1, "a").interruptsRead(WaitRead, ReadSpec{})
			c.says("c\n").read("bc")
		}},
		{"accept", server, []string{"A"}, false, func(c *conv) {
			c.interruptsRead(WaitAccept, ReadSpec{}).interruptsRead(WaitAccept, timed(patience)).za(ZAServer)
			c.expires(timed(soon), "").dials().read("")
		}},
		{"escape sequence", client, []string{"E"}, false, func(c *conv) {
			c.says("\x1b").hasCome("\x1b")
			c.interruptsRead(WaitRead, ReadSpec{})
			c.says("[A").read("").zb("\x1b[A")
		}},
		{"an interrupt that came before the wait", client, []string{"S"}, false, func(c *conv) {
			c.host.interrupt()
			_, err := c.d.Read(ReadSpec{})
			require.ErrorIs(c, err, ErrInterrupted)
			c.says("x").readChar('x')
		}},
		{"an interrupt while nobody waits does not outlast the next wait", client, []string{"S"}, false, func(c *conv) {
			c.d.Interrupt()
			c.expires(timed(soon), "").says("x").readChar('x')
			c.d.Interrupt()
			c.write("y").control(3).peerGets("y")
		}},
		{"WRITE", client, []string{"S"}, false, func(c *conv) {
			release := c.clog()
			interrupts(c.T, c.host, WaitWrite, func() error { return c.d.Control(3) })
			c.za(ZAConnected)
			release()
			c.control(3).write("end").control(3)
			c.peerGets(strings.Repeat("x", clogSize) + "end")
			require.Equal(c, strings.Repeat("x", clogSize)+"end", strings.Join(c.host.sends(), ""), "every byte is reported once")
		}},
		{"CLOSE with output that nobody takes", client, []string{"S"}, false, func(c *conv) {
			defer c.clog()()
			interrupts(c.T, c.host, WaitWrite, func() error { return c.d.Close(nil) })
		}},
	})
}

// hasCome waits until the device has taken s into its buffer, by a READ that cannot
// complete.
func (c *conv) hasCome(s string) *conv {
	c.Helper()
	require.Eventually(c, func() bool {
		spec := clock{timed: true, length: soon}
		_ = c.d.fill(c.d.stream, &spec)
		return string(c.d.stream.in.pending()) == s
	}, patience, time.Millisecond)
	return c
}

func TestInterruptOpen(t *testing.T) {
	stuck := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	port := freePort(t)
	busy := opened(t, &Env{}, "|TCP|9", "", "0")
	busyPort := strings.TrimPrefix(busy.LocalAddr().String(), "0.0.0.0:")
	missing := filepath.Join(t.TempDir(), "missing")
	for _, row := range []struct {
		name   string
		env    *Env
		kind   Wait
		device string
		params []string
	}{
		{"connect", &Env{Dial: func(ctx context.Context, _ netip.AddrPort, _ string) (net.Conn, error) { return nil, stuck(ctx) }},
			WaitConnect, "|TCP|1", []string{"127.0.0.1", port}},
		{"resolve", &Env{LookupHost: func(ctx context.Context, _ string) ([]netip.Addr, error) { return nil, stuck(ctx) }},
			WaitResolve, "|TCP|1", []string{"somewhere.invalid", port}},
		{"resolve a service", &Env{LookupService: func(ctx context.Context, _ string) (int, error) { return 0, stuck(ctx) }},
			WaitResolve, "|TCP|1", []string{"", "someservice"}},
		{"between attempts to connect", &Env{}, WaitConnect, "|TCP|1", []string{"127.0.0.1", port}},
		{"between attempts to listen", &Env{}, WaitListen, "|TCP|1", []string{"", busyPort}},
		{"a file that is not there", &Env{}, WaitOpen, missing, []string{"R"}},
	} {
		for _, timeout := range []time.Duration{-1, patience} {
			t.Run(row.name+"/"+timeout.String(), func(t *testing.T) {
				host := &testHost{}
				interrupts(t, host, row.kind, func() error {
					_, err := open(row.env, host, row.device, timeout, row.params...)
					return err
				})
			})
		}
	}
	t.Run("the caller's context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := Open(ctx, &Env{}, &testHost{}, "|TCP|1", positional("127.0.0.1", port), -1)
		require.ErrorIs(t, err, ErrInterrupted)
	})
}

// An interrupt that races the beginning and the end of waits is never lost and never
// hurts a later one.
func TestInterruptRace(t *testing.T) {
	hold(t, []conversation{{"READ", client, []string{"S"}, false, func(c *conv) {
		for range 2000 {
			done := make(chan struct{})
			go func() { c.host.interrupt(); close(done) }()
			_, err := c.d.Read(timed(patience))
			require.ErrorIs(c, err, ErrInterrupted)
			<-done
		}
		c.says("x").readChar('x')
	}}})
}

func TestInterruptFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, makeFIFO(name))
	writer := make(chan *os.File, 1)
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
		}
		writer <- f
	}()
	host := &testHost{}
	d, err := open(&Env{}, host, name, patience, "R")
	require.NoError(t, err)
	w := <-writer
	defer w.Close()
	interrupts(t, host, WaitRead, func() error { _, err := d.Read(ReadSpec{}); return err })
	res, err := d.Read(timed(soon))
	require.NoError(t, err)
	require.True(t, res.TimedOut)
	require.Equal(t, ZATimedOut, d.State().ZA)
	_, err = w.WriteString("line\n")
	require.NoError(t, err)
	res, err = d.Read(ReadSpec{})
	require.NoError(t, err)
	require.Equal(t, "line", res.Text.S)
	require.NoError(t, d.Close(nil))
}
