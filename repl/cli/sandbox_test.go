package cli

// The doors to the outside world, each tried with the flag that shuts it and without.
// TestWorldDoors (house_test.go) keeps the list of files that have doors.

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// door is one way for a program to reach the outside world. In its code PORT is a port
// that somebody listens on, OUT a folder outside --root and LINK a symbolic link to it
// that lies inside.
type door struct{ file, code string }

var networkDoors = []door{
	{"devices/tcp_open.go", `OPEN "|TCP|1":("127.0.0.1":PORT):1`},
	{"devices/tcp_open.go", `OPEN "|TCP|1":(:0):1`},
	{"devices/tcp_open.go", `OPEN "|TCP|1":("localhost":PORT)`},
	{"devices/tcp_open.go", `OPEN "|TCP|1":(::"G"::::0):1`},
	{"devices/udp.go", `SET u=##class(%Net.UDP).%New(0,"127.0.0.1")`},
	{"devices/udp.go", `SET u=##class(%Net.UDP).%New(0)`},
	{"runtime/class_udp.go", `SET u=##class(%Net.UDP).GetHostAddr("localhost")`},
	{"runtime/class_http.go", `SET h=##class(%Net.HttpRequest).%New(),h.Server="127.0.0.1",h.Port=PORT,h.Timeout=1 SET sc=h.Get("/")`},
	{"runtime/class_iosocket.go", `SET s=##class(%IO.Socket).%New(),ok=s.Open("127.0.0.1",PORT,1,.sc)`},
	{"runtime/class_iosocket.go", `SET s=##class(%IO.ServerSocket).%New(),ok=s.Open(0,1,.sc)`},
	{"runtime/class_sslconfigs.go", `ZNSPACE "%SYS" SET p("Type")=0,sc=##class(Security.SSLConfigs).Create("c",.p),c=##class(Security.SSLConfigs).%OpenId("c"),sc=c.TestConnection("127.0.0.1",PORT,.i) ZNSPACE "USER"`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.HostNameToAddr("localhost")`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.AddrToHostName($CHAR(127,0,0,1))`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.GetInterfacesInfo()`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.CheckAddressExist("localhost")`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.CheckInterfaceExist("lo")`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.EthernetAddress(1)`},
	{"runtime/class_inetinfo.go", `SET x=$SYSTEM.INetInfo.OSsupportsIPV6()`},
	{"devices/services.go", `SET x=$SYSTEM.INetInfo.GetServiceByName("http")`},
}

var programDoors = []door{
	{"devices/pipe.go", `OPEN "echo x":"QR":1`},
	{"devices/pipe.go", `OPEN "|CPIPE|1":("echo x":"R"):1`},
	{"devices/pipe.go", `OPEN "|CPIPE|1":("/bin/echo":/COMMAND="/bin/echo")`},
	{"devices/program.go", `SET x=$ZF(-1,"true")`},
	{"devices/program.go", `SET x=$ZF(-2,"true")`},
	{"devices/program.go", `SET x=$ZF(-100,"","/bin/true")`},
	{"devices/program.go", `SET x=$ZF(-100,"/SHELL","true")`},
}

