package scripts_test

// The rows of docs/tcp.md: what the driver's own tables hold, with the default and the
// proof of each, and what no table of the driver has a row for.

import (
	"strings"

	"cos/devices"
	"cos/runtime"
)

// chapterRow is one thing that the chapter describes.
type chapterRow struct {
	section string
	item    string   // with every other spelling
	def     string   // default
	where   string   // OPEN, USE or both
	does    string   // one sentence
	proof   []string // package.TestName, or the path of a golden or transcript
	words   []string // one of them stands in each proof; nil: nothing in particular
}

// proved is the default of a keyword and what proves it.
type proved struct {
	def   string
	proof string // separated by blanks
}

const manual = "scripts/manual/"

// keywordProofs is by the name of the driver's row.
var keywordProofs = map[string]proved{
	"/HOSTNAME":      {"none: a server", "devices.TestAddressing " + manual + "open.session"},
	"/PORT":          {"the number in the device name", "devices.TestAddressing " + manual + "open.session"},
	"/PARAMS":        {"packet mode", "devices.TestParameters " + "scripts/net/chat.session"},
	"/TERMINATOR":    {"none", "devices.TestUse"},
	"/IBUFSIZE":      {"1024, server 1048576", "devices.TestParameters"},
	"/OBUFSIZE":      {"1024, server 1048576", "devices.TestWrite devices.TestParameters"},
	"/CONNECTIONS":   {"5", "devices.TestParameters"},
	"/KEEPALIVE":     {"the system's", "devices.TestSocketOptions"},
	"/ACCEPT":        {"0", "devices.TestParameters"},
	"/CRLF":          {"0", "devices.TestParameters"},
	"/POLL":          {"0", "devices.TestModeLetters"},
	"/ESCAPE":        {"0", "devices.TestParameters"},
	"/SOCKET":        {"none", "devices.TestDescriptor"},
	"/PSTE":          {"0", "devices.TestParameters " + manual + "open.session"},
	"/PAD":           {"0", "devices.TestParameters"},
	"/SENDIMMEDIATE": {"0", "devices.TestModeLetters " + manual + "write.session"},
	"/STREAM":        {"0", "devices.TestParameters"},
	"/TMODE":         {"0", "devices.TestParameters"},
	"/WAIT":          {"0", "devices.TestParameters"},
	"/ABSTIMEOUT":    {"0", "devices.TestRead"},
	"/BINDTO":        {"none", "devices.TestAddressing devices.TestPermanentFailures"},
	"/CLOSEFLUSH":    {"1", "devices.TestDisconnect " + manual + "closing.session"},
	"/CLOSELISTEN":   {"0", "devices.TestDisconnect " + manual + "connections.session"},
	"/GZIP":          {"0 (bare /GZIP: 1)", "devices.TestGZIP devices.TestGZIPProgram devices.TestGZIPOverHTTP"},
	"/COMPRESS":      {`""`, "devices.TestGZIP"},
	"/IOTABLE":       {"RAW", "devices.TestTranslation"},
	"/NODELAY":       {"1", "devices.TestSocketOptions"},
	"/NOKEEPALIVE":   {"0", "devices.TestSocketOptions"},
	"/NOXY":          {"0", "devices.TestWrite"},
	"/TCPRCVBUF":     {"the system's", "devices.TestSocketOptions"},
	"/TCPSNDBUF":     {"the system's", "devices.TestSocketOptions"},
	"/TLS":           {"none", "devices.TestTLS devices.TestStartTLS devices.TestTLSErrors scripts/net/tlsecho.session"},
	"/TRANSLATE":     {"1", "devices.TestTranslation"},
	"/USEIPV6":       {"both protocols", "devices.TestAddressing " + manual + "internet.session"},
	"/WRITETIMEOUT":  {"-1", "devices.TestWriteTimeout"},
	"/XYTABLE":       {"the device's", "devices.TestUse"},
	"/ZEROCOPY":      {"0", "devices.TestAcceptedKeywords"},
	"/OBCOUNT":       {"16", "devices.TestAcceptedKeywords"},
}

// positionProofs are what a position proves beyond its keyword.
var positionProofs = map[string]string{"queuesize": "devices.TestBacklog", "terminators": manual + "terminators.session", "mode": "devices.TestModeLetters"}

// letterProofs prove what a mode letter does.
var letterProofs = map[byte]string{
	'A': manual + "accept.session", 'C': manual + "terminators.session devices.TestModeLetters", 'D': "devices.TestModeLetters",
	'E': manual + "terminators.session devices.TestModeLetters", 'G': "devices.TestDescriptor", 'M': manual + "stream.session",
	'P': manual + "write.session", 'Q': manual + "write.session", 'S': manual + "stream.session",
	'T': manual + "terminators.session", 'W': manual + "write.session", 'K': "devices.TestTranslation",
}

