//go:build unix

package globals

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// linkPair is a link's two sides; the owner's maps the file that came over the socket.
func linkPair(t *testing.T) (client, owner *link, first []byte) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	require.NoError(t, err)
	defer l.Close()
	out, err := net.Dial("unix", l.Addr().String())
	require.NoError(t, err)
	in, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { out.Close(); in.Close() })
	shared, f := newSharedRings()
	require.NotNil(t, shared)
	defer f.Close()
	require.NoError(t, sendFirst(out, []byte("hello"), f))
	first, got, err := receiveFirst(in)
	require.NoError(t, err)
	defer got.Close()
	mapped := mapRings(got)
	require.NotNil(t, mapped)
	return newLink(out, shared, false), newLink(in, mapped, true), first
}

// TestLinkKeepsOrder: bytes arrive as they were sent, through the rings and past them, both ways at once.
func TestLinkKeepsOrder(t *testing.T) {
	client, owner, first := linkPair(t)
	require.Equal(t, "hello", string(first))
	var group sync.WaitGroup
	send := func(from, to *link) {
		r := newRand(t)
		want := make([]byte, 6<<20)
		for i := range want {
			want[i] = byte(r.Uint32())
		}
		group.Go(func() {
			for rest := want; len(rest) > 0; {
				n := 1 + r.IntN(200)
				if r.IntN(50) == 0 {
					n = r.IntN(3 * ringBytes)
				}
				n = min(n, len(rest))
				_, err := from.Write(rest[:n])
				assert.NoError(t, err)
				rest = rest[n:]
			}
		})
		group.Go(func() {
			got := make([]byte, len(want))
			_, err := io.ReadFull(to, got)
			assert.NoError(t, err)
			assert.True(t, bytes.Equal(want, got))
		})
	}
	send(client, owner)
	send(owner, client)
	group.Wait()
}

// TestLinkEnds: a deadline ends a wait and loses nothing, what came before the other side's end is read,
// and then its end.
func TestLinkEnds(t *testing.T) {
	client, owner, _ := linkPair(t)
	require.NoError(t, owner.nc.SetReadDeadline(time.Now().Add(time.Millisecond)))
	b := make([]byte, 8)
	_, err := owner.Read(b)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NoError(t, owner.nc.SetReadDeadline(time.Time{}))
	_, err = client.Write([]byte("last"))
	require.NoError(t, err)
	client.nc.Close()
	n, err := owner.Read(b)
	require.NoError(t, err)
	require.Equal(t, "last", string(b[:n]))
	_, err = owner.Read(b)
	require.ErrorIs(t, err, io.EOF)
}

// TestSessionsOfOtherProcessesAreLinked: by shared memory, up to a number; all others work too.
func TestSessionsOfOtherProcessesAreLinked(t *testing.T) {
	before := links.Load()
	dir := t.TempDir()
	openTest(t, dir, Options{})
	db := openTest(t, dir, Options{})
	var sessions []*Session
	for i := range mostLinks + 3 {
		s := newSession(t, db)
		set(t, s, ref("x"), string(rune('a'+i%20)))
		require.Equal(t, string(rune('a'+i%20)), value(t, s, ref("x")))
		require.Equal(t, int(before)+i < mostLinks, s.c.(*remoteConn).linked)
		sessions = append(sessions, s)
	}
	for _, s := range sessions {
		require.NoError(t, s.Close())
	}
	require.Equal(t, before, links.Load())
}
