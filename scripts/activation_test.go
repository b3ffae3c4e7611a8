package scripts_test

// Socket activation: cos takes over a descriptor that its parent has opened, a listener
// or a connection, as inetd and systemd pass them (mode G, /SOCKET; rule B21).

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asks connects, says hello and returns the line that comes back.
func asks(t *testing.T, address string) string {
	t.Helper()
	var c net.Conn
	require.Eventually(t, func() (ok bool) {
		var err error
		c, err = net.Dial("tcp", address)
		return err == nil
	}, 20*time.Second, 5*time.Millisecond)
	defer c.Close()
	return answer(t, c)
}

func answer(t *testing.T, c net.Conn) string {
	t.Helper()
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, err := c.Write([]byte("hello\n"))
	require.NoError(t, err)
	line, err := bufio.NewReader(c).ReadString('\n')
	require.NoError(t, err)
	return line
}

// activatedProgram takes over descriptor 3, a listener or a connection, and answers one
// line with what it was and what it got.
const activatedProgram = ` SET io="|TCP|1"
 OPEN io:(:3:"GPSTA"):5
 IF '$TEST { WRITE "no socket",! QUIT }
 USE io
 SET was=$ZA
 IF was\4096#2 READ x:10 ; A mode: the accept
 READ x:10
 WRITE was," ",$ZA," ",x,!
 CLOSE io
`

func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "activated.mac")
	require.NoError(t, os.WriteFile(path, []byte(activatedProgram), 0o600))
	return path
}

// activated is the program run by cos, with f as descriptor 3.
func activated(t *testing.T, f *os.File) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "run", program(t))
	cmd.Env = append(os.Environ(), asCos+"=1", quickExit)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.ExtraFiles = []*os.File{f}
	return cmd
}

func TestSocketActivation(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	t.Run("a parent passes a listener", func(t *testing.T) {
		f, err := l.(*net.TCPListener).File()
		require.NoError(t, err)
		cmd := activated(t, f)
		require.NoError(t, cmd.Start())
		require.NoError(t, f.Close())
		require.Equal(t, "4096 12288 hello\n", asks(t, l.Addr().String()))
		require.NoError(t, cmd.Wait())
	})
	t.Run("a parent passes a connection", func(t *testing.T) {
		c, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		defer c.Close()
		near, err := l.Accept()
		require.NoError(t, err)
		f, err := near.(*net.TCPConn).File()
		require.NoError(t, err)
		require.NoError(t, near.Close())
		cmd := activated(t, f)
		require.NoError(t, cmd.Start())
		require.NoError(t, f.Close())
		require.Equal(t, "8192 8192 hello\n", answer(t, c))
		require.NoError(t, cmd.Wait())
	})
	for _, row := range []struct{ name, flag, want string }{
		{"systemd passes a listener", "", "4096 12288 hello\n"},
		{"systemd passes a connection", "--accept", "8192 8192 hello\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			activate, err := exec.LookPath("systemd-socket-activate")
			if err != nil {
				t.Skip("no systemd-socket-activate here")
			}
			free, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			address := free.Addr().String()
			require.NoError(t, free.Close())
			args := []string{"-l", address, "-E", asCos + "=1", "-E", quickExit}
			if row.flag != "" {
				args = append(args, row.flag)
			}
			self, err := filepath.Abs(os.Args[0])
			require.NoError(t, err)
			cmd := exec.Command(activate, append(args, self, "run", program(t))...)
			require.NoError(t, cmd.Start())
			require.Equal(t, row.want, asks(t, address))
			if row.flag != "" { // it goes on listening
				require.NoError(t, cmd.Process.Kill())
			}
			_ = cmd.Wait() // what a killed program exits with says nothing
		})
	}
}
