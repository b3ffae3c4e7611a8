//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"math"
	"net"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The test binary stands in for bench where bench starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-role" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestSpread(t *testing.T) {
	s, ok := spreadOf([]float64{3, 1, 2})
	assert.True(t, ok)
	assert.Equal(t, spread{2, 1, 3}, s)
	s, _ = spreadOf([]float64{4, 1, 2, 3})
	assert.Equal(t, spread{2.5, 1, 4}, s)
	_, ok = spreadOf(nil)
	assert.False(t, ok)
}

func TestRatios(t *testing.T) {
	nan := math.NaN()
	assert.Equal(t, []float64{2, .5}, ratios([]float64{4, nan, 1}, []float64{2, 1, 2}, false))
	assert.Equal(t, []float64{.5, 2}, ratios([]float64{4, 1}, []float64{2, 2, 9}, true), "less is better")
	assert.Empty(t, ratios([]float64{0}, []float64{0}, true))
	assert.InDelta(t, 2, geometricMean([]float64{1, 4}), 1e-12)
	assert.Equal(t, 3.0, percentile([]float64{1, 2, 3}, .99))
}

func TestVerdict(t *testing.T) {
	m := newMeasured("network", "row", "KEY", rate, goals{floor: .8, aim: 1, plain: .8})
	for _, row := range []struct {
		cos, plain, gtm float64
		want            string
	}{
		{100, 100, 100, "met"},
		{90, 100, 100, "below the aim"},
		{100, 200, 50, "below the aim"},
		{70, 70, 100, "below the floor"},
	} {
		m.values = map[string][]float64{cosName: {row.cos}, goName: {row.plain}, gtmName: {row.gtm}}
		assert.Equal(t, row.want, m.verdict(), row)
	}
	assert.Equal(t, "met", gate{Value: 0, Lower: true}.reached())
	assert.Equal(t, "NOT MET", gate{Value: 1, Lower: true}.reached())
	assert.Equal(t, "floor met, aim not met", gate{Value: 1.2, Floor: 1, Aim: 2}.reached())
}

// Every row names things that exist, and every program is in a row.
func TestTablesAreHonest(t *testing.T) {
	keys, metrics := map[string]bool{"EMPTY": true}, map[string]bool{}
	for _, row := range traffics {
		assert.False(t, keys[row.key], row.key)
		keys[row.key] = true
		for _, m := range row.metrics {
			metrics[row.key+" "+m.name] = true
		}
		label, file, _ := strings.Cut(row.cos, "^")
		text, err := sources.ReadFile("net/" + file + ".mac")
		require.NoError(t, err)
		assert.Contains(t, "\n"+string(text), "\n"+label+"(port,count) ;", row.key)
		if row.gtm != "" {
			name := strings.Fields(row.gtm)
			text, err := sources.ReadFile("gtm/" + name[0] + ".m")
			require.NoError(t, err)
			if len(name) > 1 {
				assert.Contains(t, string(text), "\n"+name[1]+" ;", row.key)
			}
		}
		assert.Contains(t, drivers, row.drive)
	}
	for _, p := range programs {
		assert.False(t, keys[p.name], p.name)
		keys[p.name] = true
		metrics[p.name+" CPU"] = true
	}
	files, err := fs.Glob(sources, "m/*.m")
	require.NoError(t, err)
	for _, f := range files {
		assert.True(t, keys[strings.TrimSuffix(path.Base(f), ".m")], f)
	}
	for _, g := range gateRows {
		assert.True(t, metrics[g.key+" "+g.metric], g.area)
	}
}

// Plain Go does the work that every driver asks for.
func TestPlainServers(t *testing.T) {
	for _, row := range traffics {
		if row.active || row.drive == "hold" {
			continue
		}
		t.Run(row.key, func(t *testing.T) {
			const count = 300
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			served := make(chan error, 1)
			go func() { served <- serveRole(l, row.plain, count) }()
			r, err := drivers[row.drive](l.Addr().(*net.TCPAddr).Port, count, row.workers)
			require.NoError(t, err)
			require.NoError(t, <-served)
			require.NoError(t, l.Close())
			assert.Equal(t, count, r.Ops)
			assert.Zero(t, r.Failures)
			assert.Positive(t, r.Seconds)
		})
	}
}

// A driver does not count what is wrong.
func TestDriversCheck(t *testing.T) {
	for name, drive := range drivers {
		if name == "answer" || name == "hold" || name == "connect" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			served := make(chan error, 1)
			go func() {
				served <- serveOne(l, 0, func(conn net.Conn, _ int) error {
					_, err := conn.Read(make([]byte, 64<<10))
					_, _ = io.WriteString(conn, strings.Repeat("no\n", lineLength))
					return err
				})
			}()
			_, err = drive(l.Addr().(*net.TCPAddr).Port, 10, 1)
			require.Error(t, err)
			require.NoError(t, <-served)
			require.NoError(t, l.Close())
		})
	}
}

// Every network row once, small, on cos and plain Go, and the report of it.
func TestSmallSuite(t *testing.T) {
	if testing.Short() {
		t.Skip("builds cos")
	}
	ctx := context.Background()
	shop, err := newWorkshop()
	require.NoError(t, err)
	defer func() { require.NoError(t, shop.close()) }()
	cos, err := shop.cos(ctx)
	require.NoError(t, err)
	b := &bench{shop: shop, engines: []*engine{cos, shop.plain()}, rows: regexp.MustCompile("^HASH$"), rounds: 1, quick: true, cpu: lastCPU(), progress: io.Discard}
	require.NoError(t, b.measure(ctx))
	for i := range traffics {
		row := traffics[i]
		row.quick = 50
		b.network(ctx, &row)
	}
	for _, m := range b.lines {
		assert.Empty(t, m.trouble, m.row)
		values := finite(m.values[cosName])
		if m.metric != perHeld && m.metric != perHeldRSS {
			assert.Len(t, values, 1+2*btoi(m.group == "start"), m.row+m.metric.name)
		}
		if m.metric == failures {
			assert.Zero(t, values[0])
		}
	}
	var out bytes.Buffer
	require.NoError(t, b.table(&out))
	assert.Contains(t, out.String(), "accept + JOB, 8 clients")
	assert.Contains(t, out.String(), "GT.M is not installed")
	out.Reset()
	require.NoError(t, b.json(&out))
	assert.Contains(t, out.String(), `"key": "PING1"`)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
