package trace

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// written is a trace of events in a file of the given name.
func written(t *testing.T, name string, list []devices.Event) string {
	path := filepath.Join(t.TempDir(), name)
	tr, err := Open(Options{File: path, Title: "run <test>.mac"})
	require.NoError(t, err)
	for i := range list {
		e := list[i]
		e.Time = at(0).Add(time.Duration(i) * 100 * time.Microsecond)
		if e.Began.IsZero() {
			e.Began = e.Time
		}
		tr.Observe(&e)
	}
	require.NoError(t, tr.Close())
	return path
}

// Ends of connections.
const (
	here  = "127.0.0.1:7001"
	there = "127.0.0.1:40000"
	v6    = "[fe80::1%eth0]:7001"
	far6  = "[2001:db8::1]:40000"
)

func wire(kind string, job int, local, peer, data string) devices.Event {
	return devices.Event{Kind: kind, Job: job, Device: "|TCP|1", Local: local, Peer: peer, Data: []byte(data), Place: "a+1^t"}
}

// captured reads a capture back: a line a packet, and what each direction carried. It
// checks lengths, checksums, and that sequence numbers go on without a gap.
func captured(t *testing.T, path string) (packets []string, streams map[string]string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	streams = map[string]string{}
	next := map[string]uint32{}
	for {
		data, info, err := r.ReadPacketData()
		if err == io.EOF {
			return packets, streams
		}
		require.NoError(t, err)
		require.Equal(t, info.Length, len(data))
		p := gopacket.NewPacket(data, layers.LinkTypeRaw, gopacket.Default)
		require.Nil(t, p.ErrorLayer())
		tcp := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		require.NoError(t, tcp.SetNetworkLayerForChecksum(p.NetworkLayer()))
		err, result := tcp.VerifyChecksum()
		require.NoError(t, err)
		require.True(t, result.Valid)
		way := fmt.Sprintf("%v:%d>%v:%d", p.NetworkLayer().NetworkFlow().Src(), tcp.SrcPort, p.NetworkLayer().NetworkFlow().Dst(), tcp.DstPort)
		back := fmt.Sprintf("%v:%d>%v:%d", p.NetworkLayer().NetworkFlow().Dst(), tcp.DstPort, p.NetworkLayer().NetworkFlow().Src(), tcp.SrcPort)
		if tcp.SYN {
			next[way] = tcp.Seq
		}
		require.Equal(t, next[way], tcp.Seq, "a gap in %s", way)
		next[way] += uint32(len(tcp.Payload))
		if tcp.SYN || tcp.FIN {
			next[way]++
		}
		if tcp.ACK {
			require.Equal(t, next[back], tcp.Ack)
		}
		streams[way] += string(tcp.Payload)
		flags := ""
		for _, f := range []struct {
			on   bool
			name string
		}{{tcp.SYN, "S"}, {tcp.FIN, "F"}, {tcp.PSH, "P"}, {tcp.ACK, "."}} {
			if f.on {
				flags += f.name
			}
		}
		packets = append(packets, fmt.Sprintf("%d %s %d", tcp.SrcPort, flags, len(tcp.Payload)))
	}
}

