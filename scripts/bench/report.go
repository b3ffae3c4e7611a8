//go:build unix

package main

// The report: a table of ratios, the gates, or the same as JSON.

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// finite leaves out rounds without a value.
func finite(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

// against returns the ratio of cos to another engine.
func (m *measured) against(other string) (spread, bool) {
	return spreadOf(ratios(m.values[cosName], m.values[other], m.metric.lower))
}

// verdict compares the medians with the goals; "" when there is nothing to compare.
func (m *measured) verdict() string {
	gtm, hasGTM := m.against(gtmName)
	plain, hasPlain := m.against(goName)
	switch g := m.goals; {
	case hasGTM && g.floor > 0 && gtm.Median < g.floor:
		return "below the floor"
	case hasGTM && g.aim > 0 && gtm.Median < g.aim, hasPlain && g.plain > 0 && plain.Median < g.plain:
		return "below the aim"
	case hasGTM && g.aim > 0, hasPlain && g.plain > 0:
		return "met"
	}
	return ""
}

// goalText says what a row is held to.
func (g goals) text() string {
	var out []string
	if g.plain > 0 {
		out = append(out, fmt.Sprintf("%g Go", g.plain))
	}
	if g.aim > 0 {
		out = append(out, fmt.Sprintf("%g GT.M", g.aim))
	}
	return strings.Join(out, ", ")
}

// short writes a number with three digits and a suffix.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return digits(v/1e6) + " M"
	case v >= 1e4:
		return digits(v/1e3) + " k"
	}
	return digits(v)
}

