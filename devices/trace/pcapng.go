package trace

// The trace as a packet capture, for Wireshark: what each connection carried, in TCP
// packets that are made up around it. Addresses, ports, byte counts and times are true;
// handshakes, acknowledgements and packet borders are ours. Bytes are the program's, so a
// TLS connection shows plain text. Each packet has a comment: who sent it, from what line.

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"cos/devices"
)

// segment is the most that one made-up packet carries.
const segment = 32 << 10

// capture writes packets.
type capture struct {
	out   *pcapgo.NgWriter
	ends  map[pair]*end
	buf   gopacket.SerializeBuffer
	limit int // of ends that are remembered
}

// pair is the two addresses of a connection, seen from one end.
type pair struct{ local, peer netip.AddrPort }

func (p pair) back() pair { return pair{p.peer, p.local} }

// end is one end of a connection: what it has sent so far. Both ends of a connection are
// here, though the process may have only one.
type end struct {
	at     pair
	seq    uint32
	ours   bool // a device of the process
	closed bool // its FIN has been sent
	other  *end
}

// mostEnds bounds what a capture remembers of connections that never end.
const mostEnds = 200_000

func newCapture(w io.Writer, title string) (*capture, error) {
	options := pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Application: "cos", Comment: title}}
	device := pcapgo.NgInterface{Name: "cos", Description: fmt.Sprintf("devices of process %d", os.Getpid()),
		LinkType: layers.LinkTypeRaw, TimestampResolution: 9, SnapLength: 0}
	out, err := pcapgo.NewNgWriterInterface(w, device, options)
	return &capture{out: out, ends: map[pair]*end{}, buf: gopacket.NewSerializeBuffer(), limit: mostEnds}, err
}

func (c *capture) close() error { return c.out.Flush() }

func (c *capture) event(e *devices.Event, _ string) error {
	at, ok := pairOf(e)
	if !ok {
		return nil
	}
	p := packets{c: c, e: e}
	switch e.Kind {
	case "connect", "accept":
		p.begin(at)
	case "send":
		p.data(c.end(at), e.Data)
	case "receive":
		if n := c.end(at); !n.other.ours { // else the packet has been written when it was sent
			p.data(n.other, e.Data)
		}
	case "disconnect", "close":
		p.finish(c.end(at))
	default:
		return nil
	}
	if p.err == nil {
		p.err = c.out.Flush()
	}
	return p.err
}

// pairOf returns the addresses of an event's connection; false when it has none, or none
// that an IP packet can carry.
func pairOf(e *devices.Event) (at pair, ok bool) {
	var err error
	for _, x := range []struct {
		text string
		to   *netip.AddrPort
	}{{e.Local, &at.local}, {e.Peer, &at.peer}} {
		if *x.to, err = netip.ParseAddrPort(x.text); err != nil {
			return pair{}, false
		}
		*x.to = netip.AddrPortFrom(x.to.Addr().Unmap().WithZone(""), x.to.Port())
	}
	return at, at.local.Addr().Is4() == at.peer.Addr().Is4()
}

// end returns this end of a connection. One whose beginning was not seen, since it came
// with the process, begins here.
func (c *capture) end(at pair) *end {
	if n := c.ends[at]; n != nil {
		n.ours = true
		return n
	}
	if len(c.ends) >= c.limit {
		clear(c.ends)
	}
	n := &end{at: at, ours: true}
	n.other = &end{at: at.back(), other: n}
	c.ends[at], c.ends[at.back()] = n, n.other
	return n
}

// forget drops a connection.
func (c *capture) forget(n *end) {
	delete(c.ends, n.at)
	delete(c.ends, n.at.back())
}

// packets writes the packets of one event.
type packets struct {
	c   *capture
	e   *devices.Event
	err error
}

// begin writes the handshake, once for a connection whose both ends are ours.
func (p *packets) begin(at pair) {
	if n := p.c.ends[at]; n != nil && !n.ours && n.other.ours && n.seq <= 1 {
		n.ours = true
		return
	}
	if n := p.c.ends[at]; n != nil { // the same ports again
		p.c.forget(n)
	}
	client := p.c.end(at)
	if p.e.Kind == "accept" {
		client = client.other
	}
	server := client.other
	p.write(client, &layers.TCP{SYN: true}, nil)
	p.write(server, &layers.TCP{SYN: true, ACK: true}, nil)
	p.write(client, &layers.TCP{ACK: true}, nil)
}

// data writes what n sends.
func (p *packets) data(n *end, b []byte) {
	for len(b) > 0 {
		piece := b[:min(len(b), segment)]
		b = b[len(piece):]
		p.write(n, &layers.TCP{ACK: true, PSH: len(b) == 0}, piece)
	}
}

// finish ends a connection: n closes, and a peer that is not ours answers.
func (p *packets) finish(n *end) {
	p.write(n, &layers.TCP{FIN: true, ACK: true}, nil)
	n.closed = true
	switch {
	case !n.other.ours:
		p.write(n.other, &layers.TCP{FIN: true, ACK: true}, nil)
		p.write(n, &layers.TCP{ACK: true}, nil)
	case !n.other.closed:
		p.write(n.other, &layers.TCP{ACK: true}, nil)
		return
	default:
		p.write(n.other, &layers.TCP{ACK: true}, nil)
	}
	p.c.forget(n)
}

// write writes one packet of n and counts what it carries.
func (p *packets) write(n *end, tcp *layers.TCP, data []byte) {
	if p.err != nil {
		return
	}
	tcp.SrcPort, tcp.DstPort = layers.TCPPort(n.at.local.Port()), layers.TCPPort(n.at.peer.Port())
	tcp.Seq, tcp.Window = n.seq, 65535
	if tcp.ACK {
		tcp.Ack = n.other.seq
	}
	network, err := addresses(n.at, tcp)
	if err == nil {
		err = gopacket.SerializeLayers(p.c.buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
			network, tcp, gopacket.Payload(data))
	}
	if err != nil {
		p.err = err
		return
	}
	n.seq += uint32(len(data))
	if tcp.SYN || tcp.FIN {
		n.seq++
	}
	b := p.c.buf.Bytes()
	info := gopacket.CaptureInfo{Timestamp: p.e.Time.Round(time.Microsecond), CaptureLength: len(b), Length: len(b)}
	p.err = p.c.out.WritePacketWithOptions(info, b, pcapgo.NgPacketOptions{Comments: []string{p.comment()}})
}

// comment tells who is behind a packet.
func (p *packets) comment() string {
	b := appendEscaped(nil, fmt.Sprintf("%s job %d %s %s", p.e.Kind, p.e.Job, p.e.Place, p.e.Device), noQuote)
	if p.e.Source.Text != "" {
		b = append(b, ": "...)
		b = appendEscaped(b, strings.TrimSpace(withoutSecrets(p.e.Source.Text)), noQuote)
	}
	return string(b)
}

// addresses is the IP header of a packet.
func addresses(at pair, tcp *layers.TCP) (gopacket.SerializableLayer, error) {
	from, to := net.IP(at.local.Addr().AsSlice()), net.IP(at.peer.Addr().AsSlice())
	if at.local.Addr().Is4() {
		ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: from, DstIP: to, Flags: layers.IPv4DontFragment}
		return ip, tcp.SetNetworkLayerForChecksum(ip)
	}
	ip := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: from, DstIP: to}
	return ip, tcp.SetNetworkLayerForChecksum(ip)
}
