//go:build unix

package main

// Measuring: rounds in which the engines take turns, one row after the other.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"time"
)

// runLimit bounds one run of one engine.
const runLimit = 2 * time.Minute

// bench is one run of the suite.
type bench struct {
	shop     *workshop
	engines  []*engine // cos first
	rows     *regexp.Regexp
	rounds   int
	quick    bool
	full     bool
	cpu      int // for pinned rows; -1: cannot pin
	progress io.Writer

	lines []*measured
	peak  map[string]float64 // KB, over the compute rows
}

// measured is one metric of one row: a value an engine and a round, NaN where there is
// none.
type measured struct {
	group, row, key string
	metric          metric
	goals           goals
	values          map[string][]float64
	trouble         []string
}

func (m *measured) add(engine string, round int, v float64) {
	for len(m.values[engine]) <= round {
		m.values[engine] = append(m.values[engine], math.NaN())
	}
	m.values[engine][round] = v
}

func newMeasured(group, row, key string, mt metric, g goals) *measured {
	return &measured{group: group, row: row, key: key, metric: mt, goals: g, values: map[string][]float64{}}
}

// turns are the engines in the order of a round: each begins in its turn.
func (b *bench) turns(round int) []*engine {
	k := round % len(b.engines)
	return append(append([]*engine{}, b.engines[k:]...), b.engines[:k]...)
}

func (b *bench) note(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }

// wanted reports whether -rows names a row.
func (b *bench) wanted(key string) bool { return b.rows.MatchString(key) }

