package runtime

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const caseExport = `<?xml version="1.0" encoding="UTF-8"?>
<Export generator="Cache" version="25" ts="2016-01-01">
<Routine name="main" type="MAC" timestamp="1"><![CDATA[
#include defs
main() QUIT $$$Name_$$sub^%lib.x()
]]></Routine>
<Routine name="main" type="INT"><![CDATA[
main() QUIT "the older INT"
]]></Routine>
<Routine name="%lib.x" type="INT">
sub() QUIT "&lt;sub>"
</Routine>
<Routine name="defs" type="INC"><![CDATA[
#define Name "é"
]]></Routine>
<Routine name="old" type="BAS">print</Routine>
<Class name="A.B"><Super>%RegisteredObject</Super></Class>
</Export>
`

func TestUnpack(t *testing.T) {
	caseRO := "Cache for UNIX^INT^two routines^~Format=Cache.S~\n%RO on 10 Oct 2007  3:25 PM\nmain^MAC^1^60183,55435^0\nmain() QUIT $$sub^lib()\n\nlib^INT^1\nsub() QUIT 5\n ; end\n\n\nrest"
	gtmRO := "two\nGT.M 23-MAR-2014 10:11:12\n%main\nmain() QUIT 1\n\nlib\n WRITE 2\n\n\n"
	for _, c := range []struct{ path, text, want string }{
		{"a.xml", caseExport, `main.MAC:"#include defs\nmain() QUIT $$$Name_$$sub^%lib.x()\n" main.INT:"main() QUIT \"the older INT\"\n" %lib.x.INT:"sub() QUIT \"<sub>\"\n" defs.INC:"#define Name \"é\"\n" old.BAS:"print"`},
		{"a.ro", caseRO, `main.MAC:"main() QUIT $$sub^lib()\n" lib.INT:"sub() QUIT 5\n ; end\n"`},
		{"a.ro", strings.ReplaceAll(caseRO, "\n", "\r\n"), `main.MAC:"main() QUIT $$sub^lib()\n" lib.INT:"sub() QUIT 5\n ; end\n"`},
		{"a.rtn", gtmRO, `%main:"main() QUIT 1\n" lib:" WRITE 2\n"`},
		{"one.ro", "one WRITE 1\n QUIT\ntwo\n WRITE 3\n", `one:"one WRITE 1\n QUIT\ntwo\n WRITE 3\n"`},
		{"_one.mac", " WRITE 1", `%one:" WRITE 1"`},
		{"a.cls", "Class A {}", "user-written classes are not supported"},
		{"a.xml", `<Export><Class name="A"/></Export>`, "user-written classes are not supported"},
		{"a.xml", `<Export/>`, "there is no routine in this file"},
		{"a.xml", `<project/>`, "not an <Export> of routines: it begins with <project>"},
		{"a.xml", `<Export><Routine name="x">`, "not an <Export> of routines: XML syntax error on line 1: unexpected EOF"},
		{"a.ro", "%RO\n\nname\n QUIT\n\n not a name\n", `line 6: " not a name" is no routine name`},
	} {
		list, err := Unpack(c.path, []byte(c.text))
		var got []string
		for i := range list {
			name := strings.TrimSuffix(strings.TrimPrefix(list[i].File(""), "("), ")")
			got = append(got, name+":"+quoteGo(list[i].Source))
		}
		if err != nil {
			got = append(got, err.Error())
		}
		assert.Equal(t, c.want, strings.Join(got, " "), c.text)
	}
}

func quoteGo(s string) string {
	return `"` + strings.NewReplacer("\n", `\n`, `"`, `\"`).Replace(s) + `"`
}

// TestLoadContainer loads a file with several routines: the first is returned, all can
// be called, the include file is found.
func TestLoadContainer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.xml")
	require.NoError(t, os.WriteFile(path, []byte(caseExport), 0o644))
	var stderr strings.Builder
	sys := NewSystem(Config{Stderr: &stderr})
	r, err := sys.LoadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "main", r.Name)
	assert.Equal(t, path+"(main.MAC)", r.Path)
	v, err := sys.evaluate("$$main^main()")
	require.NoError(t, err)
	assert.Equal(t, "é<sub>", v)
	assert.Empty(t, stderr.String())

	require.NoError(t, os.WriteFile(path, []byte(`<Export><Routine name="d" type="INC">x</Routine></Export>`), 0o644))
	_, err = sys.LoadFile(path)
	assert.EqualError(t, err, path+": there is no routine that can be run in this file")
	require.NoError(t, os.WriteFile(path, []byte("<Export><Routine name=\"a\"> QUIT\n</Routine><Routine name=\"b\">\n W )\n</Routine></Export>"), 0o644))
	_, err = sys.LoadFile(path)
	require.NoError(t, err)
	assert.Contains(t, stderr.String(), path+`(b):1:4: unexpected ")"`)
}
