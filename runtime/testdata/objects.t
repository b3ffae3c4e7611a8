# Objects: calls and properties by name, errors of objects (spec §6.4)

WRITE $CLASSMETHOD("%SYSTEM.Status","OK"),$CLASSNAME({}),$METHOD([1,2],"%Size"),$PROPERTY({"a":5},"a"),$PARAMETER("%RegisteredObject","PROPERTYVALIDATION"),!
	1%Library.DynamicObject252

SET o={} SET $PROPERTY(o,"a")=7 DO $METHOD(o,"%Set","b",8) WRITE o.a,o.b DO $CLASSMETHOD("%SYSTEM.Status","DisplayError",1) WRITE !
	78

SET i={"k":1}.%GetIterator() WRITE $METHOD(i,"%GetNext",.k,.v),k,v,!
	1k1

SET o=##class(%DynamicArray).%New() WRITE $ISOBJECT(o),o.%IsA("%Library.DynamicAbstractObject"),o.%IsA("No.Such"),o.%Extends("%RegisteredObject"),o.%ClassName(),o.%ClassName(1),o.%PackageName(),o.%GetParameter("PROPERTYVALIDATION"),!
	1101DynamicArray%Library.DynamicArray%Library2

WRITE ##class(%DynamicObject).%ClassName(1)," ",##class(%DynamicObject).%Extends("%DynamicAbstractObject"),!
	%Library.DynamicObject 1

# Expect: <INVALID OREF>
SET o="" WRITE o.%Size()

# Expect: <INVALID OREF>
SET o="1@%Library.DynamicObject" DO o.%Size()

# Expect: <INVALID OREF>
SET o="" SET o.a=1

# Expect: <METHOD DOES NOT EXIST> *Nope,%Library.DynamicObject
SET o={} DO o.Nope()

# Expect: <METHOD DOES NOT EXIST> *%Push,%Library.DynamicObject
DO ##class(%DynamicObject).%Push(1)

# Expect: <METHOD DOES NOT EXIST> *%New,%SYSTEM.Status
SET x=##class(%SYSTEM.Status).%New()

# Expect: <CLASS DOES NOT EXIST> *User.Person
SET p=##class(User.Person).%New()

# Expect: <PROPERTY DOES NOT EXIST> *Nope,%Exception.General
SET ##class(%Exception.General).%New().Nope=1

# Expect: <PROPERTY DOES NOT EXIST> *Nope,%Exception.General
SET e=##class(%Exception.General).%New() SET e.Nope=1

# Expect: <CANNOT SET THIS PROPERTY> *Size,%Stream.TmpCharacter
SET s=##class(%Stream.TmpCharacter).%New() SET s.Size=1

# Expect: <PARAMETER>
DO ##class(%DynamicObject).%New(1,2)

# Expect: <PARAMETER>
SET o={} DO o.%Get()

# Expect: <NO CURRENT OBJECT>
XECUTE "SET x=..Name"

# Expect: <NO CURRENT OBJECT>
WRITE $CLASSNAME()

# Expect: <NO CURRENT OBJECT>
WRITE $CLASSMETHOD("","M")

# Expect: <CLASS DOES NOT EXIST> *No.Such
WRITE $PARAMETER("No.Such","X")

# Expect: <COMMAND>
WRITE ##class(%Exception.StatusException).ThrowIfInterrupt(1)

SET a="x",o={"a":1},^g(o)=5,p=o WRITE o=p,o=a,''o,$ISOBJECT(^g(o)),!
	1010

# JSON literals and chains

SET o={"name":"x","n":[1,2.50,-3,{"deep":(1+1)}],"t":true,"f":false,"z":null,"e":("a"_"b")} WRITE o.%ToJSON(),!
	{"name":"x","n":[1,2.5,-3,{"deep":2}],"t":true,"f":false,"z":null,"e":"ab"}

