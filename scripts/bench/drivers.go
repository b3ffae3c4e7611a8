//go:build unix

package main

// The other end of every network row, the same for all engines: it makes the load,
// takes the time and checks what comes back. Each role runs in a process of its own.

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Lengths of a string of the bulk rows, and of a line with its LF.
const (
	bulk       = 32 << 10
	lineLength = 64
)

// result is what a driver reports.
type result struct {
	Ops      int     `json:"ops"` // timed
	All      int     `json:"all"` // with the warm-up: what the server's CPU time is for
	Seconds  float64 `json:"seconds"`
	P50      float64 `json:"p50"` // ms
	P99      float64 `json:"p99"`
	Failures int     `json:"failures"`
	AtOnce   float64 `json:"atOnce"` // replies per second
}

type driver func(port, count, workers int) (result, error)

var drivers = map[string]driver{
	"pingpong":   pingpong,
	"answer":     answer,
	"blast32k":   blast(bulk, 0),
	"blastLines": blast(lineLength, '\n'),
	"blastChars": blast(1, 0),
	"drain32k":   drain(bulk, 0),
	"drainLines": drain(lineLength, '\n'),
	"connect":    connect,
	"hold":       hold,
}

// dialLimit bounds a connect.
const dialLimit = 10 * time.Second

// exchangeLimit bounds an exchange with a server of many connections.
const exchangeLimit = 30 * time.Second

func dial(port int) (net.Conn, error) {
	return net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), dialLimit)
}

func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err == nil {
		_, err = fmt.Println("READY")
	}
	return l, err
}

var errDiffers = errors.New("the answer differs")

// units repeats a unit of size bytes that ends with last (if any) to about 64 KB.
func units(size int, last byte) []byte {
	b := bytes.Repeat([]byte{'x'}, size*max(1, (64<<10)/size))
	if last != 0 {
		for i := size - 1; i < len(b); i += size {
			b[i] = last
		}
	}
	return b
}

// exchange sends a line and reads its answer.
func exchange(conn net.Conn, line, room []byte) error {
	if _, err := conn.Write(line); err != nil {
		return err
	}
	return expect(conn, line, room)
}

// expect reads the answer to a line.
func expect(conn net.Conn, line, room []byte) error {
	if _, err := io.ReadFull(conn, room[:len(line)]); err != nil {
		return err
	}
	if !bytes.Equal(room[:len(line)], line) {
		return errDiffers
	}
	return nil
}

func pingpong(port, count, _ int) (result, error) {
	conn, err := dial(port)
	if err != nil {
		return result{}, err
	}
	line, room := units(lineLength, '\n')[:lineLength], make([]byte, lineLength)
	warm := count / 10
	for range warm {
		if err := exchange(conn, line, room); err != nil {
			return result{}, err
		}
	}
	began := time.Now()
	for range count {
		if err := exchange(conn, line, room); err != nil {
			return result{}, err
		}
	}
	r := result{Ops: count, All: count + warm, Seconds: time.Since(began).Seconds()}
	return r, conn.Close()
}

// answer serves an engine that is the client, and counts its lines.
func answer(port, count, _ int) (result, error) {
	l, err := listen(port)
	if err != nil {
		return result{}, err
	}
	conn, err := l.Accept()
	if err != nil {
		return result{}, err
	}
	line, room := units(lineLength, '\n')[:lineLength], make([]byte, lineLength)
	var began time.Time
	for i := range count {
		if err := expect(conn, line, room); err != nil {
			return result{}, err
		}
		if i == 0 {
			began = time.Now()
		}
		if _, err := conn.Write(line); err != nil {
			return result{}, err
		}
	}
	r := result{Ops: count - 1, All: count, Seconds: time.Since(began).Seconds()}
	if _, err := conn.Read(room); !errors.Is(err, io.EOF) {
		return result{}, errDiffers
	}
	return r, errors.Join(conn.Close(), l.Close())
}

