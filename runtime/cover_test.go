package runtime

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/runtime/coverage"
)

// covered runs a routine whose lines begin with how often they must run, "." for those
// that have nothing to run.
func covered(t *testing.T, annotated string) {
	t.Helper()
	var want, source []string
	for _, line := range strings.Split(strings.Trim(annotated, "\n"), "\n") {
		n, text, _ := strings.Cut(line, "|")
		want = append(want, strings.TrimSpace(n))
		source = append(source, text)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "c.mac")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(source, "\n")+"\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "d.inc"), []byte("#define TWICE(%x) SET y=%x SET y=y+%x\n SET included=1\n"), 0o600))
	s := NewSystem(Config{Cover: true, Folders: []string{dir}, Stderr: os.Stderr})
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("null"), nil })
	require.NoError(t, err)
	r, err := s.LoadFile(path)
	require.NoError(t, err)
	start, err := s.At(r, "", 0)
	require.NoError(t, err)
	err = p.Launch(start, nil)
	if err != ErrHalt {
		require.NoError(t, err)
	}
	p.Close()
	s.Wait()
	list := s.Coverage()
	require.Len(t, list, 1)
	var got []string
	for i, n := range list[0].Hits {
		shown := fmt.Sprint(n)
		if n == coverage.Nothing {
			shown = "."
		}
		got = append(got, shown+"|"+source[i])
		want[i] += "|" + source[i]
	}
	assert.Equal(t, want, got)
	assert.Equal(t, path, list[0].Path)
	assert.Equal(t, source, list[0].Source)
}

// coverCases are the shapes that lines have.
var coverCases = map[string]string{
	"lines": `
.|c ; a comment
.| ;
1| SET x=1,y=2 SET z=3
1| WRITE x,y
.|
1| QUIT
0| SET x=2
.|never
0| QUIT
`,
	"loops": `
.|c
1| FOR i=1:1:3 SET x=i
1| FOR i=1:1:3 {
3|  SET x=i
3|  IF i=2 {
1|    SET y=1
.|  } ELSEIF i=9 {
0|    SET y=9
.|  } ELSE {
2|    SET y=2
.|  }
.| }
1| SET n=0 FOR  {
4|   SET n=n+1 QUIT:n>3
3|   SET m=n
.| }
1| WHILE n>0 {
4|   SET n=n-1
.| }
1| DO {
2|   SET n=n+1
.| } WHILE n<2
1| QUIT
`,
	"lines that are not gone through": `
.|c
1| IF 0 SET x=1
1| ELSE  SET x=2
1| SET:0 x=3
1| DO:0 never
1| IF 1 { SET x=1 } ELSE { SET x=2 }
1| QUIT
.|never
0| QUIT
`,
	"dots and calls": `
.|c
1| FOR i=1,2 DO
2| . SET x=i
2| . IF x=1 DO
1| . . SET y=x
2| . QUIT
1| DO sub,sub,proc(1)
1| SET v=$$f(2)+$$f(3)
1| GOTO on
0| QUIT
3|sub SET s=1
3| QUIT
.|proc(a) PUBLIC {
1|  IF a {
1|    DO sub
.|  }
1|  GOTO in
0|  SET b=1
1|in QUIT
.|}
2|f(x) QUIT x+1
.|on
1| QUIT
.|unused() {
0|  QUIT 1
.|}
`,
	"errors": `
.|c
1| TRY {
1|   SET x=1/0
0|   SET y=1
.| } CATCH e {
1|   SET z=1
.| }
1| DO trapped
1| QUIT
.|trapped
1| SET $ZTRAP="trap"
1| SET x=1/0
0| QUIT
.|trap
1| SET $ZTRAP="" QUIT
`,
	"code in strings counts for the line that holds it": `
.|c
1| XECUTE "SET x=1 SET y=2 FOR i=1:1:5 SET z=i"
1| XECUTE "DO sub DO sub"
1| SET w="$$f()",v=@w
1| QUIT
2|sub SET s=1 QUIT
1|f() QUIT 1
`,
	// The code of an include file counts for the line that includes it.
	"macros": `
1|#include d
.|#define HERE SET h=1
.|c
1| $$$HERE $$$TWICE(2)
.|#if 0
.| SET gone=1
.|#else
1| $$$HERE
.|#endif
1| QUIT
`,
	"jobs": `
.|c
1| FOR i=1:1:3 JOB child(i)
1| JOB child(4) HALT
0| QUIT
.|child(n)
4| IF n=2 {
1|  SET x=1
.| }
4| QUIT
`,
}

func TestCoverage(t *testing.T) {
	for name, text := range coverCases {
		t.Run(name, func(t *testing.T) { covered(t, text) })
	}
}

// TestCoverageBesideSignals: breakpoints come and go, a message arrives, and the lines
// count on.
func TestCoverageBesideSignals(t *testing.T) {
	covered(t, `
.|c
1| ZBREAK *x:"N"
1| SET x=1
1| ZBREAK --*x BREAK "OFF"
1| DO $SYSTEM.Process.Broadcast($JOB,"m")
1| SET x=2
1| QUIT
`)
}

// TestCoverageIsLeftOut: of text that comes from no file, and of everything while nobody
// asks.
func TestCoverageIsLeftOut(t *testing.T) {
	s := NewSystem(Config{Cover: true})
	s.Define(s.Compile("t", "", "t QUIT\n"))
	assert.Empty(t, s.Coverage())
	s = NewSystem(Config{})
	path := filepath.Join(t.TempDir(), "c.mac")
	require.NoError(t, os.WriteFile(path, []byte("c QUIT\n"), 0o600))
	r, err := s.LoadFile(path)
	require.NoError(t, err)
	assert.Nil(t, r.counters)
	assert.Nil(t, s.Coverage())
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("null"), nil })
	require.NoError(t, err)
	defer p.Close()
	assert.Zero(t, p.signal.pending.Load(), "so no command boundary stops to look")
}

// TestCoverageOfARoutineThatIsLoadedAgain goes on with the counters it has; a file that has
// changed is another one.
func TestCoverageOfARoutineThatIsLoadedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.mac")
	s := NewSystem(Config{Cover: true})
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("null"), nil })
	require.NoError(t, err)
	defer p.Close()
	run := func(text string) {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := s.LoadFile(path)
		require.NoError(t, err)
		require.NoError(t, p.Execute("DO ^c"))
	}
	run("c\n QUIT\n")
	run("c\n QUIT\n")
	run("c\n SET x=1\n QUIT\n")
	list := s.Coverage()
	require.Len(t, list, 2)
	assert.Equal(t, []int64{-1, 2}, list[0].Hits)
	assert.Equal(t, []int64{-1, 1, 1}, list[1].Hits)
}
