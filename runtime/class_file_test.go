package runtime

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// %File: what is asked and done by name, in a real folder.
func TestFileClass(t *testing.T) {
	dir := t.TempDir()
	out, err := run(t, `t(d) SET f="%File",c=d_"/a/b" WRITE ##class(%File).CreateDirectory(c,.r),r,##class(%File).CreateDirectoryChain(c),##class(%File).DirectoryExists(c),##class(%File).DirectoryExists(d_"/no"),!
 SET x=##class(%File).%New(c_"/x.txt") WRITE x.IsOpen,x.Open("WN"),x.IsOpen,x.WriteLine("one €"),x.Write("two"),x.Close(),x.Size,!
 WRITE x.Open("R") SET n="" WRITE x.ReadLine(.n),n,x.AtEnd,x.ReadLine(),x.AtEnd,x.Rewind() SET n=3 WRITE x.Read(.n),n DO x.Close() WRITE x.Name=(c_"/x.txt"),!
 WRITE x.Open("WA"),x.Write("!"),x.Close(),##class(%File).GetFileSize(c_"/x.txt"),##class(%File).GetFileSize(d_"/no"),!
 WRITE ##class(%File).CopyFile(c_"/x.txt",c_"/y.txt"),##class(%File).CopyFile(c_"/x.txt",c_"/y.txt",0,.r),r,##class(%File).CopyFile(c_"/x.txt",c_"/x.txt"),##class(%File).Rename(c_"/y.txt",c_"/z.txt",.r),r,##class(%File).Exists(c_"/y.txt"),##class(%File).Exists(c_"/z.txt"),!
 WRITE ##class(%File).SetReadOnly(c_"/z.txt"),##class(%File).ReadOnly(c_"/z.txt"),##class(%File).SetWriteable(c_"/z.txt"),##class(%File).ReadOnly(c_"/z.txt"),!
 WRITE ##class(%File).GetFileDateModified(c_"/z.txt")?5N1","1.5N,##class(%File).GetFileDateModified(c_"/z.txt",1)?5N1","1.5N,!
 WRITE ##class(%File).NormalizeFilename("x","/a/../b"),##class(%File).NormalizeDirectory("/a//b"),##class(%File).GetFilename("/a/b.c"),##class(%File).GetDirectory("/a/b.c"),##class(%File).ParentDirectoryName("/a/b/"),##class(%File).SubDirectoryName("/a","b"),##class(%File).SubDirectoryName("/a/","b",1),!
 WRITE ##class(%File).RemoveDirectory(c,.r),r<0,##class(%File).Delete(c,.r),r<0,##class(%File).Delete(c_"/z.txt"),##class(%File).ComplexDelete(c_"/*.txt"),##class(%File).RemoveDirectory(c),##class(%File).RemoveDirectoryTree(d_"/a"),##class(%File).DirectoryExists(d_"/a"),!
 SET y=##class(%File).%New(d_"/no") WRITE $SYSTEM.Status.GetErrorCodes(y.Open("R"))," ",$SYSTEM.Status.GetErrorCodes(y.Write("x")),$SYSTEM.Status.GetErrorCodes(##class(%File).%New(d).Open("R")),y.Read(.n),n,y.LineTerminator=$CHAR(10),!
 SET f=##class(%File).TempFilename("txt") WRITE f["cos",$EXTRACT(f,*-3,*),##class(%File).Delete(f),##class(%File).Delete(f,.r),r,!
 SET f=##class(%File).TempFilename("a*/b") WRITE $PIECE(f,".",2),f["*",##class(%File).Delete(f),!
`, dir)
	require.NoError(t, err)
	assert.Equal(t, `0-2110
01111111
1one €50two11one31
11112-2
10-1701001
1110
11
/b/x/a/b/b.c/a//a//a/b/a/b/
010111110
5012 50055005-11
1.txt10-2
a__b01
`, out)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
	_, err = os.Stat(filepath.Join(dir, "a"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
