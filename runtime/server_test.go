package runtime

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// startServer runs a routine's first line in a process of its own until the test ends,
// and waits until it accepts connections on the port.
func startServer(t *testing.T, source string, port int) *System {
	t.Helper()
	return startServerWith(t, Config{}, source, port)
}

func startServerWith(t *testing.T, cfg Config, source string, port int) *System {
	t.Helper()
	var log strings.Builder
	var mu sync.Mutex
	cfg.Stderr = writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(p)
	})
	s := NewSystem(cfg)
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("/dev/null"), nil })
	require.NoError(t, err)
	r := s.Compile("server", "", source)
	require.Empty(t, r.Errors)
	s.Define(r)
	start, err := s.At(r, "", 0)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		err := p.Launch(start, []string{fmt.Sprint(port)})
		p.Close()
		done <- err
	}()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != ErrHalt {
			assert.NoError(t, err)
		}
		mu.Lock()
		defer mu.Unlock()
		assert.Empty(t, log.String(), "untrapped errors")
	})
	return s
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// dial connects, waiting for the server to listen.
func dial(t testing.TB, port int) net.Conn {
	for deadline := time.Now().Add(20 * time.Second); ; {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return c
		}
		require.Truef(t, time.Now().Before(deadline), "no server: %v", err)
		time.Sleep(5 * time.Millisecond)
	}
}

const concurrentServer = `server(port) SET io="|TCP|"_port
 OPEN io:(:port:"MA"::::1000):20
 ELSE  QUIT
 FOR  USE io READ x JOB child:(:16::) QUIT:$ZA\8192#2
 QUIT
child SET io=##class(%SYSTEM.INetInfo).TCPName() USE io:(::"M")
 SET $ZTRAP="gone"
 FOR  READ line WRITE $JOB," ",line,!
gone SET $ZTRAP="" CLOSE io QUIT
`

// TestFiveHundredClientsAtOnce: each has a job of its own, and gets its own answers.
func TestFiveHundredClientsAtOnce(t *testing.T) {
	const clients, lines = 500, 5
	port := freePort(t)
	s := startServer(t, concurrentServer, port)
	dial(t, port).Close()
	jobs := make([]string, clients)
	var all, open sync.WaitGroup
	open.Add(clients)
	for i := range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			c := dial(t, port)
			defer c.Close()
			c.SetDeadline(time.Now().Add(60 * time.Second))
			in := bufio.NewReader(c)
			for n := range lines {
				fmt.Fprintf(c, "client %d line %d\r", i, n)
				line, err := in.ReadString('\n')
				if !assert.NoError(t, err) {
					open.Done()
					return
				}
				job, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
				assert.Equal(t, fmt.Sprintf("client %d line %d", i, n), rest)
				assert.True(t, jobs[i] == "" || jobs[i] == job, "one job serves one client")
				jobs[i] = job
				if n == 0 { // hold the connection until all are connected
					open.Done()
					open.Wait()
				}
			}
		}()
	}
	all.Wait()
	seen := map[string]bool{}
	for _, j := range jobs {
		seen[j] = true
	}
	assert.Len(t, seen, clients, "each client has a job of its own")
	for deadline := time.Now().Add(20 * time.Second); s.Jobs() > 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	assert.Zero(t, s.Jobs(), "every job ends with its connection")
}

// TestServersTalkToForeignPeers: plain TCP from a client that knows nothing of M.
func TestServersTalkToForeignPeers(t *testing.T) {
	port := freePort(t)
	startServer(t, `http(port) SET io="|TCP|"_port OPEN io:(:port:"SA"::32767:32767):20 ELSE  QUIT
 FOR  USE io READ x JOB request:(:17:io:io)
 QUIT
request USE $PRINCIPAL:(::"CTS")
 SET $ZTRAP="gone",length=0 READ line
 FOR  READ h QUIT:h=""  SET:$ZCONVERT($PIECE(h,":"),"L")="content-length" length=+$PIECE(h,": ",2)
 USE $PRINCIPAL:(::"S") SET body="" READ:length body#length
 SET reply=$PIECE(line," ",1,2)_"|"_body
 WRITE "HTTP/1.0 200 OK",$CHAR(13,10),"Content-Length: ",$LENGTH(reply),$CHAR(13,10,13,10),reply,*-3
gone QUIT
`, port)
	c := dial(t, port)
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	// byte by byte: CR LF pairs come apart, and the body begins right after them
	for _, b := range []byte("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n\nbody") {
		_, err := c.Write([]byte{b})
		require.NoError(t, err)
	}
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\r\nPOST /x|\nbody", string(answer))
}
