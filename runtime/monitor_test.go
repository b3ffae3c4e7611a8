package runtime

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// TestDisconnectMonitoring: D mode raises <DISCONNECT> between two commands, and only
// for the current device (manual, "Monitoring for Disconnect Mode"; rule B23).
func TestDisconnectMonitoring(t *testing.T) {
	for mode, want := range map[string]string{"D": "<DISCONNECT>", "": "none"} {
		t.Run("mode "+mode, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer l.Close()
			go func() {
				if c, err := l.Accept(); err == nil {
					c.Close()
				}
			}()
			console := &testConsole{}
			env := &devices.Env{Console: console, PollInterval: 5 * time.Millisecond}
			s := NewSystem(Config{Env: env})
			defer s.Close()
			p, err := s.NewProcess(func(h devices.Host) (devices.Device, error) { return devices.NewTerminal(env, h), nil })
			require.NoError(t, err)
			defer p.Close()
			err = p.Execute(fmt.Sprintf(`SET d="|TCP|1" OPEN d:("127.0.0.1":%d:%q) USE d TRY { SET end=$ZHOROLOG+1 FOR  QUIT:$ZHOROLOG>end } CATCH e { USE 0 WRITE e.Name } USE 0 WRITE "none" `,
				l.Addr().(*net.TCPAddr).Port, mode))
			require.NoError(t, err)
			p.Principal().Flush(devices.BeforeWait)
			assert.Contains(t, console.out.String(), want)
			if mode == "" {
				assert.NotContains(t, console.out.String(), "<DISCONNECT>")
			}
		})
	}
}
