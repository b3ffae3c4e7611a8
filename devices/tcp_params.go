package devices

// THE TCP PARAMETER TABLE: every parameter of OPEN and USE on a |TCP| device with its
// keyword, position and mode letter, and the option block they set. Source: manual,
// "OPEN Command for TCP Devices" and "OPEN and USE Command Keywords"; spec §3.2–3.4.

import (
	"strings"
	"time"
)

// The mode bits of a TCP device; the names are the manual's.
const (
	modeAccept uint32 = 1 << iota
	modeCRLF
	modeMonitor
	modeEscape
	modeDescriptor
	modePad
	modeImmediate
	modeStream
	modeTerminators
	modeWait

	modePSTE = modePad | modeStream | modeTerminators | modeEscape
)

// Bounds of the sizes (manual, "Buffer Sizes" and the parameter list; rules A5, B9, B19).
const (
	minBuffer     = 1024
	maxBuffer     = 1 << 20
	clientBuffer  = 1024
	serverBuffer  = 1 << 20
	defaultQueue  = 5
	maxQueue      = 1000
	minKeepalive  = 30
	maxKeepalive  = 432000
	mostKeepalive = 32767 // what Linux takes: asked for more, it gets that
	minWriteLimit = 2 * time.Second
	maxUserTerms  = 8
)

// tcpOptions are a TCP device's parameters.
type tcpOptions struct {
	mode  uint32
	terms Text // user terminators; none leave T its say

	host, port string
	bindTo     string
	socket     int // descriptor of /SOCKET, -1 for none
	queue      int
	ibuf, obuf int // 0: the default of the role
	ipv6       int // -1: both protocols, 0: IPv4 only, 1: IPv6 only

	keepalive      int // seconds, 0: the operating system's timer
	noKeepalive    bool
	nagle          bool // /NODELAY=0
	rcvbuf, sndbuf int
	absolute       bool // /ABSTIMEOUT
	closeListen    bool
	discardAtClose bool // /CLOSEFLUSH=0
	gzip           bool
	noXY           bool
	writeLimit     time.Duration // 0: none
	table          charset
	translate      bool
	tls            TLSRequest // of every connection

	// Derived by settle.
	code charset     // the table in force; charsetRAW when every character is its byte
	ends terminators // what ends a READ
}

func (o *tcpOptions) modes() *uint32 { return &o.mode }

// replaced takes the user terminators away with the modes they came with (spec §3.3).
func (o *tcpOptions) replaced(uint32) { o.terms = Text{} }

// tables takes K\name\ and Y\name\ out of a mode string.
func (o *tcpOptions) tables(s string) (letters string, err error) {
	return cutTables(s, &o.table, charsetRAW, &o.translate)
}

func newTCPOptions() tcpOptions {
	return tcpOptions{socket: -1, queue: defaultQueue, ipv6: -1, translate: true}
}

