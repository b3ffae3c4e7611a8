package golden

// The control connection of a process. cos connects to the Unix socket that COS_WATCH
// names and writes, on every change, "state JOB STATE DEVICE"; before it sends to the
// network it writes "send JOB DEVICE N" and waits for the line "go".

import (
	"bufio"
	"net/url"
	"strings"
	"time"
)

// control reads what the process reports.
func (p *session) control() {
	defer p.st.workers.Done()
	conn, err := p.watch.Accept()
	if err != nil {
		return // the process has ended and never connected
	}
	p.st.mu.Lock()
	p.conn = conn
	p.st.mu.Unlock()
	defer conn.Close()
	sends := make(chan struct{}, 1<<16)
	p.st.workers.Add(1)
	go p.release(sends)
	defer close(sends)
	in := bufio.NewScanner(conn)
	for in.Scan() {
		word := strings.Split(in.Text(), " ")
		switch {
		case word[0] == "state" && len(word) >= 3:
			device := ""
			if len(word) > 3 {
				device, _ = url.QueryUnescape(word[3])
			}
			p.reported(word[1], state{name: word[2], device: device})
		case word[0] == "send":
			sends <- struct{}{}
		}
	}
}

func (p *session) reported(job string, now state) {
	p.st.mu.Lock()
	if p.main == "" {
		p.main = job
	}
	p.jobs[job] = now
	p.st.changed.Broadcast()
	p.st.mu.Unlock()
}

// release lets transmissions go, in order, each when nothing holds it any more.
func (p *session) release(sends <-chan struct{}) {
	defer p.st.workers.Done()
	for range sends {
		p.st.mu.Lock()
		p.sends++
		for i := range p.holds {
			if p.holds[i].at == p.sends {
				p.held = &p.holds[i]
			}
		}
		held := p.held
		p.st.mu.Unlock()
		if held != nil {
			// An error means that the file is over: the process is let go to end.
			_ = p.st.waitUntil(p.st.limit.Add(time.Hour), held.until)
			p.st.mu.Lock()
			p.held = nil
			p.st.mu.Unlock()
		}
		if _, err := p.conn.Write([]byte("go\n")); err != nil {
			return
		}
	}
}
