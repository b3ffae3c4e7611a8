package runtime

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// loader is a process whose System has a data directory, and what it writes.
func loader(t *testing.T, data string) (p *Process, run func(code string) string) {
	p, console := limited(t, 0, 0)
	p.sys.cfg.DataDir = data
	p.sys.cfg.Folders = []string{filepath.Join(data, RoutinesFolder)}
	return p, func(code string) string {
		t.Helper()
		console.out.Reset()
		require.NoError(t, p.Execute(code))
		require.NoError(t, p.Principal().Flush(devices.BeforeWait))
		return strings.ReplaceAll(console.out.String(), "\r\n", "\n")
	}
}

// What Export writes, Load reads in another data directory, and a new process finds it.
func TestRoutinesTravel(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"one.mac":   "one() PUBLIC {\n #include kit\n QUIT $$$Kit_\"]]>\"\n}\n",
		"kit.inc":   "#define Kit \"kit\"\n",
		"two.int":   "two QUIT 2\n",
		"three.ro":  "%RO on today\nthree\nthree^INT^1^^0\nthree QUIT 3\n\n\n",
		"bad.xml":   "<nothing/>",
		"notes.txt": "no routine",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	_, run := loader(t, data)
	out := run(`SET dir="` + dir + `",sc=$SYSTEM.OBJ.LoadDir(dir,"",.errors,.loaded) WRITE errors," ",loaded,! ZWRITE loaded WRITE $SYSTEM.Status.IsError(sc)`)
	assert.Contains(t, out, "Imported routine: one.MAC\n")
	assert.Contains(t, out, "Detected 1 errors during load.\n1 4\n")
	assert.Contains(t, out, "loaded=4\nloaded(\"kit.INC\")=\"\"\nloaded(\"one.MAC\")=\"\"\nloaded(\"three.INT\")=\"\"\nloaded(\"two.INT\")=\"\"\n1")
	assert.Equal(t, "kit]]> 2 3", run(`WRITE $$one^one()," ",$$two^two()," ",$$three^three()`))

	file := filepath.Join(t.TempDir(), "all.xml")
	assert.Equal(t, "1", run(`WRITE $SYSTEM.OBJ.Export("one.mac,t*","`+file+`")`))
	assert.Contains(t, run(`WRITE $SYSTEM.OBJ.Export("two.int","")`), "<Routine name=\"two\" type=\"INT\" languagemode=\"0\"><![CDATA[\ntwo QUIT 2\n]]></Routine>\n</Export>\n1")
	for _, code := range []string{`$SYSTEM.OBJ.Export("nosuch","")`, `$SYSTEM.OBJ.Export("a.cls","")`, `$SYSTEM.OBJ.Export("two","/no/such/folder/x")`,
		`$SYSTEM.OBJ.Load("/no/such/file","-d")`, `$SYSTEM.OBJ.Load(dir_"/bad.xml","-d")`, `$SYSTEM.OBJ.LoadDir("/no/such/folder","-d")`} {
		assert.Equal(t, "1", run("WRITE $SYSTEM.Status.IsError("+code+")"), code)
	}

	second := t.TempDir()
	_, run = loader(t, second)
	assert.Equal(t, "1 2 3", run(`SET sc=$SYSTEM.OBJ.Load("`+file+`","-d") WRITE sc," ",$$two^two()," ",$$three^three()`))
	_, run = loader(t, second)
	assert.Equal(t, "2", run(`WRITE $$two^two()`), "what was loaded is kept")
	assert.Contains(t, run(`DO $SYSTEM.OBJ.Help()`), "LoadDir")
}
