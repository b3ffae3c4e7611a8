//go:build unix

// Command bench measures cos beside plain Go and, when it is installed, GT.M, and
// prints ratios. docs/benchmarks.md says what the numbers mean.
//
//	go run ./scripts/bench [-rows REGEXP] [-rounds N] [-quick] [-full] [-json]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"syscall"
)

func main() {
	rows := flag.String("rows", "", "only rows whose key matches this regular `expression`")
	rounds := flag.Int("rounds", 0, "`number` of rounds (default 5, with -quick 3)")
	quick := flag.Bool("quick", false, "small network rows")
	full := flag.Bool("full", false, "also the rows with 5,000 connections")
	asJSON := flag.Bool("json", false, "print JSON")
	role := flag.String("role", "", "play one end of a network row (used by bench itself)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := error(nil)
	if *role != "" {
		err = playArgs(*role, flag.Args())
	} else {
		err = suite(ctx, *rows, *rounds, *quick, *full, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

var errRole = errors.New("-role takes a port, a count and a number of workers")

func playArgs(role string, args []string) error {
	if role == "nothing" {
		return nil
	}
	if len(args) != 3 {
		return errRole
	}
	var n [3]int
	for i, a := range args {
		var err error
		if n[i], err = strconv.Atoi(a); err != nil {
			return err
		}
	}
	return play(role, n[0], n[1], n[2])
}

// suite prepares the engines, measures and reports.
func suite(ctx context.Context, rows string, rounds int, quick, full, asJSON bool) (err error) {
	pattern, err := regexp.Compile(rows)
	if err != nil {
		return err
	}
	if rounds <= 0 {
		if rounds = 5; quick {
			rounds = 3
		}
	}
	if err := raiseFiles(); err != nil {
		return err
	}
	shop, err := newWorkshop()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.close()) }()
	b := &bench{shop: shop, rows: pattern, rounds: rounds, quick: quick, full: full, cpu: lastCPU(), progress: os.Stderr}
	cos, err := shop.cos(ctx)
	if err != nil {
		return err
	}
	b.engines = []*engine{cos, shop.plain()}
	gtm, err := shop.gtm(ctx)
	if err != nil {
		return err
	}
	if gtm != nil {
		b.engines = append(b.engines, gtm)
	}
	measured := b.measure(ctx)
	if asJSON {
		return errors.Join(measured, b.json(os.Stdout))
	}
	return errors.Join(measured, b.table(os.Stdout))
}