SET o={"a":{"b":[1,{"c":5}]}} WRITE o.a.b.%Get(1).c,o.a.b.%Size(),o.a.nope="" SET o.a.b.%Get(1).c=6,o.a.x={} WRITE o.a.b.%Get(1).c,!
	5216

SET o={"a":{}} SET o.a.x={"y":1} SET o.a.x.y=2,o."odd key"=3 WRITE o.%ToJSON(),o."odd key",!
	{"a":{"x":{"y":2}},"odd key":3}3

SET o={"b":1,"a":2} SET o.c=3 DO o.%Remove("b") SET o.b=4 WRITE o.%ToJSON(),o.%Size(),o.%IsDefined("b"),o.%IsDefined("q"),"[",o.%Remove("q"),"]",!
	{"a":2,"c":3,"b":4}310[]

SET a=[] WRITE a.%Push(1).%Push("x").%Push("","null").%Push(1,"boolean").%Push(5,"string").%Push("7","number").%ToJSON(),a.%Pop(),a.%Size(),!
	[1,"x",null,true,"5",7]75

SET a=[] DO a.%Set(3,"x") WRITE a.%ToJSON(),a.%Size(),a.%IsDefined(1),a.%GetTypeOf(1),a.%GetTypeOf(3),a.%Remove(0),a.%Size(),a."2",a.%GetTypeOf(9),!
	[null,null,null,"x"]40unassignedstring3xunassigned

SET o={"n":null,"t":true,"i":1,"s":"1","o":{},"a":[]} FOR k="n","t","i","s","o","a","q" { WRITE o.%GetTypeOf(k)," " }
	null boolean number string object array unassigned 

SET o={"n":null,"t":true,"f":false,"x":1.50} WRITE "[",o.n,"]",o.t,o.f,o.x+1,o.%Get("q","dflt"),o.%Get("t",,"json"),o.%Get("x",,"string"),!
	[]102.5dflttrue1.5

SET o={"a":1,"b":"x"},i=o.%GetIterator() WHILE i.%GetNext(.k,.v,.t) { WRITE k,"=",v,":",t," " } WRITE $DATA(k),k="",!
	a=1:number b=x:string 11

SET a=[5],i=a.%GetIterator() DO a.%Set(2,6) WHILE i.%GetNext(.k,.v) { WRITE k,"=",v," " } WRITE i.%ClassName(1),!
	0=5 2=6 %Iterator.Array

# Numbers keep their digits, text its escapes, order its order

SET o=##class(%DynamicAbstractObject).%FromJSON(" {""n"":1.50, ""e"":1E+3,""u"":""\u20ac\n\""\\/"",""k"":[true,false,null],""z"":-0.5 } ") WRITE o.%ToJSON(),o.n,o.e,o.z,$LENGTH(o.u),!
	{"n":1.50,"e":1E+3,"u":"€\n\"\\/","k":[true,false,null],"z":-0.5}1.51000-.55

# Expect: <THROW> *%Exception.General Parsing error 3 Line 1 Offset 2
WRITE ##class(%DynamicObject).%FromJSON("[.5]")

WRITE {"x":(.5),"y":(-.25),"c":($CHAR(1,8,9,12))}.%ToJSON(),!
	{"x":0.5,"y":-0.25,"c":"\u0001\b\t\f"}

SET o={"a":[1]} DO o.%ToJSON()
	{"a":[1]}

SET s=##class(%Stream.TmpCharacter).%New(),o={"a":"€"} DO o.%ToJSON(s) DO s.Rewind() WRITE s.Read(),##class(%DynamicObject).%FromJSON("[""€""]")."0" DO s.Rewind() WRITE {}.%FromJSON(s).a,!
	{"a":"€"}€€

# Expect: <THROW> *%Exception.General Parsing error 3 Line 2 Offset 3
WRITE {}.%FromJSON("{"_$CHAR(10)_"  bad}")

# Expect: <THROW> *%Exception.General Parsing error 3 Line 1 Offset 3
WRITE {}.%FromJSON("{}x")