func TestCapture(t *testing.T) {
	big := strings.Repeat("0123456789", 7000)
	for _, row := range []struct {
		name    string
		events  []devices.Event
		packets string
		streams map[string]string
	}{
		{"a server", []devices.Event{
			{Kind: "listen", Local: "[::]:7001"}, wire("accept", 1, here, there, ""), wire("receive", 1, here, there, "hi"), wire("READ", 1, here, there, "hi"),
			wire("send", 1, here, there, "you"), wire("disconnect", 1, here, there, ""),
		}, "40000 S 0, 7001 S. 0, 40000 . 0, 40000 P. 2, 7001 P. 3, 7001 F. 0, 40000 F. 0, 7001 . 0",
			map[string]string{"127.0.0.1:40000>127.0.0.1:7001": "hi", "127.0.0.1:7001>127.0.0.1:40000": "you"}},
		{"both ends in one process, as they come", []devices.Event{
			wire("connect", 1, there, here, ""), wire("send", 1, there, here, "q"), wire("accept", 2, here, there, ""), wire("receive", 3, here, there, "q"),
			wire("send", 3, here, there, "a"), wire("close", 3, here, there, ""), wire("receive", 1, there, here, "a"), wire("close", 1, there, here, ""),
		}, "40000 S 0, 7001 S. 0, 40000 . 0, 40000 P. 1, 7001 P. 1, 7001 F. 0, 40000 . 0, 40000 F. 0, 7001 . 0",
			map[string]string{"127.0.0.1:40000>127.0.0.1:7001": "q", "127.0.0.1:7001>127.0.0.1:40000": "a"}},
		{"both ends, the accept first, twice on the same ports", []devices.Event{
			wire("accept", 2, here, there, ""), wire("send", 2, here, there, "1"), wire("connect", 1, there, here, ""), wire("receive", 1, there, here, "1"),
			wire("close", 1, there, here, ""), wire("close", 2, here, there, ""),
			wire("accept", 2, here, there, ""), wire("connect", 1, there, here, ""), wire("send", 1, there, here, "2"),
		}, "40000 S 0, 7001 S. 0, 40000 . 0, 7001 P. 1, 40000 F. 0, 7001 . 0, 7001 F. 0, 40000 . 0, 40000 S 0, 7001 S. 0, 40000 . 0, 40000 P. 1",
			map[string]string{"127.0.0.1:40000>127.0.0.1:7001": "2", "127.0.0.1:7001>127.0.0.1:40000": "1"}},
		{"a connection that came with the process, IPv6, more than a packet holds", []devices.Event{
			wire("send", 1, v6, far6, big),
		}, "7001 . 32768, 7001 . 32768, 7001 P. 4464", map[string]string{"fe80::1:7001>2001:db8::1:40000": big}},
		{"what is no connection", []devices.Event{wire("send", 1, "", "", "x"), wire("output", 1, "", "", "x"), wire("send", 1, here, far6, "x")}, "", map[string]string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			packets, streams := captured(t, written(t, "x.pcapng", row.events))
			assert.Equal(t, row.packets, strings.Join(packets, ", "))
			for way, want := range row.streams {
				assert.Equal(t, want, streams[way], way)
			}
		})
	}
}

// A capture forgets connections that have ended, and does not grow with those that never do.
func TestCaptureForgets(t *testing.T) {
	c, err := newCapture(io.Discard, "")
	require.NoError(t, err)
	c.limit = 50
	for i := range 1000 {
		peer := fmt.Sprintf("10.0.0.1:%d", 1000+i)
		for _, kind := range []string{"accept", "send", "close"} {
			e := wire(kind, 1, here, peer, "x")
			require.NoError(t, c.event(settled(e), ""))
		}
		require.Empty(t, c.ends)
	}
	for i := range 1000 {
		e := wire("accept", 1, here, fmt.Sprintf("10.0.0.1:%d", 1000+i), "")
		require.NoError(t, c.event(settled(e), ""))
		require.LessOrEqual(t, len(c.ends), 51)
	}
}

// Wireshark itself finds one sound conversation, and the line that sent each packet.
func TestCaptureInWireshark(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed")
	}
	secret := wire("send", 1, there, here, "GET / HTTP/1.0\r\n\r\n")
	secret.Source = devices.Source{Line: 1, Text: ` USE d:(/TLS="cfg|hush") WRITE "GET"`}
	path := written(t, "x.pcapng", []devices.Event{
		wire("connect", 1, there, here, ""), secret, wire("receive", 1, there, here, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), wire("close", 1, there, here, ""),
	})
	out, err := exec.Command(tshark, "-r", path, "-o", "tcp.check_checksum:TRUE", "-d", "tcp.port==7001,http", "-T", "fields", "-E", "separator=|",
		"-e", "ip.src", "-e", "tcp.srcport", "-e", "tcp.checksum.status", "-e", "tcp.analysis.flags", "-e", "http.request.method", "-e", "http.response.code", "-e", "frame.comment").Output()
	require.NoError(t, err)
	assert.Equal(t, strings.Join([]string{
		"127.0.0.1|40000|1||||connect job 1 a+1^t |TCP|1",
		"127.0.0.1|7001|1||||connect job 1 a+1^t |TCP|1",
		"127.0.0.1|40000|1||||connect job 1 a+1^t |TCP|1",
		`127.0.0.1|40000|1||GET||send job 1 a+1^t |TCP|1: USE d:(/TLS="cfg|***") WRITE "GET"`,
		"127.0.0.1|7001|1|||200|receive job 1 a+1^t |TCP|1",
		"127.0.0.1|40000|1||||close job 1 a+1^t |TCP|1",
		"127.0.0.1|7001|1||||close job 1 a+1^t |TCP|1",
		"127.0.0.1|40000|1||||close job 1 a+1^t |TCP|1",
	}, "\n")+"\n", string(out))
}
