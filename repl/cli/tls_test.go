package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cos tls selfsigned makes what it prints the use of, and overwrites nothing.
func TestTLSSelfsigned(t *testing.T) {
	w := newWorld(t, nil)
	out, errs, exit := w.run("", "tls", "selfsigned", "certs", "--host", "server.example", "--host", "10.0.0.1")
	require.Zero(t, exit, errs)
	file := filepath.Join("certs", "tls.toml")
	assert.Contains(t, out, "cos --tls-config "+file)
	assert.Contains(t, out, `/TLS="client||server.example"`)
	for _, name := range []string{"ca.key", "server.key", "client.key"} {
		info, err := os.Stat(filepath.Join(w.dir, "certs", name))
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			assert.EqualValues(t, 0o600, info.Mode().Perm(), name)
		}
	}
	_, errs, exit = w.run("", "tls", "selfsigned", "certs")
	assert.Equal(t, exitError, exit)
	assert.Contains(t, errs, "ca.pem is there already")

	out, errs, exit = w.run("", "--tls-config", file, "--namespace", "%SYS", "run", "-c",
		`WRITE ##class(Security.SSLConfigs).Exists("mutual",.o),o.VerifyPeer,o.Activate()`)
	require.Zero(t, exit, errs)
	assert.Equal(t, "131", out)
}

// A file of configurations that is wrong stops cos before it runs anything.
func TestTLSConfigErrors(t *testing.T) {
	w := newWorld(t, map[string]string{
		"bad.toml":   "[tls.a]\nPrivateKeyPassword='s3cret'\nNoSuch=1\n",
		"plain.toml": "x=1\n",
	})
	for file, want := range map[string]string{
		"bad.toml":    "cos: bad.toml: [tls.a]: a TLS configuration has no property NoSuch\n",
		"plain.toml":  "cos: plain.toml: there is no table [tls.NAME]\n",
		"nosuch.toml": "cos: nosuch.toml: no such file or directory\n",
	} {
		out, errs, exit := w.run("", "--tls-config", file, "run", "-c", "WRITE 1")
		assert.Equal(t, exitUsage, exit, file)
		assert.Empty(t, out)
		assert.Equal(t, want, errs)
	}
}
