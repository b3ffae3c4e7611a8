//go:build linux

package cli

// The prompt's own commands on a pseudo-terminal.

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShortcuts(t *testing.T) {
	w := newWorld(t, map[string]string{"j.mac": "work\n HANG 1000\n"})
	file := filepath.Join(t.TempDir(), "fresh.mac")
	require.NoError(t, os.WriteFile(file, []byte("fresh\n write \"one\",!\n"), 0o600))
	w.env = append(w.env, "VISUAL=sed -i s/one/two/")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			_, _ = c.Write([]byte("hello"))
			_, _ = io.Copy(io.Discard, c)
			c.Close()
		}
	}()
	term := w.atPrompt()
	term.debugs(t, []debugged{
		{":alias w write \"<$1|$2|$*>\"", "\n", ""},
		{":w a b c", "<a|b|a b c>\n", ""},
		{":alias", ":w write \"<$1|$2|$*>\"\n", ""},
		{":unalias w", "\n", ""},
		{":w", "there is no shortcut :w; :? lists them\n", ""},
		{":history alias", "   1  :alias w write \"<$1|$2|$*>\"\n   3  :alias\n   4  :unalias w\n   6  :history alias\n", ""},
		{"!echo from the shell; exit 3", "from the shell\nexit status 3\n", ""},
		{":load " + file, "^fresh from " + file + "\n", ""},
		{"do ^fresh", "one\n\n", ""},
		{":edit fresh", "^fresh from " + file + "\n", ""},
		{"do ^fresh", "two\n\n", ""},
		{":load /nowhere/x.mac", "open /nowhere/x.mac: no such file or directory\n", ""},
		{"set ^b=1,^a(1)=2", "\n", ""},
		{":globals", "  ^a  ^b\n", ""},
		{fmt.Sprintf(`set d="|TCP|7" open d:("127.0.0.1":%d:"S") use d read x#2 job work^j use 0 write x`, l.Addr().(*net.TCPAddr).Port), "he\n", ""},
	})
	assert.Regexp(t, regexp.MustCompile(`principal\n\|TCP\|7  connected 127.0.0.1:\d+ to 127.0.0.1:\d+  mode S.*  3 bytes unread, 0 unsent\n$`), term.after(":devices", editorPrompt))
	assert.Regexp(t, regexp.MustCompile(`\d+ +PROMPT.*\n\d+ +HANG   work\+1\^j`), term.after(":jobs", editorPrompt))
	term.types("halt\r")
	term.shows("Ctrl-C ends it\n")
	term.types("\x03")
	assert.Equal(t, 130, term.exits())
}
