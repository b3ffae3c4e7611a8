package runtime

// %SYSTEM.INetInfo: addresses, names, services and interfaces, and the current TCP device.

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"net"
	"net/netip"
	"os/exec"
	goruntime "runtime"
	"strconv"
	"strings"

	"cos/devices"
)

func init() {
	registerClasses(&class{Name: "%SYSTEM.INetInfo", Doc: "the network and the current TCP device", Methods: []method{
		{Name: "Connected", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return Bool(p.tcp().Connected()) }, Doc: "1 while the current TCP device is connected"},
		{Name: "TCPName", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return FromUTF8(p.tcpName) }, Doc: "the TCP device that JOB handed over, \"\" otherwise"},
		{Name: "TCPStats", Min: 1, Max: 1, Fn: tcpStats, Doc: "TCPStats(code): 2 bytes read, 3 the same and reset, 4 bytes written, 5 the same and reset"},
		{Name: "LocalHostName", Min: 0, Max: 0, Fn: func(p *Process, _ *object, _ []Value) Value { return FromUTF8(p.sys.node()) }, Doc: "name of this host"},
		{Name: "AddrType", Min: 1, Max: 1, Fn: addressType, Doc: "AddrType(text): 0 a host name, 1 an IPv4 address, 2 an IPv6 address"},
		{Name: "TextAddrToBinary", Min: 1, Max: 1, Fn: textToBinary, Doc: "TextAddrToBinary(text): an address in network order, 4 or 16 bytes; \"\" if it is none"},
		{Name: "BinaryAddrToText", Min: 1, Max: 1, Fn: binaryToText, Doc: "BinaryAddrToText(binary): an address as text; \"\" if it is none"},
		{Name: "AddrToHostName", Min: 1, Max: 1, Fn: addrToHostName, Doc: "AddrToHostName(binary): the host of an address; \"\" if none is known"},
		{Name: "HostNameToAddr", Min: 1, Max: 3, Fn: hostNameToAddr, Doc: "HostNameToAddr(name,family,format): the first address; family 1 IPv4, 2 IPv6; format 1 binary; \"\" on failure"},
		{Name: "HostNameToAddrMulti", Min: 1, Max: 3, Fn: hostNameToAddrMulti, Doc: "HostNameToAddrMulti(name,family,format): all addresses in a $LIST"},
		{Name: "GetServiceByName", Min: 1, Max: 3, Fn: serviceByName, Doc: "GetServiceByName(name,proto,family): a $LIST of \"port,proto,IPV4\"; \"\" if there is none"},
		{Name: "GetServiceByPort", Min: 1, Max: 2, Fn: serviceByPort, Doc: "GetServiceByPort(port,family): the name of a service; \"\" if there is none"},
		{Name: "HostToNetShort", Min: 1, Max: 1, Fn: swapShort, Doc: "HostToNetShort(n): a 2-byte number in network order"},
		{Name: "NetToHostShort", Min: 1, Max: 1, Fn: swapShort, Doc: "NetToHostShort(n): a 2-byte number in the host's order"},
		{Name: "HostToNetLong", Min: 1, Max: 1, Fn: swapLong, Doc: "HostToNetLong(n): a 4-byte number in network order"},
		{Name: "NetToHostLong", Min: 1, Max: 1, Fn: swapLong, Doc: "NetToHostLong(n): a 4-byte number in the host's order"},
		{Name: "IsIPV6Enabled", Min: 0, Max: 1, Fn: isIPv6Enabled, Doc: "IsIPV6Enabled(system): whether OPEN and look-ups use IPv6, in this process or (1) by default"},
		{Name: "EnableIPV6", Min: 0, Max: 1, Fn: switchIPv6(true), Doc: "EnableIPV6(system): uses IPv6; returns the previous setting"},
		{Name: "DisableIPV6", Min: 0, Max: 1, Fn: switchIPv6(false), Doc: "DisableIPV6(system): uses IPv4 only, unless /USEIPV6=1; returns the previous setting"},
		{Name: "OSsupportsIPV6", Min: 0, Max: 0, Fn: osSupportsIPv6, Doc: "1 when the operating system has IPv6"},
		{Name: "CheckAddressExist", Min: 1, Max: 1, Fn: checkAddress, Doc: "CheckAddressExist(address): 1 for an address of this host or a name that resolves"},
		{Name: "CheckInterfaceExist", Min: 1, Max: 2, Fn: checkInterface, Doc: "CheckInterfaceExist(name,exact): whether a network interface exists; without exact the beginning of its name is enough"},
		{Name: "CheckSubnetMatch", Min: 2, Max: 2, Fn: checkSubnet, Doc: "CheckSubnetMatch(interface,address): whether the address lies in a subnet of the interface"},
		{Name: "CheckArpingInstalled", Min: 0, Max: 0, Fn: arpingInstalled, Doc: "1 when the arping command is installed, or not needed"},
		{Name: "GetInterfacesInfo", Min: 0, Max: 1, Fn: interfacesInfo, Doc: "GetInterfacesInfo(name): interfaces separated by $CHAR(0), each a name and addresses separated by $CHAR(1)"},
		{Name: "GetListOfConfiguredInterfaces", Min: 0, Max: 2, Fn: configuredInterfaces, Doc: "GetListOfConfiguredInterfaces(namesonly,vip): a $LIST of names, or of $LISTs of name and addresses, without loopback"},
		{Name: "EthernetAddress", Min: 1, Max: 2, Fn: ethernetAddress, Doc: "EthernetAddress(0,name): the address of a device, the first one without a name, as 12 digits; 1 names separated by $CHAR(1), 2 by commas"},
		{Name: "Help", Min: 0, Max: 1, Fn: classHelp("%SYSTEM.INetInfo"), Doc: "lists the methods, or describes one"},
	}})
}

