package cli

// What cos is to a service manager: readiness, a sign of life, and how a service ends
// (docs/service.md).

import (
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// serving is the flags.
type serving struct {
	Drain seconds `placeholder:"SECONDS" default:"5" env:"COS_DRAIN" help:"How long jobs with connections may go on after SIGTERM, when the listeners have closed (default: 5)."`
	Ready string  `enum:"listen,start" default:"listen" placeholder:"WHEN" help:"When a service manager is told that the program is ready: with its first listening TCP device (listen), at once (start)."`
}

// seconds is a time in seconds, 0 to a day.
type seconds time.Duration

func (s *seconds) UnmarshalText(text []byte) error {
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > 86400 {
		return fmt.Errorf("%s is no number of seconds, 0 to 86400", text)
	}
	*s = seconds(n * float64(time.Second))
	return nil
}

func (s seconds) String() string {
	return strconv.FormatFloat(time.Duration(s).Seconds(), 'g', -1, 64)
}

// manager is the service manager that NOTIFY_SOCKET names; nil: there is none.
type manager struct {
	s    *session
	quit chan struct{}
}

// newManager reports to the service manager when the program is ready, and that it lives as
// often as WATCHDOG_USEC asks.
func newManager(s *session) *manager {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return nil
	}
	m := &manager{s: s, quit: make(chan struct{})}
	if s.Ready == "start" {
		m.tell(daemon.SdNotifyReady)
	}
	if every, err := daemon.SdWatchdogEnabled(false); err == nil && every > 0 {
		go m.live(every / 2)
	} else if err != nil {
		fmt.Fprintf(s.stderr, "cos: WATCHDOG_USEC: %v\n", err)
	}
	return m
}

// listening is told of each listening device.
func (m *manager) listening(at net.Addr) {
	if m.s.Ready == "listen" {
		m.tell(daemon.SdNotifyReady + "\nSTATUS=listening on " + at.String())
	}
}

// live says that cos lives, as long as its processes can be asked.
func (m *manager) live(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			m.s.sys.Processes()
			m.tell(daemon.SdNotifyWatchdog)
		case <-m.quit:
			return
		}
	}
}

// stopping says that the end has begun.
func (m *manager) stopping(why string) {
	if m != nil {
		m.tell(daemon.SdNotifyStopping + "\nSTATUS=" + why)
	}
}

func (m *manager) end() {
	if m != nil {
		close(m.quit)
	}
}

func (m *manager) tell(state string) {
	sent, err := daemon.SdNotify(false, state)
	if err == nil && !sent {
		err = errors.New("nobody is there")
	}
	if err != nil {
		fmt.Fprintf(m.s.stderr, "cos: NOTIFY_SOCKET: %v\n", err)
	}
}
