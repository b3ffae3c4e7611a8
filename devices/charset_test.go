package devices

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// chars is text as M sees it, from Go's.
func chars(s string) Text { return textOf([]rune(s)) }

// Every table reads back what it writes; the bytes are those of the published maps.
func TestTables(t *testing.T) {
	for _, row := range []struct{ table, text, bytes string }{
		{"RAW", "é", "\xe9"}, {"SAME", "é", "\xe9"}, {"Latin1", "é", "\xe9"},
		{"UTF8", "é€😀", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"latin2", "Łó", "\xa3\xf3"}, {"Latin9", "€é", "\xa4\xe9"}, {"LatinC", "Да", "\xb4\xd0"}, {"LatinG", "Ω", "\xd9"},
		{"LatinT", "ş", "\xfe"}, {"LatinA", "ش", "\xd4"}, {"LatinH", "ש", "\xf9"}, {"Latin3", "Ħ", "\xa1"}, {"Latin4", "Ą", "\xa1"},
		{"CP1250", "Ł€", "\xa3\x80"}, {"CP1251", "Дa", "\xc4a"}, {"CP1252", "€”", "\x80\x94"}, {"CP1253", "Ω", "\xd9"},
		{"CP1254", "ş", "\xfe"}, {"CP1255", "ש", "\xf9"}, {"CP1256", "ش", "\xd4"}, {"CP1257", "ž", "\xfe"}, {"CP1258", "đ", "\xf0"},
		{"CP437", "é", "\x82"}, {"CP850", "é", "\x82"}, {"CP852", "Ł", "\x9d"}, {"CP866", "Д", "\x84"}, {"CP874", "ก", "\xa1"},
		{"KOI8R", "Да", "\xe4\xc1"}, {"KOI8U", "ї", "\xa7"},
		{"SJIS", "日ｱ", "\x93\xfa\xb1"}, {"EUC", "日ｱ", "\xc6\xfc\x8e\xb1"}, {"EUCKR", "한", "\xc7\xd1"},
		{"GB2312", "中", "\xd6\xd0"}, {"GB18030", "中€😀", "\xd6\xd0\xa2\xe3\x94\x39\xfc\x36"}, {"BIG5", "中", "\xa4\xa4"},
	} {
		c, err := charsetOf(row.table, charsetRAW)
		require.NoError(t, err, row.table)
		text := chars("a" + row.text + "b")
		got, ok := c.encode(nil, text)
		require.True(t, ok, row.table)
		require.Equal(t, "a"+row.bytes+"b", string(got), row.table)
		require.Equal(t, text, c.decode(got), row.table)
		for n := 1; n < len(got); n++ { // cut off anywhere, the whole characters are found and no more
			size, _ := c.prefix(got[:n], len(got), false)
			_, count := c.prefix(got, len(got), false)
			rest, more := c.prefix(got[size:], len(got), false)
			_, before := c.prefix(got[:size], len(got), false)
			require.Equal(t, count, before+more, "%s cut at %d", row.table, n)
			require.Equal(t, len(got), size+rest, row.table)
		}
		if !c.identity() && c != charsetUTF8 && c.String() != "GB18030" {
			_, ok = c.encode([]byte("kept"), chars("x☃"))
			require.False(t, ok, row.table)
		}
	}
	seen := map[string]bool{}
	for _, row := range charsets {
		for _, name := range []string{row.name, row.alias} {
			assert.False(t, name != "" && seen[strings.ToUpper(name)], name)
			seen[strings.ToUpper(name)] = true
		}
	}
}