// online raises <PROTECT> where there is no network.
func (p *Process) online() { p.forbidden(p.sys.cfg.Env.Network("")) }

// lookUp runs a look-up that an interrupt ends.
func (p *Process) lookUp(ask func(context.Context)) {
	p.online()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.io.flush(devices.BeforeWait)
	p.wait(devices.WaitResolve, func(interrupted <-chan struct{}) {
		stop := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			select {
			case <-interrupted:
				cancel()
			case <-stop:
			}
		}()
		ask(ctx)
		close(stop)
		<-done
	})
}

// resolve is the addresses of a host, IPv4 first, none on failure.
func (p *Process) resolve(host string) (found []netip.Addr) {
	p.lookUp(func(ctx context.Context) { found, _ = p.sys.cfg.Env.LookupAddrs(ctx, host) })
	return found
}

// The families that look-ups ask for.
const (
	familyAny = iota
	family4
	family6
)

// family reads a family argument: 0 means IPv4 only while IPv6 is disabled.
func (p *Process) family(v Value) int64 {
	n := int64(familyAny)
	if v.defined() {
		n = v.int64()
	}
	if n == familyAny && !p.ipv6() {
		return family4
	}
	return n
}

// addresses resolves a host and keeps the addresses of a family.
func (p *Process) addresses(host string, family int64) (out []netip.Addr) {
	for _, a := range p.resolve(host) {
		if family == familyAny || a.Is4() == (family == family4) {
			out = append(out, a)
		}
	}
	return out
}

func hostNameToAddr(p *Process, _ *object, a []Value) Value {
	found := p.addresses(p.in(a, 0).utf8(), p.family(p.in(a, 1)))
	if len(found) == 0 {
		return Empty
	}
	return addressValue(found[0], p.flag(a, 2))
}

func hostNameToAddrMulti(p *Process, _ *object, a []Value) Value {
	var list []Value
	for _, at := range p.addresses(p.in(a, 0).utf8(), p.family(p.in(a, 1))) {
		list = append(list, addressValue(at, p.flag(a, 2)))
	}
	return listBuild(p, list)
}

// flag is a truth value argument; one that is omitted is 0.
func (p *Process) flag(a []Value, i int) bool {
	v := p.in(a, i)
	return v.defined() && v.truth()
}

