package coverage

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample is the coverage of two processes of one routine, and of one in a container. dir
// holds the routine's file.
func sample(t *testing.T) (s *Set, dir string) {
	dir = t.TempDir()
	path := filepath.Join(dir, "a.mac")
	source := []string{"a ;<script>alert(\"&\")</script>", " SET x=1\t\x1b[2J\x00\x7f", " SET y=2", " SET z=3"}
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(source, "\n")), 0o600))
	list := func(hits ...int64) []*Routine {
		return []*Routine{
			{Name: "a", Path: path, Source: source, Hits: hits},
			{Name: "b", Path: filepath.Join(dir, "x.xml") + "(b)", Source: []string{"b QUIT"}, Hits: []int64{hits[1]}},
		}
	}
	folder := t.TempDir()
	for _, l := range [][]*Routine{list(Nothing, 2, 0, 0), list(Nothing, 3, 1, 0)} {
		f, err := Begin(folder)
		require.NoError(t, err)
		require.NoError(t, f.End(l))
	}
	for _, text := range []string{"", `[{"name":`} { // killed before and while it wrote
		f, err := Begin(folder)
		require.NoError(t, err)
		_, err = f.f.WriteString(text)
		require.NoError(t, err)
	}
	s, err := Read(folder)
	require.NoError(t, err)
	return s, dir
}

func TestRead(t *testing.T) {
	s, dir := sample(t)
	list := s.Routines()
	require.Len(t, list, 2)
	assert.Equal(t, []int64{Nothing, 5, 1, 0}, list[0].Hits)
	assert.Equal(t, []int64{5}, list[1].Hits)
	assert.Equal(t, 2, s.Lost)
	covered, lines := s.Counts()
	assert.Equal(t, [2]int{3, 4}, [2]int{covered, lines})

	// Another source at the same path is another routine.
	changed := *list[0]
	changed.Source = []string{"a", "", "", ""}
	s.Add(&changed)
	require.Len(t, s.Routines(), 3)

	var all Set
	all.Merge(s)
	all.Merge(s)
	assert.Equal(t, []int64{10}, all.Routines()[2].Hits)
	assert.Equal(t, []int64{5}, list[1].Hits, "a set does not share its counters")
	assert.Equal(t, 4, all.Lost)
	all.Without(dir + "x")
	assert.Len(t, all.Routines(), 3)
	all.Without(dir)
	assert.Empty(t, all.Routines())

	folder := t.TempDir()
	f, err := Begin(folder)
	require.NoError(t, err)
	require.NoError(t, f.End([]*Routine{{Source: []string{"a"}}}))
	_, err = Read(folder)
	assert.ErrorContains(t, err, "1 lines of source and 0 of coverage")
}

func TestText(t *testing.T) {
	s, dir := sample(t)
	var b bytes.Buffer
	require.NoError(t, s.WriteText(&b))
	assert.Equal(t, "coverage of lines\n  66.7%          2/3  "+dir+"/a.mac\n 100.0%          1/1  "+dir+"/x.xml(b)\n  75.0%          3/4  of 2 routines\nnot counted: 2 processes, killed before the end\n", b.String())
	t.Chdir(dir)
	b.Reset()
	require.NoError(t, s.WriteText(&b))
	assert.Contains(t, b.String(), "  a.mac\n")
	b.Reset()
	require.NoError(t, (&Set{Lost: 1}).WriteText(&b))
	assert.Equal(t, "coverage of lines\n 100.0%          0/0  of 0 routines\nnot counted: 1 process, killed before the end\n", b.String())
}

func TestLCOV(t *testing.T) {
	s, dir := sample(t)
	t.Chdir(dir)
	var b bytes.Buffer
	missing, err := s.WriteLCOV(&b)
	require.NoError(t, err)
	assert.Equal(t, "TN:\nSF:a.mac\nDA:2,5\nDA:3,1\nDA:4,0\nLF:3\nLH:2\nend_of_record\n", b.String())
	require.Len(t, missing, 1)
	assert.Equal(t, "b", missing[0].Name)
}

func TestHTML(t *testing.T) {
	s, dir := sample(t)
	t.Chdir(dir)
	var b bytes.Buffer
	require.NoError(t, s.WriteHTML(&b))
	page := b.String()
	for _, want := range []string{
		"<title>75.0% of 4 lines</title>",
		`<td><a href="#r1">a.mac</a><td class="n">66.7%<td><progress max="3" value="2"></progress><td class="n">2/3`,
		`<span class="none"><i class="l">1</i><i class="h"></i>a ;&lt;script&gt;alert(&#34;&amp;&#34;)&lt;/script&gt;</span>`,
		`<span class="run"><i class="l">2</i><i class="h">5</i> SET x=1` + "\t" + `␛[2J␀␡</span>`,
		`<span class="not"><i class="l">4</i><i class="h">0</i> SET z=3</span>`,
		"Not counted: 2 processes",
	} {
		assert.Contains(t, page, want)
	}
	assert.NotContains(t, page, "<script")
	assert.NotRegexp(t, `(?i)(src|href)="?(https?:)?//`, page, "the page needs nothing but itself")
}
