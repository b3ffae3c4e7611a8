package lang

import (
	"os"
	"strings"
	"testing"
)

// BenchmarkRoutine is a large routine of ordinary code; MB/s is of source.
func BenchmarkRoutine(b *testing.B) {
	src := big(b)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if r := ParseRoutine("r", src); len(r.Errors) > 0 {
			b.Fatal(r.Errors[0])
		}
	}
}

// big is about 900 kB of program.
func big(b *testing.B) string {
	var s strings.Builder
	for _, f := range []string{"testdata/features.mac", "../scripts/bench/m/MSG.m", "../scripts/bench/m/NEST.m", "../scripts/bench/m/PI.m"} {
		t, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		s.WriteString(strings.TrimPrefix(string(t), "ROUTINE features [Type=MAC]\n"))
	}
	return strings.Repeat(s.String(), 900_000/s.Len())
}

// BenchmarkLexer is the share of the lexer in BenchmarkRoutine.
func BenchmarkLexer(b *testing.B) {
	src := big(b)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		s := newScanner("r", src, startRoutine)
		for s.mode != atEnd {
			if _, err := s.Next(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkCommands is what an uncached XECUTE or a line at the prompt costs.
func BenchmarkCommands(b *testing.B) {
	for _, c := range []struct{ name, src string }{
		{"short", "S x=x+1"},
		{"long", `S x=$P(y,"^",2)_"abc",z(x)=1 D:x>5 lab^rtn(x,.z) I x W !,"hello ",z(1)`},
		{"device", `OPEN dev:(/HOSTNAME="127.0.0.1":/PORT=7000:/MODE="PSTE"):10 USE dev READ x#3:200 CLOSE dev`},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseCommands(c.src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkExpr is what uncached indirection costs.
func BenchmarkExpr(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseExpr("x(1,y)"); err != nil {
			b.Fatal(err)
		}
	}
}
