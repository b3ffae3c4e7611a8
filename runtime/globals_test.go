package runtime

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
	"cos/runtime/globals"
)

// onDisk makes a system on a data directory, as a cos process of its own would.
func onDisk(t testing.TB, dir string) (*System, *Process) {
	s := NewSystem(Config{DataDir: dir, Stderr: os.Stderr})
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("/dev/null"), nil })
	require.NoError(t, err)
	return s, p
}

// TestAThousandJobsIncrementOneCounter: nothing is lost, in memory and on disk.
func TestAThousandJobsIncrementOneCounter(t *testing.T) {
	for name, dir := range map[string]string{"memory": "", "disk": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			s, p := onDisk(t, dir)
			defer s.Close()
			defer p.Close()
			r := s.Compile("t", "", "t FOR i=1:1:1000 JOB add()\n QUIT\nadd() FOR i=1:1:5 SET x=$INCREMENT(^counter)\n LOCK +^l SET ^locked=$GET(^locked)+1 LOCK -^l\n QUIT\n")
			require.Empty(t, r.Errors)
			s.Define(r)
			start, err := s.At(r, "", 0)
			require.NoError(t, err)
			require.NoError(t, p.Launch(start, nil))
			s.Wait()
			require.NoError(t, p.Execute(`SET ok=(^counter=5000)&(^locked=1000) IF 'ok ZTRAP "LOST"`))
		})
	}
}

// A node that another job kills and sets is there with its value or not at all, in the functions
// that tell both at once.
func TestValueBesideItsKiller(t *testing.T) {
	s, p := onDisk(t, "")
	defer s.Close()
	defer p.Close()
	r := s.Compile("t", "", `t SET ^x(1)=1,^x(3)=3 JOB killer() KILL value
 FOR i=1:1:100000 QUIT:$DATA(^over)  DO
 . IF $DATA(^x(2),value) SET y=value KILL value
 . SET k=$ORDER(^x(1),1,value) IF value'=k SET ^wrong=k_" has "_value
 . KILL value
 SET ^over=1,^done=1
 QUIT
killer() FOR  QUIT:$DATA(^over)  SET ^x(2)=2 KILL ^x(2)
 QUIT
`)
	require.Empty(t, r.Errors)
	s.Define(r)
	start, err := s.At(r, "", 0)
	require.NoError(t, err)
	require.NoError(t, p.Launch(start, nil))
	s.Wait()
	require.NoError(t, p.Execute(`IF '$DATA(^done) ZTRAP "FAIL"`))
	require.NoError(t, p.Execute(`IF $DATA(^wrong) ZTRAP "MIX"`))
}

// The role that TestMain gives a child process: increments and locked updates.
const incrementRole = "COS_TEST_INCREMENT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(incrementRole); dir != "" {
		s := NewSystem(Config{DataDir: dir})
		p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("/dev/null"), nil })
		if err == nil {
			err = p.Execute(`FOR i=1:1:200 { SET x=$INCREMENT(^n) LOCK +^l SET ^sum=$GET(^sum)+1 LOCK -^l SET ^mine($JOB)=i }`)
			p.Close()
			s.Close()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestProcessesShareGlobalsAndLocks: several operating-system processes on one data
// directory increment and update under LOCK; one of them is killed in the middle.
func TestProcessesShareGlobalsAndLocks(t *testing.T) {
	dir := t.TempDir()
	start := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), incrementRole+"="+dir)
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Start())
		return cmd
	}
	s, p := onDisk(t, dir)
	defer s.Close()
	defer p.Close()
	victim := start()
	require.NoError(t, p.Execute(`FOR  QUIT:$GET(^n)>20  HANG .001`))
	require.NoError(t, victim.Process.Kill())
	victim.Wait()
	require.NoError(t, p.Execute(`LOCK +^l:20 SET free=$TEST LOCK -^l IF 'free ZTRAP "HELD"`), "the locks of a killed process are free")
	require.NoError(t, p.Execute(`KILL ^n,^sum,^mine`))
	var all []*exec.Cmd
	for range 4 {
		all = append(all, start())
	}
	for _, cmd := range all {
		require.NoError(t, cmd.Wait())
	}
	require.NoError(t, p.Execute(`SET k="",jobs=0 FOR  SET k=$ORDER(^mine(k)) QUIT:k=""  SET jobs=jobs+(^mine(k)=200)`))
	require.NoError(t, p.Execute(`IF (^n'=800)!(^sum'=800)!(jobs'=4) ZTRAP "LOST"`))
}

// TestTheStoreOpensAtTheFirstGlobal, not before: a program that uses none leaves no data
// directory behind.
func TestTheStoreOpensAtTheFirstGlobal(t *testing.T) {
	dir := t.TempDir() + "/data"
	s, p := onDisk(t, dir)
	defer s.Close()
	defer p.Close()
	require.NoError(t, p.Execute(`SET x=1 WRITE $JOB,$TLEVEL LOCK `), "no store needed")
	_, err := os.Stat(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, p.Execute(`SET ^x=1`))
	_, err = os.Stat(dir)
	require.NoError(t, err)
}

// TestGlobalsOutliveTheProcess: values of every kind come back as they were.
func TestGlobalsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s, p := onDisk(t, dir)
	require.NoError(t, p.Execute(`SET ^v(1)=1.5,^v("a")="text",^v("w")=$CHAR(8364,955),^v("n")=-12,^v("e")="",^v("d")=$DOUBLE(.1),^v("l")=$JUSTIFY("",100000)`))
	p.Close()
	s.Close()
	s, p = onDisk(t, dir)
	defer s.Close()
	defer p.Close()
	require.NoError(t, p.Execute(`IF (^v(1)'=1.5)!(^v("a")'="text")!(^v("w")'=$CHAR(8364,955))!(^v("n")'=-12)!(^v("e")'="")!(^v("d")'=$DOUBLE(.1))!($LENGTH(^v("l"))'=100000) ZTRAP "LOST"`))
}

// TestAnUnusableDataDirectory gives an M error that names it.
func TestAnUnusableDataDirectory(t *testing.T) {
	file := t.TempDir() + "/file"
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	s, p := onDisk(t, file)
	defer s.Close()
	defer p.Close()
	began := time.Now()
	err := p.Execute(`SET ^x=1`)
	require.Error(t, err)
	assert.True(t, strings.HasPrefix(err.Error(), "<DIRECTORY>"), err.Error())
	assert.Contains(t, err.Error(), file)
	assert.Less(t, time.Since(began), 20*time.Second)
}

// TestCutOffProcess: a process that was stopped while the database changed hands gets <NETWORK> once, and
// goes on without its transaction.
func TestCutOffProcess(t *testing.T) {
	p := testProcess(t)
	require.NoError(t, p.session().Begin())
	require.Equal(t, 1, p.transactionLevel())
	require.Panics(t, func() { p.storeError(fmt.Errorf("session 7: %w", globals.ErrExpelled)) })
	require.True(t, strings.HasPrefix(p.errors.zerror, "<NETWORK>"), p.errors.zerror)
	require.Zero(t, p.transactionLevel())
	require.NoError(t, p.session().Set("USER", globals.AppendName(nil, "a"), []byte("x")))
}
