//go:build unix

package cli

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// superserver starts cos as inetd does, and systemd with Accept=yes: the connection of a
// client is its standard input and output. It returns the client's end and waits for
// what the process says on standard error and its exit code.
func superserver(t *testing.T, program string) (client *net.TCPConn, port int, ended func() (string, int)) {
	t.Helper()
	w := newWorld(t, map[string]string{"srv.mac": program})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	accepted, err := l.Accept()
	require.NoError(t, err)
	socket, err := accepted.(*net.TCPConn).File()
	require.NoError(t, err)
	require.NoError(t, accepted.Close())
	c := w.command("run", "srv.mac")
	var errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = socket, socket, &errs
	require.NoError(t, c.Start())
	require.NoError(t, socket.Close())
	return conn.(*net.TCPConn), l.Addr().(*net.TCPAddr).Port, func() (string, int) {
		exit := exitCode(t, c.Wait())
		return errs.String(), exit
	}
}

// The principal device is a TCP device, in M mode, connected and no server.
func TestInetd(t *testing.T) {
	client, port, ended := superserver(t, ` SET n=$I
 WRITE $P," ",$ZA," ",$ZMODE," ",$SYSTEM.INetInfo.Connected(),$SYSTEM.TCPDevice.LocalPort()," ",$ZU(111)," ",##class(%Device).GetType(),"|",$ZU(53),!
 READ x USE 0:(::"S") WRITE "got ",x," ",$ZA,$ASCII($ZB),!,*-3
 READ y#3 USE $P WRITE y,"|",$IO=n,*-3
 QUIT
`)
	_, err := io.WriteString(client, "hello\rabc")
	require.NoError(t, err)
	out, err := io.ReadAll(client)
	require.NoError(t, err)
	name := "|TCP|" + strconv.Itoa(port)
	assert.Equal(t, name+" 8192 PSTE 1"+strconv.Itoa(port)+" 127.0.0.1 9|\ngot hello 819213abc|1", string(out))
	errs, exit := ended()
	assert.Equal(t, "", errs)
	assert.Zero(t, exit)
}

// CLOSE of the principal closes the connection, though descriptors 0 and 1 are the same
// socket; device 0 is the null device then and $PRINCIPAL keeps its name (rule B11).
func TestInetdClose(t *testing.T) {
	report, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer report.Close()
	client, port, ended := superserver(t, ` WRITE "bye" CLOSE $P
 WRITE "nobody" READ x
 OPEN "|TCP|1":("127.0.0.1":`+strconv.Itoa(report.Addr().(*net.TCPAddr).Port)+`:"M"):10 SET s=$IO_" "_$P_" "_(x="")
 USE "|TCP|1" WRITE s,! READ x
 QUIT
`)
	out, err := io.ReadAll(client)
	require.NoError(t, err, "the end is seen while the process runs")
	assert.Equal(t, "bye", string(out))
	conn, err := report.Accept()
	require.NoError(t, err)
	b := make([]byte, 100)
	n, err := conn.Read(b)
	require.NoError(t, err)
	assert.Equal(t, "/dev/null |TCP|"+strconv.Itoa(port)+" 1\n", string(b[:n]))
	_, err = conn.Write([]byte("\n"))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	errs, exit := ended()
	assert.Equal(t, "", errs)
	assert.Zero(t, exit)
}

// A client that leaves halts the process; with DisconnectErr(1) it is <DSCON>.
func TestInetdDisconnect(t *testing.T) {
	for _, c := range []struct {
		program string
		errs    string
		exit    int
	}{
		{" WRITE \"r\",*-3 SET $ZTRAP=\"t\" READ x READ y WRITE 1\n QUIT\nt SET $ZTRAP=\"\" DO $SYSTEM.Process.Terminate(,3)\n", "", 0},
		{" DO $SYSTEM.Process.DisconnectErr(1) WRITE \"r\",*-3 SET $ZTRAP=\"t\" READ x READ y WRITE 1\n QUIT\nt SET $ZTRAP=\"\" DO $SYSTEM.Process.Terminate(,$ZERROR[\"<DSCON>\"*2+1)\n", "", 3},
		{" DO $SYSTEM.Process.DisconnectErr(1) WRITE \"r\",*-3 READ x READ y\n", "<DSCON>+1^srv\n", 1},
	} {
		client, _, ended := superserver(t, c.program)
		b := make([]byte, 1)
		_, err := io.ReadFull(client, b)
		require.NoError(t, err)
		require.NoError(t, client.Close())
		errs, exit := ended()
		assert.True(t, strings.HasPrefix(errs, c.errs) && (errs == "") == (c.errs == ""), errs)
		assert.Equal(t, c.exit, exit)
	}
}
