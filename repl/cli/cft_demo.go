package cli

// cos cft demo: two servers with real files between them, clients, and the port check, each
// an operating-system process of its own on free ports and data directories that are thrown
// away.

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

type cftDemo struct{}

func (*cftDemo) Help() string {
	return `Two servers, PARIS and LYON, are started. Clients send a file from one to the other and wait, are
refused, and ask for the catalog; the ports of PARIS are checked; both servers are shut down.`
}

// demoParm is the parameter file of a server of the demo: its name, the ports it listens
// on, the folder for what it receives, and its partner's name and port.
const demoParm = `CFTPARM ID=IDPARM0,PART=%[1]s,COM=(COMS),NET=(NET0),PROT=(PROT0)
CFTCOM ID=COMS,TYPE=TCPIP,HOST=127.0.0.1,PORT=%[2]d,PROTOCOL=XHTTP,DISCTS=60
CFTNET ID=NET0,TYPE=TCP,HOST=127.0.0.1
CFTPROT ID=PROT0,TYPE=COSCFT,NET=NET0,SAP=%[3]d
CFTPART ID=%[5]s,PROT=PROT0,SAP=%[6]d,NSPART=%[1]s,NRPART=%[5]s
CFTTCP ID=%[5]s,HOST=127.0.0.1
CFTSEND ID=TXT
CFTRECV ID=TXT,FNAME="%[4]s/&NFNAME"
`

func (*cftDemo) run(a *app) int {
	dir, err := os.MkdirTemp("", "cos-cft-")
	if err != nil {
		return a.fail(err)
	}
	defer os.RemoveAll(dir)
	d := &demo{dir: dir, out: a.stdout, colour: colours(a.stdout)}
	if err := d.cft(dir); err != nil {
		return a.failed(fmt.Errorf("cft demo: %w", err))
	}
	return 0
}

func (d *demo) cft(dir string) error {
	var ports [4]int
	for i := range ports {
		var err error
		if ports[i], err = freePort(); err != nil {
			return err
		}
	}
	file := filepath.Join(dir, "orders.txt")
	if err := os.WriteFile(file, []byte("first order\nsecond order\nthird order\n"), 0o600); err != nil {
		return err
	}
	var servers [2]*exec.Cmd
	names := [2]string{"PARIS", "LYON"}
	for i, name := range names {
		parm := filepath.Join(dir, name+".parm")
		text := fmt.Sprintf(demoParm, name, ports[2*i], ports[2*i+1], filepath.Join(dir, name), names[1-i], ports[3-2*i])
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o700), os.WriteFile(parm, []byte(text), 0o600)); err != nil {
			return err
		}
		server, begun, err := d.begin(name, i+1, "cft", "serve", "--data", d.data(name), "--parm", parm, "--uconf", "cos.log.show=brief")
		if err != nil {
			return err
		}
		defer stop(server)
		servers[i] = server
		limit := time.AfterFunc(demoLimit, func() { _ = server.Process.Kill() })
		defer limit.Stop()
		if !<-begun {
			return fmt.Errorf("%s did not start", name)
		}
	}
	paris := "xhttp://127.0.0.1:" + strconv.Itoa(ports[0])
	lyon := "xhttp://127.0.0.1:" + strconv.Itoa(ports[2])
	for _, step := range []struct {
		exit  int
		com   string
		words []string
	}{
		{0, paris, []string{`SEND PART=LYON,IDF=TXT,FNAME="` + file + `",WPHASES=X,WTIMEOUT=20`}},
		{0, lyon, []string{"LISTCAT"}},
		{8, paris, []string{`SEND PART=NOBODY,IDF=TXT,FNAME="` + file + `",WSTATES=TX,WTIMEOUT=20`}},
		{8, paris, []string{`SWAITCAT SELECT='IDTU=="A9999999"'`}},
	} {
		if err := d.step(step.exit, append([]string{"cft", "--data", d.data("client"), "--com", step.com}, step.words...)...); err != nil {
			return err
		}
	}
	came, err := os.ReadFile(filepath.Join(dir, "LYON", "orders.txt"))
	if err != nil {
		return err
	}
	d.print("LYON", 2, fmt.Sprintf("has received orders.txt, %d bytes", len(came)))
	if err := d.step(2, "cft", "--data", d.data("PARIS"), "ports", "--timeout", "1"); err != nil {
		return err
	}
	for i, com := range []string{paris, lyon} {
		if err := d.step(0, "cft", "--data", d.data("client"), "--com", com, "SHUT FAST=YES"); err != nil {
			return err
		}
		if err := servers[i].Wait(); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return nil
}

// data is the data directory of one of the processes.
func (d *demo) data(name string) string { return filepath.Join(d.dir, "data-"+name) }

// step shows a command and runs it to its end, which must be with this exit code.
func (d *demo) step(exit int, args ...string) error {
	d.print("client", 3, "$ cos "+args[0]+" "+args[len(args)-1])
	p, _, err := d.begin("client", 3, args...)
	if err != nil {
		return err
	}
	limit := time.AfterFunc(demoLimit, func() { _ = p.Process.Kill() })
	defer limit.Stop()
	var failed *exec.ExitError
	if err := p.Wait(); err != nil && !errors.As(err, &failed) {
		return err
	}
	if code := p.ProcessState.ExitCode(); code != exit {
		return fmt.Errorf("exit code %d, not %d", code, exit)
	}
	if exit != 0 {
		d.print("client", 3, fmt.Sprintf("exit code %d", exit))
	}
	return nil
}
