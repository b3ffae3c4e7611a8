package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRelease makes the release of this system and uses what it holds.
func TestRelease(t *testing.T) {
	if goruntime.GOOS == "windows" {
		t.Skip("the archive is unpacked as a .tar.gz here")
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1234567890")
	dir := t.TempDir()
	platform := goruntime.GOOS + "/" + goruntime.GOARCH
	r := &release{version: "v9.8.7-test", out: dir, platforms: []string{platform}, flags: []string{"-pgo=off"}, say: io.Discard}
	require.NoError(t, r.run())
	base := "cos-9.8.7-test-" + goruntime.GOOS + "-" + goruntime.GOARCH
	archive := filepath.Join(dir, base+".tar.gz")

	packed, err := os.ReadFile(archive)
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("%x  %s.tar.gz\n", sha256.Sum256(packed), base), string(sums))

	z, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	found := map[string]int64{}
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		found[strings.TrimPrefix(h.Name, base+"/")] = h.Mode
		assert.Equal(t, int64(1234567890), h.ModTime.Unix())
		to := filepath.Join(dir, filepath.Base(h.Name))
		b, err := io.ReadAll(files)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, b, os.FileMode(h.Mode)))
	}
	assert.Equal(t, map[string]int64{"cos": 0o755, "cos.1": 0o644, "README.md": 0o644, "LICENSE": 0o644}, found)

	out, err := exec.Command(filepath.Join(dir, "cos"), "version").Output()
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(out), "cos 9.8.7-test "+platform+" "), string(out))
	page, err := os.ReadFile(filepath.Join(dir, "cos.1"))
	require.NoError(t, err)
	assert.Contains(t, string(page), `"cos 9.8.7-test" "User Commands"`)
}

// TestZip packs what Windows takes, twice with the same bytes.
func TestZip(t *testing.T) {
	r := &release{modified: time.Unix(1234567890, 0).UTC()}
	var one, two bytes.Buffer
	files := []member{{"d/cos.exe", 0o755, []byte("program")}, {"d/LICENSE", 0o644, []byte("text")}}
	require.NoError(t, r.zip(&one, files))
	require.NoError(t, r.zip(&two, files))
	assert.Equal(t, one.Bytes(), two.Bytes())
	z, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	require.NoError(t, err)
	require.Len(t, z.File, 2)
	for i, f := range z.File {
		assert.Equal(t, files[i].name, f.Name)
		assert.Equal(t, files[i].mode, f.Mode())
		assert.True(t, f.Modified.Equal(r.modified), f.Modified)
		from, err := f.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(from)
		require.NoError(t, err)
		assert.Equal(t, files[i].data, b)
	}
}

func TestWrongReleases(t *testing.T) {
	for _, version := range []string{"", "v", "1 2", "../1", `"`} {
		r := &release{version: version, out: t.TempDir(), say: io.Discard}
		assert.ErrorContains(t, r.run(), "-version")
	}
	r := &release{version: "1"}
	_, err := r.build("linux")
	assert.ErrorContains(t, err, "a platform is os/architecture")
	t.Setenv("SOURCE_DATE_EPOCH", "today")
	assert.Error(t, r.date())
}
