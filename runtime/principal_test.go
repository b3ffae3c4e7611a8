package runtime

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cos/devices"
)

// A principal device of two files shows the status of what was read, at its end too.
func TestPrincipalOfTwoDevicesShowsTheStatusOfItsInput(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	require.NoError(t, os.WriteFile(in, []byte("one\n"), 0o600))
	s := NewSystem(Config{})
	defer s.Close()
	p, err := s.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull("/dev/null"), nil })
	require.NoError(t, err)
	defer p.Close()
	d, err := p.openPrincipal(in, out)
	require.NoError(t, err)
	defer d.Close(nil)

	require.NoError(t, d.Write(devices.Text{S: "ab"}))
	r, err := d.Read(devices.ReadSpec{})
	require.NoError(t, err)
	require.Equal(t, "one", r.Text.S)
	require.Equal(t, []any{"\n", "\n", 0, 2}, []any{d.State().ZB.S, d.State().Key.S, d.State().ZA, d.State().X})
	_, err = d.Read(devices.ReadSpec{})
	require.ErrorContains(t, err, "ENDOFFILE")
	require.Equal(t, []any{"", devices.ZAError}, []any{d.State().ZB.S, d.State().ZA})
}
