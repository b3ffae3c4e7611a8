//go:build unix

package devices

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plumbing is a pipe with the process it works for.
type plumbing struct {
	*testing.T
	host *testHost
	env  *Env
	d    *Pipe
}

func plumb(t *testing.T, name string, params ...string) *plumbing {
	t.Helper()
	k := &plumbing{t, &testHost{}, &Env{}, nil}
	d, err := open(k.env, k.host, name, patience, params...)
	require.NoError(t, err)
	k.d = d.(*Pipe)
	return k
}

func (k *plumbing) reads(spec ReadSpec, want, zb string) {
	k.Helper()
	res, err := k.d.Read(spec)
	require.NoError(k, err)
	assert.Equal(k, want, res.Text.S)
	assert.Equal(k, zb, k.d.State().ZB.S, "$ZB")
	assert.Equal(k, zb != "" && spec.Fixed == 0, k.d.State().Key.S != "", "$KEY")
	assert.Zero(k, k.d.State().ZA, "$ZA")
}

func (k *plumbing) close(params ...string) {
	k.Helper()
	require.NoError(k, k.d.Close(positional(params...)))
}

func TestPipeReads(t *testing.T) {
	k := plumb(t, `printf 'one\r\ntwo\nab'`, "Q")
	assert.Equal(t, `RSQK\UTF8\`, k.d.State().Mode)
	k.reads(ReadSpec{}, "one", "\r")
	k.reads(ReadSpec{Fixed: 2}, "tw", "w")
	k.reads(ReadSpec{}, "o", "\n")
	k.reads(ReadSpec{}, "ab", "")
	_, err := k.d.Read(ReadSpec{})
	assert.Equal(t, "ENDOFFILE", failure(err))
	assert.True(t, k.d.State().EOF)
	assert.Equal(t, ZAError, k.d.State().ZA)
	assert.Equal(t, "WRITE", failure(k.d.Write(Text{S: "x"})))
	require.NoError(t, k.d.Reopen(positional("QW"))) // a second OPEN is ignored
	k.close()
}

// With SetZEOF(1) the end is "" with $ZEOF.
func TestPipeZEOF(t *testing.T) {
	k := plumb(t, "true", "QR")
	k.env.Settings = func(Host) Settings { return Settings{ZEOF: true} }
	k.reads(ReadSpec{}, "", "")
	assert.True(t, k.d.State().EOF)
	k.close()
}

func TestPipeWrites(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	k := plumb(t, "cat >"+out, "QW")
	require.NoError(t, k.d.Write(Text{S: "line"}))
	require.NoError(t, k.d.Format(Newline, 0))
	assert.Equal(t, 1, k.d.State().Y)
	_, err := k.d.Read(ReadSpec{})
	assert.Equal(t, "READ", failure(err))
	k.close()
	b, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "line\n", string(b)) // CLOSE has waited for the program
}

// What a program does not take any more is <WRITE>.
func TestPipeToAProgramThatEnded(t *testing.T) {
	k := plumb(t, "true", "QW")
	<-k.d.ended
	require.NoError(t, k.d.Write(Text{S: "x"}))
	assert.Equal(t, "WRITE", failure(k.d.Control(3)))
	assert.ErrorContains(t, k.d.State().Err, "broken pipe")
	k.close()
}

func TestPipeBothWays(t *testing.T) {
	k := plumb(t, "|CPIPE|1", "cat", "RW")
	for _, line := range []string{"one", "two"} {
		require.NoError(t, k.d.Write(Text{S: line}))
		require.NoError(t, k.d.Format(Newline, 0))
		k.reads(ReadSpec{}, line, "\n")
	}
	require.NoError(t, k.d.Write(Text{S: "ab\ncd\n"}))
	k.reads(ReadSpec{}, "ab", "\n")
	require.NoError(t, k.d.Write(Text{S: "ef\n"})) // with input unread
	k.reads(ReadSpec{}, "cd", "\n")
	k.reads(ReadSpec{}, "ef", "\n")
	k.close()
}

// /COMMAND and /ARGS start the program itself, with /ENV added to its environment.
func TestPipeWithoutShell(t *testing.T) {
	t.Setenv("KEPT", "yes")
	list := func(items ...Item) Param { return Param{Set: true, List: items} }
	args := list(Item{Value: Text{S: "-c"}}, Item{Value: Text{S: `echo "$NEW $KEPT $1"; exit 3`}}, Item{Value: Text{S: "x"}}, Item{Value: Text{S: "a b"}})
	args.Key = "/ARGS"
	env := list(Item{Text{S: "NEW"}, Text{S: "\xe4"}})
	env.Key = "/ENV"
	d, err := Open(t.Context(), &Env{}, &testHost{}, "|CPIPE|", Params{{Key: "/COMMAND", Value: Text{S: "sh"}, Set: true}, args, env}, -1)
	require.NoError(t, err)
	k := &plumbing{t, nil, nil, d.(*Pipe)}
	k.reads(ReadSpec{}, "\xe4 yes a b", "\n")
	_, err = d.Read(ReadSpec{})
	assert.Equal(t, "ENDOFFILE", failure(err))
	code, err := k.d.ExitCode()
	require.NoError(t, err)
	assert.Equal(t, 3, code)
	k.close()

	_, err = open(&Env{}, &testHost{}, "|CPIPE|2", -1, "/COMMAND=/nonesuch/program")
	require.Equal(t, "NOTOPEN", failure(err))
	n, text, ok := Errno(err)
	assert.True(t, ok)
	assert.Equal(t, "2 No such file or directory", fmt.Sprint(n, " ", text))
	_, err = open(&Env{}, &testHost{}, "|CPIPE|2", time.Second, "nonesuch-program", "", "/ARGS=x")
	assert.ErrorIs(t, err, ErrTimeout) // timed: $TEST=0
	_, err = open(&Env{}, &testHost{}, "|CPIPE|2", -1)
	assert.Equal(t, "NOTOPEN", failure(err))
}

func TestPipeExitCodes(t *testing.T) {
	k := plumb(t, "|CPIPE|1", "exit 3")
	_, err := k.d.ExitCode()
	assert.ErrorIs(t, err, ErrPipeShell)
	k.close()
	k = plumb(t, "|CPIPE|1", "/COMMAND=cat", "/WRITE")
	_, err = k.d.ExitCode()
	assert.ErrorIs(t, err, ErrPipeRuns)
	require.NoError(t, k.d.program.Process.Kill())
	<-k.d.ended
	code, err := k.d.ExitCode()
	require.NoError(t, err)
	assert.Equal(t, 137, code)
	k.close()
}

// CLOSE waits for the program, for closetimeout or with "I" for a second at most, and
// leaves it alone then.
func TestPipeClose(t *testing.T) {
	for _, c := range []struct {
		params []string
		close  string
	}{
		{[]string{"exec sleep 100", "W"}, "I"},
		{[]string{"exec sleep 100", "", "", "", "1"}, ""},
	} {
		k := plumb(t, "|CPIPE|1", c.params...)
		began := time.Now()
		k.close(c.close)
		took := time.Since(began)
		assert.GreaterOrEqual(t, took, time.Second)
		assert.Less(t, took, patience)
		select {
		case <-k.d.ended:
			t.Fatal("the program did not survive CLOSE")
		default:
		}
		require.NoError(t, k.d.program.Process.Kill())
		<-k.d.ended
	}
	k := plumb(t, "exec sleep 100", "Q")
	interrupts(t, k.host, WaitPipe, func() error { return k.d.Close(nil) })
	require.NoError(t, k.d.program.Process.Kill())
	<-k.d.ended
}

// I ignores the end: READ waits up to its timeout, and gets what comes later in a file.
func TestIgnoreEOF(t *testing.T) {
	k := plumb(t, "printf ab", "QI")
	res, err := k.d.Read(timed(soon))
	require.NoError(t, err)
	assert.True(t, res.TimedOut)
	assert.Equal(t, "ab", res.Text.S)
	assert.Equal(t, ZATimedOut, k.d.State().ZA)
	interrupts(t, k.host, WaitRead, func() error { _, err := k.d.Read(ReadSpec{}); return err })
	k.close()

	desk := sitDown(t, "one\ntw").open("RI")
	desk.read("one", "\n")
	go func() {
		f, err := os.OpenFile(desk.path, os.O_APPEND|os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString("o\n")
			_ = f.Close()
		}
		assert.NoError(t, err)
	}()
	desk.read("two", "\n").close()
}

func TestPipeWaits(t *testing.T) {
	k := plumb(t, "exec sleep 100", "Q")
	res, err := k.d.Read(timed(soon))
	require.NoError(t, err)
	assert.True(t, res.TimedOut)
	interrupts(t, k.host, WaitRead, func() error { _, err := k.d.Read(ReadSpec{}); return err })
	require.NoError(t, k.d.program.Process.Kill())
	k.close()
	k = plumb(t, "exec sleep 100", "QW")
	interrupts(t, k.host, WaitWrite, func() error {
		for {
			if err := k.d.Write(Text{S: strings.Repeat("x", 1000)}); err != nil {
				return err
			}
		}
	})
	require.NoError(t, k.d.program.Process.Kill())
	assert.Equal(t, "WRITE", failure(k.d.Close(nil))) // what was pending went nowhere
}

// Ctrl-C goes to the program too, which may end before the interpreter hears of it: that is
// an interrupt, not the end of a file.
func TestPipeInterruptedProgram(t *testing.T) {
	k := plumb(t, "kill -INT $$", "Q")
	<-k.d.ended
	interrupts(t, k.host, WaitRead, func() error { _, err := k.d.Read(ReadSpec{}); return err })
	_, err := k.d.Read(ReadSpec{}) // nobody interrupts it
	assert.Equal(t, "ENDOFFILE", failure(err))
	k.close()
}

// Only the parameters of pipes and the mode's K count.
func TestPipeParameters(t *testing.T) {
	k := plumb(t, `printf '\344;x'`, `QRK\Latin1\`, "", ";")
	k.reads(ReadSpec{}, "\xe4", ";")
	require.NoError(t, k.d.Use(positional("/TERMINATOR=x")))
	k.reads(ReadSpec{}, "", "x")
	k.close("D") // deletes nothing
	_, err := open(&Env{}, &testHost{}, strings.Repeat("x", 257), -1, "Q")
	assert.Equal(t, "NOTOPEN", failure(err))
}
