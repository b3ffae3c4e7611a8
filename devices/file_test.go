package devices

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// desk is a sequential file in a directory of its own.
type desk struct {
	*testing.T
	path string
	env  *Env
	d    *File
}

func sitDown(t *testing.T, content string) *desk {
	k := &desk{T: t, path: filepath.Join(t.TempDir(), "file"), env: &Env{}}
	if content != "" {
		k.put(content)
	}
	return k
}

func (k *desk) put(content string) {
	require.NoError(k, os.WriteFile(k.path, []byte(content), 0o600))
}

func (k *desk) open(params ...string) *desk {
	k.Helper()
	d, err := open(k.env, &testHost{}, k.path, patience, params...)
	require.NoError(k, err)
	k.d = d.(*File)
	return k
}

func (k *desk) close(params ...string) *desk {
	k.Helper()
	require.NoError(k, k.d.Close(positional(params...)))
	return k
}

func (k *desk) holds(want string) *desk {
	k.Helper()
	b, err := os.ReadFile(k.path)
	require.NoError(k, err)
	require.Equal(k, want, string(b))
	return k
}

func (k *desk) write(s string) *desk {
	k.Helper()
	require.NoError(k, k.d.Write(Text{S: s}))
	return k
}

func (k *desk) line(s string) *desk {
	k.Helper()
	require.NoError(k, k.write(s).d.Format(Newline, 0))
	return k
}

func (k *desk) reads(spec ReadSpec, want, zb string) *desk {
	k.Helper()
	res, err := k.d.Read(spec)
	require.NoError(k, err)
	require.Equal(k, want, res.Text.S)
	require.Equal(k, zb, k.d.State().ZB.S, "$ZB")
	return k
}

func (k *desk) read(want, zb string) *desk { k.Helper(); return k.reads(ReadSpec{}, want, zb) }

func (k *desk) ends() *desk {
	k.Helper()
	_, err := k.d.Read(ReadSpec{})
	require.Equal(k, "ENDOFFILE", failure(err))
	return k
}