func addressType(p *Process, _ *object, a []Value) Value {
	at, err := netip.ParseAddr(p.in(a, 0).utf8())
	switch {
	case err != nil:
		return Int(0)
	case at.Is4():
		return Int(1)
	}
	return Int(2)
}

func textToBinary(p *Process, _ *object, a []Value) Value {
	at, err := netip.ParseAddr(p.in(a, 0).utf8())
	if err != nil {
		return Empty
	}
	return Text(string(at.AsSlice()))
}

func binaryToText(p *Process, _ *object, a []Value) Value {
	at, ok := netip.AddrFromSlice([]byte(p.text8(p.in(a, 0))))
	if !ok {
		return Empty
	}
	return Text(at.String())
}

func addrToHostName(p *Process, _ *object, a []Value) Value {
	at, ok := netip.AddrFromSlice([]byte(p.text8(p.in(a, 0))))
	if !ok {
		return Empty
	}
	var names []string
	p.lookUp(func(ctx context.Context) { names, _ = net.DefaultResolver.LookupAddr(ctx, at.Unmap().String()) })
	if len(names) == 0 {
		return Empty
	}
	return FromUTF8(strings.TrimSuffix(names[0], "."))
}

// familyNames are the families that a service is listed for.
func familyNames(family int64) []string {
	switch family {
	case family4:
		return []string{"IPV4"}
	case family6:
		return []string{"IPV6"}
	}
	return []string{"IPV4", "IPV6"}
}

func serviceByName(p *Process, _ *object, a []Value) Value {
	proto := ""
	if v := p.in(a, 1); v.defined() {
		proto = strings.ToLower(v.utf8())
	}
	var found []devices.Service
	p.lookUp(func(ctx context.Context) { found = p.sys.cfg.Env.ServicesByName(ctx, p.in(a, 0).utf8()) })
	var list []Value
	for _, s := range found {
		if proto != "" && proto != s.Proto {
			continue
		}
		for _, family := range familyNames(p.family(p.in(a, 2))) {
			list = append(list, Text(strconv.Itoa(s.Port)+","+s.Proto+","+family))
		}
	}
	return listBuild(p, list)
}

func serviceByPort(p *Process, _ *object, a []Value) Value {
	return FromUTF8(p.sys.cfg.Env.ServiceByPort(int(p.in(a, 0).int64())))
}

// littleEndian: the host's order is not the network's.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

func swapShort(p *Process, _ *object, a []Value) Value {
	n := uint16(p.in(a, 0).int64())
	if littleEndian {
		n = bits.ReverseBytes16(n)
	}
	return Int(int64(n))
}

func swapLong(p *Process, _ *object, a []Value) Value {
	n := uint32(p.in(a, 0).int64())
	if littleEndian {
		n = bits.ReverseBytes32(n)
	}
	return Int(int64(n))
}

// ipv6 reports whether the process uses IPv6: its own setting, else the system's.
func (p *Process) ipv6() bool {
	if p.settings.ownIPv6 {
		return p.settings.ipv6
	}
	return !p.sys.noIPv6.Load()
}

func isIPv6Enabled(p *Process, _ *object, a []Value) Value {
	if p.flag(a, 0) {
		return Bool(!p.sys.noIPv6.Load())
	}
	return Bool(p.ipv6())
}

func switchIPv6(on bool) func(*Process, *object, []Value) Value {
	return func(p *Process, _ *object, a []Value) Value {
		if p.flag(a, 0) {
			return Bool(!p.sys.noIPv6.Swap(!on))
		}
		old := p.ipv6()
		p.settings.ownIPv6, p.settings.ipv6 = true, on
		return Bool(old)
	}
}

func osSupportsIPv6(p *Process, _ *object, _ []Value) Value {
	p.online()
	l, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		return Int(0)
	}
	l.Close()
	return Int(1)
}

// netInterface is one network interface with its addresses.
type netInterface struct {
	net.Interface
	nets []netip.Prefix
}

func (p *Process) interfaces() (list []netInterface) {
	p.online()
	found, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, i := range found {
		n := netInterface{Interface: i}
		addrs, _ := i.Addrs() // an interface without addresses is listed without
		for _, a := range addrs {
			if at, err := netip.ParsePrefix(a.String()); err == nil {
				n.nets = append(n.nets, at)
			}
		}
		list = append(list, n)
	}
	return list
}

