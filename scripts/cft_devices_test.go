//go:build unix

package scripts_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is no file is neither sent nor replaced: devices and pipes have no end, or no bytes.
func TestTransferOfDevices(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil, "", "")
	pipe := filepath.Join(p.in, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for _, path := range []string{"/dev/zero", "/dev/null", pipe} {
		a := p.north.ask(t, `SEND PART=SOUTH,IDF=TXT,FNAME="`+path+`",WPHASES=X,WTIMEOUT=60`)
		assert.Equal(t, "80", a.get("rc"), "%s: %s", path, a)
		assert.Equal(t, "104", a.get("cat.DIAGI"), path)
	}
	require.NoError(t, syscall.Mkfifo(filepath.Join(p.out, "pipe"), 0o600))
	south := callSouth(t, p.south.port(t, "CFTTCPS", "PESIT1"))
	letter, content := south.sendFile("idt=A0100001\nidtu=A0000001\nidf=TXT\nnfname=pipe\n", "evil")
	assert.Equal(t, "X", letter)
	assert.Contains(t, content, "diagi=101")
}
