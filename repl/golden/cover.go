package golden

// Which lines of routines the sessions run: gathered from all their processes, shown after
// the report.

import (
	"fmt"
	"os"
	"path/filepath"

	"cos/lang"
	"cos/runtime/coverage"
)

// coverFolder is where the processes of a session write which lines have run.
const coverFolder = "cover"

// gather reads what the processes have written. Routines that the session makes for itself
// are no part of it.
func (st *stage) gather() (err error) {
	if st.ran, err = coverage.Read(filepath.Join(st.tmp, coverFolder)); err != nil {
		return err
	}
	st.ran.Without(st.tmp)
	return nil
}

// coverOutlet shows coverage when all files are done.
type coverOutlet struct {
	o          *Options
	lcov, html *os.File // nil: not wanted
}

// newCoverOutlet makes the files before anything runs, as newJUnitOutlet does.
func newCoverOutlet(o *Options) (c *coverOutlet, err error) {
	c = &coverOutlet{o: o}
	for _, f := range []struct {
		flag, path string
		to         **os.File
	}{{"--cover-profile", o.CoverLCOV, &c.lcov}, {"--cover-html", o.CoverHTML, &c.html}} {
		if f.path == "" {
			continue
		}
		if *f.to, err = os.Create(f.path); err != nil {
			return nil, fmt.Errorf("%s: %w", f.flag, err)
		}
	}
	return c, nil
}

func (c *coverOutlet) file(*Report) {}

func (c *coverOutlet) whole(r *run) (err error) {
	note := func(e error) {
		if err == nil {
			err = e
		}
	}
	if !c.o.JSON {
		note(r.ran.WriteText(c.o.Stdout))
	}
	if c.lcov != nil {
		missing, e := r.ran.WriteLCOV(c.lcov)
		note(e)
		note(c.lcov.Close())
		for _, m := range missing {
			fmt.Fprintf(c.o.Stderr, "cos: --cover-profile leaves out %s, whose lines are not those of a file\n", lang.Visible(coverage.Shown(m.Path)))
		}
	}
	if c.html != nil {
		note(r.ran.WriteHTML(c.html))
		note(c.html.Close())
	}
	return err
}