// blast sends count units and expects the number of characters that the server made of
// them: all but the terminators.
func blast(size int, last byte) driver {
	return func(port, count, _ int) (result, error) {
		conn, err := dial(port)
		if err != nil {
			return result{}, err
		}
		want := count * size
		if last != 0 {
			want -= count
		}
		block := units(size, last)
		began := time.Now()
		for left := count * size; left > 0; {
			n, err := conn.Write(block[:min(left, len(block))])
			if left -= n; err != nil {
				return result{}, err
			}
		}
		text, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil {
			return result{}, err
		}
		if text != strconv.Itoa(want)+"\n" {
			return result{}, fmt.Errorf("%w: %q, not %d", errDiffers, text, want)
		}
		r := result{Ops: count, All: count, Seconds: time.Since(began).Seconds()}
		return r, conn.Close()
	}
}

// drain asks for count units and checks every byte of them.
func drain(size int, last byte) driver {
	return func(port, count, _ int) (result, error) {
		conn, err := dial(port)
		if err != nil {
			return result{}, err
		}
		began := time.Now()
		if _, err := io.WriteString(conn, "\n"); err != nil {
			return result{}, err
		}
		want, room := units(size, last), make([]byte, 64<<10)
		at, total := 0, 0
		for {
			n, err := conn.Read(room)
			total += n
			for got := room[:n]; len(got) > 0; {
				k := min(len(got), len(want)-at)
				if !bytes.Equal(got[:k], want[at:at+k]) {
					return result{}, errDiffers
				}
				at, got = (at+k)%len(want), got[k:]
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return result{}, err
			}
		}
		r := result{Ops: count, All: count, Seconds: time.Since(began).Seconds()}
		if total != count*size {
			return result{}, fmt.Errorf("%w: %d bytes, not %d", errDiffers, total, count*size)
		}
		return r, conn.Close()
	}
}

// together runs do for 0 … count-1 on several workers.
func together(count, workers int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= count {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
}

// open makes a connection and one exchange over it.
func open(port int, line []byte) (net.Conn, error) {
	conn, err := dial(port)
	if err != nil {
		return nil, err
	}
	if err = conn.SetDeadline(time.Now().Add(exchangeLimit)); err == nil {
		err = exchange(conn, line, make([]byte, len(line)))
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// connect makes count connections, each for one exchange.
func connect(port, count, workers int) (result, error) {
	line, times := units(lineLength, '\n')[:lineLength], make([]float64, count)
	var failed atomic.Int64
	began := time.Now()
	together(count, workers, func(i int) {
		start := time.Now()
		conn, err := open(port, line)
		if err != nil {
			failed.Add(1)
			return
		}
		_ = conn.Close()
		times[i] = float64(time.Since(start)) / float64(time.Millisecond)
	})
	r := result{Ops: count, All: count, Seconds: time.Since(began).Seconds(), Failures: int(failed.Load())}
	slices.Sort(times)
	r.P50, r.P99 = percentile(times, .5), percentile(times, .99)
	return r, nil
}

// hold opens count connections and keeps them. When they are open it says "HELD" and
// waits for a line; then it asks for a reply from all at once.
func hold(port, count, workers int) (result, error) {
	line, conns := units(lineLength, '\n')[:lineLength], make([]net.Conn, count)
	began := time.Now()
	together(count, workers, func(i int) { conns[i], _ = open(port, line) })
	r := result{Ops: count, All: count, Seconds: time.Since(began).Seconds()}
	fmt.Println("HELD")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return r, err
	}
	began = time.Now()
	for _, conn := range conns {
		if conn == nil {
			continue
		}
		if err := conn.SetDeadline(time.Now().Add(exchangeLimit)); err != nil {
			return r, err
		}
		_, _ = conn.Write(line) // a failure shows when its answer does not come
	}
	room := make([]byte, lineLength)
	for _, conn := range conns {
		if conn == nil || expect(conn, line, room) != nil {
			r.Failures++
		}
	}
	r.AtOnce = float64(count-r.Failures) / time.Since(began).Seconds()
	for _, conn := range conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	return r, nil
}

// play is a process in one role; a driver prints its result as JSON.
func play(role string, port, count, workers int) error {
	if drive, ok := drivers[role]; ok {
		r, err := drive(port, count, workers)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	if role == "client" {
		return plainClient(port, count)
	}
	l, err := listen(port)
	if err != nil {
		return err
	}
	return errors.Join(serveRole(l, role, count), l.Close())
}
