package golden

// Raw peers: plain TCP ends without any M, to see that programs talk to foreign ones.

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// peer is one end of a connection, or one that waits for its connection.
type peer struct {
	st   *stage
	name string

	// guarded by stage.mu
	listener net.Listener
	conn     *net.TCPConn
	got      []byte
	ended    bool
	err      error
}

// raw connects a peer, or lets it listen. A connect waits for the server to listen.
func (st *stage) raw(s *step) error {
	p := &peer{st: st, name: s.args[0]}
	address := net.JoinHostPort("127.0.0.1", st.expand(s.args[2]))
	if s.args[1] == "listen" {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		p.listener = l
		st.workers.Add(1)
		go p.accept()
	} else {
		conn, err := st.dial(address)
		if err != nil {
			return err
		}
		p.begin(conn)
	}
	st.mu.Lock()
	if old := st.peers[p.name]; old != nil {
		old.drop()
	}
	st.peers[p.name] = p
	st.mu.Unlock()
	return nil
}

// dial connects; a refusal means that the server is not there yet.
func (st *stage) dial(address string) (net.Conn, error) {
	for {
		conn, err := net.DialTimeout("tcp", address, time.Until(st.limit))
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Now().After(st.limit) || st.ctx.Err() != nil {
			return conn, err
		}
		st.mu.Lock()
		alarm := time.AfterFunc(10*time.Millisecond, st.wake)
		st.changed.Wait()
		st.mu.Unlock()
		alarm.Stop()
	}
}

func (p *peer) accept() {
	defer p.st.workers.Done()
	conn, err := p.listener.Accept()
	p.listener.Close()
	if err == nil {
		p.begin(conn)
		return
	}
	p.st.mu.Lock()
	p.ended, p.err = true, err
	p.st.changed.Broadcast()
	p.st.mu.Unlock()
}

func (p *peer) begin(conn net.Conn) {
	p.st.mu.Lock()
	p.conn = conn.(*net.TCPConn)
	p.st.workers.Add(1)
	p.st.changed.Broadcast()
	p.st.mu.Unlock()
	go p.receive(conn)
}

func (p *peer) receive(conn net.Conn) {
	defer p.st.workers.Done()
	var buf [32 << 10]byte
	for {
		n, err := conn.Read(buf[:])
		p.st.mu.Lock()
		p.got = append(p.got, buf[:n]...)
		if err != nil {
			p.ended, p.err = true, err
		}
		p.st.changed.Broadcast()
		p.st.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// drop closes what the peer holds; the lock is held.
func (p *peer) drop() {
	if p.listener != nil {
		p.listener.Close()
	}
	if p.conn != nil {
		p.conn.Close()
	}
}

// connected waits for the connection.
func (p *peer) connected() (*net.TCPConn, error) {
	err := p.st.wait(func() (bool, error) {
		if p.conn == nil && p.ended {
			return false, p.err
		}
		return p.conn != nil, nil
	})
	if err != nil {
		return nil, p.st.stuck(err, "a connection to "+p.name)
	}
	return p.conn, nil
}

func (p *peer) send(text string) error {
	conn, err := p.connected()
	if err != nil {
		return err
	}
	b, err := unescape(text)
	if err != nil {
		return err
	}
	if err := conn.SetWriteDeadline(p.st.limit); err != nil {
		return err
	}
	_, err = conn.Write([]byte(b))
	return err
}

// expect waits until exactly text has come.
func (p *peer) expect(s *step, text string) error {
	b, err := unescape(text)
	if err != nil {
		return err
	}
	err = p.st.wait(func() (bool, error) {
		switch {
		case strings.HasPrefix(string(p.got), b):
			p.got = p.got[len(b):]
			return true, nil
		case p.ended, !strings.HasPrefix(b, string(p.got)):
			return false, errDiffers
		}
		return false, nil
	})
	return p.differs(s, err, text)
}

var errDiffers = errors.New("something else came")

// expectPattern waits until what has come matches from its beginning.
func (p *peer) expectPattern(s *step, pattern *regexp.Regexp) error {
	err := p.st.wait(func() (bool, error) {
		if m := pattern.FindSubmatchIndex(p.got); m != nil {
			p.st.capture(pattern, string(p.got), m)
			p.got = p.got[m[1]:]
			return true, nil
		}
		if p.ended {
			return false, errDiffers
		}
		return false, nil
	})
	return p.differs(s, err, "~ "+pattern.String())
}

func (p *peer) differs(s *step, err error, expected string) error {
	if err == nil {
		return nil
	}
	p.st.mu.Lock()
	got, ended := escape(string(p.got)), p.ended
	p.st.mu.Unlock()
	if ended {
		got += " (and the connection has ended)"
	}
	if err != errDiffers {
		return p.st.stuck(err, fmt.Sprintf("%s to receive %s; so far: %s", p.name, expected, got))
	}
	return p.st.mismatch(s, p.name+" received something else", expected, got)
}

// closes is "NAME closes", "half-closes" and "resets"; of a process, its input ends.
func (st *stage) closes(s *step) error {
	p := st.peers[s.args[0]]
	if p == nil {
		session, err := st.session(s.args[0])
		if err == nil && s.args[1] == "closes" {
			session.endInput()
		} else if err == nil {
			err = fmt.Errorf("%s is no raw peer", s.args[0])
		}
		return err
	}
	conn, err := p.connected()
	if err != nil {
		return err
	}
	switch s.args[1] {
	case "half-closes":
		return conn.CloseWrite()
	case "resets":
		if err := conn.SetLinger(0); err != nil {
			return err
		}
	}
	return conn.Close()
}

// seesEnd waits for the other side to close, with nothing unexpected received.
func (st *stage) seesEnd(s *step) error {
	p := st.peers[s.args[0]]
	if p == nil {
		return fmt.Errorf("%s is no raw peer", s.args[0])
	}
	err := st.wait(func() (bool, error) { return p.ended, nil })
	if err != nil {
		return st.stuck(err, "the end of "+p.name+"'s connection")
	}
	st.mu.Lock()
	left := escape(string(p.got))
	st.mu.Unlock()
	if left != "" {
		return st.mismatch(s, p.name+" received something more", "(the end)", left)
	}
	return nil
}
