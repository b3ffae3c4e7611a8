package scripts_test

// A server of the bundled Transfer CFT for the tests, and a client that speaks its wire.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cftServer is a running "cos cft serve".
type cftServer struct {
	data string // its data directory
	coms string // the port of its synchronous medium
	cmd  *exec.Cmd
	said *saying // what it prints
	over chan struct{}
}

// exit waits for the end of the server and returns its exit code.
func (s *cftServer) exit() int {
	<-s.over
	_ = s.cmd.Wait()
	return s.cmd.ProcessState.ExitCode()
}

// saying is output that grows.
type saying struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *saying) line(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text + "\n")
}

func (s *saying) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// cosIn is a command of cos on a data directory.
func cosIn(data string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asCos+"=1", quickExit, "COS_DATA="+data)
	return c
}

// startCFT starts a server with the objects of a parameter file, and waits until it serves.
// An item of uconf that begins with -- is a flag of cos.
func startCFT(t *testing.T, parm string, uconf ...string) *cftServer {
	t.Helper()
	file := filepath.Join(t.TempDir(), "parm.cft")
	require.NoError(t, os.WriteFile(file, []byte(strings.TrimSpace(parm)+"\n"), 0o600))
	args := []string{"--parm", file}
	for _, u := range uconf {
		if !strings.HasPrefix(u, "--") {
			args = append(args, "--uconf")
		}
		args = append(args, u)
	}
	s := launchCFT(t, t.TempDir(), args...)
	for _, task := range []string{"copcoms", "CFTTCOMS"} {
		if s.coms == "" {
			s.coms = s.listens(t, task, "COMS")
		}
	}
	require.NotEmpty(t, s.coms)
	return s
}

// launchCFT starts "cos cft serve" on a data directory, and waits until it serves.
func launchCFT(t *testing.T, data string, args ...string) *cftServer {
	t.Helper()
	s := &cftServer{data: data, said: new(saying)}
	args = append([]string{"cft", "serve", "-I", "testdata"}, args...)
	s.cmd = cosIn(s.data, args...)
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	s.cmd.Stderr = s.cmd.Stdout
	require.NoError(t, s.cmd.Start())
	ready := make(chan string, 1)
	s.over = make(chan struct{})
	go func() {
		defer close(s.over)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.said.line(lines.Text())
			if strings.Contains(lines.Text(), "CFTI14I") {
				select {
				case ready <- "":
				default:
				}
			}
		}
		select {
		case ready <- s.said.String():
		default:
		}
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		s.exit()
	})
	select {
	case failed := <-ready:
		require.Empty(t, failed, "the server did not start")
	case <-time.After(cftWait):
		t.Fatal("the server does not start")
	}
	return s
}

// cftWait bounds what a test waits for.
const cftWait = 90 * time.Second