// measure runs everything that is wanted.
func (b *bench) measure(ctx context.Context) error {
	b.peak = map[string]float64{}
	if err := b.startups(ctx); err != nil {
		return err
	}
	for i := range traffics {
		row := &traffics[i]
		if b.wanted(row.key) && (!row.every || b.full) {
			b.network(ctx, row)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for i := range programs {
		p := &programs[i]
		if b.wanted(p.name) {
			b.program(ctx, p)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// startups measures what an empty program costs on each engine that runs programs.
func (b *bench) startups(ctx context.Context) error {
	m := newMeasured("start", "EMPTY: start and end", "EMPTY", metric{"wall", "ms", true}, goals{})
	cpu := newMeasured("start", "EMPTY: start and end", "EMPTY", metric{"CPU", "ms", true}, goals{})
	for round := range max(b.rounds, 3) {
		for _, e := range b.turns(round) {
			c := b.shop.role("nothing", 0, 0, 0)
			if e.program != nil {
				c = e.program("EMPTY")
			}
			_, u, err := c.run(ctx, nil)
			if err != nil {
				return err
			}
			m.add(e.name, round, u.wall*1e3)
			cpu.add(e.name, round, u.cpu*1e3)
		}
	}
	for _, e := range b.engines {
		wall, _ := spreadOf(m.values[e.name])
		used, _ := spreadOf(cpu.values[e.name])
		e.startup = usage{cpu: used.Median / 1e3, wall: wall.Median / 1e3}
	}
	b.lines = append(b.lines, m, cpu)
	return nil
}

// lineInput is the standard input of IN.
func lineInput(lines int) []byte {
	var b bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&b, "line number %d\n", i+1)
	}
	return b.Bytes()
}

// program measures a compute or globals row: CPU time and wall time less start-up.
func (b *bench) program(ctx context.Context, p *program) {
	group := "compute"
	if p.store {
		group = "globals"
	}
	row := p.name + ": " + p.doc
	cpu := newMeasured(group, row, p.name, metric{"CPU", "s", true}, p.goals)
	wall := newMeasured(group, row, p.name, metric{"wall", "s", true}, goals{})
	b.lines = append(b.lines, cpu, wall)
	var input []byte
	if p.input > 0 {
		input = lineInput(p.input)
	}
	outputs := map[string]string{}
	for round := range b.rounds {
		for _, e := range b.turns(round) {
			if e.program == nil {
				continue
			}
			b.note("%s %d/%d %s", p.name, round+1, b.rounds, e.name)
			if round == 0 && p.needs != "" && !b.wanted(p.needs) {
				if _, _, err := b.once(ctx, e.program(p.needs), nil); err != nil {
					cpu.trouble = append(cpu.trouble, err.Error())
					continue
				}
			}
			out, u, err := b.beside(ctx, p, e, input)
			if err != nil {
				cpu.trouble = append(cpu.trouble, err.Error())
				continue
			}
			outputs[e.name] = string(out)
			cpu.add(e.name, round, max(u.cpu-e.startup.cpu, 1e-4))
			wall.add(e.name, round, max(u.wall-e.startup.wall, 1e-4))
			if !p.store {
				b.peak[e.name] = max(b.peak[e.name], u.rss)
			}
		}
	}
	if want, ok := outputs[gtmName]; ok && outputs[cosName] != want {
		cpu.trouble = append(cpu.trouble, fmt.Sprintf("%s: outputs differ: %.80q, %s has %.80q", p.name, outputs[cosName], gtmName, want))
	}
}

// beside runs a program, beside a process that owns the store when the row wants that.
func (b *bench) beside(ctx context.Context, p *program, e *engine, input []byte) ([]byte, usage, error) {
	if p.second && e.owner != nil {
		s, err := e.owner().serve(ctx)
		if err != nil {
			return nil, usage{}, err
		}
		defer s.kill()
	}
	return b.once(ctx, e.program(p.name), input)
}

func (b *bench) once(ctx context.Context, c command, input []byte) ([]byte, usage, error) {
	ctx, stop := context.WithTimeout(ctx, runLimit)
	defer stop()
	if input == nil {
		return c.run(ctx, nil)
	}
	return c.run(ctx, bytes.NewReader(input))
}

// network measures a network row.
func (b *bench) network(ctx context.Context, row *traffic) {
	if row.pinned && b.cpu < 0 {
		b.note("%s: cannot pin, left out", row.name)
		return
	}
	count := row.count
	if b.quick {
		count = row.quick
	}
	byName := map[string]*measured{}
	for i, mt := range row.metrics {
		g := goals{}
		if i == 0 {
			g = row.goals
		}
		name := row.name
		if b.quick && row.drive == "hold" {
			name = fmt.Sprintf("%d held connections", count)
		}
		m := newMeasured("network", name, row.key, mt, g)
		b.lines = append(b.lines, m)
		byName[mt.name] = m
	}
	for round := range b.rounds {
		for _, e := range b.turns(round) {
			if e.name == gtmName && (row.gtm == "" || row.heavy) {
				continue
			}
			b.note("%s %d/%d %s", row.key, round+1, b.rounds, e.name)
			values, err := b.exchange(ctx, row, e, count)
			if err != nil {
				byName[row.metrics[0].name].trouble = append(byName[row.metrics[0].name].trouble, fmt.Sprintf("%s on %s: %v", row.key, e.name, err))
				continue
			}
			for name, m := range byName {
				if v, ok := values[name]; ok {
					m.add(e.name, round, v)
				}
			}
		}
	}
}

// exchange runs one engine's side of a row and its driver, and returns the metrics.
func (b *bench) exchange(ctx context.Context, row *traffic, e *engine, count int) (map[string]float64, error) {
	ctx, stop := context.WithTimeout(ctx, runLimit)
	defer stop()
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	side, driver := e.traffic(row, port, count), b.shop.role(row.drive, port, count, row.workers)
	if row.pinned {
		side, driver = side.pin(b.cpu), driver.pin(b.cpu)
	}
	switch {
	case row.active:
		return b.asClient(ctx, side, driver, e)
	case row.drive == "hold":
		return b.held(ctx, side, driver, e, count)
	}
	s, err := side.serve(ctx)
	if err != nil {
		return nil, err
	}
	out, _, err := driver.run(ctx, nil)
	if err != nil {
		s.kill()
		return nil, fmt.Errorf("%w: the server wrote: %s", err, s.note.String())
	}
	return finish(ctx, s, e, out, serverCPU.name)
}

// finish waits for the server and makes metrics of what the driver and the system say.
func finish(ctx context.Context, s *server, e *engine, driven []byte, cpuName string) (map[string]float64, error) {
	_, u, err := s.end(ctx)
	if err != nil {
		return nil, err
	}
	r, values, err := metricsOf(driven)
	if err != nil {
		return nil, err
	}
	values[cpuName] = max(u.cpu-e.startup.cpu, 0) / float64(r.All) * 1e6
	return values, nil
}

func metricsOf(driven []byte) (result, map[string]float64, error) {
	var r result
	if err := json.Unmarshal(driven, &r); err != nil {
		return r, nil, fmt.Errorf("driver: %w: %q", err, driven)
	}
	return r, map[string]float64{
		rate.name: float64(r.Ops-r.Failures) / r.Seconds, p50.name: r.P50, p99.name: r.P99,
		allAtOnce.name: r.AtOnce, failures.name: float64(r.Failures),
	}, nil
}

// asClient measures an engine that connects to the driver.
func (b *bench) asClient(ctx context.Context, side, driver command, e *engine) (map[string]float64, error) {
	s, err := driver.serve(ctx)
	if err != nil {
		return nil, err
	}
	_, u, err := side.run(ctx, nil)
	if err != nil {
		s.kill()
		return nil, err
	}
	out, _, err := s.end(ctx)
	if err != nil {
		return nil, err
	}
	r, values, err := metricsOf([]byte(out))
	if err != nil {
		return nil, err
	}
	values[clientCPU.name] = max(u.cpu-e.startup.cpu, 0) / float64(r.All) * 1e6
	return values, nil
}

var errNotHeld = errors.New("the driver did not open its connections")

// held measures a server that has count connections open.
func (b *bench) held(ctx context.Context, side, driver command, e *engine, count int) (map[string]float64, error) {
	s, err := side.serve(ctx)
	if err != nil {
		return nil, err
	}
	pid := s.exec.Process.Pid
	before, _ := memoryOf(e.jobs(pid)...)
	during, known := memory{}, false
	out, err := b.holdOpen(ctx, driver, func() { during, known = memoryOf(e.jobs(pid)...) })
	if err != nil {
		s.kill()
		return nil, fmt.Errorf("%w: the server wrote: %s", err, s.note.String())
	}
	values, err := finish(ctx, s, e, out, serverCPU.name)
	if err == nil && known {
		values[perHeld.name] = (during.pss - before.pss) / float64(count)
		values[perHeldRSS.name] = (during.rss - before.rss) / float64(count)
	}
	return values, err
}

// holdOpen runs the driver "hold" and calls look while its connections are open.
func (b *bench) holdOpen(ctx context.Context, driver command, look func()) ([]byte, error) {
	var note bytes.Buffer
	x := driver.start(ctx, &note)
	reader, writer := io.Pipe()
	answer, asked := io.Pipe()
	x.Stdout, x.Stdin = writer, answer
	if err := x.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() {
		ended <- x.Wait()
		_ = writer.Close()
		_ = answer.Close()
	}()
	head := make([]byte, len("HELD\n"))
	if _, err := io.ReadFull(reader, head); err != nil || string(head) != "HELD\n" {
		_ = x.Cancel()
		return nil, errors.Join(errNotHeld, err, <-ended)
	}
	look()
	if _, err := io.WriteString(asked, "go\n"); err != nil {
		return nil, err
	}
	_ = asked.Close()
	out, err := io.ReadAll(reader)
	if err = errors.Join(err, <-ended); err != nil {
		return nil, driver.failed(ctx, err, &note)
	}
	return []byte(strings.TrimSpace(string(out))), nil
}
