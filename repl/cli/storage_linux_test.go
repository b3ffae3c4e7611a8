package cli

// Disks that are full or cannot be written, as a session meets them, and processes on terminals that are
// killed and started again.

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"cos/scripts"
)

// smallDisk mounts a file system of its own where the test may, and has the data directory on it.
func (w *testWorld) smallDisk() (dir string) {
	dir = w.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		w.Skipf("cannot mount a file system: %v", err)
	}
	w.Cleanup(func() { require.NoError(w, unix.Unmount(dir, unix.MNT_DETACH)) })
	w.env = append(w.env, "COS_DATA="+filepath.Join(dir, "data"))
	return dir
}

// TestFullDiskAtThePrompt: <FILEFULL>, the prompt stays, in the owning process and in another, and when
// there is room again both go on.
func TestFullDiskAtThePrompt(t *testing.T) {
	w := newWorld(t, nil)
	dir := w.smallDisk()
	var terms []*onTerminal
	for range 2 {
		term := w.atPrompt()
		assert.Equal(t, "1\n", term.after("s ^x=1 w ^x", editorPrompt))
		terms = append(terms, term)
	}
	ballast := filepath.Join(dir, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 7<<20), 0o600))
	for _, term := range terms {
		assert.Contains(t, term.after(`f i=1:1:100000 s ^f($i(^n))=$tr($j($r(1000000000),900)," ",$c($r(200)+33))`, editorPrompt), "<FILEFULL>")
		assert.Contains(t, term.after("s ^x=2", editorPrompt), "<FILEFULL>")
		assert.Contains(t, term.after("w $ze", editorPrompt), "<FILEFULL>")
	}
	require.NoError(t, os.Remove(ballast))
	for i, term := range terms {
		n := strconv.Itoa(i + 3)
		assert.Equal(t, n+"\n", term.after("s ^x="+n+" w ^x", editorPrompt))
	}
	terms[0].types("halt\r")
	assert.Zero(t, terms[0].exits())
	assert.Equal(t, "4\n", terms[1].after("w ^x", editorPrompt))
	_, errs, exit := w.run("", "globals", "verify")
	assert.Zero(t, exit, errs)
}

// TestReadOnlyDisk: a data directory that cannot be written is <PROTECT>, for whatever needs the store,
// and only for that.
func TestReadOnlyDisk(t *testing.T) {
	w := newWorld(t, nil)
	dir := w.smallDisk()
	require.NoError(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	term := w.atPrompt()
	for _, command := range []string{"s ^x=1", "w $d(^x)", "k ^x", "l +^x:0", "ts"} {
		assert.Contains(t, term.after(command, editorPrompt), "<PROTECT> *"+filepath.Join(dir, "data"), command)
	}
	assert.Equal(t, "1\n", term.after("s ^||x=1 w ^||x", editorPrompt))
	require.NoError(t, unix.Mount("", dir, "", unix.MS_REMOUNT, ""))
	assert.Equal(t, "1\n", term.after("s ^x=1 w ^x", editorPrompt))
}

// TestTwoTerminals is the manual's concurrent server on one terminal and its client on another; they
// share ^serverport, and go on when either, the owner of the store or not, is killed and started again.
func TestTwoTerminals(t *testing.T) {
	text, err := scripts.Files.ReadFile("manual/concurrent.mac")
	require.NoError(t, err)
	w := newWorld(t, map[string]string{"concurrent.mac": string(text)})
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := strconv.Itoa(free.Addr().(*net.TCPAddr).Port)
	require.NoError(t, free.Close())
	serve := func() *onTerminal {
		server := w.startOnTerminal("run", "--entry", "server", "concurrent.mac", port)
		server.shows("Server port opened")
		return server
	}
	sit := func() *onTerminal {
		term := w.atPrompt()
		return term
	}
	connect := func(term *onTerminal) {
		t.Helper()
		shown := term.after("d client^concurrent", editorPrompt)
		assert.Contains(t, shown, "Client connection opened")
		assert.Contains(t, shown, "Child is on job ")
	}
	kill := func(r *onTerminal) {
		t.Helper()
		require.NoError(t, r.Process.Kill())
		_ = r.Wait()
	}
	server, term := serve(), sit()
	connect(term)
	for range 2 {
		kill(server) // the owner
		assert.Equal(t, port+"\n", term.after("w ^serverport", editorPrompt))
		server = serve()
		connect(term)
		kill(term) // the owner now
		term = sit()
		connect(term)
	}
}