// show is what "cos globals show" prints of a global, a line a node.
func (s *cftServer) show(t *testing.T, pattern string) []string {
	t.Helper()
	out, err := cosIn(s.data, "globals", "show", pattern).Output()
	if err != nil {
		return nil // nothing matches
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// port is the port that a task listens on; id tells media and protocols apart.
func (s *cftServer) port(t *testing.T, task, id string) string {
	t.Helper()
	port := s.listens(t, task, id)
	require.NotEmpty(t, port, "%s %s does not listen", task, id)
	return port
}

// listens is the same, "" when the task does not listen. Of several nodes it is the first.
func (s *cftServer) listens(t *testing.T, task, id string) string {
	t.Helper()
	return s.listensOf(t, "", task, id)
}

// listensOf is the port of a task of one node.
func (s *cftServer) listensOf(t *testing.T, of, task, id string) string {
	t.Helper()
	key := `"port","` + task + `"`
	if id != "" {
		key += `,"` + id + `"`
	}
	for _, line := range s.show(t, "^CFTRUN") {
		if node, value, _ := strings.Cut(line, "="); strings.HasSuffix(node, ","+key+")") && (of == "" || strings.Trim(strings.Split(node[len("^CFTRUN("):], ",")[0], `"`) == of) {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// logged counts the lines of the log that contain text.
func (s *cftServer) logged(t *testing.T, text string) (n int) {
	t.Helper()
	for _, line := range s.show(t, "^CFTLOG") {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// failures are the lines of the log that tell of an error of one of the server's jobs: whatever
// partners, clients and other nodes do, there is none.
func (s *cftServer) failures(t *testing.T) (lines []string) {
	t.Helper()
	for _, line := range s.show(t, "^CFTLOG") {
		if strings.Contains(line, "CFTS27E") {
			lines = append(lines, line)
		}
	}
	return lines
}

// configure executes object commands in the server's data directory.
func (s *cftServer) configure(t *testing.T, commands string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "more.cft")
	require.NoError(t, os.WriteFile(file, []byte(commands+"\n"), 0o600))
	out, err := cosIn(s.data, "run", "-c", `IF $$load^CFTCFG("`+file+`",.e) WRITE:e e(1)`).CombinedOutput()
	require.NoError(t, err)
	require.Empty(t, strings.TrimSpace(string(out)))
}

// cftReply is the body of an answer, a line each.
type cftReply []string

func (a cftReply) String() string { return strings.Join(a, "\n") }

// get is the value of the last line with this key, "" when there is none.
func (a cftReply) get(key string) (value string) {
	for _, line := range a {
		if k, v, _ := strings.Cut(line, "="); k == key {
			value = v
		}
	}
	return value
}

// ask sends a command as user tester.
func (s *cftServer) ask(t *testing.T, command string) cftReply {
	t.Helper()
	a, _, err := s.askAs("tester", "", command)
	require.NoError(t, err)
	return a
}

// cftClient does not keep connections: each request is a session of its own.
var cftClient = &http.Client{Timeout: cftWait, Transport: &http.Transport{DisableKeepAlives: true}}

func (s *cftServer) askAs(user, password, command string) (cftReply, int, error) {
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:"+s.coms+"/cft/command", strings.NewReader(command))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("X-User", user)
	if password != "" {
		req.SetBasicAuth(user, password)
	}
	r, err := cftClient.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return strings.Split(strings.TrimSpace(string(body)), "\n"), r.StatusCode, err
}

// nodePattern takes a line of ^CFTCAT apart.
var nodePattern = regexp.MustCompile(`^\^CFTCAT\("(\w+)","(\w+)"\)="?(.*?)"?$`)

// all are the entries of the catalog, by IDTU.
func (s *cftServer) all(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, line := range s.show(t, "^CFTCAT") {
		m := nodePattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if all[m[1]] == nil {
			all[m[1]] = map[string]string{}
		}
		all[m[1]][m[2]] = m[3]
	}
	return all
}

// entries are the entries with this direction and IDT.
func (s *cftServer) entries(t *testing.T, direct, idt string) (found []map[string]string) {
	t.Helper()
	for _, e := range s.all(t) {
		if e["DIRECT"] == direct && e["IDT"] == idt {
			found = append(found, e)
		}
	}
	return found
}

// entry is the one entry with this direction and IDT.
func (s *cftServer) entry(t *testing.T, direct, idt string) map[string]string {
	t.Helper()
	found := s.entries(t, direct, idt)
	require.Len(t, found, 1)
	return found[0]
}

// entryOf asks for an entry as it is now.
func (s *cftServer) entryOf(t *testing.T, idtu string) map[string]string {
	t.Helper()
	e := map[string]string{}
	for _, line := range s.ask(t, fmt.Sprintf(`SWAITCAT SELECT='IDTU=="%s"',PHASES=ATYZX,TIMEOUT=0`, idtu)) {
		if k, v, _ := strings.Cut(line, "="); strings.HasPrefix(k, "cat.") {
			e[strings.TrimPrefix(k, "cat.")] = v
		}
	}
	return e
}

// until waits for a state of an entry.
func (s *cftServer) until(t *testing.T, idtu string, reached func(map[string]string) bool) (e map[string]string) {
	t.Helper()
	require.Eventually(t, func() bool {
		e = s.entryOf(t, idtu)
		return len(e) > 0 && reached(e)
	}, cftWait, 20*time.Millisecond, "entry %s: %v", idtu, e)
	return e
}
