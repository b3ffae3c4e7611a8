package scripts_test

// docs/tcp.md: the manual's chapter "TCP Client/Server Communication" as a table. It is
// generated from the driver's own tables (make docs); each row names what proves it, and
// nothing that the chapter lists may lack a row.

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

var update = flag.Bool("update", false, "write docs/tcp.md")

const (
	top         = ".." // of the repository
	chapterFile = top + "/docs/tcp.md"
)

// chapter is everything that the chapter lists, extracted by hand in its order.
var chapter = []struct {
	section string
	items   []string
}{
	{"Positional parameters", list("hostname port mode terminators ibufsiz obufsiz queuesize keepalivetime")},
	{"Mode letters", list("A C D E G M P Q S T W")},
	{"Keywords", list("/ABSTIMEOUT /ACCEPT /ACC /CLOSEFLUSH /CRLF /ESCAPE /ESC /GZIP /IOTABLE /IOT /KEEPALIVE /NODELAY /NOKEEPALIVE /NOXY /TCPNOXY " +
		"/PAD /PARAMS /PAR /POLL /POLLDISCON /PSTE /SENDIMMEDIATE /SEN /SSL /TLS /STREAM /STR /TCPRCVBUF /TCPSNDBUF /TERMINATOR /TER " +
		"/TMODE /TMO /TRANSLATE /TRA /WAIT /WRITETIMEOUT /XYTABLE /XYT " +
		"/BINDTO /CLOSELISTEN /CONNECTIONS /CON /HOSTNAME /HOS /IBUFSIZE /IBU /OBUFSIZE /OBU /PORT /SOCKET /SOC")},
	{"Names", []string{"|TCP|n", "service name as port", "IPv4, IPv6, host name"}},
	{"Commands", []string{"OPEN dev:params:timeout:mnespace", "OPEN of an open device", "USE dev:(::mode:terminators)", `USE dev:"DISCONNECT"`, "CLOSE dev", "HALT, Terminate, SIGTERM, fatal error"}},
	{"READ", []string{"READ var[:timeout]", "READ *var[:timeout]", "READ var#length[:timeout]", "timeout", "READ for accept"}},
	{"WRITE", []string{"WRITE expr", "WRITE !", "WRITE #", `WRITE ""`, "WRITE *-1", "WRITE *-2", "WRITE *-3", "WRITE *-99"}},
	{"$ZA", []string{"2", "4", "256", "4096", "8192", "4096 and $TEST=0", "12288 and $TEST=0", "12288 and $TEST=1"}},
	{"$ZB", []string{"terminator", "last character of READ x#n", "character of READ *x", `"" after a timeout`, "escape sequence", "CR of CR LF"}},
	{"Errors", []string{"<READ>", "<WRITE>", "<COMMAND>", "<DISCONNECT>", "<DSCON>", "<TCPWRITE>"}},
	{"JOB", []string{"switch 1", "switch 4", "switch 16", "JOB child:(:16:input:output)", "after JOB"}},
	{"Behaviour", []string{"one connection at a time", "concatenation of records", "writes after the peer has left", "$X and $Y", "CR LF within a second", "configurations of /TLS"}},
	{"Class methods", []string{
		"%SYSTEM.TCPDevice.Help", "%SYSTEM.TCPDevice.LocalAddr", "%SYSTEM.TCPDevice.GetDisconnectCode",
		"%SYSTEM.INetInfo.Connected", "%SYSTEM.INetInfo.TCPStats", "%SYSTEM.Process.DisconnectErr",
		"%SYSTEM.Socket.Fork", "%SYSTEM.Socket.Select", "%SYSTEM.Socket.Publish", "%SYSTEM.Socket.Export", "%SYSTEM.Socket.Import",
	}},
}

// TestChapterIsComplete: all that the chapter lists has a row.
func TestChapterIsComplete(t *testing.T) {
	has := map[string]bool{}
	for _, r := range chapterRows() {
		has[r.section+" "+r.item] = true
		for _, spelling := range strings.Split(r.item, ", ") {
			has[r.section+" "+spelling] = true
		}
	}
	for _, c := range chapter {
		for _, item := range c.items {
			assert.Truef(t, has[c.section+" "+item], "%s: the chapter has %s, the table has not", c.section, item)
		}
	}
	for _, k := range devices.Keywords("|TCP|") {
		assert.Truef(t, k.Name == "" || keywordProofs[k.Name].def != "", "%s has no default in keywordProofs", k.Name)
	}
	for name := range keywordProofs {
		assert.Truef(t, slices.ContainsFunc(devices.Keywords("|TCP|"), func(k devices.KeywordRow) bool { return k.Name == name }), "the driver has no %s", name)
	}
}

