package runtime

import (
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// limited makes a process whose memory, and that of its system, is limited.
func limited(t testing.TB, job, total int64) (*Process, *testConsole) {
	t.Helper()
	console := &testConsole{}
	env := &devices.Env{Console: console}
	s := NewSystem(Config{Env: env, Stderr: &console.out, JobMemory: job, TotalMemory: total})
	p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Close()
		s.Close()
		assert.Zero(t, s.memory.held.Load(), "every process gives back what it held")
	})
	return p, console
}

// program runs a routine t in a process.
func program(t testing.TB, p *Process, source string) error {
	t.Helper()
	r := p.sys.Compile("t", "", source)
	require.Empty(t, r.Errors)
	p.sys.Define(r)
	start, err := p.sys.At(r, "", 0)
	require.NoError(t, err)
	err = p.Launch(start, nil)
	p.Principal().Flush(devices.BeforeWait)
	return err
}

// heap is what Go's heap holds after a collection.
func heap() int {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.GC()
	goruntime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// holders are programs that hold about 20 MB, each in another way.
var holders = map[string]string{
	"dense numbers":   "FOR i=1:1:500000 SET a(i)=i",
	"sparse numbers":  "FOR i=1:1:150000 SET a(i*7919#1000003)=i",
	"ordered numbers": "FOR i=1:1:150000 SET a(i*7919#1000003)=i\n SET x=$ORDER(a(\"\"))",
	"names":           "FOR i=1:1:100000 SET a(\"key\"_i)=i",
	"ordered names":   "FOR i=1:1:100000 SET a(\"key\"_i)=i\n SET x=$ORDER(a(\"\"))",
	"texts":           "FOR i=1:1:100000 SET a(i)=\"a text of some forty characters, or so \"_i",
	"long texts":      "FOR i=1:1:20 SET a(i)=$JUSTIFY(i,1000000)",
	"two levels":      "FOR i=1:1:1000 FOR j=1:1:200 SET a(i,j)=i_\":\"_j",
	"small arrays":    "FOR i=1:1:40000 SET a(i,\"x\")=1,a(i,\"y\")=2",
	"many levels":     "FOR i=1:1:20000 SET a(1,2,3,\"k\"_i,5)=i",
	"merged":          "FOR i=1:1:40000 SET a(\"key\"_i)=i\n MERGE b=a,c=a",
	"wide":            "FOR i=1:1:10 SET a(i)=$CHAR(8364)_$JUSTIFY(i,1000000)",
	"growing string":  "SET s=\"\" FOR i=1:1:300000 SET s=s_\"0123456789\"",
	"JSON array":      "SET o=[] FOR i=1:1:200000 SET x=o.%Push(\"text \"_i)",
	"JSON object":     "SET o={} FOR i=1:1:100000 SET x=o.%Set(\"key\"_i,i)",
	"many objects":    "FOR i=1:1:50000 SET a(i)={\"a\":1}",
	"stream":          "SET o=##class(%Stream.TmpCharacter).%New() FOR i=1:1:20 SET x=o.Write($JUSTIFY(i,1000000))",
	"variables":       "FOR i=1:1:100000 SET @(\"v\"_i)=i",
	"shared":          "SET s=$JUSTIFY(1,3000000) FOR i=1:1:100 SET a(i)=s",
}

// What is accounted is within a factor of two of what Go's heap says.
func TestMemoryIsTrue(t *testing.T) {
	for name, code := range holders {
		t.Run(name, func(t *testing.T) {
			p, _ := limited(t, 0, 0)
			before := heap()
			require.NoError(t, program(t, p, "t\n "+code+"\n"))
			accounted, real := p.used()-jobMemory, heap()-before
			t.Logf("accounted %d KB, real %d KB", accounted>>10, real>>10)
			assert.Less(t, float64(accounted)/float64(real), 2.0)
			assert.Greater(t, float64(accounted)/float64(real), 0.5)
			goruntime.KeepAlive(p)
		})
	}
}

// A job that outgrows its limit gets <STORE> before the memory is used, can handle it,
// and goes on when it has freed what it held.
func TestStore(t *testing.T) {
	growers := map[string]string{"frames": "f(n) DO f(n+1)"}
	for name, code := range map[string]string{
		"numbers": "SET a(i)=i", "names": "SET a(\"k\"_i)=i", "levels": "SET a(i,i,i)=i", "texts": "SET a(i)=\"text \"_i",
		"long texts": "SET a(i)=$JUSTIFY(i,100000)", "merge": "SET a(i)=1 MERGE b(i)=a", "array": "SET x=o.%Push(i)",
		"object": "SET x=o2.%Set(i,i)", "stream": "SET x=s.Write($JUSTIFY(i,10000))", "linked": "SET l={},l.next=o2,o2=l",
		"sparse": "SET x=o.%Set(i*i*i*1000,1)", "indirect": "SET n=\"a(\"_i_\")\",@n=i", "private": "SET ^||a(i)=i",
		"pushed texts": "SET x=o.%Push($JUSTIFY(i,1000))", "texts by key": "SET x=o2.%Set(i,$JUSTIFY(i,1000))", "texts in place": "SET x=o.%Set(i,$JUSTIFY(i,1000))",
		"put aside": "NEW a SET a=$JUSTIFY(i,1000)",
		"input":     "SET $PIECE(a(i),\",\",1000)=i", "pieces": "SET x=$PIECE(i_\",\",\",\",1),a(\"k\"_x)=x", "joined": "SET a(i)=$JUSTIFY(i,5000)_i",
	} {
		growers[name] = "f(n) FOR i=1:1 " + code
	}
	for name, code := range growers {
		t.Run(name, func(t *testing.T) {
			p, console := limited(t, 8<<20, 0)
			before := heap()
			err := program(t, p, `t SET o=[],o2={},s=##class(%Stream.TmpCharacter).%New()
 SET z=$ZSTORAGE,before=$STORAGE
 TRY { DO f(1) } CATCH e { SET name=e.Name }
 WRITE z,name,$STORAGE<before
 KILL a,b,o,x,o2,s,l,n,^||a
 FOR i=1:1:1000 SET a(i)=i
 WRITE $STORAGE>(before\2) QUIT
`+code+"\n")
			require.NoError(t, err)
			want := "8192<STORE>11"
			if name == "frames" {
				want = "8192<FRAMESTACK>11"
			}
			assert.Equal(t, want, console.out.String())
			assert.Less(t, heap()-before, 16<<20)
		})
	}
}

// The names that a program makes up count, and are not given back.
func TestStoreOfNames(t *testing.T) {
	p, console := limited(t, 8<<20, 0)
	before := heap()
	require.NoError(t, program(t, p, "t TRY { FOR i=1:1 SET @(\"v\"_i)=i } CATCH e { WRITE e.Name,i<100000 }\n"))
	assert.Equal(t, "<STORE>1", console.out.String())
	assert.Less(t, heap()-before, 16<<20)
	goruntime.KeepAlive(p)
}

// A program that takes no notice of <STORE> does not grow.
func TestStoreIsFinal(t *testing.T) {
	p, _ := limited(t, 1<<20, 0)
	require.NoError(t, program(t, p, "t FOR i=1:1:40000 { TRY { SET a(\"k\"_i)=i } CATCH { } }\n SET n=0,k=\"\" FOR  SET k=$ORDER(a(k)) QUIT:k=\"\"  SET n=n+1\n"))
	assert.Less(t, p.used(), 1<<20+1<<17)
}

// A job that outgrows its limit ends; the others go on. Together they stay below what
// the system has, and JOB is refused where there is no room for one more.
func TestMemoryOfJobs(t *testing.T) {
	p, console := limited(t, 4<<20, 0)
	require.NoError(t, program(t, p, "t JOB grow JOB live HANG 0 QUIT\ngrow FOR i=1:1 SET a(i)=$JUSTIFY(i,100)\nlive FOR i=1:1:1000 SET a(i)=i\n WRITE ^x\n"))
	p.sys.Wait()
	assert.Regexp(t, `<STORE>grow\^t`, console.out.String())
	assert.Regexp(t, `<UNDEFINED>live\+1\^t \^x`, console.out.String(), "the other one went on")

	p, console = limited(t, 1<<20, 3*4*jobMemory/2)
	require.NoError(t, program(t, p, "t SET n=0 TRY { FOR i=1:1:9 { JOB wait SET n=n+1 } } CATCH e { WRITE e.Name,n }\n JOB wait::0 WRITE $TEST QUIT\nwait LOCK +^a:100 HANG 1000\n"))
	assert.Equal(t, "<NOJOB>30", console.out.String())
	p.sys.jobs.killAll(0)
	p.sys.Wait()

	p, console = limited(t, 0, 6<<20)
	require.NoError(t, program(t, p, "t SET x=0 TRY { FOR i=1:1 SET a(i)=$JUSTIFY(i,100) } CATCH e { WRITE e.Name }\n"))
	assert.Equal(t, "<STORE>", console.out.String())
	assert.LessOrEqual(t, p.sys.memory.held.Load(), int64(4<<20))
}

// $ZSTORAGE sets the limit, within what the system allows.
func TestSetStorage(t *testing.T) {
	p, console := limited(t, 16<<20, 0)
	err := program(t, p, "t SET $ZSTORAGE=1 WRITE $ZSTORAGE,\" \" SET $ZSTORAGE=1E18 WRITE $ZSTORAGE,\" \" SET $ZSTORAGE=2048 WRITE $ZSTORAGE,$STORAGE<2097152,$STORAGE>1900000\n FOR i=1:1 SET a(i)=i\n")
	assert.Equal(t, "128 16384 204811", console.out.String())
	require.Error(t, err)
	assert.True(t, strings.HasPrefix(err.Error(), "<STORE>t+1^t"), err)
	assert.Equal(t, fmt.Sprintf("%d", 2<<20), fmt.Sprint(p.memory.limit))
}

// The machine has some memory, and its containers' files are looked for.
func TestMachineMemory(t *testing.T) {
	assert.Greater(t, machineMemory(), int64(64<<20))
	assert.Contains(t, cgroupLimits(), "/sys/fs/cgroup/memory.max")
}
