package devices

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMnemonics(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want string
		x, y int
	}{
		{"CUP", []string{"10", "5"}, "\x1b[5;10H", 9, 4},
		{"cup", nil, "\x1b[H", 0, 0},
		{"CUU", []string{"2"}, "\x1b[2A", 3, 1},
		{"CUD", nil, "\x1b[B", 3, 4},
		{"CUF", []string{"4"}, "\x1b[4C", 7, 3},
		{"CUB", []string{"9"}, "\x1b[9D", 0, 3},
		{"ED", []string{"2"}, "\x1b[2J", 3, 3},
		{"SGR", []string{"1", "31"}, "\x1b[1;31m", 3, 3},
		{"BEL", nil, "\a", 3, 3},
		{"NEL", nil, "\x1bE", 0, 4},
		{"RIS", nil, "\x1bc", 0, 0},
	} {
		s := sit(t, true)
		s.State().X, s.State().Y = 3, 3
		require.NoError(t, s.Mnemonic(row.name, row.args))
		s.shows(row.want)
		assert.Equal(t, [2]int{row.x, row.y}, [2]int{s.State().X, s.State().Y}, row.name)
	}
	require.Equal(t, "NOLINE", failure(sit(t, true).Mnemonic("NOSUCH", nil)))
	require.True(t, slices.IsSortedFunc(mnemonics, func(a, b mnemonic) int { return strings.Compare(a.name, b.name) }))
	for _, m := range mnemonics {
		assert.NotEmpty(t, m.doc, m.name)
	}
}