func TestFiles(t *testing.T) {
	for name, do := range map[string]func(k *desk){
		"WNS writes a new file, RS reads it": func(k *desk) {
			k.put("old content that must go")
			k.open("WNS").line("one").write("two").close().holds("one\ntwo")
			k.open("RS").read("one", "\n").read("two", "").ends().ends().close()
		},
		"no mode reads": func(k *desk) {
			k.put("x\n")
			k.open().read("x", "\n")
			require.Equal(k, "WRITE", failure(k.d.Write(Text{S: "x"})))
			require.Equal(k, "WRITE", failure(k.d.Format(Newline, 0)))
			k.close()
		},
		"a file opened for writing does not read": func(k *desk) {
			k.open("WN")
			_, err := k.d.Read(ReadSpec{})
			require.Equal(k, "READ", failure(err))
			k.close()
		},
		"W overwrites from the beginning": func(k *desk) {
			k.put("abcdef")
			k.open("W").write("xy").close().holds("xycdef")
		},
		"A writes at the end": func(k *desk) {
			k.put("abc\n")
			k.open("WA").line("def").close().holds("abc\ndef\n").open("WNA").write("ghi").close().holds("abc\ndef\nghi")
		},
		"E creates and keeps": func(k *desk) {
			k.open("WE").write("abc").close().open("WE").write("x").close().holds("xbc")
		},
		"T empties or creates": func(k *desk) {
			k.open("WT").write("abc").close().open("WT").write("x").close().holds("x")
		},
		"keywords say the same": func(k *desk) {
			k.open("/WRITE", "/NEW").write("abc").close().open("/WRI", "/APP").write("d").close().holds("abcd")
		},
		"a missing file": func(k *desk) {
			start := time.Now()
			_, err := open(k.env, &testHost{}, k.path, 50*time.Millisecond, "R")
			require.ErrorIs(k, err, ErrTimeout)
			require.ErrorIs(k, err, fs.ErrNotExist)
			require.GreaterOrEqual(k, time.Since(start), 50*time.Millisecond)
			_, err = open(k.env, &testHost{}, k.path, 0, "W")
			require.ErrorIs(k, err, syscall.ENOENT)
		},
		"CR LF is one line end, FF another": func(k *desk) {
			k.put("a\r\nb\rc\fd\n\r\n")
			k.open("R").read("a", "\r").read("b", "\r").read("c", "\f").read("d", "\n").read("", "\r").ends().close()
		},
		"CR LF across the buffer's end": func(k *desk) {
			line := strings.Repeat("x", inputStart-1)
			k.put(line + "\r\nnext\r\n")
			k.open("R").read(line, "\r").read("next", "\r").ends().close()
		},
		"the user's terminators stand in their place": func(k *desk) {
			k.put("a;b\nc;")
			k.open("R", "", ";").read("a", ";").read("b\nc", ";").ends().close()
		},
		"READ x#n, which a terminator ends": func(k *desk) {
			k.put("abcd\nef\n")
			k.open("R").reads(ReadSpec{Fixed: 2}, "ab", "b").reads(ReadSpec{Fixed: 2}, "cd", "d").reads(ReadSpec{Fixed: 9}, "", "\n").reads(ReadSpec{Fixed: 9}, "ef", "\n").ends().close()
		},
		"READ *x": func(k *desk) {
			k.put("a\n\xc3\xa9")
			k.open("R")
			for _, want := range []rune{'a', '\n', 0xe9} {
				res, err := k.d.Read(ReadSpec{Char: true})
				require.NoError(k, err)
				require.Equal(k, want, res.Char)
			}
			_, err := k.d.Read(ReadSpec{Char: true})
			require.Equal(k, "ENDOFFILE", failure(err))
			k.close()
		},
		"a timed READ does not time out": func(k *desk) {
			k.put("a\n")
			k.open("R").reads(timed(0), "a", "\n").ends().close()
		},
		"SetZEOF(1): $ZEOF in place of <ENDOFFILE>": func(k *desk) {
			k.put("a\n")
			k.env.Settings = func(Host) Settings { return Settings{ZEOF: true} }
			k.open("R").read("a", "\n")
			require.False(k, k.d.State().EOF)
			k.read("", "")
			require.True(k, k.d.State().EOF)
			k.close()
		},
		"a file that grows can be read on": func(k *desk) {
			k.put("a\n")
			k.open("R").read("a", "\n").ends()
			f, err := os.OpenFile(k.path, os.O_APPEND|os.O_WRONLY, 0)
			require.NoError(k, err)
			_, err = f.WriteString("b\n")
			require.NoError(k, err)
			require.NoError(k, f.Close())
			k.read("b", "\n").ends().close()
		},
		"USE goes to a position, $ZPOS tells it": func(k *desk) {
			k.put("one\ntwo\nthree\n")
			k.open("RW").read("one", "\n")
			require.EqualValues(k, 4, k.d.Position())
			require.NoError(k, k.d.Use(positional("8")))
			k.read("three", "\n").ends()
			require.NoError(k, k.d.Use(positional("/POSITION=4")))
			k.write("TWO")
			require.EqualValues(k, 7, k.d.Position())
			k.read("", "\n").read("three", "\n").close().holds("one\nTWO\nthree\n")
		},
		"reading and writing take turns at one position": func(k *desk) {
			k.put("one\ntwo\nthree\n")
			k.open("RW").read("one", "\n").write("TWO").read("", "\n").read("three", "\n").write("four").close().holds("one\nTWO\nthree\nfour")
		},
		"Seek": func(k *desk) {
			k.put("abcdef")
			k.open("R").reads(ReadSpec{Fixed: 1}, "a", "a")
			at, err := k.d.Seek(-2, 2)
			require.NoError(k, err)
			require.EqualValues(k, 4, at)
			k.reads(ReadSpec{Fixed: 2}, "ef", "f").close()
		},
		"*-3 writes, *-9 cuts off": func(k *desk) {
			k.put("abcdef")
			k.open("RW").write("x").holds("abcdef")
			require.NoError(k, k.d.Control(3))
			k.holds("xbcdef").reads(ReadSpec{Fixed: 2}, "bc", "c")
			require.NoError(k, k.d.Control(9))
			k.holds("xbc").write("y").close().holds("xbcy")
		},
		"output waits for its reasons": func(k *desk) {
			k.open("WN").write("abc")
			require.NoError(k, k.d.Flush(AtWriteEnd))
			k.holds("")
			require.NoError(k, k.d.Flush(BeforeWait))
			k.holds("abc").write(strings.Repeat("x", fileOutput))
			k.holds("abc" + strings.Repeat("x", fileOutput)).close()
		},
		"F: records of the record length": func(k *desk) {
			k.put("aabbcc\nd")
			k.open("RF", "2").read("aa", "").read("bb", "")
			require.NoError(k, k.d.Use(positional("2")))
			k.read("cc", "").read("\nd", "").ends().close()
		},
		"U: bytes as they are": func(k *desk) {
			k.put("a\n\xc3\xa9b")
			k.open("RU").reads(ReadSpec{Fixed: 4}, "a\n\xc3\xa9", "\xa9").close()
			k.open("WNU").write("\xe9\n").close().holds("\xe9\n")
		},
		"V: only LF ends a record": func(k *desk) {
			k.put("a\rb\nc")
			k.open("RV").read("a\rb", "\n").read("c", "").close()
		},
		"a record longer than the record length is cut": func(k *desk) {
			k.put("abcd\nab\n")
			k.open("RS", "2").read("ab", "").read("cd", "\n").read("ab", "\n").ends().close()
		},
		"long lines": func(k *desk) {
			line := strings.Repeat("0123456789", 3000)
			k.put(line + "\n" + line + "\n")
			k.open("R").read(line, "\n").read(line, "\n").ends().close()
		},
		"UTF-8 by default, other tables by K and /IOTABLE": func(k *desk) {
			k.open("WN").write("\xe9")
			require.NoError(k, k.d.Write(Text{S: "\xac\x20", Wide: true}))
			require.NoError(k, k.d.WriteChar(0x20ac))
			require.NoError(k, k.d.WriteChar(0xe9))
			require.Equal(k, 4, k.d.State().X)
			k.close().holds("é€€é")
			k.open("R").reads(ReadSpec{Fixed: 1}, "\xe9", "\xe9").reads(ReadSpec{Fixed: 2}, "\xac\x20\xac\x20", "\xac\x20").close()
			k.open(`RK\Latin1\S`).reads(ReadSpec{Fixed: 2}, "\xc3\xa9", "\xa9").close()
			k.open("R", "/IOTABLE=RAW").reads(ReadSpec{Fixed: 2}, "\xc3\xa9", "\xa9").close()
			k.open(`WNSK\RAW\`)
			require.Equal(k, "WIDE CHAR", failure(k.d.Write(Text{S: "\xac\x20", Wide: true})))
			require.Equal(k, `WNSK\RAW\`, k.d.State().Mode)
			k.close()
			_, err := open(k.env, &testHost{}, k.path, patience, `WNK\NOSUCH\`)
			require.Equal(k, "TRANSLATE", failure(err))
		},
		"/GZIP: gzip's format, from end to end": func(k *desk) {
			long := strings.Repeat("0123456789", 30000)
			k.open("WN", "/GZIP").write("a\xe9").line("").write(long).line("").close()
			packed, err := os.ReadFile(k.path)
			require.NoError(k, err)
			require.Less(k, len(packed), len(long)/10)
			k.open("WA", "/GZIP=1").write("more").close() // a second stream
			k.open("R", "", "", "/GZIP").read("a\xe9", "\n")
			require.EqualValues(k, 4, k.d.Position(), "in bytes of what was compressed")
			_, err = k.d.Seek(0, io.SeekStart)
			require.ErrorIs(k, err, syscall.ESPIPE)
			require.Equal(k, "UNIMPLEMENTED", failure(k.d.Use(positional("/GZIP=0"))))
			for got := ""; got != long; {
				res, err := k.d.Read(ReadSpec{})
				require.NoError(k, err)
				got += res.Text.S
			}
			k.read("more", "").ends().close()

			f, err := os.Open(k.path)
			require.NoError(k, err)
			defer f.Close()
			r, err := gzip.NewReader(f)
			require.NoError(k, err)
			all, err := io.ReadAll(r)
			require.NoError(k, err)
			require.Equal(k, "aé\n"+long+"\nmore", string(all))
		},
		"/GZIP: W without N leaves nothing of what was longer": func(k *desk) {
			k.open("WN", "/GZIP").write("a long line that stood here before").line("").close()
			k.open("W", "/GZIP").write("b").line("").close()
			k.open("WA", "/GZIP").write("c").line("").close()
			k.open("R", "/GZIP").read("b", "\n").read("c", "\n").ends().close()
		},
		"/GZIP: what is not there, not whole, or not built": func(k *desk) {
			k.put("")
			k.open("R", "", "", "/GZIP").ends().close()
			k.open("WN", "/GZIP").close().open("R", "/GZIP").ends().close()
			k.put("plain text")
			k.open("R", "", "", "/GZIP")
			_, err := k.d.Read(ReadSpec{})
			require.Equal(k, "READ", failure(err))
			require.ErrorContains(k, err, "invalid header")
			k.close()
			k.open("WN", "/GZIP").write("cut off").close()
			b, err := os.ReadFile(k.path)
			require.NoError(k, err)
			k.put(string(b[:len(b)-4]))
			k.open("R", "/GZIP")
			for err = nil; err == nil; {
				_, err = k.d.Read(ReadSpec{Fixed: 1})
			}
			require.Equal(k, "READ", failure(err))
			require.ErrorIs(k, err, io.ErrUnexpectedEOF)
			k.close()
			k.put("as it was")
			_, err = open(k.env, &testHost{}, k.path, patience, "RWN", "/GZIP")
			require.Equal(k, "UNIMPLEMENTED", failure(err))
			k.holds("as it was")
		},
		"/GZIP: WRITE *-1 writes what the compressor keeps": func(k *desk) {
			k.open("WN", "/GZIP").write("seen")
			require.NoError(k, k.d.Control(1))
			f, err := os.Open(k.path)
			require.NoError(k, err)
			defer f.Close()
			r, err := gzip.NewReader(f)
			require.NoError(k, err)
			b := make([]byte, 4)
			_, err = io.ReadFull(r, b)
			require.NoError(k, err)
			require.Equal(k, "seen", string(b))
			k.close()
		},
		"$X and $Y": func(k *desk) {
			k.open("WN").write("abc").line("d")
			require.Equal(k, [2]int{0, 1}, [2]int{k.d.State().X, k.d.State().Y})
			require.NoError(k, k.d.Format(Tab, 3))
			require.NoError(k, k.d.Format(FormFeed, 0))
			require.NoError(k, k.d.WriteBytes([]byte("12")))
			require.Equal(k, 2, k.d.State().X)
			require.Equal(k, k.path, k.d.State().ZIO)
			k.close().holds("abcd\n   \f12")
		},
		"D deletes at CLOSE": func(k *desk) {
			k.open("WND").write("x").close()
			require.NoFileExists(k, k.path)
			for _, spelling := range []string{"D", "/DELETE", "/DEL=1"} {
				k.open("WN").close(spelling)
				require.NoFileExists(k, k.path, spelling)
			}
		},
		"R renames at CLOSE": func(k *desk) {
			to := k.path + ".new"
			k.open("WN").write("x").close("R", to)
			k.path = to
			k.holds("x").open("R").close("/REN=" + to + "er")
			k.path = to + "er"
			k.holds("x")
		},
		"parameters of CLOSE that mean nothing": func(k *desk) { k.open("WN").close("Z", "/NOSUCH").holds("") },
		"L locks": func(k *desk) {
			k.put("abc")
			k.open("WL")
			_, err := open(k.env, &testHost{}, k.path, 30*time.Millisecond, "WNL")
			require.ErrorIs(k, err, ErrTimeout)
			require.ErrorIs(k, err, syscall.EAGAIN)
			k.holds("abc") // N must not empty what another holds
			k.close().open("WNL").close().holds("")
		},
		"a full disk is <WRITE>": func(k *desk) {
			k.path = "/dev/full"
			k.open("W").write("x")
			require.Equal(k, "WRITE", failure(k.d.Control(3)))
			require.ErrorIs(k, k.d.State().Err, syscall.ENOSPC)
			k.close()
		},
		"a second OPEN does not move the position": func(k *desk) {
			k.put("a\nb\n")
			k.open("R").read("a", "\n")
			require.NoError(k, k.d.Reopen(positional("RS", "5", "/TERMINATOR=b")))
			k.read("", "b").close()
		},
	} {
		t.Run(name, func(t *testing.T) { do(sitDown(t, "")) })
	}
}

func TestFileLetters(t *testing.T) {
	seen := ""
	for _, row := range fileParams {
		if row.Letter != 0 {
			require.Equal(t, fileLetter(row.Letter), rowBits(row), "letter %c", row.Letter)
			seen += string(rune(row.Letter))
		}
	}
	require.Len(t, seen, len(fileLetters))
}

// rowBits is the bit of a row; L has no keyword but a bit all the same.
func rowBits(r row[fileOptions]) uint32 { return r.bits }
