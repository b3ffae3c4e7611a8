// Package metrics counts what the observer hears of devices, for Prometheus, and serves
// the counts together with Go's profiles. Nothing is made before New, so a program that
// does not ask for metrics does not pay for them.
package metrics

import (
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"cos/devices"
)

// Metrics is a devices.Observer.
type Metrics struct {
	registry *prometheus.Registry

	connections             prometheus.Gauge
	accepts, connects       prometheus.Counter
	reads, writes, started  prometheus.Counter
	timeouts                prometheus.Counter
	sentBytes, receivedByte prometheus.Counter
	readWait                prometheus.Histogram
	errors                  *prometheus.CounterVec

	mu    sync.Mutex
	names map[string]bool // labels of errors so far
}

// mostNames bounds the error names that are counted apart: programs make up their own.
const mostNames = 200

// otherName stands for the rest.
const otherName = "other"

// waits are the bounds of the READ wait histogram, in seconds: from what needs no wait to
// what a person types.
var waits = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 10, 60, 300}

// New makes the counters.
func New() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), names: map[string]bool{}}
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "cos", Name: name, Help: help})
		m.registry.MustRegister(c)
		return c
	}
	m.connections = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "cos", Name: "connections", Help: "TCP connections that are open now."})
	m.accepts = counter("accepts_total", "Clients accepted.")
	m.connects = counter("connects_total", "Connections made as a client.")
	m.reads = counter("reads_total", "READ arguments that have ended, on any device.")
	m.timeouts = counter("read_timeouts_total", "READ arguments that ended with their timeout.")
	m.writes = counter("writes_total", "Times output was sent to a connection, a terminal or a file.")
	m.started = counter("jobs_total", "Processes that JOB has started.")
	m.sentBytes = counter("sent_bytes_total", "Bytes sent over connections, before TLS and compression.")
	m.receivedByte = counter("received_bytes_total", "Bytes received over connections, after TLS and compression.")
	m.readWait = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "cos", Name: "read_wait_seconds",
		Help: "How long READ took, the wait for a client included.", Buckets: waits})
	m.errors = prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "cos", Name: "errors_total",
		Help: "M errors raised, trapped or not, by name; names beyond 200 count as other."}, []string{"name"})
	m.registry.MustRegister(m.connections, m.readWait, m.errors, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Jobs adds how many live processes JOB has started.
func (m *Metrics) Jobs(count func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: "cos", Name: "jobs", Help: "Processes started by JOB that live now."},
		func() float64 { return float64(count()) }))
}

// Observe implements devices.Observer.
func (m *Metrics) Observe(e *devices.Event) {
	switch e.Kind {
	case "accept":
		m.accepts.Inc()
		m.connections.Inc()
	case "connect":
		m.connects.Inc()
		m.connections.Inc()
	case "adopt":
		if e.Peer != "" {
			m.connections.Inc()
		}
	case "disconnect", "close":
		m.connections.Dec()
	case "send":
		m.writes.Inc()
		m.sentBytes.Add(float64(len(e.Data)))
	case "output":
		m.writes.Inc()
	case "receive":
		m.receivedByte.Add(float64(len(e.Data)))
	case "READ":
		m.reads.Inc()
		m.readWait.Observe(e.Time.Sub(e.Began).Seconds())
		if e.TimedOut {
			m.timeouts.Inc()
		}
	case "JOB":
		if e.Child != 0 {
			m.started.Inc()
		}
	case "error":
		m.errors.WithLabelValues(m.label(e.Error)).Inc()
	}
}

// label is the label of an error name.
func (m *Metrics) label(name string) string {
	name = strings.ToValidUTF8(name, "?")
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.names[name] {
		if len(m.names) >= mostNames {
			return otherName
		}
		m.names[name] = true
	}
	return name
}
