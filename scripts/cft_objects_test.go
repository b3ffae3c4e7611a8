package scripts_test

// The objects of the bundled Transfer CFT: each keyword acts, or docs/cft.md says that it does not.

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/scripts"
)

// objectKeywords are the keywords of each object of the table of verbs.
func objectKeywords(t *testing.T) map[string][]string {
	t.Helper()
	table, err := fs.ReadFile(scripts.Files, "cft/CFTVERB.mac")
	require.NoError(t, err)
	labels := map[string][]string{}
	label := ""
	for _, line := range strings.Split(string(table), "\n") {
		if line != "" && line[0] != ' ' && line[0] != ';' {
			label, _, _ = strings.Cut(line, " ")
			if _, verb, ok := strings.Cut(line, ";;"); ok && strings.HasPrefix(label, "v") {
				labels[label] = []string{"=" + strings.Split(verb, "|")[0]} // the name of the verb comes first
			}
		} else if row, ok := strings.CutPrefix(line, " ;;"); ok && label != "" && row != "" && row[0] != '~' {
			key, _, _ := strings.Cut(row, "|")
			labels[label] = append(labels[label], key)
		}
	}
	objects := map[string][]string{}
	for label, keys := range labels {
		if !strings.HasPrefix(label, "vCFT") {
			continue
		}
		for _, key := range keys[1:] {
			if include, ok := strings.CutPrefix(key, "="); ok {
				require.NotEmpty(t, labels["r"+include], include)
				objects[label[1:]] = append(objects[label[1:]], labels["r"+include]...)
			} else {
				objects[label[1:]] = append(objects[label[1:]], key)
			}
		}
	}
	require.Len(t, objects, 13)
	return objects
}

// TestObjectKeywordsAct: a keyword that nothing reads is in the table "accepted, without effect", and
// what is in that table is a keyword.
func TestObjectKeywordsAct(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "cft.md"))
	require.NoError(t, err)
	_, after, found := strings.Cut(string(text), "**Accepted, without effect here.**")
	require.True(t, found)
	idle := map[string]map[string]bool{}
	for _, line := range strings.Split(after, "\n") {
		if strings.HasPrefix(line, "**") || strings.HasPrefix(line, "#") {
			break
		}
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, object := range regexp.MustCompile(`CFT[A-Z]+`).FindAllString(cells[1], -1) {
			if idle[object] == nil {
				idle[object] = map[string]bool{}
			}
			for _, key := range regexp.MustCompile(`[A-Z]+`).FindAllString(cells[2], -1) {
				idle[object][key] = true
			}
			assert.NotEmpty(t, strings.TrimSpace(cells[3]), "because: %s", line)
		}
	}
	var routines strings.Builder
	files, err := fs.Glob(scripts.Files, "cft/*.mac")
	require.NoError(t, err)
	for _, file := range files {
		b, err := fs.ReadFile(scripts.Files, file)
		require.NoError(t, err)
		code := string(b)
		switch file {
		case "cft/CFTVERB.mac":
			continue
		case "cft/CFTCFG.mac":
			code, _, _ = strings.Cut(code, "\nobjects ;") // the defaults read nothing
		}
		routines.WriteString(code)
	}
	for object, keys := range objectKeywords(t) {
		for _, key := range keys {
			read := strings.Contains(routines.String(), `"`+key+`"`)
			assert.True(t, read || key == "COMMENT" || idle[object][key], "%s %s: nothing reads it, and docs/cft.md does not say so", object, key)
		}
		for key := range idle[object] {
			assert.Contains(t, keys, key, "%s has no such keyword", object)
		}
	}
}