// methodProofs prove the methods of a class; a method named here has a proof of its own.
var methodProofs = []struct{ class, proof, methods string }{
	{"%SYSTEM.TCPDevice", manual + "information.session", ""},
	{"%SYSTEM.INetInfo", manual + "information.session", "Connected"},
	{"%SYSTEM.INetInfo", manual + "jobs.session", "TCPName"},
	{"%SYSTEM.INetInfo", manual + "internet.session", ""},
	{"%SYSTEM.Socket", manual + "multiplex.session", ""},
	{"%Net.UDP", manual + "udp.session", ""},
	{"%SYSTEM.Process", "runtime/testdata/zutil.t repl/cli.TestInetdDisconnect", "DisconnectErr"},
	{"%SYSTEM.Process", "repl/cli.TestContract", "Terminate"},
	{"%SYSTEM.Process", "scripts/devices/pipes.session", "OSError"},
	{"%Library.Device", "runtime/testdata/specials.t", "ChangePrincipal"},
}

// fixedRows are what no table of the driver holds.
var fixedRows = []chapterRow{
	{"Names", "|TCP|n", "", "OPEN", "a TCP device; n is its identifier, and the port where no port is given", list(manual + "open.session devices.TestAddressing"), list("|TCP|")},
	{"Names", "/TCP/n, n", "", "OPEN", "older spellings of |TCP|n, for n from 1000", list("devices.TestCanonical " + manual + "concatenation.session"), list("/TCP/ 41880 $a")},
	{"Names", "service name as port", "", "OPEN", "is looked up", list(manual + "daytime.session " + manual + "echo.session"), list("daytime echo")},
	{"Names", "IPv4, IPv6, host name", "", "OPEN", "as hostname; a bare one needs no parentheses", list("devices.TestAddressing"), list("::1")},
	{"Names", "standard input that is a socket", "", "", "makes the principal device a TCP device, as inetd and systemd start servers", list("repl/cli.TestInetd repl/cli.TestInetdClose repl/cli.TestInetdDisconnect"), nil},

	{"Commands", "OPEN dev:params:timeout:mnespace", "no timeout", "", "opens; $TEST with a timeout, whole seconds; :0 is one attempt", list(manual + "open.session devices.TestOpenRetries devices.TestPermanentFailures"), nil},
	{"Commands", "OPEN of an open device", "", "", "is USE; with a hostname on a client <COMMAND>", list(manual + "connections.session devices.TestUse"), nil},
	{"Commands", `USE dev:(::mode:terminators)`, "", "", "without a sign replaces the modes and clears user terminators; + adds, - removes", list("devices.TestModeStrings devices.TestUse " + manual + "stream.session"), nil},
	{"Commands", `USE dev:"DISCONNECT"`, "", "", "the older spelling of WRITE *-2", list(manual + "closing.session devices.TestDisconnect"), list("DISCONNECT")},
	{"Commands", "CLOSE dev", "", "", "flushes unless /CLOSEFLUSH=0, and ends connection and listening", list(manual + "closing.session devices.TestDisconnect"), nil},
	{"Commands", "HALT, Terminate, SIGTERM, fatal error", "", "", "close listeners, then connections", list("repl/cli.TestTerminateFlushesConnections " + manual + "closing.session"), nil},

	{"READ", "READ var[:timeout]", "", "", "packet mode: what has arrived; stream mode: up to a terminator, the timeout or the longest string", list(manual + "packet.session " + manual + "stream.session devices.TestRead"), nil},
	{"READ", "READ var#length[:timeout]", "", "", "at most length characters; a terminator ends it earlier", list(manual + "stream.session devices.TestRead"), nil},
	{"READ", "READ *var[:timeout]", "", "", "one character's code, -1 when none came", list("devices.TestRead " + manual + "terminators.session"), nil},
	{"READ", "timeout", "none", "", "sets $TEST; whole seconds from 1 on, hundredths below; begins again with data unless /ABSTIMEOUT", list("devices.TestRead"), nil},
	{"READ", "READ for accept", "", "", "a server's first READ takes the connection, with A it returns at once", list(manual + "accept.session"), nil},

	{"WRITE", "WRITE expr", "", "", "into the output buffer; $X counts its characters without CR and LF", list(manual + "write.session devices.TestWrite"), nil},
	{"WRITE", `WRITE ""`, "", "", "<COMMAND> in packet mode", list(manual + "packet.session"), list("<COMMAND>")},
	{"WRITE", "WRITE !", "", "", "sends; with P a LF first, with C CR LF; $X=0, $Y+1; <WRITE> of an empty buffer in packet mode", list(manual + "write.session " + manual + "packet.session"), nil},
	{"WRITE", "WRITE #", "", "", "sends; with P a FF, with C CR FF as a record of its own; $X=$Y=0", list(manual + "write.session devices.TestWrite"), nil},
	{"WRITE", "WRITE ?n", "", "", "blanks up to $X=n", list("devices.TestWrite"), nil},
	{"WRITE", "WRITE *n", "", "", "one character", list("devices.TestWrite"), nil},
	{"WRITE", "WRITE *-1", "", "", "sends; <WRITE> of an empty buffer in packet mode", list(manual + "packet.session devices.TestWrite"), nil},
	{"WRITE", "WRITE *-2", "", "", "a server lets its client go; the next READ takes another", list(manual + "closing.session devices.TestDisconnect"), nil},
	{"WRITE", "WRITE *-3", "", "", "sends, without a terminator; nothing of an empty buffer", list(manual + "write.session devices.TestWrite"), list("*-3 Control(3) control(3)")},
	{"WRITE", "WRITE *-99", "", "", "marks the end of compressed data and sends", list("devices.TestGZIP"), list("99")},

	{"$ZA", "2", "", "", "READ timed out", list("devices.TestRead"), list("ZATimedOut expires")},
	{"$ZA", "4", "", "", "I/O error", list("devices.TestPeerCloses"), list("ZAError")},
	{"$ZA", "256", "", "", "bad escape sequence", list("devices.TestModeLetters"), list("ZABadEscape")},
	{"$ZA", "4096", "", "", "server mode", list(manual + "accept.session"), list("4096")},
	{"$ZA", "8192", "", "", "connected", list(manual + "accept.session"), list("12288 8192")},
	{"$ZA", "4096 and $TEST=0", "", "", "no connection was accepted", list(manual + "accept.session"), list("4096")},
	{"$ZA", "12288 and $TEST=0", "", "", "accepted, no data", list(manual + "accept.session"), list("12288")},
	{"$ZA", "12288 and $TEST=1", "", "", "accepted, with data or with A", list(manual + "accept.session"), list("12288")},

	{"$ZB", "terminator", "", "", "the character that ended READ", list(manual + "terminators.session"), nil},
	{"$ZB", "last character of READ x#n", "", "", "when the length ended it", list(manual + "terminators.session"), nil},
	{"$ZB", "character of READ *x", "", "", "", list(manual + "terminators.session"), nil},
	{"$ZB", `"" after a timeout`, "", "", "", list(manual + "terminators.session devices.TestRead"), nil},
	{"$ZB", "escape sequence", "", "", "with E, whole", list(manual + "terminators.session devices.TestModeLetters"), nil},
	{"$ZB", "CR of CR LF", "", "", "with C and T the LF is dropped", list(manual + "terminators.session"), nil},
	{"$ZB", "$KEY", "", "", "the terminator, \"\" when none ended READ", list(manual + "terminators.session"), list("$KEY")},

	{"Errors", "<READ>", "", "", "the connection has ended: for ever on a client, once on a server", list(manual + "closing.session"), list("<READ>")},
	{"Errors", "<WRITE>", "", "", "buffer overrun, empty flush, no connection, or the peer is gone", list(manual + "packet.session " + manual + "closing.session"), list("<WRITE>")},
	{"Errors", "<COMMAND>", "", "", `WRITE "" in packet mode; OPEN of a host on an open client`, list(manual + "packet.session " + manual + "connections.session"), list("<COMMAND>")},
	{"Errors", "<DISCONNECT>", "", "", "D mode found the peer gone", list("devices.TestModeLetters"), list("DISCONNECT")},
	{"Errors", "<DSCON>", "", "", "a lost principal device, with DisconnectErr(1)", list(manual + "handover.session repl/cli.TestInetdDisconnect"), list("<DSCON>")},
	{"Errors", "<TCPWRITE>", "", "", "/WRITETIMEOUT is over; no WRITE after it sends", list("devices.TestWriteTimeout"), list("TCPWRITE")},
	{"Errors", "<NOTOPEN>", "", "", "OPEN without a timeout failed for good; USE of a device that is not open", list("devices.TestPermanentFailures"), list("NOTOPEN")},
	{"Errors", "<NOJOB>", "", "", "JOB has no connection to hand over, or no principal device for the child", list(manual + "handover.session"), list("<NOJOB>")},
	{"Errors", "<WIDE CHAR>, <TRANSLATE>", "", "", "a character that the device's table has no bytes for", list("devices.TestTranslation"), list("WIDE")},
	{"Errors", "<FUNCTION>", "", "", "a method of TCPDevice while the current device is none", list(manual + "information.session"), list("<FUNCTION>")},

	{"JOB", "switch 1", "", "", "the child gets a copy of the variables", list(manual + "concurrent.session"), nil},
	{"JOB", "switch 4", "", "", "the connection is the child's principal device; a <READ> or a lost peer halts it", list(manual + "principal.session " + manual + "handover.session"), nil},
	{"JOB", "switch 16", "", "", "the connection goes beside the principal device", list(manual + "jobs.session " + manual + "inherited.session " + manual + "handover.session"), nil},
	{"JOB", "other switches: 8, 24", "", "", "are accepted", list(manual + "handover.session"), nil},
	{"JOB", "JOB child:(:16:input:output)", "null device", "", "principal devices of the child's own, or the connection itself", list(manual + "jobs.session " + manual + "handover.session"), nil},
	{"JOB", "after JOB", "", "", "the parent listens on, $ZA 4096; the child is connected, $ZA 8192, in S mode, with the unread input", list(manual + "inherited.session " + manual + "handover.session devices.TestInherit"), nil},
	{"JOB", "a JOB that fails", "", "", "leaves the connection with the parent", list(manual + "handover.session"), nil},

	{"Behaviour", "one connection at a time", "", "", "further clients queue", list(manual + "connections.session devices.TestBacklog"), nil},
	{"Behaviour", "concatenation of records", "", "", "records sent in a row may arrive as one", list(manual + "concatenation.session"), nil},
	{"Behaviour", "writes after the peer has left", "", "", "the first may succeed, further ones are <WRITE>", list(manual + "closing.session"), nil},
	{"Behaviour", "$X and $Y", "", "", "characters in the buffer, records since #; $ZUTIL(68,55,0) makes them a cursor's", list(manual + "write.session devices.TestCursorStyle"), nil},
	{"Behaviour", "CR LF within a second", "", "", "is one terminator in C and T mode", list("devices.TestModeLetters " + manual + "terminators.session"), nil},
	{"Behaviour", "configurations of /TLS", "", "", "cfg, cfg|password, cfg||host, cfg|password|host", list("devices.TestTLS"), nil},
}

