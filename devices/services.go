package devices

// The services of the system: names of ports, as /etc/services lists them.

import (
	"bufio"
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Service is a port and the protocol ("tcp", "udp") that it belongs to.
type Service struct {
	Name  string
	Port  int
	Proto string
	alias []string
}

// servicesFile is where Unix systems list services.
const servicesFile = "/etc/services"

// ServicesByName returns the services of a name, in the file's order; the name may be an
// alias. Without the file it asks the resolver.
func (e *Env) ServicesByName(ctx context.Context, name string) (found []Service) {
	if n, ok := e.Services[name]; ok {
		return []Service{{Name: name, Port: n, Proto: "tcp"}}
	}
	if e.NoNetwork {
		return nil
	}
	for _, s := range listServices() {
		if s.Name == name || slices.Contains(s.alias, name) {
			found = append(found, s)
		}
	}
	if found == nil {
		for _, proto := range []string{"tcp", "udp"} {
			if n, err := net.DefaultResolver.LookupPort(ctx, proto, name); err == nil && name != strconv.Itoa(n) {
				found = append(found, Service{Name: name, Port: n, Proto: proto})
			}
		}
	}
	return found
}

// ServiceByPort returns the name of a port's service, "" if it has none.
func (e *Env) ServiceByPort(port int) string {
	for name, n := range e.Services {
		if n == port {
			return name
		}
	}
	for _, s := range listServices() {
		if s.Port == port {
			return s.Name
		}
	}
	return ""
}

// listServices reads the list of services: lines "name port/protocol alias…".
func listServices() (list []Service) {
	f, err := os.Open(servicesFile)
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		port, proto, _ := strings.Cut(words[1], "/")
		if n, err := strconv.Atoi(port); err == nil {
			list = append(list, Service{Name: words[0], Port: n, Proto: proto, alias: words[2:]})
		}
	}
	return list
}

// LookupAddrs returns the addresses of a host name, or of an address in text form, IPv4
// first.
func (e *Env) LookupAddrs(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, ok := e.address(host); ok {
		return []netip.Addr{a}, nil
	}
	return e.resolve(ctx, host)
}
