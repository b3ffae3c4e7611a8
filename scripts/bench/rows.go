//go:build unix

package main

// THE ROW TABLES: what is measured. A compute or globals row is a program of this
// folder; a network row names what serves on each engine, who drives it, and how much.

// metric is one number that a row yields.
type metric struct {
	name  string // "" for the row's main number
	unit  string
	lower bool // less is better
}

// goals are the ratios that a row is held to; 0 is no demand. Source: the project's
// baseline measurements of GT.M 7.0 and of plain Go.
type goals struct {
	floor, aim float64 // against GT.M
	plain      float64 // against plain Go
}

// program is a compute or globals row: NAME.m, unmodified on both engines.
type program struct {
	name  string
	doc   string
	input int  // lines of standard input
	store bool // works on globals
	// second: another process has opened the store before, so that this one does not own it
	second bool
	needs  string
	goals  goals
}

// mean reports whether the row counts in the geometric mean of the compute rows.
func (p *program) mean() bool { return !p.store && p.name != "OUT" && p.name != "IN" }

var programs = []program{
	{name: "LOOP0", doc: "empty FOR, 30 M", goals: goals{3, 8, 0}},
	{name: "LOOP1", doc: "X=X+I, 10 M", goals: goals{2, 5, 0}},
	{name: "FIB", doc: "$$F(30), 2.7 M calls", goals: goals{1, 2, 0}},
	{name: "STRP", doc: "append, $PIECE, SET $PIECE", goals: goals{1, 2.5, 0}},
	{name: "ARR", doc: "arrays: set, get, $ORDER", goals: goals{.8, 1.3, 0}},
	{name: "HASH", doc: "arrays: scattered set, get", goals: goals{1, 2.5, 0}},
	{name: "SIEVE", doc: "dense array, 500 k", goals: goals{2, 5, 0}},
	{name: "CRC", doc: "$EXTRACT, $ASCII, #", goals: goals{2, 5, 0}},
	{name: "NEST", doc: "IF, ELSE, DO, 4 M calls", goals: goals{2, 5, 0}},
	{name: "PI", doc: "1000 digits: \\ # and an array", goals: goals{1, 1.7, 0}},
	{name: "MAND", doc: "decimals, 6 places", goals: goals{1, 1.5, 0}},
	{name: "XEC", doc: "XECUTE and indirection", goals: goals{1, 3, 0}},
	{name: "STRF", doc: "$FIND $TRANSLATE $JUSTIFY", goals: goals{.7, 1, 0}},
	{name: "MSG", doc: "take a message apart", goals: goals{.7, 1, 0}},
	{name: "OUT", doc: "500 k lines to a pipe", goals: goals{3, 8, 0}},
	{name: "IN", doc: "500 k lines from a pipe", input: 500_000, goals: goals{1, 2, 0}},

	{name: "GSET", doc: "set ^G(I), 1 M", store: true, goals: goals{.3, .8, 0}},
	{name: "GRSET", doc: "set scattered, two levels, 1 M", store: true, goals: goals{.3, .8, 0}},
	{name: "GGET", doc: "get scattered, 1 M", store: true, needs: "GSET", goals: goals{.5, .8, 0}},
	{name: "GGETS", doc: "get ascending, 3 M", store: true, needs: "GSET", goals: goals{0, 0, 0}},
	{name: "GORD", doc: "$ORDER, 3 M", store: true, needs: "GSET", goals: goals{.1, .4, 0}},
	{name: "GINC", doc: "SET ^C=^C+1, 1 M", store: true, goals: goals{0, 0, 0}},
	{name: "GLOCK", doc: "LOCK +^L(1), LOCK -^L(1), 500 k", store: true, goals: goals{0, 0, 0}},
	{name: "GCON", doc: "1,000 jobs, $INCREMENT of one counter, 100 k", store: true, goals: goals{0, 0, 0}},
	{name: "GINC2", doc: "second process: $INCREMENT(^C), 300 k", store: true, second: true, goals: goals{0, 0, 0}},
	{name: "GLOCK2", doc: "second process: LOCK +^L(1), LOCK -^L(1), 200 k", store: true, second: true, goals: goals{0, 0, 0}},
	{name: "GMIX2", doc: "second process: SET, $GET, $ORDER in turn, 100 k", store: true, second: true, goals: goals{0, 0, 0}},
}

// traffic is a network row.
type traffic struct {
	name    string
	key     string // for -rows
	cos     string // entry and file of net/: label^file
	gtm     string // GT.M's program and its arguments behind the port; # is the count
	plain   string // role of plainServers or plainClients
	drive   string // role of drivers, which plays the other end
	active  bool   // the engine is the client, and the driver serves it
	pinned  bool   // both ends on one CPU
	workers int    // clients at once
	count   int    // lines, strings, connections
	quick   int    // count with -quick
	heavy   bool   // not on GT.M: a process per connection would not fit
	every   bool   // only when asked for with -full
	metrics []metric
	goals   goals
}

