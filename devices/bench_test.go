package devices

import (
	"bytes"
	"io"
	"net"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// loop is a net.Conn that yields the same bytes for ever and swallows what is sent.
type loop struct {
	net.Conn
	data []byte
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.data[l.at:])
	if l.at += n; l.at == len(l.data) {
		l.at = 0
	}
	return n, nil
}

func (l *loop) Write(p []byte) (int, error)      { return len(p), nil }
func (l *loop) Close() error                     { return nil }
func (l *loop) LocalAddr() net.Addr              { return nil }
func (l *loop) RemoteAddr() net.Addr             { return nil }
func (l *loop) SetReadDeadline(time.Time) error  { return nil }
func (l *loop) SetWriteDeadline(time.Time) error { return nil }

// quiet is a process that nobody interrupts or watches.
type quiet struct{}

func (quiet) Enter(Wait, Interrupter) error { return nil }
func (quiet) Leave()                        {}
func (quiet) Observing() bool               { return false }
func (quiet) Observe(Event)                 {}

// looped is a client device on a loop.
func looped(t testing.TB, mode, data string) *TCP {
	t.Helper()
	d := &TCP{name: "|TCP|1", env: &Env{}, host: quiet{}, opt: newTCPOptions()}
	require.NoError(t, d.opt.update(positional("", "", mode, "", "65536", "65536"), InOpen))
	d.connection(&stream{conn: &loop{data: []byte(data)}, writes: true, out: output{limit: 65536}})
	return d
}

// A larger Result would travel through memory: READ *x took twice as long with 40 bytes.
func TestResultFitsRegisters(t *testing.T) {
	require.LessOrEqual(t, reflect.TypeFor[Result]().Size(), uintptr(32))
}

// What READ and WRITE may allocate: a READ its text, a WRITE nothing.
func TestAllocations(t *testing.T) {
	line := strings.Repeat("x", 63) + "\n"
	for _, row := range []struct {
		name string
		want float64
		mode string
		run  func(d *TCP) error
	}{
		{"READ x of a record", 1, "M", func(d *TCP) error { _, err := d.Read(ReadSpec{}); return err }},
		{"timed READ x", 1, "M", func(d *TCP) error { _, err := d.Read(timed(patience)); return err }},
		{"READ x#n", 1, "S", func(d *TCP) error { _, err := d.Read(ReadSpec{Fixed: 100}); return err }},
		{"READ *x", 0, "M", func(d *TCP) error { _, err := d.Read(ReadSpec{Char: true}); return err }},
		{"WRITE text", 0, "S", func(d *TCP) error { return d.Write(Text{S: line}) }},
		{"WRITE bytes", 0, "S", func(d *TCP) error { return d.WriteBytes([]byte("12345")) }},
		{"WRITE *n", 0, "S", func(d *TCP) error { return d.WriteChar(65) }},
		{"WRITE text,!", 0, "M", func(d *TCP) error { _ = d.Write(Text{S: line}); return d.Format(Newline, 0) }},
		{"WRITE ?n", 0, "S", func(d *TCP) error { d.state.X = 0; return d.Format(Tab, 40) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := looped(t, row.mode, strings.Repeat(line, 64))
			d.alarm.watch(d.stream.conn)
			for range 3000 { // until the buffers have their size
				require.NoError(t, row.run(d))
			}
			got := testing.AllocsPerRun(1000, func() { _ = row.run(d) })
			require.Equal(t, row.want, got)
		})
	}
}