// tcpParams is the table. A row without a setter is a mode bit.
var tcpParams = table[tcpOptions]{
	{KeywordRow{"/HOSTNAME", []string{"/HOS"}, 1, 0, InOpen, "host to connect to: a name, an IPv4 or an IPv6 address; omitted: a server"}, 0, text(func(o *tcpOptions) *string { return &o.host })},
	{KeywordRow{"/PORT", nil, 2, 0, InOpen, "port number or service name; omitted: the number in the device name"}, 0, text(func(o *tcpOptions) *string { return &o.port })},
	{KeywordRow{"/PARAMS", []string{"/PAR"}, 3, 0, InBoth, `mode string: letters A C D E G M P Q S T W, K\table\ for the translation table; with + or - it changes the modes, without it replaces them`}, modeRow, nil},
	{KeywordRow{"/TERMINATOR", []string{"/TER"}, 4, 0, InBoth, "up to eight characters that end a READ; they override T"}, 0, setTCPTerminators},
	{KeywordRow{"/IBUFSIZE", []string{"/IBU"}, 5, 0, InOpen, "input buffer size, 1024 to 1048576 bytes"}, 0, size(func(o *tcpOptions) *int { return &o.ibuf })},
	{KeywordRow{"/OBUFSIZE", []string{"/OBU"}, 6, 0, InOpen, "output buffer size, 1024 to 1048576 bytes; in packet mode the longest record"}, 0, size(func(o *tcpOptions) *int { return &o.obuf })},
	{KeywordRow{"/CONNECTIONS", []string{"/CON"}, 7, 0, InOpen, "clients that may queue for a connection, 5 unless told, at most 1000"}, 0, setQueue},
	{KeywordRow{"/KEEPALIVE", []string{"/KEE"}, 8, 0, InBoth, "keepalive timer in seconds, 30 to 432000; 0 or omitted: the system's"}, 0, setKeepalive},
	{KeywordRow{"/ACCEPT", []string{"/ACC"}, 0, 'A', InBoth, "the first READ returns \"\" as soon as a client connects"}, modeAccept, nil},
	{KeywordRow{"/CRLF", nil, 0, 'C', InBoth, "WRITE ! sends CR LF, WRITE # CR FF; on input with T, CR LF and CR FF end one READ"}, modeCRLF, nil},
	{KeywordRow{"/POLL", []string{"/POLLDISCON"}, 0, 'D', InBoth, "watch for a disconnect about every 60 seconds and raise <DISCONNECT>"}, modeMonitor, nil},
	{KeywordRow{"/ESCAPE", []string{"/ESC"}, 0, 'E', InBoth, "an escape sequence ends a READ and goes to $ZB"}, modeEscape, nil},
	{KeywordRow{"/SOCKET", []string{"/SOC"}, 0, 'G', InOpen, "the port is the descriptor of an open socket"}, modeDescriptor, setSocket},
	{KeywordRow{"/PSTE", nil, 0, 'M', InBoth, "P, S, T and E together: lines in both directions, like a terminal"}, modePSTE, nil},
	{KeywordRow{"/PAD", nil, 0, 'P', InBoth, "WRITE ! sends LF and WRITE # FF, besides flushing"}, modePad, nil},
	{KeywordRow{"/SENDIMMEDIATE", []string{"/SEN"}, 0, 'Q', InBoth, "every WRITE command is sent at its end"}, modeImmediate, nil},
	{KeywordRow{"/STREAM", []string{"/STR"}, 0, 'S', InBoth, "stream mode: message boundaries do not count; READ waits for a terminator, its length or its timeout"}, modeStream, nil},
	{KeywordRow{"/TMODE", []string{"/TMO"}, 0, 'T', InBoth, "CR, LF and FF end a READ"}, modeTerminators, nil},
	{KeywordRow{"/WAIT", []string{"/WAI"}, 0, 'W', InBoth, "WRITE ! and WRITE # do not send; WRITE *-3 does"}, modeWait, nil},
	{KeywordRow{"/ABSTIMEOUT", nil, 0, 0, InBoth, "a READ's timeout counts on while data arrives"}, 0, flag(func(o *tcpOptions) *bool { return &o.absolute })},
	{KeywordRow{"/BINDTO", nil, 0, 0, InOpen, "local address: a client's source, which may have a port (address:port, :port), the address a server listens on"}, 0, text(func(o *tcpOptions) *string { return &o.bindTo })},
	{KeywordRow{"/CLOSEFLUSH", nil, 0, 0, InBoth, "send what is in the output buffer on CLOSE (default 1)"}, 0, inverse(func(o *tcpOptions) *bool { return &o.discardAtClose })},
	{KeywordRow{"/CLOSELISTEN", nil, 0, 0, InOpen, "server: stop listening once the first client is accepted"}, 0, flag(func(o *tcpOptions) *bool { return &o.closeListen })},
	{KeywordRow{"/GZIP", nil, 0, 0, InBoth, "compress what is written and decompress what is read (default 0)"}, 0, flag(func(o *tcpOptions) *bool { return &o.gzip })},
	{KeywordRow{"/COMPRESS", nil, 0, 0, InBoth, "the same by a method's name: zlib; \"\" for none"}, 0, setCompress},
	{KeywordRow{"/IOTABLE", []string{"/IOT"}, 0, 0, InBoth, "translation table of the device's characters: RAW (default), UTF8, Latin1, CP1252, …"}, 0, setTCPTable},
	{KeywordRow{"/NODELAY", nil, 0, 0, InBoth, "send every packet at once (default 1)"}, 0, inverse(func(o *tcpOptions) *bool { return &o.nagle })},
	{KeywordRow{"/NOKEEPALIVE", nil, 0, 0, InBoth, "switch the keepalive timer off until CLOSE"}, 0, flag(func(o *tcpOptions) *bool { return &o.noKeepalive })},
	{KeywordRow{"/NOXY", []string{"/TCPNOXY"}, 0, 0, InBoth, "do not keep $X and $Y"}, 0, flag(func(o *tcpOptions) *bool { return &o.noXY })},
	{KeywordRow{"/TCPRCVBUF", nil, 0, 0, InBoth, "size of the system's receive buffer in bytes"}, 0, number(func(o *tcpOptions) *int { return &o.rcvbuf })},
	{KeywordRow{"/TCPSNDBUF", nil, 0, 0, InBoth, "size of the system's send buffer in bytes"}, 0, number(func(o *tcpOptions) *int { return &o.sndbuf })},
	{KeywordRow{"/TLS", []string{"/SSL"}, 0, 0, InBoth, "secure the connection with the named configuration: cfg|password|host"}, 0, setTLS},
	{KeywordRow{"/TRANSLATE", []string{"/TRA"}, 0, 0, InBoth, "translate characters by the device's table (default 1)"}, 0, flag(func(o *tcpOptions) *bool { return &o.translate })},
	{KeywordRow{"/USEIPV6", nil, 0, 0, InOpen, "1: IPv6 only, 0: IPv4 only, not given: both"}, 0, setIPv6},
	{KeywordRow{"/WRITETIMEOUT", nil, 0, 0, InBoth, "seconds a send may take before <TCPWRITE>; at least 2, -1 for no limit"}, 0, setWriteLimit},
	{KeywordRow{"/XYTABLE", []string{"/XYT"}, 0, 0, InBoth, "$X/$Y action table; accepted, the rules are the device's own"}, 0, ignore},
	{KeywordRow{"/ZEROCOPY", nil, 0, 0, InBoth, "accepted; sends already take one system call"}, 0, ignore},
	{KeywordRow{"/OBCOUNT", nil, 0, 0, InBoth, "accepted; belongs to /ZEROCOPY"}, 0, ignore},
}