// Translation on a TCP device (manual, /IOTABLE and /TRANSLATE).
func TestTranslation(t *testing.T) {
	hold(t, []conversation{
		{"characters may come in pieces", client, []string{"ST", "/IOTABLE=UTF8"}, false, func(c *conv) {
			go func() {
				for _, s := range []string{"\xc3", "\xa9\xe2", "\x82", "\xac\xf0\x9f", "\x98\x80", "\n"} {
					c.says(s)
				}
			}()
			c.take(ReadSpec{})
			require.Equal(c, chars("é€😀"), c.last.Text)
			c.zb("\n")
		}},
		{"a packet that ends inside a character", client, []string{"/IOTABLE=UTF8"}, false, func(c *conv) {
			c.says("a\xe2\x82").read("a").zb("a")
			c.expires(timed(soon), "")
			c.says("\xac")
			c.take(timed(patience))
			require.Equal(c, chars("€"), c.last.Text)
			require.Equal(c, chars("€"), c.d.State().ZB)
		}},
		{"a poll leaves half a character where it is", client, []string{"S", "/IOTABLE=UTF8"}, true, func(c *conv) {
			c.says("ab\xc3").hasArrived(3).expires(timed(0), "ab").says("\xa9").hasArrived(1)
			c.take(ReadSpec{Fixed: 1}).yields("\xe9").zb("\xe9").key("")
		}},
		{"a fixed length counts characters", client, []string{"S", "/IOT=UTF8"}, false, func(c *conv) {
			c.says("é€x日本")
			c.take(ReadSpec{Fixed: 3})
			require.Equal(c, chars("é€x"), c.last.Text)
			c.zb("x").take(ReadSpec{Fixed: 2})
			require.Equal(c, chars("日本"), c.last.Text)
		}},
		{"READ *x of a character above U+FFFF takes all of it", client, []string{"S", "/IOTABLE=UTF8"}, false, func(c *conv) {
			c.says("😀x").readChar('😀')
			require.Equal(c, chars("😀"), c.d.State().ZB)
			c.readChar('x')
			require.NoError(c, c.d.WriteChar('😀')) // and WRITE *x gives it back
			c.control(3).peerGets("😀")
		}},
		{"READ *x takes one character", client, []string{"S", "/IOTABLE=UTF8"}, false, func(c *conv) {
			c.says("a\xe2").readChar('a').says("\x82\xacz").readChar(0x20ac).readChar('z')
			require.Equal(c, chars("z"), c.d.State().Key)
			c.says("\xc3")
			c.expires(ReadSpec{Char: true, Timeout: soon}, "").peerFinishes()
			c.readChar(0xc3).readFails("READ") // the character will not be whole any more
		}},
		{"the end of the connection gives what there is of a character", client, []string{"S", "/IOTABLE=UTF8"}, false, func(c *conv) {
			c.says("a\xe2\x82").peerFinishes()
			c.read("a\xe2\x82").readFails("READ")
		}},
		{"terminators are characters", client, []string{"S", "é", "/IOTABLE=UTF8"}, false, func(c *conv) {
			require.NoError(c, c.d.Use(Params{{Key: "/TERMINATOR", Value: chars("é€"), Set: true}}))
			go func() { c.says("a\xc3"); c.says("\xa9\xe2\x82\xacb\xc3\xa8\xe2\x82"); c.says("\xac") }()
			c.read("a").zb("\xe9").key("\xe9").take(timed(patience)).yields("")
			require.Equal(c, chars("€"), c.d.State().ZB)
			c.read("b\xe8")
		}},
		{"a terminator is no half of a character", client, []string{"S", "|", "/IOTABLE=SJIS"}, false, func(c *conv) {
			c.says("\x83\x7c|") // the second byte of this katakana is that of the bar
			c.take(timed(patience))
			require.Equal(c, chars("ポ"), c.last.Text)
			c.zb("|")
		}},
		{"a terminator of a table of single bytes", client, []string{"S", "/IOTABLE=CP1251"}, false, func(c *conv) {
			require.NoError(c, c.d.Use(Params{{Key: "/TER", Value: chars("Я"), Set: true}}))
			c.says("x\xdfy").read("x")
			require.Equal(c, chars("Я"), c.d.State().ZB)
		}},
		{"CR LF is one terminator in any table", client, []string{`CTSK\SJIS\`}, false, func(c *conv) {
			require.Equal(c, `STCK\SJIS\`, c.d.State().Mode)
			c.says("\x93\xfa\r\n\x96{\r")
			c.take(timed(patience))
			require.Equal(c, chars("日"), c.last.Text)
			c.take(timed(patience))
			require.Equal(c, chars("本"), c.last.Text)
		}},
		{"$X counts characters, the buffer bytes", client, []string{"P", "/IOTABLE=UTF8"}, false, func(c *conv) {
			require.NoError(c, c.d.Write(chars("é€\r\n")))
			require.NoError(c, c.d.WriteBytes([]byte("\xe9")))
			require.NoError(c, c.d.WriteChar(0x20ac))
			c.xy(4, 0).format(Tab, 6).newline().xy(0, 1).peerGets("é€\r\né€  \n")
			require.Equal(c, "WRITE", failure(c.d.Write(chars(strings.Repeat("€", 342))))) // 1026 bytes
			c.xy(0, 1)
			require.NoError(c, c.d.Write(chars(strings.Repeat("€", 341))))
			c.xy(341, 1)
		}},
		{"a character the table does not have", client, []string{"S", "/IOTABLE=CP1251"}, false, func(c *conv) {
			c.write("kept")
			require.Equal(c, "TRANSLATE", failure(c.d.Write(chars("a☃"))))
			require.Equal(c, "TRANSLATE", failure(c.d.WriteChar(0xe9)))
			c.xy(4, 0).za(ZAConnected).control(3).peerGets("kept")
			c.use("/IOTABLE=Latin1")
			require.Equal(c, "WIDE CHAR", failure(c.d.Write(chars("Д"))))
		}},
		{"/TRANSLATE=0 is RAW, and the table comes back", client, []string{"S", "/IOTABLE=UTF8", "/TRANSLATE=0"}, false, func(c *conv) {
			require.Equal(c, "S", c.d.State().Mode)
			c.says("\xc3\xa9\xc3\xa9").readFixed(2, "\xc3\xa9")
			require.Equal(c, "WIDE CHAR", failure(c.d.Write(chars("€"))))
			c.use("/TRANSLATE").readFixed(1, "\xe9")
			require.Equal(c, `SK\UTF8\`, c.d.State().Mode)
			c.use("", "", "-K").use("", "", "+K").use("/TRA=1", "/IOT").says("\xc3").readFixed(1, "\xc3") // the device's own table again
		}},
		{"a table may change between two READs", client, []string{"CT"}, false, func(c *conv) {
			c.says("Content-Length: 2\r\n\r\né").read("Content-Length: 2").read("")
			c.use("", "", "S", "/IOTABLE=UTF8").readFixed(1, "\xe9")
		}},
		{"a table that there is not", client, nil, false, func(c *conv) {
			require.Equal(c, &Error{Name: "TRANSLATE", Device: "|TCP|1", Info: "/IOTABLE=NOSUCH"}, c.d.Use(positional("/IOTABLE=NOSUCH")))
			require.Equal(c, "TRANSLATE", failure(c.d.Use(positional("", "", `SK\NOSUCH\`))))
			require.Empty(c, c.d.State().Mode)
		}},
		{"it travels with JOB", server, []string{"S", "/IOTABLE=UTF8"}, false, func(c *conv) {
			c.dials().says("éé").readFixed(1, "\xe9")
			c.inherit()
			c.readFixed(1, "\xe9")
		}},
	})
}

// Files have the same tables, and the same care at the edges of a buffer.
func TestFileTables(t *testing.T) {
	for name, do := range map[string]func(k *desk){
		"other tables": func(k *desk) {
			k.open(`WNSK\KOI8R\`)
			require.NoError(k, k.d.Write(chars("Да")))
			require.Equal(k, "TRANSLATE", failure(k.d.Write(chars("é"))))
			require.Equal(k, "TRANSLATE", failure(k.d.WriteChar(0x65e5)))
			k.close().holds("\xe4\xc1")
			k.open("R", "/IOTABLE=koi8r")
			res, err := k.d.Read(ReadSpec{})
			require.NoError(k, err)
			require.Equal(k, chars("Да"), res.Text)
			k.close()
		},
		"a terminator of several bytes": func(k *desk) {
			k.put(strings.Repeat("é", 5000) + "€x")
			k.open("R", "20000")
			require.NoError(k, k.d.Use(Params{{Key: "/TERMINATOR", Value: chars("€"), Set: true}}))
			res, err := k.d.Read(ReadSpec{})
			require.NoError(k, err)
			require.Equal(k, chars(strings.Repeat("é", 5000)), res.Text)
			require.Equal(k, chars("€"), k.d.State().ZB)
			k.close()
		},
	} {
		t.Run(name, func(t *testing.T) { do(sitDown(t, "")) })
	}
}

// FuzzTables: no input breaks a table, and what it decodes it finds in any two halves.
func FuzzTables(f *testing.F) {
	for c := range charsets {
		f.Add(byte(c), "a\x81\x30\x81\x30\x8f\xa1\xff\xe9", 3)
	}
	f.Fuzz(func(t *testing.T, table byte, s string, cut int) {
		c := charset(int(table) % len(charsets))
		b := []byte(s)
		size, _ := c.prefix(b, len(b)+1, true)
		require.Equal(t, len(b), size)
		if cut < 0 || cut > len(b) {
			return
		}
		first, _ := c.prefix(b[:cut], len(b), false)
		whole := c.decode(b)
		again := textJoin(c.decode(b[:first]), c.decode(b[first:]))
		require.Equal(t, string(whole.units()), string(again.units()))
	})
}

// units is text in 16-bit units.
func (s Text) units() []byte {
	if s.Wide {
		return []byte(s.S)
	}
	var b []byte
	for i := range len(s.S) {
		b = append(b, s.S[i], 0)
	}
	return b
}

func textJoin(a, b Text) Text { return Text{S: string(a.units()) + string(b.units()), Wide: true} }
