package runtime

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchmarks are hot shapes of programs; n is the number of rounds.
var benchmarks = []struct{ name, setup, code string }{
	{"empty loop", "", "FOR i=1:1:n"},
	{"add", "SET x=0", "FOR i=1:1:n SET x=x+i"},
	{"compare", "SET x=0", "FOR i=1:1:n IF i=x SET x=0"},
	{"call", "", "FOR i=1:1:n DO s"},
	{"extrinsic", "", "FOR i=1:1:n SET x=$$f(i)"},
	{"array set", "", "FOR i=1:1:n SET a(i#1000)=i"},
	{"concat", "SET x=\"abc\"", "FOR i=1:1:n SET y=x_\"def\""},
	{"write", "", "FOR i=1:1:n WRITE \"abc\",i,!"},
	{"write *", "OPEN \"/dev/null\" USE \"/dev/null\"", "FOR i=1:1:n WRITE *65"},
	{"read", "OPEN \"/dev/null\" USE \"/dev/null\"", "FOR i=1:1:n READ x"},
	{"xecute", "SET c=\"SET x=i\"", "FOR i=1:1:n XECUTE c"},
	{"set", "", "FOR i=1:1:n SET x=i"},
	{"expression indirection", "SET c=\"i+1\"", "FOR i=1:1:n SET x=@c"},
	{"try", "", "FOR i=1:1:n { TRY { SET x=i } CATCH { } }"},
	{"global set", "", "FOR i=1:1:n SET ^g(i#1000)=i"},
	{"global get", "SET ^g(1)=1", "FOR i=1:1:n SET x=^g(1)"},
}

func BenchmarkM(b *testing.B) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			p, _ := newTest(b, "")
			src := "t(n)\n " + m.setup + "\n " + m.code + "\n QUIT\ns QUIT\nf(x) QUIT x\n"
			if m.setup == "" {
				src = strings.Replace(src, "\n \n", "\n", 1)
			}
			r := p.sys.Compile("t", "", src)
			require.Empty(b, r.Errors)
			start, err := p.sys.At(r, "", 0)
			require.NoError(b, err)
			b.ReportAllocs()
			b.ResetTimer()
			require.NoError(b, p.Launch(start, []string{itoa(b.N)}))
		})
	}
}

// BenchmarkProgram runs the compute programs of scripts/bench, one run a round.
func BenchmarkProgram(b *testing.B) {
	files, err := filepath.Glob("../scripts/bench/m/*.m")
	require.NoError(b, err)
	for _, path := range files {
		name := RoutineName(path)
		if name[0] == 'G' || name == "IN" { // globals, input
			continue
		}
		b.Run(name, func(b *testing.B) {
			for range b.N {
				p, _ := newTest(b, "")
				r, err := p.sys.LoadFile(path)
				require.NoError(b, err)
				require.Empty(b, r.Errors)
				start, err := p.sys.At(r, "", 0)
				require.NoError(b, err)
				require.NoError(b, p.Launch(start, nil))
			}
		})
	}
}