// Setters of one kind of field each.

func text(field func(*tcpOptions) *string) func(*tcpOptions, value) error {
	return func(o *tcpOptions, v value) error { *field(o) = v.text.S; return nil }
}

func flag(field func(*tcpOptions) *bool) func(*tcpOptions, value) error {
	return func(o *tcpOptions, v value) error { *field(o) = v.on(); return nil }
}

func inverse(field func(*tcpOptions) *bool) func(*tcpOptions, value) error {
	return func(o *tcpOptions, v value) error { *field(o) = !v.on(); return nil }
}

func number(field func(*tcpOptions) *int) func(*tcpOptions, value) error {
	return func(o *tcpOptions, v value) error { *field(o) = max(v.number(), 0); return nil }
}

func size(field func(*tcpOptions) *int) func(*tcpOptions, value) error {
	return func(o *tcpOptions, v value) error {
		if v.given && v.text.S != "" {
			*field(o) = min(max(v.number(), minBuffer), maxBuffer)
		}
		return nil
	}
}

func ignore(*tcpOptions, value) error { return nil }

func setTCPTerminators(o *tcpOptions, v value) error {
	n := maxUserTerms
	if v.text.Wide {
		n *= 2
	}
	o.terms = v.text
	o.terms.S = v.text.S[:min(len(v.text.S), n)]
	return nil
}

func setQueue(o *tcpOptions, v value) error {
	if n := v.number(); n > 0 {
		o.queue = min(n, maxQueue)
	}
	return nil
}

func setKeepalive(o *tcpOptions, v value) error {
	o.keepalive = 0
	if n := v.number(); n > 0 {
		o.keepalive = min(max(n, minKeepalive), maxKeepalive)
	}
	return nil
}

func setSocket(o *tcpOptions, v value) error {
	o.socket = v.number()
	o.mode |= modeDescriptor
	return nil
}