// TestChapterIsProven: each row names proofs that exist, and that speak of it.
func TestChapterIsProven(t *testing.T) {
	for _, r := range chapterRows() {
		assert.NotEmptyf(t, r.proof, "%s %s has no proof", r.section, r.item)
		for _, p := range r.proof {
			text, err := proofText(p)
			if !assert.NoErrorf(t, err, "%s %s", r.section, r.item) || r.words == nil {
				continue
			}
			assert.Truef(t, slices.ContainsFunc(r.words, func(w string) bool { return strings.Contains(strings.ToUpper(text), strings.ToUpper(w)) }),
				"%s %s: %s says nothing of %s", r.section, r.item, p, strings.Join(r.words, " or "))
		}
	}
}

// TestChapterDocument: the document is what the tables make.
func TestChapterDocument(t *testing.T) {
	text := chapterDocument()
	if *update {
		require.NoError(t, os.WriteFile(chapterFile, []byte(text), 0o644))
	}
	have, err := os.ReadFile(chapterFile)
	require.NoError(t, err)
	assert.Equal(t, text, string(have), `docs/tcp.md is not what the tables say: run "make docs"`)
}

// proofText is the text of a proof: a test function's, or a golden's with its programs.
func proofText(proof string) (string, error) {
	if strings.Contains(proof, ".Test") {
		pkg, name, _ := strings.Cut(proof, ".Test")
		tests, err := testsOf(pkg)
		if err != nil {
			return "", err
		}
		text, ok := tests["Test"+name]
		if !ok {
			return "", fmt.Errorf("there is no test %s", proof)
		}
		return text, nil
	}
	b, err := os.ReadFile(filepath.Join(top, proof))
	text := string(b)
	for _, program := range regexp.MustCompile(`[\w./]+\.mac`).FindAllString(text, -1) {
		if b, err := os.ReadFile(filepath.Join(top, filepath.Dir(proof), program)); err == nil {
			text += string(b)
		}
	}
	return text, err
}

var (
	testSources = map[string]map[string]string{}
	testMutex   sync.Mutex
)

// testsOf are the test functions of a package with their text.
func testsOf(pkg string) (map[string]string, error) {
	testMutex.Lock()
	defer testMutex.Unlock()
	if tests := testSources[pkg]; tests != nil {
		return tests, nil
	}
	files, err := filepath.Glob(filepath.Join(top, pkg, "*_test.go"))
	if err != nil {
		return nil, err
	}
	tests := map[string]string{}
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				tests[fn.Name.Name] = string(src[fn.Pos()-1 : fn.End()-1])
			}
		}
	}
	testSources[pkg] = tests
	return tests, nil
}

// chapterDocument is docs/tcp.md.
func chapterDocument() string {
	var b strings.Builder
	b.WriteString(`# TCP: everything the chapter has

The manual's chapter "TCP Client/Server Communication", row by row: what there is, its default, where it
may stand, what it does, and the test or golden that proves it. A proof ` + "`package.TestName`" + ` is a Go test,
a path a golden. "make docs" makes this page from the driver's tables (scripts/chapter_rows_test.go); tests
fail when a row lacks a proof, when the chapter has something that this page has not, and when it is out of date.
`)
	section := ""
	for _, r := range chapterRows() {
		if r.section != section {
			section = r.section
			fmt.Fprintf(&b, "\n## %s\n\n| | Default | In | What it does | Proof |\n|---|---|---|---|---|\n", section)
		}
		proof := make([]string, len(r.proof))
		for i, p := range r.proof {
			proof[i] = "`" + p + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", "`"+strings.ReplaceAll(r.item, "|", `\|`)+"`", cell(r.def), r.where, cell(r.does), strings.Join(proof, " "))
	}
	return b.String()
}

// cell is text inside a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;").Replace(s)
}
