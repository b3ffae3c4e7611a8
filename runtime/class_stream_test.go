package runtime

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// File streams read at the first use, write whole files at %Save, and leave nothing else
// behind.
func TestFileStreams(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	require.NoError(t, os.WriteFile(file, []byte("one\ntwo €\n"), 0o640))
	out, err := run(t, `t(f) NEW s SET s=##class(%Stream.FileCharacter).%New() WRITE s.LinkToFile(f),s.TranslateTable
 WRITE s.ReadLine(),s.ReadLine(),s.AtEnd,s.Filename=f DO s.MoveToEnd(),s.WriteLine("three") WRITE s.%Save()
 SET s=##class(%FileCharacterStream).%New() SET s.Filename=f DO s.Write("new"),s.Write("€") WRITE s.%Save()
 SET s=##class(%FileBinaryStream).%New() SET s.Filename=f WRITE s.Size,s.TranslateTable
 SET o=##class(%Stream.FileCharacter).%New(),o.Filename=f_"2",o.TranslateTable="RAW" WRITE o.CopyFromAndSave(s),o.Size
 SET o.Filename=f_"/no" WRITE $SYSTEM.Status.GetErrorText(o.CopyFromAndSave("x"))
`, file)
	require.NoError(t, err)
	assert.Equal(t, "1UTF8onetwo €11116RAW16ERROR #5005: Cannot open file '"+file+"/no'", out)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "new€", string(b))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 2)
}

// %FromJSONFile reads a whole file.
func TestJSONFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"a":["€",{}]}`), 0o600))
	out, err := run(t, "t(f) WRITE ##class(%DynamicAbstractObject).%FromJSONFile(f).%ToJSON()\n", file)
	require.NoError(t, err)
	assert.Equal(t, `{"a":["€",{}]}`, out)
}

// Log reports an exception where untrapped errors of jobs go.
func TestExceptionLog(t *testing.T) {
	out, err := run(t, "t SET e=##class(%Exception.General).%New(\"n\",7) WRITE e.Log()\n")
	require.NoError(t, err)
	assert.Regexp(t, `job \d+: n 7`, out)
}