func setIPv6(o *tcpOptions, v value) error {
	o.ipv6 = 0
	if v.on() {
		o.ipv6 = 1
	}
	return nil
}

// setCompress is the newer spelling of /GZIP.
func setCompress(o *tcpOptions, v value) error {
	switch {
	case v.text.S == "", strings.EqualFold(v.text.S, "zlib"), strings.EqualFold(v.text.S, "gzip"):
		o.gzip = v.text.S != ""
		return nil
	}
	return &Error{Name: "UNIMPLEMENTED", Info: "/COMPRESS=" + v.text.S}
}

func setWriteLimit(o *tcpOptions, v value) error {
	o.writeLimit = 0
	if n := v.number(); v.given && n >= 0 {
		o.writeLimit = max(time.Duration(n)*time.Second, minWriteLimit)
	}
	return nil
}

func setTCPTable(o *tcpOptions, v value) (err error) {
	o.table, err = charsetOf(v.text.S, charsetRAW)
	return err
}

// isDisconnect recognises USE dev:"DISCONNECT", the older spelling of WRITE *-2.
func isDisconnect(v value) bool { return strings.EqualFold(v.text.S, "DISCONNECT") }

// update applies a parameter list and derives what follows from it.
func (o *tcpOptions) update(list Params, when When) error {
	sticky := o.noKeepalive
	next := *o
	if err := apply(tcpParams, &next, list, when); err != nil {
		return err
	}
	// A keyword may name the terminators before the mode string that clears them.
	if v, ok := tcpParams.value(list, "/TERMINATOR", when); ok {
		_ = setTCPTerminators(&next, v)
	}
	next.noKeepalive = next.noKeepalive || sticky
	next.settle()
	*o = next
	return nil
}

// settle derives what ends a READ: the user's terminators, else T's three, and in E
// mode ESC, which begins a sequence that ends it.
func (o *tcpOptions) settle() {
	o.code = charsetRAW
	if o.translate && !o.table.identity() {
		o.code = o.table
	}
	user := o.terms
	if user.S == "" && o.mode&modeTerminators != 0 {
		user.S = "\r\n\f"
	}
	ends := o.code.terminators(user)
	if o.mode&modeEscape != 0 {
		ends.add(charESC)
	}
	o.ends = ends
}

// stream reports stream mode; otherwise the device is in packet mode.
func (o *tcpOptions) stream() bool { return o.mode&modeStream != 0 }

// terminated reports whether READ has terminators, ESC of E mode aside.
func (o *tcpOptions) terminated() bool { return o.terms.S != "" || o.mode&modeTerminators != 0 }

// joinsCRLF reports whether a LF or FF after a CR belongs to it (rule B3).
func (o *tcpOptions) joinsCRLF() bool {
	return o.terms.S == "" && o.mode&(modeCRLF|modeTerminators) == modeCRLF|modeTerminators
}

// newline returns what WRITE ! or WRITE # puts on the wire before it sends: last is LF
// or FF.
func (o *tcpOptions) newline(f Format) string {
	crlf, pad := "\r\n", "\n"
	if f == FormFeed {
		crlf, pad = "\r\f", "\f"
	}
	switch {
	case o.mode&modeCRLF != 0:
		return crlf
	case o.mode&modePad != 0:
		return pad
	}
	return ""
}

// modeOrder is the order of the letters in $ZMODE; M shows as PSTE.
const modeOrder = "PSTEACDGQW"

// zmode is $ZMODE: the mode letters in canonical order, and the table unless it is the
// default.
func (o *tcpOptions) zmode() string {
	var b strings.Builder
	for _, c := range []byte(modeOrder) {
		if bits := tcpParams.letter(c); o.mode&bits == bits {
			b.WriteByte(c)
		}
	}
	if o.translate && o.table != charsetRAW {
		b.WriteString(`K\` + o.table.String() + `\`)
	}
	return b.String()
}

// ReadTerminators returns the characters that end a READ.
func (t *TCP) ReadTerminators() Text {
	if t.opt.terms.S != "" || !t.opt.terminated() {
		return t.opt.terms
	}
	return Text{S: "\r\n\f"}
}
