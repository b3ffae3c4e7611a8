package runtime

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// TestZSaveFiles holds where ZSAVE writes: to the .int or .m file that a routine came
// from, to the data directory otherwise; and that a new process finds it there.
func TestZSaveFiles(t *testing.T) {
	folder, data := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
	write("old.int", "old WRITE 1\n\n QUIT\n")
	write("src.mac", "#define A 1\nsrc WRITE $$$A\n")
	cfg := Config{Folders: []string{folder, filepath.Join(data, RoutinesFolder)}, DataDir: data}
	sys := NewSystem(cfg)
	defer sys.Close()
	p, err := sys.NewProcess(func(devices.Host) (devices.Device, error) { return devices.NewNull(""), nil })
	require.NoError(t, err)
	defer p.Close()
	for _, line := range []string{
		"ZLOAD old ZINSERT \" WRITE 2\":old ZSAVE",
		"ZLOAD src ZINSERT \" QUIT\":+1 ZSAVE",
		"ZLOAD old ZSAVE %made.up",
	} {
		require.NoError(t, p.Execute(line), line)
	}
	read := func(path ...string) string {
		b, err := os.ReadFile(filepath.Join(path...))
		require.NoError(t, err)
		return string(b)
	}
	assert.Equal(t, "old WRITE 1\n WRITE 2\n QUIT\n", read(folder, "old.int"))
	assert.Equal(t, "#define A 1\nsrc WRITE $$$A\n", read(folder, "src.mac"), "the macro source stays")
	assert.Equal(t, "src WRITE 1\n QUIT\n", read(data, RoutinesFolder, "src.int"))
	assert.Equal(t, read(folder, "old.int"), read(data, RoutinesFolder, "_made.up.int"))
	left, err := filepath.Glob(filepath.Join(data, RoutinesFolder, ".save*"))
	require.NoError(t, err)
	assert.Empty(t, left)
	r, err := NewSystem(cfg).Routine("%made.up")
	require.NoError(t, err)
	assert.Equal(t, "old WRITE 1", r.Source[0])

	require.NoError(t, os.RemoveAll(filepath.Join(data, RoutinesFolder)))
	require.NoError(t, os.WriteFile(filepath.Join(data, RoutinesFolder), nil, 0o644))
	require.ErrorContains(t, p.Execute("ZLOAD old ZSAVE other"), "<PROTECT>")
}

// TestZLoadFromDevice reads a routine's lines from the current device up to an empty one.
func TestZLoadFromDevice(t *testing.T) {
	p, console := newTest(t, "lab ; one\n WRITE \"two\",!\n\nrest\n")
	require.NoError(t, p.Execute("ZLOAD  WRITE $TEXT(lab+1),! DO lab READ x WRITE x"))
	p.Principal().Flush(devices.BeforeWait)
	assert.Contains(t, console.out.String(), " WRITE \"two\",!\ntwo\n")
	assert.Contains(t, console.out.String(), "rest")
}