// list splits at blanks.
func list(s string) []string { return strings.Fields(s) }

// chapterRows are all rows in the order of the document.
func chapterRows() (rows []chapterRow) {
	position := []string{"hostname", "port", "mode", "terminators", "ibufsiz", "obufsiz", "queuesize", "keepalivetime"}
	var positions, letters, keywords []chapterRow
	for _, k := range devices.Keywords("|TCP|") {
		p := keywordProofs[k.Name]
		where := map[devices.When]string{devices.InOpen: "OPEN", devices.InUse: "USE", devices.InBoth: "both"}[k.When]
		spellings := append([]string{k.Name}, k.Abbrs...)
		if k.Position > 0 && k.Position <= len(position) {
			item := position[k.Position-1]
			positions = append(positions, chapterRow{"Positional parameters", item, p.def, where, k.Doc, list(p.proof + " " + positionProofs[item]), nil})
		}
		if k.Letter != 0 {
			letters = append(letters, chapterRow{"Mode letters", string(rune(k.Letter)), "off", where, k.Doc, list(letterProofs[k.Letter]), nil})
		}
		if k.Name != "" {
			keywords = append(keywords, chapterRow{"Keywords", strings.Join(spellings, ", "), p.def, where, k.Doc, list(p.proof), spellings})
		}
	}
	var methods []chapterRow
	for _, class := range []string{"%SYSTEM.TCPDevice", "%SYSTEM.INetInfo", "%SYSTEM.Socket", "%SYSTEM.Process", "%Library.Device", "%Net.UDP"} {
		for _, m := range runtime.MethodDocs(class) {
			if proof := methodProof(class, m.Name); proof != "" {
				methods = append(methods, chapterRow{"Class methods", class + "." + m.Name, "", "", m.Doc, list(proof), list(m.Name)})
			}
		}
	}
	section := func(name string) {
		for _, r := range fixedRows {
			if r.section == name {
				rows = append(rows, r)
			}
		}
	}
	section("Names")
	section("Commands")
	rows = append(append(append(rows, positions...), letters...), keywords...)
	for _, name := range []string{"READ", "WRITE", "$ZA", "$ZB", "Errors", "JOB", "Behaviour"} {
		section(name)
	}
	return append(rows, methods...)
}

// methodProof is what proves a method, "" where the chapter has nothing to do with it.
func methodProof(class, method string) string {
	for _, p := range methodProofs {
		if p.class == class && (p.methods == method || p.methods == "") {
			return p.proof
		}
	}
	return ""
}
