package runtime

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A server and a client, each a job with an object, talk over a real connection.
func TestIOSockets(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	l.Close()
	out, err := run(t, `t(port) SET s=##class(%IO.ServerSocket).%New(),to=5 WRITE s.Open(port,.to,.sc),to,$SYSTEM.Status.GetErrorText(sc),$SYSTEM.Process.OSError() SET wait=.01 WRITE s.Listen(.wait),wait JOB client(port)
 SET to=10 WRITE s.Listen(.to,.sc),to,sc,s.IsConnected SET to=10 WRITE s.ReadLine(100,.to,.sc,.end),to,sc,end=$CHAR(10) WRITE s.WriteLine("got it",1,.sc),sc
 SET to=10 WRITE s.Read(3,.to,.sc),s.ReadAny(3,.to) SET to=10 WRITE s.Read(3,.to,.sc),to,sc DO s.Flush(.sc),s.Disconnect(.sc) WRITE sc,s.IsConnected DO s.Close() WRITE s.Write("x",1,.sc),sc=0,!
 QUIT
client(port) SET c=##class(%IO.Socket).%New(),to=10 SET ok=c.Open("127.0.0.1",port,.to,.sc),x=c.WriteLine("hello") SET to=10,c.LineTerminator=$CHAR(10),line=c.ReadLine(,.to)
 SET x=c.Write("abc"_line) SET to=10,x=c.Read(10,.to,.sc)
`, port)
	require.NoError(t, err, out)
	assert.Equal(t, "10011011hello01111abcgot it011000\n", out)

	out, err = run(t, `t(port) SET c=##class(%IO.Socket).%New(),to=0 WRITE c.Open("127.0.0.1",port,.to,.sc),to,$SYSTEM.Status.GetErrorCodes(sc),c.IsConnected
`, port)
	require.NoError(t, err)
	assert.Equal(t, "0150010", out)
}