var fileDoors = []door{
	{"devices/file.go", `OPEN "OUT/f":"R":1`},
	{"devices/file.go", `OPEN "LINK/f":"R":1`},
	{"devices/file.go", `OPEN "LINK/new":"WN":1`},
	{"devices/file.go", `OPEN "../../../../../../../../../../etc/passwd":"R"`},
	{"devices/file.go", `OPEN "/dev/zero":"R"`},
	{"devices/file.go", `OPEN "mine":"WN" CLOSE "mine":("R":"OUT/stolen") WRITE:##class(%File).Exists("mine") $PIECE("<PROTECT> *--root kept",1)`},
	{"devices/program.go", `SET x=$ZF(-1,"cat OUT/f")`},
	{"devices/pipe.go", `OPEN "cat OUT/f":"QR":1`},
	{"runtime/class_file.go", `SET x=##class(%File).Exists("OUT/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).Exists("LINK/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).DirectoryExists("OUT")`},
	{"runtime/class_file.go", `SET x=##class(%File).Delete("LINK/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).ComplexDelete("OUT/*")`},
	{"runtime/class_file.go", `SET x=##class(%File).CopyFile("OUT/f","copy")`},
	{"runtime/class_file.go", `SET x=##class(%File).CopyFile("in","LINK/copy")`},
	{"runtime/class_file.go", `SET x=##class(%File).Rename("in","OUT/in")`},
	{"runtime/class_file.go", `SET x=##class(%File).CreateDirectory("OUT/d")`},
	{"runtime/class_file.go", `SET x=##class(%File).CreateDirectoryChain("LINK/d/e")`},
	{"runtime/class_file.go", `SET x=##class(%File).RemoveDirectory("OUT")`},
	{"runtime/class_file.go", `SET x=##class(%File).RemoveDirectoryTree("LINK")`},
	{"runtime/class_file.go", `SET x=##class(%File).GetFileSize("OUT/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).GetFileDateModified("LINK/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).ReadOnly("OUT/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).SetReadOnly("OUT/f")`},
	{"runtime/class_file.go", `SET x=##class(%File).SetWriteable("LINK/f")`},
	{"runtime/class_file.go", `SET f=##class(%File).%New("OUT/f"),sc=f.Open("R")`},
	{"runtime/stream.go", `SET s=##class(%Stream.FileCharacter).%New(),sc=s.LinkToFile("OUT/f") WRITE s.Read()`},
	{"runtime/stream.go", `SET s=##class(%Stream.FileBinary).%New(),s.Filename="LINK/f"`},
	{"runtime/class_dynamic.go", `SET x=##class(%DynamicObject).%FromJSONFile("OUT/f")`},
	{"runtime/class_obj.go", `SET sc=$SYSTEM.OBJ.Load("OUT/r.mac")`},
	{"runtime/class_obj.go", `SET sc=$SYSTEM.OBJ.LoadDir("LINK")`},
	{"runtime/class_obj.go", `SET sc=$SYSTEM.OBJ.Export("r.mac","OUT/x.xml")`},
	{"runtime/class_process.go", `SET x=$SYSTEM.Process.CurrentDirectory("OUT")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(168,"LINK")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(12,"OUT")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,1,"OUT/f")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,5,"LINK/f")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,6,"in","OUT/in")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,9,"OUT/d")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,10,"OUT")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,11,"OUT/f","copy")`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,12,"LINK/f",4)`},
	{"runtime/fn_zutil.go", `SET x=$ZUTIL(140,14,"in","OUT/f")`},
	{"runtime/commands_job.go", `JOB ^r:(::"OUT/f":"OUT/g"):1`},
	{"runtime/fn_system.go", `SET x=$ZSEARCH("OUT/*")`},
	{"runtime/fn_system.go", `SET x=$ZSEARCH("LINK/f")`},
}

// outside is a world with something to reach for: a listening port, a folder beside the
// one that cos runs in.
func outside(t *testing.T) (w *testWorld, out string, fill func(string) string) {
	w = newWorld(t, map[string]string{"in": "inside", "r.mac": "r\n QUIT\n"})
	out = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(out, "f"), []byte("{}"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(out, "r.mac"), []byte("r\n QUIT\n"), 0o644))
	require.NoError(t, os.Symlink(out, filepath.Join(w.dir, "link")))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	return w, out, strings.NewReplacer("PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port), "OUT", out, "LINK", "link").Replace
}

// tries runs the code of each door in one prompt and returns what became of each, a line
// each.
func tries(w *testWorld, doors []door, fill func(string) string, flags ...string) string {
	var in strings.Builder
	for _, d := range doors {
		in.WriteString(`TRY { ` + fill(d.code) + ` WRITE "went on",! } CATCH e { WRITE $ZERROR,! }` + "\n")
	}
	out, errs, exit := w.run(in.String(), flags...)
	require.Zero(w, exit, out+errs)
	return out
}

func TestShutDoors(t *testing.T) {
	for _, c := range []struct {
		flags []string
		says  string
		doors []door
	}{
		{[]string{"--no-network"}, "<PROTECT> *--no-network", networkDoors},
		{[]string{"--no-shell"}, "<PROTECT> *--no-shell", programDoors},
		{[]string{"--root", "."}, "<PROTECT> *--root", fileDoors},
	} {
		t.Run(c.flags[0], func(t *testing.T) {
			w, out, fill := outside(t)
			before := listing(t, out)
			lines := strings.Split(strings.TrimSuffix(tries(w, c.doors, fill, c.flags...), "\n"), "\n")
			require.Len(t, lines, len(c.doors))
			for i, got := range lines {
				assert.True(t, strings.HasPrefix(got, c.says), "%s: %s\n%s", c.doors[i].file, c.doors[i].code, got)
			}
			assert.Equal(t, before, listing(t, out), "nothing has changed outside")
			assert.NotContains(t, tries(w, c.doors, fill), "PROTECT", "without the flag all are open")
		})
	}
}

func listing(t *testing.T, dir string) (names []string) {
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range list {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		names = append(names, e.Name()+":"+string(b))
	}
	return names
}

// What lies below --root works as it does without the flag.
func TestRootInside(t *testing.T) {
	w, _, _ := outside(t)
	w.env = append(w.env, "COS_DATA=")
	out, errs, exit := w.run(`OPEN "f":"WN" USE "f" WRITE "one",! CLOSE "f" OPEN "f":"R" USE "f" READ x USE 0 WRITE x,!
WRITE ##class(%File).CreateDirectoryChain("a/b/c"),##class(%File).CopyFile("f","a/b/g"),##class(%File).Rename("a/b/g","a/h"),##class(%File).GetFileSize("a/h"),!
SET s=##class(%Stream.FileCharacter).%New() DO s.LinkToFile("s") DO s.Write("text"),s.%Save() WRITE ##class(%File).GetFileSize("s"),!
WRITE $ZSEARCH("*.mac")["/r.mac",$ZSEARCH("")="",!
WRITE ##class(%File).ComplexDelete("a/h*"),##class(%File).Exists("a/h"),##class(%File).RemoveDirectoryTree("a"),!
SET t=##class(%File).TempFilename("txt") WRITE ##class(%File).Exists(t),!
DO ^r SET ^x=1 WRITE ^x,!
`, "--root", w.dir)
	assert.Zero(t, exit, errs)
	assert.Equal(t, "one\n1114\n4\n11\n101\n1\n1\n", out)
	_, err := os.Stat(filepath.Join(w.dir, rootData))
	assert.NoError(t, err, "globals are kept below the root")
}

func TestRootOfRoutines(t *testing.T) {
	w, out, _ := outside(t)
	_, errs, exit := w.run("", "run", "--root", ".", filepath.Join(out, "r.mac"))
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: "+filepath.Join(out, "r.mac")+" lies outside --root .\n", errs)
	_, errs, exit = w.run("", "run", "--root", ".", "-I", out, "-c", "QUIT")
	assert.Equal(t, 2, exit)
	assert.Equal(t, "cos: -I "+out+" lies outside --root .\n", errs)
	_, errs, exit = w.run("", "run", "--root", "nosuch", "-c", "QUIT")
	assert.Equal(t, 2, exit)
	assert.Regexp(t, `^cos: --root: .*nosuch: no such file or directory\n$`, errs)
	got, errs, _ := w.run("ZLOAD r ZSAVE r2\n", "--root", ".")
	assert.Contains(t, got, "<PROTECT>", "the data directory lies outside: %s", errs)
}

func TestNoShellAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	w.env = append(w.env, "EDITOR=touch edited;")
	out, errs, exit := w.run("!echo out\n:edit r\nWRITE 1\n", "--no-shell")
	assert.Zero(t, exit, errs)
	assert.Equal(t, "<PROTECT> *--no-shell\n<PROTECT> *--no-shell\n1\n", out)
}

// cos test gives the flags to what it starts.
func TestSandboxedGoldens(t *testing.T) {
	w := newWorld(t, map[string]string{"a.session": "cos session 1\nprompt A: USER\n\nA> OPEN \"|TCP|1\":(:0)\nA! <PROTECT> *--no-network\nA> SET x=$ZF(-1,\"true\")\nA! <PROTECT> *--root\n"})
	out, errs, exit := w.run("", "test", "--no-network", "--root", ".", "a.session")
	assert.Zero(t, exit, out+errs)
}
