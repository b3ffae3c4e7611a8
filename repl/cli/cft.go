package cli

// cos cft: the Transfer CFT client, its simulated server and the port check. All of it
// is ObjectScript, the bundled programs of scripts/cft; this verb starts them.

import (
	"strconv"
	"strings"
)

type cftVerb struct {
	Command cftCommand `cmd:"" default:"withargs" hidden:"" help:"Run one command, the commands of @FILE, or an interactive session."`
	Serve   cftServe   `cmd:"" help:"Run the simulated server, until SHUT or Ctrl-C."`
	Ports   cftPorts   `cmd:"" help:"Check the ports of an instance."`
	Demo    cftDemo    `cmd:"" help:"Show two servers, clients and the port check at work."`
}

func (*cftVerb) Help() string {
	return `cos cft takes the commands of Transfer CFT's CFTUTIL:

  cos cft                                       an interactive session, n:[CFU]
  cos cft @FILE                                 the commands of a file
  cos cft SEND PART=PARIS,IDF=TXT,WSTATES=TX    one command; it goes to the server that --com names
  cos cft serve --parm FILE                     a server to talk to

The client and the server speak a stand-in for the protocol between CFTUTIL and Transfer CFT, which
is not public: they talk to each other, not to the product. With --com rest://HOST:1768 the client
uses the product's REST interface. An instance (catalog, objects, uconf, log) is a data directory
(--data). "cos cft HELP" lists the commands, docs/cft.md tells everything.

Exit codes of commands are CFTUTIL's: 0, 4 after a warning, 8 after an error, or EXIT EXITCODE=N.`
}

type cftCommand struct {
	Com   string   `env:"COS_CFT_COM" placeholder:"MEDIUM" help:"Send commands to MEDIUM: xhttp://HOST:PORT, rest://HOST:PORT, or C=FILE, a configuration file."`
	Words []string `arg:"" optional:"" passthrough:"" help:"A command with its parameters, or @FILE."`
}

func (v *cftCommand) run(a *app) int {
	return a.bundledProgram("run^cftutil", append([]string{v.Com}, v.Words...))
}

type cftServe struct {
	Parm  []string `sep:"none" placeholder:"FILE" help:"Load objects from FILE, commands such as CFTPARM, CFTCOM and CFTPART, before the start (repeatable)."`
	Uconf []string `sep:"none" placeholder:"ID=VALUE" help:"Set a uconf parameter (repeatable)."`
	Node  *int     `placeholder:"N" help:"Run node N of a multi-node instance; without it this is the node manager."`
}

func (v *cftServe) Help() string {
	return `The server listens on the HOST and PORT of the objects CFTCOM and CFTPROT; port 0 lets the system choose.
"cos cft SHUT" ends it. Ctrl-C and SIGTERM are SHUT FAST=YES: transfers that run go on at the next start.
SIGTERM gives it --drain seconds.

With uconf cft.multi_node.enable=Yes several nodes work on one catalog: this is their manager then, and
--node 0, --node 1 … are the nodes, each a process of its own with the same data directory.`
}

func (v *cftServe) run(a *app) int {
	var args []string
	for _, file := range v.Parm {
		args = append(args, "parm="+file)
	}
	for _, set := range v.Uconf {
		if id, _, ok := strings.Cut(set, "="); !ok || id == "" {
			return a.usage("--uconf %s: ID=VALUE is expected", set)
		}
		args = append(args, "uconf."+set)
	}
	if v.Node != nil {
		args = append(args, "node="+strconv.Itoa(*v.Node))
	}
	return (&runVerb{Target: "serve^CFTSRV", Args: args, gentle: true}).run(a)
}

type cftPorts struct {
	Host      string `placeholder:"HOST" help:"Check the ports at HOST, not at the interfaces that the objects name."`
	MultiNode bool   `name:"multi-node" help:"Show the table of multi-node deployment."`
	As        string `enum:",cftping,copstatus" default:"" placeholder:"COMMAND" help:"Exit as this command of Transfer CFT would: cftping or copstatus."`
	Timeout   string `placeholder:"SECONDS" default:"2" help:"How long a connection may take (default: 2)."`
	JSON      bool   `name:"json" help:"Print a JSON array of objects."`
}

func (*cftPorts) Help() string {
	return `Each row of the page "TCP port availability" is checked by a connection that is closed at once.
Rows whose port the system chooses, or that are not configured, are n/a and count for nothing.

Exit codes: 0 all checked ports are open, 1 none, 2 some.
--as cftping: 0 all closed, 1 all open, 2 some. --as copstatus: 0 Copilot's port is open, 1 it is not.`
}

func (v *cftPorts) run(a *app) int {
	args := []string{"host=" + v.Host, "as=" + v.As, "timeout=" + v.Timeout}
	if v.MultiNode {
		args = append(args, "multi=1")
	}
	if v.JSON {
		args = append(args, "json=1")
	}
	return a.bundledProgram("run^CFTPORT", args)
}

// bundledProgram runs a bundled program from start to exit code.
func (a *app) bundledProgram(entry string, args []string) int {
	return (&runVerb{Target: entry, Args: args}).run(a)
}