# Expect: <THROW> *%Exception.General Parsing error 3 Line 1 Offset
WRITE {}.%FromJSON("5")

# Expect: <THROW> *%Exception.General Parsing error 3 Line 1 Offset 1
WRITE {}.%FromJSON("")

TRY { SET x={}.%FromJSON("[1,") } CATCH e { WRITE e.Name,"|",e.Code,"|",e.Location,! }
	Parsing error|3|Line 1 Offset 4

# Expect: <THROW> *%Exception.StatusException ERROR #5012: File '/no/such.json' does not exist
WRITE {}.%FromJSONFile("/no/such.json")

# Expect: <FRAMESTACK>
SET o={} SET o.o=o WRITE o.%ToJSON()

# Expect: <ILLEGAL VALUE>
WRITE [($DOUBLE("INF"))].%ToJSON()

# Expect: <ILLEGAL VALUE>
SET o=[] DO o.%Set(-1,0)

# Expect: <ILLEGAL VALUE>
SET o={} DO o.%Set("a",0,"nonsense")

# Expect: <STORE>
SET o=[] DO o.%Set(1E18,0)

# Expect: <METHOD DOES NOT EXIST> *%ToJSON,%Exception.General
WRITE [(##class(%Exception.General).%New())].%ToJSON()

# Status values

SET sc=$SYSTEM.Status.Error(5001,"bad") WRITE sc=0,+sc,'sc,$SYSTEM.Status.IsError(sc),$SYSTEM.Status.IsOK(sc),$SYSTEM.Status.IsOK(1),$SYSTEM.Status.OK(),!,$SYSTEM.Status.GetErrorText(sc),!
	0011011
	ERROR #5001: bad

# The bytes of a status: "0 ", a list of errors, each with its place at element 10
SET sc=$SYSTEM.Status.Error(5001,"bad","two"),e=$LIST($EXTRACT(sc,3,*)) WRITE $EXTRACT(sc,1,2)="0 ",$LISTLENGTH(e),$LIST(e,1),$LIST(e,2),$LIST(e,3),$LIST($LIST(e,10),2),$LISTVALID($LIST(e,10)),!
	1105001badtwoUSER1

SET a=$SYSTEM.Status.Error(5001,"a"),b=$SYSTEM.Status.Error(7203,9,5),c=$SYSTEM.Status.AppendStatus(a,b) WRITE $SYSTEM.Status.GetErrorCodes(c)," ",$SYSTEM.Status.GetOneErrorText(c,2),"|",$SYSTEM.Status.GetOneStatusText(c),"|",$SYSTEM.Status.GetOneErrorText(c,3),"|",$SYSTEM.Status.Equals(c,"1,7203"),$SYSTEM.Status.Equals(c,"1"),$SYSTEM.Status.AppendStatus(1,1),! DO $SYSTEM.Status.DisplayError(c) WRITE !
	5001,7203 ERROR #7203: Datatype value '9' greater than MAXVAL allowed of 5|a||101
	
	ERROR #5001: a
	ERROR #7203: Datatype value '9' greater than MAXVAL allowed of 5

SET c=$SYSTEM.Status.AppendStatus($SYSTEM.Status.Error(5001,"a"),$SYSTEM.Status.Error(7203,9,5)) DO $SYSTEM.Status.DecomposeStatus(c,.err) WRITE err,err(1),err(2,"code"),err(2,"param"),err(2,"param",1),err(2,"namespace"),err(2,"dcode"),!
	2ERROR #5001: a720329USERDatatype value '9' greater than MAXVAL allowed of 5

WRITE $SYSTEM.Status.GetErrorText($SYSTEM.Status.Error(99999,"x","y"))," ",$SYSTEM.Status.GetErrorText("0 junk")," ",$SYSTEM.Status.GetErrorText($SYSTEM.Status.EmbedStatus($SYSTEM.Status.Error(5001,"a"),$SYSTEM.Status.Error(5001,"b"))),!
	ERROR #99999: Unknown status code: 99999 (x,y) ERROR #5001: 0 junk ERROR #5001: a > ERROR #5001: b

WRITE ##class(%Status).IsValid(1),$SYSTEM.Status.IsError(##class(%Library.Status).IsValid(0)),"[",$SYSTEM.Status.GetErrorText(1),"]" DO $SYSTEM.Status.Help("OK")
	11[]OK() - success: 1

SET %objlasterror=$SYSTEM.Status.Error(5001,"last") DO $SYSTEM.Status.DisplayError() WRITE !
	
	ERROR #5001: last

# Exceptions

TRY { WRITE 1/0 } CATCH e { WRITE e.DisplayString(),"|",e.AsSystemError(),"|",$SYSTEM.Status.GetErrorText(e.AsStatus()),"|",e.AsSQLCODE(),e.AsSQLMessage(),! }
	<DIVIDE> 18|<DIVIDE>|ERROR #5002: Cache error: <DIVIDE>|-400<DIVIDE> 18

SET e=##class(%Exception.General).%New("n",7,"place","data") WRITE e.Name,e.Code,e.Location,e.Data,e.InnerException,"|",$SYSTEM.Status.GetErrorText(e.AsStatus()),! SET e.Data="d2" WRITE e.DisplayString(),!
	n7placedata|ERROR #5035: General exception Name 'n' Code '7' Data 'data'
	n 7 place d2

SET sc=$SYSTEM.Status.Error(5001,"bad"),e=##class(%Exception.StatusException).CreateFromStatus(sc) WRITE e.Code,e.DisplayString(),e.AsStatus()=sc,e.%IsA("%Exception.AbstractException"),$LIST(e.Data),!
	5001ERROR #5001: bad11bad

# Expect: <THROW> *%Exception.StatusException ERROR #5001: bad
THROW ##class(%Exception.StatusException).CreateFromStatus($SYSTEM.Status.Error(5001,"bad"))

# Expect: <THROW> *%Exception.StatusException ERROR #5002: Cache error: <INTERRUPT>
DO ##class(%Exception.StatusException).ThrowIfInterrupt(1) DO ##class(%Exception.StatusException).ThrowIfInterrupt($SYSTEM.Status.Error(5002,"<INTERRUPT>"))

SET e=##class(%Exception.SQL).CreateFromSQLCODE(-99,"no right") WRITE e.AsSQLCODE(),e.Data,!
	-99no right

ROUTINE t
t	TRY { DO f } CATCH e { DO e.StackAsArray(.a) WRITE a,a(a),e.Location,! }
 QUIT
f	WRITE 1/0
	3f^tf^t

# Streams

SET s=##class(%Stream.TmpCharacter).%New() DO s.WriteLine("one"),s.Write("two€") WRITE s.Size,s.SizeGet(),s.AtEnd DO s.Rewind() WRITE s.ReadLine(.n,.sc,.eol),n,sc,eol SET n="" WRITE s.ReadLine(.n,,.eol),n,eol,s.AtEnd,"[",s.ReadLine(.n),"]",n,!
	990one311two€401[]-1

SET s=##class(%GlobalCharacterStream).%New() DO s.Write("abcdef"),s.Rewind() SET n=4 WRITE s.Read(.n),n,s.Read(100),s.Read(.n),n SET n=4 WRITE s.Read(.n),n,s.MoveTo(2),s.Read(2),s.MoveTo(9),s.FindAt(1,"cd"),s.FindAt(4,"cd"),! DO s.OutputToDevice() WRITE !
	abcd4ef-1-11bc03-1
	def

SET s=##class(%Stream.GlobalBinary).%New() DO s.Write("a"),s.MoveToEnd(),s.Write("b"),s.Rewind(),s.Write("c"),s.Write("d") DO s.Rewind() WRITE s.Read(),s.LineTerminator=$CHAR(13,10) DO s.Clear() WRITE s.Size,s.CopyFrom("xyz"),s.Read(),s.Flush(),s.SaveStream(),!
	cd101xyz11

# Expect: <WIDE CHAR>
SET s=##class(%Stream.TmpBinary).%New() DO s.Write("€")

# Expect: <METHOD DOES NOT EXIST> *LinkToFile,%Stream.TmpCharacter
SET s=##class(%Stream.TmpCharacter).%New() DO s.LinkToFile("x")

# Expect: <ILLEGAL VALUE>
SET s=##class(%Stream.FileCharacter).%New(),s.TranslateTable="nonsense"

# Expect: <ILLEGAL VALUE>
SET s=##class(%Stream.TmpCharacter).%New() SET x=s.Read(-1)

# Collections

SET l=##class(%ListOfDataTypes).%New() DO l.Insert("a"),l.Insert("c"),l.InsertAt("b",2),l.SetAt("C",3) WRITE l.Count(),l.Size,l.GetAt(1),l.GetAt(2),l.GetAt(3),"[",l.GetAt(4),"]",l.Find("b"),l.Find("b",2),l.RemoveAt(1,.ok),ok,l.Count(),$SYSTEM.Status.IsError(l.SetAt("x",9)),!
	33abC[]2a121

SET l=##class(%Library.ListOfDataTypes).%New() DO l.InsertList($LISTBUILD(3,1,2)),l.InsertOrdered(9),l.InsertOrdered(4) SET k="" FOR  SET v=l.GetNext(.k) QUIT:k=""  WRITE k,"=",v," "
SET k="" FOR  SET v=l.GetPrevious(.k) QUIT:k=""  WRITE v
WRITE " ",l.Next(""),l.Next(5),l.Previous(""),l.Previous(1),l.Next(1),! DO l.Clear() WRITE l.Size,!
	1=3 2=1 3=2 4=4 5=9 94213 152
	0

SET a=##class(%ArrayOfDataTypes).%New() DO a.SetAt("x",10),a.SetAt("y",9),a.SetAt("z","k") WRITE a.Count(),a.Size,a.GetAt(10),a.IsDefined(9),a.IsDefined(8),a.Next(""),a.Next(9),a.Next(10),a.Previous(""),"[",a.Next("k"),"]",a.Find("y"),a.RemoveAt(9,.ok),ok,a.Count(),!
	33x10910kk[]9y12

SET a=##class(%Library.ArrayOfObjects).%New() DO a.SetAt({"n":1},"a") SET k="",o=a.GetNext(.k) WRITE k,o.n,a.GetNext(.k)="",k="" SET o=a.GetPrevious(.k) WRITE o.n DO a.Clear() WRITE a.Count(),$SYSTEM.Status.IsError(a.SetAt({},"")),!
	a111101

# Expect: <INVALID OREF>
SET l=##class(%ListOfObjects).%New() DO l.Insert({}),l.Insert("no object")

# Regular expressions

SET m=##class(%Regex.Matcher).%New("(\w+)@(\w+)","to: ab@cd, €f@gh, i@j") WHILE m.Locate() { WRITE m.Start,"-",m.End,":",m.Group,"=",m.Group(1),"/",m.Group(2)," " } WRITE m.GroupCount,m.Start,"[",m.Group,"]",!
	5-10:ab@cd=ab/cd 13-17:f@gh=f/gh 19-22:i@j=i/j 2-2[]

SET m=##class(%Regex.Matcher).%New("(a)(x)?","banana") WRITE m.Locate(3),m.Start,m.Start(1),m.End(1),m.Start(2),m.ReplaceAll("<$1\$>"),m.ReplaceFirst("_"),m.Match("a"),m.Text,m.Match(),m.Match("ba"),! SET m.Pattern="n",m.Text="nn" WRITE m.Pattern,m.Locate(),m.SubstituteIn("[$0]") DO m.ResetPosition(2) WRITE m.Locate(),m.Start,m.Locate(),!
	1445-1b<a$>n<a$>n<a$>b_nana1a10
	n1[n]120

SET m=##class(%Regex.Matcher).%New("^x*","xxab") WRITE m.Locate(),m.End,m.Locate(),!
	130

# Expect: <REGULAR EXPRESSION>
SET m=##class(%Regex.Matcher).%New("(")

# Expect: <VALUE OUT OF RANGE>
SET m=##class(%Regex.Matcher).%New("a","a") WRITE m.Locate(9)

# Encryption

SET e="%SYSTEM.Encryption" FOR m="MD5Hash","SHA1Hash" { SET h=$CLASSMETHOD(e,m,"abc") FOR i=1:1:4 WRITE $ZHEX($ASCII(h,i))," " }
WRITE $LENGTH($SYSTEM.Encryption.SHAHash(256,"abc"))," ",$ASCII($SYSTEM.Encryption.SHAHash(256,"abc")),$ASCII($SYSTEM.Encryption.SHA3Hash(256,"abc")),!
	90 1 50 98 A9 99 3E 36 32 18658

WRITE $SYSTEM.Encryption.Base64Encode("Hello, world"),$SYSTEM.Encryption.Base64Decode("SGVsbG8s"_$CHAR(13,10)_"IHdvcmxk"),$LENGTH($SYSTEM.Encryption.Base64Encode($JUSTIFY(1,100))),$LENGTH($SYSTEM.Encryption.Base64Encode($JUSTIFY(1,100),1)),!
	SGVsbG8sIHdvcmxkHello, world138136

SET h=$SYSTEM.Encryption.HMACSHA1("what do ya want for nothing?","Jefe") WRITE $ZHEX($ASCII(h)),$ZHEX($ASCII(h,20))," ",$ZHEX($ASCII($SYSTEM.Encryption.HMACSHA(256,"what do ya want for nothing?","Jefe")))," ",$ZHEX($ASCII($SYSTEM.Encryption.HMACMD5("what do ya want for nothing?","Jefe"))),!
	EF79 5B 75

SET k="0123456789abcdef",c=$SYSTEM.Encryption.AESCBCEncrypt("secret text",k,k) WRITE $LENGTH(c),$SYSTEM.Encryption.AESCBCDecrypt(c,k,k),"[",$SYSTEM.Encryption.AESCBCDecrypt(c,"0123456789abcdeX",k),"]",!
	16secret text[]

SET k=$SYSTEM.Encryption.PBKDF2("password",2,"salt",20) WRITE $ZHEX($ASCII(k)),$ZHEX($ASCII(k,20)),$LENGTH($SYSTEM.Encryption.GenCryptRand(16)),!
	EA5716

SET s=##class(%Stream.TmpBinary).%New() DO s.Write("abc") WRITE $SYSTEM.Encryption.MD5HashStream(s,.sc)=$SYSTEM.Encryption.MD5Hash("abc"),sc,$SYSTEM.Encryption.SHA1HashStream(s)=$SYSTEM.Encryption.SHA1Hash("abc"),$SYSTEM.Encryption.SHAHashStream(512,s)=$SYSTEM.Encryption.SHAHash(512,"abc"),! DO $SYSTEM.Encryption.Help("MD5Hash")
	1111
	MD5Hash() - the 16 bytes of MD5

# Expect: <WIDE CHAR>
WRITE $SYSTEM.Encryption.MD5Hash("€")

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Encryption.SHAHash(13,"abc")

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Encryption.AESCBCEncrypt("abc","short")

# Expect: <MAXSTRING>
WRITE $SYSTEM.Encryption.GenCryptRand(1E18)

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Encryption.PBKDF2("password",1E18,"salt",20)

# The system

WRITE $SYSTEM.Util.GetEnviron("NO_SUCH"),$SYSTEM.Util.CreateGUID()?8E1"-"4E1"-4"3E1"-"4E1"-"12E,$SYSTEM.Util.InstallDirectory()'="",$SYSTEM.Util.DataDirectory(),$SYSTEM.Util.NumberOfCPUs()>0,! DO $SYSTEM.Util.Help("CreateGUID"),$SYSTEM.Version.Help("GetOS")
	111
	CreateGUID() - a new globally unique identifier
	GetOS() - UNIX or Windows

WRITE $SYSTEM.Version.GetMajor(),$SYSTEM.Version.GetMinor(),$SYSTEM.Version.GetNumber(),$SYSTEM.Version.GetBuildNumber()'="",$SYSTEM.Version.GetOS()'="",$SYSTEM.Version.GetPlatform()'="",$SYSTEM.Version.GetProduct(),!
	201622016.2111cos

# Compressed strings

SET s=$TRANSLATE($JUSTIFY("",10000)," ",$CHAR(255)),z=$SYSTEM.Util.Compress(s),g=$SYSTEM.Util.Compress(s,"gzip") WRITE $ASCII(z)=120,$ASCII(g)=31,$LENGTH(z)<100,$SYSTEM.Util.Decompress(z)=s,$SYSTEM.Util.Decompress(g,"GZIP")=s,$SYSTEM.Util.Decompress($SYSTEM.Util.Compress(""))="",!
	111111

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Util.Compress("abc","LZW")

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Util.Decompress("no compressed text")

# Expect: <ILLEGAL VALUE>
SET z=$SYSTEM.Util.Compress("abc") WRITE $SYSTEM.Util.Decompress($EXTRACT(z,1,*-1))

# Expect: <ILLEGAL VALUE>
WRITE $SYSTEM.Util.Decompress($SYSTEM.Util.Compress("abc")_"x")

# Expect: <WIDE CHAR>
WRITE $SYSTEM.Util.Compress($CHAR(8364))

# ZWRITE of objects

SET o={"a":[1,null]},e=[] ZWRITE o,e
	o={"a":[1,null]}  ; <DYNAMIC OBJECT>
	e=[]  ; <DYNAMIC ARRAY>

# %Routine: the text of a routine, an include file too (class_routine.go)
SET r=##class(%Routine).%New("zzr") DO r.Write("zzr(x) QUIT x"),r.WriteLine("*2") WRITE r.Name," ",r.Compile()," ",$$^zzr(21),!
SET r=##class(%Library.Routine).%OpenId("zzr.MAC") DO r.MoveToEnd(),r.WriteLine("two QUIT 2") WRITE r.%Save()," ",$$two^zzr," ",$TEXT(+2^zzr),!
WRITE ##class(%Routine).%OpenId("zzr.INT")="",##class(%Routine).Exists("zzr"),##class(%Routine).Exists(""),!
WRITE ##class(%Routine).Delete("zzr"),##class(%Routine).Exists("zzr"),! SET sc=##class(%Routine).Delete("zzr") WRITE $SYSTEM.Status.GetErrorText(sc),!
SET r=##class(%Routine).%New("zzi.INC") DO r.WriteLine("#define Six 6") WRITE r.Save(),##class(%Routine).Exists("zzi.INC"),!
SET r=##class(%Routine).%New("zzu.INT") DO r.WriteLine("#include zzi"),r.WriteLine("zzu QUIT $$$Six") WRITE r.Compile(),$$^zzu,!
WRITE ##class(%Routine).Delete("zzi.INC"),##class(%Routine).Exists("zzi.INC"),!
	zzr.MAC 1 42
	1 2 two QUIT 2
	110
	10
	ERROR #5001: there is no routine zzr.MAC
	11
	16
	10

# Expect: <ILLEGAL VALUE>
SET r=##class(%Routine).%New("a/b.MAC")

# Expect: <NOROUTINE>
SET r=##class(%Routine).%New("zzd.MAC") DO r.WriteLine("zzd QUIT"),r.Save(),^zzd WRITE ##class(%Routine).Delete("zzd.MAC"),! DO ^zzd
	1