var (
	rate        = metric{"", "/s", false}
	serverCPU   = metric{"server CPU", "us", true}
	clientCPU   = metric{"client CPU", "us", true}
	p50         = metric{"p50", "ms", true}
	p99         = metric{"p99", "ms", true}
	perHeld     = metric{"memory per connection (PSS)", "KB", true}
	perHeldRSS  = metric{"memory per connection (RSS)", "KB", true}
	allAtOnce   = metric{"a reply from all at once", "/s", false}
	failures    = metric{"failures", "", true}
	throughput  = []metric{rate, serverCPU}
	asClient    = []metric{rate, clientCPU}
	connecting  = []metric{rate, p50, p99}
	heldMetrics = []metric{rate, perHeld, perHeldRSS, allAtOnce, failures}
)

var traffics = []traffic{
	{
		name: "ping-pong 64 B, one CPU", key: "PING1", cos: "echo^echo", gtm: "NETS echo tuned", plain: "echo", drive: "pingpong",
		pinned: true, count: 60_000, quick: 10_000, metrics: throughput, goals: goals{.8, 1, .8},
	},
	{
		name: "ping-pong 64 B, unpinned", key: "PING", cos: "echo^echo", gtm: "NETS echo tuned", plain: "echo", drive: "pingpong",
		count: 40_000, quick: 8_000, metrics: throughput, goals: goals{0, .9, .8},
	},
	{
		name: "ping-pong as client, one CPU", key: "CLIENT", cos: "client^client", gtm: "NETC", plain: "client", drive: "answer",
		active: true, pinned: true, count: 60_000, quick: 10_000, metrics: asClient, goals: goals{.8, .95, .8},
	},
	{
		name: "READ x#32768", key: "BULKREAD", cos: "sink^sink", gtm: "NETS sink tuned #", plain: "sink", drive: "blast32k",
		count: 32_768, quick: 8_192, metrics: throughput, goals: goals{1, 1.5, .8},
	},
	{
		name: "WRITE of 32 KB strings", key: "BULKWRITE", cos: "source^source", gtm: "NETS source tuned #", plain: "source", drive: "drain32k",
		count: 32_768, quick: 8_192, metrics: throughput, goals: goals{.8, .95, .8},
	},
	{
		name: "READ lines of 64 B", key: "READLINES", cos: "lines^sink", gtm: "NETS lines tuned #", plain: "lines", drive: "blastLines",
		count: 2_000_000, quick: 500_000, metrics: throughput, goals: goals{2, 5, 0},
	},
	{
		name: "WRITE lines, buffered", key: "WRITELINES", cos: "lines^source", gtm: "NETS linesrc tuned #", plain: "linesrc", drive: "drainLines",
		count: 1_000_000, quick: 300_000, metrics: throughput, goals: goals{4, 10, 0},
	},
	{
		name: "WRITE lines, each sent", key: "WRITEFLUSH", cos: "flushed^source", gtm: "NETS linesrc tuned #", plain: "flushed", drive: "drainLines",
		count: 200_000, quick: 60_000, metrics: throughput, goals: goals{.8, .95, .8},
	},
	{
		name: "READ *c", key: "READCHAR", cos: "chars^sink", gtm: "NETS chars tuned #", plain: "chars", drive: "blastChars",
		count: 8_000_000, quick: 2_000_000, metrics: throughput, goals: goals{1, 1.5, 0},
	},
	{
		name: "serial accept, reply, close", key: "SERIAL", cos: "serial^serial", gtm: "SRVSER", plain: "serial", drive: "connect",
		workers: 1, count: 5_000, quick: 2_000, metrics: []metric{rate, serverCPU, p50, p99}, goals: goals{.7, 1, .8},
	},
	{
		name: "accept + JOB, 1 client", key: "JOB1", cos: "jobs^jobs", gtm: "SRVJOB", plain: "jobs", drive: "connect",
		workers: 1, count: 5_000, quick: 1_000, metrics: connecting, goals: goals{5, 20, .8},
	},
	{
		name: "accept + JOB, 8 clients", key: "JOB8", cos: "jobs^jobs", gtm: "SRVJOB", plain: "jobs", drive: "connect",
		workers: 8, count: 8_000, quick: 2_000, metrics: connecting, goals: goals{5, 25, .8},
	},
	{
		name: "1,000 held connections", key: "HELD1000", cos: "jobs^jobs", gtm: "SRVJOB", plain: "jobs", drive: "hold",
		workers: 8, count: 1_000, quick: 200, metrics: heldMetrics, goals: goals{5, 20, .8},
	},
	{
		name: "5,000 held connections", key: "HELD5000", cos: "jobs^jobs", plain: "jobs", drive: "hold",
		workers: 8, count: 5_000, quick: 1_000, heavy: true, every: true, metrics: heldMetrics,
	},
}
