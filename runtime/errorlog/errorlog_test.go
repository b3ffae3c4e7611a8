package errorlog

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	childDir   = "ERRORLOG_TEST_DIR"
	childCount = 40
)

// TestMain is also a process that writes entries.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		for i := range childCount {
			if err := Open(dir).Add(&Entry{Error: fmt.Sprint(os.Getpid(), " ", i), Time: time.Now()}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Processes and goroutines write at once: no entry is lost, no number given twice.
func TestManyWriters(t *testing.T) {
	l := Open(filepath.Join(t.TempDir(), "errors"))
	var all sync.WaitGroup
	for range 3 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childDir+"="+l.Dir())
		c.Stderr = os.Stderr
		require.NoError(t, c.Start())
		all.Go(func() { assert.NoError(t, c.Wait()) })
		all.Go(func() {
			for range childCount {
				assert.NoError(t, l.Add(&Entry{Error: "own", Time: time.Now()}))
			}
		})
	}
	all.Wait()
	list, err := l.Entries()
	require.NoError(t, err)
	require.Len(t, list, 6*childCount)
	for i, e := range list {
		assert.Equal(t, int64(i+1), e.Number)
	}
}

// A crash may leave half a line, and a lock without its number.
func TestAfterACrash(t *testing.T) {
	l := Open(t.TempDir())
	require.NoError(t, l.Add(&Entry{Error: "one"}))
	f, err := os.OpenFile(l.path(newest), os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"number":2,"error":"ha`)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NoError(t, os.WriteFile(l.path(locked), nil, 0o600))
	require.NoError(t, l.Add(&Entry{Error: "two"}))
	list, err := l.Entries()
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, "two", list[1].Error)
	assert.Equal(t, int64(2), list[1].Number)
}

func TestBounds(t *testing.T) {
	l := Open(t.TempDir())
	big := func() *Entry {
		e := &Entry{Error: "big"}
		for range 3 {
			e.Levels = append(e.Levels, Level{Kind: "DO"})
			for i := range 400 {
				e.Levels[len(e.Levels)-1].Variables = append(e.Levels[len(e.Levels)-1].Variables, fmt.Sprintf("v(%d)=\"%s\"", i, strings.Repeat("x", 300)))
			}
		}
		return e
	}
	for range 60 {
		require.NoError(t, l.Add(big()))
	}
	total := int64(0)
	for _, name := range []string{newest, older} {
		info, err := os.Stat(l.path(name))
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), int64(Limit))
		total += info.Size()
	}
	assert.Greater(t, total, int64(Limit))
	list, err := l.Entries()
	require.NoError(t, err)
	assert.Equal(t, int64(60), list[len(list)-1].Number, "numbers go on when the oldest are dropped")
	assert.Greater(t, list[0].Number, int64(1))
	for _, v := range list[0].Levels {
		assert.Equal(t, 400, len(v.Variables)+v.Left, "what was left out is counted")
		assert.NotEmpty(t, v.Variables)
	}
	n, err := l.Clear()
	require.NoError(t, err)
	assert.Equal(t, len(list), n)
	require.NoError(t, l.Add(&Entry{Error: "after"}))
	list, err = l.Entries()
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, int64(61), list[0].Number)
}

func TestFollow(t *testing.T) {
	l := Open(t.TempDir())
	require.NoError(t, l.Add(&Entry{Error: "before"}))
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan string, 10)
	ended := make(chan error, 1)
	go func() { ended <- l.Follow(ctx, 1, func(e Entry) { got <- e.Error }) }()
	require.NoError(t, l.Add(&Entry{Error: "then"}))
	assert.Equal(t, "then", <-got)
	require.NoError(t, l.Add(&Entry{Error: "again"}))
	assert.Equal(t, "again", <-got)
	cancel()
	require.NoError(t, <-ended)
}

// Nothing that a program has written reaches the terminal as it is.
func TestHostileText(t *testing.T) {
	bad := "\x1b]0;evil\x07\r\n\u202e\x9b31m\xff"
	e := &Entry{Number: 1, Error: bad, ECode: bad, Namespace: bad, File: bad, Source: bad, Cause: bad, Crash: bad,
		Levels:  []Level{{Kind: "DO", At: bad, Code: bad, Variables: []string{bad}}},
		Devices: []Device{{Name: bad, Mode: bad}}}
	for _, text := range []string{e.Title(), e.Text()} {
		for _, c := range text {
			assert.False(t, c < ' ' && c != '\n' || c >= 0x7f && c < 0xa0 || c == 0x202e, "%q", text)
		}
		assert.Contains(t, text, "␛]0;evil␇")
	}
}

func TestUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	assert.Error(t, Open(filepath.Join(file, "errors")).Add(&Entry{}))
	list, err := Open(filepath.Join(t.TempDir(), "nosuch")).Entries()
	assert.NoError(t, err)
	assert.Empty(t, list)
	n, err := Open(filepath.Join(t.TempDir(), "nosuch")).Clear()
	assert.NoError(t, err)
	assert.Zero(t, n)
}