func digits(v float64) string {
	switch {
	case math.Abs(v) >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case math.Abs(v) >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func ratioText(s spread, ok bool) string {
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%sx (%s–%s)", digits(s.Median), digits(s.Min), digits(s.Max))
}

// present lists the engines of the run by name.
func (b *bench) present(name string) bool {
	return slices.ContainsFunc(b.engines, func(e *engine) bool { return e.name == name })
}

// value is a cell of an engine's column.
func (b *bench) value(m *measured, name string) string {
	if s, ok := spreadOf(finite(m.values[name])); ok {
		return short(s.Median)
	}
	if !b.present(name) {
		return "not installed"
	}
	return "-"
}

// table prints every measured metric.
func (b *bench) table(w io.Writer) error {
	group := ""
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range b.lines {
		if m.group != group {
			group = m.group
			fmt.Fprintf(t, "\n%s\tunit\tcos\tGo\tGT.M\tx Go\tx GT.M\taim\t\n", strings.ToUpper(group))
		}
		name := m.row
		if m.metric.name != "" {
			name += ", " + m.metric.name
		}
		goRatio, goOK := m.against(goName)
		gtmRatio, gtmOK := m.against(gtmName)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, m.metric.unit,
			b.value(m, cosName), b.value(m, goName), b.value(m, gtmName),
			ratioText(goRatio, goOK), ratioText(gtmRatio, gtmOK), m.goals.text(), m.verdict())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, m := range b.lines {
		for _, text := range m.trouble {
			fmt.Fprintf(w, "\nTROUBLE %s\n", text)
		}
	}
	return b.gates(w)
}

// gate is one line of the last table.
type gate struct {
	Area  string  `json:"area"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"` // "x", or what the value is counted in
	Lower bool    `json:"lower"`
	Floor float64 `json:"floor"`
	Aim   float64 `json:"aim"`
}

// reached says how far a gate is met.
func (g gate) reached() string {
	better := func(limit float64) bool {
		if g.Lower {
			return g.Value <= limit
		}
		return g.Value >= limit
	}
	switch {
	case better(g.Aim):
		return "met"
	case better(g.Floor):
		return "floor met, aim not met"
	}
	return "NOT MET"
}

// find returns a metric of a row.
func (b *bench) find(key, metric string) *measured {
	for _, m := range b.lines {
		if m.key == key && m.metric.name == metric {
			return m
		}
	}
	return nil
}

// gateRows are the gates that are one metric of one row against one engine ("" for its
// plain value).
var gateRows = []struct {
	area, key, metric, other string
	floor, aim               float64
}{
	{"echo ping-pong, one CPU, against GT.M", "PING1", "", gtmName, .8, 1},
	{"echo ping-pong, one CPU, against plain Go", "PING1", "", goName, .8, .8},
	{"echo ping-pong, one CPU, round trips/s", "PING1", "", "", 50_000, 50_000},
	{"ping-pong as client against GT.M", "CLIENT", "", gtmName, .8, .95},
	{"READ lines against GT.M", "READLINES", "", gtmName, 2, 5},
	{"WRITE lines buffered against GT.M", "WRITELINES", "", gtmName, 4, 10},
	{"bulk read against GT.M", "BULKREAD", "", gtmName, 1, 1.5},
	{"bulk read against plain Go", "BULKREAD", "", goName, .8, .8},
	{"bulk write against GT.M", "BULKWRITE", "", gtmName, .8, .95},
	{"bulk write against plain Go", "BULKWRITE", "", goName, .8, .8},
	{"accept + JOB, 1 client, against GT.M", "JOB1", "", gtmName, 5, 20},
	{"accept + JOB, 8 clients, against GT.M", "JOB8", "", gtmName, 5, 25},
	{"accept + JOB, 8 clients, p99 ms", "JOB8", "p99", "", 3, 3},
	{"held connections: failures", "HELD1000", "failures", "", 0, 0},
	{"held connections: KB each", "HELD1000", perHeld.name, "", 256, 64},
	{"5,000 held connections: failures", "HELD5000", "failures", "", 0, 0},
	{"5,000 held connections: KB each", "HELD5000", perHeld.name, "", 256, 64},
	{"globals: set", "GSET", "CPU", gtmName, .3, .8},
	{"globals: get", "GGET", "CPU", gtmName, .5, .8},
	{"globals: $ORDER", "GORD", "CPU", gtmName, .1, .4},
}

// allGates computes what can be computed from this run.
func (b *bench) allGates() []gate {
	var out []gate
	for _, row := range gateRows {
		m := b.find(row.key, row.metric)
		if m == nil {
			continue
		}
		g := gate{Area: row.area, Unit: "x", Floor: row.floor, Aim: row.aim}
		s, ok := m.against(row.other)
		if row.other == "" {
			s, ok = spreadOf(finite(m.values[cosName]))
			g.Unit, g.Lower = m.metric.unit, m.metric.lower
		}
		if ok {
			g.Value = s.Median
			out = append(out, g)
		}
	}
	return append(out, b.computeGates()...)
}

// computeGates are the geometric mean of the compute rows, the worst of them, and the
// peak of memory.
func (b *bench) computeGates() []gate {
	var all []float64
	for i := range programs {
		if m := b.find(programs[i].name, "CPU"); m != nil && programs[i].mean() {
			if s, ok := m.against(gtmName); ok {
				all = append(all, s.Median)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	out := []gate{
		{Area: fmt.Sprintf("compute: geometric mean of %d rows against GT.M", len(all)), Value: geometricMean(all), Unit: "x", Floor: 1.5, Aim: 2.5},
		{Area: "compute: the slowest of them", Value: slices.Min(all), Unit: "x", Floor: .7, Aim: 1},
	}
	if gtm := b.peak[gtmName]; gtm > 0 {
		out = append(out, gate{Area: "compute: peak RSS, of GT.M's", Value: b.peak[cosName] / gtm, Unit: "x", Lower: true, Floor: 3, Aim: 2})
	}
	return out
}

func (b *bench) gates(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\nGATES\tmeasured\tfloor\taim\t\n")
	for _, g := range b.allGates() {
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", g.Area, short(g.Value), g.Unit, short(g.Floor), short(g.Aim), g.reached())
	}
	if !b.present(gtmName) {
		fmt.Fprint(t, "\nGT.M is not installed (Debian: fis-gtm): gates against it are left out.\n")
	}
	return t.Flush()
}

// jsonLine is a metric as -json prints it.
type jsonLine struct {
	Group   string            `json:"group"`
	Row     string            `json:"row"`
	Key     string            `json:"key"`
	Metric  string            `json:"metric"`
	Unit    string            `json:"unit"`
	Lower   bool              `json:"lowerIsBetter"`
	Engines map[string]spread `json:"engines"`
	Ratios  map[string]spread `json:"ratios"`
	Verdict string            `json:"verdict,omitempty"`
	Trouble []string          `json:"trouble,omitempty"`
}

func (b *bench) json(w io.Writer) error {
	var lines []jsonLine
	for _, m := range b.lines {
		l := jsonLine{m.group, m.row, m.key, m.metric.name, m.metric.unit, m.metric.lower, map[string]spread{}, map[string]spread{}, m.verdict(), m.trouble}
		for _, e := range b.engines {
			if s, ok := spreadOf(finite(m.values[e.name])); ok {
				l.Engines[e.name] = s
			}
			if s, ok := m.against(e.name); ok && e.name != cosName {
				l.Ratios[e.name] = s
			}
		}
		lines = append(lines, l)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Lines []jsonLine         `json:"lines"`
		Gates []gate             `json:"gates"`
		Peak  map[string]float64 `json:"peakKB"`
	}{lines, b.allGates(), b.peak})
}
