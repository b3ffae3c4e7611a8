package runtime

// Globals to and from GT.M itself, where it is installed.

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gtm is a GT.M with a database of its own.
type gtm struct {
	*testing.T
	dist, dir string
	env       []string
}

// newGTM makes a database, in GT.M's UTF-8 mode or its mode M.
func newGTM(t *testing.T, wide bool) *gtm {
	found, _ := filepath.Glob("/usr/lib/*/fis-gtm/*/mupip")
	if len(found) == 0 {
		t.Skip("GT.M is not installed")
	}
	g := &gtm{T: t, dist: filepath.Dir(found[len(found)-1]), dir: t.TempDir()}
	g.env = []string{"gtmgbldir=" + g.path("g.gld"), "PATH=" + os.Getenv("PATH"), "HOME=" + g.dir}
	if wide {
		g.dist = filepath.Join(g.dist, "utf8")
		icu, _ := filepath.Glob("/usr/lib/*/libicuio.so.*.*")
		if len(icu) == 0 {
			t.Skip("GT.M's UTF-8 mode needs ICU, which is not installed")
		}
		_, version, _ := strings.Cut(filepath.Base(icu[0]), ".so.")
		g.env = append(g.env, "gtm_chset=UTF-8", "gtm_icu_version="+version, "LC_ALL=C.UTF-8")
	}
	g.env = append(g.env, "gtm_dist="+g.dist, "gtmroutines="+g.dist+"/libgtmutil.so")
	g.run("change -segment DEFAULT -block_size=4096 -file=g.dat\n"+ // GDE takes all that follows -file= for its name
		"change -region DEFAULT -record_size=1048576 -key_size=255 -null_subscripts=always\nexit\n", "mumps", "-run", "GDE")
	g.run("", "mupip", "create")
	require.FileExists(t, g.path("g.dat"))
	return g
}

func (g *gtm) path(name string) string { return filepath.Join(g.dir, name) }

func (g *gtm) run(stdin, program string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, filepath.Join(g.dist, program), args...)
	c.Dir, c.Env, c.Stdin = g.dir, g.env, strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	require.NoError(g, err, "%s %v: %s", program, args, out)
	return string(out)
}

// extract is the database as text.
func (g *gtm) extract(format string) string {
	name := g.path("extract")
	os.Remove(name)
	g.run("", "mupip", "extract", "-format="+format, name)
	b, err := os.ReadFile(name)
	require.NoError(g, err)
	return string(b)
}

// load replaces the database by a text.
func (g *gtm) load(text string) {
	g.run("set x=\"^%\" for  set x=$order(@x) quit:x=\"\"  kill @x\nkill ^%z\n", "mumps", "-direct")
	name := g.path("load")
	require.NoError(g, os.WriteFile(name, []byte(text), 0o600))
	g.run("", "mupip", "load", name)
}

// nodes is an extract without its header, which has the date.
func nodes(extract string) string {
	lines := strings.SplitAfterN(extract, "\n", 3)
	return lines[len(lines)-1]
}

// withGTM goes from GT.M to cos, from cos to GT.M, and compares what GT.M then holds.
func withGTM(t *testing.T, g *gtm, code string, tr Transfer) {
	g.run(code, "mumps", "-direct")
	theirs := g.extract("zwr")
	ours := openTestGlobals(t)
	c, err := ours.Import(strings.NewReader(theirs), "extract", Transfer{})
	require.NoError(t, err)
	assert.EqualValues(t, strings.Count(nodes(theirs), "\n"), c.Nodes)
	require.NotZero(t, c.Nodes)
	g.load(ours.exportAll(t, tr))
	assert.Equal(t, nodes(theirs), nodes(g.extract("zwr")))
}

const gtmNodes = `set ^a=1,^a(1)="x""y",^a("b")="l1"_$char(13,10)_"l2",^a(-.5)=3.25,^a("1.0")="",^a("a"_$char(9)_"b")=$char(0,1,127)
set ^a($char(1))=$char(27)_"[0m",^a("")="null",^b(1,2,3)="^",^%z=1,^a(1E10)=1E25,^a(0)=-0.5,^c(1)=$justify("",5000)
for i=1:1:2500 set ^n(i,-i/8,"k"_i)=i*1.5
`

func TestGTMInModeM(t *testing.T) {
	g := newGTM(t, false)
	withGTM(t, g, gtmNodes+"set ^a($char(200)_\"x\")=$char(128,130,233,255)\n", Transfer{Charset: CharsetM})
}

func TestGTMInUTF8Mode(t *testing.T) {
	g := newGTM(t, true)
	withGTM(t, g, gtmNodes+"set ^a(\"ü€\")=\"é€😀\"_$char(128,133,173,8232)\n", Transfer{})
}

// TestGTMsGO: what holds no line ends passes in the GO format too.
func TestGTMsGO(t *testing.T) {
	g := newGTM(t, false)
	g.run("set ^a=1,^a(\"x y\")=\"a\"\"b\",^a(2)=\"\",^a($char(233))=$char(200,9,0)\n", "mumps", "-direct")
	want := g.extract("zwr")
	ours := openTestGlobals(t)
	c, err := ours.Import(strings.NewReader(g.extract("go")), "extract", Transfer{})
	require.NoError(t, err)
	require.EqualValues(t, 4, c.Nodes)
	g.load(ours.exportAll(t, Transfer{Format: FormatGO, Charset: CharsetM}))
	assert.Equal(t, nodes(want), nodes(g.extract("zwr")))
}

// TestGTMTakesAnyText: what cos makes, GT.M loads and gives back the same.
func TestGTMTakesAnyText(t *testing.T) {
	g := newGTM(t, false)
	ours := openTestGlobals(t)
	for i := range int64(256) {
		c := Text(string([]byte{byte(i)}))
		ours.put(t, "a", []Value{Int(i)}, c)
		ours.put(t, "b", []Value{c, Text(fmt.Sprintf("x%sy", c.text))}, Text("<"+c.text+c.text+">"))
	}
	want := ours.all(t)
	g.load(ours.exportAll(t, Transfer{Charset: CharsetM}))
	ours.killAll(t)
	_, err := ours.Import(strings.NewReader(g.extract("zwr")), "extract", Transfer{})
	require.NoError(t, err)
	sameNodes(t, want, ours.all(t), false)
}