// An open connection must not cost more than its buffers' starting sizes.
func TestConnectionIsSmall(t *testing.T) {
	const n = 200
	devices := make([]*TCP, 0, n)
	s := opened(t, &Env{}, "|TCP|1", "", "0", "A", "", "", "", "1000")
	_, port, err := net.SplitHostPort(s.LocalAddr().String())
	require.NoError(t, err)
	var before, after runtime.MemStats
	clients := make([]net.Conn, 0, n)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range n {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		require.NoError(t, err)
		clients = append(clients, c)
		_, err = s.Read(timed(patience))
		require.NoError(t, err)
		d, err := s.Inherit(quiet{})
		require.NoError(t, err)
		_, err = c.Write([]byte("hello\n"))
		require.NoError(t, err)
		require.NoError(t, d.Use(positional("", "", "M")))
		_, err = d.Read(timed(patience))
		require.NoError(t, err)
		require.NoError(t, d.Write(Text{S: "world"}))
		require.NoError(t, d.Format(Newline, 0))
		devices = append(devices, d.(*TCP))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	perConnection := (after.HeapInuse - before.HeapInuse) / n // both ends' net.Conn among it
	t.Logf("%d bytes per connection", perConnection)
	require.Less(t, perConnection, uint64(8<<10))
	for i, d := range devices {
		require.NoError(t, d.Close(nil))
		require.NoError(t, clients[i].Close())
	}
}

func BenchmarkReadLine(b *testing.B) {
	for _, mode := range []string{"S", "ST", "M", "CTS"} {
		b.Run(mode, func(b *testing.B) {
			d := looped(b, mode, strings.Repeat(strings.Repeat("x", 63)+"\n", 1000))
			if mode == "S" {
				require.NoError(b, d.Use(positional("", "", "S", "\n")))
			}
			b.SetBytes(64)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Read(ReadSpec{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadChar(b *testing.B) {
	d := looped(b, "S", strings.Repeat("x", 1<<16))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Read(ReadSpec{Char: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadFixed(b *testing.B) {
	d := looped(b, "S", strings.Repeat("x", 1<<20))
	b.SetBytes(32767)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Read(ReadSpec{Fixed: 32767}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteLine(b *testing.B) {
	line := Text{S: strings.Repeat("x", 63)}
	b.Run("buffered", func(b *testing.B) {
		d := looped(b, "PSW", "x")
		b.SetBytes(64)
		b.ReportAllocs()
		for b.Loop() {
			_ = d.Write(line)
			_ = d.Format(Newline, 0)
		}
	})
	b.Run("sent", func(b *testing.B) {
		d := looped(b, "PS", "x")
		b.ReportAllocs()
		for b.Loop() {
			_ = d.Write(line)
			_ = d.Format(Newline, 0)
		}
	})
}

// BenchmarkBulk reads 32 KB records over loopback.
func BenchmarkBulk(b *testing.B) {
	d, far := pair(b, "S")
	go func() {
		block := bytes.Repeat([]byte("x"), 256<<10)
		for {
			if _, err := far.Write(block); err != nil {
				return
			}
		}
	}()
	b.SetBytes(32767)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Read(ReadSpec{Fixed: 32767}); err != nil {
			b.Fatal(err)
		}
	}
}

// pair is a client device and its peer over loopback.
func pair(b *testing.B, mode string) (*TCP, net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	d, err := open(&Env{}, quiet{}, "|TCP|1", patience, "127.0.0.1", port, mode, "", "65536", "65536")
	require.NoError(b, err)
	far, err := l.Accept()
	require.NoError(b, err)
	b.Cleanup(func() { far.Close(); _ = d.Close(nil) })
	return d.(*TCP), far
}

// BenchmarkPingPong is WRITE x,! and READ y against an echo.
func BenchmarkPingPong(b *testing.B) {
	for _, row := range []struct {
		name string
		spec ReadSpec
	}{{"untimed", ReadSpec{}}, {"timed", timed(patience)}} {
		b.Run(row.name, func(b *testing.B) {
			d, far := pair(b, "M")
			go func() { _, _ = io.Copy(far, far) }()
			line := Text{S: strings.Repeat("x", 63)}
			b.ReportAllocs()
			for b.Loop() {
				_ = d.Write(line)
				_ = d.Format(Newline, 0)
				if _, err := d.Read(row.spec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Buffers that a bulk transfer has grown go back when the connection calms down.
func TestBuffersShrink(t *testing.T) {
	d := looped(t, "S", strings.Repeat("x", 1<<20))
	d.alarm.watch(d.stream.conn)
	_, err := d.Read(ReadSpec{Fixed: 1 << 20})
	require.NoError(t, err)
	require.NoError(t, d.Write(Text{S: strings.Repeat("x", 60000)}))
	require.NoError(t, d.Control(3))
	require.Greater(t, len(d.stream.in.buf), inputKeep)
	require.Greater(t, cap(d.stream.out.buf), outputKeep)
	d.stream.in.drop(len(d.stream.in.pending()))
	d.stream.conn = &loop{data: []byte("x")}
	for range slackReads + 2 {
		_, err := d.Read(ReadSpec{Fixed: 1})
		require.NoError(t, err)
	}
	require.Equal(t, inputStart, len(d.stream.in.buf))
	require.Zero(t, cap(d.stream.out.buf))
}
