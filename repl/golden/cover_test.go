package golden_test

// Coverage of sessions: the figures of a known routine, from several processes, their jobs
// and a process that is killed.

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func coveredFolder(t *testing.T) string {
	return folder(t, map[string]string{
		"r/lib.mac":    "lib\n SET x=1\n QUIT\nhalf(n)\n IF n {\n   SET y=1\n }\n ELSE {\n   SET y=2 ; <b>\n }\n QUIT\njob\n SET ^done=1\n QUIT\n",
		"r/unused.mac": "unused\n QUIT\n",
		"r/two.xml": `<Export generator="Cache"><Routine name="one" type="MAC"><![CDATA[one QUIT
]]></Routine></Export>
`,
		"a.session": `cos session 1
file own.mac
| own DO ^lib,half^lib(1) JOB job^lib
process A: run -I r $tmp/own.mac
A exits 0
process B: run -c "WRITE ^done"
B< 1
B exits 0
`,
		"b.session": `cos session 1
prompt P: USER
P> DO $SYSTEM.OBJ.Load("r/two.xml","-d") DO ^one
process B: run --entry half r/lib.mac 1
B exits 0
`,
		"killed.session": "cos session 1\nprompt K: USER\nK> SET x=$ZF(-1,\"kill -9 $PPID\")\n",
	})
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	dir := coveredFolder(t)
	out, errs, exit := cos(t, dir, "test", "--cover", "--cover-html", "c.html", "--cover-profile", "c.lcov", ".")
	assert.Equal(t, 0, exit, out+errs)
	assert.Equal(t, "3 passed, 0 failed T\ncoverage of lines\n  87.5%          7/8  r/lib.mac\n 100.0%          1/1  r/two.xml(one.MAC)\n  88.9%          8/9  of 2 routines\nnot counted: 1 process, killed before the end\n", timeless(out))
	assert.Equal(t, "cos: --cover-profile leaves out r/two.xml(one.MAC), whose lines are not those of a file\n", errs)
	b, err := os.ReadFile(filepath.Join(dir, "c.lcov"))
	require.NoError(t, err)
	assert.Equal(t, "TN:\nSF:r/lib.mac\nDA:2,1\nDA:3,1\nDA:5,2\nDA:6,2\nDA:9,0\n", strings.Join(strings.SplitAfter(string(b), "\n")[:7], ""))
	b, err = os.ReadFile(filepath.Join(dir, "c.html"))
	require.NoError(t, err)
	assert.Contains(t, string(b), `<span class="not"><i class="l">9</i><i class="h">0</i>   SET y=2 ; &lt;b&gt;</span>`)
	assert.Contains(t, string(b), `<span class="run"><i class="l">13</i><i class="h">1</i> SET ^done=1</span>`)
}

func TestCoverageAsJSON(t *testing.T) {
	t.Parallel()
	dir := coveredFolder(t)
	out, errs, exit := cos(t, dir, "test", "--cover", "--json", ".")
	assert.Equal(t, 0, exit, out+errs)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 4)
	assert.Equal(t, `{"event":"summary","passed":3,"failed":0,"updated":0,"skipped":0,"seconds":T,"covered":8,"lines":9,"lost":1,`+
		`"routines":[{"path":"r/lib.mac","covered":7,"lines":8,"missed":[9]},{"path":"r/two.xml(one.MAC)","covered":1,"lines":1,"missed":[]}]}`, timeless(lines[3]))
	assert.True(t, json.Valid([]byte(lines[3])))

	out, _, _ = cos(t, dir, "test", "--json", "a.session")
	assert.NotContains(t, out, "covered")
}

func TestCoverageThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := coveredFolder(t)
	for _, flag := range []string{"--cover-html", "--cover-profile"} {
		out, errs, exit := cos(t, dir, "test", flag, "none/c", ".")
		assert.Equal(t, 2, exit)
		assert.Contains(t, errs, "cos: "+flag+": open none/c")
		assert.Empty(t, out)
	}
}
