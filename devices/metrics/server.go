package metrics

// The HTTP server of the counters.

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Server answers /metrics and /debug/pprof/.
type Server struct {
	listener net.Listener
	http     http.Server
	over     chan struct{}
}

// headerLimit is how long a client may take to say what it wants.
const headerLimit = 10 * time.Second

// Serve listens on address, "host:port"; port 0 is any that is free.
func (m *Metrics) Serve(address string) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: l, over: make(chan struct{})}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!DOCTYPE html><title>cos</title><p><a href="/metrics">metrics</a> <a href="/debug/pprof/">profiles</a>`)
	})
	s.http = http.Server{Handler: mux, ReadHeaderTimeout: headerLimit}
	go func() {
		defer close(s.over)
		_ = s.http.Serve(l) // ends with ErrServerClosed
	}()
	return s, nil
}

// URL is where the counters are.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/metrics" }

// closing is how long an answer under way may delay the end.
const closing = time.Second

// Close ends the server.
func (s *Server) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	<-s.over
}
