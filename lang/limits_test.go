package lang

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// No source may overflow Go's stack, here or in what recurses over the tree.
func TestNestingIsCapped(t *testing.T) {
	const n = 1_000_000
	for name, src := range map[string]string{
		"parentheses": "W " + strings.Repeat("(", n),
		"balanced":    "W " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"subscripts":  "W " + strings.Repeat("x(", n),
		"functions":   "W " + strings.Repeat("$L(", n),
		"extrinsics":  "W " + strings.Repeat("$$f(", n),
		"members":     "W a" + strings.Repeat(".b(c", n),
		"arrays":      "W " + strings.Repeat("[", n),
		"objects":     "W " + strings.Repeat(`{"a":`, n),
		"extended":    "W " + strings.Repeat("^|", n),
		"environment": "W " + strings.Repeat("^[", n),
		"signs":       "W " + strings.Repeat("-", n) + "1",
		"indirection": "W " + strings.Repeat("@", n) + "x",
		"routines":    "D " + strings.Repeat("^@", n) + "x",
		"operators":   "W 1" + strings.Repeat("+1", n),
		"patterns":    "W 1" + strings.Repeat("?1N", n),
		"alternation": "W 1?" + strings.Repeat("1(", n),
		"properties":  "W a" + strings.Repeat(".b", n),
		"at":          "W @a" + strings.Repeat("@(@a", n),
		"blocks":      strings.Repeat("IF x { ", n),
		"tries":       strings.Repeat("TRY { ", n),
		"lines":       strings.Repeat("FOR {\n", n),
		"commands":    strings.Repeat("IF x ", n),
		"loops":       strings.Repeat("F  ", n),
		"dots":        strings.Repeat(". ", n) + "W 1",
		"pairs":       "W " + strings.Repeat("$S(1:", n),
	} {
		r, err := ParseCommands(src)
		require.Error(t, err, name)
		assert.Less(t, depth(r.Lines), 2*maxCommands, name)
	}
	deep := "W " + strings.Repeat("(", maxNesting) + "1" + strings.Repeat(")", maxNesting)
	_, err := ParseCommands(deep)
	assert.NoError(t, err, "as deep as allowed")
	_, err = ParseCommands("W (1" + strings.Repeat("+1", maxOperators-1) + ")")
	assert.NoError(t, err)
	_, err = ParseCommands(strings.Repeat("W 1 ", maxCommands))
	assert.NoError(t, err)
	_, err = ParseCommands("W ((" + strings.Repeat("(", maxNesting))
	assert.ErrorContains(t, err, "nested deeper than")
}

// A line that nests too deep does not take the lines below it along.
func TestTooDeepCostsOneLine(t *testing.T) {
	r := ParseRoutine("r", " W "+strings.Repeat("(", 1000)+"\n W 1\n")
	assert.Len(t, r.Errors, 1)
	require.Len(t, r.Lines, 2)
	assert.IsType(t, &Write{}, r.Lines[1].Commands[0])
}

// Commands in blocks on one line count with those around them: a body that is the rest
// of a line recurses for each.
func TestCommandsAreCountedAlongThePath(t *testing.T) {
	line := strings.Repeat("I 1 ", maxCommands/2)
	_, err := ParseCommands(line + "I 1 { " + line + "I 1 { " + line + " } }")
	assert.Error(t, err)
	_, err = ParseCommands("I 1 {\n" + strings.Repeat(line+"\n", 5) + "}")
	assert.NoError(t, err)
}

// depth is how deep a walk over commands recurses when it treats the rest of a line as
// the body of each command.
func depth(lines []*Line) int {
	most := 0
	for _, l := range lines {
		for i, c := range l.Commands {
			for _, b := range blocks(c) {
				most = max(most, i+1+depth(b.Lines))
			}
		}
		most = max(most, len(l.Commands))
	}
	return most
}

func blocks(c Command) (all []*Block) {
	add := func(b *Block) {
		if b != nil {
			all = append(all, b)
		}
	}
	switch c := c.(type) {
	case *If:
		add(c.Block)
		for _, e := range c.ElseIfs {
			add(e.Block)
		}
		add(c.Else)
	case *For:
		add(c.Block)
	case *While:
		add(c.Block)
	case *Do:
		add(c.Block)
	case *Try:
		add(c.Block)
		add(c.Catch)
	}
	return all
}

// Time is linear in the size of the source, however badly it is broken.
func TestBrokenSourcesAreCheap(t *testing.T) {
	if testing.Short() {
		t.Skip("half a second")
	}
	for _, unit := range []string{" W (\n", " S x=1 }\n", " IF x {\n", " FOO\n", "lab(\n", " W 1,\n", " TRY {} \n", "\n", " W \"\n", "}", " /*", "IF x\n;\n", "a\n", " W (é\n", "$$$m(\n", " &sql('\n", " W \"a\"_\n", " // a\n", " I x D  \n"} {
		src := strings.Repeat(unit, 1<<20/len(unit)/4)
		r := ParseRoutine("r", src)
		for _, e := range r.Errors {
			require.LessOrEqual(t, e.Pos.Offset, len(src), unit)
		}
	}
}