// holds reports whether an address lies in a subnet of the interface.
func (n *netInterface) holds(at netip.Addr) bool {
	for _, s := range n.nets {
		if s.Contains(at) {
			return true
		}
	}
	return false
}

// checkAddress: an address exists when it is one of this host's, a name when it resolves.
func checkAddress(p *Process, _ *object, a []Value) Value {
	text := p.in(a, 0).utf8()
	at, err := netip.ParseAddr(text)
	if err != nil {
		return Bool(len(p.resolve(text)) > 0)
	}
	for _, i := range p.interfaces() {
		for _, s := range i.nets {
			if s.Addr() == at.Unmap() {
				return Int(1)
			}
		}
	}
	return Int(0)
}

func checkInterface(p *Process, _ *object, a []Value) Value {
	name := p.in(a, 0).utf8()
	for _, i := range p.interfaces() {
		if i.Name == name || !p.flag(a, 1) && name != "" && strings.HasPrefix(i.Name, name) {
			return Int(1)
		}
	}
	return Int(0)
}

func checkSubnet(p *Process, _ *object, a []Value) Value {
	at, err := netip.ParseAddr(p.in(a, 1).utf8())
	if err != nil {
		return Int(0)
	}
	for _, i := range p.interfaces() {
		if i.Name == p.in(a, 0).utf8() && i.holds(at.Unmap()) {
			return Int(1)
		}
	}
	return Int(0)
}

func arpingInstalled(*Process, *object, []Value) Value {
	if goruntime.GOOS != "linux" {
		return Int(1)
	}
	_, err := exec.LookPath("arping")
	return Bool(err == nil)
}

func interfacesInfo(p *Process, _ *object, a []Value) Value {
	want := ""
	if v := p.in(a, 0); v.defined() {
		want = v.utf8()
	}
	var all []string
	for _, i := range p.interfaces() {
		if want != "" && i.Name != want {
			continue
		}
		one := []string{i.Name}
		for _, s := range i.nets {
			one = append(one, s.Addr().String())
		}
		all = append(all, strings.Join(one, "\x01"))
	}
	return FromUTF8(strings.Join(all, "\x00"))
}

func configuredInterfaces(p *Process, _ *object, a []Value) Value {
	var vip netip.Addr
	if v := p.in(a, 1); v.defined() && v.asText().text != "" {
		vip, _ = netip.ParseAddr(v.utf8())
		if !vip.IsValid() {
			return Empty
		}
	}
	var list []Value
	for _, i := range p.interfaces() {
		if i.Flags&net.FlagLoopback != 0 || vip.IsValid() && !i.holds(vip) {
			continue
		}
		if p.flag(a, 0) {
			list = append(list, FromUTF8(i.Name))
			continue
		}
		one := []Value{FromUTF8(i.Name)}
		for _, s := range i.nets {
			one = append(one, Text(s.Addr().String()))
		}
		list = append(list, listBuild(p, one))
	}
	return listBuild(p, list)
}

// ethernetAddress is EthernetAddress(flag,name). The order of the devices is the
// system's; replacing the list is <FUNCTION>.
func ethernetAddress(p *Process, _ *object, a []Value) Value {
	name := p.in(a, 1)
	var names []string
	for _, i := range p.interfaces() {
		if len(i.HardwareAddr) != 6 {
			continue
		}
		if p.in(a, 0).int64() == 0 && (!name.defined() || strings.EqualFold(name.utf8(), i.Name)) {
			return Text(strings.ToUpper(hex.EncodeToString(i.HardwareAddr)))
		}
		names = append(names, i.Name)
	}
	switch flag := p.in(a, 0).int64(); {
	case flag == 0:
		return Empty
	case flag == 1:
		return FromUTF8(strings.Join(names, "\x01"))
	case flag == 2 && !name.defined():
		return FromUTF8(strings.Join(names, ","))
	}
	p.raise(errFunction, "")
	return Value{}
}