// What objects say beyond the scenarios: lists in files, scripts of CFTPARM, where a sent file goes, our
// name on the network, the length of a line of the log.
func TestObjects(t *testing.T) {
	t.Parallel()
	s, out := startLoop(t)
	dir := t.TempDir()
	p := &pair{in: dir, out: out}
	partners := p.file(t, "partners", []byte("# who gets it\nparis\n"))
	allowed := p.file(t, "allowed", []byte("T*   # all of these\n"))
	s.configure(t, `CFTPARM ID=IDPARM0,PART=PARIS,NPART=NETNAME,COM=(COMS),NET=(NET0),PROT=(PESIT1),EXECRF=note^CFTTESTX,EXECRM=note^CFTTESTX
CFTPART ID=PARIS,PROT=PESIT1,SAP=`+s.port(t, "CFTTCPS", "PESIT1")+`,NRPART=NETNAME,RAUTH=ONLY
CFTAUTH ID=ONLY,FNAME="`+allowed+`"
CFTDEST ID=ALL,FNAME="`+partners+`"
CFTSEND ID=TXT,FACTION=ARCHIVE,ARCHIVEFNAME="`+dir+`/&BNAME.&IDTU.old"`)

	file := p.file(t, "a.txt", []byte("one\n"))
	a := s.ask(t, `SEND PART=ALL,IDF=TXT,FNAME="`+file+`",WSTATES=X,WTIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	assert.Equal(t, "one\n", string(p.received(t, "a.txt")))
	assert.NoFileExists(t, file)
	old, err := filepath.Glob(filepath.Join(dir, "a.txt.A*.old"))
	require.NoError(t, err)
	assert.Len(t, old, 1)

	s.configure(t, `CFTRECV ID=TXT,FNAME="`+out+`/&NFNAME",FACTION=VERIFY`)
	a = s.ask(t, `SEND PART=PARIS,IDF=TXT,FNAME="`+p.file(t, "a.txt", []byte("two\n"))+`"`)
	s.until(t, a.get("cat.IDTU"), func(e map[string]string) bool { return e["DIAGI"] == "613" && e["PHASESTEP"] == "H" })
	assert.Equal(t, "one\n", string(p.received(t, "a.txt")))

	a = s.ask(t, `SEND PART=PARIS,TYPE=MESSAGE,IDM=HELLO,MSG=hi,WSTATES=X,WTIMEOUT=60`)
	require.Equal(t, "0", a.get("rc"), a)
	require.Eventually(t, func() bool {
		noted := strings.Join(s.show(t, "^TEST"), "\n")
		return strings.Contains(noted, `^TEST("FILE","RECV",`) && strings.Contains(noted, `^TEST("MESSAGE","RECV",`)
	}, cftWait, 50*time.Millisecond)
	assert.Len(t, s.show(t, "^TEST"), 2, "what is sent has no script")

	a = s.ask(t, `SEND PART=PARIS,IDF=OTHER,FNAME="`+allowed+`"`)
	s.until(t, a.get("cat.IDTU"), func(e map[string]string) bool { return e["DIAGI"] == "904" && e["PHASESTEP"] == "H" })

	long := strings.Repeat("x", 200)
	s.configure(t, "CFTLOG ID=LOG0,LENGTH=100")
	require.Equal(t, "0", s.ask(t, "WLOG MSG="+long).get("rc"))
	lines := 0
	for _, line := range s.show(t, "^CFTLOG") {
		if _, value, _ := strings.Cut(line, "="); strings.Contains(value, "xxx") {
			assert.Len(t, strings.Trim(value, `"`), 100)
			lines++
		}
	}
	assert.Equal(t, 1, lines)

	// The log keeps as many lines as it is told to, the last ones.
	s.configure(t, "CFTLOG ID=LOG0,MAXREC=15")
	for i := range 20 {
		require.Equal(t, "0", s.ask(t, fmt.Sprintf("WLOG MSG='line <%d>'", i)).get("rc"))
	}
	assert.Equal(t, 1, s.logged(t, "line <19>"))
	assert.Zero(t, s.logged(t, "line <0>"))
	assert.Len(t, s.show(t, "^CFTLOG"), 1+15, "and the number of the last one")
	require.Empty(t, s.failures(t))
}
